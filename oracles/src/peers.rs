//! Libraries that decode pictures, asked for all of a file: what they say of it, and how long they take.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, bail, ensure};

/// More pixels than a picture of the matrix can have, unless its header is damaged.
const MOST_PIXELS: u64 = 100_000_000;

/// Decodes all pictures of a file with the library that stands for `format`, every warning an error. `None` if there is
/// no such library.
pub fn decode(format: &str, bytes: &[u8]) -> Option<anyhow::Result<()>> {
    let decode = match format {
        "jpeg" => jpeg,
        "png" => png,
        "webp" => webp,
        "gif" => gif,
        "tiff" => tiff,
        "heif" => heif,
        _ => return None,
    };
    // Some of them panic now and then.
    Some(catch_unwind(AssertUnwindSafe(|| decode(bytes))).unwrap_or_else(|_| bail!("panic")))
}

/// The library that stands for a format.
pub fn name(format: &str) -> &'static str {
    match format {
        "jpeg" => "libjpeg-turbo (turbojpeg)",
        "png" => "png",
        "webp" => "libwebp (libwebp-sys)",
        "gif" => "gif",
        "tiff" => "tiff",
        "heif" => "libheif (libheif-rs)",
        _ => "",
    }
}

fn jpeg(bytes: &[u8]) -> anyhow::Result<()> {
    let mut decompressor = turbojpeg::Decompressor::new()?;
    decompressor.set_scan_limit(500)?;
    let header = decompressor.read_header(bytes)?;
    small(header.width, header.height)?;
    let (format, samples) = match header.colorspace {
        turbojpeg::Colorspace::Gray => (turbojpeg::PixelFormat::GRAY, 1),
        turbojpeg::Colorspace::CMYK | turbojpeg::Colorspace::YCCK => (turbojpeg::PixelFormat::CMYK, 4),
        _ => (turbojpeg::PixelFormat::RGB, 3),
    };
    let pitch = header.width * samples;
    let pixels = vec![0; pitch * header.height];
    let mut image = turbojpeg::Image { pixels, width: header.width, pitch, height: header.height, format };
    Ok(decompressor.decompress(bytes, image.as_deref_mut())?)
}

fn png(bytes: &[u8]) -> anyhow::Result<()> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info()?;
    small(reader.info().width as usize, reader.info().height as usize)?;
    let mut pixels = vec![0; reader.output_buffer_size().context("too large")?];
    let frames = reader.info().animation_control().map_or(1, |control| control.num_frames);
    let apart = reader.info().animation_control().is_some() && reader.info().frame_control().is_none();
    for _ in 0..frames.saturating_add(apart.into()).min(100) {
        reader.next_frame(&mut pixels)?;
    }
    Ok(reader.finish()?)
}

fn webp(bytes: &[u8]) -> anyhow::Result<()> {
    let (mut width, mut height) = (0, 0);
    // SAFETY: the pointers are to `bytes` and to two integers.
    let known = unsafe { libwebp_sys::WebPGetInfo(bytes.as_ptr(), bytes.len(), &mut width, &mut height) };
    ensure!(known != 0, "header");
    small(width.try_into()?, height.try_into()?)?;
    if bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0) {
        return webp_animation(bytes);
    }
    // SAFETY: the decoder reads `bytes` and writes to memory of its own, which is freed below.
    let pixels = unsafe { libwebp_sys::WebPDecodeRGBA(bytes.as_ptr(), bytes.len(), &mut width, &mut height) };
    ensure!(!pixels.is_null(), "data");
    // SAFETY: it came from the decoder.
    unsafe { libwebp_sys::WebPFree(pixels.cast()) };
    Ok(())
}

fn webp_animation(bytes: &[u8]) -> anyhow::Result<()> {
    let data = libwebp_sys::WebPData { bytes: bytes.as_ptr(), size: bytes.len() };
    // SAFETY: `data` outlives the decoder; without options it takes the defaults.
    let decoder = unsafe { libwebp_sys::WebPAnimDecoderNew(&data, std::ptr::null()) };
    ensure!(!decoder.is_null(), "animation");
    let mut failed = false;
    // SAFETY: the decoder is valid until it is deleted; it owns the pixels.
    unsafe {
        while !failed && libwebp_sys::WebPAnimDecoderHasMoreFrames(decoder) != 0 {
            let (mut pixels, mut time) = (std::ptr::null_mut(), 0);
            failed = libwebp_sys::WebPAnimDecoderGetNext(decoder, &mut pixels, &mut time) == 0;
        }
        libwebp_sys::WebPAnimDecoderDelete(decoder);
    }
    ensure!(!failed, "frame");
    Ok(())
}

fn gif(bytes: &[u8]) -> anyhow::Result<()> {
    let mut decoder = gif::DecodeOptions::new().read_info(bytes)?;
    small(decoder.width().into(), decoder.height().into())?;
    let mut frames = 0;
    while decoder.read_next_frame()?.is_some() {
        frames += 1;
    }
    ensure!(frames > 0, "no frame");
    Ok(())
}

fn tiff(bytes: &[u8]) -> anyhow::Result<()> {
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(bytes))?;
    loop {
        decoder.read_image()?;
        if !decoder.more_images() {
            return Ok(());
        }
        decoder.next_image()?;
    }
}

fn heif(bytes: &[u8]) -> anyhow::Result<()> {
    let library = libheif_rs::LibHeif::new();
    let mut context = libheif_rs::HeifContext::read_from_bytes(bytes)?;
    context.set_max_decoding_threads(1);
    let handle = context.primary_image_handle()?;
    small(handle.width().try_into()?, handle.height().try_into()?)?;
    let mut options = libheif_rs::DecodingOptions::new().context("options")?;
    options.set_strict_decoding(true);
    library.decode(&handle, libheif_rs::ColorSpace::Undefined, Some(options))?;
    Ok(())
}

fn small(width: usize, height: usize) -> anyhow::Result<()> {
    ensure!(width as u64 * height as u64 <= MOST_PIXELS, "too large");
    Ok(())
}
