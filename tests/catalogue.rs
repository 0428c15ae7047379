//! The catalogue says what the service's page says, and `docs/codes.md` what the catalogue says.
#![allow(clippy::disallowed_methods, reason = "a fixture and a page of the documentation are small")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ais_preflight::Lang;
use ais_preflight::catalogue::{self, Actor, Entry, Family, Retry, SOURCE, Stage, find, nearest};
use ais_preflight::defect::{Group, Id};
use ais_preflight::format::{Format, Kind};
use ais_preflight::profile::{Profile, ProfileSet, Severity};
use ais_preflight::request::operations;
use serde_json::{Value, json};

/// The page's table: status, code, message, description and advice (the last two in Chinese).
const PAGE: &str = include_str!("data/error_codes.tsv");

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

#[test]
fn the_table_is_the_pages_to_the_letter() {
    let rows: Vec<[&str; 5]> =
        PAGE.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap()).collect();
    assert_eq!(rows.len(), 67);
    let codes: Vec<_> = catalogue::all().iter().map(|entry| entry.code).collect();
    assert_eq!(codes, rows.iter().map(|row| row[1]).collect::<Vec<_>>());
    for (entry, [status, code, message_en, message_zh, action_zh]) in catalogue::all().iter().zip(rows) {
        assert_eq!(entry.http_status.to_string(), status, "{code}");
        assert_eq!(entry.message.en, message_en, "{code}");
        assert_eq!(entry.message.zh, message_zh, "{code}");
        assert_eq!(entry.action.zh, action_zh, "{code}");
    }
}

#[test]
fn codes_are_unique() {
    let codes: BTreeSet<_> = catalogue::all().iter().map(|entry| entry.code).collect();
    assert_eq!(codes.len(), catalogue::all().len());
}

#[test]
fn every_text_is_there_in_its_own_language() {
    for entry in catalogue::all() {
        let code = entry.code;
        for text in [entry.message, entry.meaning, entry.action] {
            assert_eq!(text.en.trim(), text.en, "{code}");
            assert_eq!(text.zh.trim(), text.zh, "{code}");
            assert!(!text.en.is_empty(), "{code}");
            assert!(is_chinese(text.zh), "{code}: not in Chinese: {}", text.zh);
        }
        assert!(entry.action.en.is_ascii(), "{code}: {}", entry.action.en);
        assert!(entry.action.en.ends_with('.'), "{code}: {}", entry.action.en);
        // The placeholder is the page's own.
        assert!(!is_chinese(&entry.meaning.en.replace("[错误信息]", "")), "{code}: {}", entry.meaning.en);
        assert!(entry.meaning.en.ends_with('.') && entry.meaning.zh.ends_with('。'), "{code}");
    }
}

#[test]
fn a_meaning_names_only_codes_that_exist() {
    for entry in catalogue::all() {
        for text in [entry.meaning.en, entry.meaning.zh] {
            for family in ["AIS.", "APIG.", "ModelArts."] {
                for (at, _) in text.match_indices(family) {
                    let name = text[at..].get(..family.len() + 4).unwrap();
                    assert!(find(name).is_some_and(|known| known.code == name), "{}: {name}", entry.code);
                }
            }
        }
    }
}

#[test]
fn the_family_is_that_of_the_number() {
    for entry in catalogue::all() {
        let family = match entry.code.split_at(entry.code.len() - 2).0 {
            "AIS.00" => Family::Common,
            "AIS.04" | "AIS.05" => Family::Image,
            "AIS.07" => Family::Video,
            code if code.starts_with("APIG.") => Family::Gateway,
            _ => Family::ModelArts,
        };
        assert_eq!(entry.family, family, "{}", entry.code);
    }
}

#[test]
fn a_code_is_found_however_it_is_written() {
    for entry in catalogue::all() {
        let (prefix, number) = entry.code.split_once('.').unwrap();
        for written in [
            entry.code.to_owned(),
            entry.code.to_lowercase(),
            entry.code.to_uppercase(),
            format!(" {}\n", entry.code),
            format!("{prefix}-{number}"),
            format!("{prefix}_{number}"),
            format!("{prefix} {number}"),
            format!("{prefix}{number}"),
            number.to_owned(),
        ] {
            assert_eq!(find(&written).map(|found| found.code), Some(entry.code), "{written:?}");
        }
    }
    for unknown in [
        "",
        " ",
        ".",
        "AIS",
        "AIS.",
        "AIS.9999",
        "9999",
        "711",
        "07111",
        "OCR.0711",
        "AIS..0711",
        "AIS.0711x",
        "０７１１",
    ] {
        assert!(find(unknown).is_none(), "{unknown:?}");
    }
}

#[test]
fn the_nearest_codes_come_first() {
    let near = |code: &str, count: usize| nearest(code, count).iter().map(|entry| entry.code).collect::<Vec<_>>();
    assert_eq!(near("AIS.0712", 3), ["AIS.0711", "AIS.0710", "AIS.0702"]);
    assert_eq!(near("AIS.711", 1), ["AIS.0711"]);
    assert_eq!(near("0712", 1), ["AIS.0711"]);
    assert_eq!(near("APIGW.0301", 1), ["APIG.0301"]);
    assert_eq!(near("modelart.4603", 1), ["ModelArts.4603"]);
    assert_eq!(near("AIS.0707", 2), ["AIS.0706", "AIS.0708"]);
    assert_eq!(near("AIS.0402", 1), ["AIS.0402"]);
    assert!(near("hello", 5).is_empty());
    assert!(near("", 5).is_empty());
    assert!(near("AIS.0402", 0).is_empty());
    assert_eq!(nearest("AIS.0402", usize::MAX).first().map(|entry| entry.code), Some("AIS.0402"));
}

#[test]
fn the_json_form_is_the_contract() {
    assert_eq!(
        serde_json::to_value(find("AIS.0703").unwrap()).unwrap(),
        json!({
            "code": "AIS.0703",
            "http_status": 400,
            "family": "ais-video",
            "stage": "network",
            "who": "caller",
            "retryable": false,
            "retry": "after-change",
            "message": {"en": "The video size is unknown", "zh": "视频url头中不包含大小"},
            "meaning": {
                "en": find("AIS.0703").unwrap().meaning.en,
                "zh": find("AIS.0703").unwrap().meaning.zh,
            },
            "action": {"en": "Check whether the url parameter is valid.", "zh": "检查url参数是否有效"},
            "source": {
                "page": "https://support.huaweicloud.com/api-moderation/moderation_03_0010.html",
                "date": SOURCE.date,
            },
        })
    );
}

#[test]
fn one_language_leaves_out_the_other_and_nothing_else() {
    for entry in catalogue::all() {
        for (lang, kept, dropped) in [(Lang::En, "en", "zh"), (Lang::Zh, "zh", "en")] {
            let mut both = serde_json::to_value(entry).unwrap();
            for field in ["message", "meaning", "action"] {
                assert!(both[field].as_object_mut().unwrap().remove(dropped).is_some());
                assert!(both[field][kept].is_string());
            }
            let only: Value = serde_json::from_str(&serde_json::to_string(&entry.only(lang)).unwrap()).unwrap();
            assert_eq!(only, both, "{}", entry.code);
        }
    }
}

/// The profiles of all operations, and those of files.
fn profiles() -> BTreeMap<String, Profile> {
    let of_files = ProfileSet::builtin_names().filter_map(|name| ProfileSet::builtin(name).ok());
    let of_files = of_files.flat_map(|set| [set.image, set.video]);
    let of_requests = operations().iter().map(|operation| operation.profile());
    of_files.chain(of_requests).map(|profile| (profile.name.clone(), (*profile).clone())).collect()
}

/// Whether what a profile judges can have the defect: a picture has none of a video format.
fn concerns(profile: &Profile, id: Id) -> bool {
    let info = id.info();
    let of_request = matches!(info.group, Group::Request | Group::Transport) || id == Id::UrlExtension;
    let of_kind = |kind| match kind {
        Kind::Image => info.name.starts_with("image-"),
        _ => info.name.starts_with("video-"),
    };
    let of_format = |format: &&Format| info.name.strip_prefix(format.name()).is_some_and(|rest| rest.starts_with('-'));
    let kind = match Format::ALL.iter().find(of_format) {
        Some(format) => Some(format.kind()),
        None => [Kind::Image, Kind::Video].into_iter().find(|kind| of_kind(*kind)),
    };
    of_request || (profile.kind != Kind::Request && kind.is_none_or(|kind| kind == profile.kind))
}

/// The defects that some profile answers with each code, in the order of the table of defects.
fn predictions() -> BTreeMap<String, Vec<&'static str>> {
    let profiles = profiles();
    let mut predictions: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for id in Id::ALL.iter().filter(|id| id.info().group != Group::Unchecked) {
        let answers = profiles.values().filter(|profile| concerns(profile, *id)).map(|profile| profile.answer(*id));
        let codes: BTreeSet<_> =
            answers.filter(|answer| answer.severity > Severity::Note).filter_map(|answer| answer.code).collect();
        for code in codes {
            predictions.entry(code).or_default().push(id.name());
        }
    }
    predictions
}

#[test]
fn every_code_that_can_be_foreseen_is_predicted_and_no_other() {
    /// Codes that wait for the facts of videos.
    const NOT_YET: &[&str] = &["AIS.0710", "AIS.0711"];
    let predicted = predictions();
    for entry in catalogue::all() {
        let can_be = entry.stage <= Stage::Request;
        let is = predicted.contains_key(entry.code);
        assert!(is == can_be || (can_be && NOT_YET.contains(&entry.code)), "{}", entry.code);
    }
}

/// What `docs/codes.md` must hold.
fn codes_page() -> String {
    let mut page = format!(
        "\
# The codes of the service

<!-- Made by tests/catalogue.rs from src/catalogue/codes.rs: change that, then run
     UPDATE_DOCS=1 cargo test --test catalogue -->

The {} codes of the service's error page, <{}>, as of {}.
The messages are the page's own words; the service may change them, so go by the code.
`ais-preflight explain CODE` says what one means and what to do.

",
        catalogue::all().len(),
        SOURCE.page,
        SOURCE.date,
    );
    let mut legend = |title: &str, words: Vec<(&str, &str)>| {
        let _ = writeln!(page, "**{title}**\n");
        for (label, about) in words {
            let _ = writeln!(page, "- *{label}*: {about}");
        }
        page.push('\n');
    };
    legend(
        "Stage: the first at which the code can be foreseen",
        Stage::ALL.iter().map(|stage| (stage.label().en, stage.about().en)).collect(),
    );
    legend(
        "Who can do something about it",
        Actor::ALL.iter().map(|actor| (actor.label().en, actor.about().en)).collect(),
    );
    legend(
        "Retryable: whether to send it again",
        Retry::ALL.iter().map(|retry| (retry.label().en, retry.about().en)).collect(),
    );
    for family in Family::ALL {
        let _ = writeln!(
            page,
            "## {}\n\n| code | message | stage | who | retryable |\n|---|---|---|---|---|",
            family.label().en
        );
        for Entry { code, message, stage, who, retry, .. } in
            catalogue::all().iter().filter(|entry| entry.family == *family)
        {
            let (stage, who, retry) = (stage.label().en, who.label().en, retry.label().en);
            let _ = writeln!(page, "| `{code}` | {} | {stage} | {who} | {retry} |", message.en.replace('|', "\\|"));
        }
        page.push('\n');
    }
    page.push_str(
        "\
## What predicts a code

The defects for which some profile takes the code for the likeliest answer. `ais-preflight explain DEFECT` says what a
defect is and what each profile answers to it, with the other codes that are possible. A code that is not here is known
to the network or to the service alone.

| code | defects |
|---|---|
",
    );
    let predictions = predictions();
    for entry in catalogue::all() {
        if let Some(defects) = predictions.get(entry.code) {
            let names: Vec<_> = defects.iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(page, "| `{}` | {} |", entry.code, names.join(", "));
        }
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

#[test]
fn the_page_of_codes_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md");
    let expected = codes_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &expected).unwrap();
    }
    // A checkout may have turned the line ends around.
    let present = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(present == expected, "docs/codes.md is stale; run UPDATE_DOCS=1 cargo test --test catalogue");
}
