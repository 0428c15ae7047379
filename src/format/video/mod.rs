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

/// Width to height of one pixel of a picture that as a whole is shown `across` to `down`.
pub(crate) fn pixel_aspect((across, down): (u32, u32), (width, height): (u32, u32)) -> Option<(u32, u32)> {
    let (x, y) = (u64::from(across).saturating_mul(height.into()), u64::from(down).saturating_mul(width.into()));
    let (mut a, mut b) = (x, y);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    let aspect = (u32::try_from(x.checked_div(a)?).ok()?, u32::try_from(y.checked_div(a)?).ok()?);
    (aspect != (1, 1) && aspect.0 > 0 && aspect.1 > 0).then_some(aspect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_aspect_of_a_pixel_follows_from_that_of_the_picture() {
        assert_eq!(pixel_aspect((4, 3), (720, 576)), Some((16, 15)));
        assert_eq!(pixel_aspect((16, 9), (1280, 720)), None);
        assert_eq!(pixel_aspect((0, 0), (0, 0)), None);
    }
}
