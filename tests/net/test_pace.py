"""The pace of hosts, with a clock that moves only when somebody sleeps."""

import random
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Web, http

from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.net.pace import Pace, retry_after

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class Sleeper:
    """Clock and sleep in one: sleeping is what moves time."""

    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.time - 100)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds


def paced(sleeper: Sleeper, **more: float) -> Pace:
    return Pace(clock=sleeper, sleep=sleeper.sleep, chance=lambda: 0.5, **more)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), (" 7 ", 7.0), ("0", 0.0), ("999999999999999999999", 86400.0), ("-1", None),
        ("1.5", None), ("", None), (None, None), ("soon", None), ("٣", None), ("²", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=900), usegmt=True), 86400.0),
        ("Sun, 01 Mar 2026 13:00:00 +0100", 0.0), ("Sunday, 01-Mar-26 12:00:30 GMT", 30.0),
        ("Sun, 99 Mar 2026 99:00:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_reads_anything(value: str) -> None:
    found = retry_after(value, NOW, cap=100)
    assert found is None or 0 <= found <= 100


def test_one_host_is_asked_slowly_and_others_are_not_held_up() -> None:
    sleeper = Sleeper()
    pace = paced(sleeper, interval=2.0, jitter=0.5)
    for host in ("a.example", "a.example", "b.example", "a.example"):
        assert pace.wait(host) == 0.0
    assert sleeper.slept == [2.5, 2.5]


def test_a_host_that_says_wait_is_let_rest() -> None:
    sleeper = Sleeper()
    pace = paced(sleeper, interval=0.0, patience=30.0)
    pace.note("a.example", 429, "20")
    assert pace.wait("a.example") == 0.0 and sleeper.slept == [20.0]
    pace.note("a.example", 503, "3600")
    assert pace.wait("a.example") == pytest.approx(3600)
    assert pace.wait("b.example") == 0.0
    assert pace.resting() == {"a.example": pytest.approx(3600)}
    sleeper.time += 3600
    assert pace.wait("a.example") == 0.0 and pace.resting() == {}


def test_patience_of_one_request() -> None:
    sleeper = Sleeper()
    pace = paced(sleeper, interval=3.0, jitter=0.0)
    pace.note("a.example", 429, "10")
    assert pace.wait("a.example", 5.0) == pytest.approx(10)
    assert pace.wait("a.example", 60.0) == 0.0 and sleeper.slept == [10.0]
    assert pace.wait("a.example", 1.0) == 0.0 and sleeper.slept == [10.0, 3.0]  # its own turn


def test_rest_grows_when_nothing_is_said() -> None:
    sleeper = Sleeper()
    pace = paced(sleeper, interval=0.0, patience=0.0)
    pace.note("a.example", 429, "garbage")
    assert pace.wait("a.example") == pytest.approx(60)
    pace.note("a.example", 429, None)
    assert pace.wait("a.example") == pytest.approx(120)
    sleeper.time += 200
    pace.note("a.example", 200, None)
    pace.note("a.example", 429, None)
    assert pace.wait("a.example") == pytest.approx(60)
    pace.note("b.example", 503, None)
    assert pace.wait("b.example") == 0.0


def test_rest_is_carried_over() -> None:
    pace = paced(Sleeper(), interval=0.0)
    pace.rest("a.example", 500)
    assert pace.wait("a.example") == pytest.approx(500)


def test_memory_of_hosts_is_bounded() -> None:
    pace = paced(Sleeper(), interval=0.0)
    pace.rest("kept.example", 500)
    for number in range(20100):
        pace.wait(f"h{number}.example")
    assert len(pace._hosts) <= 10001
    assert "kept.example" in pace.resting()


def test_the_client_keeps_the_pace(stack: ExitStack, web: Web) -> None:
    web.routes["/"] = http("slow down", 429, "Too Many", ("Retry-After", "600"))
    sleeper = Sleeper()
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy))
    client = Client(guard.lane().proxy_url, pace=paced(sleeper))
    assert client.fetch(f"{web.url}/")[0].status == 429
    (refused,) = client.fetch(f"{web.url}/")
    assert refused.status == 0 and "600 s are left" in refused.error
    assert len(web.hits) == 1


def test_hosts_of_one_group_share_a_pace() -> None:
    sleeper = Sleeper()
    pace = Pace(
        interval=2.0, jitter=0.5, clock=sleeper, sleep=sleeper.sleep, chance=lambda: 0.5,
        group=lambda host: "boats" if host.endswith("boats.example") else "",
    )  # fmt: skip
    for host in ("www.boats.example", "cdn.boats.example", "a.example", "b.example"):
        assert pace.wait(host) == 0.0
    assert sleeper.slept == [2.5]
    pace.note("www.boats.example", 429, "3600")
    assert pace.wait("cdn.boats.example") == 0.0  # a rest is the host's own


def test_jitter_comes_from_the_source_that_is_given() -> None:
    def slept(seed: int) -> list[float]:
        sleeper = Sleeper()
        chance = random.Random(seed).random
        pace = Pace(interval=2.0, clock=sleeper, sleep=sleeper.sleep, chance=chance)
        for _ in range(5):
            pace.wait("a.example")
        return sleeper.slept

    assert slept(7) == slept(7) != slept(8)
    assert all(2.0 <= seconds <= 3.0 for seconds in slept(7))


def test_rests_are_told_by_the_time_of_day() -> None:
    sleeper = Sleeper()
    pace = paced(sleeper, interval=0.0)
    pace.note("a.example", 429, "3600")
    (rest,) = pace.rests()
    assert (rest.host, rest.until, rest.refusals) == ("a.example", NOW + timedelta(hours=1), 1)
    other = paced(Sleeper(), interval=0.0)
    other.recall([rest])
    assert other.left("a.example") == pytest.approx(3600) == other.too_long("a.example")
    assert other.left("b.example") == 0.0
