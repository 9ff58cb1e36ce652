"""`export`: what it does with the archive's keys, and that it writes to nothing but its output."""

import json
import zipfile
from pathlib import Path

import pytest
from sealed import Sealed, add_run

from archiver.manifests.keys import LOG, WACZ


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    sealed = Sealed(tmp_path / "archives")
    assert add_run(sealed) == ()
    return sealed


def is_signed(wacz: Path) -> bool:
    with zipfile.ZipFile(wacz) as bundle:
        return "signedData" in json.loads(bundle.read("datapackage-digest.json"))


def test_a_package_that_is_not_signed_is_called_so(call, sealed: Sealed) -> None:
    """A copy for readers has no private keys."""
    for name in (LOG, WACZ):
        sealed.archive.keys.private(name).unlink()
    before = sealed.files()
    said = call("export", "--wacz", "a.wacz")
    assert said.code == 0 and not is_signed(Path("a.wacz"))
    assert said.err == "note: the package is not signed: there is no archives/keys/wacz.key\n"
    assert call("-q", "export", "--wacz", "b.wacz").err == ""
    assert call("verify", "a.wacz").code == 0
    assert sealed.files() == before


def test_keys_that_are_named_must_be_there(call, sealed: Sealed, tmp_path: Path) -> None:
    """A medium that is not mounted gives an error, and no package without a signature."""
    said = call("export", "--wacz", "a.wacz", "--keys", "safe")
    assert said.code == 1 and "safe/wacz.key is missing" in said.err
    assert "name its folder with --keys" in said.err
    assert not Path("a.wacz").exists() and not Path("safe").exists()
    sealed.archive.keys.private(WACZ).rename(tmp_path / "wacz.key")
    assert call("export", "--wacz", "a.wacz", "--keys", ".").code == 0
    assert is_signed(Path("a.wacz"))


def test_a_key_of_another_archive_signs_nothing(call, sealed: Sealed, tmp_path: Path) -> None:
    other = Sealed(tmp_path / "other")
    add_run(other)
    said = call("export", "--wacz", "a.wacz", "--keys", "other/keys")
    assert said.code == 1
    assert "other/keys/wacz.key does not belong to archives/keys/wacz.pub" in said.err
    assert not Path("a.wacz").exists()


def test_a_lost_public_key_is_wanted_back(call, sealed: Sealed) -> None:
    sealed.archive.keys.public(LOG).unlink()
    said = call("export", "--wacz", "a.wacz")
    assert said.code == 5
    assert "keys/log.pub is missing\n  put it back from a backup" in said.err
