//! What a piece of media is: plain data, read from the file, with no judgement in it.
//!
//! A field is `None` where the file does not say, or where the depth of the check did not reach.

use serde::Serialize;

/// Facts of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ImageFacts {
    /// A kind of the format that has its own name: `apng`, `bigtiff`, `heic`, `mpo`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<&'static str>,
    /// Stored width in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Stored height in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Width as shown, after orientation and cropping that the file itself asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_width: Option<u32>,
    /// Height as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_height: Option<u32>,
    /// EXIF/TIFF orientation 1 to 8 (HEIF's `irot` and `imir` put in those terms).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<u8>,
    /// Pictures or pages in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<u32>,
    /// Whether the frames follow each other in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub animated: Option<bool>,
    /// Bits per sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_depth: Option<u8>,
    /// Colour model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// Whether there is an alpha channel or a transparent colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<bool>,
    /// Whether a coarse picture comes first: progressive JPEG, interlaced PNG or GIF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progressive: Option<bool>,
    /// How the pixels are coded: `baseline`, `deflate`, `lzw`, `vp8`, `vp8l`, `hevc`, `av1`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<&'static str>,
}

impl ImageFacts {
    /// Sets the stored size, and the shown one by the orientation that is known so far.
    pub(crate) fn set_size(&mut self, width: u32, height: u32) {
        self.width = Some(width);
        self.height = Some(height);
        self.show();
    }

    /// Sets the orientation (1 to 8; anything else is ignored) and, by it, the shown size.
    pub(crate) fn set_orientation(&mut self, orientation: u16) {
        if let Some(orientation) = u8::try_from(orientation).ok().filter(|o| (1..=8).contains(o)) {
            self.orientation = Some(orientation);
            self.show();
        }
    }

    fn show(&mut self) {
        let turned = self.orientation.is_some_and(|orientation| orientation >= 5);
        (self.display_width, self.display_height) =
            if turned { (self.height, self.width) } else { (self.width, self.height) };
    }
}

/// Colour models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Color {
    /// Black and white.
    Bilevel,
    /// Shades of grey.
    Gray,
    /// A palette.
    Indexed,
    /// Red, green, blue.
    Rgb,
    /// Luma and chroma.
    Ycbcr,
    /// Cyan, magenta, yellow, black.
    Cmyk,
    /// Cyan, magenta and yellow stored as luma and chroma, and black.
    Ycck,
    /// CIE L*a*b*.
    Lab,
}

/// Facts of whatever the file is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Facts {
    /// Nothing is known.
    #[default]
    #[serde(serialize_with = "empty_object")]
    None,
    /// An image.
    Image(Box<ImageFacts>),
}

impl Facts {
    /// The facts of the image, to be filled in; whatever else was there is dropped.
    pub(crate) fn image(&mut self) -> &mut ImageFacts {
        match self {
            Self::Image(facts) => facts,
            Self::None => {
                *self = Self::Image(Box::default());
                self.image()
            }
        }
    }
}

fn empty_object<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    serializer.serialize_map(Some(0))?.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientation_turns_the_shown_size_whichever_comes_first() {
        let mut facts = ImageFacts::default();
        facts.set_orientation(6);
        facts.set_size(40, 30);
        assert_eq!((facts.display_width, facts.display_height), (Some(30), Some(40)));
        facts.set_orientation(9);
        assert_eq!(facts.orientation, Some(6), "9 is no orientation");
        facts.set_orientation(3);
        assert_eq!((facts.display_width, facts.display_height), (Some(40), Some(30)));
        assert_eq!(serde_json::to_string(&Facts::None).unwrap(), "{}");
    }
}
