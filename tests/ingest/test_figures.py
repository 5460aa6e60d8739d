"""Numbers as people write them: read strictly, with what qualifies them, or refused with what they may mean."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sections import LANGUAGES
from ingest.values import Parsed, Problem, parse
from tests.ingest.parsing import (
    AMOUNT,
    COUNT,
    HOURS,
    HOUSEHOLDS,
    NUMBER,
    exact,
    refused,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", 30),
        ("0", 0),
        ("30.", 30),
        ("+30", 30),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u2009234", 1234),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("12,0", 12),
        ("1.234,00", 1234),
        ("1,234.00", 1234),
        ("2,9999999999", 3),
        ("30 lica", 30),
        ("30 лица", 30),
    ],
)
@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "mk", "sq"])
def test_whole_numbers_of_local_forms_have_a_dot_or_a_blank_between_thousands(language, text, value):
    assert parse(COUNT, text, language) == exact(value)


@pytest.mark.parametrize(
    ("field", "language", "text", "parsed"),
    [
        (COUNT, "en", "1,234", exact(1234)),
        (AMOUNT, "en", "1,234", exact(Decimal("1234.00"))),
        (AMOUNT, "en", "1,234.5", exact(Decimal("1234.50"))),
        (AMOUNT, "mk", "1.234", exact(Decimal("1234.00"))),
        (AMOUNT, "sr-Latn", "1.234,5", exact(Decimal("1234.50"))),
        (AMOUNT, "sr-Latn", "12.50", exact(Decimal("12.50"))),
        (NUMBER, "en", "1.234", exact(Decimal("1.2340"))),
        (NUMBER, "sq", "1,234", exact(Decimal("1.2340"))),
        (NUMBER, "mk", "34,4 %", exact(Decimal("34.4000"))),
        (NUMBER, "mk", "7.15 ‰", exact(Decimal("7.1500"))),
        (NUMBER, "mk", "-4,2", exact(Decimal("-4.2000"))),
        (NUMBER, None, "0,125", exact(Decimal("0.1250"))),
        (HOURS, "sr-Latn", "8 sati", exact(Decimal("8.0000"))),
        (HOURS, "sr-Latn", "8h", exact(Decimal("8.0000"))),
    ],
)
def test_the_language_of_the_form_tells_thousands_from_fractions(field, language, text, parsed):
    assert parse(field, text, language) == parsed


@pytest.mark.parametrize(
    ("field", "language", "text"),
    [
        *((field, None, text) for field in (COUNT, AMOUNT, NUMBER) for text in ("1.234", "1,234")),
        (COUNT, "en", "1.234"),
        (AMOUNT, "en", "1.234"),
        (COUNT, "sr-Cyrl", "1,234"),
        (AMOUNT, "mk", "1,234"),
    ],
)
def test_a_number_with_two_readings_is_refused_with_both(field, language, text):
    assert parse(field, text, language) == refused("number_ambiguous", text=text, reading_1=Decimal(1234), reading_2=Decimal("1.234"))


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("oko 30", 30, "about"),
        ("околу 30", 30, "about"),
        ("~30", 30, "about"),
        ("cca 30", 30, "about"),
        ("cca. 30", 30, "about"),
        ("about 30", 30, "about"),
        ("rreth 30", 30, "about"),
        ("30-ak", 30, "about"),
        ("oko 30 lica", 30, "about"),
        ("триесетина", 30, "about"),
        ("tridesetak", 30, "about"),
        ("oko tridesetak lica", 30, "about"),
        ("desetak", 10, "about"),
        ("стотина", 100, "about"),
        ("30+", 30, "at_least"),
        ("30 i više", 30, "at_least"),
        ("najmanje 30", 30, "at_least"),
        ("најмалку 30", 30, "at_least"),
        ("barem 30", 30, "at_least"),
        ("at least 30", 30, "at_least"),
        ("së paku 30", 30, "at_least"),
        (">=30", 30, "at_least"),
        (">30", 31, "at_least"),
        ("više od 30", 31, "at_least"),
        ("preko 30", 31, "at_least"),
        ("do 30", 30, "at_most"),
        ("up to 30", 30, "at_most"),
        ("najviše 30", 30, "at_most"),
        ("deri në 30", 30, "at_most"),
        ("<30", 29, "at_most"),
        ("manje od 30", 29, "at_most"),
    ],
)
def test_a_count_carries_its_qualifier(text, value, qualifier):
    assert parse(COUNT, text, "sr-Latn") == Parsed(value=value, qualifier=qualifier)


def test_more_than_an_amount_is_at_least_that_amount():
    assert parse(AMOUNT, ">1.000 €", "sr-Latn") == Parsed(value=Decimal("1000.00"), qualifier="at_least", currency="EUR")


def test_about_thirty_families_are_households_and_not_persons():
    assert parse(HOUSEHOLDS, "околу 30 семејства", "mk") == Parsed(value=30, qualifier="about")
    assert parse(COUNT, "околу 30 семејства", "mk") == refused("number_unreadable", text="околу 30 семејства")


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.200 din.", "1200.00", "RSD"),
        ("1.200,50 RSD", "1200.50", "RSD"),
        ("1.200.000 dinara", "1200000.00", "RSD"),
        ("12.000 ден.", "12000.00", "MKD"),
        ("12.000 денари", "12000.00", "MKD"),
        ("€1.200", "1200.00", "EUR"),
        ("1 200,50 evra", "1200.50", "EUR"),
        ("EUR 1.200,00", "1200.00", "EUR"),
        ("10.000 $", "10000.00", "USD"),
        ("US$ 1,200.50", "1200.50", "USD"),
        ("5.000 долара", "5000.00", "USD"),
        ("300 američkih dolara", "300.00", "USD"),
        ("5.000 dollarë", "5000.00", "USD"),
        ("5.000 CHF", "5000.00", "CHF"),
        ("5.000,50 švajcarskih franaka", "5000.50", "CHF"),
        ("200 швајцарски франци", "200.00", "CHF"),
        ("200 franga zvicerane", "200.00", "CHF"),
        ("£1.200", "1200.00", "GBP"),
        ("1.200 фунти", "1200.00", "GBP"),
        ("20 pounds sterling", "20.00", "GBP"),
        ("1.200,-", "1200.00", None),
        ("1.200,- din", "1200.00", "RSD"),
        ("1200.-", "1200.00", None),
    ],
)
def test_an_amount_may_carry_its_currency(text, value, currency):
    assert parse(AMOUNT, text, "sr-Latn") == exact(Decimal(value), currency=currency)


@pytest.mark.parametrize("text", ["500 kanadskih dolara", "CA$ 500", "A$500", "500 HRK", "500 dolara ili evra", "500 SEK"])
def test_an_amount_in_a_currency_without_rates_is_refused(text):
    assert parse(AMOUNT, text, "sr-Latn") == refused("number_unreadable", text=text)


@pytest.mark.parametrize("text", ["nema", "Nema ih", "нема", "Нема такви", "nije bilo", "ne", "nuk ka", "none"])
@pytest.mark.parametrize("field", [COUNT, AMOUNT, NUMBER], ids=lambda field: field.type)
def test_a_word_for_none_may_be_zero_or_unknown_and_is_asked_about(field, text):
    assert parse(field, text, "sr-Latn") == refused("none_or_unknown", text=text)


NO_NUMBERS = ("30-40", "12/30", "30 (12 žena)", "1e5", "oko 30+", "100 HRK", "trideset", "nan", "1,23,456", "x")


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("field", [COUNT, AMOUNT, NUMBER], ids=lambda field: field.type)
def test_what_is_no_number_is_refused(field, text):
    assert parse(field, text, "sr-Latn") == refused("number_unreadable", text=text)


@pytest.mark.parametrize(
    ("field", "cell", "parsed"),
    [
        (COUNT, 12, exact(12)),
        (COUNT, 12.0, exact(12)),
        (COUNT, -0.0, exact(0)),
        (COUNT, 2.9999999999, exact(3)),
        (COUNT, 2.99999, refused("number_not_whole", value=Decimal("2.99999"))),
        (COUNT, "12,5", refused("number_not_whole", value=Decimal("12.5"))),
        (COUNT, -1, refused("number_negative", value=Decimal(-1))),
        (AMOUNT, "-1.200", refused("number_negative", value=Decimal(-1200))),
        (HOURS, -8.0, refused("number_negative", value=Decimal("-8.0"))),
        (COUNT, 10**12, refused("number_too_large")),
        (COUNT, "9" * 13, refused("number_too_large")),
        (AMOUNT, 1e300, refused("number_too_large")),
        (COUNT, math.nan, refused("number_unreadable", text="nan")),
        (COUNT, math.inf, refused("number_unreadable", text="inf")),
        (COUNT, True, refused("value_of_other_type", text="TRUE")),
        (COUNT, date(2021, 2, 1), refused("number_formatted_as_date", text="2021-02-01")),
        (COUNT, datetime(2021, 2, 1, 8, 30), refused("number_formatted_as_date", text="2021-02-01 08:30:00")),
        (HOURS, timedelta(hours=30), refused("number_formatted_as_date", text="1 day, 6:00:00")),
        (AMOUNT, 0.1 + 0.2, exact(Decimal("0.30"))),
        (AMOUNT, 7, exact(Decimal("7.00"))),
        (NUMBER, 1 / 3, exact(Decimal("0.3333"))),
    ],
)
def test_numbers_of_the_spreadsheet_itself(field, cell, parsed):
    assert repr(parse(field, cell, "mk")) == repr(parsed)


def test_one_and_true_and_one_point_zero_are_told_apart_however_often_they_come():
    for _ in range(2):
        assert parse(COUNT, 1, None) == parse(COUNT, 1.0, None) == exact(1)
        assert parse(COUNT, True, None) == refused("value_of_other_type", text="TRUE")


LOCAL_LANGUAGE = st.sampled_from([language for language in LANGUAGES if language != "en"])


@pytest.mark.parametrize(
    ("text", "value", "qualifier", "mark"),
    [
        ("3*", 3, "exact", "*"),
        ("3 **", 3, "exact", "**"),
        ("30¹", 30, "exact", "¹"),
        ("30 ²)", 30, "exact", "²)"),
        ("1.234*", 1234, "exact", "*"),
        ("oko 30*", 30, "about", "*"),
        ("12* lica", 12, "exact", "*"),
        ("12 лица†", 12, "exact", "†"),
    ],
)
def test_the_mark_of_a_footnote_is_taken_off_the_figure_and_told(text, value, qualifier, mark):
    assert parse(COUNT, text, "sr-Latn") == Parsed(value, qualifier, mark=mark)


@pytest.mark.parametrize("text", ["3*4", "*3", "3*-5*", "3****", "31)", "3 1)", "3* 4", "3*?", "12 m²", "3 (1)"])
def test_what_may_be_more_than_the_mark_of_a_footnote_is_not_taken_off(text):
    assert parse(COUNT, text, "sr-Latn").problem == Problem("number_unreadable", {"text": text})


@settings(deadline=None)
@given(
    st.integers(min_value=0, max_value=10**12 - 1),
    st.sampled_from([".", " ", "\u00a0", "\u202f"]),
    LOCAL_LANGUAGE,
)
def test_a_count_written_the_local_way_reads_back(number, mark, language):
    assert parse(COUNT, f"{number:,}".replace(",", mark), language) == exact(number)


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=10**11, places=2), st.sampled_from(LANGUAGES))
def test_an_amount_written_as_its_language_writes_it_reads_back(amount, language):
    english = f"{amount:,.2f}"
    written = english if language == "en" else english.translate(str.maketrans(",.", ".,"))
    assert parse(AMOUNT, written, language) == exact(amount)
