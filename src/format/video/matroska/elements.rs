//! The elements that are looked at, entered or named in messages (RFC 8794, clause 11; RFC 9559,
//! clause 5). All others are passed over as data.

/// What the data of an element are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Further elements.
    Master,
    /// An unsigned number.
    Uint,
    /// A floating-point number.
    Float,
    /// Text, bytes, frames, or not known.
    Other,
}

macro_rules! elements {
    ($($constant:ident = $id:literal, $name:literal, $shape:ident;)*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            #[allow(dead_code, reason = "many are only entered or named")]
            pub(super) const $constant: u32 = $id;
        )*

        const ALL: &[(u32, &str, Shape)] = &[$(($id, $name, Shape::$shape)),*];
    };
}

elements! {
    EBML = 0x1a45_dfa3, "EBML", Master;
    READ_VERSION = 0x42f7, "EBMLReadVersion", Uint;
    MAX_ID_LENGTH = 0x42f2, "EBMLMaxIDLength", Uint;
    MAX_SIZE_LENGTH = 0x42f3, "EBMLMaxSizeLength", Uint;
    DOC_TYPE = 0x4282, "DocType", Other;
    DOC_TYPE_READ_VERSION = 0x4285, "DocTypeReadVersion", Uint;
    CRC32 = 0xbf, "CRC-32", Other;
    VOID = 0xec, "Void", Other;

    SEGMENT = 0x1853_8067, "Segment", Master;

    SEEK_HEAD = 0x114d_9b74, "SeekHead", Master;
    SEEK = 0x4dbb, "Seek", Master;
    SEEK_ID = 0x53ab, "SeekID", Other;
    SEEK_POSITION = 0x53ac, "SeekPosition", Uint;

    INFO = 0x1549_a966, "Info", Master;
    TIMESTAMP_SCALE = 0x002a_d7b1, "TimestampScale", Uint;
    DURATION = 0x4489, "Duration", Float;
    CHAPTER_TRANSLATE = 0x6924, "ChapterTranslate", Master;

    CLUSTER = 0x1f43_b675, "Cluster", Master;
    TIMESTAMP = 0xe7, "Timestamp", Uint;
    SILENT_TRACKS = 0x5854, "SilentTracks", Master;
    POSITION = 0xa7, "Position", Uint;
    PREV_SIZE = 0xab, "PrevSize", Uint;
    SIMPLE_BLOCK = 0xa3, "SimpleBlock", Other;
    BLOCK_GROUP = 0xa0, "BlockGroup", Master;
    BLOCK = 0xa1, "Block", Other;
    BLOCK_DURATION = 0x9b, "BlockDuration", Uint;
    BLOCK_ADDITIONS = 0x75a1, "BlockAdditions", Master;
    BLOCK_MORE = 0xa6, "BlockMore", Master;
    REFERENCE_PRIORITY = 0xfa, "ReferencePriority", Uint;
    ENCRYPTED_BLOCK = 0xaf, "EncryptedBlock", Other;

    TRACKS = 0x1654_ae6b, "Tracks", Master;
    TRACK_ENTRY = 0xae, "TrackEntry", Master;
    TRACK_NUMBER = 0xd7, "TrackNumber", Uint;
    TRACK_UID = 0x73c5, "TrackUID", Uint;
    TRACK_TYPE = 0x83, "TrackType", Uint;
    FLAG_ENABLED = 0xb9, "FlagEnabled", Uint;
    FLAG_DEFAULT = 0x88, "FlagDefault", Uint;
    FLAG_LACING = 0x9c, "FlagLacing", Uint;
    DEFAULT_DURATION = 0x0023_e383, "DefaultDuration", Uint;
    LANGUAGE = 0x0022_b59c, "Language", Other;
    LANGUAGE_BCP47 = 0x0022_b59d, "LanguageBCP47", Other;
    CODEC_ID = 0x86, "CodecID", Other;
    CODEC_PRIVATE = 0x63a2, "CodecPrivate", Other;
    CODEC_DELAY = 0x56aa, "CodecDelay", Uint;
    SEEK_PRE_ROLL = 0x56bb, "SeekPreRoll", Uint;
    BLOCK_ADDITION_MAPPING = 0x41e4, "BlockAdditionMapping", Master;
    TRACK_TRANSLATE = 0x6624, "TrackTranslate", Master;
    TRACK_OPERATION = 0xe2, "TrackOperation", Master;
    TRACK_COMBINE_PLANES = 0xe3, "TrackCombinePlanes", Master;
    TRACK_PLANE = 0xe4, "TrackPlane", Master;
    TRACK_JOIN_BLOCKS = 0xe9, "TrackJoinBlocks", Master;

    VIDEO = 0xe0, "Video", Master;
    FLAG_INTERLACED = 0x9a, "FlagInterlaced", Uint;
    FIELD_ORDER = 0x9d, "FieldOrder", Uint;
    STEREO_MODE = 0x53b8, "StereoMode", Uint;
    PIXEL_WIDTH = 0xb0, "PixelWidth", Uint;
    PIXEL_HEIGHT = 0xba, "PixelHeight", Uint;
    PIXEL_CROP_BOTTOM = 0x54aa, "PixelCropBottom", Uint;
    PIXEL_CROP_TOP = 0x54bb, "PixelCropTop", Uint;
    PIXEL_CROP_LEFT = 0x54cc, "PixelCropLeft", Uint;
    PIXEL_CROP_RIGHT = 0x54dd, "PixelCropRight", Uint;
    DISPLAY_WIDTH = 0x54b0, "DisplayWidth", Uint;
    DISPLAY_HEIGHT = 0x54ba, "DisplayHeight", Uint;
    DISPLAY_UNIT = 0x54b2, "DisplayUnit", Uint;
    COLOUR_SPACE = 0x002e_b524, "UncompressedFourCC", Other;
    COLOUR = 0x55b0, "Colour", Master;
    MASTERING_METADATA = 0x55d0, "MasteringMetadata", Master;
    PRIMARY_R_X = 0x55d1, "PrimaryRChromaticityX", Float;
    PRIMARY_R_Y = 0x55d2, "PrimaryRChromaticityY", Float;
    PRIMARY_G_X = 0x55d3, "PrimaryGChromaticityX", Float;
    PRIMARY_G_Y = 0x55d4, "PrimaryGChromaticityY", Float;
    PRIMARY_B_X = 0x55d5, "PrimaryBChromaticityX", Float;
    PRIMARY_B_Y = 0x55d6, "PrimaryBChromaticityY", Float;
    WHITE_POINT_X = 0x55d7, "WhitePointChromaticityX", Float;
    WHITE_POINT_Y = 0x55d8, "WhitePointChromaticityY", Float;
    LUMINANCE_MAX = 0x55d9, "LuminanceMax", Float;
    LUMINANCE_MIN = 0x55da, "LuminanceMin", Float;
    PROJECTION = 0x7670, "Projection", Master;
    PROJECTION_TYPE = 0x7671, "ProjectionType", Uint;
    PROJECTION_POSE_YAW = 0x7673, "ProjectionPoseYaw", Float;
    PROJECTION_POSE_PITCH = 0x7674, "ProjectionPosePitch", Float;
    PROJECTION_POSE_ROLL = 0x7675, "ProjectionPoseRoll", Float;

    AUDIO = 0xe1, "Audio", Master;
    SAMPLING_FREQUENCY = 0xb5, "SamplingFrequency", Float;
    OUTPUT_SAMPLING_FREQUENCY = 0x78b5, "OutputSamplingFrequency", Float;
    CHANNELS = 0x9f, "Channels", Uint;
    BIT_DEPTH = 0x6264, "BitDepth", Uint;

    CONTENT_ENCODINGS = 0x6d80, "ContentEncodings", Master;
    CONTENT_ENCODING = 0x6240, "ContentEncoding", Master;
    CONTENT_ENCODING_SCOPE = 0x5032, "ContentEncodingScope", Uint;
    CONTENT_ENCODING_TYPE = 0x5033, "ContentEncodingType", Uint;
    CONTENT_COMPRESSION = 0x5034, "ContentCompression", Master;
    CONTENT_COMP_ALGO = 0x4254, "ContentCompAlgo", Uint;
    CONTENT_COMP_SETTINGS = 0x4255, "ContentCompSettings", Other;
    CONTENT_ENCRYPTION = 0x5035, "ContentEncryption", Master;
    CONTENT_ENC_AES_SETTINGS = 0x47e7, "ContentEncAESSettings", Master;

    CUES = 0x1c53_bb6b, "Cues", Master;
    CUE_POINT = 0xbb, "CuePoint", Master;
    CUE_TIME = 0xb3, "CueTime", Uint;
    CUE_TRACK_POSITIONS = 0xb7, "CueTrackPositions", Master;
    CUE_TRACK = 0xf7, "CueTrack", Uint;
    CUE_CLUSTER_POSITION = 0xf1, "CueClusterPosition", Uint;
    CUE_RELATIVE_POSITION = 0xf0, "CueRelativePosition", Uint;
    CUE_REFERENCE = 0xdb, "CueReference", Master;

    ATTACHMENTS = 0x1941_a469, "Attachments", Master;
    ATTACHED_FILE = 0x61a7, "AttachedFile", Master;
    FILE_MEDIA_TYPE = 0x4660, "FileMediaType", Other;
    FILE_UID = 0x46ae, "FileUID", Uint;

    CHAPTERS = 0x1043_a770, "Chapters", Master;
    EDITION_ENTRY = 0x45b9, "EditionEntry", Master;
    CHAPTER_ATOM = 0xb6, "ChapterAtom", Master;
    CHAPTER_UID = 0x73c4, "ChapterUID", Uint;
    CHAPTER_TIME_START = 0x91, "ChapterTimeStart", Uint;
    CHAPTER_TIME_END = 0x92, "ChapterTimeEnd", Uint;
    CHAPTER_TRACK = 0x8f, "ChapterTrack", Master;
    CHAPTER_DISPLAY = 0x80, "ChapterDisplay", Master;
    CHAPTER_PROCESS = 0x6944, "ChapProcess", Master;
    CHAPTER_PROCESS_COMMAND = 0x6911, "ChapProcessCommand", Master;

    TAGS = 0x1254_c367, "Tags", Master;
    TAG = 0x7373, "Tag", Master;
    TARGETS = 0x63c0, "Targets", Master;
    SIMPLE_TAG = 0x67c8, "SimpleTag", Master;
}

/// The elements that a segment is made of (RFC 9559, clause 5.1).
const TOP_LEVEL: &[u32] = &[SEEK_HEAD, INFO, CLUSTER, TRACKS, CUES, ATTACHMENTS, CHAPTERS, TAGS];
/// The elements that a cluster is made of (RFC 9559, clause 5.1.3).
const IN_CLUSTER: &[u32] = &[TIMESTAMP, SILENT_TRACKS, POSITION, PREV_SIZE, SIMPLE_BLOCK, BLOCK_GROUP, ENCRYPTED_BLOCK];

/// Whether the element may be anywhere (RFC 8794, clause 11.3).
fn is_global(id: u32) -> bool {
    matches!(id, CRC32 | VOID)
}

/// Whether the element may stand right inside a segment.
pub(super) fn is_top_level(id: u32) -> bool {
    TOP_LEVEL.contains(&id) || is_global(id)
}

/// Whether the element may stand right inside a cluster.
pub(super) fn is_in_cluster(id: u32) -> bool {
    IN_CLUSTER.contains(&id) || is_global(id)
}

/// Whether the element is known to stand higher up than in a cluster, so that it ends one whose size
/// is unknown (RFC 8794, clause 6.2).
pub(super) fn ends_cluster(id: u32) -> bool {
    TOP_LEVEL.contains(&id) || matches!(id, EBML | SEGMENT)
}

/// What the data of the element are.
pub(super) fn shape(id: u32) -> Shape {
    ALL.iter().find(|(known, ..)| *known == id).map_or(Shape::Other, |(_, _, shape)| *shape)
}

/// The name of the element, or else its ID.
pub(super) fn name(id: u32) -> String {
    match ALL.iter().find(|(known, ..)| *known == id) {
        Some((_, name, _)) => (*name).to_owned(),
        None => format!("0x{id:X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_begin_with_their_length() {
        for (at, (id, name, _)) in ALL.iter().enumerate() {
            assert_eq!(ALL.iter().position(|(other, ..)| other == id), Some(at), "{name}");
            let bytes = (u32::BITS - id.leading_zeros()).div_ceil(8);
            assert_eq!((id >> ((bytes - 1) * 8)).leading_zeros() - 24, bytes - 1, "{name}");
        }
    }

    #[test]
    fn what_is_unknown_is_named_by_its_id() {
        assert_eq!((name(CLUSTER).as_str(), name(0x4abc).as_str()), ("Cluster", "0x4ABC"));
        assert_eq!((shape(CUES), shape(0x4abc)), (Shape::Master, Shape::Other));
    }
}
