"""What killed runs leave behind, and that mending puts it right: once, and in any order."""

from collections.abc import Callable
from pathlib import Path

import pytest
from storage_samples import (
    START,
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
from archiver.errors import ArchiveDamaged
from archiver.manifests.assemble import assemble
from archiver.manifests.file import read_manifest as read_strictly
from archiver.manifests.file import write_manifest
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture
from archiver.storage.layout import PARTS, Archive, RunFolder
from archiver.storage.ledger import Ledger
from archiver.storage.mend import Mended, mend
from archiver.storage.rebuild import open_ledger, rebuild


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


def test_half_a_feed_and_half_a_list_of_hosts_harm_nobody(tmp_path: Path) -> None:
    where = archive(tmp_path)
    where.feeds.mkdir()
    (where.feeds / "ab.json.open").write_bytes(b"half")
    (where.feeds / "cd.json").write_bytes(b"whole")
    where.hosts.write_bytes(b"{}")
    where.hosts.with_name("hosts.json.open").write_bytes(b'{"silent": [{"host": "boa')
    (line,) = mended(where).lines
    assert line == "hosts.json.open was never finished, moved to quarantine"
    assert [path.name for path in where.feeds.iterdir()] == ["cd.json"]
    assert where.hosts.read_bytes() == b"{}"
    assert mended(where) == Mended()


def test_half_a_private_key_is_not_kept_a_copy_of(tmp_path: Path) -> None:
    """Neither a first one nor the next one; it was never used."""
    where = archive(tmp_path)
    where.keys.prepare()
    for name in ("log.key.open", "wacz.key.next.open", "log.pub.open"):
        (where.keys.path / name).write_bytes(b"half")
    mended(where)
    assert in_quarantine(where) == [f"{where.root.name}/keys/log.pub.open"]


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


def test_another_warc_than_the_manifests_is_not_taken_in(tmp_path: Path) -> None:
    """Though it is whole in itself."""
    where = archive(tmp_path)
    run = new_run(where)
    with Ledger(where.ledger) as ledger:
        store(run, manifest("a"))
        break_warc(run)
        told = mend(where, ledger, check_warc=lambda path: (), read_manifest=read_manifest)
        assert not ledger.has("a")
    assert "is not the file that the manifest names" in told.lines[0]


def test_a_run_killed_at_its_very_beginning_gets_its_folders(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    for part in PARTS[1:]:
        (run.path / part).rmdir()
    (unfinished,) = mended(where).unfinished
    assert unfinished == run and all((run.path / part).is_dir() for part in PARTS)


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


# A real commit of a capture. What is left when it is killed or fails at any call: tests/endurance.

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


def whole_warc(path: Path) -> tuple[str, ...]:
    return () if path.stat().st_size > 500 else ("too short",)


def put_right(where: Archive) -> Mended:
    with open_ledger(where, read_strictly, SetClock()) as ledger:
        return mend(where, ledger, check_warc=whole_warc, read_manifest=read_strictly)


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
