//! Reports for people: the cause first, then what to do about it.

use std::fmt::Write;
use std::io;

use anstyle::{AnsiColor, Style};

use super::{Options, Renderer, Reported, Summary};
use crate::facts::Facts;
use crate::lang::{Lang, Text};
use crate::profile::{Confidence, Severity};
use crate::report::{Finding, Report, Verdict};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Pass => AnsiColor::Green,
        Verdict::Risk => AnsiColor::Yellow,
        Verdict::Unchecked => AnsiColor::Magenta,
        Verdict::Reject => AnsiColor::Red,
    };
    Style::new().fg_color(Some(color.into())).bold()
}

pub(crate) const fn verdict_word(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Pass => Text { en: "pass", zh: "通过" },
        Verdict::Risk => Text { en: "risk", zh: "有风险" },
        Verdict::Unchecked => Text { en: "unchecked", zh: "未检查" },
        Verdict::Reject => Text { en: "reject", zh: "将被拒绝" },
    }
}

/// A name that does no harm to a terminal: control characters are escaped.
pub(crate) fn harmless(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        if is_wild(letter) {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

/// Whether a character can drive a terminal, or turns the direction of what follows it.
pub(super) fn is_wild(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One file: a line with the verdict, the code and the name, then its findings.
pub(crate) fn report(report: &Report, lang: Lang) -> String {
    let mut text = String::new();
    let style = style(report.verdict);
    let name = report.path.as_deref().unwrap_or("-");
    let code = report.cause().and_then(|cause| cause.code.as_deref()).unwrap_or_default();
    let _ = write!(text, "{style}{}{style:#}", verdict_word(report.verdict).get(lang));
    if !code.is_empty() {
        let _ = write!(text, " {BOLD}{code}{BOLD:#}");
    }
    let _ = write!(text, " {}", harmless(name));
    if let Some(line) = report.line {
        let _ = write!(text, ":{line}");
    }
    if let Some(operation) = &report.operation {
        let _ = write!(text, " {DIM}({operation}){DIM:#}");
    }
    text.push('\n');
    for found in &report.findings {
        finding(&mut text, found, lang);
    }
    for item in &report.items {
        let style = self::style(item.verdict);
        let pointer = item.pointer.as_deref().unwrap_or_default();
        let format = item.format.unwrap_or_default();
        let verdict = verdict_word(item.verdict).get(lang);
        let _ = writeln!(text, "    {BOLD}{}{BOLD:#} {format} {style}{verdict}{style:#}", harmless(pointer));
        for found in &item.findings {
            finding(&mut text, found, lang);
        }
    }
    text
}

fn finding(text: &mut String, finding: &Finding, lang: Lang) {
    let quiet = if finding.severity == Severity::Note { DIM } else { Style::new() };
    let _ = write!(text, "    {quiet}{}", harmless(&finding.message));
    let at = Text { en: "at byte", zh: "位于字节" }.get(lang);
    let within = finding.pointer.as_ref().filter(|pointer| !pointer.is_empty()).or(finding.within.as_ref());
    let place = match (finding.offset, within) {
        (Some(offset), Some(within)) => format!(" ({}, {at} {offset})", harmless(within)),
        (Some(offset), None) => format!(" ({at} {offset})"),
        (None, Some(within)) => format!(" ({})", harmless(within)),
        (None, None) => String::new(),
    };
    text.push_str(&place);
    if finding.more > 0 {
        let _ = match lang {
            Lang::En => write!(text, ", and {} more of the kind", finding.more),
            Lang::Zh => write!(text, "，另有 {} 处同类问题", finding.more),
        };
    }
    let _ = writeln!(text, "{quiet:#} {DIM}[{}{}]{DIM:#}", finding.defect, aside(finding, lang));
    if finding.severity > Severity::Note && !finding.remedy.is_empty() {
        let _ = writeln!(text, "    → {}", harmless(&finding.remedy));
        if let Some(command) = &finding.remedy_command {
            let _ = writeln!(text, "      {BOLD}$ {}{BOLD:#}", harmless(command));
        }
    }
}

/// How the prediction is meant: what else may come, and whether a page says so.
fn aside(finding: &Finding, lang: Lang) -> String {
    let mut aside = String::new();
    if finding.code.is_some() {
        aside.push_str(match (finding.confidence, lang) {
            (Confidence::Documented, Lang::En) => ", documented",
            (Confidence::Documented, Lang::Zh) => "，文档载明",
            (Confidence::Inferred, Lang::En) => ", inferred",
            (Confidence::Inferred, Lang::Zh) => "，推断",
        });
    }
    if !finding.also.is_empty() {
        let or = Text { en: "; or ", zh: "；或 " }.get(lang);
        let _ = write!(aside, "{or}{}", finding.also.join(", "));
    }
    aside
}

/// What fails, file by file, and a summary.
pub(super) struct Lines {
    options: Options,
}

impl Lines {
    pub(super) fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Renderer for Lines {
    fn report(&mut self, result: &Reported, out: &mut dyn io::Write) -> io::Result<()> {
        if result.verdict() == Verdict::Pass && !self.options.verbose {
            return Ok(());
        }
        out.write_all(report(&*result.report()?, self.options.lang).as_bytes())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(totals(summary, self.options.lang).as_bytes())
    }
}

/// A number of files.
pub(crate) fn files(count: u64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{count} {}", if count == 1 { "file" } else { "files" }),
        Lang::Zh => format!("共 {count} 个文件"),
    }
}

/// How many files of each verdict, as plain text.
pub(crate) fn verdicts(summary: &Summary, lang: Lang) -> String {
    let mut text = files(summary.files, lang);
    text.push_str(Text { en: ":", zh: "：" }.get(lang));
    for verdict in Verdict::GRAVEST_FIRST {
        let _ = write!(text, " {} {}", summary.count(verdict), verdict_word(verdict).get(lang));
    }
    text
}

/// The lines at the end of a run: how many of each verdict, and of each cause.
fn totals(summary: &Summary, lang: Lang) -> String {
    let mut text = files(summary.files, lang);
    text.push_str(Text { en: ":", zh: "：" }.get(lang));
    for verdict in Verdict::GRAVEST_FIRST {
        let count = summary.count(verdict);
        let style = if count > 0 { style(verdict) } else { DIM };
        let _ = write!(text, " {style}{count} {}{style:#}", verdict_word(verdict).get(lang));
    }
    let _ = write!(text, " {DIM}({:.2} s){DIM:#}", summary.time.as_secs_f64());
    if summary.interrupted {
        text.push_str(Text { en: ", interrupted: the rest was not checked", zh: "，已中断：其余文件未检查" }.get(lang));
    }
    for cause in summary.causes() {
        let style = style(cause.verdict);
        let _ = write!(text, "\n    {:>6} × {style}", cause.count);
        if let Some(code) = cause.code {
            let _ = write!(text, "{code} ");
        }
        let _ = write!(text, "{}{style:#}", cause.defect);
        if cause.count > 1 {
            let such_as = Text { en: "for example", zh: "例如" }.get(lang);
            let _ = write!(text, "  {DIM}{such_as} {}{DIM:#}", harmless(cause.example));
        }
    }
    text.push('\n');
    text
}

/// What a file is: its facts, one a line.
pub(crate) fn facts(report: &Report, lang: Lang) -> String {
    let name = report.path.as_deref().unwrap_or("-");
    let mut text = format!("{BOLD}{}{BOLD:#}\n", harmless(name));
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "    {key:16} {}", harmless(value));
    };
    line("format", report.format.unwrap_or(Text { en: "unknown", zh: "未知" }.get(lang)));
    if let Some(bytes) = report.bytes {
        line("bytes", &bytes.to_string());
    }
    if !matches!(report.facts, Facts::None)
        && let Ok(serde_json::Value::Object(facts)) = serde_json::to_value(&report.facts)
    {
        for (key, value) in facts {
            match (key.as_str(), value) {
                ("tracks", serde_json::Value::Array(tracks)) => {
                    for track in tracks {
                        line("track", &in_words(&track));
                    }
                }
                (key, value) => line(key, &in_words(&value)),
            }
        }
    }
    for found in report.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        finding(&mut text, found, lang);
    }
    text
}

/// A value without the quotes and braces of JSON.
fn in_words(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{key} {}", in_words(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
        serde_json::Value::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join(":"),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::time::Duration;

    use crate::Checker;

    fn plain(styled: &str) -> String {
        anstream::adapter::strip_str(styled).to_string()
    }

    #[test]
    fn a_name_cannot_drive_the_terminal() {
        let report_of = Checker::new().check_named(&&b"\0\0"[..], Some(Path::new("a\u{1b}[31m\nb\u{202e}.jpg")));
        let text = plain(&report(&report_of, Lang::En));
        assert!(text.starts_with("reject AIS.0402 a\\u{1b}[31m\\nb\\u{202e}.jpg\n"), "{text}");
    }

    #[test]
    fn the_cause_comes_first_and_the_remedy_with_it() {
        let report_of = Checker::new().lang(Lang::Zh).check_bytes(b"");
        let text = plain(&report(&report_of, Lang::Zh));
        assert!(text.starts_with("将被拒绝 AIS.0011 -\n    文件为空 (位于字节 0) [file-empty"), "{text}");
        assert!(text.contains("→ 请等文件完全写入"), "{text}");
    }

    #[test]
    fn the_summary_counts_verdicts_and_codes() {
        let mut summary = Summary::default();
        summary.time = Duration::from_millis(1500);
        summary.add(&Reported::Fresh(Box::new(Checker::new().check_bytes(b""))));
        let line = plain(&totals(&summary, Lang::En));
        assert!(
            line.starts_with("1 file: 1 reject 0 risk 0 unchecked 0 pass (1.50 s)\n         1 × AIS.0011 file-empty\n"),
            "{line}"
        );
    }
}
