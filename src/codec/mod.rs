//! Coded pictures apart from the files they come in: as much of each codec as it takes to tell what
//! a picture is and whether its data is whole. No pictures are made.

pub(crate) mod av1;
pub(crate) mod bits;
pub(crate) mod hevc;
pub(crate) mod nal;
pub(crate) mod vp8;
pub(crate) mod vp8l;
pub(crate) mod window;
