//! The rule that H.264 and HEVC share for the bytes of a NAL unit (ITU-T H.265, clause 7.4.2.1):
//! three bytes 00 00 00, 00 00 01 or 00 00 02 do not occur in it, at no place.

use super::runs::{Run, Runs};
use crate::bytes::len64;

/// More zeros than this at the end of a unit are no padding: recorders fill up some, a block of
/// storage that was lost is longer.
pub(super) const MAX_PADDING: u64 = 255;

/// What is wrong with the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// A start code: the unit may be two units that a recorder put into one.
    StartCode,
    /// Bytes that no encoder writes.
    Forbidden,
}

impl Breach {
    /// What a run of zeros and the byte behind it are in the middle of a unit.
    pub(crate) fn of(run: Run) -> Option<Self> {
        match (run.zeros, run.byte) {
            (..=1, _) | (2, 3..) => None,
            (2 | 3, 1) => Some(Self::StartCode),
            _ => Some(Self::Forbidden),
        }
    }
}

/// Watches the bytes of one unit, which may come in pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    runs: Runs,
    seen: u64,
}

impl Watch {
    /// Takes in the next piece; the first breach in it and the place of its first byte, counted
    /// from the start of the unit.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Option<(Breach, u64)> {
        let end = self.seen.saturating_add(len64(piece.len()));
        self.seen = end;
        let mut rest = piece;
        while let Some(run) = self.runs.next(&mut rest) {
            if let Some(breach) = Breach::of(run) {
                let behind = end.saturating_sub(len64(rest.len()));
                return Some((breach, behind.saturating_sub(run.zeros).saturating_sub(1)));
            }
        }
        None
    }

    /// The end of the unit.
    pub(crate) fn finish(self) -> Option<(Breach, u64)> {
        let zeros = self.runs.pending();
        (zeros > MAX_PADDING).then(|| (Breach::Forbidden, self.seen.saturating_sub(zeros)))
    }
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
}
