//! The tables that lead to places in the file: `SeekHead` to other top-level elements, `Cues` to
//! clusters (RFC 9559, clauses 5.1.1, 5.1.5 and 16).

use super::ebml::Element;
use super::elements;
use crate::bytes::{Cursor, len64};
use crate::defect::{Defect, Id};
use crate::input::{Input, Walk};

/// So many positions are kept of each kind: enough for a cue to every frame of two hours at 60 frames
/// a second.
const MAX_KEPT: usize = 1 << 19;

/// An entry of `SeekHead`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seek {
    pub(super) id: u32,
    /// The offset in the file.
    pub(super) target: u64,
    /// Where the entry stands.
    start: u64,
}

/// What the tables say, and what there is.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) seeks: Vec<Seek>,
    /// Offsets in the file that cues lead to.
    cues: Vec<u64>,
    /// Offsets of all clusters, in the order of the file.
    clusters: Vec<u64>,
    /// Offsets and IDs of the other top-level elements.
    others: Vec<(u64, u32)>,
    /// Whether there were too many to keep.
    overflown: bool,
}

impl Index {
    /// Takes down that there is a top-level element.
    pub(super) fn saw(&mut self, element: Element) {
        if element.id == elements::CLUSTER {
            keep(&mut self.clusters, element.start, &mut self.overflown);
        } else {
            keep(&mut self.others, (element.start, element.id), &mut self.overflown);
        }
    }

    /// The entries that lead to what is needed to make sense of clusters.
    pub(super) fn descriptions(&self) -> Vec<Seek> {
        const MOST: usize = 8;
        let needed = |seek: &&Seek| matches!(seek.id, elements::INFO | elements::TRACKS);
        self.seeks.iter().filter(needed).take(MOST).copied().collect()
    }

    /// Reads the entries of a `SeekHead`; positions count from `base`, where the data of the segment
    /// begin.
    pub(super) fn read_seek_head(&mut self, input: &mut Input<'_>, head: Element, base: u64) -> Walk {
        let mut entries = head.children();
        while let Some(entry) = entries.sound(input)? {
            if entry.id != elements::SEEK {
                continue;
            }
            let (mut id, mut position) = (None, None);
            let mut children = entry.children();
            while let Some(child) = children.sound(input)? {
                match child.id {
                    elements::SEEK_ID => {
                        let bytes = child.bytes(input)?;
                        let number = Cursor::new(bytes, 0).be_uint(bytes.len());
                        id = number.and_then(|id| u32::try_from(id).ok());
                    }
                    elements::SEEK_POSITION => position = Some(child.uint(input)?),
                    _ => {}
                }
            }
            if let (Some(id), Some(position)) = (id, position) {
                let seek = Seek { id, target: base.saturating_add(position), start: entry.start };
                keep(&mut self.seeks, seek, &mut self.overflown);
            }
        }
        Ok(())
    }

    /// Reads the positions in `Cues`.
    pub(super) fn read_cues(&mut self, input: &mut Input<'_>, cues: Element, base: u64) -> Walk {
        let mut points = cues.children();
        while let Some(point) = points.sound(input)? {
            if point.id != elements::CUE_POINT {
                continue;
            }
            let mut children = point.children();
            while let Some(child) = children.sound(input)? {
                if child.id == elements::CUE_TRACK_POSITIONS {
                    self.read_cue(input, child, base)?;
                }
            }
        }
        Ok(())
    }

    fn read_cue(&mut self, input: &mut Input<'_>, positions: Element, base: u64) -> Walk {
        let mut children = positions.children();
        while let Some(child) = children.sound(input)? {
            if child.id != elements::CUE_CLUSTER_POSITION {
                continue;
            }
            let target = base.saturating_add(child.uint(input)?);
            // Several cues in a row lead to one cluster.
            if self.cues.last() != Some(&target) {
                keep(&mut self.cues, target, &mut self.overflown);
            }
        }
        Ok(())
    }

    /// Holds the tables against what was seen of a segment that was walked from start to end.
    pub(super) fn check(&self) -> impl Iterator<Item = Defect> {
        let there = |id: u32, target: u64| match id {
            elements::CLUSTER => self.clusters.binary_search(&target).is_ok(),
            _ => self.others.binary_search(&(target, id)).is_ok(),
        };
        let mut dangling = self.cues.iter().filter(move |target| !there(elements::CLUSTER, **target));
        let cues = dangling.next().map(|first| {
            let count = len64(dangling.count()).saturating_add(1);
            Defect::at(Id::MatroskaCueDangling, *first).with("count", count).with("all", len64(self.cues.len()))
        });
        let lost = move |seek: &&Seek| elements::is_top_level(seek.id) && !there(seek.id, seek.target);
        let seeks = self.seeks.iter().filter(lost).map(|seek| {
            let defect = Defect::at(Id::MatroskaSeekDangling, seek.start);
            defect.with("element", elements::name(seek.id)).with("target", seek.target)
        });
        cues.into_iter().chain(seeks).filter(|_| !self.overflown)
    }
}

/// Adds to a list that may not grow without end.
fn keep<T>(list: &mut Vec<T>, item: T, overflown: &mut bool) {
    if list.len() < MAX_KEPT {
        list.push(item);
    } else {
        *overflown = true;
    }
}
