"""Settings: read once, from flag > environment > archiver.toml > default.

Relative paths in a file are relative to that file. An empty environment variable counts as not set.
"""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from platformdirs import user_config_path

from archiver.capture.limits import at_once_here
from archiver.config.options import BY_NAME, OPTIONS, Option
from archiver.errors import ConfigError
from archiver.net.agent import user_agent

FILE_NAME = "archiver.toml"


class Settings(Struct, frozen=True, kw_only=True):
    """What holds for the whole of one call; the fields are the options of the same name.

    Times are in seconds, sizes in bytes. `proxy` may hold a password: print `shown_proxy` instead.
    `source` is the settings file that was read, if any.
    """

    archive: Path = Path("archives")
    proxy: str | None = None
    ca_file: Path | None = None
    log_file: Path | None = None
    verbose: bool = False
    quiet: bool = False
    json: bool = False
    concurrency: int = msgspec.field(default_factory=at_once_here)
    timeout: float = 90.0
    max_bytes: int = 200_000_000
    user_agent: str | None = None
    client_user_agent: str | None = None
    contact: str | None = None
    respect_robots: bool = False
    operator: str | None = None
    locale: str = "en-US"
    browser: str | None = None
    allow_no_sandbox: bool = False
    no_articles: bool = False
    refetch_after: float | None = None
    all_rungs: bool = False
    storage_state: Path | None = None
    web_archive: tuple[str, ...] = ()
    depth: int = 1
    media: str = "browser"
    schedule: tuple[float, ...] = ()
    min_free: int = 100_000_000
    healthcheck: str | None = None
    metrics: Path | None = None
    keys: Path | None = None
    tsa: tuple[str, ...] = ()
    tsa_ca: Path | None = None
    ots_calendars: tuple[str, ...] = ()
    source: Path | None = None

    @property
    def own_user_agent(self) -> str:
        """The User-Agent of our own requests: what the user set, else program, version and contact."""
        return self.client_user_agent or user_agent(self.contact)

    @property
    def shown_proxy(self) -> str | None:
        """The proxy's address without user and password."""
        if self.proxy is None:
            return None
        parts = urlsplit(self.proxy)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    def for_manifest(self) -> dict[str, str]:
        """The choices that bear on what a capture holds, as text, without secrets."""
        return {
            "concurrency": str(self.concurrency),
            "timeout_seconds": f"{self.timeout:g}",
            "max_bytes": str(self.max_bytes),
            "locale": self.locale,
            "user_agent": self.user_agent or "default",
            "client_user_agent": self.own_user_agent,
            "respect_robots": str(self.respect_robots).lower(),
            "articles": "read" if self.no_articles else "visited",
            "proxy": self.shown_proxy or "none",
            "ca_file": self.ca_file.name if self.ca_file else "none",
            "all_rungs": str(self.all_rungs).lower(),
            "storage_state": self.storage_state.name if self.storage_state else "none",
            "web_archives": " ".join(self.web_archive) or "default",
            "depth": str(self.depth),
            "media": self.media,
            "allow_no_sandbox": str(self.allow_no_sandbox).lower(),
        }


class Chosen(Struct, frozen=True):
    """The settings, and the values of the options that belong to one command only."""

    settings: Settings
    own: dict[str, Any]


def load(
    flags: Mapping[str, object],
    environment: Mapping[str, str],
    *,
    names: Sequence[str] = (),
    defaults: Mapping[str, str] | None = None,
) -> Chosen:
    """Put together what flags, environment, file and defaults say.

    `flags` are typed values from the command line, None where nothing was said. `names` are the
    command's own options, `defaults` what it writes for the table's own defaults. Raises ConfigError.
    """
    told = {name: value for name, value in flags.items() if value not in (None, ())}
    variables = _from_environment(environment)
    file = find_file(told.get("config", variables.get("config")))
    written = _from_file(file) if file else {}
    values = {**_defaults(defaults or {}), **written, **variables, **told}
    fields = {name: values[name] for name in Settings.__struct_fields__ if name in values}
    return Chosen(Settings(**fields, source=file), {name: values.get(name) for name in names})


def _defaults(different: Mapping[str, str]) -> dict[str, object]:
    """The value of every option of which nothing is said."""
    written = {option.name: option.default for option in OPTIONS} | dict(different)
    found: dict[str, object] = {option.name: () for option in OPTIONS if option.many}
    found |= {option.name: False for option in OPTIONS if option.is_flag}
    return found | {name: BY_NAME[name].value(w) for name, w in written.items() if w is not None}


def find_file(named: object) -> Path | None:
    """The settings file: the one named, else ./archiver.toml, else the user's own."""
    if isinstance(named, Path):
        return named
    try:
        places = [Path(FILE_NAME), user_config_path("archiver") / FILE_NAME]
    except RuntimeError:  # no HOME and no entry in the password file
        places = [Path(FILE_NAME)]
    return next((place for place in places if place.is_file()), None)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The options that `ARCHIVER_…` variables set."""
    values = {}
    for option in OPTIONS:
        written = environment.get(option.variable, "")
        if written:
            parts: object = written.split() if option.many else written
            values[option.name] = _read(option, parts, option.variable)
    return values


def _from_file(file: Path) -> dict[str, Any]:
    """The options that a settings file sets."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError(f"cannot read the settings file {file}: {reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error
    return {
        key: _below(file, _read(_known(file, key), value, f"{file}: {key}"))
        for key, value in table.items()
    }


def _known(file: Path, key: str) -> Option:
    """The option of that key; raises ConfigError with the nearest known key."""
    if key in BY_NAME and key != "config":
        return BY_NAME[key]
    near = difflib.get_close_matches(key.replace("-", "_").lower(), BY_NAME, 1)
    known = "known keys: " + ", ".join(sorted(BY_NAME.keys() - {"config"}))
    raise ConfigError(
        f"{file}: unknown key {key!r}", hint=f"did you mean {near[0]!r}?" if near else known
    )


def _read(option: Option, written: object, where: str) -> object:
    """The option's value; raises ConfigError that names where it stood."""
    try:
        return option.value(written)
    except ValueError as error:
        raise ConfigError(f"{where} {error}, not {option.shown(written)}") from None


def _below(file: Path, value: object) -> object:
    """Relative paths of a settings file, made relative to its folder."""
    if isinstance(value, Path):
        return file.parent / value
    return tuple(_below(file, v) for v in value) if isinstance(value, tuple) else value


def origins(
    flags: Mapping[str, object], environment: Mapping[str, str], file: Path | None
) -> dict[str, str]:
    """Where the value of each option comes from: its flag, its variable, the file, or the default."""
    written = _from_file(file) if file else {}
    found = {}
    for option in OPTIONS:
        if flags.get(option.name) not in (None, ()):
            found[option.name] = option.flag
        elif environment.get(option.variable):
            found[option.name] = option.variable
        else:
            found[option.name] = str(file) if option.name in written else "default"
    return found


def describe(settings: Settings) -> str:
    """The settings on one line for the log, without secrets."""
    hidden = "set" if settings.healthcheck else None
    shown = msgspec.structs.replace(settings, proxy=settings.shown_proxy, healthcheck=hidden)
    return ", ".join(f"{key}={value}" for key, value in msgspec.structs.asdict(shown).items())
