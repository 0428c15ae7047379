//! MPEG transport streams: ISO/IEC 13818-1:2019, clause 2.4. Packets of 188 bytes, of 192 with a time
//! stamp before each (Blu-ray, AVCHD), or of 204 with a checksum behind each (DVB).
//!
//! The head of the file is surveyed for the tables that say which packets are which, so that packets
//! in front of the tables are understood as well. Then all packets go by once, or, at header depth,
//! those at the end, whose time stamps tell the duration.

mod demux;
mod packet;
mod psi;
mod stream;

use std::ops::Range;

use demux::Demux;
use packet::SYNC;

use crate::bytes::len64;
use crate::checker::Depth;
use crate::defect::{Defect, Defects, Id};
use crate::format::video::mpeg_zeros::{all_zero, fill_up};
use crate::format::{HEAD_LEN, Head, Inspection};
use crate::input::{Input, Walk};

/// Length of a packet, and where in it the sync byte is when the file begins with a whole packet.
const PACKETS: [(usize, usize); 3] = [(188, 0), (192, 4), (204, 0)];
/// That many packets in a row are no chance.
const ENOUGH: usize = 5;
/// Behind damage, where the length of packets is known, fewer will do.
const ENOUGH_AGAIN: usize = 3;

/// How far from the start the tables and the beginnings of all streams are looked for, and how far
/// from the end their last time stamps: first a little, then more.
const HEAD_REACH: u64 = 319 << 10;
const TAIL_REACHES: [u64; 2] = [96 << 10, 400 << 10];
/// How much is searched for sync bytes at a time.
const SEARCH: u64 = 4 << 10;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    Layout::find(head).is_some()
}

pub(crate) fn inspect(cx: &mut Inspection<'_, '_>) -> Walk {
    let size = cx.input.size();
    let bytes = cx.input.up_to(0, HEAD_LEN)?;
    let Some(layout) = Layout::find(&Head { bytes, size }) else {
        cx.note(Defect::new(Id::TsStreamsMissing));
        return Ok(());
    };
    cx.video().variant = (layout.length == 192).then_some("m2ts");
    if layout.surplus() > 0 {
        cx.note(Defect::at(Id::TsStartsMidPacket, 0).with("bytes", layout.surplus()));
    }
    let survey = survey(cx, layout)?;
    if cx.depth == Depth::Header {
        let end = end(cx.input, layout, &survey)?;
        survey.fill(cx.video(), Some(&end));
        return Ok(());
    }
    let mut demux = survey.again();
    let at = run(cx.input, layout, layout.whole(size), &mut demux, &mut cx.defects, |_| false)?;
    let whole = remains(cx, layout, at)?;
    demux.finish(whole, &mut cx.defects);
    demux.fill(cx.video(), None);
    Ok(())
}

/// Learns the tables, and what the streams begin with. Streams without any table are told by what
/// they look like.
fn survey(cx: &mut Inspection<'_, '_>, layout: Layout) -> Walk<Demux> {
    // What is wrong here is noted when all packets go by, or now if they do not.
    let mut passed_over = Defects::default();
    let (header, size) = (cx.depth == Depth::Header, cx.input.size());
    let defects = if header { &mut cx.defects } else { &mut passed_over };
    let mut demux = Demux::new(cx.depth);
    let head = layout.whole(size.min(HEAD_REACH));
    run(cx.input, layout, head.clone(), &mut demux, defects, Demux::is_known)?;
    if demux.is_empty() && !header {
        // The tables may come late.
        run(cx.input, layout, layout.whole(size), &mut demux, defects, |demux| !demux.is_empty())?;
    }
    if demux.adopt() && header {
        demux = demux.again();
        run(cx.input, layout, head, &mut demux, &mut passed_over, Demux::is_known)?;
    }
    if demux.is_empty() {
        cx.note(Defect::new(Id::TsStreamsMissing));
    } else if !demux.is_mapped() {
        cx.note(Defect::new(Id::TsTablesMissing));
    }
    Ok(demux)
}

/// Sees as much of the end of the file as it takes to tell when the streams of `survey` end.
fn end(input: &mut Input<'_>, layout: Layout, survey: &Demux) -> Walk<Demux> {
    let (mut demux, size) = (survey.again(), input.size());
    for reach in TAIL_REACHES {
        demux = survey.again();
        let start = layout.align(size.saturating_sub(reach));
        run(input, layout, start..size, &mut demux, &mut Defects::default(), |_| false)?;
        if demux.ends() {
            break;
        }
    }
    Ok(demux)
}

/// Shows `demux` the packets whose sync bytes are in `range`, until that is `enough`, and notes what
/// is between them. Returns the place where the next sync byte should be.
fn run(
    input: &mut Input<'_>,
    layout: Layout,
    range: Range<u64>,
    demux: &mut Demux,
    defects: &mut Defects,
    enough: impl Fn(&Demux) -> bool,
) -> Walk<u64> {
    let (mut at, end) = (range.start, range.end.min(input.size()));
    while at < end && !enough(demux) {
        let mut piece = input.fill(at, end)?;
        if piece.len() < layout.length {
            piece = input.up_to(at, layout.length())?;
        }
        let before = at;
        for packet in piece.chunks(layout.length).map_while(<[u8]>::first_chunk) {
            if packet.first() != Some(&SYNC) {
                break;
            }
            demux.packet(packet, at, defects);
            at = at.saturating_add(layout.length());
        }
        if at == before {
            let Some(next) = resume(input, layout, at, end)? else {
                break;
            };
            defects.note(Defect::at(Id::TsSyncLost, at).with("bytes", next.saturating_sub(at)));
            demux.lost(defects);
            at = next;
        }
    }
    Ok(at)
}

/// The first place between `at` and `end` where packets follow each other again.
fn resume(input: &mut Input<'_>, layout: Layout, mut at: u64, end: u64) -> Walk<Option<u64>> {
    let size = input.size();
    let reach = layout.length().saturating_mul(len64(ENOUGH_AGAIN));
    while at < end {
        let window = input.up_to(at, SEARCH.saturating_add(reach))?;
        let found =
            window.iter().enumerate().filter(|(_, byte)| **byte == SYNC).map(|(place, _)| place).find(|&place| {
                let start = at.saturating_add(len64(place));
                let last_ones = size.saturating_sub(start).saturating_add(len64(layout.lead));
                let mut packets = headers(window, layout.length, place).take(ENOUGH_AGAIN);
                let chain = packets.clone().count();
                packets.all(|header| sane(&header))
                    && (chain == ENOUGH_AGAIN || last_ones.is_multiple_of(layout.length()) && last_ones <= reach)
            });
        match found.map(|place| at.saturating_add(len64(place))) {
            Some(place) if place < end => return Ok(Some(place)),
            Some(_) => return Ok(None),
            None => at = at.saturating_add(SEARCH),
        }
    }
    Ok(None)
}

/// Looks at what lies behind the last whole packet; the next one should have its sync byte at `at`.
/// Whether the packets are all there.
fn remains(cx: &mut Inspection<'_, '_>, layout: Layout, at: u64) -> Walk<bool> {
    let size = cx.input.size();
    let start = at.saturating_sub(len64(layout.lead));
    let bytes = size.saturating_sub(start);
    if bytes == 0 {
        return Ok(true);
    }
    let cut = bytes < layout.length();
    if cut && cx.input.up_to(at, 1)?.first().is_none_or(|byte| *byte == SYNC) {
        let defect = Defect::at(Id::TsLastPacketPartial, start);
        cx.note(defect.with("bytes", bytes).with("length", layout.length()));
        return Ok(false);
    }
    let filling = fill_up(bytes, size) && all_zero(cx.input, &(start..size))?;
    let id = match (filling, cut) {
        (true, _) => Id::TsTrailingZeros,
        (false, true) => Id::TsTrailingBytes,
        (false, false) => Id::TsSyncLost,
    };
    cx.note(Defect::at(id, start).with("bytes", bytes));
    Ok(id != Id::TsSyncLost)
}

/// How packets follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    /// From one sync byte to the next.
    length: usize,
    /// From the beginning of a packet to its sync byte.
    lead: usize,
    /// Where the first sync byte is.
    first: usize,
}

impl Layout {
    fn find(head: &Head<'_>) -> Option<Self> {
        PACKETS.iter().find_map(|&(length, lead)| {
            // A stream may have been cut anywhere, so the first packet may be a part of one.
            let first = (0..length).find(|&first| {
                head.bytes.get(first) == Some(&SYNC)
                    && headers(head.bytes, length, first).take(ENOUGH).filter(sane).count() == ENOUGH
            });
            let first = first.or_else(|| is_short_stream(head, length, lead).then_some(lead));
            first.map(|first| Self { length, lead, first })
        })
    }

    /// Bytes in front of the first whole packet.
    fn surplus(self) -> usize {
        match self.first.checked_sub(self.lead) {
            Some(surplus) => surplus,
            None => self.first.saturating_add(self.length).saturating_sub(self.lead),
        }
    }

    fn length(self) -> u64 {
        len64(self.length)
    }

    /// All packets up to `end`.
    fn whole(self, end: u64) -> Range<u64> {
        len64(self.first)..end
    }

    /// Where the packet that `offset` is in has its sync byte.
    fn align(self, offset: u64) -> u64 {
        let first = len64(self.first);
        let whole = offset.saturating_sub(first).checked_div(self.length()).unwrap_or_default();
        first.saturating_add(whole.saturating_mul(self.length()))
    }
}

/// Whether the whole file has fewer packets than are otherwise asked for, all of them are sane, and
/// either one holds the table of programs, or they end where the file does and are no text.
fn is_short_stream(head: &Head<'_>, length: usize, start: usize) -> bool {
    let whole = len64(head.bytes.len()) == head.size && head.bytes.len() >= length;
    if !whole
        || headers(head.bytes, length, start).count() >= ENOUGH
        || !headers(head.bytes, length, start).all(|header| sane(&header))
    {
        return false;
    }
    let table = headers(head.bytes, length, start).any(|[_, b, c, _]| u16::from_be_bytes([b & 0x1f, c]) == 0);
    table
        || (head.bytes.chunks_exact(length).remainder().is_empty()
            && head.bytes.iter().any(|byte| !(9..0x80).contains(byte)))
}

fn headers(bytes: &[u8], length: usize, start: usize) -> impl Iterator<Item = [u8; 4]> + Clone {
    bytes.get(start..).unwrap_or_default().chunks(length).filter_map(|packet| packet.first_chunk().copied())
}

/// The sync byte, no reserved scrambling, no reserved absence of both payload and adaptation field.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is that of a filter")]
fn sane([sync, _, _, control]: &[u8; 4]) -> bool {
    *sync == SYNC && control & 0xc0 != 0x40 && control & 0x30 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(length: usize, start: usize, pid: u8) -> Vec<u8> {
        let mut packet = vec![0xff; length];
        packet[start..][..4].copy_from_slice(&[SYNC, 0x40, pid, 0x10]);
        packet
    }

    fn sniffed(bytes: &[u8]) -> bool {
        sniff(&Head { bytes, size: len64(bytes.len()) })
    }

    #[test]
    fn packets_of_every_length_are_found_at_any_start() {
        for (length, start) in PACKETS {
            let stream = packet(length, start, 9).repeat(6);
            for cut in 0..length {
                assert!(sniffed(&stream[cut..]), "{length} from {cut}");
            }
            assert!(sniffed(&packet(length, start, 9)), "{length}: one packet");
            assert!(
                !sniffed(&[&packet(length, start, 9)[..], &[0xff]].concat()),
                "{length}: no table, and a byte more"
            );
            assert!(sniffed(&packet(length, start, 0)), "{length}: one packet with the table");
            assert!(sniffed(&[packet(length, start, 0), packet(length, start, 9)].concat()), "{length}: two packets");
            assert!(!sniffed(&packet(length, start, 0)[..100]), "{length}: a part of a packet");
            let mut spoiled = stream;
            spoiled[3 * length + start] = 0;
            assert!(!sniffed(&spoiled), "{length}: a sync byte is missing");
        }
    }

    #[test]
    fn a_text_with_a_g_in_every_row_is_no_stream() {
        assert!(!sniffed("G".repeat(4096).as_bytes()));
        assert!(!sniffed(format!("G{}", "ood ".repeat(47)).as_bytes()));
        assert!(!sniffed(format!("{:<188}", "G 01").repeat(1).as_bytes()));
    }
}
