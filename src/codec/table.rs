//! The codecs that videos are made of, and the codes by which containers name them.
//!
//! Sources: the registry of MP4 sample entries (<https://mp4ra.org>) and QuickTime File Format;
//! ISO/IEC 14496-1 object types; Microsoft's registered FOURCCs; Matroska codec mappings
//! (<https://www.matroska.org/technical/codec_specs.html>); ISO/IEC 13818-1:2019, table 2-34.

/// How the coded frames of a codec are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
    /// Text and pictures that are shown as text.
    Subtitle,
}

/// The codes by which containers name a codec.
struct Codes {
    /// Sample entries in MP4, QuickTime and 3GP.
    boxes: &'static [&'static [u8; 4]],
    /// `objectTypeIndication` in an elementary stream descriptor.
    objects: &'static [u8],
    /// FOURCCs in AVI, ASF and Matroska, in upper case.
    fourccs: &'static [&'static [u8; 4]],
    /// Codec IDs of Matroska; one that ends in `/` stands for all that begin so.
    matroska: &'static [&'static str],
    /// `stream_type` in a transport stream.
    streams: &'static [u8],
}

macro_rules! codecs {
    ($(
        $id:ident = $name:literal, $sort:ident,
        boxes [$($box_code:literal)*], objects [$($object:literal)*], fourccs [$($fourcc:literal)*],
        matroska [$($matroska:literal)*], streams [$($stream:literal)*];
    )*) => {
        /// A codec that is known by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Codec { $($id,)* }

        impl Codec {
            const ALL: &'static [Self] = &[$(Self::$id),*];

            /// The usual short name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)* }
            }

            /// What it codes.
            pub(crate) const fn sort(self) -> Sort {
                match self { $(Self::$id => Sort::$sort,)* }
            }

            const fn codes(self) -> Codes {
                match self {
                    $(Self::$id => Codes {
                        boxes: &[$($box_code),*],
                        objects: &[$($object),*],
                        fourccs: &[$($fourcc),*],
                        matroska: &[$($matroska),*],
                        streams: &[$($stream),*],
                    },)*
                }
            }
        }
    };
}

#[rustfmt::skip]
codecs! {
    H264 = "h264", Video, boxes [b"avc1" b"avc2" b"avc3" b"avc4" b"dva1" b"dvav" b"ai12" b"ai15" b"ai1q" b"ai5q" b"ai55" b"ai52" b"ai53" b"ai13" b"ai16"],
        objects [0x21], fourccs [b"H264" b"X264" b"AVC1" b"DAVC" b"VSSH" b"SMV2" b"Q264"], matroska ["V_MPEG4/ISO/AVC"], streams [0x1b];
    Hevc = "hevc", Video, boxes [b"hvc1" b"hev1" b"hvc2" b"hev2" b"dvh1" b"dvhe"],
        objects [0x23], fourccs [b"HEVC" b"H265" b"X265" b"HVC1" b"HEV1"], matroska ["V_MPEGH/ISO/HEVC"], streams [0x24];
    Vvc = "vvc", Video, boxes [b"vvc1" b"vvi1"], objects [0x33], fourccs [b"VVC1"], matroska ["V_MPEGI/ISO/VVC"], streams [0x33];
    Avs = "avs", Video, boxes [b"avs3"], objects [], fourccs [b"CAVS" b"AVS2" b"AVS3"], matroska ["V_AVS2" "V_AVS3"], streams [0x42 0xd2 0xd4];
    Av1 = "av1", Video, boxes [b"av01" b"dav1"], objects [], fourccs [b"AV01"], matroska ["V_AV1"], streams [];
    Vp8 = "vp8", Video, boxes [b"vp08"], objects [], fourccs [b"VP80"], matroska ["V_VP8"], streams [];
    Vp9 = "vp9", Video, boxes [b"vp09"], objects [0xb1], fourccs [b"VP90"], matroska ["V_VP9"], streams [];
    Vp6 = "vp6", Video, boxes [], objects [], fourccs [b"VP60" b"VP61" b"VP62" b"VP6F" b"VP6A"], matroska [], streams [];
    Mpeg1 = "mpeg1", Video, boxes [b"m1v " b"m1v1" b"mp1v" b"mpeg"], objects [0x6a], fourccs [b"MPG1" b"MP1V" b"M1V " b"MPEG"], matroska ["V_MPEG1"], streams [0x01];
    Mpeg2 = "mpeg2", Video,
        boxes [b"m2v1" b"mp2v" b"m2v " b"mpg2" b"hdv1" b"hdv2" b"hdv3" b"hdv4" b"hdv5" b"hdv6" b"hdv7" b"hdv8" b"hdv9" b"hdva" b"mx3n" b"mx3p" b"mx4n" b"mx4p" b"mx5n" b"mx5p" b"xdv1" b"xdv2" b"xdv3" b"xdv4" b"xdv5" b"xdv6" b"xdv7" b"xdv8" b"xdv9" b"xdva" b"xdvb" b"xdvc" b"xdvd" b"xdve" b"xdvf" b"xdhd" b"xdh2" b"xd51" b"xd54" b"xd55" b"xd59" b"xd5a" b"xd5b" b"xd5c" b"xd5d" b"xd5e" b"xd5f" b"AVmp"],
        objects [0x60 0x61 0x62 0x63 0x64 0x65], fourccs [b"MPG2" b"MP2V" b"M2V1" b"MMES" b"EM2V" b"HDV1" b"LMP2"], matroska ["V_MPEG2"], streams [0x02];
    Mpeg4 = "mpeg4", Video, boxes [b"mp4v" b"DIVX" b"XVID" b"3IV2" b"fmp4" b"FMP4"], objects [0x20],
        fourccs [b"MP4V" b"XVID" b"DIVX" b"DX50" b"FMP4" b"3IV2" b"3IVX" b"DIV5" b"DIV6" b"M4S2" b"MP4S" b"RMP4" b"SEDG" b"UMP4" b"WV1F" b"HDX4" b"BLZ0" b"DXGM" b"SMP4" b"SM4V" b"EM4A" b"FVFW" b"XVIX" b"GEOX" b"PM4V" b"M4T3" b"DMK2" b"DIGI" b"MVXM" b"NDIG"],
        matroska ["V_MPEG4/ISO/SP" "V_MPEG4/ISO/ASP" "V_MPEG4/ISO/AP"], streams [0x10];
    Msmpeg4 = "msmpeg4", Video, boxes [b"3IVD" b"DIV3"], objects [],
        fourccs [b"DIV3" b"DIV4" b"MP43" b"MP42" b"MP41" b"MPG4" b"DIV2" b"AP41" b"COL0" b"COL1" b"MPG3" b"DVX3"], matroska ["V_MPEG4/MS/V3"], streams [];
    H263 = "h263", Video, boxes [b"s263" b"h263" b"H263" b"U263"], objects [], fourccs [b"H263" b"S263" b"U263" b"I263" b"X263" b"T263" b"L263" b"M263" b"VX1K" b"ZYGO" b"ILVR"], matroska [], streams [];
    Sorenson = "flv1", Video, boxes [], objects [], fourccs [b"FLV1"], matroska [], streams [];
    Svq1 = "svq1", Video, boxes [b"SVQ1" b"svq1" b"svqi"], objects [], fourccs [b"SVQ1"], matroska [], streams [];
    Svq3 = "svq3", Video, boxes [b"SVQ3"], objects [], fourccs [b"SVQ3"], matroska [], streams [];
    Mjpeg = "mjpeg", Video, boxes [b"jpeg" b"mjpa" b"dmb1" b"AVDJ" b"mjpg" b"MJPG"], objects [0x6c],
        fourccs [b"MJPG" b"AVRN" b"LJPG" b"JPGL" b"MJLS" b"JPEG" b"IJPG" b"AVDJ" b"DMB1" b"MJPA"], matroska ["V_MJPEG"], streams [];
    MjpegB = "mjpegb", Video, boxes [b"mjpb"], objects [], fourccs [], matroska [], streams [];
    Png = "png", Video, boxes [b"png " b"MPNG"], objects [0x6d], fourccs [b"MPNG" b"PNG1"], matroska [], streams [];
    Jpeg2000 = "jpeg2000", Video, boxes [b"mjp2" b"MJ2C"], objects [0x6e], fourccs [b"MJP2" b"MJ2C" b"LJ2K" b"LJ2C" b"IPJ2"], matroska [], streams [0x21];
    ProRes = "prores", Video, boxes [b"apch" b"apcn" b"apcs" b"apco" b"ap4h" b"ap4x"], objects [], fourccs [b"APCH" b"APCN" b"APCS" b"APCO" b"AP4H" b"AP4X"], matroska ["V_PRORES"], streams [];
    Dnxhd = "dnxhd", Video, boxes [b"AVdn" b"AVdh"], objects [], fourccs [b"AVDN" b"AVDH"], matroska [], streams [];
    Dv = "dv", Video, boxes [b"dvc " b"dvcp" b"dvsd" b"dv5n" b"dv5p" b"dvpp" b"dvhp" b"dvh2" b"dvh3" b"dvh5" b"dvh6" b"dvhq" b"AVdv" b"AVd1"], objects [],
        fourccs [b"DVSD" b"DVHD" b"DV25" b"DV50" b"DVSL" b"DVCS" b"DVIS" b"PDVC" b"DVCP" b"CDVC" b"CDV5" b"DVC "], matroska [], streams [];
    Vc1 = "vc1", Video, boxes [b"vc-1"], objects [0xa3], fourccs [b"WVC1" b"WMVA" b"WVP2"], matroska [], streams [0xea];
    Wmv3 = "wmv3", Video, boxes [], objects [], fourccs [b"WMV3" b"WMVP"], matroska [], streams [];
    Wmv2 = "wmv2", Video, boxes [], objects [], fourccs [b"WMV2" b"GXVE"], matroska [], streams [];
    Wmv1 = "wmv1", Video, boxes [], objects [], fourccs [b"WMV1"], matroska [], streams [];
    Rv10 = "rv10", Video, boxes [], objects [], fourccs [b"RV10" b"RV13"], matroska ["V_REAL/RV10"], streams [];
    Rv20 = "rv20", Video, boxes [], objects [], fourccs [b"RV20" b"RV21" b"RV22"], matroska ["V_REAL/RV20"], streams [];
    Rv30 = "rv30", Video, boxes [], objects [], fourccs [b"RV30" b"RV32" b"RV33"], matroska ["V_REAL/RV30"], streams [];
    Rv40 = "rv40", Video, boxes [], objects [], fourccs [b"RV40" b"RV41" b"RV43"], matroska ["V_REAL/RV40"], streams [];
    Theora = "theora", Video, boxes [], objects [0xdf], fourccs [b"THEO"], matroska ["V_THEORA"], streams [];
    Dirac = "dirac", Video, boxes [b"drac"], objects [0xa4], fourccs [b"DRAC"], matroska ["V_DIRAC"], streams [0xd1];
    Ffv1 = "ffv1", Video, boxes [b"FFV1"], objects [], fourccs [b"FFV1"], matroska ["V_FFV1"], streams [];
    HuffYuv = "huffyuv", Video, boxes [], objects [], fourccs [b"HFYU" b"FFVH"], matroska [], streams [];
    Utvideo = "utvideo", Video, boxes [], objects [], fourccs [b"ULRA" b"ULRG" b"ULY0" b"ULY2" b"ULY4" b"ULH0" b"ULH2" b"ULH4" b"UQY0" b"UQY2" b"UQRA" b"UQRG"], matroska [], streams [];
    Lagarith = "lagarith", Video, boxes [], objects [], fourccs [b"LAGS"], matroska [], streams [];
    MagicYuv = "magicyuv", Video, boxes [], objects [], fourccs [b"MAGY" b"M8RG" b"M8Y0" b"M8Y2" b"M8Y4"], matroska [], streams [];
    Cinepak = "cinepak", Video, boxes [b"cvid"], objects [], fourccs [b"CVID"], matroska [], streams [];
    Indeo = "indeo", Video, boxes [b"IV31" b"IV32" b"IV41" b"IV50"], objects [], fourccs [b"IV31" b"IV32" b"IV41" b"IV50"], matroska [], streams [];
    MsVideo1 = "msvideo1", Video, boxes [], objects [], fourccs [b"CRAM" b"MSVC" b"WHAM"], matroska [], streams [];
    MsRle = "msrle", Video, boxes [b"WRLE"], objects [], fourccs [b"MRLE" b"\x01\0\0\0"], matroska [], streams [];
    QtRle = "qtrle", Video, boxes [b"rle "], objects [], fourccs [], matroska [], streams [];
    QtRpza = "rpza", Video, boxes [b"rpza" b"azpr"], objects [], fourccs [b"RPZA"], matroska [], streams [];
    QtSmc = "smc", Video, boxes [b"smc "], objects [], fourccs [], matroska [], streams [];
    Screen = "screen", Video, boxes [], objects [], fourccs [b"TSCC" b"TSC2" b"FSV1" b"ZMBV" b"G2M2" b"G2M3" b"G2M4" b"G2M5" b"MSS1" b"MSS2" b"MSA1" b"MTS2"], matroska [], streams [];
    Asus = "asv", Video, boxes [], objects [], fourccs [b"ASV1" b"ASV2"], matroska [], streams [];
    Snow = "snow", Video, boxes [], objects [], fourccs [b"SNOW"], matroska [], streams [];
    CineForm = "cineform", Video, boxes [b"CFHD"], objects [], fourccs [b"CFHD"], matroska [], streams [];
    RawVideo = "raw", Video, boxes [b"raw " b"2vuy" b"yuvs" b"v210" b"v308" b"v408" b"v410" b"R10k" b"b16g" b"b48r" b"b64a" b"I420" b"YV12" b"yv12" b"UYVY" b"yuv2" b"Y422" b"DVOO"],
        objects [], fourccs [b"\0\0\0\0" b"\x03\0\0\0" b"DIB " b"RGB " b"RAW " b"I420" b"IYUV" b"YV12" b"YUY2" b"UYVY" b"Y422" b"YUYV" b"V210" b"Y800" b"YVU9" b"NV12" b"Y41P" b"P010"],
        matroska ["V_UNCOMPRESSED"], streams [];

    Aac = "aac", Audio, boxes [b"mp4a"], objects [0x40 0x66 0x67 0x68], fourccs [], matroska ["A_AAC" "A_AAC/"], streams [0x0f 0x11];
    Mp3 = "mp3", Audio, boxes [b".mp3" b"ms\0\x55"], objects [0x69 0x6b], fourccs [], matroska ["A_MPEG/"], streams [0x03 0x04];
    Ac3 = "ac3", Audio, boxes [b"ac-3" b"sac3"], objects [0xa5], fourccs [], matroska ["A_AC3" "A_AC3/"], streams [0x81];
    Eac3 = "eac3", Audio, boxes [b"ec-3"], objects [0xa6], fourccs [], matroska ["A_EAC3"], streams [0x87];
    Ac4 = "ac4", Audio, boxes [b"ac-4"], objects [0xae], fourccs [], matroska [], streams [];
    MpegH = "mpegh", Audio, boxes [b"mha1" b"mha2" b"mhm1" b"mhm2"], objects [], fourccs [], matroska [], streams [0x2d 0x2e];
    Dts = "dts", Audio, boxes [b"dtsc" b"dtsh" b"dtsl" b"dtse" b"dtsx"], objects [0xa9 0xaa 0xab 0xac], fourccs [], matroska ["A_DTS" "A_DTS/"], streams [0x82 0x85 0x86 0x8a];
    TrueHd = "truehd", Audio, boxes [b"mlpa"], objects [], fourccs [], matroska ["A_TRUEHD" "A_MLP"], streams [0x83];
    Opus = "opus", Audio, boxes [b"Opus"], objects [0xad], fourccs [], matroska ["A_OPUS" "A_OPUS/"], streams [];
    Vorbis = "vorbis", Audio, boxes [], objects [0xdd], fourccs [], matroska ["A_VORBIS"], streams [];
    Flac = "flac", Audio, boxes [b"fLaC"], objects [], fourccs [], matroska ["A_FLAC"], streams [];
    Alac = "alac", Audio, boxes [b"alac"], objects [], fourccs [], matroska ["A_ALAC"], streams [];
    Amr = "amr", Audio, boxes [b"samr" b"sawb" b"sawp"], objects [], fourccs [], matroska [], streams [];
    Evrc = "evrc", Audio, boxes [b"sevc" b"sqcp" b"secb" b"ssmv"], objects [0xa0 0xa1 0xe1], fourccs [], matroska [], streams [];
    Pcm = "pcm", Audio, boxes [b"twos" b"sowt" b"in24" b"in32" b"fl32" b"fl64" b"lpcm" b"NONE" b"ipcm" b"fpcm"], objects [], fourccs [], matroska ["A_PCM/"], streams [0x80];
    G711 = "g711", Audio, boxes [b"ulaw" b"alaw"], objects [], fourccs [], matroska [], streams [0x90];
    Adpcm = "adpcm", Audio, boxes [b"ima4" b"ms\0\x02" b"ms\0\x11"], objects [], fourccs [], matroska [], streams [];
    Mace = "mace", Audio, boxes [b"MAC3" b"MAC6"], objects [], fourccs [], matroska [], streams [];
    Qdm = "qdm", Audio, boxes [b"QDM2" b"QDMC" b"Qclp"], objects [], fourccs [], matroska [], streams [];
    Wma = "wma", Audio, boxes [], objects [], fourccs [], matroska [], streams [];
    Cook = "cook", Audio, boxes [], objects [], fourccs [], matroska ["A_REAL/"], streams [];
    Nellymoser = "nellymoser", Audio, boxes [b"NELL"], objects [], fourccs [], matroska [], streams [];
    Speex = "speex", Audio, boxes [b"spex"], objects [], fourccs [], matroska [], streams [];
    Tta = "tta", Audio, boxes [], objects [], fourccs [], matroska ["A_TTA1"], streams [];
    WavPack = "wavpack", Audio, boxes [], objects [], fourccs [], matroska ["A_WAVPACK4"], streams [];

    Text = "text", Subtitle, boxes [b"tx3g" b"text" b"stpp" b"wvtt" b"sbtt" b"c608" b"c708"], objects [], fourccs [], matroska ["S_TEXT/" "S_ASS" "S_SSA" "D_WEBVTT/" "S_KATE"], streams [];
    Bitmap = "bitmap", Subtitle, boxes [b"mp4s"], objects [0xe0], fourccs [], matroska ["S_VOBSUB" "S_HDMV/" "S_DVBSUB" "S_IMAGE/"], streams [];
}

impl Codec {
    fn find(has: impl Fn(Codes) -> bool) -> Option<Self> {
        Self::ALL.iter().copied().find(|codec| has(codec.codes()))
    }

    /// The codec of a sample entry in MP4, QuickTime and 3GP.
    pub(crate) fn of_box(code: [u8; 4]) -> Option<Self> {
        Self::find(|codes| codes.boxes.contains(&&code))
    }

    /// The codec of an `objectTypeIndication` in an elementary stream descriptor.
    pub(crate) fn of_object(object: u8) -> Option<Self> {
        Self::find(|codes| codes.objects.contains(&object))
    }

    /// The codec of a FOURCC in AVI, ASF and Matroska; upper and lower case are the same.
    pub(crate) fn of_fourcc(code: [u8; 4]) -> Option<Self> {
        let code = code.map(|letter| letter.to_ascii_uppercase());
        Self::find(|codes| codes.fourccs.contains(&&code))
    }

    /// The codec of a Matroska codec ID.
    pub(crate) fn of_matroska(id: &str) -> Option<Self> {
        let fits = |known: &str| known == id || (known.ends_with('/') && id.starts_with(known));
        Self::find(|codes| codes.matroska.iter().any(|known| fits(known)))
    }

    /// The codec of a `stream_type` in a transport stream.
    pub(crate) fn of_stream_type(kind: u8) -> Option<Self> {
        Self::find(|codes| codes.streams.contains(&kind))
    }

    /// The codec of a `wFormatTag` in AVI, ASF and Matroska (Microsoft, `mmreg.h`).
    pub(crate) const fn of_wave_format(tag: u16) -> Option<Self> {
        Some(match tag {
            0x0001 | 0x0003 | 0xfffe => Self::Pcm,
            0x0002 | 0x0011 | 0x0014 | 0x0020 | 0x0045 | 0x0062 | 0x0069 => Self::Adpcm,
            0x0006 | 0x0007 => Self::G711,
            0x0050 | 0x0055 => Self::Mp3,
            0x00ff | 0x1600 | 0x1601 | 0x1602 | 0x1610 | 0x706d | 0xa106 => Self::Aac,
            0x0160..=0x0163 | 0x000a => Self::Wma,
            0x2000 => Self::Ac3,
            0x2001 | 0x0008 => Self::Dts,
            0x2004 => Self::Cook,
            0x566f | 0x674f..=0x6751 | 0x676f..=0x6771 => Self::Vorbis,
            0x704f => Self::Opus,
            0xa109 => Self::Speex,
            0xf1ac => Self::Flac,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_codes_lead_to_one_codec() {
        for (at, codec) in Codec::ALL.iter().enumerate() {
            assert_eq!(Codec::ALL.iter().position(|other| other.name() == codec.name()), Some(at), "{}", codec.name());
        }
        assert_eq!(Codec::of_box(*b"avc1"), Some(Codec::H264));
        assert_eq!(Codec::of_fourcc(*b"xvid"), Some(Codec::Mpeg4));
        assert_eq!(Codec::of_matroska("A_AAC/MPEG4/LC"), Some(Codec::Aac));
        assert_eq!(Codec::of_matroska("V_MPEG4/MS/VFW"), None);
        assert_eq!(Codec::of_object(0x6c), Some(Codec::Mjpeg));
        assert_eq!(Codec::of_stream_type(0x1b).map(Codec::sort), Some(Sort::Video));
        assert_eq!(Codec::of_wave_format(0x0161), Some(Codec::Wma));
    }
}
