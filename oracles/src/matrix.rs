//! The damage matrix, and the run over healthy files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ais_preflight::defect::Group;
use ais_preflight::profile::Severity;
use ais_preflight::report::Finding;
use ais_preflight::{Checker, Report, Verdict};
use anyhow::Context;
use fastrand::Rng;
use rayon::prelude::*;

use crate::encode::{RECIPES, Recipe, encode, photographs, shapes};
use crate::mutate::{Damage, PICTURES};
use crate::share::Share;
use crate::{oracle, sample};

/// What has to be flagged at least, in percent: of visible damage, of files cut short, of what another program complains
/// of.
const FLOORS: &[(&str, [f64; 3])] = &[
    ("jpeg", [94.0, 99.0, 99.0]),
    ("png", [100.0, 99.0, 100.0]),
    ("webp", [88.0, 99.0, 99.0]),
    ("gif", [100.0, 99.0, 100.0]),
    ("tiff", [82.0, 99.0, 90.0]),
    ("heif", [45.0, 99.0, 98.0]),
];

/// What was found out about one mutant.
struct Mutant {
    format: &'static str,
    damage: Damage,
    /// At least 1 % of the file is missing at its end.
    cut: bool,
    visible: bool,
    complained: bool,
    flagged: bool,
    restyled: bool,
    path: PathBuf,
}

/// Whether the check speaks of damage, as a reject or a risk, or does not even find the format that was there.
fn flagged(report: &Report, format: &str) -> bool {
    let damage = |finding: &Finding| finding.group == Group::Damage && finding.severity > Severity::Note;
    report.findings.iter().any(damage) || (report.verdict == Verdict::Reject && report.format != Some(format))
}

/// Makes the matrix, prints it or writes it to `file`, and fails if it is below the floors.
pub fn run(file: Option<&Path>, quick: bool) -> anyhow::Result<()> {
    oracle::are_there()?;
    let folder = tempfile::tempdir()?;
    let checker = Checker::new();
    let mut parents = sample::parents(folder.path())?;
    for (recipe, _, parent) in &parents {
        anyhow::ensure!(
            !flagged(&checker.check_path(parent), recipe.format),
            "a healthy file is flagged: {}",
            parent.display()
        );
    }
    let mut healthy = Vec::new();
    for parent in parents.drain(..) {
        if oracle::complains(parent.0.format, &parent.2)? {
            eprintln!("left out, since a program complains of the healthy file: {}", parent.2.display());
        } else {
            healthy.push(parent);
        }
    }
    let samples = sample::mutants(folder.path(), &healthy, quick)?;
    let pairs: Vec<_> = samples.iter().map(|sample| (sample.parent.clone(), sample.path.clone())).collect();
    let shares = oracle::visibility(&pairs)?;
    let mutants: Vec<Mutant> = samples
        .into_par_iter()
        .zip(shares)
        .map(|(sample, share)| {
            let format = sample.recipe.format;
            Ok(Mutant {
                format,
                damage: sample.damage,
                cut: sample.missing >= 1,
                visible: share > 0.01,
                complained: oracle::complains(format, &sample.path)?,
                flagged: flagged(&checker.check_path(&sample.path), format),
                restyled: sample.restyled,
                path: sample.path,
            })
        })
        .collect::<anyhow::Result<_>>()?;
    if let Some(keep) = std::env::var_os("ORACLES_KEEP") {
        keep_missed(&mutants, keep.as_ref())?;
    }
    let table = table(&mutants, healthy.len());
    match file {
        Some(file) => replace(file, "pictures", &table)?,
        None => print!("{table}"),
    }
    hold_against_floors(&mutants, quick)
}

/// Copies what was seen by others and not here to a folder, for a closer look.
fn keep_missed(mutants: &[Mutant], folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for mutant in mutants.iter().filter(|mutant| !mutant.flagged && (mutant.visible || mutant.complained)) {
        let seen = if mutant.complained { "complained" } else { "visible" };
        let name = mutant.path.file_name().context("a file")?.to_string_lossy();
        std::fs::copy(&mutant.path, folder.join(format!("{seen}-{name}")))?;
    }
    Ok(())
}

/// The three columns of the table for a format.
fn shares(mutants: &[Mutant], format: &str) -> [Share; 3] {
    let of = || mutants.iter().filter(|mutant| mutant.format == format);
    [
        of().filter(|mutant| mutant.visible && !mutant.restyled).map(|mutant| mutant.flagged).collect(),
        of().filter(|mutant| mutant.cut).map(|mutant| mutant.flagged).collect(),
        of().filter(|mutant| mutant.complained).map(|mutant| mutant.flagged).collect(),
    ]
}

fn hold_against_floors(mutants: &[Mutant], quick: bool) -> anyhow::Result<()> {
    // A fifth of the mutants says less: a few points of what is visible are chance.
    let allowance = if quick { 3.0 } else { 0.0 };
    let mut below = Vec::new();
    for (format, floors) in FLOORS {
        let names = ["visible damage", "files cut short", "what another program complains of"];
        for ((share, floor), name) in shares(mutants, format).into_iter().zip(floors).zip(names) {
            if share.percent() < floor - allowance {
                below.push(format!("{format}: {share} of {name}, wanted {floor} %"));
            }
        }
    }
    anyhow::ensure!(below.is_empty(), "below the floors: {}", below.join("; "));
    Ok(())
}

fn table(mutants: &[Mutant], parents: usize) -> String {
    let mut text = format!("{parents} healthy parents, {} mutants.\n\n", mutants.len());
    text.push_str("| format | mutants | of visible damage | of files cut short | of what another program complains of |\n|---|---|---|---|---|\n");
    let mut formats: Vec<&str> = mutants.iter().map(|mutant| mutant.format).collect();
    formats.dedup();
    for format in &formats {
        let count = mutants.iter().filter(|mutant| mutant.format == *format).count();
        let [visible, cut, complained] = shares(mutants, format);
        let _ = writeln!(text, "| {format} | {count} | {visible} | {cut} | {complained} |");
    }
    let _ = writeln!(text, "\nBy kind of damage, of what is visible:\n\n| damage | {} |", formats.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(formats.len()));
    for (damage, _) in PICTURES.ways {
        let cells: Vec<_> = formats
            .iter()
            .map(|format| mutants.iter().filter(move |m| m.format == *format && m.damage == *damage && m.visible))
            .map(|of| of.map(|mutant| mutant.flagged).collect::<Share>().to_string())
            .collect();
        let _ = writeln!(text, "| {} | {} |", damage.name(), cells.join(" | "));
    }
    text
}

/// Puts a table between the marks of that name in a document.
pub fn replace(file: &Path, name: &str, table: &str) -> anyhow::Result<()> {
    let document = std::fs::read_to_string(file)?;
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = document.split_once(&start).context("no start mark")?;
    let (_, after) = rest.split_once(&end).context("no end mark")?;
    std::fs::write(file, format!("{before}{start}{table}{end}{after}"))?;
    Ok(())
}

/// The files of one format that a run over healthy ones made.
#[derive(Default)]
struct Tally {
    files: usize,
    rejects: usize,
    risks: usize,
}

/// Makes random healthy pictures. None may be rejected, and no more than one in a thousand be at risk.
pub fn healthy(count: usize) -> anyhow::Result<()> {
    oracle::are_there()?;
    let photos = oracle::photographs()?;
    let alarms: Vec<(&Recipe, Option<(Severity, String)>)> = (0..count.div_ceil(RECIPES.len()))
        .into_par_iter()
        .map(|round| {
            let folder = tempfile::tempdir()?;
            let mut rng = Rng::with_seed(round as u64);
            // Encoders of HEVC and AV1 want some pixels to work with.
            let (width, height) = (rng.u32(20..200), rng.u32(20..200));
            if rng.bool() {
                photographs(folder.path(), &photos, &mut rng, width, height)?;
            } else {
                shapes(folder.path(), &mut rng, width, height)?;
            }
            let mut alarms = Vec::new();
            for recipe in RECIPES {
                let bytes = encode(recipe, folder.path(), rng.u32(..4))?;
                alarms.push((recipe, alarm(recipe, round, &bytes)?));
            }
            Ok(alarms)
        })
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (recipe, alarm) in &alarms {
        let tally = tallies.entry(recipe.format).or_default();
        tally.files += 1;
        match alarm {
            Some((Severity::Reject, _)) => tally.rejects += 1,
            Some(_) => tally.risks += 1,
            None => {}
        }
    }
    println!("| format | ways to encode | healthy files | rejected | at risk |\n|---|---|---|---|---|");
    for (format, Tally { files, rejects, risks }) in &tallies {
        let ways = RECIPES.iter().filter(|recipe| recipe.format == *format).count();
        println!("| {format} | {ways} | {files} | {rejects} | {risks} |");
    }
    for (_, what) in alarms.iter().filter_map(|(recipe, alarm)| Some((recipe, alarm.as_ref()?))) {
        println!("{}", what.1);
    }
    let [rejects, risks] = [|tally: &Tally| tally.rejects, |tally: &Tally| tally.risks]
        .map(|of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>());
    anyhow::ensure!(rejects == 0 && risks * 1000 <= alarms.len(), "healthy files raised alarms");
    Ok(())
}

/// What is said of a healthy file that should not be.
fn alarm(recipe: &Recipe, round: usize, bytes: &[u8]) -> anyhow::Result<Option<(Severity, String)>> {
    let report = Checker::new().check_bytes(bytes);
    let about_damage = |finding: &&Finding| {
        finding.severity > Severity::Note && finding.group != Group::Limit && finding.defect != "format-not-accepted"
    };
    let found: Vec<&Finding> = report.findings.iter().filter(about_damage).collect();
    let other_format = report.format != Some(recipe.format);
    let worst = found.iter().map(|finding| finding.severity).max();
    let Some(severity) = worst.or(other_format.then_some(Severity::Reject)) else {
        return Ok(None);
    };
    let name = recipe.file(&round.to_string());
    if let Some(keep) = std::env::var_os("ORACLES_KEEP") {
        std::fs::create_dir_all(&keep)?;
        std::fs::write(Path::new(&keep).join(&name), bytes)?;
    }
    let defects: Vec<&str> = found.iter().map(|finding| finding.defect).collect();
    Ok(Some((severity, format!("{name}: {}", defects.join(", ")))))
}
