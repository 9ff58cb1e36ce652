"""From the table of options to click: parameters, and the frame that every command stands in."""

import difflib
import os
from collections.abc import Callable, Iterable, Mapping

import click
from click.shell_completion import CompletionItem

from archiver.config import BY_NAME, OPTIONS, Option, Settings, load
from archiver.config.private import forget, secrets_of
from archiver.config.values import path
from archiver.domain.secret import Hider

VISIT = (
    "concurrency", "timeout", "max_bytes", "user_agent", "client_user_agent", "contact", "respect_robots",
    "operator", "locale", "browser", "allow_no_sandbox",
    "no_articles", "refetch_after", "schedule", "min_free", "all_rungs",
    "storage_state", "web_archive", "depth", "media",
)  # fmt: skip
"""The options of every command that visits posts."""

BOUNDS = ("max_posts", "max_time", "healthcheck", "metrics")
"""The options of unattended runs: how much they do, and whom they tell."""

SEAL = ("keys", "tsa", "tsa_ca", "ots_calendars")
"""The options of every command that adds to the log."""

GROUP = tuple(option.name for option in OPTIONS if option.group)


class State:
    """What the group hands to its command, and to `main` when something fails.

    `flags` are what was said before the command, `environment` is that of the start; `settings` are known
    once the command begins.
    """

    def __init__(self) -> None:
        self.flags: dict[str, object] = {}
        self.settings: Settings | None = None
        self.environment: dict[str, str] = dict(os.environ)

    def hide(self, text: str) -> str:
        """The text without passwords and tokens, as far as the settings are known by now."""
        return Hider(secrets_of(self.settings) if self.settings else ()).text(text)

    @property
    def verbose(self) -> bool:
        """Whether the user asked for tracebacks, as far as that is known by now."""
        return self.settings.verbose if self.settings else bool(self.flags.get("verbose"))


class PipeClosed(Exception):
    """Whoever read our output has gone (`| head`); click would make an error of it."""


class Typed(click.ParamType):  # type: ignore[type-arg] # generic only in the newest click
    """A click type that reads a value as the table of options says."""

    def __init__(self, option: Option) -> None:
        self.option = option
        self.name = option.name

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> object:
        """The typed value; a wrong one is an error of usage."""
        try:
            return self.option.one(value)
        except ValueError as error:
            return self.fail(f"it {error}, not {self.option.shown(value)}.", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The words that may stand here, or the shell's own completion of paths."""
        if self.option.read is path:
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(word) for word in self.option.choices if word.startswith(incomplete)]


class Source(click.ParamType):  # type: ignore[type-arg] # generic only in the newest click
    """A URL, a path or `-`: any text; the shell completes it as a path."""

    name = "source"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is. An empty one, mostly a variable that is not set, would be the working directory."""
        return value if value.strip() else self.fail("it is empty.", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The shell's own completion of paths."""
        return [CompletionItem(incomplete, type="file")]


class OneOf(click.Group):
    """A group that, when asked for a command it does not have, names the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; raises click.UsageError."""
        known = self.list_commands(ctx)
        if ctx.resilient_parsing or args[0] in known:
            return super().resolve_command(ctx, args)
        near = difflib.get_close_matches(args[0], known, 1)
        if os.path.exists(args[0]) or "://" in args[0]:
            near = ["run " + args[0]]
        meant = f" Did you mean 'archiver {near[0]}'?" if near else ""
        raise click.UsageError(f"There is no command {args[0]!r}.{meant}", ctx)


def options(wanted: Iterable[Option], *, hidden: Iterable[str] = ()) -> list[click.Parameter]:
    """The click options of some rows of the table. Unsaid ones are None or empty, never a default."""
    return [_parameter(option, hidden=option.name in hidden) for option in wanted]


def _parameter(option: Option, *, hidden: bool) -> click.Option:
    names = [option.flag, option.name, *([option.short] if option.short else [])]
    note = f"  [default: {option.default}]" if option.default else ""
    if option.is_flag:
        return click.Option(names, is_flag=True, default=None, help=option.help, hidden=hidden)
    return click.Option(
        names,
        type=Typed(option),
        multiple=option.many,
        default=None,
        metavar="|".join(option.choices) if option.choices and not option.many else option.metavar,
        help=option.help + note,
        hidden=hidden,
    )


def takes(
    *names: str,
    arguments: Iterable[click.Argument] = (),
    defaults: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., int]], click.Command]:
    """Make a function the body of a command.

    The function gets the Settings first, then by name its arguments and those of the options `names`
    that are no settings; it returns the exit code, and its docstring is the help text. `defaults` are
    this command's own. The group's options are understood after the command too.
    """
    own = [name for name in names if name not in Settings.__struct_fields__]
    shown = [BY_NAME[name] for name in (*names, *(n for n in GROUP if n not in names))]

    def make(function: Callable[..., int]) -> click.Command:
        @click.pass_context
        def body(ctx: click.Context, /, **given: object) -> int:
            state = ctx.ensure_object(State)
            said = {option.name: given.pop(option.name) for option in shown}
            flags = state.flags | {n: v for n, v in said.items() if v not in (None, ())}
            chosen = load(flags, state.environment, names=own, defaults=defaults)
            state.settings = chosen.settings
            forget(os.environ)
            try:
                return function(chosen.settings, **chosen.own, **given)
            except BrokenPipeError as error:
                raise PipeClosed from error

        return click.Command(
            None,
            callback=body,
            params=[*arguments, *options(shown, hidden=set(GROUP) - set(names))],
            help=function.__doc__,
            epilog="The options of 'archiver --help' are understood here too.",
        )

    return make
