"""What bytes are: HTML, text, JSON, a feed, a table, an archive; by magic, media type, name and look.

The order of trust follows the WHATWG MIME Sniffing standard: magic numbers first, then what the
transport said, then the file name, then the look of the content.
"""

import re
from typing import Literal

import msgspec

Kind = Literal[
    "html", "text", "json", "feed", "sitemap", "jsonfeed", "table", "jsonl", "gzip", "warc", "zip",
    "mhtml", "webarchive", "binary", "empty",
]  # fmt: skip

HEAD = 65536

MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"WARC/", "warc"),
    (b"PK\x03\x04", "zip"),
    (b"bplist0", "webarchive"),
    (b"%PDF-", "binary"),
    (b"\x89PNG", "binary"),
    (b"\xff\xd8\xff", "binary"),
    (b"GIF8", "binary"),
    (b"RIFF", "binary"),
    (b"\x28\xb5\x2f\xfd", "binary"),
    (b"\x7fELF", "binary"),
    (b"\xd0\xcf\x11\xe0", "binary"),
    (b"{\\rtf", "binary"),
)
BY_MEDIA_TYPE: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/json": "json",
    "application/ld+json": "json",
    "application/feed+json": "jsonfeed",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "application/warc": "warc",
}
BY_SUFFIX: dict[str, Kind] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html", ".mhtml": "mhtml",
    ".mht": "mhtml", ".webarchive": "webarchive",
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "table", ".tsv": "table", ".rss": "feed",
    ".atom": "feed", ".xml": "feed", ".warc": "warc", ".wacz": "zip", ".gz": "gzip",
}  # fmt: skip
BY_ROOT: dict[bytes, Kind] = {
    b"urlset": "sitemap", b"sitemapindex": "sitemap", b"plist": "webarchive",
}  # fmt: skip
BINARY_TYPES = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip")

XML_ROOT = re.compile(
    rb"\A(?:\s|<\?[^>]*+>|<!--[^-]*+(?:-(?!->)[^-]*+)*-->|<!DOCTYPE\s++(?!html)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*"
    rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex|plist)\b",
    re.DOTALL,
)
PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
TAG = re.compile(
    rb"<(?:p|div|a|span|blockquote|iframe|script|figure|article|section|h[1-6]|ul|li|br|img)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
MHTML = re.compile(
    rb"\s*+(?:[\w-]+:[^\r\n]*+\r?\n(?:[ \t][^\r\n]*+\r?\n)*){0,40}?"
    rb"Content-Type:\s*multipart/related\b",
    re.IGNORECASE,
)
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(head: bytes, *, media_type: str = "", suffix: str = "") -> Kind:
    """The kind of content that begins with `head` (its first 64 kB are enough)."""
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return "empty"
    magic = next((kind for sign, kind in MAGIC if head.startswith(sign)), None)
    if magic is not None:
        return magic
    if MHTML.match(head):
        return "mhtml"
    if _binary(head):
        return "binary"
    if root := XML_ROOT.match(head.removeprefix(b"\xef\xbb\xbf")):
        return BY_ROOT.get(root[1], "feed")
    said = BY_MEDIA_TYPE.get(media_type)
    if said is None and media_type.startswith(BINARY_TYPES):
        return "binary"
    named = said or BY_SUFFIX.get(suffix.lower())
    if named in {"table", "jsonl", "html"}:
        return named
    if named == "text" or media_type == "text/plain":
        return (
            "html" if _is_page(head) or suffix in {".md", ".markdown"} and _tags(head) else "text"
        )
    return _by_look(head)


def _binary(head: bytes) -> bool:
    if head.startswith(UTF16):
        return False
    sample = head[:4096]
    odd = sum(byte < 9 or 13 < byte < 32 and byte != 27 for byte in sample)
    return b"\x00" in sample or odd * 20 > len(sample)


def _is_page(head: bytes) -> bool:
    """Whether the content begins as an HTML page does (comments and blanks aside)."""
    start = re.sub(rb"<!--.*?(-->|\Z)", b"", head[:4096], flags=re.DOTALL).lstrip(
        b"\xef\xbb\xbf \t\r\n"
    )
    return PAGE.match(start) is not None


def _tags(head: bytes) -> bool:
    return TAG.search(head) is not None


def _by_look(head: bytes) -> Kind:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in b"{[" and (found := _json_kind(start)):
        return found
    if _is_page(start) or PAGE.search(head[:1024]) or len(TAG.findall(head)) >= 2:
        return "html"
    return "html" if start.startswith(b"<") and _tags(head) else "text"


def _json_kind(start: bytes) -> Kind | None:
    """JSON, JSON lines or a JSON feed; None when it is something else that begins with a bracket."""
    if (
        b"https://jsonfeed.org/version/" in start[:2000]
        or b"https:\\/\\/jsonfeed.org" in start[:2000]
    ):
        return "jsonfeed"
    lines = start.split(b"\n", 2)
    if len(lines) > 1 and _is_json(lines[0]) and lines[1][:1] in b"{[":
        return "jsonl"
    looks = re.match(rb'(\{\s*("|\})|\[\s*([\[{"\d\]-]|true|false|null))', start)
    return "json" if looks and not re.match(rb"\[[^\]\"{]*\]\s*\(", start) else None


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError:
        return False
    return True
