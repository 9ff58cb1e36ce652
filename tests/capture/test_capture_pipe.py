"""The pipe to the browser: how messages are packed, who shares it, and what a start that fails says."""

import asyncio
import base64
import re
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from archiver.capture.browser import Browser, BrowserSettings, open_browser
from archiver.capture.devtools import DevTools, from_base64, length_of
from archiver.capture.guest import Line
from archiver.capture.packing import HEADER, packed, unpacked, unpacked_long
from archiver.errors import BrowserUnavailable

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 31), (1 << 31) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
MESSAGES = st.dictionaries(st.text(max_size=9), VALUES, max_size=4)


@given(MESSAGES)
def test_what_is_packed_is_unpacked_the_same_by_both_readers(message: dict[str, Any]) -> None:
    content = packed(message)[HEADER:]
    assert unpacked(content) == message
    assert unpacked_long(memoryview(content)) == message


@given(MESSAGES, st.data())
def test_a_message_that_is_cut_is_told(message: dict[str, Any], data: st.DataObject) -> None:
    content = packed(message)[HEADER:]
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    for read in (lambda: unpacked(cut), lambda: unpacked_long(memoryview(cut))):
        with pytest.raises(ValueError):
            read()


def test_wide_texts_and_long_ones() -> None:
    """Text in UTF-16 comes without a tag; half a pair in it is no good Unicode. What is long is left as it came."""
    wide = "\ud83d and \u4f60".encode("utf-16-le", "surrogatepass")
    long = "x" * (64 << 10)
    content = b"\xbf" + cbor2.dumps("wide") + cbor2.dumps(wide)
    content += cbor2.dumps("long") + cbor2.dumps(long) + b"\xff"
    assert unpacked(content) == {"wide": "\ufffd and \u4f60", "long": long}
    found = unpacked_long(memoryview(content))
    assert found["wide"] == "\ufffd and \u4f60"
    assert (type(found["long"]), str(found["long"], "utf-8")) == (memoryview, long)


def test_whole_floats_are_ints_as_in_json() -> None:
    content = packed({"a": 30000.0, "b": [0.5, 1 << 40]})[HEADER:]
    for found in (unpacked(content), unpacked_long(memoryview(content))):
        assert repr(found["a"]) == "30000"
    assert unpacked(packed({"b": 1 << 40})[HEADER:]) == {"b": 1 << 40}


@pytest.mark.parametrize("as_it_comes", [bytes.decode, memoryview])
def test_base64_in_each_form(as_it_comes: Any) -> None:
    assert from_base64(as_it_comes(base64.b64encode(b"\x00\xffbody"))) == b"\x00\xffbody"
    assert from_base64(as_it_comes(b"no base64!")) == b""
    assert from_base64(b"bytes as they are") == b"bytes as they are"
    for size in range(5):
        assert length_of(as_it_comes(base64.b64encode(bytes(size)))) == size
    assert length_of(b"bytes as they are") == 17


def devtools_of(browser: Browser) -> DevTools:
    found = browser.recorder._devtools
    assert found is not None
    return found


@pytest.mark.browser
def test_only_who_knows_the_path_reaches_the_browser_and_only_the_first(run) -> None:
    async def story() -> None:
        async with open_browser(BrowserSettings(allow_no_sandbox=True), None) as browser:
            address = browser._endpoint().address
            assert re.fullmatch(r"ws://127\.0\.0\.1:\d+/[\w-]{43}", address)
            with pytest.raises((OSError, ConnectionClosed, InvalidStatus)):
                async with connect(address, proxy=None) as second:
                    await second.send('{"id":1,"method":"Browser.close"}')
                    await second.recv()
            async with browser.context(None) as (context, name):
                assert name
                await context.new_page()

    run(story())


@pytest.mark.browser
def test_a_path_that_is_guessed_is_refused(run) -> None:
    async def story() -> None:
        heard: list[object] = []
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Line("/right", lambda *said: heard.append(said[1])), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        for path, origin in (("/wrong", None), ("/", None), ("/right", "https://post.example")):
            with pytest.raises(InvalidStatus):
                await connect(f"ws://127.0.0.1:{port}{path}", origin=origin, proxy=None)  # type: ignore[arg-type]
        async with connect(f"ws://127.0.0.1:{port}/right", proxy=None) as socket:
            await socket.send(["{", '"half": "\\ud83d"', "}"])
            await socket.ping()
            while not heard:
                await asyncio.sleep(0.01)
        server.close()
        assert heard == [{"half": "?"}]

    run(story())


@pytest.mark.browser
def test_playwright_is_told_of_requests_only_where_it_answers_them(run, browser: Browser) -> None:
    async def story() -> tuple[list[str], str, list[str]]:
        async with browser.context(None) as (context, _):
            page, told = await context.new_page(), list[str]()
            page.on("request", lambda request: told.append(request.url))
            await page.goto("data:text/html,one")
            await page.evaluate("() => fetch('http://127.0.0.1:9/nothing').catch(() => 0)")
            before = list(told)
            await page.route("**/*", lambda route: route.fulfill(body="<p>routed"))
            await page.goto("http://routed.localhost:9/")
            return before, await page.inner_text("p"), told

    before, shown, told = run(story())
    assert (before, shown, told) == ([], "routed", ["http://routed.localhost:9/"])


@pytest.mark.browser
def test_contexts_made_at_once_keep_their_own_names(run, browser: Browser) -> None:
    async def one() -> tuple[str, str]:
        async with browser.context(None) as (context, name):
            page = await context.new_page()
            line = await context.new_cdp_session(page)
            told = (await line.send("Target.getTargetInfo"))["targetInfo"]
            assert browser.recorder.page_of(name) == told["targetId"]
            return name, told["browserContextId"]

    async def story() -> list[tuple[str, str]]:
        return await asyncio.gather(*(one() for _ in range(4)))

    names = run(story())
    assert all(said == true for said, true in names)
    assert len(set(names)) == 4


@pytest.mark.browser
def test_a_browser_that_cannot_start_says_why(run, tmp_path: Path) -> None:
    program = tmp_path / "chromium-headless-shell"
    program.write_text(
        "#!/bin/sh\necho 'a warning' >&2\necho '[1:FATAL:x.cc] No usable display!' >&2\nexit 1\n"
    )
    program.chmod(0o755)

    async def start() -> None:
        settings = BrowserSettings(allow_no_sandbox=True, executable=str(program))
        async with open_browser(settings, None):
            pass

    with pytest.raises(BrowserUnavailable, match="No usable display") as error:
        run(start())
    assert "doctor" in error.value.hint


@pytest.mark.browser
def test_a_line_that_brings_no_message_ends(run) -> None:
    """The browser is replaced then, as one that has died is."""

    async def story() -> tuple[bool, int]:
        async with open_browser(BrowserSettings(allow_no_sandbox=True), None) as browser:
            incoming = devtools_of(browser)._incoming
            with pytest.raises(ValueError):
                incoming.data_received(b"no message")
            await asyncio.wait_for(browser.recorder.wait_gone(), 5)
            alive = browser.alive()
            async with browser.context(None):
                return alive, browser.starts

    assert run(story()) == (False, 2)
