"""The verdict: what a visit received, put into a status, with the observations it rests on.

`captured` needs the post's own id, author or words in what was received, and nothing authoritative
against it; `gone` an authoritative sign or two independent ones, since live posts get tombstones too
(users-ask 2.2). Everything else is the weaker word. The rules are rows in the platform files.
"""

from collections.abc import Iterable, Sequence, Set
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.verdict_look import Received, VisitEvidence
from archiver.capture.verdict_proof import drawn_by, proof
from archiver.capture.verdict_signs import see
from archiver.domain.capture import Outcome, Signal, Status
from archiver.net.pace import retry_after
from archiver.platforms import PLATFORMS, by_name
from archiver.platforms.signs import Sign
from archiver.platforms.unshown import UNSHOWN
from archiver.platforms.walls import WALLS

__all__ = ["VisitEvidence", "judge", "weigh"]

MOST_SIGNALS = 12
SHOWN = "img, svg, video, audio, canvas, iframe, frame, object, embed, input, [style*=background]"
NO_ANSWER = "no answer came"
"""How the reason begins where a view's server said nothing at all."""
SOLE_GONE = "; live posts get such an answer too, so this alone does not prove that it is gone"


class Seen(Struct, frozen=True):
    """A sign and the observation that shows it."""

    sign: Sign
    signal: Signal

    def apart(self, other: "Seen") -> bool:
        """Whether it is another's word: signs of one witness count once. One server is one witness, however many
        of its addresses say the same, unless the platform's table names both as systems that know by themselves."""
        mine, theirs = self.sign.witness, other.sign.witness
        if mine and theirs:
            return mine != theirs
        return urlsplit(self.signal.url).netloc != urlsplit(other.signal.url).netloc


def judge(evidence: VisitEvidence) -> Outcome:
    """The status of one visit. Pure: nothing is asked, nothing is changed.

    Of a page that broke off, what came shows the post, but nobody knows what of it the rest would have shown.
    """
    outcome, main = _judged(Received(evidence)), evidence.main
    if outcome.status is not Status.CAPTURED or main is None or main.truncated in {None, "length"}:
        return outcome  # that a limit of size cut it, the visit says itself
    why = f"{outcome.reason}; the page did not come whole: {main.error or main.truncated}"
    return replace(outcome, status=Status.PARTIAL, reason=why)


def _judged(received: Received) -> Outcome:
    """The status by what came, however it ended."""
    evidence = received.evidence
    platform = by_name(evidence.post.ref.platform)
    table = (*platform.signs, *WALLS, *UNSHOWN) if platform else WALLS
    seen = _telling([Seen(sign, signal) for sign in table for signal in see(sign, received)])
    shown = proof(received)
    final = _settled(seen, shown)
    if final:
        return _outcome(final.sign.points_to, final.sign.reason, seen, evidence)
    if shown and not _refused(shown, seen):
        return _captured(received, shown, seen)
    return _without_post(received, seen)


REASONS = frozenset(
    {Status.PRIVATE, Status.WITHHELD, Status.LOGIN_WALL, Status.BOT_WALL, Status.RATE_LIMITED}
)
"""What says why a post is not shown, and so more than that it is not."""


def _telling(seen: Sequence[Seen]) -> list[Seen]:
    """The signs without those that another explains: an answer that gives a reason does not say `gone`
    as well, and before a bot wall the HTTP status is the wall's and not the post's."""
    strong = [s for s in seen if s.sign.strength != "weak"]
    reasons = {s.signal.url for s in strong if s.sign.points_to in REASONS}
    walled = any(s.sign.points_to is Status.BOT_WALL for s in strong)
    return [s for s in seen if not _explained(s, reasons, walled=walled)]


def _explained(seen: Seen, reasons: Set[str], *, walled: bool) -> bool:
    sign = seen.sign
    settles = sign.strength == "authoritative"
    if walled and sign.where == "status" and (sign.points_to is Status.GONE or not settles):
        return sign.points_to is not Status.BOT_WALL
    if settles:
        return False
    return sign.points_to is Status.GONE and seen.signal.url in reasons


def _settled(seen: Sequence[Seen], shown: Signal | None) -> Seen | None:
    """The authoritative sign that decides. What is said of the post in data outweighs its presence."""
    decisive = [s for s in seen if s.sign.strength == "authoritative"]
    if shown:
        decisive = [s for s in decisive if s.sign.where in ("json", "css")]
    return decisive[0] if decisive else None


def _refused(shown: Signal, seen: Sequence[Seen]) -> bool:
    """Whether anything says more than what shows the post: than a page's card or its links, which error shells may
    carry as well, or than something drawn that may be the message itself."""
    if shown.rule == "post.drawn":
        return any(s.sign.denies or s.sign.where == "url" for s in seen)
    if shown.rule not in ("post.card", "post.page"):
        return False
    bare = shown.rule == "post.page"
    return any(
        s.sign.strength != "weak" or s.sign.where == "json" or (bare and s.sign.brief) for s in seen
    )


def _captured(received: Received, shown: Signal, seen: Sequence[Seen]) -> Outcome:
    """Captured, or partial where the data came and a page with a known look did not draw it."""
    evidence = received.evidence
    platform = by_name(evidence.post.ref.platform)
    selectors = platform.drawn if platform else ()
    undrawn = bool(selectors) and not evidence.drawn and not drawn_by(received, selectors)
    signals = (shown, *_signals(seen))
    only_data = shown.rule == "post.data" and shown.url != received.main_url
    less = next((s.sign for s in seen if s.sign.points_to is Status.PARTIAL), None)
    if less:
        return Outcome(status=Status.PARTIAL, reason=less.reason, signals=signals[:MOST_SIGNALS])
    if undrawn and only_data and evidence.view.kind != "metadata":
        return Outcome(
            status=Status.PARTIAL,
            reason="the post's data was received, but the page did not draw it",
            signals=signals[:MOST_SIGNALS],
        )
    reason = f"the post was received ({HOW_SHOWN[shown.rule]})"
    return Outcome(status=Status.CAPTURED, reason=reason, signals=signals[:MOST_SIGNALS])


HOW_SHOWN = {
    "post.data": "its data with its id",
    "post.drawn": "it is drawn in the page",
    "post.card": "the page's card describes it",
    "post.words": "its words are there",
    "post.page": "a page with content names it",
}


def _without_post(received: Received, seen: Sequence[Seen]) -> Outcome:
    """The status where nothing shows the post: the walls in their order, then what is left."""
    evidence = received.evidence
    if evidence.post.ref.platform == "web" and (not seen or _only_parts(received, seen)):
        return _web(received)
    gone = [s for s in seen if s.sign.points_to is Status.GONE]
    if _independent(gone):
        return _outcome(Status.GONE, gone[0].sign.reason, seen, evidence)
    strong = [s for s in seen if s.sign.strength == "strong"]
    other = next((s for s in strong if s.sign.points_to is not Status.GONE), None)
    first = next(iter(strong), None) or next(iter(seen), None)
    if first and first.sign.points_to is Status.GONE and (not other or _is_error(other)):
        return _outcome(Status.FAILED, first.sign.reason + SOLE_GONE, seen, evidence)
    if other:
        return _outcome(other.sign.points_to, other.sign.reason, seen, evidence)
    if first:
        weak = first.sign.points_to
        status = weak if weak in (Status.LOGIN_WALL, Status.BOT_WALL) else Status.FAILED
        return _outcome(status, first.sign.reason, seen, evidence)
    return Outcome(status=Status.FAILED, reason=_nothing(received))


def _only_parts(received: Received, seen: Sequence[Seen]) -> bool:
    """Whether the signs are no more than parts that a page of many words may have: a form, a banner, a captcha."""
    parts = (s.sign.strength == "weak" or s.sign.where == "css" for s in seen)
    return not received.brief and all(parts)


def _is_error(seen: Seen) -> bool:
    """Whether a sign says no more than that something went wrong."""
    return seen.sign.points_to is Status.FAILED


def _independent(gone: Sequence[Seen]) -> bool:
    """Whether two signs of `gone` come from two witnesses and two answers, one of them a strong one."""
    return any(
        one.apart(other) and one.signal.url != other.signal.url and one.sign.strength != "weak"
        for one in gone
        for other in gone
    )


def _web(received: Received) -> Outcome:
    """A page of no known platform is captured when it answered and has content."""
    evidence = received.evidence
    main = evidence.main
    came = main is not None and (evidence.visible_text.strip() or main.body.size)
    if main and 200 <= main.status < 300 and came and not _empty(received):
        signal = Signal(
            rule="page.text", points_to=Status.CAPTURED, url=main.url, detail=f"HTTP {main.status}"
        )
        led = "a page was received to which the visit was led, at another address"
        reason = "the page was received" if received.at_post else led
        return Outcome(status=Status.CAPTURED, reason=reason, signals=(signal,))
    return Outcome(status=Status.FAILED, reason=_nothing(received))


def _empty(received: Received) -> bool:
    """Whether a page was drawn and shows nothing: no words, nothing to be seen, nothing in its components."""
    evidence, tree = received.evidence, received.tree
    if evidence.visible_text.strip() or not evidence.dom or tree is None:
        return False
    return "shadowrootmode" not in evidence.dom and not tree.css_first(SHOWN)


def _nothing(received: Received) -> str:
    """Why there is nothing: no answer, an empty shell, or a page that is not the post."""
    evidence = received.evidence
    if evidence.main is None or evidence.main.status == 0:
        why = evidence.error or (evidence.main.error if evidence.main else "")
        return f"{NO_ANSWER} ({why})" if why else NO_ANSWER
    if evidence.error:
        return evidence.error
    if evidence.main.truncated and not evidence.main.body.size:
        return f"the page did not come whole: {evidence.main.error or evidence.main.truncated}"
    if received.elsewhere:
        return "the visit was led to a page that is not the post's"
    if not evidence.visible_text.strip():
        return "an empty page came: neither the post nor a reason"
    return "a page came, but nothing in it shows the post or says why not"


def _signals(seen: Iterable[Seen]) -> tuple[Signal, ...]:
    return tuple(dict.fromkeys(s.signal for s in seen))


def _outcome(status: Status, reason: str, seen: Sequence[Seen], evidence: VisitEvidence) -> Outcome:
    """An outcome whose own signals come first; with the wait that the site asks for."""
    ordered = sorted(seen, key=lambda s: s.sign.points_to is not status)
    waits = (
        retry_after(e.header("retry-after"), e.started_at)
        for e in (evidence.main, *evidence.exchanges)
        if e and e.status in (429, 420, 503)
    )
    return Outcome(
        status=status,
        reason=reason,
        signals=_signals(ordered)[:MOST_SIGNALS],
        retry_after=max((w for w in waits if w is not None), default=None),
    )


ORDER = (
    Status.CAPTURED, Status.PARTIAL, Status.GONE, Status.PRIVATE, Status.WITHHELD,
    Status.RATE_LIMITED, Status.LOGIN_WALL, Status.BOT_WALL, Status.FAILED,
)  # fmt: skip
"""Of several views' outcomes, the one that says most of the post."""


def weigh(outcomes: Sequence[Outcome]) -> Outcome | None:
    """One outcome for all views of a post: the one that says most, or `gone` on two witnesses' word.

    A view that fails on one sign of deletion keeps that sign among its signals, so that the next
    view's sign can be the second. None when nothing was tried.
    """
    best = min(outcomes, key=lambda outcome: _place(outcome.status), default=None)
    if best is None or best.status in (Status.CAPTURED, Status.PARTIAL, Status.GONE):
        return best
    strengths = {sign.rule: sign for sign in _every_sign()}
    gone = [s for outcome in outcomes for s in outcome.signals if s.points_to is Status.GONE]
    seen = [Seen(strengths[s.rule], s) for s in gone if s.rule in strengths]
    closed = best.status in (Status.PRIVATE, Status.WITHHELD)
    if closed or not _independent(seen):
        return best
    first = next(s for s in seen if s.sign.strength != "weak")
    signals = tuple(dict.fromkeys(s.signal for s in (first, *seen)))
    return Outcome(status=Status.GONE, reason=first.sign.reason, signals=signals[:MOST_SIGNALS])


def _every_sign() -> Iterable[Sign]:
    return (*WALLS, *(sign for platform in PLATFORMS for sign in platform.signs))


def _place(status: Status) -> int:
    return ORDER.index(status) if status in ORDER else len(ORDER)
