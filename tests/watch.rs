//! `watch` as a user runs it: beside programs that write, rename and remove files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![cfg(all(feature = "cli", target_os = "linux"))]
#![allow(clippy::disallowed_methods, reason = "what the tests read is small")]
#![allow(clippy::print_stderr, reason = "says what was not tested")]

mod support;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

/// A watch that is under way.
struct Watch {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
}

/// How it ended: what it printed for each path, the summary, and the exit status.
struct Ended {
    reports: Vec<Value>,
    stderr: String,
    status: Option<i32>,
}

impl Watch {
    /// Watches `folders` of `at`, and returns when nothing that happens from now on is missed.
    fn start(at: &Path, args: &[&str], folders: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
            .arg("watch")
            .args(args)
            .args(folders)
            .current_dir(at)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        for folder in folders {
            let mut line = String::new();
            stderr.read_line(&mut line).unwrap();
            assert_eq!(line, format!("watching {folder}\n"));
        }
        Self { child, stderr }
    }

    fn end(mut self) -> Ended {
        let output = self.child.stdout.take().unwrap();
        let lines = BufReader::new(output).lines().map(Result::unwrap);
        let reports = lines.map(|line| serde_json::from_str(&line).unwrap()).collect();
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut self.stderr, &mut stderr).unwrap();
        Ended { reports, stderr, status: self.child.wait().unwrap().code() }
    }
}

impl Ended {
    /// The verdict on each path; a path that came twice fails.
    fn verdicts(&self) -> BTreeMap<&str, &str> {
        let pairs = self.reports.iter().map(|report| (text(report, "path"), text(report, "verdict")));
        let verdicts: BTreeMap<_, _> = pairs.collect();
        assert_eq!(verdicts.len(), self.reports.len(), "{:?}", self.reports);
        verdicts
    }
}

fn text<'r>(report: &'r Value, key: &str) -> &'r str {
    assert!(report[key].is_string(), "{key}: {report}");
    report[key].as_str().unwrap()
}

fn good() -> Vec<u8> {
    support::all().into_iter().find(|fixture| fixture.name.starts_with("png/good/")).unwrap().bytes
}

const QUICK: [&str; 4] = ["--settle", "0.3", "--once-idle", "1.5"];

#[test]
fn what_is_written_slowly_is_checked_once_and_when_it_is_complete() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join("in")).unwrap();
    fs::write(tree.path().join("in/before.png"), good()).unwrap();
    let watch = Watch::start(tree.path(), &QUICK, &["in"]);
    let bytes = good();
    let piece = bytes.len().div_ceil(5);
    // One writer keeps the file open and rests longer than files take to settle.
    let mut kept_open = File::create(tree.path().join("in/kept-open.png")).unwrap();
    for part in bytes.chunks(piece) {
        kept_open.write_all(part).unwrap();
        // The other opens it anew for each piece.
        let mut reopened = File::options().append(true).create(true).open(tree.path().join("in/reopened.png")).unwrap();
        reopened.write_all(part).unwrap();
        drop(reopened);
        sleep(Duration::from_millis(150));
    }
    sleep(Duration::from_millis(900));
    drop(kept_open);
    let ended = watch.end();
    assert_eq!(ended.verdicts(), BTreeMap::from([("in/kept-open.png", "pass"), ("in/reopened.png", "pass")]));
    assert_eq!((ended.stderr.as_str(), ended.status), ("2 files: 0 reject 0 risk 0 unchecked 2 pass\n", Some(0)));
}

#[test]
fn what_is_written_under_another_name_is_checked_when_it_is_renamed() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join("in")).unwrap();
    let watch = Watch::start(tree.path(), &QUICK, &["in"]);
    let at = |name: &str| tree.path().join("in").join(name);
    for name in ["a.png.part", "b.png.crdownload", ".c.png", "d.png~", "e.TMP"] {
        fs::write(at(name), good()).unwrap();
    }
    sleep(Duration::from_millis(700));
    fs::rename(at("a.png.part"), at("a.png")).unwrap();
    fs::rename(at(".c.png"), at("c.png")).unwrap();
    fs::write(tree.path().join("outside.png"), &good()[..40]).unwrap();
    fs::rename(tree.path().join("outside.png"), at("moved-in.png")).unwrap();
    let ended = watch.end();
    let expected = [("in/a.png", "pass"), ("in/c.png", "pass"), ("in/moved-in.png", "reject")];
    assert_eq!(ended.verdicts(), BTreeMap::from(expected));
    assert_eq!(ended.status, Some(1));
}

#[test]
fn a_burst_of_files_in_new_folders_is_checked_to_the_last() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join("in")).unwrap();
    let watch = Watch::start(tree.path(), &QUICK, &["in"]);
    let bytes = good();
    for number in 0..500 {
        let folder = tree.path().join(format!("in/{}/{}", number / 50, number % 50 / 10));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{number}.png")), &bytes).unwrap();
    }
    let ended = watch.end();
    assert_eq!(ended.verdicts().len(), 500);
    assert!(ended.verdicts().values().all(|verdict| *verdict == "pass"));
}

#[test]
fn files_are_sorted_by_verdict_and_none_is_written_over() {
    let tree = tempfile::tempdir().unwrap();
    let at = tree.path();
    fs::create_dir_all(at.join("in/deep")).unwrap();
    fs::create_dir_all(at.join("in/sorted/accepted")).unwrap();
    fs::write(at.join("in/sorted/accepted/a.png"), b"somebody's").unwrap();
    fs::write(at.join("in/old.png"), good()).unwrap();
    let large = [good(), vec![0; 7_600_000]].concat();
    let args = [&QUICK[..], &["--existing", "--sort-into", "in/sorted"]].concat();
    let watch = Watch::start(at, &args, &["in"]);
    fs::write(at.join("in/a.png"), good()).unwrap();
    fs::write(at.join("in/deep/a.png"), good()).unwrap();
    fs::write(at.join("in/bad.png"), &good()[..40]).unwrap();
    fs::write(at.join("in/risk.png"), &large).unwrap();
    let ended = watch.end();
    let moved: BTreeMap<_, _> =
        ended.reports.iter().map(|report| (text(report, "path"), text(report, "moved_to"))).collect();
    let expected = [
        ("in/a.png", "in/sorted/accepted/a (1).png"),
        ("in/bad.png", "in/sorted/rejected/bad.png"),
        ("in/deep/a.png", "in/sorted/accepted/deep/a.png"),
        ("in/old.png", "in/sorted/accepted/old.png"),
        ("in/risk.png", "in/sorted/accepted/risk.png"),
    ];
    assert_eq!((moved, ended.reports.len()), (BTreeMap::from(expected), 5));
    assert_eq!(fs::read(at.join("in/sorted/accepted/a.png")).unwrap(), b"somebody's");
    assert!(expected.iter().all(|(from, to)| !at.join(from).exists() && at.join(to).exists()));

    let args = [&args[..], &["--fail-on", "risk"]].concat();
    fs::write(at.join("in/risk.png"), &large).unwrap();
    let ended = Watch::start(at, &args, &["in"]).end();
    assert_eq!(text(&ended.reports[0], "moved_to"), "in/sorted/rejected/risk.png");
    assert_eq!((ended.reports.len(), ended.status), (1, Some(1)));
}

#[test]
fn files_are_moved_to_another_file_system_whole() {
    let other = Path::new("/dev/shm");
    let tree = tempfile::tempdir().unwrap();
    let device = |path: &Path| fs::metadata(path).map(|file| file.dev()).ok();
    if device(other).is_none() || device(other) == device(tree.path()) {
        eprintln!("not tested: moving to another file system, since there is none");
        return;
    }
    let sorted = tempfile::tempdir_in(other).unwrap();
    fs::create_dir(tree.path().join("in")).unwrap();
    fs::write(tree.path().join("in/a.png"), good()).unwrap();
    let args = [&QUICK[..], &["--existing", "--sort-into", sorted.path().to_str().unwrap()]].concat();
    let ended = Watch::start(tree.path(), &args, &["in"]).end();
    assert_eq!(ended.reports.len(), 1);
    assert_eq!(fs::read(text(&ended.reports[0], "moved_to")).unwrap(), good());
    assert!(!tree.path().join("in/a.png").exists());
    let left: Vec<_> =
        fs::read_dir(sorted.path().join("accepted")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["a.png"]);
}

#[test]
fn a_folder_that_goes_is_no_harm_to_the_others() {
    let tree = tempfile::tempdir().unwrap();
    let at = tree.path();
    for folder in ["one/sub", "two"] {
        fs::create_dir_all(at.join(folder)).unwrap();
    }
    let watch = Watch::start(at, &QUICK, &["one", "two"]);
    fs::write(at.join("one/sub/gone.png"), good()).unwrap();
    fs::remove_dir_all(at.join("one/sub")).unwrap();
    fs::write(at.join("one/a.png"), good()).unwrap();
    sleep(Duration::from_millis(600));
    fs::remove_dir_all(at.join("one")).unwrap();
    fs::write(at.join("two/b.png"), good()).unwrap();
    let ended = watch.end();
    assert_eq!(ended.verdicts(), BTreeMap::from([("one/a.png", "pass"), ("two/b.png", "pass")]));
    assert_eq!(ended.status, Some(0));

    let watch = Watch::start(at, &["--settle", "0.1"], &["two"]);
    fs::remove_dir_all(at.join("two")).unwrap();
    let ended = watch.end();
    assert_eq!(ended.status, Some(2));
    assert!(ended.stderr.contains("no longer there"), "{}", ended.stderr);
}

#[test]
fn folders_that_the_system_does_not_tell_of_are_looked_through() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join("in")).unwrap();
    let watch = Watch::start(tree.path(), &["--poll", "0.2", "--settle", "0.3", "--once-idle", "2"], &["in"]);
    fs::write(tree.path().join("in/a.png"), good()).unwrap();
    assert_eq!(watch.end().verdicts(), BTreeMap::from([("in/a.png", "pass")]));
}

#[test]
fn interruption_ends_it_with_a_summary() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join("in")).unwrap();
    let watch = Watch::start(tree.path(), &["--settle", "0.1", "--format", "ndjson"], &["in"]);
    fs::write(tree.path().join("in/a.png"), good()).unwrap();
    sleep(Duration::from_millis(800));
    assert!(Command::new("kill").args(["-INT", &watch.child.id().to_string()]).status().unwrap().success());
    let ended = watch.end();
    assert_eq!(ended.verdicts().len(), 1);
    assert_eq!((ended.stderr.as_str(), ended.status), ("1 file: 0 reject 0 risk 0 unchecked 1 pass\n", Some(0)));
    let absent = tree.path().join("absent");
    let none = Command::new(env!("CARGO_BIN_EXE_ais-preflight")).arg("watch").arg(absent).output().unwrap();
    assert_eq!(none.status.code(), Some(2));
}
