"""The month table holds all that CLDR knows; run this file as a program to write it anew."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

from babel import Locale, localedata

LOCALES = """
    af am ar ar_DZ ar_IQ ar_LB ar_MA ast az be bg bn br bs bs_Cyrl ca ckb cs cy da de de_AT el en
    en_AU en_CA en_GB eo es es_MX et eu fa fi fil fo fr fr_CA fy ga gd gl gu ha he hi hr hu hy id
    ig is it ka kk km kn ku ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn or pa pl ps pt pt_PT rm
    ro ru sd si sk sl so sq sr sr_Latn sv sw ta te tg th tk tr uk ur uz vi xh yi yo zu
""".split()  # noqa: SIM905
TABLE = Path(str(resources.files("archiver.extraction") / "months.json"))


def forms(locale: Locale, month: int) -> list[str]:
    """Every CLDR name of a month in one locale, wide and short, inflected and alone."""
    names = {
        locale.months[context][width][month].lower().rstrip(".")
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    }
    return sorted(name for name in names if not name[0].isdigit() and len(name) > 1)


def cldr_row(code: str) -> dict[str, Any]:
    """Whether the day carries a point in the long date, and the names of the twelve months."""
    localedata._cache.clear()  # Babel 2.18 lets the aliases of one locale leak into the next
    locale = Locale.parse(code)
    pattern = str(locale.date_formats["long"].pattern)
    dotted = "d." in pattern and not pattern.startswith("y")
    return {"dotted": dotted, "months": [forms(locale, month) for month in range(1, 13)]}


def test_the_table_is_what_cldr_says() -> None:
    stored = json.loads(TABLE.read_text(encoding="utf-8"))
    for code in ("en", "hr", "pl", "ar_LB", "eu", "hi", "vi", "uk"):
        row = cldr_row(code)
        assert stored[code]["dotted"] == row["dotted"], code
        for month, (ours, cldr) in enumerate(
            zip(stored[code]["months"], row["months"], strict=True), 1
        ):
            assert set(ours) & set(cldr), f"{code} month {month}: none of {cldr} in the table"
    assert set(stored) == set(LOCALES)


def test_every_locale_has_twelve_months() -> None:
    for code, row in json.loads(TABLE.read_text(encoding="utf-8")).items():
        assert len(row["months"]) == 12 and all(row["months"]), code


if __name__ == "__main__":
    lines = [
        f"{json.dumps(code)}: {json.dumps(cldr_row(code), ensure_ascii=False)}" for code in LOCALES
    ]
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
