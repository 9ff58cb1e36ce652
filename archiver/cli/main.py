"""The command `archiver`: its commands, what its failures look like, and its exit codes.

A command's module is imported only when the command is called, so that `archiver --help` and shell
completion stay quick. Data goes to stdout, talk to stderr.
"""

import errno
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from archiver.cli.options import OneOf, PipeClosed, State, options
from archiver.cli.output import open_streams, settle_streams
from archiver.cli.text import one_line
from archiver.config import OPTIONS
from archiver.config.private import without_arguments
from archiver.errors import ArchiverError

COMMANDS = {
    "run": ("archiver.cli.run", "Find the posts embedded in articles and capture them."),
    "extract": ("archiver.cli.extract", "Find embedded posts; capture and write nothing."),
    "capture": ("archiver.cli.capture", "Capture posts, or any page, given by URL."),
    "list": ("archiver.cli.list", "List the posts of the archive."),
    "show": ("archiver.cli.show", "Show what the archive holds of one post."),
    "changes": ("archiver.cli.changes", "List the posts that were edited, left or came back."),
    "verify": ("archiver.cli.verify", "Check everything that was written."),
    "prove": (
        "archiver.cli.prove",
        "Prove that a capture is in the log, or that the log only grew.",
    ),
    "export": ("archiver.cli.export", "Write captures as one WACZ file."),
    "view": ("archiver.cli.view", "Serve an archive to the browser of this machine."),
    "keys": ("archiver.cli.keys", "Show the public keys of the archive, or replace the keys."),
    "remove": ("archiver.cli.remove", "Take a post out on request; a signed tombstone stays."),
    "rebuild": ("archiver.cli.rebuild", "Make the ledger again from the archive alone."),
    "demo": ("archiver.cli.demo", "Do the whole job on a bundled web of the loopback interface."),
    "cron": ("archiver.cli.cron", "Print what cron or systemd needs to run archiver."),
    "status": ("archiver.cli.status", "Say when the last run was, for monitors."),
    "config": ("archiver.cli.config", "Show the settings and where they come from."),
    "doctor": (
        "archiver.cli.doctor",
        "Check browser, sandbox, fonts, disk, clock and network guard.",
    ),
}

EPILOG = """Exit codes: 0 all fine or nothing to do, 1 some posts failed, 2 usage, 3 no space,
4 bad settings or seeds, 5 archive damaged, 6 browser unavailable, 75 another run is at work,
130 and 143 interrupted."""


class Commands(OneOf):
    """The group; its commands are known by name and one line of help until one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and hand out the `click.Command` in it."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        found: click.Command = module.command
        found.name = cmd_name
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options before the command. Nothing at all said is answered with the help, and exit code 2.

        Click has that too, on stdout or as an error of one line, depending on its version.
        """
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing any; else the group's options."""
        found = [(n, line) for n, (_, line) in COMMANDS.items() if n.startswith(incomplete)]
        if found:
            return [CompletionItem(name, help=line) for name, line in found]
        return click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """`--version`: ours, and of what a capture depends on."""
    if wanted:
        click.echo(importlib.import_module("archiver.cli.version").version())
        ctx.exit()


FILES = "raise the limit (ulimit -n); a run needs about a hundred, and more for each visit"
OWNER = "give this user the right to it (chown -R, after a run as root), or run as its owner"
REFUSED = {
    errno.EACCES: OWNER,
    errno.EPERM: OWNER,
    errno.EROFS: "name another place, or mount it so that it can be written to",
    errno.ENAMETOOLONG: "name a shorter path",
    errno.EIO: "the disk or the network it lies on is failing; look at the system's log",
}
"""What a file system refuses about a path, by its number, and what to do then."""


@click.pass_context
def remember(ctx: click.Context, /, **flags: object) -> None:
    """Keep what was said before the command for the command to read."""
    ctx.ensure_object(State).flags = flags


cli = Commands(
    name="archiver",
    callback=remember,
    params=[
        *options(option for option in OPTIONS if option.group),
        click.Option(
            ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=print_version,
            help="Show the version and exit.",
        ),
    ],
    help="Preserve the social-media posts embedded in articles.",
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)  # fmt: skip


def attempt(arguments: Sequence[str], state: State) -> int:
    """Run the command line and return its exit code; every failure ends as one line on stderr."""
    try:
        code = cli.main(
            args=list(arguments), prog_name="archiver", standalone_mode=False, obj=state
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return complain(error.format_message(), code=error.exit_code, hint=usage_hint(error))
    except ArchiverError as error:
        if state.verbose:
            click.echo(state.hide(traceback.format_exc()), err=True, nl=False)
        message, hint = state.hide(error.message), state.hide(error.hint)
        return complain(message, code=error.exit_code, hint=hint)
    except (click.Abort, KeyboardInterrupt):
        return complain("interrupted", code=128 + signal.SIGINT)
    except (BrokenPipeError, PipeClosed):
        return 128 + signal.SIGPIPE
    except Exception as error:  # noqa: BLE001 - the last stop of every fault
        if state.verbose:
            click.echo(state.hide(traceback.format_exc()), err=True, nl=False)
        if isinstance(error, OSError) and (found := of_the_machine(error)):
            return complain(state.hide(found[0]), code=1, hint=found[1])
        if state.verbose:
            return 1
        hint = "this is a fault in archiver; run again with -v to see where"
        return complain(state.hide(f"{type(error).__name__}: {error}"), code=1, hint=hint)


def of_the_machine(error: OSError) -> tuple[str, str] | None:
    """What is wrong and what to do, where the system refused something that is no fault of ours."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many open files", FILES
    if error.filename is None or error.errno not in REFUSED:
        return None
    return f"{os.fsdecode(error.filename)}: {error.strerror}", REFUSED[error.errno]


def complain(message: str, *, code: int, hint: str = "") -> int:
    """One line on stderr, and one with what to do if that is known. Returns `code`."""
    with suppress(OSError):  # a log on a full disk: the exit code still says it
        click.echo(f"archiver: error: {one_line(message)}", err=True)
        if hint:
            click.echo(f"  {one_line(hint)}", err=True)
    return code


def usage_hint(error: click.ClickException) -> str:
    """Which help to read after a wrong command line."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see: {context.command_path if context else 'archiver'} --help"


def stop(number: int, _frame: FrameType | None) -> NoReturn:
    """A SIGTERM outside of a run, which has its own way to stop, ends the program at once."""
    raise SystemExit(128 + number)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The entry point; exits with the codes that EPILOG lists.

    A command line with a password in it is begun anew without it: others can read command lines.
    """
    if arguments is None and (moved := without_arguments(sys.orig_argv, os.environ)):
        os.execve(sys.executable, *moved)
    signal.signal(signal.SIGTERM, stop)
    open_streams()
    code = attempt(sys.argv[1:] if arguments is None else arguments, State())
    settle_streams()
    sys.exit(code)
