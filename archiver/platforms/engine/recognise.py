"""Addresses to identities and back, by the tables of the platform files.

An address is looked up by its host among the hosts that platforms claim, else by the host shapes
and the `any_host` forms of federated software. Wrappers (archived copies, link trackers, embed
proxies) are taken off first.
"""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from archiver.domain.post import PostRef, View
from archiver.platforms.contract import Address, Form, Kind, Platform, Recognised
from archiver.platforms.engine.urls import (
    Parts,
    bare_host,
    encoded,
    split,
    tidy_url,
    unarchived,
    unwrapped,
)

DEEPEST = 4
"""How many wrappers inside each other are taken off."""


class Rule(Struct, frozen=True):
    """A `Form` with its patterns compiled."""

    form: Form
    platform: Platform
    path: re.Pattern[str]
    host: re.Pattern[str]
    query: tuple[tuple[str, re.Pattern[str]], ...]
    fragment: re.Pattern[str]


class Tables(Struct, frozen=True):
    """The rules of all platforms, arranged for looking up."""

    by_host: dict[str, tuple[Rule, ...]]
    short_hosts: dict[str, str]
    by_shape: tuple[tuple[re.Pattern[str], tuple[Rule, ...]], ...]
    any_host: tuple[Rule, ...]
    addresses: dict[str, tuple[tuple[re.Pattern[str], Address], ...]]
    by_name: dict[str, Platform]


def build(platforms: Iterable[Platform]) -> Tables:
    """Compile and arrange the tables. A host claimed twice is tried platform by platform, in order."""
    by_host: dict[str, tuple[Rule, ...]] = {}
    tables = Tables(by_host, {}, (), (), {}, {})
    shapes: list[tuple[re.Pattern[str], tuple[Rule, ...]]] = []
    loose: list[Rule] = []
    for platform in platforms:
        rules = tuple(_compiled(platform, form) for form in platform.forms)
        for host in platform.hosts:
            by_host[host] = by_host.get(host, ()) + rules
        tables.short_hosts.update(dict.fromkeys(platform.short_hosts, platform.name))
        shapes.extend((re.compile(shape), rules) for shape in platform.host_shapes)
        loose.extend(rule for rule in rules if rule.form.any_host)
        tables.addresses[platform.name] = tuple(
            (re.compile(address.id), address) for address in platform.addresses
        )
        tables.by_name[platform.name] = platform
    return Tables(
        by_host, tables.short_hosts, tuple(shapes), tuple(loose), tables.addresses, tables.by_name
    )


def _compiled(platform: Platform, form: Form) -> Rule:
    query = tuple((name, re.compile(pattern, re.S)) for name, pattern in form.query)
    return Rule(
        form,
        platform,
        re.compile(form.path or ".*", re.S),
        re.compile(form.host or ".*"),
        query,
        re.compile(form.fragment or ".*", re.S),
    )


def recognise(tables: Tables, url: str) -> Recognised | None:
    """What the address is, or None when no platform knows it. Never raises."""
    return _recognise(tables, tidy_url(url), DEEPEST)


def groups_of(tables: Tables, url: str) -> dict[str, str]:
    """The named pieces of an address, for filling templates; empty when it is not known."""
    parts = split(unarchived(tidy_url(url)))
    for rule in _rules_for(tables, parts) if parts else ():
        groups = _match(rule, parts) if parts else None
        if groups is not None:
            return groups_of(tables, groups["to"]) if "to" in groups else groups
    return {}


def _recognise(tables: Tables, url: str, depth: int) -> Recognised | None:
    url = unarchived(url)
    parts = split(url)
    if parts is None or depth == 0:
        return None
    for inner in unwrapped(url, parts):
        if inner != url and (found := _recognise(tables, inner, depth - 1)):
            return found
    for rule in _rules_for(tables, parts):
        groups = _match(rule, parts) if rule.path.fullmatch(parts.path) else None
        if groups is None:
            continue
        if "to" in groups:
            inner = tidy_url(groups["to"])
            return _recognise(tables, inner, depth - 1) if inner != url else None
        return _found(tables, rule, groups, url)
    return _short(tables, parts, url)


def _rules_for(tables: Tables, parts: Parts) -> tuple[Rule, ...]:
    host = parts.host
    while host:
        rules = tables.by_host.get(host)
        if rules is not None:
            return rules
        host = host.partition(".")[2]
    if parts.host.partition(".")[2] in tables.short_hosts or parts.host in tables.short_hosts:
        return ()
    for shape, rules in tables.by_shape:
        if shape.fullmatch(parts.host):
            return rules
    return tables.any_host


def claims(tables: Tables, host: str) -> bool:
    """Whether a platform claims the host by name or by shape, or it only holds short links."""
    whole = bare_host(host)
    rest = whole
    while rest:
        if rest in tables.by_host or rest in tables.short_hosts:
            return True
        rest = rest.partition(".")[2]
    return any(shape.fullmatch(whole) for shape, _ in tables.by_shape)


def operated(platforms: Iterable[Platform]) -> dict[str, str]:
    """Every host that a platform is known to run, and the platform's slug; federated software runs none."""
    return {
        host: platform.name
        for platform in reversed(tuple(platforms))
        if not any("{host}" in link for known in platform.addresses for link in known.permalink)
        for host in (*platform.hosts, *platform.short_hosts, *platform.service_hosts)
    }


def operator(table: Mapping[str, str], host: str) -> str:
    """The platform that runs a host or a domain above it; empty where none does."""
    rest = bare_host(host)
    while rest and rest not in table:
        rest = rest.partition(".")[2]
    return table.get(rest, "")


def _match(rule: Rule, parts: Parts) -> dict[str, str] | None:
    path = rule.path.fullmatch(parts.path)
    if path is None:
        return None
    host = rule.host.fullmatch(parts.host)
    fragment = rule.fragment.fullmatch(parts.fragment)
    if host is None or fragment is None:
        return None
    groups = {"host": parts.host}
    for name, pattern in rule.query:
        value = pattern.fullmatch(parts.query.get(name, ""))
        if value is None:
            return None
        _add(groups, value.groupdict())
    for found in (path, host, fragment):
        _add(groups, found.groupdict())
    return groups


def _add(groups: dict[str, str], more: Mapping[str, str | None]) -> None:
    groups.update((name, value) for name, value in more.items() if value)


def _found(tables: Tables, rule: Rule, groups: dict[str, str], url: str) -> Recognised | None:
    platform, kind = rule.platform, rule.form.kind
    author = groups.get("author")
    if kind != "post":
        return Recognised(platform=platform.name, kind=kind, url=url, author=author)
    ref = make_ref(tables, platform, fill((rule.form.id,), groups) or "")
    if ref is None:
        return None
    kind = _role_kind(tables, ref)
    link = permalink(tables, ref, author, groups)
    return Recognised(
        platform=platform.name,
        kind=kind,
        ref=ref if kind == "post" else None,
        url=link or url,
        author=author,
    )


def _role_kind(tables: Tables, ref: PostRef) -> Kind:
    found = address_of(tables, ref)
    return "widget" if found and found[0].role == "widget" else "post"


def _short(tables: Tables, parts: Parts, url: str) -> Recognised | None:
    host = parts.host
    while host and host not in tables.short_hosts:
        host = host.partition(".")[2]
    if not host or len(parts.path) < 2:
        return None
    return Recognised(platform=tables.short_hosts[host], kind="short", url=url)


def make_ref(tables: Tables, platform: Platform, post_id: str) -> PostRef | None:
    """The reference of an id, tidied by the platform's rules; None when no post can have that id."""
    token = post_id.lower() if platform.fold else post_id
    tidied = platform.tidy(token) if platform.tidy else token
    if not tidied:
        return None
    ref = PostRef(platform.name, tidied)
    return ref if address_of(tables, ref) else None


def address_of(tables: Tables, ref: PostRef) -> tuple[Address, dict[str, str]] | None:
    """The row that the id belongs to, with the pieces of the id."""
    for pattern, address in tables.addresses.get(ref.platform, ()):
        found = pattern.fullmatch(ref.id)
        if found:
            return address, {k: v for k, v in found.groupdict().items() if v}
    return None


def fill(templates: Iterable[str], groups: Mapping[str, str]) -> str | None:
    """The first template whose names are all known, filled; None when there is none."""
    for template in templates:
        try:
            return template.format_map(groups)
        except KeyError:
            continue
    return None


def _known(
    groups: Mapping[str, str], pieces: Mapping[str, str], author: str | None
) -> dict[str, str]:
    """All names for a template. What the id says wins; only its letter case may come from elsewhere."""
    known = {**groups, **({"author": author} if author else {})}
    held = pieces.get("author", "")
    if held and held.lower() == known.get("author", "").lower():
        pieces = {**pieces, "author": known["author"]}
    return {**known, **pieces}


def permalink(
    tables: Tables, ref: PostRef, author: str | None, groups: Mapping[str, str] | None = None
) -> str:
    """The canonical address of a post, as exact as author and pieces allow; empty for a web page."""
    found = address_of(tables, ref)
    if found is None:
        return ref.id if ref.platform == "web" else ""
    address, pieces = found
    known = _known(groups or {}, pieces, author)
    return fill(address.permalink, known) or ""


def views(
    tables: Tables, ref: PostRef, author: str | None, url: str | None, seen: str | None = None
) -> tuple[View, ...]:
    """The embed view, then the page. `url` and the address as `seen` may know more than the id."""
    found = address_of(tables, ref)
    groups = groups_of(tables, url) if url else {}
    author = author or groups.get("author")
    link = permalink(tables, ref, author, groups)
    if found is None:
        return (View("page", link),) if link else ()
    address, pieces = found
    embed = _embed_view(tables, address, {**_known(groups, pieces, author), "url": link}, seen)
    page = (View("page", link),) if link else ()
    return ((View("embed", embed),) if embed else ()) + page


def _embed_view(
    tables: Tables, address: Address, known: dict[str, str], seen: str | None
) -> str | None:
    """The address of the embed view. What only the address as `seen` tells is looked for where it is missed."""
    if not address.embed:
        return None
    if any("{url}" in template for template in address.embed):
        known["url"] = encoded(known["url"])
    best = fill(address.embed[:1], known)
    if best is None and seen and "//" in seen:
        known = {**groups_of(tables, seen), **known}
    return best or fill(address.embed, known)


def endpoints(
    tables: Tables, ref: PostRef, author: str | None, url: str | None
) -> tuple[View, ...]:
    """Where metadata can be asked for without an account (oEmbed and the like)."""
    platform, found = tables.by_name.get(ref.platform), address_of(tables, ref)
    if platform is None or found is None:
        return ()
    groups = groups_of(tables, url) if url else {}
    link = permalink(tables, ref, author or groups.get("author"), groups)
    known = {**_known(groups, found[1], author), "url": encoded(link)}
    filled = (fill((template,), known) for template in platform.endpoints)
    return tuple(View("metadata", url) for url in filled if url)
