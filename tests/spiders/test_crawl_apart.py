"""Documents that hang a parser: a process of their own, and an end to it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from functools import partial

import pytest

from spiders.apart import Apart, TooSlow

LARGE = b"a" * 200_000
# Never ends, in C, with the interpreter held: no thread could be stopped
HANGING = partial(re.fullmatch, rb"(a|aa)+b")


async def parsed(apart: Apart) -> str:
    """The body's digest, by a process that lived through a document that hung its predecessor."""
    try:
        with pytest.raises(TooSlow):
            await apart.parse(HANGING, LARGE)
        return (await apart.parse(hashlib.sha256, b"small")).hexdigest() + repr(await apart.parse(len, LARGE))
    finally:
        apart.close()


def test_a_document_that_hangs_is_given_up_and_the_next_is_parsed() -> None:
    assert asyncio.run(parsed(Apart(seconds=2))) == hashlib.sha256(b"small").hexdigest() + "200000"


async def abandoned(apart: Apart) -> None:
    parsing = asyncio.create_task(apart.parse(HANGING, LARGE))
    await asyncio.sleep(0.3)
    apart.close()
    with pytest.raises(TooSlow, match="stopped"):
        await parsing


def test_a_crawl_that_is_stopped_does_not_wait_for_a_parser() -> None:
    asyncio.run(asyncio.wait_for(abandoned(Apart(seconds=600)), 20))
