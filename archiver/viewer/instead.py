"""Whether a reader may give what it found for a request: those that there are look for something similar where they
have nothing, and take one body for another.

What was sent with a request, and what came, are compared by their SHA-256: the keys of the readers are cut, folded
and sorted, so that different bodies may have the same one.
"""

from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import parse_qs

from msgspec import Struct

from archiver.platforms import recognise
from archiver.viewer.serve import Bytes, Reply
from archiver.viewer.shown import Posted, Shown

VAIN = "It was asked for, and no answer came."
OTHER_POST = "It is the address of a post that was not received there."
OTHER_REQUEST = "What there is was the answer to another request."
FOLDED = "__wb_method="
"""In an address that a reader made of a request with a body."""


class Question(Struct, frozen=True):
    """What a reader was asked for, and the address of which it has an answer: empty where that is the same one.

    Of a request that is no GET also what was sent and what would be given, as SHA-256 in hexadecimal; empty
    where that is not known.
    """

    asked: str = ""
    given: str = ""
    method: str = "GET"
    sent: str = ""
    got: str = ""


class Instead:
    """Says which answers a reader may give.

    Not that of another address where a capture asked for it in vain, nor where the two are addresses of different
    posts: what was not received would be shown as something else that was. And to a request that is no GET not what
    came upon another one, unless its address only ever gave one answer.
    """

    def __init__(self, captures: Iterable[Shown]) -> None:
        self._unanswered: set[str] = set()
        self._posted: dict[tuple[str, str], list[Posted]] = defaultdict(list)
        for one in captures:
            self._unanswered.update(one.unanswered)
            for posted in one.posted:
                self._posted[posted.method, posted.url].append(posted)
        self._came = {one.got for some in self._posted.values() for one in some}

    def __call__(self, query: str) -> Reply:
        """The answer to a reader's question, whose fields are those of Question: 404 with the reason, or 200."""
        told = {name: values[0] for name, values in parse_qs(query).items()}
        question = Question(*(told.get(name, "") for name in Question.__struct_fields__))
        why = self.why_not(question)
        body = Bytes(f"Not in this archive: {question.asked}\n{why}\n".encode("utf-8", "replace"))
        status = HTTPStatus.NOT_FOUND if why else HTTPStatus.OK
        return Reply("text/plain; charset=utf-8", body, {}, status)

    def why_not(self, one: Question) -> str:
        """Why the reader may not give it; empty when it may."""
        known = self._posted.get((one.method, one.asked), ())
        if known:
            return self._why_not_posted(one, known)
        if one.asked in self._unanswered:
            return VAIN
        if one.method in {"", "GET"} and FOLDED in one.given:
            return OTHER_REQUEST
        here, there = recognise(one.asked), recognise(one.given)
        if here and there and here.ref and there.ref and here.ref != there.ref:
            return OTHER_POST
        return ""

    def _why_not_posted(self, one: Question, known: Iterable[Posted]) -> str:
        """The same for an address that was asked with this method."""
        answers = {posted.got for posted in known if posted.got}
        mine = {posted.got for posted in known if posted.got and posted.sent == one.sent}
        if one.got in mine:
            return ""
        if not mine and (len(answers) != 1 or any(not posted.got for posted in known)):
            return OTHER_REQUEST if answers else VAIN
        may_be = mine or answers
        if one.got in self._came - may_be or (one.given and len(answers) > 1):
            return OTHER_REQUEST
        return ""
