"""`archiver doctor`: what this machine lacks, and the command that mends it."""

import click

from archiver.cli.checks import CHECKS, Finding
from archiver.cli.extract import terminal_width
from archiver.cli.options import takes
from archiver.cli.text import as_json, one_line, wrapped
from archiver.config import Settings
from archiver.errors import BrowserUnavailable

WORDS = {"ok": "fine", "note": "note", "bad": "BAD"}


@takes("browser", "allow_no_sandbox", "json")
def command(settings: Settings) -> int:
    """Check browser, sandbox, fonts, disk, clock, archive, settings and network guard.

    Says of each whether it is fine and, if not, what mends it. Exit code 6 when there is no usable
    browser, 1 when something else is wrong.
    """
    findings = [check(settings) for check in CHECKS]
    for finding in findings:
        if settings.json:
            click.echo(as_json(finding))
        elif finding.state != "ok" or not settings.quiet:
            for line in lines(finding, terminal_width()):
                click.echo(line)
    wrong = {finding.name for finding in findings if finding.state == "bad"}
    return BrowserUnavailable.exit_code if wrong & {"browser", "sandbox"} else int(bool(wrong))


def lines(finding: Finding, width: int | None) -> list[str]:
    """The finding, and below it what mends it; wrapped at `width` unless it is None."""
    said = [f"{WORDS[finding.state]:<5} {finding.name:<9}  {one_line(finding.text)}"]
    said += [f"{'':17}→ {one_line(finding.mend)}"] if finding.mend else []
    return said if width is None else [part for line in said for part in wrapped(line, width)]
