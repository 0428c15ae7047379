//! `ais-preflight profiles`: what can be judged by.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use anstyle::Style;
use clap::{Args, Subcommand, ValueEnum};

use crate::defect::{Group, Id};
use crate::lang::{Lang, Text};
use crate::profile::{Profile, ProfileSet, Status};
use crate::render::text::harmless;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

#[derive(Debug, Args)]
pub(super) struct ProfilesArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the profiles
    List,
    /// Show one profile: its limits, where they are stated, and which code answers which defect
    Show {
        /// A name that the list has, or a TOML file
        name: String,
        /// As text for people, or as the TOML that a profile of your own may extend
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Toml,
}

pub(super) fn run(args: &ProfilesArgs, lang: Lang) -> anyhow::Result<ExitCode> {
    let mut out = String::new();
    match &args.action {
        None | Some(Action::List) => {
            for name in ProfileSet::builtin_names() {
                let set = ProfileSet::builtin(name)?;
                let _ = writeln!(out, "{BOLD}{name:22}{BOLD:#} {}", title(&set, lang));
            }
        }
        Some(Action::Show { name, format }) => {
            let set = super::profile(name)?;
            let profiles: Vec<&Profile> =
                if set.image == set.video { vec![&set.image] } else { vec![&set.image, &set.video] };
            for profile in profiles {
                match format {
                    Format::Text => show(&mut out, profile, lang),
                    Format::Toml => out.push_str(&profile.text),
                }
            }
        }
    }
    anstream::stdout().write_all(out.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn title(set: &ProfileSet, lang: Lang) -> String {
    if set.image == set.video {
        return set.image.title.get(lang).to_owned();
    }
    let (image, video) = (&set.image.name, &set.video.name);
    match lang {
        Lang::En => format!("by content: {image} for images, {video} for videos"),
        Lang::Zh => format!("按内容选择：图片用 {image}，视频用 {video}"),
    }
}

fn show(out: &mut String, profile: &Profile, lang: Lang) {
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}  {}", harmless(&profile.name), harmless(profile.title.get(lang)));
    let mut row = |key: Text, value: &str, source: &crate::profile::Citation| {
        let _ = writeln!(out, "  {:10} {}", key.get(lang), harmless(value));
        let _ = writeln!(out, "  {:10} {DIM}{} ({}){DIM:#}", "", harmless(&source.page), harmless(&source.date));
    };
    let status = match profile.status {
        Status::Online => Text { en: "online", zh: "在线" },
        Status::Retired => {
            Text { en: "retired: the operation can no longer be called", zh: "已下线，无法再调用" }
        }
    };
    row(Text { en: "status", zh: "状态" }, status.get(lang), &profile.source);
    if let Some(accepted) = &profile.accepted {
        row(Text { en: "formats", zh: "格式" }, &accepted.listed, &accepted.source);
    }
    if let Some(edge) = &profile.edge {
        let range = match lang {
            Lang::En => format!("{} to {} pixels, both inclusive", edge.min, edge.max),
            Lang::Zh => format!("{} 至 {} 像素（含两端）", edge.min, edge.max),
        };
        row(Text { en: "edges", zh: "边长" }, &range, &edge.source);
    }
    if let Some(size) = &profile.size {
        let mut ways = Vec::new();
        if let Some(mb) = size.base64_mb {
            ways.push(match lang {
                Lang::En => format!("{mb} MB as base64 ({} MB of the file)", mb * 0.75),
                Lang::Zh => format!("base64 编码后 {mb} MB（原文件 {} MB）", mb * 0.75),
            });
        }
        if let Some(mb) = size.url_mb {
            ways.push(match lang {
                Lang::En => format!("{mb} MB by url"),
                Lang::Zh => format!("通过 url 为 {mb} MB"),
            });
        }
        row(Text { en: "size", zh: "大小" }, &ways.join(Text { en: ", ", zh: "，" }.get(lang)), &size.source);
        let _ = writeln!(out, "  {:10} {}", "", harmless(size.unit.reason.get(lang)));
    }
    if let Some(duration) = &profile.duration {
        let seconds = match lang {
            Lang::En => format!("{} seconds at most", duration.max_s),
            Lang::Zh => format!("最长 {} 秒", duration.max_s),
        };
        let _ = writeln!(out, "  {:10} {seconds}", Text { en: "duration", zh: "时长" }.get(lang));
        let _ = writeln!(out, "  {:10} {DIM}{} ({}){DIM:#}", "", duration.source.page, duration.source.date);
    }
    let _ = writeln!(out, "  {}", Text { en: "answers", zh: "预测的错误码" }.get(lang));
    let mut before = None;
    for id in Id::ALL.iter().filter(|id| id.info().group != Group::Unchecked) {
        let answer = profile.answer(*id);
        let code = answer.code.as_deref().unwrap_or("-");
        // Defects with one answer stand together in the table, so they are put into one block.
        let head = format!("{:?} {code} {}", answer.severity, answer.also.join(" "));
        if before.as_ref() != Some(&head) {
            let severity = format!("{:?}", answer.severity).to_lowercase();
            let also = if answer.also.is_empty() { String::new() } else { format!(" / {}", answer.also.join(", ")) };
            let _ = writeln!(out, "    {BOLD}{code}{BOLD:#} {severity}{DIM}{also}{DIM:#}");
            before = Some(head);
        }
        let _ = writeln!(out, "        {}", id.name());
    }
}
