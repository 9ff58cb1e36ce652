"""Bytes to text as browsers do it: mark, transport, declaration in the page, then a guess.

The order and the labels are those of the WHATWG Encoding and HTML standards ("determining the
character encoding"); the decoders are Python's, taken by the label table below where a label means
something else to browsers than to Python.
"""

import codecs
import re

PRESCAN = 4096
"""How many bytes are looked at for a declaration; the standard says 1024, old pages go further."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I
)
_PLAIN = frozenset(
    {
        "utf-8",
        *(f"cp125{n}" for n in range(9)),
        *(f"iso8859-{n}" for n in range(1, 17)),
        "koi8-r",
        "koi8_u",
    }
)
"""Encodings in which a byte below 128 is always the letter that it is in ASCII."""
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.S)
_FOR_TEXT = re.compile(
    r"utf-8|utf-16(-[lb]e)?|iso8859-\d+|koi8-[ru]|cp\d+|mac-\w+|gb\w+|big5\w*|euc_\w+|iso2022_\w+|shift_\w+"
)
_LABELS = {
    "cp1252": "ascii us-ascii iso-8859-1 iso8859-1 latin1 l1 cp819 ansi_x3.4-1968 x-cp1252 x-user-defined",
    "cp1254": "iso-8859-9 iso8859-9 latin5 l5 x-cp1254",
    "cp874": "iso-8859-11 tis-620 dos-874",
    "gb18030": "gb2312 gbk gb_2312-80 gb_2312 x-gbk chinese csgb2312 iso-ir-58",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis ms932 windows-31j",
    "cp949": "euc-kr ks_c_5601-1987 korean ksc5601 windows-949 cseuckr",
    "cp1251": "x-cp1251",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "mac_roman": "x-mac-roman macintosh",
    "iso8859-8": "iso-8859-8-i logical visual",
    "koi8_u": "koi8-ru",
    "utf-8": "utf8 unicode-1-1-utf-8 x-unicode20utf8 unicode11utf8 unicode20utf8",
}
_ALIAS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a document. `charset` is what the transport said. Never raises."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    chosen = codec_of(charset) or _declared(body)
    if chosen:
        return body.decode(chosen, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("utf-8" if _mostly_utf8(body) else "cp1252", "replace")


def decoded(body: bytes, charset: str | None = None) -> tuple[str, bytes]:
    """The text of a document, and the same text in UTF-8: the body itself wherever it is that."""
    marked = body.startswith(tuple(mark for mark, _ in _MARKS))
    if not marked and (codec_of(charset) or _declared(body) or "utf-8") == "utf-8":
        try:
            return body.decode("utf-8"), body
        except UnicodeDecodeError:
            pass
    text = decode(body, charset)
    return text, text.encode("utf-8", "replace")


def readable(body: bytes, charset: str | None = None) -> bytes:
    """A document in an encoding in which every letter of ASCII is itself: the body wherever it is that."""
    marked = body.startswith(tuple(mark for mark, _ in _MARKS))
    if not marked and (codec_of(charset) or _declared(body) or "utf-8") in _PLAIN:
        return body
    return decode(body, charset).encode("utf-8", "replace")


def codec_of(label: str | None) -> str | None:
    """The Python codec that a browser's label stands for, or None when there is none."""
    name = (label or "").strip().strip("\"'").lower()
    if not name:
        return None
    if name in _ALIAS:
        return _ALIAS[name]
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if _FOR_TEXT.fullmatch(found.name) else None


def _declared(body: bytes) -> str | None:
    """What the first kilobytes declare; UTF-16 there is a lie, for the declaration was readable."""
    head = body[:PRESCAN]
    found = _DECLARED.search(_COMMENT.sub(b"", head) if b"<!--" in head else head)
    codec = codec_of(found[1].decode("ascii", "replace")) if found else None
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec


def _mostly_utf8(body: bytes) -> bool:
    """Whether few places break UTF-8 (a cut or mixed page) rather than all (another encoding)."""
    high = sum(body.count(bytes([lead])) for lead in range(0xC2, 0xF5))
    return body.decode("utf-8", "replace").count("\ufffd") * 4 < high
