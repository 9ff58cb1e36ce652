"""The seal of an archive: keys, log, checkpoints, signed packages, time stamps."""

import base64
import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Web, http
from sealed import CLOCK, Sealed, add_run
from stamping import TimeAuthority

from archiver.commit import finish
from archiver.config import Settings
from archiver.errors import ArchiverError
from archiver.manifests.log import encode_leaf, read_leaves
from archiver.manifests.merkle import leaf_hash, root_of
from archiver.manifests.note import read_checkpoint
from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.rotation import rotate
from archiver.sealing import Sealer
from archiver.storage.layout import Archive
from archiver.verification.verify import verify


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path / "a")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    return TimeAuthority(tmp_path_factory.mktemp("tsa"))


def openssl(*arguments: object, folder: Path) -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=True, cwd=folder
    )
    return done.stdout


def test_a_run_is_sealed(sealed: Sealed) -> None:
    assert add_run(sealed) == ()
    log = sealed.archive.log
    leaves = read_leaves(log.leaves)
    run = sealed.runs[0]
    assert [leaf.name for leaf in leaves.all] == [*run.captures(), run.id]
    for leaf in leaves.all[:-1]:
        assert leaf.bytes == leaf_hash(run.manifest(leaf.name).read_bytes())
    assert leaves.all[-1].bytes == leaf_hash(run.seal.read_bytes())
    (size,) = log.sizes()
    said = read_checkpoint(log.checkpoint(size).read_bytes())
    assert (said.size, said.root) == (len(leaves.all), root_of(leaves.hashes))
    assert [str(d) for d in verify([sealed.archive.root]).defects] == []


def test_private_keys_are_for_the_owner_only(sealed: Sealed) -> None:
    add_run(sealed)
    keys = sorted(sealed.archive.keys.path.glob("*.key"))
    assert [key.name for key in keys] == ["log.key", "wacz.key"]
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    for key in keys:
        public = key.with_suffix(".pub").read_text()
        assert openssl("pkey", "-in", key, "-pubout", folder=key.parent) == public


def test_nothing_new_grows_nothing(sealed: Sealed) -> None:
    add_run(sealed)
    before = sealed.files()
    assert sealed.sealer().seal() == ()
    assert sealed.files() == before


def test_openssl_accepts_the_checkpoint(sealed: Sealed, tmp_path: Path) -> None:
    add_run(sealed)
    (size,) = sealed.archive.log.sizes()
    text, _, signature = sealed.archive.log.checkpoint(size).read_text().partition("\n\n")
    (tmp_path / "text").write_text(text + "\n")
    (tmp_path / "sig").write_bytes(base64.b64decode(signature.split()[2])[4:])
    public = sealed.archive.keys.public("log")
    openssl(
        *("pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin"),
        *("-in", "text", "-sigfile", "sig"),
        folder=tmp_path,
    )
    name, key_id, key = (sealed.archive.keys.path / "log.vkey").read_text().strip().split("+", 2)
    assert text.split("\n")[0] == name == signature.split()[1]
    assert base64.b64decode(signature.split()[2])[:4].hex() == key_id
    assert len(base64.b64decode(key)) == 33


def test_the_package_is_signed_as_wacz_auth_says(sealed: Sealed) -> None:
    add_run(sealed)
    digest = json.loads((sealed.runs[0].path / "datapackage-digest.json").read_bytes())
    signed = digest["signedData"]
    assert set(signed) == {"hash", "created", "software", "version", "signature", "publicKey"}
    assert signed["hash"] == digest["hash"] and signed["version"] == "0.1.0"
    assert len(base64.b64decode(signed["signature"])) == 96
    pem = sealed.archive.keys.public("wacz").read_text()
    assert signed["publicKey"] == "".join(pem.splitlines()[1:-1])


def test_every_end_continues_the_log(sealed: Sealed) -> None:
    for count in (2, 1, 3):
        assert add_run(sealed, captures=count) == ()
    assert sealed.archive.log.sizes() == (3, 5, 9)
    assert verify([sealed.archive.root]).whole


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_an_append_cut_anywhere_is_continued(sealed: Sealed, cut: int) -> None:
    """Killed while appending: a torn line, whole lines without a checkpoint, or nothing at all."""
    add_run(sealed)
    add_run(sealed)
    log = sealed.archive.log
    log.checkpoint(log.sizes()[-1]).unlink()
    before = log.leaves.read_bytes()
    kept = read_leaves(log.leaves).all[: log.sizes()[-1]]
    start = sum(len(encode_leaf(leaf)) for leaf in kept)
    log.leaves.write_bytes(before[: min(start + cut, len(before))])
    assert sealed.sealer().seal() == ()
    assert log.leaves.read_bytes() == before
    assert verify([sealed.archive.root]).whole


def test_a_tail_of_zeros_is_cut_off(sealed: Sealed) -> None:
    add_run(sealed)
    log = sealed.archive.log
    before = log.leaves.read_bytes()
    log.leaves.write_bytes(before + b"\0" * 512)
    add_run(sealed)
    assert log.leaves.read_bytes().startswith(before)
    assert verify([sealed.archive.root]).whole


def test_a_log_that_contradicts_its_checkpoint_is_not_signed_again(sealed: Sealed) -> None:
    add_run(sealed)
    log = sealed.archive.log
    lines = log.leaves.read_bytes().splitlines(keepends=True)
    log.leaves.write_bytes(b"".join(reversed(lines)))
    (problem,) = add_run(sealed)
    assert "is not what" in problem
    assert len(log.sizes()) == 1


def test_a_missing_key_is_a_problem_and_no_failure(sealed: Sealed) -> None:
    add_run(sealed)
    for name in ("log", "wacz"):
        sealed.archive.keys.private(name).unlink()
    problems = add_run(sealed)
    assert len(problems) == 2 and all("is missing" in problem for problem in problems)
    assert sealed.runs[-1].finished


def test_no_key_follows_one_that_is_gone_with_its_folder(sealed: Sealed, tmp_path: Path) -> None:
    """A backup without its keys: what a run captures meanwhile bears the archive's name, and is sealed when
    they are back."""
    add_run(sealed)
    name = sealed.sealer().archive_id()
    sealed.archive.keys.path.rename(tmp_path / "keys")
    problems = add_run(sealed)
    assert len(problems) == 2 and all("is missing" in problem for problem in problems)
    assert sealed.sealer().archive_id() == name
    assert not list(sealed.archive.root.rglob("*.key"))
    shutil.rmtree(sealed.archive.keys.path)
    (tmp_path / "keys").rename(sealed.archive.keys.path)
    sealer = sealed.sealer()
    finish(sealed.runs[-1], sealer.signer())
    assert sealer.seal() == ()
    assert [str(defect) for defect in verify([sealed.archive.root]).defects] == []


def test_no_keys_are_made_in_place_of_those_of_a_log(sealed: Sealed) -> None:
    add_run(sealed)
    shutil.rmtree(sealed.archive.keys.path)
    with pytest.raises(ArchiverError, match="is missing"):
        rotate(sealed.archive, sealed.archive.keys, reason="they are gone", clock=CLOCK)
    assert not list(sealed.archive.root.rglob("*.key*"))


def test_keys_may_lie_elsewhere(tmp_path: Path) -> None:
    sealed = Sealed(tmp_path / "a", keys=tmp_path / "safe")
    add_run(sealed)
    assert sorted(p.name for p in (tmp_path / "safe").iterdir()) == ["log.key", "wacz.key"]
    assert not list(sealed.archive.keys.path.glob("*.key"))
    assert verify([sealed.archive.root]).whole


@pytest.fixture
def client(web: Web, stack: ExitStack) -> Iterator[Client]:
    """A client that may reach the loopback server of the test and nothing else."""
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy))
    yield Client(stack.enter_context(guard.lane()).proxy_url)


def stamping(archive: Archive, web: Web, authority: TimeAuthority, client: Client) -> Sealer:
    settings = Settings(tsa=(f"{web.url}/tsa",), tsa_ca=authority.ca_file)
    return Sealer(archive, settings, client, CLOCK)


def test_a_checkpoint_is_stamped(
    sealed: Sealed, web: Web, authority: TimeAuthority, client: Client
) -> None:
    web.routes["/tsa"] = authority.answer
    add_run(sealed)
    sealer = stamping(sealed.archive, web, authority, client)
    assert sealer.seal() == () == sealer.seal()
    assert len(web.hits) == 1
    (token,) = sealed.archive.log.stamps.glob("*.tsr")
    checkpoint = sealed.archive.log.checkpoint(sealed.archive.log.sizes()[-1])
    said = openssl(
        *("ts", "-verify", "-in", token, "-data", checkpoint, "-CAfile", authority.ca_file),
        folder=sealed.archive.root,
    )
    assert "OK" in said
    report = verify([sealed.archive.root], tsa_ca=authority.ca_file)
    assert report.whole, report.defects
    add_run(sealed)
    kinds = [leaf.kind for leaf in read_leaves(sealed.archive.log.leaves).all]
    assert kinds == [*RUN, "stamp", *RUN]


RUN = ["manifest", "manifest", "package"]
REFUSALS = {
    "down": http(b"", 503, "Down"),
    "not a token": http(b"\x30\x03\x02\x01\x00"),
    "empty": http(b""),
    "page": http(b"<html>please log in</html>"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_stamp_that_failed_is_asked_for_again(
    sealed: Sealed, web: Web, authority: TimeAuthority, client: Client, kind: str
) -> None:
    web.routes["/tsa"] = REFUSALS[kind]
    add_run(sealed)
    (problem,) = stamping(sealed.archive, web, authority, client).seal()
    assert problem.startswith(f"no time stamp of 127.0.0.1:{web.port} yet")
    assert not list(sealed.archive.log.stamps.iterdir())
    assert verify([sealed.archive.root]).whole
    web.routes["/tsa"] = authority.answer
    assert stamping(sealed.archive, web, authority, client).seal() == ()
    assert list(sealed.archive.log.stamps.glob("*.tsr"))


def test_a_token_for_another_question_is_refused(
    sealed: Sealed, web: Web, authority: TimeAuthority, client: Client
) -> None:
    """An old answer played again: same message, other nonce."""
    add_run(sealed)
    replay: list[bytes] = []

    def answer(asked: object, link: object) -> bytes:
        replay.append(authority.stamp(asked.body))  # type: ignore[attr-defined]
        return http(replay[0])

    web.routes["/tsa"] = answer
    assert stamping(sealed.archive, web, authority, client).seal() == ()
    for path in sealed.archive.log.stamps.iterdir():
        path.unlink()
    (problem,) = stamping(sealed.archive, web, authority, client).seal()
    assert "Nonce" in problem


def test_an_authority_nobody_knows_is_refused(
    sealed: Sealed, web: Web, authority: TimeAuthority, client: Client
) -> None:
    web.routes["/tsa"] = authority.answer
    add_run(sealed)
    settings = Settings(tsa=(f"{web.url}/tsa",))
    (problem,) = Sealer(sealed.archive, settings, client, CLOCK).seal()
    assert "unable to get local issuer certificate" in problem


def test_a_damaged_key_is_named(sealed: Sealed) -> None:
    add_run(sealed)
    sealed.archive.keys.private("wacz").write_text("no key")
    with pytest.raises(ArchiverError, match="cannot read the signing key"):
        from_damaged = sealed.sealer()
        if from_damaged.signer() is None:
            raise ArchiverError(from_damaged.seal()[0])


def test_a_run_of_another_archive_is_not_signed_for(tmp_path: Path) -> None:
    """No leaf can be taken back: what was copied here is named, and sealing goes on when it is out again."""
    sealed, other = Sealed(tmp_path / "a"), Sealed(tmp_path / "b")
    assert add_run(sealed) == () == add_run(other)
    before = sealed.archive.log.leaves.read_bytes()
    here = sealed.runs[0].path.with_name("20260304T235959Z-beef")
    shutil.copytree(sealed.runs[0].path, here)
    (line,) = sealed.sealer().seal()
    assert f"of the run '{sealed.runs[0].id}'; move it out" in line
    shutil.rmtree(here)
    shutil.copytree(other.runs[0].path, here)
    for path in sorted((here / "manifests").iterdir()):
        path.write_bytes(path.read_bytes().replace(other.runs[0].id.encode(), here.name.encode()))
    (line,) = sealed.sealer().seal()
    assert f"of the archive '{other.sealer().archive_id()}'; move it out" in line
    assert sealed.archive.log.leaves.read_bytes() == before
    shutil.rmtree(here)
    assert add_run(sealed) == ()
    assert verify([sealed.archive.root]).whole
