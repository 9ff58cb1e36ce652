"""Answers that platforms really gave, judged: each comes out with the state that is known of it."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.capture.verdict import VisitEvidence, judge
from archiver.domain.capture import Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import Post, PostRef, View
from archiver.platforms import by_name, recognise

FOLDER = Path(__file__).resolve().parents[2] / "../shared/responses"
NO_POSTS = {"webarchive", "archiveorg", "discord", "botwall", "loginwall"}
"""Folders whose answers are about no post of a platform; walls stand for what any post may meet."""
WALLS = {"botwall", "loginwall"}
HOSTED = {"misskey", "mastodon", "peertube"}
"""On a host of which nothing is known, such an answer is that of a page of the web."""

NOT_OF_A_POST = {
    "mastodon/001", "mastodon/003", "mastodon/005", "mastodon/006", "mastodon/012", "mastodon/013", "mastodon/015",
    "mastodon/014", "telegram/004", "telegram/005", "facebook/013", "facebook/014", "facebook/016",
    "facebook/018", "youtube/005", "youtube/006", "youtube/019", "youtube/021", "youtube/022", "youtube/023",
    "youtube/027", "x/003", "x/005", "x/046", "x/053", "reddit/015", "reddit/016", "reddit/017", "reddit/018",
    "bluesky/015", "kwai/001", "linkedin/001", "linkedin/002", "soundcloud/004", "soundcloud/005", "soundcloud/006",
    "snapchat/001", "weibo/004", "weibo/005", "deviantart/001", "gnusocial/002", "twitch/002", "twitch/003",
    "gist/001",
}  # fmt: skip
"""Answers about an account, an instance, a channel, a feed, a message or a short link, what stands around posts
(mastodon/005 has answers to the post, and not the post), and answers without their address that name nobody."""

NOT_JSON = {
    "x/047", "bluesky/005", "bluesky/007", "bluesky/009", "bluesky/011", "bluesky/012", "bluesky/013",
    "bluesky/014",
}  # fmt: skip
"""Kept as documentation or as a test's snapshot: not what a server sends."""

NOT_MET = {
    "x/060",  # the index calls every tombstone deleted; its words are those of a suspended account
    "youtube/026",  # a player's page of 2021 before its scripts: a title, and no id beside it
}

EXPECTED = {
    "live": {Status.CAPTURED},
    "unlisted-live": {Status.CAPTURED},
    "deleted": {Status.GONE, Status.FAILED},
    "deleted-or-unknown": {Status.GONE, Status.FAILED},
    "unknown-id": {Status.GONE, Status.FAILED},
    "suspended": {Status.WITHHELD},
    "geo": {Status.WITHHELD},
    "paid": {Status.WITHHELD},
    "private": {Status.PRIVATE},
    "rate-limited": {Status.RATE_LIMITED},
    "login-wall": {Status.LOGIN_WALL},
    "bot-wall": {Status.BOT_WALL},
    "js-shell": {Status.FAILED},
}

IDS = {
    "x": (r'"id_str":\s*"(\d+)",\s*"text"', r'"rest_id":\s*"(\d{12,})"', r'entryId":\s*"tweet-(\d+)',
          r'"id":\s*"(\d{15,})"', r'"id_str":\s*"(\d+)"'),
    "youtube": (r'"videoId":\s*"([\w-]{11})"',),
    "reddit": (r'"kind": "t3", "data": .{0,900}?"id": "(\w+)"',),
}  # fmt: skip
ADDRESS_OF = {
    "x": "https://x.com/i/status/",
    "youtube": "https://youtu.be/",
    "reddit": "https://redd.it/",
}


def rows() -> list[dict[str, str]]:
    if not FOLDER.is_dir():
        return []
    with (FOLDER / "index.tsv").open(encoding="utf-8", newline="") as file:
        found = csv.DictReader(file, delimiter="\t")
        return [row for row in found if row["platform"] not in NO_POSTS - WALLS and wanted(row)]


def wanted(row: dict[str, str]) -> bool:
    return row["file"][: row["file"].index("-")] not in NOT_OF_A_POST | NOT_JSON | NOT_MET


def state(row: dict[str, str]) -> str:
    return re.split(r"[ (\"]", row["state"])[0]


def addresses(row: dict[str, str], text: str) -> Iterator[str]:
    """Addresses of the post that an answer is about, likeliest first."""
    asked = row["request_url"]
    inner = re.search(r"[?&]url=([^&]+)", asked)
    yield from (unquote(unquote(inner[1])) if inner else "", asked)
    status = re.search(r"//([^/]+)/api/v1/statuses/(\d+)", asked)
    yield f"https://{status[1]}/@someone/{status[2]}" if status else ""
    of_id = re.search(r"[?&]id=([\w-]+)", asked)
    base = ADDRESS_OF.get(row["platform"])
    if base:
        yield from (base + of_id[1],) if of_id else ()
        matches = (re.search(pattern, text) for pattern in IDS[row["platform"]])
        if not row["file"].endswith(".html"):
            yield from (base + match[1] for match in matches if match)
    if row["file"].endswith(".html"):
        yield from named_by(LexborHTMLParser(text))
    match = re.search(r'at://[^"\s]+/app\.bsky\.feed\.post/\w+', text)
    yield match[0] if match else ""
    flat = text.replace("\\/", "/").replace("&amp;", "&")
    yield from (m[0] for m in re.finditer(r"https?://[^\s\"'<>\\]{4,300}", flat))


def named_by(tree: LexborHTMLParser) -> Iterator[str]:
    places = (
        ("meta[property='og:url'], meta[name='og:url']", "content"),
        ("link[rel=canonical]", "href"),
        ("iframe[src]", "src"),
    )
    for selector, attribute in places:
        yield from (node.attributes.get(attribute) or "" for node in tree.css(selector))


def ref_of(row: dict[str, str], text: str) -> PostRef | None:
    for address in addresses(row, text):
        known = recognise(address) if address else None
        if known and known.ref and known.platform == row["platform"]:
            return known.ref
    return None


def visible(text: str) -> str:
    tree = LexborHTMLParser(text)
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    return " ".join((tree.body.text(separator=" ") if tree.body else "").split())


def evidence(row: dict[str, str], other: PostRef | None = None) -> VisitEvidence:
    raw = gzip.decompress((FOLDER / (row["file"] + ".gz")).read_bytes())
    text = raw.decode("utf-8", "replace")
    page = row["file"].endswith(".html")
    foreign = row["platform"] in HOSTED or not (
        by_name(row["platform"]) or row["platform"] in WALLS
    )
    unknown = (
        PostRef("web", row["request_url"]) if foreign else PostRef(row["platform"], "none-known")
    )
    ref = other or ref_of(row, text) or unknown
    url = row["request_url"] or "https://example.org/answer"
    if "syndication" in row["what"]:
        url = "https://cdn.syndication.twimg.com/tweet-result?id=1"
    status = re.search(r"HTTP (\d{3})", f"{row['notes']} {row['state']}")
    main = Exchange(
        url=url,
        status=int(status[1]) if status else 200,
        response_headers=(("Content-Type", "text/html" if page else "application/json"),),
        body=Body.of(raw),
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        made_by="browser",
    )
    final = "https://www.facebook.com/unsupportedbrowser" if "unsupported" in row["state"] else url
    return VisitEvidence(
        post=Post(ref=ref, url=url),
        view=View("page" if page else "metadata", url),
        main=main,
        exchanges=(main,),
        final_url=final,
        dom=text if page else "",
        visible_text=visible(text) if page else "",
        drawn=False,
    )


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the recorded answers are not here")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"][:40])
def test_recorded_answers(row: dict[str, str]) -> None:
    outcome = judge(evidence(row))
    assert outcome.status in EXPECTED[state(row)], f"{row['state']}: {outcome}"
    assert outcome.reason
    if outcome.status is Status.CAPTURED:
        assert outcome.signals[0].points_to is Status.CAPTURED and outcome.signals[0].url


OTHERS = {
    "x": "1234567890123456", "instagram": "Zz9Zz9Zz9Z", "facebook": "998877665544", "youtube": "zzzzzzzzzz0",
    "tiktok": "7999999999999999999", "telegram": "nochannel/99", "bluesky": "did:plc:none/zzzzzzzzzzzzz",
    "mastodon": "none.example/109999999999999999", "reddit": "zzzzz9",
}  # fmt: skip


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the recorded answers are not here")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"][:40])
def test_no_answer_shows_another_post(row: dict[str, str]) -> None:
    if row["platform"] in OTHERS:
        other = PostRef(row["platform"], OTHERS[row["platform"]])
        assert judge(evidence(row, other)).status not in (Status.CAPTURED, Status.PARTIAL)


def test_the_index_is_understood() -> None:
    unknown = {state(row) for row in rows()} - set(EXPECTED)
    assert not unknown, json.dumps(sorted(unknown))
