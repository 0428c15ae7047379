//! `ais-preflight check`: many files, one report each.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::paths::{Item, items};
use super::{CheckerArgs, read};
use crate::batch::Batch;
use crate::checker::Checker;
use crate::lang::Lang;
use crate::profile::Via;
use crate::render::text;
use crate::report::{Report, Verdict};

#[derive(Debug, Args)]
#[command(after_help = "\
Folders are walked with all that is below them; ignore-files are not heeded, hidden files are skipped.
Without --format, files that pass are only counted; -v names them too.

Exit status: 0 nothing is rejected, 1 something is, 2 a path is missing or the command was used wrongly.

Examples:
  ais-preflight check photos/
  ais-preflight check --format ndjson --profile huawei/video-v3 clips/ > report.ndjson
  base64 -w 0 photo.jpg | ais-preflight check --base64 -
  find . -newer last-run -print0 | ais-preflight check -0 -")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct CheckArgs {
    /// Files and folders; `-` reads a list of paths from standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    checker: CheckerArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// How the file will be sent, which decides on the size limit
    #[arg(long, value_enum)]
    via: Option<ViaArg>,
    /// The files hold base64 text, as it would be sent; `-` is one such text on standard input
    #[arg(long, conflicts_with_all = ["via", "null", "hidden"])]
    base64: bool,
    /// The paths on standard input end in NUL, not in a line break
    #[arg(short = '0', long)]
    null: bool,
    /// Check hidden files and folders too
    #[arg(long)]
    hidden: bool,
    /// Number of files checked at once [default: one for each processor]
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "N")]
    jobs: usize,
    /// Print each report as soon as it is there, not in the order of the files
    #[arg(long)]
    unordered: bool,
}

/// How reports are printed, and what the exit status comes to; shared by the subcommands that check.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Form of the output: text for people, one JSON array, or one JSON object a line
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The least verdict that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Reject)]
    fail_on: FailOn,
    /// Exit with 0 whatever the verdicts
    #[arg(long)]
    exit_zero: bool,
    /// Name what passes too
    #[arg(short, long)]
    verbose: bool,
    /// Show no progress (it is shown only on a terminal)
    #[arg(long)]
    no_progress: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ViaArg {
    /// as base64 in the request
    Base64,
    /// by a url
    Url,
    /// by the url of an object in OBS
    Obs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Ndjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// a file that may be refused, or could not be checked
    Risk,
    /// a file that is predicted to be refused
    Reject,
}

pub(super) fn run(args: &CheckArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let mut checker = args.checker.checker(lang)?;
    checker = match args.via {
        Some(ViaArg::Base64) => checker.via(Via::Base64),
        Some(ViaArg::Url) => checker.via(Via::Url),
        Some(ViaArg::Obs) => checker.via(Via::Obs),
        None => checker,
    };
    let mut batch = Batch::new(checker).jobs(args.jobs);
    if args.unordered {
        batch = batch.unordered();
    }
    let started = Instant::now();
    let missing = AtomicBool::new(false);
    let mut output = Output::new(&args.output, lang);
    let mut written = Ok(());
    let items: Box<dyn Iterator<Item = Item> + Send> = if args.base64 {
        Box::new(args.paths.clone().into_iter().map(Item::Path))
    } else {
        Box::new(items(args.paths.clone(), args.null, args.hidden))
    };
    batch.run(
        items,
        |checker, item| match item {
            Item::Path(path) if args.base64 => base64(checker, &path, &missing),
            Item::Path(path) => checker.check_path(&path),
            Item::Failed(path, error) => checker.unreadable(&path, &error),
            Item::Missing(path, error) => {
                missing.store(true, Ordering::Relaxed);
                checker.unreadable(&path, &error)
            }
        },
        |report| {
            written = output.report(&report);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    );
    written?;
    output.exit(started.elapsed(), missing.load(Ordering::Relaxed))
}

/// The report of a file of base64 text.
fn base64(checker: &Checker, path: &Path, missing: &AtomicBool) -> Report {
    match read::whole(path) {
        Ok(text) => Report { path: Some(path.to_string_lossy().into_owned()), ..checker.check_base64_bytes(&text) },
        Err(error) => {
            missing.store(true, Ordering::Relaxed);
            checker.unreadable(path, &error)
        }
    }
}

/// Where reports go, and the progress beside them.
pub(super) struct Output<'a> {
    args: &'a OutputArgs,
    stdout: anstream::AutoStream<io::StdoutLock<'static>>,
    lang: Lang,
    summary: text::Summary,
    progress: ProgressBar,
}

impl<'a> Output<'a> {
    pub(super) fn new(args: &'a OutputArgs, lang: Lang) -> Self {
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
        progress.enable_steady_tick(Duration::from_millis(200));
        Self {
            args,
            stdout: anstream::AutoStream::auto(io::stdout().lock()),
            lang,
            summary: text::Summary::default(),
            progress,
        }
    }

    pub(super) fn report(&mut self, report: &Report) -> io::Result<()> {
        let first = self.summary.files() == 0;
        self.summary.add(report);
        let text = match self.args.format {
            Format::Text if report.verdict == Verdict::Pass && !self.args.verbose => String::new(),
            Format::Text => text::report(report, self.lang),
            Format::Json => format!("{}\n{}", if first { "[" } else { "," }, report.to_json()),
            Format::Ndjson => report.to_json() + "\n",
        };
        if !self.progress.is_hidden() {
            self.progress.set_message(self.summary.count(Verdict::Reject).to_string());
            self.progress.inc(1);
        }
        if text.is_empty() {
            return Ok(());
        }
        let stdout = &mut self.stdout;
        // The bar is taken away while something is printed, or the two would mix on a terminal.
        self.progress.suspend(|| stdout.write_all(text.as_bytes()))
    }

    /// Ends the output, and says what it comes to.
    pub(super) fn exit(mut self, time: Duration, missing: bool) -> anyhow::Result<ExitCode> {
        self.progress.finish_and_clear();
        match self.args.format {
            Format::Text => self.stdout.write_all(self.summary.line(self.lang, time).as_bytes())?,
            Format::Json if self.summary.files() == 0 => self.stdout.write_all(b"[]\n")?,
            Format::Json => self.stdout.write_all(b"\n]\n")?,
            Format::Ndjson => {}
        }
        self.stdout.flush()?;
        let summary = &self.summary;
        let failed = summary.count(Verdict::Reject) > 0
            || (self.args.fail_on == FailOn::Risk && summary.count(Verdict::Pass) < summary.files());
        Ok(if missing {
            ExitCode::from(2)
        } else if failed && !self.args.exit_zero {
            ExitCode::from(1)
        } else {
            ExitCode::SUCCESS
        })
    }
}
