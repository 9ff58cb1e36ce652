"""The body of a request, folded into a query: how indexes tell one POST from another.

After "CDX for non-GET requests" (IIPC guideline, the behaviour of pywb 2.10): the method becomes the parameter
`__wb_method`, forms and JSON become parameters, anything else `__wb_post_data` in Base64. Replay does the
same with what the page sends, and so finds the answer that belongs to it.
"""

import base64
import json
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.parser import BytesParser
from urllib.parse import unquote_plus, urlencode

from archiver.domain.exchange import Exchange
from archiver.domain.sound import sound

LONGEST = 4096
"""Characters after which pywb cuts the folded body."""
FOLDED = {"POST", "PUT"}
READ = 1 << 20
"""Bytes of a body that are looked at; a longer form or JSON body is folded as binary."""


def fold(exchange: Exchange) -> str | None:
    """The request's body as a query of at most 4096 characters; None for GET, empty without a body.

    Of other methods than POST and PUT replay looks at the address alone, whatever was sent with them.
    """
    method = exchange.method.upper()
    if method == "GET":
        return None
    if method not in FOLDED:
        return ""
    with exchange.request_body.open() as stream:
        data = stream.read(READ)
    whole = exchange.request_body.size <= READ
    return str(sound(_query(_content_type(exchange), data, whole)))[:LONGEST]


def folded_url(url: str, method: str, request_body: str) -> str:
    """The address under which a request that is no GET is indexed."""
    joint = "&" if "?" in url else "?"
    query = f"&{request_body}" if request_body else ""
    return f"{url}{joint}__wb_method={method}{query}"


def _content_type(exchange: Exchange) -> str:
    found = (value for name, value in exchange.request_headers if name.lower() == "content-type")
    return next(found, "")


def _query(content_type: str, data: bytes, whole: bool) -> str:
    if not data:
        return ""
    kind = content_type.strip().lower()
    try:
        if whole and kind.startswith("application/x-www-form-urlencoded"):
            return unquote_plus(data.decode("utf-8"))
        if whole and kind.startswith("multipart/"):
            return _multipart(content_type, data)
        if whole and kind.startswith(("application/json", "text/plain")):
            return _json(data)
    except (ValueError, RecursionError, MessageError, LookupError):
        return "" if kind.startswith("application/json") else _binary(data)
    return _binary(data)


def _binary(data: bytes) -> str:
    return "__wb_post_data=" + base64.b64encode(data[:LONGEST]).decode("ascii")


def _multipart(content_type: str, data: bytes) -> str:
    """The fields of a form; raises ValueError for what is none."""
    header = b"Content-Type: " + content_type.encode("ascii", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(header + data)
    if not message.is_multipart():
        raise ValueError("no parts")
    fields = []
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        value = content if isinstance(content, bytes) else b""
        fields.append((str(part.get_param("name", "", "content-disposition")), value))
    return urlencode(fields)


def _json(data: bytes) -> str:
    """Every value under its nearest name; names met again get `.2_`, `.3_`, …"""
    counts: dict[str, int] = {}
    fields = []
    for name, value in _leaves(json.loads(data), ""):
        counts[name] = counts.get(name, 0) + 1
        fields.append((name if counts[name] == 1 else f"{name}.{counts[name]}_", _written(value)))
    return urlencode(sound(fields))


def _written(value: object) -> str:
    """A value as JavaScript writes it: both readers do, the stock indexer does not."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)  # type: ignore[call-overload] # a float, then


def _leaves(value: object, name: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif name:
        yield name, value
