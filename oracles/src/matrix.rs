//! The damage matrix and the run over healthy files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use ais_preflight::defect::Group;
use ais_preflight::profile::Severity;
use ais_preflight::report::Finding;
use ais_preflight::{Checker, Report, Verdict};
use anyhow::Context;
use fastrand::Rng;
use rayon::prelude::*;

use crate::encode::{RECIPES, Recipe, encode, photographs, shapes};
use crate::mutate::{Damage, WAYS};
use crate::oracle;

/// What was found out about one mutant.
struct Mutant {
    format: &'static str,
    damage: Damage,
    /// At least 1 % of the file is missing at its end.
    cut: bool,
    visible: bool,
    complained: bool,
    flagged: bool,
    path: PathBuf,
}

/// Whether the check speaks of damage, as a reject or a risk, or does not even find the format that was there.
fn flagged(report: &Report, format: &str) -> bool {
    let damage = |finding: &Finding| finding.group == Group::Damage && finding.severity > Severity::Note;
    report.findings.iter().any(damage) || (report.verdict == Verdict::Reject && report.format != Some(format))
}

pub fn run(file: Option<&Path>) -> anyhow::Result<()> {
    oracle::are_there()?;
    let folder = tempfile::tempdir()?;
    let mut rng = Rng::with_seed(2026);
    photographs(folder.path(), &oracle::photographs()?, &mut rng, 451, 300)?;
    let mut todo = Vec::new();
    let checker = Checker::new();
    let mut parents = 0;
    for (number, recipe) in RECIPES.iter().enumerate() {
        let bytes = encode(recipe, folder.path(), u32::try_from(number % 4)?)?;
        let parent = folder.path().join(format!("{}-{}.{}", recipe.format, recipe.name, recipe.extension));
        std::fs::write(&parent, &bytes)?;
        anyhow::ensure!(
            !flagged(&checker.check_path(&parent), recipe.format),
            "a healthy file is flagged: {}",
            parent.display()
        );
        if oracle::complains(recipe.format, &parent)? {
            eprintln!("left out, since a program complains of the healthy file: {}", parent.display());
            continue;
        }
        parents += 1;
        for (damage, count) in WAYS {
            for which in 0..*count {
                if let Some(mutant) = damage.apply(&bytes, which, &mut rng) {
                    let path = folder
                        .path()
                        .join(format!("{}-{}-{damage:?}-{which}.{}", recipe.format, recipe.name, recipe.extension));
                    std::fs::write(&path, &mutant)?;
                    todo.push((recipe, *damage, mutant.len() * 100 <= bytes.len() * 99, parent.clone(), path));
                }
            }
        }
    }
    eprintln!("{parents} parents, {} mutants", todo.len());
    let pairs: Vec<_> = todo.iter().map(|(.., parent, path)| (parent.clone(), path.clone())).collect();
    let shares = oracle::visibility(&pairs)?;
    let mutants: Vec<Mutant> = todo
        .into_par_iter()
        .zip(shares)
        .map(|((recipe, damage, shorter, _, path), share)| {
            Ok(Mutant {
                format: recipe.format,
                damage,
                cut: shorter && damage == Damage::Truncated,
                visible: share > 0.01,
                complained: oracle::complains(recipe.format, &path)?,
                flagged: flagged(&checker.check_path(&path), recipe.format),
                path,
            })
        })
        .collect::<anyhow::Result<_>>()?;
    if let Some(keep) = std::env::var_os("ORACLES_KEEP") {
        keep_missed(&mutants, keep.as_ref())?;
    }
    let table = table(&mutants, parents);
    match file {
        Some(file) => replace(file, &table),
        None => {
            print!("{table}");
            Ok(())
        }
    }
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

/// `flagged/all` and the percentage.
fn share<'m>(mutants: impl Iterator<Item = &'m Mutant>) -> String {
    let (mut all, mut hit) = (0_u32, 0_u32);
    for mutant in mutants {
        all += 1;
        hit += u32::from(mutant.flagged);
    }
    if all == 0 { "–".to_owned() } else { format!("{:.1} % ({hit}/{all})", 100.0 * f64::from(hit) / f64::from(all)) }
}

fn table(mutants: &[Mutant], parents: usize) -> String {
    let mut text = format!("{parents} healthy parents, {} mutants.\n\n", mutants.len());
    text.push_str("| format | mutants | of visible damage | of files cut short | of what another program complains of |\n|---|---|---|---|---|\n");
    let mut formats: Vec<&str> = mutants.iter().map(|mutant| mutant.format).collect();
    formats.dedup();
    for format in &formats {
        let of = || mutants.iter().filter(|mutant| mutant.format == *format);
        let _ = writeln!(
            text,
            "| {format} | {} | {} | {} | {} |",
            of().count(),
            share(of().filter(|mutant| mutant.visible)),
            share(of().filter(|mutant| mutant.cut)),
            share(of().filter(|mutant| mutant.complained)),
        );
    }
    let _ = writeln!(text, "\nBy kind of damage, of what is visible:\n\n| damage | {} |", formats.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(formats.len()));
    for (damage, _) in WAYS {
        let cells: Vec<_> = formats
            .iter()
            .map(|format| share(mutants.iter().filter(|m| m.format == *format && m.damage == *damage && m.visible)))
            .collect();
        let _ = writeln!(text, "| {} | {} |", damage.name(), cells.join(" | "));
    }
    text
}

/// Puts the table between the marks of a document.
fn replace(file: &Path, table: &str) -> anyhow::Result<()> {
    let document = std::fs::read_to_string(file)?;
    let (start, end) = ("<!-- matrix -->\n", "<!-- end of matrix -->");
    let (before, rest) = document.split_once(start).context("no start mark")?;
    let (_, after) = rest.split_once(end).context("no end mark")?;
    std::fs::write(file, format!("{before}{start}{table}{end}{after}"))?;
    Ok(())
}

/// Random healthy pictures, none of which may raise an alarm.
pub fn healthy(count: usize) -> anyhow::Result<()> {
    oracle::are_there()?;
    let photos = oracle::photographs()?;
    let checked = AtomicUsize::new(0);
    let alarms: BTreeMap<String, Vec<String>> = (0..count.div_ceil(RECIPES.len()))
        .into_par_iter()
        .map(|round| -> anyhow::Result<Vec<(String, Vec<String>)>> {
            let folder = tempfile::tempdir()?;
            let mut rng = Rng::with_seed(round as u64);
            let (width, height) = (rng.u32(1..200), rng.u32(1..200));
            if rng.bool() {
                photographs(folder.path(), &photos, &mut rng, width, height)?;
            } else {
                shapes(folder.path(), &mut rng, width, height)?;
            }
            let mut alarms = Vec::new();
            for recipe in RECIPES {
                let bytes = encode(recipe, folder.path(), rng.u32(..4))?;
                checked.fetch_add(1, Ordering::Relaxed);
                alarms.extend(alarm(recipe, round, &bytes)?);
            }
            Ok(alarms)
        })
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    println!("{} healthy files, {} alarms", checked.into_inner(), alarms.len());
    for (name, defects) in &alarms {
        println!("{name}: {}", defects.join(", "));
    }
    anyhow::ensure!(alarms.is_empty(), "healthy files raised alarms");
    Ok(())
}

fn alarm(recipe: &Recipe, round: usize, bytes: &[u8]) -> anyhow::Result<Option<(String, Vec<String>)>> {
    let report = Checker::new().check_bytes(bytes);
    let damage = |finding: &&ais_preflight::report::Finding| {
        finding.severity > Severity::Note && finding.group != Group::Limit && finding.defect != "format-not-accepted"
    };
    let defects: Vec<String> = report.findings.iter().filter(damage).map(|finding| finding.defect.to_owned()).collect();
    if defects.is_empty() && report.format == Some(recipe.format) {
        return Ok(None);
    }
    let name = format!("{}-{}-{round}.{}", recipe.format, recipe.name, recipe.extension);
    if let Some(keep) = std::env::var_os("ORACLES_KEEP") {
        std::fs::create_dir_all(&keep)?;
        std::fs::write(Path::new(&keep).join(&name), bytes)?;
    }
    Ok(Some((name, defects)))
}
