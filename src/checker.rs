//! The checker: one call from bytes to a report, which cannot fail.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::decoder::Decoder;
use crate::defect::{Defect, Defects, Group, Id};
use crate::facts::Facts;
use crate::format::{Format, HEAD_LEN, Head, Inspection, Kind, foreign};
use crate::input::{Budget, Input, Spent, Stop};
use crate::lang::{Lang, Text};
use crate::profile::{Profile, ProfileSet, Severity, SizeLimits, Via, mb};
#[cfg(feature = "cli")]
use crate::remedy::{self, Subject};
use crate::report::{Finding, Report, SCHEMA, Verdict};
use crate::request::{self, Request};
use crate::rules::{self, Case, Content};
use crate::source::{FileSource, Folder, Source};

/// How much of a file is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// Facts only: a few KiB are read.
    Header,
    /// Every chunk, segment, block and box is walked to the end of the file.
    Structure,
    /// Whatever can be verified inside them as well.
    #[default]
    Full,
}

/// Inspects media and predicts what the service would answer. Cheap to clone, and one checker
/// serves any number of threads.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    settings: Arc<Settings>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) profile: ProfileSet,
    /// `None` for the depth that suits each file.
    pub(crate) depth: Option<Depth>,
    pub(crate) lang: Lang,
    via: Option<Via>,
    budget: Budget,
    decoder: Option<Decoder>,
}

impl Checker {
    /// A checker with the profile `auto`, messages in English, and depth `full`, except that a video
    /// over the limit of its size is walked at depth `structure`: whatever is in it, it is refused.
    pub fn new() -> Self {
        Self::default()
    }

    fn with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Arc::unwrap_or_clone(self.settings);
        change(&mut settings);
        Self { settings: Arc::new(settings) }
    }

    /// Judges by `profile`.
    #[must_use]
    pub fn profile(self, profile: impl Into<ProfileSet>) -> Self {
        self.with(|settings| settings.profile = profile.into())
    }

    /// Looks as deep as `depth`, whatever the size of the file.
    #[must_use]
    pub fn depth(self, depth: Depth) -> Self {
        self.with(|settings| settings.depth = Some(depth))
    }

    /// Has videos that [`Checker::check_path`] finds nothing wrong with decoded by the user's own
    /// ffmpeg.
    #[must_use]
    pub fn decoder(self, decoder: Decoder) -> Self {
        self.with(|settings| settings.decoder = Some(decoder))
    }

    /// Writes messages in `lang`.
    #[must_use]
    pub fn lang(self, lang: Lang) -> Self {
        self.with(|settings| settings.lang = lang)
    }

    /// Says how the file is going to be sent, which decides on the limit of its size.
    #[must_use]
    pub fn via(self, via: Via) -> Self {
        self.with(|settings| settings.via = Some(via))
    }

    /// Spends no more than `budget` on a file.
    #[must_use]
    pub fn budget(self, budget: Budget) -> Self {
        self.with(|settings| settings.budget = budget)
    }

    /// Checks the bytes of `source`. What cannot be read is reported as `unchecked`.
    pub fn check(&self, source: &dyn Source) -> Report {
        self.check_named(source, None)
    }

    /// Checks bytes that are in memory.
    pub fn check_bytes(&self, bytes: &[u8]) -> Report {
        self.check_named(&bytes, None)
    }

    /// Checks the file at `path`, and whether its name fits its content. A directory, a FIFO or a
    /// device is not opened; the report says so. Of a playlist the segments that lie in its folder or
    /// below are checked as well; only here, since nowhere else there is a folder.
    pub fn check_path(&self, path: &Path) -> Report {
        match FileSource::open(path) {
            Ok(source) => self.check_guarded(&source, Some(path), Some(path)),
            Err(error) => self.unreadable(path, &error),
        }
    }

    /// Checks the bytes of `source` as the content of a file called `name`. The name is reported,
    /// and its extension held against the content; no file is opened.
    pub fn check_named(&self, source: &dyn Source, name: Option<&Path>) -> Report {
        self.check_guarded(source, name, None)
    }

    /// `file` is where the source lies, if it is a file.
    fn check_guarded(&self, source: &dyn Source, name: Option<&Path>, file: Option<&Path>) -> Report {
        let checked = catch_unwind(AssertUnwindSafe(|| self.examine(source, name, file, Defects::default())));
        let failed = |_| self.report(Checkup { defects: internal_error(), ..Checkup::new(name, self.depth_asked()) });
        checked.unwrap_or_else(failed)
    }

    /// Checks the bytes of `source`, and reports `defects` that were found before as well.
    pub(crate) fn check_after(&self, source: &dyn Source, defects: Defects) -> Report {
        self.examine(source, None, None, defects)
    }

    /// The report of something that has no bytes of its own.
    pub(crate) fn report_of(&self, defects: Defects) -> Report {
        self.report(Checkup { defects, ..Checkup::new(None, self.depth_asked()) })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Checks a request before it is sent: its address, headers and body, and the picture in it. What
    /// is not known of it is not judged.
    pub fn check_request(&self, request: &Request<'_>) -> Report {
        let checked = catch_unwind(AssertUnwindSafe(|| request::check(self, request)));
        checked.unwrap_or_else(|_| self.report_of(internal_error()))
    }

    /// Checks a base64 text as it would be sent in a request, and the file that it stands for.
    pub fn check_base64(&self, text: &str) -> Report {
        self.check_base64_bytes(text.as_bytes())
    }

    /// Like [`Self::check_base64`], for a text that may not be one.
    pub fn check_base64_bytes(&self, text: &[u8]) -> Report {
        let checked = catch_unwind(AssertUnwindSafe(|| request::check_base64(self, text)));
        checked.unwrap_or_else(|_| self.report_of(internal_error()))
    }

    /// The report of a file that could not be opened.
    pub fn unreadable(&self, path: &Path, error: &io::Error) -> Report {
        let mut checkup = Checkup::new(Some(path), self.depth_asked());
        checkup.defects.note(Defect::new(Id::Unreadable).with("reason", error.to_string()));
        self.report(checkup)
    }

    pub(crate) fn depth_asked(&self) -> Depth {
        self.settings.depth.unwrap_or_default()
    }

    fn examine(&self, source: &dyn Source, name: Option<&Path>, file: Option<&Path>, defects: Defects) -> Report {
        let settings = &*self.settings;
        let mut checkup = Checkup { defects, ..Checkup::new(name, self.depth_asked()) };
        let mut input = match Input::new(source, &settings.budget) {
            Ok(input) => input,
            Err(error) => {
                checkup.note_stop(Stop::Io(error), settings.lang);
                return self.report(checkup);
            }
        };
        checkup.size = Some(input.size());
        let mut begins = [0; 8];
        let begins = match input.up_to(0, HEAD_LEN) {
            Ok(bytes) => {
                checkup.content = recognise(&Head { bytes, size: source_size(&checkup) });
                let n = bytes.len().min(begins.len());
                for (to, from) in begins.iter_mut().zip(bytes) {
                    *to = *from;
                }
                begins.get(..n).unwrap_or_default()
            }
            Err(stop) => {
                checkup.note_stop(stop, settings.lang);
                return self.report(checkup);
            }
        };
        let profile = settings.profile.judge_for(checkup.kind(), checkup.meant());
        if let Content::Known(format) = checkup.content {
            checkup.depth = settings.depth.unwrap_or_else(|| suitable_depth(profile, input.size()));
            let folder = file.and_then(Folder::of);
            let mut inspection = Inspection {
                input: &mut input,
                depth: checkup.depth,
                facts: Facts::None,
                defects: std::mem::take(&mut checkup.defects),
                folder: folder.as_ref(),
            };
            let walked = (format.info().inspect)(&mut inspection);
            checkup.facts = inspection.facts;
            checkup.defects = inspection.defects;
            if let Err(stop) = walked {
                checkup.note_stop(stop, settings.lang);
            }
        }
        let case = Case {
            profile,
            via: settings.via,
            lang: settings.lang,
            size: input.size(),
            begins,
            extension: checkup.extension.as_deref(),
            content: checkup.content,
            facts: &checkup.facts,
        };
        rules::judge(&case, &mut checkup.defects);
        let (is_video, whole) = (checkup.kind() == Kind::Video, checkup.depth == Depth::Full);
        let report = self.report(checkup);
        match (&settings.decoder, file) {
            (Some(decoder), Some(file)) if is_video && whole && report.verdict < Verdict::Unchecked => {
                self.with_opinion(report, decoder.ask(file))
            }
            _ => report,
        }
    }

    /// Adds what a decoder says to a report.
    fn with_opinion(&self, mut report: Report, opinion: Option<Defect>) -> Report {
        if let Some(defect) = opinion {
            let profile = &self.settings.profile.video;
            report.findings.push(self.finding(profile, defect, 0));
            by_gravity(&mut report.findings);
            report.verdict = verdict(&report.findings);
        }
        report
    }

    /// What `profile` says to one defect, which stands for `more` of its kind.
    fn finding(&self, profile: &Profile, defect: Defect, more: u64) -> Finding {
        let (answer, lang) = (profile.answer(defect.id), self.settings.lang);
        Finding {
            code: answer.code,
            also: answer.also,
            defect: defect.id.name(),
            group: defect.id.info().group,
            severity: answer.severity,
            confidence: answer.confidence,
            offset: defect.offset,
            row: defect.row(),
            intact_fraction: defect.intact_fraction(),
            message: defect.message(lang),
            remedy: defect.remedy(lang),
            remedy_command: None,
            pointer: defect.pointer,
            within: defect.path,
            more,
        }
    }

    /// Lets the profile judge what was found.
    fn report(&self, checkup: Checkup<'_>) -> Report {
        let settings = &*self.settings;
        let profile = settings.profile.judge_for(checkup.kind(), checkup.meant());
        let (kind, format) = (checkup.kind(), checkup.format());
        #[cfg_attr(not(feature = "cli"), allow(unused_mut, reason = "the command alone adds to them"))]
        let mut findings = self.findings(checkup.defects, profile);
        #[cfg(feature = "cli")]
        if let Some(path) = checkup.name {
            let format = match checkup.content {
                Content::Known(format) => Some(format),
                Content::Foreign(_) | Content::Unknown => None,
            };
            let file = Subject { path, format, facts: &checkup.facts, profile, via: settings.via };
            remedy::name_commands(&mut findings, &file, &settings.profile);
        }
        let (path, path_escaped) = match checkup.name {
            Some(name) => {
                let (path, escaped) = printable(name);
                (Some(path), escaped)
            }
            None => (None, false),
        };
        Report {
            schema: SCHEMA,
            path,
            path_escaped,
            line: None,
            pointer: None,
            verdict: verdict(&findings),
            kind,
            format,
            bytes: checkup.size,
            facts: checkup.facts,
            findings,
            operation: None,
            profile: profile.name.clone(),
            depth: checkup.depth,
            items: Vec::new(),
        }
    }

    /// Defects as the profile sees them, the gravest first.
    pub(crate) fn findings(&self, defects: Defects, profile: &Profile) -> Vec<Finding> {
        let mut findings: Vec<Finding> =
            defects.into_findings().map(|(defect, more)| self.finding(profile, defect, more)).collect();
        by_gravity(&mut findings);
        findings
    }
}

fn internal_error() -> Defects {
    let mut defects = Defects::default();
    defects.note(Defect::new(Id::InternalError));
    defects
}

/// What is known of one file while it is being checked.
struct Checkup<'n> {
    name: Option<&'n Path>,
    extension: Option<String>,
    size: Option<u64>,
    content: Content,
    facts: Facts,
    defects: Defects,
    depth: Depth,
}

impl<'n> Checkup<'n> {
    fn new(name: Option<&'n Path>, depth: Depth) -> Self {
        let extension = name.and_then(Path::extension).and_then(|extension| extension.to_str());
        Self {
            name,
            extension: extension.map(str::to_ascii_lowercase),
            size: None,
            content: Content::Unknown,
            facts: Facts::None,
            defects: Defects::default(),
            depth,
        }
    }

    fn kind(&self) -> Kind {
        match self.content {
            Content::Known(format) => format.kind(),
            Content::Foreign(_) | Content::Unknown => Kind::Other,
        }
    }

    /// What the name suggests, for content that is neither image nor video.
    fn meant(&self) -> Option<Kind> {
        self.extension.as_deref().and_then(Format::from_extension).map(Format::kind)
    }

    fn format(&self) -> Option<&'static str> {
        match self.content {
            Content::Known(format) => Some(format.name()),
            Content::Foreign(foreign) => Some(foreign.name),
            Content::Unknown => None,
        }
    }

    fn note_stop(&mut self, stop: Stop, lang: Lang) {
        self.defects.note(match stop {
            Stop::Io(error) => Defect::new(Id::Unreadable).with("reason", error.to_string()),
            Stop::Spent(spent) => Defect::new(Id::BudgetSpent).with("limit", spent_text(spent).get(lang)),
            // A walk that ran past the end without saying what is missing there.
            Stop::End(offset) => Defect::at(Id::InternalError, offset),
        });
    }
}

/// How deep to look where the caller leaves it open.
fn suitable_depth(profile: &Profile, size: u64) -> Depth {
    let over = |limits: &SizeLimits| limits.url_mb.is_some_and(|limit| size > mb(limit, limits.unit.large));
    let refused = profile.kind == Kind::Video && profile.size.as_ref().is_some_and(over);
    if refused { Depth::Structure } else { Depth::Full }
}

fn source_size(checkup: &Checkup<'_>) -> u64 {
    checkup.size.unwrap_or_default()
}

fn recognise(head: &Head<'_>) -> Content {
    match Format::sniff(head) {
        Some(format) => Content::Known(format),
        None => foreign::sniff(head).map_or(Content::Unknown, Content::Foreign),
    }
}

const fn spent_text(spent: Spent) -> Text {
    match spent {
        Spent::Bytes => Text { en: "bytes read", zh: "读取字节数" },
        Spent::Reads => Text { en: "read calls", zh: "读取次数" },
        Spent::Time => Text { en: "time", zh: "时间" },
        Spent::Work => Text { en: "work", zh: "工作量" },
        Spent::Cancelled => Text { en: "patience: it was cancelled", zh: "已被取消" },
    }
}

/// Puts the gravest first. What is refused for its format or its size is refused before anyone looks
/// whether it is whole. Stable, so that other faults of one severity stay in the order of the file.
fn by_gravity(findings: &mut [Finding]) {
    const BEFORE_READING: [Id; 4] = [Id::FormatUnknown, Id::FormatNotAccepted, Id::StandIn, Id::FileTooLarge];
    findings.sort_by_key(|finding| {
        (std::cmp::Reverse(finding.severity), BEFORE_READING.iter().all(|id| id.name() != finding.defect))
    });
}

/// What the findings come to. What was not looked at outweighs a risk, since it may hide more.
pub(crate) fn verdict(findings: &[Finding]) -> Verdict {
    let any = |test: &dyn Fn(&Finding) -> bool| findings.iter().any(test);
    if any(&|finding| finding.severity == Severity::Reject) {
        Verdict::Reject
    } else if any(&|finding| finding.group == Group::Unchecked && finding.severity == Severity::Risk) {
        Verdict::Unchecked
    } else if any(&|finding| finding.severity == Severity::Risk) {
        Verdict::Risk
    } else {
        Verdict::Pass
    }
}

/// A name as text, without loss: one that is not UTF-8 is escaped, and flagged by `true`.
pub(crate) fn printable(name: &Path) -> (String, bool) {
    if let Some(name) = name.to_str() {
        return (name.to_owned(), false);
    }
    let mut text = String::new();
    for chunk in name.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            text.push_str("\\x");
            text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or_default());
            text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or_default());
        }
    }
    (text, true)
}
