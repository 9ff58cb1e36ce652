"""SOCKS 5 messages: what is written is what is read, and noise is an error, never a crash."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.net import socks


def reading(data: bytes):
    place = 0

    def read(count: int) -> bytes:
        nonlocal place
        piece = data[place : place + count]
        if len(piece) < count:
            raise EOFError
        place += count
        return piece

    return read


HOSTS = st.one_of(
    st.ip_addresses().map(str), st.text("abcdefghij.-_", min_size=1, max_size=255).filter(
        lambda host: not host.replace(".", "").isdigit())
)  # fmt: skip
PORTS = st.integers(0, 65535)


@given(HOSTS, PORTS)
def test_requests_round_trip(host: str, port: int) -> None:
    assert socks.read_now(socks.request(), reading(socks.write_connect(host, port))) == (host, port)


@given(st.sampled_from(socks.Code), HOSTS)
def test_replies_round_trip(code: socks.Code, bound: str) -> None:
    said = socks.read_now(socks.reply(), reading(socks.write_reply(code, bound)))
    assert said == socks.Reply(int(code), bound)


@given(st.text(max_size=400))
def test_any_reason_fits_a_reply(reason: str) -> None:
    said = socks.read_now(socks.reply(), reading(socks.write_reply(2, reason)))
    assert said.code == 2 and len(said.bound) <= 255


def test_greeting_and_password() -> None:
    assert socks.read_now(socks.greeting(), reading(socks.write_greeting(0, 2))) == b"\x00\x02"
    assert socks.write_password("me", "pw") == b"\x01\x02me\x02pw"


@given(st.binary(max_size=40))
def test_noise_is_an_error(data: bytes) -> None:
    for message in (socks.greeting(), socks.request(), socks.reply(), socks.chosen_method()):
        try:
            socks.read_now(message, reading(data))
        except (socks.SocksError, EOFError):
            continue


@pytest.mark.parametrize("command", [0, 2, 3, 255])
def test_connect_alone_is_served(command: int) -> None:
    with pytest.raises(socks.SocksError) as caught:
        socks.read_now(socks.request(), reading(bytes([5, command, 0, 1, 1, 2, 3, 4, 0, 80])))
    assert caught.value.code == socks.Code.COMMAND_NOT_SUPPORTED


def test_addresses_are_canonical() -> None:
    raw = bytes([5, 1, 0, 4]) + ipaddress.IPv6Address("2001:db8::1").packed + b"\x01\xbb"
    assert socks.read_now(socks.request(), reading(raw)) == ("2001:db8::1", 443)
