import json

from tests.spiders.reading.gazette import HEADLINE, SENTENCES, article, page, paragraphs

POSTS = [
    {
        "@type": "BlogPosting",
        "headline": "The gates open",
        "articleBody": "At nine the gates opened, and the first of the waiting went across the river.",
    },
    {
        "@type": "BlogPosting",
        "headline": "The mayor speaks",
        "articleBody": "The mayor thanked the masons, one by one, and the wind took her last words.",
    },
    {
        "@type": "BlogPosting",
        "headline": "Buses wait",
        "articleBody": "Three buses stand on the southern bank; their drivers drink tea and look at the water.",
    },
]
DATA = (
    f'<script type="application/ld+json">{json.dumps({"@type": "LiveBlogPosting", "headline": HEADLINE, "liveBlogUpdate": POSTS})}</script>'
)


def blog(standing: str) -> str:
    posts = "".join(f"<div class='post'><h3>{post['headline']}</h3><p>{post['articleBody']}</p></div>" for post in POSTS)
    return page(f"<article><h1>{HEADLINE}</h1><div class='article-body'>{standing}{posts}</div></article>", DATA)


def test_a_standing_text_is_the_story_and_the_posts_are_on_record():
    found = article(blog(paragraphs(*SENTENCES, *SENTENCES[:2])))
    assert found.text == "\n\n".join((*SENTENCES, *SENTENCES[:2]))
    assert found.kind == "live blog"
    cut = [block.text for block in found.removed_blocks if block.rule == "live blog post"]
    assert POSTS[0]["articleBody"] in cut and POSTS[2]["articleBody"] in cut


def test_without_a_standing_text_the_posts_are_the_story():
    found = article(blog(paragraphs(SENTENCES[0])))
    assert POSTS[0]["articleBody"] in found.text and POSTS[2]["articleBody"] in found.text


def test_data_of_posts_that_are_not_on_the_page_change_nothing():
    found = article(page(f"<article><h1>{HEADLINE}</h1><div class='article-body'>{paragraphs(*SENTENCES)}</div></article>", DATA))
    assert found.text == "\n\n".join(SENTENCES)
