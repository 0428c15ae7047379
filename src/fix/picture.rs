//! Pictures: decoded, turned upright, scaled into the limits and coded anew, as small as is wanted.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, FilterType as Sampling};
use image::metadata::Orientation;
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, ImageResult, Limits,
    Rgba, RgbaImage,
};

use super::{Obstacle, Step};
use crate::bytes::len64;
use crate::facts::ImageFacts;
use crate::format::Format;
use crate::profile::{EdgeLimits, Profile, Via};
use crate::remedy::{fit, max_bytes};

/// So much memory a decoder may take, and a picture may have.
const MAX_ALLOC: u64 = 512 << 20;
/// Animations with more pixels than that, over all frames, are not coded anew.
const MAX_ANIMATION: u64 = 2_000_000_000;
/// From one that nobody tells from the original down to one that still looks well.
const QUALITIES: [u8; 4] = [92, 85, 75, 65];
/// When quality alone does not help: three quarters of each edge, so often.
const SHRINKS: usize = 16;

/// What is made of a picture.
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
    pub(crate) steps: Vec<Step>,
}

/// What a picture is to become.
pub(crate) struct Wanted<'p> {
    pub(crate) profile: &'p Profile,
    pub(crate) via: Option<Via>,
}

impl Wanted<'_> {
    fn accepts(&self, format: Format) -> bool {
        self.profile.accepted.as_ref().is_none_or(|accepted| accepted.formats.contains(&format))
    }

    fn max_bytes(&self) -> u64 {
        self.profile.size.as_ref().and_then(|size| max_bytes(size, self.via)).unwrap_or(u64::MAX)
    }
}

/// The size for a picture of that size, or why there is none.
fn size_for(width: u32, height: u32, limits: Option<&EdgeLimits>) -> Result<(u32, u32), Obstacle> {
    let Some(limits) = limits else {
        return Ok((width, height));
    };
    fit(width, height, limits, 1).ok_or(Obstacle::Shape { width, height, min: limits.min, max: limits.max })
}

/// The steps that [`mend`] would take, as far as facts tell.
pub(crate) fn foresee(format: Format, facts: &ImageFacts, wanted: &Wanted<'_>) -> Result<Vec<Step>, Obstacle> {
    decoded_format(format)?;
    let mut steps = Vec::new();
    if let (Some(width), Some(height)) = (facts.display_width, facts.display_height) {
        let to = size_for(width, height, wanted.profile.edge.as_ref())?;
        if to != (width, height) {
            steps.push(Step::Scaled { from: (width, height), to });
        }
    }
    let targets = targets(format, wanted);
    match targets.first() {
        _ if is_animation(format, facts, wanted) => steps.push(Step::Rewritten(format)),
        Some(first) => steps.push(written(format, *first)),
        None => return Err(Obstacle::NoEncoder),
    }
    Ok(steps)
}

/// Makes a picture that fits `wanted` from the bytes of one.
pub(crate) fn mend(bytes: &[u8], format: Format, facts: &ImageFacts, wanted: &Wanted<'_>) -> Result<Made, Obstacle> {
    catch_unwind(AssertUnwindSafe(|| {
        if is_animation(format, facts, wanted) { animation(bytes, wanted) } else { still(bytes, format, facts, wanted) }
    }))
    .unwrap_or_else(|_| Err(Obstacle::Failed("the decoder failed by a fault of its own".to_owned())))
}

fn written(from: Format, to: Format) -> Step {
    if from == to { Step::Rewritten(to) } else { Step::Converted { from, to } }
}

/// Whether all frames are kept: GIF is the one format that is written with several.
fn is_animation(format: Format, facts: &ImageFacts, wanted: &Wanted<'_>) -> bool {
    let pixels = [facts.width, facts.height, facts.frames].into_iter().map(|n| u64::from(n.unwrap_or(1)));
    let pixels = pixels.fold(1_u64, u64::saturating_mul);
    let several = facts.frames.is_some_and(|frames| frames > 1) && pixels <= MAX_ANIMATION;
    format == Format::Gif && wanted.accepts(format) && several
}

fn decoded_format(format: Format) -> Result<ImageFormat, Obstacle> {
    Ok(match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Gif => ImageFormat::Gif,
        Format::Webp => ImageFormat::WebP,
        Format::Bmp => ImageFormat::Bmp,
        Format::Tiff => ImageFormat::Tiff,
        _ => return Err(Obstacle::NoDecoder { format: format.name().to_owned(), command: None }),
    })
}

/// Formats to write in, the better first: JPEG stays JPEG; anything else becomes PNG, which loses
/// nothing, or JPEG where that would be too large.
fn targets(format: Format, wanted: &Wanted<'_>) -> Vec<Format> {
    let order: &[Format] =
        if format == Format::Jpeg { &[Format::Jpeg, Format::Png] } else { &[Format::Png, Format::Jpeg] };
    order.iter().copied().filter(|format| wanted.accepts(*format)).collect()
}

/// A picture as it is shown.
struct Picture {
    image: DynamicImage,
    icc: Option<Vec<u8>>,
}

fn still(bytes: &[u8], format: Format, facts: &ImageFacts, wanted: &Wanted<'_>) -> Result<Made, Obstacle> {
    let mut steps = Vec::new();
    let mut picture = decode(bytes, format, &mut steps)?;
    if let Some(frames) = facts.frames.filter(|frames| *frames > 1) {
        steps.push(Step::FirstOnly(frames));
    }
    let from = (picture.image.width(), picture.image.height());
    let to = size_for(from.0, from.1, wanted.profile.edge.as_ref())?;
    if to != from {
        picture.image = picture.image.resize_exact(to.0, to.1, Sampling::Lanczos3);
    }
    let targets = targets(format, wanted);
    let limit = wanted.max_bytes();
    let mut smallest = u64::MAX;
    for _ in 0..SHRINKS {
        let size = (picture.image.width(), picture.image.height());
        for target in &targets {
            let qualities: &[u8] = if *target == Format::Jpeg { &QUALITIES } else { &[0] };
            for quality in qualities {
                let bytes = encode(&picture, *target, *quality).map_err(|error| Obstacle::Failed(error.to_string()))?;
                smallest = smallest.min(len64(bytes.len()));
                if len64(bytes.len()) > limit {
                    continue;
                }
                if size != from {
                    steps.push(Step::Scaled { from, to: size });
                }
                steps.push(written(format, *target));
                if *target == Format::Jpeg {
                    if picture.image.color().has_alpha() {
                        steps.push(Step::Flattened);
                    }
                    steps.push(Step::Quality(*quality));
                }
                return Ok(Made { bytes, format: *target, steps });
            }
        }
        if targets.is_empty() {
            return Err(Obstacle::NoEncoder);
        }
        let smaller = (three_quarters(size.0), three_quarters(size.1));
        let min = wanted.profile.edge.as_ref().map_or(1, |limits| limits.min);
        if smaller.0.min(smaller.1) < min.max(1) {
            break;
        }
        picture.image = picture.image.resize_exact(smaller.0, smaller.1, Sampling::Lanczos3);
    }
    Err(Obstacle::TooLarge { bytes: smallest, limit })
}

fn three_quarters(edge: u32) -> u32 {
    (edge / 4).saturating_mul(3)
}

fn decode(bytes: &[u8], format: Format, steps: &mut Vec<Step>) -> Result<Picture, Obstacle> {
    let reading = |error: image::ImageError| Obstacle::Failed(error.to_string());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), decoded_format(format)?);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(reading)?;
    if decoder.total_bytes() > MAX_ALLOC {
        return Err(Obstacle::Failed(format!("decoded, it takes more than {} MiB", MAX_ALLOC >> 20)));
    }
    // Without these a picture is still a picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc = decoder.icc_profile().ok().flatten();
    let mut image = DynamicImage::from_decoder(decoder).map_err(reading)?;
    if orientation != Orientation::NoTransforms {
        image.apply_orientation(orientation);
        steps.push(Step::Turned);
    }
    let icc = icc.filter(|icc| fits(icc, &image));
    Ok(Picture { image, icc })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

/// Whether a colour profile (ICC.1, 7.2.6) is for pixels such as these: decoders convert some.
fn fits(icc: &[u8], image: &DynamicImage) -> bool {
    let space: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    icc.get(16..20) == Some(space)
}

fn encode(picture: &Picture, format: Format, quality: u8) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if format == Format::Jpeg {
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        keep_profile(&mut encoder, picture);
        flat(&picture.image).write_with_encoder(encoder)?;
    } else {
        let mut encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
        keep_profile(&mut encoder, picture);
        for_png(&picture.image).write_with_encoder(encoder)?;
    }
    Ok(bytes)
}

fn keep_profile(encoder: &mut impl ImageEncoder, picture: &Picture) {
    if let Some(icc) = &picture.icc {
        // A format that holds none has its colours taken for sRGB.
        let _ = encoder.set_icc_profile(icc.clone());
    }
}

/// The picture as JPEG takes it: eight bits, and white where it was transparent.
fn flat(image: &DynamicImage) -> DynamicImage {
    let color = image.color();
    if color.has_alpha() {
        let mut ground = RgbaImage::from_pixel(image.width(), image.height(), Rgba([255; 4]));
        imageops::overlay(&mut ground, &image.to_rgba8(), 0, 0);
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(ground).to_rgb8())
    } else if color.has_color() {
        DynamicImage::ImageRgb8(image.to_rgb8())
    } else {
        DynamicImage::ImageLuma8(image.to_luma8())
    }
}

/// PNG has no pixels of floating point.
fn for_png(image: &DynamicImage) -> std::borrow::Cow<'_, DynamicImage> {
    use std::borrow::Cow;
    match image {
        DynamicImage::ImageRgb32F(_) => Cow::Owned(DynamicImage::ImageRgb16(image.to_rgb16())),
        DynamicImage::ImageRgba32F(_) => Cow::Owned(DynamicImage::ImageRgba16(image.to_rgba16())),
        image => Cow::Borrowed(image),
    }
}

/// A GIF with all its frames.
fn animation(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Made, Obstacle> {
    let failed = |error: image::ImageError| Obstacle::Failed(error.to_string());
    let (limit, edges) = (wanted.max_bytes(), wanted.profile.edge.as_ref());
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(failed)?;
    decoder.set_limits(limits()).map_err(failed)?;
    let from = decoder.dimensions();
    let mut to = size_for(from.0, from.1, edges)?;
    let mut smallest = u64::MAX;
    for _ in 0..SHRINKS {
        let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(failed)?;
        decoder.set_limits(limits()).map_err(failed)?;
        let mut made = Vec::new();
        {
            let mut encoder = GifEncoder::new_with_speed(&mut made, 10);
            encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
            for frame in decoder.into_frames() {
                let frame = frame.map_err(failed)?;
                let delay = frame.delay();
                let pixels = if to == from {
                    frame.into_buffer()
                } else {
                    imageops::resize(frame.buffer(), to.0, to.1, Sampling::Lanczos3)
                };
                encoder.encode_frame(Frame::from_parts(pixels, 0, 0, delay)).map_err(failed)?;
            }
        }
        smallest = smallest.min(len64(made.len()));
        if len64(made.len()) <= limit {
            let scaled = (to != from).then_some(Step::Scaled { from, to });
            let steps = scaled.into_iter().chain([Step::Rewritten(Format::Gif)]).collect();
            return Ok(Made { bytes: made, format: Format::Gif, steps });
        }
        to = (three_quarters(to.0), three_quarters(to.1));
        if to.0.min(to.1) < edges.map_or(1, |limits| limits.min).max(1) {
            break;
        }
    }
    Err(Obstacle::TooLarge { bytes: smallest, limit })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::Checker;
    use crate::facts::Facts;
    use crate::profile::ProfileSet;

    /// What is made of a picture, by the profile of images.
    fn mended(bytes: &[u8], via: Option<Via>) -> Result<Made, Obstacle> {
        let set = ProfileSet::builtin("auto").unwrap();
        let report = Checker::new().check_bytes(bytes);
        let Facts::Image(facts) = &report.facts else { panic!("no picture") };
        let format = Format::from_name(report.format.unwrap()).unwrap();
        mend(bytes, format, facts, &Wanted { profile: &set.image, via })
    }

    /// A pattern that does not compress.
    fn noise(width: u32, height: u32) -> DynamicImage {
        let mut state = 1_u32;
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_be_bytes();
            image::Rgb([a, b, c])
        }))
    }

    fn jpeg(image: &DynamicImage, icc: Option<&[u8]>, orientation: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        if let Some(icc) = icc {
            encoder.set_icc_profile(icc.to_vec()).unwrap();
        }
        image.write_with_encoder(encoder).unwrap();
        // An APP1 segment with the orientation as the one field of Exif, behind SOI.
        let mut exif = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        bytes.splice(2..2, exif);
        bytes
    }

    #[test]
    fn a_picture_is_turned_upright_and_keeps_its_colours() {
        let mut icc = vec![0; 128];
        icc[..4].copy_from_slice(&128_u32.to_be_bytes());
        icc[16..20].copy_from_slice(b"RGB ");
        let made = mended(&jpeg(&noise(6100, 40), Some(&icc), 6), None).unwrap();
        let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(&made.bytes)).unwrap();
        assert_eq!(decoder.dimensions(), (39, 6000));
        assert_eq!(decoder.orientation().unwrap(), Orientation::NoTransforms);
        assert_eq!(decoder.icc_profile().unwrap(), Some(icc));
        assert!(made.steps.contains(&Step::Turned));
        assert!(made.steps.contains(&Step::Scaled { from: (40, 6100), to: (39, 6000) }));
    }

    #[test]
    fn what_does_not_fit_as_png_becomes_jpeg_and_then_smaller() {
        let mut bmp = Cursor::new(Vec::new());
        noise(2200, 2000).write_to(&mut bmp, ImageFormat::Bmp).unwrap();
        let made = mended(bmp.get_ref(), Some(Via::Base64)).unwrap();
        assert_eq!(made.format, Format::Jpeg);
        assert!(made.bytes.len() <= 7_500_000, "{}", made.bytes.len());
        let report = Checker::new().via(Via::Base64).check_bytes(&made.bytes);
        assert_eq!(report.verdict, crate::Verdict::Pass, "{report:?}");
    }

    #[test]
    fn no_scale_helps_a_picture_that_is_too_long_for_its_width() {
        let mut png = Cursor::new(Vec::new());
        noise(12_100, 40).write_to(&mut png, ImageFormat::Png).unwrap();
        let made = mended(png.get_ref(), None);
        assert!(matches!(made, Err(Obstacle::Shape { width: 12_100, height: 40, min: 20, max: 6000 })));
    }

    #[test]
    fn transparent_pixels_become_white_where_there_is_no_transparency() {
        let image = DynamicImage::ImageRgba8(RgbaImage::from_pixel(30, 30, Rgba([200, 0, 0, 0])));
        let flat = flat(&image).to_rgb8();
        assert!(flat.pixels().all(|pixel| pixel.0 == [255; 3]));
    }

    #[test]
    fn an_animation_keeps_its_frames() {
        let mut bytes = Vec::new();
        {
            let mut encoder = GifEncoder::new(&mut bytes);
            for shade in [0, 90, 180] {
                let pixels = RgbaImage::from_pixel(10, 30, Rgba([shade, shade, shade, 255]));
                let delay = image::Delay::from_numer_denom_ms(120, 1);
                encoder.encode_frame(Frame::from_parts(pixels, 0, 0, delay)).unwrap();
            }
        }
        let made = mended(&bytes, None).unwrap();
        let report = Checker::new().check_bytes(&made.bytes);
        let Facts::Image(facts) = &report.facts else { panic!("no picture") };
        assert_eq!((facts.width, facts.height, facts.frames), (Some(20), Some(60), Some(3)));
        assert_eq!(report.verdict, crate::Verdict::Pass);
    }
}
