"""What an address leads to: the page that it answers, and the post that it is of, where it is one's own address."""

from collections.abc import Callable, Iterator

from archiver.domain.document import Document
from archiver.domain.seed import BadSeed
from archiver.errors import SeedError
from archiver.intake.fetch import fetch
from archiver.intake.material import Material, Reach
from archiver.net.target import host_of
from archiver.platforms import claims, operator, recognise


def page_documents(
    url: str,
    reach: Reach,
    name: str,
    read: Callable[[Material], Iterator[Document]] | None = None,
) -> Iterator[Document]:
    """The documents of an address, called `name`; `read` reads its answer, unless said as something that lies in
    a container. The page of a post is read for what else it shows; platforms often refuse that.

    Raises SeedError where an address of no post cannot be read.
    """
    itself = tuple(post_itself(url, reach, name))
    yield from itself
    try:
        answer = fetch(url, reach, name)
        if not itself and answer.url:  # a short link leads to a post's own address
            yield from post_itself(answer.url, reach, name)
        yield from (read or reach.inside)(answer)
    except SeedError:
        if not itself:
            raise


def listed_page(url: str, reach: Reach, origin: str) -> Iterator[Document]:
    """The documents of an address that a list or table names at `origin`; what is wrong with it is reported."""
    try:
        yield from page_documents(url, reach, url)
    except SeedError as error:
        reach.report(BadSeed(source=url, origin=origin, reason=error.message))


def post_itself(url: str, reach: Reach, name: str) -> Iterator[Document]:
    """The address of a post as a text that shows it: nothing embeds the post on its platform's own page."""
    if is_of_post(url):
        yield Document(source=name, kind="text", body=url.encode(), read_at=reach.clock.now())


def is_of_post(url: str) -> bool:
    """Whether an address is a post's own, on a server of its platform; a copy's or a wrapper's is not."""
    known, host = recognise(url), host_of(url)
    if known is None or known.kind != "post" or not claims(host):
        return False
    return operator(host) == known.platform or host_of(known.url) == host
