//! `ais-preflight check`: many files, one report each.

mod stats;

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use self::stats::Stats;
use super::cache::{Cache, Entry};
use super::output::{Output, OutputArgs};
use super::paths::{Item, Selection, items, reads_standard_input};
use super::stat::Stat;
use super::{CheckerArgs, INTERRUPTED, ViaArg, on_interrupt, read};
use crate::batch::Batch;
use crate::checker::Checker;
use crate::lang::Lang;
use crate::remedy;
use crate::render::{Form, Reported, Thumbnails};
use crate::report::Report;

#[derive(Debug, Args)]
#[command(after_help = "\
Folders are walked with all that is below them; ignore-files are not heeded, hidden files are skipped.
As text, files that pass are only counted; -v names them too.

Exit status: 0 nothing is rejected, 1 something is, 2 a path is missing or the command was used wrongly,
130 interrupted (what was under way is finished and reported first).

Examples:
  ais-preflight check photos/
  ais-preflight check --format ndjson --profile huawei/video-v3 clips/ > report.ndjson
  ais-preflight check --cache ~/.cache/preflight.redb --only changed /srv/media
  base64 -w 0 photo.jpg | ais-preflight check --base64 -
  find . -newer last-run -print0 | ais-preflight check -0 -")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct CheckArgs {
    /// Files and folders; `-` reads a list of paths from standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    checker: CheckerArgs,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: OutputArgs,
    /// How the file will be sent, which decides on the size limit
    #[arg(long, value_enum, env = "AIS_PREFLIGHT_VIA")]
    via: Option<ViaArg>,
    /// The files hold base64 text, as it would be sent; `-` is one such text on standard input
    #[arg(long, conflicts_with_all = ["via", "null", "hidden", "cache"])]
    base64: bool,
    /// Number of files checked at once [default: one for each processor]
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "N", env = "AIS_PREFLIGHT_JOBS")]
    jobs: usize,
    /// Print each report as soon as it is there, not in the order of the files
    #[arg(long, env = "AIS_PREFLIGHT_UNORDERED")]
    unordered: bool,
    /// Keep reports in this file, and check only what has changed since it was last checked
    #[arg(long, value_name = "FILE", env = "AIS_PREFLIGHT_CACHE")]
    cache: Option<PathBuf>,
    /// With --cache: report only files that are new or changed, or check again only those that did
    /// not pass the last time
    #[arg(long, value_enum, requires = "cache")]
    only: Option<Only>,
    /// In HTML, show so many files that pass, and as many that don't, in miniature
    #[arg(long, value_name = "N", default_value_t = 1000, env = "AIS_PREFLIGHT_THUMBNAILS")]
    thumbnails: usize,
    /// Say at the end, on standard error, how fast it went and which files took longest
    #[arg(long, env = "AIS_PREFLIGHT_STATS")]
    stats: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    /// files that are not in the cache as they are now
    Changed,
    /// files that did not pass when they were last checked
    Failed,
}

/// What a worker hands over.
struct Done {
    result: Reported,
    /// What the cache is to keep.
    entry: Option<Entry>,
    /// How long it took, if that is asked for and it was not kept from an earlier run.
    time: Option<Duration>,
}

pub(super) fn run(args: &CheckArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let meter = args.stats.then(|| Arc::new(AtomicU64::new(0)));
    let mut checker = args.checker.checker(lang, meter.clone())?;
    if let Some(via) = args.via {
        checker = checker.via(via.into());
    }
    let cache = match &args.cache {
        Some(path) => Some(Cache::open(path, &format!("{:?} {}", args.via, args.checker.fingerprint(lang)?))?),
        None => None,
    };
    let mut keeper = cache.as_ref().map(Cache::keeper).transpose()?;
    let mut output = Output::new(&args.output, lang)?;
    let mut batch = Batch::new(checker).jobs(args.jobs);
    if args.unordered {
        batch = batch.unordered();
    }
    if reads_standard_input(&args.paths, &args.selection) {
        // Whoever writes the list may wait for each report.
        batch = batch.singly();
    }
    let (started, missing) = (Instant::now(), AtomicBool::new(false));
    let interrupted = on_interrupt()?;
    let mut stats = Stats::new(meter);
    let mut written = Ok(());
    let thumbnails = output.writes(Form::Html).then(|| Thumbnails::new(args.thumbnails));
    let worker = Worker { args, cache: cache.as_ref(), missing: &missing, thumbnails };
    let all: Box<dyn Iterator<Item = Item> + Send> = if args.base64 {
        Box::new(args.paths.clone().into_iter().map(Item::Path))
    } else {
        Box::new(items(&args.paths, &args.selection)?)
    };
    let all = all.take_while(|_| !interrupted.load(Ordering::Relaxed));
    batch.run_with_pauses(
        all,
        |checker, item| {
            // What a worker took and has not begun is not under way.
            if interrupted.load(Ordering::Relaxed) { None } else { worker.check(checker, item) }
        },
        |done| {
            let Some(done) = done else {
                written = output.flush();
                return if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
            };
            let Some(Done { result, entry, time }) = done else {
                return ControlFlow::Continue(());
            };
            stats.add(&result, time);
            if let (Some(keeper), Some(entry)) = (&mut keeper, entry) {
                keeper.keep(entry);
            }
            written = output.report(&result);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    );
    drop(keeper);
    written?;
    let broken_off = interrupted.load(Ordering::Relaxed);
    let time = started.elapsed();
    let by_verdicts = output.finish(time, broken_off)?;
    if args.stats {
        anstream::stderr().write_all(stats.text(lang, time).as_bytes())?;
    }
    Ok(if broken_off {
        ExitCode::from(INTERRUPTED)
    } else if missing.load(Ordering::Relaxed) {
        ExitCode::from(2)
    } else {
        by_verdicts
    })
}

/// What each worker does with one item.
struct Worker<'a> {
    args: &'a CheckArgs,
    cache: Option<&'a Cache>,
    missing: &'a AtomicBool,
    thumbnails: Option<Thumbnails>,
}

impl Worker<'_> {
    fn check(&self, checker: &Checker, item: Item) -> Option<Done> {
        let started = self.args.stats.then(Instant::now);
        let fresh = |report| Reported::Fresh(Box::new(report));
        let mut kept = false;
        let (result, entry) = match item {
            Item::Path(path) if self.args.base64 => (fresh(self.check_base64(checker, &path)), None),
            Item::Path(path) => {
                let made;
                (made, kept) = self.check_file(checker, &path)?;
                (self.illustrate(&path, made.0), made.1)
            }
            Item::Failed(path, error) => (fresh(checker.unreadable(&path, &error)), None),
            Item::Missing(path, error) => {
                self.missing.store(true, Ordering::Relaxed);
                (fresh(checker.unreadable(&path, &error)), None)
            }
        };
        let time = started.filter(|_| !kept).map(|started| started.elapsed());
        Some(Done { result, entry, time })
    }

    /// The report of a file of base64 text.
    fn check_base64(&self, checker: &Checker, path: &Path) -> Report {
        match read::whole(path) {
            Ok(text) => {
                let mut report = checker.check_base64_bytes(&text);
                remedy::name_commands_for_base64(&mut report, path, &checker.settings().profile);
                Report { path: Some(path.to_string_lossy().into_owned()), ..report }
            }
            Err(error) => {
                self.missing.store(true, Ordering::Relaxed);
                checker.unreadable(path, &error)
            }
        }
    }

    fn illustrate(&self, path: &Path, result: Reported) -> Reported {
        let Reported::Fresh(report) = result else {
            return result;
        };
        match self.thumbnails.as_ref().and_then(|thumbnails| thumbnails.of(path, &report)) {
            Some(thumbnail) => Reported::Illustrated { report, thumbnail },
            None => Reported::Fresh(report),
        }
    }

    /// The report with what is to be kept of it, and whether it was kept before; `None` for a file that the user does
    /// not ask about.
    fn check_file(&self, checker: &Checker, path: &Path) -> Option<((Reported, Option<Entry>), bool)> {
        let known = self.cache.and_then(|cache| Some((cache, Stat::of_next(path)?)));
        let Some((cache, before)) = known else {
            let asked = self.args.only != Some(Only::Failed);
            return asked.then(|| ((Reported::Fresh(Box::new(checker.check_path(path))), None), false));
        };
        match self.args.only {
            Some(Only::Failed) if !cache.failed_before(path) => return None,
            Some(Only::Failed) => {}
            only => {
                if let Some(result) = cache.find(path, before, |verdict| self.args.output.use_of(verdict)) {
                    return (only != Some(Only::Changed)).then_some(((result, None), true));
                }
            }
        }
        let report = checker.check_path(path);
        let entry = cache.entry(path, before, &report);
        Some(((Reported::Fresh(Box::new(report)), entry), false))
    }
}
