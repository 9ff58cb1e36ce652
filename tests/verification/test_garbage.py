"""Files that are anything but what they should be: a line that says so, never a traceback, never much memory
or time."""

import io
import json
import os
import subprocess
import sys
import textwrap
import zlib
from functools import partial
from pathlib import Path

import made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tampering import Tampered, altered

from archiver.errors import UsageError
from archiver.verification.checkpoint import read_key, read_note
from archiver.verification.manifest import read_sheet
from archiver.verification.verify import verify
from archiver.verification.warc import read_warc

NOTHING_SLOW = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Tampered:
    return Tampered(tmp_path_factory.mktemp("garbage"))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
KINDS = [
    "WARC", "manifest", "index", "pages", "run log", "package", "package digest", "leaves",
    "checkpoint", "time stamp", "tombstone", "key", "ledger",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@NOTHING_SLOW
@given(st.data())
def test_any_bytes_in_place_of_any_file(archive: Tampered, kind: str, data: st.DataObject) -> None:
    path = archive.files[kind][0]
    before = path.read_bytes()
    cut = data.draw(st.integers(0, len(before)))
    rest = st.binary(max_size=60)
    garbage = data.draw(
        rest
        | rest.map(lambda tail: before[:cut] + tail)
        | rest.map(lambda middle: before[:cut] + middle + before[cut:])
        | anything.map(lambda value: json.dumps(value).encode() + b"\n")
    )
    with altered(path, garbage):
        report = archive.check_near(path)
    assert garbage == before or not report.whole
    assert all(str(defect).isprintable() for defect in report.defects)


def mutated(value: object, draw: st.DrawFn) -> object:
    """A JSON value with one thing in it replaced by anything."""
    if isinstance(value, dict) and value and draw(st.integers(0, 4)):
        key = draw(st.sampled_from(sorted(value)))
        return value | {key: mutated(value[key], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], mutated(value[at], draw), *value[at + 1 :]]
    return draw(anything)


@pytest.mark.parametrize("kind", ["manifest", "package", "package digest", "tombstone"])
@NOTHING_SLOW
@given(st.data())
def test_any_value_in_place_of_any_value(archive: Tampered, kind: str, data: st.DataObject) -> None:
    path = archive.files[kind][0]
    before = json.loads(path.read_bytes())
    after = mutated(before, data.draw)
    try:
        text = json.dumps(after, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        written = text.encode()
    except UnicodeEncodeError:
        return
    with altered(path, written):
        report = archive.check_near(path)
    assert repr(before) == repr(after) or not report.whole
    assert all(str(defect).isprintable() for defect in report.defects)


@given(st.binary(max_size=300))
def test_readers_of_single_things(data: bytes) -> None:
    for reader in (read_note, read_key):
        with pytest.raises(ValueError):  # noqa: PT011 - any is told as a defect
            reader(data)
    defects: list = []
    read_sheet(data, "x", defects)
    assert defects
    assert read_warc(io.BytesIO(data), "x", "x").defects
    assert read_warc(io.BytesIO(made.member(data)), "x", "x").defects


def bomb(zeros: int, *, before: bytes = b"", byte: bytes = b"\0") -> bytes:
    """A gzip member that expands to so many equal bytes."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = byte * (1 << 20)
    out = [engine.compress(before), *(engine.compress(piece) for _ in range(zeros >> 20))]
    return b"".join([*out, engine.flush()])


HEAD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    b"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: https://a.example/\r\n"
    b"WARC-Block-Digest: sha256:0\r\nWARC-Payload-Digest: sha256:0\r\n"
    b"Content-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n"
)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
MONSTROUS = {
    "zeros": bomb(600 << 20),
    "endless header": bomb(200 << 20, before=b"WARC/1.1\r\nX: ", byte=b"x"),
    "header of lines": bomb(64 << 20, before=b"WARC/1.1\r\n", byte=b"\n"),
    "endless HTTP head": bomb(
        200 << 20, before=HEAD % (200 << 20) + b"HTTP/1.1 200 OK\r\nX: ", byte=b"x"
    ),
    "absurd length": made.member(HEAD % (10**15) + b"HTTP/1.1 200 OK\r\n\r\n"),
    "longer than a number": made.member(HEAD.replace(b"%d", b"9" * 5000)),
    "absurd chunk": made.member(HEAD % 999 + CHUNKED + b"F" * 16 + b"\r\nx"),
    "endless chunk size": bomb(64 << 20, before=HEAD % (64 << 20) + CHUNKED, byte=b"f"),
    "million chunks": made.member(HEAD % 6_000_100 + CHUNKED + b"1\r\nx\r\n" * 1_000_000),
    "many members": made.member(b"x") * 20_000,
    "many empty records": made.member(b"WARC/1.1\r\n\r\n\r\n\r\n") * 20_000,
}
MEASURED = textwrap.dedent("""
    import resource, sys
    from pathlib import Path
    from archiver.verification.verify import verify
    report = verify([Path(sys.argv[1])], processes=1)
    used = resource.getrusage(resource.RUSAGE_SELF)
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    print(len(report.defects), max(len(str(one)) for one in report.defects), peak,
        int(used.ru_utime + used.ru_stime))
""")


def measured(path: Path) -> list[int]:
    """Verify in a process of its own: number of lines, longest line, megabytes, seconds of processor."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [int(word) for word in done.stdout.split()]


@pytest.mark.parametrize("name", MONSTROUS)
def test_monstrous_warcs(tmp_path: Path, name: str) -> None:
    path = tmp_path / "one.warc.gz"
    path.write_bytes(MONSTROUS[name])
    count, longest, peak, seconds = measured(path)
    assert 0 < count < 300
    assert longest < 1000
    assert peak < 200
    assert seconds < 40


RUN = "runs/2026/03/04/20260304T050607Z-beef"
HUGE = {
    "brackets": (f"{RUN}/manifests/capture-0-0.json", b"[" * (20 << 20)),
    "long lines in the index": (f"{RUN}/indexes/index.cdxj", b"x" * (40 << 20)),
    "a million lines": (f"{RUN}/indexes/index.cdxj", b"x\n" * 1_000_000),
    "pages": (f"{RUN}/pages/pages.jsonl", b"{}\n" * 1_000_000),
    "leaves": ("log/leaves.jsonl", b"x" * (40 << 20)),
    "checkpoint": ("log/checkpoints/000000000003.txt", b"x" * (40 << 20)),
    "key": ("keys/log.pub", b"x" * (40 << 20)),
    "package": (f"{RUN}/datapackage.json", b'{"resources":[' + b"[]," * (5 << 20)),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_files(archive: Tampered, name: str) -> None:
    file, data = HUGE[name]
    with altered(archive.root / file, data):
        count, longest, peak, seconds = measured(archive.root)
    assert 0 < count < 60
    assert longest < 1000
    assert peak < 300
    assert seconds < 20


def test_what_is_no_file_where_one_should_be(archive: Tampered, tmp_path: Path) -> None:
    """Pipes, folders and links in place of every file: told, and nobody waits for a pipe."""
    for kind, paths in archive.files.items():
        path, aside = paths[0], tmp_path / "aside"
        path.rename(aside)
        for make, away in (
            (os.mkfifo, Path.unlink),
            (Path.mkdir, Path.rmdir),
            (partial(os.symlink, aside), Path.unlink),
        ):
            make(path)
            assert archive.lines(), (kind, path)
            away(path)
        aside.rename(path)
    assert archive.lines() == []


def test_a_pipe_named_like_a_warc(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.warc.gz")
    os.mkfifo(tmp_path / "x.wacz")
    with pytest.raises(UsageError):
        verify([tmp_path / "x.warc.gz"])
    assert "is not a plain file" in str(verify([tmp_path / "x.wacz"]).defects[0])
