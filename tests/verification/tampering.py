"""A small sealed archive with one of everything, for tests that tamper with it, and ways to do so."""

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from msgspec.structs import replace  # noqa: E402
from record_samples import CountedIds, at, sample  # noqa: E402
from sealed import CLOCK, START, Sealed  # noqa: E402
from stamping import TimeAuthority  # noqa: E402

from archiver.commit import Commit, finish  # noqa: E402
from archiver.domain.capture import Snapshot  # noqa: E402
from archiver.domain.exchange import Body  # noqa: E402
from archiver.manifests.stamp import question  # noqa: E402
from archiver.removal import remove  # noqa: E402
from archiver.storage.ledger import Ledger  # noqa: E402
from archiver.verification.verify import Report, verify  # noqa: E402

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3


class Tampered:
    """An archive of three runs and the authority that stamped it: the first run has two captures, the
    second one that was removed and one with a picture, the third one. The stamp is a leaf of the log."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = TimeAuthority(folder)
        self.sealed = Sealed(folder / "a")
        self.root = self.sealed.archive.root
        self._run(0, 2)
        log = self.sealed.archive.log
        log.stamps.mkdir(exist_ok=True)
        message = log.checkpoint(3).read_bytes()
        token = self.authority.stamp(question(message))
        log.stamp(3, "https://tsa.example/").write_bytes(token)
        self._run(1, 2)
        self._remove("capture-1-1")
        self._run(2, 1)

    def _run(self, number: int, captures: int) -> None:
        run_id = f"20260304T0{5 + number}0607Z-beef"
        sealer = self.sealed.sealer()
        with Ledger(self.sealed.archive.ledger) as ledger:
            commit = Commit(self.sealed.archive, ledger, run_id, {"locale": "en"}, self.sealed.ids)
            for index in range(captures):
                name = f"capture-{number}-{index}"
                commit.save(small(name, f"mastodon:social.example/{number}{index}"))
            folder = commit.open_folder()
            folder.log.parent.mkdir(exist_ok=True)
            folder.log.write_text(
                '{"event":"run begins"}\n{"event":"captured"}\n{"event":"run ends"}\n'
            )
            finish(folder, sealer.signer())
        self.sealed.runs.append(folder)
        assert sealer.seal() == ()

    def _remove(self, name: str) -> None:
        folder = self.sealed.runs[-1]
        with Ledger(self.sealed.archive.ledger) as ledger:
            remove(
                self.sealed.archive,
                ledger,
                [folder.manifest(name)],
                reason="asked for",
                destroy=True,
                sign=self.sealed.sealer().signer(),
                clock=CLOCK,
            )
        assert self.sealed.sealer().seal() == ()

    @property
    def files(self) -> dict[str, list[Path]]:
        """Every kind of file that an archive has, with its files in order."""
        run = "runs/*/*/*/*"
        kinds = {
            "WARC": f"{run}/archive/*.warc.gz",
            "manifest": f"{run}/manifests/*.json",
            "index": f"{run}/indexes/index.cdxj",
            "pages": f"{run}/pages/pages.jsonl",
            "run log": f"{run}/logs/run.jsonl",
            "package": f"{run}/datapackage.json",
            "package digest": f"{run}/datapackage-digest.json",
            "leaves": "log/leaves.jsonl",
            "checkpoint": "log/checkpoints/*.txt",
            "time stamp": "log/stamps/*.tsr",
            "tombstone": "log/tombstones/*.json",
            "key": "keys/*",
            "ledger": "ledger.sqlite3",
        }
        found = {kind: sorted(self.root.glob(pattern)) for kind, pattern in kinds.items()}
        assert all(found.values()), found
        assert sum(map(len, found.values())) == sum(path.is_file() for path in self.root.rglob("*"))
        return found

    def check(self, *pins: Path) -> Report:
        """Verify the whole archive, the authority's root known."""
        return verify([self.root], processes=1, pins=pins, tsa_ca=self.authority.ca_file)

    def lines(self, *pins: Path) -> list[str]:
        """The defects, paths from the archive's folder on."""
        return [str(d).replace(f"{self.root}/", "") for d in self.check(*pins).defects]

    def check_near(self, path: Path) -> Report:
        """Verify the run that a file is of, if it is one of those that need no more; else all."""
        parts = path.relative_to(self.root).parts
        if parts[0] == "runs" and path.name != "datapackage-digest.json":
            return verify([self.root.joinpath(*parts[:5])], processes=1)
        return self.check()


def small(name: str, target: str):  # noqa: ANN201 - a Capture
    """A capture of a page, with a picture and its text."""
    whole = sample()
    picture = Snapshot(
        role="view",
        urn=f"urn:view:{whole.page_url}",
        media_type="image/png",
        body=Body.of(PICTURE),
        taken_at=at(8),
    )
    return replace(
        whole,
        id=name,
        target=target,
        exchanges=whole.exchanges[:1],
        snapshots=(*whole.snapshots, picture),
    )


@contextmanager
def altered(path: Path, data: bytes) -> Iterator[None]:
    """The file with other bytes, and then as it was."""
    before = path.read_bytes()
    path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(before)


def flips(files: dict[str, list[Path]], count: int, seed: int) -> Iterator[tuple[str, Path, bytes]]:
    """So many random flips of one bit, the same number in each kind of file: kind, file, its new bytes."""
    dice = random.Random(seed)
    kinds = sorted(files)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        path = dice.choice(files[kind])
        data = bytearray(path.read_bytes())
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        yield kind, path, bytes(data)


Change = Callable[[bytes], bytes]
__all__ = ["START", "Change", "CountedIds", "Tampered", "altered", "flips", "small"]
