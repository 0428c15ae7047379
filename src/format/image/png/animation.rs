//! Animations (clauses 4.9 and 11.3.6): the numbers that run through fcTL and fdAT, the regions of
//! the frames, and whether every frame that is announced has data.

use super::header::Region;
use super::{Chunk, Walker};
use crate::defect::{Defect, Id};
use crate::input::Walk;

/// What went by of an animation.
pub(super) struct Animation {
    /// Where acTL is, and how many frames it states.
    offset: u64,
    stated: u32,
    /// Frame control chunks so far.
    frames: u32,
    /// The number that the next fcTL or fdAT has.
    sequence: u32,
    /// The last frame control chunk.
    control: u64,
    next: Next,
}

/// What the last frame control chunk announced.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// Nothing that has not come.
    Nothing,
    /// That the IDAT chunks are a frame.
    Main,
    /// A frame in fdAT chunks.
    Frame(Region),
    /// A frame in fdAT chunks that is nowhere on the canvas; they are passed over.
    Misfit,
}

impl Animation {
    /// IDAT chunks begin.
    pub(super) fn main_data_begin(&mut self) {
        if self.next == Next::Main {
            self.next = Next::Nothing;
        }
    }

    /// Takes the next number of the sequence, and says whether it is the right one.
    fn is_next(&mut self, number: u32) -> bool {
        let right = number == self.sequence;
        self.sequence = number.wrapping_add(1);
        right
    }

    /// The frame that was announced and has no data, as a defect.
    fn pending(&self) -> Option<Defect> {
        matches!(self.next, Next::Main | Next::Frame(_))
            .then(|| Defect::at(Id::PngFrameEmpty, self.control).with("frame", self.frames))
    }
}

impl Walker<'_, '_, '_> {
    /// acTL.
    pub(super) fn animation(&mut self, chunk: &Chunk) -> Walk {
        let stated = self.content(chunk)?.map(u32::from_be_bytes);
        if let (None, Some(stated)) = (&self.animation, stated) {
            let facts = self.cx.image();
            facts.variant = Some("apng");
            facts.frames = Some(stated.max(1));
            facts.animated = Some(stated > 1);
            let (offset, next) = (chunk.start, Next::Nothing);
            self.animation = Some(Animation { offset, stated, frames: 0, sequence: 0, control: 0, next });
        }
        Ok(())
    }

    /// fcTL. Without an acTL it is of no importance.
    pub(super) fn frame_control(&mut self, chunk: &Chunk) -> Walk {
        let Some(content) = self.content::<26>(chunk)? else {
            return Ok(());
        };
        let (Some(animation), Some((number, rest))) = (&mut self.animation, content.split_first_chunk()) else {
            return Ok(());
        };
        if let Some(defect) = animation.pending() {
            self.cx.note(defect);
        }
        if !animation.is_next(u32::from_be_bytes(*number)) {
            self.cx.note(out_of_sequence(chunk));
        }
        animation.frames = animation.frames.saturating_add(1);
        animation.control = chunk.start;
        let (Some(region), Some(header)) = (Region::parse(rest), &self.header) else {
            return Ok(());
        };
        animation.next = if !region.is_on(header) {
            self.cx.note(Defect::at(Id::PngFrameOutside, chunk.start).with("frame", animation.frames));
            Next::Misfit
        } else if self.seen.data {
            Next::Frame(region)
        } else {
            Next::Main
        };
        Ok(())
    }

    /// fdAT.
    pub(super) fn frame_data(&mut self, chunk: &Chunk) -> Walk {
        let Some(number) = self.content(chunk)? else {
            return Ok(());
        };
        let Some(animation) = &mut self.animation else {
            return Ok(());
        };
        let in_order = animation.is_next(u32::from_be_bytes(number));
        let (next, frame) = (animation.next, animation.frames);
        if next != Next::Misfit {
            animation.next = Next::Nothing;
        }
        if let (Next::Frame(region), Some(header)) = (next, self.header) {
            self.begin_picture(&header, (region.width, region.height), chunk, frame);
        }
        if !in_order || (self.picture.is_none() && next != Next::Misfit) {
            self.cx.note(out_of_sequence(chunk));
        }
        self.add_data(chunk);
        Ok(())
    }

    /// The file ends, so every frame must have come.
    pub(super) fn end_animation(&mut self) {
        let Some(animation) = &self.animation else {
            return;
        };
        if let Some(defect) = animation.pending() {
            self.cx.note(defect);
        }
        let (stated, found) = (animation.stated, animation.frames);
        if stated != found {
            let defect = Defect::at(Id::PngFrameCount, animation.offset);
            self.cx.note(defect.with("stated", stated).with("found", found));
        }
    }
}

fn out_of_sequence(chunk: &Chunk) -> Defect {
    Defect::at(Id::PngFrameSequence, chunk.start).with("chunk", chunk.kind.to_string())
}
