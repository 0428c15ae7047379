//! A table for spreadsheets (RFC 4180): one line for each file, with the finding that decides.
//!
//! Control characters are escaped as in the text form. A cell that a spreadsheet would take for a
//! formula is preceded by an apostrophe.

use std::io::{self, Write};

use super::text::harmless;
use super::{Measures, Renderer, Reported, Summary, word};

const COLUMNS: [&str; 19] = [
    "verdict",
    "code",
    "also",
    "defect",
    "confidence",
    "path",
    "kind",
    "format",
    "bytes",
    "width",
    "height",
    "duration_s",
    "offset",
    "message",
    "remedy",
    "remedy_command",
    "findings",
    "profile",
    "depth",
];

/// One line for each file.
#[derive(Default)]
pub(super) struct Table {
    begun: bool,
}

impl Table {
    fn head(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            line(out, &COLUMNS.map(String::from))?;
        }
        Ok(())
    }
}

impl Renderer for Table {
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)?;
        let report = result.report()?;
        let cause = report.cause();
        let measures = Measures::of(&report.facts);
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        line(
            out,
            &[
                word(&report.verdict),
                cause.and_then(|cause| cause.code.clone()).unwrap_or_default(),
                cause.map(|cause| cause.also.join(" ")).unwrap_or_default(),
                cause.map(|cause| cause.defect.to_owned()).unwrap_or_default(),
                cause.map(|cause| word(&cause.confidence)).unwrap_or_default(),
                report.path.clone().unwrap_or_default(),
                word(&report.kind),
                report.format.unwrap_or_default().to_owned(),
                number(report.bytes),
                number(measures.width),
                number(measures.height),
                measures.duration_s.map(|seconds| seconds.to_string()).unwrap_or_default(),
                number(cause.and_then(|cause| cause.offset)),
                cause.map(|cause| cause.message.clone()).unwrap_or_default(),
                cause.map(|cause| cause.remedy.clone()).unwrap_or_default(),
                cause.and_then(|cause| cause.remedy_command.clone()).unwrap_or_default(),
                report.findings.len().to_string(),
                report.profile.clone(),
                word(&report.depth),
            ],
        )
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)
    }
}

fn line(out: &mut dyn Write, cells: &[String; COLUMNS.len()]) -> io::Result<()> {
    let mut line =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).buffer_capacity(1 << 10).from_writer(out);
    line.write_record(cells.iter().map(|cell| cell_of(cell)))?;
    line.flush()
}

/// Spreadsheets take a text that begins with one of these for a formula.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

fn cell_of(text: &str) -> String {
    let text = harmless(text);
    if text.trim_start().starts_with(FORMULA) { format!("'{text}") } else { text }
}
