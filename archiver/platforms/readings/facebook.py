"""Facebook: the post plugin as drawn, the stories in the JSON of its pages, and the embed code of its oEmbed.

Sources: embed-formats A1 row 3, platform-answers 6 and 7; recorded answers. Never seen: `facebook.story`, which
is by the names that others tell of.
"""

from archiver.platforms.readings.contract import Reading

_SECTIONS = "comet_sections."

READINGS = (
    Reading(
        name="facebook.plugin",
        platform="facebook",
        at=r"/plugins/",
        card=":root:has(abbr[data-utime])",
        post=("url:a:has(> abbr[data-utime])@href", "url:a[href*='/posts/']@href", "asked"),
        told=(
            (
                "author_name",
                ".fwb a | ._50f8 | h5 a, [data-testid=post_author] | [data-testid=author] | ._2_79._50f7"
                " | a.profileLink",
            ),
            ("author_handle", ".fwb a@href | h5 a@href | a.profileLink@href"),
            ("text", ".userContent | [data-testid=post_message]"),
            ("posted_at", "abbr[data-utime]@data-utime"),
        ),
        media=".uiScaledImageContainer img, .scaledImageFitWidth, img._1p6f, [data-testid=post_media] img",
        medium=(("url", "@src"), ("alt", "@alt"), ("width", "@width"), ("height", "@height")),
    ),
    Reading(
        name="facebook.story",
        platform="facebook",
        having=("post_id=\\d+", "actors"),
        post=("id:post_id", "url:wwwURL | permalink_url | url"),
        told=(
            ("author_name", "actors.0.name"),
            ("author_handle", "actors.0.url"),
            ("author_id", "actors.0.id"),
            ("text", "message.text | comet_sections.content.story.message.text"),
            ("language", "message.translatability.source_dialect"),
            ("posted_at", f"creation_time | {_SECTIONS}timestamp.story.creation_time | publish_time"),
            ("counts.likes", "feedback.reaction_count.count | feedback.reactors.count"),
            ("counts.reposts", "feedback.share_count.count"),
            ("counts.comments", "feedback.comment_count.total_count | feedback.total_comment_count"),
            ("edits", "edit_history.nodes.*.creation_time"),
        ),
        media="attachments.*.media | attachments.*.styles.attachment.media",
        medium=(
            ("kind", "__typename"),
            ("url", "playable_url | image.uri | photo_image.uri"),
            ("alt", "accessibility_caption"),
            ("preview", "preferred_thumbnail.image.uri | thumbnailImage.uri"),
            ("width", "image.width | width"),
            ("height", "image.height | height"),
            ("seconds", "length_in_second"),
            ("variants", "playable_url_quality_hd"),
            ("variants", "viewer_image.uri"),
        ),
        related=(("reposted", "attached_story"),),
    ),
    Reading(
        name="facebook.embed-code",
        platform="facebook",
        having=("html=(?s).*fb-(?:post|video).*",),
        post=("url:url", "url:html >> .fb-post@data-href", "url:html >> .fb-video@data-href", "asked"),
        told=(
            ("author_name", "author_name"),
            ("author_handle", "author_url"),
            ("text", "html >> blockquote p"),
            ("title", "html >> blockquote > a"),
            ("posted_at", "html >> blockquote > a:last-of-type"),
        ),
    ),
)  # fmt: skip
