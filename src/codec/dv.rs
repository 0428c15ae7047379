//! DV (IEC 61834-2, SMPTE 314M, SMPTE 370M): frames of blocks of 80 bytes, whose number is fixed by the
//! system.

use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;

/// Bytes of a frame at 25 Mbit/s: ten or twelve sequences of 150 blocks.
const FRAME_525: u64 = 120_000;
const FRAME_625: u64 = 144_000;

const BLOCK: usize = 80;
/// Blocks in a sequence.
const SEQUENCE: u64 = 150;

/// The section that block number `at` of a sequence belongs to: header, subcode, auxiliary data, and
/// then nine times one block of sound and fifteen of video.
fn section(at: u64) -> u8 {
    match at {
        0 => 0,
        1 | 2 => 1,
        3..=5 => 2,
        _ if at.saturating_sub(6).is_multiple_of(16) => 3,
        _ => 4,
    }
}

pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    // The block that begins a sequence; its fourth byte has the system.
    let &[kind, _, _, system, ..] = frame.head else { return Err(Flaw::Invalid { at: 0 }) };
    if kind >> 5 != 0 {
        return Err(Flaw::Invalid { at: 0 });
    }
    let (one, height) = if system & 0x80 == 0 { (FRAME_525, 480) } else { (FRAME_625, 576) };
    if frame.len < one {
        return Err(Flaw::Short { at: 0, present: frame.len, expected: one });
    }
    for (block, at) in frame.head.as_chunks::<BLOCK>().0.iter().zip(0_u64..) {
        if block.first().map(|first| first >> 5) != Some(section(at % SEQUENCE)) {
            return Err(Flaw::Invalid { at: at.saturating_mul(80) });
        }
    }
    // Those at 100 Mbit/s have other sizes.
    let standard = frame.len == one || frame.len == one.saturating_mul(2);
    let picture = standard.then(|| PictureFormat { width: 720, height, ..PictureFormat::default() });
    Ok(Glance { picture, by_itself: None })
}
