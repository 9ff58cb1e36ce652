"""Redirecting pages: any page gives addresses or none, quickly."""

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.resolution.forms import named_address, page_targets, wrapped

BASE = "https://t.co/abcdefghij"


@pytest.mark.parametrize(
    ("html", "targets"),
    [
        ('<meta http-equiv="Refresh" content="5; URL=/next">', ["https://t.co/next"]),
        ('<meta http-equiv="refresh" content="0;https://x.example/">', []),
        ('<meta http-equiv="refresh" content="300">', []),
        ('<meta http-equiv="refresh" content="0;url=javascript:alert(1)">', []),
        ('<script>var location_x = "https://x.example/"</script>', []),
        (
            "<script>document.location.assign('https://x.example/a')</script>",
            ["https://x.example/a"],
        ),
        ("<p>location.replace('https://x.example/')</p>", []),
    ],
)
def test_targets(html: str, targets: list[str]) -> None:
    assert list(page_targets(html.encode(), BASE)) == targets


def test_the_recorded_page_of_t_co() -> None:
    folder = Path(__file__).parents[2] / "../shared/responses/x"
    found = sorted(folder.glob("005-t-co*.html.gz"))
    if not found:
        pytest.skip("no corpus here")
    targets = set(page_targets(gzip.decompress(found[0].read_bytes()), BASE))
    assert targets == {"https://buff.ly/2uSOHDs"}


def test_wrapped_addresses() -> None:
    assert list(wrapped("https://a.example/login?next=%2Fp%2F1&u=2")) == ["https://a.example/p/1"]
    assert list(wrapped("https://a.example/w?unsafe_link=ftp%3A%2F%2Fx")) == []
    assert list(wrapped("http://[bad?next=x")) == []


@given(st.binary(max_size=400))
def test_any_page_is_read(html: bytes) -> None:
    assert all(
        u.startswith("http") for u in [*page_targets(html, BASE), *named_address(html, BASE)]
    )


@pytest.mark.parametrize(
    "hostile",
    ['<meta http-equiv=refresh content="' + " " * 100000 + '">', "<noscript" * 12000,
     "<script>" + "location='" * 12000, '<script>location="' + "\\a" * 50000, "<div>" * 20000,
     "<meta http-equiv=refresh content='0;url=" + "x" * 100000],
    ids=range(6),
)  # fmt: skip
def test_hostile_pages_take_no_time(hostile: str) -> None:
    began = time.process_time()
    list(page_targets(hostile.encode(), BASE))
    assert time.process_time() - began < 1
