"""docs/platforms.md, made from the tables: `python -m archiver.platforms.engine.doc > docs/platforms.md`."""

import re

from archiver.platforms import PLATFORMS
from archiver.platforms.contract import Form, Platform

HEAD = """# Platforms

Made from the tables in `archiver/platforms/` by `python -m archiver.platforms.engine.doc`; a test
keeps it true. Adding a platform is one file there (or one line in a table of players), its
addresses in `tests/platforms/`, and one line in `PLATFORMS`.

A post is named `platform:id`. The columns: hosts (with all their subdomains; `~` marks a pattern of
hosts of federated software and mirrors), the forms of id, the address that is stored, the view that
is looked at first, whether the time of the post can be read from the id, and the hosts whose links
must be followed to know the post.
"""
COLUMNS = ("platform", "hosts", "id", "stored address", "embed view", "time", "short links")


def shown(pattern: str) -> str:
    """A regular expression as a reader sees it: groups without their syntax."""
    plain = re.sub(r"\(\?P<\w+>", "(", pattern).replace("(?:", "(")
    return "`" + plain.replace("|", "\\|") + "`" if plain else ""


def cell(pieces: tuple[str, ...]) -> str:
    """Several values in one cell."""
    return "<br>".join(pieces) or "—"


def code(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Values as code, with what would end a cell escaped."""
    return tuple(f"`{text}`".replace("|", "\\|") for text in texts if text)


def row(platform: Platform) -> str:
    """One line of the table."""
    hosts = code(platform.hosts) + tuple("~" + shown(s) for s in platform.host_shapes)
    ids = tuple(dict.fromkeys(shown(a.id) for a in platform.addresses))
    links = tuple(a.permalink[0] for a in platform.addresses if a.permalink)
    embeds = tuple(
        a.embed[-1] if a.embed[0] in a.permalink else a.embed[0]
        for a in platform.addresses
        if a.embed
    )
    cells = (
        f"**{platform.label}** `{platform.name}`" + (f" †{platform.dead}" if platform.dead else ""),
        cell(hosts), cell(ids), cell(code(links)), cell(code(embeds)),
        "yes" if platform.time else "—", cell(code(platform.short_hosts)),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def details(platform: Platform) -> list[str]:
    """What marks a post up, what is no post, and what was never seen live."""
    marked = [f"`{m.selector}`" for m in platform.markups if m.role == "embed"]
    widgets = [f"`{m.selector}`" for m in platform.markups if m.role != "embed"]
    shares = [form_text(f) for f in platform.forms if f.kind == "share"]
    lines = [f"### {platform.label}"] if marked or widgets or shares or platform.unseen else []
    lines += [f"- marked up as {', '.join(dict.fromkeys(marked))}"] if marked else []
    lines += [f"- widgets, not posts: {', '.join(dict.fromkeys(widgets))}"] if widgets else []
    lines += [f"- never recorded: {', '.join(shares)}"] if shares else []
    lines += [f"- {platform.unseen}"] if platform.unseen else []
    return lines


def form_text(form: Form) -> str:
    """A form's path as a reader sees it."""
    return shown(form.path) or "any path"


def document() -> str:
    """The whole page."""
    lines = [HEAD, "| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    lines += [row(platform) for platform in PLATFORMS]
    lines += ["", "## Markup, look-alikes, limits", ""]
    for platform in PLATFORMS:
        lines += details(platform)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(document(), end="")
