"""The list of an archive: what strangers wrote stays text, nothing runs, snapshots come out of the WARCs."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archiver.errors import ArchiveDamaged
from archiver.viewer.captured import captures
from archiver.viewer.desk import Desk, Stage
from archiver.viewer.instead import Instead, Question
from archiver.viewer.listing import list_page, picture_address
from archiver.viewer.packages import Folder, Zipped
from archiver.viewer.serve import served
from archiver.viewer.shown import Posted, Shown, gathered

AT = datetime(2026, 11, 22, 4, 6, 11, 123000, UTC)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</style></title><svg onload=alert(1)>",
    "\u202egnp.exe\u0000\ud7ff",
    "javascript:alert(1)",
    "<!--",
]


def shown(text: str = "A title", **other: object) -> Shown:
    fields = {
        "package": "20261122T040611Z-beef", "capture_id": "x-1", "target": f"x:{text}",
        "status": "captured", "reason": text, "at": AT, "title": text, "author": text, "text": text,
        "page_url": f"https://x.example/{text}", "page_at": AT, "articles": (text,),
    }  # fmt: skip
    return Shown(**(fields | other))  # type: ignore[arg-type]


def listed(*captures: Shown, **options: object) -> LexborHTMLParser:
    page = list_page("An archive", gathered(captures), lambda one: "/r", "said", **options)  # type: ignore[arg-type]
    return LexborHTMLParser(page)


def see_harmless(page: LexborHTMLParser) -> None:
    assert not page.css("script, img:not([loading]), svg, iframe, object, embed, base, form, style")
    for node in page.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on") and name != "style"
            if name in {"href", "src"}:
                assert re.fullmatch(r"/|/style\.css|/r|/\?.*|/snapshot/.*", value or ""), value


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    page = listed(shown(text), shown(text, target=f"web:{text}", status=text))
    see_harmless(page)
    body = page.body
    assert body is not None
    assert text.replace("\0", "\ufffd") in body.text() or "\0" in text


@given(text=st.text(max_size=60))
def test_any_text_stays_text(text: str) -> None:
    see_harmless(listed(shown(text, capture_id=text, package=text, status=text)))


def test_one_entry_a_post_the_newest_first() -> None:
    old = shown(target="x:1", at=AT.replace(year=2025), status="captured", capture_id="old")
    new = shown(target="x:1", status="gone", page_url=None, page_at=None, capture_id="new")
    subjects = gathered([old, new, shown(target="x:2", at=AT.replace(year=2024))])
    assert [subject.last.target for subject in subjects] == ["x:1", "x:2"]
    assert subjects[0].last.status == "gone" and subjects[0].best.capture_id == "old"


def test_an_older_picture_bears_its_own_time() -> None:
    """A post that is gone is shown as it was received last, and not as if that had been today."""
    old = shown(target="x:1", at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), capture_id="old")
    new = shown(target="x:1", status="gone", page_url=None, page_at=None, capture_id="new")
    (when,) = listed(new, old).css(".cards .when")
    assert "UTC; captured 2026-01-02 03:04:05 UTC: " in when.text()
    (when,) = listed(old).css(".cards .when")
    assert when.text().split("picture")[0].strip() == "2026-01-02 03:04:05 UTC"


@pytest.mark.parametrize("status", ["captured", "partial", "gone", "private", "login-wall"])
def test_words_that_were_not_received_are_called_so(status: str) -> None:
    page = listed(shown(target="x:1", status=status, text="A ferry"))
    told = [node.text() for node in page.css(".cards .why")]
    assert ("told of the post, which was not received:" in told) == (
        status not in ("captured", "partial")
    )


def test_filter_and_pages() -> None:
    many = [shown(target=f"x:{n}", status="gone" if n % 2 else "captured") for n in range(260)]
    assert len(listed(*many).css(".cards > li")) == 120
    assert len(listed(*many, page=3).css(".cards > li")) == 20
    assert len(listed(*many, page=99).css(".cards > li")) == 20
    assert len(listed(*many, wanted="gone", page=2).css(".cards > li")) == 10
    assert not listed(*many, wanted="nonsense").css(".cards > li")


def test_what_only_came_along_is_no_post_among_the_others() -> None:
    """Not even where it is an earlier capture of the post that was chosen, or of its article."""
    chosen = shown(target="x:1", capture_id="chosen")
    earlier = shown(target="x:1", capture_id="earlier", needed=True, at=AT.replace(year=2025))
    article = shown(target="web:y", capture_id="article", needed=True, status="gone")
    page = listed(chosen, earlier, article)
    assert len(page.css(".cards > li")) == 1 and not page.css(".cards details ul a")
    (along,) = page.css("section[aria-labelledby=needed]")
    assert len(along.css("li h3")) == 2 and "Not chosen" in along.text()
    assert [a.text() for a in page.css("nav a")] == ["all 1", "captured 1"]
    assert not listed(chosen).css("#needed")


def a_run(folder: Path, **changes: object) -> Folder:
    """A run folder with one manifest and nothing else."""
    manifest = {
        "capture_id": "x-1", "target": "x:1", "started_at": "2026-11-22T04:06:11.123Z",
        "outcome": {"status": "captured", "reason": "the post was received"},
        "records": [], "page_url": "https://x.example/1", "page_at": "2026-11-22T04:06:11.123Z",
    }  # fmt: skip
    (folder / "manifests").mkdir(parents=True)
    (folder / "manifests" / "x-1.json").write_text(json.dumps(manifest | changes))
    return Folder(folder)


def test_a_manifest_is_read(tmp_path: Path) -> None:
    told = {"author_name": {"value": "Ada"}, "text": {"value": "As told"}}
    run = a_run(tmp_path / "run", post={"author_name": "Eve", "text": "As said"}, metadata=told)
    (one,) = captures(run)
    assert (one.target, one.author, one.text, one.at) == ("x:1", "Ada", "As told", AT)


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run", started_at="never")
    with pytest.raises(ArchiveDamaged, match=r"x-1\.json"):
        list(captures(run))


@pytest.mark.parametrize("what", ["checksum", "encrypted", "method", "no pages"])
def test_a_damaged_package_is_called_so(tmp_path: Path, what: str) -> None:
    """By the file in it that cannot be read."""
    book, inside = tmp_path / "a.wacz", "pages/pages.jsonl"
    with zipfile.ZipFile(book, "w") as bundle:
        bundle.writestr("other" if what == "no pages" else inside, "{}\n")
    data = bytearray(book.read_bytes())
    directory = data.index(b"PK\x01\x02")
    at, value = {"checksum": (16, data[directory + 16] ^ 1), "encrypted": (8, 1)}.get(
        what, (10, 99)
    )
    data[directory + at] = value
    book.write_bytes(data)
    with pytest.raises(ArchiveDamaged, match=rf"^{inside} in .*a\.wacz: "):
        list(captures(Zipped(book)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[httpx.Client]:
    run = a_run(tmp_path / "run")
    (tmp_path / "secret.json").write_text("{}")
    with (
        served(Desk("T", [run], list(captures(run)), "said")) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


def test_the_list_runs_nothing(desk: httpx.Client) -> None:
    got = desk.get("/")
    policy = got.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self';")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/snapshot/run/x-1/view", "/snapshot/run/..%2f..%2fsecret/view", "/snapshot/%2e%2e/secret/view",
        "/snapshot/run/x-1/outcome", "/nothing", "/../secret.json", "/%2e%2e/secret.json",
    ],
)  # fmt: skip
def test_nothing_else_is_served(desk: httpx.Client, path: str) -> None:
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_the_replay_page_is_safe_from_titles(tmp_path: Path, text: str) -> None:
    (tmp_path / "ui.js").write_text("1")
    (tmp_path / "sw.js").write_text("1")
    stage = Stage(tmp_path, [], [shown(text, package="p", capture_id="c")], "http://127.0.0.1:1")
    reply = stage("/open/p/c", "")
    assert reply is not None
    policy = reply.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts allow-same-origin allow-forms" in policy
    assert "allow-popups" not in policy and "frame-src 'self'" in policy
    page = LexborHTMLParser(b"".join(reply.body.read(0, reply.body.size)).decode())
    assert [s.attributes for s in page.css("script")] == [{"src": "/ui.js"}]
    (element,) = page.css("replay-web-page")
    assert set(element.attributes) == {"source", "url", "ts", "embed", "replaybase", "sandbox"}
    assert element.attributes["url"] == f"https://x.example/{text}".replace("\0", "\ufffd")
    assert element.attributes["ts"] == "20261122040611"
    assert not page.css("img, svg, [onmouseover], [onerror]")


def instead(stage: Stage, asked: str, given: str) -> int:
    reply = stage("/instead", urlencode({"asked": asked, "given": given}))
    assert reply is not None and reply.media_type.startswith("text/plain")
    return reply.status


def test_no_reader_gives_the_answer_of_another_post(tmp_path: Path) -> None:
    """Nor of any other address, where a capture asked in vain: what it did not receive is not there."""
    for name in ("ui.js", "sw.js"):
        (tmp_path / name).write_text("theirs")
    vain = "https://x.example/data?id=2"
    stage = Stage(tmp_path, [], [shown(unanswered=(vain,))], "http://127.0.0.1:1")
    worker = stage("/replay/sw.js", "")
    assert worker is not None
    script = b"".join(worker.body.read(0, worker.body.size))
    assert b"/instead?" in script and script.endswith(b"theirs")
    assert instead(stage, vain, "https://x.example/data?id=1") == 404
    assert instead(stage, "https://x.example/data?t=5", "https://x.example/data?t=4") == 200
    tweet = "https://platform.twitter.com/embed/Tweet.html?id="
    assert instead(stage, f"{tweet}20", f"{tweet}21") == 404
    assert instead(stage, f"{tweet}20&sessionId=a", f"{tweet}20&sessionId=b") == 200
    assert instead(stage, "", "") == 200


def test_what_was_asked_for_in_vain_is_read(tmp_path: Path) -> None:
    """Of an address that was asked for again, the answer is there."""
    asked = [
        {"method": "GET", "url": "https://x.example/a?1#here", "reason": "no answer"},
        {"method": "GET", "url": "https://x.example/again", "reason": "no answer"},
        {"method": "POST", "url": "https://x.example/post", "reason": "no answer"},
    ]
    answer = {"file": "archive/x-1.warc.gz", "offset": 0, "length": 9, "type": "response"}
    answer["target_uri"] = "https://x.example/again"
    run = a_run(tmp_path / "run", unrecorded=asked, records=[answer])
    (one,) = captures(run)
    assert one.unanswered == ("https://x.example/a?1",)


API = "https://x.example/api"


def posted(*requests: tuple[str, str], method: str = "POST") -> Instead:
    """What a reader may give where these were sent and answered so."""
    return Instead([shown(posted=tuple(Posted(method, API, *one) for one in requests))])


def asked(sent: str, got: str, given: str = "", method: str = "POST") -> Question:
    return Question(asked=API, given=given, method=method, sent=sent, got=got)


def test_a_body_gets_its_own_answer_only() -> None:
    both = posted(("one", "answer one"), ("two", "answer two"))
    assert not both.why_not(asked("one", "answer one"))
    assert not both.why_not(asked("one", "answer one", f"{API}?__wb_method=POST&id=1"))
    assert both.why_not(asked("one", "answer two"))
    assert both.why_not(asked("one", "answer two", method="PUT")) == ""
    assert not both.why_not(asked("one", "rewritten")), "a page of its own key"
    assert both.why_not(asked("one", "rewritten", f"{API}?__wb_method=POST&id=1"))
    assert both.why_not(asked("three", "answer one"))


def test_a_body_that_differs_each_time_gets_the_only_answer_that_ever_came() -> None:
    only = posted(("one", "answer"), ("two", "answer"))
    assert not only.why_not(asked("three", "answer")) and not only.why_not(asked("", "rewritten"))
    elsewhere = Posted("POST", f"{API}/2", "one", "of another address")
    more = Instead([shown(posted=(Posted("POST", API, "one", "answer"), elsewhere))])
    assert more.why_not(asked("three", "of another address"))


def test_what_was_sent_in_vain_gets_no_answer() -> None:
    vain = posted(("one", "answer one"), ("", ""))
    assert not vain.why_not(asked("one", "answer one")) and vain.why_not(asked("two", "answer one"))
    assert posted(("", "")).why_not(asked("two", "answer one"))
    assert posted(("", "")).why_not(asked("", "", method="GET")) == ""


def test_a_get_gets_no_answer_to_a_post() -> None:
    none = Instead([])
    assert none.why_not(Question(API, f"{API}?__wb_method=POST&id=1"))
    assert not none.why_not(Question(API, f"{API}?id=1"))


def test_what_was_posted_is_read(tmp_path: Path) -> None:
    """With an answer or none, as a revisit too, and without a body; nothing of GET."""

    def record(kind: str, name: str, method: str, payload: str | None, to: str | None = None):
        digest = {"algorithm": "sha256", "value": payload} if payload else None
        return {
            "type": kind, "id": name, "target_uri": API, "method": method,
            "concurrent_to": to, "payload_digest": digest,
        }  # fmt: skip

    records = [
        record("response", "a", "POST", "came"), record("request", "b", "POST", "sent", "a"),
        record("revisit", "c", "PUT", "again"), record("request", "d", "PUT", None, "c"),
        record("response", "e", "GET", "page"), record("request", "f", "GET", None, "e"),
    ]  # fmt: skip
    vain = [{"method": "POST", "url": f"{API}#here", "reason": "no answer"}]
    (one,) = captures(a_run(tmp_path / "run", records=records, unrecorded=vain))
    nothing = hashlib.sha256(b"").hexdigest()
    assert one.posted == (
        Posted("POST", API, "sent", "came"), Posted("PUT", API, nothing, "again"), Posted("POST", API),
    )  # fmt: skip


def test_snapshot_addresses_are_quoted() -> None:
    address = picture_address(shown(package="a/b?c", capture_id='"><x'), "view")
    assert address == "/snapshot/a%2Fb%3Fc/%22%3E%3Cx/view"
