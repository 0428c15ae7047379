//! What a program stream holds: its packs, its packets, and the streams that they belong to.

use std::ops::Range;

use super::{FIRST_CODE, next_code};
use crate::bytes::{Cursor, Endian, index, len64, u16_at};
use crate::checker::Depth;
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Defects, Id};
use crate::facts::{TrackKind, VideoFacts};
use crate::format::video::mpeg_clock::together;
use crate::format::video::mpeg_pes::{self, Header, Parsed};
use crate::format::video::mpeg_stream::{self, Elementary, Entry, kind_of};
use crate::input::{Input, Walk};

/// `stream_id` of what has a meaning here (table 2-22).
const MAP: u8 = 0xbc;
const PRIVATE_1: u8 = 0xbd;
const EXTENDED: u8 = 0xfd;
/// How much of the beginning of a stream is kept to tell its coding by; less if it begins late.
const FIRST: usize = 16 << 10;
const FIRST_LATE: u64 = 2 << 10;
/// One scrambled packet in so many makes a stream an encrypted one: DVDs scramble some of them.
const SCRAMBLED_PART: u64 = 8;

#[derive(Debug)]
pub(super) struct Program {
    depth: Depth,
    /// Whether streams are still to be told apart.
    surveying: bool,
    mpeg1: bool,
    /// The program stream map: `stream_type` by `stream_id`.
    types: Vec<(u8, u8)>,
    streams: Vec<Stream>,
}

#[derive(Debug)]
struct Stream {
    elementary: Elementary,
    /// Whether it is shown without a gap since some place.
    open: bool,
    first: Vec<u8>,
    packets: u64,
    scrambled: u64,
}

impl Program {
    pub(super) fn new(depth: Depth) -> Self {
        Self { depth, surveying: true, mpeg1: false, types: Vec::new(), streams: Vec::new() }
    }

    /// The same streams, whose codings are known now, of which nothing has been seen yet.
    pub(super) fn again(&self) -> Self {
        let streams = self.streams.iter().map(|stream| {
            let mut entry = stream.elementary.entry.clone();
            self.settle(&mut entry, &stream.first);
            entry.encrypted |= stream.scrambled > stream.packets / SCRAMBLED_PART;
            Stream::new(entry, self.depth)
        });
        Self {
            depth: self.depth,
            surveying: false,
            mpeg1: self.mpeg1,
            types: self.types.clone(),
            streams: streams.collect(),
        }
    }

    /// A pack header; the place behind it, or `None` if the file ends in it.
    pub(super) fn pack(&mut self, input: &mut Input<'_>, at: u64, defects: &mut Defects) -> Walk<Option<u64>> {
        let header = input.up_to(at, 14)?;
        let length = match header.get(4) {
            Some(first) if first >> 6 == 1 => {
                header.get(13).map(|stuffing| 14_u64.saturating_add((stuffing & 7).into()))
            }
            Some(first) if first >> 4 == 2 => {
                self.mpeg1 = true;
                Some(12)
            }
            Some(_) => {
                defects.note(Defect::at(Id::PsPackMalformed, at));
                Some(4)
            }
            None => None,
        };
        Ok(length.map(|length| at.saturating_add(length)))
    }

    /// A packet; the place behind it, which may be behind the end of the file.
    pub(super) fn packet(&mut self, input: &mut Input<'_>, at: u64, defects: &mut Defects) -> Walk<u64> {
        let size = input.size();
        let bytes = input.up_to(at, len64(mpeg_pes::MAX_HEADER))?;
        let Some(length) = bytes.get(4..).and_then(|bytes| u16_at(bytes, Endian::Big)) else {
            return Ok(u64::MAX);
        };
        let code = bytes.get(3).copied().unwrap_or_default();
        let parsed = mpeg_pes::parse(bytes);
        let end = at.saturating_add(6).saturating_add(length.into());
        match code {
            MAP => self.map(input.up_to(at.saturating_add(6), length.into())?),
            PRIVATE_1 | EXTENDED | 0xc0..=0xef => {
                let Parsed::Header(header) = parsed else {
                    if end <= size {
                        defects.note(Defect::at(Id::PesHeaderMalformed, at));
                    }
                    return Ok(end);
                };
                let start = at.saturating_add(len64(header.payload));
                let end = if length == 0 {
                    defects.note(Defect::at(Id::PsPacketUnbounded, at));
                    next_code(input, start, size, |code| code >= FIRST_CODE)?.unwrap_or(size)
                } else {
                    end
                };
                self.media(input, &header, at, start..end, defects)?;
                return Ok(end);
            }
            _ => {}
        }
        Ok(end)
    }

    /// Something is missing before byte `at`.
    pub(super) fn lost(&mut self, defects: &mut Defects) {
        for stream in self.streams.iter_mut().filter(|stream| stream.open) {
            stream.open = false;
            stream.elementary.end(defects);
        }
    }

    /// The file ends here, with a whole packet if `whole`.
    pub(super) fn finish(&mut self, whole: bool, defects: &mut Defects) {
        for stream in &mut self.streams {
            stream.elementary.finish(whole, defects);
        }
    }

    /// Whether there is no stream of pictures or sound.
    pub(super) fn is_empty(&self) -> bool {
        !self.streams.iter().any(|stream| stream.elementary.is_media())
    }

    /// Whether the end of the file, of which this saw packets, tells when the streams end.
    pub(super) fn ends(&self) -> bool {
        let mut media = self.streams.iter().filter(|stream| stream.elementary.is_media());
        media.all(|stream| stream.elementary.extent(None).is_some())
    }

    /// Fills in the facts; when the streams end, `end` tells if it saw the end of the file.
    pub(super) fn fill(&self, facts: &mut VideoFacts, end: Option<&Self>) {
        if self.mpeg1 {
            facts.variant = Some("mpeg-1");
        }
        let mut extents = Vec::new();
        for Stream { elementary, .. } in &self.streams {
            let last = end.and_then(|end| end.find(elementary.entry.id)).map(|last| &last.elementary);
            let extent = elementary.extent(last).filter(|_| elementary.is_media());
            facts.tracks.push(elementary.facts(extent.map(|extent| extent.length)));
            extents.extend(extent);
        }
        if let Some(seconds) = together(extents) {
            facts.last_at_least(seconds);
        }
        facts.summarise();
    }

    fn find(&self, id: u16) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.elementary.entry.id == id)
    }

    /// The program stream map (clause 2.5.4).
    fn map(&mut self, body: &[u8]) {
        self.types = types(body).unwrap_or_default();
    }

    /// A packet of pictures, sound or a private stream, whose data is `range`.
    fn media(
        &mut self,
        input: &mut Input<'_>,
        header: &Header,
        at: u64,
        mut range: Range<u64>,
        defects: &mut Defects,
    ) -> Walk {
        let data_end = range.end.min(input.size());
        let first = input.up_to(range.start, FIRST_LATE.min(data_end.saturating_sub(range.start)))?;
        let mut id = u16::from(header.stream);
        if header.stream == PRIVATE_1
            && let Some((number, skip)) = first.first().and_then(|number| substream(*number))
        {
            id = number.into();
            range.start = range.start.saturating_add(skip);
        }
        let Some(place) = self.place(id, header.stream, first) else {
            return Ok(());
        };
        let surveying = self.surveying;
        let Some(stream) = self.streams.get_mut(place) else {
            return Ok(());
        };
        stream.packets = stream.packets.saturating_add(1);
        if header.stamp_malformed {
            stream.elementary.note(defects, Defect::at(Id::PesTimeStampMalformed, at));
        }
        if let Some(stamp) = header.stamp {
            stream.elementary.stamp(stamp);
        }
        if header.scrambled {
            stream.scrambled = stream.scrambled.saturating_add(1);
            return Ok(());
        }
        if surveying {
            return stream.keep(input, range.start..data_end);
        }
        if !stream.open {
            stream.open = true;
            stream.elementary.begin(range.start);
        }
        let mut from = range.start;
        while from < data_end && stream.elementary.wants_bytes() {
            let piece = input.fill(from, data_end)?;
            stream.elementary.show(from, piece);
            from = from.saturating_add(len64(piece.len()));
        }
        stream.elementary.pass(data_end.saturating_sub(from));
        Ok(())
    }

    /// Where in `streams` the one with number `id` is; it is added if it is new and something that
    /// is looked at.
    fn place(&mut self, id: u16, stream_id: u8, first: &[u8]) -> Option<usize> {
        let known = self.streams.iter().position(|stream| stream.elementary.entry.id == id);
        if known.is_some() {
            return known;
        }
        let kind = match stream_id {
            0xe0..=0xef | EXTENDED => TrackKind::Video,
            _ => TrackKind::Audio,
        };
        let code = format!("stream 0x{id:02x}");
        let mut entry = Entry { id, kind, codec: None, code, language: None, encrypted: false };
        if !self.surveying {
            self.settle(&mut entry, first);
        }
        self.streams.push(Stream::new(entry, self.depth));
        Some(self.streams.len().saturating_sub(1))
    }

    /// Tells the coding of a stream by the map, its number or its first bytes.
    fn settle(&self, entry: &mut Entry, first: &[u8]) {
        if entry.codec.is_some() {
            return;
        }
        let stated = self.types.iter().find(|(id, _)| u16::from(*id) == entry.id).map(|(_, kind)| *kind);
        let stated = stated.and_then(Codec::of_stream_type).filter(|codec| kind_of(Some(*codec)) == entry.kind);
        let usual = if self.mpeg1 { Codec::Mpeg1 } else { Codec::Mpeg2 };
        entry.codec = match entry.id {
            0xe0..=0xef => mpeg_stream::resembling(first).or(stated).or(Some(usual)),
            0xc0..=0xdf => stated.or_else(|| mpeg_stream::sound_resembling(first)).or(Some(Codec::Mp3)),
            id if id == u16::from(EXTENDED) => mpeg_stream::resembling(first).or(stated),
            id if id == u16::from(PRIVATE_1) => mpeg_stream::sound_resembling(first),
            id => u8::try_from(id).ok().and_then(of_substream),
        };
        if let Some(sort) = entry.codec.map(Codec::sort) {
            entry.kind = match sort {
                Sort::Video => TrackKind::Video,
                Sort::Audio => TrackKind::Audio,
                Sort::Subtitle => TrackKind::Subtitle,
            };
        } else if entry.id == u16::from(PRIVATE_1) {
            entry.kind = TrackKind::Other;
        }
    }
}

impl Stream {
    fn new(entry: Entry, depth: Depth) -> Self {
        Self { elementary: Elementary::new(entry, depth), open: false, first: Vec::new(), packets: 0, scrambled: 0 }
    }

    /// Keeps the first bytes of the stream.
    fn keep(&mut self, input: &mut Input<'_>, range: Range<u64>) -> Walk {
        let room = len64(FIRST.saturating_sub(self.first.len()));
        let end = range.end.min(range.start.saturating_add(room));
        let bytes = input.up_to(range.start, end.saturating_sub(range.start))?;
        self.first.extend_from_slice(bytes);
        Ok(())
    }
}

/// The entries of a program stream map: `stream_type` by `stream_id`.
fn types(body: &[u8]) -> Option<Vec<(u8, u8)>> {
    let mut cursor = Cursor::new(body, 0);
    cursor.skip(2)?;
    let information = cursor.be16()?;
    cursor.skip(information.into())?;
    let length = cursor.be16()?;
    let mut entries = Cursor::new(cursor.take(length.into())?, 0);
    let mut types = Vec::new();
    while let Some([kind, id, high, low]) = entries.array() {
        types.push((id, kind));
        let descriptors = u16::from_be_bytes([high, low]);
        if entries.skip(index(descriptors.into())).is_none() {
            break;
        }
    }
    Some(types)
}

/// The number of a stream of a DVD inside private stream 1, and how long its own header is: pictures
/// of subtitles, AC-3, DTS, linear PCM.
const fn substream(number: u8) -> Option<(u8, u64)> {
    match number {
        0x20..=0x3f => Some((number, 1)),
        0x80..=0x9f => Some((number, 4)),
        0xa0..=0xaf => Some((number, 7)),
        _ => None,
    }
}

const fn of_substream(number: u8) -> Option<Codec> {
    Some(match number {
        0x20..=0x3f => Codec::Bitmap,
        0x80..=0x87 | 0x90..=0x97 => Codec::Ac3,
        0x88..=0x8f | 0x98..=0x9f => Codec::Dts,
        0xa0..=0xaf => Codec::Pcm,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_names_types() {
        let body = [0xe0, 0xff, 0, 2, 9, 9, 0, 12, 0x1b, 0xe0, 0, 2, 7, 7, 0x90, 0xc0, 0, 0, 1, 2];
        assert_eq!(types(&body), Some(vec![(0xe0, 0x1b), (0xc0, 0x90)]));
        assert_eq!(types(&body[..10]), None);
    }

    #[test]
    fn pictures_are_told_by_their_looks_before_the_map() {
        let mut program = Program::new(Depth::Full);
        program.types = vec![(0xe0, 0x02), (0xc0, 0x0f)];
        let entry = |id| Entry {
            id,
            kind: TrackKind::Video,
            codec: None,
            code: String::new(),
            language: None,
            encrypted: false,
        };
        for (id, first, want) in [
            (0xe0, &b"\0\0\0\x01\x67\x42\0\x1e\xab\x40"[..], Some(Codec::H264)),
            (0xe0, b"no start code", Some(Codec::Mpeg2)),
            (0xe1, b"no start code", Some(Codec::Mpeg2)),
            (0xbd, b"\x0b\x77\0\0\x1e\x40\xe1", Some(Codec::Ac3)),
            (0xbd, b"what", None),
            (0x80, b"", Some(Codec::Ac3)),
        ] {
            let mut entry = entry(id);
            program.settle(&mut entry, first);
            assert_eq!(entry.codec, want, "{id:x}");
        }
    }
}
