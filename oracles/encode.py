#!/usr/bin/env python3
"""Writes a picture with Pillow: `encode.py SOURCE OUTPUT STATEMENT`, where the statement knows them as `i` and `o`."""
import sys

from PIL import Image
import pillow_heif

pillow_heif.register_heif_opener()
exec(sys.argv[3], {"i": Image.open(sys.argv[1]), "o": sys.argv[2]})
