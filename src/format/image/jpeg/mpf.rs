//! The index of a file with several pictures: Multi-Picture Format (CIPA DC-007-2009, clause 5.2), a
//! TIFF-like structure in an APP2 segment.

use crate::bytes::{Endian, index, u16_at, u32_at};

/// Tag 0xB002, MP Entry: 16 bytes for each picture.
const ENTRIES: u16 = 0xB002;

/// One picture of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where it begins, counted from the start of the index; 0 for the first picture.
    pub(super) offset: u32,
    /// Whether it is a preview of the first picture (type "large thumbnail").
    pub(super) preview: bool,
}

/// The pictures that the index names, in its order; at most 4,096, since a segment has no room for more.
pub(super) fn entries(block: &[u8]) -> Vec<Entry> {
    parse(block).unwrap_or_default()
}

fn parse(block: &[u8]) -> Option<Vec<Entry>> {
    let endian = match block.first_chunk::<4>()? {
        b"II*\0" => Endian::Little,
        b"MM\0*" => Endian::Big,
        _ => return None,
    };
    let at = |offset: u32| block.get(index(offset.into())..);
    let directory = at(u32_at(at(4)?, endian)?)?;
    let count = u16_at(directory, endian)?;
    let mut fields = directory.get(2..)?.chunks_exact(12).take(usize::from(count));
    let field = fields.find(|field| u16_at(field, endian) == Some(ENTRIES))?;
    let size = index(u32_at(field.get(4..)?, endian)?.into());
    let values = at(u32_at(field.get(8..)?, endian)?)?;
    let values = values.get(..size).unwrap_or(values);
    let entry = |entry: &[u8]| {
        let attribute = u32_at(entry, endian)?;
        Some(Entry { offset: u32_at(entry.get(8..)?, endian)?, preview: (attribute >> 16) & 0xFF == 1 })
    };
    values.chunks_exact(16).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_listed_and_nonsense_is_none() {
        let mut block = b"MM\0*\0\0\0\x08\0\x01\xB0\x02\0\x07\0\0\0\x20\0\0\0\x1A\0\0\0\0".to_vec();
        block.truncate(26);
        block.extend(b"\x20\x03\0\0\0\0\x10\0\0\0\0\0\0\0\0\0");
        block.extend(b"\0\x01\0\x01\0\0\x10\0\0\0\x20\0\0\0\0\0");
        let expected = [Entry { offset: 0, preview: false }, Entry { offset: 0x2000, preview: true }];
        assert_eq!(entries(&block), expected);
        for end in 0..block.len() {
            let _ = entries(&block[..end]);
        }
        assert_eq!(entries(b"II*\0\xFF\xFF\xFF\xFF"), []);
    }
}
