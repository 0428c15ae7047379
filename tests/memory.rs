//! The memory that a request takes beside its body: a process of its own, so that nothing else counts.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "what the test reads is small")]

use ais_preflight::Checker;
use ais_preflight::request::Request;

/// The most memory that this process ever had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// A body of that many bytes with one long base64 text, made in place.
fn body(bytes: usize, text: &str) -> Vec<u8> {
    let mut body = Vec::with_capacity(bytes);
    body.extend_from_slice(br#"{"event_type":"head_image","categories":["porn"],"image":""#);
    while body.len() + text.len() + 2 <= bytes {
        body.extend_from_slice(text.as_bytes());
    }
    body.extend_from_slice(b"\"}");
    body
}

#[test]
fn no_copy_of_the_body_is_made() {
    const SIZE: usize = 96 << 20;
    // What is set up once is not counted.
    Checker::new().check_request(&Request::new(&body(1 << 16, "/9j/4AAQ")));
    for text in ["/9j/4AAQSkZJRgABAQ", "\\/9j\\/4AAQSkZJRgAB", "/9j/4AAQSkZJRgABAQAAAQABAAD/\\n", "-_-_-_-_"] {
        let body = body(SIZE, text);
        let before = peak();
        let report = Checker::new().check_request(&Request::new(&body));
        let more = peak() - before;
        assert_eq!(report.items.len(), 1, "{text}: {report:?}");
        assert!(more < SIZE / 8, "{text}: {more} bytes beside a body of {SIZE}");
    }
}
