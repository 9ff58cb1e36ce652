"""Weibo: the post in the answers of its two sites, and the plain pages of weibo.cn.

Sources: embed-formats A1 row 13; recorded pages of weibo.cn. In a page of a repost there, `.ctt` holds the
words of the original, and those of the repost have no element of their own: they are left to the answers.
"""

from archiver.platforms.readings.contract import Reading

_OWN = "div:not(:has(> .cmt)) > .ctt"
_COUNTS = (
    ("counts.likes", "a[href*='/attitude/']"),
    ("counts.reposts", "a[href*='/repost/']"),
)
_OWN_COMMENTS = "a.cc[href*='/comment/'][href*='?uid=']"
_ORIGINAL = (("reposted", "div:has(> .cmt) a.cc[href*='/comment/']@href"),)

READINGS = (
    Reading(
        name="weibo.status",
        platform="weibo",
        having=("mid | id", "user.screen_name | user.id", "text"),
        post=("id:mid", "id:mblogid | bid", "id:idstr | id"),
        told=(
            ("author_name", "user.screen_name"),
            ("author_handle", "user.screen_name"),
            ("author_id", "user.idstr | user.id"),
            ("title", "page_info.page_title | page_info.title"),
            ("text", "longText.longTextContent >> | text_raw | raw_text | text >> "),
            ("posted_at", "created_at"),
            ("edited_at", "edit_at"),
            ("counts.likes", "attitudes_count"),
            ("counts.reposts", "reposts_count"),
            ("counts.comments", "comments_count"),
            ("counts.views", "page_info.play_count | page_info.media_info.online_users_number"),
            ("labels", "region_name"),
            ("labels", "title.text"),
            ("edits", "edit_at"),
        ),
        media="pics.* | pic_infos.* | page_info",
        medium=(
            ("kind", "type | object_type"),
            ("url", "largest.url | large.url | original.url | media_info.stream_url_hd | media_info.stream_url | url"),
            ("preview", "thumbnail.url | page_pic.url | page_pic | url"),
            ("alt", "content1 | page_title"),
            ("width", "largest.width | large.width | large.geo.width"),
            ("height", "largest.height | large.height | large.geo.height"),
            ("seconds", "media_info.duration"),
            ("variants", "urls.*"),
            ("variants", "bmiddle.url"),
            ("variants", "mw2000.url"),
        ),
        related=(("reposted", "retweeted_status"), ("replied-to", "reply_status.mid | reply_status.id")),
    ),
    Reading(
        name="weibo.cn",
        platform="weibo",
        at=r"//weibo\.cn/comment/|^[^/]*$",
        card=":root:has(#M_)",
        told=(
            ("author_name", "#M_ > div > a:first-of-type"),
            ("author_id", "#M_ > div > a:first-of-type@href"),
            ("text", f"#M_ > {_OWN}"),
            ("posted_at", "#M_ .ct"),
            ("counts.likes", "div > span > a[href*='/attitude/']"),
            ("counts.reposts", "div > span > a[href*='/repost/']"),
            ("counts.comments", "span.pms"),
        ),
        media="#M_ img.ib",
        medium=(("url", "@src"), ("alt", "@alt")),
        related=(("reposted", "#M_ div:has(> .cmt) a.cc[href*='/comment/']@href"),),
    ),
    Reading(
        name="weibo.cn-list",
        platform="weibo",
        card="div.c[id^='M_']:not(#M_)",
        post=(f"url:{_OWN_COMMENTS}@href",),
        told=(
            ("text", _OWN),
            ("posted_at", ".ct"),
            *_COUNTS,
            ("counts.comments", _OWN_COMMENTS),
        ),
        media="img.ib",
        medium=(("url", "@src"), ("alt", "@alt")),
        related=_ORIGINAL,
    ),
)  # fmt: skip
