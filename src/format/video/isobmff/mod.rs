//! MP4, QuickTime and 3GP: films as tables in boxes, whole or in fragments.
//!
//! ISO/IEC 14496-12:2022 (boxes, movies, fragments), 14496-14 (MP4), 14496-15 (H.264 and HEVC in
//! them), 3GPP TS 26.244, QuickTime File Format. [`mod@file`] walks the boxes of the first level,
//! [`movie`], [`track`] and [`entry`] read what `moov` says, [`fragments`] what `moof` and the
//! indexes say, and [`media`] goes over the samples in the order of the file.

mod boxes;
mod entry;
mod facts;
mod file;
mod fragments;
mod media;
mod movie;
mod sniff;
mod track;
mod verify;

pub(crate) use sniff::{has_type_box, sniff_3gp, sniff_mov, sniff_mp4};

use crate::checker::Depth;
use crate::defect::{Defect, Id};
use crate::format::Inspection;
use crate::input::Walk;
use movie::Movie;

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let mut file = file::walk(cx)?;
    let Some(head) = file.movie else {
        let lone = file.fragment.filter(|_| file.broken.is_none());
        match lone {
            Some(at) => cx.note(Defect::at(Id::Mp4SegmentAlone, at)),
            None => cx.note(Defect::at(Id::Mp4MovieMissing, file.broken.unwrap_or(file.end))),
        }
        return Ok(());
    };
    let mut movie = Movie::read(cx, head)?;
    facts::gather(cx, &file, &movie)?;
    if movie.is_cut || movie.tracks.is_empty() {
        return Ok(());
    }
    if cx.depth == Depth::Header {
        if let Some(seconds) = fragments::stated_duration(cx, &file, &movie)? {
            cx.video().last_at_least(seconds);
        }
        return Ok(());
    }
    verify::content(cx, &mut file, &mut movie)
}
