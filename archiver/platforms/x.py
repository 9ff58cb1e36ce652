"""X, formerly Twitter. Source: embed-formats A1 row 1, A2 section 1."""

from archiver.platforms.contract import Address, Call, Form, Markup, Platform
from archiver.platforms.engine.times import X_EPOCH_MS, snowflake

_USER = r"(?P<author>\w{1,20})"
_ID = r"(?P<id>\d{1,19})"
_REST = r"(?:\D.*)?"
_SHARE = (
    r"/(?:share|home|intent(?:/.*)?|i/(?:flow/.*|jot.*|adsct)|login|signup|oauth/.*"
    r"|widgets/.*(?:button|hub).*|personalization)"
)
_NO_PROFILE = (
    r"(?!i$|search$|hashtag$|share$|home$|explore$|intent$|login$|privacy$|tos$|about$"
    r"|settings$|widgets$|embed$|statuses$|signup$|download$|jobs$|compose$)"
)

X = Platform(
    name="x",
    label="X (Twitter)",
    hosts=(
        "x.com", "twitter.com", "fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com",
        "twittpr.com", "xcancel.com", "lightbrd.com", "twiiit.com", "nitter.net",
        "twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion",
    ),
    host_shapes=(r"nitter\..+",),
    short_hosts=("t.co", "pic.twitter.com", "pic.x.com"),
    forms=(
        Form(_SHARE, kind="share"),
        Form(r"/embed/(?:Tweet|index)\.html", query=(("id", _ID),)),
        Form(r"/i/(?:cards/tfw/v1|videos(?:/tweet)?|web/status|status)/" + _ID + _REST),
        Form(r"/i/(?P<what>broadcasts|spaces|events)/(?P<id>\w+)", id="{what}:{id}"),
        Form(rf"(?:/en)?/{_USER}/(?i:status(?:es)?)/{_ID}{_REST}"),
        Form(rf"/statuses/{_ID}"),
        Form("", fragment=rf"!/{_USER}/status(?:es)?/{_ID}{_REST}"),
        Form(r"/srv/timeline-.*", kind="widget"),
        Form(rf"/{_USER}/(?:lists|likes|moments|timelines|media|with_replies)(?:/.*)?", kind="widget"),
        Form(r"/(?:i/(?:lists|moments)/.+|search|hashtag/.+)", kind="widget"),
        Form(host=r"(?:(?:m|mobile)\.)?(?:x|twitter)\.com", path=rf"/@?{_NO_PROFILE}{_USER}", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://x.com/{author}/status/{id}", "https://x.com/i/status/{id}"),
            embed=("https://platform.twitter.com/embed/Tweet.html?id={id}&dnt=true&theme=light&lang=en",),
        ),
        Address(id=r"(?P<what>broadcasts|spaces|events):(?P<id>\w+)", permalink=("https://x.com/i/{what}/{id}",)),
    ),
    markups=(
        Markup("x.blockquote", "blockquote.twitter-tweet", "id:data-tweet-id link url:cite", caption=True),
        Markup("x.blockquote", "blockquote.twitter-video", "id:data-tweet-id link url:cite", caption=True),
        Markup("x.placeholder", ".twitter-tweet", "id:data-tweet-id id:data-tweetid url:data-url link", caption=True),
        Markup("x.rendered", ".EmbeddedTweet", "id:data-tweet-id link", caption=True),
        Markup("x.rendered", "blockquote.Tweet", "url:cite link", caption=True),
        Markup("x.rendered", "blockquote.tweet", "id:data-tweet-id url:cite link", caption=True),
        Markup("x.rendered", ".standalone-tweet", "id:data-tweet-id link", caption=True),
        Markup("x.widget-element", "twitter-widget", "id:data-tweet-id"),
        Markup("x.amp", "amp-twitter[data-tweetid]", "id:data-tweetid"),
        Markup("x.amp-timeline", "amp-twitter", role="widget"),
        Markup("x.embetty", "embetty-tweet", "id:status"),
        Markup("x.tarteaucitron", ".twitterembed-canvas", "id:tweetid"),
        Markup("x.attribute", "[data-tweet-id]", "id:data-tweet-id"),
        Markup("x.attribute", "[data-tweetid]", "id:data-tweetid"),
        Markup("x.attribute", "[tweet-id]", "id:tweet-id"),
        Markup("x.react-tweet", ".react-tweet-theme", "link"),
        Markup("x.timeline", "a.twitter-timeline", "url:href", role="widget"),
        Markup("x.timeline", "a.twitter-moment", "url:href", role="widget"),
        Markup("x.timeline", "a.twitter-grid", "url:href", role="widget"),
        Markup("x.timeline", ".tacTwitterTimelines", role="widget"),
    ),
    calls=(
        Call("x.script", r"create(?:Tweet|Video)(?:Embed)?\(\s*['\"](?P<id>\d{5,19})['\"]"),
        Call("x.script-timeline", r"createTimeline\(", role="widget"),
    ),
    time=snowflake(22, X_EPOCH_MS, at_least=30_000_000_000),
    endpoints=(
        "https://publish.x.com/oembed?url={url}&omit_script=1",
    ),
    types=("tweet", "twitter", "twittertweet", "tweetblockelement", "tweetembed"),
    id_keys=("tweetid", "tweet_id", "statusid", "status_id"),
)  # fmt: skip
