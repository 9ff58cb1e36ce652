"""Values as platforms write them, made plain: handles, instants, counts, addresses in styles."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from archiver.clock import iso
from archiver.domain.metadata import Scalar

COUNT = re.compile(r"([\d][\d.,\u00a0\u202f ]*)\s?([KMB]|Mio)?\b.*", re.IGNORECASE | re.DOTALL)
AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
THOUSANDS = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000, "b": 1_000_000_000}
IN_BRACKETS = re.compile(r"\(@([\w.-]{1,64})\)")
IN_SQUARES = re.compile(r"[^\d\[\]]{1,12}\[(\d{1,12})\]")
"""As weibo.cn writes counts: `赞[523801]`."""
PATH_NUMBER = re.compile(r"/(?:u/)?(\d{3,20})")
STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")
CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{2})")
DATED = re.compile(r"\b\d{1,2}\b.*\b\d{4}\b|\b\d{4}\b.*\b\d{1,2}\b", re.DOTALL)
X_TIME = "%a %b %d %H:%M:%S %z %Y"
LARGEST = 2**53
"""Canonical JSON knows no larger whole numbers (RFC 8785, section 3.2.2.3)."""
EARLIEST, LATEST = 1_000_000_000, 4_102_444_800


def plain_value(name: str, value: Scalar) -> Scalar | None:
    """A value of a field in its plain form; None when it says nothing."""
    if name == "author_handle":
        name_only = handle(str(value))
        numbered = "/" in str(value) and name_only.isdigit()  # `/users/42` names nobody
        return None if numbered else name_only or None
    if name in {"posted_at", "edited_at"}:
        return _instant(value)
    if name.startswith("counts."):
        return count(value)
    if name in {"width", "height", "seconds"}:
        return measure(value)
    if name in {"url", "preview", "variants"}:
        return address(str(value))
    if isinstance(value, bool):
        return None
    if name == "author_id" and (found := PATH_NUMBER.fullmatch(str(value))):
        return found[1]
    return str(value).strip() or None


def handle(text: str) -> str:
    """`https://x.com/name`, `@name`, `/name/`, `Name (@name) on X` → `name`; empty for other words."""
    if found := IN_BRACKETS.search(text):
        return found[1]
    if " " in text.strip():
        return ""
    bare = text.strip().partition("?")[0].rstrip("/")
    if "/" in bare:
        bare = bare.rpartition("/")[2]
    return bare.lstrip("@")


def address(text: str) -> str | None:
    """An address, also out of a style's `url(…)`; None when there is none."""
    found = STYLE_URL.search(text)
    bare = (found[1] if found else text).strip()
    if bare.startswith("//"):
        bare = "https:" + bare
    return bare if "://" in bare[:12] else None


def measure(value: Scalar) -> Scalar | None:
    """A number, a number as text, or `1:23` in seconds; None for anything else (`100%`)."""
    if isinstance(value, int | float):
        return value if -LARGEST < value < LARGEST else None
    text = value.strip()
    if found := CLOCK.fullmatch(text):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    if re.fullmatch(r"\d{1,9}(?:px)?", text):
        return int(text.removesuffix("px"))
    return float(text) if re.fullmatch(r"\d{1,9}\.\d{1,9}", text) else None


def count(value: Scalar) -> Scalar | None:
    """A count as a whole number; words such as `1.2K` as the number they round to, and None for those that
    can be read in two ways (`1,234.5K`)."""
    if isinstance(value, int | float):
        return int(value) if -LARGEST < value < LARGEST else None
    if bracketed := IN_SQUARES.fullmatch(value.strip()):
        return int(bracketed[1])
    found = COUNT.fullmatch(value.strip())
    if found is None:
        return None
    unit = THOUSANDS.get((found[2] or "").lower())
    digits = re.sub(r"[\u00a0\u202f ]", "", found[1]).rstrip(".,")
    if unit is None:
        whole = re.sub(r"[.,]", "", digits)
        return int(whole) if len(whole) <= 15 else None
    amount = float(digits.replace(",", ".")) * unit if AMOUNT.fullmatch(digits) else LARGEST
    return round(amount) if amount < LARGEST else None


def _instant(value: Scalar) -> str | None:
    """In UTC where it can be read, else as it stood; `false` and zero say nothing."""
    moment = instant(value)
    if moment is not None:
        return iso(moment)
    return value.strip() if isinstance(value, str) and DATED.search(value) else None


def instant(value: Scalar) -> datetime | None:
    """Unix seconds or milliseconds, RFC 3339, RFC 5322 or X's own form as an aware datetime."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not re.fullmatch(r"\d{9,13}(?:\.\d+)?", value.strip()):
        return _written(value.strip())
    number = float(value) if isinstance(value, str) else value
    if not EARLIEST <= number < LATEST * 1000:
        return None
    number = number / 1000 if number > LATEST else number
    return datetime.fromtimestamp(number, UTC) if EARLIEST <= number < LATEST else None


def _written(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime, _x_time):
        try:
            moment = read(text)
            has_time = len(text) > 10 and moment.tzinfo is not None
            return moment.astimezone(UTC) if has_time else None
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _x_time(text: str) -> datetime:
    return datetime.strptime(text, X_TIME)
