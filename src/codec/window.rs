//! A window that slides over a stretch of the file, for decoders that take it bit by bit.

use crate::bytes::len64;
use crate::input::{Input, Walk};

/// How much is held at a time.
const HELD: u64 = 64 << 10;

/// The bytes from the next one that is wanted to a little further on.
pub(crate) struct Window {
    buffer: Vec<u8>,
    used: usize,
    /// Where in the file the bytes follow that are not held yet.
    next: u64,
    end: u64,
}

impl Window {
    /// A window over the bytes from `start` to `end`, which the file has to have.
    pub(crate) fn new(start: u64, end: u64) -> Self {
        Self { buffer: Vec::new(), used: 0, next: start, end: end.max(start) }
    }

    /// Sees to it that `margin` bytes are held, or all that are left.
    #[inline]
    pub(crate) fn top_up(&mut self, input: &mut Input<'_>, margin: usize) -> Walk {
        if self.held().len() >= margin || self.next >= self.end {
            return Ok(());
        }
        self.load(input)
    }

    #[cold]
    fn load(&mut self, input: &mut Input<'_>) -> Walk {
        self.buffer.drain(..self.used.min(self.buffer.len()));
        self.used = 0;
        while self.next < self.end {
            let room = HELD.saturating_sub(len64(self.buffer.len()));
            if room == 0 {
                break;
            }
            let piece = input.fill(self.next, self.end.min(self.next.saturating_add(room)))?;
            self.buffer.extend_from_slice(piece);
            self.next = self.next.saturating_add(len64(piece.len()));
        }
        Ok(())
    }

    /// The bytes that are held.
    #[inline]
    pub(crate) fn held(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Leaves only the last `rest` of the held bytes.
    #[inline]
    pub(crate) fn keep(&mut self, rest: usize) {
        self.used = self.buffer.len().saturating_sub(rest);
    }

    /// How many bytes are left, held or not.
    pub(crate) fn left(&self) -> u64 {
        self.end.saturating_sub(self.next).saturating_add(len64(self.held().len()))
    }

    /// Where in the file the next byte lies.
    pub(crate) fn offset(&self) -> u64 {
        self.end.saturating_sub(self.left())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::index;
    use crate::input::Budget;

    #[test]
    fn a_window_shows_every_byte_once() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut input = Input::new(&bytes, &Budget::default()).unwrap();
        let mut window = Window::new(5, 199_999);
        let mut seen = 5;
        while window.left() > 0 {
            window.top_up(&mut input, 1000).unwrap();
            assert_eq!(window.offset(), seen);
            let taken = window.held().len().min(777);
            assert_eq!(window.held()[..taken], bytes[index(seen)..][..taken]);
            window.keep(window.held().len() - taken);
            seen += len64(taken);
        }
        assert_eq!(seen, 199_999);
        window.top_up(&mut input, 1000).unwrap();
        assert!(window.held().is_empty());
    }
}
