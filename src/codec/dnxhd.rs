//! VC-3, also known as `DNxHD` and `DNxHR` (SMPTE ST 2019-1:2016, clause 6): the header of a frame.

use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;
use crate::bytes::Cursor;

pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let read = || {
        let mut cursor = Cursor::new(frame.head, 0);
        // The size of the header, then its version.
        let (high, size, version) = (cursor.be16()?, cursor.be16()?, cursor.u8()?);
        if high != 0 || size < 0x280 || !(1..=3).contains(&version) {
            return None;
        }
        let field = cursor.u8()? & 2 != 0;
        cursor.skip(0x18 - 6)?;
        let (height, width) = (u32::from(cursor.be16()?), u32::from(cursor.be16()?));
        Some((width, if field { height.saturating_mul(2) } else { height }))
    };
    let Some((width, height)) = read() else { return Err(Flaw::Invalid { at: 0 }) };
    let picture = (width > 0 && height > 0).then(|| PictureFormat { width, height, ..PictureFormat::default() });
    Ok(Glance { picture, by_itself: None })
}
