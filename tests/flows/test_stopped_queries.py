"""A signal that comes while the database is at work."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.flows.conftest import clean_env

BUSY = """
import click, duckdb
from flows.verb import verb

@click.command()
@verb
def busy(ask):
    with duckdb.connect() as db:
        print("at work", flush=True)
        while True:
            db.execute("SELECT max(sqrt(i)) FROM range(5_000_000) AS r(i)").fetchall()

busy()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_within_a_query_ends_the_run_in_good_order(number: signal.Signals) -> None:
    run = subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_env())
    assert run.stdout and run.stdout.readline() == "at work\n"
    run.send_signal(number)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 128 + number
    assert said == "newsmill: stopped; what was fetched is kept, the next run goes on from there\n"
