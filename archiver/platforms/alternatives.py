"""Gab, Gettr, Parler, Minds. Source: embed-formats A1 rows 19–21 and 63, A2 section 16–19."""

from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.times import MINDS_EPOCH_MS, snowflake

_UUID = r"(?P<id>[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})"

GAB = Platform(
    name="gab",
    label="Gab",
    hosts=("gab.com", "gab.ai"),
    forms=(
        Form(r"/(?P<author>[\w.-]+)/(?:posts|media)/(?P<id>\d{5,19})(?:/.*)?"),
        Form(r"/(?:compose|share).*", kind="share"),
        Form(r"/(?:groups|hash|list)/.+", kind="widget"),
        Form(r"/(?P<author>[\w.-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=r"(?P<id>\d{5,19})",
            permalink=("https://gab.com/{author}/posts/{id}", "https://gab.com/i/posts/{id}"),
        ),
    ),
    time=snowflake(16, at_least=10**15),
    endpoints=("https://gab.com/api/v1/statuses/{id}",),
    types=("gab",),
    unseen="No embed view is known.",
)

GETTR = Platform(
    name="gettr",
    label="Gettr",
    hosts=("gettr.com",),
    forms=(
        Form(r"/(?P<what>post|comment)/(?P<id>[pc][a-z0-9]{4,14})"),
        Form(r"/share.*", kind="share"),
        Form(r"/user/(?P<author>\w+)", kind="profile"),
    ),
    addresses=(
        Address(id=r"(?P<id>c[a-z0-9]{4,14})", permalink=("https://gettr.com/comment/{id}",)),
        Address(id=r"(?P<id>p[a-z0-9]{4,14})", permalink=("https://gettr.com/post/{id}",)),
    ),
    endpoints=("https://api.gettr.com/u/post/{id}",),
    types=("gettr",),
    unseen="No embed view is known.",
)

PARLER = Platform(
    name="parler",
    label="Parler",
    hosts=("parler.com",),
    forms=(
        Form(rf"/(?:feed|post|post-view)/{_UUID}"),
        Form(r"/post-view", query=(("q", _UUID),)),
        Form(r"/(?:profile/)?(?P<author>\w+)(?:/.*)?", kind="profile"),
    ),
    addresses=(Address(id=_UUID, permalink=("https://parler.com/feed/{id}",)),),
    types=("parler", "parley"),
    dead="Shut in 2023; later posts have other ids.",
)

MINDS = Platform(
    name="minds",
    label="Minds",
    hosts=("minds.com",),
    forms=(
        Form(r"/(?:newsfeed|media|blog/view|archive/view)/(?:\d+/)?(?P<id>\d{15,19})"),
        Form(r"/(?P<author>\w+)", kind="profile"),
    ),
    addresses=(
        Address(id=r"(?P<id>\d{15,19})", permalink=("https://www.minds.com/newsfeed/{id}",)),
    ),
    time=snowflake(22, MINDS_EPOCH_MS),
    types=("minds",),
    unseen="The epoch rests on one post; no embed view is known.",
)
