//! What structure depth adds to the facts: whether the tables agree with each other and with the
//! bytes that are there.

use super::file::{File, truncated};
use super::movie::{Movie, seconds};
use super::track::{Origin, Track};
use super::{facts, fragments, media};
use crate::bytes::len64;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::name;
use crate::input::Walk;

/// Media that no fragment refers to are noted from this size on, if they are a quarter of their box.
const UNUSED: u64 = 16 << 10;
/// How much longer the samples of a track may last than the track is said to.
const TIMES_AS_LONG: u64 = 3;
const LONGER_S: u64 = 60;
/// How much shorter the fragments may be than the film is said to be, in seconds and in parts of it.
const SHORTER_S: f64 = 1.0;
const SHORTER_PART: f64 = 0.03;

/// Checks the tables and walks over all samples.
pub(super) fn content(cx: &mut Inspection<'_, '_>, file: &mut File, movie: &mut Movie) -> Walk {
    let walked = walk(cx, file, movie);
    for track in &mut movie.tracks {
        let is_whole = walked.is_ok() && track.found.past_end.samples == 0 && track.found.outside.samples == 0;
        note_losses(cx, track);
        for entry in track.entries.iter_mut().filter(|entry| !entry.encrypted) {
            if let Some(payload) = &mut entry.payload {
                payload.finish(is_whole);
                media::note_faults(cx, payload, track.id);
            }
        }
    }
    facts::complete(cx, movie);
    walked?;
    check_whole(cx, file, movie)
}

fn walk(cx: &mut Inspection<'_, '_>, file: &mut File, movie: &mut Movie) -> Walk {
    for track in &mut movie.tracks {
        track.is_elsewhere = match track.origin() {
            Origin::Here => false,
            Origin::Elsewhere => true,
            Origin::Alias => file.media.is_empty(),
        };
        if track.is_elsewhere {
            cx.note(Defect::at(Id::Mp4DataElsewhere, track.start).within(track.place()));
        } else {
            check_times(cx, track)?;
        }
    }
    media::walk(cx, file, movie)?;
    fragments::walk(cx, file, movie)
}

/// Every sample of the tables has a duration. The clock of the fragments goes on from there.
fn check_times(cx: &mut Inspection<'_, '_>, track: &mut Track) -> Walk {
    let samples = u64::from(track.samples.samples());
    let (Some(timed), Some(table)) = (track.timed(cx.input, u64::MAX)?, track.times) else {
        return Ok(());
    };
    if timed.samples != samples && track.samples.sizes.is_some() {
        let defect = Defect::at(Id::Mp4SampleTimesMismatch, table.head.start);
        track.note(cx, defect.with("timed", timed.samples).with("samples", samples));
    }
    if samples > 0 {
        track.clock.start(timed.duration);
    }
    let margin = u64::from(track.timescale).saturating_mul(LONGER_S);
    let longest = track.duration.saturating_mul(TIMES_AS_LONG).saturating_add(margin);
    if track.duration > 0 && track.timescale > 0 && timed.duration > longest {
        let in_seconds = |time| seconds(time, track.timescale).unwrap_or(f64::from(u32::MAX));
        let defect = Defect::at(Id::Mp4TimesImplausible, table.head.start);
        let defect = defect.with("timed", in_seconds(timed.duration));
        track.note(cx, defect.with("stated", in_seconds(track.duration)));
    }
    Ok(())
}

fn note_losses(cx: &mut Inspection<'_, '_>, track: &Track) {
    let losses = [(Id::Mp4SamplePastEnd, &track.found.past_end), (Id::Mp4SampleOutsideMedia, &track.found.outside)];
    for (id, loss) in losses {
        if loss.samples == 0 {
            continue;
        }
        let defect = Defect::at(id, loss.first).with("lost", loss.samples).with("samples", track.found.samples);
        track.note(
            cx,
            defect.with("limit", cx.input.size()).with("intact_percent", percent(loss.before, track.found.samples)),
        );
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    let share = part.saturating_mul(100).checked_div(whole).unwrap_or_default();
    u32::try_from(share).map_or(100.0, f64::from)
}

/// What can be said when all samples were looked at.
fn check_whole(cx: &mut Inspection<'_, '_>, file: &File, movie: &Movie) -> Walk {
    let lost = movie.tracks.iter().any(|track| track.found.past_end.samples > 0);
    if let Some(head) = file.overrun {
        let missing = head.end.saturating_sub(cx.input.size());
        cx.note(if lost {
            truncated(cx.input, &head)
        } else {
            Defect::at(Id::Mp4BoxPastEnd, head.start).with("box", name(head.kind)).with("missing", missing)
        });
    }
    if let Some(tail) = file.tail {
        let bytes = cx.input.size().saturating_sub(tail);
        // What follows a film in one piece is of no account. Fragments may be in it.
        let id = if file.fragment.is_some() && !is_zero(cx, tail)? { Id::Mp4BoxMalformed } else { Id::Mp4TrailingData };
        cx.note(Defect::at(id, tail).within("file").with("bytes", bytes));
    }
    let samples: u64 = movie.tracks.iter().map(|track| track.found.samples).fold(0, u64::saturating_add);
    let is_told = movie.tracks.iter().any(|track| track.is_elsewhere || track.is_faulty);
    if samples == 0 && !is_told && !movie.has_samples() {
        cx.note(Defect::at(Id::Mp4MediaMissing, movie.head.start));
    }
    check_fragments(cx, file, movie);
    Ok(())
}

fn is_zero(cx: &mut Inspection<'_, '_>, from: u64) -> Walk<bool> {
    let (mut at, end) = (from, cx.input.size());
    while at < end {
        let bytes = cx.input.fill(at, end)?;
        if bytes.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        at = at.saturating_add(len64(bytes.len()));
    }
    Ok(true)
}

/// Whether the fragments are all there.
fn check_fragments(cx: &mut Inspection<'_, '_>, file: &File, movie: &Movie) {
    let Some(first) = file.fragment else {
        return;
    };
    for stretch in file.media.all().iter().filter(|stretch| stretch.range.start > first) {
        let len = stretch.range.end.saturating_sub(stretch.range.start);
        let unused = stretch.range.end.saturating_sub(stretch.used);
        if unused > UNUSED && unused > len / 4 {
            cx.note(Defect::at(Id::Mp4MediaUnused, stretch.used).with("unused", unused).with("bytes", len));
        }
    }
    let stated = movie.extends.as_ref().filter(|extends| extends.duration > 0);
    let stated = stated.and_then(|extends| movie.seconds(extends.duration));
    let longest = movie.tracks.iter().filter(|track| track.is_main());
    let longest = longest.filter_map(|track| seconds(track.clock.next, track.timescale)).reduce(f64::max);
    if let (Some(stated), Some(longest)) = (stated, longest)
        && longest + SHORTER_S + stated * SHORTER_PART < stated
    {
        cx.note(Defect::at(Id::Mp4FragmentsShort, movie.head.start).with("found", longest).with("stated", stated));
    }
}
