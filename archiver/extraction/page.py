"""What has been found so far on a page, and how deep inside its carriers we are."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from archiver.domain.embed import Embed, Role
from archiver.domain.post import PostRef
from archiver.platforms import Recognised, make_ref, permalink, recognise

DEEPEST = 4
"""Documents inside documents (escaped, encoded, framed) are read to this depth."""

BUDGET = 12_000_000
"""Characters of inner documents that are read for one page."""

LONGEST = 4096
"""Characters of an address that are looked at."""

NOWHERE = "https://page.invalid"
"""The host of addresses that name none."""

_ELSEWHERE = re.compile(
    r"\.(?:\w{0,30}(?:sidebar|trending|recommend|popular|suggested|blogroll)[\w-]{0,30}"
    r"|\w{0,30}(?:related|latest|more|next|other|top|most|river)\w{0,12}"
    r"(?:posts?|articles?|stor(?:y|ies)|news|links?|reads?|teasers?)"
    r"|\w{0,30}related(?:_?(?:videos?|contents?|items?))?|playlist\[\d{1,4}\]\.\w{0,30}content"
    r"|homepage\[\d{1,4}\])(?:[.\[]|$)"
    r"|\[data-[\w-]{0,30}(?:rail|related|recommend|trending|popular|teaser)",
    re.I,
)
"""Keys under which a page's payload keeps other articles, whose posts this page does not show."""

Attributes = dict[str, str | None]


class Finding(Struct, frozen=True, kw_only=True):
    """One carrier as it was read.

    `seen` is what stood in the page, `token` what to search the page's source for to know where;
    `tag` the name of the element that holds it. `loose` marks findings in payloads and scripts, whose
    place says nothing about the place on the page. `told` is what the carrier's text says of the post.
    """

    role: Role
    platform: str
    ref: PostRef | None
    url: str | None
    seen: str
    author: str | None
    rule: str
    sure: float
    token: str
    tag: str
    path: str
    loose: bool
    told: Embed | None = None


class Page:
    """The findings of one document in the order of reading, inner documents included.

    A page that is not `gated` is read by every reader, whatever the prefilter says. `holds` tells whether a
    script can hold anything, where the document has been looked over. The first `walked` findings were read in
    the order in which they stand in the document.
    """

    def __init__(self, *, gated: bool = True, holds: Callable[[bytes], bool] | None = None) -> None:
        self.gated = gated
        self.holds = holds
        self.findings: list[Finding] = []
        self.steps: list[str] = []
        self.loose = False
        self.depth = 0
        self.left = BUDGET
        self.flight: list[str] = []
        self.told: set[PostRef | None] = set()
        self.marks: set[str] = set()
        self.walked = 0

    def see(
        self, url: str, rule: str, *, role: Role = "embed", sure: float = 1.0, tag: str = ""
    ) -> Finding | None:
        """Note an address that some carrier holds. Gives the finding, or None when it is nothing.

        `rule` may hold `{}` for the platform. A profile is noted as a widget when the carrier shows
        it, and not at all when it is only linked; a share button never.
        """
        known = known_address(url[:LONGEST])
        if known is None or known.kind == "share":
            return None
        if known.kind in {"profile", "widget"}:
            if role == "link":
                return None
            role = "widget"
        token = known.ref.id.rpartition("/")[2].rpartition(":")[2] if known.ref else url
        return self._note(known, url, rule.replace("{}", known.platform), role, sure, token, tag)

    def know(
        self, platform: str, post_id: str, rule: str, *, role: Role = "embed", sure: float = 1.0,
        tag: str = "", token: str = "",
    ) -> Finding | None:  # fmt: skip
        """Note a post by its id. None when no post of the platform has such an id. `token` is what stands in the
        page where that is only a part of it."""
        ref = make_ref(platform, post_id)
        if ref is None:
            return None
        known = Recognised(platform=platform, kind="post", ref=ref, url=permalink(ref))
        token = token or post_id.rpartition(":")[2]
        return self._note(known, post_id, rule.replace("{}", platform), role, sure, token, tag)

    @property
    def framed(self) -> bool:
        """Whether what is read is all that a frame shows until a reader clicks."""
        return bool(self.steps) and self.steps[-1].endswith("srcdoc]")

    def known(self, url: str) -> Recognised | None:
        """What an address is, without noting it."""
        return known_address(url)

    def tell(self, told: Embed | None) -> None:
        """Add to the last finding what its carrier's text says of the post."""
        if told is not None and self.findings:
            self.findings[-1] = replace(self.findings[-1], told=told)
            if self.findings[-1].ref is not None:
                self.told.add(self.findings[-1].ref)

    def is_told(self, found: Finding) -> bool:
        """Whether another carrier of the same post has told its words already."""
        return found.ref in self.told

    def leave(self, told: Embed, tag: str) -> None:
        """Note a post of which only the words are left."""
        known = Recognised(platform=told.platform, kind="short", url="")
        rule = f"{told.platform}.text"
        sure = min(piece.confidence for piece in told.evidence)
        self._note(known, told.handle or "", rule, "embed", sure, told.handle or "", tag)
        self.tell(told)

    def widget(self, platform: str, rule: str, tag: str) -> Finding:
        """Note a widget that names nothing."""
        known = Recognised(platform=platform, kind="widget", url="")
        return self._note(known, "", rule, "widget", 0.9, rule, tag)

    def _note(
        self, known: Recognised, seen: str, rule: str, role: Role, sure: float, token: str, tag: str
    ) -> Finding:
        path = " > ".join(self.steps)
        if role == "embed" and "$" in path and _ELSEWHERE.search(path):
            role = "link"
        finding = Finding(
            role=role,
            platform=known.platform,
            ref=known.ref,
            url=known.url or None,
            seen=seen,
            author=known.author,
            rule=rule,
            sure=sure,
            token=token,
            tag=tag,
            path=path,
            loose=self.loose,
        )
        self.findings.append(finding)
        return finding

    @contextmanager
    def marked(self, marks: set[str]) -> Iterator[None]:
        """Read a document of which the prefilter says that it holds these marks."""
        before, self.marks = self.marks, marks
        try:
            yield
        finally:
            self.marks = before

    @contextmanager
    def inside(self, step: str, size: int, *, loose: bool = False) -> Iterator[bool]:
        """Go into an inner document of `size` characters; gives False when it is too deep or too much."""
        allowed = self.depth < DEEPEST and size <= self.left
        before = self.loose
        self.depth += 1
        self.left -= size if allowed else 0
        self.loose = self.loose or loose
        self.steps.append(step)
        try:
            yield allowed
        finally:
            self.steps.pop()
            self.loose = before
            self.depth -= 1


@lru_cache(maxsize=8192)
def known_address(url: str) -> Recognised | None:
    """What an address is; one without a host is completed first (proxies on the page's own site)."""
    if not url.startswith("/") or url.startswith(("//", "/web/")):
        return recognise(url)
    known = recognise(NOWHERE + url)
    return None if known and known.url.startswith(NOWHERE) else known  # a player of the site's own
