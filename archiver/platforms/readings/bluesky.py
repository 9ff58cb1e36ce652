"""Bluesky: post views of the AppView (threads, feeds, searches), and the records themselves.

Sources: embed-formats A1 row 17; the `app.bsky.feed.defs` lexicon; recorded answers.
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="bluesky.view",
        platform="bluesky",
        having=("uri=at://.*/app\\.bsky\\.feed\\.post/.*", "author"),
        post=("url:uri",),
        told=(
            ("author_name", "author.displayName"),
            ("author_handle", "author.handle"),
            ("author_id", "author.did"),
            ("text", "record.text | value.text"),
            ("language", "record.langs.0 | value.langs.0"),
            ("posted_at", "record.createdAt | value.createdAt"),
            ("counts.likes", "likeCount"),
            ("counts.reposts", "repostCount"),
            ("counts.replies", "replyCount"),
            ("counts.quotes", "quoteCount"),
            ("labels", "labels.*.val"),
        ),
        media="embed.images.* | embed.media.images.* | embed.playlist | embed.media.playlist",
        medium=(
            ("url", "fullsize | "),
            ("preview", "thumb"),
            ("alt", "alt"),
            ("width", "aspectRatio.width"),
            ("height", "aspectRatio.height"),
        ),
        related=(
            ("quoted", "embed.record.record | embed.record | record.embed.record.uri"),
            ("replied-to", "record.reply.parent.uri"),
        ),
    ),
    Reading(
        name="bluesky.embed-code",
        platform="bluesky",
        having=("html=(?s).*bluesky-embed.*",),
        post=("url:html >> blockquote@data-bluesky-uri", "asked"),
        told=(
            ("author_name", "author_name"),
            ("author_handle", "author_url"),
            ("text", "html >> blockquote > p"),
            ("language", "html >> blockquote > p@lang"),
        ),
    ),
)
