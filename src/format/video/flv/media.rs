//! What is in the tags of an FLV file: the heads of video and audio data (Adobe Flash Video File
//! Format Specification 10.1, annex E.4.2 and E.4.3), with the codes of Enhanced RTMP v2.

use crate::bytes::Cursor;
use crate::codec::Codec;

/// What a video tag holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packet {
    /// The configuration of the decoder, so many bytes into the tag.
    Configuration(u64),
    /// A frame, so many bytes into the tag.
    Frame(u64),
    /// Something that is no picture.
    Other,
}

/// The head of a video tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VideoHead {
    pub(super) codec: Option<Codec>,
    /// The code of the codec as it stands there: a number, or four characters.
    pub(super) code: Code,
    pub(super) packet: Packet,
    /// Whether the fields have values that exist.
    pub(super) valid: bool,
}

/// How the codec is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    Number(u8),
    FourCc([u8; 4]),
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::FourCc(code) => code.escape_ascii().fmt(f),
        }
    }
}

/// The video codec of that number. HEVC has none in the specification; this is what writers use.
pub(super) const fn video_codec(number: u8) -> Option<Codec> {
    Some(match number {
        1 => Codec::Mjpeg,
        2 => Codec::Sorenson,
        3 | 6 => Codec::Screen,
        4 | 5 => Codec::Vp6,
        7 => Codec::H264,
        12 => Codec::Hevc,
        _ => return None,
    })
}

impl VideoHead {
    /// Reads the first bytes of a tag; `None` if they are too few.
    pub(super) fn parse(tag: &[u8]) -> Option<Self> {
        let mut rest = Cursor::new(tag, 0);
        let first = rest.u8()?;
        let frame_type = (first >> 4) & 7;
        if first & 0x80 != 0 {
            let code = rest.array()?;
            return Some(Self::enhanced(first & 15, frame_type, code));
        }
        let number = first & 15;
        let codec = video_codec(number);
        let mut valid = (1..=5).contains(&frame_type);
        let packet = match number {
            // A command to the player instead of a picture.
            _ if frame_type == 5 => Packet::Other,
            7 | 12 => match rest.u8()? {
                0 => Packet::Configuration(5),
                1 => Packet::Frame(5),
                kind => {
                    valid &= kind == 2;
                    Packet::Other
                }
            },
            // Before VP6 there is a byte by which its size is trimmed, and the place of its alpha.
            4 => Packet::Frame(2),
            5 => Packet::Frame(5),
            _ => Packet::Frame(1),
        };
        Some(Self { codec, code: Code::Number(number), packet, valid })
    }

    fn enhanced(kind: u8, frame_type: u8, code: [u8; 4]) -> Self {
        let codec = match &code {
            b"avc1" => Some(Codec::H264),
            b"hvc1" => Some(Codec::Hevc),
            b"vvc1" => Some(Codec::Vvc),
            b"av01" => Some(Codec::Av1),
            b"vp08" => Some(Codec::Vp8),
            b"vp09" => Some(Codec::Vp9),
            _ => None,
        };
        let timed = matches!(codec, Some(Codec::H264 | Codec::Hevc | Codec::Vvc));
        let packet = match kind {
            _ if frame_type == 5 => Packet::Other,
            0 => Packet::Configuration(5),
            // The offset of the time of composition.
            1 if timed => Packet::Frame(8),
            1 | 3 => Packet::Frame(5),
            _ => Packet::Other,
        };
        // Several tracks in a tag, and modifiers in front, have the code elsewhere.
        let known = kind < 6;
        Self { codec: codec.filter(|_| known), code: Code::FourCc(code), packet, valid: kind <= 7 }
    }
}

/// The size of a picture in codecs that only FLV has: Screen Video (annex E.4.3, `ScreenVideoPacket`)
/// and VP6. `frame` begins behind the first byte of the tag.
pub(super) fn picture_size(code: Code, frame: &[u8]) -> Option<(u32, u32)> {
    let mut rest = Cursor::new(frame, 0);
    match code {
        Code::Number(3 | 6) => {
            // Each is behind the size of a block in four bits.
            let (width, height) = (rest.be16()? & 0x0fff, rest.be16()? & 0x0fff);
            (width > 0 && height > 0).then_some((width.into(), height.into()))
        }
        Code::Number(number @ (4 | 5)) => {
            let trimmed = rest.u8()?;
            if number == 5 {
                rest.skip(3)?;
            }
            let (mode, version) = (rest.u8()?, rest.u8()?);
            // Only key frames have a size.
            if mode & 0x80 != 0 {
                return None;
            }
            if mode & 1 != 0 || version & 6 == 0 {
                rest.skip(2)?;
            }
            let (rows, columns) = (u32::from(rest.u8()?), u32::from(rest.u8()?));
            let width = columns.saturating_mul(16).checked_sub(u32::from(trimmed >> 4))?;
            let height = rows.saturating_mul(16).checked_sub(u32::from(trimmed & 15))?;
            (width > 0 && height > 0).then_some((width, height))
        }
        _ => None,
    }
}

/// What an audio tag says of its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AudioHead {
    pub(super) codec: Option<Codec>,
    pub(super) code: Code,
    pub(super) sample_rate: Option<u32>,
    pub(super) channels: Option<u16>,
    /// Whether this is sound, rather than the configuration of the decoder.
    pub(super) sound: bool,
}

impl AudioHead {
    pub(super) fn parse(tag: &[u8]) -> Option<Self> {
        let mut rest = Cursor::new(tag, 0);
        let first = rest.u8()?;
        let number = first >> 4;
        if number == 9 {
            let code = rest.array()?;
            let codec = match &code {
                b"mp4a" => Some(Codec::Aac),
                b".mp3" => Some(Codec::Mp3),
                b"Opus" => Some(Codec::Opus),
                b"fLaC" => Some(Codec::Flac),
                b"ac-3" => Some(Codec::Ac3),
                b"ec-3" => Some(Codec::Eac3),
                _ => None,
            };
            let sound = first & 15 != 0;
            return Some(Self { codec, code: Code::FourCc(code), sample_rate: None, channels: None, sound });
        }
        let codec = match number {
            0 | 3 => Some(Codec::Pcm),
            1 => Some(Codec::Adpcm),
            2 | 14 => Some(Codec::Mp3),
            4..=6 => Some(Codec::Nellymoser),
            7 | 8 => Some(Codec::G711),
            10 => Some(Codec::Aac),
            11 => Some(Codec::Speex),
            _ => None,
        };
        let stated = [5512, 11025, 22050, 44100].get(usize::from((first >> 2) & 3)).copied();
        let (mut sample_rate, mut channels) = (stated, Some(u16::from(first & 1).saturating_add(1)));
        let sound = number != 10 || rest.rest().first() != Some(&0);
        match number {
            4 | 11 => (sample_rate, channels) = (Some(16000), Some(1)),
            5 => (sample_rate, channels) = (Some(8000), Some(1)),
            14 => sample_rate = Some(8000),
            10 => (sample_rate, channels) = aac(rest).unzip(),
            _ => {}
        }
        Some(Self { codec, code: Code::Number(number), sample_rate, channels, sound })
    }
}

/// The `AudioSpecificConfig` (ISO/IEC 14496-3, 1.6.2.1), if that is what the tag holds.
fn aac(mut rest: Cursor<'_>) -> Option<(u32, u16)> {
    const RATES: [u32; 13] = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
    if rest.u8()? != 0 {
        return None;
    }
    let bits = rest.be16()?;
    let rate = RATES.get(usize::from((bits >> 7) & 15))?;
    let channels = match (bits >> 3) & 15 {
        0 => return None,
        7 => 8,
        channels => channels,
    };
    Some((*rate, channels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_video() {
        let parse = |tag: &[u8]| VideoHead::parse(tag).map(|head| (head.codec, head.packet, head.valid));
        assert_eq!(parse(&[0x17, 0, 0, 0, 0]), Some((Some(Codec::H264), Packet::Configuration(5), true)));
        assert_eq!(parse(&[0x27, 1, 0, 0, 0]), Some((Some(Codec::H264), Packet::Frame(5), true)));
        assert_eq!(parse(&[0x57]), Some((Some(Codec::H264), Packet::Other, true)));
        assert_eq!(parse(&[0x02]), Some((Some(Codec::Sorenson), Packet::Frame(1), false)));
        assert_eq!(parse(b"\x91hvc1"), Some((Some(Codec::Hevc), Packet::Frame(8), true)));
        assert_eq!(parse(b"\x93hvc1"), Some((Some(Codec::Hevc), Packet::Frame(5), true)));
        assert_eq!(parse(b"\x90av01"), Some((Some(Codec::Av1), Packet::Configuration(5), true)));
        assert_eq!(parse(b"\x96\x01hvc"), Some((None, Packet::Other, true)));
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn sizes_that_only_flv_has() {
        assert_eq!(picture_size(Code::Number(3), &[0x31, 0x40, 0x30, 0xf0]), Some((320, 240)));
        assert_eq!(picture_size(Code::Number(4), &[0x24, 0x00, 0x46, 9, 11]), Some((174, 140)));
        assert_eq!(picture_size(Code::Number(4), &[0, 0x80, 0x46, 9, 11]), None);
    }

    #[test]
    fn heads_of_audio() {
        let aac = AudioHead::parse(&[0xaf, 0, 0x12, 0x10]).unwrap();
        assert_eq!((aac.codec, aac.sample_rate, aac.channels), (Some(Codec::Aac), Some(44100), Some(2)));
        assert!(!aac.sound && AudioHead::parse(&[0xaf, 1, 0x21]).unwrap().sound);
        let mp3 = AudioHead::parse(&[0x2e]).unwrap();
        assert_eq!((mp3.codec, mp3.sample_rate, mp3.channels), (Some(Codec::Mp3), Some(44100), Some(1)));
        assert_eq!(AudioHead::parse(b"\x90Opus").unwrap().codec, Some(Codec::Opus));
    }
}
