"""A shorthand for players of which nothing is known but hosts, addresses, id and embed view."""

from archiver.platforms.contract import Address, Form, Markup, Platform


def player(
    name: str,
    label: str,
    hosts: str,
    forms: tuple[str | Form, ...],
    permalink: str,
    embed: str = "",
    *,
    id: str = r"(?P<id>[\w.-]{2,80})",
    oembed: str = "",
    markups: tuple[Markup, ...] = (),
    dead: str = "",
    short: str = "",
    widgets: str = "",
    fold: bool = False,
) -> Platform:
    """A platform of one line. A form that is a string is a path; `widgets` is a path that shows a
    channel or list; `hosts` and `short` are divided by spaces."""
    more = (Form(widgets, kind="widget"),) if widgets else ()
    return Platform(
        name=name,
        label=label,
        hosts=tuple(hosts.split()),
        short_hosts=tuple(short.split()),
        forms=(*(Form(f) if isinstance(f, str) else f for f in forms), *more),
        addresses=(Address(id=id, permalink=(permalink,), embed=(embed,) if embed else ()),)
        if permalink
        else (),
        markups=markups,
        endpoints=(oembed,) if oembed else (),
        types=(name, name + "video"),
        id_keys=(name + "id", name + "_id"),
        dead=dead,
        fold=fold,
        unseen="Known by its addresses only.",
    )
