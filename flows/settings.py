"""Where and who: the environment and .env, read once."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.errors import BadArgument


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """``NEWSMILL_HOME``, ``NEWSMILL_CONTACT``, ``NEWSMILL_WAREHOUSE``, ``NEWSMILL_WORKERS``."""

    model_config = SettingsConfigDict(env_prefix="NEWSMILL_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path("data")
    contact: str = ""
    warehouse: str = ""
    workers: int = Field(default_factory=processors, ge=1, le=256)


def read_settings() -> Settings:
    """Raises ``BadArgument`` for a value of no use, or a warehouse that is not built yet."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadArgument("; ".join(f"NEWSMILL_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())) from error
    if settings.warehouse.startswith("ducklake:"):
        raise BadArgument("NEWSMILL_WAREHOUSE: a DuckLake warehouse is planned, and not there yet: leave it out, or name a DuckDB file")
    if not settings.contact.isascii() or not settings.contact.isprintable() or len(settings.contact) > 300:
        raise BadArgument("NEWSMILL_CONTACT: it goes into a header, so it must be one printable line of ASCII, 300 letters at most")
    return settings
