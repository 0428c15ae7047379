//! Pages (RFC 3533, clause 6).

use crate::bytes::{Cursor, Endian, len64, u32_at};
use crate::input::{Input, Walk};

pub(super) const CAPTURE_PATTERN: &[u8; 4] = b"OggS";
/// The header before the table of segments.
const HEADER: usize = 27;
/// Where in the header the checksum is.
const CHECKSUM: usize = 22;
/// Flags of a page.
const CONTINUES: u8 = 0x01;
const BEGINS: u8 = 0x02;
const ENDS: u8 = 0x04;

/// The header of a page.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) start: u64,
    flags: u8,
    /// A position in time whose meaning depends on the codec; none if no packet ends in this page.
    pub(super) granule: Option<u64>,
    pub(super) serial: u32,
    pub(super) sequence: u32,
    checksum: u32,
    segments: Vec<u8>,
    pub(super) body: u64,
    pub(super) end: u64,
}

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The file ends inside it.
    Cut,
    /// The bytes are none.
    Invalid,
}

/// What a page has of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Whether the packet ends here.
    pub(super) last: bool,
}

impl Page {
    pub(super) fn read(input: &mut Input<'_>, at: u64) -> Walk<Result<Self, Flaw>> {
        let size = input.size();
        let room = size.saturating_sub(at).min(len64(HEADER).saturating_add(255));
        let bytes = if room == 0 { &[] } else { input.get(at, room)? };
        let pattern = bytes.get(..CAPTURE_PATTERN.len()).unwrap_or(bytes);
        if bytes.is_empty() || !CAPTURE_PATTERN.starts_with(pattern) {
            return Ok(Err(Flaw::Invalid));
        }
        let mut header = Cursor::new(bytes, at);
        let mut read = || {
            header.skip(CAPTURE_PATTERN.len())?;
            let version = header.u8()?;
            let flags = header.u8()?;
            let granule = Some(header.le64()?).filter(|granule| *granule != u64::MAX);
            let (serial, sequence, checksum) = (header.le32()?, header.le32()?, header.le32()?);
            let count = header.u8()?;
            let segments = header.take(count.into())?.to_vec();
            let body = header.offset();
            let len: u64 = segments.iter().map(|segment| u64::from(*segment)).sum();
            let end = body.saturating_add(len);
            Some((version, Self { start: at, flags, granule, serial, sequence, checksum, segments, body, end }))
        };
        Ok(match read() {
            Some((0, page)) if page.end <= size => Ok(page),
            Some((0, _)) | None => Err(Flaw::Cut),
            Some(_) => Err(Flaw::Invalid),
        })
    }

    /// Whether it begins with the rest of a packet.
    pub(super) fn continues_packet(&self) -> bool {
        self.flags & CONTINUES != 0
    }

    /// Whether it is the first one of its stream.
    pub(super) fn begins_stream(&self) -> bool {
        self.flags & BEGINS != 0
    }

    /// Whether it is the last one of its stream.
    pub(super) fn ends_stream(&self) -> bool {
        self.flags & ENDS != 0
    }

    /// What it has of each packet. A segment of less than 255 bytes is the last one of its packet.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        let mut at = self.body;
        let runs = self.segments.split_inclusive(|segment| *segment < 255);
        runs.map(move |run| {
            let start = at;
            at = at.saturating_add(run.iter().map(|segment| u64::from(*segment)).sum());
            Part { start, end: at, last: run.last().is_some_and(|segment| *segment < 255) }
        })
    }

    /// How many packets end in it.
    pub(super) fn packets(&self) -> u64 {
        len64(self.segments.iter().filter(|segment| **segment < 255).count())
    }

    /// Whether its bytes have the checksum that it states.
    pub(super) fn is_sound(&self, input: &mut Input<'_>) -> Walk<bool> {
        let mut sum = Sum::new();
        let mut at = self.start;
        let header = input.get(self.start, len64(HEADER))?;
        // The sum is taken with zeros in its own place.
        sum.update(header.get(..CHECKSUM).unwrap_or_default());
        sum.update(&[0; 4]);
        sum.update(header.get(CHECKSUM.saturating_add(4)..).unwrap_or_default());
        at = at.saturating_add(len64(HEADER));
        while at < self.end {
            let piece = input.fill(at, self.end)?;
            sum.update(piece);
            at = at.saturating_add(len64(piece.len()));
        }
        Ok(sum.finish() == self.checksum)
    }
}

/// The CRC of Ogg: the polynomial is that of IEEE 802.3, but the bits are taken in the other order,
/// and nothing is inverted. So it is the common CRC of the mirrored bytes, mirrored.
struct Sum(crc32fast::Hasher);

impl Sum {
    fn new() -> Self {
        Self(crc32fast::Hasher::new_with_initial(u32::MAX))
    }

    fn update(&mut self, data: &[u8]) {
        let mut mirrored = [0; 4096];
        for piece in data.chunks(mirrored.len()) {
            for (to, from) in mirrored.iter_mut().zip(piece) {
                *to = from.reverse_bits();
            }
            self.0.update(mirrored.get(..piece.len()).unwrap_or_default());
        }
    }

    fn finish(self) -> u32 {
        (!self.0.finalize()).reverse_bits()
    }
}

/// The number at `offset` of a header packet, least significant byte first.
pub(super) fn le32(packet: &[u8], offset: usize) -> Option<u32> {
    u32_at(packet.get(offset..)?, Endian::Little)
}

/// The number at `offset` of a header packet, most significant byte first.
pub(super) fn be32(packet: &[u8], offset: usize) -> Option<u32> {
    u32_at(packet.get(offset..)?, Endian::Big)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    /// The definition: one bit after the other.
    fn slowly(data: &[u8]) -> u32 {
        data.iter().fold(0, |sum, byte| {
            (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
                if sum & 0x8000_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x04c1_1db7 }
            })
        })
    }

    #[test]
    fn the_checksum_is_that_of_the_definition() {
        for len in [0, 1, 27, 4095, 4096, 4097, 10_000] {
            let data: Vec<u8> = (0..len).map(|n: u32| n.wrapping_mul(0x9e37_79b1).to_be_bytes()[1]).collect();
            let mut sum = Sum::new();
            sum.update(&data);
            assert_eq!(sum.finish(), slowly(&data), "{len} bytes");
        }
    }

    #[test]
    fn packets_end_with_a_short_segment() {
        let mut bytes = b"OggS\0\x06\x05\0\0\0\0\0\0\0\x07\0\0\0\x02\0\0\0....\x04\xff\x01\0\xff".to_vec();
        bytes.extend([1; 511]);
        let read = |bytes: &Vec<u8>| {
            let mut input = Input::new(bytes, &Budget::default()).unwrap();
            Page::read(&mut input, 0).unwrap()
        };
        let page = read(&bytes).unwrap();
        assert!(page.begins_stream() && page.ends_stream());
        assert_eq!((page.granule, page.serial, page.sequence, page.packets()), (Some(5), 7, 2, 2));
        let parts: Vec<_> = page.parts().map(|part| (part.end - part.start, part.last)).collect();
        assert_eq!(parts, [(256, true), (0, true), (255, false)]);
        for len in 1..bytes.len() {
            assert_eq!(read(&bytes[..len].to_vec()).unwrap_err(), Flaw::Cut, "{len}");
        }
        assert_eq!(read(&b"OggS\x01\0".to_vec()).unwrap_err(), Flaw::Cut);
        assert_eq!(read(&b"Oggy".to_vec()).unwrap_err(), Flaw::Invalid);
    }
}
