//! The forms of reports, each read by a parser of its own kind, over files whose names mean harm.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "what the tests read is small")]

mod support;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Names that a program might take for something else.
const NAMES: &[&[u8]] = &[
    b"<script>alert(1)<!--script>.jpg",
    b"\"><img src=x onerror=alert(1)>.jpg",
    b"'onmouseover='alert(1).png",
    b"=cmd()|' '!A0.jpg",
    b"+1.jpg",
    b"-2+3.jpg",
    b"@SUM(1).jpg",
    b"\t=1+1.gif",
    b"two\nlines\r\n::error::injected.jpg",
    b"a,b;c\"d\".jpg",
    b"]]>&amp;&#60;.jpg",
    b"%0A::error::x.jpg",
    b"\x1b[31mred\x1b[0m\x07.jpg",
    b"invalid \xff\xfe utf-8.jpg",
    b"back\\slash \\xff.jpg",
    b"|pipe|`tick`[link](http:evil) **bold** @someone.jpg",
    b"{0} {{name}} [text](1).jpg",
    b"\xe2\x80\xaegpj.exe.jpg",
    b"\xef\xbf\xbe nonchar.jpg",
    b"$(touch pwned) `touch pwned` ; touch pwned.jpg",
    b"</script></textarea></title>.jpg",
];

/// A folder in which each of those names is there, with a fault and without.
fn harmful() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let good = support::all().into_iter().find(|fixture| fixture.name.starts_with("gif/good/")).unwrap().bytes;
    for (name, bytes) in NAMES
        .iter()
        .flat_map(|name| [("bad", &b"\x89PNG\r\n\x1a\n\0\0"[..]), ("good", &good)].map(|(f, b)| ((f, *name), b)))
    {
        let below = folder.path().join(name.0);
        fs::create_dir_all(&below).unwrap();
        // A slash cannot be in a name, so it makes a folder.
        let path = below.join(OsStr::from_bytes(name.1));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn check(folder: &Path, form: &str, more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("AIS_PREFLIGHT_CONFIG", "")
        .stdin(Stdio::null())
        .args(["check", ".", "--exit-zero", "--format", form])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The reports as they are in NDJSON: what every other form is held against.
fn reports(folder: &Path) -> Vec<Value> {
    check(folder, "ndjson", &[]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn count(reports: &[Value], verdict: &str) -> usize {
    reports.iter().filter(|report| report["verdict"] == verdict).count()
}

/// No form lets a name drive a terminal or turn what follows it.
fn tame(text: &str) -> &str {
    let wild = |c: char| (c.is_control() && !matches!(c, '\n' | '\r')) || matches!(c, '\u{202a}'..='\u{202e}');
    assert!(!text.contains(wild), "{text:?}");
    text
}

#[test]
fn text_names_each_file_on_one_line_and_groups_at_the_end() {
    let folder = harmful();
    let text = check(folder.path(), "text", &[]);
    let reports = reports(folder.path());
    let rejected = count(&reports, "reject");
    assert!(rejected >= NAMES.len());
    assert_eq!(tame(&text).lines().filter(|line| line.starts_with("reject ")).count(), rejected);
    let totals = text.lines().position(|line| line.starts_with(&format!("{} files: {rejected} reject", reports.len())));
    let causes: Vec<_> = text.lines().skip(totals.unwrap() + 1).collect();
    assert!(causes[0].contains(" × AIS.0403 png-") && causes[0].contains("for example ./bad/"), "{causes:?}");
    assert!(!text.lines().any(|line| line.starts_with("::")));
}

#[test]
fn csv_has_a_line_for_each_file_and_no_formula() {
    let folder = harmful();
    let text = check(folder.path(), "csv", &[]);
    let mut table = csv::ReaderBuilder::new().from_reader(tame(&text).as_bytes());
    let head = table.headers().unwrap().clone();
    let path = head.iter().position(|name| name == "path").unwrap();
    let rows: Vec<_> = table.records().map(Result::unwrap).collect();
    let reports = reports(folder.path());
    assert_eq!(rows.len(), reports.len());
    assert!(text.ends_with("\r\n") && text.lines().count() == rows.len() + 1);
    for (row, report) in rows.iter().zip(&reports) {
        assert_eq!(row[0], *report["verdict"].as_str().unwrap());
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
        assert!(row[path].starts_with("./"));
    }
    // Without a folder before them, the names stand at the beginning of their cells.
    let bad = folder.path().join("bad");
    let output = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
        .current_dir(&bad)
        .env("AIS_PREFLIGHT_CONFIG", "")
        .args(["check", "--format", "csv", "--exit-zero", "--"])
        .args(["=cmd()|' '!A0.jpg", "+1.jpg", "-2+3.jpg", "@SUM(1).jpg", "\t=1+1.gif"])
        .output()
        .unwrap();
    let mut table = csv::ReaderBuilder::new().from_reader(&output.stdout[..]);
    let paths: Vec<_> = table.records().map(|row| row.unwrap()[path].to_owned()).collect();
    assert_eq!(paths, ["'=cmd()|' '!A0.jpg", "'+1.jpg", "'-2+3.jpg", "'@SUM(1).jpg", "\\t=1+1.gif"]);
}

#[test]
fn junit_counts_what_it_lists() {
    use quick_xml::events::Event;
    let folder = harmful();
    let text = check(folder.path(), "junit", &[]);
    let reports = reports(folder.path());
    let mut xml = quick_xml::Reader::from_str(tame(&text));
    xml.config_mut().check_end_names = true;
    let (mut cases, mut failures, mut stated, mut names) = (0, 0, None, BTreeSet::new());
    loop {
        match xml.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attribute = |name: &str| {
                    let found = tag.try_get_attribute(name).unwrap();
                    found.map(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
                };
                match tag.name().as_ref() {
                    "testsuite" => stated = attribute("tests").zip(attribute("failures")),
                    "testcase" => {
                        cases += 1;
                        names.insert(attribute("name").unwrap());
                    }
                    "failure" => {
                        failures += 1;
                        assert!(attribute("type").unwrap().starts_with("AIS.0403 png-"));
                    }
                    "testsuites" | "skipped" | "system-out" => {}
                    other => panic!("{other}"),
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((cases, failures), (reports.len(), count(&reports, "reject")));
    assert_eq!(stated, Some((cases.to_string(), failures.to_string())));
    assert_eq!(names.len(), cases);
    assert!(names.contains("./bad/<script>alert(1)<!--script>.jpg"));
}

/// The schema of the standard, whose one pattern with an unopened bracket is mended: it is no regular expression of ECMA-262.
fn sarif_schema() -> jsonschema::Validator {
    let text = include_str!("data/sarif/sarif-2.1.0-rtm.5.json");
    let mended = text.replace("^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}-[a-zA-Z]{2}$");
    assert_ne!(text, mended);
    jsonschema::validator_for(&serde_json::from_str(&mended).unwrap()).unwrap()
}

#[test]
fn sarif_satisfies_the_schema_of_the_standard() {
    let schema = sarif_schema();
    let folder = harmful();
    let empty = tempfile::tempdir().unwrap();
    for at in [folder.path(), empty.path(), &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")] {
        let text = check(at, "sarif", &[]);
        let log: Value = serde_json::from_str(tame(&text)).unwrap();
        let faults: Vec<_> =
            schema.iter_errors(&log).map(|fault| format!("{fault} at {}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        let run = &log["runs"][0];
        let findings: usize = reports(at).iter().map(|report| report["findings"].as_array().unwrap().len()).sum();
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), findings);
        for result in results {
            let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
        }
    }
    let text = check(folder.path(), "sarif", &[]);
    assert!(text.contains("./bad/invalid%20%FF%FE%20utf-8.jpg") && text.contains("./bad/back%5Cslash%20%5Cxff.jpg"));
}

#[test]
fn markdown_is_tables_of_plain_text() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let folder = harmful();
    let text = check(folder.path(), "markdown", &[]);
    let (mut tables, mut code, mut names) = (0, false, Vec::new());
    for event in Parser::new_ext(tame(&text), Options::all()) {
        match event {
            Event::Start(Tag::Table(_)) => tables += 1,
            Event::Start(Tag::Heading { .. } | Tag::TableHead | Tag::TableRow | Tag::TableCell | Tag::Paragraph) => {}
            Event::Start(other) => panic!("{other:?}"),
            Event::InlineHtml(tag) => {
                assert!(matches!(&*tag, "<code>" | "</code>"), "{tag}");
                code = &*tag == "<code>";
                if code {
                    names.push(String::new());
                }
            }
            Event::Text(text) if code => names.last_mut().unwrap().push_str(&text),
            Event::Text(_) | Event::SoftBreak | Event::End(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(tables, 3);
    for name in
        ["./bad/|pipe|`tick`[link](http:evil) **bold** @someone.jpg", "./bad/two\\nlines\\r\\n::error::injected.jpg"]
    {
        assert!(names.iter().any(|known| known == name), "{name}: {names:#?}");
    }
}

#[test]
fn annotations_are_one_command_for_each_file_that_does_not_pass() {
    let folder = harmful();
    let text = check(folder.path(), "github", &[]);
    let reports = reports(folder.path());
    let lines: Vec<_> = tame(&text).lines().collect();
    assert_eq!(lines.len(), reports.len() - count(&reports, "pass") + 1);
    for line in &lines[..lines.len() - 1] {
        let (properties, _) = line.strip_prefix("::error ").unwrap().split_once("::").unwrap();
        let keys: Vec<_> = properties.split(',').map(|property| property.split_once('=').unwrap().0).collect();
        assert_eq!(keys, ["file", "title"], "{line}");
    }
    assert!(text.contains("::error file=./bad/a%2Cb;c\"d\".jpg,title=AIS.0403 png-"), "{text}");
    assert!(lines.last().unwrap().starts_with("::notice title=ais-preflight::"));
}

/// The rows of a page, which are data in it.
fn rows_of(page: &scraper::Html) -> Vec<Value> {
    let parts = scraper::Selector::parse("script.rows").unwrap();
    page.select(&parts)
        .flat_map(|part| serde_json::from_str::<Vec<Value>>(&part.text().collect::<String>()).unwrap())
        .collect()
}

#[test]
fn a_page_makes_no_element_of_a_name_and_holds_every_one() {
    // Elements with their attributes, but for the parts of the table.
    let elements = |page: &scraper::Html| -> Vec<String> {
        let all = scraper::Selector::parse("*:not(script.rows)").unwrap();
        page.select(&all).map(|element| format!("{:?}", element.value())).collect()
    };
    let (folder, empty) = (harmful(), tempfile::tempdir().unwrap());
    let reports = reports(folder.path());
    for lang in ["en", "zh"] {
        let text = check(folder.path(), "html", &["--lang", lang]);
        let page = scraper::Html::parse_document(tame(&text));
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        let without = scraper::Html::parse_document(&check(empty.path(), "html", &["--lang", lang]));
        assert_eq!(elements(&page), elements(&without));
        assert!(rows_of(&without).is_empty());
        let rows = rows_of(&page);
        assert_eq!(rows.len(), reports.len());
        for (row, report) in rows.iter().zip(&reports) {
            let shown: String = report["path"]
                .as_str()
                .unwrap()
                .chars()
                .map(|c| match c {
                    c if c.is_control() || c == '\u{202e}' => c.escape_default().to_string(),
                    c => c.to_string(),
                })
                .collect();
            assert_eq!(row["path"], *shown);
            assert_eq!(row["verdict"], report["verdict"]);
        }
        let about = scraper::Selector::parse("#about").unwrap();
        let about: Value = serde_json::from_str(&page.select(&about).next().unwrap().inner_html()).unwrap();
        assert_eq!(about["verdicts"]["reject"], count(&reports, "reject"));
        assert!(about["codes"]["AIS.0403"]["meaning"].is_string());
        for row in &rows {
            for finding in row["findings"].as_array().unwrap() {
                assert!(about["defects"][finding["defect"].as_str().unwrap()]["message"].is_string(), "{finding}");
            }
        }
    }
}

#[test]
fn a_page_runs_its_own_script_and_loads_nothing() {
    let empty = tempfile::tempdir().unwrap();
    let text = check(empty.path(), "html", &[]);
    let page = scraper::Html::parse_document(&text);
    let all = scraper::Selector::parse("*").unwrap();
    for element in page.select(&all) {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on") && !["style", "src", "href"].contains(&name), "{name}={value}");
        }
    }
    let policy = scraper::Selector::parse("meta[http-equiv=Content-Security-Policy]").unwrap();
    let policy = page.select(&policy).next().unwrap().attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
    assert!(!text.contains("://") || text.matches("://").count() == text.matches("http://www.w3.org/2000/svg").count());
}

#[test]
fn a_page_shows_a_limited_number_of_images_in_miniature() {
    use base64::Engine;
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let miniatures = |more: &[&str]| -> Vec<(Value, Vec<u8>)> {
        let output = Command::new(env!("CARGO_BIN_EXE_ais-preflight"))
            .current_dir(&fixtures)
            .env("AIS_PREFLIGHT_CONFIG", "")
            .args(["check", ".", "--exit-zero", "--format", "html"])
            .args(more)
            .output()
            .unwrap();
        // There is a fixture at which a decoder panics; nobody hears of it.
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let page = scraper::Html::parse_document(&String::from_utf8(output.stdout).unwrap());
        let decode = |text: &str| base64::prelude::BASE64_STANDARD.decode(text).unwrap();
        let shown = |row: Value| row["thumbnail"].as_str().map(decode).map(|jpeg| (row, jpeg));
        rows_of(&page).into_iter().filter_map(shown).collect()
    };
    let all = miniatures(&[]);
    for format in ["jpeg", "png", "gif", "webp", "bmp", "tiff"] {
        assert!(all.iter().any(|(row, _)| row["format"] == format), "{format}");
    }
    for (row, jpeg) in &all {
        assert!(jpeg.starts_with(b"\xff\xd8\xff") && jpeg.len() <= 3072, "{}", row["path"]);
        let picture = image::load_from_memory(jpeg).unwrap();
        assert!(picture.width() <= 96 && picture.height() <= 96);
    }
    assert!(all.iter().any(|(row, _)| row["findings"][0]["intact"].is_number()));
    assert!(miniatures(&["--thumbnails", "0"]).is_empty());
    let few = miniatures(&["--thumbnails", "3"]);
    let passing = few.iter().filter(|(row, _)| row["verdict"] == "pass").count();
    assert_eq!((passing, few.len()), (3, 6));
}
