//! Bytes that mean harm: every prefix and every changed byte of every small fixture gives a report,
//! without a panic, in bounded time, and the same one however the bytes arrive.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]

mod support;

use std::io;
use std::time::{Duration, Instant};

use ais_preflight::source::{SeekSource, Source};
use ais_preflight::{Checker, Depth};
use support::{Fixture, all};

/// Long enough for any file of a few KiB on a loaded machine, far too short for a hang.
const PATIENCE: Duration = Duration::from_secs(5);

/// Fixtures up to this size are taken apart byte by byte.
const SMALL: usize = 6 << 10;
/// That many bytes from the start are changed one at a time.
const HEADER: usize = 700;
/// That many times each file is changed in several places.
const ROUNDS: usize = 200;

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

/// A row of numbers that looks random and is the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    /// Changes one stretch of `bytes`: a number that steers a parser, or a block.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        const NUMBERS: [u32; 8] = [0, 1, 7, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, u32::MAX];
        let at = self.below(bytes.len());
        let end = bytes.len().min(at + 1 + self.below(64));
        let number = match self.below(3) {
            0 => NUMBERS[self.below(NUMBERS.len())],
            1 => self.below(bytes.len() * 2) as u32,
            _ => self.below(1 << 32) as u32,
        };
        let number = if self.below(2) == 0 { number.to_be_bytes() } else { number.to_le_bytes() };
        match self.below(6) {
            0..=2 => {
                let width = 1 << self.below(3);
                let stretch = at..bytes.len().min(at + width);
                let len = stretch.len();
                bytes[stretch].copy_from_slice(&number[..len]);
            }
            3 => drop(bytes.drain(at..end)),
            4 => bytes.extend_from_within(at..end),
            _ => {
                let block = bytes[at..end].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, block);
            }
        }
    }
}

#[test]
fn several_changes_at_once_give_a_report() {
    for fixture in small().filter(|fixture| !fixture.bytes.is_empty()) {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ fixture.bytes.len() as u64);
        for round in 0..ROUNDS {
            let mut bytes = fixture.bytes.clone();
            for _ in 0..=dice.below(4) {
                dice.change(&mut bytes);
            }
            survives(&bytes, &|| format!("{} changed in round {round}", fixture.name));
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
