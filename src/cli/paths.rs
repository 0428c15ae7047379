//! From arguments to files: walking folders, and lists from standard input.

use std::ffi::OsString;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

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

/// Everything that `roots` stand for: files as they are, folders with all files below them in the
/// order of their names, and for `-` the paths that standard input lists.
pub(super) fn items(roots: Vec<PathBuf>, null: bool, hidden: bool) -> impl Iterator<Item = Item> + Send {
    roots.into_iter().flat_map(move |root| -> Box<dyn Iterator<Item = Item> + Send> {
        if root.as_os_str() == "-" {
            Box::new(listed(null).flat_map(move |path| match path {
                Ok(path) => below(path, hidden),
                Err(error) => Box::new(std::iter::once(Item::Missing(PathBuf::from("-"), error))),
            }))
        } else {
            below(root, hidden)
        }
    })
}

/// The files at and below one path.
fn below(root: PathBuf, hidden: bool) -> Box<dyn Iterator<Item = Item> + Send> {
    match std::fs::symlink_metadata(&root) {
        Err(error) => Box::new(std::iter::once(Item::Missing(root, error))),
        // A folder, also one behind a link that the user named.
        Ok(_) if root.is_dir() => Box::new(walk(&root, hidden)),
        Ok(_) => Box::new(std::iter::once(Item::Path(root))),
    }
}

fn walk(root: &Path, hidden: bool) -> impl Iterator<Item = Item> + Send + use<> {
    // Media is often git-ignored, so no ignore file counts.
    let walk = WalkBuilder::new(root).standard_filters(false).hidden(!hidden).sort_by_file_name(Ord::cmp).build();
    let root = root.to_owned();
    walk.filter_map(move |entry| match entry {
        Ok(entry) => {
            let kind = entry.file_type()?;
            // A link to a folder is not followed, so there is nothing to say about it.
            let folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
            (!folder).then(|| Item::Path(entry.into_path()))
        }
        Err(error) => {
            let path = path_of(&error).unwrap_or(&root).to_owned();
            let error = error.into_io_error().unwrap_or_else(|| io::Error::other("the folder could not be read"));
            Some(Item::Failed(path, error))
        }
    })
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

/// The paths that standard input lists, one a line or, with `null`, one before each NUL.
fn listed(null: bool) -> impl Iterator<Item = io::Result<PathBuf>> + Send {
    let end = if null { 0 } else { b'\n' };
    std::iter::from_fn(move || {
        loop {
            let mut line = Vec::new();
            match io::stdin().lock().read_until(end, &mut line) {
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
