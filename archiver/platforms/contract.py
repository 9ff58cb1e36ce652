"""What a platform file says about its site, as data.

Everything here is a table row: how its addresses look (`Form`), what each kind of id stands for
(`Address`), how its posts are marked up in articles (`Markup`). The functions that use the rows are
in `recognise.py` (addresses) and in the extraction stage (markup).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from archiver.domain.embed import Role
from archiver.domain.post import PostRef
from archiver.platforms.signs import Sign

Kind = Literal["post", "short", "profile", "widget", "share"]


class Recognised(Struct, frozen=True, kw_only=True):
    """What an address is.

    `ref` is set when `kind` is `post`. `short` is a link that must be followed to know the post,
    `widget` a timeline, board, playlist box or channel, `share` a button that is never recorded.
    `url` is the canonical form of the address.
    """

    platform: str
    kind: Kind
    ref: PostRef | None = None
    url: str
    author: str | None = None


class Form(Struct, frozen=True):
    """One form of address.

    `path` must match the whole path (percent-decoded, without a slash at the end), `host` the whole
    host, each pattern of `query` the whole value of that parameter, `fragment` the whole fragment;
    an empty pattern asks for nothing. Named groups are what the address says: `author`, `to` (another
    address that is meant instead of this one) and whatever `id` and the templates of the platform's
    `Address` rows use; `host` is always there. An `any_host` form is also tried on hosts that no
    platform claims: federated software is known by the shape of its addresses.
    """

    path: str = ""
    host: str = ""
    query: tuple[tuple[str, str], ...] = ()
    fragment: str = ""
    kind: Kind = "post"
    id: str = "{id}"
    any_host: bool = False


class Address(Struct, frozen=True, kw_only=True):
    """What an id of a certain shape stands for.

    `id` must match the whole id; its named groups, those of the `Form` and `author`, `url` (the
    permalink, percent-encoded) fill the templates. Of several templates the first one whose names
    are all known is used. An empty `embed` means that the page itself is the only view.
    """

    id: str
    permalink: tuple[str, ...]
    embed: tuple[str, ...] = ()
    role: Role = "embed"


class Markup(Struct, frozen=True):
    """One way in which an article holds a post of this platform.

    `selector` lists simple selectors after commas: a tag, a class, an attribute, or a tag with one of
    these. `read` lists, after spaces, where the identity stands, best first: `url:ATTRIBUTE` holds an
    address, `id:ATTRIBUTE` an id, `id:ATTRIBUTE=TEMPLATE` an id to be put into a template as `{}` (before
    which `{data-NAME}` is another attribute, that `when` must ask for), `link` is the last address of a
    post inside the element, `first-link` the first, `picture` the thumbnail that it shows. `when` is
    `ATTRIBUTE=PATTERN`, which the whole value must match. `role` says what such an element is; `caption`
    that its text is the post's.
    """

    rule: str
    selector: str
    read: str = ""
    role: Role = "embed"
    when: str = ""
    caption: bool = False


class Call(Struct, frozen=True):
    """A script call that draws a post: `pattern` is searched in inline scripts that hold `word`, its
    named groups fill the template `id`, or `to` is an address."""

    rule: str
    word: str
    pattern: str
    id: str = "{id}"
    role: Role = "embed"


class Platform(Struct, frozen=True, kw_only=True):
    """All that is known of one site.

    `hosts` are claimed with all their subdomains (a scheme with its colon, such as `at:`, stands for
    addresses that have no host); `host_shapes` are patterns of hosts of federated software and of
    mirrors. `short_hosts` hold nothing but links that must be followed, `service_hosts` belong to
    the same operator and hold no posts: all of them are asked at one pace. `forms` and `addresses` are
    tried in order. `time` reads the instant hidden in an id. `endpoints` are templates of metadata
    that can be had without an account. `types` are the words by which JSON payloads name a post of
    this platform, `id_keys` the keys beside them that hold the id. `fold` says that ids do not
    depend on case. `aliases` says that one post has several ids and its view may name another than was asked for,
    `one_id` that one has a single id, so that a page at the address of another id is another post.
    `dead` names what became of a site that is gone. `unseen` says what in this file
    was never seen live. `drawn` are selectors that show that the post is drawn in its view,
    `element` those of the post's own element, `signs` the rows of the verdict table.
    """

    name: str
    label: str
    hosts: tuple[str, ...] = ()
    host_shapes: tuple[str, ...] = ()
    short_hosts: tuple[str, ...] = ()
    service_hosts: tuple[str, ...] = ()
    forms: tuple[Form, ...]
    addresses: tuple[Address, ...]
    markups: tuple[Markup, ...] = ()
    calls: tuple[Call, ...] = ()
    time: Callable[[str], datetime | None] | None = None
    endpoints: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    id_keys: tuple[str, ...] = ()
    tidy: Callable[[str], str | None] | None = None
    fold: bool = False
    dead: str = ""
    unseen: str = ""
    aliases: bool = False
    one_id: bool = False
    drawn: tuple[str, ...] = ()
    element: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
