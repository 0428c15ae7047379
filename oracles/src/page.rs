//! Opens the page of `--format html` over many files in Chromium: whether its table says what the reports say, whether
//! names stay names, and how long it takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

const FILES: usize = 50_000;
/// The longest that a page of so many rows may take until it can be used, and to filter, in milliseconds. Machines of CI
/// are slow; a page that freezes takes far longer.
const LOADING: f64 = 5000.0;
const FILTERING: f64 = 1000.0;

/// A name that would change the title of the page.
const HARMFUL: &str = "\"><img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'<!--.jpg";

pub fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let files = folder.path().join("files");
    fill(&files)?;
    let page = folder.path().join("page.html");
    let reports = folder.path().join("reports.ndjson");
    check(&files, &page, &reports)?;
    let reports = fs::read_to_string(&reports)?;
    let reports: Vec<Value> = reports.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(reports.len() == FILES, "{} reports", reports.len());
    let count = |like: &dyn Fn(&Value) -> bool| reports.iter().filter(|report| like(report)).count();
    let named = |report: &Value, part: &str| report["path"].as_str().is_some_and(|path| path.contains(part));
    let views = [
        ("", FILES),
        ("verdict=reject", count(&|report| report["verdict"] == "reject")),
        ("format=png&sort=-size", count(&|report| report["format"] == "png")),
        ("q=truncated%20.jpg&sort=file", count(&|report| holds(report, "truncated") && holds(report, ".jpg"))),
        ("q=onerror", count(&|report| named(report, "onerror"))),
    ];
    println!("{FILES} rows, {:.1} MB", fs::metadata(&page)?.len() as f64 / 1e6);
    println!("| view | rows | until it can be used | to filter and sort |\n|---|---:|---:|---:|");
    for (view, expected) in views {
        let document = open(&page, view, folder.path())?;
        let number = |attribute| -> anyhow::Result<f64> {
            let value =
                between(&document, &format!("{attribute}=\""), "\"").context("the script of the page did not run")?;
            Ok(value.parse()?)
        };
        let (loading, filtering) = (number("data-ready")?, number("data-selected")?);
        println!("| `#{view}` | {expected} | {loading} ms | {filtering} ms |");
        let shown = between(&document, "<output id=\"count\">", "<").context("no count")?.replace(',', "");
        ensure!(shown == format!("{expected} of {FILES}"), "#{view}: {shown} instead of {expected}");
        ensure!(loading < LOADING && filtering < FILTERING, "#{view} takes too long");
        ensure!(between(&document, "<title>", "<") == Some("Pre-flight report"), "#{view}: a name has run as a script");
        ensure!(!document.contains("<img src=\"x\""), "#{view}: a name has become an element");
        ensure!(document.matches("role=\"row\"").count() < 200, "#{view}: all rows are drawn");
    }
    Ok(())
}

/// Whether the search of the page finds `word` in what stands for the report.
fn holds(report: &Value, word: &str) -> bool {
    let cause = &report["findings"][0];
    let decides = cause["severity"].as_str().is_some_and(|severity| severity != "note");
    let fields = [&cause["code"], &cause["defect"], &cause["message"]].into_iter().filter(|_| decides);
    let mut all = fields.chain([&report["path"], &report["format"]]).filter_map(Value::as_str);
    all.any(|text| text.to_lowercase().contains(word))
}

/// Hard links of the fixtures, or copies where there can be none, and files with a harmful name.
fn fill(folder: &Path) -> anyhow::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no parent")?.join("fixtures");
    let mut sources = Vec::new();
    for half in ["good", "bad"] {
        for format in fs::read_dir(&fixtures)? {
            let Ok(entries) = fs::read_dir(format?.path().join(half)) else { continue };
            sources.extend(entries.filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_file())));
        }
    }
    sources.sort();
    for (at, source) in sources.iter().cycle().take(FILES).enumerate() {
        let below = folder.join((at / 1000).to_string());
        fs::create_dir_all(&below)?;
        let name = source.file_name().and_then(|name| name.to_str()).context("a fixture without a name")?;
        let name = if at % 5000 == 0 { HARMFUL.to_owned() } else { format!("{at}-{name}") };
        fs::hard_link(source, below.join(&name)).or_else(|_| fs::copy(source, below.join(&name)).map(drop))?;
    }
    Ok(())
}

fn check(files: &Path, page: &Path, reports: &Path) -> anyhow::Result<()> {
    let command = std::env::current_exe()?.with_file_name("ais-preflight");
    ensure!(command.is_file(), "build the command first: cargo build --release");
    let form = |name: &str, path: &Path| format!("{name}={}", path.display());
    let status = Command::new(command)
        .env("AIS_PREFLIGHT_CONFIG", "")
        .args(["check", "--lang", "en", "--exit-zero", "--no-progress", "--format", "csv"])
        .args(["--report", &form("html", page), "--report", &form("ndjson", reports)])
        .arg(files)
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "{status}");
    Ok(())
}

/// The document as it is after the script has run.
fn open(page: &Path, view: &str, profile: &Path) -> anyhow::Result<String> {
    let output = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--lang=en-US", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.join("chromium").display()))
        .arg(format!("file://{}#{view}", PathBuf::from(page).display()))
        .output()
        .context("chromium")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(between, _)| between)
}
