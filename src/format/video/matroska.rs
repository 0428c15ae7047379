//! Matroska and WebM: EBML (RFC 8794, clause 11.2) with the document type that tells them apart.

use crate::bytes::{Cursor, index};
use crate::format::Head;

const EBML: &[u8] = b"\x1a\x45\xdf\xa3";
/// Element ID of the document type, with its length marker.
const DOC_TYPE: u64 = 0x4282;

pub(crate) fn sniff_webm(head: &Head<'_>) -> bool {
    doc_type(head) == Some(b"webm")
}

/// Matroska, and any EBML whose document type is missing or cut off: nothing else is common.
pub(crate) fn sniff_mkv(head: &Head<'_>) -> bool {
    matches!(doc_type(head), Some(b"matroska" | b""))
}

/// The document type of a file that begins with an EBML header, empty if it has none there. The
/// elements of the header may be in any order, and CRC-32 or Void may come first.
fn doc_type<'a>(head: &Head<'a>) -> Option<&'a [u8]> {
    let mut file = Cursor::new(head.bytes.strip_prefix(EBML)?, 0);
    Some(search(&mut file).unwrap_or_default())
}

fn search<'a>(file: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let length = vint(file, false)?;
    let content = file.rest();
    let mut header = Cursor::new(content.get(..index(length)).unwrap_or(content), 0);
    loop {
        let id = vint(&mut header, true)?;
        let length = index(vint(&mut header, false)?);
        let value = header.take(length)?;
        if id == DOC_TYPE {
            // A string may be padded with zeros (RFC 8794, clause 7.4).
            let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
            return value.get(..end);
        }
    }
}

/// A number of variable length (RFC 8794, clause 4): the position of its first set bit says how
/// many bytes it has. An ID keeps that bit.
fn vint(data: &mut Cursor<'_>, keep_marker: bool) -> Option<u64> {
    let first = *data.rest().first()?;
    let more = first.leading_zeros();
    let width = usize::try_from(more.checked_add(1)?).ok()?;
    let value = data.be_uint(width)?;
    let marker = 0x80_u64.checked_shr(more)?.checked_shl(more.checked_mul(8)?)?;
    Some(if keep_marker { value } else { value & !marker })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    fn doc(bytes: &[u8]) -> Option<&[u8]> {
        doc_type(&Head { bytes, size: len64(bytes.len()) })
    }

    #[test]
    fn the_document_type_is_found_wherever_it_is() {
        let header = |content: &[u8]| [EBML, &[0x80 | u8::try_from(content.len()).unwrap()], content].concat();
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
    }
}
