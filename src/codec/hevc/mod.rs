//! HEVC: the configuration record (ISO/IEC 14496-15:2022, clause 8.3.2) and the parameter sets in it
//! (ITU-T H.265 (2021-08), clause 7.3).

mod block;
mod cabac;
mod context;
mod params;
mod residual;
mod slice;
mod stream;

use super::bits::{Bits, unescape};
use crate::bytes::Cursor;
pub(crate) use cabac::Cabac;
pub(crate) use params::{Pps, Sps};
pub(crate) use slice::{Fault, Picture};
pub(crate) use stream::Stream;

/// The header of a NAL unit (H.265, clause 7.3.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NalHeader {
    /// `nal_unit_type`
    pub(crate) kind: u8,
    /// `nuh_layer_id`
    pub(crate) layer: u8,
}

/// `nal_unit_type` of parameter sets.
pub(crate) const VPS: u8 = 32;
pub(crate) const SPS: u8 = 33;
pub(crate) const PPS: u8 = 34;

impl NalHeader {
    /// The length in bytes.
    pub(crate) const LEN: u64 = 2;

    /// Reads the header; `None` if it breaks its rules: the first bit is 0 and the temporal
    /// identifier plus 1 is not 0.
    pub(crate) fn read(nal: &[u8]) -> Option<Self> {
        let [first, second] = *nal.first_chunk()?;
        let layer = (first & 1) << 5 | second >> 3;
        (first & 0x80 == 0 && second & 7 != 0).then_some(Self { kind: first >> 1, layer })
    }

    /// Whether the unit holds a slice of a picture.
    pub(crate) fn is_slice(self) -> bool {
        self.kind <= 9 || self.is_intra()
    }

    /// Whether the unit holds a slice of a picture that needs no other picture.
    pub(crate) fn is_intra(self) -> bool {
        (16..=21).contains(&self.kind)
    }
}

/// `hvcC`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) chroma_format: u8,
    pub(crate) bit_depth: u8,
    /// Bytes before each NAL unit that say how long it is.
    pub(crate) length_size: u8,
    pub(crate) sps: Vec<Sps>,
    pub(crate) pps: Vec<Pps>,
}

impl Config {
    /// The first 23 bytes only: what a header check wants.
    pub(crate) fn header(record: &[u8]) -> Option<Self> {
        let head: &[u8; 23] = record.first_chunk()?;
        let [1, .., chroma, luma_depth, _, _, _, flags, _] = *head else {
            return None;
        };
        let length_size = (flags & 3).saturating_add(1);
        let bit_depth = (luma_depth & 7).saturating_add(8);
        (length_size != 3).then(|| Self { chroma_format: chroma & 3, bit_depth, length_size, ..Self::default() })
    }

    /// The whole record. Every parameter set of the base layer must be readable.
    pub(crate) fn read(record: &[u8]) -> Option<Self> {
        let mut config = Self::header(record)?;
        let mut cursor = Cursor::new(record, 0);
        cursor.skip(22)?;
        for _ in 0..cursor.u8()? {
            let kind = cursor.u8()? & 0x3f;
            for _ in 0..cursor.be16()? {
                let len = cursor.be16()?;
                let nal = cursor.take(usize::from(len))?;
                let header = NalHeader::read(nal)?;
                if header.kind != kind {
                    return None;
                }
                if header.layer == 0 {
                    config.add(header.kind, nal)?;
                }
            }
        }
        Some(config)
    }

    /// Takes in a parameter set, from the record or from the stream.
    pub(crate) fn add(&mut self, kind: u8, nal: &[u8]) -> Option<()> {
        let payload = unescape(nal.get(2..)?);
        match kind {
            VPS => read_vps(&payload)?,
            SPS => {
                let sps = Sps::read(&payload)?;
                self.sps.retain(|known| known.id != sps.id);
                self.sps.push(sps);
            }
            PPS => {
                let pps = Pps::read(&payload)?;
                self.pps.retain(|known| known.id != pps.id);
                self.pps.push(pps);
            }
            _ => {}
        }
        Some(())
    }

    /// Whether the sets that a picture needs are there.
    pub(crate) fn is_complete(&self) -> bool {
        self.pps.iter().any(|pps| self.sps.iter().any(|sps| sps.id == pps.sps_id))
    }
}

/// The start of a video parameter set: two reserved bits, which tell it from rubbish.
fn read_vps(payload: &[u8]) -> Option<()> {
    let mut bits = Bits::new(payload);
    bits.skip(16)?;
    (bits.uint(16)? == 0xffff).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_nal_units() {
        assert_eq!(NalHeader::read(&[0x28, 0x01, 0xaf]), Some(NalHeader { kind: 20, layer: 0 }));
        assert_eq!(NalHeader::read(&[0x41, 0x09]), Some(NalHeader { kind: 32, layer: 33 }));
        assert_eq!(NalHeader::read(&[0x28, 0x00]), None, "temporal identifier 0");
        assert_eq!(NalHeader::read(&[0xa8, 0x01]), None, "forbidden bit");
        assert_eq!(NalHeader::read(&[0x28]), None);
    }
}
