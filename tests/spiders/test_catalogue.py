"""What is shipped: the built-in outlets read the outlets' URLs and furniture rightly, and the catalogue loads."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import regex
from lxml import html
from lxml.cssselect import CSSSelector

from spiders.errors import OutletFileError
from spiders.outlet import Outlet, url_day
from spiders.registry import GRADES, built_in, choose, read_catalogue, read_outlets
from spiders.urls import article_id, rewritten, skip_reason

NO_PROXY: dict[str, str] = {}
OUTLETS = read_outlets(proxies=NO_PROXY)
CATALOGUE = read_catalogue()
KNOWN: dict[str, Any] = tomllib.loads(Path(__file__).with_name("known_outlets.toml").read_text(encoding="utf-8"))


def furniture(slug: str) -> list[str]:
    return KNOWN[slug]["furniture"] + KNOWN["shared"].get(KNOWN[slug].get("shared"), [])


# Built-in outlets


def test_the_built_in_outlets_are_the_five_with_their_editions():
    editions = [f"rudaw_{edition}" for edition in ("arabic", "english", "kurmanji", "sorani", "turkish")]
    assert list(OUTLETS) == ["enab_baladi_arabic", "enab_baladi_english", "fort_russ", *editions, "sada_elbalad_english", "southfront"]
    assert [slug for slug, outlet in OUTLETS.items() if not outlet.enabled] == ["fort_russ"]


@pytest.mark.parametrize("slug", OUTLETS)
def test_a_built_in_outlet_says_what_is_evidence_and_what_is_not(slug):
    text = (built_in() / f"{slug}.toml").read_text(encoding="utf-8")
    assert text.startswith("# Public evidence to November 2026")
    assert len(re.findall(r"# .*\b[EI]\b", text)) >= 4
    assert OUTLETS[slug].note


@pytest.mark.parametrize("slug", OUTLETS)
def test_a_built_in_outlet_keeps_its_manners(slug):
    outlet = OUTLETS[slug]
    assert outlet.crawl.delay >= (5 if slug.startswith("rudaw") else 2)
    assert (outlet.crawl.concurrency, outlet.crawl.insecure_tls) == (1, False)


@pytest.mark.parametrize(("slug", "url", "key"), [(slug, url, key) for slug in OUTLETS for url, key in KNOWN[slug]["articles"].items()])
def test_an_article_is_known_by_its_url(slug, url, key):
    assert skip_reason(OUTLETS[slug], url) is None
    assert article_id(OUTLETS[slug], url) == f"{slug}:{key}"


@pytest.mark.parametrize(("slug", "url"), [(slug, url) for slug in OUTLETS for url in KNOWN[slug]["others"]])
def test_a_page_that_is_no_article_is_passed_over(slug, url):
    assert skip_reason(OUTLETS[slug], url)


def test_a_dead_host_is_rewritten_to_the_living_one():
    assert rewritten(OUTLETS["southfront"], "https://southfront.org/a-title/") == "https://southfront.press/a-title/"
    assert rewritten(OUTLETS["southfront"], "https://maps.southfront.org/a-title/") == "https://maps.southfront.press/a-title/"


@pytest.mark.parametrize(
    ("slug", "url", "day"),
    [
        ("rudaw_english", "https://www.rudaw.net/english/middleeast/syria/300120262", date(2026, 1, 30)),
        ("rudaw_kurmanji", "https://www.rudaw.net/kurmanci/middleeast/08012020-14", date(2020, 1, 8)),
        ("rudaw_sorani", "https://www.rudaw.net/sorani/kurdistan/0602202211", date(2022, 2, 6)),
        ("rudaw_arabic", "https://www.rudawarabia.net/arabic/kurdistan/250420224", date(2022, 4, 25)),
        ("rudaw_english", "https://www.rudaw.net/english/categories/syria/958490", None),
        ("enab_baladi_english", "https://english.enabbaladi.net/archives/2026/10/a-title/", None),
    ],
)
def test_an_old_rudaw_url_tells_its_day(slug, url, day):
    assert url_day(OUTLETS[slug], url) == day


# Furniture, as one paragraph or several in one


@cache
def rules(outlet: str) -> list[regex.Pattern[str]]:
    return [regex.compile(rule) for rule in OUTLETS[outlet].read.drop_texts]


def rule_for(outlet: str, paragraph: str) -> str | None:
    return next((rule.pattern for rule in rules(outlet) if rule.fullmatch(paragraph, timeout=1)), None)


@pytest.mark.parametrize(("slug", "text"), [(slug, text) for slug in OUTLETS for text in furniture(slug)])
def test_furniture_goes(slug, text):
    assert rule_for(slug, text)


@pytest.mark.parametrize("slug", OUTLETS)
def test_the_story_stays(slug):
    assert {text: rule for text in KNOWN["story"] if (rule := rule_for(slug, text))} == {}


@pytest.mark.parametrize("slug", OUTLETS)
def test_every_rule_is_for_some_furniture(slug):
    assert [rule.pattern for rule in rules(slug) if not any(rule.fullmatch(text) for text in furniture(slug))] == []


@pytest.mark.parametrize("slug", OUTLETS)
def test_rules_are_quick_on_long_paragraphs(slug):
    long = [
        "Share on Facebook " * 3000 + "x",
        "0 $ " * 20_000 + "x",
        "A joint patrol " * 5000,
        "Comments are not edited – they are either " * 500,
        "A" * 50_000,
    ]
    assert [text[:20] for text in long for rule in rules(slug) if rule.fullmatch(text, timeout=1)] == []


def test_the_printed_time_of_sada_elbalad_is_found_without_its_markup_being_known():
    rules_of = OUTLETS["sada_elbalad_english"].read
    page = html.fromstring("<main><i>Home | News</i><div><b>Sat 14 Mar 2020 | 02:53 PM</b></div><p>At 02:53 PM it began.</p></main>")
    (found,) = CSSSelector(rules_of.date[0], translator="html")(page)
    assert datetime.strptime(found.text, rules_of.date_format[0]) == datetime(2020, 3, 14, 14, 53)  # noqa: DTZ001, DTZ007 - as printed


# The catalogue


def test_the_catalogue_is_shipped_disabled_and_graded():
    assert len(CATALOGUE) == 54
    assert {entry.grade for entry in CATALOGUE.values()} == set(GRADES)
    assert not any(entry.outlet.enabled for entry in CATALOGUE.values())
    assert all(entry.evidence and entry.outlet.language and entry.outlet.country for entry in CATALOGUE.values())
    assert all(slug == entry.outlet.slug for slug, entry in CATALOGUE.items())


def test_no_slug_is_in_both_the_catalogue_and_the_built_in_outlets():
    assert CATALOGUE.keys() & OUTLETS.keys() == set()


def test_naming_an_outlet_of_the_catalogue_enables_it():
    chosen = choose(OUTLETS, ["syria_direct", "rudaw_english"], CATALOGUE)
    assert [(slug, outlet.enabled) for slug, outlet in chosen.items()] == [("syria_direct", True), ("rudaw_english", True)]
    assert "syria_direct" not in choose(OUTLETS, [], CATALOGUE)


def test_nothing_in_the_catalogue_asks_for_a_disguise():
    notes = " ".join(entry.outlet.note or "" for entry in CATALOGUE.values())
    assert not re.search(r"user.?agent|browser|curl|proxy", notes, re.IGNORECASE)


def test_two_editions_of_an_outlet_keep_their_own_pages():
    kurdistan24, al_jazeera = CATALOGUE["kurdistan_24"].outlet, CATALOGUE["al_jazeera_english"].outlet
    assert article_id(kurdistan24, "https://www.kurdistan24.net/en/story/123/a-title") == "kurdistan_24:en/123"
    plain, marked = (
        "https://www.aljazeera.com/news/2026/2/25/a-title",
        "https://www.aljazeera.com/news/2026/2/25/a-title?traffic_source=rss",
    )
    assert article_id(al_jazeera, plain) == article_id(al_jazeera, marked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1", "a: stands above the first table. Write [a] and its keys below."),
        ('[a]\ntitle = "A"\nhomepage = "https://a.b/"\ngrade = "E"\nenabled = false', "a.grade: 'E' is no grade. Write one of A, B, C, D."),
        ('[a]\ntitle = "A"\nhomepage = "https://a.b/"\ngrade = "A"\nenabled = false\nevidence = "x"', "a.evidence: is no list of texts."),
        ('[a]\ntitle = "A"\nhomepage = "a.b"\ngrade = "A"\nenabled = false', "a.homepage: 'a.b' is no web address."),
        ('["a.b"]\ntitle = "A"\nhomepage = "https://a.b/"\ngrade = "A"\nenabled = false', "'a.b'.slug: 'a.b' is no slug."),
    ],
)
def test_a_wrong_catalogue_is_refused(tmp_path, text, told):
    path = tmp_path / "catalogue.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OutletFileError) as refused:
        read_catalogue(path)
    assert str(refused.value).startswith(f"{path}: {told}")


def test_an_outlet_is_a_value_that_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Outlet.model_validate({"slug": "a", "title": "A", "homepage": "https://a.b/"}).slug = "b"
