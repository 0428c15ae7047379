//! The walk through a key frame: prediction modes from the first partition, coefficients from the
//! others (RFC 6386, clauses 11 and 13), row by row, and then the question where it ended.
//!
//! An encoder ends a partition some bits behind the last symbol. After a fault in the data decoding
//! goes astray, and the end comes much too early or much too late.

#![allow(clippy::inline_always, reason = "the hot loop; its state is to stay in registers")]

use super::bits::{Bits, Partition};
use super::tables::{DEFAULT_TOKENS, SUBBLOCK_MODES, TOKEN_UPDATES};
use super::{KeyFrame, Layout, Segments, low_byte};
use crate::input::{Input, Walk};

/// An encoder may leave that many bits unread at the end of a partition. libwebp leaves 12 to 31,
/// libvpx somewhat more.
const USUAL: i64 = 31;
const ALLOWED: i64 = 64;

/// How the walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Every partition ends where its data does.
    Whole,
    /// Every partition ends near enough to where its data does.
    Slack { partition: u32, bits: u64, offset: u64 },
    /// A partition ran out of data in a row of macroblocks, of that many.
    Exhausted { partition: u32, row: u32, rows: u32, offset: u64 },
    /// A partition has much data left over.
    Leftover { partition: u32, bits: u64, offset: u64 },
}

/// Decodes all symbols of a frame.
pub(crate) fn walk(input: &mut Input<'_>, frame: &KeyFrame, layout: &Layout) -> Walk<Ending> {
    let (start, end) = layout.first;
    let mut modes = Partition::new(start, end);
    let header = modes.read(input, Header::read)?;
    let mut tokens: Vec<_> = layout.tokens.iter().map(|&(start, end)| Partition::new(start, end)).collect();
    let mut walker = Walker { header, columns: (0..frame.columns()).map(|_| Column::default()).collect() };
    let rows = frame.rows();
    // Row after row takes the next partition, and the first one again after the last.
    let turns = (1..=u32::try_from(tokens.len()).unwrap_or(1)).cycle();
    for (row, turn) in (0..rows).zip(turns) {
        walker.modes(input, &mut modes)?;
        if modes.is_exhausted() {
            return Ok(Ending::Exhausted { partition: 0, row, rows, offset: modes.offset() });
        }
        let Some(partition) = tokens.get_mut(crate::bytes::index(turn.saturating_sub(1).into())) else {
            break;
        };
        let steps = walker.coefficients(input, partition)?;
        if partition.is_exhausted() {
            return Ok(Ending::Exhausted { partition: turn, row, rows, offset: partition.offset() });
        }
        input.work(steps)?;
    }
    let mut ending = Ending::Whole;
    for (partition, walked) in (0..).zip(std::iter::once(&modes).chain(&tokens)) {
        let (unread, offset) = (walked.unread(), walked.offset());
        let bits = u64::try_from(unread).unwrap_or_default();
        if unread > ALLOWED {
            return Ok(Ending::Leftover { partition, bits, offset });
        } else if unread > USUAL {
            ending = Ending::Slack { partition, bits, offset };
        }
    }
    Ok(ending)
}

/// The probabilities of a token by the position of the coefficient and the context. The positions
/// share bands (clause 13.3), and the last one is behind the last coefficient; 16 instead of 11
/// columns make for quick addresses.
type Plane = [[[u8; 16]; 4]; 16];

/// The band of each position.
const BANDS: [usize; 16] = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7];

/// What the first partition says before the first macroblock.
struct Header {
    segments: Option<[u8; 3]>,
    /// The probability that a macroblock is not skipped, if any is.
    skip: Option<u8>,
    planes: Box<[Plane; 4]>,
}

impl Header {
    fn read(bits: &mut Bits<'_>) -> Self {
        let segments = Segments::read(bits).map;
        let _base_index = bits.number(7);
        for _delta in 0..5 {
            bits.skip_optional_signed(4);
        }
        let _refresh_entropy = bits.flag();
        let mut probabilities = DEFAULT_TOKENS;
        let updates = TOKEN_UPDATES.as_flattened().as_flattened().as_flattened();
        for (to, &update) in
            probabilities.as_flattened_mut().as_flattened_mut().as_flattened_mut().iter_mut().zip(updates)
        {
            if bits.bit(update) {
                *to = low_byte(bits.number(8));
            }
        }
        let mut planes = Box::new([[[[0; 16]; 4]; 16]; 4]);
        for (plane, bands) in planes.iter_mut().zip(&probabilities) {
            for (position, band) in plane.iter_mut().zip(BANDS) {
                for (to, from) in position.iter_mut().zip(bands.get(band).into_iter().flatten()) {
                    for (to, from) in to.iter_mut().zip(from) {
                        *to = *from;
                    }
                }
            }
        }
        let skip = bits.flag().then(|| low_byte(bits.number(8)));
        Self { segments, skip, planes }
    }
}

/// Which of the blocks at an edge of a macroblock have coefficients: four of luma, two of each
/// chroma plane, and the one of the luma averages; padded to a power of two.
type Edge = [u8; 16];

/// The place of the averages in an [`Edge`].
const AVERAGES: usize = 8;

/// Where the edges above and to the left of a block are, for the 16 blocks of luma and the 8 of
/// chroma in the order of the data.
const BLOCKS: [(usize, usize); 24] = {
    let mut blocks = [(0, 0); 24];
    let mut n = 0;
    while n < 24 {
        #[allow(clippy::indexing_slicing, reason = "a constant, checked when compiled")]
        {
            blocks[n] = match n {
                0..16 => (n % 4, n / 4),
                16..20 => (4 + n % 2, 4 + (n / 2) % 2),
                _ => (6 + n % 2, 6 + (n / 2) % 2),
            };
        }
        n += 1;
    }
    blocks
};

/// What is known of a column of macroblocks when the next row comes.
#[derive(Clone, Copy, Default)]
struct Column {
    /// The modes of the four subblocks above.
    modes: [u8; 4],
    above: Edge,
    skipped: bool,
    /// Whether the averages of luma are coded apart, in a block of their own.
    averages: bool,
}

struct Walker {
    header: Header,
    columns: Vec<Column>,
}

impl Walker {
    /// Reads the modes of a row of macroblocks.
    fn modes(&mut self, input: &mut Input<'_>, partition: &mut Partition) -> Walk {
        let mut left = [0; 4];
        let (segments, skip) = (self.header.segments, self.header.skip);
        for column in &mut self.columns {
            partition.read(input, |bits| {
                if let Some([first, low, high]) = segments {
                    let upper = bits.bit(first);
                    bits.bit(if upper { high } else { low });
                }
                column.skipped = skip.is_some_and(|zero| bits.bit(zero));
                column.averages = luma_modes(bits, &mut column.modes, &mut left);
                // The mode of chroma has no effect on what follows.
                let _ = bits.bit(142) && bits.bit(114) && bits.bit(183);
            })?;
        }
        Ok(())
    }

    /// Reads the coefficients of a row of macroblocks, and says how many places were gone through.
    fn coefficients(&mut self, input: &mut Input<'_>, partition: &mut Partition) -> Walk<u64> {
        let mut left = Edge::default();
        let mut steps = 0_u64;
        let planes = &*self.header.planes;
        for column in &mut self.columns {
            if column.skipped {
                let kept = (column.averages, column.above[AVERAGES], left[AVERAGES]);
                column.above = Edge::default();
                left = Edge::default();
                if let (false, above, aside) = kept {
                    column.above[AVERAGES] = above;
                    left[AVERAGES] = aside;
                }
                continue;
            }
            let walked = partition
                .read(input, |bits| macroblock(bits, planes, column.averages, &mut column.above, &mut left))?;
            steps = steps.saturating_add(walked.into());
            if partition.is_exhausted() {
                break;
            }
        }
        Ok(steps)
    }
}

/// Modes of subblocks, and of whole macroblocks in their terms (clause 11.2).
const B_DC: u8 = 0;
const B_TM: u8 = 1;
const B_VE: u8 = 2;
const B_HE: u8 = 3;
const B_LD: u8 = 4;
const B_RD: u8 = 5;
const B_VR: u8 = 6;
const B_VL: u8 = 7;
const B_HD: u8 = 8;
const B_HU: u8 = 9;

/// Reads the luma modes of a macroblock; says whether it has one mode for all of it.
#[inline(always)]
fn luma_modes(bits: &mut Bits<'_>, above: &mut [u8; 4], left: &mut [u8; 4]) -> bool {
    if bits.bit(145) {
        let mode = match bits.bit(156) {
            false if bits.bit(163) => B_VE,
            false => B_DC,
            true if bits.flag() => B_TM,
            true => B_HE,
        };
        *above = [mode; 4];
        *left = [mode; 4];
        return true;
    }
    for left in left {
        for above in &mut *above {
            let near = SUBBLOCK_MODES.get(usize::from(*above)).and_then(|modes| modes.get(usize::from(*left)));
            let mode = subblock_mode(bits, near.unwrap_or(&[128; 9]));
            *above = mode;
            *left = mode;
        }
    }
    false
}

#[inline(always)]
fn subblock_mode(bits: &mut Bits<'_>, zero: &[u8; 9]) -> u8 {
    if !bits.bit(zero[0]) {
        B_DC
    } else if !bits.bit(zero[1]) {
        B_TM
    } else if !bits.bit(zero[2]) {
        B_VE
    } else if !bits.bit(zero[3]) {
        match (bits.bit(zero[4]), ()) {
            (false, ()) => B_HE,
            (true, ()) if bits.bit(zero[5]) => B_VR,
            (true, ()) => B_RD,
        }
    } else if !bits.bit(zero[6]) {
        B_LD
    } else if !bits.bit(zero[7]) {
        B_VL
    } else if bits.bit(zero[8]) {
        B_HU
    } else {
        B_HD
    }
}

/// Reads the coefficients of one macroblock; counts the places gone through.
#[inline(always)]
#[allow(clippy::indexing_slicing, reason = "masked indexes into arrays of that size")]
fn macroblock(bits: &mut Bits<'_>, planes: &[Plane; 4], averages: bool, above: &mut Edge, left: &mut Edge) -> u16 {
    let mut steps = 0_u16;
    let [without_first, averages_plane, chroma, luma] = planes;
    let (luma, first) = if averages {
        let context = above[AVERAGES] | (left[AVERAGES] << 1);
        let last = block(bits, averages_plane, context.count_ones(), 0);
        above[AVERAGES] = u8::from(last > 0);
        left[AVERAGES] = u8::from(last > 0);
        steps = steps.saturating_add(last);
        (without_first, 1)
    } else {
        (luma, 0)
    };
    for (n, (up, aside)) in BLOCKS.into_iter().enumerate() {
        let (up, aside) = (&mut above[up & 15], &mut left[aside & 15]);
        let (plane, first) = if n < 16 { (luma, first) } else { (chroma, 0) };
        let last = block(bits, plane, u32::from(*up | (*aside << 1)).count_ones(), first);
        let any = u8::from(last > first);
        *up = any;
        *aside = any;
        steps = steps.saturating_add(last);
    }
    steps
}

/// The probabilities of the extra bits of the larger tokens (clause 13.2).
const EXTRA: [&[u8]; 4] = [
    &[173, 148, 140],
    &[176, 155, 140, 135],
    &[180, 157, 141, 134, 130],
    &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
];

/// Reads the tokens of one block from the coefficient `at` on; says where the last one is, counted
/// from 1.
#[inline(always)]
#[allow(clippy::indexing_slicing, reason = "masked indexes into arrays of that size")]
fn block(bits: &mut Bits<'_>, plane: &Plane, context: u32, first: u16) -> u16 {
    let mut at = first;
    let mut zero = &plane[usize::from(at & 15)][crate::bytes::index(u64::from(context & 3))];
    while at < 16 {
        if !bits.bit(zero[0]) {
            return at;
        }
        while !bits.bit(zero[1]) {
            at = at.wrapping_add(1);
            if at == 16 {
                return 16;
            }
            zero = &plane[usize::from(at & 15)][0];
        }
        let context = if bits.bit(zero[2]) {
            large(bits, zero);
            2
        } else {
            1
        };
        bits.flag();
        at = at.wrapping_add(1);
        zero = &plane[usize::from(at & 15)][context];
    }
    16
}

/// Reads the rest of a token that stands for 2 or more.
#[inline(always)]
#[allow(clippy::indexing_slicing, reason = "masked indexes into arrays of that size")]
fn large(bits: &mut Bits<'_>, zero: &[u8; 16]) {
    if !bits.bit(zero[3]) {
        if bits.bit(zero[4]) {
            bits.bit(zero[5]);
        }
    } else if !bits.bit(zero[6]) {
        if bits.bit(zero[7]) {
            bits.bit(165);
            bits.bit(145);
        } else {
            bits.bit(159);
        }
    } else {
        let high = usize::from(bits.bit(zero[8]));
        let low = usize::from(bits.bit(if high == 1 { zero[10] } else { zero[9] }));
        for &zero in EXTRA[((high << 1) | low) & 3] {
            bits.bit(zero);
        }
    }
}
