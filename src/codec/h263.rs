//! H.263 (ITU-T H.263 (2005-01), clause 5.1) and its variant in Flash, Sorenson Spark (Adobe Flash Video
//! File Format Specification 10.1, annex E.4.3.1): the header of a picture.

use super::bits::Bits;
use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;

/// Sizes by source format, from 1 on.
const SIZES: [(u32, u32); 5] = [(128, 96), (176, 144), (352, 288), (704, 576), (1408, 1152)];
const EXTENDED: u32 = 7;
const CUSTOM: u32 = 6;

fn glance(size: Option<(u32, u32)>, by_itself: Option<bool>) -> Glance {
    let picture = size.map(|(width, height)| PictureFormat { width, height, ..PictureFormat::default() });
    Glance { picture, by_itself }
}

pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let mut bits = Bits::new(frame.head);
    if bits.uint(22) != Some(0x20) {
        return Err(Flaw::Invalid { at: 0 });
    }
    Ok(picture(&mut bits).unwrap_or_default())
}

/// The picture layer behind the start code.
fn picture(bits: &mut Bits<'_>) -> Option<Glance> {
    bits.skip(8 + 2 + 3)?;
    let format = bits.uint(3)?;
    if format != EXTENDED {
        let by_itself = !bits.bit()?;
        let at = format.checked_sub(1).and_then(|at| usize::try_from(at).ok())?;
        return Some(glance(SIZES.get(at).copied(), Some(by_itself)));
    }
    // PLUSPTYPE; without its full form the size is that of the last picture.
    if bits.uint(3)? != 1 {
        return Some(Glance::default());
    }
    let format = bits.uint(3)?;
    bits.skip(15)?;
    let by_itself = bits.uint(3)? == 0;
    bits.skip(6)?;
    if bits.bit()? {
        bits.skip(2)?;
    }
    if format != CUSTOM {
        let at = format.checked_sub(1).and_then(|at| usize::try_from(at).ok())?;
        return Some(glance(SIZES.get(at).copied(), Some(by_itself)));
    }
    bits.skip(4)?;
    let width = bits.uint(9)?.checked_add(1)?.checked_mul(4)?;
    bits.skip(1)?;
    let height = bits.uint(9)?.checked_mul(4)?;
    Some(glance(Some((width, height)).filter(|_| height > 0), Some(by_itself)))
}

pub(super) fn look_sorenson(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let mut bits = Bits::new(frame.head);
    if bits.uint(17) != Some(1) {
        return Err(Flaw::Invalid { at: 0 });
    }
    Ok(sorenson(&mut bits).unwrap_or_default())
}

fn sorenson(bits: &mut Bits<'_>) -> Option<Glance> {
    bits.skip(5 + 8)?;
    let size = match bits.uint(3)? {
        0 => Some((bits.uint(8)?, bits.uint(8)?)),
        1 => Some((bits.uint(16)?, bits.uint(16)?)),
        2 => Some((352, 288)),
        3 => Some((176, 144)),
        4 => Some((128, 96)),
        5 => Some((320, 240)),
        6 => Some((160, 120)),
        _ => None,
    };
    let by_itself = bits.uint(2)? == 0;
    Some(glance(size.filter(|(width, height)| *width > 0 && *height > 0), Some(by_itself)))
}
