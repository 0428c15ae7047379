//! The times of the last frames, found from the end of the file.
//!
//! A file that was written as it was recorded states no duration, and its clusters cannot be counted
//! off from the start without reading all of it. Their IDs are four bytes that hardly ever occur by
//! chance, so the last one with frames is looked for backwards.

use super::cluster::Block;
use super::ebml::Element;
use super::elements;
use super::segment::Segment;
use crate::bytes::len64;
use crate::input::Walk;

/// How much is searched in one step.
const STEP: u64 = 256 << 10;
/// How far from the end the last cluster is looked for. Browsers begin a new one with every key
/// frame, which is every few seconds.
const REACH: u64 = 8 << 20;

impl Segment<'_, '_, '_> {
    /// Sets the clock by the start of the first cluster and by the frames of the last one.
    pub(super) fn times_near_the_end(&mut self) -> Walk {
        let Some(first) = self.first_cluster else {
            return Ok(());
        };
        let Ok(cluster) = Element::read(self.cx.input, first, self.limit)? else {
            return Ok(());
        };
        self.start_of(cluster)?;
        let lowest = first.max(self.limit.saturating_sub(REACH));
        let id = elements::CLUSTER.to_be_bytes();
        let mut end = self.limit;
        while end > lowest {
            let start = end.saturating_sub(STEP).max(lowest);
            // With the bytes of an ID that begins in this step and ends in the one before.
            let len = end.saturating_sub(start).saturating_add(len64(id.len()).saturating_sub(1));
            let window = self.cx.input.up_to(start, len)?;
            let found = window.windows(id.len()).enumerate().rev().filter(|(_, bytes)| *bytes == id);
            let candidates: Vec<u64> = found.map(|(at, _)| start.saturating_add(len64(at))).collect();
            for at in candidates {
                if self.is_cluster(at)?
                    && let Ok(cluster) = Element::read(self.cx.input, at, self.limit)?
                    && self.times_in(cluster)?
                {
                    return Ok(());
                }
            }
            end = start;
        }
        Ok(())
    }

    /// Sets the clock by the start of a cluster: its timestamp is among its first elements.
    fn start_of(&mut self, cluster: Element) -> Walk {
        const LOOKED_AT: usize = 8;
        let end = cluster.end().map_or(self.limit, |end| end.min(self.limit));
        let mut at = cluster.body;
        for _ in 0..LOOKED_AT {
            let Ok(child) = Element::read(self.cx.input, at, end)? else {
                break;
            };
            let Some(next) = child.end().filter(|next| *next <= end) else {
                break;
            };
            if child.id == elements::TIMESTAMP {
                let timestamp = child.uint(self.cx.input)?;
                self.clock.first = Some(self.nanoseconds(timestamp));
                break;
            }
            at = next;
        }
        Ok(())
    }

    /// Sets the clock by the frames of a cluster, and says whether it has any.
    fn times_in(&mut self, cluster: Element) -> Walk<bool> {
        let end = cluster.end().map_or(self.limit, |end| end.min(self.limit));
        let mut timestamp = None;
        let mut last = None;
        let mut at = cluster.body;
        while at < end {
            self.cx.input.work(1)?;
            let Ok(child) = Element::read(self.cx.input, at, end)? else {
                break;
            };
            let Some(next) = child.end().filter(|next| *next <= end && elements::is_in_cluster(child.id)) else {
                break;
            };
            let (block, duration) = match child.id {
                elements::TIMESTAMP => {
                    timestamp = Some(child.uint(self.cx.input)?);
                    (None, None)
                }
                elements::SIMPLE_BLOCK => (Some(child), None),
                elements::BLOCK_GROUP => self.block_of(child)?,
                _ => (None, None),
            };
            if let Some(block) = block
                && let Some(block) = Block::read(self.cx.input, block)?
            {
                let (start, end) = self.span(timestamp, &block, 1, duration);
                self.clock.tick(start, end);
                last = Some(last.map_or(end, |last: i64| last.max(end)));
            }
            at = next;
        }
        self.clock.last_of_cluster = last.or(self.clock.last_of_cluster);
        Ok(last.is_some())
    }

    /// The block of a group, and how long it lasts.
    fn block_of(&mut self, group: Element) -> Walk<(Option<Element>, Option<u64>)> {
        let (mut block, mut duration) = (None, None);
        let mut children = group.children();
        while let Some(child) = children.sound(self.cx.input)? {
            match child.id {
                elements::BLOCK => block = Some(child),
                elements::BLOCK_DURATION => duration = Some(child.uint(self.cx.input)?),
                _ => {}
            }
        }
        Ok((block, duration))
    }
}
