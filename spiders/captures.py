"""Pages as they were received: written as WARC 1.1, one gzip member a record, and read back, ours or anyone's."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from dateutil.parser import isoparse
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.encodings import BadEncoding, unpack
from spiders.errors import SpidersError
from spiders.ledger import append_whole, blamed
from spiders.warc import Headers, Record, parse_http, parse_records, read_records, whole_length
from warehouse.contracts import Capture, Planned, to_json

# zlib levels, measured on 181 news pages of 174 KB: 1 takes 1.3 ms a page and leaves 23.5 %; 3: 1.4 ms, 22.1 %; 4: 2.1 ms, 20.7 %;
# 6: 3.3 ms, 19.8 %; 9, which warcio always uses: 5.3 ms, 19.6 %.
_LEVEL = 3
_LEVEL_PACKED = 1  # for a body that came compressed
# A page over this, unpacked, is cut: `crawl.max_bytes` has kept ours far below it, foreign archives know no limit.
MOST_BYTES = 64 * 1024 * 1024
# What a capture's row knows beyond its response record: it is stored beside it, so that the archive alone tells how a page was met.
LINK_FACTS = (
    "url",
    "article_id",
    "partial",
    "link_source",
    "link_title",
    "link_published_at",
    "link_published_raw",
    "link_published_precision",
    "link_modified_at",
    "wishes",
)
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. ``payload`` is as it came over the wire, less its chunks: still content-encoded."""

    url: str
    received_at: datetime
    status: int
    headers: Headers
    payload: bytes
    protocol: str = "HTTP/1.1"
    request_headers: Headers = ()
    ip: str | None = None
    cut_short: bool = False  # the connection ended before the body did

    def header(self, name: str) -> str:
        """All values of a header, joined by commas; empty if there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name)

    @property
    def content_type(self) -> str:
        return self.header("content-type")


@dataclass(frozen=True, slots=True)
class CapturedBody:
    """An answer with its body unpacked. ``whole`` is False where body or packing ended early."""

    exchange: Exchange
    body: bytes
    whole: bool = True

    @property
    def url(self) -> str:
        return self.exchange.url

    @property
    def status(self) -> int:
        return self.exchange.status

    @property
    def content_type(self) -> str:
        return self.exchange.content_type

    @property
    def headers(self) -> Headers:
        return self.exchange.headers


class UnreadableCapture(SpidersError):
    """A capture whose record is not where its row says, or no longer whole: a backup has it, or the outlet."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(f"{path}: {problem}")


class CaptureWriter:
    """Appends to ``<folder>/<outlet>/<YYYY-MM>/<run_id>.warc.gz``. A record is in its file wholly or not at all."""

    def __init__(self, folder: Path, run_id: str, software: str = "newsmill") -> None:
        self._folder, self._run_id, self._software = folder, run_id, software
        self._written: set[Path] = set()

    def write(
        self,
        link: Planned,
        exchange: Exchange,
        *,
        partial: bool = False,
        capture_id: str | None = None,
        wishes: tuple[str, ...] | None = None,
    ) -> Capture:
        """Store the answer to ``link``'s request, under a new UUID if none is given. ``CannotStore`` if the disk takes no more."""
        path = self._file(link.outlet, exchange.received_at)
        digest = hashlib.sha256(exchange.payload).hexdigest()
        capture_id = capture_id or str(uuid.uuid4())
        level = _LEVEL_PACKED if exchange.header("content-encoding") else _LEVEL
        response = _member(_response_record(exchange, capture_id, digest), level)
        request = _member(_request_record(exchange, capture_id), level) if exchange.request_headers else b""  # not ours: not known
        capture = Capture(
            capture_id=capture_id,
            outlet=link.outlet,
            url=link.url,
            final_url=exchange.url,
            article_id=link.article_id,
            captured_at=exchange.received_at,
            status=exchange.status,
            content_type=exchange.content_type,
            file=path.relative_to(self._folder).as_posix(),
            offset=0,
            length=len(response),
            sha256=digest,
            partial=partial,
            link_source=link.source,
            link_title=link.title,
            link_published_at=link.published_at,
            link_published_raw=link.published_raw,
            link_published_precision=link.published_precision,
            link_modified_at=link.modified_at,
            wishes=wishes,
        )
        offset = append_whole(path, response + request + _member(_link_record(exchange, capture), level))
        return replace(capture, offset=offset)

    def close(self) -> None:
        """Have the disk, not only the operating system, hold what was written."""
        for path in self._written:
            with suppress(OSError), path.open("rb") as file:
                os.fsync(file.fileno())

    def _file(self, outlet: str, at: datetime) -> Path:
        path = self._folder / outlet / f"{at.astimezone(UTC):%Y-%m}" / f"{self._run_id}.warc.gz"
        if path in self._written:
            return path
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise ValueError(f"a capture outside its folder: {path}")
        with blamed(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            os.truncate(path, whole_length(path))  # a killed run's torn record would hide all that follows it
        if not path.exists() or not path.stat().st_size:
            append_whole(path, _member(_info_record(path.name, self._software), _LEVEL))
        self._written.add(path)
        return path


def read_body(folder: Path, capture: Capture, limit: int = MOST_BYTES) -> CapturedBody:
    """The page of ``capture``, unpacked up to ``limit`` bytes. ``UnreadableCapture`` if it cannot be had."""
    path = folder / capture.file
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            member = file.read(capture.length)
        block = zlib.decompress(member, zlib.MAX_WBITS | 16)
    except (OSError, zlib.error) as error:
        raise UnreadableCapture(path, str(error)) from error
    record = next(parse_records([block], len(block)), None)
    if record is None or capture.capture_id not in record.headers.get("warc-record-id", ""):
        raise UnreadableCapture(path, f"no record {capture.capture_id} at {capture.offset}")
    body = _captured(record, limit)
    if body is None:
        raise UnreadableCapture(path, f"record {capture.capture_id} holds no HTTP answer")
    return body


def pages_of(warc: Path, limit: int = MOST_BYTES) -> Iterator[CapturedBody]:
    """Every HTML answer in a WARC file of any origin, in its order; what cannot be read is passed over."""
    for record in read_records(warc, limit):
        if record.headers.get("warc-type") == "response":
            with suppress(BadEncoding):
                page = _captured(record, limit)
                if page is not None and _is_html(page):
                    yield page


def _captured(record: Record, limit: int) -> CapturedBody | None:
    message = parse_http(record.block)
    url = record.headers.get("warc-target-uri", "").strip("<> ")  # WARC 1.0 had them in brackets
    if message is None or not url:
        return None
    headers = {name.lower(): value for name, value in message.headers}
    at = _moment(record.headers.get("warc-date", ""), headers.get("date", ""))
    if at is None:
        return None
    truncated = not record.whole or "warc-truncated" in record.headers
    exchange = Exchange(url, at, message.status, message.headers, message.payload, message.protocol, cut_short=truncated)
    unpacked = unpack(message.payload, exchange.header("content-encoding"), limit)
    return CapturedBody(exchange, unpacked.body, unpacked.whole and not unpacked.over and not truncated)


def _moment(warc_date: str, http_date: str) -> datetime | None:
    for parse, text in ((isoparse, warc_date), (parsedate_to_datetime, http_date)):
        with suppress(ValueError, OverflowError):
            found = parse(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def _is_html(page: CapturedBody) -> bool:
    named = page.content_type.lower()
    return named.startswith(_HTML) or (not named and page.body[:512].lstrip()[:1] == b"<")


class _TrueHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Headers byte for byte; warcio would percent-encode what is not ASCII."""

    def to_ascii_bytes(self, filter_func: object = None) -> bytes:
        return bytes(self.to_bytes(filter_func, "latin-1"))


class _Records(WARCWriter):  # type: ignore[misc]
    """Records with the one digest that we give them: warcio adds a SHA-1 of every block, a quarter of the time of writing it."""

    def __init__(self, out: BytesIO | None = None) -> None:
        super().__init__(out, gzip=False, warc_version="1.1")

    def ensure_digest(self, record: ArcWarcRecord, block: bool = True, payload: bool = True) -> None:
        pass


def _member(record: ArcWarcRecord, level: int) -> bytes:
    """``record`` as a gzip member of its own."""
    plain = BytesIO()
    _Records(plain).write_record(record)
    packer = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(plain.getbuffer()) + packer.flush()


def _info_record(name: str, software: str) -> ArcWarcRecord:
    info = {"software": software, "format": "WARC file version 1.1", "robots": "obey", "isPartOf": name.removesuffix(".warc.gz")}
    return _Records().create_warcinfo_record(name, info)


def _response_record(exchange: Exchange, capture_id: str, digest: str) -> ArcWarcRecord:
    fields = {**_record_fields(exchange, capture_id), "WARC-Payload-Digest": f"sha256:{digest}"}
    if exchange.ip:
        fields["WARC-IP-Address"] = exchange.ip
    if exchange.cut_short:
        fields["WARC-Truncated"] = "disconnect"
    return _http_record(
        "response",
        exchange.url,
        f"{exchange.status} {responses.get(exchange.status, '')}",
        exchange.protocol,
        exchange.headers,
        exchange.payload,
        fields,
    )


def _request_record(exchange: Exchange, capture_id: str) -> ArcWarcRecord:
    parts = urlsplit(exchange.url)
    target = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query} HTTP/1.1"
    fields = {**_record_fields(exchange, str(uuid.uuid4())), "WARC-Concurrent-To": f"<urn:uuid:{capture_id}>"}
    return _http_record("request", exchange.url, target, "GET", (("Host", parts.netloc), *exchange.request_headers), b"", fields)


def _link_record(exchange: Exchange, capture: Capture) -> ArcWarcRecord:
    """The link that led to the page, as a metadata record. A field that says nothing is left out."""
    facts = {name: value for name, value in json.loads(to_json(capture)).items() if name in LINK_FACTS and value not in (None, False)}
    block = json.dumps(facts, ensure_ascii=False).encode()
    fields = {**_record_fields(exchange, str(uuid.uuid4())), "WARC-Concurrent-To": f"<urn:uuid:{capture.capture_id}>"}
    return _Records().create_warc_record(
        exchange.url, "metadata", payload=BytesIO(block), length=len(block), warc_content_type="application/json", warc_headers_dict=fields
    )


def _record_fields(exchange: Exchange, record_id: str) -> dict[str, str]:
    at = exchange.received_at.astimezone(UTC)
    return {"WARC-Record-ID": f"<urn:uuid:{record_id}>", "WARC-Date": at.isoformat(timespec="microseconds").replace("+00:00", "Z")}


def _http_record(
    kind: str, url: str, line: str, protocol: str, headers: Headers, payload: bytes, fields: Mapping[str, str]
) -> ArcWarcRecord:
    head = _TrueHeaders(line, list(headers), protocol=protocol)
    return _Records().create_warc_record(
        url, kind, payload=BytesIO(payload), length=len(payload), http_headers=head, warc_headers_dict=dict(fields)
    )
