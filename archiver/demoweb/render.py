"""Making answers: pages from templates (autoescape on), JSON, static files, redirects, media."""

from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archiver.demoweb.model import Answer, Asset
from archiver.domain.digest import Digest, sha256

HERE = Path(__file__).parent
ANY_ORIGIN = (("Access-Control-Allow-Origin", "*"),)
KINDS = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".mp4": "video/mp4",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}


def english_day(at: datetime) -> str:
    """`October 14, 2026`: the day as X's embed code writes it, in UTC."""
    return f"{at:%B} {at.day}, {at.year}"


def clock_time(at: datetime) -> str:
    """`6:42 AM · Oct 14, 2026`."""
    return f"{at:%I:%M %p}".lstrip("0") + f" · {at:%b} {at.day}, {at.year}"


def instant(at: datetime) -> str:
    """`2026-10-14T06:42:17.000Z`."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


@cache
def environment() -> Environment:
    """The templates of this folder."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "english_day": english_day,
        "clock_time": clock_time,
        "instant": instant,
        "whole": lambda text: quote(text, safe=""),
    }
    return made


def text_of(template: str, **context: object) -> str:
    """A template filled in."""
    return environment().get_template(template).render(context)


def page(
    template: str,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    chunked: bool = False,
    **context: object,
) -> Answer:
    """An HTML page, sent compressed to those who take it."""
    body = text_of(template, **context).encode()
    return Answer(status=status, headers=headers, body=body, compress=True, chunked=chunked)


def data(value: object, *, status: int = 200, compress: bool = False) -> Answer:
    """JSON that any origin may read."""
    return Answer(
        status=status,
        media_type="application/json; charset=utf-8",
        headers=ANY_ORIGIN,
        body=msgspec.json.encode(value),
        compress=compress,
    )


def plain(text: str, *, status: int = 200) -> Answer:
    """A line of plain text."""
    return Answer(status=status, media_type="text/plain; charset=utf-8", body=text.encode())


def redirect(url: str, *, status: int = 302, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A redirect with an empty body."""
    return Answer(status=status, headers=(("Location", url), *headers))


@cache
def content(folder: str, name: str) -> bytes:
    """The bytes of a file that comes with the package."""
    return (HERE / folder / name).read_bytes()


def static(name: str) -> Answer:
    """A script or style sheet of `static/`."""
    return Answer(
        media_type=KINDS[Path(name).suffix],
        headers=ANY_ORIGIN,
        body=content("static", name),
        compress=True,
    )


def kind_of(file: str) -> str:
    """The media type of a file of `media/`."""
    return KINDS[Path(file).suffix]


def digest_of(asset: Asset) -> Digest:
    """The digest of the bytes that stand at an asset's address."""
    return sha256(content("media", asset.file))


def medium(file: str) -> Answer:
    """A picture or video: with an entity tag, and in ranges where one is asked for."""
    return Answer(
        media_type=kind_of(file),
        headers=(("Cache-Control", "public, max-age=604800"), *ANY_ORIGIN),
        body=content("media", file),
        etag=True,
    )
