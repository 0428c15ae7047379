//! From arguments to files: walking folders, lists of paths, and which of them are meant.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

/// A thing to report on.
#[derive(Debug)]
pub(super) enum Item {
    /// A file, or whatever else is at the path.
    Path(PathBuf),
    /// A path that could not be looked at.
    Failed(PathBuf, io::Error),
    /// A path that was named by the user and is not there.
    Missing(PathBuf, io::Error),
}

/// Which files are meant; the flags that say so.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Which files")]
pub(super) struct Selection {
    /// Check only files below the folders whose path fits the pattern (gitignore syntax); may be repeated
    #[arg(long, value_name = "GLOB", env = "AIS_PREFLIGHT_INCLUDE", value_delimiter = ',')]
    include: Vec<String>,
    /// Leave out files and folders whose path fits the pattern; may be repeated
    #[arg(long, value_name = "GLOB", env = "AIS_PREFLIGHT_EXCLUDE", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Read paths from a file too, one a line (or NUL-separated with -0); `-` for standard input
    #[arg(long, value_name = "FILE")]
    files_from: Vec<PathBuf>,
    /// The paths in lists end in NUL, not in a line break
    #[arg(short = '0', long)]
    null: bool,
    /// Go down so many levels of folders at most: 1 for the files right in the folder
    #[arg(long, value_name = "N", env = "AIS_PREFLIGHT_MAX_DEPTH")]
    max_depth: Option<usize>,
    /// Follow links to folders; one that leads back is reported, not followed
    #[arg(long, env = "AIS_PREFLIGHT_FOLLOW")]
    follow: bool,
    /// Check hidden files and folders too
    #[arg(long, env = "AIS_PREFLIGHT_HIDDEN")]
    hidden: bool,
    /// Check only files that were changed since then: a time such as 2026-11-25T08:00:00Z or
    /// "2026-11-25 08:00:00" (UTC), or an age such as 36h or "2days 4h"
    #[arg(long, value_name = "TIME|AGE", value_parser = since, env = "AIS_PREFLIGHT_CHANGED_SINCE")]
    changed_since: Option<SystemTime>,
}

fn since(text: &str) -> Result<SystemTime, String> {
    let weak = text.trim();
    let day = format!("{weak}T00:00:00Z");
    humantime::parse_rfc3339_weak(weak)
        .or_else(|_| humantime::parse_rfc3339_weak(&day))
        .ok()
        .or_else(|| humantime::parse_duration(weak).ok().and_then(|age| SystemTime::now().checked_sub(age)))
        .ok_or_else(|| "neither a time (2026-11-25T08:00:00Z) nor an age (36h)".to_owned())
}

/// Everything that `roots` and the lists stand for: files as they are, folders with all files below
/// them in the order of their names, and for `-` the paths that standard input lists.
///
/// # Errors
/// If a pattern is none.
pub(super) fn items(
    roots: &[PathBuf],
    selection: &Selection,
) -> anyhow::Result<impl Iterator<Item = Item> + Send + use<>> {
    let walker = Walker { selection: selection.clone(), patterns: patterns(selection)? };
    let null = selection.null;
    let lists: Vec<_> = selection.files_from.clone();
    let roots = roots.iter().map(|root| (root.clone(), root.as_os_str() == "-"));
    let all: Vec<_> = roots.chain(lists.into_iter().map(|list| (list, true))).collect();
    Ok(all.into_iter().flat_map(move |(path, is_list)| -> Box<dyn Iterator<Item = Item> + Send> {
        if !is_list {
            return walker.below(path);
        }
        match open_list(&path) {
            Ok(reader) => {
                let walker = walker.clone();
                Box::new(listed(reader, null).flat_map(move |line| match line {
                    Ok(listed) => walker.below(listed),
                    Err(error) => Box::new(std::iter::once(Item::Missing(path.clone(), error))),
                }))
            }
            Err(error) => Box::new(std::iter::once(Item::Missing(path, error))),
        }
    }))
}

/// Whether standard input is one of the lists.
pub(super) fn reads_standard_input(roots: &[PathBuf], selection: &Selection) -> bool {
    roots.iter().chain(&selection.files_from).any(|path| path.as_os_str() == "-")
}

fn open_list(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::BufReader::new(io::stdin())));
    }
    Ok(Box::new(io::BufReader::new(File::open(path)?)))
}

/// The patterns of the flags, for `ignore`: what they name is taken, and with `!` left out.
fn patterns(selection: &Selection) -> anyhow::Result<Vec<String>> {
    let excluded = selection.exclude.iter().map(|glob| format!("!{glob}"));
    let patterns: Vec<_> = selection.include.iter().cloned().chain(excluded).collect();
    overrides(Path::new("."), &patterns)?;
    Ok(patterns)
}

fn overrides(root: &Path, patterns: &[String]) -> Result<Override, ignore::Error> {
    let mut builder = OverrideBuilder::new(root);
    for pattern in patterns {
        builder.add(pattern)?;
    }
    builder.build()
}

#[derive(Clone)]
struct Walker {
    selection: Selection,
    patterns: Vec<String>,
}

impl Walker {
    /// The files at and below one path.
    fn below(&self, root: PathBuf) -> Box<dyn Iterator<Item = Item> + Send> {
        match std::fs::symlink_metadata(&root) {
            Err(error) => Box::new(std::iter::once(Item::Missing(root, error))),
            // A folder, also one behind a link that the user named.
            Ok(_) if root.is_dir() => Box::new(self.walk(&root)),
            Ok(_) => Box::new(std::iter::once(Item::Path(root))),
        }
    }

    fn walk(&self, root: &Path) -> impl Iterator<Item = Item> + Send + use<> {
        // Media is often git-ignored, so no ignore file counts.
        let mut walk = WalkBuilder::new(root);
        walk.standard_filters(false).hidden(!self.selection.hidden);
        // Files of one folder have all but the name in common, and to take it out costs more than to compare.
        walk.sort_by_file_path(|one, other| one.as_os_str().cmp(other.as_os_str()));
        walk.max_depth(self.selection.max_depth).follow_links(self.selection.follow);
        if let Ok(overrides) = overrides(root, &self.patterns) {
            walk.overrides(overrides);
        }
        let (root, since, follow) = (root.to_owned(), self.selection.changed_since, self.selection.follow);
        walk.build().filter_map(move |entry| match entry {
            Ok(entry) => {
                let kind = entry.file_type()?;
                // A link to a folder is not followed, so there is nothing to say about it.
                let folder = kind.is_dir() || (kind.is_symlink() && !follow && entry.path().is_dir());
                let changed = || since.is_none_or(|since| is_changed(entry.path(), since));
                let wanted = !folder && changed();
                wanted.then(|| Item::Path(entry.into_path()))
            }
            Err(error) => {
                let path = path_of(&error).unwrap_or(&root).to_owned();
                let error = error.into_io_error().unwrap_or_else(|| io::Error::other("the folder could not be read"));
                Some(Item::Failed(path, error))
            }
        })
    }
}

/// Whether the file was changed at or after `since`; yes if that cannot be told.
fn is_changed(path: &Path, since: SystemTime) -> bool {
    std::fs::metadata(path).and_then(|file| file.modified()).map_or(true, |changed| changed >= since)
}

/// The path that an error of the walk speaks of.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// The paths of a list, one a line or, with `null`, one before each NUL.
fn listed(mut reader: impl BufRead + Send, null: bool) -> impl Iterator<Item = io::Result<PathBuf>> + Send {
    let end = if null { 0 } else { b'\n' };
    std::iter::from_fn(move || {
        loop {
            let mut line = Vec::new();
            match reader.read_until(end, &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
            if line.last() == Some(&end) {
                line.pop();
            }
            if !null && line.last() == Some(&b'\r') {
                line.pop();
            }
            if !line.is_empty() {
                return Some(Ok(PathBuf::from(os_string(line))));
            }
        }
    })
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
