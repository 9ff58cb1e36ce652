"""VK: wall posts and videos as its API and the state of its pages give them, and as its pages draw them.

Sources: the API's reference (objects `wall post`, `video`); the class names of the public wall page; one
recorded player. Never seen live: answers of the API.
"""

from archiver.platforms.readings.contract import Reading

_OWN = ":not(.copy_quote *)"
_THUMB = "page_post_thumb_wrap"

READINGS = (
    Reading(
        name="vk.post",
        platform="vk",
        having=("id=\\d+", "owner_id=-?\\d+", "date=\\d+", "text"),
        lacking=("post_id", "album_id", "duration"),
        post=("id:id",),
        shape="{owner_id}_{}",
        told=(
            ("author_name", "owner.name | author.name"),
            ("author_handle", "owner.screen_name | author.screen_name"),
            ("author_id", "from_id | owner_id"),
            ("text", "text"),
            ("posted_at", "date"),
            ("edited_at", "edited"),
            ("counts.likes", "likes.count"),
            ("counts.reposts", "reposts.count"),
            ("counts.comments", "comments.count"),
            ("counts.views", "views.count"),
            ("labels", "copyright.name | donut.placeholder.text"),
        ),
        media="attachments.*",
        medium=(
            ("kind", "type"),
            ("url", "photo.orig_photo.url | photo.sizes.0.url | video.player | doc.url | audio.url | link.url"),
            ("alt", "photo.text | video.title | doc.title | link.title"),
            ("preview", "video.image.0.url | photo.sizes.0.url | link.photo.sizes.0.url"),
            ("width", "photo.orig_photo.width | photo.sizes.0.width | video.width"),
            ("height", "photo.orig_photo.height | photo.sizes.0.height | video.height"),
            ("seconds", "video.duration | audio.duration"),
            ("variants", "photo.sizes.*.url | video.image.*.url"),
        ),
        related=(("reposted", "copy_history.0"),),
    ),
    Reading(
        name="vk.video",
        platform="vk",
        having=("id=\\d+", "owner_id=-?\\d+", "title", "duration"),
        post=("id:id",),
        shape="{owner_id}_{}",
        told=(
            ("author_id", "owner_id"),
            ("title", "title"),
            ("text", "description"),
            ("posted_at", "date"),
            ("counts.views", "views"),
            ("counts.comments", "comments"),
            ("counts.likes", "likes.count"),
            ("counts.reposts", "reposts.count"),
        ),
        media="image.0",
        medium=(("preview", "url"), ("width", "width"), ("height", "height")),
    ),
    Reading(
        name="vk.player",
        platform="vk",
        having=("vid=\\d+", "oid=-?\\d+", "md_title"),
        post=("id:vid",),
        shape="{oid}_{}",
        told=(
            ("author_name", "md_author"),
            ("author_handle", "author_href"),
            ("author_id", "author_id"),
            ("title", "md_title"),
            ("text", "description"),
            ("posted_at", "date"),
            ("counts.likes", "likes"),
            ("counts.views", "views"),
        ),
        media=" | ",
        medium=(
            ("url", "url1080 | url720 | url480 | url360 | url240 | hls | dash_sep"),
            ("preview", "jpg"),
            ("seconds", "duration"),
            ("variants", "url1080"),
            ("variants", "url720"),
            ("variants", "url480"),
            ("variants", "url360"),
            ("variants", "url240"),
        ),
    ),
    Reading(
        name="vk.wall",
        platform="vk",
        card="[data-post-id], .post[id^='post-'], .wall_item",
        post=("id:@data-post-id", "url:a.post_link@href | a.PostHeaderSubtitle__link@href | .wi_date@href"),
        told=(
            ("author_name", ".PostHeaderTitle__authorName | a.author | .pi_author"),
            ("author_handle", "a.PostHeaderTitle__authorLink@href | a.author@href | a.pi_author@href"),
            ("author_id", "a.author@data-from-id"),
            ("text", f".wall_post_text{_OWN} | .pi_text{_OWN} | [class*=vkitPostText]{_OWN}"),
            ("posted_at", f".rel_date{_OWN}@time | time@datetime"),
            ("counts.likes", ".PostButtonReactions__title | .v_like | [data-like-count]@data-like-count"),
            ("counts.reposts", ".PostBottomAction.share .PostBottomAction__count | .v_share | ._share ._counter"),
            ("counts.comments", ".PostBottomAction.comment .PostBottomAction__count | .v_replies"),
            ("counts.views", ".like_views | .v_views"),
        ),
        media=f"a.{_THUMB}{_OWN}, .thumb_map_img{_OWN}, [class*=vkitPhoto] img",
        medium=(
            ("url", "@data-src_big | @src | @style"),
            ("preview", "@style | @src"),
            ("alt", "@aria-label | @alt"),
            ("seconds", "@data-duration"),
        ),
        related=(
            ("reposted", ".copy_quote a.published_by_date@href | .copy_quote .copy_post_date a@href"
                         " | .copy_quote [data-copy]@data-copy"),
        ),
    ),
)  # fmt: skip
