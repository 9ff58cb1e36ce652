"""More verdicts, case by case: other platforms, other languages, other walls than were recorded.

All posts are invented. The cases are worded apart from the rules: where a rule is a structure, the words
around it here are in another language than the ones it was made from.
"""

import json
from urllib.parse import quote

import pytest
from test_verdict import ASK, GRAPH, IDS, PLAYER, THREAD, Case, Got, outcome, playable, tweet

from archiver.capture.verdict import weigh
from archiver.domain.capture import Status
from archiver.platforms import PLATFORMS
from archiver.platforms.walls import WALLS

S = Status
NOTE = "112345678901234567"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
MORE = IDS | {
    "dailymotion": "x8abcde", "soundcloud": "ada/ferry-song", "spotify": "track:7y8NWS6gR3Wz4C7W8Bh0WL",
    "twitch": "clip:BraveFerryQuay", "linkedin": "share:6697415923986378752", "weibo": "J5cVGuUNq", "vk": "-77_101",
    "truthsocial": NOTE, "threads": "DAbCdEfGhIj", "tumblr": "ada/165326273724", "imgur": "a/Ab3dEfG",
    "flickr": "2362225867", "pinterest": "106890191127977979", "lemmy": "lemmy.boats.example/post/4711",
    "misskey": "mi.boats.example/9abcdefghi", "peertube": f"tube.boats.example/{UUID}",
    "pixelfed": f"pix.boats.example/{NOTE}", "gab": NOTE, "web": "https://quay.example/notes/harbour-9",
}  # fmt: skip
API = f"https://boats.example/api/v1/statuses/{NOTE}"
TITLE = "<head><title>{}</title></head><body>{}</body>"


def quoting(gone: object) -> dict[str, object]:
    """A live post of the graph that quotes one that is not there."""
    mine = {"__typename": "Tweet", "rest_id": IDS["x"], "legacy": {"full_text": "Lamps"}}
    return {"data": {"tweetResult": {"result": mine | {"quoted_status_result": {"result": gone}}}}}


def oembed(**more: str) -> dict[str, str]:
    return {"version": "1.0", "type": "rich", "title": "Ferry", "author_name": "Ada"} | more


def asked(endpoint: str, url: str) -> str:
    return f"https://{endpoint}?url={quote(url, safe='')}&format=json"


def below(status: str, words: object) -> dict[str, object]:
    """A player's state whose reason is general and whose words below it tell."""
    screen = {"playerErrorMessageRenderer": {"subreason": words}}
    return {
        "playabilityStatus": {
            "status": status,
            "reason": "Video unavailable",
            "errorScreen": screen,
        }
    }


def api(
    platform: str, url: str, body: object, want: Status, status: int = 200, name: str = "",
    author: str | None = None,
) -> Case:  # fmt: skip
    """An endpoint asked for the post, as its main answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    case = name or f"{platform} {status} {text[-40:]}"
    return Case(name=case, platform=platform, want=want, view=url, status=status, page=text, author=author,
                headers=(("Content-Type", "application/json"),))  # fmt: skip


SONG = "https://soundcloud.com/ada/ferry-song"
LEMMY_API = "https://lemmy.boats.example/api/v3/post?id=4711"
TUBE_API = f"https://tube.boats.example/api/v1/videos/{UUID}"
SHOW = "https://m.weibo.cn/statuses/show?id=J5cVGuUNq"
VIMEO = asked("vimeo.com/api/oembed.json", "https://vimeo.com/123456789")

CASES = [
    # X: what a quoted post is, the post is not
    Case(name="x quotes a suspended account", platform="x", want=S.PARTIAL, others=(
         Got(body=quoting({"__typename": "TweetUnavailable", "reason": "Suspended"}), url=GRAPH),)),
    Case(name="x quotes a deleted post", platform="x", want=S.PARTIAL, others=(Got(body=quoting(
         {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "deleted by the Post author"}}}),
         url=GRAPH),)),
    Case(name="x thread tombstone of another post", platform="x", want=S.FAILED, others=(Got(body={"entries": [
         {"entryId": "tweet-77", "content": {"itemContent": {"tweet_results": {"result": {"tombstone": {"text": {
          "text": "This Post was deleted by the Post author."}}}}}}}]},
         url="https://x.com/i/api/graphql/q/TweetDetail"),)),
    Case(name="x thread tombstone of this post", platform="x", want=S.GONE, others=(Got(body={"entries": [
         {"entryId": f"tweet-{IDS['x']}",
         "content": {"itemContent": {"tweet_results": {"result": {"tombstone": {"text": {
          "text": "This Post was deleted by the Post author."}}}}}}}]},
         url="https://x.com/i/api/graphql/q/TweetDetail"),)),
    Case(name="x leads on", platform="x", want=S.FAILED, view="page", rule="x.migrate",
         page="<meta http-equiv='Refresh' content='0; url=https://twitter.com/x/migrate?tok=7b22'><body></body>"),
    Case(name="x withheld in the graph", platform="x", want=S.WITHHELD, others=(Got(body={"data": {"tweetResult": {
         "result": {"__typename": "TweetUnavailable", "reason": "Withheld"}}}}, url=GRAPH),)),
    Case(name="x protected in the graph", platform="x", want=S.PRIVATE, others=(Got(body={"data": {"tweetResult": {
         "result": {"__typename": "TweetUnavailable", "reason": "Protected"}}}}, url=GRAPH),)),
    Case(name="x data of another post", platform="x", want=S.FAILED,
         others=(Got(body=tweet(id_str="99", text="Other"), url=ASK),)),
    Case(name="x empty and oembed 404", platform="x", want=S.GONE, others=(Got(body={}, url=ASK),
         Got(body="", url="https://publish.x.com/oembed?url=x", status=404))),
    Case(name="x oembed 403", platform="x", want=S.PRIVATE, others=(
         Got(body="", url="https://publish.twitter.com/oembed?url=x", status=403),)),
    # YouTube: states whatever the language
    Case(name="youtube age by structure", platform="youtube", want=S.LOGIN_WALL,
         others=(Got(body={"playabilityStatus": {
         "status": "LOGIN_REQUIRED", "reason": "Bitte melde dich an", "desktopLegacyAgeGateReason": 1}}, url=PLAYER),)),
    Case(name="youtube login in another language", platform="youtube", want=S.LOGIN_WALL,
         others=(Got(body=playable("LOGIN_REQUIRED", "Melde dich an"), url=PLAYER),)),
    Case(name="youtube error in another language", platform="youtube", want=S.FAILED,
         others=(Got(body=playable("ERROR", "Video nicht verfügbar"), url=PLAYER),)),
    Case(name="youtube error and oembed 404", platform="youtube", want=S.GONE, others=(
         Got(body=playable("ERROR", "Video nicht verfügbar"), url=PLAYER),
         Got(body="", url="https://www.youtube.com/oembed?url=x", status=404))),
    Case(name="youtube oembed 401", platform="youtube", want=S.FAILED, others=(
         Got(body="Unauthorized", url="https://www.youtube.com/oembed?url=x", status=401),)),
    Case(name="youtube oembed 403", platform="youtube", want=S.PRIVATE, others=(
         Got(body="Forbidden", url="https://www.youtube.com/oembed?url=x", status=403),)),
    Case(name="youtube private by its message", platform="youtube", want=S.PRIVATE, others=(Got(body={
         "playabilityStatus": {"status": "LOGIN_REQUIRED", "messages": ["Privates Video"]}}, url=PLAYER),)),
    Case(name="youtube removed, said below", platform="youtube", want=S.GONE, others=(
         Got(body=below("ERROR", {"simpleText": "This video has been removed by the uploader"}), url=PLAYER),)),
    Case(name="youtube country in pieces", platform="youtube", want=S.WITHHELD, others=(
         Got(body=below("UNPLAYABLE", {"runs": [{"text": "Not available in your country"}]}), url=PLAYER),)),
    Case(name="youtube stream to come", platform="youtube", want=S.FAILED,
         others=(Got(body=playable("LIVE_STREAM_OFFLINE", "Premiere in 2 Stunden"), url=PLAYER),)),
    Case(name="youtube consent by its form", platform="youtube", want=S.FAILED, view="page", rule="consent.form",
         page="<title>Vorher</title><form action='https://consent.youtube.com/save' method='POST'></form>"),
    # TikTok: one state on two pages is one witness
    Case(name="tiktok page and embed", platform="tiktok", want=S.FAILED,
         page="<script type='application/json'>{\"statusCode\": 10204, \"statusMsg\": \"item doesn't exist\"}</script>",
         others=(Got(body={"statusCode": 10204, "statusMsg": "deleted"}, url="https://www.tiktok.com/api/item"),)),
    Case(name="tiktok state and oembed", platform="tiktok", want=S.GONE,
         page="<script type='application/json'>{\"statusCode\": 10204}</script>",
         others=(Got(body={"message": "Something went wrong"}, status=400,
         url="https://www.tiktok.com/oembed?url=https%3A//www.tiktok.com/%40ada/video/7400000000000000321"),)),
    Case(name="tiktok login", platform="tiktok", want=S.LOGIN_WALL,
         final="https://www.tiktok.com/login?redirect_url=x"),
    # Bluesky
    Case(name="bluesky takedown", platform="bluesky", want=S.WITHHELD,
         others=(Got(body={"error": "RepoTakendown", "message": "x"}, url=THREAD, status=400),)),
    Case(name="bluesky account off", platform="bluesky", want=S.FAILED,
         others=(Got(body={"error": "AccountDeactivated", "message": "x"}, url=THREAD, status=400),)),
    Case(name="bluesky no posts and oembed 404", platform="bluesky", want=S.GONE, others=(
         Got(body={"posts": []}, url="https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts?uris=at"),
         Got(body="", url="https://embed.bsky.app/oembed?url=x", status=404))),
    # the fediverse, whatever the software
    Case(name="gotosocial not found", platform="mastodon", want=S.GONE, author="@ada@boats.example",
         others=(Got(body={"error": "Not Found: target status not found"}, url=API, status=404),)),
    Case(name="pleroma of an id like others", platform="mastodon", want=S.GONE, author="ada",
         others=(Got(body={"error": "Record not found"}, url=API, status=404),)),
    Case(name="mastodon api 410", platform="mastodon", want=S.GONE, author="ada",
         others=(Got(body={}, url=API, status=410),)),
    Case(name="mastodon bare 404 of the api", platform="mastodon", want=S.FAILED,
         others=(Got(body="nginx", url=API, status=404),)),
    Case(name="mastodon page and api with bare 404", platform="mastodon", want=S.FAILED, status=404,
         others=(Got(body="nginx", url=API, status=404),)),
    Case(name="mastodon parent that is gone", platform="mastodon", want=S.CAPTURED, view="page",
         page="<div class='detailed-status'>Lamps</div>", others=(
         Got(body={"id": NOTE, "content": "<p>Lamps</p>", "in_reply_to_id": "5"}, url=API),
         Got(body={"error": "Record not found"}, url="https://boats.example/api/v1/statuses/112345678901234000",
             status=404))),
    Case(name="mastodon suspended account", platform="mastodon", want=S.WITHHELD,
         others=(Got(body={"id": NOTE, "content": "", "account": {"suspended": True}}, url=API),)),
    api("web", "https://quay.example/notes/harbour-9", {"id": "https://quay.example/notes/harbour-9",
        "type": "Tombstone", "formerType": "Note"}, S.GONE, 410, "tombstone of unknown software"),
    Case(name="tombstone of another note", platform="web", want=S.CAPTURED, text="The harbour",
         page="<p>The harbour</p>",
         others=(Got(body={"type": "Tombstone", "id": "https://quay.example/notes/other"},
                     url="https://quay.example/notes/other"),)),
    api("lemmy", "https://lemmy.boats.example/post/4711", {"type": "Tombstone"}, S.GONE, 410,
        "tombstone without an id"),
    api("web", "https://quay.example/notes/harbour-9", {"id": "https://quay.example/notes/harbour-9#delete",
        "type": "Delete", "object": "https://quay.example/notes/harbour-9"}, S.GONE, name="delete with a link"),
    api("pixelfed", f"https://pix.boats.example/api/v1/statuses/{NOTE}", {"error": "Record not found"}, S.GONE, 404,
        author="ada"),
    api("truthsocial", f"https://truthsocial.com/api/v1/statuses/{NOTE}", {"error": "Record not found"}, S.GONE, 404,
        author="ada"),
    api("truthsocial", f"https://truthsocial.com/api/v1/statuses/{NOTE}", {"error": "?"}, S.LOGIN_WALL, 401),
    api("peertube", TUBE_API, {"status": 404, "type": "about:blank", "detail": "Vidéo introuvable"}, S.GONE, 404),
    api("peertube", TUBE_API, {"status": 403, "detail": "Vidéo privée"}, S.PRIVATE, 403),
    api("peertube", TUBE_API, {"uuid": UUID, "name": "Le bac", "account": {"name": "ada"}, "url":
        f"https://tube.boats.example/w/{UUID}", "description": "Il revient"}, S.CAPTURED),
    api("lemmy", LEMMY_API, {"error": "couldnt_find_post"}, S.GONE, 404),
    api("lemmy", LEMMY_API, {"post_view": {"post": {"id": 4711, "name": "Ferry", "deleted": True}}}, S.GONE),
    api("lemmy", LEMMY_API, {"post_view": {"post": {"id": 4711, "name": "Ferry", "removed": True}}}, S.WITHHELD),
    api("lemmy", LEMMY_API, {"error": "instance_is_private"}, S.LOGIN_WALL, 400),
    api("lemmy", LEMMY_API, {"post_view": {"post": {"id": 9, "deleted": True}}}, S.FAILED, name="lemmy other post"),
    Case(name="misskey no note", platform="misskey", want=S.GONE, others=(Got(body={"error": {"code": "NO_SUCH_NOTE"}},
         url="https://mi.boats.example/api/notes/show", status=400),)),
    Case(name="misskey log in", platform="misskey", want=S.LOGIN_WALL, others=(Got(body={"error": {
         "code": "SIGNIN_REQUIRED"}}, url="https://mi.boats.example/api/notes/show", status=400),)),
    # players
    api("vimeo", VIMEO, "", S.FAILED, 403, "vimeo not to be embedded"),
    api("vimeo", VIMEO, "", S.FAILED, 404, "vimeo unknown to one server"),
    Case(name="vimeo unknown to player and page", platform="vimeo", want=S.GONE, status=404,
         others=(Got(body="", url=VIMEO, status=404),)),
    Case(name="vimeo password", platform="vimeo", want=S.PRIVATE,
         page="<form id='pw_form'><input type=password></form>"),
    Case(name="dailymotion country", platform="dailymotion", want=S.WITHHELD,
         others=(Got(body={"error": {"code": "DM007"}},
         url="https://geo.dailymotion.com/player/metadata/x8abcde"),)),
    Case(name="dailymotion error and oembed", platform="dailymotion", want=S.GONE, others=(
         Got(body={"error": {"code": "DM002"}}, url="https://www.dailymotion.com/player/metadata/video/x8abcde"),
         Got(body="", url="https://www.dailymotion.com/services/oembed?url=x", status=404))),
    Case(name="dailymotion error alone", platform="dailymotion", want=S.FAILED, others=(
         Got(body={"error": {"code": "DM002"}}, url="https://www.dailymotion.com/player/metadata/video/x8abcde"),)),
    api("soundcloud", asked("soundcloud.com/oembed", SONG), oembed(author_url="https://soundcloud.com/ada"),
        S.CAPTURED, name="soundcloud oembed that names the author"),
    api("soundcloud", asked("soundcloud.com/oembed", SONG), oembed(author_url="https://soundcloud.com/eve"),
        S.FAILED, name="soundcloud oembed of somebody else"),
    api("soundcloud", asked("soundcloud.com/oembed", "https://soundcloud.com/eve/x"),
        oembed(author_url="https://soundcloud.com/ada"), S.FAILED, name="soundcloud oembed asked for another"),
    api("soundcloud", "https://api-v2.soundcloud.com/resolve?url=x", {"kind": "track", "permalink": "ferry-song",
        "title": "Ferry", "policy": "BLOCK", "permalink_url": SONG}, S.WITHHELD,
        name="soundcloud country"),
    api("soundcloud", "https://api-v2.soundcloud.com/resolve?url=x", {"kind": "track", "permalink": "ferry-song",
        "title": "Ferry", "policy": "ALLOW", "permalink_url": SONG}, S.CAPTURED),
    Case(name="soundcloud oembed and api", platform="soundcloud", want=S.GONE, others=(
         Got(body="", url=asked("soundcloud.com/oembed", SONG), status=404),
         Got(body={}, url="https://api-widget.soundcloud.com/resolve?url=x", status=404))),
    Case(name="spotify player and oembed", platform="spotify", want=S.GONE,
         page="<script type='application/json'>{\"props\": {\"pageProps\": {\"status\": 404}}}</script>",
         others=(Got(body="", url="https://open.spotify.com/oembed?url=x", status=404),)),
    Case(name="spotify oembed alone", platform="spotify", want=S.FAILED,
         others=(Got(body="", url="https://open.spotify.com/oembed?url=x", status=404),)),
    Case(name="twitch null alone", platform="twitch", want=S.FAILED,
         others=(Got(body=[{"data": {"clip": None}}], url="https://gql.twitch.tv/gql"),)),
    Case(name="twitch null by an error", platform="twitch", want=S.FAILED,
         others=(Got(body=[{"data": {"clip": None}, "errors": [{"message": "service timeout", "path": ["clip"]}]}],
                     url="https://gql.twitch.tv/gql"),)),
    Case(name="vk rights", platform="vk", want=S.WITHHELD, view="page",
         page="<div id='video_ext_msg'>Видеозапись изъята по обращению правообладателя</div>"),
    Case(name="vk other words", platform="vk", want=S.FAILED,
         page="<div class='message_page_body'>Чтось пішло не так</div>"),
    Case(name="vk access", platform="vk", want=S.PRIVATE, page="<div class='message_page_body'>Доступ запрещён</div>"),
    Case(name="vk wall drawn", platform="vk", want=S.CAPTURED, view="page",
         page="<div class='wall_item'><a href='/wall-77_101'>1</a><div class='wall_post_text'>Паром</div></div>"),
    Case(name="weibo gate", platform="weibo", want=S.BOT_WALL,
         final="https://passport.weibo.com/visitor/visitor?entry=x"),
    api("weibo", SHOW, {"ok": -100, "url": "x"}, S.LOGIN_WALL),
    api("weibo", SHOW, {"ok": 0, "errno": "20101", "msg": "不存在"}, S.FAILED, name="weibo one witness"),
    api("weibo", SHOW, {"ok": 0, "errno": "20112", "msg": "暂无查看权限"}, S.PRIVATE),
    Case(name="linkedin drawn under another number", platform="linkedin", want=S.CAPTURED,
         page="<link rel=canonical href='https://www.linkedin.com/feed/update/urn:li:activity:6697415924686848000'>"
         "<article class='share-update-card'>Die Fähre ist zurück</article>"),
    Case(name="linkedin authwall", platform="linkedin", want=S.LOGIN_WALL,
         final="https://www.linkedin.com/authwall?trk=x"),
    Case(name="imgur removed picture", platform="imgur", want=S.FAILED, final="https://i.imgur.com/removed.png"),
    api("flickr", "https://www.flickr.com/services/oembed/?url=x", "", S.PRIVATE, 401),
    api("tumblr", "https://www.tumblr.com/oembed/1.0?url=x", "", S.FAILED, 404),
    # walls of other makers, in other languages
    Case(name="anubis", platform="mastodon", want=S.BOT_WALL,
         page=TITLE.format("Nous vérifions", "<script id='anubis_challenge' type='application/json'>{}</script>")),
    Case(name="aws waf", platform="reddit", want=S.BOT_WALL, status=202, headers=(("x-amzn-waf-action", "challenge"),)),
    Case(name="datadome", platform="reddit", want=S.BOT_WALL, status=403,
         page="<iframe src='https://geo.captcha-delivery.com/captcha/'></iframe>"),
    Case(name="cloudflare in japanese", platform="imgur", want=S.BOT_WALL, status=403,
         page=TITLE.format("お待ちください", "<div id='challenge-stage'></div>")),
    Case(name="ddos-guard", platform="vk", want=S.BOT_WALL, status=403,
         page="<script src='/.well-known/ddos-guard/check'></script><title>DDoS-Guard</title>"),
    Case(name="login page by its canonical link", platform="facebook", want=S.LOGIN_WALL, view="page",
         page="<link rel=canonical href='https://www.facebook.com/login/'><title>Bei Facebook anmelden</title>"),
    Case(name="login deeper in the path", platform="weibo", want=S.LOGIN_WALL,
         final="https://passport.weibo.com/sso/signin?entry=x"),
    Case(name="an article about logins", platform="web", want=S.CAPTURED, text="How banks ask for your password",
         final="https://paper.example/login-problems", page="<p>How banks ask for your password</p>"),
    Case(name="yahoo consent", platform="tumblr", want=S.FAILED, final="https://consent.yahoo.com/v2/collectConsent",
         rule="consent.address"),
    Case(name="maintenance in german", platform="mastodon", want=S.FAILED, rule="maintenance.title",
         page=TITLE.format("Wartungsarbeiten", "Gleich wieder da")),
    Case(name="maintenance by its element", platform="lemmy", want=S.FAILED, rule="maintenance.element",
         page="<body class='maintenance-mode'><p>Zaraz wracamy</p></body>"),
    Case(name="legal", platform="vimeo", want=S.WITHHELD, status=451),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdict(case: Case) -> None:
    found = outcome(case, MORE)
    assert found.status is case.want, found
    assert found.reason
    if case.rule:
        assert case.rule in [signal.rule for signal in found.signals]


def test_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_rules_are_named_once() -> None:
    rules = [sign.rule for sign in WALLS] + [s.rule for p in PLATFORMS for s in p.signs]
    assert len(rules) == len(set(rules))


def test_two_servers_are_two_witnesses() -> None:
    by_name = {case.name: outcome(case, MORE) for case in CASES}
    found = weigh([by_name["vimeo unknown to one server"], by_name["vimeo not to be embedded"]])
    assert found and found.status is S.FAILED


def test_a_null_that_comes_with_an_error_is_no_sign() -> None:
    found = {case.name: {s.rule for s in outcome(case, MORE).signals} for case in CASES}
    assert "twitch.clip" in found["twitch null alone"]
    assert "twitch.clip" not in found["twitch null by an error"]
