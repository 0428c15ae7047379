//! Counts over a run.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Reported;
use crate::report::Verdict;

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// Reports so far.
    pub(crate) files: u64,
    verdicts: BTreeMap<Verdict, u64>,
    /// How many files each code decides.
    pub(crate) codes: BTreeMap<String, u64>,
    /// How long it took.
    pub(crate) time: Duration,
    /// Whether it was broken off by the user.
    pub(crate) interrupted: bool,
}

impl Summary {
    /// Counts one more report.
    pub(crate) fn add(&mut self, result: &Reported) {
        let add = |count: &mut u64| *count = count.saturating_add(1);
        add(&mut self.files);
        add(self.verdicts.entry(result.verdict()).or_default());
        if let Some(code) = result.code() {
            match self.codes.get_mut(code) {
                Some(count) => add(count),
                None => _ = self.codes.insert(code.to_owned(), 1),
            }
        }
    }

    /// How many files have that verdict.
    pub(crate) fn count(&self, verdict: Verdict) -> u64 {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }
}
