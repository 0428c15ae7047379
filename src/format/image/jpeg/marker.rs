//! Markers (T.81, table B.1): their codes, what they are called, and the search for the next one in
//! entropy-coded data, where `FF` is only ever followed by `00`, by a restart number, or by the
//! marker that ends the data (B.1.1.5).

pub(super) const SOF0: u8 = 0xC0;
pub(super) const DHT: u8 = 0xC4;
pub(super) const DAC: u8 = 0xCC;
pub(super) const RST0: u8 = 0xD0;
pub(super) const RST7: u8 = 0xD7;
pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DQT: u8 = 0xDB;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DRI: u8 = 0xDD;
pub(super) const DHP: u8 = 0xDE;
pub(super) const EXP: u8 = 0xDF;
pub(super) const APP0: u8 = 0xE0;
pub(super) const APP1: u8 = 0xE1;
pub(super) const APP2: u8 = 0xE2;
pub(super) const APP14: u8 = 0xEE;
pub(super) const APP15: u8 = 0xEF;
/// The frame header of JPEG-LS (ISO/IEC 14495-1), which is another format in the same clothes.
pub(super) const SOF55: u8 = 0xF7;
pub(super) const COM: u8 = 0xFE;
pub(super) const TEM: u8 = 0x01;

/// Whether `marker` begins a frame: SOF0 to SOF15, among which DHT, JPG and DAC have their codes.
pub(super) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF)
}

pub(super) fn is_restart(marker: u8) -> bool {
    (RST0..=RST7).contains(&marker)
}

/// The name of a marker, as the standard prints it.
pub(super) fn name(marker: u8) -> String {
    match marker {
        DHT => "DHT".into(),
        DAC => "DAC".into(),
        SOI => "SOI".into(),
        EOI => "EOI".into(),
        SOS => "SOS".into(),
        DQT => "DQT".into(),
        DNL => "DNL".into(),
        DRI => "DRI".into(),
        DHP => "DHP".into(),
        EXP => "EXP".into(),
        COM => "COM".into(),
        SOF0..=0xCF => format!("SOF{}", marker & 15),
        RST0..=RST7 => format!("RST{}", marker & 7),
        APP0..=APP15 => format!("APP{}", marker & 15),
        _ => format!("FF{marker:02X}"),
    }
}

/// How many bytes are looked at in one step; a compiler makes vector instructions of it.
const STEP: usize = 32;

/// The place of the first `FF` in `data` that no `00` follows. An `FF` in the last place is not
/// judged, since what follows it is not known.
pub(super) fn find(data: &[u8]) -> Option<usize> {
    let second = data.get(1..)?;
    let of_pairs = |firsts: &[u8], seconds: &[u8]| {
        firsts.iter().zip(seconds).fold(0, |any, (&a, &b)| any | (u8::from(a == 0xFF) & u8::from(b != 0)))
    };
    let place_in = |firsts: &[u8], seconds: &[u8]| firsts.iter().zip(seconds).position(|(&a, &b)| a == 0xFF && b != 0);
    let steps = data.chunks_exact(STEP).zip(second.chunks_exact(STEP));
    let mut passed = 0_usize;
    for (firsts, seconds) in steps {
        if of_pairs(firsts, seconds) != 0 {
            return place_in(firsts, seconds).and_then(|place| passed.checked_add(place));
        }
        passed = passed.saturating_add(STEP);
    }
    let place = place_in(data.get(passed..)?, second.get(passed..)?)?;
    passed.checked_add(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_wherever_it_is() {
        for len in 2..140 {
            for at in 0..len - 1 {
                let mut data = [0xFF, 0].repeat(len);
                data.truncate(len);
                if data.last() == Some(&0xFF) {
                    data[len - 1] = 7;
                }
                assert_eq!(find(&data), None);
                if at % 2 == 1 {
                    // What was the 00 behind an FF is to be an FF itself.
                    data[at - 1] = 7;
                }
                data[at] = 0xFF;
                data[at + 1] = 0xD0;
                assert_eq!(find(&data), Some(at), "{len} {at}");
            }
        }
        assert_eq!(find(&[]), None);
        assert_eq!(find(&[0xFF]), None);
        assert_eq!(find(&[1, 0xFF]), None);
    }

    #[test]
    fn markers_have_the_names_of_the_standard() {
        let names: Vec<_> = [0xC0, 0xC4, 0xCF, 0xD3, 0xE1, 0xFE, 0x42].into_iter().map(name).collect();
        assert_eq!(names, ["SOF0", "DHT", "SOF15", "RST3", "APP1", "COM", "FF42"]);
    }
}
