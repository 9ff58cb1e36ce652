"""A host that does not answer is left alone for a while, and for longer each time."""

from datetime import UTC, datetime

from archiver.net.circuit import FIRST_REST, LONGEST_REST, Circuit


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.at


def test_one_failure_may_be_chance_two_are_not() -> None:
    clock = Hand()
    circuit = Circuit(clock)
    circuit.failed("a.example", "no answer in 4 s")
    assert circuit.open("a.example") == ""
    circuit.failed("a.example", "no answer in 4 s")
    assert circuit.open("a.example") == "no answer in 4 s"
    assert circuit.open("b.example") == ""
    clock.at += FIRST_REST
    assert circuit.open("a.example") == ""


def test_what_we_break_off_ourselves_is_held_against_nobody() -> None:
    circuit = Circuit(Hand())
    circuit.failed("a.example", "cannot resolve a.example")
    circuit.deafen()
    for _ in range(3):
        circuit.failed("b.example", "the connection was closed")
    assert [one.host for one in circuit.troubles()] == ["a.example"]


def test_a_name_that_is_not_known_is_not_asked_twice() -> None:
    circuit = Circuit(Hand())
    circuit.failed("a.example", "cannot resolve a.example: no such name")
    assert circuit.open("a.example")


def test_the_rest_doubles_up_to_a_limit_and_an_answer_ends_it() -> None:
    clock = Hand()
    circuit = Circuit(clock)
    for _ in range(12):
        circuit.failed("a.example", "refused")
    clock.at += LONGEST_REST - 1
    assert circuit.open("a.example")
    clock.at += 1
    assert circuit.open("a.example") == ""
    circuit.answered("a.example")
    circuit.failed("a.example", "refused")
    assert circuit.open("a.example") == ""
