"""The 47 carriers, the other carriers, and the look-alikes, each alone in the same neutral article."""

import pytest
from variants import MORE, NOTHING, VARIANTS

from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.extraction.find import find_embeds

ARTICLE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Harbour bridge opens</title></head><body>
<header><a href="/">Pier</a><a href="https://twitter.com/pier_example">Follow us</a></header>
<article><h1>Harbour bridge opens</h1><p>The bridge was closed for two years. People waited on both sides.</p>
{}
<p>The mayor said more in the afternoon, before the rain.</p></article>
<footer><a href="https://www.facebook.com/sharer/sharer.php?u=x">Share</a></footer></body></html>"""


def found_in(markup: str) -> tuple[Embed, ...]:
    document = Document(source="a.html", kind="html", body=ARTICLE.format(markup).encode())
    return find_embeds(document)


def embedded(markup: str) -> list[str]:
    return [str(e.ref) for e in found_in(markup) if e.role == "embed"]


def test_there_are_47() -> None:
    assert len(VARIANTS) == 47


@pytest.mark.parametrize(("markup", "expected"), [pytest.param(m, e, id=n) for n, m, e in VARIANTS])
def test_the_47_carriers(markup, expected) -> None:
    assert embedded(markup) == [expected]


@pytest.mark.parametrize(("markup", "expected"), [pytest.param(m, e, id=n) for n, m, e in MORE])
def test_other_carriers(markup, expected) -> None:
    assert embedded(markup) == [expected]


@pytest.mark.parametrize("markup", [pytest.param(m, id=n) for n, m in NOTHING])
def test_look_alikes(markup) -> None:
    assert embedded(markup) == []


@pytest.mark.parametrize(
    ("markup", "expected"), [pytest.param(m, e, id=n) for n, m, e in VARIANTS + MORE]
)
def test_every_finding_says_where_and_how_sure(markup, expected) -> None:
    found = next(e for e in found_in(markup) if str(e.ref) == expected)
    assert found.url
    assert found.evidence
    for piece in found.evidence:
        assert piece.rule
        assert 0 < piece.confidence <= 1
        assert piece.offset is not None or piece.path
