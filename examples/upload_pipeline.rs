//! An upload pipeline: each file is checked just before it would be submitted.
//!
//! ```sh
//! cargo run --example upload_pipeline -- photo.jpg clip.mp4
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use std::path::Path;

use ais_preflight::profile::{ProfileSet, Via};
use ais_preflight::{Checker, Report, Verdict};

/// What becomes of a file.
enum Decision {
    /// Goes to the service.
    Submit,
    /// Goes back to whoever sent it, with the reason.
    Refuse(String),
    /// A person looks at it: the check could not be made, or the service may refuse it.
    Hold(String),
}

fn decide(report: &Report) -> Decision {
    let reason = || {
        report.findings.first().map_or_else(String::new, |finding| {
            let code = finding.code.as_deref().unwrap_or("-");
            format!("{code}: {} {}", finding.message, finding.remedy)
        })
    };
    match report.verdict {
        Verdict::Pass => Decision::Submit,
        Verdict::Reject => Decision::Refuse(reason()),
        _ => Decision::Hold(reason()),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // One checker for the whole program: it is immutable and cheap to clone.
    let checker = Checker::new().profile(ProfileSet::builtin("auto")?).via(Via::Url);
    for path in std::env::args().skip(1) {
        let report = checker.check_path(Path::new(&path));
        match decide(&report) {
            Decision::Submit => println!("{path}: submitted"),
            Decision::Refuse(why) => println!("{path}: refused, {why}"),
            Decision::Hold(why) => println!("{path}: held for a look, {why}"),
        }
    }
    Ok(())
}
