"""Spotify. Source: embed-formats A1 row 40, A2 table 26–51."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>[0-9A-Za-z]{22})"
_KIND = r"(?P<kind>track|album|artist|playlist|show|episode)"

SPOTIFY = Platform(
    name="spotify",
    label="Spotify",
    hosts=("spotify.com", "spotify:"),
    short_hosts=("spotify.link", "spoti.fi", "spotify.app.link"),
    forms=(
        Form(r"/follow/.*|/login.*", kind="share"),
        Form(r"", query=(("uri", r"(?P<to>spotify:.+|https?:.+)"),)),
        Form(r"/(?:embed|widget.*)?", query=(("uri", r"(?P<to>spotify:.+|https?:.+)"),)),
        Form(rf"(?:/intl-[\w-]+)?(?:/embed(?:-podcast|-legacy)?)?(?:/user/[^/]+)?/{_KIND}/{_ID}(?:/.*)?",
            id="{kind}:{id}"),
        Form(rf"(?:user:[^:]+:)?{_KIND}:{_ID}", host="spotify:", id="{kind}:{id}"),
        Form(r"/user/(?P<author>[^/]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_KIND}:{_ID}",
            permalink=("https://open.spotify.com/{kind}/{id}",),
            embed=("https://open.spotify.com/embed/{kind}/{id}",),
        ),
    ),
    markups=(
        Markup("spotify.tarteaucitron", ".spotify_player", "url:spotifyid url:data-spotifyid"),
    ),
    endpoints=("https://open.spotify.com/oembed?url={url}",),
    types=("spotify", "spotifytrack", "spotifyembed"),
    signs=(
        Sign("spotify.oembed-404", Status.GONE, "status", "404", "Spotify does not know it", r"spotify\.com/oembed",
             witness="oembed"),
        Sign("spotify.page-state", Status.GONE, "json", "props.pageProps.status=404",
             "Spotify's player does not know it",
             witness="player"),
    ),
)  # fmt: skip
