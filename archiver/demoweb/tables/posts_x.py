"""The posts on X. The five of January 2022 are known to the articles by their text alone."""

from datetime import UTC, datetime

from archiver.demoweb import ids
from archiver.demoweb.model import Author, DemoPost, Medium, State
from archiver.demoweb.tables import people, pictures


def _post(
    name: str,
    author: Author,
    at: datetime,
    text: str,
    *media: Medium,
    lang: str = "en",
    state: State = State.LIVE,
    slug: str = "",
) -> DemoPost:
    return DemoPost(
        name=name,
        platform="x",
        id=ids.x(at, 0x2A5001),
        author=author,
        text=text,
        at=at,
        lang=lang,
        media=media,
        state=state,
        slug=slug,
    )


def _on(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, 17, tzinfo=UTC)


X_POSTS = (
    _post(
        "x-barrier",
        people.X_PORT,
        _on(2026, 10, 14, 6, 42),
        "The barrier closed at 06:30 for the first time since it was rebuilt. Gates 1 to 5 are down, "
        "the lock stays open for small craft until noon.",
        pictures.BARRIER,
        slug="Se1mouthD1",
    ),
    _post(
        "x-four",
        people.X_MARA,
        _on(2026, 10, 14, 19, 5),
        "One harbour, four hours apart. Dusk, morning, night, and the market on the quay.",
        pictures.HARBOUR,
        pictures.MORNING,
        pictures.NIGHT,
        pictures.MARKET,
        slug="Mar4PhotoD",
    ),
    _post(
        "x-ferry",
        people.X_FERRY,
        _on(2026, 9, 30, 11, 20),
        "First crossing of the electric ferry. No engine noise, only gulls. #Brackwater",
        pictures.BOAT,
        slug="FerryC1ipD",
    ),
    _post(
        "x-chart",
        people.X_WEATHER,
        _on(2026, 11, 3, 16, 48),
        "Highest tide of each autumn since 2020, measured at the old pier. This one is the last bar.",
        pictures.BARS,
        slug="Tide8arsDm",
    ),
    _post(
        "x-ro",
        people.X_IONUT,
        _on(2026, 10, 2, 7, 15),
        "Digul a ținut toată noaptea. Mulțumim celor două sute de voluntari care au cărat saci "
        "de nisip până dimineața.",
        lang="ro",
    ),
    _post(
        "x-ar",
        people.X_SALMA,
        _on(2026, 10, 21, 9, 30),
        "عاد الصيادون إلى المرسى بعد العاصفة، والسوق مفتوحة اليوم حتى المساء.",
        pictures.MARKET,
        lang="ar",
        slug="MarsaSouqD",
    ),
    _post(
        "x-ja",
        people.X_KENJI,
        _on(2026, 11, 8, 22, 10),
        "港の灯台、百二十年ぶりに塗り直しが終わりました。夜の姿もどうぞ。",
        pictures.BEAM,
        lang="ja",
        slug="M1natoDemo",
    ),
    _post(
        "x-text-ferry",
        people.X_FERRY,
        _on(2022, 1, 5, 9, 12),
        "The old ferry is out of the water for the first time since 1987. Come and see her on the slip.",
        pictures.HARBOUR,
        slug="Hb0urDemo1",
    ),
    _post(
        "x-text-port",
        people.X_PORT,
        _on(2022, 1, 5, 14, 40),
        "Storm gates are shut, every berth on the north quay is closed until further notice.",
        pictures.FLOOD,
        slug="Hb0urDemo2",
    ),
    _post(
        "x-text-mara",
        people.X_MARA,
        _on(2022, 1, 5, 21, 3),
        "Nobody sleeps on Rope Street tonight. The water is at the third step.",
        pictures.NIGHT,
        slug="Hb0urDemo3",
    ),
    _post(
        "x-text-weather",
        people.X_WEATHER,
        _on(2022, 1, 6, 5, 55),
        "4.71 m at the old pier at 05:40, eleven centimetres above the forecast.",
        pictures.LINES,
        slug="Hb0urDemo4",
    ),
    _post(
        "x-text-ro",
        people.X_IONUT,
        _on(2022, 1, 6, 8, 26),
        "Apa s-a retras din Piața Veche. Acum începe curățenia.",
        pictures.BOAT,
        lang="ro",
        slug="Hb0urDemo5",
    ),
    _post(
        "x-deleted",
        people.X_PORT,
        _on(2026, 10, 13, 22, 1),
        "Correction: the barrier will not close tonight.",
        state=State.DELETED,
    ),
    _post(
        "x-vanished",
        people.X_WEATHER,
        _on(2026, 8, 19, 12, 0),
        "Forecast withdrawn, a new one follows.",
        state=State.VANISHED,
    ),
    _post(
        "x-private",
        people.X_IONUT,
        _on(2026, 7, 4, 18, 30),
        "Poze de la nunta de pe dig.",
        lang="ro",
        state=State.PRIVATE,
    ),
    _post(
        "x-withheld",
        people.X_SALMA,
        _on(2026, 6, 11, 10, 10),
        "نص محجوب في بعض البلدان.",
        lang="ar",
        state=State.WITHHELD,
    ),
)
