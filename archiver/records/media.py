"""Media types: which bodies compression cannot shrink, and a type fit for the index."""

import re

from archiver.domain.exchange import Exchange

PACKED_KINDS = {"image", "video", "audio"}
LOOSE = {
    "image/svg+xml", "image/bmp", "image/x-ms-bmp", "image/x-icon", "image/vnd.microsoft.icon",
    "image/tiff", "audio/wav", "audio/x-wav", "audio/mpegurl", "audio/x-mpegurl",
}  # fmt: skip
"""Images and sounds that are plain or text."""
PACKED = {
    "font/woff", "font/woff2", "application/font-woff", "application/font-woff2", "application/zip",
    "application/gzip", "application/x-gzip", "application/pdf", "application/mp4",
}  # fmt: skip
CODINGS = {"gzip", "x-gzip", "br", "zstd", "deflate"}

_TYPE = re.compile(r"[a-z0-9!#$&^_.+\-]+/[a-z0-9!#$&^_.+\-]+")


def packed_type(written: str) -> bool:
    """Whether bodies of the media type are compressed already."""
    name = written.partition(";")[0].strip().lower()
    kind = name.partition("/")[0]
    return name in PACKED or (kind in PACKED_KINDS and name not in LOOSE)


def is_packed(exchange: Exchange) -> bool:
    """Whether the stored body of the response is compressed already, by its type or its coding."""
    coding = (exchange.header("content-encoding") or "").strip().lower()
    return packed_type(exchange.media_type) or (exchange.made_by == "client" and coding in CODINGS)


def media_type(written: str) -> str | None:
    """`Text/HTML; charset=x` → `text/html`; None for what is no media type."""
    name = written.partition(";")[0].strip().lower()
    return name if _TYPE.fullmatch(name) else None
