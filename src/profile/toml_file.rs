//! Reading a profile from TOML.
//!
//! Every field may be left out if the profile that is extended has it. What is wrong with a file is
//! said with its line, its column and the field.

use serde::Deserialize;
use toml::Spanned;

use super::{
    Accepted, Citation, Confidence, DurationLimit, EdgeLimits, Profile, Severity, SizeLimits, Status, Unit, Words,
    builtin,
};
use crate::defect::{self, Grade, Id};
use crate::format::{Format, Kind};

/// Why a profile could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// There is no built-in profile of that name.
    #[error("there is no profile {name:?}; there are {known}")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The text is no profile.
    #[error("{origin}:{line}:{column}: {message}")]
    Invalid {
        /// The file, or whatever the text came from.
        origin: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What is wrong, naming the field.
        message: String,
    },
}

/// What all defects of a group are answered with.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) code: Option<String>,
    pub(super) also: Option<Vec<String>>,
    pub(super) confidence: Option<Confidence>,
}

/// What one defect is answered with, where that differs from its group.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    pub(super) severity: Option<Severity>,
    pub(super) code: Option<String>,
    pub(super) also: Option<Vec<String>>,
    pub(super) confidence: Option<Confidence>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
struct RawGroups {
    damage: Option<Group>,
    r#type: Option<Group>,
    limit: Option<Group>,
    request: Option<Group>,
    transport: Option<Group>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGrades {
    broken: Option<Severity>,
    doubtful: Option<Severity>,
    harmless: Option<Severity>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccepted {
    formats: Option<Vec<Spanned<String>>>,
    listed: Option<String>,
    source: Option<Citation>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEdge {
    min: Option<Spanned<u32>>,
    max: Option<Spanned<u32>>,
    source: Option<Citation>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnit {
    small: Option<Spanned<u64>>,
    large: Option<Spanned<u64>>,
    reason: Option<Words>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSize {
    unit: Option<RawUnit>,
    base64_mb: Option<Spanned<f64>>,
    url_mb: Option<Spanned<f64>>,
    source: Option<Citation>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDuration {
    max_s: Option<u64>,
    source: Option<Citation>,
}

/// A profile as it is written.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Option<Spanned<String>>,
    extends: Option<Spanned<String>>,
    title: Option<Words>,
    kind: Option<Kind>,
    status: Option<Status>,
    source: Option<Citation>,
    accepted: Option<RawAccepted>,
    edge: Option<RawEdge>,
    size: Option<RawSize>,
    duration: Option<RawDuration>,
    grades: Option<RawGrades>,
    groups: Option<RawGroups>,
    defects: Option<std::collections::BTreeMap<Spanned<String>, Override>>,
}

/// Reads a profile, on top of the built-in one that it extends.
pub(super) fn parse(text: &str, origin: &str) -> Result<Profile, ProfileError> {
    let place = Place { text, origin };
    let raw: Raw = toml::from_str(text).map_err(|error| place.error(error.span(), error.message()))?;
    let base = match &raw.extends {
        None => None,
        Some(name) => Some(
            builtin::profile(name.get_ref())
                .map_err(|error| place.error(Some(name.span()), &format!("extends: {error}")))?,
        ),
    };
    place.build(raw, base.as_deref())
}

/// The text that is being read, for errors.
struct Place<'t> {
    text: &'t str,
    origin: &'t str,
}

impl Place<'_> {
    fn error(&self, span: Option<std::ops::Range<usize>>, message: &str) -> ProfileError {
        let start = span.map_or(0, |span| span.start);
        let before = self.text.get(..start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        ProfileError::Invalid {
            origin: self.origin.to_owned(),
            line: before.matches('\n').count().saturating_add(1),
            column: before.get(line_start..).unwrap_or_default().chars().count().saturating_add(1),
            message: message.to_owned(),
        }
    }

    fn need<T>(&self, value: Option<T>, field: &str) -> Result<T, ProfileError> {
        value.ok_or_else(|| self.error(None, &format!("`{field}` is missing, and no profile is extended that has it")))
    }

    fn build(&self, raw: Raw, base: Option<&Profile>) -> Result<Profile, ProfileError> {
        let name = self.need(raw.name, "name")?;
        if name.get_ref().trim().is_empty() {
            return Err(self.error(Some(name.span()), "name: must not be empty"));
        }
        let kind = match raw.kind {
            Some(kind) => Some(kind),
            None => base.map(|base| base.kind),
        };
        let source = self.need(raw.source.or_else(|| base.map(|base| base.source.clone())), "source")?;
        let mut overrides = base.map(|base| base.overrides.clone()).unwrap_or_default();
        for (id, own) in raw.defects.unwrap_or_default() {
            let Some(known) = Id::from_name(id.get_ref()) else {
                let nearest = nearest(id.get_ref(), Id::ALL.iter().map(|id| id.name()));
                return Err(self.error(
                    Some(id.span()),
                    &format!("defects: there is no defect {:?}; did you mean {nearest:?}?", id.get_ref()),
                ));
            };
            match overrides.iter_mut().find(|(id, _)| *id == known) {
                Some((_, old)) => {
                    old.severity = own.severity.or(old.severity);
                    old.code = own.code.or_else(|| old.code.take());
                    old.also = own.also.or_else(|| old.also.take());
                    old.confidence = own.confidence.or(old.confidence);
                }
                None => overrides.push((known, own)),
            }
        }
        Ok(Profile {
            title: self.need(raw.title.or_else(|| base.map(|base| base.title.clone())), "title")?,
            kind: self.need(kind, "kind")?,
            status: raw.status.or_else(|| base.map(|base| base.status)).unwrap_or(Status::Online),
            accepted: self.accepted(raw.accepted, base.and_then(|base| base.accepted.clone()), &source)?,
            edge: self.edge(raw.edge, base.and_then(|base| base.edge.clone()), &source)?,
            size: self.size(raw.size, base.and_then(|base| base.size.clone()), &source)?,
            duration: match (raw.duration, base.and_then(|base| base.duration.clone())) {
                (None, base) => base,
                (Some(own), base) => Some(DurationLimit {
                    max_s: self.need(own.max_s.or(base.as_ref().map(|base| base.max_s)), "duration.max_s")?,
                    source: own.source.unwrap_or_else(|| source.clone()),
                }),
            },
            grades: Self::grades(&raw.grades.unwrap_or_default(), base),
            answers: Self::groups(raw.groups.unwrap_or_default(), base),
            overrides,
            source,
            name: name.into_inner(),
            text: self.text.to_owned(),
        })
    }

    fn accepted(
        &self,
        own: Option<RawAccepted>,
        base: Option<Accepted>,
        source: &Citation,
    ) -> Result<Option<Accepted>, ProfileError> {
        let Some(own) = own else {
            return Ok(base);
        };
        let mut formats = Vec::new();
        for name in own.formats.iter().flatten() {
            let Some(format) = Format::from_name(name.get_ref()) else {
                let nearest = nearest(name.get_ref(), Format::ALL.iter().map(|format| format.name()));
                return Err(self.error(
                    Some(name.span()),
                    &format!("accepted.formats: there is no format {:?}; did you mean {nearest:?}?", name.get_ref()),
                ));
            };
            formats.push(format);
        }
        if own.formats.is_none() {
            formats = self.need(base.as_ref().map(|base| base.formats.clone()), "accepted.formats")?;
        }
        let printed = formats.iter().map(|format| format.name().to_uppercase()).collect::<Vec<_>>().join(", ");
        Ok(Some(Accepted {
            listed: own.listed.unwrap_or(printed),
            formats,
            source: own.source.unwrap_or_else(|| source.clone()),
        }))
    }

    fn edge(
        &self,
        own: Option<RawEdge>,
        base: Option<EdgeLimits>,
        source: &Citation,
    ) -> Result<Option<EdgeLimits>, ProfileError> {
        let Some(own) = own else {
            return Ok(base);
        };
        let span = own.max.as_ref().or(own.min.as_ref()).map(Spanned::span);
        let min = own.min.map(Spanned::into_inner).or(base.as_ref().map(|base| base.min));
        let max = own.max.map(Spanned::into_inner).or(base.as_ref().map(|base| base.max));
        let (min, max) = (self.need(min, "edge.min")?, self.need(max, "edge.max")?);
        if min > max {
            return Err(self.error(span, &format!("edge: min {min} is greater than max {max}")));
        }
        let source = own.source.unwrap_or_else(|| source.clone());
        Ok(Some(EdgeLimits { min, max, source }))
    }

    fn size(
        &self,
        own: Option<RawSize>,
        base: Option<SizeLimits>,
        source: &Citation,
    ) -> Result<Option<SizeLimits>, ProfileError> {
        let Some(own) = own else {
            return Ok(base);
        };
        for (mb, field) in [(&own.base64_mb, "base64_mb"), (&own.url_mb, "url_mb")] {
            if let Some(mb) = mb
                && !(mb.get_ref().is_finite() && *mb.get_ref() >= 0.0 && *mb.get_ref() <= 1e9)
            {
                return Err(self.error(Some(mb.span()), &format!("size.{field}: must be a size in MB from 0 to 10^9")));
            }
        }
        let unit = own.unit.unwrap_or_default();
        let span = unit.large.as_ref().or(unit.small.as_ref()).map(Spanned::span);
        let base_unit = base.as_ref().map(|base| base.unit.clone());
        let small = unit.small.map(Spanned::into_inner).or(base_unit.as_ref().map(|unit| unit.small));
        let large = unit.large.map(Spanned::into_inner).or(base_unit.as_ref().map(|unit| unit.large));
        let (small, large) = (self.need(small, "size.unit.small")?, self.need(large, "size.unit.large")?);
        if small > large || large > 1 << 30 {
            return Err(self.error(span, "size.unit: small must not be greater than large, and large not than 2^30"));
        }
        Ok(Some(SizeLimits {
            unit: Unit {
                small,
                large,
                reason: self.need(unit.reason.or(base_unit.map(|unit| unit.reason)), "size.unit.reason")?,
            },
            base64_mb: own.base64_mb.map(Spanned::into_inner).or(base.as_ref().and_then(|base| base.base64_mb)),
            url_mb: own.url_mb.map(Spanned::into_inner).or(base.as_ref().and_then(|base| base.url_mb)),
            source: own.source.unwrap_or_else(|| source.clone()),
        }))
    }

    fn grades(own: &RawGrades, base: Option<&Profile>) -> [(Grade, Severity); 3] {
        let known =
            |grade| base.and_then(|base| base.grades.iter().find(|(known, _)| *known == grade)).map(|(_, s)| *s);
        [
            (Grade::Broken, own.broken.or_else(|| known(Grade::Broken)).unwrap_or(Severity::Reject)),
            (Grade::Doubtful, own.doubtful.or_else(|| known(Grade::Doubtful)).unwrap_or(Severity::Risk)),
            (Grade::Harmless, own.harmless.or_else(|| known(Grade::Harmless)).unwrap_or(Severity::Note)),
        ]
    }

    fn groups(own: RawGroups, base: Option<&Profile>) -> Vec<(defect::Group, Group)> {
        use defect::Group as Of;
        [
            (Of::Damage, own.damage),
            (Of::Type, own.r#type),
            (Of::Limit, own.limit),
            (Of::Request, own.request),
            (Of::Transport, own.transport),
        ]
        .into_iter()
        .map(|(group, own)| {
            let base = base
                .and_then(|base| base.answers.iter().find(|(known, _)| *known == group))
                .map(|(_, answer)| answer.clone())
                .unwrap_or_default();
            let own = own.unwrap_or_default();
            let answer = Group {
                code: own.code.or(base.code),
                also: own.also.or(base.also),
                confidence: own.confidence.or(base.confidence),
            };
            (group, answer)
        })
        .collect()
    }
}

/// The known name that `name` was most likely meant to be.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> &'n str {
    known.min_by_key(|known| strsim::damerau_levenshtein(name, known)).unwrap_or_default()
}

/// A size in MB by one reading of the unit, in bytes, rounded down.
#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to 10^18, checked when the profile was read"
)]
pub(crate) fn mb(size: f64, unit: u64) -> u64 {
    let unit = f64::from(u32::try_from(unit).unwrap_or(u32::MAX));
    (size * unit) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text, "mine.toml").unwrap_err().to_string()
    }

    #[test]
    fn a_profile_overrides_what_differs() {
        let text = "name = \"mine\"\nextends = \"huawei/image-v3\"\n[edge]\nmax = 4096\n[defects.extension-mismatch]\nseverity = \"risk\"\ncode = \"AIS.0402\"\n";
        let mine = parse(text, "mine.toml").unwrap();
        let base = builtin::profile("huawei/image-v3").unwrap();
        assert_eq!(mine.edge.as_ref().map(|edge| (edge.min, edge.max)), Some((20, 4096)));
        assert_eq!(mine.accepted, base.accepted);
        let answer = mine.answer(Id::ExtensionMismatch);
        assert_eq!((answer.severity, answer.code.as_deref()), (Severity::Risk, Some("AIS.0402")));
        assert_eq!(mine.answer(Id::FileEmpty), base.answer(Id::FileEmpty));
    }

    #[test]
    fn a_bad_profile_is_told_where_it_is_bad() {
        let head = "name = \"mine\"\nextends = \"huawei/image-v3\"\n";
        assert_eq!(
            error(&format!("{head}[accepted]\nformats = [\"jpeg\", \"jpog\"]\n")),
            "mine.toml:4:20: accepted.formats: there is no format \"jpog\"; did you mean \"jpeg\"?"
        );
        assert_eq!(
            error(&format!("{head}[edge]\nmin = 50\nmax = 20\n")),
            "mine.toml:5:7: edge: min 50 is greater than max 20"
        );
        assert!(
            error(&format!("{head}[edge]\nmun = 50\n")).starts_with("mine.toml:4:1: unknown field `mun`"),
            "{}",
            error(&format!("{head}[edge]\nmun = 50\n"))
        );
        assert!(
            error(&format!("{head}[defects.file-emty]\nseverity = \"note\"\n"))
                .contains("did you mean \"file-empty\"?")
        );
        assert!(
            error("name = \"mine\"\nextends = \"nothing\"\n")
                .starts_with("mine.toml:2:11: extends: there is no profile \"nothing\"")
        );
        assert!(error("name = \"mine\"\nkind = \"image\"\n").contains("`source` is missing"));
        assert!(error(&format!("{head}[size]\nurl_mb = -1.0\n")).starts_with("mine.toml:4:10: size.url_mb"));
        assert!(error("name = ").starts_with("mine.toml:1:"));
    }

    #[test]
    fn megabytes_become_bytes() {
        assert_eq!(mb(7.5, 1_000_000), 7_500_000);
        assert_eq!(mb(10.0, 1 << 20), 10 << 20);
    }
}
