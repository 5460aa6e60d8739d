"""The workbooks that municipalities fill in: what stands in them, what Excel is told, and that they are read back."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from ingest.cover import code_said, read_cover
from ingest.readers import read_sheets
from ingest.sections import LANGUAGES, load_code_lists, load_report_sheet, load_sections
from ingest.tables import find_tables
from ingest.templates import write_report, write_template

KRUSEVAC = ("70670", "Крушевац")
PROGRAMME = ("RS-GIZ-ZZZ", "Заједно за заједницу")


def _filled_rows(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows() if any(cell.value is not None for cell in row)]


def _read_rows(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def _drop_downs(workbook: openpyxl.Workbook, sheet: Worksheet) -> dict[str, list[object]]:
    """Cells → what their drop-down offers, read through its formula."""
    offered: dict[str, list[object]] = {}
    for validation in sheet.data_validations.dataValidation:
        if validation.type == "list":
            assert validation.errorStyle == "warning"
            name, _, cells = validation.formula1.rpartition("!")
            offered[str(validation.sqref)] = [row[0].value for row in workbook[name.strip("'")][cells.replace("$", "")]]
    return offered


def test_a_template_says_who_what_and_when_on_its_first_sheet(tmp_path: Path) -> None:
    out = write_template(
        tmp_path / "t.xlsx", language="sr-Cyrl", municipality=KRUSEVAC, programme=PROGRAMME, period="2024-Q1", sections=["grants", "events"]
    )
    assert out == tmp_path / "t.xlsx"
    assert _read_rows(out, "Извештај") == [
        ["Извештај општине о програму", "", ""],
        ["", "", ""],
        ["Општина", "Крушевац (70670)", "Назив или матични број општине или града."],
        ["Програм", "RS-GIZ-ZZZ", "Заједно за заједницу"],
        ["Извештајни период", "2024-Q1", "Месец, квартал, полугодиште, година или распон месеци; ако није познат, упишите „није наведено“."],
        ["Овај извештај", "Замењује ранији извештај", "Да ли замењује ранији извештај за исти период или га допуњује?"],
        ["Датум извештаја", "", "Дан када је извештај састављен."],
        ["", "", ""],
        ["За сваку област изаберите један одговор. Празан лист сам по себи не значи да нема шта да се пријави.", "", ""],
        ["Област", "Шта пријављујемо", ""],
        ["Грантови", "", ""],
        ["Догађаји", "", ""],
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_offers_every_section_and_hides_only_its_lists(tmp_path: Path, language: str) -> None:
    workbook = CalamineWorkbook.from_path(write_template(tmp_path / "t.xlsx", language=language))
    report = load_report_sheet()
    sections = [section.labels[language] for section in load_sections().values()]
    assert workbook.sheet_names == [report.sheet.labels[language], report.instructions_sheet.labels[language], *sections, "_lists"]
    assert [sheet.name for sheet in workbook.sheets_metadata if sheet.visible is not SheetVisibleEnum.Visible] == ["_lists"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_is_understood_when_it_comes_back(tmp_path: Path, language: str) -> None:
    said = dict(zip(load_sections(), ["nothing", "not_known"] * 5, strict=True))
    whole_programme = load_report_sheet().whole_programme.labels[language]
    out = write_report(
        tmp_path / "r.xlsx",
        language=language,
        municipality=whole_programme,
        programme="SAMPLE",
        period="2024-Q1",
        statement="adds",
        reported_on=date(2024, 4, 12),
        rows={},
        said=said,
    )
    sheets = {sheet.name: sheet for sheet in read_sheets(out.read_bytes(), out.name)}
    report = load_report_sheet()
    first = sheets[report.sheet.labels[language]]
    cover = read_cover(first, range(1, len(first.rows) + 1))
    assert {name: stated.text for name, stated in cover.stated.items()} == {
        "municipality": whole_programme,
        "programme": "SAMPLE",
        "period": "2024-Q1",
        "statement": report.statements.codes["adds"][language],
        "reported_on": "2024-04-12",
    }
    assert {name: code_said(stated, report.said) for name, stated in cover.said.items()} == said
    tables = {section.name: find_tables(sheets[section.labels[language]]) for section in load_sections().values()}
    assert {name: [list(table.fields.values()) for table in found] for name, found in tables.items()} == {
        name: [list(section.fields)] for name, section in load_sections().items()
    }
    assert [finding for found in tables.values() for table in found for finding in table.findings] == []
    assert find_tables(first) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_chosen_from_a_list_in_the_language(tmp_path: Path, language: str) -> None:
    workbook = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", language=language))
    for section in load_sections().values():
        offered = _drop_downs(workbook, workbook[section.labels[language]])
        expected = {}
        for column, field in enumerate(section.fields, start=1):
            if field.codes:
                letter = openpyxl.utils.get_column_letter(column)
                expected[f"{letter}3:{letter}5000"] = [labels[language] for labels in load_code_lists()[field.codes].codes.values()]
        assert offered == expected


def test_answers_on_the_report_sheet_are_chosen_from_lists(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", language="mk", sections=["grants", "events"]))
    assert _drop_downs(workbook, workbook["Извештај"]) == {
        "B6": ["Го заменува претходниот извештај", "Го дополнува претходниот извештај"],
        "B11:B12": ["Има податоци", "Нема што да се пријави", "Не е познато"],
    }


def test_headings_are_protected_and_the_cells_below_them_open(tmp_path: Path) -> None:
    rows = [{"event_type": "conference", "held_on": date(2021, 12, 22)}]
    out = write_report(
        tmp_path / "r.xlsx",
        language="en",
        municipality=None,
        programme=None,
        period=None,
        statement="replaces",
        rows={"events": rows},
        sections=["events"],
    )
    workbook = openpyxl.load_workbook(out)
    visible = [sheet for sheet in workbook if sheet.sheet_state == "visible"]
    assert [(sheet.protection.sheet, sheet.protection.password) for sheet in visible] == [(True, None)] * 3
    events = workbook["Events"]
    assert [cell.protection.locked for row in events["A1:H2"] for cell in row] == [True] * 16
    assert [events[cell].protection.locked for cell in ("B3", "D3")] == [False, False]
    # An empty cell has the style of its column.
    columns = {
        letter: dimension
        for dimension in events.column_dimensions.values()
        for letter in "ABCDEFGH"
        if dimension.min <= ord(letter) - 64 <= dimension.max
    }
    assert {letter: dimension.protection.locked for letter, dimension in columns.items()} == dict.fromkeys("ABCDEFGH", False)
    assert {cell.coordinate for row in workbook["Report"] for cell in row if not cell.protection.locked} == {"B3", "B4", "B5", "B6", "B7", "B11"}


def test_only_figures_are_formatted_as_figures(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", language="sr-Latn"))["Oprema"]
    formats = {}
    for dimension in sheet.column_dimensions.values():
        for column in range(dimension.min, dimension.max + 1):
            formats[sheet.cell(2, column).value] = dimension.number_format
    assert formats == {
        "Oznaka isporuke": "@",
        "Naziv opreme": "@",
        "Vrsta opreme": "@",
        "Količina": "0",
        "Jedinična cena": "#,##0.00",
        "Valuta": "@",
        "Datum isporuke": "@",
        "Primalac": "@",
        "Vrsta primaoca": "@",
        "Krajnji korisnici": "@",
        "Napomena": "@",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_heading_explains_itself_when_it_is_selected(tmp_path: Path, language: str) -> None:
    workbook = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", language=language))
    date_hint = load_report_sheet().texts["date_hint"][language]
    for section in load_sections().values():
        sheet = workbook[section.labels[language]]
        prompts = {str(validation.sqref): validation.prompt for validation in sheet.data_validations.dataValidation if validation.prompt}
        letters = {field.name: openpyxl.utils.get_column_letter(column) for column, field in enumerate(section.fields, start=1)}
        expected = {f"{letters[field.name]}2": field.help[language] for field in section.fields}
        expected |= {f"{letters[field.name]}3:{letters[field.name]}5000": date_hint for field in section.fields if field.type == "date"}
        assert prompts == expected


def test_the_instructions_stand_in_the_language(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", language="mk", sections=["events"]))
    rows = _filled_rows(workbook["Упатство"])
    assert [row[0] for row in rows] == [
        "Упатство",
        "Од каде да почнете",
        "Непознато",
        "Нула",
        "Број што не е точен",
        "Датуми",
        "Период",
        "Нема што да се пријави",
        "Замена или дополнување",
        "Истото во повеќе извештаи",
        "Пари",
        "Лица",
        "Настани",
    ]
    assert rows[2] == ["Непознато", "Она што не го знаете оставете го празно или запишете „-“. Непознато не е нула."]


def test_rows_are_written_as_a_clerk_would_type_them(tmp_path: Path) -> None:
    out = write_report(
        tmp_path / "r.xlsx",
        language="sr-Latn",
        municipality=("70670", "Kruševac"),
        programme=("RS-GIZ-ZZZ", "Zajedno za zajednicu"),
        period="XXXX-06/XXXX-09",
        statement="replaces",
        rows={
            "grants": [
                {
                    "grantee_name": "Zadruga",
                    "grantee_type": "cooperative",
                    "awarded_on": date(2024, 1, 15),
                    "currency": "RSD",
                    "awarded_amount": Decimal("1250000.50"),
                },
                {"grantee_type": "neko drugi", "awarded_on": "maj 2021.", "awarded_amount": "oko 30.000", "note": None},
            ]
        },
        said={"trainings": "nothing"},
    )
    assert _read_rows(out, "Grantovi")[1:] == [
        [
            "Oznaka granta",
            "Korisnik granta",
            "Vrsta korisnika granta",
            "Namena sredstava",
            "Vrsta namene",
            "Datum dodele",
            "Valuta",
            "Dodeljeni iznos",
            "Isplaćeni iznos (do sada)",
            "Utrošeni iznos (do sada)",
            "Napomena",
        ],
        ["", "Zadruga", "Zadruga", "", "", date(2024, 1, 15), "RSD (srpski dinar)", 1250000.5, "", "", ""],
        ["", "", "neko drugi", "", "", "maj 2021.", "", "oko 30.000", "", "", ""],
    ]
    said = {row[0]: row[1] for row in _read_rows(out, "Izveštaj")[10:13]}
    assert said == {"Grantovi": "Ima podataka", "Angažovani radnici": "", "Obuke": "Nema šta da se prijavi"}
    dated = openpyxl.load_workbook(out)["Grantovi"]["F3"]
    assert (dated.value.date(), dated.number_format) == (date(2024, 1, 15), 'dd.mm.yyyy"."')


@pytest.mark.parametrize("text", ["=1+1", "+381 37", "-", "@grad", '=HYPERLINK("http://example.org")', "#N/A"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    rows = {"events": [{"title": text}]}
    out = write_report(
        tmp_path / "r.xlsx", language="en", municipality=text, programme=None, period=None, statement=None, rows=rows, sections=["events"]
    )
    workbook = openpyxl.load_workbook(out)
    cells = [workbook["Events"]["C3"], workbook["Report"]["B3"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s"), (text, "s")]
    assert [bool(cell.quotePrefix) for cell in cells] == [text[0] in "=+-@"] * 2
    assert _read_rows(out, "Events")[2][2] == text


def test_a_table_for_many_municipalities_names_them_row_by_row(tmp_path: Path) -> None:
    rows = [{"municipality": "Битола", "period": "не е наведено", "phase": "1", "role": "supported"}, {"municipality": "Велес", "role": "attended"}]
    out = write_report(
        tmp_path / "r.xlsx",
        language="mk",
        municipality=None,
        programme=("MK-LSP", "ЛСП"),
        period=None,
        statement="adds",
        rows={"participations": rows},
    )
    assert _read_rows(out, "Учество")[1:] == [
        ["Општина", "Извештаен период", "Компонента", "Фаза", "Улога", "Учествува од", "Учествува до", "Забелешка"],
        ["Битола", "не е наведено", "", "1", "Поддржана", "", "", ""],
        ["Велес", "", "", "", "Присуствувала", "", "", ""],
    ]
    assert not any(row[1] for row in _read_rows(out, "Извештај")[10:])
    (table,) = find_tables(next(sheet for sheet in read_sheets(out.read_bytes(), out.name) if sheet.name == "Учество"))
    assert dict(table.places) == {"municipality": 1, "period": 2}


def test_the_same_report_written_again_is_the_same_file(tmp_path: Path) -> None:
    files = [write_template(tmp_path / name, language="sq", period="2024-Q1").read_bytes() for name in ("a.xlsx", "b.xlsx")]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"language": "sr"}, "unknown language: sr; known are en, sr-Latn, sr-Cyrl, mk, sq"),
        ({"statement": "instead"}, "unknown statement: instead; known are replaces, adds"),
        ({"said": {"events": "zero"}}, "unknown answer: zero; known are data, nothing, not_known"),
        ({"rows": {"grants": [{"grantee_name": "x"}]}}, "unknown section (it is not among those asked for): grants; known are events"),
        (
            {"rows": {"events": [{"datum": "x"}]}},
            "unknown field of events: datum; known are municipality, programme, period, event_ref, event_type, title, held_on, place, "
            "attendees, attending_municipalities, note",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_name(tmp_path: Path, arguments: dict[str, object], message: str) -> None:
    usual = {"language": "en", "municipality": None, "programme": None, "period": None, "statement": "replaces", "rows": {}, "sections": ["events"]}
    with pytest.raises(ValueError) as refused:
        write_report(tmp_path / "r.xlsx", **(usual | arguments))  # type: ignore[arg-type]
    assert str(refused.value) == message
    assert not (tmp_path / "r.xlsx").exists()
