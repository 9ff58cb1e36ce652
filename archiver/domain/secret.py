"""What is a secret, and how it is taken out of text and bytes. Pure functions; nothing is read or written.

Two ways lead to a secret. By its place: a parameter or field whose name says so (`access_token=`), the user name
and password of a URL. And by its value: what is known to be one (a proxy's password, the cookies of a login) is
found wherever it stands, in every spelling that is customary on the web. What was taken out is replaced by
`redacted`, so that what referred to it still refers to the same thing.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from msgspec import Struct

HIDDEN = "redacted"

ALWAYS = (
    "access_token", "auth_token", "bearer_token", "client_secret", "consumer_secret", "id_token",
    "jsessionid", "jwt", "oauth_token", "passphrase", "passwd", "password", "phpsessid",
    "private_token", "pwd", "refresh_token", "session_id", "session_key", "session_token",
    "sessionid", "sessiontoken",
)  # fmt: skip
"""Names of parameters and fields whose values are secrets whoever asks."""

OF_ACCOUNT = (
    "_csrf", "_xsrf", "api_key", "apikey", "auth", "authenticity_token", "authkey", "csrf",
    "csrf_token", "csrfmiddlewaretoken", "csrftoken", "fb_dtsg", "fb_dtsg_ag", "jazoest", "lsd",
    "otp", "secret", "sid", "token", "xsrf", "xsrf_token",
)  # fmt: skip
"""Names whose values are public without an account (every visitor is given one, and replay needs it) and a
secret with one."""

SHORTEST = 12
"""Characters below which a value is not looked for in what others wrote: it would be found by chance."""


def without_secrets(text: str, *, account: bool = False) -> str:
    """A URL, or text with URLs in it, without passwords and values of secret parameters."""
    if "=" in text:
        text = _parameter(account).sub(rf"\1{HIDDEN}", text)
    return _USER.sub("://", text) if "@" in text else text


def secret_parameters(text: str, *, account: bool = False) -> tuple[tuple[str, str], ...]:
    """(Name, value) of every secret parameter in URLs of the text, and of their users (`user`)."""
    found = [
        (match[2].lower(), match[3])
        for match in (_parameter(account).finditer(text) if "=" in text else ())
        if match[3] != HIDDEN
    ]
    users = [match[1] for match in (_USER.finditer(text) if "@" in text else ())]
    return (*found, *(("user", part) for user in users for part in user.split(":", 1) if part))


def without_fields(
    data: bytes, *, account: bool = False
) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The body of a request without the values of its secret fields, and (name, value) of each.

    Forms, JSON, JSON within forms and multipart forms are understood; others are looked at all the same.
    """
    found: list[tuple[str, str]] = []

    def hide(match: re.Match[bytes]) -> bytes:
        value = match["value"].decode("utf-8", "replace")
        if value and value != HIDDEN:
            found.append((match["name"].decode("ascii").lower(), value))
        return match["before"] + (HIDDEN.encode() if value else b"")

    for pattern in _fields(account):
        data = pattern.sub(hide, data)
    return data, tuple(found)


_USER = re.compile(r"://([^/?#\s@\"'<>\\]*)@")


@lru_cache
def _parameter(account: bool) -> re.Pattern[str]:
    names = "|".join(ALWAYS + (OF_ACCOUNT if account else ()))
    return re.compile(rf"([?&#;]({names})=)([^&#;\s\"'<>\\]+)", re.IGNORECASE)


@lru_cache
def _fields(account: bool) -> tuple[re.Pattern[bytes], ...]:
    names = "|".join(ALWAYS + (OF_ACCOUNT if account else ()))
    forms = (
        rf"(?P<before>(?:^|&)(?P<name>{names})=)(?P<value>[^&\r\n]*)",
        rf'(?P<before>"(?P<name>{names})"\s*:\s*")(?P<value>(?:[^"\\]|\\.)*)',
        rf"(?P<before>%22(?P<name>{names})%22%3A(?:%20|\+)*%22)(?P<value>(?:(?!%22)[^&])*)",
        rf'(?P<before>name="(?P<name>{names})"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)'
        r"(?P<value>(?:(?!\r\n--).)*)",
    )
    return tuple(re.compile(form.encode(), re.IGNORECASE | re.DOTALL) for form in forms)


def looks_secret(value: str) -> bool:
    """Whether a value is long and odd enough to stand for nothing but itself: letters with digits, or
    twenty letters of both cases; no date, no size, no word, no URL."""
    if len(value) < SHORTEST or len(value) > 8192 or re.search(r"\s", value) or "://" in value:
        return False
    letters = sum(c.isalpha() for c in value)
    digits = sum(c.isdigit() for c in value)
    if letters >= 3 and digits:
        return True
    mixed = value.isalpha() and not value.islower() and not value.isupper()
    return digits >= 16 or (mixed and len(value) >= 20)


class Hider:
    """Finds known values in text and bytes, in every customary spelling, and puts `redacted` there."""

    def __init__(self, values: Iterable[str]) -> None:
        spelled = {form for value in values for form in spellings(value)}
        self._forms = sorted(spelled, key=lambda form: (-len(form), form))

    def __bool__(self) -> bool:
        return bool(self._forms)

    def data(self, data: bytes) -> tuple[bytes, int]:
        """The bytes without the values, and how many there were."""
        count = 0
        for form in self._forms:
            if form in data:
                count += data.count(form)
                data = data.replace(form, HIDDEN.encode())
        return data, count

    def text(self, text: str) -> str:
        """The text without the values; text that holds none is given back as it is."""
        clean, count = self.data(text.encode("utf-8", "surrogatepass"))
        return clean.decode("utf-8", "surrogatepass") if count else text


def spellings(value: str) -> Iterator[bytes]:
    """A value as it may stand somewhere: as it is, percent-encoded, escaped for JSON or HTML, in
    hexadecimal, and in Base64 at any of the three places that it may have in a longer text."""
    for plain in {value, unquote(value), unquote_plus(value)}:
        quoted = (quote(plain, safe=""), quote(plain), quote_plus(plain))
        texts = {plain, *quoted, *(re.sub("%..", lambda m: m[0].lower(), q) for q in quoted)}
        texts |= {quote(q, safe="") for q in quoted}
        for ascii_only in (True, False):
            escaped = json.dumps(plain, ensure_ascii=ascii_only)[1:-1]
            texts |= {escaped, escaped.replace("/", "\\/")}
        texts |= {html.escape(plain), html.escape(plain, quote=False)}
        data = plain.encode("utf-8", "surrogatepass")
        yield from (text.encode("utf-8", "surrogatepass") for text in texts)
        yield from (data.hex().encode(), data.hex().upper().encode())
        yield from _in_base64(data)


def _in_base64(data: bytes) -> Iterator[bytes]:
    """What is the same in Base64 whatever stands before and after: the characters all of whose bits are
    the value's own."""
    for before in range(3):
        first = (8 * before + 5) // 6
        last = 8 * (before + len(data)) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(b"\0" * before + data + b"\0\0")[first:last]
            if len(inner) >= SHORTEST:
                yield inner


class Secrets(Struct, frozen=True):
    """What is known to be secret before a visit begins.

    `values` are those of the settings and of the login state; `account` says that visits have a login, so that
    whatever they show of it (cookies set anew, tokens in requests) is a secret too.
    """

    values: tuple[str, ...] = ()
    account: bool = False

    def hider(self, more: Iterable[str] = ()) -> Hider:
        """What takes the values, and `more`, out of what others wrote: only those that cannot be met by chance."""
        return Hider(dict.fromkeys(v for v in (*self.values, *more) if looks_secret(v)))


def values_of_login(state: bytes) -> tuple[str, ...]:
    """The secrets in a login state as Playwright's `storage_state` writes it: cookies, local storage, and the
    values inside of what is stored there as JSON. Raises ValueError for what is no such file."""
    try:
        told = json.loads(state)
        cookies = [cookie["value"] for cookie in told.get("cookies", [])]
        stored = [
            item["value"]
            for origin in told.get("origins", [])
            for item in origin.get("localStorage", [])
        ]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is no login state") from error
    found = [str(value) for value in (*cookies, *stored)]
    return tuple(dict.fromkeys(leaf for value in found for leaf in (value, *_leaves(value))))


def _leaves(text: str) -> Iterator[str]:
    """The texts inside of a text that is JSON; none for any other."""
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            yield value
