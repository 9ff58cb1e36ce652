"""The page of a capture, as its manifest tells it: where a viewer begins, and under which title."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from archiver.verification.entry import moment


class Answer(Protocol):
    """A record as a manifest lists it."""

    type: str
    target_uri: str | None
    date: str


class Shown(Struct, frozen=True, gc=False):
    """What the page list must say of a capture: address, time to the second as an index tells it, title."""

    url: str
    at: str
    title: str


def page_of(url: str | None, at: str | None, title: str, records: Iterable[Answer]) -> Shown | None:
    """The page at this address and time; None where no answer among the records is one."""
    began = moment(at)
    if url is None or began is None:
        return None
    answers = (r for r in records if r.target_uri == url and r.type in ("response", "revisit"))
    if not any(moment(record.date) == began for record in answers):
        return None
    return Shown(url, digits(began), title)


def digits(moment: datetime) -> str:
    """Year to second of an instant in UTC."""
    return moment.strftime("%Y%m%d%H%M%S")
