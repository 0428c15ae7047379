//! Which files some process has open for writing. Linux tells that of the user's own processes, and
//! of all to root (proc(5)); elsewhere nothing is known, and the time that a file rests must do.

use std::path::PathBuf;

#[cfg(target_os = "linux")]
use std::path::Path;

/// Those of `paths` that are open for writing.
#[cfg(target_os = "linux")]
pub(super) fn for_writing(paths: &[PathBuf]) -> Vec<PathBuf> {
    let full: Vec<_> = paths.iter().filter_map(|path| Some((std::fs::canonicalize(path).ok()?, path))).collect();
    let mut open = Vec::new();
    for process in entries(Path::new("/proc")) {
        if !process.file_name().is_some_and(|name| name.as_encoded_bytes().iter().all(u8::is_ascii_digit)) {
            continue;
        }
        for descriptor in entries(&process.join("fd")) {
            let Ok(target) = std::fs::read_link(&descriptor) else {
                continue;
            };
            let Some((_, path)) = full.iter().find(|(full, _)| *full == target) else {
                continue;
            };
            let number = descriptor.file_name().unwrap_or_default();
            if is_for_writing(&process.join("fdinfo").join(number)) && !open.contains(*path) {
                open.push((*path).clone());
            }
        }
    }
    open
}

/// Those of `paths` that are open for writing.
#[cfg(not(target_os = "linux"))]
pub(super) fn for_writing(_: &[PathBuf]) -> Vec<PathBuf> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    // A process may have ended, or be somebody else's.
    std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path())
}

/// Whether a descriptor's flags, an octal number, are those of writing or of reading and writing.
#[cfg(target_os = "linux")]
fn is_for_writing(info: &Path) -> bool {
    #[allow(clippy::disallowed_methods, reason = "the kernel's text is short")]
    let Ok(text) = std::fs::read_to_string(info) else {
        return false;
    };
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
    flags.and_then(|flags| u64::from_str_radix(flags.trim(), 8).ok()).is_some_and(|flags| flags & 3 != 0)
}
