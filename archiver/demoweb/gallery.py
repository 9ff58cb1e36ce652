"""The gallery: posts that no article of the demo web embeds, one for each way of not being shown.

Each exhibit is a post of its own id with the answers that its platform gives in that state, by address; what
it has no answer for, its platform's site answers as for a post that it does not know. So every state can be
asked for over HTTP, or visited, without making the demo itself longer.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from msgspec import Struct

from archiver.demoweb.model import Answer, Request
from archiver.domain.capture import Status
from archiver.domain.post import PostRef


class Shown(Struct, frozen=True):
    """An answer for the addresses (`host/path?query`) in which the pattern is found."""

    at: str
    answer: Answer


class Exhibit(Struct, frozen=True, kw_only=True):
    """A post in one state. `key` is the part of its id by which requests are told apart, `url` where it
    stands, `status` what an archiver that judges rightly ends up with."""

    ref: PostRef
    state: str
    url: str
    status: Status
    shown: tuple[Shown, ...]
    author: str = ""

    @property
    def key(self) -> str:
        """The part of the id that stands in every request for the post."""
        return re.split(r"[/:]", self.ref.id)[-1]

    def answer(self, request: Request) -> Answer | None:
        """The first answer whose addresses the request is one of."""
        asked = f"{request.host}{request.target}"
        return next((one.answer for one in self.shown if re.search(one.at, asked)), None)


class Gallery:
    """All exhibits; used from any thread."""

    def __init__(self, exhibits: Iterable[Exhibit]) -> None:
        self._by_key = {exhibit.key: exhibit for exhibit in exhibits}
        self._keys = re.compile(
            "|".join(sorted(map(re.escape, self._by_key), key=len, reverse=True))
        )

    def answer(self, request: Request) -> Answer | None:
        """What the exhibit that a request names answers; None for a request that names none."""
        said = unquote(unquote(request.target)) + request.body[:5000].decode("utf-8", "replace")
        found = self._keys.search(said)
        return self._by_key[found[0]].answer(request) if found else None
