"""docs/stranger.md, run as it stands: its shell blocks check an exported WACZ without any code of ours."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Web
from sealed import CLOCK, START, Sealed, add_run
from stamping import TimeAuthority

from archiver.config import Settings
from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.package.export import export_wacz
from archiver.package.select import Chosen
from archiver.proofs import Proofs
from archiver.sealing import Sealer
from archiver.verification.verify import verify

PAGE = Path(__file__).resolve().parent.parent / "docs" / "stranger.md"
NEEDED = ("unzip", "sha256sum", "openssl", "awk", "od", "base64")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason="a tool that the page names is not installed"
)


def script() -> str:
    """The shell blocks of the page, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 7
    return "\n".join(blocks)


def check(wacz: Path, ca_file: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "WACZ": str(wacz), "TSA_CA": str(ca_file)}
    environment["TMPDIR"] = str(wacz.parent)
    return subprocess.run(
        ["sh", "-eu", "-c", script()], capture_output=True, text=True, env=environment, timeout=60
    )


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An exported post of an archive with three runs, stamped at its end; and the root of the stamps."""
    folder = tmp_path_factory.mktemp("stranger")
    authority = TimeAuthority(tmp_path_factory.mktemp("tsa"))
    sealed = Sealed(folder / "a")
    for count in (3, 1, 2):
        assert add_run(sealed, captures=count) == ()
    with ExitStack() as stack:
        web = stack.enter_context(Web())
        web.routes["/"] = authority.answer
        policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
        guard = stack.enter_context(EgressGuard(policy=policy))
        client = Client(stack.enter_context(guard.lane()).proxy_url)
        settings = Settings(tsa=(f"{web.url}/",), tsa_ca=authority.ca_file)
        assert Sealer(sealed.archive, settings, client, CLOCK).seal() == ()
    export_wacz(
        [Chosen(sealed.runs[0].path, ("capture-0-1",)), Chosen(sealed.runs[1].path)],
        folder / "post.wacz",
        title="a post",
        created=START,
        software="tests",
        extra=Proofs(sealed.archive).files,
        sign=sealed.sealer().signer(),
    )
    return folder / "post.wacz", authority.ca_file


def test_the_page_accepts_what_was_exported(exported: tuple[Path, Path]) -> None:
    said = check(*exported)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("ok: ") == 5
    assert "Verification: OK" in said.stdout + said.stderr
    assert verify([exported[0]]).whole


def test_wacz_accepts_it_too(exported: tuple[Path, Path]) -> None:
    wacz = Path(sys.executable).with_name("wacz")
    said = subprocess.run([wacz, "validate", "-f", exported[0]], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def rewritten(source: Path, folder: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The package with its entries changed; None leaves one out."""
    out = folder / "changed.wacz"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return out


ENDINGS = (".warc.gz", ".json", ".cdxj", ".jsonl", ".proof", "checkpoint.txt", ".tsr", "log.pub")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_page_refuses_a_changed_file(
    exported: tuple[Path, Path], tmp_path: Path, ending: str
) -> None:
    def flip(name: str, data: bytes) -> bytes:
        half = len(data) // 2
        return (
            data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :]
            if name.endswith(ending)
            else data
        )

    said = check(rewritten(exported[0], tmp_path, flip), exported[1])
    assert said.returncode != 0, said.stdout


def test_the_page_refuses_a_missing_or_foreign_file(
    exported: tuple[Path, Path], tmp_path: Path
) -> None:
    gone = rewritten(exported[0], tmp_path, lambda n, d: None if n.endswith(".cdxj") else d)
    assert check(gone, exported[1]).returncode != 0
    more = rewritten(exported[0], tmp_path, lambda name, data: data)
    with zipfile.ZipFile(more, "a") as package:
        package.writestr("archive/extra.warc.gz", b"")
    assert "more files" in check(more, exported[1]).stdout
