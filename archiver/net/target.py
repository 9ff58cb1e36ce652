"""Web addresses as our own client asks for them: what is sent, and where a redirect leads."""

import re
from urllib.parse import urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace

from archiver.errors import NetworkFailure

PORTS = {"http": 80, "https": 443}


class NoTarget(NetworkFailure):
    """Not an http or https address; the message says what is wrong with it."""


class Target(Struct, frozen=True):
    """An address taken apart. `url` has neither fragment nor user name and password.

    `host` is ASCII without brackets, `path` the request target (path and query) as bytes on the wire.
    """

    url: str
    scheme: str
    host: str
    port: int
    path: bytes

    @property
    def authority(self) -> str:
        """The Host header: the port stands there only when it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def host_of(url: str) -> str:
    """The host of an address as it is written, lower case; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def read_target(url: str, base: str | None = None) -> Target:
    """Read an address as a browser would, relative to `base` where given. Raises NoTarget."""
    cleaned = re.sub(r"[\t\r\n]", "", url).strip(
        "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x1f "
    )
    if re.match(r"(?:https?:)?[/\\]{2}", cleaned, re.IGNORECASE):
        head, mark, tail = cleaned.partition("?")
        cleaned = head.replace("\\", "/") + mark + tail
    try:
        parsed = httpx.URL(cleaned) if base is None else httpx.URL(base).join(cleaned)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise NoTarget(f"not a web address: {url[:120]!r}") from error
    if parsed.scheme not in PORTS or not host or "%5" in host.lower():
        raise NoTarget(f"not an http or https address: {url[:120]!r}")
    port = parsed.port or PORTS[parsed.scheme]
    target = Target("", parsed.scheme, host.strip("[]"), port, parsed.raw_path)
    url = f"{target.scheme}://{target.authority}{target.path.decode('ascii')}"
    return replace(target, url=url)
