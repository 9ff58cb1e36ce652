"""Characters as browsers read them."""

import pytest

from archiver.extraction.charset import codec_of, decode

WORD = "Ünïcode ž"


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("\ufeffé".encode(), "latin1", "é"),
        ("é".encode("utf-16"), None, "é"),
        ("é".encode("utf-16-be"), "utf-16be", "é"),
        ("é ’".encode("cp1252"), "iso-8859-1", "é ’"),
        (b'<meta charset="windows-1251">' + "мост".encode("cp1251"), None, '<meta charset="windows-1251">мост'),
        (b"<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>" + "橋".encode("cp932"), None,
         "<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>橋"),
        (b'<meta charset="utf-16">' + "é".encode(), None, '<meta charset="utf-16">é'),
        (b"<!-- <meta charset=koi8-r> -->" + "é".encode(), None, "<!-- <meta charset=koi8-r> -->é"),
        ("plain é".encode(), None, "plain é"),
        ("plain é".encode("cp1252"), None, "plain é"),
        (b"\xc3\xa9" * 50 + b"\xe9", None, "é" * 50 + "\ufffd"),
        ("大".encode("gb18030"), "gb2312", "大"),
        ("é".encode(), "no-such-charset", "é"),
    ],
)  # fmt: skip
def test_decode(body, charset, text) -> None:
    assert decode(body, charset) == text


@pytest.mark.parametrize("label", ["hex", "base64", "rot13", "", None, "zip", "\0", "x" * 500])
def test_what_is_no_charset(label) -> None:
    assert codec_of(label) is None
