//! The formats: one row each, and what the rows share.
//!
//! A format is decided from content by `sniff`, never from a name. To add one: a file with its
//! `sniff` and its `inspect`; a row in the table below; fixtures.

pub(crate) mod exif;
pub(crate) mod foreign;
pub(crate) mod image;
mod isobmff;
pub(crate) mod riff;
mod video;

use crate::checker::Depth;
use crate::defect::{Defect, Defects};
use crate::facts::{Facts, ImageFacts, VideoFacts};
use crate::input::{Input, Walk};
use crate::lang::Text;
use crate::source::Folder;
use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// One or more pictures.
    Image,
    /// Moving pictures, perhaps with sound.
    Video,
    /// Anything else.
    Other,
    /// A request to the service, which may carry one of those.
    Request,
}

/// The beginning of a file, as far as sniffing looks at it.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    /// The first bytes; all of them if the file is short.
    pub(crate) bytes: &'a [u8],
    /// The size of the whole file.
    pub(crate) size: u64,
}

impl Head<'_> {
    /// Whether the bytes at `offset` are `magic`.
    pub(crate) fn has(&self, offset: usize, magic: &[u8]) -> bool {
        self.bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    }
}

/// How many bytes sniffing sees: room for the first packets, frames, boxes or lines of any format.
pub(crate) const HEAD_LEN: u64 = 4096;

/// Examines the inside of one file: reads facts, notes defects, goes as deep as it is told to.
pub(crate) struct Inspection<'c, 's> {
    pub(crate) input: &'c mut Input<'s>,
    pub(crate) depth: Depth,
    pub(crate) facts: Facts,
    pub(crate) defects: Defects,
    /// The folder of the file, where it is known and may be looked into: a playlist is no more than
    /// names of other files.
    pub(crate) folder: Option<&'c Folder>,
}

impl Inspection<'_, '_> {
    /// The facts of the image, to be filled in.
    pub(crate) fn image(&mut self) -> &mut ImageFacts {
        self.facts.image()
    }

    /// The facts of the video, to be filled in.
    pub(crate) fn video(&mut self) -> &mut VideoFacts {
        self.facts.video()
    }

    /// Notes a defect.
    pub(crate) fn note(&mut self, defect: Defect) {
        self.defects.note(defect);
    }
}

type Sniff = fn(&Head<'_>) -> bool;
type Inspect = fn(&mut Inspection<'_, '_>) -> Walk;

/// One row of the table of formats.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct FormatInfo {
    /// The name in reports and profiles.
    pub name: &'static str,
    /// What such files hold.
    pub kind: Kind,
    /// The name for people, with an article.
    pub label: Text,
    /// The extensions such files have, in lower case; the first is the usual one.
    pub extensions: &'static [&'static str],
    pub(crate) sniff: Sniff,
    pub(crate) inspect: Inspect,
}

macro_rules! formats {
    ($( $(#[doc = $about:literal])+ $id:ident = $name:literal, $kind:ident, $en:literal, $zh:literal, [$($extension:literal),+], $sniff:path, $inspect:path; )*) => {
        /// A format that is recognised by content.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $( $(#[doc = $about])+ $id, )*
        }

        impl Format {
            /// Every format, in the order in which they are tried.
            pub const ALL: &'static [Self] = &[$(Self::$id),*];

            /// The row of this format.
            pub const fn info(self) -> FormatInfo {
                match self {
                    $(Self::$id => FormatInfo {
                        name: $name,
                        kind: Kind::$kind,
                        label: Text { en: $en, zh: $zh },
                        extensions: &[$($extension),+],
                        sniff: $sniff,
                        inspect: $inspect,
                    },)*
                }
            }
        }
    };
}

// The order is that of trying: long signatures first, then the ones that a text or another format
// could have by chance (BMP, MPEG audio and transport streams).
formats! {
    /// JPEG (ITU-T T.81).
    Jpeg = "jpeg", Image, "a JPEG image", "JPEG 图片", ["jpg", "jpeg", "jpe", "jfif", "mpo"],
        image::jpeg::sniff, image::jpeg::inspect;
    /// PNG and APNG (W3C PNG, third edition).
    Png = "png", Image, "a PNG image", "PNG 图片", ["png", "apng"],
        image::png::sniff, image::png::inspect;
    /// GIF 87a and 89a.
    Gif = "gif", Image, "a GIF image", "GIF 图片", ["gif"],
        image::gif::sniff, image::gif::inspect;
    /// WebP (RFC 9649).
    Webp = "webp", Image, "a WebP image", "WebP 图片", ["webp"],
        image::webp::sniff, image::webp::inspect;
    /// TIFF 6.0 and BigTIFF.
    Tiff = "tiff", Image, "a TIFF image", "TIFF 图片", ["tif", "tiff", "btf", "tf8"],
        image::tiff::sniff, image::tiff::inspect;
    /// HEIF with any coding but AV1 (ISO/IEC 23008-12).
    Heif = "heif", Image, "a HEIF image", "HEIF 图片", ["heic", "heif", "hif", "heics", "heifs"],
        image::heif::sniff, image::heif::inspect;
    /// AVIF (AV1 Image File Format).
    Avif = "avif", Image, "an AVIF image", "AVIF 图片", ["avif", "avifs"],
        image::heif::sniff_avif, image::heif::inspect;

    /// 3GPP and 3GPP2 files.
    ThreeGp = "3gp", Video, "a 3GP video", "3GP 视频", ["3gp", "3g2", "3gpp", "3gp2"],
        video::isobmff::sniff_3gp, video::isobmff::inspect;
    /// QuickTime movies, with or without a file type box.
    Mov = "mov", Video, "a QuickTime movie", "QuickTime 视频", ["mov", "qt"],
        video::isobmff::sniff_mov, video::isobmff::inspect;
    /// MP4 (ISO/IEC 14496-14) and its relatives M4V and F4V.
    Mp4 = "mp4", Video, "an MP4 video", "MP4 视频", ["mp4", "m4v", "f4v", "mp4v", "m4a", "m4s"],
        video::isobmff::sniff_mp4, video::isobmff::inspect;
    /// RIFF AVI, with OpenDML.
    Avi = "avi", Video, "an AVI video", "AVI 视频", ["avi", "divx"],
        video::avi::sniff, video::avi::inspect;
    /// Flash video.
    Flv = "flv", Video, "a Flash video (FLV)", "FLV 视频", ["flv"],
        video::flv::sniff, video::flv::inspect;
    /// WebM, which is Matroska with fewer codecs.
    Webm = "webm", Video, "a WebM video", "WebM 视频", ["webm"],
        video::matroska::sniff_webm, video::matroska::inspect;
    /// Matroska.
    Mkv = "mkv", Video, "a Matroska video (MKV)", "Matroska 视频（MKV）", ["mkv", "mka", "mk3d", "mks"],
        video::matroska::sniff_mkv, video::matroska::inspect;
    /// Advanced Systems Format: WMV, WMA.
    Asf = "asf", Video, "a Windows Media file (ASF/WMV)", "Windows Media 文件（ASF/WMV）", ["wmv", "asf", "wma"],
        video::asf::sniff, video::asf::inspect;
    /// RealMedia, RMVB.
    RealMedia = "realmedia", Video, "a RealMedia file (RM/RMVB)", "RealMedia 文件（RM/RMVB）", ["rmvb", "rm", "rv"],
        video::realmedia::sniff, video::realmedia::inspect;
    /// HTTP live streaming playlists (RFC 8216).
    Hls = "hls", Video, "an HLS playlist (m3u8)", "HLS 播放列表（m3u8）", ["m3u8", "m3u"],
        video::hls::sniff, video::hls::inspect;
    /// Ogg, whatever streams it holds.
    Ogg = "ogg", Video, "an Ogg file", "Ogg 文件", ["ogv", "ogg", "oga", "ogm", "ogx", "opus", "spx"],
        video::ogg::sniff, video::ogg::inspect;
    /// Material Exchange Format.
    Mxf = "mxf", Video, "an MXF file", "MXF 文件", ["mxf"],
        video::mxf::sniff, video::mxf::inspect;
    /// MPEG program streams and elementary video streams.
    MpegPs = "mpeg-ps", Video, "an MPEG program stream (MPG)", "MPEG 节目流（MPG）", ["mpg", "mpeg", "vob", "m2p", "m1v", "m2v", "mpv", "mpe"],
        video::mpeg_ps::sniff, video::mpeg_ps::inspect;
    /// MPEG transport streams with packets of 188, 192 or 204 bytes.
    MpegTs = "mpeg-ts", Video, "an MPEG transport stream (TS)", "MPEG 传输流（TS）", ["ts", "m2ts", "mts", "m2t"],
        video::mpeg_ts::sniff, video::mpeg_ts::inspect;
    /// Windows bitmap.
    Bmp = "bmp", Image, "a BMP image", "BMP 图片", ["bmp", "dib"],
        image::bmp::sniff, image::bmp::inspect;
}

impl Format {
    /// The name in reports and profiles.
    pub const fn name(self) -> &'static str {
        self.info().name
    }

    /// What such files hold.
    pub const fn kind(self) -> Kind {
        self.info().kind
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// The format whose files have the extension `extension` (in lower case).
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.info().extensions.contains(&extension))
    }

    /// The format that the content of a file is in.
    pub(crate) fn sniff(head: &Head<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| (format.info().sniff)(head))
    }
}

/// The name of a format, known or foreign, as the tables have it.
pub(crate) fn known_name(name: &str) -> Option<&'static str> {
    Format::from_name(name).map(Format::name).or_else(|| foreign::known_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for format in Format::ALL {
            let info = format.info();
            assert_eq!(Format::from_name(info.name), Some(*format), "{}", info.name);
            assert!(!info.label.zh.is_ascii() && info.label.en.is_ascii(), "{}", info.name);
            for extension in info.extensions {
                assert_eq!(*extension, extension.to_ascii_lowercase());
                assert_eq!(Format::from_extension(extension), Some(*format), "two formats claim .{extension}");
            }
        }
    }

    #[test]
    fn noise_is_no_format() {
        for noise in [&b""[..], b"\0", b"hello, world", &[0xff; 4096], &[0; 4096], b"GIF", b"BM"] {
            let head = Head { bytes: noise, size: 5000 };
            assert_eq!(Format::sniff(&head), None, "{noise:?}");
        }
    }
}
