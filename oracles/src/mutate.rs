//! Damage as transfers, disks and careless programs do it.

use fastrand::Rng;

/// A way to damage a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Cut somewhere between 10 and 99 %.
    Truncated,
    /// The last 1 to 200 bytes are gone.
    TailLost,
    /// Zero from somewhere to the end.
    TailZeroed,
    /// A block is zero.
    BlockZeroed,
    /// A block is noise.
    BlockGarbage,
    /// Two blocks changed places.
    BlocksSwapped,
    /// A block is gone.
    BlockLost,
    /// A block came in.
    BlockInserted,
    /// Line ends were converted.
    TextMode,
    /// One bit in the first 200 bytes.
    HeaderBit,
    /// One bit anywhere.
    Bit,
}

/// The ways, and how many mutants each makes of a parent.
pub static WAYS: &[(Damage, usize)] = &[
    (Damage::Truncated, 10),
    (Damage::TailLost, 4),
    (Damage::TailZeroed, 3),
    (Damage::BlockZeroed, 8),
    (Damage::BlockGarbage, 8),
    (Damage::BlocksSwapped, 3),
    (Damage::BlockLost, 3),
    (Damage::BlockInserted, 3),
    (Damage::TextMode, 2),
    (Damage::HeaderBit, 6),
    (Damage::Bit, 32),
];

impl Damage {
    pub fn name(self) -> &'static str {
        match self {
            Self::Truncated => "cut off, 1–90 % missing",
            Self::TailLost => "last 1–200 bytes lost",
            Self::TailZeroed => "zero to the end",
            Self::BlockZeroed => "block zeroed",
            Self::BlockGarbage => "block of noise",
            Self::BlocksSwapped => "blocks swapped",
            Self::BlockLost => "block lost",
            Self::BlockInserted => "block inserted",
            Self::TextMode => "line ends converted",
            Self::HeaderBit => "bit flipped in the first 200 bytes",
            Self::Bit => "bit flipped anywhere",
        }
    }

    /// Damages `parent`; `which` tells apart the mutants of one way. `None` if nothing changes.
    pub fn apply(self, parent: &[u8], which: usize, rng: &mut Rng) -> Option<Vec<u8>> {
        let mut bytes = parent.to_vec();
        let len = bytes.len();
        let block = [128, 512, 4096][rng.usize(..3)].min(len / 4).max(1);
        let at = rng.usize(len / 20..len - block);
        match self {
            Self::Truncated => bytes.truncate(rng.usize(len / 10..len * 99 / 100)),
            Self::TailLost => bytes.truncate(len - [1, 2, 16, 200][which % 4].min(len - 1)),
            Self::TailZeroed => bytes[rng.usize(len / 4..len * 9 / 10)..].fill(0),
            Self::BlockZeroed => bytes[at..at + block].fill(0),
            Self::BlockGarbage => rng.fill(&mut bytes[at..at + block]),
            Self::BlocksSwapped => {
                let other = rng.usize(len / 20..len - block);
                if at.abs_diff(other) < block {
                    return None;
                }
                let kept = bytes[at..at + block].to_vec();
                bytes.copy_within(other..other + block, at);
                bytes[other..other + block].copy_from_slice(&kept);
            }
            Self::BlockLost => drop(bytes.drain(at..at + block)),
            Self::BlockInserted => {
                let noise: Vec<u8> = std::iter::repeat_with(|| rng.u8(..)).take(block).collect();
                bytes.splice(at..at, noise);
            }
            Self::TextMode if which == 0 => {
                bytes = bytes.iter().flat_map(|&byte| [13, byte].into_iter().skip(usize::from(byte != 10))).collect();
            }
            Self::TextMode => {
                let mut after = bytes[1..].to_vec();
                after.push(0);
                bytes = bytes
                    .iter()
                    .zip(after)
                    .filter(|(byte, next)| (**byte, *next) != (13, 10))
                    .map(|pair| *pair.0)
                    .collect();
            }
            Self::HeaderBit => bytes[rng.usize(..len.min(200))] ^= 1 << rng.u8(..8),
            Self::Bit => bytes[rng.usize(..len)] ^= 1 << rng.u8(..8),
        }
        (bytes != parent).then_some(bytes)
    }
}
