//! SARIF 2.1.0 (OASIS Standard of 2020-03-27): every finding a result, every defect a rule.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::text::harmless;
use super::{Options, Renderer, Reported, Summary};
use crate::defect::{Grade, Group, Id};
use crate::profile::Severity;
use crate::report::{Finding, Report};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One run, whose results are written as they come.
pub(super) struct Run {
    options: Options,
    begun: bool,
    results: bool,
}

impl Run {
    pub(super) fn new(options: Options) -> Self {
        Self { options, begun: false, results: false }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let rules: Vec<_> = Id::ALL.iter().map(|id| rule(*id, self.options)).collect();
        let driver = json!({
            "name": env!("CARGO_PKG_NAME"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},")?;
        out.write_all(b"\"results\":[")
    }
}

impl Renderer for Run {
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let report = result.report()?;
        let uri = uri(&report);
        for finding in &report.findings {
            out.write_all(if std::mem::replace(&mut self.results, true) { b",\n" } else { b"\n" })?;
            serde_json::to_writer(&mut *out, &result_of(&report, finding, &uri))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let invocation = json!([{ "executionSuccessful": !summary.interrupted }]);
        writeln!(out, "],\"invocations\":{invocation},\"columnKind\":\"unicodeCodePoints\"}}]}}")
    }
}

fn rule(id: Id, options: Options) -> serde_json::Value {
    let info = id.info();
    let level = match info.grade {
        Grade::Broken => "error",
        Grade::Doubtful => "warning",
        Grade::Harmless => "note",
    };
    let mut rule = json!({
        "id": info.name,
        "shortDescription": { "text": escaped(info.message.get(options.lang)) },
        "fullDescription": { "text": escaped(info.about.trim()) },
        "defaultConfiguration": { "level": level },
        "properties": { "group": info.group, "spec": info.spec },
    });
    let help = info.remedy.text().get(options.lang);
    if let (Some(rule), false) = (rule.as_object_mut(), help.is_empty()) {
        rule.insert("help".to_owned(), json!({ "text": escaped(help) }));
    }
    rule
}

fn result_of(report: &Report, finding: &Finding, uri: &str) -> impl Serialize {
    // What was not looked at is neither a pass nor a failure.
    let (kind, level) = match finding.severity {
        _ if finding.group == Group::Unchecked => ("open", "none"),
        Severity::Note => ("fail", "note"),
        Severity::Risk => ("fail", "warning"),
        Severity::Reject => ("fail", "error"),
    };
    let mut location = json!({ "artifactLocation": { "uri": uri } });
    if let (Some(location), Some(offset)) = (location.as_object_mut(), finding.offset) {
        location.insert("region".to_owned(), json!({ "byteOffset": offset }));
    }
    let rule_index = Id::from_name(finding.defect).and_then(|id| Id::ALL.iter().position(|other| *other == id));
    json!({
        "ruleId": finding.defect,
        "ruleIndex": rule_index,
        "kind": kind,
        "level": level,
        "message": { "text": escaped(&finding.message) },
        "locations": [{ "physicalLocation": location }],
        "properties": {
            "code": finding.code,
            "also": finding.also,
            "confidence": finding.confidence,
            "in": finding.within,
            "more": finding.more,
            "profile": report.profile,
            "remedy": finding.remedy,
            "remedy_command": finding.remedy_command,
            "verdict": report.verdict,
        },
    })
}

/// A message in which nothing is a link or a place to be filled (3.11.5, 3.11.6).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in harmless(text).chars() {
        match letter {
            '\\' | '[' | ']' => escaped.push('\\'),
            '{' | '}' => escaped.push(letter),
            _ => {}
        }
        escaped.push(letter);
    }
    escaped
}

/// The path as a reference (RFC 3986): a relative one stays relative.
fn uri(report: &Report) -> String {
    let bytes = report.path_bytes();
    let mut uri = String::with_capacity(bytes.len());
    if bytes.starts_with(b"/") {
        uri.push_str("file://");
    }
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
