"""Sorting more lines than fit into memory: sorted parts on disk, merged as they are read."""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile

PART = 1 << 24
"""Bytes of text that are sorted at once; in memory they take half as much again."""


def sorted_lines(lines: Iterable[bytes], aside: Path, *, part: int = PART) -> Iterator[bytes]:
    """The lines, by their bytes, each once; every line ends with a newline.

    What does not fit into `part` bytes lies in nameless files of the folder `aside` meanwhile: nothing is left
    behind, however this ends. Raises OSError.
    """
    with ExitStack() as stack:
        parts: list[Iterable[bytes]] = []
        last: list[bytes] = []
        for chunk in _chunks(lines, part):
            if last:
                file = stack.enter_context(TemporaryFile(dir=aside))
                file.writelines(last)
                file.seek(0)
                parts.append(file)
            last = sorted(chunk)
        for line, _ in groupby(heapq.merge(*parts, last)):
            yield line


def _chunks(lines: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= most:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
