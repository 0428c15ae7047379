//! Films in fragments: boxes `moof` with tables of their own, and the indexes that say where they
//! are (ISO/IEC 14496-12:2022, clauses 8.8 and 8.16).

use super::boxes::{self, Children, missing, time, version};
use super::file::File;
use super::media;
use super::movie::{Movie, seconds};
use super::track::{Defaults, Track, overrun};
use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::Inspection;
use crate::format::isobmff::samples::Rows;
use crate::format::isobmff::{BoxHead, Boxes, Next};
use crate::input::{Input, Walk};

/// Runs of samples in one fragment that are looked at.
const MAX_RUNS: usize = 1 << 14;
/// References in an index that are added up for facts alone.
const MAX_REFERENCES: u16 = 8192;
/// Boxes that are passed over for facts alone, on the way to the last fragment.
const MAX_HOPS: u32 = 1024;
/// Fragments before the last that may tell more of the end: each may hold one track only.
const LAST_FRAGMENTS: usize = 4;
/// How much of the end of the file is searched for a fragment where there are too many to pass over.
const TAIL: u64 = 128 << 10;
/// A gap in time, in seconds, that no recorder makes by rounding.
const GAP_S: u64 = 2;

// Flags of `tfhd` and `trun` (clauses 8.8.7.1 and 8.8.8.1).
const BASE_DATA_OFFSET: u32 = 1;
const DESCRIPTION_INDEX: u32 = 2;
const DEFAULT_DURATION: u32 = 8;
const DEFAULT_SIZE: u32 = 0x10;
const BASE_IS_MOOF: u32 = 0x2_0000;
const DATA_OFFSET: u32 = 1;
const FIRST_FLAGS: u32 = 4;
const DURATION: u32 = 0x100;
const SIZE: u32 = 0x200;
const FLAGS: u32 = 0x400;
const COMPOSITION: u32 = 0x800;

/// The time of a track, from fragment to fragment, in its own units.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// When the first sample is to be decoded.
    pub(super) first: Option<u64>,
    /// When the sample that follows the last one is to be.
    pub(super) next: u64,
}

impl Clock {
    /// Sets the clock to the time that a fragment states.
    fn set(&mut self, time: u64) {
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.next = self.next.max(time);
    }

    /// Sets the clock to where the samples end that the movie box itself tells of.
    pub(super) fn start(&mut self, duration: u64) {
        (self.first, self.next) = (Some(0), duration);
    }

    fn advance(&mut self, duration: u64) {
        self.first.get_or_insert(self.next);
        self.next = self.next.saturating_add(duration);
    }

    /// How long it has run.
    pub(super) fn elapsed(&self) -> Option<u64> {
        self.first.map(|first| self.next.saturating_sub(first))
    }
}

/// Samples of one track that lie one behind the other.
#[derive(Debug)]
struct Run {
    track: usize,
    /// Where the first sample lies.
    start: u64,
    count: u64,
    flags: u32,
    defaults: Defaults,
    /// Where the rows of the table are.
    rows: (u64, u64),
    /// Of all samples together.
    len: u64,
    duration: u64,
}

impl Run {
    /// The duration and size of the next sample.
    fn next(&self, rows: &mut Rows, input: &mut Input<'_>) -> Walk<Option<(u32, u32)>> {
        let mut field = |flag, default| if self.flags & flag == 0 { Ok(Some(default)) } else { rows.be32(input) };
        let duration = field(DURATION, self.defaults.duration)?;
        let size = field(SIZE, self.defaults.size)?;
        field(FLAGS, 0)?;
        field(COMPOSITION, 0)?;
        Ok(duration.zip(size))
    }

    fn has_rows_of_sizes(&self) -> bool {
        self.flags & SIZE != 0
    }
}

/// One track's part of a fragment.
#[derive(Debug)]
struct Part {
    track: usize,
    at: u64,
    /// When its first sample is to be decoded.
    time: Option<u64>,
    duration: u64,
}

/// What one `moof` says.
#[derive(Debug, Default)]
struct Fragment {
    parts: Vec<Part>,
    runs: Vec<Run>,
}

/// Where the data of a track's part of a fragment are counted from, and what holds for its samples.
struct TrackHeader {
    track: usize,
    base: u64,
    defaults: Defaults,
}

impl Fragment {
    fn read(cx: &mut Inspection<'_, '_>, head: &BoxHead, tracks: &[Track]) -> Walk<Self> {
        let mut fragment = Self::default();
        let mut data_end = None;
        let mut children = Children::of(head, 0, "moof");
        while let Some(child) = children.next(cx)? {
            if child.kind == *b"traf" {
                fragment.read_part(cx, head, &child, tracks, &mut data_end)?;
            }
        }
        Ok(fragment)
    }

    fn read_part(
        &mut self,
        cx: &mut Inspection<'_, '_>,
        moof: &BoxHead,
        head: &BoxHead,
        tracks: &[Track],
        data_end: &mut Option<u64>,
    ) -> Walk {
        let mut header = None;
        let mut part = None;
        let mut children = Children::of(head, 0, "moof/traf");
        while let Some(child) = children.next(cx)? {
            match &child.kind {
                b"tfhd" if header.is_none() => {
                    header = read_track_header(cx, &child, tracks, moof.start, *data_end)?;
                    let Some(header) = &header else {
                        return Ok(());
                    };
                    // The first run begins at the base if it does not say where.
                    *data_end = Some(header.base);
                    part = Some(Part { track: header.track, at: child.start, time: None, duration: 0 });
                }
                b"tfdt" => {
                    let time = boxes::read(cx, &child, 12, |cursor| {
                        let version = version(cursor)?;
                        time(cursor, version)
                    })?;
                    if let Some(part) = &mut part {
                        part.time = time;
                    }
                }
                b"trun" if self.runs.len() < MAX_RUNS => {
                    if let (Some(header), Some(part)) = (&header, &mut part)
                        && let Some(run) = read_run(cx, &child, header, data_end.unwrap_or(header.base))?
                    {
                        *data_end = Some(run.start.saturating_add(run.len));
                        part.duration = part.duration.saturating_add(run.duration);
                        self.runs.push(run);
                    }
                }
                b"trun" => cx.note(Defect::at(Id::Mp4Unchecked, moof.start).with("what", "trun")),
                _ => {}
            }
        }
        if header.is_none() && head.end <= cx.input.size() {
            cx.note(missing(head.start, *b"tfhd", "moof/traf"));
        }
        self.parts.extend(part);
        Ok(())
    }
}

fn read_track_header(
    cx: &mut Inspection<'_, '_>,
    head: &BoxHead,
    tracks: &[Track],
    moof: u64,
    data_end: Option<u64>,
) -> Walk<Option<TrackHeader>> {
    let read = boxes::read(cx, head, 36, |cursor| {
        let flags = cursor.be32()? & 0xff_ffff;
        let id = cursor.be32()?;
        let base = if flags & BASE_DATA_OFFSET == 0 { None } else { Some(cursor.be64()?) };
        let mut field = |flag| if flags & flag == 0 { Some(None) } else { cursor.be32().map(Some) };
        Some((flags, id, base, [field(DESCRIPTION_INDEX)?, field(DEFAULT_DURATION)?, field(DEFAULT_SIZE)?]))
    })?;
    let Some((flags, id, base, [description, duration, size])) = read else {
        return Ok(None);
    };
    let Some((track, own)) = tracks.iter().enumerate().find(|(_, track)| track.id == id) else {
        cx.note(Defect::at(Id::Mp4FragmentTrackUnknown, head.start).with("track", id));
        return Ok(None);
    };
    let implied = if flags & BASE_IS_MOOF == 0 { data_end.unwrap_or(moof) } else { moof };
    Ok(Some(TrackHeader {
        track,
        base: base.unwrap_or(implied),
        defaults: Defaults {
            description: description.unwrap_or(own.defaults.description),
            duration: duration.unwrap_or(own.defaults.duration),
            size: size.unwrap_or(own.defaults.size),
        },
    }))
}

/// A table of samples; `follows` is where they lie if it does not say so.
fn read_run(cx: &mut Inspection<'_, '_>, head: &BoxHead, header: &TrackHeader, follows: u64) -> Walk<Option<Run>> {
    let read = boxes::read(cx, head, 16, |cursor| {
        let flags = cursor.be32()? & 0xff_ffff;
        let count = cursor.be32()?;
        let offset = if flags & DATA_OFFSET == 0 { None } else { Some(cursor.be32()?.cast_signed()) };
        cursor.skip(if flags & FIRST_FLAGS == 0 { 0 } else { 4 })?;
        Some((flags, count, offset, cursor.offset()))
    })?;
    let Some((flags, count, offset, first)) = read else {
        return Ok(None);
    };
    let width = u64::from((flags & (DURATION | SIZE | FLAGS | COMPOSITION)).count_ones()).saturating_mul(4);
    let space = head.end.saturating_sub(first);
    let room = space.checked_div(width).unwrap_or(u64::MAX);
    if u64::from(count) > room {
        cx.note(overrun(head, count, room).within("moof/traf"));
    } else if space > u64::from(count).saturating_mul(width) {
        let defect = Defect::at(Id::Mp4RunNotFilled, head.start).with("rows", count);
        cx.note(defect.with("room", room.min(space)).within("moof/traf"));
    }
    let mut run = Run {
        track: header.track,
        start: offset.map_or(follows, |offset| header.base.saturating_add_signed(offset.into())),
        count: u64::from(count).min(room),
        flags,
        defaults: header.defaults,
        rows: (first, head.end),
        len: 0,
        duration: 0,
    };
    if width == 0 {
        run.len = run.count.saturating_mul(run.defaults.size.into());
        run.duration = run.count.saturating_mul(run.defaults.duration.into());
        return Ok(Some(run));
    }
    let mut rows = Rows::new(first, head.end);
    for _ in 0..run.count {
        let Some((duration, size)) = run.next(&mut rows, cx.input)? else {
            break;
        };
        run.len = run.len.saturating_add(size.into());
        run.duration = run.duration.saturating_add(duration.into());
    }
    Ok(Some(run))
}

/// Goes over the samples of all fragments.
pub(super) fn walk(cx: &mut Inspection<'_, '_>, file: &mut File, movie: &mut Movie) -> Walk {
    let mut boxes = Boxes::new(0, cx.input.size());
    while let Next::Box(head) = boxes.next(cx.input)? {
        match &head.kind {
            b"moof" => walk_fragment(cx, &head, file, movie)?,
            b"sidx" => check_index(cx, &head)?,
            _ => {}
        }
    }
    Ok(())
}

fn walk_fragment(cx: &mut Inspection<'_, '_>, head: &BoxHead, file: &mut File, movie: &mut Movie) -> Walk {
    let mut fragment = Fragment::read(cx, head, &movie.tracks)?;
    for part in &fragment.parts {
        if let Some(track) = movie.tracks.get_mut(part.track) {
            keep_time(cx, part, track);
        }
    }
    fragment.runs.sort_by_key(|run| run.start);
    for run in &fragment.runs {
        if let Some(track) = movie.tracks.get_mut(run.track) {
            walk_run(cx, run, file, track)?;
        }
    }
    Ok(())
}

fn keep_time(cx: &mut Inspection<'_, '_>, part: &Part, track: &mut Track) {
    if let Some(time) = part.time {
        let gap = time.saturating_sub(track.clock.next);
        let allowed = u64::from(track.timescale).saturating_mul(GAP_S);
        if track.clock.first.is_some() && gap > allowed && track.is_main() {
            let lost = seconds(gap, track.timescale).unwrap_or_default();
            let defect = Defect::at(Id::Mp4FragmentGap, part.at).within(track.place());
            cx.note(defect.with("seconds", lost));
        }
        track.clock.set(time);
    }
    track.clock.advance(part.duration);
    track.has_fragments = true;
}

fn walk_run(cx: &mut Inspection<'_, '_>, run: &Run, file: &mut File, track: &mut Track) -> Walk {
    let size = cx.input.size();
    let Track { id, kind, entries, found, is_elsewhere, .. } = track;
    if *is_elsewhere || (run.defaults.size == 0 && !run.has_rows_of_sizes()) {
        return Ok(());
    }
    // Descriptions count from 1; 0 stands in files that leave the default out.
    let description = usize::try_from(run.defaults.description).unwrap_or_default().saturating_sub(1);
    let watched = entries.get_mut(description).filter(|entry| *kind == TrackKind::Video && !entry.encrypted);
    let mut payload = watched.and_then(|entry| entry.payload.as_mut());
    let mut rows = Rows::new(run.rows.0, run.rows.1);
    let mut at = run.start;
    for passed in 0..run.count {
        if at >= size && !run.has_rows_of_sizes() {
            found.lose(run.count.saturating_sub(passed), at);
            break;
        }
        cx.input.work(1)?;
        let Some((_, len)) = run.next(&mut rows, cx.input)? else {
            break;
        };
        let sample = at..at.saturating_add(len.into());
        at = sample.end;
        let is_there = found.place(&mut file.media, size, &sample);
        if let Some(payload) = payload.as_mut().filter(|_| is_there && len > 0) {
            media::show(cx, payload, *id, sample)?;
        }
    }
    Ok(())
}

/// What a segment index (`sidx`) says.
struct Index {
    /// Where what it refers to ends.
    end: u64,
    /// When the last of it ends.
    end_time: u64,
    start_time: u64,
    timescale: u32,
}

/// Reads an index with no more than `max` references; `None` if it has more.
fn read_index(cx: &mut Inspection<'_, '_>, head: &BoxHead, max: u16) -> Walk<Option<Index>> {
    let read = boxes::read(cx, head, 32, |cursor| {
        let wide = version(cursor)? == 1;
        cursor.skip(4)?;
        let timescale = cursor.be32()?;
        let mut number = || if wide { cursor.be64() } else { cursor.be32().map(u64::from) };
        let (start_time, offset) = (number()?, number()?);
        cursor.skip(2)?;
        Some((timescale, start_time, offset, cursor.be16()?, cursor.offset()))
    })?;
    let Some((timescale, start_time, offset, count, first)) = read.filter(|read| read.3 <= max) else {
        return Ok(None);
    };
    let room = head.end.saturating_sub(first) / 12;
    if u64::from(count) > room {
        cx.note(overrun(head, count.into(), room));
        return Ok(None);
    }
    let mut index = Index { end: head.end.saturating_add(offset), end_time: start_time, start_time, timescale };
    let mut rows = Rows::new(first, head.end);
    for _ in 0..count {
        let Some(row) = rows.next::<12>(cx.input)? else {
            break;
        };
        let mut cursor = Cursor::new(&row, 0);
        let (size, duration) = (cursor.be32().unwrap_or_default(), cursor.be32().unwrap_or_default());
        index.end = index.end.saturating_add(u64::from(size & 0x7fff_ffff));
        index.end_time = index.end_time.saturating_add(duration.into());
    }
    Ok(Some(index))
}

fn check_index(cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
    let limit = cx.input.size();
    if let Some(index) = read_index(cx, head, u16::MAX)?.filter(|index| index.end > limit) {
        cx.note(Defect::at(Id::Mp4IndexPastEnd, head.start).with("end", index.end).with("limit", limit));
    }
    Ok(())
}

/// How long the fragments last, in seconds, without going through all of them: by their index, or
/// by the times of the first and of the last ones. `None` where the movie box says it already, or
/// where there are too many to find the last.
pub(super) fn stated_duration(cx: &mut Inspection<'_, '_>, file: &File, movie: &Movie) -> Walk<Option<f64>> {
    let is_stated = match &movie.extends {
        Some(extends) => extends.duration > 0 || (movie.duration > 0 && !movie.has_samples()),
        None => file.fragment.is_none(),
    };
    if is_stated {
        return Ok(None);
    }
    let mut hops = Hops::default();
    hops.go(cx, movie)?;
    let mut clocks: Vec<Clock> = movie.tracks.iter().map(|_| Clock::default()).collect();
    for head in hops.first.iter().chain(&hops.last) {
        let fragment = Fragment::read(cx, head, &movie.tracks)?;
        for part in fragment.parts {
            if let Some(clock) = clocks.get_mut(part.track) {
                if let Some(time) = part.time {
                    clock.set(time);
                }
                clock.advance(part.duration);
            }
        }
    }
    let timed = clocks.iter().zip(&movie.tracks).filter(|(_, track)| track.is_main());
    let lengths = timed.filter_map(|(clock, track)| {
        // What the movie box itself holds comes before the first fragment.
        let from_start = if track.samples.samples() > 0 { Some(clock.next) } else { clock.elapsed() };
        seconds(from_start?, track.timescale)
    });
    let indexed = hops.indexed.map(|(start, end)| end - start);
    Ok(lengths.chain(indexed).reduce(f64::max))
}

/// The way to the last fragments.
#[derive(Debug, Default)]
struct Hops {
    first: Option<BoxHead>,
    /// The last few, in the order of the file.
    last: Vec<BoxHead>,
    /// From when to when it lasts by the indexes, in seconds.
    indexed: Option<(f64, f64)>,
}

impl Hops {
    fn go(&mut self, cx: &mut Inspection<'_, '_>, movie: &Movie) -> Walk {
        let size = cx.input.size();
        let mut at = movie.head.end;
        let mut random_access = last_random_access(cx)?;
        for _ in 0..MAX_HOPS {
            let mut boxes = Boxes::new(at, size);
            let head = match boxes.glance(cx.input)? {
                Next::Box(head) => head,
                Next::Overrun(head) if head.kind == *b"moof" => head,
                _ => return Ok(()),
            };
            at = head.end;
            match &head.kind {
                b"moof" => {
                    self.keep(head);
                    if let Some(place) = random_access.take().filter(|place| *place > head.end) {
                        at = place;
                    }
                }
                b"sidx" => {
                    if let Some(index) = read_index(cx, &head, MAX_REFERENCES)? {
                        self.add(&index);
                        if index.end > head.end && index.end <= size && self.first.is_none() {
                            at = index.end;
                        }
                    }
                }
                _ => {}
            }
        }
        self.search_tail(cx)
    }

    fn keep(&mut self, head: BoxHead) {
        if self.first.is_none() {
            self.first = Some(head);
            return;
        }
        if self.last.len() >= LAST_FRAGMENTS {
            self.last.remove(0);
        }
        self.last.push(head);
    }

    fn add(&mut self, index: &Index) {
        let (start, end) = (seconds(index.start_time, index.timescale), seconds(index.end_time, index.timescale));
        if let Some((start, end)) = start.zip(end) {
            let (first, last) = self.indexed.unwrap_or((start, end));
            self.indexed = Some((first.min(start), last.max(end)));
        }
    }

    /// Looks for the last fragments where there are too many to go from one to the next.
    fn search_tail(&mut self, cx: &mut Inspection<'_, '_>) -> Walk {
        let size = cx.input.size();
        let from = size.saturating_sub(TAIL);
        let tail = cx.input.up_to(from, TAIL)?;
        let names = tail.windows(4).zip(from..).filter(|(name, _)| *name == b"moof");
        let places: Vec<u64> = names.map(|(_, at)| at.saturating_sub(4)).take(LAST_FRAGMENTS).collect();
        for place in places {
            let mut boxes = Boxes::new(place, size);
            let mut found = Vec::new();
            let whole = loop {
                match boxes.next(cx.input)? {
                    Next::Box(head) if head.kind == *b"moof" => found.push(head),
                    Next::Box(_) => {}
                    Next::End => break true,
                    _ => break false,
                }
            };
            if whole {
                for head in found {
                    self.keep(head);
                }
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The place of the last fragment that `mfra`, at the end of the file, refers to.
fn last_random_access(cx: &mut Inspection<'_, '_>) -> Walk<Option<u64>> {
    let size = cx.input.size();
    let trailer = cx.input.up_to(size.saturating_sub(16), 16)?;
    let mut cursor = Cursor::new(trailer, size);
    let is_there = cursor.be32() == Some(16) && cursor.array() == Some(*b"mfro") && cursor.skip(4).is_some();
    let Some(start) = cursor.be32().filter(|_| is_there).and_then(|len| size.checked_sub(len.into())) else {
        return Ok(None);
    };
    let Next::Box(head) = Boxes::new(start, size).next(cx.input)? else {
        return Ok(None);
    };
    let mut last = None;
    let mut children = Children::loosely(&head, 0);
    while let Some(child) = children.next(cx)? {
        if head.kind == *b"mfra" && child.kind == *b"tfra" {
            last = last.max(last_entry(cx, &child)?);
        }
    }
    // It has to lead to a fragment.
    match last {
        Some(place) => {
            let is_fragment = cx.input.up_to(place, 8)?.get(4..) == Some(b"moof");
            Ok(last.filter(|_| is_fragment))
        }
        None => Ok(None),
    }
}

fn last_entry(cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk<Option<u64>> {
    let content = head.peek(cx.input, 16)?;
    let mut cursor = Cursor::new(&content, head.body);
    let Some((version, lengths, count)) = version(&mut cursor).and_then(|version| {
        cursor.skip(4)?;
        Some((version, cursor.be32()?, cursor.be32()?))
    }) else {
        return Ok(None);
    };
    let numbers: u64 = [4, 2, 0].iter().map(|shift| u64::from(lengths >> shift & 3).saturating_add(1)).sum();
    let width = if version == 1 { 8_u64 } else { 4 };
    let row = width.saturating_mul(2).saturating_add(numbers);
    let before = u64::from(count).saturating_sub(1).saturating_mul(row);
    let place = cursor.offset().saturating_add(before).saturating_add(width);
    if count == 0 || place.saturating_add(width) > head.end {
        return Ok(None);
    }
    let bytes = cx.input.up_to(place, width)?;
    Ok(Cursor::new(bytes, place).be_uint(crate::bytes::index(width)))
}
