"""What a user's own login must never leave behind: taken out of a capture before anything of it is hashed.

A storage state holds cookies and stored values that open the user's account. Where one of them stands
in an address, a header, a body, a snapshot, a title or a reason, it is replaced by `redacted---` of the
same length, so that lengths and the shape of JSON stay as they were. What was replaced is counted where it
stood (`Exchange.redacted`, `Snapshot.redacted`, `Capture.redacted`), and the manifest lists it.

What is too short or too common to be told from ordinary words is only taken out of cookies, which
`redact` empties always.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from archiver.domain.capture import Capture, Snapshot
from archiver.domain.digest import Digest, sha256
from archiver.domain.exchange import Body, Exchange, Taken
from archiver.domain.secret import spellings

RULE = "login"
"""The rule that a manifest names for these redactions."""
SHORTEST = 6
WORD = re.compile(r"[A-Za-z_.\- ]{0,9}|\d{0,7}|[\W_]*")
"""What may stand anywhere: a short word, a short number, signs alone."""
MOST_KNOWN = 100_000
"""Texts whose outcome is remembered: headers repeat."""
TOKEN = re.compile(r"(?=.*\d)\S{16,}")
"""A value inside a stored JSON document, or of a cookie that came during the visit, that looks like a key."""


class Secrets:
    """The values that are to be taken out, in every form in which they may stand. Used from any thread."""

    def __init__(self, values: Iterable[str], *, keep: Iterable[str] = ()) -> None:
        kept = set(keep)
        forms = {
            form
            for value in values
            if value not in kept and _tells(value)
            for form in spellings(value)
            if len(form) >= SHORTEST
        }
        self._forms = sorted(forms, key=lambda form: (-len(form), form))
        self._raw = [form.encode("utf-8", "surrogatepass") for form in self._forms]
        self._known: dict[str, tuple[str, int]] = {}
        self._spooled: dict[str, Digest] = {}

    def text(self, text: str) -> tuple[str, int]:
        """The text without secrets, and how many there were."""
        known = self._known.get(text)
        if known is None:
            there = [form for form in self._forms if form in text]
            pattern = "|".join(map(re.escape, there))
            known = re.subn(pattern, _hide, text) if there else (text, 0)
            if len(self._known) < MOST_KNOWN:
                self._known[text] = known
        return known

    def body(self, body: Body) -> tuple[Body, int]:
        """The body without secrets; one in a spool file is written anew in its place."""
        if body.spool in self._spooled:  # another exchange holds the same file
            return replace(body, digest=self._spooled[body.spool]), 0
        data = body.read() if self._raw and body.size else b""
        there = [secret for secret in self._raw if secret in data]
        if not there:
            return body, 0
        pattern = re.compile(b"|".join(map(re.escape, there)))
        clean, count = pattern.subn(lambda found: hidden(len(found[0])).encode(), data)
        if body.spool is None:
            return Body.of(clean), count
        Path(body.spool).write_bytes(clean)
        self._spooled[body.spool] = sha256(clean)
        return replace(body, digest=self._spooled[body.spool]), count

    def value(self, value: Any) -> tuple[Any, int]:  # noqa: ANN401 - any part of a capture
        """Any value of a capture without secrets: structs, tuples and dicts are walked."""
        if isinstance(value, str):
            clean, count = self.text(value)
            return (type(value)(clean) if count else value), count
        if isinstance(value, Body):
            return self.body(value)
        if isinstance(value, tuple):
            parts = [self.value(one) for one in value]
            count = sum(n for _, n in parts)
            return (tuple(one for one, _ in parts) if count else value), count
        if isinstance(value, Struct):
            changed = {name: self.value(one) for name, one in asdict(value).items()}
            count = sum(n for _, n in changed.values())
            fields = {name: one for name, (one, n) in changed.items() if n}
            return (replace(value, **fields) if count else value), count
        return value, 0


def _hide(found: re.Match[str]) -> str:
    return hidden(len(found[0]))


def hidden(length: int) -> str:
    """What stands in place of a secret of so many characters."""
    return ("redacted" + "-" * length)[:length]


def _tells(value: str) -> bool:
    """Whether a value can be told from what may stand anywhere."""
    return len(value) >= SHORTEST and not WORD.fullmatch(value)


def values_in(state: Mapping[str, Any]) -> Iterator[str]:
    """The secrets of a storage state: cookie values, stored values, and the keys inside stored JSON."""
    for cookie in state.get("cookies") or ():
        yield str(cookie.get("value", ""))
    for origin in state.get("origins") or ():
        for entry in origin.get("localStorage") or ():
            stored = str(entry.get("value", ""))
            yield stored
            yield from _inside(stored)
        yield from _leaves(origin.get("indexedDB"))


def telling(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The secrets of a storage state that cannot be mistaken for ordinary words."""
    return tuple(value for value in dict.fromkeys(values_in(state)) if _tells(value))


def keys_in(state: Mapping[str, Any]) -> Iterator[str]:
    """Of a storage state that a site has written, what looks like a key."""
    return (value for value in values_in(state) if TOKEN.fullmatch(value))


def _inside(stored: str) -> Iterator[str]:
    try:
        value = json.loads(stored) if stored[:1] in {"{", "[", '"'} else None
    except (ValueError, RecursionError):
        return
    yield from _leaves(value)


def _leaves(value: object) -> Iterator[str]:
    todo = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, dict):
            todo.extend(here.values())
        elif isinstance(here, list):
            todo.extend(here)
        elif isinstance(here, str) and TOKEN.fullmatch(here):
            yield here


def without(capture: Capture, secrets: Secrets) -> Capture:
    """The capture of a logged-in view, with every secret taken out and counted."""
    exchanges = tuple(_exchange(one, secrets) for one in capture.exchanges)
    snapshots = tuple(_snapshot(one, secrets) for one in capture.snapshots)
    rest: Capture
    rest, count = secrets.value(replace(capture, exchanges=(), snapshots=()))
    return replace(
        rest, exchanges=exchanges, snapshots=snapshots, redacted=capture.redacted + count
    )


def _exchange(exchange: Exchange, secrets: Secrets) -> Exchange:
    url, in_url = secrets.text(exchange.url)
    asked, in_asked = secrets.value(exchange.request_headers)
    sent, in_sent = secrets.body(exchange.request_body)
    answered, in_answered = secrets.value(exchange.response_headers)
    body, in_body = secrets.body(exchange.body)
    error, _ = secrets.text(exchange.error)
    taken = (
        Taken("request", "url", in_url),
        Taken("request", "headers", in_asked),
        Taken("request", "body", in_sent),
        Taken("response", "url", in_url),
        Taken("response", "headers", in_answered),
        Taken("response", "body", in_body),
    )
    return replace(
        exchange,
        url=url,
        request_headers=asked,
        request_body=sent,
        response_headers=answered,
        body=body,
        error=error,
        redacted=(*exchange.redacted, *(one for one in taken if one.count)),
    )


def _snapshot(snapshot: Snapshot, secrets: Secrets) -> Snapshot:
    urn, in_urn = secrets.text(snapshot.urn)
    body, in_body = secrets.body(snapshot.body)
    return replace(snapshot, urn=urn, body=body, redacted=snapshot.redacted + in_urn + in_body)
