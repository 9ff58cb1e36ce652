"""Fixtures of the capture tests: one event loop and one browser a module, one authority."""

from collections.abc import Iterator

import pytest
from capture_kit import SETTINGS, Authority, Runner

from archiver.capture.browser import Browser, open_browser


@pytest.fixture(scope="module")
def run() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.runner.close()


@pytest.fixture(scope="module")
def browser(run: Runner) -> Iterator[Browser]:
    """One browser without a proxy, for pages below `.localhost`."""
    opened = open_browser(SETTINGS, None)
    yield run(opened.__aenter__())
    run(opened.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))
