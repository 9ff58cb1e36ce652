"""X: the syndication endpoint, GraphQL, the old API, drawn pages, old server-side pages.

Sources: embed-formats A1 row 1 and B4; recorded answers (platform-answers 1–3).
"""

from archiver.platforms.readings.contract import Reading

_USER = "core.user_results.result."
_MEDIUM = (
    ("kind", "type"),
    ("url", "media_url_https | media_url"),
    ("alt", "ext_alt_text"),
    ("width", "original_info.width"),
    ("height", "original_info.height"),
    ("variants", "video_info.variants.*.url"),
)

READINGS = (
    Reading(
        name="x.graphql",
        platform="x",
        having=("rest_id", "legacy.full_text"),
        post=("id:rest_id",),
        told=(
            ("author_name", f"{_USER}core.name | {_USER}legacy.name"),
            ("author_handle", f"{_USER}core.screen_name | {_USER}legacy.screen_name"),
            ("author_id", f"{_USER}rest_id | legacy.user_id_str"),
            ("text", "note_tweet.note_tweet_results.result.text | legacy.full_text"),
            ("language", "legacy.lang"),
            ("posted_at", "legacy.created_at"),
            ("title", "article.article_results.result.title"),
            ("counts.likes", "legacy.favorite_count"),
            ("counts.reposts", "legacy.retweet_count"),
            ("counts.replies", "legacy.reply_count"),
            ("counts.quotes", "legacy.quote_count"),
            ("counts.views", "views.count"),
            ("edits", "edit_control.edit_tweet_ids.* | edit_control.edit_control_initial.edit_tweet_ids.*"),
        ),
        media="legacy.extended_entities.media.*",
        medium=_MEDIUM,
        related=(
            ("quoted", "quoted_status_result.result | legacy.quoted_status_id_str"),
            ("replied-to", "legacy.in_reply_to_status_id_str"),
            ("reposted", "legacy.retweeted_status_result.result"),
        ),
    ),
    Reading(
        name="x.post",
        platform="x",
        having=("id_str", "user"),
        lacking=("screen_name",),
        post=("id:id_str",),
        told=(
            ("author_name", "user.name"),
            ("author_handle", "user.screen_name"),
            ("author_id", "user.id_str"),
            ("title", "article.title"),
            ("text", "note_tweet.text | full_text | text"),
            ("language", "lang"),
            ("posted_at", "created_at"),
            ("counts.likes", "favorite_count"),
            ("counts.replies", "conversation_count | reply_count"),
            ("counts.reposts", "retweet_count"),
            ("counts.quotes", "quote_count"),
            ("labels", "user.highlighted_label.description"),
            ("edits", "edit_control.edit_tweet_ids.*"),
        ),
        media="mediaDetails.* | extended_entities.media.*",
        medium=_MEDIUM,
        related=(
            ("quoted", "quoted_tweet | quoted_status | quoted_status_id_str"),
            ("replied-to", "parent | in_reply_to_status_id_str"),
            ("reposted", "retweeted_status"),
        ),
    ),
    Reading(
        name="x.drawn",
        platform="x",
        card="article[role=article], article[data-testid=tweet]",
        post=("url:a[href*='/status/']:has(time)@href", "url:a[href*='/status/']@href"),
        told=(
            ("author_name", "[data-testid=User-Name] a:first-of-type span"),
            ("author_handle", "[data-testid=User-Name] a[tabindex='-1']"),
            ("text", "[data-testid=tweetText]"),
            ("language", "[data-testid=tweetText]@lang"),
            ("posted_at", "time[datetime]@datetime"),
        ),
        media="[data-testid=tweetPhoto] img, video",
        medium=(("url", "@src"), ("alt", "@alt"), ("preview", "@poster")),
    ),
    Reading(
        name="x.old-page",
        platform="x",
        card=".permalink-tweet[data-tweet-id], .permalink-tweet[data-item-id]",
        post=("id:@data-tweet-id", "id:@data-item-id"),
        told=(
            ("author_name", "@data-name"),
            ("author_handle", "@data-screen-name"),
            ("author_id", "@data-user-id"),
            ("text", ".tweet-text"),
            ("language", ".tweet-text@lang"),
            ("posted_at", "[data-time-ms]@data-time-ms | [data-time]@data-time"),
            ("counts.reposts", ".ProfileTweet-action--retweet [data-tweet-stat-count]@data-tweet-stat-count"),
            ("counts.likes", ".ProfileTweet-action--favorite [data-tweet-stat-count]@data-tweet-stat-count"),
        ),
        media=".AdaptiveMedia-photoContainer",
        medium=(("url", "@data-image-url"), ("alt", "img@alt")),
        related=(("quoted", ".QuoteTweet-innerContainer[data-item-id]@data-item-id"),),
    ),
    Reading(
        name="x.embed-code",
        platform="x",
        having=("html=(?s).*twitter-tweet.*", "author_url"),
        post=("url:url", "url:html >> blockquote > a:last-of-type@href", "asked"),
        told=(
            ("author_name", "author_name"),
            ("author_handle", "author_url"),
            ("text", "html >> blockquote > p"),
            ("language", "html >> blockquote > p@lang"),
            ("posted_at", "html >> blockquote > a:last-of-type"),
        ),
    ),
)  # fmt: skip
