"""What a wrong value, a missing file or an unreadable seed is answered with: one line, in words of ours."""

import subprocess
import sys
from pathlib import Path

import pytest

ADDRESS = "http://127.0.0.1:9/"


def test_a_ca_file_that_is_not_there_or_is_none_is_named(call, own_place: Path) -> None:
    Path("words.pem").write_text("no certificate\n")
    for name, line in (
        ("gone.pem", "cannot read --ca-file gone.pem: No such file or directory"),
        ("words.pem", "--ca-file words.pem holds no certificate in PEM form"),
    ):
        said = call("extract", "--ca-file", name, ADDRESS)
        assert (said.code, said.err) == (4, f"archiver: error: {line}\n")
        assert line in " ".join(call("doctor", "--ca-file", name).out.split())


@pytest.mark.parametrize("value", ["127.0.0.1:9", "ftp://anna:s3cret99@proxy.example"])
def test_a_wrong_proxy_is_told_of_the_option_that_was_given(process, value: str) -> None:
    for line in (["--proxy", value, "list"], ["list", f"--proxy={value}"]):
        said = process(line)
        assert said.code == 2
        assert "Invalid value for '--proxy': it must be an address such as http://" in said.err
        assert "ARCHIVER_PROXY" not in said.err
        assert value not in said.err


def test_a_wrong_proxy_of_file_or_variable_is_told_of_there(process, own_place: Path) -> None:
    said = process(["list"], env={"ARCHIVER_PROXY": "127.0.0.1:9"})
    assert (said.code, "error: ARCHIVER_PROXY must be" in said.err) == (4, True)
    Path("archiver.toml").write_text("proxy = '127.0.0.1:9'\n")
    said = process(["list"])
    assert (said.code, "error: archiver.toml: proxy must be" in said.err) == (4, True)


def test_a_bad_file_of_a_folder_is_named_once(call, own_place: Path) -> None:
    Path("junk").mkdir()
    Path("junk/a.html").write_bytes(b"\x00\x01" * 50)
    assert call("extract", "junk").err == "archiver: junk/a.html: neither HTML nor text\n"
    assert call("extract", "junk/a.html").err.startswith("archiver: argument 1: junk/a.html: ")


@pytest.mark.parametrize(
    ("source", "hint"),
    [("example.org", True), ("www.example.org", True), ("example.org/a.html", True),
     ("gone.html", False), ("notes.TXT", False), ("gone", False)],
)  # fmt: skip
def test_an_address_without_its_scheme_gets_a_hint(call, source: str, hint: bool) -> None:
    said = call("extract", source)
    assert said.code == 4
    assert ": no such file" in said.err
    assert ("if it is an address, write https:// before it" in said.err) is hint


def test_the_demo_web_has_help_and_starts_nothing_for_a_wrong_word() -> None:
    command = [sys.executable, "-m", "archiver.demoweb"]
    asked = subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=60)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "--proxy" in asked.stdout and "--ca-file" in asked.stdout
    wrong = subprocess.run([*command, "--port"], capture_output=True, text=True, timeout=60)
    assert (wrong.returncode, wrong.stdout) == (2, "")
