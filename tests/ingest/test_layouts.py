"""Forms of others, each read by one YAML: the two shipped layouts end to end, and what a layout can say."""

from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string, get_column_letter

from ingest.ledger import Ledger
from ingest.rebuilding import rebuild_raw
from ingest.sections import load_code_lists
from munimon import pipeline
from munimon.reference import copy_reference
from munimon.results import keep_quiet
from munimon.settings import Home, MunimonError
from tests.ingest.forms import REGISTER_HEADINGS, REGISTER_ROWS, STATISTICS_HEADINGS, STATISTICS_ROWS, write_register, write_statistics


@pytest.fixture
def layout(home: Home) -> Callable[[str, str], None]:
    """Writes a layout into the home's own reference data, where the shipped ones are left out."""

    def write(name: str, text: str) -> None:
        if not (home.folder / "reference").exists():
            copy_reference(home)
            for shipped in (home.reference / "layouts").glob("*.yml"):
                shipped.unlink()
        (home.reference / "layouts" / f"{name}.yml").write_text(text, encoding="utf-8")

    return write


def raw_rows(home: Home, section: str, columns: str) -> list[tuple]:
    """The rows of a section in raw, in the order of sheet, row and column."""
    order = "source_sheet, source_row, length(source_column), source_column"
    return duckdb.sql(f"select {columns} from read_parquet('{home.raw}/{section}/*.parquet') order by {order}").fetchall()


def outline(outcome) -> list[tuple]:
    """What became of each submission: status, municipality, first day of its period, rows in and quarantined."""
    return [(one.status, one.municipality_code, str(one.period_start), one.accepted_rows, one.quarantined_rows) for one in outcome.submissions]


def said_of(outcome) -> list[tuple]:
    """All findings, each as severity, rule, sheet and cell."""
    return [(said.severity, said.rule, said.sheet, said.cell) for one in outcome.submissions for said in one.findings]


# The register


def test_register_of_activities_goes_into_the_section_of_each_kind_and_names_the_rows_it_leaves_out(home, tmp_path, send):
    outcome = send(write_register(tmp_path / "регистар.xlsx"))

    assert sorted(outline(outcome)) == [
        ("accepted", "MK00211", "2024-01-01", 1, 0),
        ("accepted", "MK00501", "2024-01-01", 2, 0),
        ("accepted", "MK00501", "2024-04-01", 1, 0),
    ]
    assert said_of(outcome) == [
        ("warning", "layout_row_not_taken", "Регистар 2024", "D9"),
        ("warning", "totals_row_left_out", "Регистар 2024", None),
    ]
    trainings = (
        "source_row, source_column, thing_key, title, ended_on_edtf, completed_persons, completed_persons_qualifier, completed_women, as_reported"
    )
    assert raw_rows(home, "trainings", trainings) == [
        (
            5, None, "ref:a 1", "Пишување CV", "2024-02-12", 24, "exact", 15,
            '{"training_ref": "А-1", "title": "Пишување CV", "ended_on": "12.02.2024", "completed_persons": "24", "completed_women": "15", '
            '"completed_roma": "-"}',
        ),
        (
            6, None, "ref:a 2", "Заварување", "2024-03", 30, "about", 4,
            '{"training_ref": "А-2", "title": "Заварување", "ended_on": "март 2024", "completed_persons": "околу 30", "completed_women": "4"}',
        ),
    ]  # fmt: skip
    assert raw_rows(home, "equipment", "source_row, item_name, recipient_name, quantity, unit_cost, currency, as_reported") == [
        (
            7, "Таблети", "ОУ", 20, Decimal("12500.00"), "MKD",
            '{"equipment_ref": "А-3", "item_name": "Таблети", "delivered_on": "05.03.2024", "quantity": "20", "unit_cost": "12,5"}',
        )
    ]  # fmt: skip
    assert raw_rows(home, "grants", "source_row, purpose, awarded_on_edtf, awarded_amount, currency, disbursed_amount") == [
        (8, "Пластеник", "2024-05-20", Decimal("123456.70"), "MKD", None)
    ]


def test_each_section_of_the_register_leads_back_to_its_columns(home, tmp_path, send):
    send(write_register(tmp_path / "register.xlsx"))

    rows = Ledger(home.ledger).select("select section, source_sheet, columns from submission_sections where section = 'equipment'")
    assert rows == [
        {
            "section": "equipment",
            "source_sheet": "Регистар 2024",
            "columns": '{"equipment_ref": "A", "item_name": "E", "delivered_on": "F", "recipient_name": "L", "quantity": "M", "unit_cost": "N"}',
        }
    ]


def test_column_inserted_in_a_later_edition_of_the_register_does_no_harm(home, tmp_path, send):
    headings = (REGISTER_HEADINGS[0], ("Регион", None), *REGISTER_HEADINGS[1:])
    outcome = send(write_register(tmp_path / "register.xlsx", headings=headings, rows=[(row[0], "Пелагониски", *row[1:]) for row in REGISTER_ROWS]))

    assert [one.status for one in outcome.submissions] == ["accepted"] * 3
    assert raw_rows(home, "trainings", "title, completed_persons, completed_women") == [("Пишување CV", 24, 15), ("Заварување", 30, 4)]


def test_needed_heading_that_is_gone_refuses_the_form_by_name(home, tmp_path, send):
    headings = [("Учесници", "сите") if lower == "вкупно" else (upper, lower) for upper, lower in REGISTER_HEADINGS]
    outcome = send(write_register(tmp_path / "register.xlsx", headings=headings), layout="activity_register")

    assert [(one.status, [finding.message for finding in one.findings]) for one in outcome.submissions] == [
        (
            "refused",
            [
                "Образецот го нема насловот „Учесници / вкупно“, кој му е потребен на распоредот „activity_register“. Проверете дали е ова "
                "вистинскиот образец; ако насловот е променет, додајте го новиот во распоредот."
            ],
        )
    ]


def test_optional_heading_may_be_missing(home, tmp_path, send):
    headings = [(upper, None if lower == "Роми и Ромки" else lower) for upper, lower in REGISTER_HEADINGS]
    outcome = send(write_register(tmp_path / "register.xlsx", headings=headings))

    assert [one.status for one in outcome.submissions] == ["accepted"] * 3


def test_form_without_the_sheet_that_its_layout_reads_is_refused_by_the_sheets_name(home, tmp_path, send):
    outcome = send(write_register(tmp_path / "register.xlsx", sheet="Лист1"), layout="activity_register")

    assert [(finding.rule, finding.message[:40]) for finding in outcome.submissions[0].findings] == [
        ("layout_sheet_missing", "Образецот го нема листот „Регистар*“, ко")
    ]


def test_row_of_an_unclear_municipality_waits_for_its_answer_and_then_goes_in_by_the_layout(home, tmp_path, send):
    row = list(REGISTER_ROWS[2])
    row[1] = "Битоле"
    (waiting,) = send(write_register(tmp_path / "register.xlsx", rows=[row])).submissions
    (question,) = pipeline.questions(home)
    (answered,) = pipeline.answer(home, question.question_id, "Битола")

    assert (waiting.status, answered.status, answered.municipality_code) == ("waiting_for_answer", "accepted", "MK00501")
    assert raw_rows(home, "equipment", "item_name, unit_cost") == [("Таблети", Decimal("12500.00"))]


def test_many_forms_are_read_by_their_layouts_in_several_processes(home, tmp_path, send):
    forms = [write_register(tmp_path / f"{number}.xlsx", rows=[(f"А-{number}", *REGISTER_ROWS[0][1:])]) for number in range(20)]

    assert {one.status for one in send(*forms).submissions} == {"accepted"}
    assert len(raw_rows(home, "trainings", "thing_key")) == 20


# The wide table


def test_wide_table_becomes_an_observation_a_cell_with_the_unit_that_stands_in_it(home, tmp_path, send):
    outcome = send(write_statistics(tmp_path / "statistics.xlsx"), programme="SAMPLE")

    assert sorted(outline(outcome)) == [
        ("accepted", "70670", "2022-01-01", 60, 0),
        ("accepted", "70670", "2023-01-01", 59, 0),
        ("accepted", "71021", "2022-01-01", 59, 0),
    ]
    wanted = "source_row, source_column, measure_code, value, value_qualifier, unit, as_reported"
    rows = raw_rows(home, "observations", wanted)
    assert rows[:6] == [
        (4, "D", "population", Decimal("113582.0000"), "exact", "persons", '{"value": "113.582"}'),
        (4, "E", "unemployment_rate", Decimal("34.4000"), "exact", "percent", '{"value": "34,4 %"}'),
        (4, "F", "prirodni_prirastaj", Decimal("-7.1500"), "exact", "per_mille", '{"value": "-7,15 ‰"}'),
        (4, "G", "prosecna_zarada", Decimal("74664.0000"), "exact", "RSD", '{"value": "74.664 din."}'),
        (4, "H", "broj_domacinstava", Decimal("41000.0000"), "exact", "households", '{"value": "41.000 domaćinstava"}'),
        (4, "I", "pokazatelj_6", Decimal("6.0000"), "exact", None, '{"value": "6"}'),
    ]
    assert rows[59:65] == [
        (4, "BK", "pokazatelj_60", Decimal("60.0000"), "exact", None, '{"value": "60"}'),
        (5, "D", "population", Decimal("112940.0000"), "exact", "persons", '{"value": "112940"}'),
        (5, "E", "unemployment_rate", None, None, "percent", '{"value": "-"}'),
        (5, "F", "prirodni_prirastaj", Decimal("7.1500"), "exact", "per_mille", '{"value": "7.15 ‰"}'),
        (5, "G", "prosecna_zarada", Decimal("85900.0000"), "about", "RSD", '{"value": "oko 85.900 din."}'),
        (5, "I", "pokazatelj_6", Decimal("106.0000"), "exact", None, '{"value": "106"}'),
    ]
    # every other cell of the sheet, in its row and column
    assert [(row[0], row[1], row[3]) for row in rows if row[2].startswith("pokazatelj")] == [
        (number, column, Decimal(value))
        for number, first in ((4, 6), (5, 106), (6, 206))
        for column, value in zip(_letters("I", 55), range(first, first + 55), strict=True)
    ]


def test_cells_of_one_row_are_things_of_their_own_and_no_column_stands_for_them_all(home, tmp_path, send):
    send(write_statistics(tmp_path / "statistics.xlsx"), programme="SAMPLE")

    assert len({key for (key,) in raw_rows(home, "observations", "thing_key || submission_id")}) == 178
    columns = Ledger(home.ledger).select("select distinct columns from submission_sections")
    assert columns == [{"columns": "{}"}]


def test_unreadable_cell_of_a_wide_table_is_quarantined_alone_and_named(home, tmp_path, send):
    rows = [(1, "Kruševac", 2022, "mnogo", "34,4 %", "7 ‰", "1.234 din.", 5)]
    outcome = send(write_statistics(tmp_path / "statistics.xlsx", headings=STATISTICS_HEADINGS[:8], rows=rows), programme="SAMPLE")

    assert outline(outcome) == [("partly_accepted", "70670", "2022-01-01", 4, 1)]
    assert ("error", "number_unreadable", "Podaci", "D4") in said_of(outcome)
    assert raw_rows(home, "observations", "source_column, value, is_quarantined") == [
        ("D", None, True),
        ("E", Decimal("34.4000"), False),
        ("F", Decimal("7.0000"), False),
        ("G", Decimal("1234.0000"), False),
        ("H", Decimal("5.0000"), False),
    ]


def test_municipality_merged_over_its_years_is_that_of_each(home, tmp_path, send):
    path = write_statistics(tmp_path / "statistics.xlsx", rows=[STATISTICS_ROWS[0], (2, None, *STATISTICS_ROWS[1][2:])])
    book = load_workbook(path)
    book["Podaci"].merge_cells("B4:B5")
    book.save(path)

    assert sorted(outline(send(path, programme="SAMPLE"))) == [
        ("accepted", "70670", "2022-01-01", 60, 0),
        ("accepted", "70670", "2023-01-01", 59, 0),
    ]


def test_new_indicator_in_a_later_edition_is_one_more_measure(home, tmp_path, send):
    headings = (*STATISTICS_HEADINGS[:4], "Broj škola", *STATISTICS_HEADINGS[4:])
    rows = [(*STATISTICS_ROWS[0][:4], 41, *STATISTICS_ROWS[0][4:])]
    send(write_statistics(tmp_path / "statistics.xlsx", headings=headings, rows=rows), programme="SAMPLE")

    assert raw_rows(home, "observations", "source_column, measure_code, value")[1:3] == [
        ("E", "broj_skola", Decimal("41.0000")),
        ("F", "unemployment_rate", Decimal("34.4000")),
    ]


def test_both_forms_give_the_same_raw_when_rebuilt(home, tmp_path, send):
    send(write_register(tmp_path / "register.xlsx"))
    send(write_statistics(tmp_path / "statistics.xlsx"), programme="SAMPLE")
    before = {section: raw_rows(home, section, "*") for section in ("trainings", "equipment", "grants", "observations")}
    rebuild_raw(home, keep_quiet)

    assert {section: raw_rows(home, section, "*") for section in before} == before
    assert len(before["observations"]) == 178


# What a layout can say

MONTHS = """
title: Months side by side
language: sr-Latn
municipality: {cell: A1}
programme: {value: SAMPLE}
tables:
- section: observations
  sheet: Rad
  fields:
    source_id: Izvor
  unpivot:
    headings_are: periods
    year: {cell: B1}
    columns: {heading: [Januar, Februar, Mart], measure_code: persons_at_work, unit: persons}
"""


def test_months_side_by_side_are_periods_of_their_own(home, layout, sheets, send):
    layout("months", MONTHS)
    outcome = send(sheets("rad.xlsx", Rad=[["Opština: Kruševac", 2024], ["Izvor", "Januar", "Februar", "Mart"], ["NSZ", 10, "oko 20", None]]))

    assert sorted(outline(outcome)) == [("accepted", "70670", "2024-01-01", 1, 0), ("accepted", "70670", "2024-02-01", 1, 0)]
    assert raw_rows(home, "observations", "source_row, source_column, source_id, measure_code, value, value_qualifier, unit") == [
        (3, "B", "NSZ", "persons_at_work", Decimal("10.0000"), "exact", "persons"),
        (3, "C", "NSZ", "persons_at_work", Decimal("20.0000"), "about", "persons"),
    ]


SHEET_EACH = """
title: A sheet a municipality
language: sr-Latn
amounts: flow
municipality: {sheet_name: true}
programme: {value: SAMPLE}
period: {value: 2024-Q1}
skip_sheets: Uputstvo
tables:
- section: engagements
  fields:
    employer_name: Poslodavac
    employer_type: {heading: Tip, values: {"JKP*": public_utility}}
    engaged_persons: {heading: Lica u stotinama, factor: 100}
"""


def test_sheet_may_name_its_municipality_and_words_may_have_meanings(home, layout, sheets, send):
    layout("sheet_each", SHEET_EACH)
    headings = ["Tip", "Poslodavac", "Lica u stotinama"]
    outcome = send(
        sheets(
            "rad.xlsx",
            Uputstvo=[["Popunite"]],
            Kruševac=[headings, ["JKP gradsko", "Vodovod", "0,12"]],
            Šid=[headings, ["private_company", "Sremac", 0.125]],
        )
    )

    assert sorted(outline(outcome)) == [("accepted", "70670", "2024-01-01", 1, 0), ("partly_accepted", "80497", "2024-01-01", 0, 1)]
    assert said_of(outcome) == [("error", "number_not_whole", "Šid", "C2")]
    assert raw_rows(home, "engagements", "source_sheet, employer_type, engaged_persons") == [
        ("Kruševac", "public_utility", 12),
        ("Šid", "private_company", None),
    ]


def test_layout_and_its_kind_of_amounts_are_recorded_with_the_submission(home, layout, sheets, send):
    layout("sheet_each", SHEET_EACH)
    (submission,) = send(sheets("rad.xlsx", Kruševac=[["Tip", "Poslodavac", "Lica u stotinama"], ["JKP", "Vodovod", 1]])).submissions

    assert Ledger(home.ledger).select("select * from submission_layouts") == [
        {"submission_id": submission.submission_id, "layout": "sheet_each", "amounts": "flow"}
    ]


def test_form_that_two_layouts_fit_is_refused_with_both_names_until_one_is_chosen(home, layout, sheets, send):
    layout("one", SHEET_EACH)
    layout("two", SHEET_EACH)
    form = sheets("rad.xlsx", Kruševac=[["Tip", "Poslodavac", "Lica u stotinama"], ["JKP", "Vodovod", 1]])

    (refused,) = send(form).submissions
    assert (refused.status, refused.findings[0].message) == (
        "refused", "Ovom obrascu odgovara više rasporeda: one, two. Predajte ga ponovo i navedite pravi.",
    )  # fmt: skip
    assert [one.status for one in send(form, layout="two").submissions] == ["accepted"]


def test_our_own_form_is_read_as_before_beside_layouts(home, report, send):
    assert [one.status for one in send(report()).submissions] == ["accepted"]
    assert Ledger(home.ledger).select("select * from submission_layouts") == []


def test_layout_that_does_not_exist_is_an_error_that_names_those_that_do(home, report, send):
    with pytest.raises(MunimonError) as error:
        send(report(), layout="registar")

    assert (
        str(error.value)
        == "--layout 'registar': there is no such layout; activity_register, municipal_statistics in layouts/ of the reference folder"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- a", "is no mapping of keys"),
        ("title: [", "while parsing a flow node"),
        (SHEET_EACH.replace("title:", "titel:"), "title: Field required"),
        (SHEET_EACH + "colour: red", "colour: Extra inputs are not permitted"),
        (SHEET_EACH + "amounts: to_date", "given twice: amounts"),
        (SHEET_EACH.replace("engagements", "work"), "tables.1: there is no section 'work'; one of grants, engagements"),
        (SHEET_EACH.replace("employer_name", "employer"), "tables.1: section engagements has no field 'employer'; it has engagement_ref"),
        (SHEET_EACH.replace("public_utility", "utility"), "tables.1: 'utility' is no code of employer_types; one of public_utility"),
        (SHEET_EACH.replace("factor: 100", "factor: 0"), "tables.1.fields.engaged_persons.factor: Input should be greater than 0"),
        (SHEET_EACH.replace("employer_name: Poslodavac", "employer_name: {heading: P, factor: 2}"), "tables.1: employer_name is no figure"),
        (
            SHEET_EACH.replace("{sheet_name: true}", "{sheet_name: true, cell: A1}"),
            "municipality: needs exactly one of heading, cell, value, sheet_name",
        ),
        (MONTHS.replace("unit: persons", "unit: heads"), "tables.1.unpivot.columns.1: 'heads' is no code of units"),
        (
            MONTHS.replace(", measure_code: persons_at_work", ""),
            "tables.1.unpivot: where headings_are is periods, every column needs",
        ),
        (MONTHS.replace("{cell: A1}", "{cell: 1A}"), "municipality.cell: String should match pattern"),
    ],
)
def test_faulty_layout_is_an_error_of_one_line_with_file_key_and_fault(home, layout, report, send, text, fault):
    layout("faulty", text)
    with pytest.raises(MunimonError) as error:
        send(report())

    assert str(error.value).startswith("layouts/faulty.yml: ")
    assert fault in str(error.value)
    assert "\n" not in str(error.value)


def test_units_that_stand_in_cells_are_units_of_the_form():
    assert {"percent", "per_mille", "RSD", "MKD", "EUR"} <= set(load_code_lists()["units"].codes)


def _letters(first: str, count: int) -> list[str]:
    start = column_index_from_string(first)
    return [get_column_letter(start + number) for number in range(count)]
