//! One elementary stream of a transport or program stream: what is known of it, its clock, and the
//! watch over its coded data.

use std::time::Duration;

use super::mpeg_clock::{Extent, Stamp, Timeline};
use crate::bytes::{index, len64};
use crate::checker::Depth;
use crate::codec::audio::{self, Sound};
use crate::codec::payload::Payload;
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Defects};
use crate::facts::{TrackFacts, TrackKind};

/// What a stream is known as.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// PID or stream number.
    pub(super) id: u16,
    pub(super) kind: TrackKind,
    pub(super) codec: Option<Codec>,
    /// The name to use where the codec is not known.
    pub(super) code: String,
    pub(super) language: Option<String>,
    /// Whether the coded data is encrypted inside the packets.
    pub(super) encrypted: bool,
}

/// The kind of a stream with that coding.
pub(super) fn kind_of(codec: Option<Codec>) -> TrackKind {
    match codec.map(Codec::sort) {
        Some(Sort::Video) => TrackKind::Video,
        Some(Sort::Audio) => TrackKind::Audio,
        Some(Sort::Subtitle) => TrackKind::Subtitle,
        None => TrackKind::Other,
    }
}

#[derive(Debug)]
pub(super) struct Elementary {
    pub(super) entry: Entry,
    depth: Depth,
    payload: Option<Payload>,
    sound: Option<Sound>,
    timeline: Timeline,
    bytes: u64,
}

impl Elementary {
    pub(super) fn new(entry: Entry, depth: Depth) -> Self {
        Self { entry, depth, payload: None, sound: None, timeline: Timeline::default(), bytes: 0 }
    }

    pub(super) fn is_media(&self) -> bool {
        matches!(self.entry.kind, TrackKind::Video | TrackKind::Audio)
    }

    pub(super) fn is_video(&self) -> bool {
        self.entry.kind == TrackKind::Video
    }

    /// Takes in the next time stamp.
    pub(super) fn stamp(&mut self, stamp: Stamp) {
        self.timeline.stamp(stamp);
    }

    /// A frame, or a stretch without gaps, begins at byte `offset` of the file.
    pub(super) fn begin(&mut self, offset: u64) {
        if let Some(codec) = self.entry.codec.filter(|_| self.is_video() && !self.entry.encrypted) {
            self.payload.get_or_insert_with(|| Payload::new(codec, self.depth)).begin(offset);
        }
    }

    /// The next bytes of it, which lie at byte `at` of the file.
    pub(super) fn show(&mut self, mut at: u64, mut bytes: &[u8]) {
        self.bytes = self.bytes.saturating_add(len64(bytes.len()));
        let Some(payload) = &mut self.payload else {
            if let Some(codec) = self.entry.codec.filter(|_| self.sound.is_none()) {
                self.sound = find_sound(codec, bytes);
            }
            return;
        };
        // At header depth there is no more to learn when the picture is known.
        while !bytes.is_empty() && (self.depth > Depth::Header || payload.picture().is_none()) {
            let idle = index(payload.idle()).min(bytes.len());
            if idle == 0 {
                payload.feed(at, bytes);
                return;
            }
            payload.pass(len64(idle));
            at = at.saturating_add(len64(idle));
            bytes = bytes.get(idle..).unwrap_or_default();
        }
    }

    /// Passes over bytes that nobody wants to see.
    pub(super) fn pass(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Whether its bytes tell anything more.
    pub(super) fn wants_bytes(&self) -> bool {
        match self.entry.kind {
            TrackKind::Video => self.depth > Depth::Header || self.payload.is_none() || self.picture_is_unknown(),
            TrackKind::Audio => self.sound.is_none() && self.bytes < SOUND_REACH,
            _ => false,
        }
    }

    /// The frame or stretch ends here.
    pub(super) fn end(&mut self, defects: &mut Defects) {
        if let Some(payload) = &mut self.payload {
            payload.end();
            let place = format!("track {}", self.entry.id);
            payload.take_faults().for_each(|fault| defects.note(fault.within(place.clone())));
        }
    }

    /// The stream ends here, with its last frame if `whole`.
    pub(super) fn finish(&mut self, whole: bool, defects: &mut Defects) {
        if let Some(payload) = &mut self.payload {
            payload.finish(whole);
        }
        self.end(defects);
    }

    pub(super) fn note(&self, defects: &mut Defects, defect: Defect) {
        defects.note(defect.within(format!("track {}", self.entry.id)));
    }

    /// Whether all is known that the beginning of a stream tells.
    pub(super) fn is_known(&self) -> bool {
        let described = match self.entry.kind {
            TrackKind::Video => !self.picture_is_unknown(),
            TrackKind::Audio => self.sound.is_some() || self.bytes > SOUND_REACH,
            _ => return true,
        };
        self.entry.encrypted || described && self.timeline.stamps() >= STAMPS
    }

    fn picture_is_unknown(&self) -> bool {
        self.payload.as_ref().is_none_or(|payload| payload.picture().is_none())
    }

    /// Frames a second, if the coded data says so.
    pub(super) fn frame_rate(&self) -> Option<f64> {
        let rate = self.payload.as_ref().and_then(Payload::picture).and_then(|picture| picture.frame_rate);
        rate.filter(|rate| *rate > 0.0)
    }

    /// How long one frame lasts, in seconds.
    fn frame(&self) -> f64 {
        let samples = self.entry.codec.and_then(samples_of);
        let sound = self.sound.zip(samples).map(|(sound, samples)| f64::from(samples) / f64::from(sound.rate.max(1)));
        // A packet of sound may hold many frames, so its stamps do not tell.
        let step = self.timeline.step().filter(|_| self.is_video());
        sound.or(self.frame_rate().map(f64::recip)).or(step).unwrap_or_default()
    }

    /// From its first time stamp to the end of its last frame; the latter from `end` if the middle of
    /// the file was left out.
    pub(super) fn extent(&self, end: Option<&Self>) -> Option<Extent> {
        match end {
            None => self.timeline.extent(self.frame()),
            Some(end) => self.timeline.extent_to(&end.timeline, self.frame()),
        }
    }

    /// The facts of the stream, which lasts so many seconds.
    pub(super) fn facts(&self, seconds: Option<f64>) -> TrackFacts {
        let mut track = TrackFacts::new(self.entry.kind, self.entry.id.into());
        track.set_codec(self.entry.codec, &self.entry.code);
        track.language.clone_from(&self.entry.language);
        track.encrypted = self.entry.encrypted;
        track.duration_s = seconds;
        if let Some(picture) = self.payload.as_ref().and_then(Payload::picture) {
            (track.width, track.height) = (Some(picture.width), Some(picture.height));
            track.sample_aspect = picture.sample_aspect;
            track.profile = picture.profile.map(str::to_owned);
            track.frame_rate = picture.frame_rate.or_else(|| self.timeline.step().map(f64::recip));
        }
        if let Some(sound) = self.sound {
            (track.sample_rate, track.channels) = (Some(sound.rate), Some(sound.channels));
        }
        if self.depth > Depth::Header {
            track.bit_rate = seconds.and_then(|seconds| bit_rate(self.bytes, seconds));
        }
        track
    }
}

/// So many time stamps tell which one is the first to be shown.
const STAMPS: u64 = 12;
/// How far the header of a sound frame is searched for.
const SOUND_REACH: u64 = 8 << 10;

/// Bits a second of so many bytes in so many seconds.
fn bit_rate(bytes: u64, seconds: f64) -> Option<u64> {
    let milliseconds = Duration::try_from_secs_f64(seconds).ok()?.as_millis();
    bytes.saturating_mul(8000).checked_div(u64::try_from(milliseconds).ok()?)
}

/// Samples of each channel in a frame.
const fn samples_of(codec: Codec) -> Option<u32> {
    Some(match codec {
        Codec::Aac => 1024,
        Codec::Mp3 => 1152,
        Codec::Ac3 | Codec::Eac3 => 1536,
        _ => return None,
    })
}

/// The first header of a frame of sound in `data`.
fn find_sound(codec: Codec, data: &[u8]) -> Option<Sound> {
    let read = match codec {
        Codec::Aac => audio::of_adts,
        Codec::Mp3 => audio::of_mpeg_audio,
        Codec::Ac3 | Codec::Eac3 => audio::of_ac3,
        _ => return None,
    };
    (0..data.len()).find_map(|at| read(data.get(at..)?))
}

/// The coding that `data` begins with a frame of sound in.
pub(super) fn sound_resembling(data: &[u8]) -> Option<Codec> {
    let enhanced = data.get(5).is_some_and(|id| id >> 3 > 10);
    audio::of_ac3(data)
        .map(|_| if enhanced { Codec::Eac3 } else { Codec::Ac3 })
        .or_else(|| audio::of_adts(data).map(|_| Codec::Aac))
        .or_else(|| audio::of_mpeg_audio(data).map(|_| Codec::Mp3))
}

/// What a stream whose coding no table names looks like, by the first bytes of its data.
pub(super) fn resembling(data: &[u8]) -> Option<Codec> {
    let mut sequence = false;
    let found = data.windows(8).find_map(|window| {
        let [0, 0, 1, code, next, more @ ..] = window else {
            return None;
        };
        match (*code, *next) {
            (0xb5, _) if sequence && next >> 4 == 1 => Some(Codec::Mpeg2),
            (0xb8 | 0x00, _) if sequence => Some(Codec::Mpeg1),
            (0xb3, _) => {
                sequence = true;
                None
            }
            // A sequence of objects, or an object with its layer.
            (0xb0, _) => Some(Codec::Mpeg4),
            (0x00..=0x1f, 0) if more == b"\0\x01\x20" => Some(Codec::Mpeg4),
            // The delimiter, or a sequence parameter set of a profile.
            (0x09, _) if next & 0x1f == 0x10 && more.starts_with(&[0, 0]) => Some(Codec::H264),
            (0x67, 44 | 66 | 77 | 83 | 86 | 88 | 100 | 110 | 118 | 122 | 128 | 244) => Some(Codec::H264),
            (0x46 | 0x40 | 0x42, 0x01) => Some(Codec::Hevc),
            // A sequence header of the advanced profile.
            (0x0f, 0xc0..) => Some(Codec::Vc1),
            (0xb8, _) => Some(Codec::Mpeg2),
            _ => None,
        }
    });
    found.or(sequence.then_some(Codec::Mpeg1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_told_by_their_first_bytes() {
        for (data, want) in [
            (&b"\0\0\x01\xb3\x16\x01\x20\x13\xff\0\0\x01\xb5\x14\x8a\0\x01"[..], Some(Codec::Mpeg2)),
            (b"\0\0\x01\xb3\x16\x01\x20\x13\xff\0\0\x01\xb8\0\x08\0\0", Some(Codec::Mpeg1)),
            (b"\0\0\x01\xb3\x16\x01\x20\x13\xff", Some(Codec::Mpeg1)),
            (b"\0\0\x01\x20\x3a\x11\x22\0\0\x01\xb8\0\x08\0\0", Some(Codec::Mpeg2)),
            (b"xx\0\0\0\x01\x09\xf0\0\0\0\x01\x67", Some(Codec::H264)),
            (b"\0\0\0\x01\x67\x64\0\x0a\xac\xd9", Some(Codec::H264)),
            (b"\0\0\0\x01\x46\x01\x50\0\0\0", Some(Codec::Hevc)),
            (b"\0\0\x01\xb0\x01\0\0\x01\xb5\x89", Some(Codec::Mpeg4)),
            (b"\0\0\x01\0\0\0\x01\x20\0\x86\x84", Some(Codec::Mpeg4)),
            (b"\0\0\x01\x0f\xcb\xee\x0d\xf0", Some(Codec::Vc1)),
            (b"\0\0\x01", None),
            (b"nothing that begins anything", None),
        ] {
            assert_eq!(resembling(data), want, "{data:x?}");
        }
    }

    #[test]
    fn sound_is_told_by_its_header() {
        assert_eq!(sound_resembling(b"\xff\xf1\x50\x80\x02\x1f\xfc"), Some(Codec::Aac));
        assert_eq!(sound_resembling(b"\xff\xfb\x90\xc4"), Some(Codec::Mp3));
        assert_eq!(sound_resembling(b"\x0b\x77\x00\x00\x1e\x40\xe1"), Some(Codec::Ac3));
        assert_eq!(sound_resembling(b"\x0b\x77\x00\xbf\x34\x86"), Some(Codec::Eac3));
        assert_eq!(sound_resembling(b"nothing"), None);
        assert_eq!(find_sound(Codec::Mp3, b"xx\xff\xfb\x90\xc4").map(|sound| sound.rate), Some(44_100));
        assert_eq!(find_sound(Codec::Opus, b"\xff\xfb\x90\xc4"), None);
    }
}
