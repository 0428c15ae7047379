//! What watching the data of one track brings to light.

use super::Codec;
use super::payload::PictureFormat;
use crate::defect::{Defect, Id};

/// What was found out since the container asked last, and which frame is being looked at.
#[derive(Debug)]
pub(super) struct Log {
    codec: Codec,
    /// The number of the current frame, from 1.
    pub(super) frame: u64,
    /// What the first parameter sets or frame headers say.
    pub(super) picture: Option<PictureFormat>,
    pub(super) faults: Vec<Defect>,
}

impl Log {
    pub(super) fn new(codec: Codec) -> Self {
        Self { codec, frame: 0, picture: None, faults: Vec::new() }
    }

    /// Notes a fault of the current frame.
    pub(super) fn note(&mut self, defect: Defect) {
        self.note_in(self.frame, defect);
    }

    /// Notes a fault of frame number `frame`. Of each kind one is kept until the container asks, so
    /// that a frame that is nothing but faults takes no room.
    pub(super) fn note_in(&mut self, frame: u64, defect: Defect) {
        if self.faults.iter().all(|known| known.id != defect.id) {
            self.faults.push(defect.with("frame", frame).with("codec", self.codec.name()));
        }
    }
}

/// How a stream begins. Recordings of broadcasts begin anywhere, also before the first parameter
/// sets; after that every picture has to find its own.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// Whether a picture parameter set was seen.
    pub(super) has_parameters: bool,
    /// The first picture whose parameter set was not yet there: which set, where, in which frame.
    orphan: Option<(u32, u64, u64)>,
    begun: bool,
}

impl Opening {
    /// A picture at byte `offset` refers to parameter set `set`, which is not there.
    pub(super) fn orphan(&mut self, set: u32, offset: u64, log: &mut Log) {
        if self.has_parameters {
            log.note(Defect::at(Id::VideoParameterSetMissing, offset).with("set", set));
        } else {
            self.orphan.get_or_insert((set, offset, log.frame));
        }
    }

    /// A picture at byte `offset`, which can be decoded by itself or cannot.
    pub(super) fn picture(&mut self, by_itself: bool, offset: u64, log: &mut Log) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        if let Some((_, offset, frame)) = self.orphan.take() {
            log.note_in(frame, Defect::at(Id::VideoStartsMidGroup, offset));
        } else if !by_itself {
            log.note(Defect::at(Id::VideoStartsMidGroup, offset));
        }
    }

    /// The end of the stream.
    pub(super) fn finish(&mut self, log: &mut Log) {
        if let Some((set, offset, frame)) = self.orphan.take() {
            log.note_in(frame, Defect::at(Id::VideoParameterSetMissing, offset).with("set", set));
        }
    }
}
