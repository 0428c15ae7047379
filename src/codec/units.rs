//! Streams of units: NAL units of H.264 and HEVC, with start codes (ITU-T H.264 and H.265, annex B)
//! or lengths before them (ISO/IEC 14496-15, clause 4.3.3), and what lies between the start codes of
//! MPEG-1, MPEG-2 and MPEG-4 Visual. The bytes come in pieces that end anywhere.

use std::ops::Range;

use super::log::Log;
use super::nal::{Breach, MAX_PADDING};
use super::payload::Framing;
use super::runs::{Run, Runs};
use crate::bytes::{index, len64};
use crate::defect::{Defect, Id};

/// So much of a parameter set is looked at. Real ones have a few dozen bytes, some a few hundred.
const SET_MAX: usize = 16 << 10;

/// How much of a unit a codec wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// So many bytes of its start.
    Start(usize),
    /// All of it, as far as that is reasonable.
    Whole,
}

impl Wanted {
    fn bytes(self) -> usize {
        match self {
            Self::Start(len) => len,
            Self::Whole => SET_MAX,
        }
    }
}

/// A unit, without start code or length.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    /// Where in the file it begins.
    pub(super) offset: u64,
    /// What was wanted of it. Behind a unit that is shorter there may be a part of the next start code.
    pub(super) bytes: &'a [u8],
}

/// What a decoder's configuration is.
#[derive(Debug)]
pub(super) enum Configuration {
    /// Units with start codes, as in the stream.
    Stream,
    /// A record with its units in lists.
    Lists(Record),
    /// Such a record, but broken.
    Broken,
}

/// A decoder's configuration that has its units in lists.
#[derive(Debug)]
pub(super) struct Record {
    /// Bytes before each unit of the stream that say how long it is.
    pub(super) length_size: u8,
    /// Where in the record the parameter sets are.
    pub(super) units: Vec<Range<u64>>,
}

/// What a codec makes of its units.
pub(super) trait Syntax: std::fmt::Debug + Send {
    /// How much of the unit that begins with `header` it wants to see.
    fn wanted(&self, header: u8) -> Wanted;

    /// Takes in a unit. Returns whether it has coded samples, so that the units with headers and
    /// parameter sets of the frame are over.
    fn judge(&mut self, unit: &Unit<'_>, log: &mut Log) -> bool;

    /// Units of the frame are passed over.
    fn skip(&mut self) {}

    /// What zeros and the byte behind them are within a unit.
    fn breach(&self, run: Run) -> Option<Breach> {
        Breach::of(run)
    }

    /// Tells which kind of configuration it is.
    fn configuration(&self, _record: &[u8]) -> Configuration {
        Configuration::Stream
    }

    /// The stream ends here, with all its frames if `whole`.
    fn finish(&mut self, _whole: bool, _log: &mut Log) {}
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// No unit: what comes before a start code.
    Outside,
    /// The length of a unit, as far as it was read.
    Length { read: u8, value: u64, start: u64 },
    /// A unit of which so many bytes are left, if its length is known.
    Inside { left: Option<u64> },
    /// Zeros that fill up a frame behind its units.
    Filling { zeros: u64, start: u64 },
    /// What follows a fault that hides where the units of the frame are.
    Lost,
}

/// A stream of units.
#[derive(Debug)]
pub(super) struct Units {
    syntax: Box<dyn Syntax>,
    framing: Framing,
    /// Whether every byte is looked at.
    full: bool,
    /// Whether frames come whole: the container has a configuration, so it knows them.
    framed: bool,
    place: Place,
    runs: Runs,
    unit: Current,
    frame: Extent,
}

/// The unit that is under way.
#[derive(Debug)]
struct Current {
    /// Where it begins.
    start: u64,
    /// Its first bytes, up to as many as are wanted.
    head: Vec<u8>,
    wanted: usize,
    /// How many bytes came already.
    seen: u64,
    judged: bool,
    breached: bool,
}

/// The frame that is under way.
#[derive(Debug, Default)]
struct Extent {
    /// Where it begins.
    start: u64,
    /// How many bytes came already.
    len: u64,
    has_units: bool,
    has_samples: bool,
}

impl Units {
    pub(super) fn new(syntax: Box<dyn Syntax>, full: bool) -> Self {
        Self {
            syntax,
            framing: Framing::Native,
            full,
            framed: false,
            place: Place::Outside,
            runs: Runs::default(),
            unit: Current { start: 0, head: Vec::new(), wanted: 0, seen: 0, judged: true, breached: false },
            frame: Extent::default(),
        }
    }

    /// Takes the decoder's configuration. What is wrong with it goes to `log`.
    pub(super) fn configure(&mut self, record: &[u8], offset: u64, log: &mut Log) {
        self.framed = true;
        match self.syntax.configuration(record) {
            Configuration::Lists(Record { length_size, units }) => {
                self.framing = Framing::Lengths(length_size);
                for unit in units {
                    let bytes = record.get(index(unit.start)..index(unit.end)).unwrap_or_default();
                    self.syntax.judge(&Unit { offset: offset.saturating_add(unit.start), bytes }, log);
                }
            }
            Configuration::Broken => log.note(Defect::at(Id::VideoConfigInvalid, offset)),
            Configuration::Stream => {
                self.framing = Framing::Native;
                self.place = Place::Outside;
                self.feed_stream(offset, record, log);
                self.end_unit(self.runs.pending(), log);
                self.place = Place::Outside;
            }
        }
    }

    pub(super) fn begin(&mut self, offset: u64) {
        self.frame = Extent { start: offset, ..Extent::default() };
        if let Framing::Lengths(_) = self.framing {
            self.place = Place::Length { read: 0, value: 0, start: offset };
        }
    }

    pub(super) fn feed(&mut self, offset: u64, piece: &[u8], log: &mut Log) {
        self.frame.len = self.frame.len.saturating_add(len64(piece.len()));
        match self.framing {
            Framing::Native => self.feed_stream(offset, piece, log),
            Framing::Lengths(size) => self.feed_units(size, offset, piece, log),
        }
    }

    pub(super) fn idle(&self) -> u64 {
        match self.place {
            Place::Lost => u64::MAX,
            Place::Inside { left: Some(left) } if !self.full && self.unit.judged => left,
            Place::Inside { left: None } | Place::Outside if !self.full && self.frame.has_samples => u64::MAX,
            _ => 0,
        }
    }

    pub(super) fn pass(&mut self, len: u64) {
        self.frame.len = self.frame.len.saturating_add(len);
        match self.place {
            Place::Inside { left: Some(left) } => {
                let left = left.saturating_sub(len);
                self.place = Place::Inside { left: Some(left) };
                if left == 0 {
                    let next = self.frame.start.saturating_add(self.frame.len);
                    self.place = Place::Length { read: 0, value: 0, start: next };
                }
            }
            Place::Inside { left: None } | Place::Outside => {
                self.place = Place::Outside;
                self.syntax.skip();
            }
            _ => {}
        }
        self.runs = Runs::default();
    }

    /// The frame ends here. With start codes its last unit may go on in the next one: packets need not
    /// hold whole frames.
    pub(super) fn end(&mut self, log: &mut Log) {
        match self.place {
            Place::Inside { left: Some(left) } => {
                let length = self.unit.seen.saturating_add(left);
                self.lose(self.unit.start, length, log);
            }
            Place::Length { read: 1.., value, start } if value > 0 => self.lose(start, value, log),
            Place::Inside { left: None } if self.framing != Framing::Native => {
                self.end_unit(self.runs.pending(), log);
            }
            _ => {}
        }
        // Frames without a picture are shorter than this.
        if self.framing == Framing::Native && self.framed && !self.frame.has_units && self.frame.len > 8 {
            log.note(Defect::at(Id::VideoFrameInvalid, self.frame.start));
        }
    }

    pub(super) fn finish(&mut self, whole: bool, log: &mut Log) {
        if self.place == (Place::Inside { left: None }) {
            self.end_unit(self.runs.pending(), log);
        }
        self.syntax.finish(whole, log);
    }

    /// Notes that the lengths do not add up to the frame.
    fn lose(&mut self, offset: u64, length: u64, log: &mut Log) {
        self.place = Place::Lost;
        log.note(Defect::at(Id::VideoUnitChainBroken, offset).with("length", length));
    }

    fn begin_unit(&mut self, offset: u64, left: Option<u64>) {
        self.place = Place::Inside { left };
        let mut head = std::mem::take(&mut self.unit.head);
        head.clear();
        self.unit = Current { start: offset, head, wanted: 1, seen: 0, judged: false, breached: false };
        self.frame.has_units = true;
        self.runs = Runs::default();
    }

    /// Takes in bytes that belong to the unit, or that may be the start of the next start code.
    fn push(&mut self, bytes: &[u8], log: &mut Log) {
        if self.unit.seen == 0
            && let Some(&header) = bytes.first()
        {
            self.unit.wanted = self.syntax.wanted(header).bytes();
        }
        self.unit.seen = self.unit.seen.saturating_add(len64(bytes.len()));
        if self.unit.judged {
            return;
        }
        let missing = self.unit.wanted.saturating_sub(self.unit.head.len());
        self.unit.head.extend_from_slice(bytes.get(..missing).unwrap_or(bytes));
        if self.unit.head.len() >= self.unit.wanted {
            self.judge(log);
        }
    }

    fn judge(&mut self, log: &mut Log) {
        self.unit.judged = true;
        let unit = Unit { offset: self.unit.start, bytes: &self.unit.head };
        self.frame.has_samples |= self.syntax.judge(&unit, log);
    }

    /// The unit ends here; the last `behind` bytes that were taken in do not belong to it.
    fn end_unit(&mut self, behind: u64, log: &mut Log) {
        let len = self.unit.seen.saturating_sub(behind);
        if !self.unit.judged && len > 0 {
            self.unit.head.truncate(index(len));
            self.judge(log);
        }
        self.unit.judged = true;
    }

    /// Units with start codes.
    fn feed_stream(&mut self, mut offset: u64, piece: &[u8], log: &mut Log) {
        let mut rest = piece;
        while !rest.is_empty() {
            let before = rest;
            let run = self.runs.next(&mut rest);
            let taken = before.len().saturating_sub(rest.len());
            offset = offset.saturating_add(len64(taken));
            let inside = matches!(self.place, Place::Inside { .. });
            if inside {
                self.push(before.get(..taken).unwrap_or(before), log);
            }
            let Some(run) = run else { break };
            if run.byte == 1 {
                if inside {
                    self.end_unit(run.zeros.saturating_add(1), log);
                }
                self.begin_unit(offset, None);
            } else if inside && self.full {
                self.note_breach(run, offset, log);
            }
        }
    }

    /// Units that have their length before them.
    fn feed_units(&mut self, size: u8, mut offset: u64, piece: &[u8], log: &mut Log) {
        let mut rest = piece;
        while !rest.is_empty() {
            match self.place {
                Place::Length { read, value, start } => {
                    let Some((&byte, behind)) = rest.split_first() else { break };
                    rest = behind;
                    offset = offset.saturating_add(1);
                    let value = value << 8 | u64::from(byte);
                    let read = read.saturating_add(1);
                    self.place = if read < size {
                        Place::Length { read, value, start }
                    } else if value == 0 {
                        Place::Filling { zeros: size.into(), start }
                    } else {
                        self.begin_frame_or_unit(size, value, offset, log)
                    };
                }
                Place::Inside { left: Some(left) } => {
                    let (unit, behind) = rest.split_at_checked(index(left)).unwrap_or((rest, &[]));
                    self.feed_unit(offset, unit, log);
                    rest = behind;
                    offset = offset.saturating_add(len64(unit.len()));
                    let left = left.saturating_sub(len64(unit.len()));
                    self.place = Place::Inside { left: Some(left) };
                    if left == 0 {
                        self.end_known_unit(offset, log);
                        self.place = Place::Length { read: 0, value: 0, start: offset };
                    }
                }
                Place::Filling { zeros, start } => {
                    let more = rest.iter().take_while(|byte| **byte == 0).count();
                    let zeros = zeros.saturating_add(len64(more));
                    self.place = Place::Filling { zeros, start };
                    rest = rest.get(more..).unwrap_or_default();
                    offset = offset.saturating_add(len64(more));
                    if zeros > MAX_PADDING || !rest.is_empty() {
                        self.lose(start, 0, log);
                    }
                }
                Place::Inside { left: None } | Place::Outside => {
                    self.feed_stream(offset, rest, log);
                    break;
                }
                Place::Lost => break,
            }
        }
    }

    /// Begins a unit of `length` bytes at byte `offset`. Some writers put start codes where the first
    /// length of a frame should be, which many decoders understand.
    fn begin_frame_or_unit(&mut self, size: u8, length: u64, offset: u64, log: &mut Log) -> Place {
        let start_code = size == 4 && length == 1 && !self.frame.has_units;
        if start_code {
            log.note(Defect::at(Id::VideoUnitStartCode, offset.saturating_sub(4)));
        }
        self.begin_unit(offset, (!start_code).then_some(length));
        self.place
    }

    fn feed_unit(&mut self, offset: u64, bytes: &[u8], log: &mut Log) {
        self.push(bytes, log);
        if !self.full || self.unit.breached {
            return;
        }
        let mut rest = bytes;
        while let Some(run) = self.runs.next(&mut rest) {
            let taken = bytes.len().saturating_sub(rest.len());
            self.note_breach(run, offset.saturating_add(len64(taken)), log);
        }
    }

    fn end_known_unit(&mut self, end: u64, log: &mut Log) {
        let zeros = self.runs.pending();
        if self.full && !self.unit.breached && zeros > MAX_PADDING {
            log.note(Defect::at(Id::VideoUnitForbiddenBytes, end.saturating_sub(zeros)));
        }
        self.end_unit(0, log);
    }

    /// Notes what a run that ends before byte `end` of the file says.
    fn note_breach(&mut self, run: Run, end: u64, log: &mut Log) {
        if self.unit.breached {
            return;
        }
        let offset = end.saturating_sub(run.zeros).saturating_sub(1);
        match self.syntax.breach(run) {
            None => {}
            Some(Breach::StartCode) => log.note(Defect::at(Id::VideoUnitStartCode, offset)),
            Some(Breach::Forbidden) => {
                self.unit.breached = true;
                log.note(Defect::at(Id::VideoUnitForbiddenBytes, offset));
            }
        }
    }
}
