//! What the system says of a file without opening it: enough to tell whether it has changed.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What tells a file from an earlier state of it, and from another of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stat {
    /// In bytes.
    pub(super) size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub(super) modified: i64,
    /// 0 where the system has none.
    pub(super) inode: u64,
}

impl Stat {
    /// Of the regular file at `path`, or of the one that a link there leads to.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        found.is_file().then(|| Self {
            size: found.len(),
            modified: found.modified().map_or(i64::MIN, nanoseconds),
            inode: inode(&found),
        })
    }

    /// The same, for one file of a folder after another: the way to the folder is not looked up each time.
    #[cfg(target_os = "linux")]
    pub(super) fn of_next(path: &Path) -> Option<Self> {
        // All that may go wrong with it is left to the plain way.
        linux::stat(path).or_else(|| Self::of(path))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn of_next(path: &Path) -> Option<Self> {
        Self::of(path)
    }

    /// The time since the last change; `None` if that is yet to come.
    pub(super) fn age(&self) -> Option<Duration> {
        let changed = Duration::from_nanos(u64::try_from(self.modified).ok()?);
        SystemTime::now().duration_since(UNIX_EPOCH.checked_add(changed)?).ok()
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX).saturating_neg(),
    }
}

/// What tells a file from another one of the same name, where the system says it; else 0.
#[cfg(unix)]
pub(super) fn inode(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
pub(super) fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::RefCell;
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Path, PathBuf};

    use rustix::fs::{AtFlags, FileType, Mode, OFlags, open, statat};
    use rustix::time::{ClockId, clock_gettime};

    use super::Stat;

    /// For so many seconds a folder that was opened is taken for the one at its path.
    const FRESH: i64 = 1;

    struct Folder {
        path: PathBuf,
        handle: OwnedFd,
        opened: i64,
    }

    thread_local! {
        /// The folder of the last file of this thread.
        static FOLDER: RefCell<Option<Folder>> = const { RefCell::new(None) };
    }

    pub(super) fn stat(path: &Path) -> Option<Stat> {
        FOLDER.with_borrow_mut(|folder| {
            if let Some(folder) = folder
                && let Some(name) = folder.name_in(path)
                && seconds().saturating_sub(folder.opened) <= FRESH
            {
                return stat_in(folder, name);
            }
            let (parent, name) = path.parent().zip(path.file_name())?;
            *folder = Folder::open(parent);
            stat_in(folder.as_ref()?, name)
        })
    }

    /// By a clock that is cheap to look at.
    fn seconds() -> i64 {
        clock_gettime(ClockId::MonotonicCoarse).tv_sec
    }

    impl Folder {
        fn open(path: &Path) -> Option<Self> {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let handle = open(path, flags, Mode::empty()).ok()?;
            Some(Self { path: path.to_owned(), handle, opened: seconds() })
        }

        /// What is left of `path` behind that of the folder, if that is one name.
        fn name_in<'p>(&self, path: &'p Path) -> Option<&'p OsStr> {
            let below = path.as_os_str().as_bytes().strip_prefix(self.path.as_os_str().as_bytes())?;
            let name = below.strip_prefix(b"/").filter(|name| !name.is_empty() && !name.contains(&b'/'))?;
            Some(OsStr::from_bytes(name))
        }
    }

    /// By `fstatat`, which costs less than the `statx` of the standard library.
    #[allow(clippy::useless_conversion, reason = "the types of the fields depend on the processor")]
    fn stat_in(folder: &Folder, name: &OsStr) -> Option<Stat> {
        let found = statat(&folder.handle, name, AtFlags::empty()).ok()?;
        let seconds = i64::try_from(found.st_mtime).ok()?.saturating_mul(1_000_000_000);
        FileType::from_raw_mode(found.st_mode).is_file().then_some(())?;
        Some(Stat {
            size: u64::try_from(found.st_size).ok()?,
            modified: seconds.saturating_add(i64::try_from(found.st_mtime_nsec).ok()?),
            inode: u64::try_from(found.st_ino).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_say_the_same() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("folder");
        fs::create_dir(&folder).unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.join(name));
        fs::write(&one, "1").unwrap();
        fs::write(&two, "22").unwrap();
        for path in
            [&one, &two, &folder, &folder.join("absent"), &one.join("below"), &folder.join(".."), Path::new("/")]
        {
            assert_eq!(Stat::of_next(path), Stat::of(path), "{}", path.display());
        }
        assert_eq!(Stat::of(&two).unwrap().size, 2);
        assert_eq!(Stat::of(&folder), None);
        // Where the folder is no longer the same, so are its files.
        Stat::of_next(&one).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(Stat::of_next(&one), None);
        fs::create_dir(&folder).unwrap();
        fs::write(&one, "333").unwrap();
        assert_eq!(Stat::of_next(&one), Stat::of(&one));
    }

    #[test]
    fn times_before_1970_and_far_ahead_are_told_apart() {
        let second = Duration::from_secs(1);
        assert_eq!(nanoseconds(UNIX_EPOCH.checked_sub(second).unwrap()), -1_000_000_000);
        assert_eq!(nanoseconds(UNIX_EPOCH.checked_add(second * u32::MAX * 4).unwrap()), i64::MAX);
        let soon = Stat { size: 0, modified: nanoseconds(SystemTime::now() + 60 * second), inode: 0 };
        assert_eq!(soon.age(), None);
    }
}
