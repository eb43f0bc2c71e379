from dataclasses import replace

import pytest

from spiders.reading import read
from spiders.reading.learning import is_safe, learn, sketch
from tests.spiders.reading.outlets_with_furniture import BACKGROUND, SITES, Furniture, Site
from warehouse.contracts import Article, Profile


def text_of(site: Site, number: int, profiles: tuple[Profile, ...]) -> str:
    found = read(site.page(number), site.outlet(), profiles)
    assert isinstance(found, Article), found
    return found.text


@pytest.mark.parametrize("name", SITES)
def test_no_furniture_stays_and_no_paragraph_goes(name):
    site = SITES[name]
    profiles = site.learned()
    for number in range(site.pages):
        text = text_of(site, number, profiles)
        assert text.split("\n\n") == site.paragraphs(number)
        assert not [word for word in site.furniture.words if word in text]


@pytest.mark.parametrize("name", SITES)
def test_what_was_cut_is_on_record_with_what_the_pages_taught(name):
    site = SITES[name]
    found = read(site.page(4), site.outlet(), site.learned())
    assert isinstance(found, Article)
    assert found.profile_version == site.learned()[0].version
    cut = "\n".join(block.text for block in found.removed_blocks)
    inside = "".join((site.furniture.top, site.furniture.middle, site.furniture.end))
    assert [word for word in site.furniture.words if word in inside and word not in cut] == []
    assert {block.reason for block in found.removed_blocks} <= {"learned", "generic"}


def test_what_reporters_reuse_is_story():
    site = replace(SITES["advertisements in mid-text and a newsletter's box"], background=(1, 2, 3, 6, 11))
    assert sum(BACKGROUND in text_of(site, number, site.learned()) for number in range(site.pages)) == 5


def test_the_order_of_the_pages_says_nothing():
    site = SITES["the rules for comments and the labels of a form"]
    first, *others = (site.learned(order) for order in range(5))
    assert first and all(other == first for other in others)


def test_two_pages_teach_nothing():
    assert Site(Furniture(end="<p>Give!</p>"), pages=2).learned() == ()


def test_pages_without_a_story_teach_nothing():
    site = Site(Furniture())
    page = site.page(1)
    assert sketch(replace(page, body=b"<html><body><p>Nothing here.</p></body></html>"), site.outlet()) is None
    assert sketch(replace(page, body=b"%PDF-1.7"), site.outlet()) is None
    assert sketch(replace(page, body=b""), site.outlet()) is None


def test_a_new_layout_is_read_by_its_own_profile_and_the_old_one_by_the_old():
    old = Site(Furniture(end="<div class='plea'><p>Give what you can to the valley's newspaper, dear reader.</p></div>"))
    new = Site(
        Furniture(
            container="section class='story-text'", end="<div class='more'><p>The valley lives by your gifts: send one today.</p></div>"
        )
    )
    pages = [old.page(number) for number in range(6)] + [new.page(number) for number in range(6, 12)]
    profiles = learn("valley", [found for page in pages if (found := sketch(page, old.outlet()))])
    assert sorted(profile.layout for profile in profiles) == ["div.entry", "section.story-text"]
    by_layout = {profile.layout: profile for profile in profiles}
    assert by_layout["div.entry"].learned_at < by_layout["section.story-text"].since
    for number, page in enumerate(pages):
        found = read(page, old.outlet(), profiles)
        assert isinstance(found, Article)
        assert found.text.split("\n\n") == old.paragraphs(number)
        assert found.profile_version == by_layout["div.entry" if number < 6 else "section.story-text"].version


def test_a_page_of_no_known_layout_is_read_by_trafilatura_alone_and_says_so():
    profiles = SITES["the masthead's names above the story"].learned()
    stranger = Site(Furniture(container="article id='text'"))
    found = read(stranger.page(3), stranger.outlet(), profiles)
    assert isinstance(found, Article)
    assert found.profile_version is None
    assert found.text.split("\n\n") == stranger.paragraphs(3)


def test_a_persons_rules_win_over_what_was_learned():
    site = SITES["an appeal after the last paragraph, and the other language's version"]
    rules = site.outlet().model_copy(update={"read": site.outlet().read.model_copy(update={"body": ("main",)})})
    found = read(site.page(3), rules, site.learned())
    assert isinstance(found, Article)
    assert found.profile_version is None and "become a member" in found.text


def test_a_profile_that_keeps_too_little_is_not_promoted():
    assert is_safe([1.0, 0.9, 0.8, 0.95])
    assert is_safe([0.9] * 9 + [0.1])  # one odd page
    assert not is_safe([0.5] * 12)
    assert not is_safe([1.0] * 8 + [0.2] * 4)


def test_a_profile_that_is_not_promoted_is_not_used():
    site = SITES["the masthead's names above the story"]
    (profile,) = site.learned()
    found = read(site.page(3), site.outlet(), [replace(profile, is_promoted=False)])
    assert isinstance(found, Article)
    assert found.profile_version is None


def test_each_part_has_its_evidence():
    site = SITES["advertisements in mid-text and a newsletter's box"]
    (profile,) = site.learned()
    assert profile.pages == 12 and profile.is_promoted
    assert (profile.since.day, profile.learned_at.day) == (1, 12)
    for learned in (*profile.body, *profile.drop, *profile.furniture):
        assert learned.pages == 12 and learned.reason
        assert (learned.first_seen, learned.last_seen) == (profile.since, profile.learned_at)
    assert profile.version.startswith("2024-05-12-")


def test_a_page_that_nests_two_thousand_deep_is_sketched():
    site = SITES["the masthead's names above the story"]
    page = site.page(1)
    deep = page.body.replace(b"<main>", b"<main>" + b"<div class='a-b'>" * 2000).replace(b"</main>", b"</div>" * 2000 + b"</main>")
    found = sketch(replace(page, body=deep), site.outlet())
    assert found is not None
    assert max(len(spot.path) for spot in found.spots) == 100
