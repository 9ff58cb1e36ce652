"""Which scripts `archiver doctor` finds no font for."""

from archiver.cli.checks import SCRIPTS, lacking


def test_every_script_without_a_font_is_named() -> None:
    assert lacking("") == [*SCRIPTS.values(), "emoji"]
    assert lacking("DejaVu Sans\tel|ru|ka\nNoto Color Emoji\t")[:2] == ["Japanese", "Chinese"]
    left = lacking("DejaVu Sans\tel|ru|ka|or-in\nNoto Emoji\tund-zsye")
    assert not {"Greek", "Cyrillic", "Georgian", "emoji"} & set(left)
    assert {"Tamil", "Thai", "Odia", "Devanagari"} <= set(left)


def test_with_a_font_for_each_nothing_is_missing() -> None:
    assert lacking("\n".join(f"Noto {name}\t{code}" for code, name in SCRIPTS.items())) == ["emoji"]
