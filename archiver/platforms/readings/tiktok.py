"""TikTok: the item of a video page's state and of its endpoints, and the embed code.

Sources: embed-formats A1 row 6; recorded answers.
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="tiktok.item",
        platform="tiktok",
        having=("id=\\d{15,}", "desc", "video"),
        post=("id:id",),
        told=(
            ("author_name", "author.nickname | nickname"),
            ("author_handle", "author.uniqueId | author"),
            ("author_id", "author.id | authorId"),
            ("text", "desc"),
            ("language", "textLanguage"),
            ("posted_at", "createTime"),
            ("counts.likes", "stats.diggCount"),
            ("counts.reposts", "stats.shareCount"),
            ("counts.comments", "stats.commentCount"),
            ("counts.views", "stats.playCount"),
        ),
        media="imagePost.images.* | video",
        medium=(
            ("url", "playAddr | downloadAddr | imageURL.urlList.0"),
            ("preview", "cover"),
            ("width", "width | imageWidth"),
            ("height", "height | imageHeight"),
            ("seconds", "duration"),
            ("variants", "imageURL.urlList.* | bitrateInfo.*.PlayAddr.UrlList.0"),
        ),
    ),
    Reading(
        name="tiktok.embed-item",
        platform="tiktok",
        having=("itemInfos.id", "authorInfos.uniqueId"),
        post=("id:itemInfos.id",),
        told=(
            ("author_name", "authorInfos.nickName"),
            ("author_handle", "authorInfos.uniqueId"),
            ("author_id", "authorInfos.userId"),
            ("text", "itemInfos.text"),
            ("posted_at", "itemInfos.createTime"),
            ("counts.likes", "itemInfos.diggCount"),
            ("counts.comments", "itemInfos.commentCount"),
            ("counts.reposts", "itemInfos.shareCount"),
            ("counts.views", "itemInfos.playCount"),
        ),
        media="itemInfos.video",
        medium=(
            ("url", "urls.0"),
            ("width", "videoMeta.width"),
            ("height", "videoMeta.height"),
            ("seconds", "videoMeta.duration"),
            ("variants", "urls.*"),
        ),
    ),
    Reading(
        name="tiktok.embed-code",
        platform="tiktok",
        having=("html=(?s).*tiktok-embed.*",),
        post=("url:html >> blockquote@cite", "id:html >> blockquote@data-video-id", "asked"),
        told=(
            ("author_name", "author_name"),
            ("author_handle", "author_unique_id | author_url"),
            ("text", "title | html >> blockquote p"),
        ),
        media="thumbnail_url",
        medium=(("preview", ""),),
    ),
)
