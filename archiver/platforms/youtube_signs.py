"""What YouTube's answers mean: the state that its player is given, and what oEmbed says.

Source: embed-formats A2 section 8, platform-answers 10. A private video's state has a message and no
reason, whatever the language. Never seen live: the player answers for private, removed and age-restricted
videos, oEmbed errors.
"""

from archiver.domain.capture import Status
from archiver.platforms.signs import Sign

_OEMBED = r"youtube\.com/oembed"
_STATE = "playabilityStatus.status"
_BELOW = "playabilityStatus.errorScreen.playerErrorMessageRenderer.subreason."
_TOLD = (
    ("", "playabilityStatus.reason"),
    ("-below", _BELOW + "simpleText"),
    ("-runs", _BELOW + "runs.*.text"),
)
_OWNER = "removed by the (?:uploader|user|owner)|has been closed"
_PLAYABLE = (  # in this order: state, words of its reason, what it means
    ("private", Status.PRIVATE, "LOGIN_REQUIRED", "private", "the video is private"),
    ("age", Status.LOGIN_WALL, "LOGIN_REQUIRED", "age|inappropriate", "YouTube shows it only to adults who log in"),
    ("bot", Status.BOT_WALL, "LOGIN_REQUIRED", "bot|robot", "YouTube asks visitors to prove that they are no robot"),
    ("removed", Status.GONE, "ERROR", _OWNER, "YouTube says that the owner removed the video"),
    ("rules", Status.WITHHELD, "ERROR|UNPLAYABLE", "violat|copyright|terminated|legal|court", "YouTube took it down"),
    ("country", Status.WITHHELD, "ERROR|UNPLAYABLE", "countr(?:y|ies)", "the video is not shown in this country"),
    ("paid", Status.WITHHELD, "UNPLAYABLE", "member|premium|purchase|paid|rent", "it is for paying members only"),
)  # fmt: skip
_STATES = (
    ("login", Status.LOGIN_WALL, "LOGIN_REQUIRED", "YouTube shows it only to visitors who log in"),
    ("age-check", Status.LOGIN_WALL, "(?:AGE|CONTENT)_.*_REQUIRED", "YouTube asks for the visitor's age"),
    ("unavailable", Status.GONE, "ERROR", "YouTube says that the video is unavailable"),
    ("unplayable", Status.FAILED, "UNPLAYABLE", "YouTube does not play the video in this view"),
    ("offline", Status.FAILED, "LIVE_STREAM_OFFLINE", "the live stream has not begun"),
)  # fmt: skip

SIGNS: tuple[Sign, ...] = (
    *(
        Sign(f"youtube.{name}{mark}", status, "json", f"{_STATE}={state}; {path}=.*(?:{words}).*", why, "",
             "authoritative", "player")
        for mark, path in _TOLD
        for name, status, state, words, why in _PLAYABLE
    ),
    Sign("youtube.private-message", Status.PRIVATE, "json",
         f"{_STATE}=LOGIN_REQUIRED; !playabilityStatus.reason; playabilityStatus.messages.*=.+", "the video is private",
         "", "authoritative", "player"),
    *(
        Sign(f"youtube.{name}", status, "json", f"playabilityStatus.status={state}", why, "", "strong", "player")
        for name, status, state, why in _STATES
    ),
    Sign("youtube.age-gate", Status.LOGIN_WALL, "json", "playabilityStatus.desktopLegacyAgeGateReason=1|true",
         "YouTube shows it only to adults who log in", "", "authoritative", "player"),
    Sign("youtube.list", Status.FAILED, "json", "alertRenderer.type=ERROR", "YouTube cannot show the list"),
    Sign("youtube.empty", Status.GONE, "json", r"$=\{\}", "YouTube knows nothing of the video",
         r"youtubei/v1/(?:player|reel)", "strong", "player"),
    Sign("youtube.not-known", Status.GONE, "json", "$.error.status=NOT_FOUND", "YouTube does not know it",
         r"youtubei/v1/", "strong", "player"),
    Sign("youtube.oembed-404", Status.GONE, "status", "404", "YouTube does not know it", _OEMBED, "strong",
         "oembed"),
    Sign("youtube.oembed-401", Status.FAILED, "status", "401", "the owner lets no other site show it", _OEMBED),
    Sign("youtube.oembed-403", Status.PRIVATE, "status", "403", "the video is private", _OEMBED),
    Sign("youtube.alert", Status.WITHHELD, "json", "type=ERROR; text.simpleText=.*(?:violat|terminated).*",
         "YouTube has taken it down for its rules", "", "authoritative"),
)  # fmt: skip
