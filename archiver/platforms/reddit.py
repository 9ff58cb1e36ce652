"""Reddit posts and comments. Source: embed-formats A1 row 15, A2 section 13–15. Ids are base 36."""

from archiver.platforms.contract import Address, Form, Markup, Platform

_ID = r"(?P<id>[a-zA-Z0-9]{4,8})"
_WHERE = r"(?P<sub>(?:r|u|user)/[\w-]+)"

REDDIT = Platform(
    name="reddit",
    label="Reddit",
    hosts=("reddit.com", "redditmedia.com", "rxddit.com", "vxreddit.com", "redd.it"),
    host_shapes=(r"(?:libreddit|redlib|teddit)\..+",),
    short_hosts=("reddit.app.link",),
    forms=(
        Form(r"/(?:submit|login|register|prefs).*|/r/[\w-]+/submit", kind="share"),
        Form(rf"(?:/{_WHERE})?/comments/{_ID}/(?:[^/]*)/(?P<comment>[a-z0-9]{{4,8}})", id="{id}/{comment}"),
        Form(rf"(?:/{_WHERE})?/comments/{_ID}(?:/[^/]*)?"),
        Form(rf"/(?:gallery|tb)/{_ID}"),
        Form(r"/(?:r|u|user)/[\w-]+/s/\w+", kind="short"),
        Form(host=r"redd\.it", path=rf"/{_ID}"),
        Form(r"/r/[\w-]+(?:/(?:hot|new|top|rising|embed))?", kind="widget"),
        Form(r"/(?:u|user)/(?P<author>[\w-]+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=r"(?P<id>[a-z0-9]{4,8})/(?P<comment>[a-z0-9]{4,8})",
            permalink=(
                "https://www.reddit.com/{sub}/comments/{id}/_/{comment}/",
                "https://www.reddit.com/comments/{id}/_/{comment}/",
            ),
            embed=("https://embed.reddit.com/{sub}/comments/{id}/_/{comment}/?embed=true&ref_source=embed&showmedia=true",),
        ),
        Address(
            id=r"(?P<id>[a-z0-9]{4,8})",
            permalink=("https://www.reddit.com/{sub}/comments/{id}/", "https://www.reddit.com/comments/{id}/"),
            embed=("https://embed.reddit.com/{sub}/comments/{id}/?embed=true&ref_source=embed&showmedia=true",),
        ),
    ),
    markups=(
        Markup("reddit.blockquote", ".reddit-embed-bq", "first-link", caption=True),
        Markup("reddit.card", ".reddit-card", "first-link", caption=True),
        Markup("reddit.comment", ".reddit-embed", "first-link", caption=True),
        Markup("reddit.amp", "amp-reddit", "url:data-src"),
    ),
    fold=True,
    endpoints=("https://www.reddit.com/oembed?url={url}",),
    types=("reddit", "redditpost", "redditembed"),
)  # fmt: skip
