//! What marker segments say (T.81, annex B.2): plain functions from the bytes of one segment, without
//! its marker and length, to what it holds; `None` where the bytes break the syntax.

use std::sync::Arc;

use super::huffman::Huffman;
use crate::bytes::Cursor;
use crate::facts::Color;

/// The process that a frame is coded by (T.81, table B.1 and clause 4.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Baseline,
    Extended,
    Progressive,
    Lossless,
    Arithmetic,
    ArithmeticProgressive,
    ArithmeticLossless,
    /// A frame that is the difference from another one.
    Hierarchical,
}

impl Coding {
    fn of(marker: u8) -> Self {
        match marker {
            0xC0 => Self::Baseline,
            0xC1 => Self::Extended,
            0xC2 => Self::Progressive,
            0xC3 => Self::Lossless,
            0xC9 => Self::Arithmetic,
            0xCA => Self::ArithmeticProgressive,
            0xCB => Self::ArithmeticLossless,
            _ => Self::Hierarchical,
        }
    }

    /// The name in facts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Extended => "extended",
            Self::Progressive => "progressive",
            Self::Lossless | Self::ArithmeticLossless => "lossless",
            Self::Arithmetic | Self::ArithmeticProgressive => "arithmetic",
            Self::Hierarchical => "hierarchical",
        }
    }

    pub(crate) fn is_progressive(self) -> bool {
        matches!(self, Self::Progressive | Self::ArithmeticProgressive)
    }

    /// Whether it is Huffman coding of 8x8 blocks, which is what [`super::scan`] can follow.
    pub(crate) fn is_followed(self) -> bool {
        matches!(self, Self::Baseline | Self::Extended | Self::Progressive)
    }
}

/// One component of a frame (B.2.2).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Component {
    pub(crate) id: u8,
    /// Sampling factors, 1 to 4.
    pub(crate) horizontal: u8,
    pub(crate) vertical: u8,
    /// Which quantisation table, 0 to 3.
    pub(crate) quantizer: u8,
}

/// A frame header (B.2.2).
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) coding: Coding,
    /// Bits per sample.
    pub(crate) precision: u8,
    /// 0 where a DNL segment behind the first scan says it.
    pub(crate) height: u16,
    pub(crate) width: u16,
    pub(crate) components: Vec<Component>,
}

impl Frame {
    pub(super) fn parse(marker: u8, body: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(body, 0);
        let coding = Coding::of(marker);
        let precision = cursor.u8()?;
        let fits = match coding {
            Coding::Baseline => precision == 8,
            Coding::Lossless | Coding::ArithmeticLossless | Coding::Hierarchical => (2..=16).contains(&precision),
            _ => precision == 8 || precision == 12,
        };
        let (height, width) = (cursor.be16()?, cursor.be16()?);
        let count = usize::from(cursor.u8()?);
        if !fits || width == 0 || count == 0 || Some(cursor.remaining()) != count.checked_mul(3) {
            return None;
        }
        let mut components = Vec::with_capacity(count);
        while let Some([id, sampling, quantizer]) = cursor.array() {
            let (horizontal, vertical) = (sampling >> 4, sampling & 15);
            if !(1..=4).contains(&horizontal) || !(1..=4).contains(&vertical) || quantizer > 3 {
                return None;
            }
            components.push(Component { id, horizontal, vertical, quantizer });
        }
        Some(Self { coding, precision, height, width, components })
    }

    /// The largest sampling factors, across and down.
    pub(super) fn sampling(&self) -> (u8, u8) {
        let across = self.components.iter().map(|component| component.horizontal).max();
        let down = self.components.iter().map(|component| component.vertical).max();
        (across.unwrap_or(1), down.unwrap_or(1))
    }

    /// The size of a component in blocks, as a scan of it alone has them (A.2.2).
    pub(super) fn blocks(&self, component: Component) -> (u64, u64) {
        let (across, down) = self.sampling();
        let blocks = |size: u16, factor: u8, largest: u8| {
            u64::from(size).saturating_mul(factor.into()).div_ceil(u64::from(largest).saturating_mul(8).max(1))
        };
        (blocks(self.width, component.horizontal, across), blocks(self.height, component.vertical, down))
    }

    /// The size of the frame in MCUs of a scan of several components (A.2.3).
    pub(super) fn units(&self) -> (u64, u64) {
        let (across, down) = self.sampling();
        let units = |size: u16, largest: u8| u64::from(size).div_ceil(u64::from(largest).saturating_mul(8).max(1));
        (units(self.width, across), units(self.height, down))
    }

    /// The colour model, decided as libjpeg does: JFIF, then Adobe, then the names of components.
    pub(crate) fn color(&self, jfif: bool, adobe: Option<u8>) -> Option<Color> {
        let mut ids = self.components.iter().map(|component| component.id);
        match (self.components.len(), adobe) {
            (1, _) => Some(Color::Gray),
            (3, _) if jfif => Some(Color::Ycbcr),
            (3, Some(0)) => Some(Color::Rgb),
            (3, None) if ids.by_ref().eq(*b"RGB") => Some(Color::Rgb),
            (3, _) => Some(Color::Ycbcr),
            (4, Some(2)) => Some(Color::Ycck),
            (4, _) => Some(Color::Cmyk),
            _ => None,
        }
    }
}

/// A component of a scan: its place in the frame and its tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) component: usize,
    pub(super) dc: u8,
    pub(super) ac: u8,
}

/// A scan header (B.2.3).
#[derive(Clone, Debug)]
pub(super) struct ScanHeader {
    /// One to four.
    pub(super) parts: Vec<Part>,
    /// Ss and Se: the coefficients from which and to which.
    pub(super) first: u8,
    pub(super) last: u8,
    /// Ah and Al: the bit down to which earlier scans and this one come.
    pub(super) high: u8,
    pub(super) low: u8,
}

impl ScanHeader {
    pub(super) fn parse(body: &[u8], frame: &Frame) -> Option<Self> {
        let mut cursor = Cursor::new(body, 0);
        let count = cursor.u8()?;
        let rest = usize::from(count).checked_mul(2)?.checked_add(3)?;
        if !(1..=4).contains(&count) || cursor.remaining() != rest {
            return None;
        }
        let mut parts: Vec<Part> = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let [id, tables] = cursor.array()?;
            let (dc, ac) = (tables >> 4, tables & 15);
            // Components are in the order of the frame. Frames with two of one name exist.
            let first = parts.last().map_or(0, |part| part.component.saturating_add(1));
            let mut places = frame.components.iter().enumerate().skip(first);
            let (component, _) = places.find(|(_, component)| component.id == id)?;
            if dc > 3 || ac > 3 {
                return None;
            }
            parts.push(Part { component, dc, ac });
        }
        let [first, last, bits] = cursor.array()?;
        let header = Self { parts, first, last, high: bits >> 4, low: bits & 15 };
        let blocks: u32 = header.of(frame).map(|c| u32::from(c.horizontal.saturating_mul(c.vertical))).sum();
        // At most ten blocks in an MCU (B.2.3).
        (count == 1 || blocks <= 10).then_some(header)
    }

    /// The components of `frame` that the scan holds.
    pub(super) fn of<'f>(&'f self, frame: &'f Frame) -> impl Iterator<Item = Component> + 'f {
        self.parts.iter().filter_map(|part| frame.components.get(part.component).copied())
    }

    /// Whether the scan is one that the progressive process has (G.1.1.1).
    pub(super) fn is_progressive(&self) -> bool {
        let band = if self.first == 0 { self.last == 0 } else { self.parts.len() == 1 };
        let bits = self.low <= 13 && (self.high == 0 || self.high == self.low.saturating_add(1));
        band && bits && self.first <= self.last && self.last <= 63
    }

    /// Whether the parameters are the only ones that sequential processes have (table B.3).
    pub(super) fn is_sequential(&self) -> bool {
        (self.first, self.last, self.high, self.low) == (0, 63, 0, 0)
    }

    /// Whether the parameters are a predictor and a shift that lossless processes have (H.1.2.1).
    pub(super) fn is_lossless(&self, precision: u8) -> bool {
        (1..=7).contains(&self.first) && self.low < precision
    }

    /// The blocks of the scan.
    pub(super) fn blocks(&self, frame: &Frame) -> u64 {
        if let [part] = self.parts.as_slice() {
            let size = frame.components.get(part.component).map(|&component| frame.blocks(component));
            return size.map_or(0, |(across, down)| across.saturating_mul(down));
        }
        let (across, down) = frame.units();
        let each: u64 = self.of(frame).map(|c| u64::from(c.horizontal.saturating_mul(c.vertical))).sum();
        across.saturating_mul(down).saturating_mul(each)
    }

    /// The number of bits below which the data of the scan cannot be complete. No Huffman code has
    /// less than one bit, and a block of a sequential scan has two codes; blocks of an AC scan
    /// share theirs.
    pub(super) fn least_bits(&self, frame: &Frame) -> u64 {
        match frame.coding {
            Coding::Baseline | Coding::Extended => self.blocks(frame).saturating_mul(2),
            Coding::Progressive if self.first == 0 => self.blocks(frame),
            _ => 1,
        }
    }
}

/// The tables that are in force: what DQT, DHT and DRI segments have said so far (B.2.4).
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    /// The first element of each quantisation table: the step of the DC coefficients.
    pub(super) quantizers: [Option<u16>; 4],
    pub(super) dc: [Option<Arc<Huffman>>; 4],
    pub(super) ac: [Option<Arc<Huffman>>; 4],
    /// MCUs between restart markers; 0 for none.
    pub(super) restart: u16,
}

impl Tables {
    /// Takes the tables of a DQT segment. `Some(true)` if one of them has a zero in it.
    pub(super) fn define_quantizers(&mut self, body: &[u8]) -> Option<bool> {
        let mut cursor = Cursor::new(body, 0);
        let mut zero = false;
        while let Some(id) = cursor.u8() {
            let slot = self.quantizers.get_mut(usize::from(id & 15))?;
            let mut step = |value: u16| zero |= value == 0;
            let first = match id >> 4 {
                0 => {
                    let steps = cursor.array::<64>()?;
                    for value in steps {
                        step(value.into());
                    }
                    steps.first().map(|&value| u16::from(value))
                }
                1 => {
                    let steps = cursor.array::<128>()?;
                    let mut steps = steps.chunks_exact(2).filter_map(|pair| Cursor::new(pair, 0).be16());
                    let first = steps.next();
                    first.into_iter().chain(steps).for_each(step);
                    first
                }
                _ => return None,
            };
            *slot = first;
        }
        Some(zero)
    }

    /// Takes the tables of a DHT segment.
    pub(super) fn define_codes(&mut self, body: &[u8]) -> Option<()> {
        let mut cursor = Cursor::new(body, 0);
        while let Some(id) = cursor.u8() {
            let counts = cursor.array::<16>()?;
            let total = counts.iter().map(|&count| u64::from(count)).sum::<u64>();
            let values = cursor.take(usize::try_from(total).ok()?)?;
            let slots = match id >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            let slot = slots.get_mut(usize::from(id & 15))?;
            // The frames of a video and the strips of a TIFF repeat their tables.
            if !slot.as_ref().is_some_and(|known| known.is(&counts, values)) {
                *slot = Some(Huffman::shared(&counts, values)?);
            }
        }
        Some(())
    }

    /// Takes the interval of a DRI segment.
    pub(super) fn define_restart(&mut self, body: &[u8]) -> Option<()> {
        let mut cursor = Cursor::new(body, 0);
        self.restart = cursor.be16()?;
        cursor.is_empty().then_some(())
    }
}

/// The colour transform that an Adobe segment names (Adobe technical note 5116, clause 18).
pub(super) fn adobe_transform(body: &[u8]) -> Option<u8> {
    body.strip_prefix(b"Adobe")?.get(6).copied()
}

/// The height that a DNL segment gives (B.2.5).
pub(super) fn lines(body: &[u8]) -> Option<u16> {
    (body.len() == 2).then_some(())?;
    Cursor::new(body, 0).be16().filter(|&lines| lines > 0)
}
