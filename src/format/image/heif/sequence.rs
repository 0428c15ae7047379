//! Tracks of pictures, which image sequences have beside their items or instead of them
//! (ISO/IEC 23008-12:2022, clause 7; ISO/IEC 14496-12:2022, clauses 8.2 to 8.8).

use super::check::unchecked;
use super::data::{Coded, Stream};
use super::meta::next_child;
use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::{BoxHead, FourCc, name};
use crate::input::Walk;

/// The part of a visual sample entry before the boxes in it.
const VISUAL_ENTRY: u64 = 78;

/// One track and the boxes that its samples are found by.
#[derive(Debug, Default)]
pub(super) struct Track {
    start: u64,
    handler: FourCc,
    /// The type of the first sample entry.
    pub(super) entry: FourCc,
    /// The configuration in it.
    config: Option<BoxHead>,
    pub(super) width: u16,
    pub(super) height: u16,
    /// The number of samples.
    pub(super) samples: u32,
    sizes: Option<BoxHead>,
    chunks: Option<BoxHead>,
    offsets: Option<BoxHead>,
}

impl Track {
    /// Whether these are the pictures that are meant to be seen.
    pub(super) fn shows_pictures(&self) -> bool {
        matches!(&self.handler, b"pict" | b"vide")
    }
}

/// Reads the tracks of `moov`.
pub(super) fn read(cx: &mut Inspection<'_, '_>, movie: BoxHead) -> Walk<Vec<Track>> {
    let cut = movie.end > cx.input.size();
    let mut tracks = Vec::new();
    let mut boxes = movie.children(0);
    while let Some(child) = next_child(cx, &mut boxes, "moov", cut)? {
        if child.kind == *b"trak" {
            tracks.push(read_track(cx, child, cut)?);
        }
    }
    Ok(tracks)
}

fn read_track(cx: &mut Inspection<'_, '_>, head: BoxHead, cut: bool) -> Walk<Track> {
    let mut track = Track { start: head.start, ..Track::default() };
    // The boxes on the way to the tables, each within the one before.
    let mut open = vec![head.children(0)];
    while let Some(boxes) = open.last_mut() {
        let Some(child) = next_child(cx, boxes, "moov/trak", cut)? else {
            open.pop();
            continue;
        };
        match &child.kind {
            b"mdia" | b"minf" | b"stbl" if open.len() < 4 => open.push(child.children(0)),
            b"hdlr" => {
                let content = child.peek(cx.input, 12)?;
                if let Some(handler) = content.get(8..12).and_then(|kind| kind.first_chunk()) {
                    track.handler = *handler;
                }
            }
            b"stsz" | b"stz2" => {
                let content = child.peek(cx.input, 12)?;
                let mut cursor = Cursor::new(&content, child.body);
                track.samples = cursor.skip(8).and_then(|()| cursor.be32()).unwrap_or_default();
                track.sizes = Some(child);
            }
            b"stsc" => track.chunks = Some(child),
            b"stco" | b"co64" => track.offsets = Some(child),
            b"stsd" => read_entry(cx, &mut track, child, cut)?,
            _ => {}
        }
    }
    Ok(track)
}

/// The first sample entry of `stsd`.
fn read_entry(cx: &mut Inspection<'_, '_>, track: &mut Track, head: BoxHead, cut: bool) -> Walk {
    let Some(entry) = next_child(cx, &mut head.children(8), "moov/trak", cut)? else {
        return Ok(());
    };
    track.entry = entry.kind;
    let content = entry.peek(cx.input, VISUAL_ENTRY)?;
    let mut cursor = Cursor::new(&content, entry.body);
    if let (Some(()), Some(width), Some(height)) = (cursor.skip(24), cursor.be16(), cursor.be16()) {
        (track.width, track.height) = (width, height);
    }
    if !matches!(&entry.kind, b"hvc1" | b"hev1" | b"av01") {
        return Ok(());
    }
    let mut boxes = entry.children(VISUAL_ENTRY);
    while let Some(child) = next_child(cx, &mut boxes, "moov/trak", cut)? {
        if matches!(&child.kind, b"hvcC" | b"av1C") {
            track.config = Some(child);
        }
    }
    Ok(())
}

/// Checks that the samples of the tracks are in the file and what they must be.
pub(super) fn check(cx: &mut Inspection<'_, '_>, tracks: &[Track]) -> Walk {
    for (track, number) in tracks.iter().zip(1_u32..) {
        if track.shows_pictures() || track.handler == *b"auxv" {
            check_track(cx, track, number)?;
        }
    }
    Ok(())
}

/// Bytes of a sample in the tables `stsz` and `stz2`, at the place of the first one.
struct Sizes<'t> {
    /// The size of all, or 0 if each has its own.
    common: u64,
    bits: usize,
    table: &'t [u8],
}

impl<'t> Sizes<'t> {
    fn read(kind: FourCc, content: &'t [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(content, 0);
        cursor.skip(4)?;
        let field = cursor.be32()?;
        cursor.skip(4)?;
        let table = cursor.rest();
        if kind == *b"stsz" {
            return Some(Self { common: field.into(), bits: 32, table });
        }
        let bits = usize::try_from(field & 0xff).ok().filter(|bits| [4, 8, 16].contains(bits))?;
        Some(Self { common: 0, bits, table })
    }

    fn get(&self, sample: usize) -> Option<u64> {
        if self.common > 0 {
            return Some(self.common);
        }
        let at = sample.checked_mul(self.bits)?;
        let mut cursor = Cursor::new(self.table.get(at >> 3..)?, 0);
        match self.bits {
            4 => cursor.u8().map(|byte| u64::from(if sample & 1 == 0 { byte >> 4 } else { byte & 15 })),
            bits => cursor.be_uint(bits >> 3),
        }
    }
}

fn check_track(cx: &mut Inspection<'_, '_>, track: &Track, number: u32) -> Walk {
    let mut contents = Vec::new();
    for (head, kind) in [(track.sizes, b"stsz"), (track.chunks, b"stsc"), (track.offsets, b"stco")] {
        let Some(head) = head else {
            cx.note(Defect::at(Id::HeifBoxMissing, track.start).with("box", name(*kind)).within("moov/trak"));
            return Ok(());
        };
        let Some(content) = head.load(cx.input)? else {
            unchecked(cx, &name(head.kind));
            return Ok(());
        };
        contents.push((head, content));
    }
    let [(sizes_head, sizes), (chunks_head, chunks), (offsets_head, offsets)] = &contents[..] else {
        return Ok(());
    };
    let invalid = |head: &BoxHead| Defect::at(Id::HeifBoxInvalid, head.start).with("box", name(head.kind));
    let Some(sizes) = Sizes::read(sizes_head.kind, sizes) else {
        cx.note(invalid(sizes_head));
        return Ok(());
    };
    let mut chunks = Cursor::new(chunks.get(8..).unwrap_or_default(), 0);
    let mut offsets = Cursor::new(offsets.get(8..).unwrap_or_default(), 0);
    let offset_size = if offsets_head.kind == *b"co64" { 8 } else { 4 };
    let mut next_run = chunks.be32();
    let mut per_chunk = 0;
    let mut chunk = 0_u32;
    let mut sample = 0_u32;
    while sample < track.samples {
        cx.input.work(1)?;
        chunk = chunk.saturating_add(1);
        if next_run == Some(chunk) {
            per_chunk = chunks.be32().unwrap_or_default();
            chunks.skip(4);
            next_run = chunks.be32();
        }
        let Some(mut at) = offsets.be_uint(offset_size) else {
            cx.note(invalid(if per_chunk == 0 { chunks_head } else { offsets_head }));
            return Ok(());
        };
        for _ in 0..per_chunk.min(track.samples.saturating_sub(sample)) {
            cx.input.work(1)?;
            let Some(size) = usize::try_from(sample).ok().and_then(|sample| sizes.get(sample)) else {
                cx.note(invalid(sizes_head));
                return Ok(());
            };
            sample = sample.saturating_add(1);
            let end = at.saturating_add(size);
            if end > cx.input.size() {
                let defect = Defect::at(Id::HeifSamplePastEnd, at).with("sample", sample).with("track", number);
                let limit = cx.input.size();
                cx.note(defect.with("end", end).with("limit", limit).within("moov/trak"));
                return Ok(());
            }
            let coded = track.config.map(|config| Coded {
                label: format!("trak {number} sample {sample}"),
                config,
                alone: false,
                size: Some((track.width.into(), track.height.into())),
            });
            if let Some(coded) = coded
                && let Some(defect) = coded.check(cx, &Stream::new(at, size))?
            {
                cx.note(defect);
                return Ok(());
            }
            at = end;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_all_widths() {
        let stsz = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 7];
        let sizes = Sizes::read(*b"stsz", &stsz).unwrap();
        assert_eq!((sizes.get(0), sizes.get(1), sizes.get(2)), (Some(256), Some(7), None));
        let common = [0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2];
        assert_eq!(Sizes::read(*b"stsz", &common).unwrap().get(1), Some(9));
        let nibbles = [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3, 0x12, 0x30];
        let sizes = Sizes::read(*b"stz2", &nibbles).unwrap();
        assert_eq!((sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(4)), (Some(1), Some(2), Some(3), None));
        assert!(Sizes::read(*b"stz2", &[0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 3]).is_none());
    }
}
