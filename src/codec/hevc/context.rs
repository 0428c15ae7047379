//! The contexts of arithmetic decoding (ITU-T H.265 (2021-08), clause 9.3.2.2).

use super::cabac::{Context, context};

/// Contexts of syntax elements: where each one's begin, and their initial values for slices that
/// need no other picture (tables 9-5 to 9-37).
pub(super) mod at {
    pub(crate) const SAO_MERGE: usize = 0;
    pub(crate) const SAO_TYPE: usize = 1;
    pub(crate) const SPLIT_CU: usize = 2;
    pub(crate) const BYPASS: usize = 5;
    pub(crate) const PART_MODE: usize = 6;
    pub(crate) const PREV_INTRA: usize = 7;
    pub(crate) const CHROMA_MODE: usize = 8;
    pub(crate) const SPLIT_TRANSFORM: usize = 9;
    pub(crate) const CBF_LUMA: usize = 12;
    pub(crate) const CBF_CHROMA: usize = 14;
    pub(crate) const QP_DELTA: usize = 19;
    pub(crate) const SKIP: usize = 21;
    pub(crate) const LAST_X: usize = 23;
    pub(crate) const LAST_Y: usize = 41;
    pub(crate) const SUB_BLOCK: usize = 59;
    pub(crate) const SIGNIFICANT: usize = 63;
    pub(crate) const GREATER_1: usize = 107;
    pub(crate) const GREATER_2: usize = 131;
    pub(crate) const RES_SCALE: usize = 137;
    pub(crate) const RES_SIGN: usize = 145;
    pub(crate) const CHROMA_QP: usize = 147;
    pub(crate) const COUNT: usize = 149;
}

#[rustfmt::skip]
const INIT: [u8; at::COUNT] = [
    153,
    200,
    139, 141, 157,
    154,
    184,
    184,
    63,
    153, 138, 138,
    111, 141,
    94, 138, 182, 154, 154,
    154, 154,
    139, 139,
    110, 110, 124, 125, 140, 153, 125, 127, 140, 109, 111, 143, 127, 111, 79, 108, 123, 63,
    110, 110, 124, 125, 140, 153, 125, 127, 140, 109, 111, 143, 127, 111, 79, 108, 123, 63,
    91, 171, 134, 141,
    111, 111, 125, 110, 110, 94, 124, 108, 124, 107, 125, 141, 179, 153, 125, 107, 125, 141, 179, 153, 125, 107, 125,
    141, 179, 153, 125, 140, 139, 182, 182, 152, 136, 152, 136, 153, 136, 139, 111, 136, 139, 111, 141, 111,
    140, 92, 137, 138, 140, 152, 138, 139, 153, 74, 149, 92, 139, 107, 122, 152, 140, 179, 166, 182, 140, 227, 122, 197,
    138, 153, 136, 167, 152, 152,
    154, 154, 154, 154, 154, 154, 154, 154,
    154, 154,
    154, 154,
];

/// What adapts while a slice is decoded.
#[derive(Clone, Debug)]
pub(super) struct Contexts {
    table: [Context; 256],
    /// Statistics for the binarisation of levels (clause 9.3.4.2.6).
    pub(super) levels: [u8; 4],
}

impl Contexts {
    pub(super) fn new(qp: i32) -> Self {
        let mut table = [0; 256];
        for (to, init) in table.iter_mut().zip(INIT) {
            *to = context(init, qp);
        }
        Self { table, levels: [0; 4] }
    }

    #[inline]
    #[allow(clippy::indexing_slicing, reason = "the index is masked to the size of the table")]
    pub(super) fn at(&mut self, index: usize) -> &mut Context {
        &mut self.table[index & 255]
    }
}
