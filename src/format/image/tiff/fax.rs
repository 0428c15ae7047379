//! Bilevel pixels as fax machines code them (ITU-T T.4 and T.6; TIFF 6.0, sections 10 and 11): the runs
//! of every row are added up, since together they have to be as wide as the picture.

use std::sync::LazyLock;

use crate::bytes::index;
use crate::codec::window::Window;
use crate::input::{Input, Walk};

/// Pictures wider than this are not looked at: positions have to fit in 32 bits with a sign.
pub(super) const MOST_COLUMNS: u32 = 1 << 24;
/// The most bits that are looked at in one go.
const LOOK: u32 = 24;
/// Rows that make up one step of work; a row may take a single bit.
const ROWS_A_STEP: u64 = 8;

/// How rows are coded and told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// T.4, one-dimensional, each row begun at a multiple of that many bits.
    Rows { align: u32 },
    /// T.4 with a mark (EOL) before each row, which in the two-dimensional variant says how the row is coded.
    Group3 { two_dimensional: bool },
    /// T.6: every row by its difference from the one above.
    Group4,
}

/// What a walk over a strip found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Rows that were walked, good or bad.
    pub(super) rows: u64,
    /// The first bad one, and how many there are.
    pub(super) first_bad: Option<u64>,
    pub(super) bad: u64,
    /// File offset of the first bad row's fault, or of the end.
    pub(super) offset: u64,
    /// Bytes that were not needed.
    pub(super) left: u64,
}

/// Why a row does not come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// No code, or one that leads out of the row.
    Bad,
    /// The picture ends here.
    End,
}

/// The codes of one colour by the next 13 bits: run and length of the code; length 0 if there is none.
type Runs = [(u16, u8)];

static CODES: LazyLock<[Vec<(u16, u8)>; 2]> = LazyLock::new(|| [runs(&WHITE), runs(&BLACK)]);

fn runs(codes: &[&str]) -> Vec<(u16, u8)> {
    const WIDTH: usize = 13;
    let mut table = vec![(0, 0); 1 << WIDTH];
    let lengths = (0..64).chain((64..=1728).step_by(64));
    let long = (1792..).step_by(64).zip(LONG);
    for (run, code) in lengths.zip(codes.iter().copied()).chain(long) {
        let Ok(first) = usize::from_str_radix(code, 2) else { continue };
        let free = WIDTH.saturating_sub(code.len());
        let entries = table.iter_mut().skip(first << free).take(1 << free);
        let length = u8::try_from(code.len()).unwrap_or_default();
        entries.for_each(|entry| *entry = (run, length));
    }
    table
}

/// A walk over strips of one picture.
pub(super) struct Fax {
    pub(super) scheme: Scheme,
    /// Pixels of a row.
    pub(super) width: u32,
    /// Whether the first bit of a byte is the least significant one.
    pub(super) reversed: bool,
}

impl Fax {
    /// Walks the strip of `rows` rows that lies at `start` to `end`.
    pub(super) fn walk(&self, input: &mut Input<'_>, (start, end): (u64, u64), rows: u64) -> Walk<Outcome> {
        let width = i32::try_from(self.width).unwrap_or(i32::MAX);
        let bits =
            Bits { window: Window::new(start, end), reversed: self.reversed, value: 0, count: 0, taken: 0, past: 0 };
        let mut strip = Strip { bits, width, above: Vec::new(), row: Vec::new(), astray: false };
        let mut outcome = Outcome::default();
        while outcome.rows < rows {
            if outcome.rows.is_multiple_of(ROWS_A_STEP) {
                input.work(1)?;
            }
            let walked = match self.scheme {
                Scheme::Rows { align } => {
                    strip.bits.align(input, align)?;
                    strip.runs(input)?
                }
                Scheme::Group3 { two_dimensional } => strip.marked_row(input, two_dimensional)?,
                Scheme::Group4 => strip.differences(input)?,
            };
            // What is left of the data may be the first part of a code.
            let cut_off = walked == Err(Fault::Bad) && strip.bits.is_at_end();
            if walked == Err(Fault::End) || cut_off || strip.bits.is_exhausted() {
                break;
            }
            strip.astray = walked == Err(Fault::Bad);
            if strip.astray {
                if outcome.first_bad.is_none() {
                    outcome.first_bad = Some(outcome.rows);
                    outcome.offset = strip.bits.offset();
                }
                outcome.bad = outcome.bad.saturating_add(1);
                if !matches!(self.scheme, Scheme::Group3 { .. }) {
                    break;
                }
            }
            outcome.rows = outcome.rows.saturating_add(1);
        }
        if outcome.first_bad.is_none() {
            outcome.offset = strip.bits.offset();
        }
        outcome.left = strip.bits.left();
        Ok(outcome)
    }
}

/// The rows of a strip, as the positions where the colour changes; white comes first.
struct Strip {
    bits: Bits,
    width: i32,
    above: Vec<i32>,
    row: Vec<i32>,
    /// Whether the last row was left early, so that the rest of it is still to come.
    astray: bool,
}

/// What a row is made of in two dimensions (T.4, table 4).
#[derive(Clone, Copy)]
enum Mode {
    Pass,
    Horizontal,
    Vertical(i32),
}

impl Strip {
    /// A row behind its mark (T.4, clause 4.1.2).
    fn marked_row(&mut self, input: &mut Input<'_>, two_dimensional: bool) -> Walk<Result<(), Fault>> {
        // Only zeros may be between a row and the next mark.
        let mut stray = false;
        while self.bits.look(input, 11)? != 0 {
            if self.bits.is_exhausted() {
                return Ok(Err(Fault::End));
            }
            stray |= self.bits.take(input, 1)? != 0;
        }
        while self.bits.take(input, 1)? == 0 {
            if self.bits.is_exhausted() {
                return Ok(Err(Fault::End));
            }
        }
        let one_dimensional = !two_dimensional || self.bits.take(input, 1)? == 1;
        // Marks without a row between them end the picture.
        if self.bits.look(input, 12)? == 1 {
            return Ok(Err(Fault::End));
        }
        let walked = if one_dimensional { self.runs(input)? } else { self.differences(input)? };
        Ok(if stray && !self.astray { Err(Fault::Bad) } else { walked })
    }

    /// A row of runs (T.4, clause 4.1.1).
    fn runs(&mut self, input: &mut Input<'_>) -> Walk<Result<(), Fault>> {
        self.row.clear();
        let (mut at, mut black) = (0, false);
        while at < self.width {
            let Some(end) = self.run(input, at, black)? else { return Ok(Err(Fault::Bad)) };
            at = end;
            self.row.push(at);
            black = !black;
        }
        self.finish_row();
        Ok(Ok(()))
    }

    /// The end of the run that begins at `at`; `None` if it has no code or does not fit.
    fn run(&mut self, input: &mut Input<'_>, at: i32, black: bool) -> Walk<Option<i32>> {
        let [white, dark] = &*CODES;
        let codes: &Runs = if black { dark } else { white };
        let mut end = at;
        loop {
            let look = self.bits.look(input, 13)?;
            let (run, length) = codes.get(index(look.into())).copied().unwrap_or_default();
            end = end.saturating_add(run.into());
            if length == 0 || end > self.width || self.bits.is_exhausted() {
                return Ok(None);
            }
            self.bits.take(input, length.into())?;
            if run < 64 {
                return Ok(Some(end));
            }
        }
    }

    /// A row as its difference from the one above (T.4, clause 4.2.1.3; T.6, clause 2.2).
    fn differences(&mut self, input: &mut Input<'_>) -> Walk<Result<(), Fault>> {
        self.row.clear();
        // The row begins with an imaginary white pixel before the first one.
        let (mut at, mut black, mut place) = (-1, false, 0_usize);
        while at < self.width {
            let Some(mode) = self.mode(input)? else {
                let ended = at < 0 && self.bits.look(input, 12)? == 1;
                return Ok(Err(if ended { Fault::End } else { Fault::Bad }));
            };
            place = self.first_change(place, at, black);
            match mode {
                Mode::Pass => at = self.change_above(place.saturating_add(1)),
                Mode::Vertical(shift) => {
                    let to = self.change_above(place).saturating_add(shift);
                    if to <= at || to > self.width {
                        return Ok(Err(Fault::Bad));
                    }
                    self.row.push(to);
                    at = to;
                    black = !black;
                }
                Mode::Horizontal => {
                    for color in [black, !black] {
                        let Some(end) = self.run(input, at.max(0), color)? else { return Ok(Err(Fault::Bad)) };
                        self.row.push(end);
                        at = end;
                    }
                }
            }
            if self.bits.is_exhausted() {
                return Ok(Err(Fault::End));
            }
        }
        self.finish_row();
        Ok(Ok(()))
    }

    /// Which of the changes above is the first one behind `at` from the colour of the row to the other one. The search
    /// begins at `place`, where the last one ended.
    fn first_change(&self, mut place: usize, at: i32, black: bool) -> usize {
        while place.checked_sub(1).is_some_and(|before| self.change_above(before) > at) {
            place = place.saturating_sub(1);
        }
        while self.above.get(place).is_some_and(|change| *change <= at) {
            place = place.saturating_add(1);
        }
        // Changes to black have even places.
        if place.is_multiple_of(2) == black { place.saturating_add(1) } else { place }
    }

    /// A change in the row above; behind the last one its end.
    fn change_above(&self, place: usize) -> i32 {
        self.above.get(place).copied().unwrap_or(self.width)
    }

    fn mode(&mut self, input: &mut Input<'_>) -> Walk<Option<Mode>> {
        let look = self.bits.look(input, 7)?;
        let (mode, length) = match look.leading_zeros().saturating_sub(32 - 7) {
            0 => (Mode::Vertical(0), 1),
            1 => (Mode::Vertical(if look & 0b001_0000 != 0 { 1 } else { -1 }), 3),
            2 => (Mode::Horizontal, 3),
            3 => (Mode::Pass, 4),
            4 => (Mode::Vertical(if look & 0b000_0010 != 0 { 2 } else { -2 }), 6),
            5 => (Mode::Vertical(if look & 0b000_0001 != 0 { 3 } else { -3 }), 7),
            // Extensions, which nobody uses, or a mark.
            _ => return Ok(None),
        };
        self.bits.take(input, length)?;
        Ok(Some(mode))
    }

    fn finish_row(&mut self) {
        std::mem::swap(&mut self.above, &mut self.row);
    }
}

/// The bits of a strip. Behind its end there are zeros.
struct Bits {
    window: Window,
    reversed: bool,
    /// The next bits, the first one at the top, and how many there are.
    value: u64,
    count: u32,
    taken: u64,
    /// How many bits were made up.
    past: u64,
}

impl Bits {
    /// The next `count` bits, at most [`LOOK`].
    fn look(&mut self, input: &mut Input<'_>, count: u32) -> Walk<u32> {
        if self.count < count {
            self.load(input)?;
        }
        let top = self.value.wrapping_shr(64_u32.saturating_sub(count));
        Ok(u32::try_from(top).unwrap_or_default())
    }

    /// Passes the next `count` bits, of which there is at least one.
    fn take(&mut self, input: &mut Input<'_>, count: u32) -> Walk<u32> {
        let bits = self.look(input, count)?;
        self.value = self.value.wrapping_shl(count);
        self.count = self.count.saturating_sub(count);
        self.taken = self.taken.saturating_add(count.into());
        Ok(bits)
    }

    fn load(&mut self, input: &mut Input<'_>) -> Walk {
        self.window.top_up(input, 8)?;
        while self.count <= LOOK {
            let held = self.window.held();
            let rest = held.len().saturating_sub(1);
            let byte = held.first().copied();
            match byte {
                Some(_) => self.window.keep(rest),
                None => self.past = self.past.saturating_add(8),
            }
            let byte = byte.unwrap_or_default();
            let byte = if self.reversed { byte.reverse_bits() } else { byte };
            self.value |= u64::from(byte) << 56_u32.saturating_sub(self.count);
            self.count = self.count.saturating_add(8);
        }
        Ok(())
    }

    /// Passes bits up to the next multiple of `align`.
    fn align(&mut self, input: &mut Input<'_>, align: u32) -> Walk {
        while !self.taken.is_multiple_of(align.into()) {
            self.take(input, 1)?;
        }
        Ok(())
    }

    /// Whether bits were taken that are not there.
    fn is_exhausted(&self) -> bool {
        self.past > u64::from(self.count)
    }

    /// Whether there is less left than a code may have.
    fn is_at_end(&self) -> bool {
        self.past > 0 && u64::from(self.count).saturating_sub(self.past) < 13
    }

    /// Whole bytes that were not taken.
    fn left(&self) -> u64 {
        let here = u64::from(self.count).saturating_sub(self.past) / 8;
        self.window.left().saturating_add(here)
    }

    /// Where in the file the next bit is.
    fn offset(&self) -> u64 {
        let here = u64::from(self.count).saturating_sub(self.past) / 8;
        self.window.offset().saturating_sub(here)
    }
}

/// White runs of 0 to 63 pixels, then of 64, 128 and so on to 1728 (tables 2 and 3a).
#[rustfmt::skip]
const WHITE: [&str; 91] = [
    "00110101", "000111", "0111", "1000", "1011", "1100", "1110", "1111", "10011", "10100", "00111", "01000",
    "001000", "000011", "110100", "110101", "101010", "101011", "0100111", "0001100", "0001000", "0010111", "0000011",
    "0000100", "0101000", "0101011", "0010011", "0100100", "0011000", "00000010", "00000011", "00011010", "00011011",
    "00010010", "00010011", "00010100", "00010101", "00010110", "00010111", "00101000", "00101001", "00101010",
    "00101011", "00101100", "00101101", "00000100", "00000101", "00001010", "00001011", "01010010", "01010011",
    "01010100", "01010101", "00100100", "00100101", "01011000", "01011001", "01011010", "01011011", "01001010",
    "01001011", "00110010", "00110011", "00110100", "11011", "10010", "010111", "0110111", "00110110", "00110111",
    "01100100", "01100101", "01101000", "01100111", "011001100", "011001101", "011010010", "011010011", "011010100",
    "011010101", "011010110", "011010111", "011011000", "011011001", "011011010", "011011011", "010011000",
    "010011001", "010011010", "011000", "010011011",
];

/// Black runs likewise.
#[rustfmt::skip]
const BLACK: [&str; 91] = [
    "0000110111", "010", "11", "10", "011", "0011", "0010", "00011", "000101", "000100", "0000100", "0000101",
    "0000111", "00000100", "00000111", "000011000", "0000010111", "0000011000", "0000001000", "00001100111",
    "00001101000", "00001101100", "00000110111", "00000101000", "00000010111", "00000011000", "000011001010",
    "000011001011", "000011001100", "000011001101", "000001101000", "000001101001", "000001101010", "000001101011",
    "000011010010", "000011010011", "000011010100", "000011010101", "000011010110", "000011010111", "000001101100",
    "000001101101", "000011011010", "000011011011", "000001010100", "000001010101", "000001010110", "000001010111",
    "000001100100", "000001100101", "000001010010", "000001010011", "000000100100", "000000110111", "000000111000",
    "000000100111", "000000101000", "000001011000", "000001011001", "000000101011", "000000101100", "000001011010",
    "000001100110", "000001100111", "0000001111", "000011001000", "000011001001", "000001011011", "000000110011",
    "000000110100", "000000110101", "0000001101100", "0000001101101", "0000001001010", "0000001001011",
    "0000001001100", "0000001001101", "0000001110010", "0000001110011", "0000001110100", "0000001110101",
    "0000001110110", "0000001110111", "0000001010010", "0000001010011", "0000001010100", "0000001010101",
    "0000001011010", "0000001011011", "0000001100100", "0000001100101",
];

/// Runs of 1792, 1856 and so on to 2560 pixels of either colour (table 3b).
#[rustfmt::skip]
const LONG: [&str; 13] = [
    "00000001000", "00000001100", "00000001101", "000000010010", "000000010011", "000000010100", "000000010101",
    "000000010110", "000000010111", "000000011100", "000000011101", "000000011110", "000000011111",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;
    use crate::input::Budget;

    fn pack(bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().filter(u8::is_ascii_digit).map(|digit| digit & 1).collect();
        bits.chunks(8).map(|byte| byte.iter().zip((0..8).rev()).fold(0, |sum, (bit, at)| sum | bit << at)).collect()
    }

    fn walk(scheme: Scheme, width: u32, rows: u64, bits: &str) -> Outcome {
        let data = pack(bits);
        let mut input = Input::new(&data, &Budget::default()).unwrap();
        let outcome = Fax { scheme, width, reversed: false }.walk(&mut input, (0, len64(data.len())), rows).unwrap();
        let mirrored: Vec<u8> = data.iter().map(|byte| byte.reverse_bits()).collect();
        let mut input = Input::new(&mirrored, &Budget::default()).unwrap();
        let again = Fax { scheme, width, reversed: true }.walk(&mut input, (0, len64(data.len())), rows).unwrap();
        assert_eq!(outcome, again);
        outcome
    }

    #[test]
    fn codes_are_prefix_free_and_all_there() {
        for table in CODES.iter() {
            let codes = table.iter().filter(|entry| entry.1 > 0).count();
            // All but those that begin with eight zeros, which marks begin with.
            assert_eq!(codes, (1 << 13) - (1 << 5));
        }
    }

    #[test]
    fn rows_of_runs_add_up() {
        let rows = Scheme::Rows { align: 8 };
        // 4 white 2 black 2 white; 0 white 8 black.
        assert_eq!(walk(rows, 8, 2, "1011 11 0111 000000 00110101 000101 00").rows, 2);
        let long = walk(rows, 8, 2, "1011 11 0111 000000 00110101 0000111 0 0111 0111 0111 0111");
        assert_eq!((long.rows, long.first_bad), (1, Some(1)), "12 black pixels do not fit");
        let short = walk(rows, 8, 3, "1011 11 0111 000000 00110101 000101 00");
        assert_eq!((short.rows, short.first_bad), (2, None));
        // A make-up code: 64 + 2 white.
        assert_eq!(walk(Scheme::Rows { align: 16 }, 66, 1, "11011 0111").rows, 1);
    }

    #[test]
    fn marks_part_rows() {
        let group3 = Scheme::Group3 { two_dimensional: false };
        let mark = "000000000001";
        let row = "1011 11 0111";
        let end = mark.repeat(6);
        assert_eq!(walk(group3, 8, 2, &format!("{mark}{row}0000{mark}{row}{end}")).rows, 2);
        let outcome = walk(group3, 8, 3, &format!("{mark}{row}{mark}1011 11 1000{mark}{row}"));
        assert_eq!((outcome.rows, outcome.first_bad, outcome.bad), (3, Some(1), 1), "{outcome:?}");
        assert_eq!(walk(group3, 8, 3, &format!("{mark}{row}{end}")).rows, 1);
        let mixed = Scheme::Group3 { two_dimensional: true };
        assert_eq!(walk(mixed, 8, 2, &format!("{mark}1{row}{mark}0 1 011 010 {end}")).rows, 2);
    }

    #[test]
    fn differences_follow_the_row_above() {
        // All white; 4 white 2 black 2 white; the same, with both edges one to the right; the black gone.
        let rows = "1 001 1011 11 1 011 011 1 0001 1";
        let end = "000000000001 000000000001";
        let outcome = walk(Scheme::Group4, 8, 4, &format!("{rows}{end}"));
        assert_eq!((outcome.rows, outcome.first_bad), (4, None));
        assert_eq!(walk(Scheme::Group4, 8, 5, &format!("{rows}{end}")).rows, 4);
        let outcome = walk(Scheme::Group4, 8, 4, "1 001 1011 11 1 0000001 000 1 1 1 1 1 1 1 1 1 1 1");
        assert_eq!((outcome.rows, outcome.first_bad), (2, Some(2)));
        assert_eq!(
            walk(Scheme::Group4, 8, 1, "010 010 1 1 1 1 1 1 1 1 1 1 1 1 1 1").first_bad,
            Some(0),
            "two changes at one place"
        );
        assert_eq!(
            walk(Scheme::Group4, 8, 1, "011 1 1 1 1 1 1 1 1 1 1 1 1 1 1").first_bad,
            Some(0),
            "beyond the end of the row"
        );
    }
}
