"""A carrier whose attribute and permalink name different posts: both are kept, and the link says so."""

import pytest

from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.extraction.find import find_embeds

STATUS = "https://twitter.com/ana_ruiz/status/{}"
ONE, OTHER = "1577719286659006464", "1577719286659009999"


def found_in(markup: str) -> tuple[Embed, ...]:
    return find_embeds(Document(source="c", kind="html", body=markup.encode()))


def quotation(attribute: str, *links: str) -> str:
    anchors = "".join(f'<a href="{STATUS.format(link)}">x</a>' for link in links)
    return f'<blockquote class="twitter-video" data-tweet-id="{attribute}">{anchors}</blockquote>'


def test_a_permalink_that_contradicts_the_attribute_is_kept_and_marked() -> None:
    embed, link = found_in(quotation(ONE, OTHER))
    assert (embed.role, embed.ref and embed.ref.id) == ("embed", ONE)
    assert (link.role, link.ref and link.ref.id) == ("link", OTHER)
    assert [piece.rule for piece in link.evidence] == ["x.conflict"]


@pytest.mark.parametrize("links", [(ONE,), (OTHER, ONE)])
def test_what_is_only_quoted_is_no_conflict(links: tuple[str, ...]) -> None:
    rules = {piece.rule for embed in found_in(quotation(ONE, *links)) for piece in embed.evidence}
    assert "x.conflict" not in rules


def test_two_kinds_of_id_are_no_conflict() -> None:
    page = "https://www.facebook.com/harbour.news/posts/"
    found = found_in(
        f'<div class="fb-post" data-href="{page}10158765432109876">'
        f'<blockquote cite="{page}pfbid02Qx7Yz1AbCdEfGh"><a href="{page}pfbid02Qx7Yz1AbCdEfGh">x</a></blockquote></div>'
    )
    assert "facebook.conflict" not in {piece.rule for embed in found for piece in embed.evidence}
