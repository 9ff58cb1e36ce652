"""Small archives, invented for the tests: manifests with a WARC beside them, as a run leaves them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from archiver.clock import iso
from archiver.domain.capture import Outcome, Status
from archiver.domain.digest import Digest, sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.manifest import Article, Manifest, Software
from archiver.domain.post import Post, PostRef
from archiver.errors import ArchiveDamaged
from archiver.storage.layout import Archive, RunFolder, new_run_id

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SOFTWARE = Software(archiver="1", python="3", playwright="1", warcio="1", system="Linux")


class SetClock:
    """A clock that stands where it is set."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


class CountedIds:
    """Identifiers that count up."""

    def __init__(self) -> None:
        self.count = 0

    def uuid(self) -> str:
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012x}"

    def token(self, length: int) -> str:
        self.count += 1
        return f"{self.count:0{length}x}"


def archive(root: Path) -> Archive:
    made = Archive(root / "archives")
    made.prepare()
    return made


def new_run(where: Archive, hours: float = 0, ids: CountedIds | None = None) -> RunFolder:
    return where.create_run(new_run_id(START + timedelta(hours=hours), ids or CountedIds()))


def embed(key: str, source: str = "article.html") -> Embed:
    platform, _, rest = key.partition(":")
    known = not rest.startswith("?")
    return Embed(
        source=source,
        document=sha256(source.encode()),
        role="embed",
        platform=platform,
        ref=PostRef(platform, rest) if known else None,
        short_urls=() if known else (f"https://t.example/{rest}",),
        evidence=(Evidence(rule="test"),),
    )


def found_in(source: str, what: Embed) -> Article:
    return Article(
        source=source, url=f"https://news.example/{source}", digest=what.document, embed=what
    )


def manifest(
    capture_id: str,
    target: str = "x:20",
    status: Status = Status.CAPTURED,
    hours: float = 0,
    **fields: object,
) -> Manifest:
    platform, _, rest = target.partition(":")
    ref = None if rest.startswith("?") else PostRef(platform, rest)
    retry_after = fields.pop("retry_after", None)
    defaults: dict[str, object] = {
        "capture_id": capture_id,
        "run_id": "20260304T050607Z-0001",
        "target": target,
        "post": Post(ref=ref, url=f"https://{platform}.example/{rest}") if ref else None,
        "articles": (found_in("article.html", embed(target)),),
        "started_at": START + timedelta(hours=hours),
        "ended_at": START + timedelta(hours=hours, seconds=7),
        "outcome": Outcome(status=status, reason=f"it is {status}", retry_after=retry_after),
        "attempts": (),
        "warc_file": None,
        "software": SOFTWARE,
    }
    return Manifest(**{**defaults, **fields})


def store(
    run: RunFolder, made: Manifest, warc: bytes | None = b"a warc"
) -> tuple[Manifest, Digest]:
    """WARC and manifest in the run's folder, as they are just before the ledger's row."""
    if warc is not None:
        path = run.warc(made.capture_id)
        path.write_bytes(warc)
        made = msgspec.structs.replace(
            made, warc_file=f"archive/{path.name}", warc_size=len(warc), warc_digest=sha256(warc)
        )
    data = msgspec.json.encode(made)
    run.manifest(made.capture_id).write_bytes(data)
    return made, sha256(data)


def read_manifest(path: Path) -> Manifest:
    """A reader of manifests as the storage room is handed one."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise ArchiveDamaged(f"{path.name} is no manifest: {error}") from error


def check_warc(path: Path) -> tuple[str, ...]:
    """A checker of WARC files as the storage room is handed one."""
    return () if path.read_bytes().startswith(b"a warc") else ("record 1 at byte 0: not a record",)


def stamp(hours: float) -> str:
    return iso(START + timedelta(hours=hours))
