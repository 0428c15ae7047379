//! Profiles: what one operation of the service accepts at one date, and which code it answers with.
//!
//! A profile is data: TOML, the built-in ones as much as a user's own. It `extends` another one and
//! overrides what differs. Nothing outside this folder and [`crate::catalogue`] knows a vendor.

mod builtin;
mod toml_file;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::defect::{Grade, Group, Id};
use crate::format::{Format, Kind};
use crate::lang::Lang;

pub use toml_file::ProfileError;
pub(crate) use toml_file::mb;

/// How a profile takes a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The service may refuse the file.
    Risk,
    /// The service refuses the file.
    Reject,
}

/// Where a prediction comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The service's own page says so.
    Documented,
    /// It follows from what decoders do, or from sibling services.
    Inferred,
}

/// How the file is handed to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// As base64 in the request.
    Base64,
    /// By a URL that the service fetches.
    Url,
    /// By the URL of an object in OBS.
    Obs,
}

/// Whether the operation can still be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It can.
    Online,
    /// It was taken offline.
    Retired,
}

/// A page that states a fact, and when it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Its address.
    pub page: String,
    /// The date of the copy, `YYYY-MM-DD`.
    pub date: String,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Simplified Chinese.
    pub zh: String,
}

impl Words {
    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// The two readings of "MB", since the service does not say which one it means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unit {
    /// Bytes in a MB by the smaller reading; up to it a size surely passes.
    pub small: u64,
    /// Bytes in a MB by the larger reading; above it a size surely fails.
    pub large: u64,
    /// Why there are two.
    pub reason: Words,
}

/// Limits on the size of the file, in MB (see [`Unit`]).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SizeLimits {
    /// What a MB is.
    pub unit: Unit,
    /// The longest base64 text, where the operation takes base64.
    pub base64_mb: Option<f64>,
    /// The largest file behind a URL.
    pub url_mb: Option<f64>,
    /// Where it is stated.
    pub source: Citation,
}

/// Limits on the edges of the picture, in pixels, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EdgeLimits {
    /// The shortest edge.
    pub min: u32,
    /// The longest edge.
    pub max: u32,
    /// Where it is stated.
    pub source: Citation,
}

/// The longest duration, inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DurationLimit {
    /// In seconds.
    pub max_s: u64,
    /// Where it is stated.
    pub source: Citation,
}

/// The formats that an operation lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// By content.
    pub formats: Vec<Format>,
    /// As the page prints them.
    pub listed: String,
    /// Where they are listed.
    pub source: Citation,
}

/// What an operation answers to a defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How grave the profile takes it.
    pub severity: Severity,
    /// The code it answers with.
    pub code: Option<String>,
    /// Codes it may use instead.
    pub also: Vec<String>,
    /// Where that comes from.
    pub confidence: Confidence,
}

/// One operation of the service at one date.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// `vendor/operation`, with the site behind it where sites differ.
    pub name: String,
    /// What it is, for people.
    pub title: Words,
    /// What the operation looks at.
    pub kind: Kind,
    /// Whether it can still be called.
    pub status: Status,
    /// The page it was read from.
    pub source: Citation,
    /// The formats it accepts; `None` for any.
    pub accepted: Option<Accepted>,
    /// Limits on the edges.
    pub edge: Option<EdgeLimits>,
    /// Limits on the size.
    pub size: Option<SizeLimits>,
    /// The limit on the duration.
    pub duration: Option<DurationLimit>,
    /// The TOML text that the profile was read from, without what it extends.
    pub text: String,
    answers: Vec<(Group, toml_file::Group)>,
    grades: [(Grade, Severity); 3],
    overrides: Vec<(Id, toml_file::Override)>,
}

impl Profile {
    /// What the operation answers to `id`.
    pub fn answer(&self, id: Id) -> Answer {
        let info = id.info();
        let group = self.answers.iter().find(|(group, _)| *group == info.group).map(|(_, answer)| answer);
        let own = self.overrides.iter().find(|(known, _)| *known == id).map(|(_, own)| own);
        let severity = own
            .and_then(|own| own.severity)
            .or_else(|| self.grades.iter().find(|(grade, _)| *grade == info.grade).map(|(_, severity)| *severity))
            .unwrap_or(Severity::Note);
        let predicted = severity > Severity::Note && info.group != Group::Unchecked;
        Answer {
            severity,
            code: own
                .and_then(|own| own.code.clone())
                .or_else(|| group.and_then(|group| group.code.clone()))
                .filter(|_| predicted),
            also: own
                .and_then(|own| own.also.clone())
                .or_else(|| group.and_then(|group| group.also.clone()))
                .filter(|_| predicted)
                .unwrap_or_default(),
            confidence: own
                .and_then(|own| own.confidence)
                .or_else(|| group.and_then(|group| group.confidence))
                .unwrap_or(Confidence::Inferred),
        }
    }
}

/// One profile, or one for images and one for videos with the content deciding between them.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileSet {
    /// The name that it is asked for by.
    pub name: String,
    /// Judges images, and whatever is neither image nor video.
    pub image: Arc<Profile>,
    /// Judges videos.
    pub video: Arc<Profile>,
}

impl ProfileSet {
    /// The built-in set or profile of that name.
    ///
    /// # Errors
    /// [`ProfileError::Unknown`] with the names that there are.
    pub fn builtin(name: &str) -> Result<Self, ProfileError> {
        builtin::get(name)
    }

    /// The names of everything that is built in, the sets first.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        builtin::names()
    }

    /// Reads a profile from TOML. `origin` names the text in errors.
    ///
    /// # Errors
    /// What is wrong, with line, column and field.
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, ProfileError> {
        toml_file::parse(text, origin).map(|profile| Self::from(Arc::new(profile)))
    }

    /// The profile for content of `kind`. For content that is neither image nor video, `meant` is
    /// what the name of the file suggests: it was meant for that operation.
    pub fn judge_for(&self, kind: Kind, meant: Option<Kind>) -> &Profile {
        match (kind, meant) {
            (Kind::Video, _) | (Kind::Other, Some(Kind::Video)) => &self.video,
            _ => &self.image,
        }
    }
}

impl From<Arc<Profile>> for ProfileSet {
    fn from(profile: Arc<Profile>) -> Self {
        Self { name: profile.name.clone(), image: Arc::clone(&profile), video: profile }
    }
}

impl Default for ProfileSet {
    /// `auto`: images by the image operation, videos by the video operation.
    fn default() -> Self {
        builtin::auto()
    }
}
