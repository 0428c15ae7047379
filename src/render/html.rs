//! One page for people, with all that it needs in it: counts, causes, and a table of all files to
//! sort, filter and search.
//!
//! Reports are written as they come, as JSON that the page's script makes a table of; the policy at
//! the head of the page lets only that script run, and nothing be fetched. What names and files hold
//! is data all along: it is escaped here so that it cannot end the element that it stands in, and
//! enters the page as text.

mod thumbnail;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::text::{harmless, is_wild, verdict_word};
use super::{Options, Renderer, Reported, Summary, word};
use crate::catalogue;
use crate::defect::Id;
use crate::facts::Facts;
use crate::lang::Lang;
use crate::profile::{Confidence, Severity};
use crate::report::{Finding, Name, Report, Verdict};

pub(crate) use thumbnail::Thumbnails;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Rows in one element: browsers limit the length of a text.
const ROWS_PER_PART: u64 = 5000;

/// The page so far.
pub(super) struct Page {
    options: Options,
    rows: u64,
    defects: BTreeSet<Name>,
    codes: BTreeSet<String>,
    profiles: BTreeSet<String>,
}

impl Page {
    pub(super) fn new(options: Options) -> Self {
        Self { options, rows: 0, defects: BTreeSet::new(), codes: BTreeSet::new(), profiles: BTreeSet::new() }
    }

    /// Remembers what has to be explained at the end.
    fn collect(&mut self, report: &Report) {
        for finding in &report.findings {
            self.defects.insert(finding.defect);
            for code in finding.code.iter().chain(&finding.also) {
                if !self.codes.contains(code) {
                    self.codes.insert(code.clone());
                }
            }
        }
        if !self.profiles.contains(&report.profile) {
            self.profiles.insert(report.profile.clone());
        }
        report.items.iter().for_each(|item| self.collect(item));
    }

    /// What the page knows beside the rows.
    fn about(&self, summary: &Summary) -> Value {
        let lang = self.options.lang;
        let mut texts: BTreeMap<_, _> = words::WORDS.iter().map(|(name, text)| (*name, text.get(lang))).collect();
        let verdicts = Verdict::GRAVEST_FIRST.map(|verdict| (word(&verdict), summary.count(verdict)));
        for verdict in Verdict::GRAVEST_FIRST {
            texts.insert(verdict_name(verdict), verdict_word(verdict).get(lang));
        }
        let facts: BTreeMap<_, _> = words::FACTS.iter().map(|(name, text)| (*name, text.get(lang))).collect();
        let defects: BTreeMap<_, _> =
            self.defects.iter().filter_map(|name| Some((*name, defect(Id::from_name(name)?, lang)))).collect();
        let codes: BTreeMap<_, _> =
            self.codes.iter().filter_map(|code| Some((code, self::code(catalogue::find(code)?, lang)))).collect();
        json!({
            "words": texts,
            "facts": facts,
            "verdicts": verdicts.into_iter().collect::<BTreeMap<_, _>>(),
            "defects": defects,
            "codes": codes,
            "profiles": self.profiles,
            "seconds": summary.time.as_secs_f64(),
            "interrupted": summary.interrupted,
        })
    }

    /// The page before and after its data.
    fn frame(&self) -> (String, String) {
        let mut page = TEMPLATE.to_owned();
        for (name, text) in words::FIXED {
            page = page.replace(&format!("{{{{{name}}}}}"), text.get(self.options.lang));
        }
        let lang = match self.options.lang {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        };
        page = page
            .replace("{{lang}}", lang)
            .replace("{{version}}", env!("CARGO_PKG_VERSION"))
            .replace("{{style-hash}}", &hash(STYLE))
            .replace("{{script-hash}}", &hash(SCRIPT))
            .replace("{{style}}", STYLE)
            .replace("{{script}}", SCRIPT);
        let (before, after) = page.split_once("{{data}}").unwrap_or_default();
        (before.to_owned(), after.to_owned())
    }
}

impl Renderer for Page {
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()> {
        if self.rows == 0 {
            out.write_all(self.frame().0.as_bytes())?;
        }
        let begins = self.rows.is_multiple_of(ROWS_PER_PART);
        if begins && self.rows > 0 {
            out.write_all(b"\n]</script>\n")?;
        }
        out.write_all(if begins { b"<script type=\"application/json\" class=\"rows\">[\n" } else { b",\n" })?;
        self.rows = self.rows.saturating_add(1);
        let report = result.report()?;
        self.collect(&report);
        let thumbnail = result.thumbnail().map(|jpeg| BASE64_STANDARD.encode(jpeg));
        let row = Row { thumbnail, ..Row::of(&report, self.options.lang) };
        out.write_all(embedded(&serde_json::to_string(&row)?).as_bytes())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let (before, after) = self.frame();
        out.write_all(if self.rows == 0 { before.as_bytes() } else { b"\n]</script>\n" })?;
        let about = embedded(&self.about(summary).to_string());
        write!(out, "<script type=\"application/json\" id=\"about\">{about}</script>\n{after}")
    }
}

/// A file, without what the page knows of every file of its kind.
#[derive(Serialize)]
struct Row<'r> {
    /// The path, or the place of what a request carries.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    verdict: Verdict,
    format: Option<&'r str>,
    bytes: Option<u64>,
    facts: &'r Facts,
    findings: Vec<Fault<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'r str>,
    profile: &'r str,
    depth: crate::Depth,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<Row<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail: Option<String>,
}

impl<'r> Row<'r> {
    fn of(report: &'r Report, lang: Lang) -> Self {
        let path = report.path.as_deref().or(report.pointer.as_deref()).unwrap_or("-");
        Self {
            path: harmless(path),
            line: report.line,
            verdict: report.verdict,
            format: report.format,
            bytes: report.bytes,
            facts: &report.facts,
            findings: report.findings.iter().map(|finding| Fault::of(finding, lang)).collect(),
            operation: report.operation.as_deref(),
            profile: &report.profile,
            depth: report.depth,
            items: report.items.iter().map(|item| Row::of(item, lang)).collect(),
            thumbnail: None,
        }
    }
}

/// A finding; texts that are the same for each of its kind are left to the table of defects.
#[derive(Serialize)]
struct Fault<'r> {
    defect: Name,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'r str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    also: &'r [String],
    confidence: Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intact: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "in")]
    within: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'r str>,
}

impl<'r> Fault<'r> {
    fn of(finding: &'r Finding, lang: Lang) -> Self {
        let info = Id::from_name(finding.defect).map(Id::info);
        let known = |text: &str, of_all: Option<&str>| of_all == Some(text);
        let (message, remedy) = (finding.message.as_str(), finding.remedy.as_str());
        Self {
            defect: finding.defect,
            severity: finding.severity,
            code: finding.code.as_deref(),
            also: &finding.also,
            confidence: finding.confidence,
            offset: finding.offset,
            row: finding.row,
            intact: finding.intact_fraction,
            within: finding.pointer.as_deref().filter(|pointer| !pointer.is_empty()).or(finding.within.as_deref()),
            more: (finding.more > 0).then_some(finding.more),
            message: (!known(message, info.map(|info| info.message.get(lang)))).then_some(message),
            remedy: (!known(remedy, info.map(|info| info.remedy.text().get(lang)))).then_some(remedy),
        }
    }
}

fn defect(id: Id, lang: Lang) -> Value {
    let info = id.info();
    json!({
        "message": info.message.get(lang),
        "remedy": info.remedy.text().get(lang),
        "spec": info.spec,
    })
}

fn code(entry: &catalogue::Entry, lang: Lang) -> Value {
    json!({
        "message": entry.message.get(lang),
        "meaning": entry.meaning.get(lang),
        "action": entry.action.get(lang),
        "who": entry.who.about().get(lang),
        "again": entry.retry.about().get(lang),
    })
}

const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Risk => "risk",
        Verdict::Unchecked => "unchecked",
        Verdict::Reject => "reject",
    }
}

/// JSON that can stand in a script element: there is no `<` in it to end the element or begin a
/// comment, and nothing that turns or hides what is shown of it.
fn embedded(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' => text.push_str("\\u003c"),
            letter if is_wild(letter) => {
                text.push('\\');
                text.extend(letter.escape_default());
            }
            letter => text.push(letter),
        }
    }
    text
}

/// How a policy names a script or style.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in_and_no_part_of_the_page_ends_another() {
        for lang in [Lang::En, Lang::Zh] {
            let (before, after) = Page::new(Options { lang, verbose: false }).frame();
            assert!(before.starts_with("<!doctype html>") && after.ends_with("</html>\n"));
            assert!(!before.contains("{{") && !after.contains("{{"));
        }
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--") && !STYLE.contains("</"));
    }

    #[test]
    fn embedded_json_says_the_same() {
        let text = "</script><!-- \u{202e} \u{9b} \\ \n \u{1b}";
        let json = embedded(&serde_json::to_string(text).unwrap());
        assert!(!json.contains('<') && !json.contains(is_wild), "{json}");
        let back: String = serde_json::from_str(&json).unwrap();
        assert_eq!(back, text.replace('\u{202e}', "\\u{202e}").replace('\u{9b}', "\\u{9b}"));
    }
}
