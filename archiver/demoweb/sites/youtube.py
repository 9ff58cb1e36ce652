"""YouTube: the embed player whose script asks `youtubei/v1/player` by POST, watch pages, oEmbed.

Shapes: `playabilityStatus` with status and reason tells removed from private; oEmbed answers 404 for
the one and 403 `Forbidden` for the other.
"""

import re

import msgspec

from archiver.demoweb.model import Answer, Asset, DemoPost, Request, State
from archiver.demoweb.render import data, page, plain, redirect, static
from archiver.demoweb.sites.contract import Site, World

MEDIA_HOST = "rr1---sn-demo0a1.googlevideo.com"
HOSTS = (
    "www.youtube.com", "youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "youtu.be",
    "i.ytimg.com", "yt3.ggpht.com", MEDIA_HOST,
)  # fmt: skip
ID = re.compile(r"[\w-]{11}")
STATUSES = {
    State.DELETED: ("ERROR", "This video has been removed by the uploader"),
    State.PRIVATE: ("LOGIN_REQUIRED", "This video is private"),
}
UNKNOWN = ("ERROR", "Video unavailable")


def permalink(post: DemoPost) -> str:
    """The watch page."""
    return f"https://www.youtube.com/watch?v={post.id}"


def frame(post: DemoPost) -> str:
    """The player without cookies."""
    return f"https://www.youtube-nocookie.com/embed/{post.id}"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """The video of the media host, its thumbnail, the channel's picture."""
    if not post.media or not post.media[0].poster:
        return ()
    video = (
        f"https://{MEDIA_HOST}/videoplayback?id=o-{post.id}&itag=18&source=youtube&mime=video%2Fmp4"
    )
    return (
        Asset(video, post.media[0].file),
        Asset(f"https://i.ytimg.com/vi/{post.id}/hqdefault.jpg", post.media[0].poster),
        Asset(f"https://yt3.ggpht.com/{post.author.handle}=s68-c-k", post.author.avatar),
    )


def _player(request: Request, world: World) -> Answer:
    """The player's endpoint: what may be played, and from where."""
    try:
        asked = msgspec.json.decode(request.body, type=dict[str, object]).get("videoId", "")
    except msgspec.DecodeError:
        return data({"error": {"code": 400, "status": "INVALID_ARGUMENT"}}, status=400)
    post = world.post("youtube", str(asked))
    if post is None or not post.live:
        status, reason = STATUSES.get(post.state, UNKNOWN) if post else UNKNOWN
        return data({"playabilityStatus": {"status": status, "reason": reason}})
    video, still, avatar = assets(post)
    return data(
        {
            "playabilityStatus": {"status": "OK", "playableInEmbed": True},
            "streamingData": {
                "formats": [
                    {
                        "itag": 18,
                        "url": video.url,
                        "mimeType": "video/mp4",
                        "width": 480,
                        "height": 270,
                    }
                ]
            },
            "videoDetails": {
                "videoId": post.id,
                "title": post.title,
                "author": post.author.name,
                "shortDescription": post.text,
                "lengthSeconds": "2",
                "thumbnail": {"thumbnails": [{"url": still.url, "width": 480, "height": 270}]},
                "channelThumbnail": avatar.url,
            },
        },
        compress=True,
    )


def _oembed(request: Request, world: World) -> Answer:
    found = re.search(r"(?:v=|youtu\.be/|embed/|shorts/)([\w-]{11})", request.parameter("url"))
    post = world.post("youtube", found[1]) if found else None
    if post is None:
        return plain("Bad Request" if not found else "Not Found", status=404 if found else 400)
    if not post.live:
        private = post.state is State.PRIVATE
        return plain("Forbidden" if private else "Not Found", status=403 if private else 404)
    return data(
        {
            "title": post.title,
            "author_name": post.author.name,
            "author_url": f"https://www.youtube.com/@{post.author.handle}",
            "type": "video",
            "height": 113,
            "width": 200,
            "version": "1.0",
            "provider_name": "YouTube",
            "provider_url": "https://www.youtube.com/",
            "thumbnail_height": 270,
            "thumbnail_width": 480,
            "thumbnail_url": assets(post)[1].url,
            "html": f'<iframe width="200" height="113" src="https://www.youtube.com/embed/{post.id}"></iframe>',
        }
    )


def _video_page(request: Request, world: World) -> Answer | None:
    first, _, rest = request.path[1:].partition("/")
    if first == "embed" and ID.fullmatch(rest):
        cookie = (
            ("Set-Cookie", "VISITOR_INFO1_LIVE=demo; Path=/; Secure; HttpOnly; SameSite=None"),
        )
        return page("youtube_embed.html", id=rest, headers=cookie)
    if first in ("shorts", "live") and ID.fullmatch(rest):
        return redirect(f"/watch?v={rest}", status=303)
    if request.path == "/watch":
        post = world.post("youtube", request.parameter("v"))
        return page("youtube_watch.html", id=request.parameter("v"), post=post, chunked=True)
    return None


def answer(request: Request, world: World) -> Answer | None:
    """Player, endpoint, oEmbed or watch page."""
    files = {
        "/s/player/demo/embed.js": "youtube_embed.js",
        "/s/player/demo/player.css": "youtube.css",
    }
    if request.path in files:
        return static(files[request.path])
    if request.host == "youtu.be":
        return redirect(f"https://www.youtube.com/watch?v={request.path[1:]}", status=303)
    if request.path == "/youtubei/v1/player":
        return _player(request, world) if request.method == "POST" else plain("", status=405)
    if request.path == "/oembed":
        return _oembed(request, world)
    return _video_page(request, world)


SITE = Site(
    platform="youtube", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
