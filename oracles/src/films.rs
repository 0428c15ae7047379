//! The damage matrix of videos: healthy ones as common encoders write them, damaged as transfers and disks do it, held
//! against ffmpeg, which decodes all of each, and OpenCV, which stands for services that look at pictures one by one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ais_preflight::defect::Group;
use ais_preflight::profile::Severity;
use ais_preflight::{Checker, Report, Verdict};
use anyhow::Context;
use fastrand::Rng;
use rayon::prelude::*;

use crate::encode::shell;
use crate::matrix::replace;
use crate::mutate::{Damage, FILMS};
use crate::oracle;
use crate::share::Share;

/// One way to write a video: a row of the table, the format that the check should see, a name, the file extension, and
/// the shell command, in which `$v` and `$a` are six seconds of pictures and of sound for ffmpeg and `$o` is the file to
/// be written.
struct Recipe {
    container: &'static str,
    format: &'static str,
    name: &'static str,
    extension: &'static str,
    command: &'static str,
}

macro_rules! recipes {
    ($($container:literal $format:literal $extension:literal { $($name:literal: $command:literal;)* })*) => {
        /// All of them.
        const RECIPES: &[Recipe] = &[$($(
            Recipe { container: $container, format: $format, name: $name, extension: $extension, command: $command },
        )*)*];
    };
}

recipes! {
    "MP4, MOV, 3GP" "mp4" "mp4" {
        "h264": "ffmpeg $v $a -c:v libx264 -c:a aac $o";
        "h264-faststart": "ffmpeg $v $a -c:v libx264 -preset fast -c:a aac -movflags +faststart $o";
        "h264-baseline": "ffmpeg $v -c:v libx264 -profile:v baseline -pix_fmt yuv420p $o";
        "h264-fragments": "ffmpeg $v $a -c:v libx264 -g 25 -c:a aac -movflags +frag_keyframe+empty_moov+default_base_moof $o";
        "h264-dash": "ffmpeg $v -c:v libx264 -g 25 -movflags +dash+global_sidx+frag_keyframe $o";
        "hevc": "ffmpeg $v $a -c:v libx265 -x265-params log-level=error -tag:v hvc1 -c:a aac $o";
        "mpeg4": "ffmpeg $v $a -c:v mpeg4 -q:v 4 -c:a aac $o";
        "mp3": "ffmpeg $v $a -c:v libx264 -bf 0 -c:a libmp3lame $o";
        "av1": "ffmpeg $v -c:v libsvtav1 -preset 10 $o";
        "vp9": "ffmpeg $v $a -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 800k -c:a aac $o";
    }
    "MP4, MOV, 3GP" "mov" "mov" {
        "h264-pcm": "ffmpeg $v $a -c:v libx264 -c:a pcm_s16le $o";
        "mjpeg": "ffmpeg $v $a -c:v mjpeg -q:v 6 -pix_fmt yuvj420p -c:a aac $o";
        "prores": "ffmpeg $v -t 1.5 -c:v prores_ks -profile:v 0 $o";
    }
    "MP4, MOV, 3GP" "3gp" "3gp" {
        "h263": "ffmpeg $v $a -c:v h263 -s 352x288 -b:v 600k -c:a aac $o";
        "h264": "ffmpeg $v $a -c:v libx264 -c:a aac -brand 3gp5 $o";
    }
    "Matroska, WebM" "mkv" "mkv" {
        "h264": "ffmpeg $v $a -c:v libx264 -c:a aac $o";
        "hevc": "ffmpeg $v $a -c:v libx265 -x265-params log-level=error -c:a aac $o";
        "mpeg4": "ffmpeg $v $a -c:v mpeg4 -q:v 4 -c:a libmp3lame $o";
        "mkvmerge": "ffmpeg $v $a -c:v libx264 -c:a aac in.mp4 && mkvmerge -q -o $o in.mp4";
        "mkvmerge-mpeg2": "ffmpeg $v $a -c:v mpeg2video -b:v 1500k -c:a mp2 in.mpg && mkvmerge -q -o $o in.mpg";
        "live": "ffmpeg $v $a -c:v libx264 -c:a aac -f matroska -live 1 $o";
    }
    "Matroska, WebM" "webm" "webm" {
        "vp8": "ffmpeg $v $a -c:v libvpx -deadline realtime -cpu-used 8 -b:v 800k -c:a libvorbis $o";
        "vp9": "ffmpeg $v $a -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 800k -c:a libopus $o";
        "av1": "ffmpeg $v -c:v libsvtav1 -preset 10 $o";
    }
    "AVI" "avi" "avi" {
        "mpeg4": "ffmpeg $v $a -c:v mpeg4 -q:v 4 -c:a libmp3lame $o";
        "xvid": "ffmpeg $v $a -c:v libxvid -q:v 4 -c:a pcm_s16le $o";
        "mjpeg": "ffmpeg $v $a -c:v mjpeg -q:v 6 -pix_fmt yuvj420p -c:a libmp3lame $o";
        "h264": "ffmpeg $v $a -c:v libx264 -bf 0 -c:a libmp3lame $o";
        "msmpeg4": "ffmpeg $v $a -c:v msmpeg4v2 -q:v 4 -c:a libmp3lame $o";
    }
    "FLV" "flv" "flv" {
        "h264": "ffmpeg $v $a -c:v libx264 -c:a aac $o";
        "h264-mp3": "ffmpeg $v $a -c:v libx264 -bf 0 -c:a libmp3lame -ar 44100 $o";
        "sorenson": "ffmpeg $v $a -c:v flv -q:v 4 -c:a libmp3lame -ar 44100 $o";
    }
    "MPEG-TS" "mpeg-ts" "ts" {
        "h264": "ffmpeg $v $a -c:v libx264 -c:a aac $o";
        "hevc": "ffmpeg $v $a -c:v libx265 -x265-params log-level=error -c:a aac $o";
        "mpeg2": "ffmpeg $v $a -c:v mpeg2video -b:v 1500k -c:a mp2 $o";
        "m2ts": "ffmpeg $v $a -c:v libx264 -c:a ac3 -mpegts_m2ts_mode 1 $o";
    }
    "MPEG-PS and streams" "mpeg-ps" "mpg" {
        "mpeg1": "ffmpeg $v $a -c:v mpeg1video -b:v 1500k -c:a mp2 $o";
        "mpeg2": "ffmpeg $v $a -c:v mpeg2video -b:v 1500k -c:a mp2 -f vob $o";
        "dvd": "ffmpeg $v $a -target pal-dvd -b:v 1500k -t 3 $o";
        "stream": "ffmpeg $v -c:v mpeg2video -b:v 1500k -f mpeg2video $o";
    }
    "ASF" "asf" "wmv" {
        "wmv1": "ffmpeg $v $a -c:v wmv1 -q:v 4 -c:a wmav2 $o";
        "wmv2": "ffmpeg $v $a -c:v wmv2 -q:v 4 -c:a wmav2 $o";
        "msmpeg4": "ffmpeg $v $a -c:v msmpeg4 -q:v 4 -c:a libmp3lame -f asf $o";
        "h264": "ffmpeg $v $a -c:v libx264 -bf 0 -c:a wmav2 -f asf $o";
    }
    "RealMedia" "realmedia" "rm" {
        "rv10": "ffmpeg $v -s 352x288 -c:v rv10 -b:v 400k $o";
        "rv20": "ffmpeg $v $a -s 352x288 -c:v rv20 -b:v 400k -c:a ac3 $o";
    }
    "Ogg" "ogg" "ogv" {
        "theora": "ffmpeg $v $a -c:v libtheora -q:v 6 -c:a libvorbis $o";
    }
    "MXF" "mxf" "mxf" {
        "mpeg2": "ffmpeg $v $a -c:v mpeg2video -b:v 3000k -c:a pcm_s16le -ar 48000 -t 3 $o";
    }
}

/// What is filmed: each moves in another way.
const SCENES: [&str; 3] = [
    "testsrc2=s=320x240:r=25",
    "mandelbrot=s=320x240:r=25:end_scale=0.05",
    "testsrc=s=320x240:r=25,noise=alls=8:allf=t",
];

/// What has to be flagged at least of the transfer and storage damage that ffmpeg sees, in percent.
const FLOOR: f64 = 95.0;
/// The same for each container; a transport stream that ends with a packet is whole.
const FLOORS: [(&str, f64); 2] = [("MPEG-TS", 85.0), ("", 90.0)];
/// What has to be rejected at least of what OpenCV fails on.
const SERVICE_FLOOR: f64 = 95.0;

/// A healthy video.
struct Parent {
    recipe: &'static Recipe,
    path: PathBuf,
    /// How many pictures OpenCV reads, if it reads as many as there are.
    pictures: Option<u32>,
}

/// What was found out about one damaged video.
struct Mutant {
    container: &'static str,
    damage: Damage,
    /// ffmpeg complains.
    complained: bool,
    /// OpenCV does not get a first picture, or not nine in ten.
    failed: bool,
    flagged: bool,
    rejected: bool,
    path: PathBuf,
}

impl Mutant {
    /// Whether a transfer or a disk does such damage; a single bit seldom changes alone.
    fn is_transfer(&self) -> bool {
        !matches!(self.damage, Damage::HeaderBit | Damage::Bit)
    }
}

/// The gravest that is said about the bytes; another format than what was written is as bad as damage.
fn judged(report: &Report, format: &str) -> Option<Severity> {
    if report.format != Some(format) && report.verdict == Verdict::Reject {
        return Some(Severity::Reject);
    }
    let broken = |group| matches!(group, Group::Damage);
    report.findings.iter().filter(|finding| broken(finding.group)).map(|finding| finding.severity).max()
}

/// Makes the matrix, prints it or writes it to `file`, and fails if it is below the floors.
pub fn run(file: Option<&Path>, quick: bool) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let checker = Checker::new();
    let parents = parents(folder.path(), quick)?;
    for parent in &parents {
        let report = checker.check_path(&parent.path);
        anyhow::ensure!(
            judged(&report, parent.recipe.format) <= Some(Severity::Note)
                && report.format == Some(parent.recipe.format),
            "a healthy file is flagged: {}",
            report.to_json()
        );
    }
    let remuxed = remuxes(folder.path(), &parents, &checker)?;
    let mutants = mutants(folder.path(), &parents, &checker, quick)?;
    if let Some(keep) = std::env::var_os("ORACLES_KEEP") {
        keep_missed(&mutants, keep.as_ref())?;
    }
    let table = table(&mutants, parents.len(), remuxed);
    match file {
        Some(file) => replace(file, "videos", &table)?,
        None => print!("{table}"),
    }
    hold_against_floors(&mutants, quick)
}

/// The healthy videos of all recipes, or of every third, that ffmpeg reads without a complaint.
fn parents(folder: &Path, quick: bool) -> anyhow::Result<Vec<Parent>> {
    let made: Vec<(&Recipe, PathBuf)> = RECIPES
        .par_iter()
        .enumerate()
        .filter(|(number, _)| !quick || number % 3 == 0)
        .map(|(number, recipe)| Ok((recipe, film(folder, recipe, SCENES[number % SCENES.len()])?)))
        .collect::<anyhow::Result<_>>()?;
    let counts = opencv(made.iter().map(|(_, path)| path.as_path()))?;
    let mut parents = Vec::new();
    for ((recipe, path), count) in made.into_iter().zip(counts) {
        if ffmpeg_complains(&path)? {
            eprintln!("left out, since ffmpeg complains of the healthy file: {}", path.display());
            continue;
        }
        // It has no decoder for AV1, for one.
        let pictures = Some(count).filter(|count| *count > 20);
        parents.push(Parent { recipe, path, pictures });
    }
    Ok(parents)
}

fn film(folder: &Path, recipe: &Recipe, scene: &str) -> anyhow::Result<PathBuf> {
    let work = tempfile::tempdir_in(folder)?;
    let path = folder.join(format!("{}-{}.{}", recipe.format, recipe.name, recipe.extension));
    let command = recipe
        .command
        .replace("ffmpeg ", "ffmpeg -v error -y -threads 1 ")
        .replace("$v", &format!("-f lavfi -t 6 -i {scene}"))
        .replace("$a", "-f lavfi -t 6 -i sine=440:r=44100")
        .replace("-c:v ", "-pix_fmt yuv420p -c:v ")
        .replace("$o", &path.display().to_string());
    shell(work.path(), &command).with_context(|| format!("{} {}", recipe.format, recipe.name))?;
    Ok(path)
}

/// Whether ffmpeg, decoding all of it, says anything.
fn ffmpeg_complains(path: &Path) -> anyhow::Result<bool> {
    let output = Command::new("timeout")
        .args(["60", "ffmpeg", "-v", "error", "-threads", "1", "-i"])
        .arg(path)
        .args(["-f", "null", "-"])
        .stdin(Stdio::null())
        .output()?;
    // What it says about its own output is no complaint, nor that it has no decoder.
    const CHATTER: [&str; 3] =
        ["non monotonically increasing dts", "Decoder (codec none) not found", "Last message repeated"];
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(!output.status.success() || said.lines().any(|line| !CHATTER.iter().any(|known| line.contains(known))))
}

/// How many pictures OpenCV reads of each, one after the other.
fn opencv<'a>(paths: impl Iterator<Item = &'a Path>) -> anyhow::Result<Vec<u32>> {
    let list: String = paths.map(|path| format!("{}\n", path.display())).collect();
    let answers = oracle::python_lines("pictures.py", list)?;
    answers.iter().map(|answer| Ok(answer.parse()?)).collect()
}

/// Packs every video anew, undamaged, and counts those that ffmpeg and OpenCV find fine; none may be rejected.
fn remuxes(folder: &Path, parents: &[Parent], checker: &Checker) -> anyhow::Result<usize> {
    let packed: Vec<(PathBuf, Option<u32>)> = parents
        .par_iter()
        .flat_map(|parent| {
            let extensions = [parent.recipe.extension, "mp4", "mov", "mkv", "ts", "avi", "flv"];
            extensions.into_par_iter().filter_map(move |extension| {
                let path = parent.path.with_extension(format!("copy.{extension}"));
                let copy = format!("ffmpeg -v error -y -i {} -map 0 -c copy {}", parent.path.display(), path.display());
                shell(folder, &copy).ok().map(|()| (path, parent.pictures))
            })
        })
        .collect();
    let counts = opencv(packed.iter().map(|(path, _)| path.as_path()))?;
    let mut fine = 0;
    for ((path, pictures), count) in packed.into_iter().zip(counts) {
        if ffmpeg_complains(&path)? || pictures.is_none_or(|pictures| fails(count, pictures)) {
            continue;
        }
        fine += 1;
        let report = checker.check_path(&path);
        let damaged = |finding: &&ais_preflight::report::Finding| {
            finding.group == Group::Damage && finding.severity == Severity::Reject
        };
        if let Some(finding) = report.findings.iter().find(damaged) {
            anyhow::bail!("a remuxed file is rejected: {} {}: {}", path.display(), finding.defect, finding.message);
        }
    }
    Ok(fine)
}

/// Whether a sampler gets too little of a video.
fn fails(pictures: u32, of: u32) -> bool {
    pictures == 0 || pictures * 10 < of * 9
}

/// Damages all, each way as often as it says, or a third of that, and asks everyone.
fn mutants(folder: &Path, parents: &[Parent], checker: &Checker, quick: bool) -> anyhow::Result<Vec<Mutant>> {
    let mut mutants = Vec::new();
    for (number, parent) in parents.iter().enumerate() {
        let bytes = std::fs::read(&parent.path)?;
        let mut rng = Rng::with_seed(number as u64);
        let mut files = Vec::new();
        for (damage, count) in FILMS.ways {
            for which in 0..if quick { count.div_ceil(3) } else { *count } {
                let Some(mutant) = damage.apply(&FILMS, &bytes, which, &mut rng) else { continue };
                let Recipe { format, name, extension, .. } = parent.recipe;
                let path = folder.join(format!("{format}-{name}-{damage:?}-{which}.{extension}"));
                std::fs::write(&path, &mutant)?;
                files.push((*damage, path));
            }
        }
        let counts = opencv(files.iter().map(|(_, path)| path.as_path()))?;
        let asked: Vec<Mutant> = files
            .into_par_iter()
            .zip(counts)
            .map(|((damage, path), count)| {
                let severity = judged(&checker.check_path(&path), parent.recipe.format);
                Ok(Mutant {
                    container: parent.recipe.container,
                    damage,
                    complained: ffmpeg_complains(&path)?,
                    failed: parent.pictures.is_some_and(|pictures| fails(count, pictures)),
                    flagged: severity > Some(Severity::Note),
                    rejected: severity == Some(Severity::Reject),
                    path,
                })
            })
            .collect::<anyhow::Result<_>>()?;
        for mutant in asked {
            // The disk holds what is kept for a look, and no more.
            if std::env::var_os("ORACLES_KEEP").is_none() {
                std::fs::remove_file(&mutant.path)?;
            }
            mutants.push(mutant);
        }
    }
    Ok(mutants)
}

/// Copies what others saw and the check did not to a folder, for a closer look.
fn keep_missed(mutants: &[Mutant], folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for mutant in mutants.iter().filter(|mutant| mutant.is_transfer()) {
        let seen = match mutant {
            Mutant { failed: true, rejected: false, .. } => "failed",
            Mutant { complained: true, flagged: false, .. } => "complained",
            _ => continue,
        };
        let name = mutant.path.file_name().context("a file")?.to_string_lossy();
        std::fs::copy(&mutant.path, folder.join(format!("{seen}-{name}")))?;
    }
    Ok(())
}

/// How much of what ffmpeg sees is flagged, and how much of what OpenCV fails on is rejected.
fn shares<'m>(mutants: impl Iterator<Item = &'m Mutant> + Clone) -> [Share; 2] {
    [
        mutants.clone().filter(|mutant| mutant.complained).map(|mutant| mutant.flagged).collect(),
        mutants.filter(|mutant| mutant.failed).map(|mutant| mutant.rejected).collect(),
    ]
}

fn containers() -> Vec<&'static str> {
    let mut containers: Vec<_> = RECIPES.iter().map(|recipe| recipe.container).collect();
    containers.dedup();
    containers
}

fn hold_against_floors(mutants: &[Mutant], quick: bool) -> anyhow::Result<()> {
    // A tenth of the mutants says less: a few points are chance.
    let allowance = if quick { 5.0 } else { 0.0 };
    let transfer = || mutants.iter().filter(|mutant| mutant.is_transfer());
    let [seen, failed] = shares(transfer());
    let mut all =
        vec![("all", "what ffmpeg sees", seen, FLOOR), ("all", "what OpenCV fails on", failed, SERVICE_FLOOR)];
    // A part of the mutants leaves too few of each container.
    for container in containers().into_iter().filter(|_| !quick) {
        let floor = FLOORS.iter().find(|(name, _)| container == *name || name.is_empty()).context("no floor")?.1;
        let [seen, _] = shares(transfer().filter(|mutant| mutant.container == container));
        all.push((container, "what ffmpeg sees", seen, floor));
    }
    let below: Vec<_> = all
        .iter()
        .filter(|(.., share, floor)| share.percent() < floor - allowance)
        .map(|(name, what, share, floor)| format!("{name}: {share} of {what}, wanted {floor} %"))
        .collect();
    anyhow::ensure!(below.is_empty(), "below the floors: {}", below.join("; "));
    Ok(())
}

fn table(mutants: &[Mutant], parents: usize, remuxed: usize) -> String {
    let mut text = format!(
        "{parents} healthy parents, {} mutants. Of {remuxed} undamaged files packed anew, none is rejected.\n\n\
         | container | mutants | flagged, of transfer and storage damage that ffmpeg sees | flagged, of the same that it does \
         not see | rejected, of what OpenCV fails on | flagged, of flipped bits that ffmpeg sees |\n|---|---|---|---|---|---|\n",
        mutants.len()
    );
    let mut row = |name: &str, of: &[&Mutant]| {
        let transfer = || of.iter().copied().filter(|mutant| mutant.is_transfer());
        let ([seen, _], [_, failed]) = (shares(transfer()), shares(of.iter().copied()));
        let unseen: Share = transfer().filter(|mutant| !mutant.complained).map(|mutant| mutant.flagged).collect();
        let [bits, _] = shares(of.iter().copied().filter(|mutant| !mutant.is_transfer()));
        let _ = writeln!(text, "| {name} | {} | {seen} | {unseen} | {failed} | {bits} |", of.len());
    };
    for container in containers() {
        row(container, &mutants.iter().filter(|mutant| mutant.container == container).collect::<Vec<_>>());
    }
    row("all", &mutants.iter().collect::<Vec<_>>());
    text.push_str("\n| damage | mutants | flagged, of what ffmpeg sees | rejected, of what OpenCV fails on |\n|---|---|---|---|\n");
    for (damage, _) in FILMS.ways {
        let of = || mutants.iter().filter(|mutant| mutant.damage == *damage);
        let [seen, failed] = shares(of());
        let _ = writeln!(text, "| {} | {} | {seen} | {failed} |", damage.name(), of().count());
    }
    text
}
