"""Capture → Article | Rejection: reading is pure. ``pool`` runs it in worker processes under limits."""

from spiders.reading.page import Page, read

__all__ = ["Page", "read"]
