"""The posts on the other eight platforms."""

from datetime import UTC, datetime

from archiver.demoweb import ids
from archiver.demoweb.model import Author, DemoPost, State
from archiver.demoweb.tables import people, pictures

MASTODON_HOST = "social.demo-instance.example"
DELETED, PRIVATE, WALL, ONCE = State.DELETED, State.PRIVATE, State.LOGIN_WALL, State.LIMITED_ONCE


def _on(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, 41, tzinfo=UTC)


def _instagram(name: str, at: datetime, **more: object) -> DemoPost:
    return _make(name, "instagram", ids.instagram(at, 0x1D3A51), at, **more)


def _tiktok(name: str, at: datetime, **more: object) -> DemoPost:
    number = ids.tiktok(at, 0x5D3A5101)
    return _make(name, "tiktok", number, at, author=people.TT_KEEPER, **more)


def _bluesky(name: str, at: datetime, author: Author, **more: object) -> DemoPost:
    return _make(
        name, "bluesky", f"{author.number}/{ids.bluesky(at, 21)}", at, author=author, **more
    )


def _mastodon(name: str, at: datetime, **more: object) -> DemoPost:
    return _make(name, "mastodon", f"{MASTODON_HOST}/{ids.mastodon(at, 0x5D3A)}", at, **more)


def _make(name: str, platform: str, id: str, at: datetime, **more: object) -> DemoPost:
    return DemoPost(name=name, platform=platform, id=id, at=at, **more)  # type: ignore[arg-type]


PICTURE_POSTS = (
    _instagram(
        "ig-carousel",
        _on(10, 15, 8, 4),
        author=people.IG_LUCIA,
        place="p",
        lang="es",
        text="Tres papeles recortados para el estuario: olas, azulejos y la mañana en el puerto. #marismas",
        media=(pictures.WAVES, pictures.TILES, pictures.MORNING),
    ),
    _instagram(
        "ig-reel",
        _on(11, 1, 20, 33),
        author=people.IG_PORT,
        place="reel",
        text="Night watch at Gull Point. Sound off, there is none.",
        media=(pictures.BEAM,),
    ),
    _instagram(
        "ig-patient",
        _on(9, 12, 6, 50),
        author=people.IG_PORT,
        place="p",
        text="Ridge walk before the shift. The page of this post asks its first visitor to wait a second.",
        media=(pictures.MOUNTAINS,),
        state=ONCE,
    ),
    _instagram(
        "ig-deleted",
        _on(5, 2, 12, 12),
        author=people.IG_LUCIA,
        place="p",
        text="Publicación retirada.",
        state=DELETED,
    ),
    _instagram(
        "ig-wall",
        _on(8, 23, 17, 17),
        author=people.IG_LUCIA,
        place="p",
        text="Solo para quien entra con su cuenta.",
        state=WALL,
    ),
)

PAGE_POSTS = (
    _make(
        "fb-post",
        "facebook",
        "910000000012345",
        _on(10, 14, 9, 0),
        author=people.FB_TOWN,
        place="posts",
        text="Sandbags are handed out at the fire station until 20:00. Please bring your own spade, "
        "and help the neighbour who cannot carry.",
        media=(pictures.FLOOD,),
    ),
    _make(
        "fb-video",
        "facebook",
        "910000000023456",
        _on(9, 30, 12, 15),
        author=people.FB_FERRY,
        place="videos",
        text="The new ferry turns on the spot. Watch the wake: there is hardly any.",
        media=(pictures.BOAT,),
    ),
    _make(
        "fb-wall",
        "facebook",
        "910000000034567",
        _on(6, 30, 10, 0),
        author=people.FB_TOWN,
        place="posts",
        text="For members only.",
        state=WALL,
    ),
)

VIDEO_POSTS = (
    _make(
        "yt-turbine",
        "youtube",
        "tUrB1nDem0A",
        _on(9, 2, 15, 0),
        author=people.YT_WIND,
        title="Two turbines on Gull Ridge: one year of wind in two seconds",
        text="A short film about a long year.",
        media=(pictures.TURBINE,),
    ),
    _make(
        "yt-ferry",
        "youtube",
        "f3rryDem0_B",
        _on(10, 1, 10, 30),
        author=people.YT_FERRY,
        lang="es",
        title="El primer ferry eléctrico cruza el estuario",
        text="Doce minutos sin humo, resumidos en dos segundos.",
        media=(pictures.BOAT,),
    ),
    _make(
        "yt-removed",
        "youtube",
        "g0neDem0-C1",
        _on(3, 3, 3, 3),
        author=people.YT_WIND,
        title="Removed",
        text="",
        state=DELETED,
    ),
    _make(
        "yt-private",
        "youtube",
        "pr1vDem0-D2",
        _on(4, 4, 4, 4),
        author=people.YT_FERRY,
        title="Private",
        text="",
        state=PRIVATE,
    ),
    _tiktok(
        "tt-lighthouse",
        _on(11, 2, 21, 9),
        text="Every nine seconds for a hundred and twenty years #lighthouse #nightshift",
        media=(pictures.BEAM,),
    ),
    _tiktok("tt-deleted", _on(2, 14, 14, 14), text="Taken down.", state=DELETED),
)

CHANNEL_POSTS = (
    _make(
        "tg-photo",
        "telegram",
        "harbour_watch_demo/412",
        _on(10, 14, 7, 2),
        author=people.TG_HARBOUR,
        text="07:00. Water at the second mark, wind north-west 7. The quay road is closed, "
        "use Mill Lane.",
        media=(pictures.FLOOD,),
    ),
    _make(
        "tg-removed",
        "telegram",
        "harbour_watch_demo/413",
        _on(10, 14, 7, 30),
        author=people.TG_HARBOUR,
        text="Removed by the channel.",
        state=DELETED,
    ),
    _make(
        "tg-text",
        "telegram",
        "harbour_watch_demo/414",
        _on(10, 14, 11, 45),
        author=people.TG_HARBOUR,
        text="11:45. All clear. Thank you, everybody.",
    ),
    _make(
        "tg-video",
        "telegram",
        "marsa_watch_demo/88",
        _on(10, 21, 5, 20),
        author=people.TG_MARSA,
        lang="ar",
        text="أول مركب يغادر المرسى بعد انتهاء العاصفة.",
        media=(pictures.BOAT,),
    ),
)

OPEN_POSTS = (
    _bluesky(
        "bs-images",
        _on(10, 16, 12, 0),
        people.BS_EDDA,
        lang="de",
        text="Zwei Bilder vom Deichbau: vorher das Sperrwerk, nachher der Hafen im Morgenlicht.",
        media=(pictures.BARRIER, pictures.MORNING),
    ),
    _bluesky(
        "bs-text",
        _on(11, 5, 18, 20),
        people.BS_WIRE,
        text="We asked eleven harbour towns what a flood costs. Nine could not say. Thread tomorrow.",
    ),
    _bluesky("bs-deleted", _on(1, 20, 9, 9), people.BS_WIRE, text="Deleted.", state=DELETED),
    _mastodon(
        "ma-chart",
        _on(11, 4, 6, 30),
        author=people.MA_WEATHER,
        lang="de",
        text="Pegelstände der letzten drei Wochen an drei Messpunkten. Blau ist der Außenhafen.",
        media=(pictures.LINES,),
    ),
    _mastodon(
        "ma-text",
        _on(10, 17, 21, 0),
        author=people.MA_EDDA,
        text="The pumps have stopped. For the first time in three days I can hear the clock in the hall.",
    ),
    _mastodon("ma-deleted", _on(7, 7, 7, 7), author=people.MA_EDDA, text="Deleted.", state=DELETED),
    _make(
        "rd-image",
        "reddit",
        "zzdemo01",
        _on(10, 18, 13, 13),
        author=people.RD_BUILDER,
        place="r/SelmouthDemo01",
        title="I drew our street as paper waves, one layer for each flood since 1953",
        text="",
        media=(pictures.WAVES,),
    ),
    _make(
        "rd-player",
        "reddit",
        "zzdemo02",
        _on(9, 3, 9, 40),
        author=people.RD_ROWER,
        place="r/SelmouthDemo01",
        title="One year of wind on Gull Ridge, sped up (short film)",
        text="",
        quotes="yt-turbine",
    ),
    _make(
        "rd-removed",
        "reddit",
        "zzdemo03",
        _on(5, 28, 16, 0),
        author=people.RD_ROWER,
        place="r/SelmouthDemo01",
        title="[deleted by user]",
        text="",
        state=DELETED,
    ),
    _make(
        "rd-private",
        "reddit",
        "zzdemo04",
        _on(6, 6, 6, 6),
        author=people.RD_ROWER,
        place="r/SelmouthInner01",
        title="Members only",
        text="",
        state=PRIVATE,
    ),
)
