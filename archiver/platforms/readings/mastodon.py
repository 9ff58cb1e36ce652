"""Mastodon and its kin: the statuses of the client API, ActivityPub notes, drawn pages.

Sources: embed-formats A1 row 16; Mastodon's API documentation (Status, Account); recorded answers.
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="mastodon.status",
        platform="mastodon",
        having=("id", "account.acct", "content", "created_at"),
        post=("id:id", "url:url"),
        shape="{host}/{}",
        told=(
            ("author_name", "account.display_name"),
            ("author_handle", "account.acct"),
            ("author_id", "account.id"),
            ("title", "spoiler_text"),
            ("text", "content >> "),
            ("language", "language"),
            ("posted_at", "created_at"),
            ("edited_at", "edited_at"),
            ("counts.likes", "favourites_count"),
            ("counts.reposts", "reblogs_count"),
            ("counts.replies", "replies_count"),
            ("counts.quotes", "quotes_count"),
        ),
        media="media_attachments.*",
        medium=(
            ("kind", "type"),
            ("url", "url"),
            ("preview", "preview_url"),
            ("alt", "description"),
            ("width", "meta.original.width"),
            ("height", "meta.original.height"),
            ("seconds", "meta.original.duration"),
            ("variants", "remote_url"),
        ),
        related=(
            ("quoted", "quote.quoted_status | quote.id | quote"),
            ("replied-to", "in_reply_to_id"),
            ("reposted", "reblog"),
        ),
    ),
    Reading(
        name="mastodon.note",
        platform="mastodon",
        having=("type=Note|Article|Page|Question", "attributedTo", "id=https?://.*"),
        post=("url:url", "url:id"),
        told=(
            ("author_id", "attributedTo | attributedTo.id"),
            ("author_handle", "attributedTo | attributedTo.id"),
            ("title", "name | summary"),
            ("text", "content >> "),
            ("posted_at", "published"),
            ("edited_at", "updated"),
        ),
        media="attachment.*",
        medium=(
            ("kind", "mediaType"),
            ("url", "url | href"),
            ("alt", "name"),
            ("width", "width"),
            ("height", "height"),
        ),
        related=(("replied-to", "inReplyTo"), ("quoted", "quoteUrl | quoteUri")),
    ),
    Reading(
        name="mastodon.drawn",
        platform="mastodon",
        card=".detailed-status",
        post=("url:a.detailed-status__datetime@href", "asked"),
        told=(
            ("author_name", ".display-name__html"),
            ("author_handle", ".display-name__account"),
            ("text", ".status__content__text | .status__content | .e-content"),
            ("posted_at", "time[datetime]@datetime | data.dt-published@value"),
        ),
    ),
)
