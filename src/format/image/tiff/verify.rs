//! What strips and tiles hold, walked by their coding: whether it comes out, and at just the rows that are due.
//!
//! TIFF 6.0, sections 9 (`PackBits`), 10 and 11 (fax), 13 (LZW); Adobe Photoshop TIFF technical notes (deflate);
//! TIFF technical note 2 (JPEG). Uncompressed pixels have nothing that could be wrong.

use super::fax::{self, Fax, Scheme};
use super::ifd::Directory;
use super::page::{Grid, Picture};
use super::tags::{self, Codec};
use super::{Chunk, Walker};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Grade, Group, Id};
use crate::format::image::jpeg;
use crate::format::image::lzw::{Lzw, Step};
use crate::format::image::zlib::{Inflate, Progress};
use crate::input::{Input, Walk};

/// How much of a chunk is walked at a time.
const PIECE: u64 = 64 << 10;
/// So many bytes behind the last row are an encoder's filling.
const SLACK: u64 = 8;

/// How the chunks of a picture are walked.
pub(super) struct Decoder {
    coding: Coding,
    name: &'static str,
    /// Whether the first bit of a byte is the least significant one.
    reversed: bool,
}

enum Coding {
    PackBits,
    Lzw,
    Deflate,
    /// Rows that came damaged out of a fax machine are passed if the file says that there may be some.
    Fax {
        fax: Fax,
        tolerant: bool,
    },
    Jpeg {
        walker: jpeg::Walker,
        samples: u64,
        bits: u64,
    },
}

/// What is kept from one chunk to the next.
#[derive(Default)]
pub(super) struct Memory {
    lzw: Option<Box<Lzw<true>>>,
    old_lzw: Option<Box<Lzw<false>>>,
    inflate: Option<Inflate>,
}

/// What a walk over the bytes of a chunk found.
struct Found {
    /// The bytes of pixels that came out.
    produced: u64,
    ending: Ending,
}

enum Ending {
    /// There is no more data, and nothing that says so.
    Open,
    /// The data says that it ends.
    Marked,
    /// The data says that it ends, and that something else should have come out.
    Checksum,
    /// Much more than all rows came out.
    Enough,
    /// Before this byte of the file there is something that cannot be.
    Bad { offset: u64, part: &'static str },
}

impl Walker<'_, '_, '_> {
    /// How to walk the chunks of a picture, if they are to be walked. Says so of a coding that is not looked into.
    pub(super) fn decoder(&mut self, directory: &Directory, picture: &Picture, grid: &Grid) -> Walk<Option<Decoder>> {
        let Some((name, codec)) = picture.compression.filter(|_| self.cx.depth == Depth::Full) else {
            return Ok(None);
        };
        let reversed = self.number(directory, tags::FILL_ORDER)? == Some(2);
        let deep = self.number(directory, tags::IMAGE_DEPTH)?.unwrap_or(1) > 1;
        let coding = match codec {
            Codec::None => return Ok(None),
            _ if deep => None,
            Codec::PackBits => Some(Coding::PackBits),
            Codec::Lzw => Some(Coding::Lzw),
            Codec::Deflate => Some(Coding::Deflate),
            Codec::FaxRows { .. } | Codec::Group3 | Codec::Group4 => {
                self.fax(directory, codec, picture, grid, reversed)?
            }
            Codec::Jpeg => Some(self.jpeg(directory, picture, grid)?),
            Codec::OldJpeg | Codec::Opaque => None,
        };
        if coding.is_none() {
            self.note(Defect::at(Id::TiffUnchecked, directory.at).with("coding", name));
        }
        Ok(coding.map(|coding| Decoder { coding, name, reversed }))
    }

    fn fax(
        &mut self,
        directory: &Directory,
        codec: Codec,
        picture: &Picture,
        grid: &Grid,
        reversed: bool,
    ) -> Walk<Option<Coding>> {
        let rows = self.number(directory, tags::T4_OPTIONS)?.unwrap_or_default();
        let blocks = self.number(directory, tags::T6_OPTIONS)?.unwrap_or_default();
        // Bit 1 announces pixels without codes among the others, which nobody writes.
        let uncoded = (rows | blocks) & 2 != 0;
        let Some(width) = u32::try_from(grid.width).ok().filter(|width| *width <= fax::MOST_COLUMNS) else {
            return Ok(None);
        };
        if uncoded || picture.pixel_bits != 1 {
            return Ok(None);
        }
        let scheme = match codec {
            Codec::FaxRows { align } => Scheme::Rows { align },
            Codec::Group3 => Scheme::Group3 { two_dimensional: rows & 1 != 0 },
            _ => Scheme::Group4,
        };
        let tolerant = self.number(directory, tags::CLEAN_FAX_DATA)? == Some(2);
        Ok(Some(Coding::Fax { fax: Fax { scheme, width, reversed }, tolerant }))
    }

    /// A walker for JPEG streams, with the tables that are kept apart from them.
    fn jpeg(&mut self, directory: &Directory, picture: &Picture, grid: &Grid) -> Walk<Coding> {
        let mut walker = jpeg::Walker::new();
        if let Some(tables) = directory.entry(tags::JPEG_TABLES).filter(|tables| tables.end() <= self.cx.input.size()) {
            let range = tables.at..tables.end();
            let faults = walker.take_tables(self.cx.input, range)?;
            for (fault, _) in faults.into_findings().filter(|(fault, _)| fault.id.info().grade == Grade::Broken) {
                let offset = fault.offset.unwrap_or(directory.at);
                self.note(Defect::at(Id::TiffJpegTablesDamaged, offset).with("fault", fault.id.name()));
            }
        }
        let samples = if grid.total > grid.per_plane { 1 } else { picture.samples };
        Ok(Coding::Jpeg { walker, samples, bits: picture.bits })
    }

    /// Walks what a chunk holds.
    pub(super) fn verify(&mut self, decoder: &mut Decoder, grid: &Grid, chunk: &Chunk) -> Walk {
        // Many entries may name the same bytes.
        self.cx.input.work(chunk.len)?;
        let rows = grid.rows(chunk.number);
        let need = grid.bytes(rows);
        // The last strip may be filled up with rows that are not shown.
        let most = need.max(grid.bytes(grid.height));
        let data = Data { chunk, reversed: decoder.reversed, buffer: Vec::new() };
        let input = &mut *self.cx.input;
        let found = match &mut decoder.coding {
            Coding::PackBits => pack_bits(data, input, need)?,
            Coding::Lzw => {
                let [first, second] = input.up_to(chunk.offset, 2)?.first_chunk().copied().unwrap_or_default();
                let (first, second) =
                    if decoder.reversed { (first.reverse_bits(), second.reverse_bits()) } else { (first, second) };
                // The first code empties the table: nine bits that say how the bits of all codes lie.
                if first == 0 && second & 1 == 1 {
                    lzw(self.memory.old_lzw.get_or_insert_with(|| Box::new(Lzw::new(8))), data, input)?
                } else {
                    lzw(self.memory.lzw.get_or_insert_with(|| Box::new(Lzw::new(8))), data, input)?
                }
            }
            Coding::Deflate => inflate(self.memory.inflate.get_or_insert_with(|| Inflate::new(0)), data, input, most)?,
            Coding::Fax { fax, tolerant } => {
                let outcome = fax.walk(input, (chunk.offset, chunk.offset.saturating_add(chunk.len)), rows)?;
                let tolerant = *tolerant;
                self.judge_fax(fax, &outcome, grid, chunk, tolerant);
                return Ok(());
            }
            Coding::Jpeg { walker, samples, bits } => {
                let expected = (*samples, *bits);
                return self.verify_jpeg(walker, expected, grid, chunk);
            }
        };
        self.judge(decoder.name, grid, chunk, (need, most), &found);
        Ok(())
    }

    fn judge(&mut self, coding: &'static str, grid: &Grid, chunk: &Chunk, (need, most): (u64, u64), found: &Found) {
        let produced = found.produced;
        let surplus = produced.saturating_sub(need);
        let defect = |id: Id| grid.defect(id, chunk, grid.whole_rows(produced)).with("coding", coding);
        let defect = match found.ending {
            Ending::Bad { offset, part } if surplus == 0 && produced < need => {
                Defect { offset: Some(offset), ..defect(Id::TiffDataBroken) }.with("part", part)
            }
            _ if produced < need => grid.short(chunk, produced),
            Ending::Checksum => defect(Id::TiffDataChecksum),
            Ending::Open if coding == "deflate" => defect(Id::TiffDataUnfinished),
            Ending::Open | Ending::Marked if surplus > 0 && produced != most && chunk.exact && coding != "deflate" => {
                defect(Id::TiffDataSurplus).with("surplus", surplus)
            }
            // Behind the last row there may be anything if the length is none of the data's.
            Ending::Open | Ending::Marked | Ending::Bad { .. } | Ending::Enough => return,
        };
        self.note(defect);
    }

    fn judge_fax(&mut self, fax: &Fax, outcome: &fax::Outcome, grid: &Grid, chunk: &Chunk, tolerant: bool) {
        let rows = grid.rows(chunk.number);
        let marked = matches!(fax.scheme, Scheme::Group3 { .. });
        let at = |id: Id, row| Defect { offset: Some(outcome.offset), ..grid.defect(id, chunk, row) };
        if let Some(row) = outcome.first_bad {
            // Rows with marks before them go on behind a bad one.
            if !marked {
                self.note(at(Id::TiffDataBroken, row).with("coding", "fax").with("part", "row"));
                return;
            }
            let id = if tolerant { Id::TiffFaxRowsUnclean } else { Id::TiffFaxRowsBad };
            self.note(at(id, row).with("count", outcome.bad));
        }
        if outcome.rows < rows {
            let have = grid.bytes(outcome.rows);
            self.note(grid.short(chunk, have));
        } else if outcome.left > SLACK && chunk.exact && !marked {
            self.note(at(Id::TiffDataSurplus, rows).with("coding", "fax").with("surplus", outcome.left));
        }
    }

    fn verify_jpeg(&mut self, walker: &mut jpeg::Walker, expected: (u64, u64), grid: &Grid, chunk: &Chunk) -> Walk {
        let range = chunk.offset..chunk.offset.saturating_add(chunk.len);
        if self.cx.input.up_to(chunk.offset, 2)? != [0xFF, 0xD8] {
            self.note(grid.defect(Id::TiffJpegDamaged, chunk, 0).with("fault", "jpeg-start-missing"));
            return Ok(());
        }
        let mut picture = jpeg::Picture::default();
        let outcome = walker.walk(self.cx.input, range, Depth::Full, &mut picture);
        let faults: Vec<Defect> =
            std::mem::take(&mut picture.defects).into_findings().map(|(fault, _)| fault).collect();
        let graded = |grade: Grade| {
            faults.iter().find(|fault| fault.id.info().group == Group::Damage && fault.id.info().grade == grade)
        };
        let found = match (graded(Grade::Broken), graded(Grade::Doubtful)) {
            (Some(fault), _) => Some((Id::TiffJpegDamaged, fault)),
            (None, Some(fault)) => Some((Id::TiffJpegDoubtful, fault)),
            (None, None) => faults
                .iter()
                .find(|fault| fault.id.info().group == Group::Unchecked)
                .map(|fault| (Id::TiffUnchecked, fault)),
        };
        if let Some((id, fault)) = found {
            let defect = grid.defect(id, chunk, 0).with("fault", fault.id.name()).with("coding", "jpeg");
            self.note(Defect { offset: fault.offset.or(defect.offset), ..defect });
        } else if let Some(frame) = picture.frame.as_ref().filter(|frame| frame.coding.is_followed()) {
            let (width, height) = (u64::from(frame.width), u64::from(frame.height));
            let samples = len64(frame.components.len());
            let rows = height == grid.rows(chunk.number) || height == grid.height || height == 0;
            if !rows || width != grid.width || (samples, u64::from(frame.precision)) != expected {
                let defect = grid.defect(Id::TiffJpegMismatch, chunk, 0);
                self.note(defect.with("width", width).with("height", height).with("samples", samples));
            }
        }
        outcome
    }
}

/// The bytes of a chunk, piece by piece.
struct Data<'c> {
    chunk: &'c Chunk,
    reversed: bool,
    buffer: Vec<u8>,
}

impl Data<'_> {
    /// Hands on the pieces, each with its place in the file, until one ends the walk.
    fn walk<T>(mut self, input: &mut Input<'_>, mut take: impl FnMut(u64, &[u8]) -> Option<T>) -> Walk<Option<T>> {
        let (mut at, end) = (self.chunk.offset, self.chunk.offset.saturating_add(self.chunk.len));
        while at < end {
            let mut piece = input.up_to(at, PIECE.min(end.saturating_sub(at)))?;
            let len = len64(piece.len());
            if self.reversed {
                self.buffer.clear();
                self.buffer.extend(piece.iter().map(|byte| byte.reverse_bits()));
                piece = &self.buffer;
            }
            let taken = take(at, piece);
            if taken.is_some() || len == 0 {
                return Ok(taken);
            }
            at = at.saturating_add(len);
        }
        Ok(None)
    }
}

/// Adds up what runs and literals make, up to `need` bytes.
fn pack_bits(data: Data<'_>, input: &mut Input<'_>, need: u64) -> Walk<Found> {
    // Bytes of the current packet that are still to come, and the bytes that each of them makes.
    let (mut left, mut each) = (0_usize, 0_u64);
    let mut produced = 0_u64;
    let ending = data.walk(input, |_, mut piece| {
        loop {
            let taken = left.min(piece.len());
            produced = produced.saturating_add(each.saturating_mul(len64(taken)));
            left = left.saturating_sub(taken);
            piece = piece.get(taken..).unwrap_or_default();
            if left == 0 && produced >= need {
                return Some(Ending::Marked);
            }
            let (&head, rest) = piece.split_first()?;
            piece = rest;
            // -128 stands for nothing.
            (left, each) = match head {
                0..128 => (usize::from(head).saturating_add(1), 1),
                128 => (0, 0),
                129.. => (1, 257_u64.saturating_sub(head.into())),
            };
        }
    })?;
    Ok(Found { produced, ending: ending.unwrap_or(Ending::Open) })
}

fn lzw<const TIFF: bool>(lzw: &mut Lzw<TIFF>, data: Data<'_>, input: &mut Input<'_>) -> Walk<Found> {
    lzw.start(8);
    let ending = data.walk(input, |at, piece| match lzw.feed(piece) {
        Step::More => None,
        Step::End(_) => Some(Ending::Marked),
        Step::Bad(taken) => Some(Ending::Bad { offset: at.saturating_add(len64(taken)), part: "code" }),
    })?;
    Ok(Found { produced: lzw.produced(), ending: ending.unwrap_or(Ending::Open) })
}

fn inflate(inflate: &mut Inflate, data: Data<'_>, input: &mut Input<'_>, most: u64) -> Walk<Found> {
    inflate.restart(most);
    let mut passed = 0_u64;
    // A damaged code makes the stream a little longer, and then the checksum tells.
    let limit = most.saturating_mul(2).saturating_add(PIECE);
    let start = data.chunk.offset;
    let ending = data.walk(input, |_, piece| {
        let progress = inflate.feed(piece, |bytes| {
            passed = passed.saturating_add(len64(bytes.len()));
            passed <= limit
        });
        match progress {
            Progress::More => None,
            Progress::Enough => Some(Ending::Enough),
            Progress::Ended { checksum: true, .. } => Some(Ending::Marked),
            Progress::Ended { checksum: false, .. } => Some(Ending::Checksum),
            Progress::Broken(fault) => {
                Some(Ending::Bad { offset: start.saturating_add(inflate.taken()), part: fault.name() })
            }
        }
    })?;
    input.work(inflate.work())?;
    Ok(Found { produced: inflate.produced(), ending: ending.unwrap_or(Ending::Open) })
}
