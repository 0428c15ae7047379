//! The differential test: every fixture and every mutant is shown to ais-preflight and to the library that stands for
//! its format. Where they disagree, the class of disagreement has to be one that is explained here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ais_preflight::defect::Group;
use ais_preflight::profile::Severity;
use ais_preflight::{Checker, Report};
use rayon::prelude::*;

use crate::{oracle, peers, sample};

/// Who of the two finds fault, and with what: the gravest defect of ais-preflight, or the other's words without numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Ours(String),
    Theirs(String),
}

/// Why ais-preflight finds fault and the library does not: format, defects, reason.
const OURS: &[(&str, &[&str], &str)] = &[
    ("gif", &["gif-pixels-surplus"], "the crate stops at the last pixel; gifsicle and giftopnm complain"),
    ("gif", &["gif-screen-empty"], "the crate leaves the size of the screen to its user"),
    (
        "heif",
        &["heif-slice-broken"],
        "libde265 conceals errors; here every slice is followed to see whether it ends where its data does",
    ),
    (
        "heif",
        &["heif-nal-forbidden-bytes", "heif-nal-start-code", "heif-nal-invalid", "heif-nal-chain-broken"],
        "libheif hands on the units as they are, and libde265 passes over what it cannot read",
    ),
    (
        "heif",
        &["heif-association-twice", "heif-box-invalid", "heif-box-missing", "heif-property-missing"],
        "libheif 1.15 reads only what its own way to the picture needs",
    ),
    (
        "heif",
        &["heif-box-past-end", "heif-item-outside-boxes"],
        "libheif reads by offsets and does not look at the boxes of the data",
    ),
    ("heif", &["heif-side-item-damaged"], "only the main picture is decoded"),
    ("heif", &["heif-size-mismatch"], "libheif takes the size of what was decoded"),
    ("jpeg", &["jpeg-component-missing"], "libjpeg makes the component grey"),
    (
        "jpeg",
        &["jpeg-data-invalid"],
        "libjpeg takes codes that lead out of their block, sizes beyond the tables of the standard, and runs past the end",
    ),
    ("jpeg", &["jpeg-data-left-over"], "libjpeg does not miss or find bytes when the last block is done"),
    ("jpeg", &["jpeg-dc-out-of-range"], "libjpeg cuts samples off at black and white"),
    ("jpeg", &["jpeg-further-picture-damaged"], "only the first picture is decoded"),
    ("jpeg", &["jpeg-huffman-table-assumed"], "libjpeg assumes the tables of Motion JPEG"),
    ("jpeg", &["jpeg-quantizer-zero"], "libjpeg multiplies by nought"),
    ("jpeg", &["jpeg-segment-length"], "libjpeg passes over metadata without looking at its length"),
    ("png", &["png-ancillary-crc-mismatch"], "the crate leaves ancillary chunks out if they are damaged"),
    (
        "png",
        &["png-crc-mismatch"],
        "the crate stops at the last pixel or the last frame that is announced, before the chunk that is damaged",
    ),
    ("png", &["png-chunk-invalid", "png-chunk-too-short"], "the crate passes over chunks that it does not need"),
    ("png", &["png-palette-invalid", "png-palette-missing"], "the crate shows the indexes of colours"),
    ("png", &["png-stream-checksum", "png-stream-unfinished"], "the crate stops at the last pixel"),
    (
        "tiff",
        &["tiff-data-broken", "tiff-data-checksum", "tiff-data-surplus", "tiff-strip-short"],
        "the crate takes what it needs of a strip and looks neither at what follows nor at checksums; rows that are missing \
         stay black",
    ),
    (
        "tiff",
        &["tiff-jpeg-damaged", "tiff-jpeg-doubtful"],
        "the crate decodes JPEG with zune-jpeg, which takes what it gets",
    ),
    ("tiff", &["tiff-metadata-past-end"], "the crate does not read the values of tags that it does not need"),
    ("tiff", &["tiff-strip-empty"], "the crate reads no bytes and leaves the strip black"),
    ("tiff", &["tiff-sub-image-damaged"], "the crate reads no SubIFDs"),
    ("tiff", &["tiff-tag-missing"], "the crate takes a picture with half of the tags of tiles for one in strips"),
    (
        "webp",
        &["webp-vp8-leftover", "webp-vp8-exhausted", "webp-vp8l-leftover", "webp-vp8l-exhausted"],
        "libwebp looks neither at what is left over nor, for a few bytes, at what is missing: any bytes decode to a picture",
    ),
    (
        "webp",
        &[
            "webp-chunk-misplaced",
            "webp-chunk-overrun",
            "webp-frame-size-mismatch",
            "webp-image-missing",
            "webp-padding-missing",
            "webp-reserved-bits",
            "webp-stray-bytes",
        ],
        "libwebp's decoder of single pictures looks for the picture alone; its demuxer and webpinfo complain",
    ),
];

/// Why the library finds fault and ais-preflight does not: format, a part of the library's words, reason.
const THEIRS: &[(&str, &str, &str)] = &[
    ("gif", "Unexpected End of File", "nothing but the trailer is missing, which other decoders do not need"),
    ("gif", "code in LZW", "literals of one bit, about which decoders disagree"),
    ("gif", "minimal code size", "literals of no bits, which other decoders take"),
    ("gif", "no color table", "other decoders choose colours of their own"),
    ("gif", "unknown block type", "other decoders pass over zeros between blocks"),
    ("heif", "NoItemData", "libheif 1.15 does not know the derivation `iden`"),
    (
        "heif",
        "No 'meta' box",
        "an entry of the list of items is a byte short, and its name with it; the picture is whole",
    ),
    ("heif", "NonExistingItemReferenced", "libheif 1.15 knows no JPEG in HEIF, and so no item"),
    (
        "heif",
        "UnsupportedFileType",
        "the low-overhead form is later than libheif 1.15; it is reported as not looked into",
    ),
    ("heif", "MissingGridImages", "tiles of a type that nobody knows are reported as not looked into"),
    ("jpeg", "JFIF revision", "a warning of libjpeg, which goes on; nothing depends on the number"),
    ("jpeg", "premature end", "lossless JPEG, which is reported as not looked into"),
    ("jpeg", "DNL", "libjpeg wants the height in the frame header"),
    ("jpeg", "Invalid SOS parameters", "a warning of libjpeg, which goes on; cameras have made such files"),
    ("jpeg", "data precision", "TurboJPEG has other functions for 12 bits"),
    ("jpeg", "Unsupported marker", "JPEG-LS, which is reported as not looked into"),
    ("png", "CgBI", "Apple's variant is named as such, and no PNG to other decoders"),
    ("png", "IDAT or fdAT chunk is missing", "frames are missing of an animation; decoders show the first one"),
    ("png", "Unexpected restart", "the data are complete before the chunk that interrupts them"),
    ("tiff", "unsupported", "the crate knows few kinds of samples and codings"),
    ("tiff", "unknown photometric", "libtiff guesses what the samples mean"),
    ("tiff", "failed to fill whole buffer", "the chain of directories is not closed, which libtiff does not mind"),
    ("tiff", "file should contain either", "libtiff works the lengths of strips out"),
    ("tiff", "limits exceeded", "the length of a strip is beyond belief, and libtiff does not believe it"),
    ("tiff", "no lzw end code", "libtiff's own encoder leaves it out where a strip is full"),
    ("tiff", "inconsistent sizes", "tiles whose places are in the tags of strips, where libtiff takes them"),
    ("tiff", "Decode Error", "bits in the other order, which the crate does not know for fax"),
];

pub fn run(quick: bool) -> anyhow::Result<()> {
    oracle::are_there()?;
    let folder = tempfile::tempdir()?;
    let mut files = fixtures()?;
    let fixtures = files.len();
    let parents = sample::parents(folder.path())?;
    files.extend(parents.iter().map(|(recipe, _, path)| (recipe.format, path.clone())));
    let mutants = sample::mutants(folder.path(), &parents, quick)?;
    files.extend(mutants.iter().map(|sample| (sample.recipe.format, sample.path.clone())));
    files.retain(|(format, _)| !peers::name(format).is_empty());
    std::panic::set_hook(Box::new(|_| {}));
    let classes: Vec<(&str, Class, PathBuf)> = files
        .par_iter()
        .map(|(format, path)| Ok(compare(format, path)?.map(|class| (*format, class, path.clone()))))
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    println!("{} files ({fixtures} fixtures), {} disagreements\n", files.len(), classes.len());
    let mut counted: BTreeMap<(&str, &Class), Vec<&Path>> = BTreeMap::new();
    for (format, class, path) in &classes {
        counted.entry((*format, class)).or_default().push(path);
    }
    let mut unexplained = 0;
    println!("| format | who finds fault | with what | files | why the other does not |\n|---|---|---|---|---|");
    for ((format, class), paths) in &counted {
        let reason = explain(format, class);
        if reason.is_none() {
            unexplained += 1;
            keep(paths)?;
        }
        let (who, what) = match class {
            Class::Ours(what) => ("ais-preflight", what),
            Class::Theirs(what) => (peers::name(format), what),
        };
        let example = paths.first().and_then(|path| path.file_name()).unwrap_or_default().display();
        let reason = reason.map_or_else(|| format!("**not explained**, for example {example}"), str::to_owned);
        println!("| {format} | {who} | {what} | {} | {reason} |", paths.len());
    }
    anyhow::ensure!(unexplained == 0, "{unexplained} classes of disagreement are not explained");
    Ok(())
}

/// The fixtures of all formats that a library stands for.
fn fixtures() -> anyhow::Result<Vec<(&'static str, PathBuf)>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut files = Vec::new();
    for format in ["jpeg", "png", "webp", "gif", "tiff", "heif"] {
        for kind in ["good", "bad"] {
            for entry in std::fs::read_dir(fixtures.join(format).join(kind))? {
                files.push((format, entry?.path()));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn compare(format: &str, path: &Path) -> anyhow::Result<Option<Class>> {
    let bytes = std::fs::read(path)?;
    let ours = gravest(&Checker::new().check_bytes(&bytes), format);
    let theirs = peers::decode(format, &bytes).and_then(Result::err);
    Ok(match (ours, theirs) {
        (Some(defect), None) => Some(Class::Ours(defect)),
        (None, Some(error)) => Some(Class::Theirs(wordless(&format!("{error:#}")))),
        _ => None,
    })
}

/// The gravest thing that ais-preflight says of the content, if it is more than a note.
fn gravest(report: &Report, format: &str) -> Option<String> {
    if report.format != Some(format) {
        return Some("another format, or none".to_owned());
    }
    let damage = report.findings.iter().filter(|finding| finding.group == Group::Damage);
    let worst = damage.filter(|finding| finding.severity > Severity::Note).max_by_key(|finding| finding.severity);
    worst.map(|finding| finding.defect.to_owned())
}

/// Words without the numbers in them.
fn wordless(text: &str) -> String {
    let mut words = String::new();
    for letter in text.chars() {
        let letter = if letter.is_ascii_digit() { '#' } else { letter };
        if !(letter == '#' && words.ends_with('#')) {
            words.push(letter);
        }
    }
    words.replace(['\n', '|'], " ").chars().take(120).collect()
}

fn explain(format: &str, class: &Class) -> Option<&'static str> {
    match class {
        Class::Ours(what) => OURS.iter().find(|row| row.0 == format && row.1.contains(&what.as_str())).map(|row| row.2),
        Class::Theirs(what) => THEIRS.iter().find(|row| row.0 == format && what.contains(row.1)).map(|row| row.2),
    }
}

/// Copies a few files of a class to the folder `ORACLES_KEEP`.
fn keep(paths: &[&Path]) -> anyhow::Result<()> {
    if let Some(folder) = std::env::var_os("ORACLES_KEEP") {
        std::fs::create_dir_all(&folder)?;
        for path in paths.iter().take(5) {
            std::fs::copy(path, Path::new(&folder).join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}
