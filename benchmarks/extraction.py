"""Extraction against goose3 and against bare parsing, on the same pages, and `archiver extract` on a WARC.

    python benchmarks/extraction.py [FOLDER] [--pages 60] [--rounds 5]
    python benchmarks/extraction.py [FOLDER] --make-warc /tmp/big.warc.gz --size 1000
    python benchmarks/extraction.py --warc /tmp/big.warc.gz

FOLDER holds pages, .html or .html.gz; without one the articles of the demo web are taken. The first form
times `find_embeds`, selectolax's parser alone and goose3 (`pip install goose3`; left out where it is not
installed) in turn, round after round, as CPU time, and prints medians of pages per second and of the
ratios of each round. `--size` is in megabytes of the file; its pages are those of FOLDER over and over.
The last form runs the command line on one core and on all of them, and prints wall time, pages per second
and core, and the peak memory of all its processes together, as the kernel counts it: every page once
(PSS, what the bound is about) and for each process (RSS). Exit status 1 when a figure misses its goal.
"""

import argparse
import contextlib
import gc
import gzip
import io
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.demoweb.serve import DemoWeb
from archiver.domain.document import Document
from archiver.extraction.find import find_embeds
from archiver.net.client import Client
from archiver.net.guard import EgressGuard

try:
    from goose3 import Goose
except ImportError:
    Goose = None

GOALS = {"goose3": 60.0, "parse only": 0.5}
MOST_MEMORY = 300e6


def pages_in(folder: Path | None, most: int) -> list[bytes]:
    """At most `most` pages, taken evenly from the sorted files of a folder."""
    if folder is None:
        with tempfile.TemporaryDirectory() as made:
            return demo_pages(Path(made))
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))
    chosen = [files[len(files) * n // min(most, len(files))] for n in range(min(most, len(files)))]
    read = (path.read_bytes() for path in chosen)
    return [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in read]


def demo_pages(folder: Path) -> list[bytes]:
    """The articles of the demo web, fetched through its proxy."""
    with DemoWeb(folder) as demo, EgressGuard(demo.proxy_url, ca_file=demo.ca_file) as guard:
        client = Client(guard.lane().proxy_url, ca_file=demo.ca_file)
        urls = [article for article in demo.articles if article.startswith("https")]
        return [client.fetch(url)[-1].body.read() for url in urls]


def ours(page: bytes) -> None:
    find_embeds(Document(source="page", kind="html", body=page))


def parse_only(page: bytes) -> None:
    LexborHTMLParser(page)


def with_goose() -> Callable[[bytes], None]:
    """goose3 as one would call it for its embeds, without fetching anything."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    goose = Goose({"enable_image_fetching": False})

    def extract(page: bytes) -> None:
        with contextlib.suppress(Exception):  # what it cannot read it is timed for all the same
            found = goose.extract(raw_html=page.decode("utf-8", "replace"))
            _ = found.tweets, found.movies

    return extract


def rate(read: Callable[[bytes], None], pages: Sequence[bytes]) -> float:
    """Pages per second of CPU time. What others left to the garbage collector is collected before."""
    gc.collect()
    before = time.process_time()
    for page in pages:
        read(page)
    return len(pages) / (time.process_time() - before)


def compare(pages: Sequence[bytes], rounds: int) -> bool:
    """Time all readers in turn and print what came out; gives whether the goals are met."""
    readers = {"archiver": ours, "parse only": parse_only}
    if Goose is not None:
        readers["goose3"] = with_goose()
    else:
        print("goose3 is not installed (pip install goose3): left out")
    for read in readers.values():
        read(pages[0])
    rates: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            rates[name].append(rate(read, pages))
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB, {rounds} interleaved rounds, CPU time, medians")
    for name, figures in rates.items():
        print(f"{name:<11} {statistics.median(figures):9.1f} pages/s")
    reached = [ratio(rates, name) for name in readers if name in GOALS]
    return all(reached)


def ratio(rates: dict[str, list[float]], name: str) -> bool:
    """Print how many times as fast as another reader we are; gives whether that is the goal."""
    ratios = [ours / other for ours, other in zip(rates["archiver"], rates[name], strict=True)]
    middle, goal = statistics.median(ratios), GOALS[name]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    verdict = "reached" if middle >= goal else "MISSED"
    print(f"archiver : {name:<11} {middle:7.2f}  ({spread}), goal {goal:g}: {verdict}")
    return middle >= goal


def make_warc(path: Path, pages: Sequence[bytes], size: int) -> None:
    """A WARC file of at least `size` bytes in which each page has an address of its own."""
    count = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz", warc_version="1.1")
        while file.tell() < size:
            for page in pages:
                headers = StatusAndHeaders(
                    "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
                )
                body, url = io.BytesIO(page), f"https://site.example/{count}"
                writer.write_record(
                    writer.create_warc_record(url, "response", body, http_headers=headers)
                )
                count += 1
    print(f"{path}: {count} pages, {path.stat().st_size / 1e6:.0f} MB")


def tree(root: int) -> list[int]:
    """A process and all below it."""
    found = [root]
    for process in found:
        with contextlib.suppress(OSError):
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                found += map(int, children.read_text().split())
    return found


def memory(processes: Sequence[int]) -> tuple[int, int]:
    """PSS and RSS of some processes together, in bytes."""
    pss = rss = 0
    for process in processes:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name == "Pss":
                    pss += int(value.split()[0]) * 1024
                elif name == "Rss":
                    rss += int(value.split()[0]) * 1024
    return pss, rss


def bulk(path: Path, cores: Sequence[int], pages: int) -> bool:
    """Read a WARC on some cores; prints the figures and gives whether memory stays below its bound."""
    before, pss, rss = time.monotonic(), 0, 0
    running = subprocess.Popen(
        [sys.executable, "-m", "archiver", "extract", "--json", str(path)],
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    while running.poll() is None:
        now = memory(tree(running.pid))
        pss, rss = max(pss, now[0]), max(rss, now[1])
        time.sleep(0.1)
    wall = time.monotonic() - before
    print(
        f"{len(cores):>2} cores: {wall:7.1f} s, {pages / wall:7.1f} pages/s, "
        f"{pages / wall / len(cores):7.1f} pages/s and core, "
        f"peak memory {pss / 1e6:.0f} MB PSS, {rss / 1e6:.0f} MB RSS, exit {running.returncode}"
    )
    return running.returncode == 0 and pss < MOST_MEMORY


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warc", type=Path)
    parser.add_argument("--make-warc", type=Path)
    parser.add_argument("--size", type=int, default=1000)
    chosen = parser.parse_args()
    if chosen.warc:
        with chosen.warc.open("rb") as file:
            pages = sum(record.rec_type == "response" for record in ArchiveIterator(file))
        print(f"{chosen.warc}: {pages} pages, {chosen.warc.stat().st_size / 1e6:.0f} MB")
        cores = sorted(os.sched_getaffinity(0))
        held = [bulk(chosen.warc, use, pages) for use in (cores[:1], cores)]
        return 0 if all(held) else 1
    found = pages_in(chosen.folder, chosen.pages)
    if chosen.make_warc:
        make_warc(chosen.make_warc, found, chosen.size * 1_000_000)
        return 0
    return 0 if compare(found, chosen.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
