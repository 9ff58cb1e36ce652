"""Frames of forum software, whose small pages draw a post that is named after the `#`, and those of journals.

Source: LiveJournal's pages as they are saved; the templates of s9e/TextFormatter (XenForo's media add-on, phpBB,
Flarum), as seen in saved forum pages.
"""

import re

HOST = "s9e.github.io"
JOURNALS = "lj-toys.com"
HOSTS = (HOST, JOURNALS)
_PATH = re.compile(r"/iframe/\d/(?P<site>\w+)(?:\.min)?\.html")
_FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "twitter": ((r"(\d+)", "https://x.com/i/status/{0}"),),
    "facebook": (
        (r"(?:v|r|video|reel)(\d+)", "https://www.facebook.com/watch/?v={0}"),
        (r"(?:p|post)?(\d+)", "https://www.facebook.com/permalink.php?story_fbid={0}"),
        (r"([^/]+/(?:posts|videos)/\w+)", "https://www.facebook.com/{0}"),
    ),
    "instagram": ((r"([\w-]+)", "https://www.instagram.com/p/{0}/"),),
    "reddit": ((r"(?:r/)?(\w+/comments/\S+)", "https://www.reddit.com/r/{0}"),),
    "tiktok": ((r"(\d+)", "https://www.tiktok.com/embed/{0}"),),
    "telegram": ((r"(\w+/\d+)", "https://t.me/{0}"),),
    "bluesky": ((r"(at://.+)", "{0}"),),
    "mastodon": (
        (r"([\w.-]+)@([\w.-]+)/(\d+)", "https://{1}/@{0}/{2}"),
        (r"([\w.-]+)/(\d+)", "https://mastodon.social/@{0}/{1}"),
    ),
    "threads": ((r"([\w-]+)", "https://www.threads.com/t/{0}"),),
    "imgur": ((r"((?:a/)?\w+)", "https://imgur.com/{0}"),),
    "pinterest": ((r"(\d+)", "https://www.pinterest.com/pin/{0}/"),),
}
"""What stands after the `#`, and the address that is meant by it, by the name of the page."""


_SOURCES = {
    "youtube": "https://www.youtube.com/embed/{}",
    "vimeo": "https://player.vimeo.com/video/{}",
    "dailymotion": "https://www.dailymotion.com/embed/video/{}",
    "twitter": "https://x.com/i/status/{}",
}


def framed_by(query: dict[str, str]) -> str:
    """The address of what a journal's frame shows, by its query; empty where that does not say."""
    source, held = query.get("source", ""), query.get("vid", "")
    return _SOURCES[source].format(held) if source in _SOURCES and held else ""


def drawn_by(host: str, path: str, fragment: str) -> str:
    """The address of the post that such a frame draws; empty for other addresses."""
    page = _PATH.fullmatch(path) if host == HOST else None
    held = fragment.partition("#")[0]
    for pattern, template in _FORMS.get(page["site"], ()) if page else ():
        found = re.fullmatch(pattern, held)
        if found:
            return template.format(*found.groups())
    return ""
