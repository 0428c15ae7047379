//! The header object (clauses 3 and 4): the file as a whole, and every stream in it.

use super::{Guid, HEADER_OBJECT, OBJECT, Object};
use crate::bytes::{Cursor, index};
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Id};
use crate::facts::{TrackFacts, TrackKind};
use crate::format::Inspection;
use crate::input::{MAX_BLOCK, Walk};

const FILE_PROPERTIES: Guid = *b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";
const STREAM_PROPERTIES: Guid = *b"\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65";
const EXTENSION: Guid = *b"\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11\x8e\xe3\x00\xc0\x0c\x20\x53\x65";
const EXTENDED_STREAM: Guid = *b"\xcb\xa5\xe6\x14\x72\xc6\x32\x43\x83\x99\xa9\x69\x52\x06\x5b\x5a";
const METADATA: Guid = *b"\xea\xcb\xf8\xc5\xaf\x5b\x77\x48\x84\x67\xaa\x8c\x44\xfa\x4c\xca";
const LANGUAGES: Guid = *b"\xa9\x46\x43\x7c\xe0\xef\xfc\x4b\xb2\x29\x39\x3e\xde\x41\x5c\x85";
const ENCRYPTION: Guid = *b"\xfb\xb3\x11\x22\x23\xbd\xd2\x11\xb4\xb7\x00\xa0\xc9\x55\xfc\x6e";
const EXTENDED_ENCRYPTION: Guid = *b"\x14\xe6\x8a\x29\x22\x26\x17\x4c\xb9\x35\xda\xe0\x7e\xe9\x28\x9c";
const SIMPLE_INDEX: Guid = *b"\x90\x08\x00\x33\xb1\xe5\xcf\x11\x89\xf4\x00\xa0\xc9\x03\x49\xcb";
const INDEX: Guid = *b"\xd3\x29\xe2\xd6\xda\x35\xd1\x11\x90\x34\x00\xa0\xc9\x03\x49\xbe";
const MEDIA_INDEX: Guid = *b"\xf8\x03\xb1\xfe\xad\x12\x64\x4c\x84\x0f\x2a\x1d\x2f\x7a\xd4\x8c";
const TIMECODE_INDEX: Guid = *b"\xd0\x3f\xb7\x3c\x4a\x0c\x03\x48\x95\x3d\xed\xf7\xb6\x22\x8f\x0c";

const AUDIO: Guid = *b"\x40\x9e\x69\xf8\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";
const VIDEO: Guid = *b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";

/// The header object before the objects in it (clause 3.1).
const HEADER_HEAD: u64 = 30;
/// The header extension before the objects in it (clause 3.4).
const EXTENSION_HEAD: u64 = 46;
/// A stream properties object before the part that depends on its type (clause 3.3).
const STREAM_HEAD: usize = 54;
/// Streams have numbers of seven bits.
const STREAMS: usize = 127;

pub(super) fn is_index(guid: &Guid) -> bool {
    [SIMPLE_INDEX, INDEX, MEDIA_INDEX, TIMECODE_INDEX].contains(guid)
}

/// What the header says.
#[derive(Default)]
pub(super) struct Header {
    /// The byte behind the header object.
    pub(super) end: u64,
    pub(super) file_size: u64,
    /// How long the file lasts; without what is buffered before playing begins.
    pub(super) play_s: Option<f64>,
    /// The same, where the header states it.
    pub(super) stated_s: Option<f64>,
    pub(super) preroll_ms: u64,
    /// Whether it was written for broadcast, so that sizes and counts mean nothing.
    pub(super) live: bool,
    pub(super) packet_size: u32,
    pub(super) max_packet_size: u32,
    pub(super) streams: Vec<Stream>,
    encrypted: bool,
    /// Frame durations, aspects and languages, which may come before the stream they are of.
    extras: Vec<Extra>,
    languages: Vec<String>,
}

/// What extension objects say of a stream.
#[derive(Clone, Default)]
struct Extra {
    number: u8,
    frame_100ns: u64,
    language: u16,
    aspect: (u32, u32),
}

/// One stream.
pub(super) struct Stream {
    pub(super) number: u8,
    pub(super) facts: TrackFacts,
    /// What follows the `BITMAPINFOHEADER`, and where it lies.
    pub(super) configuration: Option<(Vec<u8>, u64)>,
}

impl Stream {
    /// Whether its frames can be looked at.
    pub(super) fn is_shown(&self) -> bool {
        self.facts.kind == TrackKind::Video && !self.facts.encrypted
    }
}

/// Reads the header; `None` where there is no use in going on.
pub(super) fn read(cx: &mut Inspection<'_, '_>) -> Walk<Option<Header>> {
    let file_size = cx.input.size();
    if file_size < HEADER_HEAD {
        cx.note(truncated(file_size, HEADER_HEAD));
        return Ok(None);
    }
    let object = Object::at(cx.input, 0)?;
    debug_assert_eq!(object.guid, HEADER_OBJECT);
    if object.size < HEADER_HEAD {
        cx.note(Defect::at(Id::AsfObjectInvalid, 0).with("size", object.size));
        return Ok(None);
    }
    let mut header = Header { end: object.end(), ..Header::default() };
    let mut properties = None;
    // The header extension holds objects like the header itself, and nothing deeper does.
    let mut levels = vec![(HEADER_HEAD, header.end.min(file_size))];
    while let Some((at, end)) = levels.pop() {
        if end.saturating_sub(at) < OBJECT {
            continue;
        }
        cx.input.work(1)?;
        let object = Object::at(cx.input, at)?;
        if object.size < OBJECT || object.end() > end {
            // Where the file ends before its header does, this says no more than that.
            if header.end <= file_size {
                cx.note(Defect::at(Id::AsfObjectInvalid, at).with("size", object.size));
            }
            continue;
        }
        levels.push((object.end(), end));
        if object.guid == EXTENSION && levels.len() == 1 {
            levels.push((at.saturating_add(EXTENSION_HEAD), object.end()));
            continue;
        }
        let content = cx.input.up_to(object.body(), object.size.saturating_sub(OBJECT).min(MAX_BLOCK))?;
        match object.guid {
            FILE_PROPERTIES => properties = header.take_properties(content),
            STREAM_PROPERTIES => header.add_stream(content, object.body()),
            // What breaks off in these is of no importance: they only add to the facts.
            EXTENDED_STREAM => _ = header.add_extended(content, object.body()),
            METADATA => _ = header.take_aspects(content),
            LANGUAGES => _ = header.take_languages(content),
            ENCRYPTION | EXTENDED_ENCRYPTION => header.encrypted = true,
            _ => {}
        }
    }
    header.combine();
    if header.end > file_size {
        cx.note(truncated(file_size, header.end));
        super::tell_facts(cx, &header);
        return Ok(None);
    }
    if properties.is_none() {
        cx.note(Defect::at(Id::AsfPropertiesMissing, 0));
        super::tell_facts(cx, &header);
        return Ok(None);
    }
    if header.streams.is_empty() {
        cx.note(Defect::at(Id::AsfStreamsMissing, 0));
        super::tell_facts(cx, &header);
        return Ok(None);
    }
    Ok(Some(header))
}

fn truncated(file_size: u64, wanted: u64) -> Defect {
    let missing = wanted.saturating_sub(file_size);
    Defect::at(Id::AsfTruncated, file_size).with("missing", missing)
}

impl Header {
    /// The file properties object (clause 3.2).
    fn take_properties(&mut self, content: &[u8]) -> Option<()> {
        const BROADCAST: u32 = 1;
        let mut cursor = Cursor::new(content, 0);
        cursor.skip(16)?;
        self.file_size = cursor.le64()?;
        cursor.skip(16)?;
        let play_100ns = cursor.le64()?;
        cursor.skip(8)?;
        self.preroll_ms = cursor.le64()?;
        self.live = cursor.le32()? & BROADCAST != 0;
        self.packet_size = cursor.le32()?;
        self.max_packet_size = cursor.le32()?;
        let play_ms = play_100ns.checked_div(10_000).unwrap_or(0);
        if !self.live && play_100ns > 0 && play_100ns < u64::MAX {
            self.stated_s = Some(seconds(play_ms.saturating_sub(self.preroll_ms)));
            self.play_s = self.stated_s;
        }
        Some(())
    }

    /// A stream properties object (clause 3.3) whose content begins at byte `offset`.
    fn add_stream(&mut self, content: &[u8], offset: u64) {
        let Some(stream) = Stream::read(content, offset) else {
            return;
        };
        if self.streams.len() < STREAMS && self.streams.iter().all(|known| known.number != stream.number) {
            self.streams.push(stream);
        }
    }

    /// An extended stream properties object (clause 4.1), which may hold the stream properties too.
    fn add_extended(&mut self, content: &[u8], offset: u64) -> Option<()> {
        let mut cursor = Cursor::new(content, offset);
        cursor.skip(48)?;
        let number = cursor.le16()?.to_le_bytes().first().copied()? & 0x7f;
        let language = cursor.le16()?;
        let frame_100ns = cursor.le64()?;
        let extra = self.extra(number)?;
        (extra.language, extra.frame_100ns) = (language, frame_100ns);
        let (names, systems) = (cursor.le16()?, cursor.le16()?);
        for _ in 0..names {
            cursor.skip(2)?;
            let len = cursor.le16()?;
            cursor.skip(len.into())?;
        }
        for _ in 0..systems {
            cursor.skip(18)?;
            let len = cursor.le32()?;
            cursor.skip(index(len.into()))?;
        }
        let guid: Guid = cursor.array()?;
        cursor.skip(8)?;
        if guid == STREAM_PROPERTIES {
            self.add_stream(cursor.rest(), cursor.offset());
        }
        Some(())
    }

    /// The metadata object (clause 4.7), for the shape of pixels.
    fn take_aspects(&mut self, content: &[u8]) -> Option<()> {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let (across, down) = (utf16("AspectRatioX\0"), utf16("AspectRatioY\0"));
        let mut cursor = Cursor::new(content, 0);
        for _ in 0..cursor.le16()? {
            cursor.skip(2)?;
            let number = cursor.le16()?.to_le_bytes().first().copied()? & 0x7f;
            let name_len = cursor.le16()?;
            cursor.skip(2)?;
            let len = cursor.le32()?;
            let name = cursor.take(name_len.into())?;
            let value = cursor.take(index(len.into()))?;
            let value = value.first_chunk().copied().map(u32::from_le_bytes);
            if let Some(value) = value {
                if name == across {
                    self.extra(number)?.aspect.0 = value;
                } else if name == down {
                    self.extra(number)?.aspect.1 = value;
                }
            }
        }
        Some(())
    }

    /// The language list object (clause 4.6).
    fn take_languages(&mut self, content: &[u8]) -> Option<()> {
        let mut cursor = Cursor::new(content, 0);
        for _ in 0..cursor.le16()? {
            let len = cursor.u8()?;
            let (units, _) = cursor.take(len.into())?.as_chunks::<2>();
            let units: Vec<_> = units.iter().copied().map(u16::from_le_bytes).collect();
            self.languages.push(String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned());
        }
        Some(())
    }

    /// The extra facts of stream `number`; `None` when there are more than there can be streams.
    fn extra(&mut self, number: u8) -> Option<&mut Extra> {
        if let Some(at) = self.extras.iter().position(|extra| extra.number == number) {
            return self.extras.get_mut(at);
        }
        if self.extras.len() > STREAMS {
            return None;
        }
        self.extras.push(Extra { number, language: u16::MAX, ..Extra::default() });
        self.extras.last_mut()
    }

    /// Gives each stream what was said of it elsewhere.
    fn combine(&mut self) {
        // An aspect for stream 0 is that of all.
        for stream in &mut self.streams {
            stream.facts.encrypted |= self.encrypted;
            stream.facts.duration_s = self.stated_s;
            for extra in self.extras.iter().filter(|extra| extra.number == stream.number || extra.number == 0) {
                if stream.facts.kind == TrackKind::Video {
                    if extra.frame_100ns > 0 {
                        stream.facts.frame_rate = Some(10_000_000.0 / real(extra.frame_100ns));
                    }
                    let (across, down) = extra.aspect;
                    if across > 0 && down > 0 && across != down {
                        stream.facts.sample_aspect = Some(extra.aspect);
                    }
                }
                if let Some(language) = self.languages.get(usize::from(extra.language)) {
                    stream.facts.language = Some(language.clone()).filter(|language| !language.is_empty());
                }
            }
        }
    }
}

fn seconds(milliseconds: u64) -> f64 {
    real(milliseconds) / 1000.0
}

/// A number of 64 bits as floating point, exact as far as such numbers go.
pub(super) fn real(value: u64) -> f64 {
    let (high, low) = (value >> 32, value & u64::from(u32::MAX));
    let part = |half: u64| f64::from(u32::try_from(half).unwrap_or(u32::MAX));
    part(high) * 4_294_967_296.0 + part(low)
}

impl Stream {
    fn read(content: &[u8], offset: u64) -> Option<Self> {
        const ENCRYPTED: u16 = 0x8000;
        let mut cursor = Cursor::new(content, offset);
        let kind: Guid = cursor.array()?;
        cursor.skip(24)?;
        cursor.skip(8)?;
        let flags = cursor.le16()?;
        let number = flags.to_le_bytes().first().copied()? & 0x7f;
        let (_, special) = content.split_at_checked(STREAM_HEAD)?;
        let mut special = Cursor::new(special, offset.saturating_add(54));
        let facts = |kind| TrackFacts { encrypted: flags & ENCRYPTED != 0, ..TrackFacts::new(kind, number.into()) };
        Some(match kind {
            VIDEO => {
                let mut stream = Self { number, facts: facts(TrackKind::Video), configuration: None };
                stream.read_video(&mut special)?;
                stream
            }
            AUDIO => {
                let mut stream = Self { number, facts: facts(TrackKind::Audio), configuration: None };
                let tag = special.le16()?;
                let codec = Codec::of_wave_format(tag);
                stream.facts.set_codec(codec, &format!("0x{tag:04x}"));
                stream.facts.channels = special.le16();
                stream.facts.sample_rate = special.le32();
                stream.facts.bit_rate = special.le32().map(|rate| u64::from(rate).saturating_mul(8));
                stream
            }
            _ => Self { number, facts: facts(TrackKind::Other), configuration: None },
        })
    }

    /// The part for video (clause 9.2): a size, and a `BITMAPINFOHEADER`.
    fn read_video(&mut self, special: &mut Cursor<'_>) -> Option<()> {
        const BITMAP_INFO: usize = 40;
        let (width, height) = (special.le32()?, special.le32()?);
        special.skip(1)?;
        let len = usize::from(special.le16()?);
        let info = special.rest();
        let info = info.get(..len).unwrap_or(info);
        let mut fields = Cursor::new(info, special.offset());
        fields.skip(4)?;
        let (inner_width, inner_height) = (fields.le32()?, fields.le32()?.cast_signed().unsigned_abs());
        fields.skip(4)?;
        let code: [u8; 4] = fields.array()?;
        let codec = Codec::of_fourcc(code).filter(|codec| codec.sort() == Sort::Video);
        self.facts.set_codec(codec, code.escape_ascii().to_string().trim_end());
        let or = |outer: u32, inner: u32| Some(if outer == 0 { inner } else { outer });
        (self.facts.width, self.facts.height) = (or(width, inner_width), or(height, inner_height));
        let mut record = Cursor::new(info, special.offset());
        record.skip(BITMAP_INFO)?;
        if !record.is_empty() {
            self.configuration = Some((record.rest().to_vec(), record.offset()));
        }
        Some(())
    }
}
