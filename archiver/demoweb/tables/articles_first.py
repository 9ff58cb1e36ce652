"""Articles on the invented news hosts, first half: English, in six ways of building a page."""

from archiver.demoweb.model import Article, Block


def p(text: str) -> Block:
    """A paragraph."""
    return Block("p", text)


def embed(post: str, carrier: str) -> Block:
    """A demo post, by its name, held by that markup."""
    return Block("embed", post, carrier)


BARRIER = Article(
    name="barrier",
    style="wordpress",
    site="The Harbour Courier",
    url="https://www.harbour-courier.example/2026/10/14/the-day-the-barrier-closed/",
    title="The day the barrier closed",
    byline="Mara Tolliver",
    day="2026-10-14",
    blocks=(
        p(
            "Selmouth woke to a sound it had not heard for eleven years: the long low horn that "
            "means the gates are going down. By seven the harbour was a lake."
        ),
        embed("x-barrier", "figure"),
        p("On the quay the town hall had begun to hand out sandbags before it was light."),
        embed("fb-post", "figure"),
        Block("h2", "What people saw"),
        p("Our reporter stayed until dusk and photographed the same view every hour."),
        embed("x-four", "figure"),
        p("The channel of the harbour watch kept the times."),
        embed("tg-photo", "figure"),
        Block("figure", "barrier.jpg", "The barrier, drawn for this newspaper"),
        embed("ma-text", "bare"),
    ),
)

FERRY = Article(
    name="ferry",
    style="plain",
    site="Ridge & River",
    url="https://ridge-and-river.example/stories/electric-ferry",
    title="A ferry without a voice",
    byline="Staff of Ridge & River",
    day="2026-10-02",
    blocks=(
        p("The first electric ferry on the estuary crosses in twelve minutes, and in silence."),
        embed("x-ferry", "blockquote"),
        p("The company filmed her turning on the spot."),
        embed("fb-video", "blockquote"),
        Block("widget", "brackferry_demo", "timeline"),
        Block("widget", "brackferry_demo", "profile"),
        p("Her power comes from two turbines above the town."),
        embed("yt-turbine", "iframe"),
        embed("rd-player", "blockquote"),
    ),
)

AMP = Article(
    name="amp",
    style="amp",
    site="Ridge Observer",
    url="https://amp.ridge-observer.example/2026/11/gull-point-lighthouse.amp.html",
    title="Gull Point, one hundred and twenty years on",
    byline="Observer desk",
    day="2026-11-03",
    blocks=(
        p("The lighthouse at Gull Point has been relit after a summer behind scaffolding."),
        embed("ig-reel", "amp"),
        p("Its keeper has found an audience of her own."),
        embed("tt-lighthouse", "amp"),
        p("The tides it looks upon have not become lower."),
        embed("x-chart", "amp"),
        embed("yt-turbine", "amp"),
        embed("fb-post", "amp"),
        embed("rd-image", "amp"),
    ),
)

NEXT = Article(
    name="next",
    style="next",
    site="Tidewire",
    url="https://www.tidewire.example/2026/11/what-a-flood-costs",
    title="What a flood costs",
    byline="The Tidewire desk",
    day="2026-11-06",
    blocks=(
        p("Eleven towns, one question: what did the last flood cost you? Nine had no answer."),
        embed("bs-text", "json-html"),
        p("Where nobody keeps accounts, the tide tables must do."),
        embed("x-chart", "json-id"),
        p("And someone is always awake at night."),
        embed("tt-lighthouse", "json-url"),
    ),
)

FUSION = Article(
    name="fusion",
    style="fusion",
    site="The Lowland Ledger",
    url="https://www.lowland-ledger.example/news/2026/10/18/paper-waves/",
    title="A street made of paper waves",
    byline="Jonna Veldt",
    day="2026-10-19",
    blocks=(
        p("It began with a drawing on a forum: one layer of paper for each flood since 1953."),
        embed("rd-image", "oembed"),
        p("Others followed, from other coasts."),
        embed("ig-carousel", "oembed"),
        embed("x-four", "oembed"),
        embed("ig-patient", "raw-html"),
    ),
)

VANISHED = Article(
    name="vanished",
    style="wordpress",
    site="The Harbour Courier",
    url="https://www.harbour-courier.example/2026/11/09/what-is-no-longer-there/",
    title="What is no longer there",
    byline="Mara Tolliver",
    day="2026-11-09",
    blocks=(
        p("Four weeks after the flood we went through the posts we had shown you. Many are gone."),
        embed("x-deleted", "figure"),
        embed("x-vanished", "figure"),
        embed("yt-removed", "figure"),
        embed("tg-removed", "figure"),
        p("Some were taken down by those who wrote them, some by the places where they stood."),
        embed("ig-deleted", "figure"),
        embed("tt-deleted", "figure"),
        embed("bs-deleted", "figure"),
        embed("ma-deleted", "figure"),
        embed("rd-removed", "figure"),
        p("One of the first is still there."),
        embed("tg-text", "figure"),
    ),
)

QUIET = Article(
    name="quiet",
    style="plain",
    site="Ridge & River",
    url="https://ridge-and-river.example/stories/a-walk-without-a-telephone",
    title="A walk without a telephone",
    byline="Staff of Ridge & River",
    day="2026-09-20",
    blocks=(
        p("Nothing is embedded in this story. It has buttons to share it and names of accounts."),
        Block("figure", "mountains.jpg", "The ridge in the morning"),
        Block("widget", "mara_demo_0101", "profile"),
        p("Photo: Instagram/@selmouth.port.demo01. Follow us on X and on YouTube."),
        Block("widget", "deskdemo.000001", "page"),
    ),
)

FIRST = (BARRIER, FERRY, AMP, NEXT, FUSION, VANISHED, QUIET)
