//! MPEG transport streams: ISO/IEC 13818-1, clause 2.4.3. Packets of 188 bytes, of 192 with a time
//! stamp before each (Blu-ray, AVCHD), or of 204 with a checksum behind each (DVB).

use crate::bytes::len64;
use crate::format::Head;

const SYNC: u8 = 0x47;
/// Length of a packet, and where in it the sync byte is when the file begins with a whole packet.
const PACKETS: [(usize, usize); 3] = [(188, 0), (192, 4), (204, 0)];
/// That many packets in a row are no chance.
const ENOUGH: usize = 5;

pub(crate) fn sniff(head: &Head<'_>) -> bool {
    PACKETS.iter().any(|&(length, whole)| {
        // A stream may have been cut anywhere, so the first packet may be a part of one.
        let at_any_start = (0..length).any(|start| {
            head.bytes.get(start) == Some(&SYNC)
                && headers(head, length, start).take(ENOUGH).filter(sane).count() == ENOUGH
        });
        at_any_start || is_short_stream(head, length, whole)
    })
}

/// Whether the whole file has fewer packets than are otherwise asked for, all of them are sane, and
/// either one holds the table of programs, or they end where the file does and are no text.
fn is_short_stream(head: &Head<'_>, length: usize, start: usize) -> bool {
    let whole = len64(head.bytes.len()) == head.size && head.bytes.len() >= length;
    if !whole
        || headers(head, length, start).count() >= ENOUGH
        || !headers(head, length, start).all(|header| sane(&header))
    {
        return false;
    }
    let table = headers(head, length, start).any(|[_, b, c, _]| u16::from_be_bytes([b & 0x1f, c]) == 0);
    table
        || (head.bytes.chunks_exact(length).remainder().is_empty()
            && head.bytes.iter().any(|byte| !(9..0x80).contains(byte)))
}

fn headers<'a>(head: &Head<'a>, length: usize, start: usize) -> impl Iterator<Item = [u8; 4]> + 'a {
    head.bytes.get(start..).unwrap_or_default().chunks(length).filter_map(|packet| packet.first_chunk().copied())
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
