//! VP8 key frames (RFC 6386): the header, the partitions, and a walk through all macroblocks that
//! decodes every symbol and no pixel.

mod bits;
mod frame;
mod tables;
mod walk;

use crate::input::{Input, Walk};
use bits::{Bits, Partition};

pub(crate) use frame::look;
pub(crate) use walk::{Ending, walk};

/// The uncompressed start of a key frame (clause 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyFrame {
    /// Width in pixels, without scaling.
    pub(crate) width: u32,
    /// Height in pixels, without scaling.
    pub(crate) height: u32,
    /// The size of the first partition.
    first: u32,
}

impl KeyFrame {
    /// The length of what [`KeyFrame::parse`] takes.
    pub(crate) const LEN: u64 = 10;

    /// Reads the start of a frame, or names the field that no decoder takes.
    pub(crate) fn parse(bytes: [u8; 10]) -> Result<Self, &'static str> {
        let [a, b, c, code @ .., w0, w1, h0, h1] = bytes;
        let tag = u32::from_le_bytes([a, b, c, 0]);
        let width = u32::from(u16::from_le_bytes([w0, w1]) & 0x3fff);
        let height = u32::from(u16::from_le_bytes([h0, h1]) & 0x3fff);
        if tag & 1 != 0 {
            return Err("key_frame");
        }
        if code != [0x9d, 0x01, 0x2a] {
            return Err("start_code");
        }
        if (tag >> 1) & 7 > 3 {
            return Err("version");
        }
        if (tag >> 4) & 1 == 0 {
            return Err("show_frame");
        }
        if width == 0 {
            return Err("width");
        }
        if height == 0 {
            return Err("height");
        }
        Ok(Self { width, height, first: tag >> 5 })
    }

    fn columns(&self) -> u32 {
        self.width.div_ceil(16)
    }

    fn rows(&self) -> u32 {
        self.height.div_ceil(16)
    }
}

/// Where the partitions of a frame lie. Those that the file does not have reach no further than it.
pub(crate) struct Layout {
    first: (u64, u64),
    tokens: Vec<(u64, u64)>,
}

/// A partition that does not fit into the frame.
pub(crate) struct Overrun {
    /// 0 for the first partition, 1 to 8 for those with the coefficients.
    pub(crate) partition: u32,
    /// Where the partition begins.
    pub(crate) offset: u64,
}

/// Finds the partitions of the frame that takes up `start` to `end`, of which the file has the bytes
/// up to `limit`. What lies beyond that is not judged.
pub(crate) fn layout(
    input: &mut Input<'_>,
    frame: &KeyFrame,
    start: u64,
    end: u64,
    limit: u64,
) -> Walk<Result<Layout, Overrun>> {
    let limit = limit.min(end);
    let first = start.saturating_add(KeyFrame::LEN);
    let table = first.saturating_add(frame.first.into());
    if table > end {
        return Ok(Err(Overrun { partition: 0, offset: first }));
    }
    let mut layout = Layout { first: (first, table.min(limit)), tokens: Vec::new() };
    let mut partition = Partition::new(first, layout.first.1);
    let count = partition.read(input, |bits| Segments::read(bits).partitions)?;
    let mut sizes = table;
    let mut at = table.saturating_add(u64::from(count.saturating_sub(1)).saturating_mul(3));
    for partition in 1..=count {
        let size = if partition == count {
            end.saturating_sub(at)
        } else if sizes.saturating_add(3) > limit {
            // The table itself is cut off.
            0
        } else {
            let [a, b, c] = input.array(sizes)?;
            u32::from_le_bytes([a, b, c, 0]).into()
        };
        sizes = sizes.saturating_add(3);
        let next = at.saturating_add(size);
        // An empty last partition is one that the sizes of the others leave no room for.
        if next > end || (at >= end && partition == count) {
            return Ok(Err(Overrun { partition, offset: at.min(end) }));
        }
        layout.tokens.push((at.min(limit), next.min(limit)));
        at = next;
    }
    Ok(Ok(layout))
}

/// The start of the first partition (clauses 9.2 to 9.5).
struct Segments {
    /// The probabilities of the segment of a macroblock, if each one says which it is in.
    map: Option<[u8; 3]>,
    /// How many partitions with coefficients there are.
    partitions: u32,
}

impl Segments {
    fn read(bits: &mut Bits<'_>) -> Self {
        let _color_space = bits.flag();
        let _clamping_type = bits.flag();
        let map = Self::segmentation(bits);
        let _filter_type = bits.flag();
        let _level_and_sharpness = bits.number(6 + 3);
        if bits.flag() && bits.flag() {
            for _delta in 0..8 {
                bits.skip_optional_signed(6);
            }
        }
        Self { map, partitions: 1 << bits.number(2) }
    }

    fn segmentation(bits: &mut Bits<'_>) -> Option<[u8; 3]> {
        if !bits.flag() {
            return None;
        }
        let update_map = bits.flag();
        if bits.flag() {
            let _absolute = bits.flag();
            for size in [7, 7, 7, 7, 6, 6, 6, 6] {
                bits.skip_optional_signed(size);
            }
        }
        update_map.then(|| [(); 3].map(|()| if bits.flag() { low_byte(bits.number(8)) } else { 255 }))
    }
}

/// The lowest byte of a number.
fn low_byte(number: u32) -> u8 {
    let [byte, ..] = number.to_le_bytes();
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_key_frames_that_are_shown_are_taken() {
        let good = [0x50, 0x01, 0x00, 0x9d, 0x01, 0x2a, 40, 0x40, 30, 0xc0];
        assert_eq!(KeyFrame::parse(good), Ok(KeyFrame { width: 40, height: 30, first: 10 }));
        for (at, value, field) in [
            (0, 0x51, "key_frame"),
            (0, 0x58, "version"),
            (0, 0x40, "show_frame"),
            (4, 0x02, "start_code"),
            (6, 0, "width"),
            (8, 0, "height"),
        ] {
            let mut bytes = good;
            bytes[at] = value;
            assert_eq!(KeyFrame::parse(bytes), Err(field));
        }
    }
}
