"""Whose a host is: hosts of one operator are asked at one pace."""

import pytest

from archiver.platforms import operator


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("x.com", "x"), ("cdn.syndication.twimg.com", "x"), ("t.co", "x"), ("Platform.Twitter.com", "x"),
        ("www.youtube-nocookie.com", "youtube"), ("embed.reddit.com", "reddit"), ("public.api.bsky.app", "bluesky"),
        ("t.me", "telegram"), ("fb.watch", "facebook"),
        ("mastodon.social", ""), ("lemmy.world", ""), ("misskey.io", ""), ("framatube.org", ""),
        ("paper.example", ""), ("notx.com", ""), ("", ""),
    ],
)  # fmt: skip
def test_whose_a_host_is(host: str, whose: str) -> None:
    assert operator(host) == whose
