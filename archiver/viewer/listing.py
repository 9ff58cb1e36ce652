"""The pages of the viewer, made from templates with every value escaped.

What a list shows was written by strangers: titles, addresses, reasons. None of it reaches the page but as
text, no script runs in the list, and each address in it is one of our own making.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archiver.clock import timestamp14
from archiver.viewer.shown import Shown, Subject, articles, chosen, needed, posts

HERE = Path(__file__).parent / "templates"
AT_ONCE = 120
"""Posts and articles on one page of the list."""
ROLES = (("view", "picture"), ("fullPage", "whole page"), ("text", "words"))

Replay = Callable[[Shown], str | None]
"""The address of a capture's replay; None where it has no page."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def list_page(
    title: str,
    subjects: Sequence[Subject],
    replay: Replay,
    said: str,
    wanted: str = "",
    page: int = 1,
) -> str:
    """The list: of all statuses or of the one `wanted`, AT_ONCE of them, from page 1 on."""
    statuses = Counter(subject.last.status for subject in chosen(subjects))
    found = [one for one in subjects if not wanted or one.last.status == wanted]
    ordered = [*posts(found), *articles(found), *(needed(found) if not wanted else ())]
    pages = max(-(-len(ordered) // AT_ONCE), 1)
    page = min(max(page, 1), pages)
    part = ordered[(page - 1) * AT_ONCE : page * AT_ONCE]
    return _environment().get_template("list.html").render(
        title=title,
        said=said,
        total=len(chosen(subjects)),
        statuses=sorted(statuses.items(), key=lambda item: (-item[1], item[0])),
        wanted=wanted,
        posts=posts(part),
        articles=articles(part),
        needed=needed(part),
        replay=replay,
        picture=picture_address,
        roles=ROLES,
        moment=moment,
        page=page,
        pages=pages,
        turn=lambda to: "/?" + urlencode({"status": wanted, "page": to}),
    )  # fmt: skip


def replay_page(one: Shown, source: str, desk: str) -> str:
    """The page in which ReplayWeb.page shows a capture; `source` is the address of its package."""
    return _environment().get_template("replay.html").render(
        one=one, source=source, desk=desk, moment=moment, stamp=timestamp14
    )  # fmt: skip


def style() -> bytes:
    """The style sheet of both pages."""
    return (HERE / "style.css").read_bytes()


def guard() -> bytes:
    """What stands in front of ReplayWeb.page's service worker."""
    return (HERE / "guard.js").read_bytes()


def picture_address(one: Shown, role: str) -> str:
    """Where the list serves a snapshot of the capture."""
    return f"/snapshot/{quote(one.package, safe='')}/{quote(one.capture_id, safe='')}/{role}"


def moment(at: datetime) -> str:
    """`2026-11-22 04:06:11 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
