//! Motion JPEG: every frame is a JPEG stream, or two with a field each. Those in AVI leave out the
//! tables of codes that all of them share.

use super::log::Log;
use super::payload::PictureFormat;
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Grade, Group, Id};
use crate::format::image::jpeg::{Picture, Walker};
use crate::input::{Budget, Input};

/// The walk over the frames of a track.
#[derive(Debug)]
pub(super) struct Jpeg {
    walker: Walker,
    depth: Depth,
}

impl Jpeg {
    pub(super) fn new(full: bool) -> Self {
        Self { walker: Walker::new(), depth: if full { Depth::Full } else { Depth::Structure } }
    }

    /// Looks at a frame of `len` bytes at byte `offset`, of which the first are in `frame`.
    pub(super) fn look(&mut self, frame: &[u8], len: u64, offset: u64, log: &mut Log) {
        let Some(start) = frame.windows(2).take(16).position(|marker| marker == [0xff, 0xd8]) else {
            log.note(Defect::at(Id::VideoFrameInvalid, offset));
            return;
        };
        let start = len64(start);
        let Ok(mut input) = Input::new(&frame, &Budget::default()) else { return };
        let mut picture = Picture::default();
        let stopped = self.walker.walk(&mut input, start..len64(frame.len()), self.depth, &mut picture).is_err();
        if let Some(header) = &picture.frame {
            let (width, height) = (header.width.into(), header.height.into());
            log.picture.get_or_insert(PictureFormat { width, height, ..PictureFormat::default() });
        }
        // What is behind the part that was kept, or beyond the budget, is not judged.
        if stopped || len > len64(frame.len()) {
            return;
        }
        let mut defects = picture.defects.into_findings().map(|(defect, _)| defect);
        let fault = defects.find(|defect| {
            let info = defect.id.info();
            info.group == Group::Damage && info.grade == Grade::Broken
        });
        if let Some(fault) = fault {
            let at = offset.saturating_add(fault.offset.unwrap_or_default());
            log.note(Defect::at(Id::VideoPictureDamaged, at).with("fault", fault.id.name()));
        }
    }
}
