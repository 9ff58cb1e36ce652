"""SIGTERM and SIGINT at fifty moments: the first ends a run in order, the second at once."""

import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from endurance_kit import (
    COUNT,
    SIGNAL,
    SIGNALS,
    WRITERS,
    Driver,
    fault,
    in_ledger,
    run_of,
    see_mended,
    session_members,
    wait_until,
)

MOMENTS = 25
"""For each of the two signals."""
PROMISED = 20.0
"""Seconds within which a run ends after the first signal."""


def moments(driver: Driver, articles: list[Path]) -> list[int]:
    """Calls to the disk, spread over the whole of a run."""
    archive = driver.fresh()
    counting = fault(archive, COUNT, 0, kinds=WRITERS)
    calls = driver.call(*run_of(archive, articles), shim=counting).calls
    return [1 + (calls - 1) * place // (MOMENTS - 1) for place in range(MOMENTS)]


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_ends_a_run_in_order(
    driver: Driver, articles: list[Path], number: signal.Signals
) -> None:
    sealed = late = 0
    for n in moments(driver, articles):
        archive = driver.fresh()
        shim = fault(archive, SIGNAL, n, number, kinds=WRITERS)
        began = time.monotonic()
        ended = driver.call(*run_of(archive, articles), shim=shim)
        assert time.monotonic() - began < PROMISED
        everything = any(e["event"] == "run_summary" and e["exit_code"] == 0 for e in ended.events)
        assert ended.code == (0 if everything else SIGNALS[number]), (n, ended)
        assert len(ended.err.strip().splitlines()) <= 1, (n, ended)
        told = [event["event"] for event in ended.events]
        if "run_summary" in told:
            runs = list(archive.glob("runs/*/*/*/*"))
            assert all((run / "datapackage-digest.json").exists() for run in runs), (n, ended)
            checked = driver.call("--archive", archive, "verify")
            assert checked.code == 0, checked
            sealed += bool(runs)
        assert ended.committed <= in_ledger(archive)
        see_mended(driver, archive, articles, ended.committed)
        late += everything
    assert sealed > MOMENTS // 2 and late < MOMENTS // 5


@pytest.mark.parametrize("number", SIGNALS)
def test_the_second_signal_ends_it_at_once(
    driver: Driver, articles: list[Path], number: signal.Signals
) -> None:
    for n in moments(driver, articles)[::3]:
        archive = driver.fresh()
        shim = fault(archive, SIGNAL, n, number, lasting=1, kinds=WRITERS)
        ended = driver.call(*run_of(archive, articles), shim=shim)
        done = any(event["event"] == "run_summary" for event in ended.events)
        assert ended.code in (-number, SIGNALS[number]) or done and ended.code == 0, (n, ended)
        see_mended(driver, archive, articles, ended.committed)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)]
)
def test_a_server_that_never_answers_does_not_hold_it_up(
    driver: Driver, number: signal.Signals
) -> None:
    """The article is being asked for when the signal comes."""
    archive = driver.fresh()
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = threading.Event()
        held: list[socket.socket] = []

        def accept() -> None:
            held.append(server.accept()[0])
            asked.set()

        threading.Thread(target=accept, daemon=True).start()
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        options = ["--archive", archive, "--proxy", proxy, "--json", "run"]
        run = driver.start([*options, "http://news.example/article"])
        assert asked.wait(PROMISED)
        began = time.monotonic()
        run.signal(number)
        ended = run.wait()
        assert time.monotonic() - began < PROMISED, ended
        assert ended.code == SIGNALS[number], ended
        wait_until(lambda: not session_members(run.pid))
        for connection in held:
            connection.close()
