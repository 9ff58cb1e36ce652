"""Posts of which articles have kept the words alone, and where each can still be found.

Beside each stands a decoy: a post that is near it and is not it. Decoys belong to no article's truth.
"""

from datetime import UTC, datetime

from archiver.demoweb import ids
from archiver.demoweb.model import Article, Author, DemoPost, Memento, State
from archiver.demoweb.tables import people
from archiver.demoweb.tables.articles_first import embed, p
from archiver.demoweb.tables.posts_more import MASTODON_HOST

FORGOTTEN = frozenset({"Los7LinkD1", "Wr0ngLnkD1"})
"""Short links that t.co no longer follows; the web archive does."""


def at_instant(day: int, hour: int, minute: int, month: int = 1, year: int = 2022) -> datetime:
    """An instant of a January, unless said otherwise."""
    return datetime(year, month, day, hour, minute, 9, tzinfo=UTC)


def x_post(name: str, author: Author, at: datetime, text: str, **more: object) -> DemoPost:
    """A post of X with an id of its time."""
    known = {"name": name, "platform": "x", "id": ids.x(at, 0x2A5003), "author": author}
    return DemoPost(**known, text=text, at=at, **more)  # type: ignore[arg-type]


def _bluesky(name: str, at: datetime, text: str) -> DemoPost:
    author = people.BS_EDDA
    id = f"{author.number}/{ids.bluesky(at, 21)}"
    return DemoPost(name=name, platform="bluesky", id=id, author=author, text=text, at=at)


def _mastodon(name: str, at: datetime, text: str) -> DemoPost:
    id = f"{MASTODON_HOST}/{ids.mastodon(at, 0x5D3A)}"
    return DemoPost(name=name, platform="mastodon", id=id, author=people.MA_EDDA, text=text, at=at)


LOST_POSTS = (
    x_post("x-lost-copy", people.X_MARA, at_instant(7, 15, 20),
       "The crane on Rope Street has been taken down after forty years, and the gulls have noticed."),
    x_post("x-lost-archive", people.X_FERRY, at_instant(8, 10, 2),
       "Our oldest deckhand has carried the same flask across the estuary eleven thousand times."),
    x_post("x-lost-link", people.X_PORT, at_instant(10, 6, 31),
       "Berth four is open again. Mind the step, it is new.", slug="Los7LinkD1"),
    x_post("x-lost-day", people.X_WEATHER, at_instant(11, 17, 44),
       "5.02 m at the old pier at 17:40, nine centimetres above the forecast."),
    x_post("x-lost-gone", people.X_IONUT, at_instant(12, 20, 15),
       "Podul mic este închis până sâmbătă, ocoliți pe strada Morii.", lang="ro", state=State.DELETED),
    _bluesky("bs-lost", at_instant(18, 9, 12, 10, 2026),
             "The last sandbag has been carried back to the fire station, where it will wait."),
    _mastodon("ma-lost", at_instant(19, 7, 5, 10, 2026),
              "Somebody has painted a small blue line on the wall, just where the water stood."),
)  # fmt: skip
DECOYS = (
    x_post("decoy-copy", people.X_MARA, at_instant(9, 15, 20),
       "The crane on Mill Lane stays where it is after forty years, and the gulls are content."),
    x_post("decoy-author", people.X_PORT, at_instant(8, 11, 0),
       "Our oldest deckhand has carried the same flask across the estuary eleven thousand times."),
    x_post("decoy-figures", people.X_WEATHER, at_instant(11, 5, 44),
       "4.88 m at the old pier at 05:40, two centimetres above the forecast."),
    x_post("decoy-next-day", people.X_WEATHER, at_instant(12, 1, 0),
       "5.02 m at the old pier at 17:40, nine centimetres above the forecast."),
    x_post("decoy-same-day", people.X_IONUT, at_instant(12, 8, 0),
       "Podul mare este deschis, podul mic rămâne de văzut.", lang="ro"),
    _bluesky("decoy-bs", at_instant(18, 9, 30, 10, 2026),
             "The last sandbag but one was carried by my neighbour, who would not be helped."),
    _mastodon("decoy-ma", at_instant(19, 8, 0, 10, 2026),
              "Somebody has painted the wall white, and the water left a line."),
)  # fmt: skip

PRINTED = Article(
    name="printed",
    style="plain",
    site="The Harbour Courier",
    url="https://www.harbour-courier.example/print/2022/01/10/what-the-gulls-saw/",
    canonical="https://www.harbour-courier.example/2022/01/10/what-the-gulls-saw/",
    title="What the gulls saw",
    byline="Mara Tolliver",
    day="2022-01-10",
    blocks=(
        p("For the printed page the posts were set as plain quotations."),
        embed("x-lost-copy", "stripped"),
        p("Nobody knows where the crane has gone."),
    ),
)
WHOLE = Article(
    name="whole",
    style="wordpress",
    site="The Harbour Courier",
    url="https://www.harbour-courier.example/2022/01/10/what-the-gulls-saw/",
    title="What the gulls saw",
    byline="Mara Tolliver",
    day="2022-01-10",
    blocks=(
        p("Two cranes, one street apart, and what was said of them."),
        embed("decoy-copy", "figure"),
        embed("x-lost-copy", "figure"),
    ),
)
"""The page of which `PRINTED` is the print version; it is in no list of seeds."""

RELAUNCHED = Article(
    name="relaunched",
    style="plain",
    site="Ridge & River",
    url="https://ridge-and-river.example/stories/eleven-thousand-crossings",
    title="Eleven thousand crossings",
    byline="Staff of Ridge & River",
    day="2022-01-09",
    blocks=(
        p("When this site was rebuilt, its old stories lost the links of their quotations."),
        embed("x-lost-archive", "stripped"),
    ),
)
AS_IT_WAS = Article(
    name="as-it-was",
    style="wordpress",
    site="Ridge & River",
    url="https://ridge-and-river.example/stories/eleven-thousand-crossings",
    title="Eleven thousand crossings",
    byline="Staff of Ridge & River",
    day="2022-01-09",
    blocks=(
        p("He says that it is the flask that keeps him going."),
        embed("decoy-author", "figure"),
        embed("x-lost-archive", "figure"),
    ),
)
"""`RELAUNCHED` as the web archive has it."""

LOST_TEXT = Article(
    name="lost-text",
    style="text",
    site="Tidewire",
    file="tidewire-recovered.txt",
    title="After the flood, in the words of those who were there.",
    byline="",
    day="2022-01-13",
    blocks=(
        p("The port was the first to speak."),
        embed("x-lost-link", "line"),
        p("The gauge rose once more on Tuesday evening."),
        embed("x-lost-day", "wrong-link"),
        p("Upriver the small bridge was closed."),
        embed("x-lost-gone", "words"),
        p("Years later, the bags went home."),
        embed("bs-lost", "words"),
        p("And a line was left."),
        embed("ma-lost", "words"),
    ),
)
LOST_ARTICLES = (PRINTED, RELAUNCHED, LOST_TEXT)
UNLISTED = (WHOLE,)


def status_of_x(post: DemoPost, host: str) -> str:
    """The address of a post of X on one of its hosts."""
    return f"https://{host}/{post.author.handle}/status/{post.id}"


def _status(name: str) -> str:
    post = next(post for post in (*LOST_POSTS, *DECOYS) if post.name == name)
    return status_of_x(post, "twitter.com")


MEMENTOS = (
    Memento(url=AS_IT_WAS.url, at=at_instant(10, 3, 0), article=AS_IT_WAS),
    Memento(url="https://t.co/Los7LinkD1", at=at_instant(11, 0, 0), goal=_status("x-lost-link") + "/photo/1"),
    Memento(url="https://t.co/Wr0ngLnkD1", at=at_instant(12, 0, 0), goal=_status("decoy-author") + "/video/1"),
    Memento(url=_status("x-lost-day"), at=at_instant(12, 4, 0), post="x-lost-day"),
    Memento(url=_status("decoy-figures"), at=at_instant(12, 4, 1), post="decoy-figures"),
    Memento(url=_status("decoy-next-day"), at=at_instant(12, 4, 2), post="decoy-next-day"),
    Memento(url=_status("x-lost-gone"), at=at_instant(13, 2, 0), post="x-lost-gone"),
    Memento(url=_status("decoy-same-day"), at=at_instant(13, 2, 1), post="decoy-same-day"),
)  # fmt: skip
"""What the web archive of the demo web holds."""
