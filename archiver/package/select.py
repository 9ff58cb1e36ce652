"""Which captures an export takes: the chosen ones, and those that hold what their revisits point to."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from archiver.domain.digest import Digest
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.package.run import DIGEST

INDEX = "indexes/index.cdxj"
LOG = "logs/run.jsonl"


class Chosen(Struct, frozen=True):
    """Captures of one run, by id; None chooses them all, with the log of the run."""

    run: Path
    captures: tuple[str, ...] | None = None


class Selected(Struct, frozen=True):
    """One capture that goes into the package. `asked`: chosen itself, not only needed by another.

    `warc` is the path of its WARC file inside run and package, with `size` in bytes and SHA-256 `digest` as
    its manifest says; None when it has none.
    """

    run: Path
    id: str
    asked: bool
    warc: str | None
    size: int
    digest: str


class _Record(Struct):
    id: str
    type: str
    refers_to: str | None = None


class _Sheet(Struct):
    """What is needed of a manifest, in every version of it."""

    warc_file: str | None = None
    warc_size: int = 0
    warc_digest: Digest | None = None
    records: tuple[_Record, ...] = ()


Needs = dict[Path, dict[str, str]]
"""Run → the ids of records that revisits refer to → the capture of the first such revisit."""


def select(chosen: Sequence[Chosen]) -> list[Selected]:
    """All captures that the package needs to stand alone, by id.

    A revisit holds no payload: the WARC file with the record that it refers to comes along. Raises
    ArchiverError for a run that is not finished or a capture that is not in its run, ArchiveDamaged
    when something needed is missing.
    """
    found: dict[str, Selected] = {}
    needs: Needs = {}
    for one in chosen:
        see_finished(one.run)
        for name in one.captures if one.captures is not None else manifest_ids(one.run):
            _add(found, needs, one.run, name, asked=True)
    while needs:
        run, wanted = needs.popitem()
        _complete(found, needs, run, wanted)
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


def _add(found: dict[str, Selected], needs: Needs, run: Path, name: str, *, asked: bool) -> None:
    known = found.get(name)
    if known and known.run != run:
        raise ArchiveDamaged(f"the capture {name} is in {known.run} and in {run}")
    if known and (known.asked or not asked):
        return
    manifest = _manifest(run, name)
    warc = f"archive/{name}.warc.gz" if manifest.warc_file else None
    digest = str(manifest.warc_digest or "")
    found[name] = Selected(run, name, asked, warc, manifest.warc_size, digest)
    held = {record.id for record in manifest.records}
    for record_id in _needed(manifest):
        if record_id not in held:
            needs.setdefault(run, {}).setdefault(record_id, name)


def _manifest(run: Path, name: str) -> _Sheet:
    path = run / "manifests" / f"{name}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Sheet)
    except FileNotFoundError as error:
        raise ArchiverError(f"the run {run} has no capture {name}") from error
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ArchiveDamaged(f"cannot read {path}: {error}", hint="`archiver verify`") from error


def _complete(
    found: dict[str, Selected], needs: Needs, run: Path, wanted: Mapping[str, str]
) -> None:
    """Add the captures of the run that hold the wanted records. Only these ids are held meanwhile: a run may
    have millions of records."""
    owners = dict(_owners(run, wanted))
    for record_id, name in wanted.items():
        if record_id not in owners:
            raise ArchiveDamaged(
                f"a revisit of {name} refers to {record_id}, which is not in {run}",
                hint="`archiver verify` says what else is wrong",
            )
    for owner in sorted(set(owners.values())):
        if owner not in found:
            _add(found, needs, run, owner, asked=False)


def _needed(manifest: _Sheet) -> Iterator[str]:
    for record in manifest.records:
        if record.type == "revisit" and record.refers_to:
            yield record.refers_to


def _owners(run: Path, wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Which capture holds which of the wanted records, with its payload."""
    for name in manifest_ids(run):
        for record in _manifest(run, name).records:
            if record.type in {"response", "resource"} and record.id in wanted:
                yield record.id, name
