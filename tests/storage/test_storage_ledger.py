"""The ledger: what it answers, what it survives, and making it again from the manifests."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage_samples import (
    START,
    CountedIds,
    SetClock,
    archive,
    embed,
    found_in,
    manifest,
    new_run,
    read_manifest,
    store,
)

from archiver.domain.capture import Status
from archiver.domain.digest import sha256
from archiver.errors import ArchiveDamaged, ArchiverError, MadeByNewer, NoSpace
from archiver.storage import ledger as ledger_module
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger
from archiver.storage.rebuild import open_ledger, rebuild

DIGEST = sha256(b"manifest")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite3") as opened:
        yield opened


def enter(ledger: Ledger, *made: object) -> None:
    for one in made:
        ledger.commit_capture(one, f"runs/r/manifests/{one.capture_id}.json", DIGEST)


def test_an_unknown_post(ledger: Ledger) -> None:
    assert ledger.state_of("x:20") is None
    assert ledger.show("x:20") is None
    assert ledger.target_of("x:?abc") is None
    assert not ledger.has("a") and list(ledger.rows()) == []


def test_the_last_capture_and_the_failures_in_a_row(ledger: Ledger) -> None:
    enter(
        ledger,
        manifest("a", status=Status.FAILED),
        manifest("b", status=Status.CAPTURED, hours=1),
        manifest("d", status=Status.RATE_LIMITED, hours=3, retry_after=120.0),
        manifest("c", status=Status.FAILED, hours=2),
    )
    state = ledger.state_of("x:20")
    assert state is not None
    assert (state.capture_id, state.status, state.captures) == ("d", Status.RATE_LIMITED, 4)
    assert (state.failures, state.retry_after) == (2, 120.0)
    assert state.last_at == START + timedelta(hours=3, seconds=7)
    assert state.manifest == "runs/r/manifests/d.json" and ledger.has("d")


def test_entering_a_capture_twice_changes_nothing(ledger: Ledger) -> None:
    enter(ledger, manifest("a"))
    before = ledger.dump()
    enter(ledger, manifest("a"))
    assert ledger.dump() == before
    assert [len(table) for table in before] == [1, 1]


def test_a_capture_is_entered_whole_or_not_at_all(ledger: Ledger) -> None:
    """A row of a capture whose articles are missing would be taken for committed."""
    with sqlite3.connect(ledger.path) as plain:
        plain.execute(
            "CREATE TRIGGER none BEFORE INSERT ON embeds BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    plain.close()
    with pytest.raises(ArchiverError):
        enter(ledger, manifest("a"))
    assert ledger.dump() == ([], [])


def test_a_capture_is_compared_with_the_last_one_that_tells(ledger: Ledger) -> None:
    assert ledger.last_settled("x:20") is None
    enter(
        ledger,
        manifest("a", status=Status.GONE),
        manifest("b", hours=1),
        manifest("c", status=Status.FAILED, hours=2),
        manifest("d", "x:21", hours=3),
    )
    assert ledger.last_settled("x:20") == "runs/r/manifests/b.json"


def test_list_has_one_row_a_post(ledger: Ledger) -> None:
    shown = tuple(found_in(name, embed("x:20", name)) for name in ("a.html", "b.html"))
    enter(
        ledger,
        manifest("a", articles=shown),
        manifest("b", status=Status.FAILED, hours=5, articles=shown[1:]),
        manifest("c", "youtube:abcdefghijk", Status.GONE),
        manifest("d", "x:?0123", Status.UNRESOLVED),
        manifest("e", "document:ffff", document=DIGEST, articles=(), post=None),
    )
    rows = {row.target: row for row in ledger.rows()}
    assert list(rows) == ["x:20", "x:?0123", "youtube:abcdefghijk"]
    post = rows["x:20"]
    assert (post.platform, post.post_id, post.captures) == ("x", "20", 2)
    assert post.status is Status.CAPTURED
    assert post.last_captured_at == START + timedelta(hours=5, seconds=7)
    assert post.articles == ("a.html", "b.html")
    assert rows["x:?0123"].post_id is None and rows["x:?0123"].url is None
    assert ledger.state_of("document:ffff") is not None


def test_an_embed_that_was_resolved_later_shows_as_its_post(ledger: Ledger) -> None:
    unknown = embed("x:?short")
    key = unknown.key
    enter(ledger, manifest("a", key, Status.UNRESOLVED, articles=(found_in("a.html", unknown),)))
    assert [row.target for row in ledger.rows()] == [key]
    enter(ledger, manifest("b", "x:20", hours=1, articles=(found_in("a.html", unknown),)))
    assert [row.target for row in ledger.rows()] == ["x:20"]
    assert ledger.target_of(key) == "x:20"
    assert ledger.target_of("x:20") is None


def test_show_has_all_captures(ledger: Ledger) -> None:
    enter(ledger, manifest("a", status=Status.GONE, hours=2), manifest("b"))
    found = ledger.show("x:20")
    assert found is not None
    assert [row["capture_id"] for row in found.captures] == ["b", "a"]
    assert (found.status, found.post_id, found.articles) == (Status.GONE, "20", ("article.html",))


def test_the_warc_is_named_below_the_archive(ledger: Ledger) -> None:
    enter(ledger, manifest("a", warc_file="archive/a.warc.gz"))
    (row,) = ledger.dump()[0]
    assert row["warc"] == "runs/r/archive/a.warc.gz"
    assert (row["manifest"], row["manifest_digest"]) == ("runs/r/manifests/a.json", str(DIGEST))


def test_hostile_text_stays_text(ledger: Ledger) -> None:
    nasty = "x'); DROP TABLE captures; --\0"
    enter(ledger, manifest("a", f"x:{nasty}"))
    state = ledger.state_of(f"x:{nasty}")
    assert state is not None and state.target == f"x:{nasty}"


def test_the_database_is_set_up_to_last(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with Ledger(path) as ledger, ledger._engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20000,
    }
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA application_id").fetchone() == (0x41524348,)
        assert plain.execute("PRAGMA user_version").fetchone() == (3,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.sqlite3"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_row_stays_when_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    child = os.fork()
    if child == 0:
        opened = Ledger(path)
        enter(opened, manifest("a"))
        os._exit(9)
    os.waitpid(child, 0)
    with Ledger(path) as ledger:
        assert ledger.has("a")


@pytest.mark.parametrize(
    "damage",
    [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 200],
    ids=["empty", "text", "header only"],
)
def test_a_file_that_is_no_ledger(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(damage)
    if not damage:
        with Ledger(path) as ledger:
            assert list(ledger.rows()) == []
        return
    with pytest.raises(ArchiveDamaged) as caught:
        Ledger(path)
    assert "archiver rebuild" in caught.value.hint and "\n" not in caught.value.message
    assert path.read_bytes() == damage


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()
    with pytest.raises(ArchiveDamaged, match="not a ledger of archiver"):
        Ledger(path)


def test_a_damaged_page(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with Ledger(path) as ledger:
        for number in range(200):
            enter(ledger, manifest(f"c{number}", f"x:{number}"))
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = b"\xaa" * 64
    path.write_bytes(data)
    with pytest.raises(ArchiveDamaged, match="damaged"), Ledger(path) as ledger:
        list(ledger.rows())


def test_a_newer_version_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    Ledger(path).close()
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA user_version = 99")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(MadeByNewer, match="version 99") as caught:
        Ledger(path)
    assert "newer" in caught.value.hint and path.read_bytes() == before


def test_a_locked_ledger_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "BUSY_SECONDS", 0.05)
    path = tmp_path / "ledger.sqlite3"
    with Ledger(path) as ledger:
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiverError, match="locked by another program"):
            enter(ledger, manifest("a"))
        other.rollback()
        other.close()
        enter(ledger, manifest("a"))
        assert ledger.has("a")


def test_a_full_disk_is_no_space(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as ledger:
        with ledger._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        with pytest.raises(NoSpace):
            for number in range(2000):
                with ledger._engine.connect() as connection:
                    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")
                enter(ledger, manifest(f"c{number}", f"x:{number}"))
        assert ledger.has("c0")


def filled(root: Path) -> Archive:
    """An archive of two runs whose captures are all in the ledger."""
    where = archive(root)
    ids = CountedIds()
    with Ledger(where.ledger) as ledger:
        for hours in (0, 30):
            run = new_run(where, hours, ids)
            made = (
                manifest(f"a{hours}", hours=hours),
                manifest(f"b{hours}", "x:?9f", Status.UNRESOLVED, hours=hours),
                manifest(f"c{hours}", "vk:-1_2", Status.RATE_LIMITED, hours=hours, retry_after=7.5),
                manifest(f"d{hours}", "document:ff", hours=hours, document=DIGEST, post=None),
            )
            for one in made:
                stored, digest = store(run, one)
                path = where.relative(run.manifest(one.capture_id))
                ledger.commit_capture(stored, path, digest)
    return where


def contents(where: Archive) -> object:
    with Ledger(where.ledger) as ledger:
        return ledger.dump(), list(ledger.rows())


def test_rebuilding_gives_the_same_ledger(tmp_path: Path) -> None:
    where = filled(tmp_path)
    before = contents(where)
    told = rebuild(where, read_manifest, SetClock())
    assert (told.captures, told.problems) == (8, ())
    assert contents(where) == before
    assert [one.name for one in where.quarantine.iterdir()] == ["20260304T050607Z-ledger.sqlite3"]


@pytest.mark.parametrize("state", ["missing", "older", "half built"])
def test_a_ledger_that_does_not_fit_is_made_again(tmp_path: Path, state: str) -> None:
    where = filled(tmp_path)
    before = contents(where)
    if state == "missing":
        where.ledger.unlink()
    elif state == "older":
        with sqlite3.connect(where.ledger) as plain:
            plain.execute("PRAGMA user_version = 0")
        plain.close()
    else:
        half = where.ledger.rename(where.ledger.with_name("ledger.sqlite3.open"))
        with sqlite3.connect(half) as plain:
            plain.execute(
                "UPDATE captures SET capture_id = 'none-of-these' WHERE capture_id = 'a0'"
            )
        plain.close()
    open_ledger(where, read_manifest, SetClock()).close()
    assert contents(where) == before
    assert not list(where.root.glob("*.open*"))


def test_a_damaged_ledger_is_not_touched_unasked(tmp_path: Path) -> None:
    where = filled(tmp_path)
    before = contents(where)
    where.ledger.write_bytes(b"garbage")
    with pytest.raises(ArchiveDamaged, match="damaged"):
        open_ledger(where, read_manifest, SetClock())
    assert where.ledger.read_bytes() == b"garbage"
    where.quarantine.rmdir()
    rebuild(where, read_manifest, SetClock())
    assert contents(where) == before
    moved = where.quarantine / "20260304T050607Z-ledger.sqlite3"
    assert moved.read_bytes() == b"garbage"


def test_a_stray_write_ahead_log_goes_with_its_ledger(tmp_path: Path) -> None:
    where = filled(tmp_path)
    before = contents(where)
    where.ledger.with_name("ledger.sqlite3-wal").write_bytes(b"old pages")
    rebuild(where, read_manifest, SetClock())
    assert contents(where) == before


def test_a_damaged_manifest_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    where = filled(tmp_path)
    bad = next(where.run_folders()).manifest("a0")
    bad.write_bytes(b"{")
    told = rebuild(where, read_manifest, SetClock())
    assert told.captures == 7
    assert len(told.problems) == 1 and "a0.json" in told.problems[0]
    where.ledger.unlink()
    with open_ledger(where, read_manifest, SetClock()) as ledger:
        assert sum(ledger.counts().values()) == 7


def test_an_empty_archive_has_an_empty_ledger(tmp_path: Path) -> None:
    where = archive(tmp_path)
    with open_ledger(where, read_manifest, SetClock()) as ledger:
        assert list(ledger.rows()) == []


statuses = st.sampled_from(list(Status))
targets = st.sampled_from(["x:1", "x:2", "vk:-1_2", "x:?a", "web:https://a.example/"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(st.tuples(targets, statuses, st.integers(0, 9)), max_size=12))
def test_any_ledger_is_made_again_equal(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str, Status, int]]
) -> None:
    where = archive(tmp_path_factory.mktemp("any"))
    run = new_run(where)
    with Ledger(where.ledger) as ledger:
        for number, (target, status, hours) in enumerate(found):
            made = manifest(f"c{number}", target, status, hours)
            stored, digest = store(run, made, None)
            ledger.commit_capture(stored, where.relative(run.manifest(made.capture_id)), digest)
    before = contents(where)
    rebuild(where, read_manifest, SetClock())
    assert contents(where) == before
