//! Annotations of GitHub Actions: one workflow command a line for each file that does not pass.

use std::io::{self, Write};

use super::text::{harmless, verdicts};
use super::{Options, Renderer, Reported, Summary};
use crate::report::{Report, Verdict};

/// Workflow commands.
pub(super) struct Annotations {
    options: Options,
}

impl Annotations {
    pub(super) fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Renderer for Annotations {
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()> {
        let level = match result.verdict() {
            Verdict::Pass => return Ok(()),
            Verdict::Risk | Verdict::Unchecked => "warning",
            Verdict::Reject => "error",
        };
        let report = result.report()?;
        let file = property(report.path.as_deref().unwrap_or("-"));
        writeln!(out, "::{level} file={file},title={}::{}", property(&title(&report)), data(&body(&report)))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "::notice title=ais-preflight::{}", data(&verdicts(summary, self.options.lang)))
    }
}

fn title(report: &Report) -> String {
    let Some(cause) = report.cause() else {
        return String::new();
    };
    match &cause.code {
        Some(code) => format!("{code} {}", cause.defect),
        None => cause.defect.to_owned(),
    }
}

fn body(report: &Report) -> String {
    let name = harmless(report.path.as_deref().unwrap_or("-"));
    let Some(cause) = report.cause() else {
        return name;
    };
    let mut body = format!("{name}: {}", harmless(&cause.message));
    if !cause.remedy.is_empty() {
        body.push('\n');
        body.push_str(&harmless(&cause.remedy));
    }
    body
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&harmless(text)).replace(':', "%3A").replace(',', "%2C")
}
