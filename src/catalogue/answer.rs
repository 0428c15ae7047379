//! What the service answered: which codes, about what, with which values.
//!
//! Codes are matched, never messages: the page's texts are not stable. A message is only looked at
//! for the value that a code is known to put into it.

use serde::Serialize;

use super::{Entry, find};
use crate::defect::Defects;
use crate::lang::Lang;
use crate::request::json::{Document, Kind, Value, shown};

/// One error in an answer of the service.
///
/// ```
/// use ais_preflight::catalogue::ServiceError;
///
/// let body = br#"{"error_code": "AIS.0710", "error_msg": "Invalid video length. It must be <=2 hours. The input video duration is [8123.4]."}"#;
/// let errors = ServiceError::parse(Some(400), body);
/// assert_eq!(errors[0].entry.unwrap().code, "AIS.0710");
/// assert_eq!(errors[0].argument("duration"), Some("8123.4"));
/// assert!(!errors[0].retryable());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceError {
    /// The HTTP status of the answer, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The code as it was sent; `None` if the answer has none.
    pub code: Option<String>,
    /// What the catalogue has for the code; `None` if it is none of this service.
    pub entry: Option<&'static Entry>,
    /// The message as it was sent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The values that the message holds, by their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<(&'static str, String)>,
    /// The item of a batch that it is about: its `data_id`, or its url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The job that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// What the service calls the request, for its support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where in the answer it stands, as a JSON pointer.
    pub pointer: String,
}

/// The values that messages hold: the code, the name of the value, and what stands before and
/// behind it. Nothing behind means the rest of the message.
const ARGUMENTS: &[(&str, &str, &str, &str)] = &[
    // The page's copy of 2026-06-03: "Lack Header or Header %s is empty."
    ("AIS.0010", "header", "Header or Header ", " is empty"),
    ("AIS.0709", "detail", "error:", ""),
    ("AIS.0710", "duration", "duration is [", "]"),
];

impl ServiceError {
    /// All errors in an answer: a single one, those of the items of a batch, that of a job, that of
    /// the gateway. None if the answer has no error; one without a code if it is no JSON, or its
    /// status says failure and its body does not say why.
    pub fn parse(status: Option<u16>, body: &[u8]) -> Vec<Self> {
        let mut defects = Defects::default();
        let start = if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let document = Document::read(body, start, Lang::En, &mut defects);
        let mut errors = Vec::new();
        if let Some(root) = document.root().filter(|root| matches!(root.kind(), Kind::Object | Kind::Array)) {
            let request_id = text(root, "request_id");
            let mut waiting = vec![root];
            while let Some(value) = waiting.pop() {
                if let Some(error) = Self::of_object(value, status) {
                    errors.push(Self { request_id: request_id.clone(), ..error });
                }
                let inner: Vec<_> =
                    value.children().filter(|child| matches!(child.kind(), Kind::Object | Kind::Array)).collect();
                waiting.extend(inner.into_iter().rev());
            }
        }
        let failed = status.is_some_and(|status| status >= 400);
        if errors.is_empty() && (failed || document.root().is_none_or(|root| root.kind() != Kind::Object)) {
            errors.push(Self { status, ..Self::unknown(String::from_utf8_lossy(body).trim()) });
        }
        errors
    }

    /// The error that an object speaks of in its own members.
    fn of_object(object: Value<'_, '_>, status: Option<u16>) -> Option<Self> {
        let job_failed = text(object, "status").is_some_and(|status| status == "failed");
        let code = text(object, "error_code")
            // Other gateways of the cloud call it `code`.
            .or_else(|| text(object, "code").filter(|code| find(code).is_some()))
            .filter(|code| !code.is_empty());
        // The first video service says why in `cause`, with or without a code in it.
        let message = ["error_msg", "message", "cause"].iter().find_map(|name| text(object, name));
        let code = code.or_else(|| {
            let words = message.as_deref().filter(|_| job_failed)?;
            words
                .split([' ', ',', ':', ';', '[', ']', '(', ')'])
                .find(|word| word.contains('.') && find(word).is_some())
                .map(str::to_owned)
        });
        if code.is_none() && !job_failed {
            return None;
        }
        let entry = code.as_deref().and_then(find);
        let message = message.unwrap_or_default();
        Some(Self {
            status,
            arguments: entry.map(|entry| arguments(entry, &message)).unwrap_or_default(),
            entry,
            code,
            item: text(object, "data_id").or_else(|| text(object, "url")),
            job: text(object, "job_id"),
            pointer: object.pointer(),
            ..Self::unknown(&message)
        })
    }

    fn unknown(message: &str) -> Self {
        Self {
            status: None,
            code: None,
            entry: None,
            message: cut(message),
            arguments: Vec::new(),
            item: None,
            job: None,
            request_id: None,
            pointer: String::new(),
        }
    }

    /// Whether the same request may succeed if it is sent again unchanged. Without a code the status
    /// tells: the server's own failures, and too many requests.
    pub fn retryable(&self) -> bool {
        match self.entry {
            Some(entry) => entry.retryable(),
            None => self.status.is_some_and(|status| status >= 500 || status == 429 || status == 408),
        }
    }

    /// The value called `name` in the message.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// The string that a member of an object holds.
fn text(object: Value<'_, '_>, name: &str) -> Option<String> {
    object.member(name).filter(|member| member.kind() == Kind::String).map(|member| cut(&member.text()))
}

/// A text of the answer, bounded: a page of HTML is no message.
fn cut(text: &str) -> String {
    const LONGEST: usize = 500;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn arguments(entry: &Entry, message: &str) -> Vec<(&'static str, String)> {
    ARGUMENTS
        .iter()
        .filter(|(code, ..)| *code == entry.code)
        .filter_map(|(_, name, before, behind)| {
            let (_, rest) = message.split_once(before)?;
            let value = if behind.is_empty() { rest } else { rest.split_once(behind)?.0 };
            let value = value.trim();
            // The page prints its placeholders as they are.
            (!value.is_empty() && value != "%s").then(|| (*name, shown(value).into_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(status: Option<u16>, body: &str) -> Vec<(String, Option<String>, String)> {
        ServiceError::parse(status, body.as_bytes())
            .into_iter()
            .map(|error| (error.code.unwrap_or_default(), error.item.or(error.job), error.pointer))
            .collect()
    }

    fn one(code: &str, item: Option<&str>, pointer: &str) -> (String, Option<String>, String) {
        (code.to_owned(), item.map(str::to_owned), pointer.to_owned())
    }

    #[test]
    fn every_shape_of_an_answer_is_read() {
        assert_eq!(codes(Some(400), r#"{"error_code":"AIS.0402","error_msg":"x"}"#), [one("AIS.0402", None, "")]);
        let gateway = r#"{"error_msg":"Incorrect IAM authentication information: decrypt token fail","error_code":"APIG.0301","request_id":"r"}"#;
        assert_eq!(codes(Some(401), gateway), [one("APIG.0301", None, "")]);
        assert_eq!(ServiceError::parse(None, gateway.as_bytes())[0].request_id.as_deref(), Some("r"));
        let batch = r#"{"request_id":"r","results":[{"data_id":"a","suggestion":"pass"},{"data_id":"b","error_code":"AIS.0029","error_msg":"x"}]}"#;
        assert_eq!(codes(Some(200), batch), [one("AIS.0029", Some("b"), "/results/1")]);
        let old_batch = r#"{"result":{"items":[{"url":"http://h/a","error_code":"AIS.0005"},{"url":"http://h/b","error_code":"AIS.0403"}]}}"#;
        assert_eq!(
            codes(None, old_batch),
            [
                one("AIS.0005", Some("http://h/a"), "/result/items/0"),
                one("AIS.0403", Some("http://h/b"), "/result/items/1")
            ]
        );
        assert_eq!(codes(None, r#"{"job_id":"j","status":"failed","request_id":"r"}"#), [one("", Some("j"), "")]);
        let first = r#"{"result":{"job_id":"j","status":"failed","cause":"AIS.0706: The video is corrupted."}}"#;
        assert_eq!(codes(None, first), [one("AIS.0706", Some("j"), "/result")]);
        assert_eq!(
            codes(None, r#"{"error":{"code":"ModelArts.4103","message":"x"}}"#),
            [one("ModelArts.4103", None, "/error")]
        );
        assert!(codes(Some(200), r#"{"result":{"suggestion":"pass"}}"#).is_empty());
        assert_eq!(codes(Some(400), r#"{"error_code":"XYZ.1"}"#), [one("XYZ.1", None, "")]);
        assert_eq!(codes(Some(502), "<html>Bad Gateway</html>"), [one("", None, "")]);
        assert!(ServiceError::parse(Some(502), b"<html>")[0].retryable());
        assert_eq!(codes(None, ""), [one("", None, "")]);
    }

    #[test]
    fn values_are_pulled_out_of_messages_by_the_code() {
        let argument =
            |body: &str, name| ServiceError::parse(None, body.as_bytes())[0].argument(name).map(str::to_owned);
        let body =
            r#"{"error_code":"AIS.0709","error_msg":"Video detection process occurred error: decode frame failed"}"#;
        assert_eq!(argument(body, "detail").as_deref(), Some("decode frame failed"));
        let body = r#"{"error_code":"AIS.0010","error_msg":"Lack Header or Header Content-Type is empty."}"#;
        assert_eq!(argument(body, "header").as_deref(), Some("Content-Type"));
        let body = r#"{"error_code":"AIS.0710","error_msg":"The input video duration is [%s]."}"#;
        assert_eq!(argument(body, "duration"), None);
        // The message of one code in another says nothing.
        let body = r#"{"error_code":"AIS.0402","error_msg":"The input video duration is [7]."}"#;
        assert_eq!(argument(body, "duration"), None);
    }

    #[test]
    fn hostile_answers_end() {
        for body in [
            "[".repeat(1_000_000),
            "{\"error_code\":".repeat(1000),
            format!("[{}]", "{\"error_code\":\"AIS.0402\"},".repeat(10_000)),
        ] {
            drop(ServiceError::parse(Some(400), body.as_bytes()));
        }
    }
}
