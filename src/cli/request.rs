//! `ais-preflight request`: requests before they are sent.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use clap::{Args, ValueEnum};

use super::output::{Output, OutputArgs};
use super::{CheckerArgs, read};
use crate::checker::Checker;
use crate::lang::Lang;
use crate::render::Reported;
use crate::report::Report;
use crate::request::http::{self, Form};
use crate::request::{Operation, operations};

#[derive(Debug, Args)]
#[command(after_help = "\
A file holds one JSON body, one JSON body a line (NDJSON), or HTTP requests: raw, a .http file, or what curl
--trace writes. Bodies are judged with their fields and the picture in them; with a head also address, method,
headers and the shape of the token, which is never printed.

Exit status: 0 nothing is rejected, 1 something is, 2 a path is missing or the command was used wrongly.

Examples:
  ais-preflight request body.json
  ais-preflight request --operation video-job-v3 - < body.json
  ais-preflight request --format ndjson requests.http bodies.ndjson")]
pub(super) struct RequestArgs {
    /// Files of requests; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Operation that the requests are for [default: told by the path, else by the fields]
    #[arg(long, value_name = "ID", value_parser = operation)]
    operation: Option<&'static Operation>,
    /// What the files hold [default: told by their looks]
    #[arg(long, value_enum)]
    input: Option<InputArg>,
    #[command(flatten)]
    checker: CheckerArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum InputArg {
    /// one JSON body
    Json,
    /// one JSON body a line
    Ndjson,
    /// HTTP requests
    Http,
}

fn operation(name: &str) -> Result<&'static Operation, String> {
    Operation::find(name).ok_or_else(|| {
        let known: Vec<_> = operations().iter().map(|operation| operation.id.as_str()).collect();
        format!("there is no such operation; there are {}", known.join(", "))
    })
}

pub(super) fn run(args: &RequestArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let checker = args.checker.checker(lang, None)?;
    let started = Instant::now();
    let mut output = Output::new(&args.output, lang)?;
    let mut missing = false;
    for file in &args.files {
        match read::whole(file) {
            Err(error) => {
                missing = true;
                output.report(&Reported::Fresh(Box::new(checker.unreadable(file, &error))))?;
            }
            Ok(bytes) => {
                for report in reports(args, &checker, &bytes) {
                    let report = Report { path: Some(file.to_string_lossy().into_owned()), ..report };
                    output.report(&Reported::Fresh(Box::new(report)))?;
                }
            }
        }
    }
    let by_verdicts = output.finish(started.elapsed(), false)?;
    Ok(if missing { ExitCode::from(2) } else { by_verdicts })
}

/// A report for each request in the text of a file.
fn reports(args: &RequestArgs, checker: &Checker, text: &[u8]) -> impl Iterator<Item = Report> {
    let form = args.input.map(|input| match input {
        InputArg::Json => Form::Json,
        InputArg::Ndjson => Form::Ndjson,
        InputArg::Http => Form::Http,
    });
    let messages = http::messages(text, form);
    let several = messages.len() > 1;
    messages.into_iter().map(move |message| {
        let mut request = message.request().sent_at(SystemTime::now());
        if let Some(operation) = args.operation {
            request = request.operation(operation);
        }
        Report { line: several.then_some(message.line), ..checker.check_request(&request) }
    })
}
