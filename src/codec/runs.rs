//! Finds runs of zeros in data that comes in pieces. In coded video they tell much: two of them
//! begin every start code, and long ones are most often a block of storage that was lost.

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
                // Few bytes are zero, so that most of the time goes into finding the next.
                *rest = rest.get(zero(rest)..).unwrap_or_default();
            }
            let (&byte, behind) = rest.split_first()?;
            *rest = behind;
            if byte == 0 {
                self.zeros = self.zeros.saturating_add(1);
            } else {
                let zeros = std::mem::take(&mut self.zeros);
                if zeros >= 2 {
                    return Some(Run { zeros, byte });
                }
            }
        }
    }

    /// The zeros that the data ended with so far.
    pub(crate) fn pending(&self) -> u64 {
        self.zeros
    }
}

/// The place of the first zero, or the length if there is none: eight bytes at a time.
fn zero(data: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let (words, tail) = data.as_chunks::<8>();
    let free = words.iter().take_while(|word| {
        let word = u64::from_ne_bytes(**word);
        word.wrapping_sub(LOW) & !word & (LOW << 7) == 0
    });
    let skipped = free.count().saturating_mul(8);
    let rest = data.get(skipped..).unwrap_or(tail);
    skipped.saturating_add(rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_found_at_every_place() {
        for len in 0..40 {
            assert_eq!(zero(&vec![0x80; len]), len);
            for at in 0..len {
                let mut data = vec![1; len];
                data[at] = 0;
                assert_eq!(zero(&data), at);
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
