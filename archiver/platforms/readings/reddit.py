"""Reddit: posts and comments of its listings, the elements of its pages, the embed code.

Sources: embed-formats A1 row 15, platform-answers 12; recorded answers.
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="reddit.thing",
        platform="reddit",
        having=("name=t3_\\w+", "permalink", "title"),
        post=("url:permalink", "id:id"),
        told=(
            ("author_name", "author"),
            ("author_handle", "author"),
            ("author_id", "author_fullname"),
            ("title", "title"),
            ("text", "selftext"),
            ("posted_at", "created_utc"),
            ("edited_at", "edited"),
            ("counts.likes", "score"),
            ("counts.comments", "num_comments"),
            ("labels", "removed_by_category | link_flair_text"),
        ),
        media="media_metadata.* | secure_media.reddit_video | media.reddit_video | preview.images.*"
        " | url_overridden_by_dest | url",
        medium=(
            ("kind", "e"),
            ("url", "s.u | fallback_url | source.url | "),
            ("alt", "caption"),
            ("preview", "p.0.u | resolutions.0.url"),
            ("width", "s.x | width | source.width"),
            ("height", "s.y | height | source.height"),
            ("seconds", "duration"),
            ("variants", "p.*.u | resolutions.*.url"),
            ("variants", "hls_url"),
            ("variants", "dash_url"),
        ),
        related=(("reposted", "crosspost_parent_list.0"),),
    ),
    Reading(
        name="reddit.comment",
        platform="reddit",
        having=("name=t1_\\w+", "permalink", "body"),
        post=("url:permalink",),
        told=(
            ("author_name", "author"),
            ("author_handle", "author"),
            ("text", "body"),
            ("posted_at", "created_utc"),
            ("edited_at", "edited"),
            ("counts.likes", "score"),
        ),
    ),
    Reading(
        name="reddit.element",
        platform="reddit",
        card="shreddit-post",
        post=("url:@permalink", "asked"),
        told=(
            ("author_name", "@author"),
            ("author_handle", "@author"),
            ("author_id", "@author-id"),
            ("title", "@post-title"),
            ("text", "[slot=text-body]"),
            ("posted_at", "@created-timestamp"),
            ("counts.likes", "@score"),
            ("counts.comments", "@comment-count"),
        ),
        media="[slot=post-media-container] img",
        medium=(("url", "@src"), ("alt", "@alt")),
    ),
    Reading(
        name="reddit.old-page",
        platform="reddit",
        card="#siteTable .thing.link[data-permalink]",
        post=("url:@data-permalink",),
        told=(
            ("author_name", "@data-author"),
            ("author_handle", "@data-author"),
            ("author_id", "@data-author-fullname"),
            ("title", "a.title"),
            ("text", ".usertext-body .md"),
            ("posted_at", "@data-timestamp"),
            ("counts.likes", "@data-score"),
            ("counts.comments", "@data-comments-count"),
        ),
        media="@data-url",
        medium=(("url", ""),),
    ),
    Reading(
        name="reddit.embed-code",
        platform="reddit",
        having=("html=(?s).*reddit-(?:card|embed).*",),
        post=("url:html >> blockquote a@href", "asked"),
        told=(
            ("author_name", "author_name"),
            ("author_handle", "author_name"),
            ("title", "title | html >> blockquote a"),
        ),
    ),
)
