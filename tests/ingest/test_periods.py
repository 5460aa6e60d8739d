"""The period of a report, in all the ways people write it, has one id."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.findings import Problem, message
from ingest.months import write_date
from ingest.periods import NOT_STATED, Period, canonical, parse_period
from ingest.sections import LANGUAGES

WAYS_OF_WRITING = {
    Period("2024-03", date(2024, 3, 1), date(2024, 3, 31)): (
        *("2024-03", "mart 2024", "Mart 2024. godine", "март 2024", "mars 2024", "March 2024", "03.2024", "3/2024", "01.03.2024 - 31.03.2024"),
        *("III-III 2024", "2024-03-01/2024-03-31", "u martu 2024.", "za mart 2024. godine"),
    ),
    Period("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)): (
        *("2024-Q1", "Q1 2024", "Q1/2024", "I kvartal 2024.", "I kvartal 2024. godine", "1. kvartal 2024.", "prvi kvartal 2024", "прв квартал 2024"),
        *("I тромесечје 2024", "прво тримесечје 2024 година", "tremujori i parë 2024", "tremujori i parë i vitit 2024", "TM1 2024"),
        *(
            "1-3/2024",
            "01–03.2024.",
            "I–III mesec 2024. godine",
            "I - III 2024. g.",
            "2024/Q1",
            "Q1-2024",
            "01.01.-31.03.2024.",
            "јануар - март 2024",
        ),
        *("first quarter of 2024", "1st quarter 2024", "januar–mart 2024", "I–III 2024.", "za period od 01.01.2024. do 31.03.2024. godine"),
    ),
    Period("2024-H2", date(2024, 7, 1), date(2024, 12, 31)): (
        *("2024-H2", "H2 2024", "drugo polugodište 2024.", "II polugodište 2024. godine", "второ полугодие 2024", "друго полугодиште 2024"),
        *("gjashtëmujori i dytë 2024", "second half of 2024", "jul – decembar 2024", "VII-XII 2024"),
    ),
    Period("2024", date(2024, 1, 1), date(2024, 12, 31)): (
        "2024",
        "2024.",
        "2024. godina",
        "2024 година",
        "viti 2024",
        "za 2024. godinu",
        "godišnji izveštaj za 2024. godinu",
        "01.01.2024.-31.12.2024.",
        2024,
        2024.0,
    ),
    Period("2022-06/2022-09", date(2022, 6, 1), date(2022, 9, 30)): (
        *("2022-06/2022-09", "jun–septembar 2022.", "jun - septembar 2022", "Period: jun–septembar 2022.", "od juna do septembra 2022. godine"),
        *("јуни–септември 2022", "од јуни до септември 2022 година", "qershor–shtator 2022", "nga qershori deri në shtator 2022"),
        *("June to September 2022", "01.06.2022 - 30.09.2022", "01.06.2022.-30.09.2022.", "1.6.-30.9.2022.", "VI–IX 2022.", "2022-06-01/2022-09-30"),
    ),
    Period("2022-06-15/2022-09-30", date(2022, 6, 15), date(2022, 9, 30)): ("15.06.2022 - 30.09.2022", "od 15. juna 2022. do 30. septembra 2022."),
    Period("2021/2024", date(2021, 1, 1), date(2024, 12, 31)): ("2021/2024", "2021–2024", "2021-2024. godine", "01.01.2021 - 31.12.2024"),
    Period("2023-10/2024-03", date(2023, 10, 1), date(2024, 3, 31)): ("oktobar 2023 – mart 2024", "октомври 2023 - март 2024"),
    Period("XXXX-06/XXXX-09", None, None): ("XXXX-06/XXXX-09", "jun–septembar", "јуни – септември", "od juna do septembra", "qershor-shtator"),
    Period("XXXX-12", None, None): ("XXXX-12", "decembar", "декември", "dhjetor", "December"),
    Period("XXXX-10-03/XXXX-10-03", None, None): ("3.10. - 3.10.", "3. oktobar - 3. oktobar"),
    Period("XXXX-01/XXXX-03", None, None): ("I kvartal", "прв квартал", "Q1"),
    Period(NOT_STATED, None, None): (
        *("not-stated", "not stated", "nije navedeno", "ne navodi se", "nije naveden", "period nije naveden", "не е наведено", "не е наведен"),
        *("nuk është shënuar", "-", "nepoznato", "непознато", "n/a"),
    ),
}


SEVERAL_TOGETHER = {
    "2024-H1": (
        *("Q1-Q2 2024", "Q1–Q2 2024.", "Q1/Q2 2024", "Q1 i Q2 2024", "2024-Q1/2024-Q2", "2024 Q1-Q2", "Q1-2 2024", "Q1 2024, Q2 2024"),
        *("I-II kvartal 2024", "I i II kvartal 2024. godine", "1. i 2. kvartal 2024", "1. kvartal - 2. kvartal 2024", "prvi i drugi kvartal 2024"),
        *("I-II квартал 2024", "први и други квартал 2024", "прв и втор квартал 2024", "прво и второ тримесечје 2024", "kvartal I-II 2024"),
        *("first and second quarter of 2024", "tremujori i parë dhe i dytë 2024", "tremujori I-II 2024", "TM1-TM2 2024", "januar-jun 2024"),
        *("јануар-јун 2024. године", "јануари - јуни 2024", "January to June 2024", "janar - qershor 2024", "u periodu januar - jun 2024"),
    ),
    "2024": ("Q1-Q4 2024", "I-IV kvartal 2024", "1, 2, 3. i 4. kvartal 2024", "I i II polugodište 2024.", "прво и второ полугодие 2024"),
    "2024-04/2024-12": ("Q2-Q4 2024", "II, III i IV kvartal 2024", "април - декември 2024"),
    "2024-01/2024-09": ("1. polugodište i 3. kvartal 2024", "I-III kvartal 2024"),
    "2023-10/2024-03": ("Q4 2023 - Q1 2024", "2023-Q4/2024-Q1"),
    "2024-Q1": ("januar, februar i mart 2024", "јануари, февруари и март 2024"),
    "XXXX-01/XXXX-06": ("Q1-Q2", "I i II kvartal"),
}


@pytest.mark.parametrize(("period_id", "text"), [(period_id, text) for period_id, texts in SEVERAL_TOGETHER.items() for text in texts])
def test_several_periods_together_are_the_period_that_they_make(period_id, text):
    read = parse_period(text, "sr-Latn")
    assert isinstance(read, Period)
    assert (read.period_id, canonical(read)) == (period_id, read)


@pytest.mark.parametrize("text", ["Q1 i Q3 2024", "Q2-Q1 2024", "Q1-Q5 2024", "januar i mart 2024", "Q1 - jun 2024", "Q1-Q2-Q3 2024"])
def test_periods_with_a_gap_or_in_the_wrong_order_are_no_period(text):
    assert parse_period(text, "sr-Latn") == Problem("period_unreadable", {"text": text})


@pytest.mark.parametrize(("period", "cell"), [(period, cell) for period, ways in WAYS_OF_WRITING.items() for cell in ways])
@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "mk", "sq"])
def test_each_way_of_writing_a_period_gives_its_one_id(language, period, cell):
    assert parse_period(cell, language) == period


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_is_a_missing_period(cell):
    assert parse_period(cell, "mk") == Problem("period_missing")


UNREADABLE = (
    *(
        "bla",
        "kvartal",
        "5. kvartal 2024",
        "2024-Q5",
        "2024-H3",
        "XIII/2024",
        "3-1/2024",
        "1-3-2024",
        "Q1 2024 Q2",
        "septembar–jun 2022",
        "novembar–februar 2024",
    ),
    *("13.11.2015", "2015-11-13", "30.09.2022 - 01.06.2022", "jun 2022 - septembar", "2024-XX", "2024~", "a" * 500),
)


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_period_is_refused(text):
    assert parse_period(text, "sr-Latn") == Problem("period_unreadable", {"text": text})


@pytest.mark.parametrize(("text", "month", "quarter"), [("III/2024", "2024-03", "2024-Q3"), ("IV 2024.", "2024-04", "2024-Q4")])
def test_a_roman_number_before_a_year_may_be_a_month_or_a_quarter_and_both_are_named(text, month, quarter):
    assert parse_period(text, "sr-Latn") == Problem("period_ambiguous", {"text": text, "reading_1": month, "reading_2": quarter})


def test_a_roman_number_above_four_can_only_be_a_month():
    assert parse_period("V/2024", "sr-Latn") == Period("2024-05", date(2024, 5, 1), date(2024, 5, 31))


def test_day_and_month_of_a_period_stand_as_the_language_of_the_form_orders_them():
    assert parse_period("01/04/2024 - 30/06/2024", "sr-Latn") == Period("2024-Q2", date(2024, 4, 1), date(2024, 6, 30))
    assert parse_period("01/04/2024 - 30/06/2024", "en").rule == "date_ambiguous"


@pytest.mark.parametrize("cell", [date(2024, 3, 1), datetime(2024, 3, 1), True, 2024.5, 45352, timedelta(days=1)])
def test_a_cell_that_the_spreadsheet_made_a_date_is_no_period(cell):
    period = parse_period(cell, "sr-Latn")
    assert isinstance(period, Problem) and period.rule == "period_unreadable"


@pytest.mark.parametrize("language", ["en", None])
def test_a_range_of_ambiguous_days_is_refused_with_both_readings(language):
    both = {"text": "03/04/2022", "reading_1": date(2022, 4, 3), "reading_2": date(2022, 3, 4)}
    assert parse_period("03/04/2022 - 30/09/2022", language) == Problem("date_ambiguous", both)
    assert parse_period("03/04/2022 - 30/09/2022", "mk") == Period("2022-04-03/2022-09-30", date(2022, 4, 3), date(2022, 9, 30))


def test_a_range_with_an_impossible_day_names_that_day():
    assert parse_period("31.02.2022 - 30.03.2022", "mk") == Problem("date_impossible", {"text": "31.02.2022"})


def test_a_range_that_is_a_quarter_is_called_so():
    by_months = Period("2024-04/2024-06", date(2024, 4, 1), date(2024, 6, 30))
    assert canonical(by_months) == Period("2024-Q2", date(2024, 4, 1), date(2024, 6, 30))
    assert canonical(Period(NOT_STATED, None, None)) == Period(NOT_STATED, None, None)


DAY = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
YEAR, MONTH = st.integers(1990, 2100), st.integers(1, 12)
PERIOD_ID = st.one_of(
    st.builds("{:04}".format, YEAR),
    st.builds("{:04}-{:02}".format, YEAR, MONTH),
    st.builds("{:04}-Q{}".format, YEAR, st.integers(1, 4)),
    st.builds("{:04}-H{}".format, YEAR, st.integers(1, 2)),
    st.builds("XXXX-{:02}".format, MONTH),
    st.builds("XXXX-{:02}/XXXX-{:02}".format, MONTH, MONTH).filter(lambda text: text[:7] != text[8:]),
    st.just(NOT_STATED),
)


@settings(deadline=None)
@given(PERIOD_ID, st.sampled_from([*LANGUAGES, None]))
def test_an_id_is_read_as_itself(period_id, language):
    period = parse_period(period_id, language)
    assert isinstance(period, Period) and period.period_id == period_id and canonical(period) == period


@settings(deadline=None)
@given(DAY, DAY, st.sampled_from(LANGUAGES))
def test_the_id_of_any_range_leads_back_to_its_days(one, other, language):
    start, end = min(one, other), max(one, other)
    assume(start < end)
    period = parse_period(f"{write_date(start, language)} - {write_date(end, language)}", language)
    assert (period.start, period.end) == (start, end)
    assert parse_period(period.period_id, None) == parse_period(period.period_id, language) == period == canonical(period)


@settings(deadline=None)
@given(YEAR, MONTH, MONTH, st.sampled_from(LANGUAGES))
def test_the_id_of_a_range_of_months_leads_back_to_it(year, one, other, language):
    period = parse_period(f"{year}-{min(one, other):02}/{year}-{max(one, other):02}", language)
    after = period.end + timedelta(days=1)
    assert (period.start, (after - timedelta(days=1)).month) == (date(year, min(one, other), 1), max(one, other))
    assert parse_period(period.period_id, language) == period


WORDS = (
    "od",
    "do",
    "jun",
    "септември",
    "2022",
    "2022.",
    "I",
    "i",
    "kvartal",
    "Q1",
    "H2",
    "-",
    "–",
    "/",
    "01.06.2022",
    "1.6.",
    "XXXX-06",
    "godine",
)
CELL = st.one_of(
    st.text(max_size=40), st.builds(" ".join, st.lists(st.sampled_from(WORDS), max_size=6)), st.integers(), st.floats(), st.dates(), st.times()
)


@settings(deadline=None, max_examples=500)
@given(CELL, st.sampled_from([*LANGUAGES, None]))
def test_any_cell_is_a_period_or_a_problem(cell, language):
    period = parse_period(cell, language)
    if isinstance(period, Problem):
        assert message(period.rule, period.params, language or "en")
    else:
        assert (period.start is None) == (period.end is None)
        assert parse_period(period.period_id, None) == period
