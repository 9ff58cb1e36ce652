"""The driver that forks runs, one for each worker of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from endurance_kit import Driver, build_shim, compiler, write_articles


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled shim; without a C compiler on Linux these tests cannot be made."""
    if compiler() is None:
        pytest.skip("the endurance tests need Linux and a C compiler (cc)")
    return build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def driver(shim: Path) -> Iterator[Driver]:
    """A process that has the program loaded."""
    driver = Driver(shim)
    yield driver
    driver.close()


@pytest.fixture(scope="session")
def articles(driver: Driver) -> list[Path]:
    """Three articles, each with a post."""
    return write_articles(driver.place / "articles", 3)


@pytest.fixture(scope="session")
def many(driver: Driver) -> list[Path]:
    """Twenty articles, each with a post."""
    return write_articles(driver.place / "many", 20)
