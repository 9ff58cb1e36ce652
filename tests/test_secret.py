"""What is taken out as a secret, by its place and by its value, and what is left alone."""

import base64
import html
import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.domain.capture import Unrecorded
from archiver.domain.secret import (
    ALWAYS,
    Hider,
    secret_parameters,
    spellings,
    without,
    without_fields,
    without_secrets,
)

VALUE = 'planted/7Q"é&x=41?a+b%'


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://a.example/?access_token=s3&b=1", "https://a.example/?access_token=redacted&b=1"),
        ("https://a.example/#id_token=s3", "https://a.example/#id_token=redacted"),
        ("https://ada:s3@a.example/x", "https://a.example/x"),
        ("see https://ada@a.example/ now", "see https://a.example/ now"),
        ("https://a.example/@ada/1", "https://a.example/@ada/1"),
        ("https://a.example/?q=a@b", "https://a.example/?q=a@b"),
        ("https://a.example/?token=4xyz&api_key=k", "https://a.example/?token=4xyz&api_key=k"),
        ("/back?a=1&amp;PASSWORD=s3", "/back?a=1&amp;PASSWORD=redacted"),
    ],
)
def test_urls_lose_their_secrets(text: str, clean: str) -> None:
    assert without_secrets(text) == clean == without_secrets(clean)


def test_secrets_of_a_url_are_named() -> None:
    assert secret_parameters("https://a:b@x.example/?jwt=4xyz&token=a#PWD=1") == (
        ("jwt", "4xyz"), ("pwd", "1"), ("user", "a"), ("user", "b"),
    )  # fmt: skip
    assert secret_parameters("/?jwt=redacted----") == ()


@pytest.mark.parametrize(
    ("body", "clean", "names"),
    [
        (b"user=ada&password=a%20b", b"user=ada&password=redacted", ["password"]),
        (b'{"a":[{"Password" : "a\\"b","n":1}]}', b'{"a":[{"Password" : "redacted","n":1}]}', ["password"]),
        (b"v=%7B%22jwt%22%3A%22x.y%22%7D&d=1", b"v=%7B%22jwt%22%3A%22redacted%22%7D&d=1", ["jwt"]),
        (
            b'--b\r\nContent-Disposition: form-data; name="pwd"\r\n\r\none\r\ntwo\r\n--b--\r\n',
            b'--b\r\nContent-Disposition: form-data; name="pwd"\r\n\r\nredacted\r\n--b--\r\n',
            ["pwd"],
        ),
        (b"lsd=AVq&fb_dtsg=1", b"lsd=AVq&fb_dtsg=1", []),
        (b"password=", b"password=", []),
    ],
)  # fmt: skip
def test_bodies_of_requests_lose_their_secrets(body: bytes, clean: bytes, names: list[str]) -> None:
    found, taken = without_fields(body)
    assert found == clean and [name for name, _ in taken] == names
    assert without_fields(clean) == (clean, ())


@given(st.dictionaries(st.sampled_from(ALWAYS), st.text(min_size=1), min_size=1), st.booleans())
def test_json_stays_json(fields: dict[str, str], ascii_only: bool) -> None:
    body = json.dumps({"in": fields, "n": [1]}, ensure_ascii=ascii_only).encode("utf-8", "replace")
    clean, _ = without_fields(body)
    assert json.loads(clean) == {"in": dict.fromkeys(fields, "redacted"), "n": [1]}


FORMS = {
    "raw": lambda v: v,
    "percent": lambda v: quote(v, safe=""),
    "percent twice": lambda v: quote(quote(v, safe=""), safe=""),
    "lower percent": lambda v: re.sub("%..", lambda m: m[0].lower(), quote(v, safe="")),
    "json": lambda v: json.dumps(v)[1:-1],
    "json, not ascii": lambda v: json.dumps(v, ensure_ascii=False)[1:-1],
    "json of php": lambda v: json.dumps(v)[1:-1].replace("/", "\\/"),
    "html": lambda v: html.escape(v),
    "hex": lambda v: v.encode().hex(),
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64 at 1": lambda v: base64.b64encode(b"u" + v.encode() + b"z").decode(),
    "base64 at 2": lambda v: base64.b64encode(b"u:" + v.encode() + b"yz").decode(),
    "base64 for URLs": lambda v: base64.urlsafe_b64encode(b"u:" + v.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_known_value_is_found_in_every_spelling(form: str) -> None:
    written = f"<a>{FORMS[form](VALUE)}</a>"
    clean = Hider([VALUE]).text(written)
    assert "redacted" in clean and clean.startswith("<a>") and clean.endswith("</a>")
    assert len(clean) <= len("<a>redacted</a>") + 8, "what is left of Base64 is of its neighbours"


def test_what_we_say_loses_short_values_too() -> None:
    hide = Hider(["ab", "hunter2"])
    assert (
        hide.text("ab: hunter2 at http://u:p@h/?jwt=1") == "ab: redacted at http://h/?jwt=redacted"
    )


@given(st.text(min_size=4))
def test_every_spelling_is_of_the_value(value: str) -> None:
    found = list(spellings(value))
    assert value in found and all(found)


def test_values_are_walked() -> None:
    seen = Unrecorded(url="https://a.example/?jwt=1", method="GET", reason="r")
    clean = without((seen, {"k": "https://u@a.example/"}, 3, None))
    assert clean == (
        Unrecorded(url="https://a.example/?jwt=redacted", method="GET", reason="r"),
        {"k": "https://a.example/"}, 3, None,
    )  # fmt: skip
    same = (Unrecorded(url="https://a.example/", method="GET", reason="r"),)
    assert without(same) is same
