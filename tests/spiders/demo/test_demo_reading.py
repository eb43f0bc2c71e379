"""What is read from the newspapers' pages, word by word, against what they wrote."""

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

import pytest

from spiders.demo.site import print_site
from spiders.demo.stories import SLUGS, gold, newspaper
from spiders.outlet import Outlet, Read
from spiders.reading import Page, read
from spiders.registry import read_outlet
from warehouse.contracts import Article, Capture, Rejection

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def outlets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outlets")
    for slug in SLUGS:
        template = (files("spiders.demo") / "outlets" / f"{slug}.toml").read_text(encoding="utf-8")
        (folder / f"{slug}.toml").write_text(template.replace("{origin}", ORIGIN), encoding="utf-8")
    return {slug: read_outlet(folder / f"{slug}.toml") for slug in SLUGS}
