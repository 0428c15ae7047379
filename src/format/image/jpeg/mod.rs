//! JPEG (ITU-T T.81 | ISO/IEC 10918-1, 1992) with JFIF (T.871), Exif (Exif 2.32) and several pictures
//! in one file (CIPA DC-007-2009).
//!
//! [`Walker`] walks one stream from SOI to EOI; this file applies it to the pictures of a file. Other
//! formats hold such streams too: they make one [`Walker`] for a file, give it their tables if
//! they keep those apart, and call [`Walker::walk`] for each stream.

mod bits;
mod huffman;
mod marker;
mod mpf;
mod scan;
mod segment;
mod stream;

use crate::checker::Depth;
use crate::defect::{Defect, Grade, Group, Id};
use crate::format::{Head, Inspection};
use crate::input::{Input, Walk};

pub(crate) use stream::{Picture, Walker};

/// The start of a picture: SOI and the first byte of another marker.
const START: [u8; 3] = [0xFF, 0xD8, 0xFF];

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    // JPEG-LS begins like JPEG and is not.
    (head.has(0, &START) && head.bytes.get(3) != Some(&marker::SOF55)) || is_text(head.bytes)
}

/// Whether these are the first bytes of a JPEG file that was read as text and written as UTF-8: each
/// byte above 7F was replaced by U+FFFD, or taken for a character of ISO 8859-1.
fn is_text(bytes: &[u8]) -> bool {
    const NAMES: [&[u8]; 2] = [b"JFIF\0", b"Exif\0"];
    let replaced = ["\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}", "\u{FF}\u{D8}\u{FF}"];
    let start = bytes.get(..32).unwrap_or(bytes);
    replaced.iter().any(|replaced| start.starts_with(replaced.as_bytes()))
        && NAMES.iter().any(|name| start.windows(name.len()).any(|found| found == *name))
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let head = cx.input.up_to(0, 3)?;
    if head != START {
        cx.note(Defect::at(Id::JpegConvertedAsText, 0));
        return Ok(());
    }
    let mut walker = Walker::new();
    let mut picture = Picture::default();
    let size = cx.input.size();
    let outcome = walker.walk(cx.input, 0..size, cx.depth, &mut picture);
    tell_facts(cx, &picture);
    for (defect, _) in std::mem::take(&mut picture.defects).into_findings() {
        cx.note(defect);
    }
    let end = further_pictures(cx, &mut walker, &picture)?;
    outcome?;
    if picture.complete && end < size && cx.depth > Depth::Header {
        cx.note(Defect::at(Id::JpegTrailingData, end).with("bytes", size.saturating_sub(end)));
    }
    Ok(())
}

fn tell_facts(cx: &mut Inspection<'_, '_>, picture: &Picture) {
    let facts = cx.image();
    facts.frames = Some(1);
    facts.animated = Some(false);
    facts.alpha = Some(false);
    if let Some(frame) = &picture.frame {
        match frame.height {
            0 => facts.width = Some(frame.width.into()),
            height => facts.set_size(frame.width.into(), height.into()),
        }
        facts.bit_depth = Some(frame.precision);
        facts.color = frame.color(picture.jfif, picture.adobe);
        facts.progressive = Some(frame.coding.is_progressive());
        facts.compression = Some(frame.coding.name());
    }
    if let Some(orientation) = picture.orientation {
        facts.set_orientation(orientation);
    }
}

/// Counts and walks the pictures behind the first one. Returns where the last of them ends.
fn further_pictures(cx: &mut Inspection<'_, '_>, walker: &mut Walker, first: &Picture) -> Walk<u64> {
    let Some(index) = first.index.clone() else { return Ok(first.end) };
    let block = cx.input.up_to(index.start, index.end.saturating_sub(index.start))?;
    let entries = mpf::entries(block);
    let pictures = entries.iter().filter(|entry| !entry.preview).count();
    if pictures > 1 && !is_gain_map(cx.input, first)? {
        let facts = cx.image();
        facts.variant = Some("mpo");
        facts.frames = u32::try_from(pictures).ok();
    }
    let mut end = first.end;
    if cx.depth == Depth::Header || !first.complete {
        return Ok(end);
    }
    for (number, entry) in (1_u64..).zip(&entries).skip(1) {
        let start = index.start.saturating_add(entry.offset.into());
        if cx.input.up_to(start, 3)? != START {
            cx.note(Defect::at(Id::JpegPictureIndexStale, index.start));
            continue;
        }
        let mut picture = Picture::default();
        let size = cx.input.size();
        let outcome = walker.walk(cx.input, start..size, cx.depth, &mut picture);
        // An index may name the same picture again and again.
        cx.input.work(picture.end.saturating_sub(start))?;
        end = end.max(picture.end);
        let mut faults = picture.defects.into_findings().map(|(defect, _)| defect);
        let fault = faults.find(|defect| {
            let info = defect.id.info();
            info.group == Group::Damage && info.grade != Grade::Harmless
        });
        // A preview does not decide about a file.
        if let Some(fault) = fault.filter(|_| !entry.preview) {
            cx.note(
                Defect::at(Id::JpegFurtherPictureDamaged, fault.offset.unwrap_or(start))
                    .with("picture", number)
                    .with("fault", fault.id.name()),
            );
        }
        outcome?;
    }
    Ok(end)
}

/// Whether the further picture is no picture, but the gain map of an Ultra HDR image.
fn is_gain_map(input: &mut Input<'_>, first: &Picture) -> Walk<bool> {
    const NAME: &[u8] = b"hdrgm:Version";
    let Some(xmp) = first.xmp.clone() else { return Ok(false) };
    let bytes = input.up_to(xmp.start, xmp.end.saturating_sub(xmp.start))?;
    Ok(bytes.windows(NAME.len()).any(|found| found == NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_jpeg(bytes: &[u8]) -> bool {
        sniff(&Head { bytes, size: 1000 })
    }

    #[test]
    fn jpeg_is_told_from_what_looks_like_it() {
        assert!(is_jpeg(&[0xFF, 0xD8, 0xFF]));
        assert!(is_jpeg(&[0xFF, 0xD8, 0xFF, 0xDB]));
        assert!(!is_jpeg(&[0xFF, 0xD8, 0xFF, 0xF7]), "JPEG-LS");
        assert!(!is_jpeg(&[0xFF, 0xD8]));
        assert!(is_jpeg("\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\0\u{10}JFIF\0".as_bytes()));
        assert!(is_jpeg("\u{FF}\u{D8}\u{FF}\u{E1}\0\u{10}Exif\0".as_bytes()));
        assert!(!is_jpeg("\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD} is no file".as_bytes()));
    }
}
