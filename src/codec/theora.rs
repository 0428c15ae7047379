//! Theora (Theora Specification, clause 6.2): the identification header.

use super::payload::PictureFormat;
use super::vui::{frame_rate, not_square};
use crate::bytes::Cursor;

const START: &[u8] = b"\x80theora";

/// What the identification header says, which stands at the start of `record` or behind the sizes of
/// the three headers.
pub(super) fn header_picture(record: &[u8]) -> Option<PictureFormat> {
    let at = record.windows(START.len()).take(64).position(|found| found == START)?;
    let mut cursor = Cursor::new(record.get(at..)?, 0);
    cursor.skip(START.len().checked_add(3 + 4)?)?;
    let size = |[a, b, c]: [u8; 3]| u32::from_be_bytes([0, a, b, c]);
    let (width, height) = (size(cursor.array()?), size(cursor.array()?));
    cursor.skip(2)?;
    let frame_rate = frame_rate(cursor.be32()?, cursor.be32()?.into());
    let sample_aspect = not_square((size(cursor.array()?), size(cursor.array()?)));
    (width > 0 && height > 0).then_some(PictureFormat { width, height, sample_aspect, frame_rate, profile: None })
}
