"""Small pictures, made of larger ones that were taken.

Chromium would draw the whole page three times more for one. A JPEG is read at a half, a quarter or an eighth
of its size as it is decoded, which takes a third of that, and never needs the memory of the whole.
"""

import io

from PIL import Image

LEAST_WIDTH = 400
"""A thumbnail is at least this wide in pixels where its picture is, and less than twice as wide."""
SHAPE = 1.25
"""Times its width that a thumbnail is high at most; of a taller picture it shows the top."""


def thumbnail(picture: bytes, quality: int) -> bytes:
    """A small JPEG of a JPEG picture, of a quality out of 100; nothing of one that cannot be read or is too large."""
    try:
        with Image.open(io.BytesIO(picture), formats=["JPEG"]) as image:
            image.draft("RGB", (LEAST_WIDTH, 1))
            width, height = image.size
            top = image.crop((0, 0, width, min(height, round(width * SHAPE))))
            top.thumbnail((2 * LEAST_WIDTH - 1, 4 * LEAST_WIDTH))  # what draft leaves larger
            made = io.BytesIO()
            top.save(made, "JPEG", quality=quality)
    except (OSError, Image.DecompressionBombError):
        return b""
    return made.getvalue()
