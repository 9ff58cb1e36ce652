"""Sites that are no more: their posts can only be looked for in archives. embed-formats A1, A2 table."""

from archiver.platforms.contract import Form, Markup, Platform
from archiver.platforms.engine.tail import player

_UUID = r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

GONE: tuple[Platform, ...] = (
    player(
        "vine", "Vine", "vine.co", (r"/v/(?P<id>[A-Za-z0-9]{11})(?:/.*)?",),
        "https://vine.co/v/{id}", "https://vine.co/v/{id}/embed/simple",
        id=r"(?P<id>[A-Za-z0-9]{11})", widgets=r"/u/.*", dead="Closed in 2017; its pages in 2019.",
        markups=(
            Markup("vine.iframe", "iframe.vine-embed", "url:src url:data-src"),
            Markup("vine.amp", "amp-vine", "id:data-vineid"),
        ),
    ),
    player(
        "periscope", "Periscope", "periscope.tv pscp.tv",
        (r"/(?:w|\w+)/(?P<id>1[A-Za-z]{12})",), "https://www.pscp.tv/w/{id}",
        id=r"(?P<id>1[A-Za-z]{12})", dead="Closed in March 2021.",
        markups=(Markup("periscope.button", ".periscope-on-air", role="widget"),),
    ),
    player(
        "gfycat", "Gfycat", "gfycat.com",
        (r"/(?:ifr/|gifs/detail/|[a-z]{2}/)?(?P<id>[A-Za-z]{8,60})(?:-.*)?",),
        "https://gfycat.com/{id}", "https://gfycat.com/ifr/{id}", dead="Closed in September 2023.",
        id=r"(?P<id>[A-Za-z]{8,60})",
        markups=(
            Markup("gfycat.item", ".gfyitem", "id:data-id"),
            Markup("gfycat.amp", "amp-gfycat", "id:data-gfyid"),
        ),
    ),
    player(
        "googleplus", "Google+", "plus.google.com",
        (r"/(?:u/\d/)?(?P<author>\+?[\w-]+)/posts/(?P<id>[A-Za-z0-9]{11})",),
        "https://plus.google.com/{author}/posts/{id}", dead="Closed in April 2019.",
        id=r"(?P<id>[A-Za-z0-9]{11})",
        markups=(
            Markup("googleplus.post", ".g-post", "url:data-href"),
            Markup("googleplus.page", ".g-page", role="widget"),
            Markup("googleplus.page", ".g-person", role="widget"),
        ),
    ),
    player(
        "storify", "Storify", "storify.com",
        (Form(r"/(?P<author>[\w-]+)/(?P<slug>[\w-]+?)(?:\.js|/embed)?", id="{author}/{slug}"),),
        "https://storify.com/{author}/{slug}", dead="Closed in May 2018.", short="sfy.co",
        id=r"(?P<author>[\w-]+)/(?P<slug>[\w-]+)",
    ),
    player(
        "koo", "Koo", "kooapp.com",
        (rf"/koo/(?P<author>[\w-]+)/{_UUID}", Form(r"/embedKoo", query=(("kooId", _UUID),))),
        "https://www.kooapp.com/koo/{author}/{id}", "https://embed.kooapp.com/embedKoo?kooId={id}",
        id=_UUID, dead="Closed in July 2024.",
        markups=(
            Markup("koo.blockquote", ".koo-media", "url:data-koo-permalink link", caption=True),
            Markup("koo.blockquote", "[data-koo-permalink]", "url:data-koo-permalink"),
        ),
    ),
)  # fmt: skip
"""One row each."""
