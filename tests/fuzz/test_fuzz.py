"""Readers and value parsers meet what nobody writes on purpose: they answer, or refuse the file; nothing else ever comes out of them.

A few examples each here; `make fuzz` runs the same for as long as one likes.
"""

import contextlib
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.dates import StatedDate, read_date, read_number_as_date
from ingest.encodings import EncodingUnknown, decode
from ingest.entries import Receipt
from ingest.findings import Problem, full_message, message
from ingest.interpret import Draft, interpret
from ingest.layouts import load_layouts
from ingest.periods import Period, parse_period
from ingest.places import Places
from ingest.preflight import FileRefused
from ingest.readers import CellValue, Sheet, read_contents
from ingest.registry import Match, Question, Registry
from ingest.sections import LANGUAGES, load_sections
from ingest.tables import find_tables
from ingest.values import Parsed, parse, parse_with_unit
from tests.fuzz.strategies import cells, languages, tables, text_files, texts, workbooks

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
FIELDS = [field for section in load_sections().values() for field in section.fields]

# Where the runner of `make fuzz` wants the bytes that are about to be read, since a reader may take the whole process with it.
INPUT = os.environ.get("MUNIMON_FUZZ_INPUT")
EFFORT = settings(
    max_examples=1500 if INPUT else 40,
    derandomize=not INPUT,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@cache
def registry() -> Registry:
    return Registry.load(REFERENCE)


@pytest.fixture(scope="module")
def read() -> Callable[[bytes, str], list[Draft] | FileRefused]:
    """Interprets a file as ingest does; a refusal is returned."""
    places, layouts = Places(registry(), {}), load_layouts(REFERENCE)

    def interpret_file(content: bytes, name: str) -> list[Draft] | FileRefused:
        try:
            return interpret(read_contents(content, name), Receipt("0" * 64, name, datetime(2024, 4, 1, tzinfo=UTC)), 0, places, layouts)
        except FileRefused as refused:
            return refused

    return interpret_file


def hold(drafts: list[Draft] | FileRefused) -> None:
    """Everything in the drafts can be stored: rows in raw, findings and their messages as UTF-8."""
    if isinstance(drafts, FileRefused):
        return
    for draft in drafts:
        for rows in draft.rows:
            rows.values.validate(full=True)
            assert len(rows) == len(rows.numbers) > 0
        for finding in draft.findings:
            for language in LANGUAGES:
                full_message(finding, language).encode()
            json.dumps(finding.params, default=str).encode()
            (finding.value_as_reported or "").encode()


@EFFORT
@given(st.sampled_from(FIELDS), cells, languages)
def test_a_cell_gives_a_value_of_its_column_or_a_problem(field, cell, language):
    for parsed in (parse(field, cell, language), parse_with_unit(field, cell, language, {})[0]):
        assert isinstance(parsed, Parsed)
        if parsed.problem:
            assert parsed.value is None
            assert all(message(parsed.problem.rule, parsed.problem.params, language) for language in LANGUAGES)
        elif isinstance(parsed.value, int | Decimal):
            assert abs(parsed.value) <= 10**12
        if parsed.earliest:
            assert date(1990, 1, 1) <= parsed.earliest <= parsed.latest <= date(2100, 12, 31)


@EFFORT
@given(texts, st.floats(), languages)
def test_a_date_is_a_day_that_exists_or_a_problem(text, number, language):
    for read in (read_date(text, language), read_number_as_date(number)):
        assert isinstance(read, StatedDate | Problem)
        if isinstance(read, StatedDate) and read.earliest:
            assert read.earliest <= read.latest


@EFFORT
@given(cells, languages)
def test_a_period_ends_after_it_begins_or_is_a_problem(cell, language):
    period = parse_period(cell, language)

    assert isinstance(period, Period | Problem)
    if isinstance(period, Period) and period.start and period.end:
        assert period.start <= period.end


@EFFORT
@given(texts)
def test_a_name_is_known_or_a_question(name):
    assert isinstance(registry().resolve(name), Match | Question)
    assert isinstance(registry().resolve_programme(name), Match | Question)


@EFFORT
@given(text_files())
def test_bytes_are_text_in_an_encoding_or_not(content):
    with contextlib.suppress(EncodingUnknown):
        assert isinstance(decode(content), str)


@EFFORT
@given(text_files(), st.sampled_from(["t.csv", "t.tsv", "engagements.csv", "t"]))
def test_a_table_of_text_gives_drafts_or_is_refused(read, content, name):
    hold(read(content, name))


@EFFORT
@given(tables(), st.sampled_from(["List1", "Angažovani radnici", "Report", "", "=A1", "../../x"]))
def test_a_sheet_of_any_cells_has_tables_within_it(rows, name):
    for table in find_tables(Sheet(name, rows)):
        assert 1 <= table.heading_row <= table.last_row <= len(rows)
        assert all(table.heading_row < number <= table.last_row for number in table.rows())


@EFFORT
@given(workbooks())
def test_a_workbook_with_bytes_changed_gives_drafts_or_is_refused(read, workbook):
    content, name = workbook
    if INPUT:
        Path(INPUT).write_bytes(content)
    hold(read(content, name))
    try:
        contents = read_contents(content, name)
    except FileRefused:
        return
    assert all(isinstance(cell, CellValue) for sheet in contents.sheets for row in sheet.rows for cell in row)
