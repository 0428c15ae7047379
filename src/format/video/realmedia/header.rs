//! The headers of a RealMedia file: `PROP`, and `MDPR` of each stream with what it says of the codec.

use crate::bytes::{Cursor, index};
use crate::codec::Codec;
use crate::facts::{TrackFacts, TrackKind};

/// `PROP`: properties of the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Properties {
    /// Milliseconds; 0 if it was not known when this was written.
    pub(super) duration: u32,
    /// Where the first index is; 0 if there is none.
    pub(super) index: u32,
}

impl Properties {
    /// Reads the body of the chunk.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Cursor::new(body, 0);
        // Bit rates and packets.
        fields.skip(20)?;
        let (duration, _preroll, index) = (fields.be32()?, fields.be32()?, fields.be32()?);
        Some(Self { duration, index })
    }
}

/// `MDPR`: properties of a stream.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) number: u16,
    /// Milliseconds.
    pub(super) duration: u32,
    pub(super) facts: TrackFacts,
}

impl Stream {
    /// Reads the body of the chunk.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = Cursor::new(body, 0);
        let number = fields.be16()?;
        fields.skip(24)?;
        let duration = fields.be32()?;
        let name = fields.u8()?;
        fields.skip(name.into())?;
        let kind = fields.u8()?;
        let kind = fields.take(kind.into())?;
        let len = fields.be32()?;
        let specific = fields.rest().get(..index(len.into())).unwrap_or(fields.rest());
        let mut facts = TrackFacts::new(TrackKind::Other, number.into());
        if !kind.starts_with(b"logical-") {
            describe(&mut facts, of_first_rate(specific).unwrap_or(specific));
        }
        Some(Self { number, duration, facts })
    }
}

/// The description for the first of several bit rates.
fn of_first_rate(specific: &[u8]) -> Option<&[u8]> {
    let mut fields = Cursor::new(specific.strip_prefix(b"MLTI")?, 0);
    let rules = fields.be16()?;
    fields.skip(usize::from(rules).checked_mul(2)?)?;
    let _rates = fields.be16()?;
    let len = fields.be32()?;
    fields.take(index(len.into()))
}

fn describe(facts: &mut TrackFacts, specific: &[u8]) {
    if specific.starts_with(b".ra\xfd") {
        facts.kind = TrackKind::Audio;
        facts.set_codec(None, "ra");
        let _ = audio(facts, specific);
    } else if specific.get(4..).is_some_and(|rest| rest.starts_with(b"VIDO")) {
        facts.kind = TrackKind::Video;
        let _ = video(facts, specific);
    }
}

fn video(facts: &mut TrackFacts, specific: &[u8]) -> Option<()> {
    let mut fields = Cursor::new(specific, 0);
    fields.skip(8)?;
    let code: [u8; 4] = fields.array()?;
    facts.set_codec(Codec::of_fourcc(code), &code.escape_ascii().to_string());
    let (width, height) = (fields.be16()?, fields.be16()?);
    if width > 0 && height > 0 {
        (facts.width, facts.height) = (Some(width.into()), Some(height.into()));
    }
    fields.skip(6)?;
    let rate = fields.be32()?;
    facts.frame_rate = Some(f64::from(rate) / 65536.0).filter(|rate| *rate > 0.0);
    Some(())
}

/// The header of sound (`.ra`), in version 4 or 5; version 3 says little.
fn audio(facts: &mut TrackFacts, specific: &[u8]) -> Option<()> {
    let mut fields = Cursor::new(specific, 0);
    fields.skip(4)?;
    let version = fields.be16()?;
    if version < 4 {
        (facts.sample_rate, facts.channels) = (Some(8000), Some(1));
        facts.set_codec(None, "14_4");
        return Some(());
    }
    fields.skip(if version == 4 { 42 } else { 48 })?;
    facts.sample_rate = Some(u32::from(fields.be16()?));
    fields.skip(4)?;
    facts.channels = Some(fields.be16()?);
    let code: [u8; 4] = if version == 4 {
        // The interleaver and the codec, each with its length before it.
        let interleaver = fields.u8()?;
        fields.skip(interleaver.into())?;
        fields.skip(1)?;
        fields.array()?
    } else {
        fields.skip(4)?;
        fields.array()?
    };
    let codec = match &code {
        b"cook" => Some(Codec::Cook),
        b"dnet" => Some(Codec::Ac3),
        b"raac" | b"racp" => Some(Codec::Aac),
        _ => None,
    };
    facts.set_codec(codec, &code.escape_ascii().to_string());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(mime: &[u8], specific: &[u8]) -> Stream {
        let mut body = vec![0, 3];
        body.extend([0; 24]);
        body.extend([0, 0, 7, 0xd0, 0, u8::try_from(mime.len()).unwrap()]);
        body.extend(mime);
        body.extend(u32::try_from(specific.len()).unwrap().to_be_bytes());
        body.extend(specific);
        Stream::parse(&body).unwrap()
    }

    const VIDEO: &[u8] = b"\0\0\0\x22VIDORV40\x02\x80\x01\x68\0\x0c\0\0\0\0\0\x17\xf9\x9a\0\0\0\0\0\0\0\0";

    #[test]
    fn video_is_described() {
        let video = stream(b"video/x-pn-realvideo", VIDEO);
        assert_eq!((video.number, video.duration, video.facts.kind), (3, 2000, TrackKind::Video));
        assert_eq!(
            (video.facts.coding, video.facts.width, video.facts.height),
            (Some(Codec::Rv40), Some(640), Some(360))
        );
        assert!(video.facts.frame_rate.is_some_and(|rate| (rate - 23.975).abs() < 0.01));
        let several = [b"MLTI\0\x02\0\0\0\x01\0\x02\0\0\0\x22", VIDEO, b"\0\0\0\x01"].concat();
        assert_eq!(stream(b"video/x-pn-multirate-realvideo", &several).facts.coding, Some(Codec::Rv40));
        assert_eq!(stream(b"logical-fileinfo", VIDEO).facts.kind, TrackKind::Other);
    }

    #[test]
    fn sound_is_described() {
        let mut header = b".ra\xfd\0\x05".to_vec();
        header.extend([0; 48]);
        header.extend(b"\x56\x22\0\0\0\x10\0\x02genrcook");
        let sound = stream(b"audio/x-pn-realaudio", &header).facts;
        assert_eq!((sound.kind, sound.coding), (TrackKind::Audio, Some(Codec::Cook)));
        assert_eq!((sound.sample_rate, sound.channels), (Some(22050), Some(2)));
        let old = stream(b"audio/x-pn-realaudio", b".ra\xfd\0\x03").facts;
        assert_eq!((old.codec.as_deref(), old.channels), (Some("14_4"), Some(1)));
    }
}
