"""What hosts asked for is kept from run to run; views that may not be asked are attempts."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from archiver.domain.capture import Attempt, Capture, Outcome, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import Post, PostRef, View
from archiver.manners import Memory, admit, take_note, with_loose
from archiver.net.circuit import Circuit
from archiver.net.pace import Pace
from archiver.net.robots import Robots
from archiver.storage.layout import Archive

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
EMBED = View("embed", "https://embed.boats.example/e/1")
PAGE = View("page", "https://boats.example/p/1")
POST = Post(ref=PostRef("boats", "1"), url=PAGE.url, views=(EMBED, PAGE))


class Day:
    """A clock that is set by hand; each run begins with a monotonic clock of its own."""

    def __init__(self, later: float = 0.0) -> None:
        self.later = later
        self.start = later

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.later)

    def monotonic(self) -> float:
        return 7.0 + self.later - self.start


def run_at(clock: Day, folder: Path) -> tuple[Pace, Circuit, Memory]:
    pace = Pace(interval=0.0, clock=clock, sleep=lambda _: None)
    circuit = Circuit(clock)
    memory = Memory(Archive(folder), pace, circuit)
    assert memory.recall() == ""
    return pace, circuit, memory


@pytest.mark.parametrize("asked", ["3600", format_datetime(NOW + timedelta(hours=1), usegmt=True)])
def test_a_rest_outlives_the_run(tmp_path: Path, asked: str) -> None:
    pace, _, memory = run_at(Day(), tmp_path)
    pace.note("boats.example", 429, asked)
    memory.save()
    pace, _, memory = run_at(Day(1800), tmp_path)
    assert pace.too_long("boats.example") == pytest.approx(1800)
    assert pace.wait("boats.example") == pytest.approx(1800)
    assert pace.wait("other.example") == 0.0
    pace, _, memory = run_at(Day(3601), tmp_path)
    assert pace.wait("boats.example") == 0.0
    memory.save()
    assert b"boats.example" not in (tmp_path / "hosts.json").read_bytes()


def test_the_count_of_refusals_outlives_the_run(tmp_path: Path) -> None:
    pace, _, memory = run_at(Day(), tmp_path)
    pace.note("boats.example", 429, None)
    memory.save()
    pace, _, _ = run_at(Day(30), tmp_path)
    pace.note("boats.example", 429, None)
    assert pace.left("boats.example") == pytest.approx(120)


def test_an_open_circuit_outlives_the_run(tmp_path: Path) -> None:
    _, circuit, memory = run_at(Day(), tmp_path)
    circuit.failed("boats.example", "cannot resolve boats.example")
    memory.save()
    _, circuit, _ = run_at(Day(30), tmp_path)
    assert circuit.open("boats.example") == "cannot resolve boats.example"
    circuit.answered("boats.example")
    assert circuit.open("boats.example") == ""
    _, circuit, _ = run_at(Day(61), tmp_path)
    assert circuit.open("boats.example") == ""


def test_a_date_far_ahead_rests_a_day_at_most(tmp_path: Path) -> None:
    pace, circuit, memory = run_at(Day(86400 * 900), tmp_path)
    pace.note("boats.example", 429, "86400")
    circuit.failed("boats.example", "cannot resolve boats.example")
    memory.save()
    pace, circuit, _ = run_at(Day(), tmp_path)  # the clock was wrong, and was set right
    assert pace.left("boats.example") <= 86400
    assert circuit.troubles()[0].until <= NOW + timedelta(seconds=900)


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    clock = Day()
    pace, _, memory = run_at(clock, tmp_path)
    memory.save()
    assert not (tmp_path / "hosts.json").exists()
    pace.note("boats.example", 429, "3600")
    memory.save()
    (tmp_path / "hosts.json").unlink()
    clock.later += 20
    memory.save()
    assert not (tmp_path / "hosts.json").exists()


ZONELESS = b'{"resting": [{"host": "boats.example", "until": "2036-03-01T12:00:00"}]}'
DEEP = b'{"other": ' + b"[" * 100_000


@pytest.mark.parametrize("content", [b"", b"{", b'{"resting": 5}', b"\xff", ZONELESS, DEEP])
def test_a_damaged_file_is_named_and_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hosts.json").write_bytes(content)
    clock = Day()
    pace = Pace(clock=clock)
    memory = Memory(Archive(tmp_path), pace, Circuit(clock))
    assert "hosts.json cannot be read" in memory.recall()
    pace.note("boats.example", 429, "3600")
    memory.save()
    run_at(clock, tmp_path)


def test_a_view_of_a_resting_host_is_passed_over(tmp_path: Path) -> None:
    pace, _, _ = run_at(Day(), tmp_path)
    assert admit(POST, pace, Circuit(Day()), None, Day()).post == POST
    pace.note("embed.boats.example", 429, "3600")
    seen = admit(POST, pace, Circuit(Day()), None, Day())
    assert seen.post.views == (PAGE,)
    (refused,) = seen.refused
    assert refused.view == EMBED and refused.outcome.status is Status.RATE_LIMITED
    assert refused.outcome.retry_after == pytest.approx(3600)
    assert "embed.boats.example asked to be left alone" in refused.outcome.reason


def test_a_view_that_robots_txt_forbids_is_passed_over(tmp_path: Path) -> None:
    pace, _, _ = run_at(Day(), tmp_path)
    body = Body.of(b"User-agent: *\nDisallow: /e/\n")

    def ask(url: str) -> tuple[Exchange, ...]:
        return (Exchange(url=url, status=200, body=body, started_at=NOW, made_by="client"),)

    seen = admit(POST, pace, Circuit(Day()), Robots(ask), Day())
    assert seen.post.views == (PAGE,)
    outcome = seen.refused[0].outcome
    assert outcome.status is Status.FAILED and outcome.reason.startswith("robots: ")
    assert outcome.signals[0].url == "https://embed.boats.example/robots.txt"


def visited(status: Status, retry_after: float | None = None, reason: str = "as told") -> Capture:
    outcome = Outcome(status=status, reason=reason, retry_after=retry_after)
    attempt = Attempt(view=PAGE, started_at=NOW, ended_at=NOW, outcome=outcome)
    return Capture(
        id="c", target="boats:1", url=PAGE.url, started_at=NOW, ended_at=NOW, outcome=outcome, attempts=(attempt,)
    )  # fmt: skip


def test_a_visit_that_was_told_to_wait_lets_its_host_rest(tmp_path: Path) -> None:
    pace, _, _ = run_at(Day(), tmp_path)
    take_note(visited(Status.FAILED, 40.0), pace, Circuit(Day()))
    assert not pace.resting()
    take_note(visited(Status.RATE_LIMITED, 3600.0), pace, Circuit(Day()))
    assert pace.left("boats.example") == pytest.approx(3600)
    take_note(visited(Status.RATE_LIMITED), pace, Circuit(Day()))
    assert pace.left("boats.example") == pytest.approx(3600)


def test_a_host_that_answers_no_visitor_is_left_alone(tmp_path: Path) -> None:
    pace, circuit, _ = run_at(Day(), tmp_path)
    silent = visited(Status.FAILED, reason="no answer came (net::ERR_TIMED_OUT)")
    take_note(silent, pace, circuit)
    assert not admit(POST, pace, circuit, None, Day()).refused
    take_note(silent, pace, circuit)
    seen = admit(POST, pace, circuit, None, Day())
    assert seen.post.views == (EMBED,)
    assert "net::ERR_TIMED_OUT" in seen.refused[0].outcome.reason
    answer = Exchange(url=PAGE.url, status=500, started_at=NOW, made_by="browser")
    take_note(replace(visited(Status.FAILED), exchanges=(answer,)), pace, circuit)
    assert not admit(POST, pace, circuit, None, Day()).refused


@pytest.mark.parametrize(
    "reason",
    [
        "the page crashed",
        "no answer came",
        "no answer came (the page crashed)",
        "no answer came (the browser ended during the visit)",
        "no answer came (the browser did not answer in time)",
        "no answer came (the limit of 90 seconds was reached)",
        "no answer came (Target page, context or browser has been closed)",
        "no answer came (net::ERR_ABORTED)",
        "no answer came (net::ERR_INSUFFICIENT_RESOURCES)",
        "no answer came (net::ERR_PROXY_CONNECTION_FAILED)",
        "no answer came (net::ERR_INTERNET_DISCONNECTED)",
    ],
)
def test_other_failures_say_nothing_of_the_host(tmp_path: Path, reason: str) -> None:
    pace, circuit, _ = run_at(Day(), tmp_path)
    for _ in range(5):
        take_note(visited(Status.FAILED, reason=reason), pace, circuit)
    assert not circuit.troubles()


@pytest.mark.parametrize(
    "why",
    ["no answer within 30 seconds", "net::ERR_CONNECTION_REFUSED", "net::ERR_SOCKS_CONNECTION_FAILED"]
)  # fmt: skip
def test_what_the_network_says_of_a_host_is_held_against_it(tmp_path: Path, why: str) -> None:
    pace, circuit, _ = run_at(Day(), tmp_path)
    for _ in range(2):
        take_note(visited(Status.FAILED, reason=f"no answer came ({why})"), pace, circuit)
    assert [one.host for one in circuit.troubles()] == ["boats.example"]


def test_loose_requests_go_along_with_a_capture() -> None:
    one = Exchange(
        url="https://boats.example/robots.txt", status=200, started_at=NOW, made_by="client"
    )
    capture = with_loose(visited(Status.FAILED), (one,))
    assert capture.exchanges == (one,) and capture.requested == 1
    assert "robots.txt" in capture.notes[0]
    assert with_loose(capture, ()) == capture
