//! The walk over a playlist, and over what it names.

use std::ops::Range;

use super::line::{Lines, attribute};
use super::playlist::{Encryption, Playlist, stated};
use super::segment::{self, Part, Place, Seen};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Defects, Grade, Id};
use crate::facts::{Facts, TrackFacts, TrackKind};
use crate::format::{Format, HEAD_LEN, Head, Inspection};
use crate::input::{Input, Stop, Walk};
use crate::source::{Folder, Source};

/// What it costs to look for a file.
const WORK_OF_A_FILE: u64 = 256;
/// The block of the cipher of whole segments: AES-128 in CBC mode.
const CIPHER_BLOCK: u64 = 16;

pub(super) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let mut hls = Hls { depth: cx.depth, seen: Seen::default(), remote: 0, unseen: 0 };
    let playlist = hls.walk(cx.input, cx.folder, None, &mut cx.defects)?;
    for (id, count) in [(Id::HlsSegmentsRemote, hls.remote), (Id::HlsSegmentsNotSeen, hls.unseen)] {
        if count > 0 {
            cx.note(Defect::new(id).with("count", count));
        }
    }
    let facts = cx.video();
    facts.variant = playlist.is_master().then_some("master");
    facts.live = playlist.live();
    if let Some(seconds) = playlist.lasts() {
        facts.last_at_least(seconds);
    }
    facts.tracks = playlist.tracks;
    facts.summarise();
    Ok(())
}

/// What is common to a playlist and those that it names.
struct Hls {
    depth: Depth,
    seen: Seen,
    /// Segments and playlists that are on a server, or otherwise out of reach.
    remote: u64,
    unseen: u64,
}

/// A line of a playlist with a URI in it.
#[derive(Clone, Copy)]
struct Reference<'a> {
    uri: &'a str,
    offset: u64,
}

impl Hls {
    /// Walks a playlist; `name` is what the one that names it calls it.
    fn walk(
        &mut self,
        input: &mut Input<'_>,
        folder: Option<&Folder>,
        name: Option<&str>,
        defects: &mut Defects,
    ) -> Walk<Playlist> {
        let mut playlist = Playlist::new(name, folder);
        let head = input.up_to(0, HEAD_LEN)?;
        let start = head.windows(7).position(|window| window == b"#EXTM3U").unwrap_or_default();
        if start > 0 {
            defects.note(playlist.fault(Id::HlsStart, 0).with("bytes", start));
        }
        let mut lines = Lines::from(len64(start));
        while let Some(line) = lines.next(input)? {
            let text = String::from_utf8_lossy(line.bytes);
            let fault = match text {
                _ if line.cut => Some(Id::HlsLineTooLong),
                _ if line.bytes.contains(&0) => Some(Id::HlsNulBytes),
                std::borrow::Cow::Owned(_) => Some(Id::HlsNotUtf8),
                std::borrow::Cow::Borrowed(_) => None,
            };
            if let Some(id) = fault {
                defects.note(playlist.fault(id, line.offset));
            }
            if fault != Some(Id::HlsNulBytes) {
                self.line(input, &mut playlist, text.trim(), line.offset, defects)?;
            }
        }
        playlist.finish(input.size(), defects);
        Ok(playlist)
    }

    fn line(
        &mut self,
        input: &mut Input<'_>,
        playlist: &mut Playlist,
        text: &str,
        offset: u64,
        defects: &mut Defects,
    ) -> Walk {
        if text.is_empty() {
            return Ok(());
        }
        let reference = Reference { uri: text, offset };
        if text.starts_with('#') {
            let (tag, value) = text.split_once(':').unwrap_or((text, ""));
            playlist.tag(tag, value, offset, defects);
            return match attribute(value, "URI") {
                Some(uri) if tag == "#EXT-X-MEDIA" => {
                    self.rendition(input, playlist, Reference { uri, offset }, value, defects)
                }
                _ => Ok(()),
            };
        }
        match playlist.next_rendition() {
            Some(attributes) => self.rendition(input, playlist, reference, &attributes, defects),
            None => self.segment(input, playlist, reference, defects),
        }
    }

    /// A playlist that this one names.
    fn rendition(
        &mut self,
        input: &mut Input<'_>,
        playlist: &mut Playlist,
        reference: Reference<'_>,
        attributes: &str,
        defects: &mut Defects,
    ) -> Walk {
        playlist.renditions = playlist.renditions.saturating_add(1);
        if playlist.name.is_some() {
            defects.note(playlist.fault(Id::HlsPlaylistsNested, reference.offset).with("uri", reference.uri));
            return Ok(());
        }
        // For facts one that is seen is enough.
        let enough = self.depth == Depth::Header && playlist.has_video();
        let nested = if enough { None } else { self.nested(input, playlist, reference, defects)? };
        let stated = stated(attributes, playlist.renditions);
        match nested {
            Some(nested) => {
                if nested.tracks.is_empty() {
                    playlist.add_tracks(stated);
                }
                playlist.take(nested);
            }
            None => playlist.add_tracks(stated),
        }
        Ok(())
    }

    /// Walks the playlist that is referred to, if it is there and was not walked yet.
    fn nested(
        &mut self,
        input: &mut Input<'_>,
        playlist: &Playlist,
        reference: Reference<'_>,
        defects: &mut Defects,
    ) -> Walk<Option<Playlist>> {
        let Some(part) = self.part(input, playlist, reference, None, defects)? else {
            return Ok(None);
        };
        if !self.seen.is_new_part(&part) {
            return Ok(None);
        }
        let mut aside = input.aside(&part.file).map_err(Stop::Io)?;
        let size = aside.size();
        let head = Head { bytes: aside.up_to(0, HEAD_LEN)?, size };
        let walked = if Format::sniff(&head) == Some(Format::Hls) {
            let folder = playlist.folder.as_ref().map(|folder| folder.of_file(&part.path));
            self.walk(&mut aside, folder.as_ref(), Some(reference.uri), defects).map(Some)
        } else {
            defects.note(playlist.fault(Id::HlsPlaylistUnreadable, reference.offset).with("uri", reference.uri));
            Ok(None)
        };
        input.settle(&aside);
        walked
    }

    /// A media segment.
    fn segment(
        &mut self,
        input: &mut Input<'_>,
        playlist: &mut Playlist,
        reference: Reference<'_>,
        defects: &mut Defects,
    ) -> Walk {
        let Reference { uri, offset } = reference;
        let segment = playlist.next_segment(uri, offset, defects);
        // For facts the first one is enough.
        let enough = self.depth == Depth::Header && playlist.segments > 1;
        if segment.left_out || enough {
            return Ok(());
        }
        let Some(part) = self.part(input, playlist, reference, segment.range, defects)? else {
            return Ok(());
        };
        if playlist.encryption == Encryption::Whole {
            if !part.len().is_multiple_of(CIPHER_BLOCK) {
                let fault = playlist.segment_fault(Id::HlsEncryptedLength, offset, uri);
                defects.note(fault.with("bytes", part.len()));
            }
            playlist.encrypted();
            return Ok(());
        }
        if playlist.only_key_frames || !self.seen.is_new_part(&part) {
            return Ok(());
        }
        let mut parts = vec![part];
        if let Some((uri, range)) = playlist.map.clone() {
            let Some(map) = self.part(input, playlist, Reference { uri: &uri, offset }, range, defects)? else {
                return Ok(());
            };
            parts.insert(0, map);
        }
        let found = segment::inspect(input, self.depth, parts)?;
        if let Some(content) = found.other {
            let fault = playlist.segment_fault(Id::HlsSegmentNotMedia, offset, uri);
            defects.note(fault.with("content", content));
        }
        if let Some(worst) = found.worst {
            let broken = worst.id.info().grade == Grade::Broken;
            let id = if broken { Id::HlsSegmentDamaged } else { Id::HlsSegmentDoubtful };
            let fault = playlist.segment_fault(id, offset, uri);
            defects.note(fault.with("defect", worst.id.name()).with("at", worst.offset.unwrap_or_default()));
        }
        if let Facts::Video(facts) = found.facts
            && (playlist.tracks.is_empty() || !playlist.has_video() && facts.main_video().is_some())
        {
            // The first segment may hold sound only. None of them tells how long all are.
            playlist.tracks.clear();
            let tracks = facts.tracks.into_iter().filter(|track| track.kind != TrackKind::Other);
            playlist.add_tracks(tracks.map(|track| TrackFacts { duration_s: None, frames: None, ..track }));
        }
        Ok(())
    }

    /// The part of a file that is referred to, if it is there.
    fn part(
        &mut self,
        input: &mut Input<'_>,
        playlist: &Playlist,
        Reference { uri, offset }: Reference<'_>,
        range: Option<Range<u64>>,
        defects: &mut Defects,
    ) -> Walk<Option<Part>> {
        input.work(WORK_OF_A_FILE)?;
        let (path, file) = match segment::find(playlist.folder.as_ref(), uri)? {
            Place::File(path, file) => (path, file),
            Place::Missing => {
                defects.note(playlist.segment_fault(Id::HlsSegmentMissing, offset, uri));
                return Ok(None);
            }
            Place::Remote => {
                self.remote = self.remote.saturating_add(1);
                return Ok(None);
            }
            Place::Unseen => {
                self.unseen = self.unseen.saturating_add(1);
                return Ok(None);
            }
        };
        let size = file.size().map_err(Stop::Io)?;
        if self.seen.is_new(&path) {
            input.grant(size);
        }
        let range = range.unwrap_or(0..size);
        if range.end > size {
            let fault = playlist.segment_fault(Id::HlsByteRangeOutside, offset, uri);
            defects.note(fault.with("end", range.end).with("bytes", size));
            return Ok(None);
        }
        Ok(Some(Part { path, file, range }))
    }
}
