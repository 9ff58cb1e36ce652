"""What a page embeds, in short."""

from archiver.domain.document import Document
from archiver.extraction.find import find_embeds


def shown(markup: str, url: str | None = None, *, role: str = "embed") -> list[str]:
    """The posts that a page embeds (or links to), as `platform:id`."""
    found = find_embeds(Document(source="p", kind="html", body=markup.encode(), url=url))
    return [f"{e.ref.platform}:{e.ref.id}" for e in found if e.ref and e.role == role]


def shown_in_article(markup: str) -> list[str]:
    """The posts that an article with this in it embeds."""
    return shown(f"<body><article><p>The bridge.</p>{markup}<p>It is open.</p></article></body>")
