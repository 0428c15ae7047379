//! HTTP live streaming playlists: RFC 8216, clause 4.
//!
//! The first line must be `#EXTM3U`. That alone is also the first line of a plain list of songs, so
//! a tag of the RFC's own (they all begin with `#EXT-X-`) has to follow; players ask for as much.
//!
//! A playlist is walked line by line. Segments that lie in its folder are inspected like any file,
//! each once; nothing is ever fetched. A playlist of playlists has its own kind of lines, and those
//! that it names may not name further ones, so the walk ends.

mod line;
mod playlist;
mod segment;
mod walk;

use crate::format::{Head, Inspection};
use crate::input::Walk;

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    walk::inspect(cx)
}

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    is_playlist(head) && head.bytes.windows(7).any(|window| window == b"#EXT-X-")
}

/// Whether the content is an extended M3U playlist, of songs or of segments.
pub(crate) fn is_playlist(head: &Head<'_>) -> bool {
    // The RFC allows neither a byte order mark nor white space before the tag; writers put both there.
    let bytes = head.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head.bytes).trim_ascii_start();
    let rest = bytes.strip_prefix(b"#EXTM3U");
    rest.is_some_and(|rest| rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    #[test]
    fn a_playlist_of_segments_is_told_from_one_of_songs() {
        for (text, playlist, hls) in [
            ("#EXTM3U\n#EXT-X-TARGETDURATION:5\n", true, true),
            ("\u{feff}#EXTM3U\r\n#EXT-X-VERSION:3", true, true),
            ("\n  #EXTM3U\n  #EXT-X-VERSION:3", true, true),
            ("#EXTM3U\n#EXTINF:12,A song\nsong.mp3\n", true, false),
            ("#EXTM3U", true, false),
            ("#EXTM3UX\n#EXT-X-VERSION:3", false, false),
            ("# A comment\n#EXT-X-VERSION:3", false, false),
        ] {
            let head = Head { bytes: text.as_bytes(), size: len64(text.len()) };
            assert_eq!((is_playlist(&head), sniff(&head)), (playlist, hls), "{text}");
        }
    }
}
