//! RIFF: chunks of a four-character code, a little-endian size, and a body that is padded to an even
//! length (Multimedia Programming Interface and Data Specifications 1.0; RFC 9649, clause 2.3).

use crate::bytes::{Endian, u32_at};
use crate::input::{Input, Walk};

/// The length of the code and the size that are in front of every body.
pub(crate) const HEADER: u64 = 8;

/// One chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// The four-character code.
    pub(crate) code: [u8; 4],
    /// Where in the file its header begins.
    pub(crate) offset: u64,
    /// The size of its body as the header has it, without padding.
    pub(crate) size: u64,
}

impl Chunk {
    /// The chunk whose header is at `offset`.
    pub(crate) fn at(input: &mut Input<'_>, offset: u64) -> Walk<Self> {
        let header = input.array::<8>(offset)?;
        let [a, b, c, d, size @ ..] = header;
        let size = u32_at(&size, Endian::Little).unwrap_or_default();
        Ok(Self { code: [a, b, c, d], offset, size: size.into() })
    }

    /// Where the body begins.
    pub(crate) fn body(&self) -> u64 {
        self.offset.saturating_add(HEADER)
    }

    /// Where the body ends.
    pub(crate) fn end(&self) -> u64 {
        self.body().saturating_add(self.size)
    }

    /// Where the next chunk begins: behind the body and the byte that makes its length even.
    pub(crate) fn next(&self) -> u64 {
        self.end().saturating_add(self.size & 1)
    }

    /// The code as text, without the spaces that fill it up.
    pub(crate) fn name(&self) -> String {
        self.code.escape_ascii().to_string().trim_end().to_owned()
    }

    /// Whether the code is one: four printable characters.
    pub(crate) fn is_named(&self) -> bool {
        self.code.iter().all(|byte| (0x20..0x7f).contains(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Budget, Stop};

    #[test]
    fn chunks_are_padded_to_even_lengths() {
        let bytes = b"....VP8 \x05\0\0\0.....\0EXIF".to_vec();
        let mut input = Input::new(&bytes, &Budget::default()).unwrap();
        let chunk = Chunk::at(&mut input, 4).unwrap();
        assert_eq!((chunk.body(), chunk.end(), chunk.next()), (12, 17, 18));
        assert_eq!(chunk.name(), "VP8");
        assert!(chunk.is_named());
        assert!(matches!(Chunk::at(&mut input, chunk.next()), Err(Stop::End(26))));
        let odd = Chunk { code: [0, b'A', 0xff, b' '], offset: u64::MAX - 1, size: 7 };
        assert_eq!((odd.next(), odd.name().as_str(), odd.is_named()), (u64::MAX, "\\x00A\\xff", false));
    }
}
