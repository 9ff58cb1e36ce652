"""The Internet Archive's Wayback Machine: what it holds of an address, and its copies.

Sources: the CDX server's documentation; RFC 7089 (Memento); platform-answers 11: an excluded site is a
page with status 200 and no Memento-Datetime, rows repeat, a revisit's status is `-`.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from msgspec import Struct

from archiver.domain.exchange import Exchange
from archiver.net.decode import decoded
from archiver.resolution.asking import Asking

HOST = "web.archive.org"
FIELDS = ("timestamp", "original", "statuscode", "mimetype")
MOST_ROWS = 400
MOST_BYTES = 2_000_000


class Row(Struct, frozen=True):
    """One capture that the archive lists."""

    timestamp: str
    original: str
    status: str
    media_type: str


def listed(asking: Asking, url: str, *, prefix: bool = False) -> tuple[Row, ...] | None:
    """The captures of an address, or of all that begin with it, each address once.

    None when the archive did not say.
    """
    match = "&matchType=prefix&collapse=urlkey" if prefix else "&collapse=digest"
    asked = (
        f"https://{HOST}/cdx/search/cdx?url={quote(url, safe='')}{match}"
        f"&output=json&fl={','.join(FIELDS)}&limit={MOST_ROWS}"
    )
    answer = asking.ask(asked)
    if answer is None or answer.status != 200:
        return None
    return tuple(dict.fromkeys(rows_in(decoded(answer, MOST_BYTES))))


def rows_in(body: bytes) -> Iterable[Row]:
    """The rows of a CDX answer in JSON; the first row names the columns."""
    try:
        table = json.loads(body or b"[]")
    except (ValueError, RecursionError):
        return
    if not isinstance(table, list) or not table or not isinstance(table[0], list):
        return
    names = [str(name) for name in table[0]]
    for line in table[1:]:
        if isinstance(line, list) and len(line) == len(names):
            row = {name: str(value) for name, value in zip(names, line, strict=True)}
            if re.fullmatch(r"\d{14}", row.get("timestamp", "")) and row.get("original"):
                yield Row(*(row.get(name, "") for name in FIELDS))


def copy_url(timestamp: str, url: str) -> str:
    """The address of a copy as it was received, without the archive's own additions."""
    return f"https://{HOST}/web/{timestamp}id_/{url}"


def copy_of(asking: Asking, url: str, timestamp: str, *, follow: int = 4) -> Exchange | None:
    """The copy of an address nearest to a moment (14 digits); None when there is none.

    An archived error page is a copy too: the caller looks at the status.
    """
    answer = asking.ask(copy_url(timestamp, url), follow=follow)
    return answer if answer is not None and archived_at(answer) is not None else None


def archived_at(answer: Exchange) -> datetime | None:
    """When the copy was made, as its Memento-Datetime says; None when the answer is no copy."""
    return instant_of(answer.header("memento-datetime"))


def instant_of(written: str | None) -> datetime | None:
    """An instant as HTTP writes it (RFC 9110, section 5.6.7), in UTC where no zone is named; None where it is none."""
    try:
        moment = parsedate_to_datetime(written) if written else None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
