//! The metadata of an FLV file: `onMetaData` in AMF 0 (Action Message Format, 2007).

use crate::bytes::{Cursor, index};

/// Values nest no deeper than this in any metadata that is of use.
const DEEPEST: u32 = 16;

/// What the metadata say; each value only if it is a number of some sense.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Metadata {
    /// Seconds.
    pub(super) duration: Option<f64>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) frame_rate: Option<f64>,
    /// The number of the video codec.
    pub(super) video_codec: Option<u8>,
    /// Bytes in the file.
    pub(super) file_size: Option<u64>,
}

impl Metadata {
    /// Reads the body of a script tag; `None` if it is about something else.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut rest = Cursor::new(body, 0);
        let mut metadata = Self::default();
        // The name of the method, a string, and its argument.
        if rest.u8()? != 2 || string(&mut rest)? != b"onMetaData" {
            return None;
        }
        match rest.u8()? {
            3 => {}
            8 => rest.skip(4)?,
            _ => return Some(metadata),
        }
        while let Some(name) = string(&mut rest).filter(|name| !name.is_empty()) {
            match value(&mut rest, 0) {
                Some(Value::Number(number)) => metadata.take(name, number),
                Some(Value::Other) => {}
                None => break,
            }
        }
        Some(metadata)
    }

    fn take(&mut self, name: &[u8], value: f64) {
        if !value.is_finite() || value <= 0.0 {
            return;
        }
        let whole = || std::time::Duration::try_from_secs_f64(value).ok().map(|duration| duration.as_secs());
        let pixels = || whole().and_then(|pixels| u32::try_from(pixels).ok());
        match name {
            b"duration" => self.duration = Some(value),
            b"width" => self.width = pixels(),
            b"height" => self.height = pixels(),
            b"framerate" | b"videoframerate" => self.frame_rate = Some(value),
            b"videocodecid" => self.video_codec = whole().and_then(|code| u8::try_from(code).ok()),
            b"filesize" => self.file_size = whole(),
            _ => {}
        }
    }
}

/// A string with its length in two bytes before it.
fn string<'a>(rest: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let len = rest.be16()?;
    rest.take(len.into())
}

/// A value, as far as it is of interest.
enum Value {
    Number(f64),
    Other,
}

/// The next value; `None` if it is none that there is.
fn value(rest: &mut Cursor<'_>, depth: u32) -> Option<Value> {
    if depth > DEEPEST {
        return None;
    }
    let deeper = depth.saturating_add(1);
    match rest.u8()? {
        0 => return Some(Value::Number(f64::from_bits(rest.be64()?))),
        // Booleans, strings, and what has no content.
        1 => rest.skip(1)?,
        2 => drop(string(rest)?),
        5 | 6 | 13 => {}
        7 => rest.skip(2)?,
        11 => rest.skip(10)?,
        12 | 15 => {
            let len = rest.be32()?;
            rest.skip(index(len.into()))?;
        }
        // Objects: names and values, up to an empty name and an end mark.
        3 => members(rest, deeper)?,
        8 => {
            rest.skip(4)?;
            members(rest, deeper)?;
        }
        16 => {
            string(rest)?;
            members(rest, deeper)?;
        }
        10 => {
            let count = rest.be32()?;
            for _ in 0..count {
                value(rest, deeper)?;
            }
        }
        _ => return None,
    }
    Some(Value::Other)
}

fn members(rest: &mut Cursor<'_>, depth: u32) -> Option<()> {
    while !string(rest)?.is_empty() {
        value(rest, depth)?;
    }
    (rest.u8()? == 9).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &[u8]) -> Vec<u8> {
        [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text].concat()
    }

    fn number(text: &[u8], value: f64) -> Vec<u8> {
        [name(text), vec![0], value.to_be_bytes().to_vec()].concat()
    }

    fn begin() -> Vec<u8> {
        [vec![2], name(b"onMetaData"), vec![8, 0, 0, 0, 0]].concat()
    }

    #[test]
    fn numbers_are_found_behind_anything() {
        let keyframes = [name(b"keyframes"), vec![3], name(b"times"), vec![10, 0, 0, 0, 2, 1, 1, 2, 0, 0, 0, 0, 9]];
        let body = [
            begin(),
            keyframes.concat(),
            number(b"duration", 2.5),
            number(b"width", 320.0),
            number(b"height", -1.0),
            number(b"filesize", 1e300),
            vec![0, 0, 9],
        ];
        let want = Metadata { duration: Some(2.5), width: Some(320), ..Metadata::default() };
        assert_eq!(Metadata::parse(&body.concat()), Some(want));
        assert_eq!(Metadata::parse(&[vec![2], name(b"onCuePoint"), vec![5]].concat()), None);
    }

    #[test]
    fn nesting_and_counts_end() {
        let nested = [begin(), name(b"a"), [10, 0, 0, 0, 1].repeat(100_000), number(b"duration", 1.0)].concat();
        assert_eq!(Metadata::parse(&nested), Some(Metadata::default()));
        let endless = [begin(), name(b"a"), vec![10, 0xff, 0xff, 0xff, 0xff, 5]].concat();
        assert_eq!(Metadata::parse(&endless), Some(Metadata::default()));
    }
}
