//! `ais-preflight fix`: new files that pass, made of those that do not.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use serde::Serialize;
use tempfile::TempPath;

use super::paths::{Item, Selection, items};
use super::{CheckerArgs, INTERRUPTED, ViaArg, on_interrupt, place, read};
use crate::batch::Batch;
use crate::checker::{Checker, printable};
use crate::facts::Facts;
use crate::fix::picture::{self, Wanted};
use crate::fix::{Means, Obstacle, Plan, Step, complaint, plan, video};
use crate::format::{Format, Kind};
use crate::lang::{Lang, Text};
use crate::profile::{Profile, Via};
use crate::remedy::{self, Recipe, Subject};
use crate::render::text::harmless;
use crate::report::{Report, Verdict};

#[derive(Debug, Args)]
#[command(after_help = "\
Pictures are scaled into the limits (Lanczos, shape kept), turned upright, and written as JPEG or PNG, small
enough for the way they are sent; colour profiles are kept, other metadata is not. GIFs keep their frames; of
other pictures with several, the first is kept, and that is said. What is damaged is left alone, unless
--salvage is given. Every result is checked like any other file, and removed if it does not pass.

Originals are never touched and nothing is written over: a second a.jpg becomes \"a (1).jpg\".

Exit status: 0 everything passes now, 1 something does not, 2 a path is missing or the command was used wrongly.

Examples:
  ais-preflight fix --out fixed photos/
  ais-preflight fix --via base64 --dry-run --out fixed photos/
  ais-preflight fix --with-ffmpeg --out fixed clips/
  ais-preflight fix --base64 --out fixed body.b64")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct FixArgs {
    /// Files and folders; `-` reads a list of paths from standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for what is made; what lies below a folder keeps its place in it
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How the files will be sent, which decides on the size limit
    #[arg(long, value_enum, env = "AIS_PREFLIGHT_VIA")]
    via: Option<ViaArg>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Copy files that pass already, too
    #[arg(long)]
    copy_passing: bool,
    /// Make a picture of what is left of damaged ones; parts of it may be missing or wrong
    #[arg(long)]
    salvage: bool,
    /// The files hold base64 text, as it would be sent
    #[arg(long, conflicts_with = "via")]
    base64: bool,
    /// Have videos mended by your own ffmpeg: put into another container, scaled, cut into parts,
    /// coded anew
    #[arg(long, value_name = "FFMPEG", num_args = 0..=1, require_equals = true, default_missing_value = "ffmpeg")]
    with_ffmpeg: Option<PathBuf>,
    /// Give up on a video after so many seconds of ffmpeg
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    ffmpeg_timeout: u64,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FormArg::Text)]
    format: FormArg,
    /// Number of files mended at once [default: one for each processor]
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "N", env = "AIS_PREFLIGHT_JOBS")]
    jobs: usize,
    #[command(flatten)]
    checker: CheckerArgs,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormArg {
    /// for people
    Text,
    /// one JSON object a line
    Ndjson,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Fixed,
    WouldBeFixed,
    Copied,
    Passes,
    NotFixed,
    Missing,
}

impl Outcome {
    const ALL: [Self; 6] = [Self::Fixed, Self::WouldBeFixed, Self::Copied, Self::Passes, Self::NotFixed, Self::Missing];

    const fn word(self) -> Text {
        match self {
            Self::Fixed => Text { en: "fixed", zh: "已修复" },
            Self::WouldBeFixed => Text { en: "would be fixed", zh: "可修复" },
            Self::Copied => Text { en: "copied", zh: "已复制" },
            Self::Passes => Text { en: "passes", zh: "通过" },
            Self::NotFixed => Text { en: "not fixed", zh: "未修复" },
            Self::Missing => Text { en: "missing", zh: "不存在" },
        }
    }
}

/// One line of the output.
#[derive(Debug, Serialize)]
struct Line {
    path: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    path_escaped: bool,
    outcome: Outcome,
    /// What was made: several for a video that was cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    out: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Line {
    fn text(&self, lang: Lang) -> String {
        let mut text = format!("{} {}", self.outcome.word().get(lang), harmless(&self.path));
        if !self.out.is_empty() {
            text.push_str(" → ");
            text.push_str(&harmless(&self.out.join(", ")));
        }
        let why: Vec<_> = self.steps.iter().chain(&self.reason).map(|words| harmless(words)).collect();
        if !why.is_empty() {
            text.push_str(": ");
            text.push_str(&why.join(Text { en: ", ", zh: "，" }.get(lang)));
        }
        text.push('\n');
        text
    }
}

/// What was made of a file, by what steps.
struct Made {
    outcome: Outcome,
    out: Vec<PathBuf>,
    steps: Vec<Step>,
}

impl Made {
    fn nothing(outcome: Outcome, steps: Vec<Step>) -> Self {
        Self { outcome, out: Vec::new(), steps }
    }
}

pub(super) fn run(args: &FixArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let mut checker = args.checker.checker(lang, None)?;
    let via = if args.base64 { Some(Via::Base64) } else { args.via.map(Via::from) };
    if let Some(via) = via {
        checker = checker.via(via);
    }
    if !args.dry_run {
        fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    }
    let timeout = Duration::from_secs(args.ffmpeg_timeout);
    let ffmpeg = args.with_ffmpeg.clone().map(|program| (program, timeout));
    let worker = Worker {
        args,
        lang,
        means: Means { via, salvage: args.salvage, ffmpeg },
        roots: args.paths.iter().filter(|path| path.is_dir()).cloned().collect(),
        // Below a folder that is walked, what was made must not be taken for what is to be mended.
        made: fs::canonicalize(&args.out).ok(),
    };
    // A decoder that panics is told of with the file; nobody wants to see where.
    std::panic::set_hook(Box::new(|_| ()));
    let interrupted = on_interrupt()?;
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    let mut counts = [0_u64; Outcome::ALL.len()];
    let mut written = Ok(());
    let all = items(&args.paths, &args.selection)?.filter(|item| !worker.is_made(item));
    let all = all.take_while(|_| !interrupted.load(Ordering::Relaxed));
    Batch::new(checker).jobs(args.jobs).run(
        all,
        |checker, item| worker.handle(checker, item),
        |line| {
            for (count, outcome) in counts.iter_mut().zip(Outcome::ALL) {
                *count = count.saturating_add(u64::from(outcome == line.outcome));
            }
            written = match args.format {
                FormArg::Text => stdout.write_all(line.text(lang).as_bytes()),
                FormArg::Ndjson => serde_json::to_string(&line)
                    .map_err(io::Error::from)
                    .and_then(|json| stdout.write_all(format!("{json}\n").as_bytes())),
            };
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    );
    written?;
    let total = summary(&counts, lang);
    match args.format {
        FormArg::Text => stdout.write_all(total.as_bytes())?,
        // Data alone goes to standard output.
        FormArg::Ndjson => anstream::stderr().write_all(total.as_bytes())?,
    }
    stdout.flush()?;
    let count = |outcome| counts.iter().zip(Outcome::ALL).any(|(count, known)| known == outcome && *count > 0);
    Ok(if interrupted.load(Ordering::Relaxed) {
        ExitCode::from(INTERRUPTED)
    } else if count(Outcome::Missing) {
        ExitCode::from(2)
    } else if count(Outcome::NotFixed) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn summary(counts: &[u64], lang: Lang) -> String {
    let files = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let mut text = crate::render::text::files(files, lang);
    text.push_str(Text { en: ":", zh: "：" }.get(lang));
    for (count, outcome) in counts.iter().zip(Outcome::ALL).filter(|(count, _)| **count > 0) {
        let _ = write!(text, " {count} {}", outcome.word().get(lang));
    }
    text.push('\n');
    text
}

/// What each worker does with one file.
struct Worker<'a> {
    args: &'a FixArgs,
    lang: Lang,
    means: Means,
    roots: Vec<PathBuf>,
    made: Option<PathBuf>,
}

impl Worker<'_> {
    /// Whether a walk met what was made here.
    fn is_made(&self, item: &Item) -> bool {
        let Item::Path(path) = item else {
            return false;
        };
        let walked = self.roots.iter().any(|root| path.starts_with(root));
        let folder = || fs::canonicalize(path.parent()?).ok();
        walked && self.made.as_ref().is_some_and(|made| folder().is_some_and(|folder| folder.starts_with(made)))
    }

    fn handle(&self, checker: &Checker, item: Item) -> Line {
        let (path, result) = match item {
            Item::Missing(path, error) => (path, Err((Outcome::Missing, error.to_string()))),
            Item::Failed(path, error) => (path, Err((Outcome::NotFixed, error.to_string()))),
            Item::Path(path) => {
                let made = if self.args.base64 { self.base64(checker, &path) } else { self.file(checker, &path) };
                (path, made.map_err(|obstacle| (Outcome::NotFixed, obstacle.text(self.lang))))
            }
        };
        let (name, path_escaped) = printable(&path);
        let line = Line {
            path: name,
            path_escaped,
            outcome: Outcome::NotFixed,
            out: Vec::new(),
            steps: Vec::new(),
            reason: None,
        };
        match result {
            Ok(made) => Line {
                outcome: made.outcome,
                out: made.out.iter().map(|path| printable(path).0).collect(),
                steps: made.steps.iter().map(|step| step.text(self.lang)).collect(),
                ..line
            },
            Err((outcome, reason)) => Line { outcome, reason: Some(reason), ..line },
        }
    }

    fn file(&self, checker: &Checker, path: &Path) -> Result<Made, Obstacle> {
        let report = checker.check_path(path);
        if report.verdict == Verdict::Unchecked {
            return Err(Obstacle::NotHere(complaint(&report, None).unwrap_or_default()));
        }
        let format = report.format.and_then(Format::from_name);
        let remedies = match plan(&report, &self.means)? {
            Plan::Nothing if !self.args.copy_passing => return Ok(Made::nothing(Outcome::Passes, Vec::new())),
            Plan::Nothing => {
                let extension = extension(path);
                return self.copy(path, &extension, Outcome::Copied, vec![Step::Copied]);
            }
            Plan::Rename => {
                let usual = format.and_then(|format| format.info().extensions.first().copied());
                let usual = usual.ok_or_else(|| Obstacle::NotHere(complaint(&report, None).unwrap_or_default()))?;
                return self.copy(path, usual, Outcome::Fixed, vec![Step::Renamed(usual)]);
            }
            Plan::Remake(remedies) => remedies,
        };
        let profile = checker.settings().profile.judge_for(report.kind, None);
        let command = || report.findings.iter().find_map(|finding| finding.remedy_command.clone());
        match (report.kind, format, &report.facts) {
            (Kind::Image, Some(format), Facts::Image(facts)) => {
                let wanted = Wanted { profile, via: self.means.via };
                if self.args.dry_run {
                    let steps =
                        picture::foresee(format, facts, &wanted).map_err(|obstacle| advised(obstacle, command()))?;
                    return Ok(Made::nothing(Outcome::WouldBeFixed, steps));
                }
                let bytes = read::whole(path).map_err(|error| failed(&error))?;
                let made =
                    picture::mend(&bytes, format, facts, &wanted).map_err(|obstacle| advised(obstacle, command()))?;
                let extension = extension_for(path, made.format);
                let out = self.write(checker, path, &extension, &made.bytes)?;
                Ok(Made { outcome: Outcome::Fixed, out: vec![out], steps: made.steps })
            }
            (Kind::Video, Some(_), _) => self.video(checker, path, &report, format, &remedies, profile),
            _ => Err(Obstacle::NotHere(complaint(&report, None).unwrap_or_default())),
        }
    }

    fn video(
        &self,
        checker: &Checker,
        path: &Path,
        report: &Report,
        format: Option<Format>,
        remedies: &[crate::defect::Remedy],
        profile: &Profile,
    ) -> Result<Made, Obstacle> {
        let said = || complaint(report, self.means.via).unwrap_or_default();
        let subject = Subject { path, format, facts: &report.facts, profile, via: self.means.via };
        let recipe = Recipe::of(remedies, &subject).ok_or_else(|| Obstacle::NotHere(said()))?;
        let Some(ffmpeg) = &self.means.ffmpeg else {
            return Err(Obstacle::NeedsFfmpeg(remedy::ffmpeg(&recipe, path)));
        };
        if self.args.dry_run {
            return Ok(Made::nothing(Outcome::WouldBeFixed, vec![Step::Ffmpeg(recipe.arguments().join(" "))]));
        }
        let target = self.target(path).with_extension(recipe.extension);
        let work = folder_of(&target).and_then(place::temporary_folder).map_err(|error| failed(&error))?;
        let absolute = std::path::absolute(path).map_err(|error| failed(&error))?;
        let (made, step) = video::mend(&absolute, &recipe, work.path(), ffmpeg)?;
        for part in &made {
            self.passes(&checker.check_path(part))?;
        }
        let mut out = Vec::new();
        for part in made {
            let target = if recipe.part_s.is_some() { numbered(&target, &part) } else { target.clone() };
            let put = TempPath::try_from_path(part).and_then(|part| place::put(part, &target));
            out.push(put.map_err(|error| failed(&error))?);
        }
        Ok(Made { outcome: Outcome::Fixed, out, steps: vec![step] })
    }

    /// A file of base64 text.
    fn base64(&self, checker: &Checker, path: &Path) -> Result<Made, Obstacle> {
        let text = read::whole(path).map_err(|error| failed(&error))?;
        let report = checker.check_base64_bytes(&text);
        match plan(&report, &self.means)? {
            Plan::Nothing if self.args.copy_passing => {
                return self.copy(path, &extension(path), Outcome::Copied, vec![Step::Copied]);
            }
            Plan::Nothing => return Ok(Made::nothing(Outcome::Passes, Vec::new())),
            Plan::Rename | Plan::Remake(_) => {}
        }
        let said = || Obstacle::NotHere(complaint(&report, self.means.via).unwrap_or_default());
        let mut bytes = crate::request::decode_base64(&text).ok_or_else(said)?;
        let mut steps = Vec::new();
        let behind = checker.check_bytes(&bytes);
        if let Plan::Remake(_) = plan(&behind, &self.means)? {
            let (Some(format), Facts::Image(facts)) = (behind.format.and_then(Format::from_name), &behind.facts) else {
                return Err(said());
            };
            let profile = checker.settings().profile.judge_for(behind.kind, None);
            let made = picture::mend(&bytes, format, facts, &Wanted { profile, via: self.means.via })?;
            (bytes, steps) = (made.bytes, made.steps);
        }
        steps.push(Step::Encoded);
        if self.args.dry_run {
            return Ok(Made::nothing(Outcome::WouldBeFixed, steps));
        }
        let text = STANDARD.encode(&bytes);
        self.passes(&checker.check_base64_bytes(text.as_bytes()))?;
        let target = self.target(path);
        let out = place_bytes(&target, &extension(path), text.as_bytes()).map_err(|error| failed(&error))?;
        Ok(Made { outcome: Outcome::Fixed, out: vec![out], steps })
    }

    /// A copy, with the extension that fits.
    fn copy(&self, path: &Path, extension: &str, outcome: Outcome, steps: Vec<Step>) -> Result<Made, Obstacle> {
        if self.args.dry_run {
            let outcome = if outcome == Outcome::Fixed { Outcome::WouldBeFixed } else { Outcome::Passes };
            return Ok(Made::nothing(outcome, steps));
        }
        let target = renamed(&self.target(path), extension);
        let copied = folder_of(&target).and_then(|folder| {
            let file = place::copy(path, folder, extension)?;
            place::put(file.into_temp_path(), &target)
        });
        Ok(Made { outcome, out: vec![copied.map_err(|error| failed(&error))?], steps })
    }

    /// Writes what was made and checks it as any other file; what does not pass does not stay.
    fn write(&self, checker: &Checker, path: &Path, extension: &str, bytes: &[u8]) -> Result<PathBuf, Obstacle> {
        let target = renamed(&self.target(path), extension);
        let written = folder_of(&target).and_then(|folder| {
            let mut file = place::temporary(folder, extension)?;
            file.write_all(bytes)?;
            Ok(file.into_temp_path())
        });
        let file = written.map_err(|error| failed(&error))?;
        self.passes(&checker.check_path(&file))?;
        place::put(file, &target).map_err(|error| failed(&error))
    }

    fn passes(&self, report: &Report) -> Result<(), Obstacle> {
        complaint(report, self.means.via).map_or(Ok(()), |complaint| Err(Obstacle::StillFails(complaint)))
    }

    /// Where what is made of `path` goes: below the output folder as it lies below the folder that was
    /// named.
    fn target(&self, path: &Path) -> PathBuf {
        let below = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        let below = below.min_by_key(|below| below.components().count());
        let below = below.or(path.file_name().map(Path::new)).unwrap_or(path);
        let names = below.components().filter(|part| matches!(part, Component::Normal(_)));
        self.args.out.join(names.collect::<PathBuf>())
    }
}

fn place_bytes(target: &Path, extension: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut file = place::temporary(folder_of(target)?, extension)?;
    file.write_all(bytes)?;
    place::put(file.into_temp_path(), target)
}

/// The folder of `target`, which is made if it is not there.
fn folder_of(target: &Path) -> io::Result<&Path> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder)?;
    Ok(folder)
}

fn failed(error: &io::Error) -> Obstacle {
    Obstacle::Failed(error.to_string())
}

/// Names the command that does what is not done here.
fn advised(obstacle: Obstacle, command: Option<String>) -> Obstacle {
    match obstacle {
        Obstacle::NoDecoder { format, .. } => Obstacle::NoDecoder { format, command },
        other => other,
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The extension that the name has, if it fits the format, and else the usual one.
fn extension_for(path: &Path, format: Format) -> String {
    let extensions = format.info().extensions;
    let own = extension(path);
    let fits = extensions.contains(&own.to_ascii_lowercase().as_str());
    if fits { own } else { (*extensions.first().unwrap_or(&"")).to_owned() }
}

/// The name with that extension, in the place of one that stands for a format.
fn renamed(target: &Path, extension: &str) -> PathBuf {
    let old = self::extension(target);
    if extension.is_empty() || old == extension {
        return target.to_owned();
    }
    if Format::from_extension(&old.to_ascii_lowercase()).is_some() {
        return target.with_extension(extension);
    }
    let mut name = OsString::from(target);
    name.push(".");
    name.push(extension);
    name.into()
}

/// The name of one part of a video.
fn numbered(target: &Path, part: &Path) -> PathBuf {
    let mut name = OsString::from(target.file_stem().unwrap_or_default());
    name.push("-");
    name.push(part.file_name().unwrap_or_default());
    target.with_file_name(name)
}
