//! Full depth: whether the data of the pictures lasts just as long as the pictures need it.

use super::Walker;
use crate::codec::vp8::{self, Ending};
use crate::codec::vp8l;
use crate::defect::{Defect, Id};
use crate::format::riff::Chunk;
use crate::input::Walk;

impl Walker<'_, '_, '_> {
    /// Decodes all symbols of a lossy picture.
    pub(super) fn verify_lossy(&mut self, chunk: &Chunk, picture: &vp8::KeyFrame, layout: &vp8::Layout) -> Walk {
        let ending = vp8::walk(self.cx.input, picture, layout)?;
        let cut = chunk.end() > self.limit();
        let defect = match ending {
            Ending::Whole => return Ok(()),
            Ending::Exhausted { row, rows, .. } if cut => {
                self.reached = Some((row.saturating_mul(16), rows.saturating_mul(16)));
                return Ok(());
            }
            Ending::Exhausted { partition, row, rows, offset } => Defect::at(Id::WebpVp8Exhausted, offset)
                .with("partition", partition)
                .with("row", row.saturating_mul(16))
                .with("intact_percent", percent(row, rows)),
            // Whatever is left over is not all of it.
            Ending::Leftover { .. } | Ending::Slack { .. } if cut => return Ok(()),
            Ending::Leftover { partition, bits, offset } => {
                Defect::at(Id::WebpVp8Leftover, offset).with("partition", partition).with("bits", bits)
            }
            Ending::Slack { partition, bits, offset } => {
                Defect::at(Id::WebpVp8Slack, offset).with("partition", partition).with("bits", bits)
            }
        };
        self.note(defect, "VP8");
        Ok(())
    }

    /// Follows all codes of a lossless picture, which begins with its transforms at `start`. An alpha channel is coded
    /// as one.
    pub(super) fn verify_lossless(&mut self, chunk: &Chunk, start: u64, size: (u32, u32)) -> Walk {
        let end = chunk.end().min(self.have);
        let ending = vp8l::walk(self.cx.input, (start.min(end), end), size)?;
        let cut = chunk.end() > self.have;
        let located = |defect: Defect, row| defect.with("row", row).with("intact_percent", percent(row, size.1));
        let defect = match ending {
            vp8l::Ending::Whole => return Ok(()),
            vp8l::Ending::Exhausted { row, .. } if cut => {
                self.reached = Some((row, size.1));
                return Ok(());
            }
            vp8l::Ending::Leftover { .. } | vp8l::Ending::Slack { .. } if cut => return Ok(()),
            vp8l::Ending::Exhausted { row, offset } => located(Defect::at(Id::WebpVp8lExhausted, offset), row),
            vp8l::Ending::Broken { what, row, offset } => {
                located(Defect::at(Id::WebpVp8lBroken, offset).with("part", what), row)
            }
            vp8l::Ending::Leftover { bits, offset } => Defect::at(Id::WebpVp8lLeftover, offset).with("bits", bits),
            vp8l::Ending::Slack { bits, offset } => Defect::at(Id::WebpVp8lSlack, offset).with("bits", bits),
        };
        self.note(defect, &chunk.name());
        Ok(())
    }
}

/// A share in hundredths.
pub(super) fn percent(part: u32, whole: u32) -> f64 {
    (f64::from(part) * 100.0 / f64::from(whole.max(1))).round()
}
