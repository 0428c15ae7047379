//! What people and programs read, one file for each form.

mod csv;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod sarif;
mod summary;

pub(crate) mod explain;
pub(crate) mod text;

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::lang::Lang;
use crate::report::{Report, Verdict};

pub(crate) use html::Thumbnails;
pub(crate) use summary::Summary;

/// The forms that reports over many files come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// For people: what fails, why, and what to do
    Text,
    /// One JSON array
    Json,
    /// One JSON object a line, as soon as it is there
    Ndjson,
    /// A table for spreadsheets: one line a file
    Csv,
    /// JUnit XML: each file a test case
    Junit,
    /// SARIF 2.1.0
    Sarif,
    /// A summary in Markdown
    Markdown,
    /// Annotations of GitHub Actions
    Github,
    /// A page to look at, with all that it needs in it
    Html,
}

impl Form {
    /// Whether it writes the JSON of a report as it is, without a look inside.
    pub(crate) fn copies_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }

    /// What of a report it makes use of; `verbose` as in [`Options`].
    pub(crate) fn use_of(self, verdict: Verdict, verbose: bool) -> Use {
        match self {
            Self::Json | Self::Ndjson => Use::Json,
            Self::Text if verbose => Use::Whole,
            Self::Text | Self::Markdown | Self::Github if verdict == Verdict::Pass => Use::Verdict,
            _ => Use::Whole,
        }
    }

    /// What writes this form.
    pub(crate) fn renderer(self, options: Options) -> Box<dyn Renderer> {
        match self {
            Self::Text => Box::new(text::Lines::new(options)),
            Self::Json => Box::new(json::Array::default()),
            Self::Ndjson => Box::new(json::Lines),
            Self::Csv => Box::new(csv::Table::default()),
            Self::Junit => Box::new(junit::Suite::default()),
            Self::Sarif => Box::new(sarif::Run::new(options)),
            Self::Markdown => Box::new(markdown::Digest::new(options)),
            Self::Github => Box::new(github::Annotations::new(options)),
            Self::Html => Box::new(html::Page::new(options)),
        }
    }
}

/// What of a report is made use of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// It is counted, and no more.
    Verdict,
    /// Its JSON is copied.
    Json,
    /// It is looked into.
    Whole,
}

/// How reports are put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) lang: Lang,
    /// Name the files that pass too, where the form leaves them out.
    pub(crate) verbose: bool,
}

/// Writes reports as they come, in one form.
pub(crate) trait Renderer {
    /// Takes the next report.
    fn report(&mut self, result: &Reported, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what stands at the end.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// A report, made now or kept from an earlier run.
#[derive(Debug)]
pub(crate) enum Reported {
    /// Made now.
    Fresh(Box<Report>),
    /// Made now, with a small picture of the file.
    Illustrated {
        /// The report.
        report: Box<Report>,
        /// The picture, a JPEG.
        thumbnail: Vec<u8>,
    },
    /// From an earlier run, and only counted.
    Counted(Verdict),
    /// From an earlier run: its JSON, and what is counted of it.
    Kept {
        /// The verdict in it.
        verdict: Verdict,
        /// The whole of it.
        json: String,
    },
}

impl Reported {
    /// The verdict.
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Fresh(report) | Self::Illustrated { report, .. } => report.verdict,
            Self::Counted(verdict) | Self::Kept { verdict, .. } => *verdict,
        }
    }

    /// The report as JSON.
    pub(crate) fn json(&self) -> Cow<'_, str> {
        match self {
            Self::Fresh(report) | Self::Illustrated { report, .. } => Cow::Owned(report.to_json()),
            Self::Kept { json, .. } => Cow::Borrowed(json),
            Self::Counted(_) => Cow::Borrowed("null"),
        }
    }

    /// The report. Those who keep reports see to it that they can be read again.
    pub(crate) fn report(&self) -> io::Result<Cow<'_, Report>> {
        match self {
            Self::Fresh(report) | Self::Illustrated { report, .. } => Ok(Cow::Borrowed(report)),
            Self::Kept { .. } | Self::Counted(_) => Ok(Cow::Owned(Report::from_json(&self.json())?)),
        }
    }

    /// The report, if it is at hand.
    pub(crate) fn at_hand(&self) -> Option<&Report> {
        match self {
            Self::Fresh(report) | Self::Illustrated { report, .. } => Some(report),
            Self::Kept { .. } | Self::Counted(_) => None,
        }
    }

    /// The small picture of the file, if there is one.
    fn thumbnail(&self) -> Option<&[u8]> {
        match self {
            Self::Illustrated { thumbnail, .. } => Some(thumbnail),
            Self::Fresh(_) | Self::Kept { .. } | Self::Counted(_) => None,
        }
    }
}

/// The measures of media, whatever they are.
#[derive(Debug, Default, Deserialize)]
struct Measures {
    width: Option<u64>,
    height: Option<u64>,
    duration_s: Option<f64>,
}

impl Measures {
    fn of(facts: &Facts) -> Self {
        serde_json::to_string(facts).and_then(|json| serde_json::from_str(&json)).unwrap_or_default()
    }
}

/// The word that stands for a value in JSON.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
