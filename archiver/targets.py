"""Targets: the embeds of all articles, brought together by the post they show."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from archiver.domain.digest import sha256
from archiver.domain.document import Document
from archiver.domain.embed import Embed, Evidence
from archiver.domain.manifest import Article, Context, Manifest
from archiver.domain.post import Post, PostRef, Resolution, View
from archiver.domain.secret import without_secrets
from archiver.platforms import permalink, recognise


class Target(Struct, frozen=True, kw_only=True):
    """One thing to be captured, with every place that shows it.

    `key` is the post as text, or the key of an embed whose post is not known. `lead` is the embed to
    resolve; `aliases` are other keys under which the same post was found; `context` says which posts
    led to it, where no article did.
    """

    key: str
    lead: Embed
    articles: tuple[Article, ...] = ()
    aliases: tuple[str, ...] = ()
    context: tuple[Context, ...] = ()

    @property
    def depth(self) -> int:
        """How many posts lead from what was asked for to this one; 0 for what was asked for itself."""
        return 0 if self.articles else min((one.depth for one in self.context), default=0)

    @property
    def sources(self) -> tuple[str, ...]:
        """The articles that show the target, each once."""
        return tuple(dict.fromkeys(article.source for article in self.articles))


APPEARED = re.compile(
    r"(?:article:published_time|datePublished|dc\.date(?:\.issued)?|parsely-pub-date|sailthru\.date)"
    r"[\"'\\]{1,3}[^<>{}]{0,80}?[\"'](\d{4}-[01]\d-[0-3]\d)",
    re.IGNORECASE,
)
HEAD = 300_000


def appeared(document: Document) -> str | None:
    """The day on which an article appeared: what its seed says, else what its markup says for search
    engines; None where neither does."""
    if document.dated or document.kind != "html":
        return document.dated
    found = APPEARED.search(document.body[:HEAD].decode("utf-8", "replace"))
    return found[1] if found else None


def article_of(document: Document, embed: Embed, dated: str | None = None) -> Article:
    """The place where `embed` was found."""
    return Article(
        source=document.source,
        url=document.url,
        digest=document.digest,
        title=document.title,
        read_at=document.read_at,
        dated=dated,
        embed=embed,
    )


def gather(found: Iterable[tuple[Document, Sequence[Embed]]]) -> tuple[Target, ...]:
    """One target a post, in order of first appearance; only embeds count, not links or widgets."""
    targets: dict[str, Target] = {}
    for document, embeds in found:
        dated = appeared(document) if embeds else None
        for embed in embeds:
            if embed.role == "embed":
                article = article_of(document, embed, dated)
                place = Target(key=embed.key, lead=embed, articles=(article,))
                targets[embed.key] = merged(targets.get(embed.key), place)
    return tuple(targets.values())


def merged(first: Target | None, second: Target) -> Target:
    """Both targets as one: the first leads, the articles add up."""
    if first is None:
        return second
    aliases = dict.fromkeys((*first.aliases, *second.aliases))
    context = tuple(dict.fromkeys((*first.context, *second.context)))
    if second.key != first.key:
        aliases[second.key] = None
    articles = first.articles + second.articles
    return replace(first, articles=articles, aliases=tuple(aliases), context=context)


def direct(url: str, ref: PostRef | None, platform: str, author: str | None) -> Target:
    """The target of a URL given on the command line; `ref` is None for a short link."""
    evidence = Evidence(rule="argument", offset=0, fragment=url)
    embed = Embed(
        source=url,
        document=sha256(url.encode()),
        role="embed",
        platform=platform,
        ref=ref,
        url=url,
        seen_url=url,
        handle=author,
        evidence=(evidence,),
        short_urls=() if ref else (url,),
    )
    return Target(key=embed.key, lead=embed)


def named(urls: Iterable[str]) -> Iterator[Target]:
    """The targets of URLs that the user gave directly; one of no known platform is a page."""
    for url in urls:
        known = recognise(url)
        if known and known.kind in {"post", "short"}:
            yield direct(url, known.ref, known.platform, known.author)
        else:
            yield direct(url, page(url).ref, "web", None)


def remembered(manifest: Manifest) -> Target:
    """The target of an earlier capture, with the articles that showed it then."""
    if manifest.articles:
        lead = manifest.articles[0].embed
        return Target(key=manifest.target, lead=lead, articles=manifest.articles)
    url = manifest.post.url if manifest.post else manifest.page_url or ""
    ref = manifest.post.ref if manifest.post else None
    target = direct(url, ref, manifest.target.partition(":")[0], None)
    return replace(target, key=manifest.target, context=manifest.context)


def related(manifest: Manifest, depth: int) -> Iterator[Target]:
    """The posts that a captured one quotes, answers or passes on, `depth` steps away from what was asked
    for; those whose identity is not known are left out."""
    by, told = manifest.post, manifest.metadata
    for other in told.related if told and by else ():
        if other.ref is None or by is None or other.ref == by.ref:
            continue
        author = str(other.author.value) if other.author else None
        context = Context(relation=other.relation, by=by.ref, depth=depth)
        found = direct(permalink(other.ref, author), other.ref, other.ref.platform, author)
        yield replace(found, context=(context,))


def page(url: str) -> Post:
    """A URL of no platform, as a post of the platform `web`: captured as a page. A password or token in it is
    used for the visit and is no part of what the page is known as."""
    return Post(ref=PostRef("web", without_secrets(url)), url=url, views=(View("page", url),))


def page_known(url: str) -> Resolution:
    """A URL of no platform needs no looking for."""
    return Resolution(post=page(url), steps=("a page of no known platform",))


def document_key(document: Document) -> str:
    """What the capture of an article is filed under: its URL, or its digest when it is a file."""
    return (
        f"web:{without_secrets(document.url)}"
        if document.url
        else f"document:{document.digest.value}"
    )


def fingerprint(found: Sequence[Embed]) -> str:
    """Changes when an article shows other embeds, links or widgets than before."""
    lines = sorted(f"{embed.role} {embed.key} {embed.url or ''}" for embed in found)
    return sha256(without_secrets("\n".join(lines)).encode()).value
