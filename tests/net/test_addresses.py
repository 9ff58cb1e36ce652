"""Every spelling of an address that is not public is refused; public ones and names pass."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.net.addresses import (
    PUBLIC_ONLY,
    AddressPolicy,
    Refused,
    loose_ipv4,
    not_public,
    parse_host,
    plain_host,
)

SPELLINGS = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001",
    "0x7F.1", "0x7f.0.0.1", "0177.0.0.1", "0177.0.0.01", "127.0.0.0x1", "127.000.000.001",
    "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "127%252e0%252e0%252e1", "127。0。0。1", "127．0．0．1",
    "127｡0｡0｡1", "①②⑦.0.0.1", "１２７.0.0.1", "127.0.0.1%00", "127.255.255.254", "0", "0.0.0.0",
    "00", "0x0", "0x", "0.0", "localhost", "LOCALHOST", "localhost.", "a.localhost", "loc%61lhost",
    "ｌocalhost", "localhost.localdomain", "router", "printer.local", "db.internal", "nas.lan",
    "metadata.google.internal", "metadata", "x.home.arpa", "10.0.0.1", "10.1", "012.0.0.1",
    "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257", "3232235777", "169.254.169.254",
    "169.254.43518", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.170.2",
    "100.100.100.200", "100.64.0.1", "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "192.88.99.1", "::1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:169.254.169.254]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",
    "[2001:0:1234::1]", "[2001:db8::1]", "[fd00:ec2::254]", "[fc00::1]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[fec0::1]", "[ff02::1]", "[100::1]",
    "[3fff::1]", "[4000::1]", "%5B::1%5D", "127.0.0.1.nip.io", "7f000001.nip.io",
    "www.10-0-0-1.sslip.io", "localtest.me", "a.lvh.me", "256.256.256.256", "1.2.3.4.5", "0x100000000",
    "1.2.3.08", "1..2", "", ".", "..", "%", "a b.example", "a\x00b.example", "a/b.example",
    "user@127.0.0.1", "example.org:80@127.0.0.1", "[::1", "::1]", "[v1.x]", "a" * 64 + ".example",
    "[::ffff:0:127.0.0.1]", "[2606:4700::11", "22606:4700::11]", "8.8.8.256", "8.16777216", "4294967296",
    "pos.corp", "nas.home", "db.private", "wiki.intranet", "shop.onion", "10.0.0.1.xip.io",
    "10-0-0-1.traefik.me", "x.vcap.me", "lacolhost.com",
]  # fmt: skip

PUBLIC = [
    "8.8.8.8", "1.1.1.1", "134744072", "0x08080808", "0X8.010.8", "[2606:4700:4700::1111]", "[::ffff:8.8.8.8]",
    "[64:ff9b::8.8.8.8]", "example.org", "EXAMPLE.ORG.", "t.co", "-foo-.tumblr.example",
    "a_b.example", "bücher.example", "xn--bcher-kva.example", "11.22.example", "100.63.255.255",
    "100.128.0.1", "172.15.0.1", "172.32.0.1", "169.253.1.1", "193.0.0.1", "223.255.255.255",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS, ids=repr)
def test_no_spelling_passes(host: str) -> None:
    with pytest.raises(Refused) as caught:
        PUBLIC_ONLY.check_asked(host, 80)
    assert "\n" not in caught.value.message


def test_there_are_enough_spellings() -> None:
    assert len(set(SPELLINGS)) >= 100


@pytest.mark.parametrize("host", PUBLIC, ids=repr)
def test_public_hosts_pass(host: str) -> None:
    PUBLIC_ONLY.check_asked(host, 443)


@pytest.mark.parametrize("port", [0, -1, 22, 25, 6000, 6667, 65536, 10080])
def test_ports_of_other_services(port: int) -> None:
    with pytest.raises(Refused, match="not a port"):
        PUBLIC_ONLY.check_asked("example.org", port)


def test_a_policy_lets_one_port_of_one_address_through() -> None:
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", 8123)}))
    policy.check_asked("127.1", 8123)
    policy.check_asked("[::ffff:127.0.0.1]", 8123)
    for host, port in [
        ("127.0.0.1", 8124),
        ("127.0.0.2", 8123),
        ("[::1]", 8123),
        ("localhost", 8123),
    ]:
        with pytest.raises(Refused):
            policy.check_asked(host, port)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("10.0.0.1", "private"), ("::1", "loopback"), ("64:ff9b::7f00:1", "NAT64 of loopback"),
     ("2001::1", "Teredo"), ("9.9.9.9", ""), ("2a00::1", ""), ("::2", "IPv4-compatible"),
     ("fe80::1", "link-local"), ("fd00::1", "private"), ("ff02::1", "multicast"), ("4000::", "reserved")],
)  # fmt: skip
def test_reasons(text: str, reason: str) -> None:
    assert not_public(ipaddress.ip_address(text)) == reason


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0X{:X}", "0{:o}"]))
def test_numbers_are_addresses(value: int, form: str) -> None:
    assert loose_ipv4(form.format(value)) == ipaddress.IPv4Address(value)


@given(st.ip_addresses(v=4))
def test_what_we_call_public_python_calls_global(address: ipaddress.IPv4Address) -> None:
    if not not_public(address):
        assert address.is_global
    if not address.is_global:
        assert not_public(address)


@given(st.ip_addresses(v=6))
@example(ipaddress.IPv6Address("2001:db8::"))
@example(ipaddress.IPv6Address("2001:1ff::1"))
@example(ipaddress.IPv6Address("fd00:ec2::254"))
def test_ipv6_is_never_looser_than_python(address: ipaddress.IPv6Address) -> None:
    if not not_public(address):
        assert address.is_global


@given(st.text(max_size=60))
def test_any_text_is_judged(host: str) -> None:
    try:
        parsed = parse_host(host)
    except Refused:
        return
    if isinstance(parsed, str):
        assert parsed.isascii()
        assert parse_host(parsed) == parsed
    assert plain_host(plain_host(host)) is not None
