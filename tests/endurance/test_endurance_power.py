"""The power goes at any moment of a run: what the run had said was committed is there and whole.

Every call of a run is noted down; the state of the disk is made for each moment and for several ideas of
what a disk forgets; a normal run follows on that, and everything is looked over. The states of a normal
test are a sample; `pytest -m soak` takes them all.
"""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from endurance_kit import (
    KILL,
    RECORD,
    WRITERS,
    Driver,
    fault,
    manifests,
    names_of,
    run_of,
    see_whole,
)
from power import POLICIES, Call, Disk, State, fingerprint, lay_out, read_calls

STATES = int(os.environ.get("ARCHIVER_TEST_POWER_STATES", "160"))
PARTS = 4


class Recorded:
    """Runs one after the other: the disk before them, their calls, and the captures that they left, by the
    names they call them. `killed_after`: calls after which the first of two runs is killed."""

    def __init__(
        self, driver: Driver, articles: list[Path], root: Path, killed_after: int | None = None
    ) -> None:
        self.driver = driver
        self.articles = articles
        self.archive = root / "deep" / "archive"
        self.disk = Disk(root)
        log = str(driver.fresh("log"))
        if killed_after is not None:
            kill = fault(root, KILL, killed_after, kinds=WRITERS)
            ended = driver.call(*run_of(self.archive, articles), shim=kill, log=log)
            assert ended.code == -9 and ended.committed, ended
        ended = driver.call(*run_of(self.archive, articles), shim=fault(root, RECORD, 0), log=log)
        assert ended.code == 0, ended
        self.calls: list[Call] = read_calls(Path(log))
        self.captures = {
            name: (path, manifest)
            for path, manifest in manifests(self.archive).items()
            for name in names_of(manifest)
        }
        assert {str(path) for path in articles} <= set(self.captures)

    def states(self) -> Iterator[tuple[int, str, State, bytes]]:
        """Moment, policy, what is left, and what the run had said; every state once."""
        seen: set[tuple[str, bytes]] = set()
        for moment, call in enumerate(self.calls):
            self.disk.play(call)
            for policy in POLICIES:
                left = self.disk.after_a_cut(policy, random.Random(f"{moment} {policy}"))
                key = (fingerprint(left), self.disk.said)
                if key not in seen:
                    seen.add(key)
                    yield moment, policy, left, self.disk.said

    def see_mended(self, left: State, said: bytes) -> None:
        """A normal run after the cut puts everything right, and what was said to be done is untouched."""
        root = self.driver.fresh("after")
        lay_out(left, root)
        archive = root / "deep" / "archive"
        told = {name for event in events(said) for name in [event.get("source")] if name}
        again = self.driver.call(*run_of(archive, self.articles))
        assert again.code == 0, again
        see_whole(self.driver, archive, {str(path) for path in self.articles} | told)
        held = manifests(archive)
        for name in told:
            path, manifest = self.captures[name]
            assert held.get(path) == manifest, (name, again)


def events(said: bytes) -> list[dict[str, Any]]:
    """The lines that came out whole."""
    return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]


def first_run(driver: Driver, articles: list[Path]) -> Recorded:
    """Two articles into an archive that is not there yet, nor the folder above it."""
    root = driver.fresh("power")
    root.mkdir()
    return Recorded(driver, articles[:2], root)


def later_run(driver: Driver, articles: list[Path]) -> Recorded:
    """Two more articles, by a run that is killed and one that mends what it left."""
    root = driver.fresh("power")
    archive = root / "deep" / "archive"
    archive.parent.mkdir(parents=True)
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    return Recorded(driver, articles, root, killed_after=60)


def see_states(recorded: Recorded, part: int, parts: int, at_most: int | None) -> int:
    """Look at the states of this part, or at a sample of them; how many there were."""
    mine = [s for number, s in enumerate(recorded.states()) if number % parts == part]
    if at_most is not None and at_most < len(mine):
        mine = random.Random(part).sample(mine, at_most)
    for moment, policy, left, said in mine:
        try:
            recorded.see_mended(left, said)
        except AssertionError as error:
            raise AssertionError(f"cut after call {moment}, {policy}: {error}") from error
    return len(mine)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("run", [first_run, later_run])
def test_the_power_goes(driver: Driver, articles: list[Path], run: Any, part: int) -> None:
    seen = see_states(run(driver, articles), part, PARTS, STATES // (2 * PARTS))
    assert seen >= min(STATES // (2 * PARTS), 100)


@pytest.mark.soak
@pytest.mark.parametrize("run", [first_run, later_run])
def test_the_power_goes_at_every_moment(driver: Driver, articles: list[Path], run: Any) -> None:
    seen = see_states(run(driver, articles), 0, 1, None)
    print(f"{seen} states")
    assert seen >= 1000
