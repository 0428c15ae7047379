//! Where reports go: standard output, further files, and the progress beside them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lang::Lang;
use crate::render::{Form, Options, Renderer, Reported, Summary, Use};
use crate::report::Verdict;

/// How reports are printed, and what the exit status comes to; shared by the subcommands that check.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Form of the output
    #[arg(long, visible_alias = "output-format", value_enum, default_value_t = Form::Text, env = "AIS_PREFLIGHT_FORMAT")]
    format: Form,
    /// Write the reports to a file in another form as well, such as json=report.json; may be repeated
    #[arg(long, value_name = "FORM=FILE", value_parser = further_report)]
    report: Vec<(Form, PathBuf)>,
    /// The least verdict that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Reject, env = "AIS_PREFLIGHT_FAIL_ON")]
    fail_on: FailOn,
    /// Exit with 0 whatever the verdicts
    #[arg(long, env = "AIS_PREFLIGHT_EXIT_ZERO")]
    exit_zero: bool,
    /// Name what passes too
    #[arg(short, long, env = "AIS_PREFLIGHT_VERBOSE")]
    verbose: bool,
    /// Show no progress (it is shown only on a terminal)
    #[arg(long, env = "AIS_PREFLIGHT_NO_PROGRESS")]
    no_progress: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// a file that may be refused, or could not be checked
    Risk,
    /// a file that is predicted to be refused
    Reject,
}

fn further_report(text: &str) -> Result<(Form, PathBuf), String> {
    let (form, file) = text.split_once('=').ok_or("write it as FORM=FILE, such as json=report.json")?;
    Ok((Form::from_str(form, true)?, file.into()))
}

impl OutputArgs {
    /// What of a report the forms of output make use of.
    pub(super) fn use_of(&self, verdict: Verdict) -> Use {
        let further = self.report.iter().map(|(form, _)| form.use_of(verdict, self.verbose));
        further.fold(self.format.use_of(verdict, self.verbose), Use::max)
    }
}

/// A file, without the colours of a terminal.
type Sink = anstream::StripStream<Box<dyn Write + Send>>;

/// Writes reports as they come.
pub(super) struct Output<'a> {
    args: &'a OutputArgs,
    stdout: Box<dyn Write>,
    main: Box<dyn Renderer>,
    further: Vec<(Box<dyn Renderer>, Sink)>,
    summary: Summary,
    progress: ProgressBar,
}

impl<'a> Output<'a> {
    pub(super) fn new(args: &'a OutputArgs, lang: Lang) -> anyhow::Result<Self> {
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
        let mut further = Vec::new();
        for (form, path) in &args.report {
            let file = File::create(path).with_context(|| path.display().to_string())?;
            let file: Box<dyn Write + Send> = Box::new(BufWriter::new(file));
            further.push((form.renderer(options), anstream::StripStream::new(file)));
        }
        let (stdout, main) = (stdout(args.format), args.format.renderer(options));
        Ok(Self { args, stdout, main, further, summary: Summary::default(), progress })
    }

    /// Whether that form is among those written.
    pub(super) fn writes(&self, form: Form) -> bool {
        self.args.format == form || self.args.report.iter().any(|(further, _)| *further == form)
    }

    /// Hands on what was held back.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    pub(super) fn report(&mut self, result: &Reported) -> io::Result<()> {
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
        for (renderer, sink) in &mut self.further {
            renderer.report(result, sink)?;
        }
        Ok(())
    }

    /// Writes what stands at the end, and says what the exit status is by the verdicts.
    pub(super) fn finish(mut self, time: Duration, interrupted: bool) -> io::Result<ExitCode> {
        self.progress.finish_and_clear();
        let summary = &mut self.summary;
        (summary.time, summary.interrupted) = (time, interrupted);
        self.main.finish(summary, &mut self.stdout)?;
        self.stdout.flush()?;
        for (renderer, sink) in &mut self.further {
            renderer.finish(summary, sink)?;
            sink.flush()?;
        }
        let failed = summary.count(Verdict::Reject) > 0
            || (self.args.fail_on == FailOn::Risk && summary.count(Verdict::Pass) < summary.files);
        Ok(if failed && !self.args.exit_zero { ExitCode::from(1) } else { ExitCode::SUCCESS })
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
