"""`archiver config show`: the settings as they are, and where each comes from."""

from collections.abc import Mapping

import click

from archiver.cli.options import State, takes
from archiver.cli.text import as_json, one_line, table
from archiver.config import OPTIONS, Settings
from archiver.config.private import PRIVATE
from archiver.config.settings import origins


@takes(
    "origin",
    "json",
    arguments=[click.Argument(["action"], type=click.Choice(["show"]), metavar="show")],
)
def command(settings: Settings, action: str, origin: bool) -> int:
    """Show the settings that hold here; with --origin also where each comes from."""
    context = click.get_current_context()
    after = {name: value for name, value in context.params.items() if value not in (None, ())}
    said = context.find_root().params | after
    found = origins(said, context.ensure_object(State).environment, settings.source)
    values = {
        option.name: shown(option.name, getattr(settings, option.name))
        for option in OPTIONS
        if option.name in Settings.__struct_fields__
    }
    if settings.json:
        for name, value in values.items():
            told = {"name": name, "value": value} | ({"origin": found[name]} if origin else {})
            click.echo(as_json(told))
        return 0
    for line in table(list(rows(values, found, origin=origin))):
        click.echo(line)
    return 0


def rows(
    values: Mapping[str, str | None], found: Mapping[str, str], *, origin: bool
) -> list[tuple[str, ...]]:
    """Name, value and origin as cells."""
    cells = [
        (name, one_line(value) if value is not None else "-") for name, value in values.items()
    ]
    return [(*cell, found[cell[0]]) for cell in cells] if origin else list(cells)


def shown(name: str, value: object) -> str | None:
    """A value as text; one that may hold a secret is only said to be set."""
    if value in (None, ()):
        return None
    if name in PRIVATE:
        return "(set)"
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
