"""What a run reports: counts, exit codes, and the words printed of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.cli.summary import conclude, summary_lines, summary_object, troubles
from archiver.config import Settings
from archiver.domain.capture import Status
from archiver.domain.seed import BadSeed
from archiver.report import PostRow, RunReport, Silent, Watcher

BEGAN = datetime(2026, 11, 22, 4, 6, 11, tzinfo=UTC)
BAD = BadSeed(source="htp:/a", origin="seeds.txt:14", reason="not a URL and not a file")


def row(number: int, status: Status, **more) -> PostRow:
    return PostRow(
        target=f"x:{number}", platform="x", status=status, reason="a reason", size=1000, **more
    )


def report(*rows: PostRow, **more) -> RunReport:
    return RunReport(
        run_id="20261122T040611Z-3f9a",
        folder=Path("archives/runs/2026/11/22/20261122T040611Z-3f9a"),
        started_at=BEGAN,
        ended_at=BEGAN + timedelta(seconds=41),
        rows=rows,
        **more,
    )


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (report(), 0),
        (report(row(1, Status.CAPTURED), row(2, Status.GONE), row(3, Status.PRIVATE)), 0),
        (report(row(1, Status.WITHHELD), row(2, Status.LOGIN_WALL)), 1),
        (report(row(1, Status.UNRESOLVED)), 1),
        (report(row(1, Status.FAILED, skipped=True)), 0),
        (report(row(1, Status.PENDING), dry_run=True), 0),
        (report(bad_seeds=(BAD,)), 4),
        (report(bad_seeds=(BAD,), documents=1), 1),
        (report(row(1, Status.CAPTURED), bad_seeds=(BAD,)), 1),
        (report(problems=("one",), documents=1), 1),
        (report(row(1, Status.CAPTURED), signal=2), 130),
        (report(row(1, Status.CAPTURED), signal=15), 143),
    ],
)
def test_exit_code(made: RunReport, code: int) -> None:
    assert made.exit_code == code


def test_counts_and_size_leave_out_what_stood_before() -> None:
    made = report(
        row(1, Status.GONE), row(2, Status.CAPTURED), row(3, Status.CAPTURED, skipped=True)
    )
    assert made.counts == {Status.CAPTURED: 2, Status.GONE: 1}
    assert list(made.counts) == [Status.CAPTURED, Status.GONE]
    assert made.size == 2000
    assert [r.target for r in made.captured_now] == ["x:1", "x:2"]


def test_summary_says_what_happened_within_80_columns() -> None:
    made = report(
        row(1, Status.CAPTURED),
        row(2, Status.CAPTURED, skipped=True),
        row(3, Status.UNRESOLVED, articles=("one.txt", "two.txt", "three.txt")),
        row(4, Status.FAILED, url="https://x.com/" + "a" * 300),
        bad_seeds=(BAD,),
        mended=("the run of yesterday was finished",),
        documents=2,
    )
    lines = summary_lines(made, 80)
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert lines[0] == "Run 20261122T040611Z-3f9a: 2 documents, 4 posts, 41.0 s"
    assert "captured       2  (1 from earlier runs)  x 2" in text
    assert "in one.txt, two.txt, …" in text
    assert "seeds.txt:14: htp:/a: not a URL and not a file" in text
    assert "the run of yesterday was finished" in text
    assert "3.0 kB in archives/runs/2026/11/22/20261122T040611Z-3f9a" in text


def test_nothing_from_a_page_steers_the_terminal() -> None:
    evil = PostRow(
        target="web:https://a/\x1b[2J", platform="web", status=Status.FAILED,
        reason="\x1b]0;owned\x07\nRun fine: \u202eall captured", articles=("a\rb\n.html",),
    )  # fmt: skip
    text = "\n".join(summary_lines(report(evil)) + troubles(report(evil)))
    assert not set(text) & {"\x1b", "\x07", "\r", "\u202e"}
    assert not any(line.startswith("Run fine") for line in text.splitlines())


def test_summary_event_is_whole() -> None:
    said = json.loads(json.dumps(summary_object(report(row(1, Status.GONE))), default=str))
    assert said["event"] == "run_summary"
    assert said["by_status"] == {"gone": 1}
    assert said["exit_code"] == 0


@pytest.mark.parametrize("settings", [Settings(), Settings(quiet=True)])
def test_without_a_terminal_silence_when_all_is_well(capsys, settings: Settings) -> None:
    assert conclude(settings, report(row(1, Status.CAPTURED), row(2, Status.GONE))) == 0
    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_troubles_go_to_stderr(capsys) -> None:
    made = report(row(1, Status.CAPTURED), row(2, Status.FAILED), bad_seeds=(BAD,))
    assert conclude(Settings(), made) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "archiver: seeds.txt:14: htp:/a: not a URL and not a file",
        "archiver: x:2: failed: a reason",
        "archiver: run 20261122T040611Z-3f9a: 1 of 2 posts settled",
    ]


def test_a_dry_run_names_what_is_due(capsys) -> None:
    made = report(row(1, Status.PENDING), dry_run=True)
    assert conclude(Settings(), made) == 0
    assert "x:1" in capsys.readouterr().out


def test_silence_is_a_watcher() -> None:
    watch: Watcher = Silent()
    watch.run_started("a", BEGAN)
    watch.post_finished(row(1, Status.GONE))
