"""What is read quickly, because nothing seems wrong with it, is what is read when every rule is looked at."""

import io
import random
from pathlib import Path

import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tampering import Tampered

from archiver.verification.grammar import Head, Heads, read_head
from archiver.verification.members import PIECE, Members
from archiver.verification.record import Content, read_content, read_sound_content

URL = "https://social.example/post/1"
END = b"\r\n\r\n"
RECORDS = [
    *made.post_records("one", url=URL, picture_url="https://cdn.example/pic.png"),
    made.revisit("again", URL, made.PICTURE, "first", "https://cdn.example/pic.png"),
    made.response(
        "two protocols",
        URL,
        b"",
        warc_protocol="h2\r\nWARC-Protocol: tls/1.3",
        warc_truncated="length",
    ),
]
HEADS = [record.partition(END)[0] for record in RECORDS]


def told(head: Head) -> tuple[object, ...]:
    return head.first, head.further, head.problems


def with_care(data: bytes) -> Head:
    """The header as one reads it who has met no other."""
    return Heads().read(data)


@pytest.fixture(autouse=True)
def afresh() -> None:
    """The shapes of headers that other tests of this process have taught are no reader's business here."""
    vars(read_head.__self__)["shapes"].known.clear()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def taught() -> Heads:
    heads = Heads()
    for head in HEADS:
        assert heads.read(head).problems == ()
    return heads


@pytest.mark.parametrize("profile", ["server-not-modified", "other"])
def test_what_was_learned_of_one_profile_holds_for_that_one(profile: str, taught: Heads) -> None:
    (revisit,) = (head for head in HEADS if b"WARC-Type: revisit" in head)
    other = revisit.replace(b"identical-payload-digest", profile.encode())
    assert told(taught.read(other)) == told(with_care(other))
    assert bool(taught.read(other).problems) == (profile == "other")


LINES = [
    b"WARC-Protocol: h3", b"WARC-Truncated: maybe", b"WARC-Truncated: time", b"X: y", b"X:y", b"X:  y ",
    b"WARC-Date: 2026-02-30T00:00:00Z", b"WARC-Date: 2026-02-28T00:00:00Z", b"Content-Length: 007",
    b"Content-Length: 7", b"WARC-IP-Address: 1.2.3", b"WARC-IP-Address: ::1", b"WARC-Type: resource",
    b"WARC-Type: request", b"WARC-Target-URI: https://a b/", b"WARC-Target-URI: urn:x", b" folded",
    b"WARC-Refers-To-Date: 2026-13-01T00:00:00Z", b"WARC-Profile: http://example.org/other",
    b"WARC-Record-ID: <urn:x>", b"WARC-Record-ID: urn:x", b"content-type: text/html", b"",
    b"WARC-Block-Digest: sha256:\xc3\xa9", b"WARC-Block-Digest: md5:0",
]  # fmt: skip


def changed(lines: list[bytes], draw: st.DrawFn) -> None:
    """Change one thing in the lines of a header."""
    at = draw(st.integers(0, len(lines) - 1))
    change = draw(st.sampled_from(["value", "line", "more", "less", "swap", "byte"]))
    if change == "value":
        name = lines[at].partition(b":")[0]
        values = [one.partition(b": ")[2] for one in LINES if one.startswith(name)]
        lines[at] = name + b": " + draw(st.sampled_from(values or [b"x", b" x", b""]))
    elif change in ("line", "more"):
        lines[at : at + (change == "line")] = [draw(st.sampled_from(LINES))]
    elif change == "byte":
        place = draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:place] + draw(st.binary(max_size=2)) + lines[at][place + 1 :]
    elif change == "swap":
        lines[at], lines[-1] = lines[-1], lines[at]
    elif len(lines) > 1:
        del lines[at]


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_known_shape_changes_nothing(taught: Heads, data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(HEADS)).split(b"\r\n")
    for _ in range(data.draw(st.integers(0, 2))):
        changed(lines, data.draw)
    head = b"\r\n".join(lines)
    for _ in range(2):  # the second time it may be of a shape that was taught the first time
        assert told(taught.read(head)) == told(with_care(head))


def test_known_shapes_are_used(taught: Heads) -> None:
    for head in HEADS:
        text = head.decode()
        fields = taught.shapes.read(text)
        assert fields is not None
        other = text.replace("https://", "https://www.")
        assert taught.shapes.read(other) is not None
        assert taught.shapes.read(text.replace("WARC-Date: 2", "WARC-Date: x")) is None


def test_headers_without_number_teach_a_few_shapes() -> None:
    """Nobody fills the memory with shapes, and what is met after them is read like before them."""
    heads = Heads()
    for number in range(200):
        assert not heads.read(HEADS[1] + b"\r\nX-%d: 1" % number).problems
        assert heads.read(b"WARC/1.1\r\nX-%d: 1" % number + HEADS[1][8:]).problems == ()
    assert sum(map(len, heads.shapes.known.values())) < 50
    assert told(heads.read(HEADS[1])) == told(with_care(HEADS[1]))


def both(data: bytes) -> tuple[Content | None, Content]:
    return read_sound_content(data), read_content([data])


def test_sound_records_are_seen_to_be_sound() -> None:
    for record in RECORDS:
        quick, careful = both(record)
        assert quick is not None
        assert careful.problems == ()
        assert told(quick.head) == told(careful.head)
        for name in ("status", "method"):
            assert getattr(quick.message, name, None) == getattr(careful.message, name, None)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_nothing_wrong_is_sound(data: st.DataObject) -> None:
    """An altered record is never called sound where the careful reader finds a fault in it."""
    record = data.draw(st.sampled_from(RECORDS))
    at = data.draw(st.integers(0, len(record)))
    gone = data.draw(st.integers(0, 3))
    altered = record[:at] + data.draw(st.binary(max_size=3)) + record[at + gone :]
    quick, careful = both(altered)
    assert quick is None or not careful.problems


def test_every_record_of_an_archive_is_read_quickly(tmp_path: Path) -> None:
    """What our own writers write is what the quick reader takes: else it would be quick in name only."""
    count = 0
    for path in Tampered(tmp_path).files["WARC"]:
        with path.open("rb") as stream:
            members = Members(stream)
            while not members.at_end():
                assert read_sound_content(b"".join(members.pieces())) is not None
                count += 1
    assert count > 20


@pytest.mark.parametrize("size", [0, 1, 2047, 70_000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_pieces_of_members(size: int) -> None:
    """All but the last have 1 MiB, and the last is given when the member is known to be whole."""
    contents = [random.Random(size).randbytes(size), b"\0" * size, b"short"]
    packed = [made.member(one) for one in contents]
    members = Members(io.BytesIO(b"".join(packed)))
    at = 0
    for content, data in zip(contents, packed, strict=True):
        assert members.offset == at
        assert members.flags() == 0
        found = []
        for piece in members.pieces():
            found.append(piece)
            if len(piece) < PIECE:
                assert members.offset == at + len(data)
        assert [len(piece) for piece in found[:-1]] == [PIECE] * (len(found) - 1)
        assert b"".join(found) == content
        at += len(data)
    assert members.at_end()
