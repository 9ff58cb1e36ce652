"""Runs, WACZ files and archives: whole ones pass, each kind of tampering is named in one line."""

import hashlib
import json
import random
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import made
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.clock import parse_iso
from archiver.errors import UsageError
from archiver.package.run import PageEntry, write_package
from archiver.verification.canonical import canonical, is_canonical
from archiver.verification.reading import Reader
from archiver.verification.run import check_run
from archiver.verification.tree import FolderTree
from archiver.verification.verify import Report, verify


def page(name: str, url: str) -> PageEntry:
    return PageEntry(id=name, url=url, at=parse_iso(made.DATE), title=f"x:{name}")


PAGES = [page(name, f"https://social.example/post/{name}") for name in ("aaaa-1", "bbbb-2")]
WARC = "archive/aaaa-1.warc.gz"
MANIFEST = "manifests/aaaa-1.json"
INDEX = "indexes/index.cdxj"


def finish(folder: Path, *more: PageEntry) -> Path:
    """Package the run, as its maker (or somebody who tampers with skill) would."""
    at = datetime(2026, 11, 22, 5, tzinfo=UTC)
    pages = [*PAGES, *more]
    write_package(folder, title="A run", created=at, software="archiver 0", captures=pages)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return finish(made.unpackaged_run(tmp_path / made.RUN_ID))


def lines(path: Path) -> list[str]:
    prefix = f"{path}/"
    return [str(defect).removeprefix(prefix) for defect in verify([path]).defects]


def zipped(run: Path, book: Path) -> Path:
    with zipfile.ZipFile(book, "w") as bundle:
        for path in sorted(run.rglob("*")):
            if path.is_file():
                bundle.write(path, path.relative_to(run).as_posix())
    return book


def test_whole_run(run: Path) -> None:
    report = verify([run])
    assert report.defects == ()
    assert report.whole
    assert (report.runs, report.captures, report.records) == (1, 3, 14)
    assert report.bytes == sum(p.stat().st_size for p in run.rglob("*") if p.is_file())


def test_whole_wacz(run: Path, tmp_path: Path) -> None:
    report = verify([zipped(run, tmp_path / "run.wacz")])
    assert report.defects == ()
    assert (report.runs, report.captures, report.records) == (1, 3, 14)


def test_single_warc(run: Path) -> None:
    report = verify([run / WARC])
    assert len(report.notes) == 1
    assert report == Report(records=7, bytes=(run / WARC).stat().st_size, notes=report.notes)


def test_what_is_none_of_ours(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, tmp_path / "x.txt"):
        (tmp_path / "x.txt").write_text("x")
        with pytest.raises(UsageError, match=re.escape(str(path))):
            verify([path])


# --- without mending the package: the shell finds it -----------------------------------------------


def flip(path: Path, at: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


SHELL: list[tuple[str, Callable[[Path], Any], str]] = [
    ("flip in a WARC", lambda r: flip(r / WARC), f"{WARC}, record 7 at byte"),
    ("flip in a manifest", lambda r: flip(r / MANIFEST), f"{MANIFEST}: has SHA-256"),
    ("flip in the index", lambda r: flip(r / INDEX), f"{INDEX}: has SHA-256"),
    ("flip in the log", lambda r: flip(r / "logs/run.jsonl", 3), "logs/run.jsonl: has SHA-256"),
    (
        "flip in the list",
        lambda r: flip(r / "datapackage.json"),
        "datapackage.json: is not as it was",
    ),
    ("longer file", lambda r: append(r / INDEX, b"\n"), "bytes, "),
    (
        "WARC dropped",
        lambda r: (r / WARC).unlink(),
        f"{WARC}: is listed in datapackage.json and is",
    ),
    ("manifest dropped", lambda r: (r / MANIFEST).unlink(), f"{MANIFEST}: is listed in"),
    (
        "pages dropped",
        lambda r: (r / "pages/pages.jsonl").unlink(),
        "pages/pages.jsonl: is missing",
    ),
    ("index dropped", lambda r: (r / INDEX).unlink(), f"{INDEX}: is missing"),
    ("list dropped", lambda r: (r / "datapackage.json").unlink(), "datapackage.json: is missing"),
    ("file added", lambda r: (r / "logs/x.txt").touch(), "logs/x.txt: is not listed"),
    (
        "in archive/",
        lambda r: (r / "archive/x.txt").touch(),
        "x.txt: does not belong into archive/",
    ),
    ("left over", lambda r: (r / f"{WARC}.open").touch(), "left over, half-written"),
    ("link", lambda r: (r / "logs/l").symlink_to("/etc"), "logs/l: is neither a file nor a folder"),
    (
        "WARCs swapped",
        lambda r: shutil.copy(r / WARC, r / "archive/bbbb-2.warc.gz"),
        "warc-filename is 'aaaa-1.warc.gz'",
    ),
]


@pytest.mark.parametrize(("tamper", "words"), [c[1:] for c in SHELL], ids=[c[0] for c in SHELL])
def test_shell(run: Path, tamper: Callable[[Path], Any], words: str) -> None:
    tamper(run)
    found = lines(run)
    assert any(words in line for line in found), found
    assert len(found) < 26, found


def test_unfinished_run_is_one_line(tmp_path: Path) -> None:
    run = made.unpackaged_run(tmp_path / made.RUN_ID)
    (run / f"{WARC}.open").touch()
    (run / MANIFEST).unlink()
    (line,) = verify([run]).defects
    assert str(line) == f"{run}: run not finished (killed?): next run will finish it"
    flip(run / "archive/bbbb-2.warc.gz")
    assert len(verify([run]).defects) > 1


# --- with the package made again: manifests, index and records find it ------------------------------


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    value = json.loads(path.read_bytes())
    changed = change(value)
    path.write_bytes(made.canonical(value if changed is None else changed))


def with_records(run: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """The WARC's records changed, digest and size in the manifest mended."""
    records = made.post_records(
        "aaaa-1", url=PAGES[0].url, picture_url="https://cdn.example/pic.png"
    )
    made.write_warc(run / WARC, change(records))
    data = (run / WARC).read_bytes()
    digest = {"algorithm": "sha256", "value": hashlib.sha256(data).hexdigest()}
    rewrite(run / MANIFEST, lambda m: m.update(warc_digest=digest, warc_size=len(data)))


def relist(run: Path, change: Callable[[list[str]], list[str]]) -> None:
    path = run / INDEX
    path.write_text("".join(f"{line}\n" for line in change(path.read_text().splitlines())))


def drop_json(run: Path) -> None:
    value = (run / MANIFEST).read_text()
    (run / MANIFEST).write_text(value.replace('{"capture_id"', '{ "capture_id"'))


NO_WARC: dict[str, Any] = {"records": [], "warc_size": 0, "warc_digest": None}

SKILLED: list[tuple[str, Callable[[Path], Any], str]] = [
    ("record dropped", lambda r: with_records(r, lambda x: x[:5] + x[6:]), "the resource <urn:"),
    (
        "record added",
        lambda r: with_records(r, lambda x: [*x, made.resource("new", "urn:text:x", b"x")]),
        "the manifest does not list this record",
    ),
    (
        "records reordered",
        lambda r: with_records(r, lambda x: [*x[:5], x[6], x[5]]),
        "the offset is",
    ),
    (
        "other payload",
        lambda r: with_records(
            r, lambda x: [x[0], made.response("aaaa-1/page", PAGES[0].url, b"Other"), *x[2:]]
        ),
        "the payload digest is sha256:",
    ),
    (
        "revisit's target altered",
        lambda r: with_records(
            r,
            lambda x: [
                *x[:3],
                made.response("aaaa-1/pic", "https://cdn.example/pic.png", b"Other"),
                *x[4:],
            ],
        ),
        "whose payload has another digest",
    ),
    ("target dropped", lambda r: with_records(r, lambda x: x[:3] + x[5:]), "does not hold"),
    (
        "WARC digest",
        lambda r: rewrite(r / MANIFEST, lambda m: m.update(warc_digest=None)),
        "no digest",
    ),
    ("WARC size", lambda r: rewrite(r / MANIFEST, lambda m: m.update(warc_size=7)), "says 7"),
    (
        "capture id",
        lambda r: rewrite(r / MANIFEST, lambda m: m.update(capture_id="z")),
        "another capture",
    ),
    (
        "schema",
        lambda r: rewrite(r / MANIFEST, lambda m: m.update(schema="z/2")),
        "its schema is 'z/2'",
    ),
    *(
        (
            f"no WARC file, and {what}",
            lambda r, left=left: rewrite(
                r / MANIFEST,
                lambda m: m.update({**dict(warc_file=None, **NO_WARC), left: m[left]}),
            ),
            "lists records or a digest without a WARC file",
        )
        for what, left in (
            ("records", "records"),
            ("a size", "warc_size"),
            ("a digest", "warc_digest"),
        )
    ),
    ("not canonical", drop_json, "is not canonical JSON"),
    ("no JSON", lambda r: (r / MANIFEST).write_bytes(b"[" * 100_000), "is no manifest"),
    (
        "wrong type",
        lambda r: rewrite(r / MANIFEST, lambda m: m.update(records=7)),
        "is no manifest",
    ),
    (
        "claim dropped",
        lambda r: rewrite(r / MANIFEST, lambda m: m.update(records=m["records"][:-1])),
        "does not list",
    ),
    (
        "claim altered",
        lambda r: rewrite(r / MANIFEST, lambda m: m["records"][1].update(status=404)),
        "the status is 200 in the WARC file, 404 in the manifest",
    ),
    (
        "claims reordered",
        lambda r: rewrite(r / MANIFEST, lambda m: m["records"].reverse()),
        "not in the order of the WARC file",
    ),
    (
        "claim twice",
        lambda r: rewrite(r / MANIFEST, lambda m: m["records"].append(m["records"][-1])),
        "lists a record twice",
    ),
    (
        "redaction of nothing",
        lambda r: rewrite(
            r / MANIFEST, lambda m: m.update(redactions=[{"record_id": "<urn:x:y>"}])
        ),
        "no such record",
    ),
    ("manifest gone", lambda r: (r / MANIFEST).unlink(), "no manifest speaks of it"),
    ("WARC gone", lambda r: (r / WARC).unlink(), "aaaa-1.warc.gz is missing"),
    ("index line gone", lambda r: relist(r, lambda x: x[1:]), "is not in the index"),
    ("index reversed", lambda r: relist(r, lambda x: x[::-1]), "is not in sorted order"),
    ("index line twice", lambda r: relist(r, lambda x: sorted([*x, x[0]])), "not in sorted order"),
    (
        "garbage line",
        lambda r: relist(r, lambda x: ["!", *x]),
        "line 1: is no `key timestamp {json}`",
    ),
    (
        "other offset",
        lambda r: relist(r, lambda x: [re.sub(r'"offset": "\d+"', '"offset": "3"', x[0]), *x[1:]]),
        "no record begins at byte 3",
    ),
    (
        "other file",
        lambda r: relist(r, lambda x: [x[0].replace("aaaa-1.warc", "zzzz-1.warc"), *x[1:]]),
        "leads to 'zzzz-1.warc.gz', which is not in archive/",
    ),
    (
        "other URL",
        lambda r: relist(r, lambda x: [x[0].replace("https://cdn", "https://cdm"), *x[1:]]),
        "its URL is https://cdm.example/pic.png",
    ),
    (
        "other key",
        lambda r: relist(r, lambda x: [x[0].replace("example,cdn)", "example,aaa)"), *x[1:]]),
        "its key example,aaa)/pic.png does not belong to",
    ),
    (
        "other time",
        lambda r: relist(r, lambda x: [x[0].replace(made.STAMP, "20261122040610"), *x[1:]]),
        "its time is 20261122040610",
    ),
    (
        "other digest",
        lambda r: relist(r, lambda x: [x[0].replace('"sha256:', '"sha256:0'), *x[1:]]),
        "its digest is sha256:0",
    ),
    (
        "other record digest",
        lambda r: relist(r, lambda x: [re.sub(r"(recordDigest.*):\w+", r"\1:0", x[0]), *x[1:]]),
        "its recordDigest is",
    ),
]


@pytest.mark.parametrize(("tamper", "words"), [c[1:] for c in SKILLED], ids=[c[0] for c in SKILLED])
def test_skilled(run: Path, tamper: Callable[[Path], Any], words: str) -> None:
    """The package's hashes were made again: what is inside must find it."""
    tamper(run)
    finish(run)
    found = lines(run)
    assert any(words in line for line in found), found
    assert not any("SHA-256" in line or "sealed" in line for line in found), found
    assert all(line.isprintable() for line in found)


CLAIMS: list[tuple[int, str, Any, str]] = [
    (1, "file", "archive/bbbb-2.warc.gz", "the file"),
    (1, "offset", 7, "the offset"),
    (1, "length", 7, "the length"),
    (1, "type", "resource", "the type"),
    (1, "target_uri", "https://other.example/", "the URI"),
    (1, "date", "2026-11-22T04:06:12Z", "the date"),
    (1, "content_type", "text/plain", "the content type"),
    (1, "block_digest", {"algorithm": "sha256", "value": "0" * 64}, "the block digest"),
    (1, "payload_digest", None, "the payload digest"),
    (1, "status", None, "the status"),
    (1, "refers_to", "<urn:other>", "warc-refers-to"),
    (1, "truncated", "length", "warc-truncated"),
    (2, "method", "POST", "the method"),
    (2, "concurrent_to", "<urn:other>", "warc-concurrent-to"),
]


@pytest.mark.parametrize(("number", "field", "value", "words"), CLAIMS)
def test_all_that_a_manifest_says_of_a_record(
    run: Path, number: int, field: str, value: object, words: str
) -> None:
    rewrite(run / MANIFEST, lambda m: m["records"][number].update({field: value}))
    finish(run)
    found = lines(run)
    assert any(f": {words} is " in line and "in the manifest" in line for line in found), found


def add_part(run: Path, of: str) -> None:
    """One more capture, with a part of a file that has no line in the index."""
    name, pictures = "dddd-4", "https://cdn.example/four.png"
    head = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-2/9\r\n\r\n"
    records = made.post_records(name, url="https://social.example/4", picture_url=pictures)
    records.append(made.response("part", of, b"abc", head=head))
    records.append(made.request("askpart", of, "part"))
    warc = run / f"archive/{name}.warc.gz"
    places = made.write_warc(warc, records)
    statement = made.manifest(name, warc, records, places)
    statement["records"][-2]["status"] = 206
    (run / f"manifests/{name}.json").write_bytes(made.canonical(statement))
    added = made.index_lines(warc, records[:-2], places[:-2])
    relist(run, lambda lines: sorted([*lines, *added]))
    finish(run, page(name, "https://social.example/4"))


def test_a_part_needs_no_line_beside_the_whole(run: Path) -> None:
    add_part(run, "https://cdn.example/four.png")
    assert lines(run) == []


def test_a_part_alone_needs_a_line(run: Path) -> None:
    add_part(run, "https://cdn.example/pic.png")
    (found,) = lines(run)
    assert "dddd-4.warc.gz, record 8" in found and "is not in the index" in found


AGAIN = "https://social.example/4"


@pytest.mark.parametrize(
    ("url", "date", "needs"),
    [
        (AGAIN, "2026-11-22T04:06:11.001Z", False),
        (AGAIN, "2026-11-22T04:06:10.999Z", True),
        ("https://social.example/other", "2026-11-22T04:06:11.001Z", True),
    ],
)
def test_what_the_page_followed_in_the_same_second_needs_no_line(
    run: Path, url: str, date: str, needs: bool
) -> None:
    name = "dddd-4"
    records = made.post_records(name, url=AGAIN, picture_url="https://cdn.example/four.png")
    records.append(made.response("early", url, b"checking", warc_date=date))
    records.append(made.request("askearly", url, "early", warc_date=date))
    warc = run / f"archive/{name}.warc.gz"
    places = made.write_warc(warc, records)
    statement = made.manifest(name, warc, records, places)
    (run / f"manifests/{name}.json").write_bytes(made.canonical(statement))
    added = made.index_lines(warc, records[:-2], places[:-2])
    relist(run, lambda lines: sorted([*lines, *added]))
    finish(run, page(name, AGAIN))
    found = lines(run)
    assert ["is not in the index" in one for one in found] == [True] * needs


def test_the_list_itself(run: Path) -> None:
    def listed(change: Callable[[dict[str, Any]], Any]) -> list[str]:
        finish(run)
        path = run / "datapackage.json"
        package = json.loads(path.read_bytes())
        change(package)
        path.write_text(json.dumps(package))
        sealed = {"path": path.name, "hash": made.sha(path.read_bytes())}
        (run / "datapackage-digest.json").write_text(json.dumps(sealed))
        return lines(run)

    assert listed(lambda p: None) == []
    first = "resources"
    assert "datapackage.json says 1" in listed(lambda p: p[first][0].update(bytes=1))[0]
    assert "is not listed" in listed(lambda p: p[first].pop())[0]
    assert "more than once" in listed(lambda p: p[first].append(p[first][0]))[0]
    assert "not in lower case" in listed(lambda p: p[first][0].update(name="X"))[0]
    assert "the hash of" in listed(lambda p: p[first][0].update(hash="md5:x"))[0]
    assert "the path has an empty part" in listed(lambda p: p[first][0].update(path="../x"))[0]
    assert "not 1.1.1" in listed(lambda p: p.update(wacz_version="1.2.0"))[0]
    assert "is no data package" in listed(lambda p: p.pop("resources"))[0]
    finish(run)
    (run / "datapackage-digest.json").write_text('{"path":"x.json","hash":"sha256:"}')
    assert "is the digest of 'x.json'" in lines(run)[0]
    (run / "datapackage-digest.json").write_text("[]")
    assert "no digest of a data package" in lines(run)[0]


def test_pages(run: Path) -> None:
    def paged(change: Callable[[list[str]], list[str]]) -> list[str]:
        finish(run)
        path = run / "pages/pages.jsonl"
        path.write_text("".join(f"{line}\n" for line in change(path.read_text().splitlines())))
        return [line for line in lines(run) if "SHA-256" not in line and " bytes, " not in line]

    def told(**fields: object) -> Callable[[list[str]], list[str]]:
        return lambda x: [x[0], json.dumps(json.loads(x[1]) | fields), x[2]]

    assert paged(lambda x: x) == []
    start, line = paged(lambda x: [x[0], x[1].replace("T04:06:11", "T04:06:12"), x[2]])
    assert line.startswith(
        "pages/pages.jsonl, line 2: https://social.example/post/aaaa-1 is not in"
    )
    assert "datapackage.json: begins with" in start and "is not in pages/pages.jsonl" in start
    (line,) = paged(told(title="Other words"))
    assert line.endswith("line 2: its title is Other words, in the manifest x:aaaa-1")
    (line,) = paged(told(text="never said"))
    assert line.endswith("line 2: tells what is in no manifest: text")
    (line,) = paged(told(id="nobody-9"))
    assert line.endswith("line 2: no manifest tells of a page of 'nobody-9'")
    (line,) = paged(told(id="cccc-3"))
    assert line.endswith("line 2: no manifest tells of a page of 'cccc-3'")
    (line,) = paged(lambda x: x[:2])
    assert line.endswith("pages/pages.jsonl: the page of bbbb-2 is not listed")
    (line,) = paged(lambda x: [x[0], x[2]])  # the other one's picture lies in the capture
    assert "datapackage.json: begins with" in line
    assert any("line 1: is no header" in line for line in paged(lambda x: x[1:]))
    assert "there already" in paged(lambda x: [*x, x[1]])[0]
    assert "is no page" in paged(lambda x: [*x, "{}"])[0]
    strange = "2026-11-22T04:06:11.123Z", "0001-01-01T00:00:00+14:00"
    assert [bool(paged(told(ts=ts))) for ts in strange] == [False, True]
    (_, line) = paged(lambda x: [x[0], x[1].replace("Z", ""), x[2]])
    assert "no RFC 3339 instant" in line


def test_flips_over_a_run_and_its_wacz(run: Path, tmp_path: Path) -> None:
    """Random flips in every file of a run and in the zip: found, or nothing but padding."""
    book = zipped(run, tmp_path / "run.wacz")
    dice, files = random.Random(11), sorted(p for p in run.rglob("*") if p.is_file())
    for number in range(160):
        path = dice.choice([*files, book, book])
        before = path.read_bytes()
        at, bit = dice.randrange(len(before)), 1 << dice.randrange(8)
        after = bytearray(before)
        after[at] ^= bit
        path.write_bytes(after)
        found = verify([book if path == book else run]).defects
        path.write_bytes(before)
        if found:
            assert all(str(defect).isprintable() for defect in found)
        elif path == book:
            assert harmless_in_zip(before, bytes(after), tmp_path), (number, at, bit)
        else:
            assert path.name == "datapackage-digest.json"
            assert json.loads(before) == json.loads(after)


def harmless_in_zip(before: bytes, after: bytes, folder: Path) -> bool:
    """Both zips hold the same names and contents: the flip sits in a date or an attribute."""
    contents = []
    for data in (before, after):
        (folder / "probe.zip").write_bytes(data)
        with zipfile.ZipFile(folder / "probe.zip") as bundle:
            contents.append({name: bundle.read(name) for name in bundle.namelist()})
            assert bundle.testzip() is None
    digest = "datapackage-digest.json"
    parsed = [json.loads(content.pop(digest)) for content in contents]
    return contents[0] == contents[1] and parsed[0] == parsed[1]


def test_two_processes_say_the_same(run: Path) -> None:
    flip(run / WARC)
    tree = FolderTree(run)
    with Reader(1) as one, Reader(2, worth_it=0) as two:
        assert check_run(tree, two) == check_run(tree, one)


# --- the archive's folder and its ledger --------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "archives"
    folder = root / "runs/2026/11/22" / made.RUN_ID
    finish(made.unpackaged_run(folder))
    (root / "quarantine").mkdir()
    (root / "lock").touch()
    with sqlite3.connect(root / "ledger.sqlite3") as base:
        base.execute(
            "CREATE TABLE captures (capture_id TEXT PRIMARY KEY, run_id TEXT, target TEXT, status TEXT,"
            " manifest TEXT, manifest_digest TEXT, warc TEXT, post_id TEXT, kind TEXT DEFAULT 'post',"
            " platform TEXT DEFAULT 'x', url TEXT, reason TEXT, retry_after REAL, started_at TEXT,"
            " ended_at TEXT, compared TEXT, differences TEXT)"
        )
        base.execute(
            "CREATE TABLE embeds (capture_id TEXT, position INTEGER, key TEXT, source TEXT,"
            " article_url TEXT, article_digest TEXT)"
        )
        for path in sorted((folder / "manifests").iterdir()):
            value, below = json.loads(path.read_bytes()), folder.relative_to(root).as_posix()
            row = [
                value["capture_id"],
                value["run_id"],
                value["target"],
                value["outcome"]["status"],
                f"{below}/manifests/{path.name}",
                made.sha(path.read_bytes()),
                f"{below}/{value['warc_file']}" if value["warc_file"] else None,
                value["capture_id"],
                value["page_url"],
            ]
            named = (
                "capture_id, run_id, target, status, manifest, manifest_digest, warc, post_id, url"
            )
            base.execute(f"INSERT INTO captures ({named}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    base.close()
    return root


def change_ledger(root: Path, statement: str) -> None:
    with sqlite3.connect(root / "ledger.sqlite3") as base:
        base.execute(statement)
    base.close()


def test_whole_archive(root: Path) -> None:
    before = sorted(root.rglob("*"))
    report = verify([root])
    assert report.defects == ()
    assert (report.runs, report.captures, report.records) == (1, 3, 14)
    assert sorted(root.rglob("*")) == before
    assert verify([root / "runs/2026"]).runs == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM captures WHERE capture_id = 'aaaa-1'", "has no row for aaaa-1.json of run"),
        ("UPDATE captures SET status = 'gone' WHERE capture_id = 'aaaa-1'", "the ledger says gone"),
        ("UPDATE captures SET manifest_digest = 'x' WHERE capture_id = 'aaaa-1'", "ledger says x"),
        ("UPDATE captures SET warc = NULL WHERE capture_id = 'aaaa-1'", "its WARC file is"),
        (
            "INSERT INTO captures (capture_id, manifest) VALUES ('d', 'runs/x/manifests/d.json')",
            "the manifest of d is missing: runs/x/manifests/d.json",
        ),
        ("DROP TABLE captures", "is damaged: no such table: captures"),
    ],
)
def test_ledger_and_manifests_differ(root: Path, statement: str, words: str) -> None:
    change_ledger(root, statement)
    (line,) = map(str, verify([root]).defects)
    assert words in line


def test_ledger_with_a_log_that_is_not_checked_in(root: Path) -> None:
    base = sqlite3.connect(root / "ledger.sqlite3")
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("UPDATE captures SET status = 'gone' WHERE capture_id = 'aaaa-1'")
    base.commit()
    before = {p: p.read_bytes() for p in root.glob("ledger*")}
    assert len(before) == 3
    (line,) = map(str, verify([root]).defects)
    assert "the ledger says gone" in line
    assert {p: p.read_bytes() for p in root.glob("ledger*")} == before
    base.close()


def test_ledger_damaged_or_missing(root: Path) -> None:
    path = root / "ledger.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    assert "ledger.sqlite3: is damaged: file is not a database" in str(verify([root]).defects[0])
    path.unlink()
    assert "ledger.sqlite3: is missing" in str(verify([root]).defects[0])


def test_leftovers_and_quarantine(root: Path) -> None:
    (root / "quarantine/x.warc.gz.open").touch()
    report = verify([root])
    assert report.whole
    assert "quarantine holds 1 file set aside" in report.notes[0]
    (root / "notes.txt").touch()
    (root / "runs/2026/x").mkdir()
    assert [str(d).removeprefix(f"{root}/") for d in verify([root]).defects] == [
        "notes.txt: does not belong here",
        "runs/2026/x: does not belong here",
    ]


def test_row_missing_in_an_unfinished_run_is_no_defect(root: Path) -> None:
    folder = next((root / "runs").glob("*/*/*/*"))
    (folder / "datapackage-digest.json").unlink()
    change_ledger(root, "DELETE FROM captures WHERE capture_id = 'aaaa-1'")
    (line,) = verify([root]).defects
    assert "run not finished" in line.what


# --- canonical JSON -----------------------------------------------------------------------------------


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
)


@given(JSON)
def test_canonical_reads_back(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


SPELLED = [
    *("1", "-1", "-0", "1.0", "1.5", "1e3", "1E3", "0.1e1", "1e21", "1e+21", "1e22", "0.000001"),
    *("1e-7", "1e-07", "9007199254740991", "9007199254740993", "12345678901234567", "0.30", "0.3"),
    *(
        '"x:1234567890123456789"',
        '"\\u00e9"',
        '"é"',
        '"\\/"',
        '"\\n"',
        '"\\u000a"',
        '"\x7f"',
        '"\\u001F"',
    ),
    *(
        '"\\u001f"',
        '{"a":1,"b":2}',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        "[1,2]",
        "[1, 2]",
    ),
    *(
        '{"\ufb33":1,"\U0001f600":2}',
        '{"\U0001f600":2,"\ufb33":1}',
        '{"a":"\U0001f600"}',
        " 1",
        "1\n",
    ),
    *(
        "true",
        "null",
        "[-12345678901234567]",
        "-1.5",
        "1.7976931348623157e308",
        "100000000000000000000",
    ),
]


@pytest.mark.parametrize("text", SPELLED)
def test_quick_look_says_what_the_slow_one_says(text: str) -> None:
    try:
        said = canonical(json.loads(text)) == text
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
            is_canonical(text.encode())
    else:
        assert is_canonical(text.encode()) == said


@given(JSON | st.floats(-1e15, 1e15))
def test_quick_look_at_canonical_and_other_text(value: Any) -> None:
    assert is_canonical(canonical(value).encode())
    other = json.dumps(value, indent=1)
    assert is_canonical(other.encode()) == (canonical(value) == other)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2.0, "2"),
        (0.95, "0.95"),
        (-1.5, "-1.5"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (1e-6, "0.000001"),
        (1.25e-7, "1.25e-7"),
        (5e-324, "5e-324"),
    ],
)
def test_canonical_numbers(number: float, text: str) -> None:
    assert canonical(number) == text


def test_canonical_order_is_that_of_utf16() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'
