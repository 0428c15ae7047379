//! Ogg (RFC 3533): pages, each with a checksum, that carry the packets of several streams.
//!
//! Every stream begins with a page that is marked so and ends with one that is marked so. The first
//! packet of a stream says what it is; how long it lasts follows from the position that its last page
//! states.

mod page;
mod stream;

use crate::bytes::len64;
use crate::checker::Depth;
use crate::codec::payload::{self, Payload};
use crate::codec::{Codec, Sort};
use crate::defect::{Defect, Id};
use crate::format::{Head, Inspection};
use crate::input::Walk;
use page::{CAPTURE_PATTERN, Flaw, Page, Part};
use stream::Clock;

/// At header depth the first pages are looked at up to here.
const HEADER_REACH: u64 = 256 << 10;
/// At header depth the last pages are looked for in steps of this length …
const STEP: u64 = 128 << 10;
/// … and no farther from the end than this.
const TAIL_REACH: u64 = 512 << 10;
/// Streams that are told apart; further ones are passed over.
const MAX_STREAMS: usize = 256;
/// The longest first packet that is looked at.
const MAX_FIRST_PACKET: u64 = 4096;
/// As much of a packet as it takes to tell a header from a frame.
const PACKET_HEAD: u64 = 8;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, b"OggS\0")
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let mut walker = Walker { cx, streams: Vec::new(), beginnings_over: false, links: 0, elapsed: 0.0, whole: true };
    walker.walk()?;
    walker.finish();
    Ok(())
}

/// A stream while its pages go by.
struct Stream {
    serial: u32,
    /// Where its facts are among the tracks; none if it is of a later link of a chain.
    track: Option<usize>,
    clock: Clock,
    payload: Option<(Codec, Payload)>,
    next_sequence: u32,
    /// Whether its packet goes on in the next page, and whether that is shown to the watch.
    open: bool,
    shown: bool,
    frames: u64,
    /// The position before its first frame, in frames.
    first_frame: Option<u64>,
    /// The position of its last page.
    granule: Option<u64>,
    ended: bool,
}

impl Stream {
    fn place(&self) -> String {
        format!("track {}", self.serial)
    }

    /// Takes in what a page has of a packet.
    fn part(&mut self, cx: &mut Inspection<'_, '_>, part: Part) -> Walk {
        let Some((codec, watch)) = &mut self.payload else {
            return Ok(());
        };
        let begins = !self.open;
        self.open = !part.last;
        let mut at = part.start;
        if begins {
            let len = part.end.saturating_sub(at).min(PACKET_HEAD);
            let data = stream::coded_data(*codec, cx.input.get(at, len)?);
            self.shown = data.is_some();
            at = at.saturating_add(data.unwrap_or_default()).min(part.end);
            if self.shown {
                watch.begin(at);
            }
        }
        if !self.shown {
            return Ok(());
        }
        payload::show_part(watch, cx.input, at..part.end)?;
        if part.last {
            self.frames = self.frames.saturating_add(1);
            watch.end();
            for fault in watch.take_faults() {
                cx.note(fault.within(format!("track {}", self.serial)));
            }
        }
        Ok(())
    }

    /// Takes down a position.
    fn reach(&mut self, page: &Page) {
        let Some(granule) = page.granule.filter(|granule| *granule > 0) else {
            return;
        };
        if self.first_frame.is_none() {
            let frames = self.clock.frames(granule);
            self.first_frame = frames.map(|frames| frames.saturating_sub(page.packets()));
        }
        self.granule = Some(granule);
    }

    /// When its first frame is shown.
    fn start(&self) -> Option<f64> {
        self.clock.time_of_frames(self.first_frame?)
    }

    /// When its last frame or sample ends.
    fn end(&self) -> Option<f64> {
        self.clock.time(self.granule?)
    }
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    /// The streams of the current link of the chain.
    streams: Vec<Stream>,
    /// Whether pages with content have come: all streams have begun by then.
    beginnings_over: bool,
    /// How many files in a row were found to be joined so far, but for the first.
    links: u32,
    /// How long the earlier links last.
    elapsed: f64,
    whole: bool,
}

impl Walker<'_, '_, '_> {
    fn walk(&mut self) -> Walk {
        let size = self.cx.input.size();
        let mut at = 0;
        while at < size {
            self.cx.input.work(1)?;
            match Page::read(self.cx.input, at)? {
                Ok(page) => {
                    self.page(&page)?;
                    at = page.end;
                }
                Err(flaw) => match self.lost(at, flaw)? {
                    Some(next) => at = next,
                    None => break,
                },
            }
            if self.cx.depth == Depth::Header && (self.knows_enough() || at > HEADER_REACH) {
                return self.last_pages();
            }
        }
        Ok(())
    }

    /// At header depth: whether all streams are known, and where the pictures start.
    fn knows_enough(&self) -> bool {
        let moving = self.streams.iter().find(|stream| stream.clock.time_of_frames(1).is_some());
        self.beginnings_over && moving.is_none_or(|stream| stream.granule.is_some())
    }

    fn page(&mut self, page: &Page) -> Walk {
        if self.cx.depth == Depth::Full && !page.is_sound(self.cx.input)? {
            self.cx.note(Defect::at(Id::OggChecksumWrong, page.start).with("page", page.sequence));
        }
        if page.begins_stream() {
            self.begin(page)?;
        }
        let Some(at) = self.streams.iter().position(|stream| stream.serial == page.serial) else {
            self.cx.note(Defect::at(Id::OggStreamUndeclared, page.start).with("serial", page.serial));
            return Ok(());
        };
        self.beginnings_over |= !page.begins_stream();
        let Some(stream) = self.streams.get_mut(at) else {
            return Ok(());
        };
        if page.sequence != stream.next_sequence {
            let defect = Defect::at(Id::OggPageMissing, page.start).within(stream.place());
            self.cx.note(defect.with("expected", stream.next_sequence).with("page", page.sequence));
            stream.open = false;
        }
        stream.next_sequence = page.sequence.wrapping_add(1);
        stream.ended |= page.ends_stream();
        stream.reach(page);
        if self.cx.depth > Depth::Header {
            // The end of a packet that was begun in a page that is not there is of no use.
            let orphan = page.continues_packet() && !stream.open;
            stream.open &= page.continues_packet();
            for part in page.parts().skip(orphan.into()) {
                stream.part(self.cx, part)?;
            }
        }
        Ok(())
    }

    /// The first page of a stream.
    fn begin(&mut self, page: &Page) -> Walk {
        if self.beginnings_over {
            self.next_link(page);
        }
        if self.streams.len() >= MAX_STREAMS || self.streams.iter().any(|stream| stream.serial == page.serial) {
            return Ok(());
        }
        let first = page.parts().next().map_or(page.body..page.body, |part| part.start..part.end);
        let len = first.end.saturating_sub(first.start).min(MAX_FIRST_PACKET);
        let packet = self.cx.input.get(first.start, len)?;
        let mut clock = Clock::None;
        let mut track = None;
        let mut payload = None;
        match stream::describe(packet, page.serial) {
            Some(described) => {
                clock = described.clock;
                let coding = described.facts.coding.filter(|codec| codec.sort() == Sort::Video);
                payload = coding.map(|codec| (codec, Payload::new(codec, self.cx.depth)));
                if self.links == 0 {
                    let tracks = &mut self.cx.video().tracks;
                    track = Some(tracks.len());
                    tracks.push(described.facts);
                }
            }
            None => self.cx.note(Defect::at(Id::OggHeaderMalformed, first.start).with("serial", page.serial)),
        }
        self.streams.push(Stream {
            serial: page.serial,
            track,
            clock,
            payload,
            next_sequence: page.sequence,
            open: false,
            shown: false,
            frames: 0,
            first_frame: None,
            granule: None,
            ended: false,
        });
        Ok(())
    }

    /// Another Ogg file begins behind the last page of the one before (RFC 3533, clause 4).
    fn next_link(&mut self, page: &Page) {
        if self.links == 0 {
            let bytes = self.cx.input.size().saturating_sub(page.start);
            self.cx.note(Defect::at(Id::OggChained, page.start).with("bytes", bytes));
        }
        self.end_link();
        self.links = self.links.saturating_add(1);
        self.beginnings_over = false;
    }

    /// All streams of a link are over.
    fn end_link(&mut self) {
        self.elapsed += self.lasts().unwrap_or_default();
        for mut stream in std::mem::take(&mut self.streams) {
            if let Some((_, payload)) = &mut stream.payload {
                payload.finish(self.whole && stream.ended);
                for fault in payload.take_faults() {
                    self.cx.note(fault.within(format!("track {}", stream.serial)));
                }
            }
            if self.cx.depth == Depth::Header {
                continue;
            }
            if self.whole && !stream.ended {
                self.cx.note(Defect::at(Id::OggEndMissing, self.cx.input.size()).within(stream.place()));
            }
            if self.whole && stream.payload.is_some() && stream.frames == 0 {
                self.cx.note(Defect::new(Id::OggFramesMissing).within(stream.place()));
            }
            let tracks = &mut self.cx.video().tracks;
            if let Some(facts) = stream.track.and_then(|at| tracks.get_mut(at)) {
                facts.frames = stream.payload.is_some().then_some(stream.frames);
                facts.duration_s = stream.end();
            }
        }
    }

    /// How long the current link lasts: to the end of its longest stream.
    fn lasts(&self) -> Option<f64> {
        let start = self.streams.iter().find_map(Stream::start).unwrap_or_default();
        let end = self.streams.iter().filter_map(Stream::end).reduce(f64::max)?;
        Some((end - start).max(0.0))
    }

    /// At `at` there is no page: goes on at the next one.
    fn lost(&mut self, at: u64, flaw: Flaw) -> Walk<Option<u64>> {
        let next = self.next_page(at.saturating_add(1))?;
        let ended = !self.streams.is_empty() && self.streams.iter().all(|stream| stream.ended);
        let size = self.cx.input.size();
        let skipped = next.unwrap_or(size).saturating_sub(at);
        let id = match (next, flaw) {
            (None, _) if ended => Id::OggTrailingData,
            (None, Flaw::Cut) => Id::OggTruncated,
            _ => Id::OggSyncLost,
        };
        self.whole &= id == Id::OggTrailingData;
        let offset = if id == Id::OggTruncated { size } else { at };
        self.cx.note(Defect::at(id, offset).with("bytes", skipped));
        Ok(next)
    }

    /// The next place from `from` on at which there is a whole page.
    fn next_page(&mut self, from: u64) -> Walk<Option<u64>> {
        let size = self.cx.input.size();
        let end = if self.cx.depth == Depth::Header { size.min(from.saturating_add(HEADER_REACH)) } else { size };
        let [first, ..] = *CAPTURE_PATTERN;
        let mut at = from;
        while at < end {
            let piece = self.cx.input.fill(at, end)?;
            let skip = piece.iter().position(|byte| *byte == first).unwrap_or(piece.len());
            let candidate = piece.get(skip..).is_some_and(|rest| rest.starts_with(CAPTURE_PATTERN) || rest.len() < 4);
            let none = skip == piece.len();
            at = at.saturating_add(len64(skip));
            if none {
                continue;
            }
            if candidate && Page::read(self.cx.input, at)?.is_ok() {
                return Ok(Some(at));
            }
            at = at.saturating_add(1);
        }
        Ok(None)
    }

    /// Looks for the last position of every stream from the end of the file.
    fn last_pages(&mut self) -> Walk {
        let size = self.cx.input.size();
        let mut wanted: Vec<u32> =
            self.streams.iter().filter(|stream| stream.clock != Clock::None).map(|stream| stream.serial).collect();
        let lowest = size.saturating_sub(TAIL_REACH);
        let mut page_found = false;
        let mut end = size;
        while end > lowest && !wanted.is_empty() {
            let start = end.saturating_sub(STEP).max(lowest);
            let window = self.cx.input.up_to(start, end.saturating_sub(start).saturating_add(3))?;
            let found = window.windows(4).enumerate().rev().filter(|(_, bytes)| *bytes == CAPTURE_PATTERN);
            let candidates: Vec<u64> = found.map(|(at, _)| start.saturating_add(len64(at))).collect();
            for at in candidates {
                let page = match Page::read(self.cx.input, at)? {
                    Ok(page) => page,
                    Err(Flaw::Cut) if !page_found => {
                        let bytes = size.saturating_sub(at);
                        self.cx.note(Defect::at(Id::OggTruncated, size).with("bytes", bytes));
                        continue;
                    }
                    Err(_) => continue,
                };
                page_found = true;
                let Some(granule) = page.granule else {
                    continue;
                };
                if let Some(place) = wanted.iter().position(|serial| *serial == page.serial) {
                    wanted.swap_remove(place);
                    if let Some(stream) = self.streams.iter_mut().find(|stream| stream.serial == page.serial) {
                        stream.granule = Some(granule);
                    }
                }
            }
            end = start;
        }
        Ok(())
    }

    fn finish(&mut self) {
        let lasts = self.lasts();
        self.end_link();
        let (elapsed, links) = (self.elapsed, self.links);
        let facts = self.cx.video();
        if lasts.is_some() || links > 0 {
            facts.last_at_least(elapsed);
        }
        facts.summarise();
    }
}
