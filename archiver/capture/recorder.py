"""The recorder: one DevTools socket a browser, one Recording a browser context.

How it listens was measured on a page with cross-site frames three deep, every kind of worker, a
popup, redirects and streams: response-stage pauses at the browser's root see every body, and
flat auto-attach with `waitForDebuggerOnStart` sees every request announced (without the wait the
first requests of frames, popups and workers go unannounced; pauses in each target instead of at
the root lose the scripts of nested and service workers). What remains unseen by any domain is the
browser's own check, a second after registration, whether a service worker's script has changed.
"""

import asyncio
import base64
import binascii
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from archiver.capture import recorder_bodies as bodies
from archiver.capture.devtools import CommandFailed, DevTools, DevToolsGone
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_chain import Fields
from archiver.capture.recorder_fold import Fold
from archiver.clock import Clock
from archiver.domain.exchange import Body, Truncation

PAUSE_ALL = {"patterns": [{"urlPattern": "*", "requestStage": "Response"}]}
ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
LISTENED = frozenset({"page", "iframe", "worker", "shared_worker", "service_worker"})
WATCH_CAP = 8 << 20
ROUTE_TRIES = 40
ROUTE_PAUSE = 0.05


class Recording:
    """What is being recorded of one browser context, and the files its bodies go to."""

    def __init__(self, context: str, limits: CaptureLimits, spool: Path, name: str) -> None:
        self.context = context
        self.limits = limits
        self.fold = Fold()
        self.frames: set[str] = set()
        self.watched: dict[str, bodies.Watched] = {}
        self.reading: dict[str, float] = {}
        self.dripping: set[str] = set()
        self.sized = 0
        self.limits_hit: set[str] = set()
        self.listening = asyncio.Event()
        self.size = 0
        self._spool = spool
        self._name = name
        self._files = 0

    def file(self) -> Path:
        """A fresh path in the spool folder."""
        self._files += 1
        return self._spool / f"{self._name}-{self._files}.body"

    def slow(self, now: float, seconds: float) -> tuple[str, ...]:
        """The addresses whose bodies, of unknown length, have been coming so long; `now` is the event loop's time."""
        return tuple(url for url, since in self.reading.items() if now - since >= seconds)

    async def keep(self, answer: Fields) -> Body:
        """The body in a DevTools answer, decoded and spooled off the event loop."""
        data = await asyncio.to_thread(bodies.decoded, answer)
        self.size += len(data)
        return await asyncio.to_thread(bodies.keep, data, self.limits.spool_from, self.file())

    def finish(self) -> None:
        """Close the watched bodies: what is still flowing was cut by the time limit."""
        for request_id, watched in self.watched.items():
            data = b"".join(watched.parts())
            body = bodies.keep(data, self.limits.spool_from, self.file())
            cut: Truncation | None = "length" if watched.full else "time"
            cut = None if watched.ended and not watched.full else cut
            self.fold.got_body(request_id, body, cut)
        self.watched.clear()


class Recorder:
    """Listens to a whole browser and hands each event to the Recording of its context."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._contexts: dict[str, Recording] = {}
        self._sessions: dict[str, tuple[str, str]] = {}
        self._settled: set[str] = set()
        self._devtools: DevTools | None = None

    async def open(self, url: str) -> None:
        """Connect to the browser's DevTools socket and begin to listen. Raises DevToolsGone."""
        self._devtools = await DevTools.open(url, self._take)
        await self._devtools.send("Fetch.enable", PAUSE_ALL)
        await self._devtools.send("Target.setAutoAttach", ATTACH)

    async def ask(self, method: str, timeout: float = 5.0) -> Fields:
        """One question to the browser itself. Raises DevToolsGone, CommandFailed, TimeoutError."""
        if self._devtools is None:
            raise DevToolsGone("the browser was never reached")
        return await self._devtools.send(method, timeout=timeout)

    async def tell(self, target: str, method: str, params: Fields, timeout: float) -> Fields:
        """One command to a page, past Playwright: its answers, such as pictures, come but once.

        Raises DevToolsGone, CommandFailed, TimeoutError.
        """
        session = next((s for s, (_, known) in self._sessions.items() if known == target), None)
        if self._devtools is None or session is None:
            raise DevToolsGone("the page has gone")
        return await self._devtools.send(method, params, session, timeout)

    async def close(self) -> None:
        """Stop listening. The browser goes on, or has ended already."""
        if self._devtools is not None:
            await self._devtools.close()

    async def wait_gone(self) -> None:
        """Wait until the browser has ended."""
        if self._devtools is not None:
            await self._devtools.ended.wait()

    @property
    def alive(self) -> bool:
        """Whether the socket is open."""
        return self._devtools is not None and not self._devtools.closed

    def begin(
        self, context: str, page: str, limits: CaptureLimits, spool: Path, name: str
    ) -> Recording:
        """Record the browser context `context`, whose first page is the target `page`."""
        recording = Recording(context, limits, spool, name)
        recording.frames.add(page)
        self._contexts[context] = recording
        if page in self._settled:
            recording.listening.set()
        return recording

    def end(self, recording: Recording) -> None:
        """Stop recording a context; later events of it are passed over."""
        self._contexts.pop(recording.context, None)
        recording.finish()

    # --- events ------------------------------------------------------------------------------

    def _take(self, session: str, method: str, event: Fields) -> None:
        if method == "Fetch.requestPaused":
            self._start(self._held(event))
        elif method == "Target.attachedToTarget":
            self._attached(event)
        elif method == "Target.detachedFromTarget":
            _, target = self._sessions.pop(event["sessionId"], ("", ""))
            self._settled.discard(target)
        elif method.startswith("Network."):
            self._network(session, method, event)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._devtools is not None
        self._devtools.start(work)

    def _attached(self, event: Fields) -> None:
        info, session = event["targetInfo"], event["sessionId"]
        context, target = str(info.get("browserContextId") or ""), str(info["targetId"])
        known = any(target == other for _, other in self._sessions.values())
        listened = info["type"] in LISTENED and not known
        if listened:
            self._sessions[session] = (context, target)
        self._start(self._settle(session, context, target, listened, event["waitingForDebugger"]))

    async def _settle(
        self, session: str, context: str, target: str, listened: bool, waiting: bool
    ) -> None:
        """Switch a new target's domains on, then let it run, whatever happened before."""
        commands: list[tuple[str, Fields]] = []
        if listened:
            commands = [
                ("Network.enable", {"maxPostDataSize": 1 << 20}),
                ("Target.setAutoAttach", ATTACH),
            ]
        if waiting:
            commands.append(("Runtime.runIfWaitingForDebugger", {}))
        await asyncio.gather(*(self._try(method, params, session) for method, params in commands))
        if listened:
            self._settled.add(target)
        recording = self._contexts.get(context)
        if recording is not None:
            recording.frames.add(target)
            recording.listening.set()

    async def _try(self, method: str, params: Fields, session: str = "") -> Fields | None:
        """Send a command whose failure only means that the target or the pause has gone."""
        assert self._devtools is not None
        try:
            return await self._devtools.send(method, params, session, timeout=10)
        except (CommandFailed, TimeoutError):
            return None

    def _network(self, session: str, method: str, event: Fields) -> None:
        context, _ = self._sessions.get(session, ("", ""))
        recording = self._contexts.get(context)
        if recording is None:
            return
        recording.fold.feed(session, method, event)
        request_id = str(event.get("requestId"))
        if method == "Network.requestWillBeSent":
            recording.frames.add(str(event.get("frameId") or ""))
            request = event["request"]
            if request.get("hasPostData") and "postData" not in request:
                self._start(self._fetch_post(recording, session, request_id))
        elif request_id in recording.watched:
            self._watch(recording, session, method, event)

    async def _fetch_post(self, recording: Recording, session: str, request_id: str) -> None:
        answer = await self._try("Network.getRequestPostData", {"requestId": request_id}, session)
        if answer is not None:
            data = bodies.decoded(answer, "postData")
            recording.fold.got_post(request_id, data)

    # --- endless bodies ------------------------------------------------------------------------

    def _watch(self, recording: Recording, session: str, method: str, event: Fields) -> None:
        watched = recording.watched[event["requestId"]]
        if method == "Network.responseReceived":
            self._start(self._stream(watched, session, event["requestId"]))
        elif method == "Network.dataReceived" and event.get("data"):
            watched.add(_bytes(event["data"]))
        elif method == "Network.loadingFinished":
            watched.ended = True

    async def _stream(self, watched: bodies.Watched, session: str, request_id: str) -> None:
        asked = {"requestId": request_id}
        answer = await self._try("Network.streamResourceContent", asked, session)
        if answer is not None:
            watched.add(_bytes(answer["bufferedData"]), first=True)

    # --- held responses ------------------------------------------------------------------------

    async def _held(self, event: Fields) -> None:
        """Deal with one pause; it ends in continue or fail whatever happens."""
        let_go, params = "Fetch.continueResponse", {"requestId": event["requestId"]}
        if event.get("responseStatusCode") is None:
            let_go = "Fetch.continueRequest"
        try:
            recording = await self._route(event)
            if recording is not None and not await self._record(recording, event):
                let_go, params = "Fetch.failRequest", {**params, "errorReason": "Aborted"}
        finally:
            await self._try(let_go, params)

    async def _route(self, event: Fields) -> Recording | None:
        """The Recording that a pause belongs to, waiting a little for the event that tells."""
        network_id, frame = str(event.get("networkId")), str(event.get("frameId"))
        for _ in range(ROUTE_TRIES):
            for recording in self._contexts.values():
                if frame in recording.frames or recording.fold.knows(network_id):
                    return recording
            if not self._contexts:
                return None
            await asyncio.sleep(ROUTE_PAUSE)
        return None

    async def _record(self, recording: Recording, event: Fields) -> bool:
        """Take what the pause holds into the Recording; False when the response must not go on.

        A body known to drip, from an earlier request for it, is watched instead of being waited for.
        """
        limits, fold = recording.limits, recording.fold
        request_id = str(event.get("networkId") or event["requestId"])
        fold.paused(request_id, {**event, "seenAt": self._clock.now().timestamp()})
        if fold.requested > limits.exchanges:
            recording.limits_hit.add("exchanges")
            fold.got_body(request_id, None, "length", "the limit of exchanges was reached")
            return False
        wanted = bodies.plan(event, limits)
        if wanted == "watch" or (
            wanted == "read" and event["request"]["url"] in recording.dripping
        ):
            recording.watched[request_id] = bodies.Watched(min(WATCH_CAP, limits.body_bytes))
            fold.watched(request_id)
        elif wanted != "none" and recording.size >= limits.bytes:
            recording.limits_hit.add("bytes")
            fold.got_body(request_id, None, "length", "the limit of bytes was reached")
        elif wanted != "none":
            return await self._read(recording, event, request_id, wanted == "cut")
        return True

    async def _read(self, recording: Recording, event: Fields, request_id: str, cut: bool) -> bool:
        assert self._devtools is not None
        limits, fold, pause = recording.limits, recording.fold, event["requestId"]
        url, loop = event["request"]["url"], asyncio.get_running_loop()
        sized = any(h["name"].lower() == "content-length" for h in event["responseHeaders"])
        recording.sized += sized
        if event["request"]["method"] == "GET" and not sized:
            recording.reading[url] = loop.time()
        try:
            async with asyncio.timeout(limits.body_seconds):
                if cut:
                    recording.limits_hit.add("body-bytes")
                    file, cap = recording.file(), limits.body_bytes
                    body = await bodies.read_up_to(self._devtools, pause, cap, file)
                    recording.size += body.size
                    fold.got_body(request_id, body, "length", "longer than the limit of one body")
                    return False
                asked = {"requestId": pause}
                answer = await self._devtools.send(
                    "Fetch.getResponseBody", asked, timeout=limits.body_seconds
                )
                body = await recording.keep(answer)
                fold.got_body(request_id, body, None)
                return True
        except TimeoutError:
            # A picture or video that named its length would have come whole with more time; an
            # endless stream never, and what is offered for download was refused and not cut.
            if sized and event.get("resourceType") in {"Image", "Media"}:
                recording.limits_hit.add("body-seconds")
            fold.got_body(request_id, None, "time", "the body did not end in time")
            return True  # the page gets it when it ends; failing it would change what is shown
        except CommandFailed as error:
            fold.got_body(request_id, None, "disconnect", f"the body was not had: {error}")
            return True
        finally:
            recording.sized -= sized
            recording.reading.pop(url, None)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""
