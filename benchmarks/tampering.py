"""What `archiver verify` finds of tampering, and what the stock tools find of the same.

    python benchmarks/tampering.py [--flips 10] [--cuts 100]

A run is written, zipped as a WACZ, and tampered with in one place at a time: its last record is cut at
many bytes, bits are flipped in WARC, index, pages and manifests, files and records are dropped, added and
swapped. Each time four programs look at it: `archiver verify` at the run, `warcio check` and FastWARC
(which checks the digests of every record) at its WARC files, and `wacz validate` at a WACZ of it. Printed
is how many they report. `wacz validate` compares hashes only: whoever makes the list of files anew passes.
"""

import argparse
import contextlib
import io
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator
from verify import write_run
from warcio.checker import Checker

from archiver.verification.verify import verify

WACZ = str(Path(sys.executable).with_name("wacz"))
Tampering = Callable[[Path], None]
PROGRAMS = ("archiver verify", "warcio check", "FastWARC", "wacz validate")


def ours(run: Path) -> bool:
    """Whether our program reports anything."""
    return not verify([run], processes=1).whole


def warcio(run: Path) -> bool:
    files = [str(path) for path in sorted((run / "archive").iterdir())]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = Checker(Namespace(inputs=files, verbose=False)).process_all()
        except Exception:  # noqa: BLE001 - a crash is a report too
            return True
    return bool(code) or "ERROR" in said.getvalue() or "digest failed" in said.getvalue()


def fastwarc(run: Path) -> bool:
    for path in sorted((run / "archive").iterdir()):
        try:
            with path.open("rb") as stream:
                for record in ArchiveIterator(stream, parse_http=False):
                    if not record.verify_block_digest(consume=True):
                        return True
        except Exception:  # noqa: BLE001
            return True
    return False


def wacz(run: Path) -> bool:
    """`wacz validate` of the run, zipped."""
    book = run.with_name("book.wacz")
    with zipfile.ZipFile(book, "w") as bundle:
        for path in sorted(run.rglob("*")):
            if path.is_file():
                bundle.write(path, path.relative_to(run).as_posix())
    done = subprocess.run([WACZ, "validate", "-f", str(book)], capture_output=True, text=True)
    return done.returncode != 0 or "invalid" in (done.stdout + done.stderr).lower()


def members(data: bytes) -> list[bytes]:
    """The gzip members of a WARC file."""
    found = []
    while data:
        engine = zlib.decompressobj(31)
        engine.decompress(data)
        found.append(data[: len(data) - len(engine.unused_data)])
        data = engine.unused_data
    return found


def rewritten(name: str, change: Callable[[bytes], bytes]) -> Tampering:
    def tamper(run: Path) -> None:
        path = next(run.glob(name))
        path.write_bytes(change(path.read_bytes()))

    return tamper


def of_records(change: Callable[[list[bytes]], list[bytes]]) -> Tampering:
    return rewritten("archive/*", lambda data: b"".join(change(members(data))))


def cuts(run: Path, count: int, dice: random.Random) -> Iterator[Tampering]:
    """The last record of a WARC file cut at so many bytes, all of them if there are fewer."""
    data = next(run.glob("archive/*")).read_bytes()
    last = members(data)[-1]
    places = range(len(data) - len(last) + 1, len(data))
    for at in sorted(dice.sample(places, min(count, len(places)))):
        yield rewritten("archive/*", lambda data, at=at: data[:at])


def flips(name: str, count: int, dice: random.Random) -> Iterator[Tampering]:
    for _ in range(count):
        place, bit = dice.random(), 1 << dice.randrange(8)

        def flip(data: bytes, place: float = place, bit: int = bit) -> bytes:
            at = int(place * len(data))
            return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]

        yield rewritten(name, flip)


def groups(run: Path, count: int, cut: int) -> dict[str, list[Tampering]]:
    dice = random.Random(7)
    line = b"\n"
    return {
        "last record cut": list(cuts(run, cut, dice)),
        "zeros after the end": [rewritten("archive/*", lambda data: data + b"\0" * 4096)],
        "bit flipped in a WARC": list(flips("archive/*", count, dice)),
        "bit flipped in the index": list(flips("indexes/*", count, dice)),
        "bit flipped in the pages": list(flips("pages/*", count, dice)),
        "bit flipped in a manifest": list(flips("manifests/*", count, dice)),
        "bit flipped in the list": list(flips("datapackage.json", count, dice)),
        "record dropped": [of_records(lambda r, n=n: r[:n] + r[n + 1 :]) for n in range(1, 9)],
        "record twice": [of_records(lambda r, n=n: [*r, r[n]]) for n in range(1, 9)],
        "records swapped": [of_records(lambda r: [r[0], r[2], r[1], *r[3:]])],
        "WARC dropped": [lambda run: next(run.glob("archive/*")).unlink()],
        "index emptied": [rewritten("indexes/*", lambda data: b"")],
        "index line dropped": [rewritten("indexes/*", lambda data: data.partition(line)[2])],
        "digest file dropped": [lambda run: (run / "datapackage-digest.json").unlink()],
        "file added": [lambda run: (run / "archive/more").write_text("x")],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flips", type=int, default=10)
    parser.add_argument("--cuts", type=int, default=100)
    chosen = parser.parse_args()
    looks = (ours, warcio, fastwarc, wacz)
    with tempfile.TemporaryDirectory() as folder:
        original, _ = write_run(Path(folder, "made"), 6)
        run = Path(folder, "run")
        shutil.copytree(original, run)
        assert not any(look(run) for look in looks), [look(run) for look in looks]
        print(f"{'':28}{'':6}" + "".join(f"{name:>18}" for name in PROGRAMS))
        total = [0] * (len(looks) + 1)
        for title, tamperings in groups(original, chosen.flips, chosen.cuts).items():
            found = [0] * len(looks)
            for tamper in tamperings:
                shutil.rmtree(run)
                shutil.copytree(original, run)
                tamper(run)
                found = [n + look(run) for n, look in zip(found, looks, strict=True)]
            shares = "".join(f"{n:>11} {100 * n / len(tamperings):4.0f} %" for n in found)
            print(f"{title:28}{len(tamperings):>6}{shares}", flush=True)
            total = [a + b for a, b in zip(total, [len(tamperings), *found], strict=True)]
        shares = "".join(f"{n:>11} {100 * n / total[0]:4.0f} %" for n in total[1:])
        print(f"{'all':28}{total[0]:>6}{shares}")
    return int(total[0] != total[1])


if __name__ == "__main__":
    sys.exit(main())
