//! GIF (Graphics Interchange Format, version 89a, 1990; version 87a is the same without extensions).
//!
//! A file is a screen descriptor and a chain of blocks: images, extensions and, at the end, a
//! trailer. The content of a block is itself a chain of sub-blocks of up to 255 bytes that ends in
//! an empty one, so the whole file can be walked without decoding anything. At full depth the LZW
//! stream of every image is walked as well: how many pixels it makes tells of damage that a decoder
//! shows as shifted colours and says nothing about.

use super::lzw::{Lzw, MAX_LITERAL_BITS, Step};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::facts::Color;
use crate::format::{Head, Inspection};
use crate::input::{Input, Stop, Walk};

/// How far the facts are looked for at header depth; what precedes the first image is short.
const HEADER_REACH: u64 = 64 << 10;
/// More zero bytes than this at the end are not padding, but blocks that were lost.
const PADDING: u64 = 16;

/// So many bytes behind the end code of an image are an encoder's rounding.
const SLACK: u64 = 4;

/// What a block begins with (appendix A).
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
/// Labels of extensions (clauses 23, 25, 26).
const PLAIN_TEXT: u8 = 0x01;
const GRAPHIC_CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

/// Application extensions that say how often an animation runs.
const LOOPING: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, b"GIF89a") || head.has(0, b"GIF87a")
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let palette = false;
    Gif { cx, at: 0, screen: (0, 0), palette, control: false, frames: 0, pictures: 0, alpha: false, lzw: None }.walk()
}

/// A walk over one file.
struct Gif<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    /// Where the next block begins.
    at: u64,
    screen: (u16, u16),
    /// Whether there is a palette for images that have none of their own.
    palette: bool,
    /// Whether a graphic control extension waits for its image.
    control: bool,
    frames: u32,
    /// Frames that have pixels.
    pictures: u32,
    alpha: bool,
    lzw: Option<Box<Lzw<false>>>,
}

/// How the walk goes on behind a block.
#[derive(PartialEq, Eq)]
enum Next {
    Block,
    Done,
}

/// How large an image is and how its pixels are stored.
struct Frame {
    /// Counted from 1, as people do.
    number: u32,
    top: u16,
    width: u16,
    height: u16,
    interlaced: bool,
}

/// How an LZW stream ended.
#[derive(Clone, Copy)]
enum Ending {
    /// It did not: the data were used up.
    Open,
    /// With an end code.
    Code,
    /// At a code without meaning, before this byte of the file.
    Bad(u64),
}

/// What a walk over the LZW stream of a frame found.
struct Pixels {
    count: u64,
    ending: Ending,
    /// Bytes that follow the end.
    surplus: u64,
}

impl Gif<'_, '_, '_> {
    fn walk(&mut self) -> Walk {
        let mut next = self.header()?;
        while next == Next::Block {
            if self.cx.depth == Depth::Header && self.at > HEADER_REACH {
                break;
            }
            next = match self.array::<1>(self.at)? {
                Some([IMAGE]) => self.image()?,
                Some([EXTENSION]) => self.extension()?,
                Some([TRAILER]) => self.trailer(),
                Some([0]) => self.zeros()?,
                Some([other]) => self.unknown(other),
                None => self.ended(),
            };
        }
        if self.cx.depth > Depth::Header {
            let (frames, alpha) = (self.frames, self.alpha);
            let facts = self.cx.image();
            facts.frames = Some(frames);
            facts.animated = Some(frames > 1);
            facts.alpha = Some(alpha);
        }
        Ok(())
    }

    /// Signature and logical screen descriptor (clauses 17, 18), and the palette behind them.
    fn header(&mut self) -> Walk<Next> {
        let facts = self.cx.image();
        facts.color = Some(Color::Indexed);
        facts.compression = Some("lzw");
        let Some([w0, w1, h0, h1, flags, _background, _aspect]) = self.array(6)? else {
            return Ok(self.truncated(0));
        };
        self.screen = (u16::from_le_bytes([w0, w1]), u16::from_le_bytes([h0, h1]));
        let (width, height) = self.screen;
        if width > 0 && height > 0 {
            self.cx.image().set_size(width.into(), height.into());
        } else {
            self.cx.note(Defect::at(Id::GifScreenEmpty, 6).with("width", width).with("height", height));
        }
        self.at = 13;
        self.palette = self.skip_palette(flags);
        Ok(if self.at > self.cx.input.size() { self.truncated(0) } else { Next::Block })
    }

    /// Passes the palette that `flags` announce (clauses 19, 21), and says whether they do.
    fn skip_palette(&mut self, flags: u8) -> bool {
        let present = flags & 0x80 != 0;
        if present {
            let bits = (flags & 7).saturating_add(1);
            self.at = self.at.saturating_add(3 << bits);
            self.cx.image().bit_depth.get_or_insert(bits);
        }
        present
    }

    /// An extension: what it says where that is a fact, and its sub-blocks (clauses 23 to 26).
    fn extension(&mut self) -> Walk<Next> {
        let start = self.at;
        match self.cx.input.up_to(start.saturating_add(1), 13)? {
            [GRAPHIC_CONTROL, size, flags, ..] => {
                let (size, flags) = (*size, *flags);
                self.control = true;
                self.alpha |= flags & 1 != 0;
                if size != 4 {
                    self.cx.note(Defect::at(Id::GifControlSizeWrong, start).with("size", size));
                }
            }
            [PLAIN_TEXT, ..] => self.control = false,
            [APPLICATION, 11, name @ ..] if LOOPING.contains(&name) => self.cx.image().animated = Some(true),
            _ => {}
        }
        let (end, complete) = sub_blocks(self.cx.input, start.saturating_add(2), |_, _| {})?;
        self.at = end;
        Ok(if complete { Next::Block } else { self.truncated(start) })
    }

    /// An image: descriptor, palette and data (clauses 20 to 22).
    fn image(&mut self) -> Walk<Next> {
        let start = self.at;
        let Some([l0, l1, t0, t1, w0, w1, h0, h1, flags]) = self.array(start.saturating_add(1))? else {
            return Ok(self.truncated(start));
        };
        let left = u16::from_le_bytes([l0, l1]);
        self.frames = self.frames.saturating_add(1);
        let frame = Frame {
            number: self.frames,
            top: u16::from_le_bytes([t0, t1]),
            width: u16::from_le_bytes([w0, w1]),
            height: u16::from_le_bytes([h0, h1]),
            interlaced: flags & 0x40 != 0,
        };
        self.at = start.saturating_add(10);
        let own_palette = self.skip_palette(flags);
        self.control = false;
        let (right, bottom) = (left.saturating_add(frame.width), frame.top.saturating_add(frame.height));
        let (alpha, screen) = (self.alpha, self.screen);
        if frame.number == 1 {
            let facts = self.cx.image();
            facts.progressive = Some(frame.interlaced);
            facts.alpha = Some(alpha);
            if facts.width.is_none() && right > 0 && bottom > 0 {
                facts.set_size(right.into(), bottom.into());
            }
        }
        if self.cx.depth == Depth::Header {
            return Ok(Next::Done);
        }
        if !own_palette && !self.palette {
            self.note(&frame, Defect::at(Id::GifPaletteMissing, start));
        }
        if frame.pixels() == 0 {
            self.note(&frame, Defect::at(Id::GifFrameEmpty, start));
        } else {
            self.pictures = self.pictures.saturating_add(1);
            if screen != (0, 0) && (right > screen.0 || bottom > screen.1) {
                self.note(&frame, Defect::at(Id::GifFrameOutsideScreen, start));
            }
        }
        let Some([code_size]) = self.array(self.at)? else {
            return Ok(self.truncated(start));
        };
        match code_size {
            2..=8 => {}
            0..=1 | 9..=MAX_LITERAL_BITS => {
                self.note(&frame, Defect::at(Id::GifCodeSizeOdd, self.at).with("bits", code_size));
            }
            _ => self.note(&frame, Defect::at(Id::GifCodeSizeBad, self.at).with("bits", code_size)),
        }
        let data = self.at.saturating_add(1);
        // With literals of one bit decoders disagree about when codes become longer.
        let walked = self.cx.depth == Depth::Full && frame.pixels() > 0 && (2..=MAX_LITERAL_BITS).contains(&code_size);
        if walked { self.verify(&frame, start, data, code_size) } else { self.pass(&frame, start, data) }
    }

    /// Passes the data of an image.
    fn pass(&mut self, frame: &Frame, start: u64, data: u64) -> Walk<Next> {
        let (end, complete) = sub_blocks(self.cx.input, data, |_, _| {})?;
        self.at = end;
        if !complete {
            self.note(frame, Defect::at(Id::GifTruncated, end).with("start", start));
            return Ok(Next::Done);
        }
        Ok(Next::Block)
    }

    /// Walks the data of an image as LZW and judges what they come to.
    fn verify(&mut self, frame: &Frame, start: u64, data: u64, code_size: u8) -> Walk<Next> {
        let lzw = self.lzw.get_or_insert_with(|| Box::new(Lzw::new(code_size)));
        lzw.start(code_size);
        let mut ending = Ending::Open;
        let mut surplus = 0_u64;
        let (end, complete) = sub_blocks(self.cx.input, data, |at, block| match ending {
            Ending::Open => match lzw.feed(block) {
                Step::More => {}
                Step::End(taken) => {
                    ending = Ending::Code;
                    surplus = len64(block.len().saturating_sub(taken));
                }
                Step::Bad(taken) => ending = Ending::Bad(at.saturating_add(len64(taken))),
            },
            Ending::Code | Ending::Bad(_) => surplus = surplus.saturating_add(len64(block.len())),
        })?;
        self.at = end;
        let pixels = Pixels { count: lzw.produced(), ending, surplus };
        if pixels.count < frame.pixels() {
            self.too_few(frame, start, &pixels, complete);
        } else {
            self.enough(frame, &pixels);
            if !complete {
                // Nothing of this image is missing but the marks that close it.
                self.note(frame, Defect::at(Id::GifDataUnclosed, self.at));
                return Ok(self.ended());
            }
        }
        Ok(if complete { Next::Block } else { Next::Done })
    }

    /// Notes why an image lacks pixels.
    fn too_few(&mut self, frame: &Frame, start: u64, pixels: &Pixels, complete: bool) {
        let defect = match pixels.ending {
            Ending::Bad(at) => Defect::at(Id::GifCodeBad, at),
            _ if !complete => Defect::at(Id::GifTruncated, self.at).with("start", start),
            _ => Defect::at(Id::GifFrameShort, self.at).with("missing", frame.pixels().saturating_sub(pixels.count)),
        };
        let defect =
            defect.with("row", frame.first_row_after(pixels.count)).with("intact_percent", frame.percent(pixels.count));
        self.note(frame, defect);
    }

    /// Notes what is odd about an image that has all its pixels.
    fn enough(&mut self, frame: &Frame, pixels: &Pixels) {
        let more = pixels.count.saturating_sub(frame.pixels());
        match pixels.ending {
            Ending::Bad(at) => self.note(frame, Defect::at(Id::GifEndCodeBad, at)),
            _ if more > 0 => self.note(frame, Defect::at(Id::GifPixelsSurplus, self.at).with("surplus", more)),
            _ if pixels.surplus > SLACK => {
                self.note(frame, Defect::at(Id::GifDataSurplus, self.at).with("bytes", pixels.surplus));
            }
            Ending::Open => self.note(frame, Defect::at(Id::GifEndCodeMissing, self.at)),
            Ending::Code => {}
        }
    }

    /// The trailer, and what is behind it (clause 27).
    fn trailer(&mut self) -> Next {
        let end = self.at.saturating_add(1);
        let more = self.cx.input.size().saturating_sub(end);
        self.no_picture();
        if more > 0 {
            self.cx.note(Defect::at(Id::GifTrailingData, end).with("bytes", more));
        }
        Next::Done
    }

    /// The end of the file where a block could begin.
    fn ended(&mut self) -> Next {
        if self.control {
            // An image was announced.
            return self.truncated(self.at);
        }
        if !self.no_picture() {
            self.cx.note(Defect::at(Id::GifTrailerMissing, self.cx.input.size()));
        }
        Next::Done
    }

    /// Zero bytes where a block should begin: some encoders end a block twice.
    fn zeros(&mut self) -> Walk<Next> {
        let (start, size) = (self.at, self.cx.input.size());
        while self.at < size {
            let piece = self.cx.input.fill(self.at, size)?;
            let zeros = piece.iter().take_while(|&&byte| byte == 0).count();
            let all = zeros == piece.len();
            self.at = self.at.saturating_add(len64(zeros));
            if !all {
                break;
            }
        }
        let count = self.at.saturating_sub(start);
        if self.at == size && count > PADDING {
            return Ok(self.unknown_at(start, 0));
        }
        self.cx.note(Defect::at(Id::GifZeroBytes, start).with("bytes", count));
        Ok(Next::Block)
    }

    fn unknown(&mut self, byte: u8) -> Next {
        self.unknown_at(self.at, byte)
    }

    fn unknown_at(&mut self, at: u64, byte: u8) -> Next {
        self.cx.note(Defect::at(Id::GifBlockUnknown, at).with("byte", format!("0x{byte:02x}")));
        Next::Done
    }

    /// The file ends within the block that began at `start`.
    fn truncated(&mut self, start: u64) -> Next {
        self.cx.note(Defect::at(Id::GifTruncated, self.cx.input.size()).with("start", start));
        Next::Done
    }

    /// Notes that there is nothing to see, if so.
    fn no_picture(&mut self) -> bool {
        let none = self.pictures == 0;
        if none {
            self.cx.note(Defect::at(Id::GifNoPicture, self.at));
        }
        none
    }

    fn note(&mut self, frame: &Frame, defect: Defect) {
        self.cx.note(defect.with("frame", frame.number).within(format!("frame {}", frame.number)));
    }

    /// `N` bytes, if the file has them.
    fn array<const N: usize>(&mut self, at: u64) -> Walk<Option<[u8; N]>> {
        match self.cx.input.array(at) {
            Err(Stop::End(_)) => Ok(None),
            read => read.map(Some),
        }
    }
}

impl Frame {
    fn pixels(&self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }

    /// The first row of the picture that has not all its pixels when `count` were stored.
    fn first_row_after(&self, count: u64) -> u64 {
        let stored = count.checked_div(self.width.into()).unwrap_or_default();
        let height = u64::from(self.height);
        let row = if self.interlaced {
            // Rows 0, 8, 16, …, then 4, 12, …, then 2, 6, …, then 1, 3, … (appendix E): until the
            // last pass begins, row 1 is missing.
            let even = height.div_ceil(2);
            match stored.checked_sub(even) {
                Some(odd) => odd.saturating_mul(2).saturating_add(1),
                None => stored.min(1),
            }
        } else {
            stored
        };
        row.saturating_add(self.top.into())
    }

    /// The share of the picture that `count` pixels are.
    fn percent(&self, count: u64) -> f64 {
        let part = |n: u64| u32::try_from(n).map_or(f64::INFINITY, f64::from);
        100.0 * part(count) / part(self.pixels())
    }
}

/// Walks the chain of sub-blocks at `at` (clause 15) and shows `each` the place and content of every
/// one. Returns where it ends, and whether by an empty block (or else by the end of the file).
fn sub_blocks(input: &mut Input<'_>, mut at: u64, mut each: impl FnMut(u64, &[u8])) -> Walk<(u64, bool)> {
    loop {
        if at >= input.size() {
            return Ok((input.size(), false));
        }
        let Some((&len, rest)) = input.up_to(at, 256)?.split_first() else {
            return Ok((at, false));
        };
        at = at.saturating_add(1);
        if len == 0 {
            return Ok((at, true));
        }
        // The last block of a truncated file is short.
        let block = rest.get(..len.into()).unwrap_or(rest);
        each(at, block);
        at = at.saturating_add(len64(block.len()));
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "small numbers")]
mod tests {
    use super::*;

    fn frame(height: u16, interlaced: bool) -> Frame {
        Frame { number: 1, top: 10, width: 4, height, interlaced }
    }

    #[test]
    fn the_first_missing_row_of_an_interlaced_picture_is_seldom_the_last_stored_one() {
        let order = |height: u16| {
            let pass = |first: u16, step: usize| (first..height).step_by(step);
            pass(0, 8).chain(pass(4, 8)).chain(pass(2, 4)).chain(pass(1, 2)).collect::<Vec<_>>()
        };
        for height in 1..40 {
            let order = order(height);
            for stored in 0..order.len() {
                let missing = u64::from(*order[stored..].iter().min().unwrap());
                let count = 4 * len64(stored) + 3;
                assert_eq!(frame(height, true).first_row_after(count), 10 + missing, "{stored} of {height}");
                assert_eq!(frame(height, false).first_row_after(count), 10 + len64(stored));
            }
        }
    }
}
