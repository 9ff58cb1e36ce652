"""What the tests of the whole job share: the command line, the demo's archive, its truth."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from archiver.demoweb.serve import DemoWeb

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent


def archiver(*arguments: object, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, away from any terminal."""
    environment = {**os.environ, "ARCHIVER_ALLOW_NO_SANDBOX": "1"}
    return subprocess.run(
        [sys.executable, "-m", "archiver", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


@dataclass(frozen=True)
class Demo:
    """The archive that the demo left, what it said, and the truth about its posts."""

    archive: Path
    said: subprocess.CompletedProcess[str]
    web: DemoWeb

    @property
    def run(self) -> Path:
        """The folder of the first run."""
        return sorted(self.archive.glob("runs/*/*/*/*"))[0]

    def manifests(self) -> list[dict[str, Any]]:
        """Every manifest of every run, oldest run first."""
        paths = sorted(self.archive.glob("runs/*/*/*/*/manifests/*.json"))
        return [json.loads(path.read_bytes()) for path in paths]

    def captures(self, target: str) -> list[dict[str, Any]]:
        """The manifests of one post, oldest first."""
        found = [m for m in self.manifests() if m["target"] == target]
        return sorted(found, key=lambda manifest: str(manifest["started_at"]))


def records(warc: Path) -> Iterator[tuple[str, str | None, bytes]]:
    """Type, target URI and payload of each record, as warcio reads them."""
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            yield (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )


def sha256(data: bytes) -> str:
    """The digest as the contract writes it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
