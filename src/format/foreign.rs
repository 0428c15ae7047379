//! Formats that are recognised, so that a report can name them, and not checked: what users send
//! by mistake, and what programs leave in the place of a file that they could not get.
//!
//! One row each in the table below, tried in its order when no [`super::Format`] fits. Signatures
//! that a text or noise could have by chance are checked further in [`binary`] and [`text`]; rare
//! formats with signatures of a good length are left to the crate `infer`.

mod binary;
mod text;

use super::{Head, video};
use crate::lang::Text;

/// A format that no operation accepts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreign {
    /// The name in reports.
    pub(crate) name: &'static str,
    /// The name for people, with an article.
    pub(crate) label: Text,
    /// Extensions that go with it, in lower case; none if a file should not keep that content.
    pub(crate) extensions: &'static [&'static str],
    /// Whether it is what stands in the place of a picture or video, rather than a file that was
    /// chosen by mistake.
    pub(crate) stand_in: bool,
    test: Test,
}

/// How a format is recognised.
#[derive(Clone, Copy, Debug)]
enum Test {
    /// By any of these signatures at their offsets.
    Magic(&'static [(usize, &'static [u8])]),
    /// By a look at the head.
    Head(fn(&Head<'_>) -> bool),
    /// By any of these functions of `infer`, which take the first bytes.
    Infer(&'static [fn(&[u8]) -> bool]),
}

/// Names the content, if it is known at all.
pub(crate) fn sniff(head: &Head<'_>) -> Option<Foreign> {
    FOREIGN.iter().find(|foreign| foreign.matches(head)).copied()
}

/// Whether files of any of these formats have the extension `extension` (in lower case).
pub(crate) fn has_extension(extension: &str) -> bool {
    FOREIGN.iter().any(|foreign| foreign.extensions.contains(&extension))
}

/// The name of a foreign format, as the table has it.
pub(super) fn known_name(name: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|foreign| foreign.name == name).map(|foreign| foreign.name)
}

impl Foreign {
    fn matches(&self, head: &Head<'_>) -> bool {
        match self.test {
            Test::Magic(signatures) => signatures.iter().any(|(offset, magic)| head.has(*offset, magic)),
            Test::Head(test) => test(head),
            Test::Infer(tests) => tests.iter().any(|test| test(head.bytes)),
        }
    }
}

const fn file(
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    extensions: &'static [&'static str],
    test: Test,
) -> Foreign {
    Foreign { name, label: Text { en, zh }, extensions, stand_in: false, test }
}

const fn stand_in(name: &'static str, en: &'static str, zh: &'static str, test: Test) -> Foreign {
    Foreign { name, label: Text { en, zh }, extensions: &[], stand_in: true, test }
}

/// Every foreign format, in the order of trying: what is told by a signature, what needs a closer
/// look, then texts from the special to the plain.
#[rustfmt::skip]
static FOREIGN: &[Foreign] = &[
    // ---- in the place of the file ----
    stand_in("zeroes", "a run of zero bytes (a failed or unfinished download)", "一串零字节（下载失败或未完成）", Test::Head(binary::is_zeroes)),
    stand_in("appledouble", "an AppleDouble companion file (the \"._\" file of macOS)", "AppleDouble 附属文件（macOS 的“._”文件）", Test::Magic(&[(0, b"\0\x05\x16\x07\0\x02\0\0"), (0, b"\0\x05\x16\x07\0\x01\0\0")])),
    stand_in("wechat-dat", "a picture scrambled for the cache of WeChat", "微信缓存中加密的图片", Test::Head(binary::is_xored_image)),
    stand_in("mangled", "a picture that some program took for text and re-encoded", "被当作文本重新编码而损坏的图片", Test::Head(text::is_mangled_jpeg)),

    // ---- pictures ----
    file("jxl", "a JPEG XL image", "JPEG XL 图片", &["jxl"], Test::Magic(&[(0, b"\xff\x0a"), (0, b"\0\0\0\x0cJXL \r\n\x87\n")])),
    file("jp2", "a JPEG 2000 image", "JPEG 2000 图片", &["jp2", "j2k", "j2c", "jpc", "jpf", "jpx", "jpm", "mj2"], Test::Magic(&[(0, b"\0\0\0\x0cjP  \r\n\x87\n"), (0, b"\xff\x4f\xff\x51")])),
    file("jxr", "a JPEG XR image", "JPEG XR 图片", &["jxr", "wdp", "hdp"], Test::Magic(&[(0, b"II\xbc\x01")])),
    file("psd", "a Photoshop document (PSD)", "Photoshop 文档（PSD）", &["psd", "psb"], Test::Magic(&[(0, b"8BPS\0\x01"), (0, b"8BPS\0\x02")])),
    file("ico", "a Windows icon or cursor", "Windows 图标或光标", &["ico", "cur"], Test::Head(binary::is_icon)),
    file("icns", "an Apple icon (ICNS)", "Apple 图标（ICNS）", &["icns"], Test::Magic(&[(0, b"icns\0")])),
    file("dds", "a DirectDraw surface (DDS)", "DirectDraw 纹理（DDS）", &["dds"], Test::Magic(&[(0, b"DDS \x7c\0\0\0")])),
    file("exr", "an OpenEXR image", "OpenEXR 图片", &["exr"], Test::Magic(&[(0, b"\x76\x2f\x31\x01")])),
    file("hdr", "a Radiance HDR image", "Radiance HDR 图片", &["hdr", "pic"], Test::Magic(&[(0, b"#?RADIANCE"), (0, b"#?RGBE")])),
    file("qoi", "a QOI image", "QOI 图片", &["qoi"], Test::Head(binary::is_qoi)),
    file("xcf", "a GIMP image (XCF)", "GIMP 图片（XCF）", &["xcf"], Test::Magic(&[(0, b"gimp xcf ")])),
    file("camera-raw", "a camera raw file", "相机 RAW 文件", &["cr3", "crw", "raf", "rw2", "orf", "x3f", "mrw"], Test::Magic(&[
        (4, b"ftypcrx"), (0, b"II\x1a\0\0\0HEAPCCDR"), (0, b"FUJIFILMCCD-RAW"), (0, b"IIU\0"), (0, b"IIRO"), (0, b"IIRS\x08\0"), (0, b"MMOR\0"), (0, b"FOVb\0"), (0, b"\0MRM\0"),
    ])),
    file("dicom", "a DICOM image", "DICOM 医学影像", &["dcm", "dicom"], Test::Magic(&[(128, b"DICM")])),
    file("fits", "a FITS image", "FITS 天文图像", &["fits", "fit", "fts"], Test::Magic(&[(0, b"SIMPLE  =")])),
    file("pnm", "a portable anymap (PNM)", "PNM 图片", &["ppm", "pgm", "pbm", "pnm", "pam", "pfm"], Test::Head(binary::is_pnm)),
    file("pcx", "a PCX image", "PCX 图片", &["pcx", "dcx"], Test::Head(binary::is_pcx)),
    file("tga", "a Targa image (TGA)", "Targa 图片（TGA）", &["tga"], Test::Head(binary::is_tga)),
    file("wmf", "a Windows metafile (WMF/EMF)", "Windows 图元文件（WMF/EMF）", &["wmf", "emf"], Test::Magic(&[(0, b"\xd7\xcd\xc6\x9a\0\0"), (40, b" EMF\0\0\x01\0")])),
    file("djvu", "a DjVu document", "DjVu 文档", &["djvu", "djv"], Test::Infer(&[infer::image::is_djvu])),
    file("dwg", "an AutoCAD drawing", "AutoCAD 图纸", &["dwg"], Test::Infer(&[infer::image::is_dwg])),

    // ---- documents ----
    file("pdf", "a PDF document", "PDF 文档", &["pdf", "ai"], Test::Head(binary::is_pdf)),
    file("postscript", "a PostScript file (PS/EPS)", "PostScript 文件（PS/EPS）", &["eps", "ps", "ai"], Test::Magic(&[(0, b"%!PS"), (0, b"\xc5\xd0\xd3\xc6")])),
    file("ole", "a compound file (Thumbs.db, or an older Office document)", "OLE 复合文件（Thumbs.db 或旧版 Office 文档）", &["db", "doc", "xls", "ppt", "msg", "msi"], Test::Magic(&[(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")])),
    file("rtf", "a rich text document (RTF)", "RTF 文档", &["rtf"], Test::Magic(&[(0, b"{\\rtf")])),
    file("epub", "an EPUB book", "EPUB 电子书", &["epub"], Test::Magic(&[(30, b"mimetypeapplication/epub+zip")])),
    file("odf", "an OpenDocument file", "OpenDocument 文档", &["odt", "ods", "odp", "odg"], Test::Magic(&[(30, b"mimetypeapplication/vnd.oasis.opendocument.")])),
    file("office", "an Office document (DOCX/XLSX/PPTX)", "Office 文档（DOCX/XLSX/PPTX）", &["docx", "xlsx", "pptx", "docm", "xlsm", "pptm"], Test::Head(binary::is_office)),
    file("mobi", "a Mobipocket book", "Mobipocket 电子书", &["mobi", "azw", "azw3", "prc"], Test::Infer(&[infer::book::is_mobi])),

    // ---- archives and programs ----
    file("apk", "an Android application (APK)", "Android 应用（APK）", &["apk"], Test::Head(binary::is_apk)),
    file("jar", "a Java archive (JAR)", "Java 归档（JAR）", &["jar", "war"], Test::Head(binary::is_jar)),
    file("zip", "a ZIP archive", "ZIP 压缩包", &["zip", "livp", "cbz", "kmz"], Test::Magic(&[(0, b"PK\x03\x04"), (0, b"PK\x05\x06"), (0, b"PK\x07\x08")])),
    file("rar", "a RAR archive", "RAR 压缩包", &["rar", "cbr"], Test::Magic(&[(0, b"Rar!\x1a\x07")])),
    file("7z", "a 7-Zip archive", "7-Zip 压缩包", &["7z"], Test::Magic(&[(0, b"7z\xbc\xaf\x27\x1c")])),
    file("gzip", "a gzip file", "gzip 压缩文件", &["gz", "tgz", "svgz", "emz"], Test::Magic(&[(0, b"\x1f\x8b\x08")])),
    file("bzip2", "a bzip2 file", "bzip2 压缩文件", &["bz2", "tbz2"], Test::Head(binary::is_bzip2)),
    file("xz", "an xz file", "xz 压缩文件", &["xz", "txz"], Test::Magic(&[(0, b"\xfd7zXZ\0")])),
    file("zstd", "a Zstandard file", "Zstandard 压缩文件", &["zst"], Test::Magic(&[(0, b"\x28\xb5\x2f\xfd")])),
    file("tar", "a tar archive", "tar 归档", &["tar"], Test::Magic(&[(257, b"ustar")])),
    file("archive", "a compressed archive", "压缩归档文件", &["cab", "lz4", "lz", "ar", "deb", "rpm"], Test::Magic(&[
        (0, b"MSCF\0\0\0\0"), (0, b"\x04\x22\x4d\x18"), (0, b"LZIP\x01"), (0, b"!<arch>\n"), (0, b"\xed\xab\xee\xdb"),
    ])),
    file("elf", "a Linux program (ELF)", "Linux 程序（ELF）", &["elf", "so", "o", "bin"], Test::Magic(&[(0, b"\x7fELF")])),
    file("pe", "a Windows program", "Windows 程序", &["exe", "dll", "scr", "sys"], Test::Head(binary::is_windows_program)),
    file("macho", "a macOS program", "macOS 程序", &["dylib", "bundle"], Test::Infer(&[infer::app::is_mach])),
    file("bytecode", "a compiled program (Java class, DEX or WebAssembly)", "编译后的程序（Java class、DEX 或 WebAssembly）", &["class", "dex", "wasm"], Test::Infer(&[infer::app::is_java, infer::app::is_dex, infer::app::is_wasm])),
    file("swf", "a Flash animation (SWF)", "Flash 动画（SWF）", &["swf"], Test::Head(binary::is_flash)),
    file("sqlite", "an SQLite database", "SQLite 数据库", &["sqlite", "db", "sqlite3"], Test::Magic(&[(0, b"SQLite format 3\0")])),
    file("font", "a font", "字体文件", &["ttf", "otf", "woff", "woff2", "ttc"], Test::Infer(&[infer::font::is_woff, infer::font::is_woff2, infer::font::is_otf, binary::is_truetype])),
    file("torrent", "a BitTorrent file", "BitTorrent 种子文件", &["torrent"], Test::Magic(&[(0, b"d8:announce"), (0, b"d13:announce-list"), (0, b"d7:comment"), (0, b"d10:created by"), (0, b"d4:info")])),
    file("ds-store", "a folder settings file of macOS (.DS_Store)", "macOS 文件夹设置文件（.DS_Store）", &["ds_store"], Test::Magic(&[(0, b"\0\0\0\x01Bud1")])),
    file("shortcut", "a Windows shortcut", "Windows 快捷方式", &["lnk", "url"], Test::Magic(&[(0, b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0"), (0, b"[InternetShortcut]")])),

    // ---- sound ----
    file("wav", "a WAV sound file", "WAV 音频", &["wav", "bwf"], Test::Head(binary::is_wave)),
    file("flac", "a FLAC sound file", "FLAC 音频", &["flac"], Test::Magic(&[(0, b"fLaC\0"), (0, b"fLaC\x80")])),
    file("amr", "an AMR sound file", "AMR 音频", &["amr", "awb"], Test::Magic(&[(0, b"#!AMR\n"), (0, b"#!AMR-WB\n"), (0, b"#!AMR_MC1.0\n"), (0, b"#!AMR-WB_MC1.0\n")])),
    file("midi", "a MIDI file", "MIDI 文件", &["mid", "midi"], Test::Magic(&[(0, b"MThd\0\0\0\x06")])),
    file("realaudio", "a RealAudio file", "RealAudio 音频", &["ra", "ram"], Test::Magic(&[(0, b".ra\xfd")])),
    file("mp3", "an MP3 sound file", "MP3 音频", &["mp3", "mp2", "mpga"], Test::Head(binary::is_mpeg_audio)),
    file("aac", "an AAC sound file", "AAC 音频", &["aac"], Test::Head(binary::is_adts)),
    file("audio", "a sound file", "音频文件", &["aif", "aiff", "ape", "au", "caf", "dff", "dsf", "dts", "silk", "tta", "wv"], Test::Head(binary::is_other_audio)),

    // ---- video that is no format of the table ----
    file("vcd", "a Video CD file", "VCD 视频文件", &["dat"], Test::Head(binary::is_video_cd)),
    file("dav", "a recording of a surveillance camera (Dahua or Hikvision)", "监控录像（大华或海康威视）", &["dav"], Test::Magic(&[(0, b"DHAV\xfd"), (0, b"DHAV\xfc"), (0, b"DHAV\xf1"), (0, b"DHAV\xf0"), (0, b"IMKH\x01\x01"), (0, b"IMKH\0\x01"), (0, b"IMKH\x01\0")])),
    file("qsv", "an encrypted iQIYI video (QSV)", "爱奇艺加密视频（QSV）", &["qsv"], Test::Magic(&[(0, b"QIYI VIDEO")])),
    file("h264", "a raw H.264 or HEVC stream", "H.264 或 HEVC 裸流", &["h264", "264", "avc", "h265", "265", "hevc"], Test::Head(binary::is_raw_h26x)),
    file("other-video", "a video in an unusual container", "不常见封装格式的视频", &["ivf", "y4m", "dv", "nut", "obu", "wtv", "gxf"], Test::Magic(&[(0, b"\xb7\xd8\x00\x20\x37\x49\xda\x11"), (0, b"\0\0\0\0\x01\xbc\0\0"), (0, b"DKIF\0\0"), (0, b"YUV4MPEG2 "), (0, b"\x1f\x07\0\x3f"), (0, b"\x1f\x07\0\xbf"), (0, b"nut/multimedia container\0"), (0, b"\x12\0\x0a")])),
    file("mkv-fragment", "a piece of a Matroska or WebM stream without its beginning", "缺少开头的 Matroska/WebM 片段", &[], Test::Magic(&[(0, b"\x1f\x43\xb6\x75"), (0, b"\x18\x53\x80\x67")])),
    file("ebml", "an EBML file that is neither Matroska nor WebM", "EBML 文件（非 Matroska/WebM）", &[], Test::Magic(&[(0, b"\x1a\x45\xdf\xa3")])),
    file("isobmff", "an ISO media file of unknown brand", "未知品牌的 ISO 媒体文件", &[], Test::Head(video::isobmff::has_type_box)),

    // ---- texts ----
    file("plist", "an Apple property list (such as the AAE file of an edited photo)", "Apple 属性列表（如照片编辑产生的 AAE 文件）", &["aae", "plist"], Test::Head(text::is_property_list)),
    stand_in("git-lfs-pointer", "a Git LFS pointer, not the file itself", "Git LFS 指针，不是文件本身", Test::Magic(&[(0, b"version https://git-lfs.github.com/spec/"), (0, b"version https://hawser.github.com/spec/")])),
    stand_in("http-response", "an HTTP response that was saved with its headers", "连同响应头一起保存的 HTTP 响应", Test::Magic(&[(0, b"HTTP/1.0 "), (0, b"HTTP/1.1 "), (0, b"HTTP/2 ")])),
    stand_in("form-data", "a form upload that was saved with its headers", "连同表单头一起保存的上传内容", Test::Head(text::is_form_data)),
    stand_in("data-url", "a data: URL instead of the bytes in it", "data: URL，而不是其中的文件内容", Test::Head(text::is_data_url)),
    stand_in("base64", "the base64 text of a picture or video instead of its bytes", "图片或视频的 base64 文本，而不是文件本身", Test::Head(text::is_base64_of_media)),
    file("m3u", "a plain M3U playlist", "普通 M3U 播放列表", &["m3u", "m3u8"], Test::Head(video::hls::is_playlist)),
    file("svg", "an SVG drawing", "SVG 矢量图", &["svg"], Test::Head(text::is_svg)),
    stand_in("html", "an HTML page, perhaps an error page", "HTML 网页（可能是错误页面）", Test::Head(text::is_html)),
    stand_in("error-xml", "an error message of a storage service (XML)", "存储服务返回的错误信息（XML）", Test::Head(text::is_error_message)),
    file("xml", "an XML document", "XML 文档", &["xml"], Test::Head(text::is_xml)),
    file("json", "a JSON document", "JSON 文档", &["json"], Test::Head(text::is_json)),
    file("hls-headless", "an HLS playlist without its first line #EXTM3U", "缺少首行 #EXTM3U 的 HLS 播放列表", &["m3u8"], Test::Head(text::is_headless_playlist)),
    file("text", "a text file", "文本文件", &["txt", "csv", "log", "md", "srt", "vtt", "ass"], Test::Head(text::is_text)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::len64;
    use crate::format::{Format, Kind};
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_table_is_sound() {
        let mut names = BTreeSet::new();
        for foreign in FOREIGN {
            let Foreign { name, label, extensions, .. } = foreign;
            assert!(names.insert(*name), "{name} is there twice");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
            assert_eq!(Format::from_name(name), None, "{name} is the name of a checked format");
            assert!(label.en.is_ascii() && !label.zh.is_ascii() && !label.en.ends_with('.'), "{name}");
            assert!(extensions.iter().all(|extension| *extension == extension.to_ascii_lowercase()), "{name}");
        }
    }

    /// Everything that is only recognised has a sample that shows it.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a small table of this repository")]
    fn every_name_has_a_sample() {
        let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/identify/expected.toml");
        let rows: toml::Table = toml::from_str(&std::fs::read_to_string(table).unwrap()).unwrap();
        let sampled: BTreeSet<_> = rows.values().filter_map(|row| row.get("format")?.as_str()).collect();
        let videos = Format::ALL.iter().filter(|format| format.kind() == Kind::Video).map(|format| format.name());
        let missing: Vec<_> =
            videos.chain(FOREIGN.iter().map(|foreign| foreign.name)).filter(|name| !sampled.contains(name)).collect();
        assert!(missing.is_empty(), "no sample of {missing:?}");
    }

    fn name(bytes: &[u8]) -> Option<&'static str> {
        let head = Head { bytes, size: len64(bytes.len()) };
        Format::sniff(&head).map(Format::name).or_else(|| sniff(&head).map(|foreign| foreign.name))
    }

    #[test]
    fn words_like_signatures_are_text() {
        for text in [
            "BM is short for bitmap, and this is a text about it",
            "GIF and JPEG are formats",
            "RIFF is a container, AVI is one of its kinds",
            "OggS begins a page of Ogg",
            "Gxxx is no packet",
            "ID3 tags are at the start",
            "MZ were the initials of Mark Zbikowski",
            "FLV is Flash video",
            "PK stands for Phil Katz",
            "icns are icons, qoif are images, P6 is a picture",
            "P1 visa rules 2024",
            "8BPS is Photoshop",
            "The ftypisom brand says little, and the moov box more",
            "BZh91 is bzip2",
            "OTTO is a name",
            "# A comment about #EXT-X-VERSION\n",
            "这是一段中文文本",
        ] {
            assert_eq!(name(text.as_bytes()), Some("text"), "{text}");
        }
    }

    #[test]
    fn noise_has_no_name() {
        // xorshift64*: the same blocks every time.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut block = [0; 4096];
        let mut named = Vec::new();
        for _ in 0..if cfg!(debug_assertions) { 10_000 } else { 100_000 } {
            for bytes in block.chunks_exact_mut(8) {
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                bytes.copy_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
            }
            named.extend(name(&block));
        }
        // The codestream of JPEG XL begins with two bytes and nothing more that could be tested.
        named.retain(|name| *name != "jxl");
        assert!(named.is_empty(), "{named:?}");
    }

    #[test]
    fn fillings_are_told_from_noise() {
        assert_eq!(name(&[0; 4096]), Some("zeroes"));
        assert_eq!(name(&[0xff; 4096]), None);
        assert_eq!(name(b"\0"), Some("zeroes"));
        assert_eq!(name(b""), None);
    }
}
