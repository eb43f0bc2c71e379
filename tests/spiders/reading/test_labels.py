import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.labels import codec_of, header_codec, meta_codec


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        (" \tUtf-8\n", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("iso-8859-11", "cp874"),
        ("tis-620", "cp874"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("shift_jis", "cp932"),
        ("euc-kr", "cp949"),
        ("big5", "big5hkscs"),
        ("windows-1256", "cp1256"),
        ("x-cp1251", "cp1251"),
        ("koi8-u", "koi8-u"),
        ("koi8-ru", "koi8-u"),
        ("asmo-708", "iso8859-6"),
        ("visual", "iso8859-8"),
        ("macintosh", "mac-roman"),
        ("x-mac-ukrainian", "mac-cyrillic"),
        ("unicode", "utf-16-le"),
        ("utf-7", None),
        ("utf-32", None),
        ("cp037", None),
        ("windows1251", None),
        ("hz-gb-2312", None),
        ("replacement", None),
        ("x-user-defined", None),
        ("unicode_escape", None),
        ("", None),
    ],
)
def test_labels_mean_what_the_standard_says(label, codec):
    assert codec_of(label) == codec
    assert codec is None or codecs.lookup(codec)


@pytest.mark.parametrize(
    ("content_type", "codec"),
    [
        ("text/html; charset=windows-1256", "cp1256"),
        ('text/html;charset="utf-8"', "utf-8"),
        ("text/html; Charset = 'koi8-r'", "koi8-r"),
        ("text/html; boundary=x; charset=gb2312, text/html", "gb18030"),
        ("text/html; xcharset=koi8-r", None),
        ("text/html", None),
        ("", None),
    ],
)
def test_a_header_names_a_charset(content_type, codec):
    assert header_codec(content_type) == codec


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<META CHARSET=koi8-r>", "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1256" />', "cp1256"),
        ("<meta content='text/html; charset=gbk' http-equiv=content-type>", "gb18030"),
        ('<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2"),
        ('<meta name="description" content="charset=koi8-r">', None),
        ('<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">', "cp1251"),
        ('<!-- <meta charset="koi8-r">', None),
        ('<body><meta charset="koi8-r">', None),
        ('<meta charset="none-such"><meta charset="koi8-r">', "koi8-r"),
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="UTF-16BE">', "utf-8"),
        ('<meta charset="x-user-defined">', "cp1252"),
        ('<meta charset="utf-7">', None),
        ("<metadata charset=koi8-r>", None),
        ("<title>x</title>" + "<meta name=a content=b>" * 60 + "<meta charset=koi8-r>", "koi8-r"),
        (" " * 5000 + "<meta charset=koi8-r>", None),
    ],
)
def test_a_page_names_its_charset_in_its_head(head, codec):
    assert meta_codec(head.encode()) == codec


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=60))
def test_anything_may_stand_in_a_head_or_header(body, content_type):
    for codec in (meta_codec(body), meta_codec(b"<meta charset=" + body), header_codec(content_type), codec_of(content_type)):
        assert codec is None or codecs.lookup(codec)
