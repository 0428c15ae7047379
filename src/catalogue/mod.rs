//! The catalogue: the codes of the service's error page, what they mean, when they can be foreseen
//! and who can do something about them.
//!
//! The page is [`SOURCE`]. Its texts are not stable (a copy of 2026-06-03 words AIS.0010
//! differently, and some hold values), so programs must go by the code alone.
//!
//! ```
//! use ais_preflight::catalogue::{self, Stage};
//!
//! let entry = catalogue::find("ais-0711").unwrap();
//! assert_eq!(entry.code, "AIS.0711");
//! assert_eq!(entry.stage, Stage::Bytes);
//! assert!(!entry.retryable());
//! ```

mod answer;
mod codes;

use serde::{Serialize, Serializer};

use crate::lang::{Lang, Text};

pub use answer::ServiceError;

/// A page of the service, and the date of the copy that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// Its address.
    pub page: &'static str,
    /// The date of the copy, `YYYY-MM-DD`.
    pub date: &'static str,
}

/// Where the codes come from. The English messages are those of the copy of that date.
pub static SOURCE: Source =
    Source { page: "https://support.huaweicloud.com/api-moderation/moderation_03_0010.html", date: "2024-03-27" };

/// One code of the service.
///
/// Its JSON form holds the texts in both languages; [`Entry::only`] leaves one of them out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The code as the service writes it in `error_code`, such as `AIS.0711`.
    pub code: &'static str,
    /// The HTTP status that the page gives for it.
    pub http_status: u16,
    /// Which part of the service it belongs to, going by its number.
    pub family: Family,
    /// The first stage at which it can be foreseen.
    pub stage: Stage,
    /// Who can do something about it.
    pub who: Actor,
    /// Whether to send the same again.
    pub retry: Retry,
    /// The page's own words: the message in English, its description in Chinese.
    pub message: Text,
    /// What it means for whoever gets it.
    pub meaning: Text,
    /// What the page says to do: its own words in Chinese, translated for English.
    pub action: Text,
}

/// A part of the service. The page does not name them: they are read off the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub enum Family {
    /// `AIS.00xx`: shared by all operations, and with other services of the AIS family.
    #[serde(rename = "ais-common")]
    Common,
    /// `AIS.04xx` and `AIS.05xx`: pictures.
    #[serde(rename = "ais-image")]
    Image,
    /// `AIS.07xx`: videos.
    #[serde(rename = "ais-video")]
    Video,
    /// `APIG.*`: the API gateway in front of the service.
    #[serde(rename = "apig")]
    Gateway,
    /// `ModelArts.*`: the platform on which the service runs.
    #[serde(rename = "modelarts")]
    ModelArts,
}

impl Family {
    /// Every family, in the order in which the page begins with them.
    pub const ALL: &'static [Self] = &[Self::Common, Self::Image, Self::Video, Self::Gateway, Self::ModelArts];

    /// Its name for people.
    pub const fn label(self) -> Text {
        match self {
            Self::Common => Text { en: "Content Moderation, all operations", zh: "内容审核（公共）" },
            Self::Image => Text { en: "Content Moderation, images", zh: "内容审核（图像）" },
            Self::Video => Text { en: "Content Moderation, videos", zh: "内容审核（视频）" },
            Self::Gateway => Text { en: "API gateway", zh: "API 网关" },
            Self::ModelArts => Text { en: "ModelArts platform", zh: "ModelArts 平台" },
        }
    }
}

/// The first stage at which a code can be foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stage {
    /// From the bytes of the file, their number included.
    Bytes,
    /// From the request: its address, headers and body.
    Request,
    /// By asking the host that keeps the file.
    Network,
    /// By nobody but the service.
    Service,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: &'static [Self] = &[Self::Bytes, Self::Request, Self::Network, Self::Service];

    /// One word for people.
    pub const fn label(self) -> Text {
        match self {
            Self::Bytes => Text { en: "bytes", zh: "文件" },
            Self::Request => Text { en: "request", zh: "请求" },
            Self::Network => Text { en: "network", zh: "网络" },
            Self::Service => Text { en: "service", zh: "服务" },
        }
    }

    /// What that means.
    pub const fn about(self) -> Text {
        match self {
            Self::Bytes => Text { en: "from the bytes of the file", zh: "根据文件本身即可预测" },
            Self::Request => Text {
                en: "from the request: its address, headers and body",
                zh: "根据请求的地址、请求头和请求体即可预测",
            },
            Self::Network => Text {
                en: "only by asking the host that keeps the file",
                zh: "只有访问存放文件的主机后才能知道",
            },
            Self::Service => Text { en: "known to the service alone", zh: "只有服务自己知道" },
        }
    }
}

/// Who can do something about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Actor {
    /// Whoever sends the file: the program, or the person before it.
    Caller,
    /// Whoever runs the account: subscriptions, payment, permissions. Other files fail too until it
    /// is settled, so a run may as well stop.
    Operator,
    /// Huawei Cloud.
    Service,
}

impl Actor {
    /// Every actor.
    pub const ALL: &'static [Self] = &[Self::Caller, Self::Operator, Self::Service];

    /// One word for people.
    pub const fn label(self) -> Text {
        match self {
            Self::Caller => Text { en: "caller", zh: "调用方" },
            Self::Operator => Text { en: "operator", zh: "管理员" },
            Self::Service => Text { en: "service", zh: "服务方" },
        }
    }

    /// What that means.
    pub const fn about(self) -> Text {
        match self {
            Self::Caller => Text { en: "whoever sends the file", zh: "提交文件的程序或人员" },
            Self::Operator => Text {
                en: "whoever runs the account; other files fail too until it is settled",
                zh: "账户的管理者；处理之前其他文件也会失败",
            },
            Self::Service => Text { en: "Huawei Cloud", zh: "华为云" },
        }
    }
}

/// Whether to send the same again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Retry {
    /// The same request may succeed after a while.
    Later,
    /// The same request fails again, but the file can stay as it is: the request, the account or
    /// the place of the file has to change.
    AfterChange,
    /// The file itself has to change: it must be converted, repaired or replaced.
    No,
}

impl Retry {
    /// Every answer.
    pub const ALL: &'static [Self] = &[Self::Later, Self::AfterChange, Self::No];

    /// A few words for people.
    pub const fn label(self) -> Text {
        match self {
            Self::Later => Text { en: "later", zh: "稍后" },
            Self::AfterChange => Text { en: "after a change", zh: "调整后" },
            Self::No => Text { en: "no", zh: "否" },
        }
    }

    /// What that means.
    pub const fn about(self) -> Text {
        match self {
            Self::Later => Text {
                en: "the same request may succeed after a while",
                zh: "相同的请求过一段时间可能成功",
            },
            Self::AfterChange => Text {
                en: "the file can stay as it is; the request, the account or the place of the file has to change",
                zh: "文件无需改动，但需调整请求、账户或文件的存放位置",
            },
            Self::No => Text {
                en: "not this file; it has to be converted, repaired or replaced",
                zh: "请勿重复提交此文件，需先转换、修复或更换",
            },
        }
    }
}

/// All codes, in the order of the page.
pub fn all() -> &'static [Entry] {
    codes::CODES
}

/// The entry of `code`, in either case; the dot may be another separator or missing, and so may
/// what is before it: `AIS.0711`, `ais-0711` and `0711` are the same.
pub fn find(code: &str) -> Option<&'static Entry> {
    let (prefix, number) = parts(code);
    all().iter().find(|entry| {
        let (known_prefix, known_number) = parts(entry.code);
        number == known_number && (prefix.is_empty() || prefix.eq_ignore_ascii_case(known_prefix))
    })
}

/// At most `count` entries whose codes are most like `code`, the nearest first. None if it has
/// nothing in common with any.
pub fn nearest(code: &str, count: usize) -> Vec<&'static Entry> {
    let (prefix, number) = parts(code);
    let wanted = format!("{prefix}{number}").to_ascii_lowercase();
    let length = wanted.chars().count();
    let mut near: Vec<_> = all()
        .iter()
        .filter_map(|entry| {
            let (known_prefix, known_number) = parts(entry.code);
            let known_prefix = if prefix.is_empty() { "" } else { known_prefix };
            let known = format!("{known_prefix}{known_number}").to_ascii_lowercase();
            let edits = strsim::osa_distance(&wanted, &known);
            (edits < length).then(|| (edits, gap(number, known_number), entry))
        })
        .collect();
    near.sort_by_key(|(edits, gap, _)| (*edits, *gap));
    near.into_iter().take(count).map(|(.., entry)| entry).collect()
}

/// What is before the separator of a code, and the digits behind it.
fn parts(code: &str) -> (&str, &str) {
    let code = code.trim();
    let head = code.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = code.strip_prefix(head).unwrap_or_default();
    (head.strip_suffix(['.', '-', '_', ' ']).unwrap_or(head), number)
}

/// How far apart two numbers are: of codes with equally many wrong characters, the neighbour on the
/// page is the likelier one.
fn gap(one: &str, other: &str) -> u32 {
    match (one.parse::<u32>(), other.parse::<u32>()) {
        (Ok(one), Ok(other)) => one.abs_diff(other),
        _ => u32::MAX,
    }
}

impl Entry {
    /// Whether the same request may succeed if it is sent again unchanged.
    pub fn retryable(&self) -> bool {
        self.retry == Retry::Later
    }

    /// The entry with its texts in `lang` only; nothing else differs.
    pub fn only(&self, lang: Lang) -> impl Serialize + use<> {
        self.row(Some(lang))
    }

    fn row(&self, lang: Option<Lang>) -> Row {
        let texts = |text: Text| Texts {
            en: (lang != Some(Lang::Zh)).then_some(text.en),
            zh: (lang != Some(Lang::En)).then_some(text.zh),
        };
        Row {
            code: self.code,
            http_status: self.http_status,
            family: self.family,
            stage: self.stage,
            who: self.who,
            retryable: self.retryable(),
            retry: self.retry,
            message: texts(self.message),
            meaning: texts(self.meaning),
            action: texts(self.action),
            source: SOURCE,
        }
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row(None).serialize(serializer)
    }
}

/// The JSON form of an entry.
#[derive(Serialize)]
struct Row {
    code: &'static str,
    http_status: u16,
    family: Family,
    stage: Stage,
    who: Actor,
    // A plain yes or no beside the reason, so that no program takes the word "no" for true.
    retryable: bool,
    retry: Retry,
    message: Texts,
    meaning: Texts,
    action: Texts,
    source: Source,
}

/// The languages of a text that were asked for.
#[derive(Serialize)]
struct Texts {
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zh: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defect::{Group, Id};
    use crate::format::Kind;
    use crate::profile::{ProfileSet, Severity};

    #[test]
    fn a_bare_number_names_one_code() {
        for entry in all() {
            let (_, number) = parts(entry.code);
            assert_eq!(all().iter().filter(|other| parts(other.code).1 == number).count(), 1, "{}", entry.code);
        }
    }

    #[test]
    fn what_is_predicted_for_a_file_can_be_foreseen_without_the_network() {
        for name in ProfileSet::builtin_names() {
            let set = ProfileSet::builtin(name).unwrap();
            for kind in [Kind::Image, Kind::Video] {
                let profile = set.judge_for(kind, None);
                for id in Id::ALL.iter().filter(|id| id.info().group != Group::Unchecked) {
                    let answer = profile.answer(*id);
                    if answer.severity > Severity::Note
                        && let Some(code) = answer.code
                    {
                        let stage = find(&code).unwrap().stage;
                        assert!(stage <= Stage::Request, "{name}: {}: {code}: {stage:?}", id.name());
                    }
                }
            }
        }
    }

    #[test]
    fn who_can_act_agrees_with_stage_and_retry() {
        for entry in all() {
            if entry.retry == Retry::No {
                assert_eq!((entry.stage, entry.who), (Stage::Bytes, Actor::Caller), "{}", entry.code);
            }
            if entry.who == Actor::Operator {
                assert_eq!((entry.stage, entry.retry), (Stage::Service, Retry::AfterChange), "{}", entry.code);
            }
            if entry.who == Actor::Service {
                assert_eq!((entry.stage, entry.retry), (Stage::Service, Retry::Later), "{}", entry.code);
            }
        }
    }
}
