"""A page saved by Safari with all its parts in one file (`.webarchive`): a property list of resources.

Its main resource is the page; the frames that stood in it, also those that scripts had drawn, are web archives
of their own inside it (WebKit's `LegacyWebArchive`).
"""

import html
import plistlib
from collections.abc import Iterator
from typing import Any
from xml.parsers.expat import ExpatError

from msgspec import Struct

from archiver.domain.document import Document
from archiver.errors import SeedError
from archiver.intake.kinds import UTF16
from archiver.intake.material import PAGES, Material, Reach, web_address

DEEPEST, MOST = 5, 500
"""How deep frames are looked for in one another, and how many are taken."""
UNREADABLE = (plistlib.InvalidFileException, ExpatError, ValueError, TypeError, LookupError,
              AttributeError, OverflowError, RecursionError, MemoryError)  # fmt: skip
"""What plistlib raises for property lists that are none, or are damaged."""


class Resource(Struct, frozen=True):
    """One resource of the file. `address` is empty where it had none in the web, as a frame without `src`."""

    data: bytes
    address: str
    media_type: str
    charset: str | None


def webarchive_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The page of a web archive of Safari, with its own address.

    Frames that its markup does not name follow at its end: scripts had drawn them. Raises SeedError when
    there is no page in it.
    """
    try:
        saved = plistlib.loads(material.read())
    except UNREADABLE as error:
        raise SeedError("a damaged web archive of Safari, or no such file") from error
    page = _main(saved)
    if page is None or page.media_type not in PAGES:
        raise SeedError("there is no HTML in this web archive of Safari")
    body = _with_frames(page, list(_frames(saved))[:MOST])
    yield material.page(page.address, page.charset, body)


def _main(archive: object) -> Resource | None:
    """The main resource of an archive; None where there is none in it."""
    said = archive.get("WebMainResource") if isinstance(archive, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("WebResourceData"), bytes):
        return None
    return Resource(
        said["WebResourceData"],
        web_address(_text(said, "WebResourceURL")),
        _text(said, "WebResourceMIMEType").lower(),
        _text(said, "WebResourceTextEncodingName") or None,
    )


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _frames(archive: object, depth: int = 0) -> Iterator[str]:
    """The addresses of the frames in an archive, in their order, those inside others after these."""
    inner = archive.get("WebSubframeArchives") if isinstance(archive, dict) else None
    if not isinstance(inner, list) or depth == DEEPEST:
        return
    for each in inner:
        frame = _main(each)
        if frame is not None and frame.address:
            yield frame.address
        yield from _frames(each, depth + 1)


def _with_frames(page: Resource, addresses: list[str]) -> bytes:
    """The page, and at its end the frames that do not stand in its markup."""
    if page.data.startswith(UTF16):  # what would follow is written otherwise there
        return page.data
    known = {a: html.escape(a).encode("ascii", "xmlcharrefreplace") for a in addresses}
    new = (
        k
        for a, k in known.items()
        if k not in page.data and a.encode("utf-8", "replace") not in page.data
    )
    return page.data + b"".join(b'\n<iframe src="%s"></iframe>' % address for address in new)
