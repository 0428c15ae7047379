//! PNG and APNG (W3C Portable Network Graphics Specification, third edition).
//!
//! The walk goes from chunk to chunk. At header depth it ends at the first IDAT and reads only the
//! chunks that hold facts; at structure depth it checks the CRC of every chunk, which finds nearly
//! all damage there can be; at full depth the picture data are inflated while they pass by.
//! Compressed metadata are never inflated.

mod animation;
mod chunk;
mod header;
mod picture;

use self::animation::Animation;
use self::chunk::{Kind, Seen, rule_of};
use self::header::Header;
use self::picture::Picture;
use super::zlib::Inflate;
use crate::bytes::{Endian, len64, u32_at};
use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::facts::Color;
use crate::format::{Head, Inspection, exif};
use crate::input::Walk;

/// Clause 5.2. Made to show what a transfer in text mode does to a file.
const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Where the type of the first chunk stands, and where it can have been moved to by a conversion
/// of line ends or of a character set.
const IHDR_AT: usize = 12;
const IHDR_MOVED: std::ops::RangeInclusive<usize> = 9..=20;
/// So many of the eight bytes must be right if nothing was moved.
const LIKENESS: usize = 6;

/// A chunk's length and type before its data, and its CRC behind them (clause 5.3).
const HEAD: u64 = 8;
const CRC: u64 = 4;
/// The chunk that ends a file.
const END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";
/// So much of an eXIf chunk is searched for the orientation.
const EXIF_LEN: u64 = 64 << 10;
/// Picture data are inflated in pieces of that size.
const PIECE: u64 = 64 << 10;
/// The longest palette.
const PALETTE_LEN: u32 = 3 * 256;

/// Whether the file begins as a PNG does, or did before it was damaged.
pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, &SIGNATURE) || damaged_signature(head.bytes).is_some()
}

/// Where the type of the header chunk stands behind a signature that is damaged but can still be
/// recognised.
fn damaged_signature(bytes: &[u8]) -> Option<usize> {
    let at = IHDR_MOVED.into_iter().find(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"IHDR")))?;
    let before = bytes.get(..at)?;
    let alike = before.iter().zip(SIGNATURE).filter(|(have, want)| *have == want).count();
    let recognised = (at == IHDR_AT && alike >= LIKENESS) || before.windows(3).any(|name| name == b"PNG");
    recognised.then_some(at)
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let begin = cx.input.up_to(0, 64)?;
    if begin.starts_with(&SIGNATURE) {
        return Walker::new(cx).walk(len64(SIGNATURE.len()));
    }
    // What changed the signature changed the rest too, unless the header says otherwise. One cause
    // is reported then, and not each of its consequences.
    let header = damaged_signature(begin).and_then(|at| {
        let body = begin.get(at..)?.first_chunk::<17>()?;
        let stored = u32_at(begin.get(at.saturating_add(17)..)?, Endian::Big)?;
        let [_, _, _, _, data @ ..] = *body;
        (crc32fast::hash(body) == stored).then_some((at, data))
    });
    cx.note(Defect::at(Id::PngSignatureDamaged, 0));
    match header {
        Some((at, _)) if at >= 4 => Walker::new(cx).walk(len64(at.saturating_sub(4))),
        _ => Ok(()),
    }
}

/// A chunk whose length and type were read.
#[derive(Clone, Copy)]
struct Chunk {
    kind: Kind,
    /// Where its length stands.
    start: u64,
    /// Where its data begin.
    body: u64,
    /// Length of its data.
    len: u32,
    /// Where its data end, or would end if the file were not shorter.
    end: u64,
}

impl Chunk {
    /// Where compressed data begin: in fdAT a number stands before them.
    fn data(&self) -> u64 {
        self.body.saturating_add(if self.kind == Kind::FDAT { 4 } else { 0 })
    }

    /// Where the next chunk begins.
    fn next(&self) -> u64 {
        self.end.saturating_add(CRC)
    }
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    seen: Seen,
    header: Option<Header>,
    animation: Option<Animation>,
    /// The picture whose data are going by.
    picture: Option<Picture>,
    /// What is known of the IDAT chunks once another chunk has come after them.
    main: Main,
    /// Apple's variant: its picture data are no zlib stream.
    apple: bool,
    /// What the last picture was inflated with.
    memory: Option<Inflate>,
}

#[derive(Clone, Copy, PartialEq)]
enum Main {
    /// They have not ended.
    Open,
    /// All of the picture may or may not be in them.
    Ended,
    /// All of it is.
    Complete,
    /// A further one came behind, which was noted.
    Interrupted,
}

impl<'w, 'c, 's> Walker<'w, 'c, 's> {
    fn new(cx: &'w mut Inspection<'c, 's>) -> Self {
        Self {
            cx,
            seen: Seen::default(),
            header: None,
            animation: None,
            picture: None,
            main: Main::Open,
            apple: false,
            memory: None,
        }
    }

    /// Walks the chunks from `first` to the end of the file, or to where the facts end.
    fn walk(&mut self, first: u64) -> Walk {
        let mut at = first;
        while let Some(chunk) = self.chunk_at(at)? {
            if at == first {
                self.look_at_first(&chunk);
            }
            if (self.cx.depth == Depth::Header && chunk.kind == Kind::IDAT) || !self.chunk(&chunk)? {
                break;
            }
            at = chunk.next();
        }
        Ok(())
    }

    /// The chunk that begins at `start`. `None`, with a defect noted, if none does.
    fn chunk_at(&mut self, start: u64) -> Walk<Option<Chunk>> {
        let size = self.cx.input.size();
        let rest = size.saturating_sub(start);
        if rest == 0 {
            self.lost(Defect::at(Id::PngEndMissing, start));
            return Ok(None);
        }
        if rest < HEAD {
            let missing = HEAD.saturating_add(CRC).saturating_sub(rest);
            self.lost(Defect::at(Id::PngTruncated, size).with("chunk", "?").with("missing", missing));
            return Ok(None);
        }
        let [a, b, c, d, kind @ ..] = self.cx.input.array::<8>(start)?;
        let (len, kind) = (u32::from_be_bytes([a, b, c, d]), Kind(kind));
        let body = start.saturating_add(HEAD);
        let chunk = Chunk { kind, start, body, len, end: body.saturating_add(len.into()) };
        let fits = chunk.next() <= size;
        if !kind.is_valid() {
            // No chunk at all, or one whose type alone is wrong: its CRC tells.
            let defect = Defect::at(Id::PngChunkInvalid, start);
            if fits && self.crc(&chunk, None)? {
                self.cx.note(defect);
                return Ok(Some(chunk));
            }
            self.lost(defect);
            return Ok(None);
        }
        if len > header::MAX || (!fits && self.ends_in_iend(start)?) {
            self.lost(Defect::at(Id::PngChunkLength, start).with("chunk", kind.to_string()).with("length", len));
            return Ok(None);
        }
        Ok(Some(chunk))
    }

    /// Whether the file ends as a whole one does, so that it is the length of the chunk at `start`
    /// that is wrong, and not the end that is missing.
    fn ends_in_iend(&mut self, start: u64) -> Walk<bool> {
        let end = self.cx.input.size().saturating_sub(len64(END.len()));
        Ok(end > start && self.cx.input.array(end)? == END)
    }

    /// The chunks cannot be followed any further. What is missing of the picture is missing for
    /// that reason.
    fn lost(&mut self, defect: Defect) {
        let defect = match &mut self.picture {
            Some(picture) => {
                picture.mark_faulty();
                picture.locate(defect)
            }
            None => defect,
        };
        self.cx.note(defect);
        self.finish_picture(self.cx.input.size());
    }

    fn look_at_first(&mut self, chunk: &Chunk) {
        match chunk.kind {
            Kind::IHDR => {}
            Kind::CGBI => {
                self.apple = true;
                self.cx.note(Defect::at(Id::PngAppleVariant, chunk.start));
            }
            _ => self.cx.note(Defect::at(Id::PngIhdrMissing, chunk.start).with("chunk", chunk.kind.to_string())),
        }
    }

    /// Looks at one chunk. `false` at the end of the walk.
    fn chunk(&mut self, chunk: &Chunk) -> Walk<bool> {
        let deep = self.cx.depth > Depth::Header;
        let ends_picture = |picture: &Picture| match picture.kind {
            Kind::FDAT => chunk.kind == Kind::FCTL || chunk.kind == Kind::IEND,
            _ => chunk.kind != Kind::IDAT,
        };
        if self.picture.as_ref().is_some_and(ends_picture) {
            self.finish_picture(chunk.start);
        }
        if deep {
            self.check_place(chunk);
        }
        match chunk.kind {
            Kind::IHDR => self.ihdr(chunk)?,
            Kind::PLTE => self.palette(chunk),
            Kind::TRNS => self.cx.image().alpha = Some(true),
            Kind::EXIF => self.exif(chunk)?,
            Kind::ACTL if !self.seen.data => self.animation(chunk)?,
            Kind::FCTL if deep => self.frame_control(chunk)?,
            Kind::IDAT => self.idat(chunk),
            Kind::FDAT if deep => self.frame_data(chunk)?,
            _ => {}
        }
        self.seen.add(chunk.kind);
        if deep || chunk.kind == Kind::IHDR {
            self.check_crc(chunk)?;
        }
        if chunk.next() > self.cx.input.size() {
            return Ok(false);
        }
        if deep && chunk.kind == Kind::IEND {
            self.end(chunk);
        }
        Ok(chunk.kind != Kind::IEND)
    }

    /// Holds the chunk against the table.
    fn check_place(&mut self, chunk: &Chunk) {
        let at = |id| Defect::at(id, chunk.start).with("chunk", chunk.kind.to_string());
        let Some(rule) = rule_of(chunk.kind) else {
            if chunk.kind.is_valid() && !chunk.kind.is_ancillary() && chunk.kind != Kind::CGBI {
                self.cx.note(at(Id::PngCriticalChunkUnknown));
            }
            return;
        };
        let indexed = self.header.is_some_and(|header| header.color == Color::Indexed);
        if rule.once && self.seen.has(chunk.kind) {
            let critical = !chunk.kind.is_ancillary();
            self.cx.note(at(if critical { Id::PngCriticalChunkRepeated } else { Id::PngChunkRepeated }));
        } else if !rule.place.allows(&self.seen, indexed) {
            self.cx.note(at(Id::PngChunkMisplaced));
        }
        if chunk.len < rule.least {
            self.cx.note(at(Id::PngChunkTooShort).with("length", chunk.len).with("need", rule.least));
        }
    }

    /// Checks the CRC of a chunk (clause 5.5), or notes that the file ends before it. At full depth
    /// the picture takes its data on the way.
    fn check_crc(&mut self, chunk: &Chunk) -> Walk {
        let holds_data = chunk.kind == Kind::IDAT || chunk.kind == Kind::FDAT;
        let mut picture = self.picture.take_if(|picture| holds_data && picture.kind == chunk.kind);
        let before = picture.as_ref().and_then(Picture::produced);
        let right = self.crc(chunk, picture.as_mut())?;
        self.picture = picture.or(self.picture.take());
        let size = self.cx.input.size();
        if chunk.next() > size {
            let missing = chunk.next().saturating_sub(size);
            let defect = Defect::at(Id::PngTruncated, size).with("chunk", chunk.kind.to_string());
            self.lost(defect.with("missing", missing));
        } else if !right {
            let id = if chunk.kind.carries_picture() { Id::PngCrcMismatch } else { Id::PngAncillaryCrcMismatch };
            let mut defect = Defect::at(id, chunk.start).with("chunk", chunk.kind.to_string());
            if let Some(picture) = self.picture.as_mut().filter(|_| holds_data) {
                picture.mark_faulty();
                // The fault is somewhere in this chunk, so what came before it is intact.
                defect = before.map_or(defect.clone(), |before| picture.locate_at(defect, before));
            }
            self.cx.note(defect);
        }
        Ok(())
    }

    /// Whether the CRC of a chunk, as far as it is there, is that of its type and data. A picture
    /// takes the data as they go by.
    fn crc(&mut self, chunk: &Chunk, picture: Option<&mut Picture>) -> Walk<bool> {
        let input = &mut *self.cx.input;
        let end = chunk.end.min(input.size());
        let mut at = chunk.start.saturating_add(4);
        let mut hasher = crc32fast::Hasher::new();
        if let Some(picture) = picture.filter(|picture| picture.is_verified()) {
            let data = chunk.data().min(end);
            hasher.update(input.get(at, data.saturating_sub(at))?);
            at = data;
            while at < end {
                let piece = input.get(at, PIECE.min(end.saturating_sub(at)))?;
                hasher.update(piece);
                let (len, work) = (len64(piece.len()), picture.verify(at, piece));
                input.work(work)?;
                at = at.saturating_add(len);
            }
        }
        while at < end {
            let piece = input.fill(at, end)?;
            hasher.update(piece);
            at = at.saturating_add(len64(piece.len()));
        }
        Ok(chunk.next() <= input.size() && input.array(chunk.end)? == hasher.finalize().to_be_bytes())
    }

    /// The first `N` bytes of the data of a chunk, if it has as many and they are there.
    fn content<const N: usize>(&mut self, chunk: &Chunk) -> Walk<Option<[u8; N]>> {
        let there = chunk.end.min(self.cx.input.size()).saturating_sub(chunk.body);
        if there < len64(N) { Ok(None) } else { self.cx.input.array(chunk.body).map(Some) }
    }

    fn ihdr(&mut self, chunk: &Chunk) -> Walk {
        if self.seen.has(Kind::IHDR) {
            return Ok(());
        }
        let invalid = |field: &str, value: u32| {
            Defect::at(Id::PngIhdrInvalid, chunk.start).with("field", field).with("value", value)
        };
        if chunk.len != header::LEN {
            self.cx.note(invalid("length", chunk.len));
        }
        let Some(data) = self.content(chunk)? else {
            return Ok(());
        };
        let header = match Header::parse(data) {
            Ok(header) => header,
            Err(wrong) => {
                self.cx.note(invalid(wrong.field, wrong.value));
                return Ok(());
            }
        };
        let facts = self.cx.image();
        facts.set_size(header.width, header.height);
        facts.bit_depth = Some(header.bit_depth);
        facts.color = Some(header.color);
        facts.alpha = Some(header.alpha);
        facts.progressive = Some(header.interlaced);
        facts.compression = Some("deflate");
        facts.frames = Some(1);
        facts.animated = Some(false);
        self.header = Some(header);
        Ok(())
    }

    /// Only where pixels are indices must the palette be right (clause 11.2.2); elsewhere it is a
    /// suggestion that is dropped if it is not.
    fn palette(&mut self, chunk: &Chunk) {
        let indexed = self.header.is_some_and(|header| header.color == Color::Indexed);
        if indexed && !(chunk.len > 0 && chunk.len <= PALETTE_LEN && chunk.len.is_multiple_of(3)) {
            self.cx.note(Defect::at(Id::PngPaletteInvalid, chunk.start).with("length", chunk.len));
        }
    }

    fn exif(&mut self, chunk: &Chunk) -> Walk {
        let block = self.cx.input.up_to(chunk.body, EXIF_LEN.min(chunk.len.into()))?;
        if let Some(orientation) = exif::orientation(block) {
            self.cx.image().set_orientation(orientation);
        }
        Ok(())
    }

    fn idat(&mut self, chunk: &Chunk) {
        match self.main {
            Main::Open => {
                if self.picture.is_none() {
                    self.begin_main_picture(chunk);
                }
                self.add_data(chunk);
            }
            // Decoders stop reading data where the row of IDAT chunks ends.
            Main::Ended => {
                self.cx.note(Defect::at(Id::PngIdatInterrupted, chunk.start));
                self.main = Main::Interrupted;
            }
            Main::Complete => {
                self.cx.note(Defect::at(Id::PngDataExtra, chunk.start).within("IDAT"));
                self.main = Main::Interrupted;
            }
            Main::Interrupted => {}
        }
    }

    fn begin_main_picture(&mut self, chunk: &Chunk) {
        if let Some(animation) = &mut self.animation {
            animation.main_data_begin();
        }
        let Some(header) = self.header else {
            return;
        };
        if header.color == Color::Indexed && !self.seen.palette {
            self.cx.note(Defect::at(Id::PngPaletteMissing, chunk.start));
        }
        self.begin_picture(&header, (header.width, header.height), chunk, 0);
    }

    fn begin_picture(&mut self, header: &Header, size: (u32, u32), chunk: &Chunk, frame: u32) {
        let deep = self.cx.depth == Depth::Full && !self.apple;
        let memory = deep.then(|| self.memory.take().unwrap_or_else(|| Inflate::new(0)));
        self.picture = Some(Picture::new(header, size, chunk, frame, memory));
    }

    /// Counts the data of a chunk, as far as they are there.
    fn add_data(&mut self, chunk: &Chunk) {
        let end = chunk.end.min(self.cx.input.size());
        if let Some(picture) = &mut self.picture {
            picture.add(end.saturating_sub(chunk.data()));
        }
    }

    /// The data of the current picture end at `end`, if there is one.
    fn finish_picture(&mut self, end: u64) {
        if let Some(picture) = self.picture.take() {
            if picture.kind == Kind::IDAT {
                self.main = if picture.is_complete() { Main::Complete } else { Main::Ended };
            }
            self.memory = picture.finish(self.cx, end);
        }
    }

    /// All chunks are known.
    fn end(&mut self, chunk: &Chunk) {
        if !self.seen.data {
            self.cx.note(Defect::at(Id::PngIdatMissing, chunk.start));
        }
        self.end_animation();
        let trailing = self.cx.input.size().saturating_sub(chunk.next());
        if trailing > 0 {
            self.cx.note(Defect::at(Id::PngTrailingData, chunk.next()).with("bytes", trailing));
        }
    }
}
