//! Bytes that mean harm: every prefix and every changed byte of every small fixture gives a report,
//! without a panic, in bounded time, and the same one however the bytes arrive.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]

mod support;

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use ais_preflight::format::Kind;
use ais_preflight::source::{SeekSource, Source};
use ais_preflight::{Checker, Depth};
use support::{Fixture, all};

/// Long enough for any file of a few KiB on a loaded machine, far too short for a hang.
const PATIENCE: Duration = Duration::from_secs(5);

/// Fixtures up to this size are taken apart byte by byte.
const SMALL: usize = 6 << 10;
/// That many bytes from the start are changed one at a time.
const HEADER: usize = 700;

fn small() -> impl Iterator<Item = Fixture> {
    all().into_iter().filter(|fixture| fixture.bytes.len() <= SMALL)
}

fn survives(bytes: &[u8], what: &dyn Fn() -> String) {
    let started = Instant::now();
    let report = Checker::new().depth(Depth::Full).check_bytes(bytes);
    assert!(started.elapsed() < PATIENCE, "{}: took {:?}", what(), started.elapsed());
    for finding in &report.findings {
        assert_ne!(finding.defect, "internal-error", "{}: {report:?}", what());
    }
}

#[test]
fn every_prefix_gives_a_report() {
    for fixture in small() {
        for end in 0..fixture.bytes.len() {
            survives(&fixture.bytes[..end], &|| format!("{} cut to {end}", fixture.name));
        }
    }
}

#[test]
fn every_changed_byte_gives_a_report() {
    for fixture in small() {
        let mut bytes = fixture.bytes.clone();
        for at in 0..bytes.len().min(HEADER) {
            let old = bytes[at];
            for new in [0, 0xff, old ^ 0x80, old.wrapping_add(1), old.wrapping_sub(1)] {
                bytes[at] = new;
                survives(&bytes, &|| format!("{} with byte {at} set to {new}", fixture.name));
            }
            bytes[at] = old;
        }
    }
}

/// Fixtures of each format that are changed in many ways, and how often each of them is.
const SEEDS: usize = 10;
const CHANGES: usize = 150;
/// Changes are made in so many bytes from the start.
const CHANGED: usize = 4 << 10;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        // Sizes, counts and flags go wrong at their extremes.
        const EXTREMES: [u8; 6] = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
        if self.below(2) == 0 { EXTREMES[self.below(6)] } else { u8::try_from(self.below(256)).unwrap() }
    }
}

#[test]
fn a_few_changed_bytes_give_a_report_in_every_video_format() {
    let mut seeds: BTreeMap<&'static str, Vec<Fixture>> = BTreeMap::new();
    for fixture in all().into_iter().filter(Fixture::is_good) {
        let report = fixture.checker().depth(Depth::Header).check_bytes(&fixture.bytes);
        if let Some(format) = report.format.filter(|_| report.kind == Kind::Video) {
            seeds.entry(format).or_default().push(fixture);
        }
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (format, mut fixtures) in seeds {
        fixtures.sort_by_key(|fixture| fixture.bytes.len());
        for fixture in fixtures.iter().take(SEEDS).filter(|fixture| !fixture.bytes.is_empty()) {
            for change in 0..CHANGES {
                let mut bytes = fixture.bytes.clone();
                let room = bytes.len().min(CHANGED);
                for _ in 0..=dice.below(5) {
                    bytes[dice.below(room)] = dice.byte();
                }
                survives(&bytes, &|| format!("{format}: {}, change {change}", fixture.name));
            }
        }
    }
}

/// Hands out one byte a call.
struct Drip<'b>(&'b [u8]);

impl Source for Drip<'_> {
    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let one = buf.len().min(1);
        self.0.read_at(offset, &mut buf[..one])
    }
}

#[test]
fn the_report_does_not_depend_on_how_the_bytes_arrive() {
    for fixture in all() {
        for depth in [Depth::Header, Depth::Structure, Depth::Full] {
            let checker = fixture.checker().depth(depth);
            let whole = checker.check_bytes(&fixture.bytes);
            let seek = checker.check(&SeekSource::new(io::Cursor::new(fixture.bytes.clone())));
            assert_eq!(seek, whole, "{}", fixture.name);
            if fixture.bytes.len() <= SMALL {
                assert_eq!(checker.check(&Drip(&fixture.bytes)), whole, "{}", fixture.name);
            }
        }
    }
}
