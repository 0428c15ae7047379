//! Image file directories: where they are, what entries they hold, and the values of those.
//!
//! TIFF 6.0, section 2; the `BigTIFF` design for version 43, in which counts and offsets have 64 bits.

use super::{Walker, tags};
use crate::bytes::{Endian, index, len64, u16_at, u32_at, u64_at};
use crate::defect::{Defect, Id};
use crate::input::{Stop, Walk};

/// Directories with more entries than this are refused by libtiff, and nobody writes them.
const MOST_ENTRIES: u64 = 4096;

/// Byte order and width of numbers, which the header chooses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    pub(super) endian: Endian,
    /// Whether it is `BigTIFF`.
    pub(super) big: bool,
}

impl Dialect {
    /// The dialect that the first four bytes of a file announce.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let (endian, big) = match head.first_chunk::<4>()? {
            b"II*\0" => (Endian::Little, false),
            b"MM\0*" => (Endian::Big, false),
            b"II+\0" => (Endian::Little, true),
            b"MM\0+" => (Endian::Big, true),
            _ => return None,
        };
        Some(Self { endian, big })
    }

    /// Bytes of the header.
    pub(super) fn header(self) -> u64 {
        if self.big { 16 } else { 8 }
    }

    /// Bytes of an offset, and of the room for a value in an entry.
    fn offset_width(self) -> u64 {
        if self.big { 8 } else { 4 }
    }

    /// Bytes of the number of entries.
    fn count_width(self) -> u64 {
        if self.big { 8 } else { 2 }
    }

    /// Bytes of an entry.
    fn entry_width(self) -> u64 {
        if self.big { 20 } else { 12 }
    }

    /// The unsigned number of `width` bytes at the start of `data`.
    pub(super) fn number(self, data: &[u8], width: u64) -> Option<u64> {
        match width {
            1 => data.first().copied().map(u64::from),
            2 => u16_at(data, self.endian).map(u64::from),
            4 => u32_at(data, self.endian).map(u64::from),
            8 => u64_at(data, self.endian),
            _ => None,
        }
    }

    /// An offset at `at` in `data`.
    pub(super) fn offset(self, data: &[u8], at: usize) -> Option<u64> {
        self.number(data.get(at..)?, self.offset_width())
    }

    /// The parts of an entry: tag, field type, count, and where in the entry its value field is.
    fn entry(self, data: &[u8]) -> Option<(u16, u16, u64, u64)> {
        let tag = u16_at(data, self.endian)?;
        let kind = u16_at(data.get(2..)?, self.endian)?;
        let count = self.offset(data, 4)?;
        Some((tag, kind, count, self.offset_width().saturating_add(4)))
    }
}

/// A tag and where its values are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u64,
    /// File offset of the first value.
    pub(super) at: u64,
    /// Bytes of one value.
    width: u64,
}

impl Entry {
    /// File offset behind the last value.
    pub(super) fn end(&self) -> u64 {
        self.at.saturating_add(self.count.saturating_mul(self.width))
    }
}

/// One directory: the entries that anything here asks for.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) at: u64,
    /// File offset behind the last entry and the offset of the next directory.
    pub(super) end: u64,
    /// Offset of the next directory; 0 if this is the last.
    pub(super) next: u64,
    /// Whether the file holds it to its end.
    pub(super) complete: bool,
    entries: Vec<Entry>,
}

impl Directory {
    pub(super) fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    pub(super) fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }
}

impl Walker<'_, '_, '_> {
    /// Reads the directory at `at`; `None` if there is nothing there that is one.
    pub(super) fn directory(&mut self, at: u64) -> Walk<Option<Directory>> {
        let dialect = self.dialect;
        let first = at.saturating_add(dialect.count_width());
        let count = match self.cx.input.get(at, dialect.count_width()) {
            Ok(data) => dialect.number(data, dialect.count_width()).unwrap_or_default(),
            Err(Stop::End(_)) => {
                self.note(Defect::at(Id::TiffIfdPastEnd, at));
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        if count == 0 || count > MOST_ENTRIES {
            self.note(Defect::at(Id::TiffIfdInvalid, at).with("count", count));
            return Ok(None);
        }
        self.cx.input.work(count)?;
        let table = count.saturating_mul(dialect.entry_width());
        let behind = first.saturating_add(table);
        let size = self.cx.input.size();
        let data = self.cx.input.up_to(first, table)?;
        let complete = len64(data.len()) == table;
        let mut entries = Vec::new();
        let mut notes = Vec::new();
        let (mut last_tag, mut unsorted) = (None, false);
        for (at, raw) in (first..).step_by(index(dialect.entry_width())).zip(data.chunks(index(dialect.entry_width())))
        {
            let Some((tag, kind, count, field)) = dialect.entry(raw) else { break };
            if last_tag >= Some(tag) && !unsorted {
                unsorted = true;
                notes.push(Defect::at(Id::TiffTagsUnsorted, at).with("tag", tags::label(tag)));
            }
            last_tag = Some(tag);
            let Some(width) = tags::type_size(kind) else {
                notes.push(Defect::at(Id::TiffTypeUnknown, at).with("tag", tags::label(tag)).with("type", kind));
                continue;
            };
            let inline = count.checked_mul(width).is_some_and(|bytes| bytes <= dialect.offset_width());
            let values = if inline { Some(at.saturating_add(field)) } else { dialect.offset(raw, index(field)) };
            let Some(values) = values else { break };
            let entry = Entry { tag, kind, count, at: values, width };
            if !inline && entry.end() > size {
                let id = if tags::is_layout(tag) { Id::TiffTagPastEnd } else { Id::TiffMetadataPastEnd };
                notes.push(Defect::at(id, at).with("tag", tags::label(tag)).with("end", entry.end()));
            }
            // Of a tag that is there twice, readers take the first.
            if tags::is_known(tag) && entries.iter().all(|known: &Entry| known.tag != tag) {
                entries.push(entry);
            }
        }
        for defect in notes {
            self.note(defect);
        }
        let mut next = 0;
        if complete {
            match self.cx.input.get(behind, dialect.offset_width()) {
                Ok(data) => next = dialect.offset(data, 0).unwrap_or_default(),
                // Readers take the end of the file for the end of the chain.
                Err(Stop::End(_)) => self.note(Defect::at(Id::TiffChainUnterminated, behind)),
                Err(stop) => return Err(stop),
            }
        } else {
            self.note(Defect::at(Id::TiffIfdPastEnd, at));
        }
        let end = behind.saturating_add(dialect.offset_width());
        Ok(Some(Directory { at, end, next, complete, entries }))
    }

    /// Value number `at` of an entry as a whole number; `None` if it has no such value, if the file
    /// ends before it, if it is negative or if it is of a type without whole numbers.
    pub(super) fn value(&mut self, entry: &Entry, at: u64) -> Walk<Option<u64>> {
        if at >= entry.count || !tags::is_integer(entry.kind) {
            return Ok(None);
        }
        let offset = entry.at.saturating_add(at.saturating_mul(entry.width));
        let value = match self.cx.input.get(offset, entry.width) {
            Ok(data) => self.dialect.number(data, entry.width),
            Err(Stop::End(_)) => None,
            Err(stop) => return Err(stop),
        };
        let negative = |value: u64| match entry.kind {
            6 => value >> 7 != 0,
            8 => value >> 15 != 0,
            9 => value >> 31 != 0,
            17 => value >> 63 != 0,
            _ => false,
        };
        Ok(value.filter(|&value| !negative(value)))
    }

    /// The first value of `tag`; `None` if there is no such tag or if its value is of no use.
    pub(super) fn number(&mut self, directory: &Directory, tag: u16) -> Walk<Option<u64>> {
        match directory.entry(tag) {
            Some(entry) => self.value(&entry.clone(), 0),
            None => Ok(None),
        }
    }
}
