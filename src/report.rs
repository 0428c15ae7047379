//! The report: what a check hands back. Its JSON form is a public contract, `schema` 1.

use serde::{Deserialize, Deserializer, Serialize};

use crate::checker::Depth;
use crate::defect::{Group, Id};
use crate::facts::Facts;
use crate::format::{self, Kind};
use crate::profile::{Confidence, Severity};

/// The version of the JSON contract.
pub const SCHEMA: u32 = 1;

/// How every report begins as JSON.
#[cfg(feature = "cli")]
const HEAD: &str = "{\"schema\":1,";

/// What the service is predicted to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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

/// A name of one of the tables.
pub type Name = &'static str;

/// A defect as a profile sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[non_exhaustive]
pub struct Finding {
    /// The code that the service is predicted to answer with; notes and what was not looked at have
    /// none.
    pub code: Option<String>,
    /// Other codes that the service may use for the same fault.
    pub also: Vec<String>,
    /// The stable name of the fault, as `ais-preflight explain` takes it.
    #[serde(deserialize_with = "defect_name")]
    #[cfg_attr(feature = "cli", schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")))]
    pub defect: Name,
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
    #[cfg_attr(feature = "cli", schemars(range(min = 0, max = 1)))]
    pub intact_fraction: Option<f64>,
    /// The value of the request's body that the fault is in, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The structure that the fault is in.
    #[serde(skip_serializing_if = "Option::is_none", rename = "in")]
    pub within: Option<String>,
    /// How many further occurrences this one stands for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u64,
    /// What is wrong, in the language of the check.
    pub message: String,
    /// What to do about it; empty where nothing needs doing.
    pub remedy: String,
    /// A command line for a shell (POSIX) that does it, where one can and the command's features are
    /// built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy_command: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Names in reports are those of tables, so that one of another version is an error.
fn defect_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
    let name = String::deserialize(deserializer)?;
    let id = Id::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown defect {name}")))?;
    Ok(id.name())
}

fn format_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let known = format::known_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown format {name}")))?;
    Ok(Some(known))
}

/// What is known and predicted of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[non_exhaustive]
pub struct Report {
    /// The version of this contract.
    #[cfg_attr(feature = "cli", schemars(extend("const" = SCHEMA)))]
    pub schema: u32,
    /// The path as it was given; bytes in memory have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether `path` is not the name itself but its escaped form, since the name is not UTF-8:
    /// bytes that are no text are `\xNN`, and a backslash is doubled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
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
    /// The format by content, if it is known.
    #[serde(deserialize_with = "format_name")]
    pub format: Option<Name>,
    /// The size of the file, if it could be read.
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Report>,
}

impl Verdict {
    /// Every verdict, as a summary lists them.
    #[cfg(feature = "cli")]
    pub(crate) const GRAVEST_FIRST: [Self; 4] = [Self::Reject, Self::Risk, Self::Unchecked, Self::Pass];
}

impl Report {
    /// The bytes of the path: [`Report::path`] without the escapes of names that are no text.
    #[cfg(feature = "cli")]
    pub(crate) fn path_bytes(&self) -> Vec<u8> {
        let path = self.path.as_deref().unwrap_or("-");
        if !self.path_escaped {
            return path.as_bytes().to_vec();
        }
        let mut bytes = Vec::with_capacity(path.len());
        let mut parts = path.split('\\');
        bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
        while let Some(part) = parts.next() {
            let (byte, rest) = match part.strip_prefix('x').and_then(|part| part.split_at_checked(2)) {
                Some((digits, rest)) => (u8::from_str_radix(digits, 16).unwrap_or(b'\\'), rest),
                // A doubled backslash: nothing is between the two.
                None => (b'\\', parts.next().unwrap_or_default()),
            };
            bytes.push(byte);
            bytes.extend_from_slice(rest.as_bytes());
        }
        bytes
    }

    /// The JSON Schema (draft 2020-12) of [`Report::to_json`].
    #[cfg(feature = "cli")]
    pub(crate) fn json_schema() -> schemars::Schema {
        schemars::generate::SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator()
            .into_root_schema_for::<Self>()
    }

    /// The report as one line of JSON.
    pub fn to_json(&self) -> String {
        // Serialising plain data into a string fails only if a map had keys that are no strings.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The part of [`Report::to_json`] that does not depend on the path.
    #[cfg(feature = "cli")]
    pub(crate) fn json_without_path(&self) -> String {
        let nameless = Self { path: None, path_escaped: false, ..self.clone() };
        nameless.to_json().split_off(HEAD.len())
    }

    /// What [`Report::to_json`] gives for a report on `path` of which
    /// [`Report::json_without_path`] is `rest`.
    #[cfg(feature = "cli")]
    pub(crate) fn json_with_path(path: &std::path::Path, rest: &str) -> String {
        let mut json = Self::json_head(path);
        json.push_str(rest);
        json
    }

    /// How [`Report::to_json`] of a report on `path` begins.
    #[cfg(feature = "cli")]
    pub(crate) fn json_head(path: &std::path::Path) -> String {
        let (path, escaped) = crate::checker::printable(path);
        let path = serde_json::to_string(&path).unwrap_or_default();
        let flag = if escaped { ",\"path_escaped\":true" } else { "" };
        format!("{HEAD}\"path\":{path}{flag},")
    }

    /// The report that [`Report::to_json`] of the same version wrote.
    ///
    /// # Errors
    /// If it is no such report.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Checker;

    #[test]
    fn a_report_comes_back_from_its_json() {
        for bytes in [&b""[..], b"GIF89a", b"%PDF-1.7 ", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"] {
            let json = Checker::new().check_named(&bytes, Some("n\u{e4}me.jpg".as_ref())).to_json();
            assert_eq!(Report::from_json(&json).unwrap().to_json(), json);
        }
        let json = Checker::new().check_bytes(b"").to_json();
        assert!(Report::from_json(&json.replace("file-empty", "file-of-tomorrow")).is_err());
        assert!(Report::from_json("{}").is_err());
    }

    #[cfg(feature = "cli")]
    #[test]
    fn a_path_is_put_back_where_it_was() {
        for name in ["a \"quoted\" name", "\u{56fe}.jpg"] {
            let report = Checker::new().check_named(&&b"?"[..], Some(name.as_ref()));
            assert_eq!(Report::json_with_path(name.as_ref(), &report.json_without_path()), report.to_json());
        }
    }
}
