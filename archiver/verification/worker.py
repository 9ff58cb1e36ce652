"""A helper of `crew`: reads batches of tasks from its input, writes their answers, until the input ends."""

import gc
import os
import pickle
import signal
import sys

from archiver.verification.tasks import read_task


def main() -> None:
    """Work until the other end is closed. Ctrl-C reaches all processes; who started this one ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.freeze()
    try:
        while True:
            batch = pickle.load(source)
            pickle.dump([read_task(task) for task in batch], sink, pickle.HIGHEST_PROTOCOL)
            sink.flush()
    except (EOFError, OSError):
        os._exit(0)
