//! The command as a user runs it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "what the tests read is small")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn preflight(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    let feeder = std::thread::spawn(move || drop(input.write_all(&stdin)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A good picture of the fixtures.
fn good_png() -> Vec<u8> {
    support::all().into_iter().find(|fixture| fixture.name.starts_with("png/good/")).unwrap().bytes
}

#[test]
fn the_exit_status_says_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("good.png"), good_png()).unwrap();
    fs::write(at.join("empty.png"), b"").unwrap();
    let big_for_base64 = [good_png(), vec![0; 7_600_000]].concat();
    fs::write(at.join("big.png"), big_for_base64).unwrap();
    let status = |args: &[&str]| preflight(at, args, b"").status.code().unwrap();
    assert_eq!(status(&["check", "good.png"]), 0);
    assert_eq!(status(&["check", "empty.png"]), 1);
    assert_eq!(status(&["check", "empty.png", "--exit-zero"]), 0);
    assert_eq!(status(&["check", "big.png"]), 0, "a risk is no rejection");
    assert_eq!(status(&["check", "big.png", "--fail-on", "risk"]), 1);
    assert_eq!(status(&["check", "big.png", "--via", "url", "--fail-on", "risk"]), 0);
    assert_eq!(status(&["check", "absent.png", "good.png"]), 2);
    assert_eq!(status(&["check"]), 2);
    assert_eq!(status(&["check", "--depth", "bottomless", "good.png"]), 2);
    assert_eq!(status(&["check", "--profile", "nobody/nothing", "good.png"]), 2);
    assert_eq!(status(&["check", "--timeout", "-1", "good.png"]), 2);
}

#[test]
fn a_missing_path_is_named_and_the_others_are_checked_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.png"), good_png()).unwrap();
    let output = preflight(folder.path(), &["check", "--format", "ndjson", "absent.png", "good.png"], b"");
    let reports = lines(&output);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!((&reports[0]["path"], &reports[0]["verdict"]), (&"absent.png".into(), &"unchecked".into()));
    assert_eq!((&reports[1]["path"], &reports[1]["verdict"]), (&"good.png".into(), &"pass".into()));
}

#[test]
fn folders_are_walked_in_order_and_lists_read_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir_all(at.join("b.jpg/deep")).unwrap();
    fs::write(at.join(".gitignore"), "*.png\n").unwrap();
    for name in ["a.png", "b.jpg/deep/line\nbreak.png", "c.png", "d.PNG"] {
        fs::write(at.join(name), good_png()).unwrap();
    }
    let paths = |args: &[&str], stdin: &[u8]| -> Vec<String> {
        let output = preflight(at, args, stdin);
        assert_eq!(text(&output.stderr), "");
        lines(&output).iter().map(|report| report["path"].as_str().unwrap().to_owned()).collect()
    };
    let all = ["./a.png", "./b.jpg/deep/line\nbreak.png", "./c.png", "./d.PNG"];
    for jobs in ["1", "4"] {
        assert_eq!(paths(&["check", "--format", "ndjson", "-j", jobs, "."], b""), all);
    }
    assert_eq!(
        paths(&["check", "--format", "ndjson", "-"], b"c.png\r\n\nb.jpg\n"),
        ["c.png", "b.jpg/deep/line\nbreak.png"]
    );
    assert_eq!(
        paths(&["check", "--format", "ndjson", "-0", "-"], b"b.jpg/deep/line\nbreak.png\0a.png"),
        ["b.jpg/deep/line\nbreak.png", "a.png"]
    );
    assert_eq!(paths(&["check", "--format", "ndjson", "--hidden", "."], b"").len(), 5);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_ends_in_a_report() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let name = std::ffi::OsStr::from_bytes(b"not\xfftext.png");
    fs::write(at.join(name), good_png()).unwrap();
    std::os::unix::fs::symlink("loop", at.join("loop")).unwrap();
    std::os::unix::fs::symlink(".", at.join("self")).unwrap();
    std::os::unix::fs::symlink(name, at.join("link.png")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at.join("socket")).unwrap();
    assert!(Command::new("mkfifo").arg(at.join("pipe")).status().unwrap().success());
    let output = preflight(at, &["check", "--format", "ndjson", ".", "/dev/zero"], b"");
    let verdicts: Vec<(String, String)> = lines(&output)
        .iter()
        .map(|report| (report["path"].as_str().unwrap().to_owned(), report["verdict"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [
        ("./link.png", "pass"),
        ("./loop", "unchecked"),
        ("./not\\xfftext.png", "pass"),
        ("./pipe", "unchecked"),
        ("./socket", "unchecked"),
        ("/dev/zero", "unchecked"),
    ];
    assert_eq!(verdicts, expected.map(|(path, verdict)| (path.to_owned(), verdict.to_owned())));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn every_form_of_output_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a.png"), good_png()).unwrap();
    fs::write(at.join("b.png"), b"").unwrap();
    let ndjson = lines(&preflight(at, &["check", "--format", "ndjson", "a.png", "b.png"], b""));
    let json: Value =
        serde_json::from_slice(&preflight(at, &["check", "--format", "json", "a.png", "b.png"], b"").stdout).unwrap();
    assert_eq!(json, Value::Array(ndjson));
    let none: Value = serde_json::from_slice(&preflight(at, &["check", "--format", "json", "-"], b"").stdout).unwrap();
    assert_eq!(none, Value::Array(Vec::new()));

    let output = preflight(at, &["check", "a.png", "b.png"], b"");
    let shown = text(&output.stdout);
    assert!(shown.starts_with("reject AIS.0011 b.png\n    the file is empty (at byte 0)"), "{shown}");
    assert!(shown.contains("\n    → Wait until"), "{shown}");
    assert!(shown.contains("2 files: 1 reject 0 risk 0 unchecked 1 pass"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colours where nobody sees them");
    let coloured = preflight(at, &["check", "--color", "always", "b.png"], b"");
    assert!(text(&coloured.stdout).contains("\u{1b}["));
    let chinese = preflight(at, &["check", "--lang", "zh", "-v", "a.png", "b.png"], b"");
    let chinese = text(&chinese.stdout);
    assert!(chinese.starts_with("通过 a.png\n将被拒绝 AIS.0011 b.png\n    文件为空"), "{chinese}");
}

#[test]
fn a_profile_of_ones_own_is_used_and_a_bad_one_explained() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a.png"), good_png()).unwrap();
    fs::write(at.join("mine.toml"), "name = \"mine\"\nextends = \"huawei/image-v3\"\n[edge]\nmin = 4000\n").unwrap();
    fs::write(at.join("bad.toml"), "name = \"mine\"\nextends = \"huawei/image-v3\"\n[edge]\nmim = 4000\n").unwrap();
    let report = &lines(&preflight(at, &["check", "--format", "ndjson", "--profile", "mine.toml", "a.png"], b""))[0];
    assert_eq!(
        (&report["profile"], &report["findings"][0]["defect"]),
        (&"mine".into(), &"image-edge-too-small".into())
    );
    let bad = preflight(at, &["check", "--profile", "bad.toml", "a.png"], b"");
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stderr).starts_with("ais-preflight: bad.toml:4:1: unknown field `mim`"), "{}", text(&bad.stderr));
    assert_eq!(text(&bad.stdout), "");
}

#[test]
fn codes_defects_profiles_and_facts_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a.png"), good_png()).unwrap();
    let says = |args: &[&str], expected: &str| {
        let output = preflight(at, args, b"");
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stdout).contains(expected), "{args:?}: {}", text(&output.stdout));
    };
    says(&["explain", "AIS.0711"], "Invalid video resolution.");
    says(&["explain", "ais.0711", "--lang", "zh"], "视频分辨率无效");
    says(&["explain", "file-empty"], "AIS.0011");
    says(&["explain", "AIS.0711", "--format", "json"], "\"stage\": \"bytes\"");
    says(&["profiles"], "huawei/image-v2");
    says(&["profiles", "show", "huawei/video-v3"], "7200 seconds");
    says(&["profiles", "show", "huawei/video-v3", "--format", "toml"], "max_s = 7200");
    says(&["facts", "a.png"], "png");
    says(&["facts", "a.png", "--format", "json"], "\"kind\":\"image\"");
    let all: Value =
        serde_json::from_slice(&preflight(at, &["explain", "--all", "--format", "json"], b"").stdout).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 67);
    let unknown = preflight(at, &["explain", "AIS.0771"], b"");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("AIS.0711"), "{}", text(&unknown.stderr));
}

#[test]
fn whoever_lists_files_may_wait_for_each_report() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.png"), good_png()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
        .args(["check", "--format", "ndjson", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut list = child.stdin.take().unwrap();
    let mut reports = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..200 {
        list.write_all(b"good.png\n").unwrap();
        assert!(reports.next().unwrap().unwrap().contains("\"verdict\":\"pass\""));
    }
    drop(list);
    assert!(reports.next().is_none() && child.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..2000 {
        fs::write(folder.path().join(format!("{n}.png")), b"").unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
        .args(["check", "--format", "ndjson", "."])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((text(&output.stderr), output.status.code()), ("", Some(0)));
}
