"""The table of docs/metadata.md says what the readings of each platform can tell."""

from pathlib import Path

from archiver.platforms import by_name
from archiver.platforms.readings import READINGS

PAGE = Path(__file__).parents[2] / "docs" / "metadata.md"
COLUMNS = (
    "name", "handle", "id", "text", "language", "time", "counts", "media", "alt", "variants", "related",
    "labels", "edits",
)  # fmt: skip
TOLD = {"author_name": "name", "author_handle": "handle", "author_id": "id", "text": "text", "title": "text",
        "language": "language", "posted_at": "time", "labels": "labels", "edits": "edits",
        "edited_at": "edits"}  # fmt: skip


def known(platform: str) -> set[str]:
    """The columns of which at least one reading of a platform knows a place."""
    found: set[str] = set()
    for reading in READINGS:
        if reading.platform != platform:
            continue
        names = [name for name, _ in reading.told]
        found |= {TOLD[name] for name in names if name in TOLD}
        found |= {"counts"} if any(name.startswith("counts.") for name in names) else set()
        inner = {name for name, _ in reading.medium}
        found |= {"media"} if reading.media else set()
        found |= inner & {"alt", "variants"}
        found |= {"related"} if reading.related else set()
    return found


def table() -> str:
    """The table, platform by platform in the order of the readings."""
    platforms = dict.fromkeys(r.platform for r in READINGS if r.platform)
    lines = ["| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for platform in platforms:
        told, site = known(platform), by_name(platform)
        cells = ("x" if column in told else "" for column in COLUMNS)
        lines.append(f"| {site.label if site else platform} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def test_the_page_has_the_table() -> None:
    """After a change of the readings: `python tests/resolution/test_metadata_doc.py` prints it."""
    assert table() in PAGE.read_text("utf-8")


def test_every_platform_with_verdicts_tells_author_words_time_and_media() -> None:
    for platform in ("x", "instagram", "facebook", "youtube", "tiktok", "telegram", "bluesky", "mastodon",
                     "reddit", "vk", "weibo"):  # fmt: skip
        assert {"name", "handle", "text", "time", "media"} <= known(platform), platform


if __name__ == "__main__":
    print(table())
