//! Small pictures of images, to recognise files by: decoded by the `image` crate under limits, and
//! encoded anew, so that no byte of a file gets into the page.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::error::{ImageError, LimitError, LimitErrorKind};
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, RgbaImage};

use crate::format::Kind;
use crate::render::Measures;
use crate::report::{Report, Verdict};
use crate::source::FileSource;

/// Pixels of the longer edge.
const EDGE: u32 = 96;
/// The most bytes of one: what two thousand of them, and two thousand of files that pass, may add to a
/// page is thereby bounded.
const MAX_BYTES: usize = 3072;
/// Files that are larger are not decoded.
const MAX_FILE: u64 = 20_000_000;
/// Pictures of more pixels are not decoded.
const MAX_PIXELS: u64 = 40_000_000;
/// What a decoder may allocate.
const MAX_MEMORY: u64 = 400 << 20;
/// Pictures of more pixels are decoded one at a time, whatever the number of workers.
const LARGE: u64 = 4_000_000;
/// How long a decoder is fed.
const TIME: Duration = Duration::from_secs(5);

/// Makes thumbnails of a limited number of files. Workers share it.
#[derive(Debug)]
pub(crate) struct Thumbnails {
    /// How many there may still be of files that pass, and of others.
    passing: AtomicUsize,
    others: AtomicUsize,
    large: Mutex<()>,
}

impl Thumbnails {
    /// For so many files that pass, and as many that don't.
    pub(crate) fn new(limit: usize) -> Self {
        Self { passing: AtomicUsize::new(limit), others: AtomicUsize::new(limit), large: Mutex::new(()) }
    }

    /// A JPEG of what can be seen of the image at `path`: of a broken one, the part that a decoder gets
    /// out before it gives up.
    pub(crate) fn of(&self, path: &Path, report: &Report) -> Option<Vec<u8>> {
        let format = report.format.and_then(ImageFormat::from_extension).filter(ImageFormat::reading_enabled)?;
        let Measures { width, height, .. } = Measures::of(&report.facts);
        let pixels = width?.saturating_mul(height?);
        let cheap = pixels <= MAX_PIXELS && report.bytes? <= MAX_FILE;
        if report.kind != Kind::Image || report.verdict == Verdict::Unchecked || !cheap {
            return None;
        }
        let left = if report.verdict == Verdict::Pass { &self.passing } else { &self.others };
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).ok()?;
        let _alone = (pixels > LARGE).then(|| self.large.lock().unwrap_or_else(PoisonError::into_inner));
        // Where a picture breaks is told by rows as they are stored.
        let upright = report.findings.iter().all(|finding| finding.intact_fraction.is_none() && finding.row.is_none());
        let made = without_panic(|| encode(&decode(path, format, upright)?)).flatten();
        if made.is_none() {
            left.fetch_add(1, Ordering::Relaxed);
        }
        made
    }
}

/// `None` if `decode` panics, which decoders do now and then; nobody is told, since no report depends
/// on them.
fn without_panic<T>(decode: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    thread_local!(static DECODING: Cell<bool> = const { Cell::new(false) });
    QUIET.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !DECODING.get() {
                told(panic);
            }
        }));
    });
    DECODING.set(true);
    let decoded = panic::catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(false);
    decoded.ok()
}

fn decode(path: &Path, format: ImageFormat, upright: bool) -> Option<DynamicImage> {
    // Only to be told of directories and devices before they are read.
    FileSource::open(path).ok()?;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
    let timed = Timed { bytes: Cursor::new(bytes), until: Instant::now().checked_add(TIME)? };
    let mut reader = ImageReader::with_format(BufReader::new(timed), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok().filter(|_| upright);
    let mut picture = DynamicImage::from_decoder(Lenient(decoder)).ok()?;
    if picture.width() > EDGE || picture.height() > EDGE {
        picture = picture.thumbnail(EDGE, EDGE);
    }
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Some(picture)
}

/// A JPEG that is small enough, on white where the picture is transparent.
fn encode(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut flat = RgbaImage::from_pixel(picture.width(), picture.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut flat, &picture.to_rgba8(), 0, 0);
    let flat = DynamicImage::ImageRgba8(flat).into_rgb8();
    [70, 45, 20, 5].into_iter().find_map(|quality| {
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(&flat).ok()?;
        (jpeg.len() <= MAX_BYTES).then_some(jpeg)
    })
}

/// Ends for its decoder when time is up.
struct Timed {
    bytes: Cursor<Vec<u8>>,
    until: Instant,
}

impl Read for Timed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.bytes.read(buf)
    }
}

impl Seek for Timed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

/// A decoder that hands over what it has when it gives up.
struct Lenient<D>(D);

impl<D: ImageDecoder> ImageDecoder for Lenient<D> {
    fn dimensions(&self) -> (u32, u32) {
        self.0.dimensions()
    }

    fn color_type(&self) -> ColorType {
        self.0.color_type()
    }

    fn read_image(self, buf: &mut [u8]) -> ImageResult<()> {
        let (width, height) = self.0.dimensions();
        // The header may not be the one that the facts are of.
        if u64::from(width).saturating_mul(height.into()) > MAX_PIXELS {
            return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::DimensionError)));
        }
        match self.0.read_image(buf) {
            Err(error) if buf.iter().all(|byte| *byte == 0) => Err(error),
            _ => Ok(()),
        }
    }

    fn read_image_boxed(self: Box<Self>, buf: &mut [u8]) -> ImageResult<()> {
        self.read_image(buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Checker;

    /// A file of 400 by 400 pixels, red and noisy.
    fn written(folder: &Path, format: ImageFormat) -> std::path::PathBuf {
        let mut noise = 1_u32;
        let picture = image::RgbImage::from_fn(400, 400, |_, _| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([200, noise.to_be_bytes()[0] / 4, 0])
        });
        let path = folder.join(format.extensions_str()[0]);
        picture.save_with_format(&path, format).unwrap();
        path
    }

    #[test]
    fn of_a_file_that_breaks_off_the_part_before_that_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp] {
            let path = written(folder.path(), format);
            let size = path.metadata().unwrap().len();
            File::options().write(true).open(&path).unwrap().set_len(size * 6 / 10).unwrap();
            let report = Checker::new().check_path(&path);
            let jpeg = Thumbnails::new(1).of(&path, &report).unwrap();
            let shown = image::load_from_memory(&jpeg).unwrap().into_rgb8();
            assert_eq!(shown.dimensions(), (EDGE, EDGE));
            // Bitmaps are stored from the bottom up.
            let there = if format == ImageFormat::Bmp { 90 } else { 5 };
            let is_red = |y| shown.get_pixel(48, y)[0] > 150 && shown.get_pixel(48, y)[2] < 80;
            assert!(is_red(there) && !is_red(95 - there), "{format:?}");
        }
    }

    #[test]
    fn there_are_no_more_than_were_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), ImageFormat::Png);
        let report = Checker::new().check_path(&path);
        let thumbnails = Thumbnails::new(2);
        let made = (0..5).filter_map(|_| thumbnails.of(&path, &report)).count();
        assert_eq!(made, 2);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(Thumbnails::new(1).of(&path, &report), None);
    }

    #[test]
    fn a_panic_of_a_decoder_is_nothing_to_see() {
        assert_eq!(without_panic(|| u8::from_str_radix("x", 16).unwrap()), None);
        assert_eq!(without_panic(|| 1), Some(1));
    }
}
