//! The boxes inside others: how far they go, and what to say of those that do not fit.

use crate::bytes::Cursor;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::{BoxHead, Boxes, FourCc, Next, name};
use crate::input::Walk;

/// What may be left of a parent behind its last box: the zeros that QuickTime ends lists with.
const TERMINATOR: u64 = 8;

/// Walks the boxes in a parent.
pub(super) struct Children {
    boxes: Boxes,
    end: u64,
    /// What the parent is called in messages; nothing is said of parents in which odd things are
    /// usual and do no harm.
    within: Option<&'static str>,
}

impl Children {
    /// The boxes in a parent that everything depends on, from `skip` bytes into it.
    pub(super) fn of(parent: &BoxHead, skip: u64, within: &'static str) -> Self {
        Self { boxes: parent.children(skip), end: parent.end, within: Some(within) }
    }

    /// The boxes in a parent that writers are careless with.
    pub(super) fn loosely(parent: &BoxHead, skip: u64) -> Self {
        Self { boxes: parent.children(skip), end: parent.end, within: None }
    }

    /// The next one. What does not fit ends the walk, and is noted unless it is the end of the file
    /// that cuts the parent.
    pub(super) fn next(&mut self, cx: &mut Inspection<'_, '_>) -> Walk<Option<BoxHead>> {
        let at = match self.boxes.next(cx.input)? {
            Next::Box(head) if !head.open => return Ok(Some(head)),
            Next::Box(head) | Next::Overrun(head) => head.start,
            Next::Undersized(start) => start,
            Next::Fragment(_) | Next::End => return Ok(None),
        };
        let is_terminator = self.end.saturating_sub(at) <= TERMINATOR && cx.input.up_to(at, 4)? == [0; 4];
        if let Some(within) = self.within.filter(|_| self.end <= cx.input.size() && !is_terminator) {
            cx.note(Defect::at(Id::Mp4BoxMalformed, at).within(within));
        }
        Ok(None)
    }
}

/// Reads a few numbers from the start of a box; those that are not there are noted.
pub(super) fn read<T>(
    cx: &mut Inspection<'_, '_>,
    head: &BoxHead,
    len: u64,
    parse: impl FnOnce(&mut Cursor<'_>) -> Option<T>,
) -> Walk<Option<T>> {
    let content = head.peek(cx.input, len)?;
    let value = parse(&mut Cursor::new(&content, head.body));
    if value.is_none() && head.end <= cx.input.size() {
        cx.note(invalid(head));
    }
    Ok(value)
}

/// The content of a box breaks its layout.
pub(super) fn invalid(head: &BoxHead) -> Defect {
    Defect::at(Id::Mp4BoxInvalid, head.start).with("box", name(head.kind))
}

/// A box that should be in the one that begins at `parent` is not.
pub(super) fn missing(parent: u64, kind: FourCc, within: &str) -> Defect {
    Defect::at(Id::Mp4BoxMissing, parent).with("box", name(kind)).within(within)
}

/// The version of a full box; its flags are passed over.
pub(super) fn version(cursor: &mut Cursor<'_>) -> Option<u8> {
    let version = cursor.u8()?;
    cursor.skip(3)?;
    Some(version)
}

/// A time, which is twice as wide in version 1.
pub(super) fn time(cursor: &mut Cursor<'_>, version: u8) -> Option<u64> {
    if version == 1 { cursor.be64() } else { cursor.be32().map(u64::from) }
}

/// A duration. All ones mean that it is not known, as 0 does.
pub(super) fn duration(cursor: &mut Cursor<'_>, version: u8) -> Option<u64> {
    let unknown = if version == 1 { u64::MAX } else { u32::MAX.into() };
    time(cursor, version).map(|duration| if duration == unknown { 0 } else { duration })
}
