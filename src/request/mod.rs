//! Requests: what would be wrong with a call of the service before any file is looked at, and the
//! files that it carries.
//!
//! The operations are data (`operations.toml`): where they are, which fields their bodies have. A
//! body is walked once (`json`), its fields are held against the table (`body`), a picture in it is
//! read where it lies (`base64`) and checked as any other file. Which code the service answers with
//! is said by the profile of the operation, as it is for files.

mod base64;
mod body;
mod head;
pub mod http;
pub(crate) mod json;
mod link;
mod operation;
mod token;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub(crate) use self::base64::Base64;
pub use operation::{Field, Media, Operation, Origin, Site, Type, operations};

use crate::checker::Checker;
use crate::defect::{Defect, Defects, Id};
use crate::facts::Facts;
use crate::format::{HEAD_LEN, Head, Kind, foreign};
use crate::lang::{Lang, Text};
use crate::profile::{Profile, Status, Via, mb};
use crate::report::{Report, SCHEMA, Verdict};
use json::Document;

/// A request, as much of it as is known.
///
/// ```
/// use ais_preflight::request::Request;
/// use ais_preflight::{Checker, Verdict};
///
/// let request = Request::new(br#"{"url": "http://localhost/a.jpg", "categories": ["porn"]}"#)
///     .method("POST")
///     .path("/v3/0123456789abcdef0123456789abcdef/moderation/image");
/// let report = Checker::new().check_request(&request);
/// assert_eq!(report.verdict, Verdict::Reject);
/// let finding = report.findings.iter().find(|finding| finding.defect == "url-host-private").unwrap();
/// assert_eq!((finding.pointer.as_deref(), finding.offset), (Some("/url"), Some(9)));
/// ```
#[derive(Clone, Default)]
pub struct Request<'a> {
    operation: Option<&'static Operation>,
    method: Option<Cow<'a, str>>,
    target: Option<Cow<'a, str>>,
    headers: Option<Vec<(Cow<'a, str>, Cow<'a, str>)>>,
    body: &'a [u8],
    sent_at: Option<SystemTime>,
}

impl<'a> Request<'a> {
    /// A request with that body. What is not known beside it is not judged.
    pub fn new(body: &'a [u8]) -> Self {
        Self { body, ..Self::default() }
    }

    /// Says which operation it is for. Without it the path tells, or the fields of the body.
    #[must_use]
    pub fn operation(self, operation: &'static Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(self, method: impl Into<Cow<'a, str>>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// The path that is called, or the whole URL.
    #[must_use]
    pub fn path(self, path: impl Into<Cow<'a, str>>) -> Self {
        Self { target: Some(path.into()), ..self }
    }

    /// All headers of the request, so that one that is not among them is missing. They are never
    /// printed: one of them is the token.
    #[must_use]
    pub fn headers<N, V>(self, headers: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<Cow<'a, str>>,
        V: Into<Cow<'a, str>>,
    {
        let headers = headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { headers: Some(headers), ..self }
    }

    /// When it is going to be sent, so that links that have expired by then are seen.
    #[must_use]
    pub fn sent_at(self, time: SystemTime) -> Self {
        Self { sent_at: Some(time), ..self }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let headers = self.headers.as_ref()?;
        headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }
}

/// Shows neither headers nor body: they hold secrets and files.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.map(|operation| &operation.id))
            .field("method", &self.method)
            .field("target", &self.target)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Checks one request, and what it carries.
pub(crate) fn check(checker: &Checker, request: &Request<'_>) -> Report {
    let lang = checker.settings().lang;
    let address = head::Address::of(request);
    let mut text_defects = Defects::default();
    let document = read(request, lang, &mut text_defects);
    let at_path = address.operations();
    let operation = request.operation.or_else(|| {
        let site = |operation: &&&Operation| address.site().is_none_or(|site| operation.site.contains(&site));
        match &at_path {
            Some(at_path) => choose(checker, request, at_path.iter().filter(site).copied())
                .or_else(|| choose(checker, request, at_path.iter().copied())),
            None => of_fields(checker, document.as_ref(), address.site()),
        }
    });
    let profile = profile(checker, operation);

    let mut defects = Defects::default();
    size(request.body, &profile, &mut defects);
    address.judge(at_path.as_ref().is_none_or(|found| !found.is_empty()), &mut defects);
    if let Some(operation) = operation {
        head::method(request, operation, &mut defects);
        if operation.status == Status::Retired {
            defects.note(Defect::new(Id::OperationRetired).with("title", operation.title.get(lang)));
        }
    }
    // At a path that leads nowhere, nobody misses a body.
    let wants_body = operation.map_or(at_path.is_none() || !request.body.is_empty(), Operation::has_body);
    head::headers(request, wants_body, &mut defects);
    let sound = text_defects.is_empty();
    if wants_body {
        defects.append(text_defects);
    }
    let mut items = Vec::new();
    if let Some(document) = document.as_ref().filter(|_| wants_body) {
        let kind = document.root().map(|root| root.kind());
        if let Some(kind) = kind.filter(|kind| *kind != json::Kind::Object) {
            defects.note(Defect::at(Id::JsonRootNotObject, 0).pointing("").with("found", kind.label().get(lang)));
        } else if let Some(operation) = operation {
            let context = link::Context { profile: &profile, lang, region: address.region(), sent_at: request.sent_at };
            let carried = body::check(document, operation, &context, &mut defects);
            items = carried.into_iter().filter_map(|item| report_on(checker, &profile, item, &mut defects)).collect();
        } else if sound && at_path.is_none() {
            defects.note(Defect::new(Id::OperationUnclear));
        }
    }
    let findings = checker.findings(defects, &profile);
    let mut report = Report {
        schema: SCHEMA,
        path: None,
        path_escaped: false,
        line: None,
        pointer: None,
        verdict: crate::checker::verdict(&findings),
        kind: Kind::Request,
        format: document.is_some().then_some("json"),
        bytes: Some(crate::bytes::len64(request.body.len())),
        facts: Facts::None,
        findings,
        operation: operation.map(|operation| operation.id.clone()),
        profile: profile.name.clone(),
        depth: checker.depth_asked(),
        items,
    };
    report.verdict = report.items.iter().map(|item| item.verdict).fold(report.verdict, Verdict::max);
    report
}

/// The JSON of the body, with what is wrong with it as a text. `None` if it is no JSON.
fn read<'b>(request: &Request<'b>, lang: Lang, defects: &mut Defects) -> Option<Document<'b>> {
    let body = request.body;
    if let Some(coding) = head::coding(request) {
        defects.note(Defect::new(Id::BodyEncoded).with("coding", json::shown(coding).into_owned()));
        return None;
    }
    if body.trim_ascii().is_empty() {
        defects.note(Defect::at(Id::BodyEmpty, 0));
        return None;
    }
    if let Some(encoding) = wide_encoding(body) {
        defects.note(Defect::at(Id::BodyUtf16, 0).with("encoding", encoding));
        return None;
    }
    let start = if body.starts_with(b"\xef\xbb\xbf") {
        defects.note(Defect::at(Id::BodyBom, 0));
        3
    } else {
        0
    };
    let first = body.get(start..).unwrap_or_default().trim_ascii_start();
    if let Some(label) = other_than_json(first) {
        defects.note(Defect::at(Id::BodyNotJson, 0).with("label", label.get(lang)));
        return None;
    }
    Some(Document::read(body, start, lang, defects))
}

/// UTF-16 or UTF-32 by its mark, or by the zero bytes between letters.
fn wide_encoding(body: &[u8]) -> Option<&'static str> {
    match body {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'{' | b'[', ..] | [b'{' | b'[', 0, 0, 0, ..] => {
            Some("UTF-32")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{' | b'[', ..] | [b'{' | b'[', 0, ..] => Some("UTF-16"),
        _ => None,
    }
}

/// What a body is that does not even begin like JSON.
fn other_than_json(body: &[u8]) -> Option<Text> {
    let is_value = matches!(body, [b'{' | b'[' | b'"' | b'\'', ..] | [b'/', b'/' | b'*', ..]);
    let is_scalar = std::str::from_utf8(body.get(..8).unwrap_or(body)).is_ok_and(|text| {
        matches!(text.trim_end(), "true" | "false" | "null") || text.trim_end().parse::<f64>().is_ok()
    });
    if is_value || is_scalar {
        return None;
    }
    let beginning = body.get(..crate::bytes::index(HEAD_LEN)).unwrap_or(body);
    let is_form = beginning.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    if is_form > 0 && beginning.get(is_form) == Some(&b'=') {
        return Some(Text { en: "a form", zh: "表单" });
    }
    let head = Head { bytes: beginning, size: crate::bytes::len64(body.len()) };
    Some(match (crate::format::Format::sniff(&head), foreign::sniff(&head)) {
        (Some(format), _) => format.info().label,
        (None, Some(foreign)) => foreign.label,
        (None, None) => Text { en: "something unknown", zh: "未知内容" },
    })
}

/// Of operations at one path, the one of that method, and of the site whose profile the checker has.
fn choose(
    checker: &Checker,
    request: &Request<'_>,
    among: impl Iterator<Item = &'static Operation> + Clone,
) -> Option<&'static Operation> {
    let method = request.method.as_deref();
    let fitting = among.clone().filter(|operation| match method {
        Some(method) => operation.method == method,
        None => operation.has_body() != request.body.trim_ascii().is_empty(),
    });
    let mut any = among;
    preferred(checker, fitting.clone()).or_else(|| fitting.clone().next()).or_else(|| any.next())
}

/// The operation among those that the profile of the checker is made for.
fn preferred(checker: &Checker, mut among: impl Iterator<Item = &'static Operation>) -> Option<&'static Operation> {
    let set = &checker.settings().profile;
    among.find(|operation| [&set.image.name, &set.video.name].contains(&&operation.profile))
}

/// The operation whose fields the body has: one that can be called, or else a retired one.
fn of_fields(checker: &Checker, document: Option<&Document<'_>>, site: Option<Site>) -> Option<&'static Operation> {
    let root = document?.root().filter(|root| root.kind() == json::Kind::Object)?;
    let at_site = |operation: &&Operation| site.is_none_or(|site| operation.site.contains(&site));
    let best = body::operation_of(root, operations().iter().filter(at_site))?;
    let twins =
        operations().iter().filter(at_site).filter(|other| other.path == best.path && other.method == best.method);
    preferred(checker, twins).or(Some(best))
}

/// The profile of the operation, unless the caller has one of his own for that kind of media.
fn profile(checker: &Checker, operation: Option<&Operation>) -> Arc<Profile> {
    let set = &checker.settings().profile;
    let Some(operation) = operation else {
        return Arc::clone(&set.image);
    };
    let kind = match operation.media {
        Media::Image => Kind::Image,
        Media::Video => Kind::Video,
        Media::Audio | Media::Text | Media::Document => Kind::Other,
    };
    if set.image == set.video && set.image.kind == kind { Arc::clone(&set.image) } else { operation.profile() }
}

/// Is the body small enough for the gateway, and for the service behind it?
fn size(body: &[u8], profile: &Profile, defects: &mut Defects) {
    let limits = &operation::table().limits;
    let bytes = crate::bytes::len64(body.len());
    // Without limits of its own a profile reads "MB" as the others do.
    let (small, large) = profile.size.as_ref().map_or((1_000_000, 1 << 20), |size| (size.unit.small, size.unit.large));
    let (id, limit) = if bytes > mb(limits.gateway_mb, large) {
        (Id::BodyTooLarge, limits.gateway_mb)
    } else if bytes > mb(limits.gateway_mb, small) {
        (Id::BodySizeAmbiguous, limits.gateway_mb)
    } else if bytes > mb(limits.service_mb, large) {
        (Id::BodyOverServiceLimit, limits.service_mb)
    } else {
        return;
    };
    defects.note(Defect::new(id).with("bytes", bytes).with("limit_mb", limit));
}

/// The report of one thing that the request carries.
fn report_on(checker: &Checker, profile: &Arc<Profile>, item: body::Item<'_>, defects: &mut Defects) -> Option<Report> {
    let report = match item.media {
        body::Media::Base64(text) => {
            let place = |defect: Defect| defect.pointing(item.pointer.as_str());
            let decoded = text.examine(checker.settings().lang, defects, &place)?;
            checker.clone().profile(Arc::clone(profile)).via(Via::Base64).check(&decoded)
        }
        body::Media::Address(found) => checker.clone().profile(Arc::clone(profile)).report_of(found),
    };
    Some(Report { pointer: Some(item.pointer), ..report })
}

/// Checks a base64 text by itself, as the picture of a request.
pub(crate) fn check_base64(checker: &Checker, text: &[u8]) -> Report {
    let checker = checker.clone().via(Via::Base64);
    let mut defects = Defects::default();
    // The line break at the end of a file belongs to the file.
    let text = text.trim_ascii_end();
    if text.is_empty() {
        return checker.check_bytes(b"");
    }
    let text = Base64 { text, offset: 0, escaped: false };
    match text.examine(checker.settings().lang, &mut defects, &|defect| defect) {
        Some(decoded) => checker.check_after(&decoded, defects),
        None => checker.report_of(defects),
    }
}

/// The bytes that a base64 text stands for, whatever is wrong with the text; `None` if it stands for
/// none.
#[cfg(feature = "cli")]
pub(crate) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    use crate::source::Source;
    let text = Base64 { text: text.trim_ascii_end(), offset: 0, escaped: false };
    let decoded = text.examine(Lang::En, &mut Defects::default(), &|defect| defect)?;
    let mut bytes = vec![0; crate::bytes::index(Source::size(&decoded).ok()?)];
    let mut filled = 0_usize;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let read = decoded.read_at(crate::bytes::len64(filled), rest).ok().filter(|read| *read > 0)?;
        filled = filled.saturating_add(read);
    }
    Some(bytes)
}
