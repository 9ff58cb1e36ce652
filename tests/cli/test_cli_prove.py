"""`archiver prove`: its proofs hold in the eyes of code that did not make them."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from consistency import extends
from sealed import Sealed, add_run

from archiver.verification.checkpoint import read_key, read_note
from archiver.verification.merkle import includes, leaf_of


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    sealed = Sealed(tmp_path_factory.mktemp("prove") / "a")
    for count in (2, 3, 1):
        assert add_run(sealed, captures=count) == ()
    return sealed


def archiver(sealed: Sealed, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archiver", "--archive", sealed.archive.root, "prove"]
    return subprocess.run(
        [*map(str, command), *map(str, arguments)], capture_output=True, text=True, timeout=60
    )


def test_a_post_is_in_the_log(sealed: Sealed) -> None:
    said = archiver(sealed, "mastodon:social.example/11")
    assert said.returncode == 0, said.stderr
    head, _, checkpoint = said.stdout.partition("\n\n")
    form, index, *hashes = head.split("\n")
    assert form == "c2sp.org/tlog-proof@v1"
    note = read_note(checkpoint.encode())
    assert note.problem(read_key(sealed.archive.keys.public("log").read_bytes())) is None
    assert note.size == 7, "the oldest tree that holds it"
    leaf = leaf_of(sealed.runs[1].manifest("capture-1-1").read_bytes())
    proof = [base64.b64decode(one) for one in hashes]
    assert includes(leaf, int(index.removeprefix("index ")), note.size, proof, note.root)


@pytest.mark.parametrize("old", [0, 1, 3, 6, 9])
def test_the_log_only_grew(sealed: Sealed, old: int) -> None:
    said = archiver(sealed, "--consistency", old, "--json")
    proof = json.loads(said.stdout)
    hashes = [base64.b64decode(one) for one in proof["hashes"]]
    roots = [base64.b64decode(proof[key]) for key in ("old_root", "root")]
    assert extends(old, roots[0], proof["size"], roots[1], hashes)
    assert read_note(proof["checkpoint"].encode()).root == roots[1]


def test_from_an_earlier_checkpoint(sealed: Sealed) -> None:
    said = archiver(sealed, "--consistency", sealed.archive.log.checkpoint(3))
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("old 3 ")


def test_a_checkpoint_of_another_log(sealed: Sealed, tmp_path: Path) -> None:
    other = Sealed(tmp_path / "b")
    add_run(other)
    said = archiver(sealed, "--consistency", other.archive.log.checkpoint(3))
    assert said.returncode == 1 and "of another log" in said.stderr


@pytest.mark.parametrize(
    ("line", "text", "words"),
    [
        (2, base64.b64encode(bytes(32)).decode(), "is not a continuation of that checkpoint"),
        (1, "99", "the checkpoint has 99 leaves, the log 9"),
    ],
)
def test_a_checkpoint_that_the_log_does_not_continue(
    sealed: Sealed, tmp_path: Path, line: int, text: str, words: str
) -> None:
    """It bears the log's own name: another history, or a later one."""
    lines = sealed.archive.log.checkpoint(3).read_text().split("\n")
    lines[line] = text
    note = tmp_path / "note.txt"
    note.write_text("\n".join(lines))
    said = archiver(sealed, "--consistency", note)
    assert (said.returncode, said.stdout) == (1, "")
    assert words in " ".join(said.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "name a post, or an earlier checkpoint"),
        (("--consistency", "99"), 1, "never had 99"),
        (("--consistency", "nowhere.txt"), 2, "neither a number nor a checkpoint"),
        (("x:1",), 2, "has nothing of x:1"),
    ],
)
def test_what_cannot_be_proved(
    sealed: Sealed, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = archiver(sealed, *arguments)
    assert (said.returncode, said.stdout) == (code, "")
    assert words in said.stderr
