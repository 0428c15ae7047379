//! HEIF and AVIF: pictures as items in the boxes of the ISO base media file format.
//!
//! ISO/IEC 23008-12:2022 (HEIF), ISO/IEC 14496-12:2022 (boxes), ISO/IEC 23000-22:2019 (MIAF) and the
//! AV1 Image File Format 1.1.0. The tables are read by [`meta`], held against each other by
//! [`check`]; [`data`] looks into the coded pictures and [`sequence`] reads tracks of pictures.

mod check;
mod data;
mod facts;
mod meta;
mod sequence;
mod slices;

use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::format::isobmff::{BoxHead, Boxes, FileType, FourCc, Next, is_plausible, name};
use crate::format::{Head, Inspection};
use crate::input::Walk;
use meta::{Meta, Origin};
use sequence::Track;

/// Brands of pictures that are not coded with AV1 (ISO/IEC 23008-12, annexes B to L).
const CODED: [&FourCc; 19] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"avci", b"avcs", b"jpeg", b"jpgs",
    b"vvic", b"vvis", b"evbi", b"evbs", b"j2ki", b"j2is", b"unif",
];
/// Brands that leave the coding open.
const OPEN: [&FourCc; 9] = [b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"MiHA", b"MiHB", b"MiHE", b"1pic"];
/// Brands of pictures that are coded with AV1.
const AVIF: [&FourCc; 5] = [b"avif", b"avis", b"avio", b"MA1A", b"MA1B"];
/// Brands of files whose main content is a track.
const SEQUENCE: [&FourCc; 10] =
    [b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs", b"avcs", b"jpgs", b"vvis", b"evbs"];

/// What a file that holds pictures begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brand {
    Heif,
    Avif,
}

fn brand(head: &Head<'_>) -> Option<Brand> {
    let Some(file_type) = FileType::read(head) else {
        return has_picture_meta(head).then(|| if head_names(head, *b"av01") { Brand::Avif } else { Brand::Heif });
    };
    let avif = || if file_type.has_any(&AVIF) { Brand::Avif } else { Brand::Heif };
    if CODED.contains(&&file_type.major) {
        Some(Brand::Heif)
    } else if AVIF.contains(&&file_type.major) || OPEN.contains(&&file_type.major) {
        Some(avif())
    } else {
        // A brand nobody knows, of a file that says to be readable as pictures.
        let compatible = file_type.has_any(&OPEN) || file_type.has_any(&CODED) || file_type.has_any(&AVIF);
        (compatible && has_picture_meta(head)).then(avif)
    }
}

/// Whether a `meta` box begins early in the file and its handler is that of pictures.
fn has_picture_meta(head: &Head<'_>) -> bool {
    let early = head.bytes.get(..256).unwrap_or(head.bytes);
    early.windows(28).any(|window| {
        // type, version and flags | size, type, version and flags, predefined, handler
        window.starts_with(b"meta\0\0\0\0\0\0\0")
            && window.get(12..20) == Some(b"hdlr\0\0\0\0")
            && window.get(24..) == Some(b"pict")
    })
}

fn head_names(head: &Head<'_>, kind: FourCc) -> bool {
    head.bytes.windows(4).any(|window| window == kind)
}

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    brand(head) == Some(Brand::Heif)
}

pub(crate) fn sniff_avif(head: &Head<'_>) -> bool {
    brand(head) == Some(Brand::Avif)
}

/// The boxes of the first level.
#[derive(Default)]
struct TopLevel {
    meta: Option<BoxHead>,
    movie: Option<BoxHead>,
    mini: Option<BoxHead>,
    /// The last box, if it says to be longer than the file.
    overrun: Option<BoxHead>,
    /// Where bytes begin that are no boxes.
    tail: Option<u64>,
    /// Whether the walk ended early, at a fault that is noted.
    broken: bool,
}

impl TopLevel {
    fn has_content(&self) -> bool {
        self.meta.is_some() || self.movie.is_some() || self.mini.is_some()
    }

    fn keep(&mut self, head: BoxHead) {
        let place = match &head.kind {
            b"meta" => &mut self.meta,
            b"moov" => &mut self.movie,
            b"mini" => &mut self.mini,
            _ => return,
        };
        place.get_or_insert(head);
    }
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let size = cx.input.size();
    let bytes = cx.input.up_to(0, crate::format::HEAD_LEN)?;
    let head = Head { bytes, size };
    let file_type = FileType::read(&head);
    let avif = sniff_avif(&head);
    let sequence = file_type.is_some_and(|file_type| SEQUENCE.contains(&&file_type.major));
    // Where the type of the file is lost, the boxes are taken up again at the one that was found.
    let start = if file_type.is_some() {
        0
    } else {
        let at = head.bytes.windows(4).position(|window| window == b"meta").unwrap_or_default();
        crate::bytes::len64(at).saturating_sub(4)
    };
    if file_type.is_none() {
        cx.note(Defect::at(Id::HeifFtypMissing, 0));
    }

    let top = walk_top_level(cx, start, sequence)?;
    let meta = match top.meta {
        Some(head) => Meta::read(cx, head, head.end > size)?,
        None => Meta::default(),
    };
    let tracks = match top.movie {
        Some(head) => sequence::read(cx, head)?,
        None => Vec::new(),
    };
    facts::gather(cx, &meta, &tracks, avif, sequence)?;
    if cx.depth == Depth::Header {
        return Ok(());
    }
    check_content(cx, &top, &meta, &tracks)
}

/// Walks the boxes of the file; at header depth only until what facts are in was found.
fn walk_top_level(cx: &mut Inspection<'_, '_>, start: u64, sequence: bool) -> Walk<TopLevel> {
    let size = cx.input.size();
    let mut top = TopLevel::default();
    let mut boxes = Boxes::new(start, size);
    loop {
        match boxes.next(cx.input)? {
            Next::Box(head) if is_plausible(head.kind) => top.keep(head),
            Next::Overrun(head) if is_plausible(head.kind) => {
                let needed = matches!(&head.kind, b"ftyp" | b"meta" | b"moov" | b"mini") || !top.has_content();
                // Items tell whether anything is missing from their data; tracks say it elsewhere.
                if needed || top.movie.is_some() {
                    let missing = head.end.saturating_sub(size);
                    let defect = Defect::at(Id::HeifTruncated, head.start).with("box", name(head.kind));
                    cx.note(defect.with("missing", missing));
                    top.broken = true;
                } else {
                    top.overrun = Some(head);
                }
                top.keep(head);
            }
            Next::Box(BoxHead { start, .. })
            | Next::Overrun(BoxHead { start, .. })
            | Next::Undersized(start)
            | Next::Fragment(start) => {
                if top.has_content() {
                    top.tail = Some(start);
                } else {
                    cx.note(Defect::at(Id::HeifBoxMalformed, start).within("file"));
                    top.broken = true;
                }
                break;
            }
            Next::End => break,
        }
        let found = top.meta.is_some() || top.mini.is_some();
        if cx.depth == Depth::Header && found && (!sequence || top.movie.is_some()) {
            break;
        }
    }
    Ok(top)
}

/// What structure depth adds to the tables: whether they agree, and whether the bytes are there.
fn check_content(cx: &mut Inspection<'_, '_>, top: &TopLevel, meta: &Meta, tracks: &[Track]) -> Walk {
    let size = cx.input.size();
    let cut = |head: &Option<BoxHead>| head.is_some_and(|head| head.end > size);
    if top.mini.is_some() {
        cx.note(Defect::new(Id::HeifUnchecked).with("what", "mini"));
    }
    if cut(&top.meta) || cut(&top.movie) || cut(&top.mini) {
        return Ok(());
    }
    if !top.has_content() {
        if !top.broken {
            cx.note(Defect::at(Id::HeifMetaMissing, size));
        }
        return Ok(());
    }
    if top.meta.is_some() {
        check::items(cx, meta)?;
    }
    sequence::check(cx, tracks)?;
    let used = meta.all_extents().iter().filter(|extent| extent.origin == Origin::File);
    let last = used.map(|extent| extent.start.saturating_add(extent.len)).max().unwrap_or_default();
    if let Some(head) = top.overrun
        && last <= size
    {
        let missing = head.end.saturating_sub(size);
        let defect = Defect::at(Id::HeifBoxPastEnd, head.start).with("box", name(head.kind));
        cx.note(defect.with("missing", missing));
    }
    if let Some(tail) = top.tail {
        let outside = last > tail;
        let id = if outside { Id::HeifItemOutsideBoxes } else { Id::HeifTrailingData };
        cx.note(Defect::at(id, tail).with("bytes", size.saturating_sub(tail)));
    }
    Ok(())
}
