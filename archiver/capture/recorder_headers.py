"""What DevTools says of headers, protocols and certificates, put into the words of an Exchange.

Pure functions on the protocol's own objects. Where several sources name the response headers, the
best is taken: the header text as received (HTTP/1), else the ordered list of the Fetch domain with
the Set-Cookie lines of the ExtraInfo event (HTTP/2 and 3), else the merged dictionary. Values have one
character for each byte that came, whatever the browser read it as: so they can be written as they were.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from archiver.domain.exchange import Headers, TlsPeer

Fields = Mapping[str, Any]
_PRELOAD = re.compile(r"<([^<>\n]*)>[^,<\n]*?;\s*rel\s*=\s*\"?(?:module)?preload\b", re.IGNORECASE)
"""No part of it goes on over another `<`: so it is linear, whatever a server hints at."""
UNREAD = "\N{REPLACEMENT CHARACTER}"
_UNREADS = re.compile(f"{UNREAD}+")
_NARROW = {
    bytes([byte]).decode("windows-1252"): chr(byte)
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""What windows-1252 makes of bytes that are control characters in Latin-1."""
_BYTES = re.compile(r"[0-9]{1,18}")
"""A number of bytes. No body is longer than such a one, and where more is said browsers go by nothing."""


def from_text(text: str) -> tuple[str, Headers]:
    """Read a header text: the reason phrase of its status line, and the headers as written."""
    first, *lines = text.replace("\r\n", "\n").split("\n")
    reason = first.split(" ", 2)[2:] if first.startswith("HTTP/") else []
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name:
            headers.append((name.strip(), value.strip()))
    return (reason[0].strip() if reason else ""), tuple(headers)


def reason(wide: str, told: str) -> str:
    """A reason phrase with one character a byte, of what the browser read as UTF-8, and as windows-1252. The second
    may be missing, or be that of an older answer which this one confirms."""
    return wide if wide.isascii() else _bytes_of("", wide, (("", narrow(told)),))


def from_dictionary(known: Mapping[str, str]) -> Headers:
    """A dictionary of headers as a list; values joined by a line feed are several lines.

    Pseudo-headers of HTTP/2 (`:path`) say nothing that the URL does not, and are left out.
    """
    return tuple(
        (name, part)
        for name, value in known.items()
        if not name.startswith(":")
        for part in value.split("\n")
    )


def response_headers(
    text: str | None, paused: Sequence[Fields] | None, extra: Mapping[str, str] | None,
    merged: Mapping[str, str] | None,
) -> Headers:  # fmt: skip
    """The response headers from the best source there is (see above)."""
    if text:
        return _reread(from_text(text)[1], extra)
    if not paused:
        return from_dictionary(merged or {}) if extra is None else one_a_byte(extra)
    listed = _reread(
        tuple((h["name"], h["value"]) for h in paused if not h["name"].startswith(":")), extra
    )
    if extra is None or any(name.lower() == "set-cookie" for name, _ in listed):
        return listed
    return listed + tuple(p for p in one_a_byte(extra) if p[0].lower() == "set-cookie")


def one_a_byte(extra: Mapping[str, str]) -> Headers:
    """Headers of an ExtraInfo event, whose bytes the browser reads as windows-1252, with one character a byte."""
    return tuple((name, narrow(value)) for name, value in from_dictionary(extra))


def narrow(value: str) -> str:
    """What the browser read as windows-1252, with one character a byte."""
    if value.isascii():
        return value
    return "".join(_NARROW.get(character, character) for character in value)


def _reread(headers: Headers, extra: Mapping[str, str] | None) -> Headers:
    """Headers that the browser read as UTF-8, with one character a byte; what is no UTF-8 it lost, and the
    same header of the ExtraInfo event has it."""
    if all(value.isascii() for _, value in headers):
        return headers
    others = one_a_byte(extra or {})
    return tuple((name, _bytes_of(name.lower(), value, others)) for name, value in headers)


def _bytes_of(name: str, value: str, others: Headers) -> str:
    if UNREAD not in value:
        return value.encode("utf-8", "surrogatepass").decode("latin-1")
    known = (told for other, told in others if other.lower() == name)
    return next((o for o in known if _shape(_as_utf8(o)) == _shape(value)), value)


def _as_utf8(value: str) -> str:
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def _shape(value: str) -> str:
    """A value in which readers that count unreadable bytes differently agree."""
    return _UNREADS.sub(UNREAD, value).strip()


def known(paused: Fields) -> dict[str, str]:
    """The response headers of a pause by their names in lower case; of several the last."""
    return {h["name"].lower(): h["value"].strip() for h in paused.get("responseHeaders") or ()}


def bytes_told(text: str) -> int:
    """A number of bytes as a header tells it; -1 for what is none."""
    return int(text) if _BYTES.fullmatch(text) else -1


def length_of(headers: Mapping[str, str]) -> int:
    """The length of a body in bytes by its headers, named in lower case; -1 where it is not told, is that of its
    coded form, or means nothing (RFC 9112, section 6.3: beside a transfer coding)."""
    return -1 if coded(headers) else length_sent(headers)


def length_sent(headers: Mapping[str, str]) -> int:
    """The same of a body as it was sent, in whatever coding; -1 where it is not told."""
    return -1 if "transfer-encoding" in headers else bytes_told(headers.get("content-length", ""))


def coded(headers: Mapping[str, str]) -> bool:
    """Whether a body came in a content coding, by its headers, named in lower case."""
    return headers.get("content-encoding", "").lower() not in {"", "identity"}


def hinted(headers: Mapping[str, str], base: str) -> tuple[str, ...]:
    """What the Link headers of an early hint (103) tell a browser to fetch, as addresses."""
    links = "\n".join(v for name, v in headers.items() if name.lower() == "link")
    return tuple(urljoin(base, target) for target in _PRELOAD.findall(links))


def protocols(response: Fields) -> tuple[str, ...]:
    """WARC-Protocol values of a response: `http/1.1` or `h2`, then `tls/1.3` where there was TLS."""
    spoken = str(response.get("protocol") or "").lower()
    known = (spoken,) if spoken in {"http/0.9", "http/1.0", "http/1.1", "h2", "h3"} else ()
    tls = tls_word(str((response.get("securityDetails") or {}).get("protocol") or ""))
    return (*known, tls) if tls else known


def tls_word(name: str) -> str:
    """`TLS 1.3` → `tls/1.3`; empty for QUIC (whose TLS is part of `h3`) and for nothing."""
    kind, _, version = name.partition(" ")
    return f"tls/{version}" if kind == "TLS" and version else ""


def tls_peer(response: Fields) -> TlsPeer | None:
    """What the browser said of the certificate; None without TLS."""
    details = response.get("securityDetails")
    if not details:
        return None
    return TlsPeer(
        protocol=tls_word(str(details.get("protocol") or "")) or str(details.get("protocol") or ""),
        cipher=str(details.get("cipher") or ""),
        subject=str(details.get("subjectName") or ""),
        issuer=str(details.get("issuer") or ""),
        valid_from=_instant(details.get("validFrom")),
        valid_to=_instant(details.get("validTo")),
        names=tuple(str(name) for name in details.get("sanList") or ()),
    )


def _instant(seconds: object) -> datetime | None:
    """An instant from seconds since 1970; None for what is no calendar date."""
    if not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
