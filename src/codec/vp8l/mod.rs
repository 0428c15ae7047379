//! Lossless pictures of WebP (RFC 9649, clause 3): a walk through transforms, prefix codes and the
//! pixels themselves that follows every code and makes no pixel. Only the small picture that says which
//! codes are in force where is decoded.
//!
//! The data has no marks to hold on to. What tells of damage is a table that is no complete code, a copy
//! from before the first pixel, and that the data ends where the picture does.

mod bits;
mod code;
mod pixels;

use crate::input::{Input, Stop, Walk};
use bits::Stream;
use pixels::Image;

/// Encoders fill up the last byte; some fill up a word.
const USUAL: u64 = 7;
const ALLOWED: u64 = 64;

/// The transforms (clause 4).
const SUBTRACT_GREEN: u32 = 2;
const COLOR_INDEXING: u32 = 3;

/// How the walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The picture ends where its data does.
    Whole,
    /// The picture ends near enough to where its data does.
    Slack { bits: u64, offset: u64 },
    /// Much data is left over.
    Leftover { bits: u64, offset: u64 },
    /// The data ran out in a row of pixels.
    Exhausted { row: u32, offset: u64 },
    /// Something is there that cannot be.
    Broken { what: &'static str, row: u32, offset: u64 },
}

/// What ends a walk early: a fault of the data, or the budget.
enum Halt {
    Exhausted,
    Broken(&'static str),
    Stop(Stop),
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// Walks the picture of `width` x `height` pixels whose transforms begin at `start`.
pub(crate) fn walk(input: &mut Input<'_>, (start, end): (u64, u64), (width, height): (u32, u32)) -> Walk<Ending> {
    let mut stream = Stream::new(start, end);
    let mut row = 0;
    let walked = picture(input, &mut stream, (width, height), &mut row);
    let offset = stream.offset();
    let bits = stream.unread();
    Ok(match walked {
        Err(Halt::Stop(stop)) => return Err(stop),
        Err(Halt::Exhausted) => Ending::Exhausted { row, offset },
        Err(Halt::Broken(what)) => Ending::Broken { what, row, offset },
        Ok(()) if bits > ALLOWED => Ending::Leftover { bits, offset },
        Ok(()) if bits > USUAL => Ending::Slack { bits, offset },
        Ok(()) => Ending::Whole,
    })
}

/// The transforms, and then the picture that they are applied to (clause 3.4).
fn picture(
    input: &mut Input<'_>,
    stream: &mut Stream,
    (mut width, height): (u32, u32),
    row: &mut u32,
) -> Result<(), Halt> {
    let mut seen = 0_u32;
    while let Some(kind) = stream.read(input, |bits| bits.flag().then(|| bits.number(2)))? {
        let bit = 1 << kind;
        if seen & bit != 0 {
            return Err(Halt::Broken("transform"));
        }
        seen |= bit;
        match kind {
            SUBTRACT_GREEN => {}
            COLOR_INDEXING => {
                let colors = stream.read(input, |bits| bits.number(8))?.saturating_add(1);
                Image::read(input, stream, colors, 1, false)?.walk(input, stream, &mut 0)?;
                // Pixels of few colours share a byte (clause 4.4).
                let shared = match colors {
                    0..=2 => 3,
                    3..=4 => 2,
                    5..=16 => 1,
                    _ => 0,
                };
                width = width.div_ceil(1 << shared);
            }
            _predictor_or_color => {
                let size = stream.read(input, |bits| bits.number(3))?.saturating_add(2);
                let (across, down) = (width.div_ceil(1 << size), height.div_ceil(1 << size));
                Image::read(input, stream, across, down, false)?.walk(input, stream, &mut 0)?;
            }
        }
        if stream.is_exhausted() {
            return Err(Halt::Exhausted);
        }
    }
    Image::read(input, stream, width, height, true)?.walk(input, stream, row)
}
