//! The coded data of one track, as they go by: what the parameter sets say, and whether the units
//! and frames hold together. Containers show it every frame; it never reads by itself, except in
//! [`show`], which takes a frame that lies in one piece.

use std::ops::Range;

use super::frames::Frames;
use super::log::Log;
use super::units::Units;
use super::{Codec, h264, hevc, mpeg4, mpeg12};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Grade, Id};
use crate::input::{Input, Walk};

/// How the units of a frame are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// As the codec has it by itself: one frame, or start codes where it uses them.
    Native,
    /// Each unit has its length before it, in so many bytes (H.264 and HEVC in MP4, Matroska, FLV).
    Lengths(u8),
}

/// What the coded data say of the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PictureFormat {
    /// Size in pixels, after the cropping that the codec itself asks for.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Width to height of one pixel, where it is stated and not 1:1.
    pub(crate) sample_aspect: Option<(u32, u32)>,
    /// Frames a second, where it is stated.
    pub(crate) frame_rate: Option<f64>,
    /// The profile, such as `High`.
    pub(crate) profile: Option<&'static str>,
}

/// Watches the coded data of one track.
#[derive(Debug)]
pub(crate) struct Payload {
    watch: Watch,
    log: Log,
}

#[derive(Debug)]
enum Watch {
    Units(Box<Units>),
    Frames(Frames),
}

impl Payload {
    /// Watches data in `codec`. At depth `full` every byte is looked at, at `structure` only what
    /// tells units apart and parameter sets.
    pub(crate) fn new(codec: Codec, depth: Depth) -> Self {
        let full = depth == Depth::Full;
        let units = |syntax| Watch::Units(Box::new(Units::new(syntax, full)));
        let watch = match codec {
            Codec::H264 => units(Box::<h264::Stream>::default()),
            Codec::Hevc => units(Box::<hevc::Stream>::default()),
            Codec::Mpeg1 | Codec::Mpeg2 => units(Box::<mpeg12::Stream>::default()),
            Codec::Mpeg4 => units(Box::<mpeg4::Stream>::default()),
            _ => Watch::Frames(Frames::new(codec, full)),
        };
        Self { watch, log: Log::new(codec) }
    }

    /// Takes the decoder's configuration as containers keep it: `avcC`, `hvcC`, `av1C`, the specific
    /// information of `esds`, what follows a `BITMAPINFOHEADER`. It stands at byte `offset`. Containers
    /// that know where frames begin and end call this even if the configuration is empty.
    pub(crate) fn configure(&mut self, record: &[u8], offset: u64) {
        let mut faults = std::mem::take(&mut self.log.faults);
        match &mut self.watch {
            Watch::Units(units) => units.configure(record, offset, &mut self.log),
            Watch::Frames(frames) => frames.configure(record, offset, &mut self.log),
        }
        let broken = |fault: &&Defect| fault.id.info().grade == Grade::Broken;
        let place = self.log.faults.iter().find(broken).map(|fault| fault.offset.unwrap_or(offset));
        std::mem::swap(&mut faults, &mut self.log.faults);
        if let Some(place) = place {
            self.log.note(Defect::at(Id::VideoConfigInvalid, place));
        }
    }

    /// What is known of the picture so far.
    pub(crate) fn picture(&self) -> Option<&PictureFormat> {
        self.log.picture.as_ref()
    }

    /// A frame begins at byte `offset` of the file.
    pub(crate) fn begin(&mut self, offset: u64) {
        self.log.frame = self.log.frame.saturating_add(1);
        match &mut self.watch {
            Watch::Units(units) => units.begin(offset),
            Watch::Frames(frames) => frames.begin(offset),
        }
    }

    /// The next piece of the frame, which lies at byte `offset` of the file.
    pub(crate) fn feed(&mut self, offset: u64, piece: &[u8]) {
        match &mut self.watch {
            Watch::Units(units) => units.feed(offset, piece, &mut self.log),
            Watch::Frames(frames) => frames.feed(piece),
        }
    }

    /// How many of the next bytes of the frame need not be shown at this depth. The container passes
    /// over them with [`Payload::pass`], or shows them all the same.
    pub(crate) fn idle(&self) -> u64 {
        match &self.watch {
            Watch::Units(units) => units.idle(),
            Watch::Frames(frames) => frames.idle(),
        }
    }

    /// Passes over `len` bytes, no more than [`Payload::idle`] allows.
    pub(crate) fn pass(&mut self, len: u64) {
        match &mut self.watch {
            Watch::Units(units) => units.pass(len),
            Watch::Frames(frames) => frames.pass(len),
        }
    }

    /// The frame ends here.
    pub(crate) fn end(&mut self) {
        match &mut self.watch {
            Watch::Units(units) => units.end(&mut self.log),
            Watch::Frames(frames) => frames.end(&mut self.log),
        }
    }

    /// The stream ends here, with all its frames if `whole`.
    pub(crate) fn finish(&mut self, whole: bool) {
        if let Watch::Units(units) = &mut self.watch {
            units.finish(whole, &mut self.log);
        }
    }

    /// What was found wrong since the last call; the container says which track it is in.
    pub(crate) fn take_faults(&mut self) -> std::vec::Drain<'_, Defect> {
        self.log.faults.drain(..)
    }
}

/// Shows a frame that lies in one piece of the file.
pub(crate) fn show(payload: &mut Payload, input: &mut Input<'_>, frame: Range<u64>) -> Walk {
    payload.begin(frame.start);
    let mut at = frame.start;
    while at < frame.end {
        let idle = payload.idle().min(frame.end.saturating_sub(at));
        if idle > 0 {
            payload.pass(idle);
            at = at.saturating_add(idle);
            input.work(1)?;
            continue;
        }
        let piece = input.fill(at, frame.end)?;
        payload.feed(at, piece);
        at = at.saturating_add(len64(piece.len()));
    }
    payload.end();
    Ok(())
}
