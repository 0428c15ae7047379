//! MPEG-1 and MPEG-2 video (ISO/IEC 11172-2, clause 2.4; ISO/IEC 13818-2:2013, clause 6.2): sequence and
//! picture headers, and whether slices cover all rows of every picture.

use super::bits::Bits;
use super::log::{Log, Opening};
use super::nal::Breach;
use super::payload::PictureFormat;
use super::runs::Run;
use super::units::{Syntax, Unit, Wanted};
use super::vui::not_square;
use crate::defect::{Defect, Id};

// Start codes (13818-2, table 6-1).
const PICTURE: u8 = 0x00;
const LAST_SLICE: u8 = 0xaf;
const SEQUENCE: u8 = 0xb3;
const EXTENSION: u8 = 0xb5;
const END: u8 = 0xb7;
const GROUP: u8 = 0xb8;

/// Frames a second by `frame_rate_code` (13818-2, table 6-4).
const RATES: [f64; 8] = [24000.0 / 1001.0, 24.0, 25.0, 30000.0 / 1001.0, 30.0, 50.0, 60000.0 / 1001.0, 60.0];

/// Ten thousand times the height of a pixel of width 1, by the code of MPEG-1 from 2 on (11172-2,
/// clause 2.4.3.2).
const PIXEL_HEIGHTS: [u32; 13] = [6735, 7031, 7615, 8055, 8437, 8935, 9157, 9815, 10255, 10695, 10950, 11575, 12015];

/// Width and height of the whole picture, by the code of MPEG-2 from 2 on (13818-2, table 6-3).
const PICTURE_ASPECTS: [(u32, u32); 3] = [(4, 3), (16, 9), (221, 100)];

/// What the headers of a sequence say.
#[derive(Clone, Debug, Default)]
struct Sequence {
    width: u32,
    height: u32,
    aspect_code: u32,
    rate: Option<f64>,
    /// Whether there is the extension that makes it MPEG-2.
    extended: bool,
    profile: Option<&'static str>,
}

impl Sequence {
    fn read(header: &[u8]) -> Option<Self> {
        let mut bits = Bits::new(header);
        let (width, height) = (bits.uint(12)?, bits.uint(12)?);
        let (aspect_code, rate_code) = (bits.uint(4)?, bits.uint(4)?);
        let rate = rate_code.checked_sub(1).and_then(|at| RATES.get(usize::try_from(at).ok()?)).copied();
        (width > 0 && height > 0).then_some(Self { width, height, aspect_code, rate, extended: false, profile: None })
    }

    /// `sequence_extension()`, behind its identifier.
    fn extend(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        let escape = bits.bit()?;
        let (profile, level) = (bits.uint(3)?, bits.uint(4)?);
        self.profile = match (escape, profile, level) {
            (false, 1, _) => Some("High"),
            (false, 2, _) => Some("Spatially Scalable"),
            (false, 3, _) => Some("SNR Scalable"),
            (false, 4, _) => Some("Main"),
            (false, 5, _) => Some("Simple"),
            (true, 0, 2 | 5) => Some("4:2:2"),
            _ => None,
        };
        bits.skip(3)?;
        self.width |= bits.uint(2)? << 12;
        self.height |= bits.uint(2)? << 12;
        bits.skip(12 + 1 + 8 + 1)?;
        let (times, over) = (bits.uint(2)?.checked_add(1)?, bits.uint(5)?.checked_add(1)?);
        self.rate = self.rate.map(|rate| rate * f64::from(times) / f64::from(over));
        self.extended = true;
        Some(())
    }

    fn picture(&self) -> PictureFormat {
        let code = usize::try_from(self.aspect_code.saturating_sub(2)).ok().filter(|_| self.aspect_code >= 2);
        let sample_aspect = if self.extended {
            code.and_then(|at| PICTURE_ASPECTS.get(at)).and_then(|(across, down)| {
                let (width, height) = (across.checked_mul(self.height)?, down.checked_mul(self.width)?);
                let common = greatest_common_divisor(width, height);
                not_square((width.checked_div(common)?, height.checked_div(common)?))
            })
        } else {
            code.and_then(|at| PIXEL_HEIGHTS.get(at)).and_then(|height| not_square((10000, *height)))
        };
        let Self { width, height, rate, profile, .. } = *self;
        PictureFormat { width, height, sample_aspect, frame_rate: rate, profile }
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    match a.checked_rem(b) {
        None => a.max(1),
        Some(rest) => greatest_common_divisor(b, rest),
    }
}

/// A picture whose slices come.
#[derive(Clone, Copy, Debug)]
struct Picture {
    offset: u64,
    frame: u64,
    /// The last row of macroblocks with a slice, from 1, and how many rows have one.
    row: u32,
    rows: u32,
    /// Whether it is one field of a frame.
    field: bool,
}

/// The headers that were seen, and the picture that is under way.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// Whether every slice is shown.
    full: bool,
    sequence: Option<Sequence>,
    sequences: u64,
    picture: Option<Picture>,
    opening: Opening,
    /// Pictures with a slice in every row, and whether there is any other picture.
    regular: u32,
    irregular: bool,
}

/// The rows of higher pictures are not in the start codes of their slices alone (13818-2, clause 6.3.16).
const MAX_HEIGHT: u32 = 2800;

/// After so many pictures with a slice in every row, an encoder is known to do that always.
const HABIT: u32 = 8;

impl Stream {
    pub(super) fn new(full: bool) -> Self {
        Self { full, ..Self::default() }
    }

    /// Compares the slices of the last picture with its height. Slices of MPEG-1 may go on over many
    /// rows, so there it takes an encoder that has not let them.
    fn end_picture(&mut self, log: &mut Log) {
        let (Some(picture), Some(sequence)) = (self.picture.take(), &self.sequence) else { return };
        let lines = if picture.field { sequence.height / 2 } else { sequence.height };
        let rows = lines.div_ceil(16);
        let short = picture.rows < rows;
        let known = sequence.extended || self.regular >= HABIT && !self.irregular;
        self.irregular |= short && !known;
        self.regular = self.regular.saturating_add(u32::from(!short));
        if self.full && short && known && sequence.height <= MAX_HEIGHT {
            let defect = Defect::at(Id::VideoFrameShort, picture.offset);
            log.note_in(
                picture.frame,
                defect.with("present", picture.rows).with("expected", rows).with("parts", "rows"),
            );
        }
    }

    /// A slice that begins in a row of macroblocks.
    fn slice(&mut self, row: u32, offset: u64, log: &mut Log) {
        let low = self.sequence.as_ref().is_some_and(|sequence| sequence.height <= MAX_HEIGHT);
        let Some(picture) = &mut self.picture else { return };
        if row > picture.row {
            picture.row = row;
            picture.rows = picture.rows.saturating_add(1);
        } else if row < picture.row && self.full && low {
            log.note(Defect::at(Id::VideoSlicesDisordered, offset).with("from", picture.row).with("to", row));
            self.picture = None;
        }
    }

    fn read(&mut self, unit: &Unit<'_>, log: &mut Log) -> Option<()> {
        let (&code, header) = unit.bytes.split_first()?;
        match code {
            PICTURE => {
                self.end_picture(log);
                let mut bits = Bits::new(header);
                bits.skip(10)?;
                let kind = bits.uint(3).filter(|kind| (1..=4).contains(kind))?;
                match self.sequence {
                    Some(_) => self.opening.picture(kind == 1 || kind == 4, unit.offset, log),
                    None => self.opening.orphan(0, unit.offset, log),
                }
                self.picture = Some(Picture { offset: unit.offset, frame: log.frame, row: 0, rows: 0, field: false });
            }
            1..=LAST_SLICE => self.slice(code.into(), unit.offset, log),
            SEQUENCE => {
                self.end_picture(log);
                let sequence = Sequence::read(header)?;
                self.sequences = self.sequences.saturating_add(1);
                self.opening.has_parameters = true;
                log.picture.get_or_insert_with(|| sequence.picture());
                self.sequence = Some(sequence);
            }
            EXTENSION => {
                let mut bits = Bits::new(header);
                match bits.uint(4)? {
                    1 => {
                        let sequence = self.sequence.as_mut()?;
                        sequence.extend(&mut bits)?;
                        if self.sequences == 1 {
                            log.picture = Some(sequence.picture());
                        }
                    }
                    8 => {
                        bits.skip(16 + 2)?;
                        let structure = bits.uint(2)?;
                        if let Some(picture) = &mut self.picture {
                            picture.field = structure != 3;
                        }
                    }
                    _ => {}
                }
            }
            GROUP | END => self.end_picture(log),
            // Reserved, or of the systems layer.
            0xb0 | 0xb1 | 0xb6 | 0xb9..=0xff => return None,
            _ => {}
        }
        Some(())
    }
}

impl Syntax for Stream {
    fn wanted(&self, code: u8) -> Wanted {
        Wanted::Start(match code {
            SEQUENCE => 5,
            EXTENSION => 7,
            PICTURE => 3,
            _ => 1,
        })
    }

    fn judge(&mut self, unit: &Unit<'_>, log: &mut Log) -> bool {
        if self.read(unit, log).is_none() {
            log.note(Defect::at(Id::VideoUnitInvalid, unit.offset));
        }
        matches!(unit.bytes, [1..=LAST_SLICE, ..])
    }

    fn skip(&mut self) {
        // Slices may be among what is passed over.
        self.picture = None;
    }

    fn breach(&self, run: Run) -> Option<Breach> {
        zeros_in_data(run)
    }

    fn finish(&mut self, whole: bool, log: &mut Log) {
        if whole {
            self.end_picture(log);
        }
        self.opening.finish(log);
    }
}

/// No code begins with so many zeros (13818-2, clause 5.2.3; 14496-2, clause 5.2.3), and any number
/// of them may come before a start code.
pub(super) fn zeros_in_data(run: Run) -> Option<Breach> {
    (run.zeros >= 4).then_some(Breach::Forbidden)
}
