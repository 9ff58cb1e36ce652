"""Readings: where the answers of platforms keep what they say of a post, one file a platform.

`READINGS` lists them in the order of trust: what a platform's own data says comes before what its page
shows, and that before what any site may say of itself (oEmbed, OpenGraph).
"""

from archiver.platforms.readings import (
    bluesky,
    common,
    facebook,
    federated,
    instagram,
    mastodon,
    others,
    reddit,
    telegram,
    tiktok,
    vk,
    weibo,
    x,
    youtube,
)
from archiver.platforms.readings.contract import Reading

__all__ = ["READINGS", "Reading"]

READINGS: tuple[Reading, ...] = (
    *x.READINGS,
    *instagram.READINGS,
    *facebook.READINGS,
    *youtube.READINGS,
    *tiktok.READINGS,
    *telegram.READINGS,
    *bluesky.READINGS,
    *mastodon.READINGS,
    *reddit.READINGS,
    *vk.READINGS,
    *weibo.READINGS,
    *federated.READINGS,
    *others.READINGS,
    *common.READINGS,
)
