"""What the gate asks of a find where it stands: whether any reader could take it.

Every question is answered with yes unless it is plain that nothing comes of it.
"""

import html
import re

from archiver.extraction.encoded import LEVELS, unescaped
from archiver.extraction.gate_places import QUOTE
from archiver.extraction.links import read_shortcodes
from archiver.extraction.marks import BY_ATTRIBUTE, Row
from archiver.extraction.page import Page
from archiver.extraction.plausible import STRONG_IDS, plausible
from archiver.platforms import PLATFORMS, make_ref

NEAR, FAR = 250, 4000
"""Bytes before a class in which its attribute begins; most begin near."""
_EDGE_BEFORE = re.compile(rb"[\s\"'=;]\Z|\\[ntr]\Z|u0022\Z|22\Z")
_EDGE_BEHIND = re.compile(rb"[\s\"'\\&<>/%]|\Z")


def whole_word(data: bytes, end: int, length: int) -> bool:
    """The beginning of a tag: whether the element's name ends here."""
    return not _OF_NAME.match(data, end)


_OF_NAME = re.compile(rb"[\w:-]")
_CLASS = re.compile(rb"class(?:name)?" + QUOTE + rb"?\s*[:=]\s*(" + QUOTE + rb"?)", re.I)


def class_word(data: bytes, end: int, length: int) -> bool:
    """A class of the tables: whether it stands in the value of a class attribute."""
    if not _EDGE_BEFORE.search(
        data[max(0, end - length - 2) : end - length]
    ) or not _EDGE_BEHIND.match(data, end):
        return False
    last = _class_before(data, end - length, NEAR) or _class_before(data, end - length, FAR)
    if last is None:
        return False
    value = data[last.end() : end - length]
    return last[1].lstrip(b"\\") not in value if last[1] else not re.search(rb"[\s>]", value)


def _class_before(data: bytes, at: int, far: int) -> re.Match[bytes] | None:
    """The last beginning of a class attribute before a place."""
    begun = list(_CLASS.finditer(data, max(0, at - far), at))
    return begun[-1] if begun else None


def attribute(data: bytes, end: int, length: int) -> bool:
    """An attribute of the tables: whether its value may be an id or lead somewhere."""
    at = end - length
    if _OF_NAME.match(data, at - 1) or not _ASSIGNED.match(data, end):
        return False
    rows = BY_ATTRIBUTE[data[at:end].decode("ascii").lower()]
    found = _BEHIND.match(data, end)
    value = html.unescape(found[1].decode("utf-8", "replace")).strip() if found else "/"
    before = data[max(0, at - FAR) : at].lower()
    return any(
        (row.tag or "").encode() in before if "={data" in row.markup.read else _takes(row, value)
        for row in rows
    )  # an id that is put together of two attributes is told by the element alone


_ASSIGNED = re.compile(QUOTE + rb"?\s*[=:]")
_BEHIND = re.compile(QUOTE + rb"?\s*[=:]\s*" + QUOTE + rb"?\s*([^\s\"'<>\\&]{0,300})")


def _takes(row: Row, value: str) -> bool:
    """Whether a row may read something from an attribute's value or from beside it."""
    if row.value and value.lower() != row.value.lower():
        return False
    if row.markup.role == "widget" or value.startswith("/") or "%" in value:
        return True
    for how, attribute, template in row.reads:
        if (
            how not in {"id", "url"}
            or attribute != row.attribute
            or "{" in template.replace("{}", "")
        ):
            return True
        held = template.format(value) if "{}" in template else value.removeprefix(template)
        if how == "id" and (not row.platform or make_ref(row.platform, held)):
            return True
    return False


def keyed(data: bytes, end: int, length: int) -> bool:
    """The key of an id: whether what follows may be one."""
    platform = STRONG_IDS[data[end - length : end].decode("ascii").lower()]
    found = _VALUE.match(data, end)
    if found is None:
        return bool(_ASSIGNED.match(data, end))
    value = found[2].decode("utf-8", "replace")
    if not found[1]:
        return value.isdecimal() and (len(value) < 7 or plausible(platform, value))
    return plausible(platform, value)


_VALUE = re.compile(QUOTE + rb"?\s*[:=]\s*(" + QUOTE + rb"?)\s*([\w/:.+-]*)")


def called(data: bytes, end: int, length: int) -> bool:
    """A script's call: whether it names a post."""
    text = data[max(0, end - 40) : end + 1000].decode("utf-8", "replace")
    spelled = [text]
    for _ in range(LEVELS + 1):
        text = unescaped(html.unescape(text))
        spelled += [text] if text != spelled[-1] else []
    return any(pattern.search(text) for pattern in _CALLS for text in spelled)


_CALLS = tuple(
    re.compile(call.pattern, re.S) for p in PLATFORMS for call in p.calls if call.role == "embed"
)


def thumbnail(data: bytes, end: int, length: int) -> bool:
    """A host of pictures: whether the picture is a video's own, which may stand for the video."""
    return data.startswith((b"/vi", b"/an", b"\\/vi", b"\\/an", b"%2F", b"%2f", b"\\u002"), end)


def attributed(data: bytes, end: int, length: int) -> bool:
    """A handle in parentheses: whether it is more than the author of a comment in the source."""
    if not data[end : end + 1].isalnum() and data[end : end + 1] != b"_":
        return False
    before = data[max(0, end - 300) : end]
    comment = before.rfind(b"<!--")
    return comment < 0 or b"-->" in before[comment:] or bool(re.search(rb"[{\"]", before[comment:]))


def shortcode(data: bytes, end: int, length: int) -> bool:
    """A shortcode: whether its reader makes anything of it."""
    page = Page()
    read_shortcodes(data[max(0, end - 80) : end + 1000].decode("utf-8", "replace"), page)
    return bool(page.findings)
