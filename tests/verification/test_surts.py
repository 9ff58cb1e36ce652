"""The keys of an index: those that the index is written with fit, also those that another canonical form would give,
and none of another address does."""

import pytest

from archiver.records.fold import folded_url
from archiver.records.index import key
from archiver.verification.surts import fits

URLS = [
    "https://social.example/@ada/1001",
    "https://www.social.example/Post/AbC?b=2&a=1&utm=x",
    "https://social.example/a%20b/%D0%BF?q=%25",
    "https://social.example/x;jsessionid=0123456789abcdef0123456789abcdef?a=1",
    "https://social.example:8443/x/",
    "https://social.example",
    "https://[2001:db8::1]/x",
    "https://203.0.113.7/x?",
]


@pytest.mark.parametrize("url", [*URLS, f"urn:view:{URLS[1]}", f"urn:text:{URLS[0]}"])
def test_the_key_of_an_address(url: str) -> None:
    assert fits(key(url), url, folded=False)
    assert not fits(key(f"{url}z9"), url, folded=False)


@pytest.mark.parametrize("url", URLS[:6])
def test_the_key_of_a_request_with_a_body(url: str) -> None:
    own = key(folded_url(url, "POST", "a=1&b=2"))
    assert fits(own, url, folded=True)
    assert not fits(own, url, folded=False)
    assert not fits(key(url), url, folded=True)
    other = url.replace("social.example", "social.example/other", 1)
    assert not fits(key(folded_url(other, "POST", "a=1&b=2")), url, folded=True)


@pytest.mark.parametrize(
    ("other", "right"),
    [
        ("example,social)/@ada/1001", True),
        ("example,social)/@Ada/1001/", True),
        ("example,social)/%40ada/1001", True),
        ("example,social)/@ada/1010", False),
        ("example,social)/@ada/1001?a=1", False),
        ("example,other)/@ada/1001", False),
        ("example,social)/", False),
        ("", False),
    ],
)
def test_other_forms_of_a_key(other: str, right: bool) -> None:
    assert fits(other, URLS[0], folded=False) is right
