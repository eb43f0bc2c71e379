"""The built-in newspapers' own texts: complete, dated, and the same for the same moment."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from spiders.demo.stories import SLUGS, gold, newspaper

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


@pytest.mark.parametrize("outlet", SLUGS)
def test_a_newspaper_has_a_handful_of_whole_stories(outlet):
    stories = gold(outlet, 1, NOW).values()
    assert 8 <= len(stories) <= 10
    for story in stories:
        assert 4 <= sum(block.kind in ("paragraph", "quote") for block in story.blocks) <= 7, story.slug
        assert story.authors
        assert story.section
        assert len(story.text.split()) >= 80


def test_between_them_they_have_headings_quotes_and_lists():
    kinds = {block.kind for outlet in SLUGS for story in gold(outlet, 1, NOW).values() for block in story.blocks}
    assert kinds == {"paragraph", "heading", "quote", "list"}


@pytest.mark.parametrize("outlet", SLUGS)
def test_the_second_edition_adds_updates_and_renames_and_leaves_the_rest(outlet):
    first, second = gold(outlet, 1, NOW), gold(outlet, 2, NOW)
    assert 1 <= len(second.keys() - first.keys()) <= 2
    assert not first.keys() - second.keys()
    changed = {path for path in first if first[path] != second[path]}
    assert any(first[path].text != second[path].text for path in changed)
    assert any(first[path].title != second[path].title and first[path].text == second[path].text for path in changed)
    assert all(second[path].updated_at > first[path].updated_at for path in changed)
    assert len(changed) == 2


@pytest.mark.parametrize("outlet", SLUGS)
@pytest.mark.parametrize("edition", [1, 2])
def test_stories_are_fresh_and_never_from_the_future(outlet, edition):
    stories = gold(outlet, edition, NOW).values()
    assert all(story.published_at <= story.updated_at < NOW for story in stories)
    assert max(story.published_at for story in stories) > NOW - timedelta(hours=3)
    assert {story.published_at.second for story in stories} == {0}


def test_an_unknown_newspaper_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="demo_gazette, demo_courier, demo_herald"):
        newspaper("../outlets")


def test_the_newspapers_stay_small():
    def size(folder):
        return sum(size(entry) if entry.is_dir() else len(entry.read_bytes()) for entry in folder.iterdir())

    assert sum(size(files("spiders.demo") / slug) for slug in (*SLUGS, "outlets")) < 200_000
