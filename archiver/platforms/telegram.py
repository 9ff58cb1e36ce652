"""Telegram channels' posts. Source: embed-formats A1 row 9, A2 section 9. Names ignore case.

Never seen live: the answers for posts that are not there.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_EMBED = r"//t(?:elegram)?\.(?:me|dog)/.*\bembed=1"

_NAME = r"(?P<author>[A-Za-z]\w{2,31})"
_NO_CHANNEL = (
    r"(?!(?:share|joinchat|addstickers|addemoji|addtheme|addlist|socks|proxy|bg|setlanguage"
    r"|confirmphone|login|invoice|iv|c|s|boost|giftcode|m)(?:/|$))"
)


def _without_options(token: str) -> str:
    """An id without what the widget is told beside it (`?single`)."""
    return token.partition("?")[0]


TELEGRAM = Platform(
    name="telegram",
    label="Telegram",
    hosts=("t.me", "telegram.me", "telegram.dog", "tg:"),
    forms=(
        Form(r"/share(?:/.*)?|/(?:joinchat|addstickers|addemoji|iv|login|proxy|socks).*|/\+.*", kind="share"),
        Form(r"/c/(?P<chat>\d+)(?:/\d+)?/(?P<n>\d+)", id="c/{chat}/{n}"),
        Form(rf"(?:/s)?/{_NO_CHANNEL}{_NAME}(?:/\d+)?/(?P<n>\d+)", id="{author}/{n}"),
        Form(host=r"(?P<author>\w+)\.t\.me", path=r"/(?P<n>\d+)", id="{author}/{n}"),
        Form(host="tg:", path=r"/*resolve", query=(("domain", _NAME), ("post", r"(?P<n>\d+)")), id="{author}/{n}"),
        Form(rf"/(?:s/)?{_NO_CHANNEL}{_NAME}", kind="profile"),
    ),
    addresses=(
        Address(id=r"c/(?P<chat>\d+)/(?P<n>\d+)", permalink=("https://t.me/c/{chat}/{n}",)),
        Address(
            id=rf"{_NAME}/(?P<n>\d+)",
            permalink=("https://t.me/{author}/{n}",),
            embed=("https://t.me/{author}/{n}?embed=1&mode=tme",),
        ),
    ),
    markups=(
        Markup("telegram.script", "[data-telegram-post]", "id:data-telegram-post"),
        Markup("telegram.message", ".tgme_widget_message", "id:data-post", caption=True),
        Markup("telegram.discussion", "[data-telegram-discussion]", role="widget"),
    ),
    fold=True,
    tidy=_without_options,
    types=("telegram", "telegrampost", "telegramembed"),
    id_keys=("telegrampost",),
    drawn=(
        ".tgme_widget_message_text", ".tgme_widget_message_photo_wrap", ".tgme_widget_message_video_player",
        ".tgme_widget_message_bubble", ".tgme_widget_message[data-post]",
    ),
    element=(".tgme_widget_message", ".tgme_page_widget iframe"),
    signs=(
        Sign("telegram.blocked", Status.WITHHELD, "css",
             ".tgme_widget_message_error :: .*(?:violat|copyright|can.t be displayed|porn).*",
             "Telegram does not show the channel here", _EMBED, denies=True),
        Sign("telegram.not-found", Status.GONE, "css", ".tgme_widget_message_error",
             "Telegram says that it has no such post: deleted, or the channel is private", _EMBED, "strong", "embed",
             True),
        Sign("telegram.page-without-post", Status.GONE, "no-css", "meta[property='og:description'][content]",
             "the channel is there, and its page shows no such post", r"^https?://t\.me/\w+/\d+(?!.*embed)", "weak",
             "page"),
    ),
)  # fmt: skip
