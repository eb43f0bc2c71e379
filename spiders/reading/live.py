"""Live blogs: their standing text is the article, where they have one; the posts below it come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spiders.reading.furniture import Block
from spiders.reading.json_ld import Node, every, texts
from spiders.reading.metadata import Facts
from spiders.reading.text import count_words, key

STANDING = 120  # words before the first post that are a text of its own; with fewer, the posts are the story
SURE = 40  # letters by which a paragraph is known to be a post's


def without_posts(blocks: list[Block], facts: Facts) -> list[Block]:
    """``blocks`` with the posts cut that the page's data list, if a standing text is before them."""
    posts = [post for node in every(facts.nodes) if _is_live_blog(node) for post in _posts(node)]
    if not posts:
        return blocks
    first = _first_of(blocks, posts)
    before = " ".join(block.text for block in blocks[:first] if not block.reason)
    if count_words(before) < STANDING:
        return blocks
    tail = (block if block.reason else replace(block, reason="generic", rule="live blog post") for block in blocks[first:])
    return [*blocks[:first], *tail]


def _is_live_blog(node: Node) -> bool:
    return any(kind.rsplit("/", 1)[-1] == "LiveBlogPosting" for kind in texts(node, "@type"))


def _posts(node: Node) -> list[Node]:
    listed = node.get("liveBlogUpdate")
    return [post for post in (listed if isinstance(listed, list) else [listed]) if isinstance(post, dict)]


def _first_of(blocks: Sequence[Block], posts: Sequence[Node]) -> int:
    """The block that the first of ``posts`` begins with; the number of blocks, if none of them is on the page."""
    headlines = {key(text) for post in posts for text in texts(post, "headline")}
    bodies = "\n".join(key(text) for post in posts for text in texts(post, "articleBody"))
    names = [key(block.text) for block in blocks]
    return next((at for at, name in enumerate(names) if name in headlines or (len(name) >= SURE and name in bodies)), len(blocks))
