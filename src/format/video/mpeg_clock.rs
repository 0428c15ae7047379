//! The clock of MPEG systems: time stamps in 90 kHz that start over after 26.5 hours (ISO/IEC
//! 13818-1:2019, clause 2.4.3.7), and how long the streams last that carry them.

/// Time stamps are counted in 33 bits.
const WRAP: i64 = 1 << 33;
/// A second in ticks of the time stamps.
const SECOND: i64 = 90_000;
/// Decoding times that step back by more, or ahead by more, belong to another clock: the stream was
/// put together from pieces.
const MAX_BACK: i64 = SECOND;
const MAX_AHEAD: i64 = 3600 * SECOND;

/// When a picture or piece of sound is shown, and when it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) shown: i64,
    pub(super) decoded: i64,
}

/// What the time stamps of one stream come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    /// Ticks between the first and the last stamp of each stretch but the present one.
    earlier: i64,
    /// How many stretches there were before the present one.
    breaks: u32,
    stretch: Option<Stretch>,
    /// The least time between two stamps that follow each other.
    step: Option<i64>,
    stamps: u64,
}

/// A stretch without a break in the clock. Stamps in it are counted on past the clock's range.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: i64,
    last: i64,
    /// The last stamp in the order of decoding.
    shown: i64,
    decoded: i64,
}

/// A stream on the clock of its programme, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    /// The first stamp, in ticks.
    first: i64,
    /// From the first to the last stamp.
    pub(super) length: f64,
    breaks: u32,
}

impl Timeline {
    /// Takes in the next stamp.
    pub(super) fn stamp(&mut self, stamp: Stamp) {
        self.stamps = self.stamps.saturating_add(1);
        let ahead_of_last = self.stretch.map(|stretch| (stretch, ahead(stretch.decoded, stamp.decoded)));
        match ahead_of_last {
            Some((mut stretch, way)) if (-MAX_BACK..=MAX_AHEAD).contains(&way) => {
                let decoded = stretch.decoded.saturating_add(way);
                let shown = decoded.saturating_add(ahead(stamp.decoded, stamp.shown));
                let step = shown.saturating_sub(stretch.shown).saturating_abs();
                if step > 0 {
                    self.step = Some(self.step.map_or(step, |known| known.min(step)));
                }
                stretch = Stretch { first: stretch.first.min(shown), last: stretch.last.max(shown), shown, decoded };
                self.stretch = Some(stretch);
            }
            broken => {
                if let Some((stretch, _)) = broken {
                    self.earlier = self.earlier.saturating_add(stretch.last.saturating_sub(stretch.first));
                    self.breaks = self.breaks.saturating_add(1);
                }
                let Stamp { shown, decoded } = stamp;
                self.stretch = Some(Stretch { first: shown, last: shown, shown, decoded });
            }
        }
    }

    /// How many stamps there were.
    pub(super) fn stamps(&self) -> u64 {
        self.stamps
    }

    /// The least time between two stamps, in seconds: that of a frame, where each has a stamp.
    pub(super) fn step(&self) -> Option<f64> {
        self.step.map(seconds)
    }

    /// From the first stamp to the last, and the `frame` seconds that the last one is shown.
    pub(super) fn extent(&self, frame: f64) -> Option<Extent> {
        let stretch = self.stretch?;
        let ticks = self.earlier.saturating_add(stretch.last.saturating_sub(stretch.first));
        let length = seconds(ticks) + frame * (1.0 + f64::from(self.breaks));
        Some(Extent { first: stretch.first, length, breaks: self.breaks })
    }

    /// The same when the middle of the file was left out and `end` is the timeline of its last part.
    /// `None` if the clock at the end is behind that of the beginning, so that it was set anew.
    pub(super) fn extent_to(&self, end: &Self, frame: f64) -> Option<Extent> {
        let (begin, end) = (self.stretch?, end.stretch.or(self.stretch)?);
        let way = ahead(begin.first, end.last);
        (way >= 0).then(|| Extent { first: begin.first, length: seconds(way) + frame, breaks: 0 })
    }
}

/// How long the streams of one programme last together: from the first of their beginnings to the
/// last of their ends. Where a clock was set anew, the beginnings cannot be compared.
pub(super) fn together(extents: impl IntoIterator<Item = Extent>) -> Option<f64> {
    let extents: Vec<_> = extents.into_iter().collect();
    let reference = extents.first()?.first;
    if extents.iter().any(|extent| extent.breaks > 0) {
        return extents.iter().map(|extent| extent.length).reduce(f64::max);
    }
    let begins = |extent: &Extent| seconds(ahead(reference, extent.first));
    let first = extents.iter().map(begins).reduce(f64::min)?;
    let last = extents.iter().map(|extent| begins(extent) + extent.length).reduce(f64::max)?;
    Some(last - first)
}

/// How far `to` is ahead of `from`; behind it if negative. The clock starts over after 26.5 hours,
/// so of the two ways round it is the shorter one.
pub(super) fn ahead(from: i64, to: i64) -> i64 {
    let way = to.wrapping_sub(from).rem_euclid(WRAP);
    if way < WRAP / 2 { way } else { way.wrapping_sub(WRAP) }
}

/// Ticks in seconds.
pub(super) fn seconds(ticks: i64) -> f64 {
    let (whole, rest) = (ticks.div_euclid(SECOND), ticks.rem_euclid(SECOND));
    let float = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    float(whole) + float(rest) / float(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamps(timeline: &mut Timeline, times: &[i64]) {
        for &time in times {
            timeline.stamp(Stamp { shown: time.rem_euclid(WRAP), decoded: time.rem_euclid(WRAP) });
        }
    }

    fn lasts(timeline: &Timeline) -> f64 {
        timeline.extent(1.0).unwrap().length
    }

    #[test]
    fn a_clock_may_start_over_and_be_set_anew() {
        let mut wrapping = Timeline::default();
        stamps(&mut wrapping, &[WRAP - 2 * SECOND, WRAP - SECOND, WRAP, WRAP + SECOND]);
        assert!((lasts(&wrapping) - 4.0).abs() < 1e-9);
        assert_eq!(wrapping.extent(1.0).unwrap().breaks, 0);
        let mut pieces = Timeline::default();
        stamps(&mut pieces, &[50 * SECOND, 52 * SECOND, 0, 3 * SECOND]);
        assert!((lasts(&pieces) - 7.0).abs() < 1e-9, "two and three seconds, and a frame for each");
        let mut sparse = Timeline::default();
        stamps(&mut sparse, &[0, 60 * SECOND, 120 * SECOND]);
        assert!((lasts(&sparse) - 121.0).abs() < 1e-9);
        assert_eq!(sparse.step(), Some(60.0));
    }

    #[test]
    fn pictures_are_shown_in_another_order_than_they_are_decoded_in() {
        let mut timeline = Timeline::default();
        for (shown, decoded) in [(3, 0), (1, 1), (2, 2), (6, 3), (4, 4)] {
            timeline.stamp(Stamp { shown: shown * SECOND, decoded: decoded * SECOND });
        }
        assert!((lasts(&timeline) - 6.0).abs() < 1e-9);
    }

    #[test]
    fn the_middle_may_be_left_out() {
        let (mut begin, mut end) = (Timeline::default(), Timeline::default());
        stamps(&mut begin, &[WRAP - SECOND, WRAP]);
        stamps(&mut end, &[7200 * SECOND, 7199 * SECOND]);
        assert!((begin.extent_to(&end, 0.5).unwrap().length - 7201.5).abs() < 1e-9);
        assert_eq!(end.extent_to(&begin, 0.5), None);
    }

    #[test]
    fn streams_of_a_programme_begin_and_end_apart() {
        let extent = |first: i64, length: f64, breaks| Extent { first: first * SECOND, length, breaks };
        assert_eq!(together([extent(10, 5.0, 0), extent(9, 5.0, 0)]), Some(6.0));
        assert_eq!(together([extent(10, 5.0, 0), extent(90, 4.0, 1)]), Some(5.0));
        assert_eq!(together([]), None);
    }
}
