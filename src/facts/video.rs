//! Facts of videos.

use serde::Serialize;

use crate::codec::Codec;

/// Facts of a video file. The summary (`width` to `audio_codec`) is that of the main tracks: the
/// first one with moving pictures, the first one with sound.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[non_exhaustive]
pub struct VideoFacts {
    /// A kind of the format that has its own name: `m4v`, `3g2`, `m2ts`, `mpeg-1`, `rmvb`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<&'static str>,
    /// The major brand of files made of boxes, as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Stored width in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Stored height in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Width as shown, after rotation and with square pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_width: Option<u32>,
    /// Height as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_height: Option<u32>,
    /// Clockwise rotation to show the picture upright, in degrees: 0, 90, 180 or 270.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<u16>,
    /// Duration in seconds, rounded to milliseconds: the longest of what the file states for itself,
    /// its tracks and its fragments, or else what the last timestamps come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<f64>,
    /// Frames a second of the main video track, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_rate: Option<f64>,
    /// The codec of the main video track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_codec: Option<String>,
    /// The codec of the main audio track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_codec: Option<String>,
    /// Whether the tables come before the media (`moov` before `mdat`), so that playing can begin
    /// before all is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fast_start: Option<bool>,
    /// Whether the media come in fragments, each with tables of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fragmented: Option<bool>,
    /// Whether the file or playlist says, or shows by having no end, that it is still going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<bool>,
    /// Every track in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<TrackFacts>,
}

/// What a track is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TrackKind {
    /// Moving pictures.
    Video,
    /// A still picture that goes with the file, such as a cover; no moving pictures.
    Cover,
    /// Sound.
    Audio,
    /// Text to be shown.
    Subtitle,
    /// Timecodes, metadata, hints, chapters.
    #[default]
    Other,
}

/// Facts of one track, stream or programme element.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[non_exhaustive]
pub struct TrackFacts {
    /// The number by which the file knows it: track number, stream index or PID.
    pub id: u64,
    /// What it is for.
    pub kind: TrackKind,
    /// The codec by its usual short name (`h264`, `aac`), or the code that stands in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// The profile of the codec, such as `High` or `Main 10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Stored width in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Stored height in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Width to height of one pixel, where it is stated and not 1:1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_aspect: Option<(u32, u32)>,
    /// Clockwise rotation in degrees: 0, 90, 180 or 270.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<u16>,
    /// Frames a second, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_rate: Option<f64>,
    /// Frames, packets or samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<u64>,
    /// Bits a second, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// Duration in seconds, rounded to milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_s: Option<f64>,
    /// Language as the file writes it (ISO 639-2, BCP 47); absent if undetermined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Samples a second of sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<u32>,
    /// Channels of sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<u16>,
    /// Whether the media are encrypted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub encrypted: bool,
    /// What the codec was recognised as, for rules.
    #[serde(skip)]
    pub(crate) coding: Option<Codec>,
}

impl TrackFacts {
    /// A track of that kind and number.
    pub(crate) fn new(kind: TrackKind, id: u64) -> Self {
        Self { id, kind, ..Self::default() }
    }

    /// Sets the codec; one that is not known is named by `code`, as it stands in the file.
    pub(crate) fn set_codec(&mut self, codec: Option<Codec>, code: &str) {
        self.coding = codec;
        self.codec = Some(codec.map_or_else(|| code.to_owned(), |codec| codec.name().to_owned()));
    }

    /// The size as shown: pixels made square by stretching the width, then turned.
    pub(crate) fn display_size(&self) -> Option<(u32, u32)> {
        let (width, height) = (self.width?, self.height?);
        let width = match self.sample_aspect {
            Some((across, down)) if across > 0 && down > 0 => {
                let across = u64::from(width).saturating_mul(across.into());
                let half = u64::from(down) / 2;
                u32::try_from(across.saturating_add(half).checked_div(down.into())?).ok()?
            }
            _ => width,
        };
        Some(if matches!(self.rotation, Some(90 | 270)) { (height, width) } else { (width, height) })
    }
}

impl VideoFacts {
    /// The main video track.
    pub(crate) fn main_video(&self) -> Option<&TrackFacts> {
        self.tracks.iter().find(|track| track.kind == TrackKind::Video)
    }

    /// Raises the duration to `seconds`, if that is a duration at all.
    pub(crate) fn last_at_least(&mut self, seconds: f64) {
        if let Some(seconds) = whole_milliseconds(seconds) {
            self.duration_s = Some(self.duration_s.map_or(seconds, |known| known.max(seconds)));
        }
    }

    /// Works the summary out of the tracks; every parser calls it when the tracks are known.
    pub(crate) fn summarise(&mut self) {
        if let Some(video) = self.main_video().cloned() {
            (self.width, self.height) = (video.width, video.height);
            (self.display_width, self.display_height) = video.display_size().unzip();
            self.rotation = video.rotation;
            self.frame_rate = video.frame_rate.map(|rate| (rate * 1000.0).round() / 1000.0);
            self.video_codec.clone_from(&video.codec);
        }
        let audio = self.tracks.iter().find(|track| track.kind == TrackKind::Audio);
        self.audio_codec = audio.and_then(|track| track.codec.clone());
        for track in &mut self.tracks {
            track.duration_s = track.duration_s.and_then(whole_milliseconds);
        }
    }
}

/// Seconds rounded to milliseconds, so that neither the timescale of a file nor floating point makes
/// exactly two hours more than two hours. `None` for what is no duration.
fn whole_milliseconds(seconds: f64) -> Option<f64> {
    (seconds.is_finite() && seconds >= 0.0).then(|| (seconds * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_that_of_the_first_moving_pictures() {
        let mut cover = TrackFacts::new(TrackKind::Cover, 1);
        (cover.width, cover.height) = (Some(9), Some(9));
        let mut video = TrackFacts::new(TrackKind::Video, 2);
        (video.width, video.height, video.rotation) = (Some(720), Some(576), Some(90));
        video.sample_aspect = Some((16, 15));
        video.set_codec(None, "what");
        let mut facts = VideoFacts { tracks: vec![cover, video], ..VideoFacts::default() };
        facts.summarise();
        assert_eq!((facts.width, facts.height), (Some(720), Some(576)));
        assert_eq!((facts.display_width, facts.display_height), (Some(576), Some(768)));
        assert_eq!((facts.video_codec.as_deref(), facts.audio_codec), (Some("what"), None));
    }

    #[test]
    fn durations_only_grow_and_are_whole_milliseconds() {
        let mut facts = VideoFacts::default();
        for seconds in [f64::NAN, f64::INFINITY, -1.0] {
            facts.last_at_least(seconds);
            assert_eq!(facts.duration_s, None);
        }
        facts.last_at_least(7_200.000_000_1);
        assert_eq!(facts.duration_s, Some(7200.0));
        facts.last_at_least(1.0);
        assert_eq!(facts.duration_s, Some(7200.0));
    }
}
