"""The recorder: one DevTools pipe a browser, one Recording a browser context.

How it listens was measured on a page with cross-site frames three deep, every kind of worker, a
popup, redirects and streams: response-stage pauses at the browser's root see every body, and
flat auto-attach with `waitForDebuggerOnStart` sees every request announced (without the wait the
first requests of frames, popups and workers go unannounced; pauses in each target instead of at
the root lose the scripts of nested and service workers). What remains unseen by any domain is the
browser's own check, a second after registration, whether a service worker's script has changed.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from archiver.capture import recorder_bodies as bodies
from archiver.capture.devtools import CommandFailed, DevTools, DevToolsGone, length_of
from archiver.capture.guest import Endpoint
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_chain import Fields
from archiver.capture.recorder_flow import Backlog, Flow, Turns
from archiver.capture.recorder_held import Held
from archiver.capture.recorder_recording import Recording
from archiver.clock import Clock

PAUSE_ALL = {"patterns": [{"urlPattern": "*", "requestStage": "Response"}]}
PAUSE_TWICE = {
    "patterns": [*PAUSE_ALL["patterns"], {"urlPattern": "*", "requestStage": "Request"}],
    "handleAuthRequests": True,
}
"""Challenges are told of, but only those of requests that were paused before they were sent."""
REFUSAL = {"response": "CancelAuth"}
ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
NETWORK = {"maxPostDataSize": 1 << 20, "maxTotalBufferSize": 16 << 20}
ENDS = frozenset({"Network.loadingFinished", "Network.loadingFailed"})
LISTENED = frozenset({"page", "iframe", "worker", "shared_worker", "service_worker"})
ROUTE_TRIES = 40
ROUTE_PAUSE = 0.05


class Recorder:
    """Listens to a whole browser and hands each event to the Recording of its context.

    `pid` is the browser's process, 0 as long as it is not known.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._contexts: dict[str, Recording] = {}
        self._sessions: dict[str, tuple[str, str]] = {}
        self._pages: dict[str, str] = {}
        self._passing: set[str] = set()
        self._settled: set[str] = set()
        self._devtools: DevTools | None = None
        self._road = asyncio.Event()
        self.backlog = Backlog(self._road)
        self.turns = Turns()
        self.pid = 0

    async def open(self, reading: int, writing: int) -> None:
        """Take over our ends of the browser's pipe."""
        self._devtools = await DevTools.open(reading, writing, self._take, self._road)

    async def listen(self, prompts: bool = False) -> Endpoint:
        """Begin to listen; gives where the browser's driver is to come to.

        `prompts`: the browser asks its user for a password where a server wants one, and waits without end;
        so it is told that there is none. That takes a second pause of each request.

        Raises DevToolsGone, CommandFailed, TimeoutError, OSError.
        """
        assert self._devtools is not None
        await self._devtools.send("Fetch.enable", PAUSE_TWICE if prompts else PAUSE_ALL)
        await self._devtools.send("Target.setAutoAttach", ATTACH)
        return await Endpoint.open(self._devtools)

    async def ask(self, method: str, timeout: float = 5.0) -> Fields:
        """One question to the browser itself. Raises DevToolsGone, CommandFailed, TimeoutError."""
        if self._devtools is None:
            raise DevToolsGone("the browser was never reached")
        return await self._devtools.send(method, timeout=timeout)

    async def tell(self, target: str, method: str, params: Fields, timeout: float) -> Fields:
        """One command to a page, past Playwright: its answers, such as pictures, come but once.

        Raises DevToolsGone, CommandFailed, TimeoutError.
        """
        session = self._session_of(target)
        if self._devtools is None or session is None:
            raise DevToolsGone("the page has gone")
        return await self._devtools.send(method, params, session, timeout)

    def reaches(self, target: str) -> bool:
        """Whether `tell` has a line to a page: one that was drawn ahead of its time has another."""
        return self._session_of(target) is not None

    def page_of(self, context: str) -> str | None:
        """The target of the page that was opened last in a browser context that is not recorded yet."""
        return self._pages.get(context)

    def _session_of(self, target: str) -> str | None:
        return next((s for s, (_, known) in self._sessions.items() if known == target), None)

    async def close(self) -> None:
        """Stop listening. The browser ends then, or has ended already."""
        if self._devtools is not None:
            await self._devtools.close()

    async def wait_gone(self) -> None:
        """Wait until the browser has ended."""
        if self._devtools is not None:
            await self._devtools.ended.wait()

    @property
    def alive(self) -> bool:
        """Whether the pipe is open."""
        return self._devtools is not None and not self._devtools.closed

    def begin(
        self, context: str, page: str, limits: CaptureLimits, spool: Path, name: str
    ) -> Recording:
        """Record the browser context `context`, whose first page is the target `page`."""
        recording = Recording(context, limits, spool, name, self.backlog, self.turns)
        recording.frames.add(page)
        self._contexts[context] = recording
        if page in self._settled:
            recording.listening.set()
        return recording

    def end(self, recording: Recording) -> None:
        """Stop recording a context; later events of it are passed over."""
        self._contexts.pop(recording.context, None)
        self._pages.pop(recording.context, None)
        recording.finish()

    # --- events ------------------------------------------------------------------------------

    def _take(self, session: str, method: str, event: Fields) -> None:
        if method == "Fetch.requestPaused":
            sent = "responseStatusCode" in event or "responseErrorReason" in event
            self._start(self._held(event) if sent else self._let_go("continueRequest", event))
        elif method == "Fetch.authRequired":
            self._start(self._let_go("continueWithAuth", event, authChallengeResponse=REFUSAL))
        elif method == "Target.attachedToTarget":
            self._attached(event)
        elif method == "Target.detachedFromTarget":
            context, target = self._sessions.pop(event["sessionId"], ("", ""))
            if (recording := self._contexts.get(context)) is not None:
                recording.fold.closed(event["sessionId"])
            self._settled.discard(target)
            self._passing.discard(event["sessionId"])
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
            if info["type"] == "page" and context not in self._contexts:
                self._pages[context] = target
            if info["type"] == "service_worker":
                self._passing.add(session)
                if (recording := self._contexts.get(context)) is not None:
                    recording.service_workers.add(str(info["url"]))
        self._start(self._settle(session, context, target, listened, event["waitingForDebugger"]))

    async def _settle(
        self, session: str, context: str, target: str, listened: bool, waiting: bool
    ) -> None:
        """Switch a new target's domains on, then let it run, whatever happened before."""
        commands: list[tuple[str, Fields]] = []
        if listened:
            commands = [
                ("Network.enable", NETWORK),
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
        elif request_id in recording.flows:
            self._flowed(recording, session, method, event)
        elif method == "Network.loadingFinished" and (ahead := recording.fold.ahead_of(request_id)):
            self._start(self._fetch_ahead(recording, session, request_id, ahead))

    async def _fetch_ahead(
        self, recording: Recording, session: str, request_id: str, ahead: str
    ) -> None:
        """The body of what was fetched ahead, of which the navigation that it was for can tell the text."""
        asked = {"requestId": request_id}
        answer = await self._try("Network.getResponseBody", asked, session)
        if answer is None:
            return
        if bodies.as_sent(answer, recording.fold.passed(request_id)):
            recording.fold.got_body(ahead, await recording.keep(answer), None)
        else:
            recording.fold.got_body(ahead, None, "unspecified", bodies.TEXT_ONLY)

    async def _fetch_post(self, recording: Recording, session: str, request_id: str) -> None:
        answer = await self._try("Network.getRequestPostData", {"requestId": request_id}, session)
        if answer is not None:
            data = bodies.decoded(answer, "postData")
            recording.fold.got_post(request_id, data)

    # --- bodies that flow ------------------------------------------------------------------------

    def _flowed(self, recording: Recording, session: str, method: str, event: Fields) -> None:
        request_id = event["requestId"]
        flow = recording.flows[request_id]
        if method == "Network.responseReceived" and flow.opening and not flow.opened.is_set():
            self._start(self._open(recording, flow, session, request_id))
        elif method == "Network.dataReceived" and event.get("data"):
            flow.handed += event["dataLength"]
            flow.add(event["data"], asyncio.get_running_loop().time())
            if flow.waits and not flow.writing:
                flow.writing = True
                self._start(self._drain(flow))
        elif method in ENDS and recording.fold.ended(request_id):
            flow.ended = True
            self._start(self._ended(recording, request_id, flow))

    async def _open(self, recording: Recording, flow: Flow, session: str, request_id: str) -> None:
        """Have the pieces of a document handed out: its target knows of it only once it is there."""
        asked = {"requestId": request_id}
        answer = await self._try("Network.streamResourceContent", asked, session)
        buffered = answer["bufferedData"] if answer is not None else ""
        before = recording.fold.passed(request_id) - flow.handed
        flow.lost = answer is None or length_of(buffered) < before
        flow.add(buffered, asyncio.get_running_loop().time(), first=True)
        flow.opened.set()
        flow.writing = True
        await self._drain(flow)

    async def _drain(self, flow: Flow) -> None:
        """Write what has come, one thread at a time; whoever starts it has said that it is `writing`."""
        try:
            while flow.waits:
                flow.release(await asyncio.to_thread(flow.write))
        finally:
            flow.writing = False

    async def _ended(self, recording: Recording, request_id: str, flow: Flow) -> None:
        if flow.opening:
            with suppress(TimeoutError):
                await asyncio.wait_for(flow.opened.wait(), 10)
        while flow.writing:
            await asyncio.sleep(0.01)
        recording.settle(request_id, flow, await asyncio.to_thread(flow.close))

    # --- held responses ------------------------------------------------------------------------

    async def _let_go(self, how: str, event: Fields, **more: Fields) -> None:
        """End a pause in which there is nothing to be recorded yet."""
        await self._try(f"Fetch.{how}", {"requestId": event["requestId"], **more})

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
        """Take what the pause holds into the recording; False when the response must not go on."""
        assert self._devtools is not None
        event = {**event, "networkId": recording.fold.paused_of(event)}
        held = Held(self._devtools, recording, event, self.pid)
        seen = {**event, "seenAt": self._clock.now().timestamp()}
        recording.fold.paused(held.request_id, seen)
        return await held.record(recording.fold.owner(held.request_id) in self._passing)
