//! Sample tables: how many samples a track has, how long each is and where they lie
//! (ISO/IEC 14496-12:2022, clauses 8.6 and 8.7).
//!
//! The tables of a long video are larger than is wanted in memory, so they are read row by row, a
//! small page at a time. No count that a table states is believed beyond the end of its box.

use super::BoxHead;
use crate::bytes::{Cursor, len64};
use crate::input::{Input, Walk};

/// How much of a table is held at a time.
const PAGE: u64 = 4 << 10;

/// A box that holds rows of one width: `stts`, `ctts`, `stss`, `stsc`, `stsz`, `stz2`, `stco`,
/// `co64` or `elst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) head: BoxHead,
    /// The number of rows, as the box states it; in `stsz` and `stz2` that of samples.
    pub(crate) stated: u32,
    /// The size of every sample, where `stsz` states it once for all of them and has no rows; or 0.
    pub(crate) common: u32,
    first: u64,
    bits: u64,
}

impl Table {
    /// Reads what stands before the rows; `None` if the box is too short for that.
    pub(crate) fn read(input: &mut Input<'_>, head: BoxHead) -> Walk<Option<Self>> {
        let content = head.peek(input, 12)?;
        Ok(Self::parse(head, &mut Cursor::new(&content, head.body)))
    }

    fn parse(head: BoxHead, cursor: &mut Cursor<'_>) -> Option<Self> {
        let version = cursor.u8()?;
        cursor.skip(3)?;
        let field = if matches!(&head.kind, b"stsz" | b"stz2") { cursor.be32()? } else { 0 };
        let common = if head.kind == *b"stsz" { field } else { 0 };
        let bits = match &head.kind {
            b"stsz" if common > 0 => 0,
            b"stz2" => u64::from(field & 0xff),
            b"stts" | b"ctts" | b"co64" => 64,
            b"elst" if version == 1 => 160,
            b"stsc" | b"elst" => 96,
            _ => 32,
        };
        let known = head.kind != *b"stz2" || [4, 8, 16].contains(&bits);
        known.then_some(Self { head, stated: cursor.be32()?, common, first: cursor.offset(), bits })
    }

    /// How many rows the box has room for.
    pub(crate) fn room(&self) -> u64 {
        let bits = self.head.end.saturating_sub(self.first).saturating_mul(8);
        bits.checked_div(self.bits).unwrap_or(u64::MAX)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> u64 {
        self.room().min(self.stated.into())
    }

    /// The rows, from the first one on.
    pub(crate) fn rows(&self) -> Rows {
        let bits = self.len().saturating_mul(self.bits);
        Rows::new(self.first, self.first.saturating_add(bits.div_ceil(8)))
    }
}

/// Reads rows one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    buffer: Vec<u8>,
    used: usize,
    /// Where the rows lie that are not held yet.
    next: u64,
    end: u64,
}

impl Rows {
    /// The rows from byte `start` of the file up to `end`.
    pub(crate) fn new(start: u64, end: u64) -> Self {
        Self { buffer: Vec::new(), used: 0, next: start, end }
    }

    /// The next `N` bytes; `None` where the rows end.
    #[inline]
    pub(crate) fn next<const N: usize>(&mut self, input: &mut Input<'_>) -> Walk<Option<[u8; N]>> {
        if self.held() < N {
            self.load(input)?;
        }
        let row = self.buffer.get(self.used..).and_then(<[u8]>::first_chunk).copied();
        if row.is_some() {
            self.used = self.used.saturating_add(N);
        }
        Ok(row)
    }

    /// The next number of four bytes.
    #[inline]
    pub(crate) fn be32(&mut self, input: &mut Input<'_>) -> Walk<Option<u32>> {
        Ok(self.next(input)?.map(u32::from_be_bytes))
    }

    fn held(&self) -> usize {
        self.buffer.len().saturating_sub(self.used)
    }

    #[cold]
    fn load(&mut self, input: &mut Input<'_>) -> Walk {
        self.buffer.drain(..self.used);
        self.used = 0;
        let len = self.end.saturating_sub(self.next).min(PAGE);
        input.work(len)?;
        let page = input.up_to(self.next, len)?;
        self.buffer.extend_from_slice(page);
        self.next = self.next.saturating_add(len64(page.len()));
        Ok(())
    }
}

/// The three tables that samples are found by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SampleTable {
    /// `stsz` or `stz2`
    pub(crate) sizes: Option<Table>,
    /// `stsc`
    pub(crate) runs: Option<Table>,
    /// `stco` or `co64`
    pub(crate) offsets: Option<Table>,
}

impl SampleTable {
    /// Keeps a table that is one of the three; of two of a kind the first one counts.
    pub(crate) fn keep(&mut self, table: Table) {
        let place = match &table.head.kind {
            b"stsz" | b"stz2" => &mut self.sizes,
            b"stsc" => &mut self.runs,
            b"stco" | b"co64" => &mut self.offsets,
            _ => return,
        };
        place.get_or_insert(table);
    }

    /// The number of samples, as it is stated.
    pub(crate) fn samples(&self) -> u32 {
        self.sizes.map_or(0, |sizes| sizes.stated)
    }
}

/// Reads the sizes of samples one behind the other.
#[derive(Debug)]
pub(crate) struct Sizes {
    rows: Rows,
    bits: u64,
    common: u32,
    /// The second half of a byte that holds two sizes.
    half: Option<u8>,
}

impl Sizes {
    pub(crate) fn new(table: &Table) -> Self {
        Self { rows: table.rows(), bits: table.bits, common: table.common, half: None }
    }

    /// The size of the next sample; `None` where the table ends.
    #[inline]
    pub(crate) fn next(&mut self, input: &mut Input<'_>) -> Walk<Option<u64>> {
        if self.common > 0 {
            return Ok(Some(self.common.into()));
        }
        Ok(match self.bits {
            4 => {
                if let Some(half) = self.half.take() {
                    return Ok(Some(half.into()));
                }
                let pair = self.rows.next::<1>(input)?.map(|[byte]| byte);
                self.half = pair.map(|byte| byte & 15);
                pair.map(|byte| u64::from(byte >> 4))
            }
            8 => self.rows.next::<1>(input)?.map(|[byte]| byte.into()),
            16 => self.rows.next(input)?.map(|size| u16::from_be_bytes(size).into()),
            _ => self.rows.be32(input)?.map(u64::from),
        })
    }
}

/// Samples that lie one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Where in the file they begin.
    pub(crate) offset: u64,
    /// How many there are.
    pub(crate) samples: u32,
    /// The entry of `stsd` that describes them, from 1 on.
    pub(crate) description: u32,
}

/// Chunks from a certain one on that are alike: a row of `stsc`.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    samples: u32,
    description: u32,
}

/// Reads the chunks of a track one behind the other.
#[derive(Debug)]
pub(crate) struct Chunks {
    offsets: Rows,
    wide: bool,
    runs: Rows,
    number: u32,
    run: Option<Run>,
    upcoming: Option<Run>,
    begun: bool,
    disordered: bool,
}

impl Chunks {
    pub(crate) fn new(runs: &Table, offsets: &Table) -> Self {
        Self {
            offsets: offsets.rows(),
            wide: offsets.head.kind == *b"co64",
            runs: runs.rows(),
            number: 0,
            run: None,
            upcoming: None,
            begun: false,
            disordered: false,
        }
    }

    /// Whether the walk ended at rows of `stsc` that begin elsewhere than at the first chunk, do not
    /// ascend, or give a chunk no samples.
    pub(crate) fn is_disordered(&self) -> bool {
        self.disordered
    }

    /// The next chunk; `None` where the tables end or make no sense.
    pub(crate) fn next(&mut self, input: &mut Input<'_>) -> Walk<Option<Chunk>> {
        let offset = if self.wide {
            self.offsets.next(input)?.map(u64::from_be_bytes)
        } else {
            self.offsets.be32(input)?.map(u64::from)
        };
        let Some(offset) = offset.filter(|_| !self.disordered) else {
            return Ok(None);
        };
        if !self.begun {
            self.begun = true;
            self.upcoming = self.next_run(input)?;
        }
        self.number = self.number.saturating_add(1);
        if let Some(run) = self.upcoming.filter(|run| run.first == self.number) {
            self.run = Some(run);
            self.upcoming = self.next_run(input)?;
        }
        let behind = self.upcoming.is_some_and(|run| run.first <= self.number);
        let run = self.run.filter(|run| run.samples > 0 && !behind);
        self.disordered = run.is_none();
        Ok(run.map(|run| Chunk { offset, samples: run.samples, description: run.description }))
    }

    fn next_run(&mut self, input: &mut Input<'_>) -> Walk<Option<Run>> {
        let Some(row) = self.runs.next::<12>(input)? else {
            return Ok(None);
        };
        let mut cursor = Cursor::new(&row, 0);
        let (first, samples, description) = (cursor.be32(), cursor.be32(), cursor.be32());
        Ok(first.zip(samples).zip(description).map(|((first, samples), description)| Run {
            first,
            samples,
            description,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    fn head(kind: [u8; 4], content: &[u8]) -> BoxHead {
        BoxHead { kind, start: 0, body: 0, end: len64(content.len()), open: false }
    }

    fn sizes(kind: [u8; 4], content: &[u8]) -> Option<Vec<u64>> {
        let mut input = Input::new(&content, &Budget::default()).unwrap();
        let table = Table::read(&mut input, head(kind, content)).unwrap()?;
        let mut sizes = Sizes::new(&table);
        Some((0..table.len()).map_while(|_| sizes.next(&mut input).unwrap()).collect())
    }

    #[test]
    fn sizes_of_all_widths() {
        let own = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 1, 0, 0, 0, 0, 7];
        assert_eq!(sizes(*b"stsz", &own), Some(vec![256, 7]), "the third one is not there");
        assert_eq!(sizes(*b"stsz", &[0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2]), Some(vec![9, 9]));
        let nibbles = [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3, 0x12, 0x30];
        assert_eq!(sizes(*b"stz2", &nibbles), Some(vec![1, 2, 3]));
        assert_eq!(sizes(*b"stz2", &[0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 1, 1, 2]), Some(vec![258]));
        assert_eq!(sizes(*b"stz2", &[0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 3]), None);
        assert_eq!(sizes(*b"stsz", &[0; 11]), None);
    }

    #[test]
    fn a_count_is_believed_up_to_the_end_of_the_box() {
        let content = [&[0; 4][..], &[0xff; 4], &[0; 19]].concat();
        let mut input = Input::new(&content, &Budget::default()).unwrap();
        let mut table = |kind| Table::read(&mut input, head(kind, &content)).unwrap().unwrap();
        assert_eq!((table(*b"stts").stated, table(*b"stts").len()), (u32::MAX, 2));
        assert_eq!((table(*b"stco").len(), table(*b"stsc").len(), table(*b"elst").len()), (4, 1, 1));
    }

    fn chunks(runs: &[[u32; 3]], offsets: &[u32]) -> (Vec<Chunk>, bool) {
        let table = |rows: &[u32], count: usize| {
            let rows: Vec<u8> = rows.iter().flat_map(|number| number.to_be_bytes()).collect();
            [&[0; 4][..], &u32::try_from(count).unwrap().to_be_bytes(), &rows].concat()
        };
        let runs_content = table(runs.as_flattened(), runs.len());
        let offsets_content = table(offsets, offsets.len());
        let content = [&runs_content[..], &offsets_content].concat();
        let mut input = Input::new(&content, &Budget::default()).unwrap();
        let at = len64(runs_content.len());
        let runs = Table::read(&mut input, head(*b"stsc", &runs_content)).unwrap().unwrap();
        let offsets = BoxHead { kind: *b"stco", start: at, body: at, end: len64(content.len()), open: false };
        let offsets = Table::read(&mut input, offsets).unwrap().unwrap();
        let mut chunks = Chunks::new(&runs, &offsets);
        let all = std::iter::from_fn(|| chunks.next(&mut input).unwrap()).collect();
        (all, chunks.is_disordered())
    }

    #[test]
    fn runs_of_chunks_are_laid_out() {
        let chunk = |offset, samples, description| Chunk { offset, samples, description };
        let (all, disordered) = chunks(&[[1, 3, 1], [3, 1, 2], [9, 5, 1]], &[10, 20, 30]);
        assert_eq!(all, [chunk(10, 3, 1), chunk(20, 3, 1), chunk(30, 1, 2)]);
        assert!(!disordered, "a run that no chunk belongs to does no harm");
        for (runs, sound) in [
            (&[[2, 1, 1]][..], 0),
            (&[[0, 1, 1]], 0),
            (&[[1, 0, 1]], 0),
            (&[], 0),
            (&[[1, 1, 1], [1, 2, 1]], 0),
            (&[[1, 1, 1], [3, 2, 1], [2, 4, 1]], 2),
        ] {
            let (all, disordered) = chunks(runs, &[10, 20, 30]);
            assert_eq!((all.len(), disordered), (sound, true), "{runs:?}");
        }
    }
}
