"""Where outlets are found: folders of TOML files, the built-in ones and the catalogue, read strictly."""

from __future__ import annotations

import ipaddress
import re
import tomllib
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from spiders.errors import OutletFileError, OutletFolderError, Problem, UnknownOutlet
from spiders.outlet import Feed, Listing, Outlet, Section, Sitemap, WordPress
from spiders.outlet_values import SLUG, shown

Grade = Literal["A", "B", "C", "D"]
GRADES: dict[Grade, str] = {
    "A": "checked live by a maintained third party in 2026",
    "B": "in a maintained production list of 2026",
    "C": "in unmaintained or unchecked lists only",
    "D": "blocked, failing or without a feed, by the evidence",
}
MAX_BYTES = 256 * 1024  # the largest file of ours has 4 KB
LEAST_DELAY = 0.5  # seconds, towards a host that is not ours
SOURCES = ("feeds", "sitemaps", "listings", "wordpress")
WANTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list: […]",
    "dict_type": "a table",
    "model_type": "a table: key = value",
}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An outlet that is shipped but not enabled, and how well its addresses are known."""

    outlet: Outlet
    grade: Grade
    evidence: tuple[str, ...]


def read_outlet(path: Path, proxies: Mapping[str, str] | None = None) -> Outlet:
    """The outlet of one file; its slug is the file's stem. ``OutletFileError`` tells everything that is wrong with it."""
    outlet, problems = _read(path, _proxies(proxies))
    if outlet is None:
        raise OutletFileError(problems)
    return outlet


def read_outlets(folders: Sequence[Path] | None = None, proxies: Mapping[str, str] | None = None) -> dict[str, Outlet]:
    """The outlets of ``folders``, or the built-in ones, by slug. One ``OutletFileError`` tells all problems of all files."""
    known, found, problems = _proxies(proxies), dict[str, tuple[Path, Outlet]](), list[Problem]()
    for path in _files([built_in()] if folders is None else folders):
        outlet, wrong = _read(path, known) if _stays(path) else (None, [_leaves(path)])
        problems += wrong
        if outlet and outlet.slug in found:
            twin = found[outlet.slug][0]
            problems.append(Problem(path, "", f"the slug {outlet.slug} is taken by {twin}", "Rename or remove one of the two files"))
        elif outlet:
            found[outlet.slug] = (path, outlet)
    if problems:
        raise OutletFileError(problems)
    return {slug: outlet for slug, (_, outlet) in sorted(found.items())}


def read_catalogue(path: Path | None = None) -> dict[str, CatalogueEntry]:
    """The starter catalogue, by slug: one table an outlet, with the keys of an outlet file, a grade and its evidence. All are disabled."""
    path = path or Path(str(files("spiders") / "catalogue.toml"))
    tables, problems = _toml(path)
    entries = dict[str, CatalogueEntry]()
    for slug, table in tables.items():
        entry, wrong = _entry(path, slug, table)
        problems += wrong
        if entry:
            entries[slug] = entry
    if problems:
        raise OutletFileError(problems)
    return entries


def choose(outlets: Mapping[str, Outlet], names: Iterable[str], catalogue: Mapping[str, CatalogueEntry] | None = None) -> dict[str, Outlet]:
    """The outlets of these names, enabled by being named; all enabled ones, if no name is given. ``UnknownOutlet`` for others."""
    wanted = tuple(dict.fromkeys(names))
    if not wanted:
        return {slug: outlet for slug, outlet in outlets.items() if outlet.enabled}
    known = {slug: entry.outlet for slug, entry in (catalogue or {}).items()} | dict(outlets)
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownOutlet(unknown, dict.fromkeys(near for name in unknown for near in get_close_matches(name, known, 2)))
    return {name: known[name].model_copy(update={"enabled": True}) for name in wanted}


def built_in() -> Path:
    """The folder of the outlets that come with the package."""
    return Path(str(files("spiders") / "outlets"))


def _proxies(proxies: Mapping[str, str] | None) -> Mapping[str, str]:
    return urllib.request.getproxies() if proxies is None else proxies


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    """The outlet files of ``folders``, each folder once. Names that begin with a dot are an editor's business."""
    for folder in {folder.absolute().resolve(): folder for folder in folders}.values():
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".toml" and not path.name.startswith("."))
        except OSError as error:
            raise OutletFolderError(folder, f"cannot be read ({error.strerror})", "Name a folder of outlet files") from error
        if not paths:
            raise OutletFolderError(folder, "holds no outlet file", "Put a file such as my_outlet.toml into it, or name another folder")
        yield from paths


def _stays(path: Path) -> bool:
    return path.resolve().parent == path.parent.resolve()


def _leaves(path: Path) -> Problem:
    return Problem(path, "", "is a link that leaves its folder", "Put the file itself here, or name its folder with --outlets")


def _read(path: Path, proxies: Mapping[str, str]) -> tuple[Outlet | None, list[Problem]]:
    if not SLUG.fullmatch(path.stem):
        remedy = "Rename it, using a-z, 0-9, _ and -, beginning with a letter or digit, 64 at most: my_outlet.toml"
        return None, [Problem(path, "", "its name is no slug", remedy)]
    data, problems = _toml(path)
    return (None, problems) if problems else _outlet(path, path.stem, data, "", proxies)


def _toml(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The tables of ``path``, or what keeps them from being read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return {}, [Problem(path, "", f"cannot be read ({error.strerror})", "Mend its name or its permissions")]
    if len(raw) > MAX_BYTES:
        return {}, [Problem(path, "", f"has more than {MAX_BYTES // 1024} KB", "An outlet file has about fifteen lines: name another")]
    try:
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n")), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return {}, [Problem(path, f"line {line}", "is not UTF-8", "Save the file as UTF-8")]
    except (ValueError, RecursionError) as error:
        told = re.fullmatch(r"(.*) \(at (line \d+), column (\d+)\)", str(error), re.DOTALL)
        where, what = (told[2], f"is no TOML: {told[1]}, at column {told[3]}") if told else ("", f"is no TOML: {error}")
        return {}, [Problem(path, where, what, "Mend it: key = \"text\", key = 5, key = ['a', 'b'], [table] or [[list of tables]]")]


def _entry(path: Path, slug: str, table: Any) -> tuple[CatalogueEntry | None, list[Problem]]:
    if not isinstance(table, dict):
        return None, [Problem(path, slug, "stands above the first table", f"Write [{slug}] and its keys below")]
    outlet, problems = _outlet(path, slug, {k: v for k, v in table.items() if k not in ("grade", "evidence")}, f"{_bare(slug)}.", {})
    grade: Any = table.get("grade")
    evidence: Any = table.get("evidence", [])
    if grade not in GRADES:
        problems.append(Problem(path, f"{_bare(slug)}.grade", f"{shown(grade)} is no grade", f"Write one of {', '.join(GRADES)}"))
    if not isinstance(evidence, list) or not all(isinstance(item, str) for item in evidence):
        problems.append(Problem(path, f"{_bare(slug)}.evidence", "is no list of texts", 'Write evidence = ["who says so, when"]'))
    if outlet is None or problems:
        return None, problems
    return CatalogueEntry(outlet.model_copy(update={"enabled": False}), grade, tuple(evidence)), []


def _outlet(path: Path, slug: str, data: dict[str, Any], prefix: str, proxies: Mapping[str, str]) -> tuple[Outlet | None, list[Problem]]:
    """The outlet that ``data`` describes, or all that is wrong with it; keys are told with ``prefix`` before them."""
    if "slug" in data:
        return None, [Problem(path, f"{prefix}slug", "is not a key of an outlet file", "Leave it out: the file's name is the slug")]
    try:
        outlet = Outlet.model_validate(_tuples(data) | {"slug": slug}, strict=True)
    except ValidationError as error:
        return None, [_problem(path, prefix, detail, data) for detail in error.errors(include_url=False)]
    except RecursionError:
        return None, [Problem(path, prefix.rstrip("."), "has tables within tables without end", "An outlet has two levels")]
    problems = [Problem(path, f"{prefix}{key}", what, remedy) for key, what, remedy in _contradictions(outlet, proxies)]
    return (None, problems) if problems else (outlet, [])


def _tuples(value: Any) -> Any:
    """TOML's lists as the model's tuples: read strictly, pydantic takes a tuple for nothing else."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _problem(path: Path, prefix: str, detail: ErrorDetails, data: dict[str, Any]) -> Problem:
    """One of pydantic's errors in the terms of the file."""
    loc, kind, ctx = _trimmed(detail["loc"], data), detail["type"], detail.get("ctx", {})
    key = prefix + _dotted(loc)
    if kind == "outlet_value":
        return Problem(path, key, ctx["problem"], ctx["remedy"])
    if kind == "extra_forbidden":
        return Problem(path, key, "is not a key of an outlet file", _near(loc))
    if kind == "missing":
        return Problem(path, key, "is missing", f"Add {loc[-1]} = …")
    if kind in WANTED:
        return Problem(path, key, f"{shown(detail['input'])} is not what belongs here", f"Write {WANTED[kind]}{_tables(loc, kind)}")
    return Problem(path, key, f"{shown(detail['input'])} cannot be taken", detail["msg"].replace("Input should be", "Write what is"))


def _trimmed(loc: tuple[int | str, ...], data: dict[str, Any]) -> tuple[int | str, ...]:
    """The place of an error, less what the model adds to it: the list around a single language, the mark of a table's key."""
    if loc[0] == "language" and isinstance(data["language"], str):
        return loc[:1]
    return loc[:-1] if loc[-1] == "[key]" else loc


def _tables(loc: tuple[int | str, ...], kind: str) -> str:
    return f', or [[{loc[0]}]] and url = "…" below it' if kind in ("tuple_type", "model_type") and loc[0] in SOURCES[:3] else ""


def _dotted(loc: Iterable[int | str]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_bare(part)}" for part in loc)
    return text.removeprefix(".")


def _bare(key: str) -> str:
    """``key`` as TOML writes it."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else shown(key)


def _near(loc: tuple[int | str, ...]) -> str:
    """What the writer of an unknown key may have meant: one spelt alike, or the same key of another table."""
    name = str(loc[-1])
    here, tables = _section_at(loc[:-1]), {key: _section_at((key,)) for key in Outlet.model_fields}
    if here is not Outlet and name in Outlet.model_fields:
        return f"{name} belongs at the top of the file, above the first [table]"
    if homes := [key for key, table in tables.items() if table is not Outlet and table is not here and name in table.model_fields]:
        return "It belongs under " + " or ".join(f"[[{home}]]" if home in SOURCES[:3] else f"[{home}]" for home in homes)
    known = [key for key in here.model_fields if key != "slug"]
    if near := get_close_matches(name, known, 1):
        return f"Did you mean {near[0]}?"
    return f"Known here: {', '.join(known)}"


def _section_at(loc: Iterable[int | str]) -> type[Section]:
    """The table's model at ``loc``; the outlet's own for what is no table."""
    section: type[Section] = Outlet
    for part in loc:
        if isinstance(part, str) and part in section.model_fields:
            section = next(_sections(section.model_fields[part].annotation), Outlet)
    return section


def _sections(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)


def _contradictions(outlet: Outlet, proxies: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Keys that are right alone and wrong together: key, problem, remedy."""
    if outlet.enabled and not any(getattr(outlet, source) for source in SOURCES):
        yield (
            "feeds",
            "the outlet has no source of articles",
            "Add [[feeds]], [[sitemaps]], [[listings]] or [wordpress], or enabled = false",
        )
    for number, listing in enumerate(outlet.listings):
        key = f"listings[{number}]"
        if listing.pages > 1 and "{page}" not in listing.url:
            yield f"{key}.pages", f"{listing.pages} pages of one URL", "Put {page} where the URL tells the page, or leave pages out"
        if (listing.embedded is None) != (listing.template is None):
            yield f"{key}.template", "embedded and template go together", "Write both: the template tells the URL of an embedded object"
    if outlet.crawl.delay < LEAST_DELAY and (host := distant_host(outlet, proxies)):
        yield (
            "crawl.delay",
            f"{outlet.crawl.delay} s between two requests to {host}, which is not this machine",
            f"Write {LEAST_DELAY} or more; less is for hosts on loopback, or behind a proxy there",
        )


def distant_host(outlet: Outlet, proxies: Mapping[str, str]) -> str | None:
    """A host of the outlet that requests would reach over the network, if there is one."""
    api = (outlet.wordpress,) if outlet.wordpress else ()
    sources: tuple[Feed | Sitemap | Listing | WordPress, ...] = (*outlet.feeds, *outlet.sitemaps, *outlet.listings, *api)
    urls = [outlet.homepage, *(source.url for source in sources)]
    schemes = {urlsplit(url).scheme for url in urls}
    pairs = [(urlsplit(url).scheme, urlsplit(url).hostname or "") for url in urls]
    pairs += [(scheme, host) for scheme in sorted(schemes) for host in (*outlet.articles.hosts, *outlet.articles.rewrite_hosts.values())]
    return next((host for scheme, host in pairs if not is_local(host) and not _proxied_here(scheme, host, proxies)), None)


def is_local(host: str) -> bool:
    """Whether ``host`` is this machine by its very name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _proxied_here(scheme: str, host: str, proxies: Mapping[str, str]) -> bool:
    """Whether a proxy on loopback stands between us and ``host``."""
    proxy = proxies.get(scheme, "")
    if not proxy or urllib.request.proxy_bypass_environment(host, dict(proxies)):  # type: ignore[attr-defined]
        return False
    try:
        return is_local(urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname or "")
    except ValueError:
        return False
