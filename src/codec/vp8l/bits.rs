//! The bits of the data, the least significant one of each byte first (RFC 9649, clause 3.1).

use super::super::window::Window;
use crate::bytes::len64;
use crate::input::{Input, Walk};

/// The most bytes that one call of [`Stream::read`] may take, unless it stops by itself: five prefix codes of
/// 3,136 symbols in all, each length at the worst 14 bits.
const MARGIN: usize = 8 << 10;
/// So many bytes make up one pixel and its copy at the most.
const PIXEL: usize = 32;

/// The data, of which a little is at hand at a time.
pub(super) struct Stream {
    window: Window,
    /// How many bits of the first byte at hand are used.
    used: u32,
    /// Whether bits were taken that are not there.
    exhausted: bool,
}

impl Stream {
    /// The bits from `start` to `end`, which the file has to have.
    pub(super) fn new(start: u64, end: u64) -> Self {
        Self { window: Window::new(start, end), used: 0, exhausted: false }
    }

    /// Lets `read` take some bits.
    pub(super) fn read<T>(&mut self, input: &mut Input<'_>, read: impl FnOnce(&mut Bits<'_>) -> T) -> Walk<T> {
        self.window.top_up(input, MARGIN)?;
        let held = self.window.held();
        let last = len64(held.len()) == self.window.left();
        // Seven bytes more than there are may be loaded when the last bit is taken.
        let safe = if last { held.len().saturating_add(7) } else { held.len().saturating_sub(PIXEL) };
        let mut bits = Bits { data: held, at: 0, value: 0, count: 0, safe };
        bits.refill();
        bits.take(self.used);
        let result = read(&mut bits);
        let taken = bits.taken();
        let have = held.len();
        self.exhausted |= taken > have.saturating_mul(8);
        self.used = u32::try_from(taken % 8).unwrap_or_default();
        self.window.keep(have.saturating_sub(taken / 8));
        Ok(result)
    }

    /// How many bits there still are.
    pub(super) fn unread(&self) -> u64 {
        self.window.left().saturating_mul(8).saturating_sub(self.used.into())
    }

    /// Whether bits were taken that are not there.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Where in the file the reading has got to.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset()
    }
}

/// A place among the bits at hand. Behind them there are zeros.
pub(super) struct Bits<'d> {
    data: &'d [u8],
    /// The byte that is loaded next.
    at: usize,
    /// The next bits, the first one at the bottom.
    value: u64,
    /// How many of them are loaded; those above are the true next ones or zero.
    count: u32,
    /// Up to which byte another pixel may begin.
    safe: usize,
}

#[allow(clippy::inline_always, reason = "the innermost loop of the walk; a call would spill the registers")]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "`count` is at most 63 and never less than the bits taken; `at` counts bytes in memory"
)]
impl Bits<'_> {
    /// Makes at least 56 bits available.
    #[inline(always)]
    #[allow(clippy::as_conversions, reason = "from 32 bits to the width of memory")]
    pub(super) fn refill(&mut self) {
        let next = match self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(next) => u64::from_le_bytes(*next),
            None => self.last_bytes(),
        };
        self.value |= next << self.count;
        self.at = self.at.wrapping_add(((63 - self.count) >> 3) as usize);
        self.count |= 0x38;
    }

    #[cold]
    fn last_bytes(&self) -> u64 {
        let rest = self.data.get(self.at..).unwrap_or_default();
        rest.iter().rev().fold(0, |value, &byte| (value << 8) | u64::from(byte))
    }

    /// The bits that follow, the first one at the bottom.
    #[inline(always)]
    pub(super) fn peek(&self) -> u64 {
        self.value
    }

    /// Whether fewer than `count` bits are loaded.
    #[inline(always)]
    pub(super) fn has_less_than(&self, count: u32) -> bool {
        self.count < count
    }

    /// Passes `count` bits, which must be loaded; at most 56.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) {
        self.value = self.value.wrapping_shr(count);
        self.count = self.count.wrapping_sub(count);
    }

    /// The next `count` bits (at most 24) as a number.
    #[inline(always)]
    pub(super) fn number(&mut self, count: u32) -> u32 {
        if self.has_less_than(count) {
            self.refill();
        }
        let [a, b, c, ..] = self.value.to_le_bytes();
        let number = u32::from_le_bytes([a, b, c, 0]) & !(u32::MAX << count);
        self.take(count);
        number
    }

    /// The next bit.
    pub(super) fn flag(&mut self) -> bool {
        self.number(1) == 1
    }

    /// How many bits were taken of those at hand.
    #[inline(always)]
    #[allow(clippy::as_conversions, reason = "from 32 bits to the width of memory")]
    fn taken(&self) -> usize {
        self.at.wrapping_mul(8).wrapping_sub(self.count as usize)
    }

    /// Whether enough is at hand for another pixel, or all that there is.
    #[inline(always)]
    pub(super) fn is_safe(&self) -> bool {
        self.at <= self.safe
    }
}
