//! Zeros between packets, or behind the last one: storage and discs fill up files with them, and
//! leave them where something was not written.

use std::ops::Range;

use crate::bytes::len64;
use crate::input::{Input, Walk};

/// Zeros at the end are no more than filling if they are one part in so many of the file, or a
/// larger part of a small file, but no more than so many bytes.
const PART: u64 = 20;
const PART_OF_SMALL: u64 = 4;
const MAX_OF_SMALL: u64 = 64 << 10;

/// Whether the last `bytes` of a file of `size`, which are zeros, are no more than filling.
pub(super) fn fill_up(bytes: u64, size: u64) -> bool {
    bytes <= (size / PART_OF_SMALL).min(MAX_OF_SMALL).max(size / PART)
}

/// Whether there are only zeros in `range`.
pub(super) fn all_zero(input: &mut Input<'_>, range: &Range<u64>) -> Walk<bool> {
    let mut at = range.start;
    while at < range.end {
        let piece = input.fill(at, range.end)?;
        if piece.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        at = at.saturating_add(len64(piece.len()));
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    #[test]
    fn filling_is_a_small_part_of_the_file() {
        assert!(fill_up(25, 100) && !fill_up(26, 100));
        assert!(fill_up(64 << 10, 1 << 20) && !fill_up((64 << 10) + 1, 1 << 20));
        assert!(fill_up(5 << 20, 100 << 20) && !fill_up(6 << 20, 100 << 20));
    }

    #[test]
    fn one_byte_makes_a_difference() {
        let mut bytes = vec![0; 100];
        bytes[70] = 1;
        let mut input = Input::new(&bytes, &Budget::default()).unwrap();
        assert!(all_zero(&mut input, &(0..70)).unwrap() && all_zero(&mut input, &(71..100)).unwrap());
        assert!(!all_zero(&mut input, &(0..71)).unwrap());
    }
}
