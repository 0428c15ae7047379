//! Holds ais-preflight against programs that decode media for a living.
//!
//! * `cargo run --release -p oracles -- matrix [FILE]` makes healthy pictures with common encoders, damages each in many
//!   ways, asks ais-preflight and other programs about every mutant, and prints a table or puts it into a document;
//! * `… -- videos [FILE]` does the same with videos;
//! * `… -- healthy [COUNT]` makes random healthy pictures, none of which may raise an alarm;
//! * `… -- differ` holds every fixture and mutant against the libraries that decode its format;
//! * `… -- speed` measures how long a check takes beside those libraries;
//! * `… -- speed-videos` does so with films, beside ffprobe, ffmpeg and dd;
//! * `… -- page` opens the page of `--format html` over many files in Chromium;
//! * `… -- quick` does all but the speed, on a part of the mutants and a few healthy files.
//!
//! README.md beside this crate names the programs it needs.
#![allow(clippy::disallowed_methods, reason = "the files are its own, and small")]

mod differ;
mod encode;
mod film_speed;
mod films;
mod matrix;
mod mutate;
mod oracle;
mod page;
mod peers;
mod sample;
mod share;
mod speed;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["matrix"] => matrix::run(None, false),
        ["matrix", file] => matrix::run(Some(file.as_ref()), false),
        ["videos"] => films::run(None, false),
        ["videos", file] => films::run(Some(file.as_ref()), false),
        ["healthy"] => matrix::healthy(3000),
        ["healthy", count] => matrix::healthy(count.parse()?),
        ["differ"] => differ::run(false),
        ["speed"] => speed::run(""),
        ["speed", word] => speed::run(word),
        ["speed-videos"] => film_speed::run(""),
        ["speed-videos", word] => film_speed::run(word),
        ["page"] => page::run(),
        ["quick"] => {
            matrix::run(None, true)?;
            films::run(None, true)?;
            matrix::healthy(300)?;
            differ::run(true)?;
            page::run()
        }
        _ => anyhow::bail!(
            "usage: oracles matrix [FILE] | videos [FILE] | healthy [COUNT] | differ | speed [WORD] | speed-videos [WORD] | page \
             | quick"
        ),
    }
}
