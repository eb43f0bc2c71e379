"""What a person asks afterwards: how an article changed, why one is missing, and what a schedule left alone."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flows.differ import paragraphs, pieces
from tests.flows.conftest import Desk


def explained(desk: Desk, url: str) -> str:
    return str(json.loads(desk.run("status", "--url", url, "--json").stdout)["verdict"])


def test_words_that_went_and_came_are_told_apart() -> None:
    told = [(piece.what, piece.words) for piece in pieces("The bridge opens on Monday.", "The bridge opened on Monday.")]
    assert told == [("same", "The bridge "), ("removed", "opens"), ("added", "opened"), ("same", " on Monday.")]
    assert [piece.words for piece in pieces("گەورەترین پردی شار", "گەورەترین پردی نوێی شار") if piece.what == "added"] == ["نوێی "]


def test_a_paragraph_that_came_or_went_leaves_the_others_alone() -> None:
    told = [[piece.what for piece in each] for each in paragraphs("One.\n\nTwo.", "One.\n\nA new one in between.\n\nTwo.")]
    assert told == [["same"], ["added"], ["same"]]
    assert "".join(piece.words for each in paragraphs("", "One.") for piece in each if piece.what != "removed") == "One."


def test_diff_shows_the_newest_revision_by_key_and_by_url(printed: Desk) -> None:
    ((key, url, revision),) = printed.ask(
        "SELECT article_id, url, revision FROM articles JOIN revisions USING (article_id, revision) WHERE change = 'body' LIMIT 1"
    )
    shown = printed.run("diff", key, outlets=False)
    assert shown.returncode == 0 and f"revision {revision}: body" in shown.stdout and "{+" in shown.stdout, shown.stderr
    found = json.loads(printed.run("diff", url, "--json").stdout)
    new = "\n\n".join(
        text for each in found["paragraphs"] if (text := "".join(piece["words"] for piece in each if piece["what"] != "removed"))
    )
    assert [(new,)] == printed.ask(f"SELECT text FROM articles WHERE article_id = '{key}'")
    missing = printed.run("diff", "nobody:1")
    assert missing.returncode == 2 and "no article has the key or URL" in missing.stderr


def test_any_missing_article_is_explained(printed: Desk) -> None:
    origin = printed.papers.origins["demo_gazette"]
    ((refused,),) = printed.ask("SELECT url FROM links WHERE reason = 'robots' LIMIT 1")
    ((rejected, why),) = printed.ask("SELECT url, reason FROM links WHERE state = 'rejected' LIMIT 1")
    ((failed, fault),) = printed.ask("SELECT url, reason FROM links WHERE state = 'failed' LIMIT 1")
    ((loaded,),) = printed.ask("SELECT url FROM articles LIMIT 1")
    assert explained(printed, refused).startswith("Refused by robots.txt")
    assert explained(printed, rejected).startswith(f"Rejected: {why}")
    assert explained(printed, failed).startswith(f"Failed: {fault}")
    assert explained(printed, loaded).startswith("It is there")
    assert explained(printed, f"{origin}/2026/nobody-wrote-this").startswith("Never discovered: no source of demo_gazette")
    assert explained(printed, f"{origin}/").startswith("Never discovered, and it would not be fetched")
    assert explained(printed, "https://elsewhere.example/1").startswith("No outlet has this host")


def test_a_run_says_of_each_source_whether_it_was_asked_and_why_not(printed: Desk) -> None:
    ((run_id,),) = printed.ask("SELECT max(run_id) FROM runs")
    told = json.loads(printed.run("status", "--run", run_id, "--json").stdout)
    assert told["run"][0]["run_id"] == run_id
    assert {row["what"] for row in told["run_sources"]} <= {"asked: http 200", "asked: http 304"}
    assert {row["state"] for row in told["run_links"]} <= {"rejected", "failed", "skipped", "waiting"}
    assert printed.run("status", "--run", "nothing").returncode == 2


def test_a_scheduled_run_asks_nobody_before_their_time(taken: Desk) -> None:
    before = taken.asked()
    done = taken.run("ingest", "--due")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "from 0 sources of 0 outlets" in done.stdout + done.stderr, "no crawler is started for nothing"
    assert [urlsplit(seen.path).path for seen in taken.papers.requests[before:]] == []
    told = json.loads(taken.run("status", "--run", taken.ask("SELECT max(run_id) FROM runs")[0][0], "--json").stdout)
    assert all(row["what"].startswith("not asked: not due before") for row in told["run_sources"])
