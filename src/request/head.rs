//! What is before the body: the address that is called, the method, the headers.

use super::Request;
use super::json::shown;
use super::operation::{Operation, Region, Site, operations, table};
use super::token;
use crate::bytes::len64;
use crate::defect::{Defect, Defects, Id};
use crate::profile::Status;

/// The address of a request, taken apart.
pub(super) struct Address<'r> {
    host: Option<String>,
    path: Option<&'r str>,
}

impl<'r> Address<'r> {
    pub(super) fn of(request: &'r Request<'_>) -> Self {
        let target = request.target.as_deref();
        let (host, path) = match target.and_then(|target| target.split_once("://")) {
            Some((_, rest)) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (host, path) = rest.split_at_checked(end).unwrap_or_default();
                (Some(host), Some(if path.is_empty() { "/" } else { path }))
            }
            None => (request.header("Host"), target),
        };
        let path = path.map(|path| path.split(['?', '#']).next().unwrap_or_default());
        Self { host: host.map(str::to_ascii_lowercase), path }
    }

    /// The region of the service by its host, if it is one of the service's.
    pub(super) fn region(&self) -> Option<&str> {
        let endpoints = &table().endpoints;
        let host = self.host.as_deref()?;
        let host = host.split(':').next()?;
        let rest = host.strip_prefix(endpoints.service.as_str())?.strip_prefix('.')?;
        endpoints.domains.iter().find_map(|domain| rest.strip_suffix(domain.as_str())?.strip_suffix('.'))
    }

    fn known_region(&self) -> Option<&'static Region> {
        let region = self.region()?;
        table().endpoints.regions.iter().find(|known| known.name == region)
    }

    /// The site that is called.
    pub(super) fn site(&self) -> Option<Site> {
        self.known_region().map(|region| region.site)
    }

    /// The operations at the path; `None` if no path is known.
    pub(super) fn operations(&self) -> Option<Vec<&'static Operation>> {
        let path = self.path?;
        Some(operations().iter().filter(|operation| operation.is_at(path)).collect())
    }

    /// Notes what is wrong with host and path.
    pub(super) fn judge(&self, found: bool, defects: &mut Defects) {
        if let (Some(region), None) = (self.region(), self.known_region()) {
            let allowed: Vec<_> = table().endpoints.regions.iter().map(|region| region.name.as_str()).collect();
            let defect = Defect::new(Id::EndpointUnknown).within("Host").with("region", shown(region).into_owned());
            defects.note(defect.with("allowed", allowed.join(", ")));
        }
        let Some(path) = self.path else {
            return;
        };
        let id = if is_malformed(path) {
            Id::PathMalformed
        } else if found {
            return;
        } else if path.split('/').any(|part| part == table().endpoints.service) {
            Id::PathUnknown
        } else {
            Id::PathServiceMissing
        };
        let defect = Defect::new(id).within("path").with("path", shown(path).into_owned());
        defects.note(defect.with("expected", nearest(path)));
    }
}

/// The path of the current operation that is most like `path` behind the name of the service.
fn nearest(path: &str) -> String {
    let service = &table().endpoints.service;
    let tail =
        |path: &str| path.rsplit_once(service.as_str()).map_or_else(|| path.to_owned(), |(_, tail)| tail.to_owned());
    let wanted = shown(&tail(path)).into_owned();
    operations()
        .iter()
        .filter(|operation| operation.status == Status::Online)
        .min_by_key(|operation| strsim::osa_distance(&tail(&operation.path), &wanted))
        .map(|operation| operation.path.replace(['{', '}'], "").replace("project_id", "PROJECT_ID"))
        .unwrap_or_default()
}

/// Whether the path is none that can be sent: a placeholder or white space in it, an empty part.
fn is_malformed(path: &str) -> bool {
    let placeholder = path.contains(['{', '}', '<', '>', '$']);
    let empty_part = path.contains("//");
    let unencoded = path.chars().any(|c| c.is_whitespace() || c.is_control() || !c.is_ascii());
    !path.starts_with('/') || placeholder || empty_part || unencoded
}

/// Notes what is wrong with the method.
pub(super) fn method(request: &Request<'_>, operation: &Operation, defects: &mut Defects) {
    if let Some(method) = request.method.as_deref().filter(|method| *method != operation.method) {
        let defect = Defect::new(Id::MethodWrong).within("method").with("method", shown(method).into_owned());
        defects.note(defect.with("expected", operation.method.as_str()));
    }
}

/// Notes what is wrong with the headers, where they are known.
pub(super) fn headers(request: &Request<'_>, wants_body: bool, defects: &mut Defects) {
    if request.headers.is_none() {
        return;
    }
    credentials(request, defects);
    if wants_body {
        content_type(request, defects);
    }
    if let Some(stated) = request.header("Content-Length").and_then(|length| length.trim().parse::<u64>().ok())
        && stated != len64(request.body.len())
    {
        let defect = Defect::new(Id::BodyLengthMismatch).within("Content-Length");
        defects.note(defect.with("stated", stated).with("bytes", request.body.len()));
    }
}

fn missing(header: &'static str) -> Defect {
    Defect::new(Id::HeaderMissing).within(header).with("header", header)
}

/// A token, or the signature by access keys that takes its place.
fn credentials(request: &Request<'_>, defects: &mut Defects) {
    const TOKEN: &str = "X-Auth-Token";
    let signed = request.header("Authorization").is_some_and(|value| value.contains("HMAC-SHA256"));
    match request.header(TOKEN) {
        Some(value) => token::judge(value, &mut |defect| defects.note(defect.within(TOKEN))),
        None if signed => {
            let date = "X-Sdk-Date";
            if request.header(date).is_none_or(|value| value.trim().is_empty()) {
                defects.note(missing(date));
            }
        }
        None => defects.note(Defect::new(Id::TokenMissing).within(TOKEN)),
    }
}

fn content_type(request: &Request<'_>, defects: &mut Defects) {
    const CONTENT_TYPE: &str = "Content-Type";
    let value = request.header(CONTENT_TYPE).map(str::trim).unwrap_or_default();
    if value.is_empty() {
        defects.note(missing(CONTENT_TYPE));
        return;
    }
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if !is_json || !is_utf8 {
        let defect = Defect::new(Id::ContentTypeWrong).within(CONTENT_TYPE);
        defects.note(defect.with("value", shown(value).into_owned()));
    }
}

/// The encoding of the body as a whole, if it has one.
pub(super) fn coding<'r>(request: &'r Request<'_>) -> Option<&'r str> {
    request
        .header("Content-Encoding")
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}
