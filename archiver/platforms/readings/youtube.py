"""YouTube: the player's answer, in requests and in pages. Source: platform-answers 10; recordings."""

from archiver.platforms.readings.contract import Reading

_MORE = "microformat.playerMicroformatRenderer."

READINGS = (
    Reading(
        name="youtube.player",
        platform="youtube",
        having=("videoDetails.videoId", "videoDetails.title"),
        post=("id:videoDetails.videoId",),
        told=(
            ("author_name", f"videoDetails.author | {_MORE}ownerChannelName"),
            ("author_handle", f"{_MORE}ownerProfileUrl"),
            ("author_id", "videoDetails.channelId"),
            ("title", "videoDetails.title"),
            ("text", "videoDetails.shortDescription"),
            ("posted_at", f"{_MORE}publishDate | {_MORE}uploadDate"),
            ("language", "captions.playerCaptionsTracklistRenderer.captionTracks.0.languageCode"),
            ("counts.views", "videoDetails.viewCount"),
            ("counts.likes", f"{_MORE}likeCount"),
            ("labels", f"{_MORE}category"),
        ),
        media="videoDetails",
        medium=(
            ("url", "embedUrl"),
            ("preview", "thumbnail.thumbnails.0.url"),
            ("seconds", "lengthSeconds"),
            ("variants", "thumbnail.thumbnails.*.url"),
        ),
    ),
    Reading(
        name="youtube.watch",
        platform="youtube",
        card=":root:has(meta[itemprop=identifier], meta[itemprop=videoId])",
        post=(
            "id:meta[itemprop=identifier]@content | meta[itemprop=videoId]@content",
            "asked",
        ),
        told=(
            ("title", "meta[itemprop=name]@content"),
            ("text", "meta[itemprop=description]@content"),
            ("author_name", "[itemprop=author] link[itemprop=name]@content"),
            ("author_handle", "[itemprop=author] link[itemprop=url]@href"),
            ("author_id", "meta[itemprop=channelId]@content"),
            ("posted_at", "meta[itemprop=datePublished]@content"),
            ("counts.views", "meta[itemprop=interactionCount]@content"),
        ),
    ),
)
