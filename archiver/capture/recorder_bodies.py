"""How a held response's body is had: waited for, kept as it flows, taken away, or not at all.

Waiting (`Fetch.getResponseBody`) sees every body, those too that the page is refused, but holds it
whole in the browser and here. So what is long flows to the page and is kept as it passes; what may
never end (event streams, multipart, media and bytes of unknown length) likewise, and nobody waits for
it. A document is waited for however long it is: its target knows nothing of it before it is there,
and may take it slowly, or for a download. What is longer than the cap is taken as a stream up to the
cap and then failed, for the browser cannot have it any more; so is what only we ask for, if its length is
told: by that alone can be seen whether such a stream came whole.
"""

import hashlib
from pathlib import Path
from typing import Literal

from archiver.capture import recorder_headers as read
from archiver.capture.devtools import Long, from_base64
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_build import bodiless
from archiver.capture.recorder_chain import Fields
from archiver.domain.digest import Digest
from archiver.domain.exchange import Body

Plan = Literal["none", "read", "flow", "watch", "take"]

ENDLESS = ("text/event-stream", "multipart/", "application/x-ndjson", "application/grpc")
OF_UNKNOWN_LENGTH = ("audio/", "video/", "application/octet-stream")
DRAWN = ("text/", "application/xhtml+xml", "application/xml", "application/json", "image/")
"""What a frame shows itself; of another kind it is a download, or a player's."""
WHOLE_KINDS = (
    "text/html", "text/css", "text/javascript", "application/javascript", "application/json",
    "application/xhtml+xml", "application/xml", "text/xml", "image/", "font/",
)  # fmt: skip
WHOLE_TYPES = {"Document", "Stylesheet", "Image", "Font", "Script", "Manifest"}
"""What ends by its nature, by media type or by what it was asked for as."""


SHORT = 1 << 18
"""Characters or bytes that are decoded and hashed at about the cost of waking a thread for it."""
UNREAD = "\N{REPLACEMENT CHARACTER}".encode()
TEXT_ONLY = "fetched ahead of a navigation: the browser gives out its text, not its bytes"


def plan(event: Fields, limits: CaptureLimits) -> Plan:
    """What to do with the body of a response-stage pause."""
    status, headers = event.get("responseStatusCode"), read.known(event)
    if status is None or bodiless(
        event["request"]["method"], int(status), bool(headers.get("location"))
    ):
        return "none"
    kind = headers.get("content-type", "").lower()
    length = read.bytes_told(headers.get("content-length", ""))
    if kind.startswith(ENDLESS) or (length < 0 and kind.startswith(OF_UNKNOWN_LENGTH)):
        return "watch"
    if length > limits.body_bytes:
        return "take"
    if read.length_of(headers) < limits.flow_from:
        return "read"
    if event.get("resourceType") != "Document":
        return "flow"
    return "read" if kind.startswith(DRAWN) else "take"


def expected(event: Fields) -> bool:
    """Whether a body ends by its nature: a stream of unknown length does not, a document does.

    What is offered for download is refused: nobody expects it whole.
    """
    headers = read.known(event)
    if headers.get("content-disposition", "").lower().startswith("attachment"):
        return False
    kind = headers.get("content-type", "").lower()
    if "content-length" in headers:
        return event.get("resourceType") != "Document" or kind.startswith(DRAWN)
    return event.get("resourceType") in WHOLE_TYPES or kind.startswith(WHOLE_KINDS)


def keep(data: bytes, spool_from: int, file: Path) -> Body:
    """A body in memory, or in `file` when it is as long as `spool_from`. Runs in a thread."""
    if len(data) < spool_from:
        return Body.of(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    digest = Digest("sha256", hashlib.sha256(data).hexdigest())
    return Body(spool=str(file), size=len(data), digest=digest)


def kept(answer: Fields, spool_from: int, file: Path) -> Body:
    """The body in a DevTools answer. Runs in a thread."""
    return keep(decoded(answer), spool_from, file)


def as_sent(answer: Fields, passed: int) -> bool:
    """Whether a body that may be told as text is what came; `passed` are the bytes that the page was handed.

    Text was read by some charset and is UTF-8 now. As long as before it is only where it was UTF-8 before,
    and it is without the sign of what could not be read.
    """
    if isinstance(answer["body"], bytes) or answer.get("base64Encoded"):
        return True
    data = decoded(answer)
    return len(data) == passed and UNREAD not in data


def decoded(answer: Fields, name: str = "body") -> bytes:
    """The bytes of a DevTools answer, which come as text or in base64."""
    text: Long = answer[name]
    if isinstance(text, bytes) or answer.get("base64Encoded"):
        return from_base64(text)
    return text.encode("utf-8") if isinstance(text, str) else bytes(text)
