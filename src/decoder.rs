//! A second opinion: the user's own ffmpeg, asked to decode a file that was found sound.
//!
//! Bytes that are wrong inside one coded frame can't be told from right ones without decoding
//! them. What ffmpeg complains of becomes a finding of its own; it never makes a file a reject.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::defect::{Defect, Id};

/// So much of what ffmpeg prints is kept.
const OUTPUT: u64 = 64 << 10;
/// How often to look whether it is done.
const POLL: Duration = Duration::from_millis(10);

/// What ffmpeg prints at level `error` without meaning the file: about timestamps of its own
/// output, and about streams it has no decoder for.
const CHATTER: &[&str] = &[
    "non monotonically increasing dts",
    "Application provided invalid",
    "Last message repeated",
    "Decoder (codec none) not found",
    "Could not find codec parameters",
];

/// How to ask.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decoder {
    /// The program, looked up as a shell would.
    pub program: PathBuf,
    /// Decode every frame, not only those that need no other; takes about ten times as long.
    pub every_frame: bool,
    /// Give up after that time.
    pub timeout: Duration,
}

impl Default for Decoder {
    /// `ffmpeg`, keyframes only, for two minutes.
    fn default() -> Self {
        Self { program: "ffmpeg".into(), every_frame: false, timeout: Duration::from_secs(120) }
    }
}

impl Decoder {
    /// ffmpeg at the path `program`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), ..Self::default() }
    }

    /// Has the main video of the file at `path` decoded, and returns what is wrong with it.
    pub(crate) fn ask(&self, path: &Path) -> Option<Defect> {
        let name = self.program.display().to_string();
        let (status, complaints) = match run(&mut self.command(path), self.timeout) {
            Ok(ran) => ran,
            Err(error) => {
                return Some(Defect::new(Id::DecoderMissing).with("decoder", name).with("reason", error.to_string()));
            }
        };
        let Some(status) = status else {
            return Some(Defect::new(Id::DecoderGaveUp).with("decoder", name).with("seconds", self.timeout.as_secs()));
        };
        let meant: Vec<_> = complaints.lines().map(str::trim).filter(|line| is_meant(line)).collect();
        let first = match meant.first() {
            Some(first) => without_address(first),
            None if status.success() => return None,
            None => status.to_string(),
        };
        let defect = Defect::new(Id::DecoderComplains).with("decoder", name).with("complaint", first);
        Some(defect.with("complaints", meant.len().max(1)))
    }

    fn command(&self, path: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["-nostdin", "-hide_banner", "-v", "error"]);
        if !self.every_frame {
            command.args(["-skip_frame", "nokey"]);
        }
        // A name is no protocol and no option, and what a playlist names must be a file too.
        let mut input = OsString::from("file:");
        input.push(path);
        command.args(["-protocol_whitelist", "file,crypto", "-i"]).arg(input);
        command.args(["-map", "0:v:0", "-f", "null", "-"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

/// Runs a program to its end, or ends it when the time is up: then there is no status. What it
/// printed to standard error comes with it.
pub(crate) fn run(command: &mut Command, timeout: Duration) -> io::Result<(Option<ExitStatus>, String)> {
    let mut child = command.spawn()?;
    let complaints = child.stderr.take().map(|stderr| thread::spawn(move || read(stderr)));
    let status = wait(&mut child, timeout);
    Ok((status, complaints.and_then(|reader| reader.join().ok()).unwrap_or_default()))
}

/// Reads to the end, so that the program is never kept waiting, and keeps the beginning.
fn read(mut stderr: impl Read) -> String {
    let mut kept = Vec::new();
    // What cannot be read was not said.
    let _ = stderr.by_ref().take(OUTPUT).read_to_end(&mut kept);
    let _ = io::copy(&mut stderr, &mut io::sink());
    String::from_utf8_lossy(&kept).into_owned()
}

/// Waits for the program to end; ends it when the time is up.
fn wait(child: &mut Child, timeout: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    while started.elapsed() < timeout {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => thread::sleep(POLL),
            Err(_) => break,
        }
    }
    // It may have ended just now; either way it is gone afterwards.
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn is_meant(line: &str) -> bool {
    !line.is_empty() && !CHATTER.iter().any(|chatter| line.contains(chatter))
}

/// A complaint without the address in memory that ffmpeg puts behind the name of its part.
fn without_address(line: &str) -> String {
    match (line.find(" @ 0x"), line.find(']')) {
        (Some(at), Some(end)) if at < end => {
            let (before, rest) = line.split_at(at);
            format!("{before}{}", rest.get(end.saturating_sub(at)..).unwrap_or_default())
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_told_from_chatter() {
        assert!(is_meant("[h264 @ 0x55d0] error while decoding MB 3 4, bytestream -5"));
        assert!(!is_meant("[null @ 0x1] Application provided invalid, non monotonically increasing dts to muxer"));
        assert_eq!(without_address("[h264 @ 0x55d0] error while decoding"), "[h264] error while decoding");
        assert_eq!(without_address("no ] address @ 0x1"), "no ] address @ 0x1");
    }

    #[test]
    fn a_program_that_is_not_there_is_said_to_be_missing() {
        let defect = Decoder::new("no-such-program-anywhere").ask(Path::new("x.mp4")).unwrap();
        assert_eq!(defect.id, Id::DecoderMissing);
    }

    #[cfg(unix)]
    #[test]
    fn what_takes_too_long_or_fails_is_its_own_answer() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = |name: &str, script: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
            Decoder { timeout: Duration::from_millis(300), ..Decoder::new(path) }
        };
        let ask = |decoder: Decoder| decoder.ask(Path::new("x.mp4")).map(|defect| defect.id);
        assert_eq!(ask(program("sleeps", "exec sleep 30")), Some(Id::DecoderGaveUp));
        assert_eq!(ask(program("is-content", "exit 0")), None);
        assert_eq!(ask(program("fails", "exit 3")), Some(Id::DecoderComplains));
        assert_eq!(ask(program("chatters", "echo 'Last message repeated 2 times' >&2")), None);
        let endless = program("floods", "while :; do echo '[h264 @ 0x1] broken' >&2; done");
        assert_eq!(ask(endless), Some(Id::DecoderGaveUp));
    }
}
