"""The warcinfo record: who made this file, with what, and by which settings."""

from collections.abc import Iterator

from msgspec import Struct

from archiver.clock import milliseconds
from archiver.domain.capture import BrowserFacts, Capture
from archiver.domain.exchange import Body
from archiver.domain.manifest import Software
from archiver.records import text
from archiver.records.draft import Draft

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SHAPING = (
    "HTTP/2 and HTTP/3 messages are written in the form of HTTP/1.1; the protocol is in WARC-Protocol. "
    "Bodies that a browser handed over are content-decoded; headers that described the coding are kept "
    "as x-orig-*. Values of cookies, authorisation headers and tokens, parameters of addresses and fields of requests "
    "that are named as secrets, and whatever opens an account of ours are replaced by 'redacted'."
)


class WarcInfo(Struct, frozen=True, kw_only=True):
    """What holds for all WARC files of a run: the programs, the run's id, the user's settings.

    `settings` must hold no secret. `operator` is who answers for the archive, if configured.
    """

    software: Software
    run_id: str
    settings: dict[str, str] = {}
    operator: str | None = None


def warcinfo(capture: Capture, info: WarcInfo, file_name: str, record_id: str) -> Draft:
    """The draft of the file's first record (WARC 1.1 section 6.2: `application/warc-fields`)."""
    lines = [*_general(info), *_browser(capture.browser), *_settings(info)]
    block = "".join(f"{name}: {text.line(value)}\r\n" for name, value in lines)
    return Draft(
        type="warcinfo",
        id=record_id,
        date=milliseconds(capture.started_at),
        content_type="application/warc-fields",
        fields=(("WARC-Filename", file_name),),
        body=Body.of(block.encode()),
    )


def _general(info: WarcInfo) -> Iterator[tuple[str, str]]:
    software = info.software
    yield "software", f"archiver/{software.archiver} warcio/{software.warcio}"
    yield "format", "WARC File Format 1.1"
    yield "conformsTo", CONFORMS_TO
    yield "isPartOf", info.run_id
    if info.operator:
        yield "operator", info.operator
    yield "description", SHAPING
    yield "python", software.python
    yield "playwright", software.playwright
    yield "system", software.system


def _browser(browser: BrowserFacts | None) -> Iterator[tuple[str, str]]:
    if browser is None:
        return
    yield "http-header-user-agent", browser.user_agent
    yield "browser", browser.product
    yield "browser-sandbox", "on" if browser.sandbox else "off"
    width, height = browser.viewport
    yield "viewport", f"{width}x{height} scale {browser.scale:g}"
    yield "locale", browser.locale
    yield "timezone", browser.timezone
    if browser.arguments:
        yield "browser-arguments", " ".join(browser.arguments)


def _settings(info: WarcInfo) -> Iterator[tuple[str, str]]:
    for name in sorted(info.settings):
        yield f"setting-{text.token(name)}", info.settings[name]
