//! How long requests take: base64 by itself, and a body of 8 MB with a picture in it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(missing_docs, reason = "criterion's macros")]

use std::hint::black_box;

use ais_preflight::request::Request;
use ais_preflight::{Checker, Depth};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A PNG image with a chunk of noise of that length, which is read to its end for its checksum.
fn picture(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = crc32fast::Hasher::new();
        crc.update(kind);
        crc.update(data);
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        bytes.extend(kind);
        bytes.extend(data);
        bytes.extend(crc.finalize().to_be_bytes());
    };
    chunk(b"IHDR", b"\0\0\0\x20\0\0\0\x20\x01\0\0\0\0");
    chunk(b"noIs", &noise.take(length).collect::<Vec<u8>>());
    // Thirty-two rows of five bytes, stored as they are.
    chunk(b"IDAT", &[b"\x78\x01\x01\xa0\0\x5f\xff".as_slice(), &[0; 160], b"\0\xa0\0\x01"].concat());
    chunk(b"IEND", b"");
    bytes
}

fn base64(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("base64");
    let text = BASE64_STANDARD.encode(picture(7_500_000));
    let checker = Checker::new().depth(Depth::Structure);
    group.throughput(Throughput::Bytes(u64::try_from(text.len()).unwrap()));
    group.bench_function("10 MB", |bench| bench.iter(|| black_box(checker.check_base64(black_box(&text)))));
    let lines: Vec<&str> = text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let lines = lines.join("\n");
    group.bench_function("10 MB in lines", |bench| bench.iter(|| black_box(checker.check_base64(black_box(&lines)))));
    group.finish();
}

fn bodies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("body");
    let text = BASE64_STANDARD.encode(picture(6_000_000));
    let plain = format!(r#"{{"image":"{text}","biz_type":"x"}}"#);
    let by_php = plain.replace('/', "\\/");
    for (name, body) in [("8 MB", plain), ("8 MB by PHP", by_php)] {
        group.throughput(Throughput::Bytes(u64::try_from(body.len()).unwrap()));
        for (depth_name, depth) in [("header", Depth::Header), ("structure", Depth::Structure)] {
            let checker = Checker::new().depth(depth);
            group.bench_function(BenchmarkId::new(name, depth_name), |bench| {
                bench.iter(|| black_box(checker.check_request(&Request::new(black_box(body.as_bytes())))));
            });
        }
    }
    let small = br#"{"url":"https://example.com/a.jpg","event_type":"head_image","categories":["porn"]}"#;
    group.throughput(Throughput::Elements(1));
    let checker = Checker::new();
    group.bench_function("a url", |bench| {
        bench.iter(|| black_box(checker.check_request(&Request::new(black_box(small)))))
    });
    group.finish();
}

criterion_group!(benches, base64, bodies);
criterion_main!(benches);
