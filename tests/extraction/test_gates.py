"""The gates lose nothing: a page read by every reader gives what it gives behind the prefilter."""

import gzip
import html
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from variants import MORE, VARIANTS

from archiver.domain.digest import sha256
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.extraction.charset import decoded
from archiver.extraction.find import find_embeds
from archiver.extraction.markup import read_html
from archiver.extraction.merge import merge
from archiver.extraction.own import without_own
from archiver.extraction.page import Page
from archiver.extraction.scripts import read_flight

MARKUPS = [markup for _, markup, _ in VARIANTS + MORE]
ADDRESSES = [
    "https://www.reddit.com/r/harbour/comments/12ab3cd/the_bridge/",
    "https://www.linkedin.com/feed/update/urn:li:share:6977777777777777777",
    "https://www.pinterest.com/pin/99360735500167749/",
    "https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk",
    "https://soundcloud.com/ana-ruiz/the-bridge",
    "https://rumble.com/v4abc12-the-bridge.html",
    "https://www.threads.net/@ana/post/CuX5aBcDeFg",
    "https://vk.com/wall-123_456",
    "https://pier.example/@ana/109876543210987654",
    "https://pier.example/w/9c9de5e8-0a1e-484a-b099-e80766180a6d",
    "https://lemmy.example/post/1234567",
]


def ungated(text: str) -> tuple[Embed, ...]:
    """All embeds of a page, found by every reader."""
    page = Page(gated=False)
    read_html(text, page)
    if page.flight:
        read_flight(page, read_html)
    body = text.encode("utf-8", "replace")
    return merge(page.findings, body.decode(), "g", sha256(body), page.walked)


def gated(text: str) -> tuple[Embed, ...]:
    body = text.encode("utf-8", "replace")
    return find_embeds(Document(source="g", kind="html", body=body, charset="utf-8"))


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("escaped", [False, True])
def test_a_payload_that_names_a_post_is_read_whatever_the_platform(address, escaped) -> None:
    data = json.dumps({"blocks": [{"type": "social", "url": address, "words": "x" * 600}]})
    text = f"<script>window.state={data.replace('/', chr(92) + '/') if escaped else data}</script>"
    (found,) = gated(text)
    assert found.role == "embed" and found.ref is not None
    assert ungated(text) == (found,)


@pytest.mark.parametrize(
    ("name", "post_id"),
    [("Spotify", "track:4rOoJ6Egrf8K2IrywzwOMk"), ("X", "1577719286659006464"), ("tik-tok", "7212345678901234567"),
     ("GIF", "3oEjI6SIIHBdRxXI40"), ("Rutube", "0123456789abcdef0123456789abcdef"), ("vk", "-123_456")],
)  # fmt: skip
def test_a_payload_that_only_has_an_id_is_read(name, post_id) -> None:
    text = f"<script>a={json.dumps([{'type': name, 'id': post_id, 'w': 'x' * 600}])}</script>"
    (found,) = gated(text)
    assert found.ref is not None and found.ref.id == post_id
    assert ungated(text) == (found,)


def mutated(text: str, chance: random.Random) -> str:
    """A fixture put into another carrier, cut, joined or spelled otherwise."""
    how = chance.randrange(9)
    if how == 0:
        return f"<div data-x='{html.escape(text)}'></div>"
    if how == 1:
        return f"<script>a={json.dumps({'type': 'block', 'html': text})}</script>"
    if how == 2:
        return f"<script type=application/json>{json.dumps([text]).replace('<', chr(92) + 'u003c')}</script>"
    if how == 3:
        return f"<p>{html.escape(text)}</p>"
    if how == 4:
        return text.replace("src=", "data-src=").replace("<div", "<DIV")
    if how == 5:
        begin = chance.randrange(len(text) + 1)
        return text[:begin] + text[begin + chance.randrange(20) :]
    if how == 6:
        return f"<template>{text}</template>"
    return text + "\n" + chance.choice(MARKUPS + ADDRESSES)


def lose_nothing(markup: str, seed: int, times: int) -> None:
    """Assert that a fixture, mutated so often, gives the same with and without the gates."""
    chance = random.Random(seed)
    for _ in range(times):
        markup = mutated(markup, chance)
    assert gated(markup) == ungated(markup)


MUTATED = (st.sampled_from(MARKUPS), st.integers(0, 2**32), st.integers(0, 4))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(*MUTATED)
def test_the_gates_lose_nothing(markup, seed, times) -> None:
    lose_nothing(markup, seed, times)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(*MUTATED)
def test_the_gates_lose_nothing_for_long(markup, seed, times) -> None:
    lose_nothing(markup, seed, times)


CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "pages"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus here")
def test_the_gates_lose_nothing_of_real_pages() -> None:
    for path in sorted(CORPUS.glob("*.html.gz"))[::4]:
        body = gzip.decompress(path.read_bytes())
        text, data = decoded(body)
        page = Page(gated=False)
        read_html(text, page, data)
        if page.flight:
            read_flight(page, read_html)
        findings = without_own(page.findings, data, None)
        whole = merge(findings, text, "g", sha256(body), page.walked)
        assert find_embeds(Document(source="g", kind="html", body=body)) == whole, path.name
