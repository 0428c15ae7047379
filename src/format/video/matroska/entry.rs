//! The entry of a track (RFC 9559, clause 5.1.4.1), and what it says of the codec
//! (<https://www.matroska.org/technical/codec_specs.html>).

use std::time::Duration;

use super::ebml::Element;
use super::elements;
use super::tracks::{Described, Prefix, Track};
use crate::bytes::{Cursor, Endian, u16_at};
use crate::checker::Depth;
use crate::codec::payload::Payload;
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Id};
use crate::facts::{TrackFacts, TrackKind};
use crate::input::{Input, Walk};

/// Codec IDs that only say where the real code of the codec is.
const VIDEO_FOR_WINDOWS: &str = "V_MS/VFW/FOURCC";
const AUDIO_COMPRESSION_MANAGER: &str = "A_MS/ACM";
const QUICKTIME: [&str; 2] = ["V_QUICKTIME", "A_QUICKTIME"];
/// The length of a `BITMAPINFOHEADER`.
const BITMAP_HEADER: usize = 40;
/// What header stripping takes off is a few bytes that all frames have in common.
const MAX_STRIPPED: usize = 1 << 10;

/// The elements of a track entry, as they stand there.
pub(super) struct Entry {
    start: u64,
    number: Option<u64>,
    kind: Option<u64>,
    codec_id: String,
    private: Option<Element>,
    language: Option<String>,
    default_duration: Option<u64>,
    video: Video,
    sampling_frequency: Option<f64>,
    output_frequency: Option<f64>,
    channels: Option<u64>,
    encodings: Vec<Encoding>,
}

#[derive(Default)]
struct Video {
    width: Option<u64>,
    height: Option<u64>,
    crop: [u64; 4],
    display_width: Option<u64>,
    display_height: Option<u64>,
    display_unit: u64,
    /// Degrees against the clock.
    roll: f64,
    /// Whether the picture is projected on a sphere or a cube, or looked at from the side.
    projected: bool,
}

/// What was done to the frames, to the private data or to both (RFC 9559, clause 5.1.4.1.31).
struct Encoding {
    scope: u64,
    encryption: bool,
    algorithm: u64,
    settings: Vec<u8>,
}

impl Encoding {
    const FRAMES: u64 = 1;
    const PRIVATE: u64 = 2;
    const HEADER_STRIPPING: u64 = 3;

    fn is_header_stripping(&self) -> bool {
        !self.encryption && self.algorithm == Self::HEADER_STRIPPING && self.settings.len() <= MAX_STRIPPED
    }

    fn name(&self) -> &'static str {
        match self.algorithm {
            0 => "zlib",
            1 => "bzlib",
            2 => "LZO",
            _ => "an unknown algorithm",
        }
    }
}

impl Entry {
    pub(super) fn read(input: &mut Input<'_>, entry: Element) -> Walk<Self> {
        let mut this = Self {
            start: entry.start,
            number: None,
            kind: None,
            codec_id: String::new(),
            private: None,
            language: None,
            default_duration: None,
            video: Video::default(),
            sampling_frequency: None,
            output_frequency: None,
            channels: None,
            encodings: Vec::new(),
        };
        let mut children = entry.children();
        while let Some(child) = children.sound(input)? {
            match child.id {
                elements::TRACK_NUMBER => this.number = Some(child.uint(input)?),
                elements::TRACK_TYPE => this.kind = Some(child.uint(input)?),
                elements::CODEC_ID => this.codec_id = child.text(input)?,
                elements::CODEC_PRIVATE => this.private = Some(child),
                elements::DEFAULT_DURATION => this.default_duration = Some(child.uint(input)?),
                elements::LANGUAGE => {
                    let language = child.text(input)?;
                    this.language.get_or_insert(language);
                }
                elements::LANGUAGE_BCP47 => this.language = Some(child.text(input)?),
                elements::VIDEO => this.video = Video::read(input, child)?,
                elements::AUDIO => this.audio(input, child)?,
                elements::CONTENT_ENCODINGS => this.encodings(input, child)?,
                _ => {}
            }
        }
        Ok(this)
    }

    fn audio(&mut self, input: &mut Input<'_>, audio: Element) -> Walk {
        let mut children = audio.children();
        while let Some(child) = children.sound(input)? {
            match child.id {
                elements::SAMPLING_FREQUENCY => self.sampling_frequency = Some(child.float(input)?),
                elements::OUTPUT_SAMPLING_FREQUENCY => self.output_frequency = Some(child.float(input)?),
                elements::CHANNELS => self.channels = Some(child.uint(input)?),
                _ => {}
            }
        }
        Ok(())
    }

    fn encodings(&mut self, input: &mut Input<'_>, encodings: Element) -> Walk {
        let mut children = encodings.children();
        while let Some(child) = children.sound(input)? {
            if child.id == elements::CONTENT_ENCODING {
                self.encodings.push(Encoding::read(input, child)?);
            }
        }
        Ok(())
    }

    /// Puts together what the elements come to.
    pub(super) fn describe(self, input: &mut Input<'_>, depth: Depth) -> Walk<Described> {
        let kind = match self.kind {
            Some(1) => TrackKind::Video,
            Some(2) => TrackKind::Audio,
            Some(0x11) => TrackKind::Subtitle,
            _ => TrackKind::Other,
        };
        let number = self.number.unwrap_or_default();
        let mut facts = TrackFacts::new(kind, number);
        let private = match self.private {
            Some(private) => private.bytes(input)?.to_vec(),
            None => Vec::new(),
        };
        let private = self.unstripped(private);
        self.codec(&private, &mut facts);
        facts.language = self.language.clone().filter(|language| !matches!(language.as_str(), "" | "und"));
        match kind {
            TrackKind::Video => self.picture(&mut facts),
            TrackKind::Audio => self.sound(&mut facts),
            _ => {}
        }
        facts.encrypted = self.on_frames().any(|encoding| encoding.encryption);

        let stripped = match self.on_frames().collect::<Vec<_>>().as_slice() {
            [] => Some(Vec::new()),
            [only] if only.is_header_stripping() => Some(only.settings.clone()),
            _ => None,
        };
        let coding = facts.coding.filter(|codec| codec.sort() == Sort::Video && kind == TrackKind::Video);
        let mut payload = coding.filter(|_| stripped.is_some()).map(|codec| Payload::new(codec, depth));
        if let Some(payload) = &mut payload {
            let offset = self.private.map_or(self.start, |element| element.body);
            payload.configure(self.configuration(&private), offset);
            if let Some(picture) = payload.picture().filter(|picture| picture.width > 0) {
                (facts.width, facts.height) = (Some(picture.width), Some(picture.height));
                facts.profile = picture.profile.map(str::to_owned);
                facts.frame_rate = facts.frame_rate.or(picture.frame_rate);
                if self.video.display_width.is_none() && self.video.display_height.is_none() {
                    facts.sample_aspect = picture.sample_aspect;
                }
            }
        }
        let prefix = match coding {
            Some(Codec::ProRes) => Prefix::ProRes,
            _ => Prefix::Bytes(stripped.unwrap_or_default()),
        };
        let default_duration = self.default_duration.filter(|duration| *duration > 0);
        let track = Track::new(number, kind, payload, prefix, default_duration);
        let faults = self.faults(&track, &facts);
        Ok(Described { track, facts, faults })
    }

    /// What the description lacks, and what of it is not looked at.
    fn faults(&self, track: &Track, facts: &TrackFacts) -> Vec<Defect> {
        let mut faults = Vec::new();
        let mut fault = |defect: Defect| faults.push(defect.within(track.place()));
        for (missing, what) in [
            (track.number == 0, "TrackNumber"),
            (self.kind.is_none(), "TrackType"),
            (self.codec_id.is_empty(), "CodecID"),
        ] {
            if missing {
                fault(Defect::at(Id::MatroskaTrackIncomplete, self.start).with("element", what));
            }
        }
        if track.kind == TrackKind::Video {
            if facts.width.is_none_or(|width| width == 0) || facts.height.is_none_or(|height| height == 0) {
                fault(Defect::at(Id::MatroskaPictureSizeMissing, self.start));
            }
            if self.private.is_none() && matches!(self.codec_id.as_str(), "V_MPEG4/ISO/AVC" | "V_MPEGH/ISO/HEVC") {
                fault(Defect::at(Id::MatroskaCodecPrivateMissing, self.start).with("codec", self.codec_id.as_str()));
            }
            if let Some(encoding) =
                self.on_frames().find(|encoding| !encoding.encryption && !encoding.is_header_stripping())
            {
                fault(Defect::at(Id::MatroskaCompressionUnchecked, self.start).with("algorithm", encoding.name()));
            }
        }
        faults
    }

    fn on_frames(&self) -> impl Iterator<Item = &Encoding> {
        self.encodings.iter().filter(|encoding| encoding.scope & Encoding::FRAMES != 0)
    }

    /// The private data with what an encoding took off their start.
    fn unstripped(&self, private: Vec<u8>) -> Vec<u8> {
        let on_private = |encoding: &&Encoding| encoding.scope & Encoding::PRIVATE != 0;
        match self.encodings.iter().find(on_private) {
            Some(encoding) if encoding.is_header_stripping() => [encoding.settings.clone(), private].concat(),
            _ => private,
        }
    }

    /// What a decoder is configured with: the private data without the header that old containers
    /// put before it.
    fn configuration<'p>(&self, private: &'p [u8]) -> &'p [u8] {
        if self.codec_id == VIDEO_FOR_WINDOWS { private.get(BITMAP_HEADER..).unwrap_or_default() } else { private }
    }

    fn codec(&self, private: &[u8], facts: &mut TrackFacts) {
        let id = self.codec_id.as_str();
        let fourcc = |offset| Cursor::new(private.get(offset..).unwrap_or_default(), 0).array::<4>();
        if id == VIDEO_FOR_WINDOWS
            && let Some(code) = fourcc(16)
        {
            facts.set_codec(Codec::of_fourcc(code), &code.escape_ascii().to_string());
        } else if id == AUDIO_COMPRESSION_MANAGER
            && let Some(tag) = u16_at(private, Endian::Little)
        {
            facts.set_codec(Codec::of_wave_format(tag), &format!("0x{tag:04x}"));
        } else if QUICKTIME.contains(&id)
            && let Some(code) = fourcc(4)
        {
            facts.set_codec(Codec::of_box(code), &code.escape_ascii().to_string());
        } else {
            facts.set_codec(Codec::of_matroska(id), id);
        }
    }

    fn picture(&self, facts: &mut TrackFacts) {
        let video = &self.video;
        let edge = |length: Option<u64>| length.and_then(|length| u32::try_from(length).ok());
        (facts.width, facts.height) = (edge(video.width), edge(video.height));
        facts.sample_aspect = video.sample_aspect();
        facts.rotation = video.rotation();
        facts.frame_rate = self
            .default_duration
            .filter(|duration| *duration > 0)
            .map(|duration| 1.0 / Duration::from_nanos(duration).as_secs_f64());
    }

    fn sound(&self, facts: &mut TrackFacts) {
        // The defaults of the elements are those of the specification.
        let frequency = self.output_frequency.or(self.sampling_frequency).unwrap_or(8000.0);
        facts.sample_rate = format!("{frequency:.0}").parse().ok();
        facts.channels = u16::try_from(self.channels.unwrap_or(1)).ok();
    }
}

impl Video {
    fn read(input: &mut Input<'_>, video: Element) -> Walk<Self> {
        let mut this = Self::default();
        let mut children = video.children();
        while let Some(child) = children.sound(input)? {
            let [bottom, top, left, right] = &mut this.crop;
            match child.id {
                elements::PIXEL_WIDTH => this.width = Some(child.uint(input)?),
                elements::PIXEL_HEIGHT => this.height = Some(child.uint(input)?),
                elements::PIXEL_CROP_BOTTOM => *bottom = child.uint(input)?,
                elements::PIXEL_CROP_TOP => *top = child.uint(input)?,
                elements::PIXEL_CROP_LEFT => *left = child.uint(input)?,
                elements::PIXEL_CROP_RIGHT => *right = child.uint(input)?,
                elements::DISPLAY_WIDTH => this.display_width = Some(child.uint(input)?),
                elements::DISPLAY_HEIGHT => this.display_height = Some(child.uint(input)?),
                elements::DISPLAY_UNIT => this.display_unit = child.uint(input)?,
                elements::PROJECTION => this.projection(input, child)?,
                _ => {}
            }
        }
        Ok(this)
    }

    fn projection(&mut self, input: &mut Input<'_>, projection: Element) -> Walk {
        let mut children = projection.children();
        while let Some(child) = children.sound(input)? {
            match child.id {
                elements::PROJECTION_TYPE => self.projected |= child.uint(input)? != 0,
                elements::PROJECTION_POSE_YAW | elements::PROJECTION_POSE_PITCH => {
                    self.projected |= child.float(input)? != 0.0;
                }
                elements::PROJECTION_POSE_ROLL => self.roll = child.float(input)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Width to height of one pixel: the size as shown, whatever its unit, to the size that is left
    /// of the stored one. The size as shown is that one where it is not stated.
    fn sample_aspect(&self) -> Option<(u32, u32)> {
        const UNKNOWN: u64 = 4;
        let [bottom, top, left, right] = self.crop;
        let width = self.width?.checked_sub(left.saturating_add(right))?;
        let height = self.height?.checked_sub(top.saturating_add(bottom))?;
        let across = self.display_width.unwrap_or(width).checked_mul(height)?;
        let down = self.display_height.unwrap_or(height).checked_mul(width)?;
        if self.display_unit >= UNKNOWN || across == 0 || down == 0 || across == down {
            return None;
        }
        let common = greatest_common_divisor(across, down);
        let reduced = |length: u64| u32::try_from(length.checked_div(common)?).ok();
        Some((reduced(across)?, reduced(down)?))
    }

    /// Clockwise, in quarter turns.
    fn rotation(&self) -> Option<u16> {
        let turns = [(0.0, 0), (90.0, 270), (180.0, 180), (270.0, 90)];
        let against_the_clock = self.roll.rem_euclid(360.0);
        let is = |angle: f64| (against_the_clock - angle).abs() < 0.5;
        turns.into_iter().find(|(angle, _)| !self.projected && is(*angle)).map(|(_, clockwise)| clockwise)
    }
}

impl Encoding {
    fn read(input: &mut Input<'_>, encoding: Element) -> Walk<Self> {
        let mut this = Self { scope: Self::FRAMES, encryption: false, algorithm: 0, settings: Vec::new() };
        let mut children = encoding.children();
        while let Some(child) = children.sound(input)? {
            match child.id {
                elements::CONTENT_ENCODING_SCOPE => this.scope = child.uint(input)?,
                elements::CONTENT_ENCODING_TYPE => this.encryption |= child.uint(input)? == 1,
                elements::CONTENT_ENCRYPTION => this.encryption = true,
                elements::CONTENT_COMPRESSION => this.compression(input, child)?,
                _ => {}
            }
        }
        Ok(this)
    }

    fn compression(&mut self, input: &mut Input<'_>, compression: Element) -> Walk {
        let mut children = compression.children();
        while let Some(child) = children.sound(input)? {
            match child.id {
                elements::CONTENT_COMP_ALGO => self.algorithm = child.uint(input)?,
                elements::CONTENT_COMP_SETTINGS => self.settings = child.bytes(input)?.to_vec(),
                _ => {}
            }
        }
        Ok(())
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    match a.checked_rem(b) {
        Some(rest) => greatest_common_divisor(b, rest),
        None => a,
    }
}
