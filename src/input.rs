//! The only module that reads: a metered view of a [`Source`].
//!
//! Parsers ask for bytes by position. [`Input`] answers from a few pages it keeps, loads a page
//! when it has to, and spends a [`Budget`] of bytes, reads and time on the way. When the budget is
//! gone every further request ends in [`Stop::Spent`], which the checker reports as `unchecked`.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bytes::{index, len64};
use crate::source::Source;

/// The first read of a file: enough for the header of almost any image.
const HEAD_PAGE: u64 = 64 << 10;
/// A read somewhere else in the file, to look at one structure there.
const FAR_PAGE: u64 = 16 << 10;
/// A read that carries on where the last one ended.
const NEXT_PAGE: u64 = 256 << 10;
/// A read of which only a few bytes are wanted, and none of what follows.
const GLANCE_PAGE: u64 = 512;
/// Pages kept per input: the head, the place being walked, and two that it refers to.
const PAGES: usize = 4;
/// The longest block that [`Input::get`] hands out in one piece.
pub(crate) const MAX_BLOCK: u64 = 1 << 20;
/// The clock is looked at once in so many requests.
const CLOCK_EVERY: u32 = 64;

/// How much one check may spend. When it is spent the report says `unchecked`, with the limit that
/// was reached; it never says "damaged".
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Budget {
    /// Bytes read from the source; `None` for eight times its size and 16 MiB more.
    pub bytes: Option<u64>,
    /// Calls to the source.
    pub reads: u64,
    /// Time from the start of the check; `None` for no deadline.
    pub time: Option<Duration>,
    /// Set to `true` from any thread to end the check early.
    pub cancel: Option<Arc<AtomicBool>>,
    /// Counts the bytes that are read, over all checks that share it.
    pub meter: Option<Arc<AtomicU64>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: None, reads: 1 << 20, time: None, cancel: None, meter: None }
    }
}

/// Which part of a [`Budget`] ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    Bytes,
    Reads,
    Time,
    Work,
    Cancelled,
}

/// Why a request for bytes was not answered.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The file ends before the bytes that were asked for. It holds the end of that request.
    End(u64),
    /// The budget is spent.
    Spent(Spent),
    /// The source failed.
    Io(io::Error),
}

/// What parsers return: `Err` only when nothing further can be read where they are.
pub(crate) type Walk<T = ()> = Result<T, Stop>;

struct Page {
    start: u64,
    len: usize,
    buffer: Vec<u8>,
    used: u64,
}

impl Page {
    fn end(&self) -> u64 {
        self.start.saturating_add(len64(self.len))
    }
}

thread_local! {
    /// Page buffers of inputs that are done, so that a batch does not allocate for each file.
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// A metered view of a source.
pub(crate) struct Input<'s> {
    source: &'s dyn Source,
    slice: Option<&'s [u8]>,
    size: u64,
    pages: Vec<Page>,
    requests: u64,
    /// Whether how many bytes may be read follows from how many there are.
    generous: bool,
    bytes_left: u64,
    reads_left: u64,
    work_left: u64,
    bytes_read: u64,
    deadline: Option<Instant>,
    cancel: Option<Arc<AtomicBool>>,
    meter: Option<Arc<AtomicU64>>,
    until_clock: u32,
}

impl<'s> Input<'s> {
    pub(crate) fn new(source: &'s dyn Source, budget: &Budget) -> io::Result<Self> {
        let size = source.size()?;
        let generous = generous(size).saturating_add(16 << 20);
        Ok(Self {
            source,
            slice: source.as_slice(),
            size,
            pages: Vec::new(),
            requests: 0,
            generous: budget.bytes.is_none(),
            bytes_left: budget.bytes.unwrap_or(generous),
            reads_left: budget.reads,
            // Work that needs no new bytes (a table that points at the same strip again and again)
            // is bounded too: so many steps for each byte there is.
            work_left: generous,
            bytes_read: 0,
            deadline: budget.time.and_then(|time| Instant::now().checked_add(time)),
            cancel: budget.cancel.clone(),
            meter: budget.meter.clone(),
            until_clock: 1,
        })
    }

    /// A view of another source that this one refers to, which spends the same budget. It has to be
    /// given back to [`Input::settle`].
    pub(crate) fn aside<'t>(&self, source: &'t dyn Source) -> io::Result<Input<'t>> {
        Ok(Input {
            source,
            slice: source.as_slice(),
            size: source.size()?,
            pages: Vec::new(),
            requests: 0,
            generous: self.generous,
            bytes_left: self.bytes_left,
            reads_left: self.reads_left,
            work_left: self.work_left,
            bytes_read: 0,
            deadline: self.deadline,
            cancel: self.cancel.clone(),
            meter: self.meter.clone(),
            until_clock: 1,
        })
    }

    /// Takes over what the view of another source has left of the budget.
    pub(crate) fn settle(&mut self, other: &Input<'_>) {
        self.bytes_left = other.bytes_left;
        self.reads_left = other.reads_left;
        self.work_left = other.work_left;
        self.bytes_read = self.bytes_read.saturating_add(other.bytes_read);
    }

    /// There are `size` more bytes to be looked at than those of the source.
    pub(crate) fn grant(&mut self, size: u64) {
        let more = generous(size);
        self.work_left = self.work_left.saturating_add(more);
        if self.generous {
            self.bytes_left = self.bytes_left.saturating_add(more);
        }
    }

    /// The number of bytes in the source.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// How many bytes were read from the source so far.
    #[cfg(test)]
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Exactly `len` bytes (at most [`MAX_BLOCK`]) from `offset` on.
    pub(crate) fn get(&mut self, offset: u64, len: u64) -> Walk<&[u8]> {
        let end =
            offset.checked_add(len).filter(|&end| end <= self.size).ok_or(Stop::End(offset.saturating_add(len)))?;
        if len > MAX_BLOCK {
            return Err(Stop::Spent(Spent::Bytes));
        }
        let data = self.available(offset, end, false)?;
        data.get(..index(len)).ok_or(Stop::End(end))
    }

    /// Like [`Input::up_to`], for a look at a few bytes between many that are not wanted.
    pub(crate) fn glance(&mut self, offset: u64, len: u64) -> Walk<&[u8]> {
        let len = len.min(self.size.saturating_sub(offset)).min(GLANCE_PAGE);
        let end = offset.saturating_add(len);
        let data = self.available(offset, end, true)?;
        data.get(..index(len)).ok_or(Stop::End(end))
    }

    /// Up to `len` bytes (at most [`MAX_BLOCK`]) from `offset` on: fewer only at the end of the file,
    /// and none behind it.
    pub(crate) fn up_to(&mut self, offset: u64, len: u64) -> Walk<&[u8]> {
        let offset = offset.min(self.size);
        self.get(offset, len.min(self.size.saturating_sub(offset)))
    }

    /// `N` bytes by value.
    pub(crate) fn array<const N: usize>(&mut self, offset: u64) -> Walk<[u8; N]> {
        let data = self.get(offset, len64(N))?;
        data.first_chunk().copied().ok_or(Stop::End(offset))
    }

    /// Some bytes from `offset` on, at least one and none at or past `end`; empty only when
    /// `offset` has reached `end`. For walking a long stretch: call, use, move on by the length.
    pub(crate) fn fill(&mut self, offset: u64, end: u64) -> Walk<&[u8]> {
        if offset >= end {
            return Ok(&[]);
        }
        if offset >= self.size {
            return Err(Stop::End(end));
        }
        let data = self.available(offset, offset.saturating_add(1), false)?;
        let room = index(end.saturating_sub(offset));
        Ok(data.get(..room).unwrap_or(data))
    }

    /// Spends `steps` of the work that needs no reading; loops over tables call it.
    pub(crate) fn work(&mut self, steps: u64) -> Walk {
        self.work_left = self.work_left.checked_sub(steps).ok_or(Stop::Spent(Spent::Work))?;
        self.tick()
    }

    /// All that is at hand from `offset` on, up to `end` and beyond; little beyond it for a glance.
    fn available(&mut self, offset: u64, end: u64, glance: bool) -> Walk<&[u8]> {
        self.tick()?;
        if let Some(slice) = self.slice {
            return slice.get(index(offset)..).ok_or(Stop::End(end));
        }
        let held = self.pages.iter().position(|page| page.start <= offset && end <= page.end());
        let at = match held {
            Some(at) => at,
            None => self.load(offset, end, glance)?,
        };
        self.requests = self.requests.saturating_add(1);
        let page = self.pages.get_mut(at).ok_or(Stop::End(end))?;
        page.used = self.requests;
        let skip = index(offset.saturating_sub(page.start));
        page.buffer.get(skip..page.len).ok_or(Stop::End(end))
    }

    /// Reads a page that holds `offset..end` and returns its place in `pages`.
    fn load(&mut self, offset: u64, end: u64, glance: bool) -> Walk<usize> {
        let ahead = if glance {
            GLANCE_PAGE
        } else if self.pages.is_empty() {
            HEAD_PAGE
        } else if self.pages.iter().any(|page| page.start < offset && offset <= page.end()) {
            NEXT_PAGE
        } else {
            FAR_PAGE
        };
        let want = end.saturating_sub(offset).max(ahead).min(self.size.saturating_sub(offset));
        let oldest = self.pages.iter().enumerate().min_by_key(|(_, page)| page.used).map(|(at, _)| at);
        let (at, mut buffer) = match oldest {
            Some(at) if self.pages.len() >= PAGES => {
                (at, self.pages.get_mut(at).map(|page| std::mem::take(&mut page.buffer)).unwrap_or_default())
            }
            _ => {
                let buffer = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
                self.pages.push(Page { start: 0, len: 0, buffer: Vec::new(), used: 0 });
                (self.pages.len().saturating_sub(1), buffer)
            }
        };
        if buffer.len() < index(want) {
            buffer.resize(index(want), 0);
        }
        let read = self.read(offset, &mut buffer, want);
        let page = self.pages.get_mut(at).ok_or(Stop::End(end))?;
        page.buffer = buffer;
        page.start = offset;
        page.len = 0;
        page.len = index(read?);
        if page.end() < end {
            // The size said that these bytes exist.
            return Err(Stop::Io(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the file became shorter while it was read",
            )));
        }
        Ok(at)
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8], want: u64) -> Walk<u64> {
        let mut have = 0;
        while have < want {
            self.reads_left = self.reads_left.checked_sub(1).ok_or(Stop::Spent(Spent::Reads))?;
            let room = buffer.get_mut(index(have)..index(want)).unwrap_or_default();
            let n = match self.source.read_at(offset.saturating_add(have), room) {
                Ok(0) => break,
                Ok(n) => len64(n.min(room.len())),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Stop::Io(error)),
            };
            self.bytes_left = self.bytes_left.checked_sub(n).ok_or(Stop::Spent(Spent::Bytes))?;
            self.bytes_read = self.bytes_read.saturating_add(n);
            have = have.saturating_add(n);
        }
        Ok(have)
    }

    /// Looks at the clock and at the cancel flag now and then.
    fn tick(&mut self) -> Walk {
        self.until_clock = self.until_clock.saturating_sub(1);
        if self.until_clock > 0 {
            return Ok(());
        }
        self.until_clock = CLOCK_EVERY;
        if self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Stop::Spent(Spent::Cancelled));
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.until_clock = 1;
            return Err(Stop::Spent(Spent::Time));
        }
        Ok(())
    }
}

/// How many bytes may be read, and steps made, for so many bytes.
const fn generous(size: u64) -> u64 {
    size.saturating_mul(8)
}

impl Drop for Input<'_> {
    fn drop(&mut self) {
        if let Some(meter) = &self.meter {
            meter.fetch_add(self.bytes_read, Ordering::Relaxed);
        }
        SPARE.with_borrow_mut(|spare| {
            for page in self.pages.drain(..) {
                if spare.len() < PAGES && len64(page.buffer.len()) <= MAX_BLOCK {
                    spare.push(page.buffer);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte a call, so that every short read is seen.
    struct Drip(Vec<u8>);

    impl Source for Drip {
        fn size(&self) -> io::Result<u64> {
            Ok(len64(self.0.len()))
        }

        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
            let one = buf.len().min(1);
            self.0.as_slice().read_at(offset, &mut buf[..one])
        }
    }

    #[test]
    fn short_reads_are_completed() {
        let source = Drip((0..=255).collect());
        let mut input = Input::new(&source, &Budget::default()).unwrap();
        assert_eq!(input.get(10, 4).unwrap(), [10, 11, 12, 13]);
        assert_eq!(input.up_to(254, 100).unwrap(), [254, 255]);
        assert!(input.up_to(256, 100).unwrap().is_empty() && input.up_to(u64::MAX, 100).unwrap().is_empty());
        assert!(matches!(input.get(254, 3), Err(Stop::End(257))));
        assert!(matches!(input.get(u64::MAX, 2), Err(Stop::End(_))));
        assert_eq!(input.fill(250, 253).unwrap(), [250, 251, 252]);
        assert!(input.fill(256, 256).unwrap().is_empty());
        assert!(matches!(input.fill(256, 300), Err(Stop::End(300))));
    }

    #[test]
    fn a_spent_budget_is_its_own_answer() {
        let source = Drip(vec![0; 1000]);
        let budget = Budget { bytes: Some(10), ..Budget::default() };
        assert!(matches!(Input::new(&source, &budget).unwrap().get(0, 1), Err(Stop::Spent(Spent::Bytes))));
        let budget = Budget { reads: 10, ..Budget::default() };
        assert!(matches!(Input::new(&source, &budget).unwrap().get(0, 1), Err(Stop::Spent(Spent::Reads))));
        let budget = Budget { time: Some(Duration::ZERO), ..Budget::default() };
        assert!(matches!(Input::new(&source, &budget).unwrap().get(0, 1), Err(Stop::Spent(Spent::Time))));
        let cancel = Arc::new(AtomicBool::new(true));
        let budget = Budget { cancel: Some(cancel), ..Budget::default() };
        assert!(matches!(Input::new(&source, &budget).unwrap().get(0, 1), Err(Stop::Spent(Spent::Cancelled))));
    }

    #[test]
    fn work_without_reading_is_bounded_as_well() {
        let source = vec![0_u8; 100];
        let mut input = Input::new(&source, &Budget::default()).unwrap();
        let endless = (0..).try_for_each(|_: u64| input.work(1 << 16));
        assert!(matches!(endless, Err(Stop::Spent(Spent::Work))));
    }

    #[test]
    fn a_view_of_another_source_spends_the_same_budget() {
        let (source, other) = (Drip(vec![0; 100]), Drip(vec![0; 100]));
        let budget = Budget { bytes: Some(150), ..Budget::default() };
        let mut input = Input::new(&source, &budget).unwrap();
        input.get(0, 1).unwrap();
        input.grant(1000);
        let mut aside = input.aside(&other).unwrap();
        assert!(matches!(aside.get(0, 100), Err(Stop::Spent(Spent::Bytes))));
        input.settle(&aside);
        assert!(input.bytes_read() > 100);
        let mut input = Input::new(&source, &Budget { bytes: None, ..Budget::default() }).unwrap();
        let before = input.bytes_left;
        input.grant(10);
        assert_eq!(input.bytes_left, before.saturating_add(80));
    }

    #[test]
    fn pages_far_apart_are_kept() {
        let source = Drip(vec![7; 300_000]);
        let mut input = Input::new(&source, &Budget::default()).unwrap();
        for offset in [0, 299_990, 150_000, 0, 299_990, 150_000] {
            assert_eq!(input.get(offset, 2).unwrap(), [7, 7]);
        }
        let read = input.bytes_read();
        input.get(150_010, 1).unwrap();
        assert_eq!(input.bytes_read(), read, "a page that is held is not read again");
    }
}
