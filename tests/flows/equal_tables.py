"""Whether two homes hold the same: every consumer table, in all columns but those that tell of a clock, a run or a random key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.migrate import sql_files

Rows = Counter[str]

# Told by our clock or drawn by chance: no two runs agree on them. All other columns are compared, those of tomorrow too.
BY_CHANCE = frozenset(
    {
        "capture_id",
        "captured_at",
        "discovered_at",
        "file",
        "first_seen_at",
        "gone_at",
        "last_changed_at",
        "last_seen_at",
        "learned_at",
        "length",
        "next_visit_at",
        "offset",
        "since",
        "story_id",  # the key of the article that was seen first; what hangs together is compared as "told together"
        "duplicate_of",
        "version",
        "profile_version",
        "visited_at",
    }
)
# A run that was killed and the one after it are two runs, and ask some things twice.
# What was learned depends on the pages that were there when it was: a run that is killed among its pages teaches by
# fewer of them, and names other rules for the same cuts. The texts that remain are compared.
NOT_COMPARED = frozenset({"runs", "requests", "checks", "meta", "profiles", "removed_blocks"})
SOME_COLUMNS = {
    "sources": "outlet, url, kind, error",  # a second look is answered 304, with no links
    "stories": "article_count, outlet_count",
}
WORDS = ("council", "ferry", "harbour", "собаки", "محطة")

DERIVED = {
    "told together": "SELECT list_sort(list(article_id)) FROM articles GROUP BY story_id",
    "copies": "SELECT least(article_id, duplicate_of), greatest(article_id, duplicate_of) FROM articles WHERE duplicate_of IS NOT NULL",
    "index": "SELECT term, article_id FROM (SELECT term, reading FROM store.search_recent UNION ALL "
    "SELECT term, reading FROM store.search_postings) JOIN store.articles USING (reading)",
    **{f"search {word}": f"SELECT article_id FROM search('{word}')" for word in WORDS},
    "gone": "SELECT article_id FROM articles WHERE gone_at IS NOT NULL",
    "migrations": "SELECT version, name, sha256 FROM schema_history.migrations",
}


@dataclass(frozen=True, slots=True)
class Tables:
    """What a published file says, by table or question."""

    rows: Mapping[str, Rows]

    def differences(self, other: Tables) -> list[str]:
        """What is here and not there, and the other way, in a few words each."""
        found = []
        for name in sorted({*self.rows, *other.rows}):
            mine, theirs = self.rows.get(name, Counter()), other.rows.get(name, Counter())
            found += [f"{name}: {count} × only before: {row[:300]}" for row, count in (mine - theirs).items()]
            found += [f"{name}: {count} × only now: {row[:300]}" for row, count in (theirs - mine).items()]
        return found


def read_tables(path: Path) -> Tables:
    """All of them, of the database at ``path``."""
    with duckdb.connect(path, read_only=True) as db:
        db.execute("SET TimeZone = 'UTC'")
        return Tables({name: Counter(repr(row) for row in db.execute(query).fetchall()) for name, query in _queries(db).items()})


def _queries(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    columns: dict[str, list[str]] = {}
    listed = "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND database_name = current_database()"
    for table, column in db.execute(f"{listed} AND NOT internal ORDER BY ALL").fetchall():
        columns.setdefault(table, []).append(column)
    assert len(columns) > 10 and len(sql_files("views")) > 1
    compared = {
        table: SOME_COLUMNS.get(table) or ", ".join(f'"{name}"' for name in names if name not in BY_CHANCE)
        for table, names in columns.items()
        if table not in NOT_COMPARED
    }
    return {**{table: f"SELECT {names} FROM {table}" for table, names in compared.items()}, **DERIVED}
