"""docs/outlets.md is complete and true: every key with its default, every example an outlet, every message one that comes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from spiders.errors import OutletFileError
from spiders.outlet import Outlet, Section
from spiders.registry import read_outlet

DOCS = Path(__file__).resolve().parents[2] / "docs" / "outlets.md"
NO_PROXY: dict[str, str] = {}
HEADINGS = {"": "The file itself", "feeds": "`[[feeds]]`", "sitemaps": "`[[sitemaps]]`", "listings": "`[[listings]]`"}


def documented(heading: str) -> dict[str, str]:
    (part,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \| .+ \|$", part, re.MULTILINE))


def default(section: type[Section], key: str) -> str:
    match section.model_fields[key].default:
        case value if value is PydanticUndefined:
            return "required"
        case None:
            return "none"
        case Section():
            return "see below"
        case ():
            return "`[]`"
        case str() as text:
            return f'`"{text}"`'
        case value:
            return f"`{str(value).lower()}`"


@pytest.mark.parametrize(
    "section", [Outlet, *(part for part in Section.__subclasses__() if part is not Outlet)], ids=lambda part: part.__name__
)
def test_docs_tell_every_key_with_its_default(section):
    table = next((key for key, field in Outlet.model_fields.items() if section.__name__ in str(field.annotation)), "")
    heading = HEADINGS.get(table, f"`[{table}]`")
    keys = {key: default(section, key) for key in section.model_fields if key != "slug"}
    assert documented(heading) == keys, (
        f"mend the table under '## {heading}' in docs/outlets.md: one row `| `key` | default | meaning |` a key"
    )


def test_every_outlet_shown_in_the_docs_is_one(tmp_path):
    shown = re.findall(r"^```toml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(shown) >= 2
    for text in shown:
        path = tmp_path / "gazette.toml"
        path.write_text(text, encoding="utf-8")
        read_outlet(path, NO_PROXY)


def test_messages_shown_in_the_docs_are_those_that_come(tmp_path):
    told = re.findall(r"^outlets/gazette\.toml: (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    path = tmp_path / "gazette.toml"
    path.write_text("title = 'A'\nhomepage = 'https://a.b/'\ntimezone = 'Europe/Osla'\n[crawl]\ndealy = 3\n", encoding="utf-8")
    with pytest.raises(OutletFileError) as refused:
        read_outlet(path, NO_PROXY)
    assert [str(problem).removeprefix(f"{path}: ") for problem in refused.value.problems] == told
