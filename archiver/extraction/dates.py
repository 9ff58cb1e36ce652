"""Reading a written date or instant at a known place of a text, in about eighty languages.

The month names are CLDR's (`months.json`, made and checked by tests/extraction/test_dates_cldr.py);
the order of day, month and year is not taken from a locale but from the numbers, since embeds carry
the long dates of many CLDR versions (`5 de marzo de 2020`, `10 de novembro, 2021`, `2014. július 12.`).
A name that means two months in two languages (`listopada`) is told apart by the point after the day.
"""

import json
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from importlib import resources

from msgspec import Struct

FIRST_YEAR = 2004  # the oldest platform here (Flickr)
LAST_YEAR = 2099
BUDDHIST = 543
LONGEST_NAME = 22
BLANK = re.compile(
    "[\\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{0,80}(?:(?<=\\n)>[> ]{0,8})?"
)
"""Blanks and marks of direction, and the marks of quoted lines in Markdown, over which a date may go on."""
NUMBER = re.compile(r"\d{1,4}(?!\s?:\s?\d)")
FILLER = re.compile(
    r"\\?[,،、.·](?!\d{1,2}:)|['’]|º|ª|er\b|(?:st|nd|rd|th)\b|-?(?:al|an)\b"
    r"|d[’']|(?:de[ln]?|di|do|of|em|le|il|ngày|năm|tháng|gada|m|ko|g)\b|\(e\)ko|ren\b|ko\b"
    r"|г(?:од[а]?)?\b|р\b|ж\b|ค\.ศ\.|พ\.ศ\.|ב(?=[א-ת])|ِ",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"\s{0,2}(?:г\.|р\.|թ\.|г\b|р\b|ж\.|\(a\)|d\.|ஆம் தேதி|वाजता\b)|\\?\.(?=\s|$)", re.IGNORECASE
)
WRITTEN_IN_NUMBERS = re.compile(
    r"(?P<y>\d{4})\s?(?:[年년]\s?)?[,.]?\s?(?P<m>\d{1,2})\s?(?:月{1,2}|월)\s?(?P<d>\d{1,2})\s?(?:[日일]|(?!\d))"
    r"|(?P<y2>\d{4})[-/](?P<m2>\d{1,2})[-/](?P<d2>\d{1,2})(?!\d)"
    r"|(?P<d3>\d{1,2})\.\s?(?P<m3>\d{1,2})\.\s?(?P<y3>\d{4})"
    r"|(?P<m4>\d{1,2})[月월]\s(?P<d4>\d{1,2}),\s(?P<y4>\d{4})"
)
SPELLINGS = {3: "mrt", 7: "jul", 8: "ago", 9: "setiembre sept set", 12: "dic dez"}
"""What editors and older CLDR versions also write, month by month."""
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5,
    "est": -5, "edt": -4, "bst": 1, "cet": 1, "cest": 2,
}  # fmt: skip
LINK_WORD = re.compile(
    r"(?P<word>at|às|à|a las?|as|um|alle|ore|om|kl|в|о|pukul|lúc|saat)?"
    r"(?(word)[.:,]?\s{0,40}|[.:,·•\-–|]?\s{0,3})",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?P<before>(?:[^\W\d_]{1,4}\s?)?)(?P<h>\d{1,2})\s?[:.h]\s?(?P<m>\d{2})(?::\d{2})?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
ZONE = re.compile(
    r"\s{0,2}\(?(?P<name>UTC|GMT|[PMCE][SD]T|CES?T|BST|Z)\b\)?"
    r"(?P<more>[+\-−]\d{1,2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+\-]\d\d:?\d\d)"
)


class When(Struct, frozen=True):
    """A date read from a text: the displayed day, the instant if a zone was shown, where it ends."""

    day: date
    end: int
    at: datetime | None = None


class Months(Struct, frozen=True):
    """Month names: what they mean after a plain day, and after a day with a point."""

    plain: dict[str, int]
    dotted: dict[str, int]


@cache
def months() -> Months:
    """The month table, read once."""
    rows = json.loads((resources.files(__package__) / "months.json").read_text(encoding="utf-8"))
    plain: dict[str, int] = {}
    dotted: dict[str, int] = {}
    for code in sorted(rows, key=lambda code: bool(rows[code]["dotted"])):
        for month, names in enumerate(rows[code]["months"], 1):
            for name in set().union(*map(spellings, names)):
                plain.setdefault(name, month)
                if rows[code]["dotted"]:
                    dotted.setdefault(name, month)
    for month, more in SPELLINGS.items():
        for name in more.split():
            plain.setdefault(name, month)
    return Months(plain, {name: month for name, month in dotted.items() if plain[name] != month})


def spellings(name: str) -> set[str]:
    """A name as it is, decomposed, in capitals made small again, and without Latin accents."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    forms = {name, unicodedata.normalize("NFD", name), name.upper().lower(), name.replace("’", "'")}
    return forms | ({bare} if bare.isascii() and len(bare) > 2 else set())


def month_at(text: str, at: int, dotted: bool) -> tuple[int, int] | None:
    """The month named at `at` and the position after it, or None; the longest name wins."""
    table = months()
    piece = text[at : at + LONGEST_NAME]
    for length in range(len(piece), 1, -1):
        name = piece[:length].lower()
        month = table.plain.get(name)
        if month and not goes_on(text, at + length, name):
            return (table.dotted.get(name, month) if dotted else month), at + length
    return None


def goes_on(text: str, end: int, name: str) -> bool:
    """Whether a word runs on after a short name (`mar` in `marketing`), so that it is none."""
    after = text[end : end + 1]
    if name[-1].isdigit():
        return after.isdigit()
    return after.isalpha() and after.islower() and not FILLER.match(text, end)


def read_date(text: str, at: int) -> When | None:
    """The date that begins at `at` (blanks before it allowed), or None."""
    at = _end(BLANK, text, at)
    return _in_numbers(text, at) or _in_words(text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _in_numbers(text: str, at: int) -> When | None:
    match = WRITTEN_IN_NUMBERS.match(text, at)
    if not match:
        return None
    year, month, day = (int(part) for part in match.group(*_filled(match)))
    return _valid(year, month, day, match.end())


def _filled(match: re.Match[str]) -> tuple[str, str, str]:
    for suffix in ("", "2", "3", "4"):
        if match[f"y{suffix}"]:
            return f"y{suffix}", f"m{suffix}", f"d{suffix}"
    raise AssertionError("one alternative matched")


def _in_words(text: str, at: int) -> When | None:
    """Day, month name and year in any order, with the small words of many languages between."""
    numbers: list[int] = []
    month = 0
    for _ in range(14):
        at = _end(BLANK, text, at)
        number = NUMBER.match(text, at) if len(numbers) < 2 else None
        named = None if month else month_at(text, at, text[at - 2 : at].strip().endswith("."))
        if named:
            month, at = named
        elif number:
            numbers.append(int(number[0]))
            at = number.end()
        elif filler := FILLER.match(text, at):
            at = filler.end()
        else:
            return None
        if month and len(numbers) == 2:
            day, year = sorted(numbers)
            return _valid(year, month, day, _end(TAIL, text, at))
    return None


def _valid(year: int, month: int, day: int, end: int) -> When | None:
    """A day of the years in which posts exist; a Buddhist year is turned into ours."""
    if year - BUDDHIST >= FIRST_YEAR:
        year -= BUDDHIST
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return When(date(year, month, day), end)
    except ValueError:
        return None


def read_when(text: str, at: int) -> When | None:
    """A date, `TIME · DATE`, `DATE at TIME ZONE` or an ISO 8601 instant at `at`; None if none."""
    at = _end(BLANK, text, at)
    instant = INSTANT.match(text, at)
    if instant:
        return _instant(instant)
    plain = read_date(text, at)
    if plain:
        return _with_time(text, plain)
    clock = TIME.match(text, at)
    return read_after_time(text, clock.end()) if clock else None


AFTER_TIME = re.compile(
    r"(?:\s?[^\W\d_][\w.]{0,5}\.?)?(?:\s?\(?(?:UTC|GMT|[A-Z]{3,4})\)?)?\s{0,3}[·•\-–—,]\s{0,3}",
    re.I,
)


def read_after_time(text: str, at: int) -> When | None:
    """The date after a clock time and its separator: ` · Jul 3, 2023`, ` - 4 Jun 2015`."""
    separator = AFTER_TIME.match(text, at)
    return read_date(text, separator.end()) if separator else None


def _instant(match: re.Match[str]) -> When | None:
    try:
        at = datetime.fromisoformat(match[0].replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    day = _valid(int(match[1]), int(match[2]), int(match[3]), match.end())
    return When(day.day, day.end, at) if day else None


def _with_time(text: str, plain: When) -> When:
    """The same date with the clock time after it; an instant only where time and zone are sure."""
    link = LINK_WORD.match(text, _end(BLANK, text, plain.end))
    clock = TIME.match(text, link.end()) if link else None
    if not link or not clock:
        return plain
    zone = ZONE.match(text, clock.end())
    if not zone:
        return When(plain.day, clock.end()) if link["word"] else plain
    return When(
        plain.day, zone.end(), None if zone["more"] else _instant_of(plain.day, clock, zone)
    )


def _instant_of(day: date, clock: re.Match[str], zone: re.Match[str]) -> datetime | None:
    """The instant of a clock time; None where twelve hours without a.m. or p.m. leave two."""
    hour, minute = int(clock["h"]), int(clock["m"])
    half = (clock["half"] or "").lower()
    if minute > 59 or hour > (12 if half else 23) or (not half and 1 <= hour <= 12):
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    offset = timezone(timedelta(hours=ZONES[zone["name"].lower()]))
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=offset)
    return local.astimezone(UTC)
