//! How long a check takes beside decoding with the library that stands for the format.

use std::path::Path;
use std::time::Duration;

use ais_preflight::{Checker, Depth};
use anyhow::Context;
use cpu_time::ProcessTime;

use crate::encode::shell;
use crate::{oracle, peers};

const ROUNDS: usize = 9;

/// What is measured: name, format, extension, the command that makes the file out of `0.ppm` of that size, and how many
/// times as fast as the peer a check at full depth has to be.
type Case = (&'static str, &'static str, &'static str, (u32, u32), &'static str, f64);

const CASES: &[Case] = &[
    ("12 MP JPEG, q90, baseline", "jpeg", "jpg", (4000, 3000), "cjpeg -quality 90 -outfile $o 0.ppm", 3.5),
    (
        "12 MP JPEG, q90, progressive",
        "jpeg",
        "jpg",
        (4000, 3000),
        "cjpeg -quality 90 -progressive -outfile $o 0.ppm",
        2.5,
    ),
    ("2 MP PNG", "png", "png", (1632, 1224), "convert 0.ppm $o", 1.8),
    ("5 MP PNG", "png", "png", (2592, 1944), "convert 0.ppm $o", 1.8),
    ("2 MP WebP, lossy", "webp", "webp", (1632, 1224), "cwebp -quiet -q 80 0.ppm -o $o", 1.2),
    ("2 MP WebP, lossless", "webp", "webp", (1632, 1224), "cwebp -quiet -lossless 0.ppm -o $o", 1.4),
    (
        "24 frames 640 x 480 GIF",
        "gif",
        "gif",
        (640, 480),
        "ffmpeg -v error -y -loop 1 -i 0.ppm -vf scroll=h=0.03 -frames 24 $o",
        3.0,
    ),
    ("2 MP TIFF, LZW", "tiff", "tif", (1632, 1224), "convert 0.ppm -compress LZW $o", 2.0),
    ("2 MP TIFF, deflate", "tiff", "tif", (1632, 1224), "convert 0.ppm -compress Zip $o", 2.0),
    ("2 MP HEIC", "heif", "heic", (1632, 1224), "convert 0.ppm 0.png && heif-enc -q 60 0.png -o $o", 100.0),
];

/// Prints the table of the files whose names contain `word`.
pub fn run(word: &str) -> anyhow::Result<()> {
    println!("CPU time, medians of {ROUNDS} rounds, in one process by turns\n");
    println!(
        "| file | MB | structure ms | full ms | decoder ms | full : decoder | wanted | structure GB/s | full MB/s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, format, extension, size, command, wanted) in CASES.iter().filter(|case| case.0.contains(word)) {
        let bytes = make(extension, *size, command)?;
        let [structure, full, decoder] = measure(format, &bytes)?.map(|time| time.as_secs_f64() * 1000.0);
        let megabytes = bytes.len() as f64 / 1e6;
        println!(
            "| {name} | {megabytes:.2} | {structure:.3} | {full:.2} | {decoder:.2} | {:.2} | {wanted} | {:.1} | {:.0} |",
            decoder / full,
            megabytes / structure,
            megabytes / full * 1000.0,
        );
    }
    Ok(())
}

/// A file whose source is paved with photographs, so that it has the detail of one that was not enlarged.
fn make(extension: &str, (width, height): (u32, u32), command: &str) -> anyhow::Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let photographs = oracle::photographs()?;
    let photographs = photographs.display();
    shell(
        folder.path(),
        &format!(
            "convert {photographs}/china.jpg {photographs}/flower.jpg -resize 130% +append pair.ppm && \
             convert pair.ppm \\( pair.ppm -flop \\) -append pave.ppm && \
             convert -size {width}x{height} tile:pave.ppm -depth 8 0.ppm"
        ),
    )?;
    shell(folder.path(), &command.replace("$o", &format!("o.{extension}")))?;
    std::fs::read(Path::new(folder.path()).join("o").with_extension(extension)).context("no file was made")
}

/// The times of a check at structure and full depth and of the decoder.
fn measure(format: &str, bytes: &[u8]) -> anyhow::Result<[Duration; 3]> {
    let checkers = [Depth::Structure, Depth::Full].map(|depth| Checker::new().depth(depth));
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for (checker, times) in checkers.iter().zip(&mut times) {
            let started = ProcessTime::now();
            std::hint::black_box(checker.check_bytes(bytes));
            times.push(started.elapsed());
        }
        let started = ProcessTime::now();
        peers::decode(format, bytes).context("no decoder")??;
        times[2].push(started.elapsed());
    }
    Ok(times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    }))
}
