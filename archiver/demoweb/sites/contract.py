"""What a site of the demo web is: its hosts, its media, its answers."""

import threading
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from archiver.demoweb.model import Answer, Asset, DemoPost, Request, State


class World:
    """What the sites know in common: all posts, and who has been asked to wait already."""

    def __init__(self, posts: Iterable[DemoPost]) -> None:
        self.posts: Mapping[str, DemoPost] = {post.name: post for post in posts}
        self._by_target = {post.target: post for post in self.posts.values()}
        self._waited: set[str] = set()
        self._lock = threading.Lock()

    def post(self, platform: str, id: str) -> DemoPost | None:
        """The post of that identity; a name that ignores case is found in any case."""
        return self._by_target.get(f"{platform}:{id}")

    def must_wait(self, post: DemoPost) -> bool:
        """True once, for a post whose page limits its first visitor."""
        with self._lock:
            fresh = post.state is State.LIMITED_ONCE and post.name not in self._waited
            self._waited.add(post.name)
            return fresh


class Site(Struct, frozen=True, kw_only=True):
    """One platform. `answer` returns None for an address it has nothing at.

    `assets` lists, for a post, the media that its embed view loads, in the order of `media` and the
    author's picture last; `permalink` is where the post stands, `frame` its embed view.
    """

    platform: str
    hosts: tuple[str, ...]
    answer: Callable[[Request, World], Answer | None]
    assets: Callable[[DemoPost], tuple[Asset, ...]]
    permalink: Callable[[DemoPost], str]
    frame: Callable[[DemoPost], str]


TOO_MANY = Answer(
    status=429,
    media_type="text/plain; charset=utf-8",
    headers=(("Retry-After", "1"),),
    body=b"Please wait a moment before you try again.\n",
)
"""What a post of the state `limited-once` answers to its first visitor."""
