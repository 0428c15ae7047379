//! The names of numbers: tags, field types, compressions and photometric interpretations.
//!
//! TIFF 6.0, sections 2 and 8 and appendix A; Adobe Photoshop TIFF technical notes (2002);
//! `BigTIFF` design (types 16 to 18); the registered private codes that libtiff documents.

use crate::facts::Color;

pub(super) const NEW_SUBFILE_TYPE: u16 = 254;
pub(super) const WIDTH: u16 = 256;
pub(super) const LENGTH: u16 = 257;
pub(super) const BITS_PER_SAMPLE: u16 = 258;
pub(super) const COMPRESSION: u16 = 259;
pub(super) const PHOTOMETRIC: u16 = 262;
pub(super) const FILL_ORDER: u16 = 266;
pub(super) const STRIP_OFFSETS: u16 = 273;
pub(super) const ORIENTATION: u16 = 274;
pub(super) const SAMPLES_PER_PIXEL: u16 = 277;
pub(super) const ROWS_PER_STRIP: u16 = 278;
pub(super) const STRIP_BYTE_COUNTS: u16 = 279;
pub(super) const PLANAR_CONFIGURATION: u16 = 284;
pub(super) const T4_OPTIONS: u16 = 292;
pub(super) const T6_OPTIONS: u16 = 293;
pub(super) const COLOR_MAP: u16 = 320;
pub(super) const TILE_WIDTH: u16 = 322;
pub(super) const TILE_LENGTH: u16 = 323;
pub(super) const TILE_OFFSETS: u16 = 324;
pub(super) const TILE_BYTE_COUNTS: u16 = 325;
pub(super) const CLEAN_FAX_DATA: u16 = 327;
pub(super) const SUB_IFDS: u16 = 330;
pub(super) const EXTRA_SAMPLES: u16 = 338;
pub(super) const JPEG_TABLES: u16 = 347;
pub(super) const JPEG_INTERCHANGE_FORMAT: u16 = 513;
pub(super) const YCBCR_SUBSAMPLING: u16 = 530;
pub(super) const IMAGE_DEPTH: u16 = 32997;
pub(super) const GDAL_METADATA: u16 = 42112;
pub(super) const GDAL_NODATA: u16 = 42113;

/// Tags whose values say where the pixels are and how many: without one of them, or with a bad one, there is no
/// picture. In ascending order.
const LAYOUT: &[(u16, &str)] = &[
    (WIDTH, "ImageWidth"),
    (LENGTH, "ImageLength"),
    (BITS_PER_SAMPLE, "BitsPerSample"),
    (COMPRESSION, "Compression"),
    (STRIP_OFFSETS, "StripOffsets"),
    (SAMPLES_PER_PIXEL, "SamplesPerPixel"),
    (ROWS_PER_STRIP, "RowsPerStrip"),
    (PLANAR_CONFIGURATION, "PlanarConfiguration"),
    (TILE_WIDTH, "TileWidth"),
    (TILE_LENGTH, "TileLength"),
    (TILE_OFFSETS, "TileOffsets"),
    (JPEG_TABLES, "JPEGTables"),
];

/// Other tags whose values are looked at.
const OTHERS: &[u16] = &[
    NEW_SUBFILE_TYPE,
    PHOTOMETRIC,
    FILL_ORDER,
    ORIENTATION,
    STRIP_BYTE_COUNTS,
    T4_OPTIONS,
    T6_OPTIONS,
    COLOR_MAP,
    TILE_BYTE_COUNTS,
    CLEAN_FAX_DATA,
    SUB_IFDS,
    EXTRA_SAMPLES,
    JPEG_INTERCHANGE_FORMAT,
    YCBCR_SUBSAMPLING,
    IMAGE_DEPTH,
    GDAL_METADATA,
    GDAL_NODATA,
];

/// Whether no picture can be made without the value of `tag`.
pub(super) fn is_layout(tag: u16) -> bool {
    LAYOUT.binary_search_by_key(&tag, |row| row.0).is_ok()
}

/// A tag as people know it.
pub(super) fn label(tag: u16) -> String {
    match LAYOUT.iter().find(|row| row.0 == tag) {
        Some((_, name)) => format!("{name} ({tag})"),
        None => tag.to_string(),
    }
}

/// Whether anything here asks for the value of `tag`.
pub(super) fn is_known(tag: u16) -> bool {
    is_layout(tag) || OTHERS.binary_search(&tag).is_ok()
}

/// Bytes that a value of the field type takes; `None` for types that do not exist.
pub(super) fn type_size(kind: u16) -> Option<u64> {
    // BYTE, ASCII, SBYTE, UNDEFINED; SHORT, SSHORT; LONG, SLONG, FLOAT, IFD; RATIONAL, SRATIONAL,
    // DOUBLE, LONG8, SLONG8, IFD8.
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

/// Whether values of the field type are whole numbers.
pub(super) fn is_integer(kind: u16) -> bool {
    matches!(kind, 1 | 3 | 4 | 6 | 7 | 8 | 9 | 13 | 16 | 17 | 18)
}

/// How pixels are coded, as far as the difference matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    None,
    PackBits,
    Lzw,
    Deflate,
    /// Modified Huffman: T.4 one-dimensional rows without EOL, each begun at a multiple of that many bits.
    FaxRows {
        align: u32,
    },
    Group3,
    Group4,
    Jpeg,
    OldJpeg,
    /// A coding that is known by name and not looked into.
    Opaque,
}

/// The compression code of the JPEG of TIFF 6.0, which technical note 2 replaced.
pub(super) const OLD_JPEG: u64 = 6;

/// Compression: code, name in the facts, codec.
const COMPRESSIONS: &[(u64, &str, Codec)] = &[
    (1, "none", Codec::None),
    (2, "ccitt-rle", Codec::FaxRows { align: 8 }),
    (3, "ccitt-g3", Codec::Group3),
    (4, "ccitt-g4", Codec::Group4),
    (5, "lzw", Codec::Lzw),
    (OLD_JPEG, "old-jpeg", Codec::OldJpeg),
    (7, "jpeg", Codec::Jpeg),
    (8, "deflate", Codec::Deflate),
    (9, "jbig", Codec::Opaque),
    (10, "jbig", Codec::Opaque),
    (32766, "next", Codec::Opaque),
    (32767, "sony-arw", Codec::Opaque),
    (32769, "packed-raw", Codec::Opaque),
    (32770, "samsung-srw", Codec::Opaque),
    (32771, "ccitt-rlew", Codec::FaxRows { align: 16 }),
    (32772, "samsung-srw", Codec::Opaque),
    (32773, "packbits", Codec::PackBits),
    (32809, "thunderscan", Codec::Opaque),
    (32895, "it8-ctpad", Codec::Opaque),
    (32896, "it8-lw", Codec::Opaque),
    (32897, "it8-mp", Codec::Opaque),
    (32898, "it8-bl", Codec::Opaque),
    (32908, "pixar-film", Codec::Opaque),
    (32909, "pixar-log", Codec::Opaque),
    (32946, "deflate", Codec::Deflate),
    (32947, "dcs", Codec::Opaque),
    (33003, "jpeg2000", Codec::Opaque),
    (33004, "jpeg2000", Codec::Opaque),
    (33005, "jpeg2000", Codec::Opaque),
    (34661, "jbig", Codec::Opaque),
    (34676, "sgi-log", Codec::Opaque),
    (34677, "sgi-log24", Codec::Opaque),
    (34712, "jpeg2000", Codec::Opaque),
    (34713, "nikon-nef", Codec::Opaque),
    (34715, "jbig2", Codec::Opaque),
    (34887, "lerc", Codec::Opaque),
    (34892, "jpeg", Codec::Opaque),
    (34925, "lzma", Codec::Opaque),
    (34926, "zstd", Codec::Opaque),
    (34927, "webp", Codec::Opaque),
    (50000, "zstd", Codec::Opaque),
    (50001, "webp", Codec::Opaque),
    (50002, "jpegxl", Codec::Opaque),
    (52546, "jpegxl", Codec::Opaque),
    (65000, "kodak-dcr", Codec::Opaque),
    (65535, "pentax-pef", Codec::Opaque),
];

/// Name and codec of a value of the tag Compression.
pub(super) fn compression(code: u64) -> Option<(&'static str, Codec)> {
    COMPRESSIONS.iter().find(|row| row.0 == code).map(|&(_, name, codec)| (name, codec))
}

/// The colour model of a value of the tag `PhotometricInterpretation`.
pub(super) fn color(photometric: u64, pixel_bits: u64) -> Option<Color> {
    Some(match photometric {
        0 | 1 if pixel_bits == 1 => Color::Bilevel,
        0 | 1 | 32844 => Color::Gray,
        2 => Color::Rgb,
        3 => Color::Indexed,
        4 => Color::Bilevel,
        5 => Color::Cmyk,
        6 => Color::Ycbcr,
        8..=10 => Color::Lab,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_without_repetition() {
        assert!(LAYOUT.is_sorted_by(|a, b| a.0 < b.0));
        assert!(OTHERS.is_sorted_by(|a, b| a < b));
        assert!(COMPRESSIONS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(LAYOUT.iter().all(|row| !OTHERS.contains(&row.0)));
    }
}
