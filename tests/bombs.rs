//! Small files that stand for huge ones: each ends in a report within a second, and the whole run
//! stays below 64 MiB. A process of its own, so that the memory is its own as well.
#![allow(clippy::format_collect, reason = "a few bits, once")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::arithmetic_side_effects, reason = "the numbers are those below")]
#![allow(clippy::trivially_copy_pass_by_ref, reason = "literals are references")]

use std::time::{Duration, Instant};

use ais_preflight::{Checker, Depth, Report, Verdict};

fn be32(value: u32) -> [u8; 4] {
    value.to_be_bytes()
}

/// A PNG chunk, with its CRC.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind);
    hasher.update(data);
    [&be32(u32::try_from(data.len()).unwrap()), &kind[..], data, &be32(hasher.finalize())].concat()
}

fn png(width: u32, height: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = [&be32(width)[..], &be32(height), &[16, 6, 0, 0, 1]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunks.concat(), chunk(b"IEND", &[])].concat()
}

/// A deflate stream of zeros that makes 1,032 bytes of each byte and does not end: `len` bytes of it.
fn zeroes_deflated(len: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x9c78, 16).put(0, 1).put(2, 2);
    // 286 codes of literals and lengths, one of distances; lengths are coded by "zeros", "two" and "one".
    bits.put(29, 5).put(0, 5).put(14, 4);
    for length in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] {
        bits.put(length, 3);
    }
    // The literal 0 has two bits, the end as well, a copy of 258 bytes one, and so has its distance of 1.
    bits.put(0b11, 2).put(0, 1).put(127, 7).put(0, 1).put(106, 7).put(0b11, 2);
    bits.put(0, 1).put(17, 7).put(0b01, 2).put(0b01, 2);
    // The literal; copies are zeros.
    bits.put(0b01, 2);
    bits.0.resize(len, 0);
    bits.0
}

/// A JPEG segment.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &len, data].concat()
}

/// A Huffman table with one code of one bit for `symbol`.
fn table(class_and_id: u8, symbol: u8) -> Vec<u8> {
    let mut data = vec![class_and_id, 1];
    data.extend([0; 15]);
    data.push(symbol);
    segment(0xc4, &data)
}

fn jpeg(frame: u8, width: u16, height: u16, scans: &[u8]) -> Vec<u8> {
    let [h1, h0] = height.to_be_bytes();
    let [w1, w0] = width.to_be_bytes();
    let quantisation = [&[0][..], &[1; 64]].concat();
    [
        vec![0xff, 0xd8],
        segment(0xdb, &quantisation),
        segment(frame, &[8, h1, h0, w1, w0, 1, 1, 0x11, 0]),
        table(0x00, 0),
        // A run of 2^14 and more blocks that end here.
        table(0x10, 0xe0),
        scans.to_vec(),
        vec![0xff, 0xd9],
    ]
    .concat()
}

/// Scans of 4,000,000 blocks: the DC coefficients at one bit each, and then bands of AC coefficients that are all empty.
fn progressive_scans(count: usize) -> Vec<u8> {
    let mut scans = [segment(0xda, &[1, 1, 0, 0, 0, 0]), vec![0; 500_000]].concat();
    // 123 runs that make up all blocks: a code of one bit, and 14 bits for what is beyond 16,384.
    let runs = (0..123).map(|run| if run == 0 { 16_176_u16 } else { 16_136 });
    let bits: Vec<u16> = runs.flat_map(|run| (0..15).rev().map(move |at| (run >> at) & 1)).collect();
    let mut data = Vec::new();
    for byte in bits.chunks(8) {
        let byte = (0..8).fold(0_u16, |sum, at| sum << 1 | byte.get(at).unwrap_or(&1));
        let byte = u8::try_from(byte).unwrap();
        data.push(byte);
        if byte == 0xff {
            data.push(0);
        }
    }
    for scan in 0..count {
        // The band is coded for the first time or refined, again and again.
        scans.extend(segment(0xda, &[1, 1, 0, 1, 63, if scan % 2 == 0 { 0x01 } else { 0x10 }]));
        scans.extend(&data);
    }
    scans
}

fn gif(width: u16, height: u16, frames: usize) -> Vec<u8> {
    let mut file = b"GIF89a".to_vec();
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    for _ in 0..frames {
        file.extend([0x2c, 0, 0, 0, 0]);
        file.extend(width.to_le_bytes());
        file.extend(height.to_le_bytes());
        file.extend([0, 2, 2, 0x44, 0x01, 0]);
    }
    file.push(0x3b);
    file
}

fn riff_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = [&kind[..], &u32::try_from(data.len()).unwrap().to_le_bytes(), data].concat();
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    [b"RIFF".to_vec(), u32::try_from(body.len() + 4).unwrap().to_le_bytes().to_vec(), b"WEBP".to_vec(), body].concat()
}

/// A whole lossless picture of one colour, 16383 pixels square.
fn lossless_16383() -> Vec<u8> {
    // Signature, 14 bits of width - 1 and of height - 1, no alpha, version 0; no transform, no
    // cache, no meta codes; then five codes of one symbol each.
    let mut bits = vec![];
    let mut put = |value: u32, count: u32| (0..count).for_each(|at| bits.push((value >> at) & 1));
    put(0x2f, 8);
    put(16382, 14);
    put(16382, 14);
    put(0, 1);
    put(0, 3);
    put(0, 1);
    put(0, 1);
    put(0, 1);
    for _ in 0..5 {
        put(1, 1);
        put(0, 1);
        put(0, 1);
        put(0, 1);
    }
    bits.resize(bits.len().next_multiple_of(8), 0);
    bits.chunks(8)
        .map(|byte| byte.iter().enumerate().fold(0, |sum, (at, bit)| sum | u8::try_from(*bit).unwrap() << at))
        .collect()
}

/// Writes bits, the lowest first.
#[derive(Default)]
struct Bits(Vec<u8>, u32);

impl Bits {
    fn put(&mut self, value: u32, count: u32) -> &mut Self {
        for at in 0..count {
            if self.1 == 0 {
                self.0.push(0);
            }
            *self.0.last_mut().unwrap() |= u8::try_from((value >> at) & 1).unwrap() << self.1;
            self.1 = (self.1 + 1) % 8;
        }
        self
    }

    /// A prefix code in which 256 symbols have eight bits each and the others none.
    fn eight_bit_code(&mut self, symbols: u32) -> &mut Self {
        // Twelve lengths, in the order 17, 18, 0 to 5, 16, 6, 7, 8: of "zeros", "repeat" and "eight".
        self.put(0, 1).put(8, 4);
        for length in [0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2] {
            self.put(length, 3);
        }
        // All symbols; an eight, 42 times six more and once three; then zeros. Codes: 0, 01 and 11.
        self.put(0, 1).put(0b01, 2);
        (0..42).for_each(|_| _ = self.put(0, 1).put(3, 2));
        self.put(0, 1).put(0, 2);
        if symbols > 256 { self.put(0b11, 2).put(symbols - 256 - 11, 7) } else { self }
    }

    /// Prefix codes of one symbol each, which take no bits, the first one for `green`.
    fn flat_group(&mut self, green: u32) -> &mut Self {
        self.put(0b101, 3).put(green, 8);
        self.put(0b001, 4).put(0b001, 4).put(0b001, 4).put(0b001, 4)
    }
}

/// A lossless picture of 16383 pixels square whose codes are chosen for each block of four by four.
fn lossless_of_blocks() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x2f, 8).put(16382, 14).put(16382, 14).put(0, 4).put(0, 1);
    // No cache; several groups, the picture of which is all of one colour: group 1.
    bits.put(0, 1).put(1, 1).put(0, 3);
    bits.put(0, 1).flat_group(1);
    bits.flat_group(0).flat_group(0);
    bits.0
}

/// A lossless picture that claims a group of codes for each value of 16 bits, and has as many as fit in `len` bytes.
fn lossless_of_groups(len: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x2f, 8).put(1023, 14).put(1023, 14).put(0, 4).put(0, 1);
    // No cache; the picture of the groups is all of one colour, whose green and red are 255.
    bits.put(0, 1).put(1, 1).put(7, 3);
    bits.put(0, 1).put(0b101, 3).put(255, 8).put(0b101, 3).put(255, 8);
    bits.put(0b001, 4).put(0b001, 4).put(0b001, 4);
    while bits.0.len() < len {
        bits.eight_bit_code(256 + 24).eight_bit_code(256).eight_bit_code(256).eight_bit_code(256).put(0b001, 4);
    }
    bits.0
}

/// A TIFF of several pages that have one strip of `len` bytes in common.
fn tiff_of_one_strip(compression: u32, pages: u32, len: u32) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    let directory = 2 + 12 * 7 + 4;
    let data = 8 + pages * directory;
    for page in 1..=pages {
        file.extend(7_u16.to_le_bytes());
        for (tag, count, value) in [
            (256_u16, 1_u32, 1 << 16),
            (257, 1, 1 << 16),
            (259, 1, compression),
            (262, 1, 0),
            (273, 1, data),
            (278, 1, 1 << 16),
            (279, 1, len),
        ] {
            file.extend(tag.to_le_bytes());
            file.extend(4_u16.to_le_bytes());
            file.extend(count.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        file.extend(if page == pages { 0 } else { 8 + page * directory }.to_le_bytes());
    }
    let len = usize::try_from(len).unwrap();
    match compression {
        // The code of nine bits that empties the table.
        5 => file.extend([0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01, 0].iter().cycle().take(len)),
        8 => file.extend(zeroes_deflated(len)),
        // Rows like the one above.
        _ => file.extend(std::iter::repeat_n(0xff, len)),
    }
    file
}

fn le24(value: u32) -> Vec<u8> {
    value.to_le_bytes()[..3].to_vec()
}

fn webp_of_many_frames(count: usize) -> Vec<u8> {
    let canvas = [vec![0x02, 0, 0, 0], le24(16382), le24(16382)].concat();
    let still = riff_chunk(b"VP8L", &[0x2f, 0, 0, 0, 0, 0x88, 0x88, 0x08]);
    let frame = [le24(0), le24(0), le24(0), le24(0), le24(1), vec![0], still].concat();
    let mut chunks = vec![riff_chunk(b"VP8X", &canvas), riff_chunk(b"ANIM", &[0; 6])];
    chunks.extend(std::iter::repeat_n(riff_chunk(b"ANMF", &frame), count));
    webp(&chunks)
}

/// A TIFF with these entries: tag, type, count, value.
fn tiff(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend(next.to_le_bytes());
    file.resize(file.len() + 64, 0);
    file
}

fn heif_box(size: [u8; 4], kind: &[u8; 4], rest: &[u8]) -> Vec<u8> {
    [&size[..], kind, rest].concat()
}

fn heif(second: &[u8]) -> Vec<u8> {
    [&be32(20)[..], b"ftypheic\0\0\0\0mif1", second].concat()
}

/// Movie boxes in movie boxes, each as long as all that are in it.
fn mp4_nested(depth: u32) -> Vec<u8> {
    let boxes = (1..=depth).rev().flat_map(|left| heif_box(be32(left * 8), b"moov", &[]));
    boxes_behind_type(&boxes.collect::<Vec<_>>())
}

fn boxes_behind_type(boxes: &[u8]) -> Vec<u8> {
    [&be32(20)[..], b"ftypisom\0\0\0\0mp42", boxes].concat()
}

fn check(name: &str, bytes: &[u8]) -> Report {
    let mut last = None;
    for depth in [Depth::Header, Depth::Structure, Depth::Full] {
        let started = Instant::now();
        let report = Checker::new().depth(depth).check_bytes(bytes);
        let took = started.elapsed();
        // A debug build is some ten times slower.
        let patience = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 1 });
        assert!(took < patience, "{name} at {depth:?} took {took:?}");
        for finding in &report.findings {
            assert_ne!(finding.defect, "internal-error", "{name}: {report:?}");
        }
        last = Some(report);
    }
    last.unwrap()
}

#[test]
fn every_bomb_ends_in_time_and_memory() {
    let strips = |count| {
        tiff(
            &[
                (256, 4, 1, 1 << 31),
                (257, 4, 1, 1 << 31),
                (259, 3, 1, 1),
                (262, 3, 1, 1),
                (273, 4, count, 8),
                (278, 4, 1, 1),
                (279, 4, count, 8),
            ],
            0,
        )
    };
    let many_scans = jpeg(0xc2, 16_000, 16_000, &progressive_scans(800));
    let profile = [&b"name\0\0"[..], &zeroes_deflated(2 << 20)].concat();
    let broken: Vec<(&str, Vec<u8>)> = vec![
        ("png-65535", png(65_535, 65_535, &[chunk(b"IDAT", &zeroes_deflated(100))])),
        ("png-2147483647", png(0x7fff_ffff, 1, &[chunk(b"IDAT", &zeroes_deflated(100))])),
        ("png-over-31-bits", png(u32::MAX, 1, &[chunk(b"IDAT", &zeroes_deflated(100))])),
        ("png-profile", png(100, 100, &[chunk(b"iCCP", &profile), chunk(b"IDAT", &zeroes_deflated(60))])),
        ("png-interlaced", {
            let mut file = png(0x7fff_ffff, 1, &[chunk(b"IDAT", &zeroes_deflated(100))]);
            let header = [&be32(0x7fff_ffff)[..], &be32(1), &[8, 0, 0, 0, 1]].concat();
            file.splice(8..33, chunk(b"IHDR", &header));
            file
        }),
        ("png-text", {
            let text = [&b"name\0\0"[..], &zeroes_deflated(2 << 20)].concat();
            png(100, 100, &[chunk(b"zTXt", &text), chunk(b"IDAT", &zeroes_deflated(60))])
        }),
        ("jpeg-65535", jpeg(0xc0, 65_535, 65_535, &[segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![0; 16 << 10]].concat())),
        ("gif-65535", gif(65_535, 65_535, 1)),
        ("gif-frames", gif(65_535, 65_535, 50_000)),
        ("tiff-strips", strips(u32::MAX)),
        ("tiff-loop", tiff(&[(256, 4, 1, 100), (257, 4, 1, 100)], 8)),
        ("heif-size-0-inside", heif(&heif_box(be32(28), b"meta", b"\0\0\0\0\0\0\0\0hdlr\0\0\0\0pict"))),
        ("heif-size-1", heif(&heif_box(be32(1), b"meta", &u64::MAX.to_be_bytes()))),
        ("heif-size-2^63", heif(&heif_box(be32(1), b"meta", &(1_u64 << 63).to_be_bytes()))),
        ("mp4-nested", mp4_nested(100_000)),
        ("mp4-media-boxes", boxes_behind_type(&heif_box(be32(8), b"mdat", &[]).repeat(500_000))),
        (
            "mp4-tracks",
            boxes_behind_type(&heif_box(be32(800_008), b"moov", &heif_box(be32(8), b"trak", &[]).repeat(100_000))),
        ),
        ("mp4-size-1", boxes_behind_type(&heif_box(be32(1), b"moov", &u64::MAX.to_be_bytes()))),
        (
            "bmp-size",
            [&b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\0\0\0\x80\x01\0\x18\0"[..], &[0; 30]].concat(),
        ),
    ];
    for (name, bytes) in &broken {
        let report = check(name, bytes);
        assert_eq!(report.verdict, Verdict::Reject, "{name}: {report:?}");
    }
    // These are whole, or are said to be too much: whatever comes out, it comes out soon.
    for (name, bytes) in [
        ("png-30000", png(30_000, 30_000, &[chunk(b"IDAT", &zeroes_deflated(3_500_000))])),
        ("tiff-same-strip", tiff_of_one_strip(5, 2000, 1 << 20)),
        ("tiff-deflate", tiff_of_one_strip(8, 20, 1 << 20)),
        ("tiff-fax", tiff_of_one_strip(4, 20, 1 << 20)),
        ("webp-lossless-blocks", webp(&[riff_chunk(b"VP8L", &lossless_of_blocks())])),
        ("webp-lossless-groups", webp(&[riff_chunk(b"VP8L", &lossless_of_groups(1 << 20))])),
        ("jpeg-800-scans", many_scans),
        ("webp-lossless-16383", webp(&[riff_chunk(b"VP8L", &lossless_16383())])),
        ("webp-50000-frames", webp_of_many_frames(50_000)),
    ] {
        check(name, &bytes);
    }
    #[cfg(target_os = "linux")]
    {
        let status = std::io::read_to_string(std::fs::File::open("/proc/self/status").unwrap()).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kib: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kib < 64 << 10, "peak memory is {kib} KiB");
    }
}
