"""A manifest told to a person: nothing that it says is left out."""

import json
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "manifests"))

import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from manifest_samples import manifest as sample_manifest
from msgspec import to_builtins
from msgspec.structs import replace

from archiver.cli.statement import stated
from archiver.collector import clock_state, collector, own_digest, revision
from archiver.config import Settings
from archiver.domain.manifest import Manifest
from archiver.manifests.file import encode
from archiver.verification.canonical import canonical

ELSEWHERE = {
    "schema", "payload", "confidence", "score", "type", "file", "length", "content_type", "media_type",
    "date", "method", "concurrent_to", "refers_to", "block_digest", "request_body", "algorithm", "source",
    "document", "platform", "role", "seen_url", "embed_url", "views", "author_name", "posted_on", "handle",
    "kind", "count", "text", "id", "posted_at", "rule", "points_to", "at", "read_at",
}  # fmt: skip
"""Fields that stand in the lines in other words, or once where the manifest has them often."""


def texts(value: object, name: str = "") -> set[str]:
    """Every text of a manifest that must be found in the lines."""
    if isinstance(value, dict):
        return {t for key, one in value.items() for t in texts(one, key)}
    if isinstance(value, list | tuple):
        return {t for one in value for t in texts(one, name)}
    plain = (
        isinstance(value, str)
        and name not in ELSEWHERE
        and not re.match(r"\d{4}-\d\d-\d\dT", value)
    )
    return {" ".join(value.split())} if plain and value else set()


def whole() -> Manifest:
    return replace(sample_manifest(), collector=collector(Settings(operator="The Example Herald")))


def test_every_text_of_a_manifest_is_told() -> None:
    told = whole()
    lines = "\n".join(stated(told))
    missing = {text for text in texts(to_builtins(told)) if text not in lines}
    assert missing == set()
    assert "The Example Herald" in lines and str(own_digest()).startswith("sha256:")


def test_the_clock_and_the_machine_are_named() -> None:
    who = collector(Settings())
    assert who.operator is None and re.fullmatch("[0-9a-f]{16}", who.host)
    assert who == collector(Settings()) and clock_state() in {
        "synchronised",
        "not synchronised",
        "unknown",
    }


def test_how_long_it_took_and_for_which_archive() -> None:
    lines = list(stated(whole()))
    assert any("8.765 s by a clock that nobody sets" in line for line in lines)
    unknown = "\n".join(stated(replace(whole(), visit_ms=None, archive_id=None)))
    assert "nobody sets" not in unknown and "of the archive" not in unknown


def test_the_commit_of_a_checkout_is_named(tmp_path: Path) -> None:
    """And nothing is claimed of a program that lies in no checkout, or in a deeper folder of one."""
    for name in ("bare", "top"):
        (tmp_path / name / "package").mkdir(parents=True)
    assert revision(tmp_path / "bare" / "package") is None
    top = tmp_path / "top"
    (top / "package" / "a.py").write_text("a = 1\n")
    author = ("-c", "user.name=A", "-c", "user.email=a@social.example")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "first")):
        subprocess.run(["git", *words], cwd=top, check=True)
    asked = ["git", "rev-parse", "HEAD"]
    head = subprocess.run(asked, cwd=top, check=True, capture_output=True, text=True).stdout.strip()
    assert revision(top / "package") == head
    assert revision(top / "package" / "deeper") is None
    (top / "package" / "a.py").write_text("a = 2\n")
    revision.cache_clear()
    assert revision(top / "package") == f"{head}-dirty"


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.dictionaries(TEXT, TEXT, max_size=5),
    st.floats(-1e9, 1e9),
    st.lists(TEXT, max_size=5),
)
def test_canonical_by_two_others(settings: dict[str, str], number: float, notes: list[str]) -> None:
    """RFC 8785: keys by UTF-16, numbers as ECMAScript writes them, text as it is. The judges are a library that
    writes the whole at once, and the reader of `verify`, which shares nothing with it."""
    told = replace(whole(), settings=settings, confidence=number, notes=tuple(notes))
    data = encode(told)
    assert data == rfc8785.dumps(to_builtins(told))
    assert canonical(json.loads(data)).encode() == data
