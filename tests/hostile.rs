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
