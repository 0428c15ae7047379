//! Pixels as literals, copies and colours from a cache (RFC 9649, clause 3.6).

use super::bits::{Bits, Stream};
use super::code::{Code, Pairs};
use super::{Halt, Input};
use crate::bytes::{index, len64};
use crate::input::{Spent, Stop};

/// The most pixels of a picture that says which codes are in force; encoders keep it below 2,600.
const MOST_BLOCKS: u64 = 1 << 20;
/// The most bytes of tables of codes.
const MOST_TABLES: usize = 24 << 20;
/// So many symbols count as one step of work, since they may need no data.
const SYMBOLS_A_STEP: u64 = 8;
/// Symbols that are taken between two looks at the budget.
const STRETCH: u32 = 1 << 16;
/// Groups that are in force for fewer pixels do not pay for a table of two symbols at once.
const WORTH_PAIRS: u64 = 1 << 13;
/// A copy is named by its place near the pixel, or else by a distance beyond these (clause 3.6.2.2).
const NEAR: u32 = 120;

/// The codes of a pixel: green with lengths and the cache, red, blue, alpha, and distances.
struct Group {
    green: Code,
    red: Code,
    blue: Code,
    alpha: Code,
    distance: Code,
    /// Alpha if it takes no bits.
    opaque: Option<u16>,
    /// Whether red and blue take no bits either.
    plain: bool,
    /// The lengths of red and blue together.
    red_and_blue: Option<Pairs>,
}

impl Group {
    fn read(bits: &mut Bits<'_>, colors: usize) -> Option<Self> {
        let mut code = |size: usize| Code::read(bits, size).ok();
        let (green, red, blue) = (code(colors.saturating_add(256 + 24))?, code(256)?, code(256)?);
        let (alpha, distance) = (code(256)?, code(40)?);
        let opaque = alpha.only();
        let plain = red.only().is_some() && blue.only().is_some() && opaque.is_some();
        Some(Self { green, red, blue, alpha, distance, opaque, plain, red_and_blue: None })
    }

    fn memory(&self) -> usize {
        let pairs = self.red_and_blue.as_ref().map_or(0, |_| size_of::<Pairs>());
        let codes = [&self.green, &self.red, &self.blue, &self.alpha, &self.distance];
        codes.iter().map(|code| code.memory()).sum::<usize>().saturating_add(pairs)
    }
}

/// A picture within the data: the codes of its pixels, and where which of them are in force.
pub(super) struct Image {
    width: u64,
    height: u64,
    groups: Vec<Group>,
    /// For each block of 2^`block_bits` pixels square, which group it has; empty if there is only one.
    blocks: Vec<u16>,
    block_bits: u32,
    /// The size of the cache of colours.
    cache_bits: u32,
}

impl Image {
    /// Reads what precedes the pixels. Only the main picture may have several groups of codes.
    pub(super) fn read(
        input: &mut Input<'_>,
        stream: &mut Stream,
        width: u32,
        height: u32,
        main: bool,
    ) -> Result<Self, Halt> {
        let cache_bits = stream.read(input, |bits| if bits.flag() { Some(bits.number(4)) } else { None })?;
        if cache_bits.is_some_and(|bits| !(1..=11).contains(&bits)) {
            return Err(Halt::Broken("colour cache"));
        }
        let cache_bits = cache_bits.unwrap_or_default();
        let mut image = Self {
            width: width.into(),
            height: height.into(),
            groups: Vec::new(),
            blocks: Vec::new(),
            block_bits: 0,
            cache_bits,
        };
        let several = main && stream.read(input, |bits| bits.number(1))? == 1;
        if several {
            image.block_bits = stream.read(input, |bits| bits.number(3))?.saturating_add(2);
            let (across, down) = (width.div_ceil(1 << image.block_bits), height.div_ceil(1 << image.block_bits));
            if u64::from(across).saturating_mul(down.into()) > MOST_BLOCKS {
                return Err(Stop::Spent(Spent::Work).into());
            }
            image.blocks = Self::read(input, stream, across, down, false)?.groups_of_blocks(input, stream)?;
        }
        let count = image.blocks.iter().max().map_or(1, |most| u32::from(*most).saturating_add(1));
        let colors = if cache_bits > 0 { 1 << cache_bits } else { 0 };
        let each = u64::from(width).saturating_mul(height.into()).checked_div(count.into()).unwrap_or_default();
        let mut tables = 0_usize;
        for _ in 0..count {
            let group = stream.read(input, |bits| Group::read(bits, colors))?;
            if stream.is_exhausted() {
                return Err(Halt::Exhausted);
            }
            let mut group = group.ok_or(Halt::Broken("prefix code"))?;
            if each >= WORTH_PAIRS && !group.plain {
                group.red_and_blue = Some(Pairs::new(&group.red, &group.blue));
            }
            tables = tables.saturating_add(group.memory());
            if tables > MOST_TABLES {
                return Err(Stop::Spent(Spent::Work).into());
            }
            input.work(len64(group.memory()) / SYMBOLS_A_STEP)?;
            image.groups.push(group);
        }
        Ok(image)
    }

    /// Walks the pixels; `row` tells where it is.
    pub(super) fn walk(&self, input: &mut Input<'_>, stream: &mut Stream, row: &mut u32) -> Result<(), Halt> {
        self.pixels(input, stream, row, &mut Nothing)
    }

    /// Decodes the pixels of a picture that names groups of codes.
    fn groups_of_blocks(&self, input: &mut Input<'_>, stream: &mut Stream) -> Result<Vec<u16>, Halt> {
        let mut colors =
            Colors { pixels: Vec::new(), cache: vec![[0; 4]; 1 << self.cache_bits], bits: self.cache_bits };
        self.pixels(input, stream, &mut 0, &mut colors)?;
        // Red and green are the number.
        Ok(colors.pixels.iter().map(|[_, green, red, _]| u16::from_be_bytes([*red, *green])).collect())
    }

    fn pixels<K: Keep>(
        &self,
        input: &mut Input<'_>,
        stream: &mut Stream,
        row: &mut u32,
        kept: &mut K,
    ) -> Result<(), Halt> {
        let total = self.width.saturating_mul(self.height);
        let mut at = 0;
        while at < total {
            let before = at;
            let walked = stream.read(input, |bits| self.stretch(bits, &mut at, kept))?;
            *row = u32::try_from(at.checked_div(self.width).unwrap_or_default()).unwrap_or(u32::MAX);
            if stream.is_exhausted() {
                return Err(Halt::Exhausted);
            }
            let symbols = walked?;
            input.work(u64::from(symbols) / SYMBOLS_A_STEP)?;
            debug_assert!(at > before, "every symbol is a pixel at least");
        }
        Ok(())
    }

    /// Takes symbols as long as there is data at hand, and says how many.
    fn stretch<K: Keep>(&self, bits: &mut Bits<'_>, at: &mut u64, kept: &mut K) -> Result<u32, Halt> {
        let total = self.width.saturating_mul(self.height);
        let mut symbols = 0_u32;
        while *at < total && symbols < STRETCH && bits.is_safe() {
            let (group, until) = self.group(*at, total)?;
            while *at < until && symbols < STRETCH && bits.is_safe() {
                symbols = symbols.wrapping_add(1);
                *at = self.symbol(group, bits, *at, until, total, kept)?;
            }
        }
        Ok(symbols)
    }

    /// The codes that are in force for the pixel `at`, and up to which pixel.
    fn group(&self, at: u64, total: u64) -> Result<(&Group, u64), Halt> {
        let (row, column) =
            (at.checked_div(self.width).unwrap_or_default(), at.checked_rem(self.width).unwrap_or_default());
        let across = self.width.div_ceil(1 << self.block_bits);
        let block = (row >> self.block_bits).saturating_mul(across).saturating_add(column >> self.block_bits);
        Ok(match self.blocks.get(index(block)).and_then(|group| self.groups.get(usize::from(*group))) {
            Some(group) => {
                let behind = (column >> self.block_bits).saturating_add(1) << self.block_bits;
                (group, at.saturating_add(behind.min(self.width).saturating_sub(column)))
            }
            None => (self.groups.first().ok_or(Halt::Broken("prefix code"))?, total),
        })
    }

    /// Takes one symbol at the pixel `at` and returns the pixel behind what it stands for.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the innermost loop")]
    #[allow(clippy::arithmetic_side_effects, reason = "pixels are counted in 28 bits, lengths in 12, distances in 20")]
    fn symbol<K: Keep>(
        &self,
        group: &Group,
        bits: &mut Bits<'_>,
        at: u64,
        until: u64,
        total: u64,
        kept: &mut K,
    ) -> Result<u64, Halt> {
        bits.refill();
        let symbol = group.green.symbol(bits);
        if let [green, 0] = symbol.to_le_bytes() {
            if group.plain {
                let only = |code: &Code| code.only().unwrap_or_default();
                kept.literal(green, only(&group.red), only(&group.blue), only(&group.alpha));
                // Pixels that take no bits are all alike.
                return Ok(if K::NOTHING && group.green.only().is_some() { until } else { at + 1 });
            }
            let passed = K::NOTHING && group.red_and_blue.as_ref().is_some_and(|pairs| pairs.pass(bits));
            let (red, blue) = if passed { (0, 0) } else { (group.red.symbol(bits), group.blue.symbol(bits)) };
            let alpha = if let Some(alpha) = group.opaque {
                alpha
            } else {
                bits.refill();
                group.alpha.symbol(bits)
            };
            kept.literal(green, red, blue, alpha);
            return Ok(at + 1);
        }
        if symbol < 256 + 24 {
            let length = number(bits, symbol - 256);
            bits.refill();
            let code = group.distance.symbol(bits);
            let distance = self.distance(number(bits, code));
            if distance > at || u64::from(length) > total - at {
                return Err(Halt::Broken("copy"));
            }
            kept.copy(length, distance);
            return Ok(at + u64::from(length));
        }
        kept.cached(symbol - (256 + 24));
        Ok(at + 1)
    }

    /// The distance in pixels that a distance code stands for (clause 3.6.2.2).
    #[allow(clippy::arithmetic_side_effects, reason = "widths have 14 bits, distances 20")]
    fn distance(&self, code: u32) -> u64 {
        match NEIGHBOURS.get(index(u64::from(code) - 1)) {
            Some(&(across, down)) => {
                let back = u64::from(down) * self.width;
                back.saturating_add_signed(i64::from(across)).max(1)
            }
            None => u64::from(code - NEAR),
        }
    }
}

/// The number that a prefix code of a length or a distance and the bits behind it make (clause 3.6.2.1).
#[inline(always)]
#[allow(clippy::inline_always, reason = "in the innermost loop")]
#[allow(clippy::arithmetic_side_effects, reason = "the prefix is below 40, so there are at most 18 further bits")]
fn number(bits: &mut Bits<'_>, prefix: u16) -> u32 {
    let prefix = u32::from(prefix);
    if prefix < 4 {
        return prefix + 1;
    }
    let extra = (prefix - 2) >> 1;
    ((2 + (prefix & 1)) << extra) + bits.number(extra) + 1
}

/// What becomes of the pixels.
trait Keep {
    /// Whether nothing does.
    const NOTHING: bool;
    fn literal(&mut self, green: u8, red: u16, blue: u16, alpha: u16);
    fn copy(&mut self, length: u32, distance: u64);
    fn cached(&mut self, place: u16);
}

/// Nothing does: most pixels have no effect on what follows.
struct Nothing;

impl Keep for Nothing {
    const NOTHING: bool = true;
    #[inline(always)]
    fn literal(&mut self, _green: u8, _red: u16, _blue: u16, _alpha: u16) {}
    #[inline(always)]
    fn copy(&mut self, _length: u32, _distance: u64) {}
    #[inline(always)]
    fn cached(&mut self, _place: u16) {}
}

/// They are kept, each as blue, green, red and alpha.
struct Colors {
    pixels: Vec<[u8; 4]>,
    cache: Vec<[u8; 4]>,
    bits: u32,
}

impl Colors {
    fn push(&mut self, pixel: [u8; 4]) {
        self.pixels.push(pixel);
        // Clause 3.6.2.3.
        let place = u32::from_le_bytes(pixel).wrapping_mul(0x1E35_A7BD).checked_shr(32_u32.saturating_sub(self.bits));
        if let Some(cached) = self.cache.get_mut(index(place.unwrap_or_default().into())) {
            *cached = pixel;
        }
    }
}

impl Keep for Colors {
    const NOTHING: bool = false;

    fn literal(&mut self, green: u8, red: u16, blue: u16, alpha: u16) {
        let low = |value: u16| value.to_le_bytes()[0];
        self.push([low(blue), green, low(red), low(alpha)]);
    }

    fn copy(&mut self, length: u32, distance: u64) {
        for _ in 0..length {
            let from = self.pixels.len().checked_sub(index(distance));
            let pixel = from.and_then(|from| self.pixels.get(from)).copied().unwrap_or_default();
            self.push(pixel);
        }
    }

    fn cached(&mut self, place: u16) {
        let pixel = self.cache.get(usize::from(place)).copied().unwrap_or_default();
        self.push(pixel);
    }
}

/// The places near a pixel that have distance codes of their own: how far to the left, and how far up.
#[rustfmt::skip]
const NEIGHBOURS: [(i8, u8); 120] = [
    (0, 1), (1, 0), (1, 1), (-1, 1), (0, 2), (2, 0), (1, 2), (-1, 2), (2, 1), (-2, 1), (2, 2), (-2, 2),
    (0, 3), (3, 0), (1, 3), (-1, 3), (3, 1), (-3, 1), (2, 3), (-2, 3), (3, 2), (-3, 2), (0, 4), (4, 0),
    (1, 4), (-1, 4), (4, 1), (-4, 1), (3, 3), (-3, 3), (2, 4), (-2, 4), (4, 2), (-4, 2), (0, 5), (3, 4),
    (-3, 4), (4, 3), (-4, 3), (5, 0), (1, 5), (-1, 5), (5, 1), (-5, 1), (2, 5), (-2, 5), (5, 2), (-5, 2),
    (4, 4), (-4, 4), (3, 5), (-3, 5), (5, 3), (-5, 3), (0, 6), (6, 0), (1, 6), (-1, 6), (6, 1), (-6, 1),
    (2, 6), (-2, 6), (6, 2), (-6, 2), (4, 5), (-4, 5), (5, 4), (-5, 4), (3, 6), (-3, 6), (6, 3), (-6, 3),
    (0, 7), (7, 0), (1, 7), (-1, 7), (5, 5), (-5, 5), (7, 1), (-7, 1), (4, 6), (-4, 6), (6, 4), (-6, 4),
    (2, 7), (-2, 7), (7, 2), (-7, 2), (3, 7), (-3, 7), (7, 3), (-7, 3), (5, 6), (-5, 6), (6, 5), (-6, 5),
    (8, 0), (4, 7), (-4, 7), (7, 4), (-7, 4), (8, 1), (8, 2), (6, 6), (-6, 6), (8, 3), (5, 7), (-5, 7),
    (7, 5), (-7, 5), (8, 4), (6, 7), (-6, 7), (7, 6), (-7, 6), (8, 5), (7, 7), (-7, 7), (8, 6), (8, 7),
];
