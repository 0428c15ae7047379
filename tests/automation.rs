//! What other programs run of this one: the GitHub Action and the hook of pre-commit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "what the tests read is small")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use saphyr::{LoadableYamlNode, Yaml};

const BINARY: &str = env!("CARGO_BIN_EXE_ais-preflight");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_action_annotates_summarises_and_fails_the_job() {
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let action = &Yaml::load_from_str(&text).unwrap()[0];
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    let script = action["runs"]["steps"][1]["run"].as_str().unwrap();
    let runner = tempfile::tempdir().unwrap();
    let bin = runner.path().join("ais-preflight/bin");
    fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(BINARY, bin.join("ais-preflight")).unwrap();
    let run = |paths: &str, sarif: &str| -> Output {
        Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", script])
            .current_dir(root())
            .env("RUNNER_TEMP", runner.path())
            .env("GITHUB_STEP_SUMMARY", runner.path().join("summary.md"))
            .env("PATHS", paths)
            .env("SARIF", sarif)
            .envs([("AIS_PREFLIGHT_PROFILE", "auto"), ("AIS_PREFLIGHT_FAIL_ON", "reject")])
            .output()
            .unwrap()
    };
    let sarif = runner.path().join("findings.sarif");
    let output = run("fixtures/png/good\nfixtures/gif/bad", sarif.to_str().unwrap());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("::error file=fixtures/gif/bad/"), "{said}");
    assert!(fs::read_to_string(runner.path().join("summary.md")).unwrap().starts_with("## ais-preflight: "));
    assert!(fs::read_to_string(sarif).unwrap().contains("\"version\":\"2.1.0\""));
    assert_eq!(run("fixtures/gif/good", "").status.code(), Some(0));
}

#[test]
fn the_hook_runs_with_the_names_of_files() {
    let text = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hook = &Yaml::load_from_str(&text).unwrap()[0][0];
    let mut words = hook["entry"].as_str().unwrap().split(' ');
    assert_eq!(words.next(), hook["id"].as_str());
    let arguments: Vec<_> = words.collect();
    let run = |name: &str| {
        let mut command = Command::new(BINARY);
        command.args(&arguments).arg(root().join(name)).stdin(Stdio::null());
        command.output().unwrap().status.code()
    };
    assert_eq!(run("fixtures/gif/bad/frame-short.gif"), Some(1));
    assert_eq!(run("fixtures/gif/bad/trailer-missing.gif"), Some(0));
}
