"""Servers that misbehave, for as long as a test lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.spiders.faulty_server import FaultyServer

Serve = Callable[..., FaultyServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """``serve(routes, …)`` starts a server; all of them end with the test."""
    with ExitStack() as servers:
        yield lambda *args, **options: servers.enter_context(FaultyServer(*args, **options))
