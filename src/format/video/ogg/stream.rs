//! What the streams in an Ogg file are, by their first packet, and what their positions mean.
//!
//! Theora specification, clause 6.2 and A.2.3; Vorbis I, clauses 4.2 and A.2; RFC 7845 (Opus); Ogg
//! FLAC mapping 1.0; Speex manual, clause 7; VP8 and Dirac as the Ogg registry of Xiph.Org has them;
//! the stream headers of OGM files, which hold codecs of AVI.

use super::page::{be32, le32};
use crate::bytes::{Cursor, Endian, u16_at, u64_at};
use crate::codec::Codec;
use crate::facts::{TrackFacts, TrackKind};

/// How a position of a stream is turned into a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// There is no telling.
    None,
    /// So many samples, of which so many at the start are not heard, at so many a second.
    Samples { skipped: u64, rate: u64 },
    /// Frames since the last key frame in the low `shift` bits, the frames up to that one above.
    Frames { shift: u32, rate: Rate },
    /// The number of frames in the upper half.
    Vp8(Rate),
    /// Fields up to decoding, fields from there to showing, and distances between key frames.
    Dirac(Rate),
}

/// Frames a second, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    frames: u32,
    seconds: u32,
}

impl Rate {
    fn new(frames: u32, seconds: u32) -> Option<Self> {
        (frames > 0 && seconds > 0).then_some(Self { frames, seconds })
    }

    fn a_second(self) -> f64 {
        f64::from(self.frames) / f64::from(self.seconds)
    }

    /// Seconds that so many frames last.
    fn last(self, frames: u64) -> f64 {
        let nanoseconds = u128::from(frames)
            .saturating_mul(1_000_000_000)
            .saturating_mul(self.seconds.into())
            .checked_div(self.frames.into());
        seconds(nanoseconds.unwrap_or_default())
    }
}

impl Clock {
    /// The frames up to a position, for moving pictures.
    pub(super) fn frames(self, granule: u64) -> Option<u64> {
        match self {
            Self::None | Self::Samples { .. } => None,
            Self::Frames { shift, .. } => {
                let before = granule.checked_shr(shift)?;
                Some(before.saturating_add(granule & !u64::MAX.checked_shl(shift)?))
            }
            Self::Vp8(_) => Some(granule >> 32),
            Self::Dirac(_) => {
                let fields = (granule >> 31).saturating_add((granule >> 9) & 0x1fff);
                Some((fields >> 1).saturating_add(1))
            }
        }
    }

    /// The time up to a position, in seconds.
    pub(super) fn time(self, granule: u64) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Samples { skipped, rate } => {
                let samples = u128::from(granule.saturating_sub(skipped));
                samples.saturating_mul(1_000_000_000).checked_div(rate.into()).map(seconds)
            }
            Self::Frames { rate, .. } | Self::Vp8(rate) | Self::Dirac(rate) => {
                self.frames(granule).map(|frames| rate.last(frames))
            }
        }
    }

    /// The time that so many frames take, for moving pictures.
    pub(super) fn time_of_frames(self, frames: u64) -> Option<f64> {
        match self {
            Self::None | Self::Samples { .. } => None,
            Self::Frames { rate, .. } | Self::Vp8(rate) | Self::Dirac(rate) => Some(rate.last(frames)),
        }
    }
}

fn seconds(nanoseconds: u128) -> f64 {
    std::time::Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX)).as_secs_f64()
}

/// A stream as its first packet describes it.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) facts: TrackFacts,
    pub(super) clock: Clock,
}

/// How streams of a kind begin, and how their first packet is read. That gives nothing if the packet
/// is too short or holds what cannot be.
type Mapping = (&'static [u8], fn(&[u8], &mut TrackFacts) -> Option<Clock>);

#[rustfmt::skip]
const MAPPINGS: &[Mapping] = &[
    (b"\x80theora", theora),
    (b"\x01vorbis", vorbis),
    (b"OpusHead", opus),
    (b"\x7fFLAC", flac),
    (b"Speex   ", speex),
    (b"OVP80", vp8),
    (b"BBCD", dirac),
    (b"\x01video\0\0\0", ogm_video),
    (b"\x01audio\0\0\0", ogm_audio),
];

/// The stream with that serial number whose first packet is `packet`; nothing if it is of a known
/// kind and not readable.
pub(super) fn describe(packet: &[u8], serial: u32) -> Option<Described> {
    let mut facts = TrackFacts::new(TrackKind::Other, serial.into());
    let clock = match MAPPINGS.iter().find(|(magic, _)| packet.starts_with(magic)) {
        Some((_, read)) => read(packet, &mut facts)?,
        None => Clock::None,
    };
    Some(Described { facts, clock })
}

/// Where the coded data begin in a packet of that codec; nowhere if it only describes the stream.
pub(super) fn coded_data(codec: Codec, packet: &[u8]) -> Option<u64> {
    let first = packet.first().copied().unwrap_or_default();
    match codec {
        Codec::Theora => (first & 0x80 == 0).then_some(0),
        Codec::Vp8 => (!packet.starts_with(b"OVP80")).then_some(0),
        Codec::Dirac => Some(0),
        // In OGM files a byte is put before them, with flags and the width of the number that follows.
        _ => {
            let width = (first >> 6) | ((first & 2) << 1);
            (first & 1 == 0).then_some(u64::from(width).saturating_add(1))
        }
    }
}

fn theora(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    facts.kind = TrackKind::Video;
    facts.set_codec(Some(Codec::Theora), "theora");
    let mut header = Cursor::new(packet.get(14..)?, 14);
    let mut number = |width| header.be_uint(width).and_then(|number| u32::try_from(number).ok());
    let (width, height) = (number(3)?, number(3)?);
    number(2)?;
    let rate = Rate::new(number(4)?, number(4)?)?;
    let (across, down) = (number(3)?, number(3)?);
    number(4)?;
    let quality_and_shift = number(2)?;
    picture(facts, width, height)?;
    sample_aspect(facts, across, down);
    facts.frame_rate = Some(rate.a_second());
    Some(Clock::Frames { shift: (quality_and_shift >> 5) & 0x1f, rate })
}

fn vp8(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    facts.kind = TrackKind::Video;
    facts.set_codec(Some(Codec::Vp8), "vp8");
    let mut header = Cursor::new(packet.get(8..)?, 8);
    let mut number = |width| header.be_uint(width).and_then(|number| u32::try_from(number).ok());
    picture(facts, number(2)?, number(2)?)?;
    sample_aspect(facts, number(3)?, number(3)?);
    let rate = Rate::new(number(4)?, number(4)?)?;
    facts.frame_rate = Some(rate.a_second());
    Some(Clock::Vp8(rate))
}

fn ogm_video(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    facts.kind = TrackKind::Video;
    let code = *packet.get(9..)?.first_chunk::<4>()?;
    facts.set_codec(Codec::of_fourcc(code), &code.escape_ascii().to_string());
    let of_a_frame = u32::try_from(u64_at(packet.get(17..)?, Endian::Little)?).ok()?;
    picture(facts, le32(packet, 45)?, le32(packet, 49)?)?;
    let rate = Rate::new(10_000_000, of_a_frame)?;
    facts.frame_rate = Some(rate.a_second());
    Some(Clock::Frames { shift: 0, rate })
}

fn vorbis(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    sound(facts, Codec::Vorbis, u16::from(*packet.get(11)?), le32(packet, 12)?, 0)
}

fn opus(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    let skipped = u16_at(packet.get(10..)?, Endian::Little)?;
    // Whatever went in, what comes out of the decoder has 48 kHz.
    sound(facts, Codec::Opus, u16::from(*packet.get(9)?), 48_000, skipped)
}

fn flac(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    let bits = be32(packet, 27)?;
    let channels = u16::try_from((bits >> 9) & 7).ok()?;
    sound(facts, Codec::Flac, channels.saturating_add(1), bits >> 12, 0)
}

fn speex(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    sound(facts, Codec::Speex, u16::try_from(le32(packet, 48)?).ok()?, le32(packet, 36)?, 0)
}

fn ogm_audio(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    let code = std::str::from_utf8(packet.get(9..13)?).ok()?;
    let codec = u16::from_str_radix(code, 16).ok().and_then(Codec::of_wave_format);
    facts.kind = TrackKind::Audio;
    facts.set_codec(codec, code);
    facts.channels = u16_at(packet.get(45..)?, Endian::Little);
    let rate = u64_at(packet.get(25..)?, Endian::Little)?;
    facts.sample_rate = u32::try_from(rate).ok();
    (rate > 0).then_some(Clock::Samples { skipped: 0, rate })
}

fn sound(facts: &mut TrackFacts, codec: Codec, channels: u16, rate: u32, skipped: u16) -> Option<Clock> {
    facts.kind = TrackKind::Audio;
    facts.set_codec(Some(codec), codec.name());
    (facts.channels, facts.sample_rate) = (Some(channels), Some(rate));
    (rate > 0 && channels > 0).then_some(Clock::Samples { skipped: skipped.into(), rate: rate.into() })
}

/// A sequence header (Dirac specification 2.2.3, clause 10).
fn dirac(packet: &[u8], facts: &mut TrackFacts) -> Option<Clock> {
    /// Width, height and frame rate of the predefined formats (annex C).
    #[rustfmt::skip]
    const FORMATS: &[(u32, u32, usize)] = &[
        (640, 480, 1), (176, 120, 9), (176, 144, 10), (352, 240, 9), (352, 288, 10), (704, 480, 9), (704, 576, 10),
        (720, 480, 4), (720, 576, 3), (1280, 720, 7), (1280, 720, 6), (1920, 1080, 4), (1920, 1080, 3),
        (1920, 1080, 7), (1920, 1080, 6), (2048, 1080, 2), (4096, 2160, 2), (3840, 2160, 7), (3840, 2160, 6),
        (7680, 4320, 7), (7680, 4320, 6),
    ];
    /// The predefined frame rates; the first stands for one that is written out.
    #[rustfmt::skip]
    const RATES: &[(u32, u32)] = &[
        (0, 0), (24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1),
        (15_000, 1001), (25, 2),
    ];
    facts.kind = TrackKind::Video;
    facts.set_codec(Some(Codec::Dirac), "dirac");
    let mut bits = InterleavedBits { data: packet.get(13..)?, at: 0 };
    for _version_profile_level in 0..4 {
        bits.number()?;
    }
    let (mut width, mut height, mut rate) = *FORMATS.get(usize::try_from(bits.number()?).ok()?)?;
    if bits.bit()? {
        (width, height) = (bits.number()?, bits.number()?);
    }
    for _chroma_and_scan_format in 0..2 {
        if bits.bit()? {
            bits.number()?;
        }
    }
    let mut own_rate = None;
    if bits.bit()? {
        rate = usize::try_from(bits.number()?).ok()?;
        if rate == 0 {
            own_rate = Some((bits.number()?, bits.number()?));
        }
    }
    let (frames, seconds) = own_rate.or_else(|| RATES.get(rate).copied())?;
    picture(facts, width, height)?;
    let rate = Rate::new(frames, seconds)?;
    facts.frame_rate = Some(rate.a_second());
    Some(Clock::Dirac(rate))
}

/// Bits in which a number is interleaved with flags that say whether more of it follows.
struct InterleavedBits<'d> {
    data: &'d [u8],
    at: usize,
}

impl InterleavedBits<'_> {
    fn bit(&mut self) -> Option<bool> {
        let byte = *self.data.get(self.at >> 3)?;
        let bit = byte & (0x80 >> (self.at & 7));
        self.at = self.at.saturating_add(1);
        Some(bit != 0)
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 1_u32;
        while !self.bit()? {
            value = value.checked_mul(2)? | u32::from(self.bit()?);
        }
        value.checked_sub(1)
    }
}

fn picture(facts: &mut TrackFacts, width: u32, height: u32) -> Option<()> {
    (facts.width, facts.height) = (Some(width), Some(height));
    (width > 0 && height > 0).then_some(())
}

fn sample_aspect(facts: &mut TrackFacts, across: u32, down: u32) {
    facts.sample_aspect = Some((across, down)).filter(|_| across != down && across > 0 && down > 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_become_times() {
        let rate = Rate::new(30_000, 1001).unwrap();
        let theora = Clock::Frames { shift: 6, rate };
        assert_eq!(theora.frames(0x100b), Some(75));
        assert!((theora.time(0x100b).unwrap() - 2.5025).abs() < 1e-6);
        assert_eq!(Clock::Vp8(rate).frames(30 << 32 | 7 << 3), Some(30));
        let opus = Clock::Samples { skipped: 312, rate: 48_000 };
        assert_eq!((opus.time(48_312), opus.time(3)), (Some(1.0), Some(0.0)));
        assert_eq!(Clock::None.time(5), None);
    }

    #[test]
    fn a_dirac_sequence_header_may_change_its_format() {
        let describe = |bits: &str| {
            let bits = bits.replace(' ', "");
            let bytes = bits
                .as_bytes()
                .chunks(8)
                .map(|chunk| chunk.iter().enumerate().fold(0, |byte, (at, bit)| byte | ((bit - b'0') << (7 - at))));
            let packet = [b"BBCD\0\0\0\0\0\0\0\0\0".to_vec(), bytes.collect()].concat();
            describe(&packet, 1).map(|stream| (stream.facts.width, stream.facts.height, stream.facts.frame_rate))
        };
        // Version 2.2, profile 0, level 0, format 4; then whether size, chroma, scan and rate differ.
        assert_eq!(describe("011 011 1 1 00011 0 0 0 0"), Some((Some(352), Some(288), Some(12.5))));
        assert_eq!(
            describe("011 011 1 1 00011 1 01011 00011 0 1 1 1 1 010000011 001"),
            Some((Some(6), Some(4), Some(24.0)))
        );
        assert_eq!(describe("011 011 1 1 00011 1 01011 00011 0 1 1 1 1 010000011 1"), None, "a rate by zero");
        assert_eq!(describe("011"), None);
    }
}
