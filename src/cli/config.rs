//! Settings from a file: `preflight.toml`, in the working folder or one above it, or wherever
//! `AIS_PREFLIGHT_CONFIG` says. Its keys are the long flags of `check`; flags on the command line
//! count before environment variables, and those before the file.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, CommandFactory, Subcommand};

use super::Cli;

/// The name that is looked for.
const FILE: &str = "preflight.toml";
/// Where the file is, if not there; empty for none.
const VARIABLE: &str = "AIS_PREFLIGHT_CONFIG";
/// Settings are short.
const MAX_LEN: u64 = 1 << 20;

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print every setting of `check` with its value and where that comes from
    Print {
        /// Flags of `check`, to see what comes of them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
}

/// The settings of a file.
struct File {
    path: PathBuf,
    settings: toml::Table,
}

/// The arguments of the process, with those from the settings file put in where `check` is asked
/// for and neither the command line nor the environment says otherwise.
///
/// # Errors
/// If the file is not readable, or names a setting that there is not.
pub(super) fn arguments(given: impl Iterator<Item = OsString>) -> anyhow::Result<Vec<OsString>> {
    let mut given: Vec<_> = given.collect();
    // Whatever is wrong with the arguments is said when they are parsed for good.
    let Ok(matches) = Cli::command().ignore_errors(true).try_get_matches_from(&given) else {
        return Ok(given);
    };
    let (Some(("check", check)), Some(at)) =
        (matches.subcommand(), given.iter().position(|argument| argument == "check"))
    else {
        return Ok(given);
    };
    let Some(file) = File::find()? else {
        return Ok(given);
    };
    let settings = file.flags(check)?;
    given.splice(at.saturating_add(1)..at.saturating_add(1), settings);
    Ok(given)
}

impl File {
    fn find() -> anyhow::Result<Option<Self>> {
        let named = std::env::var_os(VARIABLE);
        let path = match &named {
            Some(path) if path.is_empty() => return Ok(None),
            Some(path) => PathBuf::from(path),
            None => {
                let folder = std::env::current_dir()?;
                match folder.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file()) {
                    Some(path) => path,
                    None => return Ok(None),
                }
            }
        };
        Self::read(&path).with_context(|| path.display().to_string()).map(Some)
    }

    fn read(path: &Path) -> anyhow::Result<Self> {
        if std::fs::metadata(path)?.len() > MAX_LEN {
            bail!("settings of more than {MAX_LEN} bytes");
        }
        #[allow(clippy::disallowed_methods, reason = "the size was looked at")]
        let text = std::fs::read_to_string(path)?;
        Ok(Self { path: path.to_owned(), settings: toml::from_str(&text)? })
    }

    /// The settings that count, as flags.
    fn flags(&self, given: &ArgMatches) -> anyhow::Result<Vec<OsString>> {
        let command = check_command();
        let mut flags = Vec::new();
        for (key, value) in &self.settings {
            let Some(setting) = command.get_arguments().find(|setting| is_setting(setting, key)) else {
                let names: Vec<_> = settings(&command).filter_map(Arg::get_long).collect();
                let near =
                    names.iter().max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                bail!("{}: there is no setting `{key}`{near}", self.path.display());
            };
            if is_given(given, setting) {
                continue;
            }
            flags.extend(as_flags(setting, value).with_context(|| format!("{}: `{key}`", self.path.display()))?);
        }
        Ok(flags)
    }
}

/// Whether `key` is the long name of that argument.
fn is_setting(setting: &Arg, key: &str) -> bool {
    setting.get_long() == Some(key) && !matches!(setting.get_action(), ArgAction::Help | ArgAction::Version)
}

/// Whether the command line or the environment gives the argument.
fn is_given(matches: &ArgMatches, setting: &Arg) -> bool {
    let source = matches.try_contains_id(setting.get_id().as_str()).ok();
    source.is_some()
        && matches!(
            matches.value_source(setting.get_id().as_str()),
            Some(ValueSource::CommandLine | ValueSource::EnvVariable)
        )
}

/// A value of the file as the flags that say the same.
fn as_flags(setting: &Arg, value: &toml::Value) -> anyhow::Result<Vec<OsString>> {
    let name = setting.get_long().unwrap_or_default();
    if matches!(setting.get_action(), ArgAction::SetTrue) {
        return match value {
            toml::Value::Boolean(true) => Ok(vec![format!("--{name}").into()]),
            toml::Value::Boolean(false) => Ok(Vec::new()),
            _ => bail!("true or false is wanted"),
        };
    }
    let values = match value {
        toml::Value::Array(values) => values.iter().collect(),
        value => vec![value],
    };
    let mut flags = Vec::new();
    for value in values {
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Datetime(_) => value.to_string(),
            _ => bail!("a text, a number or a list of them is wanted"),
        };
        flags.push(format!("--{name}={text}").into());
    }
    Ok(flags)
}

/// `check` with the flags that all subcommands share.
fn check_command() -> Command {
    let mut cli = Cli::command();
    cli.build();
    cli.find_subcommand("check").cloned().unwrap_or_default()
}

/// The arguments of `check` that can be set.
fn settings(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|setting| setting.get_long().is_some_and(|name| is_setting(setting, name)))
}

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<ExitCode> {
    let ConfigCommand::Print { flags } = &args.command;
    let given = ["ais-preflight".into(), "check".into(), "-".into()].into_iter().chain(flags.iter().cloned());
    let from_line = Cli::command().try_get_matches_from(given.clone())?;
    let with_file = Cli::command().try_get_matches_from(arguments(given)?)?;
    let (Some((_, line)), Some((_, all))) = (from_line.subcommand(), with_file.subcommand()) else {
        bail!("the flags are not those of `check`");
    };
    let file = File::find()?;
    let mut text = match &file {
        Some(file) => format!("# settings file: {}\n", file.path.display()),
        None => format!("# no settings file ({FILE} in this folder or one above it, or {VARIABLE})\n"),
    };
    let command = check_command();
    for setting in settings(&command) {
        let id = setting.get_id().as_str();
        let source = match (line.value_source(id), all.value_source(id)) {
            (Some(ValueSource::CommandLine), _) => "command line",
            (Some(ValueSource::EnvVariable), _) => "environment",
            (_, Some(ValueSource::CommandLine)) => "settings file",
            _ => "default",
        };
        let values = all
            .get_raw(id)
            .map(|values| values.map(|value| format!("{:?}", value.to_string_lossy())).collect::<Vec<_>>());
        let values = values.filter(|values| !values.is_empty());
        let value = match (setting.get_action(), values) {
            (ArgAction::SetTrue, _) => all.get_flag(id).to_string(),
            (_, None) => "unset".to_owned(),
            (ArgAction::Append, Some(values)) => format!("[{}]", values.join(", ")),
            (_, Some(values)) => values.join(", "),
        };
        let _ = writeln!(text, "{:16} = {value:30} # {source}", setting.get_long().unwrap_or_default());
    }
    anstream::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
