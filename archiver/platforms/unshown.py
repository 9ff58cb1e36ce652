"""What a page of any platform says in words where it shows no post. Sources: pages of players, in several languages;
none was recorded for this."""

from archiver.domain.capture import Status
from archiver.platforms.signs import Sign
from archiver.platforms.walls import LOGIN

_WHAT = "video|post|page|content|track|song|episode|playlist|album|image|photo|gif|pin|file|document|item|clip|story"
_NOT = (
    r"unavailable|(?:not|n.t|no longer) (?:be )?(?:available|found|exist|accessible)|does ?n.t exist"
    r"|(?:been|was|is) (?:removed|deleted|blocked|taken down|private)"
)
_CLOSED = (
    r"(?:suspended|terminated|banned|disabled|deactivated|does ?n.t exist|does not exist|not found)"
)
UNSHOWN: tuple[Sign, ...] = (
    Sign(rule="login.form-alone", points_to=Status.LOGIN_WALL, where="css", strength="weak", brief=True,
         reason=LOGIN,
         pattern="form input[type=password]"),
    Sign(rule="page.unavailable", points_to=Status.FAILED, where="text", strength="weak", brief=True,
         reason="the page says that it cannot show the post: removed, private or never there",
         pattern=rf"\b(?:{_WHAT})s?\b.{{0,40}}\b(?:{_NOT})|nothing (?:here|to see)"
         r"|не найден|удал[её]н[ао]?\b|недоступ|заблокирован|nicht (?:mehr )?verfügbar|n.est (?:pas|plus) disponible"
         r"|no (?:está )?disponible|não (?:está )?disponível|indisponível|non (?:è )?(?:più )?disponibile|bulunamadı"
         r"|見つかりません|削除され|存在しません|不存在|已.{0,4}删除|찾을 수 없|삭제되었|یافت نشد|غير متاح"
         rf"|\b(?:account|user|channel|profile)\b.{{0,20}}\b{_CLOSED}|(?:n.t|cannot) find (?:that|this|the) page"
         r"|wurde (?:gelöscht|gesperrt|entfernt)|nicht gefunden|a été (?:suspendu|supprimé)|(?:cuenta|conta) suspen[ds]"
         r"|(?:ha sido|foi) (?:eliminad|removid|excluíd)|askıya alındı|нет доступа|停止されています|已被(?:封禁|冻结)"
         r"|정지되었|تم حذف|تم تعليق|غير موجود"),
    Sign(rule="page.country", points_to=Status.FAILED, where="text", strength="weak", brief=True,
         reason="the page says that it is not shown in this country or region",
         pattern=r"(?:\b(?:restricted|blocked|unavailable)|(?:n.t|\bnot)(?: \w+){0,5} (?:available|viewable|shown))"
         r"\b.{0,20}\b(?:in|for|from) your (?:country|region|location|area)\b"
         r"|in (?:deine[mr]|ihre[mr]) (?:land|region)\b.{0,20}\bnicht"
         r"|お住まいの(?:国|地域)|(?:所在的?|您的)(?:国家|地区)|في (?:بلدك|منطقتك)"),
    Sign(rule="page.age", points_to=Status.LOGIN_WALL, where="text", strength="weak", brief=True,
         reason="the page asks for the visitor's age",
         pattern=r"\b(?:confirm|verify) your age\b|\bage verification\b|\byou must be (?:at least |over )?(?:18|21)\b"
         r"|\bbestätige(?:n sie)? (?:dein|ihr) alter\b|年齢を?確認"),
    Sign(rule="page.login", points_to=Status.LOGIN_WALL, where="text", strength="weak", brief=True,
         reason=LOGIN,
         pattern=r"\b(?:log|sign) in to (?:continue|(?:view|see|watch) this)\b"),
    Sign(rule="page.asked-too-often", points_to=Status.FAILED, where="text", strength="weak", brief=True,
         reason="the page says that it was asked too often",
         pattern=r"\btoo many requests\b|\brate[ -]limit(?:ed\b| exceeded)|\bunusual traffic\b|\bzu viele anfragen\b"
         r"|リクエストが多すぎ|请求过于频繁|طلبات كثيرة|كبير.{0,8}الطلبات"),
    Sign(rule="page.error", points_to=Status.FAILED, where="text", strength="weak", brief=True,
         reason="the page says that something went wrong",
         pattern=r"\bsomething went wrong\b|\b(?:unexpected|internal|unknown) error\b|\berror has occurred\b"
         r"|\benable javascript\b"),
)  # fmt: skip
"""What a page of a platform says that has nothing else to show. It outweighs no more than that the page has words and
names the post: where a card describes it, where it is known what a drawn post looks like, or where data came, it says
nothing."""
