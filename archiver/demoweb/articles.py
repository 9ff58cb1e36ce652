"""Articles as documents: pages in several styles, a saved file, and texts without any markup."""

import re
from collections.abc import Mapping

from msgspec.structs import replace

from archiver.demoweb.model import Article, Block, DemoPost, Memento, State
from archiver.demoweb.render import english_day, text_of
from archiver.demoweb.sites.contract import Site

TEMPLATES = {
    "wordpress": "article_wordpress.html",
    "plain": "article_plain.html",
    "saved": "article_plain.html",
    "amp": "article_amp.html",
    "consent": "article_consent.html",
    "next": "article_json.html",
    "fusion": "article_json.html",
    "feed": "feed.xml",
}
OUTSIDE_POST = (
    "Our count of what the water took is out, town by town https://t.co/0utsideD01"
    " — Tidewire (@tidewire_demo01) January 7, 2022"
)
"""A post of which only a link to an outside article is left: nothing leads back to its address."""


def handle_of(post: DemoPost) -> str:
    """The author as an attribution names them: on a federated server with the server."""
    host = post.id.partition("/")[0]
    return f"{post.author.handle}@{host}" if post.platform == "mastodon" else post.author.handle


class Press:
    """Makes documents of articles; knows the posts by name and each platform's site."""

    def __init__(self, posts: Mapping[str, DemoPost], sites: Mapping[str, Site]) -> None:
        self.posts, self.sites = posts, sites

    def permalink(self, post: DemoPost) -> str:
        """Where a post stands."""
        return self.sites[post.platform].permalink(post)

    def frame(self, post: DemoPost) -> str:
        """Where its embed view stands."""
        return self.sites[post.platform].frame(post)

    def document(self, article: Article) -> str:
        """The article as it is served or saved: HTML, or plain text for the style `text`."""
        if article.style == "text":
            return self._text(article)
        payload = {"next": self._next, "fusion": self._fusion}.get(article.style)
        return text_of(
            TEMPLATES[article.style],
            article=article,
            posts=self.posts,
            permalink_of=self.permalink,
            frame_of=self.frame,
            root="__next" if article.style == "next" else "fusion-app",
            payload=payload(article) if payload else None,
        )

    def copy(self, memento: Memento) -> str:
        """An archived copy: an article as it was, or the page of an X post from when it was there."""
        if memento.article:
            return self.document(memento.article)
        post = replace(self.posts[memento.post], state=State.LIVE)
        return text_of("x_status.html", post=post, id=post.id)

    def quote(self, post: DemoPost) -> str:
        """The platform's own embed code, on one line."""
        markup = text_of(
            "quote.html", post=post, permalink=self.permalink(post), frame=self.frame(post)
        )
        return re.sub(r"\s*\n\s*", " ", markup).strip()

    def _next(self, article: Article) -> dict[str, object]:
        """Page data of a React site: an id, an address or a piece of HTML for each embed."""
        blocks: list[dict[str, object]] = []
        for block in article.blocks:
            post = self.posts.get(block.text)
            if post is None:
                blocks.append({"__typename": "ParagraphBlock", "text": block.text})
            elif block.carrier == "json-id":
                blocks.append({"__typename": "TweetBlock", "tweetId": post.id, "caption": None})
            elif block.carrier == "json-url":
                blocks.append({"__typename": "SocialEmbed", "url": self.permalink(post)})
            else:
                blocks.append({"__typename": "HtmlBlock", "content": self.quote(post)})
        facts = {"slug": article.name, "title": article.title, "blocks": blocks}
        page = {"pageProps": {"article": facts}, "__N_SSG": True}
        return {"props": page, "page": "/[year]/[month]/[slug]", "buildId": "demo"}

    def _fusion(self, article: Article) -> dict[str, object]:
        """The global content of an Arc site: `content_elements` with oEmbed answers."""
        elements: list[dict[str, object]] = []
        for block in article.blocks:
            post = self.posts.get(block.text)
            if post is None:
                elements.append({"type": "text", "content": block.text})
            elif block.carrier == "raw-html":
                elements.append({"type": "raw_html", "content": self.quote(post)})
            else:
                elements.append(self._oembed_element(post))
        headline = {"basic": article.title}
        return {"type": "story", "headlines": headline, "content_elements": elements}

    def _oembed_element(self, post: DemoPost) -> dict[str, object]:
        provider = {"x": "twitter"}.get(post.platform, post.platform)
        raw = {
            "type": "rich",
            "url": self.permalink(post),
            "html": self.quote(post),
            "provider_name": provider.title(),
            "author_name": post.author.name,
            "version": "1.0",
        }
        return {"type": "oembed_response", "subtype": provider, "raw_oembed": raw}

    def _text(self, article: Article) -> str:
        """What a text extractor leaves: a header line, paragraphs, attributions in several glues."""
        parts = [f"date {article.day} {article.title}"]
        glue = "\n\n"
        for block in article.blocks:
            if block.kind == "p":
                parts.append(glue + block.text)
                glue = "\n\n"
            else:
                parts.append("\n\n" + self._residue(block))
                glue = "" if block.carrier == "tight" else "\n\n"
        return "".join(parts) + "\n"

    def _residue(self, block: Block) -> str:
        if block.carrier == "outside":
            return OUTSIDE_POST
        post = self.posts[block.text]
        media = f"pic.twitter.com/{post.slug}"
        by = f"{post.author.name} (@{handle_of(post)}) {english_day(post.at)}"
        forms = {
            "line": f"{post.text} {media} — {by}",
            "dash": f"{post.text} {media}— {by}",
            "tight": f"{post.text}{media}— {by}",
            "two-lines": f"{post.text} {media}\n\n— {by}",
            "words": f"{post.text} — {by}",
            "wrong-link": f"{post.text} pic.twitter.com/Wr0ngLnkD1 — {by}",
            "wrong-page": f"{post.text} pic.twitter.com/Pag3Wr0ng1 — {by}",
            "wrong-http": f"{post.text} pic.twitter.com/Htt9Wr0ng1 — {by}",
            "shouted": f"{post.text} — {post.author.name} (@{handle_of(post).upper()}) {english_day(post.at)}",
            "short-link": f"{post.text} https://t.co/0utsideD01{media}— {by}",
        }
        return forms[block.carrier]
