//! The segment (RFC 9559, clause 5.1): top-level elements, one behind the other.

use std::collections::BTreeMap;
use std::time::Duration;

use super::clock::Clock;
use super::ebml::{self, Checksum, Element, Flaw};
use super::elements;
use super::index::Index;
use super::tracks::{self, Track};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::facts::{TrackFacts, TrackKind};
use crate::format::Inspection;
use crate::input::Walk;

/// At header depth no more than this is searched for the next cluster behind a fault.
const HEADER_SEARCH: u64 = 256 << 10;
/// At header depth tracks that are described behind the clusters, and to which no table leads, are
/// looked for behind so many clusters.
const HEADER_HOPS: u32 = 32;
/// So many zeros at the end of a file whose segment is open are the rest of a block of storage.
const PADDING: u64 = 4096;
/// One tick is a millisecond unless the file says otherwise.
const USUAL_SCALE: u64 = 1_000_000;

pub(super) fn inspect(cx: &mut Inspection<'_, '_>, element: Element) -> Walk {
    let (size, stated_end) = (cx.input.size(), element.end());
    cx.video().live = stated_end.is_none().then_some(true);
    let mut segment = Segment {
        base: element.body,
        stated_end,
        limit: stated_end.map_or(size, |end| end.min(size)),
        info: None,
        tracks: None,
        by_number: BTreeMap::new(),
        covers: Vec::new(),
        index: Index::default(),
        clock: Clock::default(),
        first_cluster: None,
        cues_last: false,
        whole: true,
        cx,
    };
    segment.walk()
}

/// A walk over one segment.
pub(super) struct Segment<'w, 'c, 's> {
    pub(super) cx: &'w mut Inspection<'c, 's>,
    /// Where its data begin; positions in tables count from here.
    pub(super) base: u64,
    /// Where it ends, if its size is known.
    stated_end: Option<u64>,
    /// Where it ends, or else the file.
    pub(super) limit: u64,
    info: Option<Info>,
    pub(super) tracks: Option<Vec<Track>>,
    pub(super) by_number: BTreeMap<u64, usize>,
    covers: Vec<TrackFacts>,
    index: Index,
    pub(super) clock: Clock,
    pub(super) first_cluster: Option<u64>,
    /// Whether there are cues behind the clusters: writers put them behind all of them.
    cues_last: bool,
    /// Whether nothing was cut off or passed over.
    pub(super) whole: bool,
}

/// What `Info` says (RFC 9559, clause 5.1.2).
#[derive(Clone, Copy)]
struct Info {
    /// Nanoseconds in a tick.
    scale: u64,
    /// In seconds.
    duration: Option<f64>,
}

impl Segment<'_, '_, '_> {
    fn walk(&mut self) -> Walk {
        let mut next = Some(self.base);
        while let Some(at) = next {
            self.cx.input.work(1)?;
            if at >= self.limit && !self.goes_on(at)? {
                break;
            }
            next = self.top_level(at)?;
        }
        self.finish()
    }

    /// Looks at what is behind the stated end of the segment, and says whether that belongs to it.
    fn goes_on(&mut self, at: u64) -> Walk<bool> {
        let size = self.cx.input.size();
        if at >= size {
            return Ok(false);
        }
        let bytes = size.saturating_sub(at);
        let id = Element::read(self.cx.input, at, size)?.map_or(0, |element| element.id);
        let defect = match id {
            elements::EBML | elements::SEGMENT => Id::MatroskaSecondSegment,
            _ if elements::ends_cluster(id) => Id::MatroskaSegmentShort,
            _ => Id::MatroskaTrailingData,
        };
        self.cx.note(Defect::at(defect, at).with("bytes", bytes));
        if defect == Id::MatroskaSegmentShort {
            (self.stated_end, self.limit) = (None, size);
        }
        Ok(defect == Id::MatroskaSegmentShort)
    }

    /// One top-level element, and where the next one begins; none if that is not to be looked for.
    fn top_level(&mut self, at: u64) -> Walk<Option<u64>> {
        let element = match Element::read(self.cx.input, at, self.limit)? {
            Ok(element) => element,
            Err(Flaw::Cut) if self.may_be_cut() => {
                self.cut_in(elements::SEGMENT);
                return Ok(None);
            }
            Err(_) => return self.lost(at),
        };
        match (element.id, element.end()) {
            (elements::EBML | elements::SEGMENT, _) => {
                let bytes = self.cx.input.size().saturating_sub(at);
                self.cx.note(Defect::at(Id::MatroskaSecondSegment, at).with("bytes", bytes));
                Ok(None)
            }
            (elements::CLUSTER, _) => self.reach_cluster(element),
            (id, Some(end)) if end <= self.limit => {
                if elements::is_top_level(id) {
                    self.table(element)?;
                } else if self.leads_on(end)? {
                    self.unknown(element);
                } else {
                    return self.lost(at);
                }
                Ok(Some(end))
            }
            (id, Some(_)) if elements::is_top_level(id) && self.may_be_cut() => {
                self.cut_in(id);
                Ok(None)
            }
            _ => self.lost(at),
        }
    }

    /// Notes an element that is not known here.
    pub(super) fn unknown(&mut self, element: Element) {
        self.cx.note(Defect::at(Id::MatroskaElementUnknown, element.start).with("id", elements::name(element.id)));
    }

    fn reach_cluster(&mut self, cluster: Element) -> Walk<Option<u64>> {
        self.index.saw(cluster);
        if self.first_cluster.is_none() {
            self.first_cluster = Some(cluster.start);
            self.locate(cluster)?;
        }
        if self.cx.depth == Depth::Header {
            return Ok(None);
        }
        self.cluster(cluster)
    }

    /// Any top-level element but a cluster.
    fn table(&mut self, element: Element) -> Walk {
        self.index.saw(element);
        let deep = self.cx.depth > Depth::Header;
        match element.id {
            elements::SEEK_HEAD => self.index.read_seek_head(self.cx.input, element, self.base)?,
            elements::INFO => self.read_info(element)?,
            elements::TRACKS => self.read_tracks(element)?,
            elements::ATTACHMENTS if deep => self.read_attachments(element)?,
            elements::CUES if deep => {
                self.index.read_cues(self.cx.input, element, self.base)?;
                self.cues_last |= self.first_cluster.is_some();
            }
            elements::VOID | elements::CRC32 => return Ok(()),
            _ => {}
        }
        let essential = matches!(element.id, elements::INFO | elements::TRACKS);
        if !deep && !essential && element.id != elements::SEEK_HEAD {
            return Ok(());
        }
        if let Some(at) = ebml::first_fault(self.cx.input, element)? {
            let id = if essential { Id::MatroskaElementMalformed } else { Id::MatroskaSideElementMalformed };
            self.cx.note(Defect::at(id, at).within(elements::name(element.id)));
        }
        // Attached files may be as long as a video.
        if self.cx.depth == Depth::Full || (deep && element.id != elements::ATTACHMENTS) {
            let checksum = Checksum::of(self.cx.input, element)?;
            self.check(element, checksum)?;
        }
        Ok(())
    }

    /// Notes that an element does not have its checksum, if so.
    pub(super) fn check(&mut self, element: Element, checksum: Option<Checksum>) -> Walk {
        if let Some(checksum) = checksum
            && !checksum.holds(self.cx.input)?
        {
            let id = match element.id {
                elements::CLUSTER | elements::TRACKS => Id::MatroskaChecksumWrong,
                _ => Id::MatroskaChecksumStale,
            };
            self.cx.note(Defect::at(id, element.start).with("element", elements::name(element.id)));
        }
        Ok(())
    }

    fn read_info(&mut self, element: Element) -> Walk {
        if self.info.is_some() {
            return Ok(());
        }
        let mut info = Info { scale: USUAL_SCALE, duration: None };
        let mut duration = None;
        let mut children = element.children();
        while let Some(child) = children.sound(self.cx.input)? {
            match child.id {
                elements::TIMESTAMP_SCALE => info.scale = child.uint(self.cx.input)?,
                elements::DURATION => duration = Some((child.start, child.float(self.cx.input)?)),
                _ => {}
            }
        }
        if info.scale == 0 {
            self.cx.note(Defect::at(Id::MatroskaTimestampScaleZero, element.start));
            info.scale = USUAL_SCALE;
        }
        if let Some((at, ticks)) = duration {
            let seconds = ticks * Duration::from_nanos(info.scale).as_secs_f64();
            if !seconds.is_finite() || seconds < 0.0 {
                self.cx.note(Defect::at(Id::MatroskaDurationInvalid, at).with("ticks", ticks));
            } else if seconds > 0.0 {
                info.duration = Some(seconds);
                self.cx.video().last_at_least(seconds);
            }
        }
        self.info = Some(info);
        Ok(())
    }

    fn read_tracks(&mut self, element: Element) -> Walk {
        if self.tracks.is_some() {
            return Ok(());
        }
        let mut kept = Vec::new();
        for described in tracks::read(self.cx.input, element, self.cx.depth)? {
            for fault in described.faults {
                self.cx.note(fault);
            }
            self.by_number.entry(described.track.number).or_insert(kept.len());
            kept.push(described.track);
            self.cx.video().tracks.push(described.facts);
        }
        self.tracks = Some(kept);
        Ok(())
    }

    /// Attached pictures are covers (RFC 9559, clause 5.1.6).
    fn read_attachments(&mut self, element: Element) -> Walk {
        const MAX_COVERS: usize = 16;
        let mut files = element.children();
        while let Some(file) = files.sound(self.cx.input)? {
            if file.id != elements::ATTACHED_FILE || self.covers.len() >= MAX_COVERS {
                continue;
            }
            let (mut media_type, mut uid) = (String::new(), 0);
            let mut children = file.children();
            while let Some(child) = children.sound(self.cx.input)? {
                match child.id {
                    elements::FILE_MEDIA_TYPE => media_type = child.text(self.cx.input)?,
                    elements::FILE_UID => uid = child.uint(self.cx.input)?,
                    _ => {}
                }
            }
            if media_type.starts_with("image/") {
                let mut cover = TrackFacts::new(TrackKind::Cover, uid);
                cover.set_codec(None, &media_type);
                self.covers.push(cover);
            }
        }
        Ok(())
    }

    /// Looks for descriptions that do not come before the first cluster.
    fn locate(&mut self, first_cluster: Element) -> Walk {
        for seek in self.index.descriptions() {
            if let Ok(element) = Element::read(self.cx.input, seek.target, self.limit)?
                && element.id == seek.id
            {
                self.read_description(element)?;
            }
        }
        let mut hops = if self.cx.depth == Depth::Header { HEADER_HOPS } else { u32::MAX };
        let mut next = first_cluster.end();
        while let Some(at) = next.filter(|_| self.tracks.is_none() && hops > 0) {
            self.cx.input.work(1)?;
            let Ok(element) = Element::read(self.cx.input, at, self.limit)? else {
                break;
            };
            if elements::is_top_level(element.id) {
                self.read_description(element)?;
            }
            hops = hops.saturating_sub(1);
            next = element.end();
        }
        Ok(())
    }

    fn read_description(&mut self, element: Element) -> Walk {
        match element.id {
            _ if element.end().is_none_or(|end| end > self.limit) => Ok(()),
            elements::INFO => self.read_info(element),
            elements::TRACKS => self.read_tracks(element),
            _ => Ok(()),
        }
    }

    /// Whether what goes on past the limit was cut off there.
    pub(super) fn may_be_cut(&self) -> bool {
        let size = self.cx.input.size();
        self.limit == size && self.stated_end.is_none_or(|end| end > size)
    }

    /// Notes that the file ends inside an element.
    pub(super) fn cut_in(&mut self, id: u32) {
        if !self.whole {
            // What follows from an earlier fault.
            return;
        }
        self.whole = false;
        let spared = match id {
            elements::CLUSTER => false,
            elements::SEGMENT => self.cues_last,
            _ => self.first_cluster.is_some(),
        };
        let defect = if spared { Id::MatroskaTailMissing } else { Id::MatroskaTruncated };
        self.cx.note(Defect::at(defect, self.cx.input.size()).with("element", elements::name(id)));
    }

    /// At `at` there is nothing that can be there: goes on at the next cluster.
    fn lost(&mut self, at: u64) -> Walk<Option<u64>> {
        let rest = self.limit.saturating_sub(at);
        if self.stated_end.is_none() && rest <= PADDING && self.cx.input.get(at, rest)?.iter().all(|byte| *byte == 0) {
            self.cx.note(Defect::at(Id::MatroskaTrailingData, at).with("bytes", rest));
            return Ok(None);
        }
        self.broken(at, elements::SEGMENT, None)
    }

    /// Notes that the chain of elements breaks at `at`, and says where it can be taken up again: at
    /// `likely`, if it goes on there, or at the next cluster.
    pub(super) fn broken(&mut self, at: u64, within: u32, likely: Option<u64>) -> Walk<Option<u64>> {
        self.whole = false;
        let mut next = None;
        if let Some(likely) = likely.filter(|likely| *likely > at)
            && self.leads_on(likely)?
        {
            next = Some(likely);
        }
        if next.is_none() {
            next = self.next_cluster(at.saturating_add(1))?;
        }
        let skipped = next.unwrap_or(self.limit).saturating_sub(at);
        self.cx.note(Defect::at(Id::MatroskaChainBroken, at).within(elements::name(within)).with("skipped", skipped));
        Ok(next)
    }

    /// Whether the chain of top-level elements goes on, or ends, at `at`.
    pub(super) fn leads_on(&mut self, at: u64) -> Walk<bool> {
        if at >= self.limit {
            return Ok(at == self.limit);
        }
        let element = Element::read(self.cx.input, at, self.limit)?;
        Ok(element.is_ok_and(|element| elements::is_top_level(element.id) && self.fits(element)))
    }

    fn fits(&self, element: Element) -> bool {
        match element.end() {
            Some(end) => end <= self.limit || self.may_be_cut(),
            None => element.id == elements::CLUSTER,
        }
    }

    /// The next place from `from` on at which there is a cluster.
    fn next_cluster(&mut self, from: u64) -> Walk<Option<u64>> {
        let id = elements::CLUSTER.to_be_bytes();
        let [first, ..] = id;
        let end = match self.cx.depth {
            Depth::Header => self.limit.min(from.saturating_add(HEADER_SEARCH)),
            _ => self.limit,
        };
        let mut at = from;
        while at < end {
            let piece = self.cx.input.fill(at, end)?;
            let skip = piece.iter().position(|byte| *byte == first).unwrap_or(piece.len());
            let rest = piece.get(skip..).unwrap_or_default();
            at = at.saturating_add(len64(skip));
            if rest.is_empty() {
                continue;
            }
            // An ID may lie across the end of the piece.
            let may_be = rest.starts_with(&id) || rest.len() < id.len();
            if may_be && self.is_cluster(at)? {
                return Ok(Some(at));
            }
            at = at.saturating_add(1);
        }
        Ok(None)
    }

    /// Whether there is a cluster at `at`, and not just bytes that look like its ID.
    pub(super) fn is_cluster(&mut self, at: u64) -> Walk<bool> {
        let Ok(cluster) = Element::read(self.cx.input, at, self.limit)? else {
            return Ok(false);
        };
        if cluster.id != elements::CLUSTER || !self.fits(cluster) {
            return Ok(false);
        }
        let child = Element::read(self.cx.input, cluster.body, self.limit)?;
        Ok(child
            .is_ok_and(|child| elements::is_in_cluster(child.id) && child.end().is_some_and(|end| end <= self.limit)))
    }

    /// Nanoseconds in a tick.
    pub(super) fn scale(&self) -> u64 {
        self.info.map_or(USUAL_SCALE, |info| info.scale)
    }

    /// What the walk as a whole comes to.
    fn finish(&mut self) -> Walk {
        let walked = self.cx.depth > Depth::Header || self.first_cluster.is_none();
        if self.stated_end.is_some_and(|end| end > self.limit) && self.may_be_cut() {
            if !walked {
                self.cues_last = self.cues_are_there();
            }
            self.cut_in(elements::SEGMENT);
        }
        if walked {
            self.missing_parts();
        }
        self.duration(walked)?;
        if walked {
            self.count_frames();
        }
        let mut covers = std::mem::take(&mut self.covers);
        let facts = self.cx.video();
        facts.tracks.append(&mut covers);
        facts.summarise();
        Ok(())
    }

    /// Whether a table says that there are cues behind the first cluster, and the file has that place.
    fn cues_are_there(&self) -> bool {
        self.index
            .seeks
            .iter()
            .any(|seek| seek.id == elements::CUES && seek.target < self.limit && Some(seek.target) > self.first_cluster)
    }

    /// Notes what a segment that was walked to its end lacks.
    fn missing_parts(&mut self) {
        let described = self.tracks.as_ref().is_some_and(|tracks| !tracks.is_empty());
        if !described {
            self.cx.note(Defect::at(Id::MatroskaTracksMissing, self.base));
        }
        if !self.whole {
            return;
        }
        if self.info.is_none() {
            self.cx.note(Defect::at(Id::MatroskaInfoMissing, self.base));
        }
        if self.first_cluster.is_none() && described {
            self.cx.note(Defect::at(Id::MatroskaClustersMissing, self.limit));
        }
        for defect in self.index.check() {
            self.cx.note(defect);
        }
    }

    /// Ends the watch over the frames of every track, and says what they come to.
    fn count_frames(&mut self) {
        let whole = self.whole;
        let tracks = self.tracks.take().unwrap_or_default();
        // A second video track may well be one that nothing was recorded for.
        let seen = tracks.iter().any(|track| track.kind == TrackKind::Video && track.frames > 0);
        let empty = whole && self.first_cluster.is_some() && !seen;
        for (at, mut track) in tracks.into_iter().enumerate() {
            let place = track.place();
            if let Some(payload) = &mut track.payload {
                payload.finish(whole);
                for fault in payload.take_faults() {
                    self.cx.note(fault.within(place.as_str()));
                }
            }
            if empty && track.kind == TrackKind::Video {
                self.cx.note(Defect::new(Id::MatroskaFramesMissing).within(place));
            }
            let facts = self.cx.video();
            let duration = facts.duration_s;
            if let Some(facts) = facts.tracks.get_mut(at) {
                track.tell(facts, duration);
            }
        }
    }

    /// How long the file lasts by the times of its frames, if it does not say so itself or says too
    /// little; and whether frames are missing for what it says.
    fn duration(&mut self, walked: bool) -> Walk {
        let stated = self.info.and_then(|info| info.duration);
        if !walked && stated.is_none() {
            self.times_near_the_end()?;
        }
        if stated.is_none_or(|stated| walked && self.clock.exceeds(stated))
            && let Some(played) = self.clock.played()
        {
            self.cx.video().last_at_least(played);
        }
        if let Some(stated) = stated.filter(|_| walked && self.whole)
            && let Some(last) = self.clock.falls_short_of(stated)
        {
            let defect = Defect::at(Id::MatroskaEndsEarly, self.limit);
            self.cx.note(defect.with("stated_s", stated).with("last_s", last));
        }
        Ok(())
    }
}
