//! The movie box: what holds for all tracks (ISO/IEC 14496-12:2022, clauses 8.2 and 8.8).

use super::boxes::{self, Children, duration, missing, version};
use super::track::{Defaults, Track};
use crate::bytes::Cursor;
use crate::codec::Codec;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::{BoxHead, FourCc};
use crate::input::Walk;

/// Tracks that are looked into. Films have a few, some professional recorders dozens.
const MAX_TRACKS: usize = 64;
/// Tracks of which the defaults for fragments are kept.
const MAX_DEFAULTS: usize = 1024;

/// What `moov` says.
#[derive(Debug)]
pub(super) struct Movie {
    pub(super) head: BoxHead,
    /// The file ends inside.
    pub(super) is_cut: bool,
    /// Units of time in a second.
    pub(super) timescale: u32,
    /// How long the film is, in those units; 0 if that is not known.
    pub(super) duration: u64,
    /// How far the whole film is turned, clockwise, in degrees.
    pub(super) rotation: u16,
    /// What prepares for fragments, if there may be any.
    pub(super) extends: Option<Extends>,
    pub(super) tracks: Vec<Track>,
    /// How the cover among the tags of the file is coded.
    pub(super) cover: Option<Codec>,
}

/// What `mvex` says.
#[derive(Debug, Default)]
pub(super) struct Extends {
    /// How long the film is with all its fragments; 0 if that is not known.
    pub(super) duration: u64,
}

impl Movie {
    pub(super) fn read(cx: &mut Inspection<'_, '_>, head: BoxHead) -> Walk<Self> {
        let is_cut = head.end > cx.input.size();
        let mut movie = Self {
            head,
            is_cut,
            timescale: 0,
            duration: 0,
            rotation: 0,
            extends: None,
            tracks: Vec::new(),
            cover: None,
        };
        let mut defaults = Vec::new();
        let (mut has_header, mut stands_for_another) = (false, false);
        let mut children = Children::of(&head, 0, "moov");
        while let Some(child) = children.next(cx)? {
            match &child.kind {
                b"mvhd" if !has_header => {
                    has_header = true;
                    movie.read_header(cx, &child)?;
                }
                b"trak" if movie.tracks.len() < MAX_TRACKS => {
                    let track = Track::read(cx, &child)?;
                    movie.tracks.push(track);
                }
                b"trak" => cx.note(Defect::at(Id::Mp4Unchecked, head.start).with("what", "trak")),
                b"mvex" => movie.read_extends(cx, &child, &mut defaults)?,
                b"udta" => movie.cover = read_cover(cx, &child)?,
                b"cmov" => {
                    stands_for_another = true;
                    cx.note(Defect::at(Id::Mp4MovieCompressed, child.start).within("moov"));
                }
                b"rmra" => {
                    stands_for_another = true;
                    cx.note(Defect::at(Id::Mp4DataElsewhere, child.start).within("moov"));
                }
                _ => {}
            }
        }
        if !stands_for_another && !is_cut {
            if !has_header {
                cx.note(missing(head.start, *b"mvhd", "moov"));
            }
            if movie.tracks.is_empty() {
                cx.note(missing(head.start, *b"trak", "moov"));
            }
        }
        for track in &mut movie.tracks {
            let own = defaults.iter().find(|(id, _)| *id == track.id);
            track.defaults = own.map(|(_, defaults)| *defaults).unwrap_or_default();
        }
        let chapters: Vec<u32> = movie.tracks.iter().flat_map(|track| &track.chapters).copied().collect();
        let pictures = movie.tracks.iter().filter(|track| track.handler == *b"vide").count();
        for track in &mut movie.tracks {
            track.settle_kind(chapters.contains(&track.id), pictures > 1);
            if !is_cut {
                track.note_faults(cx, movie.extends.is_some());
            }
        }
        movie.tracks.retain(|track| !track.is_blank());
        Ok(movie)
    }

    fn read_header(&mut self, cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk {
        let read = boxes::read(cx, head, 112, |cursor| {
            let version = version(cursor)?;
            cursor.skip(if version == 1 { 16 } else { 8 })?;
            let (timescale, lasts) = (cursor.be32()?, duration(cursor, version)?);
            cursor.skip(16)?;
            Some((timescale, lasts, rotation(cursor)?))
        })?;
        if let Some(read) = read {
            (self.timescale, self.duration, self.rotation) = read;
            if self.timescale == 0 {
                cx.note(Defect::at(Id::Mp4TimescaleZero, head.start).with("box", "mvhd"));
            }
        }
        Ok(())
    }

    fn read_extends(
        &mut self,
        cx: &mut Inspection<'_, '_>,
        head: &BoxHead,
        defaults: &mut Vec<(u32, Defaults)>,
    ) -> Walk {
        let mut extends = Extends::default();
        let mut children = Children::of(head, 0, "moov/mvex");
        while let Some(child) = children.next(cx)? {
            match &child.kind {
                b"mehd" => {
                    let stated = boxes::read(cx, &child, 12, |cursor| {
                        let version = version(cursor)?;
                        duration(cursor, version)
                    })?;
                    extends.duration = stated.unwrap_or_default();
                }
                b"trex" if defaults.len() < MAX_DEFAULTS => {
                    defaults.extend(boxes::read(cx, &child, 24, |cursor| {
                        version(cursor)?;
                        let id = cursor.be32()?;
                        let (description, duration) = (cursor.be32()?, cursor.be32()?);
                        Some((id, Defaults { description, duration, size: cursor.be32()? }))
                    })?);
                }
                _ => {}
            }
        }
        self.extends = Some(extends);
        Ok(())
    }

    /// Seconds of a time in the units of the movie.
    pub(super) fn seconds(&self, time: u64) -> Option<f64> {
        seconds(time, self.timescale)
    }

    /// Whether any track has samples that the movie box itself tells of.
    pub(super) fn has_samples(&self) -> bool {
        self.tracks.iter().any(|track| track.samples.samples() > 0)
    }
}

/// Seconds of a time in units of which `timescale` make a second; none if that is not to be counted
/// in a lifetime.
pub(super) fn seconds(time: u64, timescale: u32) -> Option<f64> {
    let (whole, rest) = (time.checked_div(timescale.into())?, time.checked_rem(timescale.into())?);
    let fraction = f64::from(u32::try_from(rest).ok()?) / f64::from(timescale);
    Some(f64::from(u32::try_from(whole).ok()?) + fraction)
}

/// How far a matrix turns the picture, clockwise, in degrees: the nearest quarter.
pub(super) fn rotation(cursor: &mut Cursor<'_>) -> Option<u16> {
    let mut number = || cursor.be32().map(u32::cast_signed);
    let (a, b) = (number()?, number()?);
    number()?;
    let (c, d) = (number()?, number()?);
    Some(match (a, b, c, d) {
        (0, 1.., ..=0, 0) => 90,
        (0, ..=-1, 0.., 0) => 270,
        (..=-1, _, _, ..=-1) => 180,
        _ => 0,
    })
}

/// How the cover picture is coded that `udta/meta/ilst/covr` holds.
fn read_cover(cx: &mut Inspection<'_, '_>, head: &BoxHead) -> Walk<Option<Codec>> {
    let Some(meta) = find(cx, head, 0, *b"meta")? else {
        return Ok(None);
    };
    // QuickTime's is no full box: its first child begins where the version would stand.
    let is_plain = meta.peek(cx.input, 8)?.get(4..) == Some(b"hdlr");
    let mut found = Some(meta);
    for (kind, skip) in [(*b"ilst", if is_plain { 0 } else { 4 }), (*b"covr", 0), (*b"data", 0)] {
        found = match found {
            Some(parent) => find(cx, &parent, skip, kind)?,
            None => None,
        };
    }
    let Some(data) = found else {
        return Ok(None);
    };
    let is_png = data.peek(cx.input, 4)?.last() == Some(&14);
    Ok(Some(if is_png { Codec::Png } else { Codec::Mjpeg }))
}

fn find(cx: &mut Inspection<'_, '_>, parent: &BoxHead, skip: u64, kind: FourCc) -> Walk<Option<BoxHead>> {
    let mut children = Children::loosely(parent, skip);
    while let Some(child) = children.next(cx)? {
        if child.kind == kind {
            return Ok(Some(child));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_of_whole_hours_are_exact() {
        assert_eq!(seconds(7200 * 90_000, 90_000), Some(7200.0));
        assert_eq!(seconds(7200 * 12_800 + 512, 12_800), Some(7200.04));
        assert_eq!(seconds(5, 0), None);
        assert_eq!(seconds(u64::MAX, 1), None);
        assert_eq!(seconds(u64::MAX, u32::MAX), None);
    }

    #[test]
    fn matrices_turn_by_quarters() {
        let one = 0x1_0000;
        for (matrix, degrees) in [
            ([one, 0, 0, one], 0),
            ([0, one, -one, 0], 90),
            ([-one, 0, 0, -one], 180),
            ([0, -one, one, 0], 270),
            ([-one, 0, 0, one], 0),
            ([0, 0, 0, 0], 0),
        ] {
            let [a, b, c, d]: [i32; 4] = matrix;
            let bytes: Vec<u8> = [a, b, 0, c, d, 0].iter().flat_map(|number| number.to_be_bytes()).collect();
            assert_eq!(rotation(&mut Cursor::new(&bytes, 0)), Some(degrees), "{matrix:?}");
        }
        assert_eq!(rotation(&mut Cursor::new(&[0; 19], 0)), None);
    }
}
