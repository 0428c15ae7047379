//! A playlist as far as it was read: the state that its tags build up (RFC 8216, clause 4.3).

use std::ops::Range;

use super::line::{attribute, byte_range};
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Defects, Id};
use crate::facts::{TrackFacts, TrackKind};
use crate::source::Folder;

/// More tracks than that of all variants together tell nothing new.
const MAX_TRACKS: usize = 64;
/// As much of a bad value as is shown.
const SHOWN: usize = 40;

/// How segments are encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encryption {
    #[default]
    None,
    /// Pictures and sound are encrypted; what they are packed in is not.
    Samples,
    /// The whole segment is.
    Whole,
}

/// A tag whose URI is on the next line.
#[derive(Debug)]
struct Announced {
    tag: &'static str,
    offset: u64,
}

#[derive(Debug, Default)]
pub(super) struct Playlist {
    /// The name of this playlist in the one that names it.
    pub(super) name: Option<String>,
    /// Where its names lead, if they may be followed.
    pub(super) folder: Option<Folder>,
    /// How many segments and playlists it names.
    pub(super) segments: u64,
    pub(super) renditions: u64,
    pub(super) tracks: Vec<TrackFacts>,
    pub(super) only_key_frames: bool,
    /// What holds for the segments that follow: the part of a file that comes first, and the cipher.
    pub(super) map: Option<(String, Option<Range<u64>>)>,
    pub(super) encryption: Encryption,
    /// What holds for the next segment or playlist.
    announced: Option<Announced>,
    attributes: Option<String>,
    duration: Option<f64>,
    range: Option<Range<u64>>,
    left_out: bool,
    /// Where the last part of a file ended.
    part_end: u64,
    /// Whether there is a tag for the target duration, and what it says.
    has_target: bool,
    target: Option<f64>,
    ended: bool,
    complete: bool,
    /// The duration of all segments, or of the longest playlist, as long as all have one.
    seconds: f64,
    without_duration: bool,
    live_rendition: bool,
}

/// A segment as its tags have it.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) range: Option<Range<u64>>,
    /// Whether it is known to be absent.
    pub(super) left_out: bool,
}

impl Playlist {
    /// One of which nothing was read yet; `name` is what the playlist that names it calls it.
    pub(super) fn new(name: Option<&str>, folder: Option<&Folder>) -> Self {
        Self { name: name.map(str::to_owned), folder: folder.cloned(), ..Self::default() }
    }

    /// A tag and its value, on the line at `offset`.
    pub(super) fn tag(&mut self, tag: &str, value: &str, offset: u64, defects: &mut Defects) {
        let value = value.trim();
        let sound = match tag {
            "#EXTINF" => {
                self.announce("#EXTINF", offset, defects);
                let text = value.split(',').next().unwrap_or(value).trim();
                self.duration = seconds(text);
                if self.duration.is_none() {
                    let shown: String = text.chars().take(SHOWN).collect();
                    defects.note(self.fault(Id::HlsDurationInvalid, offset).with("duration", shown));
                }
                true
            }
            "#EXT-X-STREAM-INF" => {
                self.announce("#EXT-X-STREAM-INF", offset, defects);
                self.attributes = Some(value.to_owned());
                true
            }
            "#EXT-X-BYTERANGE" => {
                self.range = byte_range(value, self.part_end);
                self.range.is_some()
            }
            "#EXT-X-TARGETDURATION" => {
                self.has_target = true;
                self.target = seconds(value);
                self.target.is_some()
            }
            "#EXT-X-KEY" => {
                let method = attribute(value, "METHOD");
                self.encryption = match method {
                    Some("NONE") | None => Encryption::None,
                    Some("AES-128") => Encryption::Whole,
                    Some(_) => Encryption::Samples,
                };
                method.is_some()
            }
            "#EXT-X-MAP" => {
                let range = attribute(value, "BYTERANGE").map(|text| byte_range(text, 0));
                let uri = attribute(value, "URI");
                self.map = uri.map(|uri| (uri.to_owned(), range.clone().flatten()));
                uri.is_some() && range != Some(None)
            }
            "#EXT-X-ENDLIST" => {
                self.ended = true;
                true
            }
            "#EXT-X-PLAYLIST-TYPE" => {
                self.complete = value == "VOD";
                true
            }
            "#EXT-X-I-FRAMES-ONLY" => {
                self.only_key_frames = true;
                true
            }
            "#EXT-X-GAP" => {
                self.left_out = true;
                true
            }
            _ => true,
        };
        if !sound {
            defects.note(self.fault(Id::HlsTagMalformed, offset).with("tag", tag));
        }
    }

    /// A tag was read that a URI has to follow.
    fn announce(&mut self, tag: &'static str, offset: u64, defects: &mut Defects) {
        self.no_uri_came(defects);
        self.announced = Some(Announced { tag, offset });
    }

    fn no_uri_came(&mut self, defects: &mut Defects) {
        if let Some(Announced { tag, offset }) = self.announced.take() {
            defects.note(self.fault(Id::HlsUriMissing, offset).with("tag", tag));
        }
    }

    /// A line with a URI: the attributes of a playlist of that name, if it is one.
    pub(super) fn next_rendition(&mut self) -> Option<String> {
        let attributes = self.attributes.take()?;
        self.announced = None;
        Some(attributes)
    }

    /// A line with the URI of a segment: what its tags say.
    pub(super) fn next_segment(&mut self, uri: &str, offset: u64, defects: &mut Defects) -> Segment {
        self.segments = self.segments.saturating_add(1);
        let announced = self.announced.take().is_some();
        match self.duration.take() {
            Some(seconds) => {
                self.seconds += seconds;
                if let Some(target) = self.target.filter(|target| seconds.round() > *target) {
                    let fault = self.segment_fault(Id::HlsTargetExceeded, offset, uri);
                    defects.note(fault.with("seconds", seconds).with("target", target));
                }
            }
            None => self.without_duration = true,
        }
        if !announced {
            defects.note(self.segment_fault(Id::HlsDurationMissing, offset, uri));
        }
        let range = self.range.take();
        if let Some(range) = &range {
            self.part_end = range.end;
        }
        Segment { range, left_out: std::mem::take(&mut self.left_out) }
    }

    /// The last line was read, and the file ends at `offset`.
    pub(super) fn finish(&mut self, offset: u64, defects: &mut Defects) {
        self.no_uri_came(defects);
        if self.segments == 0 && self.renditions == 0 {
            defects.note(self.fault(Id::HlsEmpty, offset));
        }
        if self.segments > 0 && !self.has_target {
            defects.note(self.fault(Id::HlsTargetMissing, offset));
        }
        if self.complete && !self.ended {
            defects.note(self.fault(Id::HlsEndMissing, offset));
        }
    }

    /// Takes over what is known of a playlist that this one names.
    pub(super) fn take(&mut self, nested: Self) {
        match nested.lasts() {
            Some(seconds) => self.seconds = self.seconds.max(seconds),
            None => self.without_duration = true,
        }
        self.live_rendition |= nested.live() == Some(true);
        self.add_tracks(nested.tracks);
    }

    pub(super) fn is_master(&self) -> bool {
        self.renditions > 0
    }

    /// How long it lasts, if it has an end.
    pub(super) fn lasts(&self) -> Option<f64> {
        let unknown = self.without_duration || self.live() != Some(false) || self.is_master() && self.seconds == 0.0;
        (!unknown).then_some(self.seconds)
    }

    /// Whether it is still going on; for a playlist of playlists, if one of them was seen.
    pub(super) fn live(&self) -> Option<bool> {
        if self.is_master() {
            (self.live_rendition || self.seconds > 0.0).then_some(self.live_rendition)
        } else {
            Some(!self.ended && !self.complete)
        }
    }

    pub(super) fn has_video(&self) -> bool {
        self.tracks.iter().any(|track| track.kind == TrackKind::Video)
    }

    pub(super) fn add_tracks(&mut self, tracks: impl IntoIterator<Item = TrackFacts>) {
        let room = MAX_TRACKS.saturating_sub(self.tracks.len());
        self.tracks.extend(tracks.into_iter().take(room));
    }

    /// Nothing is seen of encrypted segments but that there is something.
    pub(super) fn encrypted(&mut self) {
        if self.tracks.is_empty() {
            self.tracks.push(TrackFacts::new(TrackKind::Video, 0));
        }
        self.tracks.iter_mut().for_each(|track| track.encrypted = true);
    }

    /// A fault of the line at `offset`.
    pub(super) fn fault(&self, id: Id, offset: u64) -> Defect {
        // Offsets are those of the file that is checked.
        match &self.name {
            Some(name) => Defect::new(id).within(name.clone()),
            None => Defect::at(id, offset),
        }
    }

    /// A fault of the segment at `uri`, whose line is at `offset`.
    pub(super) fn segment_fault(&self, id: Id, offset: u64, uri: &str) -> Defect {
        let place = format!("segment {}", self.segments);
        let place = self.name.as_ref().map(|name| format!("{name}/{place}")).unwrap_or(place);
        self.fault(id, offset).within(place).with("uri", uri)
    }
}

/// A duration: finite and not negative.
fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0)
}

/// What the attributes of a variant say of its tracks.
pub(super) fn stated(attributes: &str, number: u64) -> Option<TrackFacts> {
    let codecs = || attribute(attributes, "CODECS").into_iter().flat_map(|codecs| codecs.split(','));
    let known = codecs().filter_map(|code| code.trim().as_bytes().first_chunk().copied().and_then(Codec::of_box));
    let video = known.clone().find(|codec| codec.sort() == Sort::Video);
    let size = attribute(attributes, "RESOLUTION").and_then(|size| size.split_once('x'));
    if video.is_none() && size.is_none() {
        return None;
    }
    let mut track = TrackFacts::new(TrackKind::Video, number);
    (track.coding, track.codec) = (video, video.map(|codec| codec.name().to_owned()));
    if let Some((width, height)) = size {
        (track.width, track.height) = (width.parse().ok(), height.parse().ok());
    }
    track.frame_rate = attribute(attributes, "FRAME-RATE").and_then(|rate| rate.parse().ok());
    track.bit_rate = attribute(attributes, "BANDWIDTH").and_then(|rate| rate.parse().ok());
    Some(track)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_that_are_not_negative() {
        assert_eq!(seconds("9.009"), Some(9.009));
        assert_eq!(seconds("0"), Some(0.0));
        for bad in ["-1", "nan", "inf", "1e400", "", "ten", "5s"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn variants_state_their_pictures() {
        let track =
            stated("BANDWIDTH=640000,CODECS=\"mp4a.40.2,avc1.4d401e\",RESOLUTION=640x360,FRAME-RATE=25", 2).unwrap();
        assert_eq!((track.codec.as_deref(), track.width, track.height), (Some("h264"), Some(640), Some(360)));
        assert_eq!((track.frame_rate, track.bit_rate, track.id), (Some(25.0), Some(640_000), 2));
        assert_eq!(stated("BANDWIDTH=64000,CODECS=\"mp4a.40.2\"", 1), None);
        assert!(stated("RESOLUTION=640x360", 1).unwrap().codec.is_none());
    }
}
