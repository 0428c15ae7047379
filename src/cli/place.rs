//! Putting files where they belong without ever writing over another one.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};

/// A name is tried with so many numbers behind it.
const ATTEMPTS: u32 = 100_000;
/// What names of files that are not finished begin with. Being hidden, they are not picked up.
const UNFINISHED: &str = ".ais-preflight-";

/// A new file in `folder` that nobody looks at yet.
pub(super) fn temporary(folder: &Path, extension: &str) -> io::Result<NamedTempFile> {
    let suffix = if extension.is_empty() { String::new() } else { format!(".{extension}") };
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED).suffix(&suffix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A folder in `folder` that nobody looks at.
pub(super) fn temporary_folder(folder: &Path) -> io::Result<tempfile::TempDir> {
    Builder::new().prefix(UNFINISHED).tempdir_in(folder)
}

/// Gives a file its name, with a number if there is such a file already, and returns that name. Two
/// programs that do so at once get two names.
pub(super) fn put(mut file: TempPath, target: &Path) -> io::Result<PathBuf> {
    for number in 0..ATTEMPTS {
        let name = numbered(target, number);
        match file.persist_noclobber(&name) {
            Ok(()) => return Ok(name),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = error.path,
            Err(error) => return Err(error.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Copies what is in `from` to a file that [`put`] can name.
pub(super) fn copy(from: &Path, folder: &Path, extension: &str) -> io::Result<NamedTempFile> {
    let mut to = temporary(folder, extension)?;
    io::copy(&mut File::open(from)?, to.as_file_mut())?;
    Ok(to)
}

/// Moves a file that others know, by [`put`]. To another file system it is copied, made durable and
/// named before it is removed here: at any moment it is whole in one place at least.
pub(super) fn move_to(path: &Path, target: &Path) -> io::Result<PathBuf> {
    let mut file = TempPath::try_from_path(path)?;
    // It is not temporary, and must stay whatever goes wrong.
    file.disable_cleanup(true);
    let error = match put(file, target) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => error,
        moved => return moved,
    };
    let folder = target.parent().ok_or(error)?;
    let extension = target.extension().map(|extension| extension.to_string_lossy()).unwrap_or_default();
    let copy = copy(path, folder, &extension)?;
    let of = std::fs::metadata(path)?;
    copy.as_file().set_modified(of.modified()?)?;
    copy.as_file().set_permissions(of.permissions())?;
    copy.as_file().sync_all()?;
    let name = put(copy.into_temp_path(), target)?;
    std::fs::remove_file(path)?;
    Ok(name)
}

/// `name.ext`, `name (1).ext`, `name (2).ext`, …
fn numbered(target: &Path, number: u32) -> PathBuf {
    if number == 0 {
        return target.to_owned();
    }
    let mut name = OsString::from(target.file_stem().unwrap_or_default());
    name.push(format!(" ({number})"));
    if let Some(extension) = target.extension() {
        name.push(".");
        name.push(extension);
    }
    target.with_file_name(name)
}
