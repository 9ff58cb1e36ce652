"""The frame of the command line: help, version, wrong commands, failures, signals, pipes."""

import errno
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from archiver import __version__
from archiver.cli.main import COMMANDS, attempt, cli
from archiver.cli.options import State, takes
from archiver.config import Settings
from archiver.errors import ArchiverError, LockHeld

HEAVY = {
    "playwright",
    "selectolax",
    "sqlalchemy",
    "httpx",
    "rich",
    "babel",
    "jinja2",
    "cryptography",
}


def context(name: str) -> click.Context:
    return click.Context(cli, info_name=name)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_quick_answers_load_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, json, atexit\n"
        "from archiver.cli.main import main\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        f"main({arguments!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    loaded = set(json.loads(done.stderr.decode().splitlines()[-1]))
    assert not loaded & HEAVY
    assert "archiver.cli.main" in loaded


def test_help_names_every_command_with_its_line(call) -> None:
    said = call("--help")
    assert said.code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in said.out
        assert " ".join(line.split()) in " ".join(said.out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(call, name: str) -> None:
    said = call(name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: archiver {name}")


def test_version_says_what_is_installed(call) -> None:
    said = call("--version")
    assert said.out.startswith(f"archiver {__version__} (Python 3.")
    assert "playwright" in said.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lsit"], "no command 'lsit'. Did you mean 'archiver list'?"),
        (["https://a.example/"], "Did you mean 'archiver run https://a.example/'?"),
        (["extract", "--fromat", "csv"], "No such option"),
        (["extract", "--format", "xml", "a"], "Invalid value for '--format': it must be one of"),
        (["run"], "nothing to read"),
        (["show"], "Missing argument"),
        (["capture", "saved.html"], "not a URL: saved.html"),
        (["list"], "there is no archive at archives"),
    ],
)
def test_wrong_usage_is_one_line_and_a_hint(call, arguments: list[str], message: str) -> None:
    said = call(*arguments)
    first, second = said.err.splitlines()
    assert said.code == 2
    assert said.out == ""
    assert first.startswith("archiver: error: ")
    assert message in first
    assert second.startswith("  ")


def test_nothing_said_at_all_is_answered_with_the_help(call) -> None:
    said = call()
    assert said.code == 2
    assert said.out == ""
    assert said.err == call("--help").out


def test_options_of_the_group_stand_before_or_after_the_command(call, own_place: Path) -> None:
    before = call("--archive", "elsewhere", "list")
    after = call("list", "--archive", "elsewhere")
    assert before.err == after.err
    assert "elsewhere" in after.err


def test_wrong_settings_are_exit_4(call, own_place: Path) -> None:
    Path("archiver.toml").write_text("arhcive = 'x'\n")
    said = call("list")
    assert said.code == 4
    assert "archiver.toml: unknown key 'arhcive'" in said.err
    assert "did you mean 'archive'?" in said.err


def fails_with(error: BaseException) -> click.Command:
    @takes()
    def command(settings: Settings) -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (LockHeld("busy", hint="wait"), 75, "archiver: error: busy\n  wait\n"),
        (ArchiverError("a\nb\x1b[2J"), 1, "archiver: error: a b\\x1b[2J\n"),
        (KeyboardInterrupt(), 130, "archiver: error: interrupted\n"),
        (
            PermissionError(13, "Permission denied", "a/run"),
            1,
            "archiver: error: a/run: Permission denied\n"
            "  give this user the right to it (chown -R, after a run as root), or run as its owner\n",
        ),
        (
            ValueError("odd"),
            1,
            "archiver: error: ValueError: odd\n"
            "  this is a fault in archiver; run again with -v to see where\n",
        ),
    ],
)
def test_failures_are_one_line_with_their_exit_code(
    call, monkeypatch, error: BaseException, code: int, line: str
) -> None:
    monkeypatch.setitem(cli.commands, "list", fails_with(error))
    monkeypatch.setattr(cli, "get_command", lambda ctx, name: cli.commands[name])
    said = call("list")
    assert (said.code, said.err.lstrip("\n")) == (code, line)


def test_a_traceback_is_shown_with_v_only(call, monkeypatch) -> None:
    monkeypatch.setattr(cli, "get_command", lambda ctx, name: fails_with(ValueError("odd")))
    assert "Traceback" not in call("list").err
    assert "Traceback" in call("list", "-v").err
    assert "Traceback" in call("-v", "list").err


def test_a_closed_pipe_is_quiet(own_place: Path) -> None:
    page = "".join(
        f'<iframe src="https://www.youtube.com/embed/{n:011d}"></iframe>' for n in range(20000)
    )
    Path("long.html").write_text(page)
    command = f"{shlex.quote(sys.executable)} -m archiver extract --json long.html | head -n 1"
    done = subprocess.run(["bash", "-c", command + "; echo ${PIPESTATUS[0]}"], capture_output=True)
    first, status = done.stdout.decode().splitlines()
    assert json.loads(first)["platform"] == "youtube"
    assert done.stderr == b""
    assert int(status) == 128 + signal.SIGPIPE


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_closed_streams_do_no_harm(closed: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m archiver list {closed}"
    assert subprocess.run(["bash", "-c", command], capture_output=True).returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        "--version",
        "--help",
        "config show",
        "config show --json",
        "extract --json long.html",
        "extract long.html",
    ],
)
def test_a_full_disk_under_stdout_is_said_and_is_exit_3(own_place: Path, arguments: str) -> None:
    frame = '<iframe src="https://www.youtube.com/embed/{:011d}"></iframe>'
    Path("long.html").write_text("".join(frame.format(n) for n in range(200)))
    command = f"{shlex.quote(sys.executable)} -m archiver {arguments} >/dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    first, second = done.stderr.splitlines()
    assert first == "archiver: error: cannot write to standard output: No space left on device"
    assert second == "  what was to be printed there is not complete"
    assert done.returncode == 3
    log = subprocess.run(["bash", "-c", command + " 2>&1"], capture_output=True)
    assert log.returncode == 3


def test_other_failures_of_stdout_are_exit_1(own_place: Path) -> None:
    code = (
        "import os, sys\n"
        "from archiver.cli.main import main\n"
        "os.dup2(os.open(os.devnull, os.O_RDONLY), 1)\n"
        "main(['--version'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.startswith("archiver: error: cannot write to standard output: Bad file desc")
    assert done.returncode == 1


def test_a_closed_stdout_takes_what_is_printed(own_place: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m archiver config show --json 1>&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def opened_by(child: subprocess.Popen[bytes], pipe: str, seconds: float = 60) -> int:
    """Our end of a pipe, as soon as the child has opened the other; a child that ends before is told of."""
    until = time.monotonic() + seconds
    while child.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            assert error.errno == errno.ENXIO, error
        assert time.monotonic() < until, "the program has not opened its pipe"
        time.sleep(0.01)
    said = child.stderr.read() if child.stderr else b""
    raise AssertionError(f"ended with {child.returncode} before it opened its pipe: {said!r}")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_end_with_their_codes(own_place: Path, number: int, code: int) -> None:
    os.mkfifo("pipe")
    child = subprocess.Popen(
        [sys.executable, "-m", "archiver", "extract", "pipe"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        ours = opened_by(child, "pipe")
        time.sleep(0.5)  # between opening and reading Python may not hear a signal
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        os.close(ours)
    finally:
        child.kill()
        child.wait()
    assert child.returncode == code
    assert b"Traceback" not in err
    assert out == b""


def test_a_child_that_never_opens_its_pipe_is_not_waited_for(own_place: Path) -> None:
    os.mkfifo("pipe")
    ended = subprocess.Popen(["sh", "-c", "exit 3"])
    with pytest.raises(AssertionError, match="ended with 3"):
        opened_by(ended, "pipe")
    idle = subprocess.Popen(["sleep", "60"])
    with pytest.raises(AssertionError, match="has not opened"):
        opened_by(idle, "pipe", 0.2)
    idle.kill()
    idle.wait()


def test_output_is_utf_8_in_any_locale(process) -> None:
    for env in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        said = process(["extract", "-", "--json"], env=env, stdin=ATTRIBUTED.encode())
        assert said.code == 0, said.err
        assert json.loads(said.out)["text"].startswith("Čas beží")


ATTRIBUTED = (
    "Úvod článku.\n\nČas beží, more čaká 🌊 pic.twitter.com/aB3dE5fG7h — Žofia (@zofia_more_x) "
    "March 5, 2022\n\nKoniec.\n"
)


def test_completion_offers_commands_and_choices() -> None:
    def complete(words: str, number: int) -> str:
        env = os.environ | {
            "_ARCHIVER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number),
        }  # fmt: skip
        script = Path(sys.executable).with_name("archiver")
        return subprocess.run([script], env=env, capture_output=True, timeout=60).stdout.decode()

    assert "plain,extract" in complete("archiver ex", 1)
    assert "plain,jsonl" in complete("archiver extract --format j", 3)
    assert "plain,login-wall" in complete("archiver list --status lo", 3)


def test_attempt_gives_the_commands_own_code(monkeypatch) -> None:
    @takes()
    def command(settings: Settings) -> int:
        return 5

    monkeypatch.setattr(cli, "get_command", lambda ctx, name: command)
    assert attempt(["verify"], State()) == 5
