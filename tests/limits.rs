//! The limits of the service, exactly at their borders.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

use std::io;
use std::path::Path;

use ais_preflight::profile::{Profile, ProfileSet, Severity, Via};
use ais_preflight::source::Source;
use ais_preflight::{Checker, Depth, Report, Verdict};

/// A file that begins with `head` and is zero from there on, as long as it should be.
struct Sparse {
    head: Vec<u8>,
    size: u64,
}

impl Source for Sparse {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        buf.fill(0);
        let head = self.head.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        let n = head.len().min(buf.len());
        buf[..n].copy_from_slice(&head[..n]);
        Ok(buf.len().min(usize::try_from(self.size - offset).unwrap()))
    }
}

/// The header of an uncompressed bitmap: the one image format that is as long as its size says.
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes
}

/// A profile that takes bitmaps, with the limits of `base`.
fn taking_bitmaps(base: &str) -> ProfileSet {
    let text = format!("name = \"test\"\nextends = \"{base}\"\n[accepted]\nformats = [\"bmp\"]\n");
    ProfileSet::from_toml(&text, "test").unwrap()
}

fn check(width: u32, height: u32, size: Option<u64>, via: Option<Via>) -> Report {
    let row = u64::from(width).checked_mul(3).unwrap().next_multiple_of(4);
    let size = size.unwrap_or(54 + row * u64::from(height));
    let mut checker = Checker::new().profile(taking_bitmaps("huawei/image-v3")).depth(Depth::Header);
    if let Some(via) = via {
        checker = checker.via(via);
    }
    checker.check(&Sparse { head: bitmap(width, height), size })
}

fn defects(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.defect).collect()
}

#[test]
fn edges_from_20_to_6000_pass_and_one_pixel_more_or_less_does_not() {
    for (width, height, expected) in [
        (20, 20, None),
        (20, 6000, None),
        (6000, 20, None),
        (19, 20, Some("image-edge-too-small")),
        (20, 19, Some("image-edge-too-small")),
        (6001, 20, Some("image-edge-too-large")),
        (20, 6001, Some("image-edge-too-large")),
    ] {
        let report = check(width, height, None, Some(Via::Url));
        assert_eq!(defects(&report), expected.as_slice(), "{width} x {height}");
        if expected.is_some() {
            let cause = report.cause().unwrap();
            assert_eq!((report.verdict, cause.code.as_deref()), (Verdict::Reject, Some("AIS.0504")));
            assert_eq!(serde_json::to_value(cause.confidence).unwrap(), "documented");
        }
    }
    assert_eq!(defects(&check(19, 6001, None, None)), ["image-edge-too-small", "image-edge-too-large"]);
}

#[test]
fn size_limits_depend_on_how_the_file_is_sent() {
    const MB: u64 = 1_000_000;
    const MIB: u64 = 1 << 20;
    let (small_raw, large_raw) = (7_500_000, 7_864_320);
    let cases: &[(u64, Option<Via>, Verdict, &[&str])] = &[
        (small_raw, Some(Via::Base64), Verdict::Pass, &[]),
        (small_raw + 1, Some(Via::Base64), Verdict::Risk, &["file-size-ambiguous"]),
        (large_raw, Some(Via::Base64), Verdict::Risk, &["file-size-ambiguous"]),
        (large_raw + 1, Some(Via::Base64), Verdict::Reject, &["file-too-large"]),
        (10 * MB, Some(Via::Url), Verdict::Pass, &[]),
        (10 * MB + 1, Some(Via::Url), Verdict::Risk, &["file-size-ambiguous"]),
        (10 * MIB, Some(Via::Url), Verdict::Risk, &["file-size-ambiguous"]),
        (10 * MIB + 1, Some(Via::Url), Verdict::Reject, &["file-too-large"]),
        (small_raw, None, Verdict::Pass, &[]),
        (small_raw + 1, None, Verdict::Risk, &["file-too-large-for-base64"]),
        (10 * MB, None, Verdict::Risk, &["file-too-large-for-base64"]),
        (10 * MB + 1, None, Verdict::Risk, &["file-size-ambiguous", "file-too-large-for-base64"]),
        (10 * MIB + 1, None, Verdict::Reject, &["file-too-large"]),
    ];
    for (size, via, verdict, expected) in cases {
        let report = check(100, 100, Some(*size), *via);
        assert_eq!((report.verdict, defects(&report).as_slice()), (*verdict, *expected), "{size} {via:?}");
    }
}

#[test]
fn videos_have_their_own_limit_and_code() {
    let flv = b"FLV\x01\x05\0\0\0\x09\0\0\0\0".to_vec();
    for (size, expected) in [
        (300_000_000, None),
        (300_000_001, Some(("file-size-ambiguous", Severity::Risk))),
        (314_572_800, Some(("file-size-ambiguous", Severity::Risk))),
        (314_572_801, Some(("file-too-large", Severity::Reject))),
    ] {
        let source = Sparse { head: flv.clone(), size };
        let report = Checker::new().depth(Depth::Header).check_named(&source, Some(Path::new("a.flv")));
        let found = report.findings.iter().find(|finding| finding.defect.starts_with("file-"));
        assert_eq!(found.map(|finding| finding.defect), expected.map(|(defect, _)| defect), "{size}");
        if let (Some(found), Some((_, severity))) = (found, expected) {
            assert_eq!((found.code.as_deref(), found.severity), (Some("AIS.0704"), severity));
        }
        // Whatever is in it, it is refused, so its payload is not read unless that is asked for.
        let depth = Checker::new().check(&source).depth;
        assert_eq!(depth == Depth::Structure, size > 314_572_800, "{size}");
    }
}

#[test]
fn every_limit_of_a_built_in_profile_names_its_page_and_date() {
    for name in ProfileSet::builtin_names() {
        let set = ProfileSet::builtin(name).unwrap();
        for profile in [&set.image, &set.video] {
            let profile: &Profile = profile;
            let sources = [
                Some(&profile.source),
                profile.accepted.as_ref().map(|limit| &limit.source),
                profile.edge.as_ref().map(|limit| &limit.source),
                profile.size.as_ref().map(|limit| &limit.source),
                profile.duration.as_ref().map(|limit| &limit.source),
            ];
            for source in sources.into_iter().flatten() {
                assert!(source.page.starts_with("https://support.huaweicloud.com/"), "{name}");
                assert_eq!(source.date.split('-').map(str::len).collect::<Vec<_>>(), [4, 2, 2], "{name}");
            }
        }
    }
}

#[test]
fn bmp_is_of_the_retired_operation_only() {
    let source = Sparse { head: bitmap(100, 100), size: 54 + 300 * 100 };
    let v2 = Checker::new().profile(ProfileSet::builtin("huawei/image-v2").unwrap()).check(&source);
    assert_eq!(v2.verdict, Verdict::Pass, "{v2:?}");
    let v3 = Checker::new().check(&source);
    assert_eq!(v3.cause().unwrap().code.as_deref(), Some("AIS.0402"));
}
