"""Reading single values: what was written on a command line, in the environment or in a file.

Each function takes what was written and returns the typed value, or raises ValueError with the words
that follow the option's name: `must be a whole number`.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
MOST_SECONDS = 5200 * 604800
"""A hundred years: what is added to a date must stay in the calendar."""
BYTES = {"": 1, "b": 1, "k": 1000, "kb": 1000, "m": 10**6, "mb": 10**6, "g": 10**9, "gb": 10**9}
BYTES |= {"t": 10**12, "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
MOST_BYTES = 10**15
TRUTH = {"1": True, "true": True, "yes": True, "on": True}
TRUTH |= {"0": False, "false": False, "no": False, "off": False}
PROXY_SCHEMES = {"http", "https", "socks5", "socks5h"}


def _amount(value: object, units: Mapping[str, int], most: int, example: str) -> float:
    """A number with a unit of the table; raises ValueError when it is none, not above zero, or above `most`."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", str(value))
    unit = match[2].lower() if match else None
    if match is None or unit not in units or isinstance(value, bool):
        raise ValueError(f"must be {example}")
    amount = float(match[1]) * units[str(unit)]
    if amount <= 0:
        raise ValueError("must be more than zero")
    if amount > most:
        raise ValueError(f"must be at most {most}")
    return amount


def seconds(value: object) -> float:
    """A length of time up to a hundred years: `90`, `90s`, `5m`, `12h`, `7d`, `2w`."""
    return _amount(value, SECONDS, MOST_SECONDS, "a time such as 90s, 5m, 12h or 7d")


def size(value: object) -> int:
    """A number of bytes: `500000`, `200MB`, `1GiB`."""
    return int(_amount(value, BYTES, MOST_BYTES, "a size such as 200MB or 1GiB"))


def count(value: object) -> int:
    """A whole number from 1 to 64."""
    if isinstance(value, bool) or not re.fullmatch(r"\s*\d{1,18}\s*", str(value)):
        raise ValueError("must be a whole number")
    if not 1 <= int(str(value)) <= 64:
        raise ValueError("must be from 1 to 64")
    return int(str(value))


def header(value: object) -> str:
    """A text that may stand in a header of a request: one line of printable ASCII."""
    written = text(value)
    if not re.fullmatch(r"[ -~]+", written):
        raise ValueError("must be one line of printable ASCII")
    return written


def port(value: object) -> int:
    """The number of a TCP port."""
    if isinstance(value, bool) or not re.fullmatch(r"\s*[1-9]\d{0,4}\s*", str(value)):
        raise ValueError("must be a port from 1 to 65535")
    if int(str(value)) > 65535:
        raise ValueError("must be a port from 1 to 65535")
    return int(str(value))


def number(value: object) -> int:
    """A whole number from 1 to a million."""
    if isinstance(value, bool) or not re.fullmatch(r"\s*\d{1,7}\s*", str(value)):
        raise ValueError("must be a whole number")
    if not 1 <= int(str(value)) <= 10**6:
        raise ValueError("must be from 1 to a million")
    return int(str(value))


def levels(value: object) -> int:
    """How many steps: a whole number from 0 to 5."""
    if isinstance(value, bool) or not re.fullmatch(r"\s*[0-5]\s*", str(value)):
        raise ValueError("must be a whole number from 0 to 5")
    return int(str(value))


def time_gate(value: object) -> str:
    """The address of an archive's TimeGate, to which another address is added: it ends with `/` or `=`."""
    written = web_address(value)
    if not written.endswith(("/", "=")):
        raise ValueError("must be a TimeGate such as https://web.archive.org/web/ (ending with /)")
    return written


def flag(value: object) -> bool:
    """Yes or no: `true`, `1`, `yes`, `on` and their opposites."""
    truth = value if isinstance(value, bool) else TRUTH.get(str(value).strip().lower())
    if truth is None:
        raise ValueError("must be true or false")
    return truth


def text(value: object) -> str:
    """One line of text without control characters (it may go into an HTTP header)."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be a line of text")
    return value


def path(value: object) -> Path:
    """A path; a leading `~` is the home folder."""
    if not isinstance(value, str | Path) or not str(value) or "\0" in str(value):
        raise ValueError("must be a path")
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError("has a ~ but no home folder is known") from None


def proxy(value: object) -> str:
    """The address of a proxy, such as `http://127.0.0.1:3128`, with `user:password@` if it asks."""
    try:
        parts = urlsplit(text(value))
        whole = parts.scheme in PROXY_SCHEMES and parts.hostname and parts.port
    except ValueError:  # a port out of range, half an IPv6 address
        whole = None
    if not whole:
        raise ValueError("must be an address such as http://127.0.0.1:3128 or socks5://host:1080")
    return text(value)


def web_address(value: object) -> str:
    """An address such as `https://tsa.example/`."""
    try:
        parts = urlsplit(text(value))
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = None
    if not whole:
        raise ValueError("must be an address such as https://example.org/")
    return text(value)


def locale(value: object) -> str:
    """A language tag such as `en-US`."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(value)):
        raise ValueError("must be a language tag such as en-US")
    return str(value)
