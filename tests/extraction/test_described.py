"""Posts that an object in an attribute describes, whose platform only the element's class says."""

import html
import json

import pytest
from shown import shown_in_article

STATUS = "https://twitter.com/ana_ruiz/status/1577719286659006464"
TWEET = "x:1577719286659006464"
EPISODE = "https://open.spotify.com/episode/4kZq2Rr0aXbT9uVw1yLm3C"


def described(css: str, about: dict[str, object], tag: str = "div") -> str:
    """An empty element with an object in an attribute."""
    held = html.escape(json.dumps(about))
    return f'<{tag} class="{css}" data-attrs="{held}"></{tag}>'


POSTS: dict[str, tuple[str, dict[str, object], str]] = {
    "a status": ("tweet", {"url": STATUS, "full_text": "Open again", "username": "ana_ruiz"}, TWEET),
    "a status, the class otherwise": ("twitter-embed", {"url": STATUS + "?s=20", "photos": []}, TWEET),
    "a video's id": ("youtube-wrap", {"videoId": "Zq3x-9Kd_aE", "startTime": None}, "youtube:Zq3x-9Kd_aE"),
    "a shorter video's id": ("vimeo-wrap", {"videoId": "40718292", "videoKey": ""}, "vimeo:40718292"),
    "an episode": ("spotify-wrap", {"title": "Open", "url": EPISODE}, "spotify:episode:4kZq2Rr0aXbT9uVw1yLm3C"),
    "a track": ("soundcloud-wrap", {"url": "https://api.soundcloud.com/tracks/1203948576"},
                "soundcloud:tracks:1203948576"),
}  # fmt: skip


@pytest.mark.parametrize("css, about, post", POSTS.values(), ids=POSTS)
def test_the_class_says_what_the_object_describes(
    css: str, about: dict[str, object], post: str
) -> None:
    assert shown_in_article(described(css, about)) == [post]


OTHERS: dict[str, str] = {
    "an account": described("tweet", {"url": "https://twitter.com/ana_ruiz"}),
    "another platform's post": described("instagram", {"url": STATUS}),
    "something to share it with": described("twitter share", {"url": STATUS}),
    "a button": described("button-wrapper", {"url": STATUS, "text": "Read"}, "p"),
    "a link": described("twitter", {"url": STATUS}, "a"),
}


@pytest.mark.parametrize("markup", OTHERS.values(), ids=OTHERS)
def test_what_is_not_shown(markup: str) -> None:
    assert shown_in_article(markup) == []


def test_the_component_says_it_where_classes_were_taken_away() -> None:
    held = html.escape(json.dumps({"url": STATUS, "photos": []}))
    assert shown_in_article(
        f'<div data-attrs="{held}" data-component-name="Twitter2ToDOM"></div>'
    ) == [TWEET]


def test_a_drawing_of_a_post_that_is_a_link_as_a_whole() -> None:
    drawn = '<div class="card-x1 twitter-embed"><p>Ana</p><p>The bridge is open again.</p></div>'
    assert shown_in_article(f'<a href="{STATUS}">{drawn}</a>') == [TWEET]
    assert shown_in_article(f'<a href="{STATUS}">More of it here: {drawn}</a>') == []
