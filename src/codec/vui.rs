//! What H.264 and HEVC say alike of how pictures are to be shown (ITU-T H.264 and H.265, annex E).

use super::bits::Bits;

/// Width and height of a pixel by `aspect_ratio_idc` (H.264, table E-1).
const ASPECTS: [(u32, u32); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];

/// The `aspect_ratio_idc` that is followed by a ratio.
const EXTENDED: u32 = 255;

/// The aspect of a pixel, unless it is that of a square or nonsense.
pub(super) fn not_square((width, height): (u32, u32)) -> Option<(u32, u32)> {
    (width > 0 && height > 0 && width != height).then_some((width, height))
}

/// The first part of `vui_parameters()`, up to the place of the chroma samples: the aspect of a pixel,
/// which is taken for a square if nothing else is stated. `None` if the bits end.
pub(super) fn sample_aspect(bits: &mut Bits<'_>) -> Option<(u32, u32)> {
    let mut aspect = (1, 1);
    if bits.bit()? {
        aspect = match bits.uint(8)? {
            EXTENDED => (bits.uint(16)?, bits.uint(16)?),
            code => {
                let at = code.checked_sub(1).and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| ASPECTS.get(at)).copied().unwrap_or((1, 1))
            }
        };
    }
    // overscan_info
    if bits.bit()? {
        bits.skip(1)?;
    }
    // video_signal_type
    if bits.bit()? {
        bits.skip(4)?;
        if bits.bit()? {
            bits.skip(24)?;
        }
    }
    // chroma_loc_info
    if bits.bit()? {
        bits.ue()?;
        bits.ue()?;
    }
    Some(aspect)
}

/// Ticks a second over the ticks that one frame lasts.
pub(super) fn frame_rate(ticks: u32, a_frame: u64) -> Option<f64> {
    let rate = f64::from(ticks) / f64::from(u32::try_from(a_frame).ok()?);
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_aspect_of_a_pixel() {
        // present, idc 2, then nothing else
        assert_eq!(sample_aspect(&mut Bits::new(&[0b1000_0001, 0b0000_0000])), Some((12, 11)));
        // present, idc 255, 4:3
        let extended = [0b1111_1111, 0b1000_0000, 0b0000_0010, 0, 0b0000_0001, 0b1000_0000];
        assert_eq!(sample_aspect(&mut Bits::new(&extended)), Some((4, 3)));
        assert_eq!(sample_aspect(&mut Bits::new(&[0b1000_0000, 0b1000_0000])), Some((1, 1)), "square");
        assert_eq!(sample_aspect(&mut Bits::new(&[0xff])), None);
    }

    #[test]
    fn rates_of_frames() {
        assert_eq!(frame_rate(50, 2), Some(25.0));
        assert_eq!(frame_rate(50, 0), None);
        assert_eq!(frame_rate(0, 2), None);
    }
}
