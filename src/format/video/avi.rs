//! AVI: Microsoft Multimedia Programming Interface 1.0 (RIFF) and the `OpenDML` AVI File
//! Format Extensions 1.02, clause 3.

use crate::format::Head;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    // A later RIFF chunk of a cut file is `AVIX`; some DV software writes the form type with 0x19.
    head.has(0, b"RIFF") && [b"AVI ", b"AVIX", b"AVI\x19"].iter().any(|form| head.has(8, *form))
}
