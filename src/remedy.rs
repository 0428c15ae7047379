//! Remedies that run: for a finding, the command that does what its remedy says.
//!
//! Pictures are mended by this program itself (`ais-preflight fix`), which needs nothing else; those
//! that it has no decoder for by ImageMagick, and videos by ffmpeg. Numbers come from the facts of
//! the file and the limits of the profile. The commands are for a shell (POSIX): words are quoted by
//! `shlex`, and a name that no printed line can carry (not UTF-8, or with control characters in it)
//! gets no command.

use std::path::{Path, PathBuf};

use crate::defect::{Id, Remedy};
use crate::facts::{Facts, ImageFacts, VideoFacts};
use crate::format::{Format, Kind};
use crate::profile::{EdgeLimits, Profile, ProfileSet, SizeLimits, Via, mb};
use crate::report::{Finding, Report};

/// What is known of the file that a command is for.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) path: &'a Path,
    pub(crate) format: Option<Format>,
    pub(crate) facts: &'a Facts,
    pub(crate) profile: &'a Profile,
    pub(crate) via: Option<Via>,
}

/// The formats that `ais-preflight fix` can decode.
pub(crate) const DECODED: [Format; 6] =
    [Format::Jpeg, Format::Png, Format::Gif, Format::Webp, Format::Bmp, Format::Tiff];
/// A margin below the limit of a size, since what is aimed at is not hit exactly.
const SIZE_MARGIN: f64 = 0.93;
/// A margin below the limit of a duration: a part ends with the keyframe after its time.
const PART_MARGIN: f64 = 0.97;
/// Bits a second of the sound of a video that is coded anew.
const SOUND_RATE: f64 = 96_000.0;
/// With fewer bits a second, there is no point in a video.
const LEAST_RATE: f64 = 50_000.0;

/// Gives each finding its command, where there is one.
pub(crate) fn name_commands(findings: &mut [Finding], file: &Subject<'_>, set: &ProfileSet) {
    for finding in findings {
        let remedy = Id::from_name(finding.defect).map(|id| id.info().remedy);
        finding.remedy_command = remedy.and_then(|remedy| command(remedy, file, set));
    }
}

/// Gives the findings about a file of base64 text the command that mends it.
pub(crate) fn name_commands_for_base64(report: &mut Report, path: &Path, set: &ProfileSet) {
    for finding in &mut report.findings {
        let remedy = Id::from_name(finding.defect).map(|id| id.info().remedy);
        if remedy.is_some_and(|remedy| TEXT_REMEDIES.contains(&remedy)) {
            finding.remedy_command = word(path).and_then(|path| fix(set, None, "--base64 ", &path));
        }
    }
}

/// What `ais-preflight fix --base64` does to a text.
pub(crate) const TEXT_REMEDIES: [Remedy; 7] = [
    Remedy::StripPrefix,
    Remedy::EncodeStandard,
    Remedy::KeepBase64,
    Remedy::Convert,
    Remedy::Enlarge,
    Remedy::Reduce,
    Remedy::Compress,
];

fn command(remedy: Remedy, file: &Subject<'_>, set: &ProfileSet) -> Option<String> {
    let path = word(file.path)?;
    match (remedy, file.format.map(Format::kind)) {
        (Remedy::Rename, _) => rename(file),
        (_, Some(Kind::Image)) => picture(remedy, file, set, &path),
        (_, Some(Kind::Video)) => ffmpeg(&Recipe::of(&[remedy], file)?, file.path),
        _ => None,
    }
}

/// The command line of ffmpeg for a recipe.
pub(crate) fn ffmpeg(recipe: &Recipe, path: &Path) -> Option<String> {
    let arguments = recipe.arguments();
    let arguments = shlex::try_join(arguments.iter().map(String::as_str)).ok()?;
    Some(format!("ffmpeg -i {} {arguments} {}", word(path)?, word(&beside(path, &recipe.suffix())?)?))
}

/// A path as one word of a shell, that no program takes for an option or a protocol; `None` if a
/// line cannot carry it.
fn word(path: &Path) -> Option<String> {
    let path = path.to_str().filter(|path| crate::render::text::harmless(path) == *path)?;
    let plain = path.starts_with(['/', '.']) || !(path.starts_with('-') || path.contains(':'));
    let path = if plain { path.to_owned() } else { format!("./{path}") };
    shlex::try_quote(&path).ok().map(std::borrow::Cow::into_owned)
}

/// A name for what is made of the file: in its folder, and harmless whatever the file is called.
fn beside(path: &Path, suffix: &str) -> Option<PathBuf> {
    let stem: String = path.file_stem()?.to_str()?.chars().map(harmless_letter).collect();
    let folder = path.parent().and_then(Path::to_str).unwrap_or_default();
    // ffmpeg counts the parts where a percent sign is.
    let folder = if suffix.contains('%') { folder.replace('%', "%%") } else { folder.to_owned() };
    Some(Path::new(&folder).join(format!("{stem}{suffix}")))
}

fn harmless_letter(letter: char) -> char {
    if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ') { letter } else { '_' }
}

fn rename(file: &Subject<'_>) -> Option<String> {
    let extension = file.format?.info().extensions.first()?;
    Some(format!("mv -n {} {}", word(file.path)?, word(&file.path.with_extension(extension))?))
}

/// `ais-preflight fix` by the profile of the check. A profile of one's own has a name, but where its
/// file is, is not known here.
fn fix(set: &ProfileSet, via: Option<Via>, flags: &str, path: &str) -> Option<String> {
    let profile = match set.name.as_str() {
        "auto" => String::new(),
        name => format!("--profile {} ", ProfileSet::builtin_names().find(|builtin| *builtin == name)?),
    };
    let via = match via {
        Some(Via::Base64) => "--via base64 ",
        Some(Via::Url) => "--via url ",
        Some(Via::Obs) => "--via obs ",
        None => "",
    };
    Some(format!("ais-preflight fix {profile}{via}{flags}--out fixed {path}"))
}

fn picture(remedy: Remedy, file: &Subject<'_>, set: &ProfileSet, path: &str) -> Option<String> {
    let Facts::Image(facts) = file.facts else {
        return None;
    };
    let via = if remedy == Remedy::SendByUrl { Some(Via::Base64) } else { file.via };
    let (flags, options) = match remedy {
        Remedy::Convert => ("", String::new()),
        Remedy::Resave => ("--salvage ", String::new()),
        Remedy::Enlarge | Remedy::Reduce => {
            let (width, height) = fitted(facts, file.profile.edge.as_ref()?)?;
            ("", format!("-resize {width}x{height}! "))
        }
        Remedy::Compress | Remedy::SendByUrl => {
            let size = max_bytes(file.profile.size.as_ref()?, via)?;
            ("", format!("-define jpeg:extent={size} "))
        }
        _ => return None,
    };
    if file.format.is_some_and(|format| DECODED.contains(&format)) {
        return fix(set, via, flags, path);
    }
    let accepted = file.profile.accepted.as_ref().is_none_or(|accepted| accepted.formats.contains(&Format::Jpeg));
    // Read from standard input, where no name can be taken for anything else.
    let out = word(&beside(file.path, "-fixed.jpg")?)?;
    accepted.then(|| format!("magick - {}{out} < {path}", options.replace('!', "\\!")))
}

/// The size of the picture, as shown, that fits the limits; `None` if there is none of its shape.
pub(crate) fn fitted(facts: &ImageFacts, limits: &EdgeLimits) -> Option<(u32, u32)> {
    fit(facts.display_width?, facts.display_height?, limits, 1)
}

/// The size nearest to `width` x `height` that keeps the shape, lies within the limits and is made
/// of multiples of `step`.
pub(crate) fn fit(width: u32, height: u32, limits: &EdgeLimits, step: u32) -> Option<(u32, u32)> {
    let down = |edge: u32| edge.checked_div(step)?.checked_mul(step);
    // What `edge` becomes when `from` becomes `to`.
    let in_proportion = |edge: u32, from: u32, to: u32| {
        let product = u64::from(edge).checked_mul(u64::from(to))?;
        let edge = if to > from { product.div_ceil(u64::from(from)) } else { product.checked_div(u64::from(from))? };
        u32::try_from(edge).ok()
    };
    let (short, long) = (width.min(height), width.max(height));
    if short == 0 {
        return None;
    }
    let (short, long) = if long > limits.max {
        let to = down(limits.max)?;
        (down(in_proportion(short, long, to)?)?, to)
    } else if short < limits.min {
        let to = limits.min.checked_next_multiple_of(step)?;
        (to, in_proportion(long, short, to)?.checked_next_multiple_of(step)?)
    } else {
        (down(short)?, down(long)?)
    };
    let within = short >= limits.min.max(1) && long <= limits.max;
    within.then_some(if width <= height { (short, long) } else { (long, short) })
}

/// The most bytes that surely pass, when sent that way.
pub(crate) fn max_bytes(limits: &SizeLimits, via: Option<Via>) -> Option<u64> {
    let base64 = limits.base64_mb.map(|limit| limit * 3.0 / 4.0);
    let limit = match via {
        Some(Via::Base64) => base64.or(limits.url_mb),
        Some(Via::Url | Via::Obs) | None => limits.url_mb.or(base64),
    };
    // Four characters stand for three bytes that are begun, so a few bytes less than the quotient.
    limit.map(|limit| mb(limit, limits.unit.small).saturating_sub(2))
}

/// What ffmpeg is to do to a video.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recipe {
    /// Code pictures and sound anew, not only put them into a new file.
    encode: bool,
    scale: Option<(u32, u32)>,
    /// Bits a second of the pictures, at most.
    rate: Option<f64>,
    /// Seconds of each part.
    pub(crate) part_s: Option<f64>,
    pub(crate) extension: &'static str,
}

/// Containers that ffmpeg writes, and the extensions that make it do so.
const WRITTEN: [(Format, &str); 6] = [
    (Format::Mp4, "mp4"),
    (Format::Mov, "mov"),
    (Format::Avi, "avi"),
    (Format::Flv, "flv"),
    (Format::Asf, "wmv"),
    (Format::MpegPs, "mpg"),
];
/// What goes into an MP4 as it is.
const PICTURES_OF_MP4: [&str; 3] = ["h264", "hevc", "mpeg4"];
const SOUND_OF_MP4: [&str; 2] = ["aac", "mp3"];

impl Recipe {
    /// What follows from `remedies` together; `None` if it is not for ffmpeg to do.
    pub(crate) fn of(remedies: &[Remedy], file: &Subject<'_>) -> Option<Self> {
        let (Facts::Video(facts), Some(format)) = (file.facts, file.format.filter(|format| *format != Format::Hls))
        else {
            return None;
        };
        facts.video_codec.as_ref()?;
        let accepted = |format| file.profile.accepted.as_ref().is_none_or(|list| list.formats.contains(&format));
        let kept = WRITTEN.iter().find(|(written, _)| *written == format && accepted(format)).map(|(_, name)| *name);
        let mut recipe =
            Self { encode: false, scale: None, rate: None, part_s: None, extension: kept.unwrap_or("mp4") };
        for remedy in remedies {
            match remedy {
                // The codec is not the right one, or the container.
                Remedy::Convert if kept.is_some() => recipe.encode = true,
                Remedy::Rename | Remedy::Convert | Remedy::Resave => {}
                Remedy::Enlarge | Remedy::Reduce => recipe.scale = Some(scaled(facts, file.profile.edge.as_ref()?)?),
                Remedy::Split => recipe.part_s = Some(part(facts, file.profile.duration.as_ref()?.max_s)?),
                Remedy::Compress => recipe.encode = true,
                _ => return None,
            }
        }
        if remedies.contains(&Remedy::Compress) {
            let size = max_bytes(file.profile.size.as_ref()?, file.via.or(Some(Via::Url)))?;
            recipe.rate = Some(rate(size, recipe.part_s.or(facts.duration_s)?)?);
        }
        recipe.encode |= recipe.scale.is_some() || (kept.is_none() && !fits_mp4(facts));
        if recipe.encode {
            recipe.extension = "mp4";
            // Pictures of H.264 with chroma of half the size have even edges.
            if let (None, Some(width), Some(height)) = (recipe.scale, facts.width, facts.height)
                && !(width.is_multiple_of(2) && height.is_multiple_of(2))
            {
                recipe.scale = Some(upright(facts, (width & !1, height & !1)));
            }
        }
        (recipe.extension != "mp4" || accepted(Format::Mp4)).then_some(recipe)
    }

    /// The arguments between input and output.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = ["-map", "0:v:0", "-map", "0:a?"].map(String::from).to_vec();
        let mut add = |more: &[&str]| arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        if self.encode {
            add(&["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k"]);
        } else {
            add(&["-c", "copy"]);
        }
        if let Some((width, height)) = self.scale {
            add(&["-vf", &format!("scale={width}:{height}")]);
        }
        if let Some(rate) = self.rate {
            let (rate, double) = (format!("{rate:.0}"), format!("{:.0}", rate * 2.0));
            add(&["-b:v", &rate, "-maxrate", &rate, "-bufsize", &double]);
        }
        if let Some(seconds) = self.part_s {
            add(&["-f", "segment", "-segment_time", &seconds.to_string(), "-reset_timestamps", "1"]);
        }
        match (self.extension, self.part_s) {
            ("mp4" | "mov", None) => add(&["-movflags", "+faststart"]),
            ("mp4" | "mov", Some(_)) => add(&["-segment_format_options", "movflags=+faststart"]),
            _ => {}
        }
        arguments
    }

    /// What the name of the result ends in.
    fn suffix(&self) -> String {
        let number = if self.part_s.is_some() { "%03d" } else { "fixed" };
        format!("-{number}.{}", self.extension)
    }
}

fn fits_mp4(facts: &VideoFacts) -> bool {
    let pictures = facts.video_codec.as_deref().is_some_and(|codec| PICTURES_OF_MP4.contains(&codec));
    pictures && facts.audio_codec.as_deref().is_none_or(|codec| SOUND_OF_MP4.contains(&codec))
}

/// The size of a video within the limits, of even edges.
fn scaled(facts: &VideoFacts, limits: &EdgeLimits) -> Option<(u32, u32)> {
    fit(facts.width?, facts.height?, limits, 2).map(|size| upright(facts, size))
}

/// ffmpeg turns a video upright before it scales it.
fn upright(facts: &VideoFacts, (width, height): (u32, u32)) -> (u32, u32) {
    if matches!(facts.rotation, Some(90 | 270)) { (height, width) } else { (width, height) }
}

/// The seconds of each of so many equal parts that none is longer than the limit.
fn part(facts: &VideoFacts, max_s: u64) -> Option<f64> {
    let longest = f64::from(u32::try_from(max_s).ok()?) * PART_MARGIN;
    let seconds = facts.duration_s.filter(|seconds| seconds.is_finite() && *seconds > 0.0)?;
    (longest > 1.0).then(|| (seconds / (seconds / longest).ceil()).ceil())
}

/// The bits a second of the pictures of a video of `seconds` that is to have `size` bytes at most.
fn rate(size: u64, seconds: f64) -> Option<f64> {
    let bits = f64::from(u32::try_from(size).unwrap_or(u32::MAX)) * 8.0 * SIZE_MARGIN;
    let rate = bits / seconds - SOUND_RATE;
    (rate.is_finite() && rate >= LEAST_RATE).then_some(rate)
}

#[cfg(test)]
#[cfg(unix)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::process::Command;

    use proptest::prelude::*;

    use crate::profile::Citation;

    fn limits(min: u32, max: u32) -> EdgeLimits {
        EdgeLimits { min, max, source: Citation { page: String::new(), date: String::new() } }
    }

    /// What sh makes of a line of words.
    fn words_of_sh(line: &str) -> Vec<String> {
        let output = Command::new("sh").args(["-c", &format!("printf '%s\\0' {line}")]).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{line:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    #[test]
    fn names_that_no_line_can_carry_get_no_command() {
        use std::os::unix::ffi::OsStrExt;
        for name in ["a\nb.bmp", "a\u{1b}[31m.bmp", "\u{202e}gpj.bmp", "a\rb.bmp", "a\tb.bmp"] {
            assert_eq!(word(Path::new(name)), None, "{name:?}");
        }
        assert_eq!(word(Path::new(std::ffi::OsStr::from_bytes(b"a\xff.bmp"))), None);
        assert_eq!(word(Path::new("-rf.bmp")).unwrap(), "./-rf.bmp");
        assert_eq!(word(Path::new("http:a.bmp")).unwrap(), "./http:a.bmp");
        assert_eq!(word(Path::new("a b.bmp")).unwrap(), "'a b.bmp'");
    }

    proptest! {
        #[test]
        fn sh_reads_a_quoted_name_as_the_name(names in prop::collection::vec("[^\\x00]{1,12}", 1..20)) {
            let carried: Vec<_> = names.iter().filter_map(|name| Some((name, word(Path::new(name))?))).collect();
            let line: Vec<_> = carried.iter().map(|(_, word)| word.as_str()).collect();
            let read = words_of_sh(&format!("first {}", line.join(" ")));
            prop_assert_eq!(read.len(), carried.len() + 1);
            for (read, (name, _)) in read.iter().skip(1).zip(&carried) {
                prop_assert_eq!(read.strip_prefix("./").unwrap_or(read), name.strip_prefix("./").unwrap_or(name));
                prop_assert!(!read.starts_with('-'));
            }
        }

        #[test]
        fn a_size_that_fits_is_within_the_limits_and_keeps_the_shape(
            width in 1_u32..100_000, height in 1_u32..100_000, step in 1_u32..3,
        ) {
            let limits = limits(20, 6000);
            if let Some((w, h)) = fit(width, height, &limits, step) {
                prop_assert!(w.min(h) >= 20 && w.max(h) <= 6000 && w % step == 0 && h % step == 0);
                prop_assert_eq!(w > h, w != h && width > height);
                let (before, after) = (f64::from(width) / f64::from(height), f64::from(w) / f64::from(h));
                let error = f64::from(step) / f64::from(w.min(h)) * 1.1;
                prop_assert!((before / after).ln().abs() <= error, "{before} {after}");
            } else {
                let shape = f64::from(width.max(height)) / f64::from(width.min(height));
                prop_assert!(shape > 6000.0 / 20.0 * 0.9, "{width} {height}");
            }
        }
    }

    #[test]
    fn a_video_is_cut_into_equal_parts_with_room_for_the_last_group_of_pictures() {
        let facts = VideoFacts { duration_s: Some(7205.0), ..VideoFacts::default() };
        assert_eq!(part(&facts, 7200), Some(3603.0));
        let facts = VideoFacts { duration_s: Some(20_000.0), ..VideoFacts::default() };
        assert_eq!(part(&facts, 7200), Some(6667.0));
        assert_eq!(rate(300_000_000, 3600.0).map(f64::round), Some(524_000.0));
        assert_eq!(rate(300_000_000, 36_000.0), None);
        assert_eq!(rate(300_000_000, 0.0), None);
    }
}
