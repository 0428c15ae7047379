//! How long one check takes, for each format and depth, on the good fixtures in memory.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "fixtures are small")]
#![allow(missing_docs, reason = "criterion's macros")]

use std::hint::black_box;
use std::path::Path;

use ais_preflight::{Checker, Depth};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn formats(criterion: &mut Criterion) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for format in ["jpeg", "png", "gif", "webp", "tiff", "heif", "avif", "bmp"] {
        let files: Vec<Vec<u8>> = std::fs::read_dir(fixtures.join(format).join("good"))
            .into_iter()
            .flatten()
            .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
            .collect();
        let mut group = criterion.benchmark_group(format);
        group.throughput(Throughput::Elements(u64::try_from(files.len()).unwrap()));
        for (name, depth) in [("header", Depth::Header), ("structure", Depth::Structure), ("full", Depth::Full)] {
            let checker = Checker::new().depth(depth);
            group.bench_function(BenchmarkId::from_parameter(name), |bench| {
                bench.iter(|| {
                    for file in &files {
                        black_box(checker.check_bytes(black_box(file)));
                    }
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, formats);
criterion_main!(benches);
