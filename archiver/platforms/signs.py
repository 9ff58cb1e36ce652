"""Signs: the rows of the verdict tables, and those that hold on any site.

A sign is structure before language: an HTTP status, a final address, a value in a JSON answer, an element
of the drawn page; words only where nothing else tells. Live pages contain the words of dead ones
(platform-answers 4), so words are looked for in visible text alone.
"""

from typing import Literal

from msgspec import Struct

from archiver.domain.capture import Status

Where = Literal["status", "header", "url", "json", "css", "no-css", "text"]
Strength = Literal["authoritative", "strong", "weak"]


class Sign(Struct, frozen=True):
    """What, seen where, speaks for which status.

    `where` and `pattern`: `status`, a pattern of the whole HTTP status; `header`, `name: pattern`; `url`, a
    pattern searched in the final address; `json`, conditions `path=pattern` joined by `; ` that one object
    must meet (a path that begins with `$` counts from the root, `*` is any item, `!path` must be missing,
    `{id}` stands for the post's own id); `css` and `no-css`, a selector, with ` :: pattern` for the
    element's text; `text`, a pattern searched in the visible text.
    `at` is a pattern of the exchange's address: of the document itself when empty, of any exchange else.
    `strength`: `authoritative` settles alone, `strong` settles alone unless it says `gone`, `weak` only
    helps another. Two signs of `gone` count as two when their `witness` differs (the address looked at,
    where it is empty). `reason` is what the user reads.
    """

    rule: str
    points_to: Status
    where: Where
    pattern: str
    reason: str
    at: str = ""
    strength: Strength = "strong"
    witness: str = ""


_BOT = "the site asks visitors to prove that they are no robot"
_LOGIN = "the site shows this only to visitors who log in"

WALLS: tuple[Sign, ...] = (
    Sign(
        rule="http.rate-limited", points_to=Status.RATE_LIMITED, where="status", pattern="429|420",
        reason="the site asks to come back later (too many requests)", strength="authoritative",
    ),
    Sign(
        rule="http.data-rate-limited", points_to=Status.RATE_LIMITED, where="status", pattern="429|420",
        reason="the site asks to come back later (too many requests)",
        at=r"/(?:tweet-result|graphql|xrpc|youtubei|api/v\d)\b",
    ),
    Sign(
        rule="http.legal", points_to=Status.WITHHELD, where="status", pattern="451",
        reason="withheld for legal reasons (HTTP 451)", strength="authoritative",
    ),
    Sign(rule="bot.header", points_to=Status.BOT_WALL, where="header", pattern="cf-mitigated: challenge", reason=_BOT),
    Sign(
        rule="bot.header-waf", points_to=Status.BOT_WALL, where="header",
        pattern="x-amzn-waf-action: (challenge|captcha)", reason=_BOT,
    ),
    Sign(
        rule="bot.element", points_to=Status.BOT_WALL, where="css", reason=_BOT,
        pattern="#challenge-form, #challenge-stage, #challenge-running, #cf-please-wait, .cf-im-under-attack, "
        ".cf-browser-verification, #cf-captcha-container, #px-captcha, #captcha-box, #challenge-container, "
        "iframe[src*='captcha-delivery.com'], iframe[src*='_Incapsula_Resource'], script[src*='captcha-delivery.com']",
    ),
    Sign(
        rule="bot.title", points_to=Status.BOT_WALL, where="css", reason=_BOT,
        pattern="head > title :: (Just a moment|Attention Required!|Access Denied|Pardon Our Interruption"
        "|Robot Check|Are you a robot|Bot Verification|Security Check|DDoS-Guard).*",
    ),
    Sign(
        rule="bot.empty-script", points_to=Status.BOT_WALL, where="css", reason=_BOT, strength="weak",
        pattern="script[src*='/cdn-cgi/bm/'], script[src*='/cdn-cgi/challenge-platform/h/'][src*='orchestrate']",
    ),
    Sign(rule="bot.address", points_to=Status.BOT_WALL, where="url",
         pattern="//[^/]*/(sorry/index|cdn-cgi/challenge)", reason=_BOT),
    Sign(rule="consent.address", points_to=Status.FAILED, where="url",
         pattern=r"//(consent|guce|privacy-mgmt)\.[^/]+/",
         reason="a consent page came instead of the post"),
    Sign(rule="login.address", points_to=Status.LOGIN_WALL, where="url", reason=_LOGIN,
         pattern=r"//[^/]+/(log-?in|sign-?in|accounts/login|authwall|checkpoint|i/flow/login|oauth2?/authorize|users/sign_in"
         r"|uas/login|ServiceLogin)\b"),
    Sign(rule="login.status", points_to=Status.LOGIN_WALL, where="status", pattern="401|407", reason=_LOGIN),
    Sign(rule="http.gone", points_to=Status.GONE, where="status", pattern="410",
         reason="the site says that the post is gone for good (HTTP 410)", strength="authoritative"),
    Sign(rule="http.not-found", points_to=Status.GONE, where="status", pattern="404",
         reason="the site does not know the address (HTTP 404)"),
    Sign(rule="maintenance.title", points_to=Status.FAILED, where="css", reason="the site is down for maintenance",
         pattern="title, h1 :: .*(down for maintenance|under maintenance|scheduled maintenance|be right back"
         "|temporarily unavailable|over capacity|We.ll be back).*"),
    Sign(rule="http.refused", points_to=Status.FAILED, where="status", pattern="403|406|418",
         reason="the site refuses this visitor (HTTP 403)"),
    Sign(rule="http.server-error", points_to=Status.FAILED, where="status", pattern=r"5\d\d",
         reason="the site has trouble of its own (a server error)"),
    Sign(rule="http.error", points_to=Status.FAILED, where="status", pattern=r"4(?!0[1346]|07|10|18|20|29|51)\d\d",
         reason="the site answered with an error"),
    Sign(rule="login.form", points_to=Status.LOGIN_WALL, where="css", reason=_LOGIN, strength="weak",
         pattern="form[action*='login'] input[type=password], form[action*='signin'] input[type=password]"),
)  # fmt: skip
"""What any site may answer instead of a post, in the order in which it decides."""
