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
    causes: BTreeMap<(&'static str, Option<String>), Group>,
    /// How long it took.
    pub(crate) time: Duration,
    /// Whether it was broken off by the user.
    pub(crate) interrupted: bool,
}

/// Files of one cause.
#[derive(Debug)]
struct Group {
    verdict: Verdict,
    count: u64,
    example: String,
}

/// A fault with the code that it leads to, and the files of which it decides.
#[derive(Debug)]
pub(crate) struct Cause<'s> {
    /// What it comes to.
    pub(crate) verdict: Verdict,
    /// The name of the fault.
    pub(crate) defect: &'static str,
    /// The code.
    pub(crate) code: Option<&'s str>,
    /// How many files.
    pub(crate) count: u64,
    /// The name of the first of them.
    pub(crate) example: &'s str,
}

impl Summary {
    /// Counts one more report. Causes are known only of reports that are looked into.
    pub(crate) fn add(&mut self, result: &Reported) {
        let add = |count: &mut u64| *count = count.saturating_add(1);
        add(&mut self.files);
        add(self.verdicts.entry(result.verdict()).or_default());
        if let Some(report) = result.at_hand()
            && let Some(cause) = report.cause()
        {
            let group = self.causes.entry((cause.defect, cause.code.clone())).or_insert_with(|| Group {
                verdict: report.verdict,
                count: 0,
                example: report.path.clone().unwrap_or_default(),
            });
            add(&mut group.count);
            group.verdict = group.verdict.max(report.verdict);
        }
    }

    /// How many files have that verdict.
    pub(crate) fn count(&self, verdict: Verdict) -> u64 {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    /// What decides, the gravest and most frequent first.
    pub(crate) fn causes(&self) -> Vec<Cause<'_>> {
        let mut causes: Vec<_> = self
            .causes
            .iter()
            .map(|((defect, code), group)| Cause {
                verdict: group.verdict,
                defect,
                code: code.as_deref(),
                count: group.count,
                example: &group.example,
            })
            .collect();
        let place = |verdict| Verdict::GRAVEST_FIRST.iter().position(|other| *other == verdict);
        causes.sort_by_key(|cause| (place(cause.verdict), std::cmp::Reverse(cause.count)));
        causes
    }
}
