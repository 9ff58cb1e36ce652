"""Nesting: honest documents are left alone, no trick of tags hides how deep a document is."""

import time

import pytest
from depth import depth_of
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from variants import TWEET

from archiver.domain.document import Document
from archiver.extraction.find import find_embeds
from archiver.extraction.nesting import DEEPEST, flattened, may_repeat
from archiver.extraction.prefilter import marks
from archiver.extraction.tree import MANY, REPEATED, parse

HIDDEN = {
    "plain": "<div>",
    "closed": "<div></div><div>",
    "stray end": "<div></x>",
    "end in an object": "<div><object></div></object>",
    "end in a comment": "<div><!--</div>-->",
    "empty comment": "<!--><div>-->",
    "end in a title": "<div><title></div></title>",
    "end in an attribute": '<div a="</div>">',
    "end in a bogus comment": "<div></ </div>",
    "loose quote": '<div x">',
    "quote for a name": '<div =">',
    "quote in a value": '<div a=b=">',
    "formatting": "<b><div></b>",
    "form": "<form><div></form>",
    "link": "<a><div></a>",
    "script": '<script><div title="</script><div><p q="',
    "cell": "<div><table><td></div>",
    "drawing": "<div><svg><![CDATA[</svg></div>]]></svg>",
    "choice": "<div><select></div></select>",
    "template": "<div><template></div></template>",
    "annotation": "<ruby><rt><div></ruby>",
    "heading": "<h1><div></h2>",
}


@pytest.mark.parametrize("piece", [pytest.param(p, id=n) for n, p in HIDDEN.items()])
def test_no_trick_hides_the_depth(piece: str) -> None:
    deep = piece * (2 * MANY)
    begin = time.process_time()
    flat = flattened(deep)
    parse(deep, deep.encode())
    assert time.process_time() - begin < 1.0 * max(1.0, len(deep) / 100_000)
    assert LexborHTMLParser(flat).css_first("*" + " > *" * (2 * DEEPEST)) is None


def test_deep_and_closed_is_deep() -> None:
    deep = "<div>" * 5000 + TWEET + "</div>" * 5000
    assert depth_of(deep) > DEEPEST / 2
    (found,) = find_embeds(Document(source="d", kind="html", body=(deep * 3).encode()))
    assert found.role == "embed" and found.posted_on is not None


def test_an_honest_document_is_left_alone() -> None:
    honest = "<ul><li><div><p>a <b>b</b><br><img><i>c</i></div></ul><table><tr><td>x</table>" * 3000
    assert flattened(honest) is honest


def test_formatting_that_would_be_repeated_is_left_out() -> None:
    open_ones = "<p>" + "".join(f"<b i={n}>" for n in range(400)) + "</p>"
    bomb = open_ones + "<p>x</p>" * 3000
    data = bomb.encode()
    assert may_repeat(data) and marks(data).formats * data.count(b"<") > REPEATED
    tree = parse(bomb, data, marks(data).formats)
    assert len(tree.css("b")) < 1000
    assert not may_repeat(b"<font a=1>x</font>" * 5000)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*HIDDEN.values(), "</div>", "</b>", TWEET, '"', "'", "<!--"])))
def test_what_is_flat_stays_as_it_is_and_flattening_ends(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert flattened(text) is text or len(pieces) > 20
    assert depth_of(flattened(text * 50)) <= 2 * DEEPEST  # the parser puts rows into tables
