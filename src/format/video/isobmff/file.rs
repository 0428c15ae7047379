//! The boxes of the first level: which there are, where the media lie, and what follows the last.

use std::ops::Range;

use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::format::isobmff::{BoxHead, Boxes, FileType, FourCc, Next, is_plausible, name};
use crate::format::{HEAD_LEN, Head, Inspection};
use crate::input::{Input, Walk};

/// How many stretches of media are kept; in files with more, none is held against them.
const MAX_MEDIA: usize = 1 << 16;
/// How many boxes are looked at for facts alone, once the movie was found.
const HEADER_BOXES: u32 = 64;
/// Types that exist inside others only. At the first level they are what is left of a damaged box.
const INNER: [FourCc; 22] = [
    *b"mvhd", *b"trak", *b"tkhd", *b"mdia", *b"mdhd", *b"hdlr", *b"minf", *b"vmhd", *b"smhd", *b"dinf", *b"stbl",
    *b"stsd", *b"stts", *b"ctts", *b"stss", *b"stsc", *b"stsz", *b"stco", *b"mvex", *b"mfhd", *b"traf", *b"trun",
];
/// Types that hold nothing which is shown.
const BESIDE: [FourCc; 13] = [
    *b"free", *b"skip", *b"wide", *b"uuid", *b"udta", *b"meta", *b"mfra", *b"styp", *b"pnot", *b"pdin", *b"emsg",
    *b"prft", *b"pssh",
];

/// What the first level of a file holds.
#[derive(Debug, Default)]
pub(super) struct File {
    /// The brand in `ftyp`.
    pub(super) brand: Option<FourCc>,
    pub(super) movie: Option<BoxHead>,
    /// Where the first fragment begins.
    pub(super) fragment: Option<u64>,
    pub(super) media: Media,
    /// Where the first media box begins.
    pub(super) first_media: Option<u64>,
    /// The last box, if it says to be longer than the file.
    pub(super) overrun: Option<BoxHead>,
    /// Where bytes begin that are no boxes.
    pub(super) tail: Option<u64>,
    /// Where the walk ended early, before the movie was found.
    pub(super) broken: Option<u64>,
    pub(super) end: u64,
}

/// The stretches of the file that media lie in.
#[derive(Debug, Default)]
pub(super) struct Media {
    stretches: Vec<Stretch>,
    /// There are more than are kept.
    overflown: bool,
}

/// The content of one media box.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) range: Range<u64>,
    /// The end of the last sample in it.
    pub(super) used: u64,
}

impl Media {
    fn add(&mut self, range: Range<u64>) {
        self.overflown = self.overflown || self.stretches.len() >= MAX_MEDIA;
        if !self.overflown {
            self.stretches.push(Stretch { used: range.start, range });
        }
    }

    /// Whether `range` lies in one of them, which is then marked as used that far.
    pub(super) fn take(&mut self, range: &Range<u64>) -> bool {
        let behind = self.stretches.partition_point(|stretch| stretch.range.start <= range.start);
        let stretch = behind.checked_sub(1).and_then(|at| self.stretches.get_mut(at));
        match stretch.filter(|stretch| range.end <= stretch.range.end) {
            Some(stretch) => {
                stretch.used = stretch.used.max(range.end);
                true
            }
            None => self.overflown,
        }
    }

    /// All of them, if all are kept.
    pub(super) fn all(&self) -> &[Stretch] {
        if self.overflown { &[] } else { &self.stretches }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stretches.is_empty()
    }
}

/// Walks the boxes of the file; for facts alone only until what they are in was found.
pub(super) fn walk(cx: &mut Inspection<'_, '_>) -> Walk<File> {
    let size = cx.input.size();
    let bytes = cx.input.up_to(0, HEAD_LEN)?;
    let brand = FileType::read(&Head { bytes, size }).map(|types| types.major);
    let mut file = File { brand, end: size, ..File::default() };
    let mut boxes = Boxes::new(0, size);
    let mut left = HEADER_BOXES;
    loop {
        match boxes.next(cx.input)? {
            Next::Box(head) if is_plausible(head.kind) => file.keep(cx, &head),
            Next::Overrun(head) if is_plausible(head.kind) => {
                file.keep(cx, &head);
                file.end_in(cx, head);
            }
            Next::Box(BoxHead { start, .. })
            | Next::Overrun(BoxHead { start, .. })
            | Next::Undersized(start)
            | Next::Fragment(start) => {
                if file.movie.is_some() {
                    file.tail = Some(start);
                } else {
                    cx.note(Defect::at(Id::Mp4BoxMalformed, start).within("file"));
                    file.broken = Some(start);
                }
                break;
            }
            Next::End => break,
        }
        left = left.saturating_sub(u32::from(file.movie.is_some()));
        if cx.depth == Depth::Header && (file.shows_itself() || left == 0) {
            break;
        }
    }
    Ok(file)
}

impl File {
    fn keep(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) {
        match &head.kind {
            b"moov" => {
                self.movie.get_or_insert(*head);
            }
            b"moof" => {
                self.fragment.get_or_insert(head.start);
            }
            b"mdat" | b"imda" => {
                self.first_media.get_or_insert(head.start);
                self.media.add(head.body..head.end.min(cx.input.size()));
            }
            kind if INNER.contains(kind) => {
                cx.note(Defect::at(Id::Mp4BoxMisplaced, head.start).with("box", name(head.kind)));
            }
            _ => {}
        }
    }

    /// The last box says to be longer than the file.
    fn end_in(&mut self, cx: &mut Inspection<'_, '_>, head: BoxHead) {
        if matches!(&head.kind, b"mdat" | b"imda") || BESIDE.contains(&head.kind) {
            self.overrun = Some(head);
        } else if self.movie.is_none() || matches!(&head.kind, b"moov" | b"moof" | b"sidx") {
            cx.note(truncated(cx.input, &head));
        } else {
            // Of a type that nobody knows: more likely no box at all.
            self.tail = Some(head.start);
        }
    }

    /// Whether the movie was found, and with it whether it comes before the media.
    fn shows_itself(&self) -> bool {
        match self.movie {
            Some(_) => self.first_media.is_some() || self.fragment.is_some(),
            None => self.fragment.is_some(),
        }
    }
}

/// The file ends inside a box.
pub(super) fn truncated(input: &Input<'_>, head: &BoxHead) -> Defect {
    let missing = head.end.saturating_sub(input.size());
    Defect::at(Id::Mp4Truncated, head.start).with("box", name(head.kind)).with("missing", missing)
}
