//! Requests: every fixture, every code, every shape of a body, and nothing said of a token.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use ais_preflight::defect::{Group, Id};
use ais_preflight::profile::{ProfileSet, Status, Via};
use ais_preflight::report::Finding;
use ais_preflight::request::http::{self, Message};
use ais_preflight::request::{Field, Operation, Request, Site, Type, operations};
use ais_preflight::{Checker, Lang, Report, Verdict};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{request_fixtures, verdict_name};

/// The time at which the fixtures are sent: 2025-06-15.
fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1_749_988_800)).unwrap()
}

fn check(message: &Message<'_>) -> Report {
    Checker::new().check_request(&message.request().sent_at(noon()))
}

/// The findings of a report and of all that is in it.
fn all_findings(report: &Report) -> Vec<&Finding> {
    report.findings.iter().chain(report.items.iter().flat_map(all_findings)).collect()
}

fn defects(report: &Report) -> BTreeSet<&'static str> {
    all_findings(report).iter().map(|finding| finding.defect).collect()
}

#[test]
fn every_fixture_says_what_is_expected() {
    let mut wrong = Vec::new();
    for fixture in request_fixtures() {
        let messages = http::messages(&fixture.bytes, None);
        let report = check(&messages[0]);
        let expected = &fixture.expected;
        let mut differ = |what: &str, have: String, want: String| {
            if have != want {
                wrong.push(format!("{}: {what} is {have}, expected {want}", fixture.name));
            }
        };
        differ("verdict", verdict_name(report.verdict), expected.verdict.clone().unwrap_or_else(|| "pass".into()));
        differ("operation", format!("{:?}", report.operation), format!("{:?}", expected.operation));
        differ("set of defects", format!("{:?}", defects(&report)), format!("{:?}", expected.defect_set()));
        let cause = report.cause();
        differ(
            "code",
            format!("{:?}", cause.and_then(|cause| cause.code.as_ref())),
            format!("{:?}", expected.code.as_ref()),
        );
        differ(
            "pointer",
            format!("{:?}", cause.and_then(|cause| cause.pointer.as_ref())),
            format!("{:?}", expected.pointer.as_ref()),
        );
        differ("offset", format!("{:?}", cause.and_then(|cause| cause.offset)), format!("{:?}", expected.offset));
        for finding in all_findings(&report) {
            let texts = format!("{}{}", finding.message, finding.remedy);
            assert!(!texts.contains(['{', '}']) || fixture.name.contains("placeholder"), "{}: {texts}", fixture.name);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_request_of_a_good_fixture_passes_in_every_language() {
    for fixture in request_fixtures().iter().filter(|fixture| fixture.is_good()) {
        for message in http::messages(&fixture.bytes, None) {
            for lang in [Lang::En, Lang::Zh] {
                let report = Checker::new().lang(lang).check_request(&message.request().sent_at(noon()));
                assert_eq!(report.verdict, Verdict::Pass, "{}:{}: {report:?}", fixture.name, message.line);
                assert!(all_findings(&report).is_empty(), "{}:{}", fixture.name, message.line);
            }
        }
    }
}

#[test]
fn a_message_has_a_value_for_each_of_its_places() {
    for fixture in request_fixtures() {
        for lang in [Lang::En, Lang::Zh] {
            let messages = http::messages(&fixture.bytes, None);
            let report = Checker::new().lang(lang).check_request(&messages[0].request().sent_at(noon()));
            for finding in all_findings(&report) {
                let id = Id::from_name(finding.defect).unwrap();
                for (template, text) in
                    [(id.info().message, &finding.message), (id.info().remedy.text(), &finding.remedy)]
                {
                    let pieces: Vec<_> = template.get(lang).split(['{', '}']).collect();
                    let names: Vec<_> = pieces.iter().skip(1).step_by(2).collect();
                    // What is between the places is there in order; what is at a place is not its name.
                    let mut rest = text.as_str();
                    for fixed in pieces.iter().step_by(2) {
                        rest = rest.split_once(fixed).unwrap_or_else(|| panic!("{text}: {fixed}")).1;
                    }
                    let unfilled = pieces.concat();
                    assert!(names.is_empty() || *text != unfilled, "{}: {}: {text}", fixture.name, finding.defect);
                }
            }
        }
    }
}

// ---- robustness ----

#[test]
fn every_prefix_and_every_changed_byte_of_a_fixture_gives_a_report() {
    let survives = |bytes: &[u8], name: &str| {
        let started = Instant::now();
        for message in http::messages(bytes, None) {
            assert!(!defects(&check(&message)).contains("internal-error"), "{name}");
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{name}");
    };
    for fixture in request_fixtures().iter().filter(|fixture| fixture.bytes.len() < 800) {
        for end in 0..fixture.bytes.len() {
            survives(&fixture.bytes[..end], &format!("{} cut to {end}", fixture.name));
        }
        let mut bytes = fixture.bytes.clone();
        for at in 0..bytes.len().min(200) {
            let old = bytes[at];
            for new in [0, b'"', b'\\', old ^ 0x80] {
                bytes[at] = new;
                survives(&bytes, &format!("{} with byte {at} set to {new}", fixture.name));
            }
            bytes[at] = old;
        }
    }
}

#[test]
fn a_body_of_200_megabytes_ends_in_a_finding() {
    let mut body = Vec::with_capacity(200 << 20);
    body.extend_from_slice(br#"{"event_type":"head_image","categories":["porn"],"image":""#);
    body.resize((200 << 20) - 2, b'A');
    body.extend_from_slice(b"\"}");
    let report = Checker::new().check_request(&Request::new(&body));
    assert_eq!(report.cause().unwrap().code.as_deref(), Some("APIG.0201"));
    assert_eq!(report.items[0].bytes, Some(157_286_355));
}

#[test]
fn more_values_than_are_looked_at_are_no_pass() {
    let body = format!(
        r#"{{"url":"https://example.com/a","biz_type":"x","image_text_config":{{"black_glossary_names":[{}""]}}}}"#,
        "\"\",".repeat(70_000)
    );
    let report = Checker::new().check_request(&Request::new(body.as_bytes()));
    assert_eq!(report.verdict, Verdict::Unchecked);
    assert_eq!(defects(&report), BTreeSet::from(["body-values-many"]));
}

/// Any value of JSON, and now and then a word that operations know.
fn any_json() -> impl Strategy<Value = Value> {
    let known: Vec<String> = operations()
        .iter()
        .flat_map(|operation| operation.fields.keys())
        .flat_map(|path| path.split(['.', '[', ']']).map(str::to_owned))
        .collect();
    let name = prop_oneof![proptest::sample::select(known), ".{0,12}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "(https?|obs|ftp|rtmp|[a-z]{0,3})?:?/?/?[\\PC]{0,30}".prop_map(Value::from),
        "[A-Za-z0-9+/=_%& \\\\-]{0,200}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_operation() -> impl Strategy<Value = &'static Operation> {
    (0..operations().len()).prop_map(|at| &operations()[at])
}

/// A good value for a field.
fn valid(operation: &'static Operation, path: &str, field: &'static Field, pick: usize) -> Value {
    let word = || match field.values.as_slice() {
        [] => "abc_1".repeat(usize::from(!field.unique)) + &pick.to_string(),
        values => values[pick % values.len()].clone(),
    };
    let address = || match (operation.media, field.r#type) {
        (_, Type::Callback) => "https://example.com/result".to_owned(),
        _ => format!("https://example.com/{pick}"),
    };
    match field.r#type {
        Type::String | Type::Language => word().into(),
        Type::Text => "文字 text".into(),
        Type::Strings => json!([word()]),
        Type::Integer => (field.min.unwrap_or(1) + u32::try_from(pick % 50).unwrap()).into(),
        Type::Number => json!(0.5),
        Type::Boolean => (pick % 2 == 0).into(),
        Type::Object => object(operation, &format!("{path}."), pick),
        Type::Objects => json!([object(operation, &format!("{path}[]."), pick)]),
        Type::Base64 => BASE64_STANDARD.encode(good_png()).into(),
        Type::Url | Type::Callback => address().into(),
        Type::Urls => json!([address()]),
        other => panic!("{other:?}"),
    }
}

/// A good object: everything that is required, and what else the bits of `pick` say.
fn object(operation: &'static Operation, prefix: &str, pick: usize) -> Value {
    let by_biz_type = operation.fields.contains_key("biz_type") && pick % 3 == 0;
    let one = operation.either.get(pick % operation.either.len().max(1));
    let mut members = serde_json::Map::new();
    for (at, (path, field)) in operation.fields.iter().enumerate() {
        let Some(name) = path.strip_prefix(prefix).filter(|name| !name.contains('.')) else {
            continue;
        };
        let wanted = if operation.either.contains(path) {
            one == Some(path)
        } else if path == "biz_type" {
            by_biz_type
        } else if field.unless().is_some() {
            !by_biz_type
        } else {
            field.always() || (pick >> (at % 16)) & 1 == 1
        };
        if wanted {
            members.insert(name.to_owned(), valid(operation, path, field, pick));
        }
    }
    Value::Object(members)
}

fn good_png() -> Vec<u8> {
    support::all().into_iter().find(|fixture| fixture.name.starts_with("png/good/")).unwrap().bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_json_under_any_operation_gives_a_report(value in any_json(), operation in any_operation(), told in any::<bool>()) {
        let body = serde_json::to_vec(&value).unwrap();
        let request = Request::new(&body).sent_at(noon());
        let request = if told { request.operation(operation) } else { request };
        let report = Checker::new().check_request(&request);
        prop_assert!(!defects(&report).contains("internal-error"), "{report:?}");
        for finding in all_findings(&report).iter().filter(|finding| finding.group == Group::Request) {
            prop_assert!(finding.offset.is_none_or(|offset| offset <= u64::try_from(body.len()).unwrap()));
            if let Some(pointer) = &finding.pointer {
                let there = value.pointer(pointer).is_some() || pointer.contains('…');
                prop_assert!(there, "{pointer} leads nowhere in {value}");
            }
        }
    }

    #[test]
    fn any_bytes_give_a_report(body in proptest::collection::vec(any::<u8>(), 0..300), operation in any_operation()) {
        let report = Checker::new().check_request(&Request::new(&body).operation(operation));
        prop_assert!(!defects(&report).contains("internal-error"));
        let report = Checker::new().check_base64_bytes(&body);
        prop_assert!(!defects(&report).contains("internal-error"));
    }

    #[test]
    fn a_body_that_is_valid_by_the_table_gives_no_finding(operation in any_operation(), pick in 0_usize..1 << 16) {
        prop_assume!(!operation.fields.is_empty());
        let value = object(operation, "", pick);
        let body = serde_json::to_vec(&value).unwrap();
        let request = Request::new(&body).operation(operation).method(operation.method.as_str());
        let report = Checker::new().check_request(&request);
        let retired = BTreeSet::from(["operation-retired"]);
        let found = defects(&report);
        prop_assert!(found.is_empty() || (found == retired && operation.status == Status::Retired), "{value}: {found:?}");
        // Told by its fields alone it is taken for an operation that it is valid for as well.
        if operation.status == Status::Online && operation.site.contains(&Site::Cn) {
            let guessed = Checker::new().check_request(&Request::new(&body));
            prop_assert!(defects(&guessed).is_empty(), "{value}: {:?} {:?}", guessed.operation, defects(&guessed));
        }
    }
}

// ---- what is carried ----

#[test]
fn a_picture_is_found_the_same_in_base64_as_in_a_file() {
    for fixture in support::all().iter().filter(|fixture| (1..200_000).contains(&fixture.bytes.len())) {
        let checker = Checker::new().via(Via::Base64);
        let as_file = checker.check_bytes(&fixture.bytes);
        let text = BASE64_STANDARD.encode(&fixture.bytes);
        let alone = checker.check_base64(&text);
        if defects(&alone).contains("base64-twice") {
            assert!(["base64", "data-url"].contains(&as_file.format.unwrap()), "{}", fixture.name);
            continue;
        }
        assert_eq!(alone, as_file, "{}", fixture.name);
        let body = json!({"image": text, "biz_type": "x"}).to_string().replace('/', "\\/");
        let carried = Checker::new().check_request(&Request::new(body.as_bytes()));
        // The request is one for images, whatever is in it.
        let profile = ProfileSet::builtin("huawei/image-v3").unwrap();
        let as_image = checker.profile(profile).check_bytes(&fixture.bytes);
        let mut item = carried.items[0].clone();
        item.pointer = None;
        assert_eq!(item, as_image, "{}", fixture.name);
        assert_eq!(carried.verdict, as_image.verdict, "{}", fixture.name);
    }
}

#[test]
fn the_site_decides_by_host_or_by_profile() {
    let body = br#"{"url":"https://example.com/a","event_type":"album","categories":["image_text"]}"#;
    let of = |request: &Request<'_>, profile: &str| {
        let set = ProfileSet::builtin(profile).unwrap();
        Checker::new().profile(set).check_request(request).operation.unwrap()
    };
    let bare = Request::new(body);
    assert_eq!(of(&bare, "auto"), "image-v3");
    assert_eq!(of(&bare, "auto-intl"), "image-v3-intl");
    let path = "https://moderation.ap-southeast-3.myhuaweicloud.com/v3/0/moderation/image";
    assert_eq!(of(&bare.clone().path(path), "auto"), "image-v3-intl");
    assert_eq!(of(&bare.clone().path("/v3/0/moderation/image"), "auto-intl"), "image-v3-intl");
    let told = bare.operation(Operation::find("image-v2").unwrap());
    assert_eq!(of(&told, "auto"), "image-v2");
}

#[test]
fn a_profile_of_ones_own_judges_the_picture_in_a_request() {
    let strict = ProfileSet::from_toml("name = 'mine'\nextends = 'huawei/image-v3'\n[edge]\nmin = 4000", "mine");
    let text = BASE64_STANDARD.encode(good_png());
    let body = json!({"image": text, "biz_type": "x"}).to_string();
    let report = Checker::new().profile(strict.unwrap()).check_request(&Request::new(body.as_bytes()));
    assert_eq!((report.profile.as_str(), report.items[0].profile.as_str()), ("mine", "mine"));
    assert!(defects(&report).contains("image-edge-too-small"));
}

#[test]
fn the_limits_of_the_body_are_exact() {
    let of = |bytes: usize| {
        let body = format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
        let report =
            Checker::new().check_request(&Request::new(body.as_bytes()).operation(Operation::find("text-v3").unwrap()));
        let about_size = ["body-too-large", "body-size-ambiguous", "body-over-service-limit"];
        defects(&report).into_iter().filter(|defect| about_size.contains(defect)).collect::<Vec<_>>()
    };
    assert_eq!(of(10 << 20), [""; 0]);
    assert_eq!(of((10 << 20) + 1), ["body-over-service-limit"]);
    assert_eq!(of(12_000_000), ["body-over-service-limit"]);
    assert_eq!(of(12_000_001), ["body-size-ambiguous"]);
    assert_eq!(of(12 << 20), ["body-size-ambiguous"]);
    assert_eq!(of((12 << 20) + 1), ["body-too-large"]);
}

/// The command as a user runs it.
#[cfg(feature = "cli")]
mod command {
    use std::collections::BTreeMap;
    use std::fs::{self, File};
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    use ais_preflight::catalogue::{self, Stage};
    use ais_preflight::request::http;
    use serde_json::Value;

    use super::good_png;
    use super::support::{self, request_fixtures};

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

    fn lines(output: &Output) -> Vec<Value> {
        let text = std::str::from_utf8(&output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The code of the finding that decides, in the report or in an item of it.
    fn cause(report: &Value) -> Option<String> {
        let severity =
            |finding: &Value| ["note", "risk", "reject"].iter().position(|name| finding["severity"] == *name);
        let items = report["items"].as_array().into_iter().flatten();
        let findings = std::iter::once(report).chain(items).flat_map(|one| one["findings"].as_array().unwrap());
        let gravest = findings.rev().max_by_key(|finding| severity(finding))?;
        gravest["code"].as_str().map(str::to_owned)
    }

    /// A realistic input, and how the command is called with it.
    enum Input {
        /// A fixture of a request.
        Request(&'static str),
        /// A file that is made for the purpose: its name, its beginning, its size if that is longer;
        /// and further arguments of `check`.
        File(&'static str, fn() -> Vec<u8>, Option<u64>, &'static [&'static str]),
    }
    use Input::{File as Of, Request as In};

    const MB: u64 = 1 << 20;

    /// For each code that can be foreseen from bytes or request: an input that leads to it.
    const INPUTS: &[(&str, Input)] = &[
        ("AIS.0005", In("bad/retired-v2.http")),
        ("AIS.0010", In("bad/content-type-missing.http")),
        ("AIS.0011", In("bad/image-and-url-missing.json")),
        ("AIS.0012", In("bad/field-of-v2.json")),
        ("AIS.0013", In("bad/method-get.http")),
        ("AIS.0014", In("bad/trailing-comma.json")),
        ("AIS.0015", In("bad/base64-url-safe.json")),
        ("AIS.0020", Of("body.json", long_text_body, None, &["request"])),
        ("AIS.0021", In("bad/audio-of-pdf.json")),
        ("AIS.0022", In("bad/url-relative.json")),
        ("AIS.0023", Of("a.png", good_png, Some(11 * MB), &["check", "--via", "obs"])),
        ("AIS.0025", Of("a.png", Vec::new, None, &["check", "--via", "obs"])),
        ("AIS.0041", In("bad/language-english.json")),
        ("AIS.0501", In("bad/array-of-bodies.json")),
        ("AIS.0502", In("bad/base64-url.json")),
        ("AIS.0504", In("bad/base64-of-tiny.json")),
        ("AIS.0401", In("bad/interval-too-long.json")),
        ("AIS.0402", In("bad/base64-data-uri.json")),
        ("AIS.0403", In("bad/base64-of-damaged.json")),
        ("AIS.0701", In("bad/video-url-private.json")),
        ("AIS.0704", Of("a.mp4", || mp4().to_vec(), Some(301 * MB), &["check", "--depth", "header"])),
        ("AIS.0705", Of("a.webm", || b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm".to_vec(), None, &["check"])),
        ("AIS.0706", Of("a.mp4", Vec::new, None, &["check"])),
        ("APIG.0101", In("bad/path-misspelt.http")),
        ("APIG.0201", Of("body.json", oversized_body, None, &["request"])),
        ("ModelArts.4101", In("bad/token-missing.http")),
        ("ModelArts.4102", In("bad/token-bearer.http")),
        ("ModelArts.4104", In("bad/body-missing.http")),
        ("ModelArts.4105", In("bad/body-utf16.json")),
        ("ModelArts.4201", In("bad/path-without-service.http")),
        ("ModelArts.4202", In("bad/path-placeholder.http")),
        ("ModelArts.4601", In("bad/url-localhost.json")),
        ("ModelArts.4703", In("bad/obs-scheme.json")),
        (
            "ModelArts.4705",
            Of("a.png", good_png, Some(11 * MB), &["check", "--via", "obs", "--profile", "huawei/image-v2"]),
        ),
    ];

    /// Codes that wait for the facts of videos.
    const NOT_YET: &[&str] = &["AIS.0710", "AIS.0711"];

    /// The beginning of a video.
    fn mp4() -> &'static [u8] {
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08free"
    }

    /// A text of 11 MB: the gateway lets it through.
    fn long_text_body() -> Vec<u8> {
        format!(r#"{{"data":{{"text":"{}"}},"event_type":"comment"}}"#, "long ".repeat(2_300_000)).into_bytes()
    }

    fn oversized_body() -> Vec<u8> {
        format!(r#"{{"image":"{}","biz_type":"x"}}"#, "/9j/".repeat(3_500_000)).into_bytes()
    }

    #[test]
    fn the_command_prints_every_code_that_can_be_foreseen() {
        let inputs: BTreeMap<_, _> = INPUTS.iter().map(|(code, input)| (*code, input)).collect();
        assert_eq!(inputs.len(), INPUTS.len());
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for entry in catalogue::all().iter().filter(|entry| entry.stage <= Stage::Request) {
            let Some(input) = inputs.get(entry.code) else {
                assert!(NOT_YET.contains(&entry.code), "{}: no input leads to it", entry.code);
                continue;
            };
            let output = match input {
                In(name) => {
                    let path = support::root().join("request").join(name);
                    preflight(at, &["request", "--format", "ndjson", path.to_str().unwrap()], b"")
                }
                Of(name, content, size, args) => {
                    let path = at.join(name);
                    fs::write(&path, content()).unwrap();
                    if let Some(size) = size {
                        File::options().write(true).open(&path).unwrap().set_len(*size).unwrap();
                    }
                    let args: Vec<&str> = args.iter().copied().chain(["--format", "ndjson", *name]).collect();
                    preflight(at, &args, b"")
                }
            };
            let reports = lines(&output);
            assert_eq!(cause(&reports[0]).as_deref(), Some(entry.code), "{}", reports[0]);
        }
        for code in inputs.keys() {
            assert!(catalogue::find(code).is_some_and(|entry| entry.stage <= Stage::Request), "{code}");
        }
    }

    #[test]
    fn every_code_says_its_stage() {
        let output = preflight(Path::new("."), &["explain", "--all", "--format", "json"], b"");
        let all: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(all.len(), 67);
        for code in all {
            assert!(["bytes", "request", "network", "service"].iter().any(|stage| code["stage"] == *stage), "{code}");
        }
    }

    #[test]
    fn a_token_is_never_printed() {
        for fixture in request_fixtures().iter().filter(|fixture| fixture.name.ends_with(".http")) {
            let text = String::from_utf8_lossy(&fixture.bytes);
            let tokens: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("X-Auth-Token: ")).collect();
            for args in [&["request", "-v"][..], &["request", "--format", "json"], &["request", "--lang", "zh", "-v"]] {
                let args: Vec<&str> = args.iter().copied().chain([fixture.path.to_str().unwrap()]).collect();
                let output = preflight(Path::new("."), &args, b"");
                let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
                for token in tokens.iter().flat_map(|token| token.split([' ', '"'])).filter(|part| part.len() > 6) {
                    let start = token.get(..8).unwrap_or(token);
                    assert!(start == "{{token}" || !printed.contains(start), "{}: {printed}", fixture.name);
                }
            }
        }
        let request = http::messages(b"POST /a HTTP/1.1\nX-Auth-Token: secretsecret\n\n{}", None);
        assert!(!format!("{:?}", request[0].request()).contains("secret"));
    }

    #[test]
    fn requests_are_read_from_files_and_from_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let body = br#"{"data":{"url":"https://example.com/a.mp4"},"biz_type":"x"}"#;
        fs::write(at.join("a.json"), body).unwrap();
        fs::write(at.join("b.ndjson"), [body.as_slice(), b"\n\n{\"url\":\"x\"}\n"].concat()).unwrap();
        let reports = lines(&preflight(at, &["request", "--format", "ndjson", "a.json", "b.ndjson", "-"], body));
        let seen: Vec<_> =
            reports.iter().map(|report| (report["path"].as_str().unwrap(), report["line"].as_u64())).collect();
        assert_eq!(seen, [("a.json", None), ("b.ndjson", Some(1)), ("b.ndjson", Some(3)), ("-", None)]);
        let as_audio =
            lines(&preflight(at, &["request", "--operation", "audio_job_v3", "--format", "ndjson", "a.json"], b""));
        assert_eq!(as_audio[0]["operation"], "audio-job-v3");
        let as_json = lines(&preflight(at, &["request", "--input", "json", "--format", "ndjson", "b.ndjson"], b""));
        assert_eq!(as_json[0]["findings"][0]["defect"], "json-trailing-data");
        let status = |args: &[&str]| preflight(at, args, b"").status.code().unwrap();
        assert_eq!(status(&["request", "a.json"]), 0);
        assert_eq!(status(&["request", "b.ndjson"]), 1);
        assert_eq!(status(&["request", "b.ndjson", "--exit-zero"]), 0);
        assert_eq!(status(&["request", "absent.json", "a.json"]), 2);
        assert_eq!(status(&["request", "--operation", "nothing", "a.json"]), 2);
        let shown = preflight(at, &["request", "-v", "a.json"], b"");
        assert!(String::from_utf8(shown.stdout).unwrap().starts_with("pass a.json (video-job-v3)\n"));
    }

    #[test]
    fn base64_is_checked_by_itself() {
        use base64::Engine;
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let text = base64::prelude::BASE64_STANDARD.encode(good_png());
        fs::write(at.join("a.b64"), &text).unwrap();
        let wrong = format!("data:image/png;base64,{text}");
        let reports =
            lines(&preflight(at, &["check", "--base64", "--format", "ndjson", "a.b64", "-"], wrong.as_bytes()));
        assert_eq!((&reports[0]["verdict"], &reports[0]["format"]), (&"pass".into(), &"png".into()));
        assert_eq!((&reports[1]["verdict"], &reports[1]["format"]), (&"reject".into(), &"png".into()));
        assert_eq!(reports[1]["findings"][0]["code"], "AIS.0402");
        assert_eq!(preflight(at, &["check", "--base64", "absent"], b"").status.code(), Some(2));
    }

    #[test]
    fn an_answer_is_explained_with_the_file_it_is_about() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("cut.png"), &good_png()[..60]).unwrap();
        let answer = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n\
            {\"error_code\":\"AIS.0403\",\"error_msg\":\"The image file has been damaged.\"}";
        let args = ["explain", "--response", "-", "--with", "cut.png"];
        let text = String::from_utf8(preflight(at, &args, answer).stdout).unwrap();
        assert!(text.starts_with("AIS.0403\n"), "{text}");
        assert!(text.contains("finds what explains this code") && text.contains("reject AIS.0403 cut.png"), "{text}");
        let json: Value = serde_json::from_slice(
            &preflight(at, &["explain", "--response", "-", "--with", "cut.png", "--format", "json"], answer).stdout,
        )
        .unwrap();
        let error = &json["errors"][0];
        assert_eq!(
            (&error["status"], &error["foreseen"], &error["retryable"]),
            (&400.into(), &true.into(), &false.into())
        );
        assert_eq!((&error["entry"]["who"], &json["media"]["verdict"]), (&"caller".into(), &"reject".into()));

        let batch = br#"{"results":[{"data_id":"a","suggestion":"pass"},{"data_id":"b","error_code":"AIS.0029","error_msg":"x"}]}"#;
        let text = String::from_utf8(preflight(at, &["explain", "--response", "-"], batch).stdout).unwrap();
        assert!(text.starts_with("AIS.0029\n") && text.contains("About        b"), "{text}");
        let video = br#"{"error_code":"AIS.0710","error_msg":"Invalid video length. It must be <=2 hours. The input video duration is [7300.5]."}"#;
        let text =
            String::from_utf8(preflight(at, &["explain", "--response", "-", "--lang", "zh"], video).stdout).unwrap();
        assert!(text.contains("duration = 7300.5"), "{text}");
        let none = preflight(at, &["explain", "--response", "-"], br#"{"result":{"suggestion":"pass"}}"#);
        assert_eq!(none.stdout, b"The answer holds no error.\n");
    }
}
