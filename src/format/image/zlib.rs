//! zlib streams (RFC 1950) checked while they pass by: PNG's picture data, TIFF's deflate strips.
//!
//! [`Inflate`] takes a stream in pieces, hands on what they decode to and says how the stream ends.
//! Nothing is kept but the window. The checksum at the end has a verdict of its own, since many
//! decoders do not look at it.

use fdeflate::{DecompressionError, Decompressor};
use simd_adler32::Adler32;

use crate::bytes::{index, len64};

/// How far back a deflate stream can refer (RFC 1951, clause 2).
const HISTORY: usize = 32 << 10;
/// The buffer for decoded bytes: the history, and room to decode into.
const WINDOW: usize = 4 * HISTORY;
/// A longest match and more: with less room than this the decoder leaves its fast path.
const ROOM: usize = 512;
/// The decoder is fed in steps of that many bytes at most. What a step decoded to is not known if
/// it fails, so steps are what a fault is located by; they are shorter where the stream begins.
const STEP: usize = 4 << 10;
/// The shortest step, and so many bytes behind the start of the stream it grows.
const FIRST_STEP: usize = 64;
/// A step is no longer than this part of what came before it.
const STEP_SHARE: u64 = 32;
/// A step of input stops when it has decoded to that many bytes.
const STEP_OUTPUT: usize = 32 << 10;
/// Length of the Adler-32 checksum that ends a stream.
const CHECKSUM: usize = 4;
/// The decoder may have taken so many bytes from behind the end of the stream.
const TAKEN_AHEAD: usize = 3;
/// Decoded bytes that make up one step of work (see `Input::work`).
const BYTES_PER_WORK: u64 = 64;

/// Deflate produces at most 258 bytes from two bits, so at most this many from a byte.
const MOST_PER_BYTE: u64 = 1032;

/// The most bytes that a zlib stream of `len` bytes can decode to.
pub(crate) fn most_from(len: u64) -> u64 {
    len.saturating_mul(MOST_PER_BYTE)
}

/// Where a stream stands after a piece of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The whole piece was taken and the stream goes on.
    More,
    /// The receiver wanted no more.
    Enough,
    /// The stream ended; so many bytes of the piece lie behind it.
    Ended {
        /// Bytes of this piece (and of the one before it, up to three) behind the stream.
        left: u64,
        /// Whether the checksum fits what was decoded.
        checksum: bool,
    },
    /// The stream breaks off its own rules: nothing behind can be decoded.
    Broken(Fault),
}

/// What is wrong in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The two bytes at the start are no zlib header.
    Header,
    /// The header of a block, or its tables of codes.
    Block,
    /// A code that is in none of the tables.
    Code,
    /// A copy from before the start of the data.
    Distance,
}

impl Fault {
    /// The name of the structure that is wrong.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Header => "zlib header",
            Self::Block => "block header",
            Self::Code => "code",
            Self::Distance => "distance",
        }
    }
}

impl From<DecompressionError> for Fault {
    fn from(error: DecompressionError) -> Self {
        match error {
            DecompressionError::BadZlibHeader => Self::Header,
            DecompressionError::InvalidLiteralLengthCode | DecompressionError::InvalidDistanceCode => Self::Code,
            DecompressionError::DistanceTooFarBack | DecompressionError::InputStartsWithRun => Self::Distance,
            _ => Self::Block,
        }
    }
}

/// The check of one zlib stream.
pub(crate) struct Inflate {
    decoder: Decompressor,
    window: Vec<u8>,
    /// Where in the window the next byte goes.
    at: usize,
    adler: Adler32,
    /// The last bytes taken; the checksum is among them when the stream ends.
    tail: [u8; CHECKSUM + TAKEN_AHEAD],
    taken: u64,
    produced: u64,
    charged: u64,
}

impl Inflate {
    /// For a stream that should decode to `expected` bytes; it may well decode to another number.
    pub(crate) fn new(expected: u64) -> Self {
        let mut inflate = Self {
            decoder: Decompressor::new(),
            window: Vec::new(),
            at: 0,
            adler: Adler32::new(),
            tail: [0; CHECKSUM + TAKEN_AHEAD],
            taken: 0,
            produced: 0,
            charged: 0,
        };
        inflate.restart(expected);
        inflate
    }

    /// Forgets the stream and begins another one; the memory is kept.
    pub(crate) fn restart(&mut self, expected: u64) {
        self.decoder = Decompressor::new();
        self.decoder.ignore_adler32();
        self.adler = Adler32::new();
        (self.at, self.taken, self.produced, self.charged) = (0, 0, 0, 0);
        let room = index(expected).saturating_add(ROOM).min(WINDOW);
        if self.window.len() < room {
            self.window.resize(room, 0);
        }
    }

    /// How many bytes of the stream were taken; its length when it has ended. After a fault: all
    /// before the step that failed.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// How many bytes the stream decoded to. After a fault: those that are surely before it.
    pub(crate) fn produced(&self) -> u64 {
        self.produced
    }

    /// The work done since the last call, for `Input::work`. A stream of one byte decodes to a
    /// thousand, so the bytes that were read are no measure of it.
    pub(crate) fn work(&mut self) -> u64 {
        let steps = self.produced.saturating_sub(self.charged) / BYTES_PER_WORK;
        self.charged = self.charged.saturating_add(steps.saturating_mul(BYTES_PER_WORK));
        steps
    }

    /// Takes the next piece of the stream and hands what it decodes to to `receive`, in order,
    /// until that answers `false`. For reports that do not depend on how a file is read, cut the
    /// stream into pieces by a fixed rule.
    pub(crate) fn feed(&mut self, mut piece: &[u8], mut receive: impl FnMut(&[u8]) -> bool) -> Progress {
        loop {
            self.make_room();
            let share = index(self.taken / STEP_SHARE).clamp(FIRST_STEP, STEP);
            let step = piece.get(..share).unwrap_or(piece);
            let end = self.at.saturating_add(STEP_OUTPUT).min(self.window.len());
            let output = self.window.get_mut(..end).unwrap_or_default();
            let (taken, made) = match self.decoder.read(step, output, self.at, false) {
                Ok(counts) => counts,
                Err(error) => return Progress::Broken(error.into()),
            };
            let (done, rest) = piece.split_at_checked(taken).unwrap_or((piece, &[]));
            piece = rest;
            self.taken = self.taken.saturating_add(len64(taken));
            self.produced = self.produced.saturating_add(len64(made));
            let fresh = self.window.get(self.at..self.at.saturating_add(made)).unwrap_or_default();
            self.at = self.at.saturating_add(made);
            self.adler.write(fresh);
            keep_last(&mut self.tail, done);
            if !fresh.is_empty() && !receive(fresh) {
                return Progress::Enough;
            }
            if self.decoder.is_done() {
                let (checksum, ahead) = self.checksum();
                self.taken = self.taken.saturating_sub(len64(ahead));
                return Progress::Ended { left: len64(piece.len().saturating_add(ahead)), checksum };
            }
            if made == 0 && taken == 0 {
                return Progress::More;
            }
        }
    }

    /// Sees to it that there is room behind `at`, with the history before it.
    fn make_room(&mut self) {
        if self.at.saturating_add(ROOM) <= self.window.len() {
            return;
        }
        if self.window.len() < WINDOW {
            self.window.resize(WINDOW, 0);
        }
        if self.at.saturating_add(ROOM) > WINDOW {
            self.window.copy_within(self.at.saturating_sub(HISTORY)..self.at, 0);
            self.at = HISTORY;
        }
    }

    /// Whether the stream that just ended did so with the right checksum, and how many bytes were
    /// taken from behind it. The decoder does not say how many, so every place is tried.
    fn checksum(&self) -> (bool, usize) {
        let right = self.adler.finish().to_be_bytes();
        match self.tail.windows(CHECKSUM).rposition(|stored| stored == right) {
            Some(at) => (true, TAKEN_AHEAD.saturating_sub(at)),
            None => (false, 0),
        }
    }
}

/// Keeps the last bytes of all that came by, `next` being the latest.
fn keep_last<const N: usize>(tail: &mut [u8; N], next: &[u8]) {
    if let Some(last) = next.last_chunk() {
        *tail = *last;
    } else {
        tail.rotate_left(next.len());
        for (to, from) in tail.iter_mut().rev().zip(next.iter().rev()) {
            *to = *from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of one stored block.
    fn stored(data: &[u8]) -> Vec<u8> {
        let len = u16::try_from(data.len()).unwrap();
        let mut stream = vec![0x78, 0x01, 1];
        stream.extend(len.to_le_bytes());
        stream.extend((!len).to_le_bytes());
        stream.extend(data);
        stream.extend(simd_adler32::adler32(&data).to_be_bytes());
        stream
    }

    fn run(stream: &[u8], pieces: usize) -> (Vec<u8>, Progress) {
        let mut out = Vec::new();
        let mut inflate = Inflate::new(10);
        for piece in stream.chunks(pieces) {
            let progress = inflate.feed(piece, |bytes| {
                out.extend_from_slice(bytes);
                true
            });
            if progress != Progress::More {
                return (out, progress);
            }
        }
        (out, Progress::More)
    }

    #[test]
    fn a_stream_decodes_however_it_is_cut() {
        let data: Vec<u8> = (0..60_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        let mut packed = vec![0; 500_000];
        packed[..60_000].copy_from_slice(&data);
        let packed = fdeflate::compress_to_vec(&packed);
        for pieces in [1, 7, 1000, usize::MAX] {
            assert_eq!(run(&stored(&data), pieces), (data.clone(), Progress::Ended { left: 0, checksum: true }));
            let (out, progress) = run(&packed, pieces);
            assert_eq!((out.len(), progress), (500_000, Progress::Ended { left: 0, checksum: true }));
            assert!(out.starts_with(&data) && out[60_000..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn what_lies_behind_the_stream_is_counted() {
        for extra in [0, 1, 2, 3, 4, 50] {
            let mut stream = stored(b"some data");
            stream.extend(std::iter::repeat_n(0xaa, extra));
            let ended = Progress::Ended { left: len64(extra), checksum: true };
            assert_eq!(run(&stream, usize::MAX), (b"some data".to_vec(), ended));
        }
    }

    #[test]
    fn faults_are_told_apart() {
        let good = stored(b"some data");
        let fault = |at: usize, value: u8| {
            let mut stream = good.clone();
            stream[at] = value;
            run(&stream, usize::MAX)
        };
        assert_eq!(fault(0, 0x79).1, Progress::Broken(Fault::Header));
        assert_eq!(fault(2, 7).1, Progress::Broken(Fault::Block));
        assert_eq!(fault(5, 0).1, Progress::Broken(Fault::Block));
        let (out, progress) = fault(good.len() - 1, 0);
        assert_eq!((out.as_slice(), progress), (&b"some data"[..], Progress::Ended { left: 0, checksum: false }));
        assert_eq!(run(&good[..good.len() - 1], usize::MAX).1, Progress::More);
        // Fixed codes; the first symbol is a length, and there is nothing to copy from.
        assert_eq!(
            run(&[0x78, 1, 0x03, 0x02, 0, 0, 0, 0, 0, 0, 0, 0], usize::MAX).1,
            Progress::Broken(Fault::Distance)
        );
    }

    #[test]
    fn a_receiver_that_has_enough_ends_it() {
        let bomb = fdeflate::compress_to_vec(&vec![0; 10_000_000]);
        let mut inflate = Inflate::new(100);
        let mut seen = 0;
        let progress = inflate.feed(&bomb, |bytes| {
            seen += bytes.len();
            seen < 100
        });
        assert_eq!(progress, Progress::Enough);
        assert!(seen <= STEP_OUTPUT && inflate.work() <= 512, "{seen}");
        assert!(most_from(len64(bomb.len())) >= 10_000_000);
    }
}
