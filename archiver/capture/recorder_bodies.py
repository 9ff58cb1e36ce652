"""How a held response's body is read: whole, in parts up to a cap, watched, or not at all.

Reading waits for the end of the body, so what may never end (event streams, multipart, media and
bytes of unknown length) is let through and watched. What is longer than the cap is taken as a
stream into a file up to the cap, and then failed: after that the browser cannot have it any more.
"""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from archiver.capture.devtools import DevTools
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_build import bodiless
from archiver.capture.recorder_chain import Fields
from archiver.domain.digest import Digest
from archiver.domain.exchange import Body

Plan = Literal["none", "read", "watch", "cut"]

ENDLESS = ("text/event-stream", "multipart/", "application/x-ndjson", "application/grpc")
OF_UNKNOWN_LENGTH = ("audio/", "video/", "application/octet-stream")
PART = 1 << 20


def plan(event: Fields, limits: CaptureLimits) -> Plan:
    """What to do with the body of a response-stage pause."""
    status = event.get("responseStatusCode")
    if status is None or bodiless(event["request"]["method"], int(status)):
        return "none"
    known = {h["name"].lower(): h["value"] for h in event.get("responseHeaders") or ()}
    kind = known.get("content-type", "").strip().lower()
    length = known.get("content-length", "").strip()
    if kind.startswith(ENDLESS) or (not length.isdigit() and kind.startswith(OF_UNKNOWN_LENGTH)):
        return "watch"
    return "cut" if length.isdigit() and int(length) > limits.body_bytes else "read"


def keep(data: bytes, spool_from: int, file: Path) -> Body:
    """A body in memory, or in `file` when it is as long as `spool_from`. Runs in a thread."""
    if len(data) < spool_from:
        return Body.of(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    digest = Digest("sha256", hashlib.sha256(data).hexdigest())
    return Body(spool=str(file), size=len(data), digest=digest)


def decoded(answer: Fields, name: str = "body") -> bytes:
    """The bytes of a DevTools answer, which come as text or in base64."""
    text: str = answer[name]
    return base64.b64decode(text) if answer.get("base64Encoded") else text.encode("utf-8")


async def read_up_to(devtools: DevTools, pause: str, cap: int, file: Path) -> Body:
    """Take the body of a pause as a stream, write at most `cap` bytes of it to `file`."""
    answer = await devtools.send("Fetch.takeResponseBodyAsStream", {"requestId": pause})
    handle = answer["stream"]
    file.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with file.open("wb") as out:
        while size < cap:
            part = await devtools.send("IO.read", {"handle": handle, "size": min(PART, cap - size)})
            data = decoded(part, "data")[: cap - size]
            out.write(data)
            digest.update(data)
            size += len(data)
            if part.get("eof"):
                break
    await devtools.send("IO.close", {"handle": handle})
    return Body(spool=str(file), size=size, digest=Digest("sha256", digest.hexdigest()))


class Watched:
    """The part of an endless body received so far."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._parts: list[bytes] = []
        self.size = 0
        self.full = False
        self.ended = False

    def add(self, data: bytes, first: bool = False) -> None:
        """Take a part; `first` puts it before all others (what had come before the watch began)."""
        data = data[: max(self._cap - self.size, 0)] if not first else data
        self.size += len(data)
        self.full = self.size >= self._cap
        self._parts.insert(0, data) if first else self._parts.append(data)

    def parts(self) -> Iterator[bytes]:
        """The bytes in order."""
        return iter(self._parts)
