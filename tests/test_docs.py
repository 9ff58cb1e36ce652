"""The documents say what the program does: every command and option, and nothing that is not there."""

import re
import shlex
from pathlib import Path

import click
import pytest

from archiver.cli.main import COMMANDS, EPILOG, cli
from archiver.config import OPTIONS, load
from archiver.domain.capture import Status

ROOT = Path(__file__).resolve().parent.parent
USAGE = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
CONTEXT = click.Context(cli, info_name="archiver")


def section(name: str) -> str:
    """What usage.md says under `## name`."""
    match = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", USAGE, re.MULTILINE | re.DOTALL)
    assert match, f"docs/usage.md has no section {name}"
    return match[1]


def shown_options(name: str) -> list[click.Option]:
    command = cli.get_command(CONTEXT, name)
    assert command
    return [p for p in command.params if isinstance(p, click.Option) and not p.hidden]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    text = section(name)
    assert f"archiver {name}" in text
    if name == "capture":
        text += section("run")  # it says so
        assert "those of `run`" in text
    for option in shown_options(name):
        assert any(spelling in text for spelling in option.opts), option.opts


def test_every_group_option_is_documented() -> None:
    text = section("Options of every command")
    for parameter in cli.params:
        assert all(f"`{spelling}" in text for spelling in parameter.opts), parameter.opts


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_an_option_that_is_not_there(path: Path) -> None:
    known = {option.flag for option in OPTIONS} | {"--version", "--help"}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "archiver" in line or line.startswith("| `-"):
            assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)) <= known, line


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_the_documents_are_true(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(COMMAND_LINE, line.split("#")[0].rstrip())
        if match is not None:
            words = [spoken(word) for word in shlex.split(match[1])]
            place = next(i for i, word in enumerate(words) if word in COMMANDS)
            with cli.make_context("archiver", words[: place + 1]) as context:
                command = cli.get_command(context, words[place])
                assert command
                with command.make_context(words[place], words[place + 1 :], parent=context):
                    continue


COMMAND_LINE = r"(?:\$ |ExecStart=|[\d* ]+cd \S+ && )?(?:[./\w]+/)?archiver ((?:-|[a-z]+( |$)).*)$"


def spoken(word: str) -> str:
    """`[SEED]...` → `SEED`, `table|jsonl|csv]` → `table`, `STATUS` and `PORT` → one of them."""
    word = word.replace("...", "").strip("[]").partition("|")[0]
    return {"STATUS": "captured", "PORT": "8080"}.get(word, word)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target.partition("#")[0]).exists(), target


def test_exit_codes_are_the_same_everywhere() -> None:
    table = README.partition("## Exit codes")[2].partition("## ")[0]
    documented = set(
        map(int, re.findall(r"\b\d+\b", " ".join(re.findall(r"^\| ([\d, ]+)", table, re.M))))
    )
    assert documented == set(map(int, re.findall(r"\b\d+\b", EPILOG)))
    assert documented == {0, 1, 2, 3, 4, 5, 6, 75, 130, 143}


def test_every_status_is_explained() -> None:
    for status in Status:
        assert f"| `{status}` |" in section("list")


def test_readme_opens_with_the_two_scripts() -> None:
    first = re.findall(r"^scripts/\w+", README, re.MULTILINE)
    assert first[:2] == ["scripts/demo", "scripts/test"]
    for name in first:
        assert (ROOT / name).stat().st_mode & 0o111


def test_examples_of_the_settings_file_are_valid(tmp_path: Path) -> None:
    for path in DOCUMENTS:
        for number, block in enumerate(re.findall(r"```toml\n(.*?)```", path.read_text(), re.S)):
            file = tmp_path / f"{path.stem}-{number}.toml"
            file.write_text(block)
            read_example(file)
    assert list(tmp_path.iterdir())


def read_example(file: Path) -> None:
    from_file = load({"config": file}, {})
    assert from_file.settings.source == file
