//! Everything that can be wrong with, or notable about, a file: one row each in one table.
//!
//! A row says what the fault is called, how grave it is for programs that read such files, which
//! clause it breaks, and how it is put to people. What a service makes of it is the business of
//! [`crate::profile`]. The identifier is public and stable.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::lang::{Lang, Text};

mod table;

pub use table::Id;

/// What a defect is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Group {
    /// The bytes are broken.
    Damage,
    /// The format or codec is not accepted, or the name disagrees with the content.
    Type,
    /// Too large, too small, too long.
    Limit,
    /// The body of the request: its JSON, its fields, its base64.
    Request,
    /// What carries the request and the file: address, method, headers, URLs.
    Transport,
    /// Something was not looked at; says nothing about the file.
    Unchecked,
}

/// How grave a defect is for programs that read such files, whoever they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Seen in healthy files: worth knowing, no reason to refuse.
    Harmless,
    /// Some decoders refuse the file or show it wrongly.
    Doubtful,
    /// No decoder, or only a lenient one, gets the whole content out.
    Broken,
}

/// A number or a word that belongs to one occurrence of a defect.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A count, size or position.
    Number(u64),
    /// A measure with a fraction.
    Real(f64),
    /// A name.
    Text(String),
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(value.into())
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Self::Number(value.into())
    }
}

impl From<u8> for Value {
    fn from(value: u8) -> Self {
        Self::Number(value.into())
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(crate::bytes::len64(value))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => value.fmt(f),
            // Two digits after the point are enough to read and few enough to compare.
            Self::Real(value) => write!(f, "{}", (value * 100.0).round() / 100.0),
            // Names come out of files, so what would not be seen is escaped.
            Self::Text(value) => value.chars().try_for_each(|c| match c {
                '\'' | '"' | '\\' => c.fmt(f),
                _ => c.escape_debug().fmt(f),
            }),
        }
    }
}

/// One occurrence of a fault.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Defect {
    /// Which fault.
    pub id: Id,
    /// The byte in the file at which it shows.
    pub offset: Option<u64>,
    /// The structure it is in, such as `meta/iloc` or `IFD 2`.
    pub path: Option<String>,
    /// The value of a JSON body that it is about, as a JSON pointer (RFC 6901).
    pub pointer: Option<String>,
    /// The names and numbers that its message speaks of.
    pub values: Vec<(&'static str, Value)>,
}

impl Defect {
    /// A fault of the file as a whole.
    pub(crate) fn new(id: Id) -> Self {
        Self { id, offset: None, path: None, pointer: None, values: Vec::new() }
    }

    /// A fault that shows at byte `offset`.
    pub(crate) fn at(id: Id, offset: u64) -> Self {
        Self { offset: Some(offset), ..Self::new(id) }
    }

    /// Names the structure that the fault is in.
    pub(crate) fn within(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Names the value of a JSON body that the fault is in.
    pub(crate) fn pointing(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Gives the message one of the values it speaks of.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The number called `name` among the values.
    fn number(&self, name: &str) -> Option<f64> {
        self.values.iter().find(|(known, _)| *known == name).and_then(|(_, value)| match value {
            Value::Number(number) => u32::try_from(*number).ok().map(f64::from),
            Value::Real(number) => Some(*number),
            Value::Text(_) => None,
        })
    }

    /// The first row of the picture that is affected, from 0, where the format tells.
    pub fn row(&self) -> Option<u64> {
        self.values.iter().find_map(|(name, value)| match value {
            Value::Number(row) if *name == "row" => Some(*row),
            _ => None,
        })
    }

    /// How much of the picture precedes the fault, from 0 to 1, where the format tells.
    pub fn intact_fraction(&self) -> Option<f64> {
        // In whole parts of ten thousand, which print as they are.
        self.number("intact_percent").map(|percent| (percent.clamp(0.0, 100.0) * 100.0).round() / 10_000.0)
    }

    /// What is wrong, in `lang`.
    pub fn message(&self, lang: Lang) -> String {
        self.fill(self.id.info().message.get(lang))
    }

    /// What to do about it, in `lang`; empty where nothing needs doing.
    pub fn remedy(&self, lang: Lang) -> String {
        self.fill(self.id.info().remedy.text().get(lang))
    }

    /// Puts the values into the `{name}` places of `template`.
    fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                break;
            };
            match self.values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => text.push_str(&value.to_string()),
                None if name == "offset" => text.push_str(&self.offset.unwrap_or_default().to_string()),
                None => text.push_str(name),
            }
            rest = behind;
        }
        text.push_str(rest);
        text
    }
}

/// All defects of one file. Each fault is kept a few times and counted beyond that, so that a file
/// with a million faults makes a short report.
#[derive(Debug, Default)]
pub(crate) struct Defects {
    kept: Vec<Defect>,
    more: Vec<(Id, u64)>,
}

/// How many occurrences of one fault are kept.
const KEPT_PER_ID: usize = 4;

impl Defects {
    /// Notes a defect; the same one at the same place is noted once.
    pub(crate) fn note(&mut self, defect: Defect) {
        let mut same_id = 0_usize;
        for kept in &self.kept {
            if kept.id == defect.id {
                if kept.offset == defect.offset && kept.path == defect.path && kept.pointer == defect.pointer {
                    return;
                }
                same_id = same_id.saturating_add(1);
            }
        }
        if same_id < KEPT_PER_ID {
            self.kept.push(defect);
            return;
        }
        self.count(defect.id);
    }

    /// Whether as many of `id` are kept as ever are, so that a further one is only counted, which
    /// this does. Saves making defects that nobody sees.
    pub(crate) fn only_count(&mut self, id: Id) -> bool {
        let full = self.kept.iter().filter(|kept| kept.id == id).count() >= KEPT_PER_ID;
        if full {
            self.count(id);
        }
        full
    }

    fn count(&mut self, id: Id) {
        match self.more.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.more.push((id, 1)),
        }
    }

    /// Takes over all that is in `others`, after what is here.
    pub(crate) fn append(&mut self, others: Self) {
        for (id, count) in others.more {
            match self.more.iter_mut().find(|(known, _)| *known == id) {
                Some((_, sum)) => *sum = sum.saturating_add(count),
                None => self.more.push((id, count)),
            }
        }
        others.kept.into_iter().for_each(|defect| self.note(defect));
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The kept defects in the order they were found, each with the number of further ones that its
    /// last kept occurrence stands for.
    pub(crate) fn into_findings(self) -> impl Iterator<Item = (Defect, u64)> {
        let Self { kept, more } = self;
        let last: Vec<usize> =
            more.iter().filter_map(|(id, _)| kept.iter().rposition(|defect| defect.id == *id)).collect();
        kept.into_iter().enumerate().map(move |(at, defect)| {
            let further = last.iter().zip(&more).find(|(place, _)| **place == at).map_or(0, |(_, (_, count))| *count);
            (defect, further)
        })
    }
}

/// What a person can do about a defect. The texts are shared by the many faults with one cure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// Nothing needs doing.
    None,
    /// The file is damaged: get it again from where it came.
    Fetch,
    /// The file is damaged but may still be opened: save it anew.
    Resave,
    /// There is nothing in the file.
    Upload,
    /// Convert to an accepted format.
    Convert,
    /// Get the real file, or take it out of what it is wrapped in.
    Original,
    /// Give it the extension that fits its content.
    Rename,
    /// Scale up or choose a larger original.
    Enlarge,
    /// Scale down.
    Reduce,
    /// Make the file smaller.
    Compress,
    /// Send by URL.
    SendByUrl,
    /// Cut into shorter parts.
    Split,
    /// Mend the JSON, or let a library write it.
    WriteJson,
    /// Write the body in another encoding.
    SendUtf8,
    /// There is no body yet.
    WriteBody,
    /// Give a field a value.
    FillField,
    /// Remove a field or correct its name.
    DropField,
    /// Send a value of another type.
    SetType,
    /// Use a value of the list.
    ChooseValue,
    /// Use a number within bounds.
    StayWithin,
    /// Use fewer characters.
    Shorten,
    /// Send fewer at once.
    SplitRequest,
    /// Give each item a value of its own.
    Distinguish,
    /// Send one field of two.
    SendOne,
    /// Call the operation that took its place.
    CallCurrent,
    /// Say what the request is for.
    NameOperation,
    /// Use another HTTP method.
    UseMethod,
    /// Use another path.
    FixPath,
    /// Add a header.
    SetHeader,
    /// Declare the body as JSON.
    SetContentType,
    /// Send a whole, valid token.
    GetToken,
    /// Encode in the plain form of base64.
    EncodeStandard,
    /// Send the base64 text without its prefix.
    StripPrefix,
    /// Send the file itself.
    EncodeFile,
    /// Encode the bytes of the file, once.
    EncodeOnce,
    /// Do not escape base64 text.
    KeepBase64,
    /// Use a complete address.
    FixUrl,
    /// Put the file where it can be fetched.
    PublishFile,
    /// Take name and password out of a URL.
    DropCredentials,
    /// Percent-encode a URL.
    EncodeUrl,
    /// Make a new link.
    RenewLink,
    /// Name an object by its full address.
    FixObsUrl,
    /// Keep file and service in one region.
    SameRegion,
    /// Send a smaller body.
    ShrinkBody,
    /// State the true length.
    CountBody,
    /// Let the program read the file.
    Permit,
    /// Give the check more room.
    MoreBudget,
    /// Report a bug in this program.
    ReportBug,
}

impl Remedy {
    /// The remedy in words; may hold the same `{name}` places as the message.
    pub const fn text(self) -> Text {
        match self {
            Self::None => Text { en: "", zh: "" },
            Self::Fetch => Text {
                en: "Get the file again from its source (the transfer or the storage damaged it), then check again.",
                zh: "请从来源重新获取该文件（传输或存储过程中已损坏），然后重新检查。",
            },
            Self::Resave => Text {
                en: "Open the file in an editor, look whether it is complete, and save it anew.",
                zh: "请用编辑器打开文件，确认内容完整后重新保存。",
            },
            Self::Upload => Text {
                en: "Wait until the file is completely written, or remove it from the list.",
                zh: "请等文件完全写入后再提交，或将其从列表中移除。",
            },
            Self::Convert => Text {
                en: "Check that it is the file you meant, and convert it to one of {accepted}.",
                zh: "请确认没有选错文件，并转换为以下格式之一：{accepted}。",
            },
            Self::Original => Text {
                en: "Get the file itself, from its source or by unpacking or decoding what is here, and send that.",
                zh: "请获取文件本身（从来源重新下载，或将现有内容解包、解码）后再提交。",
            },
            Self::Rename => Text {
                en: "Rename it to end in .{expected}, or check that it is the file you meant.",
                zh: "请将扩展名改为 .{expected}，或确认是否选错了文件。",
            },
            Self::Enlarge => Text {
                en: "Use a larger original, or scale it up to at least {limit} pixels on each edge.",
                zh: "请使用更大的原图，或放大到每边至少 {limit} 像素。",
            },
            Self::Reduce => Text {
                en: "Scale it down so that neither edge is longer than {limit} pixels.",
                zh: "请缩小尺寸，使每条边都不超过 {limit} 像素。",
            },
            Self::Compress => Text {
                en: "Scale it down or compress it more strongly until it is below {limit_mb} MB.",
                zh: "请缩小尺寸或提高压缩率，使文件小于 {limit_mb} MB。",
            },
            Self::SendByUrl => Text {
                en: "Send it by url, or compress it to less than {limit_mb} MB.",
                zh: "请改用 url 方式提交，或压缩到小于 {limit_mb} MB。",
            },
            Self::Split => Text {
                en: "Cut it into parts of at most {limit_s} seconds.",
                zh: "请剪切成每段不超过 {limit_s} 秒的片段。",
            },
            Self::WriteJson => Text {
                en: "Let a JSON library write the body, or mend it at the place that is named.",
                zh: "请用 JSON 库生成请求体，或在所指位置修正。",
            },
            Self::SendUtf8 => Text {
                en: "Write the body as UTF-8 without a byte order mark.",
                zh: "请用不带 BOM 的 UTF-8 编码写请求体。",
            },
            Self::WriteBody => Text {
                en: "Write a JSON object with the fields of the operation into the body.",
                zh: "请在请求体中写入包含接口所需字段的 JSON 对象。",
            },
            Self::FillField => Text { en: "Give {field} a value.", zh: "请为 {field} 填写值。" },
            Self::DropField => Text {
                en: "Remove it, or correct its name: the nearest field is {nearest}.",
                zh: "请删除该字段或更正其名称：最接近的字段是 {nearest}。",
            },
            Self::SetType => Text { en: "Send it as {expected}.", zh: "请以{expected}形式传入。" },
            Self::ChooseValue => Text { en: "Use {allowed}.", zh: "请使用 {allowed}。" },
            Self::StayWithin => {
                Text { en: "Use a number from {min} to {max}.", zh: "请使用 {min} 到 {max} 之间的数。" }
            }
            Self::Shorten => Text { en: "Use at most {limit} characters.", zh: "请勿超过 {limit} 个字符。" },
            Self::SplitRequest => {
                Text { en: "Send at most {limit} in one request.", zh: "每次请求最多传入 {limit} 个。" }
            }
            Self::Distinguish => {
                Text { en: "Give each item a value of its own.", zh: "请为每一项使用不同的值。" }
            }
            Self::SendOne => Text { en: "Send one of them, not both.", zh: "请只传其中一个字段。" },
            Self::CallCurrent => Text { en: "Call the operation of V3 instead.", zh: "请改用 V3 接口。" },
            Self::NameOperation => Text {
                en: "Name the operation, by --operation or by its path.",
                zh: "请用 --operation 或请求路径指明接口。",
            },
            Self::UseMethod => Text { en: "Send it with {expected}.", zh: "请使用 {expected} 方法发送。" },
            Self::FixPath => Text {
                en: "Use the path of an operation, such as {expected}.",
                zh: "请使用接口的路径，例如 {expected}。",
            },
            Self::SetHeader => {
                Text { en: "Send the header {header} with a value.", zh: "请发送带有值的请求头 {header}。" }
            }
            Self::SetContentType => {
                Text { en: "Send Content-Type: application/json.", zh: "请发送 Content-Type: application/json。" }
            }
            Self::GetToken => Text {
                en: "Send the token whole and alone as the value of X-Auth-Token, as it came in X-Subject-Token; get a new one if it is not whole.",
                zh: "请将 X-Subject-Token 中返回的 Token 完整、原样地作为 X-Auth-Token 的值；若不完整请重新获取。",
            },
            Self::EncodeStandard => Text {
                en: "Encode the bytes of the file with the standard alphabet (RFC 4648, 4), with padding and without line breaks.",
                zh: "请对文件字节使用标准字母表（RFC 4648 第 4 节）编码，保留填充，不要换行。",
            },
            Self::StripPrefix => {
                Text { en: "Send only what follows the comma.", zh: "请只传逗号之后的内容。" }
            }
            Self::EncodeFile => Text {
                en: "Read the file and send its bytes as base64; an address belongs into the field url.",
                zh: "请读取文件并传入其字节的 base64 编码；地址应放在 url 字段中。",
            },
            Self::EncodeOnce => Text {
                en: "Encode the bytes of the file with base64, once.",
                zh: "请对文件字节只做一次 base64 编码。",
            },
            Self::KeepBase64 => Text {
                en: "Put the base64 text into the JSON as it is, without encoding it for a form, a URL or HTML.",
                zh: "请将 base64 文本原样放入 JSON，不要再做表单、URL 或 HTML 转义。",
            },
            Self::FixUrl => Text {
                en: "Use a complete address, such as https://host/path.",
                zh: "请使用完整的地址，例如 https://host/path。",
            },
            Self::PublishFile => Text {
                en: "Put the file where it can be fetched from the public network, under a host name.",
                zh: "请将文件放到可从公网通过域名访问的位置。",
            },
            Self::DropCredentials => Text {
                en: "Take name and password out of the address; use a pre-signed link instead.",
                zh: "请从地址中去掉用户名和密码，改用预签名链接。",
            },
            Self::EncodeUrl => {
                Text { en: "Percent-encode them, as UTF-8.", zh: "请将其按 UTF-8 做百分号编码。" }
            }
            Self::RenewLink => Text {
                en: "Make a new link, valid until the service has fetched the file.",
                zh: "请重新生成链接，并保证在服务下载文件之前有效。",
            },
            Self::FixObsUrl => Text {
                en: "Use the address of the object, with bucket and region: https://BUCKET.obs.REGION.myhuaweicloud.com/OBJECT.",
                zh: "请使用包含桶名和区域的对象地址：https://BUCKET.obs.REGION.myhuaweicloud.com/OBJECT。",
            },
            Self::SameRegion => Text {
                en: "Put the file into a bucket in {endpoint}, or call the service in {region}.",
                zh: "请将文件放到 {endpoint} 的桶中，或调用 {region} 的服务。",
            },
            Self::ShrinkBody => {
                Text { en: "Send the file by url, or a smaller one.", zh: "请改用 url 方式，或减小文件。" }
            }
            Self::CountBody => {
                Text { en: "Let the HTTP library count the body.", zh: "请让 HTTP 库自动计算请求体长度。" }
            }
            Self::Permit => Text {
                en: "Check that the path exists, is a regular file and may be read.",
                zh: "请确认路径存在、是普通文件且有读取权限。",
            },
            Self::MoreBudget => Text {
                en: "Check it again alone with a larger limit, or look at it by hand.",
                zh: "请提高限制后单独重新检查该文件，或人工确认。",
            },
            Self::ReportBug => Text {
                en: "Please report this file to the maintainers of ais-preflight.",
                zh: "请将此文件报告给 ais-preflight 的维护者。",
            },
        }
    }
}

/// Profiles name many defects, and are read whenever the program starts.
static BY_NAME: LazyLock<HashMap<&str, Id>> = LazyLock::new(|| Id::ALL.iter().map(|id| (id.name(), *id)).collect());

/// What the table says of a defect.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Info {
    /// The public, stable name: kebab-case, naming the fault.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How grave it is.
    pub grade: Grade,
    /// The document and clause that it breaks; empty for faults that are not of a format.
    pub spec: &'static str,
    /// The message, with `{name}` places for the values of the occurrence.
    pub message: Text,
    /// What to do.
    pub remedy: Remedy,
    /// What it means, for `explain` and the documentation.
    pub about: &'static str,
}

impl Id {
    /// The public, stable name.
    pub const fn name(self) -> &'static str {
        self.info().name
    }

    /// The fault of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        BY_NAME.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_kebab_case_and_parse_back() {
        for (at, id) in Id::ALL.iter().enumerate() {
            let name = id.name();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
            assert!(!name.starts_with('-') && !name.ends_with('-') && !name.contains("--"), "{name}");
            assert_eq!(Id::from_name(name), Some(*id), "{name}");
            assert_eq!(Id::ALL.iter().position(|other| other.name() == name), Some(at), "{name} is there twice");
        }
    }

    /// The `{name}` places of a template, sorted.
    fn places(template: &str) -> Vec<&str> {
        let mut names: Vec<_> =
            template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|p| p.0).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_message_exists_in_both_languages_with_the_same_values() {
        for id in Id::ALL {
            let info = id.info();
            for text in [info.message, info.remedy.text()] {
                assert_eq!(places(text.en), places(text.zh), "{}", info.name);
                assert!(text.zh.is_empty() == text.en.is_empty(), "{}", info.name);
                assert!(text.zh.is_empty() || !text.zh.is_ascii(), "{}: not in Chinese: {}", info.name, text.zh);
            }
            assert!(!info.message.en.is_empty(), "{}", info.name);
            assert!(!info.message.en.ends_with('.'), "{}: a message is no sentence of its own", info.name);
            assert!(info.about.trim().ends_with('.') && info.about.len() > 20, "{}: say what it means", info.name);
        }
    }

    #[test]
    fn damage_of_a_format_names_the_clause_it_breaks() {
        for id in Id::ALL {
            let info = id.info();
            let of_a_format = info.group == Group::Damage && ![Id::FileEmpty, Id::DecoderComplains].contains(id);
            assert!(!of_a_format || !info.spec.is_empty(), "{}: no clause", info.name);
        }
    }

    #[test]
    fn what_is_grave_says_what_to_do() {
        for id in Id::ALL {
            let info = id.info();
            if info.grade != Grade::Harmless {
                assert_ne!(info.remedy, Remedy::None, "{}", info.name);
            }
        }
    }

    #[test]
    fn values_are_filled_in_and_floods_are_counted() {
        let defect = Defect::at(Id::FileTooLarge, 7).with("bytes", 5_u64).with("limit_mb", 7.5);
        assert_eq!(defect.message(Lang::En), "the file has 5 bytes; the service takes 7.5 MB at most");
        let mut defects = Defects::default();
        defects.note(Defect::new(Id::FileEmpty));
        for offset in 0..100 {
            defects.note(Defect::at(Id::FormatUnknown, offset));
            defects.note(Defect::at(Id::FormatUnknown, 0));
        }
        let all: Vec<_> = defects.into_findings().collect();
        assert_eq!(all.len(), 1 + KEPT_PER_ID);
        assert_eq!(all.iter().map(|(_, more)| *more).collect::<Vec<_>>(), [0, 0, 0, 0, 96]);
    }
}
