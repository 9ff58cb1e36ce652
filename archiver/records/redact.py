"""What is taken out of HTTP headers before a record is hashed and written.

A WARC is passed on for years; a session cookie or a key in it would be passed on too. Names, cookie
attributes and the authentication scheme stay, since they are evidence of what was asked and answered;
the values become `redacted`. Each removal is listed in the manifest (`domain.record.Redaction`).

Addresses in headers are the matter of `named`.
"""

from collections.abc import Callable, Iterable

from msgspec import Struct

from archiver.domain.exchange import Headers
from archiver.domain.secret import HIDDEN


def _whole(value: str) -> str:
    return HIDDEN


def _after_scheme(value: str) -> str:
    """`Bearer abc` → `Bearer redacted`."""
    scheme, space, _ = value.strip().partition(" ")
    return f"{scheme} {HIDDEN}" if space else HIDDEN


def _cookies(value: str) -> str:
    """`a=1; b=2` → `a=redacted; b=redacted`."""
    return "; ".join(_pair(part) for part in value.split(";"))


def _set_cookie(value: str) -> str:
    """`sid=1; Path=/` → `sid=redacted; Path=/`; lines joined by LF (several cookies) one by one."""
    return "\n".join(_one_set_cookie(one) for one in value.split("\n"))


def _one_set_cookie(value: str) -> str:
    pair, semicolon, attributes = value.partition(";")
    return _pair(pair) + semicolon + attributes


def _pair(text: str) -> str:
    name, equals, secret = text.strip().partition("=")
    if not equals:
        return HIDDEN if name else ""
    return f"{name}={HIDDEN}" if secret else f"{name}="


RULES: dict[str, tuple[str, Callable[[str], str]]] = {
    "cookie": ("cookie", _cookies),
    "set-cookie": ("cookie", _set_cookie),
    "set-cookie2": ("cookie", _set_cookie),
    "authorization": ("authorization", _after_scheme),
    "proxy-authorization": ("authorization", _after_scheme),
    **dict.fromkeys(
        (
            "x-csrf-token", "x-csrftoken", "x-xsrf-token", "csrf-token", "x-guest-token",
            "x-auth-token", "x-access-token", "x-api-key", "x-amz-security-token",
            "x-goog-api-key", "x-session-token", "x-ig-www-claim", "x-fb-lsd",
        ),
        ("token", _whole),
    ),
}  # fmt: skip
"""Header (lower case) → the rule's name and what is left of a value."""


class Redacted(Struct, frozen=True):
    """The headers without secrets, and (header, rule, count) of what was taken out."""

    headers: Headers
    taken: tuple[tuple[str, str, int], ...]


def redact(headers: Iterable[tuple[str, str]]) -> Redacted:
    """Take the secrets out of a header list; order, names and duplicates stay."""
    kept: list[tuple[str, str]] = []
    taken: dict[tuple[str, str], int] = {}
    for name, value in headers:
        rule = RULES.get(name.lower())
        if rule and value:
            key = (name.lower(), rule[0])
            taken[key] = taken.get(key, 0) + 1
            value = rule[1](value)
        kept.append((name, value))
    listed = tuple((name, rule, count) for (name, rule), count in taken.items())
    return Redacted(tuple(kept), listed)
