"""The limit of time: it ends Python code and patterns, leaves no alarm behind, and does not stack."""

import re
import signal
import threading
import time
from contextlib import suppress

import pytest

from archiver.domain.document import Document
from archiver.errors import SeedError
from archiver.extraction.find import find_embeds
from archiver.extraction.patience import TooSlow, in_time

# An alarm that rings while a finalizer of whatever test came before runs is reported there, and rings again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_loop_is_ended_and_no_alarm_is_left() -> None:
    with (
        pytest.raises(TooSlow, match="page: reading it took longer than 0.1 seconds"),
        in_time(0.1, "page"),
    ):
        while True:
            pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_a_pattern_is_ended() -> None:
    with pytest.raises(TooSlow), in_time(0.1, "page"):
        re.match(r"(?:a+)+$", "a" * 60 + "b")


def test_a_page_that_takes_too_long_is_named() -> None:
    body = b"<div data-src='https://youtu.be/aBcDeFgHi12'></div>" * 100_000
    with pytest.raises(SeedError, match="big: reading it took longer"):
        find_embeds(Document(source="big", kind="html", body=body), patience=0.01)


def test_an_alarm_that_a_finalizer_swallows_is_remembered() -> None:
    class Slow:
        def __del__(self) -> None:
            until = time.monotonic() + 0.1
            with suppress(TooSlow):
                while time.monotonic() < until:
                    pass

    with pytest.raises(TooSlow), in_time(0.01, "page"):
        Slow()


def test_other_threads_have_no_limit() -> None:
    found: list[int] = []

    def read() -> None:
        with in_time(0.0001, "page"):
            found.append(sum(range(300_000)))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert found == [sum(range(300_000))]


def test_an_alarm_in_use_is_left_alone() -> None:
    rung: list[int] = []
    signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    try:
        with in_time(0.0001, "page"):
            sum(range(300_000))
        assert rung == []
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
