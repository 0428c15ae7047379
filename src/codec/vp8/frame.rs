//! Frames of a stream (RFC 6386, clause 9.1), most of which are no key frames.

use super::KeyFrame;
use crate::codec::frames::{Flaw, Frame, Glance};
use crate::codec::payload::PictureFormat;

/// The part of the header that all frames have.
const TAG: u64 = 3;
const SHOWN: u8 = 0x10;

pub(crate) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let Some(&[a, b, c]) = frame.head.first_chunk() else { return Err(Flaw::Invalid { at: 0 }) };
    let tag = u32::from_le_bytes([a, b, c, 0]);
    let key = tag & 1 == 0;
    let mut picture = None;
    if key {
        // Key frames of a video need not be shown.
        let start = frame.head.first_chunk().map(|start: &[u8; 10]| {
            let mut start = *start;
            if let Some(first) = start.first_mut() {
                *first |= SHOWN;
            }
            start
        });
        let start = start.and_then(|start| KeyFrame::parse(start).ok()).ok_or(Flaw::Invalid { at: 0 })?;
        let (width, height) = (start.width, start.height);
        picture = Some(PictureFormat { width, height, ..PictureFormat::default() });
    } else if (tag >> 1) & 7 > 3 {
        return Err(Flaw::Invalid { at: 0 });
    }
    let header = if key { KeyFrame::LEN } else { TAG };
    let length = u64::from(tag >> 5);
    if header.saturating_add(length) > frame.len {
        return Err(Flaw::Chain { at: header, length });
    }
    Ok(Glance { picture, by_itself: Some(key) })
}
