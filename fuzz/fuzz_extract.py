"""A fuzz target for extraction: whatever the bytes are, there is an answer, soon, and it can be printed.

    python fuzz/fuzz_extract.py                       a minute of seeded mutations
    python fuzz/fuzz_extract.py --seconds 600 --seed 7
    python fuzz/fuzz_extract.py --replay crash.bin    one input again
    python fuzz/fuzz_extract.py --atheris CORPUS_DIR -max_total_time=600    where atheris is installed

The first byte of an input chooses how the rest is read: as HTML, JSON or text, with or without a charset
that the transport names. Inputs grow out of the demo web's articles, the example seeds, and any files below
`--from FOLDER`, by cutting, doubling, swapping, joining and deep nesting. An input that raises, or takes
longer than a second for each 100 kB, is written to `crash.bin` and named with its seed; the exit status
is then 1.
"""

import argparse
import gzip
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from archiver.cli.rows import csv_lines, json_line, table_lines
from archiver.demoweb.articles import Press
from archiver.demoweb.catalogue import ARTICLES, BY_NAME, SITES
from archiver.domain.document import Document, DocumentKind
from archiver.extraction.find import find_embeds

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
LARGEST = 100_000
SECONDS = 1.0
KINDS: tuple[DocumentKind, ...] = ("html", "json", "text")
CHARSETS = (None, None, None, "utf-8", "utf-16", "shift_jis", "windows-1251", "nonsense")
TOKENS = (
    b"<", b">", b'"', b"'", b"\\", b"&lt;", b"&amp;", b"&quot;", b"<!--", b"-->", b"<script>", b"</script>",
    b"<template>", b"<iframe srcdoc='", b"<blockquote class=twitter-tweet>", b"<div>", b"</div>", b"\x00",
    b"\xff\xfe", b"\xe2\x80\x94", b"{", b"}", b"[", b"]", b"\\u003c", b"%3C", b"\\ud83d", b"(@a)", b"\n",
    b"pic.twitter.com/", b"https://x.com/a/status/", b"https://youtu.be/", b"data:text/html,", b"PGlm",
)  # fmt: skip


def check(data: bytes) -> None:
    """One input: it must be answered in time, and the answer must be printable in every form."""
    choice, body = data[0] if data else 0, data[1:]
    kind, charset = KINDS[choice % 3], CHARSETS[choice // 3 % len(CHARSETS)]
    document = Document(source="fuzz", kind=kind, body=body, charset=charset)
    begin = time.process_time()
    found = find_embeds(document)
    taken = time.process_time() - begin
    if taken > SECONDS * max(1.0, len(body) / LARGEST):
        raise TimeoutError(f"{taken:.1f} seconds for {len(body)} bytes as {kind}")
    for embed in found:
        if not embed.evidence or msgspec.json.decode(json_line(embed))["role"] != embed.role:
            raise ValueError(f"an embed that cannot be told: {embed!r}")
    csv_lines(found, header=True).encode("utf-8")
    "\n".join(table_lines(found, 80)).encode("utf-8")


def corpus(folder: Path | None) -> list[bytes]:
    """What inputs grow out of."""
    press = Press(BY_NAME, SITES)
    found = [press.document(article).encode() for article in ARTICLES]
    places = [SEEDS, folder] if folder else [SEEDS]
    for path in sorted(path for place in places for path in place.rglob("*") if path.is_file()):
        data = path.read_bytes()
        found.append(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    return found


def cut(data: bytes, chance: random.Random) -> bytes:
    """Without a piece of it."""
    begin = chance.randrange(len(data) + 1)
    return data[:begin] + data[begin + chance.randrange(1, 2000) :]


def double(data: bytes, chance: random.Random) -> bytes:
    """A piece of it many times over."""
    begin = chance.randrange(len(data) + 1)
    piece = data[begin : begin + chance.randrange(1, 300)]
    return data[:begin] + piece * chance.randrange(2, 2000) + data[begin:]


def insert(data: bytes, chance: random.Random) -> bytes:
    """With a token, once or very often."""
    begin = chance.randrange(len(data) + 1)
    token = chance.choice(TOKENS) * chance.choice((1, 1, 3, 50, 8000))
    return data[:begin] + token + data[begin:]


def flip(data: bytes, chance: random.Random) -> bytes:
    """With a few bytes changed."""
    changed = bytearray(data)
    for _ in range(min(len(changed), chance.randrange(1, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, double, insert, insert, flip)


def mutant(grown: Sequence[bytes], chance: random.Random) -> bytes:
    """One input of at most `LARGEST` bytes, made of one or two others."""
    data = chance.choice(grown)
    if chance.random() < 0.3:
        other = chance.choice(grown)
        data = data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]
    for _ in range(chance.randrange(1, 6)):
        data = chance.choice(MUTATIONS)(data[: 4 * LARGEST], chance)
    begin = chance.randrange(max(1, len(data) - LARGEST))
    return bytes([chance.randrange(24)]) + data[begin : begin + LARGEST]


def mutate(seconds: float, seed: int, folder: Path | None) -> int:
    """Try mutants until the time is over; gives the exit status."""
    grown = corpus(folder)
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        data = mutant(grown, random.Random(f"{seed} {count}"))
        try:
            check(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            Path("crash.bin").write_bytes(data)
            print(f"seed {seed}, input {count}: {type(error).__name__}: {error}; see crash.bin")
            return 1
        count += 1
    print(f"seed {seed}: {count} inputs, all answered")
    return 0


def main() -> int:
    if sys.argv[1:2] == ["--atheris"]:
        import atheris

        atheris.instrument_all()
        atheris.Setup([sys.argv[0], *sys.argv[2:]], check)
        atheris.Fuzz()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="folder", type=Path)
    parser.add_argument("--replay", type=Path)
    chosen = parser.parse_args()
    if chosen.replay:
        check(chosen.replay.read_bytes())
        return 0
    return mutate(chosen.seconds, chosen.seed, chosen.folder)


if __name__ == "__main__":
    sys.exit(main())
