//! `ais-preflight facts`: what files are.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::checker::{Checker, Depth};
use crate::lang::Lang;
use crate::render::text;
use crate::report::Verdict;

#[derive(Debug, Args)]
pub(super) struct FactsArgs {
    /// Files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Read only the header: faster, and the number of frames may stay unknown
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(args: &FactsArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let depth = if args.quick { Depth::Header } else { Depth::Structure };
    let checker = Checker::new().depth(depth).lang(lang);
    let mut stdout = anstream::stdout();
    let mut unread = false;
    for file in &args.files {
        let report = checker.check_path(file);
        unread |= report.bytes.is_none() && report.verdict == Verdict::Unchecked;
        match args.format {
            Format::Text => stdout.write_all(text::facts(&report, lang).as_bytes())?,
            Format::Json => {
                let facts = serde_json::json!({
                    "path": report.path,
                    "kind": report.kind,
                    "format": report.format,
                    "bytes": report.bytes,
                    "facts": report.facts,
                });
                writeln!(stdout, "{facts}")?;
            }
        }
    }
    Ok(if unread { ExitCode::from(2) } else { ExitCode::SUCCESS })
}
