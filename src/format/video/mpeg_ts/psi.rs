//! The tables that say which packets are which: ISO/IEC 13818-1:2019, clause 2.4.4, with the
//! registrations and descriptors of ETSI EN 300 468 (DVB), ATSC A/53, Blu-ray and HTTP live
//! streaming (encrypted sample streams) for the codings that `stream_type` does not name.

use crate::bytes::Cursor;
use crate::codec::Codec;
use crate::format::video::mpeg_stream::{Entry, kind_of};

/// The longest section, with the three bytes before what its length counts.
const MAX_SECTION: usize = 4096;
/// `table_id` of the program association and of the program map.
const ASSOCIATION: u8 = 0;
const MAP: u8 = 2;

/// Puts sections together from the packets of one PID (clause 2.4.4.1).
#[derive(Debug, Default)]
pub(super) struct Assembler {
    section: Vec<u8>,
    started: bool,
}

impl Assembler {
    /// Takes in the payload of the next packet and shows `each` the sections that it completes.
    pub(super) fn feed(&mut self, payload: &[u8], unit_start: bool, mut each: impl FnMut(&[u8])) {
        if !unit_start {
            if self.started {
                self.append(payload, &mut each);
            }
            return;
        }
        let Some((&pointer, rest)) = payload.split_first() else {
            return;
        };
        let Some((before, from)) = rest.split_at_checked(pointer.into()) else {
            self.forget();
            return;
        };
        if self.started {
            self.append(before, &mut each);
        }
        self.section.clear();
        self.started = true;
        self.append(from, &mut each);
    }

    /// Something is missing here.
    pub(super) fn forget(&mut self) {
        self.section.clear();
        self.started = false;
    }

    fn append(&mut self, bytes: &[u8], each: &mut impl FnMut(&[u8])) {
        self.section.extend_from_slice(bytes);
        while self.started {
            // Stuffing fills the packet behind the last section.
            if self.section.first() == Some(&0xff) {
                self.forget();
                return;
            }
            let Some(&[_, high, low]) = self.section.first_chunk() else {
                return;
            };
            let length = usize::from(u16::from_be_bytes([high & 0x0f, low])).saturating_add(3);
            let Some(section) = self.section.get(..length) else {
                if self.section.len() > MAX_SECTION {
                    self.forget();
                }
                return;
            };
            each(section);
            self.section.drain(..length);
        }
    }
}

/// What a section says.
#[derive(Debug, PartialEq)]
pub(super) enum Table {
    /// The PIDs of the program maps.
    Association(Vec<u16>),
    Map(Map),
    /// It is one of the two, but its checksum does not fit.
    Damaged,
    /// Something else, or not in force yet.
    Other,
}

/// A program map: what a programme is made of.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Map {
    pub(super) program: u16,
    pub(super) entries: Vec<Entry>,
}

/// Reads a section.
pub(super) fn read(section: &[u8]) -> Table {
    let Some(&[table, flags, _, number_high, number_low, version, _, _]) = section.first_chunk() else {
        return Table::Other;
    };
    if !matches!(table, ASSOCIATION | MAP) || flags & 0x80 == 0 {
        return Table::Other;
    }
    if checksum(section) != 0 {
        return Table::Damaged;
    }
    if version & 1 == 0 {
        return Table::Other;
    }
    let body = section.get(8..section.len().saturating_sub(4)).unwrap_or_default();
    if table == ASSOCIATION {
        let programs = body.as_chunks::<4>().0.iter();
        // Programme 0 is the network information.
        let maps = programs.filter(|[a, b, ..]| [*a, *b] != [0, 0]).map(|[_, _, c, d]| pid([*c, *d]));
        return Table::Association(maps.collect());
    }
    let program = u16::from_be_bytes([number_high, number_low]);
    Table::Map(Map { program, entries: entries(body).unwrap_or_default() })
}

fn pid(bytes: [u8; 2]) -> u16 {
    u16::from_be_bytes(bytes) & 0x1fff
}

/// The streams of a program map; as many as its lengths lead to.
fn entries(body: &[u8]) -> Option<Vec<Entry>> {
    let mut cursor = Cursor::new(body, 0);
    let _clock = cursor.be16()?;
    let length = cursor.be16()? & 0x0fff;
    let registration = Descriptors(cursor.take(length.into())?).registration();
    let mut entries = Vec::new();
    while let Some([kind, a, b, c, d]) = cursor.array() {
        let length = u16::from_be_bytes([c, d]) & 0x0fff;
        let Some(descriptors) = cursor.take(length.into()) else {
            break;
        };
        entries.push(entry(kind, pid([a, b]), Descriptors(descriptors), registration));
    }
    Some(entries)
}

/// Blu-ray discs and their kin register themselves with this, and use private stream types.
const BLU_RAY: &[u8] = b"HDMV";

fn entry(stream_type: u8, pid: u16, descriptors: Descriptors<'_>, program: Option<[u8; 4]>) -> Entry {
    let encrypted = of_encrypted_samples(stream_type);
    let blu_ray = program.is_some_and(|code| code == BLU_RAY);
    let codec = encrypted.or_else(|| match stream_type {
        0x80..=0xff if blu_ray => of_blu_ray(stream_type).or_else(|| Codec::of_stream_type(stream_type)),
        // Without such a registration these are other things: MPEG-2 video, splice information.
        0x80 => Some(Codec::Mpeg2),
        // Private data: the descriptors say what it is.
        0x06 | 0x85 | 0x86 => descriptors.codec(),
        _ => Codec::of_stream_type(stream_type).or_else(|| descriptors.codec()),
    });
    let code = format!("stream type 0x{stream_type:02x}");
    let encrypted = encrypted.is_some();
    Entry { id: pid, kind: kind_of(codec), codec, code, language: descriptors.language(), encrypted }
}

/// Streams of HTTP live streaming whose samples are encrypted (SAMPLE-AES).
const fn of_encrypted_samples(stream_type: u8) -> Option<Codec> {
    Some(match stream_type {
        0xdb => Codec::H264,
        0xcf => Codec::Aac,
        0xc1 => Codec::Ac3,
        0xc2 => Codec::Eac3,
        _ => return None,
    })
}

const fn of_blu_ray(stream_type: u8) -> Option<Codec> {
    Some(match stream_type {
        0x84 | 0xa1 => Codec::Eac3,
        0xa2 => Codec::Dts,
        0x90 | 0x91 => Codec::Bitmap,
        0x92 => Codec::Text,
        _ => return None,
    })
}

/// The descriptors of a programme or stream (clause 2.6).
#[derive(Clone, Copy)]
struct Descriptors<'a>(&'a [u8]);

impl<'a> Descriptors<'a> {
    fn iter(self) -> impl Iterator<Item = (u8, &'a [u8])> {
        let mut cursor = Cursor::new(self.0, 0);
        std::iter::from_fn(move || {
            let [tag, length] = cursor.array()?;
            Some((tag, cursor.take(length.into())?))
        })
    }

    /// The code in the registration descriptor.
    fn registration(self) -> Option<[u8; 4]> {
        self.iter().find(|(tag, _)| *tag == 0x05).and_then(|(_, body)| body.first_chunk().copied())
    }

    /// The language; absent if undetermined.
    fn language(self) -> Option<String> {
        let code = |body: &[u8]| body.first_chunk::<3>().copied();
        let language = self.iter().find(|(tag, _)| *tag == 0x0a).and_then(|(_, body)| code(body))?;
        let letters = language.iter().all(u8::is_ascii_alphabetic) && language != *b"und";
        letters.then(|| String::from_utf8_lossy(&language).into_owned())
    }

    /// The coding that a descriptor names.
    fn codec(self) -> Option<Codec> {
        self.registration()
            .and_then(of_registration)
            .or_else(|| self.iter().find_map(|(tag, body)| of_descriptor(tag, body)))
    }
}

/// Codings by the code that is registered for them (SMPTE registration authority).
fn of_registration(code: [u8; 4]) -> Option<Codec> {
    Some(match &code {
        b"HEVC" => Codec::Hevc,
        b"VVC " => Codec::Vvc,
        b"AV01" => Codec::Av1,
        b"VC-1" => Codec::Vc1,
        b"drac" => Codec::Dirac,
        b"AC-3" => Codec::Ac3,
        b"EAC3" => Codec::Eac3,
        b"AC-4" => Codec::Ac4,
        b"DTS1" | b"DTS2" | b"DTS3" | b"DTSH" => Codec::Dts,
        b"Opus" => Codec::Opus,
        b"BSSD" => Codec::Pcm,
        b"mlpa" => Codec::TrueHd,
        _ => return None,
    })
}

/// Codings by the descriptor that goes with them: AVC, HEVC and VVC video of MPEG, then those of DVB.
fn of_descriptor(tag: u8, body: &[u8]) -> Option<Codec> {
    Some(match (tag, body.first()) {
        (0x28, _) => Codec::H264,
        (0x38, _) => Codec::Hevc,
        (0x39, _) => Codec::Vvc,
        (0x6a, _) => Codec::Ac3,
        (0x7a, _) => Codec::Eac3,
        (0x7b, _) | (0x7f, Some(0x0e)) => Codec::Dts,
        (0x7c, _) => Codec::Aac,
        (0x7f, Some(0x15)) => Codec::Ac4,
        (0x7f, Some(0x80)) => Codec::Opus,
        (0x56, _) => Codec::Text,
        (0x59, _) => Codec::Bitmap,
        _ => return None,
    })
}

/// The checksum of a section (annex A); 0 if the section ends with its own.
fn checksum(section: &[u8]) -> u32 {
    section.iter().fold(u32::MAX, |sum, &byte| {
        let [high, ..] = sum.to_be_bytes();
        let step = TABLE.get(usize::from(high ^ byte)).copied().unwrap_or_default();
        (sum << 8) ^ step
    })
}

/// What each byte adds to the checksum: the polynomial is 0x04C11DB7, the most significant bit first.
static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut rest: &mut [u32] = &mut table;
    let mut byte = 0_u32;
    while let Some((entry, behind)) = rest.split_first_mut() {
        let mut sum = byte << 24;
        let mut bit = 0_u8;
        while bit < 8 {
            sum = if sum & 0x8000_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x04c1_1db7 };
            bit = bit.wrapping_add(1);
        }
        *entry = sum;
        byte = byte.wrapping_add(1);
        rest = behind;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::TrackKind;

    /// A section with its length and checksum.
    fn section(table: u8, number: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().saturating_add(9);
        let mut section = vec![table];
        section.extend((0xb000 | length).to_be_bytes());
        section.extend(number.to_be_bytes());
        section.extend([0xc1, 0, 0]);
        section.extend(body);
        section.extend(checksum(&section).to_be_bytes());
        section
    }

    #[test]
    fn the_association_names_the_maps() {
        let table = section(ASSOCIATION, 1, &[0, 0, 0xe0, 0x10, 0, 1, 0xf0, 0, 0, 2, 0xe1, 0x23]);
        assert_eq!(read(&table), Table::Association(vec![0x1000, 0x123]));
        let mut damaged = table;
        damaged[9] ^= 4;
        assert_eq!(read(&damaged), Table::Damaged);
        assert_eq!(read(&[0xff; 12]), Table::Other);
        assert_eq!(read(&[]), Table::Other);
    }

    #[test]
    fn the_map_names_codings_in_many_ways() {
        let body = [
            &[0xe1, 0, 0xf0, 0][..],
            &[0x1b, 0xe1, 0, 0xf0, 0],
            &[0x06, 0xe1, 1, 0xf0, 9, 0x6a, 1, 0, 0x0a, 4, b'd', b'e', b'u', 0],
            &[0x06, 0xe1, 2, 0xf0, 6, 0x05, 4, b'H', b'E', b'V', b'C'],
            &[0x86, 0xe1, 3, 0xf0, 0],
            &[0xdb, 0xe1, 4, 0xf0, 0],
            &[0x81, 0xe1, 5, 0xf0, 200],
        ];
        let Table::Map(map) = read(&section(MAP, 7, &body.concat())) else { panic!() };
        assert_eq!(map.program, 7);
        let entries: Vec<_> = map.entries.iter().map(|entry| (entry.id, entry.kind, entry.codec)).collect();
        assert_eq!(
            entries,
            [
                (0x100, TrackKind::Video, Some(Codec::H264)),
                (0x101, TrackKind::Audio, Some(Codec::Ac3)),
                (0x102, TrackKind::Video, Some(Codec::Hevc)),
                (0x103, TrackKind::Other, None),
                (0x104, TrackKind::Video, Some(Codec::H264)),
            ]
        );
        assert_eq!(map.entries[1].language.as_deref(), Some("deu"));
        assert!(map.entries[4].encrypted && !map.entries[0].encrypted);
    }

    #[test]
    fn private_types_of_blu_ray() {
        let body = [&[0xe1, 0, 0xf0, 6, 5, 4][..], b"HDMV", &[0x86, 0xf1, 0, 0xf0, 0, 0x80, 0xf1, 1, 0xf0, 0]].concat();
        let Table::Map(map) = read(&section(MAP, 1, &body)) else { panic!() };
        let codecs: Vec<_> = map.entries.iter().map(|entry| entry.codec).collect();
        assert_eq!(codecs, [Some(Codec::Dts), Some(Codec::Pcm)]);
    }

    #[test]
    fn sections_are_put_together_from_packets() {
        let table = section(ASSOCIATION, 1, &[0, 1, 0xf0, 0]);
        let (mut assembler, mut seen) = (Assembler::default(), 0);
        let mut feed = |payload: &[u8], start| {
            assembler.feed(payload, start, |section| {
                assert_eq!(section, table);
                seen += 1;
            });
        };
        feed(&table, false);
        let (a, b) = table.split_at(5);
        feed(&[&[0], a].concat(), true);
        feed(b, false);
        feed(&[&[0], &table[..], &table, &[0xff, 0xff]].concat(), true);
        feed(&[&[0], a].concat(), true);
        feed(&[&[u8::try_from(b.len()).unwrap()], b, &table].concat(), true);
        feed(&[200, 1, 2], true);
        assert_eq!(seen, 5);
    }
}
