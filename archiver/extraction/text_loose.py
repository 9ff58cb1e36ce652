"""Attributions of X posts that hand edits or old copies have changed (embed-formats B1, B2).

Each asks for more around it than the whole form does: a dash at the beginning of a line or behind a
link, a media token right before, an invisible direction mark as X's own pages print it.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from archiver.extraction.dates import When, read_date
from archiver.extraction.text_marks import HANDLE_IN_BRACKETS, Mark
from archiver.extraction.text_span import LONG_TOKEN, STRONG_DASH, tidy

BARE_HANDLE = re.compile(r"(?<![\w(（@/.])@(?P<handle>\w{1,20})[\s\u200e\u200f,·]{1,4}(?=[^\W_])")
MEDIA_END = re.compile(r"pic\.(?:twitter|x)\.com/[A-Za-z0-9]{10}[\s\u00a0]{0,3}")
LINK_END = re.compile(r"(?:pic\.(?:twitter|x)\.com|//t\.co)/[A-Za-z0-9]{10}[\s>)]{0,40}")
HEADER = re.compile(
    r"^[^\S\n]{0,8}(?P<name>[^\n@]{1,50}?)[^\S\n]{0,3}(?P<mark>\u200f)?@(?P<handle>\w{1,20})"
    r"[^\S\n\u200f]{0,3}(?P<dot>[·•])?[^\S\n]{0,3}(?=[^\W_])",
    re.MULTILINE,
)
NAME_REACH = 70
WORDS_REACH = 600


def unbracketed(text: str) -> Iterator[Mark]:
    """`DASH NAME @handle DATE`, the dash at the beginning of a line or behind a link."""
    for bare in BARE_HANDLE.finditer(text):
        when = read_date(text, bare.end())
        dash = _dash_before(text, bare.start()) if when else None
        if when and dash:
            name = tidy(text[dash.end() : bare.start()])
            yield _mark(
                dash.start(), when, "text.attribution-no-brackets", 0.8, bare["handle"], name
            )


def _dash_before(text: str, at: int) -> re.Match[str] | None:
    """The last dash before a handle, if a line or a link ends right before it."""
    low = max(0, at - NAME_REACH)
    last = None
    for match in STRONG_DASH.finditer(text, low, at):
        last = match
    if last is None or "\n" in text[last.end() : at]:
        return None
    before = text[max(0, last.start() - 60) : last.start()].rstrip(" \u00a0")
    behind_link = before and any(m.end() == len(before) for m in LONG_TOKEN.finditer(before))
    return last if not before or before.endswith("\n") or behind_link else None


def nameless(text: str) -> Iterator[Mark]:
    """`pic.twitter.com/… DASH NAME DATE`: the handle is lost, the token still leads to the post."""
    for token in MEDIA_END.finditer(text) if "pic." in text else ():
        dash = STRONG_DASH.match(text, token.end())
        if not dash:
            continue
        for gap in re.finditer(r"\s", text[dash.end() : dash.end() + NAME_REACH]):
            at = dash.end() + gap.end()
            if "(" in text[dash.end() : at]:
                break
            when = read_date(text, at)
            name = tidy(text[dash.end() : at]) if when else ""
            if when and name:
                yield _mark(dash.start(), when, "text.attribution-no-handle", 0.7, None, name)
                break


def undated(text: str) -> Iterator[Mark]:
    """`pic.twitter.com/… DASH NAME (@HANDLE)` with which a line ends: the day is lost."""
    for link in LINK_END.finditer(text) if "pic." in text or "//t.co/" in text else ():
        dash = STRONG_DASH.match(text, link.end())
        stop = text.find("\n", dash.end()) if dash else -1
        stop = stop if stop >= 0 else len(text)
        bracket = dash and HANDLE_IN_BRACKETS.search(text, dash.end(), min(stop, dash.end() + 130))
        if dash and bracket and not text[bracket.end() : stop].strip():
            yield Mark(
                start=dash.start(),
                end=bracket.end(),
                platform="x",
                rule="text.attribution-no-date",
                confidence=0.6,
                handle=bracket["handle"].replace("\\", ""),
                name=tidy(text[dash.end() : bracket.start()]) or None,
            )


def headers(text: str) -> Iterator[Mark]:
    """`NAME @handle · DATE` as a line of its own above the words, as copied from X's pages."""
    for head in HEADER.finditer(text) if any(sign in text for sign in "\u200f·•") else ():
        when = read_date(text, head.end()) if head["mark"] or head["dot"] else None
        end_of_line = text.find("\n", when.end) if when else -1
        if not when or end_of_line < 0 or text[when.end : end_of_line].strip():
            continue
        stop = _paragraph_end(text, end_of_line + 1)
        if text[end_of_line:stop].strip():
            mark = _mark(head.start(), when, "text.header", 0.6, head["handle"], tidy(head["name"]))
            yield replace(mark, words=(end_of_line + 1, stop), end=stop)


def _paragraph_end(text: str, start: int) -> int:
    blank = re.compile(r"\n[^\S\n]*\n").search(text, start, start + WORDS_REACH)
    return blank.start() if blank else min(len(text), start + WORDS_REACH)


def _mark(start: int, when: When, rule: str, sure: float, handle: str | None, name: str) -> Mark:
    return Mark(
        start=start,
        end=when.end,
        platform="x",
        rule=rule,
        confidence=sure,
        handle=handle,
        name=name or None,
        day=when.day,
        at=when.at,
    )
