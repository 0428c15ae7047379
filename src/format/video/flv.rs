//! Flash video: Adobe Flash Video File Format Specification 10.1, annex E.2.

use crate::format::Head;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, b"FLV\x01")
}
