"""Archives as the pipeline writes and seals them, in small: for the tests of the seal."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "records"))

from msgspec.structs import replace  # noqa: E402
from record_samples import CountedIds, sample  # noqa: E402

from archiver.commit import Commit, finish  # noqa: E402
from archiver.config import Settings  # noqa: E402
from archiver.domain.capture import Capture  # noqa: E402
from archiver.domain.exchange import Body  # noqa: E402
from archiver.manifests.keys import LOG, log_key  # noqa: E402
from archiver.manifests.log import Leaf, append_leaves  # noqa: E402
from archiver.manifests.merkle import leaf_hash, root_of  # noqa: E402
from archiver.manifests.note import sign, verifier_key  # noqa: E402
from archiver.net.client import Client  # noqa: E402
from archiver.sealing import Sealer, package_leaf  # noqa: E402
from archiver.storage.layout import Archive, RunFolder  # noqa: E402
from archiver.storage.ledger import Ledger  # noqa: E402

START = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NOWHERE = "socks5://127.0.0.1:9"


class StoppedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return START

    def monotonic(self) -> float:
        return 0.0


CLOCK = StoppedClock()


class Sealed:
    """An archive and its runs."""

    def __init__(self, root: Path, keys: Path | None = None) -> None:
        self.archive = Archive(root)
        self.archive.prepare()
        self.settings = Settings(archive=root, keys=keys)
        self.runs: list[RunFolder] = []
        self.ids = CountedIds()

    def sealer(self) -> Sealer:
        """A sealer without a network."""
        return Sealer(self.archive, self.settings, Client(NOWHERE), CLOCK)

    def files(self) -> dict[str, bytes]:
        """Every file of the archive."""
        found = (path for path in self.archive.root.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in found}


def sign_anyway(archive: Archive) -> None:
    """What somebody with the private keys can do: a new log over whatever lies there, without a look at it."""
    keys, leaves = archive.keys, list[Leaf]()
    keys.prepare()
    for folder in archive.run_folders():
        for name in folder.captures():
            digest = leaf_hash(folder.manifest(name).read_bytes()).hex()
            leaves.append(Leaf(kind="manifest", name=name, run=folder.id, hash=digest))
        leaves.append(package_leaf(folder))
    archive.log.prepare()
    key = log_key(keys.private(LOG), keys.public(LOG))
    keys.verifier.write_text(verifier_key(key.public_key()))
    append_leaves(archive.log.leaves, 0, leaves)
    root = root_of([leaf.bytes for leaf in leaves])
    archive.log.checkpoint(len(leaves)).write_bytes(sign(len(leaves), root, key))


def _of_its_own(capture: Capture) -> Capture:
    """The capture with payloads that no other one has."""
    mark = capture.id.encode()
    own = (replace(e, body=Body.of(e.body.read() + mark)) for e in capture.exchanges)
    return replace(capture, exchanges=tuple(own))


def add_run(sealed: Sealed, captures: int = 2, *, shared: bool = False) -> tuple[str, ...]:
    """One more run of so many captures, finished and sealed; gives the problems. With `shared` all captures
    but the first refer to its payloads."""
    number = len(sealed.runs)
    run_id = f"{START + timedelta(hours=number):%Y%m%dT%H%M%SZ}-beef"
    sealer = sealed.sealer()
    with Ledger(sealed.archive.ledger) as ledger:
        commit = Commit(
            sealed.archive, ledger, run_id, {"locale": "en"}, sealed.ids,
            archive_id=sealer.archive_id,
        )  # fmt: skip
        for index in range(captures):
            name = f"mastodon:social.example/{number}{index}"
            capture = replace(sample(), id=f"capture-{number}-{index}", target=name)
            commit.save(capture if shared else _of_its_own(capture))
        finish(commit.open_folder(), sealer.signer())
    sealed.runs.append(commit.open_folder())
    return sealer.seal()


def killed_run(sealed: Sealed, target: str) -> RunFolder:
    """A run that was killed when it had written two captures, `killed-1` and `killed-2`; the second has no row."""
    with Ledger(sealed.archive.ledger) as ledger:
        commit = Commit(sealed.archive, ledger, "20260305T050607Z-beef", {}, sealed.ids)
        for name in ("killed-1", "killed-2"):
            commit.save(replace(sample(), id=name, target=target))
        ledger.forget("killed-2")
    return commit.open_folder()
