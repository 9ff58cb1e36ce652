"""The table of options: command line, environment variables and keys of the file all come from it."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from archiver.config.values import (
    count,
    flag,
    header,
    levels,
    locale,
    number,
    path,
    port,
    proxy,
    seconds,
    size,
    text,
    time_gate,
    web_address,
)
from archiver.domain.capture import Status

PREFIX = "ARCHIVER_"


class Option(Struct, frozen=True, kw_only=True):
    """One option, as the command line, the environment and the file know it.

    `name` is the key in the file; `read` turns what was written into its value or raises ValueError
    with the words that follow "NAME ". `default` is written as a user would write it. `choices` limits
    a text to a few words. `many` options may be repeated; they are lists in the file, and divided by
    spaces in the environment. `group` options stand before the command (and are understood after it).
    """

    name: str
    read: Callable[[object], Any]
    help: str
    default: str | None = None
    metavar: str = ""
    short: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    group: bool = False

    @property
    def flag(self) -> str:
        """`--max-bytes`"""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """`ARCHIVER_MAX_BYTES`"""
        return PREFIX + self.name.upper()

    @property
    def is_flag(self) -> bool:
        """Whether the option is only said or not said."""
        return self.read is flag

    def shown(self, written: object) -> str:
        """What was written, for an error message; an address of the user's may hold a password."""
        private = self.read in (proxy, web_address)
        return "what was given (it may hold a password)" if private else repr(written)

    def value(self, written: object) -> object:
        """The typed value of what was written. Raises ValueError."""
        if self.many:
            if not isinstance(written, Sequence) or isinstance(written, str):
                raise ValueError("must be a list")
            return tuple(self.one(item) for item in written)
        return self.one(written)

    def one(self, written: object) -> Any:  # noqa: ANN401 - as typed as `read` is
        """The typed value of a single item. Raises ValueError."""
        value = self.read(written)
        if self.choices and value not in self.choices:
            raise ValueError("must be one of " + ", ".join(self.choices))
        return value


OPTIONS = (
    Option(name="archive", read=path, group=True, metavar="DIR", default="archives",
           help="Where captures are kept."),
    Option(name="config", read=path, group=True, metavar="FILE",
           help="Settings file (else ./archiver.toml, else the one in the user's config folder)."),
    Option(name="proxy", read=proxy, group=True, metavar="URL",
           help="All traffic, the browser's and our own, goes through this proxy."),
    Option(name="ca_file", read=path, group=True, metavar="PEM",
           help="Certificate authority trusted in addition to the usual ones."),
    Option(name="log_file", read=path, group=True, metavar="FILE",
           help="Append the log (JSON lines) to this file too."),
    Option(name="verbose", read=flag, group=True, short="-v",
           help="Say what happens; show tracebacks of unexpected errors."),
    Option(name="quiet", read=flag, group=True, short="-q",
           help="No progress and no summary; errors only."),
    Option(name="json", read=flag, group=True,
           help="Machine-readable output: one JSON object a line."),
    Option(name="concurrency", read=count, metavar="N",
           help="How many posts or pages are visited side by side (else as many as cores and memory allow)."),
    Option(name="timeout", read=seconds, metavar="TIME", default="90s",
           help="Hard limit for one post or page, such as 90s or 2m."),
    Option(name="max_bytes", read=size, metavar="SIZE", default="200MB",
           help="Most that is kept of one post or page, such as 200MB."),
    Option(name="user_agent", read=text, metavar="TEXT",
           help="User agent of the browser (else its own, which says that it is headless)."),
    Option(name="client_user_agent", read=header, metavar="TEXT",
           help="User agent of our own requests (else archiver, its version, its purpose, the contact)."),
    Option(name="contact", read=header, metavar="TEXT",
           help="Whom a site may write to, in the user agent of our own requests: an address or a URL."),
    Option(name="respect_robots", read=flag,
           help="Fetch and visit nothing that a host's robots.txt forbids (RFC 9309)."),
    Option(name="operator", read=text, metavar="TEXT",
           help="Who answers for the archive; named in every manifest and WARC file."),
    Option(name="locale", read=locale, metavar="TAG", default="en-US",
           help="Language the browser asks for."),
    Option(name="browser", read=text, metavar="PATH",
           help="The Chromium to use, a path or a name (else the first one found)."),
    Option(name="allow_no_sandbox", read=flag,
           help="Go on, with a warning, where Chromium cannot have its sandbox."),
    Option(name="no_articles", read=flag,
           help="Read articles only; do not visit them in the browser too."),
    Option(name="refetch_after", read=seconds, metavar="TIME",
           help="Capture a post again when its last capture is older, such as 30d."),
    Option(name="schedule", read=seconds, many=True, metavar="TIME",
           help="Pauses between captures of a post, the last for ever (else 1h 1d 7d 30d 182d)."),
    Option(name="min_free", read=size, metavar="SIZE", default="100MB",
           help="Begin nothing when less room than this is free for the archive."),
    Option(name="max_posts", read=number, metavar="N",
           help="Visit at most N posts; the rest is left to the next run."),
    Option(name="max_time", read=seconds, metavar="TIME",
           help="Begin no visit after this time; the rest is left to the next run."),
    Option(name="seeds_only", read=flag,
           help="Visit only posts of the seeds named now, not others of the archive that are due."),
    Option(name="healthcheck", read=web_address, metavar="URL",
           help="A health check's address: told at the start (/start) and the exit code at the end."),
    Option(name="metrics", read=path, metavar="FILE",
           help="Write the outcome here for Prometheus (textfile collector)."),
    Option(name="keys", read=path, metavar="DIR",
           help="Where the private signing keys lie (else in the archive's folder keys)."),
    Option(name="tsa", read=web_address, many=True, metavar="URL",
           help="Time-stamping authority (RFC 3161) asked at the end of a run. May be repeated."),
    Option(name="tsa_ca", read=path, metavar="PEM",
           help="Certificates trusted for time stamps in addition to the public ones."),
    Option(name="ots_calendars", read=web_address, many=True, metavar="URL",
           help="Calendar of OpenTimestamps asked at the end of a run (needs archiver[ots]). May be repeated."),
    Option(name="all_rungs", read=flag,
           help="Go through every rung of the ladder even when one has shown the post."),
    Option(name="storage_state", read=path, metavar="FILE",
           help="Your own login (Playwright's storage state), for posts that nothing else shows."),
    Option(name="web_archive", read=time_gate, many=True, metavar="URL",
           help="A web archive's TimeGate (else the Wayback Machine's). May be repeated."),
    Option(name="depth", read=levels, metavar="N", default="1",
           help="How far quoted, answered and reposted posts are followed; 0 not at all."),
    Option(name="media", read=text, choices=("browser", "yt-dlp"), default="browser",
           help="Who fetches videos: the browser alone, or yt-dlp too (needs archiver[media])."),
    Option(name="seeds", read=path, many=True, metavar="FILE",
           help="A list of seeds, one a line, # for comments. May be repeated."),
    Option(name="force", read=flag, help="Capture also what is not due."),
    Option(name="dry_run", read=flag, short="-n",
           help="Read what is named and say what would be captured; write nothing."),
    Option(name="format", read=text, choices=("table", "jsonl", "csv"), default="table",
           help="How embeds are printed."),
    Option(name="all", read=flag,
           help="Print all: links and widgets too (extract), unchanged captures too (changes)."),
    Option(name="render", read=flag,
           help="Load pages in the browser too, and read them after their scripts."),
    Option(name="status", read=text, metavar="STATUS", many=True, choices=tuple(Status),
           help="Only posts with this status. May be repeated."),
    Option(name="platform", read=text, metavar="PLATFORM", many=True,
           help="Only posts of this platform. May be repeated."),
    Option(name="manifest", read=flag,
           help="Tell all that the manifest of the last capture says; with --json the file itself."),
    Option(name="pin", read=path, many=True, metavar="FILE",
           help="A public key, or a checkpoint of the log, kept elsewhere. May be repeated."),
    Option(name="since", read=text, metavar="WHEN",
           help="From this day on (2026-11-22), or for so long (7d)."),
    Option(name="reason", read=text, metavar="TEXT",
           help="Why; the tombstone, or the statement of the new keys, keeps it."),
    Option(name="destroy", read=flag, help="Delete the files for good instead of moving them."),
    Option(name="print", read=text, choices=("crontab", "systemd"), default="crontab",
           help="What to print."),
    Option(name="max_age", read=seconds, metavar="TIME",
           help="Exit with 1 when the last run is longer ago, such as 26h."),
    Option(name="origin", read=flag, help="Say of each setting where it comes from."),
    Option(name="consistency", read=text, metavar="OLD",
           help="Prove that the log begins with this checkpoint: a file, or its number of leaves."),
    Option(name="viewer", read=path, metavar="PATH",
           help="The folder of ReplayWeb.page, or pywb's program wayback (else the first one found)."),
    Option(name="port", read=port, metavar="PORT", help="The port to serve on (else a free one)."),
    Option(name="wacz", read=path, metavar="FILE", help="The WACZ file to write."),
    Option(name="run", read=text, many=True, metavar="ID",
           help="Only captures of this run. May be repeated."),
    Option(name="post", read=text, many=True, metavar="POST",
           help="Only this post (platform:id or its URL). May be repeated."),
)  # fmt: skip

BY_NAME = {option.name: option for option in OPTIONS}
