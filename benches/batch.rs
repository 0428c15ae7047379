//! A warm batch of small images: files per second on one core, beside other programs' figures for
//! the same files in one process each.
//!
//! `cargo bench --bench batch` makes 10,000 files out of the good fixtures in a temporary folder
//! and prints a table. Programs that are not installed are left out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const FILES: usize = 10_000;
const RUNS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let files = make(folder.path());
    let preflight = Path::new(env!("CARGO_BIN_EXE_ais-preflight")).as_os_str();
    println!("{FILES} images of at most 16 KiB, page cache warm, one worker, best of {RUNS} runs");
    println!("{:34} {:>10} {:>12} {:>10}", "program", "seconds", "files/s", "ratio");
    let folder = folder.path().as_os_str();
    let check = ["check", "--format", "ndjson", "--no-progress", "-j", "1", "--depth"].map(OsStr::new);
    let mut base = None;
    for depth in ["header", "structure", "full"] {
        let arguments: Vec<&OsStr> = check.into_iter().chain([OsStr::new(depth), folder]).collect();
        row(&format!("ais-preflight --depth {depth}"), time(preflight, &arguments), FILES, &mut base);
    }
    // One process for all files; a program that takes too many arguments gets fewer files.
    let some: Vec<&OsStr> = files.iter().take(1000).map(|path| path.as_os_str()).collect();
    let vips: Vec<&OsStr> = some.clone();
    row("vipsheader", time(OsStr::new("vipsheader"), &vips), some.len(), &mut base);
    let identify: Vec<&OsStr> = std::iter::once(OsStr::new("-ping")).chain(some.iter().copied()).collect();
    row("identify -ping", time(OsStr::new("identify"), &identify), some.len(), &mut base);
    let exiftool: Vec<&OsStr> = ["-fast2", "-json"].map(OsStr::new).into_iter().chain(some.iter().copied()).collect();
    row("exiftool -fast2 -json", time(OsStr::new("exiftool"), &exiftool), some.len(), &mut base);
}

/// Copies of the small good fixtures, one after the other.
fn make(folder: &Path) -> Vec<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut sources = Vec::new();
    for format in ["jpeg", "png", "gif", "webp", "tiff"] {
        for entry in std::fs::read_dir(fixtures.join(format).join("good")).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            if bytes.len() <= 16 << 10 {
                sources.push((bytes, path.extension().unwrap().to_owned()));
            }
        }
    }
    (0..FILES)
        .map(|number| {
            let (bytes, extension) = &sources[number % sources.len()];
            let path = folder.join(format!("{number:05}")).with_extension(extension);
            std::fs::write(&path, bytes).unwrap();
            path
        })
        .collect()
}

/// The best time of some runs; `None` if there is no such program.
fn time(program: &OsStr, arguments: &[&OsStr]) -> Option<Duration> {
    (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
            status.ok().map(|_| started.elapsed())
        })
        .min()
        .flatten()
}

#[allow(clippy::cast_precision_loss, clippy::as_conversions, reason = "a few thousand files")]
fn row(name: &str, time: Option<Duration>, files: usize, base: &mut Option<f64>) {
    let Some(time) = time else {
        println!("{name:34} {:>10}", "not there");
        return;
    };
    let rate = files as f64 / time.as_secs_f64();
    let base = base.get_or_insert(rate);
    println!("{name:34} {:>10.3} {rate:>12.0} {:>9.1}x", time.as_secs_f64(), *base / rate);
}
