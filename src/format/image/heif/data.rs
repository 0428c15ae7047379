//! The bytes of coded pictures: whether the units they are made of fill them exactly and are what
//! they have to be.

use super::meta::{Meta, Origin, configuration};
use super::slices::Slices;
use crate::checker::Depth;
use crate::codec::{av1, hevc, nal};
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::format::isobmff::{BoxHead, name};
use crate::input::{Input, Walk};

/// Parameter sets in the stream are read up to this length.
const MAX_PARAMETER_SET: u64 = 1 << 16;

/// Stretches of the file that make up the data of one item or sample, one behind the other.
#[derive(Debug)]
pub(super) struct Stream {
    pieces: Vec<Piece>,
    len: u64,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// The place in the stream.
    at: u64,
    /// The place in the file.
    start: u64,
    len: u64,
}

impl Stream {
    /// One stretch of the file.
    pub(super) fn new(start: u64, len: u64) -> Self {
        Self { pieces: vec![Piece { at: 0, start, len }], len }
    }

    /// The data of an item, if all of it is in the file.
    pub(super) fn of(meta: &Meta, id: u32, size: u64) -> Option<Self> {
        let mut stream = Self { pieces: Vec::new(), len: 0 };
        for extent in meta.extents(id) {
            let (start, limit) = match extent.origin {
                Origin::File => (extent.start, size),
                Origin::Idat => {
                    let idat = meta.idat?;
                    (extent.start.checked_add(idat.body)?, idat.end)
                }
                Origin::Elsewhere => return None,
            };
            let room = limit.checked_sub(start)?;
            let len = if extent.len == 0 { room } else { extent.len };
            if len > room {
                return None;
            }
            stream.pieces.push(Piece { at: stream.len, start, len });
            stream.len = stream.len.checked_add(len)?;
        }
        (!stream.pieces.is_empty()).then_some(stream)
    }

    fn piece(&self, at: u64) -> Option<&Piece> {
        let behind = self.pieces.partition_point(|piece| piece.at <= at);
        self.pieces.get(behind.checked_sub(1)?)
    }

    /// The place in the file of a place in the stream.
    pub(super) fn offset(&self, at: u64) -> u64 {
        self.piece(at).map_or(at, |piece| piece.start.saturating_add(at.saturating_sub(piece.at)))
    }

    /// Some bytes from `at` on, at least one and none at or past `end`; empty only at `end`.
    pub(super) fn fill<'i>(&self, input: &'i mut Input<'_>, at: u64, end: u64) -> Walk<&'i [u8]> {
        let Some(piece) = self.piece(at) else {
            return Ok(&[]);
        };
        let inside = end.min(piece.at.saturating_add(piece.len)).saturating_sub(at);
        let offset = self.offset(at);
        input.fill(offset, offset.saturating_add(inside))
    }

    /// Up to `len` bytes from `at` on; fewer only at the end of the stream.
    fn copy(&self, input: &mut Input<'_>, at: u64, len: u64) -> Walk<Vec<u8>> {
        let end = at.saturating_add(len).min(self.len);
        let mut copy = Vec::new();
        let mut at = at;
        while at < end {
            let bytes = self.fill(input, at, end)?;
            if bytes.is_empty() {
                break;
            }
            copy.extend_from_slice(bytes);
            at = at.saturating_add(crate::bytes::len64(bytes.len()));
        }
        Ok(copy)
    }

    /// Up to `len` bytes from the start on.
    pub(super) fn start(&self, input: &mut Input<'_>, len: u64) -> Walk<Vec<u8>> {
        self.copy(input, 0, len)
    }
}

/// A coded picture and what the tables say of it.
#[derive(Clone, Debug)]
pub(super) struct Coded {
    /// What messages call it: an item by its number, or a sample.
    pub(super) label: String,
    pub(super) config: BoxHead,
    /// Needs no other picture to be decoded.
    pub(super) alone: bool,
    /// As `ispe` has it.
    pub(super) size: Option<(u32, u32)>,
}

impl Coded {
    /// The first fault in the data of a picture.
    pub(super) fn check(&self, cx: &mut Inspection<'_, '_>, stream: &Stream) -> Walk<Option<Defect>> {
        let record = configuration(cx.input, self.config)?.unwrap_or_default();
        match &self.config.kind {
            b"hvcC" => match hevc::Config::read(&record) {
                Some(config) => self.check_hevc(cx, stream, config),
                None => Ok(Some(self.config_invalid())),
            },
            _ => match av1::Config::read(&record) {
                Some(config) => self.check_av1(cx, stream, config),
                None => Ok(Some(self.config_invalid())),
            },
        }
    }

    fn config_invalid(&self) -> Defect {
        let defect = Defect::at(Id::HeifConfigInvalid, self.config.start).with("item", self.label.as_str());
        defect.with("property", name(self.config.kind))
    }

    /// A fault at a place in the stream.
    fn fault(&self, id: Id, stream: &Stream, at: u64) -> Defect {
        Defect::at(id, stream.offset(at)).with("item", self.label.as_str())
    }

    /// NAL units, each behind its length (ISO/IEC 14496-15, clause 8.3.2).
    fn check_hevc(
        &self,
        cx: &mut Inspection<'_, '_>,
        stream: &Stream,
        mut config: hevc::Config,
    ) -> Walk<Option<Defect>> {
        let prefix = u64::from(config.length_size);
        let mut slices = Slices::default();
        let mut at = 0;
        let mut pictures = 0_u64;
        while at < stream.len {
            cx.input.work(1)?;
            let length = stream.copy(cx.input, at, prefix)?;
            let length = length.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            let start = at.saturating_add(prefix);
            let end = start.saturating_add(length);
            if length == 0 || end > stream.len {
                return Ok(Some(self.fault(Id::HeifNalChainBroken, stream, at).with("length", length)));
            }
            let head = stream.copy(cx.input, start, hevc::NalHeader::LEN.min(length))?;
            let Some(header) = hevc::NalHeader::read(&head) else {
                return Ok(Some(self.fault(Id::HeifNalInvalid, stream, start)));
            };
            if header.layer == 0 {
                let counts = if self.alone { header.is_intra() } else { header.is_slice() };
                pictures = pictures.saturating_add(u64::from(counts));
                if (hevc::VPS..=hevc::PPS).contains(&header.kind) && length <= MAX_PARAMETER_SET {
                    let set = stream.copy(cx.input, start, length)?;
                    if config.add(header.kind, &set).is_none() {
                        return Ok(Some(self.fault(Id::HeifNalInvalid, stream, start)));
                    }
                }
            }
            if cx.depth == Depth::Full {
                if let Some(defect) = self.scan_nal(cx, stream, start, end)? {
                    return Ok(Some(defect));
                }
                if header.layer == 0 && header.is_slice() {
                    slices.walk(cx, stream, start..end, header, &config)?;
                }
            }
            at = end;
        }
        if pictures == 0 {
            return Ok(Some(self.fault(Id::HeifPictureMissing, stream, 0)));
        }
        if !config.is_complete() {
            return Ok(Some(self.config_invalid()));
        }
        if let Some(breach) = slices.finish() {
            let defect = self.fault(Id::HeifSliceBroken, stream, breach.at);
            return Ok(Some(defect.with("row", breach.row).with("rows", breach.rows)));
        }
        let sizes = config.sps.iter().map(|sps| (sps.width, sps.height)).collect::<Vec<_>>();
        Ok(self.compare_sizes(&sizes))
    }

    /// Looks for what emulation prevention keeps out of a NAL unit: zeros, above all.
    fn scan_nal(&self, cx: &mut Inspection<'_, '_>, stream: &Stream, start: u64, end: u64) -> Walk<Option<Defect>> {
        let mut watch = nal::Watch::default();
        let mut at = start;
        let mut breach = None;
        while at < end && breach.is_none() {
            let piece = stream.fill(cx.input, at, end)?;
            breach = watch.feed(piece);
            let len = crate::bytes::len64(piece.len());
            cx.input.work(len)?;
            at = at.saturating_add(len);
        }
        let id = |breach| match breach {
            nal::Breach::StartCode => Id::HeifNalStartCode,
            nal::Breach::Forbidden => Id::HeifNalForbiddenBytes,
        };
        let breach = breach.or_else(|| watch.finish());
        Ok(breach.map(|(breach, at)| self.fault(id(breach), stream, start.saturating_add(at))))
    }

    /// Open bitstream units, which say themselves how long they are.
    fn check_av1(&self, cx: &mut Inspection<'_, '_>, stream: &Stream, config: av1::Config<'_>) -> Walk<Option<Defect>> {
        let mut sizes = Vec::new();
        let in_config = av1::UnitHeader::read(config.units).filter(|header| header.kind == av1::SEQUENCE_HEADER);
        if let Some(header) = in_config
            && let Some(size) = config.units.get(crate::bytes::index(header.len)..).and_then(av1::frame_size)
        {
            sizes.push(size);
        }
        let mut at = 0;
        let mut pictures = 0_u64;
        while at < stream.len {
            cx.input.work(1)?;
            let head = stream.copy(cx.input, at, av1::UNIT_HEADER_MAX)?;
            let Some(header) = av1::UnitHeader::read(&head) else {
                return Ok(Some(self.fault(Id::HeifObuInvalid, stream, at)));
            };
            let start = at.saturating_add(header.len);
            let end = header.size.map_or(stream.len, |size| start.saturating_add(size));
            if end > stream.len {
                let length = end.saturating_sub(start);
                return Ok(Some(self.fault(Id::HeifObuChainBroken, stream, at).with("length", length)));
            }
            match header.kind {
                av1::SEQUENCE_HEADER => {
                    let content = stream.copy(cx.input, start, end.saturating_sub(start).min(256))?;
                    let Some(size) = av1::frame_size(&content) else {
                        return Ok(Some(self.fault(Id::HeifObuInvalid, stream, at)));
                    };
                    sizes.push(size);
                }
                av1::FRAME | av1::FRAME_HEADER | av1::TILE_GROUP if end > start => {
                    pictures = pictures.saturating_add(1);
                }
                _ => {}
            }
            at = end;
        }
        if pictures == 0 || (sizes.is_empty() && self.alone) {
            return Ok(Some(self.fault(Id::HeifPictureMissing, stream, 0)));
        }
        Ok(self.compare_sizes(&sizes))
    }

    /// Whether one of the coded sizes is the one that the tables speak of. Encoders differ in which
    /// side of cropping to the edge of a block they write, so that near is near enough.
    fn compare_sizes(&self, coded: &[(u32, u32)]) -> Option<Defect> {
        let (width, height) = self.size?;
        let near = |a: u32, b: u32| a.abs_diff(b) < 64;
        let (coded_width, coded_height) = *coded.first()?;
        if coded.iter().any(|size| near(size.0, width) && near(size.1, height)) {
            return None;
        }
        let defect = Defect::at(Id::HeifSizeMismatch, self.config.start).with("item", self.label.as_str());
        let defect = defect.with("width", width).with("height", height);
        let defect = defect.with("coded_width", coded_width).with("coded_height", coded_height);
        Some(defect.within("meta/iprp/ipco"))
    }
}
