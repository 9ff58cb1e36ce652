"""More posts of which the words alone are left: one for each route that `recovery` does not go.

Beside each stands a decoy: a post that is near it and is not it.
"""

from archiver.demoweb.model import Article, DemoPost, Memento
from archiver.demoweb.tables import people
from archiver.demoweb.tables.articles_first import embed, p
from archiver.demoweb.tables.recovery import at_instant, status_of_x, x_post

PAGE_ONLY = frozenset({"Pag3LinkD1", "Pag3Wr0ng1"})
"""Short links that t.co answers with a page, whoever asks."""
ASTRAY = {"Pag3Wr0ng1": "decoy-page", "Htt9Wr0ng1": "decoy-http"}
"""Short links that lead to somebody else's post: the video in it was theirs."""
_LAST_BELL = "The bell of the last boat has a crack in it and everybody likes it better so."


def _telegram(name: str, number: int, text: str) -> DemoPost:
    at = at_instant(18, 6, number % 60, 10, 2026)
    channel = people.TG_HARBOUR
    return DemoPost(name=name, platform="telegram", id=f"{channel.handle}/{number}", author=channel,
                    text=text, at=at)  # fmt: skip


MORE_LOST_POSTS = (
    x_post("x-lost-amp", people.X_MARA, at_instant(14, 9, 5),
           "The painter of the buoys has run out of red, so three of them are orange this year."),
    x_post("x-lost-feed", people.X_FERRY, at_instant(15, 12, 30), _LAST_BELL),
    x_post("x-lost-page", people.X_PORT, at_instant(16, 8, 12),
           "Somebody has left a rowing boat in the car park, with the oars inside.", slug="Pag3LinkD1"),
    x_post("x-lost-xcom", people.X_WEATHER, at_instant(17, 13, 20),
           "Wind from the west at 61 knots, the strongest since this mast was put up."),
    x_post("x-lost-mobile", people.X_IONUT, at_instant(18, 16, 40),
           "Barca bunicului a fost găsită în stuf, întreagă, cu lanterna încă la locul ei.", lang="ro"),
    x_post("x-lost-spelled", people.X_FERRY, at_instant(19, 7, 7),
           "From Monday the ferry carries bicycles free of charge, prams as ever."),
)  # fmt: skip
MORE_DECOYS = (
    x_post("decoy-amp", people.X_MARA, at_instant(14, 19, 5),
           "The painter of the buoys has red enough, he says, for the whole of next year."),
    x_post("decoy-feed", people.X_PORT, at_instant(15, 18, 0), _LAST_BELL),
    x_post("decoy-page", people.X_FERRY, at_instant(17, 14, 0),
           "Wind from the west at 61 knots, the strongest since this mast was put up."),
    x_post("decoy-http", people.X_MARA, at_instant(18, 17, 0),
           "Barca bunicului a fost găsită în stuf, întreagă, cu lanterna încă la locul ei.", lang="ro"),
    x_post("decoy-xcom", people.X_WEATHER, at_instant(17, 3, 20),
           "Wind from the west at 16 knots, the weakest since this mast was put up."),
    x_post("decoy-mobile", people.X_IONUT, at_instant(18, 6, 40),
           "Barca bunicului n-a fost găsită, stuful e plin de lanterne vechi.", lang="ro"),
    x_post("decoy-spelled", people.X_FERRY, at_instant(19, 17, 7),
           "From Monday the ferry carries no bicycles at all, prams as ever."),
    _telegram("decoy-tg", 431, "The watchman has not written his last page, he has only turned it over."),
)  # fmt: skip
LOST_MESSAGE = _telegram(
    "tg-lost", 430, "The watchman has written the last page of his book and begun another."
)
"""A message that only its channel's own list leads back to; it stands in no article."""

_HARBOUR = "https://www.harbour-courier.example/2022/01/15/the-painter-of-buoys/"
_RIDGE = "https://ridge-and-river.example/stories/the-bell-of-the-last-boat"

LIGHT = Article(
    name="light",
    style="plain",
    site="The Harbour Courier",
    url=_HARBOUR,
    amp=_HARBOUR + "amp/",
    title="The painter of buoys",
    byline="Mara Tolliver",
    day="2022-01-15",
    blocks=(p("What the harbour says of him."), embed("x-lost-amp", "stripped")),
)
LIGHT_AMP = Article(
    name="light-amp",
    style="amp",
    site="The Harbour Courier",
    url=_HARBOUR + "amp/",
    canonical=_HARBOUR,
    title="The painter of buoys",
    byline="Mara Tolliver",
    day="2022-01-15",
    blocks=(embed("decoy-amp", "amp"), embed("x-lost-amp", "amp")),
)
FED = Article(
    name="fed",
    style="plain",
    site="Ridge & River",
    url=_RIDGE,
    feed="https://ridge-and-river.example/feed/",
    title="The bell of the last boat",
    byline="Staff of Ridge & River",
    day="2022-01-16",
    blocks=(p("It rings at nine."), embed("x-lost-feed", "stripped")),
)
FEED = Article(
    name="feed",
    style="feed",
    site="Ridge & River",
    url="https://ridge-and-river.example/feed/",
    canonical=_RIDGE,
    title="The bell of the last boat",
    byline="Staff of Ridge & River",
    day="2022-01-16",
    blocks=(embed("decoy-feed", "figure"), embed("x-lost-feed", "figure")),
)
"""The feed of `FED`'s site: its own entry, after one of another story."""

LETTERS = Article(
    name="letters",
    style="text",
    site="Tidewire",
    file="tidewire-letters-2022-01.txt",
    title="Letters from the car park.",
    byline="",
    day="2022-01-18",
    blocks=(
        p("It stood there for a week."),
        embed("x-lost-page", "line"),
        p("Nobody was at sea on Monday."),
        embed("x-lost-xcom", "wrong-page"),
    ),
)
LOGBOOK = Article(
    name="logbook",
    style="text",
    site="Ziarul Digului",
    file="ziarul-jurnal-2022-01.txt",
    title="Din jurnalul digului.",
    byline="",
    day="2022-01",
    blocks=(
        p("Vestea a venit la prânz."),
        embed("x-lost-mobile", "wrong-http"),
        p("Iar feribotul are reguli noi."),
        embed("x-lost-spelled", "shouted"),
    ),
)
MORE_LOST_ARTICLES = (LIGHT, FED, LETTERS, LOGBOOK)
MORE_UNLISTED = (LIGHT_AMP, FEED)


def _kept(name: str, host: str, day: int) -> Memento:
    post = next(one for one in (*MORE_LOST_POSTS, *MORE_DECOYS) if one.name == name)
    return Memento(url=status_of_x(post, host), at=at_instant(day, 4, 0), post=name)


MORE_MEMENTOS = (
    _kept("x-lost-xcom", "x.com", 18),
    _kept("decoy-xcom", "x.com", 18),
    _kept("x-lost-mobile", "mobile.twitter.com", 19),
    _kept("decoy-mobile", "mobile.twitter.com", 19),
    _kept("x-lost-spelled", "twitter.com", 20),
    _kept("decoy-spelled", "twitter.com", 20),
)
"""What the web archive holds of them."""
