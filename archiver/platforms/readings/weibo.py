"""Weibo: the post of the mobile site's answers and of its pages. Source: embed-formats A1 row 13."""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="weibo.status",
        platform="weibo",
        having=("mid | id", "user.screen_name", "text"),
        post=("id:mid", "id:bid", "id:id"),
        told=(
            ("author_name", "user.screen_name"),
            ("author_handle", "user.screen_name"),
            ("author_id", "user.id"),
            ("text", "raw_text | text >> "),
            ("posted_at", "created_at"),
            ("edited_at", "edit_at"),
            ("counts.likes", "attitudes_count"),
            ("counts.reposts", "reposts_count"),
            ("counts.comments", "comments_count"),
        ),
        media="pics.*",
        medium=(
            ("url", "large.url | url"),
            ("preview", "url"),
            ("width", "large.geo.width"),
            ("height", "large.geo.height"),
        ),
        related=(("reposted", "retweeted_status"),),
    ),
    Reading(
        name="weibo.cn",
        platform="weibo",
        at=r"//weibo\.cn/comment/|^[^/]*$",
        card="#M_",
        told=(
            ("author_name", "div > a:first-of-type"),
            ("text", ".ctt"),
            ("posted_at", ".ct"),
        ),
    ),
)
