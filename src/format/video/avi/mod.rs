//! AVI: Microsoft Multimedia Programming Interface 1.0 (RIFF), Microsoft's AVI RIFF File Reference,
//! and the OpenDML AVI File Format Extensions 1.02.
//!
//! Readers take the sizes of lists for hints: they go from chunk to chunk, and enter the lists they
//! know. So does this walk, which holds what the lists say against where their chunks really end.
//! A chunk without bytes stands for a frame that was dropped and is shown as the one before.

mod header;
mod index;

use crate::checker::Depth;
use crate::codec::payload;
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::riff::{self, Chunk};
use crate::format::{Head, Inspection};
use crate::input::Walk;
use header::Stream;
use index::OldIndex;

/// The end of a list whose size was never filled in.
const OPEN: u64 = u64::MAX;
/// No file nests lists deeper than RIFF, `movi` and `rec `; what is deeper is passed over.
const DEEPEST: usize = 6;
/// Chunks are named with two digits.
const MAX_STREAMS: usize = 100;
/// At header depth so many chunks are visited in all …
const VISITS: u32 = 512;
/// … so many of them among the frames, no farther than this into them …
const FRAMES_VISITED: u32 = 64;
const FRAMES_REACH: u64 = 256 << 10;
/// … and so much is seen of a frame.
const GLIMPSE: u64 = 64 << 10;
/// Writers disagree about whether the size of a RIFF counts its own header.
const RIFF_SLACK: u64 = 8;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    // A later RIFF chunk of a cut file is `AVIX`; some DV software writes the form type with 0x19.
    head.has(0, b"RIFF") && [b"AVI ", b"AVIX", b"AVI\x19"].iter().any(|form| head.has(8, *form))
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let mut walker = Walker {
        size: cx.input.size(),
        cx,
        at: 0,
        lists: Vec::new(),
        main: None,
        streams: Vec::new(),
        media: None,
        movi: (0, 0),
        index: None,
        index_seen: false,
        whole: true,
        ends_early: false,
        padding: Padding::default(),
    };
    let end = walker.file();
    walker.conclude();
    end?;
    walker.judge()
}

/// A list whose chunks are being walked.
struct List {
    kind: [u8; 4],
    offset: u64,
    /// Where it ends by its header.
    end: u64,
}

/// What the walk is for in an innermost list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the frames, or in a list of headers.
    Headers,
    /// Among the frames.
    Frames,
    /// Behind them.
    Behind,
}

/// `avih`: the main header.
#[derive(Clone, Copy)]
struct MainHeader {
    /// Whether it says that there is an index.
    indexed: bool,
    width: u32,
    height: u32,
    /// How long the first RIFF lasts.
    seconds: f64,
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    size: u64,
    at: u64,
    /// The lists that are open, the outermost first.
    lists: Vec<List>,
    main: Option<MainHeader>,
    streams: Vec<Stream>,
    /// The first list of frames: the offset of its type, which offsets in `idx1` count from.
    media: Option<u64>,
    /// The last list of frames: where it is and where it ends by its header.
    movi: (u64, u64),
    index: Option<OldIndex>,
    index_seen: bool,
    /// Whether every chunk was found where it should be, up to the end.
    whole: bool,
    /// Whether the recording broke off or the file ends behind the frames, so that no index can be
    /// expected.
    ends_early: bool,
    padding: Padding,
}

/// How the chunks are padded to even lengths.
#[derive(Default)]
struct Padding {
    /// Whether the last chunk takes a byte of padding.
    due: bool,
    /// Whether some chunk has it.
    given: bool,
    /// Where the first chunk is that begins where the padding should be.
    missing: Option<u64>,
}

impl Walker<'_, '_, '_> {
    fn file(&mut self) -> Walk {
        let mut visits = 0_u32;
        while let Some(chunk) = self.next()? {
            visits = visits.saturating_add(1);
            if self.cx.depth == Depth::Header && visits > VISITS {
                return Ok(());
            }
            self.cx.input.work(1)?;
            match &chunk.code {
                b"RIFF" => {
                    if !self.riff(&chunk)? {
                        break;
                    }
                }
                b"LIST" => self.list(&chunk)?,
                b"idx1" => {
                    self.leave_for(&chunk);
                    self.index_seen = true;
                    self.pass(&chunk)?;
                }
                _ => match data_of(&chunk) {
                    Some(number) if self.media.is_some() => self.data(&chunk, number)?,
                    _ => {
                        self.header_chunk(&chunk)?;
                        self.pass(&chunk)?;
                    }
                },
            }
        }
        self.ended();
        Ok(())
    }

    /// The next chunk, wherever it is.
    fn next(&mut self) -> Walk<Option<Chunk>> {
        loop {
            while self.lists.last().is_some_and(|list| list.end <= self.at) {
                self.lists.pop();
            }
            let padding_due = std::mem::take(&mut self.padding.due);
            if self.at.saturating_add(riff::HEADER) > self.size {
                return Ok(None);
            }
            let chunk = Chunk::at(self.cx.input, self.at)?;
            if self.is_chunk(&chunk) {
                self.padding.given |= padding_due;
                return Ok(Some(chunk));
            }
            if padding_due {
                let before = Chunk::at(self.cx.input, self.at.saturating_sub(1))?;
                if self.is_chunk(&before) {
                    self.padding.missing.get_or_insert(before.offset);
                    self.at = before.offset;
                    return Ok(Some(before));
                }
            }
            if !self.lost()? {
                return Ok(None);
            }
        }
    }

    /// Whether that can be a chunk where the walk is.
    fn is_chunk(&self, chunk: &Chunk) -> bool {
        let [first, rest @ ..] = &chunk.code;
        let named = first.is_ascii_alphanumeric()
            && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_'));
        if !named || self.place() != Place::Frames {
            return named;
        }
        let known = matches!(&chunk.code, b"LIST" | b"RIFF" | b"idx1") || data_of(chunk).is_some();
        known || chunk.end() <= self.bound().min(self.size)
    }

    fn place(&self) -> Place {
        match self.lists.last() {
            Some(list) if matches!(&list.kind, b"movi" | b"rec ") => Place::Frames,
            None | Some(List { kind: [b'R', b'I', b'F', b'F'], .. }) if self.media.is_some() => Place::Behind,
            _ => Place::Headers,
        }
    }

    /// Where the innermost list ends.
    fn bound(&self) -> u64 {
        self.lists.last().map_or(OPEN, |list| list.end)
    }

    /// There is no chunk where one should begin. Says whether the walk can go on behind a list.
    fn lost(&mut self) -> Walk<bool> {
        let (from, place) = (self.at, self.place());
        let mut resume = None;
        while let Some(list) = self.lists.pop() {
            if list.end.saturating_add(riff::HEADER) <= self.size {
                let chunk = Chunk::at(self.cx.input, list.end)?;
                if self.is_chunk(&chunk) {
                    resume = Some(list.end);
                    break;
                }
            }
        }
        let bytes = resume.unwrap_or(self.size).saturating_sub(from);
        if place == Place::Behind {
            self.cx.note(Defect::at(Id::AviTrailingData, from).with("bytes", bytes));
        } else {
            self.whole = false;
            self.cx.note(Defect::at(Id::AviChainBroken, from));
        }
        self.at = resume.unwrap_or(self.size);
        Ok(resume.is_some())
    }

    /// Goes on behind `chunk`, if it ends where it can.
    fn pass(&mut self, chunk: &Chunk) -> Walk {
        let (end, bound) = (chunk.end(), self.bound());
        self.padding.due = chunk.size & 1 != 0;
        self.at = chunk.next();
        if end <= self.size && end <= bound.saturating_add(1) {
            return Ok(());
        }
        if end > self.size && bound > self.size {
            self.cut(chunk);
            return Ok(());
        }
        // Nobody looks at the size of the RIFF; that of another list is wrong if the chain goes on.
        let wrong_list = end <= self.size && (self.lists.len() == 1 || self.goes_on(chunk.next())?);
        if wrong_list {
            while let Some(list) = self.lists.pop_if(|list| list.end < end) {
                self.list_size_wrong(&list, end);
            }
        } else {
            self.whole = false;
            let bytes = end.saturating_sub(bound);
            self.note_in(chunk, Defect::at(Id::AviChunkOverrun, chunk.offset).with("bytes", bytes));
            self.padding.due = false;
            self.at = bound;
        }
        Ok(())
    }

    /// Whether a chunk begins at `at`, or the file ends there.
    fn goes_on(&mut self, at: u64) -> Walk<bool> {
        if at.saturating_add(riff::HEADER) > self.size {
            return Ok(true);
        }
        let chunk = Chunk::at(self.cx.input, at)?;
        Ok(self.is_chunk(&chunk))
    }

    fn note_in(&mut self, chunk: &Chunk, defect: Defect) {
        self.cx.note(defect.with("chunk", chunk.name()));
    }

    /// Notes that the size of `list` is not the one that its chunks come to.
    fn list_size_wrong(&mut self, list: &List, end: u64) {
        let id = if &list.kind == b"RIFF" { Id::AviRiffSizeWrong } else { Id::AviListSizeWrong };
        let defect = Defect::at(id, list.offset).with("list", name_of(list.kind)).with("end", list.end);
        self.cx.note(defect.with("reached", end));
    }

    /// The file ends inside `chunk`.
    fn cut(&mut self, chunk: &Chunk) {
        let stated = self.lists.iter().map(|list| list.end).filter(|end| *end != OPEN).max().unwrap_or_default();
        let missing = stated.max(chunk.end()).saturating_sub(self.size);
        let id = if self.place() == Place::Behind { Id::AviEndMissing } else { Id::AviTruncated };
        self.whole &= id == Id::AviEndMissing;
        self.ends_early = true;
        self.cx.note(Defect::at(id, self.size).with("missing", missing).within(chunk.name()));
        self.lists.clear();
        self.at = self.size;
    }

    /// The file ends where a chunk could begin.
    fn ended(&mut self) {
        let at = self.size;
        match self.padding.missing {
            // A writer that pads does so always: a byte was lost.
            Some(offset) if self.padding.given => {
                self.whole = false;
                self.cx.note(Defect::at(Id::AviChainBroken, offset));
            }
            Some(offset) => self.cx.note(Defect::at(Id::AviPaddingMissing, offset)),
            None => {}
        }
        let left = |list: &List| if list.end == OPEN { 0 } else { list.end.saturating_sub(at) };
        let inner = self.lists.iter().filter(|list| &list.kind != b"RIFF").map(left).max().unwrap_or_default();
        let outer = self.lists.iter().map(left).max().unwrap_or_default();
        // Less than the header of a chunk, in a list that has no end.
        let begun = self.place() == Place::Frames && self.at < self.size && self.bound() == OPEN;
        if inner > 1 || outer > 1 && self.media.is_none() || begun {
            self.whole = false;
            self.cx.note(Defect::at(Id::AviTruncated, at).with("missing", inner.max(outer).max(1)));
        } else if outer > RIFF_SLACK || outer > 1 && !self.index_seen {
            self.ends_early = true;
            self.cx.note(Defect::at(Id::AviEndMissing, at).with("missing", outer));
        }
    }

    /// A RIFF begins. Says whether it is one of an AVI file.
    fn riff(&mut self, chunk: &Chunk) -> Walk<bool> {
        if chunk.offset > 0 && self.cx.input.up_to(chunk.body(), 4)? != b"AVIX" {
            let bytes = self.size.saturating_sub(chunk.offset);
            self.cx.note(Defect::at(Id::AviTrailingData, chunk.offset).with("bytes", bytes));
            return Ok(false);
        }
        self.lists.clear();
        self.open(chunk, *b"RIFF");
        Ok(true)
    }

    /// Opens the list that `chunk` is.
    fn open(&mut self, chunk: &Chunk, kind: [u8; 4]) {
        let mut list = List { kind, offset: chunk.offset, end: chunk.end() };
        self.at = chunk.body().saturating_add(4);
        if chunk.size < 4 || chunk.size == u64::from(u32::MAX) {
            match &kind {
                b"movi" => self.unfinished(chunk.offset),
                _ => self.list_size_wrong(&list, self.size),
            }
            list.end = OPEN;
        }
        self.lists.push(list);
    }

    /// The list of frames at `offset` goes on where it should have ended.
    fn unfinished(&mut self, offset: u64) {
        self.ends_early = true;
        self.cx.note(Defect::at(Id::AviUnfinished, offset));
    }

    /// A list begins.
    fn list(&mut self, chunk: &Chunk) -> Walk {
        let kind = match self.cx.input.up_to(chunk.body(), 4)? {
            &[a, b, c, d] => [a, b, c, d],
            _ => [0; 4],
        };
        match &kind {
            b"movi" => {
                self.leave_for(chunk);
                if self.lists.len() < DEEPEST {
                    return self.movi(chunk);
                }
            }
            b"hdrl" | b"strl" | b"odml" | b"rec " if self.lists.len() < DEEPEST => {
                self.open(chunk, kind);
                return Ok(());
            }
            _ => {}
        }
        self.pass(chunk)
    }

    /// Leaves the lists that cannot hold `chunk`, which belongs directly into the RIFF.
    fn leave_for(&mut self, chunk: &Chunk) {
        while let Some(list) = self.lists.pop_if(|list| &list.kind != b"RIFF") {
            if list.end != OPEN && list.end > chunk.offset.saturating_add(1) {
                self.list_size_wrong(&list, chunk.offset);
            }
        }
    }

    /// The frames begin.
    fn movi(&mut self, chunk: &Chunk) -> Walk {
        let first = self.media.is_none();
        self.media.get_or_insert(chunk.body());
        self.movi = (chunk.offset, chunk.end());
        if self.cx.depth == Depth::Header {
            if first {
                self.glimpse(chunk)?;
            }
            if chunk.size >= 4 && chunk.end() <= self.size {
                return self.pass(chunk);
            }
            self.open(chunk, *b"movi");
            self.at = self.size;
            return Ok(());
        }
        self.open(chunk, *b"movi");
        if first && self.bound() != OPEN {
            self.index = OldIndex::find(self.cx.input, chunk)?;
        }
        Ok(())
    }

    /// Looks at the first frame of each video stream, for what it says of the picture.
    fn glimpse(&mut self, movi: &Chunk) -> Walk {
        let mut at = movi.body().saturating_add(4);
        let reach = at.saturating_add(FRAMES_REACH).min(self.size);
        for _ in 0..FRAMES_VISITED {
            if at.saturating_add(riff::HEADER) > reach || self.streams.iter().all(|stream| !stream.awaits_picture()) {
                break;
            }
            let chunk = Chunk::at(self.cx.input, at)?;
            let stream = data_of(&chunk).and_then(|number| self.streams.get_mut(number));
            match stream {
                Some(stream) if stream.awaits_picture() && is_frame(&chunk) && chunk.size > 0 => {
                    let frame = self.cx.input.up_to(chunk.body(), chunk.size.min(GLIMPSE))?;
                    stream.glimpse(chunk.body(), frame, chunk.size);
                }
                _ => {}
            }
            at = if &chunk.code == b"LIST" { chunk.body().saturating_add(4) } else { chunk.next() };
        }
        Ok(())
    }

    /// A chunk of stream `number`.
    fn data(&mut self, chunk: &Chunk, number: usize) -> Walk {
        if self.place() != Place::Frames {
            if self.cx.depth == Depth::Header {
                self.lists.clear();
                self.at = self.size;
                return Ok(());
            }
            // The list was left because its size says so, and there are more frames.
            let movi = List { kind: *b"movi", offset: self.movi.0, end: self.movi.1 };
            if movi.end == movi.offset.saturating_add(riff::HEADER).saturating_add(4) {
                self.unfinished(movi.offset);
            } else if self.whole {
                self.list_size_wrong(&movi, chunk.end());
            }
            self.lists.push(List { end: OPEN, ..movi });
        }
        let complete = chunk.end() <= self.size && chunk.end() <= self.bound().saturating_add(1);
        if complete {
            if let Some(index) = &mut self.index {
                index.meet(self.cx.input, chunk)?;
            }
            let streams = self.streams.len();
            match self.streams.get_mut(number) {
                Some(stream) if is_frame(chunk) => {
                    stream.count(chunk);
                    if let Some(payload) = stream.payload.as_mut().filter(|_| chunk.size > 0) {
                        payload::show(payload, self.cx.input, chunk.body()..chunk.end())?;
                        for fault in payload.take_faults() {
                            self.cx.defects.note(fault.within(format!("track {number}")));
                        }
                    }
                }
                None if streams > 0 => {
                    let defect = Defect::at(Id::AviStreamUnknown, chunk.offset).with("streams", streams);
                    self.note_in(chunk, defect);
                }
                _ => {}
            }
        }
        self.pass(chunk)
    }

    /// Sets the facts.
    fn conclude(&mut self) {
        let counted = self.whole && self.cx.depth > Depth::Header && self.media.is_some();
        let main = self.main;
        let facts = self.cx.video();
        for stream in &mut self.streams {
            if let Some(seconds) = stream.seconds(counted) {
                facts.last_at_least(seconds);
            }
            facts.tracks.push(stream.conclude(main.map(|main| (main.width, main.height)), counted));
        }
        if let Some(main) = main.filter(|main| facts.duration_s.is_none() && main.seconds > 0.0) {
            facts.last_at_least(main.seconds);
        }
        facts.summarise();
    }

    /// Holds against each other what the parts of the file say.
    fn judge(&mut self) -> Walk {
        if self.streams.is_empty() {
            self.cx.note(Defect::at(Id::AviHeaderMissing, self.media.unwrap_or(self.size)));
        }
        self.judge_headers();
        let Some(media) = self.media else {
            if self.whole {
                self.cx.note(Defect::at(Id::AviMediaMissing, self.size));
            }
            return Ok(());
        };
        if self.cx.depth == Depth::Header {
            return Ok(());
        }
        let mut streams = std::mem::take(&mut self.streams);
        for (number, stream) in streams.iter_mut().enumerate() {
            if let Some(payload) = &mut stream.payload {
                payload.finish(self.whole);
                for fault in payload.take_faults() {
                    self.cx.defects.note(fault.within(format!("track {number}")));
                }
            }
        }
        if !self.whole {
            return Ok(());
        }
        let mut covered = false;
        if let Some(mut index) = self.index.take() {
            index.close(self.cx.input)?;
            covered = index.is_complete();
            if let Some(defect) = index.defect() {
                self.cx.note(defect);
            }
        }
        let mut open_index = false;
        for (number, stream) in streams.iter().enumerate() {
            open_index |= stream.index.is_some();
            self.open_index(number, stream)?;
        }
        if !self.whole {
            return Ok(());
        }
        if !self.index_seen && !open_index && !self.ends_early && self.main.is_some_and(|main| main.indexed) {
            self.cx.note(Defect::at(Id::AviIndexMissing, self.size));
        }
        for (number, stream) in streams.iter().enumerate() {
            self.judge_length(number, stream, covered, media);
        }
        Ok(())
    }

    /// Holds the number of frames against what the headers say.
    fn judge_length(&mut self, number: usize, stream: &Stream, covered: bool, media: u64) {
        let (there, stated) = (stream.chunks, stream.stated());
        if stream.facts.kind != TrackKind::Video {
            return;
        }
        let place = format!("track {number}");
        let apart = |more: u64, less: u64| less.saturating_add(2).saturating_add(more / 32) < more;
        if there == 0 {
            self.cx.note(Defect::at(Id::AviNoFrames, media).within(place));
        } else if stated > 0 && (apart(stated, there) || apart(there, stated)) {
            let missing = there < stated && !covered;
            let id = if missing { Id::AviFramesMissing } else { Id::AviLengthWrong };
            self.cx.note(Defect::at(id, stream.offset).with("frames", there).with("stated", stated).within(place));
        }
    }
}

/// The stream that `chunk` belongs to, if its code is one of a stream.
fn data_of(chunk: &Chunk) -> Option<usize> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] = chunk.code else {
        return None;
    };
    let digit = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    Some(digit(tens).saturating_mul(10).saturating_add(digit(ones)))
}

/// Whether a chunk of a stream holds media, rather than a change of palette or an index.
fn is_frame(chunk: &Chunk) -> bool {
    let [_, _, kind @ ..] = chunk.code;
    !matches!(&kind, b"pc" | b"ix")
}

/// A code as text.
fn name_of(code: [u8; 4]) -> String {
    code.escape_ascii().to_string().trim_end().to_owned()
}
