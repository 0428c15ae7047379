//! How long the frames last, held against how long they should.

use std::time::Duration;

/// The times of frames, in nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// When the first cluster begins.
    first: Option<i64>,
    /// When the last frame ends, of all frames.
    last: i64,
    /// When the last frame ends, of the last cluster with frames.
    last_of_cluster: Option<i64>,
    /// The start of the frame before, in the order of the file.
    previous: Option<i64>,
    /// The longest time from one frame to the next.
    widest_gap: i64,
}

impl Clock {
    /// A cluster begins.
    pub(super) fn begin(&mut self, time: i64) {
        self.first.get_or_insert(time);
    }

    /// A frame, or several in a lace.
    pub(super) fn tick(&mut self, start: i64, end: i64) {
        self.last = self.last.max(end);
        if let Some(previous) = self.previous.replace(start) {
            self.widest_gap = self.widest_gap.max(start.saturating_sub(previous));
        }
    }

    /// A cluster ends whose last frame, if it has one, ends then.
    pub(super) fn end(&mut self, time: Option<i64>) {
        self.last_of_cluster = time.or(self.last_of_cluster);
    }

    /// Seconds from the start of the first cluster to the end of the last frame. Only the last cluster
    /// counts, so that it comes to the same whether the others were looked at or not.
    pub(super) fn played(&self) -> Option<f64> {
        Some(seconds(self.last_of_cluster?.saturating_sub(self.first?)))
    }

    /// When the last frame ends, if that is so early that frames are missing for the stated duration.
    pub(super) fn falls_short_of(&self, stated: f64) -> Option<f64> {
        let last = seconds(self.last);
        // Writers that do not know how long the last frame is shown take it for as long as others.
        let slack = tolerance(stated).max(2.0 * seconds(self.widest_gap));
        (self.last_of_cluster.is_some() && last + slack < stated).then_some(last)
    }

    /// Whether the frames go on much longer than the stated duration.
    pub(super) fn exceeds(&self, stated: f64) -> bool {
        self.played().is_some_and(|played| played > stated + tolerance(stated))
    }
}

/// By how many seconds the stated duration and the times of frames may differ.
fn tolerance(stated: f64) -> f64 {
    2.0 + stated * 0.03
}

/// Nanoseconds as seconds; no time before the start.
fn seconds(nanoseconds: i64) -> f64 {
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default()).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    #[test]
    fn slides_of_a_minute_do_not_end_early() {
        let mut clock = Clock::default();
        assert_eq!((clock.played(), clock.falls_short_of(180.0)), (None, None));
        clock.begin(0);
        for minute in 0..3 {
            clock.tick(60 * SECOND * minute, 60 * SECOND * minute);
        }
        clock.end(Some(120 * SECOND));
        assert_eq!(clock.falls_short_of(180.0), None);
        assert_eq!(clock.falls_short_of(300.0), Some(120.0));
        assert!(!clock.exceeds(118.0) && clock.exceeds(60.0));
    }

    #[test]
    fn time_counts_from_the_first_cluster() {
        let mut clock = Clock::default();
        clock.begin(3600 * SECOND);
        clock.tick(3600 * SECOND, 3601 * SECOND);
        clock.end(Some(3601 * SECOND));
        clock.begin(3601 * SECOND);
        clock.end(None);
        assert_eq!(clock.played(), Some(1.0));
    }
}
