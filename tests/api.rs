//! The library as a caller uses it: it answers whatever happens, from any thread.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ais_preflight::batch::Batch;
use ais_preflight::profile::ProfileSet;
use ais_preflight::source::Source;
use ais_preflight::{Budget, Checker, Lang, Report, Verdict};

/// A source that fails in one way or another.
enum Broken {
    Size,
    Read,
    Short,
    Panic,
}

impl Source for Broken {
    fn size(&self) -> io::Result<u64> {
        match self {
            Self::Size => Err(io::Error::other("no size")),
            _ => Ok(1000),
        }
    }

    fn read_at(&self, _offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Size | Self::Read => Err(io::Error::other("the cable is out")),
            Self::Short => {
                buf[..10].copy_from_slice(b"\xff\xd8\xff\xe0\x00\x10JFIF");
                Ok(if buf.len() == 1000 { 10 } else { 0 })
            }
            Self::Panic => panic!("a fault in the caller's source"),
        }
    }
}

fn only_finding(report: &Report) -> (&str, &str) {
    assert_eq!(report.findings.len(), 1, "{report:?}");
    (report.findings[0].defect, &report.findings[0].message)
}

#[test]
fn a_source_that_fails_is_unchecked_and_never_damaged() {
    for (source, defect, says) in [
        (Broken::Size, "unreadable", "no size"),
        (Broken::Read, "unreadable", "the cable is out"),
        (Broken::Short, "unreadable", "became shorter"),
        (Broken::Panic, "internal-error", "fault of its own"),
    ] {
        let report = Checker::new().check(&source);
        let (id, message) = only_finding(&report);
        assert_eq!((report.verdict, id), (Verdict::Unchecked, defect));
        assert!(message.contains(says), "{message}");
        assert_eq!(report.findings[0].code, None);
    }
}

#[test]
fn a_spent_budget_is_unchecked_and_says_which_limit() {
    let bytes = io::Cursor::new(vec![0_u8; 1 << 20]);
    let source = ais_preflight::source::SeekSource::new(bytes);
    let cancel = Arc::new(AtomicBool::new(true));
    let mut budgets = [Budget::default(), Budget::default(), Budget::default(), Budget::default()];
    budgets[0].bytes = Some(100);
    budgets[1].reads = 0;
    budgets[2].time = Some(Duration::ZERO);
    budgets[3].cancel = Some(cancel);
    for (budget, says) in budgets.into_iter().zip(["bytes read", "read calls", "time", "cancelled"]) {
        let report = Checker::new().budget(budget).check(&source);
        let (id, message) = only_finding(&report);
        assert_eq!((report.verdict, id), (Verdict::Unchecked, "budget-spent"));
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn what_is_no_regular_file_is_unchecked_and_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let named_like_a_picture = folder.path().join("a.jpg");
    std::fs::create_dir(&named_like_a_picture).unwrap();
    for path in [named_like_a_picture.as_path(), Path::new("/dev/null"), &folder.path().join("absent.png")] {
        let report = Checker::new().check_path(path);
        assert_eq!((report.verdict, only_finding(&report).0), (Verdict::Unchecked, "unreadable"));
        assert_eq!(report.path.as_deref(), path.to_str());
        assert_eq!(report.bytes, None);
    }
}

#[test]
fn one_checker_serves_many_threads_and_clones_alike() {
    fn usable<T: Clone + Send + Sync>(_: &T) {}
    let checker = Checker::new().lang(Lang::Zh);
    usable(&checker);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let checker = checker.clone();
            scope.spawn(move || assert_eq!(checker.check_bytes(b"").findings[0].message, "文件为空"));
        }
    });
}

#[test]
fn the_profile_follows_the_content_and_for_the_unknown_the_name() {
    let check = |name: &str, bytes: &[u8]| Checker::new().check_named(&bytes, Some(Path::new(name)));
    let code = |report: &Report| report.cause().and_then(|cause| cause.code.clone());
    let damaged_video = check("a.mp4", b"nothing known");
    assert_eq!(
        (damaged_video.profile.as_str(), code(&damaged_video).as_deref()),
        ("huawei/video-v3", Some("AIS.0705"))
    );
    let damaged_image = check("a.jpg", b"nothing known");
    assert_eq!(
        (damaged_image.profile.as_str(), code(&damaged_image).as_deref()),
        ("huawei/image-v3", Some("AIS.0402"))
    );
    let video = ProfileSet::builtin("huawei/video-v3").unwrap();
    let image_to_video = Checker::new().profile(video).check_bytes(b"GIF89a");
    assert_eq!(code(&image_to_video).as_deref(), Some("AIS.0705"));
}

#[test]
fn a_batch_keeps_the_order_and_stops_when_told() {
    let inputs: Vec<Vec<u8>> = (0..200_u8).map(|n| vec![n; usize::from(n)]).collect();
    let mut sizes = Vec::new();
    Batch::new(Checker::new()).jobs(3).run(
        &inputs,
        |checker, bytes| checker.check_bytes(bytes),
        |report| {
            sizes.push(report.bytes.unwrap());
            if sizes.len() == 150 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    assert_eq!(sizes, (0..150).collect::<Vec<u64>>());
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_escaped_and_flagged() {
    use std::os::unix::ffi::OsStrExt;
    let name = Path::new(std::ffi::OsStr::from_bytes(b"a\\b\xff.jpg"));
    let report = Checker::new().check_named(&&b""[..], Some(name));
    assert_eq!((report.path.as_deref(), report.path_escaped), (Some("a\\\\b\\xff.jpg"), true));
    let report = Checker::new().check_named(&&b""[..], Some(Path::new("a\\b.jpg")));
    assert_eq!((report.path.as_deref(), report.path_escaped), (Some("a\\b.jpg"), false));
}
