"""All or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb


@contextmanager
def transaction(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What is done within counts when it ends well, else nothing of it."""
    db.begin()
    try:
        yield
        db.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a full disk ends the transaction by itself, and its error is the one to tell
            db.rollback()
        raise
