"""The instants hidden in ids. Each function takes an id and gives an aware UTC datetime, or None.

Epochs and shifts were checked against published timestamps of known posts; an id is made when the
post is begun, so it may precede publication by seconds. A result outside 2006 to 2100 is no time.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

X_EPOCH_MS = 1288834974657
INSTAGRAM_EPOCH_MS = 1314220021721
DISCORD_EPOCH_MS = 1420070400000
MINDS_EPOCH_MS = 1325376000000
WEIBO_EPOCH_S = 515483463
INSTAGRAM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
PRIVATE_SUFFIX = 28
BEGIN = datetime(2006, 1, 1, tzinfo=UTC)
END = datetime(2100, 1, 1, tzinfo=UTC)
UNIX = datetime(1970, 1, 1, tzinfo=UTC)

Time = Callable[[str], datetime | None]


def instant(milliseconds: float) -> datetime | None:
    """Unix milliseconds as a datetime; None when no post can be of that time."""
    if not 0 <= milliseconds < 4.2e12:
        return None
    moment = UNIX + timedelta(milliseconds=milliseconds)
    return moment if BEGIN <= moment < END else None


def snowflake(shift: int, epoch_ms: int = 0, *, scale: int = 1, at_least: int = 0) -> Time:
    """A reader of decimal ids: `(id >> shift) * scale + epoch_ms` are Unix milliseconds.

    Ids below `at_least` are from before the scheme and hold no time.
    """

    def read(post_id: str) -> datetime | None:
        digits = post_id.rpartition("/")[2].rpartition(":")[2]
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
            return None
        number = int(digits)
        return instant((number >> shift) * scale + epoch_ms) if number >= at_least else None

    return read


def instagram(code: str) -> datetime | None:
    """A shortcode is the media number in base 64, big end first; a private link adds 28 characters."""
    if len(code) > PRIVATE_SUFFIX:
        code = code[:-PRIVATE_SUFFIX]
    number = 0
    for letter in code[:16]:
        place = INSTAGRAM_ALPHABET.find(letter)
        if place < 0:
            return None
        number = number * 64 + place
    return instant((number >> 23) + INSTAGRAM_EPOCH_MS) if number >> 23 else None


def tid(post_id: str) -> datetime | None:
    """An AT Protocol record key: base 32 sortable, microseconds above ten clock bits.

    A client may mint any key, so this is evidence, not proof.
    """
    key = post_id.rpartition("/")[2]
    if not re.fullmatch(r"[2-7a-j][2-7a-z]{12}", key):
        return None
    number = 0
    for letter in key:
        number = number * 32 + TID_ALPHABET.index(letter)
    return instant((number >> 10) / 1000)


def uuid7_or_ulid(post_id: str) -> datetime | None:
    """The first 48 bits of a UUID version 7, or the first ten characters of a ULID (`clip_…`)."""
    token = post_id.rpartition(":")[2].removeprefix("clip_")
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", token):
        return instant(int(token[:8] + token[9:13], 16))
    if not re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", token):
        return None
    number = 0
    for letter in token[:10]:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    return instant(number)


def weibo(post_id: str) -> datetime | None:
    """A numeric mid, or a bid (groups of four base-62 digits for seven decimal ones)."""
    token = post_id.rpartition("/")[2]
    mid = token if token.isdigit() and len(token) == 16 else bid_to_mid(token)
    return instant(((int(mid) >> 22) + WEIBO_EPOCH_S) * 1000) if mid else None


def bid_to_mid(bid: str) -> str | None:
    """The decimal mid of a base-62 bid, or None when it is not one."""
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if not re.fullmatch(r"[0-9A-Za-z]{9}", bid):
        return None
    groups = [bid[:1], bid[1:5], bid[5:]]
    numbers = []
    for group in groups:
        number = 0
        for letter in group:
            number = number * 62 + alphabet.index(letter)
        numbers.append(number)
    return f"{numbers[0]}{numbers[1]:07}{numbers[2]:07}"


def misskey(post_id: str) -> datetime | None:
    """An aid or aidx: the first eight base-36 digits are milliseconds since 2000."""
    token = post_id.rpartition("/")[2]
    if not re.fullmatch(r"[0-9a-z]{10,16}", token):
        return None
    return instant(int(token[:8], 36) + 946684800000)
