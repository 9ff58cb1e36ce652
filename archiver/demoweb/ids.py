"""Identifiers that carry their time, made by the platforms' own formulas.

A post that is shown as of some day must have an identifier of that day, or an archiver that checks
one against the other would rightly doubt it. All instants are aware and in UTC; `low` fills the bits
that do not hold time.
"""

from datetime import datetime

X_EPOCH = 1_288_834_974_657
INSTAGRAM_EPOCH = 1_314_220_021_721
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"


def milliseconds(at: datetime) -> int:
    """Unix time in milliseconds."""
    return round(at.timestamp() * 1000)


def _digits(number: int, alphabet: str, length: int) -> str:
    base, out = len(alphabet), ""
    for _ in range(length):
        number, rest = divmod(number, base)
        out = alphabet[rest] + out
    return out


def x(at: datetime, low: int) -> str:
    """A snowflake: milliseconds since X's epoch, then 22 bits."""
    return str(milliseconds(at) - X_EPOCH << 22 | low)


def instagram(at: datetime, low: int) -> str:
    """An 11-character shortcode: milliseconds since Instagram's epoch, then 23 bits, in base 64."""
    return _digits(milliseconds(at) - INSTAGRAM_EPOCH << 23 | low, BASE64, 11)


def tiktok(at: datetime, low: int) -> str:
    """Unix seconds, then 32 bits."""
    return str(int(at.timestamp()) << 32 | low)


def mastodon(at: datetime, low: int) -> str:
    """Unix milliseconds, then 16 bits."""
    return str(milliseconds(at) << 16 | low)


def bluesky(at: datetime, low: int) -> str:
    """A TID: Unix microseconds, then 10 bits, as 13 sortable base-32 characters."""
    return _digits(milliseconds(at) * 1000 << 10 | low, SORTABLE, 13)
