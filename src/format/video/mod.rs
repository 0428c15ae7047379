//! Video formats, one file (or folder) each.

pub(crate) mod asf;
pub(crate) mod avi;
pub(crate) mod flv;
pub(crate) mod hls;
pub(crate) mod isobmff;
pub(crate) mod matroska;
pub(crate) mod mpeg_ps;
pub(crate) mod mpeg_ts;
pub(crate) mod mxf;
pub(crate) mod ogg;
pub(crate) mod realmedia;
