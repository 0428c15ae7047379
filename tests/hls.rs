//! Playlists and what they refer to: what is looked at, what is not, and that it all ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ais_preflight::{Budget, Checker, Report, Verdict};
use m3u8_rs::Playlist;
use support::all;

const START: &str = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n";

fn defects(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.defect).collect()
}

/// A playlist in a folder of its own, together with a segment `0.ts`.
fn check(checker: &Checker, text: &str) -> Report {
    let scratch = tempfile::tempdir().unwrap();
    let segment = support::root().join("hls/good/media/0.ts");
    fs::copy(segment, scratch.path().join("0.ts")).unwrap();
    let path = scratch.path().join("list.m3u8");
    fs::write(&path, text).unwrap();
    checker.check_path(&path)
}

/// `m3u8-rs` is no part of the program: it takes time that grows with the square of the length, and
/// loses segments behind an attribute without a value. Of sound playlists it has the same opinion.
#[test]
fn another_reader_finds_the_same_duration() {
    let mut compared = 0;
    for fixture in all().iter().filter(|fixture| fixture.name.starts_with("hls/good/")) {
        let report = fixture.checker().check_path(&fixture.path);
        let facts = serde_json::to_value(&report.facts).unwrap();
        let Playlist::MediaPlaylist(playlist) = m3u8_rs::parse_playlist_res(&fixture.bytes).unwrap() else {
            assert_eq!(facts["variant"], "master", "{}", fixture.name);
            continue;
        };
        let total: f64 = playlist.segments.iter().map(|segment| f64::from(segment.duration)).sum();
        let ours = facts["duration_s"].as_f64().unwrap();
        assert!((total - ours).abs() < 0.001, "{}: {total} and {ours}", fixture.name);
        compared += 1;
    }
    assert!(compared > 10);
}

#[test]
fn without_a_folder_no_file_is_opened() {
    let path = support::root().join("hls/bad/segment-damaged.m3u8");
    let bytes = fs::read(&path).unwrap();
    assert_eq!(defects(&Checker::new().check_path(&path)), ["hls-segment-damaged"]);
    for report in [Checker::new().check_bytes(&bytes), Checker::new().check_named(&bytes, Some(&path))] {
        assert_eq!((report.verdict, defects(&report)), (Verdict::Pass, vec!["hls-segments-not-seen"]));
    }
}

#[test]
fn a_segment_that_is_named_often_is_read_once() {
    let started = Instant::now();
    let mut text = START.to_owned();
    text.push_str(&"#EXTINF:1,\n0.ts\n".repeat(50_000));
    let report = check(&Checker::new(), &(text + "#EXT-X-ENDLIST\n"));
    assert_eq!(defects(&report), ["video-too-long"]);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn parts_that_overlap_spend_the_budget() {
    let mut text = START.to_owned();
    for start in 0..6000 {
        write!(text, "#EXTINF:0.1,\n#EXT-X-BYTERANGE:2000@{start}\n0.ts\n").unwrap();
    }
    let mut budget = Budget::default();
    budget.bytes = Some(1 << 20);
    let report = check(&Checker::new().budget(budget), &text);
    assert!(defects(&report).contains(&"budget-spent"), "{:?}", defects(&report));
}

#[test]
fn absent_segments_are_counted_and_not_listed() {
    let text = format!("{START}{}#EXT-X-ENDLIST\n", "#EXTINF:1,\nabsent.ts\n".repeat(1000));
    let report = check(&Checker::new(), &text);
    let missing: Vec<_> = report.findings.iter().filter(|finding| finding.defect == "hls-segment-missing").collect();
    assert!(missing.len() < 10);
    assert_eq!(u64::try_from(missing.len()).unwrap() + missing.iter().map(|finding| finding.more).sum::<u64>(), 1000);
    assert_eq!(missing[0].within.as_deref(), Some("segment 1"));
}

#[test]
fn playlists_that_name_each_other_end() {
    let scratch = tempfile::tempdir().unwrap();
    let variant = |name| format!("{START}#EXT-X-STREAM-INF:BANDWIDTH=1\n{name}\n");
    fs::write(scratch.path().join("a.m3u8"), variant("b.m3u8")).unwrap();
    fs::write(scratch.path().join("b.m3u8"), variant("a.m3u8")).unwrap();
    let report = Checker::new().check_path(&scratch.path().join("a.m3u8"));
    assert!(defects(&report).contains(&"hls-playlists-nested"), "{report:?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_not_opened() {
    let scratch = tempfile::tempdir().unwrap();
    fs::create_dir(scratch.path().join("folder.ts")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", scratch.path().join("endless.ts")).unwrap();
    let text = format!("{START}#EXTINF:1,\nfolder.ts\n#EXTINF:1,\nendless.ts\n#EXT-X-ENDLIST\n");
    fs::write(scratch.path().join("list.m3u8"), text).unwrap();
    let report = Checker::new().check_path(&scratch.path().join("list.m3u8"));
    assert_eq!(defects(&report), ["hls-segment-missing", "hls-segments-not-seen"]);
    assert!(Path::new("/dev/zero").exists());
}
