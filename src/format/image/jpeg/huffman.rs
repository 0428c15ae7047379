//! Huffman tables (T.81, annex C and clause F.2.2.3) in the shape that a walk wants which needs to know
//! how long the codes are and which coefficients they stand for, but not the coefficients' values.

use std::sync::{Arc, LazyLock, OnceLock};

/// Bits that the table of single symbols looks at.
const SHORT: u32 = 9;
/// Bits that the table of runs looks at: 8 KiB a table, so that luma and chroma fit the first cache.
pub(super) const WINDOW: u32 = 12;
/// Bits that the table of bands looks at: 8 KiB too.
pub(super) const BAND_WINDOW: u32 = 10;
/// The longest code.
const LONGEST: u32 = 16;

/// The largest size of an AC coefficient of 8-bit samples (table F.2).
pub(super) const MAX_AC_SIZE: u8 = 10;

/// A Huffman table.
#[derive(Debug)]
pub(super) struct Huffman {
    counts: [u8; 16],
    values: Vec<u8>,
    /// By the next [`SHORT`] bits: length << 8 | symbol; 0 if the code is longer or there is none.
    short: [u16; 1 << SHORT],
    /// By length: the first code that is longer, left-aligned in 16 bits.
    limits: [u32; 17],
    /// By length: what to add to a code to get the place of its value.
    places: [i32; 17],
    runs: OnceLock<Box<Runs>>,
    bands: OnceLock<Box<Bands>>,
}

/// By the next [`WINDOW`] bits, the whole AC symbols with their additional bits that begin there:
/// bits 0 to 4 the bits they take, bits 5 to 11 the coefficients they pass, plus [`Self::END`] if
/// the last one is the end of the block.
#[derive(Debug)]
pub(super) struct Runs([u16; 1 << WINDOW]);

impl Runs {
    /// Added to the coefficients if the block ends; more than any real number of them.
    pub(super) const END: u32 = 128;
    /// In place of the coefficients if there is no whole symbol: too many, but no end.
    const NONE: u16 = 64 << 5;

    /// A table that resolves nothing.
    pub(super) const NOTHING: Self = Self([Self::NONE; 1 << WINDOW]);

    /// The entry for the bits at the top of `bits`.
    #[inline(always)]
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the shift leaves 12 bits")]
    #[allow(clippy::indexing_slicing, reason = "12 bits index 4096 entries")]
    #[allow(clippy::inline_always, reason = "the innermost loop of the walk")]
    pub(super) fn at(&self, bits: u64) -> u32 {
        u32::from(self.0[(bits >> (64 - WINDOW)) as usize])
    }
}

/// By the next [`BAND_WINDOW`] bits, the whole AC symbols of a first progressive scan that begin
/// there: bits 0 to 31 which coefficients from here on are not zero, bits 32 to 39 the bits taken,
/// bits 40 to 47 the coefficients passed, plus [`Runs::END`] if the block ends.
#[derive(Debug)]
pub(super) struct Bands([u64; 1 << BAND_WINDOW]);

impl Bands {
    const NONE: u64 = 64 << 40;

    /// A table that resolves nothing.
    pub(super) const NOTHING: Self = Self([Self::NONE; 1 << BAND_WINDOW]);

    /// The entry for the bits at the top of `bits`.
    #[inline(always)]
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the shift leaves 10 bits")]
    #[allow(clippy::indexing_slicing, reason = "10 bits index 1024 entries")]
    #[allow(clippy::inline_always, reason = "the innermost loop of the walk")]
    pub(super) fn at(&self, bits: u64) -> u64 {
        self.0[(bits >> (64 - BAND_WINDOW)) as usize]
    }
}

impl Huffman {
    /// The table with `counts` codes of each length and these `values`, from the standard ones if it
    /// is one of them; `None` if the counts leave no code for a value.
    pub(super) fn shared(counts: &[u8; 16], values: &[u8]) -> Option<Arc<Self>> {
        let known = STANDARD.iter().flatten().find(|table| table.is(counts, values));
        known.cloned().or_else(|| Self::new(counts, values).map(Arc::new))
    }

    /// The table that the standard suggests (annex K.3) for DC (`false`) or AC (`true`) and luma (0)
    /// or chroma (1).
    pub(super) fn standard(ac: bool, slot: u8) -> Option<Arc<Self>> {
        let slot = usize::from(slot).checked_add(if ac { 2 } else { 0 })?;
        STANDARD.get(slot).cloned().flatten()
    }

    /// Whether the table was made of these `counts` and `values`.
    pub(super) fn is(&self, counts: &[u8; 16], values: &[u8]) -> bool {
        self.counts == *counts && self.values == values
    }

    fn new(counts: &[u8; 16], values: &[u8]) -> Option<Self> {
        if values.len() > 256 {
            return None;
        }
        let mut table = Self {
            counts: *counts,
            values: values.to_vec(),
            short: [0; 1 << SHORT],
            limits: [0; 17],
            places: [0; 17],
            runs: OnceLock::new(),
            bands: OnceLock::new(),
        };
        let (mut code, mut place) = (0_u32, 0_u32);
        for ((length, &count), (limit, first)) in
            (1_u32..).zip(counts).zip(table.limits.iter_mut().zip(&mut table.places).skip(1))
        {
            *first = i32::try_from(place).ok()?.checked_sub(i32::try_from(code).ok()?)?;
            let end = code.checked_add(count.into())?;
            if end > 1 << length {
                return None;
            }
            if let Some(spare) = SHORT.checked_sub(length) {
                for (code, &value) in (code..end).zip(values.get(usize::try_from(place).ok()?..)?) {
                    let from = usize::try_from(code << spare).ok()?;
                    let entries = table.short.get_mut(from..from.checked_add(1 << spare)?)?;
                    entries.fill(u16::try_from(length << 8).ok()? | u16::from(value));
                }
            }
            place = place.checked_add(count.into())?;
            *limit = end << LONGEST.checked_sub(length)?;
            code = end << 1;
        }
        Some(table)
    }

    /// The symbol whose code is at the top of `bits`, and the length of that code; `None` if there is
    /// no such code.
    #[inline(always)]
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the shift leaves 9 bits")]
    #[allow(clippy::indexing_slicing, reason = "9 bits index 512 entries")]
    #[allow(clippy::inline_always, reason = "the innermost loop of the walk")]
    pub(super) fn symbol(&self, bits: u64) -> Option<(u8, u32)> {
        let entry = self.short[(bits >> (64 - SHORT)) as usize];
        if entry == 0 { self.long_symbol(bits) } else { Some((entry as u8, u32::from(entry >> 8))) }
    }

    #[cold]
    #[inline(never)]
    fn long_symbol(&self, bits: u64) -> Option<(u8, u32)> {
        let next = u32::try_from(bits >> 48).ok()?;
        let lengths = (1..=LONGEST).zip(self.limits.iter().zip(&self.places).skip(1));
        let (length, place) =
            lengths.filter(|(_, (limit, _))| next < **limit).map(|(length, (_, place))| (length, place)).next()?;
        let code = i32::try_from(next >> LONGEST.checked_sub(length)?).ok()?;
        let place = usize::try_from(code.checked_add(*place)?).ok()?;
        self.values.get(place).map(|&value| (value, length))
    }

    pub(super) fn has_runs(&self) -> bool {
        self.runs.get().is_some()
    }

    pub(super) fn has_bands(&self) -> bool {
        self.bands.get().is_some()
    }

    /// The table of runs, made when it is first asked for.
    pub(super) fn runs(&self) -> &Runs {
        self.runs.get_or_init(|| Box::new(Runs(std::array::from_fn(|bits| self.run(bits)))))
    }

    fn run(&self, bits: usize) -> u16 {
        let mut rest = u64::try_from(bits).unwrap_or_default() << (64 - WINDOW);
        let (mut taken, mut passed) = (0_u32, 0_u32);
        while let Some((symbol, length)) =
            self.symbol(rest).filter(|(_, length)| taken.saturating_add(*length) <= WINDOW)
        {
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            let coefficients = match (run, size) {
                (0, 0) => Runs::END,
                (15, 0) => 16,
                (_, 1..=MAX_AC_SIZE) => run.saturating_add(1),
                _ => break,
            };
            if passed.saturating_add(coefficients) & 127 > 63 {
                break;
            }
            let length = length.saturating_add(size.into());
            passed = passed.saturating_add(coefficients);
            taken = taken.saturating_add(length);
            if passed >= Runs::END || taken >= WINDOW {
                break;
            }
            rest <<= length;
        }
        if taken == 0 { Runs::NONE } else { u16::try_from((passed << 5) | taken).unwrap_or(Runs::NONE) }
    }

    /// The table of bands, made when it is first asked for.
    pub(super) fn bands(&self) -> &Bands {
        self.bands.get_or_init(|| Box::new(Bands(std::array::from_fn(|bits| self.band(bits)))))
    }

    fn band(&self, bits: usize) -> u64 {
        let mut rest = u64::try_from(bits).unwrap_or_default() << (64 - BAND_WINDOW);
        let (mut taken, mut passed, mut set) = (0_u32, 0_u32, 0_u64);
        while let Some((symbol, length)) =
            self.symbol(rest).filter(|(_, length)| taken.saturating_add(*length) <= BAND_WINDOW)
        {
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            let coefficients = match (run, size) {
                (0, 0) => Runs::END,
                (15, 0) => 16,
                (_, 1..=MAX_AC_SIZE) => run.saturating_add(1),
                _ => break,
            };
            if passed.saturating_add(coefficients) & 127 > 32 {
                break;
            }
            passed = passed.saturating_add(coefficients);
            if size > 0 {
                set |= 1 << passed.saturating_sub(1);
            }
            let length = length.saturating_add(size.into());
            taken = taken.saturating_add(length);
            if passed >= Runs::END || taken >= BAND_WINDOW {
                break;
            }
            rest <<= length;
        }
        if taken == 0 { Bands::NONE } else { set | (u64::from(taken) << 32) | (u64::from(passed) << 40) }
    }
}

/// The tables of annex K.3: DC of luma and chroma, AC of luma and chroma. Most files have them.
static STANDARD: LazyLock<[Option<Arc<Huffman>>; 4]> = LazyLock::new(|| {
    let table = |counts, values| Huffman::new(counts, values).map(Arc::new);
    [
        table(&[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &DC_VALUES),
        table(&[0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &DC_VALUES),
        table(&[0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], &LUMA_AC_VALUES),
        table(&[0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], &CHROMA_AC_VALUES),
    ]
});

/// Tables K.3 and K.4.
const DC_VALUES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Table K.5.
#[rustfmt::skip]
const LUMA_AC_VALUES: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
    0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72,
    0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37,
    0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
    0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
    0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
    0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
    0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

/// Table K.6.
#[rustfmt::skip]
const CHROMA_AC_VALUES: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1,
    0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36,
    0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
    0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
    0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
    0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
    0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];
