//! The command: flags, and which part of the library answers to each subcommand.

mod cache;
mod check;
mod config;
mod explain;
mod facts;
mod fix;
mod generate;
mod output;
mod paths;
mod place;
mod profiles;
mod read;
mod request;
mod stat;
mod watch;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::checker::{Checker, Depth};
use crate::decoder::Decoder;
use crate::input::Budget;
use crate::lang::Lang;
use crate::profile::{ProfileSet, Via};

/// What the shell says of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Predicts which error Huawei Cloud Content Moderation would answer with, before anything is
/// uploaded.
#[derive(Debug, Parser)]
#[command(name = "ais-preflight", version, about, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit status: 0 nothing is rejected, 1 something is, 2 the command could not do its work.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Language of messages [default: by the locale, else English]
    #[arg(long, value_enum, global = true, env = "AIS_PREFLIGHT_LANG")]
    lang: Option<LangArg>,
    /// When to use colours
    #[arg(long, value_enum, global = true, default_value_t = ColorArg::Auto)]
    color: ColorArg,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check files and folders, and predict the service's answer to each
    Check(Box<check::CheckArgs>),
    /// Make files that pass of those that do not, into another folder
    Fix(Box<fix::FixArgs>),
    /// Check files as they come into a folder
    Watch(Box<watch::WatchArgs>),
    /// Check requests before they are sent, with the pictures they carry
    Request(request::RequestArgs),
    /// Say what a code of the service, an answer of it, or a defect means
    Explain(explain::ExplainArgs),
    /// Print what files are: format, size, orientation, frames, …
    Facts(facts::FactsArgs),
    /// List the profiles, or show one
    Profiles(profiles::ProfilesArgs),
    /// Show what `check` would go by, and where each value comes from
    Config(config::ConfigArgs),
    /// Print a script that completes the arguments in a shell
    Completions(generate::CompletionsArgs),
    /// Print the manual page, or write those of all subcommands into a folder
    Man(generate::ManArgs),
    /// Print the JSON Schema of a report, as `--format ndjson` writes one a line
    Schema,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArg {
    En,
    Zh,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DepthArg {
    Header,
    Structure,
    Full,
}

/// How a file is going to be sent.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ViaArg {
    /// as base64 in the request
    Base64,
    /// by a url
    Url,
    /// by the url of an object in OBS
    Obs,
}

impl From<ViaArg> for Via {
    fn from(via: ViaArg) -> Self {
        match via {
            ViaArg::Base64 => Self::Base64,
            ViaArg::Url => Self::Url,
            ViaArg::Obs => Self::Obs,
        }
    }
}

/// How files are checked; shared by the subcommands that check.
#[derive(Debug, Args)]
struct CheckerArgs {
    /// How deep to look: header (facts, a few KiB read), structure (every chunk walked), full
    /// (what is inside them as well) [default: full, but structure for videos over the size limit]
    #[arg(long, value_enum, env = "AIS_PREFLIGHT_DEPTH")]
    depth: Option<DepthArg>,
    /// Profile to judge by: a name that `ais-preflight profiles` lists, or a TOML file
    #[arg(long, default_value = "auto", value_name = "NAME|FILE", env = "AIS_PREFLIGHT_PROFILE")]
    profile: String,
    /// Give up on a file after so many seconds, and report it as unchecked
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, env = "AIS_PREFLIGHT_TIMEOUT")]
    timeout: f64,
    /// Have videos that seem sound decoded by your own ffmpeg, and report what it complains of as a
    /// risk: keyframes only, or with `=all` every frame
    #[arg(long, value_name = "FFMPEG[=all]", value_parser = decoder, env = "AIS_PREFLIGHT_DECODE")]
    decode: Option<Decoder>,
}

/// `ffmpeg`, `ffmpeg=all`, or the same with the path of the program.
fn decoder(text: &str) -> Result<Decoder, String> {
    let (program, frames) = text.rsplit_once('=').unwrap_or((text, "key"));
    let mut decoder = Decoder::new(program);
    match (program, frames) {
        ("", _) => return Err("name the program, such as ffmpeg".to_owned()),
        (_, "all") => decoder.every_frame = true,
        (_, "key") => {}
        _ => return Err(format!("'={frames}' is neither '=all' nor '=key'")),
    }
    Ok(decoder)
}

impl CheckerArgs {
    /// The checker that the flags describe; it counts the bytes that it reads on `meter`.
    fn checker(&self, lang: Lang, meter: Option<Arc<AtomicU64>>) -> anyhow::Result<Checker> {
        let time = Duration::try_from_secs_f64(self.timeout)
            .map_err(|error| anyhow::anyhow!("--timeout {}: {error}", self.timeout))?;
        let mut checker = Checker::new().lang(lang).profile(profile(&self.profile)?).budget(Budget {
            time: Some(time),
            meter,
            ..Budget::default()
        });
        checker = match self.depth {
            Some(DepthArg::Header) => checker.depth(Depth::Header),
            Some(DepthArg::Structure) => checker.depth(Depth::Structure),
            Some(DepthArg::Full) => checker.depth(Depth::Full),
            None => checker,
        };
        if let Some(decoder) = &self.decode {
            checker = checker.decoder(decoder.clone());
        }
        Ok(checker)
    }
}

impl CheckerArgs {
    /// All that a report depends on beside the file.
    fn fingerprint(&self, lang: Lang) -> anyhow::Result<String> {
        let profile = profile(&self.profile)?;
        let depth = self.depth.map(|depth| format!("{depth:?}"));
        let texts = [&profile.image.text, &profile.video.text];
        let decoder = self.decode.as_ref().map(|decoder| format!("{decoder:?}"));
        Ok(format!("{lang:?} {depth:?} {decoder:?} {} {texts:?}", profile.name))
    }
}

/// A built-in profile by its name, or a user's own by the path of its file.
fn profile(name: &str) -> anyhow::Result<ProfileSet> {
    let path = PathBuf::from(name);
    let is_file = path.extension().is_some_and(|extension| extension == "toml") || path.is_file();
    if !is_file {
        return Ok(ProfileSet::builtin(name)?);
    }
    #[allow(clippy::disallowed_methods, reason = "a profile is small, and the user named it")]
    let text = std::fs::read_to_string(&path).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    Ok(ProfileSet::from_toml(&text, name)?)
}

/// A flag that Ctrl-C and a request to terminate set; a second one ends the program at once.
fn on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "the user has asked twice")]
            std::process::exit(INTERRUPTED.into());
        }
    })
    .context("Ctrl-C cannot be handled")?;
    Ok(flag)
}

/// Runs the command with the arguments of the process and returns its exit status.
pub fn run() -> ExitCode {
    let done = config::arguments(std::env::args_os()).and_then(|arguments| dispatch(&Cli::parse_from(arguments)));
    done.unwrap_or_else(|error| {
        // The reader of our output went away: there is nobody left to tell.
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        let _ = writeln!(anstream::stderr(), "ais-preflight: {error:#}");
        ExitCode::from(2)
    })
}

fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    match cli.color {
        ColorArg::Auto => {}
        ColorArg::Always => anstream::ColorChoice::Always.write_global(),
        ColorArg::Never => anstream::ColorChoice::Never.write_global(),
    }
    let asked = cli.lang.map(|lang| match lang {
        LangArg::En => Lang::En,
        LangArg::Zh => Lang::Zh,
    });
    let lang = asked.unwrap_or_else(locale);
    match &cli.command {
        Command::Check(args) => check::run(args, lang),
        Command::Fix(args) => fix::run(args, lang),
        Command::Watch(args) => watch::run(args, lang),
        Command::Request(args) => request::run(args, lang),
        Command::Explain(args) => explain::run(args, lang, asked),
        Command::Facts(args) => facts::run(args, lang),
        Command::Profiles(args) => profiles::run(args, lang),
        Command::Config(args) => config::run(args),
        Command::Completions(args) => generate::completions(args),
        Command::Man(args) => generate::manual(args),
        Command::Schema => generate::schema(),
    }
}

/// Chinese for a Chinese locale, English for any other.
fn locale() -> Lang {
    let named =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    match named {
        Some(name) if name.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
