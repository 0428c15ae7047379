//! Texts: plain ones, and what is written in them.

use crate::format::{Format, Head};

/// How many bytes of base64 are decoded to see what they hold.
const DECODED: usize = 3072;

/// The beginning without a byte order mark and white space.
fn start<'a>(head: &Head<'a>) -> &'a [u8] {
    head.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head.bytes).trim_ascii_start()
}

/// UTF-8, UTF-16 with a byte order mark, GBK or ASCII with some of an older alphabet, without control characters that texts do not have.
pub(super) fn is_text(head: &Head<'_>) -> bool {
    if head.bytes.is_empty() {
        return false;
    }
    if head.has(0, b"\xff\xfe") || head.has(0, b"\xfe\xff") {
        return is_utf16(head);
    }
    if head.bytes.iter().any(|byte| is_control(u16::from(*byte))) {
        return false;
    }
    match str::from_utf8(head.bytes) {
        Ok(_) => true,
        // A character may be cut off where the head ends.
        Err(error) if error.error_len().is_none() && head.bytes.len() > error.valid_up_to() => true,
        Err(_) => is_gbk(head.bytes) || is_mostly_ascii(head.bytes),
    }
}

fn is_control(unit: u16) -> bool {
    matches!(unit, 0..=7 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)
}

fn is_utf16(head: &Head<'_>) -> bool {
    let little = head.has(0, b"\xff\xfe");
    let units = head.bytes.get(2..).unwrap_or_default().chunks_exact(2).filter_map(|pair| {
        let pair = *pair.first_chunk::<2>()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    });
    let mut characters = char::decode_utf16(units.clone()).peekable();
    // The last character may be cut off where the head ends.
    let mut well_formed = true;
    while let Some(character) = characters.next() {
        well_formed &= character.is_ok() || characters.peek().is_none();
    }
    head.size.is_multiple_of(2) && well_formed && units.clone().next().is_some() && !units.clone().any(is_control)
}

/// Shorter noise than this might be without control characters by chance.
const LONG_ENOUGH: usize = 32;

/// GBK in its two-byte form.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut lead = false;
    let well_formed = bytes.iter().all(|byte| {
        let trail = std::mem::take(&mut lead);
        lead = !trail && (0x81..=0xfe).contains(byte);
        if trail { (0x40..=0xfe).contains(byte) && *byte != 0x7f } else { *byte < 0x80 || lead }
    });
    well_formed && bytes.len() >= LONG_ENOUGH
}

/// Texts in one of the alphabets with one byte for each letter: at least three quarters are ASCII.
fn is_mostly_ascii(bytes: &[u8]) -> bool {
    bytes.len() >= LONG_ENOUGH && bytes.iter().filter(|byte| !byte.is_ascii()).count() <= bytes.len() / 4
}

/// A JPEG that a program took for text and wrote in UTF-8: bytes above 127 became replacement
/// characters, or two bytes each. Those with a JFIF or Exif segment, and PNGs, are still known as what
/// they were.
pub(super) fn is_mangled_jpeg(head: &Head<'_>) -> bool {
    const REPLACED: &[u8] = "\u{fffd}".as_bytes();
    let start = head.bytes.get(..40).unwrap_or(head.bytes);
    let binary = start.contains(&0);
    let replaced = REPLACED.repeat(3);
    let widened = "\u{ff}\u{d8}\u{ff}".as_bytes();
    binary && (start.starts_with(&replaced) || start.starts_with(widened))
}

/// What stands before the first element of a markup text, and that element's name.
struct Markup<'a> {
    declared: bool,
    html: bool,
    root: &'a [u8],
}

/// Reads past an XML declaration, comments, processing instructions and a document type.
fn markup<'a>(head: &Head<'a>) -> Option<Markup<'a>> {
    let mut rest = start(head);
    let mut found = Markup { declared: false, html: false, root: &[] };
    while rest.first() == Some(&b'<') {
        let end: &[u8] = if rest.starts_with(b"<?") {
            found.declared |= rest.starts_with(b"<?xml");
            b"?>"
        } else if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<!") {
            found.html |= rest.get(2..14).is_some_and(|text| text.eq_ignore_ascii_case(b"doctype html"));
            // A document type may hold declarations of its own in brackets.
            let simple = rest.iter().take_while(|byte| **byte != b'>').all(|byte| *byte != b'[');
            if simple { b">" } else { b"]>" }
        } else {
            let name = rest.get(1..)?;
            let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b":-_.".contains(byte)).count();
            found.root = name.get(..length)?;
            // What no tag can have behind its name is no markup.
            let ended = name.get(length).is_none_or(|byte| byte.is_ascii_whitespace() || b">/".contains(byte));
            return (ended && length > 0).then_some(found);
        };
        // Cut off inside: what the element would have been is not known.
        let Some(at) = rest.windows(end.len()).position(|window| window == end) else {
            break;
        };
        rest = rest.get(at.saturating_add(end.len())..)?.trim_ascii_start();
    }
    (found.declared || found.html).then_some(found)
}

pub(super) fn is_svg(head: &Head<'_>) -> bool {
    markup(head).is_some_and(|markup| markup.root == b"svg" || markup.root.ends_with(b":svg"))
}

pub(super) fn is_html(head: &Head<'_>) -> bool {
    const ELEMENTS: [&str; 28] = [
        "html", "head", "body", "title", "meta", "script", "style", "link", "div", "p", "a", "b", "br", "center",
        "font", "form", "h1", "h2", "h3", "hr", "iframe", "img", "noscript", "pre", "span", "table", "base", "main",
    ];
    let known = |root: &[u8]| ELEMENTS.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(root));
    markup(head).is_some_and(|markup| markup.html || known(markup.root))
}

/// The answer of an object store to a request that it refused: OBS, S3 and their kin.
pub(super) fn is_error_message(head: &Head<'_>) -> bool {
    markup(head).is_some_and(|markup| markup.root == b"Error")
}

pub(super) fn is_xml(head: &Head<'_>) -> bool {
    markup(head).is_some_and(|markup| markup.declared || is_text(head) && head.bytes.contains(&b'>'))
}

/// Property lists as XML or binary.
pub(super) fn is_property_list(head: &Head<'_>) -> bool {
    head.has(0, b"bplist0") || markup(head).is_some_and(|markup| markup.root == b"plist")
}

pub(super) fn is_json(head: &Head<'_>) -> bool {
    let text = start(head);
    let next = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match (text.first(), next) {
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'"' | b'{' | b']' | b'-' | b'0'..=b'9')) => is_text(head),
        _ => false,
    }
}

/// The tags of a playlist (RFC 8216, clause 4.3) without the line that must come first.
pub(super) fn is_headless_playlist(head: &Head<'_>) -> bool {
    is_text(head) && head.bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"#EXT-X-"))
}

/// A body of `multipart/form-data` (RFC 7578), or of one part of it.
pub(super) fn is_form_data(head: &Head<'_>) -> bool {
    let marked = head.has(0, b"--") || head.has(0, b"Content-");
    let start = head.bytes.get(..512).unwrap_or(head.bytes);
    let named = |window: &[u8]| window.eq_ignore_ascii_case(b"Content-Disposition: form-data");
    marked && start.windows(30).any(named)
}

pub(super) fn is_data_url(head: &Head<'_>) -> bool {
    let text = start(head);
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"))
        && text.iter().take(100).any(|byte| *byte == b',')
}

/// Base64 (RFC 4648, with either alphabet and any line breaks) of something in a known format.
pub(super) fn is_base64_of_media(head: &Head<'_>) -> bool {
    let mut decoded = [0; DECODED];
    let Some(bytes) = decode(start(head), &mut decoded) else {
        return false;
    };
    Format::sniff(&Head { bytes, size: head.size.saturating_sub(head.size / 4) }).is_some()
}

/// Decodes as much as fits into `room`; `None` if the text is not base64.
fn decode<'r>(text: &[u8], room: &'r mut [u8; DECODED]) -> Option<&'r [u8]> {
    let mut places = room.iter_mut();
    let (mut sum, mut bits, mut length) = (0_u32, 0_u32, 0_usize);
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'"' => break,
            _ => return None,
        };
        sum = (sum << 6 | u32::from(digit)) & 0xffff;
        bits = bits.saturating_add(6);
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            let Some(place) = places.next() else {
                break;
            };
            *place = u8::try_from(sum >> bits & 0xff).ok()?;
            length = length.saturating_add(1);
        }
    }
    room.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    fn test(check: fn(&Head<'_>) -> bool, bytes: &[u8]) -> bool {
        check(&Head { bytes, size: len64(bytes.len()) })
    }

    #[test]
    fn markup_is_read_past_its_prolog() {
        for svg in [
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "\u{feff}<?xml version='1.0'?>\n<!-- a > b -->\n<svg>",
            "<!DOCTYPE svg PUBLIC \"a\" \"b\" [\n<!ENTITY x \"y>\">\n]>\n<svg:svg>",
        ] {
            assert!(test(is_svg, svg.as_bytes()), "{svg}");
        }
        for html in
            ["<!doctype HTML>", "\n\n<HTML lang=en>", "<!-- x --><body>", "<p>404</p>", "<?xml?><!DOCTYPE html><html>"]
        {
            assert!(test(is_html, html.as_bytes()) && !test(is_svg, html.as_bytes()), "{html}");
        }
        for xml in ["<?xml version=\"1.0\"?>", "<?xml version=\"1.0\"?><!-- cut", "<note>hello</note>"] {
            assert!(test(is_xml, xml.as_bytes()) && !test(is_html, xml.as_bytes()), "{xml}");
        }
        for none in ["", "<", "<3 you", "< svg", "<!-- only a comment", "a < b > c", "<=>", "<svg\u{1}"] {
            assert!(!test(is_svg, none.as_bytes()) && !test(is_xml, none.as_bytes()), "{none}");
        }
    }

    #[test]
    fn texts_are_told_from_binaries() {
        for text in
            [&b"plain\r\n"[..], "汉字".as_bytes(), &"汉字".as_bytes()[..4], b"\xff\xfeh\0i\0", b"\xfe\xff\0h\0i"]
        {
            assert!(test(is_text, text), "{text:x?}");
        }
        assert!(test(is_text, &b"\xd6\xd0\xce\xc4 GBK, ".repeat(4)));
        assert!(test(is_text, &b"caf\xe9 au lait, d\xe9j\xe0 vu. ".repeat(4)));
        for binary in [&b"\0"[..], b"ab\x01", b"\xff\xfe", b"\xff\xfeh\0i", b"\x80\x81\x82", b"\xff\xfe\0\0a\0"] {
            assert!(!test(is_text, binary), "{binary:x?}");
        }
    }

    #[test]
    fn base64_is_decoded_and_recognised() {
        let flv = b"RkxWAQUAAAAJAAAA\r\nAA==";
        assert!(test(is_base64_of_media, flv));
        assert!(!test(is_base64_of_media, b"SGVsbG8sIHdvcmxkIQ=="));
        assert!(!test(is_base64_of_media, b"RkxWAQUA*AAJ"));
        assert!(test(is_base64_of_media, &[&b"RkxWAQUAAAAJ"[..], &[b'A'; 4084]].concat()));
    }
}
