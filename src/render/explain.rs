//! A code of the catalogue for people to read, without colours, and as JSON.

use std::fmt::Write as _;

use super::text::harmless;
use crate::catalogue::{Entry, SOURCE, ServiceError};
use crate::defect::{Grade, Group, Id};
use crate::lang::{Lang, Text};
use crate::profile::Answer;
use crate::report::Report;

/// Where lines are wrapped, in columns of a terminal.
const COLUMNS: usize = 100;

/// Everything about one code, one labelled paragraph for each field.
pub(crate) fn text(entry: &Entry, lang: Lang) -> String {
    labelled(entry.code, &fields(entry, lang), lang)
}

fn fields(entry: &Entry, lang: Lang) -> Vec<(Text, String)> {
    let word = |text: Text| text.get(lang).to_owned();
    let explained = |label: Text, about: Text| match lang {
        Lang::En => format!("{}: {}", label.en, about.en),
        Lang::Zh => format!("{}：{}", label.zh, about.zh),
    };
    let source = match lang {
        Lang::En => format!("{} ({})", SOURCE.page, SOURCE.date),
        Lang::Zh => format!("{}（{}）", SOURCE.page, SOURCE.date),
    };
    vec![
        (Text { en: "Message", zh: "错误信息" }, word(entry.message)),
        (Text { en: "Meaning", zh: "含义" }, word(entry.meaning)),
        (Text { en: "Action", zh: "处理措施" }, word(entry.action)),
        (Text { en: "Foreseen", zh: "可预测性" }, word(entry.stage.about())),
        (Text { en: "Who can act", zh: "由谁处理" }, explained(entry.who.label(), entry.who.about())),
        (Text { en: "Send again", zh: "能否重试" }, explained(entry.retry.label(), entry.retry.about())),
        (Text { en: "Family", zh: "所属" }, word(entry.family.label())),
        (Text { en: "HTTP status", zh: "HTTP 状态码" }, entry.http_status.to_string()),
        (Text { en: "Source", zh: "来源" }, source),
    ]
}

/// Everything about one defect, and what each profile answers to it.
pub(crate) fn defect_text(id: Id, answers: &[(&str, Answer)], lang: Lang) -> String {
    let info = id.info();
    let group = match info.group {
        Group::Damage => Text { en: "damage: the bytes are broken", zh: "损坏：文件字节有误" },
        Group::Type => Text {
            en: "type: the format is not accepted, or the name disagrees",
            zh: "类型：格式不受支持，或扩展名与内容不符",
        },
        Group::Limit => Text { en: "limit: too large, too small or too long", zh: "限制：过大、过小或过长" },
        Group::Request => Text {
            en: "request: the body, its JSON, its fields, its base64",
            zh: "请求：请求体及其 JSON、字段、base64",
        },
        Group::Transport => Text {
            en: "transport: address, method and headers of the request, and the URLs of files",
            zh: "传输：请求的地址、方法、请求头，以及文件的 URL",
        },
        Group::Unchecked => {
            Text { en: "unchecked: something was not looked at", zh: "未检查：有内容未被查看" }
        }
    };
    let grade = match info.grade {
        Grade::Harmless => Text { en: "harmless: seen in healthy files", zh: "无害：正常文件中也会出现" },
        Grade::Doubtful => Text {
            en: "doubtful: some decoders refuse the file or show it wrongly",
            zh: "可疑：部分解码器会拒绝或显示异常",
        },
        Grade::Broken => Text {
            en: "broken: no decoder, or only a lenient one, gets the whole content out",
            zh: "破损：没有解码器（或仅宽松的解码器）能读出完整内容",
        },
    };
    let mut fields = vec![
        (Text { en: "Message", zh: "提示信息" }, info.message.get(lang).to_owned()),
        (Text { en: "About", zh: "属于" }, group.get(lang).to_owned()),
        (Text { en: "Gravity", zh: "严重程度" }, grade.get(lang).to_owned()),
        (Text { en: "Remedy", zh: "处理建议" }, info.remedy.text().get(lang).to_owned()),
        (Text { en: "Clause", zh: "规范条款" }, info.spec.to_owned()),
    ];
    if lang == Lang::En {
        fields.insert(0, (Text { en: "Meaning", zh: "" }, info.about.trim().to_owned()));
    }
    fields.retain(|(_, value)| !value.is_empty());
    for (profile, answer) in answers {
        let codes: Vec<_> = answer.code.iter().chain(&answer.also).map(String::as_str).collect();
        let severity = format!("{:?}", answer.severity).to_lowercase();
        let line = format!("{profile}: {severity} {}", codes.join(", "));
        fields.push((Text { en: "Predicts", zh: "预测" }, line.trim_end().to_owned()));
    }
    labelled(info.name, &fields, lang)
}

/// One defect as a JSON object, with the texts of one language or of both.
pub(crate) fn defect_json(id: Id, answers: &[(&str, Answer)], lang: Option<Lang>) -> String {
    let info = id.info();
    let words = |text: Text| match lang {
        Some(Lang::En) => serde_json::json!({ "en": text.en }),
        Some(Lang::Zh) => serde_json::json!({ "zh": text.zh }),
        None => serde_json::json!({ "en": text.en, "zh": text.zh }),
    };
    let answers: serde_json::Map<_, _> = answers
        .iter()
        .map(|(profile, answer)| {
            let answer = serde_json::json!({
                "severity": answer.severity,
                "code": answer.code,
                "also": answer.also,
                "confidence": answer.confidence,
            });
            ((*profile).to_owned(), answer)
        })
        .collect();
    let defect = serde_json::json!({
        "defect": info.name,
        "group": info.group,
        "grade": info.grade,
        "spec": info.spec,
        "about": info.about.trim(),
        "message": words(info.message),
        "remedy": words(info.remedy.text()),
        "profiles": answers,
    });
    serde_json::to_string_pretty(&defect).unwrap_or_default()
}

/// What the service answered, each error with what the catalogue says of it.
pub(crate) fn answer(errors: &[ServiceError], report: Option<&Report>, lang: Lang) -> String {
    if errors.is_empty() {
        return Text { en: "The answer holds no error.\n", zh: "响应中没有错误。\n" }.get(lang).to_owned();
    }
    let texts: Vec<_> = errors
        .iter()
        .map(|error| {
            let mut all = match error.entry {
                Some(entry) => fields(entry, lang),
                None => vec![(Text { en: "Meaning", zh: "含义" }, unlisted(error, lang))],
            };
            let place = [&error.item, &error.job].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
            all.push((Text { en: "Answered", zh: "返回信息" }, error.message.clone()));
            for (name, value) in &error.arguments {
                all.push((Text { en: "Value", zh: "参数" }, format!("{name} = {value}")));
            }
            all.push((Text { en: "About", zh: "对象" }, place));
            all.push((Text { en: "Request id", zh: "请求 ID" }, error.request_id.clone().unwrap_or_default()));
            if let Some(report) = report {
                all.push((Text { en: "Checked", zh: "本地检查" }, agreement(error, report, lang)));
            }
            all.retain(|(_, value)| !value.is_empty());
            let all: Vec<_> = all.into_iter().map(|(label, value)| (label, harmless(&value))).collect();
            let code = error.entry.map(|entry| entry.code).or(error.code.as_deref()).unwrap_or("-");
            labelled(&harmless(code), &all, lang)
        })
        .collect();
    texts.join("\n")
}

/// What can be said of an error whose code is not in the catalogue.
fn unlisted(error: &ServiceError, lang: Lang) -> String {
    let retry = error.retryable();
    let text = match (&error.code, retry) {
        (Some(_), _) => Text {
            en: "The code is not on the service's page of error codes.",
            zh: "服务的错误码页面上没有此错误码。",
        },
        (None, true) => Text {
            en: "The answer has no code; by its status the same request may succeed later.",
            zh: "响应中没有错误码；按状态码判断，稍后用相同请求重试可能成功。",
        },
        (None, false) => Text { en: "The answer has no code.", zh: "响应中没有错误码。" },
    };
    text.get(lang).to_owned()
}

/// Whether the check of the file foresees what the service answered.
fn agreement(error: &ServiceError, report: &Report, lang: Lang) -> String {
    let foreseen = error.code.as_deref().is_some_and(|code| foresees(report, code));
    let text = if foreseen {
        Text {
            en: "the check of the file finds what explains this code",
            zh: "对该文件的检查发现了可以解释此错误码的问题",
        }
    } else {
        Text {
            en: "the check of the file finds nothing that explains this code",
            zh: "对该文件的检查没有发现可以解释此错误码的问题",
        }
    };
    text.get(lang).to_owned()
}

fn foresees(report: &Report, code: &str) -> bool {
    report.findings.iter().any(|finding| finding.code.iter().chain(&finding.also).any(|known| known == code))
}

/// The same as one JSON object, with the texts of one language or of both.
pub(crate) fn answer_json(errors: &[ServiceError], report: Option<&Report>, lang: Option<Lang>) -> String {
    let errors: Vec<_> = errors
        .iter()
        .map(|error| {
            let mut value = serde_json::to_value(error).unwrap_or_default();
            if let Some(fields) = value.as_object_mut() {
                let arguments = error.arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into()));
                fields.insert("arguments".into(), serde_json::Value::Object(arguments.collect()));
                fields.insert("retryable".into(), error.retryable().into());
                if let (Some(entry), Some(lang)) = (error.entry, lang) {
                    fields.insert("entry".into(), serde_json::to_value(entry.only(lang)).unwrap_or_default());
                }
                if let (Some(report), Some(code)) = (report, &error.code) {
                    fields.insert("foreseen".into(), foresees(report, code).into());
                }
            }
            value
        })
        .collect();
    serde_json::to_string_pretty(&serde_json::json!({ "errors": errors, "media": report })).unwrap_or_default()
}

/// A heading and labelled paragraphs below it.
fn labelled(head: &str, fields: &[(Text, String)], lang: Lang) -> String {
    let widest = fields.iter().map(|(label, _)| width(label.get(lang))).max().unwrap_or_default();
    // Two columns before the label and two behind it.
    let indent = widest.saturating_add(4);
    let mut text = format!("{head}\n");
    for (label, value) in fields {
        let mut label = label.get(lang);
        for line in wrap(value, COLUMNS.saturating_sub(indent)) {
            let _ = writeln!(text, "  {}  {line}", pad(label, widest));
            label = "";
        }
    }
    text
}

/// The codes as a table, one line each. Long messages are cut: [`text`] has them whole.
pub(crate) fn table(entries: &[Entry], lang: Lang) -> String {
    let head = [
        Text { en: "code", zh: "错误码" },
        Text { en: "stage", zh: "可预测性" },
        Text { en: "who", zh: "由谁处理" },
        Text { en: "message", zh: "错误信息" },
    ];
    let rows = entries
        .iter()
        .map(|entry| [entry.code, entry.stage.label().get(lang), entry.who.label().get(lang), entry.message.get(lang)]);
    let rows: Vec<_> = std::iter::once(head.map(|text| text.get(lang))).chain(rows).collect();
    let widest = |column: fn(&[&'static str; 4]) -> &'static str| {
        rows.iter().map(|row| width(column(row))).max().unwrap_or_default()
    };
    let (code_width, stage_width, who_width) = (widest(|row| row[0]), widest(|row| row[1]), widest(|row| row[2]));
    let mut text = String::new();
    for [code, stage, who, message] in rows {
        let line =
            format!("{}  {}  {}  {message}", pad(code, code_width), pad(stage, stage_width), pad(who, who_width));
        text.push_str(&cut(&line, COLUMNS));
        text.push('\n');
    }
    text
}

/// One code as a JSON object, with the texts of one language or of both.
pub(crate) fn json(entry: &Entry, lang: Option<Lang>) -> String {
    let json = match lang {
        Some(lang) => serde_json::to_string_pretty(&entry.only(lang)),
        None => serde_json::to_string_pretty(entry),
    };
    // Serialising plain data into a string fails only if a map had keys that are no strings.
    json.unwrap_or_default()
}

/// The codes as a JSON array.
pub(crate) fn json_table(entries: &[Entry], lang: Option<Lang>) -> String {
    let json = match lang {
        Some(lang) => serde_json::to_string_pretty(&entries.iter().map(|entry| entry.only(lang)).collect::<Vec<_>>()),
        None => serde_json::to_string_pretty(entries),
    };
    json.unwrap_or_default()
}

/// What to say of a code that is not in the catalogue: the ones most like it.
pub(crate) fn unknown(code: &str, nearest: &[&Entry], lang: Lang) -> String {
    // What was typed may hold anything, control sequences of the terminal included.
    let code = code.escape_debug();
    let mut text = match lang {
        Lang::En => format!("{code} is not on the service's page of error codes"),
        Lang::Zh => format!("服务的错误码页面上没有 {code}"),
    };
    if !nearest.is_empty() {
        text.push_str(Text { en: "; the nearest are", zh: "，最接近的有" }.get(lang));
    }
    text.push('\n');
    for entry in nearest {
        text.push_str(&cut(&format!("  {}  {}", entry.code, entry.message.get(lang)), COLUMNS));
        text.push('\n');
    }
    text
}

/// Whether a character takes two columns: Chinese characters and punctuation do.
fn is_wide(c: char) -> bool {
    c >= '\u{2E80}'
}

fn width(text: &str) -> usize {
    text.chars().fold(0, |sum, c| sum.saturating_add(if is_wide(c) { 2 } else { 1 }))
}

/// `text` with spaces up to `columns`.
fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` up to `columns`; what is cut off leaves an ellipsis.
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if width(&kept) >= columns {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// Breaks `text` into lines of at most `columns`: at spaces, and beside Chinese characters, which
/// have none. Only a word that is too long by itself makes a longer line.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for (space, unit) in units(text) {
        let space = if space && !line.is_empty() { " " } else { "" };
        let needed = width(&line).saturating_add(width(space)).saturating_add(width(&unit));
        if needed > columns && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        } else {
            line.push_str(space);
        }
        line.push_str(&unit);
    }
    lines.push(line);
    lines
}

/// The pieces of `text` between which a line may end, each with whether a space is before it.
fn units(text: &str) -> Vec<(bool, String)> {
    let mut units: Vec<(bool, String)> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        match units.last_mut() {
            _ if c == ' ' => {}
            Some((_, unit)) if before != ' ' && !may_break(before, c) => unit.push(c),
            _ => units.push((before == ' ', c.to_string())),
        }
        before = c;
    }
    units
}

/// Whether a line may end between two characters that are no spaces. Punctuation stays with what it
/// closes or opens.
fn may_break(before: char, after: char) -> bool {
    const OPENING: &[char] = &['（', '《', '“', '(', '['];
    const CLOSING: &[char] =
        &['）', '》', '”', '、', '。', '，', '；', '：', '！', '？', ')', ']', ',', '.', ';', ':', '/'];
    (is_wide(before) || is_wide(after)) && !OPENING.contains(&before) && !CLOSING.contains(&after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{all, find, nearest};

    #[test]
    fn a_code_is_explained_in_aligned_paragraphs() {
        let entry = find("AIS.0711").unwrap();
        assert_eq!(
            text(entry, Lang::En),
            "\
AIS.0711
  Message      Invalid video resolution. Width and High must in [20,6000]
  Meaning      The width or the height of the video (\"High\" in the message) is outside 20 to 6000
               pixels, both included. Only this row states the limit; the constraints page does not.
  Action       Check whether the width and the height of the video to be moderated are both between
               20 and 6000 pixels.
  Foreseen     from the bytes of the file
  Who can act  caller: whoever sends the file
  Send again   no: not this file; it has to be converted, repaired or replaced
  Family       Content Moderation, videos
  HTTP status  400
  Source       https://support.huaweicloud.com/api-moderation/moderation_03_0010.html (2024-03-27)
"
        );
    }

    #[test]
    fn lines_fit_and_nothing_is_lost() {
        for lang in [Lang::En, Lang::Zh] {
            for entry in all() {
                let text = text(entry, lang);
                for line in text.lines() {
                    assert!(width(line) <= COLUMNS, "{line}");
                    assert_eq!(line.trim_end(), line);
                }
                let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                for part in [entry.message, entry.meaning] {
                    assert!(bare(&text).contains(&bare(part.get(lang))), "{text}");
                }
            }
            for line in table(all(), lang).lines() {
                assert!(width(line) <= COLUMNS, "{line}");
            }
            assert_eq!(table(all(), lang).lines().count(), 1 + all().len());
        }
    }

    #[test]
    fn chinese_is_wrapped_between_characters_and_not_before_punctuation() {
        assert_eq!(wrap("图片格式，不支持。", 8), ["图片格", "式，不支", "持。"]);
        assert_eq!(wrap("见 AIS.0402 或“格式”", 8), ["见", "AIS.0402", "或“格式”"]);
        assert_eq!(wrap("或“格式”", 6), ["或“格", "式”"]);
        assert_eq!(wrap("one  two", 3), ["one", "two"]);
        assert_eq!(wrap("too-long-a-word", 3), ["too-long-a-word"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn json_holds_what_was_asked_for() {
        let entry = find("APIG.0308").unwrap();
        let one: serde_json::Value = serde_json::from_str(&json(entry, None)).unwrap();
        assert_eq!(one, serde_json::to_value(entry).unwrap());
        let table: Vec<serde_json::Value> = serde_json::from_str(&json_table(all(), Some(Lang::Zh))).unwrap();
        assert_eq!(table.len(), all().len());
        assert_eq!(table[0]["message"], serde_json::json!({"zh": all()[0].message.zh}));
    }

    #[test]
    fn an_unknown_code_leads_to_its_neighbours() {
        let said = unknown("AIS.0712", &nearest("AIS.0712", 2), Lang::En);
        assert!(
            said.starts_with("AIS.0712 is not on the service's page of error codes; the nearest are\n  AIS.0711  ")
        );
        assert_eq!(unknown("\u{1b}[2J", &[], Lang::Zh), "服务的错误码页面上没有 \\u{1b}[2J\n");
    }
}
