//! Flash video: Adobe Flash Video File Format Specification 10.1, annex E, with the codecs of
//! Enhanced RTMP v2 (Veovera).
//!
//! A file is a chain of tags, each with its length before it and once more behind it. Nothing says
//! where it ends; what the metadata say of duration and size is written when the recording ends, and
//! shows whether all of it is there.

mod amf;
mod media;

use crate::bytes::len64;
use crate::checker::Depth;
use crate::codec::Codec;
use crate::codec::payload::{self, Payload};
use crate::defect::{Defect, Id};
use crate::facts::{TrackFacts, TrackKind};
use crate::format::{Head, Inspection};
use crate::input::{Input, MAX_BLOCK, Walk};
use amf::Metadata;
use media::{AudioHead, Code, Packet, VideoHead};

/// The length of the header, and of the head of a tag and of the size behind each (E.2, E.4.1, E.3).
const HEADER: u64 = 9;
const TAG_HEADER: u64 = 11;
const SIZE_FIELD: u64 = 4;
/// At header depth tags are visited this far into the file, until there are all the facts.
const REACH: u64 = 512 << 10;
/// So much of a tag is read to tell what it holds …
const GLIMPSE: u64 = 16;
/// … and of the first frame at header depth, for its size.
const FRAME_GLIMPSE: u64 = 16 << 10;
/// So many tags are visited from the end of the file, to find the last of the times.
const TAGS_FROM_END: u32 = 8;
/// Metadata larger than this are cut off: their index of key frames is of no use here.
const METADATA_MAX: u64 = MAX_BLOCK;
/// A writer that gets the sizes behind the tags wrong this often knows no better.
const HABIT: u64 = 8;

/// Kinds of tags.
mod kind {
    pub(super) const AUDIO: u8 = 8;
    pub(super) const VIDEO: u8 = 9;
    pub(super) const SCRIPT: u8 = 18;
}

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, b"FLV\x01")
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let mut walker = Walker {
        size: cx.input.size(),
        cx,
        metadata: None,
        video: None,
        audio: None,
        times: None,
        gap: 0,
        sizes: Sizes::default(),
        tags: 0,
        whole: true,
        trailing: None,
        missed: None,
    };
    let end = walker.file();
    walker.conclude()?;
    end?;
    walker.judge();
    Ok(())
}

/// The head of a tag.
struct Tag {
    offset: u64,
    kind: u8,
    encrypted: bool,
    size: u64,
    /// Milliseconds.
    time: u32,
    stream: u32,
    /// Whether its reserved bits are as they should be.
    reserved: bool,
}

impl Tag {
    fn at(input: &mut Input<'_>, offset: u64) -> Walk<Self> {
        let [first, s2, s1, s0, t2, t1, t0, t3, i2, i1, i0] = input.array(offset)?;
        Ok(Self {
            offset,
            kind: first & 0x1f,
            encrypted: first & 0x20 != 0,
            size: u32::from_be_bytes([0, s2, s1, s0]).into(),
            time: u32::from_be_bytes([t3, t2, t1, t0]),
            stream: u32::from_be_bytes([0, i2, i1, i0]),
            reserved: first & 0xc0 == 0,
        })
    }

    fn body(&self) -> u64 {
        self.offset.saturating_add(TAG_HEADER)
    }

    fn end(&self) -> u64 {
        self.body().saturating_add(self.size)
    }

    /// Whether the tag is of a kind that there is.
    fn is_known(&self) -> bool {
        self.reserved && self.stream == 0 && matches!(self.kind, kind::AUDIO | kind::VIDEO | kind::SCRIPT)
    }

    fn is_media(&self) -> bool {
        matches!(self.kind, kind::AUDIO | kind::VIDEO) && self.size > 0
    }
}

/// The video track.
struct Video {
    facts: TrackFacts,
    code: Code,
    payload: Option<Payload>,
    /// Whether the codec has a configuration, and it came.
    configured: bool,
    frames: u64,
    /// The times of the first and of the last frame.
    times: Option<(u32, u32)>,
    /// Frames that came before any configuration, and where the first is.
    unconfigured: Option<u64>,
    /// Whether a frame was looked at for its size.
    seen: bool,
    /// The size of codecs that only FLV has.
    size: Option<(u32, u32)>,
}

/// The sizes behind the tags.
#[derive(Default)]
struct Sizes {
    right: u64,
    wrong: u64,
    first_wrong: Option<u64>,
    /// Bytes of all tags so far: some writers give this instead.
    sum: u64,
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    size: u64,
    metadata: Option<Metadata>,
    video: Option<Video>,
    audio: Option<TrackFacts>,
    /// The lowest and the highest time of a tag with media.
    times: Option<(u32, u32)>,
    /// The longest time from one video frame to the next.
    gap: u32,
    sizes: Sizes,
    tags: u64,
    /// Whether the chain of tags was followed to the end of the file.
    whole: bool,
    /// Where the tags end before the file does.
    trailing: Option<u64>,
    /// Where the file would end if the size behind the last tag were all there.
    missed: Option<u64>,
}

impl Walker<'_, '_, '_> {
    fn file(&mut self) -> Walk {
        if self.size < HEADER {
            self.truncated(HEADER);
            return Ok(());
        }
        let mut at = u64::from(u32::from_be_bytes(self.cx.input.array(5)?));
        if at < HEADER || at > self.size {
            self.cx.note(Defect::at(Id::FlvHeaderInvalid, 5).with("length", at));
            at = HEADER;
        }
        let mut last = 0;
        while let Some(tag) = self.next(&mut at, last)? {
            self.cx.input.work(1)?;
            last = tag.size;
            self.tags = self.tags.saturating_add(1);
            self.tag(&tag)?;
            if self.cx.depth == Depth::Header && (at > REACH || self.knows_enough()) {
                break;
            }
        }
        Ok(())
    }

    /// The next tag; `at` is that of the size of the `last` one before, and moves on.
    fn next(&mut self, at: &mut u64, last: u64) -> Walk<Option<Tag>> {
        let start = at.saturating_add(SIZE_FIELD);
        if start > self.size {
            if self.tags > 0 {
                self.end_missing(*at);
            } else if *at < self.size {
                self.truncated(start);
            }
            return Ok(None);
        }
        let stated = u64::from(u32::from_be_bytes(self.cx.input.array(*at)?));
        let size_fits = self.previous_size(*at, stated, last);
        if start == self.size {
            return Ok(None);
        }
        if start.saturating_add(TAG_HEADER) > self.size {
            let few = self.cx.input.up_to(start, TAG_HEADER)?;
            if few.iter().all(|byte| *byte == 0) && size_fits {
                self.trailing = Some(start);
            } else {
                self.truncated(start.saturating_add(TAG_HEADER));
            }
            return Ok(None);
        }
        let tag = Tag::at(self.cx.input, start)?;
        if !tag.is_known() && !self.is_followed(&tag)? {
            self.lost(start, size_fits)?;
            return Ok(None);
        }
        if tag.end() > self.size {
            self.truncated(tag.end());
            self.tags = self.tags.saturating_add(1);
            return Ok(None);
        }
        *at = tag.end();
        Ok(Some(tag))
    }

    /// Whether the size behind `tag` confirms it.
    fn is_followed(&mut self, tag: &Tag) -> Walk<bool> {
        if tag.end().saturating_add(SIZE_FIELD) > self.size {
            return Ok(false);
        }
        let size = u64::from(u32::from_be_bytes(self.cx.input.array(tag.end())?));
        Ok(size == tag.size.saturating_add(TAG_HEADER))
    }

    /// Holds the size behind a tag against it. Writers disagree about what it counts.
    fn previous_size(&mut self, at: u64, stated: u64, last: u64) -> bool {
        if self.tags == 0 {
            return true;
        }
        let sizes = &mut self.sizes;
        let whole = last.saturating_add(TAG_HEADER);
        sizes.sum = sizes.sum.saturating_add(whole);
        let right = stated == whole || stated == whole.saturating_sub(1) || stated == last || stated == sizes.sum;
        if right {
            sizes.right = sizes.right.saturating_add(1);
        } else {
            sizes.wrong = sizes.wrong.saturating_add(1);
            sizes.first_wrong.get_or_insert(at);
        }
        right
    }

    fn truncated(&mut self, end: u64) {
        self.whole = false;
        let missing = end.saturating_sub(self.size);
        self.cx.note(Defect::at(Id::FlvTruncated, self.size).with("missing", missing));
    }

    /// The size behind the last tag is not all there.
    fn end_missing(&mut self, at: u64) {
        let there = self.size.saturating_sub(at);
        let end = at.saturating_add(SIZE_FIELD);
        // Some writers leave it out.
        if there > 0 || self.metadata.is_some_and(|metadata| metadata.file_size == Some(end)) {
            self.missed = Some(end);
            let missing = SIZE_FIELD.saturating_sub(there);
            self.cx.note(Defect::at(Id::FlvEndMissing, self.size).with("missing", missing));
        }
    }

    /// There is no tag at `at`; `size_fits` if all was well up to here.
    fn lost(&mut self, at: u64, size_fits: bool) -> Walk {
        let stated = self.metadata.and_then(|metadata| metadata.file_size);
        if size_fits && self.tags > 0 && (stated == Some(at) || self.is_zero_from(at)?) {
            self.trailing = Some(at);
        } else {
            self.whole = false;
            self.cx.note(Defect::at(Id::FlvChainBroken, at));
        }
        Ok(())
    }

    fn is_zero_from(&mut self, mut at: u64) -> Walk<bool> {
        if self.cx.depth == Depth::Header {
            return Ok(false);
        }
        while at < self.size {
            let piece = self.cx.input.fill(at, self.size)?;
            if piece.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at = at.saturating_add(len64(piece.len()));
        }
        Ok(true)
    }

    /// Whether nothing more is to be learned at header depth.
    fn knows_enough(&self) -> bool {
        let video = self.video.as_ref().is_some_and(|video| video.seen);
        self.metadata.is_some() && video && self.audio.is_some()
    }

    fn tag(&mut self, tag: &Tag) -> Walk {
        if tag.kind == kind::SCRIPT {
            return self.script(tag);
        }
        if !tag.is_media() {
            return Ok(());
        }
        if tag.kind == kind::VIDEO { self.video(tag) } else { self.audio(tag) }
    }

    /// Takes the time of a tag with pictures or sound; that of a configuration means nothing.
    fn take_time(&mut self, time: u32) {
        let (first, last) = self.times.unwrap_or((time, time));
        self.times = Some((first.min(time), last.max(time)));
    }

    /// A script tag: metadata, of which the longest duration and the last of the rest count.
    fn script(&mut self, tag: &Tag) -> Walk {
        let most = if self.cx.depth == Depth::Header { REACH } else { METADATA_MAX };
        let Some(metadata) = Metadata::parse(self.cx.input.up_to(tag.body(), tag.size.min(most))?) else {
            return Ok(());
        };
        let known = self.metadata.get_or_insert(metadata);
        if metadata.duration > known.duration {
            known.duration = metadata.duration;
        }
        Ok(())
    }

    fn video(&mut self, tag: &Tag) -> Walk {
        if tag.encrypted {
            self.take_time(tag.time);
            let video = self.video.get_or_insert_with(|| Video::new(Code::Number(0), None, Depth::Header));
            video.facts.encrypted = true;
            return Ok(());
        }
        let Some(head) = VideoHead::parse(self.cx.input.up_to(tag.body(), tag.size.min(GLIMPSE))?) else {
            self.video_invalid(tag);
            return Ok(());
        };
        if !head.valid {
            self.video_invalid(tag);
        }
        let depth = self.cx.depth;
        let video = self.video.get_or_insert_with(|| Video::new(head.code, head.codec, depth));
        if video.facts.encrypted {
            return Ok(());
        }
        if video.code != head.code && video.facts.coding != head.codec {
            if head.packet != Packet::Other {
                let defect = Defect::at(Id::FlvCodecChanges, tag.body()).with("codec", head.code.to_string());
                self.cx.note(defect.with("before", video.facts.codec.clone().unwrap_or_default()));
            }
            return Ok(());
        }
        match head.packet {
            Packet::Configuration(at) => {
                video.configured = true;
                let at = tag.body().saturating_add(at);
                let record = self.cx.input.up_to(at, tag.end().saturating_sub(at).min(MAX_BLOCK))?;
                if let Some(payload) = &mut video.payload {
                    payload.configure(record, at);
                }
            }
            Packet::Frame(at) if at < tag.size => {
                let (first, before) = video.times.unwrap_or((tag.time, tag.time));
                self.gap = self.gap.max(tag.time.saturating_sub(before));
                video.times = Some((first, tag.time));
                video.frames = video.frames.saturating_add(1);
                if !video.configured {
                    video.unconfigured.get_or_insert(tag.offset);
                }
                let begin = tag.body().saturating_add(at);
                video.look(self.cx.input, tag)?;
                if depth == Depth::Header {
                    video.glimpse(self.cx.input, begin, tag.end())?;
                } else if let Some(payload) = &mut video.payload {
                    payload::show(payload, self.cx.input, begin..tag.end())?;
                }
            }
            Packet::Frame(_) | Packet::Other => {}
        }
        if matches!(head.packet, Packet::Frame(_)) {
            self.take_time(tag.time);
        }
        self.take_faults();
        Ok(())
    }

    fn take_faults(&mut self) {
        if let Some(payload) = self.video.as_mut().and_then(|video| video.payload.as_mut()) {
            for fault in payload.take_faults() {
                if self.cx.depth > Depth::Header {
                    self.cx.defects.note(fault.within("track 0"));
                }
            }
        }
    }

    fn video_invalid(&mut self, tag: &Tag) {
        self.cx.note(Defect::at(Id::FlvVideoTagInvalid, tag.body()).with("size", tag.size));
    }

    fn audio(&mut self, tag: &Tag) -> Walk {
        let head = AudioHead::parse(self.cx.input.up_to(tag.body(), tag.size.min(GLIMPSE))?);
        if tag.encrypted || head.is_some_and(|head| head.sound) {
            self.take_time(tag.time);
        }
        if self.audio.as_ref().is_some_and(|audio| audio.sample_rate.is_some() || audio.encrypted) {
            return Ok(());
        }
        let audio = self.audio.get_or_insert_with(|| TrackFacts::new(TrackKind::Audio, 1));
        audio.encrypted = tag.encrypted;
        if let Some(head) = head.filter(|_| !tag.encrypted) {
            audio.set_codec(head.codec, &head.code.to_string());
            audio.sample_rate = head.sample_rate;
            audio.channels = head.channels;
        }
        Ok(())
    }

    /// The last time of a tag, found from the end of the file.
    fn last_time(&mut self) -> Walk<Option<u32>> {
        let mut end = self.trailing.unwrap_or(self.size);
        let mut last = None;
        for _ in 0..TAGS_FROM_END {
            let Some(field) = end.checked_sub(SIZE_FIELD).filter(|field| *field > HEADER) else {
                break;
            };
            let size = u64::from(u32::from_be_bytes(self.cx.input.array(field)?));
            let Some(offset) = field.checked_sub(size).filter(|offset| size >= TAG_HEADER && *offset > HEADER) else {
                break;
            };
            let tag = Tag::at(self.cx.input, offset)?;
            if !tag.is_known() || tag.end() != field {
                break;
            }
            if tag.is_media() {
                last = last.max(Some(tag.time));
            }
            end = offset;
        }
        Ok(last)
    }

    /// Sets the facts.
    fn conclude(&mut self) -> Walk {
        let metadata = self.metadata.unwrap_or_default();
        let complete = self.cx.depth > Depth::Header && self.whole;
        let last = if complete { None } else { self.last_time()? };
        if let (Some((first, highest)), Some(last)) = (self.times, last) {
            self.times = Some((first, highest.max(last)));
        }
        let lasts = self.times.map(|(first, last)| f64::from(last.saturating_sub(first)) / 1000.0);
        if self.video.is_none() && self.cx.depth == Depth::Header {
            // The first frame may be farther on.
            let code = metadata.video_codec.map(|code| (Code::Number(code), media::video_codec(code)));
            self.video = code.map(|(code, codec)| Video::new(code, codec, Depth::Header));
        }
        let facts = self.cx.video();
        // A single moment is no duration.
        for seconds in metadata.duration.into_iter().chain(lasts.filter(|seconds| *seconds > 0.0)) {
            facts.last_at_least(seconds);
        }
        let duration = facts.duration_s;
        if let Some(video) = &mut self.video {
            facts.tracks.push(video.conclude(&metadata, complete, duration));
        }
        facts.tracks.extend(self.audio.take());
        facts.summarise();
        Ok(())
    }

    /// Holds against each other what the parts of the file say.
    fn judge(&mut self) {
        if self.tags == 0 && self.whole || self.video.is_none() && self.cx.video().tracks.is_empty() && self.whole {
            self.cx.note(Defect::at(Id::FlvNoMedia, self.size));
            return;
        }
        if self.cx.depth == Depth::Header {
            return;
        }
        if let Some(payload) = self.video.as_mut().and_then(|video| video.payload.as_mut()) {
            payload.finish(self.whole);
        }
        self.take_faults();
        if let Some(video) = &self.video {
            let needs = matches!(video.facts.coding, Some(Codec::H264 | Codec::Hevc));
            if let Some(offset) = video.unconfigured.filter(|_| needs) {
                let id = if video.configured { Id::FlvConfigurationLate } else { Id::FlvConfigurationMissing };
                self.cx.note(Defect::at(id, offset));
            }
        }
        if !self.whole {
            return;
        }
        if let Some(at) = self.trailing {
            self.cx.note(Defect::at(Id::FlvTrailingData, at).with("bytes", self.size.saturating_sub(at)));
        }
        if let Some(offset) = self.sizes.first_wrong {
            let habit = self.sizes.wrong > HABIT || self.sizes.right == 0;
            let id = if habit { Id::FlvTagSizesOdd } else { Id::FlvTagSizeWrong };
            self.cx.note(Defect::at(id, offset).with("wrong", self.sizes.wrong).with("tags", self.tags));
        }
        self.judge_metadata();
    }

    /// Holds the metadata, which are written when all is there, against what is there.
    fn judge_metadata(&mut self) {
        let metadata = self.metadata.unwrap_or_default();
        let end = self.missed.or(self.trailing).unwrap_or(self.size);
        let size_short = metadata.file_size.filter(|stated| *stated > end.max(self.size));
        let stated = metadata.duration.unwrap_or_default();
        let (first, last) = self.times.unwrap_or_default();
        // The times of a recording of a live stream may begin anywhere.
        let begin = if f64::from(first) / 1000.0 > stated { first } else { 0 };
        let last = f64::from(last.saturating_sub(begin)) / 1000.0;
        let short = stated - last - f64::from(self.gap) / 1000.0;
        let defect = |id| Defect::at(id, end).with("duration_s", stated).with("last_s", last);
        if let Some(size) = size_short.filter(|_| short > 0.1) {
            let missing = size.saturating_sub(self.size);
            self.cx.note(defect(Id::FlvEndsEarly).with("missing", missing));
        } else if short > 1.0 + stated / 20.0 {
            self.cx.note(defect(Id::FlvDurationWrong));
        } else if let Some(size) = metadata.file_size.filter(|size| *size != self.size && *size != end) {
            let defect = Defect::at(Id::FlvFileSizeWrong, end).with("stated", size);
            self.cx.note(defect.with("bytes", self.size));
        }
    }
}

impl Video {
    fn new(code: Code, codec: Option<Codec>, depth: Depth) -> Self {
        let mut facts = TrackFacts::new(TrackKind::Video, 0);
        facts.set_codec(codec, &code.to_string());
        let mut payload = codec.map(|codec| Payload::new(codec, depth));
        let needs = matches!(codec, Some(Codec::H264 | Codec::Hevc));
        if let Some(payload) = payload.as_mut().filter(|_| !needs) {
            payload.configure(&[], 0);
        }
        Self {
            facts,
            code,
            payload,
            configured: false,
            frames: 0,
            times: None,
            unconfigured: None,
            seen: false,
            size: None,
        }
    }

    /// Looks at a frame for the size of codecs that only FLV has.
    fn look(&mut self, input: &mut Input<'_>, tag: &Tag) -> Walk {
        if self.size.is_none() {
            let frame = input.up_to(tag.body().saturating_add(1), tag.size.saturating_sub(1).min(GLIMPSE))?;
            self.size = media::picture_size(self.code, frame);
        }
        Ok(())
    }

    /// Shows the beginning of the frame from `begin` to `end` to the watch over it.
    fn glimpse(&mut self, input: &mut Input<'_>, begin: u64, end: u64) -> Walk {
        self.seen = true;
        let len = end.saturating_sub(begin);
        let Some(payload) = &mut self.payload else {
            return Ok(());
        };
        let beginning = input.up_to(begin, len.min(FRAME_GLIMPSE))?;
        payload.begin(begin);
        payload.feed(begin, beginning);
        payload.pass(len.saturating_sub(FRAME_GLIMPSE).min(payload.idle()));
        payload.end();
        Ok(())
    }

    /// The facts of the track.
    fn conclude(&mut self, metadata: &Metadata, complete: bool, duration: Option<f64>) -> TrackFacts {
        let facts = &mut self.facts;
        let picture = self.payload.as_ref().and_then(Payload::picture);
        (facts.width, facts.height) = match (picture, self.size) {
            (Some(picture), _) => (Some(picture.width), Some(picture.height)),
            (None, Some((width, height))) => (Some(width), Some(height)),
            (None, None) => metadata.width.zip(metadata.height).unzip(),
        };
        facts.frame_rate = metadata.frame_rate;
        if let Some(picture) = picture {
            facts.sample_aspect = picture.sample_aspect;
            facts.profile = picture.profile.map(str::to_owned);
            facts.frame_rate = facts.frame_rate.or(picture.frame_rate);
        }
        if complete {
            facts.frames = Some(self.frames);
            let spaces = u32::try_from(self.frames.saturating_sub(1)).unwrap_or(u32::MAX);
            let span = self.times.map(|(first, last)| last.saturating_sub(first)).filter(|span| *span > 0);
            facts.frame_rate = facts.frame_rate.or(span.map(|span| 1000.0 * f64::from(spaces) / f64::from(span)));
        }
        facts.duration_s = duration;
        facts.clone()
    }
}
