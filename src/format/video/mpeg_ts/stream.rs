//! One stream of a transport stream: its packets are counted (clause 2.4.3.3), its PES packets put
//! together, and what they carry is shown to the watch over the coded data.

use super::packet::{LEN, Packet};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Defects, Id};
use crate::facts::TrackFacts;
use crate::format::video::mpeg_clock::Extent;
use crate::format::video::mpeg_pes::{self, Header, Parsed};
use crate::format::video::mpeg_stream::{Elementary, Entry};

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) elementary: Elementary,
    pub(super) program: u16,
    depth: Depth,
    counter: Counter,
    state: State,
    /// The header of a PES packet that goes on in the next packet.
    header: Vec<u8>,
    /// Packets that carry something, and those of them that are scrambled.
    packets: u64,
    scrambled: u64,
}

/// Where in a PES packet the stream is.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Waiting for the first one to begin.
    Start,
    /// Something is missing, or it is not to be read: waiting for the next one to begin.
    Lost,
    /// In the header of the one that begins at this byte of the file.
    Header(u64),
    /// In what it carries.
    Body(Body),
}

#[derive(Clone, Copy, Debug)]
struct Body {
    offset: u64,
    /// How many bytes it should have behind the header, if it says so, and how many came.
    stated: Option<u64>,
    have: u64,
}

/// The continuity counter, and enough of the last packet to know it again.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    last: Option<(u8, Fingerprint)>,
    repeated: bool,
}

type Fingerprint = (usize, [u8; 8], [u8; 8]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Continuity {
    Next,
    /// The packet before, once more: it may be sent twice.
    Repeated,
    Jump {
        expected: u8,
    },
}

impl Counter {
    fn take(&mut self, packet: &Packet<'_>, payload: &[u8]) -> Continuity {
        let print = fingerprint(payload);
        let before = self.last.replace((packet.counter, print));
        let Some((last, last_print)) = before.filter(|_| !packet.discontinuity) else {
            self.repeated = false;
            return Continuity::Next;
        };
        let expected = last.wrapping_add(1) & 15;
        if packet.counter == last && print == last_print && !self.repeated {
            self.repeated = true;
            return Continuity::Repeated;
        }
        self.repeated = false;
        if packet.counter == expected { Continuity::Next } else { Continuity::Jump { expected } }
    }
}

fn fingerprint(payload: &[u8]) -> Fingerprint {
    let first = payload.first_chunk().copied().unwrap_or_default();
    (payload.len(), first, payload.last_chunk().copied().unwrap_or_default())
}

impl Stream {
    pub(super) fn new(entry: Entry, program: u16, depth: Depth) -> Self {
        Self {
            elementary: Elementary::new(entry, depth),
            program,
            depth,
            counter: Counter::default(),
            state: State::Start,
            header: Vec::new(),
            packets: 0,
            scrambled: 0,
        }
    }

    /// The same stream, of which nothing has been seen yet.
    pub(super) fn again(&self) -> Self {
        Self::new(self.elementary.entry.clone(), self.program, self.depth)
    }

    pub(super) fn pid(&self) -> u16 {
        self.elementary.entry.id
    }

    pub(super) fn is_empty(&self) -> bool {
        self.packets == 0
    }

    /// Takes in the next packet, which lies at byte `offset` of the file.
    #[inline]
    pub(super) fn packet(&mut self, packet: &Packet<'_>, offset: u64, defects: &mut Defects) {
        let Some(payload) = packet.payload else {
            return;
        };
        self.packets = self.packets.saturating_add(1);
        match self.counter.take(packet, payload) {
            Continuity::Next => {}
            Continuity::Repeated => return,
            Continuity::Jump { expected } => self.jump(packet, expected, offset, defects),
        }
        if packet.scrambled {
            self.scrambled = self.scrambled.saturating_add(1);
            self.break_off(defects);
            return;
        }
        if packet.unit_start {
            self.end_unit(defects);
            self.header.clear();
            self.state = State::Header(offset);
        }
        let at = offset.saturating_add(len64(LEN.saturating_sub(payload.len())));
        match self.state {
            State::Start => {
                // Sound goes on at once; a picture without its beginning is lost.
                if self.elementary.is_video() {
                    self.elementary.note(defects, Defect::at(Id::TsStartsMidFrame, offset));
                }
                self.state = State::Lost;
            }
            State::Lost => {}
            State::Header(start) => self.read_header(start, at, payload, defects),
            State::Body(_) => self.show(at, payload),
        }
    }

    /// Packets are missing somewhere: the next ones say nothing about the counter.
    pub(super) fn lost(&mut self, defects: &mut Defects) {
        self.counter = Counter::default();
        self.break_off(defects);
    }

    /// The stream ends here.
    pub(super) fn finish(&mut self, whole: bool, defects: &mut Defects) {
        self.end_unit(defects);
        self.elementary.finish(whole, defects);
        if self.scrambled > 0 && !self.is_scrambled() {
            self.elementary.note(defects, Defect::new(Id::TsPartlyScrambled).with("packets", self.scrambled));
        }
    }

    /// Whether all is known that the beginning of a stream tells.
    pub(super) fn is_known(&self) -> bool {
        self.is_scrambled() || self.elementary.is_known()
    }

    /// The facts of the stream, which lasts so many seconds.
    pub(super) fn facts(&self, seconds: Option<f64>) -> TrackFacts {
        let mut track = self.elementary.facts(seconds);
        track.encrypted |= self.is_scrambled();
        track
    }

    /// From its first time stamp to the end of its last frame, which `end` may have seen.
    pub(super) fn extent(&self, end: Option<&Self>) -> Option<Extent> {
        self.elementary.extent(end.map(|end| &end.elementary))
    }

    fn is_scrambled(&self) -> bool {
        self.scrambled > self.packets / 2
    }

    fn jump(&mut self, packet: &Packet<'_>, expected: u8, offset: u64, defects: &mut Defects) {
        // Between two PES packets nothing needs to be missing: pieces may have been joined there.
        let within = !packet.unit_start && matches!(self.state, State::Header(_) | State::Body(_));
        let short = matches!(self.state, State::Body(body) if body.stated.is_some_and(|stated| body.have < stated));
        let id = if within || short { Id::TsPacketsLost } else { Id::TsContinuityBroken };
        if !matches!(self.state, State::Lost) {
            let defect = Defect::at(id, offset).with("expected", expected).with("counter", packet.counter);
            self.elementary.note(defects, defect);
        }
        self.break_off(defects);
    }

    /// Gives up the PES packet that is going on.
    fn break_off(&mut self, defects: &mut Defects) {
        if let State::Body(_) = self.state {
            self.elementary.end(defects);
        }
        self.header.clear();
        self.state = State::Lost;
    }

    /// The PES packet that is going on ends here.
    fn end_unit(&mut self, defects: &mut Defects) {
        match self.state {
            State::Body(body) => {
                self.elementary.end(defects);
                if let Some(stated) = body.stated.filter(|stated| body.have < *stated) {
                    let defect = Defect::at(Id::PesIncomplete, body.offset);
                    self.elementary.note(defects, defect.with("have", body.have).with("stated", stated));
                }
            }
            State::Header(offset) if !self.header.is_empty() => {
                self.elementary.note(defects, Defect::at(Id::PesHeaderMalformed, offset));
            }
            State::Start | State::Lost | State::Header(_) => {}
        }
        self.state = State::Lost;
    }

    fn read_header(&mut self, start: u64, at: u64, payload: &[u8], defects: &mut Defects) {
        // Almost always the header is in one packet, and nothing needs to be copied.
        let before = self.header.len();
        let parsed = if before == 0 {
            mpeg_pes::parse(payload)
        } else {
            self.header.extend_from_slice(payload);
            mpeg_pes::parse(&self.header)
        };
        let fault = match parsed {
            Parsed::Header(header) => {
                let skip = header.payload.saturating_sub(before);
                self.header.clear();
                self.begin_unit(&header, start, defects);
                if let Some(rest) = payload.get(skip..) {
                    self.show(at.saturating_add(len64(skip)), rest);
                }
                return;
            }
            Parsed::Incomplete if before.saturating_add(payload.len()) < mpeg_pes::MAX_HEADER => {
                if before == 0 {
                    self.header.extend_from_slice(payload);
                }
                return;
            }
            Parsed::NoStart => Id::PesStartMissing,
            Parsed::Incomplete | Parsed::Malformed => Id::PesHeaderMalformed,
        };
        self.elementary.note(defects, Defect::at(fault, start));
        self.break_off(defects);
    }

    fn begin_unit(&mut self, header: &Header, offset: u64, defects: &mut Defects) {
        if header.stamp_malformed {
            self.elementary.note(defects, Defect::at(Id::PesTimeStampMalformed, offset));
        }
        if let Some(stamp) = header.stamp {
            self.elementary.stamp(stamp);
        }
        if header.scrambled {
            self.scrambled = self.scrambled.saturating_add(1);
            self.state = State::Lost;
            return;
        }
        let behind = header.payload.saturating_sub(6);
        let stated = (header.length > 0).then(|| u64::from(header.length).saturating_sub(len64(behind)));
        self.state = State::Body(Body { offset, stated, have: 0 });
        self.elementary.begin(offset);
    }

    /// The next bytes of the PES packet that is going on.
    fn show(&mut self, at: u64, bytes: &[u8]) {
        if let State::Body(body) = &mut self.state {
            body.have = body.have.saturating_add(len64(bytes.len()));
            self.elementary.show(at, bytes);
        }
    }
}
