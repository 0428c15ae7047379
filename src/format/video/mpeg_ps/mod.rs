//! MPEG program streams: ISO/IEC 13818-1:2019, clause 2.5, and 11172-1:1993 (MPEG-1). DVDs put more
//! into private streams. Elementary video streams are told from them by their first start code.
//!
//! Everything is a start code and, but for pack headers, a length, so the whole file is one chain.
//! The head is surveyed for what its streams are; then the chain is walked once, or, at header
//! depth, its end, whose time stamps tell the duration.

mod elementary;
mod program;

use std::ops::Range;

use program::Program;

use crate::bytes::{Endian, len64, u16_at};
use crate::checker::Depth;
use crate::defect::{Defect, Defects, Id};
use crate::format::video::mpeg_pes;
use crate::format::video::mpeg_zeros::{all_zero, fill_up};
use crate::format::{HEAD_LEN, Head, Inspection};
use crate::input::{Input, Walk};

/// Zero bytes may stand before a start code; more than these are not looked past.
const LEADING_ZEROS: usize = 8;
/// How far from the start streams are looked for, and how far from the end their last time stamps:
/// first a little, then more.
const HEAD_REACH: u64 = 320 << 10;
const TAIL_REACHES: [u64; 2] = [96 << 10, 400 << 10];
/// Zeros between two packets up to which they are filling, as disc images have it.
const FILLING: u64 = 512;
/// Bytes behind the last packet up to which they are something that was appended.
const APPENDED: u64 = 4 << 10;

/// Start codes of systems; those of video are below (table 2-22).
const FIRST_CODE: u8 = 0xb9;
const END: u8 = 0xb9;
const PACK: u8 = 0xba;

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    match first_start_code(cx.input.up_to(0, HEAD_LEN)?).map(|(code, _)| code) {
        Some(code) if code < FIRST_CODE => elementary::inspect(cx, code),
        code => inspect_program(cx, code == Some(PACK)),
    }
}

fn inspect_program(cx: &mut Inspection<'_, '_>, begins_with_pack: bool) -> Walk {
    if !begins_with_pack {
        cx.note(Defect::at(Id::PsPackMissing, 0));
    }
    let size = cx.input.size();
    let reach = size.min(HEAD_REACH);
    let mut survey = Program::new(cx.depth);
    run(cx.input, 0..reach, &mut survey, &mut Defects::default())?;
    let mut program = survey.again();
    let reach = if cx.depth == Depth::Header { reach } else { size };
    let whole = run(cx.input, 0..reach, &mut program, &mut cx.defects)?;
    if cx.depth == Depth::Header {
        let end = end(cx.input, &program)?;
        program.fill(cx.video(), Some(&end));
    } else {
        program.finish(whole, &mut cx.defects);
        program.fill(cx.video(), None);
    }
    if program.is_empty() && reach == size {
        cx.note(Defect::new(Id::PsStreamsMissing));
    }
    Ok(())
}

/// Sees as much of the end of the file as it takes to tell when the streams of `survey` end.
fn end(input: &mut Input<'_>, survey: &Program) -> Walk<Program> {
    let (mut program, size) = (survey.again(), input.size());
    for reach in TAIL_REACHES {
        program = survey.again();
        let start = size.saturating_sub(reach);
        let start = next_code(input, start, size, |code| code == PACK)?.unwrap_or(size);
        run(input, start..size, &mut program, &mut Defects::default())?;
        if program.ends() {
            break;
        }
    }
    Ok(program)
}

/// Walks the chain in `range`. Whether it is whole up to the end.
fn run(input: &mut Input<'_>, range: Range<u64>, program: &mut Program, defects: &mut Defects) -> Walk<bool> {
    let (mut at, size) = (range.start, input.size());
    while at < range.end {
        let next = match input.up_to(at, 4)? {
            &[0, 0, 1, END] => at.saturating_add(4),
            &[0, 0, 1, PACK] => match program.pack(input, at, defects)? {
                Some(next) => next,
                None => return Ok(cut(size, at, defects)),
            },
            &[0, 0, 1, code] if code > PACK => program.packet(input, at, defects)?,
            [] => break,
            [0, 0, 1] => return Ok(cut(size, at, defects)),
            _ => {
                let next = next_code(input, at, size, |code| code >= FIRST_CODE)?;
                let gap = at..next.unwrap_or(size);
                if !is_filling(input, &gap, defects)? {
                    program.lost(defects);
                }
                gap.end
            }
        };
        if next > size {
            return Ok(cut(size, at, defects));
        }
        // Every start code is longer than nothing; this says so to the reader.
        at = next.max(at.saturating_add(1));
    }
    Ok(true)
}

/// The file ends inside what begins at `at`.
fn cut(size: u64, at: u64, defects: &mut Defects) -> bool {
    defects.note(Defect::at(Id::PsTruncated, size).with("start", at));
    false
}

/// Looks at what is between two packets, or behind the last one, and belongs to none. Whether it is
/// nothing that matters.
fn is_filling(input: &mut Input<'_>, gap: &Range<u64>, defects: &mut Defects) -> Walk<bool> {
    let (bytes, size) = (gap.end.saturating_sub(gap.start), input.size());
    let last = gap.end == size;
    let zero = all_zero(input, gap)?;
    let id = match (zero, last) {
        (true, _) if bytes < FILLING => return Ok(true),
        (true, true) if fill_up(bytes, size) => Id::PsTrailingZeros,
        (false, true) if bytes <= APPENDED => Id::PsTrailingBytes,
        (true, _) => Id::PsZeros,
        (false, _) => Id::PsChainBroken,
    };
    defects.note(Defect::at(id, gap.start).with("bytes", bytes));
    Ok(matches!(id, Id::PsTrailingZeros | Id::PsTrailingBytes))
}

/// The next start code from `at` on that is `wanted`.
fn next_code(input: &mut Input<'_>, mut at: u64, end: u64, wanted: impl Fn(u8) -> bool) -> Walk<Option<u64>> {
    while at.saturating_add(4) <= end {
        let mut piece = input.fill(at, end)?;
        if piece.len() < 4 {
            piece = input.up_to(at, 4)?;
        }
        match mpeg_pes::start_code(piece) {
            Some((place, code)) => {
                let found = at.saturating_add(len64(place));
                if wanted(code) {
                    return Ok(Some(found));
                }
                at = found.saturating_add(3);
            }
            // The last three bytes may be the beginning of one.
            None => at = at.saturating_add(len64(piece.len().saturating_sub(3))),
        }
    }
    Ok(None)
}

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    let Some((code, rest)) = first_start_code(head.bytes) else {
        return false;
    };
    match code {
        // A pack.
        0xba => true,
        // A sequence header: 12 bits of width, 12 of height, then shape and frame rate. Encoders
        // use the reserved frame rates too.
        0xb3 => rest.first_chunk::<4>().is_some_and(|[a, b, c, d]| {
            let (width, height) = (*a != 0 || b & 0xf0 != 0, b & 0x0f != 0 || *c != 0);
            width && height && d & 0xf0 != 0 && d & 0x0f != 0
        }),
        // A visual object sequence: its profile, then perhaps the visual object.
        0xb0 => {
            rest.get(1..).is_some_and(|rest| rest.starts_with(b"\0\0\x01\xb5") || rest.starts_with(b"\0\0\x01\xb2"))
        }
        // A video object that is followed by its layer.
        0x00..=0x1f => rest.starts_with(b"\0\0\x01") && rest.get(3).is_some_and(|code| (0x20..=0x2f).contains(code)),
        // A packet of a stream that lost its beginning: the next one lies where its length says.
        0xbb | 0xbd..=0xbf | 0xc0..=0xef => u16_at(rest, Endian::Big)
            .and_then(|length| rest.get(usize::from(length).checked_add(2)?..))
            .is_some_and(|next| next.starts_with(b"\0\0\x01") && next.get(3).is_some_and(|code| *code >= 0xb9)),
        _ => false,
    }
}

/// The first start code, and what is behind it.
fn first_start_code(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let rest = bytes.get(zeros..)?.strip_prefix(&[1])?;
    let (code, rest) = rest.split_first().filter(|_| (2..=LEADING_ZEROS).contains(&zeros))?;
    Some((*code, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    #[test]
    fn start_codes_are_told_apart() {
        for (bytes, want) in [
            (&b"\0\0\x01\xba\x44\0\x04"[..], true),
            (b"\0\0\x01\xba\x21\0\x01", true),
            (b"\0\0\x01\xba", true),
            (b"\0\0\0\0\x01\xb3\x16\x01\x20\x13", true),
            (b"\0\0\x01\xb3\x00\x01\x20\x13", false),
            (b"\0\0\x01\xb0\x01\0\0\x01\xb5\x09", true),
            (b"\0\0\x01\0\0\0\x01\x20", true),
            (b"\0\0\x01\xe0\0\x02ab\0\0\x01\xc0", true),
            (b"\0\0\x01\xe0\0\x02ab\0\0\x02\xc0", false),
            // An icon, and a raw H.264 stream.
            (b"\0\0\x01\0\x01\0\x10\x10", false),
            (b"\0\0\0\x01\x67\x42\0\x1e", false),
            (b"\0\0\x01", false),
        ] {
            assert_eq!(sniff(&Head { bytes, size: len64(bytes.len()) }), want, "{bytes:x?}");
        }
    }
}
