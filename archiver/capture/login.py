"""The user's own login: a storage state as Playwright writes it (`context.storage_state(path=…)`).

It holds cookies and stored values that open the user's account, so it is only ever given to the browser
context of the login rung, and nothing of it is kept (`records.secrets` takes it out of what is).
"""

import stat
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from archiver.errors import ConfigError
from archiver.net.target import host_of

LARGEST = 32 << 20
HOW = "make it with Playwright: context.storage_state(path=…) after logging in"


class Cookie(Struct, kw_only=True, rename="camel"):
    """A cookie as Playwright's `addCookies` takes it."""

    name: str
    value: str
    domain: str
    path: str
    expires: float = -1
    http_only: bool = False
    secure: bool = False
    same_site: Literal["Strict", "Lax", "None"] = "Lax"


class Stored(Struct, kw_only=True):
    """One entry of an origin's local storage."""

    name: str
    value: str


class Origin(Struct, kw_only=True, rename="camel"):
    """What one origin has stored."""

    origin: str
    local_storage: list[Stored] = []


class State(Struct, kw_only=True):
    """The parts of a storage state that are checked."""

    cookies: list[Cookie]
    origins: list[Origin] = []


class Login(Struct, frozen=True, kw_only=True):
    """A storage state that may be used: the name of its file, its JSON, the hosts that it logs in to."""

    name: str
    state: dict[str, Any]
    hosts: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Login({self.name!r})"

    def serves(self, url: str) -> bool:
        """Whether the state holds anything for the host of an address."""
        host = host_of(url)
        return any(host == one or host.endswith("." + one) for one in self.hosts)


def read_login(file: Path) -> Login:
    """Read a storage state. Raises ConfigError in one line, which names nothing of its content."""
    try:
        if file.stat().st_size > LARGEST:
            raise ConfigError(f"the storage state {file} is larger than {LARGEST >> 20} MB")
        data = file.read_bytes()
        known = msgspec.json.decode(data, type=State)
        state = msgspec.json.decode(data)
    except OSError as error:
        reason = error.strerror or "it is no file"
        raise ConfigError(f"cannot read the storage state {file}: {reason}", hint=HOW) from error
    except RecursionError:
        raise ConfigError(
            f"cannot use the storage state {file}: nested too deep", hint=HOW
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        where = str(error).partition(" - at ")[2].strip("`")
        said = f"it is no storage state{' at ' + where if where else ''}"
        raise ConfigError(f"cannot use the storage state {file}: {said}", hint=HOW) from None
    domains = [cookie.domain for cookie in known.cookies]
    domains += [host_of(origin.origin) for origin in known.origins]
    hosts = dict.fromkeys(domain.lstrip(".").lower() for domain in domains)
    return Login(name=file.name, state=state, hosts=tuple(host for host in hosts if host))


def too_open(file: Path) -> str:
    """A warning when others than its owner can read the file; empty when they cannot."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return ""
    if not mode & 0o077:
        return ""
    return f"the storage state {file} can be read by others: chmod 600 {file}"
