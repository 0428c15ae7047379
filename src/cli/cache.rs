//! Reports of earlier runs, so that what has not changed is not checked again.
//!
//! They are kept in a `redb` file: an embedded store in pure Rust that survives being killed at any
//! moment (a commit is there whole or not at all), locks its file against other processes, and
//! needs no server. The key is everything that has a say in the report but the file, and then the
//! path, in the order of a walk, so that neighbours of the walk are neighbours in the store. What
//! the file was, and the verdict, are kept apart from the reports: mostly no more than that is
//! asked for, and it is a tenth of the bytes.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use redb::{
    AccessGuard, Database, DatabaseError, Durability, Range, ReadOnlyTable, ReadableTable, TableDefinition, TableError,
};

use super::stat::Stat;
use crate::render::{Reported, Use};
use crate::report::{Report, Verdict};

const VERDICTS: TableDefinition<'_, &[u8], (Stamp, u8)> = TableDefinition::new("verdicts");
const REPORTS: TableDefinition<'_, &[u8], &str> = TableDefinition::new("reports");
const ABOUT: TableDefinition<'_, &str, &str> = TableDefinition::new("about");

/// Size, time of the last change, and inode of a file.
type Stamp = (u64, i64, u64);

/// Reports of another version are of no use.
const ENGINE: &str = concat!("ais-preflight ", env!("CARGO_PKG_VERSION"), ", schema 1, cache 2");
/// What came in since the last commit is lost if the program is killed.
const COMMIT_EVERY: Duration = Duration::from_secs(1);
const COMMIT_SIZE: usize = 8 << 20;
/// Pages of the store that are kept in memory.
const MEMORY: usize = 16 << 20;
/// A file that was changed so shortly ago may be changed again without its time telling.
const SETTLED: Duration = Duration::from_millis(50);

type Verdicts = ReadOnlyTable<&'static [u8], (Stamp, u8)>;
type Reports = ReadOnlyTable<&'static [u8], &'static str>;
type Entries = Range<'static, &'static [u8], (Stamp, u8)>;

/// A cache that is open.
pub(super) struct Cache {
    path: PathBuf,
    database: Arc<Database>,
    /// What was there when the run began.
    before: Option<(Verdicts, Reports)>,
    settings: [u8; 8],
    working_folder: PathBuf,
}

thread_local! {
    static PLACE: RefCell<Place> = RefCell::default();
}

/// Where the last look-up of this thread ended. The next one is mostly a few entries further on.
#[derive(Default)]
struct Place {
    key: Vec<u8>,
    entries: Option<Entries>,
}

/// A look-up goes on from the last one over so many entries before it searches from the root.
const NEAR: usize = 64;

/// What is remembered of one file.
pub(super) struct Entry {
    key: Vec<u8>,
    stamp: Stamp,
    verdict: Verdict,
    json: String,
}

/// Reports that are to be kept, committed together: while some are written, others come in.
pub(super) struct Keeper {
    entries: Vec<Entry>,
    size: usize,
    committed: Instant,
    /// Until a commit fails, and to the end.
    sender: Option<SyncSender<Vec<Entry>>>,
    writer: Option<JoinHandle<()>>,
}

impl Cache {
    /// Opens the cache at `path`, or makes one. `settings` is all that a report depends on beside
    /// the file. A damaged one is moved aside, with a word on standard error.
    pub(super) fn open(path: &Path, settings: &str) -> anyhow::Result<Self> {
        let opened = match guarded(|| Self::try_open(path)) {
            Ok(opened) => opened,
            Err(Fault::InUse) => bail!(
                "the cache {} is in use by another run; wait until it is done, or name another file",
                path.display()
            ),
            Err(Fault::Io(error)) => return Err(error).with_context(|| format!("the cache {}", path.display())),
            Err(Fault::Damaged(reason)) => {
                let aside = aside(path);
                fs::rename(path, &aside).with_context(|| format!("the damaged cache {}", path.display()))?;
                let _ = writeln!(
                    anstream::stderr(),
                    "ais-preflight: the cache {} is damaged ({reason}); it was moved to {} and is built anew",
                    path.display(),
                    aside.display()
                );
                guarded(|| Self::try_open(path)).map_err(|fault| anyhow::anyhow!("{}: {fault}", path.display()))?
            }
        };
        let (database, before) = opened;
        let mut hasher = DefaultHasher::new();
        settings.hash(&mut hasher);
        let settings = hasher.finish().to_be_bytes();
        Ok(Self {
            path: path.to_owned(),
            database: Arc::new(database),
            before,
            settings,
            working_folder: std::env::current_dir()?,
        })
    }

    fn try_open(path: &Path) -> Result<(Database, Option<(Verdicts, Reports)>), Fault> {
        let database = Database::builder().set_cache_size(MEMORY).create(path)?;
        let write = database.begin_write()?;
        {
            let mut about = write.open_table(ABOUT)?;
            let same = about.get("engine")?.is_some_and(|engine| engine.value() == ENGINE);
            if !same {
                write.delete_table(VERDICTS)?;
                write.delete_table(REPORTS)?;
                about.insert("engine", ENGINE)?;
            }
        }
        write.commit()?;
        let read = database.begin_read()?;
        let before = match (read.open_table(VERDICTS), read.open_table(REPORTS)) {
            (Ok(verdicts), Ok(reports)) => Some((verdicts, reports)),
            (Err(TableError::TableDoesNotExist(_)), Err(TableError::TableDoesNotExist(_))) => None,
            (verdicts, reports) => {
                verdicts?;
                reports?;
                return Err(Fault::Damaged("a table is missing".to_owned()));
            }
        };
        Ok((database, before))
    }

    /// The key of a path. A walk goes through a folder before it goes on to a longer name that
    /// begins alike, so the byte between two names must come before all others.
    fn key(&self, path: &Path, key: &mut Vec<u8>) {
        key.clear();
        key.extend_from_slice(&self.settings);
        let mut push = |names: &Path| {
            let bytes = names.as_os_str().as_encoded_bytes();
            key.extend(bytes.iter().map(|byte| if std::path::is_separator(char::from(*byte)) { 0 } else { *byte }));
        };
        if path.is_absolute() {
            return push(path);
        }
        push(&self.working_folder);
        push(Path::new("/"));
        push(path);
    }

    /// What the file at `path` was when last checked, and the verdict.
    fn stored(&self, path: &Path) -> Option<(Stamp, Verdict)> {
        let (verdicts, _) = self.before.as_ref()?;
        let stored = |place: &mut Place| {
            self.key(path, &mut place.key);
            Ok(search(verdicts, place)?)
        };
        let (stamp, letter) = guarded(|| PLACE.with_borrow_mut(stored)).ok()??;
        let (_, verdict) = LETTERS.iter().find(|(known, _)| *known == letter)?;
        Some((stamp, *verdict))
    }

    /// The report from when the file was last checked, without the path unless there are commands
    /// with it.
    fn stored_json(&self, path: &Path) -> Option<AccessGuard<'static, &'static str>> {
        let (_, reports) = self.before.as_ref()?;
        let mut key = Vec::new();
        self.key(path, &mut key);
        guarded(|| Ok(reports.get(key.as_slice())?)).ok()?
    }

    /// As much of the report of the file from an earlier run as is made use of, if the file has not changed since.
    pub(super) fn find(&self, path: &Path, file: Stat, use_of: impl Fn(Verdict) -> Use) -> Option<Reported> {
        let (stamp, verdict) = self.stored(path)?;
        if stamp != stamp_of(file) {
            return None;
        }
        let use_of = use_of(verdict);
        if use_of == Use::Verdict {
            return Some(Reported::Counted(verdict));
        }
        let stored = self.stored_json(path)?;
        let json = match stored.value() {
            // With commands in it, the report names the file as that run did.
            whole if whole.starts_with('{') => {
                Some(whole).filter(|json| json.starts_with(&Report::json_head(path)))?.to_owned()
            }
            rest => Report::json_with_path(path, rest),
        };
        match use_of {
            Use::Whole => Report::from_json(&json).ok().map(|report| Reported::Fresh(Box::new(report))),
            Use::Verdict | Use::Json => Some(Reported::Kept { verdict, json }),
        }
    }

    /// Whether the last report of the file, changed or not, was anything but a pass.
    pub(super) fn failed_before(&self, path: &Path) -> bool {
        self.stored(path).is_some_and(|(_, verdict)| verdict != Verdict::Pass)
    }

    /// What to remember of a file that was checked; nothing if it changed meanwhile, or if its
    /// report depends on more than its bytes.
    pub(super) fn entry(&self, path: &Path, before: Stat, report: &Report) -> Option<Entry> {
        let settled = before.age()? > SETTLED;
        let alone = report.format != Some("hls") && report.verdict != Verdict::Unchecked;
        (settled && alone && Stat::of(path) == Some(before)).then(|| {
            let mut key = Vec::new();
            self.key(path, &mut key);
            let commands = report.findings.iter().any(|finding| finding.remedy_command.is_some());
            let json = if commands { report.to_json() } else { report.json_without_path() };
            Entry { key, stamp: stamp_of(before), verdict: report.verdict, json }
        })
    }

    /// Takes reports to keep.
    pub(super) fn keeper(&self) -> io::Result<Keeper> {
        let (sender, batches) = mpsc::sync_channel(0);
        let (database, path) = (Arc::clone(&self.database), self.path.clone());
        let writer = thread::Builder::new().spawn(move || write_all(&database, &path, batches))?;
        Ok(Keeper {
            entries: Vec::new(),
            size: 0,
            committed: Instant::now(),
            sender: Some(sender),
            writer: Some(writer),
        })
    }
}

impl Keeper {
    /// Keeps one more report.
    pub(super) fn keep(&mut self, entry: Entry) {
        if self.sender.is_none() {
            return;
        }
        self.size = self.size.saturating_add(entry.key.len()).saturating_add(entry.json.len());
        self.entries.push(entry);
        if self.size >= COMMIT_SIZE || self.committed.elapsed() >= COMMIT_EVERY {
            self.commit();
        }
    }

    /// Hands over what has come in, once all before it is written.
    fn commit(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        let gone = self.sender.as_ref().is_some_and(|writer| !entries.is_empty() && writer.send(entries).is_err());
        if gone {
            self.sender = None;
        }
        self.size = 0;
        self.committed = Instant::now();
    }
}

/// What came in is written in any case.
impl Drop for Keeper {
    fn drop(&mut self) {
        self.commit();
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// Commits each of `batches`, until one cannot be written.
fn write_all(database: &Database, path: &Path, batches: Receiver<Vec<Entry>>) {
    for entries in batches {
        if let Err(fault) = guarded(|| write(database, entries)) {
            let path = path.display();
            let _ = writeln!(anstream::stderr(), "ais-preflight: the cache {path} is not written any more: {fault}");
            return;
        }
    }
}

fn write(database: &Database, mut entries: Vec<Entry>) -> Result<(), Fault> {
    // In the order of the keys, neighbours share their pages.
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    let mut write = database.begin_write()?;
    write.set_durability(Durability::Immediate);
    {
        let mut verdicts = write.open_table(VERDICTS)?;
        let mut reports = write.open_table(REPORTS)?;
        for entry in &entries {
            let letter = LETTERS.iter().find(|(_, verdict)| *verdict == entry.verdict).map(|(letter, _)| *letter);
            verdicts.insert(entry.key.as_slice(), (entry.stamp, letter.unwrap_or_default()))?;
            reports.insert(entry.key.as_slice(), entry.json.as_str())?;
        }
    }
    Ok(write.commit()?)
}

/// Searches for the key of `place`, from there on where it is near.
fn search(table: &Verdicts, place: &mut Place) -> Result<Option<(Stamp, u8)>, redb::StorageError> {
    let Place { key, entries } = place;
    if let Some(range) = entries {
        for _ in 0..NEAR {
            let Some((found, stored)) = range.next().transpose()? else {
                break;
            };
            match found.value().cmp(key) {
                Ordering::Less => {}
                Ordering::Equal => return Ok(Some(stored.value())),
                Ordering::Greater => break,
            }
        }
    }
    let range = entries.insert(table.range(key.as_slice()..)?);
    let first = range.next().transpose()?;
    Ok(first.filter(|(found, _)| found.value() == key).map(|(_, stored)| stored.value()))
}

/// The letter that stands for each verdict in the store.
const LETTERS: [(u8, Verdict); 4] =
    [(b'p', Verdict::Pass), (b'r', Verdict::Risk), (b'u', Verdict::Unchecked), (b'x', Verdict::Reject)];

fn stamp_of(file: Stat) -> Stamp {
    (file.size, file.modified, file.inode)
}

/// A name beside `path` that nothing has.
fn aside(path: &Path) -> PathBuf {
    let named = |number: u32| {
        let mut name = OsString::from(path);
        name.push(if number == 0 { ".damaged".to_owned() } else { format!(".damaged-{number}") });
        PathBuf::from(name)
    };
    (0..1000).map(named).find(|name| !name.exists()).unwrap_or_else(|| named(1000))
}

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it is in use by another run")]
    InUse,
    #[error("{0}")]
    Damaged(String),
    #[error("{0}")]
    Io(io::Error),
}

/// Runs `work`; a store that panics over a damaged file is damaged, and no more than that.
fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Fault::Damaged("its pages contradict each other".to_owned())))
}

impl From<DatabaseError> for Fault {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            DatabaseError::Storage(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<redb::StorageError> for Fault {
    fn from(error: redb::StorageError) -> Self {
        use std::io::ErrorKind::{InvalidData, UnexpectedEof};
        match error {
            redb::StorageError::Io(error) if !matches!(error.kind(), InvalidData | UnexpectedEof) => Self::Io(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}

macro_rules! from_storage {
    ($($error:ident),*) => {$(
        impl From<redb::$error> for Fault {
            fn from(error: redb::$error) -> Self {
                match error {
                    redb::$error::Storage(error) => error.into(),
                    other => Self::Damaged(other.to_string()),
                }
            }
        }
    )*};
}

from_storage!(TransactionError, TableError, CommitError);
