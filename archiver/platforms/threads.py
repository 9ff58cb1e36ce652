"""Threads. Source: embed-formats A1 row 5, A2 section 5. Its codes are Instagram's alphabet, not its posts."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import instagram
from archiver.platforms.signs import Sign

_CODE = r"(?P<id>[\w-]{8,14})"

THREADS = Platform(
    name="threads",
    label="Threads",
    hosts=("threads.net", "threads.com"),
    forms=(
        Form(r"/intent/.*|/login.*", kind="share"),
        Form(rf"/@(?P<author>[\w.]+)/post/{_CODE}(?:/.*)?"),
        Form(rf"/t/{_CODE}(?:/.*)?"),
        Form(r"/@(?P<author>[\w.]+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_CODE,
            permalink=("https://www.threads.com/@{author}/post/{id}", "https://www.threads.com/t/{id}"),
            embed=("https://www.threads.com/@{author}/post/{id}/embed", "https://www.threads.com/t/{id}/embed"),
        ),
    ),
    markups=(
        Markup("threads.blockquote", ".text-post-media", "url:data-text-post-permalink link", caption=True),
        Markup("threads.blockquote", "[data-text-post-permalink]", "url:data-text-post-permalink"),
    ),
    time=instagram, one_id=True,
    types=("threads", "threadspost"),
    unseen="The embed view and its page for a missing post were never seen live.",
    signs=(
        Sign("threads.state", Status.GONE, "json", "$.data.data.containing_thread=null", "Threads knows no such post",
             "/graphql|/api/", "strong", "graph"),
        Sign("threads.title", Status.GONE, "css", "head > title :: Threads", "Threads shows a page without a post",
             "", "weak"),
    ),
)  # fmt: skip
