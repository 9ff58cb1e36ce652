"""Small pictures of larger ones: their size, what they show, and what cannot be read."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from archiver.capture.thumbnail import LEAST_WIDTH, thumbnail


def drawn(size: tuple[int, int], kind: str = "JPEG") -> bytes:
    """A picture that is red at its left, blue at its right, and black below its top part."""
    width, height = size
    image = Image.new("RGB", size, "red")
    image.paste("blue", (width // 2, 0, width, height))
    image.paste("black", (0, round(width * 1.25), width, max(height, round(width * 1.25))))
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 8000), st.integers(1, 3000))
def test_a_thumbnail_is_small_and_not_too_tall(width: int, height: int) -> None:
    with Image.open(io.BytesIO(thumbnail(drawn((width, height)), 80))) as small:
        assert small.format == "JPEG"
        assert min(width, LEAST_WIDTH) <= small.width < 2 * LEAST_WIDTH
        assert small.height <= small.width * 1.25 + 1


def test_it_shows_the_top_of_the_picture() -> None:
    with Image.open(io.BytesIO(thumbnail(drawn((1200, 6000)), 80))) as small:
        assert small.size == (small.width, round(small.width * 1.25))
        like = Image.open(io.BytesIO(drawn(small.size, "PNG")))
        apart = ImageStat.Stat(ImageChops.difference(small.convert("RGB"), like.convert("RGB")))
    assert max(apart.mean) < 3


@pytest.mark.parametrize(
    "data", [b"", b"no picture", drawn((900, 900))[:400], drawn((9, 9), "PNG")]
)
def test_of_what_is_no_picture_there_is_none(data: bytes) -> None:
    assert thumbnail(data, 80) == b""


def test_of_a_picture_too_large_to_be_read_there_is_none() -> None:
    data = drawn((8, 8))
    place = data.index(b"\xff\xc0") + 5  # where the frame header says how large it is
    large = data[:place] + (60000).to_bytes(2, "big") * 2 + data[place + 4 :]
    assert thumbnail(large, 80) == b""
