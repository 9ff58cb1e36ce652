"""One response that the browser holds until its body has been dealt with.

A body of known length is bounded by that length. One that is coded, or of unknown length, may unfold to
anything while the browser holds it: so the browser's memory is watched while such a body is being waited
for, and when it grows beyond the limit of one body the wait is broken off, which frees it at once. The
address is remembered, and what is asked for again is taken piece by piece up to the limit.
"""

import asyncio
from contextlib import suppress
from typing import Any

from archiver.capture import recorder_bodies as bodies
from archiver.capture import recorder_headers as read
from archiver.capture.devtools import CommandFailed, DevTools
from archiver.capture.memory import memory
from archiver.capture.recorder_chain import Fields
from archiver.capture.recorder_flow import Flow
from archiver.capture.recorder_recording import Reading, Recording

WATCH_CAP = 8 << 20
PART = 1 << 20
PATIENCE = 10.0
"""Seconds that a long body waits at most for those of other pages."""
LOOK = 0.2
"""Seconds between two looks at the browser's memory."""
ASKED_LAST = "Storage.getCookies"
"""A question that the browser passes on to its network service, whose answer comes after all that this had said
before. It is about the browser's own profile, which no page uses: the answer is short."""
LAST_WORD = 5.0
"""Seconds that are waited for it."""


class Unfolds(Exception):
    """A body has grown beyond the limit while the browser held it."""


class Held:
    """A response-stage pause of one recording. `pid` is the browser's process, 0 where unknown."""

    def __init__(self, devtools: DevTools, recording: Recording, event: Fields, pid: int) -> None:
        self._devtools = devtools
        self._recording = recording
        self._event = event
        self._pid = pid
        self._loop = asyncio.get_running_loop()
        self.request_id = str(event.get("networkId") or event["requestId"])
        self.url = str(event["request"]["url"]).partition("#")[0]
        self._length = read.length_of(read.known(event))

    async def record(self, passed: bool) -> bool:
        """Take what the pause holds into the recording; False when the response must not go on.

        `passed`: a service worker asked. It may pass the body on to its page without seeing any of it,
        so that nothing of it flows where it was asked for.
        """
        recording, fold, limits = self._recording, self._recording.fold, self._recording.limits
        if fold.requested > limits.exchanges:
            recording.limits_hit.add("exchanges")
            fold.got_body(self.request_id, None, "length", "the limit of exchanges was reached")
            return False
        wanted = self._plan()
        if wanted == "none":
            return True
        if wanted != "watch" and recording.size >= limits.bytes:
            recording.limits_hit.add("bytes")
            fold.got_body(self.request_id, None, "length", "the limit of bytes was reached")
            return True
        flows = wanted == "watch" or (wanted == "flow" and not passed)
        if flows and await self._flow(wanted == "watch"):
            return True
        return await (self._take() if wanted == "take" else self._read())

    def _plan(self) -> bodies.Plan:
        """What is done with the body: by what it is, and by what is known of its address."""
        recording = self._recording
        wanted = bodies.plan(self._event, recording.limits)
        request = self._event["request"]
        if wanted == "none" or request["method"] != "GET":
            return wanted
        if self.url in recording.taking and "Range" not in request["headers"]:
            return wanted if self._event.get("resourceType") == "Media" else self._again()
        return "watch" if wanted == "read" and self.url in recording.dripping else wanted

    def _again(self) -> bodies.Plan:
        """What is done with what only we ask for. How a body ended that is taken as a stream nobody says: so one
        whose length is not told is waited for, but for what is known to be longer than may be waited for."""
        recording = self._recording
        recording.taking.discard(self.url)
        return "take" if self._length >= 0 or self.url in recording.cut_off() else "read"

    def _file(self, cap: int, **more: Any) -> Flow:  # noqa: ANN401 - as Flow takes them
        recording = self._recording
        known = self._length if self._length >= 0 else None
        return Flow(
            self.url, recording.file(), cap, recording.limits.spool_from, self._loop.time(),
            backlog=recording.backlog, length=known, **more,
        )  # fmt: skip

    # --- as it flows ---------------------------------------------------------------------------

    async def _flow(self, endless: bool) -> bool:
        """Have the body kept as it passes; False when that cannot be had of this one."""
        recording, limits = self._recording, self._recording.limits
        played = self._event.get("resourceType") == "Media"
        cap = min(WATCH_CAP, limits.body_bytes) if endless else limits.body_bytes
        turn = 0 if endless or played else await self._turn()
        flow = self._file(cap, endless=endless, played=played, turn=turn)
        flow.opening = self._event.get("resourceType") == "Document"
        opened = flow.opening or await self._opened(flow) or endless
        if not opened or recording.closed:
            recording.turns.give_back(recording, turn)
            return opened
        recording.flows[self.request_id] = flow
        if endless or played:
            recording.fold.watched(self.request_id)
        return True

    async def _turn(self) -> int:
        """Wait until it is this body's turn; gives what is to be given back when it has passed. It counts as
        being waited for meanwhile, and waits no more than a quarter of the time that its post has left."""
        recording, now = self._recording, self._loop.time()
        seconds = min(PATIENCE, (recording.until - now) / 4)
        expected, length = bodies.expected(self._event), max(self._length, 0)
        recording.reading[self.request_id] = Reading(self.url, now, True, expected)
        try:
            await recording.turns.take(recording, length, seconds)
        finally:
            recording.reading.pop(self.request_id, None)
        return length

    async def _opened(self, flow: Flow) -> bool:
        """Tell the target that asked for the body to hand out its pieces, before the first is there."""
        owner, asked = self._recording.fold.owner(self.request_id), {"requestId": self.request_id}
        try:
            answer = await self._devtools.send("Network.streamResourceContent", asked, owner, 10)
        except (CommandFailed, TimeoutError):
            flow.opening = flow.endless
            return False
        flow.add(answer["bufferedData"], self._loop.time(), first=True)
        flow.opened.set()
        return True

    # --- waited for ----------------------------------------------------------------------------

    async def _read(self) -> bool:
        """Wait for the whole body. A page gets it in any case, as soon as it ends."""
        recording, fold, limits = self._recording, self._recording.fold, self._recording.limits
        sized, expected = "content-length" in read.known(self._event), bodies.expected(self._event)
        reading = Reading(self.url, self._loop.time(), sized, expected)
        recording.reading[self.request_id] = reading
        try:
            async with asyncio.timeout(limits.body_seconds):
                answer = await self._answer(self._length >= 0)
                body = await recording.keep(answer)
            if body.size != self._length:
                await self._end_told()
            fold.got_body(self.request_id, body, None)
            recording.whole(self.url)
        except TimeoutError:
            self._lost("time", "the body did not end in time", "body-seconds" * expected)
        except Unfolds:
            self._lost("length", "its content is longer than the limit of one body", "body-bytes")
            return False
        except CommandFailed as error:
            self._lost("disconnect", f"the body was not had: {error}", "")
        finally:
            recording.reading.pop(self.request_id, None)
        return True

    async def _end_told(self) -> None:
        """Wait until the browser has been told how the body ended.

        That its stream has ended and how it ended come to the browser apart, and what is let go between the two it
        shows to the page, and to us, as whole: of 3,000 bodies cut over HTTP/2 on a busy machine 18 were.
        """
        with suppress(CommandFailed, TimeoutError):
            await self._devtools.send(ASKED_LAST, timeout=LAST_WORD)

    def _lost(self, cut: Any, note: str, limit: str) -> None:  # noqa: ANN401 - a Truncation
        if self._recording.closed:
            return
        self._recording.fold.got_body(self.request_id, None, cut, note)
        if limit:
            self._recording.short(self.url, limit)

    async def _answer(self, bounded: bool) -> Fields:
        """The answer with the body. Raises Unfolds, CommandFailed; ends with its caller's timeout."""
        asked = self._devtools.send(
            "Fetch.getResponseBody",
            {"requestId": self._event["requestId"]},
            timeout=self._recording.limits.body_seconds,
        )
        if bounded:
            return await asked
        answer = asyncio.ensure_future(asked)
        try:
            await asyncio.wait({answer}, timeout=LOOK)
            before = memory(self._pid)
            while not answer.done():
                await asyncio.wait({answer}, timeout=LOOK)
                if memory(self._pid) - before > self._recording.limits.body_bytes:
                    raise Unfolds
            return answer.result()
        finally:
            answer.cancel()

    # --- taken away ----------------------------------------------------------------------------

    async def _take(self) -> bool:
        """Take the body as a stream, up to the cap; always False, for the page can have it no more."""
        recording, limits = self._recording, self._recording.limits
        flow = self._file(limits.body_bytes, taken=True)
        recording.flows[self.request_id] = flow
        try:
            await self._stream(flow)
        except TimeoutError:
            flow.ended = False
        except CommandFailed as error:
            flow.failed = f"the body was not had: {error}"
        body = await asyncio.to_thread(flow.close)
        if flow.full and flow.size != flow.length:
            recording.limits_hit.add("body-bytes")
        recording.settle(self.request_id, flow, body)
        return False

    async def _stream(self, flow: Flow) -> None:
        """Read the stream to its end, the cap, or until it is too slow to end in time."""
        asked = {"requestId": self._event["requestId"]}
        limit = self._recording.limits.body_seconds
        answer = await self._devtools.send("Fetch.takeResponseBodyAsStream", asked, timeout=limit)
        handle, latest = {"handle": answer["stream"]}, self._loop.time() + limit
        try:
            while not flow.full and not flow.ended:
                left = latest - self._loop.time()
                if left <= 0 and not flow.promising(self._loop.time(), self._recording.until):
                    raise TimeoutError
                size = {"size": PART}
                part = await self._devtools.send(
                    "IO.read", {**handle, **size}, timeout=max(left, limit / 4)
                )
                data = bodies.decoded(part, "data")
                flow.last = self._loop.time()
                await asyncio.to_thread(flow.put, data)
                flow.ended = bool(part.get("eof"))
        finally:
            self._devtools.start(self._closed(handle))

    async def _closed(self, handle: Fields) -> None:
        try:
            await self._devtools.send("IO.close", handle, timeout=5)
        except (CommandFailed, TimeoutError):
            return
