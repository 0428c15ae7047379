//! The rule that H.264 and HEVC share for the bytes of a NAL unit (ITU-T H.265, clause 7.4.2.1):
//! three bytes 00 00 00, 00 00 01 or 00 00 02 do not occur in it, at no place.

/// More zeros than this at the end of a unit are no padding: recorders fill up some, a block of
/// storage that was lost is longer.
const MAX_PADDING: u64 = 255;

/// What is wrong with the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// A start code: the unit may be two units that a recorder put into one.
    StartCode,
    /// Bytes that no encoder writes.
    Forbidden,
}

/// Watches the bytes of one unit, which may come in pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    zeros: u64,
    seen: u64,
}

impl Watch {
    /// Takes in the next piece; the first breach in it and the place of its first byte, counted
    /// from the start of the unit.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Option<(Breach, u64)> {
        let start = self.seen;
        self.seen = start.saturating_add(crate::bytes::len64(piece.len()));
        let mut rest = piece;
        while !rest.is_empty() {
            if self.zeros == 0 {
                // Few bytes are zero, so that most of the time goes into finding the next.
                rest = rest.get(zero(rest)..).unwrap_or_default();
            }
            let Some((&byte, behind)) = rest.split_first() else {
                break;
            };
            let at = self.seen.saturating_sub(crate::bytes::len64(rest.len()));
            rest = behind;
            if byte == 0 {
                self.zeros = self.zeros.saturating_add(1);
                continue;
            }
            let zeros = std::mem::take(&mut self.zeros);
            let breach = match (zeros, byte) {
                (0 | 1, _) | (2, 3..) => continue,
                (2 | 3, 1) => Breach::StartCode,
                _ => Breach::Forbidden,
            };
            return Some((breach, at.saturating_sub(zeros)));
        }
        None
    }

    /// The end of the unit.
    pub(crate) fn finish(self) -> Option<(Breach, u64)> {
        (self.zeros > MAX_PADDING).then(|| (Breach::Forbidden, self.seen.saturating_sub(self.zeros)))
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

    fn watch(unit: &[u8]) -> Option<(Breach, u64)> {
        let whole = {
            let mut watch = Watch::default();
            watch.feed(unit).or_else(|| watch.finish())
        };
        let mut watch = Watch::default();
        let drip = unit.chunks(1).find_map(|piece| watch.feed(piece)).or_else(|| watch.finish());
        assert_eq!(whole, drip);
        whole
    }

    #[test]
    fn what_may_not_be_in_a_unit_is_found_where_it_is() {
        assert_eq!(watch(&[40, 1, 0, 0, 3, 1, 0, 0, 3, 9, 0, 5, 0, 0, 4, 0xff]), None);
        assert_eq!(watch(&[40, 1, 7, 0, 0, 2, 9]), Some((Breach::Forbidden, 3)));
        assert_eq!(watch(&[40, 1, 0, 0, 0, 0, 9]), Some((Breach::Forbidden, 2)));
        assert_eq!(watch(&[40, 1, 0, 0, 1, 9]), Some((Breach::StartCode, 2)));
        assert_eq!(watch(&[40, 1, 0, 0, 0, 1, 9]), Some((Breach::StartCode, 2)));
        let mut long = vec![7; 1000];
        long.extend([0; 255]);
        assert_eq!(watch(&long), None, "padding");
        long.push(0);
        assert_eq!(watch(&long), Some((Breach::Forbidden, 1000)));
    }

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
}
