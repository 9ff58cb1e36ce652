"""Extraction on all cores gives what one process gives, in order; lost workers cost their page alone."""

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver import bulk
from archiver.bulk import BATCH_BYTES, BATCH_PAGES, Worker, batches, find_in_all, find_in_each
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.seed import BadSeed
from archiver.extraction.find import find_embeds
from archiver.extraction.patience import in_time

TWEET = '<blockquote class="twitter-tweet"><a href="https://twitter.com/ada/status/{}">x</a></blockquote>'


def page(number: int, size: int = 200) -> Document:
    body = TWEET.format(1_200_000_000_000_000_000 + number) + "<p>words</p>" * (size // 12)
    return Document(source=f"p{number}", kind="html", body=body.encode())


def refuse(bad: BadSeed) -> None:
    raise AssertionError(bad)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_many_workers_give_what_one_gives(workers: int) -> None:
    pages = [page(number, 90_000 if number % 7 == 0 else 300) for number in range(200)]
    found = list(find_in_all(pages, refuse, workers=workers, alone=0))
    assert found == [find_embeds(document) for document in pages]
    assert all(len(embeds) == 1 for embeds in found)
    assert not multiprocessing.active_children()


def test_few_pages_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "__init__", lambda self: pytest.fail("a worker was started"))
    assert len(list(find_in_all([page(n) for n in range(50)], refuse, workers=4))) == 50


def test_documents_are_taken_only_a_little_ahead() -> None:
    taken = 0

    def counted() -> Iterator[Document]:
        nonlocal taken
        for number in range(4000):
            taken += 1
            yield page(number)

    found = find_in_all(counted(), refuse, workers=2, alone=0)
    next(found)
    next(found)
    assert taken <= (2 * bulk.AHEAD + 2) * BATCH_PAGES
    found.close()
    assert not multiprocessing.active_children()


def test_batches_hold_all_in_order_and_about_a_megabyte() -> None:
    pages = [page(n, size) for n, size in enumerate([100] * 150 + [700_000] * 3 + [3_000_000])]
    made = list(batches(pages))
    assert [document for batch in made for document in batch] == pages
    assert all(len(batch) <= BATCH_PAGES for batch in made)
    assert all(sum(len(d.body) for d in batch[:-1]) < BATCH_BYTES for batch in made)


def test_a_worker_that_dies_costs_its_page_alone(tmp_path: Path) -> None:
    (tmp_path / "deadly.py").write_text(
        """
import os, signal
from archiver.extraction.find import find_embeds

def find(document):
    if document.body == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    return find_embeds(document)
"""
    )
    script = tmp_path / "job.py"
    script.write_text(
        """
from archiver import bulk
from archiver.domain.document import Document
from deadly import find

if __name__ == "__main__":
    bodies = [b"<iframe src='https://youtu.be/aBcDeFgHi%02d'>" % n for n in range(90)]
    bodies[50] = b"die"
    pages = [Document(source=str(n), kind="html", body=b) for n, b in enumerate(bodies)]
    said = []
    got = list(bulk.find_in_all(pages, said.append, workers=2, alone=-1, find=find))
    print([n for n, embeds in enumerate(got) if len(embeds) != 1], len(got))
    print([(bad.source, bad.reason) for bad in said])
"""
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "[50] 90",
        "[('50', 'the process that read it ended before it had an answer')]",
    ]


def test_a_page_without_end_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        """
import time
from archiver.extraction.find import find_embeds

def find(document):
    while document.body == b"slow":
        time.sleep(1)
    return find_embeds(document)
"""
    )
    script = tmp_path / "job.py"
    script.write_text(
        """
from archiver import bulk
from archiver.domain.document import Document
from slow import find

if __name__ == "__main__":
    pages = [Document(source=b.decode(), kind="html", body=b) for b in (b"1", b"slow", b"3")]
    said = []
    got = list(bulk.find_in_all(pages, said.append, workers=2, alone=-1, find=find, patience=3.0))
    print(len(got), [(bad.source, bad.reason) for bad in said])
"""
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    assert done.stdout == "3 [('slow', 'reading it took longer than 3 seconds')]\n"


def endless(document: Document) -> tuple[Embed, ...]:
    """As `find_embeds`, but for a page that has no end."""
    with in_time(0.2, document.source):
        while document.body == b"slow":
            pass
    return find_embeds(document)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_page_without_end_is_given_up_in_this_process_too(workers: int) -> None:
    pages = [Document(source=b.decode(), kind="html", body=b) for b in (b"1", b"slow", b"3")]
    said: list[BadSeed] = []
    got = list(find_in_all(pages, said.append, workers=workers, find=endless))
    assert got == [(), (), ()]
    assert [(bad.source, bad.reason) for bad in said] == [
        ("slow", "reading it took longer than 0.2 seconds")
    ]


def test_a_page_without_end_costs_itself_and_not_those_behind_it() -> None:
    pages = (page(1), Document(source="slow", kind="html", body=b"slow"), page(2))
    said: list[BadSeed] = []
    got = list(find_in_each(iter(pages), said.append, endless))
    assert [(document.source, len(found)) for document, found in got] == [
        (pages[0].source, 1),
        (pages[2].source, 1),
    ]
    assert [(bad.source, bad.origin, bad.reason) for bad in said] == [
        ("slow", "slow", "reading it took longer than 0.2 seconds")
    ]


def test_workers_do_not_import_the_program_again() -> None:
    worker = Worker(find_embeds, 60.0)
    try:
        worker.take(0, [page(1)])
        assert worker.answer() == [find_embeds(page(1))]
        maps = Path(f"/proc/{worker.process.pid}/maps")
        assert not maps.exists() or "_greenlet" not in maps.read_text()
    finally:
        worker.end()


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WARC file that is long enough for workers."""
    path = tmp_path_factory.mktemp("bulk") / "big.warc.gz"
    filler = "<p class=a>words <b>and</b> words</p>" * 1500
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(600):
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            )
            body = io.BytesIO((TWEET.format(10**18 + number) + filler).encode())
            url = f"https://site.example/{number}"
            writer.write_record(
                writer.create_warc_record(url, "response", body, http_headers=headers)
            )
    return path


def started(path: Path, **more: object) -> subprocess.Popen[bytes]:
    """`archiver extract` of a WARC, in a process group of its own as a shell would start it."""
    command = [sys.executable, "-W", "error", "-m", "archiver", "extract", "--json", str(path)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **more
    )  # type: ignore[call-overload,no-any-return]


def left(group: int) -> bool:
    """Whether a process of the group is still there after a few seconds."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


def test_the_pages_of_a_big_warc_come_in_order(big: Path) -> None:
    running = started(big)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (0, b"")
    lines = out.splitlines()
    assert len(lines) == 600
    assert all(b"site.example/%d" % n in line for n, line in enumerate(lines))


def test_ctrl_c_ends_all_of_it_quietly(big: Path) -> None:
    running = started(big)
    assert running.stdout is not None and running.stderr is not None
    for _ in range(200):
        running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    running.stdout.read()
    assert running.stderr.read().strip() == b"archiver: error: interrupted"
    assert running.wait(20) == 130
    assert not left(running.pid)


def test_a_closed_pipe_ends_all_of_it_quietly(big: Path) -> None:
    running = started(big)
    assert running.stdout is not None and running.stderr is not None
    for _ in range(200):
        running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == b""
    assert running.wait(20) == 141
    assert not left(running.pid)
