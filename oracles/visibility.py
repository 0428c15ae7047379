#!/usr/bin/env python3
"""For each line `PARENT<tab>MUTANT` of standard input: the share of the picture that Pillow, told to be lenient, shows otherwise.

A pixel counts if one of its samples moved by more than 8 of 255 levels. What cannot be opened at all counts as 1.
"""
import concurrent.futures
import functools
import sys
import warnings

from PIL import Image, ImageChops, ImageFile
import pillow_heif

pillow_heif.register_heif_opener()
ImageFile.LOAD_TRUNCATED_IMAGES = True
Image.MAX_IMAGE_PIXELS = 50_000_000
warnings.simplefilter("ignore")


def frames(path):
    """The first frames of a picture, as RGBA."""
    pictures = []
    with Image.open(path) as picture:
        for number in range(min(getattr(picture, "n_frames", 1), 8)):
            picture.seek(number)
            pictures.append(picture.convert("RGBA"))
    return pictures


@functools.lru_cache(maxsize=4)
def healthy(path):
    return frames(path)


def share(line):
    parent, mutant = line.rstrip("\n").split("\t")
    before = healthy(parent)
    try:
        after = frames(mutant)
    except Exception:  # whatever a decoder makes of broken bytes
        return 1.0
    if len(before) != len(after) or any(a.size != b.size for a, b in zip(before, after)):
        return 1.0
    worst = 0.0
    for a, b in zip(before, after):
        bands = [band.point(lambda level: 255 if level > 8 else 0) for band in ImageChops.difference(a, b).split()]
        moved = functools.reduce(ImageChops.lighter, bands).histogram()[255]
        worst = max(worst, moved / (a.size[0] * a.size[1]))
    return worst


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for answer in pool.map(share, sys.stdin.readlines(), chunksize=64):
            print(answer)
