//! Codecs whose frames stand for themselves: each frame is collected, as much of it as the depth asks
//! for, and looked at when it ends.

use super::jpeg::Jpeg;
use super::log::{Log, Opening};
use super::payload::PictureFormat;
use super::runs::Runs;
use super::{Codec, av1, dnxhd, dv, h263, png, prores, theora, vc1, vp8, vp9};
use crate::bytes::len64;
use crate::defect::{Defect, Id};

/// Larger frames are looked at only as far as this.
const FRAME_MAX: usize = 16 << 20;
/// So much of a frame is looked at if not every byte is.
const HEAD: usize = 256;
/// More zeros than encoders write in one go: a skipped frame, or padding to a constant rate, takes
/// less, a block of storage takes more.
const MAX_ZEROS: u64 = 511;

/// A frame, of which the first bytes are at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    pub(super) head: &'a [u8],
    pub(super) len: u64,
}

/// What a frame says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Glance {
    pub(super) picture: Option<PictureFormat>,
    /// Whether it can be decoded by itself, where that is easily told.
    pub(super) by_itself: Option<bool>,
}

/// What is wrong with a frame, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// These bytes are not what the codec has there.
    Invalid { at: u64 },
    /// A unit claims more bytes than there are.
    Chain { at: u64, length: u64 },
    /// The frame says that it is longer.
    Short { at: u64, present: u64, expected: u64 },
}

type Look = fn(Frame<'_>) -> Result<Glance, Flaw>;

/// What can be told of the frames of a codec.
fn look_of(codec: Codec) -> Option<Look> {
    Some(match codec {
        Codec::Av1 => av1::look,
        Codec::Vp8 => vp8::look,
        Codec::Vp9 => vp9::look,
        Codec::H263 => h263::look,
        Codec::Sorenson => h263::look_sorenson,
        Codec::ProRes => prores::look,
        Codec::Dv => dv::look,
        Codec::Dnxhd => dnxhd::look,
        Codec::Png => png::look,
        _ => return None,
    })
}

/// Whether long runs of zeros are not to be found in frames of a codec.
fn is_dense(codec: Codec) -> bool {
    matches!(
        codec,
        Codec::Av1 | Codec::Vp8 | Codec::Vp9 | Codec::H263 | Codec::Sorenson | Codec::Msmpeg4 | Codec::Theora
    ) || matches!(
        codec,
        Codec::Wmv1 | Codec::Wmv2 | Codec::Wmv3 | Codec::Vc1 | Codec::Rv10 | Codec::Rv20 | Codec::Rv30 | Codec::Rv40
    )
}

/// A stream of frames.
#[derive(Debug)]
pub(super) struct Frames {
    codec: Codec,
    look: Option<Look>,
    jpeg: Option<Jpeg>,
    /// Whether runs of zeros are looked for.
    dense: bool,
    /// How many bytes of each frame are collected.
    kept: usize,
    start: u64,
    head: Vec<u8>,
    len: u64,
    opening: Opening,
}

impl Frames {
    pub(super) fn new(codec: Codec, full: bool) -> Self {
        let look = look_of(codec);
        let dense = full && is_dense(codec);
        let jpeg = (codec == Codec::Mjpeg).then(|| Jpeg::new(full));
        let kept = match (&look, &jpeg) {
            (None, None) if !dense => 0,
            (_, Some(_)) => FRAME_MAX,
            _ if full => FRAME_MAX,
            _ => HEAD,
        };
        Self { codec, look, jpeg, dense, kept, start: 0, head: Vec::new(), len: 0, opening: Opening::default() }
    }

    /// Takes the decoder's configuration.
    pub(super) fn configure(&mut self, record: &[u8], offset: u64, log: &mut Log) {
        let picture = match self.codec {
            Codec::Av1 => av1::configured_picture(record).unwrap_or_else(|_| {
                log.note(Defect::at(Id::VideoConfigInvalid, offset));
                None
            }),
            Codec::Vc1 => vc1::sequence_picture(record),
            Codec::Theora => theora::header_picture(record),
            _ => None,
        };
        if let Some(picture) = picture {
            log.picture.get_or_insert(picture);
        }
    }

    pub(super) fn begin(&mut self, offset: u64) {
        self.start = offset;
        self.len = 0;
        self.head.clear();
    }

    pub(super) fn feed(&mut self, piece: &[u8]) {
        self.len = self.len.saturating_add(len64(piece.len()));
        let room = self.kept.saturating_sub(self.head.len());
        self.head.extend_from_slice(piece.get(..room).unwrap_or(piece));
    }

    pub(super) fn idle(&self) -> u64 {
        if self.head.len() < self.kept { 0 } else { u64::MAX }
    }

    pub(super) fn pass(&mut self, len: u64) {
        self.len = self.len.saturating_add(len);
    }

    pub(super) fn end(&mut self, log: &mut Log) {
        // An empty frame stands for one that is the same as that before it.
        if self.len == 0 {
            return;
        }
        if let Some(look) = self.look {
            match look(Frame { head: &self.head, len: self.len }) {
                Ok(glance) => {
                    if let Some(picture) = glance.picture {
                        log.picture.get_or_insert(picture);
                    }
                    if let Some(by_itself) = glance.by_itself {
                        self.opening.picture(by_itself, self.start, log);
                    }
                }
                Err(flaw) => log.note(flaw.defect(self.start)),
            }
        }
        if let Some(jpeg) = &mut self.jpeg {
            jpeg.look(&self.head, self.len, self.start, log);
        }
        if self.dense
            && let Some((at, zeros)) = zeros(&self.head)
        {
            let offset = self.start.saturating_add(at);
            log.note(Defect::at(Id::VideoFrameZeroed, offset).with("bytes", zeros));
        }
        self.head.clear();
    }
}

impl Flaw {
    fn defect(self, start: u64) -> Defect {
        match self {
            Self::Invalid { at } => Defect::at(Id::VideoFrameInvalid, start.saturating_add(at)),
            Self::Chain { at, length } => {
                Defect::at(Id::VideoUnitChainBroken, start.saturating_add(at)).with("length", length)
            }
            Self::Short { at, present, expected } => {
                let defect = Defect::at(Id::VideoFrameShort, start.saturating_add(at));
                defect.with("present", present).with("expected", expected).with("parts", "bytes")
            }
        }
    }
}

/// The first run of more than [`MAX_ZEROS`] zeros and its length.
fn zeros(frame: &[u8]) -> Option<(u64, u64)> {
    let mut runs = Runs::default();
    let mut rest = frame;
    loop {
        let run = runs.next(&mut rest);
        let behind = len64(frame.len().saturating_sub(rest.len()));
        let (count, end) = match run {
            Some(run) => (run.zeros, behind.saturating_sub(1)),
            None => (runs.pending(), behind),
        };
        if count > MAX_ZEROS {
            return Some((end.saturating_sub(count), count));
        }
        run?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_zeros_are_found() {
        let mut frame = vec![1; 2000];
        frame[100..611].fill(0);
        assert_eq!(zeros(&frame), None);
        frame[611] = 0;
        assert_eq!(zeros(&frame), Some((100, 512)));
        frame[100..612].fill(9);
        frame[1400..].fill(0);
        assert_eq!(zeros(&frame), Some((1400, 600)));
    }
}
