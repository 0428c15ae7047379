//! `ais-preflight explain`: what a code of the service, or a defect, means.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::read;
use crate::catalogue::{self, ServiceError};
use crate::checker::Checker;
use crate::defect::Id;
use crate::lang::Lang;
use crate::profile::ProfileSet;
use crate::render::{explain, text};
use crate::request::http;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ais-preflight explain AIS.0711
  ais-preflight explain --lang zh 0403
  ais-preflight explain jpeg-eoi-missing
  ais-preflight explain --all --format json
  curl -i … | ais-preflight explain --response - --with photo.jpg")]
pub(super) struct ExplainArgs {
    /// Codes of the service, such as AIS.0711, or names of defects, as a check prints them
    #[arg(required_unless_present_any = ["all", "response"], value_name = "CODE|DEFECT")]
    codes: Vec<String>,
    /// All codes of the service
    #[arg(long, conflicts_with = "codes")]
    all: bool,
    /// An answer of the service: its body, or all of it as `curl -i` prints it; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["codes", "all"])]
    response: Option<PathBuf>,
    /// The file that the answer is about: is checked too
    #[arg(long, value_name = "FILE", requires = "response")]
    with: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// `asked` is the language the user asked for; without it JSON has both.
pub(super) fn run(args: &ExplainArgs, lang: Lang, asked: Option<Lang>) -> anyhow::Result<ExitCode> {
    let mut stdout = anstream::stdout();
    if args.all {
        let all = catalogue::all();
        match args.format {
            Format::Text => stdout.write_all(explain::table(all, lang).as_bytes())?,
            Format::Json => writeln!(stdout, "{}", explain::json_table(all, asked))?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(file) = &args.response {
        return response(args, file, lang, asked);
    }
    let mut unknown = false;
    for (at, code) in args.codes.iter().enumerate() {
        let text = if let Some(entry) = catalogue::find(code) {
            match args.format {
                Format::Text => explain::text(entry, lang),
                Format::Json => explain::json(entry, asked) + "\n",
            }
        } else if let Some(id) = Id::from_name(code) {
            let answers = answers(id)?;
            match args.format {
                Format::Text => explain::defect_text(id, &answers, lang),
                Format::Json => explain::defect_json(id, &answers, asked) + "\n",
            }
        } else {
            unknown = true;
            let nearest = explain::unknown(code, &catalogue::nearest(code, 3), lang);
            anstream::stderr().write_all(nearest.as_bytes())?;
            continue;
        };
        if at > 0 && args.format == Format::Text {
            writeln!(stdout)?;
        }
        stdout.write_all(text.as_bytes())?;
    }
    Ok(if unknown { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// What the service answered, and what the checker says of the file it is about.
fn response(args: &ExplainArgs, file: &std::path::Path, lang: Lang, asked: Option<Lang>) -> anyhow::Result<ExitCode> {
    let bytes = read::whole(file).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
    let (status, body) = http::response(&bytes);
    let errors = ServiceError::parse(status, body);
    let report = args.with.as_ref().map(|media| Checker::new().lang(lang).check_path(media));
    let mut stdout = anstream::stdout();
    match args.format {
        Format::Text => {
            stdout.write_all(explain::answer(&errors, report.as_ref(), lang).as_bytes())?;
            if let Some(report) = &report {
                write!(stdout, "\n{}", text::report(report, lang))?;
            }
        }
        Format::Json => writeln!(stdout, "{}", explain::answer_json(&errors, report.as_ref(), asked))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What each built-in profile answers to a defect, sets left out: they only choose among these.
fn answers(id: Id) -> anyhow::Result<Vec<(&'static str, crate::profile::Answer)>> {
    let mut answers = Vec::new();
    for name in ProfileSet::builtin_names() {
        let set = ProfileSet::builtin(name)?;
        if set.image == set.video {
            answers.push((name, set.image.answer(id)));
        }
    }
    Ok(answers)
}
