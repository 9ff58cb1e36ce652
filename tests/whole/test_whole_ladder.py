"""The ladder from end to end: its order, the user's own login, what leads on, and web archives."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lantern import (
    ANSWERED,
    CLOSED,
    DATA,
    FURTHER,
    GONE,
    HOST,
    LAST,
    OLD,
    OPEN,
    QUOTED,
    SECRETS,
    TEXTS,
    WAYBACK,
    Lantern,
    storage_state,
    url_of,
)
from loopback import Asked
from msgspec.structs import replace
from whole import archiver

from archiver.config import Settings
from archiver.net.pace import Pace
from archiver.pipeline import run
from archiver.report import RunReport, RunRequest, Silent

pytestmark = [pytest.mark.browser]
OLD_GATE = f"https://{OLD}/wayback/"


@pytest.fixture(scope="module")
def lantern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lantern]:
    with Lantern(tmp_path_factory.mktemp("lantern")) as running:
        yield running


def captured(lantern: Lantern, archive: Path, *posts: str, **more: Any) -> RunReport:
    settings = Settings(
        archive=archive, proxy=lantern.proxy.url, ca_file=lantern.ca_file, allow_no_sandbox=True,
        min_free=1, log_file=archive.parent / "log.jsonl", **more,
    )  # fmt: skip
    request = RunRequest(direct_urls=tuple(map(url_of, posts)))
    return run(settings, request, Silent(), pace=Pace(interval=0.0))


def manifests(archive: Path) -> dict[str, dict[str, Any]]:
    """The last manifest of each post, by the number of the post."""
    paths = sorted(archive.glob("runs/*/*/*/*/manifests/*.json"))
    found = [json.loads(path.read_bytes()) for path in paths]
    return {str(m["target"]).rpartition("/")[2]: m for m in found}


def rungs(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Each rung once, with what its first place said."""
    found: dict[str, str] = {}
    for attempt in manifest["attempts"]:
        found.setdefault(attempt["view"]["kind"], attempt["outcome"]["status"])
    return list(found.items())


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder, unpacked where it is packed."""
    for path in folder.rglob("*"):
        if path.is_file() and "keys" not in path.parts:
            data = path.read_bytes()
            yield str(path), gzip.decompress(data) if path.suffix == ".gz" else data


def test_the_first_rung_that_shows_the_post_ends_the_ladder(
    lantern: Lantern, tmp_path: Path
) -> None:
    """And with depth 0 nothing else is visited, although the post quotes and answers others."""
    report = captured(lantern, tmp_path / "a", OPEN, depth=0)
    assert report.exit_code == 0 and len(report.rows) == 1
    (manifest,) = manifests(tmp_path / "a").values()
    assert rungs(manifest) == [("embed", "captured")] and len(manifest["attempts"]) == 1
    assert len(manifest["metadata"]["related"]) == 2


def test_all_rungs_goes_on(lantern: Lantern, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps(storage_state()))
    state.chmod(0o600)
    captured(lantern, tmp_path / "a", LAST, depth=0, all_rungs=True, storage_state=state)
    (manifest,) = manifests(tmp_path / "a").values()
    assert rungs(manifest) == [
        ("embed", "captured"), ("metadata", "partial"), ("page", "captured"),
        ("login", "captured"), ("archive", "failed"),
    ]  # fmt: skip
    assert manifest["outcome"]["status"] == "captured"
    assert manifest["page_url"].endswith("/embed")


def test_data_alone_leads_on_to_the_page_and_the_archives(lantern: Lantern, tmp_path: Path) -> None:
    captured(lantern, tmp_path / "a", DATA)
    (manifest,) = manifests(tmp_path / "a").values()
    assert [kind for kind, _ in rungs(manifest)] == ["embed", "metadata", "page", "archive"]
    assert manifest["outcome"]["status"] == "partial"
    assert manifest["metadata"]["text"]["value"] == TEXTS[DATA]


def test_a_closed_post_without_a_login(lantern: Lantern, tmp_path: Path) -> None:
    captured(lantern, tmp_path / "a", CLOSED)
    (manifest,) = manifests(tmp_path / "a").values()
    assert [kind for kind, _ in rungs(manifest)] == [
        "embed",
        "metadata",
        "page",
        "archive",
    ]
    assert manifest["outcome"]["status"] == "login-wall"
    assert manifest["settings"]["storage_state"] == "none"


def test_the_users_own_login(lantern: Lantern, tmp_path: Path) -> None:
    """It is used last and alone, the manifest says so, and nothing of it is kept anywhere."""
    state = tmp_path / "private" / "state.json"
    state.parent.mkdir()
    state.write_text(json.dumps(storage_state()))
    state.chmod(0o600)
    before = len(lantern.web.hits)
    report = captured(lantern, tmp_path / "a", CLOSED, storage_state=state)
    assert report.exit_code == 0
    (manifest,) = manifests(tmp_path / "a").values()
    says_that_it_was_logged_in(manifest)
    anonymous_first(lantern.web.hits[before:])
    (ping,) = [hit for hit in lantern.web.hits[before:] if hit.target.startswith("/api/ping")]
    assert SECRETS[1] in (ping.header("authorization") or "") and SECRETS[0].encode() in ping.body
    nothing_is_kept(manifest, tmp_path)
    assert archiver("verify", tmp_path / "a").returncode == 0


def says_that_it_was_logged_in(manifest: dict[str, Any]) -> None:
    assert [kind for kind, _ in rungs(manifest)] == ["embed", "metadata", "page", "login"]
    assert manifest["outcome"]["status"] == "captured"
    assert "seen with the user's own login" in manifest["outcome"]["reason"]
    assert any("visited logged in" in note for note in manifest["notes"])
    assert manifest["settings"]["storage_state"] == "state.json"
    assert manifest["metadata"]["text"]["value"] == TEXTS[CLOSED]


def anonymous_first(hits: list[Asked]) -> None:
    """Every other rung was asked before the first request that carries the cookie."""
    known = next(n for n, hit in enumerate(hits) if hit.header("cookie"))
    before = [hit.target for hit in hits[:known]]
    for place in (f"/@ana/{CLOSED}/embed", f"/api/v1/statuses/{CLOSED}", "/auth/login"):
        assert place in before
    assert not any(SECRETS[1] in (hit.header("authorization") or "") for hit in hits[:known])


def nothing_is_kept(manifest: dict[str, Any], folder: Path) -> None:
    for name, data in everything(folder):
        for secret in SECRETS if "private" not in name else ():
            for form in (secret, quote(secret, safe="")):
                assert form.encode() not in data, f"{form} in {name}"
    taken = {(one["header"], one["rule"]) for one in manifest["redactions"]}
    assert {("url", "login"), ("headers", "login"), ("body", "login"), ("authorization", "authorization"),
            ("cookie", "cookie"), ("set-cookie", "cookie")} <= taken  # fmt: skip
    asked = [r["target_uri"] for r in manifest["records"] if "/api/ping" in (r["target_uri"] or "")]
    assert asked and all("redacted" in url for url in asked)


def test_a_login_for_another_site_is_not_used(lantern: Lantern, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    other = storage_state() | {"origins": []}
    other["cookies"][0]["domain"] = ".elsewhere.example"  # type: ignore[index]
    state.write_text(json.dumps(other))
    captured(lantern, tmp_path / "a", CLOSED, storage_state=state)
    (manifest,) = manifests(tmp_path / "a").values()
    assert "login" not in [kind for kind, _ in rungs(manifest)]


def test_what_a_run_left_is_taken_up_by_the_next(lantern: Lantern, tmp_path: Path) -> None:
    """One post a run: what the first leads to is visited by the runs after it, though nobody asks."""
    archive = tmp_path / "a"
    settings = Settings(
        archive=archive, proxy=lantern.proxy.url, ca_file=lantern.ca_file, allow_no_sandbox=True,
        min_free=1, depth=1,
    )  # fmt: skip
    unasked = RunRequest(unasked=True, max_posts=1)
    for number, request in enumerate(
        (replace(unasked, direct_urls=(url_of(OPEN),)), replace(unasked, unasked=False), unasked)
    ):
        run(settings, request, Silent(), pace=Pace(interval=0.0))
        assert len(manifests(archive)) == (1, 1, 2)[number]
        assert (archive / "following.json").is_file()
    assert archiver("--archive", archive, "verify").returncode == 0
    run(settings, unasked, Silent(), pace=Pace(interval=0.0))
    found = manifests(archive)
    assert found.keys() == {OPEN, QUOTED, ANSWERED}
    assert {m["context"][0]["depth"] for m in found.values() if m["context"]} == {1}
    assert not (archive / "following.json").exists()
    report = run(settings, unasked, Silent(), pace=Pace(interval=0.0))
    assert report.rows == () and len(manifests(archive)) == 3


@pytest.mark.parametrize("content", [b"{", b'{"runs": ["../../etc", "20260101T000000Z-0badcafe"]}'])
def test_a_spoilt_list_of_what_was_left_costs_nothing(
    lantern: Lantern, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "following.json").write_bytes(content)
    report = captured(lantern, tmp_path / "a", LAST)
    assert {row.status for row in report.rows} == {"captured"}
    assert not (tmp_path / "a" / "following.json").exists()


@pytest.mark.parametrize(
    ("depth", "posts"),
    [(1, {OPEN, QUOTED, ANSWERED}), (5, {OPEN, QUOTED, ANSWERED, FURTHER, LAST})],
)  # fmt: skip
def test_what_a_post_leads_to(
    lantern: Lantern, tmp_path: Path, depth: int, posts: set[str]
) -> None:
    report = captured(lantern, tmp_path / "a", OPEN, depth=depth)
    found = manifests(tmp_path / "a")
    assert found.keys() == posts and len(report.rows) == len(posts)
    assert {m["outcome"]["status"] for m in found.values()} == {"captured"}
    assert len(list((tmp_path / "a").glob("runs/*/*/*/*/manifests/*.json"))) == len(posts)
    by = {"platform": "mastodon", "id": f"{HOST}/{OPEN}"}
    assert found[OPEN]["context"] == []
    if depth == 1:
        assert found[QUOTED]["context"] == [{"relation": "quoted", "by": by, "depth": 1}]
        assert found[ANSWERED]["context"] == [{"relation": "replied-to", "by": by, "depth": 1}]
        shown = archiver("--archive", tmp_path / "a", "show", f"mastodon:{HOST}/{QUOTED}").stdout
        assert f"quoted by mastodon:{HOST}/{OPEN}" in shown
    if depth > 1:
        (context,) = found[FURTHER]["context"]
        assert context["by"]["id"] == f"{HOST}/{QUOTED}" and context["depth"] == 2


def test_a_gone_post_leads_to_the_archives(lantern: Lantern, tmp_path: Path) -> None:
    """The copies nearest to the day are a login page and an error: the next one is taken."""
    gates = (OLD_GATE, f"https://{WAYBACK}/web/")
    captured(lantern, tmp_path / "a", GONE, web_archive=gates)
    (manifest,) = manifests(tmp_path / "a").values()
    assert manifest["outcome"]["status"] == "gone"
    assert rungs(manifest) == [("embed", "failed"), ("metadata", "gone"), ("archive", "gone")]
    assert [a["view"]["kind"] for a in manifest["attempts"]].count("metadata") == 1
    (copy,) = manifest["copies"]
    assert copy == {
        "archive": OLD, "original": url_of(GONE), "at": "2024-09-05T00:00:00Z", "shows": True,
        "url": f"https://{OLD}/wayback/20240905000000id_/{url_of(GONE)}",
    }  # fmt: skip
    kept = [r["target_uri"] for r in manifest["records"] if r["type"] == "response"]
    assert copy["url"] in kept and f"{OLD_GATE}{url_of(GONE)}" in kept
    asked = next(hit for hit in lantern.web.hits if hit.target == f"/wayback/{url_of(GONE)}")
    assert (asked.header("accept-datetime") or "").endswith(" GMT")
    shown = archiver("--archive", tmp_path / "a", "show", f"mastodon:{HOST}/{GONE}").stdout
    assert f"2024-09-05 00:00 UTC from {OLD}" in shown
    assert manifest["page_url"] != copy["url"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot read the storage state"), ("{}", "cannot use the storage state"),
     ('{"cookies": [{"name": "s", "value": 5}]}', "it is no storage state at $.cookies"),
     ("not json at all", "cannot use the storage state"),
     (json.dumps({"cookies": [storage_state()["cookies"][0] | {"sameSite": "no_restriction"}]}),
      "it is no storage state at $.cookies[0].sameSite")],
)  # fmt: skip
def test_a_bad_storage_state_ends_the_call(tmp_path: Path, content: str | None, said: str) -> None:
    state = tmp_path / "state.json"
    if content is not None:
        state.write_text(content)
    found = archiver("--archive", tmp_path / "a", "capture", url_of(OPEN), "--storage-state", state)
    assert found.returncode == 4
    assert said in found.stderr and "Traceback" not in found.stderr
    assert not (tmp_path / "a" / "runs").exists()


def test_a_storage_state_that_others_may_read_is_warned_of(
    lantern: Lantern, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps(storage_state()))
    os.chmod(state, 0o644)
    said = archiver(
        "--archive", tmp_path / "a", "--proxy", lantern.proxy.url, "--ca-file", lantern.ca_file,
        "capture", url_of(LAST), "--depth", "0", "--storage-state", state, "-v",
    )  # fmt: skip
    assert said.returncode == 0 and f"chmod 600 {state}" in said.stderr
