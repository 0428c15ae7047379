//! `ais-preflight watch`: files are checked as they come into a folder, once they are completely
//! written.
//!
//! What the system tells of a file only makes it a candidate. It is looked at when its size and its
//! time have not changed for a while and, on Linux, no process that can be seen has it open for
//! writing. Nothing is lost if the system's events are: then the folders are walked again.

mod open;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use ignore::WalkBuilder;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::output::FailOn;
use super::stat::inode;
use super::{CheckerArgs, ViaArg, on_interrupt, place};
use crate::batch::Batch;
use crate::checker::{Checker, printable};
use crate::lang::{Lang, Text};
use crate::render::text::harmless;
use crate::render::{self, Reported, Summary};
use crate::report::{Report, Verdict};

#[derive(Debug, Args)]
#[command(after_help = "\
Files with hidden names, and with names of downloads and copies that are not finished (.part, .crdownload,
.tmp, a ~ at the end …), are left alone until they are renamed.

With --sort-into, a file that passes goes to accepted/, one that is predicted to be refused to rejected/, and one
that could not be checked to unchecked/, each at its place below the folder that is watched. A risk counts as
accepted, or with --fail-on risk as rejected. Nothing is written over: a second a.jpg becomes \"a (1).jpg\".

Ctrl-C ends it; what is being checked is finished first. Exit status: 0 nothing was rejected, 1 something was,
2 the command could not do its work.

Examples:
  ais-preflight watch incoming/
  ais-preflight watch --existing --sort-into sorted/ incoming/
  ais-preflight watch --poll 5 /mnt/share")]
pub(super) struct WatchArgs {
    /// Folders to watch, with all that is below them
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Check a file when it has not changed for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    settle: f64,
    /// Check what is there already, too
    #[arg(long)]
    existing: bool,
    /// Move each file into a folder of this one, by its verdict
    #[arg(long, value_name = "DIR")]
    sort_into: Option<PathBuf>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FormArg::Ndjson)]
    format: FormArg,
    /// The least verdict that counts as rejected
    #[arg(long, value_enum, default_value_t = FailOn::Reject, env = "AIS_PREFLIGHT_FAIL_ON")]
    fail_on: FailOn,
    /// Look for changes every so many seconds, where the system does not tell of them, as on network
    /// drives
    #[arg(long, value_name = "SECONDS")]
    poll: Option<f64>,
    /// End after so many seconds
    #[arg(long = "for", value_name = "SECONDS")]
    time: Option<f64>,
    /// End when nothing has happened for so many seconds
    #[arg(long, value_name = "SECONDS")]
    once_idle: Option<f64>,
    /// How the files will be sent, which decides on the size limit
    #[arg(long, value_enum, env = "AIS_PREFLIGHT_VIA")]
    via: Option<ViaArg>,
    /// Number of files checked at once [default: one for each processor]
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "N", env = "AIS_PREFLIGHT_JOBS")]
    jobs: usize,
    #[command(flatten)]
    checker: CheckerArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormArg {
    /// one JSON object a line
    Ndjson,
    /// for people
    Text,
}

const WATCHING: Text = Text { en: "watching", zh: "正在监视" };
/// How often to look whether candidates have settled.
const TICK: Duration = Duration::from_millis(50);
/// Files that may wait for a worker before others are looked for.
const QUEUE: usize = 1024;
/// What names of files end in that are being written.
const UNFINISHED: [&str; 9] =
    [".part", ".partial", ".filepart", ".crdownload", ".opdownload", ".download", ".tmp", ".temp", "~"];

/// What the watching thread is told.
enum Message {
    Event(notify::Result<Event>),
    /// A file changed while it was checked.
    Again(PathBuf),
}

/// A file to check: where it is, and below which of the folders.
struct Settled {
    path: PathBuf,
    folder: PathBuf,
    stamp: u64,
}

/// What became of a file.
enum Done {
    Checked { report: Box<Report>, moved: Option<io::Result<PathBuf>> },
    Again(PathBuf),
    Gone,
}

pub(super) fn run(args: &WatchArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let mut checker = args.checker.checker(lang, None)?;
    if let Some(via) = args.via {
        checker = checker.via(via.into());
    }
    if let Some(sorted) = &args.sort_into {
        fs::create_dir_all(sorted).with_context(|| sorted.display().to_string())?;
    }
    let (messages, inbox) = mpsc::channel();
    let began = SystemTime::now();
    let watcher = start(args, messages.clone())?;
    let (settled, queue) = mpsc::sync_channel(QUEUE);
    let under_way = AtomicUsize::new(0);
    let interrupted = on_interrupt()?;
    let folders = Folders {
        args,
        lang,
        told_as: args.folders.iter().flat_map(|folder| names_of(folder)).collect(),
        seconds: Seconds::of(args)?,
        sorted: args.sort_into.as_ref().and_then(|sorted| fs::canonicalize(sorted).ok()),
        candidates: BTreeMap::new(),
        checked: HashMap::new(),
        interrupted: Arc::clone(&interrupted),
        under_way: &under_way,
        settled,
    };
    let started = Instant::now();
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    let (mut summary, mut written) = (Summary::default(), Ok(()));
    let mut rejected = false;
    let ended = std::thread::scope(|scope| {
        let watching = scope.spawn(move || folders.watch(&inbox, began, watcher));
        Batch::new(checker).jobs(args.jobs).unordered().singly().run(
            queue,
            |checker, file: Settled| {
                // What waits is left to the next run.
                if interrupted.load(Ordering::Relaxed) { Done::Gone } else { handle(args, checker, file) }
            },
            |done| {
                match done {
                    Done::Gone => {}
                    Done::Again(path) => {
                        // Nobody listens any more when the watch is over.
                        let _ = messages.send(Message::Again(path));
                    }
                    Done::Checked { report, moved } => {
                        rejected |= fails(report.verdict, args.fail_on);
                        written = stdout
                            .write_all(line(args.format, &report, moved.as_ref(), lang).as_bytes())
                            .and_then(|()| stdout.flush());
                        summary.add(&Reported::Fresh(report));
                    }
                }
                under_way.fetch_sub(1, Ordering::Relaxed);
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        watching.join()
    });
    written?;
    summary.time = started.elapsed();
    writeln!(anstream::stderr(), "{}", render::text::verdicts(&summary, lang))?;
    match ended {
        Ok(ended) => ended?,
        Err(_) => bail!("the watch failed by a fault of its own"),
    }
    Ok(if rejected { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn fails(verdict: Verdict, fail_on: FailOn) -> bool {
    verdict == Verdict::Reject || (fail_on == FailOn::Risk && verdict != Verdict::Pass)
}

/// Has the system, or a walk every so often, tell of changes in the folders.
fn start(args: &WatchArgs, messages: mpsc::Sender<Message>) -> anyhow::Result<Box<dyn Watcher + Send>> {
    let tell = move |event| {
        let _ = messages.send(Message::Event(event));
    };
    let mut watcher: Box<dyn Watcher + Send> = match args.poll {
        Some(every) => {
            let config = Config::default().with_poll_interval(seconds("--poll", every)?);
            Box::new(PollWatcher::new(tell, config)?)
        }
        None => Box::new(RecommendedWatcher::new(tell, Config::default().with_follow_symlinks(false))?),
    };
    for folder in &args.folders {
        if !folder.is_dir() {
            bail!("{} is not a folder", folder.display());
        }
        let begun = watcher.watch(folder, RecursiveMode::Recursive);
        begun.with_context(|| format!("{} cannot be watched; --poll may do", folder.display()))?;
    }
    Ok(watcher)
}

fn seconds(flag: &str, value: f64) -> anyhow::Result<Duration> {
    Duration::try_from_secs_f64(value).map_err(|error| anyhow::anyhow!("{flag} {value}: {error}"))
}

/// The flags that are times.
struct Seconds {
    settle: Duration,
    time: Option<Duration>,
    once_idle: Option<Duration>,
}

impl Seconds {
    fn of(args: &WatchArgs) -> anyhow::Result<Self> {
        Ok(Self {
            settle: seconds("--settle", args.settle)?,
            time: args.time.map(|time| seconds("--for", time)).transpose()?,
            once_idle: args.once_idle.map(|time| seconds("--once-idle", time)).transpose()?,
        })
    }
}

/// A file or folder that something happened to.
struct Candidate {
    folder: PathBuf,
    stamp: Option<u64>,
    since: Instant,
}

/// The folders that are watched, and what goes on in them.
struct Folders<'a> {
    args: &'a WatchArgs,
    lang: Lang,
    /// The folders as the system names them, and as the user does.
    told_as: Vec<(PathBuf, PathBuf)>,
    seconds: Seconds,
    /// Where files are moved to, which is not watched even if it lies below a folder that is.
    sorted: Option<PathBuf>,
    candidates: BTreeMap<PathBuf, Candidate>,
    /// By the hash of the path, what was last checked or was there before.
    checked: HashMap<u64, u64>,
    interrupted: Arc<AtomicBool>,
    /// Files that are in the queue or being checked.
    under_way: &'a AtomicUsize,
    settled: mpsc::SyncSender<Settled>,
}

impl Folders<'_> {
    /// Watches until it is time to end. The watcher is kept alive as long.
    fn watch(
        mut self,
        inbox: &mpsc::Receiver<Message>,
        began: SystemTime,
        _watcher: Box<dyn Watcher + Send>,
    ) -> anyhow::Result<()> {
        let (started, mut idle_since) = (Instant::now(), Instant::now());
        let mut ticked = Instant::now();
        for folder in &self.args.folders {
            for path in files_below(folder) {
                // What came while this walk went on is new.
                let new = |file: Metadata| file.modified().is_ok_and(|changed| changed >= began);
                match stamp(&path) {
                    Some(stamp) if !self.args.existing && !fs::metadata(&path).is_ok_and(new) => {
                        self.checked.insert(hash(&path), stamp);
                    }
                    _ => self.add(folder, path),
                }
            }
            let _ = writeln!(anstream::stderr(), "{} {}", WATCHING.get(self.lang), harmless(&folder.to_string_lossy()));
        }
        loop {
            let happened = match inbox.recv_timeout(TICK) {
                Ok(Message::Event(event)) => self.take(event),
                Ok(Message::Again(path)) => {
                    self.happened_to(&path);
                    true
                }
                Err(_) => false,
            };
            if ticked.elapsed() >= TICK {
                ticked = Instant::now();
                if !self.hand_on() {
                    return Ok(());
                }
                if self.args.folders.iter().all(|folder| !folder.is_dir()) {
                    bail!("what was watched is no longer there");
                }
            }
            if happened || !self.candidates.is_empty() || self.under_way.load(Ordering::Relaxed) > 0 {
                idle_since = Instant::now();
            }
            let over = |time: Option<Duration>, since: Instant| time.is_some_and(|time| since.elapsed() >= time);
            if self.interrupted.load(Ordering::Relaxed)
                || over(self.seconds.time, started)
                || over(self.seconds.once_idle, idle_since)
            {
                return Ok(());
            }
        }
    }

    /// Whether the event is one that a file can be checked after.
    fn take(&mut self, event: notify::Result<Event>) -> bool {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                let _ = writeln!(anstream::stderr(), "ais-preflight: {error}");
                return false;
            }
        };
        if event.need_rescan() {
            // Some events were lost.
            for folder in self.args.folders.clone() {
                self.walk(&folder, &folder);
            }
            return true;
        }
        let meant = match event.kind {
            EventKind::Create(_) | EventKind::Any | EventKind::Other => true,
            EventKind::Modify(kind) => !matches!(kind, ModifyKind::Metadata(_)) || self.args.poll.is_some(),
            EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
            EventKind::Remove(_) => false,
        };
        if meant {
            event.paths.iter().for_each(|path| self.happened_to(path));
        }
        meant
    }

    fn happened_to(&mut self, path: &Path) {
        let known = self.told_as.iter().find_map(|(told, folder)| Some((folder, path.strip_prefix(told).ok()?)));
        if let Some((folder, below)) = known {
            let (folder, path) = (folder.clone(), folder.join(below));
            if path.is_dir() && !path.is_symlink() {
                self.walk(&folder, &path);
            }
            self.add(&folder, path);
        }
    }

    /// Makes candidates of all files below `path` that were not checked as they are.
    fn walk(&mut self, folder: &Path, path: &Path) {
        for path in files_below(path) {
            if !self.candidates.contains_key(&path) {
                self.add(folder, path);
            }
        }
    }

    fn add(&mut self, folder: &Path, path: PathBuf) {
        if path != folder && is_meant(folder, &path) && !self.is_sorted(&path) {
            let candidate = Candidate { folder: folder.to_owned(), stamp: stamp(&path), since: Instant::now() };
            self.candidates.insert(path, candidate);
        }
    }

    fn is_sorted(&self, path: &Path) -> bool {
        let canonical = || fs::canonicalize(path.parent()?).ok();
        self.sorted.as_ref().is_some_and(|sorted| canonical().is_some_and(|path| path.starts_with(sorted)))
    }

    /// Hands on the candidates that have settled; `false` if nobody takes them any more.
    fn hand_on(&mut self) -> bool {
        let now = Instant::now();
        let due = |candidate: &Candidate| now.duration_since(candidate.since) >= self.seconds.settle;
        let due: Vec<_> =
            self.candidates.iter().filter(|(_, candidate)| due(candidate)).map(|(path, _)| path.clone()).collect();
        let written_to = if due.is_empty() { Vec::new() } else { open::for_writing(&due) };
        for path in due {
            let Some(mut candidate) = self.candidates.remove(&path) else {
                continue;
            };
            if path.is_dir() {
                // What came into a new folder before it was watched.
                self.walk(&candidate.folder.clone(), &path);
                continue;
            }
            let Some(stamp) = stamp(&path) else {
                self.checked.remove(&hash(&path));
                continue;
            };
            if candidate.stamp != Some(stamp) || written_to.contains(&path) {
                (candidate.stamp, candidate.since) = (Some(stamp), now);
                self.candidates.insert(path, candidate);
            } else if self.checked.insert(hash(&path), stamp) != Some(stamp) {
                self.under_way.fetch_add(1, Ordering::Relaxed);
                if self.settled.send(Settled { path, folder: candidate.folder, stamp }).is_err() {
                    return false;
                }
            }
        }
        true
    }
}

/// The names by which the system may speak of a folder, each with the one that the user gave.
fn names_of(folder: &Path) -> impl Iterator<Item = (PathBuf, PathBuf)> {
    let names = [Ok(folder.to_owned()), std::path::absolute(folder), fs::canonicalize(folder)];
    names.into_iter().filter_map(Result::ok).map(|name| (name, folder.to_owned()))
}

/// The regular files below a folder whose names are not hidden.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).hidden(true);
    let files = walk.build().filter_map(Result::ok);
    files
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .collect()
}

/// Whether a name below the folder is that of a file that may be checked.
fn is_meant(folder: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let hidden = below.iter().any(|name| name.as_encoded_bytes().starts_with(b"."));
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    !hidden && !UNFINISHED.iter().any(|end| name.ends_with(end))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What changes when the file does; `None` if there is no such file.
fn stamp(path: &Path) -> Option<u64> {
    let file = fs::symlink_metadata(path).ok().filter(|file| file.is_file() || file.is_dir())?;
    Some(hash(&(file.len(), file.modified().ok(), inode(&file))))
}

/// Checks a file and, if that is wanted, moves it.
fn handle(args: &WatchArgs, checker: &Checker, file: Settled) -> Done {
    let report = Box::new(checker.check_path(&file.path));
    match stamp(&file.path) {
        None => return Done::Gone,
        Some(stamp) if stamp != file.stamp => return Done::Again(file.path),
        Some(_) => {}
    }
    let moved = args.sort_into.as_ref().map(|sorted| {
        let name = match report.verdict {
            Verdict::Unchecked => "unchecked",
            verdict if fails(verdict, args.fail_on) => "rejected",
            _ => "accepted",
        };
        let below = file.path.strip_prefix(&file.folder).unwrap_or(&file.path);
        let target = sorted.join(name).join(below);
        fs::create_dir_all(target.parent().unwrap_or(sorted))?;
        place::move_to(&file.path, &target)
    });
    Done::Checked { report, moved }
}

fn line(form: FormArg, report: &Report, moved: Option<&io::Result<PathBuf>>, lang: Lang) -> String {
    let (key, value) = match moved {
        None => ("", String::new()),
        Some(Ok(path)) => ("moved_to", printable(path).0),
        Some(Err(error)) => ("not_moved", error.to_string()),
    };
    match form {
        FormArg::Ndjson => {
            let mut json = report.to_json();
            if !key.is_empty() {
                json.truncate(json.len().saturating_sub(1));
                let _ = write!(json, ",\"{key}\":{}}}", serde_json::Value::from(value));
            }
            json.push('\n');
            json
        }
        FormArg::Text => {
            let mut text = render::text::report(report, lang);
            let words = match key {
                "moved_to" => Text { en: "moved to", zh: "已移至" },
                "not_moved" => Text { en: "not moved:", zh: "未能移动：" },
                _ => return text,
            };
            let _ = writeln!(text, "    {} {}", words.get(lang), harmless(&value));
            text
        }
    }
}
