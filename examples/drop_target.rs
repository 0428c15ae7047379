//! A desktop window that files are dropped on: the check runs beside the window, and the user may
//! take the file away again before it is done.
//!
//! ```sh
//! cargo run --example drop_target -- clip.mp4
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use ais_preflight::{Budget, Checker, Lang, Report};

/// A check that is under way.
struct Dropped {
    cancel: Arc<AtomicBool>,
    report: mpsc::Receiver<Box<Report>>,
}

impl Dropped {
    /// Starts the check of a file that was dropped.
    fn new(path: PathBuf, lang: Lang) -> Self {
        let cancel = Arc::new(AtomicBool::new(false));
        let mut budget = Budget::default();
        budget.time = Some(Duration::from_secs(10));
        budget.cancel = Some(Arc::clone(&cancel));
        let checker = Checker::new().lang(lang).budget(budget);
        let (sender, report) = mpsc::channel();
        std::thread::spawn(move || sender.send(Box::new(checker.check_path(&path))));
        Self { cancel, report }
    }

    /// The user took the file away: the check ends soon, with `unchecked`.
    fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

fn main() {
    for path in std::env::args_os().skip(1) {
        let dropped = Dropped::new(path.into(), Lang::En);
        // A real window would draw here, and ask for the report at every frame.
        let report = loop {
            match dropped.report.recv_timeout(Duration::from_millis(100)) {
                Ok(report) => break report,
                Err(mpsc::RecvTimeoutError::Timeout) => dropped.cancel(),
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        };
        println!("{}: {:?}", report.path.as_deref().unwrap_or_default(), report.verdict);
        for finding in &report.findings {
            println!("    {} {}", finding.message, finding.remedy);
        }
    }
}
