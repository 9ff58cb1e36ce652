"""`python -m archiver.demoweb`: serve the demo web until interrupted, and say how to reach it."""

import argparse
import signal
import sys
import threading

from archiver.demoweb.serve import DemoWeb

HELP = """Serve the demo web on the loopback interface until interrupted. Prints the values for --proxy and
--ca-file with which any command of archiver reaches it, and the addresses of its articles."""


def main() -> int:
    """Print proxy, CA and seeds; end with 0 at SIGINT or SIGTERM."""
    argparse.ArgumentParser(prog="python -m archiver.demoweb", description=HELP).parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with DemoWeb() as demo:
        print(f"proxy    {demo.proxy_url}")
        print(f"ca-file  {demo.ca_file}")
        for seed in (*demo.articles, *demo.unresolvable):
            print(f"seed     {seed}")
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
