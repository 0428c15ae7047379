//! Reading numbers out of slices without ever running past their end.
//!
//! Every accessor returns `Option`: `None` means that the bytes are not there. Parsers turn that
//! into a defect or into [`crate::input::Stop::End`]; nothing here can panic.

/// Widens a length that is in memory to the type offsets are counted in.
#[inline]
pub(crate) fn len64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// Narrows a length for use on memory. A value that does not fit becomes `usize::MAX`, which no
/// slice is as long as, so the look-up that follows finds nothing.
#[inline]
pub(crate) fn index(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

/// The byte order of a format, or of a file that chooses it (TIFF, EXIF).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
}

macro_rules! ints {
    ($($name:ident, $be:ident, $le:ident, $t:ty, $n:literal;)*) => {$(
        #[doc = concat!("The `", stringify!($t), "` at the start of `data`.")]
        #[inline]
        pub(crate) fn $name(data: &[u8], endian: Endian) -> Option<$t> {
            let bytes = *data.first_chunk::<$n>()?;
            Some(match endian {
                Endian::Big => <$t>::from_be_bytes(bytes),
                Endian::Little => <$t>::from_le_bytes(bytes),
            })
        }

        impl Cursor<'_> {
            #[doc = concat!("The next big-endian `", stringify!($t), "`.")]
            #[inline]
            #[allow(dead_code, reason = "the full set of widths is one idea")]
            pub(crate) fn $be(&mut self) -> Option<$t> {
                self.array().map(<$t>::from_be_bytes)
            }

            #[doc = concat!("The next little-endian `", stringify!($t), "`.")]
            #[inline]
            #[allow(dead_code, reason = "the full set of widths is one idea")]
            pub(crate) fn $le(&mut self) -> Option<$t> {
                self.array().map(<$t>::from_le_bytes)
            }
        }
    )*};
}

ints! {
    u16_at, be16, le16, u16, 2;
    u32_at, be32, le32, u32, 4;
    u64_at, be64, le64, u64, 8;
}

/// A position in a slice that knows where in the file the slice began.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    data: &'a [u8],
    base: u64,
    start: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `data`, which lies at file offset `base`.
    pub(crate) fn new(data: &'a [u8], base: u64) -> Self {
        Self { data, base, start: data.len() }
    }

    /// The file offset of the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.base.saturating_add(len64(self.start.saturating_sub(self.data.len())))
    }

    /// The bytes that have not been taken yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.data
    }

    /// How many bytes have not been taken yet.
    pub(crate) fn remaining(&self) -> usize {
        self.data.len()
    }

    /// Whether every byte has been taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The next `n` bytes.
    #[inline]
    pub(crate) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.data.split_at_checked(n)?;
        self.data = tail;
        Some(head)
    }

    /// Passes over `n` bytes.
    #[inline]
    pub(crate) fn skip(&mut self, n: usize) -> Option<()> {
        self.take(n).map(drop)
    }

    /// The next `N` bytes by value.
    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.data.split_first_chunk::<N>()?;
        self.data = tail;
        Some(*head)
    }

    /// The next byte.
    #[inline]
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next `width` bytes (0 to 8) as a big-endian number; 0 bytes make 0.
    #[inline]
    pub(crate) fn be_uint(&mut self, width: usize) -> Option<u64> {
        if width > 8 {
            return None;
        }
        Some(self.take(width)?.iter().fold(0, |sum, &byte| (sum << 8) | u64::from(byte)))
    }

    /// The next three bytes as a little-endian number.
    #[inline]
    #[allow(dead_code, reason = "the full set of widths is one idea")]
    pub(crate) fn le24(&mut self) -> Option<u32> {
        self.array::<3>().map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_never_passes_the_end_and_knows_its_offset() {
        let mut cursor = Cursor::new(&[1, 2, 3, 4, 5], 100);
        assert_eq!(cursor.be16(), Some(0x0102));
        assert_eq!(cursor.offset(), 102);
        assert_eq!(cursor.be32(), None);
        assert_eq!(cursor.offset(), 102, "a failed read takes nothing");
        assert_eq!(cursor.le24(), Some(0x05_0403));
        assert!(cursor.is_empty());
        assert_eq!(cursor.be_uint(0), Some(0));
        assert_eq!(cursor.u8(), None);
    }

    #[test]
    fn lengths_that_do_not_fit_find_nothing() {
        assert_eq!([0u8; 4].get(..index(u64::MAX)), None);
        assert_eq!(u32_at(&[1, 0, 0, 0], Endian::Little), Some(1));
        assert_eq!(u16_at(&[1], Endian::Big), None);
    }
}
