//! TIFF and `BigTIFF`: header, directories, strips and tiles, and what is coded in them.
//!
//! TIFF revision 6.0 (Adobe, 1992), the Photoshop TIFF technical notes (2002), TIFF technical note 2 (JPEG) and the
//! design of `BigTIFF`. Camera raw files of the same structure (DNG, NEF, CR2, ARW, PEF) are TIFF to every decoder.

mod fax;
mod ifd;
mod page;
mod strips;
mod tags;
mod verify;

use std::collections::BTreeSet;

use self::ifd::{Dialect, Directory};
use self::page::Picture;
use self::verify::Memory;
use crate::checker::Depth;
use crate::defect::{Defect, Grade, Id};
use crate::format::{Head, Inspection};
use crate::input::{Spent, Stop, Walk};

/// Directories that are followed when only facts are wanted; each may cost a read.
const HEADER_DIRECTORIES: usize = 256;
/// Directories that are followed at all.
const MOST_DIRECTORIES: usize = 1 << 20;
/// `SubIFDs` that wait for their turn. Real files have a handful.
const MOST_SUB_IFDS: usize = 1 << 12;

/// Whether a file begins as TIFF or `BigTIFF`, in either byte order.
pub(crate) fn sniff(head: &Head<'_>) -> bool {
    Dialect::of(head.bytes).is_some()
}

/// Walks a TIFF file.
pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let head = cx.input.up_to(0, 16)?;
    let Some(dialect) = Dialect::of(head) else {
        return Ok(());
    };
    // BigTIFF says how wide its offsets are, which is always 8, and pads with 0.
    let widths = !dialect.big || dialect.number(head.get(4..).unwrap_or_default(), 2) == Some(8);
    let first = dialect.offset(head, if dialect.big { 8 } else { 4 });
    let mut walker = Walker { cx, dialect, page: 0, sub: None, memory: Memory::default() };
    match first {
        None => walker.note(Defect::at(Id::TiffHeaderTruncated, walker.cx.input.size())),
        Some(_) if !widths => walker.note(Defect::at(Id::TiffHeaderInvalid, 4)),
        Some(0) => walker.note(Defect::at(Id::TiffHeaderInvalid, if dialect.big { 8 } else { 4 })),
        Some(first) => walker.directories(first)?,
    }
    Ok(())
}

/// The walk through one file.
struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    dialect: Dialect,
    /// The page that is looked at, from 0.
    page: u32,
    /// Which directory below the page, if it is not the page itself.
    sub: Option<u32>,
    memory: Memory,
}

/// A strip or a tile.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    /// From 0, in the order of the list of offsets.
    number: u64,
    offset: u64,
    len: u64,
    /// Whether the file states the length; otherwise it may be shorter.
    exact: bool,
}

impl Walker<'_, '_, '_> {
    /// Notes a defect of the directory that is looked at. One below a page is a preview, a mask or a smaller copy,
    /// which most readers never open: whatever is wrong there makes the file doubtful at most.
    fn note(&mut self, defect: Defect) {
        let page = self.page.saturating_add(1);
        let defect = match self.sub {
            None => defect.within(format!("page {page}")),
            Some(sub) => {
                let path = format!("page {page}/SubIFD {}", sub.saturating_add(1));
                if defect.id.info().grade == Grade::Broken {
                    let offset = defect.offset.unwrap_or_default();
                    Defect::at(Id::TiffSubImageDamaged, offset).with("fault", defect.id.name()).within(path)
                } else {
                    defect.within(path)
                }
            }
        };
        self.cx.note(defect.with("page", page));
    }

    /// Whether the directory that is looked at is the one that decoders open.
    fn is_first(&self) -> bool {
        self.page == 0 && self.sub.is_none()
    }

    /// Follows the chain of directories, then the ones below them.
    fn directories(&mut self, first: u64) -> Walk {
        let most = if self.cx.depth == Depth::Header { HEADER_DIRECTORIES } else { MOST_DIRECTORIES };
        let mut seen = BTreeSet::new();
        let mut below = Vec::new();
        let mut next = first;
        let (mut pages, mut stated) = (0_u32, false);
        while next != 0 {
            if seen.len() >= most {
                // How many pages there are is not known then.
                return if self.cx.depth == Depth::Header { Ok(()) } else { Err(Stop::Spent(Spent::Work)) };
            }
            self.cx.input.work(1)?;
            if !seen.insert(next) {
                self.note(Defect::at(Id::TiffIfdLoop, next));
                break;
            }
            self.page = pages;
            let Some(directory) = self.directory(next)? else { break };
            pages = pages.saturating_add(1);
            next = directory.next;
            let picture = self.picture(&directory)?;
            if let Some(picture) = &picture
                && !stated
            {
                // The first page is what decoders open, unless it says that it is the small copy of another.
                let reduced = self.number(&directory, tags::NEW_SUBFILE_TYPE)?.is_some_and(|flags| flags & 1 != 0);
                stated = !reduced;
                if stated || self.is_first() {
                    self.state_facts(&directory, picture)?;
                }
            }
            if self.cx.depth > Depth::Header {
                self.inside(&directory, picture.as_ref())?;
                self.list_below(&directory, &mut below)?;
            }
        }
        if pages > 0 {
            self.cx.image().frames = Some(pages);
        }
        while let Some((page, sub, at)) = below.pop() {
            self.cx.input.work(1)?;
            (self.page, self.sub) = (page, Some(sub));
            if !seen.insert(at) {
                self.note(Defect::at(Id::TiffIfdLoop, at));
                continue;
            }
            if seen.len() >= MOST_DIRECTORIES {
                return Err(Stop::Spent(Spent::Work));
            }
            let Some(directory) = self.directory(at)? else { continue };
            let picture = self.picture(&directory)?;
            self.inside(&directory, picture.as_ref())?;
            self.list_below(&directory, &mut below)?;
            if directory.next != 0 {
                below.push((page, sub.saturating_add(1), directory.next));
            }
        }
        Ok(())
    }

    /// Remembers the directories that hang below this one.
    fn list_below(&mut self, directory: &Directory, below: &mut Vec<(u32, u32, u64)>) -> Walk {
        let Some(&entry) = directory.entry(tags::SUB_IFDS) else {
            return Ok(());
        };
        for at in 0..entry.count {
            self.cx.input.work(1)?;
            let (Some(offset), true) = (self.value(&entry, at)?, below.len() < MOST_SUB_IFDS) else { break };
            if offset != 0 {
                below.push((self.page, u32::try_from(at).unwrap_or(u32::MAX), offset));
            }
        }
        Ok(())
    }

    /// Looks at the pixels that a directory describes.
    fn inside(&mut self, directory: &Directory, picture: Option<&Picture>) -> Walk {
        let Some(picture) = picture.filter(|_| directory.complete) else {
            return Ok(());
        };
        match self.grid(directory, picture)? {
            Some(grid) => self.strips(directory, picture, &grid),
            None => Ok(()),
        }
    }
}
