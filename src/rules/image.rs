//! Rules about images.

use super::Case;
use crate::defect::{Defect, Defects, Id};
use crate::facts::ImageFacts;

pub(super) fn judge(case: &Case<'_>, facts: &ImageFacts, defects: &mut Defects) {
    // The shown size: what a person and most decoders see. Both edges have the same limits, so
    // turning changes nothing; a crop that the file asks for does.
    if let (Some(limits), Some(width), Some(height)) = (&case.profile.edge, facts.display_width, facts.display_height) {
        let edge = |id, limit: u32| Defect::new(id).with("width", width).with("height", height).with("limit", limit);
        if width.min(height) < limits.min {
            defects.note(edge(Id::ImageEdgeTooSmall, limits.min));
        }
        if width.max(height) > limits.max {
            defects.note(edge(Id::ImageEdgeTooLarge, limits.max));
        }
    }
}
