"""`run`, `list`, `show`, `verify`, `rebuild` on an archive made without network and without browser."""

import fcntl
import hashlib
import json
import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from loopback import Authority

from archiver.cli.holdings import history_of
from archiver.errors import UsageError
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FROZEN = Path(__file__).resolve().parents[1] / "fixtures" / "releases"
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens
ARTICLE = (SEEDS / "night-train.txt").read_text(encoding="utf-8")


@pytest.fixture
def archive(call, own_place: Path) -> Path:
    """An archive with one post that could not be resolved, and its article."""
    Path("night-train.txt").write_text(ARTICLE, encoding="utf-8")
    said = call("--proxy", NOWHERE, "run", "night-train.txt")
    assert said.code == 1
    assert said.out == ""
    assert "unresolved" in said.err
    return own_place / "archives"


def listed(call) -> list[dict]:
    return [json.loads(line) for line in call("list", "--json").out.splitlines()]


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_troubles_name_post_article_and_reason(call, archive: Path) -> None:
    said = call("--proxy", NOWHERE, "run", "--force", "night-train.txt")
    first, last = said.err.splitlines()
    assert first.startswith("archiver: x:?")
    assert " in night-train.txt: unresolved: " in first
    assert last.endswith("0 of 1 post settled")


def test_a_damaged_manifest_of_an_article_is_named_and_the_article_kept_anew(
    call, archive: Path
) -> None:
    (damaged,) = archive.glob("runs/*/*/*/*/manifests/document-*.json")
    damaged.write_bytes(damaged.read_bytes()[:200])
    said = call("--proxy", NOWHERE, "run", "night-train.txt")
    assert said.code == 1
    assert f"{damaged.name} is no manifest" in said.err
    assert len(list(archive.glob("runs/*/*/*/*/manifests/document-*.json"))) == 2


def test_list_has_the_fields_of_the_contract(call, archive: Path) -> None:
    (row,) = listed(call)
    wanted = {"platform", "post_id", "url", "status", "captures", "last_captured_at", "articles"}
    assert wanted <= set(row)
    assert (row["platform"], row["status"], row["captures"]) == ("x", "unresolved", 1)
    assert row["articles"] == ["night-train.txt"]
    (line,) = call("list").out.splitlines()
    assert f" {row['last_captured_at'][:16].replace('T', ' ')}Z " in line


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (["--status", "unresolved"], 1),
        (["--status", "gone", "--status", "captured"], 0),
        (["--platform", "x", "--status", "unresolved"], 1),
        (["--platform", "reddit"], 0),
        (["--platform", "web"], 0),
    ],
)
def test_list_can_be_narrowed(call, archive: Path, options: list[str], lines: int) -> None:
    for form in ([], ["--json"]):
        assert len(call("list", *options, *form).out.splitlines()) == lines


def test_a_platform_that_is_called_otherwise_is_not_taken_for_an_empty_one(
    call, archive: Path
) -> None:
    said = call("list", "--platform", "twitter")
    assert said.code == 2
    assert "no platform is called 'twitter' here" in said.err
    assert said.err.endswith("the archive has x\n")


def test_show_says_what_is_held_and_where(call, archive: Path) -> None:
    target = listed(call)[0]["target"]
    said = call("show", target)
    assert said.code == 0
    assert said.out.startswith(f"{target}: unresolved\n")
    paths = [line.split(maxsplit=1)[1] for line in said.out.splitlines() if "archives/runs" in line]
    assert len(paths) == 2
    assert all(Path(path).is_file() for path in paths)


def test_show_prints_the_manifest(call, archive: Path) -> None:
    target = listed(call)[0]["target"]
    manifest = json.loads(call("show", target, "--manifest", "--json").out)
    assert manifest["target"] == target
    assert manifest["outcome"]["status"] == "unresolved"
    (capture,) = map(json.loads, call("show", target, "--json").out.splitlines())
    assert capture["capture_id"] == manifest["capture_id"]


def test_show_of_something_else_is_a_clear_error(call, archive: Path) -> None:
    said = call("show", "x:404")
    assert said.code == 2
    assert "the archive has nothing of x:404" in said.err


def test_a_post_is_found_by_any_of_its_names(archive: Path, call) -> None:
    place = Archive(archive)
    with Ledger(place.ledger) as ledger:
        target = next(ledger.rows()).target
        assert history_of(place, ledger, target).target == target
        with pytest.raises(UsageError):
            history_of(place, ledger, "https://x.com/somebody/status/1791835276543210987")


def test_an_article_is_found_by_its_address_and_by_the_name_that_show_prints(
    tmp_path: Path,
) -> None:
    (made, *_) = FROZEN.glob("*/ledger-*.sql")
    with closing(sqlite3.connect(tmp_path / "ledger")) as base:
        base.executescript(made.read_text(encoding="utf-8"))
    with Ledger(tmp_path / "ledger") as ledger:
        for named in ("https://news.example/a-day", "web:https://news.example/a-day"):
            history = history_of(Archive(tmp_path), ledger, named)
            assert history.target == "web:https://news.example/a-day"


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
"""Root may write anywhere but on a file system that is read-only; others are kept out by the folder's mode."""


@pytest.mark.parametrize(
    "command",
    [
        ["list"], ["show", "x:?"], ["status"], ["changes", "--all"], ["verify"],
        ["-q", "export", "--wacz", "a.wacz"],
    ],
)  # fmt: skip
def test_an_archive_that_may_not_be_written_can_be_read(
    call, archive: Path, command: list[str]
) -> None:
    if command == ["show", "x:?"]:
        command = ["show", listed(call)[0]["target"]]
    wanted = call(*command)
    Path("a.wacz").unlink(missing_ok=True)
    before = tree(archive)
    line = [sys.executable, "-m", "archiver", *command]
    if os.geteuid() == 0:
        if subprocess.run(["unshare", "-m", "true"], check=False).returncode:
            pytest.skip("no file system can be mounted here")
        line = ["unshare", "-m", "sh", "-c", READ_ONLY, str(archive), *line]
    archive.chmod(0o555)
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=False)
    finally:
        archive.chmod(0o755)
    assert (done.stdout, done.stderr, done.returncode) == (wanted.out, wanted.err, wanted.code)
    assert tree(archive) == before


def test_verify_says_all_is_whole_and_then_what_is_not(call, archive: Path) -> None:
    said = call("verify")
    assert said.code == 0
    assert said.out.splitlines()[-1].endswith("all whole")
    assert call("-q", "verify").out == ""
    warc = next(archive.rglob("*.warc.gz"))
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 1
    warc.write_bytes(data)
    said = call("verify")
    assert said.code == 5
    assert warc.name in said.out
    *defects, summary = map(json.loads, call("verify", "--json").out.splitlines())
    assert summary["whole"] is False
    assert len(defects) == summary["defects"] > 0


def test_verify_takes_paths(call, archive: Path) -> None:
    warc = next(archive.rglob("*.warc.gz"))
    assert call("verify", str(warc)).code == 0
    assert call("verify", "nowhere").code == 2


def test_export_writes_a_file_that_verifies(call, archive: Path) -> None:
    target = listed(call)[0]["target"]
    run_id = next(Archive(archive).run_folders()).id
    for number, narrowed in enumerate(
        ([], ["--run", run_id], ["--post", target], ["--post", target, "--run", run_id])
    ):
        said = call("export", "--wacz", f"{number}.wacz", *narrowed)
        assert said.code == 0, said.err
        assert said.out.startswith(f"{number}.wacz: {1 if '--post' in narrowed else 2} capture")
        assert call("verify", f"{number}.wacz").code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "which file is to be written?"),
        (["--wacz", "night-train.txt"], "night-train.txt is there already"),
        (["--wacz", "a.wacz", "--run", "20200101T000000Z-0000"], "there is no run 2020"),
        (["--wacz", "a.wacz", "--post", "x:404"], "the archive has nothing of x:404"),
    ],
)
def test_export_refuses_clearly(call, archive: Path, options: list[str], message: str) -> None:
    said = call("export", *options)
    assert said.code == 2
    assert message in said.err
    assert not Path("a.wacz").exists()


def test_rebuild_gives_the_same_ledger(call, archive: Path) -> None:
    before = call("list", "--json").out
    Archive(archive).ledger.unlink()
    said = call("rebuild")
    assert said.code == 0
    assert "2 captures entered" in said.out
    assert call("list", "--json").out == before


def test_a_missing_ledger_is_made_again_by_whoever_needs_it(call, archive: Path) -> None:
    before = call("list", "--json").out
    Archive(archive).ledger.unlink()
    assert call("list", "--json").out == before


def test_a_dry_run_writes_nothing(call, archive: Path) -> None:
    before = tree(archive)
    said = call("--proxy", NOWHERE, "run", "--dry-run", "--force", "night-train.txt")
    assert said.code == 0
    assert "x:?" in said.out
    assert tree(archive) == before


def test_an_export_names_a_run_that_it_leaves_out(call, archive: Path) -> None:
    """As after kill -9: `list` tells of the captures, and the package does not hold them."""
    for path in archive.rglob("datapackage*.json"):
        path.unlink()
    said = call("export", "--wacz", "a.wacz")
    note, error = said.err.splitlines()[:2]
    assert said.code == 1 and error == "archiver: error: nothing to export"
    assert note.startswith("note: 2") and "is left out, it has not ended" in note
    assert not Path("a.wacz").exists()


def test_nothing_to_do_is_silent(call, own_place: Path) -> None:
    Path("empty.txt").write_text("An article in which nothing is embedded.\n")
    said = call("--proxy", NOWHERE, "run", "empty.txt")
    assert (said.code, said.out, said.err) == (0, "", "")


@pytest.mark.parametrize(("seeds", "code"), [(["gone.txt"], 4), (["gone.txt", "empty.txt"], 1)])
def test_seeds_that_cannot_be_read(call, own_place: Path, seeds: list[str], code: int) -> None:
    Path("empty.txt").write_text("An article in which nothing is embedded.\n")
    said = call("--proxy", NOWHERE, "run", *seeds)
    assert said.code == code
    assert "gone.txt" in said.err
    assert said.out == ""


def test_a_second_run_leaves_at_once(call, archive: Path) -> None:
    with open(archive / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = call("--proxy", NOWHERE, "run", "night-train.txt")
    assert said.code == 75
    assert "another run is writing to archives" in said.err


def test_json_events_end_with_the_summary(call, own_place: Path) -> None:
    Path("night-train.txt").write_text(ARTICLE, encoding="utf-8")
    said = call("--proxy", NOWHERE, "run", "--json", "night-train.txt")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert [event["event"] for event in events][0] == "run_started"
    assert events[-1]["event"] == "run_summary"
    assert events[-1]["by_status"] == {"unresolved": 1}
    assert events[-1]["exit_code"] == said.code == 1
    assert said.err == ""


def test_from_cron(process, own_place: Path) -> None:
    """No HOME, no terminal, no locale, nothing on stdin."""
    Path("empty.txt").write_text("Ein Artikel, in den nichts eingebettet ist: Grüße.\n")
    Path("seeds.txt").write_text("# nightly\nempty.txt\n")
    said = process(["--proxy", NOWHERE, "run", "--seeds", "seeds.txt"])
    assert (said.code, said.out, said.err) == (0, "", "")


def test_on_a_terminal_there_is_a_summary_of_80_columns(own_place: Path) -> None:
    Path("night-train.txt").write_text(ARTICLE, encoding="utf-8")
    text = on_terminal(["--proxy", NOWHERE, "run", "night-train.txt"], code=1)
    assert "Not settled:" in text
    assert max(map(len, text.splitlines())) <= 80


def test_on_a_terminal_extract_says_that_there_is_nothing(call, own_place: Path) -> None:
    Path("empty.txt").write_text("An article in which nothing is embedded.\n")
    assert on_terminal(["extract", "empty.txt"]).strip() == "no post is embedded in what was read"
    for option in ("--quiet", "--json"):
        assert on_terminal([option, "extract", "empty.txt"]) == ""
    assert call("extract", "empty.txt").out == ""


def on_terminal(arguments: list[str], code: int = 0) -> str:
    """What a command prints on a terminal without colours, 80 columns wide."""
    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "80", "LINES": "24"}
    child = subprocess.Popen(
        [sys.executable, "-m", "archiver", *arguments],
        stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=env,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 4096):
            said += piece
    except OSError:  # Linux says EIO when the other end is closed
        pass
    finally:
        os.close(ours)
    assert child.wait(timeout=60) == code
    return said.decode().replace("\r\n", "\n")


def test_doctor_says_of_everything_how_it_is(call, own_place: Path) -> None:
    said = call("doctor", "--json")
    findings = {item["name"]: item for item in map(json.loads, said.out.splitlines())}
    assert set(findings) >= {"browser", "sandbox", "fonts", "disk", "clock", "archive", "guard"}
    assert findings["guard"]["state"] == "ok"
    assert all(item["mend"] for item in findings.values() if item["state"] == "bad")
    assert list(own_place.iterdir()) == []


@pytest.mark.parametrize(
    ("ends", "state", "said"),
    [
        ("exit 0", "ok", "starts with it"),
        ("echo 'No usable sandbox!' >&2; exit 1", "bad", "namespaces"),
        ("exit 7", "note", "ended with code 7"),
    ],
)
def test_doctor_starts_the_browser_to_tell_whether_it_can_have_its_sandbox(
    call, own_place: Path, tmp_path: Path, monkeypatch, ends: str, state: str, said: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    browser = tmp_path / "headless-shell"
    browser.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exec echo Chromium 1\n{ends}\n')
    browser.chmod(0o755)
    lines = call("doctor", "--json", "--browser", str(browser)).out.splitlines()
    finding = next(item for item in map(json.loads, lines) if item["name"] == "sandbox")
    assert (finding["state"], said in finding["text"]) == (state, True)
    assert bool(finding["mend"]) == (state == "bad")


def test_doctor_says_what_an_additional_authority_costs(
    call, own_place: Path, authority: Authority
) -> None:
    said = call("--ca-file", authority.ca_file, "doctor", "--json")
    findings = {item["name"]: item for item in map(json.loads, said.out.splitlines())}
    assert findings["ca-file"]["state"] == "note"
    assert "the browser forgives every fault" in findings["ca-file"]["text"]
    assert "--ca-file" in findings["ca-file"]["mend"]


def test_doctor_finds_what_is_wrong(call, own_place: Path, monkeypatch) -> None:
    Path("file").write_text("")
    monkeypatch.setenv("ARCHIVER_ARCHVE", "x")
    said = call("--archive", "file/archives", "--ca-file", "file", "doctor", "--browser", "./gone")
    lines = {line.split()[1]: line for line in said.out.splitlines() if not line.startswith(" ")}
    assert said.code == 6
    for name in ("browser", "archive", "ca-file"):
        assert lines[name].startswith("BAD"), said.out
    assert "ARCHIVER_ARCHVE" in lines["settings"]
    assert "did you mean ARCHIVER_ARCHIVE?" in said.out


def test_without_yt_dlp_a_run_that_wants_it_ends_at_once(
    call, own_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yt_dlp", None)  # as if it were not installed
    said = call("--proxy", NOWHERE, "capture", "--media", "yt-dlp", "https://news.example/1")
    assert said.code == 4
    assert said.out == ""
    assert "yt-dlp is not installed" in said.err
    assert "pip install 'archiver[media]'" in said.err
    assert not (own_place / "archives").exists()


@pytest.mark.parametrize("name", ["run", "extract", "verify"])
def test_an_empty_argument_is_not_the_working_directory(call, own_place: Path, name: str) -> None:
    (own_place / "page.txt").write_text("words")
    said = call(name, "")
    assert (said.code, said.out) == (2, "")
    assert "it is empty" in said.err


def test_paths_that_are_no_utf_8_are_told_in_json(call, own_place: Path) -> None:
    odd = os.fsdecode(bytes(own_place) + b"/caf\xe9")
    Path(odd, "runs").mkdir(parents=True)
    Path(odd, "stray").touch()
    told = call("--archive", odd, "doctor", "--json").out.splitlines()
    assert "caf\ufffd" in next(json.loads(t)["text"] for t in told if '"archive"' in t)
    said = call("--archive", odd, "verify", "--json")
    assert said.code == 5
    assert any("caf\ufffd" in json.loads(line).get("path", "") for line in said.out.splitlines())
