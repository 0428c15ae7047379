//! Formats whose signature alone is too short to go by.

use crate::bytes::{Endian, index, len64, u16_at, u32_at};
use crate::format::Head;

/// Nothing but zero bytes, as far as the head goes.
pub(super) fn is_zeroes(head: &Head<'_>) -> bool {
    !head.bytes.is_empty() && head.bytes.iter().all(|byte| *byte == 0)
}

/// A JPEG, PNG or GIF of which every byte was changed by the same exclusive or. The key is what
/// turns the first byte into that of the picture.
pub(super) fn is_xored_image(head: &Head<'_>) -> bool {
    const PLAIN: [&[u8]; 5] = [
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\xff\xd8\xff\xe1..Exif",
        b"\xff\xd8\xff\xdb\0C\0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
    ];
    PLAIN.iter().any(|plain| {
        let key = head.bytes.first().zip(plain.first()).map(|(have, plain)| have ^ plain).unwrap_or_default();
        key != 0
            && head.bytes.len() > plain.len()
            && head.bytes.iter().zip(*plain).all(|(have, plain)| *plain == b'.' || have ^ key == *plain)
    })
}

/// Windows icons and cursors: a directory whose first picture lies behind it.
pub(super) fn is_icon(head: &Head<'_>) -> bool {
    if !(head.has(0, b"\0\0\x01\0") || head.has(0, b"\0\0\x02\0")) {
        return false;
    }
    let count = head.bytes.get(4..).and_then(|rest| u16_at(rest, Endian::Little)).unwrap_or_default();
    let start = head.bytes.get(18..).and_then(|rest| u32_at(rest, Endian::Little));
    let directory = u32::from(count).saturating_mul(16).saturating_add(6);
    let reserved = head.bytes.get(9).copied().unwrap_or_default();
    (1..=1024).contains(&count) && matches!(reserved, 0 | 0xff) && start.is_none_or(|start| start >= directory.min(22))
}

/// QOI: four letters, width, height, three or four channels, one of two colour spaces.
pub(super) fn is_qoi(head: &Head<'_>) -> bool {
    head.has(0, b"qoif") && matches!(head.bytes.get(12..14), Some([3 | 4, 0 | 1]))
}

/// PBM, PGM, PPM (plain and raw), PAM and PFM: a letter, a digit, then numbers or a comment.
pub(super) fn is_pnm(head: &Head<'_>) -> bool {
    let Some(([b'P', kind, space], rest)) = head.bytes.split_first_chunk::<3>() else {
        return false;
    };
    if !space.is_ascii_whitespace() {
        return false;
    }
    match kind {
        b'7' => {
            rest.starts_with(b"WIDTH")
                || rest.starts_with(b"HEIGHT")
                || rest.starts_with(b"DEPTH")
                || rest.starts_with(b"#")
        }
        b'1'..=b'6' | b'F' | b'f' => {
            let mut rest = rest.trim_ascii_start();
            while rest.first() == Some(&b'#') {
                let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                rest = rest.get(end..).unwrap_or_default().trim_ascii_start();
            }
            number(&mut rest) && number(&mut rest)
        }
        _ => false,
    }
}

/// Takes a number and the white space behind it.
fn number(text: &mut &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.get(digits..).unwrap_or_default();
    *text = rest.trim_ascii_start();
    digits > 0 && rest.first().is_some_and(u8::is_ascii_whitespace)
}

/// PCX: maker, version, run-length coding, bits per pixel, a window that is not inside out, and a
/// reserved byte of 0.
pub(super) fn is_pcx(head: &Head<'_>) -> bool {
    let edge = |at: usize| head.bytes.get(at..).and_then(|rest| u16_at(rest, Endian::Little));
    matches!(head.bytes.first_chunk(), Some([0x0a, 0 | 2..=5, 1, 1 | 2 | 4 | 8]))
        && edge(4) <= edge(8)
        && edge(6) <= edge(10)
        && head.bytes.get(64) == Some(&0)
}

/// Targa has its signature at the end of the file, if at all. Its header is checked in every field,
/// and pixels that are not compressed must fit into the file.
pub(super) fn is_tga(head: &Head<'_>) -> bool {
    let Some([id, mapped, kind, _, _, map_low, map_high, map_bits, _, _, _, _, w0, w1, h0, h1, bits, flags]) =
        head.bytes.first_chunk::<18>()
    else {
        return false;
    };
    let (width, height) = (u16::from_le_bytes([*w0, *w1]), u16::from_le_bytes([*h0, *h1]));
    let entries = u16::from_le_bytes([*map_low, *map_high]);
    let map = match (mapped, kind, bits) {
        (0, 2 | 10, 15 | 16 | 24 | 32) | (0, 3 | 11, 8 | 16) if head.has(3, &[0; 5]) => 0,
        (1, 1 | 9, 8 | 16) if entries > 0 && matches!(map_bits, 15 | 16 | 24 | 32) => {
            u64::from(entries).saturating_mul(u64::from(map_bits.div_ceil(8)))
        }
        _ => return false,
    };
    let pixels = u64::from(width).saturating_mul(height.into()).saturating_mul(u64::from(bits.div_ceil(8)));
    let raw = if *kind < 8 { pixels } else { 1 };
    let least = raw.saturating_add(map).saturating_add(u64::from(*id)).saturating_add(18);
    width > 0 && height > 0 && flags & 0xc0 == 0 && least <= head.size
}

/// PDF: its readers look for the signature anywhere in the first 1024 bytes.
pub(super) fn is_pdf(head: &Head<'_>) -> bool {
    let searched = head.bytes.get(..1024).unwrap_or(head.bytes);
    let signature = |window: &[u8]| window.starts_with(b"%PDF-") && window.last().is_some_and(u8::is_ascii_digit);
    searched.windows(6).any(signature)
}

/// Office documents are ZIP archives that begin with one of these names.
pub(super) fn is_office(head: &Head<'_>) -> bool {
    const NAMES: [&[u8]; 6] = [b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"word/", b"xl/", b"ppt/"];
    is_zip(head) && NAMES.iter().any(|name| head.has(30, name))
}

pub(super) fn is_apk(head: &Head<'_>) -> bool {
    is_zip(head)
        && [&b"AndroidManifest.xml"[..], b"classes.dex", b"META-INF/com/android/"].iter().any(|name| holds(head, name))
}

pub(super) fn is_jar(head: &Head<'_>) -> bool {
    is_zip(head) && head.has(30, b"META-INF/")
}

fn is_zip(head: &Head<'_>) -> bool {
    head.has(0, b"PK\x03\x04")
}

fn holds(head: &Head<'_>, name: &[u8]) -> bool {
    head.bytes.windows(name.len()).any(|window| window == name)
}

/// bzip2: the level, then the start of a block or of the end.
pub(super) fn is_bzip2(head: &Head<'_>) -> bool {
    head.has(0, b"BZh")
        && head.bytes.get(3).is_some_and(|level| (b'1'..=b'9').contains(level))
        && (head.has(4, b"1AY&SY") || head.has(4, b"\x17\x72\x45\x38\x50\x90"))
}

/// Windows programs: the DOS header says where the real one is.
pub(super) fn is_windows_program(head: &Head<'_>) -> bool {
    let Some(start) = head.bytes.get(0x3c..).and_then(|rest| u32_at(rest, Endian::Little)) else {
        return false;
    };
    let found = head.bytes.get(index(start.into())..);
    head.has(0, b"MZ") && found.is_some_and(|found| found.starts_with(b"PE\0\0") || found.starts_with(b"NE"))
}

/// Flash: compressed or not, a version that exists, and a length that no text has there.
pub(super) fn is_flash(head: &Head<'_>) -> bool {
    let length = head.bytes.get(4..).and_then(|rest| u32_at(rest, Endian::Little)).unwrap_or_default();
    [b"FWS", b"CWS", b"ZWS"].iter().any(|magic| head.has(0, *magic))
        && head.bytes.get(3).is_some_and(|version| (1..=50).contains(version))
        && (9..128 << 20).contains(&length)
}

/// TrueType: its version, then a count of tables whose search fields fit it; or a collection.
pub(super) fn is_truetype(bytes: &[u8]) -> bool {
    let count = bytes.get(4..).and_then(|rest| u16_at(rest, Endian::Big)).unwrap_or_default();
    let range = bytes.get(6..).and_then(|rest| u16_at(rest, Endian::Big)).unwrap_or_default();
    let fits = (1..=128).contains(&count) && range == 16_u16.checked_shl(count.ilog2()).unwrap_or_default();
    bytes.starts_with(b"ttcf\0") || (bytes.starts_with(b"\0\x01\0\0") && fits)
}

/// Wave files, short or long.
pub(super) fn is_wave(head: &Head<'_>) -> bool {
    [b"RIFF", b"RIFX", b"RF64", b"BW64"].iter().any(|magic| head.has(0, *magic)) && head.has(8, b"WAVE")
}

/// MPEG program streams as they lie on a Video CD.
pub(super) fn is_video_cd(head: &Head<'_>) -> bool {
    head.has(0, b"RIFF") && head.has(8, b"CDXA")
}

/// Sound in formats that nobody needs told apart.
pub(super) fn is_other_audio(head: &Head<'_>) -> bool {
    const MAGIC: [&[u8]; 9] = [
        b"caff\0\x01\0\0",
        b"MAC \x7c",
        b"MAC \x96",
        b"wvpk",
        b"TTA1",
        b"DSD \x1c\0\0\0",
        b"FRM8\0",
        b".snd\0\0",
        b"\x7f\xfe\x80\x01",
    ];
    let form = head.has(0, b"FORM") && (head.has(8, b"AIFF") || head.has(8, b"AIFC"));
    // Voice messages of chat programs.
    let silk = head.has(0, b"#!SILK_V3") || head.has(0, b"\x02#!SILK_V3");
    // These are letters only; a zero byte near them is what a text does not have.
    let binary = head.bytes.iter().take(32).any(|byte| *byte == 0) || head.has(0, b"\x7f");
    form || silk || (binary && MAGIC.iter().any(|magic| head.has(0, magic)))
}

/// How many audio frames must follow each other, where the head is long enough to hold them.
const FRAMES: usize = 3;

/// MP3 and MP2, with or without an ID3 tag: ISO/IEC 11172-3, clause 2.4.1.3, and ID3v2.4, clause 3.1.
pub(super) fn is_mpeg_audio(head: &Head<'_>) -> bool {
    let tagged = matches!(head.bytes.first_chunk(), Some([b'I', b'D', b'3', 2..=4, _, _, a, b, c, d]) if (a | b | c | d) & 0x80 == 0);
    tagged || frames(head, mpeg_audio_frame)
}

/// AAC in ADTS: ISO/IEC 13818-7, clause 6.2.
pub(super) fn is_adts(head: &Head<'_>) -> bool {
    frames(head, adts_frame)
}

/// Whether the head is a chain of frames. The first two must be there.
fn frames(head: &Head<'_>, length: fn(&[u8]) -> Option<u64>) -> bool {
    let mut rest = head.bytes;
    for frame in 0..FRAMES {
        let Some(length) = length(rest) else {
            return frame >= 2 && rest.len() < 8;
        };
        rest = rest.get(index(length)..).unwrap_or_default();
    }
    true
}

/// The length of an MPEG audio frame.
fn mpeg_audio_frame(data: &[u8]) -> Option<u64> {
    const RATES: [[u64; 14]; 5] = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let [0xff, b, c, _] = data.first_chunk()? else {
        return None;
    };
    let (version, layer) = (b >> 3 & 3, b >> 1 & 3);
    let first = version == 3;
    let (table, samples): (usize, u64) = match (first, layer) {
        _ if b & 0xe0 != 0xe0 || version == 1 => return None,
        (true, 3) => (0, 384),
        (true, 2) => (1, 1152),
        (true, 1) => (2, 1152),
        (false, 3) => (3, 384),
        (false, 2) => (4, 1152),
        (false, 1) => (4, 576),
        _ => return None,
    };
    let kbps = *RATES.get(table)?.get(usize::from((c >> 4).checked_sub(1)?))?;
    let halved = match version {
        3 => 0,
        2 => 1,
        _ => 2,
    };
    let hertz = [44_100_u64, 48_000, 32_000].get(usize::from(c >> 2 & 3))? >> halved;
    // Layer I counts slots of four bytes.
    let slot = if layer == 3 { 4 } else { 1 };
    let slots = samples.saturating_mul(kbps).saturating_mul(125).checked_div(hertz.saturating_mul(slot))?;
    Some(slots.saturating_add(u64::from(c >> 1 & 1)).saturating_mul(slot))
}

/// The length of an ADTS frame.
fn adts_frame(data: &[u8]) -> Option<u64> {
    let [0xff, sync, rate, high, middle, low, _] = data.first_chunk()? else {
        return None;
    };
    let length = u64::from(high & 3) << 11 | u64::from(*middle) << 3 | u64::from(low >> 5);
    // Sync, layer 0, a sampling rate that exists, and room for the header.
    (sync & 0xf6 == 0xf0 && rate >> 2 & 15 < 13 && length > 7).then_some(length)
}

/// A raw stream of H.264 (parameter set or delimiter first) or HEVC (the same, or the video set).
pub(super) fn is_raw_h26x(head: &Head<'_>) -> bool {
    let Some(unit) = head.bytes.strip_prefix(b"\0\0\0\x01").or_else(|| head.bytes.strip_prefix(b"\0\0\x01")) else {
        return false;
    };
    let next = |within: &[u8]| within.windows(3).any(|window| window == b"\0\0\x01");
    let first = unit.get(..512).unwrap_or(unit);
    let h264 = matches!(unit.first_chunk(), Some([0x67 | 0x27 | 0x47, 66 | 77 | 88 | 100 | 110 | 122 | 244]))
        || unit.starts_with(b"\x09\x10")
        || unit.starts_with(b"\x09\x30")
        || unit.starts_with(b"\x09\xf0");
    let hevc = unit.starts_with(b"\x40\x01\x0c") || unit.starts_with(b"\x46\x01") || unit.starts_with(b"\x42\x01\x01");
    (h264 || hevc) && next(first) && len64(unit.len()) > 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_audio_frames() {
        assert_eq!(mpeg_audio_frame(b"\xff\xfb\x90\x00"), Some(417));
        assert_eq!(mpeg_audio_frame(b"\xff\xfb\x92\x00"), Some(418));
        assert_eq!(mpeg_audio_frame(b"\xff\xf3\x40\xc0"), Some(104));
        assert_eq!(mpeg_audio_frame(b"\xff\xff\x90\x00"), Some(312));
        assert_eq!(mpeg_audio_frame(b"\xff\xfe\x41\x00"), Some(136));
        assert_eq!(mpeg_audio_frame(b"\xff\xfb\xf0\x00"), None, "no such bit rate");
        assert_eq!(mpeg_audio_frame(b"\xff\xfb\x9c\x00"), None, "no such sampling rate");
        assert_eq!(mpeg_audio_frame(b"\xff\xd8\xff\xe0"), None, "a JPEG");
        assert_eq!(adts_frame(b"\xff\xf1\x50\x80\x02\x1f\xfc"), Some(16));
    }
}
