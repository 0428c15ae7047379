//! Frames that are PNG images (ISO/IEC 15948, clause 5): the header, and the chain of chunks.

use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;
use crate::bytes::Cursor;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Length, type and check sum of a chunk.
const AROUND: u64 = 12;

pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let mut cursor = Cursor::new(frame.head, 0);
    if cursor.array() != Some(SIGNATURE) {
        return Err(Flaw::Invalid { at: 0 });
    }
    let mut picture = None;
    loop {
        let at = cursor.offset();
        let (Some(length), Some(name)) = (cursor.be32(), cursor.array()) else {
            // Either not at hand, or missing.
            let missing = frame.len < at.saturating_add(AROUND);
            return if missing { Err(Flaw::Chain { at, length: 0 }) } else { Ok(glance(picture)) };
        };
        if at.saturating_add(length.into()).saturating_add(AROUND) > frame.len {
            return Err(Flaw::Chain { at, length: length.into() });
        }
        let body = usize::try_from(length).ok().and_then(|length| cursor.take(length));
        match (&name, body) {
            (b"IEND", _) => return Ok(glance(picture)),
            (b"IHDR", Some(body)) => {
                let mut header = Cursor::new(body, 0);
                let (width, height) = (header.be32().unwrap_or(0), header.be32().unwrap_or(0));
                picture = Some(PictureFormat { width, height, ..PictureFormat::default() });
            }
            _ => {}
        }
        if body.is_none() || cursor.skip(4).is_none() {
            return Ok(glance(picture));
        }
    }
}

fn glance(picture: Option<PictureFormat>) -> Glance {
    let picture = picture.filter(|picture| picture.width > 0 && picture.height > 0);
    Glance { picture, by_itself: None }
}
