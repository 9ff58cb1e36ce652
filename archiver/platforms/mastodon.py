"""Mastodon and what speaks like it (GoToSocial, Pleroma, Akkoma, Friendica), on any host.

Source: embed-formats A1 row 16, A2 section 16–19. Known by the shape of the address, since servers
cannot be listed; the id is `host/id`, for every server has ids of its own.
Never seen live: the embed view, and pages of deleted posts. What the server's API says counts as
`platforms/fediverse.py` explains; its embed view and its page are one witness.
"""

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import snowflake
from archiver.platforms.fediverse import client_api

_USER = r"@(?P<author>[\w.-]+(?:@[\w.-]+)?)"
_ID = r"(?P<id>\d{15,19})"
_HERE = "{host}/{id}"

MASTODON = Platform(
    name="mastodon",
    label="Mastodon",
    hosts=("mastodon.social", "mastodon.online", "mstdn.social", "mas.to", "mastodon.world", "hachyderm.io"),
    host_shapes=(r"(?:mastodon|mstdn|masto|toot|social)\..+", r".+\.(?:social|masto\.host)"),
    forms=(
        Form(rf"/{_USER}/{_ID}(?:/embed)?", id=_HERE, any_host=True),
        Form(rf"/{_USER}/(?P<id>\d{{1,14}})(?:/embed)?", id=_HERE),
        Form(r"/users/(?P<author>[\w.-]+)/statuses/(?P<id>\d+)(?:/embed)?", id=_HERE, any_host=True),
        Form(r"/(?:web|deck)/(?:statuses|@[\w.@-]+)/(?P<id>\d+)", id=_HERE, any_host=True),
        Form(rf"/{_USER}/statuses/(?P<id>[0-9A-HJKMNP-TV-Z]{{26}})", id=_HERE, any_host=True),
        Form(r"/notice/(?P<id>[0-9A-Za-z]{8,20})", id="{host}/notice/{id}"),
        Form(r"/(?:share|authorize_interaction|auth/.*)", kind="share"),
        Form(r"/tags/.+", kind="widget"),
        Form(rf"/{_USER}", kind="profile"),
    ),
    addresses=(
        Address(
            id=r"(?P<host>[\w.-]+(?::\d+)?)/notice/(?P<id>\w+)",
            permalink=("https://{host}/notice/{id}",),
        ),
        Address(
            id=r"(?P<host>[\w.-]+)/(?P<id>[0-9A-HJKMNP-TV-Z]{26})",
            permalink=("https://{host}/@{author}/statuses/{id}", "https://{host}/web/statuses/{id}"),
        ),
        Address(
            id=r"(?P<host>[\w.-]+)/(?P<id>\d+)",
            permalink=("https://{host}/@{author}/{id}", "https://{host}/web/statuses/{id}"),
            embed=("https://{host}/@{author}/{id}/embed", "https://{host}/web/statuses/{id}"),
        ),
    ),
    markups=(
        Markup("mastodon.blockquote", "blockquote.mastodon-embed", "url:data-embed-url link", caption=True),
        Markup("mastodon.iframe", "iframe.mastodon-embed", "url:src url:data-src"),
        Markup("mastodon.embetty", "embetty-mastodon", "url:status"),
        Markup("mastodon.timeline", ".mastodon-timeline", role="widget"),
    ),
    time=snowflake(16, scale=1, at_least=10**15),
    endpoints=("https://{host}/api/v1/statuses/{id}", "https://{host}/api/oembed?url={url}"),
    types=("mastodon", "mastodonpost", "toot", "mastodonembed"),
    drawn=(".detailed-status", ".status__content", ".activity-stream .entry", ".status__wrapper"),
    element=(".detailed-status", ".activity-stream .entry", ".status__wrapper", ".status"),
    signs=client_api("mastodon", "{own}"),
)  # fmt: skip
