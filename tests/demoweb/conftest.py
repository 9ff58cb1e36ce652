"""The demo web and a client that reaches it through its proxy, trusting its authority alone."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from archiver.demoweb.serve import DemoWeb

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) demo test"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWeb]:
    """One demo web for all tests that leave nothing behind in it."""
    with DemoWeb(tmp_path_factory.mktemp("demo")) as running:
        yield running
        assert running.failures == ()


def client_of(demo: DemoWeb) -> httpx.Client:
    """A client that calls itself a browser and does not follow redirects."""
    context = ssl.create_default_context(cafile=str(demo.ca_file))
    headers = {"User-Agent": BROWSER}
    return httpx.Client(proxy=demo.proxy_url, verify=context, headers=headers, trust_env=False)


@pytest.fixture(scope="session")
def client(demo: DemoWeb) -> Iterator[httpx.Client]:
    """A client of the session's demo web."""
    with client_of(demo) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[DemoWeb, httpx.Client]]:
    """A demo web of the test's own, for what it remembers."""
    with DemoWeb(tmp_path) as running, client_of(running) as opened:
        yield running, opened
