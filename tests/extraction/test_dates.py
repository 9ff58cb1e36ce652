"""Dates and instants as embeds show them, read at a known place."""

import time
from datetime import UTC, date, datetime

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extraction.dates import read_date, read_when

LOCALES = "en de fr es pt_BR it nl pl cs ru uk tr el hu ro fi sv da id vi ja ko he hi".split()  # noqa: SIM905
FIFTH_OF_MARCH = (
    """
March 5, 2020|5 March 2020|5 de marzo de 2020|5 de março de 2020|5 de març del 2020|5 mars 2020|5. März 2020
5 marzo 2020|5 maart 2020|5 mars 2020|5. marts 2020|5. maaliskuuta 2020|5 marca 2020|5. března 2020|5. marca 2020
2020. március 5.|5 martie 2020|5 март 2020 г.|5. ožujka 2020.|5. март 2020.|5. mart 2020.|5. marec 2020
5 Μαρτίου 2020|5 Mart 2020|5 марта 2020 г.|5 березня 2020 р.|5 сакавіка 2020 г.|5 במרץ 2020|5 مارس 2020
5 مارس، 2020|٥ مارس ٢٠٢٠|۵ مارس ۲۰۲۰|۵ مارسِ ۲۰۲۰|5 آذار 2020|5 مارچ، 2020|5 मार्च 2020|5 মার্চ, 2020
5 માર્ચ, 2020|5 மார்ச், 2020|5 మార్చి, 2020|ಮಾರ್ಚ್ 5, 2020|2020, മാർച്ച് 5|5 มีนาคม 2020|5 มีนาคม ค.ศ. 2020
5 มีนาคม 2563|5 tháng 3, 2020|Tháng 3 5, 2020|ngày 5 tháng 3 năm 2020|5 Maret 2020|5 Mac 2020|Marso 5, 2020
2020年3月5日|2020 年 3 月 5 日|2020년 3월 5일|2020년, 3월 5일|2020(e)ko martxoaren 5(a)|2020 m. kovo 5 d.
2020. gada 5. marts|5. märts 2020|5 mart 2020|5 მარტი, 2020|05 մարտի, 2020 թ.|2020 ж. 5 наурыз|2020-03-05
05.03.2020|MARCH 5, 2020|Mar. 5, 2020|March 5th, 2020|5 March, 2020|5º de marzo de 2020
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("written", FIFTH_OF_MARCH)
def test_one_day_in_many_languages(written: str) -> None:
    found = read_date(written, 0)
    assert found and found.day == date(2020, 3, 5)
    assert found.end == len(written)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("5. listopada 2020.", date(2020, 10, 5)),  # Croatian, with points
        ("5 listopada 2020", date(2020, 11, 5)),  # Polish
        ("12. listopadu 2014", date(2014, 11, 12)),  # Czech
        ("10 de novembro, 2021", date(2021, 11, 10)),
        ("1er mars 2018", date(2018, 3, 1)),
        ("5 d’agost de 2020", date(2020, 8, 5)),
        ("5 aout 2019", date(2019, 8, 5)),
        ("Ağustos 5, 2019", date(2019, 8, 5)),
        ("5 KASIM 2020", date(2020, 11, 5)),
    ],
)
def test_names_that_need_care(written: str, day: date) -> None:
    found = read_date(written, 0)
    assert found and found.day == day


@pytest.mark.parametrize(
    "written",
    ["2020", "Marketing 5, 2020", "March 2020", "5 March", "March 45, 2020", "March 5, 1920", "7:31 PM",
     "5 markets 2020", "February 30, 2020", "", "on May"],
)  # fmt: skip
def test_no_date(written: str) -> None:
    assert read_date(written, 0) is None


@pytest.mark.parametrize("glued", ["Next words", "#tag", "@someone", "https://t.co/abc"])
def test_text_glued_behind_stays_outside(glued: str) -> None:
    found = read_date("May 29, 2018" + glued, 0)
    assert found and found.end == len("May 29, 2018")


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("3:17 PM · Jul 3, 2023", None),
        ("7:31 PM - 3 Jul 2023", None),
        ("19:31 - 3 jul. 2023", None),
        ("下午7:31 · 2023年7月3日", None),
        ("오후 7:31 - 2023년 7월 3일", None),
        ("Jul 3, 2023 at 3:55pm PDT", datetime(2023, 7, 3, 22, 55, tzinfo=UTC)),
        ("3 de Jul, 2023 às 15:55 PDT", datetime(2023, 7, 3, 22, 55, tzinfo=UTC)),
        ("Июл 3, 2023 at 3:04 PST", None),  # morning or afternoon: not told
        ("2023-07-03T15:17:00.123Z", datetime(2023, 7, 3, 15, 17, 0, 123000, tzinfo=UTC)),
        ("July 3, 2023 at 3:17 PM", None),
    ],
)
def test_time_beside_the_date(written: str, at: datetime | None) -> None:
    found = read_when(written, 0)
    assert found and found.day == date(2023, 7, 3)
    assert found.at == at


@settings(deadline=None)
@given(
    st.dates(date(2006, 3, 21), date(2099, 12, 31)),
    st.sampled_from(LOCALES),
    st.sampled_from(["long", "medium"]),
)
def test_what_cldr_formats_is_read_back(day: date, locale: str, width: str) -> None:
    written = format_date(day, format=width, locale=locale)
    found = read_date(written, 0)
    if width == "long" or any(c.isalpha() and c.isascii() for c in written):
        assert found and found.day == day, written


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(0, 200))
def test_any_text_is_answered(text: str, at: int) -> None:
    found = read_when(text, min(at, len(text)))
    assert found is None or min(at, len(text)) < found.end <= len(text)


def test_the_table_is_read_fast() -> None:
    started = time.process_time()
    read_date("5 March 2020", 0)
    assert time.process_time() - started < 0.3
