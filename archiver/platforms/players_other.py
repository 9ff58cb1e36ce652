"""Audio, documents, code and notes: a host, an id, an embed view. embed-formats A1 rows 68–74."""

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.tail import player

_SLIDES = "https://www.slideshare.net/slideshow/embed_code/"

PLAYERS_OTHER: tuple[Platform, ...] = (
    player(
        "megaphone", "Megaphone", "megaphone.fm player.megaphone.fm playlist.megaphone.fm",
        (Form("", query=(("e", r"(?P<id>[A-Z]{2,5}\d+)"),)), Form("", query=(("p", r"(?P<id>[A-Z]{2,5}\d+)"),)),
         r"/(?P<id>[A-Z]{2,5}\d{6,})"),
        "https://player.megaphone.fm/{id}", "https://player.megaphone.fm/{id}",
        markups=(Markup("megaphone.amp", "amp-megaphone", "id:data-episode id:data-playlist"),),
    ),
    player(
        "acast", "Acast", "acast.com", (Form(r"/(?:s/)?(?P<show>[\w-]{3,})/(?:episodes/)?(?P<ep>[\w.-]{3,})",
            id="{show}/{ep}"),),
        "https://shows.acast.com/{id}", "https://embed.acast.com/{id}", id=r"(?P<id>[\w-]+/[\w.-]+)",
    ),
    player(
        "audioboom", "Audioboom", "audioboom.com audioboo.fm", (r"/(?:posts|boos)/(?P<id>\d+)(?:-.*)?(?:/.*)?",),
        "https://audioboom.com/posts/{id}", "https://embeds.audioboom.com/posts/{id}/embed/v4", id=r"(?P<id>\d+)",
    ),
    player(
        "spreaker", "Spreaker", "spreaker.com",
        (Form(r"/(?:embed/)?player.*", query=(("episode_id", r"(?P<id>\d+)"),)), r"/episode/(?:.*-)?(?P<id>\d+)"),
        "https://www.spreaker.com/episode/{id}", "https://widget.spreaker.com/player?episode_id={id}",
            id=r"(?P<id>\d+)",
    ),
    player(
        "libsyn", "Libsyn", "libsyn.com", (r"/embed/(?:episode|destination)/id/(?P<id>\d+)(?:/.*)?",),
        "https://play.libsyn.com/embed/episode/id/{id}", "https://play.libsyn.com/embed/episode/id/{id}",
            id=r"(?P<id>\d+)",
    ),
    player(
        "podbean", "Podbean", "podbean.com",
        (Form(r"/(?:media/)?player.*", query=(("i", r"(?P<id>[\w-]+)"),)),
            r"/(?:media/)?(?:player|share)/(?P<id>[\w-]+)", r"/ew/(?P<id>[\w-]+)"),
        "https://www.podbean.com/ew/{id}", "https://www.podbean.com/player-v2/?i={id}",
    ),
    player(
        "ausha", "Ausha", "ausha.co",
        (Form(query=(("podcastId", r"(?P<id>\w+)"),)), r"/(?:index|player)\.html/(?P<id>\w+)"),
        "https://player.ausha.co/?podcastId={id}", "https://player.ausha.co/?podcastId={id}",
    ),
    player(
        "simplecast", "Simplecast", "simplecast.com", (r"/(?:e/)?(?P<id>[0-9a-f-]{36}|[0-9a-f]{8})",),
        "https://player.simplecast.com/{id}", "https://player.simplecast.com/{id}", id=r"(?P<id>[0-9a-f-]{8,36})",
    ),
    player(
        "buzzsprout", "Buzzsprout", "buzzsprout.com",
        (Form(r"/(?P<show>\d+)/(?:episodes/)?(?P<ep>\d+)(?:-.*)?", id="{show}/{ep}"),),
        "https://www.buzzsprout.com/{id}", "https://www.buzzsprout.com/{id}?iframe=true", id=r"(?P<id>\d+/\d+)",
    ),
    player(
        "scribd", "Scribd", "scribd.com", (r"/(?:document|doc|embeds|presentation)/(?P<id>\d+)(?:/.*)?",),
        "https://www.scribd.com/document/{id}/", "https://www.scribd.com/embeds/{id}/content", id=r"(?P<id>\d+)",
        oembed="https://www.scribd.com/services/oembed?url={url}",
    ),
    player(
        "documentcloud", "DocumentCloud", "documentcloud.org",
        (r"/documents/(?P<id>\d+)(?:-.*)?(?:/.*)?",),
        "https://www.documentcloud.org/documents/{id}/", "https://embed.documentcloud.org/documents/{id}/?embed=1",
        id=r"(?P<id>\d+)", oembed="https://api.www.documentcloud.org/api/oembed?url={url}",
    ),
    Platform(
        name="slideshare", label="SlideShare", hosts=("slideshare.net",), types=("slideshare",),
        forms=(
            Form(r"/slideshow/embed_code/(?:key/)?(?P<id>[A-Za-z0-9]+)"),
            Form(r"/(?P<author>[\w-]+)(?:/[\w-]+(?:/\d+)?)?", kind="widget"),
        ),
        addresses=(
            Address(id=r"(?P<number>\d{3,12})|(?P<key>[A-Za-z0-9]{13,15})",
                    permalink=(_SLIDES + "{number}", _SLIDES + "key/{key}"),
                    embed=(_SLIDES + "{number}", _SLIDES + "key/{key}")),
        ),
        unseen="Known by its addresses only.",
    ),
    player(
        "issuu", "Issuu", "issuu.com",
        (Form(r"/embed\.html", query=(("u", r"(?P<user>[\w.-]+)"), ("d", r"(?P<doc>[\w.-]+)")), id="{user}/{doc}"),
         Form(r"/(?P<user>[\w.-]+)/docs/(?P<doc>[\w.-]+)(?:/.*)?", id="{user}/{doc}")),
        "https://issuu.com/{user}/docs/{doc}", "https://e.issuu.com/embed.html?u={user}&d={doc}",
        id=r"(?P<user>[\w.-]+)/(?P<doc>[\w.-]+)",
    ),
    player(
        "wakelet", "Wakelet", "wakelet.com", (r"/(?:wake|wakes|i)/(?P<id>[\w-]{20,21})(?:/.*)?",),
        "https://wakelet.com/wake/{id}", "https://embed.wakelet.com/wakes/{id}/list", id=r"(?P<id>[\w-]{20,21})",
    ),
    player(
        "gist", "GitHub Gist", "gist.github.com",
        (Form(r"/(?P<author>[\w-]+)/(?P<n>[0-9a-f]{5,32})(?:\.js|\.pibb|/.*)?", id="{author}/{n}"),
         Form(r"/(?P<n>[0-9a-f]{20,32})(?:\.js|\.pibb)?", id="{n}")),
        "https://gist.github.com/{id}", "https://gist.github.com/{id}.pibb", id=r"(?P<id>(?:[\w-]+/)?[0-9a-f]{5,32})",
        markups=(Markup("gist.amp", "amp-gist", "id:data-gistid"),),
    ),
    player(
        "patreon", "Patreon", "patreon.com", (r"/posts/(?:.*-)?(?P<id>\d+)",),
        "https://www.patreon.com/posts/{id}", id=r"(?P<id>\d{5,12})", widgets=r"/(?:c/)?[\w-]+",
    ),
    player(
        "boosty", "Boosty", "boosty.to", (r"/(?P<author>[\w.-]+)/posts/(?P<id>[0-9a-f-]{36})",),
        "https://boosty.to/{author}/posts/{id}", id=r"(?P<id>[0-9a-f-]{36})",
    ),
    player(
        "substack", "Substack Notes", "substack.com", (r"/@(?P<author>[\w-]+)/note/(?P<id>c-\d+)",),
        "https://substack.com/@{author}/note/{id}", id=r"(?P<id>c-\d+)",
    ),
)  # fmt: skip
"""One row each."""
