"""The grammar of a WARC record's header, read strictly: WARC 1.1 (ISO 28500:2017), sections 4 and 5.

Tables hold the rules; the functions apply them and say in words what is broken.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from archiver.verification.defect import quoted
from archiver.verification.shapes import Shapes

VERSION = b"WARC/1.1"
BLOCK_DIGEST = "warc-block-digest"
HTTP = frozenset({"request", "response", "revisit"})
TYPES = HTTP | {"warcinfo", "resource", "metadata", "conversion"}
"""The record types that are written here; `continuation` never is."""

MANDATORY = ("warc-record-id", "content-length", "warc-date", "warc-type")
MAY_REPEAT = {"warc-concurrent-to", "warc-protocol"}
"""Section 5.7 lets the first repeat; WARC-Protocol is an extension with one value a line."""

NEEDED = {
    "warcinfo": ("warc-filename", "content-type"),
    "response": ("warc-target-uri", "warc-payload-digest", "content-type"),
    "request": ("warc-target-uri", "warc-concurrent-to", "content-type"),
    "revisit": ("warc-target-uri", "warc-profile"),
    "resource": ("warc-target-uri", "content-type"),
    "metadata": ("content-type",),
    "conversion": ("warc-target-uri", "content-type"),
}
ONLY_ON = {
    "warc-target-uri": TYPES - {"warcinfo"},
    "warc-payload-digest": TYPES - {"warcinfo"},
    "warc-filename": {"warcinfo"},
    "warc-profile": {"revisit"},
    "warc-refers-to": {"metadata", "revisit", "conversion"},
    "warc-refers-to-target-uri": {"revisit"},
    "warc-refers-to-date": {"revisit"},
    "warc-concurrent-to": TYPES - {"warcinfo", "conversion"},
    "warc-warcinfo-id": TYPES - {"warcinfo"},
    "warc-ip-address": HTTP | {"resource", "metadata"},
}
MEDIA_TYPES = {
    "warcinfo": re.compile(r"application/warc-fields"),
    "response": re.compile(r"application/http; ?msgtype=response"),
    "request": re.compile(r"application/http; ?msgtype=request"),
    "revisit": re.compile(r"application/http; ?msgtype=response"),
}
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

SAME_IN_SHAPE = {"warc-type", "warc-profile"}
LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\x00-\x08\x0a-\x1f\x7f]*+")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-~]+")
"""A scheme and visible ASCII characters, without quotation marks and angle brackets (RFC 3986)."""
RECORD_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-~]+>")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
DIGEST = re.compile(r"[a-z0-9][a-z0-9\-]*:[A-Za-z0-9=]+")
FORMS = {
    "warc-record-id": RECORD_ID,
    "warc-concurrent-to": RECORD_ID,
    "warc-refers-to": RECORD_ID,
    "warc-warcinfo-id": RECORD_ID,
    "warc-target-uri": URI,
    "warc-refers-to-target-uri": URI,
    "warc-profile": URI,
    "warc-date": MOMENT,
    "warc-refers-to-date": MOMENT,
    "content-length": re.compile(r"0|[1-9]\d{0,15}"),
    "warc-block-digest": DIGEST,
    "warc-payload-digest": DIGEST,
    "warc-truncated": re.compile(r"length|time|disconnect|unspecified"),
}


class Head(Struct, frozen=True, gc=False):
    """The named fields of one record, keys in lower case.

    `first` holds the first value of each, `further` the others of those that repeat.
    """

    first: dict[str, str]
    further: dict[str, list[str]]
    problems: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """WARC-Type, or an empty string."""
        return self.first.get("warc-type", "")

    @property
    def length(self) -> int | None:
        """Content-Length in bytes, or None where it is missing or no number."""
        value = self.first.get("content-length", "")
        return int(value) if FORMS["content-length"].fullmatch(value) else None

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a field in order of appearance."""
        if name not in self.first:
            return ()
        return (self.first[name], *self.further.get(name, ()))


class Heads:
    """Reads headers; those of a shape that it has met before without looking at every rule again."""

    def __init__(self) -> None:
        self.shapes = Shapes()

    def read(self, data: bytes) -> Head:
        """Read a record's header: the version line and the fields, without the empty line after them."""
        text = data.decode("ascii") if data.isascii() else ""
        found = self.shapes.read(text)
        if found and _is_there(found[0]):
            return Head(*found)
        head = _read_with_care(data)
        if text and not head.problems:
            self.shapes.learn(text, _forms(head))
        return head


def _is_there(first: dict[str, str]) -> bool:
    """Whether the calendar has the dates, and the address is one."""
    later, address = first.get("warc-refers-to-date"), first.get("warc-ip-address")
    return (
        is_instant(first["warc-date"])
        and (later is None or is_instant(later))
        and (address is None or _is_address(address))
    )


def _forms(head: Head) -> dict[str, str]:
    """The expressions of the values of a header like this one. Of type and profile there is one value: on
    these depend the rules between fields."""
    kind = head.type
    forms = {name: form.pattern for name in head.first if (form := _form(kind, name))}
    same = {name: re.escape(head.first[name]) for name in SAME_IN_SHAPE & head.first.keys()}
    return forms | same


def _read_with_care(data: bytes) -> Head:
    problems: list[str] = []
    first, further = _gathered(_pair(line) for line in _sound_lines(data, problems))
    problems.extend(_broken_rules(Head(first, further)))
    return Head(first, further, tuple(problems))


def _gathered(
    pairs: Iterable[tuple[str, str]],
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """First values by name, and further ones."""
    first: dict[str, str] = {}
    further: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in first:
            further.setdefault(name, []).append(value)
        else:
            first[name] = value
    return first, further


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip(" \t")


def _sound_lines(data: bytes, problems: list[str]) -> Iterator[str]:
    """The lines of a header that can be read, where not all can."""
    version, *lines = data.split(b"\r\n")
    if version != VERSION:
        problems.append(f"starts with {quoted(ascii(version))} instead of WARC/1.1")
    for line in lines:
        if not LINE.fullmatch(line):
            problems.append(f"header line {quoted(ascii(line))} is no `name: value`")
            continue
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(f"header line {quoted(ascii(line))} is not UTF-8")


def _broken_rules(head: Head) -> Iterator[str]:
    kind = head.type
    for name in MANDATORY:
        if name not in head.first:
            yield f"no {name}"
    if kind not in TYPES:
        yield f"record type {quoted(kind)!r} is none that is written here"
        return
    for name in (*NEEDED[kind], BLOCK_DIGEST):
        if name not in head.first:
            yield f"a {kind} record without {name}"
    for name in head.first:
        yield from _broken_field(kind, name, head.values(name))
    if kind == "revisit":
        yield from _broken_revisit(head.first)


def _broken_field(kind: str, name: str, values: tuple[str, ...]) -> Iterator[str]:
    if len(values) > 1 and name not in MAY_REPEAT:
        yield f"{quoted(name)} stands there {len(values)} times"
    if name in ONLY_ON and kind not in ONLY_ON[name]:
        yield f"{name} has no place on a {kind} record"
    form = _form(kind, name)
    for value in values:
        if form is not None and not form.fullmatch(value):
            yield f"{name} is {quoted(value)!r}"
        elif form is MOMENT and not is_instant(value):
            yield f"{name} {value} is no point in time"
        elif name == "warc-ip-address" and not _is_address(value):
            yield f"{name} {quoted(value)} is no IP address"


def _broken_revisit(fields: dict[str, str]) -> Iterator[str]:
    profile = fields.get("warc-profile", "")
    if profile not in (SAME_PAYLOAD, NOT_MODIFIED):
        yield f"warc-profile {quoted(profile)} is not of WARC 1.1"
    wanted = ["warc-refers-to-target-uri", "warc-refers-to-date"]
    if profile == SAME_PAYLOAD:
        wanted.append("warc-payload-digest")
    for name in wanted:
        if name not in fields:
            yield f"a revisit record without {name}"


@lru_cache(maxsize=1024)
def is_instant(text: str) -> bool:
    """Whether the text is a WARC-Date that exists in the calendar."""
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return bool(MOMENT.fullmatch(text))


@lru_cache(maxsize=1024)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _form(kind: str, name: str) -> re.Pattern[str] | None:
    return FORMS.get(name) or (MEDIA_TYPES.get(kind) if name == "content-type" else None)


read_head = Heads().read
