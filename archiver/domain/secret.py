"""What is a secret, and how it is taken out of text and bytes. Pure functions; nothing is read or written.

Two ways lead to a secret. By its place: a parameter or field whose name says so (`access_token=`), the user name
and password of a URL; these hold for everything that is kept. And by its value: what is known to be one (a proxy's
password, the cookies of a login) is found wherever it stands, in every spelling that is customary on the web.
"""

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")

HIDDEN = "redacted"

ALWAYS = (
    "access_token", "auth_token", "bearer_token", "client_secret", "consumer_secret", "id_token",
    "jsessionid", "jwt", "oauth_token", "passphrase", "passwd", "password", "phpsessid",
    "private_token", "pwd", "refresh_token", "session_id", "session_key", "session_token",
    "sessionid", "sessiontoken",
)  # fmt: skip
"""Names of parameters and fields whose values are secrets, whoever asks."""

SHORTEST = 4
"""Characters below which a value is not looked for."""
LONG_ENOUGH = 10


def without_secrets(text: str) -> str:
    """A URL, or text with URLs in it, without passwords and values of secret parameters."""
    if "=" in text:
        text = _PARAMETER.sub(rf"\1{HIDDEN}", text)
    return _USER.sub("://", text) if "@" in text else text


def secret_parameters(text: str) -> tuple[tuple[str, str], ...]:
    """(Name, value) of every secret parameter in URLs of the text, and of their users (`user`)."""
    found = [
        (match[2].lower(), match[3])
        for match in (_PARAMETER.finditer(text) if "=" in text else ())
        if not match[3].startswith(HIDDEN)
    ]
    users = [match[1] for match in (_USER.finditer(text) if "@" in text else ())]
    return (*found, *(("user", part) for user in users for part in user.split(":", 1) if part))


def without_fields(data: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The body of a request without the values of its secret fields, and (name, value) of each.

    Forms, JSON, JSON within forms and multipart forms are understood; others are looked at all the same.
    """
    found: list[tuple[str, str]] = []

    def hide(match: re.Match[bytes]) -> bytes:
        value = match["value"].decode("utf-8", "replace")
        if value and not value.startswith(HIDDEN):
            found.append((match["name"].decode("ascii").lower(), value))
            return match["before"] + HIDDEN.encode()
        return match[0]

    for pattern in _FIELDS:
        data = pattern.sub(hide, data)
    return data, tuple(found)


_NAMES = "|".join(ALWAYS)
_USER = re.compile(r"://([^/?#\s@\"'<>\\]*)@")
_PARAMETER = re.compile(rf"([?&#;]({_NAMES})=)(?!{HIDDEN})([^&#;\s\"'<>\\]+)", re.IGNORECASE)
_FIELDS = tuple(
    re.compile(form.encode(), re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?P<before>(?:^|&)(?P<name>{_NAMES})=)(?P<value>[^&\r\n]*)",
        rf'(?P<before>"(?P<name>{_NAMES})"\s*:\s*")(?P<value>(?:[^"\\]|\\.)*)',
        rf"(?P<before>%22(?P<name>{_NAMES})%22%3A(?:%20|\+)*%22)(?P<value>(?:(?!%22)[^&])*)",
        rf'(?P<before>name="(?P<name>{_NAMES})"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)'
        r"(?P<value>(?:(?!\r\n--).)*)",
    )
)
"""Of a form, of JSON, of JSON inside of a form, of a multipart form."""


def without(value: T, clean: Callable[[str], str] = without_secrets) -> T:
    """Any value of a capture or manifest with each of its texts cleaned: structs, tuples and dicts are
    walked; what needs no cleaning is given back as it is."""
    if isinstance(value, str):
        found = clean(value)
        return cast(T, type(value)(found)) if found != value else value
    if isinstance(value, tuple):
        parts = tuple(without(part, clean) for part in value)
        same = all(new is old for new, old in zip(parts, value, strict=True))
        return value if same else cast(T, parts)
    if isinstance(value, dict):
        return cast(T, {key: without(part, clean) for key, part in value.items()})
    if isinstance(value, Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        cleaned = {name: without(part, clean) for name, part in fields.items()}
        changed = {name: part for name, part in cleaned.items() if part is not fields[name]}
        return replace(value, **changed) if changed else value
    return value


class Hider:
    """Puts `redacted` in the place of known values, in every spelling. Made for what we say ourselves: what
    others wrote may hold a short value by chance."""

    def __init__(self, values: Iterable[str]) -> None:
        spelled = {form for value in values if len(value) >= SHORTEST for form in spellings(value)}
        self._forms = sorted(spelled, key=lambda form: (-len(form), form))

    def text(self, text: str) -> str:
        """The text without the values, and without what its place shows to be a secret."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return without_secrets(text)


def spellings(value: str) -> Iterator[str]:
    """A value as it may stand somewhere: as it is, percent-encoded, escaped for JSON or HTML, in a header
    (one character for each byte), in hexadecimal, and in Base64 at any of the three places that it may have
    in a longer text."""
    for plain in dict.fromkeys((value, unquote(value), unquote_plus(value))):
        yield plain
        for once in (quote(plain, safe=""), quote(plain), quote_plus(plain)):
            yield from (once, re.sub("%..", lambda m: m[0].lower(), once), quote(once, safe=""))
        for ascii_only in (True, False):
            escaped = json.dumps(plain, ensure_ascii=ascii_only)[1:-1]
            yield from (escaped, escaped.replace("/", "\\/"))
        yield from (html.escape(plain), html.escape(plain, quote=False))
        data = plain.encode("utf-8", "surrogatepass")
        yield from (data.decode("latin-1"), data.hex(), data.hex().upper(), *_in_base64(data))


def _in_base64(data: bytes) -> Iterator[str]:
    """What is the same in Base64 whatever stands before and after: the characters all of whose bits are
    the value's own. Short ones could stand for anything."""
    for before in range(3):
        first, last = (8 * before + 5) // 6, 8 * (before + len(data)) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(b"\0" * before + data + b"\0\0")[first:last].decode()
            if len(inner) >= LONG_ENOUGH:
                yield inner
