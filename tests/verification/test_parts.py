"""Many processes, parts of files: what is said is what one reader says who begins at the first byte."""

import os
import random
import signal
import time
from array import array
from pathlib import Path

import made
import pytest

from archiver.verification.crew import Crew, Helper
from archiver.verification.opening import Place, open_place
from archiver.verification.parts import cuts, find_member, join, read_part
from archiver.verification.prints import Places, printer, repeated
from archiver.verification.reading import Reader
from archiver.verification.tasks import Task, read_task
from archiver.verification.warc import WarcFacts

URL = "https://social.example/post/1"


def stored(data: bytes) -> bytes:
    """A gzip member that holds the data as they are, uncompressed."""
    return made.member(data, 0)


def large_warc(path: Path, *, nested: bool = False) -> Path:
    """Some forty records, of which some hold pictures, or whole gzipped WARC records in stored blocks."""
    dice = random.Random(5)
    inner = made.member(made.warcinfo("inner.warc.gz")) * 3
    data = made.member(made.warcinfo(path.name))
    for number in range(20):
        body = inner * 20 if nested else dice.randbytes(dice.randrange(40_000))
        data += stored(made.response(f"r{number}", URL, body))
        data += made.member(made.request(f"q{number}", URL, f"r{number}"))
    path.write_bytes(data)
    return path


def both(path: Path, part: int) -> tuple[WarcFacts, WarcFacts]:
    """What one process says of the file, and what two say who share it."""
    with Reader(1) as one, Reader(2, worth_it=0, part=part) as two:
        return next(one.read_files([path])), next(two.read_files([path]))


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("part", [1 << 12, 1 << 14, 1 << 17])
def test_a_shared_file_is_read_as_by_one(tmp_path: Path, part: int, nested: bool) -> None:
    path = large_warc(tmp_path / "large.warc.gz", nested=nested)
    one, two = both(path, part)
    assert one == two
    assert (one.count, one.defects) == (41, ())


def test_a_damaged_file_is_read_as_by_one(tmp_path: Path) -> None:
    path = large_warc(tmp_path / "large.warc.gz")
    whole, dice = path.read_bytes(), random.Random(6)
    for _ in range(12):
        data = bytearray(whole)
        if dice.random() < 0.5:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        else:
            del data[dice.randrange(len(data)) :]
        path.write_bytes(data)
        one, two = both(path, 1 << 15)
        assert one == two


def test_facts_of_parts_are_those_of_the_whole(tmp_path: Path) -> None:
    """The rows and the digest too, which a run needs."""
    path = large_warc(tmp_path / "large.warc.gz")
    key, size = bytes(16), path.stat().st_size
    whole = read_task(Task(Place(str(path)), size, "x", path.name, key))
    assert isinstance(whole, WarcFacts)
    edges = cuts(size, 1 << 14)
    with open_place(Place(str(path))) as stream:
        parts = [read_part(stream, a, b, path.name, alone=False, key=key) for a, b in edges]
        assert any(part is None for part in parts)
        found = join(stream, iter(parts), edges, path.name, alone=False, key=key)
    assert found.rows == whole.rows


def test_where_a_member_begins(tmp_path: Path) -> None:
    path = large_warc(tmp_path / "large.warc.gz")
    data = path.read_bytes()
    second = data.index(b"\x1f\x8b\x08", 10)
    with open_place(Place(str(path))) as stream:
        assert find_member(stream, 1, len(data)) == second
        assert find_member(stream, 1, second) is None
        assert find_member(stream, second, len(data)) == second
        assert find_member(stream, len(data) - 5, len(data)) is None


def test_a_helper_that_dies_costs_nothing_but_time(tmp_path: Path) -> None:
    path = large_warc(tmp_path / "large.warc.gz")
    task = Task(Place(str(path)), path.stat().st_size, "x", path.name, bytes(16), alone=True)
    with Crew(read_task, 3) as crew:
        answers = crew.answers([(task, 1 << 20)] * 40)
        first = next(answers)
        for helper in crew._helpers:
            os.kill(helper._process.pid, signal.SIGKILL)
        assert [first, *answers] == [read_task(task)] * 40


def test_a_helper_ends_with_its_input() -> None:
    helper = Helper()
    assert helper.ask([]) == []
    helper._to.close()
    deadline = time.monotonic() + 30
    while helper._process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert helper._process.poll() == 0
    helper.end()


def test_no_process_is_left(tmp_path: Path) -> None:
    path = large_warc(tmp_path / "large.warc.gz")
    with Reader(2, worth_it=0) as reader:
        list(reader.read_files([path, path, path]))
        helpers = reader._crew._helpers
        assert helpers
    assert all(helper._process.poll() is not None for helper in helpers)


def test_fingerprints() -> None:
    fingerprint = printer(bytes(16))
    assert fingerprint("a") != fingerprint("b")
    assert fingerprint("a") != printer(b"x" * 16)("a")
    values = array("Q", [5, 3, 5, 9, 3, 5])
    places = Places(values)
    assert [list(places.of(v)) for v in (3, 5, 9, 4)] == [[1, 4], [0, 2, 5], [3], []]
    assert repeated(values) == {3, 5}
    many = array("Q", [fingerprint(str(n)) for n in range(70_000)])
    assert repeated(many) == set()
    many.append(many[7])
    assert repeated(many) == {many[7]}
