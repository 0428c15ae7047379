//! The coefficients of one transform block (ITU-T H.265 (2021-08), clauses 7.3.8.11, 7.3.8.12 and
//! 9.3.4.2).

use super::cabac::Cabac;
use super::context::{Contexts, at};
use super::params::{Pps, Sps};

/// What the reading of coefficients depends on beside the block itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tools {
    chroma_format: u32,
    /// The largest block that may do without a transform; 0 if none may.
    max_skip: u32,
    sign_hiding: bool,
    skip_context: bool,
    implicit_rdpcm: bool,
    persistent_rice: bool,
    /// Coded without loss.
    bypass: bool,
}

impl Tools {
    pub(super) fn new(sps: &Sps, pps: &Pps, bypass: bool) -> Self {
        Self {
            chroma_format: sps.chroma_format,
            max_skip: if pps.transform_skip && !bypass { pps.max_skip } else { 0 },
            sign_hiding: pps.sign_hiding && !bypass,
            skip_context: sps.skip_context,
            implicit_rdpcm: sps.implicit_rdpcm,
            persistent_rice: sps.persistent_rice,
            bypass,
        }
    }
}

/// Orders of scanning (clause 6.5.3 to 6.5.5).
const DIAGONAL: usize = 0;
const HORIZONTAL: usize = 1;
const VERTICAL: usize = 2;

/// Places in a block of 4 x 4, row times four plus column, in each order.
const SCAN_4: [[u8; 16]; 3] = [
    [0, 4, 1, 8, 5, 2, 12, 9, 6, 3, 13, 10, 7, 14, 11, 15],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
];

/// The same for a block of 2 x 2, with eight to a row as in `SCAN_8`.
const SCAN_2: [[u8; 4]; 3] = [[0, 8, 1, 9], [0, 1, 8, 9], [0, 8, 1, 9]];

/// Places in a block of 4 x 4 with eight to a row, diagonally.
const SCAN_4_WIDE: [u8; 16] = [0, 8, 1, 16, 9, 2, 24, 17, 10, 3, 25, 18, 11, 26, 19, 27];

/// Places in a block of 8 x 8, diagonally.
#[rustfmt::skip]
const SCAN_8: [u8; 64] = [
    0, 8, 1, 16, 9, 2, 24, 17, 10, 3, 32, 25, 18, 11, 4, 40, 33, 26, 19, 12, 5, 48, 41, 34, 27, 20, 13, 6, 56, 49, 42,
    35, 28, 21, 14, 7, 57, 50, 43, 36, 29, 22, 15, 58, 51, 44, 37, 30, 23, 59, 52, 45, 38, 31, 60, 53, 46, 39, 61, 54,
    47, 62, 55, 63,
];

/// Contexts of significance in a block of 4 x 4, by place: table 9-50.
const SIGNIFICANT_4: [u8; 16] = [0, 1, 4, 5, 2, 3, 4, 5, 6, 6, 8, 8, 7, 7, 8, 8];

/// The same for a block of 4 x 4 within a larger one: by which of its neighbours to the right and
/// below have coefficients, and by place.
const SIGNIFICANT: [[u8; 16]; 4] = [
    [2, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    [2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [2, 1, 0, 0, 2, 1, 0, 0, 2, 1, 0, 0, 2, 1, 0, 0],
    [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
];

/// The same where all places have one context.
const FLAT: [u8; 16] = [0; 16];

/// The order in which the coefficients of a block are scanned (clause 7.4.9.11).
fn order(log2: u32, luma: bool, chroma_format: u32, mode: u8) -> usize {
    if log2 == 2 || (log2 == 3 && (luma || chroma_format == 3)) {
        match mode {
            6..=14 => return VERTICAL,
            22..=30 => return HORIZONTAL,
            _ => {}
        }
    }
    DIAGONAL
}

/// `cross_comp_pred()`
pub(super) fn read_cross_component(cabac: &mut Cabac, contexts: &mut Contexts, component: usize) {
    let first = at::RES_SCALE.wrapping_add(component.wrapping_mul(4));
    let mut scale = 0_usize;
    while scale < 4 && cabac.bit(contexts.at(first.wrapping_add(scale))) {
        scale = scale.wrapping_add(1);
    }
    if scale > 0 {
        cabac.bit(contexts.at(at::RES_SIGN.wrapping_add(component)));
    }
}

/// The first part of the place of the last coefficient, in one direction.
fn read_last_prefix(cabac: &mut Cabac, contexts: &mut Contexts, first: usize, log2: u32, luma: bool) -> u32 {
    let (offset, shift) = if luma {
        let sizes = log2.wrapping_sub(2);
        (sizes.wrapping_mul(3).wrapping_add(log2.wrapping_sub(1) >> 2), log2.wrapping_add(1) >> 2)
    } else {
        (15, log2.wrapping_sub(2))
    };
    let max = (log2 << 1).wrapping_sub(1);
    let mut prefix = 0_u32;
    while prefix < max {
        let context = offset.wrapping_add(prefix >> (shift & 7));
        if !cabac.bit(contexts.at(first.wrapping_add(usize::try_from(context).unwrap_or(0)))) {
            break;
        }
        prefix = prefix.wrapping_add(1);
    }
    prefix
}

fn read_last_suffix(cabac: &mut Cabac, prefix: u32) -> u32 {
    if prefix < 4 {
        return prefix;
    }
    let bits = (prefix >> 1).wrapping_sub(1);
    let base = (2 | (prefix & 1)) << (bits & 7);
    base.wrapping_add(cabac.bypass_uint(bits))
}

/// `residual_coding()`
#[allow(clippy::indexing_slicing, reason = "a hot loop; tables of fixed size and masked indexes")]
pub(super) fn read(
    cabac: &mut Cabac,
    contexts: &mut Contexts,
    tools: Tools,
    log2: u32,
    luma: bool,
    mode: u8,
) -> Option<()> {
    let chroma = usize::from(!luma);
    let skip = log2 <= tools.max_skip && cabac.bit(contexts.at(at::SKIP.wrapping_add(chroma)));
    let prefix_x = read_last_prefix(cabac, contexts, at::LAST_X, log2, luma);
    let prefix_y = read_last_prefix(cabac, contexts, at::LAST_Y, log2, luma);
    let mut last_x = read_last_suffix(cabac, prefix_x);
    let mut last_y = read_last_suffix(cabac, prefix_y);
    let order = order(log2, luma, tools.chroma_format, mode);
    if order == VERTICAL {
        std::mem::swap(&mut last_x, &mut last_y);
    }
    let sub_blocks: &[u8] = match log2 {
        2 => &[0],
        3 => &SCAN_2[order % 3],
        4 => &SCAN_4_WIDE,
        _ => &SCAN_8,
    };
    let place = |row: u32, column: u32, wide: u32| u8::try_from((row << wide) | column).unwrap_or(0);
    let last_block = place(last_y >> 2, last_x >> 2, 3);
    let last_place = place(last_y & 3, last_x & 3, 2);
    let scan = &SCAN_4[order % 3];
    let last_block = sub_blocks.iter().position(|at| *at == last_block)?;
    let last = scan.iter().position(|at| *at == last_place)?;

    let flat = tools.skip_context && (skip || tools.bypass);
    let rdpcm = tools.implicit_rdpcm && skip && matches!(mode, 10 | 26);
    let may_hide = tools.sign_hiding && !rdpcm;
    let statistics = usize::from(luma) << 1 | usize::from(skip || tools.bypass);
    let significant = at::SIGNIFICANT.wrapping_add(if luma { 0 } else { 27 });
    let offset = match (luma, log2) {
        (true, 3) if order == DIAGONAL => 9,
        (true, 3) => 15,
        (true, _) => 21,
        (false, 3) => 9,
        (false, _) => 12,
    };

    // One bit for each sub-block that has coefficients, eight to a row.
    let mut filled = 0_u64;
    // Whether the levels of the sub-block before ended with one above one.
    let mut was_greater = false;
    for index in (0..=last_block).rev() {
        let at_block = sub_blocks[index];
        let (row, column) = (at_block >> 3, at_block & 7);
        let right = column < 7 && filled >> (at_block.wrapping_add(1) & 63) & 1 == 1;
        let below = row < 7 && filled >> (at_block.wrapping_add(8) & 63) & 1 == 1;
        let inner = index > 0 && index < last_block;
        if inner {
            let context = at::SUB_BLOCK.wrapping_add(chroma << 1).wrapping_add(usize::from(right || below));
            if !cabac.bit(contexts.at(context)) {
                continue;
            }
        }
        filled |= 1 << (at_block & 63);

        // Which coefficients there are, the last first.
        let mut found = [0_u8; 16];
        let mut count = 0_usize;
        let mut next = 16;
        if index == last_block {
            found[0] = u8::try_from(last).unwrap_or(0);
            count = 1;
            next = last;
        }
        let (first, pattern, first_of_block) = if flat {
            let only = at::SIGNIFICANT.wrapping_add(42).wrapping_add(chroma);
            (only, &FLAT, only)
        } else if log2 == 2 {
            (significant, &SIGNIFICANT_4, significant)
        } else {
            let pattern = &SIGNIFICANT[usize::from(right) | usize::from(below) << 1];
            let first = significant.wrapping_add(offset);
            let first = if luma && at_block > 0 { first.wrapping_add(3) } else { first };
            let of_block = if at_block == 0 { significant } else { first.wrapping_add(usize::from(pattern[0])) };
            (first, pattern, of_block)
        };
        for at_scan in (1..next).rev() {
            let place = usize::from(scan[at_scan & 15]) & 15;
            let set = cabac.bit(contexts.at(first.wrapping_add(usize::from(pattern[place]))));
            found[count & 15] = u8::try_from(at_scan).unwrap_or(0);
            count = count.wrapping_add(usize::from(set));
        }
        // That there are any is not said for nothing: if no other, it is the first.
        if next > 0 && ((inner && count == 0) || cabac.bit(contexts.at(first_of_block))) {
            found[count & 15] = 0;
            count = count.wrapping_add(1);
        }
        if count == 0 {
            continue;
        }

        // Levels above one and two.
        let set = usize::from(index > 0 && luma) << 1 | usize::from(was_greater);
        let first = at::GREATER_1.wrapping_add(set << 2).wrapping_add(chroma << 4);
        let mut levels = [1_u8; 16];
        let mut step = 1_usize;
        let mut first_greater = 16;
        for (at_level, level) in levels.iter_mut().enumerate().take(count.min(8)) {
            if cabac.bit(contexts.at(first.wrapping_add(step))) {
                *level = 2;
                step = 0;
                first_greater = at_level.min(first_greater);
            } else if step > 0 && step < 3 {
                step = step.wrapping_add(1);
            }
        }
        was_greater = step == 0;
        if was_greater {
            let context = at::GREATER_2.wrapping_add(set).wrapping_add(chroma << 2);
            levels[first_greater & 15] = 2 | u8::from(cabac.bit(contexts.at(context)));
        }
        let spread = found[0].wrapping_sub(found[count.wrapping_sub(1) & 15]);
        let hidden = may_hide && spread > 3;
        cabac.bypass_uint(u32::try_from(count).unwrap_or(0).wrapping_sub(u32::from(hidden)));

        // What is left of the levels.
        let persistent = tools.persistent_rice;
        let mut rice = if persistent { u32::from(contexts.levels[statistics & 3] >> 2) } else { 0 };
        let mut fresh = persistent;
        for (at_level, level) in levels.iter().enumerate().take(count) {
            let full = match at_level {
                0..8 => 2 | u8::from(at_level == first_greater),
                _ => 1,
            };
            if *level != full {
                continue;
            }
            let rest = read_remaining(cabac, rice)?;
            let absolute = rest.wrapping_add(u32::from(*level));
            if absolute > 1 << 15 {
                return None;
            }
            if absolute > 3 << rice {
                rice = if persistent { rice.wrapping_add(1) } else { rice.wrapping_add(1).min(4) };
            }
            if std::mem::take(&mut fresh) {
                let known = &mut contexts.levels[statistics & 3];
                let scale = u32::from(*known >> 2);
                if rest >= 3 << scale {
                    *known = known.wrapping_add(1);
                } else if rest << 1 < 1 << scale && *known > 0 {
                    *known = known.wrapping_sub(1);
                }
            }
        }
    }
    Some(())
}

/// `coeff_abs_level_remaining` (clause 9.3.3.11).
fn read_remaining(cabac: &mut Cabac, rice: u32) -> Option<u32> {
    let mut prefix = 0_u32;
    while cabac.bypass() {
        prefix = prefix.wrapping_add(1);
        // Longer ones are out of the range of levels.
        if prefix > 20 {
            return None;
        }
    }
    if prefix <= 3 {
        return Some((prefix << rice).wrapping_add(cabac.bypass_uint(rice)));
    }
    let bits = prefix.wrapping_sub(3).wrapping_add(rice);
    let base = (1_u32 << prefix.wrapping_sub(3)).wrapping_add(2) << rice;
    Some(base.wrapping_add(cabac.bypass_uint(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagonals_go_up_from_the_left_edge() {
        for (edge, wide, scan) in [(4_u8, 2, &SCAN_4[DIAGONAL][..]), (4, 3, &SCAN_4_WIDE), (8, 3, &SCAN_8)] {
            let mut expected = Vec::new();
            for sum in 0..2 * edge - 1 {
                expected.extend((0..=sum).filter(|x| *x < edge && sum - x < edge).map(|x| (sum - x) << wide | x));
            }
            assert_eq!(scan, expected);
        }
    }
}
