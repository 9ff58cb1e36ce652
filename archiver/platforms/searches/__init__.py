"""Searches: where a post can be looked for of which only author, day and words are known.

One row a platform. Sources: embed-formats B4; the lexicon of `app.bsky.feed.getAuthorFeed`; Mastodon's
API documentation (accounts/lookup, accounts/:id/statuses); the preview list of Telegram channels.
"""

from archiver.platforms.searches.contract import Feed, Search
from archiver.platforms.searches.numbers import day_of_x, syndication_token, upper_bound

__all__ = ["SEARCHES", "Feed", "Search", "search_of"]

SEARCHES: tuple[Search, ...] = (
    Search(
        platform="x",
        window=day_of_x,
        archived=(
            "twitter.com/{author}/status/{prefix}",
            "x.com/{author}/status/{prefix}",
            "mobile.twitter.com/{author}/status/{prefix}",
            "twitter.com/i/web/status/{prefix}",
        ),
        tells=(
            "https://cdn.syndication.twimg.com/tweet-result?id={id}&lang=en&token={token}",
            "https://publish.x.com/oembed?url=https%3A%2F%2Fx.com%2F{author}%2Fstatus%2F{id}&omit_script=1",
        ),
        token=syndication_token,
        copies=(
            "https://twitter.com/{author}/status/{id}",
            "https://x.com/{author}/status/{id}",
            "https://mobile.twitter.com/{author}/status/{id}",
        ),
        short="t.co/{slug}",
        slack=0,
    ),
    Search(
        platform="bluesky",
        feed=Feed(
            url="https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed"
            "?actor={author}&limit=100&filter=posts_with_replies",
            more="&cursor={cursor}",
            cursor="cursor",
        ),
    ),
    Search(
        platform="mastodon",
        feed=Feed(
            account="https://{host}/api/v1/accounts/lookup?acct={user}",
            url="https://{host}/api/v1/accounts/{account}/statuses?limit=40&exclude_reblogs=true",
            more="&max_id={cursor}",
            start=upper_bound,
        ),
    ),
    Search(
        platform="telegram",
        feed=Feed(url="https://t.me/s/{author}", more="?before={cursor}"),
    ),
)


def search_of(platform: str) -> Search | None:
    """The row of a platform, if posts can be searched for there."""
    return next((search for search in SEARCHES if search.platform == platform), None)
