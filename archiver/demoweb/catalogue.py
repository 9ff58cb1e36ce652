"""The whole demo web in one place: its sites, posts and articles, and the truth about each."""

from archiver.demoweb.model import STATUS, UNTOLD, Article, DemoPost, Expected, Resource, State
from archiver.demoweb.render import digest_of, kind_of
from archiver.demoweb.sites import (
    bluesky,
    facebook,
    instagram,
    mastodon,
    reddit,
    telegram,
    tiktok,
    x,
    youtube,
)
from archiver.demoweb.tables.articles_first import FIRST
from archiver.demoweb.tables.articles_second import SECOND, UNRESOLVABLE
from archiver.demoweb.tables.posts_more import (
    CHANNEL_POSTS,
    OPEN_POSTS,
    PAGE_POSTS,
    PICTURE_POSTS,
    VIDEO_POSTS,
)
from archiver.demoweb.tables.posts_x import X_POSTS
from archiver.demoweb.tables.recovery import LOST_ARTICLES, LOST_POSTS
from archiver.demoweb.tables.recovery_more import MORE_LOST_ARTICLES, MORE_LOST_POSTS
from archiver.domain.capture import Status

SITES = {
    module.SITE.platform: module.SITE
    for module in (
        x, instagram, facebook, youtube, tiktok, telegram, bluesky, mastodon, reddit,
    )
}  # fmt: skip
POSTS: tuple[DemoPost, ...] = (
    *X_POSTS,
    *PICTURE_POSTS,
    *PAGE_POSTS,
    *VIDEO_POSTS,
    *CHANNEL_POSTS,
    *OPEN_POSTS,
    *LOST_POSTS,
    *MORE_LOST_POSTS,
)
BY_NAME = {post.name: post for post in POSTS}
ARTICLES: tuple[Article, ...] = (*FIRST, *SECOND, *LOST_ARTICLES, *MORE_LOST_ARTICLES)
UNRESOLVABLE_ARTICLES: tuple[Article, ...] = (UNRESOLVABLE,)
ASSETS = {asset.url: asset.file for post in POSTS for asset in SITES[post.platform].assets(post)}
"""Every file of the platforms' media hosts, by its address."""


def embedded(article: Article) -> tuple[str, ...]:
    """The targets of an article's embeds, in the order in which they stand in it."""
    posts = (BY_NAME.get(block.text) for block in article.blocks if block.kind == "embed")
    return tuple(post.target for post in posts if post)


def _resources(post: DemoPost) -> tuple[Resource, ...]:
    """What the embed view of a live post loads; a post that shows a player loads that one's too."""
    own = SITES[post.platform].assets(post)
    quoted = BY_NAME.get(post.quotes)
    shown = (*own, *SITES[quoted.platform].assets(quoted)) if quoted else own
    return tuple(Resource(a.url, kind_of(a.file), digest_of(a)) for a in shown)


def status_of(post: DemoPost) -> Status:
    """What an archiver that judges rightly ends up with."""
    if post.state is State.DELETED and post.platform in UNTOLD:
        return Status.FAILED
    return STATUS[post.state]


def expected_of(post: DemoPost) -> Expected:
    """The truth about one post."""
    waits = post.state is State.LIMITED_ONCE
    return Expected(
        target=post.target,
        url=SITES[post.platform].permalink(post),
        status=status_of(post),
        author=post.author.handle,
        text=post.text or post.title,
        resources=_resources(post) if post.live else (),
        at_first=Status.RATE_LIMITED if waits else None,
    )
