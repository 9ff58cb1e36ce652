"""Instagram: media objects of the web API in its generations, the embed page, the page's card.

Sources: embed-formats A1 row 2, platform-answers 7 and 13; recorded answers.
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="instagram.item",
        platform="instagram",
        having=("code", "user.username"),
        post=("id:code",),
        told=(
            ("author_name", "user.full_name"),
            ("author_handle", "user.username"),
            ("author_id", "user.pk | user.id"),
            ("text", "caption.text"),
            ("posted_at", "taken_at"),
            ("counts.likes", "like_count"),
            ("counts.comments", "comment_count"),
            ("counts.views", "play_count | view_count"),
        ),
        media="carousel_media.* | ",
        medium=(
            ("url", "video_versions.0.url | image_versions2.candidates.0.url"),
            ("alt", "accessibility_caption"),
            ("width", "original_width"),
            ("height", "original_height"),
            ("seconds", "video_duration"),
            ("variants", "video_versions.*.url | image_versions2.candidates.*.url"),
        ),
    ),
    Reading(
        name="instagram.media",
        platform="instagram",
        having=("shortcode", "owner"),
        post=("id:shortcode",),
        told=(
            ("author_name", "owner.full_name"),
            ("author_handle", "owner.username"),
            ("author_id", "owner.id"),
            ("text", "edge_media_to_caption.edges.0.node.text"),
            ("posted_at", "taken_at_timestamp"),
            ("counts.likes", "edge_media_preview_like.count | edge_liked_by.count"),
            ("counts.comments", "edge_media_to_comment.count | edge_media_to_parent_comment.count"),
            ("counts.views", "video_view_count"),
        ),
        media="edge_sidecar_to_children.edges.*.node | ",
        medium=(
            ("kind", "__typename"),
            ("url", "video_url | display_url"),
            ("preview", "display_url"),
            ("alt", "accessibility_caption"),
            ("width", "dimensions.width"),
            ("height", "dimensions.height"),
            ("variants", "display_resources.*.src"),
        ),
    ),
    Reading(
        name="instagram.embed",
        platform="instagram",
        at=r"/embed",
        card=".Embed:not(.EmbedIsBroken)",
        told=(
            ("author_handle", ".UsernameText | .CaptionUsername"),
            ("author_id", "@data-owner-id"),
            ("text", ".Caption"),
            ("posted_at", "time[datetime]@datetime"),
            ("counts.likes", ".SocialProof a"),
        ),
        media=".EmbeddedMediaImage, .EmbeddedMedia img",
        medium=(("url", "@src"), ("alt", "@alt")),
    ),
    Reading(
        name="instagram.embed-code",
        platform="instagram",
        having=("html=(?s).*instagram-media.*",),
        post=("url:html >> blockquote@data-instgrm-permalink", "asked"),
        told=(
            ("author_handle", "author_name"),
            ("author_id", "author_id"),
            ("text", "title"),
            ("posted_at", "html >> time[datetime]@datetime"),
        ),
        media="thumbnail_url",
        medium=(("preview", ""),),
    ),
)
