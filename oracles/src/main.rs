//! Holds ais-preflight against programs that decode media for a living.
//!
//! `cargo run --release -p oracles -- matrix [FILE]` makes healthy pictures with common encoders,
//! damages each in many ways, asks ais-preflight and the decoders about every mutant, and writes
//! the table of `docs/detection.md`. `… -- healthy [COUNT]` makes random healthy pictures and fails
//! if any of them raises an alarm. README.md beside this crate names the programs it needs.

mod encode;
mod matrix;
mod mutate;
mod oracle;
mod peers;
mod speed;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["matrix"] => matrix::run(None),
        ["matrix", file] => matrix::run(Some(file.as_ref())),
        ["healthy"] => matrix::healthy(3000),
        ["healthy", count] => matrix::healthy(count.parse()?),
        ["speed"] => speed::run(),
        _ => anyhow::bail!("usage: oracles matrix [FILE] | healthy [COUNT]"),
    }
}
