"""Which outlets a verb is about, and whether it may ask them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.request import getproxies

from flows.errors import BadArgument, ContactMissing
from flows.settings import Settings
from spiders.outlet import Outlet
from spiders.registry import choose, distant_host, read_catalogue, read_outlets

# How far a delay may go down depends on who stands between us and a host. A verb that asks nobody minds no delay.
_UNASKED = {"http": "http://127.0.0.1", "https": "http://127.0.0.1"}


def choose_outlets(names: Sequence[str], folders: Sequence[Path], are_asked: bool = True) -> dict[str, Outlet]:
    """The outlets called ``names``, enabled or not, of ``folders`` or else built in or in the catalogue; without names, all enabled ones.

    ``are_asked``: the verb makes requests to them.

    Raises ``BadArgument``, and what ``read_outlets`` and ``choose`` raise.
    """
    chosen = choose(read_outlets(folders or None, None if are_asked else _UNASKED), names, {} if folders or not names else read_catalogue())
    if not chosen:
        raise BadArgument("no outlet is enabled: name some, or set enabled = true in their files")
    return chosen


def in_shard(outlets: Mapping[str, Outlet], shard: str) -> dict[str, Outlet]:
    """Those of ``outlets`` that fall into ``shard``, "2/4" for the second of four: each into one, always the same.

    Raises ``BadArgument``.
    """
    number, slash, count = shard.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise BadArgument(f"a shard is written like 2/4, the second of four; not {shard!r}")
    return {slug: outlet for slug, outlet in outlets.items() if zlib.crc32(slug.encode()) % int(count) == int(number) - 1}


def known_outlets(folders: Sequence[Path]) -> dict[str, Outlet]:
    """All outlets of ``folders``, or else built in and in the catalogue, enabled or not."""
    if folders:
        return read_outlets(folders)
    return {slug: entry.outlet for slug, entry in read_catalogue().items()} | read_outlets()


def require_contact(outlets: Mapping[str, Outlet], settings: Settings) -> None:
    """Raises ``ContactMissing`` when public hosts would be asked and nobody could tell whose crawler it is."""
    if not settings.contact and (distant := distant_hosts(outlets)):
        raise ContactMissing(distant)


def distant_hosts(outlets: Mapping[str, Outlet]) -> set[str]:
    """Hosts of ``outlets`` that are neither on this machine nor behind a proxy on it; one an outlet is enough."""
    return {host for outlet in outlets.values() if (host := distant_host(outlet, getproxies()))}
