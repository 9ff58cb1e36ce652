"""Players that a feed names beside the words of an entry (Media RSS, enclosures)."""

import pytest

from archiver.domain.document import Document
from archiver.domain.post import PostRef
from archiver.extraction.find import find_embeds


@pytest.mark.parametrize("element", ["media:player", "media:content", "enclosure"])
def test_a_player_of_a_feed_is_an_embed(element: str) -> None:
    markup = f'<p>Words</p><{element} url="https://www.youtube.com/embed/aBcDeFgHiJ0"></{element}>'
    (found,) = find_embeds(Document(source="f", kind="html", body=markup.encode()))
    assert (found.ref, found.role) == (PostRef("youtube", "aBcDeFgHiJ0"), "embed")
    assert found.evidence[0].rule == "feed.media"


def test_a_picture_of_a_feed_is_none() -> None:
    markup = b'<enclosure url="https://site.example/a.jpg"></enclosure>'
    assert find_embeds(Document(source="f", kind="html", body=markup)) == ()
