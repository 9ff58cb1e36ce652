"""A capture beside the one before it."""

import pytest
from manifest_samples import manifest
from msgspec.structs import replace

from archiver.domain.capture import Outcome, Status
from archiver.domain.digest import sha256
from archiver.domain.manifest import Manifest
from archiver.domain.metadata import Medium, PostMetadata, Told
from archiver.manifests.compare import compare

PAGE = "https://social.example/api"


def told(value: int | str, path: str = "$.x") -> Told:
    return Told(value=value, url=PAGE, path=path)


KNOWN = PostMetadata(
    text=told("The harbour is open again."),
    counts={"likes": told(3), "replies": told(1)},
    media=(Medium(url=told("https://cdn1.example/a.jpg?token=1")),),
)


def one(known: PostMetadata | None, status: Status = Status.CAPTURED, words: str = "") -> Manifest:
    """A manifest of that status, with the page's words as the digest of its text."""
    made = manifest()
    record = replace(
        made.records[0], target_uri="urn:text:https://social.example/", payload_digest=sha256(words.encode())
    )  # fmt: skip
    outcome = Outcome(status=status, reason="as the test has it")
    return replace(
        made, capture_id="c", metadata=known, outcome=outcome, records=(*made.records, record)
    )


@pytest.mark.parametrize(
    ("now", "verdict", "what"),
    [
        (KNOWN, "same", ""),
        (replace(KNOWN, text=told("The  harbour is\nopen again.")), "same", ""),
        (replace(KNOWN, text=told("Closed.")), "edited", "text: 'The harbour is open again.', now 'Closed.'"),
        (replace(KNOWN, text=told("The harbour…", "meta@content")), "same", ""),
        (replace(KNOWN, text=None), "same", ""),
        (replace(KNOWN, counts={"likes": told(5)}), "counts", "likes: 3, now 5"),
        (replace(KNOWN, counts={"likes": told("3K", "span")}), "same", ""),
        (replace(KNOWN, media=(Medium(url=told("https://cdn2.example/a.jpg?token=2")),)), "same", ""),
        (replace(KNOWN, media=(Medium(url=told("https://cdn1.example/b.jpg")),)), "edited", "media: 1 new, 1 no"),
        (replace(KNOWN, media=()), "same", ""),
        (replace(KNOWN, text=told("Closed."), counts={"likes": told(5)}), "edited", "likes: 3, now 5"),
    ],
)  # fmt: skip
def test_what_the_platform_told(now: PostMetadata, verdict: str, what: str) -> None:
    found = compare(one(KNOWN), one(now, words="other words of the page"))
    assert found and found.verdict == verdict
    assert what in "; ".join(found.what) and bool(what) == bool(found.what)
    assert found.previous == "c"


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (Status.CAPTURED, Status.GONE, "gone"),
        (Status.CAPTURED, Status.PRIVATE, "gone"),
        (Status.GONE, Status.CAPTURED, "back"),
        (Status.GONE, Status.GONE, "same"),
        (Status.GONE, Status.PRIVATE, "same"),
    ],
)
def test_gone_and_back(before: Status, now: Status, verdict: str) -> None:
    found = compare(one(KNOWN, before), one(None, now))
    assert found and found.verdict == verdict
    assert bool(found.what) == (verdict != "same")


@pytest.mark.parametrize("status", [Status.FAILED, Status.LOGIN_WALL, Status.PARTIAL])
def test_what_is_no_answer_is_not_compared(status: Status) -> None:
    assert compare(one(KNOWN), one(KNOWN, status)) is None


def test_without_metadata_the_page_is_compared() -> None:
    same = compare(one(None, words="three likes"), one(None, words="three likes"))
    other = compare(one(KNOWN, words="three likes"), one(None, words="four likes"))
    assert same and same.verdict == "same"
    assert other and other.verdict == "differs"
