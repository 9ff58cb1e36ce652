"""Telegram: messages in the widget, in the preview list `/s/`, and the landing page's card.

Sources: embed-formats A1 row 9, platform-answers 5 (the 2018 widget has no `data-post`).
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="telegram.message",
        platform="telegram",
        card=".tgme_widget_message:not(:has(.tgme_widget_message_error))",
        post=("id:@data-post", "url:a.tgme_widget_message_date@href", "url:.tgme_widget_message_link a@href"),
        told=(
            ("author_name", ".tgme_widget_message_owner_name | .tgme_widget_message_author_name"),
            ("author_handle", "a.tgme_widget_message_owner_name@href | a.tgme_widget_message_author_name@href"),
            ("text", ".tgme_widget_message_text:not(.tgme_widget_message_reply *)"),
            ("posted_at", "time[datetime]@datetime"),
            ("edited_at", ".tgme_widget_message_edited@datetime"),
            ("counts.views", ".tgme_widget_message_views"),
        ),
        media="a.tgme_widget_message_photo_wrap, video.tgme_widget_message_video, .tgme_widget_message_video_player",
        medium=(
            ("url", "@src | video@src | @style"),
            ("preview", ".tgme_widget_message_video_thumb@style"),
            ("seconds", ".message_video_duration"),
        ),
        related=(("replied-to", "a.tgme_widget_message_reply@href"),
                 ("reposted", "a.tgme_widget_message_forwarded_from_name@href")),
    ),
    Reading(
        name="telegram.page",
        platform="telegram",
        at=r"//t(?:elegram)?\.(?:me|dog)/(?!s/)[^?]*/\d+(?!.*embed)",
        card=":root:has(meta[property='og:description'])",
        told=(
            ("author_name", "meta[property='og:title']@content"),
            ("text", "meta[property='og:description']@content"),
        ),
        media="meta[property='og:image']",
        medium=(("url", "@content"),),
    ),
)  # fmt: skip
