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
                self.clock.begin(self.nanoseconds(timestamp));
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
        self.clock.end(last);
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

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::facts::Facts;
    use crate::source::Source;
    use crate::{Checker, Depth};

    /// Counts what is read of it.
    struct Counted {
        bytes: Vec<u8>,
        read: AtomicU64,
    }

    impl Source for Counted {
        fn size(&self) -> io::Result<u64> {
            Ok(len64(self.bytes.len()))
        }

        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.bytes.as_slice().read_at(offset, buf)?;
            self.read.fetch_add(len64(n), Ordering::Relaxed);
            Ok(n)
        }
    }

    fn element(id: u32, content: &[u8]) -> Vec<u8> {
        let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        [id, (len64(content.len()) | 1 << 56).to_be_bytes().to_vec(), content.to_vec()].concat()
    }

    /// A recording of one cluster a second, each of so many bytes.
    fn recording(seconds: u32, bytes: usize) -> Counted {
        let video = element(
            elements::VIDEO,
            &[element(elements::PIXEL_WIDTH, &[64]), element(elements::PIXEL_HEIGHT, &[48])].concat(),
        );
        let track = [
            element(elements::TRACK_NUMBER, &[1]),
            element(elements::TRACK_TYPE, &[1]),
            element(elements::CODEC_ID, b"V_VP8"),
            element(elements::DEFAULT_DURATION, &40_000_000_u32.to_be_bytes()),
            video,
        ];
        let mut file = element(elements::EBML, &element(elements::DOC_TYPE, b"webm"));
        file.extend(elements::SEGMENT.to_be_bytes());
        file.extend([0xff]);
        file.extend(element(elements::TRACKS, &element(elements::TRACK_ENTRY, &track.concat())));
        for second in 0..seconds {
            let timestamp = element(elements::TIMESTAMP, &second.saturating_mul(1000).to_be_bytes());
            let block = element(elements::SIMPLE_BLOCK, &[&[0x81, 0, 0, 0x80][..], &vec![7; bytes]].concat());
            file.extend(elements::CLUSTER.to_be_bytes());
            file.extend([0xff]);
            file.extend([timestamp, block].concat());
        }
        Counted { bytes: file, read: AtomicU64::new(0) }
    }

    #[test]
    fn the_last_frame_is_found_without_reading_what_is_before() {
        for (bytes, most) in [(100_000, 600_000), (600_000, 1_300_000)] {
            let file = recording(60, bytes);
            let report = Checker::new().depth(Depth::Header).check(&file);
            let Facts::Video(facts) = report.facts else {
                panic!("no video");
            };
            assert_eq!((facts.duration_s, facts.live), (Some(59.04), Some(true)));
            let read = file.read.into_inner();
            assert!(read < most, "{read} bytes were read");
        }
    }
}
