"""Which captures an export takes: the chosen ones, and those that hold what their revisits point to."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.package.run import DIGEST

INDEX = "indexes/index.cdxj"
LOG = "logs/run.jsonl"


class Chosen(Struct, frozen=True):
    """Captures of one run, by id; None chooses them all, with the log of the run."""

    run: Path
    captures: tuple[str, ...] | None = None


class Selected(Struct, frozen=True):
    """One capture that goes into the package. `asked`: chosen itself, not only needed by another."""

    run: Path
    id: str
    manifest: Manifest
    asked: bool

    @property
    def warc(self) -> str | None:
        """The path of its WARC file inside run and package."""
        return f"archive/{self.id}.warc.gz" if self.manifest.warc_file else None


def select(chosen: Sequence[Chosen]) -> list[Selected]:
    """All captures that the package needs to stand alone, by id.

    A revisit holds no payload: the WARC file with the record that it refers to comes along. Raises
    ArchiverError for a run that is not finished or a capture that is not in its run, ArchiveDamaged
    when something needed is missing.
    """
    found: dict[str, Selected] = {}
    for one in chosen:
        see_finished(one.run)
        for name in one.captures if one.captures is not None else manifest_ids(one.run):
            _add(found, one.run, name, asked=True)
    _complete(found)
    return [found[name] for name in sorted(found)]


def see_finished(run: Path) -> None:
    """Raise ArchiverError when the run has no package yet."""
    if not (run / DIGEST).is_file():
        raise ArchiverError(
            f"the run {run} is not finished", hint="the next `archiver run` finishes it"
        )


def manifest_ids(run: Path) -> list[str]:
    """The ids of all captures of a run."""
    return sorted(path.name.removesuffix(".json") for path in (run / "manifests").glob("*.json"))


def _add(found: dict[str, Selected], run: Path, name: str, *, asked: bool) -> None:
    known = found.get(name)
    if known and known.run != run:
        raise ArchiveDamaged(f"the capture {name} is in {known.run} and in {run}")
    if not known or (asked and not known.asked):
        found[name] = Selected(run, name, _manifest(run, name), asked)


def _manifest(run: Path, name: str) -> Manifest:
    path = run / "manifests" / f"{name}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise ArchiverError(f"the run {run} has no capture {name}") from error
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArchiveDamaged(f"cannot read {path}: {error}", hint="`archiver verify`") from error


def _complete(found: dict[str, Selected]) -> None:
    """Add the captures that revisits refer to, until nothing is missing."""
    owners: dict[Path, dict[str, str]] = {}
    waiting = list(found.values())
    while waiting:
        one = waiting.pop()
        held = {record.id for record in one.manifest.records}
        for record_id in _needed(one.manifest):
            if record_id in held:
                continue
            if one.run not in owners:
                owners[one.run] = dict(_owners(one.run))
            name = owners[one.run].get(record_id)
            if name is None:
                raise ArchiveDamaged(
                    f"a revisit of {one.id} refers to {record_id}, which is not in {one.run}",
                    hint="`archiver verify` says what else is wrong",
                )
            if name not in found:
                _add(found, one.run, name, asked=False)
                waiting.append(found[name])


def _needed(manifest: Manifest) -> Iterator[str]:
    for record in manifest.records:
        if record.type == "revisit" and record.refers_to:
            yield record.refers_to


def _owners(run: Path) -> Iterator[tuple[str, str]]:
    """Which capture holds which record with a payload."""
    for name in manifest_ids(run):
        for record in _manifest(run, name).records:
            if record.type in {"response", "resource"}:
                yield record.id, name
