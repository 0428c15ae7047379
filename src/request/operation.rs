//! The table of operations, `operations.toml`, read once.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::profile::{Profile, ProfileSet, Status, Words};

static TABLE: LazyLock<Table> = LazyLock::new(read);

/// All that is known of the service's operations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) endpoints: Endpoints,
    pub(super) storage: Storage,
    pub(super) limits: Limits,
    operation: Vec<Operation>,
}

/// The hosts that requests go to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Endpoints {
    pub(super) service: String,
    pub(super) domains: Vec<String>,
    pub(super) regions: Vec<Region>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) site: Site,
}

/// The hosts of object storage.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Storage {
    pub(super) service: String,
    pub(super) scheme: String,
    pub(super) domains: Vec<String>,
    pub(super) regionless: Vec<String>,
}

/// Limits that all operations share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) gateway_mb: f64,
    pub(super) service_mb: f64,
    pub(super) url_characters: u64,
}

/// The sites of the service, which differ in what they offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Site {
    /// The Chinese one.
    Cn,
    /// The international one.
    Intl,
}

/// What an operation looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Media {
    /// Pictures.
    Image,
    /// Videos.
    Video,
    /// Sound.
    Audio,
    /// Text.
    Text,
    /// Documents.
    Document,
}

/// Where a row was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Origin {
    /// The address of the page, or of the repository of the SDK.
    pub page: String,
    /// The date of the copy, or the release where there is no date.
    pub seen: String,
}

/// One operation of the service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Operation {
    /// The name that it is asked for by, such as `image-v3`.
    pub id: String,
    /// What the service's SDK calls it.
    pub sdk: Option<String>,
    /// What it is, for people.
    pub title: Words,
    /// The sites that offer it.
    pub site: Vec<Site>,
    /// Whether it can still be called.
    pub status: Status,
    /// The name of the profile that judges its requests.
    pub profile: String,
    /// What it looks at.
    pub media: Media,
    /// The HTTP method.
    pub method: String,
    /// The path, with `{name}` for the parts that differ between callers.
    pub path: String,
    /// Fields of which just one has to be there.
    #[serde(default)]
    pub either: Vec<String>,
    /// Where all this was read.
    pub source: Vec<Origin>,
    /// The fields of the body by their paths.
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Type {
    /// A string.
    String,
    /// An array of strings.
    Strings,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An object.
    Object,
    /// An array of objects.
    Objects,
    /// The file itself, as base64.
    Base64,
    /// The address of the file.
    Url,
    /// An array of addresses.
    Urls,
    /// An address that the service sends the result to.
    Callback,
    /// A text to be looked at; what is over its limit is cut off.
    Text,
    /// A language, which has a code of its own.
    Language,
}

/// One field of a body. What each entry means is said in `operations.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[allow(missing_docs, reason = "said in operations.toml")]
pub struct Field {
    pub r#type: Type,
    pub required: Option<String>,
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub disputed: Vec<String>,
    #[serde(default)]
    pub open: bool,
    pub min: Option<u32>,
    pub max: Option<u32>,
    #[serde(default)]
    pub characters: Vec<String>,
    #[serde(default)]
    pub unique: bool,
    #[serde(default)]
    pub schemes: Vec<String>,
    #[serde(default)]
    pub extensions: Vec<String>,
    #[serde(default)]
    pub lenient: bool,
}

impl Field {
    /// Whether the field must be there, whatever else is.
    pub fn always(&self) -> bool {
        self.required.as_deref() == Some(ALWAYS)
    }

    /// The field that makes this one unnecessary.
    pub fn unless(&self) -> Option<&str> {
        self.required.as_deref().filter(|other| *other != ALWAYS)
    }
}

const ALWAYS: &str = "always";

impl Operation {
    /// The operation of that id, or of that name in the SDK.
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = name.trim().replace('_', "-");
        operations()
            .iter()
            .find(|operation| operation.id.eq_ignore_ascii_case(&name))
            .or_else(|| operations().iter().find(|operation| operation.sdk.as_deref() == Some(&name)))
    }

    /// The profile that judges its requests, and the files they carry.
    #[allow(clippy::missing_panics_doc, clippy::expect_used, reason = "a test gets the profile of every operation")]
    pub fn profile(&self) -> Arc<Profile> {
        ProfileSet::builtin(&self.profile).expect("the operations name built-in profiles").image
    }

    /// Whether `path` is one of this operation.
    pub(super) fn is_at(&self, path: &str) -> bool {
        let mut given = parts(path);
        parts(&self.path).all(|part| given.next().is_some_and(|given| is_placeholder(part) || part == given))
            && given.next().is_none()
    }

    /// Whether the body has fields, so that there must be one.
    pub(super) fn has_body(&self) -> bool {
        !self.fields.is_empty()
    }
}

/// The parts of a path between its slashes.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

fn is_placeholder(part: &str) -> bool {
    part.starts_with('{')
}

/// Every operation that is known, the current ones first.
pub fn operations() -> &'static [Operation] {
    &TABLE.operation
}

pub(super) fn table() -> &'static Table {
    &TABLE
}

#[allow(clippy::expect_used, reason = "a test reads the table, which is part of the program")]
fn read() -> Table {
    toml::from_str(include_str!("operations.toml")).expect("the table of operations is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for operation in operations() {
            let id = &operation.id;
            assert_eq!(operations().iter().filter(|other| other.id == *id).count(), 1, "{id} is there twice");
            assert!(!operation.profile().name.is_empty());
            assert!(!operation.source.is_empty() && !operation.site.is_empty(), "{id}");
            assert!(
                operation.source.iter().all(|source| source.page.starts_with("https://") && !source.seen.is_empty())
            );
            assert!(operation.is_at(&operation.path.replace('{', "").replace('}', "")) || operation.path.contains('{'));
            assert!(operation.is_at(&operation.path), "{id}");
            assert!(!operation.title.zh.is_ascii(), "{id}");
            for (path, field) in &operation.fields {
                let known = |other: &str| operation.fields.contains_key(other);
                assert!(field.unless().is_none_or(known), "{id}: {path}");
                if let Some((parent, _)) = path.rsplit_once('.') {
                    assert!(known(parent.trim_end_matches("[]")), "{id}: {path} is in nothing");
                }
                assert!(field.min.zip(field.max).is_none_or(|(min, max)| min <= max), "{id}: {path}");
                assert!(field.disputed.iter().all(|value| !field.values.contains(value)), "{id}: {path}");
            }
            assert!(operation.either.iter().all(|path| operation.fields.contains_key(path)), "{id}");
            assert_eq!(operation.has_body(), operation.method == "POST" && !operation.path.contains("/stop/"), "{id}");
        }
    }

    #[test]
    fn operations_are_found_by_any_of_their_names() {
        for name in ["image-v3", "image_v3", "IMAGE-V3", "CheckImageModeration"] {
            assert_eq!(Operation::find(name).map(|operation| operation.id.as_str()), Some("image-v3"), "{name}");
        }
        assert!(Operation::find("").is_none());
    }

    #[test]
    fn a_path_leads_to_its_operation_and_no_other() {
        let at = |path: &str| -> Vec<&str> {
            operations()
                .iter()
                .filter(|operation| operation.is_at(path))
                .map(|operation| operation.id.as_str())
                .collect()
        };
        assert_eq!(at("/v3/0123/moderation/image"), ["image-v3", "image-v3-intl"]);
        assert_eq!(at("/v3/0123/moderation/image/batch"), ["image-batch-v3"]);
        assert_eq!(at("/v3/0123/moderation/video/jobs/7"), ["video-job-v3-query"]);
        assert_eq!(at("/v1.0/moderation/image"), ["image-v1"]);
        assert!(at("/v3/0123/moderation/image/").is_empty());
        assert!(at("/").is_empty());
    }
}
