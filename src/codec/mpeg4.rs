//! MPEG-4 Visual (ISO/IEC 14496-2:2004, clause 6.2): the header of the video object layer, and the kind
//! of its planes.

use super::bits::Bits;
use super::log::{Log, Opening};
use super::mpeg12::zeros_in_data;
use super::nal::Breach;
use super::payload::PictureFormat;
use super::runs::Run;
use super::units::{Syntax, Unit, Wanted};
use super::vui::not_square;
use crate::defect::{Defect, Id};

// Start codes (table 6-3).
const SEQUENCE: u8 = 0xb0;
const PLANE: u8 = 0xb6;
const FIRST_LAYER: u8 = 0x20;
const LAST_LAYER: u8 = 0x2f;

/// Width and height of a pixel by `aspect_ratio_info` from 1 on (table 6-12).
const ASPECTS: [(u32, u32); 5] = [(1, 1), (12, 11), (10, 11), (16, 11), (40, 33)];
const EXTENDED_ASPECT: u32 = 15;

/// The headers that were seen.
#[derive(Debug, Default)]
pub(super) struct Stream {
    profile: Option<&'static str>,
    /// Streams of studio profiles have other headers.
    studio: bool,
    has_layer: bool,
    opening: Opening,
}

impl Stream {
    /// `VideoObjectLayer()`.
    fn layer(&self, header: &[u8]) -> Option<PictureFormat> {
        let mut bits = Bits::new(header);
        bits.skip(1 + 8)?;
        let mut version = 1;
        if bits.bit()? {
            version = bits.uint(4)?;
            bits.skip(3)?;
        }
        let sample_aspect = match bits.uint(4)? {
            EXTENDED_ASPECT => not_square((bits.uint(8)?, bits.uint(8)?)),
            code => {
                let at = code.checked_sub(1).and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| ASPECTS.get(at)).copied().and_then(not_square)
            }
        };
        // vol_control_parameters, vbv_parameters
        if bits.bit()? {
            bits.skip(2 + 1)?;
            if bits.bit()? {
                bits.skip(79)?;
            }
        }
        let shape = bits.uint(2)?;
        if shape == 3 && version != 1 {
            bits.skip(4)?;
        }
        bits.skip(1)?;
        let resolution = bits.uint(16).filter(|resolution| *resolution > 0)?;
        bits.skip(1)?;
        let mut frame_rate = None;
        if bits.bit()? {
            let last = resolution.checked_sub(1)?;
            let width = 32_u32.checked_sub(last.leading_zeros())?.max(1);
            frame_rate = super::vui::frame_rate(resolution, bits.uint(width)?.into());
        }
        // Other shapes are not seen in files, and have their size in every plane.
        if shape != 0 {
            return Some(PictureFormat {
                sample_aspect,
                frame_rate,
                profile: self.profile,
                ..PictureFormat::default()
            });
        }
        bits.skip(1)?;
        let width = bits.uint(13)?;
        bits.skip(1)?;
        let height = bits.uint(13)?;
        let picture = PictureFormat { width, height, sample_aspect, frame_rate, profile: self.profile };
        (width > 0 && height > 0).then_some(picture)
    }

    fn read(&mut self, unit: &Unit<'_>, log: &mut Log) -> Option<()> {
        let (&code, header) = unit.bytes.split_first()?;
        match code {
            SEQUENCE => {
                let indication = *header.first()?;
                self.studio = (0xe1..=0xe8).contains(&indication);
                self.profile = profile_name(indication);
            }
            FIRST_LAYER..=LAST_LAYER if !self.studio => {
                let picture = self.layer(header)?;
                self.has_layer = true;
                if picture.width > 0 {
                    log.picture.get_or_insert(picture);
                }
            }
            PLANE if !self.studio => {
                let kind = header.first()? >> 6;
                if self.has_layer {
                    self.opening.picture(kind == 0, unit.offset, log);
                }
            }
            // Of the systems layer.
            0xc7..=0xff => return None,
            _ => {}
        }
        Some(())
    }
}

/// By `profile_and_level_indication` (table G.1).
fn profile_name(indication: u8) -> Option<&'static str> {
    Some(match indication {
        0x01..=0x03 | 0x08 | 0x09 => "Simple Profile",
        0x11..=0x13 => "Simple Scalable Profile",
        0x21 | 0x22 => "Core Profile",
        0x32..=0x34 => "Main Profile",
        0xf0..=0xf7 => "Advanced Simple Profile",
        _ => return None,
    })
}

impl Syntax for Stream {
    fn wanted(&self, code: u8) -> Wanted {
        Wanted::Start(match code {
            FIRST_LAYER..=LAST_LAYER => 48,
            SEQUENCE | PLANE => 2,
            _ => 1,
        })
    }

    fn judge(&mut self, unit: &Unit<'_>, log: &mut Log) -> bool {
        if self.read(unit, log).is_none() {
            log.note(Defect::at(Id::VideoUnitInvalid, unit.offset));
        }
        matches!(unit.bytes, [PLANE, ..])
    }

    fn breach(&self, run: Run) -> Option<Breach> {
        zeros_in_data(run)
    }
}
