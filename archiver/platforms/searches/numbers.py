"""Numbers that platforms make of a day or of an id, the other way round than `engine/times.py`."""

import math
from datetime import UTC, date, datetime, timedelta

from archiver.platforms.engine.times import X_EPOCH_MS

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _milliseconds(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def day_of_x(day: date) -> tuple[int, int]:
    """The ids of a UTC day on X: from the first to just before the second (embed-formats B4, 3)."""
    first, after = _milliseconds(day), _milliseconds(day + timedelta(days=1))
    return (first - X_EPOCH_MS) << 22, (after - X_EPOCH_MS) << 22


def upper_bound(day: date) -> str:
    """A Mastodon id that is above all ids of a day and of the next one: milliseconds, then 16 bits."""
    return str(_milliseconds(day + timedelta(days=2)) << 16)


def syndication_token(post_id: str) -> str:
    """What X's embed page sends along with an id: id / 1e15 · π in base 36, no zeros, no point."""
    return base36(int(post_id) / 1e15 * math.pi).replace("0", "").replace(".", "")


def base36(value: float) -> str:
    """A positive number in base 36 with as few digits as tell it apart from its neighbours.

    This is what JavaScript's `Number.prototype.toString(36)` gives (the method of the V8 engine).
    """
    whole = math.floor(value)
    rest = value - whole
    delta = max(0.5 * (math.nextafter(value, math.inf) - value), math.nextafter(0.0, 1.0))
    digits: list[int] = []
    while rest >= delta:
        rest, delta = rest * 36, delta * 36
        digits.append(int(rest))
        rest -= digits[-1]
        if (rest > 0.5 or (rest == 0.5 and digits[-1] & 1)) and rest + delta > 1:
            whole += _raise(digits)
            break
    fraction = "".join(DIGITS[digit] for digit in digits)
    return _whole(whole) + (f".{fraction}" if fraction else "")


def _raise(digits: list[int]) -> int:
    """Round the last digit up, with carry; gives what is left for the whole part."""
    while digits:
        last = digits.pop()
        if last + 1 < 36:
            digits.append(last + 1)
            return 0
    return 1


def _whole(number: int) -> str:
    out = ""
    while number:
        number, digit = divmod(number, 36)
        out = DIGITS[digit] + out
    return out or "0"
