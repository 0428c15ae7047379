//! Damage as transfers, disks and careless programs do it.

use fastrand::Rng;

/// A way to damage a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// Cut somewhere between 10 and 99 %.
    Truncated,
    /// The last few bytes are gone.
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
    /// The first bytes are gone.
    HeadLost,
    /// Line ends were converted.
    TextMode,
    /// One bit among the first bytes.
    HeaderBit,
    /// One bit anywhere.
    Bit,
}

/// What is done to files of a kind.
pub struct Plan {
    /// The ways, and how many mutants each makes of a parent.
    pub ways: &'static [(Damage, usize)],
    /// How long a block is, in bytes.
    blocks: &'static [usize],
    /// How many bytes are lost at the end.
    tails: &'static [usize],
    /// How long the head is, in bytes.
    head: usize,
}

pub static PICTURES: Plan = Plan { ways: PICTURE_WAYS, blocks: &[128, 512, 4096], tails: &[1, 2, 16, 200], head: 200 };

pub static FILMS: Plan = Plan { ways: FILM_WAYS, blocks: &[4 << 10, 64 << 10], tails: &[1, 10, 1000], head: 4 << 10 };

const FILM_WAYS: &[(Damage, usize)] = &[
    (Damage::Truncated, 6),
    (Damage::TailLost, 3),
    (Damage::TailZeroed, 1),
    (Damage::BlockZeroed, 6),
    (Damage::BlockGarbage, 2),
    (Damage::BlocksSwapped, 1),
    (Damage::BlockLost, 2),
    (Damage::BlockInserted, 1),
    (Damage::HeadLost, 1),
    (Damage::TextMode, 1),
    (Damage::HeaderBit, 4),
    (Damage::Bit, 4),
];

const PICTURE_WAYS: &[(Damage, usize)] = &[
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
            Self::TailLost => "last bytes lost",
            Self::TailZeroed => "zero to the end",
            Self::BlockZeroed => "block zeroed",
            Self::BlockGarbage => "block of noise",
            Self::BlocksSwapped => "blocks swapped",
            Self::BlockLost => "block lost",
            Self::BlockInserted => "block inserted",
            Self::HeadLost => "head lost",
            Self::TextMode => "line ends converted",
            Self::HeaderBit => "bit flipped in the head",
            Self::Bit => "bit flipped anywhere",
        }
    }

    /// Damages `parent` by a plan; `which` tells apart the mutants of one way. `None` if nothing changes.
    pub fn apply(self, plan: &Plan, parent: &[u8], which: usize, rng: &mut Rng) -> Option<Vec<u8>> {
        let mut bytes = parent.to_vec();
        let len = bytes.len();
        let block = plan.blocks[rng.usize(..plan.blocks.len())].min(len / 4).max(1);
        let at = rng.usize(len / 20..len - block);
        match self {
            Self::Truncated => bytes.truncate(rng.usize(len / 10..len * 99 / 100)),
            Self::TailLost => bytes.truncate(len - plan.tails[which % plan.tails.len()].min(len - 1)),
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
            Self::HeadLost => drop(bytes.drain(..plan.head.min(len / 2))),
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
            Self::HeaderBit => bytes[rng.usize(..len.min(plan.head))] ^= 1 << rng.u8(..8),
            Self::Bit => bytes[rng.usize(..len)] ^= 1 << rng.u8(..8),
        }
        (bytes != parent).then_some(bytes)
    }
}
