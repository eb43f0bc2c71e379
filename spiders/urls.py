"""Which URLs are the same page, whose they are, and which of them are worth a visit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import regex
from w3lib.url import canonicalize_url

from spiders.outlet import Outlet
from spiders.traps import TRAP

LONGEST_URL = 2_048  # characters; longer ones are traps or mistakes
_LONGEST_KEY = 200
_PATTERN_SECONDS = 0.5  # outlet files may hold expressions that never end (faults 68)

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\]")
_PORT = re.compile(r":\d{0,6}$", re.ASCII)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Added by whoever passes a link on, and answered alike with and without. A name that is not here may choose the article.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium|content)|hsa_\w+|at_(?:medium|campaign\w*|custom\d|link\w*|format|ptr_name|bbc_team)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_cid|mc_eid|mkt_tok|_ga|_gl"
    r"|_hsenc|_hsmi|hsctatracking|vero_id|vero_conv|oly_anon_id|oly_enc_id|__twitter_impression|xtor|wt_mc|wickedid|s_cid|ml_subscriber\w*",
    re.ASCII | re.IGNORECASE,
)
# What a server counts its visitors by, told by name and form: with it, every visit finds new addresses (Heritrix strips the same).
_SESSION = re.compile(
    r"(?:jsessionid|phpsessid|sessionid|session_id|aspsessionid\w*|cfid|cftoken|zenid|oscsid)=.*|(?:sid|s)=[0-9a-f]{32}", re.IGNORECASE
)
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\((?:[a-z]\([0-9a-z]{24}\))+\)(?=/)", re.IGNORECASE)
# Relative links that pile up on themselves: "/a/a/a/", "/a/b/a/b/a/b/"
_REPEATED = re.compile(r"/([^/]+(?:/[^/]+){0,3})/\1/\1(?=/|$)")
_DEEPEST = 20  # segments of a path
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_COPY = re.compile(r"/(?:amp|print)$|\.amp(?=\.html?$)|\.amp$", re.IGNORECASE)  # AMP and printed copies
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|rss|atom|gz|zip|pdf|docx?|xlsx?|mp[34]|m4[av]|webm|avi|mov|wav|og[gv]|apk)$",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"//[^/?#\s]*@")
_COPY_QUERY = {"amp": {"", "1", "true", "amp"}, "outputtype": {"amp"}, "print": {"", "1", "true", "yes", "print"}}


class NotAWebURL(ValueError):
    """Not a URL that can be visited. ``reason`` is short and stable, as ``skip_reason`` gives it."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"{reason}: {url[:200]!r}")


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """What all spellings of ``url`` share: punycode host, query sorted, no port, fragment, tracking or session. Else ``NotAWebURL``."""
    url = _CONTROL.sub("", url.encode("utf-8", "replace").decode()).strip()
    if len(url) > LONGEST_URL:
        raise NotAWebURL(url, "too long")
    if not url[:8].lower().startswith(("http://", "https://")):
        raise NotAWebURL(url, "not http")
    try:
        parts = urlsplit(url)
        netloc = _netloc(url, parts.scheme, parts.netloc)
        plain = urlsplit(canonicalize_url(urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))))
        return urlunsplit((plain.scheme, netloc, _SESSION_PATH.sub("", plain.path) or "/", _without_tracking(plain.query), ""))
    except NotAWebURL:
        raise
    except (ValueError, UnicodeError, IndexError) as error:  # urlsplit and w3lib: "http://[broken", "http://a:b/"
        raise NotAWebURL(url, "bad url") from error


def article_id(outlet: Outlet, url: str) -> str:
    """The outlet's slug, ":" and the key that all URLs of one article share. Any text has one: all that is discovered is counted."""
    try:
        canonical = canonical_url(rewritten(outlet, url))
    except NotAWebURL:
        key = url.strip()
    else:
        key = _key_by_patterns(outlet.articles.identity, canonical) or _plain_key(canonical)
    if len(key) > _LONGEST_KEY or not key.isprintable():
        key = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return f"{outlet.slug}:{key}"


def skip_reason(outlet: Outlet, url: str) -> str | None:
    """Why ``url`` will not be fetched for ``outlet``; None if it will."""
    try:
        canonical = canonical_url(rewritten(outlet, url))
    except NotAWebURL as error:
        return error.reason
    parts = urlsplit(canonical)
    if not _is_own_host(outlet, parts.hostname or ""):
        return "another host"
    if parts.port not in _ports(outlet):
        return "odd port"
    if _has_no_end(parts.path):
        return TRAP
    if any(_matches(pattern, url, canonical) for pattern in outlet.articles.skip):
        return "skip pattern"
    if outlet.articles.patterns:
        is_article = any(_matches(pattern, url, canonical) for pattern in outlet.articles.patterns)
    else:
        is_article = _may_be_an_article(outlet, canonical)
    return None if is_article else "not an article URL"


def rewritten(outlet: Outlet, url: str) -> str:
    """``url`` on the living host, if its own or one above it is named in ``rewrite_hosts``."""
    if not outlet.articles.rewrite_hosts:
        return url
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url
    if "@" in parts.netloc or any(_is_within(host, living) for living in outlet.articles.rewrite_hosts.values()):
        return url
    for dead, living in outlet.articles.rewrite_hosts.items():
        dead = dead.lower()
        if _is_within(host, dead):
            netloc = f"{host.removesuffix(dead)}{living.lower()}" + (f":{port}" if port else "")
            return urlunsplit((parts.scheme, netloc, parts.path, parts.query, parts.fragment))
    return url


def masked(text: str) -> str:
    """``text`` without the user names and passwords of the URLs in it: rows and logs are handed on."""
    return _PASSWORD.sub("//…@", text) if "@" in text else text


def hosts_of(outlet: Outlet) -> frozenset[str]:
    """The outlet's hosts, without "www.": its homepage's, the others that it names, dead ones and those that took their place."""
    rewrites = outlet.articles.rewrite_hosts
    return frozenset({_home(outlet), *(_bare(host) for host in (*outlet.articles.hosts, *rewrites, *rewrites.values()))})


def belongs(outlet: Outlet, url: str) -> bool:
    """Whether ``url`` lies on one of the outlet's hosts, or below its homepage's."""
    try:
        parts = urlsplit(canonical_url(url))
    except NotAWebURL:
        return False
    return _is_own_host(outlet, parts.hostname or "") and parts.port in _ports(outlet)


# --- canonical form --------------------------------------------------------------------------------------------------


def _netloc(url: str, scheme: str, netloc: str) -> str:
    """Host and port as they are compared. A name before "@" is an attack: "https://outlet.example@other.example/"."""
    if "@" in netloc:
        raise NotAWebURL(url, "userinfo")
    host, _, port = netloc.rpartition(":") if _PORT.search(netloc) else (netloc, "", "")
    host = host.rstrip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode().lower()
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise NotAWebURL(url, "bad url")
    number = int(port) if port else _DEFAULT_PORTS[scheme.lower()]
    if not 0 < number < 65_536:
        raise NotAWebURL(url, "bad url")
    return host if number == _DEFAULT_PORTS[scheme.lower()] else f"{host}:{number}"


def _without_tracking(query: str) -> str:
    pairs = (pair for pair in query.split("&") if pair and not _SESSION.fullmatch(pair))
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(unquote(pair.partition("=")[0]))]
    return "&".join(kept)


# --- identity --------------------------------------------------------------------------------------------------------


def _key_by_patterns(patterns: tuple[str, ...], canonical: str) -> str | None:
    """The groups of the first pattern that is found, joined by "/"."""
    for pattern in patterns:
        for form in _forms(canonical):
            match = _found(pattern, form)
            if match is not None:
                return "/".join(group for group in match.groups() if group is not None) or None
    return None


def _plain_key(canonical: str) -> str:
    """Host and path without what changes nothing. The scheme never counts."""
    parts = urlsplit(canonical)
    host = parts.netloc
    while host.startswith(("www.", "amp.")) and host.count(".") > 1:
        host = host[4:]
    path = _INDEX.sub("", parts.path.rstrip("/"))
    path = _COPY.sub("", path).rstrip("/")
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _asks_for_copy(pair))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def _asks_for_copy(pair: str) -> bool:
    return any(value.lower() in _COPY_QUERY.get(name.lower(), ()) for name, value in parse_qsl(pair, keep_blank_values=True))


# --- patterns and hosts ----------------------------------------------------------------------------------------------


def _matches(pattern: str, url: str, canonical: str) -> bool:
    return any(_found(pattern, form) is not None for form in dict.fromkeys((*_forms(canonical), url[:LONGEST_URL])))


def _forms(canonical: str) -> Iterator[str]:
    """The spellings that a pattern may mean: with its query, without ("…/?so=related" is the article), with its letters plain."""
    yield canonical
    bare = canonical.partition("?")[0]
    if bare != canonical:
        yield bare
    if "%" in bare:
        yield unquote(bare)


def _found(pattern: str, text: str) -> regex.Match[str] | None:
    try:
        return _compiled(pattern).search(text, timeout=_PATTERN_SECONDS)
    except TimeoutError:
        return None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


def _bare(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("www.")


@lru_cache(maxsize=1024)
def _home_host(homepage: str) -> str:
    return _bare(urlsplit(canonical_url(homepage)).hostname or "")


def _home(outlet: Outlet) -> str:
    return _home_host(outlet.homepage)


def _is_own_host(outlet: Outlet, host: str) -> bool:
    return _bare(host) in hosts_of(outlet) or _is_within(host, _home(outlet))


def _is_within(host: str, domain: str) -> bool:
    """Whether ``host`` is ``domain`` or below it. "1.127.0.0.1" is below nothing, and no host either."""
    domain = domain.lower()
    return host == domain or host.endswith(f".{domain}")


def _ports(outlet: Outlet) -> frozenset[int | None]:
    """The usual ones, and the homepage's."""
    return frozenset({None, 80, 443, urlsplit(outlet.homepage).port})


def _may_be_an_article(outlet: Outlet, canonical: str) -> bool:
    """What is known where no pattern says which URLs are articles: front pages, sources and pictures are none."""
    parts = urlsplit(canonical)
    front_page = parts.path == "/" and not parts.query
    return not front_page and not _NO_PAGE.search(parts.path) and _plain_key(canonical) not in _own_pages(outlet)


def _has_no_end(path: str) -> bool:
    """Whether a path looks like one of endlessly many."""
    return path.count("/") > _DEEPEST or _REPEATED.search(path) is not None


def _own_pages(outlet: Outlet) -> frozenset[str]:
    """Keys of the outlet's front page and sources."""
    urls = [outlet.homepage, *(source.url for source in outlet.feeds), *(source.url for source in outlet.sitemaps)]
    urls += [source.url for source in outlet.listings]
    return _keys(tuple(urls))


@lru_cache(maxsize=1024)
def _keys(urls: tuple[str, ...]) -> frozenset[str]:
    keys = set()
    for url in urls:
        with suppress(NotAWebURL):
            keys.add(_plain_key(canonical_url(url)))
    return frozenset(keys)
