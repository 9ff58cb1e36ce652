"""Settings come from flag > environment > file > default, and a wrong one names where it stood."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import __version__
from archiver.config import BY_NAME, OPTIONS, Settings, describe, find_file, load
from archiver.config.values import count, flag, locale, proxy, seconds, size
from archiver.errors import ConfigError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and user folder, so that no settings file of the machine is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    return tmp_path


def written(folder: Path, text: str) -> Path:
    file = folder / "archiver.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_said_gives_the_defaults() -> None:
    assert load({}, {}).settings == Settings()


def test_flag_beats_environment_beats_file(elsewhere: Path) -> None:
    written(elsewhere, "timeout = 10\nconcurrency = 3\nmax_bytes = '1MB'\n")
    environment = {"ARCHIVER_TIMEOUT": "20", "ARCHIVER_CONCURRENCY": "4"}
    settings = load({"timeout": 30.0, "concurrency": None}, environment).settings
    assert (settings.timeout, settings.concurrency, settings.max_bytes) == (30.0, 4, 1_000_000)


def test_a_command_may_have_defaults_of_its_own(elsewhere: Path) -> None:
    own = {"archive": "archives/demo"}
    assert load({}, {}, defaults=own).settings.archive == Path("archives/demo")
    assert load({}, {"ARCHIVER_ARCHIVE": "x"}, defaults=own).settings.archive == Path("x")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load({}, {"ARCHIVER_TIMEOUT": ""}).settings.timeout == 90


def test_file_in_the_users_folder_is_read_when_there_is_none_here(elsewhere: Path) -> None:
    file = written(elsewhere / "user" / "archiver", "locale = 'de-DE'")
    settings = load({}, {}).settings
    assert settings.locale == "de-DE"
    assert settings.source == file


def test_paths_in_a_file_are_relative_to_it(elsewhere: Path) -> None:
    file = written(elsewhere / "sub", "archive = 'kept'\nseeds = ['a.txt', '/b.txt']")
    chosen = load({"config": file}, {}, names=["seeds"])
    assert chosen.settings.archive == elsewhere / "sub" / "kept"
    assert chosen.own["seeds"] == (elsewhere / "sub" / "a.txt", Path("/b.txt"))


def test_unknown_key_names_file_key_and_the_nearest(elsewhere: Path) -> None:
    written(elsewhere, "time-out = 3")
    with pytest.raises(ConfigError, match=r"archiver\.toml: unknown key 'time-out'") as caught:
        load({}, {})
    assert caught.value.hint == "did you mean 'timeout'?"
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timeout = 'soon'", "archiver.toml: timeout must be a time such as 90s"),
        ("timeout = 0", "archiver.toml: timeout must be more than zero"),
        ("concurrency = true", "archiver.toml: concurrency must be a whole number"),
        ("seeds = 'a.txt'", "archiver.toml: seeds must be a list"),
        ("format = 'xml'", "archiver.toml: format must be one of table, jsonl, csv"),
        ("media = 'vlc'", "archiver.toml: media must be one of browser, yt-dlp"),
        ("status = ['gnoe']", "archiver.toml: status must be one of captured"),
        ("archive = 3", "archiver.toml: archive must be a path"),
        ("config = 'x'", "archiver.toml: unknown key 'config'"),
        ("[run]\nforce = true", "archiver.toml: unknown key 'run'"),
        ("timeout =", "archiver.toml is not valid TOML"),
    ],
)
def test_wrong_value_names_file_and_key(elsewhere: Path, text: str, message: str) -> None:
    written(elsewhere, text)
    if text.startswith("[run]"):  # `run` is a key, and a table is not its value
        message = "archiver.toml: run must be a list"
    with pytest.raises(ConfigError) as caught:
        load({}, {})
    assert message in caught.value.message


def test_wrong_variable_is_named() -> None:
    with pytest.raises(ConfigError, match="ARCHIVER_CONCURRENCY must be from 1 to 64, not '900'"):
        load({}, {"ARCHIVER_CONCURRENCY": "900"})


def test_missing_and_unreadable_files_are_one_line(elsewhere: Path) -> None:
    with pytest.raises(
        ConfigError, match="cannot read the settings file .*gone.toml: No such file"
    ):
        load({"config": elsewhere / "gone.toml"}, {})
    (elsewhere / "latin.toml").write_bytes(b"locale = '\xe9'")
    with pytest.raises(ConfigError, match="it is not UTF-8 text"):
        load({}, {"ARCHIVER_CONFIG": str(elsewhere / "latin.toml")})


def test_a_password_is_never_shown() -> None:
    settings = load({}, {"ARCHIVER_PROXY": "http://anna:s3cret@proxy.example:3128"}).settings
    assert settings.proxy == "http://anna:s3cret@proxy.example:3128"
    assert settings.shown_proxy == "http://proxy.example:3128"
    assert "s3cret" not in describe(settings) + str(settings.for_manifest())
    with pytest.raises(ConfigError) as caught:
        load({}, {"ARCHIVER_PROXY": "ftp://anna:s3cret@proxy.example"})
    assert "s3cret" not in caught.value.message + caught.value.hint


def test_manifest_has_text_only() -> None:
    facts = Settings(ca_file=Path("/secret/place/ca.pem")).for_manifest()
    assert all(isinstance(value, str) for value in facts.values())
    assert facts["ca_file"] == "ca.pem"


def test_no_home_and_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("HOME", raising=False)
    assert find_file(None) is None


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (seconds, "90", 90), (seconds, "1.5m", 90), (seconds, "2w", 1209600), (seconds, 5, 5),
        (size, "200MB", 200_000_000), (size, "1 GiB", 2**30), (size, "2TB", 2 * 10**12),
        (size, 512, 512), (count, "8", 8),
        (flag, "Off", False), (flag, "1", True), (locale, "sr-Latn-RS", "sr-Latn-RS"),
        (proxy, "socks5://[::1]:1080", "socks5://[::1]:1080"),
    ],
)  # fmt: skip
def test_values_are_read(read, text, value) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (seconds, "9 parsecs"), (seconds, "-1"), (seconds, True), (size, "big"), (size, "0"),
        (seconds, "6000w"), (seconds, "9" * 400), (size, "9" * 400), (size, "1001TB"), (count, "9" * 5000),
        (count, "0"), (count, "2.5"), (flag, "maybe"), (locale, "en_US;q=1"), (proxy, "proxy:3128"),
        (proxy, "http://proxy"), (proxy, "http://a:1\r\nX: y"), (proxy, 3), (proxy, "http://h:99999999"),
        (BY_NAME["user_agent"].one, "a\r\nb"), (BY_NAME["archive"].one, "a\0b"),
    ],
)  # fmt: skip
def test_wrong_values_are_refused(read, text) -> None:
    with pytest.raises(ValueError, match="must"):
        read(text)


@given(st.sampled_from(OPTIONS), st.text(max_size=30))
def test_any_text_is_a_value_or_a_clear_refusal(option, text) -> None:
    try:
        option.one(text)
    except ValueError as error:
        assert str(error).startswith(("must ", "has "))


def test_the_table_is_sound() -> None:
    assert len(BY_NAME) == len(OPTIONS)
    assert {name for name in Settings.__struct_fields__ if name != "source"} <= set(BY_NAME)
    for option in OPTIONS:
        assert option.help.endswith((".", ")."))
        assert option.default is None or option.value(option.default) is not None


def test_our_own_requests_say_who_asks() -> None:
    plain = load({}, {}).settings.own_user_agent
    assert plain.startswith(f"archiver/{__version__} (") and "contact" not in plain
    told = load({}, {"ARCHIVER_CONTACT": "desk@paper.example"}).settings
    assert "contact: desk@paper.example" in told.own_user_agent
    assert told.for_manifest()["client_user_agent"] == told.own_user_agent
    own = load({"client_user_agent": "Quay Library robot"}, {}).settings
    assert own.own_user_agent == "Quay Library robot"
    assert own.for_manifest()["respect_robots"] == "false"


@pytest.mark.parametrize("written", ["a\r\nX-Evil: 1", "Fähre", "", "a\x00b"])
def test_what_goes_into_a_header_is_one_plain_line(written: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        BY_NAME["contact"].value(written)
