"""A manifest for a person: everything that it says, in lines, in the order in which one asks."""

from collections.abc import Iterator
from datetime import datetime

from archiver.cli.explained import explained
from archiver.cli.text import amount, one_line, plural
from archiver.domain.manifest import Article, Manifest
from archiver.domain.record import Record


def stated(manifest: Manifest) -> Iterator[str]:
    """The lines. Nothing of the manifest is left out but what the tables of embeds in an article repeat."""
    yield f"Capture {manifest.capture_id} of {one_line(manifest.target)}"
    yield f"  {manifest.outcome.status}: {one_line(manifest.outcome.reason)}"
    for title, lines in (
        ("When, and by whom", _when(manifest)),
        ("Where the post was found", _articles(manifest)),
        ("What is known of it, and how", explained(manifest)),
        ("With what", _tools(manifest)),
        (
            "Settings",
            (f"  {name}: {one_line(value)}" for name, value in sorted(manifest.settings.items())),
        ),
        ("What lies in the archive", _files(manifest)),
        ("Who answered", _peers(manifest)),
        ("What was taken out before hashing", _redactions(manifest)),
        ("What is missing", _missing(manifest)),
        ("What was done with the file", _custody(manifest)),
    ):
        found = list(lines)
        if found:
            yield from ("", title, *found)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03} UTC"


def _when(manifest: Manifest) -> Iterator[str]:
    seconds = (manifest.ended_at - manifest.started_at).total_seconds()
    yield f"  from {_time(manifest.started_at)} to {_time(manifest.ended_at)}, {seconds:.1f} s"
    if manifest.visit_ms is not None:
        yield f"  the visit took {manifest.visit_ms / 1000:.3f} s by a clock that nobody sets"
    yield f"  in run {manifest.run_id}"
    if manifest.archive_id:
        yield f"  of the archive {one_line(manifest.archive_id)}"
    if who := manifest.collector:
        yield f"  by {one_line(who.operator or 'an operator who is not named')}, on machine {who.host}"
        yield f"  the clock of the machine: {who.clock}"


def _articles(manifest: Manifest) -> Iterator[str]:
    for article in manifest.articles:
        yield from _article(article)
    if manifest.confidence is None:
        yield from (f"  {one_line(step)}" for step in manifest.resolution)
    if manifest.document:
        embeds = sum(embed.role == "embed" for embed in manifest.found)
        yield f"  this is an article itself, {manifest.document}; it embeds {plural(embeds, 'post')}"


def _article(article: Article) -> Iterator[str]:
    yield f"  {one_line(article.url or article.source)}"
    if article.title:
        yield f"    {one_line(article.title)}"
    read = f", read {_time(article.read_at)}" if article.read_at else ""
    yield f"    {article.digest}{read}"
    for one in article.embed.evidence:
        place = f"at character {one.offset}" if one.offset is not None else one_line(one.path)
        yield f"    found by {one.rule} {place}, {one.confidence:.0%} sure: {one_line(one.fragment)[:120]}"


def _tools(manifest: Manifest) -> Iterator[str]:
    software = manifest.software
    package = f", its files {software.package}" if software.package else ""
    yield f"  archiver {software.archiver}{package}"
    if software.revision:
        yield f"    from a checkout of {one_line(software.revision)}"
    yield f"  Python {software.python}, Playwright {software.playwright}, warcio {software.warcio}"
    yield f"  {one_line(software.system)}"
    if browser := manifest.browser:
        yield f"  {one_line(browser.product)}, {browser.executable}"
        if browser.binary:
            yield f"    the program that ran: {browser.binary}"
        yield f"    as {one_line(browser.user_agent)}"
        size = f"{browser.viewport[0]}x{browser.viewport[1]} at scale {browser.scale:g}"
        if browser.fonts:
            yield f"    the fonts it could draw with: {browser.fonts}"
        sandbox = "with its sandbox" if browser.sandbox else "WITHOUT its sandbox"
        yield f"    {size}, {browser.locale}, {browser.timezone}, {sandbox}"
        yield f"    {one_line(' '.join(browser.arguments))}"


def _files(manifest: Manifest) -> Iterator[str]:
    if manifest.warc_file is None:
        yield "  no WARC file: there was nothing to write"
        return
    yield f"  {manifest.warc_file}, {amount(manifest.warc_size)}, {manifest.warc_digest}"
    if manifest.page_url and manifest.page_at:
        yield f"  the page: {one_line(manifest.page_url)} of {_time(manifest.page_at)}"
    if manifest.title:
        yield f"  its title: {one_line(manifest.title)}"
    for record in manifest.records:
        yield f"  byte {record.offset:>10}  {_kind(record):<14} {one_line(record.target_uri or record.id)}"
        yield f"{'':18}block {record.block_digest}"
        if record.payload_digest and record.payload_digest != record.block_digest:
            yield f"{'':18}payload {record.payload_digest}"


def _kind(record: Record) -> str:
    status = f" {record.status}" if record.status and record.type != "request" else ""
    return f"{record.type}{status}"


def _peers(manifest: Manifest) -> Iterator[str]:
    for peer in manifest.peers:
        yield f"  {one_line(peer.host)} at {peer.address or 'an address not known'} {' '.join(peer.protocols)}"
        if peer.tls:
            subject, issuer = one_line(peer.tls.subject), one_line(peer.tls.issuer)
            yield f"    {peer.tls.protocol} {peer.tls.cipher}, certificate of {subject} by {issuer}"
            yield from (f"    certificate {digest}" for digest in peer.tls.certificates)


def _redactions(manifest: Manifest) -> Iterator[str]:
    for one in manifest.redactions:
        yield f"  {one.header} ({one.rule}) {plural(one.count, 'time')} in {one.record_id}"


def _missing(manifest: Manifest) -> Iterator[str]:
    recorded = sum(record.type in {"response", "revisit"} for record in manifest.records)
    yield f"  {plural(manifest.requested, 'request')}, {plural(recorded, 'answer')} recorded"
    for lost in manifest.unrecorded:
        yield f"  {lost.method} {one_line(lost.url)}: {one_line(lost.reason)}"
    for blocked in manifest.blocked:
        yield f"  refused: {one_line(blocked.host)} port {blocked.port}: {one_line(blocked.reason)}"
    for name in manifest.limits_hit:
        yield f"  the limit of {name} was reached"
    for record in manifest.records:
        if record.truncated and record.type == "response":
            why = f": {one_line(record.truncated_because)}" if record.truncated_because else ""
            yield f"  cut ({record.truncated}): {one_line(record.target_uri or record.id)}{why}"


def _custody(manifest: Manifest) -> Iterator[str]:
    for event in manifest.custody:
        before = f" from {event.before}" if event.before else ""
        yield f"  {_time(event.at)} {event.event} by {event.tool}{before}: {event.after}"
