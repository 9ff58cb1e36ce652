"""What YouTube's answers mean: the state that its player is given, and what oEmbed says.

Source: embed-formats A2 section 8, platform-answers 10. A private video's state has a message and no
reason, whatever the language. Never seen live: the player answers for private, removed and age-restricted
videos, oEmbed errors.
A page asks for the states of other videos too, the next ones and those of a list: a state counts that names this
video, or names none and answers a request for it. A list's first video is not the list.
"""

from archiver.domain.capture import Status
from archiver.platforms.signs import Sign, Strength

_OEMBED = r"youtube\.com/oembed"
_STATE = "playabilityStatus.status"
_BELOW = "playabilityStatus.errorScreen.playerErrorMessageRenderer.subreason."
_TOLD = (
    ("", "playabilityStatus.reason"),
    ("-below", _BELOW + "simpleText"),
    ("-runs", _BELOW + "runs.*.text"),
)
_IDS, _ASKED = r"(?!playlist:|post:).*", r'"videoId"\s*:\s*"([\w-]+)"'
_PLAYS = "playabilityStatus.status=OK; videoDetails.videoId={id}"
_MINE = "; ?videoDetails.videoId={id}"
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
_STATES: tuple[tuple[str, Status, str, str, Strength], ...] = (
    ("login", Status.LOGIN_WALL, "LOGIN_REQUIRED", "YouTube shows it only to visitors who log in", "authoritative"),
    ("age-check", Status.LOGIN_WALL, "(?:AGE|CONTENT)_.*_REQUIRED", "YouTube asks for the visitor's age",
     "authoritative"),
    ("unavailable", Status.GONE, "ERROR", "YouTube says that the video is unavailable", "strong"),
    ("unplayable", Status.FAILED, "UNPLAYABLE", "YouTube does not play the video in this view", "authoritative"),
    ("offline", Status.FAILED, "LIVE_STREAM_OFFLINE", "the live stream is not on the air", "authoritative"),
)  # fmt: skip

SIGNS: tuple[Sign, ...] = (
    *(
        Sign(f"youtube.{name}{mark}", status, "json", f"{_STATE}={state}; {path}=.*(?:{words}).*{_MINE}", why, "",
             "authoritative", "player", ids=_IDS, asked=_ASKED, unless=_PLAYS)
        for mark, path in _TOLD
        for name, status, state, words, why in _PLAYABLE
    ),
    Sign("youtube.private-message", Status.PRIVATE, "json",
         f"{_STATE}=LOGIN_REQUIRED; !playabilityStatus.reason; playabilityStatus.messages.*=.+{_MINE}",
         "the video is private", "", "authoritative", "player", ids=_IDS, asked=_ASKED, unless=_PLAYS),
    *(
        Sign(f"youtube.{name}", status, "json", f"{_STATE}={state}{_MINE}", why, "", strength, "player",
             ids=_IDS, asked=_ASKED, unless=_PLAYS)
        for name, status, state, why, strength in _STATES
    ),
    Sign("youtube.age-gate", Status.LOGIN_WALL, "json", f"playabilityStatus.desktopLegacyAgeGateReason=1|true{_MINE}",
         "YouTube shows it only to adults who log in", "", "authoritative", "player",
         ids=_IDS, asked=_ASKED, unless=_PLAYS),
    Sign("youtube.list", Status.FAILED, "json", "alertRenderer.type=ERROR", "YouTube cannot show the list"),
    Sign("youtube.empty", Status.GONE, "json", r"$=\{\}", "YouTube knows nothing of the video",
         r"youtubei/v1/(?:player|reel)", "strong", "player", ids=_IDS, asked=_ASKED),
    Sign("youtube.not-known", Status.GONE, "json", "$.error.status=NOT_FOUND", "YouTube does not know it",
         r"youtubei/v1/", "strong", "player", ids=_IDS, asked=_ASKED),
    Sign("youtube.oembed-404", Status.GONE, "status", "404", "YouTube does not know it", _OEMBED, "strong",
         "oembed"),
    Sign("youtube.oembed-401", Status.FAILED, "status", "401", "the owner lets no other site show it", _OEMBED),
    Sign("youtube.oembed-403", Status.PRIVATE, "status", "403", "the video is private", _OEMBED),
    Sign("youtube.alert", Status.WITHHELD, "json", "type=ERROR; text.simpleText=.*(?:violat|terminated).*",
         "YouTube has taken it down for its rules", "{main}", "authoritative", unless=_PLAYS),
)  # fmt: skip
