"""What follows from the stored readings: the stories that they tell, and the search index. Never ahead of the tables, at most behind."""

from __future__ import annotations

import duckdb

from warehouse import search, stories


def derive(db: duckdb.DuckDBPyConnection) -> None:
    """Take in the readings that are new since the last time: in transactions of its own, so that whoever comes next ends what died."""
    stories.update(db)
    search.update(db)


def sweep(db: duckdb.DuckDBPyConnection) -> None:
    """Take out what is stored no more; within the caller's transaction. ``derive`` follows: an emptied text tells another story."""
    stories.sweep(db)
    search.sweep(db)
