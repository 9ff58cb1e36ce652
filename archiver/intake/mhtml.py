"""MHTML: a page that a browser saved with all its parts in one file (`.mhtml`, `.mht`; RFC 2557)."""

import binascii
import html
import re
from collections.abc import Iterator

from msgspec import Struct

from archiver.domain.document import Document
from archiver.errors import SeedError
from archiver.intake.material import PAGES, Material, Reach, charset_of, web_address

HEADER = re.compile(rb"([\w-]+):[ \t]*([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*)\r?\n?")
BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
BY_ID = re.compile(rb"cid:([^\s\"'<>]+)", re.IGNORECASE)


class Part(Struct, frozen=True, kw_only=True):
    """One part of the file: its headers by their lower-case names, and its content as it is encoded there."""

    headers: dict[str, str]
    content: bytes

    @property
    def is_page(self) -> bool:
        """Whether the part is HTML: the page, or a frame in it."""
        said = self.headers.get("content-type", "").partition(";")[0]
        return said.strip().lower() in PAGES

    @property
    def address(self) -> str:
        """The address in the web that the part had; empty where it had none, as a frame without `src`."""
        return web_address(self.headers.get("content-location", ""))

    def decoded(self) -> bytes:
        """The content without its transfer encoding, as far as that is sound."""
        coding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if coding == "quoted-printable":
            return binascii.a2b_qp(self.content)
        if coding == "base64":
            return _from_base64(self.content)
        return self.content


def mhtml_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The page of an MHTML file, with its own address.

    Its frames are parts that it names by an id (`cid:`): in their place stand the addresses that they had.
    Raises SeedError when there is no page in it, and after the page when the file ends in the middle of it.
    """
    headers, rest = _headers(material.read())
    boundary = BOUNDARY.search(headers.get("content-type", ""))
    if boundary is None:
        raise SeedError("a damaged MHTML file: it does not say where its parts begin")
    parts, whole = _parts(rest, (boundary[1] or boundary[2]).encode("utf-8", "replace"))
    page = next((part for part in parts if part.is_page), None)
    if page is None:
        raise SeedError("there is no HTML in this MHTML file")
    charset = charset_of(page.headers.get("content-type", ""))
    yield material.page(page.address, charset, _with_frames(page.decoded(), parts))
    if page is parts[-1] and not whole:
        raise SeedError("this MHTML file ends in the middle of its page")


def _headers(message: bytes) -> tuple[dict[str, str], bytes]:
    """Header fields, folded lines made one, and what follows the empty line after them."""
    fields: dict[str, str] = {}
    place = len(message) - len(message.lstrip(b"\r\n"))
    while field := HEADER.match(message, place):
        value = b" ".join(field[2].split()).decode("utf-8", "replace")
        fields.setdefault(field[1].decode("ascii", "replace").lower(), value)
        place = field.end()
    blank = re.compile(rb"\r?\n").match(message, place)
    return fields, message[blank.end() if blank else place :]


def _parts(content: bytes, boundary: bytes) -> tuple[list[Part], bool]:
    """What stands between the lines of the boundary, and whether the last of these lines is there."""
    lines = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    found = list(lines.finditer(content))
    ends = [*(one.start() for one in found), len(content)][1:]
    pieces = [content[one.end() : end] for one, end in zip(found, ends, strict=False) if not one[1]]
    parts = [Part(headers=headers, content=rest) for headers, rest in map(_headers, pieces)]
    return parts, any(one[1] for one in found)


def _with_frames(page: bytes, parts: list[Part]) -> bytes:
    """The page with the addresses of its frames where it names them by their ids."""
    known = {part.headers.get("content-id", "").strip("<> "): part.address for part in parts}

    def address(found: re.Match[bytes]) -> bytes:
        said = known.get(found[1].decode("utf-8", "replace"))
        return html.escape(said).encode() if said else found[0]

    return BY_ID.sub(address, page)


def _from_base64(content: bytes) -> bytes:
    """What the letters of base64 give; one alone at the end of a cut file gives nothing."""
    letters = NO_BASE64.sub(b"", content)
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
