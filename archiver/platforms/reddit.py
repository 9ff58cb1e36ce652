"""Reddit posts and comments. Source: embed-formats A1 row 15, A2 section 13–15. Ids are base 36.

Never seen live: the banner of a removed post, private communities, the embed view, oEmbed errors.
A comment outlives its post: what the page says of the post is nothing of the comment. A bare 403 is what
Reddit's API answers to anything that it refuses, robots too; that a community is private it says beside it.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_MINE = "shreddit-post:not([id]:not([id='t3_{id}']))"  # not one of the others that the page shows
_HERE = "{main}|{id}"  # of another community, which a page may ask for, it says nothing here
_BANNER = _MINE + " [slot=post-removed-banner]"
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
    fold=True, one_id=True,
    endpoints=("https://www.reddit.com/oembed?url={url}",),
    types=("reddit", "redditpost", "redditembed"),
    drawn=(
        "shreddit-post", "[data-test-id=post-content]", "#siteTable .thing.link", "[data-testid=post-container]",
        "[slot=title]",
        "shreddit-comment",
    ),
    element=("shreddit-post", "shreddit-comment", "[data-test-id=post-content]", "#siteTable .thing"),
    signs=(
        Sign("reddit.removed-author", Status.GONE, "json", "id={id}; removed_by_category=(?:deleted|author)",
             "Reddit says that its author deleted the post", strength="authoritative"),
        Sign("reddit.removed", Status.WITHHELD, "json", "id={id}; removed_by_category=(?!(?:null|deleted|author)$).+",
             "Reddit or the community's moderators have taken the post down", strength="authoritative"),
        Sign("reddit.deleted", Status.GONE, "json", r"id={id}; author=\[deleted\]; selftext=\[(?:deleted|removed)\]",
             "author and text of the post are deleted", strength="authoritative"),
        Sign("reddit.comment-deleted", Status.GONE, "json",
             r"id={id}; author=\[deleted\]; body=\[(?:deleted|removed)\]",
             "author and text of the comment are deleted", strength="authoritative"),
        Sign("reddit.banner-author", Status.GONE, "css",
             _BANNER + " :: .*(?:deleted|removed) by the person who.*",
             "Reddit says that its author deleted the post", strength="authoritative", ids=_ID),
        Sign("reddit.banner-rules", Status.WITHHELD, "css",
             _BANNER + " :: .*(?:removed by (?:the mod|Reddit)|moderator approval).*",
             "Reddit or the community's moderators have taken the post down", strength="authoritative", ids=_ID),
        Sign("reddit.banner", Status.GONE, "css", _BANNER + " :: .+",
             "Reddit says that the post was deleted or removed",
             strength="authoritative", ids=_ID),
        Sign("reddit.deleted-shown", Status.GONE, "css", _MINE + "[author='[deleted]'][post-title^='[deleted']",
             "author and title of the post are deleted", strength="authoritative", ids=_ID),
        Sign("reddit.comment-away", Status.GONE, "css",
             "html:not(:has(shreddit-comment[thingid='t1_{id}'])) shreddit-post",
             "Reddit shows the post, and not the comment", strength="weak", ids=f"{_ID}/.*", denies=True),
        Sign("reddit.comment-empty", Status.GONE, "css",
             "shreddit-comment[thingid='t1_{id}'][author='[deleted]'] :: .*(?:deleted|removed) by (?:user|moderator).*",
             "Reddit says that the comment was deleted or removed", strength="weak", ids=f"{_ID}/.*", denies=True),
        Sign("reddit.private", Status.PRIVATE, "json", "$.reason=private", "the community is private",
             _HERE, "authoritative"),
        Sign("reddit.quarantined", Status.LOGIN_WALL, "json", "$.reason=quarantined|gold_only",
             "Reddit shows it only to those who log in"),
        Sign("reddit.banned", Status.WITHHELD, "json", "$.reason=banned", "Reddit has closed the community",
             _HERE, "authoritative"),
        Sign("reddit.banned-page", Status.WITHHELD, "text",
             r"community has been banned|r/\w+ has been banned from Reddit",
             "Reddit has closed the community", brief=True),
        Sign("reddit.private-page", Status.PRIVATE, "css", "title, h1 :: .*private community.*",
             "the community is private"),
        Sign("reddit.forbidden", Status.FAILED, "json", "$.error=403; !$.reason",
             "Reddit refuses to show it, and does not say why"),
        Sign("reddit.blocked", Status.BOT_WALL, "text", "blocked by network security|whoa there, pardner",
             "Reddit turns this visitor away"),
        Sign("reddit.no-comment", Status.GONE, "json", r"$.0.data.children.0.kind=t3; $.1.data.children=\[\]",
             "Reddit gives the post, and says that the comment is not there", "/comments/.*/_?/", "authoritative"),
        Sign("reddit.unknown", Status.GONE, "json", r"$.kind=Listing; $.data.children=\[\]",
             "Reddit knows no such post", "api/info",
             "strong", "api"),
        Sign("reddit.oembed", Status.GONE, "status", "404", "Reddit does not know the post", r"reddit\.com/oembed",
             "strong", "oembed"),
    ),
)  # fmt: skip
