"""Where an outlet names its articles: bytes → links, each parser pure, none of them ever raises for what it is given."""

from __future__ import annotations

from spiders.discovery.feed import parse_feed
from spiders.discovery.found import Found, FoundLink
from spiders.discovery.listing import parse_listing
from spiders.discovery.sitemap import parse_sitemap
from spiders.discovery.wordpress import parse_wordpress

__all__ = ["Found", "FoundLink", "parse_feed", "parse_listing", "parse_sitemap", "parse_wordpress"]
