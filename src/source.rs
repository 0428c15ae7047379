//! Where bytes come from.
//!
//! A [`Source`] is read by position, so that a slice, a file, decoded base64 and a ranged download
//! are alike to everything above. Files are read with positional calls and never mapped into
//! memory: a mapped file that another program shortens ends the process.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

/// Bytes that can be read at any position.
///
/// Implementations may return fewer bytes than asked for, as [`Read::read`] does, but `Ok(0)` only
/// at the end. An error makes the report `unchecked`, never "damaged".
pub trait Source: Send + Sync {
    /// The number of bytes there are.
    ///
    /// # Errors
    /// Whatever keeps the size from being known.
    fn size(&self) -> io::Result<u64>;

    /// Reads into `buf` from byte `offset` on and returns how many bytes were read.
    ///
    /// # Errors
    /// Whatever keeps the bytes from being read.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;

    /// All the bytes, where they are in memory already; saves copying them.
    fn as_slice(&self) -> Option<&[u8]> {
        None
    }
}

impl Source for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(crate::bytes::len64(self.len()))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = self.get(crate::bytes::index(offset)..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        Ok(n)
    }

    fn as_slice(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Source for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.as_slice().read_at(offset, buf)
    }

    fn as_slice(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(offset, buf)
    }

    fn as_slice(&self) -> Option<&[u8]> {
        (**self).as_slice()
    }
}

/// An open regular file.
#[derive(Debug)]
pub struct FileSource {
    file: PositionedFile,
    size: u64,
}

impl FileSource {
    /// Opens `path` for reading.
    ///
    /// # Errors
    /// What the system says of a path that cannot be opened, and [`io::ErrorKind::InvalidInput`]
    /// for anything that is not a regular file: opening a FIFO would wait for a writer, and a
    /// device may never end.
    pub fn open(path: &Path) -> io::Result<Self> {
        let kind = std::fs::metadata(path)?.file_type();
        if !kind.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Self::from_file(File::open(path)?)
    }

    /// Takes over a file that is open already; its size is read once, here.
    ///
    /// # Errors
    /// What the system says when the size cannot be read.
    pub fn from_file(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        Ok(Self { file: PositionedFile::new(file), size })
    }
}

impl Source for FileSource {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, buf)
    }
}

/// The folder of a file that names others, such as a playlist. Only what is in it or below may be
/// opened by these names: a file that somebody else wrote must not lead anywhere else.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Where below the root names start from.
    base: PathBuf,
}

/// Why a name did not lead to a file.
#[derive(Debug)]
pub(crate) enum NotOpened {
    /// There is no such file.
    Missing,
    /// It leads out of the folder, or is no name of a file at all.
    Outside,
    Io(io::Error),
}

impl Folder {
    /// The folder that the file at `path` is in.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let root = match path.parent()? {
            here if here.as_os_str().is_empty() => PathBuf::from("."),
            parent => parent.to_owned(),
        };
        Some(Self { root, base: PathBuf::new() })
    }

    /// The folder below this one, or this one itself, that the file `name` is in.
    pub(crate) fn of_file(&self, name: &Path) -> Self {
        let base = name.parent().map(Path::to_owned).unwrap_or_default();
        Self { root: self.root.clone(), base }
    }

    /// Where below the root `name` leads; `None` if out of it.
    pub(crate) fn resolve(&self, name: &str) -> Option<PathBuf> {
        let mut resolved = self.base.clone();
        for component in Path::new(name).components() {
            match component {
                Component::Normal(part) => resolved.push(part),
                Component::CurDir => {}
                Component::ParentDir => {
                    if !resolved.pop() {
                        return None;
                    }
                }
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(resolved).filter(|resolved| !resolved.as_os_str().is_empty() && !name.contains('\0'))
    }

    /// Opens the file that [`Folder::resolve`] found. Links that lead out of the root are not followed.
    pub(crate) fn open(&self, resolved: &Path) -> Result<FileSource, NotOpened> {
        let path = self.root.join(resolved);
        let real = path.canonicalize().map_err(NotOpened::from)?;
        if !real.starts_with(self.root.canonicalize().map_err(NotOpened::from)?) {
            return Err(NotOpened::Outside);
        }
        FileSource::open(&real).map_err(NotOpened::from)
    }
}

impl From<io::Error> for NotOpened {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // A part of the path may be a file, and what it leads to no regular one.
            io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidFilename => Self::Missing,
            _ => Self::Io(error),
        }
    }
}

/// Parts of files, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    parts: Vec<(FileSource, std::ops::Range<u64>)>,
}

impl Joined {
    /// Appends the bytes `range` of `file`.
    pub(crate) fn push(&mut self, file: FileSource, range: std::ops::Range<u64>) {
        self.parts.push((file, range));
    }
}

impl Source for Joined {
    fn size(&self) -> io::Result<u64> {
        Ok(self.parts.iter().fold(0, |sum: u64, (_, range)| sum.saturating_add(range.end.saturating_sub(range.start))))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut before = 0_u64;
        for (file, range) in &self.parts {
            let end = before.saturating_add(range.end.saturating_sub(range.start));
            if offset < end {
                let room = crate::bytes::index(end.saturating_sub(offset)).min(buf.len());
                let at = range.start.saturating_add(offset.saturating_sub(before));
                return file.read_at(at, buf.get_mut(..room).unwrap_or_default());
            }
            before = end;
        }
        Ok(0)
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct PositionedFile(File);

#[cfg(unix)]
impl PositionedFile {
    fn new(file: File) -> Self {
        Self(file)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.0, buf, offset)
    }
}

#[cfg(not(unix))]
type PositionedFile = SeekSource<File>;

/// Anything that can [`Read`] and [`Seek`]. Reads take a lock, since seeking moves one position
/// that all readers share.
#[derive(Debug)]
pub struct SeekSource<R>(Mutex<R>);

impl<R: Read + Seek> SeekSource<R> {
    /// Wraps `reader`; its present position does not matter.
    pub fn new(reader: R) -> Self {
        Self(Mutex::new(reader))
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut R) -> io::Result<T>) -> io::Result<T> {
        let mut reader = self.0.lock().map_err(|_| io::Error::other("a reader panicked earlier"))?;
        use_it(&mut reader)
    }

    #[allow(clippy::allow_attributes, dead_code, reason = "used where files have no positional read of their own")]
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.with(|reader| {
            reader.seek(SeekFrom::Start(offset))?;
            reader.read(buf)
        })
    }
}

impl<R: Read + Seek + Send> Source for SeekSource<R> {
    fn size(&self) -> io::Result<u64> {
        self.with(|reader| reader.seek(SeekFrom::End(0)))
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        SeekSource::read_at(self, offset, buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lead_out_of_their_folder() {
        let folder = Folder::of(Path::new("a/list.m3u8")).unwrap();
        let resolve = |folder: &Folder, name| folder.resolve(name).map(|path| path.to_string_lossy().into_owned());
        assert_eq!(resolve(&folder, "b/./c.ts").as_deref(), Some("b/c.ts"));
        assert_eq!(resolve(&folder, "b/../c.ts").as_deref(), Some("c.ts"));
        for out in ["../c.ts", "b/../../c.ts", "/etc/passwd", "..", ".", "", "b\0c"] {
            assert_eq!(resolve(&folder, out), None, "{out}");
        }
        let below = folder.of_file(Path::new("b/list.m3u8"));
        assert_eq!(resolve(&below, "../c.ts").as_deref(), Some("c.ts"));
        assert_eq!(resolve(&below, "../../c.ts"), None);
    }

    #[test]
    fn links_are_not_followed_out_of_the_folder() {
        let scratch = tempfile::tempdir().unwrap();
        let inside = scratch.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(scratch.path().join("secret"), "secret").unwrap();
        std::fs::write(inside.join("open"), "open").unwrap();
        let folder = Folder::of(&inside.join("list.m3u8")).unwrap();
        let open = |name: &str| folder.open(&folder.resolve(name).unwrap());
        assert_eq!(open("open").unwrap().size().unwrap(), 4);
        assert!(matches!(open("absent"), Err(NotOpened::Missing)));
        assert!(matches!(open("open/further"), Err(NotOpened::Missing)));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(scratch.path().join("secret"), inside.join("link")).unwrap();
            assert!(matches!(open("link"), Err(NotOpened::Outside)));
        }
    }

    #[test]
    fn parts_are_joined() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("digits");
        std::fs::write(&path, "0123456789").unwrap();
        let mut joined = Joined::default();
        for range in [2..4, 0..1, 7..7, 5..9] {
            joined.push(FileSource::open(&path).unwrap(), range);
        }
        assert_eq!(joined.size().unwrap(), 7);
        let mut input = crate::input::Input::new(&joined, &crate::input::Budget::default()).unwrap();
        assert_eq!(input.get(0, 7).unwrap(), b"2305678");
        assert_eq!(input.get(2, 3).unwrap(), b"056");
    }
}
