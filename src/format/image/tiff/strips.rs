//! Where strips and tiles lie: inside the file, long enough, clear of what describes them.
//!
//! TIFF 6.0, sections 3 (strips) and 15 (tiles). Bogus byte counts that readers see through are harmless; the
//! conditions are those under which libtiff works the counts out anew.

use super::ifd::Directory;
use super::page::{Grid, Picture};
use super::tags::{self, Codec};
use super::{Chunk, Walker};
use crate::defect::{Defect, Id};
use crate::input::Walk;

/// The most bytes that one byte of each coding can stand for, with some to spare: longer claims are void whatever the
/// data says. Deflate: a match of 258 bytes in two bits. LZW: the longest string of a full table in nine bits.
/// `PackBits`: a run of 128 in two bytes. Fax: a row of `width` pixels in one bit.
fn most_from_one_byte(codec: Codec, row_bytes: u64) -> Option<u64> {
    match codec {
        Codec::Deflate => Some(1033),
        Codec::Lzw => Some(4096),
        Codec::PackBits => Some(64),
        Codec::FaxRows { .. } | Codec::Group3 | Codec::Group4 => Some(row_bytes.saturating_mul(8)),
        Codec::None | Codec::Jpeg | Codec::OldJpeg | Codec::Opaque => None,
    }
}

impl Walker<'_, '_, '_> {
    /// Looks at every strip or tile of a picture.
    pub(super) fn strips(&mut self, directory: &Directory, picture: &Picture, grid: &Grid) -> Walk {
        let listed = grid.offsets.count;
        if listed < grid.total {
            let row = grid.first_row(listed);
            let defect = Defect::at(Id::TiffStripsMissing, grid.offsets.at)
                .with("have", listed)
                .with("need", grid.total)
                .with("row", row)
                .with("intact_percent", grid.intact_percent(listed, 0));
            self.note(defect);
        }
        if grid.counts.is_none() {
            self.note(Defect::at(Id::TiffByteCountsWrong, directory.at));
        }
        let codec = picture.compression.map_or(Codec::Opaque, |(_, codec)| codec);
        let recounts = codec == Codec::None && !grid.tiled && self.counts_are_recomputed(grid)?;
        let mut decoder = self.decoder(directory, picture, grid)?;
        let mut last = (0, 0);
        let (mut looked_at, mut empty, mut first_empty) = (0_u64, 0_u64, None);
        for number in 0..grid.total.min(listed) {
            self.cx.input.work(1)?;
            let Some(offset) = self.value(&grid.offsets, number)? else {
                // The directory noted where the list is cut off, unless its type is of no use at all.
                if grid.offsets.end() <= self.cx.input.size() {
                    self.note(
                        Defect::at(Id::TiffTagInvalid, grid.offsets.at).with("tag", tags::label(grid.offsets.tag)),
                    );
                }
                break;
            };
            let count = match grid.counts {
                Some(counts) => self.value(&counts, number)?,
                None => None,
            };
            let chunk = Chunk { number, offset, len: count.unwrap_or_default(), exact: count.is_some() };
            looked_at = looked_at.saturating_add(1);
            if offset == 0 && count == Some(0) {
                empty = empty.saturating_add(1);
                first_empty = first_empty.or(Some(chunk));
            } else if codec == Codec::None {
                if let Some(chunk) = self.raw_extent(grid, chunk, recounts) {
                    self.overlaps(directory, grid, &chunk, last);
                    last = (chunk.offset, chunk.offset.saturating_add(chunk.len));
                }
            } else if let Some(chunk) = self.coded_extent(codec, grid, chunk)
                && let Some(decoder) = &mut decoder
            {
                self.verify(decoder, grid, &chunk)?;
            }
        }
        if let Some(chunk) = first_empty {
            // A picture without any pixels is not meant.
            let id = if grid.sparse && empty < looked_at { Id::TiffTileSparse } else { Id::TiffStripEmpty };
            self.note(Defect { offset: Some(grid.offsets.at), ..grid.defect(id, &chunk, 0).with("count", empty) });
        }
        Ok(())
    }

    /// Whether libtiff does not believe the byte counts of uncompressed strips if they are too small: there is one
    /// strip, or the first two of several differ.
    fn counts_are_recomputed(&mut self, grid: &Grid) -> Walk<bool> {
        let Some(counts) = grid.counts else {
            return Ok(true);
        };
        Ok(match grid.total {
            1 => true,
            2 => false,
            _ => self.value(&counts, 0)? != self.value(&counts, 1)?,
        })
    }

    /// Settles how long an uncompressed chunk is: as its rows need, if the file holds that much.
    fn raw_extent(&mut self, grid: &Grid, mut chunk: Chunk, recounts: bool) -> Option<Chunk> {
        let need = grid.bytes(grid.rows(chunk.number));
        let room = self.cx.input.size().saturating_sub(chunk.offset);
        if need > room {
            self.note(grid.past_end(&chunk, room, true));
            return None;
        }
        if chunk.exact && chunk.len < need && !recounts {
            self.note(grid.short(&chunk, chunk.len));
        } else if chunk.exact && (chunk.len < need || chunk.len > room) {
            self.note(Defect::at(Id::TiffByteCountsWrong, chunk.offset));
        }
        chunk.len = need;
        Some(chunk)
    }

    /// Settles how long a coded chunk is: as the file states, or up to the end of the file where it does not.
    fn coded_extent(&mut self, codec: Codec, grid: &Grid, mut chunk: Chunk) -> Option<Chunk> {
        let room = self.cx.input.size().saturating_sub(chunk.offset);
        if room == 0 || chunk.len > room {
            self.note(grid.past_end(&chunk, room, false));
            return None;
        }
        if chunk.exact && chunk.len == 0 && grid.total == 1 {
            self.note(Defect::at(Id::TiffByteCountsWrong, chunk.offset));
            chunk.exact = false;
        }
        if !chunk.exact {
            chunk.len = room;
        }
        let need = grid.bytes(grid.rows(chunk.number));
        let most = most_from_one_byte(codec, grid.bytes(1)).map_or(u64::MAX, |most| chunk.len.saturating_mul(most));
        if chunk.len == 0 || most < need {
            self.note(grid.short(&chunk, if chunk.len == 0 { 0 } else { most }));
            return None;
        }
        Some(chunk)
    }

    /// Notes uncompressed pixels that lie where something else is: they cannot be pixels as well.
    fn overlaps(&mut self, directory: &Directory, grid: &Grid, chunk: &Chunk, last: (u64, u64)) {
        let end = chunk.offset.saturating_add(chunk.len);
        let meets = |from: u64, to: u64| chunk.offset < to && from < end;
        // The same data twice saves room; a part of it is a wrong offset.
        let neighbour = last.0 != chunk.offset && meets(last.0, last.1);
        if meets(0, self.dialect.header()) || meets(directory.at, directory.end) || neighbour {
            let defect = grid.defect(Id::TiffStripOverlap, chunk, 0);
            self.note(defect);
        }
    }
}
