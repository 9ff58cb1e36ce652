"""Settings that hold secrets: which, what in them, and how they are kept out of the process list.

A command line can be read by every user of the machine, an environment by the same user only, and both are
handed on to child processes. So a secret that was said on the command line is moved into the environment by
starting over, and what was read from the environment is taken out of it before any other program is started.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.config.options import BY_NAME, Option
from archiver.config.settings import Settings

PRIVATE = ("proxy", "healthcheck", "tsa")
"""Options whose values may hold a password or a token."""
SEGMENT = 8
"""Characters from which a part of a path that has a digit in it may be a token."""


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The secrets in the settings' values: users' passwords, tokens in paths and queries."""
    urls = [settings.proxy, settings.healthcheck, *settings.tsa]
    return tuple(dict.fromkeys(part for url in urls if url for part in secrets_in(url)))


def secrets_in(url: str) -> Iterator[str]:
    """User with password, password, token-like parts of the path, values of the query."""
    parts = urlsplit(url)
    if parts.password:
        user, password = unquote(parts.username or ""), unquote(parts.password)
        yield from (f"{user}:{password}", password, parts.password)
    for segment in parts.path.split("/"):
        if len(segment) >= SEGMENT and any(character.isdigit() for character in segment):
            yield segment
    yield from (value for _, value in parse_qsl(parts.query) if len(value) >= SEGMENT)


def without_arguments(
    words: Sequence[str], environment: Mapping[str, str]
) -> tuple[list[str], dict[str, str]] | None:
    """The command line without its secrets, and the environment that holds them instead; None when there
    are none, and when an option has a wrong value: that ends the program at once, with the option's own name.
    What stands after `--` is no option."""
    kept: list[str] = []
    moved: dict[str, list[str]] = {}
    flags = {BY_NAME[name].flag: BY_NAME[name] for name in PRIVATE}
    end = words.index("--") if "--" in words else len(words)
    place = 0
    while place < end:
        flag, equals, value = words[place].partition("=")
        step = 1 if equals else 2
        if flag in flags and (equals or place + 1 < end):
            moved.setdefault(flag, []).append(value if equals else words[place + 1])
        else:
            step = 1
            kept.append(words[place])
        place += step
    if not any(True for values in moved.values() for value in values for _ in secrets_in(value)):
        return None
    if any(_wrong(flags[flag], values) for flag, values in moved.items()):
        return None
    found = {flags[flag].variable: _joined(flag, values, flags) for flag, values in moved.items()}
    return [*kept, *words[end:]], {**environment, **found}


def _wrong(option: Option, values: Sequence[str]) -> bool:
    """Whether a value that will be read cannot be: of an option that may not be repeated that is the last."""
    try:
        option.value(values if option.many else values[-1])
    except ValueError:
        return True
    return False


def _joined(flag: str, values: Sequence[str], flags: Mapping[str, object]) -> str:
    """The values of an option as its variable has them: all of one that may be repeated, else the last."""
    many = getattr(flags[flag], "many", False)
    return " ".join(values) if many else values[-1]


def forget(environment: MutableMapping[str, str]) -> None:
    """Take what may hold a secret out of the environment: programs started from now on do not get it."""
    for name in PRIVATE:
        environment.pop(BY_NAME[name].variable, None)
