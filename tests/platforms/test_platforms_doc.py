"""docs/platforms.md says what the tables say."""

from pathlib import Path

from archiver.platforms import PLATFORMS
from archiver.platforms.engine.doc import document

PAGE = Path(__file__).resolve().parents[2] / "docs" / "platforms.md"


def test_the_page_is_made_from_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), (
        "run: python -m archiver.platforms.engine.doc > docs/platforms.md"
    )


def test_every_platform_has_its_line() -> None:
    page = document()
    assert all(f"`{platform.name}`" in page for platform in PLATFORMS)
