"""Reading a storage state: whatever stands in the file, it is usable or refused in one line."""

import json
from pathlib import Path

import pytest

from archiver.capture.login import read_login, too_open
from archiver.errors import ConfigError

COOKIE = {"name": "sid", "value": "s3cret-of-mine", "domain": ".boats.example", "path": "/"}


def write(folder: Path, data: bytes) -> Path:
    file = folder / "state.json"
    file.write_bytes(data)
    return file


def test_the_hosts_that_it_serves(tmp_path: Path) -> None:
    origins = [{"origin": "http://["}, {"origin": "https://Inn.example:8443"}]
    state = {"cookies": [COOKIE], "origins": origins}
    login = read_login(write(tmp_path, json.dumps(state).encode()))
    assert login.hosts == ("boats.example", "inn.example")
    assert login.serves("https://www.boats.example/p/1") and login.serves("https://INN.example/")
    assert not login.serves("https://notboats.example/p/1")
    assert not login.serves("https://[") and "s3cret" not in repr(login)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"[]",
        b'{"cookies": 5}',
        '{"cookies": []}'.encode("utf-16"),
        b'{"cookies": [], "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        json.dumps({"cookies": [COOKIE | {"expires": "never s3cret-of-mine"}]}).encode(),
    ],
    ids=["empty", "nul", "list", "number", "utf-16", "deep", "expiry"],
)
def test_what_is_no_storage_state_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ConfigError) as refused:
        read_login(write(tmp_path, data))
    assert "\n" not in refused.value.message and "s3cret" not in refused.value.message


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(ConfigError, match="cannot read the storage state"):
            read_login(path)


def test_who_else_can_read_it(tmp_path: Path) -> None:
    file = write(tmp_path, b"{}")
    file.chmod(0o640)
    assert "chmod 600" in too_open(file)
    file.chmod(0o600)
    assert too_open(file) == "" == too_open(tmp_path / "none.json")
