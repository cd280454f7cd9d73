"""The address of the client behind trusted proxies.

A proxy appends the address that it saw to `X-Forwarded-For`. With one trusted proxy the last entry can
therefore be trusted, with two the one before it. Everything further left was sent by the client itself. Some
hosting platforms write the client's address into a header of their own instead, which a client cannot set.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

# A client that has one IPv6 address usually has its whole /64 network.
IPV6_PREFIX_BITS = 64


def client_network(scope: Scope, proxies: int, header: str | None = None) -> str:
    """The client's IPv4 address, or the /64 network of its IPv6 address; `unknown` if there is none.

    `proxies`: how many trusted proxies there are. `header`: the platform's header that contains nothing but
    the client's address; it replaces `X-Forwarded-For`.
    """
    headers = Headers(scope=scope)
    if header:
        values = headers.getlist(header)
        address = values[0].strip() if len(values) == 1 else ""
    else:
        address = forwarded_address(headers, proxies)
    # On Vercel, `client` is set but its address is None.
    peer = scope["client"][0] if scope.get("client") else None
    return parse_network(address) or parse_network(peer or "") or "unknown"


def is_https(scope: Scope, proxies: int) -> bool:
    """Whether the client uses https, as this process or the last proxy sees it."""
    if scope["scheme"] == "https":
        return True
    protocols = Headers(scope=scope).getlist("x-forwarded-proto") if proxies else []
    return bool(protocols) and protocols[-1].rpartition(",")[2].strip().lower() == "https"


def forwarded_address(headers: Headers, proxies: int) -> str:
    """The entry that the outermost trusted proxy added; empty if there are fewer entries than proxies."""
    entries = ",".join(headers.getlist("x-forwarded-for")).rsplit(",", proxies) if proxies else []
    if len(entries) < proxies or not entries:
        return ""
    return entries[-proxies].strip()


def parse_network(text: str) -> str | None:
    """The address or the /64 network; None if the text is not an address."""
    try:
        address = ip_address(strip_port(text))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Address(int(address) >> IPV6_PREFIX_BITS << IPV6_PREFIX_BITS))


def strip_port(address: str) -> str:
    """Some load balancers write `203.0.113.7:443` or `[2001:db8::1]:443`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, colon, _ = address.partition(":")
    return host if colon and "." in host and address.count(":") == 1 else address
