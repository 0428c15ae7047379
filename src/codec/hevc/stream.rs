//! The NAL units of a stream: parameter sets, and the start of slice segments (ITU-T H.265 (2021-08),
//! clause 7.3.6.1).

use super::{NalHeader, PPS, SPS, Sps};
use crate::bytes::Cursor;
use crate::codec::bits::{Bits, unescape};
use crate::codec::log::{Log, Opening};
use crate::codec::units::{Configuration, Record, Syntax, Unit, Wanted};
use crate::defect::{Defect, Id};

/// The longest start of a slice segment that is looked at, with escapes.
const SLICE_START: usize = 24;

/// What the start of a slice segment needs of a picture parameter set.
#[derive(Clone, Copy, Debug)]
struct PictureSet {
    sps_id: u32,
    dependent_slices: bool,
}

/// The parameter sets that were seen, and what slices say by them. Units of other layers than the
/// first (depth, alpha, the second eye) are not looked at.
#[derive(Debug)]
pub(crate) struct Stream {
    sps: Vec<Sps>,
    pps: [Option<PictureSet>; 64],
    opening: Opening,
}

impl Default for Stream {
    fn default() -> Self {
        Self { sps: Vec::new(), pps: [None; 64], opening: Opening::default() }
    }
}

impl Stream {
    fn take_sps(&mut self, payload: &[u8], log: &mut Log) -> Option<()> {
        let sps = Sps::read(payload)?;
        log.picture.get_or_insert_with(|| sps.picture());
        self.sps.retain(|known| known.id != sps.id);
        self.sps.push(sps);
        Some(())
    }

    fn take_pps(&mut self, payload: &[u8]) -> Option<()> {
        let mut bits = Bits::new(payload);
        let id = usize::try_from(bits.ue_max(63)?).ok()?;
        let set = PictureSet { sps_id: bits.ue_max(15)?, dependent_slices: bits.bit()? };
        *self.pps.get_mut(id)? = Some(set);
        self.opening.has_parameters = true;
        Some(())
    }

    fn slice(&mut self, header: NalHeader, unit: &Unit<'_>, log: &mut Log) -> Option<()> {
        let payload = unescape(unit.bytes.get(2..).unwrap_or_default());
        let mut bits = Bits::new(&payload);
        let first = bits.bit()?;
        if (16..=23).contains(&header.kind) {
            bits.bit()?;
        }
        let id = bits.ue_max(63)?;
        let pps = usize::try_from(id).ok().and_then(|id| self.pps.get(id)).copied().flatten();
        let known = pps.and_then(|pps| Some((pps, self.sps.iter().find(|sps| sps.id == pps.sps_id)?)));
        let Some((pps, sps)) = known else {
            self.opening.orphan(id, unit.offset, log);
            return Some(());
        };
        if !first {
            if pps.dependent_slices {
                bits.bit()?;
            }
            let blocks = sps.blocks()?;
            let address = bits.uint(32_u32.checked_sub(blocks.checked_sub(1)?.leading_zeros())?)?;
            if address >= blocks {
                return None;
            }
        }
        self.opening.picture(header.is_intra(), unit.offset, log);
        Some(())
    }
}

impl Syntax for Stream {
    fn wanted(&self, header: u8) -> Wanted {
        match header >> 1 & 0x3f {
            SPS | PPS => Wanted::Whole,
            0..=9 | 16..=21 => Wanted::Start(SLICE_START),
            _ => Wanted::Start(2),
        }
    }

    fn judge(&mut self, unit: &Unit<'_>, log: &mut Log) -> bool {
        let Some(header) = NalHeader::read(unit.bytes) else {
            log.note(Defect::at(Id::VideoUnitInvalid, unit.offset));
            return false;
        };
        if header.layer > 0 {
            return false;
        }
        // Reserved kinds, which tell nothing to decoders (table 7-1).
        if matches!(header.kind, 10..=15 | 22..=31 | 41..=47) {
            log.note(Defect::at(Id::VideoUnitIrregular, unit.offset));
        }
        let payload = || unescape(unit.bytes.get(2..).unwrap_or_default());
        let read = match header.kind {
            SPS => self.take_sps(&payload(), log),
            PPS => self.take_pps(&payload()),
            _ if header.is_slice() => {
                if self.slice(header, unit, log).is_none() {
                    log.note(Defect::at(Id::VideoSliceInvalid, unit.offset));
                }
                return true;
            }
            _ => Some(()),
        };
        if read.is_none() {
            log.note(Defect::at(Id::VideoUnitInvalid, unit.offset));
        }
        false
    }

    fn configuration(&self, record: &[u8]) -> Configuration {
        // Early writers gave the version 0.
        if matches!(record, [] | [0, 0, 0 | 1, ..]) {
            return Configuration::Stream;
        }
        read_record(record).map_or(Configuration::Broken, Configuration::Lists)
    }

    fn finish(&mut self, _whole: bool, log: &mut Log) {
        self.opening.finish(log);
    }
}

/// `HEVCDecoderConfigurationRecord` (ISO/IEC 14496-15, clause 8.3.3): the number of bytes in a length,
/// and where the parameter sets are.
fn read_record(record: &[u8]) -> Option<Record> {
    let mut cursor = Cursor::new(record, 0);
    if cursor.u8()? > 1 {
        return None;
    }
    cursor.skip(20)?;
    let length_size = (cursor.u8()? & 3).checked_add(1).filter(|size| *size != 3)?;
    let mut units = Vec::new();
    for _ in 0..cursor.u8()? {
        let kind = cursor.u8()? & 0x3f;
        for _ in 0..cursor.be16()? {
            let len = usize::from(cursor.be16()?);
            let start = cursor.offset();
            let unit = cursor.take(len)?;
            if unit.first()? >> 1 & 0x3f != kind {
                return None;
            }
            units.push(start..cursor.offset());
        }
    }
    Some(Record { length_size, units })
}
