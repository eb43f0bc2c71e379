"""A crawl in a process of its own: ``python -m spiders discover|fetch JOB.json``.

Exit codes: 0 done, whatever became of the outlets: the rows say it; 1 a fault of ours; 2 could not begin; 3 the disk took no more.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

_USAGE = "usage: python -m spiders discover|fetch JOB.json"
_FILES = 16_384


def main(arguments: list[str]) -> int:
    begun_by = os.getppid()
    if len(arguments) != 2 or arguments[0] not in ("discover", "fetch"):
        print(_USAGE, file=sys.stderr)
        return 2
    # Imported here: a worker process that parses apart imports this module too, and needs none of it.
    from scrapy.crawler import AsyncCrawlerProcess

    from spiders.crawl import DiscoverSpider, Ending, FetchSpider
    from spiders.errors import SpidersError
    from spiders.job import read_job
    from spiders.settings import scrapy_settings

    _open_many_files()
    ending = Ending()
    try:
        job = read_job(Path(arguments[1]))
        parent = job.parent or begun_by
        if os.getppid() != parent:
            return 0  # whoever ordered it died while it was being started
        process = AsyncCrawlerProcess(scrapy_settings(job))
        logging.getLogger("scrapy.core.downloader").setLevel(logging.ERROR)  # every page too large would be told here too
        process.crawl(DiscoverSpider if arguments[0] == "discover" else FetchSpider, job=job, ending=ending, parent=parent)
    except SpidersError as error:
        print(error, file=sys.stderr)
        return 2
    process.start(install_signal_handlers=False)
    return ending.code


def _open_many_files() -> None:
    """A connection is kept to each host; shells give a process 1,024 files and let it ask for more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
