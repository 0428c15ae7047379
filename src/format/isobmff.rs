//! Boxes of the ISO base media file format (ISO/IEC 14496-12:2022, clauses 4.2 and 4.3), which HEIF
//! and AVIF share with MP4, QuickTime and 3GP.

pub(crate) mod samples;

use crate::bytes::{Cursor, len64};
use crate::format::Head;
use crate::input::{Input, MAX_BLOCK, Walk};

/// A type or brand of four characters.
pub(crate) type FourCc = [u8; 4];

/// A type as people write it; bytes that are no letters stay as they are.
pub(crate) fn name(kind: FourCc) -> String {
    kind.iter().copied().map(char::from).collect()
}

/// Whether a type is made of printable characters, as every registered one is. QuickTime's begin
/// with a copyright sign now and then.
pub(crate) fn is_plausible(kind: FourCc) -> bool {
    let [first, rest @ ..] = kind;
    (first == 0xa9 || first.is_ascii_graphic()) && rest.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
}

/// The longest header but for that of a `uuid` box.
const HEADER: u64 = 16;

/// The header of one box and where its content lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BoxHead {
    pub(crate) kind: FourCc,
    /// The first byte of the header.
    pub(crate) start: u64,
    /// The first byte behind the header.
    pub(crate) body: u64,
    /// The byte behind the last one, as the header has it.
    pub(crate) end: u64,
    /// Whether it has no size of its own and goes on to the end of its parent.
    pub(crate) open: bool,
}

impl BoxHead {
    /// The boxes inside, which begin `skip` bytes into the content.
    pub(crate) fn children(&self, skip: u64) -> Boxes {
        Boxes::new(self.body.saturating_add(skip), self.end)
    }

    /// The content, if it is at most [`MAX_BLOCK`] long and all there.
    pub(crate) fn load(&self, input: &mut Input<'_>) -> Walk<Option<Vec<u8>>> {
        let len = self.end.saturating_sub(self.body);
        if len > MAX_BLOCK || self.end > input.size() {
            return Ok(None);
        }
        input.get(self.body, len).map(|content| Some(content.to_vec()))
    }

    /// Up to `len` bytes from the start of the content.
    pub(crate) fn peek(&self, input: &mut Input<'_>, len: u64) -> Walk<Vec<u8>> {
        let len = len.min(self.end.saturating_sub(self.body));
        input.up_to(self.body, len).map(<[u8]>::to_vec)
    }
}

/// What stands where a box is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A box that lies within its parent.
    Box(BoxHead),
    /// A box that says to be longer than what is left of its parent. Nothing follows.
    Overrun(BoxHead),
    /// The size is smaller than the header that holds it. Nothing follows.
    Undersized(u64),
    /// Fewer bytes than a header takes. Nothing follows.
    Fragment(u64),
    /// The end of the parent.
    End,
}

/// Walks the boxes of one level, from a parent's content or a file.
#[derive(Clone, Debug)]
pub(crate) struct Boxes {
    at: u64,
    end: u64,
    faulty: bool,
}

impl Boxes {
    /// The boxes from `at` up to `end`.
    pub(crate) fn new(at: u64, end: u64) -> Self {
        Self { at, end, faulty: false }
    }

    /// Whether the walk ended at something that is no box in its place.
    pub(crate) fn is_faulty(&self) -> bool {
        self.faulty
    }

    /// The next one. Where the parent itself runs past the end of the file, so does the last box.
    pub(crate) fn next(&mut self, input: &mut Input<'_>) -> Walk<Next> {
        let (start, end) = self.place(input)?;
        let header = input.up_to(start, end.saturating_sub(start).min(HEADER))?;
        Ok(self.take(header, start, end))
    }

    /// The next one, on a walk that wants no more of each box than its header.
    pub(crate) fn glance(&mut self, input: &mut Input<'_>) -> Walk<Next> {
        let (start, end) = self.place(input)?;
        let header = input.glance(start, end.saturating_sub(start).min(HEADER))?;
        Ok(self.take(header, start, end))
    }

    fn place(&self, input: &mut Input<'_>) -> Walk<(u64, u64)> {
        input.work(1)?;
        let end = self.end.min(input.size());
        Ok((self.at.min(end), end))
    }

    fn take(&mut self, header: &[u8], start: u64, end: u64) -> Next {
        self.at = self.end;
        if start >= end {
            return Next::End;
        }
        let mut cursor = Cursor::new(header, start);
        self.faulty = true;
        let (Some(size), Some(kind)) = (cursor.be32(), cursor.array()) else {
            return Next::Fragment(start);
        };
        let open = size == 0;
        let size = match size {
            0 => end.saturating_sub(start),
            1 => match cursor.be64() {
                Some(size) => size,
                None => return Next::Fragment(start),
            },
            size => size.into(),
        };
        let uuid = if kind == *b"uuid" { 16 } else { 0 };
        let body = cursor.offset().saturating_add(uuid);
        if size < body.saturating_sub(start) {
            return Next::Undersized(start);
        }
        let head = BoxHead { kind, start, body, end: start.saturating_add(size), open };
        if head.end > end {
            return Next::Overrun(head);
        }
        self.at = head.end;
        self.faulty = false;
        Next::Box(head)
    }
}

/// The `ftyp` box that a file begins with: what it says to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileType<'a> {
    /// The brand that the file follows best.
    pub(crate) major: FourCc,
    compatible: &'a [u8],
}

impl<'a> FileType<'a> {
    /// Reads the box at the start of a file. One whose size makes no sense still has its brands.
    pub(crate) fn read(head: &Head<'a>) -> Option<Self> {
        let mut cursor = Cursor::new(head.bytes, 0);
        let size = cursor.be32()?;
        if cursor.array()? != *b"ftyp" {
            return None;
        }
        let major = cursor.array()?;
        let len = u64::from(size).min(len64(head.bytes.len()));
        let compatible = head.bytes.get(16..crate::bytes::index(len)).unwrap_or_default();
        Some(Self { major, compatible })
    }

    /// The compatible brands.
    pub(crate) fn compatible(&self) -> impl Iterator<Item = FourCc> + use<'a> {
        self.compatible.chunks_exact(4).filter_map(|brand| brand.first_chunk().copied())
    }

    /// Whether one of `brands` is the major or a compatible one.
    pub(crate) fn has_any(&self, brands: &[&FourCc]) -> bool {
        brands.contains(&&self.major) || self.compatible().any(|brand| brands.contains(&&brand))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    fn walk(bytes: &[u8]) -> Vec<Next> {
        let mut input = Input::new(&bytes, &Budget::default()).unwrap();
        let mut boxes = Boxes::new(0, len64(bytes.len()));
        let mut all = Vec::new();
        loop {
            let next = boxes.next(&mut input).unwrap();
            if next == Next::End {
                return all;
            }
            all.push(next);
        }
    }

    fn head(kind: FourCc, start: u64, body: u64, end: u64) -> BoxHead {
        BoxHead { kind, start, body, end, open: false }
    }

    #[test]
    fn sizes_of_all_kinds() {
        let large = b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x12..\0\0\0\x08free\0\0\0\0skip...";
        assert_eq!(
            walk(large),
            [
                Next::Box(head(*b"mdat", 0, 16, 18)),
                Next::Box(head(*b"free", 18, 26, 26)),
                Next::Box(BoxHead { open: true, ..head(*b"skip", 26, 34, 37) }),
            ]
        );
        let uuid = b"\0\0\0\x19uuid0123456789abcdef!";
        assert_eq!(walk(uuid), [Next::Box(head(*b"uuid", 0, 24, 25))]);
        assert_eq!(walk(b"\0\0\0\x17uuid0123456789abcde"), [Next::Undersized(0)]);
    }

    #[test]
    fn nothing_follows_a_box_that_does_not_fit() {
        assert_eq!(walk(b"\0\0\0\x09mdat"), [Next::Overrun(head(*b"mdat", 0, 8, 9))]);
        assert_eq!(walk(b"\0\0\0\x07mdat\0\0\0\x08free"), [Next::Undersized(0)]);
        assert_eq!(walk(b"\0\0\0\x08free\0\0\0"), [Next::Box(head(*b"free", 0, 8, 8)), Next::Fragment(8)]);
        let huge = b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff";
        assert_eq!(walk(huge), [Next::Overrun(head(*b"mdat", 0, 16, u64::MAX))]);
        assert_eq!(walk(b"\0\0\0\x01mdat\0\0\0\0"), [Next::Fragment(0)]);
    }

    #[test]
    fn brands_are_read_from_whatever_there_is() {
        let bytes = b"\0\0\0\x18ftypmif1\0\0\0\0avifmiaf\0\0\0\x08free";
        let read = FileType::read(&Head { bytes, size: 32 }).unwrap();
        assert_eq!((read.major, read.compatible().count()), (*b"mif1", 2));
        assert!(read.has_any(&[b"avif"]) && read.has_any(&[b"mif1"]) && !read.has_any(&[b"free"]));
        let short = FileType::read(&Head { bytes: &bytes[..13], size: 13 }).unwrap();
        assert_eq!((short.major, short.compatible().count()), (*b"mif1", 0));
        assert!(FileType::read(&Head { bytes: b"\0\0\0\x18free", size: 8 }).is_none());
    }
}
