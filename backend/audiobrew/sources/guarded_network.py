"""Connections to servers that listeners name: never to this machine or its network, unless the owner allows
it.

A name is resolved once, all of its addresses are checked, and the connection goes to a checked address. So
a name that resolves to something else a moment later (DNS rebinding) does not get through.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import MappingProxyType
from typing import ClassVar

import httpcore

from audiobrew.sources.source import ServerUnreachable, SourceTrouble

# IPv6 addresses that contain an IPv4 address, which is where the connection really goes.
NAT64 = ip_network("64:ff9b::/96")
RESOLVE_SECONDS, CONNECT_SECONDS = 10.0, 15.0


class OwnerMustAllow(SourceTrouble):
    """The owner of this server has to allow this."""

    type = "owner-must-allow"
    needs_listener = True
    headers = MappingProxyType({})
    # What the owner reads instead: which setting allows it.
    for_owner: ClassVar[str]


class PrivateAddress(OwnerMustAllow):
    """This address is in a private network. Ask the owner of this server to allow such addresses."""

    type = "private-address"
    for_owner = (
        "This address is in a private network. To allow such addresses, set"
        " AUDIOBREW_PRIVATE_SOURCES=on, and restart AudioBrew."
    )


class UnknownHost(SourceTrouble):
    """No server has this name. Check the spelling."""

    type = "unknown-host"


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in NAT64:
            embedded = IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded is not None and not is_public(str(embedded)):
            return False
    if isinstance(ip, IPv6Address) and ip.is_site_local:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def resolve(host: str, port: int, *, allow_private: bool) -> Sequence[str]:
    """The addresses of a host. Raises PrivateAddress if one of them is private, UnknownHost."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            entries = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:  # before OSError, of which it is one
        raise ServerUnreachable from error
    except (OSError, UnicodeError) as error:
        raise UnknownHost from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
    if not addresses:
        raise UnknownHost
    if not allow_private and not all(map(is_public, addresses)):
        raise PrivateAddress
    return addresses


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens the connections of an HTTP client to checked addresses only."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises PrivateAddress, UnknownHost, httpcore.ConnectError."""
        error: Exception = httpcore.ConnectError("no address")
        for address in await resolve(host, port, allow_private=self._allow_private):
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 -- the library's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("not allowed")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
