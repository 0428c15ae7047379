//! A track: what it is for, how long it lasts and which tables its samples are found by
//! (ISO/IEC 14496-12:2022, clauses 8.3 to 8.7).

use super::boxes::{self, Children, duration, invalid, missing, version};
use super::entry::Entry;
use super::fragments::Clock;
use super::media::Found;
use super::movie::rotation;
use crate::bytes::{Cursor, len64};
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::Inspection;
use crate::format::isobmff::samples::{Rows, SampleTable, Table};
use crate::format::isobmff::{BoxHead, FourCc, name};
use crate::input::{Input, Walk};

/// Sample entries of one track that are looked into.
const MAX_ENTRIES: usize = 16;
/// Edits that are added up.
const MAX_EDITS: u64 = 4096;
/// Tracks that one track may have as its chapters.
const MAX_CHAPTERS: u64 = 16;
/// The boxes that every track has, each within the one before or beside it.
const REQUIRED: [FourCc; 6] = [*b"mdia", *b"mdhd", *b"hdlr", *b"minf", *b"stbl", *b"stsd"];
/// The tables that have no rows where the samples come in fragments.
const TABLES: [FourCc; 4] = [*b"stts", *b"stsc", *b"stsz", *b"stco"];

/// What holds for the samples of a fragment that does not say otherwise (`trex`).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Defaults {
    pub(super) description: u32,
    pub(super) duration: u32,
    pub(super) size: u32,
}

/// What `trak` says.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) start: u64,
    pub(super) id: u32,
    pub(super) kind: TrackKind,
    pub(super) handler: FourCc,
    /// Units of time in a second.
    pub(super) timescale: u32,
    /// How long the media are, in those units; 0 if that is not known.
    pub(super) duration: u64,
    /// How long the track is after editing, in the units of the movie.
    pub(super) edited: Option<u64>,
    pub(super) language: Option<String>,
    /// How far the picture is turned, clockwise, in degrees.
    pub(super) rotation: u16,
    pub(super) entries: Vec<Entry>,
    /// `stts`
    pub(super) times: Option<Table>,
    pub(super) samples: SampleTable,
    /// Tracks that hold the chapters of this one.
    pub(super) chapters: Vec<u32>,
    pub(super) defaults: Defaults,
    /// The data are not in this file.
    pub(super) is_elsewhere: bool,
    /// What the walk over the samples came to.
    pub(super) found: Found,
    /// The time of the samples that were gone over.
    pub(super) clock: Clock,
    pub(super) has_fragments: bool,
    /// Where the data of each data reference are.
    origins: Vec<Origin>,
    seen: Vec<FourCc>,
    faults: Vec<Defect>,
    /// Something is wrong with the boxes of the track.
    pub(super) is_faulty: bool,
}

/// A row of `elst`: a stretch of the film.
struct Edit {
    duration: u64,
    /// Nothing is shown meanwhile.
    is_empty: bool,
}

impl Edit {
    fn wide(row: Option<[u8; 20]>) -> Option<Self> {
        let row = row?;
        let mut cursor = Cursor::new(&row, 0);
        Some(Self { duration: cursor.be64()?, is_empty: cursor.be64()? == u64::MAX })
    }

    fn narrow(row: Option<[u8; 12]>) -> Option<Self> {
        let row = row?;
        let mut cursor = Cursor::new(&row, 0);
        Some(Self { duration: cursor.be32()?.into(), is_empty: cursor.be32()? == u32::MAX })
    }
}

/// What the rows of `stts` come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timed {
    pub(super) samples: u64,
    pub(super) duration: u64,
}

/// Where the data of a track are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Here,
    Elsewhere,
    /// In a file that an alias of the Macintosh stands for, unless that is this file.
    Alias,
}

impl Track {
    pub(super) fn read(cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk<Self> {
        let mut track = Self { start: head.start, ..Self::default() };
        let mut children = Children::of(head, 0, "moov/trak");
        while let Some(child) = children.next(cx)? {
            if track.is_first(child.kind) {
                match &child.kind {
                    b"tkhd" => track.read_header(cx, &child)?,
                    b"mdia" => track.read_media(cx, &child)?,
                    b"edts" => track.read_edits(cx, &child)?,
                    b"tref" => track.read_references(cx, &child)?,
                    _ => {}
                }
            }
        }
        Ok(track)
    }

    /// Marks a type as seen; of two boxes of a kind the first one counts.
    fn is_first(&mut self, kind: FourCc) -> bool {
        let known = REQUIRED.contains(&kind) || TABLES.contains(&kind) || matches!(&kind, b"tkhd" | b"edts" | b"tref");
        let first = !self.seen.contains(&kind);
        if known && first {
            self.seen.push(kind);
        }
        first
    }

    fn read_header(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let read = boxes::read(cx, head, 104, |cursor| {
            let wide = version(cursor)? == 1;
            cursor.skip(if wide { 16 } else { 8 })?;
            let id = cursor.be32()?;
            cursor.skip(if wide { 12 } else { 8 })?;
            cursor.skip(16)?;
            Some((id, rotation(cursor)?))
        })?;
        if let Some(read) = read {
            (self.id, self.rotation) = read;
        }
        Ok(())
    }

    fn read_media(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let mut language = None;
        let mut children = Children::of(head, 0, "moov/trak/mdia");
        while let Some(child) = children.next(cx)? {
            match &child.kind {
                b"mdhd" if self.is_first(child.kind) => self.read_media_header(cx, &child)?,
                b"hdlr" if self.is_first(child.kind) => {
                    let handler = boxes::read(cx, &child, 12, |cursor| {
                        cursor.skip(8)?;
                        cursor.array()
                    })?;
                    self.handler = handler.unwrap_or_default();
                }
                b"elng" => {
                    let content = child.peek(cx.input, 64)?;
                    let text = content.get(4..).and_then(|text| text.split(|byte| *byte == 0).next());
                    let text = text.filter(|text| !text.is_empty()).and_then(|text| std::str::from_utf8(text).ok());
                    language = text.map(str::to_owned);
                }
                b"minf" if self.is_first(child.kind) => self.read_information(cx, &child)?,
                _ => {}
            }
        }
        self.language = language.or(self.language.take());
        Ok(())
    }

    fn read_media_header(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let read = boxes::read(cx, head, 34, |cursor| {
            let version = version(cursor)?;
            cursor.skip(if version == 1 { 16 } else { 8 })?;
            Some((cursor.be32()?, duration(cursor, version)?, cursor.be16()))
        })?;
        if let Some((timescale, lasts, language)) = read {
            (self.timescale, self.duration) = (timescale, lasts);
            self.language = language.and_then(language_code);
            if timescale == 0 {
                self.faults.push(Defect::at(Id::Mp4TimescaleZero, head.start).with("box", "mdhd"));
            }
        }
        Ok(())
    }

    fn read_information(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let mut table = None;
        let mut children = Children::of(head, 0, "moov/trak/mdia/minf");
        while let Some(child) = children.next(cx)? {
            match &child.kind {
                b"dinf" => self.read_origins(cx, &child)?,
                b"stbl" if self.is_first(child.kind) => table = Some(child),
                _ => {}
            }
        }
        match table {
            Some(table) => self.read_table(cx, &table),
            None => Ok(()),
        }
    }

    fn read_origins(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let mut children = Children::loosely(head, 0);
        while let Some(list) = children.next(cx)? {
            if list.kind != *b"dref" {
                continue;
            }
            let mut references = Children::loosely(&list, 8);
            while let Some(reference) = references.next(cx)? {
                if self.origins.len() >= MAX_ENTRIES {
                    break;
                }
                let flags = reference.peek(cx.input, 4)?;
                let is_here = flags.last().is_none_or(|flags| flags & 1 == 1);
                self.origins.push(match &reference.kind {
                    _ if is_here => Origin::Here,
                    b"alis" => Origin::Alias,
                    _ => Origin::Elsewhere,
                });
            }
        }
        Ok(())
    }

    fn read_table(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let mut children = Children::of(head, 0, "moov/trak/mdia/minf/stbl");
        while let Some(child) = children.next(cx)? {
            match &child.kind {
                b"stsd" if self.is_first(child.kind) => self.read_entries(cx, &child)?,
                b"stts" | b"ctts" | b"stss" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64" => {
                    self.is_first(match &child.kind {
                        b"stz2" => *b"stsz",
                        b"co64" => *b"stco",
                        kind => *kind,
                    });
                    let table = self.rows_of(cx, child)?;
                    if child.kind == *b"stts" {
                        self.times = self.times.or(table);
                    } else if let Some(table) = table {
                        self.samples.keep(table);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A box with rows, of which there may be no more than fit.
    fn rows_of(&mut self, cx: &mut Inspection<'_, '_>, head: BoxHead) -> Walk<Option<Table>> {
        let table = Table::read(cx.input, head)?;
        match &table {
            None => self.faults.push(invalid(&head)),
            Some(table) if u64::from(table.stated) > table.room() => {
                self.faults.push(overrun(&head, table.stated, table.room()));
            }
            Some(_) => {}
        }
        Ok(table)
    }

    fn read_entries(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let stated = boxes::read(cx, head, 8, |cursor| {
            version(cursor)?;
            cursor.be32()
        })?;
        let mut children = Children::of(head, 8, "moov/trak/mdia/minf/stbl/stsd");
        while self.entries.len() < MAX_ENTRIES
            && let Some(child) = children.next(cx)?
        {
            let entry = Entry::read(cx, &child, self.handler)?;
            if entry.unconfigured && child.end <= cx.input.size() {
                self.faults.push(Defect::at(Id::Mp4ConfigMissing, child.start).with("entry", name(entry.code)));
            }
            self.entries.push(entry);
        }
        let found = len64(self.entries.len());
        match stated {
            Some(0) => self.faults.push(invalid(head)),
            Some(stated) if found < u64::from(stated).min(len64(MAX_ENTRIES)) => {
                self.faults.push(overrun(head, stated, found));
            }
            _ => {}
        }
        Ok(())
    }

    fn read_edits(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let mut children = Children::loosely(head, 0);
        while let Some(list) = children.next(cx)? {
            if list.kind != *b"elst" {
                continue;
            }
            let wide = list.peek(cx.input, 1)?.first() == Some(&1);
            let Some(table) = self.rows_of(cx, list)? else {
                continue;
            };
            let mut rows = table.rows();
            let mut sum = Some(0_u64);
            for _ in 0..table.len().min(MAX_EDITS) {
                let edit = if wide { Edit::wide(rows.next(cx.input)?) } else { Edit::narrow(rows.next(cx.input)?) };
                let Some(edit) = edit else {
                    break;
                };
                // Where the film goes on in fragments, the edit that holds them has no duration.
                sum = sum.filter(|_| edit.duration > 0 || edit.is_empty);
                sum = sum.map(|sum| sum.saturating_add(edit.duration));
            }
            self.edited = sum.filter(|sum| *sum > 0 && table.len() <= MAX_EDITS);
        }
        Ok(())
    }

    fn read_references(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let mut children = Children::loosely(head, 0);
        while let Some(list) = children.next(cx)? {
            if list.kind == *b"chap" {
                let mut rows = Rows::new(list.body, list.end);
                for _ in 0..MAX_CHAPTERS {
                    self.chapters.extend(rows.be32(cx.input)?);
                }
            }
        }
        Ok(())
    }

    /// How long the samples of the tables last together, in the units of the track; none if there are
    /// more than `max_rows` rows to be added up.
    pub(super) fn timed(&self, input: &mut Input<'_>, max_rows: u64) -> Walk<Option<Timed>> {
        let Some(table) = self.times.filter(|table| table.len() <= max_rows) else {
            return Ok(None);
        };
        let mut rows = table.rows();
        let mut timed = Timed::default();
        while let (Some(samples), Some(duration)) = (rows.be32(input)?, rows.be32(input)?) {
            timed.samples = timed.samples.saturating_add(samples.into());
            let duration = u64::from(samples).saturating_mul(duration.into());
            timed.duration = timed.duration.saturating_add(duration);
        }
        Ok(Some(timed))
    }

    /// Decides what the track is for, when all of them are known.
    pub(super) fn settle_kind(&mut self, is_chapters: bool, one_of_many: bool) {
        let coding = self.entries.first().and_then(|entry| entry.codec);
        let is_still = matches!(coding, Some(Codec::Png | Codec::Mjpeg)) && self.samples.samples() == 1;
        self.kind = match &self.handler {
            _ if is_chapters => TrackKind::Other,
            b"vide" if is_still && one_of_many => TrackKind::Cover,
            b"vide" => TrackKind::Video,
            b"soun" => TrackKind::Audio,
            b"pict" => TrackKind::Cover,
            b"text" | b"sbtl" | b"subt" | b"subp" | b"clcp" => TrackKind::Subtitle,
            b"auxv" | b"meta" | b"tmcd" | b"hint" | b"odsm" | b"sdsm" | b"data" => TrackKind::Other,
            _ => match coding.map(Codec::sort) {
                Some(Sort::Video) => TrackKind::Video,
                Some(Sort::Audio) => TrackKind::Audio,
                Some(Sort::Subtitle) => TrackKind::Subtitle,
                None => TrackKind::Other,
            },
        };
    }

    /// How many samples there are, if the file is long enough for so many.
    pub(super) fn frames(&self, size: u64) -> Option<u64> {
        let sizes = self.samples.sizes?;
        let frames = sizes.len().min(sizes.stated.into());
        let bytes = frames.saturating_mul(sizes.common.into());
        Some(frames).filter(|frames| *frames > 0 && bytes <= size)
    }

    /// Whether it is moving pictures or sound, which a service listens to or looks at.
    pub(super) fn is_main(&self) -> bool {
        matches!(self.kind, TrackKind::Video | TrackKind::Audio)
    }

    /// Whether nothing in it says what it is for, as when its boxes are damaged.
    pub(super) fn is_blank(&self) -> bool {
        self.handler == FourCc::default() && self.entries.is_empty()
    }

    /// What messages call it.
    pub(super) fn place(&self) -> String {
        format!("track {}", self.id)
    }

    /// Where the data are, by the first entry that describes them.
    pub(super) fn origin(&self) -> Origin {
        let reference = self.entries.first().map_or(1, |entry| entry.reference);
        let at = usize::from(reference).checked_sub(1);
        at.and_then(|at| self.origins.get(at)).copied().unwrap_or(Origin::Here)
    }

    /// Notes a fault of the track. In one of neither pictures nor sound it is another, lesser one.
    pub(super) fn note(&self, cx: &mut Inspection<'_, '_>, defect: Defect) {
        if self.is_main() || self.is_blank() {
            cx.note(defect.within(self.place()));
            return;
        }
        let mut aside = Defect::new(Id::Mp4SideTrackDamaged).within(self.place());
        aside.offset = defect.offset;
        cx.note(aside.with("handler", name(self.handler)).with("fault", defect.id.name()));
    }

    /// Notes what was found while the track was read, and which boxes are not there. The tables may
    /// be left out where samples come in fragments.
    pub(super) fn note_faults(&mut self, cx: &mut Inspection<'_, '_>, fragmented: bool) {
        for defect in std::mem::take(&mut self.faults) {
            self.is_faulty = true;
            self.note(cx, defect);
        }
        let has_samples = self.samples.samples() > 0 || self.samples.offsets.is_some_and(|table| table.stated > 0);
        let tables = TABLES.iter().filter(|_| !fragmented || has_samples);
        let absent: Vec<FourCc> =
            REQUIRED.iter().chain(tables).filter(|kind| !self.seen.contains(*kind)).copied().collect();
        // Without the outer box the inner ones are not worth a word.
        if let Some(kind) = absent.first() {
            self.is_faulty = true;
            self.note(cx, missing(self.start, *kind, "moov/trak"));
        }
    }
}

/// A table states more rows than its box holds.
pub(super) fn overrun(head: &BoxHead, stated: u32, room: u64) -> Defect {
    Defect::at(Id::Mp4TableOverrun, head.start).with("box", name(head.kind)).with("rows", stated).with("room", room)
}

/// Three letters of five bits each; other numbers are codes of the Macintosh.
fn language_code(packed: u16) -> Option<String> {
    let letter = |shift: u16| u8::try_from(packed >> shift & 31).ok().filter(|letter| (1..=26).contains(letter));
    let letters = [letter(10)?, letter(5)?, letter(0)?].map(|letter| char::from(letter | 0x60));
    Some(letters.iter().collect()).filter(|code| code != "und")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_three_letters() {
        assert_eq!(language_code(0x15c7).as_deref(), Some("eng"));
        assert_eq!(language_code(0x55c4), None, "und");
        assert_eq!(language_code(0), None, "English on a Macintosh");
        assert_eq!(language_code(0x7fff), None);
    }
}
