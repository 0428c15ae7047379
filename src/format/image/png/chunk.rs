//! Chunks: their names, and the table of where each may be and how often (clause 5.6, tables 6
//! and 7; "Extensions to the PNG Specification" for the registered ones).

use std::fmt;

/// The type of a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(pub(super) [u8; 4]);

impl Kind {
    pub(super) const IHDR: Self = Self(*b"IHDR");
    pub(super) const PLTE: Self = Self(*b"PLTE");
    pub(super) const IDAT: Self = Self(*b"IDAT");
    pub(super) const IEND: Self = Self(*b"IEND");
    pub(super) const TRNS: Self = Self(*b"tRNS");
    pub(super) const EXIF: Self = Self(*b"eXIf");
    pub(super) const ACTL: Self = Self(*b"acTL");
    pub(super) const FCTL: Self = Self(*b"fcTL");
    pub(super) const FDAT: Self = Self(*b"fdAT");
    /// Put in front of the header by Apple's tools.
    pub(super) const CGBI: Self = Self(*b"CgBI");

    /// Whether it is four letters, as every type must be (clause 5.4).
    pub(super) fn is_valid(self) -> bool {
        self.0.iter().all(u8::is_ascii_alphabetic)
    }

    /// Whether a decoder that does not know it may go on without it.
    pub(super) fn is_ancillary(self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_lowercase)
    }

    /// Whether a part of the picture, or of an animation, is lost with it.
    pub(super) fn carries_picture(self) -> bool {
        !self.is_ancillary() || [Self::ACTL, Self::FCTL, Self::FDAT].contains(&self)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

/// Where a chunk may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// Before PLTE and before the first IDAT.
    BeforePalette,
    /// Before the first IDAT and, where there is a palette, after it.
    AfterPalette,
    /// Before the first IDAT.
    BeforeData,
    /// After the first IDAT.
    AfterData,
}

/// What the standard says of one type of chunk.
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) place: Place,
    /// Whether there may be one only.
    pub(super) once: bool,
    /// Decoders fail on data shorter than that. All others are thrown away if their length is wrong.
    pub(super) least: u32,
}

const fn rule(kind: [u8; 4], place: Place, once: bool, least: u32) -> Rule {
    Rule { kind: Kind(kind), place, once, least }
}

use Place::{AfterData, AfterPalette, Anywhere, BeforeData, BeforePalette};

/// The known chunks. The header's own length is checked with its content.
const RULES: &[Rule] = &[
    rule(*b"IHDR", Anywhere, true, 0),
    rule(*b"PLTE", BeforeData, true, 0),
    rule(*b"IDAT", Anywhere, false, 0),
    rule(*b"IEND", Anywhere, true, 0),
    rule(*b"acTL", BeforeData, true, 8),
    rule(*b"cHRM", BeforePalette, true, 32),
    rule(*b"cICP", BeforePalette, true, 0),
    rule(*b"cLLI", BeforePalette, true, 0),
    rule(*b"gAMA", BeforePalette, true, 4),
    rule(*b"iCCP", BeforePalette, true, 3),
    rule(*b"mDCV", BeforePalette, true, 0),
    rule(*b"sBIT", BeforePalette, true, 0),
    rule(*b"sRGB", BeforePalette, true, 1),
    rule(*b"bKGD", AfterPalette, true, 1),
    rule(*b"hIST", AfterPalette, true, 0),
    rule(*b"tRNS", AfterPalette, true, 0),
    rule(*b"eXIf", BeforeData, true, 0),
    rule(*b"fcTL", Anywhere, false, 26),
    rule(*b"pHYs", BeforeData, true, 9),
    rule(*b"sPLT", BeforeData, false, 0),
    rule(*b"fdAT", AfterData, false, 4),
    rule(*b"tIME", Anywhere, true, 0),
    rule(*b"iTXt", Anywhere, false, 0),
    rule(*b"tEXt", Anywhere, false, 0),
    rule(*b"zTXt", Anywhere, false, 0),
    rule(*b"oFFs", BeforeData, true, 0),
    rule(*b"pCAL", BeforeData, true, 0),
    rule(*b"sCAL", BeforeData, true, 0),
    rule(*b"sTER", BeforeData, true, 0),
];

/// What the table says of a kind of chunk; nothing of an unknown one.
pub(super) fn rule_of(kind: Kind) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind)
}

/// The chunks that went by, as far as the rules ask for it.
#[derive(Default)]
pub(super) struct Seen {
    /// One bit for each row of the table.
    rows: u32,
    pub(super) palette: bool,
    pub(super) data: bool,
}

impl Seen {
    fn bit(kind: Kind) -> u32 {
        let row = RULES.iter().position(|rule| rule.kind == kind).and_then(|row| u32::try_from(row).ok());
        row.and_then(|row| 1_u32.checked_shl(row)).unwrap_or(0)
    }

    pub(super) fn add(&mut self, kind: Kind) {
        match kind {
            Kind::PLTE => self.palette = true,
            Kind::IDAT => self.data = true,
            _ => {}
        }
        self.rows |= Self::bit(kind);
    }

    /// Whether there was a chunk of that kind.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.rows & Self::bit(kind) != 0
    }
}

impl Place {
    /// Whether a chunk may be here, by what went by before it. Only an `indexed` picture needs its
    /// palette; in others it is a suggestion that may come later.
    pub(super) fn allows(self, seen: &Seen, indexed: bool) -> bool {
        match self {
            Anywhere => true,
            BeforePalette => !seen.palette && !seen.data,
            AfterPalette => !seen.data && (seen.palette || !indexed),
            BeforeData => !seen.data,
            AfterData => seen.data,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chunk_is_in_the_table_once_and_fits_the_set() {
        assert!(RULES.len() <= 32);
        for (at, rule) in RULES.iter().enumerate() {
            assert!(rule.kind.is_valid());
            assert_eq!(RULES.iter().position(|other| other.kind == rule.kind), Some(at), "{}", rule.kind);
        }
    }

    #[test]
    fn what_went_by_is_remembered() {
        let mut seen = Seen::default();
        seen.add(Kind(*b"vpAg"));
        assert!(!seen.has(Kind::PLTE) && !seen.palette && !seen.has(Kind(*b"vpAg")));
        seen.add(Kind::PLTE);
        assert!(seen.has(Kind::PLTE) && seen.palette && !seen.has(Kind::IDAT));
        assert!(!BeforePalette.allows(&seen, false) && AfterPalette.allows(&seen, true));
    }
}
