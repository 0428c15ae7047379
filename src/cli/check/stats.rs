//! How fast a run went.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::lang::{Lang, Text};
use crate::render::Reported;
use crate::render::text::harmless;

/// How many of the slowest files are named.
const SLOWEST: usize = 5;

/// Counts of a run.
pub(super) struct Stats {
    files: u32,
    kept: u32,
    read: Option<Arc<AtomicU64>>,
    /// Times and names of the slowest files, the slowest first.
    slowest: Vec<(Duration, String)>,
}

impl Stats {
    /// `read` counts the bytes that are read.
    pub(super) fn new(read: Option<Arc<AtomicU64>>) -> Self {
        Self { files: 0, kept: 0, read, slowest: Vec::new() }
    }

    /// Counts one more; `time` is what it took, unless it was kept from an earlier run.
    pub(super) fn add(&mut self, result: &Reported, time: Option<Duration>) {
        self.files = self.files.saturating_add(1);
        let (Some(report), Some(time)) = (result.at_hand(), time) else {
            self.kept = self.kept.saturating_add(1);
            return;
        };
        if self.read.is_some() && (self.slowest.len() < SLOWEST || self.slowest.last().is_some_and(|(t, _)| *t < time))
        {
            self.slowest.push((time, report.path.clone().unwrap_or_default()));
            self.slowest.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
            self.slowest.truncate(SLOWEST);
        }
    }

    pub(super) fn text(&self, lang: Lang, time: Duration) -> String {
        let read = self.read.as_ref().map_or(0, |read| read.load(Ordering::Relaxed));
        let mb = read.checked_div(1000).and_then(|kb| u32::try_from(kb).ok()).map_or(f64::INFINITY, f64::from) / 1000.0;
        let per_second = |value: f64| value / time.as_secs_f64().max(1e-9);
        let (files, kept) = (f64::from(self.files), self.kept);
        let (rate, speed) = (per_second(files), per_second(mb));
        let mut text = match lang {
            Lang::En => {
                format!("{files} files ({kept} from the cache), {rate:.0} a second; {mb:.1} MB read, {speed:.1} MB/s\n")
            }
            Lang::Zh => {
                format!("{files} 个文件（{kept} 个来自缓存），每秒 {rate:.0} 个；读取 {mb:.1} MB，{speed:.1} MB/s\n")
            }
        };
        if !self.slowest.is_empty() {
            text.push_str(Text { en: "slowest:\n", zh: "最慢的文件：\n" }.get(lang));
        }
        for (time, name) in &self.slowest {
            let _ = writeln!(text, "  {:>9.3} s  {}", time.as_secs_f64(), harmless(name));
        }
        text
    }
}
