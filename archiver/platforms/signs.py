"""Signs: the rows of the verdict tables.

A sign is structure before language: an HTTP status, a final address, a value in a JSON answer, an element
of the drawn page; words only where nothing else tells. Live pages contain the words of dead ones
(platform-answers 4), so words are looked for in visible text alone.
"""

from typing import Literal

from msgspec import Struct

from archiver.domain.capture import Status

Where = Literal["status", "header", "url", "json", "css", "no-css", "text"]
Strength = Literal["authoritative", "strong", "weak"]


class Sign(Struct, frozen=True):
    """What, seen where, speaks for which status.

    `where` and `pattern`: `status`, a pattern of the whole HTTP status; `header`, `name: pattern`; `url`, a
    pattern searched in the final address; `json`, conditions `path=pattern` joined by `; ` that one object
    must meet (a path that begins with `$` counts from the root, `*` is any item, `!path` must be missing,
    `?path=` may be missing, `{id}` stands for the post's own id); `css` and `no-css`, a selector, with
    ` :: pattern` for the element's text (`{id}` may stand in the selector); `text`, a pattern searched in the
    visible text.
    `at` is a pattern of the exchange's address, in which `{id}` stands for the same, `{main}` for the whole
    address of the document, `{page}` for that of a page of the post, which an endpoint is not, `{own}` for
    nothing on the server that the author belongs to, and `{site}` for the beginning of the operator's addresses:
    of the document itself when empty, of any exchange else.
    `strength`: `authoritative` settles alone, `strong` settles alone unless it says `gone`, `weak` only
    helps another. Two signs of `gone` count as two when their `witness` differs (the server that spoke,
    where it is empty). `reason` is what the user reads.
    `denies`: what is merely drawn does not stand against it. `brief`: it counts only in a page of few words and no
    video, since headlines hold any words. `ids` is a pattern of the whole ids for which the sign counts. `asked`
    finds, in the address and the body of the request, the ids that were asked for: an answer about others does not
    count.
    `unless` are conditions like those of `json`: where another object meets them, the sign does not count.
    """

    rule: str
    points_to: Status
    where: Where
    pattern: str
    reason: str
    at: str = ""
    strength: Strength = "strong"
    witness: str = ""
    denies: bool = False
    brief: bool = False
    ids: str = ""
    asked: str = ""
    unless: str = ""
