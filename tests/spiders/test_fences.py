"""Where requests may go, as far as names and addresses tell."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from spiders.fences import Fence, kind_of, literal
from tests.spiders.crawling import outlet
from tests.spiders.hostile_addresses import SPELLINGS

PAPER = outlet("https://paper.example/")


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_barred_address_passes_by_name(host: str) -> None:
    assert Fence([PAPER], {}).bars(PAPER, f"http://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        "paper.example",
        "1.1.1.1",
        "8.8.8.8",
        "[2606:4700::1111]",
        "[64:ff9b::8.8.8.8]",
        "localhost.example",
        "127.0.0.1.example",
        "10.example",
    ],
)
def test_public_addresses_and_names_pass(host: str) -> None:
    assert Fence([PAPER], {}).bars(PAPER, f"http://{host}/") is None


@pytest.mark.parametrize("home", ["127.0.0.1:8931", "localhost", "10.1.2.3", "192.168.0.5:8080", "[::1]:8080", "[fd12::7]"])
def test_an_outlet_may_be_declared_to_live_here_and_reaches_what_it_names_and_nothing_else(home: str) -> None:
    here = outlet(f"http://{home}/", "here", feeds=[{"url": "http://10.9.9.9/feed"}], articles={"hosts": ["intranet.example"]})
    fence = Fence([here, PAPER], {})
    assert all(fence.bars(here, url) is None for url in (here.homepage, "http://10.9.9.9/x", "http://www.intranet.example/"))
    assert all(fence.bars(here, f"http://{host}/") for host in ("169.254.169.254", "127.0.0.9", "10.1.2.4"))
    assert all(fence.bars(PAPER, url) for url in (here.homepage, "http://10.9.9.9/x", "http://intranet.example/"))


@pytest.mark.parametrize("home", ["169.254.169.254", "168.63.129.16", "0.0.0.0", "224.0.0.1", "[::ffff:169.254.169.254]", "100.64.0.1"])
def test_no_outlet_is_declared_to_live_on_a_metadata_service(home: str) -> None:
    odd = outlet(f"http://{home}/")
    assert Fence([odd], {}).bars(odd, odd.homepage)


def test_a_public_outlet_reaches_no_address_here_even_where_its_own_file_names_it() -> None:
    odd = outlet("https://paper.example/", feeds=[{"url": "http://127.0.0.1:6379/"}], articles={"hosts": ["localhost"]})
    assert all(Fence([odd], {}).bars(odd, url) for url in ("http://127.0.0.1:6379/", "http://localhost/"))


def test_a_proxy_is_reached_and_no_page_is_asked_for_on_it() -> None:
    fence = Fence([PAPER], {"http": "http://user:secret@proxy.intranet:3128", "no": "localhost"})
    assert "proxy.intranet" in fence.open_names
    assert fence.bars(PAPER, "http://proxy.intranet/")


def test_an_address_is_public_or_has_a_word_for_what_it_is() -> None:
    assert {kind_of(ip_address(text)) for text in ("8.8.8.8", "2a00::1", "64:ff9b::808:808")} == {None}
    assert all(kind_of(address) for host in SPELLINGS if (address := literal(host)))
