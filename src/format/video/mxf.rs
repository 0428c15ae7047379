//! Material Exchange Format: SMPTE ST 377-1:2019, clause 7.1 (partition pack key) and 6.5 (run-in).

use crate::format::Head;

/// The key of a partition pack around the byte that holds the registry version, and the kind of
/// partition that follows: header, body or footer.
const KEY: (&[u8], &[u8]) = (b"\x06\x0e\x2b\x34\x02\x05\x01", b"\x0d\x01\x02\x01\x01");
const KINDS: [u8; 3] = [2, 3, 4];
const HEADER: [u8; 1] = [2];

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    // The standard allows up to 64 KiB before the header partition; what the head shows is enough
    // for the broadcast wave headers that are found there.
    let after_run_in = |data: &[u8]| begins(data, &HEADER);
    begins(head.bytes, &KINDS)
        || head.bytes.iter().enumerate().any(|(at, byte)| *byte == 6 && head.bytes.get(at..).is_some_and(after_run_in))
}

fn begins(data: &[u8], kinds: &[u8]) -> bool {
    let rest = data.strip_prefix(KEY.0).and_then(|rest| rest.get(1..)).and_then(|rest| rest.strip_prefix(KEY.1));
    rest.and_then(<[u8]>::first).is_some_and(|kind| kinds.contains(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;

    #[test]
    fn a_run_in_is_passed_over() {
        let key = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\0";
        let sniffed = |bytes: &[u8]| sniff(&Head { bytes, size: len64(bytes.len()) });
        assert!(sniffed(key));
        assert!(sniffed(&[&b"run in \x06 with a six"[..], key].concat()));
        assert!(!sniffed(&key[..13]));
        assert!(!sniffed(&[0x06; 64]));
    }
}
