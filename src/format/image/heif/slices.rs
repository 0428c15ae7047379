//! Feeds the slices of a picture in HEVC to the walk over their syntax.

use std::ops::Range;

use super::data::Stream;
use crate::bytes::len64;
use crate::codec::bits::{Bits, Unescape};
use crate::codec::hevc::{Cabac, Config, Fault, NalHeader, Picture};
use crate::format::Inspection;
use crate::input::Walk;

/// A coding tree block of 64 x 64 samples takes less than this, however it is coded.
const BLOCK_MAX: usize = 128 << 10;
/// So much is at hand after more was read.
const AT_HAND: usize = 512 << 10;

/// The slices of one picture.
#[derive(Debug, Default)]
pub(super) struct Slices {
    picture: Option<Picture>,
    breach: Option<Breach>,
    /// Where the last slice begins.
    last: u64,
    /// The picture is of a kind that is not walked.
    off: bool,
}

/// Where the data of a picture break off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Breach {
    /// The place in the stream.
    pub(super) at: u64,
    pub(super) row: u32,
    pub(super) rows: u32,
}

impl Slices {
    /// Walks the slice in the NAL unit at `nal` in the stream.
    pub(super) fn walk(
        &mut self,
        cx: &mut Inspection<'_, '_>,
        stream: &Stream,
        nal: Range<u64>,
        header: NalHeader,
        config: &Config,
    ) -> Walk {
        if self.off || self.breach.is_some() {
            return Ok(());
        }
        self.last = nal.start;
        let mut payload =
            Payload { at: nal.start.saturating_add(NalHeader::LEN), end: nal.end, unescape: Unescape::default() };
        let mut cabac = Cabac::default();
        payload.fill(cx, stream, &mut cabac)?;
        let picture = self.picture.take().or_else(|| picture_of(header, cabac.rest(), config));
        let Some(mut picture) = picture else {
            self.off = true;
            return Ok(());
        };
        let walked = walk_segment(cx, stream, header, &mut picture, &mut payload, &mut cabac)?;
        match walked {
            Ok(()) => {}
            Err(Fault::Unsupported) => self.off = true,
            Err(Fault::Broken { row }) => {
                let at = payload.at.saturating_sub(len64(cabac.at_hand())).max(nal.start);
                self.breach = Some(Breach { at, row, rows: picture.rows() });
            }
        }
        self.picture = Some(picture);
        Ok(())
    }

    /// After the last slice: where the picture breaks off, if it does.
    pub(super) fn finish(self) -> Option<Breach> {
        let picture = self.picture.filter(|_| !self.off)?;
        let missing = Breach { at: self.last, row: picture.row(), rows: picture.rows() };
        self.breach.or_else(|| (!picture.is_complete()).then_some(missing))
    }
}

/// The payload of a NAL unit, as far as it was not yet read.
struct Payload {
    at: u64,
    end: u64,
    unescape: Unescape,
}

impl Payload {
    fn fill(&mut self, cx: &mut Inspection<'_, '_>, stream: &Stream, cabac: &mut Cabac) -> Walk {
        let wanted = AT_HAND.saturating_sub(cabac.at_hand());
        cabac.refill(|data| {
            let full = data.len().saturating_add(wanted);
            while self.at < self.end && data.len() < full {
                let piece = stream.fill(cx.input, self.at, self.end)?;
                let piece = piece.get(..AT_HAND).unwrap_or(piece);
                if piece.is_empty() {
                    break;
                }
                self.unescape.push(piece, data);
                let len = len64(piece.len());
                cx.input.work(len)?;
                self.at = self.at.saturating_add(len);
            }
            Ok(())
        })
    }
}

/// The picture that a first slice begins, by the parameter sets that it names.
fn picture_of(header: NalHeader, payload: &[u8], config: &Config) -> Option<Picture> {
    let mut bits = Bits::new(payload);
    bits.skip(if header.is_intra() { 2 } else { 1 })?;
    let id = bits.ue()?;
    let pps = config.pps.iter().find(|pps| pps.id == id)?;
    let sps = config.sps.iter().find(|sps| sps.id == pps.sps_id)?;
    Picture::new(sps, pps)
}

fn walk_segment(
    cx: &mut Inspection<'_, '_>,
    stream: &Stream,
    header: NalHeader,
    picture: &mut Picture,
    payload: &mut Payload,
    cabac: &mut Cabac,
) -> Walk<Result<(), Fault>> {
    if !header.is_intra() {
        return Ok(Err(Fault::Unsupported));
    }
    match picture.slice_header(header.kind, cabac.rest()) {
        Ok(len) => cabac.skip(len),
        Err(fault) => return Ok(Err(fault)),
    }
    cabac.start();
    loop {
        cx.input.work(1)?;
        if cabac.at_hand() < BLOCK_MAX && payload.at < payload.end {
            payload.fill(cx, stream, cabac)?;
        }
        match picture.block(cabac) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => return Ok(Err(fault)),
        }
    }
    // Words of zeros may follow, and the padding of some recorders.
    loop {
        if cabac.rest().iter().any(|byte| *byte != 0) {
            return Ok(Err(Fault::Broken { row: picture.row() }));
        }
        if payload.at >= payload.end {
            return Ok(Ok(()));
        }
        cabac.skip(cabac.rest().len());
        payload.fill(cx, stream, cabac)?;
    }
}
