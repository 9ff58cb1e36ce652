"""Odnoklassniki. Source: embed-formats A1 row 12, A2 section 10–12."""

from archiver.platforms.contract import Address, Form, Platform

_ID = r"(?P<id>\d{6,20}(?:-\d+)?)"

OK = Platform(
    name="ok",
    label="Odnoklassniki",
    hosts=("ok.ru", "odnoklassniki.ru"),
    forms=(
        Form(r"/dk", query=(("st.mvId", rf"(?P<video>{_ID})"),), id="{video}"),
        Form(r"/dk.*|/share.*|/widget.*|/offer.*", kind="share"),
        Form(r"/(?:videoembed|video|live|web-api/video/moviePlayer)/(?P<video>\d{6,20}(?:-\d+)?)", id="{video}"),
        Form(r"/(?P<page>(?:profile/|group/|)[\w.-]+)/(?P<what>topic|statuses)/(?P<id>\d{6,20})(?:/.*)?"),
        Form(r"/(?:profile/\d+|group/\d+|(?P<author>[\w.-]+))", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://ok.ru/{page}/{what}/{id}", "https://ok.ru/video/{id}"),
            embed=("https://ok.ru/videoembed/{video}",),
        ),
    ),
    types=("ok", "odnoklassniki", "okru"),
    unseen="No embed view of a text post is known.",
)  # fmt: skip
