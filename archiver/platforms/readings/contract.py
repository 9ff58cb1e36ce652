"""What a reading is: a table row that says where an answer keeps the facts of a post."""

from msgspec import Struct


class Reading(Struct, frozen=True, kw_only=True):
    """One form of answer, and where its values stand.

    A reading of JSON looks at every object that has all of `having` (`path`, or `path=pattern` of the
    whole value); one of HTML at every element that matches `card` (the whole page where it is `:root`).
    `at` is a pattern searched in the address of the answer. A place in JSON is keys divided by dots
    (`*` is every item or value); in HTML it is a selector inside the card, empty for the card itself,
    with `@attribute` after it; ` >> ` leads from a JSON value, or an attribute, into the HTML it holds. ` | ` divides
    alternatives, the best first.

    `post` are the places that name the post, tried in order: `id:PLACE` holds an id, `url:PLACE` an
    address, `asked` stands for the address that was asked for. `{}` of `shape` is the id as found,
    `{host}` the host of the answer, `{KEY}` a plain value beside it. `lacking` are keys that such an
    object never has. `told` are the fields of `PostMetadata`, with `counts.NAME` for counts; `media` is
    the place of each medium, `medium` the fields of `Medium` from there; what holds several values
    (`labels`, `edits`, `variants`) may be told more than once. `related` are relations, each with a place that holds
    an address, an id or the other post's own object. An empty `platform` is any.
    """

    name: str
    platform: str = ""
    at: str = ""
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    card: str = ""
    post: tuple[str, ...] = ("asked",)
    shape: str = "{}"
    told: tuple[tuple[str, str], ...] = ()
    media: str = ""
    medium: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, str], ...] = ()
