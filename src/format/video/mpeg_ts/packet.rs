//! One packet: ISO/IEC 13818-1:2019, clauses 2.4.3.2 (header) and 2.4.3.4 (adaptation field).

pub(super) const SYNC: u8 = 0x47;
/// The length of a packet without what is added before or behind it.
pub(super) const LEN: usize = 188;
/// Packets that only fill up the rate.
pub(super) const NULL_PID: u16 = 0x1fff;

/// A packet, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet<'a> {
    pub(super) pid: u16,
    /// `transport_error_indicator`: the receiver could not correct it.
    pub(super) error: bool,
    /// `payload_unit_start_indicator`.
    pub(super) unit_start: bool,
    pub(super) scrambled: bool,
    pub(super) counter: u8,
    /// `discontinuity_indicator`: the counter may jump here.
    pub(super) discontinuity: bool,
    /// What it carries; `None` if it says that there is nothing.
    pub(super) payload: Option<&'a [u8]>,
}

impl<'a> Packet<'a> {
    /// Takes a packet apart; `None` if its header contradicts itself.
    #[inline]
    pub(super) fn parse(bytes: &'a [u8; LEN]) -> Option<Self> {
        let &[_, high, low, control, length, flags, ..] = bytes;
        let packet = Self {
            pid: u16::from_be_bytes([high & 0x1f, low]),
            error: high & 0x80 != 0,
            unit_start: high & 0x40 != 0,
            scrambled: control & 0xc0 != 0,
            counter: control & 15,
            discontinuity: false,
            payload: None,
        };
        if packet.error || packet.pid == NULL_PID {
            return Some(packet);
        }
        let adaptation = usize::from(length);
        match control >> 4 & 3 {
            1 => Some(Self { payload: bytes.get(4..), ..packet }),
            2 if adaptation <= 183 => Some(Self { discontinuity: adaptation > 0 && flags & 0x80 != 0, ..packet }),
            3 if adaptation <= 182 => Some(Self {
                discontinuity: adaptation > 0 && flags & 0x80 != 0,
                payload: bytes.get(adaptation.saturating_add(5)..),
                ..packet
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(start: &[u8]) -> [u8; LEN] {
        let mut bytes = [0xff; LEN];
        bytes[..start.len()].copy_from_slice(start);
        bytes
    }

    #[test]
    fn packets_are_taken_apart() {
        let bytes = packet(&[SYNC, 0x41, 0x02, 0x17]);
        let whole = Packet::parse(&bytes).unwrap();
        assert_eq!((whole.pid, whole.unit_start, whole.counter), (0x102, true, 7));
        assert_eq!(whole.payload.unwrap().len(), 184);
        let bytes = packet(&[SYNC, 0x01, 0x02, 0x30, 182, 0x80]);
        let short = Packet::parse(&bytes).unwrap();
        assert_eq!((short.payload.unwrap().len(), short.discontinuity), (1, true));
        assert!(Packet::parse(&packet(&[SYNC, 0x01, 0x02, 0x20, 183, 0])).unwrap().payload.is_none());
    }

    #[test]
    fn a_header_may_contradict_itself() {
        assert!(Packet::parse(&packet(&[SYNC, 0x01, 0x02, 0x00])).is_none(), "neither field nor payload");
        assert!(Packet::parse(&packet(&[SYNC, 0x01, 0x02, 0x30, 183])).is_none(), "no room for payload");
        assert!(Packet::parse(&packet(&[SYNC, 0x01, 0x02, 0x20, 184])).is_none(), "longer than the packet");
        assert!(Packet::parse(&packet(&[SYNC, 0x1f, 0xff, 0x00])).is_some(), "null packets say nothing");
    }
}
