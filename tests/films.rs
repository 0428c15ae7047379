//! Films of hundreds of megabytes, of which only what is not media is there: how little is read for
//! their facts, wherever the tables are, and that nothing in them makes a check long.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::panic,
    reason = "literals are references; a test fails by panicking"
)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod support;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use ais_preflight::facts::Facts;
use ais_preflight::source::Source;
use ais_preflight::{Checker, Depth, Report, Verdict};

/// What may be read of any file for its facts.
const BUDGET: u64 = 1 << 20;

/// Pieces of a file, with zeros between them.
#[derive(Default)]
struct Gapped {
    pieces: Vec<(u64, Vec<u8>)>,
    size: u64,
    read: AtomicU64,
}

impl Gapped {
    fn put(&mut self, bytes: &[u8]) {
        self.pieces.push((self.size, bytes.to_vec()));
        self.size += u64::try_from(bytes.len()).unwrap();
    }

    fn gap(&mut self, len: u64) {
        self.size += len;
    }
}

impl Source for Gapped {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(usize::try_from(self.size.saturating_sub(offset)).unwrap());
        self.read.fetch_add(u64::try_from(len).unwrap(), Ordering::Relaxed);
        buf.fill(0);
        let first = self.pieces.partition_point(|(start, bytes)| start + u64::try_from(bytes.len()).unwrap() <= offset);
        for (start, bytes) in &self.pieces[first..] {
            if *start >= offset + u64::try_from(len).unwrap() {
                break;
            }
            let skip = usize::try_from(offset.saturating_sub(*start)).unwrap();
            let at = usize::try_from(start.saturating_sub(offset)).unwrap();
            let part = &bytes[skip..];
            let n = part.len().min(len - at);
            buf[at..at + n].copy_from_slice(&part[..n]);
        }
        Ok(len)
    }
}

/// The boxes of the first level, each with its header.
fn boxes(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    while let Some(size) = bytes.first_chunk() {
        let (first, rest) = bytes.split_at(usize::try_from(u32::from_be_bytes(*size)).unwrap());
        all.push(first);
        bytes = rest;
    }
    all
}

fn is(kind: &[u8; 4], part: &[u8]) -> bool {
    part[4..].starts_with(kind)
}

fn fixture(name: &str) -> Vec<u8> {
    support::all().into_iter().find(|fixture| fixture.name == name).unwrap().bytes
}

/// A media box, longer by a gap.
fn put_media(film: &mut Gapped, media: &[u8], gap: u64) {
    let size = u64::try_from(media.len()).unwrap() + gap;
    film.put(&[&u32::try_from(size).unwrap().to_be_bytes()[..], &media[4..]].concat());
    film.gap(gap);
}

fn facts(report: &Report) -> &ais_preflight::facts::VideoFacts {
    match &report.facts {
        Facts::Video(facts) => facts,
        other => panic!("{other:?}"),
    }
}

fn check(film: &Gapped) -> Report {
    let report = Checker::new().depth(Depth::Header).check(film);
    let read = film.read.load(Ordering::Relaxed);
    assert!(read <= BUDGET, "{read} bytes were read of {}", film.size);
    assert_eq!(report.verdict, Verdict::Pass, "{report:?}");
    assert_eq!((facts(&report).width, facts(&report).height), (Some(64), Some(48)));
    report
}

#[test]
fn the_tables_are_found_at_either_end() {
    for (name, fast_start) in [("mp4/good/h264-aac.mp4", false), ("mp4/good/fast-start.mp4", true)] {
        let bytes = fixture(name);
        let mut film = Gapped::default();
        for part in boxes(&bytes) {
            if is(b"mdat", part) { put_media(&mut film, part, 299_000_000) } else { film.put(part) }
        }
        let report = check(&film);
        assert_eq!(facts(&report).fast_start, Some(fast_start));
        assert!(facts(&report).duration_s.is_some_and(|seconds| seconds < 1.0));
    }
}

/// A film of `count` fragments that last 0.4 s each, with gaps in the media.
fn in_fragments(count: u32, gap: u64) -> Gapped {
    let bytes = fixture("mp4/good/fragments-from-moof.mp4");
    let parts = boxes(&bytes);
    let fragment = parts.iter().position(|part| is(b"moof", part)).unwrap();
    let (tables, media) = (parts[fragment], parts[fragment + 1]);
    // Units of 1/10240 s.
    let time = tables.windows(4).position(|name| name == b"tfdt").unwrap() + 8;
    let mut film = Gapped::default();
    parts[..fragment].iter().for_each(|part| film.put(part));
    for number in 0..count {
        let mut tables = tables.to_vec();
        let ticks = u64::from(number) * 4096;
        tables[time..time + 8].copy_from_slice(&ticks.to_be_bytes());
        film.put(&tables);
        put_media(&mut film, media, gap);
    }
    film
}

#[test]
fn the_end_of_a_film_in_fragments_is_found() {
    for (count, gap) in [(150, 1_900_000), (400, 700_000), (18_000, 14_000), (18_000, 0)] {
        let film = in_fragments(count, gap);
        let report = check(&film);
        let seconds = f64::from(count) * 0.4;
        assert_eq!(facts(&report).duration_s, Some((seconds * 1000.0).round() / 1000.0), "{count} fragments");
    }
}

#[test]
fn one_fragment_more_than_two_hours_is_too_long() {
    let checker = Checker::new().depth(Depth::Header);
    assert_eq!(checker.check(&in_fragments(18_000, 0)).verdict, Verdict::Pass);
    let report = checker.check(&in_fragments(18_001, 0));
    assert_eq!(report.cause().unwrap().defect, "video-too-long");
}
