//! The arithmetic decoder (ITU-T H.265 (2021-08), clauses 9.3.2 and 9.3.4.3).

/// Bytes of a slice without emulation prevention, of which the front is being decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cabac {
    data: Vec<u8>,
    /// The next byte to be loaded.
    next: usize,
    range: u64,
    /// The offset of the standard, followed by `ahead` bits that were loaded in advance.
    offset: u64,
    ahead: u32,
}

/// State and most probable symbol of one context: the state in the upper bits.
pub(crate) type Context = u8;

/// The context for an initial value at a quantiser (clause 9.3.2.2).
pub(crate) fn context(init: u8, qp: i32) -> Context {
    let slope = i32::from(init >> 4).wrapping_mul(5).wrapping_sub(45);
    let offset = i32::from(init & 15).wrapping_mul(8).wrapping_sub(16);
    let state = (slope.wrapping_mul(qp.clamp(0, 51)) >> 4).wrapping_add(offset).clamp(1, 126);
    let state = u8::try_from(state).unwrap_or(1);
    if state > 63 { state.wrapping_sub(64) << 1 | 1 } else { 63_u8.wrapping_sub(state) << 1 }
}

/// Width of the part of the less probable symbol, by state and range: table 9-52.
#[rustfmt::skip]
const LESS_PROBABLE: [[u8; 4]; 64] = [
    [128, 176, 208, 240], [128, 167, 197, 227], [128, 158, 187, 216], [123, 150, 178, 205],
    [116, 142, 169, 195], [111, 135, 160, 185], [105, 128, 152, 175], [100, 122, 144, 166],
    [95, 116, 137, 158], [90, 110, 130, 150], [85, 104, 123, 142], [81, 99, 117, 135],
    [77, 94, 111, 128], [73, 89, 105, 122], [69, 85, 100, 116], [66, 80, 95, 110],
    [62, 76, 90, 104], [59, 72, 86, 99], [56, 69, 81, 94], [53, 65, 77, 89],
    [51, 62, 73, 85], [48, 59, 69, 80], [46, 56, 66, 76], [43, 53, 63, 72],
    [41, 50, 59, 69], [39, 48, 56, 65], [37, 45, 54, 62], [35, 43, 51, 59],
    [33, 41, 48, 56], [32, 39, 46, 53], [30, 37, 43, 50], [29, 35, 41, 48],
    [27, 33, 39, 45], [26, 31, 37, 43], [24, 30, 35, 41], [23, 28, 33, 39],
    [22, 27, 32, 37], [21, 26, 30, 35], [20, 24, 29, 33], [19, 23, 27, 31],
    [18, 22, 26, 30], [17, 21, 25, 28], [16, 20, 23, 27], [15, 19, 22, 25],
    [14, 18, 21, 24], [14, 17, 20, 23], [13, 16, 19, 22], [12, 15, 18, 21],
    [12, 14, 17, 20], [11, 14, 16, 19], [11, 13, 15, 18], [10, 12, 15, 17],
    [10, 12, 14, 16], [9, 11, 13, 15], [9, 11, 12, 14], [8, 10, 12, 14],
    [8, 9, 11, 13], [7, 9, 11, 12], [7, 9, 10, 12], [7, 8, 10, 11],
    [6, 8, 9, 11], [6, 7, 9, 10], [6, 7, 8, 9], [2, 2, 2, 2],
];

/// The state after the less probable symbol: table 9-53.
#[rustfmt::skip]
const AFTER_LESS_PROBABLE: [u8; 64] = [
    0, 0, 1, 2, 2, 4, 4, 5, 6, 7, 8, 9, 9, 11, 11, 12, 13, 13, 15, 15, 16, 16, 18, 18, 19, 19, 21, 21, 22, 22, 23, 24,
    24, 25, 26, 26, 27, 27, 28, 29, 29, 30, 30, 30, 31, 32, 32, 33, 33, 33, 34, 34, 35, 35, 35, 36, 36, 36, 37, 37, 37,
    38, 38, 63,
];

/// A context after the more and the less probable symbol.
const NEXT: [[Context; 2]; 128] = {
    let mut next = [[0; 2]; 128];
    let mut at: u8 = 0;
    while at < 128 {
        let (state, symbol) = (at >> 1, at & 1);
        let more = if state < 62 { state.wrapping_add(1) } else { state };
        let flipped = if state == 0 { symbol ^ 1 } else { symbol };
        #[allow(clippy::indexing_slicing, clippy::as_conversions, reason = "a constant, checked when compiled")]
        {
            next[at as usize] = [more << 1 | symbol, AFTER_LESS_PROBABLE[state as usize] << 1 | flipped];
        }
        at = at.wrapping_add(1);
    }
    next
};

impl Cabac {
    /// Bytes that are at hand but not yet decoded.
    pub(crate) fn at_hand(&self) -> usize {
        self.data.len().saturating_sub(self.next)
    }

    /// Gives up the bytes that are decoded and lets `fill` append more.
    pub(crate) fn refill<E>(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        // Eight bytes may have been loaded in advance, of which the position is computed.
        let done = self.next.saturating_sub(16);
        self.data.drain(..done);
        self.next = self.next.wrapping_sub(done);
        fill(&mut self.data)
    }

    /// Begins to decode at the next byte (clause 9.3.2.5).
    pub(crate) fn start(&mut self) {
        self.range = 510;
        self.offset = 0;
        self.ahead = 0;
        self.load();
        // The first nine bits are the offset.
        self.ahead = self.ahead.wrapping_sub(9);
    }

    /// Loads bytes as long as there is room. Behind the end are zeros, which are counted by
    /// `overrun`.
    #[inline]
    fn load(&mut self) {
        while self.ahead <= 40 {
            let byte = self.data.get(self.next).copied().unwrap_or(0);
            self.next = self.next.wrapping_add(1);
            self.offset = self.offset << 8 | u64::from(byte);
            self.ahead = self.ahead.wrapping_add(8);
        }
    }

    /// Whether more was decoded than there is.
    pub(crate) fn overrun(&self) -> bool {
        self.next.saturating_sub(self.data.len()) > 6
    }

    /// One symbol in a context.
    #[inline]
    #[allow(
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the hottest loop; tables of fixed size and masked indexes"
    )]
    pub(crate) fn bit(&mut self, context: &mut Context) -> bool {
        if self.ahead < 8 {
            self.load();
        }
        let state = *context & 127;
        let less = u64::from(LESS_PROBABLE[usize::from(state >> 1)][(self.range >> 6) as usize & 3]);
        let more = self.range.wrapping_sub(less);
        let scaled = more << self.ahead;
        let is_less = self.offset >= scaled;
        *context = NEXT[usize::from(state)][usize::from(is_less)];
        if is_less {
            self.offset = self.offset.wrapping_sub(scaled);
            let shift = (less as u32 | 1).leading_zeros().wrapping_sub(23);
            self.range = less << shift;
            self.ahead = self.ahead.wrapping_sub(shift);
        } else if more < 256 {
            self.range = more << 1;
            self.ahead = self.ahead.wrapping_sub(1);
        } else {
            self.range = more;
        }
        (state & 1 == 1) != is_less
    }

    /// One symbol that is as probable as the other.
    #[inline]
    pub(crate) fn bypass(&mut self) -> bool {
        if self.ahead < 8 {
            self.load();
        }
        self.ahead = self.ahead.wrapping_sub(1);
        let scaled = self.range << self.ahead;
        let set = self.offset >= scaled;
        if set {
            self.offset = self.offset.wrapping_sub(scaled);
        }
        set
    }

    /// `count` such symbols as a number.
    #[inline]
    pub(crate) fn bypass_uint(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |sum, _| sum << 1 | u32::from(self.bypass()))
    }

    /// A number in Exp-Golomb code of order `order`; `None` for one that is out of all range.
    pub(crate) fn exp_golomb(&mut self, order: u32) -> Option<u32> {
        let (mut base, mut order) = (0_u32, order);
        while self.bypass() {
            base = base.wrapping_add(1_u32.checked_shl(order)?);
            order = order.wrapping_add(1);
            if order > 16 {
                return None;
            }
        }
        Some(base.wrapping_add(self.bypass_uint(order)))
    }

    /// The symbol that ends a stretch.
    pub(crate) fn terminate(&mut self) -> bool {
        if self.ahead < 8 {
            self.load();
        }
        self.range = self.range.wrapping_sub(2);
        if self.offset >= self.range << self.ahead {
            return true;
        }
        if self.range < 256 {
            self.range <<= 1;
            self.ahead = self.ahead.wrapping_sub(1);
        }
        false
    }

    /// After the end of a stretch: whether the last bit that was decoded is a one and the byte is
    /// filled up with zeros, as encoders must do. Goes on to the next byte.
    pub(crate) fn align(&mut self) -> bool {
        let loaded = crate::bytes::len64(self.next).saturating_mul(8);
        let Some(last) = loaded.checked_sub(u64::from(self.ahead)).and_then(|bits| bits.checked_sub(1)) else {
            return false;
        };
        let byte = crate::bytes::index(last >> 3);
        self.next = byte.saturating_add(1);
        let bits = self.data.get(byte).copied().unwrap_or(0);
        bits << (last & 7) == 0x80
    }

    /// Passes over bytes that are not coded.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.next = self.next.saturating_add(bytes);
    }

    /// The bytes that were not decoded.
    pub(crate) fn rest(&self) -> &[u8] {
        self.data.get(self.next..).unwrap_or_default()
    }
}
