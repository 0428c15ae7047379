//! Tracks of pictures, which image sequences have beside their items or instead of them
//! (ISO/IEC 23008-12:2022, clause 7; ISO/IEC 14496-12:2022, clauses 8.2 to 8.8).

use super::data::{Coded, Stream};
use super::meta::next_child;
use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::samples::{Chunks, SampleTable, Sizes, Table};
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
    /// Where the samples lie.
    table: SampleTable,
}

impl Track {
    /// Whether these are the pictures that are meant to be seen.
    pub(super) fn shows_pictures(&self) -> bool {
        matches!(&self.handler, b"pict" | b"vide")
    }

    /// The number of samples.
    pub(super) fn samples(&self) -> u32 {
        self.table.samples()
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
            b"stsz" | b"stz2" | b"stsc" | b"stco" | b"co64" => match Table::read(cx.input, child)? {
                Some(table) => track.table.keep(table),
                None => cx.note(Defect::at(Id::HeifBoxInvalid, child.start).with("box", name(child.kind))),
            },
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

fn check_track(cx: &mut Inspection<'_, '_>, track: &Track, number: u32) -> Walk {
    let tables = [(track.table.sizes, b"stsz"), (track.table.runs, b"stsc"), (track.table.offsets, b"stco")];
    for (_, kind) in tables.iter().filter(|(table, _)| table.is_none()) {
        cx.note(Defect::at(Id::HeifBoxMissing, track.start).with("box", name(**kind)).within("moov/trak"));
    }
    let [(Some(sizes_table), _), (Some(runs), _), (Some(offsets), _)] = tables else {
        return Ok(());
    };
    let invalid = |table: &Table| Defect::at(Id::HeifBoxInvalid, table.head.start).with("box", name(table.head.kind));
    let mut sizes = Sizes::new(&sizes_table);
    let mut chunks = Chunks::new(&runs, &offsets);
    let mut sample = 0_u32;
    while sample < track.samples() {
        cx.input.work(1)?;
        let Some(chunk) = chunks.next(cx.input)? else {
            cx.note(invalid(if chunks.is_disordered() { &runs } else { &offsets }));
            return Ok(());
        };
        let mut at = chunk.offset;
        for _ in 0..chunk.samples.min(track.samples().saturating_sub(sample)) {
            cx.input.work(1)?;
            let Some(size) = sizes.next(cx.input)? else {
                cx.note(invalid(&sizes_table));
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
