//! The one thing that is wanted from EXIF: which way up the picture is (Exif 2.32, clause 4.6.4;
//! the structure is that of TIFF 6.0).

use crate::bytes::{Endian, index, u16_at, u32_at};

/// Tag 274, Orientation.
const ORIENTATION: u16 = 274;

/// The orientation 1 to 8 that a block of EXIF states in its first directory. The block may begin
/// with `Exif\0\0`, as it does in JPEG and sometimes elsewhere.
pub(crate) fn orientation(block: &[u8]) -> Option<u16> {
    let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let endian = match tiff.first_chunk::<4>()? {
        b"II*\0" => Endian::Little,
        b"MM\0*" => Endian::Big,
        _ => return None,
    };
    let directory = tiff.get(index(u32_at(tiff.get(4..)?, endian)?.into())..)?;
    let count = u16_at(directory, endian)?;
    let entries = directory.get(2..)?;
    entries
        .chunks_exact(12)
        .take(usize::from(count))
        .find(|entry| u16_at(entry, endian) == Some(ORIENTATION))
        .and_then(|entry| u16_at(entry.get(8..)?, endian))
        .filter(|orientation| (1..=8).contains(orientation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orientation_is_found_in_both_byte_orders() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let big = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        assert_eq!(orientation(big), Some(8));
        for end in 0..little.len() - 4 {
            let _ = orientation(&little[..end]);
        }
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(orientation(b""), None);
    }
}
