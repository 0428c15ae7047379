//! RealMedia File Format (of the Helix client): chunks of headers, packets, indexes. `.RMF` begins a
//! file, `.RMP` one of several programs. The older audio-only `.ra` files are not RealMedia.

mod header;

use crate::bytes::{Cursor, len64};
use crate::checker::Depth;
use crate::codec::payload::{self, Payload};
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::{Head, Inspection};
use crate::input::{Input, Walk};
use header::{Properties, Stream};

/// What is in front of a chunk (code, size, version), of the packets in `DATA`, and of a packet.
const CHUNK_HEADER: u64 = 10;
const DATA_HEADER: u64 = 18;
const PACKET_HEADER: u64 = 12;
const INDEX_HEADER: u64 = 20;
const INDEX_ENTRY: u64 = 14;
/// So many entries of an index are looked up.
const INDEX_LOOKS: u64 = 16;
/// Streams have numbers of two bytes, but no file has more than this.
const MOST_STREAMS: usize = 64;
/// Headers larger than this hold nothing that matters.
const HEADER_MAX: u64 = 64 << 10;
/// At header depth so many chunks are visited.
const VISITS: u32 = 256;
/// The last times are looked for in so much at the end of the file.
const TAIL: u64 = 32 << 10;
/// Writers close the packets with a few zeros, and disagree by a header about the size of `DATA`.
const SLACK: u64 = 18;

const CODES: [&[u8; 4]; 10] =
    [b".RMF", b".RMP", b"PROP", b"MDPR", b"CONT", b"DATA", b"INDX", b"RMMD", b"RMJE", b"RJMD"];

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    [b".RMF\0", b".RMP\0"].iter().any(|magic| head.has(0, *magic))
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let mut walker = Walker {
        size: cx.input.size(),
        cx,
        properties: None,
        streams: Vec::new(),
        payloads: Vec::new(),
        data: 0,
        packets: 0,
        times: None,
        gap: 0,
        complete: true,
        whole: true,
    };
    let end = walker.file();
    walker.conclude();
    end?;
    walker.judge();
    Ok(())
}

/// A chunk.
struct Chunk {
    code: [u8; 4],
    offset: u64,
    /// With its header.
    size: u64,
}

impl Chunk {
    fn at(input: &mut Input<'_>, offset: u64) -> Walk<Self> {
        let [a, b, c, d, s3, s2, s1, s0, _, _] = input.array(offset)?;
        Ok(Self { code: [a, b, c, d], offset, size: u32::from_be_bytes([s3, s2, s1, s0]).into() })
    }

    fn body(&self) -> u64 {
        self.offset.saturating_add(CHUNK_HEADER)
    }

    fn end(&self) -> u64 {
        self.offset.saturating_add(self.size)
    }

    fn name(&self) -> String {
        self.code.escape_ascii().to_string()
    }

    fn is_known(&self) -> bool {
        CODES.contains(&&self.code)
    }
}

/// The header of a packet.
struct Packet {
    offset: u64,
    version: u16,
    /// With its header.
    size: u64,
    stream: u16,
    /// Milliseconds.
    time: u32,
}

impl Packet {
    fn at(input: &mut Input<'_>, offset: u64) -> Walk<Self> {
        let [v1, v0, s1, s0, n1, n0, time @ ..] = input.array::<10>(offset)?;
        Ok(Self {
            offset,
            version: u16::from_be_bytes([v1, v0]),
            size: u16::from_be_bytes([s1, s0]).into(),
            stream: u16::from_be_bytes([n1, n0]),
            time: u32::from_be_bytes(time),
        })
    }

    /// Version 1 has a byte more in its header.
    fn body(&self) -> u64 {
        self.offset.saturating_add(PACKET_HEADER).saturating_add(self.version.into())
    }

    fn end(&self) -> u64 {
        self.offset.saturating_add(self.size)
    }

    fn is_one(&self) -> bool {
        self.version <= 1 && self.end() >= self.body()
    }
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    size: u64,
    properties: Option<Properties>,
    streams: Vec<Stream>,
    /// The watches over the streams of video, by number.
    payloads: Vec<(u16, Payload)>,
    /// `DATA` chunks and packets so far.
    data: u64,
    packets: u64,
    /// The lowest and the highest time of a packet, and the longest wait for a later one.
    times: Option<(u32, u32)>,
    gap: u32,
    /// Whether every `DATA` chunk has all its packets.
    complete: bool,
    /// Whether the chain was followed to the end.
    whole: bool,
}

impl Walker<'_, '_, '_> {
    fn file(&mut self) -> Walk {
        let mut at = 0;
        let mut visits = 0_u32;
        while at < self.size {
            self.cx.input.work(1)?;
            visits = visits.saturating_add(1);
            if self.cx.depth == Depth::Header && visits > VISITS {
                break;
            }
            if at.saturating_add(CHUNK_HEADER) > self.size {
                self.rest(at)?;
                break;
            }
            let chunk = Chunk::at(self.cx.input, at)?;
            if &chunk.code == b"DATA" {
                at = self.data(&chunk)?;
                continue;
            }
            // In front of the packets any code may be one.
            let named = chunk.is_known() || self.data == 0 && chunk.code.iter().all(u8::is_ascii_graphic);
            if !named || chunk.size < CHUNK_HEADER {
                self.rest(at)?;
                break;
            }
            if chunk.end() > self.size {
                self.cut(chunk.end());
                break;
            }
            self.header(&chunk)?;
            at = chunk.end();
        }
        Ok(())
    }

    /// What is at `at` is no chunk.
    fn rest(&mut self, at: u64) -> Walk {
        let left = self.size.saturating_sub(at);
        if self.data > 0 {
            let few = self.cx.input.up_to(at, left.min(SLACK))?;
            if left > SLACK || few.iter().any(|byte| *byte != 0) {
                self.cx.note(Defect::at(Id::RealmediaTrailingData, at).with("bytes", left));
            }
        } else if left < CHUNK_HEADER {
            self.cut(at.saturating_add(CHUNK_HEADER));
        } else {
            self.lost(at);
        }
        Ok(())
    }

    fn lost(&mut self, at: u64) {
        self.whole = false;
        self.cx.note(Defect::at(Id::RealmediaChainBroken, at));
    }

    /// The file ends before `end`.
    fn cut(&mut self, end: u64) {
        let id = if self.data > 0 && self.complete { Id::RealmediaEndMissing } else { Id::RealmediaTruncated };
        self.whole &= id == Id::RealmediaEndMissing;
        self.cx.note(Defect::at(id, self.size).with("missing", end.saturating_sub(self.size)));
    }

    fn header(&mut self, chunk: &Chunk) -> Walk {
        if &chunk.code == b"INDX" {
            return self.index(chunk);
        }
        let len = chunk.size.saturating_sub(CHUNK_HEADER).min(HEADER_MAX);
        let body = self.cx.input.up_to(chunk.body(), len)?;
        let read = match &chunk.code {
            b"PROP" => Properties::parse(body).map(|properties| {
                self.properties.get_or_insert(properties);
            }),
            b"MDPR" if self.streams.len() < MOST_STREAMS => Stream::parse(body).map(|stream| self.streams.push(stream)),
            _ => Some(()),
        };
        if read.is_none() {
            let defect = Defect::at(Id::RealmediaHeaderInvalid, chunk.offset).with("chunk", chunk.name());
            self.cx.note(defect.with("size", chunk.size));
        }
        Ok(())
    }

    /// The packets of a `DATA` chunk. Returns where the next chunk is.
    fn data(&mut self, data: &Chunk) -> Walk<u64> {
        self.data = self.data.saturating_add(1);
        if data.offset.saturating_add(DATA_HEADER) > self.size {
            self.complete = false;
            self.cut(data.offset.saturating_add(DATA_HEADER));
            return Ok(self.size);
        }
        let stated = u64::from(u32::from_be_bytes(self.cx.input.array(data.body())?));
        if self.cx.depth == Depth::Header {
            return Ok(if data.size > DATA_HEADER { data.end() } else { self.size });
        }
        self.watch();
        let mut at = data.offset.saturating_add(DATA_HEADER);
        let mut there = 0_u64;
        while stated == 0 || there < stated {
            self.cx.input.work(1)?;
            let left = self.size.saturating_sub(at);
            if left < PACKET_HEADER {
                if stated > 0 || left > 0 && self.cx.input.up_to(at, left)?.iter().any(|byte| *byte != 0) {
                    self.complete = false;
                    self.cut(at.saturating_add(PACKET_HEADER));
                }
                return Ok(self.size);
            }
            let packet = Packet::at(self.cx.input, at)?;
            if !packet.is_one() {
                let next = Chunk::at(self.cx.input, at)?;
                let zeros = self.cx.input.up_to(at, SLACK)?.iter().all(|byte| *byte == 0);
                let ends = next.is_known() || zeros && left <= SLACK;
                if ends && stated > there {
                    self.complete = false;
                    let defect = Defect::at(Id::RealmediaPacketsMissing, at).with("packets", there);
                    self.cx.note(defect.with("stated", stated));
                } else if !ends {
                    self.complete = false;
                    self.lost(at);
                    return self.behind(data, at.max(data.end()));
                }
                break;
            }
            if packet.end() > self.size {
                self.complete = false;
                self.cut(packet.end());
                return Ok(self.size);
            }
            there = there.saturating_add(1);
            self.packet(&packet)?;
            at = packet.end();
        }
        self.behind(data, at)
    }

    /// Where the chunk behind the packets of `data` is, which end at `at`.
    fn behind(&mut self, data: &Chunk, at: u64) -> Walk<u64> {
        for next in [at, data.end(), data.end().saturating_sub(CHUNK_HEADER)] {
            if next >= at && next.saturating_add(CHUNK_HEADER) <= self.size {
                let chunk = Chunk::at(self.cx.input, next)?;
                if chunk.is_known() {
                    return Ok(next);
                }
            }
        }
        Ok(if self.whole { at.min(self.size) } else { self.size })
    }

    /// Sets the watches over the streams of video up.
    fn watch(&mut self) {
        if self.payloads.is_empty() {
            for stream in &self.streams {
                if let Some(codec) = stream.facts.coding.filter(|_| stream.facts.kind == TrackKind::Video) {
                    let mut payload = Payload::new(codec, self.cx.depth);
                    payload.configure(&[], 0);
                    self.payloads.push((stream.number, payload));
                }
            }
        }
    }

    fn packet(&mut self, packet: &Packet) -> Walk {
        self.packets = self.packets.saturating_add(1);
        let (first, last) = self.times.unwrap_or((packet.time, packet.time));
        self.gap = self.gap.max(packet.time.saturating_sub(last));
        self.times = Some((first.min(packet.time), last.max(packet.time)));
        if !self.streams.is_empty() && self.streams.iter().all(|stream| stream.number != packet.stream) {
            let defect = Defect::at(Id::RealmediaStreamUnknown, packet.offset).with("stream", packet.stream);
            self.cx.note(defect.with("streams", self.streams.len()));
        }
        if let Some((number, payload)) = self.payloads.iter_mut().find(|(number, _)| *number == packet.stream) {
            payload::show(payload, self.cx.input, packet.body()..packet.end())?;
            for fault in payload.take_faults() {
                self.cx.defects.note(fault.within(format!("track {number}")));
            }
        }
        Ok(())
    }

    /// `INDX`: entries of version, time, place and number of a packet.
    fn index(&mut self, chunk: &Chunk) -> Walk {
        if self.cx.depth == Depth::Header || chunk.size < INDEX_HEADER {
            return Ok(());
        }
        let head: [u8; 6] = self.cx.input.array(chunk.body())?;
        let mut fields = Cursor::new(&head, chunk.body());
        let (stated, stream) = (u64::from(fields.be32().unwrap_or_default()), fields.be16().unwrap_or_default());
        let room = chunk.size.saturating_sub(INDEX_HEADER).checked_div(INDEX_ENTRY).unwrap_or_default();
        let entries = stated.min(room);
        let mut wrong = u64::from(stated > room);
        let step = entries.div_ceil(INDEX_LOOKS).max(1);
        let mut entry = 0;
        while entry < entries {
            let at = chunk.offset.saturating_add(INDEX_HEADER).saturating_add(entry.saturating_mul(INDEX_ENTRY));
            let offset = u64::from(u32::from_be_bytes(self.cx.input.array(at.saturating_add(6))?));
            let right = offset.saturating_add(PACKET_HEADER) <= self.size && {
                let packet = Packet::at(self.cx.input, offset)?;
                packet.is_one() && packet.stream == stream && packet.end() <= self.size
            };
            wrong = wrong.saturating_add(u64::from(!right));
            entry = entry.saturating_add(step);
        }
        if wrong > 0 && self.whole {
            let defect = Defect::at(Id::RealmediaIndexWrong, chunk.offset).with("wrong", wrong);
            self.cx.note(defect.with("entries", stated));
        }
        Ok(())
    }

    /// Sets the facts.
    fn conclude(&mut self) {
        let stated = self.properties.map_or(0, |properties| properties.duration);
        // Where the file does not know, its streams often have a figure that stands for nothing.
        let lasts = match self.times {
            _ if stated > 0 => Some(stated),
            None if self.cx.depth == Depth::Header => self.last_time().unwrap_or_default(),
            times => times.map(|(first, last)| last.saturating_sub(first)),
        };
        let streams = std::mem::take(&mut self.streams);
        let facts = self.cx.video();
        let longest = streams.iter().map(|stream| stream.duration).max().filter(|_| stated > 0);
        for milliseconds in lasts.into_iter().chain(longest).filter(|milliseconds| *milliseconds > 0) {
            facts.last_at_least(f64::from(milliseconds) / 1000.0);
        }
        for mut stream in streams {
            if stated > 0 && stream.duration > 0 {
                stream.facts.duration_s = Some(f64::from(stream.duration) / 1000.0);
            }
            facts.tracks.push(stream.facts);
        }
        facts.summarise();
    }

    /// The highest time of the packets at the end of the file: of the longest chain of them that
    /// leads there.
    fn last_time(&mut self) -> Walk<Option<u32>> {
        let start = self.size.saturating_sub(TAIL);
        let tail = self.cx.input.up_to(start, TAIL)?.to_vec();
        let known: Vec<u16> = self.streams.iter().map(|stream| stream.number).collect();
        // From the end backwards: which places lead to the end over packets, and the highest time and
        // the number of those.
        let mut chains: Vec<Option<(u32, u32)>> = vec![None; tail.len()];
        for at in (0..tail.len()).rev() {
            let mut fields = Cursor::new(tail.get(at..).unwrap_or_default(), 0);
            let mut read = || Some((fields.be16()?, fields.be16()?, fields.be16()?, fields.be32()?));
            let Some((version @ 0..=1, size, stream, time)) = read() else {
                continue;
            };
            let next = at.saturating_add(size.into());
            let ends = next <= tail.len() && len64(tail.len().saturating_sub(next)) <= SLACK;
            if u64::from(size) < PACKET_HEADER.saturating_add(version.into()) || !known.contains(&stream) {
                continue;
            }
            let rest = if ends { Some((0, 0)) } else { chains.get(next).copied().flatten() };
            if let Some(chain) = chains.get_mut(at) {
                *chain = rest.map(|(last, count)| (last.max(time), count.saturating_add(1)));
            }
        }
        let longest = chains.into_iter().flatten().max_by_key(|(_, count)| *count);
        Ok(longest.filter(|(_, count)| *count > 1).map(|(last, _)| last))
    }

    /// Holds against each other what the parts of the file say.
    fn judge(&mut self) {
        if !self.whole {
            return;
        }
        if self.cx.video().tracks.is_empty() {
            self.cx.note(Defect::at(Id::RealmediaStreamsMissing, self.size));
        }
        if self.data == 0 {
            self.cx.note(Defect::at(Id::RealmediaDataMissing, self.size));
        }
        if self.cx.depth == Depth::Header || self.data == 0 {
            return;
        }
        if self.packets == 0 && self.complete {
            self.cx.note(Defect::at(Id::RealmediaDataMissing, self.size));
        }
        for (_, payload) in &mut self.payloads {
            payload.finish(self.complete);
        }
        let Some(properties) = self.properties.filter(|_| self.complete) else {
            return;
        };
        if u64::from(properties.index) >= self.size {
            let defect = Defect::at(Id::RealmediaEndMissing, self.size);
            self.cx.note(defect.with("missing", u64::from(properties.index).saturating_sub(self.size)));
        }
        let (first, last) = self.times.unwrap_or_default();
        let there = last.saturating_sub(first).saturating_add(self.gap);
        if properties.duration.saturating_sub(there) > (properties.duration / 20).saturating_add(1000) {
            let defect = Defect::at(Id::RealmediaDurationWrong, self.size);
            let seconds = |milliseconds: u32| f64::from(milliseconds) / 1000.0;
            self.cx.note(defect.with("duration_s", seconds(properties.duration)).with("last_s", seconds(last)));
        }
    }
}
