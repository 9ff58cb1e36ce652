"""What federated servers say of a post among themselves (ActivityPub), and PeerTube's and Lemmy's own APIs.

Sources: ActivityStreams 2.0 vocabulary; recorded objects of Lemmy, Misskey, PeerTube, Pleroma, Friendica,
GNU social, Smithereen, Discourse, NodeBB, BookWyrm, Mobilizon and Owncast; PeerTube's API reference.
"""

from archiver.platforms.readings.contract import Reading

_KINDS = "Note|Article|Page|Question|Video|Audio|Image|Event|Review|Comment|Quotation|Document"

READINGS = (
    Reading(
        name="peertube.video",
        platform="peertube",
        having=("uuid", "name", "account.name"),
        post=("url:url", "id:uuid"),
        shape="{host}/{}",
        told=(
            ("author_name", "account.displayName | channel.displayName"),
            ("author_handle", "account.name"),
            ("author_id", "account.url"),
            ("title", "name"),
            ("text", "description | truncatedDescription"),
            ("language", "language.id"),
            ("posted_at", "publishedAt | originallyPublishedAt | createdAt"),
            ("counts.likes", "likes"),
            ("counts.views", "views"),
            ("counts.comments", "comments"),
            ("labels", "category.label"),
            ("labels", "nsfwSummary"),
        ),
        media="files.* | streamingPlaylists.*",
        medium=(
            ("kind", "resolution.label"),
            ("url", "fileUrl | playlistUrl"),
            ("width", "width"),
            ("height", "height"),
            ("variants", "files.*.fileUrl"),
            ("variants", "fileDownloadUrl"),
        ),
    ),
    Reading(
        name="lemmy.post",
        platform="lemmy",
        having=("post.ap_id", "post.name", "creator.name"),
        post=("url:post.ap_id",),
        told=(
            ("author_name", "creator.display_name | creator.name"),
            ("author_handle", "creator.name"),
            ("author_id", "creator.actor_id | creator.ap_id"),
            ("title", "post.name"),
            ("text", "post.body | post.embed_description"),
            ("posted_at", "post.published"),
            ("edited_at", "post.updated"),
            ("counts.likes", "counts.score | post.score"),
            ("counts.comments", "counts.comments | post.comments"),
            ("labels", "community.name"),
        ),
        media="post.thumbnail_url | post.url",
        medium=(("url", ""),),
    ),
    Reading(
        name="activitypub",
        having=(f"type={_KINDS}", "attributedTo | actor", "id=https?://.*"),
        post=("url:id", "url:url", "url:url.0.href", "asked"),
        told=(
            ("author_name", "attributedTo.name"),
            ("author_handle", "attributedTo | attributedTo.id | attributedTo.0.id | attributedTo.0 | actor"),
            ("author_id", "attributedTo | attributedTo.id | attributedTo.0.id | attributedTo.0 | actor"),
            ("title", "name | summary"),
            ("text", "content >>"),
            ("language", "language.identifier"),
            ("posted_at", "published | startTime"),
            ("edited_at", "updated"),
            ("counts.likes", "likes.totalItems"),
            ("counts.reposts", "shares.totalItems"),
            ("counts.replies", "replies.totalItems"),
            ("counts.views", "views"),
            ("labels", "category.name"),
        ),
        media="attachment.* | image | icon.0",
        medium=(
            ("kind", "mediaType | type"),
            ("url", "url | href | url.0.href"),
            ("alt", "name | summary"),
            ("width", "width"),
            ("height", "height"),
        ),
        related=(
            ("quoted", "quoteUrl | quoteUri | _misskey_quote | quote"),
            ("replied-to", "inReplyTo | inReplyTo.id | inReplyTo.0"),
        ),
    ),
)  # fmt: skip
