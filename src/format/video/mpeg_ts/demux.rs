//! Sorts packets: tables are read, streams that they name are watched.

use super::packet::{LEN, NULL_PID, Packet};
use super::psi::{self, Assembler, Map, Table};
use super::stream::Stream;
use crate::checker::Depth;
use crate::defect::{Defect, Defects, Id};
use crate::facts::{TrackKind, VideoFacts};
use crate::format::video::mpeg_clock::{Extent, together};
use crate::format::video::mpeg_pes::{self, Parsed};
use crate::format::video::mpeg_stream::{self, Entry};

const PIDS: usize = 1 << 13;
/// Streams that are told by what they look like: so many at most, by so many of their first bytes.
const MAX_CANDIDATES: usize = 32;

/// What the packets of one PID are.
#[derive(Clone, Copy, Debug, Default)]
enum Role {
    #[default]
    Unknown,
    Association,
    Map(usize),
    Stream(usize),
}

#[derive(Debug)]
pub(super) struct Demux {
    depth: Depth,
    /// Whether it is still to be found out which streams there are.
    surveying: bool,
    roles: Vec<Role>,
    association: Assembler,
    /// One for each PID of a program map.
    maps: Vec<Assembler>,
    /// Whether a program map was read.
    mapped: bool,
    streams: Vec<Stream>,
    candidates: Vec<Entry>,
}

impl Demux {
    pub(super) fn new(depth: Depth) -> Self {
        let mut roles = vec![Role::Unknown; PIDS];
        if let Some(role) = roles.first_mut() {
            *role = Role::Association;
        }
        Self {
            depth,
            surveying: true,
            roles,
            association: Assembler::default(),
            maps: Vec::new(),
            mapped: false,
            streams: Vec::new(),
            candidates: Vec::new(),
        }
    }

    /// The same streams, of which nothing has been seen yet.
    pub(super) fn again(&self) -> Self {
        Self {
            depth: self.depth,
            surveying: false,
            roles: self.roles.clone(),
            association: Assembler::default(),
            maps: self.maps.iter().map(|_| Assembler::default()).collect(),
            mapped: self.mapped,
            streams: self.streams.iter().map(Stream::again).collect(),
            candidates: Vec::new(),
        }
    }

    /// Takes in the next packet, which lies at byte `offset` of the file.
    #[inline]
    pub(super) fn packet(&mut self, bytes: &[u8; LEN], offset: u64, defects: &mut Defects) {
        let Some(packet) = Packet::parse(bytes) else {
            defects.note(Defect::at(Id::TsHeaderMalformed, offset));
            return;
        };
        if packet.pid == NULL_PID {
            return;
        }
        if packet.error {
            defects.note(Defect::at(Id::TsTransportError, offset).with("pid", packet.pid));
            return;
        }
        match self.role(packet.pid) {
            Role::Stream(at) => match self.streams.get_mut(at) {
                Some(stream) if stream.elementary.is_media() => stream.packet(&packet, offset, defects),
                _ => self.candidate(&packet),
            },
            Role::Unknown => self.candidate(&packet),
            Role::Association | Role::Map(_) => self.table(&packet, offset, defects),
        }
    }

    /// Packets are missing here.
    pub(super) fn lost(&mut self, defects: &mut Defects) {
        self.streams.iter_mut().for_each(|stream| stream.lost(defects));
        self.association.forget();
        self.maps.iter_mut().for_each(Assembler::forget);
    }

    /// The file ends here, with a whole packet if `whole`.
    pub(super) fn finish(&mut self, whole: bool, defects: &mut Defects) {
        for stream in &mut self.streams {
            stream.finish(whole, defects);
        }
        let mut videos = self.streams.iter().filter(|stream| stream.elementary.is_video()).peekable();
        let first = videos.peek().map(|stream| stream.pid());
        if let Some(pid) = first.filter(|_| videos.all(Stream::is_empty)) {
            defects.note(Defect::new(Id::TsStreamEmpty).within(format!("track {pid}")));
        }
    }

    /// Whether no stream is known.
    pub(super) fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Whether a program map was read.
    pub(super) fn is_mapped(&self) -> bool {
        self.mapped
    }

    /// Whether all is known that the beginning of the file tells.
    pub(super) fn is_known(&self) -> bool {
        !self.is_empty() && self.streams.iter().all(Stream::is_known)
    }

    /// Whether the end of the file, of which this saw packets, tells when the streams end.
    pub(super) fn ends(&self) -> bool {
        self.streams.iter().filter(|stream| stream.elementary.is_media()).all(|stream| stream.extent(None).is_some())
    }

    /// Takes what looks like a stream for one: all of them without tables, else only those that are
    /// in the tables as private data. Whether there was anything to take.
    pub(super) fn adopt(&mut self) -> bool {
        let candidates = std::mem::take(&mut self.candidates);
        let any = candidates.iter().any(|found| found.codec.is_some());
        if self.is_empty() {
            self.take_map(Map { program: 0, entries: candidates });
            return any;
        }
        for found in candidates.into_iter().filter(|found| found.codec.is_some()) {
            if let Some(stream) = self.streams.iter_mut().find(|stream| stream.pid() == found.id) {
                stream.elementary.entry.kind = found.kind;
                stream.elementary.entry.codec = found.codec;
            }
        }
        any
    }

    /// Fills in the facts; when the streams end, `end` tells if it saw the end of the file.
    pub(super) fn fill(&self, facts: &mut VideoFacts, end: Option<&Self>) {
        let mut programmes: Vec<(u16, Vec<Extent>)> = Vec::new();
        for stream in &self.streams {
            let last = end.and_then(|end| end.streams.iter().find(|last| last.pid() == stream.pid()));
            let extent = stream.extent(last).filter(|_| stream.elementary.is_media());
            facts.tracks.push(stream.facts(extent.map(|extent| extent.length)));
            let Some(extent) = extent else {
                continue;
            };
            match programmes.iter_mut().find(|(program, _)| *program == stream.program) {
                Some((_, extents)) => extents.push(extent),
                None => programmes.push((stream.program, vec![extent])),
            }
        }
        for seconds in programmes.into_iter().filter_map(|(_, extents)| together(extents)) {
            facts.last_at_least(seconds);
        }
        facts.summarise();
    }

    #[inline]
    fn role(&self, pid: u16) -> Role {
        self.roles.get(usize::from(pid)).copied().unwrap_or_default()
    }

    fn table(&mut self, packet: &Packet<'_>, offset: u64, defects: &mut Defects) {
        let Some(payload) = packet.payload.filter(|_| !packet.scrambled) else {
            return;
        };
        let assembler = match self.role(packet.pid) {
            Role::Map(at) => self.maps.get_mut(at),
            _ => Some(&mut self.association),
        };
        let mut tables = Vec::new();
        if let Some(assembler) = assembler {
            assembler.feed(payload, packet.unit_start, |section| tables.push(psi::read(section)));
        }
        for table in tables {
            match table {
                Table::Association(pids) => pids.into_iter().for_each(|pid| self.expect_map(pid)),
                Table::Map(map) => self.take_map(map),
                Table::Damaged => defects.note(Defect::at(Id::TsTableChecksum, offset).with("pid", packet.pid)),
                Table::Other => {}
            }
        }
    }

    fn expect_map(&mut self, pid: u16) {
        let next = self.maps.len();
        if let Some(role @ Role::Unknown) = self.roles.get_mut(usize::from(pid)) {
            *role = Role::Map(next);
            self.maps.push(Assembler::default());
        }
    }

    fn take_map(&mut self, map: Map) {
        self.mapped |= map.program != 0;
        for entry in map.entries {
            let next = self.streams.len();
            if let Some(role @ Role::Unknown) = self.roles.get_mut(usize::from(entry.id)) {
                *role = Role::Stream(next);
                self.streams.push(Stream::new(entry, map.program, self.depth));
            }
        }
    }

    /// Remembers a stream whose coding no table has named, if it is one by its looks.
    fn candidate(&mut self, packet: &Packet<'_>) {
        let wanted = self.surveying && packet.unit_start && !packet.scrambled;
        let Some(payload) = packet.payload.filter(|_| wanted) else {
            return;
        };
        let Parsed::Header(header) = mpeg_pes::parse(payload) else {
            return;
        };
        let known = self.candidates.iter().position(|entry| entry.id == packet.pid);
        if known.is_none() && self.candidates.len() >= MAX_CANDIDATES {
            return;
        }
        let data = payload.get(header.payload..).unwrap_or_default();
        let (kind, codec) = match header.stream {
            0xe0..=0xef | 0xfd => (TrackKind::Video, mpeg_stream::resembling(data)),
            0xbd | 0xc0..=0xdf => (TrackKind::Audio, mpeg_stream::sound_resembling(data)),
            _ => return,
        };
        match known.and_then(|at| self.candidates.get_mut(at)) {
            Some(entry) => entry.codec = entry.codec.or(codec),
            None => self.candidates.push(Entry {
                id: packet.pid,
                kind,
                codec,
                code: format!("stream 0x{:02x}", header.stream),
                language: None,
                encrypted: false,
            }),
        }
    }
}
