//! The README and its Chinese twin say the same, and what they say is so.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use ais_preflight::defect::{Group, Id};
use ais_preflight::profile::{ProfileSet, Severity};

const ENGLISH: &str = include_str!("../README.md");
const CHINESE: &str = include_str!("../README.zh-CN.md");

/// The contents of the fenced blocks of one language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Shell lines without their comments.
fn commands(text: &str) -> Vec<&str> {
    blocks(text, "sh").into_iter().flat_map(str::lines).map(|line| line.split(" # ").next().unwrap().trim()).collect()
}

/// The codes in the first column of the table of codes.
fn codes(text: &str) -> Vec<&str> {
    let families = ["AIS.", "APIG.", "ModelArts."];
    text.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|code| families.iter().any(|family| code.starts_with(family)))
        .collect()
}

#[test]
fn both_have_the_same_headings_commands_code_and_tables() {
    let levels = |text: &str| -> Vec<usize> {
        let mut fenced = false;
        text.lines()
            .filter(|line| {
                fenced ^= line.starts_with("```");
                !fenced && line.starts_with('#')
            })
            .map(|line| line.chars().take_while(|c| *c == '#').count())
            .collect()
    };
    assert_eq!(levels(ENGLISH), levels(CHINESE));
    assert_eq!(commands(ENGLISH), commands(CHINESE));
    assert_eq!(blocks(ENGLISH, "rust"), blocks(CHINESE, "rust"));
    assert_eq!(blocks(ENGLISH, "json"), blocks(CHINESE, "json"));
    assert_eq!(codes(ENGLISH), codes(CHINESE));
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows(ENGLISH), rows(CHINESE));
}

#[test]
fn the_table_has_every_code_that_is_predicted() {
    let mut predicted = BTreeSet::new();
    for name in ProfileSet::builtin_names() {
        let set = ProfileSet::builtin(name).unwrap();
        for id in Id::ALL.iter().filter(|id| id.info().group != Group::Unchecked) {
            for profile in [&set.image, &set.video] {
                let answer = profile.answer(*id);
                if answer.severity > Severity::Note {
                    predicted.extend(answer.code);
                }
            }
        }
    }
    for operation in ais_preflight::request::operations() {
        let profile = operation.profile();
        let of_requests =
            |id: &&Id| matches!(id.info().group, Group::Request | Group::Transport) || **id == Id::UrlExtension;
        for id in Id::ALL.iter().filter(of_requests) {
            let answer = profile.answer(*id);
            if answer.severity > Severity::Note {
                predicted.extend(answer.code);
            }
        }
    }
    let listed: BTreeSet<String> = codes(ENGLISH).into_iter().map(str::to_owned).collect();
    assert_eq!(listed, predicted);
}

#[test]
fn the_report_shown_is_one_of_this_version() {
    let shown: serde_json::Value = serde_json::from_str(blocks(ENGLISH, "json")[0]).unwrap();
    assert_eq!(shown["schema"], ais_preflight::report::SCHEMA);
    for finding in shown["findings"].as_array().unwrap() {
        let id = Id::from_name(finding["defect"].as_str().unwrap()).unwrap();
        let answer = ProfileSet::builtin("auto").unwrap().image.answer(id);
        assert_eq!(finding["code"].as_str(), answer.code.as_deref());
        assert_eq!(finding["group"], serde_json::to_value(id.info().group).unwrap());
    }
}
