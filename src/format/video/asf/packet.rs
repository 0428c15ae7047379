//! Data packets (clause 5.2): what is in them, payload by payload.

use super::header::real;
use crate::bytes::{Cursor, index, len64};

/// One payload, or one of the small ones that a compressed payload is made of.
pub(super) struct Part<'a> {
    pub(super) stream: u8,
    /// The number of the media object that it is a part of.
    pub(super) object: u32,
    /// Where in the object it goes.
    pub(super) place: u32,
    pub(super) size: u32,
    /// The size of the whole object.
    pub(super) total: u32,
    /// When the object is shown, in milliseconds, with the preroll.
    time_ms: Option<u32>,
    pub(super) bytes: &'a [u8],
    /// Where in the file it lies.
    pub(super) offset: u64,
}

/// The latest time that was seen, and the longest pause before one.
#[derive(Default)]
pub(super) struct Pace {
    last_ms: Option<u32>,
    pause_ms: u32,
}

impl Pace {
    pub(super) fn see(&mut self, part: &Part<'_>) {
        // Half the range is an error in the file rather than 25 days of video.
        if let Some(time) = part.time_ms.filter(|time| *time < 1 << 31) {
            let last = self.last_ms.unwrap_or(time).max(time);
            self.pause_ms = self.pause_ms.max(last.saturating_sub(self.last_ms.unwrap_or(last)));
            self.last_ms = Some(last);
        }
    }

    /// How long the last frame may be shown, going by those before it.
    pub(super) fn pause_s(&self) -> f64 {
        f64::from(self.pause_ms) / 1000.0
    }

    pub(super) fn last_s(&self, preroll_ms: u64) -> Option<f64> {
        self.last_ms.map(|last| real(u64::from(last).saturating_sub(preroll_ms)) / 1000.0)
    }
}

/// The packet breaks the layout that packets have.
pub(super) struct Invalid;

/// The payloads of one packet, in order.
pub(super) struct Payloads<'a> {
    cursor: Cursor<'a>,
    /// How many are to come.
    left: u8,
    several: bool,
    /// Widths of the fields, by two bits each.
    property: u8,
    length_type: u8,
    /// Small payloads that are yet to come out of a compressed one.
    inner: Option<(Part<'a>, Cursor<'a>, u8)>,
}

/// A field whose width is given by two bits: none, a byte, two or four.
fn field(cursor: &mut Cursor<'_>, width: u8) -> Option<u32> {
    match width & 3 {
        0 => Some(0),
        1 => cursor.u8().map(u32::from),
        2 => cursor.le16().map(u32::from),
        _ => cursor.le32(),
    }
}

impl<'a> Payloads<'a> {
    /// Opens the packet that `bytes` are, at byte `offset` of the file; `None` if it is none.
    pub(super) fn open(bytes: &'a [u8], offset: u64) -> Option<Self> {
        const ERROR_CORRECTION: u8 = 0x80;
        let mut cursor = Cursor::new(bytes, offset);
        let mut flags = cursor.u8()?;
        if flags & ERROR_CORRECTION != 0 {
            // The only kind in use: two bytes, both zero or a parity over packets.
            if flags & 0x70 != 0 {
                return None;
            }
            cursor.skip(usize::from(flags & 0x0f))?;
            flags = cursor.u8()?;
        }
        if flags & ERROR_CORRECTION != 0 {
            return None;
        }
        let property = cursor.u8()?;
        let length = field(&mut cursor, flags >> 5)?;
        field(&mut cursor, flags >> 1)?;
        let padding = field(&mut cursor, flags >> 3)?;
        cursor.skip(6)?;
        let (mut left, mut length_type) = (1, 0);
        let several = flags & 1 != 0;
        if several {
            let byte = cursor.u8()?;
            (left, length_type) = (byte & 0x3f, byte >> 6);
            if left == 0 {
                return None;
            }
        }
        let whole = if length == 0 { bytes.len() } else { index(length.into()).min(bytes.len()) };
        let taken = bytes.len().checked_sub(cursor.remaining())?;
        let end = whole.checked_sub(index(padding.into()))?;
        let at = cursor.offset();
        let cursor = Cursor::new(bytes.get(taken..end)?, at);
        Some(Self { cursor, left, several, property, length_type, inner: None })
    }

    fn read(&mut self) -> Option<Part<'a>> {
        let cursor = &mut self.cursor;
        let stream = cursor.u8()? & 0x7f;
        let object = field(cursor, self.property >> 4)?;
        let place = field(cursor, self.property >> 2)?;
        let replicated = field(cursor, self.property)?;
        let replicated = cursor.take(index(replicated.into()))?;
        let length = if self.several { index(field(cursor, self.length_type)?.into()) } else { cursor.remaining() };
        let offset = cursor.offset();
        let bytes = cursor.take(length)?;
        let size = u32::try_from(len64(length)).ok()?;
        let mut part = Part { stream, object, place, size, total: size, time_ms: None, bytes, offset };
        match *replicated {
            // Compressed (clause 5.2.3.3): the place is a time, the byte is the time between.
            [step] => {
                part.time_ms = Some(place);
                let inner = Cursor::new(bytes, offset);
                part.place = 0;
                self.inner = Some((part, inner, step));
                self.small()
            }
            [_, _, _, _, _, _, _, _, ..] => {
                let mut fields = Cursor::new(replicated, 0);
                part.total = fields.le32()?;
                part.time_ms = fields.le32();
                let fits = part.place.checked_add(size).is_some_and(|end| end <= part.total);
                fits.then_some(part)
            }
            _ => {
                part.place = 0;
                Some(part)
            }
        }
    }

    /// The next small payload of a compressed one.
    fn small(&mut self) -> Option<Part<'a>> {
        let (outer, mut inner, step) = self.inner.take()?;
        let len = inner.u8()?;
        let offset = inner.offset();
        let bytes = inner.take(len.into())?;
        let part = Part { size: len.into(), total: len.into(), bytes, offset, ..outer };
        if !inner.is_empty() {
            let time_ms = part.time_ms.map(|time| time.saturating_add(step.into()));
            let object = part.object.wrapping_add(1);
            self.inner = Some((Part { time_ms, object, bytes: &[], ..part }, inner, step));
        }
        Some(part)
    }
}

impl<'a> Iterator for Payloads<'a> {
    type Item = Result<Part<'a>, Invalid>;

    fn next(&mut self) -> Option<Self::Item> {
        let part = if self.inner.is_some() {
            self.small()
        } else {
            self.left = self.left.checked_sub(1)?;
            self.read()
        };
        if part.is_none() {
            self.left = 0;
            self.inner = None;
        }
        Some(part.ok_or(Invalid))
    }
}
