"""Invented outlets that publish for weeks as outlets do: by day and night, weekdays and weekends, in bursts; well, or with a trouble."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import duckdb

from warehouse.check import Finding, check
from warehouse.contracts import Capture, write_rows
from warehouse.stage import run_sql

BEGAN = datetime(2026, 8, 3, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Trouble = Literal["silence", "one feed dead", "a fifth", "stubs", "no dates", "no authors", "challenge pages", "other layout", "furniture"]


@dataclass(frozen=True, slots=True)
class Newsroom:
    """An outlet: what it publishes, and how it is read. ``trouble`` begins ``troubled_on`` days after its first."""

    slug: str
    a_day: float = 40.0
    weekend: float = 0.5  # of a weekday
    night: float = 0.2  # of the hours by day
    burst: float = 0.3  # spread of the logarithm of a day's number
    words: float = 400.0
    sigma: float = 0.6  # of the logarithm of words
    dated: float = 1.0
    signed: float = 0.8
    signed_weekend: float = 0.8
    rejected: float = 0.05
    fitting: float = 0.97
    feeds: int = 2
    born_on: float = 0.0
    trouble: Trouble | None = None
    troubled_on: float = math.inf

    def published(self, days: int, dice: random.Random) -> Iterator[dict[str, Any]]:
        """What it publishes, an hour at a time; a first day with what its feeds still list."""
        for hour in range(int(self.born_on * 24), days * 24):
            at = BEGAN + hour * HOUR
            if at.hour == 0 or hour == int(self.born_on * 24):
                mood = math.exp(dice.gauss(0, self.burst))
            rate = self.a_day / 24 * mood * (self.weekend if at.weekday() >= 5 else 1) * (self.night if at.hour < 7 else 1)
            is_ill = hour >= self.troubled_on * 24
            if is_ill and self.trouble in ("silence", "a fifth"):
                rate *= 0 if self.trouble == "silence" else 0.2
            backlog = 30 if hour == int(self.born_on * 24) else 0
            for number in range(_poisson(rate, dice) + backlog):
                feed = dice.randrange(self.feeds)
                if not (is_ill and self.trouble == "one feed dead" and feed == 0):
                    yield self._page(f"{hour}-{number}", at, feed, dice)

    def _page(self, name: str, at: datetime, feed: int, dice: random.Random) -> dict[str, Any]:
        signed = self.signed_weekend if at.weekday() >= 5 else self.signed
        return {
            "outlet": self.slug,
            "article_id": f"{self.slug}:{name}",
            "source_url": f"http://{self.slug}/feed{feed}",
            "seen_at": at.isoformat(),
            "trouble": self.trouble,
            "ill_from": (BEGAN + self.troubled_on * DAY).isoformat() if self.trouble else None,
            "is_rejected": dice.random() < self.rejected,
            "is_challenged": dice.random() < 0.8,
            "words": max(1, round(self.words * math.exp(dice.gauss(0, self.sigma)))),
            "is_dated": dice.random() < self.dated,
            "is_signed": dice.random() < signed,
            "is_fitting": dice.random() < self.fitting,
            "text": "\n\n".join(f"Paragraph {dice.random()} of a story." for _ in range(3)),
        }


def healthy(count: int, dice: random.Random) -> list[Newsroom]:
    """Outlets of all sizes and habits, none in trouble."""
    return [
        Newsroom(
            f"well{number}",
            a_day=dice.choice([0.3, 1, 3, 8, 15, 40, 100]),
            weekend=dice.choice([1, 0.5, 0.1, 0]),
            night=dice.choice([1, 0.2, 0]),
            burst=dice.choice([0.1, 0.3, 0.5]),
            words=dice.choice([120, 300, 600]),
            sigma=dice.choice([0.3, 0.6, 0.9]),
            dated=dice.choice([1, 0.98, 0.7, 0]),
            signed=dice.choice([1, 0.8, 0.4, 0]),
            signed_weekend=dice.choice([0.8, 0.3, 0]),
            rejected=dice.choice([0.02, 0.1, 0.3]),
            fitting=dice.choice([1, 0.95, 0.7]),
            feeds=dice.choice([1, 2, 4]),
            born_on=dice.choice([0, 0, 0, 0, 50, 56]),
        )
        for number in range(count)
    ]


class Desk:
    """A warehouse that lives through what the newsrooms publish, run after run."""

    def __init__(self, db: duckdb.DuckDBPyConnection, folder: Path, rooms: Sequence[Newsroom], days: int, seed: int = 1) -> None:
        self.db, self.folder, self.rooms, self.now, self.runs = db, folder, rooms, BEGAN - HOUR, 0
        dice, file = random.Random(seed), folder / "future.jsonl"
        with file.open("w") as out:
            for room in rooms:
                out.writelines(json.dumps(page) + "\n" for page in room.published(days, dice))
        db.execute(
            "CREATE TEMP TABLE future AS SELECT * REPLACE (seen_at::TIMESTAMPTZ AS seen_at, ill_from::TIMESTAMPTZ AS ill_from, "
            f"trouble::VARCHAR AS trouble) FROM read_json('{file}')"
        )
        for room in rooms:
            db.execute(
                "INSERT INTO store.profiles SELECT $1, 'v', 'article', $2, $2, 8, TRUE, 'keeps 95 %', [], [], [], [], []",
                [room.slug, BEGAN],
            )

    def live_until(self, then: datetime, every: timedelta = DAY / 2) -> None:
        """Runs at ``every`` interval until ``then``, all at once: nothing is checked."""
        moments = [self.now + every * turn for turn in range(1, -((self.now - then) // every))]
        self._take_in([*moments, then])

    def run(self, now: datetime) -> None:
        """Take in what was published since the last run."""
        self._take_in([now])

    def _take_in(self, moments: Sequence[datetime]) -> None:
        for moment in moments:
            self.runs += 1
            slugs = [room.slug for room in self.rooms if BEGAN + room.born_on * DAY <= moment]
            self.db.execute(
                "INSERT INTO store.runs SELECT ?, 'ingest', ?::VARCHAR[], ?, ?, 'done', 0, 0, 0, 0, 0, 0, 0, 0, 0",
                [f"run{self.runs:05}", slugs, moment, moment],
            )
        run_sql(self.db, _TAKE_IN, {"after": self.now, "now": moments[-1]})
        self.now = moments[-1]

    def check(self, is_all: bool = False) -> list[Finding]:
        """The findings about the habits of outlets; ``is_all``: as if each had brought a page."""
        folder = self.folder / "run"
        folder.mkdir(exist_ok=True)
        came = self.db.execute(f"SELECT article_id, outlet, max(seen_at) FROM {'future' if is_all else 'came'} GROUP BY ALL").fetchall()
        write_rows(
            folder / "captures.jsonl",
            [Capture(key, outlet, key, key, key, at, 200, "text/html", "x.warc.gz", 0, 1, key) for key, outlet, at in came],
        )
        return check(self.db, folder, f"run{self.runs:05}", [room.slug for room in self.rooms], self.now)


def _poisson(rate: float, dice: random.Random) -> int:
    number, product, least = 0, dice.random(), math.exp(-rate)
    while product > least:
        number, product = number + 1, product * dice.random()
    return number


# Pages are seen when they are new, and again after an hour, a day, a week and a month, as they are by then: what troubles an outlet is on
# all of its pages. The newest look at a page is the one that counts.
_TAKE_IN = """
CREATE OR REPLACE TEMP TABLE came AS
WITH looks AS (
    SELECT *, seen_at + age AS looked_at, coalesce(seen_at + age >= ill_from, FALSE) AS is_ill
    FROM future CROSS JOIN unnest([INTERVAL 0 HOUR, INTERVAL 1 HOUR, INTERVAL 1 DAY, INTERVAL 7 DAY, INTERVAL 30 DAY]) AS t(age)
    WHERE seen_at + age > $after AND seen_at + age <= $now
), met AS (
    SELECT * REPLACE (
        is_rejected OR is_ill AND is_challenged AND trouble = 'challenge pages' AS is_rejected,
        CASE WHEN is_ill AND trouble = 'stubs' THEN greatest(1, words // 5) ELSE words END AS words,
        is_dated AND NOT (is_ill AND trouble = 'no dates') AS is_dated,
        is_signed AND NOT (is_ill AND trouble = 'no authors') AS is_signed,
        is_fitting AND NOT (is_ill AND trouble = 'other layout') AS is_fitting,
        text || CASE WHEN is_ill AND trouble = 'furniture' THEN chr(10) || chr(10) || 'Subscribe to our newsletter for more'
                ELSE '' END AS text
    ), NOT (is_ill AND trouble = 'furniture') AS is_cut
    FROM looks
)
SELECT met.*, known.revision AS was, seen.article_id IS NOT NULL AS is_known,
       CASE WHEN is_known OR is_ill AND seen_at < ill_from THEN looked_at ELSE seen_at END AS changed_at,
       known.word_count IS DISTINCT FROM words OR known.text IS DISTINCT FROM met.text OR (len(known.authors) > 0) <> is_signed
       OR (known.published_precision <> 'none') <> is_dated AS is_changed
FROM met LEFT JOIN store.articles AS known USING (article_id) LEFT JOIN store.sightings AS seen USING (article_id)
WHERE age = INTERVAL 0 HOUR OR NOT met.is_rejected OR known.article_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY looked_at DESC) = 1;

CREATE OR REPLACE TEMP TABLE changed AS FROM came WHERE NOT is_rejected AND is_changed;
DELETE FROM store.articles WHERE article_id IN (SELECT article_id FROM changed);
INSERT INTO store.articles BY NAME
SELECT article_id, outlet, article_id AS url, 'A headline' AS title,
       CASE WHEN is_signed THEN ['A Person'] ELSE []::VARCHAR[] END AS authors,
       CASE WHEN is_dated THEN seen_at END AS published_at, CASE WHEN is_dated THEN 'second' ELSE 'none' END AS published_precision,
       'meta' AS published_source, []::VARCHAR[] AS tags, text, words AS word_count, FALSE AS is_paywalled, changed_at AS last_changed_at,
       coalesce(was, 0) + 1 AS revision, 'test' AS extractor, CASE WHEN is_fitting THEN 'v' END AS profile_version,
       article_id AS capture_id, article_id AS text_sha256, '' AS facts_sha256
FROM changed;
INSERT INTO store.removed_blocks BY NAME
SELECT article_id, coalesce(was, 0) + 1 AS revision, 0 AS position, 'Subscribe to our newsletter for more' AS text, 'learned' AS reason,
       'aside.more' AS rule
FROM changed WHERE is_cut;

UPDATE store.sightings AS seen SET last_seen_at = looked_at, profile_version = CASE WHEN is_fitting THEN 'v' END
FROM came WHERE came.article_id = seen.article_id AND NOT is_rejected;
INSERT INTO store.sightings BY NAME
SELECT article_id, seen_at AS first_seen_at, looked_at AS last_seen_at, CASE WHEN is_fitting THEN 'v' END AS profile_version
FROM came WHERE NOT is_rejected AND NOT is_known;

INSERT INTO store.captures BY NAME
SELECT article_id || looked_at AS capture_id, outlet, article_id AS url, article_id AS final_url, article_id, looked_at AS captured_at,
       200 AS status, 'text/html' AS content_type, 'x.warc.gz' AS file, 0 AS "offset", 1 AS length, article_id AS sha256, FALSE AS partial
FROM came;
INSERT INTO store.rejections BY NAME
SELECT article_id AS url, outlet, article_id, looked_at AS captured_at, 'challenge page' AS reason, '' AS detail,
       article_id || looked_at AS capture_id
FROM came WHERE is_rejected;
UPDATE store.links AS link
SET visited_at = looked_at, reason = CASE WHEN is_rejected THEN 'later visit: challenge page' END
FROM came WHERE came.article_id = link.article_id;
INSERT INTO store.links BY NAME
SELECT md5_number_lower(article_id) AS url_hash, article_id AS url, outlet, article_id, 'feed' AS source, source_url,
       'none' AS published_precision, seen_at AS discovered_at, looked_at AS visited_at,
       CASE WHEN is_rejected THEN 'rejected' ELSE 'loaded' END AS state,
       CASE WHEN is_rejected THEN 'challenge page' END AS reason, 0 AS attempts, md5_number_lower(article_id) AS article_hash
FROM came WHERE article_id NOT IN (SELECT article_id FROM store.links);
DELETE FROM store.sources;
INSERT INTO store.sources BY NAME
SELECT DISTINCT outlet, source_url AS url, 'feed' AS kind, $now AS seen_at, 200 AS status, 20 AS links, []::VARCHAR[] AS warnings,
       $now AS answered_at
FROM future WHERE seen_at <= $now;
"""
