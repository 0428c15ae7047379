//! The boolean entropy decoder (RFC 6386, clause 7).
//!
//! Nothing in such data can be wrong by itself: any bytes decode to something. What tells is where
//! the reading ends, so the decoder counts the bits that it shifts in, and those that it makes up
//! behind the end.

#![allow(clippy::inline_always, reason = "the hot loop; its state is to stay in registers")]

use super::super::window::Window;
use crate::input::{Input, Walk};

/// The most bytes that one call of [`Partition::read`] may take. The largest thing that is read in
/// one go is a macroblock with 400 coefficients of 11 extra bits, each bit at the worst 8 bits long.
const MARGIN: usize = 8 << 10;

/// The state of a decoder between two pieces of data.
#[derive(Clone, Copy)]
struct State {
    /// The bits that were shifted in, the next ones on top.
    value: u64,
    /// How many of them there are.
    count: u32,
    /// 128 to 255 between two bits.
    range: u32,
    /// How many bytes were made up behind the end.
    past: u32,
}

/// A decoder that works on bytes at hand.
pub(super) struct Bits<'d> {
    data: &'d [u8],
    state: State,
}

#[allow(
    clippy::arithmetic_side_effects,
    reason = "the hot loop; range is 1 to 255, so split is 1 to 255, shifts are below 64 and count is 1 to 64"
)]
impl Bits<'_> {
    /// One bit that is 0 with a probability of `zero` / 256.
    #[inline(always)]
    pub(super) fn bit(&mut self, zero: u8) -> bool {
        let split = 1 + (((self.state.range - 1) * u32::from(zero)) >> 8);
        self.decide(split)
    }

    /// One bit that is as likely 0 as 1.
    #[inline(always)]
    pub(super) fn flag(&mut self) -> bool {
        self.bit(128)
    }

    #[inline(always)]
    fn decide(&mut self, split: u32) -> bool {
        if self.state.count < 8 {
            self.load();
        }
        let threshold = u64::from(split) << 56;
        let bit = self.state.value >= threshold;
        if bit {
            self.state.range -= split;
            self.state.value -= threshold;
        } else {
            self.state.range = split;
        }
        // As many places as bring the range back to 128 or more.
        let shift = (self.state.range | 1).leading_zeros().saturating_sub(24);
        self.state.range <<= shift;
        self.state.value <<= shift;
        self.state.count -= shift;
        bit
    }

    /// A number of `bits` bits.
    pub(super) fn number(&mut self, bits: u32) -> u32 {
        (0..bits).fold(0, |number, _| (number << 1) | u32::from(self.flag()))
    }

    /// A number of `bits` bits and its sign, if a flag says that there is one. The value is not
    /// wanted by anyone here.
    pub(super) fn skip_optional_signed(&mut self, bits: u32) {
        if self.flag() {
            self.number(bits);
            self.flag();
        }
    }

    #[inline(always)]
    fn load(&mut self) {
        if let Some(bytes) = self.data.first_chunk::<8>() {
            self.state.value |= u64::from_be_bytes(*bytes) >> self.state.count;
            let taken = (64 - self.state.count) >> 3;
            self.state.count += taken << 3;
            // Bits beyond the count are added again by the next load, which changes nothing.
            self.data = match taken {
                7 => self.data.get(7..),
                _ => self.data.get(8..),
            }
            .unwrap_or_default();
        } else {
            self.load_last();
        }
    }

    #[cold]
    fn load_last(&mut self) {
        let byte = if let Some((&byte, rest)) = self.data.split_first() {
            self.data = rest;
            byte
        } else {
            self.state.past = self.state.past.saturating_add(1);
            0
        };
        self.state.value |= u64::from(byte) << (56 - self.state.count);
        self.state.count += 8;
    }
}

/// A partition of a frame: a stretch of the file that is one run of the decoder.
pub(super) struct Partition {
    window: Window,
    state: State,
}

impl Partition {
    /// The partition from `start` to `end`, which the file has to have.
    pub(super) fn new(start: u64, end: u64) -> Self {
        Self { window: Window::new(start, end), state: State { value: 0, count: 0, range: 255, past: 0 } }
    }

    /// Lets `read` take some bits: no more than make up [`MARGIN`] bytes.
    #[inline(always)]
    pub(super) fn read<T>(&mut self, input: &mut Input<'_>, read: impl FnOnce(&mut Bits<'_>) -> T) -> Walk<T> {
        self.window.top_up(input, MARGIN)?;
        let mut bits = Bits { data: self.window.held(), state: self.state };
        let result = read(&mut bits);
        let rest = bits.data.len();
        self.state = bits.state;
        self.window.keep(rest);
        Ok(result)
    }

    /// How many bits were not needed; negative if some were made up.
    pub(super) fn unread(&self) -> i64 {
        let have = self.window.left().saturating_mul(8).saturating_add(self.state.count.into());
        let made_up = u64::from(self.state.past).saturating_mul(8);
        let signed = |bits: u64| i64::try_from(bits).unwrap_or(i64::MAX);
        signed(have).saturating_sub(signed(made_up))
    }

    /// Whether bits were needed that are not there.
    #[inline]
    pub(super) fn is_exhausted(&self) -> bool {
        self.state.past > 0 && self.unread() < 0
    }

    /// Where in the file the reading has got to.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset().saturating_sub(u64::from(self.state.count >> 3))
    }
}
