//! MPEG program streams and elementary video streams: ISO/IEC 11172-1 (MPEG-1), 13818-1 clause 2.5
//! (MPEG-2), 11172-2 and 13818-2 (sequence headers), 14496-2 (MPEG-4 visual).

use crate::bytes::{Endian, u16_at};
use crate::format::Head;

/// Zero bytes may stand before a start code; more than these are not looked past.
const LEADING_ZEROS: usize = 8;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    let zeros = head.bytes.iter().take_while(|byte| **byte == 0).count();
    if !(2..=LEADING_ZEROS).contains(&zeros) || !head.has(zeros, &[1]) {
        return false;
    }
    let Some((code, rest)) = head.bytes.get(zeros.saturating_add(1)..).and_then(<[u8]>::split_first) else {
        return false;
    };
    match code {
        // A pack.
        0xba => true,
        // A sequence header: 12 bits of width, 12 of height, then shape and frame rate. Encoders
        // use the reserved frame rates too.
        0xb3 => rest.first_chunk::<4>().is_some_and(|[a, b, c, d]| {
            let (width, height) = (*a != 0 || b & 0xf0 != 0, b & 0x0f != 0 || *c != 0);
            width && height && d & 0xf0 != 0 && d & 0x0f != 0
        }),
        // A visual object sequence: its profile, then perhaps the visual object.
        0xb0 => {
            rest.get(1..).is_some_and(|rest| rest.starts_with(b"\0\0\x01\xb5") || rest.starts_with(b"\0\0\x01\xb2"))
        }
        // A video object that is followed by its layer.
        0x00..=0x1f => rest.starts_with(b"\0\0\x01") && rest.get(3).is_some_and(|code| (0x20..=0x2f).contains(code)),
        // A packet of a stream that lost its beginning: the next one lies where its length says.
        0xbb | 0xbd..=0xbf | 0xc0..=0xef => u16_at(rest, Endian::Big)
            .and_then(|length| rest.get(usize::from(length).checked_add(2)?..))
            .is_some_and(|next| next.starts_with(b"\0\0\x01") && next.get(3).is_some_and(|code| *code >= 0xb9)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    #[test]
    fn start_codes_are_told_apart() {
        for (bytes, want) in [
            (&b"\0\0\x01\xba\x44\0\x04"[..], true),
            (b"\0\0\x01\xba\x21\0\x01", true),
            (b"\0\0\x01\xba", true),
            (b"\0\0\0\0\x01\xb3\x16\x01\x20\x13", true),
            (b"\0\0\x01\xb3\x00\x01\x20\x13", false),
            (b"\0\0\x01\xb0\x01\0\0\x01\xb5\x09", true),
            (b"\0\0\x01\0\0\0\x01\x20", true),
            (b"\0\0\x01\xe0\0\x02ab\0\0\x01\xc0", true),
            (b"\0\0\x01\xe0\0\x02ab\0\0\x02\xc0", false),
            // An icon, and a raw H.264 stream.
            (b"\0\0\x01\0\x01\0\x10\x10", false),
            (b"\0\0\0\x01\x67\x42\0\x1e", false),
            (b"\0\0\x01", false),
        ] {
            assert_eq!(sniff(&Head { bytes, size: len64(bytes.len()) }), want, "{bytes:x?}");
        }
    }
}
