//! What the picture is that a reader shows: the primary item, or the track of a sequence.

use super::check::grid;
use super::meta::{Item, Meta, Value, configuration};
use super::sequence::Track;
use crate::codec::{av1, hevc};
use crate::facts::Color;
use crate::format::Inspection;
use crate::format::isobmff::FourCc;
use crate::input::Walk;

/// How often a picture may be derived from another one.
pub(super) const MAX_DERIVATIONS: usize = 32;

/// Item types of coded pictures, each with the name of its coding and the property that every
/// item of that type must have.
pub(super) const CODINGS: &[(FourCc, &str, Option<FourCc>)] = &[
    (*b"hvc1", "hevc", Some(*b"hvcC")),
    (*b"lhv1", "hevc", None),
    (*b"hvt1", "hevc", None),
    (*b"av01", "av1", Some(*b"av1C")),
    (*b"avc1", "avc", Some(*b"avcC")),
    (*b"vvc1", "vvc", Some(*b"vvcC")),
    (*b"evc1", "evc", Some(*b"evcC")),
    (*b"jpeg", "jpeg", None),
    (*b"j2k1", "jpeg2000", None),
    (*b"unci", "uncompressed", Some(*b"uncC")),
    (*b"mski", "mask", None),
];

/// Item types of pictures that are made of other pictures.
pub(super) const DERIVED: [FourCc; 4] = [*b"grid", *b"iovl", *b"iden", *b"tmap"];

/// The row of [`CODINGS`] of an item or of a sample entry.
pub(super) fn coding(kind: FourCc) -> Option<&'static (FourCc, &'static str, Option<FourCc>)> {
    CODINGS.iter().find(|row| row.0 == kind)
}

fn is_picture(item: &Item) -> bool {
    coding(item.kind).is_some() || DERIVED.contains(&item.kind)
}

/// Orientation 1 to 8 after a quarter turn against the clock.
const TURNED: [u8; 9] = [0, 8, 5, 6, 7, 4, 1, 2, 3];
/// Orientation 1 to 8 after top and bottom are swapped, and after left and right are.
const MIRRORED: [[u8; 9]; 2] = [[0, 4, 3, 2, 1, 8, 7, 6, 5], [0, 2, 1, 4, 3, 6, 5, 8, 7]];

fn step(table: [u8; 9], orientation: u8) -> u8 {
    table.get(usize::from(orientation)).copied().unwrap_or(orientation)
}

/// Fills in the facts.
pub(super) fn gather(cx: &mut Inspection<'_, '_>, meta: &Meta, tracks: &[Track], avif: bool, sequence: bool) -> Walk {
    let primary = meta.primary.filter(|id| meta.item(*id).is_some());
    if let Some(id) = primary {
        of_item(cx, meta, id)?;
    }
    let track = tracks.iter().filter(|track| track.shows_pictures()).max_by_key(|track| track.samples());
    if let Some(track) = track.filter(|_| primary.is_none())
        && track.width > 0
        && track.height > 0
    {
        cx.image().set_size(track.width.into(), track.height.into());
        cx.image().compression = coding(track.entry).map(|row| row.1);
    }
    let samples = track.map(Track::samples).filter(|_| sequence);
    let facts = cx.image();
    facts.frames = samples.or_else(|| primary.map(|_| if avif { 1 } else { shown_items(meta) }));
    if samples.is_some() || primary.is_some() {
        facts.animated = Some(samples.is_some_and(|samples| samples > 1));
    }
    facts.variant = match (avif, sequence, facts.compression) {
        (true, true, _) => Some("avif-sequence"),
        (false, true, _) => Some("heif-sequence"),
        (false, false, Some("hevc")) => Some("heic"),
        _ => None,
    };
    Ok(())
}

/// Pictures that are there to be shown on their own.
fn shown_items(meta: &Meta) -> u32 {
    let aside = |id: u32| [*b"thmb", *b"auxl"].into_iter().any(|kind| meta.referred(id, kind).next().is_some());
    let shown = meta.items.iter().filter(|item| is_picture(item) && !item.hidden && !aside(item.id));
    u32::try_from(shown.count()).unwrap_or(u32::MAX)
}

fn of_item(cx: &mut Inspection<'_, '_>, meta: &Meta, id: u32) -> Walk {
    let mut size = meta.properties(id).find_map(|property| match property.value {
        Value::Size(width, height) => Some((width, height)),
        _ => None,
    });
    if size.is_none() {
        size = grid(cx, meta, id)?.map(|grid| (grid.width, grid.height));
    }
    let facts = cx.image();
    if let Some((width, height)) = size {
        facts.set_size(width, height);
    }
    let mut display = size;
    let mut orientation = None;
    for property in meta.properties(id) {
        match property.value {
            Value::Rotation(quarters) => {
                let turned = (0..quarters).fold(orientation.unwrap_or(1), |o, _| step(TURNED, o));
                orientation = Some(turned);
                if quarters & 1 == 1 {
                    display = display.map(|(width, height)| (height, width));
                }
            }
            Value::Mirror(axis) => {
                let table = MIRRORED.get(usize::from(axis)).copied().unwrap_or_default();
                orientation = Some(step(table, orientation.unwrap_or(1)));
            }
            Value::Crop(width, height) => {
                display = display.map(|(old_width, old_height)| (width.min(old_width), height.min(old_height)));
            }
            Value::Depth(channels, bits) => {
                facts.bit_depth = Some(bits);
                if channels == 1 {
                    facts.color = Some(Color::Gray);
                }
            }
            Value::Matrix(0) => facts.color = facts.color.or(Some(Color::Rgb)),
            _ => {}
        }
    }
    facts.orientation = Some(orientation.unwrap_or(1));
    (facts.display_width, facts.display_height) = display.unzip();
    facts.alpha = Some(meta.references().iter().any(|reference| {
        reference.kind == *b"auxl"
            && reference.to == id
            && meta.properties(reference.from).any(|property| property.value == Value::Auxiliary { alpha: true })
    }));
    of_coding(cx, meta, id)
}

/// What only the coded picture says, or the first of those that a derived picture is made of.
fn of_coding(cx: &mut Inspection<'_, '_>, meta: &Meta, id: u32) -> Walk {
    let mut coded = id;
    for _ in 0..MAX_DERIVATIONS {
        if meta.item(coded).is_none_or(|item| !DERIVED.contains(&item.kind)) {
            break;
        }
        coded = meta.referred(coded, *b"dimg").next().unwrap_or(coded);
    }
    let Some((_, name, config)) = meta.item(coded).and_then(|item| coding(item.kind)) else {
        return Ok(());
    };
    cx.image().compression = Some(name);
    let Some(property) = config.and_then(|kind| meta.property(coded, kind)) else {
        return Ok(());
    };
    let Some(record) = configuration(cx.input, property.head)? else {
        return Ok(());
    };
    let (depth, gray) = match *name {
        "hevc" => hevc::Config::header(&record).map(|config| (config.bit_depth, config.chroma_format == 0)),
        "av1" => av1::Config::read(&record).map(|config| (config.bit_depth, config.monochrome)),
        _ => None,
    }
    .unzip();
    let facts = cx.image();
    facts.bit_depth = facts.bit_depth.or(depth);
    facts.color = facts.color.or(gray.map(|gray| if gray { Color::Gray } else { Color::Ycbcr }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The eight orientations by what they do to a corner and the one beside it.
    fn shown(orientation: u8) -> [[u8; 2]; 2] {
        let turn = |[[a, b], [c, d]]: [[u8; 2]; 2]| [[b, d], [a, c]];
        let flip = |[[a, b], [c, d]]: [[u8; 2]; 2]| [[b, a], [d, c]];
        let stored = [[1, 2], [3, 4]];
        match orientation {
            1 => stored,
            2 => flip(stored),
            3 => turn(turn(stored)),
            4 => turn(turn(flip(stored))),
            5 => turn(flip(stored)),
            6 => turn(turn(turn(stored))),
            7 => turn(turn(turn(flip(stored)))),
            _ => turn(stored),
        }
    }

    #[test]
    fn turns_and_mirrors_are_put_in_terms_of_exif() {
        for orientation in 1..=8 {
            let [[a, b], [c, d]] = shown(orientation);
            assert_eq!(shown(step(TURNED, orientation)), [[b, d], [a, c]], "{orientation} turned");
            assert_eq!(shown(step(MIRRORED[0], orientation)), [[c, d], [a, b]], "{orientation} upside down");
            assert_eq!(shown(step(MIRRORED[1], orientation)), [[b, a], [d, c]], "{orientation} left to right");
        }
    }
}
