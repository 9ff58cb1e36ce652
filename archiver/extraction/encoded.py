"""Markup that is written as something else: entities, percent signs, base 64, script escapes."""

import base64
import binascii
import html
import re
from urllib.parse import unquote

LEVELS = 3
"""How many layers of escapes are taken off."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}\s*")
_SHAPES = ("<", "&lt;", "&#60;", "&#x3c;", "%3C", "%3c", "\\u003C", "\\u003c", "\\x3C", "\\x3c")
_STARTS = ("P", "Cj", "Cg", "ID", "JTND", "ICAg", "DQo", "ey", "W3")
"""How markup or JSON in base 64 begins: `<`, a line's end or a space before it, `%3C`, `{`, `[{`."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|(.))", re.S)
_FREQUENT = (
    ('\\"', '"'), ("\\/", "/"), ("\\n", "\n"), ("\\'", "'"), ("\\u003C", "<"), ("\\u003c", "<"),
    ("\\u003E", ">"), ("\\u003e", ">"), ("\\u0026", "&"), ("\\t", "\t"), ("\\r", "\r"),
    ("\\x3C", "<"), ("\\x3c", "<"),
)  # fmt: skip
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}


_CARRIERS = (
    "iframe",
    "blockquote",
    "data-",
    "embed",
    "script",
    "youtube",
    "amp-",
    ">http",
    "<object",
)
"""Words without one of which no markup carries a post. Plain links in payloads are of no interest."""


def may_carry(markup: str) -> bool:
    """Whether a piece of inner markup is worth a parse."""
    return "<" in markup and any(word in markup for word in _CARRIERS)


def looks_encoded(value: str) -> bool:
    """Whether an attribute's value may hold markup, written plainly or otherwise."""
    if "<" in value or ("&" in value and "&lt;" in value) or ("\\" in value and "\\u003" in value):
        return True
    if "%" in value and ("%3C" in value or "%3c" in value):
        return True
    return len(value) >= 40 and value.startswith(_STARTS) and bool(_BASE64.fullmatch(value))


def markup_in(value: str) -> str:
    """The markup that a value holds once its escapes are taken off, or the value as far as it goes."""
    if value[:5].lower() == "data:":
        kind, _, value = value.partition(",")
        value = _from_base64(value) or "" if "base64" in kind else unquote(value)
    for _ in range(LEVELS):
        if re.search("<[a-zA-Z]", value):
            return value
        plain = _once(value)
        if plain == value:
            return value
        value = plain
    return value


def _once(value: str) -> str:
    if "&" in value and ";" in value:
        return html.unescape(value)
    if "%3C" in value or "%3c" in value:
        return unquote(value)
    if "\\" in value:
        return unescaped(value)
    if len(value) >= 40 and _BASE64.fullmatch(value):
        return _from_base64(value) or value
    return value


def _from_base64(value: str) -> str | None:
    packed = value.strip().replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(unquote(packed) + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return None
    return data.decode("utf-8", "replace")


def unescaped(script: str) -> str:
    """A script's text with the escapes of its strings taken off (`\\u003C`, `\\x3C`, `\\/`, `\\"`)."""
    if "\\" not in script:
        return script
    return "\\".join(map(_plain, script.split("\\\\")))


def _plain(piece: str) -> str:
    """A piece between escaped backslashes: the frequent escapes by themselves, which is quicker."""
    if "\\" not in piece:
        return piece
    for escape, letter in _FREQUENT:
        piece = piece.replace(escape, letter)
        if "\\" not in piece:
            return piece
    return _ESCAPE.sub(_letter, piece)


def _letter(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return _LETTERS.get(match[4], match[4])
