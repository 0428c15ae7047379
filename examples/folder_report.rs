//! A report over a folder: how many files the service would refuse, and for which codes.
//!
//! ```sh
//! cargo run --example folder_report -- fixtures
//! ```
#![allow(clippy::print_stdout, clippy::arithmetic_side_effects, reason = "an example talks to its reader")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ais_preflight::batch::Batch;
use ais_preflight::{Checker, catalogue};

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder { &mut folders } else { &mut files }.push(entry.path());
        }
    }
    files
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "fixtures".to_owned());
    let mut total = 0;
    let mut by_code: BTreeMap<String, (usize, String)> = BTreeMap::new();
    Batch::new(Checker::new()).run(
        files(Path::new(&folder)),
        |checker, path| checker.check_path(&path),
        |report| {
            total += 1;
            if let Some(code) = report.cause().and_then(|cause| cause.code.clone()) {
                let (count, example) = by_code.entry(code).or_default();
                *count += 1;
                *example = report.path.unwrap_or_default();
            }
            ControlFlow::Continue(())
        },
    );
    println!("{total} files");
    for (code, (count, example)) in by_code {
        let message = catalogue::find(&code).map_or("", |entry| entry.message.en);
        println!("{count:>6} {code} {message} (such as {example})");
    }
}
