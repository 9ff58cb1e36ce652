"""`archiver extract` of what no honest page is: an answer or one line, soon, and never a traceback."""

import gzip
import importlib.util
import json
import random
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.domain.document import Document
from archiver.extraction.find import find_embeds

FRAME = '<iframe src="https://www.youtube.com/embed/aBcDeFgHiJ0"></iframe>'
MB = 1_000_000

PAGES = {
    "60,000 nested div": "<div>" * 60_000 + FRAME,
    "nested formatting": "<b><i><font>" * 20_000 + FRAME,
    "nested lists": "<ul><li>" * 30_000 + FRAME,
    "nested tables": "<table><tr><td>" * 20_000 + FRAME,
    "nested quotations": "<blockquote>" * 50_000 + FRAME,
    "one line of words": "<p>" + "words " * (5 * MB // 6) + FRAME,
    "one line of tags": "<p class=a>w</p>" * (3 * MB // 16) + FRAME,
    "one long attribute": f'<p title="{"x" * 5 * MB}">' + FRAME,
    "one long script": f"<script>var embed = '{'y' * 5 * MB}';</script>" + FRAME,
    "an open comment": FRAME + "<!--" + "-" * MB,
    "an open tag": FRAME + "<p " + "a=b " * (MB // 4),
}


@pytest.mark.parametrize("name", PAGES)
def test_huge_and_deep_pages_have_an_answer(call, own_place: Path, name: str) -> None:
    Path("page.html").write_text(PAGES[name])
    begin = time.process_time()
    said = call("extract", "--json", "page.html")
    assert time.process_time() - begin < 10
    assert (said.code, said.err) == (0, "")
    assert [json.loads(line)["post_id"] for line in said.out.splitlines()] == ["aBcDeFgHiJ0"]


BINARY = {
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
    "zeros": bytes(100_000),
    "noise": random.Random(4).randbytes(200_000),
    "a program": b"\x7fELF" + bytes(1000),
    "a cut gzip": b"\x1f\x8b\x08\x00" + bytes(30),
    "a cut zip": b"PK\x03\x04" + bytes(30),
    "a cut WARC": b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: 99999\r\n"
    b"Content-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("suffix", [".html", ".txt", ".bin"])
def test_what_is_no_page_is_one_line(call, own_place: Path, name: str, suffix: str) -> None:
    Path("file" + suffix).write_bytes(BINARY[name])
    said = call("extract", "--json", "file" + suffix)
    assert (said.code, said.out) == (4, "")
    assert said.err.count("\n") == 1 and "Traceback" not in said.err


@pytest.mark.parametrize(
    "said", ["utf-16", "utf-7", "iso-2022-jp", "hex", "x-user-defined", "ebcdic"]
)
@pytest.mark.parametrize("real", ["utf-8", "windows-1251", "shift_jis", "utf-16"])
def test_a_charset_that_is_a_lie(call, own_place: Path, said: str, real: str) -> None:
    page = f'<!doctype html><meta charset="{said}"><title>Я は</title>{FRAME}'
    Path("page.html").write_bytes(page.encode(real, "replace"))
    answer = call("extract", "--json", "page.html")
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out)["post_id"] == "aBcDeFgHiJ0"


def test_a_gzip_bomb_is_one_line(call, own_place: Path) -> None:
    Path("bomb.html.gz").write_bytes(gzip.compress(bytes(200 * MB), 1))
    said = call("extract", "bomb.html.gz")
    assert said.code == 4 and "too large" in said.err and said.err.count("\n") == 1


TAGS = (
    "div",
    "p",
    "blockquote",
    "iframe",
    "script",
    "template",
    "table",
    "a",
    "svg",
    "select",
    "textarea",
)
MARKS = st.sampled_from(
    [FRAME, '<a href="https://x.com/a/status/1200000000000000001">x</a>', "— A (@a) March 5, 2022", "&lt;iframe",
     '<blockquote class="twitter-tweet">', "<!--", "-->", "]]>", "\0", "\\u003c", '{"embed":', "&#xD800;", "&#0;"]
)  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element that holds others, closed or not, with an attribute that holds anything."""
    return st.builds(
        lambda tag, name, value, inner, closed: (
            f'<{tag} {name}="{value}">{"".join(inner)}' + (f"</{tag}>" if closed else "")
        ),
        st.sampled_from(TAGS),
        st.sampled_from(["class", "src", "data-src", "srcdoc", "href", "data-embed", "id", "type"]),
        MARKS | WORDS | children,
        st.lists(children, max_size=4),
        st.booleans(),
    )


DOCUMENTS = st.lists(st.recursive(MARKS | WORDS, element, max_leaves=30), max_size=8)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, st.sampled_from(["utf-8", "utf-16", "shift_jis", "koi8-r"]), st.booleans())
def test_whole_documents_have_an_answer(parts: list[str], codec: str, named: bool) -> None:
    body = "<!doctype html><html><body>" + "".join(parts)
    charset = codec if named else None
    data = body.encode(codec, "xmlcharrefreplace")
    for found in find_embeds(Document(source="d", kind="html", body=data, charset=charset)):
        assert found.evidence and found.key


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "fuzz" / "fuzz_extract.py"
    spec = importlib.util.spec_from_file_location("fuzz_extract", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_fuzz_target_answers_a_few_hundred_mutants(
    fuzz: ModuleType, own_place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grown = fuzz.corpus(None)
    for number in range(150):
        fuzz.check(fuzz.mutant(grown, random.Random(f"test {number}")))
    assert fuzz.mutate(0.5, 3, None) == 0
    assert "all answered" in capsys.readouterr().out


def test_the_fuzz_target_tells_of_a_fault(
    fuzz: ModuleType, own_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "SECONDS", -1.0)
    assert fuzz.mutate(5, 3, None) == 1
    with pytest.raises(TimeoutError):
        fuzz.check(Path("crash.bin").read_bytes())
