//! One coding tree block: filter parameters, the tree of coding blocks, prediction modes and the
//! tree of transform blocks (ITU-T H.265 (2021-08), clauses 7.3.8.2 to 7.3.8.14, for slices that
//! need no other picture). `None` stands for a value that no encoder writes.

use super::cabac::Cabac;
use super::context::{Contexts, at};
use super::params::{Pcm, Pps, Sps};
use super::residual::{self, Tools};
use super::slice::Header;

/// Prediction modes of luma.
const PLANAR: u8 = 0;
const DC: u8 = 1;
const HORIZONTAL: u8 = 10;
const VERTICAL: u8 = 26;
const DIAGONAL: u8 = 34;

/// Modes of chroma in 4:2:2, whose samples are twice as wide as they are high: table 8-3.
#[rustfmt::skip]
const MODES_422: [u8; 35] = [
    0, 1, 2, 2, 2, 2, 3, 5, 7, 8, 10, 11, 13, 15, 16, 18, 19, 20, 21, 22, 23, 23, 24, 24, 25, 25, 26, 27, 27, 28, 28,
    29, 29, 30, 31,
];

/// What later blocks have to know of those to their left and above.
#[derive(Debug)]
pub(super) struct Neighbours {
    /// Of each column of eight samples, the depth of the last coding block.
    top_depth: Vec<u8>,
    /// The same for each row of this row of blocks.
    left_depth: [u8; 8],
    /// Prediction modes of luma, in units of four samples. Those of the row above do not count.
    top_mode: [u8; 16],
    left_mode: [u8; 16],
}

impl Neighbours {
    /// For a picture that is `width` samples wide.
    pub(super) fn new(width: u32) -> Self {
        let columns = usize::try_from(width >> 3).unwrap_or(0).saturating_add(8);
        Self { top_depth: vec![0; columns], left_depth: [0; 8], top_mode: [DC; 16], left_mode: [DC; 16] }
    }

    fn set_depth(&mut self, x: u32, y: u32, size: u32, depth: u8) {
        let (column, row, count) = (unit(x, 3), unit(y & 63, 3), unit(size, 3));
        fill(&mut self.top_depth, column, count, depth);
        fill(&mut self.left_depth, row, count, depth);
    }

    fn set_mode(&mut self, x: u32, y: u32, size: u32, mode: u8) {
        let (column, row, count) = (unit(x & 63, 2), unit(y & 63, 2), unit(size, 2));
        fill(&mut self.top_mode, column, count, mode);
        fill(&mut self.left_mode, row, count, mode);
    }
}

/// A place in samples as an index.
fn unit(at: u32, log2: u32) -> usize {
    usize::try_from(at >> log2).unwrap_or(usize::MAX)
}

fn fill(list: &mut [u8], from: usize, count: usize, value: u8) {
    let end = from.saturating_add(count).min(list.len());
    if let Some(part) = list.get_mut(from..end) {
        part.fill(value);
    }
}

/// One coding tree block while it is read.
pub(super) struct Block<'p> {
    pub(super) sps: &'p Sps,
    pub(super) pps: &'p Pps,
    pub(super) header: &'p Header,
    /// Whether the blocks to the left and above are in the same slice and tile.
    pub(super) left: bool,
    pub(super) above: bool,
    pub(super) neighbours: &'p mut Neighbours,
    pub(super) contexts: &'p mut Contexts,
    pub(super) cabac: &'p mut Cabac,
    pub(super) qp_delta_coded: bool,
    pub(super) chroma_qp_coded: bool,
}

/// A coding block.
struct Coding {
    /// Coded without loss.
    bypass: bool,
    /// In four parts with a mode each.
    parts: bool,
    modes: [u8; 4],
    chroma_modes: [u8; 4],
    /// Whether chroma takes its mode from luma.
    derived: [bool; 4],
}

/// Whether there are coefficients: of the two chroma components, and in 4:2:2 of the upper and the
/// lower half of each.
type ChromaFlags = [[bool; 2]; 2];

/// A transform block.
#[derive(Clone, Copy)]
struct Transform {
    log2: u32,
    depth: u32,
    /// Which of the four blocks it is that its parent was split into.
    index: usize,
    /// The part of the coding block that it is in.
    part: usize,
    chroma: ChromaFlags,
}

fn any(flags: ChromaFlags) -> bool {
    flags.as_flattened().contains(&true)
}

impl Block<'_> {
    fn bit(&mut self, context: usize) -> bool {
        self.cabac.bit(self.contexts.at(context))
    }

    /// `coding_tree_unit()`
    pub(super) fn read(&mut self, x: u32, y: u32) -> Option<()> {
        if self.header.sao_luma || self.header.sao_chroma {
            self.read_sao();
        }
        self.read_quadtree(x, y, self.sps.ctb, 0)
    }

    /// `sao()`
    fn read_sao(&mut self) {
        if (self.left && self.bit(at::SAO_MERGE)) || (self.above && self.bit(at::SAO_MERGE)) {
            return;
        }
        let mut kind = 0;
        for component in 0..if self.sps.chroma_format == 0 { 1 } else { 3 } {
            let (on, depth) = match component {
                0 => (self.header.sao_luma, self.sps.bit_depth_luma),
                _ => (self.header.sao_chroma, self.sps.bit_depth_chroma),
            };
            if !on {
                continue;
            }
            if component < 2 {
                kind = u32::from(self.bit(at::SAO_TYPE));
                kind = kind.wrapping_add(u32::from(kind == 1 && self.cabac.bypass()));
            }
            if kind == 0 {
                continue;
            }
            let max = (1_u32 << (depth.min(10).wrapping_sub(5) & 7)).wrapping_sub(1);
            let mut signs = 0;
            for _ in 0..4 {
                let mut offset = 0_u32;
                while offset < max && self.cabac.bypass() {
                    offset = offset.wrapping_add(1);
                }
                signs = u32::from(offset > 0).wrapping_add(signs);
            }
            if kind == 1 {
                // Signs, and the position of the band.
                self.cabac.bypass_uint(signs.wrapping_add(5));
            } else if component < 2 {
                self.cabac.bypass_uint(2);
            }
        }
    }

    /// `coding_quadtree()`
    fn read_quadtree(&mut self, x: u32, y: u32, log2: u32, depth: u8) -> Option<()> {
        let size = 1_u32 << (log2 & 7);
        let (right, bottom) = (x.wrapping_add(size), y.wrapping_add(size));
        let inside = right <= self.sps.coded_width && bottom <= self.sps.coded_height;
        let split = log2 > self.sps.min_cb && (!inside || self.read_split(x, y, depth));
        if self.pps.qp_delta_depth.is_some_and(|below| log2.saturating_add(below) >= self.sps.ctb) {
            self.qp_delta_coded = false;
        }
        if self.pps.chroma_qp_list.is_some_and(|(below, _)| log2.saturating_add(below) >= self.sps.ctb) {
            self.chroma_qp_coded = false;
        }
        if !split {
            self.neighbours.set_depth(x, y, size, depth);
            return self.read_coding(x, y, log2);
        }
        let half = size >> 1;
        for (x, y) in
            [(x, y), (x.wrapping_add(half), y), (x, y.wrapping_add(half)), (x.wrapping_add(half), y.wrapping_add(half))]
        {
            if x < self.sps.coded_width && y < self.sps.coded_height {
                self.read_quadtree(x, y, log2.wrapping_sub(1), depth.wrapping_add(1))?;
            }
        }
        Some(())
    }

    /// Whether there is a block to the left of a place, and one above.
    fn has_neighbours(&self, x: u32, y: u32) -> (bool, bool) {
        let mask = (1_u32 << (self.sps.ctb & 7)).wrapping_sub(1);
        (x & mask != 0 || self.left, y & mask != 0 || self.above)
    }

    fn read_split(&mut self, x: u32, y: u32, depth: u8) -> bool {
        let (left, above) = self.has_neighbours(x, y);
        let deeper = |list: &[u8], at: usize| list.get(at).is_some_and(|other| *other > depth);
        let left = left && deeper(&self.neighbours.left_depth, unit(y & 63, 3));
        let above = above && deeper(&self.neighbours.top_depth, unit(x, 3));
        self.bit(at::SPLIT_CU.wrapping_add(usize::from(left)).wrapping_add(usize::from(above)))
    }

    /// `coding_unit()`
    fn read_coding(&mut self, x: u32, y: u32, log2: u32) -> Option<()> {
        let size = 1_u32 << (log2 & 7);
        let bypass = self.pps.bypass && self.bit(at::BYPASS);
        let parts = log2 == self.sps.min_cb && !self.bit(at::PART_MODE);
        if let Some(pcm) = self.sps.pcm
            && !parts
            && (pcm.min..=pcm.max).contains(&log2)
            && self.cabac.terminate()
        {
            self.neighbours.set_mode(x, y, size, DC);
            return self.skip_samples(pcm, log2);
        }
        let mut coding = Coding { bypass, parts, modes: [DC; 4], chroma_modes: [DC; 4], derived: [false; 4] };
        self.read_modes(&mut coding, x, y, size);
        let root = Transform { log2, depth: 0, index: 0, part: 0, chroma: [[true; 2]; 2] };
        self.read_transforms(&coding, root)
    }

    /// `pcm_sample()`
    fn skip_samples(&mut self, pcm: Pcm, log2: u32) -> Option<()> {
        let luma = 1_u32 << (log2.wrapping_mul(2) & 15);
        let chroma = match self.sps.chroma_format {
            0 => 0,
            1 => luma >> 1,
            2 => luma,
            _ => luma << 1,
        };
        let bits = luma.wrapping_mul(pcm.depth_luma).wrapping_add(chroma.wrapping_mul(pcm.depth_chroma));
        if !self.cabac.align() {
            return None;
        }
        self.cabac.skip(usize::try_from(bits >> 3).ok()?);
        self.cabac.start();
        Some(())
    }

    /// The prediction modes of a coding block.
    fn read_modes(&mut self, coding: &mut Coding, x: u32, y: u32, size: u32) {
        let (count, size) = if coding.parts { (4, size >> 1) } else { (1, size) };
        let mut predicted = [false; 4];
        for flag in predicted.iter_mut().take(count) {
            *flag = self.bit(at::PREV_INTRA);
        }
        let places = [
            (x, y),
            (x.wrapping_add(size), y),
            (x, y.wrapping_add(size)),
            (x.wrapping_add(size), y.wrapping_add(size)),
        ];
        for ((mode, predicted), (x, y)) in coding.modes.iter_mut().zip(predicted).zip(places).take(count) {
            let likely = self.likely_modes(x, y);
            *mode = if predicted {
                let index = usize::from(self.cabac.bypass());
                let index = if index > 0 { index.wrapping_add(usize::from(self.cabac.bypass())) } else { index };
                likely.get(index).copied().unwrap_or(DC)
            } else {
                let mut mode = u8::try_from(self.cabac.bypass_uint(5)).unwrap_or(DC);
                let mut sorted = likely;
                sorted.sort_unstable();
                for other in sorted {
                    mode = mode.wrapping_add(u8::from(mode >= other));
                }
                mode
            };
            self.neighbours.set_mode(x, y, size, *mode);
        }
        let chroma_count = match self.sps.chroma_format {
            0 => 0,
            3 => count,
            _ => 1,
        };
        for part in 0..chroma_count {
            let luma = coding.modes.get(part).copied().unwrap_or(DC);
            let derived = !self.bit(at::CHROMA_MODE);
            let mode = if derived {
                luma
            } else {
                let own = match self.cabac.bypass_uint(2) {
                    0 => PLANAR,
                    1 => VERTICAL,
                    2 => HORIZONTAL,
                    _ => DC,
                };
                if own == luma { DIAGONAL } else { own }
            };
            let mode = if self.sps.chroma_format == 2 {
                MODES_422.get(usize::from(mode)).copied().unwrap_or(mode)
            } else {
                mode
            };
            if let (Some(to), Some(flag)) = (coding.chroma_modes.get_mut(part), coding.derived.get_mut(part)) {
                (*to, *flag) = (mode, derived);
            }
        }
    }

    /// The three modes that are expected at a place (clause 8.4.2).
    fn likely_modes(&self, x: u32, y: u32) -> [u8; 3] {
        let (has_left, _) = self.has_neighbours(x, y);
        let mask = (1_u32 << (self.sps.ctb & 7)).wrapping_sub(1);
        let mode = |there: bool, list: &[u8], at: u32| {
            Some(unit(at & 63, 2)).filter(|_| there).and_then(|at| list.get(at)).copied().unwrap_or(DC)
        };
        let left = mode(has_left, &self.neighbours.left_mode, y);
        // Modes are not kept from one row of coding tree blocks to the next.
        let above = mode(y & mask != 0, &self.neighbours.top_mode, x);
        if left != above {
            let third = [PLANAR, DC, VERTICAL].into_iter().find(|mode| *mode != left && *mode != above);
            return [left, above, third.unwrap_or(VERTICAL)];
        }
        if left < 2 {
            return [PLANAR, DC, VERTICAL];
        }
        let near = |step: u8| (left.wrapping_add(step) & 31).wrapping_add(2);
        [left, near(29), near(31)]
    }

    /// `transform_tree()`; `block.chroma` are the flags of its parent.
    fn read_transforms(&mut self, coding: &Coding, mut block: Transform) -> Option<()> {
        let Transform { log2, depth, .. } = block;
        let forced = coding.parts && depth == 0;
        let max_depth = self.sps.intra_depth.wrapping_add(u32::from(coding.parts));
        let split = if log2 <= self.sps.max_tb && log2 > self.sps.min_tb && depth < max_depth && !forced {
            self.bit(at::SPLIT_TRANSFORM.wrapping_add(unit(5_u32.wrapping_sub(log2), 0)))
        } else {
            log2 > self.sps.max_tb || forced
        };
        let format = self.sps.chroma_format;
        if (log2 > 2 && format != 0) || format == 3 {
            let context = at::CBF_CHROMA.wrapping_add(unit(depth, 0));
            let halves = format == 2 && (!split || log2 == 3);
            for flags in &mut block.chroma {
                if flags.contains(&true) {
                    *flags = [self.bit(context), halves && self.bit(context)];
                }
            }
        } else if log2 > 2 || depth == 0 {
            block.chroma = [[false; 2]; 2];
        }
        if split {
            for index in 0..4 {
                let part = if forced { index } else { block.part };
                let child =
                    Transform { log2: log2.checked_sub(1)?, depth: depth.wrapping_add(1), index, part, ..block };
                self.read_transforms(coding, child)?;
            }
            return Some(());
        }
        let luma = self.bit(at::CBF_LUMA.wrapping_add(usize::from(depth == 0)));
        self.read_transform(coding, block, luma)
    }

    /// `transform_unit()`
    fn read_transform(&mut self, coding: &Coding, block: Transform, luma: bool) -> Option<()> {
        let chroma = any(block.chroma);
        if !luma && !chroma {
            return Some(());
        }
        self.read_quantiser(coding, chroma)?;
        let format = self.sps.chroma_format;
        let mode = coding.modes.get(block.part).copied()?;
        let tools = Tools::new(self.sps, self.pps, coding.bypass);
        if luma {
            residual::read(self.cabac, self.contexts, tools, block.log2, true, mode)?;
        }
        let part = if format == 3 { block.part } else { 0 };
        let mode = coding.chroma_modes.get(part).copied()?;
        let log2 = match (format, block.log2) {
            (0, _) => return Some(()),
            (3, log2) => log2,
            // The chroma of four blocks is coded with the last of them.
            (_, 2) if block.index == 3 => 2,
            (_, 2) => return Some(()),
            (_, log2) => log2.wrapping_sub(1),
        };
        let scaled = self.pps.cross_component && luma && coding.derived.get(part).copied()?;
        for (component, flags) in block.chroma.into_iter().enumerate() {
            if scaled {
                residual::read_cross_component(self.cabac, self.contexts, component);
            }
            for _ in flags.into_iter().filter(|flag| *flag) {
                residual::read(self.cabac, self.contexts, tools, log2, false, mode)?;
            }
        }
        Some(())
    }

    /// `delta_qp()` and `chroma_qp_offset()`
    fn read_quantiser(&mut self, coding: &Coding, chroma: bool) -> Option<()> {
        if self.pps.qp_delta_depth.is_some() && !self.qp_delta_coded {
            self.qp_delta_coded = true;
            let mut delta = u32::from(self.bit(at::QP_DELTA));
            while (1..5).contains(&delta) && self.bit(at::QP_DELTA.wrapping_add(1)) {
                delta = delta.wrapping_add(1);
            }
            if delta == 5 {
                delta = delta.wrapping_add(self.cabac.exp_golomb(0)?);
            }
            let negative = delta > 0 && self.cabac.bypass();
            let extra = self.sps.bit_depth_luma.checked_sub(8)?.wrapping_mul(3);
            if delta > extra.wrapping_add(if negative { 26 } else { 25 }) {
                return None;
            }
        }
        if let Some((_, last)) = self.pps.chroma_qp_list
            && self.header.chroma_qp_offsets
            && chroma
            && !coding.bypass
            && !self.chroma_qp_coded
        {
            self.chroma_qp_coded = true;
            if self.bit(at::CHROMA_QP) {
                let mut index = 0;
                while index < last && self.bit(at::CHROMA_QP.wrapping_add(1)) {
                    index = index.wrapping_add(1);
                }
            }
        }
        Some(())
    }
}
