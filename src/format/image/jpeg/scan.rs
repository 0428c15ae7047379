//! The walk of Huffman-coded scans (T.81, clause F.2 and annex G.2) without a picture: every code is
//! followed, but of the coefficients only what decides about the codes that come is kept. For
//! sequential scans that is nothing, for progressive ones a bit per coefficient: zero or not.

use std::sync::Arc;

use super::bits::{Reader, Window};
use super::huffman::{Bands, Huffman, MAX_AC_SIZE, Runs};
use super::marker::{RST0, is_restart};
use super::segment::{Coding, Frame, ScanHeader, Tables};
use crate::input::{Input, Walk};

/// Scans with fewer bytes than this do not pay for the tables that resolve several symbols at once.
const WORTH_TABLES: usize = 4 << 10;
/// What the making of such a table counts as work.
const TABLE_WORK: u64 = 1 << 14;
/// So many blocks of a refining scan count as one step of work, since they may need no data.
const BLOCKS_A_STEP: u64 = 4;

/// What is wrong with the data of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No code, or one that leads out of its block or out of the range of numbers.
    Invalid,
    /// A marker comes before the last MCU of the scan or of the restart interval.
    Short,
    /// The stream ends before the last MCU.
    Truncated,
    /// There is more than the last MCU.
    LeftOver,
    /// Not the restart marker that was due.
    Restart,
}

/// How far a walk came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    /// Where in the file it ended.
    pub(super) offset: u64,
    /// The first fault.
    pub(super) fault: Option<Fault>,
    /// MCUs before the fault, and in all.
    pub(super) done: u64,
    pub(super) units: u64,
    /// MCUs before the row with the first DC coefficient that no samples have.
    pub(super) impossible: Option<(u64, u64)>,
    /// MCUs in a row.
    pub(super) across: u64,
}

/// One scan: where it is and what it is made of.
pub(super) struct Scan<'a> {
    frame: &'a Frame,
    header: &'a ScanHeader,
    restart: u64,
    blocks: Vec<Block>,
    across: u64,
    units: u64,
    small: bool,
}

/// One block of an MCU.
struct Block {
    /// Which of the scan's components it belongs to, 0 to 3.
    part: usize,
    dc: Option<Arc<Huffman>>,
    ac: Option<Arc<Huffman>>,
}

/// The DC coefficients of a component: the last one, and how far they went.
#[derive(Clone, Copy, Default)]
struct Dc {
    last: i32,
    least: i32,
    most: i32,
}

/// A code that cannot be.
struct Invalid;

impl<'a> Scan<'a> {
    /// The scan that `header` describes, with the tables that are in force.
    pub(super) fn new(frame: &'a Frame, header: &'a ScanHeader, tables: &Tables) -> Self {
        let table = |slots: &[Option<Arc<Huffman>>; 4], slot: u8| slots.get(usize::from(slot)).cloned().flatten();
        let mut blocks = Vec::new();
        for (place, (part, component)) in header.parts.iter().zip(header.of(frame)).enumerate() {
            let several = header.parts.len() > 1;
            let count = if several { component.horizontal.saturating_mul(component.vertical) } else { 1 };
            for _ in 0..count {
                blocks.push(Block { part: place, dc: table(&tables.dc, part.dc), ac: table(&tables.ac, part.ac) });
            }
        }
        let (across, down) = match header.parts.as_slice() {
            [part] => frame.components.get(part.component).map_or((0, 0), |&component| frame.blocks(component)),
            _ => frame.units(),
        };
        Self {
            frame,
            header,
            restart: tables.restart.into(),
            blocks,
            across: across.max(1),
            units: across.saturating_mul(down),
            small: false,
        }
    }

    /// How many MCUs the scan has.
    pub(super) fn units(&self) -> u64 {
        self.units
    }

    /// Walks the data that begins at `start`. `masks` holds a bit per coefficient of the blocks of
    /// the scan's only component if the scan is one of AC coefficients.
    pub(super) fn walk(
        &mut self,
        input: &mut Input<'_>,
        window: &mut Window,
        masks: &mut [u64],
        limits: &[Option<i64>; 4],
        (start, end): (u64, u64),
    ) -> Walk<Outcome> {
        let mut outcome =
            Outcome { offset: start, fault: None, done: 0, units: self.units, impossible: None, across: self.across };
        let mut due = RST0;
        let mut at = start;
        while outcome.done < self.units {
            window.begin(at, end);
            window.refill(input)?;
            if at == start {
                self.small = window.ended && window.left() < WORTH_TABLES && self.restart == 0;
            }
            let left = self.units.saturating_sub(outcome.done);
            let count = if self.restart == 0 { left } else { left.min(self.restart) };
            let target = outcome.done.saturating_add(count);
            let ok = self.interval(input, window, masks, limits, count, &mut outcome)?;
            outcome.offset = window.offset();
            let early = if window.stopped_by_marker() { Fault::Short } else { Fault::Truncated };
            // What is left of the data may be the first part of a code.
            let cut_off = !ok && window.is_at_end() && outcome.done < target;
            if window.is_overrun() || cut_off {
                outcome.fault = Some(early);
                break;
            }
            if !ok {
                outcome.fault = Some(Fault::Invalid);
                break;
            }
            if !window.ended {
                window.refill(input)?;
            }
            if window.left() > 0 {
                outcome.fault = Some(Fault::LeftOver);
                break;
            }
            at = window.stopped_at();
            outcome.offset = at;
            if outcome.done >= self.units {
                break;
            }
            if !window.stopped_by_marker() {
                outcome.fault = Some(Fault::Truncated);
                break;
            }
            let [_, found] = input.array(at)?;
            if found != due {
                outcome.fault = Some(if is_restart(found) { Fault::Restart } else { Fault::Short });
                break;
            }
            due = RST0 | (due.wrapping_add(1) & 7);
            at = at.saturating_add(2);
        }
        Ok(outcome)
    }

    /// Walks `count` MCUs up to a restart marker or the end of the scan. `false` if a code was bad.
    fn interval(
        &self,
        input: &mut Input<'_>,
        window: &mut Window,
        masks: &mut [u64],
        limits: &[Option<i64>; 4],
        count: u64,
        outcome: &mut Outcome,
    ) -> Walk<bool> {
        let header = self.header;
        match (self.frame.coding == Coding::Progressive, header.first == 0, header.high == 0) {
            (true, true, false) => {
                // One bit for each block (G.1.2.1).
                let before = outcome.done;
                let bits = count.saturating_mul(u64::try_from(self.blocks.len()).unwrap_or(u64::MAX));
                window.skip(input, bits)?;
                outcome.done = before.saturating_add(if window.is_overrun() { 0 } else { count });
                Ok(true)
            }
            (true, false, first) => self.band(input, window, masks, first, count, outcome),
            (progressive, ..) => self.blocks(input, window, progressive, limits, count, outcome),
        }
    }

    /// MCUs of a sequential scan, or of the first scan of DC coefficients.
    fn blocks(
        &self,
        input: &mut Input<'_>,
        window: &mut Window,
        progressive: bool,
        limits: &[Option<i64>; 4],
        count: u64,
        outcome: &mut Outcome,
    ) -> Walk<bool> {
        let wide = self.frame.precision > 8;
        let mut unit = Unit { blocks: Vec::with_capacity(self.blocks.len()), wide };
        for block in &self.blocks {
            let Some(dc) = block.dc.as_deref() else { return Ok(false) };
            let ac = match (progressive, block.ac.as_deref()) {
                (true, _) => None,
                (false, Some(ac)) => Some((ac, self.runs(input, ac)?)),
                (false, None) => return Ok(false),
            };
            unit.blocks.push((block.part, dc, ac));
        }
        let mut dc = [Dc::default(); 4];
        let last = outcome.done.saturating_add(count);
        while outcome.done < last {
            let row = outcome.done.checked_div(self.across).unwrap_or_default().saturating_mul(self.across);
            let row_end = row.saturating_add(self.across).min(last);
            while outcome.done < row_end {
                if window.is_low() {
                    window.refill(input)?;
                }
                let left = row_end.saturating_sub(outcome.done);
                let (walked, used, ok) = unit.walk(window.reader(), &mut dc, left);
                window.advance_to(used);
                if !ok {
                    outcome.done = outcome.done.saturating_add(walked);
                    return Ok(false);
                }
                if window.is_overrun() {
                    // The last MCU took bits that are not there.
                    outcome.done = outcome.done.saturating_add(walked.saturating_sub(1));
                    return Ok(true);
                }
                outcome.done = outcome.done.saturating_add(walked);
            }
            if outcome.impossible.is_none() {
                let beyond = dc.iter().zip(limits).any(|(dc, limit)| {
                    let reach = i64::from(dc.most).max(i64::from(dc.least).saturating_neg());
                    limit.is_some_and(|limit| reach > limit)
                });
                if beyond {
                    outcome.impossible = Some((row, window.offset()));
                }
            }
        }
        Ok(true)
    }

    /// Blocks of a scan of AC coefficients.
    fn band(
        &self,
        input: &mut Input<'_>,
        window: &mut Window,
        masks: &mut [u64],
        first: bool,
        count: u64,
        outcome: &mut Outcome,
    ) -> Walk<bool> {
        let Some(table) = self.blocks.first().and_then(|block| block.ac.as_deref()) else { return Ok(false) };
        let bands = if first { self.bands(input, table)? } else { &Bands::NOTHING };
        let mut band = Band {
            table,
            bands,
            first: self.header.first.into(),
            last: self.header.last.into(),
            max_size: max_ac_size(self.frame.precision > 8),
            run: 0,
        };
        let last = outcome.done.saturating_add(count);
        while outcome.done < last {
            if window.is_low() {
                window.refill(input)?;
            }
            let range = crate::bytes::index(outcome.done)..crate::bytes::index(last);
            let Some(masks) = masks.get_mut(range) else { return Ok(false) };
            let (walked, used, ok) =
                if first { band.begin(window.reader(), masks) } else { band.refine(window.reader(), masks) };
            window.advance_to(used);
            if !first {
                input.work(walked / BLOCKS_A_STEP)?;
            }
            if !ok {
                outcome.done = outcome.done.saturating_add(walked);
                return Ok(false);
            }
            if window.is_overrun() {
                outcome.done = outcome.done.saturating_add(walked.saturating_sub(1));
                return Ok(true);
            }
            outcome.done = outcome.done.saturating_add(walked);
        }
        // A run of empty blocks does not go on behind a restart marker or the end (G.1.2.2).
        Ok(band.run == 0)
    }

    fn runs<'t>(&self, input: &mut Input<'_>, table: &'t Huffman) -> Walk<&'t Runs> {
        if self.small || self.frame.precision > 8 {
            return Ok(&Runs::NOTHING);
        }
        if !table.has_runs() {
            input.work(TABLE_WORK)?;
        }
        Ok(table.runs())
    }

    fn bands<'t>(&self, input: &mut Input<'_>, table: &'t Huffman) -> Walk<&'t Bands> {
        if self.small || self.frame.precision > 8 {
            return Ok(&Bands::NOTHING);
        }
        if !table.has_bands() {
            input.work(TABLE_WORK)?;
        }
        Ok(table.bands())
    }
}

/// The largest size of a DC difference (table F.1, and F.6 for 12 bits).
fn max_dc_size(wide: bool) -> u8 {
    if wide { 15 } else { 11 }
}

/// The largest size of an AC coefficient (table F.2, and F.7 for 12 bits).
fn max_ac_size(wide: bool) -> u8 {
    if wide { 14 } else { MAX_AC_SIZE }
}

/// Which component a block is of, its DC table, and its AC table in both shapes if it has AC codes.
type UnitBlock<'t> = (usize, &'t Huffman, Option<(&'t Huffman, &'t Runs)>);

/// The blocks of an MCU with their tables.
struct Unit<'t> {
    blocks: Vec<UnitBlock<'t>>,
    /// Whether samples have more than 8 bits.
    wide: bool,
}

impl Unit<'_> {
    /// Walks up to `count` MCUs, as far as the data reaches. Returns how many were begun or, if a
    /// code was bad, completed; the bits used; and whether all codes were good.
    fn walk(&self, mut reader: Reader<'_>, dc: &mut [Dc; 4], count: u64) -> (u64, usize, bool) {
        let mut state = *dc;
        let mut done = 0;
        let mut ok = true;
        while done < count && reader.is_safe() {
            if self.one(&mut reader, &mut state).is_err() {
                ok = false;
                break;
            }
            done = done.wrapping_add(1);
        }
        *dc = state;
        (done, reader.used(), ok)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the reader must stay in registers")]
    #[allow(clippy::indexing_slicing, reason = "two bits index four entries")]
    fn one(&self, reader: &mut Reader<'_>, dc: &mut [Dc; 4]) -> Result<(), Invalid> {
        for &(part, table, ac) in &self.blocks {
            let difference = difference(reader, table, self.wide)?;
            let dc = &mut dc[part & 3];
            dc.last = dc.last.wrapping_add(difference);
            dc.least = dc.least.min(dc.last);
            dc.most = dc.most.max(dc.last);
            if let Some((table, runs)) = ac {
                coefficients(reader, table, runs, self.wide)?;
            }
        }
        Ok(())
    }
}

/// The difference of a DC coefficient from the one before (F.2.2.1).
#[inline(always)]
#[allow(clippy::inline_always, reason = "the reader must stay in registers")]
#[allow(clippy::arithmetic_side_effects, reason = "the size is at most 15")]
fn difference(reader: &mut Reader<'_>, table: &Huffman, wide: bool) -> Result<i32, Invalid> {
    reader.refill();
    let (size, length) = table.symbol(reader.peek()).ok_or(Invalid)?;
    if size > max_dc_size(wide) {
        return Err(Invalid);
    }
    reader.take(length);
    let bits = reader.number(size.into()).cast_signed();
    // Numbers that begin with a 0 are negative.
    let below = (1_i32 << size) - 1;
    Ok(if bits << 1 > below { bits } else { bits - below })
}

/// Passes the AC coefficients of a block (F.2.2.2).
#[inline(always)]
#[allow(clippy::inline_always, reason = "the reader must stay in registers")]
#[allow(clippy::arithmetic_side_effects, reason = "at most 127 is added to at most 63, twice")]
fn coefficients(reader: &mut Reader<'_>, table: &Huffman, runs: &Runs, wide: bool) -> Result<(), Invalid> {
    let mut next = 1_u32;
    loop {
        reader.refill();
        let entry = runs.at(reader.peek());
        let reached = next + (entry >> 5);
        if reached < 64 {
            reader.take(entry & 31);
            next = reached;
            continue;
        }
        if (Runs::END..Runs::END + 64).contains(&reached) {
            reader.take(entry & 31);
            return Ok(());
        }
        let (symbol, length) = table.symbol(reader.peek()).ok_or(Invalid)?;
        reader.take(length);
        next = match (u32::from(symbol >> 4), symbol & 15) {
            (0, 0) => return Ok(()),
            (15, 0) => next + 16,
            (run, size) if size > 0 && size <= max_ac_size(wide) => {
                reader.take(size.into());
                next + run + 1
            }
            _ => return Err(Invalid),
        };
        match next {
            0..64 => {}
            64 => return Ok(()),
            _ => return Err(Invalid),
        }
    }
}

/// A band of AC coefficients of one component.
struct Band<'t> {
    table: &'t Huffman,
    bands: &'t Bands,
    first: u32,
    last: u32,
    max_size: u8,
    /// Blocks that are still to come without a coefficient of their own (EOBRUN).
    run: u32,
}

impl Band<'_> {
    /// The first scan of the band (G.1.2.2): one mask a block.
    fn begin(&mut self, mut reader: Reader<'_>, masks: &mut [u64]) -> (u64, usize, bool) {
        let mut done = 0_usize;
        let mut ok = true;
        while done < masks.len() {
            if self.run > 0 {
                let run = usize::try_from(self.run).unwrap_or(usize::MAX).min(masks.len().saturating_sub(done));
                self.run = self.run.saturating_sub(u32::try_from(run).unwrap_or(u32::MAX));
                done = done.saturating_add(run);
                continue;
            }
            if !reader.is_safe() {
                break;
            }
            let Some(mask) = masks.get_mut(done) else { break };
            let Ok(set) = self.begin_block(&mut reader) else {
                ok = false;
                break;
            };
            *mask |= set;
            done = done.saturating_add(1);
        }
        (crate::bytes::len64(done), reader.used(), ok)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the reader must stay in registers")]
    #[allow(clippy::arithmetic_side_effects, reason = "no place in a block is beyond 63 + 128 + 32")]
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "fields of 8 bits")]
    fn begin_block(&mut self, reader: &mut Reader<'_>) -> Result<u64, Invalid> {
        let mut next = self.first;
        let mut set = 0_u64;
        loop {
            reader.refill();
            let entry = self.bands.at(reader.peek());
            let reached = next + (entry >> 40) as u32;
            if reached <= self.last {
                set |= (entry & 0xFFFF_FFFF) << next;
                reader.take((entry >> 32) as u32 & 63);
                next = reached;
                continue;
            }
            if (Runs::END..=Runs::END + self.last).contains(&reached) {
                set |= (entry & 0xFFFF_FFFF) << next;
                reader.take((entry >> 32) as u32 & 63);
                return Ok(set);
            }
            let (symbol, length) = self.table.symbol(reader.peek()).ok_or(Invalid)?;
            reader.take(length);
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            if size == 0 && run < 15 {
                self.run = (1 << run) - 1 + reader.number(run);
                return Ok(set);
            }
            if size > self.max_size {
                return Err(Invalid);
            }
            next += run;
            if next > self.last {
                return Err(Invalid);
            }
            if size > 0 {
                reader.take(size.into());
                set |= 1 << next;
            }
            next += 1;
            if next > self.last {
                return Ok(set);
            }
        }
    }

    /// A scan that adds a bit to the band (G.1.2.3).
    fn refine(&mut self, mut reader: Reader<'_>, masks: &mut [u64]) -> (u64, usize, bool) {
        let mut done = 0_u64;
        let mut ok = true;
        let band = u64::MAX << (self.first & 63) & u64::MAX >> (63_u32.saturating_sub(self.last) & 63);
        for mask in masks {
            if !reader.is_safe() {
                break;
            }
            if self.run > 0 {
                self.run = self.run.saturating_sub(1);
                correct(&mut reader, (*mask & band).count_ones());
            } else if self.refine_block(&mut reader, mask, band).is_err() {
                ok = false;
                break;
            }
            done = done.wrapping_add(1);
        }
        (done, reader.used(), ok)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the reader must stay in registers")]
    #[allow(clippy::arithmetic_side_effects, reason = "no place in a block is beyond 64")]
    fn refine_block(&mut self, reader: &mut Reader<'_>, mask: &mut u64, band: u64) -> Result<(), Invalid> {
        let known = *mask;
        let mut next = self.first;
        loop {
            reader.refill();
            let (symbol, length) = self.table.symbol(reader.peek()).ok_or(Invalid)?;
            reader.take(length);
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            if size > 1 {
                return Err(Invalid);
            }
            if size == 0 && run < 15 {
                self.run = (1 << run) - 1 + reader.number(run);
                correct(reader, (known & band & u64::MAX << next).count_ones());
                return Ok(());
            }
            reader.take(size.into());
            let mut zeros = !known & band & u64::MAX << next;
            for _ in 0..run {
                zeros &= zeros.wrapping_sub(1);
            }
            if zeros == 0 {
                return Err(Invalid);
            }
            let place = zeros.trailing_zeros();
            // All that lies between and is not among the zeros that were passed has a bit here.
            correct(reader, place - next - run);
            *mask |= u64::from(size) << place;
            next = place + 1;
            if next > self.last {
                return Ok(());
            }
        }
    }
}

/// Passes the bits that correct `count` coefficients, at most 63.
#[inline(always)]
#[allow(clippy::inline_always, reason = "the reader must stay in registers")]
#[allow(clippy::arithmetic_side_effects, reason = "the count was compared")]
fn correct(reader: &mut Reader<'_>, count: u32) {
    if reader.has_less_than(count) {
        reader.refill();
    }
    if count > 32 {
        reader.take(32);
        reader.refill();
        reader.take(count - 32);
    } else {
        reader.take(count);
    }
}
