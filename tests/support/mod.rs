//! The fixtures and what is expected of them, for every test that runs over all of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test fails by panicking"
)]
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ais_preflight::format::{Format, Kind};
use ais_preflight::profile::{ProfileSet, Via};
use ais_preflight::{Checker, Depth, Verdict};

/// One fixture and its row in `expected.toml`.
pub struct Fixture {
    /// The path below `fixtures/`.
    pub name: String,
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub expected: Expected,
}

/// What the check of a fixture must say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `pass` if not said.
    pub verdict: Option<String>,
    /// The format; that of the folder if not said.
    pub format: Option<String>,
    /// The code of the finding that decides.
    pub code: Option<String>,
    /// The offset of the finding that decides.
    pub offset: Option<u64>,
    /// All defects, in any order, each once.
    #[serde(default)]
    pub defects: Vec<String>,
    /// Facts that must be there with just these values.
    #[serde(default)]
    pub facts: BTreeMap<String, toml::Value>,
    /// `full` if not said.
    pub depth: Option<String>,
    /// That of the row `[folder]` if not said, or else `auto`; see [`named_profile`].
    pub profile: Option<String>,
    pub via: Option<String>,
}

impl Fixture {
    pub fn is_good(&self) -> bool {
        self.name.contains("/good/")
    }

    /// The checker that the row asks for.
    pub fn checker(&self) -> Checker {
        let depth = match self.expected.depth.as_deref() {
            Some("header") => Depth::Header,
            Some("structure") => Depth::Structure,
            None | Some("full") => Depth::Full,
            Some(other) => panic!("{}: depth {other}", self.name),
        };
        let profile = self.expected.profile.as_deref().unwrap_or("auto");
        let checker = Checker::new().depth(depth).profile(named_profile(profile));
        match self.expected.via.as_deref() {
            Some("base64") => checker.via(Via::Base64),
            Some("url") => checker.via(Via::Url),
            None => checker,
            Some(other) => panic!("{}: via {other}", self.name),
        }
    }
}

/// A built-in profile, or `open`: the set `auto`, with videos of every format accepted, so that a
/// good file of a format that the service does not list is found to be good.
fn named_profile(name: &str) -> ProfileSet {
    if name != "open" {
        return ProfileSet::builtin(name).expect(name);
    }
    let videos = Format::ALL.iter().filter(|format| format.kind() == Kind::Video);
    let formats: Vec<_> = videos.map(|format| format!("'{}'", format.name())).collect();
    let text = format!(
        "name = 'open'\nextends = 'huawei/video-v3'\n[accepted]\nformats = [{}]\nlisted = 'any'",
        formats.join(", ")
    );
    let auto = ProfileSet::builtin("auto").unwrap();
    ProfileSet { name: name.to_owned(), video: ProfileSet::from_toml(&text, name).unwrap().video, ..auto }
}

/// The name of a verdict or of any other unit variant, as it is in JSON.
pub fn json_name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

pub fn verdict_name(verdict: Verdict) -> String {
    json_name(verdict)
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every fixture of every folder that has an `expected.toml`. A row without a file fails, and so
/// does a file without a row.
pub fn all() -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    let mut folders: Vec<_> = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let table = folder.join("expected.toml");
        // Requests are no files to be checked: tests/request.rs has them.
        if !table.exists() || folder.ends_with("request") {
            continue;
        }
        let mut rows: BTreeMap<String, Expected> = toml::from_str(&fs::read_to_string(&table).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", table.display()));
        let profile = rows.remove("folder").and_then(|row| row.profile);
        for half in ["good", "bad"] {
            // A folder in it holds what the files refer to.
            let entries = fs::read_dir(folder.join(half)).into_iter().flatten().map(Result::unwrap);
            for entry in entries.filter(|entry| entry.path().is_file()) {
                let name = format!("{half}/{}", entry.file_name().into_string().unwrap());
                assert!(rows.contains_key(&name), "{}: no row for {name}", table.display());
            }
        }
        for (name, mut expected) in rows {
            expected.profile = expected.profile.or_else(|| profile.clone());
            let path = folder.join(&name);
            let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = format!("{}/{name}", folder.file_name().unwrap().to_str().unwrap());
            fixtures.push(Fixture { name, path, bytes, expected });
        }
    }
    assert!(!fixtures.is_empty());
    fixtures
}

/// A fixture of a request and its row.
pub struct RequestFixture {
    pub name: String,
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub expected: ExpectedRequest,
}

/// What the check of the first request of a fixture must say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedRequest {
    /// `pass` if not said.
    pub verdict: Option<String>,
    /// The operation that it is taken for.
    pub operation: Option<String>,
    /// Code, pointer and offset of the finding that decides.
    pub code: Option<String>,
    pub pointer: Option<String>,
    pub offset: Option<u64>,
    /// All defects, of the request and of what it carries, in any order, each once.
    #[serde(default)]
    pub defects: Vec<String>,
}

impl ExpectedRequest {
    pub fn defect_set(&self) -> std::collections::BTreeSet<&str> {
        self.defects.iter().map(String::as_str).collect()
    }
}

impl RequestFixture {
    pub fn is_good(&self) -> bool {
        self.name.starts_with("good/")
    }
}

/// The fixtures of requests. A row without a file fails, and so does a file without a row.
pub fn request_fixtures() -> Vec<RequestFixture> {
    let folder = root().join("request");
    let rows: BTreeMap<String, ExpectedRequest> =
        toml::from_str(&fs::read_to_string(folder.join("expected.toml")).unwrap()).unwrap();
    for half in ["good", "bad"] {
        for entry in fs::read_dir(folder.join(half)).unwrap() {
            let name = format!("{half}/{}", entry.unwrap().file_name().into_string().unwrap());
            assert!(rows.contains_key(&name), "no row for {name}");
        }
    }
    let fixtures: Vec<_> = rows
        .into_iter()
        .map(|(name, expected)| {
            let path = folder.join(&name);
            let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            RequestFixture { name, path, bytes, expected }
        })
        .collect();
    assert!(!fixtures.is_empty());
    fixtures
}
