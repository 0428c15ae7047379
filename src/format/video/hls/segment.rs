//! What a playlist refers to: which file it is, and what is in it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::checker::Depth;
use crate::defect::{Defect, Defects, Grade};
use crate::facts::Facts;
use crate::format::{Format, HEAD_LEN, Head, Inspection, Kind, foreign};
use crate::input::{Input, Stop, Walk};
use crate::source::{FileSource, Folder, Joined, NotOpened};

/// Where a URI leads.
#[derive(Debug)]
pub(super) enum Place {
    /// To a server: never looked at.
    Remote,
    /// To something that may not be looked at from here.
    Unseen,
    /// To a name below the folder of the playlist, at which there is nothing.
    Missing,
    File(PathBuf, FileSource),
}

/// Finds the file that `uri` names. Names stand there as in a URI, but are also written as they are.
pub(super) fn find(folder: Option<&Folder>, uri: &str) -> Walk<Place> {
    match scheme(uri) {
        _ if uri.starts_with("//") => return Ok(Place::Remote),
        Some("http" | "https") => return Ok(Place::Remote),
        Some(_) => return Ok(Place::Unseen),
        None => {}
    }
    // Variables stand for parts of a URI that the server filled in.
    let Some(folder) = folder.filter(|_| !uri.contains("{$")) else {
        return Ok(Place::Unseen);
    };
    let path = uri.split(['?', '#']).next().unwrap_or(uri);
    let mut place = Place::Unseen;
    for name in [uri.to_owned(), path.to_owned(), unescape(path)] {
        let Some(resolved) = folder.resolve(&name) else {
            continue;
        };
        match folder.open(&resolved) {
            Ok(file) => return Ok(Place::File(resolved, file)),
            Err(NotOpened::Missing) => place = Place::Missing,
            Err(NotOpened::Outside) => {}
            Err(NotOpened::Io(error)) => return Err(Stop::Io(error)),
        }
    }
    Ok(place)
}

/// The scheme that a URI begins with (RFC 3986, clause 3.1).
fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let sound = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    sound.then_some(scheme)
}

/// Replaces `%41` and the like by what they stand for.
fn unescape(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A part of a file, or all of it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) file: FileSource,
    pub(super) range: Range<u64>,
}

impl Part {
    pub(super) fn len(&self) -> u64 {
        self.range.end.saturating_sub(self.range.start)
    }
}

/// Files that were met: each counts once, however often it is named, and so does each part.
#[derive(Debug, Default)]
pub(super) struct Seen {
    files: HashMap<PathBuf, usize>,
    parts: HashSet<(usize, Range<u64>)>,
}

impl Seen {
    /// Whether the file is met for the first time.
    pub(super) fn is_new(&mut self, path: &Path) -> bool {
        let number = self.files.len();
        !self.files.contains_key(path) && self.files.insert(path.to_owned(), number).is_none()
    }

    /// Whether the part of a file that was met is met for the first time.
    pub(super) fn is_new_part(&mut self, part: &Part) -> bool {
        self.files.get(&part.path).is_some_and(|number| self.parts.insert((*number, part.range.clone())))
    }
}

/// What a segment turned out to be.
pub(super) struct Found {
    pub(super) facts: Facts,
    /// The gravest thing that is wrong with it.
    pub(super) worst: Option<Defect>,
    /// What it is if it is no media.
    pub(super) other: Option<&'static str>,
}

/// Sound and text that segments may hold by themselves (RFC 8216, clauses 3.4 and 3.5): formats, and
/// how the others begin, which are metadata in front of sound, AC-3 and subtitles.
const PACKED: [&str; 2] = ["aac", "mp3"];
const PACKED_SIGNATURES: [&[u8]; 4] = [b"ID3", b"\x0b\x77", b"WEBVTT", b"\xef\xbb\xbfWEBVTT"];

/// Looks into a segment, which consists of these parts.
pub(super) fn inspect(input: &mut Input<'_>, depth: Depth, parts: Vec<Part>) -> Walk<Found> {
    let mut joined = Joined::default();
    for Part { file, range, .. } in parts {
        joined.push(file, range);
    }
    let mut aside = input.aside(&joined).map_err(Stop::Io)?;
    let found = look(&mut aside, depth);
    input.settle(&aside);
    found
}

fn look(input: &mut Input<'_>, depth: Depth) -> Walk<Found> {
    let size = input.size();
    let head = Head { bytes: input.up_to(0, HEAD_LEN)?, size };
    let known = Format::sniff(&head);
    let mut found = Found { facts: Facts::None, worst: None, other: None };
    let Some(format) = known.filter(|format| format.kind() == Kind::Video && *format != Format::Hls) else {
        let name = known.map(Format::name).or_else(|| foreign::sniff(&head).map(|foreign| foreign.name));
        let packed =
            name.is_some_and(|name| PACKED.contains(&name)) || PACKED_SIGNATURES.iter().any(|magic| head.has(0, magic));
        found.other = (!packed).then_some(if size == 0 { "nothing" } else { name.unwrap_or("unknown") });
        return Ok(found);
    };
    let mut cx = Inspection { input, depth, facts: Facts::None, defects: Defects::default(), folder: None };
    (format.info().inspect)(&mut cx)?;
    let Inspection { facts, defects, .. } = cx;
    let grave = defects.into_findings().map(|(defect, _)| defect).filter(is_grave);
    // Of equally grave ones the first.
    found.worst = grave.reduce(|worst, next| if next.id.info().grade > worst.id.info().grade { next } else { worst });
    found.facts = facts;
    Ok(found)
}

fn is_grave(defect: &Defect) -> bool {
    defect.id.info().grade > Grade::Harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_told_apart() {
        let remote = |uri| matches!(find(None, uri).unwrap(), Place::Remote);
        assert!(remote("https://example.com/a.ts") && remote("//example.com/a.ts"));
        assert!(matches!(find(None, "file:///etc/passwd").unwrap(), Place::Unseen));
        assert!(!remote("a.ts") && !remote("a/b:c.ts") && !remote("1:2.ts"));
        assert!(matches!(find(None, "a.ts").unwrap(), Place::Unseen), "without a folder");
        let scratch = tempfile::tempdir().unwrap();
        std::fs::write(scratch.path().join("a b.ts"), "x").unwrap();
        let folder = Folder::of(&scratch.path().join("list.m3u8"));
        let place = |uri| find(folder.as_ref(), uri).unwrap();
        assert!(matches!(place("a%20b.ts?token=1"), Place::File(path, _) if path == Path::new("a b.ts")));
        assert!(matches!(place("a b.ts"), Place::File(..)));
        assert!(matches!(place("c.ts"), Place::Missing));
        assert!(matches!(place("../c.ts"), Place::Unseen));
        assert!(matches!(place("%2e%2e/c.ts"), Place::Missing));
        assert!(matches!(place("{$base}/c.ts"), Place::Unseen));
    }

    #[test]
    fn escapes_stand_for_bytes() {
        assert_eq!(unescape("a%20b%2Fc"), "a b/c");
        assert_eq!(unescape("%e4%b8%ad%zz%2"), "中%zz%2");
    }
}
