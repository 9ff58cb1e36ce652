"""Articles, second half: other languages, a saved page, and texts that have lost their markup."""

from archiver.demoweb.model import Article, Block
from archiver.demoweb.tables.articles_first import embed, p

GERMAN = Article(
    name="german",
    style="consent",
    lang="de",
    site="Elbufer-Blatt",
    url="https://www.elbufer-blatt.example/region/deichbau-nach-der-flut-4711.html",
    title="Nach der Flut wird am Deich gebaut",
    byline="Edda Deichgraf",
    day="2026-10-17",
    blocks=(
        p("Drei Tage lang liefen die Pumpen. Jetzt stehen am Sperrwerk die Bagger."),
        embed("bs-images", "onetrust"),
        p("Die Pegel der letzten Wochen zeigen, wie knapp es war."),
        embed("ma-chart", "cookiebot"),
        p("Den Strom für die Pumpen lieferten zwei Windräder."),
        embed("yt-turbine", "consentmanager"),
        embed("fb-video", "onetrust"),
    ),
)

SPANISH = Article(
    name="spanish",
    style="plain",
    lang="es",
    site="Diario del Estuario",
    url="https://diario-del-estuario.example/2026/10/el-primer-ferry-electrico/",
    title="El primer ferry eléctrico ya cruza el estuario",
    byline="Lucía Marismas",
    day="2026-10-16",
    blocks=(
        p("Doce minutos, sin humo y casi sin ruido: así fue la primera travesía."),
        embed("yt-ferry", "lazy"),
        p("La artista Lucía Marismas dedicó al puerto tres papeles recortados."),
        embed("ig-carousel", "blockquote"),
        p("El anuncio de la víspera ya no se puede ver sin una cuenta."),
        embed("ig-wall", "blockquote"),
    ),
)

ROMANIAN = Article(
    name="romanian",
    style="wordpress",
    lang="ro",
    site="Ziarul Digului",
    url="https://www.ziarul-digului.example/actualitate/digul-a-tinut/",
    title="Digul a ținut toată noaptea",
    byline="Ionuț Digureanu",
    day="2026-10-02",
    blocks=(
        p("Două sute de voluntari au cărat saci de nisip până la răsărit. Orașul este uscat."),
        embed("x-ro", "figure"),
        p("Filmul promis de companie a fost între timp ascuns, la fel și câteva fotografii."),
        embed("yt-private", "figure"),
        embed("x-private", "figure"),
        embed("fb-wall", "figure"),
    ),
)

ARABIC = Article(
    name="arabic",
    style="plain",
    lang="ar",
    rtl=True,
    site="صحيفة المرسى",
    url="https://www.sahifat-almarsa.example/2026/10/21/after-the-storm",
    title="المرسى يعود إلى الحياة بعد العاصفة",
    byline="سلمى المرسى",
    day="2026-10-21",
    blocks=(
        p("مع أول ضوء للنهار خرج أول مركب، وفتحت السوق أبوابها قبل الظهر."),
        embed("x-ar", "blockquote"),
        p("وصوّر مرصد المرسى لحظة الخروج."),
        embed("tg-video", "blockquote"),
        p("وهناك منشور لا يظهر في بعض البلدان."),
        embed("x-withheld", "blockquote"),
    ),
)

JAPANESE = Article(
    name="japanese",
    style="plain",
    lang="ja",
    site="港新報",
    url="https://www.minato-shimpo.example/articles/20261109-toudai",
    title="港の灯台、塗り直しを終えて再点灯",
    byline="港ノ見 健",
    day="2026-11-09",
    blocks=(
        p("百二十年の間に七度目となる塗り直しが終わり、灯台に再び明かりがともった。"),
        embed("x-ja", "blockquote"),
        p("海の向こうの町でも、同じ夜に灯台が話題になっていた。"),
        embed("ig-reel", "iframe"),
        embed("bs-images", "iframe"),
    ),
)

SAVED = Article(
    name="saved",
    style="saved",
    site="Ridge Observer",
    file="ridge-observer-saved-page.html",
    title="The forum behind the closed door",
    byline="Observer desk",
    day="2026-06-08",
    blocks=(
        p("Members of the inner forum wrote this in June; it can be read by invitation only."),
        embed("rd-private", "blockquote"),
        p("Outside, the keeper of the tables carried on."),
        embed("ma-chart", "blockquote"),
    ),
)

NIGHT_TEXT = Article(
    name="night-text",
    style="text",
    site="The Harbour Courier",
    file="harbour-courier-2022.txt",
    title="The night the water came to Rope Street.",
    byline="",
    day="2022-01-06",
    blocks=(
        p("Selmouth has seen its highest tide in a generation. Nobody was hurt, many were awake."),
        embed("x-text-ferry", "line"),
        p("By the afternoon the port had closed the north quay."),
        embed("x-text-port", "tight"),
        p("Crews worked through the night, and those who live by the water did not sleep."),
        embed("x-text-mara", "two-lines"),
        p(
            "Before six the gauge at the old pier stood higher than anyone had foretold (@estuarywx_demo)."
        ),
        embed("x-text-weather", "short-link"),
        p("The council meets on Friday."),
    ),
)

ROMANIAN_TEXT = Article(
    name="romanian-text",
    style="text",
    lang="ro",
    site="Ziarul Digului",
    file="ziarul-digului-2022.txt",
    title="Apa s-a retras din oraș.",
    byline="",
    day="2022-01",
    blocks=(
        p(
            "După două nopți fără somn, locuitorii au început curățenia. Piața Veche este din nou deschisă."
        ),
        embed("x-text-ro", "dash"),
        p("Primăria promite diguri mai înalte până la toamnă."),
    ),
)

UNRESOLVABLE = Article(
    name="unresolvable-text",
    style="text",
    site="Tidewire",
    file="tidewire-2022.txt",
    title="What the desk said.",
    byline="",
    day="2022-01-08",
    blocks=(
        p("Only the words of the post have survived here, with a link to a report of ours."),
        Block("embed", "", "outside"),
    ),
)

SECOND = (GERMAN, SPANISH, ROMANIAN, ARABIC, JAPANESE, SAVED, NIGHT_TEXT, ROMANIAN_TEXT)
