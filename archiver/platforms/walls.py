"""What any site may answer instead of a post: walls, errors, pages for everybody.

Sources: platform-answers 4 and 10, recorded walls; the elements of Anubis, AWS, Akamai, DDoS-Guard, Imperva,
PerimeterX and Sucuri pages are from their makers' documents and were not recorded.
"""

from archiver.domain.capture import Status
from archiver.platforms import fediverse
from archiver.platforms.signs import Sign

_BOT = "the site asks visitors to prove that they are no robot"
_DOWN = "the site is down for maintenance"
_CONSENT = "a consent page came instead of the post"
LOGIN = "the site shows this only to visitors who log in"

WALLS: tuple[Sign, ...] = (
    Sign(
        rule="http.rate-limited", points_to=Status.RATE_LIMITED, where="status", pattern="429|420",
        reason="the site asks to come back later (too many requests)", strength="authoritative",
    ),
    Sign(
        rule="http.data-rate-limited", points_to=Status.RATE_LIMITED, where="status", pattern="429|420",
        reason="the site asks to come back later (too many requests)",
        at=r"{site}(?:tweet-result|graphql|xrpc|youtubei|api/v\d)\b",
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
        "#cf-error-details .cf-error-details-wrapper, #anubis_challenge, script[src*='/.within.website/x/cmd/anubis'], "
        "script[src*='awswaf.com'][src*='challenge'], script[src*='/ddos-guard/'], #sec-if-cpt-container, "
        "form[action*='/errors/validateCaptcha'], script[src*='/_Incapsula_Resource'], #sucuri_cloudproxy_js, "
        "iframe[src*='captcha-delivery.com'], iframe[src*='_Incapsula_Resource'], script[src*='captcha-delivery.com']",
    ),
    Sign(
        rule="bot.datadome", points_to=Status.BOT_WALL, where="json", reason=_BOT, at="{main}",
        pattern=r"$.url=https://(?:geo|ct|interstitial)\.captcha-delivery\.com/.*",
    ),
    Sign(
        rule="bot.title", points_to=Status.BOT_WALL, where="css", reason=_BOT, brief=True,
        pattern="head > title :: (Just a moment|Attention Required!|Access Denied|Pardon Our Interruption"
        "|Robot Check|Are you a robot|Bot Verification|Security Check|DDoS-Guard|Vercel Security Checkpoint"
        "|Making sure you.re not a bot|Human Verification|Client Challenge|Sina Visitor System).*",
    ),
    Sign(
        rule="bot.empty-script", points_to=Status.BOT_WALL, where="css", reason=_BOT, strength="weak",
        pattern="script[src*='/cdn-cgi/bm/'], script[src*='/cdn-cgi/challenge-platform/h/'][src*='orchestrate']",
    ),
    Sign(rule="bot.address", points_to=Status.BOT_WALL, where="url",
         pattern="//[^/]*/(sorry/index|cdn-cgi/challenge)", reason=_BOT),
    Sign(rule="consent.address", points_to=Status.FAILED, where="url",
         pattern=r"//(consent|guce|privacy-mgmt)\.[^/]+/|//[^/]+/(?:cookie-?consent|consent-?wall)(?:[/?#]|$)",
         reason=_CONSENT),
    Sign(rule="consent.form", points_to=Status.FAILED, where="css", reason=_CONSENT,
         pattern="form[action^='https://consent.'], form[action*='//guce.']"),
    Sign(rule="consent.form-here", points_to=Status.FAILED, where="css", reason=_CONSENT, brief=True,
         pattern="body > form[action*='/consent/']"),
    Sign(rule="login.address", points_to=Status.LOGIN_WALL, where="url", reason=LOGIN,
         pattern=r"//[^/]+/(?:[\w-]+/){0,2}(log[-_]?in|sign[-_]?in|authwall|checkpoint|oauth2?/authorize"
         r"|uas/login|ServiceLogin)(?:\.php)?(?:[/?#]|$)"),
    Sign(rule="login.canonical", points_to=Status.LOGIN_WALL, where="css", reason=LOGIN,
         pattern="link[rel=canonical][href$='/login'], link[rel=canonical][href$='/login/'], "
         "meta[property='og:url'][content$='/login'], meta[property='og:url'][content$='/login/']"),
    Sign(rule="login.status", points_to=Status.LOGIN_WALL, where="status", pattern="401|407", reason=LOGIN),
    *fediverse.TOLD,
    Sign(rule="http.gone", points_to=Status.GONE, where="status", pattern="410", at="{page}",
         reason="the site says that the post is gone for good (HTTP 410)", strength="authoritative"),
    Sign(rule="http.gone-data", points_to=Status.GONE, where="status", pattern="410", strength="weak",
         reason="an address that tells of posts is gone for good (HTTP 410): the post, or the service"),
    Sign(rule="http.not-found", points_to=Status.GONE, where="status", pattern="404",
         reason="the site does not know the address (HTTP 404)"),
    Sign(rule="maintenance.title", points_to=Status.FAILED, where="css", reason=_DOWN, brief=True,
         pattern="title, h1 :: .*(down for maintenance|under maintenance|scheduled maintenance|be right back"
         "|temporarily unavailable|over capacity|We.ll be back|W(?:e are|e.re) down|Wartungsarbeiten|en maintenance"
         "|mantenimiento|manutenção|manutenzione|técnic[ao]s|технические работы|メンテナンス中|维护|점검).*"),
    Sign(rule="maintenance.element", points_to=Status.FAILED, where="css", reason=_DOWN, brief=True,
         pattern="body[class*='maintenance'], body#maintenance, body > #maintenance, body > .maintenance, "
         "meta[name=maintenance], body > main[class*='maintenance']"),
    Sign(rule="http.refused", points_to=Status.FAILED, where="status", pattern="403|406|418",
         reason="the site refuses this visitor (HTTP 403)"),
    Sign(rule="http.server-error", points_to=Status.FAILED, where="status", pattern=r"5\d\d",
         reason="the site has trouble of its own (a server error)"),
    Sign(rule="http.error", points_to=Status.FAILED, where="status", pattern=r"4(?!0[1346]|07|10|18|20|29|51)\d\d",
         reason="the site answered with an error"),
    Sign(rule="login.form", points_to=Status.LOGIN_WALL, where="css", reason=LOGIN, strength="weak",
         pattern="form[action*='login'] input[type=password], form[action*='signin'] input[type=password]"),
)  # fmt: skip
"""What any site may answer instead of a post, in the order in which it decides."""
