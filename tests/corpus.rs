//! Every fixture says exactly what its row in `expected.toml` says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]

mod support;

use std::collections::BTreeSet;

use ais_preflight::Verdict;
use ais_preflight::defect::Id;
use support::{all, request_fixtures, verdict_name};

/// Defects that no file can fire, with the reason; each has a test of its own.
const NOT_FROM_A_FILE: &[(Id, &str)] = &[
    (Id::Unreadable, "the source fails: tests/api.rs"),
    (Id::BudgetSpent, "the caller's budget: tests/api.rs"),
    (Id::DecoderComplains, "another program: src/decoder.rs"),
    (Id::DecoderMissing, "another program: src/decoder.rs"),
    (Id::DecoderGaveUp, "another program: src/decoder.rs"),
    (Id::InternalError, "a fault of the program: tests/api.rs"),
    (Id::FileTooLarge, "10 MB and more: tests/limits.rs"),
    (Id::FileTooLargeForBase64, "7.5 MB and more: tests/limits.rs"),
    (Id::FileSizeAmbiguous, "10 MB and more: tests/limits.rs"),
    (Id::BodyTooLarge, "12 MB and more: tests/request.rs"),
    (Id::BodySizeAmbiguous, "12 MB and more: tests/request.rs"),
    (Id::BodyOverServiceLimit, "10 MB and more: tests/request.rs"),
    (Id::BodyValuesMany, "65,536 values and more: tests/request.rs"),
    (Id::ObsFileTooLarge, "10 MB and more, and how it is sent: tests/request.rs"),
    (Id::ObsFileEmpty, "how it is sent: tests/request.rs"),
];

#[test]
fn every_fixture_says_what_is_expected() {
    let mut wrong = Vec::new();
    for fixture in all() {
        let report = fixture.checker().check_path(&fixture.path);
        let expected = &fixture.expected;
        let mut differ = |what: &str, have: String, want: String| {
            if have != want {
                wrong.push(format!("{}: {what} is {have}, expected {want}", fixture.name));
            }
        };
        differ("verdict", verdict_name(report.verdict), expected.verdict.clone().unwrap_or_else(|| "pass".into()));
        let folder = fixture.name.split('/').next().unwrap_or_default();
        let format = expected.format.clone().unwrap_or_else(|| folder.to_owned());
        differ("format", report.format.unwrap_or("none").to_owned(), format);
        let have: BTreeSet<_> = report.findings.iter().map(|finding| finding.defect).collect();
        let want: BTreeSet<_> = expected.defects.iter().map(String::as_str).collect();
        differ("set of defects", format!("{have:?}"), format!("{want:?}"));
        if let Some(code) = &expected.code {
            let have = report.cause().and_then(|cause| cause.code.clone()).unwrap_or_default();
            differ("code", have, code.clone());
        }
        if let Some(offset) = expected.offset {
            let have = report.cause().and_then(|cause| cause.offset);
            differ("offset", format!("{have:?}"), format!("{:?}", Some(offset)));
        }
        let facts = serde_json::to_value(&report.facts).unwrap();
        for (name, want) in &expected.facts {
            let have = facts.get(name).map_or_else(|| "nothing".to_owned(), ToString::to_string);
            differ(&format!("fact {name}"), have, serde_json::to_value(want).unwrap().to_string());
        }
        for finding in &report.findings {
            let unfilled = finding.message.contains(['{', '}']) || finding.remedy.contains(['{', '}']);
            assert!(!unfilled, "{}: {}: a value is missing", fixture.name, finding.defect);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_good_fixture_fires_anything() {
    for fixture in all().iter().filter(|fixture| fixture.is_good()) {
        assert!(fixture.expected.defects.is_empty(), "{} is good and has defects", fixture.name);
        let report = fixture.checker().check_path(&fixture.path);
        assert_eq!(report.verdict, Verdict::Pass, "{}", fixture.name);
    }
}

#[test]
fn every_defect_is_fired_by_a_fixture() {
    let by_files = all().into_iter().flat_map(|fixture| fixture.expected.defects);
    // tests/request.rs holds these against their rows.
    let by_requests = request_fixtures().into_iter().flat_map(|fixture| fixture.expected.defects);
    let fired: BTreeSet<String> = by_files.chain(by_requests).collect();
    let missing: Vec<_> = Id::ALL
        .iter()
        .filter(|id| !fired.contains(id.name()) && NOT_FROM_A_FILE.iter().all(|(known, _)| known != *id))
        .map(|id| id.name())
        .collect();
    assert!(missing.is_empty(), "no fixture fires {missing:?}");
}

#[test]
fn messages_of_fixtures_have_no_unfilled_place() {
    for fixture in all() {
        for finding in fixture.checker().check_path(&fixture.path).findings {
            let id = Id::from_name(finding.defect).unwrap();
            for template in [id.info().message.en, id.info().remedy.text().en] {
                for name in template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name) {
                    let as_named = finding.message.contains(&format!(" {name} ")) && name.contains('_');
                    assert!(!as_named, "{}: {}: no value for {name}", fixture.name, finding.defect);
                }
            }
        }
    }
}
