//! The header metadata of an MXF file: sets of properties with local tags (SMPTE ST 377-1, annexes A,
//! B and F), as far as they tell size, rate and duration.

use crate::bytes::Cursor;
use crate::codec::Codec;
use crate::facts::{TrackFacts, TrackKind};

/// More sets of a kind than this are of no file.
const MOST: usize = 64;

/// Sets, by the last bytes of their keys.
mod set {
    pub(super) const SEQUENCE: u8 = 0x0f;
    pub(super) const DESCRIPTORS: [u8; 9] = [0x25, 0x27, 0x28, 0x29, 0x42, 0x43, 0x47, 0x48, 0x51];
    pub(super) const MATERIAL_PACKAGE: u8 = 0x36;
    pub(super) const TIMELINE_TRACK: u8 = 0x3b;
}

/// Local tags of properties.
mod tag {
    pub(super) const INSTANCE: u16 = 0x3c0a;
    pub(super) const DURATION: u16 = 0x0202;
    pub(super) const TRACKS: u16 = 0x4403;
    pub(super) const SEQUENCE: u16 = 0x4803;
    pub(super) const EDIT_RATE: u16 = 0x4b01;
    pub(super) const SAMPLE_RATE: u16 = 0x3001;
    pub(super) const CONTAINER_DURATION: u16 = 0x3002;
    pub(super) const ESSENCE_CONTAINER: u16 = 0x3004;
    pub(super) const LINKED_TRACK: u16 = 0x3006;
    pub(super) const PICTURE_CODING: u16 = 0x3201;
    pub(super) const STORED_HEIGHT: u16 = 0x3202;
    pub(super) const STORED_WIDTH: u16 = 0x3203;
    pub(super) const DISPLAY_HEIGHT: u16 = 0x3208;
    pub(super) const DISPLAY_WIDTH: u16 = 0x3209;
    pub(super) const FRAME_LAYOUT: u16 = 0x320c;
    pub(super) const ASPECT_RATIO: u16 = 0x320e;
    pub(super) const SOUND_RATE: u16 = 0x3d03;
    pub(super) const CHANNELS: u16 = 0x3d07;
}

/// `FrameLayout` of pictures that are stored field by field, each with the height given.
const SEPARATE_FIELDS: u8 = 1;
const SEGMENTED_FRAME: u8 = 4;

type Uid = [u8; 16];
/// Numerator and denominator.
type Rate = (u32, u32);

/// What the sets say.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) descriptors: Vec<Descriptor>,
    tracks: Vec<(Uid, Option<Rate>, Uid)>,
    sequences: Vec<(Uid, u64)>,
    /// The tracks of the material package, which is what the file presents.
    presented: Vec<Uid>,
}

/// What a file descriptor says of an essence.
#[derive(Clone, Debug, Default)]
pub(super) struct Descriptor {
    uid: Uid,
    is_picture: bool,
    linked: u32,
    width: u32,
    height: u32,
    /// The part that is shown, without what fills up the last blocks.
    shown: (u32, u32),
    layout: u8,
    /// Width to height of the picture as a whole.
    pub(super) aspect: Option<Rate>,
    rate: Option<Rate>,
    duration: Option<u64>,
    coding: Uid,
    container: Uid,
    sound_rate: Option<Rate>,
    channels: u32,
}

impl Metadata {
    /// Takes a set; `kind` is the last byte of its key that differs.
    pub(super) fn take(&mut self, kind: u8, set: &[u8]) {
        match kind {
            set::MATERIAL_PACKAGE => {
                for (_, value) in properties(set).filter(|(tag, _)| *tag == tag::TRACKS) {
                    self.presented =
                        value.get(8..).unwrap_or_default().chunks_exact(16).take(MOST).filter_map(uid).collect();
                }
            }
            set::SEQUENCE => {
                let mut sequence = (Uid::default(), 0);
                for (tag, value) in properties(set) {
                    match tag {
                        tag::INSTANCE => sequence.0 = uid(value).unwrap_or_default(),
                        tag::DURATION => sequence.1 = length(value).unwrap_or_default(),
                        _ => {}
                    }
                }
                put(&mut self.sequences, sequence, |known| known.0);
            }
            set::TIMELINE_TRACK => {
                let mut track = (Uid::default(), None, Uid::default());
                for (tag, value) in properties(set) {
                    match tag {
                        tag::INSTANCE => track.0 = uid(value).unwrap_or_default(),
                        tag::EDIT_RATE => track.1 = rate(value),
                        tag::SEQUENCE => track.2 = uid(value).unwrap_or_default(),
                        _ => {}
                    }
                }
                put(&mut self.tracks, track, |known| known.0);
            }
            _ if set::DESCRIPTORS.contains(&kind) => {
                put(&mut self.descriptors, Descriptor::parse(kind, set), |known| known.uid);
            }
            _ => {}
        }
    }

    /// How long the file lasts: the longest of what it presents and of its essences, or else so many
    /// `pictures`.
    pub(super) fn seconds(&self, pictures: u64) -> Option<f64> {
        let presented = self.tracks.iter().filter(|(track, ..)| self.presented.contains(track));
        let tracks = presented.filter_map(|(_, rate, sequence)| {
            let (_, units) = self.sequences.iter().find(|(uid, _)| uid == sequence)?;
            seconds(*units, (*rate)?)
        });
        let essences = self.descriptors.iter().filter_map(Descriptor::seconds);
        let stated = tracks.chain(essences).filter(|seconds| *seconds > 0.0).reduce(f64::max);
        let rate = self.descriptors.iter().find(|it| it.is_picture).and_then(|it| it.rate);
        stated.or_else(|| seconds(pictures, rate?)).filter(|seconds| *seconds > 0.0)
    }
}

/// Puts `new` into a list, in the place of what has the same key: the footer repeats the header.
fn put<T>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> Uid) {
    let room = list.len() < MOST;
    match list.iter_mut().find(|known| key(known) == key(&new)) {
        Some(known) => *known = new,
        None if room => list.push(new),
        None => {}
    }
}

impl Descriptor {
    fn parse(kind: u8, set: &[u8]) -> Self {
        let mut it = Self { is_picture: !matches!(kind, 0x25 | 0x42 | 0x43 | 0x47 | 0x48), ..Self::default() };
        for (tag, value) in properties(set) {
            let number = || Cursor::new(value, 0).be32().unwrap_or_default();
            match tag {
                tag::INSTANCE => it.uid = uid(value).unwrap_or_default(),
                tag::SAMPLE_RATE => it.rate = rate(value),
                tag::CONTAINER_DURATION => it.duration = length(value),
                tag::ESSENCE_CONTAINER => it.container = uid(value).unwrap_or_default(),
                tag::LINKED_TRACK => it.linked = number(),
                tag::PICTURE_CODING => it.coding = uid(value).unwrap_or_default(),
                tag::STORED_WIDTH => it.width = number(),
                tag::STORED_HEIGHT => it.height = number(),
                tag::DISPLAY_WIDTH => it.shown.0 = number(),
                tag::DISPLAY_HEIGHT => it.shown.1 = number(),
                tag::FRAME_LAYOUT => it.layout = value.first().copied().unwrap_or_default(),
                tag::ASPECT_RATIO => it.aspect = rate(value),
                tag::SOUND_RATE => it.sound_rate = rate(value),
                tag::CHANNELS => it.channels = number(),
                _ => {}
            }
        }
        it
    }

    fn seconds(&self) -> Option<f64> {
        seconds(self.duration?, self.rate?)
    }

    /// The codec, by the label of the picture coding or else of the container (SMPTE ST 400 and RP
    /// 224).
    pub(super) fn codec(&self) -> Option<Codec> {
        let [_, _, _, _, _, _, _, _, coding @ ..] = &self.coding;
        match coding {
            [4, 1, 2, 2, 1, 0x20, ..] => return Some(Codec::Mpeg4),
            [4, 1, 2, 2, 1, 0x30..=0x3f, ..] => return Some(Codec::H264),
            [4, 1, 2, 2, 1, 0x40..=0x4f, ..] => return Some(Codec::Hevc),
            [4, 1, 2, 2, 1, 0x10..=0x11, ..] => return Some(Codec::Mpeg1),
            [4, 1, 2, 2, 1, ..] => return Some(Codec::Mpeg2),
            [4, 1, 2, 2, 2, ..] => return Some(Codec::Dv),
            [4, 1, 2, 2, 3, 1, ..] => return Some(Codec::Jpeg2000),
            [4, 1, 2, 2, 3, 6, ..] => return Some(Codec::ProRes),
            [4, 1, 2, 2, 3, 9, ..] => return Some(Codec::Ffv1),
            [4, 1, 2, 2, 4, ..] => return Some(Codec::Vc1),
            [4, 1, 2, 2, 0x71, ..] | [0x0e, 4, 2, 1, 2, 4, ..] => return Some(Codec::Dnxhd),
            [4, 1, 2, 1, ..] => return Some(Codec::RawVideo),
            _ => {}
        }
        let [_, _, _, _, _, _, _, _, container @ ..] = &self.container;
        match container {
            [0x0d, 1, 3, 1, 2, kind, ..] => Some(match kind {
                1 | 4 => Codec::Mpeg2,
                2 => Codec::Dv,
                5 => Codec::RawVideo,
                6 => Codec::Pcm,
                0x0a => Codec::G711,
                0x0c => Codec::Jpeg2000,
                0x10 => Codec::H264,
                0x11 => Codec::Dnxhd,
                0x1c => Codec::ProRes,
                0x23 => Codec::Ffv1,
                _ => return None,
            }),
            _ => None,
        }
    }

    /// The facts of its track.
    pub(super) fn track(&self) -> TrackFacts {
        let kind = match (self.is_picture, self.sound_rate) {
            (true, _) => TrackKind::Video,
            (false, Some(_)) => TrackKind::Audio,
            (false, None) => TrackKind::Other,
        };
        let mut facts = TrackFacts::new(kind, self.linked.into());
        facts.duration_s = self.seconds();
        match kind {
            TrackKind::Video => {
                facts.set_codec(self.codec(), &hex(&self.coding));
                let fields = if matches!(self.layout, SEPARATE_FIELDS | SEGMENTED_FRAME) { 2 } else { 1 };
                let height = self.height.saturating_mul(fields);
                (facts.width, facts.height) =
                    Some((self.width, height)).filter(|size| size.0 > 0 && size.1 > 0).unzip();
                facts.frame_rate = self.rate.map(|(units, seconds)| f64::from(units) / f64::from(seconds));
            }
            TrackKind::Audio => {
                let codec = self.codec().filter(|codec| codec.sort() == crate::codec::Sort::Audio);
                facts.set_codec(codec.or(Some(Codec::Pcm)), "");
                facts.sample_rate = self.sound_rate.and_then(|(units, seconds)| units.checked_div(seconds));
                facts.channels = u16::try_from(self.channels).ok().filter(|channels| *channels > 0);
            }
            _ => {}
        }
        facts
    }
}

fn seconds(units: u64, (rate, base): Rate) -> Option<f64> {
    Some(f64::from(u32::try_from(units).ok()?) * f64::from(base) / f64::from(rate))
}

/// The properties of a set: tags and values.
fn properties(set: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = Cursor::new(set, 0);
    std::iter::from_fn(move || {
        let (tag, len) = (rest.be16()?, rest.be16()?);
        Some((tag, rest.take(len.into())?))
    })
}

fn uid(value: &[u8]) -> Option<Uid> {
    value.first_chunk().copied()
}

/// A rational number that is not zero.
fn rate(value: &[u8]) -> Option<Rate> {
    let mut fields = Cursor::new(value, 0);
    let rate = (fields.be32()?, fields.be32()?);
    (rate.0 > 0 && rate.1 > 0).then_some(rate)
}

/// A length; the highest bit marks one that is not known.
fn length(value: &[u8]) -> Option<u64> {
    Cursor::new(value, 0).be64().filter(|length| length >> 63 == 0)
}

fn hex(label: &[u8]) -> String {
    use std::fmt::Write;
    label.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(tag: u16, value: &[u8]) -> Vec<u8> {
        [&tag.to_be_bytes()[..], &u16::try_from(value.len()).unwrap().to_be_bytes(), value].concat()
    }

    #[test]
    fn the_footer_takes_the_place_of_the_header() {
        let set = |duration: u64| {
            let rate = property(tag::SAMPLE_RATE, &[0, 0, 0, 25, 0, 0, 0, 1]);
            [property(tag::INSTANCE, &[7; 16]), rate, property(tag::CONTAINER_DURATION, &duration.to_be_bytes())]
                .concat()
        };
        let mut metadata = Metadata::default();
        metadata.take(0x28, &set(u64::MAX));
        assert_eq!(metadata.seconds(0), None);
        metadata.take(0x28, &set(50));
        assert_eq!((metadata.seconds(9), metadata.descriptors.len()), (Some(2.0), 1));
    }

    #[test]
    fn a_set_that_breaks_off_has_the_properties_before() {
        let set = [property(tag::STORED_WIDTH, &[0, 0, 1, 0]), vec![0x32, 0x02, 0, 9, 1]].concat();
        assert_eq!(properties(&set).count(), 1);
        assert_eq!(rate(&[0, 0, 0, 0, 0, 0, 0, 1]), None);
    }
}
