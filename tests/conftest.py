"""Real servers on 127.0.0.1 for every test that needs the other side."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Authority, Proxy, Web


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Whatever a test opens on the way is closed at its end, the last first."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def web(stack: ExitStack) -> Web:
    """A plain HTTP server."""
    return stack.enter_context(Web())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority of the tests' own."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def proxied(stack: ExitStack, authority: Authority) -> Callable[..., tuple[Web, Proxy, Path]]:
    """A TLS server that stands for all the named hosts behind an HTTP proxy: (server, proxy, CA)."""

    def build(*hosts: str) -> tuple[Web, Proxy, Path]:
        server = stack.enter_context(Web(authority.context(*hosts)))
        proxy = stack.enter_context(Proxy(lambda host, port: server.address))
        return server, proxy, authority.ca_file

    return build
