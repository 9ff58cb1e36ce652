"""When the network counts as being at rest."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from archiver.capture.behaviours import QUIET, wait_quiet
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_flow import Backlog, Turns
from archiver.capture.recorder_recording import Recording

ASKED: dict[str, Any] = {
    "requestId": "1",
    "wallTime": 1700000000,
    "request": {"url": "https://www.harbour-post.net/late", "method": "GET", "headers": {}},
}


def test_what_nobody_could_see_is_no_rest(tmp_path: Path) -> None:
    """The whole process stood still, as under SIGSTOP or in a machine that is out of breath."""

    async def told() -> list[bool]:
        made = Recording("c", CaptureLimits(), tmp_path, "n", Backlog(asyncio.Event()), Turns())
        resting = asyncio.create_task(wait_quiet(SimpleNamespace(recording=made), 60))
        await asyncio.sleep(0)
        time.sleep(2 * QUIET)
        await asyncio.sleep(0.01)
        early = resting.done()
        made.fold.feed("s", "Network.requestWillBeSent", ASKED)
        await asyncio.sleep(0.01)
        made.fold.feed("s", "Network.loadingFinished", {"requestId": "1"})
        return [early, await resting]

    assert asyncio.run(told()) == [False, True]
