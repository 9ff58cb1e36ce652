"""One run of `archiver demo`, made once and looked at by many tests."""

import pytest
from whole import Demo, archiver

from archiver.demoweb.serve import DemoWeb


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`archiver demo` into an empty archive."""
    archive = tmp_path_factory.mktemp("demo") / "archive"
    said = archiver("--archive", archive, "demo")
    return Demo(archive, said, DemoWeb(tmp_path_factory.mktemp("truth")))
