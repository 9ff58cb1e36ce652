"""Headers, protocols and certificates as DevTools tells them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from archiver.capture import recorder_headers as read

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,10}", fullmatch=True)
VALUES = st.text("abc;=, xyz/\u00e9", max_size=12).map(str.strip)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_a_header_text_is_read_as_written(headers) -> None:
    text = "HTTP/1.1 200 All Is Well\r\n" + "".join(f"{n}: {v}\r\n" for n, v in headers) + "\r\n"
    assert read.from_text(text) == ("All Is Well", tuple(headers))


@given(st.text(max_size=200))
def test_no_header_text_is_too_odd(text: str) -> None:
    reason, headers = read.from_text(text)
    assert all("\n" not in name + value for name, value in headers)


def test_a_status_line_may_lack_its_reason() -> None:
    assert read.from_text("HTTP/1.1 200\r\nA: b\r\n\r\n") == ("", (("A", "b"),))


def test_joined_values_are_several_lines_and_pseudo_headers_none() -> None:
    known = {"set-cookie": "a=1\nb=2", ":status": "200", "x": "y"}
    assert read.from_dictionary(known) == (("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x", "y"))


def test_values_have_one_character_a_byte_whatever_the_browser_read_them_as() -> None:
    """It reads a header text as UTF-8, and what it tells beside it as windows-1252."""
    sent = (
        b"caf\xc3\xa9",
        "\u0436".encode(),
        b"caf\xe9 \xff",
        b"\x93x\x94 \xc3\xa9 \xe9\xe9",
        b"\x81 \x80",
    )
    text = "HTTP/1.1 200 OK\r\n" + "".join(
        f"H{n}: {value.decode('utf-8', 'replace')}\r\n" for n, value in enumerate(sent)
    )
    beside = {f"h{n}": v.decode("latin-1") for n, v in enumerate(sent)}
    for narrow, wide in (("\x80", "\u20ac"), ("\x93", "\u201c"), ("\x94", "\u201d")):
        beside = {name: value.replace(narrow, wide) for name, value in beside.items()}
    wanted = tuple((f"H{n}", v.decode("latin-1")) for n, v in enumerate(sent))
    listed = [{"name": n, "value": v} for n, v in read.from_text(text)[1]]
    assert read.response_headers(text, None, beside, None) == wanted
    assert read.response_headers(None, listed, beside, None) == wanted
    assert read.response_headers(None, None, beside, None) == tuple(
        (name.lower(), value) for name, value in wanted
    )
    assert read.response_headers(text, None, None, None)[2] == ("H2", "caf\ufffd \ufffd")


def test_a_reason_phrase_has_one_character_a_byte() -> None:
    """It is read as UTF-8, and as windows-1252; the second may be that of another answer."""
    assert read.reason("Not Modified", "Voil\u00e0") == "Not Modified"
    assert read.reason("", "OK") == ""
    for sent in (b"Non trouv\xe9", b"Trouv\xc3\xa9", b"\x93oui\x94 \xe9"):
        told = sent.decode("latin-1").replace("\x93", "\u201c").replace("\x94", "\u201d")
        assert read.reason(sent.decode("utf-8", "replace"), told).encode("latin-1") == sent


def test_hints_are_read_whatever_a_server_hints_at() -> None:
    """250,000 characters, which is what Chromium takes; the patterns would need hours if they were not linear."""
    link = '</a.css>; rel=preload; as=style, <b.js>; rel="modulepreload", <c>; rel=preconnect'
    assert read.hinted({"Link": link}, "https://a.example/x/") == (
        "https://a.example/a.css",
        "https://a.example/x/b.js",
    )
    for part in ("<", "<a>", "<a>;", "<a>; rel", ";", " ", "<a>" + " " * 200):
        assert read.hinted({"link": part * (250_000 // len(part))}, "") == ()


def test_the_best_source_wins() -> None:
    text, listed = "HTTP/1.1 200 OK\r\nFrom: text\r\n\r\n", [{"name": "From", "value": "pause"}]
    extra, merged = {"From": "extra", "Set-Cookie": "c=1"}, {"From": "merged"}
    assert read.response_headers(text, listed, extra, merged) == (("From", "text"),)
    assert read.response_headers(None, listed, extra, merged) == (
        ("From", "pause"),
        ("Set-Cookie", "c=1"),
    )
    assert read.response_headers(None, None, extra, merged) == (
        ("From", "extra"),
        ("Set-Cookie", "c=1"),
    )
    assert read.response_headers(None, None, None, merged) == (("From", "merged"),)
    assert read.response_headers(None, listed, None, merged) == (("From", "pause"),)


def test_protocols_are_warc_protocol_values() -> None:
    tls = {"securityDetails": {"protocol": "TLS 1.3"}}
    assert read.protocols({"protocol": "h2", **tls}) == ("h2", "tls/1.3")
    assert read.protocols({"protocol": "http/1.1"}) == ("http/1.1",)
    assert read.protocols({"protocol": "h3", "securityDetails": {"protocol": "QUIC"}}) == ("h3",)
    assert read.protocols({"protocol": "blob"}) == ()


def test_certificates() -> None:
    details = {"protocol": "TLS 1.2", "cipher": "AES_128_GCM", "subjectName": "s", "issuer": "i"}
    peer = read.tls_peer({"securityDetails": {**details, "validFrom": 0, "validTo": 1e30}})
    assert peer is not None
    assert (peer.protocol, peer.cipher, peer.subject, peer.issuer) == (
        "tls/1.2",
        "AES_128_GCM",
        "s",
        "i",
    )
    assert peer.valid_from == datetime(1970, 1, 1, tzinfo=UTC)
    assert peer.valid_to is None
    assert read.tls_peer({}) is None
