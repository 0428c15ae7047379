//! BMP: Windows bitmaps (Microsoft, "Bitmap Storage" and the `BITMAPINFOHEADER`, `BITMAPV4HEADER`
//! and `BITMAPV5HEADER` structures) and OS/2 bitmaps (IBM, "OS/2 Presentation Manager Bitmap Files").
//!
//! Nothing in a BMP is checked by a sum, so what can be told is whether its numbers go together and
//! whether the file is long enough for them. At full depth run-length coded pixels are walked.

use crate::bytes::{Cursor, Endian, index, u16_at, u32_at};
use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::facts::Color;
use crate::format::{Head, Inspection};
use crate::input::{Stop, Walk};

/// `BITMAPFILEHEADER`: signature, file size, two reserved words, offset of the pixels.
const FILE_HEADER: u64 = 14;
/// The largest information header, `BITMAPV5HEADER`.
const LARGEST_INFO: u64 = 124;
/// `BITMAPCOREHEADER`, with 16-bit sizes and 3-byte palette entries.
const CORE: u32 = 12;
/// `BITMAPINFOHEADER`, and with three or four colour masks inside.
const INFO: u32 = 40;
const INFO_V2: u32 = 52;
const INFO_V3: u32 = 56;
const INFO_V4: u32 = 108;
const INFO_V5: u32 = 124;
/// `BITMAPINFOHEADER2` of OS/2, which may be cut off behind any field.
const OS2: std::ops::RangeInclusive<u32> = 16..=64;

/// Rows that codes may skip behind the picture: some encoders fill up with zeros.
const EXTRA_ROWS: u64 = 8;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    let size = head.bytes.get(14..).and_then(|bytes| u32_at(bytes, Endian::Little)).unwrap_or_default();
    head.has(0, b"BM") && (size == CORE || OS2.contains(&size) || size == INFO_V4 || size == INFO_V5)
}

/// How pixels are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    Bitfields,
    AlphaBitfields,
    /// Runs of so many bits per pixel: 4, 8 or 24.
    Runs(u16),
    /// A whole file of another format, or a fax.
    Other(&'static str),
}

impl Coding {
    /// What `compression` means under a header of `info` bytes: OS/2 counts differently from 3 on.
    fn new(info: u32, compression: u32) -> Option<Self> {
        let os2 = ![CORE, INFO, INFO_V2, INFO_V3, INFO_V4, INFO_V5].contains(&info);
        Some(match compression {
            0 => Self::Plain,
            1 => Self::Runs(8),
            2 => Self::Runs(4),
            3 if os2 => Self::Other("huffman-1d"),
            4 if os2 => Self::Runs(24),
            3 => Self::Bitfields,
            4 => Self::Other("jpeg"),
            5 => Self::Other("png"),
            6 => Self::AlphaBitfields,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "none",
            Self::Bitfields => "bitfields",
            Self::AlphaBitfields => "alpha-bitfields",
            Self::Runs(4) => "rle4",
            Self::Runs(8) => "rle8",
            Self::Runs(_) => "rle24",
            Self::Other(name) => name,
        }
    }

    /// Whether pixels of `bits` bits can be coded so.
    fn takes(self, bits: u16) -> bool {
        match self {
            Self::Plain => matches!(bits, 1 | 2 | 4 | 8 | 16 | 24 | 32 | 64),
            Self::Bitfields | Self::AlphaBitfields => matches!(bits, 16 | 32),
            Self::Runs(of) => bits == of,
            Self::Other(_) => true,
        }
    }
}

/// The two headers.
struct Header {
    file_size: u64,
    pixels: u64,
    info: u32,
    width: i32,
    height: i32,
    planes: u16,
    bits: u16,
    compression: u32,
    image_size: u32,
    colors: u32,
    masks: [u32; 4],
    /// Where the colour profile ends; 0 without one.
    profile_end: u64,
}

impl Header {
    /// Reads the headers from the first bytes of the file; `None` if they are cut off.
    fn new(head: &[u8]) -> Option<Self> {
        let mut file = Cursor::new(head, 0);
        file.skip(2)?;
        let file_size = file.le32()?.into();
        file.skip(4)?;
        let pixels = file.le32()?.into();
        let info = u32_at(file.rest(), Endian::Little)?;
        let fields = file.take(index(info.into()))?;
        let long = |at: usize| fields.get(at..).and_then(|bytes| u32_at(bytes, Endian::Little)).unwrap_or_default();
        let word = |at: usize| fields.get(at..).and_then(|bytes| u16_at(bytes, Endian::Little)).unwrap_or_default();
        let mut header = Self {
            file_size,
            pixels,
            info,
            width: long(4).cast_signed(),
            height: long(8).cast_signed(),
            planes: word(12),
            bits: word(14),
            compression: long(16),
            image_size: long(20),
            colors: long(32),
            masks: [long(40), long(44), long(48), long(52)],
            profile_end: match (long(112), long(116)) {
                (0, _) | (_, 0) => 0,
                (at, len) => FILE_HEADER.saturating_add(at.into()).saturating_add(len.into()),
            },
        };
        if info == CORE {
            (header.width, header.height) = (word(4).into(), word(6).into());
            (header.planes, header.bits) = (word(8), word(10));
        } else if info == INFO {
            // The masks are behind the header instead of in it.
            for mask in &mut header.masks {
                *mask = file.le32().unwrap_or_default();
            }
        } else if info < INFO_V2 || OS2.end() == &info {
            header.masks = [0; 4];
        }
        Some(header)
    }

    /// The length of both headers and of the masks behind them.
    fn len(&self, coding: Coding) -> u64 {
        let masks = match coding {
            Coding::Bitfields if self.info == INFO => 12,
            Coding::AlphaBitfields if self.info == INFO => 16,
            _ => 0,
        };
        FILE_HEADER.saturating_add(self.info.into()).saturating_add(masks)
    }

    /// Whether the header says how transparent a pixel is.
    fn alpha(&self, coding: Coding) -> bool {
        let [_, _, _, alpha] = self.masks;
        match coding {
            Coding::Bitfields => self.info >= INFO_V3 && alpha != 0,
            Coding::AlphaBitfields => alpha != 0,
            Coding::Plain => self.bits == 64,
            _ => false,
        }
    }

    /// The bits of one sample.
    fn bit_depth(&self, coding: Coding) -> Option<u8> {
        let depth = match (coding, self.bits) {
            (Coding::Bitfields | Coding::AlphaBitfields, _) => {
                let [red, green, blue, _] = self.masks;
                [red, green, blue].into_iter().map(u32::count_ones).max()?
            }
            (_, 16) => 5,
            (_, 24 | 32) => 8,
            (_, 64) => 16,
            (_, bits) => bits.into(),
        };
        u8::try_from(depth).ok().filter(|&depth| depth > 0)
    }

    /// The bytes of one row of plain pixels: without and with the filling to four bytes.
    fn row(&self) -> (u64, u64) {
        let bits = u64::from(self.width.unsigned_abs()).saturating_mul(self.bits.into());
        (bits.div_ceil(8), bits.div_ceil(32).saturating_mul(4))
    }
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let size = cx.input.size();
    let Some(header) = Header::new(cx.input.up_to(0, FILE_HEADER.saturating_add(LARGEST_INFO))?) else {
        cx.note(Defect::at(Id::BmpTruncated, size));
        return Ok(());
    };
    let facts = cx.image();
    if header.width > 0 && header.height != 0 {
        facts.set_size(header.width.unsigned_abs(), header.height.unsigned_abs());
    } else {
        let defect = Defect::at(Id::BmpDimensionsBad, 18);
        cx.note(defect.with("width", header.width.to_string()).with("height", header.height.to_string()));
        return Ok(());
    }
    let coding = Coding::new(header.info, header.compression).filter(|coding| coding.takes(header.bits));
    let Some(coding) = coding else {
        let defect = Defect::at(Id::BmpCodingBad, if header.info == CORE { 24 } else { 28 });
        cx.note(defect.with("bits", header.bits).with("compression", header.compression));
        return Ok(());
    };
    let facts = cx.image();
    facts.frames = Some(1);
    facts.animated = Some(false);
    facts.compression = Some(coding.name());
    if !matches!(coding, Coding::Other(_)) {
        facts.color = Some(if header.bits <= 8 { Color::Indexed } else { Color::Rgb });
        facts.bit_depth = header.bit_depth(coding);
        facts.alpha = Some(header.alpha(coding));
    }
    if cx.depth == Depth::Header {
        return Ok(());
    }
    structure(cx, &header, coding)
}

/// Checks that the numbers of the header go together, and that the file is as long as they say.
fn structure(cx: &mut Inspection<'_, '_>, header: &Header, coding: Coding) -> Walk {
    if header.planes != 1 {
        cx.note(
            Defect::at(Id::BmpPlanesWrong, if header.info == CORE { 22 } else { 26 }).with("planes", header.planes),
        );
    }
    let start = pixels_start(cx, header, coding);
    match coding {
        Coding::Plain | Coding::Bitfields | Coding::AlphaBitfields => plain_rows(cx, header, start),
        Coding::Runs(bits) if cx.depth == Depth::Full => return verify_runs(cx, header, bits, start),
        Coding::Runs(_) => coded(cx, header, start),
        Coding::Other(name) => {
            coded(cx, header, start);
            cx.note(Defect::at(Id::BmpCodingUnchecked, start).with("coding", name));
        }
    }
    Ok(())
}

/// Where the pixels begin, and whether the palette fits before them.
fn pixels_start(cx: &mut Inspection<'_, '_>, header: &Header, coding: Coding) -> u64 {
    let headers = header.len(coding);
    let possible = if header.bits <= 8 { 1_u64 << header.bits } else { 0 };
    let stated = u64::from(header.colors);
    let colors = if stated == 0 { possible } else { stated };
    let entry = if header.info == CORE { 3 } else { 4 };
    let palette_end = headers.saturating_add(colors.saturating_mul(entry));
    let start = if header.pixels == 0 { palette_end } else { header.pixels };
    if possible > 0 && stated > possible {
        let id = if palette_end > start { Id::BmpPalettePastPixels } else { Id::BmpPaletteTooLarge };
        cx.note(Defect::at(id, 46).with("colors", stated).with("possible", possible));
    }
    if start < headers {
        cx.note(Defect::at(Id::BmpPixelsInHeader, 10).with("start", start).with("headers", headers));
    }
    start
}

/// Rows of plain pixels: whether they are all there, and what is behind them.
fn plain_rows(cx: &mut Inspection<'_, '_>, header: &Header, start: u64) {
    let size = cx.input.size();
    let height = u64::from(header.height.unsigned_abs());
    let (used, row) = header.row();
    let end = start.saturating_add(row.saturating_mul(height));
    if end > size {
        let have = size.saturating_sub(start);
        // The filling of the last row is missed by some decoders only.
        let all = have >= row.saturating_mul(height.saturating_sub(1)).saturating_add(used);
        cx.note(if all {
            Defect::at(Id::BmpFillingMissing, size).with("missing", end.saturating_sub(size))
        } else {
            truncated(header, size, have.checked_div(row).unwrap_or_default())
        });
        return;
    }
    let declared = [header.file_size, header.profile_end].into_iter().filter(|&end| end <= size).fold(end, u64::max);
    // Zero is common, and programs for OS/2 did not write the size of the file there.
    if header.file_size != size && header.file_size != 0 && header.info >= INFO && header.info != *OS2.end() {
        cx.note(Defect::at(Id::BmpFileSizeWrong, 2).with("stated", header.file_size).with("bytes", size));
    }
    if declared < size {
        cx.note(Defect::at(Id::BmpTrailingData, declared).with("bytes", size.saturating_sub(declared)));
    }
}

/// Coded pixels: whether the file is as long as it says itself.
fn coded(cx: &mut Inspection<'_, '_>, header: &Header, start: u64) {
    let size = cx.input.size();
    let end = start.saturating_add(header.image_size.into());
    if start >= size || (end > size && header.file_size != size) {
        cx.note(Defect::at(Id::BmpTruncated, size));
    }
}

/// The file ends at `size`, when `whole` rows were stored.
fn truncated(header: &Header, size: u64, whole: u64) -> Defect {
    let height = header.height.unsigned_abs();
    let whole = u32::try_from(whole).unwrap_or(height).min(height);
    // What is missing of a bottom-up picture begins with its first row.
    let row = if header.height < 0 { whole } else { 0 };
    Defect::at(Id::BmpTruncated, size)
        .with("row", row)
        .with("intact_percent", 100.0 * f64::from(whole) / f64::from(height.max(1)))
}

/// The rows of run-length coded pixels, which the codes step through.
struct Rows {
    width: u64,
    height: u64,
    x: u64,
    y: u64,
}

impl Rows {
    fn advance(&mut self, dx: u8, dy: u8) {
        self.x = self.x.saturating_add(dx.into());
        self.y = self.y.saturating_add(dy.into());
    }

    fn next_row(&mut self) {
        self.x = 0;
        self.y = self.y.saturating_add(1);
    }

    /// Whether nothing is left to draw.
    fn complete(&self) -> bool {
        self.y.saturating_add(u64::from(self.x >= self.width)) >= self.height
    }
}

/// Walks run-length coded pixels: pairs of a count and a value, or of a zero and an escape.
fn verify_runs(cx: &mut Inspection<'_, '_>, header: &Header, bits: u16, start: u64) -> Walk {
    let size = cx.input.size();
    let mut rows =
        Rows { width: header.width.unsigned_abs().into(), height: header.height.unsigned_abs().into(), x: 0, y: 0 };
    // Some encoders, ImageMagick among them, code the filling of a row to four bytes as pixels.
    let room = rows.width.next_multiple_of(if bits == 4 { 8 } else { 4 });
    let mut at = start;
    loop {
        let pair = match cx.input.array::<4>(at) {
            Err(Stop::End(_)) => cx.input.array::<2>(at).map(|[count, value]| [count, value, 0, 0]),
            read => read,
        };
        let [count, value, dx, dy] = match pair {
            Ok(pair) => pair,
            Err(Stop::End(_)) if rows.complete() => {
                cx.note(Defect::at(Id::BmpRunsEndMissing, size));
                return Ok(());
            }
            Err(Stop::End(_)) => {
                cx.note(truncated(header, size, rows.y));
                return Ok(());
            }
            Err(stop) => return Err(stop),
        };
        let mut taken = 2_u64;
        match (count, value) {
            (0, 0) => rows.next_row(),
            (0, 1) => return Ok(()),
            (0, 2) => {
                rows.advance(dx, dy);
                taken = 4;
            }
            (0, literals) => {
                rows.advance(literals, 0);
                let bytes = u64::from(literals).saturating_mul(bits.into()).div_ceil(8);
                taken = taken.saturating_add(bytes.next_multiple_of(2));
            }
            (run, _) => {
                rows.advance(run, 0);
                taken = if bits == 24 { 4 } else { 2 };
            }
        }
        let draws = count > 0 || value > 2;
        if (draws && rows.y >= rows.height) || rows.y > rows.height.saturating_add(EXTRA_ROWS) {
            cx.note(Defect::at(Id::BmpRunsPastEnd, at));
            return Ok(());
        }
        if rows.x > room {
            cx.note(Defect::at(Id::BmpRunsPastRow, at));
            rows.x = room;
        }
        at = at.saturating_add(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_do_not_make_a_bitmap() {
        let is = |bytes: &[u8]| sniff(&Head { bytes, size: 1000 });
        let with_info = |size: u32| [&b"BM\x16\x03\0\0\0\0\0\0\x36\0\0\0"[..], &size.to_le_bytes()].concat();
        for size in [12, 16, 40, 52, 56, 64, 108, 124] {
            assert!(is(&with_info(size)), "{size}");
        }
        for size in [0, 11, 13, 65, 125, 0x2000_0028] {
            assert!(!is(&with_info(size)), "{size}");
        }
        assert!(!is(b"BMW is a maker of cars in Munich."));
        assert!(!is(&with_info(40)[..17]));
    }
}
