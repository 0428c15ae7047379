//! `ais-preflight check`: many files, one report each.

mod stats;

use std::fs::{self, Metadata};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::stats::Stats;
use super::CheckerArgs;
use super::cache::{Cache, Entry};
use super::paths::{Item, Selection, items};
use crate::batch::Batch;
use crate::checker::Checker;
use crate::lang::Lang;
use crate::render::{Form, Options, Renderer, Reported, Summary};
use crate::report::Verdict;

/// What the shell says of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

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
    /// Form of the output
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = Form::Text, env = "AIS_PREFLIGHT_FORMAT")]
    format: Form,
    /// Write the reports to a file in another form as well, such as csv=report.csv; may be repeated
    #[arg(long, value_name = "FORM=FILE", value_parser = extra_report)]
    report: Vec<(Form, PathBuf)>,
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
    /// The least verdict that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Reject, env = "AIS_PREFLIGHT_FAIL_ON")]
    fail_on: FailOn,
    /// Exit with 0 whatever the verdicts
    #[arg(long, env = "AIS_PREFLIGHT_EXIT_ZERO")]
    exit_zero: bool,
    /// Name the files that pass too
    #[arg(short, long, env = "AIS_PREFLIGHT_VERBOSE")]
    verbose: bool,
    /// Show no progress (it is shown only on a terminal)
    #[arg(long, env = "AIS_PREFLIGHT_NO_PROGRESS")]
    no_progress: bool,
    /// Say at the end, on standard error, how fast it went and which files took longest
    #[arg(long, env = "AIS_PREFLIGHT_STATS")]
    stats: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// a file that may be refused, or could not be checked
    Risk,
    /// a file that is predicted to be refused
    Reject,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    /// files that are not in the cache as they are now
    Changed,
    /// files that did not pass when they were last checked
    Failed,
}

fn extra_report(text: &str) -> Result<(Form, PathBuf), String> {
    let (form, file) = text.split_once('=').ok_or("write it as FORM=FILE, such as csv=report.csv")?;
    Ok((Form::from_str(form, true)?, file.into()))
}

/// What a worker hands over.
struct Done {
    result: Reported,
    /// What the cache is to keep.
    entry: Option<Entry>,
    time: Duration,
}

pub(super) fn run(args: &CheckArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let meter = args.stats.then(|| Arc::new(AtomicU64::new(0)));
    let checker = args.checker.checker(lang, meter.clone())?;
    let cache = match &args.cache {
        Some(path) => Some(Cache::open(path, &args.checker.fingerprint(lang)?)?),
        None => None,
    };
    let mut keeper = cache.as_ref().map(Cache::keeper);
    let mut output = Output::new(args, lang)?;
    let mut batch = Batch::new(checker).jobs(args.jobs);
    if args.unordered {
        batch = batch.unordered();
    }
    let (started, missing) = (Instant::now(), AtomicBool::new(false));
    let interrupted = on_interrupt()?;
    let mut stats = Stats::new(meter);
    let mut written = Ok(());
    let worker = Worker { args, cache: cache.as_ref(), missing: &missing, whole: !output.copies_json() };
    let all = items(&args.paths, &args.selection)?.take_while(|_| !interrupted.load(Ordering::Relaxed));
    batch.run_with_pauses(
        all,
        |checker, item| worker.check(checker, item),
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
    if let Some(keeper) = &mut keeper {
        keeper.commit();
    }
    written?;
    let broken_off = interrupted.load(Ordering::Relaxed);
    let summary = output.finish(started.elapsed(), broken_off)?;
    if args.stats {
        anstream::stderr().write_all(stats.text(lang, summary.time).as_bytes())?;
    }
    let failed = summary.count(Verdict::Reject) > 0
        || (args.fail_on == FailOn::Risk && summary.count(Verdict::Pass) < summary.files);
    Ok(if broken_off {
        ExitCode::from(INTERRUPTED)
    } else if missing.load(Ordering::Relaxed) {
        ExitCode::from(2)
    } else if failed && !args.exit_zero {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// A flag that Ctrl-C and a request to terminate set; a second one ends the program at once.
fn on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "the user has asked twice")]
            std::process::exit(INTERRUPTED.into());
        }
    })
    .context("Ctrl-C cannot be handled")?;
    Ok(flag)
}

/// What each worker does with one item.
struct Worker<'a> {
    args: &'a CheckArgs,
    cache: Option<&'a Cache>,
    missing: &'a AtomicBool,
    /// Whether reports are looked into, and not only copied.
    whole: bool,
}

impl Worker<'_> {
    fn check(&self, checker: &Checker, item: Item) -> Option<Done> {
        let started = Instant::now();
        let fresh = |report| Reported::Fresh(Box::new(report));
        let (result, entry) = match item {
            Item::Path(path) => self.check_file(checker, &path)?,
            Item::Failed(path, error) => (fresh(checker.unreadable(&path, &error)), None),
            Item::Missing(path, error) => {
                self.missing.store(true, Ordering::Relaxed);
                (fresh(checker.unreadable(&path, &error)), None)
            }
        };
        Some(Done { result, entry, time: started.elapsed() })
    }

    /// `None` for a file that the user does not ask about.
    fn check_file(&self, checker: &Checker, path: &Path) -> Option<(Reported, Option<Entry>)> {
        let known = self.cache.and_then(|cache| Some((cache, fs::metadata(path).ok().filter(Metadata::is_file)?)));
        let Some((cache, before)) = known else {
            let asked = self.args.only != Some(Only::Failed);
            return asked.then(|| (Reported::Fresh(Box::new(checker.check_path(path))), None));
        };
        match self.args.only {
            Some(Only::Failed) if !cache.failed_before(path) => return None,
            Some(Only::Failed) => {}
            only => {
                if let Some(result) = cache.find(path, &before, self.whole) {
                    return (only != Some(Only::Changed)).then_some((result, None));
                }
            }
        }
        let report = checker.check_path(path);
        let entry = cache.entry(path, &before, &report);
        Some((Reported::Fresh(Box::new(report)), entry))
    }
}

/// Standard output: as the terminal wants it for people, byte for byte for programs.
fn stdout(form: Form) -> Box<dyn Write> {
    let stdout = io::stdout().lock();
    if form.copies_json() {
        Box::new(BufWriter::with_capacity(64 << 10, stdout))
    } else {
        Box::new(anstream::AutoStream::auto(stdout))
    }
}

/// A file, without the colours of a terminal.
type Sink = anstream::StripStream<Box<dyn Write + Send>>;

/// Where reports go, and the progress beside them.
struct Output {
    stdout: Box<dyn Write>,
    main: Box<dyn Renderer>,
    extra: Vec<(Box<dyn Renderer>, Sink)>,
    copies_json: bool,
    summary: Summary,
    progress: ProgressBar,
}

impl Output {
    fn new(args: &CheckArgs, lang: Lang) -> anyhow::Result<Self> {
        let target = if args.no_progress { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let progress = ProgressBar::with_draw_target(None, target);
        let words = match lang {
            Lang::En => "{spinner} {pos} files checked, {msg} rejected, {per_sec}",
            Lang::Zh => "{spinner} 已检查 {pos} 个文件，{msg} 个将被拒绝，{per_sec}",
        };
        if let Ok(style) = ProgressStyle::with_template(words) {
            progress.set_style(style);
        }
        progress.set_message("0");
        if !progress.is_hidden() {
            progress.enable_steady_tick(Duration::from_millis(200));
        }
        let options = Options { lang, verbose: args.verbose };
        let mut extra = Vec::new();
        for (form, path) in &args.report {
            let file = fs::File::create(path).with_context(|| path.display().to_string())?;
            let file: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
            extra.push((form.renderer(options), anstream::StripStream::new(file)));
        }
        Ok(Self {
            stdout: stdout(args.format),
            main: args.format.renderer(options),
            extra,
            copies_json: args.format.copies_json() && args.report.iter().all(|(form, _)| form.copies_json()),
            summary: Summary::default(),
            progress,
        })
    }

    fn copies_json(&self) -> bool {
        self.copies_json
    }

    /// Hands on what was held back.
    fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    fn report(&mut self, result: &Reported) -> io::Result<()> {
        self.summary.add(result);
        if self.progress.is_hidden() {
            self.main.report(result, &mut self.stdout)?;
        } else {
            self.progress.set_message(self.summary.count(Verdict::Reject).to_string());
            self.progress.inc(1);
            // The bar is taken away while something is printed, or the two would mix on a terminal.
            let (main, stdout) = (&mut self.main, &mut self.stdout);
            self.progress.suspend(|| main.report(result, stdout))?;
        }
        for (renderer, sink) in &mut self.extra {
            renderer.report(result, sink)?;
        }
        Ok(())
    }

    fn finish(mut self, time: Duration, interrupted: bool) -> io::Result<Summary> {
        self.progress.finish_and_clear();
        (self.summary.time, self.summary.interrupted) = (time, interrupted);
        self.main.finish(&self.summary, &mut self.stdout)?;
        self.stdout.flush()?;
        for (renderer, sink) in &mut self.extra {
            renderer.finish(&self.summary, sink)?;
            sink.flush()?;
        }
        Ok(self.summary)
    }
}
