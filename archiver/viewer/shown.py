"""What the list shows: captures, gathered by what they are captures of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from archiver.domain.capture import RECEIVED

NOT_POSTS = ("web", "document")
"""Platforms of targets that are articles or plain pages."""


class Posted(Struct, frozen=True):
    """A request that was no GET: what was sent with it and what came, as SHA-256 in hexadecimal. `sent` is empty where
    it is not known, `got` where no answer came."""

    method: str
    url: str
    sent: str = ""
    got: str = ""


class Shown(Struct, frozen=True, kw_only=True):
    """One capture. `page_url` and `page_at` are where its replay begins; None where there is no page. `needed`: it
    came along in an export only for what the chosen ones share with it. `unanswered`: addresses of which it holds no
    answer, although it asked for them. `posted`: its requests that were no GET."""

    package: str
    capture_id: str
    target: str
    status: str
    reason: str
    at: datetime
    title: str | None = None
    author: str | None = None
    text: str | None = None
    page_url: str | None = None
    page_at: datetime | None = None
    articles: tuple[str, ...] = ()
    needed: bool = False
    unanswered: tuple[str, ...] = ()
    posted: tuple[Posted, ...] = ()

    @property
    def received(self) -> bool:
        """Whether the post came; else its words are what the article or a platform told of it."""
        return self.status in RECEIVED

    @property
    def platform(self) -> str:
        """The platform of the target."""
        return self.target.partition(":")[0]

    @property
    def name(self) -> str:
        """The target without its platform."""
        return self.target.partition(":")[2]

    @property
    def heading(self) -> str:
        """What a person would call it: who posted, else the page's title, else its address."""
        return self.author or self.title or self.page_url or self.name


class Subject(Struct, frozen=True):
    """A post, article or page with all its captures, the newest first."""

    captures: tuple[Shown, ...]

    @property
    def last(self) -> Shown:
        """The newest capture: what it found is what the list says."""
        return self.captures[0]

    @property
    def best(self) -> Shown:
        """The newest capture that holds a page, or else the newest."""
        return next((one for one in self.captures if one.page_url), self.last)

    @property
    def articles(self) -> tuple[str, ...]:
        """Where the post is embedded."""
        return tuple(dict.fromkeys(a for one in self.captures for a in one.articles))


def gathered(captures: Iterable[Shown]) -> tuple[Subject, ...]:
    """The captures by target, each target's newest first; the targets by their newest, newest first. Those that
    only came along are subjects of their own."""
    by_target: dict[tuple[str, bool], list[Shown]] = {}
    for one in captures:
        by_target.setdefault((one.target, one.needed), []).append(one)
    subjects = [
        Subject(tuple(sorted(found, key=_when, reverse=True))) for found in by_target.values()
    ]
    return tuple(sorted(subjects, key=lambda subject: _when(subject.last), reverse=True))


def _when(one: Shown) -> tuple[datetime, str]:
    return one.at, one.capture_id


def chosen(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Those that are there for their own sake."""
    return tuple(subject for subject in subjects if not subject.last.needed)


def needed(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Those that only came along."""
    return tuple(subject for subject in subjects if subject.last.needed)


def posts(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Those that are posts, and were chosen."""
    found = chosen(subjects)
    return tuple(subject for subject in found if subject.last.platform not in NOT_POSTS)


def articles(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Those that are articles or pages, and were chosen."""
    return tuple(subject for subject in chosen(subjects) if subject.last.platform in NOT_POSTS)
