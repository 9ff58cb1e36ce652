"""What killed runs leave behind, and that mending puts it right: once, in any order, interrupted or not."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from storage_samples import (
    START,
    CountedIds,
    SetClock,
    archive,
    check_warc,
    manifest,
    new_run,
    read_manifest,
    store,
)

from archiver.clock import RandomIds
from archiver.domain.capture import Capture, Outcome, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.manifest import Software
from archiver.errors import ArchiveDamaged, ArchiverError, NoSpace
from archiver.manifests.assemble import assemble
from archiver.manifests.file import read_manifest as read_strictly
from archiver.manifests.file import write_manifest
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture
from archiver.storage.layout import Archive, RunFolder
from archiver.storage.ledger import Ledger
from archiver.storage.mend import Mended, mend
from archiver.storage.rebuild import open_ledger, rebuild

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
"""Python 3.12 warns of forking beside threads; the children here only write files and end."""


def mended(where: Archive) -> Mended:
    with open_ledger(where, read_manifest, SetClock()) as ledger:
        return mend(where, ledger, check_warc=check_warc, read_manifest=read_manifest)


def in_quarantine(where: Archive) -> list[str]:
    found = (path for path in where.quarantine.rglob("*") if path.is_file())
    return sorted(path.relative_to(where.quarantine).as_posix() for path in found)


def test_a_clean_archive_needs_nothing(tmp_path: Path) -> None:
    assert mended(archive(tmp_path)) == Mended()


def test_unfinished_files_go_to_quarantine(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    for path in (
        run.archive / "a.warc.gz.open",
        run.manifests / "a.json.open",
        run.path / "x.open",
    ):
        path.write_bytes(b"half")
    told = mended(where)
    assert in_quarantine(where) == [
        f"{run.id}/archive/a.warc.gz.open",
        f"{run.id}/manifests/a.json.open",
        f"{run.id}/x.open",
    ]
    assert len(told.lines) == 3 and all("never finished" in line for line in told.lines)
    assert told.unfinished == (run,)
    assert mended(where) == Mended((), (run,))


def test_a_warc_without_manifest_goes_to_quarantine(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    run.warc("a").write_bytes(b"a warc")
    assert "has no manifest" in mended(where).lines[0]
    assert in_quarantine(where) == [f"{run.id}/archive/a.warc.gz"]


@pytest.mark.parametrize("warc", [b"a warc", None])
def test_a_whole_capture_gets_its_row(tmp_path: Path, warc: bytes | None) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    Ledger(where.ledger).close()
    store(run, manifest("a"), warc)
    assert "was whole" in mended(where).lines[0]
    with Ledger(where.ledger) as ledger:
        before = ledger.dump()
        assert ledger.has("a")
    rebuild(where, read_manifest, SetClock())
    with Ledger(where.ledger) as ledger:
        assert ledger.dump() == before
    assert mended(where).lines == ()


def break_warc(run: RunFolder) -> None:
    run.warc("a").write_bytes(b"b warc")


def cut_warc(run: RunFolder) -> None:
    run.warc("a").write_bytes(b"a war")


def lose_warc(run: RunFolder) -> None:
    run.warc("a").unlink()


def break_manifest(run: RunFolder) -> None:
    run.manifest("a").write_bytes(b"{}")


@pytest.mark.parametrize("damage", [break_warc, cut_warc, lose_warc, break_manifest])
def test_a_capture_that_is_not_whole_goes_to_quarantine(
    tmp_path: Path, damage: Callable[[RunFolder], None]
) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    with Ledger(where.ledger):
        store(run, manifest("a"))
        damage(run)
    told = mended(where)
    assert len(told.lines) == 1 and "moved to quarantine" in told.lines[0]
    assert not list(run.archive.iterdir()) and not list(run.manifests.iterdir())
    assert f"{run.id}/manifests/a.json" in in_quarantine(where)
    with Ledger(where.ledger) as ledger:
        assert not ledger.has("a")
    assert mended(where).lines == ()


def test_a_warc_that_does_not_check_is_not_taken_in(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    with Ledger(where.ledger) as ledger:
        store(run, manifest("a"), b"something else")
        told = mend(where, ledger, check_warc=check_warc, read_manifest=read_manifest)
    assert "record 1 at byte 0" in told.lines[0]


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    (run.path / "datapackage-digest.json").write_text("{}")
    (run.archive / "odd.warc.gz.open").write_text("")
    assert mended(where) == Mended()


def test_the_same_name_twice_in_quarantine(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    for _ in range(3):
        run.warc("a").write_bytes(b"x")
        mended(where)
    names = [name.rpartition("/")[2] for name in in_quarantine(where)]
    assert names == ["a.warc.gz", "a.warc.gz.2", "a.warc.gz.3"]


# A real commit of a capture, with the process dying at its n-th call to the file system.

SOFTWARE = Software(archiver="1", python="3", playwright="1", warcio="1", system="Linux")
INFO = WarcInfo(software=SOFTWARE, run_id="20260304T050607Z-0001")
STEPS = ("fsync", "rename", "replace", "mkdir", "open")


def visited(name: str) -> Capture:
    return Capture(
        id=name,
        target=f"x:{name}",
        url=f"https://x.example/{name}",
        started_at=START,
        ended_at=START,
        outcome=Outcome(status=Status.CAPTURED, reason="text received"),
        exchanges=(
            Exchange(
                url=f"https://x.example/{name}",
                status=200,
                body=Body.of(name.encode() * 500),
                started_at=START,
                made_by="browser",
            ),
        ),
    )


def commit(where: Archive, run: RunFolder, name: str, ledger: Ledger) -> None:
    """The steps of the pipeline in its order."""
    capture = visited(name)
    written = write_capture(
        capture, run.archive, INFO, seen=lambda d, u: None, ids=RandomIds(), check=lambda p: ()
    )
    made = assemble(
        capture, written, post=None, articles=(), run_id=run.id, resolution_steps=(),
        software=SOFTWARE, settings={},
    )  # fmt: skip
    path = run.manifest(name)
    digest = write_manifest(made, path)
    ledger.commit_capture(made, where.relative(path), digest)


@contextmanager
def dying(call: int) -> Iterator[None]:
    """The process ends, as by SIGKILL, just before its n-th step."""
    left = [call]

    def watched(real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **named: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
            return real(*given, **named)

        return step

    for name in STEPS:
        setattr(os, name, watched(getattr(os, name)))
    commits = watched(Ledger.commit_capture)
    Ledger.commit_capture = commits  # type: ignore[method-assign]
    yield
    os._exit(0)


def in_a_child(work: Callable[[], None], call: int) -> int:
    """Do the work in a process that dies at its n-th step; 9 when it died, 0 when it got through."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            with dying(call):
                work()
        finally:
            os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole_warc(path: Path) -> tuple[str, ...]:
    return () if path.stat().st_size > 500 else ("too short",)


def put_right(where: Archive) -> Mended:
    with open_ledger(where, read_strictly, SetClock()) as ledger:
        return mend(where, ledger, check_warc=whole_warc, read_manifest=read_strictly)


def see_consistent(where: Archive, run: RunFolder, must: set[str]) -> None:
    """Nothing committed is lost, ledger and folders agree, nothing unfinished lies about."""
    with Ledger(where.ledger) as ledger:
        captures = {row["capture_id"] for row in ledger.dump()[0]}
        before = ledger.dump()
    assert must <= captures == set(run.captures())
    assert {path.name.removesuffix(".warc.gz") for path in run.archive.iterdir()} == captures
    assert not list(run.path.rglob("*.open"))
    rebuild(where, read_strictly, SetClock())
    with Ledger(where.ledger) as ledger:
        assert ledger.dump() == before


def test_a_kill_before_every_step_of_a_commit(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    with Ledger(where.ledger) as ledger:
        commit(where, run, "first", ledger)
    died, ended = 0, 7
    while ended:
        name = f"second{died}"

        def work(name: str = name) -> None:
            with Ledger(where.ledger) as ledger:
                commit(where, run, name, ledger)

        ended = in_a_child(work, died)
        assert ended in (0, 9)
        put_right(where)
        see_consistent(where, run, {"first"} if ended else {"first", name})
        assert put_right(where).lines == ()
        died += ended == 9
    assert died >= 6


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(errno.ENOSPC, NoSpace), (errno.EDQUOT, NoSpace), (errno.EIO, ArchiverError)],
)
def test_a_failure_of_every_step_of_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, wanted: type[ArchiverError]
) -> None:
    """The n-th call fails, for every n: one of our errors, and nothing committed or half valid."""
    where = archive(tmp_path)
    run = new_run(where)
    failed, through = 0, False
    while not through:
        name = f"visit{failed}"
        with Ledger(where.ledger) as ledger, monkeypatch.context() as patch:
            fail_at(failed, number, patch)
            try:
                commit(where, run, name, ledger)
                through = True
            except wanted:
                pass
        put_right(where)
        see_consistent(where, run, {name} if through else set())
        failed += not through
    assert failed >= 5


def fail_at(call: int, number: int, patch: pytest.MonkeyPatch) -> None:
    left = [call]

    def watched(real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(number, os.strerror(number))
            return real(*given, **named)

        return step

    for name in STEPS:
        patch.setattr(os, name, watched(getattr(os, name)))


def test_mending_may_be_killed_at_every_step_too(tmp_path: Path) -> None:
    died, ended = 0, 7
    while ended:
        where = archive(tmp_path / str(died))
        run = new_run(where, ids=CountedIds())
        with Ledger(where.ledger) as ledger:
            commit(where, run, "first", ledger)
        store(run, manifest("damaged"), b"short")
        store(run, manifest("lonely"), b"lonely")
        run.manifest("lonely").unlink()
        (run.archive / "half.warc.gz.open").write_bytes(b"")
        ended = in_a_child(lambda where=where: put_right(where), died)
        assert ended in (0, 9)
        put_right(where)
        see_consistent(where, run, {"first"})
        names = [name.rpartition("/")[2] for name in in_quarantine(where)]
        kept = {"half.warc.gz.open", "lonely.warc.gz", "damaged.json", "damaged.warc.gz"}
        assert kept <= set(names) and len(names) == len(set(names))
        died += ended == 9
    assert died >= 4


def test_a_committed_capture_is_never_touched(tmp_path: Path) -> None:
    """Damage to what was committed is for `verify` to tell, not for mending to move away."""
    where = archive(tmp_path)
    run = new_run(where)
    with Ledger(where.ledger) as ledger:
        commit(where, run, "first", ledger)
    run.warc("first").write_bytes(b"damaged later")
    assert put_right(where).lines == ()
    assert run.warc("first").read_bytes() == b"damaged later"


def test_an_archive_from_a_hostile_hand(tmp_path: Path) -> None:
    """Names that are not ours in a run's folder do not lead anywhere else."""
    where = archive(tmp_path)
    run = new_run(where)
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    (run.manifests / "link.json").symlink_to(outside)

    def refuse(path: Path) -> object:
        raise ArchiveDamaged(f"{path.name} is no manifest")

    with Ledger(where.ledger) as ledger:
        told = mend(where, ledger, check_warc=check_warc, read_manifest=refuse)
    assert "moved to quarantine" in told.lines[0]
    assert outside.read_text() == "{}"
