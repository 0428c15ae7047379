//! VP9: the start of the uncompressed header and the index of superframes (VP9 Bitstream & Decoding
//! Process Specification 0.6, clause 6.2 and annex B).

use super::bits::Bits;
use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;
use crate::bytes::len64;

const SYNC_CODE: u32 = 0x49_8342;
const RGB: u32 = 7;

pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let glance = header(frame.head).ok_or(Flaw::Invalid { at: 0 })?;
    if len64(frame.head.len()) == frame.len {
        index(frame.head)?;
    }
    Ok(glance)
}

/// `uncompressed_header()` up to the size of a key frame.
fn header(frame: &[u8]) -> Option<Glance> {
    let mut bits = Bits::new(frame);
    bits.uint(2).filter(|marker| *marker == 2)?;
    let profile = u32::from(bits.bit()?) | u32::from(bits.bit()?) << 1;
    if profile == 3 && bits.bit()? {
        return None;
    }
    // show_existing_frame
    if bits.bit()? {
        return Some(Glance::default());
    }
    let key = !bits.bit()?;
    bits.skip(2)?;
    if !key {
        return Some(Glance { picture: None, by_itself: Some(false) });
    }
    bits.uint(24).filter(|code| *code == SYNC_CODE)?;
    if profile >= 2 {
        bits.skip(1)?;
    }
    if bits.uint(3)? == RGB {
        bits.skip(usize::from(profile & 1 == 1))?;
    } else {
        bits.skip(if profile & 1 == 1 { 4 } else { 1 })?;
    }
    let (width, height) = (bits.uint(16)?.checked_add(1)?, bits.uint(16)?.checked_add(1)?);
    let names = ["Profile 0", "Profile 1", "Profile 2", "Profile 3"];
    let profile = usize::try_from(profile).ok().and_then(|at| names.get(at)).copied();
    let picture = PictureFormat { width, height, profile, ..PictureFormat::default() };
    Some(Glance { picture: Some(picture), by_itself: Some(true) })
}

/// The index of a superframe, if the frame is one: its frames fit into it.
fn index(frame: &[u8]) -> Result<(), Flaw> {
    let Some(&marker) = frame.last().filter(|last| **last & 0xe0 == 0xc0) else { return Ok(()) };
    let width = usize::from(marker >> 3 & 3).saturating_add(1);
    let count = usize::from(marker & 7).saturating_add(1);
    let size = width.saturating_mul(count).saturating_add(2);
    let Some((frames, index)) = frame.len().checked_sub(size).and_then(|at| frame.split_at_checked(at)) else {
        return Ok(());
    };
    if index.first() != Some(&marker) {
        return Ok(());
    }
    let mut at = 0_u64;
    for size in index.get(1..).unwrap_or_default().chunks_exact(width).take(count) {
        let length = size.iter().rev().fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
        let end = at.saturating_add(length);
        if end > len64(frames.len()) {
            return Err(Flaw::Chain { at, length });
        }
        at = end;
    }
    Ok(())
}
