"""Where a request may go: over http and https to public addresses, unless its outlet is declared to live elsewhere.

Looked at twice. By name, before a request leaves: whose outlet it is decides. By address, in the resolver: what it lets through is what is
connected to, so that no second look-up can answer otherwise (DNS rebinding).
"""

from __future__ import annotations

import socket
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from spiders.outlet import Outlet

NOT_ALLOWED = "address not allowed"

Address = IPv4Address | IPv6Address

# IANA's special-purpose registries (RFC 6890), written out: `is_global` differs between Python's own releases, calls multicast global,
# and knows no cloud's metadata service on a public address.
_NOT_PUBLIC: dict[IPv4Network | IPv6Network, str] = {
    IPv4Network("0.0.0.0/8"): "this machine",
    IPv4Network("10.0.0.0/8"): "private",
    IPv4Network("100.64.0.0/10"): "shared by a carrier",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("168.63.129.16/32"): "metadata",  # Azure
    IPv4Network("169.254.0.0/16"): "link-local",  # 169.254.169.254: metadata of most clouds
    IPv4Network("172.16.0.0/12"): "private",
    IPv4Network("192.0.0.0/24"): "reserved",  # 192.0.0.192: metadata of Oracle
    IPv4Network("192.0.2.0/24"): "for documents",
    IPv4Network("192.88.99.0/24"): "reserved",
    IPv4Network("192.168.0.0/16"): "private",
    IPv4Network("198.18.0.0/15"): "for benchmarks",
    IPv4Network("198.51.100.0/24"): "for documents",
    IPv4Network("203.0.113.0/24"): "for documents",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
    IPv6Network("::1/128"): "loopback",
    IPv6Network("2001::/23"): "reserved",  # Teredo (2001::/32) leads to an IPv4 address of the sender's choice
    IPv6Network("2001:db8::/32"): "for documents",
    IPv6Network("2002::/16"): "6to4",  # the same, and long out of use
    IPv6Network("3fff::/20"): "for documents",
    IPv6Network("fc00::/7"): "private",  # fd00:ec2::254: metadata of Amazon
    IPv6Network("fe80::/10"): "link-local",
    IPv6Network("ff00::/8"): "multicast",
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that is given out; the rest is not on the Internet
_NAT64 = IPv6Network("64:ff9b::/96")  # the IPv4 address in its last 32 bits is where it leads
_AT_HOME = frozenset({"loopback", "private"})  # what an outlet may be declared to live on; metadata services are no outlets


class AddressNotAllowed(Exception):
    """A name that leads to no address on the public Internet."""

    def __init__(self, name: str, addresses: Iterable[str]) -> None:
        self.name, self.addresses = name, tuple(addresses)
        super().__init__(f"{name} leads to {', '.join(self.addresses)}")


class Fence:
    """What the outlets of a job may reach."""

    def __init__(self, outlets: Iterable[Outlet], proxies: Mapping[str, str]) -> None:
        self._declared = {outlet.slug: names for outlet in outlets if (names := frozenset(_declared(outlet)))}
        self._proxies = frozenset(host for url in proxies.values() if (host := _proxy_host(url)))

    @property
    def open_names(self) -> frozenset[str]:
        """Hosts that may resolve to any address: those of outlets that live here, and proxies, which resolve for us."""
        return self._proxies.union(*self._declared.values())

    def bars(self, outlet: Outlet, url: str) -> str | None:
        """Why ``outlet`` may not ask for ``url``, as far as its host's name tells; None if it may."""
        host = plain_name(urlsplit(url).hostname or "")
        if is_within(host, self._declared.get(outlet.slug, frozenset())):
            return None
        address = literal(host)
        if address is not None:
            kind = kind_of(address)
            return f"{host} is {kind}" if kind else None
        if is_within(host, {"localhost"}) or is_within(host, self.open_names):
            return f"{host} is not the outlet's"
        return None


def kind_of(address: Address) -> str | None:
    """What an address is that is not on the public Internet; None for one that is."""
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return kind_of(inner)
    special = next((kind for network, kind in _NOT_PUBLIC.items() if address in network), None)
    if special is None and isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "reserved"
    return special


def literal(host: str) -> Address | None:
    """The address that ``host`` spells, in any of the ways that the C library takes: 127.1, 2130706433, 0x7f.1, ①②⑦.⓪.⓪.①."""
    host = plain_name(host)
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError, ValueError):
        return None


def plain_name(host: str) -> str:
    """``host`` as names are compared: full-width letters and circled digits are what a resolver takes them for."""
    return unicodedata.normalize("NFKC", host).replace("\u3002", ".").strip("[]").rstrip(".").lower()


def is_within(host: str, names: Iterable[str]) -> bool:
    """Whether ``host`` is one of ``names``, or below one that is a name."""
    return any(host == name or (host.endswith(f".{name}") and literal(name) is None) for name in names)


def _declared(outlet: Outlet) -> Iterator[str]:
    """All hosts of an outlet whose homepage is, by its very name, on this machine or in a private network; of others none."""
    home = plain_name(urlsplit(outlet.homepage).hostname or "")
    if not _is_home(home):
        return
    yield home
    api = (outlet.wordpress,) if outlet.wordpress else ()
    for source in (*outlet.feeds, *outlet.sitemaps, *outlet.listings, *api):
        yield plain_name(urlsplit(source.url).hostname or "")
    for host in (*outlet.articles.hosts, *outlet.articles.rewrite_hosts.values()):
        yield plain_name(host)


def _is_home(host: str) -> bool:
    address = literal(host)
    return is_within(host, {"localhost"}) if address is None else kind_of(address) in _AT_HOME


def _proxy_host(url: str) -> str:
    try:
        return plain_name(urlsplit(url if "://" in url else f"//{url}").hostname or "")
    except ValueError:
        return ""


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
