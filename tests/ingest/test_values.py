"""A cell gives a value, is blank, says that the value is unknown, or is a problem: nothing is guessed."""

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.findings import message
from ingest.sections import LANGUAGES, load_code_lists, load_sections
from ingest.values import Parsed, Problem, cell_name, parse, text_as_reported

SECTIONS = load_sections()
COUNT = SECTIONS["trainings"].field("completed_persons")
HOUSEHOLDS = SECTIONS["household_support"].field("households")
HOURS = SECTIONS["trainings"].field("hours")
AMOUNT = SECTIONS["grants"].field("awarded_amount")
NUMBER = SECTIONS["observations"].field("value")
DATE = SECTIONS["engagements"].field("started_on")
YEAR = SECTIONS["local_plans"].field("valid_from_year")
SEX = SECTIONS["engagements"].field("sex")
TEXT = SECTIONS["trainings"].field("title")
REF = SECTIONS["trainings"].field("training_ref")
PERSONAL = next(field for section in SECTIONS.values() for field in section.fields if field.is_personal)
ALL_TYPES = (COUNT, HOURS, AMOUNT, NUMBER, DATE, YEAR, SEX, TEXT, REF)

BLANK, UNKNOWN = Parsed(is_blank=True), Parsed(is_unknown=True)


def exact(value, **more):
    return Parsed(value=value, qualifier="exact", **more)


def refused(rule, **params):
    return Parsed(problem=Problem(rule, params))


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
        ("1.200,-", "1200.00", None),
        ("1.200,- din", "1200.00", "RSD"),
        ("1200.-", "1200.00", None),
    ],
)
def test_an_amount_may_carry_its_currency(text, value, currency):
    assert parse(AMOUNT, text, "sr-Latn") == exact(Decimal(value), currency=currency)


@pytest.mark.parametrize("text", ["nema", "Nema ih", "нема", "Нема такви", "nije bilo", "ne", "nuk ka", "none"])
@pytest.mark.parametrize("field", [COUNT, AMOUNT, NUMBER], ids=lambda field: field.type)
def test_a_word_for_none_may_be_zero_or_unknown_and_is_asked_about(field, text):
    assert parse(field, text, "sr-Latn") == refused("none_or_unknown", text=text)


NO_NUMBERS = ("30-40", "12/30", "30 (12 žena)", "1e5", "oko 30+", "100 USD", "trideset", "nan", "1,23,456", "x")


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


MARKERS = (
    *(
        "-",
        "–",
        "--",
        "/",
        "?",
        "…",
        "n/a",
        "N/A",
        "NA",
        "unknown",
        "not stated",
        "(nepoznato)",
        "nepoznata",
        "nije poznato",
        "nije navedeno",
        "ne zna se",
    ),
    *("nema podataka", "Nema podatka", "нема податок", "нема податоци", "непознато", "не е познато", "nuk dihet", "nuk ka të dhëna"),
    "s’ka të dhëna",
)


@pytest.mark.parametrize("text", MARKERS)
@pytest.mark.parametrize("field", ALL_TYPES, ids=lambda field: field.type)
def test_a_marker_of_the_unknown_is_neither_zero_nor_a_problem(field, text):
    assert parse(field, text, "sr-Latn") == UNKNOWN


@pytest.mark.parametrize("cell", [None, "", " ", "\u00a0\t\n", "\u200b"])
@pytest.mark.parametrize("field", (*ALL_TYPES, SECTIONS["trainings"].field("trainings_count")), ids=lambda field: field.name)
def test_an_empty_cell_is_blank(field, cell):
    assert parse(field, cell, "mk") == BLANK


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "Err:502"])
@pytest.mark.parametrize("field", ALL_TYPES, ids=lambda field: field.type)
def test_a_failed_formula_is_no_value(field, text):
    assert parse(field, text, "mk") == refused("error_cell", text=text)


@pytest.mark.parametrize(
    ("cell", "parsed"),
    [
        (2021, Parsed(value=2021)),
        (2021.0, Parsed(value=2021)),
        ("2021", Parsed(value=2021)),
        ("2021.", Parsed(value=2021)),
        ("2021. godine", Parsed(value=2021)),
        ("2021 година", Parsed(value=2021)),
        ("viti 2021", Parsed(value=2021)),
        ("2021/22", refused("year_unreadable", text="2021/22")),
        (2021.5, refused("year_unreadable", text="2021.5")),
        (1850, refused("year_impossible", value="1850")),
        ("2201", refused("year_impossible", value="2201")),
        (datetime(2021, 1, 1), refused("number_formatted_as_date", text="2021-01-01")),
    ],
)
def test_years(cell, parsed):
    assert parse(YEAR, cell, "sr-Latn") == parsed


@pytest.mark.parametrize("text", ["Ženski", "ZENSKI", "женски", "Женски", "жена", "ž", "female", " Femër "])
def test_a_code_is_known_by_any_label_or_synonym_in_either_script(text):
    assert parse(SEX, text, "sr-Latn") == Parsed(value="female")


def test_every_label_of_every_code_list_gives_its_code():
    fields = {field.codes: field for section in SECTIONS.values() for field in section.fields if field.codes}
    for name, field in fields.items():
        for code, labels in load_code_lists()[name].codes.items():
            assert [parse(field, text, None).value for text in (code, *labels.values())] == [code] * (1 + len(LANGUAGES))


@pytest.mark.parametrize(
    ("cell", "language", "nearest", "allowed"),
    [
        ("Ženskii", "sr-Latn", "Ženski", ("Ženski", "Muški")),
        ("Женско", "mk", "Женски", ("Женски", "Машки")),
        ("both", None, None, ("Female", "Male")),
        (1, "en", None, ("Female", "Male")),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_and_all_allowed_in_the_form_s_language(cell, language, nearest, allowed):
    assert parse(SEX, cell, language) == refused("code_unknown", text=text_as_reported(cell), nearest=nearest, allowed=allowed)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("  Obuka\t za\nposao ", "Obuka za posao"),
        ("a\u202eb\x00c", "abc"),
        ("c\u030cas", "čas"),
        (12.0, "12"),
        (12.5, "12.5"),
        (date(2021, 5, 1), "2021-05-01"),
        (datetime(2021, 5, 1), "2021-05-01"),
        ("=1+1", "=1+1"),
        ("a" * 2000, "a" * 2000),
    ],
)
def test_texts_are_trimmed_and_keep_what_they_say(cell, value):
    assert parse(TEXT, cell, "sr-Latn") == Parsed(value=value)
    assert parse(REF, cell, "sr-Latn") == Parsed(value=value)


def test_a_text_longer_than_two_thousand_characters_is_refused():
    assert parse(TEXT, "a" * 2001, "sr-Latn") == refused("text_too_long", limit=2000)


def test_a_problem_of_a_personal_field_carries_nothing_of_the_cell():
    assert parse(PERSONAL, "#REF!", "mk") == refused("error_cell")
    assert message("error_cell", {}, "en") == "The cell's formula shows an error. Correct the formula or write the value itself."


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (12.5, "12.5"),
        (1e300, "1e+300"),
        (math.inf, "inf"),
        (True, "TRUE"),
        (date(2021, 5, 1), "2021-05-01"),
        (datetime(2021, 5, 1), "2021-05-01"),
        (datetime(2021, 5, 1, 8, 30), "2021-05-01 08:30:00"),
        (time(8, 30), "08:30:00"),
        (" oko 30 ", " oko 30 "),
    ],
)
def test_the_text_as_reported_is_what_the_sender_sees(cell, text):
    assert text_as_reported(cell) == text


@pytest.mark.parametrize(
    ("row", "column", "name"), [(1, 1, "A1"), (8, 8, "H8"), (10, 26, "Z10"), (3, 27, "AA3"), (1, 702, "ZZ1"), (1048576, 16384, "XFD1048576")]
)
def test_cells_are_named_as_the_spreadsheet_names_them(row, column, name):
    assert cell_name(row, column) == name


LANGUAGE = st.sampled_from([*LANGUAGES, None])
LOCAL_LANGUAGE = st.sampled_from([language for language in LANGUAGES if language != "en"])
WORDS = ("oko", "30", "1.234", "maj", "2021", "2021.", "do", "13.11.2015.", "и", "godine", "din.", "€", "XXXX-12", "krajem", "јуни", "–", "-")
REPORTED_TEXT = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,-/~+<>%€ XxoкqkжšжII", max_size=20),
    st.builds(" ".join, st.lists(st.sampled_from(WORDS), max_size=5)),
)
CELL = st.one_of(
    REPORTED_TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.times(), st.timedeltas(min_value=timedelta(0))
)


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


@settings(deadline=None, max_examples=600)
@given(st.sampled_from((*ALL_TYPES, PERSONAL)), CELL, LANGUAGE)
def test_any_cell_is_exactly_one_of_value_blank_unknown_and_problem(field, cell, language):
    parsed = parse(field, cell, language)
    has_value = parsed.value is not None or parsed.edtf is not None
    assert [has_value, parsed.is_blank, parsed.is_unknown, parsed.problem is not None].count(True) == 1
    assert (parsed.qualifier is not None) == (has_value and field.type in ("count", "number", "amount"))
    assert (parsed.earliest is None) == (parsed.latest is None) and (parsed.earliest is None or parsed.earliest <= parsed.latest)
    if parsed.problem:
        assert all(message(parsed.problem.rule, parsed.problem.params, language) for language in LANGUAGES)


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
