//! The published schema of a report is that of the types, and every report satisfies it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; what it reads is small"
)]
#![cfg(feature = "cli")]

mod support;

use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../docs/report.schema.json");

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(PUBLISHED).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_valid(validator: &Validator, name: &str, json: &str) -> Value {
    let report: Value = serde_json::from_str(json).unwrap();
    let faults: Vec<_> =
        validator.iter_errors(&report).map(|fault| format!("{fault} at {}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}");
    report
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let output = Command::new(env!("CARGO_BIN_EXE_ais-preflight")).arg("schema").output().unwrap();
    assert!(
        String::from_utf8(output.stdout).unwrap() == PUBLISHED,
        "run: cargo run -- schema > docs/report.schema.json"
    );
}

#[test]
fn every_report_satisfies_it() {
    let validator = validator();
    for fixture in support::all() {
        let report = fixture.checker().check_path(&fixture.path);
        assert_valid(&validator, &fixture.name, &report.to_json());
    }
    let requests = ["good", "bad"].into_iter().flat_map(|half| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/request").join(half);
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path())
    });
    let output = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
        .env("AIS_PREFLIGHT_CONFIG", "")
        .args(["request", "--format", "ndjson", "--exit-zero", "no-such-file"])
        .args(requests)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let reports: Vec<_> = output.lines().map(|line| assert_valid(&validator, line, line)).collect();
    assert!(reports.iter().any(|report| report["operation"].is_string() && report["items"][0]["pointer"].is_string()));
    assert!(reports.iter().any(|report| report["bytes"].is_null()));
}

#[test]
fn nothing_else_does() {
    let validator = validator();
    let fixture = support::all().into_iter().find(|fixture| fixture.name == "jpeg/bad/cut-in-scan.jpg").unwrap();
    let report = assert_valid(&validator, &fixture.name, &fixture.checker().check_path(&fixture.path).to_json());
    let mutations: [(&str, Value); 13] = [
        ("/schema", json!(2)),
        ("/verdict", json!("maybe")),
        ("/kind", json!("Image")),
        ("/bytes", json!(-1)),
        ("/bytes", json!("12")),
        ("/facts", json!({ "width": 12, "surprise": 1 })),
        ("/facts/width", json!(1.5)),
        ("/findings", json!({})),
        ("/findings/0/defect", json!("Not kebab")),
        ("/findings/0/severity", json!("pass")),
        ("/findings/0/intact_fraction", json!(1.01)),
        ("/findings/0/code", json!(402)),
        ("/depth", Value::Null),
    ];
    for (pointer, value) in mutations {
        let mut mutant = report.clone();
        *mutant.pointer_mut(pointer).unwrap() = value.clone();
        assert!(!validator.is_valid(&mutant), "{pointer} {value}");
    }
    for key in ["schema", "verdict", "kind", "format", "bytes", "facts", "findings", "profile", "depth"] {
        let mut mutant = report.clone();
        mutant.as_object_mut().unwrap().remove(key).unwrap();
        assert!(!validator.is_valid(&mutant), "without {key}");
    }
    for place in ["", "/findings/0"] {
        let mut mutant = report.clone();
        mutant.pointer_mut(place).unwrap().as_object_mut().unwrap().insert("surprise".to_owned(), json!(1));
        assert!(!validator.is_valid(&mutant), "more at {place:?}");
    }
}
