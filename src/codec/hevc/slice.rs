//! Walks the syntax of the slices of a picture that needs no other picture (ITU-T H.265 (2021-08),
//! clauses 7.3.6 and 7.3.8), from the first block to the last, without making any samples.
//!
//! Arithmetic decoding never fails: of damaged data it makes other pictures. But it does not come
//! out even then: each row, tile and slice must end with a symbol that says so, in the bit where the
//! encoder ended it, and the blocks must be used up there. Of data that are not what the encoder
//! wrote that is not to be expected.

use super::block::{Block, Neighbours};
use super::cabac::Cabac;
use super::context::Contexts;
use super::params::{Pps, RefSet, Sps};
use crate::codec::bits::Bits;

/// Why a walk went no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The syntax breaks at this row of samples.
    Broken { row: u32 },
    /// Tools or kinds of slices that this walk does not know.
    Unsupported,
}

/// A picture whose slices come one after the other.
#[derive(Debug)]
pub(crate) struct Picture {
    sps: Sps,
    pps: Pps,
    /// Size in coding tree blocks.
    width: u32,
    height: u32,
    /// Borders of tiles.
    columns: Vec<u32>,
    rows: Vec<u32>,
    place: Place,
    /// Of each column, the address of the slice that the last block is in.
    slices: Vec<u32>,
    neighbours: Neighbours,
    contexts: Contexts,
    /// Whether the next block is the first of its segment.
    fresh: bool,
    /// Contexts at the end of the last slice segment.
    ended: Option<Contexts>,
    /// Contexts after the second block of the row above.
    above: Option<Contexts>,
    header: Header,
}

/// The next coding tree block: its column, row, and tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    x: u32,
    y: u32,
    tile_x: usize,
    tile_y: usize,
    done: bool,
}

/// What lasts of the header of a slice for the segments that depend on it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    address: u32,
    dependent: bool,
    pub(super) sao_luma: bool,
    pub(super) sao_chroma: bool,
    qp: i32,
    pub(super) chroma_qp_offsets: bool,
}

/// The largest picture that is walked: 2^15 blocks an edge would need 2^21 samples.
const MAX_EDGE: u32 = 1 << 16;

/// Nobody's address.
const NONE: u32 = u32::MAX;

impl Picture {
    /// A picture with these parameter sets; `None` if the walk does not know how to read it.
    pub(crate) fn new(sps: &Sps, pps: &Pps) -> Option<Self> {
        let edges = sps.coded_width.max(sps.coded_height);
        let sizes = sps.min_tb < sps.min_cb && sps.max_tb <= sps.ctb;
        let whole = (sps.coded_width | sps.coded_height).trailing_zeros() >= sps.min_cb;
        if sps.exotic || pps.exotic || sps.separate_planes || edges > MAX_EDGE || !sizes || !whole {
            return None;
        }
        let blocks = |edge: u32| edge.div_ceil(1_u32.checked_shl(sps.ctb).unwrap_or(1));
        let (width, height) = (blocks(sps.coded_width), blocks(sps.coded_height));
        let (columns, rows) = match &pps.tiles {
            Some(tiles) => (tiles.column_starts(width)?, tiles.row_starts(height)?),
            None => (vec![0, width], vec![0, height]),
        };
        Some(Self {
            width,
            height,
            columns,
            rows,
            place: Place::default(),
            slices: vec![NONE; usize::try_from(width).ok()?],
            neighbours: Neighbours::new(sps.coded_width),
            contexts: Contexts::new(0),
            fresh: false,
            ended: None,
            above: None,
            header: Header::default(),
            sps: sps.clone(),
            pps: pps.clone(),
        })
    }

    /// Whether every block of the picture was in a slice.
    pub(crate) fn is_complete(&self) -> bool {
        self.place.done
    }

    /// The row of samples that is reached.
    pub(crate) fn row(&self) -> u32 {
        (self.place.y << self.sps.ctb).min(self.sps.coded_height)
    }

    /// The number of rows of samples.
    pub(crate) fn rows(&self) -> u32 {
        self.sps.coded_height
    }

    fn address(&self) -> u32 {
        self.place.y.wrapping_mul(self.width).wrapping_add(self.place.x)
    }

    fn broken<T>(&self) -> Result<T, Fault> {
        Err(Fault::Broken { row: self.row() })
    }

    /// Reads the header of a slice segment: `kind` is the type of its NAL unit, `payload` what
    /// follows the header of that, freed of emulation prevention. The length of the header, in
    /// bytes, is what comes back.
    pub(crate) fn slice_header(&mut self, kind: u8, payload: &[u8]) -> Result<usize, Fault> {
        let mut bits = Bits::new(payload);
        let read = self.read_header(kind, &mut bits);
        match read {
            Some(true) => Ok(bits.position() >> 3),
            Some(false) => Err(Fault::Unsupported),
            None => self.broken(),
        }
    }

    /// `Some(false)` for a slice of a kind that is not walked.
    fn read_header(&mut self, kind: u8, bits: &mut Bits<'_>) -> Option<bool> {
        let first = bits.bit()?;
        bits.bit()?;
        if bits.ue_max(63)? != self.pps.id {
            return Some(false);
        }
        let mut dependent = false;
        let mut address = 0;
        if !first {
            dependent = self.pps.dependent_slices && bits.bit()?;
            let blocks = self.width.checked_mul(self.height)?;
            address = bits.uint(32_u32.checked_sub(blocks.checked_sub(1)?.leading_zeros())?)?;
        }
        if self.place.done || address != self.address() || (dependent && self.ended.is_none()) {
            return None;
        }
        self.fresh = true;
        self.header.dependent = dependent;
        if dependent {
            self.skip_entry_points(bits)?;
            return Some(true);
        }
        bits.uint(self.pps.extra_bits)?;
        if bits.ue_max(2)? != 2 {
            return Some(false);
        }
        if self.pps.output_flag {
            bits.bit()?;
        }
        if !matches!(kind, 19 | 20) {
            self.skip_reference_pictures(bits)?;
        }
        let chroma = self.sps.chroma_format > 0;
        let sao_luma = self.sps.sao && bits.bit()?;
        let sao_chroma = self.sps.sao && chroma && bits.bit()?;
        let qp = self.pps.init_qp.checked_add(bits.se()?)?;
        let lowest = i32::try_from(self.sps.bit_depth_luma.checked_sub(8)?).ok()?.checked_mul(-6)?;
        if !(lowest..=51).contains(&qp) {
            return None;
        }
        if self.pps.slice_chroma_qp {
            for _ in 0..2 {
                bits.se().filter(|offset| (-12..=12).contains(offset))?;
            }
        }
        let chroma_qp_offsets = self.pps.chroma_qp_list.is_some() && bits.bit()?;
        let mut deblocking_off = self.pps.deblocking_off;
        if self.pps.deblocking_override && bits.bit()? {
            deblocking_off = bits.bit()?;
            if !deblocking_off {
                for _ in 0..2 {
                    bits.se().filter(|offset| (-6..=6).contains(offset))?;
                }
            }
        }
        if self.pps.filter_across_slices && (sao_luma || sao_chroma || !deblocking_off) {
            bits.bit()?;
        }
        self.skip_entry_points(bits)?;
        self.header = Header { address, dependent, sao_luma, sao_chroma, qp, chroma_qp_offsets };
        Some(true)
    }

    /// What a slice says of pictures before it, which those with other kinds of NAL units do even
    /// if they need none.
    fn skip_reference_pictures(&self, bits: &mut Bits<'_>) -> Option<()> {
        let sps = &self.sps;
        bits.uint(sps.poc_bits)?;
        let sets = u32::try_from(sps.ref_sets.len()).ok()?;
        let width = |count: u32| count.checked_sub(1).map_or(0, |last| 32_u32.saturating_sub(last.leading_zeros()));
        if bits.bit()? {
            bits.uint(width(sets))?;
        } else {
            RefSet::read(bits, &sps.ref_sets, true)?;
        }
        if let Some(known) = sps.long_term {
            let from_list = if known > 0 { bits.ue_max(known)? } else { 0 };
            let own = bits.ue_max(32)?;
            for at in 0..from_list.checked_add(own)? {
                bits.uint(if at < from_list { width(known) } else { sps.poc_bits.checked_add(1)? })?;
                if bits.bit()? {
                    bits.ue()?;
                }
            }
        }
        if sps.temporal_mvp {
            bits.bit()?;
        }
        Some(())
    }

    /// The end of every header.
    fn skip_entry_points(&self, bits: &mut Bits<'_>) -> Option<()> {
        if self.pps.wavefront || self.pps.tiles.is_some() {
            let count = bits.ue_max(self.width.checked_mul(self.height)?)?;
            if count > 0 {
                let width = bits.ue_max(31)?.checked_add(1)?;
                bits.skip(usize::try_from(count.checked_mul(width)?).ok()?)?;
            }
        }
        if self.pps.header_extension {
            let bytes = bits.ue_max(256)?;
            bits.skip(usize::try_from(bytes.checked_mul(8)?).ok()?)?;
        }
        // byte_alignment()
        if !bits.bit()? {
            return None;
        }
        while bits.position() & 7 != 0 {
            if bits.bit()? {
                return None;
            }
        }
        Some(())
    }

    /// The next coding tree block of the segment whose header was read; whether another follows.
    pub(crate) fn block(&mut self, cabac: &mut Cabac) -> Result<bool, Fault> {
        match self.read_block(cabac) {
            Some(more) if !cabac.overrun() => Ok(more),
            _ => self.broken(),
        }
    }

    fn read_block(&mut self, cabac: &mut Cabac) -> Option<bool> {
        let Place { x, y, tile_x, tile_y, .. } = self.place;
        let (tile_left, tile_top) = (*self.columns.get(tile_x)?, *self.rows.get(tile_y)?);
        self.set_contexts(x == tile_left, y == tile_top)?;
        let same_slice = |column: u32| {
            let address = usize::try_from(column).ok().and_then(|column| self.slices.get(column));
            address == Some(&self.header.address)
        };
        let mut block = Block {
            sps: &self.sps,
            pps: &self.pps,
            header: &self.header,
            left: x > tile_left && same_slice(x.wrapping_sub(1)),
            above: y > tile_top && same_slice(x),
            neighbours: &mut self.neighbours,
            contexts: &mut self.contexts,
            cabac,
            qp_delta_coded: true,
            chroma_qp_coded: true,
        };
        block.read(x << self.sps.ctb, y << self.sps.ctb)?;
        *self.slices.get_mut(usize::try_from(x).ok()?)? = self.header.address;
        if self.pps.wavefront && x == tile_left.wrapping_add(1) {
            self.above = Some(self.contexts.clone());
        }
        let end = cabac.terminate();
        self.advance()?;
        let next = self.place;
        if end {
            self.ended = self.pps.dependent_slices.then(|| self.contexts.clone());
            return cabac.align().then_some(false);
        }
        if next.done {
            return None;
        }
        let other_tile = (next.tile_x, next.tile_y) != (tile_x, tile_y);
        let next_row = self.pps.wavefront && Some(&next.x) == self.columns.get(next.tile_x);
        if other_tile || next_row {
            if !cabac.terminate() || !cabac.align() {
                return None;
            }
            cabac.start();
        }
        Some(true)
    }

    /// Contexts begin anew with tiles and slices; with wavefronts a row goes on where the second
    /// block of the one above ended (clause 9.3.1).
    fn set_contexts(&mut self, first_column: bool, first_row: bool) -> Option<()> {
        let fresh = std::mem::take(&mut self.fresh);
        if first_column && first_row {
            self.contexts = Contexts::new(self.header.qp);
        } else if first_column && self.pps.wavefront {
            let right = self.place.x.wrapping_add(1);
            let inside = self.columns.get(self.place.tile_x.wrapping_add(1)).is_some_and(|end| right < *end);
            let slice = self.slices.get(usize::try_from(right).ok()?);
            let known = self.above.take().filter(|_| inside && !first_row && slice == Some(&self.header.address));
            self.contexts = known.unwrap_or_else(|| Contexts::new(self.header.qp));
        } else if fresh {
            let ended = self.ended.take().filter(|_| self.header.dependent);
            self.contexts = ended.unwrap_or_else(|| Contexts::new(self.header.qp));
        }
        Some(())
    }

    /// Goes on to the next block: along the row of the tile, to its next row, to the next tile.
    fn advance(&mut self) -> Option<()> {
        let place = &mut self.place;
        place.x = place.x.wrapping_add(1);
        if place.x < *self.columns.get(place.tile_x.wrapping_add(1))? {
            return Some(());
        }
        place.x = *self.columns.get(place.tile_x)?;
        place.y = place.y.wrapping_add(1);
        if place.y < *self.rows.get(place.tile_y.wrapping_add(1))? {
            return Some(());
        }
        place.tile_x = place.tile_x.wrapping_add(1);
        if place.tile_x.wrapping_add(1) < self.columns.len() {
            place.x = *self.columns.get(place.tile_x)?;
            place.y = *self.rows.get(place.tile_y)?;
            return Some(());
        }
        place.tile_x = 0;
        place.x = 0;
        place.tile_y = place.tile_y.wrapping_add(1);
        place.done = place.tile_y.wrapping_add(1) >= self.rows.len();
        Some(())
    }
}
