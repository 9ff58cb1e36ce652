"""Tables of articles: CSV, TSV and JSON lines with a column that holds HTML, text or an address."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import msgspec
from msgspec import Struct

from archiver.errors import SeedError
from archiver.intake.material import MOST_BYTES, Material

HTML = ("html", "content_html", "raw_html", "body_html", "page_html", "content")
TEXT = ("text", "article_text", "plain_text", "fulltext", "body", "article")
URL = ("url", "link", "href", "article_url", "page_url", "canonical_url")
DATE = ("date", "published", "published_at", "publish_date", "date_published", "pubdate")
TITLE = ("title", "headline")
DELIMITERS = "\t;|,"


class Row(Struct, frozen=True, kw_only=True):
    """One row, counted from 1 without the header: what its known columns hold, empty where they do not."""

    number: int
    html: str = ""
    text: str = ""
    url: str = ""
    date: str = ""
    title: str = ""


def csv_rows(table: Material) -> Iterator[Row]:
    """The rows of a CSV or TSV file with a header line. Raises SeedError for an unknown header."""
    csv.field_size_limit(MOST_BYTES)
    with table.open() as raw, io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="") as stream:
        header, delimiter = _header(stream)
        known(header)
        rows = csv.DictReader(stream, fieldnames=header, delimiter=delimiter)
        try:
            for number, row in enumerate(rows, 1):
                yield row_of(number, {k: v for k, v in row.items() if isinstance(k, str)})
        except csv.Error as error:
            raise SeedError(f"line {rows.line_num + 1} of this table is broken: {error}") from error


def _header(stream: TextIO) -> tuple[list[str], str]:
    line = stream.readline(1 << 20)
    delimiter = max(DELIMITERS, key=line.count)
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return [cell.strip().lower() for cell in cells], delimiter


def known(names: list[str]) -> None:
    """Raises SeedError when no column of these names can hold an article."""
    if not set(names) & {*HTML, *TEXT, *URL}:
        raise SeedError("no column of this table is named html, text or url")


def json_rows(table: Material) -> Iterator[Row]:
    """The objects of a JSON-lines file; lines that are none are passed over. Raises SeedError."""
    known_once = False
    with table.open() as stream:
        for number, line in enumerate(iter(lambda: stream.readline(MOST_BYTES), b""), 1):
            values = _object(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            if values is None:
                continue
            known_once = known_once or bool(values.keys() & {*HTML, *TEXT, *URL})
            yield row_of(number, values)
    if not known_once:
        raise SeedError("no line of this file has a field named html, text or url")


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = msgspec.json.decode(line) if line.strip() else None
    except (msgspec.DecodeError, RecursionError):
        return None
    return {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else None


def row_of(number: int, values: Mapping[str, Any]) -> Row:
    """A row from named values; only texts count."""

    def first(names: tuple[str, ...]) -> str:
        held = (values.get(name) for name in names)
        return next((value for value in held if isinstance(value, str) and value.strip()), "")

    return Row(
        number=number,
        html=first(HTML),
        text=first(TEXT),
        url=first(URL).strip(),
        date=first(DATE).strip(),
        title=first(TITLE).strip(),
    )
