"""What a value of an outlet file must look like: URLs, hosts, patterns, selectors, dates, codes."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import regex
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
SHOWN = 60  # characters of a value that a message repeats
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CONTROL_BUT_LAYOUT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
NOT_IN_URLS = re.compile(r"[\s<>\"{}\\]")
HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?", re.IGNORECASE)
# language[-Script][-REGION][-variant…] of RFC 5646; the grammar's primary tags of five letters and more ("english") are typing mistakes
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*", re.IGNORECASE | re.ASCII)
DURATION = re.compile(r"([0-9]{1,4})([mhdw])")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
# ISO 3166-1 alpha-2, and XK, which everybody uses for Kosovo
CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF "
    "CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH "
    "GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW "
    "KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG "
    "NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN "
    "SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE "
    "YT ZA ZM ZW"
)
COUNTRIES = frozenset(re.findall(r"\w\w", CODES))
# A rule that takes one of these in full would take the story with it
STORY = (
    "The council met on Tuesday and adopted its budget for the coming year, the mayor said.",
    "قال رئيس البلدية إن المجلس اجتمع يوم الثلاثاء وأقر ميزانية العام المقبل.",
)
MOMENT = datetime(2026, 11, 25, 22, 58, 59, tzinfo=UTC)  # day over 12, hour over 12: no two fields can be taken for one another


def refuse(problem: str, remedy: str) -> PydanticCustomError:
    """The error of one value: what is wrong, and what to write instead."""
    return PydanticCustomError("outlet_value", "{problem}. {remedy}", {"problem": problem, "remedy": remedy})


def shown(value: object) -> str:
    """``value`` as a message repeats it: short, and harmless to a terminal."""
    text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def check_line(text: str) -> str:
    if not text.strip():
        raise refuse("is empty", "Write a text, or leave the key out where it may be missing")
    if CONTROL.search(text):
        raise refuse(f"{shown(text)} holds a control character", "Take it out")
    return text


def check_note(text: str) -> str:
    if CONTROL_BUT_LAYOUT.search(text):
        raise refuse("holds a control character", "Take it out")
    return text


def check_slug(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise refuse(f"{shown(slug)} is no slug", "Use a-z, 0-9, _ and -, beginning with a letter or digit, 64 at most")
    return slug


def check_url(url: str) -> str:
    if CONTROL.search(url):
        raise refuse(f"{shown(url)} holds a control character", "Take it out")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise refuse(f"{shown(url)} is no URL ({error})", "Write it as the browser shows it") from error
    if parts.scheme not in ("http", "https"):
        raise refuse(f"{shown(url)} is no web address", "Begin it with https:// or http://")
    if "@" in parts.netloc:
        raise refuse("holds a user name or password", "Leave out what stands before the @: outlets are read as the public reads them")
    if not host or not is_host(host):
        raise refuse(f"{shown(url)} has no proper host", "Write https://host/path")
    if odd := NOT_IN_URLS.search(url):
        raise refuse(f"{shown(url)} holds {shown(odd[0])}", "Percent-encode it, or take it out; {page} is for listings")
    return url


def check_paged_url(url: str) -> str:
    check_url(url.replace("{page}", "1"))
    return url


def check_template(template: str) -> str:
    if not re.fullmatch(r"(https?://|/)([^\s{}]|\{\w+\})+", template) or "{" not in template:
        raise refuse(f"{shown(template)} is no template", "Write the URL of an object with its fields in braces: /news/{slug}/{id}")
    return template


def is_host(host: str) -> bool:
    """Whether ``host``, without its port, is a name or an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        try:
            return HOST.fullmatch(host.encode("idna").decode()) is not None
        except UnicodeError:
            return False
    return True


def check_host(host: str) -> str:
    if not is_host(host) or host != host.lower() or host.endswith("."):
        raise refuse(f"{shown(host)} is no host", "Write the host alone, in small letters: example.org")
    return host


def check_pattern(pattern: str) -> str:
    _compile(pattern)
    return pattern


def check_article_pattern(pattern: str) -> str:
    groups = set(_compile(pattern).groupindex)
    if groups and groups != {"year", "month", "day"}:
        raise refuse(f"{shown(pattern)} names groups", "Name them year, month and day, all three, or use (?:…)")
    return pattern


def check_identity(pattern: str) -> str:
    if _compile(pattern).groups == 0:
        raise refuse(f"{shown(pattern)} has no group", "Put (…) around what tells one article from another")
    return pattern


def check_furniture(pattern: str) -> str:
    compiled = _compile(pattern)
    try:
        taken = next((text for text in STORY if compiled.fullmatch(text, timeout=0.5)), None)
    except TimeoutError as error:
        raise refuse(f"{shown(pattern)} takes too long to match", "Take out repeats inside repeats") from error
    if taken is not None:
        raise refuse(f"{shown(pattern)} matches any paragraph, such as {shown(taken)}", "Spell out the text that is to go")
    return pattern


def _compile(pattern: str) -> regex.Pattern[str]:
    if not pattern:
        raise refuse("is empty", "Write a regular expression, or leave it out")
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError, MemoryError, ValueError) as error:
        raise refuse(
            f"{shown(pattern)} is no regular expression ({error})", "Mend it; in '…' TOML leaves a backslash alone, in \"…\" it does not"
        ) from error


def check_selector(selector: str) -> str:
    try:
        CSSSelector(selector, translator="html")
    except (SelectorError, XPathError, RecursionError, ValueError) as error:
        raise refuse(f"{shown(selector)} is no CSS selector ({error})", "Write one like div.story > p") from error
    return selector


def check_date_format(pattern: str) -> str:
    try:
        read = datetime.strptime(MOMENT.strftime(pattern), pattern)  # noqa: DTZ007 - a trial: no time comes of it
    except (ValueError, OverflowError, re.error) as error:
        raise refuse(f"{shown(pattern)} is no date format ({error})", "Write one like %d.%m.%Y %H:%M") from error
    if read.date() != MOMENT.date():
        raise refuse(f"{shown(pattern)} does not give day, month and year", "Add %d, %m or %B, and %Y")
    if read.hour not in (0, MOMENT.hour):
        raise refuse(f"{shown(pattern)} has hours up to twelve without their half of the day", "Add %p, or write %H")
    return pattern


def check_language(tag: str) -> str:
    if not LANGUAGE.fullmatch(tag):
        raise refuse(f"{shown(tag)} is no language tag", "Write BCP 47: en, ar, ckb, pt-BR, zh-Hant")
    return tag


def check_country(codes: str) -> str:
    for code in codes.split("/"):
        if code not in COUNTRIES:
            raise refuse(f"{shown(codes)} is no country", "Write the two letters of ISO 3166: SY; or several: SY/GB")
    return codes


def check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        near = get_close_matches(name, available_timezones(), 1)
        raise refuse(f"{shown(name)} is no time zone", f"Did you mean {near[0]}?" if near else "Write one like Asia/Damascus") from error
    return name


def check_duration(text: str) -> str:
    parse_duration(text)
    return text


def parse_duration(text: str) -> timedelta:
    """``90m``, ``36h``, ``2d`` or ``1w`` as a time span. ``ValueError`` for anything else."""
    match = DURATION.fullmatch(text)
    if not match or int(match[1]) == 0:
        raise refuse(f"{shown(text)} is no duration", "Write a number and m, h, d or w: 36h, 2d")
    return int(match[1]) * UNITS[match[2]]


Line = Annotated[str, AfterValidator(check_line)]
Note = Annotated[str, AfterValidator(check_note)]
Slug = Annotated[str, AfterValidator(check_slug)]
Url = Annotated[str, AfterValidator(check_url)]
PagedUrl = Annotated[str, AfterValidator(check_paged_url)]
Template = Annotated[str, AfterValidator(check_template)]
Host = Annotated[str, AfterValidator(check_host)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
ArticlePattern = Annotated[str, AfterValidator(check_article_pattern)]
Identity = Annotated[str, AfterValidator(check_identity)]
Furniture = Annotated[str, AfterValidator(check_furniture)]
Selector = Annotated[str, AfterValidator(check_selector)]
DateFormat = Annotated[str, AfterValidator(check_date_format)]
Language = Annotated[str, AfterValidator(check_language)]
Country = Annotated[str, AfterValidator(check_country)]
Zone = Annotated[str, AfterValidator(check_zone)]
Duration = Annotated[str, AfterValidator(check_duration)]
