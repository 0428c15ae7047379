//! VC-1 in its advanced profile (SMPTE ST 421:2013, clause 6.1): the sequence header.

use super::bits::{Bits, unescape};
use super::payload::PictureFormat;

const START: [u8; 4] = [0, 0, 1, 0x0f];
const ADVANCED: u32 = 3;

/// What the first sequence header in `record` says.
pub(super) fn sequence_picture(record: &[u8]) -> Option<PictureFormat> {
    let at = record.windows(START.len()).take(64).position(|found| found == START)?;
    let header = unescape(record.get(at.checked_add(START.len())?..)?);
    let mut bits = Bits::new(&header);
    bits.uint(2).filter(|profile| *profile == ADVANCED)?;
    bits.skip(3 + 2 + 3 + 5 + 1)?;
    let (width, height) =
        (bits.uint(12)?.checked_add(1)?.checked_mul(2)?, bits.uint(12)?.checked_add(1)?.checked_mul(2)?);
    Some(PictureFormat { width, height, profile: Some("Advanced"), ..PictureFormat::default() })
}
