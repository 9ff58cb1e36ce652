"""What cron, systemd and monitors need: unit files that systemd accepts, ages, pings, metrics, origins."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from loopback import Proxy, Web, http
from sealed import Sealed, add_run

from archiver.clock import SystemClock
from archiver.storage.lastrun import last_end, note_end
from archiver.storage.layout import Archive
from archiver.storage.lock import hold

Call = Callable[..., object]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    sealed = Sealed(tmp_path_factory.mktemp("cron") / "a")
    add_run(sealed)
    note_end(sealed.archive, SystemClock())
    return sealed


def test_the_crontab_line_is_a_command(call: Call, tmp_path: Path) -> None:
    said = call("cron", "--seeds", "seeds list.txt")
    last = said.out.strip().splitlines()[-1]  # type: ignore[attr-defined]
    minute, hour, *_ = last.split()
    assert (minute, hour) == ("17", "*")
    words = shlex.split(last.split(None, 5)[5])
    assert words[:3] == ["cd", str(tmp_path), "&&"]
    assert words[-2:] == ["--seeds", str(tmp_path / "seeds list.txt")]
    assert "seeds list.txt is not there yet" in said.err  # type: ignore[attr-defined]
    (tmp_path / "seeds list.txt").touch()
    assert call("cron", "--seeds", "seeds list.txt").err == ""  # type: ignore[attr-defined]


def test_a_percent_sign_does_not_end_the_crontab_line(call: Call, tmp_path: Path) -> None:
    """cron takes it for a line's end unless it is escaped; the shell sees it as it was."""
    said = call("--archive", str(tmp_path / "100% ours"), "cron")
    last = said.out.strip().splitlines()[-1]  # type: ignore[attr-defined]
    assert "100\\% ours" in last and last.count("%") == last.count("\\%")


def units(call: Call, tmp_path: Path, *options: str) -> tuple[str, str]:
    """The units, and what `systemd-analyze verify` says of them."""
    said = call(*options, "cron", "--print", "systemd").out  # type: ignore[attr-defined]
    service, _, timer = said.partition("# /etc/systemd/system/archiver.timer")
    (tmp_path / "archiver.service").write_text(service)
    (tmp_path / "archiver.timer").write_text(timer)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "./archiver.service", "./archiver.timer"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert checked.returncode == 0, checked.stderr
    return service, checked.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_odd_paths(call: Call, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(f'metrics = "{tmp_path}/m/x.prom"\nkeys = "{tmp_path}/k"\n')
    options = ("--archive", str(tmp_path / "50% of $x"), "--config", str(tmp_path / "own.toml"))
    service, stderr = units(call, tmp_path, *options)
    assert stderr == ""
    writes = next(x for x in service.splitlines() if x.startswith("ReadWritePaths="))
    assert writes == f'ReadWritePaths="{tmp_path}/50%% of $x" {tmp_path}/m {tmp_path}/k'
    assert f'"{tmp_path}/50%% of $$x" --config {tmp_path}/own.toml run' in service


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(call: Call, tmp_path: Path) -> None:
    said = call("cron", "--print", "systemd").out  # type: ignore[attr-defined]
    service, _, timer = said.partition("# /etc/systemd/system/archiver.timer")
    assert "ProtectSystem=strict" in service and "RestrictNamespaces=yes" not in service
    (tmp_path / "archiver.service").write_text(service)
    (tmp_path / "archiver.timer").write_text(timer)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "./archiver.service", "./archiver.timer"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


class Off(SystemClock):
    """A clock that is some hours off."""

    def __init__(self, hours: int) -> None:
        self._off = timedelta(hours=hours)

    def now(self) -> datetime:
        return super().now() + self._off


@pytest.mark.parametrize(
    ("hours", "code", "word"), [(0, 0, "ok"), (-27, 1, "LATE"), (2, 1, "LATE")]
)
def test_a_monitor_is_told_the_age(
    call: Call, sealed: Sealed, hours: int, code: int, word: str
) -> None:
    note_end(sealed.archive, Off(hours))
    said = call("--archive", str(sealed.archive.root), "status", "--max-age", "26h")
    assert said.code == code and said.out.startswith(f"{word}: last run")  # type: ignore[attr-defined]


def test_a_run_that_broke_off_does_not_count(call: Call, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("nothing in here\n")
    archive = Archive(tmp_path / "archives")
    assert call("run", "plain.txt").code == 0  # type: ignore[attr-defined]
    ended = last_end(archive)
    assert ended is not None
    note_end(archive, Off(-27))
    assert call("run", "--min-free", "900000GB", "plain.txt").code == 3  # type: ignore[attr-defined]
    assert call("status", "--max-age", "26h").code == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("content", ["", "{", '{"ended_at": 7}', "\xff", '{"a":' * 100_000])
def test_a_damaged_note_is_no_run(content: str, call: Call, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archives")
    (tmp_path / "plain.txt").write_text("nothing in here\n")
    assert call("run", "plain.txt").code == 0  # type: ignore[attr-defined]
    archive.last_run.write_text(content, encoding="latin-1")
    said = call("status", "--max-age", "26h")
    assert said.code == 1 and "no run came to its end yet" in said.out  # type: ignore[attr-defined]


def test_each_setting_says_where_it_comes_from(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "archiver.toml").write_text('timeout = "2m"\nlocale = "de-DE"\n')
    monkeypatch.setenv("ARCHIVER_LOCALE", "fr-FR")
    said = call("--proxy", "http://u:secret@127.0.0.1:1", "config", "show", "--origin", "--json")
    rows = {row["name"]: row for row in map(json.loads, said.out.splitlines())}  # type: ignore[attr-defined]
    assert (rows["timeout"]["value"], rows["timeout"]["origin"]) == ("120.0", "archiver.toml")
    assert (rows["locale"]["value"], rows["locale"]["origin"]) == ("fr-FR", "ARCHIVER_LOCALE")
    assert (rows["proxy"]["value"], rows["proxy"]["origin"]) == ("(set)", "--proxy")
    assert rows["concurrency"]["origin"] == "default"
    assert "secret" not in said.out  # type: ignore[attr-defined]


def run(call: Call, stack: ExitStack, tmp_path: Path, web: Web, *options: str) -> object:
    """A run over a text without any post, through a proxy at whose other end is `web`."""
    proxy = stack.enter_context(Proxy(lambda host, port: web.address))
    (tmp_path / "plain.txt").write_text("nothing in here\n")
    return call("--proxy", proxy.url, "run", *options, str(tmp_path / "plain.txt"))


def test_a_health_check_hears_start_and_end(
    call: Call, stack: ExitStack, tmp_path: Path, web: Web
) -> None:
    web.routes |= {"/ping/abc/start": http("OK"), "/ping/abc/0": http("OK")}
    said = run(call, stack, tmp_path, web, "--healthcheck", "http://hc.example/ping/abc")
    assert said.code == 0  # type: ignore[attr-defined]
    assert [asked.target for asked in web.hits] == ["/ping/abc/start", "/ping/abc/0"]
    assert web.hits[-1].body.startswith(b"exit code 0; 0 visited")


def test_a_health_check_hears_of_failure_and_never_changes_the_code(
    call: Call, stack: ExitStack, tmp_path: Path, web: Web
) -> None:
    options = ("--healthcheck", "http://hc.example/ping/abc", "--min-free", "1000000GB")
    said = run(call, stack, tmp_path, web, *options)
    assert said.code == 3  # type: ignore[attr-defined]
    assert {asked.target for asked in web.hits} == {"/ping/abc/start", "/ping/abc/3"}
    assert len(web.hits) == 6, "each is tried three times, since the server says 404"


def test_metrics_for_prometheus(call: Call, stack: ExitStack, tmp_path: Path, web: Web) -> None:
    said = run(call, stack, tmp_path, web, "--metrics", str(tmp_path / "archiver.prom"))
    assert said.code == 0  # type: ignore[attr-defined]
    lines = (tmp_path / "archiver.prom").read_text().splitlines()
    assert "archiver_last_run_exit_code 0" in lines
    assert all(line.startswith(("# HELP ", "# TYPE ", "archiver_last_run_")) for line in lines)


def test_metrics_tell_of_a_run_that_was_ended_by_an_error(
    call: Call, stack: ExitStack, tmp_path: Path, web: Web
) -> None:
    place = tmp_path / "archiver.prom"
    run(call, stack, tmp_path, web, "--metrics", str(place))
    said = run(call, stack, tmp_path, web, "--metrics", str(place), "--min-free", "1000000GB")
    assert said.code == 3  # type: ignore[attr-defined]
    assert "archiver_last_run_exit_code 3" in place.read_text().splitlines()
    assert [path.name for path in tmp_path.glob("archiver.prom*")] == ["archiver.prom"]


def test_meeting_another_run_is_no_failure_to_tell(
    call: Call, stack: ExitStack, tmp_path: Path, web: Web
) -> None:
    """The other run tells its own end; a second end would be taken for its failure."""
    web.routes |= {"/ping/abc/start": http("OK")}
    archive = Archive(tmp_path / "archives")
    archive.prepare()
    stack.enter_context(hold(archive, SystemClock()))
    said = run(call, stack, tmp_path, web, "--healthcheck", "http://hc.example/ping/abc")
    assert said.code == 75  # type: ignore[attr-defined]
    assert [asked.target for asked in web.hits] == ["/ping/abc/start"]


def test_metrics_that_cannot_be_written_change_nothing(
    call: Call, stack: ExitStack, tmp_path: Path, web: Web
) -> None:
    said = run(call, stack, tmp_path, web, "--metrics", str(tmp_path / "nowhere" / "x.prom"))
    assert said.code == 0  # type: ignore[attr-defined]
