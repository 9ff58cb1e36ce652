"""The grammar of a WARC record's header, read strictly: WARC 1.1 (ISO 28500:2017), sections 4 and 5.

Tables hold the rules; the functions apply them and say in words what is broken.
"""

import ipaddress
import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from archiver.verification.defect import quoted

VERSION = b"WARC/1.1"
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

LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
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


class Head(Struct, frozen=True):
    """The named fields of one record, keys in lower case, values in order of appearance."""

    fields: dict[str, list[str]]
    problems: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """The first value of the field, or None."""
        values = self.fields.get(name)
        return values[0] if values else None

    @property
    def type(self) -> str:
        """WARC-Type, or an empty string."""
        return self.get("warc-type") or ""

    @property
    def length(self) -> int | None:
        """Content-Length in bytes, or None where it is missing or no number."""
        value = self.get("content-length") or ""
        return int(value) if FORMS["content-length"].fullmatch(value) else None


def read_head(data: bytes) -> Head:
    """Read a record's header: the version line and the fields, without the empty line after them."""
    version, *lines = data.split(b"\r\n")
    fields: dict[str, list[str]] = {}
    problems: list[str] = []
    if version != VERSION:
        problems.append(f"starts with {quoted(ascii(version))} instead of WARC/1.1")
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None:
            problems.append(f"header line {quoted(ascii(line))} is no `name: value`")
            continue
        try:
            value = match[2].decode("utf-8").rstrip(" \t")
        except UnicodeDecodeError:
            problems.append(f"header line {quoted(ascii(line))} is not UTF-8")
            continue
        fields.setdefault(match[1].decode("ascii").lower(), []).append(value)
    return Head(fields, (*problems, *_broken_rules(fields)))


def _broken_rules(fields: dict[str, list[str]]) -> Iterator[str]:
    kind = fields.get("warc-type", [""])[0]
    for name in MANDATORY:
        if name not in fields:
            yield f"no {name}"
    if kind not in TYPES:
        yield f"record type {quoted(kind)!r} is none that is written here"
        return
    for name in (*NEEDED[kind], "warc-block-digest"):
        if name not in fields:
            yield f"a {kind} record without {name}"
    for name, values in fields.items():
        yield from _broken_field(kind, name, values)
    if kind == "revisit":
        yield from _broken_revisit(fields)


def _broken_field(kind: str, name: str, values: list[str]) -> Iterator[str]:
    if len(values) > 1 and name not in MAY_REPEAT:
        yield f"{quoted(name)} stands there {len(values)} times"
    if name in ONLY_ON and kind not in ONLY_ON[name]:
        yield f"{name} has no place on a {kind} record"
    form = FORMS.get(name) or (MEDIA_TYPES.get(kind) if name == "content-type" else None)
    for value in values:
        if form is not None and not form.fullmatch(value):
            yield f"{name} is {quoted(value)!r}"
        elif form is MOMENT and not is_instant(value):
            yield f"{name} {value} is no point in time"
        elif name == "warc-ip-address" and not _is_address(value):
            yield f"{name} {quoted(value)} is no IP address"


def _broken_revisit(fields: dict[str, list[str]]) -> Iterator[str]:
    profile = fields.get("warc-profile", [""])[0]
    if profile not in (SAME_PAYLOAD, NOT_MODIFIED):
        yield f"warc-profile {quoted(profile)} is not of WARC 1.1"
    wanted = ["warc-refers-to-target-uri", "warc-refers-to-date"]
    if profile == SAME_PAYLOAD:
        wanted.append("warc-payload-digest")
    for name in wanted:
        if name not in fields:
            yield f"a revisit record without {name}"


def is_instant(text: str) -> bool:
    """Whether the text is a WARC-Date that exists in the calendar."""
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return bool(MOMENT.fullmatch(text))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
