//! Prefix codes (RFC 9649, clause 3.7.2): canonical, at most 15 bits a symbol, complete, or of one symbol
//! that takes no bits.

use super::bits::Bits;

/// The longest code.
const LONGEST: u32 = 15;
/// Codes up to that length are found by one look.
const QUICK: u32 = 10;
/// Two symbols whose codes have no more bits together are found by one look.
const PAIR: u32 = 12;
/// The length in a table that stands for "longer".
const LONGER: u16 = 15;
/// The symbols of the code that lengths are coded by, in the order of their own lengths.
const LENGTH_ORDER: [u8; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// The length that is repeated before any other was read.
const FIRST_LENGTH: u8 = 8;
/// The most symbols: green with the largest cache of colours.
pub(super) const MOST_SYMBOLS: usize = 256 + 24 + (1 << 11);

/// A prefix code.
pub(super) struct Code {
    /// By the next bits: symbol and, in the lowest four bits, length.
    table: Vec<u16>,
    mask: u64,
    longer: Option<Box<Longer>>,
}

/// The codes that are longer than the table is wide, for a search by length.
struct Longer {
    /// For each length, where its codes end among numbers of 15 bits.
    ends: [u32; 16],
    /// For each length, what to add to a code for the place of its symbol.
    places: [u32; 16],
    symbols: Vec<u16>,
}

/// The lengths that a symbol of one code and one of another have together, by the next bits.
pub(super) struct Pairs(Box<[u8; 1 << PAIR]>);

impl Pairs {
    pub(super) fn new(first: &Code, second: &Code) -> Self {
        let mut lengths = Box::new([0; 1 << PAIR]);
        for (bits, to) in (0_u64..).zip(lengths.iter_mut()) {
            // Bits that are not there are zero, so codes that reach beyond them are not to be believed.
            let one = first.length(bits);
            let two = second.length(bits.wrapping_shr(one));
            if one.max(two) < LONGER.into() && one.saturating_add(two) <= PAIR {
                *to = one.saturating_add(two).to_le_bytes()[0];
            }
        }
        Self(lengths)
    }

    /// Passes both symbols, if they are short enough to be known here.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the innermost loop")]
    #[allow(clippy::as_conversions, clippy::indexing_slicing, reason = "masked to the size of the table")]
    pub(super) fn pass(&self, bits: &mut Bits<'_>) -> bool {
        let length = self.0[(bits.peek() & ((1 << PAIR) - 1)) as usize];
        bits.take(length.into());
        length > 0
    }
}

/// A code whose table is not one.
pub(super) struct Invalid;

impl Code {
    /// Reads the code of an alphabet of `size` symbols.
    pub(super) fn read(bits: &mut Bits<'_>, size: usize) -> Result<Self, Invalid> {
        let mut lengths = [0_u8; MOST_SYMBOLS];
        let lengths = lengths.get_mut(..size).ok_or(Invalid)?;
        if bits.flag() {
            let two = bits.flag();
            let width = if bits.flag() { 8 } else { 1 };
            let first = bits.number(width);
            let second = two.then(|| bits.number(8));
            for symbol in [Some(first), second].into_iter().flatten() {
                *lengths.get_mut(crate::bytes::index(symbol.into())).ok_or(Invalid)? = 1;
            }
        } else {
            read_lengths(bits, lengths)?;
        }
        Self::new(lengths)
    }

    /// The code of symbols with these lengths.
    #[allow(clippy::indexing_slicing, reason = "lengths are masked to four bits")]
    fn new(lengths: &[u8]) -> Result<Self, Invalid> {
        let mut counts = [0_u32; 16];
        for &length in lengths {
            if let Some(count) = counts.get_mut(usize::from(length)) {
                *count = count.saturating_add(1);
            }
        }
        counts[0] = 0;
        let symbols: u32 = counts.iter().sum();
        if symbols == 1 {
            let only = lengths.iter().position(|&length| length > 0).unwrap_or_default();
            let only = u16::try_from(only).unwrap_or_default();
            return Ok(Self { table: vec![only << 4], mask: 0, longer: None });
        }
        // Codes in order, seen as numbers of 15 bits, fill them up exactly.
        let (mut next, mut ends, mut places, mut count) = ([0_u32; 16], [0_u32; 16], [0_u32; 16], 0_u32);
        let (mut end, mut longest) = (0_u32, 0_u32);
        for length in 1..=LONGEST {
            let at = crate::bytes::index(length.into()) & 15;
            let shift = LONGEST.saturating_sub(length);
            next[at] = end >> shift;
            places[at] = count.wrapping_sub(next[at]);
            end = end.saturating_add(counts[at] << shift);
            ends[at] = end;
            count = count.saturating_add(counts[at]);
            if counts[at] > 0 {
                longest = length;
            }
        }
        if end != 1 << LONGEST {
            return Err(Invalid);
        }
        let width = longest.min(QUICK);
        let mut table = vec![LONGER; 1 << width];
        let mut sorted = vec![0; if longest > QUICK { lengths.len() } else { 0 }];
        for (symbol, &length) in (0_u16..).zip(lengths).filter(|(_, length)| **length > 0) {
            let at = usize::from(length) & 15;
            let code = next[at];
            next[at] = code.wrapping_add(1);
            if let Some(to) = sorted.get_mut(crate::bytes::index(places[at].wrapping_add(code).into())) {
                *to = symbol;
            }
            if u32::from(length) <= width {
                let first = code.reverse_bits().wrapping_shr(32_u32.saturating_sub(length.into()));
                let entries = table.iter_mut().skip(crate::bytes::index(first.into())).step_by(1 << length);
                entries.for_each(|entry| *entry = (symbol << 4) | u16::from(length));
            }
        }
        let longer = (longest > QUICK).then(|| Box::new(Longer { ends, places, symbols: sorted }));
        Ok(Self { table, mask: !(u64::MAX << width), longer })
    }

    /// The symbol if there is only one, which takes no bits.
    pub(super) fn only(&self) -> Option<u16> {
        match self.table.as_slice() {
            [only] => Some(only >> 4),
            _ => None,
        }
    }

    /// The length of the code that `bits` begin with, or [`LONGER`].
    fn length(&self, bits: u64) -> u32 {
        let entry = self.table.get(crate::bytes::index(bits & self.mask)).copied().unwrap_or(LONGER);
        u32::from(entry & 15)
    }

    /// The bytes that the tables take.
    pub(super) fn memory(&self) -> usize {
        let longer = self.longer.as_ref().map_or(0, |longer| longer.symbols.len());
        size_of::<Self>().saturating_add(self.table.len().saturating_add(longer).saturating_mul(2))
    }

    /// Takes the next symbol; 15 bits must be loaded.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the innermost loop")]
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation, reason = "masked to ten bits")]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> u16 {
        let entry = self.table.get((bits.peek() & self.mask) as usize).copied().unwrap_or_default();
        if entry & 15 == LONGER {
            return self.search(bits);
        }
        bits.take(u32::from(entry & 15));
        entry >> 4
    }

    /// Finds a symbol of more than [`QUICK`] bits.
    #[cold]
    #[allow(clippy::indexing_slicing, reason = "the length is masked to four bits")]
    fn search(&self, bits: &mut Bits<'_>) -> u16 {
        let Some(longer) = &self.longer else { return 0 };
        let [low, high, ..] = bits.peek().to_le_bytes();
        let code = u32::from(u16::from_le_bytes([low, high]).reverse_bits() >> 1);
        let mut length = QUICK.wrapping_add(1);
        for end in longer.ends.iter().skip(11) {
            if code < *end {
                break;
            }
            length = length.wrapping_add(1);
        }
        let at = crate::bytes::index(length.into()) & 15;
        bits.take(length.min(LONGEST));
        let place = (code >> LONGEST.saturating_sub(length)).wrapping_add(longer.places[at]);
        longer.symbols.get(crate::bytes::index(place.into())).copied().unwrap_or_default()
    }
}

/// Reads the lengths of the codes of all symbols, which are coded themselves.
fn read_lengths(bits: &mut Bits<'_>, lengths: &mut [u8]) -> Result<(), Invalid> {
    let mut own = [0_u8; 19];
    let count = bits.number(4).saturating_add(4);
    for &symbol in LENGTH_ORDER.iter().take(crate::bytes::index(count.into())) {
        let length = bits.number(3).to_le_bytes()[0];
        if let Some(own) = own.get_mut(usize::from(symbol)) {
            *own = length;
        }
    }
    let code = Code::new(&own)?;
    let mut left = crate::bytes::len64(lengths.len());
    if bits.flag() {
        let width = bits.number(3).saturating_mul(2).saturating_add(2);
        let most = u64::from(bits.number(width)).saturating_add(2);
        if most > left {
            return Err(Invalid);
        }
        left = most;
    }
    let mut before = FIRST_LENGTH;
    let mut rest = &mut *lengths;
    while !rest.is_empty() && left > 0 {
        left = left.saturating_sub(1);
        bits.refill();
        let (count, length) = match code.symbol(bits) {
            16 => (bits.number(2).saturating_add(3), before),
            17 => (bits.number(3).saturating_add(3), 0),
            18 => (bits.number(7).saturating_add(11), 0),
            length => {
                let [length, _] = length.to_le_bytes();
                if length > 0 {
                    before = length;
                }
                (1, length)
            }
        };
        let (these, behind) = rest.split_at_mut_checked(crate::bytes::index(count.into())).ok_or(Invalid)?;
        these.fill(length);
        rest = behind;
    }
    Ok(())
}
