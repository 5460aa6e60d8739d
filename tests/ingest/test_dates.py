"""A date is kept as exactly as it is stated: a day, a month, a year, or without a year."""

import math
from datetime import date, datetime, time, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dates import StatedDate, read_date
from ingest.findings import Problem
from ingest.months import MONTHS, write_date
from ingest.sections import LANGUAGES, load_sections
from ingest.values import Parsed, parse

DATE = load_sections()["engagements"].field("started_on")
LOCAL = ("sr-Latn", "sr-Cyrl", "mk", "sq")

A_DAY = Parsed(edtf="2015-11-13", earliest=date(2015, 11, 13), latest=date(2015, 11, 13))
MAY_2021 = Parsed(edtf="2021-05", earliest=date(2021, 5, 1), latest=date(2021, 5, 31))
YEAR_2021 = Parsed(edtf="2021", earliest=date(2021, 1, 1), latest=date(2021, 12, 31))


def refused(rule, text, **params):
    return Parsed(problem=Problem(rule, {"text": text, **params}))


DAYS = (
    *("13.11.2015.", "13.11.2015", "13. 11. 2015.", "13/11/2015", "2015-11-13", "2015.11.13.", "13.11.15.", "13. XI 2015.", "13. novembar 2015."),
    *("13. новембра 2015. године", "13 ноември 2015", "13-ти ноември 2015 година", "13 nëntor 2015", "13 November 2015", "November 13, 2015"),
)
MONTHS_OF_A_YEAR = (
    *("maj 2021", "Maj 2021.", "maja 2021. godine", "u maju 2021.", "мај 2021", "мајот 2021 година", "во мај 2021", "në maj 2021", "May 2021"),
    *("05.2021", "5/2021", "2021-05", "početkom maja 2021", "почетком маја 2021.", "почеток на мај 2021", "на почетокот на мај 2021"),
    *("në fillim të majit 2021", "early May 2021"),
)
IMPOSSIBLE = ("31.02.2022", "29.02.2023.", "2022-13-01", "32. maj 2021", "30. februar", "12.12.1920", "1989", "01.01.2101.", "XXXX-13")
TWO_DATES = (
    *(
        "01.05.2021 - 03.05.2021",
        "1.5.2021. i 3.5.2021.",
        "2021-05-01 / 2021-05-03",
        "jun–septembar 2022",
        "јуни–септември",
        "2021-2024",
        "2021/2022",
    ),
    *("2021-2024", "1. i 3. maj, 5. jun"),
)
NO_DATES = (
    *("prvog marta 2024", "mart 2024. godine u 10 h"),
    *("prošle godine", "sredinom prethodne godine", "nešto", "20211113", "3.10", "May-21", "mar 24", "Q1 2024", "V", "krajem 13.11.2015."),
    *("XXXX", "10:30"),
)


@pytest.mark.parametrize("text", DAYS)
@pytest.mark.parametrize("language", LOCAL)
def test_a_day_is_read_in_every_way_of_writing_it(language, text):
    assert parse(DATE, text, language) == A_DAY


@pytest.mark.parametrize("text", MONTHS_OF_A_YEAR)
def test_a_month_is_not_a_day(text):
    assert parse(DATE, text, "sr-Latn") == MAY_2021


@pytest.mark.parametrize("text", ["2021", "2021.", "2021 godina", "2021. godine", "2021 година", "viti 2021", "sredinom 2021. godine", "tokom 2021"])
def test_a_year_is_not_a_day(text):
    assert parse(DATE, text, "mk") == YEAR_2021


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("3. oktobar", "XXXX-10-03"),
        ("3. октобра", "XXXX-10-03"),
        ("3 октомври", "XXXX-10-03"),
        ("3 tetor", "XXXX-10-03"),
        ("on 3 October", "XXXX-10-03"),
        ("3.10.", "XXXX-10-03"),
        ("XXXX-10-03", "XXXX-10-03"),
        ("29. februar", "XXXX-02-29"),
        ("декември", "XXXX-12"),
        ("u decembru", "XXXX-12"),
        ("XXXX-12", "XXXX-12"),
    ],
)
def test_a_date_without_a_year_has_no_days(text, edtf):
    assert parse(DATE, text, "sr-Latn") == Parsed(edtf=edtf)


@pytest.mark.parametrize(
    ("text", "edtf", "earliest", "latest"),
    [
        ("2021-05~", "2021-05~", date(2021, 5, 1), date(2021, 5, 31)),
        ("2021?", "2021?", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-XX", "2021-XX", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-xx-13", "2021-XX-13", date(2021, 1, 13), date(2021, 12, 13)),
        ("2024-02-XX", "2024-02-XX", date(2024, 2, 1), date(2024, 2, 29)),
        ("202X", "202X", date(2020, 1, 1), date(2029, 12, 31)),
    ],
)
def test_edtf_may_be_typed_as_such(text, edtf, earliest, latest):
    assert parse(DATE, text, "en") == Parsed(edtf=edtf, earliest=earliest, latest=latest)
    strict = parse_edtf(edtf)
    assert (date(*strict.lower_strict()[:3]), date(*strict.upper_strict()[:3])) == (earliest, latest)


@pytest.mark.parametrize("language", ["en", None])
def test_day_and_month_that_may_change_places_are_refused_with_both_readings(language):
    both = {"reading_1": date(2022, 4, 3), "reading_2": date(2022, 3, 4)}
    assert parse(DATE, "03/04/2022", language) == refused("date_ambiguous", "03/04/2022", **both)
    assert parse(DATE, "03-04-2022", language) == refused("date_ambiguous", "03-04-2022", **both)
    assert parse(DATE, "03.04.2022", language).edtf == "2022-04-03"
    assert [parse(DATE, text, language).edtf for text in ("13/11/2015", "11/13/2015", "3/3/2022")] == ["2015-11-13", "2015-11-13", "2022-03-03"]


@pytest.mark.parametrize("language", LOCAL)
def test_local_forms_write_the_day_first(language):
    assert parse(DATE, "03/04/2022", language).edtf == "2022-04-03"
    assert parse(DATE, "04/25/2022", language) == refused("date_impossible", "04/25/2022")


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_a_day_that_does_not_exist_or_lies_far_away_is_refused(text):
    assert parse(DATE, text, "sr-Latn") == refused("date_impossible", text)


@pytest.mark.parametrize("text", TWO_DATES)
def test_two_dates_in_one_cell_are_refused(text):
    assert parse(DATE, text, "sr-Latn") == refused("two_dates", text)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused(text):
    assert parse(DATE, text, "sr-Latn") == refused("date_unreadable", text)


@pytest.mark.parametrize(
    ("cell", "parsed"),
    [
        (date(2015, 11, 13), A_DAY),
        (datetime(2015, 11, 13, 10, 30), A_DAY),
        ("13.11.2015 10:30", A_DAY),
        ("2015-11-13T10:30:00", A_DAY),
        (2021, YEAR_2021),
        (2021.0, YEAR_2021),
        (5.2021, MAY_2021),
        (date(1905, 7, 13), refused("date_impossible", "1905-07-13")),
        (44562, refused("date_unreadable", "44562", reading=date(2022, 1, 1))),
        (44562.5, refused("date_unreadable", "44562.5", reading=date(2022, 1, 1))),
        (12, refused("date_unreadable", "12", reading=None)),
        (-3.0, refused("date_unreadable", "-3", reading=None)),
        (1e300, refused("date_unreadable", "1e+300", reading=None)),
        (math.inf, refused("date_unreadable", "inf", reading=None)),
        (math.nan, refused("date_unreadable", "nan", reading=None)),
        (True, refused("value_of_other_type", "TRUE")),
        (time(8, 30), refused("value_of_other_type", "08:30:00")),
        (timedelta(hours=30), refused("value_of_other_type", "1 day, 6:00:00")),
    ],
)
def test_cells_of_the_spreadsheet_itself(cell, parsed):
    assert parse(DATE, cell, "mk") == parsed


DAY = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


@settings(deadline=None)
@given(DAY, st.sampled_from(LANGUAGES))
def test_a_date_written_out_reads_back(day, language):
    assert read_date(write_date(day, language), language) == StatedDate(day.isoformat(), day, day)


@settings(deadline=None, max_examples=50)
@given(DAY, st.sampled_from([4, 7, 10]))
def test_first_and_last_days_agree_with_the_edtf_library(day, precision):
    edtf = day.isoformat()[:precision]
    parsed = parse_edtf(edtf)
    assert read_date(edtf, None) == StatedDate(edtf, date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3]))


@settings(deadline=None)
@given(DAY, st.sampled_from(["sr-Latn", "sr-Cyrl"]))
def test_both_scripts_of_a_month_agree(day, script):
    other = {"sr-Latn": "sr-Cyrl", "sr-Cyrl": "sr-Latn"}[script]
    assert read_date(write_date(day, script), script) == read_date(write_date(day, other), script)


@settings(deadline=None)
@given(st.sampled_from(sorted(MONTHS)), st.integers(1990, 2100), st.sampled_from([*LANGUAGES, None]))
def test_every_form_of_a_month_s_name_is_read_in_every_language(name, year, language):
    assert read_date(f"{name.upper()} {year}.", language).edtf == f"{year}-{MONTHS[name]:02}"
