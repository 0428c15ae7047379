//! The command over many files: caches that survive anything, interruption, selection, settings.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "the names are the test's own")]
#![allow(clippy::type_complexity, reason = "used once")]
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "what the tests read is small")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

fn preflight(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ais-preflight"));
    command.current_dir(folder).env("LC_ALL", "C").env("AIS_PREFLIGHT_CONFIG", "").stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    preflight(folder).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Copies of small fixtures in three folders, old enough to be kept in a cache.
fn tree(copies: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let fixtures: Vec<_> = support::all().into_iter().filter(|fixture| fixture.bytes.len() < 3000).step_by(7).collect();
    for copy in 0..copies {
        for (at, fixture) in fixtures.iter().enumerate() {
            let below = folder.path().join(["a", "a.b", "c/d"][at % 3]);
            fs::create_dir_all(&below).unwrap();
            let name = fixture.path.file_name().unwrap().to_str().unwrap();
            fs::write(below.join(format!("{copy}-{at}-{name}")), &fixture.bytes).unwrap();
        }
    }
    std::thread::sleep(Duration::from_millis(100));
    folder
}

const NDJSON: [&str; 5] = ["check", ".", "--format", "ndjson", "--exit-zero"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    NDJSON.iter().chain(more).copied().collect()
}

#[test]
fn a_second_run_says_the_same_and_checks_only_what_changed() {
    let tree = tree(1);
    let cache = tempfile::tempdir().unwrap();
    let cache = cache.path().join("reports.redb");
    let cache: &'static str = Box::leak(cache.to_str().unwrap().to_owned().into_boxed_str());
    let plain = stdout(&run(tree.path(), &with(&[])));
    let first = run(tree.path(), &with(&["--cache", cache]));
    assert_eq!(stdout(&first), plain, "{}", stderr(&first));
    let second = run(tree.path(), &with(&["--cache", cache, "--stats"]));
    assert_eq!(stdout(&second), plain);
    // Reports that say that a file was not checked to its end are not kept.
    let unchecked = plain.lines().filter(|line| line.contains("\"verdict\":\"unchecked\"")).count();
    let files = plain.lines().count();
    let hls = plain.lines().filter(|line| line.contains("\"format\":\"hls\"") && !line.contains("unchecked")).count();
    let kept = files - unchecked - hls;
    assert!(kept > 50);
    assert!(stderr(&second).contains(&format!("{files} files ({kept} from the cache)")), "{}", stderr(&second));
    // Other forms are made from the same reports.
    let text = |args: &[&str]| {
        let all = stdout(&run(tree.path(), &[&["check", ".", "--exit-zero"], args].concat()));
        all.rsplit_once(" (").unwrap().0.to_owned()
    };
    assert_eq!(text(&["--cache", cache]), text(&[]));

    let changed = tree.path().join("c/d/new.gif");
    fs::write(&changed, b"GIF89a").unwrap();
    let only = stdout(&run(tree.path(), &with(&["--cache", cache, "--only", "changed"])));
    assert_eq!(
        only.lines().filter(|line| !line.contains("unchecked") && !line.contains("\"hls\"")).count(),
        1,
        "{only}"
    );
    std::thread::sleep(Duration::from_millis(100));
    fs::write(&changed, support::all().iter().find(|f| f.name.starts_with("gif/good/")).unwrap().bytes.clone())
        .unwrap();
    std::thread::sleep(Duration::from_millis(100));
    run(tree.path(), &with(&["--cache", cache]));
    let failed = stdout(&run(tree.path(), &with(&["--cache", cache, "--only", "failed"])));
    let kept = |line: &&str| !line.contains("\"verdict\":\"unchecked\"") && !line.contains("\"format\":\"hls\"");
    let rejected = plain.lines().filter(kept).filter(|line| !line.contains("\"verdict\":\"pass\"")).count();
    assert!(failed.lines().count() >= rejected && !failed.contains("\"verdict\":\"pass\""), "{failed}");
    // Other settings are other reports.
    let chinese = stdout(&run(tree.path(), &with(&["--cache", cache, "--lang", "zh"])));
    assert_ne!(chinese, plain);
}

#[test]
fn a_cache_in_use_is_left_alone_and_a_damaged_one_is_built_anew() {
    let tree = tree(1);
    let cache = tree.path().join("../cache-in-use.redb");
    let cache = tempfile::tempdir().map(|folder| folder.keep().join(cache.file_name().unwrap())).unwrap();
    let name = cache.to_str().unwrap();
    let plain = stdout(&run(tree.path(), &NDJSON));
    // One that waits for its list holds the cache.
    let mut waiting =
        preflight(tree.path()).args(["check", "-", "--cache", name]).stdin(Stdio::piped()).spawn().unwrap();
    let refused = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(20));
        let output = run(tree.path(), &[&NDJSON[..], &["--cache", name]].concat());
        (output.status.code() == Some(2)).then_some(output)
    });
    assert!(stderr(&refused.unwrap()).contains("in use by another run"));
    drop(waiting.stdin.take());
    waiting.wait().unwrap();

    run(tree.path(), &[&NDJSON[..], &["--cache", name]].concat());
    let whole = fs::read(&cache).unwrap();
    let spoilt: [&dyn Fn(&mut Vec<u8>); 4] = [
        &|bytes| bytes.truncate(bytes.len() / 2),
        &|bytes| bytes[..4096].fill(0),
        &|bytes| bytes.splice(.., b"no cache at all".iter().copied()).for_each(drop),
        &|bytes| {
            let len = bytes.len();
            bytes[len / 3..len / 3 * 2].fill(0xa5);
        },
    ];
    for spoil in spoilt {
        let mut bytes = whole.clone();
        spoil(&mut bytes);
        fs::write(&cache, &bytes).unwrap();
        let output = run(tree.path(), &[&NDJSON[..], &["--cache", name]].concat());
        assert_eq!(stdout(&output), plain, "{}", stderr(&output));
        let again = run(tree.path(), &[&NDJSON[..], &["--cache", name]].concat());
        assert_eq!(stdout(&again), plain, "{}", stderr(&again));
    }
    assert!(fs::exists(cache.with_file_name("cache-in-use.redb.damaged")).unwrap());
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let tree = tree(30);
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("killed.redb");
    let name = name.to_str().unwrap();
    let plain = stdout(&run(tree.path(), &NDJSON));
    for milliseconds in [1, 3, 10, 20, 30, 45, 60, 80, 110, 150] {
        let mut child = preflight(tree.path())
            .args(NDJSON)
            .args(["--cache", name, "-j1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let resumed = run(tree.path(), &[&NDJSON[..], &["--cache", name]].concat());
    assert_eq!(stdout(&resumed), plain, "{}", stderr(&resumed));
    assert_eq!(stderr(&resumed), "", "a killed run leaves no damage");
}

#[test]
fn an_interrupted_run_reports_what_was_under_way_and_says_so() {
    let tree = tree(1);
    let mut child = preflight(tree.path())
        .args(["check", "-", "--verbose", "-j1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    std::io::Write::write_all(&mut stdin, b"a\n").unwrap();
    let first = lines.next().unwrap().unwrap();
    assert!(!first.is_empty());
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    std::thread::sleep(Duration::from_millis(300));
    std::io::Write::write_all(&mut stdin, b"c\n").unwrap_or_default();
    drop(stdin);
    let rest: Vec<_> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(rest.iter().any(|line| line.contains("interrupted")), "{rest:?}");
}

#[test]
fn the_first_result_does_not_wait_for_the_last() {
    let tree = tree(1);
    let mut child = preflight(tree.path())
        .args(["check", "-", "--format", "ndjson"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for folder in ["a\n", "c\n"] {
        std::io::Write::write_all(&mut stdin, folder.as_bytes()).unwrap();
        assert!(lines.next().unwrap().unwrap().starts_with("{\"schema\":1"), "while the list is still open");
    }
    drop(stdin);
    assert!(lines.count() > 10);
    child.wait().unwrap();
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let tree = tree(5);
    let mut child = preflight(tree.path())
        .args(["check", ".", "--format", "ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn files_are_selected() {
    let tree = tree(1);
    let paths = |args: &[&str]| -> Vec<String> {
        let output = run(tree.path(), &[&["check", "--format", "ndjson", "--exit-zero"], args].concat());
        let lines = stdout(&output);
        lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["path"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = paths(&["."]);
    assert!(paths(&[".", "--include", "*.gif"]).iter().all(|path| path.ends_with(".gif")));
    assert!(!paths(&[".", "--include", "*.gif"]).is_empty());
    assert!(paths(&[".", "--exclude", "a"]).iter().all(|path| !path.starts_with("./a/")));
    assert!(paths(&[".", "--exclude", "*.gif,*.png"]).iter().all(|path| !path.ends_with(".gif")));
    assert_eq!(paths(&[".", "--max-depth", "1"]), [""; 0]);
    assert!(paths(&[".", "--max-depth", "2"]).iter().all(|path| !path.contains("/d/")));
    assert_eq!(paths(&[".", "--changed-since", "1h"]), all);
    assert_eq!(paths(&[".", "--changed-since", "2999-01-01"]), [""; 0]);
    fs::write(tree.path().join("list"), all[3].clone() + "\0" + &all[5]).unwrap();
    assert_eq!(paths(&["--files-from", "list", "-0"]), [all[3].clone(), all[5].clone()]);
    std::os::unix::fs::symlink("..", tree.path().join("c/loop")).unwrap();
    assert_eq!(paths(&["c"]).len(), all.iter().filter(|path| path.starts_with("./c/")).count());
    let followed = paths(&["c", "--follow", "--exclude", "list"]);
    assert!(followed.len() > all.len() && followed.iter().filter(|path| path.contains("/loop/c/loop")).count() <= 1);
    let bad = run(tree.path(), &["check", ".", "--include", "a[", "--exit-zero"]);
    assert_eq!(bad.status.code(), Some(2), "{}", stderr(&bad));
}

#[test]
fn settings_come_from_flags_then_the_environment_then_the_file() {
    let tree = tree(1);
    let at = tree.path();
    fs::write(at.join("preflight.toml"), "jobs = 3\ndepth = 'structure'\nexit-zero = true\nexclude = ['a', 'list']\n")
        .unwrap();
    let run = |args: &[&str]| {
        preflight(at)
            .env_remove("AIS_PREFLIGHT_CONFIG")
            .env("AIS_PREFLIGHT_DEPTH", "header")
            .args(args)
            .output()
            .unwrap()
    };
    let shown = stdout(&run(&["config", "print", "--", "--jobs", "2"]));
    let line = |name: &str| {
        shown.lines().find(|line| line.starts_with(name)).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("jobs "), "jobs = \"2\" # command line");
    assert_eq!(line("depth "), "depth = \"header\" # environment");
    assert_eq!(line("exit-zero "), "exit-zero = true # settings file");
    assert_eq!(line("exclude "), "exclude = [\"a\", \"list\"] # settings file");
    assert_eq!(line("profile "), "profile = \"auto\" # default");
    let output = run(&["check", ".", "--format", "ndjson"]);
    assert_eq!(output.status.code(), Some(0), "exit-zero is set: {}", stderr(&output));
    assert!(stdout(&output).contains("\"depth\":\"header\"") && !stdout(&output).contains("\"path\":\"./a/"));
    fs::write(at.join("preflight.toml"), "exclud = 1").unwrap();
    let wrong = run(&["check", "."]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("there is no setting `exclud`; did you mean `exclude`?"), "{}", stderr(&wrong));
    fs::write(at.join("preflight.toml"), "jobs = ").unwrap();
    assert_eq!(run(&["check", "."]).status.code(), Some(2));
    assert_eq!(run(&["explain", "AIS.0402"]).status.code(), Some(0), "only `check` has settings");
}

#[test]
fn completions_and_manual_pages_are_made_of_the_arguments() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(stdout(&run(folder.path(), &["completions", shell])).contains("changed-since"), "{shell}");
    }
    assert!(stdout(&run(folder.path(), &["man"])).starts_with(".ie"));
    assert!(run(folder.path(), &["man", "--out", "pages"]).status.success());
    assert!(fs::read_to_string(folder.path().join("pages/ais-preflight-check.1")).unwrap().contains("changed\\-since"));
}
