"""Readers and value parsers meet what nobody writes on purpose: they answer, or refuse the file; nothing else ever comes out of them.

A few examples each here; `make fuzz` runs the same for as long as one likes.
"""

import contextlib
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, wraps
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.dates import StatedDate, read_date, read_number_as_date
from ingest.encodings import EncodingUnknown, decode
from ingest.findings import Problem, message
from ingest.periods import Period, parse_period
from ingest.personal import has_identity_number, scrub
from ingest.readers import Sheet
from ingest.registry import Match, Question, Registry
from ingest.sections import LANGUAGES, load_sections
from ingest.tables import find_tables
from ingest.values import Parsed, parse, parse_with_unit
from tests.fuzz.confined import REFERENCE, open_mail, outcome_of, read_file, unpack
from tests.fuzz.files import files, text_files
from tests.fuzz.record import IS_LONG, count, keep
from tests.fuzz.strategies import cells, identity_numbers, languages, tables, texts

FIELDS = [field for section in load_sections().values() for field in section.fields]
EFFORT = settings(
    max_examples=500 if IS_LONG else 40,
    derandomize=not IS_LONG,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def fuzzed(*strategies: object) -> Callable[..., Any]:
    """A property of what the strategies give; each example counts as a case of it."""

    def make(test: Callable[..., None]) -> Any:
        @wraps(test)
        def counted(**arguments: object) -> None:
            count(f"cases of {test.__name__}")
            test(**arguments)

        return EFFORT(given(*strategies)(counted))

    return make


@cache
def registry() -> Registry:
    return Registry.load(REFERENCE)


@fuzzed(st.sampled_from(FIELDS), cells, languages)
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


@fuzzed(texts, st.floats(), languages)
def test_a_date_is_a_day_that_exists_or_a_problem(text, number, language):
    for read in (read_date(text, language), read_number_as_date(number)):
        assert isinstance(read, StatedDate | Problem)
        if isinstance(read, StatedDate) and read.earliest:
            assert read.earliest <= read.latest


@fuzzed(cells, languages)
def test_a_period_ends_after_it_begins_or_is_a_problem(cell, language):
    period = parse_period(cell, language)

    assert isinstance(period, Period | Problem)
    if isinstance(period, Period) and period.start and period.end:
        assert period.start <= period.end


@fuzzed(texts)
def test_a_name_is_known_or_a_question(name):
    assert isinstance(registry().resolve(name), Match | Question)
    assert isinstance(registry().resolve_programme(name), Match | Question)


@fuzzed(text_files())
def test_bytes_are_text_in_an_encoding_or_not(content):
    with contextlib.suppress(EncodingUnknown):
        assert isinstance(decode(content), str)


@fuzzed(tables(), st.sampled_from(["List1", "Angažovani radnici", "Report", "", "=A1", "../../x"]))
def test_a_sheet_of_any_cells_has_tables_within_it(rows, name):
    for table in find_tables(Sheet(name, rows)):
        assert 1 <= table.heading_row <= table.last_row <= len(rows)
        assert all(table.heading_row < number <= table.last_row for number in table.rows())


@fuzzed(identity_numbers(), texts, texts)
def test_no_identity_number_is_left_in_what_is_told(number, before, after):
    written, digits = number
    # digits beside it may make another number of it
    before, after = before.rstrip("0123456789 -–—/\xa0.,") + ": ", " (" + after

    assert has_identity_number(before + written + after)
    assert digits not in _digits_alone(scrub(before + written + after))


def _digits_alone(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if unicodedata.category(letter) != "Cf" and letter not in " -–")


@fuzzed(text_files(), st.sampled_from(["t.csv", "t.tsv", "engagements.csv", "t"]))
def test_a_table_of_text_is_read_or_refused(content, name):
    with keep(content, "csv") as outcome:
        outcome(outcome_of(read_file, content, name))


@fuzzed(files("xlsx", "xls", "xlsb", "ods"))
def test_a_workbook_with_changes_is_read_or_refused(file):
    content, name = file
    with keep(content, name) as outcome:
        outcome(outcome_of(read_file, content, name))


@fuzzed(files("eml", "msg", "mbox"))
def test_a_mail_with_changes_is_opened_or_refused(file):
    content, name = file
    with keep(content, name) as outcome:
        outcome(outcome_of(open_mail, content))


@fuzzed(files("zip", "eml", "mbox"))
def test_files_packed_in_each_other_come_apart(file):
    content, name = file
    with keep(content, name) as outcome:
        outcome(outcome_of(unpack, content, name))
