//! LZW without output: how long every string is, never what is in it.
//!
//! A decoder looks up each code's string and writes it; to know whether a stream is sound and how
//! much it makes, the length of the string is enough. A code's length is one more than that of the
//! code before it, so the whole dictionary is a table of lengths.
//!
//! GIF (version 89a, appendix F) packs codes from the least significant bit on and widens them when
//! all that fit in their bits are taken. TIFF (TIFF 6.0, section 13) packs from the most significant
//! bit on and widens one code earlier; its older variant is as GIF with 8-bit literals.

/// Codes have at most 12 bits.
const CODES: usize = 1 << MAX_WIDTH;
const MAX_WIDTH: u32 = 12;

/// The most bits a literal may have, so that the two codes behind the literals still fit.
pub(crate) const MAX_LITERAL_BITS: u8 = 11;

/// What became of a piece of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// All of it was taken, and more may follow.
    More,
    /// The end code came; so many bytes of the piece were taken.
    End(usize),
    /// A code came that has no meaning; it ends with so many bytes of the piece.
    Bad(usize),
}

/// A walk over one LZW stream: `TIFF` for TIFF's packing, else GIF's.
///
/// `start` it, `feed` it pieces of any size until one answers `End` or `Bad`, and read `produced`
/// at any time. One walk serves many streams.
pub(crate) struct Lzw<const TIFF: bool> {
    /// The length of each code's string; 0 for what is no string (yet).
    lengths: [u16; CODES],
    /// The code that empties the table; the end code follows it.
    clear: usize,
    /// The code that the next string will have.
    next: usize,
    width: u32,
    /// The length of the string before, 0 at the start and after a clear code.
    before: u16,
    /// Bits that were read and not used: at the low end for GIF, at the high end for TIFF.
    bits: u64,
    held: u32,
    produced: u64,
}

impl<const TIFF: bool> Lzw<TIFF> {
    /// A walk over a stream with literals of `literal_bits` bits (8 in TIFF, 1 to 8 in sound GIFs).
    pub(crate) fn new(literal_bits: u8) -> Self {
        let lengths = [0; CODES];
        let mut lzw = Self { lengths, clear: 0, next: 0, width: 0, before: 0, bits: 0, held: 0, produced: 0 };
        lzw.start(literal_bits);
        lzw
    }

    /// Begins another stream.
    pub(crate) fn start(&mut self, literal_bits: u8) {
        self.clear = 1 << literal_bits.min(MAX_LITERAL_BITS);
        self.lengths.fill(0);
        self.lengths.iter_mut().take(self.clear).for_each(|length| *length = 1);
        self.next = self.clear.saturating_add(2);
        self.width = self.clear.ilog2().saturating_add(1);
        self.before = 0;
        self.bits = 0;
        self.held = 0;
        self.produced = 0;
    }

    /// How many bytes or pixels the codes so far stand for.
    pub(crate) fn produced(&self) -> u64 {
        self.produced
    }

    /// Walks the next piece of the stream.
    #[allow(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        reason = "hot loop: codes and `next` are at most 4096 by mask or test, no string is longer than there are \
                  codes, shifts are below 64, `at` is in `data`, and `produced` grows by less than 4097 a code"
    )]
    pub(crate) fn feed(&mut self, data: &[u8]) -> Step {
        let Self { ref mut lengths, clear, mut next, mut width, mut before, mut bits, mut held, mut produced } = *self;
        let mut at = 0;
        let step = 'stream: loop {
            if let Some(chunk) = data.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
                // Bits past `held` come in as well; they are the same when they come again.
                bits |= if TIFF { u64::from_be_bytes(*chunk) >> held } else { u64::from_le_bytes(*chunk) << held };
                at += ((63 - held) >> 3) as usize;
                held |= 0b11_1000;
            } else {
                while let (Some(&byte), true) = (data.get(at), held <= 56) {
                    let byte = u64::from(byte);
                    bits |= if TIFF { byte << (56 - held) } else { byte << held };
                    held += 8;
                    at += 1;
                }
                if held < width {
                    break Step::More;
                }
            }
            while held >= width {
                let code;
                if TIFF {
                    code = (bits >> (64 - width)) as usize;
                    bits <<= width;
                } else {
                    code = bits as usize & ((1 << width) - 1);
                    bits >>= width;
                }
                held -= width;
                // The string that this code completes is entered first, since the code may name it.
                if before != 0 && next < CODES {
                    lengths[next] = before + 1;
                    next += 1;
                    if next + usize::from(TIFF) >= 1 << width && width < MAX_WIDTH {
                        width += 1;
                    }
                }
                let length = lengths[code & (CODES - 1)];
                if length != 0 {
                    produced += u64::from(length);
                    before = length;
                } else if code == clear {
                    lengths[clear..next].fill(0);
                    next = clear + 2;
                    width = clear.ilog2() + 1;
                    before = 0;
                } else {
                    let taken = at.saturating_sub((held / 8) as usize);
                    break 'stream if code == clear + 1 { Step::End(taken) } else { Step::Bad(taken) };
                }
            }
        };
        (self.next, self.width, self.before) = (next, width, before);
        (self.bits, self.held, self.produced) = (bits, held, produced);
        step
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "small numbers")]
mod tests {
    use super::*;

    /// Packs codes of given widths as GIF or TIFF does.
    fn pack(codes: &[(u64, u32)], tiff: bool) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        for &(code, width) in codes {
            let one = |bit: u32| code >> bit & 1 == 1;
            if tiff {
                bits.extend((0..width).rev().map(one));
            } else {
                bits.extend((0..width).map(one));
            }
        }
        let byte = |eight: &[bool]| {
            let place = |at: usize| if tiff { 7 - at } else { at };
            eight.iter().enumerate().fold(0, |byte, (at, &bit)| byte | u8::from(bit) << place(at))
        };
        bits.chunks(8).map(byte).collect()
    }

    /// A plain decoder-less reference: what an encoder that only sends `code == next` would make.
    fn longest(count: u64, tiff: bool) -> (Vec<u8>, u64) {
        let mut codes = vec![(256, 9), (0, 9)];
        let (mut next, mut width, mut made, mut length) = (258, 9, 1, 1);
        for _ in 0..count {
            codes.push((next, width));
            length += 1;
            made += length;
            next += 1;
            if next + u64::from(tiff) >= 1 << width && width < 12 {
                width += 1;
            }
        }
        codes.push((257, width));
        (pack(&codes, tiff), made)
    }

    fn whole<const TIFF: bool>(data: &[u8], piece: usize) -> (Step, u64) {
        let mut lzw = Lzw::<TIFF>::new(8);
        for (nth, piece_of) in data.chunks(piece).enumerate() {
            match lzw.feed(piece_of) {
                Step::More => {}
                Step::End(taken) => return (Step::End(nth * piece + taken), lzw.produced()),
                Step::Bad(taken) => return (Step::Bad(nth * piece + taken), lzw.produced()),
            }
        }
        (Step::More, lzw.produced())
    }

    #[test]
    fn widths_grow_as_each_format_has_it_and_pieces_do_not_matter() {
        for count in [0, 1, 252, 253, 254, 255, 765, 1788, 3000, 3830] {
            let (gif, made) = longest(count, false);
            let (tiff, _) = longest(count, true);
            for piece in [1, 2, 7, 8, 9, 255, 100_000] {
                assert_eq!(whole::<false>(&gif, piece), (Step::End(gif.len()), made), "GIF, {count} by {piece}");
                assert_eq!(whole::<true>(&tiff, piece), (Step::End(tiff.len()), made), "TIFF, {count} by {piece}");
            }
        }
    }

    #[test]
    fn what_no_string_has_been_given_is_bad() {
        assert_eq!(whole::<false>(&pack(&[(256, 9), (258, 9)], false), 8), (Step::Bad(3), 0));
        assert_eq!(whole::<false>(&pack(&[(256, 9), (1, 9), (259, 9), (0, 9)], false), 8), (Step::Bad(4), 1));
        assert_eq!(whole::<true>(&pack(&[(256, 9), (1, 9), (258, 9), (511, 9)], true), 8), (Step::Bad(5), 3));
    }

    #[test]
    fn a_full_table_stays_until_it_is_cleared() {
        let (mut codes, mut width) = (vec![(0, 9)], 9);
        for next in 259..4200_u64 {
            codes.push((next % 256, width));
            width = if next >= 1 << width && width < 12 { width + 1 } else { width };
        }
        codes.extend([(256, 12), (7, 9), (258, 9), (257, 9)]);
        let data = pack(&codes, false);
        // Every code but the last is a literal; the last is the string of two sevens.
        assert_eq!(whole::<false>(&data, 64), (Step::End(data.len()), 1 + (4200 - 259) + 1 + 2));
    }

    #[test]
    fn a_walk_can_begin_again() {
        let mut lzw = Lzw::<false>::new(8);
        let (data, made) = longest(900, false);
        assert_eq!(lzw.feed(&data), Step::End(data.len()));
        lzw.start(2);
        assert_eq!(lzw.produced(), 0);
        assert_eq!(lzw.feed(&pack(&[(4, 3), (1, 3), (6, 3), (5, 3)], false)), Step::End(2));
        assert_eq!(lzw.produced(), 3);
        lzw.start(8);
        assert_eq!((lzw.feed(&data), lzw.produced()), (Step::End(data.len()), made));
    }
}
