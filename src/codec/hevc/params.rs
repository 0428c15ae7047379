//! Sequence and picture parameter sets (ITU-T H.265 (2021-08), clauses 7.3.2.2 and 7.3.2.3, annex E),
//! as far as the syntax of slices depends on them.

#![allow(clippy::unnecessary_operation, reason = "values that are passed over, grouped as the syntax has them")]

use crate::codec::bits::Bits;
use crate::codec::payload::PictureFormat;
use crate::codec::vui;

/// A sequence parameter set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sps {
    pub(crate) id: u32,
    pub(crate) chroma_format: u32,
    pub(crate) separate_planes: bool,
    /// In luma samples, before cropping.
    pub(crate) coded_width: u32,
    pub(crate) coded_height: u32,
    /// After cropping by the conformance window.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bit_depth_luma: u32,
    pub(crate) bit_depth_chroma: u32,
    pub(crate) poc_bits: u32,
    /// Logarithms of block sizes.
    pub(crate) min_cb: u32,
    pub(crate) ctb: u32,
    pub(crate) min_tb: u32,
    pub(crate) max_tb: u32,
    pub(crate) intra_depth: u32,
    pub(crate) sao: bool,
    pub(crate) pcm: Option<Pcm>,
    pub(crate) ref_sets: Vec<RefSet>,
    pub(crate) long_term: Option<u32>,
    pub(crate) temporal_mvp: bool,
    pub(crate) skip_context: bool,
    pub(crate) implicit_rdpcm: bool,
    pub(crate) persistent_rice: bool,
    /// Uses tools that the walk over slices does not know.
    pub(crate) exotic: bool,
    profile: Option<&'static str>,
    sample_aspect: Option<(u32, u32)>,
    frame_rate: Option<f64>,
}

/// Blocks of uncoded samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pcm {
    pub(crate) depth_luma: u32,
    pub(crate) depth_chroma: u32,
    pub(crate) min: u32,
    pub(crate) max: u32,
}

impl Sps {
    /// Reads a set that was freed of emulation prevention.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let mut bits = Bits::new(payload);
        let mut sps = Self::default();
        bits.skip(4)?;
        let sub_layers = bits.uint(3)?;
        bits.skip(1)?;
        sps.profile = read_profile(&mut bits.clone());
        skip_profile_tier_level(&mut bits, sub_layers)?;
        sps.id = bits.ue_max(15)?;
        sps.chroma_format = bits.ue_max(3)?;
        sps.separate_planes = sps.chroma_format == 3 && bits.bit()?;
        (sps.coded_width, sps.coded_height) = (bits.ue()?, bits.ue()?);
        (sps.width, sps.height) = (sps.coded_width, sps.coded_height);
        if bits.bit()? {
            let unit_x = if matches!(sps.chroma_format, 1 | 2) { 2 } else { 1 };
            let unit_y = if sps.chroma_format == 1 { 2 } else { 1 };
            let (left, right, top, bottom) = (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?);
            sps.width = sps.width.checked_sub(left.checked_add(right)?.checked_mul(unit_x)?)?;
            sps.height = sps.height.checked_sub(top.checked_add(bottom)?.checked_mul(unit_y)?)?;
        }
        if sps.width == 0 || sps.height == 0 {
            return None;
        }
        sps.bit_depth_luma = bits.ue_max(8)?.checked_add(8)?;
        sps.bit_depth_chroma = bits.ue_max(8)?.checked_add(8)?;
        sps.poc_bits = bits.ue_max(12)?.checked_add(4)?;
        let first = if bits.bit()? { 0 } else { sub_layers };
        for _ in first..=sub_layers {
            (bits.ue()?, bits.ue()?, bits.ue()?);
        }
        sps.min_cb = bits.ue_max(3)?.checked_add(3)?;
        sps.ctb = sps.min_cb.checked_add(bits.ue_max(3)?).filter(|size| *size <= 6)?;
        sps.min_tb = bits.ue_max(3)?.checked_add(2)?;
        sps.max_tb = sps.min_tb.checked_add(bits.ue_max(3)?).filter(|size| *size <= 5)?;
        bits.ue()?;
        sps.intra_depth = bits.ue_max(4)?;
        if bits.bit()? && bits.bit()? {
            skip_scaling_lists(&mut bits)?;
        }
        bits.skip(1)?;
        sps.sao = bits.bit()?;
        if bits.bit()? {
            let (depth_luma, depth_chroma) = (bits.uint(4)?.checked_add(1)?, bits.uint(4)?.checked_add(1)?);
            let min = bits.ue_max(2)?.checked_add(3)?;
            let max = min.checked_add(bits.ue_max(2)?)?;
            sps.pcm = Some(Pcm { depth_luma, depth_chroma, min, max });
            bits.skip(1)?;
        }
        for _ in 0..bits.ue_max(64)? {
            let set = RefSet::read(&mut bits, &sps.ref_sets, false)?;
            sps.ref_sets.push(set);
        }
        if bits.bit()? {
            let count = bits.ue_max(32)?;
            for _ in 0..count {
                bits.uint(sps.poc_bits.checked_add(1)?)?;
            }
            sps.long_term = Some(count);
        }
        sps.temporal_mvp = bits.bit()?;
        bits.skip(1)?;
        // Decoders get along without what follows, and some encoders write it wrongly.
        sps.exotic = sps.read_usability(&mut bits, sub_layers).is_none() || sps.exotic;
        Some(sps)
    }

    /// What the set says of the pictures.
    pub(crate) fn picture(&self) -> PictureFormat {
        PictureFormat {
            width: self.width,
            height: self.height,
            sample_aspect: self.sample_aspect,
            frame_rate: self.frame_rate,
            profile: self.profile,
        }
    }

    /// The number of coding tree blocks in a picture.
    pub(crate) fn blocks(&self) -> Option<u32> {
        let edge = 1_u32.checked_shl(self.ctb)?;
        self.coded_width.div_ceil(edge).checked_mul(self.coded_height.div_ceil(edge))
    }

    fn read_usability(&mut self, bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
        if bits.bit()? {
            self.read_vui(bits, sub_layers)?;
        }
        if bits.bit()? {
            self.read_extensions(bits)?;
        }
        Some(())
    }

    /// `vui_parameters()` (annex E.2.1).
    fn read_vui(&mut self, bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
        self.sample_aspect = vui::not_square(vui::sample_aspect(bits)?);
        bits.skip(3)?;
        if bits.bit()? {
            (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?);
        }
        if bits.bit()? {
            let (units, ticks) = (bits.uint(32)?, bits.uint(32)?);
            self.frame_rate = vui::frame_rate(ticks, units.into());
            if bits.bit()? {
                bits.ue()?;
            }
            if bits.bit()? {
                skip_hrd(bits, sub_layers)?;
            }
        }
        if bits.bit()? {
            bits.skip(3)?;
            (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?);
        }
        Some(())
    }

    fn read_extensions(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        let range = bits.bit()?;
        let (multilayer, three_d, screen) = (bits.bit()?, bits.bit()?, bits.bit()?);
        bits.skip(4)?;
        self.exotic = multilayer || three_d || screen;
        if range {
            let _rotation = bits.bit()?;
            self.skip_context = bits.bit()?;
            self.implicit_rdpcm = bits.bit()?;
            let _explicit_rdpcm = bits.bit()?;
            let extended_precision = bits.bit()?;
            bits.skip(2)?;
            self.persistent_rice = bits.bit()?;
            let bypass_alignment = bits.bit()?;
            self.exotic |= extended_precision || bypass_alignment;
        }
        Some(())
    }
}

/// A picture parameter set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pps {
    pub(crate) id: u32,
    pub(crate) sps_id: u32,
    pub(crate) dependent_slices: bool,
    pub(crate) output_flag: bool,
    pub(crate) extra_bits: u32,
    pub(crate) sign_hiding: bool,
    pub(crate) init_qp: i32,
    pub(crate) transform_skip: bool,
    /// How far below the largest blocks the quantiser may change, if it may.
    pub(crate) qp_delta_depth: Option<u32>,
    pub(crate) slice_chroma_qp: bool,
    pub(crate) bypass: bool,
    pub(crate) wavefront: bool,
    pub(crate) tiles: Option<Tiles>,
    pub(crate) filter_across_slices: bool,
    pub(crate) deblocking_override: bool,
    pub(crate) deblocking_off: bool,
    pub(crate) header_extension: bool,
    pub(crate) max_skip: u32,
    pub(crate) cross_component: bool,
    /// Depth and last index of the list of chroma quantiser offsets.
    pub(crate) chroma_qp_list: Option<(u32, u32)>,
    pub(crate) exotic: bool,
}

/// How a picture is cut into tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tiles {
    columns: u32,
    rows: u32,
    /// Widths and heights of all but the last, unless they are equal.
    sizes: Option<(Vec<u32>, Vec<u32>)>,
}

impl Tiles {
    fn read(bits: &mut Bits<'_>) -> Option<Self> {
        // Level 6.2 allows 20 columns and 22 rows.
        let (columns, rows) = (bits.ue_max(255)?, bits.ue_max(255)?);
        let mut sizes = None;
        if !bits.bit()? {
            let mut list = |count| (0..count).map(|_| bits.ue()?.checked_add(1)).collect::<Option<Vec<_>>>();
            sizes = Some((list(columns)?, list(rows)?));
        }
        bits.skip(1)?;
        Some(Self { columns: columns.checked_add(1)?, rows: rows.checked_add(1)?, sizes })
    }

    /// Where the columns begin in a picture that is `width` blocks wide, and where the last ends.
    pub(crate) fn column_starts(&self, width: u32) -> Option<Vec<u32>> {
        starts(self.columns, width, self.sizes.as_ref().map(|sizes| &sizes.0[..]))
    }

    /// The same for rows.
    pub(crate) fn row_starts(&self, height: u32) -> Option<Vec<u32>> {
        starts(self.rows, height, self.sizes.as_ref().map(|sizes| &sizes.1[..]))
    }
}

/// Borders of tiles (clause 6.5.1). Every tile has at least one block.
fn starts(count: u32, length: u32, sizes: Option<&[u32]>) -> Option<Vec<u32>> {
    let mut borders = vec![0];
    match sizes {
        None => {
            for at in 1..count {
                borders.push(at.checked_mul(length)?.checked_div(count)?);
            }
        }
        Some(sizes) => {
            let mut at = 0_u32;
            for size in sizes {
                at = at.checked_add(*size)?;
                borders.push(at);
            }
        }
    }
    borders.push(length);
    borders.is_sorted_by(|a, b| a < b).then_some(borders)
}

impl Pps {
    /// Reads a set that was freed of emulation prevention.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let mut bits = Bits::new(payload);
        let mut pps = Self { id: bits.ue_max(63)?, sps_id: bits.ue_max(15)?, ..Self::default() };
        pps.dependent_slices = bits.bit()?;
        pps.output_flag = bits.bit()?;
        pps.extra_bits = bits.uint(3)?;
        pps.sign_hiding = bits.bit()?;
        let _cabac_init = bits.bit()?;
        (bits.ue_max(14)?, bits.ue_max(14)?);
        pps.init_qp = bits.se()?.checked_add(26)?;
        let _constrained_intra = bits.bit()?;
        pps.transform_skip = bits.bit()?;
        if bits.bit()? {
            pps.qp_delta_depth = Some(bits.ue_max(3)?);
        }
        (bits.se()?, bits.se()?);
        pps.slice_chroma_qp = bits.bit()?;
        bits.skip(2)?;
        pps.bypass = bits.bit()?;
        let tiles = bits.bit()?;
        pps.wavefront = bits.bit()?;
        if tiles {
            pps.tiles = Some(Tiles::read(&mut bits)?);
        }
        pps.filter_across_slices = bits.bit()?;
        if bits.bit()? {
            pps.deblocking_override = bits.bit()?;
            pps.deblocking_off = bits.bit()?;
            if !pps.deblocking_off {
                (bits.se()?, bits.se()?);
            }
        }
        if bits.bit()? {
            skip_scaling_lists(&mut bits)?;
        }
        pps.read_rest(&mut bits)?;
        Some(pps)
    }

    fn read_rest(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        bits.skip(1)?;
        bits.ue()?;
        self.header_extension = bits.bit()?;
        self.max_skip = 2;
        if !bits.bit()? {
            return Some(());
        }
        let range = bits.bit()?;
        let (multilayer, three_d, screen) = (bits.bit()?, bits.bit()?, bits.bit()?);
        bits.skip(4)?;
        self.exotic = multilayer || three_d || screen;
        if range {
            if self.transform_skip {
                self.max_skip = bits.ue_max(3)?.checked_add(2)?;
            }
            self.cross_component = bits.bit()?;
            if bits.bit()? {
                let depth = bits.ue_max(3)?;
                let last = bits.ue_max(5)?;
                for _ in 0..=last {
                    (bits.se()?, bits.se()?);
                }
                self.chroma_qp_list = Some((depth, last));
            }
            (bits.ue()?, bits.ue()?);
        }
        Some(())
    }
}

/// The start of `profile_tier_level()` (clause 7.3.3): the name of the profile (annex A.3).
fn read_profile(bits: &mut Bits<'_>) -> Option<&'static str> {
    bits.skip(3)?;
    match bits.uint(5)? {
        1 => Some("Main"),
        2 => Some("Main 10"),
        3 => Some("Main Still Picture"),
        4 => Some("Rext"),
        9 => Some("Scc"),
        _ => None,
    }
}

/// `profile_tier_level()` (clause 7.3.3).
fn skip_profile_tier_level(bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
    bits.skip(96)?;
    if sub_layers == 0 {
        return Some(());
    }
    let mut length = 0_usize;
    for layer in 0..8 {
        let (profile, level) = (bits.bit()?, bits.bit()?);
        if layer < sub_layers {
            length = length.saturating_add(if profile { 88 } else { 0 }).saturating_add(if level { 8 } else { 0 });
        }
    }
    bits.skip(length)
}

/// `scaling_list_data()` (clause 7.3.4).
fn skip_scaling_lists(bits: &mut Bits<'_>) -> Option<()> {
    for size in 0_u32..4 {
        for _matrix in 0..if size == 3 { 2 } else { 6 } {
            if !bits.bit()? {
                bits.ue()?;
                continue;
            }
            if size > 1 {
                bits.se()?;
            }
            for _ in 0..if size == 0 { 16 } else { 64 } {
                bits.se()?;
            }
        }
    }
    Some(())
}

/// Distances to reference pictures: those before in output order, then those behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RefSet {
    before: Vec<i32>,
    behind: Vec<i32>,
}

impl RefSet {
    /// `st_ref_pic_set()` (clause 7.3.7); `known` are the sets before it.
    pub(crate) fn read(bits: &mut Bits<'_>, known: &[Self], in_slice: bool) -> Option<Self> {
        if known.is_empty() || !bits.bit()? {
            let (before, behind) = (bits.ue_max(16)?, bits.ue_max(16)?);
            let mut list = |count: u32, step: i32| {
                let mut at = 0_i32;
                let mut list = Vec::new();
                for _ in 0..count {
                    let distance = i32::try_from(bits.ue_max(1 << 15)?).ok()?.checked_add(1)?;
                    at = at.checked_add(distance.checked_mul(step)?)?;
                    list.push(at);
                    bits.bit()?;
                }
                Some(list)
            };
            return Some(Self { before: list(before, -1)?, behind: list(behind, 1)? });
        }
        let back = if in_slice { bits.ue()? } else { 0 };
        let base = known.get(known.len().checked_sub(1)?.checked_sub(usize::try_from(back).ok()?)?)?;
        let negative = bits.bit()?;
        let distance = i32::try_from(bits.ue_max(1 << 15)?).ok()?.checked_add(1)?;
        let delta = if negative { distance.checked_neg()? } else { distance };
        let mut moved = Vec::new();
        for from in base.before.iter().chain(&base.behind).chain(&[0]) {
            let used = bits.bit()? || bits.bit()?;
            moved.push(from.checked_add(delta).filter(|to| used && *to != 0));
        }
        let (mut before, mut behind): (Vec<_>, Vec<_>) = moved.into_iter().flatten().partition(|to| *to < 0);
        // Nearest first, on either side.
        before.sort_unstable_by_key(|to| std::cmp::Reverse(*to));
        behind.sort_unstable();
        (before.len() <= 16 && behind.len() <= 16).then_some(Self { before, behind })
    }
}

/// `hrd_parameters()` (annex E.2.2).
fn skip_hrd(bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
    let (nal, vcl) = (bits.bit()?, bits.bit()?);
    let mut sub_pictures = false;
    if nal || vcl {
        sub_pictures = bits.bit()?;
        bits.skip(if sub_pictures { 19 } else { 0 })?;
        bits.skip(8)?;
        bits.skip(if sub_pictures { 4 } else { 0 })?;
        bits.skip(15)?;
    }
    for _ in 0..=sub_layers {
        let fixed = bits.bit()? || bits.bit()?;
        let low_delay = if fixed {
            bits.ue()?;
            false
        } else {
            bits.bit()?
        };
        let count = if low_delay { 0 } else { bits.ue_max(31)? };
        for _ in 0..u32::from(nal).checked_add(u32::from(vcl))? {
            for _ in 0..=count {
                (bits.ue()?, bits.ue()?);
                if sub_pictures {
                    (bits.ue()?, bits.ue()?);
                }
                bits.skip(1)?;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_of_tiles() {
        let uniform = Tiles { columns: 3, rows: 1, sizes: None };
        assert_eq!(uniform.column_starts(10), Some(vec![0, 3, 6, 10]));
        assert_eq!(uniform.row_starts(4), Some(vec![0, 4]));
        assert_eq!(uniform.column_starts(2), None, "a tile without blocks");
        let given = Tiles { columns: 2, rows: 2, sizes: Some((vec![3], vec![9])) };
        assert_eq!(given.column_starts(10), Some(vec![0, 3, 10]));
        assert_eq!(given.row_starts(4), None);
    }
}
