"""A cell gives a value, is blank, says that the value is unknown, or is a problem: nothing is guessed."""

import math
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.findings import message
from ingest.sections import LANGUAGES, load_code_lists
from ingest.values import Parsed, cell_name, parse, text_as_reported
from tests.ingest.parsing import (
    ALL_TYPES,
    BLANK,
    PERSONAL,
    REF,
    SECTIONS,
    SEX,
    TEXT,
    UNKNOWN,
    YEAR,
    refused,
)

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
WORDS = ("oko", "30", "1.234", "maj", "2021", "2021.", "do", "13.11.2015.", "и", "godine", "din.", "€", "XXXX-12", "krajem", "јуни", "–", "-")
REPORTED_TEXT = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,-/~+<>%€ XxoкqkжšжII", max_size=20),
    st.builds(" ".join, st.lists(st.sampled_from(WORDS), max_size=5)),
)
CELL = st.one_of(
    REPORTED_TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.times(), st.timedeltas(min_value=timedelta(0))
)


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
