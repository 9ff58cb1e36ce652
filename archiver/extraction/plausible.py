"""Whether a bare token beside a platform's name is the id of a post rather than of something else.

Share buttons, account lists and settings name platforms too, with account names, page numbers and
application ids beside them. A token alone is only believed in the shape that ids of today's posts have.
"""

import re

from archiver.platforms import PLATFORMS

_SHAPES = {
    "x": re.compile(r"\d{15,19}"),
    "instagram": re.compile(r"(?=.*[A-Z])[A-D][\w-]{9,11}"),
    "threads": re.compile(r"(?=.*[A-Z])[A-D][\w-]{9,11}"),
    "youtube": re.compile(r"(?=.*[A-Z0-9_-])[\w-]{11}|playlist:PL[\w-]{16,}"),
    "tiktok": re.compile(r"\d{17,20}"),
    "vimeo": re.compile(r"\d{6,11}"),
    "dailymotion": re.compile(r"[xk][a-z0-9]{5,8}"),
    "telegram": re.compile(r"[A-Za-z]\w{3,31}/\d+"),
    "bluesky": re.compile(r"\S+/[2-7a-z]{13}"),
    "vk": re.compile(r"-?\d+_\d+"),
    "giphy": re.compile(r"(?=.*[A-Z])(?=.*\d)[A-Za-z0-9]{12,20}"),
    "spotify": re.compile(r"\w+:[0-9A-Za-z]{22}"),
    "soundcloud": re.compile(r"(?:tracks|playlists):\d{6,}"),
    "rumble": re.compile(r"v[a-z0-9]{5,7}"),
    "streamable": re.compile(r"(?=.*\d)[a-z0-9]{5,7}"),
    "imgur": re.compile(r"(?:a/)?(?=.*[A-Z0-9])[A-Za-z0-9]{5,7}"),
    "truthsocial": re.compile(r"\d{17,19}"),
    "linkedin": re.compile(r"(?:share|activity|ugcPost):\d{18,20}"),
    "rutube": re.compile(r"[0-9a-f]{32}"),
    "bilibili": re.compile(r"BV1\w{9}"),
    "coub": re.compile(r"(?=.*\d)[0-9a-z]{5,7}"),
    "pinterest": re.compile(r"\d{15,20}"),
}  # fmt: skip

BARE = frozenset(_SHAPES)
"""Platforms of which a token alone is ever believed."""

TYPES: dict[str, str] = {word: p.name for p in PLATFORMS for word in p.types}
"""Words by which payloads and attributes name a platform."""

STRONG_IDS: dict[str, str] = {key: p.name for p in PLATFORMS for key in p.id_keys}
"""Keys that hold an id of a platform whatever stands beside them (`tweetId`)."""

STRONG_KEYS = frozenset(
    form
    for key in STRONG_IDS
    for form in (
        key,
        key.upper(),
        key[:-2] + "Id",
        key[:-2] + "ID",
        key[:1].upper() + key[1:-2] + "Id",
    )
) | {"tweetID", "shortCode", "shortcode", "youTubeId", "youTubeID", "YouTubeId", "youtubeVideoId"}
"""The same keys in the ways in which scripts write them."""


def plausible(platform: str, token: str) -> bool:
    """Whether the token has the shape of a present-day post's id."""
    shape = _SHAPES.get(platform)
    return bool(shape and shape.fullmatch(token))
