//! MP4, QuickTime and 3GP: files made of boxes.
//!
//! ISO/IEC 14496-12:2022 (boxes, clause 4.2; brands, annex E), 14496-14 (MP4), 3GPP TS 26.244
//! clause 5.2 and 3GPP2 C.S0050 (3GP, 3G2), QuickTime File Format (files without a type box).
//! The registry of brands is that of <https://mp4ra.org>.

use crate::bytes::{Endian, index, u32_at, u64_at};
use crate::format::Head;

pub(crate) fn sniff_3gp(head: &Head<'_>) -> bool {
    family(head) == Some(Family::ThreeGp)
}

pub(crate) fn sniff_mov(head: &Head<'_>) -> bool {
    family(head) == Some(Family::Mov)
}

pub(crate) fn sniff_mp4(head: &Head<'_>) -> bool {
    family(head) == Some(Family::Mp4)
}

/// Whether the file begins with a type box, whatever its brands are.
pub(crate) fn has_type_box(head: &Head<'_>) -> bool {
    // The size of a type box needs no more than three bytes, and text has no zero there.
    head.has(0, b"\0") && (head.has(4, b"ftyp") || head.has(4, b"styp"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    ThreeGp,
    Mov,
    Mp4,
    /// Still pictures and other relatives that are no video, in whatever company their brand is.
    Other,
}

/// How the brands begin. Where two entries fit, the longer one counts.
#[rustfmt::skip]
const BRANDS: &[(Family, &[&[u8]])] = &[
    (Family::Mov, &[b"qt  ", b"mqt"]),
    // 3GPP releases and profiles (3gp4, 3gr6, 3gs7, 3ge6, 3gg6, 3gh9, ...), 3GPP2 (3g2a, 3g2b, 3g2c).
    (Family::ThreeGp, &[b"3g", b"KDDI"]),
    (Family::Mp4, &[b"iso", b"mp4", b"mp7", b"mp21", b"mmp4", b"M4", b"F4", b"f4v"]),
    // Codecs.
    (Family::Mp4, &[b"avc1", b"hvc1", b"hev1", b"av01", b"vp09", b"dvh1", b"dby1", b"db1p"]),
    // Cameras: Sony, Casio, Panasonic, Nero and SD cards.
    (Family::Mp4, &[b"MSNV", b"XAVC", b"caqv", b"CAEP", b"pana", b"pnvi", b"SDV", b"ND", b"nds"]),
    // Streaming: DASH, CMAF, Smooth Streaming, UltraViolet.
    (Family::Mp4, &[b"dash", b"dsms", b"msdh", b"msix", b"lmsg", b"sims", b"cmf", b"piff", b"ismv", b"isml", b"ccff", b"hlsf"]),
    // Digital multimedia broadcasting.
    (Family::Mp4, &[b"da", b"dmb1", b"dv"]),
    // HEIF, AVIF, JPEG XL, JPEG 2000, JPEG XS, Canon raw.
    (Family::Other, &[b"mif", b"msf", b"miaf", b"1pic", b"hei", b"hev", b"avci", b"avcs", b"jpeg", b"jpgs", b"vvic", b"vvis", b"evbi", b"evbs", b"j2ki", b"j2is"]),
    (Family::Other, &[b"avif", b"avis", b"jxl", b"jp2", b"jpx", b"jpm", b"jxs", b"crx "]),
];

/// Boxes that a file without a type box may begin with (QuickTime File Format, "Movie files").
const FIRST: &[[u8; 4]] = &[*b"moov", *b"mdat", *b"wide", *b"free", *b"skip", *b"pnot", *b"uuid", *b"PICT", *b"prfl"];
/// Boxes that only files in fragments have at the top.
const FRAGMENT: &[[u8; 4]] = &[*b"moof", *b"sidx", *b"ssix", *b"emsg", *b"prft"];
/// Boxes that a movie box may begin with.
const IN_MOVIE: &[[u8; 4]] = &[
    *b"mvhd", *b"cmov", *b"rmra", *b"trak", *b"iods", *b"udta", *b"meta", *b"mvex", *b"pssh", *b"free", *b"skip",
    *b"uuid", *b"prfl", *b"clip", *b"ctab",
];
/// How many boxes at the top are looked at.
const LOOKED_AT: usize = 16;

/// One box of the file's top level.
struct TopBox<'a> {
    kind: [u8; 4],
    size: u64,
    start: u64,
    /// What the head holds of the content.
    body: &'a [u8],
}

fn top_box<'a>(head: &Head<'a>, start: u64) -> Option<TopBox<'a>> {
    let data = head.bytes.get(index(start)..)?;
    let kind = *data.get(4..)?.first_chunk()?;
    let (size, skip) = match u32_at(data, Endian::Big)? {
        0 => (head.size.saturating_sub(start), 8),
        1 => (u64_at(data.get(8..)?, Endian::Big)?, 16),
        size => (u64::from(size), 8),
    };
    let body = data.get(skip..index(size).min(data.len())).unwrap_or_default();
    Some(TopBox { kind, size, start, body })
}

/// Which of the three the file is, if it is made of boxes and shows a video.
fn family(head: &Head<'_>) -> Option<Family> {
    if has_type_box(head) {
        return by_brands(head, &top_box(head, 0)?);
    }
    let first = top_box(head, 0)?;
    let fragment = FRAGMENT.contains(&first.kind);
    if !(fragment || FIRST.contains(&first.kind)) || !plausible(head, &first) {
        return None;
    }
    let mut family = if fragment { Family::Mp4 } else { Family::Mov };
    let mut next = first.start.saturating_add(first.size);
    for _ in 0..LOOKED_AT {
        let Some(found) = top_box(head, next).filter(|found| found.size >= 8) else {
            break;
        };
        match &found.kind {
            b"ftyp" | b"styp" => return by_brands(head, &found),
            kind if FRAGMENT.contains(kind) => family = Family::Mp4,
            _ => {}
        }
        next = next.saturating_add(found.size);
    }
    Some(family)
}

/// Whether a first box that is no type box is one, and not a word of a text.
fn plausible(head: &Head<'_>, first: &TopBox<'_>) -> bool {
    let text = head.bytes.iter().take(8).all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    let child = first.body.get(4..).and_then(<[u8]>::first_chunk::<4>);
    match &first.kind {
        // A movie box shows what it is by its first child, and may be longer than what is left of the file.
        b"moov" => child.is_none_or(|child| IN_MOVIE.contains(child)) && (!text || child.is_some()),
        // The data may be longer too: the rest is lost, and the file still what it was.
        b"mdat" => first.size >= 8 && !text,
        _ => first.size >= 8 && first.size <= head.size && !text,
    }
}

/// Decides by the brands of a type box: by the major one if it is known, else by the first known
/// among the compatible ones, else by the boxes that follow.
fn by_brands(head: &Head<'_>, types: &TopBox<'_>) -> Option<Family> {
    let (major, rest) = types.body.split_at_checked(4)?;
    if let Some(known) = brand(major) {
        return Some(known);
    }
    // The minor version, then the compatible brands.
    let compatible: Vec<_> = rest.get(4..).unwrap_or_default().chunks_exact(4).filter_map(brand).collect();
    if compatible.contains(&Family::Other) {
        return Some(Family::Other);
    }
    if let Some(known) = compatible.first() {
        return Some(*known);
    }
    let next = top_box(head, types.start.saturating_add(types.size.max(8)))?;
    let of_a_video = FIRST.contains(&next.kind) || FRAGMENT.contains(&next.kind);
    of_a_video.then_some(Family::Mp4)
}

fn brand(brand: &[u8]) -> Option<Family> {
    let starts = BRANDS.iter().flat_map(|(family, starts)| starts.iter().map(|start| (*family, *start)));
    starts.filter(|(_, start)| brand.starts_with(start)).max_by_key(|(_, start)| start.len()).map(|(family, _)| family)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    fn family_of(bytes: &[u8]) -> Option<Family> {
        family(&Head { bytes, size: len64(bytes.len()) })
    }

    fn with_brands(brands: &[&[u8; 4]]) -> Vec<u8> {
        let (major, compatible) = brands.split_first().unwrap();
        let mut content = [&b"ftyp"[..], &major[..], &[0; 4]].concat();
        content.extend(compatible.iter().copied().flatten());
        let size = u32::try_from(content.len()).unwrap().saturating_add(4);
        [&size.to_be_bytes()[..], &content].concat()
    }

    #[test]
    fn brands_decide() {
        for (brands, want) in [
            (&[b"isom", b"iso2"][..], Some(Family::Mp4)),
            (&[b"qt  "], Some(Family::Mov)),
            (&[b"3gp5", b"isom"], Some(Family::ThreeGp)),
            (&[b"3g2a"], Some(Family::ThreeGp)),
            (&[b"hev1"], Some(Family::Mp4)),
            (&[b"heic", b"mif1"], Some(Family::Other)),
            (&[b"msf1", b"hevc", b"iso8", b"mp41"], Some(Family::Other)),
            (&[b"avis", b"iso8"], Some(Family::Other)),
            (&[b"crx ", b"isom"], Some(Family::Other)),
            (&[b"jxl ", b"isom"], Some(Family::Other)),
            (&[b"new!", b"mp42"], Some(Family::Mp4)),
            (&[b"new!", b"qt  "], Some(Family::Mov)),
            (&[b"new!", b"isom", b"mif1"], Some(Family::Other)),
            (&[b"new!", b"abcd"], None),
        ] {
            assert_eq!(family_of(&with_brands(brands)), want, "{brands:?}");
        }
        let unknown = [&with_brands(&[b"new!"])[..], b"\0\0\0\x08moov"].concat();
        assert_eq!(family_of(&unknown), Some(Family::Mp4));
    }

    #[test]
    fn a_first_box_that_is_no_type_box_must_be_plausible() {
        for (bytes, want) in [
            (&b"\0\0\0\x10wide\0\0\0\0mdat\0\0\0\x08moov"[..], Some(Family::Mov)),
            (b"\0\0\x20\0moov\0\0\0\x6cmvhd", Some(Family::Mov)),
            (b"\x41\0\0\0mdat....", Some(Family::Mov)),
            (b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x20abcd", Some(Family::Mov)),
            (b"\0\0\0\x10free\0\0\0\0\0\0\0\0\0\0\0\x10ftypisom\0\0\0\0", Some(Family::Mp4)),
            (b"\0\0\0\x0cmoof\0\0\0\0", Some(Family::Mp4)),
            (b"\0\0\0\x0csidx\0\0\0\0", Some(Family::Mp4)),
            (b"\0\0\x20\0moov\0\0\0\x6cnope", None),
            (b"\0\0\x20\0free\0\0\0\0", None),
            (b"The free encyclopedia", None),
            (b"are skip this", None),
            (b"the moov box holds", None),
            (b"the mdat box holds", None),
            (b"The ftypisom brand", None),
            (b"\0\0\0\x0cuuid\0\0\0\0", Some(Family::Mov)),
        ] {
            assert_eq!(family_of(bytes), want, "{bytes:?}");
        }
    }
}
