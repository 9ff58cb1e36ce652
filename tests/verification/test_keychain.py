"""An archive whose keys were replaced three times: its statements taken out, interchanged or put elsewhere."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sealed import CLOCK, Sealed, add_run

from archiver.rotation import rotate
from archiver.verification.verify import verify

Change = Callable[[Path, list[Path]], object]


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of an archive with a run before, between and after three changes of its keys."""
    sealed = Sealed(tmp_path_factory.mktemp("turned") / "a")
    assert add_run(sealed) == ()
    for _ in range(3):
        rotate(sealed.archive, sealed.archive.keys, reason="asked", clock=CLOCK)
        assert add_run(sealed) == ()
    assert verify([sealed.archive.root]).defects == ()
    return sealed.archive.root


def leaves_interchanged(root: Path, statements: list[Path]) -> None:
    """The first two statements change places in the log."""
    path = root / "log/leaves.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    first, second, _ = (at for at, line in enumerate(lines) if b'"keychange"' in line)
    lines[first], lines[second] = lines[second], lines[first]
    path.write_bytes(b"".join(lines))


def another_reason(root: Path, statements: list[Path]) -> None:
    said = statements[1].read_bytes()
    statements[1].write_bytes(said.replace(b"\nreason asked\n", b"\nreason stolen\n"))


def older_key_again(root: Path, statements: list[Path]) -> None:
    """Today's public key is one that was replaced: its line is that of the last statement's old key."""
    line = statements[-1].read_text().partition("\nold ")[2].partition("\n")[0]
    (root / "keys/log.vkey").write_text(line + "\n")


CHANGES: dict[Change, str] = {
    lambda root, s: s[0].unlink(): "names another archive than this one",
    lambda root, s: s[1].unlink(): "keychanges: no statement leads on from archiver/",
    lambda root, s: s[2].unlink(): "keychanges: the last statement names archiver/",
    lambda root, s: s[0].rename(s[0].with_name("000000000002.txt")): "is the statement of 3 leaves",
    lambda root, s: shutil.copy(s[0], s[0].with_name("000000000001.txt")): "does not belong here",
    leaves_interchanged: "is at another place of the log than it says",
    another_reason: "the signature of archiver/",
    older_key_again: "log.vkey: is not the key of log.pub",
}


@pytest.mark.parametrize(("change", "words"), CHANGES.items(), ids=CHANGES.values())
def test_statements_tampered_with(turned: Path, tmp_path: Path, change: Change, words: str) -> None:
    root = tmp_path / "a"
    shutil.copytree(turned, root)
    change(root, sorted((root / "log/keychanges").iterdir()))
    found = [str(defect) for defect in verify([root]).defects]
    assert any(words in line for line in found), found
