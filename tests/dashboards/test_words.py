"""Words and numbers in five languages."""

from datetime import date
from decimal import Decimal

import pandas
import pytest

from dashboards.components.downloads import write_csv
from dashboards.components.evidence import write_command
from dashboards.components.language import OWN_NAMES, Locale, guess_language, load_catalogue


@pytest.mark.parametrize("language", OWN_NAMES)
def test_every_catalogue_has_every_text_and_its_placeholders(language: str) -> None:
    import string

    def list_placeholders(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english = load_catalogue("en")
    assert {key: list_placeholders(text) for key, text in load_catalogue(language).items()} == {
        key: list_placeholders(text) for key, text in english.items()
    }


@pytest.mark.parametrize("language", ["sr-Cyrl", "mk"])
def test_cyrillic_catalogues_hold_no_latin_words(language: str) -> None:
    import re

    allowed = {"CSV", "EUR"}
    for key, text in load_catalogue(language).items():
        assert set(re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}", "", text))) <= allowed, key


def test_numbers_follow_the_language() -> None:
    assert Locale("en").figure(Decimal("1234567"), "EUR") == "1,234,567\N{NO-BREAK SPACE}EUR"
    assert Locale("sr-Latn").figure(Decimal("1234567"), "EUR") == "1.234.567\N{NO-BREAK SPACE}EUR"
    assert Locale("mk").figure(0.125, "share") == "12,5\N{NO-BREAK SPACE}%"
    assert Locale("en").figure(None, "persons") == "not known"
    assert Locale("en").figure(0, "persons") == "0"
    assert Locale("sr-Cyrl").figure(30, "households", "about") == "око 30"
    assert Locale("en").separators == ".,"
    assert Locale("mk").separators == ",."


def test_periods_and_dates_are_as_exact_as_stated() -> None:
    english = Locale("en")
    said = {
        text: english.edtf(text)
        for text in ("2024-Q1", "2024-H2", "2021-05", "2021", "XXXX-06/XXXX-09", "XXXX-10-03", "2022-06/2022-09", "2021-12-22")
    }
    assert said == {
        "2024-Q1": "Q1 2024",
        "2024-H2": "H2 2024",
        "2021-05": "May 2021",
        "2021": "2021",
        "XXXX-06/XXXX-09": "June–September (year not stated)",
        "XXXX-10-03": "3 October (year not stated)",
        "2022-06/2022-09": "June–September 2022",
        "2021-12-22": "22 Dec 2021",
    }
    assert Locale("sr-Latn").day(date(2021, 12, 22)) == "22. 12. 2021."


def test_names_sort_by_the_alphabet_of_the_language() -> None:
    assert sorted(["Šid", "Zrenjanin", "Čačak", "Ada", "Sombor"], key=Locale("sr-Latn").order) == ["Ada", "Čačak", "Sombor", "Šid", "Zrenjanin"]
    assert sorted(["Шид", "Јагодина", "Ада", "Кичево"], key=Locale("sr-Cyrl").order) == ["Ада", "Јагодина", "Кичево", "Шид"]


def test_the_browser_language_is_guessed() -> None:
    assert [guess_language(asked) for asked in ("sr-Latn-RS", "sr-RS", "mk-MK", "sq", "de", None)] == ["sr-Latn", "sr-Cyrl", "mk", "sq", "en", "en"]


def test_a_downloaded_text_is_never_a_formula() -> None:
    frame = pandas.DataFrame({"name": ["=1+1", "+381", "-x", "@here", "plain, „text“"], "value": [Decimal("-1.50"), None, 2, 3, 4]}, dtype=object)
    assert write_csv(frame).decode("utf-8-sig") == "name,value\r\n'=1+1,-1.50\r\n'+381,\r\n'-x,2\r\n'@here,3\r\n\"plain, „text“\",4\r\n"


def test_a_line_for_the_shell_keeps_every_letter() -> None:
    import subprocess

    sql = """select '"' as "a", '$HOME' as b, '`id`' as c, '\\' as d"""
    printed = subprocess.run(["sh", "-c", write_command(sql).replace("munimon sql", "printf %s", 1)], capture_output=True, text=True, check=True)
    assert printed.stdout == sql
