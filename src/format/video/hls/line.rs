//! The lines of a playlist (RFC 8216, clause 4.1), and the attribute lists in them (clause 4.2).

use std::ops::Range;

use crate::bytes::len64;
use crate::input::{Input, Walk};

/// No line that a player needs is longer.
const MAX_LINE: usize = 64 << 10;

/// A line without the characters that end it.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Where in the file it begins.
    pub(super) offset: u64,
    pub(super) bytes: &'a [u8],
    /// Whether it is longer than what is kept of it.
    pub(super) cut: bool,
}

/// Reads a file line by line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    at: u64,
    line: Vec<u8>,
}

impl Lines {
    /// The lines from byte `at` of the file on.
    pub(super) fn from(at: u64) -> Self {
        Self { at, line: Vec::new() }
    }

    /// The next line, if there is one.
    pub(super) fn next(&mut self, input: &mut Input<'_>) -> Walk<Option<Line<'_>>> {
        let (offset, size) = (self.at, input.size());
        if offset >= size {
            return Ok(None);
        }
        input.work(1)?;
        self.line.clear();
        let mut length = 0;
        let mut ended = false;
        while !ended && self.at < size {
            let piece = input.fill(self.at, size)?;
            let end = piece.iter().position(|byte| *byte == b'\n');
            let content = piece.get(..end.unwrap_or(piece.len())).unwrap_or(piece);
            let room = MAX_LINE.saturating_sub(self.line.len()).min(content.len());
            self.line.extend_from_slice(content.get(..room).unwrap_or_default());
            length = len64(content.len()).saturating_add(length);
            ended = end.is_some();
            self.at = self.at.saturating_add(len64(content.len())).saturating_add(ended.into());
        }
        let bytes = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        Ok(Some(Line { offset, bytes, cut: length > len64(MAX_LINE) }))
    }
}

/// The value of the attribute `name` in a list; quotes are taken off.
pub(super) fn attribute<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = list;
    loop {
        let (key, behind) = rest.split_once('=')?;
        let (value, next) = match behind.strip_prefix('"') {
            Some(quoted) => {
                let (value, next) = quoted.split_once('"')?;
                (value, next.split_once(',').map(|(_, next)| next))
            }
            None => behind.split_once(',').map_or((behind, None), |(value, next)| (value, Some(next))),
        };
        // An attribute without a value may stand in front.
        if key.rsplit(',').next().unwrap_or(key).trim() == name {
            return Some(value.trim());
        }
        rest = next?;
    }
}

/// A byte range `n` or `n@o`; without a place it begins at `next` (clause 4.3.2.2).
pub(super) fn byte_range(text: &str, next: u64) -> Option<Range<u64>> {
    let (length, start) = match text.trim().split_once('@') {
        Some((length, start)) => (length, start.parse().ok()?),
        None => (text.trim(), next),
    };
    let length: u64 = length.parse().ok()?;
    Some(start..start.checked_add(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    fn lines(text: &[u8]) -> Vec<(u64, Vec<u8>, bool)> {
        let mut input = Input::new(&text, &Budget::default()).unwrap();
        let (mut lines, mut all) = (Lines::default(), Vec::new());
        while let Some(line) = lines.next(&mut input).unwrap() {
            all.push((line.offset, line.bytes.to_vec(), line.cut));
        }
        all
    }

    #[test]
    fn lines_end_in_either_way() {
        let want = [(0, &b"a"[..]), (2, b"b"), (5, b""), (6, b"c")].map(|(at, text)| (at, text.to_vec(), false));
        assert_eq!(lines(b"a\nb\r\n\nc"), want);
        assert_eq!(lines(b""), []);
        let long = [vec![b'x'; MAX_LINE + 1], b"\nend".to_vec()].concat();
        let cut: Vec<_> = lines(&long).into_iter().map(|(_, text, cut)| (text.len(), cut)).collect();
        assert_eq!(cut, [(MAX_LINE, true), (3, false)]);
    }

    #[test]
    fn attributes_are_found_among_others() {
        let list = "BANDWIDTH=1280000,CODECS=\"avc1.4d401e,mp4a.40.2\", RESOLUTION=640x360";
        assert_eq!(attribute(list, "BANDWIDTH"), Some("1280000"));
        assert_eq!(attribute(list, "CODECS"), Some("avc1.4d401e,mp4a.40.2"));
        assert_eq!(attribute(list, "RESOLUTION"), Some("640x360"));
        assert_eq!(attribute(list, "WIDTH"), None);
        assert_eq!(attribute("X,URI=\"a=b,c\"", "URI"), Some("a=b,c"));
        assert_eq!(attribute("URI=\"open", "URI"), None);
        assert_eq!(attribute("", "URI"), None);
    }

    #[test]
    fn byte_ranges_follow_each_other() {
        assert_eq!(byte_range("100@20", 7), Some(20..120));
        assert_eq!(byte_range("100", 7), Some(7..107));
        assert_eq!(byte_range("100@", 7), None);
        assert_eq!(byte_range("-1", 7), None);
        assert_eq!(byte_range("18446744073709551615@1", 7), None);
    }
}
