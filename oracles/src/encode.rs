//! Healthy pictures: what common encoders make of photographs and of synthetic pictures.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use fastrand::Rng;

use crate::oracle;

/// One way to write a picture: format, name, file extension and the shell command, in which `$i` is
/// the source (a PPM file), `$d` a folder with a few of them called `0.ppm` to `3.ppm` (and `.png`), `$o` the file to be
/// written, and `$p` Pillow, which is told what to do with the source `i` and the file `o`.
pub struct Recipe {
    pub format: &'static str,
    pub name: &'static str,
    pub extension: &'static str,
    pub command: &'static str,
}

impl Recipe {
    /// The name of a file that it made.
    pub fn file(&self, what: &str) -> String {
        format!("{}-{}-{what}.{}", self.format, self.name, self.extension)
    }
}

macro_rules! recipes {
    ($($format:literal $extension:literal { $($name:literal: $command:literal;)* })*) => {
        /// All of them.
        pub static RECIPES: &[Recipe] = &[$($(
            Recipe { format: $format, name: $name, extension: $extension, command: $command },
        )*)*];
    };
}

recipes! {
    "jpeg" "jpg" {
        "q90": "cjpeg -quality 90 -outfile $o $i";
        "q75-optimised": "cjpeg -quality 75 -optimize -outfile $o $i";
        "q50": "cjpeg -quality 50 -outfile $o $i";
        "q95-444": "cjpeg -quality 95 -sample 1x1 -outfile $o $i";
        "422": "cjpeg -quality 85 -sample 2x1 -outfile $o $i";
        "grey": "cjpeg -quality 85 -grayscale -outfile $o $i";
        "restarts": "cjpeg -quality 85 -restart 1 -outfile $o $i";
        "progressive": "cjpeg -quality 85 -progressive -outfile $o $i";
        "progressive-444": "cjpeg -quality 92 -progressive -sample 1x1 -outfile $o $i";
        "progressive-restarts": "cjpeg -quality 80 -progressive -restart 4B -outfile $o $i";
        "imagemagick": "convert $i -quality 88 $o";
        "imagemagick-progressive": "convert $i -interlace JPEG -quality 82 $o";
        "cmyk": "convert $i -colorspace CMYK -quality 90 $o";
        "ffmpeg": "ffmpeg -v error -y -i $i -q:v 3 $o";
        "pillow": "$p 'i.save(o, quality=85, progressive=True)'";
        "vips": "vips jpegsave $i $o --Q 80";
        "baseline-from-progressive": "cjpeg -quality 85 -progressive $i | jpegtran -outfile $o";
    }
    "png" "png" {
        "imagemagick": "convert $i $o";
        "grey": "convert $i -colorspace Gray $o";
        "palette": "convert $i -colors 64 -type Palette $o";
        "alpha": "convert $i -alpha set -channel A -evaluate set 60% $o";
        "sixteen": "convert $i -depth 16 -define png:bit-depth=16 $o";
        "interlaced": "convert $i -interlace PNG $o";
        "bilevel": "convert $i -monochrome $o";
        "fast": "convert $i -define png:compression-level=1 $o";
        "pillow": "$p 'i.save(o, optimize=True)'";
        "ffmpeg": "ffmpeg -v error -y -i $i $o";
        "apng": "ffmpeg -v error -y -framerate 5 -i $d/%d.ppm -plays 0 -f apng $o";
        "vips": "vips pngsave $i $o --compression 9";
    }
    "webp" "webp" {
        "q75": "cwebp -quiet -q 75 $i -o $o";
        "q30": "cwebp -quiet -q 30 $i -o $o";
        "q95": "cwebp -quiet -q 95 $i -o $o";
        "method-0": "cwebp -quiet -m 0 $i -o $o";
        "method-6": "cwebp -quiet -m 6 -segments 4 -sns 100 $i -o $o";
        "partitions": "cwebp -quiet -partition_limit 50 -q 80 $i -o $o";
        "alpha": "convert $i -alpha set -channel A -fx 'i/w' png:- | cwebp -quiet -q 80 -o $o -- -";
        "lossless": "cwebp -quiet -lossless $i -o $o";
        "lossless-fast": "cwebp -quiet -lossless -z 1 $i -o $o";
        "animated": "img2webp -loop 0 -lossy -q 70 -d 100 $d/0.png $d/1.png $d/2.png -o $o >/dev/null";
        "ffmpeg": "ffmpeg -v error -y -i $i -c:v libwebp -q:v 60 $o";
        "pillow": "$p 'i.save(o, quality=70)'";
    }
    "gif" "gif" {
        "still": "convert $i $o";
        "interlaced": "convert $i -interlace GIF $o";
        "animated": "convert -delay 10 $d/0.ppm $d/1.ppm $d/2.ppm $o";
        "optimised": "convert -delay 10 $d/0.ppm $d/1.ppm -colors 200 gif:- | gifsicle -O3 -o $o";
        "ffmpeg": "ffmpeg -v error -y -framerate 5 -i $d/%d.ppm -f gif $o";
        "netpbm": "pnmquant 256 $i 2>/dev/null | ppmtogif -quiet > $o";
        "pillow": "$p 'i.quantize(256).save(o)'";
    }
    "tiff" "tif" {
        "none": "convert $i -compress None $o";
        "lzw": "convert $i -compress LZW $o";
        "lzw-predictor": "convert $i tiff:- > $d/t.tif && tiffcp -c lzw:2 $d/t.tif $o";
        "zip": "convert $i -compress Zip $o";
        "packbits": "convert $i -compress RLE $o";
        "jpeg": "convert $i -compress JPEG -quality 85 $o";
        "tiles": "convert $i tiff:- > $d/t.tif && tiffcp -t -w 64 -l 64 -c zip $d/t.tif $o";
        "planes": "convert $i tiff:- > $d/t.tif && tiffcp -p separate -c lzw $d/t.tif $o";
        "group4": "convert $i -monochrome -compress Group4 $o";
        "group3": "convert $i -monochrome -compress Fax $o";
        "big-endian": "convert $i -endian MSB -compress LZW $o";
        "bigtiff": "convert $i tiff:- > $d/t.tif && tiffcp -8 -c zip $d/t.tif $o";
        "pages": "convert $d/0.ppm $d/1.ppm -compress Zip $o";
        "pillow": "$p 'i.save(o, compression=\"tiff_lzw\")'";
        "vips": "vips tiffsave $i $o --compression deflate --tile";
        "ffmpeg": "ffmpeg -v error -y -i $i -compression_algo deflate $o";
    }
    "bmp" "bmp" {
        "rgb": "convert $i BMP3:$o";
        "palette": "convert $i -colors 200 -type Palette BMP3:$o";
        "ffmpeg": "ffmpeg -v error -y -i $i $o";
    }
    "heif" "heic" {
        "q50": "heif-enc -q 50 $d/0.png -o $o";
        "q80": "heif-enc -q 80 $d/1.png -o $o";
        "lossless": "heif-enc -L $d/2.png -o $o";
        "thumbnail": "heif-enc -q 60 -t 16 $d/3.png -o $o";
        "444": "heif-enc -q 70 -p chroma=444 $d/0.png -o $o";
        "alpha": "convert $i -alpha set -channel A -fx 'i/w' a.png && heif-enc -q 60 a.png -o $o";
        "imagemagick": "convert $i -quality 75 $o";
        "vips": "vips heifsave $i $o --Q 65";
        "pillow": "$p 'i.save(o, quality=70)'";
    }
    "avif" "avif" {
        "heif-enc": "heif-enc -A -q 60 $d/1.png -o $o";
        "vips": "vips heifsave $i $o --Q 60 --compression av1";
        "pillow": "$p 'i.save(o, quality=70, speed=8)'";
    }
}

/// The photographs that scikit-learn carries, 640 x 427 pixels each.
const PHOTOGRAPHS: [&str; 2] = ["china.jpg", "flower.jpg"];

/// Makes four sources in `folder` out of parts of photographs, which lie in the folder `photographs`.
pub fn photographs(folder: &Path, photographs: &Path, rng: &mut Rng, width: u32, height: u32) -> anyhow::Result<()> {
    for number in 0..4 {
        let photograph = photographs.join(PHOTOGRAPHS[number % 2]).display().to_string();
        // The part lies anywhere, and every second pair is turned.
        let (left, top, flop) = (rng.u32(..=640 - 480), rng.u32(..=427 - 320), if number < 2 { "" } else { "-flop" });
        source(
            folder,
            number,
            &format!("{photograph} -crop 480x320+{left}+{top} +repage {flop} -resize {width}x{height}!"),
        )?;
    }
    Ok(())
}

/// Makes four sources in `folder` that nobody photographed: soft shapes, edges and some noise.
pub fn shapes(folder: &Path, rng: &mut Rng, width: u32, height: u32) -> anyhow::Result<()> {
    for number in 0..4 {
        let (size, seed, noise) = (format!("{width}x{height}"), rng.u32(..1_000_000), rng.f32());
        source(
            folder,
            number,
            &format!(
                "-seed {seed} -size {size} plasma:fractal -blur 0x1 \\( -size {size} pattern:checkerboard -scale 150% \
                 -gravity center -crop {size}+{number}+0 +repage -resize {size}! \\) \
                 -compose softlight -composite -attenuate {noise} +noise Gaussian"
            ),
        )?;
    }
    Ok(())
}

/// Makes `N.ppm` and `N.png`.
fn source(folder: &Path, number: usize, picture: &str) -> anyhow::Result<()> {
    shell(folder, &format!("convert {picture} -depth 8 {number}.ppm && convert {number}.ppm {number}.png"))
}

/// Writes one picture of `recipe` into `folder` and returns its bytes.
pub fn encode(recipe: &Recipe, folder: &Path, source: u32) -> anyhow::Result<Vec<u8>> {
    let output = folder.join("o").with_extension(recipe.extension);
    let pillow =
        format!("{} {}/encode.py {source}.ppm o.{}", oracle::python(), env!("CARGO_MANIFEST_DIR"), recipe.extension);
    let command = recipe
        .command
        .replace("$p", &pillow)
        .replace("$i", &format!("{source}.ppm"))
        .replace("$d", ".")
        .replace("$o", &format!("o.{}", recipe.extension));
    shell(folder, &command).with_context(|| format!("{} {}", recipe.format, recipe.name))?;
    let bytes = std::fs::read(&output)?;
    std::fs::remove_file(&output)?;
    Ok(bytes)
}

pub fn shell(folder: &Path, command: &str) -> anyhow::Result<()> {
    let output = Command::new("sh").arg("-c").arg(command).current_dir(folder).output()?;
    if !output.status.success() {
        bail!("{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
