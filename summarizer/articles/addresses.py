"""Which addresses may be connected to: public ones, by whatever name or number they are called.

An editor's tool stands inside the newsroom's network. A page, a feed or a redirect must not make it read what only
that network may see: the machine itself, its neighbours, or the cloud's metadata service.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

# Prefixes of IPv6 that carry an address of IPv4 in their last 32 bits (RFC 6052, RFC 8215).
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system resolves it: names, and every way to write a number. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an address, in numbers, is one of the public internet; what is no address is not."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_global(each) for each in _carried(ip))


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, and one of IPv4 that it stands for: ::ffff:127.0.0.1, 6to4, Teredo, translated ones."""
    if isinstance(ip, IPv4Address):
        return [ip]
    inner = [each for each in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if each is not None]
    if ip.ipv4_mapped is not None:
        return list(inner)
    if any(ip in network for network in _TRANSLATED):
        inner.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [ip, *inner]


def _is_global(ip: IPv4Address | IPv6Address) -> bool:
    # 64:ff9b::/96 counts as global; what it carries is looked at beside it.
    return (ip.is_global and not ip.is_multicast and not ip.is_reserved) or (
        isinstance(ip, IPv6Address) and ip in _TRANSLATED[0]
    )
