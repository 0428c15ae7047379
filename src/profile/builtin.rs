//! The built-in profiles: TOML files of this folder, read once.

use std::sync::{Arc, LazyLock, OnceLock};

use super::{Profile, ProfileError, ProfileSet, toml_file};

/// Name and text of each profile. A profile comes after the one that it extends.
static TEXTS: &[(&str, &str)] = &[
    ("huawei/image-v3", include_str!("builtin/huawei-image-v3.toml")),
    ("huawei/image-v3-intl", include_str!("builtin/huawei-image-v3-intl.toml")),
    ("huawei/image-v2", include_str!("builtin/huawei-image-v2.toml")),
    ("huawei/video-v3", include_str!("builtin/huawei-video-v3.toml")),
    ("huawei/video-v3-intl", include_str!("builtin/huawei-video-v3-intl.toml")),
];

/// Profiles that only serve to be extended.
static BASES: &[(&str, &str)] = &[("huawei/image", include_str!("builtin/huawei-image.toml"))];

/// Profiles of operations whose media is not looked into: they judge requests only.
static REQUESTS: &[(&str, &str)] = &[
    ("huawei/request", include_str!("builtin/huawei-request.toml")),
    ("huawei/image-v1", include_str!("builtin/huawei-image-v1.toml")),
    ("huawei/audio-v3", include_str!("builtin/huawei-audio-v3.toml")),
    ("huawei/text-v3", include_str!("builtin/huawei-text-v3.toml")),
];

/// Sets that choose by content: name, profile for images, profile for videos.
static SETS: &[(&str, &str, &str)] =
    &[("auto", "huawei/image-v3", "huawei/video-v3"), ("auto-intl", "huawei/image-v3-intl", "huawei/video-v3-intl")];

static AUTO: LazyLock<Option<ProfileSet>> = LazyLock::new(|| get("auto").ok());

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SETS.iter().map(|(name, ..)| *name).chain(TEXTS.iter().map(|(name, _)| *name))
}

/// The profiles, each read when it is first asked for.
static READ: LazyLock<Vec<(&str, &str, OnceLock<Result<Arc<Profile>, ProfileError>>)>> = LazyLock::new(|| {
    TEXTS.iter().chain(REQUESTS).chain(BASES).map(|(name, text)| (*name, *text, OnceLock::new())).collect()
});

pub(super) fn profile(name: &str) -> Result<Arc<Profile>, ProfileError> {
    match READ.iter().find(|(known, ..)| *known == name) {
        Some((known, text, read)) => read.get_or_init(|| toml_file::parse(text, known).map(Arc::new)).clone(),
        None => Err(ProfileError::Unknown { name: name.to_owned(), known: names().collect::<Vec<_>>().join(", ") }),
    }
}

pub(super) fn get(name: &str) -> Result<ProfileSet, ProfileError> {
    match SETS.iter().find(|(known, ..)| *known == name) {
        Some((known, image, video)) => {
            Ok(ProfileSet { name: (*known).to_owned(), image: profile(image)?, video: profile(video)? })
        }
        None => profile(name).map(ProfileSet::from),
    }
}

#[allow(clippy::expect_used, reason = "a test reads every built-in text, and the texts are part of the program")]
pub(super) fn auto() -> ProfileSet {
    AUTO.clone().expect("the built-in profiles are valid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::defect::{Group, Id};
    use crate::profile::Severity;

    #[test]
    fn every_built_in_profile_is_valid_and_named_as_it_is_listed() {
        for (name, _) in TEXTS.iter().chain(REQUESTS).chain(BASES) {
            let profile = profile(name).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(profile.name, *name);
            assert!(profile.source.page.starts_with("https://support.huaweicloud.com/"), "{name}");
            assert_eq!(profile.source.date.len(), 10, "{name}");
        }
        for name in names() {
            get(name).unwrap();
        }
        assert!(matches!(get("nothing"), Err(ProfileError::Unknown { .. })));
    }

    #[test]
    fn every_profile_answers_every_defect_with_codes_of_the_catalogue() {
        for (name, _) in TEXTS.iter().chain(REQUESTS) {
            let profile = profile(name).unwrap();
            for id in Id::ALL {
                let answer = profile.answer(*id);
                let predicts = answer.severity > Severity::Note && id.info().group != Group::Unchecked;
                assert_eq!(answer.code.is_some(), predicts, "{name}: {}", id.name());
                for code in answer.code.iter().chain(&answer.also) {
                    assert!(catalogue::find(code).is_some(), "{name}: {}: {code}", id.name());
                }
                assert!(!answer.also.contains(&answer.code.unwrap_or_default()), "{name}: {}", id.name());
            }
        }
    }
}
