//! The indexes of an AVI file: `idx1`, and those of OpenDML (clause 3).

use super::header::Stream;
use super::{Walker, data_of};
use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::format::riff::{self, Chunk};
use crate::input::{Input, Walk};

/// An entry of `idx1`, and one of an OpenDML index of indexes.
const ENTRY: u64 = 16;
/// How many entries that do not go along with the frames are looked up one by one.
const LOOKS: u32 = 256;
/// The index follows the frames, with hardly anything in between.
const CHUNKS_BETWEEN: u32 = 8;
/// How many parts of an OpenDML index are looked up, and how many entries of each.
const PARTS: u64 = 1024;
const PART_LOOKS: u64 = 16;
/// What is in front of the entries of an OpenDML index.
const OPEN_HEADER: u64 = 24;
/// `bIndexType`.
const INDEX_OF_INDEXES: u8 = 0;
const INDEX_OF_CHUNKS: u8 = 1;

/// An `idx1` chunk that is held against the frames while they go by: most list them in order.
pub(super) struct OldIndex {
    at: u64,
    end: u64,
    /// Where the list of frames has its type.
    media: u64,
    /// What is to be added to offsets: they count from the type of the list, from the start of the
    /// file, or from somewhere else.
    base: Option<u64>,
    looks: u32,
    listed: u64,
    unlisted: u64,
    wrong: u64,
    first_wrong: Option<u64>,
}

/// An entry of `idx1` that is about a stream.
struct Entry {
    place: u64,
    stream: usize,
    offset: u64,
    size: u64,
}

impl OldIndex {
    /// The index behind the list of frames `movi`.
    pub(super) fn find(input: &mut Input<'_>, movi: &Chunk) -> Walk<Option<Self>> {
        let mut at = movi.next();
        for _ in 0..CHUNKS_BETWEEN {
            if at.saturating_add(riff::HEADER) > input.size() {
                break;
            }
            let chunk = Chunk::at(input, at)?;
            if &chunk.code == b"idx1" {
                return Ok(Some(Self {
                    at: chunk.body(),
                    end: chunk.end().min(input.size()),
                    media: movi.body(),
                    base: None,
                    looks: LOOKS,
                    listed: 0,
                    unlisted: 0,
                    wrong: 0,
                    first_wrong: None,
                }));
            }
            at = chunk.next();
        }
        Ok(None)
    }

    /// The entry at hand; those of lists and of palettes are passed over.
    fn entry(&mut self, input: &mut Input<'_>) -> Walk<Option<Entry>> {
        while self.at.saturating_add(ENTRY) <= self.end {
            let bytes = input.array::<16>(self.at)?;
            let mut fields = Cursor::new(&bytes, self.at);
            let (code, _flags) = (fields.array().unwrap_or_default(), fields.le32());
            let (offset, size) = (fields.le32().unwrap_or_default(), fields.le32().unwrap_or_default());
            match data_of(&Chunk { code, offset: 0, size: 0 }) {
                Some(stream) => {
                    let (offset, size) = (offset.into(), size.into());
                    return Ok(Some(Entry { place: self.at, stream, offset, size }));
                }
                None => self.at = self.at.saturating_add(ENTRY),
            }
            input.work(1)?;
        }
        Ok(None)
    }

    /// A chunk of a stream goes by.
    pub(super) fn meet(&mut self, input: &mut Input<'_>, chunk: &Chunk) -> Walk {
        while let Some(entry) = self.entry(input)? {
            let base = match self.base {
                Some(base) => base,
                None => self.find_base(input, &entry, chunk)?,
            };
            let offset = entry.offset.wrapping_add(base);
            if offset > chunk.offset {
                break;
            }
            self.at = self.at.saturating_add(ENTRY);
            if offset == chunk.offset {
                self.take(&entry, fits(&entry, chunk));
                return Ok(());
            }
            self.look(input, &entry, offset)?;
        }
        self.unlisted = self.unlisted.saturating_add(1);
        Ok(())
    }

    /// Finds out what offsets count from, by the entry for the first chunk.
    fn find_base(&mut self, input: &mut Input<'_>, entry: &Entry, first: &Chunk) -> Walk<u64> {
        let mut base = first.offset.wrapping_sub(entry.offset);
        for usual in [self.media, 0] {
            if is_there(input, entry, entry.offset.wrapping_add(usual))? {
                base = usual;
                break;
            }
        }
        self.base = Some(base);
        Ok(base)
    }

    /// Looks an entry up that is not in the order of the file.
    fn look(&mut self, input: &mut Input<'_>, entry: &Entry, offset: u64) -> Walk {
        if let Some(looks) = self.looks.checked_sub(1) {
            self.looks = looks;
            let right = entry.size == 0 || is_there(input, entry, offset)?;
            self.take(entry, right);
        }
        Ok(())
    }

    fn take(&mut self, entry: &Entry, right: bool) {
        self.listed = self.listed.saturating_add(1);
        if !right {
            self.wrong = self.wrong.saturating_add(1);
            self.first_wrong.get_or_insert(entry.place);
        }
    }

    /// The frames have gone by: looks at what is left of the index.
    pub(super) fn close(&mut self, input: &mut Input<'_>) -> Walk {
        while let Some(entry) = self.entry(input)? {
            self.at = self.at.saturating_add(ENTRY);
            let offset = entry.offset.wrapping_add(self.base.unwrap_or_default());
            self.look(input, &entry, offset)?;
        }
        Ok(())
    }

    /// Whether every chunk is listed, and nothing else.
    pub(super) fn is_complete(&self) -> bool {
        self.wrong == 0 && self.unlisted == 0 && self.listed > 0
    }

    pub(super) fn defect(&self) -> Option<Defect> {
        let defect = Defect::at(Id::AviIndexWrong, self.first_wrong?).within("idx1");
        Some(defect.with("wrong", self.wrong).with("entries", self.listed))
    }
}

/// Whether `entry` describes `chunk`. Some writers count the padding, or the header.
fn fits(entry: &Entry, chunk: &Chunk) -> bool {
    let sizes = [chunk.size, chunk.next().saturating_sub(chunk.body()), chunk.size.saturating_add(riff::HEADER)];
    data_of(chunk) == Some(entry.stream) && sizes.contains(&entry.size)
}

/// Whether the chunk at `offset` is the one that `entry` describes.
fn is_there(input: &mut Input<'_>, entry: &Entry, offset: u64) -> Walk<bool> {
    if offset.checked_add(riff::HEADER).is_none_or(|end| end > input.size()) {
        return Ok(false);
    }
    Ok(fits(entry, &Chunk::at(input, offset)?))
}

/// What is in front of the entries of an OpenDML index.
struct OpenHeader {
    kind: u8,
    entries: u64,
    base: u64,
}

impl OpenHeader {
    fn read(input: &mut Input<'_>, chunk: &Chunk) -> Walk<Option<Self>> {
        let header = input.up_to(chunk.body(), OPEN_HEADER.min(chunk.size))?;
        let mut fields = Cursor::new(header, chunk.body());
        let mut read = || {
            fields.skip(3)?;
            let (kind, entries, _code, base) = (fields.u8()?, fields.le32()?, fields.le32()?, fields.le64()?);
            Some(Self { kind, entries: entries.into(), base })
        };
        Ok(read())
    }

    /// How many entries there are, and whether that is how many the header states.
    fn entries(&self, chunk: &Chunk, each: u64) -> (u64, bool) {
        let room = chunk.size.saturating_sub(OPEN_HEADER).checked_div(each).unwrap_or_default();
        (self.entries.min(room), self.entries <= room)
    }
}

/// How much of its stream an `indx` chunk lists, in units of the stream.
pub(super) fn listed(input: &mut Input<'_>, chunk: &Chunk) -> Walk<u64> {
    let mut sum = 0_u64;
    let Some(header) = OpenHeader::read(input, chunk)? else {
        return Ok(0);
    };
    if header.kind != INDEX_OF_INDEXES {
        return Ok(0);
    }
    let (entries, _) = header.entries(chunk, ENTRY);
    for number in 0..entries.min(PARTS) {
        let part = Part::read(input, chunk, number)?;
        sum = sum.saturating_add(part.duration);
    }
    Ok(sum)
}

/// An entry of an index of indexes.
struct Part {
    offset: u64,
    size: u64,
    duration: u64,
}

impl Part {
    fn read(input: &mut Input<'_>, chunk: &Chunk, number: u64) -> Walk<Self> {
        let at = chunk.body().saturating_add(OPEN_HEADER).saturating_add(number.saturating_mul(ENTRY));
        let bytes = input.array::<16>(at)?;
        let mut fields = Cursor::new(&bytes, at);
        Ok(Self {
            offset: fields.le64().unwrap_or_default(),
            size: fields.le32().unwrap_or_default().into(),
            duration: fields.le32().unwrap_or_default().into(),
        })
    }
}

impl Walker<'_, '_, '_> {
    /// Looks the OpenDML index of a stream up.
    pub(super) fn open_index(&mut self, number: usize, stream: &Stream) -> Walk {
        let Some(chunk) = stream.index else {
            return Ok(());
        };
        let place = format!("track {number}/indx");
        let input = &mut *self.cx.input;
        let Some(header) = OpenHeader::read(input, &chunk)? else {
            return Ok(());
        };
        let mut wrong = Tally::default();
        let mut past_end = None;
        if header.kind == INDEX_OF_CHUNKS {
            wrong.part(input, &chunk, number)?;
        } else if header.kind == INDEX_OF_INDEXES {
            let (entries, fits) = header.entries(&chunk, ENTRY);
            wrong.take(fits, chunk.offset);
            for entry in 0..entries.min(PARTS) {
                let part = Part::read(input, &chunk, entry)?;
                if part.offset == 0 && part.size == 0 {
                    continue;
                }
                if part.offset.saturating_add(riff::HEADER) > input.size() {
                    past_end.get_or_insert(part.offset);
                    continue;
                }
                let target = Chunk::at(input, part.offset)?;
                let sizes = [target.size, target.size.saturating_add(riff::HEADER)];
                let found = is_index(&target, number) && sizes.contains(&part.size) && target.end() <= input.size();
                wrong.take(found, part.offset);
                if found {
                    wrong.part(input, &target, number)?;
                }
            }
        }
        if let Some(offset) = past_end {
            self.whole = false;
            let missing = offset.saturating_sub(self.size);
            self.cx.note(Defect::at(Id::AviTruncated, self.size).with("missing", missing).within(place));
        } else if let Some(first) = wrong.first {
            let defect = Defect::at(Id::AviIndexWrong, first).within(place);
            self.cx.note(defect.with("wrong", wrong.wrong).with("entries", wrong.all));
        }
        Ok(())
    }
}

/// Whether `chunk` is an index of that stream: `ix##`, or `##ix`.
fn is_index(chunk: &Chunk, number: usize) -> bool {
    let [a, b, c, d] = chunk.code;
    let of = |code| data_of(&Chunk { code, offset: 0, size: 0 }) == Some(number);
    match (&[a, b], &[c, d]) {
        (b"ix", _) => of([c, d, a, b]),
        (_, b"ix") => of(chunk.code),
        _ => false,
    }
}

/// Entries of an OpenDML index that were looked up.
#[derive(Default)]
struct Tally {
    all: u64,
    wrong: u64,
    first: Option<u64>,
}

impl Tally {
    fn take(&mut self, right: bool, place: u64) {
        self.all = self.all.saturating_add(1);
        if !right {
            self.wrong = self.wrong.saturating_add(1);
            self.first.get_or_insert(place);
        }
    }

    /// Looks up entries of an index of chunks, spread over it.
    fn part(&mut self, input: &mut Input<'_>, chunk: &Chunk, number: usize) -> Walk {
        let Some(header) = OpenHeader::read(input, chunk)?.filter(|header| header.kind == INDEX_OF_CHUNKS) else {
            self.take(false, chunk.offset);
            return Ok(());
        };
        // The longs of an entry: offset and size; fields have a third.
        let longs = input.array::<2>(chunk.body())?;
        let each = if u16::from_le_bytes(longs) == 3 { 12 } else { 8 };
        let (entries, fits) = header.entries(chunk, each);
        self.take(fits, chunk.offset);
        let step = entries.div_ceil(PART_LOOKS).max(1);
        let mut entry = 0;
        while entry < entries {
            let at = chunk.body().saturating_add(OPEN_HEADER).saturating_add(entry.saturating_mul(each));
            let bytes = input.array::<8>(at)?;
            let mut fields = Cursor::new(&bytes, at);
            let (offset, size) = (fields.le32().unwrap_or_default(), fields.le32().unwrap_or_default());
            // The offset is that of the body; the highest bit of the size marks what is no key frame.
            let body = header.base.wrapping_add(offset.into());
            let want = Entry { place: at, stream: number, offset: body, size: (size & 0x7fff_ffff).into() };
            let right = want.size == 0 || is_there(input, &want, body.wrapping_sub(riff::HEADER))?;
            self.take(right, at);
            entry = entry.saturating_add(step);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_indexes() {
        let is = |code: &[u8; 4], number| is_index(&Chunk { code: *code, offset: 0, size: 0 }, number);
        assert!(is(b"ix01", 1) && is(b"12ix", 12));
        assert!(!is(b"ix01", 0) && !is(b"01dc", 1) && !is(b"ixix", 0));
    }
}
