//! How long the command takes on films of some 250 MB, beside programs that read the same file: ffprobe, ffmpeg decoding
//! all of it, and dd, which only reads.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::encode::shell;

const ROUNDS: usize = 7;

/// What is measured: a name, the file extension, how a clip of eight seconds is coded, and how many times it is repeated, without
/// coding anew, until the file is large.
type Case = (&'static str, &'static str, &'static str, u32, &'static str);

const H264: &str = "-c:v libx264 -preset ultrafast -b:v 40M -maxrate 40M -bufsize 20M -c:a aac";
const MPEG4: &str = "-c:v mpeg4 -b:v 30M -c:a libmp3lame";

const CASES: &[Case] = &[
    ("MP4, H.264", "mp4", H264, 6, ""),
    ("MP4, H.264, fragments", "mp4", H264, 6, "-movflags +frag_keyframe+empty_moov+default_base_moof"),
    ("Matroska, H.264", "mkv", H264, 6, ""),
    ("MPEG-TS, H.264", "ts", H264, 6, ""),
    ("FLV, H.264", "flv", H264, 6, ""),
    ("AVI, MPEG-4", "avi", MPEG4, 8, ""),
    ("ASF, WMV2", "wmv", "-c:v wmv2 -b:v 30M -c:a wmav2", 8, ""),
    ("MPEG-PS, MPEG-2", "mpg", "-c:v mpeg2video -b:v 30M -maxrate 30M -bufsize 8M -c:a mp2 -f vob", 8, "-f vob"),
    ("MOV, Motion JPEG", "mov", "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p -c:a aac", 0, ""),
];

/// Prints the table of the films whose names contain `word`.
pub fn run(word: &str) -> anyhow::Result<()> {
    let ours = std::env::current_exe()?.with_file_name("ais-preflight");
    anyhow::ensure!(ours.is_file(), "{} is not there: cargo build --release", ours.display());
    println!(
        "Wall time of whole processes, best of {ROUNDS}, by turns, page cache warm; ffmpeg decodes once, on all processors\n"
    );
    println!(
        "| film | MB | header ms | structure ms | full ms | full GB/s | ffprobe : header | structure : ffprobe | ffmpeg : full | full : dd | peak MB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    println!("| *wanted* | | | | | | *≥ 15* | *≤ 0.6* | *≥ 100 (MP4, MKV, FLV)* | *≤ 2.5* | *≤ 32* |");
    for case in CASES.iter().filter(|case| case.0.contains(word)) {
        let folder = tempfile::tempdir()?;
        let film = make(folder.path(), case)?;
        measure(case.0, &ours, &film)?;
    }
    Ok(())
}

fn make(folder: &Path, (name, extension, codecs, times, options): &Case) -> anyhow::Result<PathBuf> {
    let film = folder.join("film").with_extension(extension);
    shell(
        folder,
        &format!(
            "ffmpeg -v error -f lavfi -t 8 -i testsrc2=s=1920x1080:r=25,noise=alls=40:allf=t -f lavfi -t 8 -i sine=440:r=44100 \
             -pix_fmt yuv420p {codecs} clip.{extension} && \
             ffmpeg -v error -stream_loop {times} -i clip.{extension} -map 0 -c copy {options} {}",
            film.display()
        ),
    )
    .with_context(|| (*name).to_owned())?;
    Ok(film)
}

fn measure(name: &str, ours: &Path, film: &Path) -> anyhow::Result<()> {
    let check = |depth: &str| {
        let mut command = Command::new(ours);
        command.args(["check", "--exit-zero", "--no-progress", "--format", "ndjson", "--depth", depth]).arg(film);
        command
    };
    let program = |words: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        command
    };
    let path = film.to_str().context("a name")?;
    let input = format!("if={path}");
    let mut commands = [
        check("header"),
        check("structure"),
        check("full"),
        program(&["ffprobe", "-v", "error", "-show_format", "-show_streams", path]),
        program(&["dd", &input, "of=/dev/null", "bs=1M"]),
    ];
    let mut best = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        for (command, best) in commands.iter_mut().zip(&mut best) {
            *best = time(command)?.min(*best);
        }
    }
    let decode = time(&mut program(&["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"]))?;
    let [header, structure, full, probe, dd] = best.map(|time| time.as_secs_f64() * 1000.0);
    let decode = decode.as_secs_f64() * 1000.0;
    let megabytes = std::fs::metadata(film)?.len() as f64 / 1e6;
    println!(
        "| {name} | {megabytes:.0} | {header:.1} | {structure:.1} | {full:.0} | {:.1} | {:.0} | {:.2} | {:.0} | {:.1} | {:.0} |",
        megabytes / full,
        probe / header,
        structure / probe,
        decode / full,
        full / dd,
        peak(ours, film)?,
    );
    Ok(())
}

fn time(command: &mut Command) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    anyhow::ensure!(status.success(), "{command:?} failed");
    Ok(started.elapsed())
}

/// The most memory that a check at full depth holds, in MB.
fn peak(ours: &Path, film: &Path) -> anyhow::Result<f64> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .arg(ours)
        .args(["check", "--exit-zero", "--no-progress", "--depth", "full"])
        .arg(film)
        .stdout(Stdio::null())
        .output()?;
    let kibibytes: f64 = String::from_utf8(output.stderr)?.trim().parse()?;
    Ok(kibibytes * 1024.0 / 1e6)
}
