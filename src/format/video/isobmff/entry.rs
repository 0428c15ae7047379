//! Sample entries: how the samples of a track are coded (ISO/IEC 14496-12:2022, clauses 8.5.2, 8.12
//! and 12; ISO/IEC 14496-1:2010, clause 7.2.6; QuickTime File Format, "Sample description atoms").

use super::boxes::Children;
use crate::bytes::{Cursor, index};
use crate::checker::Depth;
use crate::codec::payload::Payload;
use crate::codec::{Codec, Sort};
use crate::format::Inspection;
use crate::format::isobmff::{BoxHead, FourCc, is_plausible};
use crate::input::Walk;

/// The part of a visual sample entry before the boxes in it.
const VISUAL: u64 = 78;
/// The longest configuration of a decoder.
const MAX_CONFIG: u64 = 1 << 16;
/// Entries of H.264 and HEVC that always come with a configuration. Professional recorders have
/// others, with the parameter sets among the pictures.
const CONFIGURED: [FourCc; 10] =
    [*b"avc1", *b"avc2", *b"avc3", *b"avc4", *b"hvc1", *b"hev1", *b"dva1", *b"dvav", *b"dvh1", *b"dvhe"];

/// One entry of `stsd`.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// The code of the codec; for encrypted media that of what was encrypted.
    pub(super) code: FourCc,
    pub(super) codec: Option<Codec>,
    pub(super) encrypted: bool,
    pub(super) width: u16,
    pub(super) height: u16,
    /// Width to height of one pixel.
    pub(super) sample_aspect: Option<(u32, u32)>,
    pub(super) sample_rate: Option<u32>,
    pub(super) channels: Option<u16>,
    /// Bits a second, as stated.
    pub(super) bit_rate: Option<u32>,
    /// Which data reference says where the data are, from 1 on.
    pub(super) reference: u16,
    /// The decoder cannot be set up, since its configuration is not there.
    pub(super) unconfigured: bool,
    /// Watches the samples of moving pictures.
    pub(super) payload: Option<Payload>,
    config: Option<(u64, Vec<u8>)>,
    object: Option<u8>,
}

impl Entry {
    pub(super) fn read(cx: &mut Inspection<'_, '_>, head: &BoxHead, handler: FourCc) -> Walk<Self> {
        let mut entry = Self { code: head.kind, encrypted: matches!(&head.kind, b"encv" | b"enca"), ..Self::default() };
        let content = head.peek(cx.input, VISUAL)?;
        let visual = match &handler {
            b"vide" | b"pict" | b"auxv" => true,
            b"soun" => false,
            _ => codec_of(head.kind, None, handler).is_some_and(|codec| codec.sort() == Sort::Video),
        };
        let cursor = Cursor::new(&content, head.body);
        entry.read_reference(cursor.clone());
        if visual {
            entry.read_visual(cursor);
            entry.read_boxes(cx, head, VISUAL)?;
        } else if handler == *b"soun" {
            let skip = entry.read_audio(cursor).unwrap_or(VISUAL);
            entry.read_boxes(cx, head, skip)?;
        }
        entry.codec = codec_of(entry.code, entry.object, handler);
        if visual {
            entry.prepare(cx.depth);
        }
        Ok(entry)
    }

    fn read_reference(&mut self, mut cursor: Cursor<'_>) {
        self.reference = cursor.skip(6).and_then(|()| cursor.be16()).unwrap_or(1);
    }

    fn read_visual(&mut self, mut cursor: Cursor<'_>) -> Option<()> {
        cursor.skip(24)?;
        (self.width, self.height) = (cursor.be16()?, cursor.be16()?);
        Some(())
    }

    /// Returns how far into the entry the boxes begin, which depends on its version.
    fn read_audio(&mut self, mut cursor: Cursor<'_>) -> Option<u64> {
        cursor.skip(8)?;
        let version = cursor.be16()?;
        cursor.skip(6)?;
        let channels = cursor.be16()?;
        cursor.skip(6)?;
        let rate = cursor.be16()?;
        cursor.skip(2)?;
        if version == 2 {
            cursor.skip(4)?;
            let rate = f64::from_bits(cursor.be64()?);
            self.sample_rate = whole(rate);
            self.channels = cursor.be32().and_then(|channels| channels.try_into().ok());
            return Some(64);
        }
        self.channels = Some(channels);
        self.sample_rate = Some(rate.into()).filter(|rate| *rate > 0);
        // A version of 1 stands in the files of QuickTime, with 16 bytes more, and in newer files of
        // ISO, without them.
        let mut extension = cursor.clone();
        let is_iso = extension.skip(4).and_then(|()| extension.array()).is_some_and(is_plausible);
        Some(if version == 1 && !is_iso { 44 } else { 28 })
    }

    fn read_boxes(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead, skip: u64) -> Walk {
        let mut open = vec![Children::loosely(head, skip)];
        while let Some(children) = open.last_mut() {
            let Some(child) = children.next(cx)? else {
                open.pop();
                continue;
            };
            match &child.kind {
                b"wave" | b"sinf" if open.len() < 3 => {
                    self.encrypted = self.encrypted || child.kind == *b"sinf";
                    open.push(Children::loosely(&child, 0));
                }
                b"frma" if self.encrypted => {
                    let original = child.peek(cx.input, 4)?;
                    self.code = original.first_chunk().copied().unwrap_or(self.code);
                }
                b"avcC" | b"hvcC" | b"av1C" if child.end.saturating_sub(child.body) <= MAX_CONFIG => {
                    let record = child.load(cx.input)?;
                    self.config = self.config.take().or(record.map(|record| (child.body, record)));
                }
                b"esds" => {
                    let content = child.peek(cx.input, MAX_CONFIG)?;
                    self.read_descriptor(&content, child.body);
                }
                b"pasp" => {
                    let ratio = child.peek(cx.input, 8)?;
                    let mut cursor = Cursor::new(&ratio, child.body);
                    let ratio = cursor.be32().zip(cursor.be32());
                    self.sample_aspect = ratio.filter(|(across, down)| *across > 0 && *down > 0);
                }
                b"btrt" => {
                    let rates = child.peek(cx.input, 12)?;
                    let rate = rates.last_chunk().copied().map(u32::from_be_bytes);
                    self.bit_rate = rate.filter(|rate| *rate > 0).or(self.bit_rate);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes what `esds` says: a descriptor of the stream, in it one of the decoder, and in that its
    /// configuration.
    fn read_descriptor(&mut self, content: &[u8], offset: u64) -> Option<()> {
        let mut cursor = Cursor::new(content, offset);
        cursor.skip(4)?;
        if descriptor(&mut cursor)?.0 == 3 {
            cursor.skip(2)?;
            let flags = cursor.u8()?;
            let skip = |cursor: &mut Cursor<'_>, flag: u8, len: usize| {
                if flags & flag == 0 { Some(()) } else { cursor.skip(len) }
            };
            skip(&mut cursor, 0x80, 2)?;
            if flags & 0x40 != 0 {
                let len = cursor.u8()?;
                cursor.skip(len.into())?;
            }
            skip(&mut cursor, 0x20, 2)?;
            if descriptor(&mut cursor)?.0 != 4 {
                return None;
            }
        }
        self.object = cursor.u8();
        cursor.skip(8)?;
        self.bit_rate = cursor.be32().filter(|rate| *rate > 0).or(self.bit_rate);
        let (tag, len) = descriptor(&mut cursor)?;
        if tag == 5 {
            let at = cursor.offset();
            let record = cursor.rest().get(..index(len.into())).unwrap_or(cursor.rest());
            self.config = Some((at, record.to_vec()));
        }
        Some(())
    }

    /// Sets the watch over the samples up.
    fn prepare(&mut self, depth: Depth) {
        let Some(codec) = self.codec.filter(|codec| codec.sort() == Sort::Video) else {
            return;
        };
        let mut payload = Payload::new(codec, depth);
        match self.config.take() {
            Some((offset, record)) => payload.configure(&record, offset),
            None if CONFIGURED.contains(&self.code) => {
                self.unconfigured = true;
                return;
            }
            None => {}
        }
        self.payload = Some(payload);
    }
}

/// The tag and the length of a descriptor.
fn descriptor(cursor: &mut Cursor<'_>) -> Option<(u8, u32)> {
    let tag = cursor.u8()?;
    let mut len = 0_u32;
    for _ in 0..4 {
        let byte = cursor.u8()?;
        len = len << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some((tag, len))
}

/// The codec by the type of an entry, and by its object type where the type leaves that open.
fn codec_of(code: FourCc, object: Option<u8>, handler: FourCc) -> Option<Codec> {
    let [first, second, high, low] = code;
    match &code {
        b"mp4v" | b"mp4a" | b"mp4s" if object.is_some() => object.and_then(Codec::of_object),
        b"raw " if handler == *b"soun" => Some(Codec::Pcm),
        // A format tag of Microsoft's.
        _ if [first, second] == *b"ms" && high == 0 => Codec::of_wave_format(low.into()),
        _ => Codec::of_box(code).or_else(|| Codec::of_fourcc(code).filter(|_| handler != *b"soun")),
    }
}

/// A rate as a whole number, if it is one that exists.
fn whole(rate: f64) -> Option<u32> {
    let text = (rate.is_finite() && (1.0..=f64::from(u32::MAX)).contains(&rate)).then(|| format!("{rate:.0}"))?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_types_say_what_an_entry_leaves_open() {
        for (code, object, handler, codec) in [
            (b"mp4v", Some(0x20), b"vide", Some(Codec::Mpeg4)),
            (b"mp4v", Some(0x6c), b"vide", Some(Codec::Mjpeg)),
            (b"mp4v", None, b"vide", Some(Codec::Mpeg4)),
            (b"mp4a", Some(0x6b), b"soun", Some(Codec::Mp3)),
            (b"mp4a", None, b"soun", Some(Codec::Aac)),
            (b"raw ", None, b"soun", Some(Codec::Pcm)),
            (b"raw ", None, b"vide", Some(Codec::RawVideo)),
            (b"ms\0\x55", None, b"soun", Some(Codec::Mp3)),
            (b"xvid", None, b"vide", Some(Codec::Mpeg4)),
            (b"what", None, b"vide", None),
        ] {
            assert_eq!(codec_of(*code, object, *handler), codec, "{code:?}");
        }
    }

    #[test]
    fn descriptors_are_taken_apart() {
        let esds = [
            &[0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 29, 0, 1, 0xe0, 0, 0, 2, b'u', b'r', 0, 0][..],
            &[4, 16, 0x20, 0x11, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 7, 5, 2, 0xaa, 0xbb, 6, 1, 2],
        ]
        .concat();
        let mut entry = Entry::default();
        entry.read_descriptor(&esds, 100);
        assert_eq!((entry.object, entry.bit_rate), (Some(0x20), Some(7)));
        assert_eq!(entry.config, Some((136, vec![0xaa, 0xbb])));
        for end in 0..esds.len() {
            Entry::default().read_descriptor(&esds[..end], 0);
        }
    }

    #[test]
    fn rates_are_whole_numbers() {
        assert_eq!((whole(48000.0), whole(0.0), whole(f64::NAN), whole(1e300)), (Some(48000), None, None, None));
    }
}
