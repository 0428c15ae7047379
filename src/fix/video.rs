//! Videos: what ffmpeg is asked to make of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Obstacle, Step};
use crate::decoder;
use crate::remedy::Recipe;

/// Runs ffmpeg over the file at `path`. What it writes goes into `folder`, and nothing else is there:
/// one file, or the parts of a long video in the order of their names.
pub(crate) fn mend(
    path: &Path,
    recipe: &Recipe,
    folder: &Path,
    (program, timeout): &(PathBuf, Duration),
) -> Result<(Vec<PathBuf>, Step), Obstacle> {
    let failed = |error: std::io::Error| Obstacle::Failed(format!("{}: {error}", program.display()));
    let name = if recipe.part_s.is_some() { "%03d" } else { "whole" };
    let arguments = recipe.arguments();
    let mut command = Command::new(program);
    command.args(["-nostdin", "-hide_banner", "-v", "error", "-n"]);
    // A name is no protocol and no option, and what a playlist names must be a file too.
    let mut input = OsString::from("file:");
    input.push(path);
    command.args(["-protocol_whitelist", "file,crypto", "-i"]).arg(input);
    // ffmpeg works inside the folder, so that its name is no pattern; the input is named in full.
    command.args(&arguments).arg(format!("{name}.{}", recipe.extension)).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let (status, complaints) = decoder::run(&mut command, *timeout).map_err(failed)?;
    match status {
        None => return Err(Obstacle::Failed(format!("ffmpeg did not end within {} s", timeout.as_secs()))),
        Some(status) if !status.success() => {
            let last = complaints.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no word of why");
            return Err(Obstacle::Failed(format!("ffmpeg: {last} ({status})")));
        }
        Some(_) => {}
    }
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    let mut made: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    made.sort();
    Ok((made, Step::Ffmpeg(arguments.join(" "))))
}
