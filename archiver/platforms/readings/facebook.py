"""Facebook: the post plugin as drawn, and the embed code of its oEmbed.

Sources: embed-formats A1 row 3, platform-answers 6 and 7; recorded answers.
"""

from archiver.platforms.readings.contract import Reading

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
