//! The coded data of one track, as they go by: what the parameter sets say, and whether the units
//! and frames hold together. Containers show it every frame; it never reads by itself, except in
//! [`show`], which takes a frame that lies in one piece.

use std::ops::Range;

use super::Codec;
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::Defect;
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
    codec: Codec,
    framing: Framing,
    depth: Depth,
    picture: Option<PictureFormat>,
    faults: Vec<Defect>,
}

impl Payload {
    /// Watches data in `codec`. At depth `full` every byte is looked at, at `structure` only what
    /// tells units apart and parameter sets.
    pub(crate) fn new(codec: Codec, depth: Depth) -> Self {
        Self { codec, framing: Framing::Native, depth, picture: None, faults: Vec::new() }
    }

    /// Takes the decoder's configuration as containers keep it: `avcC`, `hvcC`, `av1C`, the specific
    /// information of `esds`, what follows a `BITMAPINFOHEADER`. It stands at byte `offset`.
    pub(crate) fn configure(&mut self, record: &[u8], offset: u64) {
        let _ = (record, offset, self.codec, self.framing, self.depth);
    }

    /// What is known of the picture so far.
    pub(crate) fn picture(&self) -> Option<&PictureFormat> {
        self.picture.as_ref()
    }

    /// A frame begins at byte `offset` of the file.
    pub(crate) fn begin(&mut self, offset: u64) {
        let _ = offset;
    }

    /// The next piece of the frame, which lies at byte `offset` of the file.
    pub(crate) fn feed(&mut self, offset: u64, piece: &[u8]) {
        let _ = (offset, piece);
    }

    /// How many of the next bytes of the frame need not be shown at this depth. The container passes
    /// over them with [`Payload::pass`], or shows them all the same.
    pub(crate) fn idle(&self) -> u64 {
        0
    }

    /// Passes over `len` bytes, no more than [`Payload::idle`] allows.
    pub(crate) fn pass(&mut self, len: u64) {
        let _ = len;
    }

    /// The frame ends here.
    pub(crate) fn end(&mut self) {}

    /// The stream ends here, with all its frames if `whole`.
    pub(crate) fn finish(&mut self, whole: bool) {
        let _ = whole;
    }

    /// What was found wrong since the last call; the container says which track it is in.
    pub(crate) fn take_faults(&mut self) -> std::vec::Drain<'_, Defect> {
        self.faults.drain(..)
    }
}

/// Shows a frame that lies in one piece of the file.
pub(crate) fn show(payload: &mut Payload, input: &mut Input<'_>, frame: Range<u64>) -> Walk {
    payload.begin(frame.start);
    show_part(payload, input, frame)?;
    payload.end();
    Ok(())
}

/// Shows a part of the frame that has begun, which lies in one piece of the file.
pub(crate) fn show_part(payload: &mut Payload, input: &mut Input<'_>, part: Range<u64>) -> Walk {
    let mut at = part.start;
    while at < part.end {
        let idle = payload.idle().min(part.end.saturating_sub(at));
        if idle > 0 {
            payload.pass(idle);
            at = at.saturating_add(idle);
            input.work(1)?;
            continue;
        }
        let piece = input.fill(at, part.end)?;
        payload.feed(at, piece);
        at = at.saturating_add(len64(piece.len()));
    }
    Ok(())
}
