//! Video formats, one file (or folder) each.

pub(crate) mod asf;
pub(crate) mod avi;
pub(crate) mod flv;
pub(crate) mod hls;
pub(crate) mod isobmff;
pub(crate) mod matroska;
mod mpeg_clock;
mod mpeg_pes;
pub(crate) mod mpeg_ps;
mod mpeg_stream;
pub(crate) mod mpeg_ts;
mod mpeg_zeros;
pub(crate) mod mxf;
pub(crate) mod ogg;
pub(crate) mod realmedia;
