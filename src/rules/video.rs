//! Rules about videos.

use std::time::Duration;

use super::Case;
use crate::defect::{Defect, Defects, Id};
use crate::facts::{TrackFacts, TrackKind, VideoFacts};
use crate::lang::Text;

pub(super) fn judge(case: &Case<'_>, facts: &VideoFacts, defects: &mut Defects) {
    let videos = || facts.tracks.iter().filter(|track| track.kind == TrackKind::Video);
    if videos().next().is_none() {
        // Without any track the parser has said what is wrong; only a playlist may have a duration
        // all the same.
        if facts.tracks.is_empty() {
            if facts.live.is_some() {
                duration(case, facts, defects);
            }
        } else {
            let instead = what_there_is(facts).get(case.lang);
            defects.note(Defect::new(Id::VideoTrackMissing).with("instead", instead).with("accepted", case.listed()));
        }
        return;
    }
    for track in videos() {
        edges(case, track, defects);
        if track.encrypted {
            defects.note(Defect::new(Id::VideoEncrypted).within(place(track)));
        } else if let (None, Some(code)) = (track.coding, &track.codec) {
            let defect = Defect::new(Id::VideoCodecUnknown).within(place(track)).with("codec", code.as_str());
            defects.note(defect.with("accepted", case.listed()));
        }
    }
    duration(case, facts, defects);
}

fn place(track: &TrackFacts) -> String {
    format!("track {}", track.id)
}

fn what_there_is(facts: &VideoFacts) -> Text {
    let any = |kind| facts.tracks.iter().any(|track| track.kind == kind);
    match (any(TrackKind::Audio), any(TrackKind::Cover)) {
        (true, true) => Text { en: "sound and a cover picture", zh: "音频和封面图片" },
        (true, false) => Text { en: "sound", zh: "音频" },
        (false, true) => Text { en: "a still picture", zh: "静态图片" },
        (false, false) => Text { en: "other data", zh: "其他数据" },
    }
}

/// Every track of moving pictures counts: the service does not say which one it looks at.
fn edges(case: &Case<'_>, track: &TrackFacts, defects: &mut Defects) {
    let (Some(limits), Some(width), Some(height)) = (&case.profile.edge, track.width, track.height) else {
        return;
    };
    let edge = |id, limit: u32| {
        Defect::new(id).within(place(track)).with("width", width).with("height", height).with("limit", limit)
    };
    if width.min(height) < limits.min {
        defects.note(edge(Id::VideoEdgeTooSmall, limits.min));
    }
    if width.max(height) > limits.max {
        defects.note(edge(Id::VideoEdgeTooLarge, limits.max));
    }
}

fn duration(case: &Case<'_>, facts: &VideoFacts, defects: &mut Defects) {
    let Some(limit) = &case.profile.duration else {
        return;
    };
    match facts.duration_s {
        Some(seconds) if lasts_longer(seconds, limit.max_s) => {
            defects.note(
                Defect::new(Id::VideoTooLong)
                    .with("duration_s", seconds)
                    .with("duration", clock(seconds))
                    .with("limit_s", limit.max_s),
            );
        }
        Some(_) => {}
        None => defects.note(Defect::new(Id::VideoDurationUnknown)),
    }
}

fn lasts_longer(seconds: f64, limit_s: u64) -> bool {
    Duration::try_from_secs_f64(seconds).is_ok_and(|duration| duration > Duration::from_secs(limit_s))
}

/// Hours, minutes and seconds.
fn clock(seconds: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    let (hours, rest) = ((minutes / 60.0).floor(), seconds - minutes * 60.0);
    format!("{hours}:{:02}:{rest:06.3}", minutes - hours * 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_like_a_clock() {
        assert_eq!(clock(7200.04), "2:00:00.040");
        assert_eq!(clock(59.9), "0:00:59.900");
        assert!(!lasts_longer(7200.0, 7200) && lasts_longer(7200.001, 7200) && !lasts_longer(f64::NAN, 1));
    }
}
