"""Outlet files: what is taken, and what is refused with file, key and remedy."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spiders import errors
from spiders.errors import OutletFileError, OutletFolderError, UnknownOutlet
from spiders.outlet import Outlet, Section, url_day
from spiders.outlet_values import parse_duration
from spiders.registry import choose, is_local, read_outlet, read_outlets

LEAST = 'title = "Bay"\nhomepage = "https://bay.example/"\n'
FEED = LEAST + 'feeds = [{ url = "https://bay.example/feed" }]\n'
LOCAL = 'title = "Bay"\nhomepage = "http://127.0.0.1:8931/"\nfeeds = [{ url = "http://localhost:8931/feed" }]\n'
NO_PROXY: dict[str, str] = {}


def written(folder: Path, text: str | bytes, name: str = "bay.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusals(path: Path, proxies: dict[str, str] = NO_PROXY) -> list[str]:
    with pytest.raises(OutletFileError) as refused:
        read_outlet(path, proxies)
    assert all(problem.path == path for problem in refused.value.problems)
    return [str(problem).removeprefix(f"{path}: ") for problem in refused.value.problems]


# What is taken


def test_a_title_a_homepage_and_one_feed_make_an_outlet(tmp_path):
    outlet = read_outlet(written(tmp_path, FEED), NO_PROXY)
    assert (outlet.slug, outlet.title, outlet.enabled, outlet.crawl.delay) == ("bay", "Bay", True, 2.0)
    assert [feed.url for feed in outlet.feeds] == ["https://bay.example/feed"]


@pytest.mark.parametrize(
    "text",
    [
        FEED,
        "\ufeff" + FEED,
        FEED.replace("\n", "\r\n"),
        LEAST + '[[feeds]]\nurl = "https://bay.example/feed"\n',
        LEAST + '[[sitemaps]]\nurl = "https://bay.example/sitemap.xml"\nnewest = 2\n',
        LEAST + '[[listings]]\nurl = "https://bay.example/news/{page}"\npages = 9\nlinks = "h2 > a"\n',
        LEAST + '[[listings]]\nurl = "https://bay.example/"\nembedded = "next_f"\ntemplate = "/{section}/{ID}"\n',
        LEAST + '[wordpress]\nurl = "https://bay.example/wp-json/wp/v2/posts"\n',
        LEAST + "enabled = false\n",
        FEED + "[crawl]\ndelay = 3\ntimeout = 20.5\n",
        FEED + '[expect]\nnewest_within = "36h"\narticles_per_run = 0\n',
        FEED.replace("bay.example/feed", "بلدي.example/feed"),
        FEED.replace("bay.example/feed", "[2001:db8::1]:8443/feed?a=1&b=%20#c"),
        FEED + 'note = """two\nlines"""\n',
    ],
)
def test_a_right_file_is_an_outlet(tmp_path, text):
    assert read_outlet(written(tmp_path, text), NO_PROXY).title == "Bay"


def test_a_language_or_several_countries_may_be_given(tmp_path):
    one = read_outlet(written(tmp_path, FEED.replace("feeds", 'language = "no"\ncountry = "SY/GB"\nfeeds')), NO_PROXY)
    two = read_outlet(written(tmp_path, FEED.replace("feeds", 'language = ["ckb", "pt-BR", "zh-Hant"]\nfeeds')), NO_PROXY)
    assert (one.language, one.country, two.language) == (("no",), "SY/GB", ("ckb", "pt-BR", "zh-Hant"))


@pytest.mark.parametrize("zone", ["Asia/Damascus", "Europe/Belgrade", "UTC"])
def test_a_time_zone_is_one_of_the_worlds(tmp_path, zone):
    assert read_outlet(written(tmp_path, FEED + f'timezone = "{zone}"\n'), NO_PROXY).timezone == zone


@pytest.mark.parametrize("text", ["%d-%m-%Y", "%a %d %b %Y | %I:%M %p", "%B %d, %Y", "%d.%m.%y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y%m%d"])
def test_a_date_format_that_tells_the_day_is_taken(tmp_path, text):
    assert read_outlet(written(tmp_path, FEED + f'[read]\ndate_format = ["{text}"]\n'), NO_PROXY).read.date_format == (text,)


def test_an_outlet_survives_the_way_to_another_process(tmp_path):
    outlet = read_outlet(written(tmp_path, FEED + "[articles]\nrewrite_hosts = { 'old.example' = 'new.example' }\n"), NO_PROXY)
    assert Outlet.model_validate_json(outlet.model_dump_json()) == outlet


def test_durations_are_minutes_hours_days_and_weeks():
    spans = [parse_duration(text) for text in ("90m", "36h", "2d", "1w")]
    assert spans == [timedelta(minutes=90), timedelta(hours=36), timedelta(days=2), timedelta(weeks=1)]


def test_a_url_tells_its_day_where_a_pattern_names_it():
    pattern = r"/(?P<day>\d\d)(?P<month>\d\d)(?P<year>20\d\d)\d*$"
    outlet = Outlet.model_validate({"slug": "a", "title": "a", "homepage": "https://a.example/", "articles": {"patterns": ("/x", pattern)}})
    assert url_day(outlet, "https://a.example/news/050320201") == date(2020, 3, 5)
    assert url_day(outlet, "https://a.example/news/31022020") is None
    assert url_day(outlet, "https://a.example/x") is None


# What is refused

READ, ARTICLES = FEED + "[read]\n", FEED + "[articles]\n"
WRONG = [
    # unknown and missing keys
    (FEED + "[crawl]\ndealy = 3\n", "crawl.dealy: is not a key of an outlet file. Did you mean delay?"),
    (FEED + "langauge = 'en'\n", "langauge: is not a key of an outlet file. Did you mean language?"),
    (FEED + "delay = 3\n", "delay: is not a key of an outlet file. It belongs under [crawl]."),
    (FEED + "pages = 3\n", "pages: is not a key of an outlet file. It belongs under [[listings]]."),
    (
        LEAST + "[[feeds]]\nurl = 'https://a.b/'\ntimezone = 'UTC'\n",
        "feeds[0].timezone: is not a key of an outlet file. timezone belongs at",
    ),
    (FEED + "[crawl]\nzzz = 3\n", "crawl.zzz: is not a key of an outlet file. Known here: delay, concurrency"),
    (FEED + '"\\u001b[31m" = 3\n', "'\\x1b[31m': is not a key of an outlet file. Known here"),
    (FEED + "slug = 'bay'\n", "slug: is not a key of an outlet file. Leave it out"),
    ("homepage = 'https://bay.example/'\nenabled = false\n", "title: is missing. Add title = …"),
    (LEAST + "[[feeds]]\n", "feeds[0].url: is missing. Add url = …"),
    (LEAST, "feeds: the outlet has no source of articles. Add [[feeds]], [[sitemaps]], [[listings]] or [wordpress], or enabled = false."),
    # kinds of value
    (LEAST + "feeds = ['https://bay.example/feed']\n", "feeds[0]: 'https://bay.example/feed' is not what belongs here. Write a table"),
    (
        LEAST + "[feeds]\nurl = 'https://bay.example/feed'\n",
        "feeds: {'url': 'https://bay.example/feed'} is not what belongs here. Write a list",
    ),
    (FEED + "[crawl]\ndelay = '3'\n", "crawl.delay: '3' is not what belongs here. Write a number"),
    (FEED + "[crawl]\nconcurrency = true\n", "crawl.concurrency: True is not what belongs here. Write a whole number"),
    (FEED + "enabled = 'no'\n", "enabled: 'no' is not what belongs here. Write true or false"),
    (FEED + "country = 2026-11-01\n", "country: datetime.date(2026, 11, 1) is not what belongs here. Write text in quotes"),
    (FEED + "[crawl]\nconcurrency = 99\n", "crawl.concurrency: 99 cannot be taken. Write what is less than or equal to 8."),
    (FEED + "[crawl]\ndelay = nan\n", "crawl.delay: nan cannot be taken"),
    (FEED + "[crawl]\ndelay = inf\n", "crawl.delay: inf cannot be taken"),
    (FEED + "[read]\nbody = 'div'\n", "read.body: 'div' is not what belongs here. Write a list"),
    (FEED.replace('"Bay"', '" "'), "title: is empty"),
    (FEED.replace('"Bay"', '"B\\u0000y"'), "title: 'B\\x00y' holds a control character"),
    (FEED + 'note = "\\u001b[2J"\n', "note: holds a control character"),
    # URLs
    (
        LEAST + "[[feeds]]\nurl = 'ftp://bay.example/feed'\n",
        "feeds[0].url: 'ftp://bay.example/feed' is no web address. Begin it with https://",
    ),
    (LEAST + "[[feeds]]\nurl = 'bay.example/feed'\n", "feeds[0].url: 'bay.example/feed' is no web address"),
    (LEAST + "[[feeds]]\nurl = 'file:///etc/passwd'\n", "feeds[0].url: 'file:///etc/passwd' is no web address"),
    (LEAST + "[[feeds]]\nurl = 'https:///feed'\n", "feeds[0].url: 'https:///feed' has no proper host"),
    (LEAST + "[[feeds]]\nurl = 'https://a..b/feed'\n", "feeds[0].url: 'https://a..b/feed' has no proper host"),
    (LEAST + "[[feeds]]\nurl = 'https://a.b:x/feed'\n", "feeds[0].url: 'https://a.b:x/feed' is no URL"),
    (LEAST + "[[feeds]]\nurl = 'https://[::1/feed'\n", "feeds[0].url: 'https://[::1/feed' is no URL"),
    (LEAST + "[[feeds]]\nurl = 'https://me:secret@bay.example/'\n", "feeds[0].url: holds a user name or password. Leave out"),
    (LEAST + '[[feeds]]\nurl = "https://bay.example/\\nfeed"\n', "feeds[0].url: 'https://bay.example/\\nfeed' holds a control character"),
    (LEAST + "[[feeds]]\nurl = 'https://bay.example/a b'\n", "feeds[0].url: 'https://bay.example/a b' holds ' '. Percent-encode it"),
    (LEAST + "[[feeds]]\nurl = 'https://bay.example/{page}'\n", "feeds[0].url: 'https://bay.example/{page}' holds '{'"),
    (FEED.replace('https://bay.example/"\nf', 'bay"\nf'), "homepage: 'bay' is no web address"),
    (LEAST + "wordpress = { url = 'x' }\n", "wordpress.url: 'x' is no web address"),
    (LEAST + "[[listings]]\nurl = 'https://bay.example/{no}'\n", "listings[0].url: 'https://bay.example/{no}' holds '{'"),
    # listings
    (LEAST + "[[listings]]\nurl = 'https://bay.example/'\npages = 3\n", "listings[0].pages: 3 pages of one URL. Put {page} where"),
    (
        LEAST + "[[listings]]\nurl = 'https://bay.example/'\nembedded = 'next_f'\n",
        "listings[0].template: embedded and template go together",
    ),
    (
        LEAST + "[[listings]]\nurl = 'https://bay.example/'\nembedded = 'nuxt'\n",
        "listings[0].embedded: 'nuxt' cannot be taken. Write what is 'next_f'.",
    ),
    (LEAST + "[[listings]]\nurl = 'https://bay.example/'\nlinks = 'a['\n", "listings[0].links: 'a[' is no CSS selector"),
    (
        LEAST + "[[listings]]\nurl = 'https://a.b/'\nembedded = 'next_f'\ntemplate = '/news/id'\n",
        "listings[0].template: '/news/id' is no template",
    ),
    (LEAST + "[[listings]]\nurl = 'https://a.b/'\nembedded = 'next_f'\ntemplate = '/{id'\n", "listings[0].template: '/{id' is no template"),
    # patterns, selectors, formats
    (ARTICLES + "patterns = ['(']\n", "articles.patterns[0]: '(' is no regular expression"),
    (ARTICLES + "patterns = ['a', '']\n", "articles.patterns[1]: is empty"),
    (ARTICLES + "patterns = ['(?P<id>a)']\n", "articles.patterns[0]: '(?P<id>a)' names groups. Name them year, month and day"),
    (ARTICLES + "patterns = ['a{99999999999999999999}']\n", "articles.patterns[0]: 'a{99999999999999999999}' is no regular expression"),
    (ARTICLES + "skip = ['*']\n", "articles.skip[0]: '*' is no regular expression"),
    (ARTICLES + "identity = ['/a']\n", "articles.identity[0]: '/a' has no group. Put (…) around"),
    (ARTICLES + "hosts = ['https://bay.example']\n", "articles.hosts[0]: 'https://bay.example' is no host. Write the host alone"),
    (ARTICLES + "hosts = ['Bay.example']\n", "articles.hosts[0]: 'Bay.example' is no host"),
    (ARTICLES + "rewrite_hosts = { 'a b' = 'c.d' }\n", "articles.rewrite_hosts.'a b': 'a b' is no host"),
    (ARTICLES + "rewrite_hosts = { 'a.b' = '' }\n", "articles.rewrite_hosts.'a.b': '' is no host"),
    (READ + "body = ['div >']\n", "read.body[0]: 'div >' is no CSS selector"),
    (READ + "date = ['time::attr(datetime)']\n", "read.date[0]: 'time::attr(datetime)' is no CSS selector"),
    (READ + "drop = ['']\n", "read.drop[0]: '' is no CSS selector"),
    (READ + "date_format = ['%Q']\n", "read.date_format[0]: '%Q' is no date format"),
    (READ + "date_format = ['%d %d %Y']\n", "read.date_format[0]: '%d %d %Y' is no date format"),
    (READ + "date_format = ['%H:%M']\n", "read.date_format[0]: '%H:%M' does not give day, month and year. Add"),
    (READ + "date_format = ['%d.%m.%Y %I:%M']\n", "read.date_format[0]: '%d.%m.%Y %I:%M' has hours up to twelve"),
    (READ + "drop_texts = ['.*']\n", "read.drop_texts[0]: '.*' matches any paragraph"),
    (READ + "drop_texts = ['(?i)the .+ said\\.']\n", "read.drop_texts[0]: '(?i)the .+ said\\\\.' matches any paragraph"),
    (
        READ + "drop_texts = ['(?:(.+?)\\1*)+(?:(.+?)\\2*)+[;\\d]']\n",
        "read.drop_texts[0]: '(?:(.+?)\\\\1*)+(?:(.+?)\\\\2*)+[;\\\\d]' takes too long to",
    ),
    # codes
    (FEED + "language = 'english'\n", "language: 'english' is no language tag. Write BCP 47"),
    (FEED + "language = ['en', 'en_US']\n", "language[1]: 'en_US' is no language tag"),
    (FEED + "country = 'Syria'\n", "country: 'Syria' is no country. Write the two letters"),
    (FEED + "country = 'SY/EU'\n", "country: 'SY/EU' is no country"),
    (FEED + "timezone = 'Asia/Damaskus'\n", "timezone: 'Asia/Damaskus' is no time zone. Did you mean Asia/Damascus?"),
    (FEED + "timezone = '../../etc/passwd'\n", "timezone: '../../etc/passwd' is no time zone"),
    (FEED + "timezone = 'Asia'\n", "timezone: 'Asia' is no time zone"),
    (FEED + "timezone = ''\n", "timezone: '' is no time zone"),
    (FEED + "[expect]\nnewest_within = '2 days'\n", "expect.newest_within: '2 days' is no duration. Write a number and m, h, d or w"),
    (FEED + "[expect]\nnewest_within = '0h'\n", "expect.newest_within: '0h' is no duration"),
    # TOML
    (LEAST + "feeds = [\n", "is no TOML: Invalid value (at end of document)"),
    (LEAST + "title = 'again'\n", "line 3: is no TOML: Cannot overwrite a value, at column"),
    (LEAST + "url = https://bay.example\n", "line 3: is no TOML: Invalid value, at column 7"),
    (LEAST.encode() + b"note = '\xff'\n", "line 3: is not UTF-8. Save the file as UTF-8."),
    (LEAST.encode("utf-16"), "line 1: is not UTF-8"),
    (FEED + "a = " + "[" * 5000 + "]" * 5000, "is no TOML"),
    (FEED + "a = " + "9" * 5000, "is no TOML"),
    (FEED + "x" + ".x" * 1_500 + " = 1", "has tables within tables without end"),
    (FEED + "#" * 300_000, "has more than 256 KB"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[told[:50] for _, told in WRONG])
def test_a_wrong_file_is_refused_with_key_and_remedy(tmp_path, text, told):
    (refusal,) = refusals(written(tmp_path, text))
    assert refusal.startswith(told)
    assert re.search(r"\. .+[.?]$", refusal, re.DOTALL), "no remedy"
    assert "\x1b" not in refusal
    assert "\x00" not in refusal


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path):
    text = "title = 5\nhomepage = 'x'\nfoo = 1\n[crawl]\ndelay = -1\n[read]\nbody = ['[']\n"
    keys = [refusal.split(":")[0] for refusal in refusals(written(tmp_path, text))]
    assert sorted(keys) == ["crawl.delay", "foo", "homepage", "read.body[0]", "title"]


@pytest.mark.parametrize("name", ["Bay.toml", "bay news.toml", "-bay.toml", "bäy.toml", "x" * 65 + ".toml", "bay.news.toml"])
def test_a_file_whose_name_is_no_slug_is_refused(tmp_path, name):
    (refusal,) = refusals(written(tmp_path, FEED, name))
    assert refusal.startswith("its name is no slug. Rename it")


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "bay.toml").mkdir()
    assert refusals(tmp_path / "bay.toml")[0].startswith("cannot be read (Is a directory)")
    assert refusals(tmp_path / "none.toml")[0].startswith("cannot be read (No such file or directory)")


# Folders


def test_a_folder_is_read_whole_and_in_order_of_slugs(tmp_path):
    for name in ("b.toml", "a.toml", ".#c.toml", "readme.md"):
        written(tmp_path, FEED, name)
    assert list(read_outlets([tmp_path], NO_PROXY)) == ["a", "b"]
    assert list(read_outlets([tmp_path, tmp_path / ".." / tmp_path.name], NO_PROXY)) == ["a", "b"]


def test_all_wrong_files_of_all_folders_are_told_at_once(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    wrong = [written(one, "x", "a.toml"), written(one, LEAST, "b.toml"), written(two, FEED + "foo = 1", "c.toml")]
    written(two, FEED, "d.toml")
    with pytest.raises(OutletFileError) as refused:
        read_outlets([one, two], NO_PROXY)
    assert [problem.path for problem in refused.value.problems] == wrong


def test_a_slug_in_two_folders_is_refused_naming_both_files(tmp_path):
    (tmp_path / "one").mkdir(), (tmp_path / "two").mkdir()
    first, second = written(tmp_path / "one", FEED), written(tmp_path / "two", FEED)
    with pytest.raises(OutletFileError, match=re.escape(f"{second}: the slug bay is taken by {first}. Rename or remove one")):
        read_outlets([tmp_path / "one", tmp_path / "two"], NO_PROXY)


@pytest.mark.parametrize("target", ["../outside.toml", "deeper/bay.toml", "nowhere/else.toml"])
def test_a_link_that_leaves_its_folder_is_refused(tmp_path, target):
    folder = tmp_path / "outlets"
    (folder / "deeper").mkdir(parents=True)
    written(tmp_path, FEED, "outside.toml"), written(folder / "deeper", FEED)
    (folder / "bay.toml").symlink_to(target)
    with pytest.raises(OutletFileError, match=r"bay\.toml: is a link that leaves its folder\. Put the file itself here"):
        read_outlets([folder], NO_PROXY)


def test_a_link_to_the_folder_itself_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    written(tmp_path / "real", FEED)
    (tmp_path / "link").symlink_to("real")
    assert list(read_outlets([tmp_path / "link"], NO_PROXY)) == ["bay"]


def test_a_folder_that_is_missing_or_empty_is_refused(tmp_path):
    with pytest.raises(OutletFolderError, match=r"none: cannot be read \(No such file or directory\)\. Name a folder"):
        read_outlets([tmp_path / "none"], NO_PROXY)
    with pytest.raises(OutletFolderError, match=r"holds no outlet file\. Put a file such as my_outlet\.toml into it"):
        read_outlets([tmp_path], NO_PROXY)
    with pytest.raises(OutletFolderError, match=r"cannot be read \(Not a directory\)"):
        read_outlets([written(tmp_path, FEED)], NO_PROXY)


# Delays

HERE, AWAY = {"http": "http://127.0.0.1:8931"}, {"http": "http://proxy.example:3128"}


@pytest.mark.parametrize(
    ("text", "proxies", "taken"),
    [
        (LOCAL, NO_PROXY, True),
        (LOCAL.replace("localhost", "[::1]"), NO_PROXY, True),
        (LOCAL.replace("localhost", "gazette.localhost"), NO_PROXY, True),
        (LOCAL.replace("localhost", "localhost.example"), NO_PROXY, False),
        (LOCAL.replace("localhost", "192.168.0.9"), NO_PROXY, False),
        (LOCAL + "articles = { hosts = ['bay.example'] }\n", NO_PROXY, False),
        (LOCAL + "articles = { rewrite_hosts = { 'localhost' = 'bay.example' } }\n", NO_PROXY, False),
        (FEED, NO_PROXY, False),
        (FEED, HERE, False),  # https goes past a proxy for http
        (FEED, {"https": "127.0.0.1:8931"}, True),
        (FEED.replace("https", "http"), HERE, True),
        (FEED.replace("https", "http"), {"http": "127.0.0.1:8931"}, True),
        (FEED.replace("https", "http"), {"http": "http://[::1]:8931"}, True),
        (FEED.replace("https", "http"), HERE | {"no": "bay.example"}, False),
        (FEED.replace("https", "http"), AWAY, False),
        (FEED.replace("https", "http"), {"http": "http://[nonsense"}, False),
    ],
)
def test_a_delay_below_half_a_second_is_for_this_machine_alone(tmp_path, text, proxies, taken):
    path = written(tmp_path, text + "[crawl]\ndelay = 0\n")
    if taken:
        assert read_outlet(path, proxies).crawl.delay == 0
    else:
        (refusal,) = refusals(path, proxies)
        assert refusal.startswith("crawl.delay: 0.0 s between two requests to ")
        assert refusal.endswith("Write 0.5 or more; less is for hosts on loopback, or behind a proxy there.")
    assert read_outlet(written(tmp_path, text + "[crawl]\ndelay = 0.5\n"), proxies).crawl.delay == 0.5


def test_this_machine_is_known_by_its_names():
    here = ["127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost"]
    assert [host for host in [*here, "10.0.0.1", "0.0.0.0", "a.b", "localhost.b", ""] if is_local(host)] == here


# Choosing


def test_named_outlets_are_enabled_by_being_named(tmp_path):
    written(tmp_path, FEED, "a.toml"), written(tmp_path, FEED + "enabled = false\n", "b.toml")
    outlets = read_outlets([tmp_path], NO_PROXY)
    assert list(choose(outlets, [])) == ["a"]
    assert [(slug, outlet.enabled) for slug, outlet in choose(outlets, ["b", "a", "b"]).items()] == [("b", True), ("a", True)]


def test_an_unknown_name_is_refused_with_those_spelt_alike(tmp_path):
    outlets = read_outlets([written(tmp_path, FEED, "courier.toml").parent], NO_PROXY)
    with pytest.raises(UnknownOutlet, match=r"^no such outlet: courrier\. Did you mean courier\?$"):
        choose(outlets, ["courier", "courrier"])
    with pytest.raises(UnknownOutlet, match=r"^no such outlet: zzz\. `newsmill outlets` lists them\.$"):
        choose(outlets, ["zzz"])


# Any text at all

KEYS = st.sampled_from(
    ["title", "homepage", "language", "country", "timezone", "enabled", "note", "feeds", "url", "crawl", "delay", "read", "x"]
)
TEXTS = st.text(max_size=12) | st.sampled_from(["https://a.b/", "en", "%d", "(a", "div[", "36h", "UTC", "SY"])
QUOTED = TEXTS.map(lambda text: '"' + "".join(f"\\U{ord(c):08x}" for c in text if not "\ud800" <= c <= "\udfff") + '"')
SCALARS = QUOTED | st.integers().map(str) | st.sampled_from(["true", "nan", "-inf", "1e400", "2026-11-01", "07:30:00", "[]", "{}", "0x1F"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(KEYS, inner, max_size=3).map(lambda table: "{" + ", ".join(f"{k} = {v}" for k, v in table.items()) + "}")
    ),
    max_leaves=6,
)
TABLES = st.sampled_from([f"[{name}]" for name in Outlet.model_fields] + ["[[feeds]]", "[[listings]]", "[x.y]"])
FIELDS = st.sampled_from(sorted({key for part in Section.__subclasses__() for key in part.model_fields}))
LINES = st.builds(lambda key, value: f"{key} = {value}", FIELDS, VALUES) | TABLES | st.text(max_size=20)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(LINES, max_size=6).map("\n".join))
@example("url = '\ud800'")
def test_any_text_is_an_outlet_or_an_outlet_file_error(tmp_path, text):
    path = written(tmp_path, text.encode("utf-8", "surrogatepass"))
    for whole in (text.encode("utf-8", "surrogatepass"), (LEAST + "enabled = false\n" + text).encode("utf-8", "surrogatepass")):
        path.write_bytes(whole)
        with suppress(OutletFileError):
            assert read_outlet(path, NO_PROXY).slug == "bay"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.sampled_from(
        [
            "title",
            "note",
            "language",
            "country",
            "timezone",
            "feeds_url",
            "patterns",
            "identity",
            "hosts",
            "body",
            "date_format",
            "drop_texts",
            "newest_within",
        ]
    ),
    st.text(max_size=24) | st.text("()[]{}*+?\\|^$.%:/@ab1-_ #>,~=\"'", max_size=16),
)
def test_any_value_is_taken_or_refused(tmp_path, key, text):
    value = '"' + "".join(f"\\U{ord(c):08x}" for c in text if not "\ud800" <= c <= "\udfff") + '"'
    places = {"feeds_url": f"feeds = [{{ url = {value} }}]", "newest_within": f"expect.newest_within = {value}"}
    places |= {name: f"articles.{name} = [{value}]" for name in ("patterns", "identity", "hosts")}
    places |= {name: f"read.{name} = [{value}]" for name in ("body", "date_format", "drop_texts")}
    lines = LEAST.replace('title = "Bay"\n', "") if key == "title" else LEAST
    path = written(tmp_path, lines + "enabled = false\n" + places.get(key, f"{key} = {value}"))
    with suppress(OutletFileError):
        read_outlet(path, NO_PROXY)


def test_the_tree_of_errors_is_the_one_drawn():
    drawn = re.findall(r"^(?:├── |└── )?(\w+)(?:  .*)?$", (errors.__doc__ or "").split("\n\n", 1)[1], re.MULTILINE)
    defined = [name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, errors.SpidersError)]
    assert drawn == defined
