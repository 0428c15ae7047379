//! Commands that mend files, and `fix`, which does it itself: what comes of them passes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "what the tests read is small")]
#![allow(clippy::print_stderr, reason = "says what was not tested")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ais_preflight::Checker;
use base64::Engine;
use serde_json::Value;
use support::Fixture;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ais-preflight");

fn preflight(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(args).current_dir(folder).env("LC_ALL", "C").env("AIS_PREFLIGHT_CONFIG", "");
    command.output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    std::str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn check(folder: &Path, args: &[&str]) -> Vec<Value> {
    lines(&preflight(folder, &[&["check", "--format", "ndjson"][..], args].concat()))
}

/// Every file below `folder` with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    all
}

/// A picture of noise, 24 bits a pixel and upside down as BMP has it.
fn bmp(width: u32, height: u32) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let size = 54 + row * height;
    let mut bytes = b"BM".to_vec();
    for field in [size, 0, 54, 40, width, height, 1 | 24 << 16, 0, row * height, 2835, 2835, 0, 0] {
        bytes.extend(field.to_le_bytes());
    }
    let mut state = 1_u32;
    bytes.extend((0..row * height).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    }));
    bytes
}

fn program_exists(name: &str) -> bool {
    Command::new(name).arg("-version").output().is_ok_and(|output| output.status.success())
}

/// What `fix` mends where it is all that is wrong with a picture.
const MENDED: [&str; 5] =
    ["extension-mismatch", "file-too-large", "format-not-accepted", "image-edge-too-large", "image-edge-too-small"];

/// What is nevertheless not mended: the decoders that are built in do not know it.
const NOT_DECODED: [&str; 10] = [
    "avif/",
    "bmp/bad/huffman.bmp",
    "bmp/bad/jpeg-inside.bmp",
    "bmp/bad/planes-wrong.bmp",
    "bmp/bad/png-inside.bmp",
    "bmp/good/alpha-bitfields.bmp",
    "bmp/good/os2-2",
    "bmp/good/rle8-filled-rows.bmp",
    "bmp/good/rle8-top-down.bmp",
    "bmp/good/sixty-four-bits.bmp",
];

fn is_picture(fixture: &Fixture) -> bool {
    ["jpeg/", "png/", "gif/", "webp/", "bmp/", "tiff/", "avif/", "heif/"]
        .iter()
        .any(|folder| fixture.name.starts_with(folder))
}

#[test]
fn what_is_mended_passes_and_the_originals_stay_as_they_are() {
    let tree = tempfile::tempdir().unwrap();
    let fixtures: Vec<_> = support::all().into_iter().filter(is_picture).collect();
    for fixture in &fixtures {
        let path = tree.path().join("in").join(&fixture.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &fixture.bytes).unwrap();
    }
    let before = contents(&tree.path().join("in"));
    let output = preflight(tree.path(), &["fix", "--format", "ndjson", "--out", "out", "in"]);
    assert_eq!(contents(&tree.path().join("in")), before);
    assert_eq!(output.status.code(), Some(1), "damaged files are not mended");
    let results: BTreeMap<String, Value> =
        lines(&output).into_iter().map(|line| (line["path"].as_str().unwrap()[3..].to_owned(), line)).collect();
    assert_eq!(results.len(), fixtures.len());
    let (mut mended, mut not_mended, mut surprises) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for fixture in &fixtures {
        let result = &results[&fixture.name];
        let report: Value = serde_json::from_str(&Checker::new().check_path(&fixture.path).to_json()).unwrap();
        let grave: Vec<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["severity"] != "note" || finding["defect"] == "extension-mismatch")
            .map(|finding| finding["defect"].as_str().unwrap().to_owned())
            .collect();
        let expected = if grave.is_empty() {
            "passes"
        } else if grave.iter().all(|defect| MENDED.contains(&defect.as_str()))
            && !NOT_DECODED.iter().any(|name| fixture.name.starts_with(name))
        {
            mended.extend(grave);
            "fixed"
        } else {
            not_mended.insert(fixture.name.clone());
            "not-fixed"
        };
        if result["outcome"] != expected {
            surprises.push(format!("{} is not {expected}: {result}", fixture.name));
        }
        assert_eq!(result["outcome"] == "not-fixed", result["reason"].is_string(), "{result}");
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    // The other faults have tests of their own.
    assert_eq!(mended, ["format-not-accepted", "image-edge-too-small"].map(String::from).into());
    assert!(!not_mended.is_empty());
    let made = check(tree.path(), &["--fail-on", "risk", "--hidden", "out"]);
    assert_eq!(made.len(), results.values().filter(|result| result["outcome"] == "fixed").count());
    for report in made {
        assert_eq!(report["verdict"], "pass", "{report}");
        assert!(report["findings"].as_array().unwrap().iter().all(|found| found["defect"] != "extension-mismatch"));
    }
}

#[test]
fn what_is_salvaged_passes_too() {
    let tree = tempfile::tempdir().unwrap();
    for fixture in support::all().into_iter().filter(is_picture).filter(|fixture| !fixture.is_good()) {
        let path = tree.path().join("in").join(&fixture.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &fixture.bytes).unwrap();
    }
    let output = preflight(tree.path(), &["fix", "--salvage", "--format", "ndjson", "--out", "out", "in"]);
    let fixed = lines(&output).iter().filter(|line| line["outcome"] == "fixed").count();
    assert!(fixed > 50, "{fixed}");
    let made = check(tree.path(), &["--hidden", "out"]);
    assert_eq!(made.len(), fixed);
    assert!(made.iter().all(|report| report["verdict"] == "pass"));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn a_picture_is_made_small_enough_for_the_way_it_is_sent() {
    let tree = tempfile::tempdir().unwrap();
    fs::write(tree.path().join("noise.bmp"), bmp(2300, 1900)).unwrap();
    for (via, limit) in [("url", 10_000_000), ("base64", 7_500_000)] {
        let output = preflight(tree.path(), &["fix", "--via", via, "--format", "ndjson", "--out", via, "noise.bmp"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        let out = tree.path().join(lines(&output)[0]["out"][0].as_str().unwrap());
        assert!(fs::metadata(&out).unwrap().len() <= limit);
        assert_eq!(check(tree.path(), &["--via", via, via])[0]["verdict"], "pass");
    }
}

#[test]
fn nothing_is_written_over_and_folders_keep_their_shape() {
    let tree = tempfile::tempdir().unwrap();
    let at = tree.path();
    fs::create_dir_all(at.join("in/deep/er")).unwrap();
    fs::create_dir_all(at.join("other")).unwrap();
    let small = bmp(30, 30);
    for name in ["in/a.bmp", "in/deep/er/a.bmp", "in/deep/er/a.dib", "other/a.bmp"] {
        fs::write(at.join(name), &small).unwrap();
    }
    let names = |folder: &str| -> Vec<String> {
        let all = contents(&at.join(folder)).into_keys();
        all.map(|path| path.strip_prefix(at.join(folder)).unwrap().to_str().unwrap().to_owned()).collect()
    };
    // The folder that is written to lies in the one that is read.
    let fix = |args: &[&str]| preflight(at, &[&["fix", "--out", "in/out"][..], args].concat());
    assert!(fix(&["--dry-run", "in", "other"]).status.success());
    assert!(!at.join("in/out").exists());
    assert_eq!(fix(&["in", "other"]).status.code(), Some(0));
    assert_eq!(names("in/out"), ["a (1).png", "a.png", "deep/er/a (1).png", "deep/er/a.png"]);
    let first = contents(&at.join("in/out"));
    assert_eq!(fix(&["in"]).status.code(), Some(0));
    assert_eq!(names("in/out").len(), 7);
    assert!(first.iter().all(|(path, bytes)| fs::read(path).unwrap() == *bytes));
    assert_eq!(fix(&["absent.bmp"]).status.code(), Some(2));
    assert_eq!(preflight(at, &["fix", "in"]).status.code(), Some(2), "--out is wanted");
    let output = fix(&["--copy-passing", "in/out/a.png"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("copied in/out/a.png → in/out/a (3).png"));
}

#[test]
fn a_name_with_the_wrong_extension_gets_the_right_one() {
    let tree = tempfile::tempdir().unwrap();
    let good = support::all().into_iter().find(|fixture| fixture.name.starts_with("png/good/")).unwrap();
    fs::write(tree.path().join("a.jpg"), &good.bytes).unwrap();
    let output = preflight(tree.path(), &["fix", "--out", "out", "a.jpg"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(fs::read(tree.path().join("out/a.png")).unwrap(), good.bytes);
    let chinese = preflight(tree.path(), &["fix", "--lang", "zh", "--dry-run", "--out", "out", "a.jpg"]);
    assert_eq!(String::from_utf8_lossy(&chinese.stdout), "可修复 a.jpg: 扩展名改为 .png\n共 1 个文件： 1 可修复\n");
}

#[test]
fn base64_texts_are_written_as_they_should_be() {
    let tree = tempfile::tempdir().unwrap();
    let at = tree.path();
    let good = support::all().into_iter().find(|fixture| fixture.name.starts_with("jpeg/good/")).unwrap();
    let plain = base64::engine::general_purpose::STANDARD.encode(&good.bytes);
    let broken_up: Vec<_> = plain.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let small = base64::engine::general_purpose::STANDARD.encode(bmp(10, 12));
    let texts = [
        ("prefix", format!("data:image/jpeg;base64,{plain}")),
        ("lines", broken_up.join("\r\n")),
        ("url", plain.replace('+', "-").replace('/', "_")),
        ("padding", plain.trim_end_matches('=').to_owned()),
        ("small", small),
    ];
    for (name, text) in &texts {
        fs::write(at.join(name), text).unwrap();
    }
    fs::write(at.join("damaged"), &plain[..plain.len() / 2]).unwrap();
    let output = preflight(at, &["fix", "--base64", "--out", "out", "prefix", "lines", "url", "padding", "small"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    for (name, _) in &texts {
        let Ok(made) = fs::read_to_string(at.join("out").join(name)) else {
            // Without padding there was nothing to mend if its length is a multiple of four.
            assert_eq!(*name, "padding");
            continue;
        };
        assert!(*name == "small" || made == plain, "{name}");
        let args = ["check", "--base64", "--fail-on", "risk", &format!("out/{name}")];
        assert_eq!(preflight(at, &args).status.code(), Some(0), "{name}");
    }
    assert_eq!(preflight(at, &["fix", "--base64", "--out", "out", "damaged"]).status.code(), Some(1));
    // The command that is named for it does it.
    let reports = check(at, &["--base64", "prefix"]);
    let command = reports[0]["findings"][0]["remedy_command"].as_str().unwrap();
    assert_eq!(command, "ais-preflight fix --base64 --out fixed prefix");
    assert!(sh(at, command).status.success());
}

/// Runs a line in a shell that finds this program.
fn sh(folder: &Path, line: &str) -> Output {
    let mut path = OsString::from(Path::new(PROGRAM).parent().unwrap());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let output = Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap();
    assert!(output.stderr.is_empty() || output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Names (without extension) that would do harm, were they not quoted.
const HOSTILE: [&str; 12] = [
    "plain",
    "two words",
    "-rf",
    "--out",
    "it's; touch pwned #",
    "$(touch pwned)`touch pwned`${HOME}",
    "\"&& touch pwned\"|touch pwned\\",
    "a*?[0]{b,c}~!",
    "http:x@y",
    "%d%03d",
    "图片 ü",
    "=cmd()",
];

#[test]
fn the_commands_of_findings_mend_the_files_whatever_their_names() {
    let tree = tempfile::tempdir().unwrap();
    let at = tree.path();
    let small = support::all().into_iter().find(|fixture| fixture.name == "png/bad/edge-of-19.png").unwrap().bytes;
    for (number, name) in HOSTILE.iter().enumerate() {
        let folder = at.join(format!("{number} of 12"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.bmp")), bmp(19, 40)).unwrap();
        fs::write(folder.join(format!("{name}.png")), &small).unwrap();
        // Once with the folder in front of the name, and once without.
        let bare = format!("{name}.bmp");
        for report in check(&folder, &["."]).into_iter().chain(check(&folder, &["--", &bare])) {
            let commands: BTreeSet<_> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|finding| finding["remedy_command"].as_str())
                .filter(|command| command.starts_with("ais-preflight"))
                .collect();
            assert!(!commands.is_empty(), "{name}: {report}");
            for command in commands {
                assert!(sh(&folder, command).status.success(), "{command}");
            }
        }
        let fixed = check(&folder, &["--fail-on", "risk", "fixed"]);
        assert!(fixed.len() >= 2 && fixed.iter().all(|report| report["verdict"] == "pass"), "{name}: {fixed:?}");
        assert!(!contents(&folder).keys().any(|path| path.ends_with("pwned")), "{name}");
    }
    // One that no printed line can carry has no command.
    fs::write(at.join("line\nbreak.bmp"), bmp(19, 40)).unwrap();
    let reports = check(at, &["line\nbreak.bmp"]);
    assert!(reports[0]["findings"].as_array().unwrap().iter().all(|finding| finding.get("remedy_command").is_none()));
}

#[test]
fn a_file_is_renamed_by_the_command_that_is_named() {
    let tree = tempfile::tempdir().unwrap();
    let good = support::all().into_iter().find(|fixture| fixture.name.starts_with("png/good/")).unwrap();
    for name in HOSTILE {
        fs::write(tree.path().join(format!("{name}.jpg")), &good.bytes).unwrap();
        let reports = check(tree.path(), &[&format!("./{name}.jpg")]);
        let command = reports[0]["findings"][0]["remedy_command"].as_str().unwrap();
        assert!(command.starts_with("mv -n "), "{command}");
        assert!(sh(tree.path(), command).status.success());
        assert!(tree.path().join(format!("{name}.png")).exists(), "{command}");
    }
    assert_eq!(contents(tree.path()).len(), HOSTILE.len());
}

#[test]
fn the_commands_of_videos_mend_them_and_so_does_fix() {
    if !program_exists("ffmpeg") {
        eprintln!("not tested: the commands of videos, since there is no ffmpeg");
        return;
    }
    let wanted = [
        ("mkv/good/h264-aac.mkv", "format-not-accepted"),
        ("webm/good/vp9-opus.webm", "format-not-accepted"),
        ("mp4/bad/edges-19-20.mp4", "video-edge-too-small"),
        ("avi/bad/edge-19.avi", "video-edge-too-small"),
        ("avi/bad/index-missing.avi", "avi-index-missing"),
        ("avi/bad/over-two-hours.avi", "video-too-long"),
    ];
    let all = support::all();
    for (at, (name, defect)) in wanted.iter().enumerate() {
        let fixture = all.iter().find(|fixture| fixture.name == *name).unwrap();
        let tree = tempfile::tempdir().unwrap();
        let extension = fixture.path.extension().unwrap().to_str().unwrap();
        let file = format!("{}.{extension}", HOSTILE[(at * 2 + 3) % HOSTILE.len()]);
        fs::write(tree.path().join(&file), &fixture.bytes).unwrap();
        let report = &check(tree.path(), &["--", &file])[0];
        let finding =
            report["findings"].as_array().unwrap().iter().find(|finding| finding["defect"] == *defect).unwrap();
        let command = finding["remedy_command"].as_str().unwrap_or_else(|| panic!("{name}: {finding}"));
        assert!(sh(tree.path(), command).status.success(), "{command}");
        fs::rename(tree.path().join(&file), tree.path().join(".original")).unwrap();
        let made = check(tree.path(), &["."]);
        assert!(!made.is_empty() && made.iter().all(|report| report["verdict"] == "pass"), "{command}: {made:?}");

        fs::write(tree.path().join(&file), &fixture.bytes).unwrap();
        let output = preflight(tree.path(), &["fix", "--with-ffmpeg", "--out", "out", "--", &file]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
        let made = check(tree.path(), &["--hidden", "out"]);
        assert!(!made.is_empty() && made.iter().all(|report| report["verdict"] == "pass"), "{made:?}");
        let without = preflight(tree.path(), &["fix", "--out", "out", "--", &file]);
        assert_eq!(without.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&without.stdout).contains("--with-ffmpeg"));
    }
}
