"""X, formerly Twitter. Source: embed-formats A1 row 1, A2 section 1; platform-answers 1–3.

Never seen live: tombstones other than that of a deleted post, 404 of the syndication endpoint, error pages."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Call, Form, Markup, Platform
from archiver.platforms.engine.times import X_EPOCH_MS, snowflake
from archiver.platforms.signs import Sign

_ASK, _OEMBED = r"/tweet-result\?(?:.*&)?id={id}(?:&|$)", r"//publish\.(?:x|twitter)\.com/oembed"
_STONE = "$.__typename=TweetTombstone; "
_TOLD, _THREAD = "tombstone.text.text=.*(?:WORDS).*", "content.itemContent.tweet_results.result."
_RESULT = "$.data.tweetResult.result."  # from the root: a quoted post may be gone, this one not
_NONE, _UNTOLD = "X knows no such post", "X shows a tombstone that gives no known reason"
_MISSING = "[data-testid=error-detail] :: .*page does.?n.?t exist.*"
_ASKED = r'"(?:focalT|t)weetId"\s*:\s*"(\d+)"'
_PLACES = (  # where X says it, what it is a witness of, and how
    ("tombstone", _ASK, "syndication", _STONE + "$." + _TOLD),
    ("graph", "", "graph", _RESULT + _TOLD),
    ("thread", "", "graph", "entryId=tweet-{id}; " + _THREAD + _TOLD),
    ("unavailable", "", "graph", f"{_RESULT}__typename=TweetUnavailable; {_RESULT}reason=(?:WORDS)"),
)  # fmt: skip
_REASONS = (
    ("deleted", Status.GONE, "deleted by the (?:post|tweet) author", "X says that the author deleted the post"),
    ("account-gone", Status.GONE, "account that no longer exists", "X says that the account no longer exists"),
    ("suspended", Status.WITHHELD, "suspended account|suspended", "X has suspended the author's account"),
    ("protected", Status.PRIVATE, "limits who can view|protected", "the account shows its posts to followers only"),
    ("adult", Status.LOGIN_WALL, "age-restricted|adult content|to log in|nsfw.*", "X shows it to adults who log in"),
    ("withheld", Status.WITHHELD, "withheld", "X withholds the post here at somebody's legal demand"),
    ("rules", Status.WITHHELD, "violated the (?:x|twitter) rules", "X has taken the post down for its rules"),
)  # fmt: skip

_MOVED = "meta[http-equiv='refresh' i][content*='/x/migrate?']"
_USER, _ID, _REST = r"(?P<author>\w{1,20})", r"(?P<id>\d{1,19})", r"(?:\D.*)?"
_BUTTON = r"oauth/.*|widgets/.*(?:button|hub).*|personalization"
_SHARE = rf"/(?:share|home|intent(?:/.*)?|i/(?:flow/.*|jot.*|adsct)|login|signup|{_BUTTON})"
_NO_PROFILE = (
    r"(?!i$|search$|hashtag$|share$|home$|explore$|intent$|login$|privacy$|tos$|about$"
    r"|settings$|widgets$|embed$|statuses$|signup$|download$|jobs$|compose$)"
)

X = Platform(
    name="x", label="X (Twitter)",
    hosts=(
        "x.com", "twitter.com", "fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com", "twiiit.com", "nitter.net",
        "twittpr.com", "xcancel.com", "lightbrd.com", "twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion",
    ),
    host_shapes=(r"nitter\..+",), short_hosts=("t.co", "pic.twitter.com", "pic.x.com"), service_hosts=("twimg.com",),
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
        Markup("x.blockquote", "blockquote.twitter-tweet,blockquote.twitter-video",
               "id:data-tweet-id link url:cite", caption=True),
        Markup("x.placeholder", ".twitter-tweet", "id:data-tweet-id id:data-tweetid url:data-url link", caption=True),
        Markup("x.rendered", ".EmbeddedTweet,.standalone-tweet", "id:data-tweet-id link", caption=True),
        Markup("x.rendered", "blockquote.Tweet", "url:cite link", caption=True),
        Markup("x.rendered", "blockquote.tweet", "id:data-tweet-id url:cite link", caption=True),
        Markup("x.widget-element", "twitter-widget", "id:data-tweet-id"),
        Markup("x.amp", "amp-twitter[data-tweetid]", "id:data-tweetid"),
        Markup("x.amp-timeline", "amp-twitter", role="widget"),
        Markup("x.embetty", "embetty-tweet", "id:status"),
        Markup("x.tarteaucitron", ".twitterembed-canvas", "id:tweetid"),
        Markup("x.substack", ".tweet[data-attrs]", "link", caption=True),
        Markup("x.timeline-item", ".timeline-Tweet,li.h-entry", "id:data-tweet-id", role="link"),
        Markup("x.attribute", "[data-tweet-id],[data-tweetid],[tweet-id],[data-twitter-tweet-id]",
               "id:data-tweet-id id:data-tweetid id:tweet-id id:data-twitter-tweet-id"),
        Markup("x.react-tweet", ".react-tweet-theme", "link"),
        Markup("x.timeline", "a.twitter-timeline,a.twitter-moment,a.twitter-grid", "url:href", role="widget"),
        Markup("x.timeline", ".tacTwitterTimelines", role="widget"),
    ),
    calls=(
        Call("x.script", "createTweet", r"create(?:Tweet|Video)(?:Embed)?\(\s*['\"](?P<id>\d{5,19})['\"]"),
        Call("x.script-timeline", "createTimeline", r"createTimeline\(", role="widget"),
    ),
    time=snowflake(22, X_EPOCH_MS, at_least=30_000_000_000), one_id=True,
    endpoints=("https://publish.x.com/oembed?url={url}&omit_script=1",),
    types=("x", "tweet", "twitter", "twittertweet", "tweetblockelement", "tweetembed"),
    id_keys=("tweetid", "tweet_id", "statusid", "status_id"),
    drawn=("[data-testid=tweetText]", "article[role=article]", ".permalink-tweet", ".EmbeddedTweet"),
    element=("article[role=article]", ".permalink-tweet", ".EmbeddedTweet"),
    signs=(
        *(
            Sign(f"x.{place}-{name}", status, "json", told.replace("WORDS", words), why, at, "authoritative", witness,
                 asked=_ASKED)
            for place, at, witness, told in _PLACES
            for name, status, words, why in _REASONS
        ),
        Sign("x.tombstone-empty", Status.LOGIN_WALL, "json", _STONE + r"$.tombstone=\{\}",
             "X gives an empty tombstone, as for posts that need a log-in", _ASK, "weak"),
        Sign("x.migrate", Status.FAILED, "css", _MOVED, "X sent a page that only leads on to another address"),
        Sign("x.rate-limited", Status.RATE_LIMITED, "json", "code=(?:88|429); message=.*limit.*", "X asks to wait"),
        Sign("x.refused", Status.PRIVATE, "status", "403", "X refuses: a protected or suspended account", _OEMBED),
        Sign("x.tombstone", Status.GONE, "json", _STONE + "tombstone={.}", _UNTOLD, _ASK, "weak", "syndication", True),
        Sign("x.not-known", Status.GONE, "status", "404", _NONE, _ASK, "strong", "syndication", True),
        Sign("x.empty", Status.GONE, "json", r"$=\{\}", _NONE, _ASK, "strong", "syndication", True),
        Sign("x.graph-empty", Status.GONE, "json", r"$.data.tweetResult=\{\}; !$.errors", _NONE, "/graphql/", "strong",
             "graph", asked=_ASKED),
        Sign("x.oembed-404", Status.GONE, "status", "404", _NONE, _OEMBED, "strong", "publish"),
        Sign("x.page-missing", Status.GONE, "css", _MISSING, _NONE, "", "strong", "graph"),
    ),
)  # fmt: skip
