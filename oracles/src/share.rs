//! Shares, as tables show them.

/// How many of some are hit.
#[derive(Clone, Copy, Default)]
pub struct Share {
    hit: u32,
    all: u32,
}

impl FromIterator<bool> for Share {
    fn from_iter<T: IntoIterator<Item = bool>>(hits: T) -> Self {
        hits.into_iter()
            .fold(Self::default(), |share, hit| Self { hit: share.hit + u32::from(hit), all: share.all + 1 })
    }
}

impl Share {
    /// In percent; all of nothing.
    pub fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { 100.0 * f64::from(self.hit) / f64::from(self.all) }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.all == 0 {
            write!(to, "–")
        } else {
            write!(to, "{:.1} % ({}/{})", self.percent(), self.hit, self.all)
        }
    }
}
