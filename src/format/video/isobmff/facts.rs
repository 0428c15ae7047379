//! Facts of the film, as the tables have them and as the coded data add to them.

use super::file::File;
use super::movie::{Movie, seconds};
use super::track::Track;
use crate::facts::{TrackFacts, TrackKind};
use crate::format::Inspection;
use crate::format::isobmff::{FourCc, name};
use crate::input::Walk;

/// Rows of `stts` that are added up where nothing else says how long a track is.
const MAX_ROWS: u64 = 4096;
/// Kinds of MP4 and 3GP that have a name of their own, by the start of the brand.
const VARIANTS: [(&[u8], &str); 8] = [
    (b"M4V", "m4v"),
    (b"M4A", "m4a"),
    (b"M4B", "m4a"),
    (b"F4V", "f4v"),
    (b"f4v", "f4v"),
    (b"3g2", "3g2"),
    (b"ism", "ismv"),
    (b"piff", "ismv"),
];

/// Fills in what the movie box says.
pub(super) fn gather(cx: &mut Inspection<'_, '_>, file: &File, movie: &Movie) -> Walk {
    let mut tracks = Vec::new();
    for track in &movie.tracks {
        let lasts = match track.duration {
            0 => track.timed(cx.input, MAX_ROWS)?.map_or(0, |timed| timed.duration),
            stated => stated,
        };
        tracks.push(track_facts(file, movie, track, lasts));
    }
    if let Some(codec) = movie.cover {
        let mut cover = TrackFacts::new(TrackKind::Cover, 0);
        cover.set_codec(Some(codec), codec.name());
        tracks.push(cover);
    }
    let fragmented = movie.extends.is_some() || file.fragment.is_some();
    let facts = cx.video();
    facts.brand = file.brand.map(name);
    facts.variant = file.brand.and_then(variant);
    facts.fragmented = Some(fragmented);
    let media = [file.first_media, file.fragment].into_iter().flatten().min();
    facts.fast_start = media.map(|media| movie.head.start < media);
    let stated = movie.extends.as_ref().map_or(0, |extends| extends.duration).max(movie.duration);
    if let Some(seconds) = movie.seconds(stated).filter(|_| stated > 0) {
        facts.last_at_least(seconds);
    }
    for track in &tracks {
        if let Some(seconds) = track.duration_s.filter(|_| matches!(track.kind, TrackKind::Video | TrackKind::Audio)) {
            facts.last_at_least(seconds);
        }
    }
    facts.tracks = tracks;
    facts.summarise();
    Ok(())
}

fn variant(brand: FourCc) -> Option<&'static str> {
    VARIANTS.iter().find(|(start, _)| brand.starts_with(start)).map(|(_, name)| *name)
}

fn track_facts(file: &File, movie: &Movie, track: &Track, lasts: u64) -> TrackFacts {
    let mut facts = TrackFacts::new(track.kind, track.id.into());
    let media_s = seconds(lasts, track.timescale).filter(|_| lasts > 0);
    let edited_s = track.edited.and_then(|duration| movie.seconds(duration));
    facts.duration_s = edited_s.or(media_s).filter(|seconds| *seconds > 0.0);
    facts.language.clone_from(&track.language);
    facts.frames = track.frames(file.end);
    let frames = facts.frames.and_then(|frames| u32::try_from(frames).ok());
    if let (Some(frames), Some(seconds), TrackKind::Video) = (frames, media_s, track.kind) {
        facts.frame_rate = Some(f64::from(frames) / seconds).filter(|rate| rate.is_finite());
    }
    let Some(entry) = track.entries.first() else {
        return facts;
    };
    facts.set_codec(entry.codec, &name(entry.code));
    facts.encrypted = entry.encrypted;
    facts.bit_rate = entry.bit_rate.map(u64::from);
    facts.sample_rate = entry.sample_rate;
    facts.channels = entry.channels;
    if matches!(track.kind, TrackKind::Video | TrackKind::Cover) {
        facts.width = Some(u32::from(entry.width)).filter(|width| *width > 0);
        facts.height = Some(u32::from(entry.height)).filter(|height| *height > 0);
        facts.sample_aspect = entry.sample_aspect.filter(|(across, down)| across != down);
        let turned = track.rotation.saturating_add(movie.rotation).checked_rem(360).unwrap_or_default();
        facts.rotation = Some(turned).filter(|turned| *turned > 0);
        take_picture(&mut facts, track);
    }
    facts
}

/// What the coded data say of the picture outweighs what the tables say.
fn take_picture(facts: &mut TrackFacts, track: &Track) {
    let Some(entry) = track.entries.first() else {
        return;
    };
    let Some(picture) = entry.payload.as_ref().and_then(|payload| payload.picture()) else {
        return;
    };
    if picture.width > 0 && picture.height > 0 {
        (facts.width, facts.height) = (Some(picture.width), Some(picture.height));
    }
    if entry.sample_aspect.is_none() {
        facts.sample_aspect = picture.sample_aspect;
    }
    facts.profile = picture.profile.map(str::to_owned);
}

/// Adds what the walk over the samples came to.
pub(super) fn complete(cx: &mut Inspection<'_, '_>, movie: &Movie) {
    let facts = cx.video();
    for (facts, track) in facts.tracks.iter_mut().zip(&movie.tracks) {
        take_picture(facts, track);
        let Some(elapsed) = track.clock.elapsed().filter(|elapsed| *elapsed > 0) else {
            continue;
        };
        let found = &track.found;
        let bits = u128::from(found.bytes).saturating_mul(8).saturating_mul(track.timescale.into());
        let rate = bits.checked_div(elapsed.into()).and_then(|rate| u64::try_from(rate).ok());
        facts.bit_rate = rate.filter(|rate| *rate > 0).or(facts.bit_rate);
        if let Some(lasts) = seconds(elapsed, track.timescale).filter(|_| track.has_fragments) {
            facts.duration_s = Some(facts.duration_s.map_or(lasts, |known| known.max(lasts)));
            facts.frames = Some(found.samples);
            let frames = u32::try_from(found.samples).ok().filter(|_| track.kind == TrackKind::Video);
            facts.frame_rate = frames.map(|frames| f64::from(frames) / lasts);
        }
    }
    let lengths = facts.tracks.iter().filter(|track| matches!(track.kind, TrackKind::Video | TrackKind::Audio));
    if let Some(longest) = lengths.filter_map(|track| track.duration_s).reduce(f64::max) {
        facts.last_at_least(longest);
    }
    facts.summarise();
}
