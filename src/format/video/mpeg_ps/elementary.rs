//! Elementary video streams without any system around them: ISO/IEC 11172-2 (MPEG-1), 13818-2
//! (MPEG-2, clause 6.2), 14496-2 (MPEG-4 visual).
//!
//! They state no duration. Pictures are counted where the whole stream goes by; at header depth the
//! time codes of the first and the last group of pictures have to do.

use std::ops::Range;

use crate::bytes::len64;
use crate::checker::Depth;
use crate::codec::Codec;
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::Inspection;
use crate::format::video::mpeg_pes;
use crate::format::video::mpeg_stream::{self, Elementary, Entry};
use crate::input::{Input, Walk};

/// How much of the beginning is looked at for facts, and how much of the end: a group of pictures
/// should begin there.
const REACH: u64 = 256 << 10;
const TAIL_REACH: u64 = 640 << 10;
/// How many bytes behind a start code are looked at.
const LOOK: usize = 12;

/// Start codes (13818-2, table 6-1; 14496-2, table 6-3).
const PICTURE: u8 = 0x00;
const SEQUENCE: u8 = 0xb3;
const EXTENSION: u8 = 0xb5;
const OBJECT_PLANE: u8 = 0xb6;
const GROUP: u8 = 0xb8;

/// Frames a second by code (13818-2, table 6-4).
const RATES: [(u32, u32); 8] =
    [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)];

pub(super) fn inspect(cx: &mut Inspection<'_, '_>, first: u8) -> Walk {
    let size = cx.input.size();
    let head = cx.input.up_to(0, 4096)?;
    let visual = first != SEQUENCE;
    let codec = if visual { Codec::Mpeg4 } else { mpeg_stream::resembling(head).unwrap_or(Codec::Mpeg2) };
    let entry = Entry {
        id: 0,
        kind: TrackKind::Video,
        codec: Some(codec),
        code: String::new(),
        language: None,
        encrypted: false,
    };
    let mut stream = Elementary::new(entry, cx.depth);
    stream.begin(0);
    let all = cx.depth > Depth::Header || size <= REACH;
    let mut tally = Tally { visual, ..Tally::default() };
    walk(cx.input, 0..if all { size } else { REACH }, &mut tally, |at, piece| stream.show(at, piece))?;
    if all {
        if tally.pictures == 0 {
            cx.note(Defect::new(Id::EsPicturesMissing));
        }
        if cx.depth > Depth::Header {
            stream.finish(true, &mut cx.defects);
        }
    }
    let seconds = if all {
        tally.seconds(stream.frame_rate())
    } else {
        let mut end = Tally { visual, rate: tally.rate, ..Tally::default() };
        walk(cx.input, size.saturating_sub(TAIL_REACH)..size, &mut end, |_, _| {})?;
        tally.seconds_to(&end)
    };
    let facts = cx.video();
    facts.variant = Some("elementary-stream");
    let mut track = stream.facts(seconds);
    track.frames = all.then_some(tally.pictures);
    facts.tracks.push(track);
    if let Some(seconds) = seconds {
        facts.last_at_least(seconds);
    }
    facts.summarise();
    Ok(())
}

/// Shows `tally` the start codes of `range`, and `each` its bytes.
fn walk(input: &mut Input<'_>, range: Range<u64>, tally: &mut Tally, mut each: impl FnMut(u64, &[u8])) -> Walk {
    let mut at = range.start;
    while at < range.end {
        let mut piece = input.fill(at, range.end)?;
        if piece.len() <= LOOK {
            piece = input.up_to(at, 4096.min(range.end.saturating_sub(at)))?;
        }
        let last = at.saturating_add(len64(piece.len())) >= range.end;
        // What is too near to the end of the piece is looked at with the next one.
        let certain = if last { piece.len() } else { piece.len().saturating_sub(LOOK) };
        let mut place = 0_usize;
        while let Some((found, code)) = piece.get(place..).and_then(mpeg_pes::start_code) {
            place = place.saturating_add(found);
            if place >= certain {
                break;
            }
            place = place.saturating_add(4);
            tally.code(code, piece.get(place..).unwrap_or_default());
        }
        let shown = piece.get(..certain).unwrap_or(piece);
        each(at, shown);
        at = at.saturating_add(len64(shown.len()));
    }
    Ok(())
}

/// Counts pictures and how long they are shown.
#[derive(Debug, Default)]
struct Tally {
    /// Whether it is MPEG-4 visual.
    visual: bool,
    pictures: u64,
    /// How long all pictures are shown, in halves of a frame: interlaced pictures may be shown longer
    /// by a field, or come as single fields.
    halves: u64,
    /// The same since the last group began.
    halves_of_group: u64,
    rate: Option<f64>,
    /// Whether pictures are shown for one or more whole frames.
    progressive: bool,
    /// The time codes of the first and the last group, in frames.
    groups: Option<(f64, f64)>,
}

impl Tally {
    /// A start code, and what is behind it.
    fn code(&mut self, code: u8, rest: &[u8]) {
        match (code, rest) {
            (OBJECT_PLANE, _) if self.visual => self.picture(),
            _ if self.visual => {}
            (PICTURE, _) => self.picture(),
            (SEQUENCE, [_, _, _, shape, ..]) => {
                let rate = RATES.get(usize::from((shape & 15).wrapping_sub(1)));
                self.rate = rate.map(|(count, seconds)| f64::from(*count) / f64::from(*seconds));
            }
            (GROUP, [a, b, c, d, ..]) => self.group(u32::from_be_bytes([*a, *b, *c, *d])),
            (EXTENSION, [a, b, _, _, _, f, ..]) if a >> 4 == 1 => {
                self.progressive = b & 8 != 0;
                let (more, parts) = (f64::from(f >> 5 & 3), f64::from(f & 31));
                self.rate = self.rate.map(|rate| rate * (more + 1.0) / (parts + 1.0));
            }
            (EXTENSION, [a, _, c, d, ..]) if a >> 4 == 8 => {
                let (top_first, repeat) = (d & 0x80 != 0, d & 2 != 0);
                self.shown(match (c & 3, repeat) {
                    (3, false) => 0,
                    (3, true) if !self.progressive => 1,
                    (3, true) => {
                        if top_first {
                            4
                        } else {
                            2
                        }
                    }
                    // A field.
                    _ => -1,
                });
            }
            _ => {}
        }
    }

    fn picture(&mut self) {
        self.pictures = self.pictures.saturating_add(1);
        self.shown(2);
    }

    fn shown(&mut self, halves: i64) {
        self.halves = self.halves.saturating_add_signed(halves);
        self.halves_of_group = self.halves_of_group.saturating_add_signed(halves);
    }

    /// A group of pictures and its time code: a flag, hours, minutes, a marker, seconds, pictures.
    fn group(&mut self, bits: u32) {
        self.halves_of_group = 0;
        let Some(rate) = self.rate else {
            return;
        };
        let number = |shift: u32, width: u32| f64::from(bits >> shift & (1_u32 << width).wrapping_sub(1));
        let seconds = number(26, 5) * 3600.0 + number(20, 6) * 60.0 + number(13, 6);
        // With the flag some numbers are left out, so that seconds are those of a clock.
        let dropped = bits >> 31 == 1;
        let code = seconds * if dropped { rate } else { rate.round() } + number(7, 6);
        self.groups = Some((self.groups.map_or(code, |(first, _)| first), code));
    }

    /// How many seconds the pictures are shown, at the rate `stated` elsewhere if they have none.
    fn seconds(&self, stated: Option<f64>) -> Option<f64> {
        Some(frames(self.halves) / self.rate.or(stated)?)
    }

    /// The same if the middle was left out and `end` saw the end, as far as time codes tell.
    fn seconds_to(&self, end: &Self) -> Option<f64> {
        let ((first, _), (_, last)) = self.groups.zip(end.groups)?;
        (last > first).then_some((last - first + frames(end.halves_of_group)) / self.rate?)
    }
}

fn frames(halves: u64) -> f64 {
    f64::from(u32::try_from(halves).unwrap_or(u32::MAX)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    fn picture(coding: Option<[u8; 5]>) -> Vec<u8> {
        let mut bytes = b"\0\0\x01\0\0\x0f\xff\xf8".to_vec();
        if let Some(coding) = coding {
            bytes.extend(b"\0\0\x01\xb5");
            bytes.extend(coding);
        }
        bytes.extend(b"\0\0\x01\x01slice");
        bytes
    }

    fn group(minutes: u32, seconds: u32) -> Vec<u8> {
        let code = minutes << 20 | 1 << 19 | seconds << 13;
        [&b"\0\0\x01\xb8"[..], &code.to_be_bytes()].concat()
    }

    const HEADER: &[u8] = b"\0\0\x01\xb3\x04\x00\x30\x13\xff\xff\xe0\x18";

    fn tally(bytes: &[u8]) -> Tally {
        let mut input = Input::new(&bytes, &Budget::default()).unwrap();
        let (mut tally, mut shown) = (Tally::default(), Vec::new());
        walk(&mut input, 0..len64(bytes.len()), &mut tally, |_, piece| shown.extend_from_slice(piece)).unwrap();
        assert_eq!(shown, bytes);
        tally
    }

    #[test]
    fn pictures_are_counted() {
        let tally = tally(&[HEADER, &group(0, 0), &picture(None).repeat(50)].concat());
        assert_eq!((tally.pictures, tally.seconds(None)), (50, Some(2.0)));
    }

    #[test]
    fn fields_and_repeated_fields_count() {
        let coding = |structure: u8, flags: u8| picture(Some([0x8f, 0xff, 0xf0 | structure, flags, 0x80]));
        let field = coding(1, 0);
        let longer = coding(3, 0x82);
        let stream = [HEADER, &field, &field, &longer, &longer].concat();
        assert_eq!(tally(&stream).halves, 8);
    }

    #[test]
    fn time_codes_bridge_what_was_left_out() {
        let begin = tally(&[HEADER, &group(1, 0), &picture(None).repeat(25)].concat());
        let mut end = Tally { rate: begin.rate, ..Tally::default() };
        end.code(PICTURE, &[]);
        end.code(GROUP, &group(2, 0)[4..]);
        end.code(PICTURE, &[]);
        assert_eq!(begin.seconds_to(&end), Some(60.04));
        assert_eq!(end.seconds_to(&begin), None);
    }
}
