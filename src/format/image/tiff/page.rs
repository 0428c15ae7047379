//! What a directory says of its picture: size, samples, coding, and how it is cut into strips or tiles.
//!
//! TIFF 6.0, sections 3 to 6 (baseline), 14 (planes), 15 (tiles), 21 (YCbCr); defaults as in appendix A.

use super::ifd::{Directory, Entry};
use super::tags::{self, Codec};
use super::{Chunk, Walker};
use crate::defect::{Defect, Id};
use crate::facts::ImageFacts;
use crate::input::Walk;

/// More samples or bits to a pixel than any writer makes.
const MOST_SAMPLES: u64 = 1 << 16;
const MOST_BITS: u64 = 128;

/// The samples of a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    pub(super) width: u64,
    pub(super) height: u64,
    /// Bits of the first sample.
    pub(super) bits: u64,
    /// Bits of all samples of a pixel.
    pub(super) pixel_bits: u64,
    pub(super) samples: u64,
    /// Name and kind of the coding; `None` if the code is not registered.
    pub(super) compression: Option<(&'static str, Codec)>,
    pub(super) photometric: Option<u64>,
}

/// How the picture is cut into chunks: strips or tiles.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) tiled: bool,
    pub(super) width: u64,
    pub(super) height: u64,
    /// Chunks of one plane.
    pub(super) per_plane: u64,
    /// Chunks of all planes.
    pub(super) total: u64,
    across: u64,
    /// Bits that one pixel has in one chunk.
    bits: u64,
    /// Horizontal and vertical subsampling of chroma, where it changes the number of samples.
    subsampling: Option<(u64, u64)>,
    picture_height: u64,
    pub(super) offsets: Entry,
    pub(super) counts: Option<Entry>,
    /// Whether chunks without data are meant to be there.
    pub(super) sparse: bool,
}

impl Grid {
    /// The rows before chunk `number`.
    pub(super) fn first_row(&self, number: u64) -> u64 {
        let in_plane = number.checked_rem(self.per_plane).unwrap_or_default();
        in_plane.checked_div(self.across).unwrap_or_default().saturating_mul(self.height)
    }

    /// The rows that chunk `number` holds: a tile is always whole, the last strip is not.
    pub(super) fn rows(&self, number: u64) -> u64 {
        if self.tiled {
            return self.height;
        }
        self.picture_height.saturating_sub(self.first_row(number)).min(self.height)
    }

    /// The bytes of `rows` rows, uncompressed.
    pub(super) fn bytes(&self, rows: u64) -> u64 {
        let Some((across, down)) = self.subsampling else {
            return self.width.saturating_mul(self.bits).div_ceil(8).saturating_mul(rows);
        };
        let unit = across.saturating_mul(down).saturating_add(2).saturating_mul(self.bits);
        let units = self.width.div_ceil(across);
        units.saturating_mul(unit).div_ceil(8).saturating_mul(rows.div_ceil(down))
    }

    /// How much of the picture comes before chunk `number`, and the row `within` it, in percent.
    pub(super) fn intact_percent(&self, number: u64, within: u64) -> u64 {
        let row = self.first_row(number).saturating_add(within);
        row.saturating_mul(100).checked_div(self.picture_height).unwrap_or_default().min(100)
    }

    /// A defect of `chunk`, at its data, with the numbers that say what is lost; `row` counts from the top of the
    /// chunk.
    pub(super) fn defect(&self, id: Id, chunk: &Chunk, row: u64) -> Defect {
        Defect::at(id, chunk.offset)
            .with("strip", chunk.number.saturating_add(1))
            .with("strips", self.total)
            .with("row", self.first_row(chunk.number).saturating_add(row))
            .with("intact_percent", self.intact_percent(chunk.number, row))
    }

    /// The rows that `have` bytes of pixels of a chunk make up.
    pub(super) fn whole_rows(&self, have: u64) -> u64 {
        if self.tiled { 0 } else { have.checked_div(self.bytes(1)).unwrap_or_default() }
    }

    /// The defect of a chunk that yields only `have` bytes of pixels.
    pub(super) fn short(&self, chunk: &Chunk, have: u64) -> Defect {
        self.defect(Id::TiffStripShort, chunk, self.whole_rows(have))
            .with("have", have)
            .with("need", self.bytes(self.rows(chunk.number)))
    }

    /// The defect of a chunk of which the file holds only `have` bytes.
    pub(super) fn past_end(&self, chunk: &Chunk, have: u64, raw: bool) -> Defect {
        let (rows, len) =
            if raw { (self.whole_rows(have), self.bytes(self.rows(chunk.number))) } else { (0, chunk.len) };
        self.defect(Id::TiffStripPastEnd, chunk, rows).with("len", len).with("have", have)
    }
}

impl Walker<'_, '_, '_> {
    /// The number that a tag states, or `default` if the tag is not there. A tag that is there without a usable
    /// number is a defect, and makes `None`.
    fn stated(&mut self, directory: &Directory, tag: u16, default: u64, most: u64) -> Walk<Option<u64>> {
        let Some(entry) = directory.entry(tag).copied() else {
            return Ok(Some(default));
        };
        let value = self.value(&entry, 0)?.filter(|value| (1..=most).contains(value));
        // A value behind the end of the file is noted by the directory.
        if value.is_none() && entry.end() <= self.cx.input.size() {
            self.note(Defect::at(Id::TiffTagInvalid, entry.at).with("tag", tags::label(tag)));
        }
        Ok(value)
    }

    /// Reads what the pixels are; `None` if the directory does not describe any.
    pub(super) fn picture(&mut self, directory: &Directory) -> Walk<Option<Picture>> {
        let code = self.stated(directory, tags::COMPRESSION, 1, u64::MAX)?;
        if let Some(tag) = [tags::WIDTH, tags::LENGTH].into_iter().find(|&tag| !directory.has(tag)) {
            // EXIF thumbnails and camera raw leave the size to the JPEG that they hold.
            let in_jpeg = directory.has(tags::JPEG_INTERCHANGE_FORMAT) || code == Some(tags::OLD_JPEG);
            if directory.complete && (!in_jpeg || self.is_first()) {
                self.note(Defect::at(Id::TiffTagMissing, directory.at).with("tag", tags::label(tag)));
            }
            return Ok(None);
        }
        let width = self.stated(directory, tags::WIDTH, 0, u32::MAX.into())?;
        let height = self.stated(directory, tags::LENGTH, 0, u32::MAX.into())?;
        let samples = self.stated(directory, tags::SAMPLES_PER_PIXEL, 1, MOST_SAMPLES)?;
        let bits = self.stated(directory, tags::BITS_PER_SAMPLE, 1, MOST_BITS)?;
        let (Some(width), Some(height), Some(samples), Some(bits), Some(code)) = (width, height, samples, bits, code)
        else {
            return Ok(None);
        };
        let mut pixel_bits = samples.saturating_mul(bits);
        if let Some(&entry) = directory.entry(tags::BITS_PER_SAMPLE)
            && entry.count >= samples
        {
            pixel_bits = 0;
            for at in 0..samples {
                self.cx.input.work(1)?;
                pixel_bits = pixel_bits.saturating_add(self.value(&entry, at)?.unwrap_or(bits).min(MOST_BITS));
            }
        }
        let compression = tags::compression(code);
        if compression.is_none() {
            self.note(Defect::at(Id::TiffCompressionUnknown, directory.at).with("code", code));
        }
        let photometric = self.number(directory, tags::PHOTOMETRIC)?;
        if photometric.is_none() && directory.complete {
            self.note(Defect::at(Id::TiffPhotometricMissing, directory.at));
        }
        let palette = directory.entry(tags::COLOR_MAP).map_or(0, |entry| entry.count);
        let colors = 3_u64 << bits.min(16);
        if photometric == Some(3) && palette < colors && directory.complete {
            self.note(Defect::at(Id::TiffColorMapMissing, directory.at).with("have", palette).with("need", colors));
        }
        Ok(Some(Picture { width, height, bits, pixel_bits, samples, compression, photometric }))
    }

    /// Puts down what is known of a picture.
    pub(super) fn state_facts(&mut self, directory: &Directory, picture: &Picture) -> Walk {
        let orientation = self.number(directory, tags::ORIENTATION)?;
        let mut alpha = false;
        if let Some(&entry) = directory.entry(tags::EXTRA_SAMPLES) {
            for at in 0..entry.count.min(picture.samples) {
                self.cx.input.work(1)?;
                alpha |= matches!(self.value(&entry, at)?, Some(1 | 2));
            }
        }
        let variant = self.dialect.big.then_some("bigtiff");
        let facts = self.cx.image();
        *facts = ImageFacts {
            variant,
            frames: facts.frames,
            bit_depth: u8::try_from(picture.bits).ok(),
            color: picture.photometric.and_then(|photometric| tags::color(photometric, picture.pixel_bits)),
            alpha: Some(alpha),
            animated: Some(false),
            compression: picture.compression.map(|(name, _)| name),
            ..Default::default()
        };
        let side = |side| u32::try_from(side).unwrap_or(u32::MAX);
        facts.set_size(side(picture.width), side(picture.height));
        facts.set_orientation(orientation.and_then(|value| u16::try_from(value).ok()).unwrap_or_default());
        Ok(())
    }

    /// Reads how the picture is cut up; `None` if the directory does not say where its pixels are.
    pub(super) fn grid(&mut self, directory: &Directory, picture: &Picture) -> Walk<Option<Grid>> {
        let offsets = directory.entry(tags::TILE_OFFSETS).or_else(|| directory.entry(tags::STRIP_OFFSETS)).copied();
        let counts = directory.entry(tags::TILE_BYTE_COUNTS).or_else(|| directory.entry(tags::STRIP_BYTE_COUNTS));
        let Some(offsets) = offsets else {
            // Old-style JPEG may hold the picture in one stream of its own.
            if !directory.has(tags::JPEG_INTERCHANGE_FORMAT) {
                let tag = tags::STRIP_OFFSETS;
                self.note(Defect::at(Id::TiffTagMissing, directory.at).with("tag", tags::label(tag)));
            }
            return Ok(None);
        };
        let tiled = directory.has(tags::TILE_WIDTH) || directory.has(tags::TILE_LENGTH);
        let planar = self.stated(directory, tags::PLANAR_CONFIGURATION, 1, 2)?;
        let (width, height) = if tiled {
            for tag in [tags::TILE_WIDTH, tags::TILE_LENGTH] {
                if !directory.has(tag) {
                    self.note(Defect::at(Id::TiffTagMissing, directory.at).with("tag", tags::label(tag)));
                    return Ok(None);
                }
            }
            let width = self.stated(directory, tags::TILE_WIDTH, 0, u32::MAX.into())?;
            (width, self.stated(directory, tags::TILE_LENGTH, 0, u32::MAX.into())?)
        } else {
            let rows = self.stated(directory, tags::ROWS_PER_STRIP, picture.height, u64::MAX)?;
            (Some(picture.width), rows.map(|rows| rows.min(picture.height)))
        };
        let (Some(planar), Some(width), Some(height)) = (planar, width, height) else {
            return Ok(None);
        };
        let across = picture.width.div_ceil(width);
        let per_plane = across.saturating_mul(picture.height.div_ceil(height));
        let separate = planar == 2 && picture.samples > 1;
        let total = if separate { per_plane.saturating_mul(picture.samples) } else { per_plane };
        let raw_chroma = picture.photometric == Some(6) && picture.samples == 3 && !separate;
        let subsampling = if raw_chroma { Some(self.subsampling(directory)?) } else { None };
        Ok(Some(Grid {
            tiled,
            width,
            height,
            per_plane,
            total,
            across,
            bits: if separate || raw_chroma { picture.bits } else { picture.pixel_bits },
            subsampling,
            picture_height: picture.height,
            offsets,
            counts: counts.copied(),
            sparse: tiled || directory.has(tags::GDAL_METADATA) || directory.has(tags::GDAL_NODATA),
        }))
    }

    fn subsampling(&mut self, directory: &Directory) -> Walk<(u64, u64)> {
        let mut factors = [2; 2];
        if let Some(&entry) = directory.entry(tags::YCBCR_SUBSAMPLING) {
            for (at, factor) in (0..).zip(&mut factors) {
                *factor = self.value(&entry, at)?.filter(|value| matches!(value, 1 | 2 | 4)).unwrap_or(2);
            }
        }
        let [across, down] = factors;
        Ok((across, down))
    }
}
