//! `ProRes` (SMPTE RDD 36:2015, clause 5): the frame header, and whether pictures and slices fill their
//! sizes.

use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;
use crate::bytes::{Cursor, len64};

pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let mut cursor = Cursor::new(frame.head, 0);
    let size = cursor.be32().filter(|_| cursor.array() == Some(*b"icpf")).ok_or(Flaw::Invalid { at: 0 })?;
    if u64::from(size) > frame.len {
        return Err(Flaw::Short { at: 0, present: frame.len, expected: size.into() });
    }
    let header = Header::read(&mut cursor).ok_or(Flaw::Invalid { at: 8 })?;
    if len64(frame.head.len()) == frame.len {
        for _ in 0..header.pictures {
            picture(&mut cursor)?;
        }
    }
    Ok(Glance { picture: Some(header.format), by_itself: None })
}

struct Header {
    format: PictureFormat,
    pictures: u32,
}

impl Header {
    /// `frame_header()`; the cursor is left behind it.
    fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        const STATED: usize = 20;
        let rest = usize::from(cursor.be16()?).checked_sub(STATED)?;
        cursor.skip(6)?;
        let (width, height) = (u32::from(cursor.be16()?), u32::from(cursor.be16()?));
        let interlaced = cursor.u8()? >> 2 & 3 != 0;
        cursor.skip(STATED.checked_sub(13)?.checked_add(rest)?)?;
        let format = PictureFormat { width, height, ..PictureFormat::default() };
        (width > 0 && height > 0).then_some(Self { format, pictures: if interlaced { 2 } else { 1 } })
    }
}

/// `picture()`: the sizes of slices fill that of the picture, and those of colours fit their slice.
fn picture(cursor: &mut Cursor<'_>) -> Result<(), Flaw> {
    let at = cursor.offset();
    let invalid = || Flaw::Invalid { at };
    let picture = cursor.rest();
    let header = usize::from(cursor.u8().ok_or_else(invalid)? >> 3);
    let length = cursor.be32().ok_or_else(invalid)?;
    let slices = cursor.be16().ok_or_else(invalid)?;
    let whole = usize::try_from(length).ok().and_then(|length| picture.get(..length));
    let whole = whole.ok_or(Flaw::Chain { at, length: length.into() })?;
    let mut table = Cursor::new(whole, at);
    table.skip(header).filter(|()| header >= 8).ok_or_else(invalid)?;
    let sizes = table.take(usize::from(slices).saturating_mul(2)).ok_or_else(invalid)?;
    let mut data = table;
    for size in sizes.as_chunks::<2>().0 {
        let at = data.offset();
        let length = u16::from_be_bytes(*size);
        let slice = data.take(length.into()).ok_or(Flaw::Chain { at, length: length.into() })?;
        if !slice.is_empty() && !slice_fits(slice) {
            return Err(Flaw::Invalid { at });
        }
    }
    cursor.skip(whole.len().saturating_sub(7)).ok_or_else(invalid)
}

/// `slice_header()`.
fn slice_fits(slice: &[u8]) -> bool {
    let mut cursor = Cursor::new(slice, 0);
    let sizes = (|| {
        let header = cursor.u8()? >> 3;
        let _quantizer = cursor.u8()?;
        Some((usize::from(header), usize::from(cursor.be16()?), usize::from(cursor.be16()?)))
    })();
    sizes.is_some_and(|(header, luma, blue)| {
        header >= 6 && header.saturating_add(luma).saturating_add(blue) <= slice.len()
    })
}
