"""Apple Podcasts and Music, Deezer, Mixcloud, Bandcamp. Source: embed-formats A1 rows 41–44, A2 table."""

from archiver.platforms.contract import Address, Form, Platform

_APPLE = r"/(?:(?P<land>[a-z]{2})/)?(?P<what>podcast|album|playlist|song|music-video|artist)/(?:(?P<slug>[^/]+)/)?"

APPLE = Platform(
    name="apple",
    label="Apple Podcasts and Music",
    hosts=("podcasts.apple.com", "music.apple.com", "itunes.apple.com"),
    short_hosts=("apple.co",),
    forms=(
        Form(_APPLE + r"(?P<id>(?:id)?\d+|pl\.[\w-]+)", query=(("i", r"(?P<item>\d+)"),), id="{id}?i={item}"),
        Form(_APPLE + r"(?P<id>(?:id)?\d+|pl\.[\w-]+)"),
    ),
    addresses=(
        Address(
            id=r"(?P<id>id\d+)(?P<rest>\?i=\d+)?",
            permalink=("https://podcasts.apple.com/{land}/podcast/{id}{rest}",
                "https://podcasts.apple.com/us/podcast/{id}{rest}",
                       "https://podcasts.apple.com/{land}/podcast/{id}", "https://podcasts.apple.com/us/podcast/{id}"),
            embed=("https://embed.podcasts.apple.com/us/podcast/{id}{rest}",
                "https://embed.podcasts.apple.com/us/podcast/{id}"),
        ),
        Address(
            id=r"(?P<id>\d+|pl\.[\w-]+)(?P<rest>\?i=\d+)?",
            permalink=("https://music.apple.com/us/{what}/{id}{rest}", "https://music.apple.com/us/{what}/{id}",
                       "https://music.apple.com/us/album/{id}{rest}", "https://music.apple.com/us/album/{id}"),
            embed=("https://embed.music.apple.com/us/{what}/{id}{rest}",
                "https://embed.music.apple.com/us/{what}/{id}"),
        ),
    ),
    endpoints=("https://podcasts.apple.com/api/oembed?url={url}",),
    types=("apple", "applemusic", "applepodcasts", "applepodcast"),
)  # fmt: skip

_DEEZER = r"(?P<kind>track|album|playlist|episode|show|podcast|artist)"

DEEZER = Platform(
    name="deezer",
    label="Deezer",
    hosts=("deezer.com",),
    short_hosts=("deezer.page.link", "dzr.page.link", "link.deezer.com"),
    forms=(
        Form(rf"(?:/[a-z]{{2}})?(?:/widget/\w+)?/{_DEEZER}/(?P<id>\d+)", id="{kind}:{id}"),
        Form(r"/plugins/player(?:\.php)?", query=(("type", r"(?P<kind>track|album|playlist|episode)s?"), ("id",
            r"(?P<id>\d+)")), id="{kind}:{id}"),
        Form(r"(?:/[a-z]{2})?/profile/(?P<author>\d+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_DEEZER}:(?P<id>\d+)",
            permalink=("https://www.deezer.com/{kind}/{id}",),
            embed=("https://widget.deezer.com/widget/auto/{kind}/{id}",),
        ),
    ),
    endpoints=("https://api.deezer.com/oembed?url={url}",),
    types=("deezer",),
)  # fmt: skip

_MIX = r"(?P<author>[^/]+)/(?P<slug>[^/]+)"

MIXCLOUD = Platform(
    name="mixcloud",
    label="Mixcloud",
    hosts=("mixcloud.com",),
    forms=(
        Form(r"/widget/(?:iframe|follow)|/media/swf/player/.*", query=(("feed",
            rf"(?:https?://(?:www\.)?mixcloud\.com)?/?{_MIX}/?"),), id="{author}/{slug}"),
        Form(r"/(?:discover|upload|genres|oembed|login|widget)(?:/.*)?", kind="share"),
        Form(rf"/{_MIX}", id="{author}/{slug}"),
        Form(r"/(?P<author>[^/]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_MIX,
            permalink=("https://www.mixcloud.com/{author}/{slug}/",),
            embed=("https://www.mixcloud.com/widget/iframe/?feed=%2F{author}%2F{slug}%2F",),
        ),
    ),
    endpoints=("https://www.mixcloud.com/oembed/?url={url}",),
    types=("mixcloud",),
)  # fmt: skip

_CAMP = r"(?P<kind>track|album)"

BANDCAMP = Platform(
    name="bandcamp",
    label="Bandcamp",
    hosts=("bandcamp.com",),
    forms=(
        Form(r"/EmbeddedPlayer(?:\.swf)?/.*?(?P<kind>track)=(?P<id>\d+).*", id="{kind}:{id}"),
        Form(r"/EmbeddedPlayer(?:\.swf)?/.*?(?P<kind>album)=(?P<id>\d+).*", id="{kind}:{id}"),
        Form(rf"/{_CAMP}/(?P<slug>[\w-]+)", host=r"(?P<author>[\w-]+)\.bandcamp\.com", id="{author}/{kind}/{slug}"),
        Form(r"(?:/music)?", host=r"(?P<author>[\w-]+)\.bandcamp\.com", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_CAMP}:(?P<id>\d+)",
            permalink=("https://bandcamp.com/EmbeddedPlayer/{kind}={id}/size=large/",),
            embed=("https://bandcamp.com/EmbeddedPlayer/{kind}={id}/size=large/",),
        ),
        Address(
            id=rf"(?P<author>[\w-]+)/{_CAMP}/(?P<slug>[\w-]+)",
            permalink=("https://{author}.bandcamp.com/{kind}/{slug}",),
        ),
    ),
    types=("bandcamp",),
)  # fmt: skip
