"""Twitch clips and recordings. Source: embed-formats A1 rows 28 and 29, A2 table 26–51.

The player asks for a `parent` equal to the embedding host: the one of the article, where its frame names it.
A live channel is no post.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Call, Form, Markup, Platform
from archiver.platforms.signs import Sign

_SLUG = r"(?P<slug>[A-Za-z][\w-]{4,})"
_PLAYER = r"new\s+Twitch\.(?:Embed|Player)\([^)]{0,300}?"
_PLAYERS = r"(?:player|embed)\.twitch\.tv"
_PARENT = ("parent", r"(?P<parent>[\w-]+(?:\.[\w-]+)+)")
_N = r"v?(?P<n>\d{6,12})"

TWITCH = Platform(
    name="twitch",
    label="Twitch",
    hosts=("twitch.tv",),
    forms=(
        Form(r"/embed", query=(("clip", _SLUG), _PARENT), id="clip:{slug}"),
        Form(r"/embed", query=(("clip", _SLUG),), id="clip:{slug}"),
        Form(r"(?:/embed)?", query=(("video", _N), _PARENT), host=_PLAYERS, id="video:{n}"),
        Form(r"(?:/embed)?", query=(("video", _N),), host=_PLAYERS, id="video:{n}"),
        Form(r".*", query=(("channel", r"(?P<author>\w+)"),), kind="widget"),
        Form(r"/(?:embed/)?\w+/chat|/collections/.+", kind="widget"),
        Form(rf"/{_SLUG}", host=r"clips\.twitch\.tv", id="clip:{slug}"),
        Form(rf"/(?P<author>\w+)/clip/{_SLUG}", id="clip:{slug}"),
        Form(rf"/(?:videos|\w+/v(?:ideo)?)/{_N}", id="video:{n}"),
        Form(r"/(?P<author>\w+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"clip:{_SLUG}",
            permalink=("https://clips.twitch.tv/{slug}",),
            embed=("https://clips.twitch.tv/embed?clip={slug}&parent={parent}",
                   "https://clips.twitch.tv/embed?clip={slug}&parent=localhost"),
        ),
        Address(
            id=r"video:(?P<n>\d+)",
            permalink=("https://www.twitch.tv/videos/{n}",),
            embed=("https://player.twitch.tv/?video={n}&parent={parent}&autoplay=false",
                   "https://player.twitch.tv/?video={n}&parent=localhost&autoplay=false"),
        ),
    ),
    markups=(Markup("twitch.tarteaucitron", ".twitch_player", "id:videoid=video:{} id:clip=clip:{}"),),
    calls=(
        Call("twitch.script", "Twitch.", _PLAYER + r"video['\"]?\s*:\s*['\"]v?(?P<n>\d+)", "video:{n}"),
        Call("twitch.script", "Twitch.", _PLAYER + r"clip['\"]?\s*:\s*['\"](?P<slug>\w+)", "clip:{slug}"),
    ),
    types=("twitch", "twitchclip", "twitchvideo"),
    unseen="The player with another parent than the article's host was never seen drawing.",
    signs=(
        Sign("twitch.clip", Status.GONE, "json", "data.clip=null; !errors", "Twitch knows no such clip",
             r"gql\.twitch\.tv", witness="gql", unless="slug={id}"),
        Sign("twitch.video", Status.GONE, "json", "data.video=null; !errors", "Twitch knows no such video",
             r"gql\.twitch\.tv", witness="gql", unless="id={id}"),
        Sign("twitch.paid", Status.WITHHELD, "json", "restrictions.*=.*SUB_ONLY.*", "it is for subscribers only"),
    ),
)  # fmt: skip
