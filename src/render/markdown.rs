//! A summary for merge requests and job pages, in Markdown as GitHub and GitLab read it.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::text::{harmless, verdict_word};
use super::{Options, Renderer, Reported, Summary};
use crate::lang::{Lang, Text};
use crate::report::{Report, Verdict};

/// How many files are listed; the others are only counted.
const LISTED: usize = 50;

/// Collects the lines of the files that do not pass: those predicted to be refused first.
pub(super) struct Digest {
    options: Options,
    rejected: Vec<String>,
    others: Vec<String>,
}

impl Digest {
    pub(super) fn new(options: Options) -> Self {
        Self { options, rejected: Vec::new(), others: Vec::new() }
    }
}

impl Renderer for Digest {
    fn report(&mut self, result: &Reported, _: &mut dyn Write) -> io::Result<()> {
        let lines = match result.verdict() {
            Verdict::Pass => return Ok(()),
            Verdict::Reject => &mut self.rejected,
            Verdict::Risk | Verdict::Unchecked => &mut self.others,
        };
        if lines.len() < LISTED {
            lines.push(row(&*result.report()?, self.options.lang));
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.options.lang;
        let mut text = format!("## ais-preflight: {}\n\n", super::text::files(summary.files, lang));
        text.push_str(Text { en: "| verdict | files |\n", zh: "| 结论 | 文件数 |\n" }.get(lang));
        text.push_str("|---|---:|\n");
        for verdict in Verdict::GRAVEST_FIRST {
            let _ = writeln!(text, "| {} | {} |", verdict_word(verdict).get(lang), summary.count(verdict));
        }
        if summary.interrupted {
            text.push_str(
                Text {
                    en: "\nInterrupted: the rest was not checked.\n", zh: "\n已中断：其余文件未检查。\n"
                }
                .get(lang),
            );
        }
        let causes = summary.causes();
        if !causes.is_empty() {
            text.push_str(
                Text {
                    en: "\n| files | code | fault | for example |\n|---:|---|---|---|\n",
                    zh: "\n| 文件数 | 错误码 | 问题 | 示例 |\n|---:|---|---|---|\n",
                }
                .get(lang),
            );
        }
        for cause in causes {
            let (code, example) = (cause.code.unwrap_or("–"), code_span(cause.example));
            let _ = writeln!(text, "| {} | {} | {} | {example} |", cause.count, plain(code), plain(cause.defect));
        }
        self.rejected.append(&mut self.others);
        self.rejected.truncate(LISTED);
        if !self.rejected.is_empty() {
            text.push_str(
                Text {
                    en: "\n| verdict | code | file | what is wrong | what to do |\n|---|---|---|---|---|\n",
                    zh: "\n| 结论 | 错误码 | 文件 | 问题 | 处理方法 |\n|---|---|---|---|---|\n",
                }
                .get(lang),
            );
            self.rejected.iter().for_each(|row| text.push_str(row));
        }
        let listed = crate::bytes::len64(self.rejected.len());
        let more = summary.files.saturating_sub(summary.count(Verdict::Pass)).saturating_sub(listed);
        if more > 0 {
            let _ = match lang {
                Lang::En => write!(text, "\n… and {more} more.\n"),
                Lang::Zh => write!(text, "\n……另有 {more} 个。\n"),
            };
        }
        out.write_all(text.as_bytes())
    }
}

fn row(report: &Report, lang: Lang) -> String {
    let verdict = verdict_word(report.verdict).get(lang);
    let name = code_span(report.path.as_deref().unwrap_or("-"));
    let cause = report.cause();
    let code = cause.and_then(|cause| cause.code.as_deref()).unwrap_or("–");
    let (message, remedy) = cause.map(|cause| (plain(&cause.message), plain(&cause.remedy))).unwrap_or_default();
    format!("| {verdict} | {} | {name} | {message} | {remedy} |\n", plain(code))
}

/// A name, set as code: there nothing becomes a mention or a link.
fn code_span(name: &str) -> String {
    format!("<code>{}</code>", plain(name))
}

/// Text in which nothing is markup: references to characters never are.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in harmless(text).chars() {
        match letter {
            ' ' | '/' | '-' | '.' | ',' | ';' | '(' | ')' | '%' => plain.push(letter),
            letter if letter.is_ascii_punctuation() => {
                let _ = write!(plain, "&#{};", u32::from(letter));
            }
            letter => plain.push(letter),
        }
    }
    // Without a scheme, this alone makes a link.
    plain.replace("www.", "www&#46;")
}
