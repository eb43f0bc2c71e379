"""``python -m spiders.demo [--edition N]``: serve the newspapers until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import threading
from datetime import UTC, datetime

from .server import Newspapers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m spiders.demo", description="Serve the built-in newspapers until Ctrl-C.")
    parser.add_argument("--edition", type=int, choices=(1, 2), default=1)
    edition = parser.parse_args().edition
    with Newspapers(datetime.now(UTC), edition) as papers, contextlib.suppress(KeyboardInterrupt):
        for slug, origin in papers.origins.items():
            print(f"{slug}  {origin}/", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
