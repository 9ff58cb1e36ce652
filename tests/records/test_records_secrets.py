"""What of a user's login is taken out of a capture, what is left alone, and how it is listed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.domain.capture import Capture, Outcome, Signal, Snapshot, Status
from archiver.domain.digest import sha256
from archiver.domain.exchange import Body, Exchange, Taken
from archiver.records.redact import redact
from archiver.records.secrets import Secrets, hidden, keys_in, telling, values_in, without

AT = datetime(2026, 11, 22, tzinfo=UTC)
KEY = "k3y/of+the=user 7f"
STATE = {
    "cookies": [{"name": "s", "value": KEY, "domain": "a.example", "path": "/"},
                {"name": "lang", "value": "english", "domain": "a.example", "path": "/"}],
    "origins": [{"origin": "https://a.example", "localStorage": [
        {"name": "account", "value": json.dumps({"token": "deep-token-1234567890", "theme": "dark"})},
        {"name": "session", "value": "st0red"}, {"name": "short", "value": "st0re"},
    ], "indexedDB": [{"stores": [{"records": [{"value": "indexed-token-1234567890"}]}]}]}],
}  # fmt: skip


def test_what_a_state_holds() -> None:
    values = list(values_in(STATE))
    assert KEY in values and "english" in values and "deep-token-1234567890" in values
    assert "dark" not in values
    deep = {"deep-token-1234567890", "indexed-token-1234567890"}
    assert set(telling(STATE)) == {KEY, "st0red", values[2], *deep}
    assert set(keys_in(STATE)) == deep
    assert Secrets(["st0red", "st0re"]).text("st0red st0re")[0] == "redact st0re"


@pytest.mark.parametrize(
    "name",
    ["Cookie", "Set-Cookie", "Set-Cookie2", "Authorization", "Proxy-Authorization", "X-CSRF-Token", "X-CSRFToken",
     "X-XSRF-TOKEN", "csrf-token", "x-guest-token", "X-Auth-Token", "X-Access-Token", "X-API-Key", "X-Goog-API-Key",
     "X-Amz-Security-Token", "X-Session-Token", "X-IG-WWW-Claim", "X-FB-LSD"],
)  # fmt: skip
def test_headers_that_hold_secrets(name: str) -> None:
    for value in ("k3yoftheuser", "a=k3yoftheuser", "Bearer k3yoftheuser"):
        found = redact([(name, value), ("X-Plain", value), (name, "")])
        assert len(found.headers) == 3 and found.headers[1:] == (("X-Plain", value), (name, ""))
        assert "k3y" not in found.headers[0][1] and "redacted" in found.headers[0][1]
        assert [(header, count) for header, _, count in found.taken] == [(name.lower(), 1)]


@pytest.mark.parametrize(
    "form", [KEY, quote(KEY, safe=""), json.dumps(KEY)[1:-1].replace("/", "\\/"), KEY.encode().hex()]
)  # fmt: skip
def test_every_spelling_is_found(form: str) -> None:
    clean, count = Secrets([KEY]).text(f"before {form} after")
    assert count == 1 and KEY not in clean
    assert clean == f"before {hidden(len(form))} after"


def test_a_secret_that_begins_with_another_goes_whole() -> None:
    """In any order of the values."""
    for number in range(1000, 1020):
        long, short = f"k3y-{number}-and-its-end-7f", f"k3y-{number}"
        secrets = Secrets([short, long])
        clean = hidden(len(long))
        assert secrets.text(f"a {long} b") == (f"a {clean} b", 1)
        assert secrets.body(Body.of(long.encode()))[0] == Body.of(clean.encode())


def test_a_capture_loses_them_everywhere(tmp_path: Path) -> None:
    spool = tmp_path / "body"
    spool.write_bytes(b"x" * 100 + KEY.encode())
    large = Body(spool=str(spool), size=118, digest=sha256(spool.read_bytes()))
    exchange = Exchange(
        url=f"https://a.example/?k={quote(KEY, safe='')}",
        request_headers=(("X-Key", KEY),),
        request_body=Body.of(KEY.encode()),
        status=200,
        response_headers=(("Location", f"/?{KEY}"),),
        body=large,
        started_at=AT,
        made_by="browser",
    )
    picture = Snapshot(role="dom", urn="urn:dom:x", media_type="text/html",
                       body=Body.of(f"<p>{KEY}".encode()), taken_at=AT)  # fmt: skip
    signal = Signal(rule="r", points_to=Status.CAPTURED, url=exchange.url, detail=KEY)
    capture = Capture(
        id="c", target="web:a", url=None, started_at=AT, ended_at=AT, title=f"of {KEY}",
        outcome=Outcome(status=Status.CAPTURED, reason="it came", signals=(signal,)),
        exchanges=(exchange,), snapshots=(picture,), page_url=exchange.url,
    )  # fmt: skip
    clean = without(capture, Secrets(values_in(STATE)))
    (one,), (seen,) = clean.exchanges, clean.snapshots
    for text in (one.url, str(one.request_headers), str(one.response_headers), repr(clean.outcome),
                 clean.title or "", seen.body.read().decode(), one.request_body.read().decode(),
                 one.body.read().decode()):  # fmt: skip
        assert KEY not in text and quote(KEY, safe="") not in text
    assert clean.page_url == one.url and clean.outcome.status is Status.CAPTURED
    assert one.body.size == 118 and one.body.digest == sha256(spool.read_bytes())
    assert {(t.side, t.where) for t in one.redacted} == {
        ("request", "url"), ("request", "headers"), ("request", "body"),
        ("response", "url"), ("response", "headers"), ("response", "body"),
    }  # fmt: skip
    assert all(isinstance(t, Taken) and t.count == 1 for t in one.redacted)
    assert seen.redacted == 1 and clean.redacted == 4


def test_two_exchanges_with_one_file(tmp_path: Path) -> None:
    """The file is cleaned once, and both know what it holds now."""
    spool = tmp_path / "body"
    spool.write_bytes(KEY.encode())
    body = Body(spool=str(spool), size=len(KEY), digest=sha256(KEY.encode()))
    secrets = Secrets([KEY])
    (first, taken), (second, none) = secrets.body(body), secrets.body(body)
    assert (taken, none) == (1, 0) and first == second
    assert first.digest == sha256(spool.read_bytes()) != body.digest


def test_what_is_not_secret_stays() -> None:
    capture = Capture(
        id="c", target="web:a", url=None, started_at=AT, ended_at=AT,
        outcome=Outcome(status=Status.GONE, reason="english is dark"),
    )  # fmt: skip
    assert without(capture, Secrets(values_in(STATE))) == capture
    assert Secrets(["the-very-post-1234"], keep=["the-very-post-1234"]).text(
        "the-very-post-1234"
    ) == ("the-very-post-1234", 0)


@given(st.text(min_size=12, max_size=60), st.text(max_size=200), st.text(max_size=200))
def test_any_secret_in_any_text(secret: str, before: str, after: str) -> None:
    clean, _ = Secrets([secret + "#9Zq"]).text(before + secret + "#9Zq" + after)
    assert secret + "#9Zq" not in clean
    assert len(clean) == len(before + secret + after) + 4
