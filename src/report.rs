//! The report: what a check hands back. Its JSON form is a public contract, `schema` 1.

use serde::Serialize;

use crate::checker::Depth;
use crate::defect::Group;
use crate::facts::Facts;
use crate::format::Kind;
use crate::profile::{Confidence, Severity};

/// The version of the JSON contract.
pub const SCHEMA: u32 = 1;

/// What the service is predicted to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// It takes the file.
    Pass,
    /// It may refuse the file.
    Risk,
    /// The check could not be made, or not to its end; nothing is said about the file.
    Unchecked,
    /// It refuses the file.
    Reject,
}

/// A defect as a profile sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The code that the service is predicted to answer with; `None` for notes and for what was
    /// not looked at.
    pub code: Option<String>,
    /// Other codes that the service may use for the same fault.
    pub also: Vec<String>,
    /// The stable name of the fault; see [`crate::defect::Id`].
    pub defect: &'static str,
    /// What it is about.
    pub group: Group,
    /// How the profile takes it.
    pub severity: Severity,
    /// Whether the service's own page says so.
    pub confidence: Confidence,
    /// The byte at which the fault shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The first row of the picture that is affected, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// How much of the picture precedes the fault, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intact_fraction: Option<f64>,
    /// The value of the request's body that the fault is in, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The structure that the fault is in.
    #[serde(skip_serializing_if = "Option::is_none", rename = "in")]
    pub within: Option<String>,
    /// How many further occurrences this one stands for.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: u64,
    /// What is wrong, in the language of the check.
    pub message: String,
    /// What to do about it; empty where nothing needs doing.
    pub remedy: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// What is known and predicted of one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of this contract.
    pub schema: u32,
    /// The path as it was given; `None` for bytes in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether `path` is not the name itself but its escaped form, since the name is not UTF-8:
    /// bytes that are no text are `\xNN`, and a backslash is doubled.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub path_escaped: bool,
    /// The line of the file at which the request begins, counted from 1, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The value of the request's body that this was carried in, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What the service is predicted to say.
    pub verdict: Verdict,
    /// What the file holds.
    pub kind: Kind,
    /// The format by content; `None` when it is unknown.
    pub format: Option<&'static str>,
    /// The size of the file; `None` when it could not be read.
    pub bytes: Option<u64>,
    /// What the media is.
    pub facts: Facts,
    /// Everything that was found, the gravest first.
    pub findings: Vec<Finding>,
    /// The operation that a request is for, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The profile that judged.
    pub profile: String,
    /// How deep the check went.
    pub depth: Depth,
    /// What a request carries, or points to: a report each, which the verdict takes account of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Report>,
}

impl Report {
    /// The report as one line of JSON.
    pub fn to_json(&self) -> String {
        // Serialising plain data into a string fails only if a map had keys that are no strings.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The finding that decides: the first of the gravest, in the report itself or in an item of it.
    pub fn cause(&self) -> Option<&Finding> {
        let own = self.findings.first().filter(|finding| finding.severity > Severity::Note);
        let carried = self.items.iter().filter_map(Self::cause);
        own.into_iter().chain(carried).reduce(
            |gravest, next| {
                if next.severity > gravest.severity { next } else { gravest }
            },
        )
    }
}
