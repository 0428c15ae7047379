//! H.264: the configuration record (ISO/IEC 14496-15:2022, clause 5.3.3), parameter sets and the start
//! of slice headers (ITU-T H.264 (2021-08), clause 7.3, annex E).

use super::bits::{Bits, unescape};
use super::log::{Log, Opening};
use super::payload::PictureFormat;
use super::units::{Configuration, Record, Syntax, Unit, Wanted};
use super::vui;
use crate::bytes::Cursor;
use crate::defect::{Defect, Id};

const SLICE: u8 = 1;
const PARTITION_A: u8 = 2;
const IDR_SLICE: u8 = 5;
const SEI: u8 = 6;
const SPS: u8 = 7;
const PPS: u8 = 8;
const DELIMITER: u8 = 9;
const FILLER: u8 = 12;

/// The longest start of a slice that is looked at: four numbers of at most 63 bits, escaped.
const SLICE_START: usize = 48;

/// A sequence parameter set.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sps {
    id: u32,
    /// Macroblocks in a frame.
    macroblocks: u32,
    separate_planes: bool,
    frame_num_bits: u32,
    frames_only: bool,
    picture: PictureFormat,
}

/// Profiles whose parameter sets speak of chroma formats and scaling.
const HIGH_PROFILES: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

impl Sps {
    /// Reads a set that was freed of emulation prevention, without the header of its unit.
    fn read(payload: &[u8]) -> Option<Self> {
        let mut bits = Bits::new(payload);
        let (profile, constraints, _level) = (bits.uint(8)?, bits.uint(8)?, bits.uint(8)?);
        let mut sps = Self { id: bits.ue_max(31)?, ..Self::default() };
        let mut chroma_format = 1;
        if HIGH_PROFILES.contains(&profile) {
            chroma_format = bits.ue_max(3)?;
            sps.separate_planes = chroma_format == 3 && bits.bit()?;
            bits.ue_max(6)?;
            bits.ue_max(6)?;
            bits.bit()?;
            if bits.bit()? {
                skip_scaling_lists(&mut bits, if chroma_format == 3 { 12 } else { 8 })?;
            }
        }
        sps.frame_num_bits = bits.ue_max(12)?.checked_add(4)?;
        match bits.ue_max(2)? {
            0 => {
                bits.ue_max(12)?;
            }
            1 => {
                bits.bit()?;
                bits.se()?;
                bits.se()?;
                for _ in 0..bits.ue_max(255)? {
                    bits.se()?;
                }
            }
            _ => {}
        }
        bits.ue_max(16)?;
        bits.bit()?;
        let (columns, units) = (bits.ue_max(1 << 12)?.checked_add(1)?, bits.ue_max(1 << 12)?.checked_add(1)?);
        sps.frames_only = bits.bit()?;
        if !sps.frames_only {
            bits.bit()?;
        }
        bits.bit()?;
        let fields = if sps.frames_only { 1 } else { 2 };
        let rows = units.checked_mul(fields)?;
        sps.macroblocks = columns.checked_mul(rows)?;
        let (mut width, mut height) = (columns.checked_mul(16)?, rows.checked_mul(16)?);
        if bits.bit()? {
            let unit_x = if matches!(chroma_format, 1 | 2) { 2 } else { 1 };
            let unit_y = if chroma_format == 1 { 2 } else { 1 };
            let (left, right, top, bottom) = (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?);
            width = width.checked_sub(left.checked_add(right)?.checked_mul(unit_x)?)?;
            height = height.checked_sub(top.checked_add(bottom)?.checked_mul(unit_y)?.checked_mul(fields)?)?;
        }
        if width == 0 || height == 0 {
            return None;
        }
        // Decoders get along without what follows, and some encoders write it wrongly.
        let (sample_aspect, frame_rate) = usability(&mut bits).unwrap_or_default();
        let profile = profile_name(profile, constraints);
        sps.picture = PictureFormat { width, height, sample_aspect, frame_rate, profile };
        Some(sps)
    }
}

type Usability = (Option<(u32, u32)>, Option<f64>);

fn usability(bits: &mut Bits<'_>) -> Option<Usability> {
    if !bits.bit()? {
        return None;
    }
    let aspect = vui::not_square(vui::sample_aspect(bits)?);
    let mut rate = None;
    if bits.bit()? {
        let (units, ticks) = (bits.uint(32)?, bits.uint(32)?);
        // A tick is a field.
        rate = vui::frame_rate(ticks, u64::from(units).saturating_mul(2));
    }
    Some((aspect, rate))
}

/// `scaling_list()` (clause 7.3.2.1.1.1).
fn skip_scaling_lists(bits: &mut Bits<'_>, count: u32) -> Option<()> {
    for list in 0..count {
        if !bits.bit()? {
            continue;
        }
        let mut last = 8_i32;
        for _ in 0..if list < 6 { 16 } else { 64 } {
            last = last.wrapping_add(bits.se()?) & 0xff;
            if last == 0 {
                break;
            }
        }
    }
    Some(())
}

/// The profile by its number and `constraint_set` flags (annex A.2).
fn profile_name(profile: u32, constraints: u32) -> Option<&'static str> {
    let intra = constraints & 0x10 != 0;
    Some(match profile {
        66 if constraints & 0x40 != 0 => "Constrained Baseline",
        66 => "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => "High",
        110 if intra => "High 10 Intra",
        110 => "High 10",
        122 if intra => "High 4:2:2 Intra",
        122 => "High 4:2:2",
        244 if intra => "High 4:4:4 Intra",
        244 => "High 4:4:4 Predictive",
        44 => "CAVLC 4:4:4",
        118 => "Multiview High",
        128 => "Stereo High",
        _ => return None,
    })
}

/// The parameter sets that were seen, and what slices say by them.
#[derive(Debug)]
pub(super) struct Stream {
    sps: Vec<Sps>,
    /// By their identifiers: the sequence parameter set that each picture parameter set refers to.
    pps: [Option<u32>; 256],
    opening: Opening,
}

impl Default for Stream {
    fn default() -> Self {
        Self { sps: Vec::new(), pps: [None; 256], opening: Opening::default() }
    }
}

impl Stream {
    fn slice(&mut self, kind: u8, unit: &Unit<'_>, log: &mut Log) {
        let payload = unescape(unit.bytes.get(1..).unwrap_or_default());
        let mut bits = Bits::new(&payload);
        let Some((first, slice_type, id)) = slice_start(&mut bits) else {
            log.note(Defect::at(Id::VideoSliceInvalid, unit.offset));
            return;
        };
        // Those above 4 are the same, for all slices of the picture.
        let slice_type = slice_type % 5;
        let intra = matches!(slice_type, 2 | 4);
        let pps = usize::try_from(id).ok().and_then(|id| self.pps.get(id)).copied().flatten();
        let sps = pps.and_then(|sps_id| self.sps.iter().find(|sps| sps.id == sps_id));
        let Some(sps) = sps else {
            self.opening.orphan(id, unit.offset, log);
            return;
        };
        let planes = if sps.separate_planes { 2 } else { 0 };
        let frame_num = bits.uint(planes).and_then(|_| bits.uint(sps.frame_num_bits));
        let idr = kind == IDR_SLICE;
        if first >= sps.macroblocks || (idr && !intra) || (idr && sps.frames_only && frame_num != Some(0)) {
            log.note(Defect::at(Id::VideoSliceInvalid, unit.offset));
        }
        self.opening.picture(intra, unit.offset, log);
    }
}

/// `first_mb_in_slice`, `slice_type` and `pic_parameter_set_id` (clause 7.3.3).
fn slice_start(bits: &mut Bits<'_>) -> Option<(u32, u32, u32)> {
    Some((bits.ue()?, bits.ue_max(9)?, bits.ue_max(255)?))
}

impl Syntax for Stream {
    fn wanted(&self, header: u8) -> Wanted {
        match header & 0x1f {
            SPS | PPS => Wanted::Whole,
            SLICE | PARTITION_A | IDR_SLICE => Wanted::Start(SLICE_START),
            _ => Wanted::Start(1),
        }
    }

    fn judge(&mut self, unit: &Unit<'_>, log: &mut Log) -> bool {
        let Some(&header) = unit.bytes.first() else { return false };
        if header & 0x80 != 0 {
            log.note(Defect::at(Id::VideoUnitInvalid, unit.offset));
            return false;
        }
        let (referenced, kind) = (header & 0x60 != 0, header & 0x1f);
        // Clause 7.4.1.
        let irregular = match kind {
            IDR_SLICE => !referenced,
            SEI | DELIMITER | FILLER => referenced,
            0 | 22 | 23 => true,
            _ => false,
        };
        if irregular {
            log.note(Defect::at(Id::VideoUnitIrregular, unit.offset));
        }
        match kind {
            SPS => match Sps::read(&unescape(unit.bytes.get(1..).unwrap_or_default())) {
                Some(sps) => {
                    log.picture.get_or_insert_with(|| sps.picture.clone());
                    self.sps.retain(|known| known.id != sps.id);
                    self.sps.push(sps);
                }
                None => log.note(Defect::at(Id::VideoUnitInvalid, unit.offset)),
            },
            PPS => {
                let payload = unescape(unit.bytes.get(1..).unwrap_or_default());
                let mut bits = Bits::new(&payload);
                let ids = bits.ue_max(255).and_then(|id| Some((usize::try_from(id).ok()?, bits.ue_max(31)?)));
                match ids.and_then(|(id, sps)| Some((self.pps.get_mut(id)?, sps))) {
                    Some((known, sps)) => {
                        *known = Some(sps);
                        self.opening.has_parameters = true;
                    }
                    None => log.note(Defect::at(Id::VideoUnitInvalid, unit.offset)),
                }
            }
            SLICE | PARTITION_A | IDR_SLICE => {
                self.slice(kind, unit, log);
                return true;
            }
            _ => {}
        }
        false
    }

    fn configuration(&self, record: &[u8]) -> Configuration {
        if record.first() != Some(&1) {
            return Configuration::Stream;
        }
        read_record(record).map_or(Configuration::Broken, Configuration::Lists)
    }

    fn finish(&mut self, _whole: bool, log: &mut Log) {
        self.opening.finish(log);
    }
}

/// `AVCDecoderConfigurationRecord`: the number of bytes in a length, and where the parameter sets
/// are. Profiles may append more, which is not looked at.
fn read_record(record: &[u8]) -> Option<Record> {
    let mut cursor = Cursor::new(record, 0);
    cursor.skip(4)?;
    let length_size = (cursor.u8()? & 3).checked_add(1).filter(|size| *size != 3)?;
    let mut units = Vec::new();
    for kind in [SPS, PPS] {
        let count = match (kind, cursor.u8()) {
            (SPS, count) => count? & 0x1f,
            // Some writers leave out the sets of pictures with their number.
            (_, count) => count.unwrap_or(0),
        };
        for _ in 0..count {
            let len = usize::from(cursor.be16()?);
            let start = cursor.offset();
            let unit = cursor.take(len)?;
            if unit.first()? & 0x1f != kind {
                return None;
            }
            units.push(start..cursor.offset());
        }
    }
    Some(Record { length_size, units })
}
