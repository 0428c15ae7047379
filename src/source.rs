//! Where bytes come from.
//!
//! A [`Source`] is read by position, so that a slice, a file, decoded base64 and a ranged download
//! are alike to everything above. Files are read with positional calls and never mapped into
//! memory: a mapped file that another program shortens ends the process.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
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
