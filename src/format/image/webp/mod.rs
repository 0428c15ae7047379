//! WebP (RFC 9649): a RIFF with one picture, or with an animation of several.
//!
//! The simple format is one `VP8 ` or `VP8L` chunk; the extended one begins with `VP8X` and has
//! further chunks around its pictures. What readers do with files that break the rules follows
//! libwebp, which nearly all of them are built on: its decoder of single pictures is lenient about
//! everything behind the picture, its demuxer refuses what is out of place.

use crate::checker::Depth;
use crate::codec::vp8;
use crate::defect::{Defect, Id};
use crate::facts::Color;
use crate::format::riff::{self, Chunk};
use crate::format::{Head, Inspection, exif};
use crate::input::Walk;

mod verify;

/// At header depth chunks are visited as long as they begin this near to the start…
const NEAR: u64 = 64 << 10;
/// … and so many more that are farther away, to get at the EXIF chunk behind the picture.
const FAR_CHUNKS: u32 = 3;
/// No more of an EXIF chunk than this is looked at.
const EXIF_CAP: u64 = 64 << 10;

/// Feature flags of `VP8X` (clause 2.7).
mod flag {
    pub(super) const ANIMATION: u8 = 0x02;
    pub(super) const XMP: u8 = 0x04;
    pub(super) const EXIF: u8 = 0x08;
    pub(super) const ALPHA: u8 = 0x10;
    pub(super) const ICC: u8 = 0x20;
    pub(super) const RESERVED: u8 = 0xc1;
}

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    head.has(0, b"RIFF") && head.has(8, b"WEBP")
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let size = cx.input.size();
    let riff = Chunk::at(cx.input, 0)?;
    cx.image().bit_depth = Some(8);
    let mut end = riff.end();
    // The least that a picture takes is "WEBP" and the header of one chunk.
    if riff.size < 12 {
        cx.note(Defect::at(Id::WebpRiffSizeInvalid, 4).with("size", riff.size));
        end = size;
    }
    if end < size {
        cx.note(Defect::at(Id::WebpTrailingData, end).with("bytes", size.saturating_sub(end)));
    }
    let mut walker = Walker {
        cx,
        end,
        have: end.min(size),
        extended: None,
        seen: Seen::default(),
        alpha: None,
        frame: None,
        far: FAR_CHUNKS,
        reached: None,
    };
    walker.file()?;
    if end > size {
        let mut defect = Defect::at(Id::WebpTruncated, size).with("missing", end.saturating_sub(size));
        if let Some((row, rows)) = walker.reached {
            defect = defect.with("row", row).with("intact_percent", verify::percent(row, rows));
        }
        cx.note(defect);
    }
    Ok(())
}

/// What a `VP8X` chunk says.
#[derive(Clone, Copy)]
struct Extended {
    flags: u8,
    width: u32,
    height: u32,
}

/// A frame of an animation.
#[derive(Clone, Copy)]
struct Frame {
    /// Counted from 0.
    number: u32,
    width: u32,
    height: u32,
    /// Where it ends.
    end: u64,
    /// Whether its picture was found.
    has_picture: bool,
}

/// What was met so far.
#[derive(Default)]
struct Seen {
    /// The flags of `VP8X` that would announce the chunks that were met.
    flags: u8,
    pictures: u32,
    frames: u32,
    animation: bool,
    unnamed: bool,
    undeclared: bool,
}

struct Walker<'w, 'c, 's> {
    cx: &'w mut Inspection<'c, 's>,
    /// Where the RIFF ends by its header.
    end: u64,
    /// How much of that the file has.
    have: u64,
    extended: Option<Extended>,
    seen: Seen,
    /// The `ALPH` chunk that the next picture goes with.
    alpha: Option<Chunk>,
    /// The frame whose chunks are being walked.
    frame: Option<Frame>,
    far: u32,
    /// If a picture is cut off: which of its rows of pixels is the first without data, of how many.
    reached: Option<(u32, u32)>,
}

impl Walker<'_, '_, '_> {
    /// Walks the chunks of the file.
    fn file(&mut self) -> Walk {
        let mut at = 12;
        while at < self.end {
            if at.saturating_add(riff::HEADER) > self.end {
                self.stray(at, self.end);
                break;
            }
            if at.saturating_add(riff::HEADER) > self.have || self.knows_enough(at) {
                break;
            }
            let chunk = Chunk::at(self.cx.input, at)?;
            let first = at == 12;
            if first && !matches!(&chunk.code, b"VP8X" | b"VP8 " | b"VP8L") {
                self.cx.note(Defect::at(Id::WebpFirstChunkInvalid, at).with("chunk", chunk.name()));
            }
            if chunk.end() > self.end {
                self.overrun(&chunk, self.end);
            }
            match &chunk.code {
                b"VP8X" if first => self.extended(&chunk)?,
                b"VP8X" => self.misplaced(&chunk),
                b"ANIM" => self.animation(&chunk),
                b"ANMF" => self.animation_frame(&chunk)?,
                b"EXIF" => self.exif(&chunk)?,
                b"ICCP" => self.seen.flags |= flag::ICC,
                b"XMP " => self.seen.flags |= flag::XMP,
                _ => self.picture_chunk(&chunk)?,
            }
            self.padding(&chunk)?;
            at = chunk.next();
        }
        self.finish(at >= self.end);
        Ok(())
    }

    /// Whether the chunk at `at` needs no visit because the facts are complete.
    fn knows_enough(&mut self, at: u64) -> bool {
        if self.cx.depth != Depth::Header || at == 12 {
            return false;
        }
        let Some(extended) = self.extended else {
            return self.seen.pictures > 0;
        };
        if extended.flags & flag::ANIMATION != 0 {
            // The number of frames is known only at the end, which is worth it if it is near.
            return at >= NEAR;
        }
        let wants_exif = extended.flags & flag::EXIF != 0 && self.seen.flags & flag::EXIF == 0;
        if self.seen.pictures > 0 && !wants_exif {
            return true;
        }
        if at >= NEAR {
            let Some(far) = self.far.checked_sub(1) else {
                return true;
            };
            self.far = far;
        }
        false
    }

    /// Says what the chunks together come to. `complete` is false if the walk broke off.
    fn finish(&mut self, complete: bool) {
        let whole = complete && self.end <= self.have;
        let animated = self.extended.is_some_and(|extended| extended.flags & flag::ANIMATION != 0);
        self.cx.image().animated = Some(animated);
        if !animated {
            self.cx.image().frames = Some(1);
        } else if whole || self.cx.depth > Depth::Header {
            self.cx.image().frames = Some(self.seen.frames);
        }
        if !whole {
            return;
        }
        if self.seen.pictures == 0 && self.seen.frames == 0 {
            self.cx.note(Defect::at(Id::WebpImageMissing, self.end));
        }
        let Some(Extended { flags, .. }) = self.extended else {
            return;
        };
        for (chunk, flag, missing_too) in [
            ("ICCP", flag::ICC, true),
            ("ALPH", flag::ALPHA, false),
            ("EXIF", flag::EXIF, true),
            ("XMP", flag::XMP, true),
        ] {
            let (announced, met) = (flags & flag != 0, self.seen.flags & flag != 0);
            if met && !announced || announced && !met && missing_too {
                self.cx.note(Defect::at(Id::WebpFlagsDisagree, 20).with("chunk", chunk).within("VP8X"));
            }
        }
    }

    /// Notes that less than the header of a chunk is left at `at`.
    fn stray(&mut self, at: u64, end: u64) {
        let bytes = end.saturating_sub(at);
        let id = if self.ignores_the_rest() { Id::WebpTrailingData } else { Id::WebpStrayBytes };
        self.note(Defect::at(id, at).with("bytes", bytes), "");
    }

    /// Notes that a chunk is longer than what it is in.
    fn overrun(&mut self, chunk: &Chunk, end: u64) {
        if self.ignores_the_rest() {
            let bytes = end.saturating_sub(chunk.offset);
            self.note(Defect::at(Id::WebpTrailingData, chunk.offset).with("bytes", bytes), "");
        } else {
            let over = chunk.end().saturating_sub(end);
            let defect = Defect::at(Id::WebpChunkOverrun, chunk.offset).with("chunk", chunk.name()).with("bytes", over);
            self.note(defect, "");
        }
    }

    /// Whether no reader looks any further: in the simple format the picture is all there is.
    fn ignores_the_rest(&self) -> bool {
        self.extended.is_none() && self.frame.is_none() && self.seen.pictures > 0
    }

    /// Up to where there can be data of a picture: the file has them, and they are in their frame.
    fn limit(&self) -> u64 {
        self.frame.map_or(self.have, |frame| frame.end.min(self.have))
    }

    /// Notes a defect in the chunk `inside` of the frame that is being walked, or of the file.
    fn note(&mut self, defect: Defect, inside: &str) {
        let path = match (self.frame, inside) {
            (None, "") => return self.cx.note(defect),
            (None, _) => inside.to_owned(),
            (Some(Frame { number, .. }), "") => format!("ANMF[{number}]"),
            (Some(Frame { number, .. }), _) => format!("ANMF[{number}]/{inside}"),
        };
        self.cx.note(defect.within(path));
    }

    fn misplaced(&mut self, chunk: &Chunk) {
        if !self.ignores_the_rest() {
            self.note(Defect::at(Id::WebpChunkMisplaced, chunk.offset).with("chunk", chunk.name()), "");
        }
    }

    /// The first `N` bytes of a chunk. If the chunk is shorter, that is noted; if the file is, not.
    fn head<const N: usize>(&mut self, chunk: &Chunk) -> Walk<Option<[u8; N]>> {
        let need = crate::bytes::len64(N);
        if chunk.size < need {
            self.size_invalid(chunk, need);
        } else if chunk.body().saturating_add(need) <= self.have {
            return self.cx.input.array(chunk.body()).map(Some);
        }
        Ok(None)
    }

    fn size_invalid(&mut self, chunk: &Chunk, need: u64) {
        let defect = Defect::at(Id::WebpChunkSizeInvalid, chunk.offset.saturating_add(4))
            .with("chunk", chunk.name())
            .with("size", chunk.size)
            .with("need", need);
        self.note(defect, "");
    }

    /// Looks at the byte that makes the length of a chunk even.
    fn padding(&mut self, chunk: &Chunk) -> Walk {
        if self.cx.depth == Depth::Header || chunk.size & 1 == 0 || chunk.end() > self.end {
            return Ok(());
        }
        if chunk.next() > self.end {
            let defect = Defect::at(Id::WebpPaddingMissing, chunk.end()).with("chunk", chunk.name());
            self.note(defect, "");
        } else if chunk.next() <= self.have && self.cx.input.array::<1>(chunk.end())? != [0] {
            let defect = Defect::at(Id::WebpPaddingNotZero, chunk.end()).with("chunk", chunk.name());
            self.note(defect, "");
        }
        Ok(())
    }

    /// `VP8X`: flags and the size of the canvas.
    fn extended(&mut self, chunk: &Chunk) -> Walk {
        if chunk.size > 10 {
            self.size_invalid(chunk, 10);
        }
        let Some([flags, _, _, _, w0, w1, w2, h0, h1, h2]) = self.head(chunk)? else {
            return Ok(());
        };
        let width = u32::from_le_bytes([w0, w1, w2, 0]).saturating_add(1);
        let height = u32::from_le_bytes([h0, h1, h2, 0]).saturating_add(1);
        self.extended = Some(Extended { flags, width, height });
        self.cx.image().set_size(width, height);
        self.cx.image().alpha = Some(flags & flag::ALPHA != 0);
        if flags & flag::RESERVED != 0 {
            let defect = Defect::at(Id::WebpReservedBits, chunk.body()).with("flags", flags & flag::RESERVED);
            self.note(defect, "VP8X");
        }
        if width.checked_mul(height).is_none() {
            let defect = Defect::at(Id::WebpCanvasTooLarge, chunk.body().saturating_add(4))
                .with("width", width)
                .with("height", height);
            self.note(defect, "VP8X");
        }
        Ok(())
    }

    /// `EXIF`: which way up the picture is, if `VP8X` says that there is this chunk.
    fn exif(&mut self, chunk: &Chunk) -> Walk {
        let first = self.seen.flags & flag::EXIF == 0;
        self.seen.flags |= flag::EXIF;
        if first && self.extended.is_some_and(|extended| extended.flags & flag::EXIF != 0) {
            let end = chunk.end().min(self.have).min(chunk.body().saturating_add(EXIF_CAP));
            let block = self.cx.input.up_to(chunk.body(), end.saturating_sub(chunk.body()))?;
            if let Some(orientation) = exif::orientation(block) {
                self.cx.image().set_orientation(orientation);
            }
        }
        Ok(())
    }

    /// `ANIM`: background and loop count.
    fn animation(&mut self, chunk: &Chunk) {
        self.seen.animation = true;
        if chunk.size < 6 {
            self.size_invalid(chunk, 6);
        }
    }

    /// `ANMF`: a frame, which has chunks of its own.
    fn animation_frame(&mut self, chunk: &Chunk) -> Walk {
        let number = self.seen.frames;
        self.seen.frames = number.saturating_add(1);
        let declared = self.extended.is_some_and(|extended| extended.flags & flag::ANIMATION != 0);
        let announced = declared && self.seen.animation;
        if !announced && !self.seen.undeclared {
            self.seen.undeclared = true;
            self.note(Defect::at(Id::WebpAnimationUndeclared, chunk.offset), "");
        }
        if self.cx.depth == Depth::Header && number > 0 {
            return Ok(());
        }
        let end = chunk.end().min(self.end);
        self.frame = Some(Frame { number, width: 0, height: 0, end, has_picture: false });
        if let Some([x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, ..]) = self.head::<16>(chunk)? {
            let field = |a, b, c| u32::from_le_bytes([a, b, c, 0]);
            let (x, y) = (field(x0, x1, x2).saturating_mul(2), field(y0, y1, y2).saturating_mul(2));
            let (width, height) = (field(w0, w1, w2).saturating_add(1), field(h0, h1, h2).saturating_add(1));
            let outside = self.extended.is_some_and(|canvas| {
                x.saturating_add(width) > canvas.width || y.saturating_add(height) > canvas.height
            });
            if outside {
                self.note(Defect::at(Id::WebpFrameOutsideCanvas, chunk.body()).with("frame", number), "");
            }
            self.frame = Some(Frame { number, width, height, end, has_picture: false });
            self.frame_chunks(chunk, end)?;
        }
        self.frame = None;
        Ok(())
    }

    /// Walks the chunks of a frame.
    fn frame_chunks(&mut self, frame: &Chunk, end: u64) -> Walk {
        let mut at = frame.body().saturating_add(16);
        self.alpha = None;
        while at < end {
            if at.saturating_add(riff::HEADER) > end {
                self.stray(at, end);
                break;
            }
            if at.saturating_add(riff::HEADER) > self.have {
                break;
            }
            let chunk = Chunk::at(self.cx.input, at)?;
            if chunk.end() > end {
                self.overrun(&chunk, end);
            }
            self.picture_chunk(&chunk)?;
            if chunk.next() <= end {
                self.padding(&chunk)?;
            }
            at = chunk.next();
        }
        self.alpha = None;
        if at >= end && end <= self.have && !self.frame.is_some_and(|frame| frame.has_picture) {
            self.note(Defect::at(Id::WebpImageMissing, frame.offset), "");
        }
        Ok(())
    }

    /// A chunk that is a picture or goes with one; any other is nobody's business.
    fn picture_chunk(&mut self, chunk: &Chunk) -> Walk {
        match &chunk.code {
            b"ALPH" => self.alpha(chunk),
            b"VP8 " => self.lossy(chunk),
            b"VP8L" => self.lossless(chunk),
            _ => {
                if !chunk.is_named() && !self.seen.unnamed && !self.ignores_the_rest() {
                    self.seen.unnamed = true;
                    self.note(Defect::at(Id::WebpChunkUnnamed, chunk.offset).with("chunk", chunk.name()), "");
                }
                Ok(())
            }
        }
    }

    /// Whether a picture may be at this place. The first one decides on the facts.
    fn takes_picture(&mut self, chunk: &Chunk) -> bool {
        let taken = if let Some(frame) = &mut self.frame {
            !std::mem::replace(&mut frame.has_picture, true)
        } else {
            self.seen.pictures = self.seen.pictures.saturating_add(1);
            let animated = self.extended.is_some_and(|extended| extended.flags & flag::ANIMATION != 0);
            self.seen.pictures == 1 && !animated
        };
        if !taken {
            self.misplaced(chunk);
        }
        taken
    }

    /// Holds the size of a picture against that of its frame or of the canvas, and keeps the facts.
    fn picture_size(&mut self, chunk: &Chunk, width: u32, height: u32) {
        let (id, want) = match (self.frame, self.extended) {
            (Some(frame), _) => (Id::WebpFrameSizeMismatch, (frame.width, frame.height)),
            (None, Some(canvas)) => (Id::WebpCanvasMismatch, (canvas.width, canvas.height)),
            (None, None) => {
                self.cx.image().set_size(width, height);
                return;
            }
        };
        if want != (width, height) {
            let defect = Defect::at(id, chunk.body())
                .with("width", width)
                .with("height", height)
                .with("want_width", want.0)
                .with("want_height", want.1);
            self.note(defect, &chunk.name());
        }
    }

    /// Sets what the first picture says of the file.
    fn picture_facts(&mut self, compression: &'static str, color: Color, alpha: bool) {
        if self.frame.is_some_and(|frame| frame.number > 0) {
            return;
        }
        let facts = self.cx.image();
        facts.compression = Some(compression);
        facts.color = Some(color);
        facts.alpha = Some(alpha || facts.alpha == Some(true));
    }

    /// `ALPH`: the alpha channel of the lossy picture that follows (clause 2.7.1.2).
    fn alpha(&mut self, chunk: &Chunk) -> Walk {
        self.seen.flags |= flag::ALPHA;
        let late = match self.frame {
            Some(frame) => frame.has_picture,
            None => self.seen.pictures > 0,
        };
        if late || self.alpha.is_some() {
            self.misplaced(chunk);
            return Ok(());
        }
        self.alpha = Some(*chunk);
        // The byte of settings and at least one of data.
        let Some([settings, _]) = self.head(chunk)? else {
            return Ok(());
        };
        for (field, value, most) in [
            ("compression", settings & 3, 1),
            ("preprocessing", (settings >> 4) & 3, 1),
            ("reserved", settings >> 6, 1),
        ] {
            if value > most {
                let defect = Defect::at(Id::WebpAlphaInvalid, chunk.body()).with("field", field).with("value", value);
                self.note(defect, "ALPH");
            }
        }
        Ok(())
    }

    /// `VP8 `: a lossy picture.
    fn lossy(&mut self, chunk: &Chunk) -> Walk {
        let alpha = self.alpha.take();
        if !self.takes_picture(chunk) {
            return Ok(());
        }
        self.picture_facts("vp8", Color::Ycbcr, alpha.is_some());
        let Some(header) = self.head(chunk)? else {
            return Ok(());
        };
        let picture = match vp8::KeyFrame::parse(header) {
            Ok(picture) => picture,
            Err(field) => {
                self.note(Defect::at(Id::WebpVp8HeaderInvalid, chunk.body()).with("field", field), "VP8");
                return Ok(());
            }
        };
        self.picture_size(chunk, picture.width, picture.height);
        if self.cx.depth == Depth::Header {
            return Ok(());
        }
        if let Some(alpha) = alpha {
            self.alpha_data(&alpha, &picture)?;
        }
        match vp8::layout(self.cx.input, &picture, chunk.body(), chunk.end(), self.limit())? {
            Err(vp8::Overrun { partition, offset }) => {
                self.note(Defect::at(Id::WebpVp8PartitionOverrun, offset).with("partition", partition), "VP8");
                Ok(())
            }
            Ok(layout) if self.cx.depth == Depth::Full => self.verify_lossy(chunk, &picture, &layout),
            Ok(_) => Ok(()),
        }
    }

    /// The data of an alpha channel: one byte for each pixel, or a lossless picture without a header.
    fn alpha_data(&mut self, alpha: &Chunk, picture: &vp8::KeyFrame) -> Walk {
        if alpha.body() >= self.have {
            return Ok(());
        }
        let [settings] = self.cx.input.array(alpha.body())?;
        match settings & 3 {
            0 => {
                let need = u64::from(picture.width).saturating_mul(picture.height.into());
                let bytes = alpha.size.saturating_sub(1);
                if bytes < need {
                    let defect = Defect::at(Id::WebpAlphaTruncated, alpha.body());
                    self.note(defect.with("bytes", bytes).with("need", need), "ALPH");
                }
                Ok(())
            }
            1 if self.cx.depth == Depth::Full => {
                let start = alpha.body().saturating_add(1);
                self.verify_lossless(alpha, start, (picture.width, picture.height))
            }
            _ => Ok(()),
        }
    }

    /// `VP8L`: a lossless picture.
    fn lossless(&mut self, chunk: &Chunk) -> Walk {
        if let Some(alpha) = self.alpha.take() {
            // It has an alpha channel of its own.
            self.misplaced(&alpha);
        }
        if !self.takes_picture(chunk) {
            return Ok(());
        }
        let Some([signature, a, b, c, d]) = self.head(chunk)? else {
            self.picture_facts("vp8l", Color::Rgb, false);
            return Ok(());
        };
        let fields = u32::from_le_bytes([a, b, c, d]);
        self.picture_facts("vp8l", Color::Rgb, (fields >> 28) & 1 != 0);
        for (field, value, want) in [("signature", signature.into(), 0x2f), ("version", fields >> 29, 0)] {
            if value != want {
                self.note(Defect::at(Id::WebpVp8lHeaderInvalid, chunk.body()).with("field", field), "VP8L");
                return Ok(());
            }
        }
        let width = (fields & 0x3fff).saturating_add(1);
        let height = ((fields >> 14) & 0x3fff).saturating_add(1);
        self.picture_size(chunk, width, height);
        if self.cx.depth == Depth::Full {
            self.verify_lossless(chunk, chunk.body().saturating_add(5), (width, height))?;
        }
        Ok(())
    }
}
