//! The rows of the table of defects.

use super::{Grade, Group, Info, Remedy};
use crate::lang::Text;

macro_rules! defects {
    ($(
        $(#[doc = $about:literal])+
        $id:ident = $name:literal, $group:ident, $grade:ident, $spec:literal, $remedy:ident,
        $en:literal, $zh:literal;
    )*) => {
        /// The identity of a fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Id {
            $( $(#[doc = $about])+ $id, )*
        }

        impl Id {
            /// Every fault there is, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$id),*];

            /// What the table says of this fault.
            pub const fn info(self) -> Info {
                match self {
                    $(Self::$id => Info {
                        name: $name,
                        group: Group::$group,
                        grade: Grade::$grade,
                        spec: $spec,
                        message: Text { en: $en, zh: $zh },
                        remedy: Remedy::$remedy,
                        about: concat!($($about),+),
                    },)*
                }
            }
        }
    };
}

// Columns: name, group, grade, clause, remedy; then the message in English and in Chinese.
defects! {
    // ---- the file, whatever is in it ----

    /// The file has no bytes at all.
    FileEmpty = "file-empty", Damage, Broken, "", Upload,
        "the file is empty", "文件为空";
    /// The bytes are of no format that is known here.
    FormatUnknown = "format-unknown", Type, Broken, "", Convert,
        "the content is no known image or video format (it begins with {begins})",
        "内容不是已知的图片或视频格式（开头为 {begins}）";
    /// The bytes are of a format that the operation does not accept.
    FormatNotAccepted = "format-not-accepted", Type, Broken, "", Convert,
        "the content is {label}, which the service does not list",
        "内容是{label}，不在服务支持的格式列表中";
    /// The bytes are of a format that is built like one that the operation accepts.
    FormatResemblesListed = "format-resembles-listed", Type, Harmless, "", None,
        "it is built like {listed}, which the service lists: the same pictures go into such a file without being coded anew",
        "其结构与服务支持的{listed}相同：无需重新编码即可转存为该格式";
    /// The bytes are what a program left in the place of a file that it could not get, or that it
    /// wrapped in something.
    StandIn = "stand-in", Type, Broken, "", Original,
        "the content is {label}, not the picture or video itself",
        "内容是{label}，不是图片或视频本身";
    /// The extension of the name belongs to another format than the content.
    ExtensionMismatch = "extension-mismatch", Type, Harmless, "", Rename,
        "the name ends in .{extension}, but the content is {label}",
        "文件扩展名为 .{extension}，但内容是{label}";
    /// The file is larger than the service takes, whichever way MB is read.
    FileTooLarge = "file-too-large", Limit, Broken, "", Compress,
        "the file has {bytes} bytes; the service takes {limit_mb} MB at most",
        "文件大小为 {bytes} 字节，服务最大支持 {limit_mb} MB";
    /// The file is between the two readings of "MB" of the service's limit.
    FileSizeAmbiguous = "file-size-ambiguous", Limit, Doubtful, "", Compress,
        "the file has {bytes} bytes; whether that is over {limit_mb} MB depends on whether the service counts 1,000,000 or 1,048,576 bytes to a MB",
        "文件大小为 {bytes} 字节，是否超过 {limit_mb} MB 取决于服务按 1,000,000 还是 1,048,576 字节计算 MB";
    /// The file fits the limit for a URL, but not the one for base64.
    FileTooLargeForBase64 = "file-too-large-for-base64", Limit, Doubtful, "", SendByUrl,
        "the file has {bytes} bytes and can be sent only by url: as base64 it is longer than {encoded_mb} MB",
        "文件大小为 {bytes} 字节，只能通过 url 提交：base64 编码后超过 {encoded_mb} MB";

    // ---- what could not be looked at ----

    /// The source could not be opened or read.
    Unreadable = "unreadable", Unchecked, Doubtful, "", Permit,
        "the file could not be read: {reason}", "无法读取文件：{reason}";
    /// The check used up a limit that it was given.
    BudgetSpent = "budget-spent", Unchecked, Doubtful, "", MoreBudget,
        "the check stopped at its limit of {limit}", "检查因达到限制而停止：{limit}";
    /// The program failed while it looked at this file; the file may be fine.
    InternalError = "internal-error", Unchecked, Doubtful, "", ReportBug,
        "the check failed by a fault of its own", "检查程序自身出错";

    // ---- images, whatever their format ----

    /// An edge is shorter than the service takes.
    ImageEdgeTooSmall = "image-edge-too-small", Limit, Broken, "", Enlarge,
        "the picture is {width} x {height} pixels; each edge must have at least {limit}",
        "图片尺寸为 {width} x {height} 像素，每边至少需要 {limit} 像素";
    /// An edge is longer than the service takes.
    ImageEdgeTooLarge = "image-edge-too-large", Limit, Broken, "", Reduce,
        "the picture is {width} x {height} pixels; no edge may have more than {limit}",
        "图片尺寸为 {width} x {height} 像素，每边最多 {limit} 像素";

    // ---- JPEG (ITU-T T.81) ----

    /// A program took the file for text and converted it: each byte above 7F became two or three
    /// others, and what they were is lost.
    JpegConvertedAsText = "jpeg-converted-as-text", Damage, Broken, "T.81 B.1.1.2", Fetch,
        "the file was a JPEG image and has been converted as if it were text",
        "该文件原为 JPEG 图片，但被当作文本进行了编码转换";
    /// The file ends inside a marker segment, before any picture data or between two scans.
    JpegSegmentTruncated = "jpeg-segment-truncated", Damage, Broken, "T.81 B.1.1.4", Fetch,
        "the file ends inside its {marker} segment", "文件在 {marker} 段中间就结束了";
    /// The file ends without the end marker. Where the data of the picture is decoded and not all
    /// there, this is reported as jpeg-scan-truncated.
    JpegEndMissing = "jpeg-end-missing", Damage, Broken, "T.81 B.2.1", Fetch,
        "the file ends without the end marker (EOI): it was cut off or not completely written",
        "文件缺少结束标记（EOI）：文件被截断或未完整写入";
    /// There are bytes between two segments that belong to neither. Decoders search for the next
    /// marker; what they skip may have been a table.
    JpegStrayBytes = "jpeg-stray-bytes", Damage, Doubtful, "T.81 B.1.1.2", Resave,
        "{bytes} bytes before the next marker belong to no segment", "下一个标记之前有 {bytes} 个字节不属于任何段";
    /// A marker that is reserved, or that has no place where it is.
    JpegMarkerUnexpected = "jpeg-marker-unexpected", Damage, Broken, "T.81 B.1.1.3", Fetch,
        "the marker {marker} has no place here", "此处不应出现标记 {marker}";
    /// A segment of an application or a comment claims to be shorter than the field that says so.
    JpegSegmentLength = "jpeg-segment-length", Damage, Doubtful, "T.81 B.1.1.4", Resave,
        "the {marker} segment claims a length of {length}, which is less than the length field itself",
        "{marker} 段声明的长度为 {length}，比长度字段本身还短";
    /// A segment with tables (DQT, DHT) or with the restart interval (DRI) breaks the syntax.
    JpegTableMalformed = "jpeg-table-malformed", Damage, Broken, "T.81 B.2.4", Fetch,
        "the {marker} segment is malformed", "{marker} 段格式错误";
    /// A quantisation table has a zero in it, which makes every coefficient at that place vanish.
    JpegQuantizerZero = "jpeg-quantizer-zero", Damage, Doubtful, "T.81 B.2.4.1", Resave,
        "a quantisation table contains a zero", "量化表中含有 0";
    /// A scan refers to a table that no segment has defined.
    JpegTableMissing = "jpeg-table-missing", Damage, Broken, "T.81 B.2.3", Fetch,
        "the scan uses {table} table {slot}, which is not defined", "扫描使用了未定义的 {table} 表（编号 {slot}）";
    /// There are no Huffman tables. Frames of Motion JPEG leave the standard ones out; some decoders
    /// fill them in, others refuse the picture.
    JpegHuffmanTableAssumed = "jpeg-huffman-table-assumed", Damage, Doubtful, "T.81 B.2.3", Resave,
        "a Huffman table is not defined, and only some decoders assume the standard one",
        "缺少霍夫曼表，只有部分解码器会采用标准表";
    /// The frame header (SOF) has a value that does not exist, or the wrong length.
    JpegFrameMalformed = "jpeg-frame-malformed", Damage, Broken, "T.81 B.2.2", Fetch,
        "the frame header ({marker}) is malformed", "帧头（{marker}）格式错误";
    /// There is no frame header before the picture data, or none at all.
    JpegFrameMissing = "jpeg-frame-missing", Damage, Broken, "T.81 B.2.1", Fetch,
        "there is no frame header (SOF)", "缺少帧头（SOF）";
    /// There is more than one frame header in a picture that is not hierarchical.
    JpegFrameRepeated = "jpeg-frame-repeated", Damage, Broken, "T.81 B.2.1", Fetch,
        "there is a second frame header (SOF)", "出现了第二个帧头（SOF）";
    /// The frame header leaves the height open, and no DNL segment behind the first scan gives it.
    JpegHeightMissing = "jpeg-height-missing", Damage, Broken, "T.81 B.2.5", Fetch,
        "the height of the picture is given nowhere", "文件中没有给出图片高度";
    /// The height is given only behind the first scan, by a DNL segment, which few decoders look for.
    JpegHeightDeferred = "jpeg-height-deferred", Type, Doubtful, "", Resave,
        "the height of the picture is given only behind its data (DNL), which few decoders understand",
        "图片高度在数据之后才给出（DNL），很少有解码器支持";
    /// The header of a scan (SOS) names a component that is not there, or has an impossible value.
    JpegScanMalformed = "jpeg-scan-malformed", Damage, Broken, "T.81 B.2.3", Fetch,
        "the scan header (SOS) is malformed", "扫描头（SOS）格式错误";
    /// The picture ends without picture data.
    JpegScanMissing = "jpeg-scan-missing", Damage, Broken, "T.81 B.2.1", Fetch,
        "there is no picture data (SOS)", "没有图像数据（SOS）";
    /// The scan header of a sequential picture gives other coefficients than all. Some cameras write
    /// this, and decoders ignore it.
    JpegScanParameters = "jpeg-scan-parameters", Damage, Harmless, "T.81 B.2.3, table B.3", None,
        "the scan header has parameters that sequential pictures do not have", "扫描头含有顺序模式图片不应有的参数";
    /// A progressive scan refines coefficients that are not there yet, or brings some twice.
    JpegProgressionInconsistent = "jpeg-progression-inconsistent", Damage, Doubtful, "T.81 G.1.1.1", Resave,
        "the progressive scans do not follow from each other", "渐进扫描前后不一致";
    /// The progressive scans stop before the last bit of each coefficient, so that the picture stays
    /// coarser than it could be. Programs that strip files on purpose make such pictures.
    JpegProgressionIncomplete = "jpeg-progression-incomplete", Damage, Harmless, "T.81 G.1.1.1", None,
        "the progressive scans do not bring all coefficients in full precision", "渐进扫描没有给出全部系数的完整精度";
    /// A component of the frame is in no scan.
    JpegComponentMissing = "jpeg-component-missing", Damage, Broken, "T.81 B.2.3", Fetch,
        "there is no data for {components} of the colour components", "有 {components} 个颜色分量没有数据";
    /// A sequential scan brings a component that an earlier one has brought already.
    JpegComponentRepeated = "jpeg-component-repeated", Damage, Doubtful, "T.81 B.2.3", Resave,
        "a colour component is coded twice", "某个颜色分量被重复编码";
    /// The data of a scan is shorter than the shortest that a picture of that size can have.
    JpegDataTooShort = "jpeg-data-too-short", Damage, Broken, "T.81 F.1.2", Fetch,
        "the scan has {bytes} bytes, too few for a picture of {width} x {height} pixels",
        "扫描数据只有 {bytes} 字节，不足以构成 {width} x {height} 像素的图片";
    /// A restart marker is not the one that is due, or stands where none is due, or is missing.
    JpegRestartMisplaced = "jpeg-restart-misplaced", Damage, Broken, "T.81 B.2.1, E.1.4", Fetch,
        "the restart markers in the picture data are out of order", "图像数据中的重启标记次序错误";
    /// The file ends inside the data of a scan.
    JpegScanTruncated = "jpeg-scan-truncated", Damage, Broken, "T.81 B.2.1", Fetch,
        "the file ends inside the picture data: it is complete up to row {row} ({intact_percent} %)",
        "文件在图像数据中间结束：完整部分到第 {row} 行为止（{intact_percent}%）";
    /// The data of a scan holds a code that does not exist or cannot be where it is.
    JpegDataInvalid = "jpeg-data-invalid", Damage, Broken, "T.81 F.2.2", Fetch,
        "the picture data is damaged from row {row} on: it was decoded up to {intact_percent} %",
        "图像数据从第 {row} 行起损坏：仅能解码到 {intact_percent}%";
    /// The data of a scan or of a restart interval stops at a marker before the picture is complete.
    JpegDataShort = "jpeg-data-short", Damage, Broken, "T.81 E.1.4", Fetch,
        "picture data is missing from row {row} on ({intact_percent} % were decoded before)",
        "从第 {row} 行起缺少图像数据（此前已解码 {intact_percent}%）";
    /// The data of a scan or of a restart interval goes on when the picture is complete, since codes
    /// before were not the right ones.
    JpegDataLeftOver = "jpeg-data-left-over", Damage, Broken, "T.81 F.1.2.3", Fetch,
        "picture data is left over behind row {row}: some of what comes before is damaged",
        "第 {row} 行之后图像数据仍有剩余：之前的部分数据已损坏";
    /// A block is brighter or darker than samples can be. Decoders do not mind; a picture that was
    /// coded from samples has no such block.
    JpegDcOutOfRange = "jpeg-dc-out-of-range", Damage, Doubtful, "T.81 A.3.3, F.1.2.1", Fetch,
        "from row {row} on the picture data gives brightness that no pixels have ({intact_percent} % come before)",
        "从第 {row} 行起，图像数据给出的亮度超出像素可能的范围（此前为 {intact_percent}%）";
    /// The picture is coded by a process that is not decoded here. It says nothing about the data.
    JpegCodingUnchecked = "jpeg-coding-unchecked", Unchecked, Harmless, "", None,
        "the picture data is coded as {coding}; it was not decoded", "图像数据的编码方式为 {coding}，未进行解码检查";
    /// Bytes follow the end of the last picture: a video of a motion photo, an archive, padding.
    JpegTrailingData = "jpeg-trailing-data", Damage, Harmless, "T.81 B.2.1", None,
        "{bytes} bytes follow the end of the picture", "图片结束后还有 {bytes} 个字节";
    /// The index of further pictures (MPF) points where there is none. Programs that save only the
    /// first picture often keep the index.
    JpegPictureIndexStale = "jpeg-picture-index-stale", Damage, Harmless, "CIPA DC-007 5.2", None,
        "the index of pictures (MPF) points to pictures that are not there", "多图索引（MPF）指向了不存在的图片";
    /// A further picture of the file (of a stereo pair, a panorama, a gain map) is damaged; the first
    /// one may be well.
    JpegFurtherPictureDamaged = "jpeg-further-picture-damaged", Damage, Doubtful, "CIPA DC-007 5.2", Resave,
        "picture {picture} in the file is damaged ({fault})", "文件中的第 {picture} 张图片已损坏（{fault}）";

    // ---- PNG (W3C Portable Network Graphics, third edition) ----

    /// The eight bytes that begin a PNG were changed. They are chosen to show the traces of a
    /// transfer in text mode, which converts line ends, or over a line of seven bits.
    PngSignatureDamaged = "png-signature-damaged", Damage, Broken, "PNG 5.2", Fetch,
        "the signature at the start is damaged, as by a transfer in text mode",
        "文件开头的签名已损坏，可能是以文本模式传输所致";
    /// The file ends before one of its chunks does.
    PngTruncated = "png-truncated", Damage, Broken, "PNG 5.3", Fetch,
        "the file ends inside the chunk {chunk}; {missing} bytes or more are missing",
        "文件在数据块 {chunk} 中间结束，至少缺少 {missing} 字节";
    /// The file ends behind a chunk, but not behind IEND, which ends every PNG.
    PngEndMissing = "png-end-missing", Damage, Broken, "PNG 5.6, 11.2.4", Fetch,
        "the file ends without its end chunk IEND", "文件末尾缺少结束块 IEND";
    /// Where a chunk should begin there is something whose type is no four letters.
    PngChunkInvalid = "png-chunk-invalid", Damage, Broken, "PNG 5.3, 5.4", Fetch,
        "no valid chunk begins at byte {offset}", "字节 {offset} 处不是有效的数据块";
    /// A chunk reaches past the end of a file that is whole otherwise, or is longer than any chunk
    /// may be.
    PngChunkLength = "png-chunk-length", Damage, Broken, "PNG 5.3", Fetch,
        "the chunk {chunk} claims a length of {length} bytes, which cannot be",
        "数据块 {chunk} 声明的长度为 {length} 字节，这不可能";
    /// The CRC of a chunk without which the picture or animation is not whole does not fit its
    /// bytes: they changed after they were written.
    PngCrcMismatch = "png-crc-mismatch", Damage, Broken, "PNG 5.5, 13.2", Fetch,
        "the chunk {chunk} is damaged: its checksum does not fit", "数据块 {chunk} 已损坏：校验和不符";
    /// The CRC of a chunk beside the picture does not fit. The file changed after it was written;
    /// many decoders drop the chunk and show the picture, others refuse the file.
    PngAncillaryCrcMismatch = "png-ancillary-crc-mismatch", Damage, Doubtful, "PNG 5.5, 13.2", Fetch,
        "the ancillary chunk {chunk} is damaged: its checksum does not fit",
        "辅助数据块 {chunk} 已损坏：校验和不符";
    /// The first chunk is not the header.
    PngIhdrMissing = "png-ihdr-missing", Damage, Broken, "PNG 5.6, 11.2.1", Fetch,
        "the header chunk IHDR does not come first, but {chunk}", "首个数据块不是头部块 IHDR，而是 {chunk}";
    /// A field of the header has a value that does not exist, such as a width of 0.
    PngIhdrInvalid = "png-ihdr-invalid", Damage, Broken, "PNG 11.2.1", Fetch,
        "the header is invalid: {field} {value}", "头部块无效：{field} {value}";
    /// A chunk of which there can be one comes again, and decoders cannot do without it.
    PngCriticalChunkRepeated = "png-critical-chunk-repeated", Damage, Broken, "PNG 5.6", Resave,
        "there is a second critical chunk {chunk}", "关键数据块 {chunk} 重复出现";
    /// A chunk that decoders must know to show the picture, and that no standard describes.
    PngCriticalChunkUnknown = "png-critical-chunk-unknown", Damage, Doubtful, "PNG 5.4, 13.1", Resave,
        "the critical chunk {chunk} is unknown, and decoders may refuse the file for it",
        "关键数据块 {chunk} 未知，解码器可能因此拒绝该文件";
    /// A chunk comes again of which there should be one; decoders keep one of them.
    PngChunkRepeated = "png-chunk-repeated", Damage, Harmless, "PNG 5.6", None,
        "there is a second chunk {chunk}", "数据块 {chunk} 重复出现";
    /// A chunk is not where the standard wants it, such as behind the picture; decoders ignore or
    /// accept it.
    PngChunkMisplaced = "png-chunk-misplaced", Damage, Harmless, "PNG 5.6", None,
        "the chunk {chunk} is not where it should be", "数据块 {chunk} 的位置不符合规范";
    /// A chunk is shorter than what it holds. Some decoders refuse the file for it.
    PngChunkTooShort = "png-chunk-too-short", Damage, Doubtful, "PNG 11.3", Resave,
        "the chunk {chunk} has {length} bytes of data, and {need} are needed",
        "数据块 {chunk} 只有 {length} 字节数据，需要 {need} 字节";
    /// The pixels are indices into a palette, and there is none before them.
    PngPaletteMissing = "png-palette-missing", Damage, Broken, "PNG 5.6, 11.2.2", Fetch,
        "the palette PLTE is missing", "缺少调色板 PLTE";
    /// The palette is empty, too long or not made of whole colours.
    PngPaletteInvalid = "png-palette-invalid", Damage, Broken, "PNG 11.2.2", Fetch,
        "the palette PLTE has an invalid length of {length} bytes", "调色板 PLTE 的长度 {length} 字节无效";
    /// There is no picture data at all.
    PngIdatMissing = "png-idat-missing", Damage, Broken, "PNG 5.6, 11.2.3", Fetch,
        "there is no picture data (IDAT)", "没有图像数据（IDAT）";
    /// Another chunk stands between those of the picture data; decoders stop there.
    PngIdatInterrupted = "png-idat-interrupted", Damage, Broken, "PNG 5.6, 11.2.3", Resave,
        "the picture data (IDAT) are interrupted by another chunk", "图像数据（IDAT）被其他数据块隔断";
    /// The picture data cannot be or are not enough for a picture of the stated size.
    PngDataShort = "png-data-short", Damage, Broken, "PNG 10.1, 7.2", Fetch,
        "the picture data give {have} bytes or less; {width} x {height} pixels need {need}",
        "图像数据最多只能得到 {have} 字节，{width} x {height} 像素需要 {need} 字节";
    /// There are more picture data than the picture needs; decoders leave them.
    PngDataExtra = "png-data-extra", Damage, Harmless, "PNG 10.1, 11.2.3", None,
        "there are more picture data than the picture needs", "图像数据多于所需";
    /// The compressed picture data break the rules of their format, so nothing behind can be read.
    PngStreamBroken = "png-stream-broken", Damage, Broken, "PNG 10.1 (RFC 1950, RFC 1951)", Fetch,
        "the compressed picture data are broken from row {row} on ({part}); {intact_percent} % of the picture are before it",
        "压缩的图像数据从第 {row} 行起损坏（{part}），此前的图像占 {intact_percent} %";
    /// All pixels are there, but the compressed data stop before their end. Some decoders want it.
    PngStreamUnfinished = "png-stream-unfinished", Damage, Doubtful, "PNG 10.1 (RFC 1950)", Resave,
        "all rows are there, but the compressed picture data have no end",
        "所有像素行都在，但压缩的图像数据没有结束标志";
    /// All pixels are there and every chunk has the right CRC, but the checksum over the pixels is
    /// wrong, so it was written so. Half of the decoders do not look at it.
    PngStreamChecksum = "png-stream-checksum", Damage, Doubtful, "PNG 10.1 (RFC 1950)", Resave,
        "the checksum (Adler-32) over the picture data is wrong", "图像数据的校验和（Adler-32）错误";
    /// A row begins with a byte that names no filter.
    PngFilterInvalid = "png-filter-invalid", Damage, Broken, "PNG 9.2", Fetch,
        "row {row} has the filter {value}, which does not exist; {intact_percent} % of the picture are before it",
        "第 {row} 行使用了不存在的滤波器 {value}，此前的图像占 {intact_percent} %";
    /// A frame of the animation is empty or reaches over the edge of the picture.
    PngFrameOutside = "png-frame-outside", Damage, Broken, "PNG 11.3.6.2", Resave,
        "frame {frame} of the animation does not lie inside the picture", "动画第 {frame} 帧超出画面范围";
    /// A frame of the animation is announced, but has no data.
    PngFrameEmpty = "png-frame-empty", Damage, Broken, "PNG 4.9, 11.3.6", Fetch,
        "frame {frame} of the animation has no data", "动画第 {frame} 帧没有数据";
    /// The numbers that run through the chunks of an animation have a gap or are out of order.
    PngFrameSequence = "png-frame-sequence", Damage, Doubtful, "PNG 4.9, 11.3.6", Resave,
        "the chunk {chunk} of the animation is out of sequence", "动画数据块 {chunk} 的顺序错误";
    /// The animation has another number of frames than it states; players show those there are.
    PngFrameCount = "png-frame-count", Damage, Harmless, "PNG 11.3.6.1", None,
        "the animation states {stated} frames and has {found}", "动画声明有 {stated} 帧，实际有 {found} 帧";
    /// Bytes follow the end of the PNG, as some programs append data of their own.
    PngTrailingData = "png-trailing-data", Damage, Harmless, "PNG 5.6, 13.2", None,
        "{bytes} bytes follow the end of the picture", "图片结束后还有 {bytes} 字节";
    /// The file was optimised for Apple's devices. It is no longer a PNG: other programs cannot
    /// read it.
    PngAppleVariant = "png-apple-variant", Type, Broken, "", Resave,
        "it is Apple's variant of PNG (CgBI), which other programs cannot read",
        "这是 Apple 专用的 PNG 变体（CgBI），其他程序无法读取";

    // ---- GIF (GIF89a specification) ----

    /// The file ends in the middle of a block: the rest of the picture, and all frames behind it, are missing.
    GifTruncated = "gif-truncated", Damage, Broken, "GIF89a, clauses 15, 22", Fetch,
        "the file ends within the block that begins at byte {start}", "文件在第 {start} 字节开始的数据块中间结束";
    /// The file has no image with pixels in it.
    GifNoPicture = "gif-no-picture", Damage, Broken, "GIF89a, clause 20", Fetch,
        "there is no picture in the file", "文件中没有任何图像";
    /// Where a block should begin there is a byte that begins none: the chain of blocks is broken, or zeros replaced what was there.
    GifBlockUnknown = "gif-block-unknown", Damage, Broken, "GIF89a, appendix A", Fetch,
        "no block begins with {byte}, which is found where one should begin", "应为数据块开头的位置是 {byte}，不是任何已知数据块的标识";
    /// The width of codes is beyond what LZW in a GIF can have.
    GifCodeSizeBad = "gif-code-size-bad", Damage, Broken, "GIF89a, clause 22, appendix F", Fetch,
        "frame {frame}: LZW literals of {bits} bits are impossible", "第 {frame} 帧：LZW 最小码长 {bits} 位不可能存在";
    /// A code in the picture data has no meaning: what follows it cannot be decoded.
    GifCodeBad = "gif-code-bad", Damage, Broken, "GIF89a, appendix F", Fetch,
        "frame {frame}: the picture data have a code without meaning; the picture is lost from row {row} on",
        "第 {frame} 帧：图像数据含有无效编码，从第 {row} 行起无法解码";
    /// The picture data are complete as a block, and make fewer pixels than the frame has.
    GifFrameShort = "gif-frame-short", Damage, Broken, "GIF89a, clause 22, appendix F", Fetch,
        "frame {frame}: {missing} pixels are missing from row {row} on", "第 {frame} 帧：从第 {row} 行起缺少 {missing} 个像素";
    /// The data behind the last pixel do not end as LZW data do.
    GifEndCodeBad = "gif-end-code-bad", Damage, Doubtful, "GIF89a, appendix F", Resave,
        "frame {frame}: a code without meaning follows the last pixel", "第 {frame} 帧：最后一个像素之后有无效编码";
    /// A graphic control extension has another size than the only one there is.
    GifControlSizeWrong = "gif-control-size-wrong", Damage, Doubtful, "GIF89a, clause 23", Resave,
        "a graphic control extension has {size} bytes instead of 4", "图形控制扩展的长度为 {size} 字节，应为 4 字节";
    /// A frame has no width or no height; some decoders fail, some stretch it to the screen.
    GifFrameEmpty = "gif-frame-empty", Damage, Doubtful, "GIF89a, clause 20", Resave,
        "frame {frame} has no pixels", "第 {frame} 帧没有像素";
    /// The logical screen has no width or no height; decoders that do not help themselves with the first frame fail.
    GifScreenEmpty = "gif-screen-empty", Damage, Doubtful, "GIF89a, clause 18", Resave,
        "the logical screen is {width} x {height} pixels", "逻辑屏幕尺寸为 {width} x {height} 像素";
    /// More pixels are stored than the frame has: an oddity of some encoders, or a damaged code that made the picture longer.
    GifPixelsSurplus = "gif-pixels-surplus", Damage, Doubtful, "GIF89a, clause 22", Resave,
        "frame {frame}: {surplus} pixels more than the frame has are stored", "第 {frame} 帧：存储的像素比该帧多 {surplus} 个";
    /// The file ends within the data of a frame, behind its last pixel: what is cut off held no picture, but some decoders fail.
    GifDataUnclosed = "gif-data-unclosed", Damage, Doubtful, "GIF89a, clauses 15, 22", Resave,
        "frame {frame}: the file ends before the picture data are closed", "第 {frame} 帧：文件在图像数据结束之前中断";
    /// Data follow the end code of a frame. Decoders pass over them.
    GifDataSurplus = "gif-data-surplus", Damage, Harmless, "GIF89a, appendix F", None,
        "frame {frame}: {bytes} bytes follow the end of the picture", "第 {frame} 帧：图像结束后仍有 {bytes} 字节数据";
    /// A frame has all its pixels and no end code. Some encoders leave it out.
    GifEndCodeMissing = "gif-end-code-missing", Damage, Harmless, "GIF89a, appendix F", None,
        "frame {frame}: the end code is missing", "第 {frame} 帧：缺少结束码";
    /// The width of codes is one that no sound encoder uses. Decoders take it if the data fit.
    GifCodeSizeOdd = "gif-code-size-odd", Damage, Harmless, "GIF89a, clause 22", None,
        "frame {frame}: LZW literals of {bits} bits are unusual", "第 {frame} 帧：LZW 最小码长 {bits} 位不常见";
    /// A frame reaches beyond the logical screen. Decoders cut it off or enlarge the screen.
    GifFrameOutsideScreen = "gif-frame-outside-screen", Damage, Harmless, "GIF89a, clause 20", None,
        "frame {frame} reaches beyond the logical screen", "第 {frame} 帧超出逻辑屏幕";
    /// A frame has no palette of its own, and there is none for all. Decoders choose colours of their own.
    GifPaletteMissing = "gif-palette-missing", Damage, Harmless, "GIF89a, clauses 19, 21", None,
        "frame {frame} has no palette", "第 {frame} 帧没有调色板";
    /// Zero bytes stand between blocks. Decoders pass over them.
    GifZeroBytes = "gif-zero-bytes", Damage, Harmless, "GIF89a, appendix A", None,
        "{bytes} zero bytes stand between blocks", "数据块之间有 {bytes} 个零字节";
    /// The file ends behind a complete frame, without the mark that says so.
    GifTrailerMissing = "gif-trailer-missing", Damage, Harmless, "GIF89a, clause 27", None,
        "the trailer is missing", "缺少文件结束标志";
    /// Bytes follow the trailer. Decoders do not look at them.
    GifTrailingData = "gif-trailing-data", Damage, Harmless, "GIF89a, clause 27", None,
        "{bytes} bytes follow the end of the GIF", "GIF 结束后还有 {bytes} 字节";

    // ---- WebP (RFC 9649) ----

    /// The size in the RIFF header is too small for any picture.
    WebpRiffSizeInvalid = "webp-riff-size-invalid", Damage, Broken, "RFC 9649, 2.4", Fetch,
        "the RIFF header gives the file a size of {size} bytes, which no picture fits into",
        "RIFF 头给出的文件大小为 {size} 字节，容不下任何图像";
    /// The file is shorter than its RIFF header says: the transfer or the copy broke off.
    WebpTruncated = "webp-truncated", Damage, Broken, "RFC 9649, 2.4", Fetch,
        "the file ends {missing} bytes before the end that its RIFF header gives",
        "文件比 RIFF 头给出的长度少 {missing} 字节";
    /// There are bytes that no reader looks at behind the end of the RIFF, or behind the picture.
    WebpTrailingData = "webp-trailing-data", Damage, Harmless, "RFC 9649, 2.4", None,
        "{bytes} bytes behind the picture are of no use to it",
        "图像之后有 {bytes} 个多余字节";
    /// What is left of the RIFF or of a frame is too short for a chunk.
    WebpStrayBytes = "webp-stray-bytes", Damage, Doubtful, "RFC 9649, 2.3", Resave,
        "the last {bytes} bytes are too few for a chunk", "末尾剩余的 {bytes} 字节不足以构成一个数据块";
    /// A chunk says that it is longer than the file or the frame that it is in.
    WebpChunkOverrun = "webp-chunk-overrun", Damage, Broken, "RFC 9649, 2.3", Fetch,
        "the chunk {chunk} reaches {bytes} bytes past the end of what it is in",
        "数据块 {chunk} 超出其所在范围 {bytes} 字节";
    /// A chunk is shorter than its fixed fields, or its size is not the one prescribed.
    WebpChunkSizeInvalid = "webp-chunk-size-invalid", Damage, Broken, "RFC 9649, 2.7", Fetch,
        "the chunk {chunk} has {size} bytes, but {need} are prescribed",
        "数据块 {chunk} 有 {size} 字节，而规定为 {need} 字节";
    /// The last chunk has an odd length, and the byte is missing that makes it even.
    WebpPaddingMissing = "webp-padding-missing", Damage, Doubtful, "RFC 9649, 2.3", Resave,
        "the chunk {chunk} has an odd length and no padding byte", "数据块 {chunk} 长度为奇数且缺少填充字节";
    /// The byte that makes the length of a chunk even is not zero.
    WebpPaddingNotZero = "webp-padding-not-zero", Damage, Harmless, "RFC 9649, 2.3", None,
        "the padding byte of the chunk {chunk} is not zero", "数据块 {chunk} 的填充字节不为零";
    /// The code of a chunk is not made of printable characters, as if bytes had been overwritten.
    WebpChunkUnnamed = "webp-chunk-unnamed", Damage, Harmless, "RFC 9649, 2.3", None,
        "{chunk} is no code of a chunk", "{chunk} 不是合法的数据块代码";
    /// The first chunk is neither a picture nor the header of the extended format.
    WebpFirstChunkInvalid = "webp-first-chunk-invalid", Damage, Broken, "RFC 9649, 2.5 to 2.7", Fetch,
        "the first chunk is {chunk}; it has to be VP8, VP8L or VP8X",
        "第一个数据块是 {chunk}，而必须是 VP8、VP8L 或 VP8X";
    /// A chunk is where it must not be: twice, behind what it has to precede, or in the wrong kind of file.
    WebpChunkMisplaced = "webp-chunk-misplaced", Damage, Doubtful, "RFC 9649, 2.7", Resave,
        "the chunk {chunk} must not be at this place", "数据块 {chunk} 不应出现在此处";
    /// Reserved flags of the extended format are set; libwebp's demuxer refuses such files.
    WebpReservedBits = "webp-reserved-bits", Damage, Doubtful, "RFC 9649, 2.7", Resave,
        "reserved flags are set ({flags})", "保留标志位被置位（{flags}）";
    /// The flags of the extended format announce other metadata than there is.
    WebpFlagsDisagree = "webp-flags-disagree", Damage, Harmless, "RFC 9649, 2.7", None,
        "the flags and the chunks disagree about {chunk}", "标志位与实际数据块在 {chunk} 上不一致";
    /// The canvas has 2^32 pixels or more.
    WebpCanvasTooLarge = "webp-canvas-too-large", Damage, Broken, "RFC 9649, 2.7", Fetch,
        "a canvas of {width} x {height} pixels is larger than the format allows",
        "画布 {width} x {height} 像素超出格式允许的范围";
    /// There is no picture in the file, or none in a frame of the animation.
    WebpImageMissing = "webp-image-missing", Damage, Broken, "RFC 9649, 2.7", Fetch,
        "there is no picture where one has to be", "应有图像数据之处没有图像";
    /// There are frames of an animation that `VP8X` or `ANIM` does not announce, so nobody shows them.
    WebpAnimationUndeclared = "webp-animation-undeclared", Damage, Broken, "RFC 9649, 2.7.1.1", Resave,
        "there are frames, but the file does not say that it is an animation",
        "文件包含动画帧，但未声明为动画";
    /// The picture and the canvas are not of the same size.
    WebpCanvasMismatch = "webp-canvas-mismatch", Damage, Broken, "RFC 9649, 2.7", Fetch,
        "the picture has {width} x {height} pixels, its canvas {want_width} x {want_height}",
        "图像为 {width} x {height} 像素，而画布为 {want_width} x {want_height}";
    /// The picture in a frame is not of the size that the frame gives.
    WebpFrameSizeMismatch = "webp-frame-size-mismatch", Damage, Broken, "RFC 9649, 2.7.1.1", Fetch,
        "the picture has {width} x {height} pixels, its frame {want_width} x {want_height}",
        "图像为 {width} x {height} 像素，而其所在帧为 {want_width} x {want_height}";
    /// A frame of the animation reaches beyond the canvas.
    WebpFrameOutsideCanvas = "webp-frame-outside-canvas", Damage, Broken, "RFC 9649, 2.7.1.1", Fetch,
        "frame {frame} reaches beyond the canvas", "第 {frame} 帧超出画布";
    /// The settings of the alpha channel have a value that is not defined.
    WebpAlphaInvalid = "webp-alpha-invalid", Damage, Broken, "RFC 9649, 2.7.1.2", Fetch,
        "the alpha channel has an unknown {field} ({value})", "透明通道的 {field} 取值未定义（{value}）";
    /// An uncompressed alpha channel has fewer bytes than the picture has pixels.
    WebpAlphaTruncated = "webp-alpha-truncated", Damage, Broken, "RFC 9649, 2.7.1.2", Fetch,
        "the alpha channel has {bytes} bytes for {need} pixels", "透明通道只有 {bytes} 字节，而像素数为 {need}";
    /// The header of a lossy picture is not that of a VP8 key frame that is shown.
    WebpVp8HeaderInvalid = "webp-vp8-header-invalid", Damage, Broken, "RFC 6386, 9.1", Fetch,
        "the header of the lossy picture has a wrong {field}", "有损图像头的 {field} 字段错误";
    /// A partition of a lossy picture does not fit into its chunk.
    WebpVp8PartitionOverrun = "webp-vp8-partition-overrun", Damage, Broken, "RFC 6386, 9.5", Fetch,
        "partition {partition} of the lossy picture does not fit into its chunk",
        "有损图像的分区 {partition} 超出其数据块";
    /// The data of a lossy picture ends before the picture does: it was altered or is missing.
    WebpVp8Exhausted = "webp-vp8-exhausted", Damage, Broken, "RFC 6386, 7 and 13", Fetch,
        "the data of the lossy picture ends in partition {partition}, at pixel row {row}",
        "有损图像的数据在分区 {partition} 中提前结束，位于第 {row} 像素行";
    /// The lossy picture is complete long before its data ends, so the data was altered: what was
    /// decoded is not what was encoded.
    WebpVp8Leftover = "webp-vp8-leftover", Damage, Broken, "RFC 6386, 7 and 13", Fetch,
        "{bits} bits of partition {partition} are left over when the lossy picture is complete",
        "有损图像解码完成后，分区 {partition} 仍剩余 {bits} 位数据";
    /// A few more bits than usual are left over at the end of a lossy picture.
    WebpVp8Slack = "webp-vp8-slack", Damage, Harmless, "RFC 6386, 7 and 13", None,
        "{bits} bits of partition {partition} are left over when the lossy picture is complete",
        "有损图像解码完成后，分区 {partition} 仍剩余 {bits} 位数据";
    /// The header of a lossless picture is not one.
    WebpVp8lHeaderInvalid = "webp-vp8l-header-invalid", Damage, Broken, "RFC 9649, 3.4", Fetch,
        "the header of the lossless picture has a wrong {field}", "无损图像头的 {field} 字段错误";
    /// The data of a lossless picture or alpha channel has a table or a copy that cannot be.
    WebpVp8lBroken = "webp-vp8l-broken", Damage, Broken, "RFC 9649, 3.5 to 3.7", Fetch,
        "the lossless data has an impossible {part} at pixel row {row}", "无损数据在第 {row} 像素行出现无效的 {part}";
    /// The data of a lossless picture or alpha channel ends before the picture does: it was altered or is missing.
    WebpVp8lExhausted = "webp-vp8l-exhausted", Damage, Broken, "RFC 9649, 3.6", Fetch,
        "the lossless data ends at pixel row {row}", "无损数据在第 {row} 像素行提前结束";
    /// A lossless picture or alpha channel is complete long before its data ends, so the data was
    /// altered: what was decoded is not what was encoded.
    WebpVp8lLeftover = "webp-vp8l-leftover", Damage, Broken, "RFC 9649, 3.6", Fetch,
        "{bits} bits are left over when the lossless picture is complete", "无损图像解码完成后仍剩余 {bits} 位数据";
    /// A few more bits than usual are left over at the end of a lossless picture or alpha channel.
    WebpVp8lSlack = "webp-vp8l-slack", Damage, Harmless, "RFC 9649, 3.6", None,
        "{bits} bits are left over when the lossless picture is complete", "无损图像解码完成后仍剩余 {bits} 位数据";

    // ---- TIFF and BigTIFF (TIFF 6.0) ----

    /// The file ends inside the header, before it says where the first directory is.
    TiffHeaderTruncated = "tiff-header-truncated", Damage, Broken, "TIFF 6.0, section 2", Fetch,
        "the file ends inside the TIFF header", "文件在 TIFF 文件头内中断";
    /// The header does not lead to a directory: its first offset is 0, or BigTIFF's offsets are not 8 bytes wide.
    TiffHeaderInvalid = "tiff-header-invalid", Damage, Broken, "TIFF 6.0, section 2", Fetch,
        "the TIFF header does not say where the first image directory is", "TIFF 文件头未给出第一个图像目录的位置";
    /// A directory begins, or goes on, behind the end of the file.
    TiffIfdPastEnd = "tiff-ifd-past-end", Damage, Broken, "TIFF 6.0, section 2", Fetch,
        "the image directory at byte {offset} is not (completely) in the file",
        "位于字节 {offset} 的图像目录超出文件末尾";
    /// A directory has no entries, or more than any writer makes: there is something else at this place.
    TiffIfdInvalid = "tiff-ifd-invalid", Damage, Broken, "TIFF 6.0, section 2", Fetch,
        "there is no image directory at byte {offset} (it would have {count} entries)",
        "字节 {offset} 处不是图像目录（目录项数为 {count}）";
    /// The chain of directories comes back to one of them.
    TiffIfdLoop = "tiff-ifd-loop", Damage, Broken, "TIFF 6.0, section 2", Fetch,
        "the chain of image directories leads back to byte {offset}", "图像目录链形成循环，又回到字节 {offset}";
    /// The file ends where the last directory should say that no other follows. Readers don't mind.
    TiffChainUnterminated = "tiff-chain-unterminated", Damage, Harmless, "TIFF 6.0, section 2", None,
        "the file ends before the offset that ends the chain of directories", "文件在目录链结束标志之前结束";
    /// The entries of a directory are not in ascending order, or one is there twice. Readers sort them.
    TiffTagsUnsorted = "tiff-tags-unsorted", Damage, Harmless, "TIFF 6.0, section 2", None,
        "the tags are not in ascending order: {tag} comes too late", "标签未按升序排列：{tag} 出现得过晚";
    /// An entry has a field type that does not exist; readers pass over it.
    TiffTypeUnknown = "tiff-type-unknown", Damage, Harmless, "TIFF 6.0, section 2", None,
        "the tag {tag} has the unknown field type {type}", "标签 {tag} 的字段类型 {type} 未知";
    /// The value of a tag that says where the pixels are, or how many, lies behind the end of the file.
    TiffTagPastEnd = "tiff-tag-past-end", Damage, Broken, "TIFF 6.0, section 2", Fetch,
        "the value of the tag {tag} ends at byte {end}, behind the end of the file",
        "标签 {tag} 的值结束于字节 {end}，超出文件末尾";
    /// The value of a tag that is not needed to show the picture lies behind the end of the file.
    TiffMetadataPastEnd = "tiff-metadata-past-end", Damage, Doubtful, "TIFF 6.0, section 2", Resave,
        "the value of the tag {tag} ends at byte {end}, behind the end of the file; the pixels don't need it",
        "标签 {tag} 的值结束于字节 {end}，超出文件末尾；像素数据不依赖它";
    /// A tag is missing without which there is no picture.
    TiffTagMissing = "tiff-tag-missing", Damage, Broken, "TIFF 6.0, section 8", Fetch,
        "the required tag {tag} is missing", "缺少必需的标签 {tag}";
    /// A tag without which there is no picture has a value that makes no sense.
    TiffTagInvalid = "tiff-tag-invalid", Damage, Broken, "TIFF 6.0, section 8", Fetch,
        "the tag {tag} has no usable value", "标签 {tag} 的值无效";
    /// No tag says what the samples mean (photometric interpretation); readers guess it.
    TiffPhotometricMissing = "tiff-photometric-missing", Damage, Harmless, "TIFF 6.0, section 8", None,
        "the tag PhotometricInterpretation (262) is missing", "缺少 PhotometricInterpretation (262) 标签";
    /// A picture with a palette has none, or one with too few colours.
    TiffColorMapMissing = "tiff-color-map-missing", Damage, Doubtful, "TIFF 6.0, section 5", Resave,
        "the palette has {have} values instead of {need}", "调色板只有 {have} 个值，应为 {need} 个";
    /// The pixels are coded in a way that is not registered.
    TiffCompressionUnknown = "tiff-compression-unknown", Damage, Doubtful, "TIFF 6.0, section 8", Resave,
        "the compression {code} is not known to any reader", "压缩方式 {code} 未知，没有程序能够解码";
    /// The directory lists fewer strips or tiles than the picture needs.
    TiffStripsMissing = "tiff-strips-missing", Damage, Broken, "TIFF 6.0, sections 3 and 15", Fetch,
        "there are {have} strips or tiles instead of {need}: the picture ends at row {row} ({intact_percent} %)",
        "条带或图块只有 {have} 个，应为 {need} 个：图像只到第 {row} 行（{intact_percent}%）";
    /// A strip or a tile lies behind the end of the file, or goes on there.
    TiffStripPastEnd = "tiff-strip-past-end", Damage, Broken, "TIFF 6.0, sections 3 and 15", Fetch,
        "strip or tile {strip} of {strips} has {len} bytes at {offset}, of which the file holds {have}: the picture ends at row {row} ({intact_percent} %)",
        "第 {strip}/{strips} 个条带或图块位于字节 {offset}，长 {len} 字节，文件中只有 {have} 字节：图像只到第 {row} 行（{intact_percent}%）";
    /// A strip or a tile has fewer bytes than its rows.
    TiffStripShort = "tiff-strip-short", Damage, Broken, "TIFF 6.0, sections 3 and 15", Fetch,
        "strip or tile {strip} of {strips} holds {have} bytes of pixels instead of {need}: the picture is damaged from row {row} on ({intact_percent} % are intact)",
        "第 {strip}/{strips} 个条带或图块只有 {have} 字节像素数据，应为 {need} 字节：图像从第 {row} 行起损坏（完好部分占 {intact_percent}%）";
    /// The coded pixels of a strip or a tile have something in them that cannot be: what follows is lost.
    TiffDataBroken = "tiff-data-broken", Damage, Broken, "TIFF 6.0, sections 9 to 13", Fetch,
        "strip or tile {strip} of {strips}: the {coding} data has an impossible {part}; the picture is damaged from row {row} on ({intact_percent} % are intact)",
        "第 {strip}/{strips} 个条带或图块：{coding} 数据含有无效的 {part}，图像从第 {row} 行起损坏（完好部分占 {intact_percent}%）";
    /// All pixels of a strip or a tile came out, but not those that went in: the checksum is wrong. Some decoders do not look at it.
    TiffDataChecksum = "tiff-data-checksum", Damage, Doubtful, "RFC 1950, 2.2", Fetch,
        "strip or tile {strip} of {strips}: the checksum (Adler-32) of the pixels is wrong",
        "第 {strip}/{strips} 个条带或图块：像素数据的校验和（Adler-32）错误";
    /// All pixels of a strip or a tile are there, but its deflate stream is cut off behind them.
    TiffDataUnfinished = "tiff-data-unfinished", Damage, Doubtful, "RFC 1950, 2.2", Fetch,
        "strip or tile {strip} of {strips}: the end of the {coding} data is missing",
        "第 {strip}/{strips} 个条带或图块：缺少 {coding} 数据的结尾";
    /// More pixels come out of a strip or a tile than it has: a code was altered, or the encoder is odd. Some decoders complain.
    TiffDataSurplus = "tiff-data-surplus", Damage, Doubtful, "TIFF 6.0, sections 9 to 13", Resave,
        "strip or tile {strip} of {strips}: the {coding} data goes on for {surplus} bytes when all rows are there",
        "第 {strip}/{strips} 个条带或图块：所有行解码完成后，{coding} 数据仍多出 {surplus} 字节";
    /// Rows of a fax do not come out as wide as the picture. Decoders fill them up and go on with the next.
    TiffFaxRowsBad = "tiff-fax-rows-bad", Damage, Doubtful, "ITU-T T.4, 4.1 and 4.2", Fetch,
        "strip or tile {strip} of {strips}: {count} rows of the fax are damaged, the first is row {row}",
        "第 {strip}/{strips} 个条带或图块：传真数据有 {count} 行损坏，首个为第 {row} 行";
    /// Rows of a fax do not come out as wide as the picture, and the file says that it came so.
    TiffFaxRowsUnclean = "tiff-fax-rows-unclean", Damage, Harmless, "TIFF 6.0, section 11 (TIFF class F)", None,
        "strip or tile {strip} of {strips}: {count} rows of the fax are damaged, the first is row {row}, as its tag CleanFaxData says",
        "第 {strip}/{strips} 个条带或图块：传真数据有 {count} 行损坏，首个为第 {row} 行（CleanFaxData 标签已声明）";
    /// The JPEG in a strip or a tile is damaged.
    TiffJpegDamaged = "tiff-jpeg-damaged", Damage, Broken, "TIFF technical note 2", Fetch,
        "strip or tile {strip} of {strips}: its JPEG is damaged ({fault})", "第 {strip}/{strips} 个条带或图块：其中的 JPEG 已损坏（{fault}）";
    /// Some decoders refuse the JPEG in a strip or a tile.
    TiffJpegDoubtful = "tiff-jpeg-doubtful", Damage, Doubtful, "TIFF technical note 2", Resave,
        "strip or tile {strip} of {strips}: there is something wrong with its JPEG ({fault})",
        "第 {strip}/{strips} 个条带或图块：其中的 JPEG 存在问题（{fault}）";
    /// The JPEG in a strip or a tile is of another size than that, or has other samples.
    TiffJpegMismatch = "tiff-jpeg-mismatch", Damage, Doubtful, "TIFF technical note 2", Resave,
        "strip or tile {strip} of {strips}: its JPEG has {width} x {height} pixels of {samples} samples, which do not fit",
        "第 {strip}/{strips} 个条带或图块：其中的 JPEG 为 {width} x {height} 像素、{samples} 个分量，与条带不符";
    /// The tables that all JPEGs in the file need are damaged.
    TiffJpegTablesDamaged = "tiff-jpeg-tables-damaged", Damage, Broken, "TIFF technical note 2", Fetch,
        "the tables of the JPEGs in the file are damaged ({fault})", "文件中 JPEG 共用的编码表已损坏（{fault}）";
    /// The pixels are coded in a way that is not looked into.
    TiffUnchecked = "tiff-unchecked", Unchecked, Harmless, "", None,
        "pixels coded as {coding} were not looked at", "未检查以 {coding} 编码的像素数据";
    /// A strip has neither place nor length, and nothing says that this is meant; or no strip or tile has any.
    TiffStripEmpty = "tiff-strip-empty", Damage, Doubtful, "TIFF 6.0, section 3", Resave,
        "{count} of {strips} strips or tiles are empty, the first at row {row}",
        "{strips} 个条带或图块中有 {count} 个为空，第一个位于第 {row} 行";
    /// Some tiles have neither place nor length, as GDAL writes tiles without content.
    TiffTileSparse = "tiff-tile-sparse", Damage, Harmless, "TIFF 6.0, section 15", None,
        "{count} of {strips} tiles are left out, which means that they are blank",
        "{strips} 个图块中有 {count} 个被省略，表示该处为空白";
    /// Uncompressed pixels lie on the header, on the directory, or half on other pixels: most likely an offset is wrong.
    TiffStripOverlap = "tiff-strip-overlap", Damage, Harmless, "TIFF 6.0, sections 3 and 15", None,
        "strip or tile {strip} of {strips} at byte {offset} overlaps other parts of the file: look whether the picture is right",
        "第 {strip}/{strips} 个条带或图块（位于字节 {offset}）与文件的其他部分重叠：请确认图像是否正确";
    /// Byte counts are missing or wrong where readers do without them.
    TiffByteCountsWrong = "tiff-byte-counts-wrong", Damage, Harmless, "TIFF 6.0, section 3", None,
        "the lengths of strips are missing or wrong, but can be worked out", "条带长度缺失或有误，但可以推算出来";
    /// A picture that hangs below a page, such as a preview, is damaged. Most readers never open it.
    TiffSubImageDamaged = "tiff-sub-image-damaged", Damage, Doubtful, "TIFF 6.0, supplement 1: TIFF trees", Resave,
        "a secondary picture (preview or smaller copy) is damaged: {fault}", "附属图像（预览图或缩小版本）已损坏：{fault}";

    // ---- HEIF and AVIF (ISO/IEC 23008-12, 14496-12; AV1 Image File Format) ----

    /// The file ends inside a box that readers need.
    HeifTruncated = "heif-truncated", Damage, Broken, "ISO/IEC 14496-12, 4.2", Fetch,
        "the file ends inside the box {box}: {missing} bytes are missing", "文件在盒子 {box} 内结束：缺少 {missing} 字节";
    /// The box that says what the file is, its first one, is not readable.
    HeifFtypMissing = "heif-ftyp-missing", Damage, Broken, "ISO/IEC 14496-12, 4.3", Fetch,
        "the file does not begin with a file type box (ftyp)", "文件开头没有文件类型盒（ftyp）";
    /// There is no box that describes pictures.
    HeifMetaMissing = "heif-meta-missing", Damage, Broken, "ISO/IEC 23008-12, 10.2.1", Fetch,
        "there is no box (meta) that describes the pictures", "缺少描述图片的盒子（meta）";
    /// One of the tables that every file with pictures has is missing.
    HeifBoxMissing = "heif-box-missing", Damage, Broken, "ISO/IEC 23008-12, 10.2.1", Fetch,
        "the box {box} is missing", "缺少盒子 {box}";
    /// A box says to be longer than the one it is in, or shorter than its own header.
    HeifBoxMalformed = "heif-box-malformed", Damage, Broken, "ISO/IEC 14496-12, 4.2", Fetch,
        "the bytes at {offset} are no box that fits where it stands", "字节 {offset} 处不是与其位置相符的盒子";
    /// The content of a box breaks the layout that boxes of its type have.
    HeifBoxInvalid = "heif-box-invalid", Damage, Broken, "ISO/IEC 14496-12, 8.11", Fetch,
        "the content of the box {box} is not readable", "盒子 {box} 的内容无法读取";
    /// The item that is the main picture is not in the list of items.
    HeifPrimaryMissing = "heif-primary-missing", Damage, Broken, "ISO/IEC 14496-12, 8.11.4", Fetch,
        "the main picture is item {item}, which is not in the file", "主图为条目 {item}，但文件中没有该条目";
    /// A picture that the main one is made of is not in the list of items.
    HeifInputMissing = "heif-input-missing", Damage, Broken, "ISO/IEC 23008-12, 6.6.1", Fetch,
        "picture {item} is made of picture {input}, which is not in the file", "图片 {item} 由图片 {input} 组成，但文件中没有该图片";
    /// A picture is made of itself, directly or through others.
    HeifDerivationLoop = "heif-derivation-loop", Damage, Broken, "ISO/IEC 23008-12, 6.6.1", Resave,
        "picture {item} is made of itself", "图片 {item} 由其自身组成";
    /// The number of tiles differs from the cells of the grid.
    HeifGridInvalid = "heif-grid-invalid", Damage, Broken, "ISO/IEC 23008-12, 6.6.2.3", Fetch,
        "the grid of item {item} has {rows} x {columns} cells, but {inputs} tiles",
        "条目 {item} 的网格为 {rows} x {columns} 格，但有 {inputs} 个图块";
    /// A reference leads to or comes from an item that is not in the list.
    HeifReferenceDangling = "heif-reference-dangling", Damage, Doubtful, "ISO/IEC 14496-12, 8.11.12", Resave,
        "the reference {kind} from item {from} to item {to} has an end that is not in the file",
        "从条目 {from} 到条目 {to} 的引用 {kind} 有一端不在文件中";
    /// An item names a property that is not in the list of properties.
    HeifPropertyDangling = "heif-property-dangling", Damage, Broken, "ISO/IEC 23008-12, 9.3", Fetch,
        "item {item} has property {index}, but there are only {count}", "条目 {item} 使用属性 {index}，但总共只有 {count} 个属性";
    /// A picture lacks a property that readers cannot do without.
    HeifPropertyMissing = "heif-property-missing", Damage, Broken, "ISO/IEC 23008-12, 6.5", Fetch,
        "item {item} ({kind}) lacks the property {property}", "条目 {item}（{kind}）缺少属性 {property}";
    /// The properties of an item are listed twice.
    HeifAssociationTwice = "heif-association-twice", Damage, Broken, "ISO/IEC 23008-12, 9.3.1", Resave,
        "the properties of item {item} are listed twice", "条目 {item} 的属性被列出两次";
    /// The data of an item lie past the end of the file or of the box they are in: the file was cut.
    HeifItemPastEnd = "heif-item-past-end", Damage, Broken, "ISO/IEC 14496-12, 8.11.3", Fetch,
        "item {item} ({kind}) reaches to byte {end}, but its data end at byte {limit}",
        "条目 {item}（{kind}）应延伸到字节 {end}，但数据在字节 {limit} 处结束";
    /// A picture of a sequence lies past the end of the file: the file was cut.
    HeifSamplePastEnd = "heif-sample-past-end", Damage, Broken, "ISO/IEC 14496-12, 8.7.5", Fetch,
        "picture {sample} of track {track} reaches to byte {end}, but the file ends at byte {limit}",
        "轨道 {track} 的第 {sample} 张图片应延伸到字节 {end}，但文件在字节 {limit} 处结束";
    /// A picture has no data.
    HeifItemEmpty = "heif-item-empty", Damage, Broken, "ISO/IEC 14496-12, 8.11.3", Fetch,
        "item {item} ({kind}) has no data", "条目 {item}（{kind}）没有数据";
    /// Pictures lie where no box is, so that the box they were in is damaged.
    HeifItemOutsideBoxes = "heif-item-outside-boxes", Damage, Doubtful, "ISO/IEC 14496-12, 4.2", Resave,
        "pictures lie in the last {bytes} bytes, which are no boxes", "图片数据位于末尾 {bytes} 字节中，而这些字节不属于任何盒子";
    /// The last box is cut short, but no picture is in what is missing.
    HeifBoxPastEnd = "heif-box-past-end", Damage, Doubtful, "ISO/IEC 14496-12, 4.2", Resave,
        "the last box, {box}, is {missing} bytes longer than the file; no picture is in the missing part",
        "最后一个盒子 {box} 比文件长 {missing} 字节；缺失部分不含图片";
    /// The configuration of the decoder is not readable.
    HeifConfigInvalid = "heif-config-invalid", Damage, Broken, "ISO/IEC 14496-15, 8.3.3", Fetch,
        "the configuration of the decoder ({property}) for item {item} is not readable", "条目 {item} 的解码器配置（{property}）无法读取";
    /// The tables and the coded picture speak of different sizes.
    HeifSizeMismatch = "heif-size-mismatch", Damage, Doubtful, "ISO/IEC 23008-12, 6.5.3", Resave,
        "item {item} should be {width} x {height} pixels, but {coded_width} x {coded_height} are coded",
        "条目 {item} 应为 {width} x {height} 像素，但编码数据为 {coded_width} x {coded_height}";
    /// The lengths of NAL units do not add up to the data of the picture.
    HeifNalChainBroken = "heif-nal-chain-broken", Damage, Broken, "ISO/IEC 14496-15, 4.3.3", Fetch,
        "the unit at byte {offset} of item {item} claims {length} bytes, which does not fit its data",
        "条目 {item} 在字节 {offset} 处的单元声明 {length} 字节，与其数据不符";
    /// A NAL unit has an impossible header, or a parameter set is not readable.
    HeifNalInvalid = "heif-nal-invalid", Damage, Broken, "ITU-T H.265, 7.3.1", Fetch,
        "the bytes at {offset} of item {item} are no unit of HEVC", "条目 {item} 在字节 {offset} 处不是 HEVC 单元";
    /// Bytes that emulation prevention keeps out of every unit, zeros most often.
    HeifNalForbiddenBytes = "heif-nal-forbidden-bytes", Damage, Broken, "ITU-T H.265, 7.4.2.1", Fetch,
        "the bytes at {offset} of item {item} may not occur in a unit of HEVC: the data were overwritten",
        "条目 {item} 在字节 {offset} 处出现 HEVC 单元中不允许的内容：数据已被覆盖";
    /// A start code lies inside a unit: two units were put into one.
    HeifNalStartCode = "heif-nal-start-code", Damage, Doubtful, "ITU-T H.265, 7.4.2.1", Resave,
        "a start code lies at byte {offset}, inside a unit of item {item}", "条目 {item} 的单元内部在字节 {offset} 处有起始码";
    /// The coded data of a picture do not come out: a row or slice does not end where it has to.
    HeifSliceBroken = "heif-slice-broken", Damage, Broken, "ITU-T H.265, 7.3.8 and 9.3", Fetch,
        "the coded picture of item {item} breaks off at row {row} of {rows}", "条目 {item} 的编码图片在第 {row} 行中断（共 {rows} 行）";
    /// The lengths of open bitstream units do not add up to the data of the picture.
    HeifObuChainBroken = "heif-obu-chain-broken", Damage, Broken, "AV1 Bitstream & Decoding Process, 5.3", Fetch,
        "the unit at byte {offset} of item {item} claims {length} bytes, more than are left of its data",
        "条目 {item} 在字节 {offset} 处的单元声明 {length} 字节，超出其剩余数据";
    /// An open bitstream unit has an impossible header.
    HeifObuInvalid = "heif-obu-invalid", Damage, Broken, "AV1 Bitstream & Decoding Process, 5.3", Fetch,
        "the bytes at {offset} of item {item} are no unit of AV1", "条目 {item} 在字节 {offset} 处不是 AV1 单元";
    /// The data of a picture hold no coded picture.
    HeifPictureMissing = "heif-picture-missing", Damage, Broken, "ISO/IEC 23008-12, B.2.3", Fetch,
        "the data of item {item} hold no picture", "条目 {item} 的数据中没有图片";
    /// Something beside the main picture, such as its thumbnail or its transparency, is damaged.
    HeifSideItemDamaged = "heif-side-item-damaged", Damage, Doubtful, "ISO/IEC 23008-12, 6", Resave,
        "item {item} ({kind}), which is not the main picture, is damaged ({fault})", "非主图的条目 {item}（{kind}）已损坏（{fault}）";
    /// Bytes follow the last box. Some phones append their own records.
    HeifTrailingData = "heif-trailing-data", Damage, Harmless, "ISO/IEC 14496-12, 4.2", None,
        "{bytes} bytes follow the last box", "最后一个盒子之后还有 {bytes} 字节";
    /// A part of the file is coded in a way that this version does not look into.
    HeifUnchecked = "heif-unchecked", Unchecked, Harmless, "", None,
        "the content of {what} was not looked at", "未检查 {what} 的内容";

    // ---- BMP (Windows bitmap) ----

    /// The file ends before all rows of the picture, or before the end of its headers.
    BmpTruncated = "bmp-truncated", Damage, Broken, "Microsoft, Bitmap Storage", Fetch,
        "the file ends before the picture does", "文件在图像数据结束之前就已终止";
    /// Width or height is zero, or the width is negative.
    BmpDimensionsBad = "bmp-dimensions-bad", Damage, Broken, "Microsoft, BITMAPINFOHEADER, biWidth, biHeight", Fetch,
        "a picture of {width} x {height} pixels is impossible", "图像尺寸不可能为 {width} x {height} 像素";
    /// The number of bits for a pixel and the way they are coded do not exist, or not together.
    BmpCodingBad = "bmp-coding-bad", Damage, Broken, "Microsoft, BITMAPINFOHEADER, biBitCount, biCompression", Fetch,
        "{bits} bits a pixel with compression {compression} is impossible", "每像素 {bits} 位与压缩方式 {compression} 的组合不可能存在";
    /// The palette has more colours than pixels can name, and would reach into the pixels.
    BmpPalettePastPixels = "bmp-palette-past-pixels", Damage, Broken, "Microsoft, BITMAPINFOHEADER, biClrUsed", Fetch,
        "a palette of {colors} colours does not fit before the pixels, which can name {possible}",
        "调色板声明有 {colors} 种颜色，超出像素数据之前的空间（像素最多可表示 {possible} 种）";
    /// Run-length codes draw below the last row of the picture: some codes are damaged.
    BmpRunsPastEnd = "bmp-runs-past-end", Damage, Broken, "Microsoft, Bitmap Compression", Fetch,
        "the run-length codes go on past the last row", "游程编码超出了图像的最后一行";
    /// The palette has more colours than pixels can name. Some decoders refuse it.
    BmpPaletteTooLarge = "bmp-palette-too-large", Damage, Doubtful, "Microsoft, BITMAPINFOHEADER, biClrUsed", Resave,
        "the palette has {colors} colours, of which pixels can name {possible}", "调色板有 {colors} 种颜色，而像素最多可表示 {possible} 种";
    /// The pixels begin within the headers. Some decoders refuse this, some show the headers as pixels.
    BmpPixelsInHeader = "bmp-pixels-in-header", Damage, Doubtful, "Microsoft, BITMAPFILEHEADER, bfOffBits", Resave,
        "the pixels begin at byte {start}, within the {headers} bytes of headers", "像素数据从第 {start} 字节开始，位于 {headers} 字节的文件头之内";
    /// A run-length code reaches past the end of its row. Some decoders cut it off, some refuse.
    BmpRunsPastRow = "bmp-runs-past-row", Damage, Doubtful, "Microsoft, Bitmap Compression", Resave,
        "a run-length code reaches past the end of its row", "游程编码超出了所在行的末尾";
    /// The bytes that fill the last row to a multiple of four are missing. Some decoders refuse this.
    BmpFillingMissing = "bmp-filling-missing", Damage, Doubtful, "Microsoft, Bitmap Storage", Resave,
        "the last {missing} bytes, which hold no pixel, are missing", "缺少末尾 {missing} 个不含像素的填充字节";
    /// The codes for all rows are there, but not the one that ends the picture.
    BmpRunsEndMissing = "bmp-runs-end-missing", Damage, Harmless, "Microsoft, Bitmap Compression", None,
        "the code that ends the picture is missing", "缺少图像结束编码";
    /// The number of planes is not 1. Decoders do not look at it.
    BmpPlanesWrong = "bmp-planes-wrong", Damage, Harmless, "Microsoft, BITMAPINFOHEADER, biPlanes", None,
        "the header speaks of {planes} planes instead of 1", "文件头声明的平面数为 {planes}，应为 1";
    /// The header states another size than the file has. Decoders do not look at it.
    BmpFileSizeWrong = "bmp-file-size-wrong", Damage, Harmless, "Microsoft, BITMAPFILEHEADER, bfSize", None,
        "the header says that the file has {stated} bytes; it has {bytes}", "文件头声明文件大小为 {stated} 字节，实际为 {bytes} 字节";
    /// Bytes follow the pixels. Decoders do not look at them.
    BmpTrailingData = "bmp-trailing-data", Damage, Harmless, "Microsoft, Bitmap Storage", None,
        "{bytes} bytes follow the end of the picture", "图像结束后还有 {bytes} 字节";
    /// The pixels are coded in a way that is not checked.
    BmpCodingUnchecked = "bmp-coding-unchecked", Unchecked, Harmless, "", None,
        "pixels coded as {coding} are not checked", "未检查以 {coding} 编码的像素数据";

    // ---- videos, whatever their container ----

    /// The file holds no moving pictures: only sound, a cover, or something else.
    VideoTrackMissing = "video-track-missing", Type, Broken, "", Convert,
        "there are no moving pictures in the file, only {instead}", "文件中没有视频画面，只有{instead}";
    /// An edge of a video track is shorter than the service takes.
    VideoEdgeTooSmall = "video-edge-too-small", Limit, Broken, "", Enlarge,
        "the video is {width} x {height} pixels; each edge must have at least {limit}",
        "视频尺寸为 {width} x {height} 像素，每边至少需要 {limit} 像素";
    /// An edge of a video track is longer than the service takes.
    VideoEdgeTooLarge = "video-edge-too-large", Limit, Broken, "", Reduce,
        "the video is {width} x {height} pixels; no edge may have more than {limit}",
        "视频尺寸为 {width} x {height} 像素，每边最多 {limit} 像素";
    /// The video lasts longer than the service takes. Durations are compared in whole milliseconds.
    VideoTooLong = "video-too-long", Limit, Broken, "", Split,
        "the video lasts {duration} ({duration_s} s); the service takes {limit_s} s at most",
        "视频时长为 {duration}（{duration_s} 秒），服务最长支持 {limit_s} 秒";
    /// Neither the file nor its timestamps tell how long the video lasts.
    VideoDurationUnknown = "video-duration-unknown", Limit, Doubtful, "", Resave,
        "how long the video lasts cannot be told", "无法确定视频时长";
    /// A track is encrypted, so that only a player with the key can show it.
    VideoEncrypted = "video-encrypted", Type, Doubtful, "", Original,
        "the video is encrypted", "视频已加密";
    /// The pictures are coded in a way that is not known here.
    VideoCodecUnknown = "video-codec-unknown", Type, Doubtful, "", Convert,
        "the codec {codec} is not known", "未知的编码格式 {codec}";

    /// The user's own ffmpeg, which was asked for a second opinion, complains of the file.
    DecoderComplains = "decoder-complains", Damage, Doubtful, "", Fetch,
        "{decoder} finds fault with the video ({complaints} times, first: {complaint})",
        "{decoder} 报告视频有问题（共 {complaints} 处，第一处：{complaint}）";
    /// The program that was to be asked for a second opinion cannot be started.
    DecoderMissing = "decoder-missing", Unchecked, Harmless, "", None,
        "no second opinion: {decoder} cannot be started ({reason})", "未进行二次检查：无法启动 {decoder}（{reason}）";
    /// The program that was asked for a second opinion took too long.
    DecoderGaveUp = "decoder-gave-up", Unchecked, Harmless, "", None,
        "no second opinion: {decoder} was not done after {seconds} s", "未完成二次检查：{decoder} 在 {seconds} 秒内未结束";

    // ---- coded data of videos, whatever their container ----

    /// The configuration of the decoder, which the container keeps apart from the frames, is not
    /// readable.
    VideoConfigInvalid = "video-config-invalid", Damage, Broken, "ISO/IEC 14496-15, 5.3.3 and 8.3.3", Fetch,
        "the configuration of the decoder for {codec} is not readable", "{codec} 的解码器配置无法读取";
    /// The lengths of units do not add up to their frame.
    VideoUnitChainBroken = "video-unit-chain-broken", Damage, Broken, "ISO/IEC 14496-15, 4.3.3", Fetch,
        "the unit at byte {offset} claims {length} bytes, which does not fit frame {frame} ({codec})",
        "字节 {offset} 处的单元声明 {length} 字节，与第 {frame} 帧（{codec}）不符";
    /// The header of a unit is impossible, or a parameter set or sequence header is not readable.
    VideoUnitInvalid = "video-unit-invalid", Damage, Broken, "ITU-T H.264, 7.3.1; H.265, 7.3.1; ISO/IEC 13818-2, 6.2.1", Fetch,
        "the bytes at {offset} in frame {frame} are no unit of {codec}", "第 {frame} 帧中字节 {offset} 处不是 {codec} 单元";
    /// The header of a unit breaks a rule that decoders do not depend on.
    VideoUnitIrregular = "video-unit-irregular", Damage, Doubtful, "ITU-T H.264, 7.4.1; H.265, 7.4.2.2", Resave,
        "the unit at byte {offset} in frame {frame} is of a kind that {codec} does not have there",
        "第 {frame} 帧中字节 {offset} 处的单元类型不符合 {codec} 规范";
    /// Bytes that cannot be in coded data because decoders would take them for a start code; zeros
    /// most often, where a block of storage was lost.
    VideoUnitForbiddenBytes = "video-unit-forbidden-bytes", Damage, Broken, "ITU-T H.264, 7.4.1; H.265, 7.4.2.1; ISO/IEC 13818-2, 5.2.3", Fetch,
        "the bytes at {offset} in frame {frame} may not occur in {codec}: the data were overwritten",
        "第 {frame} 帧中字节 {offset} 处出现 {codec} 不允许的内容：数据已被覆盖";
    /// A start code lies inside a unit that has its length before it. Some recorders write this, and
    /// decoders expect it.
    VideoUnitStartCode = "video-unit-start-code", Damage, Harmless, "ISO/IEC 14496-15, 4.3.3", None,
        "a start code lies at byte {offset}, inside a unit of frame {frame}", "第 {frame} 帧的单元内部在字节 {offset} 处有起始码";
    /// A picture refers to a parameter set that does not come before it.
    VideoParameterSetMissing = "video-parameter-set-missing", Damage, Broken, "ITU-T H.264, 7.4.1.2.1; H.265, 7.4.2.4.2", Fetch,
        "frame {frame} needs parameter set {set} of {codec}, which is missing", "第 {frame} 帧需要的 {codec} 参数集 {set} 缺失";
    /// The header of a slice says what cannot be.
    VideoSliceInvalid = "video-slice-invalid", Damage, Broken, "ITU-T H.264, 7.4.3; H.265, 7.4.7.1", Fetch,
        "the slice at byte {offset} in frame {frame} has an impossible header ({codec})",
        "第 {frame} 帧中字节 {offset} 处的条带头无效（{codec}）";
    /// The data are not what the codec has there.
    VideoFrameInvalid = "video-frame-invalid", Damage, Broken, "the specification of the codec", Fetch,
        "the bytes at {offset} in frame {frame} are not {codec}", "第 {frame} 帧中字节 {offset} 处的数据不是 {codec}";
    /// A frame has a run of zeros as no encoder writes it.
    VideoFrameZeroed = "video-frame-zeroed", Damage, Broken, "the specification of the codec", Fetch,
        "{bytes} bytes from {offset} on in frame {frame} ({codec}) are zero: they were lost",
        "第 {frame} 帧（{codec}）从字节 {offset} 起有 {bytes} 字节为零：数据已丢失";
    /// A frame has less than it says or its size asks for.
    VideoFrameShort = "video-frame-short", Damage, Broken, "the specification of the codec", Fetch,
        "frame {frame} breaks off: it has {present} of {expected} {parts} ({codec})",
        "第 {frame} 帧不完整：仅有 {present} / {expected} {parts}（{codec}）";
    /// A picture of MPEG-1 or MPEG-2 goes on with a slice above the last one: between the two, the end of one picture and
    /// the start of another are lost.
    VideoSlicesDisordered = "video-slices-disordered", Damage, Broken, "ISO/IEC 13818-2, clause 6.1.2", Fetch,
        "the slices of frame {frame} ({codec}) go back from row {from} to row {to}: what was between them is lost",
        "第 {frame} 帧（{codec}）的条带从第 {from} 行退回第 {to} 行：其间的数据已丢失";
    /// A frame is a picture of a format for still images, and damaged as such.
    VideoPictureDamaged = "video-picture-damaged", Damage, Broken, "the specification of the codec", Fetch,
        "the picture in frame {frame} is damaged at byte {offset} ({fault})", "第 {frame} 帧的图片在字节 {offset} 处损坏（{fault}）";
    /// The first picture needs others that came before it. Recordings of broadcasts begin like this.
    VideoStartsMidGroup = "video-starts-mid-group", Damage, Doubtful, "the specification of the codec", Resave,
        "the video begins in the middle of a group of pictures ({codec}): the first ones cannot be shown rightly",
        "视频从图像组中间开始（{codec}），开头的画面无法正确显示";

    // ---- MP4, QuickTime and 3GP (ISO/IEC 14496-12) ----

    /// The file ends inside a box that is needed: it was cut off or not completely written.
    Mp4Truncated = "mp4-truncated", Damage, Broken, "ISO/IEC 14496-12, 4.2", Fetch,
        "the file ends inside the box {box}: {missing} bytes are missing", "文件在盒子 {box} 内结束：缺少 {missing} 字节";
    /// There is no movie box. It is written last by most recorders, so that a recording which was
    /// broken off or a file that was cut has none.
    Mp4MovieMissing = "mp4-movie-missing", Damage, Broken, "ISO/IEC 14496-12, 8.2.1", Fetch,
        "the movie box (moov), which says where pictures and sound are, is missing",
        "缺少说明画面和声音位置的影片盒（moov）";
    /// The file is a piece of a stream, to be played behind the piece that says how it is coded.
    Mp4SegmentAlone = "mp4-segment-alone", Damage, Broken, "ISO/IEC 14496-12, 8.16.2", Original,
        "the file is one segment of a stream, without the initialisation segment that it belongs to",
        "文件只是流的一个分段，缺少其所属的初始化分段";
    /// The file says how media are coded and holds none, like the initialisation segment of a stream.
    Mp4MediaMissing = "mp4-media-missing", Type, Doubtful, "", Original,
        "the file describes its tracks, but holds neither pictures nor sound", "文件只有轨道描述，不含任何画面或声音数据";
    /// The pictures or the sound are in another file, which does not go with this one.
    Mp4DataElsewhere = "mp4-data-elsewhere", Type, Doubtful, "", Original,
        "the media are not in this file: it refers to another one", "媒体数据不在此文件中：它引用了另一个文件";
    /// The movie box is compressed, as QuickTime once did, and was not looked into.
    Mp4MovieCompressed = "mp4-movie-compressed", Unchecked, Doubtful, "", Resave,
        "the movie box is compressed and was not looked into", "影片盒已压缩，未检查其内部";
    /// A part of the file was not looked into.
    Mp4Unchecked = "mp4-unchecked", Unchecked, Harmless, "", None,
        "not every box {what} was looked at: there are too many", "盒子 {what} 数量过多，未全部检查";
    /// A box says to be longer than the one it is in, or shorter than its own header.
    Mp4BoxMalformed = "mp4-box-malformed", Damage, Broken, "ISO/IEC 14496-12, 4.2", Fetch,
        "the bytes at {offset} are no box that fits where it stands", "字节 {offset} 处不是与其位置相符的盒子";
    /// The content of a box breaks the layout that boxes of its type have.
    Mp4BoxInvalid = "mp4-box-invalid", Damage, Broken, "ISO/IEC 14496-12, 8", Fetch,
        "the content of the box {box} is not readable", "盒子 {box} 的内容无法读取";
    /// A box that everything else depends on is missing.
    Mp4BoxMissing = "mp4-box-missing", Damage, Broken, "ISO/IEC 14496-12, 6.2.3", Fetch,
        "the box {box} is missing", "缺少盒子 {box}";
    /// A box stands by itself that exists only inside others: the one it was in is damaged.
    Mp4BoxMisplaced = "mp4-box-misplaced", Damage, Broken, "ISO/IEC 14496-12, 6.2.3", Fetch,
        "the box {box} stands outside the box it belongs in", "盒子 {box} 不在其所属的盒子内";
    /// The last box is cut short, but no sample is in what is missing.
    Mp4BoxPastEnd = "mp4-box-past-end", Damage, Doubtful, "ISO/IEC 14496-12, 4.2", Resave,
        "the last box, {box}, is {missing} bytes longer than the file; no picture or sound is in the missing part",
        "最后一个盒子 {box} 比文件长 {missing} 字节；缺失部分不含画面或声音";
    /// Bytes follow the last box. Cameras and phones append their own records or leave room.
    Mp4TrailingData = "mp4-trailing-data", Damage, Harmless, "ISO/IEC 14496-12, 4.2", None,
        "{bytes} bytes follow the last box", "最后一个盒子之后还有 {bytes} 字节";
    /// A table states more rows than fit into its box.
    Mp4TableOverrun = "mp4-table-overrun", Damage, Broken, "ISO/IEC 14496-12, 8.6 to 8.8", Fetch,
        "the table {box} says to have {rows} rows, but there is room for {room}", "表 {box} 声明有 {rows} 行，但空间只够 {room} 行";
    /// A time without a unit: there are no units in a second.
    Mp4TimescaleZero = "mp4-timescale-zero", Damage, Broken, "ISO/IEC 14496-12, 8.2.2 and 8.4.2", Fetch,
        "the box {box} counts time in units of which 0 make a second", "盒子 {box} 的时间刻度为 0";
    /// The settings of the decoder, without which pictures cannot be decoded, are missing.
    Mp4ConfigMissing = "mp4-config-missing", Damage, Broken, "ISO/IEC 14496-15, 5.4.2 and 8.4.1", Fetch,
        "the configuration of the decoder for {entry} is missing", "缺少 {entry} 的解码器配置";
    /// The table of times is for another number of samples than the table of sizes.
    Mp4SampleTimesMismatch = "mp4-sample-times-mismatch", Damage, Broken, "ISO/IEC 14496-12, 8.6.1.2", Fetch,
        "there are times for {timed} samples, but sizes for {samples}", "时间表有 {timed} 个样本，大小表有 {samples} 个样本";
    /// The samples would last far longer than the track says to.
    Mp4TimesImplausible = "mp4-times-implausible", Damage, Doubtful, "ISO/IEC 14496-12, 8.6.1.2", Resave,
        "the samples last {timed} s together, but the track {stated} s", "样本总时长为 {timed} 秒，但轨道时长为 {stated} 秒";
    /// The table that says how many samples lie together makes no sense.
    Mp4ChunksDisordered = "mp4-chunks-disordered", Damage, Broken, "ISO/IEC 14496-12, 8.7.4", Fetch,
        "the table stsc does not begin at the first chunk, does not ascend or has empty chunks",
        "表 stsc 不是从第一个块开始、顺序不递增，或包含空块";
    /// The tables do not say where some of the samples are.
    Mp4SamplesUnplaced = "mp4-samples-unplaced", Damage, Broken, "ISO/IEC 14496-12, 8.7.4 and 8.7.5", Fetch,
        "only {placed} of {samples} samples have a place in the file", "{samples} 个样本中只有 {placed} 个有存储位置";
    /// Pictures or sound lie behind the end of the file: it was cut off.
    Mp4SamplePastEnd = "mp4-sample-past-end", Damage, Broken, "ISO/IEC 14496-12, 8.7.5", Fetch,
        "{lost} of {samples} samples should lie behind the end of the file at byte {limit}",
        "{samples} 个样本中有 {lost} 个位于文件末尾（字节 {limit}）之后";
    /// Pictures or sound lie where no media box is.
    Mp4SampleOutsideMedia = "mp4-sample-outside-media", Damage, Broken, "ISO/IEC 14496-12, 8.1.1", Fetch,
        "{lost} of {samples} samples should lie where there is no media box (mdat)",
        "{samples} 个样本中有 {lost} 个不在媒体数据盒（mdat）内";
    /// A fragment belongs to a track that the movie box does not know.
    Mp4FragmentTrackUnknown = "mp4-fragment-track-unknown", Damage, Broken, "ISO/IEC 14496-12, 8.8.7", Fetch,
        "a fragment is of track {track}, which the movie box does not describe", "有分片属于轨道 {track}，但影片盒中没有该轨道";
    /// A table of samples in a fragment has more room than rows.
    Mp4RunNotFilled = "mp4-run-not-filled", Damage, Doubtful, "ISO/IEC 14496-12, 8.8.8", Resave,
        "the table trun says to have {rows} rows, but there is room for {room}", "表 trun 声明有 {rows} 行，但空间可容纳 {room} 行";
    /// Time passes between two fragments in which there are no samples.
    Mp4FragmentGap = "mp4-fragment-gap", Damage, Doubtful, "ISO/IEC 14496-12, 8.8.12", Resave,
        "{seconds} seconds are missing before this fragment", "此分片之前缺少 {seconds} 秒";
    /// The fragments do not last as long as the film is said to.
    Mp4FragmentsShort = "mp4-fragments-short", Damage, Doubtful, "ISO/IEC 14496-12, 8.8.2", Resave,
        "the fragments last {found} s, but the film should last {stated} s", "分片总时长为 {found} 秒，但影片应为 {stated} 秒";
    /// Much of a media box belongs to no sample of any fragment.
    Mp4MediaUnused = "mp4-media-unused", Damage, Doubtful, "ISO/IEC 14496-12, 8.8.8", Resave,
        "{unused} of {bytes} bytes in a media box belong to no sample", "媒体数据盒的 {bytes} 字节中有 {unused} 字节不属于任何样本";
    /// The index of the segments speaks of more than is there: the file was cut between two of them,
    /// or is some of the segments of a stream.
    Mp4IndexPastEnd = "mp4-index-past-end", Damage, Doubtful, "ISO/IEC 14496-12, 8.16.3", Fetch,
        "the segments in the index reach to byte {end}, but the file ends at byte {limit}",
        "索引中的分段应延伸到字节 {end}，但文件在字节 {limit} 处结束";
    /// Something that is neither pictures nor sound, such as subtitles or timecodes, is damaged.
    Mp4SideTrackDamaged = "mp4-side-track-damaged", Damage, Doubtful, "ISO/IEC 14496-12, 8.3", Resave,
        "a track of neither pictures nor sound ({handler}) is damaged ({fault})", "非画面、非声音的轨道（{handler}）已损坏（{fault}）";

    // ---- Matroska and WebM (RFC 9559) ----

    /// The header that every EBML file begins with is not readable.
    MatroskaHeaderMalformed = "matroska-header-malformed", Damage, Broken, "RFC 8794, 11.2", Fetch,
        "the EBML header is damaged at byte {offset}", "EBML 文件头在字节 {offset} 处损坏";
    /// The header asks for a reader of a version that does not exist.
    MatroskaVersionUnsupported = "matroska-version-unsupported", Damage, Broken, "RFC 8794, 11.2", Fetch,
        "{element} is {value}; readers know {highest} at most", "{element} 的值为 {value}，读取程序最高只支持 {highest}";
    /// No segment follows the header, so that the file holds nothing.
    MatroskaSegmentMissing = "matroska-segment-missing", Damage, Broken, "RFC 9559, 5.1", Fetch,
        "there is no segment at byte {offset}, behind the header", "文件头之后的字节 {offset} 处没有段（Segment）";
    /// The file ends before the element that it is in: it was cut off, and frames with it.
    MatroskaTruncated = "matroska-truncated", Damage, Broken, "RFC 8794, 6.1", Fetch,
        "the file ends at byte {offset}, inside {element}", "文件在字节 {offset} 处中断，位于元素 {element} 内部";
    /// The file was cut off behind the last frame, within a table or a description.
    MatroskaTailMissing = "matroska-tail-missing", Damage, Doubtful, "RFC 8794, 6.1", Fetch,
        "the file ends at byte {offset}, inside {element}; the frames are all there",
        "文件在字节 {offset} 处中断，位于元素 {element} 内部；帧数据完整";
    /// An element does not end where the next one begins: bytes were changed, lost or added.
    MatroskaChainBroken = "matroska-chain-broken", Damage, Broken, "RFC 8794, 6.1", Fetch,
        "the chain of elements breaks at byte {offset}; {skipped} bytes belong to none",
        "元素链在字节 {offset} 处断开，有 {skipped} 字节不属于任何元素";
    /// Something in the description of the file or of its tracks, or of a frame, is not readable.
    MatroskaElementMalformed = "matroska-element-malformed", Damage, Broken, "RFC 8794, 6.1", Fetch,
        "the bytes at {offset} are no element that fits where it stands", "字节 {offset} 处不是与其位置相符的元素";
    /// Something in a table or a description that is not needed to show the frames is not readable.
    MatroskaSideElementMalformed = "matroska-side-element-malformed", Damage, Doubtful, "RFC 8794, 6.1", Resave,
        "the bytes at {offset} are no element that fits where it stands; the frames do not depend on it",
        "字节 {offset} 处不是与其位置相符的元素；帧数据不依赖于它";
    /// An element that no edition of the specification knows. Readers pass over it.
    MatroskaElementUnknown = "matroska-element-unknown", Damage, Harmless, "RFC 8794, 6.1", None,
        "the element {id} at byte {offset} is not known", "未知的元素 {id}（字节 {offset} 处）";
    /// A block is shorter than its own header, or a group of blocks has none.
    MatroskaBlockMalformed = "matroska-block-malformed", Damage, Broken, "RFC 9559, 10.1", Fetch,
        "the block at byte {offset} has no frame", "字节 {offset} 处的块不含帧";
    /// The sizes of the frames in a block do not add up to its own.
    MatroskaLacingMalformed = "matroska-lacing-malformed", Damage, Broken, "RFC 9559, 10.3", Fetch,
        "the sizes of the frames in the block at byte {offset} do not fit it", "字节 {offset} 处的块中各帧大小与块不符";
    /// A block belongs to a track that is not described.
    MatroskaBlockTrackUnknown = "matroska-block-track-unknown", Damage, Broken, "RFC 9559, 10.1", Fetch,
        "the block at byte {offset} belongs to track {track}, which is not described",
        "字节 {offset} 处的块属于轨道 {track}，但文件中没有该轨道的描述";
    /// A cluster has frames and no time that theirs count from.
    MatroskaTimestampMissing = "matroska-timestamp-missing", Damage, Doubtful, "RFC 9559, 5.1.3.1", Resave,
        "the cluster at byte {offset} does not say when it begins", "字节 {offset} 处的簇没有起始时间";
    /// The file says that it lasts longer than its frames do.
    MatroskaEndsEarly = "matroska-ends-early", Damage, Doubtful, "RFC 9559, 5.1.2", Fetch,
        "the file should last {stated_s} s, but its last frame ends at {last_s} s",
        "文件声明时长为 {stated_s} 秒，但最后一帧在 {last_s} 秒处结束";
    /// The table for seeking leads to places where no cluster is. Playing from the start works.
    MatroskaCueDangling = "matroska-cue-dangling", Damage, Doubtful, "RFC 9559, 5.1.5", Resave,
        "{count} of {all} cues lead to places where no cluster is", "{all} 个索引点中有 {count} 个指向的位置没有簇";
    /// The table of contents leads to a place where something else is. Programs that change files in
    /// place leave such entries behind.
    MatroskaSeekDangling = "matroska-seek-dangling", Damage, Harmless, "RFC 9559, 5.1.1", None,
        "{element} is said to be at byte {target}, but is not", "{element} 应位于字节 {target} 处，但实际不在那里";
    /// No track is described, so that nothing can be shown.
    MatroskaTracksMissing = "matroska-tracks-missing", Damage, Broken, "RFC 9559, 5.1.4", Fetch,
        "no track is described", "文件中没有轨道描述";
    /// The description of a track lacks what frames cannot be shown without.
    MatroskaTrackIncomplete = "matroska-track-incomplete", Damage, Broken, "RFC 9559, 5.1.4", Fetch,
        "the description of the track lacks {element}", "轨道描述缺少 {element}";
    /// The description of a video track does not say how large its pictures are.
    MatroskaPictureSizeMissing = "matroska-picture-size-missing", Damage, Doubtful, "RFC 9559, 5.1.4", Resave,
        "the description of the track lacks the size of its pictures", "轨道描述缺少画面尺寸";
    /// The description of a track lacks what its decoder has to be set up with. Some players find that
    /// in the frames.
    MatroskaCodecPrivateMissing = "matroska-codec-private-missing", Damage, Doubtful, "RFC 9559, 5.1.4", Resave,
        "the description of the track lacks the configuration for {codec}", "轨道描述缺少 {codec} 的解码器配置";
    /// There is no general information about the segment. Times are taken to be in milliseconds.
    MatroskaInfoMissing = "matroska-info-missing", Damage, Doubtful, "RFC 9559, 5.1.2", Resave,
        "there is no general information (Info)", "缺少基本信息（Info）";
    /// The unit of time is zero. Players take it for a millisecond or refuse the file.
    MatroskaTimestampScaleZero = "matroska-timestamp-scale-zero", Damage, Doubtful, "RFC 9559, 5.1.2", Resave,
        "the unit of time is zero", "时间单位为 0";
    /// The duration is negative or no number.
    MatroskaDurationInvalid = "matroska-duration-invalid", Damage, Doubtful, "RFC 9559, 5.1.2", Resave,
        "the file should last {ticks} ticks", "文件声明的时长为 {ticks} 个时间单位";
    /// The file describes tracks and holds no frame: it is the first segment of a stream, or the
    /// recording ended at once.
    MatroskaClustersMissing = "matroska-clusters-missing", Damage, Doubtful, "RFC 9559, 5.1.3", Fetch,
        "tracks are described, but there are no frames", "文件中有轨道描述，但没有帧数据";
    /// The file has frames, but none of a video track.
    MatroskaFramesMissing = "matroska-frames-missing", Damage, Broken, "RFC 9559, 5.1.3", Fetch,
        "the track has no frames", "该轨道没有帧数据";
    /// The checksum of a cluster or of the description of the tracks is not that of its bytes: some
    /// were changed after it was written. Most readers do not look at it.
    MatroskaChecksumWrong = "matroska-checksum-wrong", Damage, Doubtful, "RFC 8794, 11.3.1", Fetch,
        "{element} at byte {offset} does not have its checksum (CRC-32)", "字节 {offset} 处的 {element} 与其校验和（CRC-32）不符";
    /// The checksum of a table or of general information is not that of its bytes. Editors change
    /// values and leave the checksum as it was.
    MatroskaChecksumStale = "matroska-checksum-stale", Damage, Harmless, "RFC 8794, 11.3.1", None,
        "{element} at byte {offset} does not have its checksum (CRC-32)", "字节 {offset} 处的 {element} 与其校验和（CRC-32）不符";
    /// Bytes follow the end of the segment.
    MatroskaTrailingData = "matroska-trailing-data", Damage, Harmless, "RFC 9559, 5.1", None,
        "{bytes} bytes follow the end of the segment", "段结束后还有 {bytes} 字节";
    /// The segment ends by its size where more of its elements follow. Players that go by the size
    /// stop there.
    MatroskaSegmentShort = "matroska-segment-short", Damage, Doubtful, "RFC 9559, 5.1", Resave,
        "the segment should end at byte {offset}, but goes on for {bytes} bytes",
        "段应在字节 {offset} 处结束，但其后还有 {bytes} 字节属于它";
    /// Another file was appended. Most players show the first one only.
    MatroskaSecondSegment = "matroska-second-segment", Damage, Doubtful, "RFC 9559, 5.1", Resave,
        "a second file of {bytes} bytes begins at byte {offset}", "从字节 {offset} 处起是另一个文件，长 {bytes} 字节";
    /// The frames are compressed as a whole, in a way that this version does not undo.
    MatroskaCompressionUnchecked = "matroska-compression-unchecked", Unchecked, Harmless, "", None,
        "the frames are compressed once more ({algorithm}); they were not looked at", "帧数据经过二次压缩（{algorithm}），未进行检查";

    // ---- AVI (Microsoft RIFF, OpenDML 1.02) ----

    /// The file ends among the frames or the headers: the transfer, the copy or the recording broke
    /// off.
    AviTruncated = "avi-truncated", Damage, Broken, "AVI RIFF File Reference", Fetch,
        "the file ends at least {missing} bytes too early, with frames missing", "文件至少提前 {missing} 字节结束，缺少部分帧";
    /// The file ends behind its frames, but before its index or whatever else follows is complete.
    /// Players that need the index refuse it or cannot seek.
    AviEndMissing = "avi-end-missing", Damage, Doubtful, "AVI RIFF File Reference", Fetch,
        "the file ends {missing} bytes too early, behind its frames", "文件在所有帧之后提前 {missing} 字节结束";
    /// The size of the list of frames was never filled in: the recording was interrupted, or went out
    /// as a stream. Many players take what there is, others refuse it.
    AviUnfinished = "avi-unfinished", Damage, Doubtful, "AVI RIFF File Reference", Resave,
        "the recording was never finished: the list of frames has no size", "录制未正常结束：帧列表未写入长度";
    /// There is no header of any stream, so that nobody knows what the frames are.
    AviHeaderMissing = "avi-header-missing", Damage, Broken, "AVI RIFF File Reference, AVI Stream Headers", Fetch,
        "the headers of the streams are missing", "缺少流头信息";
    /// A header of a stream is missing or too short.
    AviStreamHeaderInvalid = "avi-stream-header-invalid", Damage, Broken, "AVI RIFF File Reference, AVI Stream Headers", Fetch,
        "the {chunk} chunk has {size} bytes, too few for what it must say", "{chunk} 块只有 {size} 字节，不足以包含必要信息";
    /// The time base of a stream is zero. Some players guess another one, some refuse.
    AviTimeInvalid = "avi-time-invalid", Damage, Doubtful, "AVI RIFF File Reference, AVISTREAMHEADER", Resave,
        "the time base is {scale}/{rate}", "时间基为 {scale}/{rate}";
    /// The file has headers but no list of frames.
    AviMediaMissing = "avi-media-missing", Damage, Broken, "AVI RIFF File Reference", Fetch,
        "there is no list of frames (movi)", "没有帧列表（movi）";
    /// There is a list of frames, but a video stream has none in it.
    AviNoFrames = "avi-no-frames", Damage, Broken, "AVI RIFF File Reference, Stream Data", Fetch,
        "the video has no frames", "视频没有任何帧";
    /// Where a chunk should begin there is something else: bytes were lost, added or overwritten.
    AviChainBroken = "avi-chain-broken", Damage, Broken, "AVI RIFF File Reference", Fetch,
        "no chunk begins where one should: bytes were lost, added or overwritten",
        "应为数据块起始处却不是数据块：有字节丢失、多出或被覆盖";
    /// A chunk is longer than what it is in, and no other follows it.
    AviChunkOverrun = "avi-chunk-overrun", Damage, Broken, "AVI RIFF File Reference", Fetch,
        "the chunk {chunk} reaches {bytes} bytes past the end of what it is in", "数据块 {chunk} 超出其所在范围 {bytes} 字节";
    /// A list says that it ends where it does not. Readers that go by the sizes of lists fail.
    AviListSizeWrong = "avi-list-size-wrong", Damage, Doubtful, "AVI RIFF File Reference", Resave,
        "the list {list} should end at byte {end}; its chunks end at byte {reached}", "列表 {list} 应在第 {end} 字节结束，其数据块实际在第 {reached} 字节结束";
    /// The RIFF says that it ends where it does not. Readers do not mind.
    AviRiffSizeWrong = "avi-riff-size-wrong", Damage, Harmless, "AVI RIFF File Reference", None,
        "the {list} should end at byte {end}; its chunks end at byte {reached}", "{list} 应在第 {end} 字节结束，其数据块实际在第 {reached} 字节结束";
    /// A chunk belongs to a stream that has no header. Players pass it over.
    AviStreamUnknown = "avi-stream-unknown", Damage, Doubtful, "AVI RIFF File Reference, Stream Data", Resave,
        "the chunk {chunk} belongs to none of the {streams} streams", "数据块 {chunk} 不属于 {streams} 个流中的任何一个";
    /// The index names chunks that are not where it says. Players that go by it show wrong frames.
    AviIndexWrong = "avi-index-wrong", Damage, Doubtful, "AVI RIFF File Reference, AVI Index Entries", Resave,
        "{wrong} of {entries} entries of the index name a chunk that is not there", "索引的 {entries} 个条目中有 {wrong} 个指向不存在的数据块";
    /// The main header says that there is an index, but there is none.
    AviIndexMissing = "avi-index-missing", Damage, Doubtful, "AVI RIFF File Reference, AVI Index Entries", Resave,
        "the index that the header speaks of is missing", "缺少文件头所声明的索引";
    /// There are far fewer frames than the header of the stream says, and no index that agrees with
    /// what there is.
    AviFramesMissing = "avi-frames-missing", Damage, Doubtful, "AVI RIFF File Reference, AVISTREAMHEADER", Fetch,
        "there are {frames} frames of the {stated} that the header states", "文件头声明有 {stated} 帧，实际只有 {frames} 帧";
    /// The header of the stream gives another number of frames than there are. Players go by the
    /// frames.
    AviLengthWrong = "avi-length-wrong", Damage, Harmless, "AVI RIFF File Reference, AVISTREAMHEADER", None,
        "the header states {stated} frames; there are {frames}", "文件头声明有 {stated} 帧，实际有 {frames} 帧";
    /// No chunk is padded to an even length. Readers find the next one all the same.
    AviPaddingMissing = "avi-padding-missing", Damage, Harmless, "AVI RIFF File Reference", None,
        "chunks are not padded to even lengths", "数据块未填充到偶数长度";
    /// Bytes behind the frames belong to no chunk. Readers do not look at them.
    AviTrailingData = "avi-trailing-data", Damage, Harmless, "AVI RIFF File Reference", None,
        "{bytes} bytes behind the frames are no chunks", "帧之后有 {bytes} 字节不属于任何数据块";

    // ---- FLV (Adobe Flash Video File Format Specification 10.1) ----

    /// The file ends inside a tag: the transfer, the copy or the recording broke off.
    FlvTruncated = "flv-truncated", Damage, Broken, "FLV 10.1, E.4.1", Fetch,
        "the file ends inside a tag, {missing} bytes too early", "文件在标签中间结束，缺少 {missing} 字节";
    /// Where a tag should begin there is something else: bytes were lost, added or overwritten.
    FlvChainBroken = "flv-chain-broken", Damage, Broken, "FLV 10.1, E.3", Fetch,
        "no tag begins where one should: bytes were lost, added or overwritten",
        "应为标签起始处却不是标签：有字节丢失、多出或被覆盖";
    /// The file has a header but neither pictures nor sound.
    FlvNoMedia = "flv-no-media", Damage, Broken, "FLV 10.1, E.3", Fetch,
        "the file holds neither pictures nor sound", "文件既没有画面也没有声音";
    /// Both the duration and the size that the metadata give are more than what is there.
    FlvEndsEarly = "flv-ends-early", Damage, Broken, "FLV 10.1, E.5", Fetch,
        "the metadata speak of {duration_s} s and of {missing} bytes more than there are; the last tag is of {last_s} s",
        "元数据声明时长为 {duration_s} 秒，且文件缺少 {missing} 字节；最后一个标签的时间为 {last_s} 秒";
    /// The metadata give a duration well above that of what is there. The file was cut, or it was
    /// edited and kept the metadata of what it was made from.
    FlvDurationWrong = "flv-duration-wrong", Damage, Doubtful, "FLV 10.1, E.5", Fetch,
        "the metadata speak of {duration_s} s, but the last tag is of {last_s} s",
        "元数据声明时长为 {duration_s} 秒，但最后一个标签的时间为 {last_s} 秒";
    /// The metadata give another size than the file has. Players do not look at it.
    FlvFileSizeWrong = "flv-file-size-wrong", Damage, Harmless, "FLV 10.1, E.5", None,
        "the metadata say that the file has {stated} bytes; it has {bytes}", "元数据声明文件大小为 {stated} 字节，实际为 {bytes} 字节";
    /// The size behind the last tag, which ends a file, is cut off. Players do not need it.
    FlvEndMissing = "flv-end-missing", Damage, Doubtful, "FLV 10.1, E.3", Fetch,
        "the last {missing} bytes, which repeat the size of the last tag, are missing", "缺少末尾 {missing} 字节（最后一个标签的长度）";
    /// The size behind a tag is not that of the tag. Some players search for the next one from there.
    FlvTagSizeWrong = "flv-tag-size-wrong", Damage, Doubtful, "FLV 10.1, E.3", Resave,
        "the size behind {wrong} of {tags} tags is not that of the tag", "{tags} 个标签中有 {wrong} 个标签之后的长度与标签不符";
    /// The sizes behind the tags are not those of the tags throughout. Some writers do this.
    FlvTagSizesOdd = "flv-tag-sizes-odd", Damage, Harmless, "FLV 10.1, E.3", None,
        "the size behind {wrong} of {tags} tags is not that of the tag", "{tags} 个标签中有 {wrong} 个标签之后的长度与标签不符";
    /// The header says that the tags begin where they cannot.
    FlvHeaderInvalid = "flv-header-invalid", Damage, Doubtful, "FLV 10.1, E.2", Resave,
        "the header gives itself a length of {length} bytes", "文件头声明自身长度为 {length} 字节";
    /// A video tag is too short, or says that it is of a kind that does not exist.
    FlvVideoTagInvalid = "flv-video-tag-invalid", Damage, Doubtful, "FLV 10.1, E.4.3", Resave,
        "a video tag of {size} bytes has no valid head", "一个 {size} 字节的视频标签头部无效";
    /// The codec changes in the middle of the file. Few players follow.
    FlvCodecChanges = "flv-codec-changes", Damage, Doubtful, "FLV 10.1, E.4.3", Resave,
        "the codec changes from {before} to {codec}", "编码格式由 {before} 变为 {codec}";
    /// There are pictures in H.264 or HEVC, but nowhere the configuration that decoders need.
    FlvConfigurationMissing = "flv-configuration-missing", Damage, Broken, "FLV 10.1, E.4.3.2", Fetch,
        "the configuration of the decoder is missing", "缺少解码器配置";
    /// Pictures come before the configuration that decoders need for them.
    FlvConfigurationLate = "flv-configuration-late", Damage, Doubtful, "FLV 10.1, E.4.3.2", Resave,
        "the first pictures come before the configuration of the decoder", "最初的画面出现在解码器配置之前";
    /// Bytes behind the last tag. Players do not look at them.
    FlvTrailingData = "flv-trailing-data", Damage, Harmless, "FLV 10.1, E.3", None,
        "{bytes} bytes follow the last tag", "最后一个标签之后还有 {bytes} 字节";

    // ---- MPEG transport streams (ISO/IEC 13818-1) ----

    /// Where a packet should begin, its sync byte is missing. Demultiplexers search for the next
    /// packet; what lies between is lost.
    TsSyncLost = "ts-sync-lost", Damage, Broken, "13818-1 2.4.3.2", Fetch,
        "{bytes} bytes are no packets: the sync byte is missing", "有 {bytes} 个字节不是传输流包：缺少同步字节";
    /// The receiver that recorded the stream marked a packet that it could not correct.
    TsTransportError = "ts-transport-error", Damage, Broken, "13818-1 2.4.3.3", Fetch,
        "the packet with PID {pid} is marked as damaged in transmission", "PID 为 {pid} 的包被标记为传输出错";
    /// The header of a packet says neither payload nor adaptation field, or an adaptation field that
    /// is longer than the packet.
    TsHeaderMalformed = "ts-header-malformed", Damage, Broken, "13818-1 2.4.3.4", Fetch,
        "the header of a packet contradicts itself", "包头自相矛盾";
    /// The counter of a stream jumps inside a PES packet, so a part of a picture or of sound is missing.
    TsPacketsLost = "ts-packets-lost", Damage, Broken, "13818-1 2.4.3.3", Fetch,
        "packets are missing inside a picture or piece of sound: the counter is {counter} and should be {expected}",
        "画面或声音内部缺少数据包：计数器为 {counter}，应为 {expected}";
    /// The counter of a stream jumps between two PES packets: something was lost, or pieces of
    /// different origin were joined without a mark.
    TsContinuityBroken = "ts-continuity-broken", Damage, Doubtful, "13818-1 2.4.3.3", Resave,
        "the counter of packets jumps: it is {counter} and should be {expected}",
        "包计数器不连续：为 {counter}，应为 {expected}";
    /// A table of the programmes or of the streams in one does not fit its checksum; receivers ignore it.
    TsTableChecksum = "ts-table-checksum", Damage, Doubtful, "13818-1 2.4.4", Fetch,
        "a table (PID {pid}) does not fit its checksum", "PID 为 {pid} 的表与其校验和不符";
    /// There is no table of the streams. Some players guess what is in the file, others find nothing.
    TsTablesMissing = "ts-tables-missing", Damage, Doubtful, "13818-1 2.4.4", Resave,
        "the tables that say what is in the stream (PAT and PMT) are missing", "缺少说明流内容的表（PAT 和 PMT）";
    /// The packets carry no stream of pictures or sound.
    TsStreamsMissing = "ts-streams-missing", Damage, Broken, "13818-1 2.4.4", Fetch,
        "the packets carry no stream of pictures or sound", "数据包中没有视频或音频流";
    /// The tables announce a stream of pictures, and no packet belongs to it.
    TsStreamEmpty = "ts-stream-empty", Damage, Broken, "13818-1 2.4.4.8", Fetch,
        "there is no packet of the pictures that the tables announce", "表中声明的视频流没有任何数据包";
    /// The first packet is cut off at its beginning, as is what comes before it.
    TsStartsMidPacket = "ts-starts-mid-packet", Damage, Doubtful, "13818-1 2.4.3.2", Resave,
        "the file begins inside a packet: {bytes} bytes are in front of the first whole one",
        "文件从数据包中间开始：第一个完整的包之前有 {bytes} 个字节";
    /// The first packets of the pictures belong to one whose beginning is missing.
    TsStartsMidFrame = "ts-starts-mid-frame", Damage, Doubtful, "13818-1 2.4.3.3", Resave,
        "the pictures begin in the middle of one", "视频从一幅画面的中间开始";
    /// The file ends inside a packet. That it was cut off on the border of a packet cannot be told.
    TsLastPacketPartial = "ts-last-packet-partial", Damage, Doubtful, "13818-1 2.4.3.2", Fetch,
        "the file ends inside a packet: {bytes} of {length} bytes are there", "文件在数据包中间结束：应有 {length} 字节，实有 {bytes} 字节";
    /// There are zeros behind the last packet, as some storage fills up files.
    TsTrailingZeros = "ts-trailing-zeros", Damage, Harmless, "13818-1 2.4.3.2", None,
        "{bytes} zero bytes follow the last packet", "最后一个数据包之后有 {bytes} 个零字节";
    /// There is something behind the last packet that is too short for one.
    TsTrailingBytes = "ts-trailing-bytes", Damage, Doubtful, "13818-1 2.4.3.2", Resave,
        "{bytes} bytes follow the last packet", "最后一个数据包之后有 {bytes} 个字节";
    /// Some packets of a stream are scrambled and most are not.
    TsPartlyScrambled = "ts-partly-scrambled", Type, Doubtful, "", Original,
        "{packets} packets of the stream are scrambled", "该流中有 {packets} 个数据包被加扰";

    // ---- PES packets of transport and program streams (ISO/IEC 13818-1, 11172-1) ----

    /// Where a PES packet should begin, there is no start code.
    PesStartMissing = "pes-start-missing", Damage, Broken, "13818-1 2.4.3.7", Fetch,
        "a PES packet begins without its start code", "PES 包开头缺少起始码";
    /// The header of a PES packet breaks the syntax.
    PesHeaderMalformed = "pes-header-malformed", Damage, Broken, "13818-1 2.4.3.6", Fetch,
        "the header of a PES packet is malformed", "PES 包头格式错误";
    /// A time stamp lacks the bits that all have.
    PesTimeStampMalformed = "pes-time-stamp-malformed", Damage, Doubtful, "13818-1 2.4.3.7", Resave,
        "a time stamp is malformed", "时间戳格式错误";
    /// A PES packet has less data than it states. The last one of a file that was cut off has.
    PesIncomplete = "pes-incomplete", Damage, Doubtful, "13818-1 2.4.3.7", Fetch,
        "a PES packet has {have} of {stated} bytes", "PES 包应有 {stated} 字节，实有 {have} 字节";

    // ---- MPEG program and elementary streams (ISO/IEC 13818-1, 13818-2, 11172) ----

    /// Behind a packet there is no start code: the packet is not as long as it states, or something is
    /// missing. What lies before the next start code is lost.
    PsChainBroken = "ps-chain-broken", Damage, Broken, "13818-1 2.5.3.1", Fetch,
        "{bytes} bytes belong to no packet", "有 {bytes} 个字节不属于任何包";
    /// Zeros stand in the place of packets: a block of the file was not written.
    PsZeros = "ps-zeros", Damage, Broken, "13818-1 2.5.3.1", Fetch,
        "{bytes} zero bytes are in the place of packets", "应为数据包的位置有 {bytes} 个零字节";
    /// The file ends inside a pack header or a packet.
    PsTruncated = "ps-truncated", Damage, Broken, "13818-1 2.5.3.1", Fetch,
        "the file ends inside the packet that begins at byte {start}", "文件在从第 {start} 字节开始的包中间结束";
    /// A pack header is neither one of MPEG-1 nor one of MPEG-2.
    PsPackMalformed = "ps-pack-malformed", Damage, Broken, "13818-1 2.5.3.3", Fetch,
        "a pack header is malformed", "包组头格式错误";
    /// The file begins with a packet, and not with the pack header that comes before the first one.
    PsPackMissing = "ps-pack-missing", Damage, Doubtful, "13818-1 2.5.3.1", Resave,
        "the file begins without a pack header", "文件开头缺少包组头";
    /// There are packs, and no packets of pictures or sound in them.
    PsStreamsMissing = "ps-streams-missing", Damage, Broken, "13818-1 2.5.3.1", Fetch,
        "there are no pictures and no sound in the stream", "流中没有视频或音频数据";
    /// A packet does not state its length, which is allowed in transport streams only.
    PsPacketUnbounded = "ps-packet-unbounded", Damage, Doubtful, "13818-1 2.4.3.7", Resave,
        "a packet does not state its length", "数据包没有声明长度";
    /// There are zeros behind the last packet, as some storage fills up files.
    PsTrailingZeros = "ps-trailing-zeros", Damage, Harmless, "13818-1 2.5.3.1", None,
        "{bytes} zero bytes follow the last packet", "最后一个包之后有 {bytes} 个零字节";
    /// There is something behind the last packet that is no packet.
    PsTrailingBytes = "ps-trailing-bytes", Damage, Doubtful, "13818-1 2.5.3.1", Resave,
        "{bytes} bytes follow the last packet", "最后一个包之后有 {bytes} 个字节";
    /// There is a sequence header, and no picture.
    EsPicturesMissing = "es-pictures-missing", Damage, Broken, "13818-2 6.2.2", Fetch,
        "there is no picture in the stream", "流中没有画面";

    // ---- ASF (Microsoft Advanced Systems Format 1.20) ----

    /// The file ends inside its header or its packets.
    AsfTruncated = "asf-truncated", Damage, Broken, "ASF 01.20.03, clause 2.1", Fetch,
        "the file ends before its packets do: {missing} bytes are missing", "文件在数据包结束之前就已终止：缺少 {missing} 字节";
    /// An object of the header is longer than the header, or shorter than its own head.
    AsfObjectInvalid = "asf-object-invalid", Damage, Broken, "ASF 01.20.03, clause 2.1", Fetch,
        "the object at byte {offset} of the header claims {size} bytes, which is impossible there",
        "文件头中字节 {offset} 处的对象声明 {size} 字节，不可能如此";
    /// The object that says how large packets are is missing.
    AsfPropertiesMissing = "asf-properties-missing", Damage, Broken, "ASF 01.20.03, clause 3.2", Fetch,
        "the file properties are missing from the header", "文件头中缺少文件属性对象";
    /// The header lists no stream.
    AsfStreamsMissing = "asf-streams-missing", Damage, Broken, "ASF 01.20.03, clause 3.3", Fetch,
        "the header lists no stream", "文件头中没有任何流";
    /// Packets do not follow the header.
    AsfDataMissing = "asf-data-missing", Damage, Broken, "ASF 01.20.03, clause 5.1", Fetch,
        "no packets follow the header", "文件头之后没有数据包";
    /// Packets must have one size, and one that a reader can hold.
    AsfPacketSizeInvalid = "asf-packet-size-invalid", Damage, Broken, "ASF 01.20.03, clause 3.2", Fetch,
        "packets should have {min} to {max} bytes, which is impossible", "数据包大小应为 {min} 到 {max} 字节，不可能如此";
    /// A packet breaks the layout that packets have, or names a stream that is not there.
    AsfPacketInvalid = "asf-packet-invalid", Damage, Broken, "ASF 01.20.03, clause 5.2", Fetch,
        "packet {packet} of {packets} is not readable", "第 {packet}/{packets} 个数据包无法读取";
    /// The last packet is shorter than the others.
    AsfPacketPartial = "asf-packet-partial", Damage, Broken, "ASF 01.20.03, clause 5.1", Fetch,
        "{bytes} bytes behind the last packet are no whole packet", "最后一个数据包之后的 {bytes} 字节不是完整的数据包";
    /// The header counts packets otherwise than they are there.
    AsfPacketCount = "asf-packet-count", Damage, Doubtful, "ASF 01.20.03, clause 5.1", Resave,
        "the header says that there are {stated} packets; there are {found}", "文件头声明有 {stated} 个数据包，实际为 {found} 个";
    /// A part of a frame is missing.
    AsfFrameIncomplete = "asf-frame-incomplete", Damage, Broken, "ASF 01.20.03, clause 5.2.3", Fetch,
        "of the {size} bytes of a frame only {have} are there", "某一帧共 {size} 字节，只有 {have} 字节存在";
    /// A video stream has no frame.
    AsfPicturesMissing = "asf-pictures-missing", Damage, Broken, "ASF 01.20.03, clause 5.2", Fetch,
        "the packets hold no picture", "数据包中没有画面";
    /// The last frame comes long before the stated end.
    AsfEndsEarly = "asf-ends-early", Damage, Doubtful, "ASF 01.20.03, clause 3.2", Resave,
        "the video ends after {found_s} s; its header says {stated_s} s", "视频在 {found_s} 秒处结束，文件头声明为 {stated_s} 秒";
    /// Recording was broken off: the sizes in the headers were never filled in.
    AsfNotFinished = "asf-not-finished", Damage, Doubtful, "ASF 01.20.03, clause 5.1", Resave,
        "the size of the packets was never written: the recording was broken off", "数据包总大小从未写入：录制被中断";
    /// An index, which players do without, is cut short or missing.
    AsfIndexTruncated = "asf-index-truncated", Damage, Doubtful, "ASF 01.20.03, clause 6", Resave,
        "all packets are there, but {missing} bytes of the index behind them are missing",
        "数据包完整，但其后的索引缺少 {missing} 字节";
    /// The header states another size than the file has.
    AsfFileSizeWrong = "asf-file-size-wrong", Damage, Harmless, "ASF 01.20.03, clause 3.2", None,
        "the header says that the file has {stated} bytes; it has {bytes}", "文件头声明文件大小为 {stated} 字节，实际为 {bytes} 字节";
    /// What follows the last object is none.
    AsfTrailingData = "asf-trailing-data", Damage, Harmless, "ASF 01.20.03, clause 2.1", None,
        "{bytes} bytes follow the last object", "最后一个对象之后还有 {bytes} 字节";

    // ---- RealMedia ----

    /// The file ends before all its packets: the transfer, the copy or the recording broke off.
    RealmediaTruncated = "realmedia-truncated", Damage, Broken, "RealMedia File Format, Data Section", Fetch,
        "the file ends at least {missing} bytes too early, with packets missing", "文件至少提前 {missing} 字节结束，缺少部分数据包";
    /// The file ends behind its packets, before its index is complete. Players cannot seek in it.
    RealmediaEndMissing = "realmedia-end-missing", Damage, Doubtful, "RealMedia File Format, Index Section", Fetch,
        "the file ends at least {missing} bytes too early, behind its packets", "文件在所有数据包之后至少提前 {missing} 字节结束";
    /// Where a packet or a chunk should begin there is something else: bytes were lost, added or
    /// overwritten.
    RealmediaChainBroken = "realmedia-chain-broken", Damage, Broken, "RealMedia File Format, Data Section", Fetch,
        "no packet or chunk begins where one should: bytes were lost, added or overwritten",
        "应为数据包或数据块起始处却不是：有字节丢失、多出或被覆盖";
    /// The header of the file or of a stream is too short for what it must say.
    RealmediaHeaderInvalid = "realmedia-header-invalid", Damage, Broken, "RealMedia File Format, Header Section", Fetch,
        "the {chunk} chunk of {size} bytes is too short for what it must say", "{size} 字节的 {chunk} 块不足以包含必要信息";
    /// There is no header of any stream, so that nobody knows what the packets are.
    RealmediaStreamsMissing = "realmedia-streams-missing", Damage, Broken, "RealMedia File Format, Media Properties Header", Fetch,
        "the headers of the streams are missing", "缺少流头信息";
    /// The file has headers but no packets.
    RealmediaDataMissing = "realmedia-data-missing", Damage, Broken, "RealMedia File Format, Data Section", Fetch,
        "there are no packets", "没有任何数据包";
    /// There are fewer packets than the header of the data says, although something follows them.
    RealmediaPacketsMissing = "realmedia-packets-missing", Damage, Doubtful, "RealMedia File Format, Data Section", Fetch,
        "there are {packets} packets of the {stated} that are stated", "声明有 {stated} 个数据包，实际只有 {packets} 个";
    /// A packet belongs to a stream that has no header. Players pass it over.
    RealmediaStreamUnknown = "realmedia-stream-unknown", Damage, Doubtful, "RealMedia File Format, Data Section", Resave,
        "a packet belongs to stream {stream}, which is none of the {streams}", "数据包属于流 {stream}，不在已有的 {streams} 个流之中";
    /// The index names packets that are not where it says.
    RealmediaIndexWrong = "realmedia-index-wrong", Damage, Doubtful, "RealMedia File Format, Index Section", Resave,
        "the index of {entries} entries is wrong in {wrong} that were looked up", "索引共 {entries} 个条目，所查条目中有 {wrong} 个错误";
    /// The header gives a duration well above that of the packets.
    RealmediaDurationWrong = "realmedia-duration-wrong", Damage, Doubtful, "RealMedia File Format, Properties Header", Fetch,
        "the header speaks of {duration_s} s, but the last packet is of {last_s} s",
        "文件头声明时长为 {duration_s} 秒，但最后一个数据包的时间为 {last_s} 秒";
    /// Bytes behind the packets belong to nothing. Players do not look at them.
    RealmediaTrailingData = "realmedia-trailing-data", Damage, Harmless, "RealMedia File Format, Data Section", None,
        "{bytes} bytes follow the packets", "数据包之后还有 {bytes} 字节";

    // ---- HLS (RFC 8216) ----

    /// There is something in front of `#EXTM3U`, such as a byte order mark or an empty line. The RFC
    /// forbids it, and most players take the file for no playlist.
    HlsStart = "hls-start", Damage, Broken, "RFC 8216 4.1", Resave,
        "{bytes} bytes are in front of #EXTM3U, such as a byte order mark or an empty line",
        "#EXTM3U 之前有 {bytes} 个字节（如字节顺序标记或空行）";
    /// There are NUL bytes in a line: a block of the file was lost, or it is no text in UTF-8.
    HlsNulBytes = "hls-nul-bytes", Damage, Broken, "RFC 8216 4.1", Fetch,
        "a line contains NUL bytes", "某一行包含 NUL 字节";
    /// A line is not in UTF-8, as all of a playlist has to be.
    HlsNotUtf8 = "hls-not-utf-8", Damage, Doubtful, "RFC 8216 4.1", Resave,
        "a line is not in UTF-8", "某一行不是 UTF-8 编码";
    /// A line is longer than any that players need.
    HlsLineTooLong = "hls-line-too-long", Damage, Doubtful, "RFC 8216 4.1", Resave,
        "a line is longer than 64 KiB", "某一行超过 64 KiB";
    /// The playlist names no segments and no other playlists.
    HlsEmpty = "hls-empty", Damage, Broken, "RFC 8216 4.1", Fetch,
        "the playlist names no segments and no other playlists", "播放列表中没有任何片段或其他播放列表";
    /// A tag announces a segment or a playlist, and its URI does not follow.
    HlsUriMissing = "hls-uri-missing", Damage, Broken, "RFC 8216 4.3.2.1", Fetch,
        "no URI follows {tag}", "{tag} 之后没有 URI";
    /// The duration of a segment is no number, infinite or negative.
    HlsDurationInvalid = "hls-duration-invalid", Damage, Doubtful, "RFC 8216 4.3.2.1", Resave,
        "a segment has the duration \"{duration}\"", "某个片段的时长为“{duration}”";
    /// A segment has no duration in front of it, so that many players pass it over.
    HlsDurationMissing = "hls-duration-missing", Damage, Doubtful, "RFC 8216 4.3.2.1", Resave,
        "the segment {uri} has no duration", "片段 {uri} 没有时长";
    /// There is no target duration, without which some players refuse the playlist.
    HlsTargetMissing = "hls-target-missing", Damage, Doubtful, "RFC 8216 4.3.3.1", Resave,
        "there is no #EXT-X-TARGETDURATION", "缺少 #EXT-X-TARGETDURATION";
    /// A segment lasts longer than the target duration.
    HlsTargetExceeded = "hls-target-exceeded", Damage, Harmless, "RFC 8216 4.3.3.1", None,
        "the segment {uri} lasts {seconds} s, longer than the target duration of {target} s",
        "片段 {uri} 时长 {seconds} 秒，超过目标时长 {target} 秒";
    /// The playlist says that it is complete, and its end mark is missing: it may have been cut off.
    HlsEndMissing = "hls-end-missing", Damage, Doubtful, "RFC 8216 4.3.3.4", Fetch,
        "the playlist is of type VOD and has no #EXT-X-ENDLIST", "点播类型的播放列表缺少 #EXT-X-ENDLIST";
    /// A tag lacks the value that it needs.
    HlsTagMalformed = "hls-tag-malformed", Damage, Doubtful, "RFC 8216 4.3", Resave,
        "the value of {tag} is malformed", "{tag} 的值格式错误";
    /// A segment or playlist that is named is not there.
    HlsSegmentMissing = "hls-segment-missing", Damage, Broken, "RFC 8216 4.1", Fetch,
        "{uri}, which the playlist names, is not there", "播放列表引用的 {uri} 不存在";
    /// A segment is damaged.
    HlsSegmentDamaged = "hls-segment-damaged", Damage, Broken, "RFC 8216 3", Fetch,
        "the segment {uri} is damaged: {defect} at its byte {at}", "片段 {uri} 已损坏：{defect}（片段内第 {at} 字节）";
    /// Something about a segment makes some players refuse it or show it wrongly.
    HlsSegmentDoubtful = "hls-segment-doubtful", Damage, Doubtful, "RFC 8216 3", Resave,
        "the segment {uri} is doubtful: {defect} at its byte {at}", "片段 {uri} 存在疑问：{defect}（片段内第 {at} 字节）";
    /// In the place of a segment there is something else, such as an error page.
    HlsSegmentNotMedia = "hls-segment-not-media", Damage, Broken, "RFC 8216 3", Fetch,
        "the segment {uri} is no media: its content is {content}", "片段 {uri} 不是媒体：其内容为 {content}";
    /// A segment is said to be a part of a file that the file does not have.
    HlsByteRangeOutside = "hls-byte-range-outside", Damage, Broken, "RFC 8216 4.3.2.2", Fetch,
        "a part of {uri} should end at byte {end}, and the file has {bytes} bytes",
        "{uri} 的一部分应到第 {end} 字节，但该文件只有 {bytes} 字节";
    /// An encrypted segment is not a multiple of the blocks of its cipher, so a part is missing.
    HlsEncryptedLength = "hls-encrypted-length", Damage, Broken, "RFC 8216 4.3.2.4", Fetch,
        "the encrypted segment {uri} has {bytes} bytes, which is no multiple of 16", "加密片段 {uri} 有 {bytes} 字节，不是 16 的倍数";
    /// What should be a playlist is none.
    HlsPlaylistUnreadable = "hls-playlist-unreadable", Damage, Broken, "RFC 8216 4.3.4.2", Fetch,
        "{uri}, which should be a playlist, is none", "{uri} 应为播放列表，但内容不是";
    /// A playlist that is named by another one names further playlists.
    HlsPlaylistsNested = "hls-playlists-nested", Damage, Broken, "RFC 8216 4.3.4.2", Resave,
        "a playlist inside the playlist names a further one: {uri}", "播放列表中的播放列表又引用了另一个播放列表：{uri}";
    /// Segments are on a server. They were not fetched.
    HlsSegmentsRemote = "hls-segments-remote", Unchecked, Harmless, "", None,
        "{count} segments or playlists are on a server and were not fetched", "有 {count} 个片段或播放列表位于服务器上，未获取";
    /// Segments could not be looked at: only those in the folder of the playlist or below it are, and
    /// only if the playlist is checked as a file.
    HlsSegmentsNotSeen = "hls-segments-not-seen", Unchecked, Harmless, "", None,
        "{count} segments or playlists are out of reach and were not looked at", "有 {count} 个片段或播放列表无法访问，未检查";

    // ---- Ogg (RFC 3533) ----

    /// The file ends inside a page.
    OggTruncated = "ogg-truncated", Damage, Broken, "RFC 3533, 6", Fetch,
        "the file ends at byte {offset}, inside a page of which {bytes} bytes are there",
        "文件在字节 {offset} 处中断，最后一页只有 {bytes} 字节";
    /// A page does not begin where the one before ends: bytes were changed, lost or added.
    OggSyncLost = "ogg-sync-lost", Damage, Broken, "RFC 3533, 6", Fetch,
        "there is no page at byte {offset}; the next {bytes} bytes belong to none", "字节 {offset} 处没有页，之后的 {bytes} 字节不属于任何页";
    /// The bytes of a page do not have the checksum that it states. Readers drop such pages.
    OggChecksumWrong = "ogg-checksum-wrong", Damage, Broken, "RFC 3533, 6", Fetch,
        "page {page} at byte {offset} does not have its checksum", "字节 {offset} 处的第 {page} 页与其校验和不符";
    /// Pages are counted, and the count of a stream jumps.
    OggPageMissing = "ogg-page-missing", Damage, Doubtful, "RFC 3533, 6", Fetch,
        "page {expected} is missing: page {page} comes at byte {offset}", "缺少第 {expected} 页：字节 {offset} 处是第 {page} 页";
    /// No page is marked as the last one of a stream: the file was cut off between two pages, or it
    /// was recorded from something that did not end.
    OggEndMissing = "ogg-end-missing", Damage, Doubtful, "RFC 3533, 4", Fetch,
        "no page is marked as the last one of the stream", "没有标记为流末页的页";
    /// A page belongs to a stream that did not begin: the start of the file is missing.
    OggStreamUndeclared = "ogg-stream-undeclared", Damage, Broken, "RFC 3533, 4", Fetch,
        "the page at byte {offset} belongs to stream {serial}, which did not begin", "字节 {offset} 处的页属于流 {serial}，但该流没有起始页";
    /// The packet that describes a stream is cut short or has impossible values.
    OggHeaderMalformed = "ogg-header-malformed", Damage, Broken, "RFC 3533, 4", Fetch,
        "the description of stream {serial} is not readable", "流 {serial} 的描述无法读取";
    /// A video stream is described and has no frame.
    OggFramesMissing = "ogg-frames-missing", Damage, Broken, "RFC 3533, 4", Fetch,
        "the stream has no frames", "该流没有帧数据";
    /// Another Ogg file was appended, which the format allows for. Many players show the first one
    /// only.
    OggChained = "ogg-chained", Damage, Doubtful, "RFC 3533, 4", Resave,
        "a second Ogg file of {bytes} bytes begins at byte {offset}", "从字节 {offset} 处起是另一个 Ogg 文件，长 {bytes} 字节";
    /// Bytes that are no page follow the last page.
    OggTrailingData = "ogg-trailing-data", Damage, Harmless, "RFC 3533, 6", None,
        "{bytes} bytes follow the last page", "最后一页之后还有 {bytes} 字节";

    // ---- MXF (SMPTE ST 377-1) ----

    /// The file ends inside a value, or before the footer that it speaks of.
    MxfTruncated = "mxf-truncated", Damage, Broken, "SMPTE ST 377-1, 6.2", Fetch,
        "the file ends at least {missing} bytes too early", "文件至少提前 {missing} 字节结束";
    /// Where a key should begin there is something else: bytes were lost, added or overwritten.
    MxfChainBroken = "mxf-chain-broken", Damage, Broken, "SMPTE ST 377-1, 6.2", Fetch,
        "no key begins where one should: bytes were lost, added or overwritten",
        "应为键起始处却不是键：有字节丢失、多出或被覆盖";
    /// There is no description of any essence, so that nobody knows what it is.
    MxfMetadataMissing = "mxf-metadata-missing", Damage, Broken, "SMPTE ST 377-1, 9", Fetch,
        "the description of the essence is missing", "缺少素材描述信息";
    /// The file describes an essence that is not in it; it may be in another one.
    MxfEssenceMissing = "mxf-essence-missing", Damage, Doubtful, "SMPTE ST 377-1, 10", Original,
        "the file holds no picture or sound", "文件中没有画面或声音数据";
    /// There is no footer: the recording was interrupted or is still going on.
    MxfFooterMissing = "mxf-footer-missing", Damage, Doubtful, "SMPTE ST 377-1, 7.4", Fetch,
        "the footer, which ends a file, is missing", "缺少文件末尾的尾部分区";
    /// A partition says that it is elsewhere: bytes before it were lost or added.
    MxfPartitionMisplaced = "mxf-partition-misplaced", Damage, Doubtful, "SMPTE ST 377-1, 7.1", Fetch,
        "a partition says that it is at byte {stated}; it is at byte {here}", "分区声明位于第 {stated} 字节，实际位于第 {here} 字节";
    /// The index of partitions points where there is none.
    MxfIndexWrong = "mxf-index-wrong", Damage, Doubtful, "SMPTE ST 377-1, 12", Fetch,
        "the index of partitions points to byte {target}, where there is none", "分区索引指向第 {target} 字节，但该处没有分区";
    /// Bytes behind the end belong to nothing.
    MxfTrailingData = "mxf-trailing-data", Damage, Harmless, "SMPTE ST 377-1, 6.2", None,
        "{bytes} bytes follow the end", "文件结束之后还有 {bytes} 字节";

    // ---- requests ----

    /// There is no body, though the operation takes one.
    BodyEmpty = "body-empty", Request, Broken, "", WriteBody,
        "the request has no body", "请求没有请求体";
    /// The body is longer than the API gateway forwards, whichever way MB is read.
    BodyTooLarge = "body-too-large", Request, Broken, "", ShrinkBody,
        "the body has {bytes} bytes; the gateway takes {limit_mb} MB at most",
        "请求体为 {bytes} 字节，网关最大支持 {limit_mb} MB";
    /// The body is between the two readings of "MB" of the gateway's limit.
    BodySizeAmbiguous = "body-size-ambiguous", Request, Doubtful, "", ShrinkBody,
        "the body has {bytes} bytes; whether that is over {limit_mb} MB depends on whether the gateway counts 1,000,000 or 1,048,576 bytes to a MB",
        "请求体为 {bytes} 字节，是否超过 {limit_mb} MB 取决于网关按 1,000,000 还是 1,048,576 字节计算 MB";
    /// The body passes the gateway, but is longer than the largest field that the service takes.
    BodyOverServiceLimit = "body-over-service-limit", Request, Doubtful, "", ShrinkBody,
        "the body has {bytes} bytes; no field of the service takes more than {limit_mb} MB",
        "请求体为 {bytes} 字节，服务的任何字段都不超过 {limit_mb} MB";
    /// The header Content-Length states another length than the body has.
    BodyLengthMismatch = "body-length-mismatch", Request, Broken, "RFC 9110, 8.6", CountBody,
        "Content-Length says {stated} bytes, and the body has {bytes}", "Content-Length 为 {stated} 字节，而请求体为 {bytes} 字节";
    /// The body is compressed or otherwise encoded as a whole. Whether the service takes that is not known.
    BodyEncoded = "body-encoded", Unchecked, Doubtful, "", WriteBody,
        "the body is encoded as {coding}, and was not looked into", "请求体以 {coding} 编码，未检查其内容";
    /// The body is something else than JSON: a form, XML, the picture itself.
    BodyNotJson = "body-not-json", Request, Broken, "RFC 8259, 2", WriteJson,
        "the body is {label}, not JSON", "请求体是{label}，不是 JSON";
    /// A string of the body holds bytes that are not UTF-8.
    BodyNotUtf8 = "body-not-utf8", Request, Broken, "RFC 8259, 8.1", SendUtf8,
        "the body is not UTF-8", "请求体不是 UTF-8 编码";
    /// The body is UTF-16 or UTF-32, as some shells write files.
    BodyUtf16 = "body-utf16", Request, Broken, "RFC 8259, 8.1", SendUtf8,
        "the body is {encoding}, not UTF-8", "请求体的编码是 {encoding}，不是 UTF-8";
    /// A byte order mark comes before the JSON text. Some readers skip it, others refuse it.
    BodyBom = "body-bom", Request, Doubtful, "RFC 8259, 8.1", SendUtf8,
        "the body begins with a byte order mark", "请求体以字节顺序标记（BOM）开头";
    /// The body ends before its JSON text does.
    JsonTruncated = "json-truncated", Request, Broken, "RFC 8259, 2", WriteJson,
        "the body ends before its JSON does: {open} still open", "请求体在 JSON 结束前就已终止：还有 {open} 处未闭合";
    /// Something stands where JSON wants something else.
    JsonSyntax = "json-syntax", Request, Broken, "RFC 8259, 2", WriteJson,
        "there is {found} where JSON wants {wanted}", "此处为 {found}，而 JSON 要求{wanted}";
    /// A comma follows the last member of an object or the last item of an array.
    JsonTrailingComma = "json-trailing-comma", Request, Broken, "RFC 8259, 4, 5", WriteJson,
        "a comma stands before the closing bracket", "右括号之前有多余的逗号";
    /// More text follows the JSON value.
    JsonTrailingData = "json-trailing-data", Request, Broken, "RFC 8259, 2", WriteJson,
        "{bytes} bytes follow the end of the JSON", "JSON 结束之后还有 {bytes} 字节";
    /// The text has comments, which JSON has not.
    JsonComment = "json-comment", Request, Broken, "RFC 8259, 2", WriteJson,
        "there is a comment", "存在注释";
    /// A name or a string is in single quotes or in none.
    JsonQuotesWrong = "json-quotes-wrong", Request, Broken, "RFC 8259, 7", WriteJson,
        "{found} is not in double quotes", "{found} 没有用双引号括起";
    /// A bare word stands for a value: NaN, Infinity, None, True, undefined.
    JsonWordUnknown = "json-word-unknown", Request, Broken, "RFC 8259, 3", WriteJson,
        "{word} is no value of JSON", "{word} 不是 JSON 的值";
    /// A number is written in a form that JSON has not: leading zeros, a plus sign, a bare point.
    JsonNumberBad = "json-number-bad", Request, Broken, "RFC 8259, 6", WriteJson,
        "{number} is no number of JSON", "{number} 不是合法的 JSON 数字";
    /// A string holds a control character, such as a line break or NUL, that must be escaped.
    JsonControlCharacter = "json-control-character", Request, Broken, "RFC 8259, 7", WriteJson,
        "a string holds the control character {code} unescaped", "字符串中含有未转义的控制字符 {code}";
    /// A string holds an escape that JSON has not.
    JsonEscapeBad = "json-escape-bad", Request, Broken, "RFC 8259, 7", WriteJson,
        "a string holds {escape}, which is no escape of JSON", "字符串中的 {escape} 不是合法的 JSON 转义";
    /// An escape names one half of a surrogate pair. Some readers replace it, some refuse it.
    JsonSurrogateLone = "json-surrogate-lone", Request, Doubtful, "RFC 8259, 8.2", WriteJson,
        "a string holds {escape}, half of a surrogate pair", "字符串中含有孤立的代理项 {escape}";
    /// A string holds an escaped NUL. Programs in C end the string there.
    JsonNul = "json-nul", Request, Doubtful, "RFC 8259, 7", WriteJson,
        "a string holds a NUL character", "字符串中含有 NUL 字符";
    /// An object has one name twice. Most readers take the last, some the first, some refuse.
    JsonKeyDuplicate = "json-key-duplicate", Request, Doubtful, "RFC 8259, 4", WriteJson,
        "{field} is there twice", "{field} 出现了两次";
    /// Arrays and objects are nested deeper than common readers follow.
    JsonNestingDeep = "json-nesting-deep", Request, Broken, "RFC 8259, 9", WriteJson,
        "the JSON is nested more than {limit} levels deep", "JSON 嵌套超过 {limit} 层";
    /// The JSON text is sound, but no object.
    JsonRootNotObject = "json-root-not-object", Request, Broken, "", WriteBody,
        "the body is {found}; the operation wants an object", "请求体是{found}，而接口要求对象";
    /// The body has more values than are looked at.
    BodyValuesMany = "body-values-many", Unchecked, Doubtful, "", WriteBody,
        "the body has more than {limit} values; the rest was not looked at", "请求体中的值超过 {limit} 个，其余未检查";
    /// A mandatory field is not there.
    FieldMissing = "field-missing", Request, Broken, "", FillField,
        "{field} is missing", "缺少 {field}";
    /// A mandatory field is there and empty or null.
    FieldEmpty = "field-empty", Request, Broken, "", FillField,
        "{field} is empty", "{field} 为空";
    /// The operation has no such field. Services ignore it or refuse the request.
    FieldUnknown = "field-unknown", Request, Doubtful, "", DropField,
        "the operation has no field {field}", "接口没有字段 {field}";
    /// A field has a value of another type.
    FieldTypeWrong = "field-type-wrong", Request, Broken, "", SetType,
        "{field} is {found}, not {expected}", "{field} 是{found}，应为{expected}";
    /// A number is given as a string. Some readers convert it.
    FieldNumberQuoted = "field-number-quoted", Request, Doubtful, "", SetType,
        "{field} is a number in quotes, not {expected}", "{field} 是带引号的数字，应为{expected}";
    /// A value is not on the list of the field.
    FieldValueUnknown = "field-value-unknown", Request, Broken, "", ChooseValue,
        "{field} does not take the value {value}", "{field} 不支持值 {value}";
    /// Some pages of the service list the value and others do not.
    FieldValueDisputed = "field-value-disputed", Request, Doubtful, "", ChooseValue,
        "pages of the service disagree on whether {field} takes the value {value}",
        "服务的不同页面对 {field} 是否支持值 {value} 说法不一";
    /// A number is outside the bounds of the field.
    FieldOutOfRange = "field-out-of-range", Request, Broken, "", StayWithin,
        "{field} is {value}; it takes {min} to {max}", "{field} 为 {value}，取值范围是 {min} 到 {max}";
    /// A string is longer than the field takes.
    FieldTooLong = "field-too-long", Request, Broken, "", Shorten,
        "{field} has {length} characters; it takes {limit} at most", "{field} 有 {length} 个字符，最多 {limit} 个";
    /// A string holds characters that the field does not take.
    FieldCharacters = "field-characters", Request, Broken, "", ChooseValue,
        "{field} holds {found}; it takes {allowed} only", "{field} 含有 {found}，只能使用 {allowed}";
    /// Two items have one identifier.
    FieldRepeated = "field-repeated", Request, Broken, "", Distinguish,
        "{field} has the value {value} again", "{field} 的值 {value} 重复";
    /// There are more items than one request may have.
    ItemsTooMany = "items-too-many", Request, Broken, "", SplitRequest,
        "{field} has {count} items; one request takes {limit} at most", "{field} 有 {count} 项，一次请求最多 {limit} 项";
    /// The service does not offer the language.
    LanguageUnsupported = "language-unsupported", Request, Broken, "", ChooseValue,
        "the language {value} is not supported", "不支持语种 {value}";
    /// Some pages of the service list the language and others do not.
    LanguageDisputed = "language-disputed", Request, Doubtful, "", ChooseValue,
        "pages of the service disagree on whether it supports the language {value}",
        "服务的不同页面对是否支持语种 {value} 说法不一";
    /// Fields exclude each other, and both are there. What the service does with that is not stated.
    FieldsBoth = "fields-both", Request, Doubtful, "", SendOne,
        "{field} and {other} are both there", "同时传入了 {field} 和 {other}";
    /// A field has no effect because of another.
    FieldIgnored = "field-ignored", Request, Harmless, "", None,
        "{field} has no effect beside {other}", "传入 {other} 时 {field} 不起作用";
    /// A text is longer than what the service reads of it; the rest is cut off silently.
    TextTooLong = "text-too-long", Request, Harmless, "", None,
        "{field} has {length} characters; the service reads the first {limit}", "{field} 有 {length} 个字符，服务只读取前 {limit} 个";
    /// The address for the result is not one that the service can call.
    CallbackUnusable = "callback-unusable", Request, Broken, "", FixUrl,
        "{field} is no address that the service can call ({fault})", "{field} 不是服务可以调用的地址（{fault}）";
    /// The operation was taken offline.
    OperationRetired = "operation-retired", Transport, Broken, "", CallCurrent,
        "{title} was taken offline", "{title}已下线";
    /// Neither path nor fields tell which operation the request is for.
    OperationUnclear = "operation-unclear", Unchecked, Doubtful, "", NameOperation,
        "which operation the request is for cannot be told", "无法判断请求对应的接口";
    /// The operation is called with another HTTP method.
    MethodWrong = "method-wrong", Transport, Broken, "", UseMethod,
        "the method is {method}; the operation wants {expected}", "请求方法为 {method}，接口要求 {expected}";
    /// There is no operation at the path.
    PathUnknown = "path-unknown", Transport, Broken, "", FixPath,
        "there is no operation at {path}", "{path} 处没有接口";
    /// The path lacks the part that names the service.
    PathServiceMissing = "path-service-missing", Transport, Broken, "", FixPath,
        "the path {path} does not name the service", "路径 {path} 中没有服务名";
    /// The path is malformed: a placeholder was left in, or it holds spaces or empty parts.
    PathMalformed = "path-malformed", Transport, Broken, "", FixPath,
        "the path {path} is malformed", "路径 {path} 格式错误";
    /// The host is one of the service, but of no region that it is known to be in.
    EndpointUnknown = "endpoint-unknown", Transport, Doubtful, "", ChooseValue,
        "the service is not known to be in the region {region}", "服务未在区域 {region} 提供（就所知而言）";

    // ---- headers and tokens ----

    /// A header that the service needs is missing or empty.
    HeaderMissing = "header-missing", Transport, Broken, "", SetHeader,
        "the header {header} is missing or empty", "缺少请求头 {header} 或其值为空";
    /// The body is not declared as JSON, as when a program sends it like a form.
    ContentTypeWrong = "content-type-wrong", Transport, Doubtful, "", SetContentType,
        "Content-Type is {value}, not application/json", "Content-Type 为 {value}，不是 application/json";
    /// The request has neither a token nor a signature, or an empty token.
    TokenMissing = "token-missing", Transport, Broken, "", GetToken,
        "the request has no token", "请求没有 Token";
    /// The token has a prefix that belongs to another way of authentication.
    TokenPrefixed = "token-prefixed", Transport, Broken, "", GetToken,
        "the token begins with \"{prefix}\"", "Token 以“{prefix}”开头";
    /// The token is in quotes.
    TokenQuoted = "token-quoted", Transport, Broken, "", GetToken,
        "the token holds quotation marks", "Token 中含有引号";
    /// The token holds a line break or a space, as when it was copied from a terminal.
    TokenBroken = "token-broken", Transport, Broken, "", GetToken,
        "the token holds white space", "Token 中含有空白字符";
    /// The place of the token was not filled in.
    TokenPlaceholder = "token-placeholder", Transport, Broken, "", GetToken,
        "a placeholder stands in the place of the token", "Token 处仍是占位符";
    /// The token states a length, and is shorter.
    TokenTruncated = "token-truncated", Transport, Broken, "RFC 5652, 3", GetToken,
        "the token has {length} characters of {stated}", "Token 应有 {stated} 个字符，实际只有 {length} 个";
    /// The token states a length, and is longer.
    TokenTooLong = "token-too-long", Transport, Doubtful, "RFC 5652, 3", GetToken,
        "the token has {length} characters, and states {stated}", "Token 有 {length} 个字符，多于其声明的 {stated} 个";
    /// The token has characters that tokens have not, or is far too short for one.
    TokenOdd = "token-odd", Transport, Doubtful, "", GetToken,
        "the token ({length} characters) does not look like one", "Token（{length} 个字符）不像正常的 Token";

    // ---- base64 ----

    /// The text is a data URI: its prefix was left in.
    Base64DataUri = "base64-data-uri", Request, Broken, "RFC 2397, 3", StripPrefix,
        "the prefix {prefix} was left before the base64 text", "base64 文本前保留了前缀 {prefix}";
    /// The text uses the alphabet for URLs and file names.
    Base64UrlSafe = "base64-url-safe", Request, Broken, "RFC 4648, 5", EncodeStandard,
        "the text uses - and _ in the place of + and / ({count} times)", "文本用 - 和 _ 代替了 + 和 /（共 {count} 处）";
    /// The text is broken into lines. Some decoders skip the breaks, others refuse them.
    Base64LineBreaks = "base64-line-breaks", Request, Doubtful, "RFC 4648, 3.1", EncodeStandard,
        "the base64 text is broken into lines ({count} characters of white space)", "base64 文本中有换行（共 {count} 个空白字符）";
    /// The padding at the end is missing. Some decoders do without it.
    Base64PaddingMissing = "base64-padding-missing", Request, Doubtful, "RFC 4648, 3.2", EncodeStandard,
        "{missing} characters of padding (=) are missing at the end", "末尾缺少 {missing} 个填充字符（=）";
    /// There is padding where none belongs: too much, or in the middle of the text.
    Base64PaddingWrong = "base64-padding-wrong", Request, Broken, "RFC 4648, 3.2", EncodeStandard,
        "the padding (=) is wrong", "填充字符（=）有误";
    /// No bytes have that many characters: the text was cut, or characters got lost.
    Base64Cut = "base64-cut", Request, Broken, "RFC 4648, 4", EncodeStandard,
        "base64 text cannot have {count} characters: some are missing", "base64 文本不可能有 {count} 个字符：缺少部分字符";
    /// The text was escaped for a URL or a form.
    Base64PercentEscaped = "base64-percent-escaped", Request, Broken, "RFC 3986, 2.1", KeepBase64,
        "the base64 text is percent-encoded ({count} times)", "base64 文本被百分号转义（共 {count} 处）";
    /// The text was escaped for HTML or XML.
    Base64HtmlEscaped = "base64-html-escaped", Request, Broken, "", KeepBase64,
        "the base64 text is escaped for HTML ({count} times)", "base64 文本被 HTML 转义（共 {count} 处）";
    /// The text has spaces: a form was decoded, which makes spaces of plus signs.
    Base64PlusLost = "base64-plus-lost", Request, Broken, "", KeepBase64,
        "the base64 text holds {count} spaces, most likely in the place of +", "base64 文本中有 {count} 个空格，很可能原为 +";
    /// What the text decodes to is base64 again.
    Base64Twice = "base64-twice", Request, Broken, "", EncodeOnce,
        "the text is {label} in base64, encoded with base64 again", "文本是{label}经两次 base64 编码的结果";
    /// The text is hexadecimal.
    Base64Hex = "base64-hex", Request, Broken, "", EncodeOnce,
        "the text is {label} in hexadecimal, not in base64", "文本是{label}的十六进制形式，不是 base64";
    /// The text names a file in the place of holding it.
    Base64Path = "base64-path", Request, Broken, "", EncodeFile,
        "the text is the name of a file ({name}), not its content", "文本是文件名（{name}），不是文件内容";
    /// The text is an address in the place of the file.
    Base64Url = "base64-url", Request, Broken, "", EncodeFile,
        "the text is an address, not the content of a file", "文本是一个地址，不是文件内容";
    /// The text is in quotes, as when a program prints its bytes: b'…'.
    Base64Quoted = "base64-quoted", Request, Broken, "", KeepBase64,
        "the base64 text is in quotation marks of its own", "base64 文本自身还带有引号";
    /// The text holds characters that base64 has not.
    Base64Characters = "base64-characters", Request, Broken, "RFC 4648, 3.3", EncodeStandard,
        "the text holds {count} characters that are none of base64; the first is {character}",
        "文本中有 {count} 个非 base64 字符，第一个是 {character}";

    // ---- URLs ----

    /// The text is no address.
    UrlMalformed = "url-malformed", Transport, Broken, "WHATWG URL, 4.4", FixUrl,
        "the address cannot be read: {fault}", "无法解析地址：{fault}";
    /// The address is not of a kind that the service fetches from.
    UrlScheme = "url-scheme", Transport, Broken, "", FixUrl,
        "the address begins with {scheme}:, and the service takes {allowed}", "地址以 {scheme}: 开头，服务只支持 {allowed}";
    /// The host cannot be reached from the public network.
    UrlHostPrivate = "url-host-private", Transport, Broken, "RFC 6890", PublishFile,
        "{host} is not on the public network", "{host} 不在公网上";
    /// The host is an IP address. Services fetch from names, and certificates are for names.
    UrlHostNumeric = "url-host-numeric", Transport, Doubtful, "", PublishFile,
        "the host is the bare IP address {host}", "主机是 IP 地址 {host}";
    /// The address holds a name or a password.
    UrlCredentials = "url-credentials", Transport, Doubtful, "RFC 3986, 3.2.1", DropCredentials,
        "the address holds a name or a password", "地址中含有用户名或密码";
    /// The address holds spaces or characters beyond ASCII as they are.
    UrlUnencoded = "url-unencoded", Transport, Doubtful, "RFC 3986, 2", EncodeUrl,
        "the address holds {found} unencoded", "地址中含有未编码的 {found}";
    /// The address is longer than web servers take.
    UrlTooLong = "url-too-long", Transport, Doubtful, "", Shorten,
        "the address has {length} characters; servers take about {limit}", "地址有 {length} 个字符，服务器通常最多接受约 {limit} 个";
    /// The link is signed for a time that is over.
    UrlExpired = "url-expired", Transport, Broken, "", RenewLink,
        "the link expired on {when}", "链接已于 {when} 过期";
    /// The name of the file behind the address ends like one of a format that the operation does not take.
    UrlExtension = "url-extension", Type, Doubtful, "", Convert,
        "the address ends in .{extension}, which the service does not list", "地址以 .{extension} 结尾，不在服务支持的格式列表中";
    /// The address of an object in OBS lacks the bucket, the region or the object.
    ObsUrlIncomplete = "obs-url-incomplete", Transport, Broken, "", FixObsUrl,
        "the address in OBS lacks {missing}", "OBS 地址缺少{missing}";
    /// The address is in the form of tools for OBS, which is no web address.
    ObsUrlScheme = "obs-url-scheme", Transport, Broken, "", FixObsUrl,
        "obs:// is a name for tools, not an address that the service takes", "obs:// 只是工具使用的名称，不是服务支持的地址";
    /// The object in OBS is in another region than the service that is called.
    ObsRegion = "obs-region", Transport, Doubtful, "", SameRegion,
        "the file is in {region}, and the service called in {endpoint}", "文件在 {region}，而调用的服务在 {endpoint}";
    /// The link to an object in OBS is signed for a time that is over.
    ObsUrlExpired = "obs-url-expired", Transport, Broken, "", RenewLink,
        "the link to the object in OBS expired on {when}", "OBS 对象的链接已于 {when} 过期";
    /// The file is larger than the service takes from OBS.
    ObsFileTooLarge = "obs-file-too-large", Limit, Broken, "", Compress,
        "the object in OBS has {bytes} bytes; the service takes {limit_mb} MB at most",
        "OBS 对象大小为 {bytes} 字节，服务最大支持 {limit_mb} MB";
    /// The object in OBS has no bytes.
    ObsFileEmpty = "obs-file-empty", Request, Broken, "", Upload,
        "the object in OBS is empty", "OBS 对象为空";
}
