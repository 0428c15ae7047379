//! AV1: the configuration record (AV1 Codec ISO Media File Format Binding, clause 2.3) and open
//! bitstream units (AV1 Bitstream & Decoding Process Specification, clause 5).

use super::bits::Bits;
use super::frames::{Flaw, Frame, Glance};
use super::payload::PictureFormat;
use crate::bytes::{index, len64};

/// `av1C`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Config<'a> {
    pub(crate) bit_depth: u8,
    pub(crate) monochrome: bool,
    /// Units that come before those of the stream.
    pub(crate) units: &'a [u8],
}

impl<'a> Config<'a> {
    pub(crate) fn read(record: &'a [u8]) -> Option<Self> {
        let (&[0x81, profile, flags, _], units) = record.split_first_chunk()? else {
            return None;
        };
        let bit_depth = match (flags & 0x40 != 0, flags & 0x20 != 0) {
            (false, false) => 8,
            (true, false) => 10,
            (true, true) => 12,
            (false, true) => return None,
        };
        (profile >> 5 <= 2).then_some(Self { bit_depth, monochrome: flags & 0x10 != 0, units })
    }
}

/// `obu_type` of the units that matter here.
pub(crate) const SEQUENCE_HEADER: u8 = 1;
pub(crate) const FRAME_HEADER: u8 = 3;
pub(crate) const TILE_GROUP: u8 = 4;
pub(crate) const FRAME: u8 = 6;

/// The longest header: two bytes and a size of eight.
pub(crate) const UNIT_HEADER_MAX: u64 = 10;

/// The header of a unit (clauses 5.3.2 and 4.10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnitHeader {
    pub(crate) kind: u8,
    /// Bytes of the header, with the size in it.
    pub(crate) len: u64,
    /// Bytes behind the header; `None` if the unit takes all there is.
    pub(crate) size: Option<u64>,
}

impl UnitHeader {
    /// Reads the header; `None` if it breaks its rules.
    pub(crate) fn read(unit: &[u8]) -> Option<Self> {
        let (&first, mut rest) = unit.split_first()?;
        // Bit 7 is forbidden and bit 0 reserved.
        if first & 0x81 != 0 {
            return None;
        }
        let mut len = 1_u64;
        if first & 4 != 0 {
            rest = rest.split_first()?.1;
            len = 2;
        }
        let kind = first >> 3 & 15;
        if first & 2 == 0 {
            return Some(Self { kind, len, size: None });
        }
        let (size, size_len) = leb128(rest)?;
        Some(Self { kind, len: len.saturating_add(size_len), size: Some(size) })
    }
}

/// A number of at most 32 bits in groups of seven, and how many bytes it took.
fn leb128(data: &[u8]) -> Option<(u64, u64)> {
    let mut value = 0_u64;
    for (&byte, at) in data.iter().zip(0_u32..8) {
        value |= u64::from(byte & 0x7f) << at.saturating_mul(7);
        if byte & 0x80 == 0 {
            return u32::try_from(value).is_ok().then_some((value, u64::from(at).saturating_add(1)));
        }
    }
    None
}

/// What `av1C` says of the picture, if it has a sequence header, which it need not have.
pub(super) fn configured_picture(record: &[u8]) -> Result<Option<PictureFormat>, Flaw> {
    // GStreamer writes zeros where it knows nothing; decoders take what the stream says.
    if record.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    // Before the format was settled there were only units.
    let units = Config::read(record).map_or(record, |config| config.units);
    look(Frame { head: units, len: len64(units.len()) }).map(|glance| glance.picture)
}

/// The units of a temporal unit: whether they fill it, and what the first of them say.
pub(super) fn look(frame: Frame<'_>) -> Result<Glance, Flaw> {
    let mut glance = Glance::default();
    let mut at = 0_u64;
    while let Some(rest) = frame.head.get(index(at)..).filter(|rest| !rest.is_empty()) {
        let header = match UnitHeader::read(rest) {
            Some(header) if !matches!(header.kind, 0 | 9..=14) => header,
            // Only a part of it may be at hand.
            None if at.saturating_add(UNIT_HEADER_MAX) > len64(frame.head.len()) && at_hand_only(frame) => break,
            _ => return Err(Flaw::Invalid { at }),
        };
        let start = at.saturating_add(header.len);
        let end = header.size.map_or(frame.len, |size| start.saturating_add(size));
        if end > frame.len {
            return Err(Flaw::Chain { at, length: header.size.unwrap_or_default() });
        }
        let payload = frame.head.get(index(start)..).unwrap_or_default();
        let payload = payload.get(..index(end.saturating_sub(start))).unwrap_or(payload);
        match header.kind {
            SEQUENCE_HEADER if glance.picture.is_none() => {
                let (width, height) = frame_size(payload).ok_or(Flaw::Invalid { at })?;
                let profile = payload.first().and_then(|first| PROFILES.get(usize::from(first >> 5))).copied();
                glance.picture = Some(PictureFormat { width, height, profile, ..PictureFormat::default() });
            }
            FRAME | FRAME_HEADER if glance.by_itself.is_none() => {
                // show_existing_frame and frame_type; only still pictures have a shorter header, and they
                // come with a sequence header.
                let key = payload.first().is_some_and(|first| first & 0xe0 == 0);
                glance.by_itself = Some(key || glance.picture.is_some());
            }
            _ => {}
        }
        at = end;
    }
    Ok(glance)
}

fn at_hand_only(frame: Frame<'_>) -> bool {
    len64(frame.head.len()) < frame.len
}

/// By `seq_profile`.
const PROFILES: [&str; 3] = ["Main", "High", "Professional"];

/// The largest frame that a sequence header allows (clause 5.5.1).
pub(crate) fn frame_size(sequence_header: &[u8]) -> Option<(u32, u32)> {
    let mut bits = Bits::new(sequence_header);
    // Profiles above 2 are reserved.
    bits.uint(3).filter(|profile| *profile <= 2)?;
    bits.bit()?;
    let reduced = bits.bit()?;
    if reduced {
        bits.skip(5)?;
    } else {
        let delay_bits = skip_timing(&mut bits)?;
        let display_delay = bits.bit()?;
        for _ in 0..=bits.uint(5)? {
            bits.skip(12)?;
            if bits.uint(5)? > 7 {
                bits.bit()?;
            }
            if delay_bits > 0 && bits.bit()? {
                bits.skip(delay_bits.saturating_mul(2).saturating_add(1))?;
            }
            if display_delay && bits.bit()? {
                bits.skip(4)?;
            }
        }
    }
    let (width_bits, height_bits) = (bits.uint(4)?.saturating_add(1), bits.uint(4)?.saturating_add(1));
    let (width, height) = (bits.uint(width_bits)?, bits.uint(height_bits)?);
    Some((width.saturating_add(1), height.saturating_add(1)))
}

/// `timing_info()` and `decoder_model_info()`: the bits of a buffer delay, 0 if there are none.
fn skip_timing(bits: &mut Bits<'_>) -> Option<usize> {
    if !bits.bit()? {
        return Some(0);
    }
    bits.skip(64)?;
    if bits.bit()? {
        // uvlc() is an Exp-Golomb code.
        bits.ue()?;
    }
    if !bits.bit()? {
        return Some(0);
    }
    let delay_bits = bits.uint(5)?.saturating_add(1);
    bits.skip(42)?;
    usize::try_from(delay_bits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_units() {
        assert_eq!(UnitHeader::read(&[0x12, 0]), Some(UnitHeader { kind: 2, len: 2, size: Some(0) }));
        assert_eq!(UnitHeader::read(&[0x32, 0xe5, 0x8e, 0x26]), {
            Some(UnitHeader { kind: FRAME, len: 4, size: Some(0x65 | 0x0e << 7 | 0x26 << 14) })
        });
        assert_eq!(UnitHeader::read(&[0x36, 0x20, 5]), Some(UnitHeader { kind: FRAME, len: 3, size: Some(5) }));
        assert_eq!(UnitHeader::read(&[0x30]), Some(UnitHeader { kind: FRAME, len: 1, size: None }));
        for bad in
            [&[0x92, 0][..], &[0x13, 0], &[0x12], &[0x12, 0xff, 0xff], &[0x12, 0x80, 0x80, 0x80, 0x80, 0x7f], &[]]
        {
            assert_eq!(UnitHeader::read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_frame_size_is_in_the_sequence_header() {
        // reduced_still_picture_header, 7 + 1 bits each: 150 x 99
        let bits = "000".to_owned() + "1" + "1" + "00000" + "0111" + "0111" + "10010101" + "01100010" + "0000000";
        let bytes: Vec<_> =
            bits.as_bytes().chunks(8).map(|byte| byte.iter().fold(0_u8, |b, c| b << 1 | (c & 1))).collect();
        assert_eq!(frame_size(&bytes), Some((150, 99)));
        assert_eq!(frame_size(&bytes[..2]), None);
        assert_eq!(frame_size(&[0xff; 20]), None, "reserved profile");
    }
}
