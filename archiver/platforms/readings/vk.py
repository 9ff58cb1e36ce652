"""VK: wall posts in pages for visitors. Source: the class names of the public wall page; not seen live."""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="vk.wall",
        platform="vk",
        card="[data-post-id], .post[id^='post-'], .wall_item",
        post=("id:@data-post-id", "url:a.post_link@href | a.PostHeaderSubtitle__link@href | .wi_date@href"),
        told=(
            ("author_name", ".PostHeaderTitle__authorName | a.author | .pi_author"),
            ("author_handle", "a.PostHeaderTitle__authorLink@href | a.author@href | a.pi_author@href"),
            ("text", ".wall_post_text | .pi_text"),
            ("posted_at", ".rel_date@time | time@datetime"),
            ("counts.likes", ".PostButtonReactions__title | .v_like"),
            ("counts.views", ".like_views | .v_views"),
        ),
    ),
)  # fmt: skip
