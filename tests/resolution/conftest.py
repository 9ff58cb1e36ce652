"""The demo web, and a client that reaches it as the job does: through the guard and the user's proxy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.demoweb.serve import DemoWeb
from archiver.net.client import Client
from archiver.net.guard import EgressGuard


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWeb]:
    with DemoWeb(tmp_path_factory.mktemp("demo")) as running:
        yield running
        assert running.failures == ()


@pytest.fixture
def web(demo: DemoWeb) -> Iterator[Client]:
    """A client of the demo web, at no pace at all."""
    with EgressGuard(demo.proxy_url) as guard, guard.lane() as lane:
        yield Client(lane.proxy_url, ca_file=Path(demo.ca_file))
