//! Material Exchange Format: SMPTE ST 377-1:2019, a chain of keys, lengths and values in partitions.
//!
//! The essence is looked at only as far as other formats are, frame by frame where it is wrapped so;
//! what indexes it is not.

mod metadata;

use crate::bytes::{Cursor, len64};
use crate::checker::Depth;
use crate::codec::payload::{self, Payload};
use crate::defect::{Defect, Id};
use crate::facts::TrackKind;
use crate::format::video::pixel_aspect;
use crate::format::{Head, Inspection};
use crate::input::{Input, Walk};
use metadata::Metadata;

/// The key of a partition pack around the byte that holds the registry version, and the kind of
/// partition that follows: header, body or footer (clause 7.1).
const KEY: (&[u8], &[u8]) = (b"\x06\x0e\x2b\x34\x02\x05\x01", b"\x0d\x01\x02\x01\x01");
const KINDS: [u8; 3] = [2, 3, 4];
const HEADER: [u8; 1] = [2];
const FOOTER: u8 = 4;
const RANDOM_INDEX: u8 = 0x11;
/// Every key begins like this (SMPTE ST 336).
const PREFIX: &[u8; 4] = b"\x06\x0e\x2b\x34";
/// No more than this is in front of the header partition (clause 6.5).
const RUN_IN: u64 = 65_536;
/// A key and the shortest length.
const LEAST: u64 = 17;
/// No set of metadata that matters is longer.
const SET_MAX: u64 = 64 << 10;
/// At header depth so many values are visited in each of two partitions.
const VISITS: u32 = 2048;
/// So much of a picture is seen at header depth.
const GLIMPSE: u64 = 64 << 10;
/// The header of a random index pack's entry, and how many of them are looked up.
const INDEX_ENTRY: u64 = 12;
const INDEX_LOOKS: u64 = 1024;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    // The standard allows up to 64 KiB before the header partition; what the head shows is enough
    // for the broadcast wave headers that are found there.
    run_in(head.bytes).is_some() || begins(head.bytes, &KINDS)
}

/// How much is in front of the header partition.
fn run_in(data: &[u8]) -> Option<usize> {
    let after = |at: &usize| data.get(*at..).is_some_and(|data| begins(data, &HEADER));
    data.iter().enumerate().filter(|(_, byte)| **byte == 6).map(|(at, _)| at).find(after)
}

fn begins(data: &[u8], kinds: &[u8]) -> bool {
    let rest = data.strip_prefix(KEY.0).and_then(|rest| rest.get(1..)).and_then(|rest| rest.strip_prefix(KEY.1));
    rest.and_then(<[u8]>::first).is_some_and(|kind| kinds.contains(kind))
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let start = run_in(cx.input.up_to(0, RUN_IN.saturating_add(16))?).map_or(0, len64);
    let mut walker = Walker {
        size: cx.input.size(),
        cx,
        start,
        metadata: Metadata::default(),
        payload: None,
        came: false,
        essences: 0,
        pictures: 0,
        footer: Footer::default(),
        whole: true,
    };
    let end = walker.file();
    walker.conclude();
    end?;
    walker.judge();
    Ok(())
}

/// A key, a length and where the value is.
#[derive(Clone, Copy)]
struct Klv {
    key: [u8; 16],
    offset: u64,
    body: u64,
    size: u64,
}

impl Klv {
    fn end(&self) -> u64 {
        self.body.saturating_add(self.size)
    }

    /// The kind of a partition pack, or of the random index pack.
    fn pack(&self) -> Option<u8> {
        match self.key {
            [6, 0x0e, 0x2b, 0x34, 2, 5, 1, _, 0x0d, 1, 2, 1, 1, kind, ..] => Some(kind),
            _ => None,
        }
    }

    /// The kind of a set of metadata with local tags and lengths of two bytes.
    fn set(&self) -> Option<u8> {
        match self.key {
            [6, 0x0e, 0x2b, 0x34, 2, 0x53, 1, _, 0x0d, 1, 1, 1, 1, 1, kind, _] => Some(kind),
            _ => None,
        }
    }

    /// The kind of essence, and how it is wrapped (SMPTE ST 379).
    fn essence(&self) -> Option<(u8, u8)> {
        match self.key {
            [6, 0x0e, 0x2b, 0x34, 1, 2, 1, _, 0x0d, 1, 3, 1, item, _, element, _] => Some((item, element)),
            _ => None,
        }
    }
}

/// What is known of the partition that ends the file.
#[derive(Default)]
struct Footer {
    /// Where a partition before says that it is.
    stated: Option<u64>,
    seen: bool,
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    size: u64,
    /// Where the header partition begins; offsets count from there.
    start: u64,
    metadata: Metadata,
    /// The watch over the pictures, once one of them `came`, if the codec is known.
    payload: Option<Payload>,
    came: bool,
    essences: u64,
    /// Elements that are one picture.
    pictures: u64,
    footer: Footer,
    /// Whether the chain was followed to the end.
    whole: bool,
}

impl Walker<'_, '_, '_> {
    fn file(&mut self) -> Walk {
        self.chain(self.start)?;
        if self.cx.depth == Depth::Header && self.metadata.seconds(0).is_none() {
            // A file that is written in one go has its duration only in the metadata at the end.
            if let Some(footer) = self.footer.stated.filter(|footer| *footer < self.size) {
                self.chain(footer)?;
            }
        }
        Ok(())
    }

    /// Walks the chain from `at` on.
    fn chain(&mut self, mut at: u64) -> Walk {
        let mut visits = 0_u32;
        while at < self.size {
            visits = visits.saturating_add(1);
            self.cx.input.work(1)?;
            let Some(klv) = self.next(at)? else {
                break;
            };
            if klv.end() > self.size {
                self.truncated(klv.end());
            }
            if let Some(kind) = klv.pack().filter(|_| klv.end() <= self.size) {
                self.pack(&klv, kind)?;
            } else if let Some(kind) = klv.set() {
                let set = self.cx.input.up_to(klv.body, klv.size.min(SET_MAX))?;
                self.metadata.take(kind, set);
            } else if let Some((item, element)) = klv.essence() {
                self.essence(&klv, item, element)?;
            }
            at = klv.end();
            if self.cx.depth == Depth::Header && (visits >= VISITS || self.came) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The key and the length at `at`.
    fn next(&mut self, at: u64) -> Walk<Option<Klv>> {
        let head = self.cx.input.up_to(at, 25)?;
        let mut fields = Cursor::new(head, at);
        let key = fields.array::<16>();
        if head.len() < usize::from(u8::try_from(LEAST).unwrap_or_default()) || !head.starts_with(PREFIX) {
            let cut = key.is_none_or(|key| key.starts_with(PREFIX));
            self.lost(at, cut);
            return Ok(None);
        }
        let short = fields.u8().unwrap_or_default();
        let size = match short.checked_sub(0x80) {
            None => Some(short.into()),
            Some(width @ 1..=8) => fields.be_uint(width.into()),
            Some(_) => None,
        };
        let Some(size) = size else {
            self.lost(at, at.saturating_add(25) > self.size);
            return Ok(None);
        };
        Ok(Some(Klv { key: key.unwrap_or_default(), offset: at, body: fields.offset(), size }))
    }

    /// There is no key at `at`; `cut` if the file may just end there.
    fn lost(&mut self, at: u64, cut: bool) {
        let bytes = self.size.saturating_sub(at);
        if self.footer.seen {
            self.cx.note(Defect::at(Id::MxfTrailingData, at).with("bytes", bytes));
        } else if cut {
            self.truncated(at.saturating_add(LEAST));
        } else {
            self.whole = false;
            self.cx.note(Defect::at(Id::MxfChainBroken, at));
        }
    }

    fn truncated(&mut self, end: u64) {
        self.whole = false;
        let missing = end.saturating_sub(self.size);
        self.cx.note(Defect::at(Id::MxfTruncated, self.size).with("missing", missing));
    }

    fn pack(&mut self, klv: &Klv, kind: u8) -> Walk {
        if kind == RANDOM_INDEX {
            return self.random_index(klv);
        }
        if !KINDS.contains(&kind) {
            return Ok(());
        }
        self.footer.seen |= kind == FOOTER;
        // Versions and the size of the grid, then where this partition, the one before and the footer are.
        let pack = self.cx.input.up_to(klv.body, klv.size.min(32))?;
        let mut fields = Cursor::new(pack, klv.body);
        let (_, this, _, footer) = (fields.skip(8), fields.be64(), fields.be64(), fields.be64());
        if let Some(footer) = footer.filter(|footer| *footer > 0) {
            self.footer.stated = Some(self.start.saturating_add(footer));
        }
        let here = klv.offset.saturating_sub(self.start);
        if let Some(this) = this.filter(|this| *this != here) {
            let defect = Defect::at(Id::MxfPartitionMisplaced, klv.offset);
            self.cx.note(defect.with("stated", this).with("here", here));
        }
        Ok(())
    }

    /// The random index pack (clause 12): where the partitions are.
    fn random_index(&mut self, klv: &Klv) -> Walk {
        if self.cx.depth == Depth::Header {
            return Ok(());
        }
        let entries = klv.size.saturating_sub(4).checked_div(INDEX_ENTRY).unwrap_or_default();
        for entry in 0..entries.min(INDEX_LOOKS) {
            let at = klv.body.saturating_add(entry.saturating_mul(INDEX_ENTRY)).saturating_add(4);
            let offset = self.cx.input.up_to(at, 8)?;
            let Some(offset) = Cursor::new(offset, at).be64().map(|offset| offset.saturating_add(self.start)) else {
                break;
            };
            let there = if offset < self.size { self.cx.input.up_to(offset, 16)? } else { &[] };
            if !begins(there, &KINDS) {
                self.cx.note(Defect::at(Id::MxfIndexWrong, at).with("target", offset));
                break;
            }
        }
        Ok(())
    }

    /// An element of essence.
    fn essence(&mut self, klv: &Klv, item: u8, element: u8) -> Walk {
        self.essences = self.essences.saturating_add(1);
        // Pictures (0x05, 0x15), and DV, which has picture and sound in one (0x18).
        let wrapped = matches!((item, element), (0x05, _) | (0x15, 0x02 | 0x05 | 0x0c | 0x08) | (0x18, 0x01));
        if !wrapped || klv.size == 0 || klv.end() > self.size {
            return Ok(());
        }
        self.pictures = self.pictures.saturating_add(1);
        let depth = self.cx.depth;
        if !std::mem::replace(&mut self.came, true) {
            let mut tracks = self.metadata.descriptors.iter().map(metadata::Descriptor::track);
            let codec = tracks.find(|track| track.kind == TrackKind::Video).and_then(|track| track.coding);
            self.payload = codec.map(|codec| {
                let mut payload = Payload::new(codec, depth);
                payload.configure(&[], klv.body);
                payload
            });
        }
        let Some(payload) = &mut self.payload else {
            return Ok(());
        };
        if depth == Depth::Header {
            glimpse(payload, self.cx.input, klv)?;
        } else {
            payload::show(payload, self.cx.input, klv.body..klv.end())?;
            for fault in payload.take_faults() {
                self.cx.defects.note(fault.within("pictures"));
            }
        }
        Ok(())
    }

    /// Sets the facts.
    fn conclude(&mut self) {
        let pictures = if self.cx.depth > Depth::Header { self.pictures } else { 0 };
        let facts = self.cx.video();
        if let Some(seconds) = self.metadata.seconds(pictures) {
            facts.last_at_least(seconds);
        }
        let mut picture = self.payload.as_ref().and_then(Payload::picture);
        for descriptor in &self.metadata.descriptors {
            let mut track = descriptor.track();
            if track.kind == TrackKind::Video {
                if let Some(picture) = picture.take() {
                    (track.width, track.height) = (Some(picture.width), Some(picture.height));
                    track.profile = picture.profile.map(str::to_owned);
                }
                let size = track.width.zip(track.height);
                track.sample_aspect = descriptor.aspect.zip(size).and_then(|(shown, size)| pixel_aspect(shown, size));
            }
            if track.kind != TrackKind::Other {
                facts.tracks.push(track);
            }
        }
        facts.summarise();
    }

    /// Says what is missing.
    fn judge(&mut self) {
        if !self.whole {
            return;
        }
        if self.metadata.descriptors.is_empty() {
            self.cx.note(Defect::at(Id::MxfMetadataMissing, self.start));
        }
        if self.cx.depth == Depth::Header {
            return;
        }
        if let Some(payload) = &mut self.payload {
            payload.finish(true);
            for fault in payload.take_faults() {
                self.cx.defects.note(fault.within("pictures"));
            }
        }
        if self.essences == 0 {
            self.cx.note(Defect::at(Id::MxfEssenceMissing, self.size));
        }
        if self.footer.seen {
            return;
        }
        match self.footer.stated.filter(|footer| *footer >= self.size) {
            Some(footer) => self.truncated(footer.saturating_add(LEAST)),
            None => self.cx.note(Defect::at(Id::MxfFooterMissing, self.size)),
        }
    }
}

/// Shows the beginning of a picture, for its size.
fn glimpse(payload: &mut Payload, input: &mut Input<'_>, klv: &Klv) -> Walk {
    let beginning = input.up_to(klv.body, klv.size.min(GLIMPSE))?;
    payload.begin(klv.body);
    payload.feed(klv.body, beginning);
    payload.pass(klv.size.saturating_sub(GLIMPSE).min(payload.idle()));
    payload.end();
    payload.take_faults();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_is_passed_over() {
        let key = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\0";
        let sniffed = |bytes: &[u8]| sniff(&Head { bytes, size: len64(bytes.len()) });
        assert!(sniffed(key));
        assert!(sniffed(&[&b"run in \x06 with a six"[..], key].concat()));
        assert!(!sniffed(&key[..13]));
        assert!(!sniffed(&[0x06; 64]));
    }
}
