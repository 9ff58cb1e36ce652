"""YouTube videos and playlists. Source: embed-formats A1 row 8, A2 section 8; platform-answers 10.
What its answers mean is in `youtube_signs.py`.
"""

from archiver.platforms.contract import Address, Call, Form, Markup, Platform
from archiver.platforms.youtube_signs import SIGNS

_ID = r"(?P<id>[\w-]{11})"
_ANY = r"(?:[^\w-].*)?"
_LIST = r"(?P<list>(?:PL|UU|OL|FL|RD|LL|EL|SP)[\w-]{8,})"
_PLAYLIST = (("list", _LIST),)
_HANDLE = r"(?P<author>[^/]+)"

YOUTUBE = Platform(
    name="youtube",
    label="YouTube",
    hosts=("youtube.com", "youtu.be", "youtube-nocookie.com", "youtube.googleapis.com", "youtubekids.com",
           "static.fc2.com"),
    forms=(
        Form(host=r"(?:img|i\d?)\.youtube\.com", path=r"/.*", kind="share"),
        Form(r"/(?:embed/)?live_stream|/embed/live_stream.*", kind="widget"),
        Form(r"/(?:embed/video_?series|embed/?|playlist|p/.*)", query=_PLAYLIST, id="playlist:{list}"),
        Form(r"/(?:embed|p)/(?:PL)?(?P<list>[0-9A-F]{16})(?:&.*)?", id="playlist:PL{list}"),
        Form(r"/embed", query=(("listType", r"user_uploads|search"),), kind="widget"),
        Form(host=r"(?:.+\.)?youtu\.be", path=rf"/(?:(?:shorts|live|watch)/)?{_ID}{_ANY}"),
        Form(r"/(?:subscribe_embed|subscribe_widget|iframe_api|s/player.*|t/.*|signin.*|creators.*)", kind="share"),
        Form(r"/(?:tv)?(?:watch|ytscreeningroom|movie|watch_popup)?", query=(("v", rf"{_ID}{_ANY}"),)),
        Form(r"/embed(?:/(?:https?:/)?(?:(?:www\.|m\.)?youtube\.com/)?watch)?", query=(("v", rf"{_ID}{_ANY}"),)),
        Form("/tv", fragment=rf"/watch\?v={_ID}.*"), Form("/watch", fragment=rf"!v={_ID}{_ANY}"),
        Form(rf"/(?:watch|embed|v|e|vi|shorts|live|video|w)/\"?{_ID}{_ANY}"),
        Form(rf"/embed/(?:https?:/)?(?:(?:www\.|m\.)?youtube\.com/)?(?:youtu\.be|embed|shorts|v)/{_ID}{_ANY}"),
        Form(r"/misc/blog/view/ext_youtube_player\.html", host=r"static\.fc2\.com", query=(("id", _ID),)),
        Form(rf"/embed/(?:watch\?v=|v=|\?v=){_ID}{_ANY}"),
        Form(r"/watch", query=_PLAYLIST, id="playlist:{list}"),
        Form(r"/clip/(?P<clip>Ugk[\w-]+)", id="clip:{clip}"), Form(r"/post/(?P<post>Ugk[\w-]+)", id="post:{post}"),
        Form(r"/channel/[\w-]+/community", query=(("lb", r"(?P<post>Ugk[\w-]+)"),), id="post:{post}"),
        Form(rf"/(?:c/|user/|channel/|@){_HANDLE}(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://www.youtube.com/watch?v={id}",),
            embed=("https://www.youtube-nocookie.com/embed/{id}",),
        ),
        Address(
            id=r"playlist:(?P<list>[\w-]{10,})",
            permalink=("https://www.youtube.com/playlist?list={list}",),
            embed=("https://www.youtube-nocookie.com/embed/videoseries?list={list}",),
        ),
        Address(id=r"clip:(?P<clip>Ugk[\w-]+)", permalink=("https://www.youtube.com/clip/{clip}",)),
        Address(id=r"post:(?P<post>Ugk[\w-]+)", permalink=("https://www.youtube.com/post/{post}",)),
    ),
    markups=(
        Markup("youtube.lite", "lite-youtube", "id:videoid id:video-id id:playlistid=playlist:{}"),
        Markup("youtube.lite", "youtube-video", "url:src id:video-id id:videoid"),
        Markup("youtube.lite", "g-youtube", "id:video-id url:src"),
        Markup("youtube.amp", "amp-youtube", "id:data-videoid"),
        Markup("youtube.amp-live", "amp-youtube[data-live-channelid]", role="widget"),
        Markup("youtube.embetty", "embetty-video", "id:video-id", when="type=youtube"),
        Markup("youtube.facade", ".rll-youtube-player", "id:data-id url:data-src"),
        Markup("youtube.facade", ".yt-lite,.yt-embed", "picture"),
        Markup("youtube.facade", ".lyte-wrapper", "link id:id=WYL_"),
        Markup("youtube.facade", ".youtube-embed", "id:data-video_id id:data-video-id id:data-id"),
        Markup("youtube.facade", "[data-youtube]", "id:data-youtube url:data-youtube"),
        *(Markup("youtube.facade", f"[data-{key}]", f"id:data-{key}") for key in ("youtube-id", "yt-id", "youtubeid")),
        Markup("youtube.facade", "[data-youtube-video-id]", "id:data-youtube-video-id"),
        Markup("youtube.tarteaucitron", ".youtube_player", "id:videoid id:data-videoid"),
        Markup("youtube.tarteaucitron", ".youtube_playlist_player", "id:playlistid=playlist:{}"),
        Markup("youtube.substack", ".youtube-wrap", "id:data-attrs"),
        Markup("youtube.iframemanager", "[data-service=youtube]", "id:data-id"),
    ),
    calls=(
        Call("youtube.script", "YT.Player",
             r"new\s+YT\.Player\([^)]{0,400}?videoId['\"]?\s*:\s*['\"](?P<id>[\w-]{11})['\"]"),
    ),
    endpoints=("https://www.youtube.com/oembed?format=json&url={url}",),
    types=("youtube", "youtubevideo", "youtubeblockelement", "youtubeembed", "videoyoutube", "videoxyoutube"),
    id_keys=("youtubeid", "youtube_id", "youtubevideoid"),
    drawn=("video.video-stream[src]", ".ytp-title-link[href*='watch']", "ytd-watch-metadata h1"),
    element=("#movie_player", "#player", "ytd-player"),
    signs=SIGNS,
)  # fmt: skip
