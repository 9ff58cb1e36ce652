"""`archiver --version`: what one needs to know of an installation when something is odd."""

import platform
from importlib.metadata import version as installed

from archiver import __version__

LIBRARIES = ("playwright", "warcio", "msgspec", "click")


def version() -> str:
    """Our version, the interpreter's, the system's, and those of the libraries that matter most."""
    libraries = ", ".join(f"{name} {installed(name)}" for name in LIBRARIES)
    system = f"{platform.system()} {platform.machine()}"
    return f"archiver {__version__} (Python {platform.python_version()}, {system}; {libraries})"
