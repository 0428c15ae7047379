//! Finds runs of zeros in data that comes in pieces. In coded video they tell much: two of them
//! begin every start code, and long ones are most often a block of storage that was lost.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::bytes::len64;

static PAIR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\0\0"));

/// Two or more zeros and the byte that ends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) zeros: u64,
    pub(crate) byte: u8,
}

/// The state between two pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    zeros: u64,
}

impl Runs {
    /// Takes from `rest` up to the byte behind the next run of two or more zeros, or all of it.
    #[inline]
    pub(crate) fn next(&mut self, rest: &mut &[u8]) -> Option<Run> {
        loop {
            if self.zeros == 0 {
                // Runs are far apart, so that most of the time goes into finding the next.
                let Some(at) = PAIR.find(rest) else {
                    self.zeros = u64::from(rest.last() == Some(&0));
                    *rest = &[];
                    return None;
                };
                *rest = rest.get(at..).unwrap_or_default();
            }
            let more = rest.iter().take_while(|byte| **byte == 0).count();
            self.zeros = self.zeros.saturating_add(len64(more));
            let (&byte, behind) = rest.get(more..).unwrap_or_default().split_first().or_else(|| {
                *rest = &[];
                None
            })?;
            *rest = behind;
            let zeros = std::mem::take(&mut self.zeros);
            if zeros >= 2 {
                return Some(Run { zeros, byte });
            }
        }
    }

    /// The zeros that the data ended with so far.
    pub(crate) fn pending(&self) -> u64 {
        self.zeros
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_at_every_place_and_however_the_data_is_cut() {
        for (at, len) in (0..40).flat_map(|at| (0..9).map(move |len| (at, len))) {
            let mut data = [0x80; 50];
            data[at..at + len].fill(0);
            data[48] = 0;
            let expected = (len >= 2).then(|| Run { zeros: len64(len), byte: 0x80 });
            for size in [1, 2, 3, 50] {
                let mut runs = Runs::default();
                let mut found = Vec::new();
                for mut piece in data.chunks(size) {
                    while let Some(run) = runs.next(&mut piece) {
                        found.push(run);
                    }
                }
                assert_eq!(found, Vec::from_iter(expected), "{len} zeros at {at} in pieces of {size}");
                assert_eq!(runs.pending(), 0);
            }
        }
    }

    #[test]
    fn runs_may_lie_in_two_pieces() {
        let mut runs = Runs::default();
        let mut rest = &[5, 0, 6, 0, 0][..];
        assert_eq!(runs.next(&mut rest), None);
        assert_eq!(runs.pending(), 2);
        rest = &[0, 1, 0, 0, 3, 9];
        assert_eq!(runs.next(&mut rest), Some(Run { zeros: 3, byte: 1 }));
        assert_eq!(rest, [0, 0, 3, 9]);
        assert_eq!(runs.next(&mut rest), Some(Run { zeros: 2, byte: 3 }));
        assert_eq!(runs.next(&mut rest), None);
        assert!(rest.is_empty());
    }
}
