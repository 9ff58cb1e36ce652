"""A process that has the program loaded and forks a child for every command line it is told.

Started with the shim preloaded. Orders come as JSON objects, one a line, on standard input; answers go
out the same way. `start` forks and gives the pid, `wait` gives the exit status. The child is a session
of its own and has nothing of this process but the loaded modules.
"""

import codecs
import ctypes
import gc
import json
import os
import resource
import sys
import traceback
from pathlib import Path

import posts

from archiver.cli import main as command_line
from archiver.cli import options, rebuild, run, verify
from archiver.domain.document import Document
from archiver.extraction.find import find_embeds

LOADED = (rebuild, run, verify)
SHIM = ctypes.CDLL(None)
SHIM.shim_arm.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_long, *[ctypes.c_int] * 4]
SHIM.shim_count.restype = ctypes.c_long
SHIM.shim_last.restype = ctypes.c_char_p


def warm() -> None:
    """Build and load what is built and loaded on first use, so that no child has to: one may not be allowed
    to read where it lies."""
    for name in (
        "ascii",
        "latin-1",
        "utf-16-be",
        "utf-16-le",
        "utf-32-be",
        "utf-32-le",
        "cp1252",
        "idna",
    ):
        codecs.lookup(name)
    body = (
        b'<p>Words.</p><blockquote class="twitter-tweet"><a href="https://x.com/a/status/1">1</a>'
    )
    find_embeds(Document(source="x.html", kind="html", body=body))


def child(order: dict) -> int:
    """The command line of the order, in the conditions of the order. Its exit code."""
    os.setsid()
    for source, target in (("out", 1), ("err", 2)):
        descriptor = os.open(order[source], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    for name, value in order.get("limits", {}).items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    if order.get("user"):
        os.setgroups([])
        os.setresgid(*[order["user"]] * 3)
        os.setresuid(*[order["user"]] * 3)
    shim = order.get("shim")
    if shim:
        log = (
            os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if "log" in order else -1
        )
        SHIM.shim_arm(
            shim["root"].encode(), shim["what"], shim["n"], shim.get("value", 0),
            shim.get("lasting", 0), log, shim.get("kinds", -1),
        )  # fmt: skip
    try:
        if "posts" in order:
            return posts.main(order["posts"])
        return command_line.attempt(order["argv"], options.State())
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001 - what no run may end with
        traceback.print_exc()
        return 99
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if shim and "tell" in order:
            last = SHIM.shim_last().decode(errors="replace")
            Path(order["tell"]).write_text(json.dumps([SHIM.shim_count(), last]))


def main() -> None:
    """Orders in, answers out, until the other end is closed."""
    warm()
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if order["do"] == "wait":
            _, status = os.waitpid(order["pid"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if answer == 0:
                code = 99
                try:
                    command_line.signal.signal(command_line.signal.SIGTERM, command_line.stop)
                    code = child(order)
                finally:
                    os._exit(code)
        answers.write(f"{answer}\n")
        answers.flush()


if __name__ == "__main__":
    main()
