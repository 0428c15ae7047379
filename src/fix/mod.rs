//! Mending files so that they pass: pictures by decoding and coding them anew, videos by the user's
//! own ffmpeg, base64 texts by writing them as they should be.
//!
//! What is made here is a new file; whether it passes is for a [`crate::Checker`] to say. Damage is
//! not painted over: a picture of which something is lost is left alone unless salvage is asked for.

pub(crate) mod picture;
pub(crate) mod video;

use std::time::Duration;

use crate::defect::{Group, Id, Remedy};
use crate::format::{Format, Kind};
use crate::lang::{Lang, Text};
use crate::profile::{Severity, Via};
use crate::report::{Finding, Report};

/// Something that was done to a file, or would be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Scaled from one size to another.
    Scaled { from: (u32, u32), to: (u32, u32) },
    /// Written in another format.
    Converted { from: Format, to: Format },
    /// Written anew in the same format.
    Rewritten(Format),
    /// Turned upright, so that no orientation needs to be heeded.
    Turned,
    /// Put on a white ground, since the format has no transparency.
    Flattened,
    /// Only the first of several pictures was kept.
    FirstOnly(u32),
    /// JPEG of a quality that makes the file small enough.
    Quality(u8),
    /// Given the extension that fits.
    Renamed(&'static str),
    /// Written as base64 in its plain form.
    Encoded,
    /// Handled by ffmpeg with these arguments.
    Ffmpeg(String),
    /// Copied as it is.
    Copied,
}

impl Step {
    pub(crate) fn text(&self, lang: Lang) -> String {
        let put = |text: Text, values: &[&dyn std::fmt::Display]| {
            let mut parts = text.get(lang).split("{}");
            let mut out = parts.next().unwrap_or_default().to_owned();
            for (part, value) in parts.zip(values) {
                out.push_str(&value.to_string());
                out.push_str(part);
            }
            out
        };
        match self {
            Self::Scaled { from, to } => put(
                Text { en: "scaled from {} x {} to {} x {}", zh: "从 {} x {} 缩放到 {} x {}" },
                &[&from.0, &from.1, &to.0, &to.1],
            ),
            Self::Converted { from, to } => {
                put(Text { en: "converted from {} to {}", zh: "从 {} 转换为 {}" }, &[&from.name(), &to.name()])
            }
            Self::Rewritten(format) => put(Text { en: "written anew as {}", zh: "重新保存为 {}" }, &[&format.name()]),
            Self::Turned => put(Text { en: "turned upright", zh: "已按方向信息转正" }, &[]),
            Self::Flattened => put(Text { en: "put on a white ground", zh: "透明部分填充为白色" }, &[]),
            Self::FirstOnly(count) => put(
                Text { en: "only the first of {} pictures was kept", zh: "仅保留了 {} 张图像中的第一张" },
                &[count],
            ),
            Self::Quality(quality) => put(Text { en: "JPEG quality {}", zh: "JPEG 质量 {}" }, &[quality]),
            Self::Renamed(extension) => put(Text { en: "renamed to .{}", zh: "扩展名改为 .{}" }, &[extension]),
            Self::Encoded => put(Text { en: "written as plain base64", zh: "重新写为标准 base64" }, &[]),
            Self::Ffmpeg(arguments) => put(Text { en: "by ffmpeg {}", zh: "使用 ffmpeg {}" }, &[arguments]),
            Self::Copied => put(Text { en: "copied", zh: "已复制" }, &[]),
        }
    }
}

/// Why a file was not mended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Obstacle {
    /// It is damaged, and was not to be salvaged.
    Damaged(String),
    /// What is wrong is nothing that can be mended here.
    NotHere(String),
    /// No size of that shape is within the limits.
    Shape { width: u32, height: u32, min: u32, max: u32 },
    /// There is no decoder for the format here; a command that has one may be known.
    NoDecoder { format: String, command: Option<String> },
    /// None of the formats that are accepted can be written here.
    NoEncoder,
    /// It does not become small enough.
    TooLarge { bytes: u64, limit: u64 },
    /// Videos were not asked for.
    NeedsFfmpeg(Option<String>),
    /// The decoder, ffmpeg or the system refused.
    Failed(String),
    /// It was written, but does not pass.
    StillFails(String),
}

impl Obstacle {
    pub(crate) fn text(&self, lang: Lang) -> String {
        let or_by = |command: &Option<String>| match (command, lang) {
            (Some(command), Lang::En) => format!("; this does it: {command}"),
            (Some(command), Lang::Zh) => format!("；可执行：{command}"),
            (None, _) => String::new(),
        };
        match (self, lang) {
            (Self::Damaged(what), Lang::En) => format!("it is damaged, and is not mended without --salvage: {what}"),
            (Self::Damaged(what), Lang::Zh) => format!("文件已损坏，未指定 --salvage 时不会修复：{what}"),
            (Self::NotHere(what), Lang::En) => format!("this cannot be mended here: {what}"),
            (Self::NotHere(what), Lang::Zh) => format!("无法在此修复：{what}"),
            (Self::Shape { width, height, min, max }, Lang::En) => {
                format!(
                    "{width} x {height} pixels have no scale at which each edge has {min} to {max}: crop it, or add a border"
                )
            }
            (Self::Shape { width, height, min, max }, Lang::Zh) => {
                format!("{width} x {height} 像素的图片无论如何缩放都无法使每边在 {min} 到 {max} 之间：请裁剪或加边框")
            }
            (Self::NoDecoder { format, command }, lang) => {
                let text = Text { en: "no decoder for it is built in", zh: "没有内置相应的解码器" }.get(lang);
                format!("{text} ({format}){}", or_by(command))
            }
            (Self::NoEncoder, lang) => {
                Text { en: "none of the accepted formats can be written", zh: "无法写出任何受支持的格式" }
                    .get(lang)
                    .to_owned()
            }
            (Self::TooLarge { bytes, limit }, Lang::En) => {
                format!("it still has {bytes} bytes as small as it may become, and {limit} are the limit")
            }
            (Self::TooLarge { bytes, limit }, Lang::Zh) => format!("缩小到极限后仍有 {bytes} 字节，超过限制 {limit}"),
            (Self::NeedsFfmpeg(command), lang) => {
                let text = Text {
                    en: "videos are mended only --with-ffmpeg", zh: "仅在指定 --with-ffmpeg 时处理视频"
                };
                format!("{}{}", text.get(lang), or_by(command))
            }
            (Self::Failed(why), _) => why.clone(),
            (Self::StillFails(what), Lang::En) => format!("what came of it does not pass and was removed: {what}"),
            (Self::StillFails(what), Lang::Zh) => format!("处理结果仍未通过，已删除：{what}"),
        }
    }
}

/// What is to be done to a file, by its report.
#[derive(Debug)]
pub(crate) enum Plan {
    /// Nothing: it passes.
    Nothing,
    /// Only the name is wrong.
    Rename,
    /// The content is to be made anew, for these reasons.
    Remake(Vec<Remedy>),
}

/// How files are mended.
#[derive(Clone, Debug)]
pub(crate) struct Means {
    pub(crate) via: Option<Via>,
    pub(crate) salvage: bool,
    /// ffmpeg, and how long it may take.
    pub(crate) ffmpeg: Option<(std::path::PathBuf, Duration)>,
}

/// What speaks against a file. That it must be sent by url says nothing against one of which it is
/// not said how it will be sent.
fn troubles(report: &Report, via: Option<Via>) -> impl Iterator<Item = (&Finding, Remedy)> {
    let findings =
        report.findings.iter().filter_map(|finding| Some((finding, Id::from_name(finding.defect)?.info().remedy)));
    findings.filter(move |(finding, remedy)| match remedy {
        Remedy::Rename => true,
        Remedy::SendByUrl if via.is_none() => false,
        _ => finding.severity > Severity::Note,
    })
}

/// The first thing that speaks against a file, in words.
pub(crate) fn complaint(report: &Report, via: Option<Via>) -> Option<String> {
    troubles(report, via).next().map(|(finding, _)| finding.message.clone())
}

/// What to do about all that speaks against a file.
pub(crate) fn plan(report: &Report, means: &Means) -> Result<Plan, Obstacle> {
    let mut remedies = Vec::new();
    for (finding, remedy) in troubles(report, means.via) {
        let said = || finding.message.clone();
        match remedy {
            Remedy::Rename
            | Remedy::Convert
            | Remedy::Enlarge
            | Remedy::Reduce
            | Remedy::Compress
            | Remedy::SendByUrl
            | Remedy::Split => {}
            // A new file around the same frames; pictures lose nothing by it that was there.
            Remedy::Resave if report.kind == Kind::Video || means.salvage => {}
            Remedy::Fetch if means.salvage && report.kind == Kind::Image => {}
            Remedy::Resave | Remedy::Fetch if finding.group == Group::Damage => return Err(Obstacle::Damaged(said())),
            remedy if crate::remedy::TEXT_REMEDIES.contains(&remedy) => {}
            _ => return Err(Obstacle::NotHere(said())),
        }
        if !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    Ok(match remedies.as_slice() {
        [] => Plan::Nothing,
        [Remedy::Rename] => Plan::Rename,
        _ => Plan::Remake(remedies),
    })
}
