//! What two well-known libraries read from the films among the fixtures is what the reports say.
//!
//! The crates `mp4` and `mp4parse` are used here only. `mp4` follows a box of size 0 for ever and
//! divides by timescales of 0, so it must never see bytes from elsewhere: what it gets is made anew
//! from good fixtures, and holds no box but those that it is known to read.
#![allow(clippy::trivially_copy_pass_by_ref, reason = "literals are references")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::Cursor;

use serde_json::Value;
use support::{Fixture, all};

/// Boxes that are passed on with the boxes in them.
const NESTED: [&[u8; 4]; 7] = [b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl", b"mvex"];
/// Boxes that are passed on as they are.
const PLAIN: [&[u8; 4]; 18] = [
    b"mvhd", b"tkhd", b"elst", b"mdhd", b"hdlr", b"vmhd", b"dinf", b"stsd", b"stts", b"stsc", b"stsz", b"stco",
    b"co64", b"stss", b"ctts", b"mehd", b"trex", b"nmhd",
];

/// A box of 32-bit size: its type, its content, and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let size = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
    let (whole, rest) = bytes.split_at_checked(size)?;
    let (kind, content) = whole.get(4..)?.split_first_chunk()?;
    Some((kind, content, rest))
}

fn wrap(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], kind, content].concat()
}

fn child<'b>(mut bytes: &'b [u8], path: &[&[u8; 4]]) -> Option<&'b [u8]> {
    let (first, rest) = path.split_first()?;
    while let Some((kind, content, behind)) = split(bytes) {
        if kind == *first {
            return if rest.is_empty() { Some(content) } else { child(content, rest) };
        }
        bytes = behind;
    }
    None
}

/// The boxes with nothing in them but what both libraries read.
fn rebuilt(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let (kind, content, rest) = split(bytes)?;
        let is_video = || child(content, &[b"mdia", b"hdlr"]).and_then(|hdlr| hdlr.get(8..12)) == Some(b"vide");
        if NESTED.contains(&kind) && (kind != b"trak" || is_video()) {
            out.extend(wrap(kind, &rebuilt(content)?));
        } else if PLAIN.contains(&kind) {
            out.extend(wrap(kind, content));
        }
        bytes = rest;
    }
    Some(out)
}

/// A movie box by itself, from a good fixture whose film is in one piece.
fn movie_only(fixture: &Fixture) -> Option<Vec<u8>> {
    let mut bytes = &fixture.bytes[..];
    while let Some((kind, content, rest)) = split(bytes) {
        if kind == b"moov" {
            let types = wrap(b"ftyp", b"isom\0\0\0\0isom");
            return Some([types, wrap(b"moov", &rebuilt(content)?)].concat());
        }
        bytes = rest;
    }
    None
}

struct Film {
    name: String,
    movie: Vec<u8>,
    /// The facts of its video tracks.
    tracks: Vec<Value>,
}

impl Film {
    fn of(fixture: &Fixture) -> Option<Self> {
        let movie = movie_only(fixture)?;
        let report = fixture.checker().check_bytes(&fixture.bytes);
        let facts = serde_json::to_value(&report.facts).unwrap();
        // A cover among the tags has no number: it is no track.
        let pictures = |track: &&Value| track["id"] != 0 && (track["kind"] == "video" || track["kind"] == "cover");
        let tracks = facts["tracks"].as_array()?.iter().filter(pictures);
        // Both find samples by `stsz` alone, and see nothing of those in fragments.
        let whole = facts["fragmented"] == false && movie.windows(4).any(|name| name == b"stsz");
        whole.then(|| Self { name: fixture.name.clone(), movie: movie.clone(), tracks: tracks.cloned().collect() })
    }
}

fn films() -> Vec<Film> {
    let of_boxes = |name: &str| ["mp4/", "mov/", "3gp/"].iter().any(|folder| name.starts_with(folder));
    let fixtures = all().into_iter().filter(|fixture| fixture.is_good() && of_boxes(&fixture.name));
    let films: Vec<_> = fixtures.filter_map(|fixture| Film::of(&fixture)).collect();
    assert!(films.len() > 60, "only {} films", films.len());
    films
}

#[test]
fn the_crate_mp4_reads_the_same() {
    let mut refused = Vec::new();
    for film in films() {
        let size = u64::try_from(film.movie.len()).unwrap();
        let Ok(read) = mp4::Mp4Reader::read_header(Cursor::new(&film.movie), size) else {
            refused.push(film.name);
            continue;
        };
        assert_eq!(read.tracks().len(), film.tracks.len(), "{}", film.name);
        for facts in &film.tracks {
            let id = u32::try_from(facts["id"].as_u64().unwrap()).unwrap();
            let track = &read.tracks()[&id];
            assert_eq!(u64::from(track.sample_count()), facts["frames"].as_u64().unwrap(), "{}", film.name);
            // The size that `tkhd` has is the shown one, with the pixels made square.
            if facts.get("sample_aspect").is_none() {
                let size = (u64::from(track.width()), u64::from(track.height()));
                assert_eq!(
                    size,
                    (facts["width"].as_u64().unwrap(), facts["height"].as_u64().unwrap()),
                    "{}",
                    film.name
                );
            }
            let codec = match track.media_type() {
                Ok(mp4::MediaType::H264) => "h264",
                Ok(mp4::MediaType::H265) => "hevc",
                Ok(mp4::MediaType::VP9) => "vp9",
                _ => continue,
            };
            assert_eq!(facts["codec"], codec, "{}", film.name);
        }
    }
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn the_crate_mp4parse_reads_the_same() {
    let mut refused = Vec::new();
    for film in films() {
        let Ok(read) = mp4parse::read_mp4(&mut Cursor::new(&film.movie)) else {
            refused.push(film.name);
            continue;
        };
        assert_eq!(read.tracks.len(), film.tracks.len(), "{}", film.name);
        for (track, facts) in read.tracks.iter().zip(&film.tracks) {
            assert_eq!(track.track_id.map(u64::from), facts["id"].as_u64(), "{}", film.name);
            let media = track.duration.as_ref().zip(track.timescale.as_ref());
            let media = media.map(|(duration, timescale)| duration.0 * 1000 / timescale.0);
            let edited = track.edited_duration.as_ref().filter(|edited| edited.0 > 0).zip(read.timescale.as_ref());
            let empty = track.empty_duration.as_ref().map_or(0, |empty| empty.0);
            let edited = edited.map(|(edited, timescale)| (empty + edited.0) * 1000 / timescale.0);
            // All ones mean that it is not known, and 0 that it is not there.
            if let Some(milliseconds) = edited.or(media).filter(|time| (1..1 << 31).contains(time)) {
                let seconds = facts["duration_s"].as_f64().unwrap();
                let near = (seconds * 1000.0 - f64::from(u32::try_from(milliseconds).unwrap())).abs() < 2.0;
                let unknown = film.name.ends_with("durations-unknown.mp4");
                assert!(near || unknown, "{}: {milliseconds} ms, {seconds} s", film.name);
            }
            let entry = track.stsd.as_ref().and_then(|stsd| stsd.descriptions.first());
            let Some(mp4parse::SampleEntry::Video(entry)) = entry else {
                continue;
            };
            let size = (u64::from(entry.width), u64::from(entry.height));
            assert_eq!(size, (facts["width"].as_u64().unwrap(), facts["height"].as_u64().unwrap()), "{}", film.name);
            let codec = match entry.codec_type {
                mp4parse::CodecType::H264 => "h264",
                mp4parse::CodecType::AV1 => "av1",
                mp4parse::CodecType::VP9 => "vp9",
                mp4parse::CodecType::H263 => "h263",
                _ => continue,
            };
            assert_eq!(facts["codec"], codec, "{}", film.name);
        }
    }
    // QuickTime's H.263 comes without the configuration that 3GP's has.
    assert_eq!(refused, ["mov/good/h263.mov"]);
}
