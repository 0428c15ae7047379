//! The headers of an AVI file: `avih`, and of each stream `strh`, `strf`, `vprp` and `indx`; `dmlh`
//! of OpenDML.

use std::time::Duration;

use super::index::listed;
use super::{GLIMPSE, MAX_STREAMS, MainHeader, Walker, name_of};
use crate::bytes::{Cursor, Endian, index, len64, u16_at};
use crate::checker::Depth;
use crate::codec::Codec;
use crate::codec::payload::Payload;
use crate::defect::{Defect, Id};
use crate::facts::{TrackFacts, TrackKind};
use crate::format::riff::{Chunk, HEADER};
use crate::format::video::pixel_aspect;
use crate::input::Walk;

/// `dwFlags` of the main header.
mod flag {
    pub(super) const HAS_INDEX: u32 = 0x10;
    pub(super) const MUST_USE_INDEX: u32 = 0x20;
}

/// The length of a `BITMAPINFOHEADER`; what follows it is for the decoder.
const BITMAP_HEADER: u64 = 40;
/// `wFormatTag` of a `WAVEFORMATEXTENSIBLE`, which has the real one in its GUID.
const EXTENSIBLE: u16 = 0xfffe;

/// One stream.
pub(super) struct Stream {
    pub(super) facts: TrackFacts,
    /// Where its `strh` is.
    pub(super) offset: u64,
    handler: [u8; 4],
    scale: u32,
    rate: u32,
    length: u32,
    sample_size: u32,
    has_format: bool,
    /// Width to height of the whole picture, by `vprp`.
    frame_aspect: Option<(u32, u32)>,
    /// The `indx` chunk, and how much of the stream it lists.
    pub(super) index: Option<Chunk>,
    pub(super) indexed: u64,
    pub(super) payload: Option<Payload>,
    seen: bool,
    /// Chunks and bytes that went by.
    pub(super) chunks: u64,
    bytes: u64,
}

impl Stream {
    fn parse(number: u64, header: &[u8], offset: u64, depth: Depth) -> Option<Self> {
        let mut fields = Cursor::new(header, offset);
        let kind = fields.array::<4>()?;
        let handler = fields.array()?;
        fields.skip(12)?;
        let (scale, rate) = (fields.le32()?, fields.le32()?);
        let _start = fields.le32()?;
        let length = fields.le32()?;
        fields.skip(8)?;
        let sample_size = fields.le32()?;
        let mut facts = TrackFacts::new(
            match &kind {
                b"vids" | b"iavs" => TrackKind::Video,
                b"auds" => TrackKind::Audio,
                b"txts" => TrackKind::Subtitle,
                _ => TrackKind::Other,
            },
            number,
        );
        let mut payload = None;
        if &kind == b"iavs" {
            // DV of type 1: frames that hold picture and sound.
            facts.set_codec(Some(Codec::Dv), "");
            payload = Some(Payload::new(Codec::Dv, depth));
        } else if facts.kind == TrackKind::Video {
            facts.set_codec(handled(handler), &name_of(handler));
        }
        Some(Self {
            facts,
            offset,
            handler,
            scale,
            rate,
            length,
            sample_size,
            has_format: false,
            frame_aspect: None,
            index: None,
            indexed: 0,
            payload,
            seen: false,
            chunks: 0,
            bytes: 0,
        })
    }

    /// Whether no frame was seen yet of which the header of a picture is wanted.
    pub(super) fn awaits_picture(&self) -> bool {
        self.facts.kind == TrackKind::Video && !self.seen
    }

    /// Takes the `beginning` of the first frame, of `size` bytes, for what it says of the picture.
    pub(super) fn glimpse(&mut self, offset: u64, beginning: &[u8], size: u64) {
        self.seen = true;
        if let Some(payload) = &mut self.payload {
            payload.begin(offset);
            payload.feed(offset, beginning);
            payload.pass(size.saturating_sub(len64(beginning.len())).min(payload.idle()));
            payload.end();
            payload.take_faults();
        }
    }

    /// Forgets a length that a file of `size` bytes cannot have: it was put there before the
    /// recording, and stands for none.
    fn doubt_length(&mut self, size: u64) {
        // A frame has a chunk of at least its header; a byte may stand for many samples of sound.
        let most = if self.facts.kind == TrackKind::Audio { size.saturating_mul(64) } else { size / HEADER };
        if u64::from(self.length) > most {
            self.length = 0;
        }
    }

    pub(super) fn count(&mut self, chunk: &Chunk) {
        self.chunks = self.chunks.saturating_add(1);
        self.bytes = self.bytes.saturating_add(chunk.size);
    }

    /// How many units of time the headers give the stream; 0 if they do not say.
    pub(super) fn stated(&self) -> u64 {
        self.indexed.max(self.length.into())
    }

    /// How long the stream lasts: by its chunks if they were all `counted`, or else by its headers.
    pub(super) fn seconds(&self, counted: bool) -> Option<f64> {
        let there = match self.facts.kind {
            _ if !counted => 0,
            TrackKind::Video => self.chunks,
            // Samples of sound are counted where the header does not say how many there are.
            TrackKind::Audio if self.stated() == 0 => {
                self.bytes.checked_div(self.sample_size.into()).unwrap_or(self.chunks)
            }
            _ => 0,
        };
        let units = if there > 0 { there } else { self.stated() };
        if units == 0 || self.scale == 0 || self.rate == 0 {
            return None;
        }
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        Some(f64::from(units) * f64::from(self.scale) / f64::from(self.rate))
    }

    /// The facts of the track, with `frame` of the main header as the size if there is no other.
    pub(super) fn conclude(&mut self, frame: Option<(u32, u32)>, counted: bool) -> TrackFacts {
        let seconds = self.seconds(counted);
        let frames = if counted { self.chunks } else { self.stated() };
        let facts = &mut self.facts;
        facts.duration_s = seconds;
        if facts.kind != TrackKind::Video {
            return facts.clone();
        }
        if self.scale > 0 && self.rate > 0 {
            facts.frame_rate = Some(f64::from(self.rate) / f64::from(self.scale));
        }
        let picture = self.payload.as_ref().and_then(Payload::picture);
        if let Some(picture) = picture {
            facts.profile = picture.profile.map(str::to_owned);
            facts.sample_aspect = picture.sample_aspect;
            // A frame of Motion JPEG may hold two pictures of half the height.
            if facts.coding != Some(Codec::Mjpeg) || facts.width.is_none() {
                (facts.width, facts.height) = (Some(picture.width), Some(picture.height));
            }
        }
        if facts.width.is_none() {
            (facts.width, facts.height) = frame.filter(|(width, height)| *width > 0 && *height > 0).unzip();
        }
        if let (Some((across, down)), Some(width), Some(height)) = (self.frame_aspect, facts.width, facts.height) {
            facts.sample_aspect = pixel_aspect((across, down), (width, height));
        }
        facts.frames = Some(frames).filter(|frames| *frames > 0);
        let lasts = seconds.filter(|_| counted).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let milliseconds = lasts.and_then(|lasts| u64::try_from(lasts.as_millis()).ok());
        facts.bit_rate = milliseconds.and_then(|lasts| self.bytes.saturating_mul(8000).checked_div(lasts));
        facts.clone()
    }
}

/// The codec that a handler is for; zero stands for no handler.
fn handled(handler: [u8; 4]) -> Option<Codec> {
    Codec::of_fourcc(handler).filter(|_| handler != [0; 4])
}

impl Walker<'_, '_, '_> {
    /// A chunk that may be one of the headers.
    pub(super) fn header_chunk(&mut self, chunk: &Chunk) -> Walk {
        if self.media.is_some() || chunk.end() > self.size {
            return Ok(());
        }
        match &chunk.code {
            b"avih" => self.main_header(chunk),
            b"strh" => self.stream_header(chunk),
            b"strf" => self.stream_format(chunk),
            b"vprp" => self.video_properties(chunk),
            b"indx" => {
                let listed = listed(self.cx.input, chunk)?;
                if let Some(stream) = self.streams.last_mut() {
                    stream.index = Some(*chunk);
                    stream.indexed = listed;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn main_header(&mut self, chunk: &Chunk) -> Walk {
        let header = self.cx.input.up_to(chunk.body(), chunk.size.min(40))?;
        let mut fields = Cursor::new(header, chunk.body());
        let mut field = || fields.le32().unwrap_or_default();
        let (microseconds, _, _, flags, frames) = (field(), field(), field(), field(), field());
        let (_, _, _, width, height) = (field(), field(), field(), field(), field());
        self.main.get_or_insert(MainHeader {
            indexed: flags & (flag::HAS_INDEX | flag::MUST_USE_INDEX) != 0,
            width,
            height,
            seconds: f64::from(microseconds) * f64::from(frames) / 1e6,
        });
        Ok(())
    }

    fn stream_header(&mut self, chunk: &Chunk) -> Walk {
        if self.streams.len() >= MAX_STREAMS {
            return Ok(());
        }
        let depth = self.cx.depth;
        let header = self.cx.input.up_to(chunk.body(), chunk.size.min(56))?;
        let number = len64(self.streams.len());
        match Stream::parse(number, header, chunk.offset, depth) {
            Some(mut stream) => {
                stream.doubt_length(self.size);
                self.streams.push(stream);
            }
            None => self.header_invalid(chunk, number),
        }
        Ok(())
    }

    fn header_invalid(&mut self, chunk: &Chunk, number: u64) {
        let defect = Defect::at(Id::AviStreamHeaderInvalid, chunk.offset).with("size", chunk.size);
        self.note_in(chunk, defect.within(format!("track {number}")));
    }

    fn stream_format(&mut self, chunk: &Chunk) -> Walk {
        let depth = self.cx.depth;
        let Some(stream) = self.streams.last_mut().filter(|stream| !stream.has_format) else {
            return Ok(());
        };
        stream.has_format = true;
        let number = stream.facts.id;
        let format = self.cx.input.up_to(chunk.body(), chunk.size.min(GLIMPSE))?;
        let read = match stream.facts.kind {
            TrackKind::Video if stream.facts.coding == Some(Codec::Dv) => Some(()),
            TrackKind::Video => stream.video_format(format, chunk.body(), depth),
            TrackKind::Audio => stream.audio_format(format),
            _ => Some(()),
        };
        if read.is_none() {
            self.header_invalid(chunk, number);
        }
        Ok(())
    }

    /// `vprp` (OpenDML, clause 5): the aspect of the picture.
    fn video_properties(&mut self, chunk: &Chunk) -> Walk {
        let properties = self.cx.input.up_to(chunk.body(), chunk.size.min(36))?;
        let mut fields = Cursor::new(properties, chunk.body());
        let (_, down, across) = (fields.skip(20), fields.le16().unwrap_or(0), fields.le16().unwrap_or(0));
        if let Some(stream) = self.streams.last_mut().filter(|_| down > 0 && across > 0) {
            stream.frame_aspect = Some((across.into(), down.into()));
        }
        Ok(())
    }

    /// Notes what the headers lack.
    pub(super) fn judge_headers(&mut self) {
        for stream in &self.streams {
            let place = format!("track {}", stream.facts.id);
            let media = matches!(stream.facts.kind, TrackKind::Video | TrackKind::Audio);
            if media && (stream.scale == 0 || stream.rate == 0) {
                let defect = Defect::at(Id::AviTimeInvalid, stream.offset).within(place.clone());
                self.cx.defects.note(defect.with("scale", stream.scale).with("rate", stream.rate));
            }
            if media && !stream.has_format {
                let defect = Defect::at(Id::AviStreamHeaderInvalid, stream.offset).within(place);
                self.cx.defects.note(defect.with("chunk", "strf").with("size", 0_u32));
            }
        }
    }
}

impl Stream {
    /// A `BITMAPINFOHEADER`, and what follows for the decoder.
    fn video_format(&mut self, format: &[u8], offset: u64, depth: Depth) -> Option<()> {
        let mut fields = Cursor::new(format, offset);
        fields.skip(4)?;
        // A picture that is stored from top to bottom has a negative height.
        let (width, height) = (fields.le32()?.cast_signed(), fields.le32()?.cast_signed());
        fields.skip(4)?;
        let compression = fields.array::<4>()?;
        let codec = Codec::of_fourcc(compression).or_else(|| handled(self.handler));
        self.facts.set_codec(codec, &name_of(compression));
        if width != 0 && height != 0 {
            (self.facts.width, self.facts.height) = (Some(width.unsigned_abs()), Some(height.unsigned_abs()));
        }
        let configuration = format.get(index(BITMAP_HEADER)..).unwrap_or_default();
        self.payload = codec.map(|codec| {
            let mut payload = Payload::new(codec, depth);
            payload.configure(configuration, offset.saturating_add(BITMAP_HEADER));
            payload
        });
        Some(())
    }

    /// A `WAVEFORMATEX`.
    fn audio_format(&mut self, format: &[u8]) -> Option<()> {
        let mut fields = Cursor::new(format, 0);
        let mut tag = fields.le16()?;
        let (channels, sample_rate, bytes_a_second) = (fields.le16()?, fields.le32()?, fields.le32()?);
        fields.skip(2)?;
        if tag == EXTENSIBLE {
            tag = format.get(24..).and_then(|guid| u16_at(guid, Endian::Little)).unwrap_or(tag);
        }
        self.facts.set_codec(Codec::of_wave_format(tag), &format!("0x{tag:04x}"));
        self.facts.channels = Some(channels);
        self.facts.sample_rate = Some(sample_rate);
        self.facts.bit_rate = Some(u64::from(bytes_a_second).saturating_mul(8)).filter(|rate| *rate > 0);
        Some(())
    }
}
