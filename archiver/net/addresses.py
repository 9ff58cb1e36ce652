"""Which addresses may be reached: the public ones, however a page spells them.

The networks are those of the IANA special-purpose registries (RFC 6890 and its updates) and the
metadata services of the large clouds; of IPv6 only 2000::/3 is in use at all. The spellings of a
literal are those of the WHATWG URL standard (host parsing, the IPv4 parser) and of inet_aton: one to
four parts, each decimal, octal or hexadecimal. An address that carries another (IPv4-mapped, NAT64)
is judged by the one it carries; 6to4 and Teredo are refused whole, since nothing public needs them.
"""

import ipaddress
import re
import unicodedata
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import unquote

from msgspec import Struct

from archiver.errors import NetworkFailure
from archiver.net.ports import NOT_FOR_THE_WEB

Address = IPv4Address | IPv6Address

V4_REFUSED: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared address space of a carrier"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
V6_REFUSED: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/128", "this host"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard-only"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")

LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
    "onion",
)
"""Last labels that mean this machine, this network or no DNS at all (RFC 6761, 6762, 8375; ICANN)."""

ADDRESS_IN_NAME = (
    "nip.io",
    "sslip.io",
    "xip.io",
    "traefik.me",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
)
"""Services whose names answer with whatever address, or with loopback, by design."""

NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})


class Refused(NetworkFailure):
    """The guard does not connect to this host, address or port; the message says why."""


def unmapped(address: Address) -> Address:
    """The address that really gets the packets: an IPv4-mapped one is its IPv4 address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def not_public(address: Address) -> str:
    """Why an address is not a public one (`loopback`, `private`, …), or an empty string."""
    address = unmapped(address)
    if isinstance(address, IPv4Address):
        return next((name for network, name in V4_REFUSED if address in network), "")
    if address in NAT64:
        carried = not_public(IPv4Address(int(address) & 0xFFFFFFFF))
        return carried and f"NAT64 of {carried}"
    if named := next((name for network, name in V6_REFUSED if address in network), ""):
        return named
    return "" if address in GLOBAL_UNICAST else "reserved"


def part_of(text: str) -> int:
    """One part of an IPv4 literal: decimal, `0…` octal or `0x…` hexadecimal. Raises ValueError."""
    if not re.fullmatch(r"0[xX][0-9a-fA-F]*|[0-9]+", text):
        raise ValueError(f"not a number: {text!r}")
    if text[:2].lower() == "0x":
        return int(text[2:] or "0", 16)
    return int(text, 8) if text[0] == "0" else int(text)


def loose_ipv4(text: str) -> IPv4Address | None:
    """An IPv4 address in any spelling of inet_aton; None for a name. Raises ValueError when broken.

    A host whose last label is a number must be an address (WHATWG URL, "ends in a number").
    """
    parts = text.split(".")
    if not re.fullmatch(r"0[xX][0-9a-fA-F]*|[0-9]+", parts[-1]):
        return None
    *high, low = [part_of(part) for part in parts]
    room = 256 ** (4 - len(high))
    if len(high) > 3 or low >= room or any(part > 255 for part in high):
        raise ValueError(f"not an IPv4 address: {text!r}")
    return IPv4Address(sum(part << 24 - 8 * index for index, part in enumerate(high)) + low)


def plain_host(host: str) -> str:
    """One spelling for all: percent-decoded, NFKC, ASCII dots, lower case, no brackets, zone or dot."""
    decoded = host
    for _ in range(3):  # twice-encoded hosts are decoded again; a fourth layer is nobody's mistake
        decoded = unquote(decoded)
    decoded = unicodedata.normalize("NFKC", decoded.translate(DOTS)).casefold().strip()
    decoded = decoded.replace("\u00ad", "").replace("\u200b", "")
    if ":" in decoded:
        inner = decoded[1:-1] if decoded[0] == "[" and decoded[-1] == "]" else decoded
        decoded = inner.partition("%")[0]
    return decoded[:-1] if decoded.endswith(".") else decoded


def ascii_name(host: str) -> str:
    """A host name in its ASCII form. Raises Refused when it is none."""
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused(f"{host!r} is not a host name") from error
    if len(name) > 253 or not NAME.fullmatch(name):
        raise Refused(f"{host[:80]!r} is not a host name")
    return name


def parse_host(host: str) -> Address | str:
    """A host as an address, when it is one in any spelling, else as an ASCII name. Raises Refused."""
    plain = plain_host(host)
    try:
        literal = IPv6Address(plain) if ":" in plain else loose_ipv4(plain)
    except ValueError as error:
        raise Refused(f"{host[:80]!r} is not an address") from error
    return ascii_name(plain) if literal is None else literal


def name_refused(name: str) -> str:
    """Why an ASCII name cannot be a public host, or an empty string."""
    if "." not in name:
        return "a name without a dot is not public"
    if any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES):
        return "a local name"
    if any(name == zone or name.endswith(f".{zone}") for zone in ADDRESS_IN_NAME):
        return "a name made to carry an address"
    return ""


class AddressPolicy(Struct, frozen=True, kw_only=True):
    """What may be reached. `allowed` are (address, port) pairs let through although not public.

    Only a caller in the program can set it (the tests do, for servers of their own): no option,
    environment variable, file or page does.
    """

    allowed: frozenset[tuple[str, int]] = frozenset()

    def check_asked(self, host: str, port: int) -> Address | str:
        """Judge what is asked for by its spelling alone; gives the address or name. Raises Refused."""
        target = parse_host(host)
        if isinstance(target, str):
            if reason := name_refused(target):
                raise Refused(f"{target} is refused: {reason}")
            self.check_port(target, port)
            return target
        self.check_address(target, port, asked=host)
        return unmapped(target)

    def check_address(self, address: Address, port: int, *, asked: str) -> None:
        """Judge an address, literal or resolved from the name `asked`. Raises Refused."""
        address = unmapped(address)
        if (str(address), port) in self.allowed:
            return
        if reason := not_public(address):
            said = str(address) if asked == str(address) else f"{asked[:120]} ({address})"
            raise Refused(f"{said} is refused: {reason}")
        self.check_port(asked, port)

    def check_port(self, asked: str, port: int) -> None:
        """Refuse port 0 and the ports of other services. Raises Refused."""
        if not 0 < port < 65536 or port in NOT_FOR_THE_WEB:
            raise Refused(f"{asked[:120]}:{port} is refused: not a port of the web")


PUBLIC_ONLY = AddressPolicy()


def read_address(text: str) -> Address:
    """An address as getaddrinfo writes it, its zone dropped. Raises ValueError."""
    return ipaddress.ip_address(text.partition("%")[0])
