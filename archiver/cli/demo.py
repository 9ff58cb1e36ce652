"""`archiver demo`: the whole job against the bundled web, compared with what that web knows."""

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from msgspec.structs import replace

from archiver.cli.options import VISIT, takes
from archiver.cli.progress import watching
from archiver.cli.summary import paint, summary_lines, summary_object
from archiver.cli.text import as_json, plural, shortened
from archiver.cli.verify import lines as verified
from archiver.config import Settings
from archiver.demoweb.model import Expected
from archiver.demoweb.serve import DemoWeb
from archiver.errors import ArchiveDamaged
from archiver.intake.read import read_seeds
from archiver.net.pace import Pace
from archiver.pipeline import run
from archiver.report import PostRow, RunReport, RunRequest
from archiver.verification.verify import verify


@takes(
    "force",
    *VISIT,
    "json",
    defaults={"archive": "archives/demo", "allow_no_sandbox": "true", "refetch_after": "52w"},
)
def command(settings: Settings, force: bool) -> int:
    """Do the whole job against a small social web that comes with archiver.

    It answers on the loopback interface only, by the platforms' real host names. What comes out is
    compared with what that web knows of its posts, and what was written is verified.
    """
    with DemoWeb() as demo:
        ours = replace(settings, proxy=demo.proxy_url, ca_file=demo.ca_file)
        seeds, bad = read_seeds(demo.articles)
        with watching(ours) as watch:
            request = RunRequest(seeds=seeds, bad_seeds=bad, force=force)
            report = run(ours, request, watch, pace=Pace(interval=0.0))
    if report.signal:
        return report.exit_code
    checked = verify([settings.archive])
    wrong = differences(report, demo.expected)
    if settings.json:
        click.echo(as_json(summary_object(report)))
        click.echo(demo_summary(report, wrong, len(checked.defects)))
    elif not settings.quiet:
        width = max(shutil.get_terminal_size((80, 24)).columns, 60)
        paint([*summary_lines(report, width), "", *comparison(report, demo)])
        paint(["", *verified(checked), "", *verdict(report, wrong), "", *where(settings, report)])
    return ArchiveDamaged.exit_code if checked.defects else int(bool(wrong or bad))


def differences(report: RunReport, expected: Mapping[str, Expected]) -> tuple[str, ...]:
    """The targets that did not come out as the demo web knows them, or are none of its posts."""
    seen = {row.target: row.status for row in report.rows}
    right = {target: post.status for target, post in expected.items()}
    return tuple(sorted(t for t in seen.keys() | right.keys() if seen.get(t) != right.get(t)))


def comparison(report: RunReport, demo: DemoWeb) -> Iterator[str]:
    """Article by article: each post, what became of it, and whether that is the truth."""
    rows = {row.target: row for row in report.rows}
    for article, targets in demo.embeds.items():
        yield shortened(article if "://" in article else Path(article).name, 78)
        for target in targets:
            yield _line(target, rows.get(target), demo.expected.get(target))
    for target in sorted(rows.keys() - demo.expected.keys()):
        yield _line(target, rows[target], None)


def _line(target: str, row: PostRow | None, expected: Expected | None) -> str:
    seen = str(row.status) if row else "missing"
    right = str(expected.status) if expected else "no such post"
    remark = "as it is" if seen == right else f"WRONG: it is {right}"
    return f"  {seen:<13} {shortened(target, 38):<38}  {remark}"


def verdict(report: RunReport, wrong: tuple[str, ...]) -> Iterator[str]:
    """All in one line."""
    posts = plural(len(report.rows), "post")
    visited = plural(len(report.captured_now), "post")
    if wrong:
        yield f"{len(wrong)} of {posts} did not come out as the demo web has them."
    else:
        yield f"All {posts} came out as the demo web has them; {visited} visited in this run."


def where(settings: Settings, report: RunReport) -> Iterator[str]:
    """Where things lie, and how to look at them."""
    script = near(str(Path(sys.executable).with_name("archiver")))
    archive = f"{'archiver' if shutil.which('archiver') else script} --archive {near(str(settings.archive))}"
    shown = next((row.target for row in report.rows if row.status == "captured"), "POST")
    yield f"The archive is in {near(str(settings.archive))}. To look at it:"
    yield f"  {archive} list"
    yield f"  {archive} show {shown}"
    yield f"  {archive} view"
    yield f"  {archive} export --wacz demo.wacz"
    yield "and open demo.wacz on https://replayweb.page"


def near(path: str) -> str:
    """A path as one would type it here: relative to the working directory if it is below it."""
    here = Path.cwd()
    whole = Path(path).absolute()
    return shlex.quote(str(whole.relative_to(here) if whole.is_relative_to(here) else whole))


def demo_summary(report: RunReport, wrong: tuple[str, ...], defects: int) -> str:
    """The `demo_summary` event."""
    fields = {"event": "demo_summary", "posts": len(report.rows), "wrong": wrong}
    return as_json({**fields, "defects": defects})
