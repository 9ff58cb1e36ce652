"""Lines sorted on disk are the lines sorted in memory."""

import tracemalloc
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.sorting import sorted_lines

LINES = st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"") + b"\n"), max_size=60)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=200,
)
@given(LINES, st.integers(1, 100))
def test_as_in_memory(tmp_path: Path, lines: list[bytes], part: int) -> None:
    assert list(sorted_lines(iter(lines), tmp_path, part=part)) == sorted(set(lines))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_behind_when_it_is_broken_off(tmp_path: Path) -> None:
    found = sorted_lines((b"%d\n" % n for n in range(1000)), tmp_path, part=64)
    assert next(found) == b"0\n"
    found.close()
    assert list(tmp_path.iterdir()) == []


def test_memory_stays_that_of_one_part(tmp_path: Path) -> None:
    """Thirty megabytes of lines by parts of one."""
    lines = (b"%0300d\n" % (n * 7919 % 100_003) for n in range(100_003))
    tracemalloc.start()
    count = sum(1 for _ in sorted_lines(lines, tmp_path, part=1 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_003 and peak < 6 << 20
