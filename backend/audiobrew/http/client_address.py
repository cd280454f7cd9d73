"""Which client a request comes from, where proxies stand before us.

A proxy adds the address that it saw at the end of `X-Forwarded-For`. With one trusted proxy the last entry is
therefore true, with two the one before it, and everything further left is what the client wrote itself.
Some hosts write the client's address into a header of their own instead, which a client cannot set.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

# Who has one address of IPv6 has 2^64 of them.
PREFIX = 64


def client_network(scope: Scope, proxies: int, header: str | None = None) -> str:
    """An address of IPv4, or the /64 of one of IPv6; `header` replaces `X-Forwarded-For` where a host has
    one that holds nothing but the client's address."""
    headers = Headers(scope=scope)
    if header:
        values = headers.getlist(header)
        told = values[0].strip() if len(values) == 1 else ""
    else:
        told = _forwarded(headers, "x-forwarded-for", proxies)
    peer = scope["client"][0] if scope.get("client") else None
    # Vercel's runtime names a client without an address.
    return _network(told) or _network(peer or "") or "unknown"


def is_https(scope: Scope, proxies: int) -> bool:
    """Whether the client speaks https, as far as we or the proxy before us can know."""
    if scope["scheme"] == "https":
        return True
    told = Headers(scope=scope).getlist("x-forwarded-proto") if proxies else []
    return bool(told) and told[-1].rpartition(",")[2].strip().lower() == "https"


def _forwarded(headers: Headers, name: str, proxies: int) -> str:
    """The entry that the outermost proxy of ours added; nothing when there are fewer entries."""
    entries = ",".join(headers.getlist(name)).rsplit(",", proxies) if proxies else []
    if len(entries) < proxies or not entries:
        return ""
    return entries[-proxies].strip()


def _network(told: str) -> str | None:
    try:
        address = ip_address(_without_port(told))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Address(int(address) >> PREFIX << PREFIX))


def _without_port(told: str) -> str:
    """`203.0.113.7:443` and `[2001:db8::1]:443`, as some load balancers write them."""
    if told.startswith("["):
        return told[1:].partition("]")[0]
    host, colon, _ = told.partition(":")
    return host if colon and "." in host and told.count(":") == 1 else told
