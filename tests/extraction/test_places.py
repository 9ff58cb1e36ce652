"""Where a carrier is said to stand: at the element that holds the post, not where the page names it before."""

from archiver.domain.document import Document
from archiver.extraction.find import find_embeds

ID, OTHER = "dQw4w9WgXcQ", "9bZkp7q19f0"


def frame(video: str) -> str:
    return f'<iframe src="https://www.youtube.com/embed/{video}"></iframe>'


def link(video: str) -> str:
    return f'<a href="https://www.youtube.com/watch?v={video}">a film</a>'


def begins(markup: str) -> list[tuple[str, str, int | None]]:
    """Rule, post and offset of every carrier."""
    found = find_embeds(Document(source="d", kind="html", body=markup.encode()))
    return [(piece.rule, e.ref.id, piece.offset) for e in found if e.ref for piece in e.evidence]


def test_an_id_that_is_named_before_is_not_taken_for_the_carrier() -> None:
    first, middle = frame(OTHER), f"<p>{ID} is a video, é 𝄞</p>" * 40
    markup = first + frame(ID).replace(ID, OTHER) + link(OTHER) + frame(ID)
    assert begins(markup)[-1] == ("youtube.iframe", ID, markup.index(frame(ID)))
    markup = "<p>" + first + "</p>" + middle.replace(ID, "It") + frame(ID) + f"<p>{ID}</p>"
    assert begins(markup)[-1] == ("youtube.iframe", ID, markup.index(frame(ID)))


def test_what_names_the_next_post_stands_before_the_last_carrier() -> None:
    markup = f"<!-- {ID} {'-' * 3000} -->" + frame(OTHER) + "<p>words</p>" + frame(ID)
    assert begins(markup) == [
        ("youtube.iframe", OTHER, markup.index(frame(OTHER))),
        ("youtube.iframe", ID, markup.index(frame(ID))),
    ]


def test_several_carriers_of_one_post_have_a_place_each() -> None:
    markup = link(ID) + "<p>words</p>" + frame(ID) + "<p>words</p>" + frame(ID)
    frames = [markup.index(frame(ID)), markup.rindex(frame(ID))]
    assert begins(markup) == [
        ("youtube.iframe", ID, frames[0]),
        ("youtube.iframe", ID, frames[1]),
        ("youtube.link", ID, 0),
    ]


def test_a_token_that_stands_only_before_is_found_there() -> None:
    script = '<script>var a = {"embed_url": "https://www.youtube.com/embed/' + ID + '"};</script>'
    hidden = frame(ID).replace(ID, "".join(f"&#{ord(letter)};" for letter in ID))
    markup = script + frame(OTHER) + hidden
    places = {(rule, post): offset for rule, post, offset in begins(markup)}
    assert places["youtube.iframe", OTHER] == markup.index(frame(OTHER))
    assert places["youtube.iframe", ID] == markup.index(ID)
