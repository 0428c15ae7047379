//! Coded pictures apart from the files they come in: as much of each codec as it takes to tell what
//! a picture is and whether its data is whole. No pictures are made.

#[allow(dead_code, reason = "for the containers")]
pub(crate) mod audio;
pub(crate) mod av1;
pub(crate) mod bits;
mod dnxhd;
mod dv;
mod frames;
mod h263;
mod h264;
pub(crate) mod hevc;
mod jpeg;
mod log;
mod mpeg12;
mod mpeg4;
pub(crate) mod nal;
pub(crate) mod payload;
mod png;
mod prores;
mod runs;
mod table;
mod theora;
mod units;
mod vc1;
pub(crate) mod vp8;
pub(crate) mod vp8l;
mod vp9;
mod vui;
pub(crate) mod window;

#[allow(unused_imports, reason = "for the containers")]
pub(crate) use table::{Codec, Sort};
