"""The limits of one visit: every wait, every body, every picture has one."""

from msgspec import Struct


class CaptureLimits(Struct, frozen=True, kw_only=True):
    """How much one post may cost.

    `seconds` is the wall clock of the whole post, after which its browser context is closed and
    what was received until then is kept. `navigation`, `drawn`, `quiet` and `body_seconds` are
    seconds too: for the first answer of a view, for the post to show, for the network to come to
    rest after that, and for one body to end. `bytes` and `exchanges` bound the whole capture,
    `body_bytes` one body; `spool_from` is the size in bytes from which a body goes to a file.
    `height` is the greatest height of a full-page picture in CSS pixels, `popups` the number of
    windows a page may open, `scrolls` how often the page is scrolled on.
    """

    seconds: float = 90.0
    navigation: float = 30.0
    drawn: float = 12.0
    quiet: float = 8.0
    body_seconds: float = 30.0
    bytes: int = 512 << 20
    body_bytes: int = 128 << 20
    exchanges: int = 5000
    spool_from: int = 1 << 20
    height: int = 12000
    popups: int = 3
    scrolls: int = 12
