"""A folder read as one ZIP file: the standard library finds it whole, and every range is right."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.viewer.bundle import Bundle

NAMES = st.text("abcäß漢/-.", min_size=1, max_size=30).map(lambda name: name.strip("/") or "a")
CONTENTS = st.dictionaries(NAMES, st.binary(max_size=300), max_size=6)


def bundle(folder: Path, contents: dict[str, bytes], wide_from: int) -> Bundle:
    files = []
    for number, (name, data) in enumerate(contents.items()):
        path = folder / str(number)
        path.write_bytes(data)
        files.append((name, path))
    return Bundle(files, wide_from=wide_from)


def whole(made: Bundle) -> bytes:
    return b"".join(made.read(0, made.size))


@pytest.mark.parametrize("wide_from", [0xFFFFFFFF, 100, 0])
@given(contents=CONTENTS)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_it_is_a_zip_file(tmp_path: Path, wide_from: int, contents: dict[str, bytes]) -> None:
    made = bundle(tmp_path, contents, wide_from)
    data = whole(made)
    assert len(data) == made.size
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {info.filename: opened.read(info) for info in opened.infolist()} == contents
        assert all(info.compress_type == zipfile.ZIP_STORED for info in opened.infolist())


@given(contents=CONTENTS, start=st.integers(0, 2000), length=st.integers(0, 2000))
@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_range(tmp_path: Path, contents: dict[str, bytes], start: int, length: int) -> None:
    made = bundle(tmp_path, contents, 0xFFFFFFFF)
    assert b"".join(made.read(start, length)) == whole(made)[start : start + length]


def test_a_file_larger_than_a_piece(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    made = bundle(tmp_path, {"large": data, "small": b"x"}, 0xFFFFFFFF)
    with zipfile.ZipFile(io.BytesIO(whole(made))) as opened:
        assert opened.read("large") == data
    assert b"".join(made.read(1_500_000, 700_000)) == whole(made)[1_500_000:2_200_000]
