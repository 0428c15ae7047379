//! The header chunk and what follows from it: how the pixels lie in the data (clauses 7 and 8).

use crate::bytes::Cursor;
use crate::facts::Color;

/// The largest length or dimension (clause 7.1).
pub(super) const MAX: u32 = 0x7fff_ffff;

/// Length of the header chunk's data.
pub(super) const LEN: u32 = 13;

/// The colour types (table 8): number, depths it can have, samples of a pixel, what it is.
const COLOR_TYPES: [(u8, &[u8], u8, Color, bool); 5] = [
    (0, &[1, 2, 4, 8, 16], 1, Color::Gray, false),
    (2, &[8, 16], 3, Color::Rgb, false),
    (3, &[1, 2, 4, 8], 1, Color::Indexed, false),
    (4, &[8, 16], 2, Color::Gray, true),
    (6, &[8, 16], 4, Color::Rgb, true),
];

/// Adam7 (clause 8.2): first column, first row, and the steps from there on, of each pass.
const ADAM7: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

/// A header whose every field is one that the standard knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bit_depth: u8,
    pub(super) color: Color,
    pub(super) alpha: bool,
    pub(super) interlaced: bool,
    bits_per_pixel: u8,
}

/// A field of the header that has no such value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid {
    pub(super) field: &'static str,
    pub(super) value: u32,
}

impl Header {
    /// Reads the data of the header chunk.
    pub(super) fn parse(data: [u8; 13]) -> Result<Self, Invalid> {
        let [w0, w1, w2, w3, h0, h1, h2, h3, bit_depth, color_type, compression, filter, interlace] = data;
        let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
        let check = |field, value: u32, valid: bool| if valid { Ok(()) } else { Err(Invalid { field, value }) };
        check("width", width, (1..=MAX).contains(&width))?;
        check("height", height, (1..=MAX).contains(&height))?;
        let (_, depths, samples, color, alpha) = COLOR_TYPES
            .into_iter()
            .find(|(number, ..)| *number == color_type)
            .ok_or(Invalid { field: "colour type", value: color_type.into() })?;
        check("bit depth", bit_depth.into(), depths.contains(&bit_depth))?;
        check("compression method", compression.into(), compression == 0)?;
        check("filter method", filter.into(), filter == 0)?;
        check("interlace method", interlace.into(), interlace <= 1)?;
        let bits_per_pixel = bit_depth.saturating_mul(samples);
        Ok(Self { width, height, bit_depth, color, alpha, interlaced: interlace == 1, bits_per_pixel })
    }

    /// How the rows of a picture of that size lie in the data: one after the other, or in passes.
    pub(super) fn layout(&self, width: u32, height: u32) -> Layout {
        let bits = u64::from(self.bits_per_pixel);
        let row_len = |width: u32| u64::from(width).saturating_mul(bits).div_ceil(8).saturating_add(1);
        if !self.interlaced {
            return Layout { passes: vec![Pass { row_len: row_len(width), rows: height, first: 0, step: 1 }] };
        }
        let count = |size: u32, first: u32, step: u32| size.saturating_sub(first).div_ceil(step);
        let passes = ADAM7.into_iter().filter_map(|(x, y, dx, dy)| {
            let (columns, rows) = (count(width, x, dx), count(height, y, dy));
            (columns > 0 && rows > 0).then(|| Pass { row_len: row_len(columns), rows, first: y, step: dy })
        });
        Layout { passes: passes.collect() }
    }
}

/// Rows of one length. A picture that is not interlaced has one pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    /// Bytes of a row, with the one that names its filter.
    pub(super) row_len: u64,
    /// How many there are.
    pub(super) rows: u32,
    /// The row of the picture that the first one is.
    first: u32,
    /// From one to the next.
    step: u32,
}

impl Pass {
    fn len(&self) -> u64 {
        self.row_len.saturating_mul(self.rows.into())
    }
}

/// The passes of a picture in the order of the data; those without pixels are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    passes: Vec<Pass>,
}

impl Layout {
    /// The number of bytes that the picture data decode to.
    pub(super) fn len(&self) -> u64 {
        self.passes.iter().fold(0, |sum, pass| sum.saturating_add(pass.len()))
    }

    pub(super) fn pass(&self, number: usize) -> Option<&Pass> {
        self.passes.get(number)
    }

    /// The topmost row of the picture that lacks something if only the first `intact` bytes are
    /// there. Of an interlaced picture every later pass lacks too.
    pub(super) fn first_affected_row(&self, mut intact: u64) -> u32 {
        let mut passes = self.passes.iter();
        for pass in &mut passes {
            if intact >= pass.len() {
                intact = intact.saturating_sub(pass.len());
                continue;
            }
            let row = u32::try_from(intact.checked_div(pass.row_len).unwrap_or(0)).unwrap_or(u32::MAX);
            let here = row.saturating_mul(pass.step).saturating_add(pass.first);
            return passes.map(|later| later.first).fold(here, u32::min);
        }
        self.passes.iter().map(|pass| pass.rows.saturating_mul(pass.step)).max().unwrap_or(0)
    }
}

/// The part of the canvas that a frame of an animation is about (clause 11.3.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) x: u32,
    pub(super) y: u32,
}

impl Region {
    /// Reads the region out of a frame control chunk, from behind its sequence number.
    pub(super) fn parse(data: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(data, 0);
        Some(Self { width: cursor.be32()?, height: cursor.be32()?, x: cursor.be32()?, y: cursor.be32()? })
    }

    /// Whether there is a picture in it, all of it on the canvas.
    pub(super) fn is_on(&self, canvas: &Header) -> bool {
        let fits =
            |start: u32, size: u32, canvas: u32| size > 0 && start.checked_add(size).is_some_and(|end| end <= canvas);
        fits(self.x, self.width, canvas.width) && fits(self.y, self.height, canvas.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(color_type: u8, bit_depth: u8, interlace: u8) -> Result<Header, Invalid> {
        Header::parse([0, 0, 0, 20, 0, 0, 0, 30, bit_depth, color_type, 0, 0, interlace])
    }

    #[test]
    fn only_the_combinations_of_the_table_are_valid() {
        let valid: Vec<(u8, u8)> = (0..=255)
            .flat_map(|color| (0..=255).map(move |depth| (color, depth)))
            .filter(|&(color, depth)| header(color, depth, 0).is_ok())
            .collect();
        assert_eq!(valid.len(), 15);
        assert_eq!(header(2, 4, 0), Err(Invalid { field: "bit depth", value: 4 }));
        assert_eq!(header(0, 8, 2), Err(Invalid { field: "interlace method", value: 2 }));
    }

    #[test]
    fn passes_without_pixels_are_left_out() {
        let header = header(2, 8, 1).unwrap();
        assert_eq!(header.layout(1, 1).len(), 4);
        assert_eq!(header.layout(1, 1).passes.len(), 1);
        assert_eq!(header.layout(5, 5).passes.len(), 7);
        // Every pixel once, and a byte for each row of each pass.
        assert_eq!(header.layout(8, 8).len(), 8 * 8 * 3 + (1 + 1 + 1 + 2 + 2 + 4 + 4));
    }

    #[test]
    fn the_largest_picture_does_not_overflow() {
        let mut header = header(6, 16, 0).unwrap();
        (header.width, header.height) = (MAX, MAX);
        assert_eq!(header.layout(MAX, MAX).len(), u64::MAX);
        assert_eq!(header.layout(MAX, MAX).first_affected_row(0), 0);
    }

    #[test]
    fn the_first_affected_row_of_an_interlaced_picture_is_in_any_later_pass() {
        let plain = header(0, 8, 0).unwrap().layout(20, 30);
        assert_eq!(plain.first_affected_row(21 * 7 + 20), 7);
        assert_eq!(plain.first_affected_row(plain.len()), 30);
        let interlaced = header(0, 8, 1).unwrap().layout(20, 30);
        assert_eq!(interlaced.first_affected_row(0), 0);
        assert_eq!(interlaced.first_affected_row(interlaced.len() - 1), 29);
        let last_pass = 21 * 15;
        assert_eq!(interlaced.first_affected_row(interlaced.len() - last_pass), 1);
        assert_eq!(interlaced.first_affected_row(interlaced.len() - last_pass - 1), 1);
        // The pass before the last one has the even rows; of its 15 the last 10 are missing, then all.
        assert_eq!(interlaced.first_affected_row(interlaced.len() - last_pass - 11 * 10), 1);
        assert_eq!(interlaced.first_affected_row(interlaced.len() - last_pass - 11 * 15), 0);
    }

    #[test]
    fn a_region_must_lie_on_the_canvas() {
        let canvas = header(2, 8, 0).unwrap();
        let region = |width, height, x, y| Region { width, height, x, y };
        assert!(region(20, 30, 0, 0).is_on(&canvas));
        assert!(region(1, 1, 19, 29).is_on(&canvas));
        assert!(!region(1, 1, 20, 29).is_on(&canvas));
        assert!(!region(0, 1, 0, 0).is_on(&canvas));
        assert!(!region(u32::MAX, 1, u32::MAX, 0).is_on(&canvas));
    }
}
