"""Where an article shows its embeds: selectors from what was found, pictures in place, true notes."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import Runner, post_of
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from torture import Torture

from archiver.capture.browser import Browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.places import Place, places
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.post import PostRef


def embed(platform: str, post_id: str | None, *fragments: str, **other: object) -> Embed:
    fields = {
        "source": "a", "document": sha256(b""), "role": "embed", "platform": platform,
        "ref": PostRef(platform, post_id) if post_id else None, "url": "https://p.example/1",
        "evidence": tuple(Evidence(rule="r", fragment=f) for f in fragments or ("",)),
    }  # fmt: skip
    return Embed(**(fields | other))  # type: ignore[arg-type]


def first_match(html: str, place: Place) -> str | None:
    tree = LexborHTMLParser(html)
    for selector in place.selectors:
        found = tree.css_first(selector)
        if found is not None:
            return found.attributes.get("id") or found.tag
    return None


@pytest.mark.parametrize(
    ("one", "html"),
    [
        (
            embed("x", "2110259880918667265", '<blockquote class="twitter-tweet"><p>'),
            '<a href="https://x.com/a/status/2110259880918667265">x</a><iframe id=wanted '
            'src="https://platform.twitter.com/embed/Tweet.html?id=2110259880918667265"></iframe>',
        ),
        (
            embed("x", "2110259880918667265", '<blockquote class="twitter-tweet"><p>'),
            "<blockquote><a href='/status/1'>x</a></blockquote><blockquote id=wanted>"
            "<a href='https://x.com/a/status/2110259880918667265'>x</a></blockquote>",
        ),
        (
            embed("telegram", "harbour_demo/412"),
            "<iframe src='https://t.me/other/412?embed=1'></iframe>"
            "<iframe id=wanted src='https://t.me/harbour_demo/412?embed=1'></iframe>",
        ),
        (
            embed("youtube", "tUrB1nDem0A", '<lite-youtube videoid="tUrB1nDem0A">'),
            '<lite-youtube videoid="other"></lite-youtube>'
            '<lite-youtube id=wanted videoid="tUrB1nDem0A"></lite-youtube>',
        ),
        (
            embed("bluesky", "did:plc:abc/3mxyjown5422p"),
            "<iframe id=wanted src='https://embed.bsky.app/embed/did:plc:abc/3mxyjown5422p'></iframe>",
        ),
        (
            embed("mastodon", "social.example/117458261835799866"),
            "<iframe id=wanted src='https://social.example/@a/117458261835799866/embed'></iframe>",
        ),
        (
            embed("x", None, media_tokens=("pic.twitter.com/Ab3dEf7hIj",), url=None),
            "<blockquote id=wanted><a href='https://pic.twitter.com/Ab3dEf7hIj'>p</a></blockquote>",
        ),
    ],
)
def test_the_selectors_find_the_place(one: Embed, html: str) -> None:
    (place,) = places([one])
    assert first_match(html, place) == "wanted"


def test_only_embeds_have_places() -> None:
    found = [
        embed("x", "1" * 19, role="link"),
        embed("x", "2" * 19),
        embed("x", None, role="widget"),
    ]
    assert [place.selectors[0] for place in places(found)] == [f'iframe[src*="{"2" * 19}"]']


@given(post_id=st.text(min_size=1, max_size=30), fragment=st.text(max_size=60))
def test_ids_cannot_leave_their_quotes(post_id: str, fragment: str) -> None:
    (place,) = places([embed("x", post_id, f'<b title="{post_id}">{fragment}')])
    tree = LexborHTMLParser("<body><i id=else></i></body>")
    for selector in place.selectors:
        assert tree.css(selector) == []


ARTICLE = """<!doctype html><title>An article</title><body style="margin:0">
<div style="height:2500px">far above</div>
<iframe src="/frame-of-1234567890123456789" style="width:400px;height:200px;border:0"></iframe>
<blockquote style="width:300px;height:100px;margin:0;background:#0a0">Words of a post, kept as text</blockquote>
<iframe data-src="https://v.example/parked-987654321" src="about:blank" width=300 height=100></iframe>
</body>"""
FRAME = "<body style='margin:0;background:#c00'></body>"
SHOWN = (
    embed("x", "1234567890123456789", url="https://x.example/1"),
    embed("x", None, text="Words of a  post, kept", url="https://x.example/2"),
    embed("x", "parked-987654321", url="https://x.example/3"),
    embed("x", "4444444444444444444", url="https://x.example/4"),
)


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture({"/article": ARTICLE, "/frame-of-1234567890123456789": FRAME}) as site:
        yield site


@pytest.mark.browser
def test_each_embed_is_pictured_in_its_place(
    run: Runner, browser: Browser, site: Torture, tmp_path: Path
) -> None:
    captured = run(
        visit(
            browser, post_of(site.url("/article")), lane=None, limits=CaptureLimits(seconds=40, quiet=4),
            capture_id="c1", spool=tmp_path, clock=SystemClock(), ids=RandomIds(),
            shows=places(SHOWN),
        )
    )  # fmt: skip
    pictures = {s.urn: s.body.read() for s in captured.snapshots if s.role == "embed"}
    assert list(pictures) == [f"urn:embed:{n}:https://x.example/{n}" for n in (1, 2, 3)]
    drawn, text, _ = (Image.open(io.BytesIO(data)).convert("RGB") for data in pictures.values())
    assert drawn.size == (800, 400) and text.size == (600, 200)
    assert (
        max(abs(a - b) for a, b in zip(drawn.getpixel((400, 200)), (204, 0, 0), strict=True)) < 12
    )
    assert max(abs(a - b) for a, b in zip(text.getpixel((580, 180)), (0, 170, 0), strict=True)) < 12
    assert "frames that the article did not load: https://x.example/3" in captured.notes
    assert "not shown in the article: https://x.example/4" in captured.notes
