//! Headers of sound frames, for containers that do not say themselves what the sound is like:
//! MPEG audio (ISO/IEC 11172-3, clause 2.4.1.3; 13818-3), AAC in ADTS (ISO/IEC 13818-7, clause 6.2),
//! AC-3 and Enhanced AC-3 (ATSC A/52:2018, clause 5.4 and annex E).

use super::Codec;
use super::bits::Bits;

/// What the header of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SoundFormat {
    /// Samples a second.
    pub(crate) sample_rate: u32,
    /// Channels; none if the header leaves them to the data.
    pub(crate) channels: Option<u16>,
    /// Samples that a frame holds for each channel.
    pub(crate) samples: u32,
}

impl SoundFormat {
    /// How long a frame lasts, in seconds.
    pub(crate) fn frame(&self) -> f64 {
        f64::from(self.samples) / f64::from(self.sample_rate.max(1))
    }
}

/// The first header in `data` of the coding `codec`.
pub(crate) fn find(codec: Codec, data: &[u8]) -> Option<SoundFormat> {
    let read = reader(codec)?;
    (0..data.len()).find_map(|at| read(data.get(at..)?))
}

/// The coding that `data` begins with a frame of.
pub(crate) fn resembling(data: &[u8]) -> Option<Codec> {
    [Codec::Ac3, Codec::Eac3, Codec::Aac, Codec::Mp3]
        .into_iter()
        .find(|codec| reader(*codec).is_some_and(|read| read(data).is_some()))
}

type Reader = fn(&[u8]) -> Option<SoundFormat>;

fn reader(codec: Codec) -> Option<Reader> {
    Some(match codec {
        Codec::Mp3 => mpeg_audio,
        Codec::Aac => adts,
        Codec::Ac3 => ac3,
        Codec::Eac3 => eac3,
        _ => return None,
    })
}

fn mpeg_audio(data: &[u8]) -> Option<SoundFormat> {
    let &[first, second, third, fourth] = data.first_chunk()?;
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if first != 0xff || second & 0xe0 != 0xe0 || version == 1 || layer == 0 || third >> 4 == 15 || fourth & 3 == 2 {
        return None;
    }
    // MPEG-1, MPEG-2 with half and MPEG-2.5 with a quarter of its rates.
    let shift = match version {
        3 => 0,
        2 => 1,
        _ => 2,
    };
    let rate = *[44_100, 48_000, 32_000_u32].get(usize::from(third >> 2 & 3))?;
    let samples = match (layer, version) {
        (3, _) => 384,
        (1, 0 | 2) => 576,
        _ => 1152,
    };
    let channels = if fourth >> 6 == 3 { 1 } else { 2 };
    Some(SoundFormat { sample_rate: rate >> shift, channels: Some(channels), samples })
}

fn adts(data: &[u8]) -> Option<SoundFormat> {
    const RATES: [u32; 13] =
        [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
    let mut bits = Bits::new(data);
    if bits.uint(12)? != 0xfff {
        return None;
    }
    let (_version, layer, _crc_absent, _profile) = (bits.bit()?, bits.uint(2)?, bits.bit()?, bits.uint(2)?);
    let sample_rate = *RATES.get(usize::try_from(bits.uint(4)?).ok()?)?;
    let _private = bits.bit()?;
    let channels = match bits.uint(3)? {
        0 => None,
        7 => Some(8),
        count => u16::try_from(count).ok(),
    };
    bits.skip(4)?;
    let length = bits.uint(13)?;
    (layer == 0 && length > 7).then_some(SoundFormat { sample_rate, channels, samples: 1024 })
}

/// Full channels of each `acmod`.
const FULL_CHANNELS: [u16; 8] = [2, 1, 2, 3, 3, 4, 4, 5];

fn ac3(data: &[u8]) -> Option<SoundFormat> {
    let mut bits = Bits::new(data);
    if bits.uint(16)? != 0x0b77 {
        return None;
    }
    bits.skip(16)?;
    let rate = usize::try_from(bits.uint(2)?).ok()?;
    let size = bits.uint(6)?;
    let version = bits.uint(5)?;
    let _mode = bits.uint(3)?;
    let layout = bits.uint(3)?;
    if version > 10 || size > 37 {
        return None;
    }
    if layout & 1 == 1 && layout != 1 {
        bits.skip(2)?;
    }
    if layout & 4 != 0 {
        bits.skip(2)?;
    }
    if layout == 2 {
        bits.skip(2)?;
    }
    let low = u16::from(bits.bit()?);
    let channels = FULL_CHANNELS.get(usize::try_from(layout).ok()?)?.saturating_add(low);
    let sample_rate = [48_000, 44_100, 32_000_u32].get(rate)? >> version.saturating_sub(8);
    Some(SoundFormat { sample_rate, channels: Some(channels), samples: 1536 })
}

fn eac3(data: &[u8]) -> Option<SoundFormat> {
    let mut bits = Bits::new(data);
    if bits.uint(16)? != 0x0b77 {
        return None;
    }
    bits.skip(2 + 3 + 11)?;
    let rate = usize::try_from(bits.uint(2)?).ok()?;
    let (sample_rate, blocks) = match bits.uint(2)? {
        // With the reserved rate the next two bits choose one of the halved ones.
        half if rate == 3 => (*[24_000, 22_050, 16_000].get(usize::try_from(half).ok()?)?, 6),
        count => (*[48_000, 44_100, 32_000].get(rate)?, *[1, 2, 3, 6_u32].get(usize::try_from(count).ok()?)?),
    };
    let layout = usize::try_from(bits.uint(3)?).ok()?;
    let low = u16::from(bits.bit()?);
    let version = bits.uint(5)?;
    let channels = FULL_CHANNELS.get(layout)?.saturating_add(low);
    let samples = blocks.saturating_mul(256);
    (11..=16).contains(&version).then_some(SoundFormat { sample_rate, channels: Some(channels), samples })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_what_the_sound_is_like() {
        let format = |sample_rate, channels, samples| Some(SoundFormat { sample_rate, channels, samples });
        assert_eq!(find(Codec::Mp3, b"xx\xff\xfb\x90\xc4"), format(44_100, Some(1), 1152));
        assert_eq!(find(Codec::Mp3, b"\xff\xf3\x84\xc4"), format(24_000, Some(1), 576));
        assert_eq!(find(Codec::Mp3, b"\xff\xfd\x84\x04"), format(48_000, Some(2), 1152));
        assert_eq!(find(Codec::Aac, b"\xff\xf1\x50\x80\x02\x1f\xfc"), format(44_100, Some(2), 1024));
        assert_eq!(find(Codec::Ac3, b"\x0b\x77\x00\x00\x1e\x40\xe1"), format(48_000, Some(6), 1536));
        assert_eq!(find(Codec::Eac3, b"\x0b\x77\x00\xbf\x34\x86"), format(48_000, Some(2), 1536));
        assert_eq!(find(Codec::Aac, b"\xff\xf1\x7c\x80"), None);
        assert_eq!(find(Codec::Opus, b"\xff\xfb\x90\xc4"), None);
    }

    #[test]
    fn a_coding_is_told_by_its_sync_word() {
        assert_eq!(resembling(b"\xff\xf1\x50\x80\x02\x1f\xfc"), Some(Codec::Aac));
        assert_eq!(resembling(b"\xff\xfb\x90\xc4"), Some(Codec::Mp3));
        assert_eq!(resembling(b"\x0b\x77\x00\x00\x1e\x40\xe1"), Some(Codec::Ac3));
        assert_eq!(resembling(b"nothing"), None);
    }
}
