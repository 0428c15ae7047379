//! What other programs say of a file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;

/// The programs that are asked about a format: a shell command, in which `$f` is the file. A
/// program complains if it fails or writes to standard error.
pub fn commands(format: &str) -> &'static [&'static str] {
    match format {
        "jpeg" => &["djpeg -outfile /dev/null $f", "jpeginfo -c $f | grep -q ' OK'"],
        "png" => &["pngcheck -q $f"],
        "webp" => &[
            "webpinfo -quiet $f",
            "if webpinfo $f | grep -q ANMF; then webpmux -info $f; else dwebp -quiet $f -o /dev/null; fi",
        ],
        "gif" => &[
            // That it cannot give all frames one palette is no complaint.
            "! { gifsicle $f -o /dev/null || echo failed; } 2>&1 | grep -v 'too many colors\\|--colors 256' | grep -q .",
            // The trailer is added, since it is no damage that one is missing. Nor is it that a frame reaches beyond the
            // screen, which other programs enlarge.
            "! { { cat $f; printf ';'; } | giftopnm -quiet -image=all >/dev/null; } 2>&1 | grep -v 'outside global screen' | grep -q .",
        ],
        "tiff" => &["tiffinfo -D $f"],
        "heif" | "avif" => &["heif-info $f", "heif-convert -q 50 $f $f.jpg"],
        _ => &["convert -regard-warnings $f ppm:/dev/null"],
    }
}

/// Programs that have to be there, since what fails to start looks like one that complains.
const PROGRAMS: &[&str] = &[
    "djpeg",
    "jpeginfo",
    "pngcheck",
    "webpinfo",
    "webpmux",
    "dwebp",
    "gifsicle",
    "giftopnm",
    "tiffinfo",
    "heif-info",
    "heif-convert",
    "convert",
    "timeout",
    "cjpeg",
    "jpegtran",
    "ffmpeg",
    "vips",
    "cwebp",
    "img2webp",
    "tiffcp",
    "heif-enc",
    "pnmquant",
    "ppmtogif",
];

/// Fails if a program is missing.
pub fn are_there() -> anyhow::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing: Vec<_> = PROGRAMS
        .iter()
        .filter(|program| !std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
        .collect();
    anyhow::ensure!(missing.is_empty(), "programs that are needed and not there: {missing:?}");
    Ok(())
}

/// Whether any of the programs complains.
pub fn complains(format: &str, file: &Path) -> anyhow::Result<bool> {
    for command in commands(format) {
        let command = command.replace("$f", &file.display().to_string());
        let output = Command::new("timeout").args(["20", "sh", "-c", &command]).stdin(Stdio::null()).output()?;
        if !output.status.success() || !output.stderr.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The Python that has Pillow: the one that `ORACLES_PYTHON` names, which may be relative to the folder that the program
/// was started in.
pub fn python() -> String {
    let named = std::env::var("ORACLES_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    match std::path::absolute(&named) {
        Ok(path) if named.contains('/') => path.display().to_string(),
        _ => named,
    }
}

/// The folder with the photographs of scikit-learn.
pub fn photographs() -> anyhow::Result<PathBuf> {
    let script = "import sysconfig; print(sysconfig.get_paths()['purelib'], end='')";
    let output = Command::new(python()).args(["-c", script]).output()?;
    let folder = Path::new(std::str::from_utf8(&output.stdout)?).join("sklearn/datasets/images");
    anyhow::ensure!(folder.is_dir(), "{} is not there: scikit-learn is needed", folder.display());
    Ok(folder)
}

/// How much of each picture a lenient reader shows otherwise than its parent, from 0 to 1; 1 if it
/// shows nothing. Asks Pillow, one process for all.
pub fn visibility(pairs: &[(PathBuf, PathBuf)]) -> anyhow::Result<Vec<f64>> {
    let list = pairs.iter().map(|(parent, mutant)| format!("{}\t{}\n", parent.display(), mutant.display())).collect();
    python_lines("visibility.py", list)?.iter().map(|share| Ok(share.parse()?)).collect()
}

/// What a script of this folder answers to lines of standard input: a line each.
pub fn python_lines(script: &str, lines: String) -> anyhow::Result<Vec<String>> {
    let count = lines.lines().count();
    let mut child = Command::new(python())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().context("no pipe")?;
    let feeder = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output()?;
    feeder.join().ok().context("the writer failed")??;
    anyhow::ensure!(output.status.success(), "{script} failed: is all of requirements.txt there?");
    let answers: Vec<String> = String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect();
    anyhow::ensure!(answers.len() == count, "{script} answered {} of {count}", answers.len());
    Ok(answers)
}
