"""Headers of a shape that was met before, read by one expression.

Nearly all headers of an archive have one of a few shapes: a record type, and fields in some order. A header
that was read with care, and in which every rule was kept, teaches its shape. Another one of that shape keeps
every rule too when its values have their forms: no other rule looks further than at type, profile and the
names of the fields. Whatever has no known shape is read with care.
"""

import re

from msgspec import Struct

MOST = 8
"""Shapes that are kept of those that begin alike, and how many beginnings are."""
BEGINNING = slice(10, 26)
"""Where headers of different record types differ, as they are usually written."""
ANY = r"[!-~](?:[ -~]*+(?<! ))?"
"""Visible characters, spaces between them."""


class Shape(Struct, frozen=True):
    """An expression with a group for each field; `names` are those of the fields in lower case, `places` the
    groups of their first values, `repeats` the groups of the others."""

    form: re.Pattern[str]
    names: tuple[str, ...]
    places: tuple[int, ...]
    repeats: tuple[tuple[str, tuple[int, ...]], ...]


Fields = tuple[dict[str, str], dict[str, list[str]]]
"""The first value of each field, and the others of those that repeat."""


class Shapes:
    """The shapes met so far: `known`, by how their headers begin."""

    def __init__(self) -> None:
        self.known: dict[str, list[Shape]] = {}

    def read(self, text: str) -> Fields | None:
        """The fields of a header of a known shape, None for another. Times and addresses have their form;
        whether there are such is still to be seen."""
        for shape in self.known.get(text[BEGINNING], ()):
            if match := shape.form.fullmatch(text):
                first = dict(zip(shape.names, match.group(*shape.places), strict=True))
                return first, {
                    name: [match[place] for place in places] for name, places in shape.repeats
                }
        return None

    def learn(self, text: str, values: dict[str, str]) -> None:
        """Take the shape of a header that keeps all rules; `values` are the expressions of its fields' values
        by the lower-case name. What is not written in the usual way teaches nothing."""
        version, *lines = text.split("\r\n")
        spelled = [line.partition(": ")[0] for line in lines]
        names = [name.lower() for name in spelled]
        pairs = zip(spelled, names, strict=True)
        parts = [f"{re.escape(name)}: ({values.get(low) or ANY})" for name, low in pairs]
        known = self.known.get(text[BEGINNING], [])
        if len(known) >= MOST or (not known and len(self.known) >= MOST):
            return
        form = re.compile("\r\n".join([re.escape(version), *parts]))
        if not form.fullmatch(text):
            return
        firsts = tuple(dict.fromkeys(names))
        groups = {name: [at for at, one in enumerate(names, 1) if one == name] for name in firsts}
        places = tuple(groups[name][0] for name in firsts)
        repeats = tuple((name, tuple(at[1:])) for name, at in groups.items() if len(at) > 1)
        self.known.setdefault(text[BEGINNING], known).append(Shape(form, firsts, places, repeats))
