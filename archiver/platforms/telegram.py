"""Telegram channels' posts. Source: embed-formats A1 row 9, A2 section 9. Names ignore case."""

from archiver.platforms.contract import Address, Form, Markup, Platform

_NAME = r"(?P<author>[A-Za-z]\w{2,31})"
_NO_CHANNEL = (
    r"(?!(?:share|joinchat|addstickers|addemoji|addtheme|addlist|socks|proxy|bg|setlanguage"
    r"|confirmphone|login|invoice|iv|c|s|boost|giftcode|m)(?:/|$))"
)

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
    types=("telegram", "telegrampost", "telegramembed"),
    id_keys=("telegrampost",),
)  # fmt: skip
