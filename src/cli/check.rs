//! `ais-preflight check`: many files, one report each.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::CheckerArgs;
use super::paths::{Item, items};
use crate::batch::Batch;
use crate::lang::Lang;
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
  find . -newer last-run -print0 | ais-preflight check -0 -")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct CheckArgs {
    /// Files and folders; `-` reads a list of paths from standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    checker: CheckerArgs,
    /// Form of the output: text for people, one JSON array, or one JSON object a line
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = Format::Text)]
    format: Format,
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
    /// The least verdict that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Reject)]
    fail_on: FailOn,
    /// Exit with 0 whatever the verdicts
    #[arg(long)]
    exit_zero: bool,
    /// Name the files that pass too
    #[arg(short, long)]
    verbose: bool,
    /// Show no progress (it is shown only on a terminal)
    #[arg(long)]
    no_progress: bool,
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
    let checker = args.checker.checker(lang)?;
    let mut batch = Batch::new(checker).jobs(args.jobs);
    if args.unordered {
        batch = batch.unordered();
    }
    let started = Instant::now();
    let missing = AtomicBool::new(false);
    let mut output = Output::new(args, lang);
    let mut written = Ok(());
    batch.run(
        items(args.paths.clone(), args.null, args.hidden),
        |checker, item| match item {
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
    let summary = output.finish(started.elapsed())?;
    let failed = summary.count(Verdict::Reject) > 0
        || (args.fail_on == FailOn::Risk && summary.count(Verdict::Pass) < summary.files());
    Ok(if missing.load(Ordering::Relaxed) {
        ExitCode::from(2)
    } else if failed && !args.exit_zero {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// Where reports go, and the progress beside them.
struct Output {
    stdout: anstream::AutoStream<io::StdoutLock<'static>>,
    format: Format,
    lang: Lang,
    verbose: bool,
    summary: text::Summary,
    progress: ProgressBar,
}

impl Output {
    fn new(args: &CheckArgs, lang: Lang) -> Self {
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
            stdout: anstream::AutoStream::auto(io::stdout().lock()),
            format: args.format,
            lang,
            verbose: args.verbose,
            summary: text::Summary::default(),
            progress,
        }
    }

    fn report(&mut self, report: &Report) -> io::Result<()> {
        let first = self.summary.files() == 0;
        self.summary.add(report);
        let text = match self.format {
            Format::Text if report.verdict == Verdict::Pass && !self.verbose => String::new(),
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

    fn finish(mut self, time: Duration) -> io::Result<text::Summary> {
        self.progress.finish_and_clear();
        match self.format {
            Format::Text => self.stdout.write_all(self.summary.line(self.lang, time).as_bytes())?,
            Format::Json if self.summary.files() == 0 => self.stdout.write_all(b"[]\n")?,
            Format::Json => self.stdout.write_all(b"\n]\n")?,
            Format::Ndjson => {}
        }
        self.stdout.flush()?;
        Ok(self.summary)
    }
}
