"""Manifests: what is in them, their one canonical form, reading them strictly, their schema."""

import json
import string
from datetime import timedelta
from pathlib import Path

import jsonschema
import msgspec
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifest_samples import ARTICLE, POST, START, capture, manifest

from archiver.domain.capture import Outcome, Status, Unrecorded
from archiver.domain.digest import sha256
from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged, MadeByNewer
from archiver.manifests.file import encode, read_manifest, write_manifest
from archiver.manifests.schema import manifest_schema, schema_text

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "manifest.schema.json"


def valid(found: Manifest) -> None:
    jsonschema.validate(json.loads(encode(found)), manifest_schema())


def test_what_has_no_record_is_named() -> None:
    found = {(one.url, one.reason) for one in manifest().unrecorded}
    assert found == {
        ("wss://social.example/", "WebSocket"),
        ("https://ads.example/", "blocked"),
        ("https://slow.example/", "no response"),
        ("data:text/html,x", "not over HTTP"),
    }


def test_each_server_is_named_once() -> None:
    found = [(peer.host, peer.address) for peer in manifest().peers]
    assert found == [("social.example", "192.0.2.1"), ("files.example:8443", "192.0.2.2")]
    assert manifest().peers[0].tls is not None


def test_notes_of_the_visit_and_of_the_writer_stand_together() -> None:
    assert manifest().notes == ("a note of the visit", "a note of the writer")


def test_the_page_has_the_date_of_its_record() -> None:
    assert manifest().page_at == START.replace(microsecond=891_000) == manifest().records[0].date


def test_nothing_written_is_a_manifest_too() -> None:
    outcome = Outcome(status=Status.UNRESOLVED, reason="the short link leads nowhere")
    bare = capture(
        outcome=outcome,
        exchanges=(),
        browser=None,
        url=None,
        page_url=None,
        page_at=None,
        title=None,
    )
    found = manifest(bare, None, post=None, articles=())
    assert (found.warc_file, found.records, found.peers) == (None, (), ())
    valid(found)


def test_what_earlier_versions_did_not_say_is_unknown(tmp_path: Path) -> None:
    """A manifest without the fields that came later is read, and says nothing of them."""
    told = json.loads(encode(manifest()))
    for name in ("archive_id", "visit_ms", "custody", "collector", "compared"):
        del told[name]
    del told["software"]["revision"], told["browser"]["fonts"]
    path = tmp_path / "mastodon-1001-00000001.json"
    path.write_bytes(rfc8785.dumps(told))
    found = read_manifest(path)
    assert found.browser is not None
    unknown = (found.archive_id, found.visit_ms, found.software.revision, found.browser.fonts)
    assert unknown == (None, None, None, None)
    jsonschema.validate(told, manifest_schema())


def test_canonical_bytes() -> None:
    """RFC 8785: keys sorted, no space, numbers in their shortest form, text as UTF-8."""
    data = encode(manifest())
    assert data == rfc8785.dumps(json.loads(data))
    assert b'"retry_after":30,' in data and b'"confidence":0.85' in data
    assert "世界".encode() in data
    keys = list(json.loads(data))
    assert keys == sorted(keys)


def test_read_gives_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "mastodon-1001-00000001.json"
    digest = write_manifest(manifest(), path)
    assert read_manifest(path, digest) == manifest()
    assert digest == sha256(path.read_bytes())
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.characters()),
    st.floats(0, 1e9),
    st.dictionaries(st.text(string.printable), st.text()),
    st.sampled_from(list(Status)),
    st.timedeltas(timedelta(0), timedelta(days=9999)),
)
def test_any_manifest_survives(
    text: str, number: float, chosen: dict[str, str], status: Status, later: timedelta
) -> None:
    outcome = Outcome(status=status, reason=text, retry_after=number)
    lost = Unrecorded(url=text, method="GET", reason=text)
    made = manifest(
        capture(
            unrecorded=(lost,), outcome=outcome, title=text, ended_at=START + later, notes=(text,)
        ),
        settings=chosen,
    )
    data = encode(made)
    again = msgspec.json.decode(data, type=Manifest)
    assert again == made and encode(again) == data == rfc8785.dumps(json.loads(data))
    valid(made)


def test_lone_surrogates_become_replacement_characters(tmp_path: Path) -> None:
    made = manifest(capture(title="a\ud800b", notes=("\udfff",)))
    assert made.title == "a\ufffdb" and made.notes[0] == "\ufffd"
    path = tmp_path / f"{made.capture_id}.json"
    write_manifest(made, path)
    assert read_manifest(path) == made


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no manifest"),
        (b"{", "no manifest"),
        (b"[]", "no manifest"),
        (b"\xff\xfe", "no manifest"),
        (b'{"schema":"archiver/manifest/0"}', "archiver/manifest/0"),
        (b'{"schema":"someone/manifest/2"}', "someone/manifest/2"),
        (b'{"schema":"archiver/manifest/1"}', "missing required field"),
        (b"[" * 100_000, "no manifest"),
    ],
)
def test_damage_is_one_clear_line(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    with pytest.raises(ArchiveDamaged, match=said) as caught:
        read_manifest(path)
    assert str(path) in caught.value.message and "\n" not in caught.value.message


def test_a_manifest_of_a_later_schema_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'{"schema":"archiver/manifest/9","anything":1}')
    with pytest.raises(MadeByNewer, match="archiver/manifest/9") as caught:
        read_manifest(path)
    assert "newer" in caught.value.hint and "\n" not in caught.value.message


def test_wrong_types_are_named_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "mastodon-1001-00000001.json"
    write_manifest(manifest(), path)
    wrong = json.loads(path.read_bytes())
    wrong["records"][0]["offset"] = "12"
    path.write_text(json.dumps(wrong))
    with pytest.raises(ArchiveDamaged, match=r"records\[0\]\.offset"):
        read_manifest(path)


def test_a_manifest_under_another_name_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    write_manifest(manifest(), path)
    with pytest.raises(ArchiveDamaged, match="another capture"):
        read_manifest(path)


def test_another_digest_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "mastodon-1001-00000001.json"
    digest = write_manifest(manifest(), path)
    path.write_bytes(path.read_bytes().replace(b"Ada", b"Eve"))
    assert read_manifest(path).title == "Eve"
    with pytest.raises(ArchiveDamaged, match="other digest"):
        read_manifest(path, digest)


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="No such file"):
        read_manifest(tmp_path / "gone.json")


def test_the_published_schema_is_the_one_of_the_program() -> None:
    """After a change of the structs: `python -m archiver.manifests.schema > docs/manifest.schema.json`."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()


def test_the_schema_refuses_what_is_no_manifest() -> None:
    jsonschema.Draft202012Validator.check_schema(manifest_schema())
    good = json.loads(encode(manifest()))
    valid(manifest())
    for key, wrong in (("records", "none"), ("outcome", {}), ("started_at", 5), ("target", None)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, key: wrong}, manifest_schema())


def test_the_manifest_of_an_article_says_what_was_found() -> None:
    found = manifest(document=ARTICLE.digest, found=(ARTICLE.embed,), post=None, articles=())
    assert found.document == ARTICLE.digest and found.found[0].ref == POST.ref
    valid(found)
