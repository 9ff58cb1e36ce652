"""Finding, starting and ending the browser; its folder; what is done with bodies."""

import asyncio
import base64
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from capture_kit import SETTINGS, Authority

from archiver.capture import chromium, folder
from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits, control_groups, cores_bound, memory_bound
from archiver.capture.recorder_bodies import expected, keep, plan
from archiver.capture.recorder_flow import HIGH, Backlog, Flow
from archiver.domain.exchange import Body
from archiver.errors import BrowserUnavailable, ConfigError


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_headless_shell_is_preferred_and_full_chromium_can_be_named(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    full = executable(tmp_path / "chromium")
    assert chromium.find_chromium() == chromium.Chromium(str(full), "chromium")
    shell = executable(tmp_path / "chromium-headless-shell")
    assert chromium.find_chromium() == chromium.Chromium(str(shell), "headless-shell")
    assert chromium.find_chromium("chromium").path == str(full)
    assert chromium.find_chromium(str(full)).kind == "chromium"


def test_playwrights_own_download_comes_first(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "_on_path", lambda: None)
    with pytest.raises(BrowserUnavailable) as error:
        chromium.find_chromium()
    assert "install" in error.value.hint
    wrong = executable(tmp_path / "chromium_headless_shell-1/x/headless_shell")
    with pytest.raises(BrowserUnavailable):
        chromium.find_chromium()
    listed = Path(chromium.files("playwright") / "driver" / "package" / "browsers.json")
    wanted = next(
        b["revision"]
        for b in chromium.msgspec.json.decode(listed.read_bytes())["browsers"]
        if b["name"] == "chromium-headless-shell"
    )
    right = executable(tmp_path / f"chromium_headless_shell-{wanted}/x/headless_shell")
    assert chromium.find_chromium() == chromium.Chromium(str(right), "headless-shell")
    assert wrong != right


def test_a_browser_that_is_not_there() -> None:
    with pytest.raises(BrowserUnavailable, match="/nowhere/chromium"):
        chromium.find_chromium("/nowhere/chromium")


def test_pins_are_the_digest_of_the_public_key(authority: Authority, tmp_path: Path) -> None:
    found = subprocess.run(
        "openssl x509 -in $CA -pubkey -noout | openssl pkey -pubin -outform der"
        " | openssl dgst -sha256 -binary | base64",
        shell=True, check=True, capture_output=True, env={**os.environ, "CA": str(authority.file)},
    ).stdout.decode()  # fmt: skip
    assert chromium.pins(authority.file) == (found.strip(),)
    (tmp_path / "bad.pem").write_text("nothing")
    with pytest.raises(ConfigError, match=r"bad\.pem"):
        chromium.pins(tmp_path / "bad.pem")


def test_switches_keep_the_browser_silent_and_behind_the_proxy(authority: Authority) -> None:
    said = chromium.switches(True, authority.file)
    assert "--disable-quic" in said
    assert any(s.startswith("--host-resolver-rules=MAP * ~NOTFOUND") for s in said)
    assert any(s.startswith("--ignore-certificate-errors-spki-list=") for s in said)
    assert not any("ignore-certificate-errors-spki" in s for s in chromium.switches(True, None))
    assert not any(s == "--ignore-certificate-errors" for s in said)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_refused_unless_allowed(run) -> None:
    async def start() -> None:
        async with open_browser(BrowserSettings(), None):
            pass

    with pytest.raises(BrowserUnavailable, match="sandbox") as error:
        run(start())
    assert "--allow-no-sandbox" in error.value.hint


WITHOUT_NAMESPACES = """#!/bin/sh
# As Chromium is where nobody may make user namespaces, behind a wrapper that has a word to say first.
case "$*" in *--no-sandbox*) exec "{}" "$@" ;; esac
echo "wrapper: unexpected operator" >&2
echo "[1:1:ERROR:zygote_host_impl_linux.cc:130] No usable sandbox! You can try using --no-sandbox." >&2
exit 1
"""


@pytest.fixture
def without_namespaces(tmp_path: Path, monkeypatch) -> str:
    """A browser that cannot have its sandbox, started by an ordinary user."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    path = executable(tmp_path / "headless-shell")
    path.write_text(WITHOUT_NAMESPACES.format(chromium.find_chromium().path))
    return str(path)


@pytest.mark.browser
def test_who_may_not_make_namespaces_is_told_so_and_how_to_go_on(run, without_namespaces) -> None:
    async def start() -> None:
        async with open_browser(BrowserSettings(executable=without_namespaces), None):
            pass

    with pytest.raises(BrowserUnavailable, match="may not make user namespaces") as error:
        run(start())
    assert "--allow-no-sandbox" in error.value.hint


@pytest.mark.browser
def test_who_may_not_make_namespaces_goes_on_without_when_that_is_allowed(
    run, without_namespaces
) -> None:
    async def story() -> list[bool]:
        settings = BrowserSettings(
            allow_no_sandbox=True, executable=without_namespaces, recycle_after=1
        )
        async with open_browser(settings, None) as browser:
            said = [browser.facts().sandbox]
            for _ in range(2):
                async with browser.context(None):
                    said.append(browser.facts().sandbox)
        return said

    assert run(story()) == [False, False, False]


@pytest.mark.browser
def test_a_program_that_is_no_browser_leaves_nothing_behind(
    run, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def start() -> None:
        settings = BrowserSettings(allow_no_sandbox=True, executable="/bin/false")
        async with open_browser(settings, None):
            pass

    with pytest.raises(BrowserUnavailable, match="/bin/false"):
        run(start())
    assert list(tmp_path.iterdir()) == []


KILLED = """
import asyncio, sys, time
from archiver.capture.browser import BrowserSettings, open_browser
async def main():
    async with open_browser(BrowserSettings(allow_no_sandbox=True), None) as browser:
        print(browser._running.folder.path, browser._running.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.browser
def test_when_we_are_killed_no_process_stays_and_the_next_start_sweeps(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    child = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, env=env)
    assert child.stdout is not None
    place, pid = child.stdout.readline().decode().split()
    child.kill()
    child.wait()
    child.stdout.close()
    until = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()
    sweeper = "import archiver.capture.folder as f; f.sweep()"
    subprocess.run([sys.executable, "-c", sweeper], env=env, check=True)
    assert not Path(place).exists()


def test_a_folder_in_use_is_not_swept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held = folder.Folder()
    young = tmp_path / f"{folder.PREFIX}young"
    young.mkdir()
    left = tmp_path / f"{folder.PREFIX}left"
    left.mkdir()
    (left / folder.LOCK).touch()
    folder.sweep()
    assert (held.path.exists(), young.exists(), left.exists()) == (True, True, False)
    assert held.path.stat().st_mode & 0o777 == 0o700
    with open(held.path / folder.LOCK) as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    held.close()
    assert not held.path.exists()


def test_a_browser_that_outlives_its_owner_is_ended_by_the_next_start(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, held = tmp_path / f"{folder.PREFIX}left", folder.Folder()
    left.mkdir()
    (left / folder.LOCK).touch()
    hanging = [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"]
    users = [
        subprocess.Popen([*hanging, f"--user-data-dir={place}/profile"], stdout=subprocess.PIPE)
        for place in (left, held.path)
    ]
    try:
        for user in users:
            assert user.stdout is not None and user.stdout.readline()
        folder.sweep()
        assert users[0].wait(10) == -signal.SIGKILL
        assert users[1].poll() is None
        assert (left.exists(), held.path.exists()) == (False, True)
    finally:
        for user in users:
            user.kill()
            user.communicate()
        held.close()


SWEEPING = "import archiver.capture.folder as f\nprint(1, flush=True)\nwhile True: f.sweep()"


def test_a_folder_that_is_just_being_made_is_not_swept_away(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    command, env = [sys.executable, "-c", SWEEPING], {**os.environ, "TMPDIR": str(tmp_path)}
    others = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for other in others:
            assert other.stdout is not None and other.stdout.readline()
        for _ in range(500):
            made = folder.Folder()
            assert (made.path / folder.LOCK).exists()
            made.close()
        assert all(other.poll() is None for other in others), "a sweeper met what it could not bear"
    finally:
        for other in others:
            other.kill()
            other.communicate()


@pytest.mark.browser
def test_an_old_browser_is_replaced(run) -> None:
    async def story() -> list[int]:
        starts = []
        settings = BrowserSettings(allow_no_sandbox=True, recycle_after=2)
        async with open_browser(settings, None) as browser:
            for _ in range(4):
                async with browser.context(None):
                    starts.append(browser.starts)
        return starts

    assert SETTINGS.recycle_after > 2
    assert run(story()) == [1, 1, 2, 2]


def pause(status: int = 200, method: str = "GET", kind: str = "Fetch", **headers: str):
    listed = [{"name": n.replace("_", "-"), "value": v} for n, v in headers.items()]
    event = {"request": {"method": method}, "resourceType": kind, "responseHeaders": listed}
    return {**event, "responseStatusCode": status}


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (pause(), "read"),
        (pause(content_type="text/html"), "read"),
        (pause(404, content_type="video/mp4", Content_Length="10"), "read"),
        (pause(206, content_type="video/mp4", content_length="10"), "read"),
        (pause(content_length="1000", content_encoding="Identity"), "flow"),
        (pause(content_length="1000", content_encoding="br"), "read"),
        (pause(content_length="1000", content_type="text/html", kind="Document"), "read"),
        (pause(content_length="1000", content_type="text/plain", kind="Document"), "read"),
        (pause(content_length="1000", content_type="application/zip", kind="Document"), "take"),
        (pause(content_length="2001"), "take"),
        (pause(content_length="\N{SUPERSCRIPT TWO}"), "read"),
        (pause(content_length="9" * 5000, content_type="video/mp4"), "watch"),
        (pause(content_type="Text/Event-Stream; charset=utf-8"), "watch"),
        (pause(content_type="multipart/x-mixed-replace"), "watch"),
        (pause(content_type="video/mp4"), "watch"),
        (pause(content_type="application/octet-stream"), "watch"),
        (pause(method="HEAD"), "none"),
        (pause(302, location="/there"), "none"),
        (pause(302), "read"),  # it leads nowhere, so the page gets what it holds
        (pause(300, location="/there"), "read"),
        (pause(304), "none"),
        (pause(204), "none"),
        ({"request": {"method": "GET"}, "responseErrorReason": "Failed"}, "none"),
    ],
)
def test_what_is_done_with_a_body(event, wanted: str) -> None:
    assert plan(event, CaptureLimits(body_bytes=2000, flow_from=1000)) == wanted


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (pause(content_length="10", kind="Media"), True),
        (pause(content_length="10", kind="XHR", content_type="text/plain"), True),
        (pause(kind="Script"), True),
        (pause(kind="Document", content_type="text/html"), True),
        (pause(kind="XHR", content_type="application/json"), True),
        (pause(kind="Fetch", content_type="text/plain"), False),
        (pause(kind="EventSource", content_type="text/event-stream"), False),
        (pause(content_length="10", kind="Document", content_type="application/zip"), False),
        (pause(content_length="10", content_disposition="attachment; filename=a"), False),
    ],
)
def test_which_bodies_are_expected_whole(event, wanted: bool) -> None:
    assert expected(event) is wanted


def test_bodies_are_spooled_from_a_size_on(tmp_path: Path) -> None:
    small = keep(b"x" * 9, 10, tmp_path / "a")
    large = keep(b"x" * 10, 10, tmp_path / "b" / "c")
    assert (small.spool, large.spool) == (None, str(tmp_path / "b" / "c"))
    assert large.read() == b"x" * 10
    assert large.digest != small.digest


def flow_of(run, folder: Path, **known: Any) -> tuple[Flow, asyncio.Event]:
    async def made() -> tuple[Flow, asyncio.Event]:
        road = asyncio.Event()
        road.set()
        flow = Flow("u", folder / "f", 10, 8, 0.0, backlog=Backlog(road), **known)
        return flow, road

    return run(made())


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_flow_has_its_order_its_cap_and_its_file(run, tmp_path: Path) -> None:
    flow, _ = flow_of(run, tmp_path, endless=True)
    flow.add(coded(b"later"), 1.0)
    flow.add(coded(b"first "), 1.0, first=True)
    flow.add(coded(b"!!!!!!"), 2.0)
    body = flow.close()
    flow.add(coded(b"too late"), 3.0)
    assert flow.close() is body
    assert (body.read(), body.spool) == (b"first late", str(tmp_path / "f"))
    assert body.digest == Body.of(b"first late").digest
    assert flow.cut()[0] == "length"


def test_pieces_keep_their_order_however_many_threads_write(run, tmp_path: Path) -> None:
    """What made bodies of the right length and the wrong order once: two writers of one body."""
    pieces = [bytes([n % 251]) * 700 for n in range(3000)]
    road = asyncio.Event()
    flow = Flow("u", tmp_path / "f", 1 << 30, 1 << 16, 0.0, backlog=Backlog(road))
    with ThreadPoolExecutor(8) as threads:
        for n, piece in enumerate(pieces):
            flow.add(coded(piece), 1.0)
            if n % 3 == 0:
                threads.submit(flow.write)
    assert flow.close().read() == b"".join(pieces)


def test_what_waits_for_a_beginning_that_never_came_is_left_out(run, tmp_path: Path) -> None:
    flow, _ = flow_of(run, tmp_path)
    flow.opening = True
    flow.add(coded(b"end"), 1.0)
    assert (flow.close().size, flow.cut()[0]) == (0, "time")


def test_a_short_flow_stays_in_memory_and_says_how_it_was_cut(run, tmp_path: Path) -> None:
    flow, _ = flow_of(run, tmp_path, length=7)
    flow.put(b"four")
    assert flow.cut()[0] == "time"
    flow.ended = True
    assert flow.cut() == ("unspecified", "4 of 7 bytes came")
    flow.put(b"abc")
    assert flow.cut() == (None, "")
    assert (flow.close().data, flow.close().spool) == (b"fourabc", None)
    assert list(tmp_path.iterdir()) == []


def test_a_flow_is_waited_for_as_long_as_its_pace_promises(run, tmp_path: Path) -> None:
    flow, _ = flow_of(run, tmp_path, length=10)
    assert not flow.promising(1.0, 100.0)
    flow.put(b"x")
    flow.add(coded(b""), 10.0)
    assert flow.promising(10.0, 100.0)
    assert not flow.promising(10.0, 99.0)
    assert not flow.promising(20.0, 1000.0)


def test_the_reader_waits_when_too_much_is_unwritten(run, tmp_path: Path) -> None:
    flow, road = flow_of(run, tmp_path)
    flow.add("A" * HIGH, 1.0)
    assert road.is_set()
    flow.add("AAAA", 1.0)
    assert not road.is_set()
    flow.release(flow.write())
    assert road.is_set()


@pytest.mark.parametrize(
    ("told", "files", "bounds"),
    [
        ("0::/", {}, (0, 0)),
        ("0::/", {"memory.max": "2147483648", "cpu.max": "max 100000"}, (2 << 30, 0)),
        (
            "0::/system.slice/archiver.service",
            {"system.slice/archiver.service/memory.max": "4294967296", "system.slice/memory.max": "max",
             "system.slice/cpu.max": "250000 100000"},
            (4 << 30, 2),
        ),
        ("0::/a", {"a/cpu.max": "50000 100000", "b/memory.max": "1"}, (0, 1)),
        (
            "9:name=systemd:/x\n4:memory:/x/y\n1:cpu:/x",
            {"memory/x/memory.limit_in_bytes": "1073741824", "memory/x/y/memory.limit_in_bytes": "9223372036854771712",
             "cpu/x/cpu.cfs_quota_us": "-1", "cpu/x/cpu.cfs_period_us": "100000", "name=systemd/x/memory.max": "1"},
            (1 << 30, 0),
        ),
        ("nonsense\n0::/../..", {"memory.max": "5"}, (5, 0)),
    ],
)  # fmt: skip
def test_what_the_control_groups_of_a_process_allow(
    tmp_path: Path, told: str, files: dict[str, str], bounds: tuple[int, int]
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n")
    groups = tuple(control_groups(told, tmp_path))
    memory = [bound for group in groups if (bound := memory_bound(group))]
    cores = [share for group in groups if (share := cores_bound(group))]
    assert (min(memory, default=0), min(cores, default=0)) == bounds
