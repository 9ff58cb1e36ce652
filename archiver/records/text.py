"""Text that may stand in a header line: what would break out of the line is percent-encoded.

Everything here comes from hostile pages. CR and LF would begin a new header line, NUL ends one for
some readers, so all three are written `%0D`, `%0A`, `%00` (RFC 9112 section 5, RFC 9110 section 5.5).
All else stays as it is: other bytes are part of what was received.
"""

import re
from functools import lru_cache
from urllib.parse import quote

_BREAKS = re.compile("[\x00\r\n]")
_NOT_TOKEN = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_NOT_URI = re.compile(r"[^!#-;=?-~]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.")
UNNAMED = "x-unnamed"


def escaped(text: str) -> str:
    """The text with CR, LF and NUL percent-encoded."""
    return _BREAKS.sub(_encoded, text) if _BREAKS.search(text) else text


@lru_cache(maxsize=512)
def token(text: str, otherwise: str = UNNAMED) -> str:
    """A header name or method: characters that RFC 9110 does not allow in a token are percent-encoded.

    An empty text becomes `otherwise`.
    """
    return _NOT_TOKEN.sub(_encoded, text) if text else otherwise


def target_uri(url: str) -> str:
    """A URL as WARC-Target-URI: visible ASCII without quotation marks and angle brackets.

    Browsers send `|`, `{`, `^` and the like unencoded, against RFC 3986. They stay, since replay looks
    a record up by the very URL that the page asks for. What has no scheme gets `urn:x-archiver:`.
    """
    uri = _NOT_URI.sub(_encoded, url)
    return uri if _SCHEME.match(uri) else f"urn:x-archiver:{uri}"


def raw(text: str) -> bytes:
    """The bytes of a header line: one byte a character where that can be (what browser and client
    read as Latin-1 comes out as it came in), UTF-8 otherwise."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def line(text: str) -> str:
    """A value of our own headers (`application/warc-fields`): one line, no lone surrogates."""
    return escaped(text).encode("utf-8", "replace").decode("utf-8")


def _encoded(match: re.Match[str]) -> str:
    return quote(match[0].encode("utf-8", "surrogatepass"), safe="")
