//! The samples that the movie box tells of, in the order of the file: whether each of them is there
//! and lies in a media box, and, for moving pictures, whether what is in it holds together.

use std::ops::Range;

use super::file::{File, Media};
use super::movie::Movie;
use super::track::Track;
use crate::codec::payload::{self, Payload};
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::Inspection;
use crate::format::isobmff::samples::{Chunk, Chunks, Sizes, Table};
use crate::input::Walk;

/// Sound of which all samples are as long is often counted in units smaller than what is stored.
const SMALL_SAMPLE: u32 = 64;

/// What the walk came to in one track.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) samples: u64,
    pub(super) bytes: u64,
    /// Samples that the file ends before.
    pub(super) past_end: Loss,
    /// Samples that lie in the file, but in no media box.
    pub(super) outside: Loss,
}

/// Samples that are not where they should be.
#[derive(Debug, Default)]
pub(super) struct Loss {
    pub(super) samples: u64,
    /// Where the first one should begin.
    pub(super) first: u64,
    /// How many samples come before it.
    pub(super) before: u64,
}

impl Loss {
    fn add(&mut self, samples: u64, at: u64, before: u64) {
        if self.samples == 0 {
            (self.first, self.before) = (at, before);
        }
        self.samples = self.samples.saturating_add(samples);
    }
}

impl Found {
    /// Counts a sample, and says whether it is where it should be.
    pub(super) fn place(&mut self, media: &mut Media, size: u64, sample: &Range<u64>) -> bool {
        let before = self.samples;
        self.samples = before.saturating_add(1);
        self.bytes = self.bytes.saturating_add(sample.end.saturating_sub(sample.start));
        let is_there = sample.end <= size;
        let is_inside = is_there && (sample.is_empty() || media.take(sample));
        if !is_there {
            self.past_end.add(1, sample.start, before);
        } else if !is_inside {
            self.outside.add(1, sample.start, before);
        }
        is_inside
    }

    /// Counts samples that follow one of the same length that the file ends before.
    pub(super) fn lose(&mut self, samples: u64, at: u64) {
        self.past_end.add(samples, at, self.samples);
        self.samples = self.samples.saturating_add(samples);
    }
}

/// Shows a sample to the watch over its track.
pub(super) fn show(cx: &mut Inspection<'_, '_>, payload: &mut Payload, id: u32, sample: Range<u64>) -> Walk {
    // Samples may lie over each other, but not so that the same bytes are looked at for ever.
    cx.input.work(sample.end.saturating_sub(sample.start))?;
    payload::show(payload, cx.input, sample)?;
    note_faults(cx, payload, id);
    Ok(())
}

/// Notes what the watch over a track has found.
pub(super) fn note_faults(cx: &mut Inspection<'_, '_>, payload: &mut Payload, id: u32) {
    for fault in payload.take_faults() {
        cx.note(fault.within(format!("track {id}")));
    }
}

/// One track on the walk through its chunks.
struct Walker {
    track: usize,
    runs: Table,
    offsets: Table,
    chunks: Chunks,
    sizes: Sizes,
    common: u32,
    next: Option<Chunk>,
    left: u64,
}

/// Goes over the samples of all tracks.
pub(super) fn walk(cx: &mut Inspection<'_, '_>, file: &mut File, movie: &mut Movie) -> Walk {
    let mut walkers: Vec<Walker> = movie.tracks.iter().enumerate().filter_map(Walker::new).collect();
    for walker in &mut walkers {
        walker.next = walker.chunks.next(cx.input)?;
    }
    loop {
        cx.input.work(1)?;
        let ahead = walkers.iter_mut().filter(|walker| walker.next.is_some());
        let first = ahead.min_by_key(|walker| walker.next.map(|chunk| chunk.offset));
        let Some((walker, chunk)) = first.and_then(|walker| walker.next.take().map(|chunk| (walker, chunk))) else {
            break;
        };
        if let Some(track) = movie.tracks.get_mut(walker.track) {
            walker.take(cx, &mut file.media, track, chunk)?;
        }
        if walker.left > 0 {
            walker.next = walker.chunks.next(cx.input)?;
        }
    }
    for walker in walkers {
        if let Some(track) = movie.tracks.get(walker.track) {
            walker.note(cx, track);
        }
    }
    Ok(())
}

impl Walker {
    fn new((at, track): (usize, &Track)) -> Option<Self> {
        let (sizes, runs, offsets) = (track.samples.sizes?, track.samples.runs?, track.samples.offsets?);
        (sizes.stated > 0 && !track.is_elsewhere).then(|| Self {
            track: at,
            runs,
            offsets,
            chunks: Chunks::new(&runs, &offsets),
            sizes: Sizes::new(&sizes),
            common: sizes.common,
            next: None,
            left: if sizes.common > 0 { sizes.stated.into() } else { sizes.len() },
        })
    }

    fn take(&mut self, cx: &mut Inspection<'_, '_>, media: &mut Media, track: &mut Track, chunk: Chunk) -> Walk {
        let size = cx.input.size();
        let count = u64::from(chunk.samples).min(self.left);
        self.left = self.left.saturating_sub(count);
        let Track { id, kind, entries, found, .. } = track;
        if self.common > 0 && self.common <= SMALL_SAMPLE && *kind != TrackKind::Video {
            let first = chunk.offset..chunk.offset.saturating_add(1);
            found.place(media, size, &first);
            found.samples = found.samples.saturating_add(count.saturating_sub(1));
            return Ok(());
        }
        let entry = usize::try_from(chunk.description).ok().and_then(|at| entries.get_mut(at.checked_sub(1)?));
        let watched = entry.filter(|entry| *kind == TrackKind::Video && !entry.encrypted);
        let mut payload = watched.and_then(|entry| entry.payload.as_mut());
        let mut at = chunk.offset;
        for passed in 0..count {
            if self.common > 0 && at >= size {
                found.lose(count.saturating_sub(passed), at);
                break;
            }
            let Some(len) = self.sizes.next(cx.input)? else {
                self.left = 0;
                break;
            };
            let sample = at..at.saturating_add(len);
            at = sample.end;
            let is_there = found.place(media, size, &sample);
            if let Some(payload) = payload.as_mut().filter(|_| is_there && len > 0) {
                show(cx, payload, *id, sample)?;
            }
        }
        Ok(())
    }

    fn note(&self, cx: &mut Inspection<'_, '_>, track: &Track) {
        if self.chunks.is_disordered() {
            track.note(cx, Defect::at(Id::Mp4ChunksDisordered, self.runs.head.start));
        } else if self.left > 0 {
            let samples = u64::from(track.samples.samples());
            let placed = samples.saturating_sub(self.left);
            let defect = Defect::at(Id::Mp4SamplesUnplaced, self.offsets.head.start);
            track.note(cx, defect.with("placed", placed).with("samples", samples));
        }
    }
}
