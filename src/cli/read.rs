//! Reading requests, responses and base64 texts: whole, since they are sent whole, under a cap.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::source::FileSource;
use crate::source::Source;

/// Far more than the service takes, and little enough to hold.
pub(super) const MAX_BYTES: u64 = 1 << 30;

/// The bytes of the file at `path`, or of standard input if it is `-`.
pub(super) fn whole(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes)?;
    } else {
        // Only to be told of directories and devices before they are read.
        let size = FileSource::open(path)?.size()?;
        bytes.reserve_exact(usize::try_from(size.min(MAX_BYTES)).unwrap_or_default());
        File::open(path)?.take(MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}
