//! Sound: how many samples a second and how many channels, from the headers that containers keep or
//! that frames begin with.
//!
//! AAC: ISO/IEC 14496-3:2019, clauses 1.6.2 and 1.A.2. MPEG audio: ISO/IEC 11172-3 and 13818-3, clause
//! 2.4.1.3. AC-3: ETSI TS 102 366, clause 5.3 and annex E. Opus: RFC 7845, clause 5.1.

use super::bits::Bits;
use crate::bytes::Cursor;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sound {
    /// Samples a second.
    pub(crate) rate: u32,
    pub(crate) channels: u16,
}

impl Sound {
    fn new(rate: u32, channels: u16) -> Option<Self> {
        (rate > 0 && channels > 0).then_some(Self { rate, channels })
    }
}

/// Sampling frequencies of AAC by index (14496-3, table 1.18).
const AAC_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
const AAC_RATE_STATED: u32 = 15;

/// Channels of AAC by configuration (14496-3, table 1.19); 0 is where another element says it.
const AAC_CHANNELS: [u16; 15] = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8];

/// Object types that go with spectral band replication: with one more, and with parametric stereo.
const SBR: u32 = 5;
const PARAMETRIC_STEREO: u32 = 29;

fn entry<T: Copy>(table: &[T], at: u32) -> Option<T> {
    table.get(usize::try_from(at).ok()?).copied()
}

/// `AudioSpecificConfig`, as `esds` and Matroska keep it. With spectral band replication the rate is
/// that which comes out.
pub(crate) fn of_aac_config(config: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(config);
    let object = aac_object(&mut bits)?;
    let mut rate = aac_rate(&mut bits)?;
    let mut channels = entry(&AAC_CHANNELS, bits.uint(4)?)?;
    if object == SBR || object == PARAMETRIC_STEREO {
        rate = aac_rate(&mut bits)?;
    }
    if object == PARAMETRIC_STEREO {
        channels = 2;
    }
    Sound::new(rate, channels)
}

fn aac_object(bits: &mut Bits<'_>) -> Option<u32> {
    match bits.uint(5)? {
        31 => bits.uint(6)?.checked_add(32),
        object => Some(object),
    }
}

fn aac_rate(bits: &mut Bits<'_>) -> Option<u32> {
    match bits.uint(4)? {
        AAC_RATE_STATED => bits.uint(24),
        at => entry(&AAC_RATES, at),
    }
}

/// The header of an ADTS frame.
pub(crate) fn of_adts(frame: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(frame);
    bits.uint(12).filter(|sync| *sync == 0xfff)?;
    bits.bit()?;
    bits.uint(2).filter(|layer| *layer == 0)?;
    bits.skip(1 + 2)?;
    let rate = entry(&AAC_RATES, bits.uint(4)?)?;
    bits.bit()?;
    Sound::new(rate, entry(&AAC_CHANNELS, bits.uint(3)?)?)
}

/// The header of a frame of MPEG audio, layers I to III.
pub(crate) fn of_mpeg_audio(frame: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(frame);
    bits.uint(11).filter(|sync| *sync == 0x7ff)?;
    let version = bits.uint(2).filter(|version| *version != 1)?;
    bits.uint(2).filter(|layer| *layer != 0)?;
    bits.bit()?;
    bits.uint(4).filter(|bit_rate| *bit_rate != 15)?;
    let rate = entry(&[44_100, 48_000, 32_000], bits.uint(2)?)?;
    bits.skip(2)?;
    let mono = bits.uint(2)? == 3;
    let halvings = match version {
        3 => 0,
        2 => 1,
        _ => 2,
    };
    Sound::new(rate >> halvings, if mono { 1 } else { 2 })
}

/// The header of a frame of AC-3 or E-AC-3.
pub(crate) fn of_ac3(frame: &[u8]) -> Option<Sound> {
    const RATES: [u32; 3] = [48_000, 44_100, 32_000];
    const CHANNELS: [u16; 8] = [2, 1, 2, 3, 3, 4, 4, 5];
    let mut bits = Bits::new(frame);
    bits.uint(16).filter(|sync| *sync == 0x0b77)?;
    let mut id = Bits::new(frame);
    id.skip(40)?;
    let enhanced = match id.uint(5)? {
        0..=10 => false,
        11..=16 => true,
        _ => return None,
    };
    let (rate, mode) = if enhanced {
        bits.skip(2 + 3 + 11)?;
        match bits.uint(2)? {
            3 => (entry(&RATES, bits.uint(2)?)? >> 1, bits.uint(3)?),
            at => {
                bits.skip(2)?;
                (entry(&RATES, at)?, bits.uint(3)?)
            }
        }
    } else {
        bits.skip(16)?;
        let rate = entry(&RATES, bits.uint(2)?)?;
        bits.skip(6 + 5 + 3)?;
        let mode = bits.uint(3)?;
        let mixing = match mode {
            2 => 2,
            _ => {
                (if mode & 1 == 1 && mode != 1 { 2 } else { 0_usize }).saturating_add(if mode & 4 != 0 { 2 } else { 0 })
            }
        };
        bits.skip(mixing)?;
        (rate, mode)
    };
    let low = bits.bit()?;
    Sound::new(rate, entry(&CHANNELS, mode)?.saturating_add(u16::from(low)))
}

/// `OpusHead`. Opus always plays at 48 kHz.
pub(crate) fn of_opus_head(head: &[u8]) -> Option<Sound> {
    let mut cursor = Cursor::new(head, 0);
    cursor.array().filter(|name| name == b"OpusHead")?;
    cursor.skip(1)?;
    Sound::new(48_000, cursor.u8()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_rate_and_channels() {
        let sound = |rate, channels| Some(Sound { rate, channels });
        assert_eq!(of_aac_config(&[0x12, 0x10]), sound(44_100, 2));
        assert_eq!(of_aac_config(&[0x2b, 0x92, 0x08, 0x00]), sound(44_100, 2), "SBR");
        assert_eq!(of_aac_config(&[0x17, 0x80, 0x5d, 0xc0, 0x08]), sound(48_000, 1), "a rate of its own");
        assert_eq!(of_aac_config(&[0x12]), None);
        assert_eq!(of_adts(&[0xff, 0xf1, 0x4c, 0x80, 0x2e, 0x7f, 0xfc]), sound(48_000, 2));
        assert_eq!(of_mpeg_audio(&[0xff, 0xfb, 0x90, 0x64]), sound(44_100, 2));
        assert_eq!(of_mpeg_audio(&[0xff, 0xf3, 0x40, 0xc4]), sound(22_050, 1));
        assert_eq!(of_mpeg_audio(&[0xff, 0xf1, 0x4c, 0x80]), None, "ADTS");
        assert_eq!(of_ac3(&[0x0b, 0x77, 0, 0, 0x14, 0x40, 0x43, 0xe1]), sound(48_000, 2));
        assert_eq!(of_ac3(&[0x0b, 0x77, 0, 0, 0x14, 0x40, 0xe1, 0xe1]), sound(48_000, 6));
        assert_eq!(of_ac3(&[0x0b, 0x77, 0x01, 0x7f, 0x35, 0x86, 0xff]), sound(48_000, 3));
        assert_eq!(of_opus_head(b"OpusHead\x01\x02\x38\x01"), sound(48_000, 2));
        assert_eq!(of_opus_head(b"OpusTags\x01\x02\x38\x01"), None);
    }
}
