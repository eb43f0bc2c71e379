"""Older articles from WARC files: the same captures, from another origin."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flows.errors import BadArgument
from flows.home import hold_warehouse
from flows.run import Run
from flows.steps import begin, take_links
from spiders.captures import CapturedBody, CaptureWriter, pages_of
from spiders.ledger import RowFile
from spiders.outlet import Outlet
from spiders.urls import article_id, rewritten, skip_reason
from spiders.warc import read_records
from warehouse.connect import writing
from warehouse.contracts import Link, Planned
from warehouse.forget import forgotten
from warehouse.load import known_captures


def require_warcs(warcs: Sequence[Path]) -> None:
    """Raises ``BadArgument`` for a file in which not one record can be made out."""
    for warc in warcs:
        if next(read_records(warc, 0), None) is None:
            raise BadArgument(f"{warc}: no WARC record can be made out in it")


def take_in(run: Run, outlet: Outlet, warcs: Sequence[Path]) -> None:
    """Copy the pages of ``outlet`` out of ``warcs`` into captures of our own, from which everything can be read again.

    Taking the same file in twice changes nothing: a capture's id follows from its URL, time and bytes.
    """
    begin(run)
    known, barred = _known(run, outlet)
    seen = 0
    writer = CaptureWriter(run.home.captures, run.id)
    links, captures = RowFile(run.file("links.jsonl")), RowFile(run.file("captures.jsonl"))
    with run.tell.stage("take in") as stage:
        for page, link in _pages(outlet, warcs):
            seen += 1
            identity = _identity(page)
            if identity not in known and link.article_id not in barred:
                known.add(identity)
                links.append(link)
                captures.append(writer.write(_planned(link), page.exchange, partial=not page.whole, capture_id=identity))
            stage.update(seen)
        writer.close()
        stage.say(f"{seen} pages of {outlet.slug} in {len(warcs)} files")
    take_links(run)


def _pages(outlet: Outlet, warcs: Sequence[Path]) -> Iterator[tuple[CapturedBody, Link]]:
    """The pages that are articles of ``outlet`` by their URL, and answered well."""
    now = datetime.now(UTC)
    for warc in warcs:
        for page in pages_of(warc):
            if page.status == 200 and skip_reason(outlet, page.url) is None:
                url = rewritten(outlet, page.url)
                yield page, Link(outlet.slug, url, article_id(outlet, url), "warc", warc.name, now)


def _planned(link: Link) -> Planned:
    return Planned(link.outlet, link.url, link.article_id, link.source)


def _identity(page: CapturedBody) -> str:
    digest = hashlib.sha256(page.exchange.payload).hexdigest()
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{page.url} {page.exchange.received_at.isoformat()} {digest}"))


def _known(run: Run, outlet: Outlet) -> tuple[set[str], set[str]]:
    """The captures that are there already, and the articles that are not to be kept."""
    with hold_warehouse(run.home), writing(run.home.database) as db:
        return known_captures(db, outlet.slug), {row.article_id for row in forgotten(db, [outlet.slug])}
