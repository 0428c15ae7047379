//! Facts of images.

use serde::Serialize;

/// Facts of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
