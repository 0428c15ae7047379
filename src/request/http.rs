//! Requests as text (RFC 9112): raw, in `.http` files, in what `curl --trace` writes; and many
//! bodies as one JSON text a line.

use std::borrow::Cow;

use super::{Request, json};
use crate::defect::Defects;
use crate::lang::Lang;

/// What a file of requests holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// One JSON body.
    Json,
    /// HTTP requests with their heads: raw, `.http`, or a trace of curl.
    Http,
    /// One JSON body a line.
    Ndjson,
}

/// One request of a file.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Message<'t> {
    /// The line of the file at which it begins, counted from 1.
    pub line: u64,
    head: Option<Head<'t>>,
    body: Cow<'t, [u8]>,
}

#[derive(Clone, Default)]
struct Head<'t> {
    method: Cow<'t, str>,
    target: Cow<'t, str>,
    headers: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl Message<'_> {
    /// The request, to be checked.
    pub fn request(&self) -> Request<'_> {
        let request = Request::new(&self.body);
        match &self.head {
            None => request,
            Some(head) => request
                .method(&*head.method)
                .path(&*head.target)
                .headers(head.headers.iter().map(|(name, value)| (&**name, &**value))),
        }
    }
}

/// Takes a file of requests apart; `form` as it is said, or by its looks.
pub fn messages(text: &[u8], form: Option<Form>) -> Vec<Message<'_>> {
    match form.unwrap_or_else(|| Form::of(text)) {
        Form::Json => vec![Message { line: 1, head: None, body: Cow::Borrowed(text) }],
        Form::Ndjson => lines(text)
            .filter(|(_, line)| !line.trim_ascii().is_empty())
            .map(|(line, body)| Message { line, head: None, body: Cow::Borrowed(body) })
            .collect(),
        Form::Http if is_trace(text) => traced(text),
        Form::Http => sections(text),
    }
}

impl Form {
    /// By the looks of the text.
    pub fn of(text: &[u8]) -> Self {
        let mut filled = lines(text).map(|(_, line)| line.trim_ascii()).filter(|line| !line.is_empty());
        let Some(first) = filled.next() else {
            return Self::Json;
        };
        let leads = |line: &[u8]| line.starts_with(b"#") || line.starts_with(b"//") || line.starts_with(b"@");
        if is_trace(text) || is_request_line(first) || leads(first) {
            return Self::Http;
        }
        // A body over several lines is not complete in its first.
        let is_complete = |line: &[u8]| {
            let mut defects = Defects::default();
            json::Document::read(line, 0, Lang::En, &mut defects).complete
        };
        if first.starts_with(b"{") && filled.next().is_some_and(|next| next.starts_with(b"{")) && is_complete(first) {
            return Self::Ndjson;
        }
        Self::Json
    }
}

/// The lines of a text without their ends, counted from 1.
fn lines(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    lines_with_ends(text).map(|(number, line)| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        (number, line.strip_suffix(b"\r").unwrap_or(line))
    })
}

const METHODS: &[&[u8]] = &[b"GET", b"POST", b"PUT", b"DELETE", b"PATCH", b"HEAD", b"OPTIONS"];

fn is_request_line(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    words.next().is_some_and(|method| METHODS.contains(&method)) && words.next().is_some()
}

/// The requests of a `.http` file, between lines of `###`; a raw request is one without such lines.
fn sections(text: &[u8]) -> Vec<Message<'_>> {
    let mut starts = vec![(1, 0_usize)];
    let mut ends = Vec::new();
    let mut at = 0_usize;
    for (number, line) in lines_with_ends(text) {
        let next = at.saturating_add(line.len());
        if line.starts_with(b"###") {
            ends.push(at);
            starts.push((number.saturating_add(1), next));
        }
        at = next;
    }
    ends.push(text.len());
    let variables = variables(text);
    let mut messages: Vec<_> = starts
        .iter()
        .zip(ends)
        .filter_map(|((line, start), end)| section(text.get(*start..end)?, *line, &variables))
        .collect();
    if messages.is_empty() {
        messages.push(Message { line: 1, head: None, body: Cow::Borrowed(text) });
    }
    messages
}

/// The lines of a text with their ends, counted from 1. A line may be as long as a picture.
fn lines_with_ends(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut rest = text;
    (1..).zip(std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at.saturating_add(1));
        let (line, behind) = rest.split_at_checked(end).filter(|(line, _)| !line.is_empty())?;
        rest = behind;
        Some(line)
    }))
}

/// The variables that a `.http` file sets: `@name = value`.
fn variables(text: &[u8]) -> Vec<(String, String)> {
    let variable = |line: &[u8]| {
        let line = String::from_utf8_lossy(line.strip_prefix(b"@")?).into_owned();
        let (name, value) = line.split_once('=')?;
        Some((format!("{{{{{}}}}}", name.trim()), value.trim().to_owned()))
    };
    lines(text).filter_map(|(_, line)| variable(line)).collect()
}

/// One request with its head, or none if there is no request line.
fn section<'t>(text: &'t [u8], first_line: u64, variables: &[(String, String)]) -> Option<Message<'t>> {
    let fill = |text: &'t [u8]| {
        let mut text = String::from_utf8_lossy(text);
        for (name, value) in variables {
            if text.contains(name.as_str()) {
                text = Cow::Owned(text.replace(name.as_str(), value));
            }
        }
        text
    };
    let mut head: Option<Head<'t>> = None;
    let mut at = 0_usize;
    let mut line = first_line;
    for (number, whole) in lines_with_ends(text) {
        at = at.saturating_add(whole.len());
        let content = whole.trim_ascii();
        match &mut head {
            None if is_request_line(content) => {
                line = first_line.saturating_add(number).saturating_sub(1);
                let (method, target) = request_line(content);
                head = Some(Head { method: fill(method), target: fill(target), headers: Vec::new() });
            }
            None => {}
            Some(_) if content.is_empty() => break,
            Some(head) => {
                if let Some(colon) = memchr::memchr(b':', content) {
                    let (name, value) = content.split_at_checked(colon).unwrap_or_default();
                    let value = value.get(1..).unwrap_or_default();
                    head.headers.push((fill(name.trim_ascii()), fill(value.trim_ascii())));
                }
            }
        }
    }
    let head = head?;
    let body = text.get(at..).unwrap_or_default();
    let body = head.cut(body);
    Some(Message { line, head: Some(head), body })
}

/// Method and target of a request line, without the version.
fn request_line(line: &[u8]) -> (&[u8], &[u8]) {
    let space = memchr::memchr(b' ', line).unwrap_or(line.len());
    let (method, rest) = line.split_at_checked(space).unwrap_or_default();
    let rest = rest.trim_ascii();
    let version = memchr::memmem::rfind(rest, b" HTTP/").unwrap_or(rest.len());
    (method, rest.get(..version).unwrap_or_default().trim_ascii_end())
}

impl Head<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }

    /// The body that belongs to this head: without the line ends that an editor puts behind it, and
    /// without the lengths of its chunks.
    fn cut<'t>(&self, body: &'t [u8]) -> Cow<'t, [u8]> {
        if self.header("Transfer-Encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
            && let Some(body) = unchunked(body)
        {
            return Cow::Owned(body);
        }
        let stated = self.header("Content-Length").and_then(|length| length.parse::<usize>().ok());
        let stated = stated.and_then(|length| body.split_at_checked(length));
        Cow::Borrowed(match stated {
            Some((body, rest)) if rest.trim_ascii().is_empty() => body,
            _ => body.trim_ascii_end(),
        })
    }
}

/// The content of a body in chunks (RFC 9112, 7.1), if it is one.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let (size, content) = rest.split_at_checked(end)?;
        let size = std::str::from_utf8(size.split(|byte| *byte == b';').next()?).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let (chunk, behind) = content.get(1..)?.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n"))?;
    }
}

const SENT_HEAD: &[u8] = b"=> Send header";
const SENT_BODY: &[u8] = b"=> Send data";

fn is_trace(text: &[u8]) -> bool {
    // What curl says of the connection comes before; no line of it is long.
    let beginning = text.get(..1 << 16).unwrap_or(text);
    lines(beginning).any(|(_, line)| line.starts_with(SENT_HEAD))
}

/// The requests in the output of `curl --trace`, which prints all bytes in hexadecimal.
/// (`--trace-ascii` loses the line breaks of a body.)
fn traced(text: &[u8]) -> Vec<Message<'_>> {
    let mut messages: Vec<(u64, Vec<u8>, Vec<u8>)> = Vec::new();
    let mut into = None;
    for (number, line) in lines(text) {
        if line.starts_with(SENT_HEAD) {
            messages.push((number, Vec::new(), Vec::new()));
            into = Some(Part::Head);
        } else if line.starts_with(SENT_BODY) {
            into = Some(Part::Body);
        } else if line.starts_with(b"=") || line.starts_with(b"<") {
            into = None;
        } else if let (Some(part), Some((_, head, body))) = (into, messages.last_mut()) {
            let buffer = match part {
                Part::Head => head,
                Part::Body => body,
            };
            buffer.extend(dumped(line));
        }
    }
    messages
        .into_iter()
        .filter_map(|(line, mut text, body)| {
            let length = text.len();
            text.extend_from_slice(&body);
            let message = section(&text, 1, &[])?;
            let head = message.head.map(Head::into_owned)?;
            let rest = text.get(length..)?;
            let body = head.cut(rest).into_owned();
            Some(Message { line, head: Some(head), body: Cow::Owned(body) })
        })
        .collect()
}

#[derive(Clone, Copy)]
enum Part {
    Head,
    Body,
}

impl Head<'_> {
    fn into_owned(self) -> Head<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Head {
            method: owned(self.method),
            target: owned(self.target),
            headers: self.headers.into_iter().map(|(name, value)| (owned(name), owned(value))).collect(),
        }
    }
}

/// The bytes of a line of a dump: `0010: 50 4f 53 54 …` up to the column of the letters.
fn dumped(line: &[u8]) -> impl Iterator<Item = u8> {
    let columns = memchr::memchr(b':', line).and_then(|colon| line.get(colon.saturating_add(2)..)).unwrap_or_default();
    // Sixteen pairs of digits with a space behind each.
    columns.get(..48).unwrap_or(columns).chunks(3).map_while(|pair| {
        let digit = |at: usize| pair.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let ends = pair.get(2).is_none_or(|space| *space == b' ');
        u8::try_from((digit(0)? << 4) | digit(1)?).ok().filter(|_| ends)
    })
}

/// Status and body of a response, which may come with its head (`curl -i`) or without.
pub fn response(text: &[u8]) -> (Option<u16>, &[u8]) {
    let mut status = None;
    let mut rest = text;
    // Interim answers such as "100 Continue" precede the real one.
    while rest.starts_with(b"HTTP/") {
        let code = rest.split(|byte| *byte == b' ').nth(1).and_then(|code| std::str::from_utf8(code.get(..3)?).ok());
        status = code.and_then(|code| code.parse().ok());
        let mut end = 0_usize;
        for (_, line) in lines_with_ends(rest) {
            end = end.saturating_add(line.len());
            if line.trim_ascii().is_empty() {
                break;
            }
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    (status, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'t>(message: &'t Message<'_>) -> (u64, &'t str, &'t str, Vec<(&'t str, &'t str)>, &'t str) {
        let head = message.head.as_ref().unwrap();
        let headers = head.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        (message.line, &head.method, &head.target, headers, std::str::from_utf8(&message.body).unwrap())
    }

    #[test]
    fn a_form_is_told_by_its_looks() {
        for (text, form) in [
            ("", Form::Json),
            ("{\"a\":1}", Form::Json),
            ("{\n\"a\":1\n}\n", Form::Json),
            ("{\"a\":{\n}}\n{", Form::Json),
            ("{\"a\":1}\n\n{\"b\":2}\n", Form::Ndjson),
            ("{\"a\":1}\n{broken", Form::Ndjson),
            ("POST /v3/x HTTP/1.1\r\n\r\n{}", Form::Http),
            ("### first\nPOST https://host/path\n\n{}", Form::Http),
            ("@host = h\nGET https://{{host}}/", Form::Http),
            ("POSTAL", Form::Json),
            ("== Info: x\n=> Send header, 5 bytes (0x5)\n", Form::Http),
        ] {
            assert_eq!(Form::of(text.as_bytes()), form, "{text:?}");
        }
    }

    #[test]
    fn raw_requests_and_files_of_them_are_taken_apart() {
        let raw = messages(b"POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}\n", None);
        assert_eq!(shown(&raw[0]), (1, "POST", "/a?b", vec![("Host", "h"), ("Content-Length", "2")], "{}"));
        let text = b"@host = example.com\n\n### one\n# a comment\nPOST https://{{host}}/a\nX: {{host}}/{{y}}\n\n{\n}\n\n### two\nGET /b\n";
        let file = messages(text, None);
        assert_eq!(shown(&file[0]), (5, "POST", "https://example.com/a", vec![("X", "example.com/{{y}}")], "{\n}"));
        assert_eq!(shown(&file[1]), (12, "GET", "/b", vec![], ""));
        let chunked =
            messages(b"POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\n{\"a\r\n4;x\r\n\":1}\r\n0\r\n\r\n", None);
        assert_eq!(shown(&chunked[0]).4, "{\"a\":1}");
    }

    #[test]
    fn a_trace_of_curl_is_read_back() {
        let trace = b"== Info: Connected\n=> Send header, 36 bytes (0x24)\n\
0000: 50 4f 53 54 20 2f 61 20 48 54 54 50 2f 31 2e 31 POST /a HTTP/1.1\n\
0010: 0d 0a 48 6f 73 74 3a 20 68 0d 0a 0d 0a          ..Host: h....\n\
=> Send data, 7 bytes (0x7)\n0000: 7b 22 61 22 3a                                  {\"a\":\n\
=> Send data, 2 bytes (0x2)\n0000: 31 7d                                           1}\n\
<= Recv header, 13 bytes (0xd)\n0000: 48 54 54 50\n";
        let traced = messages(trace, None);
        assert_eq!(shown(&traced[0]), (2, "POST", "/a", vec![("Host", "h")], "{\"a\":1}"));
    }

    #[test]
    fn a_response_is_split_from_its_head() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nX: y\r\n\r\n{\"a\":1}";
        assert_eq!(response(text), (Some(400), b"{\"a\":1}".as_slice()));
        assert_eq!(response(b"{}"), (None, b"{}".as_slice()));
        assert_eq!(response(b"HTTP/"), (None, b"".as_slice()));
    }
}
