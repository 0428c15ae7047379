//! The walk of one JPEG stream (T.81, annex B): from SOI to EOI, segment by segment, and through the
//! data of its scans as deep as it is asked to. Files, pictures of an MPO, strips of a TIFF and
//! frames of a video are such streams.

use std::ops::Range;

use super::bits::Window;
use super::huffman::Huffman;
use super::marker;
use super::scan::{Fault, Scan};
use super::segment::{self, Coding, Frame, ScanHeader, Tables};
use crate::bytes::{Endian, index, len64, u16_at};
use crate::checker::Depth;
use crate::defect::{Defect, Defects, Id};
use crate::format::exif;
use crate::input::{Input, Spent, Stop, Walk};

/// Blocks of a progressive frame up to which a mask is kept for each: 48 MiB of them.
const MAX_MASKS: u64 = 6 << 20;
/// A coefficient that no scan has brought yet, in place of the lowest bit that is known of it.
const UNKNOWN: u8 = 0xFF;

/// What a stream turned out to be.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    /// The frame header; the height is set by a DNL segment too.
    pub(crate) frame: Option<Frame>,
    /// Whether there is a JFIF segment.
    pub(crate) jfif: bool,
    /// The colour transform of an Adobe segment.
    pub(crate) adobe: Option<u8>,
    /// The orientation of the first EXIF segment that has one.
    pub(crate) orientation: Option<u16>,
    /// Where the first XMP segment is.
    pub(super) xmp: Option<Range<u64>>,
    /// Where the multi-picture index is, from its byte order mark on.
    pub(super) index: Option<Range<u64>>,
    /// Scans that were begun.
    pub(crate) scans: u64,
    /// Where the walk ended: behind EOI, if there is one.
    pub(crate) end: u64,
    /// Whether EOI was reached.
    pub(crate) complete: bool,
    /// What is wrong with it.
    pub(crate) defects: Defects,
}

/// Walks streams. One walker serves all streams of a file, so that tables and buffers are kept.
#[derive(Debug)]
pub(crate) struct Walker {
    given: Tables,
    window: Window,
    masks: Vec<Vec<u64>>,
}

impl Walker {
    /// A walker that knows no tables yet.
    pub(crate) fn new() -> Self {
        Self { given: Tables::default(), window: Window::new(), masks: Vec::new() }
    }

    /// Takes tables from a stream that has nothing else (B.5), such as the `JPEGTables` of a TIFF. All
    /// streams that are walked later begin with them. Returns what is wrong with them.
    pub(crate) fn take_tables(&mut self, input: &mut Input<'_>, range: Range<u64>) -> Walk<Defects> {
        let mut picture = Picture::default();
        let mut stream = Stream::new(self, range, Depth::Structure, &mut picture);
        // No frame is to be missed.
        stream.spoiled = true;
        let walked = stream.walk(input);
        self.given = stream.tables;
        walked.map(|()| picture.defects)
    }

    /// Walks the stream that begins at the start of `range` and ends within it. What is found out goes
    /// to `picture` even if the walk is stopped early.
    pub(crate) fn walk(
        &mut self,
        input: &mut Input<'_>,
        range: Range<u64>,
        depth: Depth,
        picture: &mut Picture,
    ) -> Walk {
        Stream::new(self, range, depth, picture).walk(input)
    }
}

/// One stream while it is walked.
struct Stream<'w> {
    window: &'w mut Window,
    masks: &'w mut Vec<Vec<u64>>,
    tables: Tables,
    picture: &'w mut Picture,
    depth: Depth,
    /// Whether a header or a table is broken, so that what else is wrong may only follow from that.
    spoiled: bool,
    /// Where the stream begins, the next byte, and where it ends at the latest.
    begin: u64,
    at: u64,
    end: u64,
    /// By component of the frame and coefficient: the lowest bit that scans have brought.
    known: Vec<[u8; 64]>,
    /// Whether frames belong to a hierarchy, whose rules are not followed.
    hierarchical: bool,
    /// Whether the fault that ended the data of the last scan is noted already.
    cut: bool,
    /// What it would have taken to follow a scan that was passed over.
    spent: Option<Spent>,
}

impl<'w> Stream<'w> {
    fn new(walker: &'w mut Walker, range: Range<u64>, depth: Depth, picture: &'w mut Picture) -> Self {
        walker.masks.clear();
        Self {
            window: &mut walker.window,
            masks: &mut walker.masks,
            tables: walker.given.clone(),
            picture,
            depth,
            spoiled: false,
            begin: range.start,
            at: range.start,
            end: range.end,
            known: Vec::new(),
            hierarchical: false,
            cut: false,
            spent: None,
        }
    }

    fn note(&mut self, defect: Defect) {
        self.picture.defects.note(defect);
    }

    fn walk(&mut self, input: &mut Input<'_>) -> Walk {
        self.end = self.end.min(input.size());
        // SOI; that it is there is what sniffing or the index has seen.
        self.at = self.at.saturating_add(2);
        self.picture.end = self.at;
        while let Some((offset, code)) = self.next_marker(input)? {
            match code {
                marker::EOI => {
                    self.picture.complete = true;
                    break;
                }
                // They stand alone and mean nothing here; decoders pass them.
                _ if marker::is_restart(code) || code == marker::TEM => {}
                0x02..=0xBF | 0xC8 | marker::SOI | 0xF0..=0xF6 | 0xF8..=0xFD => self.unexpected(offset, code),
                marker::SOS if self.depth == Depth::Header => {
                    self.height_from_behind(input, offset)?;
                    return Ok(());
                }
                _ => {
                    if !self.segment(input, offset, code)? {
                        self.picture.end = self.end;
                        return Ok(());
                    }
                }
            }
        }
        self.picture.end = self.at;
        self.judge_whole();
        self.spent.map_or(Ok(()), |spent| Err(Stop::Spent(spent)))
    }

    fn unexpected(&mut self, offset: u64, code: u8) {
        self.note(Defect::at(Id::JpegMarkerUnexpected, offset).with("marker", marker::name(code)));
    }

    /// The next marker and where its last `FF` is; `None` at the end of the stream.
    fn next_marker(&mut self, input: &mut Input<'_>) -> Walk<Option<(u64, u8)>> {
        let from = self.at;
        let Some((offset, code)) = find_marker(input, from, self.end)? else {
            self.at = self.end;
            return Ok(None);
        };
        self.at = offset.saturating_add(2);
        let stray = offset.saturating_sub(from);
        // Any number of FF may be before a marker (B.1.1.2).
        if stray > 0 && input.up_to(from, stray.min(1 << 16))?.iter().any(|&byte| byte != 0xFF) {
            self.note(Defect::at(Id::JpegStrayBytes, from).with("bytes", stray));
        }
        Ok(Some((offset, code)))
    }

    /// Walks the segment of the marker at `offset`. `false` if the stream ends in it.
    fn segment(&mut self, input: &mut Input<'_>, offset: u64, code: u8) -> Walk<bool> {
        let begin = self.at;
        let name = || marker::name(code);
        let length = if begin.saturating_add(2) <= self.end { u16_at(input.get(begin, 2)?, Endian::Big) } else { None };
        let Some(length) = length else {
            self.note(Defect::at(Id::JpegSegmentTruncated, offset).with("marker", name()));
            return Ok(false);
        };
        let metadata = matches!(code, marker::APP0..=marker::APP15 | marker::COM);
        if length < 2 && metadata {
            self.at = begin.saturating_add(2);
            self.note(Defect::at(Id::JpegSegmentLength, offset).with("marker", name()).with("length", length));
            return Ok(true);
        }
        let end = begin.saturating_add(length.into());
        if end > self.end {
            self.note(Defect::at(Id::JpegSegmentTruncated, offset).with("marker", name()));
            return Ok(false);
        }
        self.at = end.max(begin.saturating_add(2));
        let body = begin.saturating_add(2)..end;
        match code {
            marker::APP0 | marker::APP1 | marker::APP2 | marker::APP14 => self.application(input, code, body)?,
            _ if metadata => {}
            marker::SOS => self.scan(input, offset, body)?,
            _ => {
                let bytes = input.up_to(body.start, end.saturating_sub(body.start))?;
                match code {
                    marker::DQT => {
                        let zero = self.tables.define_quantizers(bytes);
                        if zero == Some(true) {
                            self.note(Defect::at(Id::JpegQuantizerZero, offset));
                        }
                        self.malformed_if(zero.is_none(), offset, code);
                    }
                    marker::DHT => {
                        let bad = self.tables.define_codes(bytes).is_none();
                        self.malformed_if(bad, offset, code);
                    }
                    marker::DRI => {
                        let bad = self.tables.define_restart(bytes).is_none();
                        self.malformed_if(bad, offset, code);
                    }
                    marker::DHP => self.hierarchical = true,
                    marker::SOF55 => {
                        self.unchecked(offset, "JPEG-LS");
                        return Ok(false);
                    }
                    _ if marker::is_frame(code) => {
                        let frame = Frame::parse(code, bytes);
                        self.frame(offset, code, frame);
                    }
                    // DNL was seen from the scan before it; DAC and EXP are of processes not followed.
                    _ => {}
                }
            }
        }
        Ok(true)
    }

    fn malformed_if(&mut self, bad: bool, offset: u64, code: u8) {
        if bad {
            self.spoiled = true;
            self.note(Defect::at(Id::JpegTableMalformed, offset).with("marker", marker::name(code)));
        }
    }

    /// Notes a fault that others follow from, unless it may follow from one itself.
    fn spoil(&mut self, id: Id, offset: u64) {
        if !std::mem::replace(&mut self.spoiled, true) {
            self.note(Defect::at(id, offset));
        }
    }

    fn unchecked(&mut self, offset: u64, coding: &str) {
        if self.depth == Depth::Full {
            self.note(Defect::at(Id::JpegCodingUnchecked, offset).with("coding", coding));
        }
    }

    /// Reads what is of use in an `APPn` segment: whose it is and what it says of the picture.
    fn application(&mut self, input: &mut Input<'_>, code: u8, body: Range<u64>) -> Walk {
        const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
        let size = body.end.saturating_sub(body.start);
        let bytes = input.up_to(body.start, size)?;
        match code {
            marker::APP0 => self.picture.jfif |= bytes.starts_with(b"JFIF\0"),
            marker::APP1 if bytes.starts_with(b"Exif\0") => {
                self.picture.orientation = self.picture.orientation.or_else(|| exif::orientation(bytes));
            }
            marker::APP1 if bytes.starts_with(XMP) => {
                self.picture.xmp.get_or_insert(body);
            }
            marker::APP2 if bytes.starts_with(b"MPF\0") => {
                self.picture.index.get_or_insert(body.start.saturating_add(4)..body.end);
            }
            marker::APP14 => self.picture.adobe = segment::adobe_transform(bytes).or(self.picture.adobe),
            _ => {}
        }
        Ok(())
    }

    fn frame(&mut self, offset: u64, code: u8, frame: Option<Frame>) {
        if self.picture.frame.is_some() {
            if !self.hierarchical {
                self.note(Defect::at(Id::JpegFrameRepeated, offset));
            }
            return;
        }
        let Some(frame) = frame else {
            self.spoiled = true;
            self.note(Defect::at(Id::JpegFrameMalformed, offset).with("marker", marker::name(code)));
            return;
        };
        self.hierarchical |= frame.coding == Coding::Hierarchical;
        self.known = vec![[UNKNOWN; 64]; frame.components.len()];
        self.picture.frame = Some(frame);
    }

    /// Sets a height that is said only behind the first scan (B.2.5).
    fn height_from_behind(&mut self, input: &mut Input<'_>, offset: u64) -> Walk {
        let Some(frame) = self.picture.frame.as_mut().filter(|frame| frame.height == 0) else { return Ok(()) };
        let mut at = self.at;
        let mut lines = None;
        while let Some((place, code)) = find_marker(input, at, self.end)? {
            at = place.saturating_add(2);
            if code == marker::DNL && at.saturating_add(4) <= self.end {
                lines = input.get(at, 4)?.split_at_checked(2).and_then(|(_, body)| segment::lines(body));
            }
            if !marker::is_restart(code) {
                break;
            }
        }
        frame.height = lines.unwrap_or_default();
        let id = if lines.is_some() { Id::JpegHeightDeferred } else { Id::JpegHeightMissing };
        self.note(Defect::at(id, offset));
        Ok(())
    }

    /// Walks a scan: its header in `body`, then its data.
    fn scan(&mut self, input: &mut Input<'_>, offset: u64, body: Range<u64>) -> Walk {
        let start = self.at;
        self.picture.scans = self.picture.scans.saturating_add(1);
        self.height_from_behind(input, offset)?;
        let bytes = input.up_to(body.start, body.end.saturating_sub(body.start))?;
        let Some(frame) = self.picture.frame.clone().filter(|_| !self.hierarchical) else {
            if !self.hierarchical {
                self.spoil(Id::JpegFrameMissing, offset);
            } else if self.picture.scans == 1 {
                self.unchecked(offset, Coding::Hierarchical.name());
            }
            return self.pass_data(input, start, None).map(drop);
        };
        let Some(header) = ScanHeader::parse(bytes, &frame) else {
            self.spoil(Id::JpegScanMalformed, offset);
            return self.pass_data(input, start, None).map(drop);
        };
        let mut sound = self.judge_header(&frame, &header, offset);
        if sound {
            self.advance(&frame, &header, offset);
        }
        if !frame.coding.is_followed() {
            if self.picture.scans == 1 && sound {
                self.unchecked(offset, frame.coding.name());
            }
            return self.pass_data(input, start, None).map(drop);
        }
        sound &= frame.height > 0;
        if sound {
            self.assume_standard_tables(&frame, &header, offset);
            sound = self.tables_are_there(&frame, &header, offset);
        }
        let mut faulty = !sound;
        if sound && self.depth == Depth::Full {
            if let Some(end) = self.verify(input, &frame, &header, start)? {
                self.at = end;
                return Ok(());
            }
            faulty = true;
        }
        let stop = self.pass_data(input, start, (!faulty).then_some((&frame, &header)))?;
        let bytes = stop.saturating_sub(start);
        // A block takes no less than a bit (and more than that); data that was cut is reported as such.
        if !faulty && stop < self.end && bytes.saturating_mul(8) < header.least_bits(&frame) {
            self.note(
                Defect::at(Id::JpegDataTooShort, start)
                    .with("bytes", bytes)
                    .with("width", frame.width)
                    .with("height", frame.height),
            );
        }
        Ok(())
    }

    /// Notes what is wrong with the parameters of a scan. `false` if its data cannot be followed.
    fn judge_header(&mut self, frame: &Frame, header: &ScanHeader, offset: u64) -> bool {
        match frame.coding {
            Coding::Progressive if !header.is_progressive() => {
                self.spoil(Id::JpegScanMalformed, offset);
                false
            }
            Coding::Lossless if !header.is_lossless(frame.precision) => {
                self.spoil(Id::JpegScanMalformed, offset);
                false
            }
            // Some cameras write other numbers; decoders of sequential frames do not look at them.
            Coding::Baseline | Coding::Extended if !header.is_sequential() => {
                self.note(Defect::at(Id::JpegScanParameters, offset));
                true
            }
            _ => true,
        }
    }

    /// Keeps account of which bits of which coefficients scans have brought (G.1.1.1.1, G.1.1.1.2).
    fn advance(&mut self, frame: &Frame, header: &ScanHeader, offset: u64) {
        let progressive = frame.coding.is_progressive();
        let (mut twice, mut inconsistent) = (false, false);
        for part in &header.parts {
            let Some(known) = self.known.get_mut(part.component) else { continue };
            if !progressive {
                twice |= known.first() != Some(&UNKNOWN);
                *known = [0; 64];
                continue;
            }
            inconsistent |= header.first > 0 && known.first() == Some(&UNKNOWN);
            let band = usize::from(header.first)..=usize::from(header.last);
            for bit in known.get_mut(band).unwrap_or_default() {
                inconsistent |= match *bit {
                    UNKNOWN => header.high != 0,
                    bit => header.high != bit || header.high == 0,
                };
                *bit = header.low;
            }
        }
        if twice {
            self.note(Defect::at(Id::JpegComponentRepeated, offset));
        }
        if inconsistent {
            self.note(Defect::at(Id::JpegProgressionInconsistent, offset));
        }
    }

    /// The tables that a scan needs: of DC codes, and of AC codes.
    fn needs(frame: &Frame, header: &ScanHeader) -> (bool, bool) {
        let progressive = frame.coding == Coding::Progressive;
        (!progressive || (header.first == 0 && header.high == 0), !progressive || header.first > 0)
    }

    /// Frames of Motion JPEG leave out the Huffman tables if they are the ones of annex K; the decoders
    /// that know this fill them in, and so does this one.
    fn assume_standard_tables(&mut self, frame: &Frame, header: &ScanHeader, offset: u64) {
        let (dc, ac) = Self::needs(frame, header);
        let mut assumed = false;
        for part in &header.parts {
            for (needed, is_ac, slot) in [(dc, false, part.dc), (ac, true, part.ac)] {
                let tables = if is_ac { &mut self.tables.ac } else { &mut self.tables.dc };
                let Some(table) = tables.get_mut(usize::from(slot)).filter(|table| needed && table.is_none()) else {
                    continue;
                };
                if slot < 2 {
                    *table = Huffman::standard(is_ac, slot);
                    assumed = true;
                }
            }
        }
        if assumed && !self.spoiled {
            self.note(Defect::at(Id::JpegHuffmanTableAssumed, offset));
        }
    }

    /// Notes tables that a scan uses and that are not there.
    fn tables_are_there(&mut self, frame: &Frame, header: &ScanHeader, offset: u64) -> bool {
        let (dc, ac) = Self::needs(frame, header);
        let mut missing = None;
        for (part, component) in header.parts.iter().zip(header.of(frame)) {
            let lacks = |tables: &[Option<_>; 4], slot: u8| tables.get(usize::from(slot)).is_none_or(Option::is_none);
            if self.tables.quantizers.get(usize::from(component.quantizer)).is_none_or(Option::is_none) {
                missing = missing.or(Some(("DQT", component.quantizer)));
            }
            for (needed, tables, slot) in [(dc, &self.tables.dc, part.dc), (ac, &self.tables.ac, part.ac)] {
                if needed && lacks(tables, slot) {
                    missing = missing.or(Some(("DHT", slot)));
                }
            }
        }
        if let Some((table, slot)) = missing.filter(|_| !self.spoiled) {
            self.note(Defect::at(Id::JpegTableMissing, offset).with("table", table).with("slot", slot));
        }
        missing.is_none()
    }

    /// Follows the codes of a scan. The place behind its data if all is well with it.
    fn verify(&mut self, input: &mut Input<'_>, frame: &Frame, header: &ScanHeader, start: u64) -> Walk<Option<u64>> {
        let mut empty = [];
        let masks = if frame.coding == Coding::Progressive && header.first > 0 {
            let Some(component) = header.parts.first().map(|part| part.component) else { return Ok(None) };
            let all: u64 = frame.components.iter().map(|&component| blocks_of(frame, component)).sum();
            if all > self.end.saturating_sub(self.begin).saturating_mul(8) {
                // The DC scan would have had a bit for each; that it is too short is noted.
                return Ok(None);
            }
            if all > MAX_MASKS {
                self.spent = Some(Spent::Work);
                return Ok(None);
            }
            if self.masks.len() != frame.components.len() {
                self.masks.resize_with(frame.components.len(), Vec::new);
            }
            let blocks = frame.components.get(component).map_or(0, |&component| blocks_of(frame, component));
            let Some(masks) = self.masks.get_mut(component) else { return Ok(None) };
            if masks.is_empty() {
                *masks = vec![0; index(blocks)];
            }
            masks.as_mut_slice()
        } else {
            &mut empty
        };
        let mut limits = [None; 4];
        for (limit, component) in limits.iter_mut().zip(header.of(frame)) {
            *limit = self.tables.quantizers.get(usize::from(component.quantizer)).copied().flatten().and_then(|step| {
                // A DC coefficient is eight times the mean of its samples, which lies within half their
                // range (A.3.3); rounding is granted one step more (A.3.4).
                let step = i64::from(step);
                let half: i64 = if frame.precision > 8 { 16_384 } else { 1024 };
                let low = if frame.coding == Coding::Progressive { header.low } else { 0 };
                (half >> low).checked_div(step).and_then(|most| most.checked_add(1))
            });
        }
        let outcome =
            Scan::new(frame, header, &self.tables).walk(input, self.window, masks, &limits, (start, self.end))?;
        let height = if header.parts.len() == 1 {
            let (_, down) = header.of(frame).next().map_or((1, 1), |component| frame.blocks(component));
            u64::from(frame.height).div_ceil(down.max(1))
        } else {
            u64::from(frame.sampling().1).saturating_mul(8)
        };
        let at = |id: Id, units: u64, offset: u64| {
            let row = units.checked_div(outcome.across).unwrap_or_default().saturating_mul(height);
            let intact = units.saturating_mul(100).checked_div(outcome.units).unwrap_or_default();
            Defect::at(id, offset).with("row", row).with("intact_percent", intact)
        };
        if let Some((units, offset)) = outcome.impossible {
            self.note(at(Id::JpegDcOutOfRange, units, offset));
        }
        let Some(fault) = outcome.fault else { return Ok(Some(outcome.offset)) };
        let id = match fault {
            Fault::Invalid => Id::JpegDataInvalid,
            Fault::Short => Id::JpegDataShort,
            Fault::Truncated => Id::JpegScanTruncated,
            Fault::LeftOver => Id::JpegDataLeftOver,
            Fault::Restart => Id::JpegRestartMisplaced,
        };
        self.cut |= fault == Fault::Truncated;
        self.note(at(id, outcome.done, outcome.offset));
        Ok(None)
    }

    /// Passes over the data of a scan without decoding it, and leaves `at` at the marker behind it, which
    /// it returns. If the scan is given, its restart markers are held against it.
    fn pass_data(&mut self, input: &mut Input<'_>, start: u64, scan: Option<(&Frame, &ScanHeader)>) -> Walk<u64> {
        let interval = u64::from(self.tables.restart);
        let mut restarts = 0_u64;
        let mut misplaced = None;
        self.at = start;
        let stop = loop {
            let Some((offset, code)) = find_marker(input, self.at, self.end)? else {
                break self.end;
            };
            match code {
                _ if marker::is_restart(code) => {
                    if interval == 0 || u64::from(code & 7) != restarts & 7 {
                        misplaced = misplaced.or(Some(offset));
                    }
                    restarts = restarts.saturating_add(1);
                }
                0x01..=0xBF | 0xC8 | marker::SOI | 0xF0..=0xFD => self.unexpected(offset, code),
                _ => break offset,
            }
            self.at = offset.saturating_add(2);
        };
        self.at = stop;
        if let Some((frame, header)) = scan.filter(|(frame, _)| frame.height > 0) {
            let units = Scan::new(frame, header, &self.tables).units();
            let wanted = units.div_ceil(interval.max(1)).saturating_sub(1);
            // One more, behind the last MCU, does no harm.
            let miscounted =
                interval > 0 && stop < self.end && restarts != wanted && restarts != wanted.saturating_add(1);
            if let Some(offset) = misplaced.or(miscounted.then_some(stop)) {
                self.note(Defect::at(Id::JpegRestartMisplaced, offset));
            }
        }
        Ok(stop)
    }

    /// Notes what is missing once the end has been reached.
    fn judge_whole(&mut self) {
        let end = self.at;
        if !self.picture.complete {
            if !self.cut {
                self.note(Defect::at(Id::JpegEndMissing, end));
            }
            return;
        }
        let marker = end.saturating_sub(2);
        let Some(frame) = &self.picture.frame else {
            self.spoil(Id::JpegFrameMissing, marker);
            return;
        };
        if self.picture.scans == 0 {
            self.note(Defect::at(Id::JpegScanMissing, marker));
            return;
        }
        if self.hierarchical || self.spoiled {
            return;
        }
        let progressive = frame.coding.is_progressive();
        let missing = self.known.iter().filter(|known| known.first() == Some(&UNKNOWN)).count();
        if missing > 0 {
            self.note(Defect::at(Id::JpegComponentMissing, marker).with("components", len64(missing)));
        } else if progressive && self.known.iter().flatten().any(|&bit| bit != 0) {
            self.note(Defect::at(Id::JpegProgressionIncomplete, marker));
        }
    }
}

fn blocks_of(frame: &Frame, component: segment::Component) -> u64 {
    let (across, down) = frame.blocks(component);
    across.saturating_mul(down)
}

/// The next marker from `from` on that is no stuffed `FF`, and where its `FF` is; `None` if the stream
/// ends before there is one.
fn find_marker(input: &mut Input<'_>, from: u64, end: u64) -> Walk<Option<(u64, u8)>> {
    let mut at = from;
    while at.saturating_add(1) < end {
        let piece = input.fill(at, end)?;
        if let Some(place) = marker::find(piece) {
            let place_after = piece.get(place.saturating_add(1)).copied().unwrap_or_default();
            at = at.saturating_add(len64(place));
            if place_after != 0xFF {
                return Ok(Some((at, place_after)));
            }
            at = at.saturating_add(1);
            continue;
        }
        // The last byte has to be seen together with the one that follows it.
        let passed = len64(piece.len()).saturating_sub(1);
        if passed > 0 {
            at = at.saturating_add(passed);
            continue;
        }
        match input.array(at)? {
            [0xFF, code] if code != 0 && code != 0xFF => return Ok(Some((at, code))),
            _ => at = at.saturating_add(1),
        }
    }
    Ok(None)
}
