"""Connecting to addresses that have been judged: numbers only, so that no name is resolved again."""

import asyncio
import errno
import os

from archiver.errors import NetworkFailure
from archiver.net.addresses import Address
from archiver.net.socks import Code
from archiver.net.splice import Stream

CONNECT_LIMIT = 10.0
NEXT_ADDRESS_AFTER = 3.0
BUFFER = 262144

CODE_OF = {
    errno.ECONNREFUSED: Code.REFUSED,
    errno.ENETUNREACH: Code.NETWORK_UNREACHABLE,
    errno.EHOSTUNREACH: Code.HOST_UNREACHABLE,
}


class Unreachable(NetworkFailure):
    """No connection to a host that may be reached. `code` is a SOCKS reply field."""

    def __init__(self, message: str, code: int = Code.HOST_UNREACHABLE) -> None:
        super().__init__(message)
        self.code = code


async def dial(addresses: tuple[Address, ...], port: int) -> tuple[Stream, Address]:
    """Try the addresses in order, all within 10 seconds; gives the first stream and its address.

    The reason raised (Unreachable) is that of the first address, the resolver's preferred one.
    """
    end = asyncio.get_running_loop().time() + CONNECT_LIMIT
    trouble: list[Unreachable] = []
    for index, address in enumerate(addresses):
        left = end - asyncio.get_running_loop().time()
        last = index + 1 == len(addresses)
        try:
            return await _one(
                address, port, left if last else min(left, NEXT_ADDRESS_AFTER)
            ), address
        except Unreachable as error:
            trouble.append(error)
    raise trouble[0]


async def _one(address: Address, port: int, limit: float) -> Stream:
    try:
        opening = asyncio.open_connection(str(address), port, limit=BUFFER)
        return await asyncio.wait_for(opening, max(limit, 0.1))
    except TimeoutError:
        raise Unreachable(f"{address} port {port} does not answer", Code.TTL_EXPIRED) from None
    except OSError as error:
        said = os.strerror(error.errno) if error.errno else str(error)
        code = CODE_OF.get(error.errno or 0, Code.HOST_UNREACHABLE)
        raise Unreachable(f"{address} port {port}: {said}", code) from error
