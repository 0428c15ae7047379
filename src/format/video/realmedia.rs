//! RealMedia File Format (of the Helix client): `.RMF` begins a file, `.RMP` one
//! of several programs. The older audio-only `.ra` files are not RealMedia.

use crate::format::Head;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    [b".RMF\0", b".RMP\0"].iter().any(|magic| head.has(0, *magic))
}
