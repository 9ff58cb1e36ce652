"""Looking for the signs of the tables in what a visit received."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from archiver.capture.verdict_look import Json, Received, along, objects, select, spoken
from archiver.domain.capture import Signal, Status
from archiver.platforms import recognise
from archiver.platforms.signs import Sign

DETAIL = 160
KEY = re.compile(r"[\w-]+")
"""Ids that may stand in a selector as they are."""


def see(sign: Sign, received: Received) -> Iterator[Signal]:
    """Every place in what was received that shows a sign."""
    mine = not sign.ids or re.fullmatch(sign.ids, received.evidence.post.ref.id)
    if mine and (received.brief or not sign.brief):
        yield from LOOKS[sign.where](sign, received)


def _signal(sign: Sign, url: str, detail: str) -> Signal:
    shown = " ".join(detail.split())[:DETAIL]
    return Signal(rule=sign.rule, points_to=sign.points_to, url=url, detail=shown)


def _status(sign: Sign, received: Received) -> Iterator[Signal]:
    for exchange in received.answers(received.place(sign)):
        if re.fullmatch(sign.pattern, str(exchange.status)):
            yield _signal(sign, exchange.url, f"HTTP {exchange.status}")


def _header(sign: Sign, received: Received) -> Iterator[Signal]:
    name, _, pattern = sign.pattern.partition(": ")
    for exchange in received.answers(received.place(sign)):
        value = exchange.header(name)
        if value is not None and re.search(pattern, value, re.IGNORECASE):
            yield _signal(sign, exchange.url, f"{name}: {value}")


def _url(sign: Sign, received: Received) -> Iterator[Signal]:
    final = received.evidence.final_url
    if not _is_own(final, received) and re.search(sign.pattern, final, re.IGNORECASE):
        yield _signal(sign, received.main_url, final)


def _is_own(address: str, received: Received) -> bool:
    """Whether an address is the post's own, whatever words are in it (a song may be called `login`)."""
    evidence = received.evidence
    if evidence.post.ref.platform == "web":
        return address == evidence.view.url
    known = recognise(address)
    return known is not None and known.ref == evidence.post.ref


def _json(sign: Sign, received: Received) -> Iterator[Signal]:
    conditions = _conditions(sign.pattern, received)
    nameless = "{id}" in sign.pattern and not received.key
    for document in () if nameless or _contradicted(sign, received) else received.json:
        if not _counts(sign, document, received):
            continue
        rooted = any(condition.lstrip("!?").startswith("$") for condition in conditions)
        for found in [document.value] if rooted else objects(document.value):
            details = _met(found, conditions)
            if details is not None:
                yield _signal(sign, document.url, details)
                break


def _contradicted(sign: Sign, received: Received) -> bool:
    """Whether something else that was received says that it is otherwise; looked for once for all signs."""
    if sign.unless and sign.unless not in received.contradicted:
        conditions = _conditions(sign.unless, received)
        every = (found for document in received.json for found in objects(document.value))
        received.contradicted[sign.unless] = any(_met(f, conditions) is not None for f in every)
    return received.contradicted.get(sign.unless, False)


def _counts(sign: Sign, document: Json, received: Received) -> bool:
    """Whether a document is one of those in which a sign is looked for."""
    if sign.at and not re.search(received.place(sign), document.url):
        return False
    question = f"{unquote(document.url)} {document.request}" if sign.asked else ""
    asked = re.findall(sign.asked, question) if sign.asked else []
    if asked and received.key.lower() not in map(str.lower, asked):
        return False
    return not (document.failed and sign.points_to is Status.GONE)


def _conditions(pattern: str, received: Received) -> list[str]:
    return [part.replace("{id}", re.escape(received.key)) for part in pattern.split("; ")]


def _met(value: object, conditions: list[str]) -> str | None:
    """What an object shows for all the conditions, or None where it does not meet one of them."""
    details = [_meets(value, condition) for condition in conditions]
    return None if None in details else ", ".join(d for d in details if d)


def _meets(value: object, condition: str) -> str | None:
    """What an object shows for one condition, or None where it does not meet it."""
    path, _, pattern = condition.partition("=")
    negated, optional = path.startswith("!"), path.startswith("?")
    path = path.lstrip("!?").removeprefix("$")
    found = [spoken(here) for here in along(value, path)]
    if negated or (optional and not found):
        return None if found else ""
    match = next((s for s in found if re.fullmatch(pattern, s, re.IGNORECASE | re.DOTALL)), None)
    return None if match is None else f"{path.strip('.') or 'body'}: {match}"


def _css(sign: Sign, received: Received) -> Iterator[Signal]:
    selector, _, pattern = sign.pattern.partition(" :: ")
    selector = selector.replace("{id}", received.key) if KEY.fullmatch(received.key) else selector
    absent = sign.where == "no-css"
    for url, tree in received.documents(received.place(sign), whole=absent):
        found = next((n for n in select(tree, selector) if _says(n.text(), pattern)), None)
        if (found is None) == absent:
            yield _signal(sign, url, (found.text() if found else "") or selector)


def _says(text: str | None, pattern: str) -> bool:
    shown = " ".join((text or "").split())
    return not pattern or re.fullmatch(pattern, shown, re.IGNORECASE) is not None


def _text(sign: Sign, received: Received) -> Iterator[Signal]:
    if sign.at and not re.search(received.place(sign), received.evidence.final_url):
        return
    match = re.search(sign.pattern, received.evidence.visible_text, re.IGNORECASE)
    if match:
        yield _signal(sign, received.main_url, match[0])


LOOKS = {
    "status": _status,
    "header": _header,
    "url": _url,
    "json": _json,
    "css": _css,
    "no-css": _css,
    "text": _text,
}
