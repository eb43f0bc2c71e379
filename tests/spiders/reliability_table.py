"""The tables of ``docs/reliability.md``, made of the inputs themselves: ``python -m tests.spiders.reliability_table`` writes them anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.spiders.hostile_addresses import LYING_NAMES, SPELLINGS
from tests.spiders.hostile_answers import CAPTURED, INPUTS, PARTIAL, Input
from tests.spiders.hostile_sources import SOURCES, Hostile

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- made of the tests' own tables from here -->", "<!-- to here -->"
WAYS = ("as a link", "at a redirect", "at a feed's redirect")

# What is no input of the hostile server: fault, what a user sees, the test that proves it. "file::test", the file's name being unique.
OPERATIONS = (
    (
        "kill -9 in discover or fetch",
        "the next run goes on; nothing lost, nothing double",
        "test_faults.py::test_a_run_that_is_stopped_is_finished_by_the_next",
    ),
    (
        "SIGTERM in discover or fetch",
        "exit 143; what was fetched is kept",
        "test_faults.py::test_a_run_that_is_stopped_is_finished_by_the_next",
    ),
    (
        "SIGINT in discover or fetch",
        "exit 130; what was fetched is kept",
        "test_faults.py::test_a_run_that_is_stopped_is_finished_by_the_next",
    ),
    (
        "kill -9 while the crawler starts or pages are read",
        "the next run goes on",
        "test_faults.py::test_a_run_killed_while_its_crawler_starts_or_its_readers_read_is_finished_at_once",
    ),
    (
        "Ctrl-C to all processes of a terminal",
        "one line, exit 130",
        "test_faults.py::test_ctrl_c_on_a_terminal_ends_all_processes_in_good_order",
    ),
    (
        "kill -9, SIGTERM, SIGINT at random moments of discover, plan, fetch, read, learn, load, check, publish, in chains of up to five: "
        "of all processes, the run alone, its group, the crawler, a reader",
        "the next run ends well; every consumer table is as after an undisturbed run",
        "test_killing.py::test_whatever_is_killed_in_whatever_stage_the_next_run_makes_the_tables_whole",
    ),
    (
        "kill -9 in a load, a publication or a migration of many rows",
        "whole or not at all; again, and it is done",
        "test_publish_faults.py::test_killed_at_any_moment_nothing_is_lost_or_double",
    ),
    (
        "SIGTERM or Ctrl-C while the database is at work",
        "one line, exit 143 or 130",
        "test_stopped_queries.py::test_a_signal_within_a_query_ends_the_run_in_good_order",
    ),
    (
        "no power: `links.jsonl` torn, `captures.jsonl` with zeros, `articles.jsonl` with half a line, the last WARC record torn",
        "said in a line; pages that did not reach the disk are fetched anew",
        "test_machine_failures.py::test_a_run_that_a_machine_without_power_left_is_finished",
    ),
    (
        "a disk that is full or read-only: captures, database, published file (a file system of its own)",
        "exit 2 and the file's name; the next run goes on, nothing lost, nothing double",
        "test_machine_failures.py::test_a_disk_that_is_full_or_read_only_costs_nothing",
    ),
    (
        "no space in a load or a publication of many rows",
        "`no space to write`; readers keep what they had",
        "test_publish_faults.py::test_a_disk_that_is_really_full_loses_nothing",
    ),
    (
        "a clock that was days or years ahead, and is set back",
        "later news and changes are taken in as ever",
        "test_machine_failures.py::test_a_clock_that_was_wrong_is_got_over",
    ),
    (
        "a warehouse that another program holds, a notebook for one",
        "exit 2 and that process's number; the next run goes on",
        "test_machine_failures.py::test_a_warehouse_that_another_program_holds_is_told_and_the_next_run_goes_on",
    ),
    (
        "a damaged write-ahead log, damaged blocks",
        "exit 2, naming `warehouse restore` and `rebuild`; rebuilt, the articles are those that were there",
        "test_machine_failures.py::test_a_damaged_database_is_told_with_its_remedy_and_rebuilt",
    ),
    (
        "a flipped bit in the database",
        "`warehouse check` finds it, or it hurts no row",
        "test_upkeep.py::test_a_flipped_bit_in_the_database_is_found_or_hurts_no_row",
    ),
    (
        "a database cut in half",
        "`warehouse check` says so, and what to do",
        "test_upkeep.py::test_a_database_cut_short_is_told_with_what_to_do",
    ),
    (
        "a warehouse that is lost",
        "`rebuild` makes it anew from the captures",
        "test_rebuild.py::test_rebuilt_tables_equal_those_that_were_there",
    ),
    (
        "a page that is no longer as it came",
        "`warehouse check --all` names its capture",
        "test_upkeep.py::test_a_page_that_is_not_as_it_came_is_found",
    ),
    (
        "an edited migration",
        "refused, with its name",
        "test_warehouse_file.py::test_an_edited_migration_is_noticed",
    ),
    (
        "readers that hold the published file for long",
        "keep what they opened; nobody waits",
        "test_warehouse_file.py::test_readers_keep_what_they_opened_while_the_file_is_replaced",
    ),
    ("two runs at once on one outlet", "the second says whose turn it is", "test_faults.py::test_two_runs_of_one_outlet_do_not_meet"),
    (
        "Prefect's server gone in mid-run",
        "the work is done; the server is told when it is back",
        "test_schedules.py::test_what_is_killed_is_told_and_finished_once_served_again",
    ),
    (
        "a Prefect worker killed with its run",
        "Crashed; the next run goes on",
        "test_schedules.py::test_what_is_killed_is_told_and_finished_once_served_again",
    ),
    ("a lock of a dead process", "is free", "test_faults.py::test_a_dead_process_holds_nothing"),
    ("full disk", "`no space`, exit 2; the next run goes on", "test_faults.py::test_a_full_disk_is_told_and_the_next_run_goes_on"),
    (
        "a captures folder that takes nothing",
        "exit 2; what came before is loaded",
        "test_faults.py::test_captures_that_cannot_be_written_end_the_fetching_and_what_came_before_is_loaded",
    ),
    ("a process whose parent died", "ends, asks nobody", "test_crawl_process.py::test_a_crawl_ends_with_the_process_that_ordered_it"),
    (
        "a name that nobody knows (DNS failure)",
        "`dns`, waiting, asked again in an hour",
        "test_crawl_fetch.py::test_a_name_that_nobody_knows_is_told_by_its_name",
    ),
    (
        "a host that refuses connections",
        "`refused`, waiting",
        "test_crawl_fetch.py::test_a_host_that_does_not_answer_keeps_its_links_waiting",
    ),
    (
        "a certificate that does not verify",
        "`tls`; an outlet's file may allow it",
        "test_crawl_process.py::test_a_certificate_is_verified_unless_the_outlet_says_otherwise",
    ),
    ("a proxy that is down or unwilling", "`refused`, `proxy`", "test_crawl_polite.py::test_a_proxy_that_is_down_or_unwilling_is_told"),
    (
        "an outlet that is down",
        "its error; the other outlets are served",
        "test_crawl_discover.py::test_an_outlet_that_cannot_be_reached_leaves_its_row",
    ),
    (
        "a host that fails five times in a row",
        "its other links wait",
        "test_crawl_manners.py::test_a_host_is_given_up_after_so_many_links_in_a_row",
    ),
    (
        "one page for all addresses (soft 404, maintenance)",
        "`same page`, a check, the outlet given up for this run",
        "test_traps.py::test_an_outlet_that_answers_all_with_one_page_is_given_up",
    ),
    (
        "a page of maintenance (status 200) for days, one article a run",
        "rejected, and asked for again after 12 h, a day, 36 h and two days",
        "test_plan_revisits.py::test_pages_that_are_all_the_same_are_asked_for_again",
    ),
    (
        "a robots.txt that suddenly forbids all, and allows again",
        "recorded, robots.txt alone asked every four hours; no story of a short feed lost",
        "test_hours_of_papers.py::test_when_robots_txt_allows_again_nothing_is_lost",
    ),
    (
        "more pages than the budget",
        "`over budget`, waiting, a check",
        "test_traps.py::test_a_run_fetches_no_more_than_its_budget_and_the_rest_waits",
    ),
    (
        "a truncated WARC member, garbage between records",
        "the records around it are read",
        "test_captures.py::test_a_torn_record_is_cut_off_before_the_next_is_written",
    ),
    (
        "a page on which a parser hangs",
        "`too slow`; the worker is replaced",
        "test_reading_pool.py::test_a_page_that_takes_too_long_is_given_up_and_the_others_are_read",
    ),
    (
        "a page that eats memory",
        "`out of memory`; the worker is replaced",
        "test_reading_pool.py::test_a_page_that_takes_too_much_memory_is_given_up_and_the_others_are_read",
    ),
    (
        "a story behind 300 elements, 12 MB of script, 40,000 attributes …",
        "is read whole",
        "test_hostile_pages.py::test_the_story_is_read_whole_in_spite_of",
    ),
    (
        "NUL, lone surrogates, bidi overrides, escapes in a page",
        "no row holds them",
        "test_hostile_pages.py::test_no_row_holds_what_a_file_or_a_table_refuses",
    ),
    (
        "bombs from many hosts at once",
        "`too large`; the crawler stays below 300 MiB",
        "test_crawl_memory.py::test_bombs_from_many_hosts_at_once_stay_within_the_limit",
    ),
    ("a password in a proxy's address or a URL", "is in no file and no log", "test_secrets.py::test_no_file_and_no_log_holds_a_password"),
    (
        "DNS rebinding",
        "one look-up, whose answer is connected to",
        "test_fenced_crawl.py::test_an_answer_that_changes_after_the_check_changes_nothing",
    ),
    ("out of memory or kill -9 in a reading worker", "costs no page", "test_reading_pool.py::test_workers_that_are_killed_cost_no_page"),
    (
        "kill -9 while profiles are learned",
        "the next run has them",
        "flows/test_learning.py::test_a_run_killed_while_it_learns_is_finished_with_what_it_taught",
    ),
    (
        "kill -9 while pages are read anew",
        "nothing has changed",
        "flows/test_learning.py::test_a_reading_anew_that_is_killed_has_changed_nothing",
    ),
    (
        "a warehouse of a newer newsmill",
        "refused, untouched",
        "test_warehouse_file.py::test_a_warehouse_from_the_future_is_refused_and_untouched",
    ),
    ("a torn line", "is no row; whole lines stay", "test_contracts.py::test_a_torn_tail_is_cut_and_whole_lines_stay"),
    ("WARC with garbage between records", "costs no page", "test_captures.py::test_garbage_between_records_costs_no_page"),
    ("a missing archive", "the row says so", "test_reading_pool.py::test_a_capture_that_is_not_there_is_a_rejection"),
    (
        "an outlet that blocks by page (challenge)",
        "rejection `challenge page`",
        "test_page_kinds.py::test_a_challenge_is_named_by_its_words_or_by_its_guard",
    ),
    (
        "an outlet that blocks by status",
        "`http 403`, asked again in a day",
        "test_crawl_fetch.py::test_a_failure_says_why_and_when_to_ask_again",
    ),
    (
        "a formula, script, bidi override in a field, handed on as CSV",
        "text to a spreadsheet: a quote before it, no override",
        "test_export.py::test_csv_holds_no_formula_and_turns_nothing_around",
    ),
    (
        "a page that asks not to be archived, indexed, mined or trained on",
        "`captures.wishes` has it; `tdm` and `noarchive` in the outlet's file say whether it is kept",
        "test_wishes.py::test_what_a_page_asks_for_is_in_its_row_and_in_its_archive",
    ),
    (
        "an outlet file whose name leads out of its folder, or whose link does",
        "refused before anything is fetched",
        "test_outlet.py::test_a_file_whose_name_is_no_slug_is_refused",
    ),
    (
        "SQL that reads files, writes, attaches, loads extensions",
        "refused: the published tables and nothing else",
        "test_asking.py::test_no_query_reaches_beyond_the_published_tables",
    ),
    (
        "markup, formulas, SQL in headlines and texts",
        "text like any other, to the letter",
        "test_hostile_pages.py::test_what_a_spreadsheet_or_a_browser_would_run_is_text_like_any_other",
    ),
    (
        "a takedown that is killed",
        "the next verb ends it",
        "test_takedown.py::test_a_takedown_that_is_killed_is_finished_by_the_next_verb",
    ),
    (
        "robots.txt in all its forms, RFC 9309 and Google's cases",
        "obeyed as they say",
        "test_robots_cases.py::test_a_path_is_judged_as_the_rfc_has_it",
    ),
    (
        "a takedown",
        "the text is in no file and no index, and is never fetched again",
        "test_takedown.py::test_a_forgotten_article_is_in_no_file_and_never_fetched_again",
    ),
    ("a changed or mislabelled charset", "is read right", "test_bad_outlets.py::test_a_mislabelled_charset_and_a_nul_do_no_harm"),
    ("a moved host", "the link's article is the one it led to", "test_crawl_fetch.py::test_the_capture_keeps_the_link_and_where_it_led"),
)


def tables() -> str:
    """The whole part of the document between its two marks."""
    return "\n".join([BEGIN, "", *_summary(), *_answers(), *_sources(), *_addresses(), *_operations(), "", END])


def count() -> tuple[int, int]:
    """Hostile inputs, each once however many ways it is tried; and the kinds of faults that they are, with those around the network."""
    kinds = {one.fault for one in INPUTS} | {one.fault for one in SOURCES} | {"address", "lying name"}
    return len(INPUTS) + len(SOURCES) + len(SPELLINGS) + len(LYING_NAMES), len(kinds) + len(OPERATIONS)


def _summary() -> Iterator[str]:
    inputs, classes = count()
    yield f"{inputs} hostile inputs, {classes} classes of faults with those around the network. Each is tried in every run of the tests."
    yield ""


def _answers() -> Iterator[str]:
    yield "### When a page is asked for"
    yield ""
    yield "Test: `test_hostile_answers.py::test_a_hostile_answer_becomes`, with the input's name."
    yield ""
    yield from _table(("class", "input", "what a user sees"), ((one.fault, one.name, _becomes(one)) for one in INPUTS))


def _becomes(one: Input) -> str:
    if one.becomes == CAPTURED:
        return "the page is kept, as it came"
    if one.becomes == PARTIAL:
        return "the page is kept and marked partial: it replaces no fuller one"
    return f"link {one.state}, reason `{one.becomes}`"


def _sources() -> Iterator[str]:
    yield "### When a source is asked for"
    yield ""
    yield "Test: `test_hostile_sources_crawled.py::test_a_hostile_source_gives`, with the input's name."
    yield ""
    yield from _table(("class", "input", "what a user sees"), ((one.fault, f"{one.kind}: {one.name}", _gives(one)) for one in SOURCES))


def _gives(one: Hostile) -> str:
    links = {0: "no link", 1: "1 link"}.get(one.links, f"{one.links:,} links")
    return f"{links}; the source says `{one.says}`" if len(one.says) > 1 else links


def _addresses() -> Iterator[str]:
    yield "### Addresses that are not on the public Internet"
    yield ""
    yield f"Each is refused {', '.join(WAYS)}, for sitemaps and robots.txt too: `address not allowed`. Tests: `test_fenced_crawl.py`."
    yield ""
    yield from _table(("address", "what it is"), ((f"`{host}`", kind) for host, kind in SPELLINGS.items()))
    yield "Names that answer with such addresses, refused after the look-up:"
    yield ""
    yield from _table(
        ("name", "answers"), ((f"`{name}`", "; then ".join(", ".join(one) for one in answers)) for name, answers in LYING_NAMES.items())
    )


def _operations() -> Iterator[str]:
    yield "### Around the network"
    yield ""
    yield from _table(("fault", "what a user sees", "test"), ((fault, seen, f"`{test}`") for fault, seen, test in OPERATIONS))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def written(text: str) -> str:
    """``text`` with its tables as they are now."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{tables()}{rest.partition(END)[2]}"


if __name__ == "__main__":
    DOC.write_text(written(DOC.read_text(encoding="utf-8")), encoding="utf-8")
