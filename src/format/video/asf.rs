//! Advanced Systems Format 01.20.03, clause 10.1: the file begins with the GUID of its header object.

use crate::format::Head;

const HEADER_OBJECT: &[u8] = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, HEADER_OBJECT)
}
