"""JSON documents: content APIs, with a path to what was found; and plain text through the same door."""

import json

from variants import FRAME, STATUS, TWEET, YT, X

from archiver.domain.document import Document
from archiver.extraction.find import find_embeds


def document(value: object) -> Document:
    return Document(source="a.json", kind="json", body=json.dumps(value).encode())


def test_rendered_content_of_a_content_api() -> None:
    (found,) = find_embeds(document({"title": {"rendered": "x"}, "content": {"rendered": TWEET}}))
    assert str(found.ref) == f"x:{X}"
    assert found.evidence[0].path == "$.content.rendered"


def test_blocks_keep_their_order() -> None:
    blocks = [
        {"type": "raw_html", "content": FRAME},
        {"type": "tweet", "url": STATUS},
        {"type": "text", "content": "words"},
    ]
    found = find_embeds(document({"content_elements": blocks}))
    assert [str(e.ref) for e in found] == [f"youtube:{YT}", f"x:{X}"]
    assert found[1].evidence[0].path.startswith("$.content_elements[1]")


def test_raw_content_with_a_bare_address() -> None:
    (found,) = find_embeds(document({"content": f"<p>Before.</p>\n\n<p>{STATUS}</p>"}))
    assert (found.role, str(found.ref)) == ("embed", f"x:{X}")


def test_what_is_called_json_and_is_markup() -> None:
    (found,) = find_embeds(Document(source="a", kind="json", body=FRAME.encode()))
    assert str(found.ref) == f"youtube:{YT}"


def test_plain_text_goes_to_the_reader_of_text() -> None:
    words = "The bridge is open. pic.twitter.com/AbCdEf1234 — Ana Ruiz (@ana_ruiz) October 5, 2022"
    (found,) = find_embeds(Document(source="a", kind="text", body=words.encode()))
    assert (found.ref, found.handle) == (None, "ana_ruiz")
