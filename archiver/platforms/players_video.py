"""Video and picture players that are a host, an id and an embed view. embed-formats A1, A2 table."""

from archiver.platforms.contract import Form, Markup, Platform
from archiver.platforms.engine.tail import player

PLAYERS_VIDEO: tuple[Platform, ...] = (
    player(
        "bitchute", "BitChute", "bitchute.com", (r"/(?:video|embed)/(?P<id>[A-Za-z0-9_-]{10,13})(?:/.*)?",),
        "https://www.bitchute.com/video/{id}/", "https://www.bitchute.com/embed/{id}/",
        id=r"(?P<id>[A-Za-z0-9_-]{10,13})", oembed="https://api.bitchute.com/oembed/?url={url}",
    ),
    player(
        "streamable", "Streamable", "streamable.com", (r"/(?:[eost]/)?(?P<id>[a-z0-9]{4,8})(?:/.*)?",),
        "https://streamable.com/{id}", "https://streamable.com/e/{id}", id=r"(?P<id>[a-z0-9]{4,8})",
        oembed="https://api.streamable.com/oembed.json?url={url}",
    ),
    player(
        "coub", "Coub", "coub.com",
        (r"/(?:view|embed)/(?P<id>[0-9a-z]{4,8})", Form(r"/fb-player\.swf", query=(("coubID", r"(?P<id>\w+)"),))),
        "https://coub.com/view/{id}", "https://coub.com/embed/{id}", id=r"(?P<id>[0-9a-z]{4,8})",
        oembed="https://coub.com/api/oembed.json?url={url}",
    ),
    player(
        "redgifs", "RedGifs", "redgifs.com", (r"/(?:watch|ifr)/(?P<id>[A-Za-z]{6,60})",),
        "https://www.redgifs.com/watch/{id}", "https://www.redgifs.com/ifr/{id}", fold=True,
    ),
    player(
        "ted", "TED", "ted.com",
        (r"/talks/view/(?:lang/[\w-]+/)?id/(?P<id>\d{1,6})(?:/.*)?", r"/talks/(?P<id>\d{1,6})(?:/.*)?",
         r"/talks/(?!(?:view|browse)(?:/|$))(?:lang/[\w-]+/)?(?P<id>[a-z0-9_]{4,120})(?:\.html)?(?:/.*)?"),
        "https://www.ted.com/talks/{id}", "https://embed.ted.com/talks/{id}",
        id=r"(?P<id>\d{1,6}|[a-z0-9_]{4,120})",
        oembed="https://www.ted.com/services/v1/oembed.json?url={url}",
    ),
    player(
        "wistia", "Wistia", "wistia.com wistia.net wi.st",
        (r"/(?:embed/(?:iframe|medias|playlists)|medias)/(?P<id>[a-z0-9]{10})(?:\..*)?",),
        "https://fast.wistia.net/embed/iframe/{id}", "https://fast.wistia.net/embed/iframe/{id}",
        id=r"(?P<id>[a-z0-9]{10})",
        markups=(Markup("wistia.amp", "amp-wistia-player", "id:data-media-hashed-id"),),
    ),
    player(
        "loom", "Loom", "loom.com", (r"/(?:share|embed)/(?:[\w-]*-)?(?P<id>[0-9a-f]{32})",),
        "https://www.loom.com/share/{id}", "https://www.loom.com/embed/{id}", id=r"(?P<id>[0-9a-f]{32})",
    ),
    player(
        "internetarchive", "Internet Archive", "archive.org", (r"/(?:embed|details)/(?P<id>[\w.-]+)(?:/.*)?",),
        "https://archive.org/details/{id}", "https://archive.org/embed/{id}",
    ),
    player(
        "cloudflarestream", "Cloudflare Stream", "cloudflarestream.com videodelivery.net",
        (r"/(?P<id>[0-9a-f]{32})/iframe", r"/(?P<id>[0-9a-f]{32})", r"/embed/iframe-.*/(?P<id>[0-9a-f]{32})"),
        "https://iframe.videodelivery.net/{id}", "https://iframe.videodelivery.net/{id}",
        id=r"(?P<id>[0-9a-f]{32})",
    ),
    player(
        "viqeo", "Viqeo", "viqeo.tv",
        (Form(r"/embed", query=(("vid", r"(?P<id>\w{12,24})"),)),),
        "https://cdn.viqeo.tv/embed/?vid={id}", "https://cdn.viqeo.tv/embed/?vid={id}",
        markups=(Markup("viqeo.amp", "amp-viqeo-player", "id:data-videoid"),),
    ),
    player(
        "izlesene", "İzlesene", "izlesene.com", (r"/(?:video/[^/]+|embedplayer)/(?P<id>\d+)",),
        "https://www.izlesene.com/video/-/{id}", "https://www.izlesene.com/embedplayer/{id}", id=r"(?P<id>\d+)",
        markups=(Markup("izlesene.amp", "amp-izlesene", "id:data-videoid"),),
    ),
    player(
        "publisher-video", "Video players of publishers", "players.brightcove.net cdn.jwplayer.com"
        " content.jwplatform.com cdnapisec.kaltura.com cdnapi.kaltura.com w3.cdn.anvato.net",
        (Form(r"/.*", kind="widget"),), "",
    ),
)  # fmt: skip
"""One row each. The last holds players that show a publisher's own video: widgets, not posts."""
