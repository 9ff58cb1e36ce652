"""Patterns mean the same in every Python that is supported.

Before 3.11.5 a possessive repeat of several characters does not go back to where its last, failed try began
(https://github.com/python/cpython/issues/106052), and Debian 12 has 3.11.2. Repeats of one character are sound.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import archiver

ONE = {names.IN, names.LITERAL, names.NOT_LITERAL, names.ANY}


def patterns(value: object, depth: int = 0) -> Iterator[re.Pattern]:
    """The patterns in a module's variable, in its tables too."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, dict):
        yield from patterns(tuple(value.values()), depth + 1)
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from patterns(one, depth + 1)


def repeats(part: object) -> Iterator[object]:
    """What is repeated possessively in a parsed pattern, at any depth."""
    if isinstance(part, parser.SubPattern):
        for name, what in part:
            if name is names.POSSESSIVE_REPEAT:
                yield what[2]
            yield from repeats(what)
    elif isinstance(part, tuple | list):
        for one in part:
            yield from repeats(one)


def unsound(pattern: re.Pattern) -> bool:
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    return any(len(one) != 1 or one[0][0] not in ONE for one in repeats(parsed))


def test_no_possessive_repeat_of_several_characters() -> None:
    found = {}
    for module in pkgutil.walk_packages(archiver.__path__, "archiver."):
        if not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                found |= dict.fromkeys(patterns(value), module.name)
    assert len(found) > 250
    assert not {name: p.pattern for p, name in found.items() if unsound(p)}


def test_the_rule_sees_such_a_repeat() -> None:
    assert unsound(re.compile(r"a(?:\r\n[a-z]+)*+b"))
    assert unsound(re.compile(rb"(?=x(ab)?+)"))
    assert not unsound(re.compile(r"a(?:\r\n[a-z]++)*b*+[^c]?+\d{2,3}+"))
