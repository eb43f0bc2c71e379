"""Takedown: what was forgotten is in no file any more, stays known as not to be fetched, and the rest is as it was."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.forgetting import forget
from flows.home import Home, hold_outlets, open_home
from flows.progress import Reporter
from flows.settings import Settings
from spiders.captures import CaptureWriter, Exchange, read_body
from tests.flows.conftest import Desk, clean_env
from warehouse.compact import compact
from warehouse.connect import writing
from warehouse.contracts import Article, Capture, Link, Planned, write_rows
from warehouse.load import begin_run, load
from warehouse.plan import plan
from warehouse.publish import publish

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def holders(home: Path, words: str) -> list[str]:
    """The files in which ``words`` stand: as bytes, packed, or in any column of any table of a database."""
    found = set()
    for path in (path for path in home.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.name.endswith(".gz"):
            data += gzip.decompress(data)
        if words.encode() in data or (path.suffix in (".duckdb", ".old") and stands_in(path, words)):
            found.add(path.relative_to(home).as_posix())
    return sorted(found)


def stands_in(database: Path, words: str) -> bool:
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{database}' AS looked (READ_ONLY)")
        tables = db.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'looked'").fetchall()
        assert len(tables) > 10
        queries = (
            f'SELECT count(*) FROM looked."{schema}"."{table}" AS line WHERE contains(line::VARCHAR, $words)' for schema, table in tables
        )
        return any(db.execute(query, {"words": words}).fetchall()[0][0] for query in queries)


def words_of(desk: Desk, article_id: str) -> set[str]:
    """Words that one article has and no other."""
    texts = {key: set(re.findall(r"\w+", text.lower())) for key, text in desk.ask("SELECT article_id, title || ' ' || text FROM articles")}
    own = texts.pop(article_id)
    return {word for word in own.difference(*texts.values()) if len(word) > 3}


def everything_else(desk: Desk, article_id: str) -> dict[str, list[tuple[object, ...]]]:
    tables = ("articles", "revisions", "removed_blocks", "date_evidence")
    return {table: desk.ask(f"SELECT * FROM {table} WHERE article_id <> '{article_id}' ORDER BY ALL") for table in tables}


def one_of(desk: Desk, outlet: str) -> tuple[str, str, str, list[str]]:
    """An article with a revision: its key and URL, a sentence that stands on its page alone, its captures."""
    article_id, url, text = desk.ask(
        f"SELECT article_id, url, text FROM articles WHERE outlet = '{outlet}' ORDER BY revision DESC, article_id LIMIT 1"
    )[0]
    sentence = max(text.split("\n\n"), key=len)[:60].replace("“", "").strip()
    return article_id, url, sentence, [key for (key,) in desk.ask(f"SELECT capture_id FROM captures WHERE url = '{url}'")]


def test_a_forgotten_article_is_in_no_file_and_never_fetched_again(taken: Desk) -> None:
    article_id, url, sentence, captures = one_of(taken, "demo_gazette")
    others, rest = holders(taken.home, sentence), everything_else(taken, article_id)
    assert any(name.endswith(".warc.gz") for name in others) and {"warehouse.duckdb", "published/newsmill.duckdb"} <= set(others)
    own = words_of(taken, article_id)
    done = taken.run("forget", url, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert (said["articles"], said["captures"], said["outlets"]) == (1, len(captures), ["demo_gazette"])
    assert holders(taken.home, sentence) == []
    with writing(taken.home / "warehouse.duckdb") as db:
        known = {word for (word,) in db.execute("SELECT word FROM store.search_words").fetchall()}
        said = "SELECT term FROM store.search_recent UNION SELECT term FROM store.search_postings"
        assert db.execute(f"SELECT count(*) FROM store.search_words WHERE term NOT IN ({said})").fetchall() == [(0,)]
    assert len(own & known) < len(own) / 2, "in the index stay only words whose stem another article has"
    for key in captures:
        assert holders(taken.home, key) == [], "not one of its records stays"
    assert everything_else(taken, article_id) == rest
    assert taken.ask(f"SELECT DISTINCT state, reason, title FROM links WHERE article_id = '{article_id}'") == [
        ("forgotten", "forgotten", None)
    ]
    assert taken.run("warehouse check", "--all").returncode == 0, "the others lie where their rows say"
    before = taken.asked()
    again = taken.run("ingest", "demo_gazette")
    assert again.returncode == 0, again.stdout + again.stderr
    assert not any(url.endswith(seen.path) for seen in taken.papers.requests[before:] if len(seen.path) > 1)
    assert holders(taken.home, sentence) == [] and taken.ask(f"SELECT * FROM articles WHERE article_id = '{article_id}'") == []


def test_a_dry_run_changes_nothing_and_an_unknown_url_is_told(taken: Desk) -> None:
    _, url, *_ = one_of(taken, "demo_herald")
    before = {path: path.read_bytes() for path in taken.home.rglob("*.duckdb")}
    done = taken.run("forget", url, "--dry-run")
    assert done.returncode == 0 and "would go: 1 article," in done.stdout, done.stderr
    assert {path: path.read_bytes() for path in taken.home.rglob("*.duckdb")} == before
    for words, said in (
        (("https://nobody.example/x",), "nothing is known of"),
        (("--outlet", "nobody"), "nothing is known of"),
        ((), "either a URL or --outlet"),
        (("not a url",), "no web address"),
    ):
        refused = taken.run("forget", *words)
        assert refused.returncode == 2 and said in refused.stderr, refused.stderr


def test_a_forgotten_outlet_leaves_nothing_but_the_knowledge_not_to_ask(taken: Desk) -> None:
    _, _, sentence, _ = one_of(taken, "demo_herald")
    links = taken.ask("SELECT count(*) FROM links WHERE outlet = 'demo_herald'")
    others = "SELECT * EXCLUDE (story_id, duplicate_of) FROM articles WHERE outlet <> 'demo_herald' ORDER BY ALL"
    rest = taken.ask(others)
    done = taken.run("forget", "--outlet", "demo_herald", "--yes")
    assert done.returncode == 0 and "enabled = false" in done.stdout, done.stderr
    assert holders(taken.home, sentence) == [] and not (taken.home / "captures" / "demo_herald").exists()
    for table in ("articles", "rejections", "captures", "profiles", "sources"):
        assert taken.ask(f"SELECT count(*) FROM {table} WHERE outlet = 'demo_herald'") == [(0,)], table
    assert taken.ask("SELECT count(*) FROM links WHERE outlet = 'demo_herald' AND state = 'forgotten'") == links
    assert taken.ask(others) == rest
    assert taken.ask("SELECT count(*) FROM articles WHERE duplicate_of LIKE 'demo_herald:%' OR story_id LIKE 'demo_herald:%'") == [(0,)]
    again = taken.run("ingest", "demo_herald")
    assert again.returncode in (0, 1) and taken.ask("SELECT count(*) FROM articles WHERE outlet = 'demo_herald'") == [(0,)]


def test_what_was_forgotten_before_it_was_found_is_never_fetched(desk: Desk) -> None:
    path = sorted(page for page in desk.papers.sites["demo_gazette"].pages if page.count("/") == 3)[0]
    url = desk.papers.origins["demo_gazette"].rstrip("/") + path
    assert desk.run("ingest", "demo_courier").returncode == 0
    done = desk.run("forget", url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.run("ingest", "demo_gazette").returncode == 0
    assert path not in {seen.path for seen in desk.papers.requests}
    assert desk.ask(f"SELECT state FROM links WHERE url = '{url}'") == [("forgotten",)]


def test_no_redirect_leads_to_what_was_forgotten(desk: Desk) -> None:
    """An old address of the gazette, which its feed names as well, leads to the article that was forgotten before it was found."""
    assert desk.run("ingest", "demo_courier").returncode == 0
    path = next(path for path in desk.papers.sites["demo_gazette"].pages if "ouselle-bridge-reopens" in path)
    assert desk.run("forget", desk.papers.origins["demo_gazette"].rstrip("/") + path).returncode == 0
    assert desk.run("ingest", "demo_gazette").returncode == 0
    asked = {seen.path for seen in desk.papers.requests if "ouselle-bridge" in seen.path}
    assert asked and path not in asked
    assert desk.ask("SELECT state, reason FROM links WHERE url LIKE '%/ouselle-bridge-%' ORDER BY ALL") == [
        ("forgotten", "forgotten"),
        ("skipped", "forgotten"),
    ]


def test_an_archive_does_not_bring_back_what_was_forgotten(taken: Desk) -> None:
    _, url, sentence, _ = one_of(taken, "demo_gazette")
    warcs = taken.folder / "warcs"
    shutil.copytree(taken.home / "captures" / "demo_gazette", warcs)
    assert taken.run("forget", url).returncode == 0
    files = [word for path in sorted(warcs.rglob("*.warc.gz")) for word in ("--warc", path)]
    done = taken.run("backfill", "demo_gazette", *files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert taken.ask("SELECT fetched > 0 FROM runs WHERE verb = 'backfill'") == [(True,)] and holders(taken.home, sentence) == []


@pytest.mark.parametrize("moment", [1, 2, 4])
def test_a_takedown_that_is_killed_is_finished_by_the_next_verb(taken: Desk, moment: int) -> None:
    """Killed at what it leaves behind in turn: its journal, the first WARC file, the new database, the published copy."""
    article_id, url, sentence, _ = one_of(taken, "demo_gazette")
    rest = everything_else(taken, article_id)
    last = ("captures/forgotten.jsonl", ".warehouse.duckdb.compact", "published/.replicas/partial")
    sign = ("removing.json", "captures/*/*/*~2.warc.gz", *last)[moment]
    run = subprocess.Popen(taken.command("forget", url), env=clean_env(), cwd=taken.folder, stdout=subprocess.DEVNULL)
    while run.poll() is None and not list(taken.home.glob(sign)):
        pass
    run.kill()
    run.wait(60)
    done = taken.run("ingest", "demo_courier") if moment % 2 else taken.run("forget", url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (taken.home / "removing.json").exists()
    assert holders(taken.home, sentence) == []
    assert moment % 2 or everything_else(taken, article_id) == rest, "an ingest adds to it"
    assert taken.run("warehouse check", "--all").returncode == 0


def test_a_run_of_the_outlet_is_not_disturbed(taken: Desk) -> None:
    _, url, *_ = one_of(taken, "demo_gazette")
    with hold_outlets(open_home(taken.home), ["demo_gazette"], False):
        done = taken.run("forget", url)
    assert done.returncode == 2 and "a run is under way" in done.stderr


# Bytes: DuckDB packs what it can, so that a search for words in its file proves little. Here nothing is packed.


def unpackable(seed: int, length: int = 6000) -> str:
    return base64.b64encode(random.Random(seed).randbytes(length)).decode()


def stocked(folder: Path, texts: dict[str, str]) -> Home:
    """A home with an article a text, whose database stores the summaries, the same words, as they are: texts are packed by declaration."""
    home = open_home(folder)
    run = home.folder / "made"
    run.mkdir()
    writer = CaptureWriter(home.captures, "20261101T120000Z-abcd")
    captures, articles = list[Capture](), list[Article]()
    for url, text in texts.items():
        planned = Planned("demo", url, f"demo:{url}", "feed")
        captures.append(writer.write(planned, Exchange(url, NOON, 200, (("Content-Type", "text/html"),), text.encode())))
        articles.append(Article(f"demo:{url}", "demo", url, captures[-1].capture_id, NOON, "A title", text, 1, summary=text))
    writer.close()
    write_rows(run / "captures.jsonl", captures)
    write_rows(run / "articles.jsonl", articles)
    write_rows(run / "links.jsonl", [Link("demo", url, f"demo:{url}", "feed", "feed", NOON) for url in texts])
    with writing(home.database) as db:
        db.execute("SET force_compression = 'uncompressed'")
        begin_run(db, "r1", "ingest", [], NOON)
        plan(db, [run / "links.jsonl"], [], ["demo"], NOON)
        load(db, run, "r1")
    publish(home.database, home.published)
    for file in run.iterdir():
        file.unlink()
    run.rmdir()
    return home


def test_a_deleted_rows_bytes_stay_in_a_database_until_it_is_copied(tmp_path: Path) -> None:
    texts = {f"http://demo.example/{number}": unpackable(number) for number in range(20)}
    home = stocked(tmp_path, texts)
    words = texts["http://demo.example/7"][4000:4080].encode()
    assert words in home.database.read_bytes()
    with writing(home.database) as db:
        for table in ("articles", "revisions"):
            db.execute(f"DELETE FROM store.{table} WHERE article_id = 'demo:http://demo.example/7'")
    assert words in home.database.read_bytes(), "which is why a takedown ends with a copy"
    compact(home.database)
    assert words not in home.database.read_bytes()
    with writing(home.database) as db:
        assert db.execute("SELECT count(*) FROM store.articles").fetchall() == [(19,)]


def test_no_byte_of_a_forgotten_text_stays_anywhere(tmp_path: Path) -> None:
    texts = {f"http://demo.example/{number}": unpackable(number) for number in range(20)}
    home = stocked(tmp_path, texts)
    (home.database.with_name("warehouse.duckdb.old")).write_bytes(home.database.read_bytes())
    pieces = [texts["http://demo.example/7"][start : start + 60] for start in range(0, 7900, 395)]
    assert {name for piece in pieces for name in holders(home.folder, piece)} >= {"warehouse.duckdb", "published/newsmill.duckdb"}
    forget(home.folder, Settings(home=home.folder, _env_file=None), "http://demo.example/7", None, [], Reporter(), False)  # type: ignore[call-arg]
    assert [name for piece in pieces for name in holders(home.folder, piece)] == []
    with writing(home.database) as db:
        rows = db.execute("SELECT * EXCLUDE (row_version) FROM store.captures ORDER BY url").fetchall()
        names = [column[0] for column in db.description]
    assert len(rows) == 19
    for row in rows:
        capture = Capture(**dict(zip(names, row, strict=True)))
        assert read_body(home.captures, capture).body.decode() == texts[capture.url]
