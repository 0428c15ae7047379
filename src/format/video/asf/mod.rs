//! ASF: Windows Media (Microsoft, Advanced Systems Format Specification, revision 01.20.03).
//!
//! A header object with all that is known of the streams, a data object made of packets of one size,
//! and indexes that players do without. At header depth only the header is read, at structure depth
//! the payloads of every packet are put together again; at full depth their bytes are looked at too.

mod header;
mod packet;

use self::header::{Header, Stream};
use self::packet::{Pace, Payloads};
use crate::bytes::{Cursor, Endian, u64_at};
use crate::checker::Depth;
use crate::codec::payload::Payload;
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::{Head, Inspection};
use crate::input::{Input, MAX_BLOCK, Walk};

type Guid = [u8; 16];

const HEADER_OBJECT: Guid = *b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
const DATA_OBJECT: Guid = *b"\x36\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";

/// The identifier and the size that every object begins with (clause 2.1).
const OBJECT: u64 = 24;
/// The part of the data object before its packets (clause 5.1).
const DATA_HEAD: u64 = 50;
/// A difference up to this between the stated and the found duration is of no importance: a second,
/// and a twentieth of the whole.
const SLACK_S: f64 = 1.0;
const SLACK: f64 = 0.05;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, &HEADER_OBJECT)
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let Some(mut header) = header::read(cx)? else {
        return Ok(());
    };
    let data = Data::find(cx, &header)?;
    if header.play_s.is_none()
        && let Some(data) = &data
    {
        header.play_s = data.last_time(cx.input, &header)?;
    }
    tell_facts(cx, &header);
    match data {
        Some(data) if cx.depth > Depth::Header => data.walk(cx, &mut header),
        _ => Ok(()),
    }
}

fn tell_facts(cx: &mut Inspection<'_, '_>, header: &Header) {
    let facts = cx.video();
    if let Some(seconds) = header.play_s {
        facts.last_at_least(seconds);
    }
    facts.live = header.live.then_some(true);
    facts.tracks = header.streams.iter().map(|stream| stream.facts.clone()).collect();
    facts.summarise();
}

/// One object of the file (clause 2.1).
struct Object {
    guid: Guid,
    start: u64,
    size: u64,
}

impl Object {
    fn at(input: &mut Input<'_>, start: u64) -> Walk<Self> {
        let head = input.array::<24>(start)?;
        let guid = head.first_chunk().copied().unwrap_or_default();
        let size = head.get(16..).and_then(|size| u64_at(size, Endian::Little)).unwrap_or_default();
        Ok(Self { guid, start, size })
    }

    fn body(&self) -> u64 {
        self.start.saturating_add(OBJECT)
    }

    fn end(&self) -> u64 {
        self.start.saturating_add(self.size)
    }
}

/// Where the packets are.
struct Data {
    start: u64,
    /// Where the object ends by its own account, if it gives one that counts.
    stated_end: Option<u64>,
    /// Packets by its own account.
    stated: u64,
    packets: u64,
    /// The byte behind the last whole packet.
    end: u64,
    size: u64,
}

impl Data {
    /// The data object behind the header (clause 5.1).
    fn find(cx: &mut Inspection<'_, '_>, header: &Header) -> Walk<Option<Self>> {
        let file_size = cx.input.size();
        let head = cx.input.up_to(header.end, DATA_HEAD)?;
        let mut cursor = Cursor::new(head, header.end);
        let fields = (|| {
            let guid: Guid = cursor.array()?;
            let size = cursor.le64()?;
            cursor.skip(16)?;
            Some((guid, size, cursor.le64()?))
        })();
        let Some((DATA_OBJECT, object, stated)) = fields else {
            cx.note(Defect::at(Id::AsfDataMissing, header.end));
            return Ok(None);
        };
        let size = u64::from(header.packet_size);
        if size == 0 || size > MAX_BLOCK || header.packet_size != header.max_packet_size {
            let defect = Defect::at(Id::AsfPacketSizeInvalid, header.end);
            cx.note(defect.with("min", header.packet_size).with("max", header.max_packet_size));
            return Ok(None);
        }
        let start = header.end.saturating_add(DATA_HEAD);
        let stated_end = Some(header.end.saturating_add(object)).filter(|_| !header.live && object >= DATA_HEAD);
        let end = stated_end.map_or(file_size, |end| end.min(file_size));
        let packets = end.saturating_sub(start).checked_div(size).unwrap_or(0);
        let end = start.saturating_add(packets.saturating_mul(size));
        Ok(Some(Self { start, stated_end, stated, packets, end, size }))
    }

    /// When the last packets are shown, for files that don't state how long they last.
    fn last_time(&self, input: &mut Input<'_>, header: &Header) -> Walk<Option<f64>> {
        let mut pace = Pace::default();
        for back in 1..=8_u64.min(self.packets) {
            let at = self.end.saturating_sub(back.saturating_mul(self.size));
            let bytes = input.get(at, self.size)?;
            if let Some(payloads) = Payloads::open(bytes, at) {
                for payload in payloads.filter_map(Result::ok) {
                    pace.see(&payload);
                }
            }
        }
        Ok(pace.last_s(header.preroll_ms))
    }

    fn walk(&self, cx: &mut Inspection<'_, '_>, header: &mut Header) -> Walk {
        self.judge_ends(cx, header)?;
        let mut streams: Vec<_> = header.streams.iter().map(|stream| Assembly::new(stream, cx.depth)).collect();
        let (mut pace, mut at) = (Pace::default(), self.start);
        while at < self.end {
            cx.input.work(1)?;
            let bytes = cx.input.get(at, self.size)?;
            let invalid = read_packet(bytes, at, &mut streams, &mut pace);
            if let Some(offset) = invalid {
                let packet = at.saturating_sub(self.start).checked_div(self.size).unwrap_or(0);
                cx.note(Defect::at(Id::AsfPacketInvalid, offset).with("packet", packet).with("packets", self.packets));
            }
            for stream in &mut streams {
                stream.report(cx);
            }
            at = at.saturating_add(self.size);
        }
        // What was cut off is said already; what ends in the middle for that reason is no news.
        let whole = self.stated_end.is_none_or(|end| end <= cx.input.size());
        let mut pictures = None;
        for stream in &mut streams {
            stream.finish(whole);
            stream.report(cx);
            if stream.kind == TrackKind::Video {
                pictures = Some(stream.objects.saturating_add(pictures.unwrap_or(0)));
            }
        }
        if pictures == Some(0) && self.packets > 0 {
            cx.note(Defect::at(Id::AsfPicturesMissing, self.start));
        }
        self.judge_duration(cx, header, &pace);
        for (stream, facts) in streams.iter().zip(&mut cx.video().tracks) {
            facts.frames = Some(stream.objects);
            let picture = stream.payload.as_ref().and_then(|payload| payload.picture());
            if let Some(picture) = picture {
                facts.profile = facts.profile.take().or_else(|| picture.profile.map(str::to_owned));
            }
        }
        cx.video().summarise();
        Ok(())
    }

    /// Does the file hold all that its headers speak of?
    fn judge_ends(&self, cx: &mut Inspection<'_, '_>, header: &Header) -> Walk {
        let file_size = cx.input.size();
        let Some(end) = self.stated_end else {
            if !header.live {
                cx.note(Defect::at(Id::AsfNotFinished, header.end));
            }
            return Ok(());
        };
        if end > file_size {
            let missing = end.saturating_sub(file_size);
            cx.note(Defect::at(Id::AsfTruncated, file_size).with("missing", missing));
            return Ok(());
        }
        let gap = end.saturating_sub(self.end);
        if gap > 0 {
            cx.note(Defect::at(Id::AsfPacketPartial, self.end).with("bytes", gap));
        }
        if self.stated != self.packets {
            let defect = Defect::at(Id::AsfPacketCount, header.end);
            cx.note(defect.with("stated", self.stated).with("found", self.packets));
        }
        if Self::walk_behind(cx, end)? {
            return Ok(());
        }
        match header.file_size.cmp(&file_size) {
            std::cmp::Ordering::Greater if header.file_size >= end => {
                let missing = header.file_size.saturating_sub(file_size);
                cx.note(Defect::at(Id::AsfIndexTruncated, file_size).with("missing", missing));
            }
            std::cmp::Ordering::Equal => {}
            _ => cx.note(Defect::new(Id::AsfFileSizeWrong).with("stated", header.file_size).with("bytes", file_size)),
        }
        Ok(())
    }

    /// The indexes behind the data (clause 6), which players do without; whether one is cut short.
    fn walk_behind(cx: &mut Inspection<'_, '_>, mut at: u64) -> Walk<bool> {
        let file_size = cx.input.size();
        while at < file_size {
            cx.input.work(1)?;
            if file_size.saturating_sub(at) < OBJECT {
                let bytes = file_size.saturating_sub(at);
                cx.note(Defect::at(Id::AsfTrailingData, at).with("bytes", bytes));
                break;
            }
            let object = Object::at(cx.input, at)?;
            if object.size < OBJECT || object.end() > file_size {
                let bytes = file_size.saturating_sub(at);
                if header::is_index(&object.guid) {
                    let missing = object.end().saturating_sub(file_size);
                    cx.note(Defect::at(Id::AsfIndexTruncated, at).with("missing", missing));
                    return Ok(true);
                }
                cx.note(Defect::at(Id::AsfTrailingData, at).with("bytes", bytes));
                break;
            }
            at = object.end();
        }
        Ok(false)
    }

    /// Does the last payload come about when the video is stated to end?
    fn judge_duration(&self, cx: &mut Inspection<'_, '_>, header: &Header, pace: &Pace) {
        let (Some(stated), Some(found)) = (header.stated_s, pace.last_s(header.preroll_ms)) else {
            return;
        };
        if found + pace.pause_s() + SLACK_S + stated * SLACK < stated {
            cx.note(Defect::at(Id::AsfEndsEarly, self.end).with("stated_s", stated).with("found_s", found));
        }
    }
}

/// Puts the payloads of one packet to their streams; the place of what is no payload.
fn read_packet(bytes: &[u8], at: u64, streams: &mut [Assembly], pace: &mut Pace) -> Option<u64> {
    let Some(payloads) = Payloads::open(bytes, at) else {
        return Some(at);
    };
    for payload in payloads {
        let Ok(payload) = payload else {
            return Some(at);
        };
        pace.see(&payload);
        match streams.iter_mut().find(|stream| stream.number == payload.stream) {
            Some(stream) => stream.take(&payload),
            None => return Some(payload.offset),
        }
    }
    None
}

/// Puts the media objects (frames) of one stream together.
struct Assembly {
    number: u8,
    kind: TrackKind,
    place: String,
    payload: Option<Payload>,
    open: Option<Open>,
    objects: u64,
    faults: Vec<Defect>,
}

/// A media object of which a part has come.
struct Open {
    number: u32,
    offset: u64,
    size: u32,
    have: u32,
}

impl Assembly {
    fn new(stream: &Stream, depth: Depth) -> Self {
        let payload = stream.facts.coding.filter(|_| stream.is_shown()).map(|codec| {
            let mut payload = Payload::new(codec, depth);
            if let Some((record, offset)) = &stream.configuration {
                payload.configure(record, *offset);
            }
            payload
        });
        Self {
            number: stream.number,
            kind: stream.facts.kind,
            place: format!("stream {}", stream.number),
            payload,
            open: None,
            objects: 0,
            faults: Vec::new(),
        }
    }

    fn take(&mut self, part: &packet::Part<'_>) {
        if part.size == part.total {
            self.give_up();
            self.begin(part.offset);
            self.feed(part);
            self.end();
            return;
        }
        let goes_on = self
            .open
            .as_ref()
            .is_some_and(|open| open.number == part.object && open.have == part.place && open.size == part.total);
        if !goes_on {
            self.give_up();
            if part.place != 0 {
                self.faults
                    .push(Defect::at(Id::AsfFrameIncomplete, part.offset).with("have", 0_u32).with("size", part.total));
                return;
            }
            self.begin(part.offset);
            self.open = Some(Open { number: part.object, offset: part.offset, size: part.total, have: 0 });
        }
        self.feed(part);
        let Some(open) = &mut self.open else {
            return;
        };
        open.have = open.have.saturating_add(part.size);
        if open.have >= open.size {
            self.open = None;
            self.end();
        }
    }

    fn begin(&mut self, offset: u64) {
        if let Some(payload) = &mut self.payload {
            payload.begin(offset);
        }
    }

    fn feed(&mut self, part: &packet::Part<'_>) {
        if let Some(payload) = &mut self.payload {
            payload.feed(part.offset, part.bytes);
        }
    }

    fn end(&mut self) {
        self.objects = self.objects.saturating_add(1);
        if let Some(payload) = &mut self.payload {
            payload.end();
        }
    }

    /// Another object begins before this one was whole.
    fn give_up(&mut self) {
        if let Some(open) = self.open.take() {
            self.faults
                .push(Defect::at(Id::AsfFrameIncomplete, open.offset).with("have", open.have).with("size", open.size));
            self.end();
        }
    }

    fn finish(&mut self, whole: bool) {
        if whole {
            self.give_up();
        }
        if let Some(payload) = &mut self.payload {
            payload.finish(whole);
        }
    }

    fn report(&mut self, cx: &mut Inspection<'_, '_>) {
        let coded = self.payload.iter_mut().flat_map(Payload::take_faults);
        for fault in self.faults.drain(..).chain(coded) {
            cx.note(fault.within(self.place.as_str()));
        }
    }
}
