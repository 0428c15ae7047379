//! Ogg: RFC 3533, clause 6. The version after the capture pattern is always 0.

use crate::format::Head;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, b"OggS\0")
}
