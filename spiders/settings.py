"""How Scrapy is set: what it may do for us, and what it must not."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.request import getproxies

from spiders.fences import Fence
from spiders.job import Job
from spiders.resolver import OPEN_NAMES

_QUIET = "WARNING"


def user_agent(contact: str | None) -> str:
    """Who we are, and whom to tell if we do harm."""
    return f"{software()} (+{contact})" if contact else software()


def software() -> str:
    try:
        return f"newsmill/{version('newsmill')}"
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return "newsmill/0"


def scrapy_settings(job: Job) -> dict[str, Any]:
    """Scrapy downloads. Redirects, retries, robots.txt, pace and unpacking are `visits`' own: Scrapy's middlewares lose
    self-redirects, retry a Retry-After at once, allow all when robots.txt fails, and give only the unpacked body.
    """
    return {
        "BOT_NAME": "newsmill",
        "USER_AGENT": user_agent(job.contact),
        "DEFAULT_REQUEST_HEADERS": {},
        "DOWNLOAD_HANDLERS": {
            "http": "spiders.download.HttpDownload",
            "https": "spiders.download.HttpDownload",
            **dict.fromkeys(("data", "file", "ftp", "s3")),  # file:///etc/passwd is read by default
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # what came of a body that is cut short is judged, not dropped
        "DOWNLOAD_WARNSIZE": 0,
        "HTTPPROXY_ENABLED": True,  # from the environment, no_proxy included; a proxy resolves names itself
        "TWISTED_DNS_RESOLVER": "spiders.resolver.FencedResolver",
        OPEN_NAMES: sorted(Fence(job.outlets, getproxies()).open_names),
        "REACTOR_THREADPOOL_MAXSIZE": 20,  # look-ups that hang hold a thread each
        # Hosts and their turns are counted in `manners`: a place that Scrapy counts is held by requests that only wait.
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "DOWNLOADER_STATS": False,
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "LOGSTATS_INTERVAL": 0,
        "LOG_LEVEL": _QUIET,
    }
