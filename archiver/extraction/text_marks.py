"""Marks: the places of a text at which an embed names its author and date.

`DASH NAME (@HANDLE) DATE` is what X's own embed code leaves behind, in whatever language the date is
(embed-formats B1, B2); Bluesky's looks the same with a dot in the handle, and a server's name in it
makes it Mastodon. A handle in brackets without a date is a mention or a byline, never an embed.
Widgets saved after their script ran end in `7:31 PM · Jun 4, 2015` and name the author above.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from archiver.extraction.dates import When, read_after_time, read_when
from archiver.extraction.text_span import LONG_TOKEN, STRONG_DASH, Author, read_author, tidy

HANDLE_IN_BRACKETS = re.compile(
    "[(（]\\\\?[\u200e\u200f\u2066-\u2069\\s]{0,3}\\[?[@＠][\u200e\u200f\u2066-\u2069]{0,3}\\s?(?P<handle>[A-Za-z0-9_.\\\\-]{1,64}"
    "(?:@[A-Za-z0-9.-]{1,64})?)"
    "(?:\\]\\([^)\\s]{1,400}\\))?[\u200e\u200f\u2066-\u2069\\s]{0,3}[)）]"
)
OPENING = re.compile(r"[\s,:·•|]{0,6}[^\S\n]{0,60}(?:\\?\[|<a\b[^<>]{0,400}>)?")
CLOSING = re.compile(r"(?:\]\((?P<url>https?://[^)\s]{1,400})\)|</a>)?")
HREF = re.compile(r"href\s?=\s?[\"']?(?P<url>https?://[^\"'\s>]{1,400})")
BYLINE = re.compile(
    r"(?:by|(?:written|story|published|posted|reported|edited|words) by|words"
    r"|photos?(?: by)?|foto|video by|image|credit|follow|von|por|par|di|da|door|av|af"
    r"|von|от|автор|від|przez|oleh|autor|author|via)\b[\s:]",
    re.IGNORECASE,
)
APART = (re.compile(r"[^\S\n]{0,3}[\n.,:|•]"), re.compile(r"[^\S\n]{0,3}(?:[.,:|•]|\n\s{0,3}\n)"))
"""What no embed leaves between handle and day, without a dash and with one that may be a list's."""
WIDGET_TIME = re.compile(
    r"(?P<time>(?<![\d:])(?<!\d\.)\d{1,2}[:.h]\d{2}(?::\d{2})?"
    r"(?:\s?(?:[ap]\.?\s?m\.?|[^\W\d_]{1,3}\.?[^\W\d_]?\.?))?)(?=\s{0,3}[-–—·•]\s{0,3}\S)",
    re.IGNORECASE,
)
HEAD_LINE = re.compile(
    r"^[^\S\n]{0,20}(?:(?P<name>[^\n@]{1,60}?)[\s\u200f\u200e]{0,3}(?:✔|✓|☑|Verified account)?[^\S\n\u200f]{0,3})?"
    r"[\u200f\u200e]?[(]?@(?P<handle>\w{1,20})[)]?"
    r"(?:[^\S\n]{0,3}[·•]?[^\S\n]{0,3}(?:Follow|Following|Seguir|Suivre|Folgen|Segui|Volgen|Takip et|Obserwuj"
    r"|Urmărește|Читать|Follow @\w{1,20}))?[^\S\n]{0,20}$",
    re.MULTILINE,
)
HEAD_INLINE = re.compile(
    r"(?:^|\n)(?P<name>[^\n@.!?]{1,50}?)\s{0,3}[✔✓]?\s{0,3}@(?P<handle>\w{1,20})\s"
)
WIDGET_REACH = 1200
LINK_REACH = 40
TIME_REACH = 60


class Mark(Struct, frozen=True, kw_only=True):
    """One attribution: its place, what it says, and the words of the post where the rule knows them."""

    start: int
    end: int
    platform: str
    rule: str
    confidence: float
    handle: str | None = None
    name: str | None = None
    day: date | None = None
    at: datetime | None = None
    url: str | None = None
    words: tuple[int, int] | None = None


def attributions(text: str) -> Iterator[Mark]:
    """Every `NAME (@handle) DATE`, with or without its dash, from left to right."""
    floor = 0
    for bracket in HANDLE_IN_BRACKETS.finditer(text):
        dated = _date_after(text, bracket.end())
        handle = bracket["handle"].replace("\\", "").strip(".-")
        platform = platform_of(handle)
        if not dated or not platform or bracket.start() < floor:
            continue
        author = read_author(text, floor, bracket.start())
        if not is_byline(text, author) and not _apart(text, author, bracket.end()):
            yield _mark(author, dated, platform, handle)
        floor = dated[0].end


def _mark(author: Author, dated: tuple[When, str | None], platform: str, handle: str) -> Mark:
    when, url = dated
    return Mark(
        start=author.start,
        end=when.end,
        platform=platform,
        rule="text.attribution" if author.sure == 1.0 else "text.attribution-no-dash",
        confidence=0.95 * author.sure,
        handle=handle,
        name=author.name or None,
        day=when.day,
        at=when.at,
        url=url,
    )


def _date_after(text: str, at: int) -> tuple[When, str | None] | None:
    """The date after a handle, bare or inside a link, and the link's address."""
    opening = OPENING.match(text, at)
    when = read_when(text, opening.end()) if opening else None
    if not opening or not when:
        return None
    closing = CLOSING.match(text, when.end)
    link = HREF.search(opening[0]) or (closing if closing and closing["url"] else None)
    end = closing.end() if closing else when.end
    return When(when.day, end, when.at), link["url"] if link else None


def platform_of(handle: str) -> str | None:
    """Whose handle this is by its shape: a server after an `@`, a domain name, or X's alphabet."""
    if "@" in handle:
        return "mastodon"
    if re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", handle):
        return "bluesky"
    return "x" if re.fullmatch(r"\w{1,20}", handle) else None


def _apart(text: str, author: Author, at: int) -> bool:
    """Whether a mark or a line's end between handle and day shows a byline or a list.

    An embed leaves a blank there. Only its own dash, or a link of its post before the name, is sign enough
    for what was changed by hand.
    """
    before = text[max(0, author.start - LINK_REACH) : author.start].rstrip()
    linked = any(link.end() == len(before) for link in LONG_TOKEN.finditer(before))
    if linked or STRONG_DASH.match(text, author.start):
        return False
    return APART[author.sure == 1.0].match(text, at) is not None


def is_byline(text: str, author: Author) -> bool:
    """Whether a name without a dash is a byline: a word such as `By`, or nothing stands before it."""
    if author.sure == 1.0:
        return False
    line = text.rfind("\n", 0, author.start) + 1
    before = text[line : author.start].lstrip()
    prose = len(before) > 60 or LONG_TOKEN.search(before) or re.search(r"[.!?…]\s", before)
    first = not text[: author.start].strip()
    return first or any(map(BYLINE.match, (author.name, "" if prose else before + author.name)))


def widgets(text: str) -> Iterator[Mark]:
    """Widgets as drawn: a line with name and @handle, the words, then time and date."""
    floor = 0
    for clock in WIDGET_TIME.finditer(text):
        when = read_after_time(text, clock.end())
        if not when:
            continue
        head = _head(text, max(floor, clock.start() - WIDGET_REACH), clock.start())
        floor = when.end
        if not head or not text[head.end() : clock.start()].strip():
            continue
        yield Mark(
            start=clock.start(),
            end=when.end,
            platform="x",
            rule="text.widget",
            confidence=0.8,
            handle=head["handle"],
            name=tidy(head["name"] or _line_above(text, head.start())) or None,
            day=when.day,
            words=(head.end(), clock.start()),
        )


def ends_in_time(text: str, at: int) -> bool:
    """Whether a time and a day, as widgets show them, end at `at`."""
    for clock in WIDGET_TIME.finditer(text, max(0, at - TIME_REACH), at):
        when = read_after_time(text, clock.end())
        if when and when.end == at:
            return True
    return False


def _head(text: str, low: int, high: int) -> re.Match[str] | None:
    """The nearest line above that is only a name and a handle; else such a beginning of a line."""
    last = None
    for pattern in (HEAD_LINE, HEAD_INLINE):
        for match in pattern.finditer(text, low, high):
            last = match
        if last:
            return last
    return None


def _line_above(text: str, at: int) -> str:
    above = text[:at].rstrip()[-60:]
    return above[above.rfind("\n") + 1 :]
