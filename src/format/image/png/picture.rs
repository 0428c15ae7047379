//! One picture: the data of the IDAT chunks, or of the fdAT chunks of one frame. At structure depth
//! only their amount is known; at full depth they are inflated (clauses 9 and 10.1) and the filter
//! byte of every row is looked at. No row is put together.

use super::Chunk;
use super::chunk::Kind;
use super::header::{Header, Layout};
use crate::bytes::len64;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::image::zlib::{Fault, Inflate, Progress, most_from};

/// The highest filter type (table 9.1).
const LAST_FILTER: u8 = 4;

/// The data of one picture.
pub(super) struct Picture {
    width: u32,
    height: u32,
    layout: Layout,
    /// What the picture data must decode to.
    expected: u64,
    /// Compressed bytes so far.
    amount: u64,
    /// Where the first chunk begins.
    offset: u64,
    /// The chunks it is in, and which frame of an animation it is if it is none of IDAT's.
    pub(super) kind: Kind,
    frame: u32,
    /// Whether a fault was found that explains whatever else is wrong with the data.
    faulty: bool,
    inner: Option<Inner>,
}

/// What only full depth knows.
struct Inner {
    inflate: Inflate,
    rows: Rows,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    Going,
    /// All rows are there, and more.
    Enough,
    Ended {
        checksum: bool,
    },
    Broken {
        fault: Fault,
        offset: u64,
    },
}

impl Picture {
    /// A picture of that size that begins with `chunk`. It is inflated if there is something to do
    /// it with.
    pub(super) fn new(header: &Header, size: (u32, u32), chunk: &Chunk, frame: u32, memory: Option<Inflate>) -> Self {
        let (width, height) = size;
        let layout = header.layout(width, height);
        let expected = layout.len();
        let inner = memory.map(|mut inflate| {
            inflate.restart(expected);
            Inner { inflate, rows: Rows::default(), state: State::Going }
        });
        let (kind, offset) = (chunk.kind, chunk.start);
        Self { width, height, layout, expected, amount: 0, offset, kind, frame, faulty: false, inner }
    }

    /// Counts the data of a chunk that begins.
    pub(super) fn add(&mut self, len: u64) {
        self.amount = self.amount.saturating_add(len);
    }

    /// Whether all of it is there, so that what follows is of no importance.
    pub(super) fn is_complete(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| match inner.state {
            State::Enough => true,
            State::Ended { .. } => inner.inflate.produced() >= self.expected,
            State::Going | State::Broken { .. } => false,
        })
    }

    /// Whether data was found damaged already.
    pub(super) fn mark_faulty(&mut self) {
        self.faulty = true;
    }

    /// Whether its data are looked into.
    pub(super) fn is_verified(&self) -> bool {
        self.inner.is_some()
    }

    /// Inflates the next data, which lie at `offset`, and says how much work it was.
    pub(super) fn verify(&mut self, offset: u64, piece: &[u8]) -> u64 {
        let Some(Inner { inflate, rows, state }) = &mut self.inner else {
            return 0;
        };
        let State::Going = state else {
            return 0;
        };
        let (layout, expected, before) = (&self.layout, self.expected, inflate.taken());
        let progress = inflate.feed(piece, |bytes| {
            rows.pass(layout, offset, bytes);
            rows.passed <= expected
        });
        *state = match progress {
            Progress::More => State::Going,
            Progress::Enough => State::Enough,
            Progress::Ended { checksum, .. } => State::Ended { checksum },
            Progress::Broken(fault) => {
                let offset = offset.saturating_add(inflate.taken().saturating_sub(before));
                State::Broken { fault, offset }
            }
        };
        inflate.work()
    }

    /// How many bytes the data decoded to so far, if they are looked at.
    pub(super) fn produced(&self) -> Option<u64> {
        self.inner.as_ref().map(|inner| inner.inflate.produced())
    }

    /// Adds to a defect how much of the picture comes before it, if that is known.
    pub(super) fn locate(&self, defect: Defect) -> Defect {
        match self.produced() {
            Some(produced) => self.locate_at(defect, produced),
            None => defect,
        }
    }

    /// Adds to a defect how much of the picture the first `intact` decoded bytes are.
    pub(super) fn locate_at(&self, defect: Defect, intact: u64) -> Defect {
        let intact = intact.min(self.expected);
        // In tenths of a percent, which any picture that fits in a file can be counted in.
        let share = intact.saturating_mul(1000).checked_div(self.expected).unwrap_or(0);
        let percent = f64::from(u32::try_from(share).unwrap_or(1000)) / 10.0;
        defect.with("row", self.layout.first_affected_row(intact)).with("intact_percent", percent)
    }

    fn defect(&self, id: Id, offset: u64) -> Defect {
        match self.kind {
            Kind::FDAT => Defect::at(id, offset).within(format!("frame {}/fdAT", self.frame)),
            _ => Defect::at(id, offset).within("IDAT"),
        }
    }

    /// All chunks of the picture went by, the last one ending at `end`. Notes what is wrong with
    /// the data as a whole, and gives the memory back.
    pub(super) fn finish(self, cx: &mut Inspection<'_, '_>, end: u64) -> Option<Inflate> {
        let short = |have: u64, offset: u64| {
            let defect = self.defect(Id::PngDataShort, offset).with("have", have).with("need", self.expected);
            self.locate(defect.with("width", self.width).with("height", self.height))
        };
        let Some(inner) = &self.inner else {
            let most = most_from(self.amount);
            if most < self.expected && !self.faulty {
                cx.note(short(most, self.offset));
            }
            return None;
        };
        let produced = inner.inflate.produced();
        if let Some(Filter { value, offset, passed }) = inner.rows.invalid {
            let defect = self.defect(Id::PngFilterInvalid, offset).with("value", value);
            cx.note(self.locate_at(defect, passed));
        }
        match inner.state {
            State::Broken { fault, offset } => {
                let defect = self.defect(Id::PngStreamBroken, offset).with("part", fault.name());
                cx.note(self.locate(defect));
            }
            State::Going | State::Ended { .. } if produced < self.expected => {
                if !self.faulty {
                    cx.note(short(produced, end));
                }
            }
            State::Going if !self.faulty => cx.note(self.defect(Id::PngStreamUnfinished, end)),
            State::Ended { checksum: false } if !self.faulty => cx.note(self.defect(Id::PngStreamChecksum, end)),
            State::Going | State::Ended { .. } | State::Enough => {}
        }
        let surplus = matches!(inner.state, State::Enough) || inner.inflate.taken() < self.amount;
        if surplus && self.is_complete() && !self.faulty {
            cx.note(self.defect(Id::PngDataExtra, end));
        }
        self.inner.map(|inner| inner.inflate)
    }
}

/// A filter byte that names no filter.
#[derive(Clone, Copy)]
struct Filter {
    value: u8,
    offset: u64,
    /// The decoded bytes before it.
    passed: u64,
}

/// Watches the decoded bytes go by, row by row.
#[derive(Default)]
struct Rows {
    pass: usize,
    /// Rows of the pass that are complete.
    row: u32,
    /// Bytes of the current row that are still to come; 0 between rows.
    left: u64,
    passed: u64,
    invalid: Option<Filter>,
}

impl Rows {
    /// Takes the next decoded bytes, which came from about `offset`.
    fn pass(&mut self, layout: &Layout, offset: u64, mut bytes: &[u8]) {
        while let Some(&first) = bytes.first() {
            let Some(pass) = layout.pass(self.pass) else {
                self.passed = self.passed.saturating_add(len64(bytes.len()));
                return;
            };
            if self.left == 0 {
                if first > LAST_FILTER && self.invalid.is_none() {
                    self.invalid = Some(Filter { value: first, offset, passed: self.passed });
                }
                self.left = pass.row_len;
            }
            let have = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            bytes = bytes.get(have..).unwrap_or_default();
            self.left = self.left.saturating_sub(len64(have));
            self.passed = self.passed.saturating_add(len64(have));
            if self.left == 0 {
                self.row = self.row.saturating_add(1);
                if self.row >= pass.rows {
                    self.row = 0;
                    self.pass = self.pass.saturating_add(1);
                }
            }
        }
    }
}
