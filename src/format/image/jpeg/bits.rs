//! The bits of entropy-coded data: read through [`Input`] in pieces, without the `00` behind each `FF`
//! (T.81, F.1.2.3), up to the next marker.

use crate::bytes::{index, len64};
use crate::input::{Input, Walk};

/// Unstuffed bytes that are held at a time: few enough for the first cache.
const HELD: usize = 16 << 10;
/// More bytes than the largest MCU can take: ten blocks of 64 codes of 16 bits with 15 further bits.
pub(super) const MARGIN: usize = 10 * 64 * 31 / 8 + 16;

/// A piece of the data between two markers, unstuffed, and the way back to places in the file.
#[derive(Debug)]
pub(super) struct Window {
    /// The bytes, and zeros behind them once the data has ended.
    data: Vec<u8>,
    /// How many of them are data.
    len: usize,
    /// The bits of them that have been used.
    used: usize,
    /// Where in the file the first byte of `data` is.
    start: u64,
    /// Where in the file the bytes are that come next.
    next: u64,
    /// Where the stream ends that the data is part of.
    end: u64,
    /// Whether there is no more: a marker or the end of the stream is at `next`.
    pub(super) ended: bool,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { data: Vec::new(), len: 0, used: 0, start: 0, next: 0, end: 0, ended: true }
    }

    /// Begins anew at file offset `start`, where the data of a scan or of a restart interval begins.
    pub(super) fn begin(&mut self, start: u64, end: u64) {
        *self = Self { data: std::mem::take(&mut self.data), len: 0, used: 0, start, next: start, end, ended: false };
    }

    /// Where in the file the marker is that ended the data.
    pub(super) fn stopped_at(&self) -> u64 {
        self.next
    }

    /// Whether a marker ended the data, and not the end of the stream.
    pub(super) fn stopped_by_marker(&self) -> bool {
        self.ended && self.next < self.end
    }

    /// Where in the file the next unused bit is.
    pub(super) fn offset(&self) -> u64 {
        self.place((self.used / 8).min(self.len))
    }

    /// Where in the file the byte `at` of `data` is: each `FF` has a `00` behind it there.
    fn place(&self, at: usize) -> u64 {
        let stuffed: usize =
            self.data.get(..at).unwrap_or_default().iter().map(|&byte| usize::from(byte == 0xFF)).sum();
        self.start.saturating_add(len64(at)).saturating_add(len64(stuffed))
    }

    /// Whether more bits were used than there are.
    pub(super) fn is_overrun(&self) -> bool {
        self.ended && self.used > self.len.saturating_mul(8)
    }

    /// Whether there are so few bits left that a code may have been cut off.
    pub(super) fn is_at_end(&self) -> bool {
        self.ended && self.used.saturating_add(16) > self.len.saturating_mul(8)
    }

    /// Whole bytes that have not been used.
    pub(super) fn left(&self) -> usize {
        self.len.saturating_mul(8).saturating_sub(self.used) / 8
    }

    /// Takes up the bytes that follow, so that at least [`MARGIN`] are at hand if there are as many.
    pub(super) fn refill(&mut self, input: &mut Input<'_>) -> Walk {
        let whole = (self.used / 8).min(self.len);
        self.start = self.place(whole);
        self.data.copy_within(whole..self.len, 0);
        self.len = self.len.saturating_sub(whole);
        self.used = self.used.saturating_sub(whole.saturating_mul(8));
        self.data.resize(HELD.saturating_add(MARGIN), 0);
        while !self.ended && self.len < HELD {
            if self.next >= self.end {
                self.ended = true;
                break;
            }
            let piece = input.fill(self.next, self.end)?;
            let room = self.data.get_mut(self.len..HELD).unwrap_or_default();
            let copied = unstuff(piece, room);
            self.len = self.len.saturating_add(copied.written);
            self.next = self.next.saturating_add(len64(copied.read));
            if copied.at_ff {
                // What follows the FF decides, and it may be in the next piece.
                let last = self.next.saturating_add(1) >= self.end;
                let follower = if last { None } else { input.fill(self.next.saturating_add(1), self.end)?.first() };
                match follower {
                    Some(0) => {
                        if let Some(byte) = self.data.get_mut(self.len) {
                            *byte = 0xFF;
                        }
                        self.len = self.len.saturating_add(1);
                        self.next = self.next.saturating_add(2);
                    }
                    // Fill bytes before a marker (B.1.1.2).
                    Some(0xFF) => self.next = self.next.saturating_add(1),
                    Some(_) => self.ended = true,
                    None => {
                        self.next = self.end;
                        self.ended = true;
                    }
                }
            }
        }
        if self.ended {
            self.data.get_mut(self.len..).unwrap_or_default().fill(0);
        }
        Ok(())
    }

    /// Whether [`Self::refill`] has to be called before the next MCU.
    pub(super) fn is_low(&self) -> bool {
        !self.ended && (self.used / 8).saturating_add(MARGIN) > self.len
    }

    /// A reader at the first unused bit.
    pub(super) fn reader(&self) -> Reader<'_> {
        let safe = if self.ended {
            self.len.saturating_mul(8)
        } else {
            self.len.saturating_sub(MARGIN).saturating_mul(8).saturating_add(7)
        };
        let mut reader = Reader { data: &self.data, at: self.used / 8, bits: 0, count: 0, safe };
        reader.refill();
        reader.take(u32::try_from(self.used % 8).unwrap_or_default());
        reader
    }

    /// Notes that everything before bit `used` has been used.
    pub(super) fn advance_to(&mut self, used: usize) {
        self.used = used;
    }

    /// Passes `bits` bits without looking at them.
    pub(super) fn skip(&mut self, input: &mut Input<'_>, mut bits: u64) -> Walk {
        loop {
            let held = len64(self.len.saturating_mul(8).saturating_sub(self.used));
            if bits <= held || self.ended {
                // Far enough past the end to be seen as an overrun, and no further.
                let step = bits.min(held.saturating_add(1));
                self.used = self.used.saturating_add(index(step));
                return Ok(());
            }
            self.used = self.used.saturating_add(index(held));
            bits = bits.saturating_sub(held);
            self.refill(input)?;
        }
    }
}

struct Copied {
    read: usize,
    written: usize,
    /// Whether it stopped at an `FF` that is more than a stuffed one, or the last byte of the piece.
    at_ff: bool,
}

/// Copies `from` to `to` without the `00` behind each `FF`, as far as there is room and no other byte
/// is behind an `FF`.
fn unstuff(from: &[u8], to: &mut [u8]) -> Copied {
    const STEP: usize = 32;
    let (mut read, mut written) = (0_usize, 0_usize);
    loop {
        let (Some(source), Some(target)) = (from.get(read..), to.get_mut(written..)) else {
            return Copied { read, written, at_ff: false };
        };
        let mut plain = 0_usize;
        for (source, target) in source.chunks_exact(STEP).zip(target.chunks_exact_mut(STEP)) {
            target.copy_from_slice(source);
            if source.iter().fold(0, |any, &byte| any | u8::from(byte == 0xFF)) != 0 {
                break;
            }
            plain = plain.saturating_add(STEP);
        }
        // At most one step with an FF in it, or the rest that is shorter than a step.
        let (source, target) = (source.get(plain..).unwrap_or_default(), target.get_mut(plain..).unwrap_or_default());
        let mut copied = 0_usize;
        let mut stop = None;
        for (&byte, target) in source.iter().zip(target).take(STEP) {
            if byte == 0xFF {
                stop = Some(source.get(copied.saturating_add(1)) == Some(&0));
                if stop == Some(true) {
                    *target = byte;
                }
                break;
            }
            *target = byte;
            copied = copied.saturating_add(1);
        }
        let moved = plain.saturating_add(copied);
        read = read.saturating_add(moved);
        written = written.saturating_add(moved);
        match stop {
            Some(true) => {
                read = read.saturating_add(2);
                written = written.saturating_add(1);
            }
            Some(false) => return Copied { read, written, at_ff: true },
            None if moved == 0 => return Copied { read, written, at_ff: false },
            None => {}
        }
    }
}

/// A place among the bits of a [`Window`]. Small and by value, so that it stays in registers.
#[derive(Clone, Copy)]
pub(super) struct Reader<'w> {
    data: &'w [u8],
    /// The byte that is loaded next.
    at: usize,
    /// The next bits, the first one at the top.
    bits: u64,
    /// How many of them are loaded; those below are the true next ones or zero.
    count: u32,
    /// Up to which bit a whole MCU may begin.
    safe: usize,
}

#[allow(clippy::inline_always, reason = "the innermost loops of the walk; a call would spill the registers")]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "`count` is at most 63 and never less than the bits taken; `at` counts bytes in memory"
)]
impl Reader<'_> {
    /// Makes at least 56 bits available. Behind the data there are zeros.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let next = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        self.bits |= u64::from_be_bytes(next.copied().unwrap_or_default()) >> self.count;
        self.at = self.at.wrapping_add(bytes_of(63 - self.count));
        self.count |= 0x38;
    }

    /// The bits that follow, the first one at the top.
    #[inline(always)]
    pub(super) fn peek(&self) -> u64 {
        self.bits
    }

    /// Whether fewer than `count` bits are loaded.
    #[inline(always)]
    pub(super) fn has_less_than(&self, count: u32) -> bool {
        self.count < count
    }

    /// Passes `count` bits, which must be loaded; at most 63.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) {
        self.bits = self.bits.wrapping_shl(count);
        self.count = self.count.wrapping_sub(count);
    }

    /// The next `count` bits (0 to 16) as a number.
    #[inline(always)]
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "at most 16 bits are left")]
    pub(super) fn number(&mut self, count: u32) -> u32 {
        let number = (self.bits >> 1).wrapping_shr(63 - count) as u32;
        self.take(count);
        number
    }

    /// How many bits of the window are used.
    #[inline(always)]
    #[allow(clippy::as_conversions, reason = "from 32 bits to the width of memory")]
    pub(super) fn used(&self) -> usize {
        self.at.wrapping_mul(8).wrapping_sub(self.count as usize)
    }

    /// Whether enough data is at hand for another MCU, or all that there is.
    #[inline(always)]
    pub(super) fn is_safe(&self) -> bool {
        self.used() <= self.safe
    }
}

#[inline(always)]
#[allow(clippy::as_conversions, clippy::inline_always, reason = "from 32 bits to the width of memory")]
fn bytes_of(bits: u32) -> usize {
    (bits >> 3) as usize
}
