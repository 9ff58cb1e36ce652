"""Where data goes: stdout, whose failures are told as what they are."""

import io
import os
import sys
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError, NoSpace
from archiver.files import FULL

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LOST = "what was to be printed there is not complete"


class Output(io.FileIO):
    """A file that stdout leads to. A write that fails raises NoSpace or ArchiverError; a pipe that its reader
    has closed raises BrokenPipeError, as it does everywhere: that is no failure."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """As of any file: the number of bytes that were taken."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            kind = NoSpace if error.errno in FULL else ArchiverError
            reason = error.strerror or str(error)
            raise kind(f"cannot write to standard output: {reason}", hint=LOST) from error


def open_streams() -> None:
    """Make stdout and stderr what the commands expect, once, at the start of the program.

    Both are UTF-8, since cron's LANG=C must not change what is printed. A stdout that was closed (`1>&-`) takes all
    and keeps nothing.
    """
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    number = os.open(os.devnull, os.O_WRONLY) if sys.stdout is None else sys.stdout.fileno()
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(Output(number, "wb", closefd=False)),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=os.isatty(number),
    )


def settle_streams() -> None:
    """Python flushes both streams once more at its end and would complain of what has been said already: what cannot
    be written goes nowhere."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ArchiverError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
