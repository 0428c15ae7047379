//! The headers of PES packets, which transport and program streams are made of: ISO/IEC
//! 13818-1:2019, clause 2.4.3.6; for MPEG-1 ISO/IEC 11172-1:1993, clause 2.4.3.3.

use super::mpeg_clock::Stamp;
use crate::bytes::Cursor;

/// No header is longer: nine bytes, the rest of it as stated in one byte, and MPEG-1 stuffing.
pub(super) const MAX_HEADER: usize = 9 + 255;
/// Stuffing bytes that an MPEG-1 header may have.
const MAX_STUFFING: usize = 16;

/// Streams whose packets have no more of a header than their length (table 2-21): program stream
/// map, padding, private stream 2, ECM, EMM, DSM-CC, H.222.1 type E, program stream directory.
const BARE: [u8; 8] = [0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff];

/// The first start code in `data`: its place, and the byte that tells what begins there.
pub(super) fn start_code(data: &[u8]) -> Option<(usize, u8)> {
    let mut at = 0_usize;
    // A byte above 1 is in none of the three; so most of the time two are stepped over.
    loop {
        match data.get(at.checked_add(2)?)? {
            1 if data.get(at..)?.starts_with(b"\0\0\x01") => return Some((at, *data.get(at.checked_add(3)?)?)),
            0 => at = at.checked_add(1)?,
            _ => at = at.checked_add(3)?,
        }
    }
}

/// The header of a PES packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// `stream_id`.
    pub(super) stream: u8,
    /// How many bytes follow the field that says so; 0 if it does not.
    pub(super) length: u16,
    /// Where the payload begins, counted from the start code.
    pub(super) payload: usize,
    pub(super) stamp: Option<Stamp>,
    /// Whether the bits that no time stamp is without are missing.
    pub(super) stamp_malformed: bool,
    pub(super) scrambled: bool,
}

/// What came of reading a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    Header(Header),
    /// There are too few bytes to tell.
    Incomplete,
    /// It does not begin with a start code.
    NoStart,
    /// What follows the start code is no header.
    Malformed,
}

/// Reads the header at the start of `packet`.
pub(super) fn parse(packet: &[u8]) -> Parsed {
    let prefix = packet.get(..3).unwrap_or(packet);
    if !b"\0\0\x01".starts_with(prefix) {
        return Parsed::NoStart;
    }
    let Some(&[_, _, _, stream, high, low]) = packet.first_chunk() else {
        return Parsed::Incomplete;
    };
    let mut header = Header {
        stream,
        length: u16::from_be_bytes([high, low]),
        payload: 6,
        stamp: None,
        stamp_malformed: false,
        scrambled: false,
    };
    if BARE.contains(&stream) {
        return Parsed::Header(header);
    }
    let rest = packet.get(6..).unwrap_or_default();
    let read = match rest.first() {
        None => None,
        Some(flags) if flags & 0xc0 == 0x80 => header.read_mpeg2(rest),
        Some(_) => header.read_mpeg1(rest),
    };
    match read {
        None => Parsed::Incomplete,
        Some(true) if header.length == 0 || header.payload.saturating_sub(6) <= header.length.into() => {
            Parsed::Header(header)
        }
        Some(_) => Parsed::Malformed,
    }
}

impl Header {
    /// The header of MPEG-2; `false` if it is none, `None` if there are too few bytes.
    fn read_mpeg2(&mut self, rest: &[u8]) -> Option<bool> {
        let mut cursor = Cursor::new(rest, 0);
        let [first, flags, length] = cursor.array()?;
        self.scrambled = first & 0x30 != 0;
        self.payload = 9_usize.saturating_add(length.into());
        let mut optional = Cursor::new(cursor.take(length.into())?, 0);
        let times = match flags >> 6 {
            0 => return Some(true),
            1 => return Some(false),
            times => times,
        };
        let (Some(shown), decoded) = (optional.array(), optional.array()) else {
            return Some(false);
        };
        self.stamp_from(shown, decoded.filter(|_| times == 3));
        Some(times == 2 || decoded.is_some())
    }

    /// The header of MPEG-1: stuffing, the size of a buffer, time stamps.
    fn read_mpeg1(&mut self, rest: &[u8]) -> Option<bool> {
        let stuffing = rest.iter().take_while(|byte| **byte == 0xff).count();
        let mut cursor = Cursor::new(rest.get(stuffing..)?, 0);
        if cursor.rest().first()? & 0xc0 == 0x40 {
            cursor.skip(2)?;
        }
        match cursor.rest().first()? >> 4 {
            2 => self.stamp_from(cursor.array()?, None),
            3 => self.stamp_from(cursor.array()?, Some(cursor.array()?)),
            _ => {
                if cursor.u8()? != 0x0f {
                    return Some(false);
                }
            }
        }
        self.payload = packet_offset(rest.len().saturating_sub(cursor.remaining()));
        Some(stuffing <= MAX_STUFFING)
    }

    fn stamp_from(&mut self, shown: [u8; 5], decoded: Option<[u8; 5]>) {
        let marked = |stamp: [u8; 5], prefix: u8| {
            let [a, _, b, _, c] = stamp;
            a >> 4 == prefix && a & b & c & 1 == 1
        };
        let sound = match decoded {
            None => marked(shown, 2),
            Some(decoded) => marked(shown, 3) && marked(decoded, 1),
        };
        self.stamp_malformed = !sound;
        if sound {
            let shown = ticks(shown);
            self.stamp = Some(Stamp { shown, decoded: decoded.map_or(shown, ticks) });
        }
    }
}

/// The place in a packet of what is so far behind the length field.
fn packet_offset(behind: usize) -> usize {
    behind.saturating_add(6)
}

/// The 33 bits of a time stamp: 3, 15 and 15, each followed by a marker.
fn ticks(stamp: [u8; 5]) -> i64 {
    let bits = stamp.iter().fold(0_i64, |bits, byte| bits << 8 | i64::from(*byte));
    (bits >> 33 & 7) << 30 | (bits >> 17 & 0x7fff) << 15 | bits >> 1 & 0x7fff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(bytes: &[u8]) -> Header {
        match parse(bytes) {
            Parsed::Header(header) => header,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn headers_of_both_generations() {
        let mpeg2 = header(b"\0\0\x01\xe0\0\0\x80\xc0\x0a\x31\0\x01\x07\x11\x11\0\x01\x03\xa1data");
        let stamp = Stamp { shown: 0x188 | 3 << 15 >> 15 << 8, decoded: 0 };
        assert_eq!((mpeg2.payload, mpeg2.stamp.is_some(), mpeg2.scrambled), (19, true, false));
        assert!(mpeg2.stamp.unwrap().decoded < mpeg2.stamp.unwrap().shown, "{stamp:?}");
        let mpeg1 = header(b"\0\0\x01\xc0\0\x20\xff\xff\xff\x60\x20\x21\0\x01\0\x03data");
        assert_eq!((mpeg1.payload, mpeg1.stamp), (16, Some(Stamp { shown: 1, decoded: 1 })));
        assert_eq!(header(b"\0\0\x01\xc0\0\x20\x0fdata").payload, 7);
        assert_eq!(header(b"\0\0\x01\xbe\0\x20\xff\xff").payload, 6);
        assert!(header(b"\0\0\x01\xe0\0\0\x90\0\0").scrambled);
        let odd = header(b"\0\0\x01\xe0\0\0\x80\x80\x05\x20\0\x01\0\x01");
        assert!(odd.stamp_malformed && odd.stamp.is_none());
    }

    #[test]
    fn start_codes_are_found_at_every_place() {
        for lead in 0..12_usize {
            let data = [&vec![7; lead][..], b"\0\0\x01\xe0\0\x01"].concat();
            assert_eq!(start_code(&data), Some((lead, 0xe0)));
            let data = [&vec![0; lead][..], b"\0\0\x01\xe0"].concat();
            assert_eq!(start_code(&data), Some((lead, 0xe0)));
            let data = [&vec![1; lead][..], b"\0\x01\0\0\x01\xe0"].concat();
            assert_eq!(start_code(&data), Some((lead.saturating_add(2), 0xe0)));
            assert_eq!(start_code(&data[..lead.saturating_add(5)]), None);
        }
    }

    #[test]
    fn what_is_no_header() {
        assert_eq!(parse(b"\0\0\x02\xe0"), Parsed::NoStart);
        assert_eq!(parse(b"\0\0\x01\xe0\0\0\x80\x80\x05\x21\0\x01"), Parsed::Incomplete);
        assert_eq!(parse(b""), Parsed::Incomplete);
        assert_eq!(parse(b"\0\0\x01\xe0\0\0\x80\x40\0"), Parsed::Malformed, "a decoding time alone");
        assert_eq!(parse(b"\0\0\x01\xe0\0\0\x80\x80\x02\x21\0"), Parsed::Malformed, "no room for the time");
        assert_eq!(parse(b"\0\0\x01\xe0\0\x04\x80\0\x03\xff\xff\xff"), Parsed::Malformed, "longer than the packet");
        assert_eq!(parse(b"\0\0\x01\xe0\0\0\x13"), Parsed::Malformed);
    }
}
