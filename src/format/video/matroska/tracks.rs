//! The tracks (RFC 9559, clause 5.1.4) while their frames go by.

use std::time::Duration;

use super::ebml::Element;
use super::elements;
use super::entry::Entry;
use crate::checker::Depth;
use crate::codec::payload::Payload;
use crate::defect::Defect;
use crate::facts::{TrackFacts, TrackKind};
use crate::input::{Input, Walk};

/// More tracks than this are not kept. Track numbers beyond 126 take more than one byte, and nobody
/// uses them.
const MAX_TRACKS: usize = 1000;

/// What was taken off the start of every frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// The same bytes, or none.
    Bytes(Vec<u8>),
    /// The size and the code that a frame of `ProRes` begins with.
    ProRes,
}

impl Prefix {
    /// The bytes that were before a frame of which `len` are left.
    pub(super) fn before(&self, len: u64) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::ProRes => {
                let size = u32::try_from(len.saturating_add(8)).unwrap_or(u32::MAX);
                [size.to_be_bytes(), *b"icpf"].concat()
            }
        }
    }
}

/// What is kept of a track while its frames go by.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) number: u64,
    pub(super) kind: TrackKind,
    /// The watch over its frames, where there is one.
    pub(super) payload: Option<Payload>,
    pub(super) prefix: Prefix,
    /// Nanoseconds that a frame lasts, where it is stated.
    pub(super) default_duration: Option<u64>,
    pub(super) frames: u64,
    pub(super) bytes: u64,
    encrypted: bool,
    /// The earliest and the latest time of a frame, in nanoseconds.
    times: Option<(i64, i64)>,
}

impl Track {
    pub(super) fn new(
        number: u64,
        kind: TrackKind,
        payload: Option<Payload>,
        prefix: Prefix,
        default_duration: Option<u64>,
    ) -> Self {
        Self { number, kind, payload, prefix, default_duration, frames: 0, bytes: 0, encrypted: false, times: None }
    }

    /// What the track is called in messages.
    pub(super) fn place(&self) -> String {
        format!("track {}", self.number)
    }

    /// Says what the frames come to, once all have gone by.
    pub(super) fn tell(&self, facts: &mut TrackFacts, duration: Option<f64>) {
        facts.frames = Some(self.frames);
        facts.encrypted |= self.encrypted;
        if let Some(picture) = self.payload.as_ref().and_then(Payload::picture).filter(|picture| picture.width > 0) {
            (facts.width, facts.height) = (Some(picture.width), Some(picture.height));
            facts.profile = picture.profile.map(str::to_owned);
        }
        if self.kind == TrackKind::Video {
            facts.frame_rate = facts.frame_rate.or_else(|| self.frame_rate());
        }
        let nanoseconds =
            duration.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).map(|all| all.as_nanos());
        let bits = u128::from(self.bytes).saturating_mul(8 * 1_000_000_000);
        let rate = nanoseconds.and_then(|nanoseconds| bits.checked_div(nanoseconds));
        facts.bit_rate = rate.and_then(|rate| u64::try_from(rate).ok());
    }

    /// Gives up the watch: frames are encrypted.
    pub(super) fn conceal(&mut self) {
        self.encrypted = true;
        self.payload = None;
    }

    /// Takes down when a frame is shown.
    pub(super) fn at(&mut self, time: i64) {
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
    }

    /// Frames a second, by the times of the first and the last.
    fn frame_rate(&self) -> Option<f64> {
        let (first, last) = self.times?;
        let between = Duration::from_nanos(u64::try_from(last.checked_sub(first)?).ok()?);
        let frames = u32::try_from(self.frames.checked_sub(1)?).ok()?;
        (!between.is_zero() && frames > 0).then(|| f64::from(frames) / between.as_secs_f64())
    }
}

/// A track, what is told of it, and what is wrong with its description.
pub(super) struct Described {
    pub(super) track: Track,
    pub(super) facts: TrackFacts,
    pub(super) faults: Vec<Defect>,
}

/// Every track that is described in `tracks`.
pub(super) fn read(input: &mut Input<'_>, tracks: Element, depth: Depth) -> Walk<Vec<Described>> {
    let mut described = Vec::new();
    let mut entries = tracks.children();
    while let Some(entry) = entries.sound(input)? {
        if entry.id == elements::TRACK_ENTRY && described.len() < MAX_TRACKS {
            described.push(Entry::read(input, entry)?.describe(input, depth)?);
        }
    }
    Ok(described)
}
