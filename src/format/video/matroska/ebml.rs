//! EBML (RFC 8794): elements with an ID and a size of variable length before their data.

use crate::bytes::{Cursor, index, len64};
use crate::input::{Input, MAX_BLOCK, Walk};

use super::elements::{self, Shape};

/// The longest header of an element: an ID of four bytes, a size of eight.
const MAX_HEADER: u64 = 12;
/// How deep elements may be nested inside a top-level one. Chapters and tags may hold themselves.
const MAX_DEPTH: u32 = 24;
/// The CRC-32 element as every writer has it: its ID, a size of 4, the sum.
pub(super) const CRC_LEN: u64 = 6;
/// No text and no configuration of a decoder that is longer than this is read.
const MAX_VALUE: u64 = MAX_BLOCK;

/// A number of variable length (RFC 8794, clause 4): the position of its first set bit, the marker,
/// says how many bytes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vint {
    /// All bits, with the marker.
    pub(super) raw: u64,
    pub(super) width: usize,
}

impl Vint {
    pub(super) fn read(data: &mut Cursor<'_>) -> Option<Self> {
        let width = Self::width(*data.rest().first()?)?;
        Some(Self { raw: data.be_uint(width)?, width })
    }

    /// How many bytes the number has that begins with `first`; none if it is no number of up to
    /// eight bytes.
    fn width(first: u8) -> Option<usize> {
        let width = first.leading_zeros().checked_add(1).filter(|width| *width <= 8)?;
        usize::try_from(width).ok()
    }

    /// The bits behind the marker.
    pub(super) fn value(self) -> u64 {
        self.raw & self.mask()
    }

    /// Whether all the bits behind the marker are set, which stands for an unknown size.
    pub(super) fn is_unknown(self) -> bool {
        self.value() == self.mask()
    }

    /// The number as one with a sign (RFC 9559, clause 10.3.3): half of the range is taken off.
    pub(super) fn signed(self) -> i64 {
        let half = i64::try_from(self.mask() >> 1).unwrap_or_default();
        i64::try_from(self.value()).unwrap_or_default().saturating_sub(half)
    }

    fn mask(self) -> u64 {
        let bits = u32::try_from(self.width.saturating_mul(7)).unwrap_or_default();
        1_u64.checked_shl(bits).unwrap_or_default().wrapping_sub(1)
    }
}

/// The header of an element, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) id: u32,
    /// The offset of its first byte.
    pub(super) start: u64,
    /// The offset of its data.
    pub(super) body: u64,
    /// How long its data are, if that is known (RFC 8794, clause 6.2).
    pub(super) size: Option<u64>,
}

/// Why there is no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The header does not end before the limit.
    Cut,
    /// The bytes are no header of an element.
    Invalid,
}

impl Element {
    /// The element whose header is at `at` and ends before `limit`.
    pub(super) fn read(input: &mut Input<'_>, at: u64, limit: u64) -> Walk<Result<Self, Flaw>> {
        let room = limit.min(input.size()).saturating_sub(at).min(MAX_HEADER);
        if room == 0 {
            return Ok(Err(Flaw::Cut));
        }
        Ok(Self::parse(&mut Cursor::new(input.get(at, room)?, at)))
    }

    fn parse(header: &mut Cursor<'_>) -> Result<Self, Flaw> {
        let start = header.offset();
        let first = header.rest().first().copied().unwrap_or_default();
        // An ID has up to four bytes, and not all of its bits are set.
        if first < 0x10 || first == 0xff {
            return Err(Flaw::Invalid);
        }
        let id = Vint::read(header).and_then(|id| u32::try_from(id.raw).ok()).ok_or(Flaw::Cut)?;
        if header.rest().first() == Some(&0) {
            return Err(Flaw::Invalid);
        }
        let size = Vint::read(header).ok_or(Flaw::Cut)?;
        let size = (!size.is_unknown()).then(|| size.value());
        Ok(Self { id, start, body: header.offset(), size })
    }

    /// Where the data end, if that is known.
    pub(super) fn end(&self) -> Option<u64> {
        self.size.map(|size| self.body.saturating_add(size))
    }

    /// The size, where an unknown one is as good as none.
    fn len(&self) -> u64 {
        self.size.unwrap_or_default()
    }

    /// The elements in it, which must have a known size.
    pub(super) fn children(&self) -> Children {
        Children { at: self.body, end: self.body.saturating_add(self.len()) }
    }

    /// The data as an unsigned number (RFC 8794, clause 7.2); no data are 0.
    pub(super) fn uint(&self, input: &mut Input<'_>) -> Walk<u64> {
        let len = self.len();
        if len > 8 {
            return Ok(0);
        }
        let data = input.get(self.body, len)?;
        Ok(Cursor::new(data, self.body).be_uint(data.len()).unwrap_or_default())
    }

    /// The data as a floating-point number (RFC 8794, clause 7.3); no data are 0.
    pub(super) fn float(&self, input: &mut Input<'_>) -> Walk<f64> {
        Ok(match self.len() {
            4 => f32::from_be_bytes(input.array(self.body)?).into(),
            8 => f64::from_be_bytes(input.array(self.body)?),
            _ => 0.0,
        })
    }

    /// The data as text, without the zeros that may fill it up (RFC 8794, clause 7.4).
    pub(super) fn text(&self, input: &mut Input<'_>) -> Walk<String> {
        let bytes = self.bytes(input)?;
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        Ok(String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned())
    }

    /// The data, or nothing if there is more of it than anybody needs.
    pub(super) fn bytes<'i>(&self, input: &'i mut Input<'_>) -> Walk<&'i [u8]> {
        let len = self.len();
        if len > MAX_VALUE {
            return Ok(&[]);
        }
        input.get(self.body, len)
    }
}

/// The elements that follow one another inside another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Children {
    at: u64,
    end: u64,
}

impl Children {
    /// The next element, or the offset of what is none or does not fit. There is nothing behind such.
    pub(super) fn next(&mut self, input: &mut Input<'_>) -> Walk<Option<Result<Element, u64>>> {
        if self.at >= self.end {
            return Ok(None);
        }
        input.work(1)?;
        let start = self.at;
        self.at = self.end;
        let element = Element::read(input, start, self.end)?.ok();
        let fits = element.and_then(|element| Some((element, element.end().filter(|end| *end <= self.end)?)));
        Ok(Some(match fits {
            Some((element, end)) => {
                self.at = end;
                Ok(element)
            }
            None => Err(start),
        }))
    }

    /// The next sound element, for those who only want to know what can be known.
    pub(super) fn sound(&mut self, input: &mut Input<'_>) -> Walk<Option<Element>> {
        Ok(self.next(input)?.and_then(Result::ok))
    }
}

/// The place of the first thing inside `master` that breaks the rules: what is no element, does not
/// fit in its parent, or has a size that values of its kind do not have.
pub(super) fn first_fault(input: &mut Input<'_>, master: Element) -> Walk<Option<u64>> {
    fault_within(input, master, MAX_DEPTH)
}

fn fault_within(input: &mut Input<'_>, master: Element, depth: u32) -> Walk<Option<u64>> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(Some(master.start));
    };
    let mut children = master.children();
    while let Some(child) = children.next(input)? {
        let child = match child {
            Ok(child) => child,
            Err(at) => return Ok(Some(at)),
        };
        let fault = match elements::shape(child.id) {
            Shape::Master => fault_within(input, child, depth)?,
            Shape::Uint => (child.len() > 8).then_some(child.start),
            Shape::Float => (!matches!(child.len(), 0 | 4 | 8)).then_some(child.start),
            Shape::Other => None,
        };
        if fault.is_some() {
            return Ok(fault);
        }
    }
    Ok(None)
}

/// The sum that a CRC-32 element at the start of `master` gives for what follows (RFC 8794, clause
/// 11.3.1).
#[derive(Debug)]
pub(super) struct Checksum {
    stated: u32,
    sum: crc32fast::Hasher,
    at: u64,
    end: u64,
}

impl Checksum {
    /// The checksum of `master`, if it has one.
    pub(super) fn of(input: &mut Input<'_>, master: Element) -> Walk<Option<Self>> {
        let Some(end) = master.end().filter(|end| *end <= input.size()) else {
            return Ok(None);
        };
        if end.saturating_sub(master.body) < CRC_LEN {
            return Ok(None);
        }
        let [id, size, stated @ ..] = input.array::<6>(master.body)?;
        let found = u32::from(id) == elements::CRC32 && size == 0x84;
        Ok(found.then(|| Self {
            stated: u32::from_le_bytes(stated),
            sum: crc32fast::Hasher::new(),
            at: master.body.saturating_add(CRC_LEN),
            end,
        }))
    }

    /// Takes in all that is before byte `to` of the file.
    pub(super) fn advance(&mut self, input: &mut Input<'_>, to: u64) -> Walk {
        let to = to.min(self.end);
        while self.at < to {
            let piece = input.fill(self.at, to)?;
            self.sum.update(piece);
            self.at = self.at.saturating_add(len64(piece.len()));
        }
        Ok(())
    }

    /// Whether the sum is right.
    pub(super) fn holds(mut self, input: &mut Input<'_>) -> Walk<bool> {
        self.advance(input, self.end)?;
        Ok(self.sum.finalize() == self.stated)
    }
}

/// The document type of a file that begins with an EBML header, empty if it has none there. The
/// elements of the header may be in any order, and CRC-32 or Void may come first.
pub(super) fn doc_type<'a>(bytes: &'a [u8]) -> Option<&'a [u8]> {
    let mut file = Cursor::new(bytes.strip_prefix(elements::EBML.to_be_bytes().as_slice())?, 0);
    let mut search = || {
        let length = Vint::read(&mut file)?.value();
        let content = file.rest();
        let mut header = Cursor::new(content.get(..index(length)).unwrap_or(content), 0);
        loop {
            let id = Vint::read(&mut header)?.raw;
            let length = index(Vint::read(&mut header)?.value());
            let value: &'a [u8] = header.take(length)?;
            if id == u64::from(elements::DOC_TYPE) {
                let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
                return value.get(..end);
            }
        }
    };
    Some(search().unwrap_or_default())
}
