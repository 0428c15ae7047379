//! Matroska and WebM: EBML (RFC 8794) with the elements of RFC 9559.
//!
//! A file is an EBML header and a segment. The segment holds the description of the tracks, clusters
//! of frames and some tables. Readers know the order of these by convention only, so nothing here
//! depends on it: what is needed early is looked for where it is.
//!
//! A writer that cannot go back leaves the size of the segment, and often that of each cluster, open
//! and states no duration. Such files are whole, wherever they end between two frames.

mod clock;
mod cluster;
mod ebml;
mod elements;
mod entry;
mod index;
mod segment;
mod tail;
mod tracks;

use crate::defect::{Defect, Id};
use crate::format::{Head, Inspection};
use crate::input::Walk;
use ebml::Element;

/// The highest versions that there are readers for: of EBML itself, of the longest ID and size, of
/// Matroska.
const READABLE: &[(u32, u64)] = &[
    (elements::READ_VERSION, 1),
    (elements::MAX_ID_LENGTH, 4),
    (elements::MAX_SIZE_LENGTH, 8),
    (elements::DOC_TYPE_READ_VERSION, 4),
];

pub(crate) fn sniff_webm(head: &Head<'_>) -> bool {
    ebml::doc_type(head.bytes) == Some(b"webm")
}

/// Matroska, and any EBML whose document type is missing or cut off: nothing else is common.
pub(crate) fn sniff_mkv(head: &Head<'_>) -> bool {
    matches!(ebml::doc_type(head.bytes), Some(b"matroska" | b""))
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let Some(end) = header(cx)? else {
        return Ok(());
    };
    if let Some(segment) = segment_at(cx, end)? {
        return segment::inspect(cx, segment);
    }
    cx.note(Defect::at(Id::MatroskaSegmentMissing, end));
    Ok(())
}

/// The EBML header (RFC 8794, clause 11.2), and where it ends.
fn header(cx: &mut Inspection<'_, '_>) -> Walk<Option<u64>> {
    let size = cx.input.size();
    let header = Element::read(cx.input, 0, size)?.ok();
    let Some((header, end)) = header.and_then(|header| Some((header, header.end()?))) else {
        cx.note(Defect::at(Id::MatroskaHeaderMalformed, 0));
        return Ok(None);
    };
    if end > size {
        cx.note(Defect::at(Id::MatroskaTruncated, size).with("element", "EBML").with("end", end));
        return Ok(None);
    }
    if let Some(at) = ebml::first_fault(cx.input, header)? {
        cx.note(Defect::at(Id::MatroskaHeaderMalformed, at));
    }
    let mut children = header.children();
    while let Some(child) = children.sound(cx.input)? {
        let Some((_, highest)) = READABLE.iter().find(|(id, _)| *id == child.id) else {
            continue;
        };
        let value = child.uint(cx.input)?;
        if value > *highest {
            let defect = Defect::at(Id::MatroskaVersionUnsupported, child.start);
            cx.note(defect.with("element", elements::name(child.id)).with("value", value).with("highest", *highest));
        }
    }
    Ok(Some(end))
}

/// The segment that begins at `at`, behind anything that may be anywhere.
fn segment_at(cx: &mut Inspection<'_, '_>, mut at: u64) -> Walk<Option<Element>> {
    let size = cx.input.size();
    loop {
        cx.input.work(1)?;
        let Ok(element) = Element::read(cx.input, at, size)? else {
            return Ok(None);
        };
        match (element.id, element.end()) {
            (elements::SEGMENT, _) => return Ok(Some(element)),
            (elements::VOID, Some(end)) => at = end,
            _ => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    fn doc(bytes: &[u8]) -> Option<&[u8]> {
        ebml::doc_type(bytes)
    }

    #[test]
    fn the_document_type_is_found_wherever_it_is() {
        let header = |content: &[u8]| {
            let length = 0x80 | u8::try_from(content.len()).unwrap();
            [&elements::EBML.to_be_bytes(), &[length][..], content].concat()
        };
        assert_eq!(doc(&header(b"\x42\x82\x84webm")), Some(&b"webm"[..]));
        assert_eq!(
            doc(&header(b"\xbf\x84crc!\xec\x82\0\0\x42\x86\x81\x01\x42\x82\x88matroska")),
            Some(&b"matroska"[..])
        );
        assert_eq!(doc(&header(b"\x42\x82\x86webm\0\0")), Some(&b"webm"[..]));
        assert_eq!(doc(&header(b"\x42\x86\x81\x01")), Some(&b""[..]));
        // A length of eight bytes, as GStreamer writes it.
        assert_eq!(doc(b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x07\x42\x82\x84webm"), Some(&b"webm"[..]));
        // Cut off, or with the bits of a length all clear.
        assert_eq!(doc(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84we"), Some(&b""[..]));
        assert_eq!(doc(b"\x1a\x45\xdf\xa3\0\0\0\0\0"), Some(&b""[..]));
        assert_eq!(doc(b"\x1a\x45\xdf"), None);
        let head = Head { bytes: &header(b"\x42\x82\x84webm"), size: len64(12) };
        assert!(sniff_webm(&head) && !sniff_mkv(&head));
    }
}
