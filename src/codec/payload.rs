//! The coded data of one track, as they go by: what the parameter sets say, and whether the units
//! and frames hold together. Containers show it every frame; it never reads by itself, except in
//! [`show`], which takes a frame that lies in one piece.

use std::ops::Range;

use super::frames::Frames;
use super::log::Log;
use super::units::Units;
use super::{Codec, h264, hevc, mpeg4, mpeg12};
use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Grade, Id};
use crate::input::{Input, Walk};

/// How the units of a frame are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// As the codec has it by itself: one frame, or start codes where it uses them.
    Native,
    /// Each unit has its length before it, in so many bytes (H.264 and HEVC in MP4, Matroska, FLV).
    Lengths(u8),
}

/// What the coded data say of the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PictureFormat {
    /// Size in pixels, after the cropping that the codec itself asks for.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Width to height of one pixel, where it is stated and not 1:1.
    pub(crate) sample_aspect: Option<(u32, u32)>,
    /// Frames a second, where it is stated.
    pub(crate) frame_rate: Option<f64>,
    /// The profile, such as `High`.
    pub(crate) profile: Option<&'static str>,
}

/// Watches the coded data of one track.
#[derive(Debug)]
pub(crate) struct Payload {
    watch: Watch,
    log: Log,
}

#[derive(Debug)]
enum Watch {
    Units(Box<Units>),
    Frames(Box<Frames>),
}

impl Payload {
    /// Watches data in `codec`. At depth `full` every byte is looked at, at `structure` only what
    /// tells units apart and parameter sets.
    pub(crate) fn new(codec: Codec, depth: Depth) -> Self {
        let full = depth == Depth::Full;
        let units = |syntax| Watch::Units(Box::new(Units::new(syntax, full)));
        let watch = match codec {
            Codec::H264 => units(Box::<h264::Stream>::default()),
            Codec::Hevc => units(Box::<hevc::Stream>::default()),
            Codec::Mpeg1 | Codec::Mpeg2 => units(Box::new(mpeg12::Stream::new(full))),
            Codec::Mpeg4 => units(Box::<mpeg4::Stream>::default()),
            _ => Watch::Frames(Box::new(Frames::new(codec, full))),
        };
        Self { watch, log: Log::new(codec) }
    }

    /// Takes the decoder's configuration as containers keep it: `avcC`, `hvcC`, `av1C`, the specific
    /// information of `esds`, what follows a `BITMAPINFOHEADER`. It stands at byte `offset`. Containers
    /// that know where frames begin and end call this even if the configuration is empty.
    pub(crate) fn configure(&mut self, record: &[u8], offset: u64) {
        let mut faults = std::mem::take(&mut self.log.faults);
        match &mut self.watch {
            Watch::Units(units) => units.configure(record, offset, &mut self.log),
            Watch::Frames(frames) => frames.configure(record, offset, &mut self.log),
        }
        let broken = |fault: &&Defect| fault.id.info().grade == Grade::Broken;
        let place = self.log.faults.iter().find(broken).map(|fault| fault.offset.unwrap_or(offset));
        std::mem::swap(&mut faults, &mut self.log.faults);
        if let Some(place) = place {
            self.log.note(Defect::at(Id::VideoConfigInvalid, place));
        }
    }

    /// What is known of the picture so far.
    pub(crate) fn picture(&self) -> Option<&PictureFormat> {
        self.log.picture.as_ref()
    }

    /// A frame begins at byte `offset` of the file.
    pub(crate) fn begin(&mut self, offset: u64) {
        self.log.frame = self.log.frame.saturating_add(1);
        match &mut self.watch {
            Watch::Units(units) => units.begin(offset),
            Watch::Frames(frames) => frames.begin(offset),
        }
    }

    /// The next piece of the frame, which lies at byte `offset` of the file.
    pub(crate) fn feed(&mut self, offset: u64, piece: &[u8]) {
        match &mut self.watch {
            Watch::Units(units) => units.feed(offset, piece, &mut self.log),
            Watch::Frames(frames) => frames.feed(piece),
        }
    }

    /// How many of the next bytes of the frame need not be shown at this depth. The container passes
    /// over them with [`Payload::pass`], or shows them all the same.
    pub(crate) fn idle(&self) -> u64 {
        match &self.watch {
            Watch::Units(units) => units.idle(),
            Watch::Frames(frames) => frames.idle(),
        }
    }

    /// Passes over `len` bytes, no more than [`Payload::idle`] allows.
    pub(crate) fn pass(&mut self, len: u64) {
        match &mut self.watch {
            Watch::Units(units) => units.pass(len),
            Watch::Frames(frames) => frames.pass(len),
        }
    }

    /// The frame ends here.
    pub(crate) fn end(&mut self) {
        match &mut self.watch {
            Watch::Units(units) => units.end(&mut self.log),
            Watch::Frames(frames) => frames.end(&mut self.log),
        }
    }

    /// The stream ends here, with all its frames if `whole`.
    pub(crate) fn finish(&mut self, whole: bool) {
        if let Watch::Units(units) = &mut self.watch {
            units.finish(whole, &mut self.log);
        }
    }

    /// What was found wrong since the last call; the container says which track it is in.
    pub(crate) fn take_faults(&mut self) -> std::vec::Drain<'_, Defect> {
        self.log.faults.drain(..)
    }
}

/// Shows a frame that lies in one piece of the file.
pub(crate) fn show(payload: &mut Payload, input: &mut Input<'_>, frame: Range<u64>) -> Walk {
    payload.begin(frame.start);
    show_part(payload, input, frame)?;
    payload.end();
    Ok(())
}

/// Shows a part of the frame that has begun, which lies in one piece of the file.
pub(crate) fn show_part(payload: &mut Payload, input: &mut Input<'_>, part: Range<u64>) -> Walk {
    let mut at = part.start;
    while at < part.end {
        let idle = payload.idle().min(part.end.saturating_sub(at));
        if idle > 0 {
            payload.pass(idle);
            at = at.saturating_add(idle);
            input.work(1)?;
            continue;
        }
        let piece = input.fill(at, part.end)?;
        payload.feed(at, piece);
        at = at.saturating_add(len64(piece.len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;

    /// A stream of frames, the first of which may follow a configuration.
    struct Stream {
        codec: Codec,
        record: Option<Vec<u8>>,
        frames: Vec<Vec<u8>>,
    }

    impl Stream {
        fn new(codec: Codec, record: Option<&[u8]>, frames: &[&[u8]]) -> Self {
            let frames = frames.iter().map(|frame| frame.to_vec()).collect();
            Self { codec, record: record.map(<[u8]>::to_vec), frames }
        }

        /// What is said of it; the same however it is cut into pieces.
        fn watch(&self, depth: Depth) -> (Vec<&'static str>, Option<PictureFormat>) {
            let whole = self.watch_pieces(depth, usize::MAX);
            for size in [1, 2, 3, 7, 100] {
                assert_eq!(self.watch_pieces(depth, size), whole, "pieces of {size}");
            }
            let names = whole.0.iter().map(|fault| fault.id.name()).collect();
            (names, whole.1)
        }

        fn watch_pieces(&self, depth: Depth, size: usize) -> (Vec<Defect>, Option<PictureFormat>) {
            let mut payload = Payload::new(self.codec, depth);
            if let Some(record) = &self.record {
                payload.configure(record, 10);
            }
            let file = self.frames.concat();
            let mut input = Input::new(&file, &Budget::default()).unwrap();
            let mut faults: Vec<_> = payload.take_faults().collect();
            let mut start = 0_u64;
            for frame in &self.frames {
                let end = start.saturating_add(len64(frame.len()));
                if size == usize::MAX {
                    show(&mut payload, &mut input, start..end).unwrap();
                } else {
                    payload.begin(start);
                    for (at, piece) in (start..).step_by(size).zip(frame.chunks(size)) {
                        payload.feed(at, piece);
                    }
                    payload.end();
                }
                faults.extend(payload.take_faults());
                start = end;
            }
            payload.finish(true);
            faults.extend(payload.take_faults());
            // Two of one frame may change places.
            faults.sort_by_key(|fault| (fault.offset, fault.id));
            (faults, payload.picture().cloned())
        }

        fn faults(&self) -> Vec<&'static str> {
            self.watch(Depth::Full).0
        }
    }

    fn hex(digits: &str) -> Vec<u8> {
        let digits: Vec<_> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
        digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
    }

    /// 320 x 192, Constrained Baseline.
    const AVCC: &str = "0142c00c ff e1 0018 6742c00cd901419b011000000300100000030320f142a480 01 0005 68cb83cb20";
    const SPS_PPS: &str = "00000001 6742c00cd901419b011000000300100000030320f142a480 00000001 68cb83cb20";
    const IDR: &str = "6588 8409 7e17 9ad8 10ad e013 3c90 0187 e655";
    const P_SLICE: &str = "419a 3812 fd0d 8233 a3ab c02b 9baf aafd 4669";

    fn unit(digits: &str) -> Vec<u8> {
        let unit = hex(digits);
        [&u32::try_from(unit.len()).unwrap().to_be_bytes()[..], &unit].concat()
    }

    fn avc(frames: &[&[u8]]) -> Stream {
        Stream::new(Codec::H264, Some(&hex(AVCC)), frames)
    }

    #[test]
    fn h264_with_lengths() {
        let good = avc(&[&unit(IDR), &unit(P_SLICE), &[]]);
        let (faults, picture) = good.watch(Depth::Full);
        assert!(faults.is_empty(), "{faults:?}");
        let picture = picture.unwrap();
        assert_eq!((picture.width, picture.height, picture.frame_rate), (320, 192, Some(25.0)));
        assert_eq!(picture.profile, Some("Constrained Baseline"));
        assert_eq!(good.watch(Depth::Structure), (vec![], Some(picture)));
    }

    #[test]
    fn faults_of_h264_with_lengths() {
        let faults = |frame: &[u8]| avc(&[&unit(IDR), frame]).faults();
        let long = [unit(P_SLICE), vec![0x5a; 600]].concat();
        let mut long = [&608_u32.to_be_bytes()[..], &long[4..]].concat();
        long.truncate(612);
        assert_eq!(faults(&long), [""; 0]);
        assert_eq!(faults(&long[..611]), ["video-unit-chain-broken"]);
        assert_eq!(faults(&[&long[..], &[0, 0, 0, 9]].concat()), ["video-unit-chain-broken"]);
        assert_eq!(faults(&[&long[..], &[0, 0]].concat()), [""; 0], "padding");
        assert_eq!(faults(&[&long[..], &[0; 300]].concat()), ["video-unit-chain-broken"]);
        let changed = |range: Range<usize>, byte| {
            let mut frame = long.clone();
            frame[range].fill(byte);
            faults(&frame)
        };
        assert_eq!(changed(100..104, 0), ["video-unit-forbidden-bytes"]);
        assert_eq!(changed(400..612, 0), [""; 0], "padding inside a unit");
        assert_eq!(changed(300..612, 0), ["video-unit-forbidden-bytes"]);
        assert_eq!(changed(4..5, 0xc1), ["video-unit-invalid"]);
        assert_eq!(changed(4..5, 0x66), ["video-unit-irregular"]);
        assert_eq!(changed(5..9, 0), ["video-slice-invalid", "video-unit-forbidden-bytes"]);
        assert_eq!(faults(&unit("41 9a 3812 000001 06 05")), ["video-unit-start-code"]);
        assert_eq!(faults(&unit("41 d4 3812")), ["video-parameter-set-missing"]);
        assert_eq!(faults(&unit("65 9a 3812")), ["video-slice-invalid"], "an IDR picture of P slices");
        assert_eq!(avc(&[&unit(P_SLICE)]).faults(), ["video-starts-mid-group"]);
    }

    #[test]
    fn h264_with_start_codes_may_lie_across_packets() {
        let stream = hex(&format!("{SPS_PPS} 000001{IDR} 0000 00000001{P_SLICE} 000001{P_SLICE}"));
        for cut in 0..stream.len() {
            let (first, second) = stream.split_at(cut);
            let (faults, picture) = Stream::new(Codec::H264, None, &[first, second]).watch(Depth::Full);
            assert_eq!((faults, picture.unwrap().width), (vec![], 320));
        }
        let zeroed = hex(&format!("{SPS_PPS} 000001{IDR} 00000000 {IDR}"));
        assert_eq!(Stream::new(Codec::H264, None, &[&zeroed]).faults(), ["video-unit-forbidden-bytes"]);
        let headless = hex(&format!("000001{P_SLICE} {SPS_PPS} 000001{IDR}"));
        assert_eq!(Stream::new(Codec::H264, None, &[&headless]).faults(), ["video-starts-mid-group"]);
        let setless = hex(&format!("000001{P_SLICE}"));
        assert_eq!(Stream::new(Codec::H264, None, &[&setless]).faults(), ["video-parameter-set-missing"]);
        // Containers that know frames also know where they begin.
        let overwritten = vec![0x5a; 100];
        assert_eq!(Stream::new(Codec::H264, Some(&hex(SPS_PPS)), &[&overwritten]).faults(), ["video-frame-invalid"]);
    }

    #[test]
    fn start_codes_in_place_of_lengths_are_understood() {
        let frame = hex(&format!("00000001{P_SLICE} 00000001{P_SLICE}"));
        assert_eq!(avc(&[&unit(IDR), &frame, &unit(P_SLICE)]).faults(), ["video-unit-start-code"]);
    }

    #[test]
    fn configurations() {
        for (at, byte) in [(4, 0xfe), (7, 0xff), (8, 0x68), (9, 0xff), (35, 0x41)] {
            let mut record = hex(AVCC);
            record[at] = byte;
            let faults = Stream::new(Codec::H264, Some(&record), &[]).faults();
            let harmless = at == 9;
            assert_eq!(faults, if harmless { vec![] } else { vec!["video-config-invalid"] }, "byte {at}");
        }
        assert_eq!(Stream::new(Codec::Hevc, Some(&[1; 20]), &[]).faults(), ["video-config-invalid"]);
        assert_eq!(
            Stream::new(Codec::Av1, Some(&[0x81, 0, 0x0c, 0, 0x0a, 11]), &[]).faults(),
            ["video-config-invalid"]
        );
        let av1 = Stream::new(Codec::Av1, Some(&hex("81000c00 0a0b000000043cfefcdaf90040")), &[]);
        let (faults, picture) = av1.watch(Depth::Header);
        assert_eq!((faults, picture.map(|picture| (picture.width, picture.height))), (vec![], Some((320, 192))));
    }

    #[test]
    fn hevc_of_the_first_layer() {
        let pps = "00000001 4401c172b46240";
        let slice = "000001 2801af1d6377259a8822c9e8306b476d59";
        let stream = hex(&format!("{pps} {slice}"));
        assert_eq!(Stream::new(Codec::Hevc, None, &[&stream]).faults(), ["video-parameter-set-missing"], "no SPS");
        let other = hex("000001 2809af1d63 0000 0001 0209d0294be10c");
        assert_eq!(Stream::new(Codec::Hevc, None, &[&other]).faults(), [""; 0], "another layer");
        assert_eq!(Stream::new(Codec::Hevc, None, &[&hex("000001 2800af1d63")]).faults(), ["video-unit-invalid"]);
    }

    #[test]
    fn mpeg2_pictures_reach_the_last_row() {
        // 32 x 32, so two rows; sequence, its extension, picture, its extension
        let head = "000001b3 020020 13 ffffe018 000001b5 148a00010000 00000100 000fffff8 0 000001b5 8ffff34180";
        let stream = |rows: &[&str]| {
            let stream = hex(&format!("{head} {} 000001b7", rows.concat()));
            Stream::new(Codec::Mpeg2, None, &[&stream])
        };
        let rows = |rows: &[&str]| stream(rows).watch(Depth::Full);
        let (first, second) = ("00000101 1bf9c20b", "00000102 1bf9c20b");
        let (faults, picture) = rows(&[first, second]);
        let picture = picture.unwrap();
        assert_eq!(
            (faults, picture.width, picture.frame_rate, picture.profile),
            (vec![], 32, Some(25.0), Some("Main"))
        );
        assert_eq!(rows(&[first]).0, ["video-frame-short"]);
        assert_eq!(stream(&[first]).watch(Depth::Structure).0, [""; 0], "others may have been passed over");
        assert_eq!(rows(&[first, "00000000 0000", second]).0, [""; 0], "stuffing");
        assert_eq!(rows(&[first, "00000000 5a", second]).0, ["video-unit-forbidden-bytes"]);
        assert_eq!(rows(&[first, second, "000001e0"]).0, ["video-unit-invalid"]);
    }

    #[test]
    fn mpeg4_layers() {
        let record = hex("000001b001 000001b58913 00000100 00000120 00c48d8800cd0a04181443");
        let frame = hex("000001b6 1060 5a5a 5a5a 5a5a");
        let stream = Stream::new(Codec::Mpeg4, Some(&record), &[&frame]);
        let (faults, picture) = stream.watch(Depth::Full);
        let picture = picture.unwrap();
        assert_eq!((faults, picture.width, picture.height), (vec![], 320, 192));
        assert_eq!(picture.profile, Some("Simple Profile"));
        let later = hex("000001b6 5060 5a5a 5a5a 5a5a");
        assert_eq!(Stream::new(Codec::Mpeg4, Some(&record), &[&later]).faults(), ["video-starts-mid-group"]);
        assert_eq!(Stream::new(Codec::Mpeg4, Some(&record), &[&frame, &[7; 90]]).faults(), ["video-frame-invalid"]);
    }

    #[test]
    fn frames_that_stand_for_themselves() {
        let one = |codec, digits: &str| {
            let (faults, picture) = Stream::new(codec, None, &[&hex(digits)]).watch(Depth::Full);
            (faults, picture.map(|picture| (picture.width, picture.height)))
        };
        let none: Vec<&str> = Vec::new();
        let key = "50 00 00 9d012a 2800 1e00 5a5a";
        assert_eq!(one(Codec::Vp8, key), (none.clone(), Some((40, 30))));
        assert_eq!(one(Codec::Vp8, "50 01 00 9d012a 2800 1e00 5a5a").0, ["video-unit-chain-broken"]);
        assert_eq!(one(Codec::Vp8, "50 00 00 9d012b 2800 1e00 5a5a").0, ["video-frame-invalid"]);
        assert_eq!(one(Codec::Vp8, "31 00 00 5a5a").0, ["video-starts-mid-group"]);
        assert_eq!(one(Codec::Vp9, "82 498342 00 13f0 0bf0 5a"), (none.clone(), Some((320, 192))));
        assert_eq!(one(Codec::Vp9, "82 498343 00 13f0 0bf0 5a").0, ["video-frame-invalid"]);
        assert_eq!(one(Codec::Vp9, "82 498342 00 13f0 0bf0 c1 0509 c1").0, ["video-unit-chain-broken"]);
        let sequence = "0a0b 000000043cfefcdaf90040";
        assert_eq!(one(Codec::Av1, &format!("{sequence} 3202 1000")), (none.clone(), Some((320, 192))));
        assert_eq!(one(Codec::Av1, &format!("{sequence} 3203 1000")).0, ["video-unit-chain-broken"]);
        assert_eq!(one(Codec::Av1, &format!("{sequence} b203 1000")).0, ["video-frame-invalid"]);
        assert_eq!(one(Codec::H263, "0000 8002 0c 5a5a"), (none.clone(), Some((352, 288))));
        assert_eq!(one(Codec::H263, "0000 0002 0a").0, ["video-frame-invalid"]);
        assert_eq!(one(Codec::Sorenson, "0000 8400 8140 0060 0000").0, none);
        assert_eq!(one(Codec::Mjpeg, "00112233").0, ["video-frame-invalid"]);
        assert_eq!(one(Codec::Mjpeg, "ffd8ffd9").0, ["video-picture-damaged"]);
        assert_eq!(one(Codec::ProRes, "00000100 69637066 0014").0, ["video-frame-short"]);
        assert_eq!(one(Codec::Dv, "1f07003f").0, ["video-frame-short"]);
        let zeros = "00".repeat(512);
        assert_eq!(one(Codec::Wmv2, &format!("5a5a {zeros} 5a")).0, ["video-frame-zeroed"]);
        assert_eq!(one(Codec::Cinepak, &zeros).0, none, "not looked at");
    }

    #[test]
    fn nothing_is_too_broken() {
        let seeds =
            [AVCC, SPS_PPS, "000001b3 020020 13 ffffe018 000001b5 148a00010000 00000100 000fff", "0a0b000000043cfe"];
        for (codec, digits) in [
            Codec::H264,
            Codec::Hevc,
            Codec::Mpeg2,
            Codec::Mpeg4,
            Codec::Av1,
            Codec::Vp8,
            Codec::Vp9,
            Codec::ProRes,
            Codec::H263,
            Codec::Png,
            Codec::Dv,
            Codec::Dnxhd,
            Codec::Theora,
            Codec::Vc1,
        ]
        .into_iter()
        .flat_map(|codec| seeds.map(|seed| (codec, hex(seed))))
        {
            for at in 0..digits.len() {
                for value in [0, 1, 0x7f, 0xff] {
                    let mut bytes = digits.clone();
                    bytes[at] = value;
                    Stream::new(codec, Some(&bytes), &[&bytes[..at], &bytes]).faults();
                }
            }
        }
    }
}
