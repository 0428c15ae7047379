//! Clusters of frames (RFC 9559, clauses 5.1.3 and 10).

use std::ops::Range;

use super::ebml::{Checksum, Element, Flaw, Vint};
use super::elements;
use super::segment::Segment;
use super::tracks::Track;
use crate::bytes::{Cursor, len64};
use crate::checker::Depth;
use crate::codec::payload;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::input::{Input, Walk};

/// How the frames of a block are told apart (RFC 9559, clause 10.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lacing {
    None,
    Xiph,
    FixedSize,
    Ebml,
}

/// The start of a block (RFC 9559, clauses 10.1 and 10.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    track: u64,
    /// Ticks since the timestamp of the cluster.
    pub(super) time: i16,
    lacing: Lacing,
    /// Where the frames begin, or what tells them apart.
    body: u64,
    end: u64,
}

impl Block {
    pub(super) fn read(input: &mut Input<'_>, element: Element) -> Walk<Option<Self>> {
        let Some(end) = element.end() else {
            return Ok(None);
        };
        let len = end.saturating_sub(element.body).min(11);
        let mut head = Cursor::new(input.up_to(element.body, len)?, element.body);
        let mut read = || {
            let track = Vint::read(&mut head)?.value();
            let time = i16::from_be_bytes(head.array()?);
            let lacing = match head.u8()? & 0x06 {
                0x00 => Lacing::None,
                0x02 => Lacing::Xiph,
                0x04 => Lacing::FixedSize,
                _ => Lacing::Ebml,
            };
            Some(Self { track, time, lacing, body: head.offset(), end })
        };
        Ok(read())
    }

    /// Where each frame of a lace lies; none if the sizes do not fit the block.
    fn laced_frames(&self, input: &mut Input<'_>) -> Walk<Option<Vec<Range<u64>>>> {
        let mut lace = Lace { input, at: self.body, end: self.end };
        let Some(more) = lace.byte()? else {
            return Ok(None);
        };
        let sizes = match self.lacing {
            Lacing::Xiph => lace.xiph(more)?,
            Lacing::Ebml => lace.ebml(more)?,
            _ => lace.fixed(more),
        };
        let mut at = lace.at;
        Ok(sizes.and_then(|sizes| {
            let mut frames = Vec::with_capacity(sizes.len().saturating_add(1));
            for size in sizes {
                let end = at.checked_add(size).filter(|end| *end <= self.end)?;
                frames.push(at..end);
                at = end;
            }
            frames.push(at..self.end);
            Some(frames)
        }))
    }
}

/// Reads the sizes of all frames of a lace but the last, which has what is left.
struct Lace<'l, 's> {
    input: &'l mut Input<'s>,
    at: u64,
    end: u64,
}

impl Lace<'_, '_> {
    fn byte(&mut self) -> Walk<Option<u8>> {
        if self.at >= self.end {
            return Ok(None);
        }
        let [byte] = self.input.array(self.at)?;
        self.at = self.at.saturating_add(1);
        Ok(Some(byte))
    }

    fn xiph(&mut self, more: u8) -> Walk<Option<Vec<u64>>> {
        let mut sizes = Vec::new();
        for _ in 0..more {
            let mut size = 0_u64;
            loop {
                let Some(byte) = self.byte()? else {
                    return Ok(None);
                };
                size = size.saturating_add(byte.into());
                if byte != 0xff {
                    break;
                }
            }
            sizes.push(size);
        }
        Ok(Some(sizes))
    }

    fn ebml(&mut self, more: u8) -> Walk<Option<Vec<u64>>> {
        let mut sizes: Vec<u64> = Vec::new();
        for _ in 0..more {
            let len = self.end.saturating_sub(self.at).min(8);
            let mut data = Cursor::new(self.input.up_to(self.at, len)?, self.at);
            let Some(number) = Vint::read(&mut data) else {
                return Ok(None);
            };
            self.at = data.offset();
            let size = match sizes.last() {
                None => Some(number.value()),
                Some(size) => size.checked_add_signed(number.signed()),
            };
            let Some(size) = size else {
                return Ok(None);
            };
            sizes.push(size);
        }
        Ok(Some(sizes))
    }

    fn fixed(&self, more: u8) -> Option<Vec<u64>> {
        let frames = u64::from(more).saturating_add(1);
        let len = self.end.saturating_sub(self.at);
        (len.checked_rem(frames)? == 0).then_some(())?;
        Some(vec![len.checked_div(frames)?; more.into()])
    }
}

/// What is known of the cluster that is being walked.
struct Cluster {
    element: Element,
    /// Where it ends, or what there is of it.
    end: u64,
    timestamp: Option<u64>,
    /// When its last frame ends.
    last: Option<i64>,
    checksum: Option<Checksum>,
}

/// How to go on behind a child of a cluster.
enum Next {
    /// With the child that begins there.
    Child(u64),
    /// The cluster ends here. The top-level element that follows begins there, if there is one.
    Leave(Option<u64>),
}

impl Segment<'_, '_, '_> {
    /// Walks a cluster, and says where the next top-level element begins.
    pub(super) fn cluster(&mut self, element: Element) -> Walk<Option<u64>> {
        let checksum = match self.cx.depth {
            Depth::Full => Checksum::of(self.cx.input, element)?,
            _ => None,
        };
        let end = element.end().map_or(self.limit, |end| end.min(self.limit));
        let mut cluster = Cluster { element, end, timestamp: None, last: None, checksum };
        let mut at = element.body;
        let next = loop {
            if at >= end {
                break self.behind_cluster(&mut cluster)?;
            }
            self.cx.input.work(1)?;
            match self.in_cluster(&mut cluster, at)? {
                Next::Child(next) => at = next,
                Next::Leave(next) => break next,
            }
        };
        self.clock.end(cluster.last);
        Ok(next)
    }

    /// The cluster was walked to its end.
    fn behind_cluster(&mut self, cluster: &mut Cluster) -> Walk<Option<u64>> {
        let checksum = cluster.checksum.take();
        self.check(cluster.element, checksum)?;
        if cluster.element.end().is_some_and(|stated| stated > cluster.end) {
            if self.may_be_cut() {
                self.cut_in(elements::CLUSTER);
                return Ok(None);
            }
            self.misfit(cluster.end);
        }
        Ok(Some(cluster.end))
    }

    /// Notes that a cluster ends at `at`, and not where it says.
    fn misfit(&mut self, at: u64) {
        self.whole = false;
        self.cx.note(
            Defect::at(Id::MatroskaChainBroken, at).within(elements::name(elements::CLUSTER)).with("skipped", 0_u64),
        );
    }

    /// One child of a cluster.
    fn in_cluster(&mut self, cluster: &mut Cluster, at: u64) -> Walk<Next> {
        let stated_end = cluster.element.end();
        let cut = self.may_be_cut() && stated_end.is_none_or(|stated| stated > cluster.end);
        let read = Element::read(self.cx.input, at, cluster.end)?;
        let end = read.ok().and_then(|child| child.end());
        match (read, end) {
            (Ok(child), _) if elements::ends_cluster(child.id) => {
                if stated_end.is_some() {
                    self.misfit(at);
                }
                Ok(Next::Leave(Some(at)))
            }
            (Ok(child), Some(end)) if end <= cluster.end => {
                if elements::is_in_cluster(child.id) {
                    self.child(cluster, child)?;
                } else if self.leads_on_in(cluster, end)? {
                    self.unknown(child);
                } else {
                    return Ok(Next::Leave(self.broken(at, elements::CLUSTER, stated_end)?));
                }
                if let Some(checksum) = &mut cluster.checksum {
                    checksum.advance(self.cx.input, end)?;
                }
                Ok(Next::Child(end))
            }
            (Ok(child), Some(_)) if cut && elements::is_in_cluster(child.id) => {
                self.cut_in(elements::CLUSTER);
                Ok(Next::Leave(None))
            }
            (Err(Flaw::Cut), _) if cut => {
                self.cut_in(elements::CLUSTER);
                Ok(Next::Leave(None))
            }
            // What is not of a cluster ends one that is open.
            _ if stated_end.is_none() => Ok(Next::Leave(Some(at))),
            _ => Ok(Next::Leave(self.broken(at, elements::CLUSTER, stated_end)?)),
        }
    }

    /// Whether the chain of children goes on, or the cluster ends, at `at`.
    fn leads_on_in(&mut self, cluster: &Cluster, at: u64) -> Walk<bool> {
        if at == cluster.end {
            return Ok(true);
        }
        let next = Element::read(self.cx.input, at, cluster.end)?;
        Ok(next.is_ok_and(|next| elements::is_in_cluster(next.id) || elements::ends_cluster(next.id)))
    }

    fn child(&mut self, cluster: &mut Cluster, child: Element) -> Walk {
        match child.id {
            elements::TIMESTAMP => {
                let timestamp = child.uint(self.cx.input)?;
                cluster.timestamp = Some(timestamp);
                self.clock.begin(self.nanoseconds(timestamp));
            }
            elements::SIMPLE_BLOCK | elements::ENCRYPTED_BLOCK => self.block(cluster, child, None)?,
            elements::BLOCK_GROUP => self.group(cluster, child)?,
            _ => {}
        }
        Ok(())
    }

    /// A block with more to say of it than itself (RFC 9559, clause 5.1.3.5).
    fn group(&mut self, cluster: &mut Cluster, group: Element) -> Walk {
        let (mut block, mut duration) = (None, None);
        let mut children = group.children();
        while let Some(child) = children.next(self.cx.input)? {
            match child {
                Ok(child) if child.id == elements::BLOCK => block = Some(child),
                Ok(child) if child.id == elements::BLOCK_DURATION => duration = Some(child.uint(self.cx.input)?),
                Ok(_) => {}
                Err(at) => self.cx.note(Defect::at(Id::MatroskaElementMalformed, at).within("BlockGroup")),
            }
        }
        if let Some(block) = block {
            return self.block(cluster, block, duration);
        }
        self.cx.note(Defect::at(Id::MatroskaBlockMalformed, group.start));
        Ok(())
    }

    fn block(&mut self, cluster: &mut Cluster, element: Element, duration: Option<u64>) -> Walk {
        let Some(block) = Block::read(self.cx.input, element)? else {
            self.cx.note(Defect::at(Id::MatroskaBlockMalformed, element.start));
            return Ok(());
        };
        if cluster.timestamp.is_none() {
            self.cx.note(Defect::at(Id::MatroskaTimestampMissing, cluster.element.start));
        }
        let whole = block.body..block.end;
        let laced;
        let frames = if block.lacing == Lacing::None {
            std::slice::from_ref(&whole)
        } else if let Some(frames) = block.laced_frames(self.cx.input)? {
            laced = frames;
            laced.as_slice()
        } else {
            self.cx.note(Defect::at(Id::MatroskaLacingMalformed, element.start));
            return Ok(());
        };
        let (start, end) = self.span(cluster.timestamp, &block, frames.len(), duration);
        self.clock.tick(start, end);
        cluster.last = Some(cluster.last.map_or(end, |last| last.max(end)));
        let Some(tracks) = self.tracks.as_mut().filter(|tracks| !tracks.is_empty()) else {
            return Ok(());
        };
        let Some(track) = self.by_number.get(&block.track).and_then(|at| tracks.get_mut(*at)) else {
            let defect = Defect::at(Id::MatroskaBlockTrackUnknown, element.start);
            self.cx.note(defect.with("track", block.track));
            return Ok(());
        };
        track.at(start);
        if element.id == elements::ENCRYPTED_BLOCK {
            track.conceal();
        }
        frames.iter().try_for_each(|frame| track.show(self.cx, frame.clone()))
    }

    /// From when to when the frames of a block are shown, in nanoseconds.
    pub(super) fn span(
        &self,
        timestamp: Option<u64>,
        block: &Block,
        frames: usize,
        duration: Option<u64>,
    ) -> (i64, i64) {
        let scale = i64::try_from(self.scale()).unwrap_or(i64::MAX);
        let offset = scale.saturating_mul(block.time.into());
        let start = self.nanoseconds(timestamp.unwrap_or_default()).saturating_add(offset);
        let track = self.by_number.get(&block.track).and_then(|at| self.tracks.as_ref()?.get(*at));
        let each = track.and_then(|track| track.default_duration).unwrap_or_default();
        let lasts = match duration {
            Some(ticks) => self.nanoseconds(ticks),
            None => i64::try_from(each.saturating_mul(len64(frames))).unwrap_or(i64::MAX),
        };
        (start, start.saturating_add(lasts))
    }

    pub(super) fn nanoseconds(&self, ticks: u64) -> i64 {
        i64::try_from(self.scale().saturating_mul(ticks)).unwrap_or(i64::MAX)
    }
}

impl Track {
    /// Shows a frame to the watch over the coded data.
    fn show(&mut self, cx: &mut Inspection<'_, '_>, frame: Range<u64>) -> Walk {
        self.frames = self.frames.saturating_add(1);
        self.bytes = self.bytes.saturating_add(frame.end.saturating_sub(frame.start));
        let Some(payload) = &mut self.payload else {
            return Ok(());
        };
        let prefix = self.prefix.before(frame.end.saturating_sub(frame.start));
        payload.begin(frame.start);
        if !prefix.is_empty() {
            payload.feed(frame.start, &prefix);
        }
        payload::show_part(payload, cx.input, frame)?;
        payload.end();
        for fault in payload.take_faults() {
            cx.note(fault.within(format!("track {}", self.number)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    fn frames(data: &[u8]) -> Option<Vec<u64>> {
        let bytes = data.to_vec();
        let mut input = Input::new(&bytes, &Budget::default()).unwrap();
        let size = Some(len64(bytes.len()));
        let element = Element { id: elements::SIMPLE_BLOCK, start: 0, body: 0, size };
        let block = Block::read(&mut input, element).unwrap()?;
        let frames = block.laced_frames(&mut input).unwrap()?;
        Some(frames.iter().map(|frame| frame.end.abs_diff(frame.start)).collect())
    }

    #[test]
    fn laces_are_taken_apart() {
        let laced = |flags: u8, rest: &[u8]| frames(&[&[0x81, 0, 0, flags], rest].concat());
        // The examples of RFC 9559, clause 10.3: frames of 800, 500 and 1000 bytes.
        let xiph = [&[2, 255, 255, 255, 35, 255, 245][..], &[0; 2300]].concat();
        assert_eq!(laced(0x02, &xiph), Some(vec![800, 500, 1000]));
        let ebml = [&[2, 0x43, 0x20, 0x5e, 0xd3][..], &[0; 2300]].concat();
        assert_eq!(laced(0x06, &ebml), Some(vec![800, 500, 1000]));
        let fixed = [&[2][..], &[0; 2400]].concat();
        assert_eq!(laced(0x04, &fixed), Some(vec![800, 800, 800]));

        assert_eq!(laced(0x02, &[2, 255, 255]), None, "the sizes are cut off");
        assert_eq!(laced(0x06, &[1, 0x85, 0, 0]), None, "the first frame is longer than the block");
        assert_eq!(laced(0x06, &[2, 0x81, 0x80, 0, 0]), None, "a frame of less than nothing");
        assert_eq!(laced(0x04, &[2, 0, 0]), None, "two bytes for three frames");
        assert_eq!(laced(0x02, &[]), None, "no count");
    }
}
