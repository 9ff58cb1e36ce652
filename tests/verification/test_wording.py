"""What `verify` says of each kind of defect, word by word: file, place, what is wrong, what was expected.

The lines are kept in `wording.txt`. To write them anew after a deliberate change: WRITE_WORDING=1 pytest
tests/verification/test_wording.py, and read the difference.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tampering import Tampered
from test_tampering import members

KEPT = Path(__file__).with_name("wording.txt")
RUN = "runs/2026/03/04/20260304T050607Z-beef"
WARC = f"{RUN}/archive/capture-0-0.warc.gz"
SHEET = f"{RUN}/manifests/capture-0-0.json"
LEAVES = "log/leaves.jsonl"
CHECKPOINT = "log/checkpoints/000000000003.txt"
HIDDEN = [
    (re.compile(r"\b[0-9a-f]{64}\b"), "<64 hex>"),
    (re.compile(r"archiver/[0-9a-f]{32}"), "archiver/<32 hex>"),
    (re.compile(r"(?<= )\d{3,}(?=[ :,]|$)"), "<n>"),
    (re.compile(r"(?<=index.cdxj, line )\d+"), "<n>"),
]
"""What differs from machine to machine: digests, names of keys, sizes and offsets."""
OTHER_KEY = (
    Ed25519PrivateKey.from_private_bytes(bytes(32))
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)
BY_CHANCE = {"two WARCs swapped": "index"}
"""Lines that say one thing or another: whether records of both files begin at the same byte depends on
what the machine and the checkout are called in the first of them."""
Tamper = Callable[[Path], object]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Tampered:
    return Tampered(tmp_path_factory.mktemp("wording"))


def flip(name: str, at: int) -> Tamper:
    def change(root: Path) -> None:
        data = bytearray((root / name).read_bytes())
        data[at] ^= 1
        (root / name).write_bytes(data)

    return change


def edit(name: str, before: bytes, after: bytes) -> Tamper:
    def change(root: Path) -> None:
        data = (root / name).read_bytes()
        assert before in data
        (root / name).write_bytes(data.replace(before, after, 1))

    return change


def cut(name: str, count: int) -> Tamper:
    return lambda root: (root / name).write_bytes((root / name).read_bytes()[:-count])


def add(name: str, data: bytes) -> Tamper:
    return lambda root: (root / name).write_bytes((root / name).read_bytes() + data)


def drop(name: str) -> Tamper:
    return lambda root: (root / name).unlink()


def lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Tamper:
    def tamper(root: Path) -> None:
        found = (root / name).read_bytes().splitlines(keepends=True)
        (root / name).write_bytes(b"".join(change(found)))

    return tamper


def records(change: Callable[[list[bytes]], list[bytes]]) -> Tamper:
    def tamper(root: Path) -> None:
        data = (root / WARC).read_bytes()
        edges = [*members(data), len(data)]
        parts = [data[a:b] for a, b in zip(edges, edges[1:], strict=False)]
        (root / WARC).write_bytes(b"".join(change(parts)))

    return tamper


def swap_files(one: str, other: str) -> Tamper:
    def change(root: Path) -> None:
        before = (root / one).read_bytes()
        (root / one).write_bytes((root / other).read_bytes())
        (root / other).write_bytes(before)

    return change


def link(name: str) -> Tamper:
    def change(root: Path) -> None:
        (root / name).unlink()
        (root / name).symlink_to("/etc/hostname")

    return change


def unsign(root: Path) -> None:
    path = root / RUN / "datapackage-digest.json"
    digest = json.loads(path.read_bytes())
    del digest["signedData"]
    path.write_text(json.dumps(digest))


def pipe(name: str) -> Tamper:
    def change(root: Path) -> None:
        (root / name).unlink()
        os.mkfifo(root / name)

    return change


def folder(name: str) -> Tamper:
    def change(root: Path) -> None:
        (root / name).unlink()
        (root / name).mkdir()

    return change


TAMPERED: dict[str, Tamper] = {
    "a byte of a WARC flipped": flip(WARC, -600),
    "a byte in a stored picture flipped": lambda root: edit(WARC, b"PNG", b"PNH")(root),
    "the WARC cut by a byte": cut(WARC, 1),
    "zeros after the WARC": add(WARC, b"\0" * 512),
    "a record dropped": records(lambda r: [*r[:2], *r[3:]]),
    "a record twice": records(lambda r: [*r, r[-1]]),
    "two records swapped": records(lambda r: [r[0], r[2], r[1], *r[3:]]),
    "the WARC taken away": drop(WARC),
    "two WARCs swapped": swap_files(WARC, WARC.replace("0-0", "0-1")),
    "the WARC a symbolic link": link(WARC),
    "the WARC a pipe": pipe(WARC),
    "the WARC a folder": folder(WARC),
    "a word of a manifest changed": edit(SHEET, b'"locale":"en"', b'"locale":"de"'),
    "a status in a manifest changed": edit(SHEET, b'"status":200', b'"status":404'),
    "a manifest taken away": drop(SHEET),
    "a line of the index dropped": lines(f"{RUN}/indexes/index.cdxj", lambda f: f[1:]),
    "lines of the index swapped": lines(
        f"{RUN}/indexes/index.cdxj", lambda f: [f[1], f[0], *f[2:]]
    ),
    "an offset in the index changed": edit(
        f"{RUN}/indexes/index.cdxj", b'"offset": "', b'"offset": "1'
    ),
    "a page's time changed": edit(f"{RUN}/pages/pages.jsonl", b"05:06:07", b"05:06:08"),
    "a line of the run log dropped": lines(f"{RUN}/logs/run.jsonl", lambda f: f[1:]),
    "a file slipped in": lambda root: (root / RUN / "logs/x.txt").write_text("x"),
    "the package's list changed": edit(f"{RUN}/datapackage.json", b"archiver run", b"Archiver run"),
    "the package unsigned": unsign,
    "a run taken away": lambda root: shutil.rmtree(root / RUN),
    "a leaf of the log dropped": lines(LEAVES, lambda f: f[1:]),
    "leaves swapped": lines(LEAVES, lambda f: [f[1], f[0], *f[2:]]),
    "the log cut by a byte": cut(LEAVES, 1),
    "the last leaf dropped": lines(LEAVES, lambda f: f[:-1]),
    "a checkpoint changed": edit(CHECKPOINT, b"\n3\n", b"\n4\n"),
    "the log a pipe": pipe(LEAVES),
    "a stamp changed": flip("log/stamps/000000000003-tsa-example-d4be7bb8.tsr", -9),
    "a tombstone taken away": drop("log/tombstones/capture-1-1.json"),
    "another key": lambda root: (root / "keys/log.pub").write_bytes(OTHER_KEY),
    "the ledger taken away": drop("ledger.sqlite3"),
    "a note left in the archive": lambda root: (root / "notes.txt").write_text("x"),
}


def said(root: Path, original: Tampered) -> list[str]:
    original_root, original.root = original.root, root
    try:
        found = original.lines()
    finally:
        original.root = original_root
    for pattern, word in HIDDEN:
        found = [pattern.sub(word, line) for line in found]
    return found


def test_every_line_as_it_is_kept(original: Tampered, tmp_path: Path) -> None:
    blocks = []
    for title, tamper in TAMPERED.items():
        root = tmp_path / "a"
        shutil.copytree(original.root, root)
        tamper(root)
        found = said(root, original)
        assert found, title
        if title in BY_CHANCE:
            found = [line for line in found if BY_CHANCE[title] not in line]
        blocks.append("\n".join([f"# {title}", *found]))
        shutil.rmtree(root)
    text = "\n\n".join(blocks) + "\n"
    if os.environ.get("WRITE_WORDING"):
        KEPT.write_text(text, encoding="utf-8")
    assert text == KEPT.read_text(encoding="utf-8")
