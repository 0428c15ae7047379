//! Bits of parameter sets and headers, most significant first, and the codes that H.26x and AV1
//! write numbers in.

/// A position in a slice, counted in bits.
#[derive(Clone, Debug)]
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    /// How many bits were taken.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next bit.
    pub(crate) fn bit(&mut self) -> Option<bool> {
        let byte = *self.data.get(self.at >> 3)?;
        let set = byte << (self.at & 7) & 0x80 != 0;
        self.at = self.at.checked_add(1)?;
        Some(set)
    }

    /// The next `n` bits (at most 32) as a number.
    pub(crate) fn uint(&mut self, n: u32) -> Option<u32> {
        let mut value = 0_u32;
        for _ in 0..n.min(32) {
            value = value << 1 | u32::from(self.bit()?);
        }
        Some(value)
    }

    /// Passes over `n` bits.
    pub(crate) fn skip(&mut self, n: usize) -> Option<()> {
        self.at = self.at.checked_add(n).filter(|at| *at <= self.data.len().saturating_mul(8))?;
        Some(())
    }

    /// An unsigned Exp-Golomb code: `ue(v)` of H.26x.
    pub(crate) fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0_u32;
        while !self.bit()? {
            zeros = zeros.checked_add(1).filter(|zeros| *zeros < 32)?;
        }
        let base = 1_u32.checked_shl(zeros)?.checked_sub(1)?;
        base.checked_add(self.uint(zeros)?)
    }

    /// A `ue(v)` that may be no greater than `max`.
    pub(crate) fn ue_max(&mut self, max: u32) -> Option<u32> {
        self.ue().filter(|value| *value <= max)
    }

    /// A signed Exp-Golomb code: `se(v)` of H.26x.
    pub(crate) fn se(&mut self) -> Option<i32> {
        let code = i64::from(self.ue()?);
        let half = code.checked_add(1)? >> 1;
        i32::try_from(if code & 1 == 1 { half } else { half.checked_neg()? }).ok()
    }

    /// Whether more follows than the stop bit and its zeros: `more_rbsp_data()` of H.26x.
    #[allow(dead_code, reason = "for the parameter sets of videos")]
    pub(crate) fn more_data(&self) -> bool {
        let Some(last) = self.data.iter().rposition(|byte| *byte != 0) else {
            return false;
        };
        let low = self.data.get(last).map_or(0, |byte| byte.trailing_zeros());
        let stop = last.saturating_mul(8).saturating_add(7).saturating_sub(usize::try_from(low).unwrap_or(0));
        self.at < stop
    }
}

/// A payload of H.26x without the bytes that keep it from looking like a start code.
pub(crate) fn unescape(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len());
    Unescape::default().push(payload, &mut out);
    out
}

/// Takes those bytes out of a payload that comes in pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unescape {
    /// Zeros at the end of the last piece.
    zeros: u8,
}

impl Unescape {
    /// Appends the next piece to `out`.
    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        // Escapes are far apart: what lies between them is copied in one go.
        let mut rest = piece;
        while let Some(at) = self.next_escape(rest) {
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            out.extend_from_slice(before);
            rest = behind.split_first().map_or(&[], |(_, rest)| rest);
            self.zeros = 0;
        }
        out.extend_from_slice(rest);
    }

    fn next_escape(&mut self, data: &[u8]) -> Option<usize> {
        let mut zeros = self.zeros;
        for (at, &byte) in data.iter().enumerate() {
            if byte == 3 && zeros >= 2 {
                return Some(at);
            }
            zeros = if byte == 0 { zeros.saturating_add(1) } else { 0 };
        }
        self.zeros = zeros;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes() {
        // 1 010 011 00100 00101, then se: 010 = 1, 011 = -1, 00100 = 2, 1 = 0
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1010_0110, 0b0100_1000]);
        let codes: Vec<_> = (0..5).map(|_| bits.ue().unwrap()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4]);
        assert_eq!((bits.se(), bits.se(), bits.se(), bits.se()), (Some(1), Some(-1), Some(2), Some(0)));
        assert_eq!(Bits::new(&[0; 8]).ue(), None);
        assert_eq!(Bits::new(&[]).uint(1), None);
        assert_eq!(Bits::new(&[0xff]).skip(9), None);
    }

    #[test]
    fn the_stop_bit_is_no_data() {
        let mut bits = Bits::new(&[0b1010_1000, 0]);
        assert!(bits.more_data());
        bits.skip(4).unwrap();
        assert!(!bits.more_data());
        assert!(!Bits::new(&[0, 0]).more_data());
    }

    #[test]
    fn escapes_are_taken_out() {
        assert_eq!(unescape(&[1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3]), [1, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(unescape(&[0, 3, 0, 0]), [0, 3, 0, 0]);
        let (mut unescape, mut out) = (Unescape::default(), Vec::new());
        for byte in [9, 0, 0, 3, 0, 0, 3, 3] {
            unescape.push(&[byte], &mut out);
        }
        assert_eq!(out, [9, 0, 0, 0, 0, 3]);
    }
}
