"""Names to addresses, fenced: a look-up answers with public addresses alone, and what it answers is what Twisted connects to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from spiders.fences import AddressNotAllowed, is_within, kind_of, plain_name

OPEN_NAMES = "OPEN_NAMES"  # the setting: hosts that may resolve to any address


class FencedResolver(CachingHostnameResolver):
    """Scrapy's resolver, which knows IPv6 and asks for each name once. Its cache lies behind the fence."""

    def __init__(self, reactor: ReactorBase, cache_size: int, open_names: Iterable[str] = ()) -> None:
        super().__init__(reactor, cache_size)
        self._open_names = frozenset(open_names)
        self._refused: dict[str, tuple[str, ...]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        return cls(reactor, crawler.settings.getint("DNSCACHE_SIZE"), crawler.settings.getlist(OPEN_NAMES))

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        receiver: Any = resolutionReceiver
        if not is_within(plain_name(hostName), self._open_names):
            receiver = _Gate(receiver, hostName, self._refused)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def raise_if_refused(self, name: str) -> None:
        """`AddressNotAllowed` if the last look-up of ``name`` found addresses, and none that is public."""
        refused = self._refused.get(plain_name(name))
        if refused:
            raise AddressNotAllowed(name, refused)


@implementer(IResolutionReceiver)
class _Gate:
    """Lets public addresses through."""

    def __init__(self, receiver: Any, name: str, refused: dict[str, tuple[str, ...]]) -> None:
        self._receiver, self._name, self._refused = receiver, plain_name(name), refused
        self._barred: list[str] = []
        self._passed = False

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        host = getattr(address, "host", "")
        kind = kind_of(ip_address(host.partition("%")[0]))
        if kind:
            self._barred.append(f"{host} ({kind})")
        else:
            self._passed = True
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._refused.pop(self._name, None)
        if self._barred and not self._passed:
            self._refused[self._name] = tuple(dict.fromkeys(self._barred))
        self._receiver.resolutionComplete()
