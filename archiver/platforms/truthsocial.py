"""Truth Social. Source: embed-formats A1 row 18, A2 section 16–19."""

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import snowflake
from archiver.platforms.fediverse import client_api

_ID = r"(?P<id>\d{17,19})"

TRUTHSOCIAL = Platform(
    name="truthsocial",
    label="Truth Social",
    hosts=("truthsocial.com",),
    forms=(
        Form(rf"/@(?P<author>\w*)/(?:posts/)?{_ID}(?:/embed)?"),
        Form(rf"/users/(?P<author>\w+)/statuses/{_ID}(?:/embed)?"),
        Form(r"/share.*|/login.*", kind="share"),
        Form(r"/@(?P<author>\w+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://truthsocial.com/@{author}/{id}", "https://truthsocial.com/@/{id}"),
            embed=("https://truthsocial.com/@{author}/{id}/embed", "https://truthsocial.com/@/{id}/embed"),
        ),
    ),
    markups=(
        Markup("truthsocial.iframe", "iframe.truthsocial-embed", "url:src url:data-src"),
        Markup("truthsocial.blockquote", ".truthsocial-embed", "url:data-src link", caption=True),
    ),
    time=snowflake(16, at_least=10**15),
    endpoints=("https://truthsocial.com/api/v1/statuses/{id}",),
    types=("truthsocial", "truth"),
    id_keys=("truthid",),
    drawn=(".status__content", ".status__content-wrapper", "[data-testid=status]"),
    signs=(
        *client_api("truthsocial"),
    ),
)  # fmt: skip
